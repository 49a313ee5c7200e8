//! Writes what no ledger would: entries and notices by any key, whatever the rules say.

use crate::world::{WorldItem, key};
use intent_contracts::{
    Authored, Digest, EntryId, Header, Lane, LedgerId, LogKey, Millis, Notice, NoticeHeader, Record,
    RecordId, Scope, SignedEntry, SignedNotice, Signer as _, Tai,
};

/// A log in the hand of whoever has the key.
#[derive(Debug, Clone)]
pub(super) struct Pen {
    ledger: LedgerId,
    signer: usize,
    pub(super) log: LogKey,
    pub(super) seq: u64,
    pub(super) prev: EntryId,
    /// Version and raw fields of a newer format.
    pub(super) future: bool,
}

impl Pen {
    /// A pen for a new log.
    pub(super) fn new(
        ledger: LedgerId,
        signer: usize,
        lane: Lane,
        incarnation: u64,
        end: Tai,
        enrolment: RecordId,
    ) -> Self {
        let log = LogKey { author: key(signer).author(), lane, incarnation, end, enrolment };
        Self { ledger, signer, log, seq: 1, prev: enrolment.entry, future: false }
    }

    /// A pen that goes on at any slot of a log whose key is in hand.
    pub(super) const fn at(ledger: LedgerId, signer: usize, log: LogKey, seq: u64, prev: EntryId) -> Self {
        Self { ledger, signer, log, seq, prev, future: false }
    }

    /// Signs the next entry.
    pub(super) fn write(&mut self, at: Tai, records: &[Record]) -> WorldItem {
        self.write_within(at, Millis(50), records)
    }

    /// Signs the next entry by a clock that errs by so much.
    pub(super) fn write_within(&mut self, at: Tai, error: Millis, records: &[Record]) -> WorldItem {
        let records = Record::encode_all(records).expect("generated records are within their bounds");
        let authored = Authored { at, error };
        let header = Header::new(self.log, self.seq, self.prev, authored, Digest::of(&records));
        let header = if self.future { header.with_future(2, vec![0x01]) } else { header };
        let entry = SignedEntry::sign(&self.ledger, &header, &records, key(self.signer))
            .expect("a key in memory signs what is within its bounds");
        self.seq += 1;
        self.prev = entry.id();
        WorldItem::Entry(entry)
    }
}

/// What a notice says beside its body.
pub(super) struct Note<'a> {
    pub(super) signer: usize,
    pub(super) enrolment: RecordId,
    pub(super) scope: &'a Scope,
    pub(super) until: Tai,
    pub(super) at: Tai,
    pub(super) future: bool,
}

impl Note<'_> {
    /// Signs it.
    pub(super) fn sign(&self, ledger: &LedgerId, (kind, body): (u64, Vec<u8>)) -> WorldItem {
        let header = NoticeHeader {
            author: key(self.signer).author(),
            enrolment: self.enrolment,
            scope: self.scope.clone(),
            until: self.until,
            authored: Authored { at: self.at, error: Millis(1) },
        };
        let notice = Notice::new(header, kind, body);
        let notice = if self.future { notice.with_future(2, vec![0x01]) } else { notice };
        let signed = SignedNotice::sign(ledger, &notice, key(self.signer))
            .expect("a key in memory signs what is within its bounds");
        WorldItem::Notice(signed)
    }
}
