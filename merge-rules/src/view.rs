//! The view: a consistent snapshot from which verdicts are read `[RULE-1]`.
//!
//! - Taking one costs a few reference counts; it stays as it is while the ledger goes on.
//! - A verdict is computed when it is asked for, from what it rests on.

use crate::claims::Lease;
use crate::explain::{Because, Denier, Finding};
use crate::facts::{Flaw, Known, Log, LogNo, PartPlace, Place, What};
use crate::order::ends_part;
use crate::rules::Rules;
use crate::standing::Standing;
use intent_contracts::kinds::{GivingBack, Receiver, Resource};
use intent_contracts::planted;
use intent_contracts::{
    Clock, Footprint, LogId, Measure, Millis, RecordId, ResourceId, ResourcePath, Scope, Tai, Window,
};
use std::sync::Arc;

/// What a replica's state means from a viewpoint.
#[derive(Debug, Clone)]
pub struct View {
    pub(crate) rules: Rules,
    pub(crate) viewpoint: Arc<[Scope]>,
}

/// A claim with all of its alternatives.
#[derive(Debug, Clone)]
pub struct ClaimView {
    /// The claim.
    pub record: RecordId,
    /// The log that holds it.
    pub log: LogId,
    /// Its priority class.
    pub class: u8,
    /// Its alternatives in order; each is a lease of its own.
    pub leases: Vec<Lease>,
}

impl ClaimView {
    /// The alternative with the best standing, the first of several.
    #[must_use]
    pub fn best(&self) -> Option<(u8, &Lease)> {
        (0..=u8::MAX).zip(&self.leases).min_by_key(|(_, lease)| lease.finding.standing)
    }
}

/// Where a moment stands to a window `[ACT-3]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// It surely has not begun.
    Ahead,
    /// It may have begun.
    Opening,
    /// It surely is on.
    Live,
    /// It may have ended.
    Closing,
    /// It surely has ended, and the guard has not surely passed.
    Settling,
    /// It is over for everybody.
    Over,
}

/// May I? `[ACT-1]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MayAct {
    /// Yes.
    Go {
        /// The last moment of the clock's later bound for which this holds on what is known now.
        valid_until: Tai,
        /// How old the news are on which it rests `[ACT-2]`.
        information_age: Millis,
    },
    /// Given, but not proven: the host's own risk.
    AtRisk(Finding),
    /// No.
    Hold(Hold),
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hold {
    /// There is no such claim or alternative here.
    NoSuchClaim,
    /// The claim's log is not one that this ledger writes with proof of continuity.
    NotWriting(LogId),
    /// The lease does not stand.
    Standing(Finding),
    /// It is suspended until then.
    Suspended(Tai),
    /// Now, or the time until all has stopped, lies outside the window.
    Window(Phase),
}

impl Hold {
    /// The clause of SPEC.md `[EXPL-1]`.
    #[must_use]
    pub const fn clause(&self) -> &'static str {
        match self {
            Self::NoSuchClaim | Self::NotWriting(_) | Self::Window(_) => "ACT-1",
            Self::Standing(finding) => finding.clause(),
            Self::Suspended(_) => "SUSP-2",
        }
    }
}

impl std::fmt::Display for Hold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let clause = self.clause();
        match self {
            Self::NoSuchClaim => write!(f, "[{clause}]: there is no such claim or alternative here"),
            Self::NotWriting(log) => write!(
                f,
                "[{clause}]: log {log} is not one that this ledger writes with proof of continuity; ask anew for \
                 what it held"
            ),
            Self::Standing(finding) => finding.fmt(f),
            Self::Suspended(until) => write!(f, "[{clause}]: it is suspended until {until}"),
            Self::Window(Phase::Ahead | Phase::Opening) => {
                write!(f, "[{clause}]: its window has not surely begun")
            }
            Self::Window(_) => write!(f, "[{clause}]: its window leaves no time to act and to stop"),
        }
    }
}

