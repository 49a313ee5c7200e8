//! Who may hold what across threads.

use intent_ledger::{Ledger, MemoryStore, MemoryView, Reader, RedbStore, RedbView};

const fn sendable<T: Send>() {}
const fn shareable<T: Send + Sync>() {}

#[test]
fn a_ledger_moves_between_threads_and_a_reader_is_shared() {
    const {
        sendable::<Ledger<MemoryStore>>();
        sendable::<Ledger<RedbStore>>();
        shareable::<Reader<MemoryView>>();
        shareable::<Reader<RedbView>>();
    }
}
