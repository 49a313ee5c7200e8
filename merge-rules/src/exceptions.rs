//! What an operator should look at `[EXC-1]`.
//!
//! The order of what is told follows ids alone, so that equal sets tell the same.

use crate::explain::{Because, Finding};
use crate::facts::{Flaw, Known, Log, PartPlace, Place, What};
use crate::order::{PARTS, Pos, Reading, return_part};
use crate::standing::Standing;
use crate::view::View;
use crate::votes::AssignableWindow;
use intent_contracts::{LogId, RecordId};

/// A record and what the rules say of it; the finding may be about another record on which this one rests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concern {
    /// The claim, give, return or enrolment.
    pub record: RecordId,
    /// Its standing, and why.
    pub finding: Finding,
}

/// What an operator should look at.
///
/// ```
#[doc = include_str!("doc/yard.txt")]
/// // Somebody has written two entries for slot 2 of the log, and the hour is over and forgotten.
/// rules.end(&key, 2, true);
/// rules.forget_below(hour.end().plus(Millis::DAY));
/// let told = rules.view(vec![Scope::root()]).exceptions();
/// assert_eq!(told, [Exception::Forked { log, slot: 2 }, Exception::Lapsed { claim }]);
/// assert_eq!(told[0].to_string(), format!("log {log} was forked in slot 2"));
/// assert_eq!(told[1].kind(), "lapsed");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exception {
    /// A claim yields to another.
    Displaced(Concern),
    /// A give or draw was more than its right bore.
    Overdrawn(Concern),
    /// Its holder has ended a claim; whoever gave it can take back what it held.
    Ended(Concern),
    /// A claim or give lost its permission.
    Revoked(Concern),
    /// A log was forked in this slot.
    Forked {
        /// The log.
        log: LogId,
        /// The slot.
        slot: u64,
    },
    /// An enrolment has more living logs than it may have.
    Overflowed {
        /// The enrolment.
        enrolment: RecordId,
    },
    /// The roots assign a window of the charter to several logs `[VOTE-2]`.
    Contested {
        /// The right that the window would be.
        right: RecordId,
        /// The window.
        window: AssignableWindow,
        /// The logs that enough roots name.
        logs: Vec<LogId>,
        /// The places of the roots that vote for more than one of them.
        both: Vec<u8>,
    },
    /// A record contradicts itself or what it cites.
    Misbehaved(Concern),
    /// A claim is given by word alone.
    AtRisk(Concern),
    /// A claim whose windows have ended below the horizon was never released.
    Lapsed {
        /// The claim.
        claim: RecordId,
    },
}

impl Exception {
    fn of(record: RecordId, finding: Finding) -> Option<Self> {
        let told = match finding.standing {
            Standing::Displaced => Self::Displaced,
            Standing::Overdrawn => Self::Overdrawn,
            Standing::Ended => Self::Ended,
            Standing::Revoked => Self::Revoked,
            Standing::Void => Self::Misbehaved,
            Standing::AtRisk => Self::AtRisk,
            _ => return None,
        };
        Some(told(Concern { record, finding }))
    }
}

impl Exception {
    /// Its kind in a word, as `[EXC-1]` names it.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Displaced(_) => "displaced",
            Self::Overdrawn(_) => "overdrawn",
            Self::Ended(_) => "ended",
            Self::Revoked(_) => "revoked",
            Self::Forked { .. } => "forked",
            Self::Overflowed { .. } => "overflowed",
            Self::Contested { .. } => "contested",
            Self::Misbehaved(_) => "misbehaved",
            Self::AtRisk(_) => "at risk",
            Self::Lapsed { .. } => "lapsed",
        }
    }
}

impl std::fmt::Display for Exception {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Displaced(concern)
            | Self::Overdrawn(concern)
            | Self::Ended(concern)
            | Self::Revoked(concern)
            | Self::Misbehaved(concern)
            | Self::AtRisk(concern) => {
                let Concern { record, finding } = concern;
                if finding.record == *record {
                    write!(f, "{finding}")
                } else {
                    write!(f, "{record} rests on what is {finding}")
                }
            }
            Self::Forked { log, slot } => write!(f, "log {log} was forked in slot {slot}"),
            Self::Contested { window, logs, both, .. } => {
                write!(
                    f,
                    "window {} of first give {} is assigned to {} logs",
                    window.number,
                    window.give,
                    logs.len()
                )?;
                write!(f, "; of the roots these vote for more than one: {both:?}")
            }
            Self::Overflowed { enrolment } => {
                write!(f, "enrolment {enrolment} has more living logs than it may have")
            }
            Self::Lapsed { claim } => write!(f, "claim {claim} is over and was never released"),
        }
    }
}