/// Whether a place is free `[ACT-4]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Free {
    /// Nothing known is there.
    Free {
        /// The oldest news on which this rests.
        as_of: Tai,
    },
    /// Someone may be there.
    Occupied {
        /// The record by which.
        by: RecordId,
    },
    /// What would tell is not here.
    Unknown {
        /// Why.
        why: Box<Because>,
    },
}

/// Someone who keeps others out `[OCC-1]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occupancy {
    /// The claim, give or unreadable record.
    pub record: RecordId,
    /// Its footprint.
    pub part: u8,
    /// When, without the guard.
    pub window: Window,
}

/// A stretch of time in which a lease has permission.
#[derive(Debug, Clone)]
pub struct Permission {
    /// The claim.
    pub claim: RecordId,
    /// The alternative.
    pub alternative: u8,
    /// From when to when.
    pub window: Window,
    /// Firm or at risk.
    pub standing: Standing,
}

/// One resource: who may, and who is in the way.
#[derive(Debug, Clone)]
pub struct ResourceView {
    /// Its id.
    pub id: ResourceId,
    /// Its declaration, when one is here.
    pub declaration: Option<Resource>,
    /// Whether the charter gives it; else it is open.
    pub given: bool,
    /// Who may, by start.
    pub permissions: Vec<Permission>,
    /// Who keeps others out, by start.
    pub occupancies: Vec<Occupancy>,
}

/// One part of a right at its holder `[RIGHT-1]`.
#[derive(Debug, Clone)]
pub struct RightView {
    /// The give, or the charter's window.
    pub record: RecordId,
    /// The part of it.
    pub part: u8,
    /// What it holds.
    pub footprint: Footprint,
    /// The log that holds it.
    pub holder: LogId,
    /// Its standing.
    pub finding: Finding,
    /// Given on to logs, and not surely back. Of an exclusive right: how many parts.
    pub given: u128,
    /// Given to claims or drawn for own ones, and not surely back.
    pub drawn: u128,
    /// Of those two: back by word, and not surely.
    pub settling: u128,
    /// What a new give over the whole window could still take and be proven. Of an exclusive right: one
    /// when nothing is taken.
    pub left: u64,
}

/// An enrolment and what the denials leave of it.
#[derive(Debug, Clone)]
pub struct EnrolmentView {
    /// Granted, unknown, void, or revoked with whoever enrolled it.
    pub finding: Finding,
    /// Until when it is suspended, if it is.
    pub suspended_until: Option<Tai>,
    /// Its logs that are cut, and above which slots.
    pub cuts: Vec<(LogId, u64, Denier)>,
}

impl Rules {
    /// A snapshot as seen from the scopes that a replica, or whoever asks, declares to hold.
    #[must_use]
    pub fn view(&self, viewpoint: Vec<Scope>) -> View {
        View { rules: self.clone(), viewpoint: viewpoint.into() }
    }
}

impl View {
    /// A claim; none when it is not here or cannot be read.
    #[must_use]
    pub fn claim(&self, record: &RecordId) -> Option<ClaimView> {
        let place = self.rules.place_of(record)?;
        let (_, log, known) = self.known_held(place)?;
        let What::Claim(body) = &known.what else { return None };
        let count = body.alternatives.len();
        let leases = (0..=u8::MAX).take(count).filter_map(|place| self.lease(record, place)).collect();
        Some(ClaimView { record: *record, log: log.id, class: body.class, leases })
    }

