//! What honest replicas do: write, meet, forget; and what the weather does to links and clocks.

use super::checks::verdicts::{self, Leases};
use super::checks::{Broken, broken, frontier, hold, horizon};
use super::links::span;
use super::plan::Kind;
use super::registry::Place;
use super::{Done, Fleet, Known};
use crate::world::bodies::{self, Enrolling, enrol_record};
use crate::world::{Content, Draw, EnrolFlaw, WorldItem, key};
use intent_contracts::cbor;
use intent_contracts::kinds::Roles;
use intent_contracts::{Lane, LogId, Millis, NoticeId, Record, RecordId, Scope, Signer as _, Tai};
use intent_ledger::{
    AppendError, Appended, Approval, AuthorityError, ClockFault, Frontier, Heard, HorizonError, Keep,
    LedgerError, Viewpoint, WriteError,
};

impl Fleet {
    /// Records of any kind, known and unknown, of this version and of newer ones.
    pub(super) fn records(&mut self, until: Tai, draw: &mut Draw) -> Vec<Record> {
        let nonce = draw.below(1 << 40) as u64;
        let kind = u8::try_from(draw.below(256)).unwrap_or(0);
        let content = match draw.below(10) {
            0..5 => Content::Known(kind),
            5 => Content::Several(kind),
            6 => Content::Unknown(kind.is_multiple_of(2)),
            7 => Content::Large,
            _ => Content::Future,
        };
        bodies::records(content, until, nonce, LogId::from_bytes([kind; 32]))
    }

    pub(super) fn write(&mut self, draw: &mut Draw) -> Done {
        let index = self.any_replica(draw);
        let lane = Lane::ALL[usize::from(draw.below(4) > 0)];
        let until = self.replicas[index].clock.read(self.now).middle();
        let until = until.plus(Millis::days(draw.below(30) as u64));
        let records = self.records(until, draw);
        self.append(index, lane, &records)
    }

    /// Writes an entry, and notes it as issued.
    pub(super) fn append(&mut self, index: usize, lane: Lane, records: &[Record]) -> Done {
        Ok(self.write_own(index, lane, records)?.map_or_else(|word| word, |_| "written"))
    }

    /// Notes an entry that was just written.
    pub(super) fn issue_own(&mut self, index: usize, appended: &Appended) -> Result<Place, Broken> {
        let Some(ledger) = &self.replicas[index].ledger else { return broken("write", "no ledger") };
        let reader = ledger.reader().map_err(|error| told("write", &error))?;
        let mut entries =
            reader.entries(appended.log, appended.seq).map_err(|error| told("write", &error))?;
        match entries.next() {
            Some(Ok(entry)) if entry.id() == appended.id => {
                let place = self.registry.issue(WorldItem::Entry(entry));
                self.replicas[index].written += 1;
                self.receive_own(index, place);
                Ok(place)
            }
            other => broken("write", format!("the entry just written is not there: {other:?}")),
        }
    }

    pub(super) fn receive_own(&mut self, index: usize, place: Place) {
        self.registry.note_held(place, index);
        self.replicas[index].received.insert(place);
    }

    pub(super) fn write_notice(&mut self, draw: &mut Draw) -> Done {
        let index = self.any_replica(draw);
        let until = self.now.plus(Millis::days(draw.below(90) as u64));
        let choice = draw.below(4);
        let (seed, scopes) = (13 + draw.below(5), [draw.below(3), draw.below(3)]);
        let keep = if draw.below(2) == 0 { Keep::Known } else { Keep::Nothing };
        let nonce = draw.below(1 << 40) as u64;
        let records: Vec<RecordId> = {
            let known = self.known(index);
            known.scopes.keys().copied().collect()
        };
        let record = records.get(draw.below(records.len())).copied();
        let replica = &mut self.replicas[index];
        let clock = replica.clock.read(self.now);
        let scope = self.cast.members[replica.member].scope.clone();
        let Some(ledger) = replica.ledger.as_mut() else { return Ok("no ledger") };
        self.touched.insert(index);
        let scopes = scopes.map(|place| Scope::parse(["", "a", "a/b"][place]).unwrap_or_default());
        let written = match (choice, record) {
            (0, _) => ledger.revoke(key(seed).author(), &keep, clock).map(|denied| denied.notice),
            (1, Some(record)) => ledger.endorse(&record, clock).map(|endorsed| endorsed.notice),
            (2, _) => ledger.trip(&scopes[0], &scopes[1], until, clock).map(|tripped| tripped.notice),
            _ => {
                let body = nonce.to_be_bytes().to_vec();
                ledger.notice(&scope, until, 40, body, clock).map_err(AuthorityError::from)
            }
        };
        match written {
            Ok(id) => {
                self.issue_own_notice(index, &id)?;
                Ok(["revoked", "endorsed", "tripped", "written"][choice])
            }
            Err(AuthorityError::Write(WriteError::Append(error))) => refused_to_write(&error),
            Err(_) => Ok("refused: it would do nothing"),
        }
    }

