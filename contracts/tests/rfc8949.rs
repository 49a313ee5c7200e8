//! Every example of RFC 8949 appendix A with the verdict that section 4.2 and `[CBOR-1]` give it, and
//! `ciborium` as a second reader of whatever the walk accepts.

#![allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use ciborium::Value;
use intent_contracts::{Reason, bounds, cbor};
use proptest::prelude::*;

/// Accepted: integers, strings, arrays, maps, false, true and null in deterministic encoding.
const ACCEPTED: &[&str] = &[
    "00",                                                         // 0
    "01",                                                         // 1
    "0a",                                                         // 10
    "17",                                                         // 23
    "1818",                                                       // 24
    "1819",                                                       // 25
    "1864",                                                       // 100
    "1903e8",                                                     // 1000
    "1a000f4240",                                                 // 1000000
    "1b000000e8d4a51000",                                         // 1000000000000
    "1bffffffffffffffff",                                         // 18446744073709551615
    "3bffffffffffffffff",                                         // -18446744073709551616
    "20",                                                         // -1
    "29",                                                         // -10
    "3863",                                                       // -100
    "3903e7",                                                     // -1000
    "f4",                                                         // false
    "f5",                                                         // true
    "f6",                                                         // null
    "40",                                                         // h''
    "4401020304",                                                 // h'01020304'
    "60",                                                         // ""
    "6161",                                                       // "a"
    "6449455446",                                                 // "IETF"
    "62225c",                                                     // "\"\\"
    "62c3bc",                                                     // "ü"
    "63e6b0b4",                                                   // "水"
    "64f0908591",                                                 // "𐅑"
    "80",                                                         // []
    "83010203",                                                   // [1, 2, 3]
    "8301820203820405",                                           // [1, [2, 3], [4, 5]]
    "98190102030405060708090a0b0c0d0e0f101112131415161718181819", // [1, 2, ... 25]
    "a0",                                                         // {}
    "a201020304",                                                 // {1: 2, 3: 4}
    "a26161016162820203",                                         // {"a": 1, "b": [2, 3]}
    "826161a161626163",                                           // ["a", {"b": "c"}]
    "a56161614161626142616361436164614461656145",                 // {"a": "A", ... "e": "E"}
];

/// Refused, with the reason.
const REFUSED: &[(&str, Reason)] = &[
    ("c249010000000000000000", Reason::Tag), // 18446744073709551616
    ("c349010000000000000000", Reason::Tag), // -18446744073709551617
    ("f90000", Reason::Float),               // 0.0
    ("f98000", Reason::Float),               // -0.0
    ("f93c00", Reason::Float),               // 1.0
    ("fb3ff199999999999a", Reason::Float),   // 1.1
    ("f93e00", Reason::Float),               // 1.5
    ("f97bff", Reason::Float),               // 65504.0
    ("fa47c35000", Reason::Float),           // 100000.0
    ("fa7f7fffff", Reason::Float),           // 3.4028234663852886e+38
    ("fb7e37e43c8800759c", Reason::Float),   // 1.0e+300
    ("f90001", Reason::Float),               // 5.960464477539063e-8
    ("f90400", Reason::Float),               // 0.00006103515625
    ("f9c400", Reason::Float),               // -4.0
    ("fbc010666666666666", Reason::Float),   // -4.1
    ("f97c00", Reason::Float),               // Infinity
    ("f97e00", Reason::Float),               // NaN
    ("f9fc00", Reason::Float),               // -Infinity
    ("fa7f800000", Reason::Float),           // Infinity
    ("fa7fc00000", Reason::Float),           // NaN
    ("faff800000", Reason::Float),           // -Infinity
    ("fb7ff0000000000000", Reason::Float),   // Infinity
    ("fb7ff8000000000000", Reason::Float),   // NaN
    ("fbfff0000000000000", Reason::Float),   // -Infinity
    ("f7", Reason::Simple),                  // undefined
    ("f0", Reason::Simple),                  // simple(16)
    ("f8ff", Reason::Simple),                // simple(255)
    ("c074323031332d30332d32315432303a30343a30305a", Reason::Tag), // 0("2013-03-21T20:04:00Z")
    ("c11a514b67b0", Reason::Tag),           // 1(1363896240)
    ("c1fb41d452d9ec200000", Reason::Tag),   // 1(1363896240.5)
    ("d74401020304", Reason::Tag),           // 23(h'01020304')
    ("d818456449455446", Reason::Tag),       // 24(h'6449455446')
    ("d82076687474703a2f2f7777772e6578616d706c652e636f6d", Reason::Tag), // 32("http://www.example.com")
    ("5f42010243030405ff", Reason::Indefinite), // (_ h'0102', h'030405')
    ("7f657374726561646d696e67ff", Reason::Indefinite), // (_ "strea", "ming")
    ("9fff", Reason::Indefinite),            // [_ ]
    ("9f018202039f0405ffff", Reason::Indefinite), // [_ 1, [2, 3], [_ 4, 5]]
    ("9f01820203820405ff", Reason::Indefinite), // [_ 1, [2, 3], [4, 5]]
    ("83018202039f0405ff", Reason::Indefinite), // [1, [2, 3], [_ 4, 5]]
    ("83019f0203ff820405", Reason::Indefinite), // [1, [_ 2, 3], [4, 5]]
    ("9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff", Reason::Indefinite), // [_ 1, 2, ... 25]
    ("bf61610161629f0203ffff", Reason::Indefinite), // {_ "a": 1, "b": [_ 2, 3]}
    ("826161bf61626163ff", Reason::Indefinite), // ["a", {_ "b": "c"}]
    ("bf6346756ef563416d7421ff", Reason::Indefinite), // {_ "Fun": true, "Amt": -2}
];

