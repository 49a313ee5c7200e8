//! What a record carries along holds by its bytes, or not at all `[PROOF-1]`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use intent_contracts::kinds::Embedded;
use intent_contracts::{
    Authored, Digest, EntryId, Header, Lane, LedgerId, LogKey, Millis, Record, RecordId, SecretKey,
    SignedEntry, Signer as _, Tai,
};
use serde_bytes::ByteBuf;

const LEDGER: LedgerId = LedgerId::from_bytes([5; 32]);
const END: Tai = Tai(2_000_000_000_000);

fn log(seed: u8, incarnation: u64) -> LogKey {
    let author = SecretKey::from_seed([seed; 32]).author();
    let enrolment = RecordId { entry: EntryId::from_bytes([1; 32]), index: 0 };
    LogKey { author, lane: Lane::Productivity, incarnation, end: END, enrolment }
}

fn records(text: u8) -> Vec<u8> {
    let record = |text| Record::new(99, END, vec![text]);
    Record::encode_all(&[record(text), record(text + 1)]).unwrap()
}

/// An entry of key 7 in the slot behind `prev`.
fn entry(log: LogKey, seq: u64, prev: EntryId, text: u8) -> SignedEntry {
    let authored = Authored { at: Tai(1_900_000_000_000 + seq), error: Millis(1) };
    let bytes = records(text);
    let header = Header::new(log, seq, prev, authored, Digest::of(&bytes));
    SignedEntry::sign(&LEDGER, &header, &bytes, &SecretKey::from_seed([7; 32])).unwrap()
}

/// Three entries of one log, from slot 4 on.
fn chain() -> [SignedEntry; 3] {
    let key = log(7, 1);
    let first = entry(key, 4, EntryId::from_bytes([9; 32]), 1);
    let second = entry(key, 5, first.id(), 11);
    let third = entry(key, 6, second.id(), 21);
    [first, second, third]
}

/// The second record of the first, under the signature of the last.
fn embedded(entries: &[SignedEntry]) -> Embedded {
    Embedded {
        headers: entries.iter().map(|entry| ByteBuf::from(entry.header_bytes())).collect(),
        signature: *entries.last().unwrap().signature(),
        records: ByteBuf::from(entries[0].record_bytes()),
        index: 1,
    }
}

fn shorten(bytes: &mut ByteBuf) {
    let length = bytes.len() - 1;
    bytes.truncate(length);
}

#[test]
fn a_record_is_shown_by_its_own_entry_or_by_a_later_one_of_its_log() {
    let entries = chain();
    for length in 1..=3 {
        let evidence = embedded(&entries[..length]).check(&LEDGER).expect("it was signed");
        assert_eq!(
            (evidence.log, evidence.seq, evidence.authored.at),
            (log(7, 1), 4, Tai(1_900_000_000_004))
        );
        assert_eq!(evidence.id, RecordId { entry: entries[0].id(), index: 1 });
        assert_eq!(evidence.record.body, vec![2]);
    }
}

/// Each breaks one thing; the whole holds, so nothing else refuses it.
#[test]
fn what_is_not_of_one_piece_shows_nothing() {
    let [first, second, third] = chain();
    let whole = || embedded(&[first.clone(), second.clone(), third.clone()]);
    assert!(whole().check(&LEDGER).is_some());
    assert!(whole().check(&LedgerId::from_bytes([6; 32])).is_none(), "of another ledger");
    let refused = |what: &str, broken: Embedded| assert!(broken.check(&LEDGER).is_none(), "{what}");
    let with = |change: &dyn Fn(&mut Embedded)| {
        let mut broken = whole();
        change(&mut broken);
        broken
    };
    refused("no header", with(&|it| it.headers.clear()));
    refused("a header left out", embedded(&[first.clone(), third.clone()]));
    refused("in another order", embedded(&[second.clone(), first.clone(), third.clone()]));
    refused("a record that is not there", with(&|it| it.index = 2));
    refused("other records", with(&|it| it.records = ByteBuf::from(records(31))));
    refused("records cut short", with(&|it| shorten(&mut it.records)));
    refused("the signature of the first", with(&|it| it.signature = *first.signature()));
    for bit in [0, 7, 100, 511] {
        let flip = |it: &mut Embedded| {
            let mut bytes = *it.signature.as_bytes();
            bytes[bit / 8] ^= 1 << (bit % 8);
            it.signature = intent_contracts::Signature::from_bytes(bytes);
        };
        refused("a bit of the signature", with(&flip));
    }
    for number in 0..3 {
        refused("a header cut short", with(&|it| shorten(&mut it.headers[number])));
        for at in 0..whole().headers[number].len() {
            refused("a bit of a header", with(&|it| it.headers[number][at] ^= 1));
        }
    }
    // The next one cites the one before, and is of another log, or of another slot, or cites another one.
    let prev = first.id();
    for (what, next) in [
        ("of another log", entry(log(7, 2), 5, prev, 11)),
        ("in the slot behind the next", entry(log(7, 1), 6, prev, 11)),
        ("in the same slot", entry(log(7, 1), 4, prev, 11)),
        ("that cites another one", entry(log(7, 1), 5, EntryId::from_bytes([8; 32]), 11)),
    ] {
        refused(what, embedded(&[first.clone(), next]));
    }
}

/// The log's author is who must have signed.
#[test]
fn a_log_of_another_author_shows_nothing_under_this_signature() {
    let bytes = records(1);
    let authored = Authored { at: Tai(1_900_000_000_000), error: Millis(1) };
    let header = Header::new(log(8, 1), 4, EntryId::from_bytes([9; 32]), authored, Digest::of(&bytes));
    let theirs = SignedEntry::sign(&LEDGER, &header, &bytes, &SecretKey::from_seed([8; 32])).unwrap();
    let mut stolen = embedded(std::slice::from_ref(&theirs));
    assert!(stolen.check(&LEDGER).is_some());
    stolen.signature = SecretKey::from_seed([7; 32]).sign(b"anything").unwrap();
    assert!(stolen.check(&LEDGER).is_none());
}
