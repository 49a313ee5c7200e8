//! Frontiers: what a replica says that it has admitted `[SYNC-2]`.
//!
//! - A frontier is salted afresh for every message; its tags mean nothing under another salt.
//! - It describes the state exactly; the waiting pool is not in it `[SYNC-6]`.
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
/// Its bytes are at most [`FRONTIER_BYTES_MAX`].
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
        }
    }

    /// The wire bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
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
