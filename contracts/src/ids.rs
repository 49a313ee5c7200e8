//! Ids: 32-byte hashes, each of a type of its own and under a context of its own `[ID-1]`.

use crate::header::Lane;
use crate::key::AuthorKey;
use crate::time::Tai;
use serde_tuple::{Deserialize_tuple, Serialize_tuple};
use std::fmt;

/// Defines a newtype over a byte array that CBOR carries as a byte string of just that length.
macro_rules! byte_array {
    ($(#[$doc:meta])* $name:ident, $length:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $length]);

        impl $name {
            /// The value with these bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; $length]) -> Self {
                Self(bytes)
            }

            /// The bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; $length] {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            /// The first eight bytes in hex: enough for a log line, not for identity.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.iter().take(8).try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_bytes(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Bytes;
                impl serde::de::Visitor<'_> for Bytes {
                    type Value = [u8; $length];
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        write!(f, "a byte string of {} bytes", $length)
                    }
                    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                        bytes.try_into().map_err(|_| E::invalid_length(bytes.len(), &self))
                    }
                }
                deserializer.deserialize_bytes(Bytes).map($name)
            }
        }
    };
}
pub(crate) use byte_array;

byte_array!(
    /// Names one ledger: the hash of its charter. An entry of one ledger is nothing in another.
    LedgerId, 32
);
byte_array!(
    /// Names one entry: the hash of its header. The signature is not part of it `[ID-2]`.
    EntryId, 32
);
byte_array!(
    /// Names one notice: the hash of its payload. The signature is not part of it.
    NoticeId, 32
);
byte_array!(
    /// Names one log: the hash of its [`LogKey`].
    LogId, 32
);
byte_array!(
    /// Names one resource: the hash of its declaration, so that nobody can declare one twice with
    /// different meanings `[ID-5]`.
    ResourceId, 32
);
byte_array!(
    /// A plain BLAKE3 digest of some bytes.
    Digest, 32
);

impl Digest {
    /// The digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }
}

/// Names one record: its entry and its place in it, counted from zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize_tuple, Deserialize_tuple)]
pub struct RecordId {
    /// The entry that holds the record.
    pub entry: EntryId,
    /// The record's place in the entry.
    pub index: u8,
}

impl RecordId {
    /// The enrolment of the charter's root key number `index` `[CHARTER-4]`.
    #[must_use]
    pub const fn root(ledger: &LedgerId, index: u8) -> Self {
        Self { entry: EntryId::from_bytes(ledger.0), index }
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.entry, self.index)
    }
}

/// What makes one log: its writer, lane, incarnation and end, and the enrolment that admits it `[LOG-1]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize_tuple, Deserialize_tuple)]
pub struct LogKey {
    /// The key that signs every entry.
    pub author: AuthorKey,
    /// The lane of all its records.
    pub lane: Lane,
    /// A random number that sets this log apart from every other of the same author.
    pub incarnation: u64,
    /// No record of the log matters beyond this moment.
    pub end: Tai,
    /// The enrolment record under which the log is admitted, named in every header `[HDR-3]`.
    pub enrolment: RecordId,
}

impl LogKey {
    /// The id of the log in this ledger.
    #[must_use]
    pub fn id(&self, ledger: &LedgerId) -> LogId {
        let mut hasher = context("intent-ledger v1 log", ledger);
        hasher.update(self.author.as_bytes());
        hasher.update(&[self.lane.number()]);
        hasher.update(&self.incarnation.to_be_bytes());
        hasher.update(&self.end.0.to_be_bytes());
        hasher.update(self.enrolment.entry.as_bytes());
        hasher.update(&[self.enrolment.index]);
        LogId(*hasher.finalize().as_bytes())
    }
}

/// A hasher in derive-key mode that has taken in the ledger id.
fn context(name: &str, ledger: &LedgerId) -> blake3::Hasher {
    let mut hasher = blake3::Hasher::new_derive_key(name);
    hasher.update(&ledger.0);
    hasher
}

impl EntryId {
    /// The id of the entry with this header, in this ledger `[ID-2]`.
    #[must_use]
    pub fn of(ledger: &LedgerId, header: &[u8]) -> Self {
        Self(*context("intent-ledger v1 entry", ledger).update(header).finalize().as_bytes())
    }
}

impl EntryId {
    /// What stands for the entry of window number `repeat` of the charter's first give number `place`,
    /// which no entry can have for its id `[RIGHT-1]`.
    #[must_use]
    pub fn first_give(ledger: &LedgerId, place: u64, repeat: u64) -> Self {
        let mut hasher = context("intent-ledger v1 first give", ledger);
        hasher.update(&place.to_be_bytes());
        hasher.update(&repeat.to_be_bytes());
        Self(*hasher.finalize().as_bytes())
    }
}

impl NoticeId {
    /// The id of the notice with this payload, in this ledger `[ID-3]`.
    #[must_use]
    pub fn of(ledger: &LedgerId, payload: &[u8]) -> Self {
        Self(*context("intent-ledger v1 notice", ledger).update(payload).finalize().as_bytes())
    }
}

impl LedgerId {
    /// The id of the ledger with this charter `[ID-4]`.
    #[must_use]
    pub fn of(charter: &[u8]) -> Self {
        Self(blake3::derive_key("intent-ledger v1 charter", charter))
    }
}

impl ResourceId {
    /// The id of the resource with this declaration body `[ID-5]`.
    #[must_use]
    pub fn of(declaration: &[u8]) -> Self {
        Self(blake3::derive_key("intent-ledger v1 resource", declaration))
    }
}
