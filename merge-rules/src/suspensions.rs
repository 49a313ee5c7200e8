//! What suspends a lease, until when, and by whom `[SUSP-1]`, `[BREAK-2]`.
//!
//! - A suspension by a bound or a fork answers what these may have taken out of the state: a denial that is no
//!   longer seen must not stop denying.
//! - A breaker frees nothing and hides nothing: what it parts may start nothing.

use crate::facts::{Log, LogNo, Place, Tripped};
use crate::standing::Standing;
use crate::view::View;
use intent_contracts::planted;
use intent_contracts::{EntryId, LogId, NoticeId, RecordId, Scope, Tai};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Why permission pauses, and until when.
///
/// ```
/// use intent_merge_rules::{Suspender, Suspension};
/// use intent_contracts::{NoticeId, Tai};
/// let tripped = Suspension { until: Tai(86_400_000), by: Suspender::Tripped(NoticeId::from_bytes([7; 32])) };
/// assert_eq!(tripped.clause(), "BREAK-2");
/// assert_eq!(
///     tripped.to_string(),
///     "suspended until 1970-01-02T00:00:00.000 TAI: breaker trip 0707070707070707 parts what it rests on"
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Suspension {
    /// The moment from which it suspends no longer.
    pub until: Tai,
    /// What suspends.
    pub by: Suspender,
}

/// What suspends `[SUSP-3]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Suspender {
    /// An enrolment with more living logs than it may have.
    Overfull(RecordId),
    /// A safety log that was forked; what it denied may be hidden.
    Forked(LogId),
    /// A denying enrolment with more living notices than it may have.
    Noisy(RecordId),
    /// A breaker.
    Tripped(NoticeId),
    /// A notice that restricts and that this version cannot read.
    Restricted(NoticeId),
}

impl Suspension {
    /// The clause of SPEC.md `[LAW-9]`.
    #[must_use]
    pub const fn clause(&self) -> &'static str {
        match self.by {
            Suspender::Tripped(_) => "BREAK-2",
            Suspender::Restricted(_) => "RESTRICT-2",
            Suspender::Overfull(_) | Suspender::Forked(_) | Suspender::Noisy(_) => "SUSP-1",
        }
    }
}

impl fmt::Display for Suspension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "suspended until {}: {}", self.until, self.by)
    }
}

impl fmt::Display for Suspender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overfull(enrolment) => {
                write!(f, "enrolment {enrolment} has more living logs than it may have")
            }
            Self::Forked(log) => write!(f, "safety log {log} was forked, and what it denied may be hidden"),
            Self::Noisy(enrolment) => {
                write!(f, "enrolment {enrolment} has more living notices than it may have")
            }
            Self::Restricted(notice) => {
                write!(f, "notice {notice} restricts it, and this version cannot read how; update this node")
            }
            Self::Tripped(trip) => write!(f, "breaker trip {trip} parts what it rests on"),
        }
    }
}

/// What lasts longest comes first; of equal ones by what suspends.
pub(crate) fn longest_first(found: BTreeSet<Suspension>) -> Vec<Suspension> {
    found.into_iter().rev().collect()
}

/// Of each root by its number the trip that lasts longest.
type StatedByRoots = BTreeMap<u8, Suspension>;

const NOTICE_FIRST: NoticeId = NoticeId::from_bytes([0; 32]);

impl View {
    /// What suspends everything that is said under an enrolment `[SUSP-1]`.
    pub(crate) fn suspensions(&self, enrolment: RecordId) -> BTreeSet<Suspension> {
        let mut out = BTreeSet::new();
        for (place, (above, found)) in self.lineage(enrolment).enumerate() {
            // What lies under an enrolment outside the viewpoint is read as absent `[RULE-1]`.
            let held = self.holds(&found.scope);
            if held
                && !planted::on("let an overfull enrolment act")
                && let Some(until) = self.overfull_until(above, found.max_logs)
            {
                out.insert(Suspension { until, by: Suspender::Overfull(above) });
            }
            if found.root.is_some() && place > 0 {
                out.extend(self.loud_roots());
            }
            if held && place > 0 {
                out.extend(self.forked_safety(above));
                out.extend(self.noisy(above, enrolment));
            }
        }
        out
    }

    /// What suspends an answer to a claim of log `own` that rests on these logs `[SUSP-2]`.
    pub(crate) fn suspensions_of(&self, chain: &BTreeSet<LogNo>, own: LogNo) -> Vec<Suspension> {
        let mut logs: Vec<&Log> = chain.iter().filter_map(|no| Some(&**self.rules.logs.get(no)?)).collect();
        let enrolments: BTreeSet<RecordId> = logs.iter().map(|log| log.key.enrolment).collect();
        logs.extend(self.rules.logs.get(&own).map(|log| &**log));
        let mut out: BTreeSet<Suspension> =
            enrolments.into_iter().flat_map(|enrolment| self.suspensions(enrolment)).collect();
        out.extend(self.parted(&logs));
        out.extend(self.restricted(&logs));
        longest_first(out)
    }

    /// The least end of the kept logs of an enrolment with more than it may have.
    pub(crate) fn overfull_until(&self, enrolment: RecordId, max_logs: u64) -> Option<Tai> {
        let count = self.rules.log_counts.get(&enrolment).copied().unwrap_or(0);
        if count <= max_logs {
            return None;
        }
        let from = (enrolment, Tai(0), LogId::from_bytes([0; 32]));
        let ((found, end, _), ()) = self.rules.logs_under.range(from..).next()?;
        (*found == enrolment).then_some(*end)
    }

