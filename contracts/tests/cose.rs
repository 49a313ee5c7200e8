//! The envelopes against `coset`, an unrelated COSE implementation `[ENV-1]`, `[ENV-3]`.

#![allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod fixtures;

use ciborium::Value;
use coset::{CborSerializable, CoseSign1, CoseSign1Builder, HeaderBuilder, iana};
use fixtures::*;
use intent_contracts::*;

fn parse(envelope: &Value) -> CoseSign1 {
    CoseSign1::from_slice(&write(envelope)).unwrap()
}

/// The signature, with what `coset` says is signed, holds under the author's key.
fn assert_holds(cose: &CoseSign1, external: &[u8], author: &AuthorKey) {
    let signature = Signature::from_bytes(cose.signature.clone().try_into().unwrap());
    let key = author.check().unwrap();
    assert!(key.accepts(&cose.tbs_data(external), &signature));
    assert!(!key.accepts(&cose.tbs_data(&[]), &signature));
}

fn assert_plain_eddsa(cose: &CoseSign1) {
    let plain = HeaderBuilder::new().algorithm(iana::Algorithm::EdDSA).build();
    assert_eq!(cose.protected.header, plain);
    assert_eq!(cose.protected.original_data.as_deref(), Some(&PROTECTED[..]));
    assert!(cose.unprotected.is_empty());
}

fn eddsa() -> HeaderBuilder {
    HeaderBuilder::new().algorithm(iana::Algorithm::EdDSA)
}

/// An envelope by `coset` with these headers, signed by key 1.
fn build(protected: coset::Header, unprotected: coset::Header, payload: &[u8], external: &[u8]) -> Value {
    let signed = CoseSign1Builder::new()
        .protected(protected)
        .unprotected(unprotected)
        .payload(payload.to_vec())
        .create_signature(external, |message| key(1).sign(message).unwrap().as_bytes().to_vec())
        .build();
    read(&signed.to_vec().unwrap())
}

fn sample_entries() -> Vec<SignedEntry> {
    known_records().into_iter().map(|(_, record)| entry(&[record])).collect()
}

fn sample_notices() -> Vec<SignedNotice> {
    let sign = |(_, notice)| SignedNotice::sign(&LEDGER, &notice, &key(1)).unwrap();
    known_notices().into_iter().map(sign).collect()
}

#[test]
fn coset_reads_the_envelope_of_an_entry() {
    for entry in sample_entries() {
        let envelope = read(entry.bytes()).into_array().unwrap().remove(0);
        let cose = parse(&envelope);
        assert_plain_eddsa(&cose);
        assert_eq!(cose.payload.as_deref(), Some(entry.header_bytes()));
        assert_eq!(cose.signature, entry.signature().as_bytes());
        assert_eq!(cose.tbs_data(LEDGER.as_bytes()), to_sign(LEDGER.as_bytes(), entry.header_bytes()));
        assert_holds(&cose, LEDGER.as_bytes(), &author());
        assert_eq!(read(&cose.to_vec().unwrap()), envelope);
    }
}

#[test]
fn coset_reads_the_envelope_of_a_notice() {
    for notice in sample_notices() {
        let cose = CoseSign1::from_slice(notice.bytes()).unwrap();
        assert_plain_eddsa(&cose);
        let external = [&LEDGER.as_bytes()[..], b"notice"].concat();
        assert_holds(&cose, &external, &author());
        let signature = Signature::from_bytes(cose.signature.clone().try_into().unwrap());
        let as_entry = cose.tbs_data(LEDGER.as_bytes());
        assert!(!author().check().unwrap().accepts(&as_entry, &signature));
        assert_eq!(cose.to_vec().unwrap(), notice.bytes());
    }
}

