//! What a review refuted once: each test is named after the failure and stays.

#![allow(clippy::unwrap_used, reason = "a fixture that fails is a failed test")]

mod common;

use common::*;
use intent_ledger::contracts::kinds::Roles;
use intent_ledger::contracts::*;
use intent_ledger::{AppendError, Frontier, HorizonError, Ledger};

/// Whoever may enrol over a scope could once enrol a node's key until later and so draw its writing
/// into a log whose fork he holds.
#[test]
fn a_longer_enrolment_by_somebody_else_does_not_draw_the_writing_away() {
    let family = family();
    let (mut node, store) = family.member(NODE, &["mars/forge"]);
    let first = node.append(Lane::Productivity, &[note(in_days(5), b"a")], now()).unwrap();
    let own = node.own_enrolment_record().unwrap();
    let (mut mars, _) = family.member(MARS, &["mars"]);
    let roles = Roles::ACT.with(Roles::DENY);
    mars.append(Lane::Safety, &[enrol(NODE, roles, "mars/forge", 1, 64, in_days(800))], now()).unwrap();
    exchange(&mut mars, &mut node);
    let second = node.append(Lane::Productivity, &[note(in_days(5), b"b")], now()).unwrap();
    assert_eq!((second.log, second.seq), (first.log, 2));
    assert_eq!(node.own_enrolment_record(), Some(own));
    assert_store_equals_memory(&family.charter, &mut node, &store);
}

/// Records that matter long after they are written once took a log each `[LOG-5]`.
#[test]
fn a_year_of_records_with_far_untils_needs_few_logs() {
    let root = key(ROOT);
    let roots = vec![CharterRoot::new(root.author(), 1 << 40, 16)];
    let charter = Charter::new("far", roots, 1, UNTIL, CharterParameters::default(), [3; 32]).unwrap();
    let (mut ledger, _) = replica(&charter, ROOT, &[""]);
    for day in 0..400 {
        // Window end plus the longest lease, as [LAW-7] asks of a claim.
        let record = note(in_days(day + 20 + 45), b"claim");
        ledger.append(Lane::Productivity, &[record], after_days(day)).unwrap();
        ledger
            .advance_horizon(after_days(day), approved(now()).filter(|_| day == 0), &mut |_| Ok(()))
            .unwrap();
    }
    assert!(ledger.logs().count() <= 12, "{} living logs", ledger.logs().count());
}

#[test]
fn a_record_that_is_surely_past_and_a_log_that_may_have_ended_are_not_written() {
    let family = family();
    let (mut node, _) = family.member(NODE, &["mars/forge"]);
    let first = node.append(Lane::Productivity, &[note(in_days(1), b"a")], now()).unwrap();
    let error = node.append(Lane::Productivity, &[note(in_days(1), b"b")], after_days(2)).unwrap_err();
    assert!(matches!(error, AppendError::Past { .. }), "{error}");
    let later = node.append(Lane::Productivity, &[note(in_days(201), b"c")], after_days(200)).unwrap();
    assert_ne!(later.log, first.log);
}

/// A store founded beside a used witness once started at generation zero, so that a copy of the older
/// store could be taken for the newer one.
#[test]
fn a_store_founded_anew_never_makes_an_old_copy_look_current() {
    let family = family();
    let witness = Witness::default();
    let (store, roots) = (SharedStore::default(), vec![scope("")]);
    let found = |store: &SharedStore, entropy| {
        Ledger::create(store.clone(), &family.charter, roots.clone(), host(ROOT, entropy, witness.clone()))
    };
    let mut first = found(&store, 1).unwrap();
    first.append(Lane::Safety, &[note(in_days(5), b"1")], now()).unwrap();
    let copy = store.copy();
    first.append(Lane::Safety, &[note(in_days(5), b"2")], now()).unwrap();
    drop(first);
    let mut anew = found(&SharedStore::default(), 2).unwrap();
    anew.append(Lane::Safety, &[note(in_days(5), b"1")], now()).unwrap();
    drop(anew);
    let restored = Ledger::open(copy, &family.charter, host(ROOT, 3, witness)).unwrap();
    assert_eq!(restored.writing().count(), 0);
}

