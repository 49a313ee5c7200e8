//! The bodies of the known record and notice kinds `[KIND-1]`.
//!
//! - A body is read apart from admission: a body that cannot be read makes its record void, never its
//!   entry inadmissible, so that versions do not disagree about the state `[ADM-1]`.
//! - Known fields come first; fields after them are kept by whoever keeps the record's bytes.

use crate::bounds::{ALTERNATIVES_MAX, CITATIONS_MAX, CUTS_MAX, FOOTPRINTS_MAX, RUN_MAX, TEXT_BYTES_MAX};
use crate::cbor::{self, Known};
use crate::citation::Citation;
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
    /// What the author can do.
    Capability(Capability),
    /// A promise and its answers.
    Commitment(Commitment),
    /// The next key of an enrolment takes over.
    Rotation(Rotation),
    /// Breakers close.
    Closing(Closing),
    /// A kind, or a critical extension, that this version does not know.
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
            Claim::KIND => read(record, Self::Claim),
            RELEASE => read(record, Self::Release),
            POST => read(record, Self::Post),
            RETURN => read(record, Self::Return),
            Reclaim::KIND => read(record, Self::Reclaim),
            Capability::KIND => read(record, Self::Capability),
            Commitment::KIND => read(record, Self::Commitment),
            Rotation::KIND => read(record, Self::Rotation),
            Closing::KIND => read(record, Self::Closing),
            _ => Self::Unknown,
        }
    }
}

/// Record kind number of a release.
pub const RELEASE: u64 = 5;
/// Record kind number of a post.
pub const POST: u64 = 6;
/// Record kind number of a return.
pub const RETURN: u64 = 7;

/// Numbers that no version 1 reader gives a meaning, with the names that SPEC.md reserves `[KIND-3]`.
pub const RESERVED: &[(u64, &str)] = &[
    (16, "activate"),
    (17, "vacated"),
    (18, "interface"),
    (19, "terms-edit"),
    (20, "terms-accept"),
    (21, "attestation"),
    (22, "mode"),
    (23, "exception"),
    (24, "breaker-half-open"),
    (26, "activation"),
    (27, "policy"),
    (28, "quota"),
];

const fn at_most(count: usize, bound: usize) -> Result<(), Refusal> {
    if count > bound { Err(Refusal::at(Reason::TooLarge, 0)) } else { Ok(()) }
}

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
    /// Bytes of one log of it.
    pub byte_budget: u64,
    /// Its living logs.
    pub max_logs: u64,
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

impl Body for Enrol {
    const KIND: u64 = 1;
    const FIELDS: usize = 10;
    const EFFECT: Effect = Effect::None;

    fn bounded(&self) -> Result<(), Refusal> {
        at_most(self.answers.len(), CITATIONS_MAX)
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
    const FIELDS: usize = 7;
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
    /// The least duration that is of use.
    pub least: Millis,
    /// The duration that is wanted.
    pub ideal: Millis,
    /// The rule set by which it was made.
    pub rule_set: u64,
    /// The attestations it stands on.
    pub attestations: Vec<Citation>,
    /// Ended claims that would displace it.
    pub over: Vec<Over>,
}

impl Body for Claim {
    const KIND: u64 = 4;
    const FIELDS: usize = 7;
    const EFFECT: Effect = Effect::Takes;

    fn bounded(&self) -> Result<(), Refusal> {
        if self.alternatives.is_empty() || self.alternatives.iter().any(Vec::is_empty) {
            return Err(Reason::Shape.into());
        }
        at_most(self.alternatives.len(), ALTERNATIVES_MAX)?;
        self.alternatives.iter().try_for_each(|parts| at_most(parts.len(), FOOTPRINTS_MAX))?;
        at_most(self.attestations.len(), CITATIONS_MAX)?;
        at_most(self.over.len(), CITATIONS_MAX)?;
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

/// Kind 9: what the author can do `[CAP-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Capability {
    /// Its name.
    pub name: ResourcePath,
    /// The first and the last version served.
    pub versions: (u64, u64),
    /// Names and values, for matching.
    pub properties: Vec<(Label, i64)>,
}

impl Body for Capability {
    const KIND: u64 = 9;
    const FIELDS: usize = 3;
    const EFFECT: Effect = Effect::None;

    fn bounded(&self) -> Result<(), Refusal> {
        if self.versions.0 > self.versions.1 {
            return Err(Reason::EmptyWindow.into());
        }
        at_most(self.properties.len(), CITATIONS_MAX)
    }
}

/// The acts by which a commitment lives and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Act {
    /// A call for proposals.
    Call,
    /// A bid on a call.
    Bid,
    /// The award of a call to a bid.
    Award,
    /// A promise.
    Promise,
    /// The acceptance of a promise.
    Accept,
    /// The promise is kept.
    Discharge,
    /// The promise is broken.
    Breach,
    /// The promise is withdrawn.
    Cancel,
}

impl Act {
    const ALL: [Self; 8] = [
        Self::Call,
        Self::Bid,
        Self::Award,
        Self::Promise,
        Self::Accept,
        Self::Discharge,
        Self::Breach,
        Self::Cancel,
    ];
}

impl TryFrom<u8> for Act {
    type Error = Refusal;

