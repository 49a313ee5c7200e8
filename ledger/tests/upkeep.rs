//! Copies of a store that is open, giving room back, and looking from outside.

#![allow(clippy::unwrap_used, reason = "a fixture that fails is a failed test")]

mod common;

use common::*;
use intent_ledger::contracts::*;
use intent_ledger::{Holder, Ledger, LedgerError, Reader, RedbStore, Store, StoreError, View, Write};
use rand_chacha::rand_core::Rng as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

const COMPACTING: &str = "INTENT_LEDGER_COMPACTING_CHILD";
const LOOKING: &str = "INTENT_LEDGER_LOOKING_CHILD";

fn in_directory(directory: &Path) -> (PathBuf, PathBuf) {
    (directory.join("node.store"), directory.join("copy.store"))
}

fn open(path: &Path, family: &Family, witness: &Witness) -> Ledger<RedbStore> {
    Ledger::open(RedbStore::open(path).unwrap(), &family.charter, host(NODE, 6, witness.clone())).unwrap()
}

fn node_at(path: &Path, family: &Family, witness: &Witness) -> Ledger<RedbStore> {
    let store = RedbStore::create(path).unwrap();
    let found = host(NODE, 5, witness.clone());
    let mut node = Ledger::create(store, &family.charter, vec![scope("mars")], found).unwrap();
    node.absorb(&family.bytes, now()).unwrap();
    node.append(Lane::Productivity, &[note(in_days(80), b"mine")], now()).unwrap();
    node
}

fn write_on(node: &mut Ledger<RedbStore>) {
    node.append(Lane::Productivity, &[note(in_days(80), b"later")], now()).unwrap();
}

/// `[STORE-12]`
#[test]
fn a_backup_is_what_was_committed_then_and_proves_no_continuity() {
    let family = family();
    let directory = tempfile::tempdir().unwrap();
    let (path, copy) = in_directory(directory.path());
    let witness = Witness::default();
    let mut node = node_at(&path, &family, &witness);
    let (then, recorded) = (picture(&node), witness.generation());
    node.backup_to(&copy).unwrap();
    write_on(&mut node);
    let now_there = picture(&node);
    drop(node);

    // The copy has the witness of its original, as a restored backup on the same host has.
    let twin = Witness::default();
    twin.set(recorded);
    let mut restored = open(&copy, &family, &twin);
    assert_eq!(picture(&restored), then);
    assert_eq!(restored.writing().count(), 0, "the witness proves the original alone");
    assert!(restored.scrub().unwrap().damage.is_empty());
    let written = restored.append(Lane::Productivity, &[note(in_days(80), b"restored")], now()).unwrap();
    assert_eq!(written.seq, 1, "in a new incarnation");
    assert_eq!(picture(&open(&path, &family, &witness)), now_there, "the original goes on");
}

#[test]
fn a_backup_overwrites_nothing_and_a_failed_one_leaves_nothing() {
    let family = family();
    let directory = tempfile::tempdir().unwrap();
    let (path, copy) = in_directory(directory.path());
    let mut node = node_at(&path, &family, &Witness::default());
    std::fs::write(&copy, b"a letter").unwrap();
    let error = node.backup_to(&copy).unwrap_err();
    assert!(matches!(error, LedgerError::Store(StoreError::Unreachable { .. })), "{error:?}");
    assert_eq!(std::fs::read(&copy).unwrap(), b"a letter");
    assert!(node.backup_to(&path).is_err(), "nor itself");
    assert!(node.backup_to(&directory.path().join("no/such/place")).is_err());
    // What an earlier backup left half made is replaced.
    let (third, half) = (directory.path().join("third"), directory.path().join("third.fresh"));
    std::fs::write(&half, [0; 5_000]).unwrap();
    node.backup_to(&third).unwrap();
    assert!(!half.exists());
    assert!(Reader::open(&third).is_ok());
}

/// `[STORE-14]`
#[test]
fn anybody_looks_at_a_store_that_nobody_writes_and_changes_nothing() {
    let family = family();
    let directory = tempfile::tempdir().unwrap();
    let (path, copy) = in_directory(directory.path());
    let witness = Witness::default();
    let mut node = node_at(&path, &family, &witness);
    let logs: Vec<_> = node.logs().collect();
    drop(node);
    let seen = Reader::open(&path).unwrap().logs().unwrap();
    assert_eq!(
        seen.len() + 1,
        logs.len(),
        "the store does not say that its last own entry was recorded [INC-6]"
    );
    node = open(&path, &family, &witness);
    node.prove_continuity().unwrap();
    let locked =
        |holder| Some(LedgerError::Store(StoreError::Locked { path: path.display().to_string(), holder }));
    assert_eq!(Reader::open(&path).err(), locked(Holder::ThisProcess));
    assert!(look_from_outside(&path).contains("is open in another process"));
    // As its process leaves it when it is stopped.
    std::fs::copy(&path, &copy).unwrap();
    let stopped = copy.display().to_string();
    assert_eq!(Reader::open(&copy).err(), Some(LedgerError::Store(StoreError::Unclosed { path: stopped })));
    drop(node);

    let before = std::fs::read(&path).unwrap();
    let (one, other) = (Reader::open(&path).unwrap(), Reader::open(&path).unwrap());
    assert_eq!(one.ledger_id(), family.ledger());
    assert_eq!(one.logs().unwrap(), logs);
    let looked = std::thread::scope(|scope| scope.spawn(|| other.logs().unwrap().len()).join().unwrap());
    assert_eq!(looked, logs.len(), "a reader serves any thread");
    assert!(look_from_outside(&path).contains(&format!("{} logs", logs.len())));
    let refused = RedbStore::open(&path).err();
    let this = Holder::ThisProcess;
    assert_eq!(refused, Some(StoreError::Locked { path: path.display().to_string(), holder: this }));
    drop((one, other));
    assert_eq!(std::fs::read(&path).unwrap(), before, "not a byte is written");
    assert!(open(&path, &family, &witness).writing().next().is_some(), "and continuity is as it was");
}

