//! `verify`: the raw ZIP-215 batch beside the library's, on the same keys and messages.

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use intent_benches::{Fleet, signatures_of, verify_ours, verify_raw, verify_raw_batch};
use intent_ledger::contracts::{Item, KeyRing, verify_one};

fn verify(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("verify");
    for size in [16, 64, 1_024] {
        group.throughput(Throughput::Elements(size as u64));
        for (mix, authors) in [("one-author", 1), ("many-authors", size)] {
            let fleet = Fleet::of(authors);
            let ledger = fleet.charter.ledger_id();
            let entries = fleet.entries(size, 1);
            let signed = signatures_of(&ledger, &entries);
            let items: Vec<Item> = entries.into_iter().map(Item::Entry).collect();
            let mut ring = KeyRing::new();
            verify_ours(&ledger, items.clone(), &mut ring);
            group.bench_function(BenchmarkId::new(format!("raw/{mix}"), size), |bencher| {
                bencher.iter(|| verify_raw_batch(&signed));
            });
            group.bench_function(BenchmarkId::new(format!("ours/{mix}"), size), |bencher| {
                let check = |items| verify_ours(&ledger, items, &mut ring);
                bencher.iter_batched(|| items.clone(), check, BatchSize::LargeInput);
            });
        }
    }
    group.finish();
}

fn single(criterion: &mut Criterion) {
    let fleet = Fleet::of(1);
    let ledger = fleet.charter.ledger_id();
    let entries = fleet.entries(1, 1);
    let signed = signatures_of(&ledger, &entries);
    let mut ring = KeyRing::new();
    let mut group = criterion.benchmark_group("verify-single");
    group.bench_function("raw", |bencher| bencher.iter(|| verify_raw(&signed[0])));
    group.bench_function("ours", |bencher| {
        let check = |entry| verify_one(&ledger, entry, &mut ring).expect("a sound signature");
        bencher.iter_batched(|| entries[0].clone(), check, BatchSize::SmallInput);
    });
    group.finish();
}

criterion_group!(benches, verify, single);
criterion_main!(benches);
