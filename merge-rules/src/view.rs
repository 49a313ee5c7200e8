//! The view: a consistent snapshot from which verdicts are read `[RULE-1]`.
//!
//! - Taking one costs a few reference counts; it stays as it is while the ledger goes on.
//! - A verdict is computed when it is asked for, from what it rests on.

use crate::claims::Lease;
use crate::events::ends_part;
use crate::explain::{Because, Denier, Finding};
use crate::facts::{Flaw, Known, Log, LogNo, PartPlace, Place, What};
use crate::memo::Memo;
use crate::order::peak;
use crate::rights::RIGHT_DEPTH_MAX;
use crate::rules::Rules;
use crate::standing::Standing;
use crate::suspensions::{Suspension, longest_first};
use intent_contracts::kinds::{GivingBack, Receiver, Resource};
use intent_contracts::planted;
use intent_contracts::{
    Clock, Footprint, LogId, Measure, Millis, RecordId, ResourceId, ResourcePath, Scope, Tai, Window,
};
use std::sync::Arc;

/// What a replica's state means from a viewpoint.
///
/// In the examples of this page a root holds an hour of a gantry by the charter, and has claimed it.
///
/// ```
#[doc = include_str!("doc/yard.txt")]
/// // Who may, who is in the way, what is left, what an operator should look at, and why.
/// let found = view.claim(&claim).ok_or("it is here")?;
/// assert_eq!(found.leases[0].finding.standing, Standing::Firm);
/// assert_eq!(view.resource(&scope, &path)[0].permissions.len(), 1);
/// assert_eq!(view.rights_of(&log)[0].left, 0);
/// assert!(view.exceptions().is_empty());
/// let why = view.explain(&claim)[0].to_string();
/// assert!(why.starts_with("firm [LEASE-5]: ") && why.ends_with(" is given through a proven chain from the charter"));
/// // A snapshot: what is admitted later does not show in it.
/// rules.end(&key, 2, true);
/// assert!(view.exceptions().is_empty());
/// assert!(!rules.view(vec![Scope::root()]).exceptions().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct View {
    pub(crate) rules: Rules,
    pub(crate) viewpoint: Arc<[Scope]>,
    pub(crate) memo: Arc<Memo>,
}

/// A claim with all of its alternatives `[LEASE-1]`.
///
/// ```
#[doc = include_str!("doc/yard.txt")]
/// let found = view.claim(&claim).ok_or("it is here")?;
/// let (alternative, lease) = found.best().ok_or("it has an alternative")?;
/// assert_eq!((alternative, lease.finding.standing), (0, Standing::Firm));
/// assert_eq!(lease.phase(clock), Some(Phase::Live));
/// assert!(lease.suspensions.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
///
/// ```
#[doc = include_str!("doc/yard.txt")]
/// let at = |moment| view.phase(hour, Clock::new(moment, Millis(50)));
/// assert_eq!(at(start.minus(Millis::SECOND)), Phase::Ahead);
/// assert_eq!(at(start), Phase::Opening, "the clock may be 50 ms off");
/// assert_eq!(at(start.plus(Millis::SECOND)), Phase::Live);
/// assert_eq!(at(hour.end()), Phase::Closing);
/// assert_eq!(at(hour.end().plus(Millis::SECOND)), Phase::Settling, "the guard is a minute");
/// assert_eq!(at(hour.end().plus(Millis::HOUR)), Phase::Over);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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

impl Phase {
    pub(crate) fn of(window: Window, clock: Clock, guard: Millis) -> Self {
        if clock.hi() < window.start() {
            Self::Ahead
        } else if clock.lo() < window.start() {
            Self::Opening
        } else if clock.hi() < window.end() {
            Self::Live
        } else if clock.lo() < window.end() {
            Self::Closing
        } else if clock.lo() <= window.end().plus(guard) {
            Self::Settling
        } else {
            Self::Over
        }
    }
}

