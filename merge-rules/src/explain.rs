//! Why a verdict is what it is: a clause, the records it rests on, and a sentence `[EXPL-1]`.

use crate::facts::Flaw;
use crate::standing::Standing;
use intent_contracts::{LogId, NoticeId, RecordId, ResourceId, Scope, Tai};
use std::fmt;

/// A standing and what it rests on.
///
/// ```
/// use intent_merge_rules::{Because, Finding, Standing};
/// use intent_contracts::{EntryId, RecordId};
/// let record = RecordId { entry: EntryId::from_bytes([7; 32]), index: 0 };
/// let finding = Finding::of(record, Because::NotGiven);
/// assert_eq!(finding.standing, Standing::Asked);
/// assert_eq!(finding.to_string(), "asked [LEASE-3]: 0707070707070707#0 is not given whole");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What the rules say.
    pub standing: Standing,
    /// The record of which they say it.
    pub record: RecordId,
    /// Why.
    pub because: Because,
}

/// The reason of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// The chain of gives is unbroken and proven.
    Given,
    /// An enrolment counts.
    Granted,
    /// A record that takes nothing is heard.
    Said,
    /// The part fits by its giver's word alone.
    Unproven {
        /// The right it is drawn on.
        right: RecordId,
    },
    /// An earlier record of the same log takes or frees and cannot be read.
    AfterOpaque {
        /// The log.
        log: LogId,
    },
    /// It contends, and nothing known goes first.
    Contends,
    /// Nothing known gives it whole.
    NotGiven,
    /// Something is absent.
    Missing(Missing),
    /// Another claim goes first.
    After {
        /// That claim.
        claim: RecordId,
    },
    /// Its right did not bear it.
    Overdraws {
        /// The right.
        right: RecordId,
    },
    /// It was released.
    Released {
        /// The release or post, or the reclaim that carries it.
        by: RecordId,
    },
    /// It stands above a cut.
    Cut {
        /// The log that is cut.
        log: LogId,
        /// Above which slot.
        at: u64,
        /// Who cut it.
        by: Denier,
    },
    /// It contradicts itself or what it cites.
    Flawed(Flaw),
}

/// What cut a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Denier {
    /// A revocation; of several roots', the one that completed the threshold.
    Revocation(NoticeId),
    /// The next key's log.
    Rotation(LogId),
}

/// What is absent, or cannot be relied on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// A record.
    Record(RecordId),
    /// A release or post that a giver shows `[BACK-2]`.
    Release(RecordId),
    /// The meaning of a later record of the claim's own log, which may end the lease `[BACK-3]`.
    Ending(RecordId),
    /// A give whose giver took it back when, by its clock, the window was over `[RECLAIM-2]`.
    TakenBack {
        /// The give.
        give: RecordId,
        /// The reclaim.
        by: RecordId,
    },
    /// A declaration of a resource that lasts long enough.
    Declaration(ResourceId),
    /// Endorsements of a root's record.
    Endorsements {
        /// Distinct roots behind it.
        have: usize,
        /// The charter's threshold.
        need: usize,
    },
    /// Co-signatures of an enrolment.
    CoSigners {
        /// Of how many of those whom it names.
        have: usize,
        /// How many it needs.
        need: usize,
    },
    /// A log to which enough roots assign this window of the charter, and to no other.
    Assignment(RecordId),
    /// A meaning: a newer version wrote it.
    Meaning,
    /// The rest of a log that was forked or driven out; until then.
    EndedLog {
        /// Windows that start at this moment or later are not concerned.
        until: Tai,
    },
    /// A revocation that the claim cites.
    Notice(NoticeId),
    /// All that a log of these said, which holds a right or stands above a resource.
    Log(LogId),
    /// Every log that could tell of a resource.
    Logs(ResourceId),
    /// The scope is outside the viewpoint.
    NotHeld(Scope),
}

impl Finding {
    /// The finding that this reason makes.
    #[must_use]
    pub const fn of(record: RecordId, because: Because) -> Self {
        Self { standing: because.standing(), record, because }
    }

