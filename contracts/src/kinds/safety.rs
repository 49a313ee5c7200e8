//! Records of where somebody is and in which state: of the safety lane, or beside it.

use super::{Body, Lineage, Mode, at_most};
use crate::bounds::{BOXES_MAX, CITATIONS_MAX, PROBES_MAX, TEXT_BYTES_MAX};
use crate::citation::Citation;
use crate::ids::{Digest, NoticeId, RecordId};
use crate::record::Effect;
use crate::refusal::{Reason, Refusal};
use crate::scope::{Label, Scope};
use crate::space::{IntBox, Window};
use crate::time::{Millis, Tai};
use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

/// Kind 17: the holder of a claim has left `[PRESENT-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Vacated {
    /// The claim.
    pub claim: Citation,
}

impl Body for Vacated {
    const KIND: u64 = 17;
    const FIELDS: usize = 1;
    const EFFECT: Effect = Effect::None;

    fn bounded(&self) -> Result<(), Refusal> {
        Ok(())
    }
}

/// Kind 33: the holder of a claim is still there `[PRESENT-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Present {
    /// The claim.
    pub claim: Citation,
    /// The place of its alternative.
    pub alternative: u8,
    /// Where it is; none means all that the alternative takes.
    pub boxes: Vec<IntBox>,
}

impl Body for Present {
    const KIND: u64 = 33;
    const FIELDS: usize = 3;
    const EFFECT: Effect = Effect::None;

    fn bounded(&self) -> Result<(), Refusal> {
        at_most(self.boxes.len(), BOXES_MAX)
    }
}

/// Kind 21: what a verifier has found true of an enrolment `[ATTEST-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Attestation {
    /// The enrolment.
    pub subject: RecordId,
    /// The digest of its software.
    pub build: Digest,
    /// The digest of its configuration.
    pub config: Digest,
    /// The lots of its parts.
    pub lots: Vec<Label>,
    /// Its family.
    pub lineage: Lineage,
    /// When it holds; the record lasts longer, as what claims cite must.
    pub valid: Window,
}

impl Body for Attestation {
    const KIND: u64 = 21;
    const FIELDS: usize = 6;
    const EFFECT: Effect = Effect::None;

    fn bounded(&self) -> Result<(), Refusal> {
        at_most(self.lots.len(), CITATIONS_MAX)
    }
}

/// Kind 22: the author's mode `[MODE-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct ModeChange {
    /// The mode.
    pub mode: Mode,
    /// The claim of the slot in which it is taken; none when it takes none.
    pub slot: Option<Citation>,
    /// For people.
    pub text: String,
}

impl Body for ModeChange {
    const KIND: u64 = 22;
    const FIELDS: usize = 3;
    const EFFECT: Effect = Effect::None;

    fn bounded(&self) -> Result<(), Refusal> {
        at_most(self.text.len(), TEXT_BYTES_MAX)
    }
}

/// Kind 23: alarms of one signature, or time lost to one cause, so far `[ALARM-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Exception {
    /// The digest of what the alarms have in common; none for all that are beyond the bound of signatures.
    pub signature: Option<Digest>,
    /// How many there were since the log began.
    pub count: u64,
    /// Greater is more severe.
    pub severity: u8,
    /// The moment of the first one.
    pub first: Tai,
    /// The moment of the last one.
    pub last: Tai,
    /// The enrolment that it is about; none means the author's own.
    pub subject: Option<RecordId>,
    /// Why productive time was lost; none when none was.
    pub cause: Option<Label>,
    /// The productive time lost to this cause since the log began.
    pub lost: Millis,
    /// For people.
    pub text: String,
}

impl Body for Exception {
    const KIND: u64 = 23;
    const FIELDS: usize = 9;
    const EFFECT: Effect = Effect::None;

    fn bounded(&self) -> Result<(), Refusal> {
        if self.first > self.last {
            return Err(Reason::EmptyWindow.into());
        }
        at_most(self.text.len(), TEXT_BYTES_MAX)
    }
}

/// Kind 25: denials and modes end `[CLOSE-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Closing {
    /// The notices that it ends, and no others.
    pub notices: Vec<NoticeId>,
    /// The records that it ends, and no others.
    pub records: Vec<RecordId>,
    /// The claims for which alone it ends them; none means for all.
    pub claims: Vec<RecordId>,
    /// Until when it ends them; none means for good.
    pub until: Option<Tai>,
}

impl Closing {
    /// A closing that ends these notices for all and for good.
    #[must_use]
    pub const fn of(notices: Vec<NoticeId>) -> Self {
        Self { notices, records: Vec::new(), claims: Vec::new(), until: None }
    }

    /// Whether it ends what it names for some claims alone, or only for some time `[CLOSE-1]`.
    #[must_use]
    pub const fn is_partial(&self) -> bool {
        !self.claims.is_empty() || self.until.is_some()
    }
}

impl Body for Closing {
    const KIND: u64 = 25;
    const FIELDS: usize = 4;
    const EFFECT: Effect = Effect::None;

    fn bounded(&self) -> Result<(), Refusal> {
        if self.notices.is_empty() && self.records.is_empty() {
            return Err(Refusal::at(Reason::Shape, 0));
        }
        at_most(self.notices.len(), CITATIONS_MAX)?;
        at_most(self.records.len(), CITATIONS_MAX)?;
        at_most(self.claims.len(), PROBES_MAX)
    }
}

/// What an activation switches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "(Option<u64>, Option<Label>)", into = "(Option<u64>, Option<Label>)")]
pub enum Activated {
    /// A rule set.
    RuleSet(u64),
    /// A feature.
    Feature(Label),
}

impl TryFrom<(Option<u64>, Option<Label>)> for Activated {
    type Error = Refusal;

    fn try_from(wire: (Option<u64>, Option<Label>)) -> Result<Self, Refusal> {
        match wire {
            (Some(number), None) => Ok(Self::RuleSet(number)),
            (None, Some(name)) => Ok(Self::Feature(name)),
            _ => Err(Reason::Shape.into()),
        }
    }
}

impl From<Activated> for (Option<u64>, Option<Label>) {
    fn from(what: Activated) -> Self {
        match what {
            Activated::RuleSet(number) => (Some(number), None),
            Activated::Feature(name) => (None, Some(name)),
        }
    }
}

/// Kind 26: from a future moment on writers use a rule set or a feature, or no longer `[ACTIVATE-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Activation {
    /// What is switched.
    pub what: Activated,
    /// Whether it is used from then on.
    pub on: bool,
    /// Where.
    pub scope: Scope,
    /// From when on.
    pub from: Tai,
    /// The last moment at which it may be endorsed.
    pub endorsable_until: Tai,
}

impl Body for Activation {
    const KIND: u64 = 26;
    const FIELDS: usize = 5;
    const EFFECT: Effect = Effect::None;

    fn bounded(&self) -> Result<(), Refusal> {
        if self.endorsable_until >= self.from { Err(Reason::EmptyWindow.into()) } else { Ok(()) }
    }
}

/// Kind 32: a co-signer stands behind an enrolment `[COSIGN-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct CoSignature {
    /// The enrolment.
    pub enrolment: Citation,
}

impl Body for CoSignature {
    const KIND: u64 = 32;
    const FIELDS: usize = 1;
    const EFFECT: Effect = Effect::None;

    fn bounded(&self) -> Result<(), Refusal> {
        Ok(())
    }
}
