//! Who may speak where: deniers whose anchor lies beside their scope, enrolments with co-signers, votes, and notices
//! of a later version.

use super::{Actor, Cast, Held};
use crate::oracle::histories::hour;
use intent_contracts::kinds::notice::{
    self, Fact, FactValue, Restriction, RestrictionEffect, Revocation, Trip, Vote, WindowVote,
};
use intent_contracts::kinds::{Body as _, CoSignature, Enrol, Needs, Roles};
use intent_contracts::{Citation, EntryId, Lane, LedgerId, LogId, Millis, RecordId, Scope, Tai};

impl Actor {
    /// Now and then somebody is appointed in an unusual way, votes or restricts, beside what else is done.
    pub(in crate::oracle::histories) fn mind_who_may_speak(&mut self) {
        let Some(draw) = self.authority_draw.take() else { return };
        let other = std::mem::replace(&mut self.draw, draw);
        match self.draw.below(30) {
            0 | 1 => self.appoint_beside(),
            2..5 => self.revoke(),
            5..7 => self.appoint_together(),
            7..10 => self.co_sign(),
            10 => self.restrict(),
            11..16 => self.vote(),
            _ => {}
        }
        self.authority_draw = Some(std::mem::replace(&mut self.draw, other));
    }

    fn an_enroller(&mut self) -> Option<usize> {
        let fits = |cast: &Cast| cast.roles.has(Roles::ENROL) && cast.depth < 3;
        let parents: Vec<usize> = (0..self.cast.len()).filter(|it| fits(&self.cast[*it])).collect();
        self.pick(parents.len()).map(|it| parents[it])
    }

    /// Whoever may enrol gives somebody a place to deny that lies in its scope or beside it `[GRANT-4]`.
    fn appoint_beside(&mut self) {
        let Some(parent) = self.an_enroller() else { return };
        let Some(anchor) = self.pick(self.cast.len()) else { return };
        let (record, mut cast) = self.enrolling(parent, true);
        let Ok(reading) = Enrol::read(&record.body) else { return };
        let mut body = reading.body;
        let text = ["a", "a/b", "a/c", "a/c"][self.draw.below(4)];
        let scope = Scope::parse(text).expect("few labels");
        body.scope = if self.cast[parent].scope.contains(&scope) { scope } else { body.scope };
        body.roles = Roles::DENY.with_class(body.roles.class());
        body.anchor = Some(self.cast[anchor].id);
        cast.scope = body.scope.clone();
        cast.roles = body.roles;
        let until = if self.one_in(8) { cast.until.min(hour(20)) } else { cast.until };
        cast.until = until;
        self.appoint(parent, &body, cast);
    }

    fn appoint(&mut self, parent: usize, body: &Enrol, cast: Cast) {
        let record = body.record(cast.until, Vec::new()).expect("within its bounds");
        let log = self.safety_log(parent);
        let cited = self.pen.write(log, &[record])[0];
        self.endorse_maybe(cited);
        self.welcome(Cast { id: cited.record, ..cast });
        if let Some(needs) = &body.needs {
            self.waiting.push((cited, needs.of.iter().map(|named| named.record).collect()));
        }
    }

    /// Somebody is enrolled who counts only once others have co-signed `[COSIGN-2]`.
    fn appoint_together(&mut self) {
        let Some(parent) = self.an_enroller() else { return };
        let high = self.one_in(8);
        let (record, mut cast) = self.enrolling(parent, high);
        let Ok(reading) = Enrol::read(&record.body) else { return };
        let mut body = reading.body;
        let mut of: Vec<Citation> = Vec::new();
        for _ in 0..1 + self.draw.below(3) {
            let Some(named) = self.pick(self.cast.len()) else { continue };
            let Some(cited) = self.cite_enrolment(&self.cast[named].id) else { continue };
            let cited = self.cite(cited);
            if of.iter().all(|it| it.record != cited.record) {
                of.push(cited);
            }
        }
        if of.is_empty() {
            return;
        }
        // Mostly as long as the first whom it names, and of a scope that all of them are above.
        if !self.one_in(6) {
            cast.until = of.iter().map(|named| named.until).min().unwrap_or(cast.until).min(cast.until);
        }
        let low = Scope::parse("a/b").expect("few labels");
        if self.cast[parent].scope.contains(&low) {
            body.scope = low.clone();
            cast.scope = low;
        }
        let least = 1 + self.draw.below(of.len()) as u64;
        body.needs = Some(Needs { least, of });
        self.appoint(parent, &body, cast);
    }

    fn cite_enrolment(&self, id: &RecordId) -> Option<Citation> {
        let roots = 0..u8::try_from(self.pen.charter.roots().len()).unwrap_or(0);
        if let Some(root) = roots.into_iter().find(|root| self.pen.root(*root) == *id) {
            return self.pen.charter.root_citation(root);
        }
        self.pen.logs.iter().find_map(|log| {
            let entry = log.entries.iter().find(|entry| entry.id() == id.entry)?;
            let until = entry.records().get(usize::from(id.index))?.until;
            Some(Citation { log: log.id, seq: entry.header().seq, record: *id, until })
        })
    }