fn bytes_of(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|place| u8::from_str_radix(&hex[place..place + 2], 16).unwrap()).collect()
}

/// Whatever the walk accepts, `ciborium` reads and writes to the same bytes.
fn cross_check(bytes: &[u8]) -> bool {
    if cbor::walk(bytes).is_err() {
        return false;
    }
    let value: Value = ciborium::from_reader(bytes).unwrap();
    let mut written = Vec::new();
    ciborium::into_writer(&value, &mut written).unwrap();
    assert_eq!(written, bytes);
    true
}

/// `[CBOR-2]`, `[CBOR-3]`, `[CBOR-4]`
#[test]
fn appendix_a_has_its_verdicts() {
    assert_eq!(ACCEPTED.len() + REFUSED.len(), 81);
    for hex in ACCEPTED {
        assert_eq!(cbor::walk(&bytes_of(hex)), Ok(()), "{hex}");
        assert!(cross_check(&bytes_of(hex)));
    }
    for (hex, reason) in REFUSED {
        let verdict = cbor::walk(&bytes_of(hex)).map_err(|refusal| refusal.reason);
        assert_eq!(verdict, Err(*reason), "{hex}");
    }
}

/// `[CBOR-1]`
#[test]
fn every_input_of_up_to_three_bytes_agrees_with_the_second_reader() {
    let mut accepted = 0;
    for first in 0..=u8::MAX {
        accepted += usize::from(cross_check(&[first]));
        for second in 0..=u8::MAX {
            accepted += usize::from(cross_check(&[first, second]));
            for third in 0..=u8::MAX {
                accepted += usize::from(cross_check(&[first, second, third]));
            }
        }
    }
    assert!(accepted > 10_000, "{accepted}");
}

/// A tree of values that deterministic CBOR can carry, keys of maps sorted.
fn item() -> impl Strategy<Value = Value> {
    let number = prop_oneof![any::<u64>().prop_map(Value::from), any::<i64>().prop_map(Value::from)];
    let leaf = prop_oneof![
        number,
        (0_u64..300).prop_map(Value::from),
        proptest::collection::vec(any::<u8>(), 0..30).prop_map(Value::Bytes),
        "\\PC{0,12}".prop_map(Value::Text),
        any::<bool>().prop_map(Value::Bool),
        Just(Value::Null),
    ];
    leaf.prop_recursive(5, 60, 30, |inner| {
        let pairs = proptest::collection::vec((inner.clone(), inner.clone()), 0..6);
        prop_oneof![
            proptest::collection::vec(inner, 0..30).prop_map(Value::Array),
            pairs.prop_map(|pairs| {
                let keyed = |(key, value): (Value, Value)| (write(&key), (key, value));
                let sorted: std::collections::BTreeMap<_, _> = pairs.into_iter().map(keyed).collect();
                Value::Map(sorted.into_values().collect())
            }),
        ]
    })
}

fn write(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    ciborium::into_writer(value, &mut out).unwrap();
    out
}

fn depth(value: &Value) -> usize {
    let deepest = |items: &mut dyn Iterator<Item = &Value>| 1 + items.map(depth).max().unwrap_or(0);
    match value {
        Value::Array(items) => deepest(&mut items.iter()),
        Value::Map(pairs) => deepest(&mut pairs.iter().flat_map(|(key, value)| [key, value])),
        _ => 0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_agree_with_the_second_reader(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        cross_check(&bytes);
    }

    #[test]
    fn what_the_second_writer_writes_is_accepted(value in item()) {
        prop_assert!(depth(&value) <= bounds::DEPTH_MAX);
        let bytes = write(&value);
        prop_assert_eq!(cbor::walk(&bytes), Ok(()));
        prop_assert!(cross_check(&bytes));
    }

    #[test]
    fn mutated_items_agree_with_the_second_reader(
        value in item(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
        shape in 0..3_u8,
    ) {
        let mut bytes = write(&value);
        for (place, byte) in changes {
            match shape {
                0 => *place.get_mut(&mut bytes) = byte,
                1 => bytes.insert(place.index(bytes.len() + 1), byte),
                _ => *place.get_mut(&mut bytes) ^= 1 << (byte % 8),
            }
        }
        cross_check(&bytes);
        bytes.truncate(cut.index(bytes.len() + 1));
        cross_check(&bytes);
    }

    /// `[CBOR-6]`
    #[test]
    fn no_proper_prefix_of_an_item_is_an_item(value in item()) {
        let bytes = write(&value);
        for end in 0..bytes.len() {
            let refusal = cbor::walk(&bytes[..end]).unwrap_err();
            // A cut text can end inside a character only where its length has already failed.
            prop_assert_eq!(refusal.reason, Reason::Truncated);
            prop_assert_eq!(refusal.offset, end);
        }
    }
}

/// A hostile input costs time in proportion to its length, whatever its shape `[CBOR-5]`.
#[test]
fn wide_and_deep_inputs_are_read_in_one_pass() {
    let wide = [&[0x9a, 0x00, 0x40, 0x00, 0x00][..], &vec![0x80; 0x40_0000]].concat();
    assert_eq!(cbor::walk(&wide), Ok(()));
    assert_eq!(cbor::Items::of(&wide).unwrap().count(), 0x40_0000);
    let deep = vec![0x81; 4_000_000];
    assert_eq!(cbor::walk(&deep).unwrap_err().reason, Reason::TooDeep);
}
