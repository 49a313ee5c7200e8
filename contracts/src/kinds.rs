//! The bodies of the known record and notice kinds `[KIND-1]`.
//!
//! - A body is read apart from admission: a body that cannot be read makes its record void, never its
//!   entry inadmissible, so that versions do not disagree about the state `[ADM-1]`.
//! - Known fields come first; fields after them are kept by whoever keeps the record's bytes.

pub mod notice;
mod plain;
mod promises;
mod safety;
mod terms;

pub use promises::{Act, Advert, Answering, Commitment, Constraint, Need, Outcome, Promise, Relation, Side};
pub use safety::{
    Activated, Activation, Attestation, Closing, CoSignature, Exception, ModeChange, Present, Vacated,
};
pub use terms::{Edit, Step, TermsAccept, TermsEdit, Value};

use crate::bounds::{
    ALTERNATIVES_MAX, CAPABILITY_MODES_MAX, CITATIONS_MAX, CUTS_MAX, FOOTPRINTS_MAX, NEEDS_MAX,
    NOTICES_PER_ENROLMENT_DEFAULT, RUN_MAX, SMALL_SAFETY_BUDGET_MAX,
};
use crate::cbor::{self, Known};
use crate::charter::CharterParameters;
use crate::citation::Citation;
use crate::header::Lane;
use crate::ids::{Digest, EntryId, LogId, NoticeId, RecordId, ResourceId};
use crate::key::{AuthorKey, Signature};
use crate::record::{Effect, Record};
use crate::refusal::{Reason, Refusal};
use crate::scope::{Label, ResourcePath, Scope};
use crate::space::{Footprint, Measure};
use crate::time::{Millis, Tai};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

/// A body of a known kind.
pub trait Body: Serialize + DeserializeOwned {
    /// The kind's number on the wire.
    const KIND: u64;
    /// How many fields version 1 writes.
    const FIELDS: usize;
    /// The effect that a record of this kind has.
    const EFFECT: Effect;

    /// Judges what the types alone do not: counts and lengths.
    ///
    /// # Errors
    /// [`Reason::TooLarge`] for most bodies.
    fn bounded(&self) -> Result<(), Refusal>;

    /// A record with this body, until `until`, with `footprints`.
    ///
    /// # Errors
    /// [`Reason::TooLarge`] when a bound is exceeded.
    fn record(&self, until: Tai, footprints: Vec<Footprint>) -> Result<Record, Refusal> {
        self.bounded()?;
        Record::new(Self::KIND, until, cbor::encode(self)).with_footprints(Self::EFFECT, footprints)
    }

    /// Reads the body of a record or notice of this kind.
    ///
    /// # Errors
    /// A [`Refusal`] of the structure, of a field or of a bound.
    fn read(body: &[u8]) -> Result<Reading<Self>, Refusal> {
        cbor::walk(body)?;
        let Known { value, tail } = cbor::decode_prefix::<Self>(body, Self::FIELDS)?;
        value.bounded()?;
        Ok(Reading { body: value, extended: !tail.is_empty() })
    }
}

/// A body as this version understands it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading<B> {
    /// The known fields.
    pub body: B,
    /// Whether a newer version wrote more fields than are known here.
    pub extended: bool,
}

