//! The cap on work per call: dropped logs leave the state at once and the store bit by bit `[BOUND-2]`.

#![allow(clippy::unwrap_used, reason = "a fixture that fails is a failed test")]

mod common;

use common::*;
use intent_ledger::bounds::SWEPT_ROWS_MAX;
use intent_ledger::contracts::*;
use intent_ledger::{Ledger, LedgerError, NoContinuity, StoreError};

const ENTRIES: u64 = 4_000;

fn entry_rows(store: &SharedStore) -> u64 {
    store.rows(b'e').len() as u64
}

/// A replica that knows the family and five long logs of the node.
fn laden(family: &Family) -> (Replica, SharedStore) {
    let (mut replica, store) = family.member(100, &[""]);
    for incarnation in 0..5 {
        let chain = family.node_pen(incarnation).chain(ENTRIES, b"a");
        let report = replica.absorb(&parcel(family.ledger(), &chain), now()).unwrap();
        assert_eq!(report.new_entries, ENTRIES, "{:?}", report.refusals);
    }
    (replica, store)
}

/// A rival of the root's first entry: with it everything that the root enrolled falls.
fn rival_of_the_root(family: &Family) -> SignedEntry {
    let log = family.root.logs().find(|log| log.key.author == key(ROOT).author()).unwrap().key;
    let pen = Pen { ledger: family.ledger(), secret: key(ROOT), log };
    pen.chain(1, b"rival").remove(0)
}

#[test]
fn a_subtree_dropped_by_one_fork_is_swept_in_bounded_steps_over_a_reopening() {
    let family = family();
    let (mut replica, store) = laden(&family);
    let before = entry_rows(&store);
    assert_eq!(before, 5 * ENTRIES + 2, "with those of root and region");
    let report = replica.absorb(&parcel(family.ledger(), [&rival_of_the_root(&family)]), now()).unwrap();
    assert_eq!((report.ended_logs, report.dropped), (1, before));
    assert_eq!((replica.entry_count(), replica.logs().count()), (0, 1), "all of it has left the state");
    // The root's own log is cut, with its one row; the rest is bounded.
    let mut left = entry_rows(&store);
    assert_eq!(before - left, SWEPT_ROWS_MAX + 1);
    assert_eq!(replica.unswept(), left);
    assert!(replica.scrub().unwrap().damage.is_empty(), "the sweep owns what is left");
    drop(replica);

    let mut replica = Ledger::open(store.clone(), &family.charter, host(100, 9, NoContinuity)).unwrap();
    assert!(left - entry_rows(&store) <= SWEPT_ROWS_MAX, "an opening that commits sweeps no more either");
    left = entry_rows(&store);
    assert_eq!(replica.unswept(), left);
    assert!(left > 0);
    // No new log is put under a dead number, where the sweep would take its entries.
    let root = root_enrolment(&family.charter);
    let fresh: Vec<SignedEntry> = (0..8)
        .flat_map(|incarnation| {
            let lane = Lane::Productivity;
            Pen::new(family.ledger(), ROOT, lane, incarnation, in_days(30), root).chain(3, b"fresh")
        })
        .collect();
    assert_eq!(replica.absorb(&parcel(family.ledger(), &fresh), now()).unwrap().new_entries, 24);
    let mut rounds = 0;
    while replica.sweep().unwrap() > 0 {
        rounds += 1;
        assert!(rounds <= 5 * ENTRIES / SWEPT_ROWS_MAX, "the sweep ends");
    }
    assert_eq!(entry_rows(&store), 24);
    assert!(store.rows(b'x').is_empty());
    assert_store_equals_memory(&family.charter, &mut replica, &store);
}

#[test]
fn a_horizon_step_deletes_a_bounded_number_of_rows() {
    let family = family();
    let (mut replica, store) = laden(&family);
    let before = entry_rows(&store);
    let report =
        replica.advance_horizon(after_days(200), approved(after_days(200)), &mut |_| Ok(())).unwrap();
    assert_eq!((report.logs, report.entries), (5, 5 * ENTRIES));
    assert_eq!(before - entry_rows(&store), SWEPT_ROWS_MAX);
    while replica.unswept() > 0 {
        let before = entry_rows(&store);
        replica.advance_horizon(after_days(200), None, &mut |_| Ok(())).unwrap();
        assert!((1..=SWEPT_ROWS_MAX).contains(&(before - entry_rows(&store))), "every changing call sweeps");
    }
    assert_store_equals_memory(&family.charter, &mut replica, &store);
}

#[test]
fn a_damaged_list_of_dead_logs_is_told_and_mended() {
    let family = family();
    let (mut replica, store) = laden(&family);
    replica.absorb(&parcel(family.ledger(), [&rival_of_the_root(&family)]), now()).unwrap();
    let (key, mut value) = store.rows(b'x').remove(0);
    value[0] ^= 1;
    store.put(key, value);
    let damage = replica.scrub().unwrap().damage;
    assert_eq!(damage.len(), 1, "{damage:?}");
    replica.discard(&damage, &mut |_| Ok(())).unwrap();
    assert!(replica.scrub().unwrap().damage.is_empty());
    while replica.sweep().unwrap() > 0 {}
    assert_store_equals_memory(&family.charter, &mut replica, &store);
}

/// Seals a row as the store does.
fn seal(key: &[u8], content: &[u8]) -> Vec<u8> {
    let sum = blake3::Hasher::new().update(key).update(content).finalize();
    [&sum.as_bytes()[..8], content].concat()
}

