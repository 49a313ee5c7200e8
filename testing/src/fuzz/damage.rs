//! Damaged stores: whatever stands in a file or in its rows, opening it is an answer, never a panic.

use super::cast::{now, reopened};
use super::{TRUTH, Truth, deliver, seen};
use intent_ledger::{Damage, Ledger, MemoryStore, RedbStore, Store, View as _, Write};
use std::path::Path;
use std::sync::LazyLock;

/// The first byte decides: the rest is a file, or edits of a true file, or damage to a true store's rows.
pub fn open_store(bytes: &[u8]) {
    let Some((&mode, rest)) = bytes.split_first() else { return };
    match mode {
        0..=31 => open_file(rest),
        32..=127 => {
            let mut file = FILE.clone();
            edit_used(&mut file, rest);
            open_file(&file);
        }
        _ => open_rows(mode, rest),
    }
}

/// Opens a file, scrubs what opens, cuts out the damage and takes the truth in again.
fn open_file(bytes: &[u8]) {
    LazyLock::force(&LET_REDB_UNWIND);
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("store");
    std::fs::write(&path, bytes).expect("a file");
    if let Ok(store) = RedbStore::open(&path) {
        live_on(store);
    }
}

fn live_on<S: Store>(store: S) {
    if let Ok(mut ledger) = reopened(store) {
        // A damaged store may fail any of these; it must say so. When it does not, what it holds is sound.
        if let Ok(left) = mend(&mut ledger) {
            assert_eq!(left, [], "what is cut out is no longer damaged");
            super::assert_authentic(&ledger, &TRUTH);
        }
    }
}

fn mend<S: Store>(ledger: &mut Ledger<S>) -> Result<Vec<Damage>, intent_ledger::DiscardError> {
    let found = ledger.scrub()?.damage;
    ledger.discard(&found, &mut |_| Ok(()))?;
    let left = ledger.scrub()?.damage;
    for some in TRUTH.items.chunks(16) {
        ledger.absorb(&super::bundle(some.iter().map(super::Signed::as_item)), now())?;
    }
    let _ = ledger.state_digest();
    Ok(left)
}

/// Damages rows below the store's own checksums: alters, deletes, or puts back what stood there earlier.
fn open_rows(mode: u8, edits: &[u8]) {
    let truth: &Truth = &TRUTH;
    let mut store = WHOLE.clone();
    let rows = rows_of(&store);
    let earlier = rows_of(&truth.half);
    let mut entries_alone = true;
    for edit in edits.chunks_exact(4).take(16) {
        let (key, value) = &rows[usize::from(edit[0]) % rows.len()];
        let write = match (edit[1] % 4, earlier.iter().find(|(old, _)| old == key)) {
            (0, _) => Write::Delete(key.clone()),
            (1, Some((_, old))) => Write::Put(key.clone(), old.clone()),
            (2, _) => Write::Put(key.clone(), value[..usize::from(edit[2]) % value.len().max(1)].to_vec()),
            _ => {
                let mut value = value.clone();
                let place = usize::from(u16::from_be_bytes([edit[2], edit[3]])) % value.len().max(1);
                if let Some(byte) = value.get_mut(place) {
                    *byte ^= edit[1] | 1;
                }
                Write::Put(key.clone(), value)
            }
        };
        entries_alone &= key.first() == Some(&b'e');
        store.commit(vec![write]).expect("memory answers");
    }
    if mode < 192 && !entries_alone {
        return live_on(store);
    }
    if !entries_alone {
        return;
    }
    // Entries alone are damaged: the ledger opens, finds it, cuts it out, and any peer repairs it.
    let mut ledger = reopened(store).expect("damaged entries keep nothing from opening");
    let left = mend(&mut ledger).expect("memory answers");
    assert_eq!(left, [], "what is cut out is no longer damaged");
    deliver(&mut ledger, &truth.items, 0);
    assert_eq!(seen(&ledger), truth.seen, "any peer repairs a damaged log");
}

fn rows_of(store: &MemoryStore) -> Vec<(Vec<u8>, Vec<u8>)> {
    let view = store.view().expect("memory answers");
    view.rows_from(&[], &[]).expect("memory answers").map(|row| row.expect("memory answers")).collect()
}

/// The store panics inside `redb` on some damage and contains it; a fuzzer ends the process at the panic
/// itself unless its hook is kept from it. A panic that is not contained still ends the body.
static LET_REDB_UNWIND: LazyLock<()> = LazyLock::new(|| {
    let outer = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if panic.location().is_none_or(|location| !location.file().contains("/redb-")) {
            outer(panic);
        }
    }));
});

/// A store in memory that holds all of the true script.
static WHOLE: LazyLock<MemoryStore> = LazyLock::new(|| {
    let mut ledger = reopened(TRUTH.half.clone()).expect("a sound store opens");
    deliver(&mut ledger, &TRUTH.items, 0);
    ledger.into_store()
});

/// The bytes of a durable store that holds the same.
static FILE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("store");
    write_file(&path);
    std::fs::read(&path).expect("the file stands")
});

fn write_file(path: &Path) {
    let rows = rows_of(&WHOLE);
    let mut store = RedbStore::create(path).expect("a new file");
    let writes = rows.into_iter().map(|(key, value)| Write::Put(key, value)).collect();
    store.commit(writes).expect("a durable store");
}

/// Edits any bytes: each edit is a place (two bytes), what to do, and with which byte.
pub(super) fn edit(bytes: &mut Vec<u8>, edits: &[u8]) {
    for edit in edits.chunks_exact(4).take(32) {
        let place = usize::from(u16::from_be_bytes([edit[0], edit[1]]));
        apply(bytes, place, edit[2], edit[3]);
    }
}

/// Edits a file where something stands, because most of a store's file is empty.
fn edit_used(file: &mut Vec<u8>, edits: &[u8]) {
    let used: Vec<usize> =
        file.iter().enumerate().filter(|(_, byte)| **byte != 0).map(|(at, _)| at).collect();
    for edit in edits.chunks_exact(4).take(32) {
        let place = used[usize::from(u16::from_be_bytes([edit[0], edit[1]])) % used.len()];
        apply(file, place, edit[2], edit[3]);
    }
}

fn apply(bytes: &mut Vec<u8>, place: usize, what: u8, with: u8) {
    if bytes.is_empty() {
        return;
    }
    let place = place % bytes.len();
    match what % 8 {
        0 => bytes[place] = with,
        1 => bytes.truncate(place),
        2 => bytes.insert(place, with),
        3 => drop(bytes.remove(place)),
        4 => {
            let end = bytes.len().min(place + usize::from(with));
            let copied = bytes[place..end].to_vec();
            bytes.extend(copied);
        }
        5 => {
            let end = bytes.len().min(place + 1 + usize::from(with));
            bytes[place..end].fill(0);
        }
        _ => bytes[place] ^= with | 1,
    }
}