/// What a record means to this version `[KIND-2]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// Who may speak.
    Enrol(Enrol),
    /// What a resource is.
    Resource(Resource),
    /// A part of a right for a log or a claim.
    Give(Give),
    /// What is wanted.
    Claim(Claim),
    /// A lease ends.
    Release(GivingBack),
    /// A lease ends and its consumption is stated.
    Post(GivingBack),
    /// A right goes back to its giver.
    Return(GivingBack),
    /// A giver takes back what was given.
    Reclaim(Reclaim),
    /// What the author offers or needs.
    Advert(Advert),
    /// A call, a promise, or what answers it.
    Commitment(Box<Commitment>),
    /// The next key of an enrolment takes over.
    Rotation(Rotation),
    /// The holder has left.
    Vacated(Vacated),
    /// One edit of a contract's terms.
    TermsEdit(TermsEdit),
    /// The terms to which the author agrees.
    TermsAccept(TermsAccept),
    /// What a verifier has found true of an enrolment.
    Attestation(Attestation),
    /// The author's mode.
    Mode(ModeChange),
    /// Alarms of one signature.
    Exception(Exception),
    /// Denials and modes end.
    Closing(Closing),
    /// A rule set or a feature from a future moment on.
    Activation(Activation),
    /// A co-signer stands behind an enrolment.
    CoSignature(CoSignature),
    /// The holder is still there.
    Present(Present),
    /// A kind, an act, a critical extension, or the rule set of a claim, that this version does not know.
    Unknown,
    /// A known kind whose body cannot be read: the record is void.
    Void(Refusal),
}

impl Meaning {
    /// Reads a record. Total: what cannot be read is [`Meaning::Unknown`] or [`Meaning::Void`].
    #[must_use]
    pub fn of(record: &Record) -> Self {
        fn read<B: Body>(record: &Record, wrap: impl FnOnce(B) -> Meaning) -> Meaning {
            match B::read(&record.body) {
                // A later version may have widened a known field; a critical record then still blocks.
                Err(_) if record.critical => Meaning::Unknown,
                Err(refusal) => Meaning::Void(refusal),
                Ok(reading) if record.critical && (reading.extended || !record.tail().is_empty()) => {
                    Meaning::Unknown
                }
                Ok(_) if record.effect != B::EFFECT => Meaning::Void(Reason::Shape.into()),
                Ok(reading) => wrap(reading.body),
            }
        }
        match record.kind {
            Enrol::KIND => read(record, Self::Enrol),
            Resource::KIND => read(record, Self::Resource),
            Give::KIND => read(record, Self::Give),
            Claim::KIND => match read(record, Self::Claim) {
                Self::Claim(claim) if !RULE_SETS.contains(&claim.rule_set) => Self::Unknown,
                read => read,
            },
            RELEASE => read(record, Self::Release),
            POST => read(record, Self::Post),
            RETURN => read(record, Self::Return),
            Reclaim::KIND => read(record, Self::Reclaim),
            Advert::KIND => read(record, Self::Advert),
            // An act of a later version is no broken one of this.
            Commitment::KIND if Commitment::has_unknown_act(&record.body) => Self::Unknown,
            Commitment::KIND => read(record, |body| Self::Commitment(Box::new(body))),
            Rotation::KIND => read(record, Self::Rotation),
            Vacated::KIND => read(record, Self::Vacated),
            TermsEdit::KIND => read(record, Self::TermsEdit),
            TermsAccept::KIND => read(record, Self::TermsAccept),
            Attestation::KIND => read(record, Self::Attestation),
            ModeChange::KIND => read(record, Self::Mode),
            Exception::KIND => read(record, Self::Exception),
            Closing::KIND => read(record, Self::Closing),
            Activation::KIND => read(record, Self::Activation),
            CoSignature::KIND => read(record, Self::CoSignature),
            Present::KIND => read(record, Self::Present),
            _ => Self::Unknown,
        }
    }
}

/// The rule sets by which this version judges claims; a claim that was made by another cannot be read here
/// `[CLAIM-2]`.
pub const RULE_SETS: [u64; 1] = [1];

/// Record kind number of a release.
pub const RELEASE: u64 = 5;
/// Record kind number of a post.
pub const POST: u64 = 6;
/// Record kind number of a return.
pub const RETURN: u64 = 7;

/// Numbers that drafts once used and that no version uses again, with their names of then `[KIND-3]`.
pub const RETIRED: &[(u64, &str)] =
    &[(16, "activate"), (18, "interface"), (24, "breaker-half-open"), (27, "policy"), (28, "quota")];

