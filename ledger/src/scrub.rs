//! Scrubbing: reads everything, finds damage, cuts it out so that any peer repairs it `[STORE-3]`.

use crate::admit::{Admission, split_charge, stored_entry, stored_proof};
use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::report::AbsorbReport;
use crate::state::{LogState, Terminal};
use crate::store::rows::{self, Draft, Table};
use crate::store::{Store, StoreError, View};
use intent_contracts::{EntryId, KeyRing, LogId, NoticeId, RecordId, SignedEntry, SignedNotice, verify_one};
use std::collections::{BTreeMap, BTreeSet};

/// A damaged place of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// An entry of a trunk: missing, altered, or not fitting the one below.
    Entry {
        /// The log.
        log: LogId,
        /// The slot.
        slot: u64,
        /// What was found.
        what: String,
    },
    /// The kept evidence of how a log ended.
    Terminal {
        /// The log.
        log: LogId,
        /// What was found.
        what: String,
    },
    /// A notice.
    Notice {
        /// Its id.
        id: NoticeId,
        /// What was found.
        what: String,
    },
    /// A row that belongs to nothing admitted, or cannot be read.
    Row {
        /// The row, for people.
        row: String,
        /// What was found.
        what: String,
    },
}

/// What a scrub found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScrubReport {
    /// Entries read.
    pub entries: u64,
    /// Notices read.
    pub notices: u64,
    /// Every damaged place.
    pub damage: Vec<Damage>,
}

impl<S: Store> Ledger<S> {
    /// Reads the whole store and compares checksums, ids, digests, chains and signatures.
    ///
    /// # Errors
    /// A fault of the store that keeps it from being read at all.
    pub fn scrub(&mut self) -> Result<ScrubReport, LedgerError> {
        self.sound()?;
        let view = self.store.view()?;
        let mut report = ScrubReport::default();
        let mut found = Vec::new();
        let logs: Vec<(LogId, LogState)> =
            self.state.logs.iter().map(|(id, log)| (*id, log.clone())).collect();
        for (id, log) in &logs {
            report.entries += log.head;
            if let Some((slot, what)) = self.first_bad_slot(&view, log)? {
                found.push(Damage::Entry { log: *id, slot, what });
            }
            if let Some(what) = self.bad_terminal(&view, *id, log)? {
                found.push(Damage::Terminal { log: *id, what });
            }
        }
        for id in self.state.notices.keys() {
            report.notices += 1;
            let content = read(&view, &rows::notice_key(id))?;
            let read = content.and_then(|content| {
                SignedNotice::decode(&self.state.ledger, &content).map_err(|refusal| refusal.to_string())
            });
            match read {
                Ok(notice) if notice.id() == *id => {}
                Ok(_) => found.push(Damage::Notice { id: *id, what: "it is another notice".to_owned() }),
                Err(what) => found.push(Damage::Notice { id: *id, what }),
            }
        }
        found.extend(self.stray_rows(&view)?);
        report.damage = found;
        Ok(report)
    }

