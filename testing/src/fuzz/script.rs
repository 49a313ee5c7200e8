//! Bytes become a small history: what a handful of authors, some of them faulty, sign.
//!
//! - Every byte string is a script; a step is six bytes, and what is left over is ignored.
//! - All items are authentic. What is wrong with them is what they say: forks, holes, wrong links, times
//!   that go back, budgets exceeded, authority that is absent.

use super::cast::{DAYS, KEYS, charter, day, key};
use arbitrary::{Arbitrary, Unstructured};
use intent_ledger::ItemBytes;
use intent_ledger::contracts::kinds::{Body, Enrol, Lineage, Roles};
use intent_ledger::contracts::{
    Authored, Digest, EntryId, Header, Label, Lane, LogKey, Millis, Notice, NoticeHeader, Record, RecordId,
    Scope, SignedEntry, SignedNotice, Signer as _, Tai, cbor,
};

/// Steps that one script takes at most, so that a body is bounded in time.
const STEPS_MAX: usize = 40;
/// Headers of one branch of a fork proof at most.
const BRANCH_MAX: u8 = 4;

/// One signed item as bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Signed {
    Entry(Vec<u8>),
    Notice(Vec<u8>),
    Fork(Vec<u8>),
}

impl Signed {
    pub(super) fn as_item(&self) -> ItemBytes<'_> {
        match self {
            Self::Entry(bytes) => ItemBytes::Entry(bytes),
            Self::Notice(bytes) => ItemBytes::Notice(bytes),
            Self::Fork(bytes) => ItemBytes::Fork(bytes),
        }
    }
}

/// What one step does; which fields mean what depends on it.
#[derive(Debug, Clone, Copy, Arbitrary)]
struct Step {
    act: u8,
    who: u8,
    what: u8,
    how: u8,
    size: u8,
    more: u8,
}

/// A log that somebody writes, with every branch of it.
struct Written {
    key: LogKey,
    author: u8,
    entries: Vec<SignedEntry>,
}

/// The scopes that a script names.
pub(super) fn scope(number: u8) -> Scope {
    let text = ["", "mars", "mars/forge", "moon"][usize::from(number % 4)];
    Scope::parse(text).expect("plain labels")
}

/// Reads the rest of `input` as steps and returns what they sign, in the order of signing.
pub(super) fn items(input: &mut Unstructured<'_>) -> Vec<Signed> {
    let root = RecordId::root(&charter().ledger_id(), 0);
    let mut script = Script { enrolments: vec![(root, 0)], logs: Vec::new(), items: Vec::new() };
    for _ in 0..STEPS_MAX {
        if input.len() < 6 {
            break;
        }
        let Ok(step) = Step::arbitrary(input) else { break };
        script.take(step);
    }
    script.items
}

struct Script {
    /// Records that may be cited as enrolments, whether they are or not, and whose key they name.
    enrolments: Vec<(RecordId, u8)>,
    logs: Vec<Written>,
    items: Vec<Signed>,
}

impl Script {
    fn take(&mut self, step: Step) {
        match step.act % 8 {
            0..=2 => {
                let length = usize::from(step.size) * 16;
                self.write(step, vec![Record::new(9, day(step.more % 3), vec![0; length])]);
            }
            3 => self.enrol(step),
            4 => self.open(step),
            5 => self.notice(step),
            6 => self.fork(step),
            _ => self.repeat(step),
        }
    }

    fn open(&mut self, step: Step) {
        let lane = if step.how & 1 == 0 { Lane::Safety } else { Lane::Productivity };
        let (enrolment, author) = self.cited(step);
        let (incarnation, end) = (u64::from(step.more % 4), day(step.size % (DAYS + 2)));
        let key = LogKey { author: key(author).author(), lane, incarnation, end, enrolment };
        if self.logs.iter().all(|log| log.key != key) {
            self.logs.push(Written { key, author, entries: Vec::new() });
        }
    }

    /// An enrolment, and whose key uses it: nearly always the enrolled one's.
    fn cited(&self, step: Step) -> (RecordId, u8) {
        let (enrolment, enrolled) = self.enrolments[usize::from(step.what) % self.enrolments.len()];
        (enrolment, if step.who < 224 { enrolled } else { step.who })
    }

    /// Signs the next entry of a log, or one beside, above or below where it should stand.
    fn write(&mut self, step: Step, records: Vec<Record>) {
        if self.logs.is_empty() {
            self.open(Step { what: 0, who: 0, how: 0, ..step });
        }
        let place = usize::from(step.who) % self.logs.len();
        self.write_in(place, step, records);
    }

