//! Continuity: when a log is gone on with, and when a new incarnation must begin.

#![allow(clippy::unwrap_used, reason = "a fixture that fails is a failed test")]

mod common;

use common::*;
use intent_ledger::contracts::*;
use intent_ledger::{
    AppendError, Continued, Continuity as _, ContinuityFault, Generation, Ledger, LedgerError, RedbStore,
    WitnessFile,
};
use std::path::Path;

fn write(ledger: &mut Replica, text: &[u8]) -> intent_ledger::Appended {
    ledger.append(Lane::Productivity, &[note(in_days(5), text)], now()).unwrap()
}

/// A founded replica of the root with `count` entries.
fn founded(witness: &Witness, count: u8) -> (Replica, SharedStore, LogId) {
    let store = SharedStore::default();
    let host = host(ROOT, 1, witness.clone());
    let mut ledger = Ledger::create(store.clone(), &charter(), vec![Scope::root()], host).unwrap();
    let log = (0..count).map(|n| write(&mut ledger, &[n]).log).last().unwrap();
    (ledger, store, log)
}

/// Opens the very store.
fn reopen_in(store: &SharedStore, witness: &Witness, entropy: u64) -> Replica {
    Ledger::open(store.clone(), &charter(), host(ROOT, entropy, witness.clone())).unwrap()
}

fn reopen(store: &SharedStore, witness: &Witness, entropy: u64) -> Replica {
    Ledger::open(store.copy(), &charter(), host(ROOT, entropy, witness.clone())).unwrap()
}

#[test]
fn an_ordinary_reboot_keeps_the_log() {
    let witness = Witness::default();
    let (ledger, store, log) = founded(&witness, 3);
    drop(ledger);
    let mut ledger = reopen(&store, &witness, 2);
    let next = write(&mut ledger, b"next");
    assert_eq!((next.log, next.seq), (log, 4));
}

#[test]
fn a_stop_between_commit_and_record_keeps_the_log() {
    let witness = Witness::default();
    let (mut ledger, store, log) = founded(&witness, 2);
    let before = witness.generation();
    write(&mut ledger, b"third");
    drop(ledger);
    let committed = witness.generation().unwrap();
    witness.set(before);
    let mut ledger = reopen(&store, &witness, 2);
    assert_eq!(ledger.opening().continuity, Continued::Proven);
    assert_eq!(witness.generation(), Some(ledger.generation()), "opening records a generation of its own");
    assert_ne!(witness.generation(), Some(committed));
    let next = write(&mut ledger, b"next");
    assert_eq!((next.log, next.seq), (log, 4));
}

/// `[ASM-6]`
#[test]
fn a_restored_copy_starts_a_new_incarnation_and_forks_nothing() {
    for lost in 1..4u8 {
        let witness = Witness::default();
        let (mut ledger, store, log) = founded(&witness, 2);
        let backup = store.copy();
        for n in 0..lost {
            write(&mut ledger, &[100 + n]);
        }
        let (mut peer, peer_store) = replica(&charter(), 100, &[""]);
        send(&ledger, &mut peer, usize::MAX);
        drop(ledger);
        let mut restored = reopen(&backup, &witness, 2);
        let next = write(&mut restored, b"after the restore");
        assert_ne!(next.log, log);
        assert_eq!(next.seq, 1);
        // Both futures meet in a peer: no fork arises, and the lost one comes home.
        exchange(&mut restored, &mut peer);
        assert!(peer.logs().all(|log| log.terminal.is_none()));
        assert_eq!(picture(&restored), picture(&peer));
        let old = restored.logs().find(|summary| summary.id == log).unwrap();
        assert_eq!(old.head, 2 + u64::from(lost));
        assert!(restored.writing().all(|own| own != log), "what was let go of stays let go of");
        assert_store_equals_memory(&charter(), &mut peer, &peer_store);
    }
}