const fn at_most(count: usize, bound: usize) -> Result<(), Refusal> {
    if count > bound { Err(Refusal::at(Reason::TooLarge, 0)) } else { Ok(()) }
}

/// Defines an enum that CBOR carries as its place.
macro_rules! numbered {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident,)+ }) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        #[serde(try_from = "u8", into = "u8")]
        pub enum $name {
            $($(#[$of])* $variant,)+
        }

        impl $name {
            /// All of them, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];
        }

        impl TryFrom<u8> for $name {
            type Error = $crate::refusal::Refusal;

            fn try_from(number: u8) -> Result<Self, Self::Error> {
                let found = Self::ALL.get(usize::from(number));
                found.copied().ok_or($crate::refusal::Reason::Shape.into())
            }
        }

        impl From<$name> for u8 {
            fn from(it: $name) -> Self {
                it as Self
            }
        }
    };
}
use numbered;

/// The lowest bit of the class among the roles.
const CLASS_SHIFT: u32 = 8;

/// The roles of an enrolment: a set of bits, and in bits 8 to 15 a class `[GRANT-2]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Roles(pub u64);

impl Roles {
    /// May claim and act.
    pub const ACT: Self = Self(1);
    /// May give away what it holds.
    pub const GIVE: Self = Self(2);
    /// May enrol below itself.
    pub const ENROL: Self = Self(4);
    /// May write notices that deny.
    pub const DENY: Self = Self(8);
    /// May attest.
    pub const VERIFY: Self = Self(16);
    /// All roles of version 1, of class 0.
    pub const ALL: Self = Self(31);
    /// All roles and the greatest class: what a root of the charter has.
    pub const ROOT: Self = Self(31 | 255 << CLASS_SHIFT);

    /// Whether every role of `other` is among these.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether it may enrol, deny or verify, so that its logs in the safety lane may be large `[ADM-2]`.
    #[must_use]
    pub const fn speaks_for_others(self) -> bool {
        self.has(Self::ENROL) || self.has(Self::DENY) || self.has(Self::VERIFY)
    }

    /// Whether it may write notices of some kind `[ADM-12]`.
    #[must_use]
    pub const fn may_notify(self) -> bool {
        self.has(Self::DENY) || self.has(Self::VERIFY)
    }

    /// These roles and those of `other`.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The greatest priority class of its claims `[GRANT-2]`.
    #[must_use]
    pub const fn class(self) -> u8 {
        (self.0 >> CLASS_SHIFT & 255) as u8
    }

    /// These roles with `class` as the greatest priority class.
    #[must_use]
    pub const fn with_class(self, class: u8) -> Self {
        Self(self.0 & !(255 << CLASS_SHIFT) | (class as u64) << CLASS_SHIFT)
    }

    /// Whether an enrolment with these roles may enrol one with `other` `[GRANT-2]`.
    ///
    /// Bits that version 1 does not know count as roles.
    #[must_use]
    pub const fn covers(self, other: Self) -> bool {
        let bits = !(255 << CLASS_SHIFT);
        Self(self.0 & bits).has(Self(other.0 & bits)) && self.class() >= other.class()
    }
}

/// The build and hardware family of a node: one family counts as one witness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Lineage {
    /// The family of its software.
    pub build: Label,
    /// The family of its hardware.
    pub hardware: Label,
}

/// Kind 1: a key may speak `[ENROL-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Enrol {
    /// The key.
    pub key: AuthorKey,
    /// What it may do.
    pub roles: Roles,
    /// Where; within the scope of whoever enrols.
    pub scope: Scope,
    /// Bytes of one log of it in the productivity lane.
    pub byte_budget: u64,
    /// Bytes of one log of it in the safety lane.
    pub safety_budget: u64,
    /// Its living logs.
    pub max_logs: u64,
    /// Its living notices.
    pub max_notices: u64,
    /// Who must co-sign before it counts; none when nobody must.
    pub needs: Option<Needs>,
    /// Its family.
    pub lineage: Lineage,
    /// The commitment to the key that may replace it ([`AuthorKey::commitment`]).
    pub next_key: Option<Digest>,
    /// For the deny role: the enrolment below which it may deny.
    pub anchor: Option<RecordId>,
    /// Its place among the enrolments of its parent, which the parent chooses.
    pub ordinal: u64,
    /// The revocations that this fresh enrolment answers.
    pub answers: Vec<NoticeId>,
}

