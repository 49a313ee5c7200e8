//! Who trips breakers, and who closes them.

use super::{Actor, Cast};
use crate::oracle::histories::hour;
use crate::oracle::pen::PenLog;
use crate::world::{day, key};
use intent_contracts::kinds::notice::{Revocation, Trip};
use intent_contracts::kinds::{Body as _, Closing, Cut, Roles};
use intent_contracts::{Lane, Millis, NoticeId, Scope, Signer as _, Tai};

/// A breaker that was tripped.
#[derive(Clone)]
pub(super) struct Tripped {
    id: NoticeId,
    author: usize,
    until: Tai,
}

impl Actor {
    /// Now and then somebody trips a breaker or closes one, beside what else is done.
    pub(in crate::oracle::histories) fn mind_the_breakers(&mut self) {
        let Some(draw) = self.breaker_draw.take() else { return };
        let other = std::mem::replace(&mut self.draw, draw);
        match self.draw.below(12) {
            0 | 1 => self.trip(),
            2 if !self.trips.is_empty() => self.close(),
            _ => {}
        }
        self.breaker_draw = Some(std::mem::replace(&mut self.draw, other));
    }

    fn trip(&mut self) {
        let deniers: Vec<usize> =
            (0..self.cast.len()).filter(|it| self.cast[*it].roles.has(Roles::DENY)).collect();
        let author = deniers[self.draw.below(deniers.len())];
        let parse = |text: &str| Scope::parse(text).expect("few labels");
        // What is in the tripped scope, and not above it, is parted from what lies elsewhere.
        let (scope, other) = match self.draw.below(16) {
            0..5 => (parse("a"), Scope::root()),
            5..9 => (parse("a/b"), parse("a")),
            9..12 => (parse("a/b"), Scope::root()),
            12 => (parse("a/b"), parse("a/c")),
            13 => (parse("a/c"), parse("a")),
            14 => (Scope::root(), parse("a")),
            _ => (parse("a"), parse("a/b")),
        };
        let warrant = self.cast[author].scope.clone();
        let scope = if warrant.contains(&scope) { scope } else { warrant };
        let body = Trip { other };
        let most = self.pen.charter.roots().len();
        let depth = self.cast[author].depth;
        let authors = match depth {
            0 if !self.one_in(3) => (0..most).collect(),
            _ => vec![author],
        };
        for author in authors {
            let end = self.cast[author].until;
            let until = match self.draw.below(6) {
                0 => end.min(hour(3)),
                1 => end.min(hour(6)),
                2 => end.min(day(15)),
                _ => end,
            };
            let closed_first = self.one_in(8);
            let (signer, id) = (self.cast[author].key, self.cast[author].id);
            let trip = self.pen.notify(signer, id, &scope, until, &body);
            let tripped = Tripped { id: trip, author, until };
            self.trips.push(tripped.clone());
            if closed_first {
                // The id is known before the notice is sent.
                let notice = self.pen.items.pop();
                self.write_closing(author, &tripped, vec![trip]);
                self.pen.items.extend(notice);
            }
        }
    }

    fn close(&mut self) {
        let Some(trip) = self.pick(self.trips.len()).map(|it| self.trips[it].clone()) else { return };
        let closer = match self.draw.below(8) {
            0..3 => Some(trip.author),
            3..6 => self.enroller(&self.cast[trip.author]),
            _ => self.pick(self.cast.len()),
        };
        let mut trips = vec![trip.id];
        if self.one_in(3) {
            trips.extend(self.trips.iter().map(|it| it.id).filter(|it| *it != trip.id).take(15));
        }
        self.write_closing(closer.unwrap_or(trip.author), &trip, trips);
    }

    fn write_closing(&mut self, closer: usize, trip: &Tripped, trips: Vec<NoticeId>) {
        let lane = if self.one_in(8) { Lane::Productivity } else { Lane::Safety };
        let Some(log) = self.log_under(closer, lane) else { return };
        let until = if self.one_in(8) { trip.until.minus(Millis(1)) } else { trip.until };
        let until = until.min(self.pen.logs[log].key.end);
        // A partial one ends nothing here.
        let some_time = self.one_in(8).then_some(until);
        let body = Closing { until: some_time, ..Closing::of(trips) };
        let record = body.record(until, Vec::new()).expect("within its bounds");
        let citation = self.pen.write(log, std::slice::from_ref(&record))[0];
        self.endorse_maybe(citation);
        let below = usize::try_from(citation.seq).unwrap_or(1) - 1;
        match self.draw.below(12) {
            // What stands in the closing's slot is a fork.
            0 => drop(self.pen.write_beside(log, below, &[record.clone(), record])),
            1 | 2 => self.cut_closing(closer, log, below),
            _ => {}
        }
    }

    /// Whoever enrolled the closer revokes it below its closing.
    fn cut_closing(&mut self, closer: usize, log: usize, below: usize) {
        let Some(author) = self.enroller(&self.cast[closer]) else { return };
        let last = below.checked_sub(1).and_then(|last| self.pen.logs[log].entries.get(last));
        let cut = last.map(|entry| Cut { log: self.pen.logs[log].id, seq: below as u64, id: entry.id() });
        let body = Revocation { key: key(self.cast[closer].key).author(), cuts: cut.into_iter().collect() };
        let most = self.pen.charter.roots().len();
        let authors = if self.cast[author].depth == 0 { (0..most).collect() } else { vec![author] };
        for author in authors {
            let Cast { key, id, scope, until, .. } = &self.cast[author];
            let revocation = self.pen.notify(*key, *id, scope, *until, &body);
            self.revocations.push(revocation);
        }
    }

    /// Whoever wrote the record that enrols.
    fn enroller(&self, cast: &Cast) -> Option<usize> {
        let wrote = |log: &PenLog| log.entries.iter().any(|entry| entry.id() == cast.id.entry);
        self.pen.logs.iter().position(wrote).map(|log| self.cast_of(log))
    }
}