/// May I? `[ACT-1]`
///
/// ```
#[doc = include_str!("doc/yard.txt")]
/// let whole = || vec![Scope::root()];
/// // The gantry needs 200 ms to stop, this machine half a second.
/// let answer = rules.may_act(whole(), &claim, 0, clock, Millis(500), |of| *of == log);
/// let valid_until = hour.end().minus(Millis(501));
/// assert_eq!(answer, MayAct::Go { valid_until, information_age: Age::AtMost(Millis(0)) });
/// // Whoever does not write the log that holds the claim may not.
/// let answer = rules.may_act(whole(), &claim, 0, clock, Millis(500), |_| false);
/// assert_eq!(answer, MayAct::Hold(Hold::NotWriting(log)));
/// let late = Clock::new(hour.end(), Millis(50));
/// let answer = rules.may_act(whole(), &claim, 0, late, Millis(500), |of| *of == log);
/// assert!(matches!(answer, MayAct::Hold(why) if why.to_string() ==
///     "[ACT-1]: its window leaves no time to act and to stop"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MayAct {
    /// Yes.
    Go {
        /// The last moment of the clock's later bound for which this holds on what is known now.
        valid_until: Tai,
        /// How old the news are on which it rests `[ACT-2]`.
        information_age: Age,
    },
    /// Given, but not proven: the host's own risk.
    AtRisk(Finding),
    /// No.
    Hold(Hold),
}

/// How old news are `[ACT-2]`. What is unknown is greater than any age.
///
/// A host that acts only on fresh news asks [`within`](Self::within), so that an unknown age is a no. A host that would
/// act on old news anyway may act, and should tell its operator: its clock or another's is wrong.
///
/// ```
/// use intent_contracts::Millis;
/// use intent_merge_rules::Age;
/// assert!(Age::AtMost(Millis::HOUR).within(Millis::HOUR) && !Age::AtMost(Millis::DAY).within(Millis::HOUR));
/// assert!(!Age::Unknown.within(Millis(u64::MAX)) && Age::Unknown > Age::AtMost(Millis(u64::MAX)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// Not older than this, as long as the clocks of their authors were sound.
    AtMost(Millis),
    /// Some of them were surely written later than now, by the clocks of their authors and of this host.
    Unknown,
}

impl Age {
    /// Of news that were written at this moment or later, at a moment that `clock` contains.
    pub(crate) fn of(earliest: Tai, clock: Clock) -> Self {
        if earliest > clock.hi() && !planted::on("take news from the future for fresh") {
            return Self::Unknown;
        }
        Self::AtMost(clock.hi().since(earliest))
    }

    /// Whether the news are surely not older than this.
    #[must_use]
    pub fn within(self, most: Millis) -> bool {
        self <= Self::AtMost(most)
    }
}

impl std::fmt::Display for Age {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AtMost(age) => write!(f, "at most {} ms", age.0),
            Self::Unknown => {
                f.write_str("unknown: some were written later than now, by their authors' clocks")
            }
        }
    }
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hold {
    /// There is no such claim or alternative here.
    NoSuchClaim,
    /// The claim's log is not one that this ledger writes with proof of continuity.
    NotWriting(LogId),
    /// The key of the claim's log was rotated by this log of the next key `[ROT-2]`.
    Rotated {
        /// The next key's log.
        next: LogId,
    },
    /// The clock lies behind what this ledger wrote in a log that it still writes.
    ClockBehind {
        /// When that was written at the earliest.
        written: Tai,
        /// What it is now at the latest, by the clock.
        latest: Tai,
    },
    /// The host's record does not show that this ledger is the copy of its store that goes on.
    Unproven(String),
    /// The lease does not stand.
    Standing(Finding),
    /// It is suspended, by this the longest.
    Suspended(Suspension),
    /// Now, or the time until all has stopped, lies outside the window.
    Window(Phase),
}

