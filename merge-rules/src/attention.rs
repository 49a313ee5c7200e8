//! What needs a person now, apart from what is over `[EXC-2]`.

use crate::exceptions::{Concern, Exception};
use crate::explain::{Because, Denier};
use crate::view::View;
use intent_contracts::{Clock, Footprint, LogId, RecordId};
use std::collections::BTreeMap;

/// The exceptions at a moment, one for each cause.
///
/// ```
#[doc = include_str!("doc/yard.txt")]
/// // Somebody has written two entries for slot 2 of the log, which is told until the log is forgotten.
/// rules.end(&key, 2, true);
/// rules.forget_below(hour.end().plus(Millis::DAY));
/// let later = Clock::new(hour.end().plus(Millis::days(2)), Millis(50));
/// let told = rules.view(vec![Scope::root()]).attention(later);
/// assert_eq!(told.now.len(), 1);
/// assert_eq!(told.now[0].exception, Exception::Forked { log, slot: 2 });
/// // That the claim was never released is history.
/// assert_eq!(told.over[0].exception, Exception::Lapsed { claim });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attention {
    /// What a person should look at.
    pub now: Vec<Matter>,
    /// What can change nothing any more: the windows are over.
    pub over: Vec<Matter>,
}

/// Exceptions of one kind with one cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// The first of them, which tells the cause.
    pub exception: Exception,
    /// The records that it concerns, each once, in the order of [`View::exceptions`].
    pub records: Vec<RecordId>,
}

impl std::fmt::Display for Matter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.exception)?;
        match self.records.len() {
            0 | 1 => Ok(()),
            count => write!(f, " (and {} more records)", count - 1),
        }
    }
}

/// What exceptions of one matter have in common.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    Log(LogId),
    Denier(Denier),
    Record(RecordId),
}

impl View {
    /// What needs a person at this moment, and apart from it what is over; each cause once `[EXC-2]`.
    ///
    /// Cost: that of [`exceptions`](Self::exceptions).
    #[must_use]
    pub fn attention(&self, clock: Clock) -> Attention {
        let mut told = Attention::default();
        let mut places: BTreeMap<(bool, &'static str, Cause), usize> = BTreeMap::new();
        for exception in self.exceptions() {
            let over = self.is_history(&exception, clock);
            let record = exception.record();
            let list = if over { &mut told.over } else { &mut told.now };
            let key = (over, exception.kind(), cause(&exception));
            let place = *places.entry(key).or_insert(list.len());
            if place == list.len() {
                list.push(Matter { exception, records: Vec::new() });
            }
            if let (Some(matter), Some(record)) = (list.get_mut(place), record)
                && matter.records.last() != Some(&record)
            {
                matter.records.push(record);
            }
        }
        told
    }

    fn is_history(&self, exception: &Exception, clock: Clock) -> bool {
        let guard = self.rules.founded.parameters.guard;
        let past = |part: &Footprint| clock.lo() > part.window.end().plus(guard);
        match exception {
            Exception::Lapsed { .. } => true,
            // Told until the log, or the logs, are forgotten.
            Exception::Forked { .. } | Exception::Overflowed { .. } => false,
            Exception::Contested { window, .. } => {
                let ended = self.rules.end_of(*window);
                ended.is_some_and(|end| clock.lo() > end.plus(guard))
            }
            Exception::Ended(Concern { record, .. }) => {
                self.footprints(record).iter().all(past) || self.all_back(record)
            }
            Exception::Displaced(concern)
            | Exception::Overdrawn(concern)
            | Exception::Revoked(concern)
            | Exception::Misbehaved(concern)
            | Exception::AtRisk(concern) => {
                let parts = self.footprints(&concern.record);
                let until = self.cite(&concern.record).map(|cited| cited.until);
                // What takes nothing, as an enrolment or a release, matters as long as it says.
                let lapsed = until.is_some_and(|until| until < clock.lo());
                if parts.is_empty() { lapsed } else { parts.iter().all(past) }
            }
        }
    }

    /// Whether the givers of all that was given to a claim have spoken of it again: nothing of it is still to
    /// be taken back.
    fn all_back(&self, claim: &RecordId) -> bool {
        self.gives_to(*claim).all(|(_, give, _)| self.draws(&give).iter().all(|draw| draw.spoken_of))
    }
}

fn cause(exception: &Exception) -> Cause {
    match exception {
        Exception::Forked { log, .. } => Cause::Log(*log),
        Exception::Overflowed { enrolment } => Cause::Record(*enrolment),
        Exception::Lapsed { claim } => Cause::Record(*claim),
        Exception::Contested { right, .. } => Cause::Record(*right),
        Exception::Displaced(concern)
        | Exception::Overdrawn(concern)
        | Exception::Ended(concern)
        | Exception::Revoked(concern)
        | Exception::Misbehaved(concern)
        | Exception::AtRisk(concern) => match &concern.finding.because {
            Because::Cut { by, .. } => Cause::Denier(*by),
            Because::AfterOpaque { log } => Cause::Log(*log),
            _ => Cause::Record(concern.finding.record),
        },
    }
}

impl Exception {
    /// The record that it is about; none for a log or an enrolment.
    #[must_use]
    pub const fn record(&self) -> Option<RecordId> {
        match self {
            Self::Displaced(concern)
            | Self::Overdrawn(concern)
            | Self::Ended(concern)
            | Self::Revoked(concern)
            | Self::Misbehaved(concern)
            | Self::AtRisk(concern) => Some(concern.record),
            Self::Lapsed { claim } => Some(*claim),
            Self::Contested { right, .. } => Some(*right),
            Self::Forked { .. } | Self::Overflowed { .. } => None,
        }
    }
}
