//! `absorb`: a bundle of fully signed entries, new and known, beside the raw batch of its signatures.

use criterion::measurement::WallTime;
use criterion::{
    BatchSize, BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main,
};
use intent_benches::{Fleet, NOW, bundle_of, signatures_of, verify_raw_batch};
use intent_ledger::{Ledger, MemoryStore, RedbStore, Store};
use std::path::Path;

const SIZES: [usize; 4] = [16, 64, 1_024, 4_096];

fn absorb(criterion: &mut Criterion) {
    for authors in [1, 64] {
        let fleet = Fleet::of(authors);
        let directory = tempfile::tempdir().expect("a directory");
        let mut files = 0..;
        let mut file = || {
            let number: u64 = files.next().expect("numbers do not end");
            create(&directory.path().join(number.to_string()))
        };
        for size in SIZES.into_iter().filter(|size| *size >= authors) {
            let mut group = criterion.benchmark_group(format!("absorb-{authors}-authors"));
            group.throughput(Throughput::Elements(size as u64)).sample_size(10);
            let ledger = fleet.charter.ledger_id();
            let entries = fleet.entries(size, 1);
            let (bundle, signed) = (bundle_of(&ledger, &entries), signatures_of(&ledger, &entries));
            group.bench_function(BenchmarkId::new("raw-batch", size), |bencher| {
                bencher.iter(|| verify_raw_batch(&signed));
            });
            cold(&mut group, ("memory", size), &bundle, || fleet.replica(MemoryStore::new()));
            known(&mut group, ("memory", size), &bundle, fleet.replica(MemoryStore::new()));
            cold(&mut group, ("redb", size), &bundle, || fleet.replica(file()));
            known(&mut group, ("redb", size), &bundle, fleet.replica(file()));
            group.finish();
        }
    }
}

fn cold<S: Store>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    (store, size): (&str, usize),
    bundle: &[u8],
    mut replica: impl FnMut() -> Ledger<S>,
) {
    group.bench_function(BenchmarkId::new(format!("cold/{store}"), size), |bencher| {
        // The replica is handed back so that closing its store is not measured.
        let absorb = |mut ledger: Ledger<S>| {
            let report = ledger.absorb(bundle, NOW).expect("the store answers");
            assert_eq!(report.new_entries, size as u64);
            ledger
        };
        bencher.iter_batched(&mut replica, absorb, BatchSize::PerIteration);
    });
}

fn known<S: Store>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    (store, size): (&str, usize),
    bundle: &[u8],
    mut ledger: Ledger<S>,
) {
    ledger.absorb(bundle, NOW).expect("the store answers");
    group.bench_function(BenchmarkId::new(format!("known/{store}"), size), |bencher| {
        bencher.iter(|| {
            let report = ledger.absorb(bundle, NOW).expect("the store answers");
            assert_eq!(report.known, size as u64);
        });
    });
}

fn create(path: &Path) -> RedbStore {
    RedbStore::create(path).expect("a new file")
}

criterion_group!(benches, absorb);
criterion_main!(benches);
