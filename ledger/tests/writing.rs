//! Writing: clocks that go back, logs that roll over, bounds that are refused rather than exceeded.

#![allow(clippy::unwrap_used, reason = "a fixture that fails is a failed test")]

mod common;

use common::*;
use intent_ledger::contracts::kinds::Roles;
use intent_ledger::contracts::*;
use intent_ledger::{AppendError, LedgerError};

/// `[ADM-6]`
#[test]
fn a_clock_that_goes_back_writes_the_old_moment_with_a_wider_error() {
    let family = family();
    let (mut node, store) = family.member(NODE, &["mars/forge"]);
    let first = node.append(Lane::Productivity, &[note(in_days(5), b"a")], after_days(1)).unwrap();
    let second = node.append(Lane::Productivity, &[note(in_days(5), b"b")], now()).unwrap();
    assert_eq!((second.log, second.seq), (first.log, 2));
    let reader = node.reader().unwrap();
    let entries: Vec<SignedEntry> = reader.entries(first.log, 1).unwrap().map(Result::unwrap).collect();
    let authored = entries[1].header().authored;
    assert_eq!(authored.at, after_days(1).middle(), "never earlier than before");
    assert!(authored.clock().lo() <= now().lo() && authored.clock().hi() >= now().hi(), "and it never lies");
    assert_store_equals_memory(&family.charter, &mut node, &store);
}

/// `[LOG-5]`
#[test]
fn a_record_that_outlasts_its_log_goes_to_a_new_one() {
    let family = family();
    let (mut node, _) = family.member(NODE, &["mars/forge"]);
    let short = node.append(Lane::Productivity, &[note(in_days(5), b"a")], now()).unwrap();
    let long = node.append(Lane::Productivity, &[note(in_days(300), b"b")], now()).unwrap();
    let again = node.append(Lane::Productivity, &[note(in_days(5), b"c")], now()).unwrap();
    assert_ne!(short.log, long.log);
    assert_eq!((again.log, again.seq), (short.log, 2), "the log that ends soonest and late enough");
    let error = node.append(Lane::Productivity, &[note(in_days(401), b"d")], now()).unwrap_err();
    assert_eq!(error, AppendError::BeyondEnrolment { until: in_days(401), limit: in_days(400) });
}

#[test]
fn a_full_log_rolls_over_and_exhausted_logs_are_refused_rather_than_overflow() {
    let family = family();
    let (mut node, store) = family.member(NODE, &["mars/forge"]);
    let big = note(in_days(5), &[1; 12_000]);
    let mut logs = Vec::new();
    let error = loop {
        match node.append(Lane::Productivity, std::slice::from_ref(&big), now()) {
            Ok(appended) if logs.last() == Some(&appended.log) => {}
            Ok(appended) => logs.push(appended.log),
            Err(error) => break error,
        }
    };
    assert_eq!(logs.len() as u64, NODE_LOGS - 1);
    assert_eq!(error, AppendError::LastLog { living: NODE_LOGS - 1, most: NODE_LOGS });
    // The safety lane has the last one, and no other is opened.
    node.append(Lane::Safety, &[note(in_days(5), b"stuck")], now()).unwrap();
    let error = node.append(Lane::Safety, &[note(in_days(399), b"longer")], now()).unwrap_err();
    assert!(
        matches!(error, AppendError::LogsExhausted { living, most, .. } if living == most && most == NODE_LOGS),
        "{error:?}"
    );
    assert_store_equals_memory(&family.charter, &mut node, &store);
    // No budget is exceeded, so a peer that knows all admits all.
    let (mut peer, _) = family.member(100, &[""]);
    exchange(&mut node, &mut peer);
    assert_eq!(picture(&node), picture(&peer));
    assert!(peer.logs().all(|log| log.terminal.is_none()));
}