fn look_from_outside(path: &Path) -> String {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "looking_in_a_child", "--nocapture"])
        .env(LOOKING, path)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn looking_in_a_child() {
    let Some(path) = std::env::var_os(LOOKING) else { return };
    match Reader::open(Path::new(&path)) {
        Ok(reader) => println!("{} logs", reader.logs().unwrap().len()),
        Err(error) => println!("{error}"),
    }
}

#[test]
fn what_is_no_founded_store_shows_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let (path, copy) = in_directory(directory.path());
    let missing = Reader::open(&path).err();
    assert!(matches!(missing, Some(LedgerError::Store(StoreError::Unreachable { .. }))), "{missing:?}");
    drop(RedbStore::create(&path).unwrap());
    assert_eq!(Reader::open(&path).err(), Some(LedgerError::NotFounded));
    let mut other = RedbStore::create(&copy).unwrap();
    other.commit(vec![Write::Put(b"m".to_vec(), b"of somebody else".to_vec())]).unwrap();
    drop(other);
    assert_eq!(Reader::open(&copy).err(), Some(LedgerError::FoundationLost { row: "charter" }));
}

/// A node that has forgotten some ten megabytes.
fn emptied(path: &Path, family: &Family, witness: &Witness) -> Ledger<RedbStore> {
    let mut node = node_at(path, family, witness);
    for incarnation in 0..4 {
        let pen = Pen::new(family.ledger(), MARS, Lane::Productivity, incarnation, in_days(6), family.mars);
        node.absorb(&parcel(family.ledger(), &pen.chain(300, &[7; 8_000])), now()).unwrap();
    }
    node.advance_horizon(after_days(80), approved(after_days(80)), &mut |_| Ok(())).unwrap();
    while node.sweep().unwrap() > 0 {}
    node
}

/// `[STORE-13]`
#[test]
fn a_compaction_gives_room_back_and_waits_for_readers() {
    let family = family();
    let directory = tempfile::tempdir().unwrap();
    let (path, _) = in_directory(directory.path());
    let witness = Witness::default();
    let mut node = emptied(&path, &family, &witness);
    let before = picture(&node);
    let reader = node.reader().unwrap();
    assert_eq!(node.compact(), Err(LedgerError::Store(StoreError::InUse)));
    assert_eq!(reader.logs().unwrap().len(), before.0.len());
    drop(reader);
    let done = node.compact().unwrap();
    assert!(done.before > 8_000_000 && done.after < done.before / 8, "{done:?}");
    assert_eq!(std::fs::metadata(&path).unwrap().len(), done.after);
    write_on(&mut node);
    assert!(node.scrub().unwrap().damage.is_empty());
    let after = picture(&node);
    drop(node);
    let node = open(&path, &family, &witness);
    assert_eq!(picture(&node), after);
    assert!(node.writing().next().is_some(), "a compaction costs no continuity");
}

/// Not a test by itself: compacts, until it is killed.
#[test]
fn compacting_in_a_child() {
    let Some(path) = std::env::var_os(COMPACTING) else { return };
    let mut store = RedbStore::open(Path::new(&path)).unwrap();
    println!("compacting");
    store.compact().unwrap();
    // Whoever comes so far fills the file again, and starts anew.
    loop {
        let rows = |value: &[u8]| {
            (0..300u16)
                .map(|n| Write::Put(vec![b'?', n.to_be_bytes()[0], n.to_be_bytes()[1]], value.to_vec()))
                .collect::<Vec<_>>()
        };
        store.commit(rows(&[5; 9_000])).unwrap();
        let keys: Vec<_> =
            store.view().unwrap().rows_from(b"?", &[]).unwrap().map(|row| row.unwrap().0).collect();
        store.commit(keys.into_iter().map(Write::Delete).collect()).unwrap();
        store.compact().unwrap();
    }
}

#[test]
fn a_compaction_killed_at_any_moment_loses_nothing() {
    let family = family();
    let directory = tempfile::tempdir().unwrap();
    let (path, _) = in_directory(directory.path());
    let witness = Witness::default();
    let node = emptied(&path, &family, &witness);
    let before = picture(&node);
    drop(node);
    let full = std::fs::read(&path).unwrap();
    let mut random = entropy(19);
    for round in 0..12 {
        std::fs::write(&path, &full).unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "compacting_in_a_child", "--nocapture"])
            .env(COMPACTING, &path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(20 + random.next_u64() % 250));
        // SIGKILL on unix.
        child.kill().unwrap();
        child.wait().unwrap();
        let mut store = RedbStore::open(&path).unwrap();
        let strays: Vec<_> =
            store.view().unwrap().rows_from(b"?", &[]).unwrap().map(|row| row.unwrap().0).collect();
        store.commit(strays.into_iter().map(Write::Delete).collect()).unwrap();
        drop(store);
        let mut node = open(&path, &family, &witness);
        assert_eq!(picture(&node), before, "round {round}");
        assert!(node.scrub().unwrap().damage.is_empty(), "round {round}");
        let done = node.compact().unwrap();
        assert!(done.after < full.len() as u64 / 8, "round {round}: {done:?}");
    }
}
