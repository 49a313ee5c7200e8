//! What thieves, rogues and strangers do: everything that a key allows and no rule does.
//!
//! An attack writes its items, gives them to one replica or several, and leaves the rest to the contacts.

use super::cast::{Member, ROGUE, STRANGER};
use super::forgery;
use super::links::span;
use super::pen::{Note, Pen};
use super::plan::Kind;
use super::registry::Place;
use super::{Done, Fleet};
use crate::world::bodies::{self, Enrolling, enrol_record, notice_body};
use crate::world::{Content, Draw, EnrolFlaw, KEYS, WorldItem, branch_of, key};
use intent_contracts::kinds::notice::{self, Revocation};
use intent_contracts::kinds::{Body as _, Cut, Roles, Rotation};
use intent_contracts::{
    AuthorKey, ForkProof, Lane, LogId, Millis, Record, RecordId, SignedEntry, Signer as _, Tai,
};
use intent_ledger::Frontier;

impl Fleet {
    pub(super) fn attack(&mut self, kind: Kind, draw: &mut Draw) -> Done {
        let items = match kind {
            Kind::Equivocate => self.equivocate(draw),
            Kind::Backdate => self.backdate(draw),
            Kind::FloodLogs => self.flood_logs(draw),
            Kind::FloodNotices => self.flood_notices(draw),
            Kind::Theft => self.theft(draw),
            Kind::Rotate => self.rotate(draw),
            Kind::Revoke => self.revoke(draw),
            Kind::Puppet => self.puppet(draw),
            Kind::Future => self.future(draw),
            Kind::Overspend => self.overspend(draw),
            Kind::Withhold => self.withhold(draw),
            Kind::FloodPool => return self.flood_pool(draw),
            Kind::Lie => return self.lie(draw),
            Kind::Forge => return self.forge(draw),
            Kind::Split => return self.split(draw),
            _ => return self.noise(draw),
        };
        self.inject(items, draw)
    }

    /// Gives items to some replicas, each in an order of its own.
    fn inject(&mut self, mut items: Vec<Place>, draw: &mut Draw) -> Done {
        if items.is_empty() {
            return Ok("nothing to attack");
        }
        for _ in 0..=draw.below(2) {
            let target = self.any_replica(draw);
            draw.shuffle(&mut items);
            let singly = draw.below(2) == 0;
            if singly {
                for place in &items {
                    let bytes = self.parcel(&[*place]);
                    self.absorb(target, &bytes)?;
                }
            } else {
                let bytes = self.parcel(&items);
                self.absorb(target, &bytes)?;
            }
        }
        Ok("given")
    }

    fn ledger_id(&self) -> intent_contracts::LedgerId {
        self.cast.charter.ledger_id()
    }

