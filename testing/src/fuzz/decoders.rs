//! Every decoder on any bytes: none panics, and what is accepted has one encoding `[CBOR-7]`.

use super::cast::{charter, day, key};
use super::script::Signed;
use intent_ledger::Frontier;
use intent_ledger::contracts::kinds::notice::{
    Endorsement, Failure, Restriction, Revocation, Trip, Vote, match_of,
};
use intent_ledger::contracts::kinds::{
    Activation, Advert, Attestation, Body, Claim, Closing, CoSignature, Commitment, Enrol, Exception, Give,
    GivingBack, Meaning, ModeChange, Present, Reclaim, Resource, Rotation, TermsAccept, TermsEdit, Vacated,
};
use intent_ledger::contracts::{
    Authored, Charter, Citation, Digest, EntryId, Footprint, Header, IntBox, Item, KeyRing, Lane, LogKey,
    Millis, NoticeId, Reason, Record, RecordId, ResourcePath, Scope, Signature, SignedEntry, SignedNotice,
    Signer as _, Tai, UncheckedFork, VerifiedItem, Window, cbor, verify_all,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Every decoder of the contracts, and that of the frontier, on the bytes as they are; then the bytes as
/// the records of an entry whose header fits them.
pub fn decode(bytes: &[u8]) {
    let walked = cbor::walk(bytes);
    match cbor::walk_prefix(bytes) {
        Ok(length) => assert_eq!(walked.is_ok(), length == bytes.len(), "an item ends where it ends"),
        Err(refusal) => {
            assert!(refusal.offset <= bytes.len(), "a refusal points into the input");
        }
    }
    signed(bytes, walked.is_ok());
    plain(bytes);
    bodies(bytes);
    as_records(bytes);
}

fn signed(bytes: &[u8], walked: bool) {
    let ledger = charter().ledger_id();
    if let Ok(entry) = SignedEntry::decode(&ledger, bytes) {
        assert!(walked && entry.bytes() == bytes, "the bytes received are the bytes kept");
        assert_eq!(Header::decode(entry.header_bytes()).as_ref(), Ok(entry.header()));
        never_authentic(Item::Entry(entry));
    }
    if let Ok(notice) = SignedNotice::decode(&ledger, bytes) {
        assert!(walked && notice.bytes() == bytes, "the bytes received are the bytes kept");
        never_authentic(Item::Notice(notice));
    }
    if let Ok(fork) = UncheckedFork::decode(&ledger, bytes) {
        assert!(walked && fork.pair()[0] < fork.pair()[1], "the lesser id stands first");
        if let Some(VerifiedItem::Fork(proof)) = checked(Item::Fork(fork)) {
            assert_eq!(proof.encode(), bytes, "a proof has one encoding");
        }
    }
    if let Ok(charter) = Charter::decode(bytes) {
        assert!(walked && charter.bytes() == bytes, "the bytes received are the bytes kept");
    }
    if let Ok(frontier) = Frontier::decode(bytes) {
        assert!(walked && frontier.encode() == bytes, "a frontier has one encoding");
    }
}

fn plain(bytes: &[u8]) {
    if let Ok(header) = Header::decode(bytes) {
        assert_eq!(header.encode(), bytes, "a header has one encoding");
    }
    if let Ok(records) = Record::decode_all(bytes) {
        assert_eq!(Record::encode_all(&records).as_deref(), Ok(bytes), "records have one encoding");
        records.iter().for_each(|record| drop(Meaning::of(record)));
    }
    round_trip::<Citation>(bytes);
    round_trip::<Footprint>(bytes);
    round_trip::<IntBox>(bytes);
    round_trip::<RecordId>(bytes);
    round_trip::<LogKey>(bytes);
    round_trip::<Scope>(bytes);
    round_trip::<ResourcePath>(bytes);
    round_trip::<Window>(bytes);
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(scope) = Scope::parse(text)
    {
        assert!(Scope::root().contains(&scope));
    }
}

fn bodies(bytes: &[u8]) {
    body::<Enrol>(bytes);
    body::<Resource>(bytes);
    body::<Give>(bytes);
    body::<Claim>(bytes);
    body::<GivingBack>(bytes);
    body::<Reclaim>(bytes);
    body::<Advert>(bytes);
    body::<Vacated>(bytes);
    body::<TermsEdit>(bytes);
    body::<TermsAccept>(bytes);
    body::<Attestation>(bytes);
    body::<ModeChange>(bytes);
    body::<Exception>(bytes);
    body::<Activation>(bytes);
    body::<CoSignature>(bytes);
    body::<Present>(bytes);
    body::<Failure>(bytes);
    body::<Vote>(bytes);
    body::<Restriction>(bytes);
    if let (Ok(facts), Ok(reading)) = (match_of(bytes), Restriction::read(bytes)) {
        assert_eq!(facts, reading.body.facts, "a match is read alike with and without its kind");
    }
    drop(Commitment::answering(bytes));
    body::<Commitment>(bytes);
    body::<Rotation>(bytes);
    body::<Revocation>(bytes);
    body::<Trip>(bytes);
    body::<Closing>(bytes);
    body::<Endorsement>(bytes);
}

/// An entry around `bytes` as its records: it is read iff its records are, and forgives no signature.
fn as_records(bytes: &[u8]) {
    let ledger = charter().ledger_id();
    let log = LogKey {
        author: key(0).author(),
        lane: Lane::Safety,
        incarnation: 1,
        end: day(1),
        enrolment: RecordId::root(&ledger, 0),
    };
    let authored = Authored { at: Tai(1), error: Millis(1) };
    let header = Header::new(log, 1, log.enrolment.entry, authored, Digest::of(bytes)).encode();
    let mut wire = b"\x82\x84\x43\xa1\x01\x27\xa0".to_vec();
    cbor::byte_string(&mut wire, &header);
    cbor::byte_string(&mut wire, &[7; 64]);
    cbor::byte_string(&mut wire, bytes);
    match (SignedEntry::decode(&ledger, &wire), Record::decode_all(bytes)) {
        (Ok(entry), Ok(records)) => {
            assert_eq!(entry.records(), records);
            never_authentic(Item::Entry(entry));
        }
        (Err(refusal), Ok(records)) => {
            assert_eq!(refusal.reason, Reason::UntilBeyondEnd);
            assert!(records.iter().any(|record| record.until > log.end));
        }
        (Ok(_), Err(refusal)) => panic!("an entry with records that are refused: {refusal}"),
        (Err(_), Err(_)) => {}
    }
}

/// A body cannot sign, so whatever verifies was signed by the cast, over just these bytes.
fn never_authentic(item: Item) {
    let (author, unsigned) = match &item {
        Item::Entry(entry) => (entry.header().log.author, is_filler(entry.signature())),
        Item::Notice(notice) => (notice.notice().author, is_filler(notice.signature())),
        Item::Fork(_) => return,
    };
    let ours = (0..super::cast::KEYS).any(|number| key(number).author() == author);
    let accepted = checked(item).is_some();
    assert!(!accepted || (ours && !unsigned), "a signature that nobody made");
}

fn is_filler(signature: &Signature) -> bool {
    *signature.as_bytes() == [7; 64]
}

fn checked(item: Item) -> Option<VerifiedItem> {
    let verdicts = verify_all(&charter().ledger_id(), vec![item], &mut KeyRing::new(), &[1; 32]);
    verdicts.into_iter().next()?.ok()
}

fn round_trip<T: DeserializeOwned + Serialize>(bytes: &[u8]) {
    if let Ok(value) = cbor::read::<T>(bytes) {
        assert_eq!(cbor::encode(&value), bytes, "a value has one encoding");
    }
}

fn body<B: Body>(bytes: &[u8]) {
    if let Ok(reading) = B::read(bytes)
        && !reading.extended
    {
        assert_eq!(cbor::encode(&reading.body), bytes, "a body has one encoding");
    }
}

pub(super) fn entry_id(item: &Signed) -> Option<EntryId> {
    let Signed::Entry(bytes) = item else { return None };
    Some(SignedEntry::decode(&charter().ledger_id(), bytes).expect("it was just signed").id())
}

pub(super) fn notice_id(item: &Signed) -> Option<NoticeId> {
    let Signed::Notice(bytes) = item else { return None };
    Some(SignedNotice::decode(&charter().ledger_id(), bytes).expect("it was just signed").id())
}
