//! `reopen`: a durable replica from its file; time follows the logs, not the entries.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use intent_benches::{Fleet, absorb_all, host};
use intent_ledger::{Ledger, RedbStore};

fn reopen(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("reopen");
    group.sample_size(20);
    let fleet = Fleet::of(64);
    let directory = tempfile::tempdir().expect("a directory");
    for entries in [10_000, 100_000] {
        let path = directory.path().join(entries.to_string());
        let mut ledger = fleet.replica(RedbStore::create(&path).expect("a new file"));
        absorb_all(&mut ledger, &fleet.entries(entries, 1));
        drop(ledger);
        group.bench_function(BenchmarkId::new("entries", entries), |bencher| {
            bencher.iter(|| {
                let store = RedbStore::open(&path).expect("the file stands");
                let ledger = Ledger::open(store, &fleet.charter, host()).expect("its own store");
                assert!(ledger.entry_count() > entries as u64);
                ledger
            });
        });
    }
    group.finish();
}

criterion_group!(benches, reopen);
criterion_main!(benches);