    fn forked_safety(&self, enrolment: RecordId) -> Option<Suspension> {
        let from = (enrolment, Tai(0), LogId::from_bytes([0; 32]));
        let to = (enrolment, Tai::MAX, LogId::from_bytes([255; 32]));
        let ((_, until, log), ()) = self.rules.forked_safety.last_in(from..=to)?;
        Some(Suspension { until: *until, by: Suspender::Forked(*log) })
    }

    /// Those who name `anchor`, have more notices than they may have, and so suspend what lies below it.
    fn noisy(&self, anchor: RecordId, target: RecordId) -> Vec<Suspension> {
        let mut out = Vec::new();
        let least = RecordId { entry: EntryId::from_bytes([0; 32]), index: 0 };
        for ((named, author), ()) in self.rules.noisy.range((anchor, least)..) {
            if *named != anchor {
                break;
            }
            let held = self.enrolled(author).is_some_and(|found| self.holds(&found.scope));
            if held && self.below_anchor(*author, target) {
                out.extend(self.least_notice(*author));
            }
        }
        out
    }

    pub(crate) fn least_notice(&self, author: RecordId) -> Option<Suspension> {
        let ((found, until, _), ()) =
            self.rules.notices_under.range((author, Tai(0), NOTICE_FIRST)..).next()?;
        (*found == author).then_some(Suspension { until: *until, by: Suspender::Noisy(author) })
    }

    /// The trips that part a chain of logs, for each pair of scopes the one that lasts longest `[BREAK-2]`.
    ///
    /// Cost: the living trips of the scopes of these logs and above.
    fn parted(&self, logs: &[&Log]) -> Vec<Suspension> {
        let scopes: BTreeSet<Scope> = logs.iter().flat_map(|log| above(&log.scope)).collect();
        let mut longest: BTreeMap<(&Scope, &Scope), Suspension> = BTreeMap::new();
        let mut by_root: BTreeMap<(&Scope, &Scope), StatedByRoots> = BTreeMap::new();
        for scope in scopes {
            for ((tripped, id), trip) in self.rules.trips.range((scope.clone(), NOTICE_FIRST)..) {
                if *tripped != scope {
                    break;
                }
                if !self.parts(trip, logs) || !self.stands(id, trip) {
                    continue;
                }
                let pair = (&trip.scope, &trip.other);
                let found = Suspension { until: trip.until, by: Suspender::Tripped(*id) };
                let kept = match self.enrolled(&trip.enrolment).and_then(|author| author.root) {
                    Some(root) => by_root.entry(pair).or_default().entry(root).or_insert(found),
                    None => longest.entry(pair).or_insert(found),
                };
                *kept = found.max(*kept);
            }
        }
        // The k-th greatest of what the roots state counts `[BREAK-3]`.
        let roots = by_root.into_values().filter_map(|stated| self.stated_by_enough(stated));
        longest.into_values().chain(roots).collect()
    }

    /// Whether a chain has a log on either side of a breaker.
    fn parts(&self, trip: &Tripped, logs: &[&Log]) -> bool {
        let across = |log: &&Log| trip.other.contains(&log.scope) && !trip.scope.contains(&log.scope);
        let tripped = |log: &&Log| {
            trip.scope.contains(&log.scope) && self.below_anchor(trip.enrolment, log.key.enrolment)
        };
        logs.iter().any(across) && logs.iter().any(tripped)
    }

    /// Whether a trip is of one who may trip, and no closing ends it `[BREAK-1]`.
    pub(crate) fn stands(&self, id: &NoticeId, trip: &Tripped) -> bool {
        let held = self.enrolled(&trip.enrolment).is_some_and(|author| self.holds(&author.scope));
        let granted = || self.granted(trip.enrolment).standing == Standing::Firm;
        held && granted() && !self.closed(id, trip.until, trip.enrolment, false)
    }

    /// Whether a closing ends a notice of this author that lasts until `until`; one by the author's own enrolment
    /// does not when only whoever stands `above` may `[BREAK-1]`, `[RESTRICT-3]`.
    pub(crate) fn closed(&self, id: &NoticeId, until: Tai, author: RecordId, above: bool) -> bool {
        let closings = self.rules.closings.range((*id, Place::FIRST)..);
        let mut closings = closings.take_while(|((named, _), ())| named == id);
        closings.any(|((_, place), ())| self.closes(*place, until, author, above))
    }

    /// Whether a closing stands where it may end such a notice.
    fn closes(&self, place: Place, until: Tai, author: RecordId, above: bool) -> bool {
        let Some((record, log, known)) = self.known_held(place) else { return false };
        let closer = log.key.enrolment;
        known.until >= until
            && !(above && closer == author)
            && self.lineage(author).any(|(found, _)| found == closer)
            && self.own(record, log, place, known).standing == Standing::Firm
    }
}

/// A scope and those that contain it.
pub(crate) fn above(scope: &Scope) -> impl Iterator<Item = Scope> {
    let labels = scope.labels();
    (0..=labels.len()).filter_map(|depth| Scope::try_from(labels[..depth].to_vec()).ok())
}
