//! Stores: two kinds behave alike, one holder at a time, and no file is too broken for a typed answer.

#![allow(clippy::unwrap_used, reason = "a fixture that fails is a failed test")]

mod common;

use common::*;
use intent_ledger::contracts::*;
use intent_ledger::{
    Damage, DiscardError, Holder, Ledger, LedgerError, MemoryStore, RedbStore, RedbView, Store, StoreError,
};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// A small life: own logs of both lanes, a peer's bundle, a fork, a notice, a horizon.
fn live<S: Store>(ledger: &mut Ledger<S>, family: &Family) {
    ledger.absorb(&family.bytes, now()).unwrap();
    for n in 0..12u8 {
        ledger.append(Lane::Productivity, &[note(in_days(5), &[n; 100])], now()).unwrap();
    }
    ledger.append(Lane::Safety, &[note(in_days(90), b"safe")], now()).unwrap();
    ledger.notice(&scope("mars/forge"), in_days(40), 40, vec![1], now()).unwrap();
    let pen = Pen::new(family.ledger(), MARS, Lane::Productivity, 5, in_days(60), family.mars);
    let trunk = pen.chain(4, b"trunk");
    let rival = pen.chain_on(2, trunk[1].id(), 1, b"rival");
    ledger.absorb(&parcel(family.ledger(), trunk.iter().chain(&rival)), now()).unwrap();
    ledger.advance_horizon(after_days(60), approved(after_days(60)), &mut |_| Ok(())).unwrap();
}

fn interests() -> Vec<Scope> {
    vec![scope("mars")]
}

#[test]
fn memory_and_file_behave_alike() {
    let family = family();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("node.store");
    let host = |witness: &Witness| host(NODE, 5, witness.clone());
    let (in_memory, in_file) = (Witness::default(), Witness::default());
    let mut memory =
        Ledger::create(MemoryStore::new(), &family.charter, interests(), host(&in_memory)).unwrap();
    let file = RedbStore::create(&path).unwrap();
    let mut file = Ledger::create(file, &family.charter, interests(), host(&in_file)).unwrap();
    live(&mut memory, &family);
    live(&mut file, &family);
    assert_eq!(picture(&memory), picture(&file));
    let (rows_memory, rows_file) = (memory.reader().unwrap(), file.reader().unwrap());
    assert_eq!(rows_memory.notices().unwrap(), rows_file.notices().unwrap());
    for log in memory.logs() {
        let read = |entries: Vec<Result<SignedEntry, LedgerError>>| -> Vec<SignedEntry> {
            entries.into_iter().map(Result::unwrap).collect()
        };
        let a = read(rows_memory.entries(log.id, 1).unwrap().collect());
        let b = read(rows_file.entries(log.id, 1).unwrap().collect());
        assert_eq!(a, b);
        assert_eq!(a.len() as u64, log.head);
    }
    drop((rows_memory, rows_file));
    let before = picture(&file);
    drop(file);
    let reopened = Ledger::open(RedbStore::open(&path).unwrap(), &family.charter, host(&in_file)).unwrap();
    assert_eq!(picture(&reopened), before);
    let mut reopened = reopened;
    assert!(reopened.scrub().unwrap().damage.is_empty());
}

/// `[STORE-4]`
#[test]
fn a_file_has_one_holder_at_a_time() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("node.store");
    let held = RedbStore::create(&path).unwrap();
    let locked = |holder| StoreError::Locked { path: path.display().to_string(), holder };
    assert_eq!(RedbStore::open(&path).unwrap_err(), locked(Holder::ThisProcess));
    assert_eq!(RedbView::open(&path).unwrap_err(), locked(Holder::ThisProcess));
    let said = in_another_process(&path);
    assert!(said.contains("is open in another process"), "{said}");
    drop(held);
    RedbStore::open(&path).unwrap();
}

/// Runs `opening_in_a_child` of this file in a process of its own and returns what it printed.
fn in_another_process(path: &Path) -> String {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "opening_in_a_child", "--nocapture"])
        .env("INTENT_LEDGER_CHILD_OPENS", path)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn opening_in_a_child() {
    let Some(path) = std::env::var_os("INTENT_LEDGER_CHILD_OPENS") else { return };
    match RedbStore::open(Path::new(&path)) {
        Ok(_) => println!("opened"),
        Err(error) => println!("{error}"),
    }
}

