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
    let body = Commitment { text, ..Commitment::new(Act::Offer, log().id(&LEDGER), fixtures::UNTIL) };
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
    let root = CharterRoot::new(author(), 1 << 30, 16);
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
    let root = |number: u8| CharterRoot::new(key(number).author(), 1 << 30, 16);
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
    for max_notices in [0, 4_097] {
        let refused = founded(vec![CharterRoot { max_notices, ..root(1) }], 1, usual());
        assert!(matches!(refused, Err(CharterError::Parameter { .. })), "{max_notices} notices");
    }
}

// ---- First gives -----------------------------------------------------------------------------------

/// A first give of `[start, start + length)`, `every` so much later, `repeats` times, and then assignable.
fn first_give(
    start: u64,
    length: u64,
    every: u64,
    repeats: u64,
    last_assignable: Option<u64>,
) -> CharterGive {
    let window = Window::new(Tai(start), Tai(start + length)).unwrap();
    let footprint = Footprint::open(ResourceId::from_bytes([3; 32]), Measure::Exclusive, window, 1);
    let (lane, every) = (Lane::Productivity, Millis(every));
    CharterGive { footprint, root: 0, lane, incarnation: start, end: END, every, repeats, last_assignable }
}

fn with_gives(gives: Vec<CharterGive>) -> Result<Charter, CharterError> {
    let root = CharterRoot::new(author(), 1 << 30, 16);
    Charter::new("forge", vec![root], 1, END, CharterParameters::default(), [7; 32])?.with_gives(gives)
}

/// `[CHARTER-2]`: once it could give one pad to two logs at once, and two machines went there.
#[test]
fn a_charter_gives_no_instant_of_a_resource_twice() {
    let ten_hours = first_give(0, 600, 0, 0, None);
    let twice = with_gives(vec![ten_hours.clone(), ten_hours.clone()]);
    let Err(CharterError::GivenTwice {
        first: 0,
        second: 1,
        resource,
        first_window: 0,
        second_window: 0,
        window,
    }) = twice
    else {
        panic!("{twice:?}")
    };
    assert_eq!((resource, window), (ten_hours.footprint.resource, ten_hours.footprint.window));
    // Windows that touch do not meet; the last assignable one counts.
    assert!(with_gives(vec![ten_hours.clone(), first_give(600, 600, 0, 0, None)]).is_ok());
    let assignable = first_give(0, 10, 20, 2, Some(9));
    assert!(with_gives(vec![assignable.clone(), first_give(190, 50, 0, 0, None)]).is_ok());
    let met = with_gives(vec![assignable.clone(), first_give(189, 50, 0, 0, None)]);
    assert!(
        matches!(met, Err(CharterError::GivenTwice { first_window: 9, second_window: 0, .. })),
        "{met:?}"
    );
    // The second train lags by 1 a window, until its window 11 reaches window 12 of the first.
    let met = with_gives(vec![first_give(0, 10, 30, 40, None), first_give(10, 10, 31, 40, None)]);
    let Err(CharterError::GivenTwice { first_window: 12, second_window: 11, .. }) = met else {
        panic!("{met:?}")
    };
    // Of several pairs the first by place is told.
    let behind = first_give(700, 10, 0, 0, None);
    let met = with_gives(vec![behind.clone(), ten_hours.clone(), behind, ten_hours]);
    assert!(matches!(met, Err(CharterError::GivenTwice { first: 0, second: 2, .. })), "{met:?}");
}