#[test]
fn a_copy_restored_twice_never_writes_to_an_old_slot() {
    let witness = Witness::default();
    let (mut ledger, store, _) = founded(&witness, 2);
    let (mut peer, _) = replica(&charter(), 100, &[""]);
    let backup = store.copy();
    write(&mut ledger, b"future");
    send(&ledger, &mut peer, usize::MAX);
    for entropy in 2..6 {
        let mut restored = reopen(&backup, &witness, entropy);
        write(&mut restored, b"one");
        write(&mut restored, b"two");
        send(&restored, &mut peer, usize::MAX);
    }
    assert!(peer.logs().all(|log| log.terminal.is_none()));
    assert_eq!(peer.logs().count(), 5);
}

#[test]
fn a_stop_while_a_restored_copy_is_opened_is_no_proof_of_the_old_log() {
    let witness = Witness::default();
    let (mut ledger, store, log) = founded(&witness, 2);
    let backup = store.copy();
    write(&mut ledger, b"future");
    // The opening commits that it lets go, and is stopped before it records.
    witness.fail(true);
    let stopped = backup.copy();
    let mut opened = reopen_in(&stopped, &witness, 2);
    assert_eq!(opened.opening().continuity, Continued::Lost { logs: vec![log], dropped: 1 });
    let error = opened.append(Lane::Productivity, &[note(in_days(5), b"c")], now()).unwrap_err();
    assert!(matches!(error, AppendError::Ledger(LedgerError::Continuity(_))), "{error:?}");
    drop(opened);
    witness.fail(false);
    let mut restored = reopen(&stopped, &witness, 3);
    assert_ne!(write(&mut restored, b"on").log, log);
}

/// `[ASM-4]`
#[test]
fn a_witness_without_a_store_generation_and_a_lost_witness_prove_nothing() {
    let witness = Witness::default();
    let (ledger, store, log) = founded(&witness, 3);
    drop(ledger);
    let committed = witness.generation().unwrap();
    let other = |count| Some(Generation::new(count, [7; 16]));
    let count = committed.count();
    for recorded in [None, other(count - 2), other(count - 1), other(count), other(count + 1), other(0)] {
        let witness = Witness::default();
        witness.set(recorded);
        let mut ledger = reopen(&store, &witness, 2);
        assert_eq!(ledger.writing().count(), 0, "{recorded:?}");
        let next = witness.generation().unwrap().count();
        let told = recorded.map_or(0, |recorded| recorded.count());
        assert!(next > told.max(committed.count()), "the next generation is new to both");
        assert_ne!(write(&mut ledger, b"on").log, log);
    }
}

#[test]
fn a_record_that_fails_withholds_the_entry_until_it_is_made() {
    let witness = Witness::default();
    let (mut ledger, store, log) = founded(&witness, 2);
    let unknown = intent_ledger::Frontier::unknown(&charter().ledger_id(), vec![Scope::root()]);
    let told = |ledger: &Replica| ledger.bundle(&unknown, usize::MAX).unwrap().items;
    let (before, digest) = (picture(&ledger), ledger.state_digest());
    witness.fail(true);
    let error = ledger.append(Lane::Productivity, &[note(in_days(5), b"c")], now()).unwrap_err();
    let AppendError::Unrecorded { written, .. } = error else { panic!("{error:?}") };
    assert_eq!(ledger.unsure(), Some((log, 3)));
    assert_eq!((picture(&ledger), ledger.state_digest()), (before.clone(), digest), "[INC-6] nobody is told");
    assert_eq!(told(&ledger), 2);
    assert_eq!(ledger.reader().unwrap().entries(log, 1).unwrap().count(), 2);
    assert_eq!(ledger.reader().unwrap().logs().unwrap()[0].head, 2);
    let frontier = ledger.frontier();
    assert_eq!(ledger.bundle(&frontier, usize::MAX).unwrap().items, 0, "the frontier is that of slot 2");
    // Nothing else is written, and nothing else is unsure, until the record answers [INC-7].
    let error = ledger.append(Lane::Productivity, &[note(in_days(5), b"d")], now()).unwrap_err();
    assert!(matches!(error, AppendError::Ledger(LedgerError::Continuity(_))), "{error:?}");
    assert!(ledger.scrub().unwrap().damage.is_empty());
    witness.fail(false);
    assert_eq!(ledger.prove_continuity(), Ok(Continued::Founded));
    assert_eq!((ledger.unsure(), told(&ledger)), (None, 3));
    assert_eq!(ledger.logs().next().unwrap().head_id, written.id);
    let next = write(&mut ledger, b"next");
    assert_eq!((next.log, next.seq), (log, 4));
    assert_store_equals_memory(&charter(), &mut ledger, &store);
}