    /// Cuts the damaged places out of the state; the next bundle of any peer that has them brings them
    /// back. Own logs among them are never written again. Rows that only say what this handle knows
    /// anyway are written anew, and rows of nothing admitted are deleted.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn discard(&mut self, damage: &[Damage]) -> Result<(), LedgerError> {
        self.sound()?;
        let mut draft = Draft::over(self.store.view()?);
        let mut ignored = AbsorbReport::default();
        let mut admission = Admission::new(&mut self.state, &mut self.ring, &mut draft, &mut ignored);
        let mut own = BTreeSet::new();
        let mut mend = false;
        let mut outcome = Ok(());
        for place in damage {
            match place {
                Damage::Entry { log, slot, .. } => {
                    own.insert(*log);
                    let cut = admission.truncate(*log, slot.saturating_sub(1));
                    outcome = outcome.and(cut);
                    admission.forget_terminal(*log);
                }
                Damage::Terminal { log, .. } => {
                    own.insert(*log);
                    admission.forget_terminal(*log);
                }
                Damage::Notice { id, .. } => admission.forget_notice(id),
                Damage::Row { .. } => mend = true,
            }
        }
        own.iter().for_each(|log| admission.drop_if_empty(*log));
        if mend && outcome.is_ok() {
            outcome = self.mend_rows(&mut draft);
        }
        self.writing.retain(|log| !own.contains(log));
        self.save_writing(&mut draft);
        self.settle(outcome, draft)
    }

    fn first_bad_slot(
        &mut self,
        view: &S::View,
        log: &LogState,
    ) -> Result<Option<(u64, String)>, LedgerError> {
        let mut below = log.key.enrolment.entry;
        for slot in 1..=log.head {
            let key = rows::entry_key(log.number, slot);
            let entry = read(view, &key)?.and_then(|content| {
                let (_, bytes) = split_charge(&key, &content).map_err(|error| error.to_string())?;
                SignedEntry::decode(&self.state.ledger, bytes).map_err(|refusal| refusal.to_string())
            });
            match entry.and_then(|entry| self.fits(entry, log, slot, below)) {
                Ok(id) => below = id,
                Err(what) => return Ok(Some((slot, what))),
            }
        }
        let head = (below != log.head_id).then(|| (log.head.max(1), "it is not the head".to_owned()));
        Ok(head)
    }

    fn fits(
        &mut self,
        entry: SignedEntry,
        log: &LogState,
        slot: u64,
        below: EntryId,
    ) -> Result<EntryId, String> {
        let header = entry.header();
        if header.log != log.key || header.seq != slot || header.prev != below {
            return Err("it does not fit the entry below".to_owned());
        }
        let checked = verify_one(&self.state.ledger, entry, &mut self.ring);
        checked.map(|entry| entry.id()).map_err(|refusal| refusal.to_string())
    }

    fn bad_terminal(&self, view: &S::View, id: LogId, log: &LogState) -> Result<Option<String>, LedgerError> {
        let Some(terminal) = log.terminal else { return Ok(None) };
        let bytes = match read(view, &rows::terminal_key(&id))? {
            Ok(bytes) => bytes,
            Err(what) => return Ok(Some(what)),
        };
        let fits = match terminal {
            Terminal::Stump { id, .. } => SignedEntry::decode(&self.state.ledger, &bytes)
                .map(|entry| entry.id() == id)
                .map_err(|refusal| refusal.to_string()),
            Terminal::Fork { slot, pair } => stored_proof(&self.state, &bytes, &mut KeyRing::new())
                .map(|proof| (proof.slot(), proof.pair()) == (slot, pair))
                .map_err(|error| error.to_string()),
        };
        Ok(match fits {
            Ok(true) => None,
            Ok(false) => Some("it is other evidence than the log's".to_owned()),
            Err(what) => Some(what),
        })
    }

    /// Rows that nothing admitted owns, rows whose checksum does not fit, and rows that are missing.
    fn stray_rows(&self, view: &S::View) -> Result<Vec<Damage>, LedgerError> {
        let mut missing = self.owned_rows();
        let heads = self.heads();
        let mut found = Vec::new();
        for row in view.rows_from(&[], &[])? {
            let (key, value) = row?;
            let owned = self.owns(&key, &heads);
            missing.remove(&key);
            let checked_elsewhere = [Table::Entry, Table::Notice, Table::Terminal]
                .iter()
                .any(|table| key.starts_with(&table.prefix()));
            let what = match rows::unseal(&key, &value) {
                _ if !owned => "it belongs to nothing admitted".to_owned(),
                Err(error) if !checked_elsewhere => error.to_string(),
                _ => continue,
            };
            found.push(Damage::Row { row: rows::shown(&key), what });
        }
        let lost =
            missing.iter().map(|key| Damage::Row { row: rows::shown(key), what: "it is missing".to_owned() });
        found.extend(lost);
        Ok(found)
    }

    /// The rows of logs and enrolments, without which the store cannot be opened again.
    fn owned_rows(&self) -> BTreeSet<Vec<u8>> {
        let logs = self.state.logs.keys().map(rows::log_key);
        let enrolled = self.state.enrolments.iter().filter(|(_, enrolment)| enrolment.place.is_some());
        let dead = self.state.dead.keys().map(|number| rows::dead_key(*number));
        logs.chain(enrolled.map(|(record, _)| rows::enrolment_key(record))).chain(dead).collect()
    }

    /// The last slot under each number: of the logs, and of the dropped ones that the sweep owns `[BOUND-2]`.
    fn heads(&self) -> BTreeMap<u64, u64> {
        let dead = self.state.dead.iter().map(|(number, head)| (*number, *head));
        self.state.logs.values().map(|log| (log.number, log.head)).chain(dead).collect()
    }

    fn owns(&self, key: &[u8], heads: &BTreeMap<u64, u64>) -> bool {
        let Some((table, rest)) = key.split_first() else { return false };
        let id = || rest.try_into().ok();
        let record = || Some((id_of(rest.get(..32)?)?, *rest.get(32)?));
        match Table::ALL.into_iter().find(|known| known.prefix() == [*table]) {
            Some(Table::Meta | Table::Digest) => true,
            Some(Table::Log) => id().is_some_and(|id| self.state.logs.contains_key(&LogId::from_bytes(id))),
            Some(Table::Terminal) => id().is_some_and(|id| {
                self.state.logs.get(&LogId::from_bytes(id)).is_some_and(|log| log.terminal.is_some())
            }),
            Some(Table::Notice) => {
                id().is_some_and(|id| self.state.notices.contains_key(&NoticeId::from_bytes(id)))
            }
            Some(Table::Enrolment) => record().is_some_and(|(entry, index)| {
                rest.len() == 33 && self.state.enrolments.contains_key(&RecordId { entry, index })
            }),
            Some(Table::Dead) => {
                rest.try_into().is_ok_and(|number| self.state.dead.contains_key(&u64::from_be_bytes(number)))
            }
            Some(Table::Entry) => entry_place(key).is_some_and(|(number, slot)| {
                heads.get(&number).is_some_and(|head| (1..=*head).contains(&slot))
            }),
            None => false,
        }
    }

    /// Writes anew what memory knows, and deletes what nothing admitted owns.
    fn mend_rows(&mut self, draft: &mut Draft<S::View>) -> Result<(), StoreError> {
        let (view, heads) = (self.store.view()?, self.heads());
        for row in view.rows_from(&[], &[])? {
            let (key, _) = row?;
            if !self.owns(&key, &heads) {
                draft.delete(key);
            }
        }
        for (id, log) in &self.state.logs {
            log.save(*id, draft);
        }
        for (number, head) in &self.state.dead {
            draft.put_row(rows::dead_key(*number), head);
        }
        let placed: Vec<_> =
            self.state.enrolments.iter().filter_map(|(id, found)| Some((*id, found.place?))).collect();
        for (record, (log, slot)) in placed {
            let Some(state) = self.state.logs.get(&log) else { continue };
            let Some(parent) = self.state.enrolments.get(&state.key.enrolment) else { continue };
            let (entry, _) = stored_entry(&self.state, state.number, slot, draft)?;
            let found = entry.records().get(usize::from(record.index));
            let row = found.and_then(|found| self.state.enrolment_in(parent, log, &state.key, slot, found));
            if let Some((_, row)) = row {
                draft.put(rows::enrolment_key(&record), row);
            }
        }
        self.save_meta(draft);
        Ok(())
    }
}

fn id_of(bytes: &[u8]) -> Option<EntryId> {
    Some(EntryId::from_bytes(bytes.try_into().ok()?))
}

fn entry_place(key: &[u8]) -> Option<(u64, u64)> {
    let number = key.get(1..9)?.try_into().ok()?;
    let slot = key.get(9..17)?.try_into().ok()?;
    Some((u64::from_be_bytes(number), u64::from_be_bytes(slot)))
}

/// A row's content, or in words why there is none; a device's fault is an error of the whole scrub.
fn read<V: View>(view: &V, key: &[u8]) -> Result<Result<Vec<u8>, String>, LedgerError> {
    match rows::content(view, key) {
        Ok(Some(content)) => Ok(Ok(content)),
        Ok(None) => Ok(Err("it is missing".to_owned())),
        Err(StoreError::Damaged { what }) => Ok(Err(what)),
        Err(other) => Err(other.into()),
    }
}