    /// The clause of SPEC.md `[LAW-9]`.
    #[must_use]
    pub const fn clause(&self) -> &'static str {
        self.because.clause()
    }

    /// The stronger of the two; this one when both are as strong.
    #[must_use]
    pub fn or_stronger(self, other: Self) -> Self {
        if other.standing > self.standing { other } else { self }
    }

    /// The records that it rests on beside the one it is about.
    #[must_use]
    pub fn records(&self) -> Vec<RecordId> {
        match &self.because {
            Because::Unproven { right } | Because::Overdraws { right } => vec![*right],
            Because::After { claim } => vec![*claim],
            Because::Released { by } => vec![*by],
            Because::Missing(
                Missing::Record(record) | Missing::Release(record) | Missing::Ending(record),
            ) => vec![*record],
            Because::Missing(Missing::TakenBack { give, by }) => vec![*give, *by],
            _ => Vec::new(),
        }
    }
}

impl Because {
    const fn standing(&self) -> Standing {
        match self {
            Self::Given | Self::Granted | Self::Said => Standing::Firm,
            Self::Unproven { .. } | Self::AfterOpaque { .. } => Standing::AtRisk,
            Self::Contends => Standing::Provisional,
            Self::NotGiven => Standing::Asked,
            Self::Missing(_) => Standing::Unknown,
            Self::After { .. } => Standing::Displaced,
            Self::Overdraws { .. } => Standing::Overdrawn,
            Self::Released { .. } => Standing::Ended,
            Self::Cut { .. } => Standing::Revoked,
            Self::Flawed(_) => Standing::Void,
        }
    }

    /// The clause of SPEC.md `[LAW-9]`.
    #[must_use]
    pub const fn clause(&self) -> &'static str {
        match self {
            Self::Given => "LEASE-5",
            Self::Granted => "GRANT-1",
            Self::Said => "RULE-2",
            Self::Unproven { .. } => "ORDER-4",
            Self::AfterOpaque { .. } => "ORDER-5",
            Self::Contends => "OPEN-1",
            Self::NotGiven => "LEASE-3",
            Self::Missing(missing) => missing.clause(),
            Self::After { .. } => "OPEN-3",
            Self::Overdraws { .. } => "ORDER-2",
            Self::Released { .. } => "BACK-2",
            Self::Cut { by: Denier::Revocation(_), .. } => "DENY-2",
            Self::Cut { by: Denier::Rotation(_), .. } => "ROT-1",
            Self::Flawed(Flaw::Class | Flaw::Roles) => "GRANT-2",
            Self::Flawed(Flaw::Depth) => "GRANT-1",
            Self::Flawed(Flaw::Gives) => "RIGHT-3",
            Self::Flawed(Flaw::Unreadable) => "KIND-2",
            Self::Flawed(Flaw::Misplaced) => "ROT-1",
            Self::Flawed(Flaw::Lane) => "BREAK-1",
            Self::Flawed(Flaw::CoSigned) => "COSIGN-3",
            Self::Flawed(Flaw::Outlives | Flaw::Miscited) => "RULE-5",
            Self::Flawed(Flaw::OpenAlternatives) => "OPEN-2",
            Self::Flawed(_) => "LEASE-6",
        }
    }
}