#[test]
fn an_unrecorded_entry_stands_after_a_proven_opening_and_goes_with_an_unproven_one() {
    for proven in [true, false] {
        let witness = Witness::default();
        let (mut ledger, store, log) = founded(&witness, 2);
        witness.fail(true);
        assert!(ledger.append(Lane::Productivity, &[note(in_days(5), b"c")], now()).is_err());
        drop(ledger);
        witness.fail(false);
        if !proven {
            witness.set(Some(Generation::new(90, [9; 16])));
        }
        let mut ledger = reopen_in(&store, &witness, 2);
        let head = ledger.logs().find(|found| found.id == log).unwrap().head;
        let next = write(&mut ledger, b"next");
        if proven {
            assert_eq!(ledger.opening().continuity, Continued::Proven);
            assert_eq!((head, next.log, next.seq), (3, log, 4));
        } else {
            assert_eq!(ledger.opening().continuity, Continued::Lost { logs: vec![log], dropped: 1 });
            assert_eq!((head, next.seq), (2, 1));
        }
        assert_store_equals_memory(&charter(), &mut ledger, &store);
    }
}

/// The record was made and nobody heard of it: the next call finds it.
#[test]
fn a_record_whose_answer_was_lost_is_found() {
    let witness = Witness::default();
    let (mut ledger, _, log) = founded(&witness, 1);
    witness.fail(true);
    assert!(ledger.append(Lane::Productivity, &[note(in_days(5), b"c")], now()).is_err());
    witness.set(Some(ledger.generation()));
    witness.fail(false);
    assert_eq!((write(&mut ledger, b"next").log, ledger.entry_count()), (log, 3));
}

/// `[INC-8]`
#[test]
fn a_record_that_does_not_answer_keeps_no_store_from_being_read() {
    for proven in [true, false] {
        let witness = Witness::default();
        let (mut ledger, store, log) = founded(&witness, 2);
        if !proven {
            witness.fail(true);
            assert!(ledger.append(Lane::Productivity, &[note(in_days(5), b"c")], now()).is_err());
            witness.fail(false);
            witness.set(Some(Generation::new(90, [9; 16])));
        }
        drop(ledger);
        let family_word = charter();
        let (mut peer, _) = replica(&family_word, 100, &[""]);
        witness.silence(true);
        let mut ledger = reopen_in(&store, &witness, 2);
        assert!(matches!(ledger.opening().continuity, Continued::Awaited { .. }));
        // The last entry may never have been recorded, as far as the store knows.
        let sure = if proven { 1 } else { 2 };
        assert_eq!((ledger.entry_count(), ledger.writing().count()), (sure, 0));
        send(&ledger, &mut peer, usize::MAX);
        assert_eq!(peer.entry_count(), sure, "what is sure leaves");
        let pen =
            Pen::new(charter().ledger_id(), ROOT, Lane::Safety, 77, in_days(90), root_enrolment(&charter()));
        ledger.absorb(&parcel(charter().ledger_id(), &pen.chain(2, b"other")), now()).unwrap();
        assert_eq!(ledger.entry_count(), sure + 2, "it absorbs");
        ledger.notice(&Scope::root(), in_days(9), 40, b"a denial".to_vec(), now()).unwrap();
        send(&ledger, &mut peer, usize::MAX);
        assert_eq!(peer.notices().count(), 1, "notices are never withheld");
        let error = ledger.append(Lane::Productivity, &[note(in_days(5), b"d")], now()).unwrap_err();
        let fault = matches!(
            error,
            AppendError::Ledger(LedgerError::Continuity(ContinuityFault::Unreachable { .. }))
        );
        assert!(fault, "{error:?}");
        assert!(error.to_string().contains("wait until it answers"), "{error}");
        witness.silence(false);
        let next = write(&mut ledger, b"next");
        if proven {
            assert_eq!((next.log, next.seq), (log, 3));
            assert_eq!(ledger.opening().continuity, Continued::Proven);
        } else {
            assert_ne!(next.log, log);
            assert_eq!(ledger.opening().continuity, Continued::Lost { logs: vec![log], dropped: 1 });
        }
        assert_store_equals_memory(&charter(), &mut ledger, &store);
    }
}