    fn issue_own_notice(&mut self, index: usize, id: &NoticeId) -> Result<(), Broken> {
        let Some(ledger) = &self.replicas[index].ledger else { return Ok(()) };
        let reader = ledger.reader().map_err(|error| told("write", &error))?;
        let notices = reader.notices().map_err(|error| told("write", &error))?;
        match notices.into_iter().find(|notice| notice.id() == *id) {
            Some(notice) => {
                let place = self.registry.issue(WorldItem::Notice(notice));
                self.receive_own(index, place);
                self.replicas[index].unheard.insert(*id);
                Ok(())
            }
            None => broken("write", "the notice just written is not there"),
        }
    }

    /// An authority enrols a key that is new to the fleet.
    pub(super) fn enrol(&mut self, draw: &mut Draw) -> Done {
        let able: Vec<usize> = (0..self.replicas.len())
            .filter(|index| self.cast.members[self.replicas[*index].member].enrols)
            .collect();
        let Some(index) = able.get(draw.below(able.len())).copied() else { return Ok("no authority") };
        let member = &self.cast.members[self.replicas[index].member];
        let enrolling = Enrolling {
            key: key(13 + draw.below(5)).author(),
            next_key: None,
            roles: Roles::ACT.with(Roles::DENY),
            scope: member.scope.clone(),
            until: self.now.plus(span(draw)).min(member.until),
            byte_budget: 4_000,
            safety_budget: 2_000,
            max_logs: 1 + draw.below(2) as u64,
            max_notices: 2,
            ordinal: draw.below(1 << 30) as u64,
        };
        self.append(index, Lane::Safety, &[enrol_record(&enrolling, EnrolFlaw::None)])
    }

    pub(super) fn start_incarnation(&mut self, draw: &mut Draw) -> Done {
        let index = self.any_replica(draw);
        let Some(ledger) = self.replicas[index].ledger.as_mut() else { return Ok("no ledger") };
        self.touched.insert(index);
        match ledger.start_incarnation() {
            Ok(()) => Ok("begun"),
            Err(error) => refused_to_write(&error),
        }
    }

    /// A replica's frontier, compared with its state.
    pub(super) fn frontier_of(&mut self, index: usize) -> Result<Frontier, Broken> {
        let known = self.known(index);
        let replica = &mut self.replicas[index];
        let Some(ledger) = replica.ledger.as_mut() else { return broken("frontier", "no ledger") };
        let frontier = ledger.frontier();
        let read = frontier::read(&frontier)?;
        frontier::compare(&read, &known.state, replica.horizon)?;
        replica.birth = read.birth;
        match Frontier::decode(&frontier.encode()) {
            Ok(decoded) if decoded == frontier => Ok(frontier),
            other => broken("frontier", format!("it is read back as {other:?}")),
        }
    }

    /// Lets `hearer` hear the true frontier of `peer`.
    pub(super) fn hear(&mut self, hearer: usize, peer: usize, frontier: &Frontier) -> Result<usize, Broken> {
        let known = self.known(hearer);
        let Some(ledger) = self.replicas[hearer].ledger.as_mut() else { return Ok(0) };
        let heard = ledger.hear(frontier).map_err(|error| told("hear", &error))?;
        let own = frontier::read(&ledger.frontier())?;
        let theirs = frontier::read(frontier)?;
        self.judge_acknowledged(hearer, &known, &theirs, &heard)?;
        let side = |index: usize, told| horizon::Side {
            forgotten: &self.replicas[index].forgotten,
            interests: &self.replicas[index].interests,
            told,
        };
        let parameters = self.cast.charter.parameters();
        horizon::alarms(&side(hearer, &own), &side(peer, &theirs), parameters, &heard.alarms)
    }

