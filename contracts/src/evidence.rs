//! Records of other logs that a record carries along as evidence `[PROOF-1]`.
//!
//! - What [`Embedded::check`] and [`verify_evidence`](crate::verify_evidence) return was signed by the log that it
//!   names, whatever becomes of that log.
//! - Checking costs one signature each time; who asks again remembers the answer.

use crate::entry::{SignedEntry, envelope};
use crate::header::{Authored, Header};
use crate::ids::{Digest, EntryId, LedgerId, LogKey, RecordId};
use crate::kinds::Embedded;
use crate::record::Record;
use crate::verify::Verified;
use serde_bytes::ByteBuf;

/// A record that its author has surely signed in this log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The log.
    pub log: LogKey,
    /// The slot.
    pub seq: u64,
    /// When it was written, by its author's clock.
    pub authored: Authored,
    /// The record's id.
    pub id: RecordId,
    /// The record.
    pub record: Record,
}

impl Embedded {
    /// The record at `index` of an authentic entry, to be carried along.
    #[must_use]
    pub fn of(entry: &Verified<SignedEntry>, index: u8) -> Self {
        Self {
            headers: vec![ByteBuf::from(entry.header_bytes())],
            signature: *entry.signature(),
            records: ByteBuf::from(entry.record_bytes()),
            index,
        }
    }

    /// Checks the chain, the digest and the signature; none when anything does not fit.
    ///
    /// Cost: one signature check, that of its key, and a hash of the bytes. Many together are cheaper with
    /// [`verify_evidence`](crate::verify_evidence), which says the same.
    #[must_use]
    pub fn check(&self, ledger: &LedgerId) -> Option<Evidence> {
        let (evidence, message) = self.signed(ledger)?;
        let key = evidence.log.author.check().ok()?;
        key.accepts(&message, &self.signature).then_some(evidence)
    }

    /// What it shows if its signature, over the message, holds; none when the chain or the digest does not fit.
    pub(crate) fn signed(&self, ledger: &LedgerId) -> Option<(Evidence, Vec<u8>)> {
        let (first, later) = self.headers.split_first()?;
        let header = Header::decode(first).ok()?;
        let mut last: &[u8] = first;
        let mut below = (header.seq, EntryId::of(ledger, first));
        for raw in later {
            let next = Header::decode(raw).ok()?;
            if next.log != header.log || Some(next.seq) != below.0.checked_add(1) || next.prev != below.1 {
                return None;
            }
            below = (next.seq, EntryId::of(ledger, raw));
            last = raw;
        }
        if Digest::of(&self.records) != header.digest {
            return None;
        }
        let record = Record::decode_all(&self.records).ok()?.into_iter().nth(usize::from(self.index))?;
        let message = envelope::message(ledger.as_bytes(), last);
        let id = RecordId { entry: EntryId::of(ledger, first), index: self.index };
        let evidence = Evidence { log: header.log, seq: header.seq, authored: header.authored, id, record };
        Some((evidence, message))
    }
}
