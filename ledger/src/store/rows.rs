//! How the state lies in a store: keys, checksums, and the draft of one commit `[STORE-2]`.
//!
//! - The first byte of a key is its table. Entries are keyed by (log number, slot), so that a log is
//!   written and read in order.
//! - A value is an 8-byte checksum over key and content, then the content.
//! - A draft reads its own writes, so one commit can build on itself.

use super::{StoreError, View, Write};
use crate::continuity::{Generation, Marks};
use intent_contracts::{EntryId, LogId, NoticeId, RecordId, cbor};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

const CHECKSUM: usize = 8;

/// What the keys of [`own_log_key`] and [`unheard_key`] start with in their table.
const OWN_LOG: &str = "own-log/";
const UNHEARD: &str = "unheard-notice/";

/// A table: the first byte of its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Table {
    Meta = b'm',
    Log = b'l',
    Entry = b'e',
    Terminal = b't',
    Notice = b'n',
    Enrolment = b'r',
    Digest = b'd',
    Salvage = b's',
    Dead = b'x',
}

impl Table {
    pub(crate) const ALL: [Self; 9] = [
        Self::Meta,
        Self::Log,
        Self::Entry,
        Self::Terminal,
        Self::Notice,
        Self::Enrolment,
        Self::Digest,
        Self::Salvage,
        Self::Dead,
    ];

    /// The table of a row.
    pub(crate) fn of(key: &[u8]) -> Option<Self> {
        let first = key.first()?;
        Self::ALL.into_iter().find(|table| *table as u8 == *first)
    }

    pub(crate) const fn prefix(self) -> [u8; 1] {
        [self as u8]
    }

    pub(crate) fn key(self, rest: &[u8]) -> Vec<u8> {
        [&self.prefix()[..], rest].concat()
    }
}

/// The rows that tell of the replica itself. Each is there from the founding on, so a missing one is damage.
pub(crate) const META_NAMES: [&str; 17] = [
    "charter",
    "charter-copy",
    "interests",
    "interests-copy",
    "lost",
    "lost-copy",
    "horizon",
    "clock-floor",
    "birth",
    "generation",
    "generation-copy",
    "writing",
    "written",
    "unopened",
    "own-enrolment",
    "acknowledged",
    "census",
];

pub(crate) fn meta_key(name: &str) -> Vec<u8> {
    Table::Meta.key(name.as_bytes())
}

/// What a copy of a store holds in the place of this row, when that is not the row itself: generations that no host
/// ever recorded `[STORE-12]`. A row that cannot be read proves nothing as it is.
pub(crate) fn without_continuity(key: &[u8], value: &[u8]) -> Option<Vec<u8>> {
    if !key.starts_with(&meta_key("generation")) {
        return None;
    }
    let mut marks: Marks = parse(key, &unseal(key, value).ok()?).ok()?;
    marks.current = Generation::default();
    marks.previous = Generation::default();
    Some(seal(key, &cbor::encode(&marks)))
}

/// What the replica remembers of its own writing: the key says it, the row holds nothing `[HOR-4]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    OwnLog(LogId),
    Unheard(NoticeId),
}

/// The mark that a key is.
pub(crate) fn mark_of(key: &[u8]) -> Option<Mark> {
    let id = |name: &str| key.strip_prefix(meta_key(name).as_slice()).and_then(|id| id.try_into().ok());
    id(OWN_LOG)
        .map(|id| Mark::OwnLog(LogId::from_bytes(id)))
        .or_else(|| id(UNHEARD).map(|id| Mark::Unheard(NoticeId::from_bytes(id))))
}

/// Marks a log that this replica wrote `[HOR-4]`.
pub(crate) fn own_log_key(log: &LogId) -> Vec<u8> {
    meta_key(OWN_LOG).into_iter().chain(*log.as_bytes()).collect()
}

/// Marks an own notice that no peer is known to have `[HOR-4]`.
pub(crate) fn unheard_key(notice: &NoticeId) -> Vec<u8> {
    meta_key(UNHEARD).into_iter().chain(*notice.as_bytes()).collect()
}

pub(crate) fn log_key(log: &LogId) -> Vec<u8> {
    Table::Log.key(log.as_bytes())
}

pub(crate) fn terminal_key(log: &LogId) -> Vec<u8> {
    Table::Terminal.key(log.as_bytes())
}

pub(crate) fn notice_key(notice: &NoticeId) -> Vec<u8> {
    Table::Notice.key(notice.as_bytes())
}

pub(crate) fn enrolment_key(record: &RecordId) -> Vec<u8> {
    Table::Enrolment.key(&[&record.entry.as_bytes()[..], &[record.index]].concat())
}

pub(crate) fn entry_key(number: u64, slot: u64) -> Vec<u8> {
    let mut key = entry_prefix(number);
    key.extend_from_slice(&slot.to_be_bytes());
    key
}

/// The log number and slot in the key of an entry.
pub(crate) fn entry_place(key: &[u8]) -> Option<(u64, u64)> {
    let (number, slot) = key.strip_prefix(&Table::Entry.prefix())?.split_first_chunk::<8>()?;
    Some((u64::from_be_bytes(*number), u64::from_be_bytes(slot.try_into().ok()?)))
}

