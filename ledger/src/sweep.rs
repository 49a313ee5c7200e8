//! Sweeping: the entry rows of dropped logs are deleted later, a bounded number in each call `[BOUND-2]`.
//!
//! - A log is dropped at once: with its commit it is gone from memory, its own rows are gone, and its
//!   number stands among the dead ones.
//! - A number is never given again while rows lie under it, so nobody ever reads what is left there.
//! - Rows go from the last slot down, in the commit that says how many are left; a stop in between
//!   leaves the list right.

use crate::bounds::SWEPT_ROWS_MAX;
use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::state::State;
use crate::store::rows::{self, Draft};
use crate::store::{Store, View};

impl State {
    /// Leaves the entry rows of a dropped log to the sweep.
    pub(crate) fn bury<V: View>(&mut self, number: u64, head: u64, draft: &mut Draft<V>) {
        if head > 0 {
            self.dead.insert(number, head);
            draft.put_row(rows::dead_key(number), &head);
        }
    }

    /// Deletes at most [`SWEPT_ROWS_MAX`] rows of dropped logs.
    pub(crate) fn sweep<V: View>(&mut self, draft: &mut Draft<V>) {
        let mut left = SWEPT_ROWS_MAX;
        while left > 0
            && let Some((number, head)) = self.dead.pop_first()
        {
            let kept = head.saturating_sub(left);
            for slot in kept + 1..=head {
                draft.delete(rows::entry_key(number, slot));
            }
            left -= head - kept;
            if kept == 0 {
                draft.delete(rows::dead_key(number));
            } else {
                self.bury(number, kept, draft);
            }
        }
    }
}

impl<S: Store> Ledger<S> {
    /// Rows of dropped logs that still lie in the store.
    #[must_use]
    pub fn unswept(&self) -> u64 {
        self.state.dead.values().fold(0, |sum, head| sum.saturating_add(*head))
    }

    /// Deletes at most [`SWEPT_ROWS_MAX`] rows of dropped logs in one commit, and tells how many are left.
    ///
    /// Every changing call does as much; a host that has time calls this until nothing is left.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn sweep(&mut self) -> Result<u64, LedgerError> {
        self.sound()?;
        let draft = Draft::over(self.store.view()?);
        self.commit(draft)?;
        Ok(self.unswept())
    }
}