/// `[CHARTER-2]`
#[test]
fn a_charter_gives_a_resource_by_one_measure_and_cells_once() {
    let of = |measure, boxes: Vec<IntBox>| {
        let mut give = first_give(0, 600, 0, 0, None);
        give.footprint.measure = measure;
        give.footprint = give.footprint.within(boxes).unwrap();
        give
    };
    let cells = |start, end| vec![IntBox::try_from(vec![BoxSpan::new(start, end).unwrap()]).unwrap()];
    let mut later = of(Measure::Rate, Vec::new());
    later.footprint.window = Window::new(Tai(600), Tai(700)).unwrap();
    let mixed = with_gives(vec![of(Measure::Exclusive, Vec::new()), later]);
    assert!(matches!(mixed, Err(CharterError::MixedMeasures { first: 0, second: 1, .. })), "{mixed:?}");
    for measure in [Measure::Pool, Measure::Rate] {
        let twice = with_gives(vec![of(measure, Vec::new()), of(measure, Vec::new())]);
        assert!(matches!(twice, Err(CharterError::GivenTwice { .. })), "{twice:?}");
    }
    let exclusive = |boxes| of(Measure::Exclusive, boxes);
    assert!(with_gives(vec![exclusive(cells(0, 5)), exclusive(cells(5, 9))]).is_ok());
    for boxes in [cells(4, 9), Vec::new()] {
        let twice = with_gives(vec![exclusive(cells(0, 5)), exclusive(boxes)]);
        assert!(matches!(twice, Err(CharterError::GivenTwice { .. })), "{twice:?}");
    }
}

/// `[CHARTER-2]`
#[test]
fn windows_that_votes_assign_are_numbered_behind_the_repeats_and_no_longer_than_a_lease() {
    let longest = CharterParameters::default().longest_lease.0;
    assert!(with_gives(vec![first_give(0, longest, longest, 0, Some(1))]).is_ok());
    let long = with_gives(vec![first_give(0, longest + 1, longest + 1, 0, Some(1))]);
    assert!(matches!(long, Err(CharterError::AssignableTooLong { give: 0, .. })), "{long:?}");
    assert!(with_gives(vec![first_give(0, longest + 1, longest + 1, 9, None)]).is_ok());
    for (every, repeats, last) in [(10, 5, 5), (10, 5, 4), (10, 0, 65_537), (9, 0, 1)] {
        let refused = with_gives(vec![first_give(0, 10, every, repeats, Some(last))]);
        assert!(matches!(refused, Err(CharterError::Parameter { .. })), "{every} {repeats} {last}");
    }
    // A window beyond the scale of time is none, and meets nothing.
    let far = first_give(u64::MAX - 1_000, 400, 600, 0, Some(5));
    assert_eq!((far.window(1).map(|it| it.end()), far.window(2)), (Some(Tai::MAX), None));
    assert_eq!(far.last_end(), Tai::MAX);
    assert!(with_gives(vec![far.clone(), first_give(u64::MAX - 600, 200, 0, 0, None)]).is_ok());
    let met = with_gives(vec![far, first_give(u64::MAX - 600, 201, 0, 0, None)]);
    assert!(matches!(met, Err(CharterError::GivenTwice { first_window: 1, .. })), "{met:?}");
}

/// `[CHARTER-5]`
#[test]
fn a_successor_gives_a_resource_once_its_predecessor_no_longer_can() {
    let old = with_gives(vec![first_give(0, 10, 20, 2, Some(9)), first_give(300, 10, 0, 0, None)]).unwrap();
    let next = |give| with_gives(vec![give]).unwrap();
    let early = next(first_give(309, 50, 0, 0, None)).successor_of(&old);
    let Err(CharterError::BeforePredecessorEnds { give: 0, start: Tai(309), earliest: Tai(310), .. }) = early
    else {
        panic!("{early:?}")
    };
    let sound = next(first_give(310, 50, 0, 0, None)).successor_of(&old).unwrap();
    assert_eq!(sound.predecessor(), Some(old.ledger_id()));
    assert_eq!(Charter::decode(sound.bytes()).unwrap().check_follows(&old), Ok(()));
    assert_ne!(sound.ledger_id(), next(first_give(310, 50, 0, 0, None)).ledger_id());
    // Another resource is free to give; without a predecessor nothing follows.
    let mut other = first_give(0, 50, 0, 0, None);
    other.footprint.resource = ResourceId::from_bytes([4; 32]);
    assert!(next(other).successor_of(&old).is_ok());
    let unnamed = next(first_give(310, 50, 0, 0, None)).check_follows(&old);
    assert!(matches!(unnamed, Err(CharterError::NotSuccessor { .. })), "{unnamed:?}");
    // No lease outlasts its charter.
    let eternal = with_gives(vec![first_give(0, u64::MAX - 1, 0, 0, None)]).unwrap();
    assert!(next(first_give(END.0, 50, 0, 0, None)).successor_of(&eternal).is_ok());
    let early = next(first_give(END.0 - 1, 50, 0, 0, None)).successor_of(&eternal);
    assert!(matches!(early, Err(CharterError::BeforePredecessorEnds { .. })), "{early:?}");
}