    /// An own entry counts as known elsewhere iff a frontier shows its id `[SYNC-6]`.
    pub(super) fn judge_acknowledged(
        &mut self,
        index: usize,
        known: &Known,
        told: &frontier::Told,
        heard: &Heard,
    ) -> Result<(), Broken> {
        let replica = &mut self.replicas[index];
        let author = key(self.cast.members[replica.member].key).author();
        let own = known.state.logs.iter().filter(|(_, log)| log.key.author == author);
        let mut shown = 0;
        for (id, log) in own {
            let before = replica.acked.get(id).copied().unwrap_or(0);
            let head = told.shown(id, log).unwrap_or(0);
            if head > before {
                replica.acked.insert(*id, head);
                shown += head - before;
            }
        }
        let before = replica.unheard.len();
        replica.unheard.retain(|id| !known.state.notices.contains(id) || !told.shows(id));
        let notices = (before - replica.unheard.len()) as u64;
        // A replica in doubt takes more for its own than what it wrote.
        let fits = |told: u64, shown: u64| told == shown || (replica.doubtful && told > shown);
        hold(fits(heard.acknowledged, shown), "acknowledged", || {
            format!("{} entries instead of {shown}", heard.acknowledged)
        })?;
        hold(fits(heard.notices, notices), "acknowledged", || {
            format!("{} notices instead of {notices}", heard.notices)
        })
    }

    pub(super) fn prune_acked(&mut self, index: usize) {
        let known = self.known(index);
        self.replicas[index].acked.retain(|log, _| known.state.logs.contains_key(log));
    }

    pub(super) fn contact(&mut self, kind: Kind, draw: &mut Draw) -> Done {
        let (from, to) = self.any_pair(draw);
        if !self.links.open(from, to, self.now, draw) {
            return Ok("blocked");
        }
        let answered = kind != Kind::OneWay && self.links.open(to, from, self.now, draw);
        let mut alarmed = 0;
        let frontier = if answered {
            let frontier = self.frontier_of(to)?;
            alarmed = self.hear(from, to, &frontier)?;
            self.told.push(frontier.clone());
            frontier
        } else {
            let interests = self.replicas[to].interests.clone();
            let unknown = || Frontier::unknown(&self.cast.charter.ledger_id(), interests);
            self.assumed.get(&(from, to)).cloned().unwrap_or_else(unknown)
        };
        let budget = [usize::MAX, usize::MAX, 20_000, 3_000, 900][draw.below(5)];
        let Some(ledger) = &self.replicas[from].ledger else { return Ok("no ledger") };
        let bundle = ledger.bundle(&frontier, budget).map_err(|error| told("bundle", &error))?;
        hold(bundle.bytes.len() <= budget, "budget", || format!("{} bytes of {budget}", bundle.bytes.len()))?;
        self.overheard.push(bundle.bytes.clone());
        let sent = carry(kind, &bundle.bytes, draw);
        for bytes in &sent {
            self.absorb(to, bytes)?;
        }
        let whole = matches!(kind, Kind::Contact | Kind::OneWay | Kind::Reorder | Kind::Duplicate);
        if whole {
            self.assumed.insert((from, to), bundle.assumed);
        } else {
            self.assumed.remove(&(from, to));
        }
        Ok(match (alarmed > 0, answered) {
            (true, _) => "with an alarm",
            (false, true) => "done",
            (false, false) => "unanswered",
        })
    }

    /// Two replicas exchange until neither learns anything; then neither holds what the other lacks.
    pub(super) fn exchange(&mut self, draw: &mut Draw) -> Done {
        let (a, b) = self.any_pair(draw);
        if !self.links.open(a, b, self.now, draw) || !self.links.open(b, a, self.now, draw) {
            return Ok("blocked");
        }
        Ok(if self.settle_pair(a, b)? > 0 { "with an alarm" } else { "done" })
    }