/// The co-signers of an enrolment: it counts once so many of these endorse it by records of kind 32.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Needs {
    /// How many of them.
    pub least: u64,
    /// The enrolments among which they are, each once.
    pub of: Vec<Citation>,
}

impl Needs {
    fn bounded(&self) -> Result<(), Refusal> {
        at_most(self.of.len(), NEEDS_MAX)?;
        let again = |(place, cited): (usize, &Citation)| {
            self.of.iter().take(place).any(|before| before.record == cited.record)
        };
        let enough = (1..=self.of.len() as u64).contains(&self.least);
        if enough && !self.of.iter().enumerate().any(again) { Ok(()) } else { Err(Reason::Shape.into()) }
    }
}

impl Enrol {
    /// An enrolment of `key` in `scope`, without co-signers, next key and anchor.
    ///
    /// With the role to enrol, deny or verify its logs may hold `byte_budget` bytes in either lane, else at
    /// most 64 KiB in the safety lane; with the role to deny or verify it may write 16 notices. Other values
    /// are set by struct update:
    ///
    /// ```
    /// use intent_contracts::kinds::{Enrol, Lineage, Roles};
    /// use intent_contracts::{Label, Scope, SecretKey, Signer};
    /// let label = |text: &str| Label::try_from(text.to_owned());
    /// let lineage = Lineage { build: label("build-7")?, hardware: label("arm")? };
    /// let key = SecretKey::from_seed([1; 32]).author();
    /// let node = Enrol::new(key, Roles::ACT, Scope::parse("mars/forge")?, 1 << 20, 4, lineage);
    /// let node = Enrol { ordinal: 3, ..node };
    /// assert_eq!((node.safety_budget, node.max_notices), (64 << 10, 0));
    /// # Ok::<(), intent_contracts::Refusal>(())
    /// ```
    #[must_use]
    pub const fn new(
        key: AuthorKey,
        roles: Roles,
        scope: Scope,
        byte_budget: u64,
        max_logs: u64,
        lineage: Lineage,
    ) -> Self {
        let small = !roles.speaks_for_others() && byte_budget > SMALL_SAFETY_BUDGET_MAX;
        Self {
            key,
            roles,
            scope,
            byte_budget,
            safety_budget: if small { SMALL_SAFETY_BUDGET_MAX } else { byte_budget },
            max_logs,
            max_notices: if roles.may_notify() { NOTICES_PER_ENROLMENT_DEFAULT } else { 0 },
            needs: None,
            lineage,
            next_key: None,
            anchor: None,
            ordinal: 0,
            answers: Vec::new(),
        }
    }

    /// Bytes of one log of it in a lane `[ADM-5]`.
    #[must_use]
    pub const fn budget(&self, lane: Lane) -> u64 {
        match lane {
            Lane::Safety => self.safety_budget,
            Lane::Productivity => self.byte_budget,
        }
    }

    /// Whether its numbers lie in the ranges that a present enrolment keeps to `[ADM-2]`, `[ADM-13]`.
    #[must_use]
    pub fn in_range(&self, fleet: &CharterParameters) -> bool {
        let least = u64::from(self.roles.may_notify());
        (1..=fleet.logs_per_enrolment).contains(&self.max_logs)
            && (least..=fleet.notices_per_enrolment).contains(&self.max_notices)
            && (self.roles.speaks_for_others() || self.safety_budget <= SMALL_SAFETY_BUDGET_MAX)
    }
}

