//! The one signature predicate on edge points: alone, in batches, and against `ed25519-zebra`
//! `[KEY-2]`, `[KEY-3]`.

#![allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod fixtures;

use ciborium::Value;
use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use curve25519_dalek::edwards::CompressedEdwardsY;
use curve25519_dalek::traits::IsIdentity;
use curve25519_dalek::{EdwardsPoint, Scalar};
use fixtures::*;
use intent_contracts::*;
use proptest::prelude::*;
use std::sync::LazyLock;

/// All encodings with y >= p or a sign on x = 0, whether or not they are of a point.
fn non_canonical_encodings() -> Vec<[u8; 32]> {
    let one = EdwardsPoint::default().compress().0;
    let minus_one = EIGHT_TORSION[4].compress().0;
    let mut encodings: Vec<_> = [one, minus_one].map(with_sign).to_vec();
    for add in 0..19 {
        let mut y = [0xff; 32];
        (y[0], y[31]) = (0xed + add, 0x7f);
        encodings.extend([y, with_sign(y)]);
    }
    encodings
}

const fn with_sign(mut encoding: [u8; 32]) -> [u8; 32] {
    encoding[31] |= 0x80;
    encoding
}

fn decompressed(encoding: &[u8; 32]) -> Option<EdwardsPoint> {
    CompressedEdwardsY(*encoding).decompress()
}

/// The eight canonical and six other encodings of the points of small order.
fn small_order_encodings() -> Vec<[u8; 32]> {
    let canonical = EIGHT_TORSION.iter().map(|point| point.compress().0);
    let others = non_canonical_encodings();
    let small = |encoding: &[u8; 32]| decompressed(encoding).is_some_and(|point| point.is_small_order());
    canonical.chain(others.into_iter().filter(small)).collect()
}

fn key_reason(bytes: [u8; 32]) -> Option<Reason> {
    AuthorKey::from_bytes(bytes).check().err().map(|refusal| refusal.reason)
}

/// The verdict of the other implementation, whatever the key.
fn zebra_accepts(key: &[u8; 32], signature: &[u8; 64], message: &[u8]) -> bool {
    let signature = ed25519_zebra::Signature::from_bytes(signature);
    ed25519_zebra::VerificationKey::try_from(*key).is_ok_and(|key| key.verify(&signature, message).is_ok())
}

#[test]
fn every_point_of_small_order_is_refused_as_key() {
    for point in EIGHT_TORSION {
        assert_eq!(key_reason(point.compress().0), Some(Reason::KeyTorsion));
    }
}

#[test]
fn every_non_canonical_encoding_is_refused_as_key() {
    let encodings = non_canonical_encodings();
    let points = encodings.iter().filter(|encoding| decompressed(encoding).is_some()).count();
    // Fourteen of the forty y are of no point.
    assert_eq!((encodings.len(), points), (40, 26));
    for encoding in encodings {
        assert_eq!(key_reason(encoding), Some(Reason::KeyEncoding), "{encoding:02x?}");
    }
}

#[test]
fn mixed_order_keys_are_refused() {
    for number in 1..20 {
        let point = decompressed(key(number).author().as_bytes()).unwrap();
        for torsion in EIGHT_TORSION {
            let expected = (!torsion.is_identity()).then_some(Reason::KeyTorsion);
            assert_eq!(key_reason((point + torsion).compress().0), expected);
        }
    }
}

/// S + L: the same S for the equation, but not reduced.
fn with_unreduced_s(mut signature: [u8; 64]) -> [u8; 64] {
    let mut carry = 1;
    for (byte, add) in signature[32..].iter_mut().zip((-Scalar::ONE).as_bytes()) {
        carry += u16::from(*byte) + u16::from(*add);
        [_, *byte] = carry.to_be_bytes();
        carry >>= 8;
    }
    assert_eq!(carry, 0);
    signature
}