/// The enrolment used first had no log left, and a log under the other one, in use already, was not tried.
#[test]
fn logs_are_exhausted_only_when_no_writable_own_log_fits() {
    let family = family();
    let (mut node, store) = family.member(NODE, &["mars/forge"]);
    let (mut mars, _) = family.member(MARS, &["mars"]);
    let spare = enrol(NODE, Roles::ACT, "mars/forge", NODE_BUDGET, 1, in_days(400));
    let written = mars.append(Lane::Safety, &[spare], now()).unwrap();
    let spare = RecordId { entry: written.id, index: 0 };
    exchange(&mut mars, &mut node);
    let small = [note(in_days(5), b"a")];
    node.write_under(family.node).unwrap();
    node.append(Lane::Productivity, &small, now()).unwrap();
    node.write_under(spare).unwrap();
    let log = node.append(Lane::Productivity, &small, now()).unwrap().log;
    node.write_under(family.node).unwrap();
    // The host's word holds as long as there is room.
    assert_ne!(node.append(Lane::Productivity, &small, now()).unwrap().log, log);
    // Every log of the enrolment ends too early for this record, and no further one may be opened.
    for days in [60, 120, 180, 240, 300, 360] {
        let far = [note(in_days(days), b"far")];
        let living = |node: &Replica| node.logs().filter(|log| log.key.enrolment == family.node).count();
        // The last one is kept for the safety lane [LOG-3].
        if living(&node) as u64 == NODE_LOGS - 1 {
            break;
        }
        assert_ne!(node.append(Lane::Productivity, &far, now()).unwrap().log, log);
    }
    let big = [note(in_days(5), &[1; 12_000])];
    let taken = loop {
        let appended = node.append(Lane::Productivity, &big, now()).unwrap();
        if appended.log == log {
            break appended;
        }
    };
    assert_eq!(taken.seq, 2);
    assert_eq!(node.own_enrolment_record(), Some(family.node), "[LOG-4]");
    let error = loop {
        if let Err(error) = node.append(Lane::Productivity, &big, now()) {
            break error;
        }
    };
    assert!(matches!(error, AppendError::LastLog { .. }), "{error:?}");
    assert_store_equals_memory(&family.charter, &mut node, &store);
}

#[test]
fn an_enrolment_dearer_than_a_whole_log_is_beyond_budget() {
    let family = family();
    let (mut region, store) = family.member(MARS, &["mars"]);
    let before = picture(&region);
    let dear = enrol(60, Roles::ACT, "mars", 1 << 33, 4, in_days(30));
    let error = region.append(Lane::Safety, &[dear], now()).unwrap_err();
    assert!(matches!(error, AppendError::BeyondBudget { .. }), "{error:?}");
    assert_eq!(picture(&region), before, "nothing was written");
    assert_store_equals_memory(&family.charter, &mut region, &store);
}

#[test]
fn one_notice_more_than_k_is_refused_rather_than_suspend_the_anchor() {
    let parameters = CharterParameters { notices_per_enrolment: 3, ..CharterParameters::default() };
    let family = family_with(parameters);
    let (mut node, store) = family.member(NODE, &["mars/forge"]);
    for n in 0..3 {
        node.notice(&scope("mars/forge"), in_days(30), 40, vec![n], now()).unwrap();
    }
    let error = node.notice(&scope("mars/forge"), in_days(30), 40, vec![9], now()).unwrap_err();
    assert_eq!(error, AppendError::NoticesExhausted { living: 3, most: 3 });
    let error = node.notice(&scope("mars"), in_days(30), 40, vec![9], now()).unwrap_err();
    assert_eq!(error, AppendError::Refused(Reason::NoAuthority.into()));
    assert_store_equals_memory(&family.charter, &mut node, &store);
}

#[test]
fn a_stranger_and_a_node_outside_its_interests_write_nothing() {
    let family = family();
    let (mut stranger, _) = family.member(99, &[""]);
    let error = stranger.append(Lane::Productivity, &[note(in_days(5), b"a")], now()).unwrap_err();
    assert_eq!(error, AppendError::NotEnrolled);
    // The node's key under a replica that holds another cell: what it wrote would be refused here.
    let (mut node, store) = family.member(NODE, &["mars/foundry"]);
    let error = node.append(Lane::Productivity, &[note(in_days(5), b"a")], now()).unwrap_err();
    assert_eq!(error, AppendError::Refused(Reason::OutsideInterests.into()));
    assert_store_equals_memory(&family.charter, &mut node, &store);
}

