//! Scrubbing: reads everything, finds damage, cuts it out so that any peer repairs it `[STORE-3]`.

use crate::admit::{Admission, split_charge, stored_proof};
use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::report::AbsorbReport;
use crate::state::{LogState, Terminal};
use crate::store::rows::{self, Draft, Table};
use crate::store::{Store, StoreError, View};
use intent_contracts::{EntryId, LogId, NoticeId, SignedEntry, SignedNotice, verify_one};
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
    /// back. Own logs among them are never written again.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn discard(&mut self, damage: &[Damage]) -> Result<(), LedgerError> {
        self.sound()?;
        let mut draft = Draft::over(self.store.view()?);
        let mut ignored = AbsorbReport::default();
        let mut admission =
            Admission { state: &mut self.state, draft: &mut draft, report: &mut ignored, ready: Vec::new() };
        let mut own = BTreeSet::new();
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
                Damage::Row { .. } => {}
            }
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
            Terminal::Fork { slot, pair } => stored_proof(&self.state, &bytes)
                .map(|proof| (proof.slot(), proof.pair()) == (slot, pair))
                .map_err(|error| error.to_string()),
        };
        Ok(match fits {
            Ok(true) => None,
            Ok(false) => Some("it is other evidence than the log's".to_owned()),
            Err(what) => Some(what),
        })
    }

    /// Rows that no admitted log, notice or enrolment owns, or whose checksum does not fit.
    fn stray_rows(&self, view: &S::View) -> Result<Vec<Damage>, LedgerError> {
        let heads: BTreeMap<u64, u64> = self.state.logs.values().map(|log| (log.number, log.head)).collect();
        let mut found = Vec::new();
        for table in Table::ALL {
            for row in view.rows_from(&table.prefix(), &[])? {
                let (key, value) = row?;
                let owned = table != Table::Entry
                    || entry_place(&key).is_some_and(|(number, slot)| {
                        heads.get(&number).is_some_and(|head| (1..=*head).contains(&slot))
                    });
                let checked_elsewhere = matches!(table, Table::Entry | Table::Notice | Table::Terminal);
                let what = match rows::unseal(&key, &value) {
                    _ if !owned => "it belongs to no admitted log".to_owned(),
                    Err(error) if !checked_elsewhere => error.to_string(),
                    _ => continue,
                };
                found.push(Damage::Row { row: rows::shown(&key), what });
            }
        }
        Ok(found)
    }
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
