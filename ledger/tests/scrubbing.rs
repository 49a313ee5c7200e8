//! Scrubbing: a flipped byte anywhere is found, discarded and brought back by a peer.

#![allow(clippy::unwrap_used, reason = "a fixture that fails is a failed test")]

mod common;

use common::*;
use intent_ledger::contracts::*;
use intent_ledger::{Damage, Ledger, NoContinuity};

/// A member with rows in every table, and a peer that has admitted the same.
fn pair(family: &Family) -> (Replica, SharedStore, Replica) {
    let (mut node, store) = family.member(NODE, &["mars"]);
    for n in 0..5u8 {
        node.append(Lane::Productivity, &[note(in_days(30), &[n; 200])], now()).unwrap();
    }
    node.notice(&scope("mars/forge"), in_days(40), 40, vec![1], now()).unwrap();
    let short = Pen::new(family.ledger(), MARS, Lane::Productivity, 9, in_days(3), family.mars);
    absorb_each(&mut node, &short.chain(2, b"short"));
    let forked = Pen::new(family.ledger(), MARS, Lane::Productivity, 5, in_days(60), family.mars);
    let trunk = forked.chain(4, b"trunk");
    let rival = forked.chain_on(2, trunk[1].id(), 1, b"rival");
    absorb_each(&mut node, trunk.iter().chain(&rival));
    let (mut peer, _) = family.member(100, &["mars"]);
    exchange(&mut node, &mut peer);
    for replica in [&mut node, &mut peer] {
        let report =
            replica.advance_horizon(after_days(80), approved(after_days(80)), &mut |_| Ok(())).unwrap();
        assert_eq!(report.logs, 1, "there is a digest");
    }
    assert_eq!(picture(&node), picture(&peer));
    (node, store, peer)
}

/// The damage is found, cut out, and one exchange with the peer makes all equal again.
fn assert_heals(family: &Family, node: &mut Replica, store: &SharedStore, peer: &mut Replica, what: &str) {
    let truth = picture(peer);
    let damage = node.scrub().unwrap().damage;
    assert!(!damage.is_empty(), "{what} is found");
    let owned: Vec<LogId> = node.writing().collect();
    node.discard(&damage, &mut |_| Ok(())).unwrap();
    let cut: Vec<LogId> = damage
        .iter()
        .filter_map(|place| match place {
            Damage::Entry { log, .. } | Damage::Terminal { log, .. } => Some(*log),
            _ => None,
        })
        .collect();
    assert!(node.writing().all(|log| owned.contains(&log) && !cut.contains(&log)));
    assert_store_equals_memory(&family.charter, node, store);
    exchange(node, peer);
    assert_eq!((picture(node), picture(peer)), (truth.clone(), truth), "{what} is healed");
    assert_store_equals_memory(&family.charter, node, store);
}

/// `[STORE-2]`, `[STORE-3]`
#[test]
fn a_flipped_byte_in_every_row_is_found_and_healed() {
    let family = family();
    let (_, rows, _) = pair(&family);
    let mut tables = Vec::new();
    for table in *b"mletnrd" {
        for (place, _) in rows.rows(table).iter().enumerate() {
            let (mut node, store, mut peer) = pair(&family);
            let (key, mut value) = store.rows(table).swap_remove(place);
            let middle = value.len() / 2;
            value[middle] ^= 0x10;
            store.put(key.clone(), value);
            let what = format!("{}:{}", char::from(table), String::from_utf8_lossy(&key[1..]).escape_debug());
            assert_heals(&family, &mut node, &store, &mut peer, &what);
            tables.push(table);
        }
    }
    tables.dedup();
    assert_eq!(tables, *b"mletnrd", "every table had a row");
}

#[test]
fn a_missing_row_of_what_is_admitted_is_found_and_healed() {
    let family = family();
    for table in *b"letnr" {
        let (_, rows, _) = pair(&family);
        for place in 0..rows.rows(table).len() {
            let (mut node, store, mut peer) = pair(&family);
            let (key, _) = store.rows(table).swap_remove(place);
            store.delete(key);
            let what = format!("row {place} of {}", char::from(table));
            assert_heals(&family, &mut node, &store, &mut peer, &what);
        }
    }
}

#[test]
fn a_row_of_nothing_admitted_is_found_and_deleted() {
    let family = family();
    for table in *b"letnr" {
        let (mut node, store, mut peer) = pair(&family);
        let (mut key, value) = store.rows(table).swap_remove(0);
        key[5] ^= 0xff;
        store.put(key, value);
        assert_heals(&family, &mut node, &store, &mut peer, "a stray row");
    }
}

/// What one scrub found may have gone when it is discarded late.
#[test]
fn stale_damage_is_discarded_without_harm() {
    let family = family();
    let (mut node, store, mut peer) = pair(&family);
    let log = node.writing().next().unwrap();
    let at = |slot| Damage::Entry { log, slot, what: "seen before".to_owned() };
    node.discard(&[at(2)], &mut |_| Ok(())).unwrap();
    node.discard(&[at(4), at(400), at(2)], &mut |_| Ok(())).unwrap();
    assert_store_equals_memory(&family.charter, &mut node, &store);
    exchange(&mut node, &mut peer);
    assert_eq!(picture(&node), picture(&peer));
    node.discard(&[at(1)], &mut |_| Ok(())).unwrap();
    assert!(node.logs().all(|summary| summary.id != log), "[ADM-9]");
    assert_store_equals_memory(&family.charter, &mut node, &store);
    assert!(node.writing().all(|own| own != log));
}

/// A store whose rows are damaged while it is closed opens, and the damage is told by opening or by the scrub.
#[test]
fn a_flipped_byte_under_a_closed_store_is_told_when_it_opens_or_by_the_scrub() {
    let family = family();
    let (_, store, _) = pair(&family);
    let (mut told, mut scrubbed) = (0, 0);
    for table in *b"mletnrd" {
        for (key, value) in store.rows(table) {
            let copy = store.copy();
            let mut value = value;
            let last = value.len() - 1;
            value[last] ^= 1;
            copy.put(key, value);
            let mut ledger = Ledger::open(copy, &family.charter, host(NODE, 9, NoContinuity)).unwrap();
            let met = !ledger.opening().damage.is_empty();
            let left = !ledger.scrub().unwrap().damage.is_empty();
            assert!(met != left, "{}: told once, by the one or the other", char::from(table));
            told += usize::from(met);
            scrubbed += usize::from(left);
        }
    }
    println!("{told} told at opening, {scrubbed} by the scrub");
}
