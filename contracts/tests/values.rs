//! Ids, times and names, each against a second way of computing it.

#![allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod fixtures;

use fixtures::{AUTHORED, END, LEDGER, author, enrolment, entry, first_header, header, key, log};
use intent_contracts::kinds::{Act, Body, Commitment};
use intent_contracts::*;

fn hashed(context: &str, parts: &[&[u8]]) -> [u8; 32] {
    blake3::derive_key(context, &parts.concat())
}

fn promise() -> Record {
    let text = "a lot".to_owned();
    let body = Commitment { act: Act::Promise, to: None, answers: Vec::new(), due: None, terms: None, text };
    body.record(fixtures::UNTIL, Vec::new()).unwrap()
}

/// `[ID-1]`, `[ID-2]`
#[test]
fn an_entry_is_named_by_its_ledger_and_its_header_and_not_by_its_signature() {
    let signed = entry(&[promise()]);
    let named = hashed("intent-ledger v1 entry", &[LEDGER.as_bytes(), signed.header_bytes()]);
    assert_eq!(signed.id().as_bytes(), &named);
    let place = signed.bytes().windows(64).position(|part| part == signed.signature().as_bytes()).unwrap();
    let mut other = signed.bytes().to_vec();
    other[place] ^= 1;
    let other = SignedEntry::decode(&LEDGER, &other).unwrap();
    assert_ne!(other.signature(), signed.signature());
    assert_eq!(other.id(), signed.id());
    assert_ne!(EntryId::of(&LedgerId::from_bytes([0x12; 32]), signed.header_bytes()), signed.id());
}

/// `[ID-1]`, `[ID-3]`
#[test]
fn a_notice_is_named_by_its_ledger_and_its_payload() {
    let payload = b"any payload";
    let named = hashed("intent-ledger v1 notice", &[LEDGER.as_bytes(), payload]);
    assert_eq!(NoticeId::of(&LEDGER, payload).as_bytes(), &named);
    let (_, notice) = fixtures::known_notices().remove(0);
    let signed = SignedNotice::sign(&LEDGER, &notice, &key(1)).unwrap();
    let found = signed.bytes().windows(64).enumerate().filter_map(|(place, _)| {
        let mut other = signed.bytes().to_vec();
        other[place] ^= 1;
        let other = SignedNotice::decode(&LEDGER, &other).ok()?;
        (other.signature() != signed.signature()).then_some(other.id())
    });
    let of_other_signatures: Vec<NoticeId> = found.collect();
    assert!(!of_other_signatures.is_empty());
    assert!(of_other_signatures.iter().all(|id| *id == signed.id()));
}

/// `[ID-4]`, `[ID-5]`
#[test]
fn a_ledger_is_named_by_its_charter_and_a_resource_by_its_declaration() {
    let root = CharterRoot { key: author(), byte_budget: 1 << 30, max_logs: 16 };
    let charter = Charter::new("forge", vec![root], 1, END, CharterParameters::default(), [7; 32]).unwrap();
    assert_eq!(charter.ledger_id().as_bytes(), &hashed("intent-ledger v1 charter", &[charter.bytes()]));
    assert_eq!(ResourceId::of(b"body").as_bytes(), &hashed("intent-ledger v1 resource", &[b"body"]));
}

/// `[LOG-1]`
#[test]
fn a_log_is_its_author_lane_incarnation_end_and_enrolment() {
    let of = |key: &LogKey| key.id(&LEDGER);
    let first = log();
    let named = hashed(
        "intent-ledger v1 log",
        &[
            LEDGER.as_bytes(),
            first.author.as_bytes(),
            &[first.lane.number()],
            &first.incarnation.to_be_bytes(),
            &first.end.0.to_be_bytes(),
            first.enrolment.entry.as_bytes(),
            &[first.enrolment.index],
        ],
    );
    assert_eq!(of(&first).as_bytes(), &named);
    let others = [
        LogKey { author: key(2).author(), ..first },
        LogKey { lane: Lane::Safety, ..first },
        LogKey { incarnation: first.incarnation + 1, ..first },
        LogKey { end: first.end.plus(Millis(1)), ..first },
        LogKey { enrolment: RecordId::root(&LEDGER, 1), ..first },
    ];
    assert!(others.iter().all(|other| of(other) != of(&first)));
}