impl Body for Enrol {
    const KIND: u64 = 1;
    const FIELDS: usize = 13;
    const EFFECT: Effect = Effect::None;

    fn bounded(&self) -> Result<(), Refusal> {
        self.needs.as_ref().map_or(Ok(()), Needs::bounded)?;
        at_most(self.answers.len(), CITATIONS_MAX)
    }
}

numbered! {
    /// How much is asked of a node or left to it; each is stricter than the one before.
    Mode {
        /// All is in order.
        Nominal,
        /// Less than usual can be done.
        Degraded,
        /// Nothing new is begun.
        Hold,
        /// Only what keeps the place safe.
        Safe,
    }
}

/// Kind 2: the declaration of a resource. Its hash is the [`ResourceId`] `[RES-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Resource {
    /// The scope that it belongs to.
    pub scope: Scope,
    /// Its path below that scope.
    pub path: ResourcePath,
    /// How it is shared.
    pub measure: Measure,
    /// The unit of amounts, a UCUM symbol where there is one.
    pub unit: Label,
    /// Numerator and denominator by which an amount is multiplied to give units.
    pub scale: (u64, u64),
    /// The frame in which boxes are counted.
    pub frame: Label,
    /// The least time that a user needs to stop safely.
    pub stopping_time: Millis,
    /// The strictest mode in which it may be used; where nothing speaks for another, `Degraded`.
    pub strictest_mode: Mode,
}

impl Resource {
    /// The id of the resource that this declares, as this version writes it. What a reader holds is named
    /// by [`ResourceId::of`] over the body as it came.
    #[must_use]
    pub fn id(&self) -> ResourceId {
        ResourceId::of(&cbor::encode(self))
    }
}

impl Body for Resource {
    const KIND: u64 = 2;
    const FIELDS: usize = 8;
    const EFFECT: Effect = Effect::None;

    fn bounded(&self) -> Result<(), Refusal> {
        if self.scale.0 == 0 || self.scale.1 == 0 { Err(Reason::Shape.into()) } else { Ok(()) }
    }
}

/// To whom a give goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "(u8, Option<LogId>, Option<Citation>, u8)")]
#[serde(into = "(u8, Option<LogId>, Option<Citation>, u8)")]
pub enum Receiver {
    /// Another log, which then holds the parts as rights.
    Log(LogId),
    /// One alternative of a claim.
    Claim {
        /// The claim.
        claim: Citation,
        /// The place of the alternative.
        alternative: u8,
    },
}

type ReceiverWire = (u8, Option<LogId>, Option<Citation>, u8);

impl TryFrom<ReceiverWire> for Receiver {
    type Error = Refusal;

    fn try_from(wire: ReceiverWire) -> Result<Self, Refusal> {
        match wire {
            (0, Some(log), None, 0) => Ok(Self::Log(log)),
            (1, None, Some(claim), alternative) => Ok(Self::Claim { claim, alternative }),
            _ => Err(Reason::Shape.into()),
        }
    }
}

impl From<Receiver> for ReceiverWire {
    fn from(receiver: Receiver) -> Self {
        match receiver {
            Receiver::Log(log) => (0, Some(log), None, 0),
            Receiver::Claim { claim, alternative } => (1, None, Some(claim), alternative),
        }
    }
}

/// Kind 3: parts of rights for a log or a claim. The frame's footprints are the parts `[GIVE-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Give {
    /// Who receives.
    pub to: Receiver,
    /// For a claim: which footprint of the claim each part answers; else empty.
    pub parts: Vec<u8>,
}

impl Body for Give {
    const KIND: u64 = 3;
    const FIELDS: usize = 2;
    const EFFECT: Effect = Effect::Takes;

    fn bounded(&self) -> Result<(), Refusal> {
        at_most(self.parts.len(), FOOTPRINTS_MAX)
    }
}