#[test]
fn a_log_that_others_write_is_left_for_a_new_incarnation() {
    let family = family();
    let (mut node, store) = family.member(NODE, &["mars/forge"]);
    let first = node.append(Lane::Productivity, &[note(in_days(5), b"a")], now()).unwrap();
    // A thief with the same key wrote slots 2 and 3; only slot 3 has come so far.
    let log = node.logs().find(|log| log.id == first.log).unwrap().key;
    let thief = Pen { ledger: family.ledger(), secret: key(NODE), log };
    let stolen = thief.chain_on(1, first.id, 2, b"stolen");
    let report = node.absorb(&parcel(family.ledger(), &stolen[1..]), now()).unwrap();
    assert_eq!((report.own_log_grew, node.waiting().0), (Some(first.log), 1), "[INC-9]");
    let second = node.append(Lane::Productivity, &[note(in_days(5), b"b")], now()).unwrap();
    assert_ne!(second.log, first.log);
    assert_eq!(second.seq, 1);
    assert!(node.writing().all(|log| log == second.log));
    // What it wrote there stands, and the thief's words follow it: no fork is of its making.
    node.absorb(&parcel(family.ledger(), &stolen[..1]), now()).unwrap();
    let log = node.logs().find(|log| log.id == first.log).unwrap();
    assert_eq!((log.head, log.terminal), (3, None));
    assert_store_equals_memory(&family.charter, &mut node, &store);
}

/// `[KEY-5]`
#[test]
fn a_signer_that_fails_or_lies_leaves_nothing_behind() {
    #[derive(Debug)]
    struct Bad(SecretKey, bool);
    impl Signer for Bad {
        fn author(&self) -> AuthorKey {
            self.0.author()
        }
        fn sign(&self, message: &[u8]) -> Result<Signature, SignerFault> {
            if self.1 { key(98).sign(message) } else { Err(SignerFault { reason: "no answer".to_owned() }) }
        }
    }
    let charter = charter();
    for lies in [false, true] {
        let store = SharedStore::default();
        let mut lying = host(ROOT, 1, Witness::default());
        lying.signer = Box::new(Bad(key(ROOT), lies));
        let mut ledger =
            intent_ledger::Ledger::create(store.clone(), &charter, vec![Scope::root()], lying).unwrap();
        let error = ledger.append(Lane::Safety, &[note(in_days(5), b"a")], now()).unwrap_err();
        assert!(matches!(error, AppendError::Signer(_)), "{error:?}");
        let error = ledger.notice(&Scope::root(), in_days(5), 40, vec![1], now()).unwrap_err();
        assert!(matches!(error, AppendError::Signer(_)), "{error:?}");
        assert_store_equals_memory(&charter, &mut ledger, &store);
        // A birth that only memory knew would be another one after the next start.
        let mut reopened =
            intent_ledger::Ledger::open(store.copy(), &charter, host(ROOT, 9, Witness::default())).unwrap();
        assert_eq!(birth(&ledger.frontier().encode()), birth(&reopened.frontier().encode()));
    }
}

/// The birth field of a frontier's bytes.
fn birth(bytes: &[u8]) -> Vec<u8> {
    cbor::Items::of(bytes).unwrap().nth(4).unwrap().to_vec()
}

#[test]
fn more_bytes_than_one_call_takes_are_refused_as_a_whole() {
    let family = family();
    let (mut node, _) = family.member(NODE, &[""]);
    let most = intent_ledger::bounds::ABSORB_BYTES_MAX;
    let error = node.absorb(&vec![0; most + 1], now()).unwrap_err();
    assert_eq!(error, LedgerError::TooMuch { given: most + 1, most });
}