/// The number that the key of a dead one names.
pub(crate) fn dead_number(key: &[u8]) -> Option<u64> {
    key.strip_prefix(&Table::Dead.prefix())?.try_into().ok().map(u64::from_be_bytes)
}

/// The record that the key of an enrolment names.
pub(crate) fn record_of(key: &[u8]) -> Option<RecordId> {
    let (entry, index) = key.strip_prefix(&Table::Enrolment.prefix())?.split_first_chunk::<32>()?;
    match index {
        [index] => Some(RecordId { entry: EntryId::from_bytes(*entry), index: *index }),
        _ => None,
    }
}

/// The key of a bundle that was saved from damage: the same bytes are kept once.
pub(crate) fn salvage_key(bundle: &[u8]) -> Vec<u8> {
    Table::Salvage.key(blake3::hash(bundle).as_bytes())
}

pub(crate) fn entry_prefix(number: u64) -> Vec<u8> {
    Table::Entry.key(&number.to_be_bytes())
}

/// Where it is noted that the entries of a dropped log still lie under `number`.
pub(crate) fn dead_key(number: u64) -> Vec<u8> {
    Table::Dead.key(&number.to_be_bytes())
}

/// Adds the checksum to `content`.
pub(crate) fn seal(key: &[u8], content: &[u8]) -> Vec<u8> {
    [&checksum(key, content)[..], content].concat()
}

/// The content of a value whose checksum may not fit: for what proves itself by a signature.
pub(crate) fn unsealed(value: &[u8]) -> &[u8] {
    value.get(CHECKSUM..).unwrap_or(&[])
}

/// Takes the checksum off, or tells that it does not fit.
pub(crate) fn unseal(key: &[u8], value: &[u8]) -> Result<Vec<u8>, StoreError> {
    match value.split_at_checked(CHECKSUM) {
        Some((sum, content)) if sum == checksum(key, content) => Ok(content.to_vec()),
        _ => Err(StoreError::Damaged { what: format!("the checksum of row {} does not fit", shown(key)) }),
    }
}

fn checksum(key: &[u8], content: &[u8]) -> [u8; CHECKSUM] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(key);
    hasher.update(content);
    let mut sum = [0; CHECKSUM];
    hasher.finalize_xof().fill(&mut sum);
    sum
}

/// A key for people: its table and its first bytes in hex.
pub(crate) fn shown(key: &[u8]) -> String {
    let table = key.first().map_or('?', |byte| char::from(*byte));
    let rest: String = key.iter().skip(1).take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{table}:{rest}")
}

/// Reads the content at `key`.
pub(crate) fn content<V: View>(view: &V, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
    view.get(key)?.map(|value| unseal(key, &value)).transpose()
}

/// Reads a positional row.
pub(crate) fn parse<T: DeserializeOwned + Serialize>(key: &[u8], content: &[u8]) -> Result<T, StoreError> {
    cbor::read(content)
        .map_err(|refusal| StoreError::Damaged { what: format!("row {}: {refusal}", shown(key)) })
}

/// The writes of one commit over a view.
pub(crate) struct Draft<V> {
    view: V,
    writes: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
}

impl<V: View> Draft<V> {
    pub(crate) const fn over(view: V) -> Self {
        Self { view, writes: BTreeMap::new() }
    }

    pub(crate) fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        match self.writes.get(key) {
            Some(written) => Ok(written.clone()),
            None => content(&self.view, key),
        }
    }

    pub(crate) fn put(&mut self, key: Vec<u8>, content: Vec<u8>) {
        self.writes.insert(key, Some(content));
    }

    pub(crate) fn put_row<T: Serialize>(&mut self, key: Vec<u8>, row: &T) {
        self.put(key, cbor::encode(row));
    }

    pub(crate) fn delete(&mut self, key: Vec<u8>) {
        self.writes.insert(key, None);
    }

    /// Takes back the writes under `prefix` that would leave their rows as they are.
    pub(crate) fn drop_unchanged(&mut self, prefix: &[u8]) -> Result<(), StoreError> {
        let under = self.writes.range(prefix.to_vec()..).take_while(|(key, _)| key.starts_with(prefix));
        let mut same = Vec::new();
        for (key, write) in under {
            match content(&self.view, key) {
                Ok(stored) if stored == *write => same.push(key.clone()),
                Ok(_) | Err(StoreError::Damaged { .. }) => {}
                Err(other) => return Err(other),
            }
        }
        for key in same {
            self.writes.remove(&key);
        }
        Ok(())
    }

    /// The keys of the writes, and whether each puts a value.
    pub(crate) fn written(&self) -> impl Iterator<Item = (&[u8], bool)> {
        self.writes.iter().map(|(key, content)| (key.as_slice(), content.is_some()))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    pub(crate) fn into_writes(self) -> Vec<Write> {
        let write = |(key, content): (Vec<u8>, Option<Vec<u8>>)| match content {
            Some(content) => {
                let value = seal(&key, &content);
                Write::Put(key, value)
            }
            None => Write::Delete(key),
        };
        self.writes.into_iter().map(write).collect()
    }
}