impl Hold {
    /// The clause of SPEC.md `[EXPL-1]`.
    #[must_use]
    pub const fn clause(&self) -> &'static str {
        match self {
            Self::NoSuchClaim | Self::NotWriting(_) | Self::Window(_) => "ACT-1",
            Self::Rotated { .. } => "ROT-2",
            Self::ClockBehind { .. } => "CLOCK-1",
            Self::Unproven(_) => "INC-7",
            Self::Standing(finding) => finding.clause(),
            Self::Suspended(suspension) => suspension.clause(),
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
            Self::Rotated { next } => write!(
                f,
                "[{clause}]: the key of its log was rotated by log {next}; the lease ends by time, so claim \
                 anew with the next key"
            ),
            Self::ClockBehind { written, latest } => write!(
                f,
                "[{clause}]: the clock says {latest} at the latest, and this ledger wrote at {written} or later; \
                 compare the clock with a second one, then set it, or let those logs go"
            ),
            Self::Unproven(why) => write!(f, "[{clause}]: {why}"),
            Self::Standing(finding) => finding.fmt(f),
            Self::Suspended(suspension) => write!(f, "[{clause}]: it is {suspension}"),
            Self::Window(Phase::Ahead | Phase::Opening) => {
                write!(f, "[{clause}]: its window has not surely begun")
            }
            Self::Window(_) => write!(f, "[{clause}]: its window leaves no time to act and to stop"),
        }
    }
}

/// Whether a place is free `[ACT-4]`.
///
/// ```
#[doc = include_str!("doc/yard.txt")]
/// assert_eq!(view.free(gantry, hour, clock), Free::Occupied { by: claim });
/// // Nobody has said anything of another resource.
/// let elsewhere = ResourceId::from_bytes([5; 32]);
/// let Free::Unknown { why } = view.free(elsewhere, hour, clock) else { return Err("it is known".into()) };
/// assert_eq!(*why, Because::Missing(Missing::Declaration(elsewhere)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Free {
    /// Nothing known is there.
    Free {
        /// How old the news are on which this rests.
        information_age: Age,
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
///
/// ```
#[doc = include_str!("doc/yard.txt")]
/// let found = &view.resource(&scope, &path)[0];
/// assert!(found.given, "by the charter; else it would be open");
/// assert_eq!((found.permissions[0].claim, found.permissions[0].window), (claim, hour));
/// assert_eq!((found.occupancies[0].record, found.occupancies[0].window), (claim, hour));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
///
/// Amounts count in the unit and scale of the resource; of an exclusive right they count parts. What is
/// held is the footprint's amount.
///
/// ```
#[doc = include_str!("doc/yard.txt")]
/// let held = view.right(&right.record, 0).ok_or("the charter gives it")?;
/// assert_eq!((held.holder, held.footprint.amount), (log, 1));
/// assert_eq!((held.given, held.drawn, held.settling, held.left), (0, 1, 0, 0));
/// assert_eq!(held.outstanding, 1, "the claim is not released yet");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    /// Given on to logs, and not surely back `[RIGHT-4]`. Of an exclusive right: how many parts.
    pub given: u128,
    /// Given to claims or drawn for own ones, and not surely back.
    pub drawn: u128,
    /// Of those two: back by the giver's word, and not surely.
    pub settling: u128,
    /// Of those two: not spoken of again. Of a pool, some of it may still come back; what was consumed is not in it.
    pub outstanding: u128,
    /// What a new give over the whole window could still take and be proven. Of an exclusive right: one when
    /// nothing is taken.
    pub left: u64,
}

/// An enrolment and what the denials leave of it `[GRANT-1]`.
///
/// ```
#[doc = include_str!("doc/yard.txt")]
/// let root = view.enrolment(&enrolment).ok_or("a root of the charter")?;
/// assert_eq!(root.finding.standing, Standing::Firm);
/// assert!(root.suspensions.is_empty() && root.cuts.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct EnrolmentView {
    /// Granted, unknown, void, or revoked with whoever enrolled it.
    pub finding: Finding,
    /// What suspends all that is said under it, the longest first `[SUSP-1]`.
    pub suspensions: Vec<Suspension>,
    /// Its logs that are cut, and above which slots.
    pub cuts: Vec<(LogId, u64, Denier)>,
}

impl EnrolmentView {
    /// Until when it is suspended, if it is.
    #[must_use]
    pub fn suspended_until(&self) -> Option<Tai> {
        self.suspensions.first().map(|longest| longest.until)
    }
}