/// What the list of dead logs is turned into under a closed store, and whether opening must tell of it.
fn damage_to_the_list(store: &SharedStore) -> Vec<(&'static str, SharedStore, bool)> {
    let dead = store.rows(b'x');
    let (key, value) = dead[0].clone();
    let number = key[1..].to_vec();
    let mut living = store.rows(b'e').into_iter().map(|(key, _)| key[1..9].to_vec());
    let living = living.rfind(|number| dead.iter().all(|(key, _)| key[1..] != number[..])).unwrap();
    let with = |key: &[u8], value: Option<Vec<u8>>| {
        let copy = store.copy();
        match value {
            Some(value) => copy.put(key.to_vec(), value),
            None => copy.delete(key.to_vec()),
        }
        copy
    };
    let mut flipped = value;
    flipped[3] ^= 1;
    let head = |head: u8| Some(seal(&key, &[head]));
    let beyond = Some(seal(&key, &[0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]));
    let of_living = [&b"x"[..], &living].concat();
    let entry = |slot: u64| [&b"e"[..], &number, &slot.to_be_bytes()].concat();
    vec![
        ("a checksum that does not fit", with(&key, Some(flipped)), true),
        ("a lost row", with(&key, None), true),
        ("a head of none", with(&key, head(0)), true),
        ("a head below the last row", with(&key, head(7)), true),
        ("a head beyond all rows", with(&key, beyond), true),
        ("the number of a living log", with(&of_living, Some(seal(&of_living, &[3]))), true),
        ("a key that is no number", with(b"xx", Some(seal(b"xx", &[3]))), true),
        ("a lost entry of a dropped log", with(&entry(2), None), false),
        ("a damaged entry of a dropped log", with(&entry(2), Some(vec![7])), false),
    ]
}

/// `[STORE-5]`, `[STORE-6]`: neither comes back what was dropped, nor is anything told for ever.
fn assert_the_list_mends(family: &Family, replica: Replica, store: &SharedStore) {
    let (before, logs) = (picture(&replica), replica.logs().count());
    assert!(replica.unswept() > 0 && logs > 0, "dead logs lie beside living ones");
    drop(replica);
    for (what, store, told) in damage_to_the_list(store) {
        let open = || Ledger::open(store.clone(), &family.charter, host(100, 9, Witness::default())).unwrap();
        let mut replica = open();
        assert_eq!(!replica.opening().damage.is_empty(), told, "{what}: {:?}", replica.opening().damage);
        assert_eq!(replica.opening().rebuilt, told, "{what}");
        assert_eq!(picture(&replica), before, "{what}");
        assert_eq!(replica.scrub().unwrap().damage, [], "{what}");
        drop(replica);
        let mut replica = open();
        assert_eq!(replica.opening().damage, [], "{what}: what was mended stays so");
        let mut rounds = 0;
        while replica.sweep().unwrap() > 0 {
            rounds += 1;
            assert!(rounds <= 5 * ENTRIES / SWEPT_ROWS_MAX, "{what}: the sweep ends");
        }
        assert!(store.rows(b'x').is_empty(), "{what}");
        assert_store_equals_memory(&family.charter, &mut replica, &store);
        assert_eq!(picture(&replica), before, "{what}");
    }
}

/// A living log beside the dead ones.
fn add_a_living_log(family: &Family, replica: &mut Replica) {
    let root = root_enrolment(&family.charter);
    let pen = Pen::new(family.ledger(), ROOT, Lane::Productivity, 7, in_days(900), root);
    let report = replica.absorb(&parcel(family.ledger(), &pen.chain(3, b"alive")), now()).unwrap();
    assert_eq!(report.new_entries, 3, "{:?}", report.refusals);
}

#[test]
fn a_list_of_dead_logs_damaged_under_a_closed_store_brings_no_forked_subtree_back() {
    let family = family();
    let (mut replica, store) = laden(&family);
    add_a_living_log(&family, &mut replica);
    replica.absorb(&parcel(family.ledger(), [&rival_of_the_root(&family)]), now()).unwrap();
    assert_the_list_mends(&family, replica, &store);
}

#[test]
fn a_list_of_dead_logs_damaged_under_a_closed_store_brings_nothing_forgotten_back() {
    let family = family();
    let (mut replica, store) = laden(&family);
    add_a_living_log(&family, &mut replica);
    replica.advance_horizon(after_days(200), approved(after_days(200)), &mut |_| Ok(())).unwrap();
    assert_the_list_mends(&family, replica, &store);
}

#[test]
fn a_stored_entry_whose_checksum_fits_but_whose_signature_does_not_never_becomes_evidence() {
    let family = family();
    let (mut replica, store) = family.member(100, &[""]);
    let pen = family.node_pen(1);
    let chain = pen.chain(2, b"a");
    replica.absorb(&parcel(family.ledger(), &chain), now()).unwrap();
    // Whoever can write to the store can write a checksum that fits.
    let signature = chain[1].signature();
    let at = |value: &[u8]| value.windows(64).position(|part| part == signature.as_bytes());
    let (row, mut value) = store.rows(b'e').into_iter().find(|(_, value)| at(value).is_some()).unwrap();
    let place = at(&value).unwrap();
    value[place] ^= 1;
    let sum = blake3::Hasher::new().update(&row).update(&value[8..]).finalize();
    value[..8].copy_from_slice(&sum.as_bytes()[..8]);
    store.put(row, value);
    let rival = pen.chain_on(1, chain[0].id(), 1, b"rival");
    let error = replica.absorb(&parcel(family.ledger(), &rival), now()).unwrap_err();
    assert!(matches!(error, LedgerError::Store(StoreError::Damaged { .. })), "{error:?}");
    assert!(store.rows(b't').is_empty(), "no proof was made of it");
}