#[test]
fn both_rows_of_the_generation_lost_drop_what_nobody_is_known_to_have() {
    for acknowledged in [true, false] {
        let witness = Witness::default();
        let (mut ledger, store, log) = founded(&witness, 3);
        if acknowledged {
            let (mut peer, _) = replica(&charter(), 100, &[""]);
            send(&ledger, &mut peer, usize::MAX);
            ledger.hear(&peer.frontier()).unwrap();
        }
        drop(ledger);
        store.delete(b"mgeneration".to_vec());
        let one = reopen(&store, &witness.copy(), 2);
        assert_eq!(one.opening().continuity, Continued::Proven, "the copy of the row is enough");
        store.delete(b"mgeneration-copy".to_vec());
        let none = reopen_in(&store, &witness, 2);
        let entries = u64::from(!acknowledged);
        assert_eq!(none.opening().continuity, Continued::Lost { logs: Vec::new(), dropped: entries });
        assert_eq!(none.logs().find(|found| found.id == log).unwrap().head, 3 - entries);
    }
}

#[test]
fn a_doubting_host_starts_an_incarnation() {
    let witness = Witness::default();
    let (mut ledger, store, log) = founded(&witness, 2);
    ledger.start_incarnation().unwrap();
    drop(ledger);
    let mut ledger = reopen(&store, &witness, 2);
    assert_ne!(write(&mut ledger, b"on").log, log);
}

#[test]
fn a_damaged_witness_file_is_no_proof() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("witness");
    let mut witness = WitnessFile::at(&path);
    assert_eq!(witness.recorded().unwrap(), None);
    witness.record(None, Generation::new(41, [41; 16])).unwrap();
    assert_eq!(witness.recorded().unwrap(), Some(Generation::new(41, [41; 16])));
    let sound = std::fs::read(&path).unwrap();
    for place in 0..sound.len() {
        for bit in 0..8 {
            let mut bytes = sound.clone();
            bytes[place] ^= 1 << bit;
            std::fs::write(&path, &bytes).unwrap();
            assert_eq!(witness.recorded().unwrap(), None, "byte {place} bit {bit}");
        }
        std::fs::write(&path, &sound[..place]).unwrap();
        assert_eq!(witness.recorded().unwrap(), None, "cut to {place}");
    }
    let unreachable =
        WitnessFile::at(Path::new("/no/such/directory/witness")).record(None, Generation::new(1, [1; 16]));
    assert!(unreachable.is_err());
    assert!(WitnessFile::at(directory.path()).recorded().is_err(), "a directory is a fault, not a blank");
}

#[test]
fn two_witnesses_in_one_directory_do_not_touch_each_other() {
    let directory = tempfile::tempdir().unwrap();
    let bystander = directory.path().join("node.fresh");
    std::fs::write(&bystander, b"somebody else's").unwrap();
    let mut a = WitnessFile::at(&directory.path().join("node.a"));
    let mut b = WitnessFile::at(&directory.path().join("node.b"));
    a.record(None, Generation::new(1, [1; 16])).unwrap();
    b.record(None, Generation::new(2, [2; 16])).unwrap();
    assert_eq!(
        (a.recorded().unwrap(), b.recorded().unwrap()),
        (Some(Generation::new(1, [1; 16])), Some(Generation::new(2, [2; 16])))
    );
    assert_eq!(std::fs::read(&bystander).unwrap(), b"somebody else's");
}