/// A signed record of another log, carried along so that it stays evidence whatever becomes of that log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Embedded {
    /// The header chain, the first of which commits to the records; the last is signed.
    pub headers: Vec<ByteBuf>,
    /// The signature on the last header.
    pub signature: Signature,
    /// The record bytes of the first header's entry.
    pub records: ByteBuf,
    /// The place of the record.
    pub index: u8,
}

impl Embedded {
    fn bounded(&self) -> Result<(), Refusal> {
        if self.headers.is_empty() {
            return Err(Reason::Shape.into());
        }
        at_most(self.headers.len(), RUN_MAX)
    }
}

/// How a claim answers a conflicting one that has ended: by its release or by its revocation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Over {
    /// The ended claim.
    pub claim: Citation,
    /// Its release; none when a revocation ended it.
    pub release: Option<Embedded>,
    /// The revocation that ended it; none when it was released.
    pub revocation: Option<NoticeId>,
}

impl Over {
    fn bounded(&self) -> Result<(), Refusal> {
        match (&self.release, self.revocation) {
            (Some(release), None) => release.bounded(),
            (None, Some(_)) => Ok(()),
            _ => Err(Reason::Shape.into()),
        }
    }
}

/// Kind 4: what is wanted, in up to four alternatives `[CLAIM-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Claim {
    /// Each alternative names the frame's footprints that make it up.
    pub alternatives: Vec<Vec<u8>>,
    /// The priority class; greater is more urgent.
    pub class: u8,
    /// The least duration that is of use; zero for the whole of what is asked `[LEASE-8]`.
    pub least: Millis,
    /// The duration that is wanted: advice to who gives.
    pub ideal: Millis,
    /// The rule set by which it was made `[CLAIM-2]`.
    pub rule_set: u64,
    /// The attestations it stands on.
    pub attestations: Vec<Citation>,
    /// Ended claims that would displace it.
    pub over: Vec<Over>,
    /// The modes of capabilities that it will use, by which a restriction may single it out.
    pub capability_modes: Vec<Label>,
}

impl Claim {
    /// A claim of class 0 with these alternatives, each of which holds by the whole of it, by rule set 1. Other values are set by
    /// struct update.
    #[must_use]
    pub const fn new(alternatives: Vec<Vec<u8>>) -> Self {
        Self {
            alternatives,
            class: 0,
            least: Millis(0),
            ideal: Millis(0),
            rule_set: 1,
            attestations: Vec::new(),
            over: Vec::new(),
            capability_modes: Vec::new(),
        }
    }
}

impl Body for Claim {
    const KIND: u64 = 4;
    const FIELDS: usize = 8;
    const EFFECT: Effect = Effect::Takes;

    fn bounded(&self) -> Result<(), Refusal> {
        if self.alternatives.is_empty() || self.alternatives.iter().any(Vec::is_empty) {
            return Err(Reason::Shape.into());
        }
        at_most(self.alternatives.len(), ALTERNATIVES_MAX)?;
        self.alternatives.iter().try_for_each(|parts| at_most(parts.len(), FOOTPRINTS_MAX))?;
        at_most(self.attestations.len(), CITATIONS_MAX)?;
        at_most(self.over.len(), CITATIONS_MAX)?;
        at_most(self.capability_modes.len(), CAPABILITY_MODES_MAX)?;
        self.over.iter().try_for_each(Over::bounded)
    }
}

/// Kinds 5, 6 and 7: release, post and return have one shape `[BACK-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct GivingBack {
    /// The gives concerned.
    pub gives: Vec<Citation>,
    /// The alternatives concerned; none means all.
    pub alternatives: Vec<u8>,
    /// For each give the amount that was not used.
    pub unused: Vec<u64>,
}

