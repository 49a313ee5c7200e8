//! What is dropped takes along all that hangs on it, in the state, in the store and in the pool; and an own log that
//! damage has touched is never trusted again.

#![allow(clippy::unwrap_used, reason = "a fixture that fails is a failed test")]

mod common;

use common::*;
use intent_ledger::contracts::kinds::Roles;
use intent_ledger::contracts::*;
use intent_ledger::{BundleBuilder, ItemBytes, Ledger, Terminal};

/// Headers of two entries of one slot, as a proof that stands alone.
fn proof_of(ledger: LedgerId, one: &SignedEntry, other: &SignedEntry) -> Vec<u8> {
    let branch = |entry: &SignedEntry| {
        ForkBranch::of(&verify_one(&ledger, entry.clone(), &mut KeyRing::new()).unwrap())
    };
    let proof = ForkProof::between(branch(one), branch(other)).unwrap();
    let mut bundle = BundleBuilder::new(ledger, usize::MAX);
    assert!(bundle.push(ItemBytes::Fork(&proof.encode())));
    bundle.finish()
}

/// Everything hangs on one enrolment: logs of two lanes, a forked one, a stump, a notice, a child with a log and a
/// notice of its own, the own log of this very replica, and what waits in each.
///
/// `[ADM-11]`
#[test]
fn a_dropped_enrolment_leaves_nothing_behind_in_state_store_or_pool() {
    let family = family();
    let (mut node, store) = family.member(NODE, &["mars"]);
    let bare = picture(&node);
    let own = node.append(Lane::Productivity, &[note(in_days(60), b"own")], now()).unwrap();
    node.notice(&scope("mars/forge"), in_days(40), 40, vec![1], now()).unwrap();
    let ledger = family.ledger();
    // The child of the node's enroller, below it.
    let pen = |seed, lane, incarnation, enrolment| {
        Pen::new(ledger, seed, lane, incarnation, in_days(60), enrolment)
    };
    let enroller = pen(MARS, Lane::Safety, 40, family.mars);
    let roles = Roles::ACT.with(Roles::ENROL).with(Roles::DENY);
    let child =
        enroller.entry(1, family.mars.entry, NOW, &[enrol(20, roles, "mars/forge", 1 << 20, 4, in_days(60))]);
    let child_record = RecordId { entry: child.id(), index: 0 };
    let below = pen(20, Lane::Safety, 41, child_record);
    let grandchild =
        below.entry(1, child.id(), NOW, &[enrol(21, Roles::ACT, "mars/forge", 1 << 12, 1, in_days(60))]);
    let grandchild_record = RecordId { entry: grandchild.id(), index: 0 };
    absorb_each(&mut node, [&child, &grandchild]);
    // Logs under it: one goes on, one is forked, one ends in a stump, one of the grandchild.
    let going = pen(20, Lane::Productivity, 42, child_record).chain(3, b"going");
    let forked = pen(20, Lane::Productivity, 43, child_record);
    let (trunk, rival) = (forked.chain(2, b"trunk"), forked.chain(1, b"rival"));
    let stumped = pen(20, Lane::Productivity, 44, child_record);
    let first = stumped.entry(1, child.id(), in_days(2), &[note(in_days(60), b"first")]);
    let back = stumped.entry(2, first.id(), in_days(1), &[note(in_days(60), b"back in time")]);
    let deep = pen(21, Lane::Productivity, 45, grandchild_record).chain(1, b"deep");
    absorb_each(
        &mut node,
        going.iter().take(1).chain(&trunk).chain(&rival).chain([&first, &back]).chain(&deep),
    );
    let notice = notice_of(&family.charter, 20, child_record, "mars/forge", in_days(50), b"denied");
    node.absorb(&notice_parcel(ledger, [&notice]), now()).unwrap();
    // What waits: an entry above a gap, and whatever cites the grandchild's own child, which never comes.
    absorb_each(&mut node, [&going[2]]);
    assert_eq!(node.waiting().0, 1);
    let ended = node.logs().filter(|log| log.terminal.is_some()).count();
    assert_eq!(
        (ended, node.enrolments().count()),
        (2, 5),
        "a fork, a stump; the root, mars, node, two children"
    );

    // The record that enrolled the child is forked away.
    let other = enroller.entry(1, family.mars.entry, NOW, &[note(in_days(60), b"other")]);
    let report = node.absorb(&parcel(ledger, [&other]), now()).unwrap();
    assert_eq!(report.waiting, 0, "what waited below it has nothing to wait for");
    assert_eq!(node.waiting(), (0, 0));
    let here: Vec<LogId> = node.logs().map(|log| log.id).collect();
    assert!(here.contains(&own.log));
    assert_eq!(here.len(), bare.0.len() + 2, "the own log, and the forked one of the enroller");
    assert_eq!(node.enrolments().collect::<Vec<_>>(), bare.2);
    assert_eq!(node.notices().count(), 1, "the own one");
    while node.sweep().unwrap() > 0 {}
    assert_store_equals_memory(&family.charter, &mut node, &store);
    // It never comes back, in whatever order it is told again.
    let again: Vec<&SignedEntry> = [&child, &grandchild].into_iter().chain(&going).chain(&deep).collect();
    absorb_each(&mut node, again.iter().rev().copied());
    absorb_each(&mut node, again);
    assert_eq!(node.logs().map(|log| log.id).collect::<Vec<_>>(), here);
}