#[test]
fn two_copies_that_both_went_on_are_not_taken_for_each_other() {
    let witness = Witness::default();
    let (ledger, store, log) = founded(&witness, 2);
    drop(ledger);
    let (one, other) = (store.copy(), store.copy());
    let open = |store: &SharedStore, entropy| {
        Ledger::open(store.clone(), &charter(), host(ROOT, entropy, witness.clone())).unwrap()
    };
    // The one commits and is stopped before it records.
    let mut ledger = open(&one, 2);
    witness.fail(true);
    assert!(ledger.append(Lane::Productivity, &[note(in_days(5), b"one")], now()).is_err());
    drop(ledger);
    witness.fail(false);
    // The other was copied before; it is not proven, and cannot go on in the log.
    let mut ledger = open(&other, 3);
    assert_ne!(write(&mut ledger, b"other").log, log);
    let (mut peer, _) = replica(&charter(), 100, &[""]);
    send(&ledger, &mut peer, usize::MAX);
    drop(ledger);
    // The one is not proven any more either: its entry never was anywhere else, and never will be.
    let mut ledger = open(&one, 4);
    assert_eq!(ledger.opening().continuity, Continued::Lost { logs: vec![log], dropped: 1 });
    assert_ne!(write(&mut ledger, b"on").log, log);
    exchange(&mut ledger, &mut peer);
    assert!(peer.logs().all(|log| log.terminal.is_none()));
}

/// Both copies stand between commit and record when the one is opened, and it goes on in the log.
#[test]
fn copies_of_a_stopped_store_part_at_the_first_opening() {
    for first in [0, 1] {
        let witness = Witness::default();
        let (mut ledger, store, log) = founded(&witness, 2);
        witness.fail(true);
        assert!(ledger.append(Lane::Productivity, &[note(in_days(5), b"unsure")], now()).is_err());
        drop(ledger);
        witness.fail(false);
        let copies = [store.copy(), store.copy(), store.copy()];
        let mut winner = reopen_in(&copies[first], &witness, 2);
        assert_eq!(winner.opening().continuity, Continued::Proven);
        assert_eq!(write(&mut winner, b"on").seq, 4);
        let (mut peer, _) = replica(&charter(), 100, &[""]);
        send(&winner, &mut peer, usize::MAX);
        for (place, copy) in copies.iter().enumerate().filter(|(place, _)| *place != first) {
            let mut loser = reopen_in(copy, &witness, 3 + place as u64);
            assert_eq!(loser.opening().continuity, Continued::Lost { logs: vec![log], dropped: 1 });
            write(&mut loser, b"elsewhere");
            exchange(&mut loser, &mut peer);
        }
        assert!(peer.logs().all(|log| log.terminal.is_none()), "no honest log is forked");
        assert_eq!(peer.logs().find(|found| found.id == log).unwrap().head, 4);
        // The winner is told to stop, and can begin anew.
        let error = winner.append(Lane::Productivity, &[note(in_days(5), b"x")], now()).unwrap_err();
        let overtaken =
            matches!(error, AppendError::Ledger(LedgerError::Continuity(ContinuityFault::Overtaken { .. })));
        assert!(overtaken && error.to_string().contains("stop one of the two"), "{error}");
        winner.start_incarnation().unwrap();
        assert_ne!(write(&mut winner, b"anew").log, log);
    }
}

