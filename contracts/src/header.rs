//! Entry headers `[HDR-1]`.
//!
//! The first ten fields are frozen: every version writes them first and every version reads them.
//! Fields after them are kept as raw bytes.

use crate::bounds::HEADER_BYTES_MAX;
use crate::cbor::{self, Known};
use crate::ids::{Digest, EntryId, LogKey, RecordId};
use crate::key::AuthorKey;
use crate::refusal::{Reason, Refusal};
use crate::time::{Clock, Millis, Tai};
use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

/// The priority class of a log's records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Lane {
    /// Enrolments, modes, exceptions, closings of breakers.
    Safety,
    /// Everything else.
    Productivity,
}

impl Lane {
    /// Both lanes, the more urgent first.
    pub const ALL: [Self; 2] = [Self::Safety, Self::Productivity];

    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Safety => 0,
            Self::Productivity => 1,
        }
    }
}

impl TryFrom<u8> for Lane {
    type Error = Refusal;

    fn try_from(number: u8) -> Result<Self, Refusal> {
        match number {
            0 => Ok(Self::Safety),
            1 => Ok(Self::Productivity),
            _ => Err(Reason::Shape.into()),
        }
    }
}

impl From<Lane> for u8 {
    fn from(lane: Lane) -> Self {
        lane.number()
    }
}

/// When an author says that it wrote: a moment and the error that its clock declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Authored {
    /// The reading.
    pub at: Tai,
    /// The declared error, to both sides.
    pub error: Millis,
}

impl Authored {
    /// What an author writes whose clock reads `now` and whose last entry of the log was authored at
    /// `floor`: never earlier than before, with an error wide enough to contain `now` `[ADM-6]`.
    #[must_use]
    pub fn not_before(now: Clock, floor: Option<Tai>) -> Self {
        let at = floor.map_or(now.middle(), |floor| floor.max(now.middle()));
        let error = at.since(now.lo()).max(now.hi().since(at));
        Self { at, error }
    }

    /// The interval that contains the true time of writing, as long as the author's clock was sound.
    #[must_use]
    pub const fn clock(self) -> Clock {
        Clock::new(self.at, self.error)
    }
}

/// The header of one entry: all that its id, its signature and a fork proof need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The version of the format under which it was written, at least 1.
    pub version: u64,
    /// The log.
    pub log: LogKey,
    /// The place in the log, from 1, without holes.
    pub seq: u64,
    /// The entry at `seq - 1`; at 1 the entry that holds the enrolment record `[HDR-2]`.
    pub prev: EntryId,
    /// When it was written, by the author's own clock.
    pub authored: Authored,
    /// The BLAKE3 digest of the record bytes.
    pub digest: Digest,
    /// Raw fields of a newer version, kept as they came.
    tail: Vec<u8>,
}

/// The frozen fields in their order on the wire.
#[derive(Serialize_tuple, Deserialize_tuple)]
struct Wire {
    version: u64,
    author: AuthorKey,
    lane: Lane,
    incarnation: u64,
    end: Tai,
    enrolment: RecordId,
    seq: u64,
    prev: EntryId,
    authored: Authored,
    digest: Digest,
}

const FIELDS: usize = 10;

impl Header {
    /// The version that this library writes.
    pub const VERSION: u64 = 1;

    /// A header of this library's version.
    #[must_use]
    pub const fn new(log: LogKey, seq: u64, prev: EntryId, authored: Authored, digest: Digest) -> Self {
        Self { version: Self::VERSION, log, seq, prev, authored, digest, tail: Vec::new() }
    }

    /// The same header as a newer version would write it: another version number and further raw
    /// fields. For tests of version skew.
    #[must_use]
    pub fn with_future(mut self, version: u64, tail: Vec<u8>) -> Self {
        self.version = version;
        self.tail = tail;
        self
    }

    /// Raw fields of a newer version.
    #[must_use]
    pub fn tail(&self) -> &[u8] {
        &self.tail
    }

    /// The bytes that are hashed and signed.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let LogKey { author, lane, incarnation, end, enrolment } = self.log;
        let wire = Wire {
            version: self.version,
            author,
            lane,
            incarnation,
            end,
            enrolment,
            seq: self.seq,
            prev: self.prev,
            authored: self.authored,
            digest: self.digest,
        };
        cbor::encode_with_tail(&wire, FIELDS, &self.tail)
    }

    /// Reads a header from its bytes.
    ///
    /// # Errors
    /// A [`Refusal`] of the structure, of a field, or of the rule for the first entry.
    pub fn decode(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > HEADER_BYTES_MAX {
            return Err(Reason::TooLarge.into());
        }
        cbor::walk(bytes)?;
        let Known { value, tail } = cbor::decode_prefix::<Wire>(bytes, FIELDS)?;
        let Wire { version, author, lane, incarnation, end, enrolment, seq, prev, authored, digest } = value;
        if version == 0 {
            return Err(Reason::Version.into());
        }
        if seq == 0 || (seq == 1 && prev != enrolment.entry) {
            return Err(Reason::FirstPrev.into());
        }
        let log = LogKey { author, lane, incarnation, end, enrolment };
        Ok(Self { version, log, seq, prev, authored, digest, tail })
    }
}