    /// The claims that the viewpoint holds, in no order that means anything.
    pub fn claims(&self) -> impl Iterator<Item = RecordId> + '_ {
        self.rules.claims.iter().filter(|(place, _)| self.known_held(**place).is_some()).map(|(_, id)| *id)
    }

    /// The standing of one part of a give, or of a claim's own draw.
    ///
    /// None when the record is not here or has no such part that names a right.
    #[must_use]
    pub fn part(&self, record: &RecordId, part: u8) -> Option<Finding> {
        let place = self.rules.place_of(record)?;
        let (_, _, known) = self.known_held(place)?;
        let footprint = known.footprints.get(usize::from(part))?;
        if footprint.right.is_none() && !matches!(known.what, What::Give(_)) {
            return None;
        }
        Some(self.part_finding(PartPlace { place, part }).finding)
    }

    /// Whether the holder of a lease may act, as far as the records go. `writing` tells whether the claim's
    /// log is one that the asking replica writes with proof of continuity `[ACT-1]`,
    /// `[ACT-6]`.
    ///
    /// `stopping` is raised to the greatest least stopping time of the lease's resources.
    #[must_use]
    pub fn may_act(
        &self,
        claim: &RecordId,
        alternative: u8,
        clock: Clock,
        stopping: Millis,
        writing: impl FnOnce(&LogId) -> bool,
    ) -> MayAct {
        let log = self.rules.place_of(claim).and_then(|place| self.rules.logs.get(&place.log));
        let (Some(lease), Some(log)) = (self.lease(claim, alternative), log) else {
            return MayAct::Hold(Hold::NoSuchClaim);
        };
        if !writing(&log.id) && !planted::on("act without continuity") {
            return MayAct::Hold(Hold::NotWriting(log.id));
        }
        if lease.finding.standing > Standing::AtRisk {
            return MayAct::Hold(Hold::Standing(lease.finding));
        }
        let stopping = self.stopping(&lease).max(stopping);
        let stopped = clock.hi().plus(stopping);
        if let Some(until) = lease.suspended_until
            && clock.lo() < until
            && !planted::on("act while suspended")
        {
            return MayAct::Hold(Hold::Suspended(until));
        }
        for covered in &lease.footprints {
            let start = covered.footprint.window.start();
            // At the end of the scale a sum says nothing.
            let late = stopped >= covered.cover && !planted::on("act beyond the cover");
            if clock.lo() < start || late || stopped == Tai::MAX {
                let window = Window::new(start, covered.cover).unwrap_or(covered.footprint.window);
                return MayAct::Hold(Hold::Window(self.phase(window, clock)));
            }
        }
        if lease.finding.standing == Standing::AtRisk && !planted::on("act at risk") {
            return MayAct::AtRisk(lease.finding);
        }
        let end = lease.footprints.iter().map(|covered| covered.cover).min().unwrap_or_default();
        let valid_until = end.minus(stopping).minus(Millis(1));
        MayAct::Go { valid_until, information_age: self.information_age(&lease, clock, &log.id) }
    }

    /// The greatest least stopping time of a lease's resources.
    #[must_use]
    pub fn stopping(&self, lease: &Lease) -> Millis {
        let of = |resource: ResourceId| self.declaration(resource, Tai(0)).map(|found| found.stopping_time);
        lease.footprints.iter().filter_map(|covered| of(covered.footprint.resource)).max().unwrap_or_default()
    }

    fn information_age(&self, lease: &Lease, clock: Clock, own: &LogId) -> Millis {
        let others =
            lease.chain.iter().filter(|no| self.rules.logs.get(no).is_some_and(|log| log.id != *own));
        let oldest = others.filter_map(|no| self.rules.heads.get(no)).map(|head| head.authored).min();
        oldest.map_or(Millis(0), |oldest| clock.hi().since(oldest))
    }

    /// Where now stands to a window `[ACT-3]`.
    #[must_use]
    pub fn phase(&self, window: Window, clock: Clock) -> Phase {
        let guard = self.rules.founded.parameters.guard;
        if clock.hi() < window.start() {
            Phase::Ahead
        } else if clock.lo() < window.start() {
            Phase::Opening
        } else if clock.hi() < window.end() {
            Phase::Live
        } else if clock.lo() < window.end() {
            Phase::Closing
        } else if clock.lo() <= window.end().plus(guard) {
            Phase::Settling
        } else {
            Phase::Over
        }
    }

    /// Who keeps others out of a resource in `window` `[OCC-1]`. Cost: what meets the window.
    #[must_use]
    pub fn occupancies(&self, resource: ResourceId, window: Window) -> Vec<Occupancy> {
        let found = self.rules.touching(resource, window).into_iter();
        let mut out: Vec<Occupancy> =
            found.filter_map(|(part, window)| self.occupancy(part, window)).collect();
        out.sort_unstable_by_key(|found| (found.window, *found));
        out
    }

    fn occupancy(&self, at: PartPlace, window: Window) -> Option<Occupancy> {
        let (record, log, known) = self.known_held(at.place)?;
        let footprint = known.footprints.get(usize::from(at.part))?;
        let given = self.rules.founded.given.contains_key(&footprint.resource);
        match footprint.right {
            Some(_) if !self.took_up(at) => return None,
            Some(_) => {}
            None if given || !self.contends(record, log, at.place, known, footprint) => return None,
            None => {}
        }
        let denied = || self.own(record, log, at.place, known).standing == Standing::Revoked;
        if self.vacated(record, at, known) || (planted::on("let a revoked claim stop occupying") && denied())
        {
            return None;
        }
        Some(Occupancy { record, part: at.part, window })
    }

    /// Whether the holder's own release or post ended what stands at a place `[LAW-5]`, `[DENY-6]`.
    fn vacated(&self, record: RecordId, at: PartPlace, known: &crate::facts::Known) -> bool {
        match &known.what {
            What::Claim(body) => {
                let ends = |back: &GivingBack| ends_part(body, back, at.part);
                self.ended_in(record, at.place, &ends).is_some()
            }
            What::Give(give) => {
                let Receiver::Claim { claim, alternative } = &give.to else { return false };
                self.give_ended(record, at.place, claim, *alternative)
            }
            _ => false,
        }
    }

    /// Whether a place is free in `window` at a moment `[ACT-4]`.
    #[must_use]
    pub fn free(&self, resource: ResourceId, window: Window, clock: Clock) -> Free {
        let guard = self.rules.founded.parameters.guard;
        let over = |end: Tai| clock.lo() > end.plus(guard);
        // Whoever is there keeps the place until the guard has passed.
        let from = window.start().minus(guard).minus(Millis(1));
        let around = Window::new(from, window.end()).unwrap_or(window);
        let meets = |found: &Occupancy| window.start() < found.window.end().plus(guard);
        let found = self.occupancies(resource, around).into_iter();
        let occupied = found.filter(meets).find(|found| !over(found.window.end()));
        if let Some(found) = occupied {
            return Free::Occupied { by: found.record };
        }
        let read = if self.rules.founded.given.contains_key(&resource) {
            self.tree_read(resource, window, clock)
        } else {
            self.open_read(resource, window, clock)
        };
        match read {
            Ok(as_of) => Free::Free { as_of },
            Err(why) => Free::Unknown { why: Box::new(why) },
        }
    }

    /// A resource by its id.
    #[must_use]
    pub fn resource(&self, id: ResourceId) -> ResourceView {
        let declaration = self.declaration(id, Tai(0)).cloned();
        let given = self.rules.founded.given.contains_key(&id);
        let Ok(always) = Window::new(Tai(0), Tai::MAX) else {
            let (permissions, occupancies) = (Vec::new(), Vec::new());
            return ResourceView { id, declaration, given, permissions, occupancies };
        };
        let occupancies = self.occupancies(id, always);
        let permissions = self.permissions(id, always);
        ResourceView { id, declaration, given, permissions, occupancies }
    }

    /// The resources that are declared at a path.
    #[must_use]
    pub fn resources_at(&self, scope: &Scope, path: &ResourcePath) -> Vec<ResourceId> {
        let least = (scope.clone(), path.clone(), ResourceId::from_bytes([0; 32]), Place::FIRST);
        let found = self.rules.paths.range(least..);
        let here = found.take_while(|((at, below, ..), ())| at == scope && below == path);
        let held = here.filter(|((.., place), ())| self.known_held(*place).is_some());
        let mut ids: Vec<ResourceId> = held.map(|((_, _, id, _), ())| *id).collect();
        ids.dedup();
        ids
    }

    /// The leases that have permission on a resource in `window`.
    fn permissions(&self, id: ResourceId, window: Window) -> Vec<Permission> {
        let mut claims: Vec<RecordId> = Vec::new();
        for (part, _) in self.rules.touching(id, window) {
            let Some((record, _, known)) = self.known_held(part.place) else { continue };
            if let What::Claim(_) = &known.what {
                claims.push(record);
            }
        }
        claims.sort_unstable();
        claims.dedup();
        let mut out = Vec::new();
        for claim in claims {
            let leases = self.claim(&claim).map_or(Vec::new(), |found| found.leases);
            for (alternative, lease) in (0..=u8::MAX).zip(leases) {
                let standing = lease.finding.standing;
                let here = lease.footprints.iter().filter(|covered| covered.footprint.resource == id);
                if standing > Standing::AtRisk {
                    continue;
                }
                for covered in here {
                    if let Ok(window) = Window::new(covered.footprint.window.start(), covered.cover) {
                        out.push(Permission { claim, alternative, window, standing });
                    }
                }
            }
        }
        out.sort_by_key(|found| (found.window, found.claim, found.alternative));
        out
    }

    /// One right: a part of a give to a log, or of the charter.
    #[must_use]
    pub fn right(&self, record: &RecordId, part: u8) -> Option<RightView> {
        let source = self.source_held(record)?;
        let footprint = source.footprints.get(usize::from(part))?.clone();
        let finding = match source.place {
            Some(place) => self.part_finding(PartPlace { place, part }).finding,
            None => Finding::of(*record, Because::Given),
        };
        let mut view = RightView {
            record: *record,
            part,
            holder: source.holder,
            finding,
            given: 0,
            drawn: 0,
            settling: 0,
            left: footprint.amount,
            footprint,
        };
        // What a log outside the viewpoint took is read as absent `[RULE-1]`.
        let seen = |no: &&LogNo| self.rules.logs.get(no).is_some_and(|log| self.holds(&log.scope));
        let no = self.rules.numbers.get(&source.holder).filter(seen);
        let running = no.and_then(|no| Some((*no, self.rules.orders.running.get(&(*no, *record))?)));
        let Some((no, running)) = running else { return Some(view) };
        let mut most = 0_u128;
        for (pos, taken) in self.rules.orders.taken_of(running.no).filter(|(_, taken)| taken.of == part) {
            let place = Place { log: no, slot: pos.slot, index: pos.index };
            let leaf = self.rules.known(place).is_some_and(|(_, known)| known.is_leaf());
            let still = u128::from(taken.amount.saturating_sub(taken.sure.unwrap_or(0)));
            *(if leaf { &mut view.drawn } else { &mut view.given }) += still;
            view.settling += still.min(u128::from(taken.word.unwrap_or(0)));
            most += still;
        }
        let whole = view.footprint.window;
        let used = match view.footprint.measure {
            Measure::Rate => self.rules.orders.peak_of(running.no, part, whole),
            Measure::Exclusive | Measure::Pool => most,
        };
        view.left = u64::try_from(u128::from(view.left).saturating_sub(used)).unwrap_or(0);
        Some(view)
    }

    /// The rights that a log holds, the charter's first.
    #[must_use]
    pub fn rights_of(&self, log: &LogId) -> Vec<RightView> {
        let first = self.rules.founded.first_rights.values().filter(|right| right.holder == *log);
        let mut ids: Vec<RecordId> = first.map(|right| right.citation.record).collect();
        ids.extend(self.rules.rights_given_to(log));
        let view = |id: &RecordId| {
            let count = self.source_held(id).map_or(0, |source| source.footprints.len());
            (0..=u8::MAX).take(count).filter_map(|part| self.right(id, part)).collect::<Vec<_>>()
        };
        ids.iter().flat_map(view).collect()
    }

    /// An enrolment and what the denials leave of it.
    #[must_use]
    pub fn enrolment(&self, record: &RecordId) -> Option<EnrolmentView> {
        let found = self.enrolled(record)?;
        let finding = match found.place {
            None => self.granted(*record),
            Some(place) => self.granted(*record).or_stronger(self.authority(*record, place)),
        };
        let from = (*record, Tai(0), LogId::from_bytes([0; 32]));
        let logs = self.rules.logs_under.range(from..).take_while(|((under, ..), ())| under == record);
        let cut = |log: &LogId| {
            let no = *self.rules.numbers.get(log)?;
            let (slot, by) = self.cut(no, self.rules.logs.get(&no)?)?;
            Some((*log, slot, by))
        };
        // What lies under an enrolment outside the viewpoint is read as absent `[RULE-1]`.
        let held = logs.filter(|_| self.holds(&found.scope));
        let cuts = held.filter_map(|((_, _, log), ())| cut(log)).collect();
        Some(EnrolmentView { finding, suspended_until: self.suspended(*record), cuts })
    }

    /// The enrolments that the viewpoint holds.
    pub fn enrolments(&self) -> impl Iterator<Item = RecordId> + '_ {
        self.rules.enrolments.keys().filter(|record| self.enrolled(record).is_some()).copied()
    }

    /// Why the rules say of a record what they say: of a claim one finding for each alternative, of a give
    /// one for each part, of an enrolment one. Empty for what they say nothing of.
    #[must_use]
    pub fn explain(&self, record: &RecordId) -> Vec<Finding> {
        let Some(place) = self.rules.place_of(record) else {
            return self.enrolment(record).map(|found| found.finding).into_iter().collect();
        };
        let Some((_, log, known)) = self.known_held(place) else { return Vec::new() };
        match &known.what {
            What::Claim(_) => self
                .claim(record)
                .map_or(Vec::new(), |claim| claim.leases.into_iter().map(|lease| lease.finding).collect()),
            What::Give(_) => (0..=u8::MAX)
                .take(known.footprints.len())
                .map(|part| self.part_finding(PartPlace { place, part }).finding)
                .collect(),
            What::Enrol => self.enrolment(record).map(|found| found.finding).into_iter().collect(),
            _ => vec![self.spoken(*record, log, place, known)],
        }
    }

    /// What is said of a record that neither takes nor enrols.
    pub(crate) fn spoken(&self, record: RecordId, log: &Log, place: Place, known: &Known) -> Finding {
        let mut finding = self.own(record, log, place, known);
        if finding.because == Because::Given {
            finding.because = Because::Said;
        }
        let misplaced = matches!(known.what, What::Rotation(_)) && !self.rotates(log, place, known);
        let flaw = if misplaced { Because::Flawed(Flaw::Misplaced) } else { Because::Said };
        finding.or_stronger(Finding::of(record, flaw))
    }

    /// The moments at which an answer about these logs' claims can change by time alone, after `clock`.
    #[must_use]
    pub fn next_deadline(&self, clock: Clock, logs: &[LogId]) -> Option<Tai> {
        let guard = self.rules.founded.parameters.guard;
        let mut next: Option<Tai> = None;
        let mut offer = |moment: Tai| {
            if moment > clock.lo() && next.is_none_or(|found| moment < found) {
                next = Some(moment);
            }
        };
        for log in logs {
            let Some(no) = self.rules.numbers.get(log).copied() else { continue };
            let to = Place { log: LogNo(no.0.saturating_add(1)), slot: 0, index: 0 };
            let from = Place { log: no, slot: 0, index: 0 };
            for (_, claim) in self.rules.claims.range(from..to) {
                for lease in self.claim(claim).map_or(Vec::new(), |claim| claim.leases) {
                    for covered in &lease.footprints {
                        let window = covered.footprint.window;
                        let end = covered.cover.max(window.end());
                        [window.start(), end, end.plus(guard)].into_iter().for_each(&mut offer);
                    }
                    lease.suspended_until.into_iter().for_each(&mut offer);
                }
            }
        }
        next
    }
}