/// `[HDR-2]`
#[test]
fn a_first_entry_names_the_entry_of_its_enrolment_as_the_one_before() {
    let read = |header: &Header| Header::decode(&header.encode()).map_err(|refusal| refusal.reason);
    assert!(read(&first_header(b"records")).is_ok());
    let elsewhere = EntryId::from_bytes([9; 32]);
    assert_eq!(read(&header(1, elsewhere, b"records")), Err(Reason::FirstPrev));
    assert!(read(&header(2, elsewhere, b"records")).is_ok());
    assert_eq!(read(&header(0, enrolment().entry, b"records")), Err(Reason::FirstPrev));
}

/// `[TIME-1]`
#[test]
fn moments_saturate_and_windows_are_half_open_and_never_empty() {
    assert_eq!(Tai::MAX.plus(Millis(1)), Tai::MAX);
    assert_eq!(Tai(0).minus(Millis(1)), Tai(0));
    assert_eq!(Tai(1).since(Tai(2)), Millis(0));
    assert_eq!(AUTHORED.clock().hi().since(AUTHORED.clock().lo()), Millis(500));
    let window = |start, end| Window::new(Tai(start), Tai(end));
    assert_eq!(window(5, 5).unwrap_err().reason, Reason::EmptyWindow);
    assert_eq!(window(6, 5).unwrap_err().reason, Reason::EmptyWindow);
    assert_eq!(BoxSpan::new(3, 3).unwrap_err().reason, Reason::EmptyWindow);
    let (left, right) = (window(0, 5).unwrap(), window(5, 9).unwrap());
    assert!(!left.overlaps(&right));
    assert!(left.overlaps(&window(4, 5).unwrap()));
}

/// `[SCOPE-1]`
#[test]
fn labels_and_paths_have_their_lengths_and_letters() {
    let reason = |text: &str| Scope::parse(text).map_err(|refusal| refusal.reason);
    assert_eq!(reason("").unwrap(), Scope::root());
    assert_eq!(reason("a/b/c/d").unwrap().labels().len(), 4);
    assert_eq!(reason("a/b/c/d/e"), Err(Reason::TooLarge));
    assert!(reason(&"x".repeat(32)).is_ok());
    for bad in [&"x".repeat(33), "a//b", "a b", "\u{e4}", "a\u{7f}"] {
        assert_eq!(reason(bad), Err(Reason::PathLabel), "{bad:?}");
    }
    assert!(ResourcePath::parse("1/2/3/4/5/6/7/8").is_ok());
    assert_eq!(ResourcePath::parse("1/2/3/4/5/6/7/8/9").unwrap_err().reason, Reason::TooLarge);
}

/// `[CHARTER-2]`
#[test]
fn a_charter_has_a_majority_of_distinct_sound_roots_and_parameters_in_range() {
    let root = |number: u8| CharterRoot { key: key(number).author(), byte_budget: 1 << 30, max_logs: 16 };
    let founded = |roots: Vec<CharterRoot>, threshold, parameters| {
        Charter::new("forge", roots, threshold, END, parameters, [7; 32])
    };
    let usual = CharterParameters::default;
    assert!(founded(vec![root(1), root(2), root(3)], 2, usual()).is_ok());
    for (threshold, count) in [(0, 1), (1, 2), (2, 4), (3, 2)] {
        let roots: Vec<CharterRoot> = (1..=count).map(root).collect();
        let refused = founded(roots, threshold, usual());
        assert!(matches!(refused, Err(CharterError::Threshold { .. })), "{threshold} of {count}");
    }
    assert!(matches!(founded(vec![root(1), root(1)], 2, usual()), Err(CharterError::RootTwice { .. })));
    let mut small_order = root(1);
    small_order.key = AuthorKey::from_bytes([0; 32]);
    let refused = founded(vec![root(2), small_order], 2, usual());
    assert!(matches!(refused, Err(CharterError::RootKey { index: 1, .. })));
    let no_guard = CharterParameters { guard: Millis(0), ..usual() };
    let refused = founded(vec![root(1)], 1, no_guard);
    assert!(matches!(refused, Err(CharterError::Parameter { name: "guard", .. })));
    let no_logs = CharterRoot { max_logs: 0, ..root(1) };
    assert!(matches!(founded(vec![no_logs], 1, usual()), Err(CharterError::Parameter { .. })));
}
