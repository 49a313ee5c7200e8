//! Frontiers: what a replica says that it has admitted `[SYNC-2]`.
//!
//! - A frontier is salted afresh for every message; its tags mean nothing under another salt.
//! - It describes the state exactly; the waiting pool is not in it `[SYNC-6]`.
//! - It is bounded: one that would be too long speaks only of what has a tag below a limit. The salt draws
//!   another part of everything for each message, so in time every log and notice is spoken of.
//! - It is not signed: a lying one wastes bytes and nothing else `[SYNC-10]`.

use crate::bounds::{DIGESTS_TOLD_TOTAL_MAX, FRONTIER_BYTES_MAX, INTERESTS_MAX};
use crate::bundle::ledger_tag;
use intent_contracts::{LedgerId, Reason, Refusal, Scope, Tai, cbor};
use serde_bytes::ByteArray;
use serde_tuple::{Deserialize_tuple, Serialize_tuple};
use std::collections::{BTreeMap, BTreeSet};

/// Eight bytes of a salted hash: names something to whoever holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct Tag(ByteArray<8>);

/// Bytes of an encoded tag.
const TAG_BYTES: usize = 9;

/// What a frontier says of one log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub(crate) struct LogLine {
    pub(crate) log: Tag,
    pub(crate) head: u64,
    pub(crate) head_tag: Tag,
    /// The slot of the terminal; zero when there is none.
    pub(crate) terminal: u64,
    pub(crate) terminal_tag: Tag,
}

impl LogLine {
    /// Bytes of the encoded line.
    const fn size(&self) -> usize {
        1 + 3 * TAG_BYTES + uint_size(self.head) + uint_size(self.terminal)
    }
}

/// Bytes of an encoded unsigned integer.
const fn uint_size(value: u64) -> usize {
    match value {
        0..24 => 1,
        24..=0xff => 2,
        0x100..=0xffff => 3,
        0x1_0000..=0xffff_ffff => 5,
        _ => 9,
    }
}

/// What a frontier says of one closed epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub(crate) struct DigestLine {
    pub(crate) scope: Scope,
    /// A lane's number, or [`crate::horizon::NOTICES`].
    pub(crate) lane: u8,
    pub(crate) epoch: Tai,
    pub(crate) tag: Tag,
}

/// What a replica has admitted, as it tells a peer.
///
/// Its bytes are at most [`FRONTIER_BYTES_MAX`]: where all would be more, it [speaks of a
/// part](Self::is_whole) `[SYNC-2]`.
///
/// ```
/// use intent_ledger::Frontier;
/// use intent_ledger::contracts::{LedgerId, Scope};
/// let unknown = Frontier::unknown(&LedgerId::from_bytes([1; 32]), vec![Scope::root()]);
/// assert!(unknown.is_whole());
/// assert_eq!(Frontier::decode(&unknown.encode()), Ok(unknown));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frontier {
    pub(crate) ledger: [u8; 8],
    pub(crate) salt: [u8; 16],
    pub(crate) horizon: Tai,
    pub(crate) birth: Option<Tai>,
    pub(crate) interests: Vec<Scope>,
    pub(crate) logs: BTreeMap<Tag, LogLine>,
    pub(crate) notices: BTreeSet<Tag>,
    pub(crate) digests: Vec<DigestLine>,
    /// It says nothing about what has this tag or a greater one.
    limit: Option<Tag>,
}

#[derive(Serialize_tuple, Deserialize_tuple)]
struct Wire {
    version: u64,
    ledger: ByteArray<8>,
    salt: ByteArray<16>,
    horizon: Tai,
    birth: Option<Tai>,
    interests: Vec<Scope>,
    logs: Vec<LogLine>,
    notices: Vec<Tag>,
    digests: Vec<DigestLine>,
    limit: Option<Tag>,
}

impl Frontier {
    /// The frontier of a peer of which nothing is known but its interests `[SYNC-7]`.
    #[must_use]
    pub fn unknown(ledger: &LedgerId, interests: Vec<Scope>) -> Self {
        Self {
            ledger: ledger_tag(ledger),
            salt: [0; 16],
            horizon: Tai(0),
            birth: None,
            interests,
            logs: BTreeMap::new(),
            notices: BTreeSet::new(),
            digests: Vec::new(),
            limit: None,
        }
    }

