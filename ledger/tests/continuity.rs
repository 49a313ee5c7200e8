//! Continuity: when a log is gone on with, and when a new incarnation must begin.

#![allow(clippy::unwrap_used, reason = "a fixture that fails is a failed test")]

mod common;

use common::*;
use intent_ledger::contracts::*;
use intent_ledger::{
    AppendError, Continuity as _, ContinuityFault, Generation, Ledger, LedgerError, RedbStore, WitnessFile,
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
    assert_eq!(witness.generation(), Some(committed), "opening records what it found");
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
    let error = Ledger::open(stopped.clone(), &charter(), host(ROOT, 2, witness.clone())).err();
    assert!(matches!(error, Some(LedgerError::Continuity(_))), "{error:?}");
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
fn a_record_that_fails_poisons_and_the_entry_stays() {
    let witness = Witness::default();
    let (mut ledger, store, log) = founded(&witness, 2);
    witness.fail(true);
    let error = ledger.append(Lane::Productivity, &[note(in_days(5), b"c")], now()).unwrap_err();
    assert!(matches!(error, AppendError::Ledger(LedgerError::Continuity(_))), "{error:?}");
    let frontier = ledger.frontier();
    assert_eq!(ledger.bundle(&frontier, 1_000).err(), Some(LedgerError::Poisoned), "it cannot leave [INC-3]");
    assert_eq!(ledger.reader().err(), Some(LedgerError::Poisoned));
    drop(ledger);
    witness.fail(false);
    let mut ledger = reopen(&store, &witness, 2);
    let next = write(&mut ledger, b"next");
    assert_eq!((next.log, next.seq), (log, 4), "the committed entry is there and the log goes on");
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
    witness.record(Generation::new(41, [41; 16])).unwrap();
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
        WitnessFile::at(Path::new("/no/such/directory/witness")).record(Generation::new(1, [1; 16]));
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
    a.record(Generation::new(1, [1; 16])).unwrap();
    b.record(Generation::new(2, [2; 16])).unwrap();
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
    // The other goes on from the same commit, records, and its entry leaves.
    let mut ledger = open(&other, 3);
    assert_eq!(write(&mut ledger, b"other").log, log);
    let (mut peer, _) = replica(&charter(), 100, &[""]);
    send(&ledger, &mut peer, usize::MAX);
    drop(ledger);
    // The counts are equal now, the commits are not [INC-2].
    let mut ledger = open(&one, 4);
    assert_eq!(ledger.writing().count(), 0);
    assert_ne!(write(&mut ledger, b"on").log, log);
}

#[test]
fn a_witness_file_never_goes_back() {
    let directory = tempfile::tempdir().unwrap();
    let mut witness = WitnessFile::at(&directory.path().join("witness"));
    let recorded = Generation::new(6, [6; 16]);
    witness.record(recorded).unwrap();
    witness.record(recorded).unwrap();
    for given in [Generation::new(5, [5; 16]), Generation::new(6, [7; 16])] {
        let fault = witness.record(given).unwrap_err();
        assert_eq!(fault, ContinuityFault::Overtaken { recorded, given });
        assert!(fault.to_string().contains("stop that copy"), "{fault}");
        assert_eq!(witness.recorded().unwrap(), Some(recorded));
    }
    witness.record(Generation::new(7, [8; 16])).unwrap();
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
    let (mut one, mut other) = (open(&store, 2), open(&copy, 3));
    assert_eq!(write(&mut one, b"one").log, log);
    let error = other.append(Lane::Productivity, &[note(in_days(5), b"other")], now()).unwrap_err();
    let overtaken = LedgerError::Continuity(ContinuityFault::Overtaken {
        recorded: one.generation(),
        given: other.generation(),
    });
    assert_eq!(error, AppendError::Ledger(overtaken));
    assert!(other.reader().is_err(), "what was committed there cannot leave");
    drop(other);
    assert_ne!(write(&mut open(&copy, 4), b"on").log, log);
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