#[test]
fn a_witness_file_compares_and_sets() {
    let directory = tempfile::tempdir().unwrap();
    let mut witness = WitnessFile::at(&directory.path().join("witness"));
    let recorded = Generation::new(6, [6; 16]);
    let (other, next) = (Generation::new(6, [7; 16]), Generation::new(7, [8; 16]));
    assert_eq!(witness.record(Some(other), recorded), Err(ContinuityFault::Gone { given: recorded }));
    witness.record(None, recorded).unwrap();
    witness.record(None, recorded).unwrap();
    for expected in [None, Some(other), Some(next)] {
        let fault = witness.record(expected, other).unwrap_err();
        assert_eq!(fault, ContinuityFault::Overtaken { recorded, given: other });
        assert!(fault.to_string().contains("stop one of the two"), "{fault}");
        assert_eq!(witness.recorded().unwrap(), Some(recorded));
    }
    witness.record(Some(recorded), next).unwrap();
    assert_eq!(witness.recorded().unwrap(), Some(next));
}

/// Forty recorders that all expect the same: the file takes one.
#[test]
fn of_many_recorders_at_once_one_succeeds() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("witness");
    let mut expected = None;
    for round in 0..4u8 {
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let spawn = |number: u8| {
                let mut witness = WitnessFile::at(&path);
                scope.spawn(move || witness.record(expected, Generation::new(u64::from(round), [number; 16])))
            };
            let running: Vec<_> = (1..=10).map(spawn).collect();
            running.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        expected = WitnessFile::at(&path).recorded().unwrap();
        assert_eq!(expected.unwrap().count(), u64::from(round));
    }
}

#[test]
fn of_two_copies_side_by_side_only_one_goes_on() {
    let directory = tempfile::tempdir().unwrap();
    let witness = directory.path().join("witness");
    let store = SharedStore::default();
    let founding = host(ROOT, 1, WitnessFile::at(&witness));
    let mut ledger = Ledger::create(store.clone(), &charter(), vec![Scope::root()], founding).unwrap();
    let log = write(&mut ledger, b"first").log;
    drop(ledger);
    let open = |store: &SharedStore, entropy| {
        Ledger::open(store.clone(), &charter(), host(ROOT, entropy, WitnessFile::at(&witness))).unwrap()
    };
    let copy = store.copy();
    let mut one = open(&store, 2);
    assert_eq!(write(&mut one, b"one").log, log);
    // The other is opened beside it: it writes elsewhere, and from then on the one writes nothing.
    let mut other = open(&copy, 3);
    assert_ne!(write(&mut other, b"other").log, log);
    let error = one.append(Lane::Productivity, &[note(in_days(5), b"one")], now()).unwrap_err();
    let overtaken = LedgerError::Continuity(ContinuityFault::Overtaken {
        recorded: other.generation(),
        given: one.generation(),
    });
    assert_eq!(error, AppendError::Ledger(overtaken));
    assert_eq!(one.unsure(), None, "nothing was written");
    assert!(one.reader().is_ok(), "it can still be read");
    drop(one);
    assert_ne!(write(&mut open(&store, 4), b"on").log, log);
}

#[test]
fn a_restored_file_with_the_newer_witness_file_starts_a_new_incarnation() {
    let directory = tempfile::tempdir().unwrap();
    let (store, backup) = (directory.path().join("store"), directory.path().join("backup"));
    let witness = directory.path().join("witness");
    let host = |entropy| host(ROOT, entropy, WitnessFile::at(&witness));
    let mut ledger =
        Ledger::create(RedbStore::create(&store).unwrap(), &charter(), vec![Scope::root()], host(1)).unwrap();
    let append = |ledger: &mut Ledger<RedbStore>| {
        ledger.append(Lane::Productivity, &[note(in_days(5), b"a")], now()).unwrap()
    };
    let first = append(&mut ledger);
    drop(ledger);
    std::fs::copy(&store, &backup).unwrap();
    let mut ledger = Ledger::open(RedbStore::open(&store).unwrap(), &charter(), host(2)).unwrap();
    assert_eq!(append(&mut ledger).log, first.log);
    drop(ledger);
    std::fs::copy(&backup, &store).unwrap();
    let mut ledger = Ledger::open(RedbStore::open(&store).unwrap(), &charter(), host(3)).unwrap();
    assert_ne!(append(&mut ledger).log, first.log);
}