    /// The wire bytes, at most [`FRONTIER_BYTES_MAX`].
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let whole = self.encode_all();
        if whole.len() <= FRONTIER_BYTES_MAX {
            return whole;
        }
        // What a one-way sender assumes may have grown beyond what a message holds.
        self.clone().within(FRONTIER_BYTES_MAX).encode_all()
    }

    /// Whether it speaks of everything; else a log or notice that it does not name may be there or not.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.limit.is_none()
    }

    /// The same frontier in at most `bytes`, for a narrow link: what has the greatest tags is left out.
    ///
    /// Interests and epoch digests stay, whatever they take.
    #[must_use]
    pub fn within(mut self, bytes: usize) -> Self {
        let (logs, notices) = (std::mem::take(&mut self.logs), std::mem::take(&mut self.notices));
        // The limit, and the longer heads of the two lists.
        let mut size = self.encode_all().len() + 8 + 2 * 8;
        let lines = logs.iter().map(|(tag, line)| (*tag, line.size()));
        let mut told: Vec<(Tag, usize)> = lines.chain(notices.iter().map(|tag| (*tag, TAG_BYTES))).collect();
        told.sort_unstable();
        let excluded = told.into_iter().find(|(_, line)| {
            size += line;
            size > bytes
        });
        self.limit = excluded.map(|(tag, _)| tag).or(self.limit);
        self.logs = logs.into_iter().filter(|(tag, _)| self.speaks_of(tag)).collect();
        self.notices = notices.into_iter().filter(|tag| self.speaks_of(tag)).collect();
        self
    }

    /// Whether what has this tag and is not named is surely lacking.
    pub(crate) fn speaks_of(&self, tag: &Tag) -> bool {
        self.limit.is_none_or(|limit| *tag < limit)
    }

    fn encode_all(&self) -> Vec<u8> {
        cbor::encode(&Wire {
            version: 1,
            ledger: ByteArray::new(self.ledger),
            salt: ByteArray::new(self.salt),
            horizon: self.horizon,
            birth: self.birth,
            interests: self.interests.clone(),
            logs: self.logs.values().copied().collect(),
            notices: self.notices.iter().copied().collect(),
            digests: self.digests.clone(),
            limit: self.limit,
        })
    }

    /// Reads a frontier from exactly its wire bytes.
    ///
    /// # Errors
    /// A [`Refusal`] of the structure or of a field; lists that do not rise strictly are refused.
    pub fn decode(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > FRONTIER_BYTES_MAX {
            return Err(Reason::TooLarge.into());
        }
        let wire: Wire = cbor::read(bytes)?;
        if wire.version != 1 {
            return Err(Reason::Version.into());
        }
        if wire.interests.len() > INTERESTS_MAX || wire.digests.len() > DIGESTS_TOLD_TOTAL_MAX {
            return Err(Reason::TooLarge.into());
        }
        let rising = wire.logs.windows(2).all(|pair| pair[0].log < pair[1].log)
            && wire.notices.windows(2).all(|pair| pair[0] < pair[1]);
        if !rising {
            return Err(Reason::KeyOrder.into());
        }
        Ok(Self {
            ledger: wire.ledger.into_array(),
            salt: wire.salt.into_array(),
            horizon: wire.horizon,
            birth: wire.birth,
            interests: wire.interests,
            logs: wire.logs.into_iter().map(|line| (line.log, line)).collect(),
            notices: wire.notices.into_iter().collect(),
            digests: wire.digests,
            limit: wire.limit,
        })
    }

    pub(crate) fn tagger(&self) -> Tagger {
        Tagger::new(&self.salt)
    }

    pub(crate) fn holds(&self, scope: &Scope) -> bool {
        self.interests.iter().any(|interest| interest.on_one_line(scope))
    }
}

/// Makes the tags of one message.
pub(crate) struct Tagger {
    key: [u8; 32],
}

impl Tagger {
    fn new(salt: &[u8; 16]) -> Self {
        Self { key: blake3::derive_key("intent-ledger v1 frontier tag", salt) }
    }

    pub(crate) fn tag(&self, bytes: &[u8]) -> Tag {
        let mut tag = [0; 8];
        tag.copy_from_slice(&blake3::keyed_hash(&self.key, bytes).as_bytes()[..8]);
        Tag(ByteArray::new(tag))
    }
}