impl Rules {
    /// A snapshot as seen from the scopes that a replica, or whoever asks, declares to hold.
    #[must_use]
    pub fn view(&self, viewpoint: Vec<Scope>) -> View {
        View { rules: self.clone(), viewpoint: viewpoint.into(), memo: Arc::default() }
    }

    /// Whether the holder of a lease may act, as far as the records go. `writing` tells whether the claim's
    /// log is one that the asking replica writes with proof of continuity `[ACT-1]`, `[ACT-6]`.
    ///
    /// Asked of the rules as they are now and of no [`View`]: what a snapshot says may have been released since
    /// `[ACT-7]`. A host asks its ledger. `stopping` is raised to the greatest least stopping time of the lease's
    /// resources. Cost: that of [`View::claim`] for one alternative.
    ///
    /// A view has no such question:
    ///
    /// ```compile_fail
    #[doc = include_str!("doc/yard.txt")]
    /// let answer = view.may_act(&claim, 0, clock, Millis(500), |of| *of == log);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn may_act(
        &self,
        viewpoint: Vec<Scope>,
        claim: &RecordId,
        alternative: u8,
        clock: Clock,
        stopping: Millis,
        writing: impl FnOnce(&LogId) -> bool,
    ) -> MayAct {
        self.view(viewpoint).may_act(claim, alternative, clock, stopping, writing)
    }
}

impl View {
    /// A claim: the standing, suspension and windows of each of its leases `[LEASE-5]`; none when it is not
    /// here or cannot be read.
    ///
    /// Cost: its footprints, what answers or contends with them, and the chains of gives above them. No clock is
    /// read; [`Lease::phase`] takes one.
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

    fn may_act(
        &self,
        claim: &RecordId,
        alternative: u8,
        clock: Clock,
        stopping: Millis,
        writing: impl FnOnce(&LogId) -> bool,
    ) -> MayAct {
        let place = self.rules.place_of(claim);
        let log = place.and_then(|place| self.rules.logs.get(&place.log));
        let (Some(lease), Some(place), Some(log)) = (self.lease(claim, alternative), place, log) else {
            return MayAct::Hold(Hold::NoSuchClaim);
        };
        if let Some(next) = self.rotated_by(place.log)
            && !planted::on("act under a rotated key")
        {
            return MayAct::Hold(Hold::Rotated { next });
        }
        if !writing(&log.id) && !planted::on("act without continuity") {
            return MayAct::Hold(Hold::NotWriting(log.id));
        }
        if lease.finding.standing > Standing::AtRisk {
            return MayAct::Hold(Hold::Standing(lease.finding));
        }
        let stopping = self.stopping(&lease).max(stopping);
        let stopped = clock.hi().plus(stopping);
        if let Some(longest) = lease.suspensions.first()
            && clock.lo() < longest.until
            && !planted::on("act while suspended")
        {
            return MayAct::Hold(Hold::Suspended(*longest));
        }
        for covered in &lease.footprints {
            let start = covered.footprint.window.start();
            // At the end of the scale a sum says nothing.
            let cover = covered.cover_at(clock.lo());
            let late = stopped >= cover && !planted::on("act beyond the cover");
            if clock.lo() < start || late || stopped == Tai::MAX {
                // What would cover it longer is suspended.
                if clock.lo() >= start
                    && stopped < covered.cover
                    && let Some(suspension) = covered.suspended_at(clock.lo())
                {
                    return MayAct::Hold(Hold::Suspended(suspension));
                }
                let window = Window::new(start, cover).unwrap_or(covered.footprint.window);
                return MayAct::Hold(Hold::Window(self.phase(window, clock)));
            }
        }
        if lease.finding.standing == Standing::AtRisk && !planted::on("act at risk") {
            return MayAct::AtRisk(lease.finding);
        }
        let covers = lease.footprints.iter().map(|covered| covered.cover_at(clock.lo()));
        let end = covers.min().unwrap_or_default();
        let valid_until = end.minus(stopping).minus(Millis(1));
        MayAct::Go { valid_until, information_age: self.information_age(&lease, clock, &log.id) }
    }