/// The first window of `a` that meets one of `b`, and the first of `b` that it meets, by looking at all of them.
fn brute_force(a: &CharterGive, b: &CharterGive) -> Option<(u64, u64)> {
    let windows = |give: &CharterGive| {
        let give = give.clone();
        (0..=give.last_window()).filter_map(move |number| Some((number, give.window(number)?)))
    };
    windows(a).find_map(|(number, window)| {
        let met = windows(b).find(|(_, other)| window.overlaps(other));
        met.map(|(other, _)| (number, other))
    })
}

/// The same by walking along both trains at once, for trains too long to compare each with each.
fn walked(a: &CharterGive, b: &CharterGive) -> Option<(u64, u64)> {
    let mut other = 0;
    for number in 0..=a.last_window() {
        let Some(window) = a.window(number) else { break };
        while other <= b.last_window() && b.window(other).is_some_and(|it| it.end() <= window.start()) {
            other += 1;
        }
        if other <= b.last_window() && b.window(other).is_some_and(|it| it.overlaps(&window)) {
            return Some((number, other));
        }
    }
    None
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig {
        cases: 5_000,
        failure_persistence: None,
        ..Default::default()
    })]

    /// `[CHARTER-2]`: by arithmetic and by listing every window alike.
    #[test]
    fn trains_of_windows_meet_where_a_listing_of_all_windows_says(
        a in (0..60_u64, 1..8_u64, 0..40_u64, 0..12_u64),
        b in (0..60_u64, 1..8_u64, 0..40_u64, 0..12_u64),
        far in proptest::prelude::any::<bool>(),
    ) {
        let give = |(start, length, gap, last): (u64, u64, u64, u64)| {
            let start = if far { u64::MAX - 120 + start } else { start };
            let last_assignable = (last > 2).then_some(last);
            first_give(start, length, length + gap, last.min(2), last_assignable)
        };
        let (a, b) = (give(a), give(b));
        let told = match with_gives(vec![a.clone(), b.clone()]) {
            Ok(_) => None,
            Err(CharterError::GivenTwice { first: 0, second: 1, first_window, second_window, window, .. }) => {
                proptest::prop_assert_eq!(Some(window), a.window(first_window));
                Some((first_window, second_window))
            }
            Err(other) => panic!("{other}"),
        };
        proptest::prop_assert_eq!(told, brute_force(&a, &b));
    }

    /// `[CHARTER-2]`: the same with trains as long as a charter allows and any periods.
    #[test]
    fn long_trains_of_windows_meet_where_a_walk_along_both_says(
        a in (0..10_000_u64, 1..50_u64, 0..5_000_u64, 3..65_536_u64),
        b in (0..10_000_u64, 1..50_u64, 0..5_000_u64, 3..65_536_u64),
        scale in proptest::sample::select(vec![1_u64, 60_000, 1 << 26]),
    ) {
        let give = |(start, length, gap, last): (u64, u64, u64, u64)| {
            first_give(start * scale, length * scale, (length + gap) * scale, 2, Some(last))
        };
        let (a, b) = (give(a), give(b));
        let told = match with_gives(vec![a.clone(), b.clone()]) {
            Ok(_) => None,
            Err(CharterError::GivenTwice { first_window, second_window, .. }) => Some((first_window, second_window)),
            // A window longer than a lease is refused before.
            Err(CharterError::AssignableTooLong { .. }) => return Ok(()),
            Err(other) => panic!("{other}"),
        };
        proptest::prop_assert_eq!(told, walked(&a, &b));
    }
}
