//! How the state lies in a store: keys, checksums, and the draft of one commit `[STORE-2]`.
//!
//! - The first byte of a key is its table. Entries are keyed by (log number, slot), so that a log is
//!   written and read in order.
//! - A value is an 8-byte checksum over key and content, then the content.
//! - A draft reads its own writes, so one commit can build on itself.

use super::{StoreError, View, Write};
use intent_contracts::{LogId, NoticeId, RecordId, cbor};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

const CHECKSUM: usize = 8;

/// What the keys of [`own_log_key`] and [`unheard_key`] start with in their table.
pub(crate) const OWN_LOG: &str = "own-log/";
pub(crate) const UNHEARD: &str = "unheard-notice/";

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
    Dead = b'x',
}

impl Table {
    pub(crate) const ALL: [Self; 8] = [
        Self::Meta,
        Self::Log,
        Self::Entry,
        Self::Terminal,
        Self::Notice,
        Self::Enrolment,
        Self::Digest,
        Self::Dead,
    ];

    pub(crate) const fn prefix(self) -> [u8; 1] {
        [self as u8]
    }

    pub(crate) fn key(self, rest: &[u8]) -> Vec<u8> {
        [&self.prefix()[..], rest].concat()
    }
}

pub(crate) fn meta_key(name: &str) -> Vec<u8> {
    Table::Meta.key(name.as_bytes())
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