impl Missing {
    const fn clause(&self) -> &'static str {
        match self {
            Self::Record(_) => "ORDER-6",
            Self::Release(_) => "BACK-2",
            Self::Ending(_) => "BACK-3",
            Self::TakenBack { .. } => "RECLAIM-2",
            Self::Declaration(_) => "LEASE-6",
            Self::Endorsements { .. } => "GRANT-3",
            Self::CoSigners { .. } => "COSIGN-2",
            Self::Assignment(_) => "VOTE-2",
            Self::Meaning => "RULE-2",
            Self::EndedLog { .. } => "OPEN-5",
            Self::Notice(_) => "OPEN-6",
            Self::Log(_) | Self::Logs(_) => "ACT-4",
            Self::NotHeld(_) => "RULE-1",
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}]: {} {}", self.standing, self.clause(), self.record, self.because)
    }
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given => f.write_str("is given through a proven chain from the charter"),
            Self::Granted => f.write_str("is granted from the charter"),
            Self::Said => f.write_str("is said by one who is granted to say it"),
            Self::Unproven { right } => {
                write!(
                    f,
                    "fits into right {right} by its giver's word alone; wait for the receiver's release"
                )
            }
            Self::AfterOpaque { log } => {
                write!(
                    f,
                    "follows a record of log {log} that this version cannot read; update this node if a newer one wrote it"
                )
            }
            Self::Contends => f.write_str("contends for an open resource, and no known claim goes first"),
            Self::NotGiven => f.write_str("is not given whole"),
            Self::Missing(missing) => write!(f, "rests on {missing}"),
            Self::After { claim } => write!(f, "yields to claim {claim}; claim anew when that one has ended"),
            Self::Overdraws { right } => write!(f, "is more than right {right} had left when it was given"),
            Self::Released { by } => write!(f, "was released by {by}"),
            Self::Cut { log, at, by: Denier::Revocation(notice) } => {
                write!(f, "stands above slot {at} of log {log}, where revocation {notice} cuts it")
            }
            Self::Cut { log, at, by: Denier::Rotation(next) } => {
                write!(f, "stands above slot {at} of log {log}, where the next key's log {next} cuts it")
            }
            Self::Flawed(flaw) => write!(f, "is void: {flaw}"),
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Record(record) => write!(f, "record {record}, which is not here"),
            Self::Release(record) => write!(f, "release {record}, which a giver shows and is not here"),
            Self::Ending(record) => write!(
                f,
                "the meaning of {record}, which may free what it holds and which this version cannot read; update this node"
            ),
            Self::TakenBack { give, by } => {
                write!(
                    f,
                    "{give}, which {by} took back as over; compare the clocks of this node and of the giver"
                )
            }
            Self::Declaration(resource) => {
                write!(f, "resource {resource}, of which no declaration that lasts as long is here")
            }
            Self::Endorsements { have, need } => write!(f, "{need} roots, of which {have} stand behind it"),
            Self::CoSigners { have, need } => {
                write!(f, "{need} of the co-signers that its enrolment names, of whom {have} have signed")
            }
            Self::Assignment(right) => {
                write!(f, "window {right} of the charter, which the roots have not assigned to one log")
            }
            Self::Meaning => f.write_str("a record that this version cannot read"),
            Self::EndedLog { until } => write!(f, "a log that was forked or driven out, until {until}"),
            Self::Notice(notice) => write!(f, "revocation {notice}, which is not here or does not cut there"),
            Self::Log(log) => write!(f, "log {log}, of which nothing is here"),
            Self::Logs(resource) => write!(f, "logs that tell of resource {resource}, of which none is here"),
            Self::NotHeld(scope) => write!(f, "scope {scope}, which this viewpoint does not hold"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use intent_contracts::EntryId;

    /// `[LAW-9]`
    #[test]
    fn a_finding_names_the_other_records_that_it_rests_on() {
        let id = |byte| RecordId { entry: EntryId::from_bytes([byte; 32]), index: 0 };
        let (record, other) = (id(1), id(2));
        for because in [
            Because::Unproven { right: other },
            Because::Overdraws { right: other },
            Because::After { claim: other },
            Because::Released { by: other },
            Because::Missing(Missing::Record(other)),
            Because::Missing(Missing::Release(other)),
            Because::Missing(Missing::Ending(other)),
        ] {
            assert_eq!(Finding::of(record, because.clone()).records(), [other], "{because:?}");
        }
        let taken_back = Because::Missing(Missing::TakenBack { give: other, by: id(3) });
        assert_eq!(Finding::of(record, taken_back).records(), [other, id(3)]);
        assert_eq!(Finding::of(record, Because::Given).records(), []);
    }
}