impl View {
    /// Everything that an operator should look at: overflows first, then contested windows, then log by log in the order of their
    /// ids, slot by slot. Linear in the records of the viewpoint.
    #[must_use]
    pub fn exceptions(&self) -> Vec<Exception> {
        let overfull = self.rules.overfull.iter().filter(|((scope, _), ())| self.holds(scope));
        let mut out: Vec<Exception> =
            overfull.map(|((_, enrolment), ())| Exception::Overflowed { enrolment: *enrolment }).collect();
        let contested = self.contested().into_iter();
        out.extend(contested.map(|(right, window, logs, both)| Exception::Contested {
            right,
            window,
            logs,
            both,
        }));
        for (id, no) in self.rules.numbers.iter() {
            if !self.rules.logs.get(no).is_some_and(|log| self.holds(&log.scope)) {
                continue;
            }
            if let Some(end) = self.rules.ends.get(no).filter(|end| end.forked) {
                out.push(Exception::Forked { log: *id, slot: end.slot });
            }
            let entries = self.rules.entries.range((*no, 0)..);
            for ((_, slot), entered) in entries.take_while(|((log, _), _)| log == no) {
                for index in (0..=u8::MAX).take(entered.records.len()) {
                    self.exceptions_at(Place { log: *no, slot: *slot, index }, &mut out);
                }
            }
        }
        out
    }

    pub(crate) fn exceptions_at(&self, place: Place, out: &mut Vec<Exception>) {
        let Some((record, log, known)) = self.known_held(place) else { return };
        let flawed = |flaw| Finding::of(record, Because::Flawed(flaw));
        match &known.what {
            What::Claim(body) => {
                let count = body.alternatives.len();
                let leases = (0..=u8::MAX).take(count).filter_map(|part| self.lease(&record, part));
                let finding = leases.map(|lease| lease.finding).min_by_key(|finding| finding.standing);
                let ended =
                    (0..=u8::MAX).take(count).all(|part| self.ended_by(record, place, part).is_some());
                out.extend(finding.and_then(|finding| Exception::of(record, finding)));
                let over = known.footprints.iter().all(|part| part.window.end() < self.rules.horizon);
                if over && !ended && !known.footprints.is_empty() {
                    out.push(Exception::Lapsed { claim: record });
                }
            }
            What::Give(_) => {
                let parts = (0..=u8::MAX).take(known.footprints.len());
                let finding = parts
                    .map(|part| self.part_finding(PartPlace { place, part }).finding)
                    .max_by_key(|finding| finding.standing);
                out.extend(finding.and_then(|finding| Exception::of(record, finding)));
            }
            What::Enrol => {
                let flaw = self.rules.enrolments.get(&record).and_then(|found| found.flaw);
                out.extend(flaw.and_then(|flaw| Exception::of(record, flawed(flaw))));
            }
            What::Return(back) => {
                self.void_at(record, log, place, known, out);
                for (cited, give) in (0..=u8::MAX).zip(&back.gives) {
                    let at = |of| Pos { slot: place.slot, index: place.index, part: return_part(cited, of) };
                    let reading = |of| self.reading(place.log, give.record, at(of));
                    let over = |of| matches!(reading(of), Some(Reading::Overdrawn | Reading::Outside));
                    // Of a right that the viewpoint does not hold nothing is told `[RULE-1]`.
                    if self.source_held(&give.record).is_some() && (0..PARTS).any(over) {
                        let finding = Finding::of(record, Because::Overdraws { right: give.record });
                        out.extend(Exception::of(record, finding));
                    }
                }
            }
            What::Ending(_) | What::Reclaim(..) | What::Plain => self.void_at(record, log, place, known, out),
            What::Broken => out.extend(Exception::of(record, flawed(Flaw::Unreadable))),
            What::Rotation(_) | What::Closing(_) => {
                out.extend(Exception::of(record, self.spoken(record, log, place, known)))
            }
            _ => {}
        }
    }

    /// Tells of a record that takes nothing only when it is void: a denied release ends a lease all the same.
    fn void_at(&self, record: RecordId, log: &Log, place: Place, known: &Known, out: &mut Vec<Exception>) {
        let finding = self.spoken(record, log, place, known);
        if finding.standing == Standing::Void {
            out.extend(Exception::of(record, finding));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use intent_contracts::EntryId;

    /// `[EXC-1]`
    #[test]
    fn every_exception_has_the_word_of_its_kind() {
        let record = RecordId { entry: EntryId::from_bytes([1; 32]), index: 0 };
        let concern = || Concern { record, finding: Finding::of(record, Because::NotGiven) };
        let told = [
            Exception::Displaced(concern()),
            Exception::Overdrawn(concern()),
            Exception::Revoked(concern()),
            Exception::Forked { log: LogId::from_bytes([2; 32]), slot: 3 },
            Exception::Overflowed { enrolment: record },
            Exception::Misbehaved(concern()),
            Exception::AtRisk(concern()),
            Exception::Lapsed { claim: record },
            Exception::Ended(concern()),
            Exception::Contested {
                right: record,
                window: AssignableWindow { give: 0, number: 4 },
                logs: Vec::new(),
                both: vec![1],
            },
        ];
        let words = [
            "displaced",
            "overdrawn",
            "revoked",
            "forked",
            "overflowed",
            "misbehaved",
            "at risk",
            "lapsed",
            "ended",
            "contested",
        ];
        assert_eq!(told.map(|exception| exception.kind()), words);
    }
}
