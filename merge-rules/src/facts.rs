//! What the rules have read so far, indexed so that a verdict looks only at what it rests on.
//!
//! - Every map is persistent: a snapshot is a copy of a few roots, and blocks nothing.
//! - One function adds and removes the indexes of a record, so that nothing is left behind.
//! - Logs and rights are numbered in the order in which they are met; the numbers appear in no verdict.

use crate::restrictions::Restricted;
use crate::votes::Voted;
use intent_contracts::kinds::{
    Claim, Closing, CoSignature, Give, GivingBack, Meaning, Needs, Receiver, Reclaim, Resource, Roles,
    Rotation,
};
use intent_contracts::{
    AuthorKey, Authored, Citation, Digest, Effect, EntryId, Evidence, Footprint, LogId, LogKey, NoticeId,
    RecordId, ResourceId, Scope, Tai, Window,
};
use std::sync::Arc;

/// Stands for a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LogNo(pub(crate) u32);

/// Where a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) log: LogNo,
    pub(crate) slot: u64,
    pub(crate) index: u8,
}

impl Place {
    /// Before every record of a log above `slot`.
    pub(crate) const fn above(log: LogNo, slot: u64) -> Self {
        Self { log, slot: slot.saturating_add(1), index: 0 }
    }

    pub(crate) const FIRST: Self = Self { log: LogNo(0), slot: 0, index: 0 };
}

/// Where a footprint stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PartPlace {
    pub(crate) place: Place,
    pub(crate) part: u8,
}

impl PartPlace {
    pub(crate) const FIRST: Self = Self { place: Place::FIRST, part: 0 };
}

/// What a log is, as far as the rules care.
#[derive(Debug, Clone)]
pub(crate) struct Log {
    pub(crate) id: LogId,
    pub(crate) key: LogKey,
    pub(crate) scope: Scope,
    pub(crate) roles: Roles,
    /// The place of the root under which it stands, when it stands under one directly.
    pub(crate) root: Option<u8>,
}

/// How a log ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) slot: u64,
    pub(crate) forked: bool,
}

/// The last entry of a trunk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head {
    pub(crate) slot: u64,
    /// The earliest moment at which it can have been written `[ACT-2]`.
    pub(crate) earliest: Tai,
}

/// One admitted entry.
#[derive(Debug)]
pub(crate) struct Entered {
    pub(crate) id: EntryId,
    pub(crate) authored: Authored,
    pub(crate) records: Vec<Known>,
}

/// One record as this version reads it.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) until: Tai,
    pub(crate) effect: Effect,
    pub(crate) footprints: Vec<Footprint>,
    pub(crate) what: What,
    /// Whether it cannot be read and may free what its log holds `[BACK-3]`.
    pub(crate) may_free: bool,
    /// What makes it void whatever else is known.
    pub(crate) flaw: Option<Flaw>,
    /// Of a claim, what each claim that it cites as over carries along as proof `[OPEN-6]`.
    pub(crate) releases: Vec<Option<Proof>>,
}

/// What a record carries along as evidence, and what it means in its own entry `[PROOF-1]`.
#[derive(Debug)]
pub(crate) struct Proof {
    pub(crate) evidence: Evidence,
    pub(crate) meaning: Meaning,
}

/// The meaning of a record, of the kinds that bear on rights.
#[derive(Debug)]
pub(crate) enum What {
    Enrol,
    Resource(ResourceId, Arc<Resource>),
    Give(Give),
    Claim(Claim),
    /// A release or post.
    Ending(GivingBack),
    Return(GivingBack),
    Reclaim(Reclaim, Option<Box<Proof>>),
    Rotation(Rotation),
    Closing(Closing),
    CoSignature(CoSignature),
    /// It has no bearing on rights.
    Plain,
    /// It cannot be read.
    Opaque,
    /// Its body is broken `[KIND-2]`.
    Broken,
}

impl Known {
    /// Whether the record is a lease's and not a right's: who stands there keeps others out `[OCC-1]`.
    pub(crate) fn is_leaf(&self) -> bool {
        match &self.what {
            What::Claim(_) | What::Opaque | What::Broken => self.effect == Effect::Takes,
            What::Give(give) => matches!(give.to, Receiver::Claim { .. }),
            _ => false,
        }
    }

    pub(crate) fn is_opaque(&self) -> bool {
        matches!(self.what, What::Opaque | What::Broken)
    }
}

