//! The upkeep of a durable store while a ledger has it open: copies, and giving room back.

use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::store::{Compaction, RedbStore};
use std::path::Path;

impl Ledger<RedbStore> {
    /// Writes a copy of all that is committed now to `path`, while this ledger goes on `[STORE-12]`.
    ///
    /// The copy opens as an ordinary store, and never proves continuity: see [`RedbStore::backup_to`].
    /// [`Reader::open`](crate::Reader::open) looks at it.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`](crate::StoreError::Unreachable) when something stands at `path` already; others
    /// as a device fails. This ledger is as it was.
    pub fn backup_to(&mut self, path: &Path) -> Result<(), LedgerError> {
        self.sound()?;
        // An own entry that was recorded is not unsure in the copy.
        self.store_marks()?;
        Ok(self.store.backup_to(path)?)
    }

    /// Gives back to the file system what the file no longer needs `[STORE-13]`: after a horizon has dropped much,
    /// and [`Ledger::sweep`] has deleted it.
    ///
    /// # Errors
    /// [`StoreError::InUse`](crate::StoreError::InUse) while a [`Reader`](crate::Reader) of this ledger lives; nothing
    /// is changed then. Any other error poisons the handle: open the store again.
    pub fn compact(&mut self) -> Result<Compaction, LedgerError> {
        self.sound()?;
        let done = self.store.compact();
        if !matches!(done, Ok(_) | Err(crate::StoreError::InUse)) {
            self.poison();
        }
        Ok(done?)
    }
}
