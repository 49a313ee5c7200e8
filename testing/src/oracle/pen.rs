//! Writes signed items of a small fleet, for histories and for scenarios drawn by hand.
//!
//! Everything goes through the public constructors of the contracts crate, so that a pen writes only what
//! a peer could really send.

use crate::world::{WorldItem, key};
use intent_contracts::kinds::{Body, Embedded, notice::Endorsement};
use intent_contracts::{
    Authored, Charter, Citation, Digest, Header, KeyRing, Lane, LedgerId, LogId, LogKey, Millis, Notice,
    NoticeHeader, NoticeId, Record, RecordId, Scope, SignedEntry, SignedNotice, Signer as _, Tai, verify_one,
};

/// A log as its writer knows it.
#[derive(Debug, Clone)]
pub struct PenLog {
    /// What makes the log.
    pub key: LogKey,
    /// Its id.
    pub id: LogId,
    /// The number of the key that signs.
    pub signer: usize,
    /// What was written.
    pub entries: Vec<SignedEntry>,
}

/// Writes items in the order in which they are asked for.
pub struct Pen {
    /// What founds the ledger.
    pub charter: Charter,
    /// The logs that were opened.
    pub logs: Vec<PenLog>,
    /// What was written.
    pub items: Vec<WorldItem>,
    /// When the next item is written.
    pub now: Tai,
}

/// The error of all clocks.
const CLOCK_ERROR: Millis = Millis(1_000);

impl Pen {
    /// A pen that has written nothing.
    #[must_use]
    pub const fn new(charter: Charter, now: Tai) -> Self {
        Self { charter, logs: Vec::new(), items: Vec::new(), now }
    }

    /// The id of the ledger.
    #[must_use]
    pub const fn ledger(&self) -> LedgerId {
        self.charter.ledger_id()
    }

    /// The enrolment of a root.
    #[must_use]
    pub const fn root(&self, number: u8) -> RecordId {
        RecordId::root(&self.ledger(), number)
    }

    /// Opens a log, which exists once something is written to it.
    pub fn open(
        &mut self,
        signer: usize,
        enrolment: RecordId,
        lane: Lane,
        end: Tai,
        incarnation: u64,
    ) -> usize {
        let key = LogKey { author: key(signer).author(), lane, incarnation, end, enrolment };
        let id = key.id(&self.ledger());
        self.logs.push(PenLog { key, id, signer, entries: Vec::new() });
        self.logs.len() - 1
    }

    /// Writes an entry above the head of a log and tells how its records are cited.
    ///
    /// # Panics
    /// When the records are beyond the bounds of the format.
    pub fn write(&mut self, log: usize, records: &[Record]) -> Vec<Citation> {
        let below = self.logs[log].entries.len();
        let entry = self.sign(log, below, records);
        self.logs[log].entries.push(entry.clone());
        self.items.push(WorldItem::Entry(entry.clone()));
        citations(self.logs[log].id, &entry)
    }

    /// Writes another entry above the first `below` ones of a log: a fork, unless that is its head.
    ///
    /// # Panics
    /// When the records are beyond the bounds of the format.
    pub fn write_beside(&mut self, log: usize, below: usize, records: &[Record]) -> Vec<Citation> {
        let entry = self.sign(log, below, records);
        self.items.push(WorldItem::Entry(entry.clone()));
        citations(self.logs[log].id, &entry)
    }

    fn sign(&mut self, log: usize, below: usize, records: &[Record]) -> SignedEntry {
        let ledger = self.ledger();
        let PenLog { key: log_key, signer, entries, .. } = &self.logs[log];
        let prev = below.checked_sub(1).map_or(log_key.enrolment.entry, |head| entries[head].id());
        let records = Record::encode_all(records).expect("records that are written are within their bounds");
        let authored = Authored { at: self.now, error: CLOCK_ERROR };
        let header = Header::new(*log_key, below as u64 + 1, prev, authored, Digest::of(&records));
        self.now = self.now.plus(Millis(60_000));
        SignedEntry::sign(&ledger, &header, &records, key(*signer)).expect("a key in memory signs")
    }

    /// Writes a notice for the whole of a scope.
    ///
    /// # Panics
    /// When the body is beyond the bounds of the format.
    pub fn notify<B: Body>(
        &mut self,
        signer: usize,
        enrolment: RecordId,
        scope: &Scope,
        until: Tai,
        body: &B,
    ) -> NoticeId {
        let bytes = intent_contracts::kinds::notice::encode(body).expect("a body within its bounds");
        self.notify_raw((signer, enrolment), scope, until, (B::KIND, bytes))
    }

    /// Writes a notice of any kind.
    ///
    /// # Panics
    /// When the body is beyond the bounds of the format.
    pub fn notify_raw(
        &mut self,
        (signer, enrolment): (usize, RecordId),
        scope: &Scope,
        until: Tai,
        (kind, body): (u64, Vec<u8>),
    ) -> NoticeId {
        let authored = Authored { at: self.now, error: CLOCK_ERROR };
        let author = key(signer).author();
        let header = NoticeHeader { author, enrolment, scope: scope.clone(), until, authored };
        let notice = Notice::new(header, kind, body);
        let signed =
            SignedNotice::sign(&self.ledger(), &notice, key(signer)).expect("a notice within its bounds");
        let id = signed.id();
        self.items.push(WorldItem::Notice(signed));
        id
    }

    /// Writes a notice as a newer version would.
    ///
    /// # Panics
    /// When the body is beyond the bounds of the format.
    pub fn notify_later(
        &mut self,
        (signer, enrolment): (usize, RecordId),
        scope: &Scope,
        until: Tai,
        (kind, body): (u64, Vec<u8>),
    ) -> NoticeId {
        let authored = Authored { at: self.now, error: CLOCK_ERROR };
        let author = key(signer).author();
        let header = NoticeHeader { author, enrolment, scope: scope.clone(), until, authored };
        let notice = Notice::new(header, kind, body).with_future(2, Vec::new());
        let signed =
            SignedNotice::sign(&self.ledger(), &notice, key(signer)).expect("a notice within its bounds");
        let id = signed.id();
        self.items.push(WorldItem::Notice(signed));
        id
    }

    /// A root endorses a record.
    pub fn endorse(&mut self, root: u8, record: Citation) -> NoticeId {
        let (until, enrolment) = (self.charter.until(), self.root(root));
        self.notify(root.into(), enrolment, &Scope::root(), until, &Endorsement { record })
    }

    /// A record that was written, to be carried along as evidence.
    ///
    /// # Panics
    /// Never: what a pen writes is authentic.
    #[must_use]
    pub fn embed(&self, log: usize, seq: u64, index: u8) -> Option<Embedded> {
        let entry = self.logs[log].entries.iter().find(|entry| entry.header().seq == seq)?;
        let verified = verify_one(&self.ledger(), entry.clone(), &mut KeyRing::new());
        Some(Embedded::of(&verified.expect("what a pen writes is authentic"), index))
    }

    /// The log with this id.
    #[must_use]
    pub fn log_of(&self, id: &LogId) -> Option<usize> {
        self.logs.iter().position(|log| log.id == *id)
    }
}

fn citations(log: LogId, entry: &SignedEntry) -> Vec<Citation> {
    let records = (0u8..).zip(entry.records());
    let cite = |(index, record): (u8, &Record)| {
        let id = RecordId { entry: entry.id(), index };
        Citation { log, seq: entry.header().seq, record: id, until: record.until }
    };
    records.map(cite).collect()
}