    /// The rogue mostly, else any node or authority whose key is stolen.
    fn victim(&self, draw: &mut Draw) -> &'static Member {
        let members = &self.cast.members;
        let place = if draw.below(2) == 0 { ROGUE } else { 1 + draw.below(members.len() - 1) };
        &members[place]
    }

    /// A pen for a new log of this member, who may know nothing of it.
    fn new_log(&self, member: &Member, lane: Lane, draw: &mut Draw) -> Pen {
        let end = self.now.plus(span(draw)).min(member.until);
        let end = Tai(end.0 / Millis::HOUR.0 * Millis::HOUR.0);
        let incarnation = draw.below(usize::MAX) as u64;
        Pen::new(self.ledger_id(), member.key, lane, incarnation, end, member.enrolment)
    }

    /// A record that ends with its log, different from all others.
    fn note(pen: &Pen, content: Content, draw: &mut Draw) -> Vec<Record> {
        bodies::records(content, pen.log.end, draw.below(1 << 40) as u64, LogId::from_bytes([1; 32]))
    }

    /// Writes with a pen whose holder is nobody's honest writer.
    fn scribble(&mut self, pen: &mut Pen, at: Tai, records: &[Record]) -> Place {
        let item = pen.write(at, records);
        self.registry.issue_hostile(item)
    }

    /// Any entry that was ever written, roots and founders rarely.
    fn any_entry(&self, draw: &mut Draw) -> Option<SignedEntry> {
        let founders = self.cast.founding.len();
        for _ in 0..8 {
            let first = if draw.below(8) == 0 { 0 } else { founders };
            let count = self.registry.len().saturating_sub(first);
            let place = Place::try_from(first + draw.below(count)).ok()?;
            if place as usize >= self.registry.len() {
                continue;
            }
            let WorldItem::Entry(entry) = self.registry.item(place) else { continue };
            let rooted = entry.header().log.author == key(0).author();
            if !rooted || draw.below(16) == 0 {
                return Some(entry.clone());
            }
        }
        None
    }

    /// Other entries in a slot that is taken, shown as entries, by a proof, or gone on from.
    fn equivocate(&mut self, draw: &mut Draw) -> Vec<Place> {
        let Some(old) = self.any_entry(draw) else { return Vec::new() };
        let Some(signer) = holder(&old.header().log.author) else { return Vec::new() };
        let (ledger, header) = (self.ledger_id(), old.header().clone());
        let mut out = Vec::new();
        let mut branches = vec![old.clone()];
        for _ in 0..=draw.below(3) {
            let mut pen = Pen::at(ledger, signer, header.log, header.seq, header.prev);
            let kind = u8::try_from(draw.below(9)).unwrap_or(0);
            let records = Self::note(&pen, Content::Known(kind), draw);
            let place = self.scribble(&mut pen, header.authored.at, &records);
            if let WorldItem::Entry(entry) = self.registry.item(place) {
                branches.push(entry.clone());
            }
            out.push(place);
            for _ in 0..draw.below(3) {
                let records = Self::note(&pen, Content::Known(1), draw);
                out.push(self.scribble(&mut pen, header.authored.at, &records));
            }
        }
        if draw.below(3) == 0 {
            let (a, b) = (draw.below(branches.len()), draw.below(branches.len()));
            let (a, b) = (branch_of(&ledger, &branches[a]), branch_of(&ledger, &branches[b]));
            out.clear();
            if let Some(proof) = ForkProof::between(a, b) {
                out.push(self.registry.issue(WorldItem::of_fork(proof)));
            }
        }
        out
    }

    /// An author goes back in time, cites what is not there, or leaves a slot out.
    fn backdate(&mut self, draw: &mut Draw) -> Vec<Place> {
        let member = self.victim(draw);
        let lane = Lane::ALL[draw.below(2)];
        let mut pen = self.new_log(member, lane, draw);
        let flawed = draw.below(3);
        let mut out = Vec::new();
        for place in 0..4 {
            let records = Self::note(&pen, Content::Known(1), draw);
            let at = if place == 1 + flawed { self.now.minus(Millis(1)) } else { self.now };
            if place == 2 && draw.below(3) == 0 {
                pen.prev = intent_contracts::EntryId::from_bytes([9; 32]);
            }
            out.push(self.scribble(&mut pen, at, &records));
        }
        out
    }

    fn theft(&mut self, draw: &mut Draw) -> Vec<Place> {
        let member = self.victim(draw);
        let lane = Lane::ALL[draw.below(2)];
        let mut pen = self.new_log(member, lane, draw);
        if draw.below(4) == 0 {
            // A stranger's key under the member's enrolment, or a log that outlives it.
            let (incarnation, end) = (pen.log.incarnation, pen.log.end);
            pen = if draw.below(2) == 0 {
                Pen::new(self.ledger_id(), STRANGER, lane, incarnation, end, member.enrolment)
            } else {
                let end = member.until.plus(Millis::DAY);
                Pen::new(self.ledger_id(), member.key, lane, incarnation, end, member.enrolment)
            };
        }
        let mut out = Vec::new();
        for _ in 0..=draw.below(3) {
            let kind = u8::try_from(draw.below(9)).unwrap_or(0);
            let records = Self::note(&pen, Content::Known(kind), draw);
            // His clock may be days ahead.
            let at = self.now.plus(Millis::days(draw.below(3) as u64));
            out.push(self.scribble(&mut pen, at, &records));
        }
        out
    }

    fn flood_logs(&mut self, draw: &mut Draw) -> Vec<Place> {
        let member = self.victim(draw);
        let count = usize::try_from(member.max_logs).unwrap_or(4) + draw.below(4);
        let mut out = Vec::new();
        for _ in 0..count {
            let mut pen = self.new_log(member, Lane::Productivity, draw);
            let records = Self::note(&pen, Content::Known(0), draw);
            out.push(self.scribble(&mut pen, self.now, &records));
        }
        out
    }

    /// More notices than are kept, some of which no rule admits.
    fn flood_notices(&mut self, draw: &mut Draw) -> Vec<Place> {
        let member = self.victim(draw);
        let mut out = Vec::new();
        for _ in 0..1 + draw.below(8) {
            let flaw = draw.below(12);
            let far = member.until.plus(Millis::DAY);
            let elsewhere = super::cast::scope("elsewhere");
            let note = Note {
                signer: if flaw == 0 { STRANGER } else { member.key },
                enrolment: member.enrolment,
                scope: if flaw == 1 { &elsewhere } else { &member.scope },
                until: if flaw == 2 { far } else { self.now.plus(span(draw)).min(member.until) },
                at: self.now,
                future: flaw == 3,
            };
            let choice = u8::try_from(draw.below(256)).unwrap_or(0);
            let body = notice_body(choice, draw.below(1 << 40) as u64, LogId::from_bytes([1; 32]));
            let item = note.sign(&self.ledger_id(), body);
            out.push(self.registry.issue(item));
        }
        out
    }

    fn withhold(&mut self, draw: &mut Draw) -> Vec<Place> {
        let member = self.victim(draw);
        let mut pen = self.new_log(member, Lane::ALL[draw.below(2)], draw);
        let mut out = Vec::new();
        for _ in 0..5 {
            let records = Self::note(&pen, Content::Known(1), draw);
            out.push(self.scribble(&mut pen, self.now, &records));
        }
        // One of them reaches nobody now.
        out.remove(draw.below(4));
        out
    }

    /// The next key speaks under the old enrolment, and mostly takes it over.
    fn rotate(&mut self, draw: &mut Draw) -> Vec<Place> {
        let able: Vec<&Member> = self.cast.members.iter().filter(|member| member.next.is_some()).collect();
        let member = able[draw.below(able.len())];
        let Some(next) = member.next else { return Vec::new() };
        // Only a log that lasts as long as the enrolment takes over.
        let takes_over = draw.below(3) > 0;
        let soon = self.now.plus(span(draw)).min(member.until);
        let end = if takes_over { member.until } else { soon };
        let incarnation = draw.below(usize::MAX) as u64;
        let lane = Lane::ALL[draw.below(2)];
        let mut pen = Pen::new(self.ledger_id(), next, lane, incarnation, end, member.enrolment);
        let mut out = Vec::new();
        if takes_over {
            let witness = self.any_replica(draw);
            let cuts = self.cuts(witness, member, draw);
            if let Ok(record) = (Rotation { cuts }).record(end, Vec::new()) {
                out.push(self.scribble(&mut pen, self.now, &[record]));
            }
        }
        for _ in 0..=draw.below(2) {
            let records = Self::note(&pen, Content::Known(0), draw);
            out.push(self.scribble(&mut pen, self.now, &records));
        }
        let (enrolment, scope) = (member.enrolment, &member.scope);
        let note = Note { signer: next, enrolment, scope, until: soon, at: self.now, future: false };
        let item = note.sign(&self.ledger_id(), notice_body(0, incarnation, pen.log.id(&self.ledger_id())));
        out.push(self.registry.issue(item));
        out
    }

    /// Authorities, one of them stolen, revoke each other and their nodes.
    fn revoke(&mut self, draw: &mut Draw) -> Vec<Place> {
        let mut out = Vec::new();
        for member in &self.cast.members[1..3] {
            for _ in 0..=draw.below(2) {
                let (signer, enrolment, scope) = (member.key, member.enrolment, &member.scope);
                let (body, until) = if draw.below(3) == 0 {
                    let until = self.now.plus(span(draw)).min(member.until);
                    (notice_body(0, draw.below(1 << 40) as u64, LogId::from_bytes([2; 32])), until)
                } else {
                    self.revocation(member, draw)
                };
                let note = Note { signer, enrolment, scope, until, at: self.now, future: false };
                let item = note.sign(&self.ledger_id(), body);
                out.push(self.registry.issue(item));
            }
        }
        out
    }

    /// One below an authority loses its key's permission above cuts, mostly for as long as it is enrolled.
    fn revocation(&mut self, by: &Member, draw: &mut Draw) -> ((u64, Vec<u8>), Tai) {
        let below: Vec<&Member> = (self.cast.members.iter())
            .filter(|member| {
                member.key != by.key && member.until <= by.until && by.scope.contains(&member.scope)
            })
            .collect();
        let victim = below[draw.below(below.len())];
        let witness = self.any_replica(draw);
        let cuts = self.cuts(witness, victim, draw);
        let body = Revocation { key: key(victim.key).author(), cuts };
        let until = if draw.below(6) == 0 { self.now.plus(span(draw)) } else { victim.until };
        let body = notice::encode(&body).unwrap_or_default();
        ((Revocation::KIND, body), until.min(by.until))
    }

    /// Where the logs of a member are cut, as far as a replica knows them.
    fn cuts(&mut self, witness: usize, victim: &Member, draw: &mut Draw) -> Vec<Cut> {
        let known = self.known(witness);
        let author = key(victim.key).author();
        let mut cuts = Vec::new();
        for (id, log) in known.state.logs.iter().filter(|(_, log)| log.key.author == author) {
            let head = log.trunk.len();
            let seq = if draw.below(2) == 0 { head } else { 1 + draw.below(head) };
            let entry = seq.checked_sub(1).and_then(|place| log.trunk.get(place));
            if let Some(entry) = entry.filter(|_| draw.below(4) > 0 && cuts.len() < 8) {
                cuts.push(Cut { log: *id, seq: seq as u64, id: *entry });
            }
        }
        cuts
    }

    /// A stolen authority enrols puppets, soundly or not, and they write.
    fn puppet(&mut self, draw: &mut Draw) -> Vec<Place> {
        use EnrolFlaw::{Body, Effect, Future, Hoard, LargeSafety, ManyLogs, ManyNotices, NoLogs, NoNotices};
        use EnrolFlaw::{None, Scope};
        let member = &self.cast.members[[1, 2, 1, ROGUE][draw.below(4)]];
        let lane = if draw.below(8) == 0 { Lane::Productivity } else { Lane::Safety };
        let mut pen = self.new_log(member, lane, draw);
        let flaws = [
            None,
            None,
            None,
            None,
            Future,
            Effect,
            Scope,
            NoLogs,
            ManyLogs,
            Body,
            Hoard,
            NoNotices,
            ManyNotices,
            LargeSafety,
        ];
        let mut out = Vec::new();
        for _ in 0..=draw.below(2) {
            let flaw = flaws[draw.below(flaws.len())];
            let puppet = 13 + draw.below(5);
            let scope = if flaw == Scope { super::cast::scope("elsewhere") } else { member.scope.clone() };
            let enrolling = Enrolling {
                key: key(puppet).author(),
                next_key: Option::None,
                roles: match (flaw, draw.below(2)) {
                    (LargeSafety, _) => Roles::ACT,
                    (NoNotices, _) | (_, 1) => Roles::ACT.with(Roles::DENY),
                    _ => Roles::ACT,
                },
                scope: scope.clone(),
                until: pen.log.end,
                byte_budget: if flaw == Hoard { u64::MAX } else { 2_000 },
                safety_budget: if flaw == LargeSafety { 65_537 } else { 3_000 },
                max_notices: match flaw {
                    NoNotices => 0,
                    ManyNotices => 5,
                    _ => 1 + draw.below(4) as u64,
                },
                max_logs: [1, 0, 17][match flaw {
                    NoLogs => 1,
                    ManyLogs => 2,
                    _ => 0,
                }],
                ordinal: draw.below(1 << 30) as u64,
            };
            let (seq, prev) = (pen.seq, pen.prev);
            let enrolled = self.scribble(&mut pen, self.now, &[enrol_record(&enrolling, flaw)]);
            out.push(enrolled);
            if draw.below(3) == 0 {
                // The same slot once more: the puppet may vanish again.
                let mut other = Pen::at(self.ledger_id(), member.key, pen.log, seq, prev);
                let records = Self::note(&other, Content::Known(1), draw);
                out.push(self.scribble(&mut other, self.now, &records));
            }
            let WorldItem::Entry(entry) = self.registry.item(enrolled) else { continue };
            let enrolment = RecordId { entry: entry.id(), index: 0 };
            let (end, incarnation) = (pen.log.end, draw.below(usize::MAX) as u64);
            let mut strings =
                Pen::new(self.ledger_id(), puppet, Lane::Productivity, incarnation, end, enrolment);
            let records = Self::note(&strings, Content::Known(0), draw);
            out.push(self.scribble(&mut strings, self.now, &records));
            let signer = puppet;
            let note = Note { signer, enrolment, scope: &scope, until: end, at: self.now, future: false };
            let item =
                note.sign(&self.ledger_id(), notice_body(2, incarnation, strings.log.id(&self.ledger_id())));
            out.push(self.registry.issue(item));
        }
        // Some of it comes later, with the contacts or never.
        out.retain(|_| draw.below(6) > 0);
        out
    }

    fn future(&mut self, draw: &mut Draw) -> Vec<Place> {
        let member = self.victim(draw);
        let mut pen = self.new_log(member, Lane::ALL[draw.below(2)], draw);
        let mut out = Vec::new();
        for _ in 0..=draw.below(3) {
            pen.future = draw.below(3) > 0;
            let content = if draw.below(2) == 0 { Content::Future } else { Content::Unknown(true) };
            let records = Self::note(&pen, content, draw);
            out.push(self.scribble(&mut pen, self.now, &records));
        }
        out
    }

    /// The rogue's log holds 5,000 bytes and gets ten.
    fn overspend(&mut self, draw: &mut Draw) -> Vec<Place> {
        let member = &self.cast.members[ROGUE];
        let mut pen = self.new_log(member, Lane::Productivity, draw);
        let mut out = Vec::new();
        for _ in 0..5 {
            let records = Self::note(&pen, Content::Large, draw);
            out.push(self.scribble(&mut pen, self.now, &records));
        }
        out
    }

    /// Strangers fill the pool to its bounds; then the process stops, and the pool with it.
    fn flood_pool(&mut self, draw: &mut Draw) -> Done {
        let target = self.any_replica(draw);
        for bytes in forgery::flood(self.cast, draw.below(2) == 0) {
            let replica = &mut self.replicas[target];
            let clock = replica.clock.read(self.now);
            let Some(ledger) = replica.ledger.as_mut() else { return Ok("no ledger") };
            ledger.absorb(bytes, clock).map_err(|error| super::honest::told("absorb", &error))?;
        }
        self.touched.insert(target);
        // What was driven out of the pool is not known here; what is admitted is.
        self.judge(target, true)?;
        self.reboot(target)?;
        Ok("filled")
    }

    /// A replica is told a frontier that is not true, and answers it.
    fn lie(&mut self, draw: &mut Draw) -> Done {
        let (victim, to) = self.any_pair(draw);
        let own = self.frontier_of(victim)?;
        let lie = match draw.below(4) {
            0 => own,
            1 if !self.told.is_empty() => self.told[draw.below(self.told.len())].clone(),
            2 => Frontier::unknown(&self.ledger_id(), vec![intent_contracts::Scope::root()]),
            _ => {
                let mut wire = own.encode();
                for _ in 0..=draw.below(4) {
                    let (place, bit) = (draw.below(wire.len()), draw.below(8));
                    wire[place] ^= 1 << bit;
                }
                match Frontier::decode(&wire) {
                    Ok(lie) => lie,
                    Err(_) => return Ok("unreadable"),
                }
            }
        };
        self.replicas[victim].lied_to = true;
        let known = self.known(victim);
        let Some(ledger) = self.replicas[victim].ledger.as_mut() else { return Ok("no ledger") };
        let (heard, bundle) = (ledger.hear(&lie), ledger.bundle(&lie, 20_000));
        match (heard, bundle) {
            (Ok(heard), Ok(bundle)) => {
                let told = super::checks::frontier::read(&lie)?;
                self.judge_acknowledged(victim, &known, &told, &heard)?;
                self.absorb(to, &bundle.bytes)?;
                Ok("answered")
            }
            (Err(intent_ledger::LedgerError::ForeignFrontier), _) => Ok("refused"),
            (heard, bundle) => {
                let what = format!("a lie is answered by {heard:?} and {:?}", bundle.err());
                super::checks::broken("lie", what)
            }
        }
    }

    /// Forged signatures, swapped records, senseless proofs, foreign parts.
    fn forge(&mut self, draw: &mut Draw) -> Done {
        let target = self.any_replica(draw);
        let member = self.victim(draw);
        let mut pen = self.new_log(member, Lane::ALL[draw.below(2)], draw);
        let records = Self::note(&pen, Content::Known(1), draw);
        let sound = pen.write(self.now, &records);
        let other = self.any_entry(draw);
        let bytes = forgery::bundle(self.cast, member, &sound, other.as_ref(), self.now, draw);
        if draw.below(4) == 0 {
            // The true entry follows the forged one.
            let place = self.registry.issue_hostile(sound);
            let true_one = self.parcel(&[place]);
            self.absorb(target, &bytes)?;
            self.absorb(target, &true_one)?;
            return Ok("before the true one");
        }
        self.absorb(target, &bytes)?;
        Ok("given")
    }

    fn noise(&mut self, draw: &mut Draw) -> Done {
        let target = self.any_replica(draw);
        let mut bytes = Vec::new();
        if !self.overheard.is_empty() && draw.below(2) == 0 {
            bytes.clone_from(&self.overheard[draw.below(self.overheard.len())]);
            let start = draw.below(bytes.len() + 1);
            bytes.drain(..start);
        }
        for _ in 0..draw.below(40) {
            bytes.extend_from_slice(&draw.bytes());
        }
        let readable = Frontier::decode(&bytes).is_ok();
        self.absorb(target, &bytes)?;
        Ok(if readable { "a frontier" } else { "given" })
    }
}

/// Who has the key.
fn holder(author: &AuthorKey) -> Option<usize> {
    (0..KEYS).find(|index| key(*index).author() == *author)
}