    /// Exchanges both ways until nothing changes; tells how many epochs differ.
    fn settle_pair(&mut self, a: usize, b: usize) -> Result<usize, Broken> {
        let mut alarmed = 0;
        for round in 0.. {
            hold(round < 12, "exchange", || "it does not end".to_owned())?;
            let before = (self.digest(a), self.digest(b));
            for (from, to) in [(a, b), (b, a)] {
                let frontier = self.frontier_of(to)?;
                alarmed += self.hear(from, to, &frontier)?;
                let Some(ledger) = &self.replicas[from].ledger else { return Ok(alarmed) };
                let bundle = ledger.bundle(&frontier, usize::MAX).map_err(|error| told("bundle", &error))?;
                hold(bundle.complete, "exchange", || "a bundle without a budget is not complete".to_owned())?;
                self.absorb(to, &bundle.bytes)?;
            }
            if before == (self.digest(a), self.digest(b)) {
                break;
            }
        }
        for (from, to) in [(a, b), (b, a)] {
            let retained = self.known(from).retained.clone();
            let mut both = self.replicas[to].received.clone();
            both.extend(&retained);
            let (interests, horizon) = (self.replicas[to].interests.clone(), self.replicas[to].horizon);
            let union = self.oracle.judge(self.cast, &mut self.registry, &interests, horizon, &both);
            if let Some(difference) = self.known(to).state.difference(&union.state) {
                return broken("exchange", format!("{to} (left) did not get all of {from}: {difference}"));
            }
        }
        Ok(alarmed)
    }

    pub(super) fn digest(&self, index: usize) -> Option<intent_contracts::Digest> {
        self.replicas[index].ledger.as_ref().map(intent_ledger::Ledger::state_digest)
    }

    /// One replica forgets, or all do as far as their clocks let them: these may stand at either end of what they
    /// declare.
    pub(super) fn forget(&mut self, draw: &mut Draw) -> Done {
        let index = self.any_replica(draw);
        let skewed = draw.below(4) == 0;
        if skewed {
            self.skew(draw);
        }
        if skewed || draw.below(2) == 0 {
            for other in (0..self.replicas.len()).filter(|other| *other != index) {
                let approval = self.operator(other, draw);
                self.advance(other, approval)?;
            }
        }
        let approval = self.operator(index, draw);
        Ok(match self.advance(index, approval)? {
            "forgot" if skewed => "forgot at the worst skew",
            "nothing to forget" if skewed => "nothing to forget at the worst skew",
            word => word,
        })
    }

    /// Sets each clock to one end of its error, at the moment when those ahead have just reached an epoch that
    /// those behind have not.
    fn skew(&mut self, draw: &mut Draw) {
        let parameters = self.cast.charter.parameters();
        let (epoch, memory) = (parameters.epoch.0, parameters.memory());
        let next = Tai(self.now.minus(memory).0.div_ceil(epoch) * epoch);
        self.now = self.now.max(next.plus(memory));
        let now = self.now;
        self.replicas.iter_mut().for_each(|replica| replica.clock.set_at_bound(now, draw.below(2) == 0));
    }

