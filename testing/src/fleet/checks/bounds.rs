//! Bounds on memory and store `[LAW-10]`.

use super::{Broken, hold};
use crate::fleet::disk::Disk;
use crate::model::ModelState;
use intent_contracts::bounds::{ENTRY_BYTES_MAX, NOTICE_BYTES_MAX};
use intent_ledger::Ledger;
use intent_ledger::bounds::{DIGESTS_KEPT_MAX, POOL_BYTES_MAX, POOL_ITEMS_MAX};

/// Most bytes of a row beside the item that it holds.
const OVERHEAD: usize = 64;

/// The pool stays within its bounds.
pub(in crate::fleet) fn pool(ledger: &Ledger<Disk>) -> Result<(), Broken> {
    let (items, bytes) = ledger.waiting();
    hold(items <= POOL_ITEMS_MAX && bytes <= POOL_BYTES_MAX, "pool", || {
        format!("{items} items and {bytes} bytes wait")
    })
}

/// The store holds one row for each thing of the state, and nothing else.
pub(in crate::fleet) fn rows(
    ledger: &Ledger<Disk>,
    disk: &Disk,
    state: &ModelState,
    roots: usize,
) -> Result<(), Broken> {
    let rows = disk.rows();
    let count = |table: u8| rows.iter().filter(|(key, _)| key.first() == Some(&table)).count();
    let ended = state.logs.values().filter(|log| log.terminal.is_some()).count();
    for (table, name, expected) in [
        (b'l', "logs", state.logs.len()),
        (b'e', "entries", state.entries() + usize::try_from(ledger.unswept()).unwrap_or(usize::MAX)),
        (b's', "salvage", ledger.opening().salvage.len()),
        (b't', "terminals", ended),
        (b'n', "notices", state.notices.len()),
        (b'r', "enrolments", state.enrolments.len() - roots),
    ] {
        let found = count(table);
        hold(found == expected, "rows", || format!("{found} rows of {expected} {name}"))?;
    }
    // So many rows, each of bounded length: the store is bounded.
    for (table, most) in [(b'e', ENTRY_BYTES_MAX), (b't', ENTRY_BYTES_MAX), (b'n', NOTICE_BYTES_MAX)] {
        let longest =
            rows.iter().filter(|(key, _)| key.first() == Some(&table)).map(|(_, row)| row.len()).max();
        hold(longest.unwrap_or(0) <= most + OVERHEAD, "rows", || format!("a row of {longest:?} bytes"))?;
    }
    let (digests, meta) = (count(b'd'), count(b'm'));
    let scopes = 3 * (state.enrolments.len() + 8);
    // Beside the rows of the replica itself a mark for each own log and each own notice.
    let marks = state.logs.len() + state.notices.len();
    hold(digests <= scopes * DIGESTS_KEPT_MAX && meta <= 17 + marks, "rows", || {
        format!("{digests} digests and {meta} rows of the replica itself")
    })
}
