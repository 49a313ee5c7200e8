//! What a clock reading is used for, and what an operator may confirm `[CLOCK-1]` to `[CLOCK-5]`.
//!
//! - No reading that lies behind the own writing starts or takes anything.
//! - No reading wider than twice the charter's clock error takes anything, opens a log or moves the horizon.
//! - Releases, returns, reports and notices need no good time: a node that has lost it can still make way.

use crate::error::{AppendError, HorizonError};
use crate::ledger::Ledger;
use crate::state::LogState;
use crate::store::Store;
use crate::store::rows::{Draft, meta_key};
use intent_contracts::kinds::Meaning;
use intent_contracts::{
    Authored, Clock, Effect, LogId, Millis, Reason, Record, RecordId, Refusal, Tai, planted,
};
use std::collections::{BTreeMap, BTreeSet};

/// An operator has read this moment from a second clock and confirms it `[CLOCK-4]`.
///
/// It counts only beside a reading of which both ends lie within one epoch of it, so it lapses by itself.
/// Never make one from the clock that it is to confirm: a wrong reading would then confirm itself.
///
/// ```
/// use intent_ledger::Approval;
/// use intent_ledger::contracts::Tai;
/// let on_the_wall = Tai(1_800_000_000_000); // as a person has read and entered it
/// assert_eq!(Approval::of(on_the_wall).confirmed, on_the_wall);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approval {
    /// What the second clock said.
    pub confirmed: Tai,
}

impl Approval {
    /// The approval of an operator who has read this moment.
    #[must_use]
    pub const fn of(confirmed: Tai) -> Self {
        Self { confirmed }
    }
}

/// Why a clock reading, or the approval beside it, was not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClockFault {
    /// The reading lies behind what this ledger wrote in a log that it still writes.
    #[error(
        "[CLOCK-1] the clock says {latest} at the latest, and log {log} was written at {written} or later: one of \
         the two readings was wrong; compare the clock with a second one, then set it, or let the log go by an \
         operator's approval"
    )]
    Behind {
        /// The log that was written latest.
        log: LogId,
        /// The greatest lower bound that an entry of it states.
        written: Tai,
        /// The reading's upper bound.
        latest: Tai,
    },
    /// The reading is wider than twice the charter's clock error.
    #[error(
        "[CLOCK-2] the reading is {width} wide, of at most {most}; wait for better time, or do what needs none: \
         release, return, report into an open log, deny"
    )]
    Wide {
        /// From its lower to its upper bound.
        width: Millis,
        /// Twice the charter's clock error.
        most: Millis,
    },
    /// The approval confirms another moment than the reading.
    #[error(
        "[CLOCK-4] the operator confirms {confirmed}, the clock says {earliest} to {latest}, and they may be {most} \
         apart; compare the clock with the second one again, and set it"
    )]
    Unconfirmed {
        /// What the operator confirms.
        confirmed: Tai,
        /// The reading's lower bound.
        earliest: Tai,
        /// The reading's upper bound.
        latest: Tai,
        /// One epoch of the charter.
        most: Millis,
    },
}

impl ClockFault {
    /// The clause of SPEC.md by which it was refused.
    #[must_use]
    pub const fn clause(&self) -> &'static str {
        match self {
            Self::Behind { .. } => "CLOCK-1",
            Self::Wide { .. } => "CLOCK-2",
            Self::Unconfirmed { .. } => "CLOCK-4",
        }
    }
}

/// When this replica wrote last in each own log: the greatest lower bound that an entry of it states.
pub(crate) type LastWritten = BTreeMap<LogId, Tai>;

impl<S: Store> Ledger<S> {
    /// Lets go of the own logs in which this ledger wrote later than it is now, and returns them `[CLOCK-5]`.
    ///
    /// For a host whose clock was ahead and is right again: until then [`may_act`](Self::may_act) holds and
    /// nothing is claimed or given `[CLOCK-1]`. The ledger goes on in new logs. What those logs hold is lost to
    /// it until time frees it, and they count among its living logs until they lapse `[LOG-3]`.
    ///
    /// ```
    #[doc = include_str!("doc/yard.txt")]
    /// use intent_ledger::{AppendError, Approval, ClockFault};
    /// // The clock leaps a day ahead, something is written, and the clock is set right.
    /// let leapt = Clock::new(now.plus(Millis::DAY), Millis(50));
    /// let log = ledger.append(lane, &[Record::new(9, until, vec![0x80])], leapt)?.log;
    /// let claim = [Record::new(900, until, vec![0x80]).with_footprints(Effect::Takes, vec![whole])?];
    /// let refused = ledger.append(lane, &claim, clock);
    /// assert!(matches!(refused, Err(AppendError::Clock(ClockFault::Behind { .. }))));
    /// // A person has read a second clock.
    /// let gone = ledger.let_go(Approval::of(now), clock)?;
    /// assert_eq!(gone, [log]);
    /// assert_ne!(ledger.append(lane, &claim, clock)?.log, log);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ClockFault::Unconfirmed`] when the reading is not near what the operator confirms; others as the store or
    /// the continuity record fails.
    pub fn let_go(&mut self, approval: Approval, now: Clock) -> Result<Vec<LogId>, AppendError> {
        self.prove()?;
        self.confirmed(approval, now)?;
        let ahead = |log: &&LogId| self.written.get(*log).is_some_and(|written| *written > now.hi());
        let gone: Vec<LogId> = self.writing.iter().filter(ahead).copied().collect();
        if gone.is_empty() {
            return Ok(gone);
        }
        let mut draft = Draft::over(self.store.view()?);
        self.writing.retain(|log| !gone.contains(log));
        self.save_writing(&mut draft);
        self.commit_own(draft, None)?;
        Ok(gone)
    }