    /// Advances a horizon by the replica's own clock, if an operator is asked with an approval.
    pub(super) fn advance(&mut self, index: usize, approval: Option<Approval>) -> Done {
        let known = self.known(index);
        let notices = self.notice_ranks(&known);
        let parameters = self.cast.charter.parameters().clone();
        let (epoch, memory) = (parameters.epoch.0, parameters.memory());
        let clock = self.replicas[index].clock.read(self.now);
        let reading = self.reading(index, clock);
        let corroborated = self.corroborated(index, &known, clock);
        let confirmed = approval.is_none_or(|approval| self.confirms(approval, clock));
        let replica = &self.replicas[index];
        let late = clock.hi() < replica.floor;
        let floor = replica.floor.max(clock.lo());
        let lowest = |moment: Tai| Tai(moment.minus(memory).0 / epoch * epoch);
        let (before, to) = (replica.horizon, replica.horizon.max(lowest(floor)));
        let first = before == Tai(0);
        let vouched = if first { corroborated } else { to.since(before) <= parameters.horizon_step };
        let leaps = to > before && approval.is_none() && !vouched;
        let seen = self.leases_before(index, &known, to)?;
        let replica = &mut self.replicas[index];
        let doubtful = replica.doubtful;
        let Some(ledger) = replica.ledger.as_mut() else { return Ok("no ledger") };
        let unborn = ledger.birth().is_none();
        let mut exported = Vec::new();
        let mut export = |bytes: &[u8]| {
            exported.extend_from_slice(bytes);
            Ok(())
        };
        self.touched.insert(index);
        let refused = |holds: bool, error: &HorizonError, word| {
            hold(holds, "leap", || format!("replica {index}: {error}")).map(|()| word)
        };
        match ledger.advance_horizon(clock, approval, &mut export) {
            Err(error @ HorizonError::Clock(fault)) => {
                let unconfirmed = matches!(fault, ClockFault::Unconfirmed { .. }) && !confirmed;
                let word = if unconfirmed { "refused: not confirmed" } else { "refused: no good time" };
                return refused(unconfirmed || reading.explains(&fault), &error, word);
            }
            Err(error @ HorizonError::Behind { .. }) => return refused(late, &error, "refused: behind"),
            Err(error @ HorizonError::FirstStep { .. }) => {
                return refused((leaps || doubtful) && first, &error, "refused a first step");
            }
            Err(error @ HorizonError::Leap { .. }) => {
                return refused(leaps && !first, &error, "refused a leap");
            }
            Err(error) => return broken("horizon", error.to_string()),
            Ok(_) => {}
        }
        hold(confirmed && !leaps, "leap", || format!("from {before} to {to} with {approval:?}"))?;
        hold(!reading.is_unfit() && !late, "leap", || {
            format!("by {reading:?}, behind the horizon's: {late}")
        })?;
        let replica = &mut self.replicas[index];
        (replica.horizon, replica.floor) = (to, floor);
        replica.forgotten.note(&known, &notices, to, epoch);
        if let Some(before) = seen {
            let now = self.leases_of(index)?;
            verdicts::nothing_flips(&before, &now, to)?;
        }
        let forgot = known.state.logs.values().filter(|log| log.key.end < to).count();
        self.judge_export(index, &known, to, &exported)?;
        if unborn {
            self.judge_birth(index, clock, reading, approval.is_some())?;
        }
        if to > before {
            self.prune_acked(index);
        }
        Ok(if forgot > 0 { "forgot" } else { "nothing to forget" })
    }

    /// What the view says of leases, when anything is about to be forgotten.
    fn leases_before(&mut self, index: usize, known: &Known, to: Tai) -> Result<Option<Leases>, Broken> {
        let lapses = known.state.logs.values().any(|log| log.key.end < to)
            || self.notice_ranks(known).iter().any(|(until, ..)| *until < to);
        if lapses { self.leases_of(index).map(Some) } else { Ok(None) }
    }

    fn leases_of(&mut self, index: usize) -> Result<Leases, Broken> {
        let Some(ledger) = self.replicas[index].ledger.as_mut() else { return Ok(Leases::new()) };
        let view = ledger.view(Viewpoint::Own).map_err(|error| told("view", &error))?;
        Ok(verdicts::leases(&view))
    }

    /// Own entries and notices that no frontier has shown are among what was exported, and what reached
    /// nobody surely `[HOR-4]`.
    fn judge_export(&mut self, index: usize, known: &Known, to: Tai, exported: &[u8]) -> Result<(), Broken> {
        let author = key(self.cast.members[self.replicas[index].member].key).author();
        let (handed_out, _) = self.registry.scan(exported);
        let acked = self.replicas[index].acked.clone();
        let lied_to = self.replicas[index].lied_to;
        let lapsing = known.state.logs.iter().filter(|(_, log)| log.key.author == author && log.key.end < to);
        for (log, found) in lapsing {
            let heard = acked.get(log).copied().unwrap_or(0);
            for (slot, id) in (1..).zip(&found.trunk) {
                let Some(place) = self.registry.entry(id) else { continue };
                let safe = slot <= heard && (lied_to || self.registry.held_elsewhere(place, index));
                hold(safe || handed_out.contains(&place), "export", || {
                    format!("replica {index} forgot its entry {id}, which nobody is known to have")
                })?;
            }
        }
        let unheard = std::mem::take(&mut self.replicas[index].unheard);
        for id in unheard.iter().filter(|id| known.state.notices.contains(*id)) {
            let Some(place) = self.registry.notice(id) else { continue };
            let WorldItem::Notice(notice) = self.registry.item(place) else { continue };
            hold(notice.notice().until >= to || handed_out.contains(&place), "export", || {
                format!("replica {index} forgot its notice {id}, which nobody is known to have")
            })?;
        }
        self.replicas[index].unheard = unheard;
        Ok(())
    }