#[test]
fn an_envelope_by_coset_is_accepted() {
    let none = coset::Header::default;
    for entry in sample_entries() {
        let envelope = build(eddsa().build(), none(), entry.header_bytes(), LEDGER.as_bytes());
        let bytes = replaced(entry.bytes(), &[0], envelope);
        // Ed25519 signing is deterministic, so both writers make the same bytes.
        assert_eq!(bytes, entry.bytes());
        let read = SignedEntry::decode(&LEDGER, &bytes).unwrap();
        assert!(verify_one(&LEDGER, read, &mut KeyRing::new()).is_ok());
    }
    for (_, notice) in known_notices() {
        let envelope = build(eddsa().build(), none(), &payload_of(&notice), &notice_external());
        let read = SignedNotice::decode(&LEDGER, &write(&envelope)).unwrap();
        assert_eq!(*read.notice(), notice);
        let verdicts = verify_all(&LEDGER, vec![Item::Notice(read)], &mut KeyRing::new(), &[0; 32]);
        assert!(verdicts[0].is_ok());
    }
}

#[test]
fn further_headers_are_refused() {
    let none = coset::Header::default;
    let plain = || eddsa().build();
    let cases = [
        ("no algorithm", none(), none()),
        ("another algorithm", HeaderBuilder::new().algorithm(iana::Algorithm::ES256).build(), none()),
        ("a key id", eddsa().key_id(vec![1]).build(), none()),
        ("a content type", eddsa().content_format(iana::CoapContentFormat::Cbor).build(), none()),
        ("an iv", eddsa().iv(vec![0; 8]).build(), none()),
        ("a critical label", eddsa().add_critical(iana::HeaderParameter::Alg).build(), none()),
        ("a private label", eddsa().value(-70_000, Value::from(1)).build(), none()),
        ("a text label", eddsa().text_value("x".to_owned(), Value::from(1)).build(), none()),
        ("an unprotected key id", plain(), HeaderBuilder::new().key_id(vec![1]).build()),
        ("an unprotected content type", plain(), HeaderBuilder::new().content_type("a/b".to_owned()).build()),
        ("an unprotected algorithm", plain(), plain()),
        ("only an unprotected algorithm", none(), plain()),
    ];
    let entry = entry(&[known_records().remove(0).1]);
    let payload = payload_of(&known_notices().remove(0).1);
    for (name, protected, unprotected) in cases {
        let envelope = build(protected.clone(), unprotected.clone(), entry.header_bytes(), LEDGER.as_bytes());
        let refusal = SignedEntry::decode(&LEDGER, &replaced(entry.bytes(), &[0], envelope)).unwrap_err();
        assert_eq!(refusal.reason, Reason::CoseHeader, "{name}");
        let envelope = build(protected, unprotected, &payload, &notice_external());
        let refusal = SignedNotice::decode(&LEDGER, &write(&envelope)).unwrap_err();
        assert_eq!(refusal.reason, Reason::CoseHeader, "{name}");
    }
}

#[test]
fn an_empty_protected_header_has_one_form_and_is_refused_in_both() {
    let entry = entry(&[known_records().remove(0).1]);
    for form in [vec![], vec![0xa0]] {
        let bytes = replaced(entry.bytes(), &[0, 0], Value::Bytes(form));
        assert_eq!(SignedEntry::decode(&LEDGER, &bytes).unwrap_err().reason, Reason::CoseHeader);
    }
}

#[test]
fn a_tagged_or_detached_envelope_is_refused() {
    let notice = sample_notices().remove(0);
    let cose = CoseSign1::from_slice(notice.bytes()).unwrap();
    let tagged = coset::TaggedCborSerializable::to_tagged_vec(cose.clone()).unwrap();
    assert_eq!(SignedNotice::decode(&LEDGER, &tagged).unwrap_err().reason, Reason::Tag);
    let detached = CoseSign1 { payload: None, ..cose }.to_vec().unwrap();
    assert_eq!(SignedNotice::decode(&LEDGER, &detached).unwrap_err().reason, Reason::Shape);
}
