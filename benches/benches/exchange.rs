//! `frontier` and `bundle`: what two replicas tell each other before and when they exchange.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use intent_benches::{Fleet, absorb_all};
use intent_ledger::contracts::Scope;
use intent_ledger::{Frontier, MemoryStore};

fn frontier(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("frontier");
    for (logs, authors, logs_each) in [(100, 2, 50), (10_000, 200, 50)] {
        let fleet = Fleet::of(authors);
        let mut ledger = fleet.replica(MemoryStore::new());
        absorb_all(&mut ledger, &fleet.entries(logs, logs_each));
        let bytes = ledger.frontier().encode();
        group.throughput(Throughput::Elements(logs as u64)).sample_size(20);
        group.bench_function(BenchmarkId::new("encode", logs), |bencher| {
            bencher.iter(|| ledger.frontier().encode());
        });
        group.bench_function(BenchmarkId::new("decode", logs), |bencher| {
            bencher.iter(|| Frontier::decode(&bytes).expect("its own bytes"));
        });
    }
    group.finish();
}

fn bundle(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("bundle");
    group.throughput(Throughput::Elements(1_024));
    for authors in [1, 64] {
        let fleet = Fleet::of(authors);
        let peer = fleet.replica(MemoryStore::new()).frontier();
        let mut ledger = fleet.replica(MemoryStore::new());
        absorb_all(&mut ledger, &fleet.entries(1_024, 1));
        assert_eq!(ledger.interests(), [Scope::root()]);
        group.bench_function(BenchmarkId::new("authors", authors), |bencher| {
            bencher.iter(|| {
                let made = ledger.bundle(&peer, usize::MAX).expect("memory answers");
                assert_eq!(made.items, 1_024);
                made
            });
        });
    }
    group.finish();
}

criterion_group!(benches, frontier, bundle);
criterion_main!(benches);