    /// One of those who are named, or somebody else, stands behind an enrolment.
    fn co_sign(&mut self) {
        let Some(place) = self.pick(self.waiting.len()) else { return };
        let (cited, named) = self.waiting[place].clone();
        let any = self.pick(self.cast.len());
        let stranger = self.one_in(8);
        let by = named.get(self.draw.below(named.len())).filter(|_| !stranger);
        let by = by.and_then(|id| self.cast.iter().position(|cast| cast.id == *id)).or(any);
        let Some(by) = by else { return };
        let lane = if self.one_in(10) { Lane::Productivity } else { Lane::Safety };
        let Some(log) = self.log_under(by, lane) else { return };
        let until = if self.one_in(10) { cited.until.minus(Millis(1)) } else { cited.until };
        let until = until.min(self.pen.logs[log].key.end);
        let body = CoSignature { enrolment: self.cite(cited) };
        let record = body.record(until, Vec::new()).expect("within its bounds");
        let written = self.pen.write(log, std::slice::from_ref(&record))[0];
        self.endorse_maybe(written);
        if self.one_in(10) {
            let below = usize::try_from(written.seq).unwrap_or(1) - 1;
            self.pen.write_beside(log, below, &[record.clone(), record]);
        }
    }

    /// Somebody restricts by a notice that nobody here can read whole `[RESTRICT-2]`.
    fn restrict(&mut self) {
        let deniers: Vec<usize> =
            (0..self.cast.len()).filter(|it| self.cast[*it].roles.has(Roles::DENY)).collect();
        let author = deniers[self.draw.below(deniers.len())];
        let mut facts = Vec::new();
        for _ in 0..self.draw.below(3) {
            let whom = self.pick(self.cast.len()).unwrap_or(0);
            let (number, value) = match self.draw.below(5) {
                0 => (Fact::OTHER, FactValue::of_scope(&Scope::parse("a").expect("one label"))),
                1 => (Fact::LINEAGE, FactValue::Text("b9".to_owned())),
                2 => (Fact::OTHER, FactValue::Null),
                _ => {
                    let id = self.cast[whom].id.entry;
                    (Fact::ENROLMENT, FactValue::Bytes(id.as_bytes()[..16].to_vec()))
                }
            };
            facts.push(Fact { number, value });
        }
        let effect = RestrictionEffect::SUSPEND;
        let restriction = Restriction { facts, effect, since: None, above: false };
        let restriction = notice::encode(&restriction).expect("within its bounds");
        let trip = notice::encode(&Trip { other: Scope::root() }).expect("within its bounds");
        let (later, kind, body) = match self.draw.below(8) {
            0 => (false, Revocation::KIND, vec![0x80]),
            1 => (true, Trip::KIND, trip),
            2 => (false, 70, vec![0x81, 0x01]),
            3 => (false, 9, restriction),
            _ => (self.draw.below(3) == 0, 64 + self.draw.below(2) as u64, restriction),
        };
        let all = self.pen.charter.roots().len();
        let authors =
            if self.cast[author].depth == 0 && !self.one_in(3) { (0..all).collect() } else { vec![author] };
        let narrow = Scope::parse("a/b").expect("two labels");
        for author in authors {
            let Cast { key, id, scope, until, .. } = &self.cast[author];
            let (signer, id, scope, until) = (*key, *id, scope.clone(), *until);
            let scope = if scope.contains(&narrow) && self.one_in(2) { narrow.clone() } else { scope };
            let until = if self.one_in(3) { until.min(hour(5)) } else { until };
            let said = (kind, body.clone());
            if later {
                self.pen.notify_later((signer, id), &scope, until, said);
            } else {
                self.pen.notify_raw((signer, id), &scope, until, said);
            }
        }
    }

    /// Roots vote for the holder of windows of the pad, or for a successor `[VOTE-2]`, `[VOTE-3]`.
    fn vote(&mut self) {
        let roots = self.pen.charter.roots().len();
        // Votes on windows that nobody assigns are told as nothing; one in a while is enough.
        let assignable = self.pen.charter.gives().iter().any(|give| give.last_assignable.is_some());
        if !assignable && !self.one_in(6) {
            return;
        }
        let Some(log) = self.pick(self.pen.logs.len()) else { return };
        let log = if self.one_in(2) { 1 } else { log };
        // Mostly all vote for one log; seldom a root names two.
        let strays = self.one_in(12);
        let log = self.candidate.filter(|_| !strays).unwrap_or(log);
        self.candidate = self.candidate.or(Some(log));
        let first = 1 + self.draw.below(4) as u64;
        let last = first + self.draw.below(3) as u64;
        let holder = self.pen.logs[log].key;
        let vote = Vote::Window(WindowVote { give: 0, first, last, holder });
        let vote = if self.one_in(12) {
            Vote::Successor(LedgerId::from_bytes([u8::try_from(self.draw.below(2)).unwrap_or(0); 32]))
        } else {
            vote
        };
        let end = self.pen.charter.until();
        for root in 0..roots {
            if self.one_in(5) {
                continue;
            }
            let enrolment = self.pen.root(u8::try_from(root).unwrap_or(0));
            let until = [end, end, end, hour(8 + 4 * last + 12), hour(20)][self.draw.below(5)].min(end);
            self.pen.notify(root, enrolment, &Scope::root(), until, &vote);
        }
        if assignable && let Vote::Window(_) = vote {
            for number in first..=last.min(5) {
                self.hold_window(log, holder.id(&self.pen.ledger()), number, end);
            }
        }
    }

    fn hold_window(&mut self, log: usize, holder: LogId, number: u64, until: Tai) {
        let Some(give) = self.pen.charter.gives().first() else { return };
        let Some(window) = give.window(number) else { return };
        let entry = EntryId::first_give(&self.pen.ledger(), 0, number);
        let citation = Citation { log: holder, seq: 0, record: RecordId { entry, index: 0 }, until };
        let mut footprint = give.footprint.clone();
        footprint.window = window;
        self.held.push(Held { log, citation, footprint });
    }
}