    fn try_from(number: u8) -> Result<Self, Refusal> {
        Self::ALL.get(usize::from(number)).copied().ok_or(Reason::Shape.into())
    }
}

impl From<Act> for u8 {
    fn from(act: Act) -> Self {
        act as Self
    }
}

/// Kind 10: a promise and its answers `[COMMIT-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Commitment {
    /// What is done.
    pub act: Act,
    /// To whom; none means to all of the scope.
    pub to: Option<AuthorKey>,
    /// What it answers.
    pub answers: Vec<Citation>,
    /// When it is due.
    pub due: Option<Tai>,
    /// The digest of the terms.
    pub terms: Option<Digest>,
    /// For people.
    pub text: String,
}

impl Body for Commitment {
    const KIND: u64 = 10;
    const FIELDS: usize = 6;
    const EFFECT: Effect = Effect::None;

    fn bounded(&self) -> Result<(), Refusal> {
        at_most(self.answers.len(), CITATIONS_MAX)?;
        at_most(self.text.len(), TEXT_BYTES_MAX)
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

/// Kind 25: the breakers that these notices tripped are closed `[CLOSE-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Closing {
    /// The trips that it ends, and no others.
    pub trips: Vec<NoticeId>,
}

impl Body for Closing {
    const KIND: u64 = 25;
    const FIELDS: usize = 1;
    const EFFECT: Effect = Effect::None;

    fn bounded(&self) -> Result<(), Refusal> {
        if self.trips.is_empty() {
            return Err(Refusal::at(Reason::Shape, 0));
        }
        at_most(self.trips.len(), CITATIONS_MAX)
    }
}

/// Bodies of notices `[NOT-2]`.
pub mod notice {
    pub use super::Cut;
    use super::*;

    /// Numbers that no version 1 reader gives a meaning, with the names that SPEC.md reserves.
    pub const RESERVED: &[(u64, &str)] = &[(2, "quarantine")];

    /// Notice kind 1: a key below the author's anchor loses its permission beyond the cuts `[REV-1]`.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
    pub struct Revocation {
        /// The key.
        pub key: AuthorKey,
        /// Where each log is cut; a log not named is cut at zero.
        pub cuts: Vec<Cut>,
    }

    impl Body for Revocation {
        const KIND: u64 = 1;
        const FIELDS: usize = 2;
        const EFFECT: Effect = Effect::None;

        fn bounded(&self) -> Result<(), Refusal> {
            at_most(self.cuts.len(), CUTS_MAX)
        }
    }

    /// Notice kind 3: what rests on both the notice's scope and the other one may start nothing
    /// `[TRIP-1]`, `[BREAK-2]`.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
    pub struct Trip {
        /// The scope on the other side of the breaker.
        pub other: Scope,
    }

    impl Body for Trip {
        const KIND: u64 = 3;
        const FIELDS: usize = 1;
        const EFFECT: Effect = Effect::None;

        fn bounded(&self) -> Result<(), Refusal> {
            Ok(())
        }
    }

    /// Notice kind 4: a root endorses a root's record `[ENDORSE-1]`.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
    pub struct Endorsement {
        /// The record.
        pub record: Citation,
    }

    impl Body for Endorsement {
        const KIND: u64 = 4;
        const FIELDS: usize = 1;
        const EFFECT: Effect = Effect::None;

        fn bounded(&self) -> Result<(), Refusal> {
            Ok(())
        }
    }

    /// The bytes of a notice body.
    ///
    /// # Errors
    /// [`Reason::TooLarge`] when a bound is exceeded.
    pub fn encode<B: Body>(body: &B) -> Result<Vec<u8>, Refusal> {
        body.bounded()?;
        Ok(cbor::encode(body))
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
        let (least, ideal, attestations) = (Millis(1), Millis(1), Vec::new());
        Claim { alternatives: vec![vec![0]], class: 0, least, ideal, rule_set: 1, attestations, over }
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
        let body = Commitment {
            act: Act::Promise,
            to: None,
            answers: Vec::new(),
            due: None,
            terms: None,
            text: String::new(),
        };
        let plain = body.record(Tai(9), Vec::new()).unwrap();
        let mut extended = plain.clone();
        extended.body = cbor::encode_with_tail(&body, Commitment::FIELDS, &[0x00]);
        let framed = plain.clone().with_tail(vec![0x00]);
        for record in [&plain, &extended, &framed] {
            assert_eq!(Meaning::of(record), Meaning::Commitment(body.clone()));
        }
        let critical = |record: &Record| {
            let mut record = record.clone();
            record.critical = true;
            Meaning::of(&record)
        };
        assert_eq!(critical(&plain), Meaning::Commitment(body));
        assert_eq!(critical(&extended), Meaning::Unknown);
        assert_eq!(critical(&framed), Meaning::Unknown);
    }

    #[test]
    fn an_effect_other_than_the_kinds_makes_void() {
        let body = Capability { name: ResourcePath::root(), versions: (1, 1), properties: Vec::new() };
        let record = body.record(Tai(9), Vec::new()).unwrap().with_footprints(Effect::Takes, Vec::new());
        assert_eq!(Meaning::of(&record.unwrap()), Meaning::Void(Reason::Shape.into()));
    }

    #[test]
    fn reserved_numbers_have_no_meaning() {
        for (kind, name) in RESERVED {
            assert_eq!(Meaning::of(&Record::new(*kind, Tai(9), vec![0xff])), Meaning::Unknown, "{name}");
        }
    }
}