/// Sixteen thousand one-byte items in a part once cost hundreds of bytes each before any was judged.
#[test]
fn a_part_of_countless_items_is_refused_whole() {
    let family = family();
    let (mut node, _) = family.member(NODE, &[""]);
    let mut part = vec![0x83, 0x01, 0x48];
    part.extend_from_slice(&family.ledger().as_bytes()[..8]);
    part.extend_from_slice(&[0x99, 0x3e, 0x80]);
    part.extend(std::iter::repeat_n(0, 16_000));
    let report = node.absorb(&part.repeat(200), now()).unwrap();
    assert_eq!(report.stopped.map(|refusal| refusal.reason), Some(Reason::TooLarge));
    assert_eq!(report.refused_total(), 0);
}

/// A notice's scope is its author's free choice; digests by that scope once grew without end `[HOR-5]`.
#[test]
fn digests_of_a_flood_of_scopes_stay_few_and_are_forgotten() {
    let family = family();
    let (mut mars, _) = family.member(MARS, &["mars"]);
    for number in 0..60 {
        let scope = scope(&format!("mars/s{number}"));
        mars.notice(&scope, in_days(3), 40, vec![0x80], now()).unwrap();
    }
    let before = mars.frontier().encode().len();
    (0..80).for_each(|day| {
        mars.advance_horizon(after_days(day), approved(now()).filter(|_| day == 0), &mut |_| Ok(())).unwrap();
    });
    assert_eq!(mars.notices().count(), 0);
    assert!(mars.frontier().encode().len() < before, "one digest for sixty notices");
    (80..200).for_each(|day| {
        mars.advance_horizon(after_days(day), None, &mut |_| Ok(())).unwrap();
    });
    let frontier = mars.frontier().encode().len();
    let nobody = Frontier::unknown(&family.ledger(), vec![scope("mars")]).encode().len();
    assert!(frontier < nobody + 400, "digests are a lease too: {frontier} bytes");
}

/// Two replicas that hold the same notices once alarmed each other over a scope that one does not hold.
#[test]
fn a_notice_about_another_scope_sounds_no_false_alarm() {
    let family = family();
    let (mut root, _) = family.member(ROOT, &[""]);
    let (mut node, _) = family.member(NODE, &["mars/forge"]);
    root.notice(&scope("venus"), in_days(3), 40, vec![0x80], now()).unwrap();
    exchange(&mut root, &mut node);
    assert_eq!(node.notices().count(), 1, "notices of an ancestor's enrolment are held by all below");
    for day in 0..80 {
        for replica in [&mut root, &mut node] {
            let word = approved(now()).filter(|_| day == 0);
            replica.advance_horizon(after_days(day), word, &mut |_| Ok(())).unwrap();
        }
    }
    let (of_root, of_node) = (root.frontier(), node.frontier());
    assert_eq!(node.hear(&of_root).unwrap().alarms, vec![]);
    assert_eq!(root.hear(&of_node).unwrap().alarms, vec![]);
}

/// DESIGN section 12, number 19: a clock that leaps on the very first step wipes no memory either.
#[test]
fn attack_19_a_spoofed_first_step_is_refused_like_any_other() {
    let family = family();
    let (mut node, _) = family.member(NODE, &["mars/forge"]);
    node.append(Lane::Productivity, &[note(in_days(5), b"a")], now()).unwrap();
    let before = node.state_digest();
    let error = node.advance_horizon(after_days(20_000), None, &mut |_| Ok(())).unwrap_err();
    assert!(matches!(error, HorizonError::FirstStep { .. }), "{error}");
    assert_eq!(node.state_digest(), before);
    node.advance_horizon(after_days(1), None, &mut |_| Ok(())).unwrap();
    assert_eq!(node.state_digest(), before);
}

/// An item that no bundle of a narrow link holds once closed the link for all that came after it.
#[test]
fn a_large_entry_does_not_close_a_narrow_link() {
    let family = family();
    let (mut node, _) = family.member(NODE, &["mars/forge"]);
    let (mut mars, _) = family.member(MARS, &["mars"]);
    exchange(&mut mars, &mut node);
    node.append(Lane::Safety, &[note(in_days(5), &[7; 9_000])], now()).unwrap();
    node.append(Lane::Productivity, &[note(in_days(5), b"small")], now()).unwrap();
    let frontier = mars.frontier();
    let bundle = node.bundle(&frontier, 1_000).unwrap();
    assert_eq!((bundle.items, bundle.complete), (1, false));
    assert_eq!(mars.absorb(&bundle.bytes, now()).unwrap().new_entries, 1);
}