    /// Until, scope of the enrolment and id of each admitted notice.
    pub(super) fn notice_ranks(&self, known: &Known) -> Vec<(Tai, intent_contracts::Scope, Vec<u8>)> {
        let rank = |id: &NoticeId| {
            let WorldItem::Notice(notice) = self.registry.item(self.registry.notice(id)?) else {
                return None;
            };
            let scope = known.scopes.get(&notice.notice().enrolment)?.clone();
            Some((notice.notice().until, scope, id.as_bytes().to_vec()))
        };
        known.state.notices.iter().filter_map(rank).collect()
    }

    /// Links and clocks change.
    pub(super) fn weather(&mut self, kind: Kind, draw: &mut Draw) -> Done {
        let (now, count) = (self.now, self.replicas.len());
        let index = self.any_replica(draw);
        let clock = &mut self.replicas[index].clock;
        match kind {
            Kind::Wait => self.now = now.plus(span(draw)),
            Kind::Partition => self.links.partition(count, now, draw),
            Kind::Partial => self.links.part(count, now, draw),
            Kind::Simplex => self.links.simplex(count, now, draw),
            Kind::Flap => self.links.flap(now, draw),
            Kind::Mend => self.links.mend(),
            Kind::Drift => clock.set_within(now, draw),
            Kind::Widen => clock.widen(if draw.below(4) == 0 { Millis(1) } else { span(draw) }),
            Kind::Jump => {
                let by = span(draw);
                clock.jump(now, by, draw.below(2) == 0);
            }
            Kind::Spoof => {
                self.leap_ahead(index, draw)?;
                let outcome = self.advance(index, None)?;
                self.replicas[index].clock.mend(now);
                return Ok(outcome);
            }
            _ => {
                let told: Vec<bool> = (0..count).map(|_| draw.below(2) == 0).collect();
                let clocks = self.replicas.iter_mut().zip(told).filter(|(_, told)| *told);
                clocks.for_each(|(replica, _)| replica.clock.leap(now));
            }
        }
        Ok("so")
    }
}

/// What of a bundle arrives, and in which order.
fn carry(kind: Kind, bytes: &[u8], draw: &mut Draw) -> Vec<Vec<u8>> {
    let mut parts: Vec<Vec<u8>> = parts(bytes).into_iter().map(<[u8]>::to_vec).collect();
    match kind {
        Kind::Cut => vec![bytes[..draw.below(bytes.len() + 1)].to_vec()],
        Kind::Reorder => {
            draw.shuffle(&mut parts);
            parts
        }
        Kind::Duplicate => {
            let again = parts.clone();
            parts.extend(again);
            draw.shuffle(&mut parts);
            parts
        }
        Kind::Selective => {
            parts.retain(|_| draw.below(2) == 0);
            parts
        }
        Kind::Corrupt => {
            let mut bytes = bytes.to_vec();
            for _ in 0..=draw.below(3) {
                let place = draw.below(bytes.len());
                let bit = draw.below(8);
                if let Some(byte) = bytes.get_mut(place) {
                    *byte ^= 1 << bit;
                }
            }
            vec![bytes]
        }
        _ => vec![bytes.to_vec()],
    }
}

/// The parts of a bundle.
pub(super) fn parts(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut out = Vec::new();
    while !bytes.is_empty()
        && let Ok(length) = cbor::walk_prefix(bytes)
    {
        let (part, rest) = bytes.split_at(length);
        out.push(part);
        bytes = rest;
    }
    out
}

/// A refusal to write is the world's; a fault of ledger or signer is a finding.
pub(super) fn refused_to_write(error: &AppendError) -> Done {
    match error {
        AppendError::Ledger(LedgerError::Continuity(_)) => Ok("refused: another copy goes on"),
        AppendError::Ledger(_) | AppendError::Signer(_) => broken("write", error.to_string()),
        AppendError::Unrecorded { .. } => Ok("withheld"),
        AppendError::LastLog { .. } => Ok("refused: the last log"),
        AppendError::LogsExhausted { .. } => Ok("refused: no log left"),
        AppendError::NotEnrolled => Ok("refused: not enrolled"),
        AppendError::Clock(ClockFault::Behind { .. }) => Ok("refused: the clock is behind"),
        AppendError::Clock(_) => Ok("refused: the clock is wide"),
        _ => Ok("refused"),
    }
}

pub(super) fn told(check: &'static str, error: &impl ToString) -> Broken {
    Broken { check, what: error.to_string() }
}