    /// The greatest least stopping time of a lease's resources.
    #[must_use]
    pub fn stopping(&self, lease: &Lease) -> Millis {
        let of = |resource: ResourceId| self.declaration(resource, Tai(0)).map(|found| found.stopping_time);
        lease.footprints.iter().filter_map(|covered| of(covered.footprint.resource)).max().unwrap_or_default()
    }

    /// `[ACT-2]`
    fn information_age(&self, lease: &Lease, clock: Clock, own: &LogId) -> Age {
        let others =
            lease.chain.iter().filter(|no| self.rules.logs.get(no).is_some_and(|log| log.id != *own));
        let heads = others.filter_map(|no| self.rules.heads.get(no));
        heads.map(|head| Age::of(head.earliest, clock)).max().unwrap_or(Age::AtMost(Millis(0)))
    }

    /// Where now stands to a window `[ACT-3]`.
    #[must_use]
    pub fn phase(&self, window: Window, clock: Clock) -> Phase {
        Phase::of(window, clock, self.rules.founded.parameters.guard)
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
    ///
    /// Cost: what meets the window, and the gives to logs of what meets it; of an open resource the logs.
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
            Ok(information_age) => Free::Free { information_age },
            Err(why) => Free::Unknown { why: Box::new(why) },
        }
    }

    /// The resources that are declared at a path, each with its timelines of permissions and occupancies.
    ///
    /// There can be several: a declaration with another meaning is another resource `[RES-1]`. Cost: linear in
    /// the leases that stand there.
    #[must_use]
    pub fn resource(&self, scope: &Scope, path: &ResourcePath) -> Vec<ResourceView> {
        self.resources_at(scope, path).into_iter().map(|id| self.resource_of(id)).collect()
    }

    /// A resource by its id, whether or not a declaration is here.
    ///
    /// Cost: linear in the leases that stand there.
    #[must_use]
    pub fn resource_of(&self, id: ResourceId) -> ResourceView {
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

    pub(crate) fn resources_at(&self, scope: &Scope, path: &ResourcePath) -> Vec<ResourceId> {
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

    /// One right: a part of a give to a log, or of the charter `[RIGHT-1]`; none when it is not here.
    ///
    /// Cost: linear in what was drawn on it.
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
            outstanding: 0,
            left: footprint.amount,
            footprint,
        };
        // What a log outside the viewpoint took is read as absent `[RULE-1]`.
        let seen = |no: &&LogNo| self.rules.logs.get(no).is_some_and(|log| self.holds(&log.scope));
        let no = self.rules.numbers.get(&source.holder).filter(seen);
        let running = no.and_then(|no| Some((*no, self.rules.orders.running.get(&(*no, *record))?)));
        let Some((no, running)) = running else { return Some(view) };
        let whole = view.footprint.window;
        // As many as a new part over the whole window would count `[PROOF-2]`.
        let returned = running.counted(part, whole);
        let mut loads = Vec::new();
        for (pos, taken) in self.rules.orders.taken_of(running.no).filter(|(_, taken)| taken.of == part) {
            let place = Place { log: no, slot: pos.slot, index: pos.index };
            let leaf = self.rules.known(place).is_some_and(|(_, known)| known.is_leaf());
            let mut back = taken.sure.unwrap_or(0);
            if returned
                .get(&pos)
                .is_some_and(|found| self.holds_return(found, whole.end(), RIGHT_DEPTH_MAX - 1))
            {
                back = taken.returned().unwrap_or(0);
            }
            let still = u128::from(taken.amount.saturating_sub(back));
            *(if leaf { &mut view.drawn } else { &mut view.given }) += still;
            match taken.word {
                Some(word) => view.settling += u128::from(word.saturating_sub(back)),
                None => view.outstanding += still,
            }
            loads.push((taken.window, still));
        }
        let used = match view.footprint.measure {
            Measure::Rate => peak(loads.into_iter()),
            Measure::Exclusive | Measure::Pool => loads.iter().map(|(_, still)| *still).sum(),
        };
        view.left = u64::try_from(u128::from(view.left).saturating_sub(used)).unwrap_or(0);
        Some(view)
    }

    /// The rights that a log holds, the charter's first. Cost: that of [`right`](Self::right) for each.
    #[must_use]
    pub fn rights_of(&self, log: &LogId) -> Vec<RightView> {
        let first = self.rules.founded.first_rights.values().filter(|right| right.holder == *log);
        let mut ids: Vec<RecordId> = first.map(|right| right.citation.record).collect();
        ids.extend(self.assigned_to(log));
        ids.extend(self.rules.rights_given_to(log));
        let view = |id: &RecordId| {
            let count = self.source_held(id).map_or(0, |source| source.footprints.len());
            (0..=u8::MAX).take(count).filter_map(|part| self.right(id, part)).collect::<Vec<_>>()
        };
        ids.iter().flat_map(view).collect()
    }

    /// An enrolment and what the denials leave of it `[GRANT-1]`, `[DENY-2]`; none when it is not here.
    ///
    /// Cost: linear in its logs and in the revocations of its keys.
    #[must_use]
    pub fn enrolment(&self, record: &RecordId) -> Option<EnrolmentView> {
        let found = self.enrolled(record)?;
        let finding = match found.place {
            None => self.granted(*record),
            Some(place) => {
                let granted = self.granted(*record).or_stronger(self.warranted(*record, place));
                granted.or_stronger(self.cosigned(*record))
            }
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
        Some(EnrolmentView { finding, suspensions: longest_first(self.suspensions(*record)), cuts })
    }

    /// The enrolments that the viewpoint holds.
    pub fn enrolments(&self) -> impl Iterator<Item = RecordId> + '_ {
        self.rules.enrolments.keys().filter(|record| self.enrolled(record).is_some()).copied()
    }

    /// Why the rules say of a record what they say: of a claim one finding for each alternative, of a give
    /// one for each part, of an enrolment one. Empty for what they say nothing of `[EXPL-1]`.
    ///
    /// Each [`Finding`] tells its clause and the records on which it rests, and prints as one sentence.
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
        let flaw = if misplaced { Some(Flaw::Misplaced) } else { self.back_flaw(log, place, known) };
        finding.or_stronger(Finding::of(record, flaw.map_or(Because::Said, Because::Flawed)))
    }

    /// The next moment after `clock.lo()` at which an answer about a claim of these logs can change by time
    /// alone; none when there is none. `Go` is taken to end by the resources' own stopping times: who passes a longer
    /// one to `may_act` goes by its `valid_until`. Cost: that of [`claim`](Self::claim) for each of their claims.
    ///
    /// ```
    #[doc = include_str!("doc/yard.txt")]
    /// let next = |moment| view.next_deadline(Clock::new(moment, Millis(50)), &[log]);
    /// // The later end of the clock, a tenth of a second wide, comes first.
    /// assert_eq!(next(start.minus(Millis::HOUR)), Some(hour.start().minus(Millis(100))));
    /// // `Go` ends by the time to stop, and by the width of the clock, before the hour does.
    /// assert_eq!(next(start.plus(Millis::SECOND)), Some(hour.end().minus(Millis(200 + 100))));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
                    // A moment is met by the later end of the clock first; and `Go` ends before the cover does.
                    let wide = clock.hi().since(clock.lo());
                    let early = wide.plus(self.stopping(&lease));
                    for covered in &lease.footprints {
                        let window = covered.footprint.window;
                        for end in [window.end(), covered.cover, covered.cover_at(clock.lo())] {
                            let over = end.plus(guard).plus(Millis(1));
                            [end.minus(early), end.minus(wide), end, over].into_iter().for_each(&mut offer);
                        }
                        let start = window.start();
                        [start.minus(wide), start].into_iter().for_each(&mut offer);
                        covered.suspended().for_each(&mut offer);
                    }
                    lease.suspensions.iter().map(|found| found.until).for_each(&mut offer);
                }
            }
        }
        next
    }
}