    /// The log in which this replica wrote latest, of those that it still writes, and when at the earliest.
    fn written_last(&self) -> Option<(LogId, Tai)> {
        let written = self.writing.iter().filter_map(|log| Some((*log, *self.written.get(log)?)));
        written.max_by_key(|(_, written)| *written)
    }

    /// Refuses a reading behind the own writing `[CLOCK-1]`.
    pub(crate) fn not_behind(&self, now: Clock) -> Result<(), ClockFault> {
        let latest = now.hi();
        match self.written_last() {
            Some((log, written))
                if latest < written && !planted::on("use a clock behind the own writing") =>
            {
                Err(ClockFault::Behind { log, written, latest })
            }
            _ => Ok(()),
        }
    }

    /// Refuses a reading that is too wide `[CLOCK-2]`.
    pub(crate) fn not_wide(&self, now: Clock) -> Result<(), ClockFault> {
        let (width, most) = (width(now), self.widest());
        if width > most && !planted::on("use a reading of any width") {
            Err(ClockFault::Wide { width, most })
        } else {
            Ok(())
        }
    }

    /// Refuses an approval of another moment than the reading `[CLOCK-4]`.
    pub(crate) fn confirmed(&self, approval: Approval, now: Clock) -> Result<(), ClockFault> {
        let (confirmed, most) = (approval.confirmed, self.state.charter.parameters().epoch);
        let (earliest, latest) = (now.lo(), now.hi());
        if within(now, confirmed, most) || planted::on("believe any approval") {
            Ok(())
        } else {
            Err(ClockFault::Unconfirmed { confirmed, earliest, latest, most })
        }
    }

    /// Refuses records for which the reading is not good enough `[CLOCK-1]`, `[CLOCK-2]`.
    pub(crate) fn good_time_for(&self, records: &[Record], now: Clock) -> Result<(), ClockFault> {
        if records.iter().any(|record| record.effect == Effect::Takes) {
            self.not_behind(now)?;
            return self.not_wide(now);
        }
        let by_time = |record: &Record| matches!(Meaning::of(record), Meaning::Reclaim(reclaim) if reclaim.proof.is_none());
        if records.iter().any(by_time) { self.not_wide(now) } else { Ok(()) }
    }

    /// The moment by which a log must not have ended to be written still `[LOG-5]`, `[CLOCK-3]`.
    pub(crate) fn ends_after(&self, now: Clock) -> Tai {
        if width(now) > self.widest() { now.lo() } else { now.hi() }
    }

    /// What an entry or notice states that is written above `floor` `[ADM-6]`, `[CLOCK-3]`.
    pub(crate) fn authored(&self, now: Clock, floor: Option<Tai>) -> Authored {
        if width(now) <= self.widest() {
            return Authored::not_before(now, floor);
        }
        let at = floor.unwrap_or_default().max(now.lo());
        Authored { at, error: now.hi().since(at).max(at.since(now.lo())) }
    }

    /// Twice the charter's clock error.
    fn widest(&self) -> Millis {
        let error = self.state.charter.parameters().clock_error;
        error.plus(error)
    }

    /// Notes what an own entry states `[CLOCK-1]`.
    pub(crate) fn note_written(&mut self, log: LogId, authored: Authored) {
        let lower = authored.clock().lo();
        let written = self.written.entry(log).or_default();
        *written = if planted::on("remember the last written alone") { lower } else { lower.max(*written) };
    }

    pub(crate) fn save_written(&self, draft: &mut Draft<S::View>) {
        let kept = self.written.iter().filter(|(log, _)| self.writing.contains(log));
        let rows: Vec<(LogId, Tai)> = kept.map(|(log, written)| (*log, *written)).collect();
        draft.put_row(meta_key("written"), &rows);
    }