#[test]
fn what_is_no_store_is_named_and_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    let missing = RedbStore::open(&at("missing")).unwrap_err();
    assert!(matches!(missing, StoreError::Unreachable { .. }), "{missing:?}");
    assert!(!at("missing").exists());
    let nowhere = RedbStore::create(&at("no/such/place")).unwrap_err();
    assert!(matches!(nowhere, StoreError::Unreachable { .. }), "{nowhere:?}");
    let folder = RedbStore::open(directory.path()).unwrap_err();
    assert!(matches!(folder, StoreError::Unreachable { .. }), "{folder:?}");
    let mut random = vec![0; 40_000];
    rand_chacha::rand_core::Rng::fill_bytes(&mut entropy(1), &mut random);
    let texts: [(&str, Vec<u8>); 4] = [
        ("empty", Vec::new()),
        ("short", b"redb".to_vec()),
        ("text", b"Dear operator, this is a letter.\n".repeat(300)),
        ("random", random),
    ];
    for (name, content) in texts {
        std::fs::write(at(name), &content).unwrap();
        let error = RedbStore::open(&at(name)).unwrap_err();
        assert!(matches!(error, StoreError::Damaged { .. }), "{name}: {error:?}");
        assert!(error.to_string().contains(name), "the path is named: {error}");
        assert_eq!(std::fs::read(at(name)).unwrap(), content, "{name} is left as it was");
        let error = RedbStore::create(&at(name)).unwrap_err();
        assert!(matches!(error, StoreError::Unreachable { .. }), "{name}: {error:?}");
        assert_eq!(std::fs::read(at(name)).unwrap(), content, "{name} is left as it was");
    }
}

#[test]
fn a_database_of_another_application_is_refused_and_left_alone() {
    const OTHER: redb::TableDefinition<'_, u64, u64> = redb::TableDefinition::new("bookkeeping");
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("other.redb");
    let database = redb::Database::create(&path).unwrap();
    let write = database.begin_write().unwrap();
    write.open_table(OTHER).unwrap().insert(1, 2).unwrap();
    write.commit().unwrap();
    drop(database);
    let before = std::fs::read(&path).unwrap();
    for error in [RedbStore::open(&path).unwrap_err(), RedbView::open(&path).unwrap_err()] {
        assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
    }
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

/// `[STORE-10]`
#[test]
fn a_store_whose_creation_was_cut_short_can_still_be_founded() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("node.store");
    drop(RedbStore::create(&path).unwrap());
    let charter = charter();
    let open = || RedbStore::open(&path).unwrap();
    let host = || host(ROOT, 1, Witness::default());
    assert_eq!(Ledger::open(open(), &charter, host()).err(), Some(LedgerError::NotFounded));
    assert!(Ledger::create(open(), &charter, vec![Scope::root()], host()).is_ok());
}

/// A stop at any moment of the founding leaves a path under which the founding can be done again.
#[test]
fn a_creation_cut_short_anywhere_is_repeated_under_the_same_path() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("node.store");
    let fresh = directory.path().join("node.store.fresh");
    let charter = charter();
    let host = || host(ROOT, 1, Witness::default());
    // Cut while the file was being made: what lies under the fresh name is no database yet.
    std::fs::write(&fresh, vec![0; 5_000]).unwrap();
    drop(RedbStore::create(&path).unwrap());
    assert!(!fresh.exists());
    // Cut between the file and the first commit: the file is a store that holds no ledger.
    let open = || RedbStore::open(&path).unwrap();
    assert_eq!(Ledger::open(open(), &charter, host()).err(), Some(LedgerError::NotFounded));
    let store = RedbStore::create(&path).unwrap();
    drop(Ledger::create(store, &charter, vec![Scope::root()], host()).unwrap());
    // Founded: it is no longer for the taking.
    let error = RedbStore::create(&path).unwrap_err();
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
    assert!(Ledger::open(open(), &charter, host()).is_ok());
}