impl GivingBack {
    /// A record of one of the kinds [`RELEASE`], [`POST`] or [`RETURN`].
    ///
    /// # Errors
    /// [`Reason::TooLarge`] when a bound is exceeded, [`Reason::Shape`] for another kind.
    pub fn record_of(&self, kind: u64, until: Tai, footprints: Vec<Footprint>) -> Result<Record, Refusal> {
        if !(RELEASE..=RETURN).contains(&kind) {
            return Err(Reason::Shape.into());
        }
        let mut record = self.record(until, footprints)?;
        record.kind = kind;
        Ok(record)
    }
}

impl Body for GivingBack {
    const KIND: u64 = RELEASE;
    const FIELDS: usize = 3;
    const EFFECT: Effect = Effect::Frees;

    fn bounded(&self) -> Result<(), Refusal> {
        if self.gives.is_empty() || self.unused.len() != self.gives.len() {
            return Err(Reason::Shape.into());
        }
        at_most(self.gives.len(), FOOTPRINTS_MAX)?;
        at_most(self.alternatives.len(), ALTERNATIVES_MAX)
    }
}

/// Kind 8: a giver takes back what it gave `[RECLAIM-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Reclaim {
    /// The give.
    pub give: Citation,
    /// The receiver's own release or return; none on the giver's bare word or by elapsed time.
    pub proof: Option<Embedded>,
}

impl Body for Reclaim {
    const KIND: u64 = 8;
    const FIELDS: usize = 2;
    const EFFECT: Effect = Effect::Frees;

    fn bounded(&self) -> Result<(), Refusal> {
        self.proof.as_ref().map_or(Ok(()), Embedded::bounded)
    }
}

/// Where a revocation or rotation cuts one log: what stands above `seq` has no permission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Cut {
    /// The log.
    pub log: LogId,
    /// The last entry that keeps its permission.
    pub seq: u64,
    /// Its id.
    pub id: EntryId,
}

/// Kind 11: the next key of an enrolment takes over and cuts the logs of the old one `[ROT-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Rotation {
    /// Where each log of the old key is cut; a log not named is cut at zero.
    pub cuts: Vec<Cut>,
}

impl Body for Rotation {
    const KIND: u64 = 11;
    const FIELDS: usize = 1;
    const EFFECT: Effect = Effect::None;