    fn write_in(&mut self, place: usize, step: Step, records: Vec<Record>) {
        let log = &mut self.logs[place];
        let below = match step.what {
            0..=215 => log.entries.last(),
            other => log.entries.get(usize::from(other - 216)),
        };
        let (mut seq, mut prev, mut at) = match below {
            Some(entry) => (entry.header().seq + 1, entry.id(), entry.header().authored.at.plus(Millis(2))),
            None => (1, log.key.enrolment.entry, day(0)),
        };
        match step.how {
            200..=213 => at = at.minus(Millis(3)),
            214..=227 if seq > 1 => prev = EntryId::from_bytes([step.more; 32]),
            228..=241 => seq += 1,
            _ => {}
        }
        let records: Vec<Record> = records.into_iter().map(|record| ended(record, log.key.end)).collect();
        let Ok(bytes) = Record::encode_all(&records) else { return };
        let authored = Authored { at, error: Millis(u64::from(step.more)) };
        let mut header = Header::new(log.key, seq, prev, authored, Digest::of(&bytes));
        if step.how >= 242 {
            header = header.with_future(2, vec![0x17]);
        }
        let ledger = charter().ledger_id();
        let entry = SignedEntry::sign(&ledger, &header, &bytes, key(log.author)).expect("it is well formed");
        if let Some(enrolled) = enrolled_by(&records) {
            self.enrolments.push((RecordId { entry: entry.id(), index: 0 }, enrolled));
        }
        self.items.push(Signed::Entry(entry.bytes().to_vec()));
        log.entries.push(entry);
    }

    fn enrol(&mut self, step: Step) {
        let label = |text: &str| Label::try_from(text.to_owned()).expect("a plain label");
        let body = Enrol {
            max_notices: u64::from(step.size >> 4 & 3),
            next_key: (step.what & 32 != 0).then(|| key(step.size.wrapping_add(1)).author().commitment()),
            ..Enrol::new(
                key(step.size).author(),
                Roles(u64::from(step.more) & 31),
                scope(step.more >> 5),
                [1 << 10, 1 << 13, 1 << 16, 1 << 20][usize::from(step.size >> 6)],
                u64::from(step.how >> 3 & 3) + 1,
                Lineage { build: label("a"), hardware: label("b") },
            )
        };
        let until = day(step.size % (DAYS + 2));
        let record = body.record(until, Vec::new()).expect("no answers");
        let safe: Vec<usize> =
            (0..self.logs.len()).filter(|log| self.logs[*log].key.lane == Lane::Safety).collect();
        match safe.get(usize::from(step.who) % safe.len().max(1)) {
            Some(log) => self.write_in(*log, Step { how: 0, ..step }, vec![record]),
            None => self.write(Step { how: 0, ..step }, vec![record]),
        }
    }

    fn notice(&mut self, step: Step) {
        let (enrolment, author) = self.cited(step);
        let frame = NoticeHeader {
            author: key(author).author(),
            enrolment,
            scope: scope(step.how),
            until: day(step.size % (DAYS + 2)),
            authored: Authored { at: day(0), error: Millis(1) },
        };
        let notice = Notice::new(frame, 1, vec![step.more]);
        let signed = SignedNotice::sign(&charter().ledger_id(), &notice, key(author));
        self.items.push(Signed::Notice(signed.expect("it is well formed").bytes().to_vec()));
    }

    /// Proves a fork by two entries of one slot, each followed by some of its successors.
    fn fork(&mut self, step: Step) {
        let mut pairs = Vec::new();
        for log in &self.logs {
            for (place, one) in log.entries.iter().enumerate() {
                let rivals = log.entries[place + 1..]
                    .iter()
                    .filter(|entry| entry.header().seq == one.header().seq && entry.id() != one.id());
                pairs.extend(rivals.map(|other| (log, one, other)));
            }
        }
        let Some((log, one, other)) = pairs.get(usize::from(step.what) % pairs.len().max(1)) else { return };
        let (less, more) = if one.id() < other.id() { (one, other) } else { (other, one) };
        let mut bytes = Vec::new();
        cbor::array_head(&mut bytes, 2);
        write_branch(&mut bytes, log, less, step.size);
        write_branch(&mut bytes, log, more, step.more);
        self.items.push(Signed::Fork(bytes));
    }

    fn repeat(&mut self, step: Step) {
        if let Some(item) = self.items.get(usize::from(step.who) % self.items.len().max(1)) {
            self.items.push(item.clone());
        }
    }
}

/// Which of the cast the first record enrols, if any.
fn enrolled_by(records: &[Record]) -> Option<u8> {
    let first = records.first().filter(|record| record.kind == Enrol::KIND)?;
    let enrolled = Enrol::read(&first.body).ok()?.body.key;
    (0..KEYS).find(|number| key(*number).author() == enrolled)
}

/// No record may outlive its log `[REC-2]`.
fn ended(mut record: Record, end: Tai) -> Record {
    record.until = record.until.min(end);
    record
}

fn write_branch(out: &mut Vec<u8>, log: &Written, first: &SignedEntry, length: u8) {
    let mut chain = vec![first];
    for _ in 0..length % BRANCH_MAX {
        let last = chain[chain.len() - 1];
        let follows = |entry: &&SignedEntry| {
            entry.header().prev == last.id() && entry.header().seq == last.header().seq + 1
        };
        match log.entries.iter().find(follows) {
            Some(next) => chain.push(next),
            None => break,
        }
    }
    cbor::array_head(out, 2);
    cbor::array_head(out, chain.len());
    chain.iter().for_each(|entry| cbor::byte_string(out, entry.header_bytes()));
    cbor::byte_string(out, chain[chain.len() - 1].signature().as_bytes());
}