/// `[STORE-4]`
#[test]
fn a_store_belongs_to_one_charter_and_is_founded_once() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("node.store");
    let charter = charter();
    let other = charter_with(CharterParameters { guard: Millis(61_000), ..CharterParameters::default() });
    let witness = Witness::default();
    let host = || host(ROOT, 1, witness.clone());
    let store = RedbStore::create(&path).unwrap();
    let mut ledger = Ledger::create(store, &charter, vec![Scope::root()], host()).unwrap();
    ledger.append(Lane::Safety, &[note(in_days(5), b"kept")], now()).unwrap();
    let before = picture(&ledger);
    drop(ledger);
    let open = || RedbStore::open(&path).unwrap();
    let (found, expected) = (charter.ledger_id(), other.ledger_id());
    assert_eq!(
        Ledger::open(open(), &other, host()).err(),
        Some(LedgerError::WrongCharter { found, expected })
    );
    assert_eq!(
        Ledger::create(open(), &charter, vec![Scope::root()], host()).err(),
        Some(LedgerError::Founded { found })
    );
    let error = RedbStore::create(&path).unwrap_err();
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
    let ledger = Ledger::open(open(), &charter, host()).unwrap();
    assert_eq!(picture(&ledger), before, "nothing was lost");
    assert_eq!(ledger.writing().count(), 1, "and continuity holds");
}

/// Opens, reads everything and goes on; a typed error anywhere is an answer too. Tells the damage found
/// and the state that was opened.
fn use_damaged(path: &Path, family: &Family) -> Result<(Vec<Damage>, Digest), DiscardError> {
    let store = RedbStore::open(path)?;
    let mut ledger = Ledger::open(store, &family.charter, host(NODE, 9, Witness::default()))?;
    let opened = ledger.state_digest();
    let mut damage = ledger.opening().damage.clone();
    damage.extend(ledger.scrub()?.damage);
    ledger.discard(&damage, &mut |_| Ok(()))?;
    let frontier = intent_ledger::Frontier::unknown(&family.ledger(), interests());
    ledger.bundle(&frontier, usize::MAX)?;
    ledger.absorb(&family.bytes, now())?;
    Ok((damage, opened))
}

#[test]
fn no_damaged_byte_of_a_file_makes_the_library_panic() {
    let family = family();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("node.store");
    let store = RedbStore::create(&path).unwrap();
    let witness = Witness::default();
    let mut ledger =
        Ledger::create(store, &family.charter, interests(), host(NODE, 5, witness.clone())).unwrap();
    live(&mut ledger, &family);
    let truth = ledger.state_digest();
    drop(ledger);
    let sound = std::fs::read(&path).unwrap();
    let mut random = entropy(11);
    let mut draw = |below: usize| {
        let drawn = rand_chacha::rand_core::Rng::next_u64(&mut random);
        usize::try_from(drawn % below as u64).unwrap()
    };
    let used: Vec<usize> = (0..sound.len()).filter(|place| sound[*place] != 0).collect();
    let copy = directory.path().join("copy.store");
    let (mut panics, mut typed, mut found, mut silent, mut other) = (Vec::new(), 0, 0, 0, Vec::new());
    let mut attempt = |what: String, bytes: &[u8]| {
        std::fs::write(&copy, bytes).unwrap();
        match catch_unwind(AssertUnwindSafe(|| use_damaged(&copy, &family))) {
            Err(_) => panics.push(what),
            Ok(Err(_)) => typed += 1,
            Ok(Ok((damage, _))) if !damage.is_empty() => found += 1,
            Ok(Ok((_, opened))) if opened == truth => silent += 1,
            Ok(Ok(_)) => other.push(what),
        }
    };
    for n in 0..600 {
        // All of the header, then bytes in use, then any byte.
        let place = match n % 3 {
            0 => draw(512),
            1 => used[draw(used.len())],
            _ => draw(sound.len()),
        };
        let mut bytes = sound.clone();
        let mask = if n % 2 == 0 { 1 << draw(8) } else { 0xff };
        bytes[place] ^= mask;
        attempt(format!("byte {place} ^ {mask:02x}"), &bytes);
    }
    for n in 0..40 {
        let length = if n < 20 { draw(sound.len()) } else { draw(8_192) };
        attempt(format!("cut to {length}"), &sound[..length]);
    }
    eprintln!(
        "file of {} bytes, {} in use: {} panics, {typed} typed errors, {found} found by the scrub, {silent} without effect, {} another state",
        sound.len(),
        used.len(),
        panics.len(),
        other.len()
    );
    assert!(panics.is_empty(), "{panics:?}");
    assert!(other.is_empty(), "{other:?}");
}