    fn bounded(&self) -> Result<(), Refusal> {
        at_most(self.cuts.len(), CUTS_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn citation() -> Citation {
        let record = RecordId { entry: EntryId::from_bytes([2; 32]), index: 0 };
        Citation { log: LogId::from_bytes([1; 32]), seq: 1, record, until: Tai(9) }
    }

    fn embedded(headers: usize) -> Embedded {
        let signature = Signature::from_bytes([0; 64]);
        let headers = vec![ByteBuf::new(); headers];
        Embedded { headers, signature, records: ByteBuf::new(), index: 0 }
    }

    fn claim(release: Option<Embedded>, revocation: Option<NoticeId>) -> Claim {
        let over = vec![Over { claim: citation(), release, revocation }];
        Claim { over, ..Claim::new(vec![vec![0]]) }
    }

    fn reason<B: Body>(body: &B) -> Option<Reason> {
        let read = B::read(&cbor::encode(body)).map(|_| ()).map_err(|refusal| refusal.reason);
        assert_eq!(read.err(), body.bounded().err().map(|refusal| refusal.reason));
        read.err()
    }

    #[test]
    fn embedded_evidence_has_at_least_one_header() {
        let proof = |headers| Reclaim { give: citation(), proof: Some(embedded(headers)) };
        assert_eq!(reason(&proof(0)), Some(Reason::Shape));
        assert_eq!(reason(&proof(1)), None);
        assert_eq!(reason(&proof(RUN_MAX)), None);
        assert_eq!(reason(&proof(RUN_MAX + 1)), Some(Reason::TooLarge));
    }

    #[test]
    fn an_ended_claim_has_one_evidence_of_its_end() {
        let revocation = NoticeId::from_bytes([3; 32]);
        assert_eq!(reason(&claim(None, None)), Some(Reason::Shape));
        assert_eq!(reason(&claim(Some(embedded(1)), Some(revocation))), Some(Reason::Shape));
        assert_eq!(reason(&claim(Some(embedded(1)), None)), None);
        assert_eq!(reason(&claim(None, Some(revocation))), None);
        assert_eq!(reason(&claim(Some(embedded(0)), None)), Some(Reason::Shape));
    }

    #[test]
    fn a_critical_record_with_unknown_fields_is_unknown() {
        let body = Commitment::new(Act::Offer, LogId::from_bytes([4; 32]), Tai(9));
        let plain = body.record(Tai(9), Vec::new()).unwrap();
        let mut extended = plain.clone();
        extended.body = cbor::encode_with_tail(&body, Commitment::FIELDS, &[0x00]);
        let framed = plain.clone().with_tail(vec![0x00]);
        for record in [&plain, &extended, &framed] {
            assert_eq!(Meaning::of(record), Meaning::Commitment(Box::new(body.clone())));
        }
        let critical = |record: &Record| {
            let mut record = record.clone();
            record.critical = true;
            Meaning::of(&record)
        };
        assert_eq!(critical(&plain), Meaning::Commitment(Box::new(body)));
        assert_eq!(critical(&extended), Meaning::Unknown);
        assert_eq!(critical(&framed), Meaning::Unknown);
    }

    #[test]
    fn an_effect_other_than_the_kinds_makes_void() {
        let body = Vacated { claim: citation() };
        let record = body.record(Tai(9), Vec::new()).unwrap().with_footprints(Effect::Takes, Vec::new());
        assert_eq!(Meaning::of(&record.unwrap()), Meaning::Void(Reason::Shape.into()));
    }

    /// `[KIND-3]`
    #[test]
    fn retired_numbers_have_no_meaning() {
        for (kind, name) in RETIRED {
            for body in [vec![0xff], vec![0x80]] {
                assert_eq!(Meaning::of(&Record::new(*kind, Tai(9), body)), Meaning::Unknown, "{name}");
            }
        }
    }

    /// `[COMMIT-1]`
    #[test]
    fn an_act_of_a_later_version_is_unknown_and_what_it_answers_can_be_read() {
        let body = cbor::encode(&(5_u64, vec![citation()], "what is behind it may be anything"));
        let mut record = Record::new(Commitment::KIND, Tai(9), body.clone());
        assert_eq!(Meaning::of(&record), Meaning::Unknown);
        record.critical = true;
        assert_eq!(Meaning::of(&record), Meaning::Unknown);
        let answering = Commitment::answering(&body).unwrap();
        assert_eq!((answering.act, answering.answers), (5, vec![citation()]));
        // A known act whose other fields cannot be read is broken.
        let broken = cbor::encode(&(1_u64, vec![citation()], "no log"));
        let broken = Meaning::of(&Record::new(Commitment::KIND, Tai(9), broken));
        assert!(matches!(broken, Meaning::Void(_)), "{broken:?}");
    }

    /// `[ENROL-1]`
    #[test]
    fn co_signers_are_distinct_and_enough() {
        let of = |count: u8| {
            (0..count).map(|mark| {
                let record = RecordId { entry: EntryId::from_bytes([mark; 32]), index: 0 };
                Citation { record, ..citation() }
            })
        };
        let found = |least, of: Vec<Citation>| Needs { least, of }.bounded().err().map(|it| it.reason);
        assert_eq!(found(1, of(1).collect()), None);
        assert_eq!(found(8, of(8).collect()), None);
        assert_eq!(found(1, of(9).collect()), Some(Reason::TooLarge));
        for (least, count) in [(0, 0), (0, 1), (2, 1), (9, 8)] {
            assert_eq!(found(least, of(count).collect()), Some(Reason::Shape), "{least} of {count}");
        }
        assert_eq!(found(1, of(2).chain(of(1)).collect()), Some(Reason::Shape));
    }
}