/// The own enrolment goes: the own log, its mark and what nobody has heard of go with it.
#[test]
fn a_dropped_own_enrolment_leaves_no_mark_of_own_writing() {
    let family = family();
    let (mut node, store) = family.member(NODE, &["mars"]);
    node.append(Lane::Productivity, &[note(in_days(60), b"own")], now()).unwrap();
    node.notice(&scope("mars/forge"), in_days(40), 40, vec![1], now()).unwrap();
    let marks = || store.rows(b'm').into_iter().filter(|(key, _)| key.contains(&b'/')).count();
    assert_eq!(marks(), 2, "an own log and an unheard notice");
    // The region's log that enrols the node is forked in its first slot.
    let enrolling = node.logs().find(|log| log.key.author == key(MARS).author()).unwrap();
    let pen = Pen { ledger: family.ledger(), secret: key(MARS), log: enrolling.key };
    let rival = pen.chain(1, b"rival");
    node.absorb(&parcel(family.ledger(), &rival), now()).unwrap();
    assert_eq!(node.writing().count(), 0);
    assert_eq!((marks(), node.notices().count()), (0, 0));
    while node.sweep().unwrap() > 0 {}
    assert_store_equals_memory(&family.charter, &mut node, &store);
}

/// `[ADM-8]`, `[POOL-1]`
#[test]
fn what_waits_at_or_above_a_terminal_slot_waits_no_longer() {
    let family = family();
    let ledger = family.ledger();
    for way in 0..4 {
        let (mut node, _) = family.member(NODE, &["mars"]);
        let pen = family.node_pen(70);
        let trunk = pen.chain(4, b"trunk");
        // In slot 3, and above it, while slot 2 is missing.
        absorb_each(&mut node, [&trunk[0], &trunk[2], &trunk[3]]);
        assert_eq!(node.waiting().0, 2);
        let rival = |slot: usize| pen.chain_on(slot as u64 - 1, trunk[slot - 2].id(), 1, b"rival").remove(0);
        let (report, slot) = match way {
            // A proof of the very slot, of the one above it, and of one below it.
            0 => (node.absorb(&proof_of(ledger, &trunk[2], &rival(3)), now()).unwrap(), 3),
            1 => (node.absorb(&proof_of(ledger, &trunk[1], &rival(2)), now()).unwrap(), 2),
            // A second candidate for the slot in which one waits.
            2 => (node.absorb(&parcel(ledger, [&rival(3)]), now()).unwrap(), 3),
            // Slot 2 breaks a chain rule and ends the log.
            _ => {
                let early = pen.entry(2, trunk[0].id(), Tai(NOW.0 - 1), &[note(in_days(30), b"early")]);
                (node.absorb(&parcel(ledger, [&early]), now()).unwrap(), 2)
            }
        };
        assert_eq!((report.waiting, node.waiting()), (0, (0, 0)), "way {way}");
        let log = node.logs().find(|log| log.id == pen.id()).unwrap();
        assert_eq!(log.terminal.map(|terminal| terminal.slot()), Some(slot), "way {way}");
        let fork = matches!(log.terminal, Some(Terminal::Fork { .. }));
        assert_eq!(fork, way != 3, "way {way}");
        assert_eq!(log.head, 1, "way {way}");
    }
}

/// A store in which one row of an own log is touched, with its continuity proven.
fn opened_with(table: u8, damage: impl Fn(&mut Vec<u8>)) -> (Replica, LogId) {
    let family = family();
    let store = SharedStore::default();
    let witness = Witness::default();
    let found = host(NODE, 5, witness.clone());
    let mut node = Ledger::create(store.clone(), &family.charter, vec![scope("mars")], found).unwrap();
    node.absorb(&family.bytes, now()).unwrap();
    let mut own = None;
    for text in [b"one", b"two"] {
        own = Some(node.append(Lane::Productivity, &[note(in_days(60), text)], now()).unwrap());
    }
    let own = own.unwrap();
    let mut peer = family.member(MARS, &["mars"]).0;
    exchange(&mut node, &mut peer);
    drop(node);
    let mut touched = 0;
    for (key, mut value) in store.rows(table) {
        let ours = match table {
            // The head of the last log that was opened.
            b'e' => store.rows(b'e').last().is_some_and(|(last, _)| *last == key),
            _ => key.ends_with(own.log.as_bytes()),
        };
        if ours {
            damage(&mut value);
            store.put(key, value);
            touched += 1;
        }
    }
    assert_eq!(touched, 1);
    let node = Ledger::open(store, &family.charter, host(NODE, 6, witness)).unwrap();
    (node, own.log)
}

/// `[STORE-7]`
#[test]
fn an_own_log_that_was_touched_is_not_written_again_though_continuity_is_proven() {
    let (mut sound, log) = opened_with(b'l', |_| {});
    assert!(sound.writing().any(|own| own == log), "an ordinary restart keeps it");
    let written = sound.append(Lane::Productivity, &[note(in_days(60), b"on")], now()).unwrap();
    assert_eq!((written.log, written.seq), (log, 3));
    for (table, what) in [(b'l', "its row"), (b'e', "the entry at its head")] {
        // The checksum alone: all that a signature proves is there, and still the log was touched.
        for place in [0, 8] {
            let (mut node, log) = opened_with(table, |value| value[place] ^= 1);
            assert!(!node.opening().damage.is_empty(), "{what}, byte {place}");
            assert!(!node.writing().any(|own| own == log), "{what}, byte {place}: it is let go");
            let written = node.append(Lane::Productivity, &[note(in_days(60), b"on")], now()).unwrap();
            assert_ne!(written.log, log, "{what}, byte {place}");
            assert_eq!(written.seq, 1, "{what}, byte {place}");
        }
    }
}