/// A contradiction that a record carries in itself or shows against its own enrolment `[LEASE-6]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flaw {
    /// Its body cannot be read.
    Unreadable,
    /// Its author's enrolment lacks the role.
    Role,
    /// Its class, or that of what it enrols, is above its author's.
    Class,
    /// It enrols with roles that its author lacks.
    Roles,
    /// It stands too many steps from the charter.
    Depth,
    /// Too many gives stand between it and the charter.
    Gives,
    /// It names a footprint or alternative that it does not have.
    Places,
    /// An amount is zero, more than what it is of, or of an exclusive resource not one.
    Amount,
    /// A lease is longer than the charter allows.
    TooLong,
    /// It does not last until its windows' end and the longest lease.
    UntilTooEarly,
    /// It outlives what it cites.
    Outlives,
    /// A give's part names no right.
    NoRight,
    /// A claim of an open resource has more than one alternative.
    OpenAlternatives,
    /// A cited record stands elsewhere or has another until than cited.
    Miscited,
    /// A part is not drawn on a right of its own log.
    NotHeld,
    /// A part does not lie within its right.
    OutsideRight,
    /// Its resource does not belong to its log's scope.
    Scope,
    /// A rotation that does not open a log of the enrolment's next key.
    Misplaced,
    /// A closing outside the safety lane.
    Lane,
    /// It gives back or reclaims what is not its log's to give back.
    NotItsOwn,
    /// It needs co-signers and has the role to deny or verify.
    CoSigned,
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Unreadable => "its body cannot be read",
            Self::Role => "its author is not enrolled for this role",
            Self::Class => "its priority class is above its author's",
            Self::Roles => "it enrols with roles that its author lacks",
            Self::Depth => "it stands too many steps from the charter",
            Self::Gives => "too many gives stand between it and the charter",
            Self::Places => "it names a footprint or an alternative that does not exist",
            Self::Amount => "an amount is zero, more than there was, or of an exclusive resource not one",
            Self::TooLong => "its window is longer than the longest lease",
            Self::UntilTooEarly => "its until is earlier than its window's end plus the longest lease",
            Self::Outlives => "it outlives what it cites",
            Self::NoRight => "a given part names no right",
            Self::OpenAlternatives => "a claim of an open resource has one alternative",
            Self::Miscited => "what it cites stands elsewhere or has another until",
            Self::NotHeld => "its log does not hold the right",
            Self::OutsideRight => "it does not lie within its right",
            Self::Scope => "the resource does not belong to its log's scope",
            Self::Misplaced => "a rotation opens a log of the next key that lasts as long as the enrolment",
            Self::Lane => "breakers are closed in the safety lane",
            Self::CoSigned => "who needs co-signers neither denies nor verifies",
            Self::NotItsOwn => "what it gives back or reclaims is not its log's to give back",
        })
    }
}

/// A present enrolment.
#[derive(Debug)]
pub(crate) struct Enrolled {
    pub(crate) parent: Option<RecordId>,
    /// Where the record stands; none for a root.
    pub(crate) place: Option<Place>,
    /// The place among the charter's roots.
    pub(crate) root: Option<u8>,
    pub(crate) depth: u64,
    pub(crate) key: AuthorKey,
    pub(crate) next_key: Option<Digest>,
    pub(crate) roles: Roles,
    pub(crate) scope: Scope,
    pub(crate) max_logs: u64,
    pub(crate) max_notices: u64,
    /// Its co-signers, when it needs some.
    pub(crate) needs: Option<Needs>,
    pub(crate) until: Tai,
    pub(crate) anchor: Option<RecordId>,
    pub(crate) ordinal: u64,
    pub(crate) answers: Vec<NoticeId>,
    /// Whether its entry is understood and its record readable.
    pub(crate) readable: bool,
    pub(crate) flaw: Option<Flaw>,
}

/// A revocation.
#[derive(Debug)]
pub(crate) struct Revoked {
    pub(crate) until: Tai,
    pub(crate) cuts: Vec<intent_contracts::kinds::Cut>,
}

/// A breaker trip.
#[derive(Debug)]
pub(crate) struct Tripped {
    pub(crate) enrolment: RecordId,
    /// The tripped scope.
    pub(crate) scope: Scope,
    /// The scope on the other side.
    pub(crate) other: Scope,
    pub(crate) until: Tai,
}

/// What is kept of a notice to take it out again.
#[derive(Debug, Clone)]
pub(crate) struct Noticed {
    pub(crate) enrolment: RecordId,
    /// The anchor that the author's enrolment names, or itself.
    pub(crate) anchor: RecordId,
    pub(crate) until: Tai,
    pub(crate) about: About,
}

/// What a notice is about.
#[derive(Debug, Clone)]
pub(crate) enum About {
    Key(AuthorKey, Arc<Revoked>),
    Endorsed(Citation, u8),
    Tripped(Arc<Tripped>),
    Voted(Arc<Voted>),
    Restricted(Arc<Restricted>),
    Nothing,
}

/// The class of a window's length: windows of one class differ by less than twice.
pub(crate) fn length_class(window: &Window) -> u8 {
    let length = window.end().since(window.start()).0;
    // At most 64.
    u8::try_from(u64::BITS - length.leading_zeros()).unwrap_or(u8::MAX)
}

/// The earliest start of a window of this class that can reach `start`.
pub(crate) const fn earliest_start(class: u8, start: Tai) -> Tai {
    let span = if class >= 64 { u64::MAX } else { (1 << class) - 1 };
    Tai(start.0.saturating_sub(span))
}
