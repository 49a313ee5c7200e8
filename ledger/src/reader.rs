//! Snapshots for readers: consistent, `Send` and `Sync`, never in the writer's way.

use crate::admit::split_charge;
use crate::error::LedgerError;
use crate::ledger::{LogSummary, damaged, for_rows};
use crate::load;
use crate::state::{LogState, Terminal};
use crate::store::rows::{self, Table};
use crate::store::{RedbView, StoreError, View};
use crate::witness::Withheld;
use intent_contracts::{LedgerId, LogId, SignedEntry, SignedNotice};
use std::path::Path;

/// A consistent view of one replica at the moment when it was taken. What was unsure then is not in it `[INC-6]`.
pub struct Reader<V> {
    view: V,
    ledger: LedgerId,
    withheld: Withheld,
}

impl Reader<RedbView> {
    /// Looks at the store at `path`, which nobody has open for writing: a node at rest, or a
    /// [backup](crate::RedbStore::backup_to). It takes no writer's lock and writes nothing `[STORE-14]`. The entry of
    /// the last own commit is left out where the store does not say that it was recorded `[INC-6]`.
    ///
    /// ```
    /// # use intent_ledger::contracts::*;
    /// use intent_ledger::{Host, Ledger, NoContinuity, Reader, RedbStore};
    /// # use rand_chacha::{ChaCha12Rng, rand_core::SeedableRng};
    /// # let root = SecretKey::from_seed([1; 32]);
    /// # let roots = vec![CharterRoot::new(root.author(), 1 << 40, 16)];
    /// # let until = Tai(4_000_000_000_000);
    /// # let charter = Charter::new("forge", roots, 1, until, CharterParameters::default(), [7; 32])?;
    /// # let entropy = Box::new(ChaCha12Rng::from_seed([3; 32]));
    /// # let host = Host { signer: Box::new(root), continuity: Box::new(NoContinuity), entropy };
    /// # let directory = tempfile::tempdir()?;
    /// # let (path, copy) = (directory.path().join("node.store"), directory.path().join("copy.store"));
    /// let mut ledger = Ledger::create(RedbStore::create(&path)?, &charter, vec![Scope::root()], host)?;
    /// # let now = Clock::new(Tai(1_800_000_000_000), Millis(50));
    /// # let records = [Record::new(9_000, now.hi().plus(Millis::days(3)), vec![0x80])];
    /// let written = ledger.append(Lane::Productivity, &records, now)?;
    /// assert!(Reader::open(&path).is_err(), "the node has it open");
    /// ledger.backup_to(&copy)?;
    /// let reader = Reader::open(&copy)?;
    /// assert_eq!(reader.ledger_id(), charter.ledger_id());
    /// assert_eq!(reader.entries(written.log, 1)?.count(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`LedgerError::NotFounded`] or [`LedgerError::FoundationLost`]; [`StoreError::Locked`] while somebody
    /// writes it; [`StoreError::Unclosed`] when its writer was stopped; others that name the path.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        let view = RedbView::open(path)?;
        let (ledger, withheld) = load::at_rest(&view)?;
        Ok(Self::over(view, ledger, withheld))
    }
}

impl<V: View> Reader<V> {
    pub(crate) const fn over(view: V, ledger: LedgerId, withheld: Withheld) -> Self {
        Self { view, ledger, withheld }
    }

    /// Which ledger it is.
    #[must_use]
    pub const fn ledger_id(&self) -> LedgerId {
        self.ledger
    }