#[test]
fn a_shifted_or_non_canonical_r_is_accepted_and_an_unreduced_s_is_not() {
    let message = b"message";
    let author = key(1).author();
    let checked = author.check().unwrap();
    let verdict = |signature: &[u8; 64]| {
        let verdict = checked.accepts(message, &Signature::from_bytes(*signature));
        assert_eq!(verdict, zebra_accepts(author.as_bytes(), signature, message));
        verdict
    };
    let plain = *key(1).sign(message).unwrap().as_bytes();
    assert!(verdict(&plain));
    assert!(!verdict(&with_unreduced_s(plain)));
    let shifted = shifted(1, message);
    assert_eq!(shifted.len(), 7);
    assert!(shifted.iter().all(verdict));
    assert!(!shifted.iter().copied().map(with_unreduced_s).any(|signature| verdict(&signature)));
    for r in small_order_encodings() {
        let signature = signature_with(1, Scalar::ZERO, r, message);
        assert!(verdict(&signature), "{r:02x?}");
        assert!(!verdict(&with_unreduced_s(signature)));
        assert!(!verdict(&signature_with(1, Scalar::ONE, r, message)));
    }
    let no_point =
        [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    assert!(decompressed(&no_point).is_none());
    assert!(!verdict(&signature_with(1, Scalar::ZERO, no_point, message)));
}

/// ZIP-215 accepts all 196; here none gets as far as the equation, for no such key can be an author.
#[test]
fn the_196_small_order_cases_fail_at_the_key() {
    let encodings = small_order_encodings();
    let mut cases = 0;
    for key in &encodings {
        for r in &encodings {
            let signature = [*r, [0; 32]].concat().try_into().unwrap();
            assert!(zebra_accepts(key, &signature, b"Zcash"));
            let canonical = decompressed(key).unwrap().compress().0 == *key;
            let expected = if canonical { Reason::KeyTorsion } else { Reason::KeyEncoding };
            assert_eq!(key_reason(*key), Some(expected));
            cases += 1;
        }
    }
    assert_eq!(cases, 196);
}

#[test]
fn sound_keys_agree_with_zebra_on_random_signatures() {
    for number in 1..30 {
        let author = key(number).author();
        let checked = author.check().unwrap();
        for place in 0..64 {
            let mut signature = *key(number).sign(b"m").unwrap().as_bytes();
            signature[place] ^= number;
            let verdict = checked.accepts(b"m", &Signature::from_bytes(signature));
            assert_eq!(verdict, zebra_accepts(author.as_bytes(), &signature, b"m"));
            assert!(!verdict);
        }
    }
}

/// An item and the verdict that it has to get anywhere.
struct Case {
    name: String,
    item: Item,
    verdict: Option<Reason>,
}

/// An entry in slot 1 under `author`, with a signature made from the bytes to sign.
fn entry_with(author: &[u8; 32], incarnation: u64, sign: impl FnOnce(&[u8]) -> [u8; 64]) -> Item {
    let records = Record::encode_all(&[capability_record()]).unwrap();
    let header = first_header(&records).encode();
    let header = replaced(&replaced(&header, &[1], Value::Bytes(author.to_vec())), &[3], incarnation);
    let signature = sign(&to_sign(LEDGER.as_bytes(), &header));
    let bytes = replaced(&raw_entry(&header, &records), &[0, 3], Value::Bytes(signature.to_vec()));
    Item::Entry(SignedEntry::decode(&LEDGER, &bytes).unwrap())
}

fn capability_record() -> Record {
    kinds::Body::record(&advert(), UNTIL, Vec::new()).unwrap()
}

fn plain(number: u8) -> impl Fn(&[u8]) -> [u8; 64] {
    move |message| *key(number).sign(message).unwrap().as_bytes()
}

static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let mut cases = Vec::new();
    let mut add = |name: &str, item: Item, verdict: Option<Reason>| {
        cases.push(Case { name: format!("{name} {}", cases.len()), item, verdict });
    };
    let invalid = Some(Reason::SignatureInvalid);
    for number in 1..6 {
        let author = *key(number).author().as_bytes();
        let point = decompressed(&author).unwrap();
        let seed = u64::from(number);
        add("valid", entry_with(&author, seed, plain(number)), None);
        add("of another key", entry_with(&author, seed, plain(number + 1)), invalid);
        add("of another message", entry_with(&author, seed, |_| plain(number)(b"x")), invalid);
        add("S + L", entry_with(&author, seed, |message| with_unreduced_s(plain(number)(message))), invalid);
        for (place, torsion) in EIGHT_TORSION.iter().enumerate().skip(1) {
            let shift = |message: &[u8]| shifted(number, message)[place - 1];
            add("shifted R", entry_with(&author, seed, shift), None);
            let mixed = (point + torsion).compress().0;
            add("mixed key", entry_with(&mixed, seed, plain(number)), Some(Reason::KeyTorsion));
        }
        for r in small_order_encodings() {
            let signed = |nonce| move |message: &[u8]| signature_with(number, nonce, r, message);
            add("small R", entry_with(&author, seed, signed(Scalar::ZERO)), None);
            add("small R off", entry_with(&author, seed, signed(Scalar::ONE)), invalid);
        }
    }
    // Two signatures that are wrong by opposite amounts: their plain sum would cancel.
    for (name, nonce) in [("off by one", Scalar::ONE), ("off by minus one", -Scalar::ONE)] {
        let sign = |message: &[u8]| {
            let r = (ED25519_BASEPOINT_POINT * Scalar::from(7_u64)).compress().0;
            signature_with(1, Scalar::from(7_u64) + nonce, r, message)
        };
        add(name, entry_with(key(1).author().as_bytes(), 9, sign), invalid);
    }
    for encoding in small_order_encodings() {
        let item = entry_with(&encoding, 1, |_| [encoding, [0; 32]].concat().try_into().unwrap());
        add("small key", item, key_reason(encoding));
    }
    for (_, notice) in known_notices() {
        let signed = SignedNotice::sign(&LEDGER, &notice, &key(1)).unwrap();
        let bytes = replaced(signed.bytes(), &[3], Value::Bytes(vec![0; 64]));
        let zeroed = SignedNotice::decode(&LEDGER, &bytes).unwrap();
        add("notice", Item::Notice(signed), None);
        add("notice with no signature", Item::Notice(zeroed), invalid);
    }
    for lengths in [[1, 1], [1, 3]] {
        let bytes = fork(2, lengths);
        add("fork", Item::Fork(UncheckedFork::decode(&LEDGER, &bytes).unwrap()), None);
        for branch in 0..2 {
            let bytes = replaced(&bytes, &[branch, 1], Value::Bytes(vec![0; 64]));
            let item = Item::Fork(UncheckedFork::decode(&LEDGER, &bytes).unwrap());
            add("fork with one signature", item, invalid);
        }
    }
    cases
});