    /// Takes up what was remembered of the logs that are still written; of one of which that is lost, its head
    /// says as much or more `[STORE-7]`.
    pub(crate) fn recall_written(&mut self, told: Option<&[(LogId, Tai)]>) {
        let told: LastWritten = told.unwrap_or_default().iter().copied().collect();
        let head = |log: &LogId| self.state.logs.get(log).map_or(Tai(0), |state| state.head_authored);
        let of = |log: &LogId| (*log, told.get(log).copied().unwrap_or_else(|| head(log)));
        self.written = self.writing.iter().map(of).collect();
    }

    /// Whether the heads of others' logs say that the reading is about right: two of them at least, of two authors
    /// whom others enrolled, lie within one horizon step of both its ends `[HOR-3]`.
    fn corroborated(&self, now: Clock) -> bool {
        let step = self.state.charter.parameters().horizon_step;
        let own =
            |id: &LogId, log: &LogState| self.is_own(id, log) && !planted::on("let own heads corroborate");
        let (mut authors, mut enrollers) = (BTreeSet::new(), BTreeSet::new());
        for (id, log) in &self.state.logs {
            if log.head > 0 && within(now, log.head_authored, step) && !own(id, log) {
                authors.insert(log.key.author);
                enrollers.insert(self.enroller(&log.key.enrolment));
                // Each of two authors has one of two enrollers, for else one of either would have them all.
                if authors.len() > 1 && enrollers.len() > 1 {
                    return true;
                }
            }
        }
        false
    }

    /// The enrolment under which an enrolment was written; of a root, whom nobody enrolled, the root itself.
    fn enroller(&self, enrolment: &RecordId) -> (bool, RecordId) {
        let place = self.state.enrolments.get(enrolment).and_then(|found| found.place);
        let log = place.and_then(|(log, _)| self.state.logs.get(&log));
        log.map_or((true, *enrolment), |log| (false, log.key.enrolment))
    }

    /// The clock floor and the horizon to which a reading leads `[HOR-1]`, `[HOR-3]`.
    pub(crate) fn next_horizon(
        &self,
        now: Clock,
        approval: Option<Approval>,
    ) -> Result<(Tai, Tai), HorizonError> {
        self.not_behind(now)?;
        self.not_wide(now)?;
        if let Some(approval) = approval {
            self.confirmed(approval, now)?;
        }
        let (from, latest) = (self.state.horizon, now.hi());
        if latest < self.clock_floor {
            return Err(HorizonError::Behind { floor: self.clock_floor, latest, horizon: from });
        }
        let parameters = self.state.charter.parameters();
        let floor = if planted::on("advance by the clock's latest") { latest } else { now.lo() };
        let floor = floor.max(self.clock_floor);
        let early = if planted::on("forget too early") { parameters.settlement } else { Millis(0) };
        let to = floor.plus(early).minus(parameters.memory()).epoch_floor(parameters.epoch).max(from);
        let most = parameters.horizon_step;
        if approval.is_some() || to == from || planted::on("let a clock leap") {
            return Ok((floor, to));
        }
        if from == Tai(0) && !self.corroborated(now) && !planted::on("take a first step on no word") {
            return Err(HorizonError::FirstStep { to, latest, within: most });
        }
        if from > Tai(0) && to.since(from) > most {
            return Err(HorizonError::Leap { from, to, most });
        }
        Ok((floor, to))
    }

    /// Notes the first clock reading that is to be believed `[HOR-8]`. Called when nothing but the commit can fail
    /// any more, so that memory never knows a birth that the store does not.
    pub(crate) fn born(&mut self, now: Clock, approval: Option<Approval>, draft: &mut Draft<S::View>) {
        if self.birth.is_some() {
            return;
        }
        let usable = self.not_behind(now).is_ok() && self.not_wide(now).is_ok();
        let vouched = approval.is_some() || self.corroborated(now);
        if (usable && vouched) || planted::on("be born by any reading") {
            self.birth = Some(now.lo());
            draft.put_row(meta_key("birth"), &self.birth);
        }
    }

    /// What to say of a record, log or notice that ends below the horizon, or has no enrolment any more: where the
    /// horizon lies ahead of now, that is the cause `[HOR-7]`.
    pub(crate) fn blame_horizon(&self, error: AppendError, now: Clock) -> AppendError {
        let (horizon, latest) = (self.state.horizon, now.hi());
        match error {
            AppendError::NotEnrolled | AppendError::Refused(Refusal { reason: Reason::Lapsed, .. })
                if horizon > latest =>
            {
                AppendError::HorizonAhead { horizon, latest }
            }
            other => other,
        }
    }
}

/// From a reading's lower to its upper bound.
const fn width(now: Clock) -> Millis {
    now.hi().since(now.lo())
}

/// Whether both ends of a reading lie so near to a moment.
fn within(now: Clock, moment: Tai, most: Millis) -> bool {
    now.hi().since(moment) <= most && moment.since(now.lo()) <= most
}