    /// The admitted logs, by id.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn logs(&self) -> Result<Vec<LogSummary>, LedgerError> {
        let mut out = Vec::new();
        for_rows(&self.view, Table::Log, |key, content| {
            let log = LogState::load(key, content)?;
            let id = log.key.id(&self.ledger);
            out.extend(self.withheld.told(&id, &log).map(|log| LogSummary::of(id, log)));
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
        let told = state.transpose()?.map(|state| (state.number, self.withheld.head(&log, state.head)));
        let rows = match told {
            Some((number, _)) => {
                Some(self.view.rows_from(&rows::entry_prefix(number), &rows::entry_key(number, from))?)
            }
            None => None,
        };
        let last = told.map(|(number, head)| rows::entry_key(number, head));
        let within = move |row: &Result<(Vec<u8>, Vec<u8>), StoreError>| {
            row.as_ref().map_or(true, |(key, _)| last.as_ref().is_some_and(|last| key <= last))
        };
        let decode = |row: Result<(Vec<u8>, Vec<u8>), StoreError>| {
            let (key, value) = row?;
            let content = rows::unseal(&key, &value)?;
            let (_, bytes) = split_charge(&key, &content)?;
            SignedEntry::decode(&self.ledger, bytes)
                .map_err(|refusal| damaged(&key, &format!("the entry is refused: {refusal}")).into())
        };
        Ok(rows.into_iter().flatten().take_while(within).map(decode))
    }

    /// What ended a log and the bytes that show it: the entry that broke a chain rule, or a fork proof that
    /// anyone can check `[FORK-2]`. None while the log goes on.
    ///
    /// ```
    /// # use intent_ledger::contracts::*;
    /// # use intent_ledger::{BundleBuilder, Host, ItemBytes, Ledger, MemoryStore, NoContinuity, Terminal};
    /// # use rand_chacha::{ChaCha12Rng, rand_core::SeedableRng};
    /// # let root = SecretKey::from_seed([1; 32]);
    /// # let thief = SecretKey::from_seed([1; 32]);
    /// # let roots = vec![CharterRoot::new(root.author(), 1 << 40, 16)];
    /// # let until = Tai(4_000_000_000_000);
    /// # let charter = Charter::new("forge", roots, 1, until, CharterParameters::default(), [7; 32])?;
    /// # let entropy = Box::new(ChaCha12Rng::from_seed([3; 32]));
    /// # let host = Host { signer: Box::new(root), continuity: Box::new(NoContinuity), entropy };
    /// # let mut ledger = Ledger::create(MemoryStore::new(), &charter, vec![Scope::root()], host)?;
    /// # let now = Clock::new(Tai(1_800_000_000_000), Millis(50));
    /// # let note = |text: u8| [Record::new(9_000, now.hi().plus(Millis::days(3)), vec![text])];
    /// let written = ledger.append(Lane::Productivity, &note(1), now)?;
    /// assert_eq!(ledger.reader()?.terminal(written.log)?, None);
    /// // Somebody with the same key writes another first entry of the same log.
    /// # let key = ledger.logs().next().unwrap().key;
    /// # let bytes = Record::encode_all(&note(2))?;
    /// # let authored = Authored::not_before(now, None);
    /// # let header = Header::new(key, 1, key.enrolment.entry, authored, Digest::of(&bytes));
    /// # let rival = SignedEntry::sign(&charter.ledger_id(), &header, &bytes, &thief)?;
    /// # let mut bundle = BundleBuilder::new(charter.ledger_id(), 4_096);
    /// # bundle.push(ItemBytes::Entry(rival.bytes()));
    /// ledger.absorb(&bundle.finish(), now)?;
    /// let (terminal, proof) = ledger.reader()?.terminal(written.log)?.unwrap();
    /// assert!(matches!(terminal, Terminal::Fork { slot: 1, .. }));
    /// assert!(UncheckedFork::decode(&charter.ledger_id(), &proof).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A fault of the store.
    pub fn terminal(&self, log: LogId) -> Result<Option<(Terminal, Vec<u8>)>, LedgerError> {
        let key = rows::log_key(&log);
        let Some(content) = rows::content(&self.view, &key)? else { return Ok(None) };
        let state = LogState::load(&key, &content)?;
        let told = self.withheld.told(&log, &state);
        let Some(terminal) = told.and_then(|state| state.terminal) else { return Ok(None) };
        let key = rows::terminal_key(&log);
        let bytes = rows::content(&self.view, &key)?.ok_or_else(|| damaged(&key, "it is missing"))?;
        Ok(Some((terminal, bytes)))
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
            if !self.withheld.notices.contains(&notice.id()) {
                out.push(notice);
            }
            Ok(())
        })?;
        Ok(out)
    }
}
