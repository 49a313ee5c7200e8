//! Leases that are granted in part, extended, taken back as over, or ended by what cannot be read.

use super::{Actor, Claimed, Held, serves};
use crate::oracle::histories::hour;
use intent_contracts::kinds::{Body as _, Give, RELEASE, Receiver, Reclaim};
use intent_contracts::{Effect, Footprint, Millis, Record, Tai, Window};

const HOUR: Millis = Millis::HOUR;

impl Actor {
    /// A number below `count`; zero where leases are left alone.
    fn lease_draw(&mut self, count: usize) -> usize {
        self.lease_draw.as_mut().map_or(0, |draw| draw.below(count))
    }

    /// The least duration of a claim and its rule set.
    pub(super) fn terms(&mut self) -> (Millis, u64) {
        let least = [0, 0, 0, 0, 1, 1, 2, 3][self.lease_draw(8)];
        let rule_set = if self.lease_draw(40) == 39 { 2 } else { 1 };
        (Millis(least * HOUR.0), rule_set)
    }

    /// An until that leaves little room to extend, now and then.
    pub(super) fn soon(&mut self, until: Tai, footprints: &[Footprint]) -> Tai {
        let longest = self.pen.charter.parameters().longest_lease;
        let room = Millis(HOUR.0 * self.lease_draw(3) as u64);
        let last = footprints.iter().map(|part| part.window.end()).max().unwrap_or(until);
        if self.lease_draw(5) == 4 { until.min(last.plus(longest).plus(room)) } else { until }
    }

    /// Seldom one thing more happens to a lease.
    pub(in crate::oracle::histories) fn lease_in_part(&mut self) {
        match self.lease_draw(24) {
            1..5 => self.give_in_part(),
            5 => self.take_back_as_over(),
            6 => self.end_unreadably(),
            _ => {}
        }
    }

    fn some_claim(&mut self) -> Option<Claimed> {
        let count = self.claims.len();
        let back = self.lease_draw(count.clamp(1, 4));
        self.claims.get(count.checked_sub(1 + back)?).cloned()
    }

    /// Gives to one footprint of a claim its beginning, its end, or what comes after it.
    fn give_in_part(&mut self) {
        let Some(claim) = self.some_claim() else { return };
        let alternative = self.lease_draw(claim.alternatives.len());
        let places = claim.alternatives[alternative].clone();
        let place = places[self.lease_draw(places.len())];
        let Some(asked) = claim.footprints.get(usize::from(place)).cloned() else { return };
        let (start, end) = (asked.window.start(), asked.window.end());
        let later = end.plus(Millis(HOUR.0 * (1 + self.lease_draw(3) as u64)));
        let half = start.plus(Millis(end.since(start).0 / 2));
        let (from, to) =
            [(start, half), (half, end), (end, later), (start, later), (half, later)][self.lease_draw(5)];
        let Ok(window) = Window::new(from, to) else { return };
        let mut part = asked;
        part.window = window;
        let bears = |right: &&Held| {
            serves(&right.footprint, &part) && self.pen.logs[right.log].key.end >= claim.citation.until
        };
        let rights: Vec<Held> = self.held.iter().filter(bears).cloned().collect();
        if rights.is_empty() {
            return;
        }
        let right = rights[self.lease_draw(rights.len())].clone();
        part.right = Some(right.citation);
        let to =
            Receiver::Claim { claim: claim.citation, alternative: u8::try_from(alternative).unwrap_or(0) };
        let body = Give { to: to.clone(), parts: vec![place] };
        let until = claim.citation.until.min(right.citation.until);
        let record = body.record(until, vec![part]).expect("within its bounds");
        let citation = self.pen.write(right.log, &[record])[0];
        self.endorse_maybe(citation);
        self.gives.push(super::Given { log: right.log, citation, to, parts: 1 });
    }

    /// Takes a give, or an own draw, back when its window is over by the giver's clock, or was not long before.
    fn take_back_as_over(&mut self) {
        let drawn = self.claims.iter().map(|claim| (claim.log, claim.citation));
        let given = self.gives.iter().map(|give| (give.log, give.citation));
        let all: Vec<_> = given.chain(drawn).collect();
        if all.is_empty() {
            return;
        }
        let (log, citation) = all[all.len() - 1 - self.lease_draw(all.len().min(8))];
        let late = [4, 8, 12, 12][self.lease_draw(4)];
        self.pen.now = self.pen.now.max(hour(late)).plus(Millis(70_000));
        let until = citation.until.min(self.pen.logs[log].key.end);
        let body = Reclaim { give: citation, proof: None };
        self.pen.write(log, &[body.record(until, Vec::new()).expect("within its bounds")]);
    }

    /// A record of a claim's log that may free, by its effect or because it is critical, and cannot be read.
    fn end_unreadably(&mut self) {
        let Some(claim) = self.some_claim() else { return };
        let until = claim.citation.until;
        let kind = if self.lease_draw(3) == 0 { RELEASE } else { 1_000 };
        let effect = [Effect::Frees, Effect::Frees, Effect::None, Effect::Takes][self.lease_draw(4)];
        let record = Record::new(kind, until, vec![0x80]).with_footprints(effect, Vec::new());
        let mut record = record.expect("no footprint is within the bounds");
        record.critical = self.lease_draw(2) == 0;
        self.pen.write(claim.log, &[record]);
    }
}
