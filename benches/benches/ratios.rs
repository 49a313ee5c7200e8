//! `ratios`: the rate of absorbing beside the raw ZIP-215 batch, interleaved in one process.
//!
//! Each round measures every side once, one after the other, and takes the ratios within the round; the
//! table holds their medians. So a machine that is busy for a while slows both sides of a ratio.
//!
//! The raw side is one batch over all signatures of the bundle: the same keys and messages, nothing
//! parsed, nothing stored. Run with `cargo bench -p intent-benches --bench ratios`.
#![allow(clippy::print_stdout, reason = "the table is what this program is for")]

use intent_benches::{Fleet, NOW, bundle_of, signatures_of, verify_ours, verify_raw_batch};
use intent_ledger::contracts::{Digest, EntryId, Item, KeyRing, LedgerId, SignedEntry};
use intent_ledger::{Ledger, MemoryStore, RedbStore, Store};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Percent of the raw rate that absorbing must reach from 1,024 entries on.
const GOALS: [(&str, f64); 2] = [("memory", 50.0), ("redb", 30.0)];
const SIZES: [usize; 4] = [16, 64, 1_024, 4_096];

/// Seconds for each entry of one round.
#[derive(Clone, Copy)]
struct Round {
    raw: f64,
    decode: f64,
    ids: f64,
    verify: f64,
    memory: f64,
    known: f64,
    redb: f64,
}

fn main() {
    println!("times in microseconds for each entry, medians; percentages of the raw batch rate");
    println!(
        "{:>7} {:>7} {:>6} {:>7} {:>6} {:>7} {:>7} {:>7} {:>7} {:>8} {:>8}",
        "authors",
        "entries",
        "raw",
        "decode",
        "(ids)",
        "verify",
        "memory",
        "known",
        "redb",
        "memory %",
        "redb %"
    );
    let mut missed = Vec::new();
    for authors in [1, 64] {
        let fleet = Fleet::of(authors);
        for size in SIZES.into_iter().filter(|size| *size >= authors) {
            let rounds = measured(&fleet, size);
            let micros = |side: fn(&Round) -> f64| 1e6 * median(rounds.iter().map(side).collect());
            let percent = |side: fn(&Round) -> f64| {
                100.0 * median(rounds.iter().map(|round| round.raw / side(round)).collect())
            };
            let reached = [percent(|round| round.memory), percent(|round| round.redb)];
            println!(
                "{authors:>7} {size:>7} {:>6.1} {:>7.1} {:>6.1} {:>7.1} {:>7.1} {:>7.1} {:>7.1} {:>8.1} {:>8.1}",
                micros(|round| round.raw),
                micros(|round| round.decode),
                micros(|round| round.ids),
                micros(|round| round.verify),
                micros(|round| round.memory),
                micros(|round| round.known),
                micros(|round| round.redb),
                reached[0],
                reached[1],
            );
            for ((store, goal), percent) in GOALS.into_iter().zip(reached) {
                if size >= 1_024 && percent < goal {
                    missed.push(format!(
                        "{store}, {authors} authors, {size} entries: {percent:.1} % of {goal} %"
                    ));
                }
            }
        }
    }
    match missed.as_slice() {
        [] => println!("every goal is reached: memory 50 %, redb 30 % from 1,024 entries on"),
        missed => missed.iter().for_each(|line| println!("goal missed: {line}")),
    }
}

fn measured(fleet: &Fleet, size: usize) -> Vec<Round> {
    let ledger = fleet.charter.ledger_id();
    let entries = fleet.entries(size, 1);
    let (bundle, signed) = (bundle_of(&ledger, &entries), signatures_of(&ledger, &entries));
    let items: Vec<Item> = entries.iter().cloned().map(Item::Entry).collect();
    let mut ring = KeyRing::new();
    verify_ours(&ledger, items.clone(), &mut ring);
    let rounds = if size >= 1_024 { 15 } else { 51 };
    let one = |_| {
        let directory = tempfile::tempdir().expect("a directory");
        let store = RedbStore::create(&directory.path().join("store")).expect("a new file");
        let (mut memory, mut redb) = (fleet.replica(MemoryStore::new()), fleet.replica(store));
        let parsed = items.clone();
        let each = |time: Duration| time.as_secs_f64() / size as f64;
        Round {
            raw: each(timed(|| verify_raw_batch(&signed))),
            memory: each(timed(|| absorb(&mut memory, &bundle, size))),
            redb: each(timed(|| absorb(&mut redb, &bundle, size))),
            known: each(timed(|| {
                black_box(memory.absorb(&bundle, NOW).expect("memory answers"));
            })),
            verify: each(timed(|| verify_ours(&ledger, parsed, &mut ring))),
            decode: each(timed(|| decode(&ledger, &entries))),
            ids: each(timed(|| ids(&ledger, &entries))),
        }
    };
    (0..rounds).map(one).collect()
}

fn absorb<S: Store>(ledger: &mut Ledger<S>, bundle: &[u8], size: usize) {
    let report = ledger.absorb(bundle, NOW).expect("the store answers");
    assert_eq!(report.new_entries, size as u64, "every entry is new");
}

fn decode(ledger: &LedgerId, entries: &[SignedEntry]) {
    for entry in entries {
        black_box(SignedEntry::decode(ledger, entry.bytes()).expect("its own bytes"));
    }
}

/// The hashes that decoding and admitting one entry cannot do without; the first two are part of decoding.
fn ids(ledger: &LedgerId, entries: &[SignedEntry]) {
    for entry in entries {
        black_box(EntryId::of(ledger, entry.header_bytes()));
        black_box(Digest::of(&entry.bytes()[entry.bytes().len().saturating_sub(160)..]));
        black_box(entry.header().log.id(ledger));
    }
}

#[allow(clippy::disallowed_methods, reason = "measuring time is what this program is for")]
fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
