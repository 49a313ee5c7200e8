//! `author`: one append of one claim, durable when it returns.

use criterion::{Criterion, criterion_group, criterion_main};
use intent_benches::{Fleet, NOW, claim};
use intent_ledger::contracts::{Lane, Record, Tai};
use intent_ledger::{Ledger, MemoryStore, RedbStore, Store};

fn append<S: Store>(ledger: &mut Ledger<S>, number: &mut u64) {
    *number += 1;
    ledger.append(Lane::Productivity, &[claim(*number)], NOW).expect("the root may write");
}

fn author(criterion: &mut Criterion) {
    let fleet = Fleet::of(1);
    let directory = tempfile::tempdir().expect("a directory");
    let mut group = criterion.benchmark_group("author");
    let (mut memory, mut number) = (fleet.replica(MemoryStore::new()), 0);
    group.bench_function("memory", |bencher| bencher.iter(|| append(&mut memory, &mut number)));
    // Finding the own enrolment among many must not cost what they weigh. An author that goes on under one
    // enrolment does not look for it; one that asks for more than that reaches does, and is refused here.
    let many = Fleet::of(10_000);
    let (mut crowded, mut number) = (many.replica(MemoryStore::new()), 0);
    group.bench_function("memory-10k-enrolments", |bencher| {
        bencher.iter(|| append(&mut crowded, &mut number));
    });
    let far = [Record::new(9_000, Tai(u64::MAX), vec![0])];
    group.bench_function("search-10k-enrolments", |bencher| {
        bencher.iter(|| crowded.append(Lane::Productivity, &far, NOW).expect_err("beyond the charter"));
    });
    let store = RedbStore::create(&directory.path().join("author")).expect("a new file");
    let (mut durable, mut number) = (fleet.replica(store), 0);
    group.sample_size(20);
    group.bench_function("redb", |bencher| bencher.iter(|| append(&mut durable, &mut number)));
    group.finish();
}

criterion_group!(benches, author);
criterion_main!(benches);