fn verdicts(items: Vec<Item>, ring: &mut KeyRing, salt: &[u8; 32]) -> Vec<Option<Reason>> {
    let verdicts = verify_all(&LEDGER, items, ring, salt);
    verdicts.into_iter().map(|verdict| verdict.err().map(|refusal| refusal.reason)).collect()
}

#[test]
fn each_case_alone_has_its_verdict() {
    for case in CASES.iter() {
        let alone = verdicts(vec![case.item.clone()], &mut KeyRing::new(), &[0; 32]);
        assert_eq!(alone, [case.verdict], "{}", case.name);
        if let Item::Entry(entry) = &case.item {
            let single = verify_one(&LEDGER, entry.clone(), &mut KeyRing::new());
            assert_eq!(single.err().map(|refusal| refusal.reason), case.verdict, "{}", case.name);
        }
    }
}

/// The batch of all sound cases passes as one, edge points included; with one bad item each keeps its own.
#[test]
fn each_pair_of_cases_keeps_its_verdicts() {
    let mut ring = KeyRing::new();
    let interesting: Vec<_> = CASES.iter().step_by(3).collect();
    for a in &interesting {
        for b in &interesting {
            let both = verdicts(vec![a.item.clone(), b.item.clone()], &mut ring, &[3; 32]);
            assert_eq!(both, [a.verdict, b.verdict], "{} beside {}", a.name, b.name);
        }
    }
}

/// More items than one multiplication checks: the verdicts keep their places.
#[test]
fn many_items_keep_their_places() {
    let sound: Vec<_> = CASES.iter().filter(|case| case.verdict.is_none()).collect();
    let bad = CASES.iter().find(|case| case.verdict == Some(Reason::SignatureInvalid)).unwrap();
    let mut items: Vec<_> = sound.iter().cycle().take(5_000).map(|case| case.item.clone()).collect();
    let mut expected = vec![None; items.len()];
    for place in [0, 63, 64, 4_095, 4_096, 4_999] {
        items[place] = bad.item.clone();
        expected[place] = bad.verdict;
    }
    assert_eq!(verdicts(items, &mut KeyRing::new(), &[5; 32]), expected);
}

#[test]
fn a_full_ring_forgets_no_verdict() {
    let mut ring = KeyRing::new();
    let mut flood = [0xff; 32];
    let sound = key(1).author();
    assert!(ring.check(&sound).is_ok());
    for number in 0..=bounds::KEY_RING_MAX as u64 {
        flood[..8].copy_from_slice(&number.to_le_bytes());
        let flooded = AuthorKey::from_bytes(flood);
        let expected = flooded.check().map_err(|refusal| refusal.reason);
        assert_eq!(ring.check(&flooded).map_err(|refusal| refusal.reason), expected);
    }
    assert_eq!(ring.check(&sound).unwrap(), sound.check().unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_neighbour_and_no_order_changes_a_verdict(
        mut places in proptest::collection::vec(any::<prop::sample::Index>(), 1..24),
        salt in any::<[u8; 32]>(),
        turn in any::<prop::sample::Index>(),
        only_sound in prop::bool::weighted(0.2),
    ) {
        let cases: Vec<_> = CASES.iter().filter(|case| !only_sound || case.verdict.is_none()).collect();
        let mut ring = KeyRing::new();
        for _ in 0..2 {
            let chosen: Vec<_> = places.iter().map(|place| place.get(&cases)).collect();
            let items = chosen.iter().map(|case| case.item.clone()).collect();
            let expected: Vec<_> = chosen.iter().map(|case| case.verdict).collect();
            prop_assert_eq!(verdicts(items, &mut ring, &salt), expected);
            let middle = turn.index(places.len());
            places.rotate_left(middle);
            places.reverse();
        }
    }
}
