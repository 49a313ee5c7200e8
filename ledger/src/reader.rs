//! Snapshots for readers: consistent, `Send` and `Sync`, never in the writer's way.

use crate::admit::split_charge;
use crate::error::LedgerError;
use crate::ledger::{LogSummary, damaged, for_rows};
use crate::state::LogState;
use crate::store::rows::{self, Table};
use crate::store::{StoreError, View};
use intent_contracts::{LedgerId, LogId, SignedEntry, SignedNotice};

/// A consistent view of one replica at the moment when it was taken.
pub struct Reader<V> {
    view: V,
    ledger: LedgerId,
}

impl<V: View> Reader<V> {
    pub(crate) const fn over(view: V, ledger: LedgerId) -> Self {
        Self { view, ledger }
    }

    /// The admitted logs, by id.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn logs(&self) -> Result<Vec<LogSummary>, LedgerError> {
        let mut out = Vec::new();
        for_rows(&self.view, Table::Log, |key, content| {
            let log = LogState::load(key, content)?;
            out.push(LogSummary {
                id: log.key.id(&self.ledger),
                key: log.key,
                head: log.head,
                head_id: log.head_id,
                head_authored: log.head_authored,
                terminal: log.terminal,
            });
            Ok(())
        })?;
        Ok(out)
    }

    /// The entries of one log's trunk from slot `from` on, in order, read as they are asked for.
    ///
    /// # Errors
    /// A fault of the store; each item may be one too.
    pub fn entries(
        &self,
        log: LogId,
        from: u64,
    ) -> Result<impl Iterator<Item = Result<SignedEntry, LedgerError>> + '_, LedgerError> {
        let key = rows::log_key(&log);
        let state = rows::content(&self.view, &key)?.map(|content| LogState::load(&key, &content));
        let number = state.transpose()?.map(|state| state.number);
        let rows = match number {
            Some(number) => {
                Some(self.view.rows_from(&rows::entry_prefix(number), &rows::entry_key(number, from))?)
            }
            None => None,
        };
        let decode = |row: Result<(Vec<u8>, Vec<u8>), StoreError>| {
            let (key, value) = row?;
            let content = rows::unseal(&key, &value)?;
            let (_, bytes) = split_charge(&key, &content)?;
            SignedEntry::decode(&self.ledger, bytes)
                .map_err(|refusal| damaged(&key, &format!("the entry is refused: {refusal}")).into())
        };
        Ok(rows.into_iter().flatten().map(decode))
    }

    /// The admitted notices, by id.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn notices(&self) -> Result<Vec<SignedNotice>, LedgerError> {
        let mut out = Vec::new();
        for_rows(&self.view, Table::Notice, |key, content| {
            let notice = SignedNotice::decode(&self.ledger, content)
                .map_err(|refusal| damaged(key, &format!("the notice is refused: {refusal}")))?;
            out.push(notice);
            Ok(())
        })?;
        Ok(out)
    }
}
