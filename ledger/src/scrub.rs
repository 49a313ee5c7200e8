//! Scrubbing: reads everything, finds damage, cuts it out so that any peer repairs it `[STORE-3]`.

use crate::admit::{Admission, split_charge, stored_entry, stored_proof};
use crate::bundle::ItemBytes;
use crate::error::{DiscardError, LedgerError};
use crate::horizon::digest_key_of;
use crate::ledger::Ledger;
use crate::load::{entry_at, told_by};
use crate::rebuild::Packing;
use crate::report::{AbsorbReport, DiscardReport};
use crate::state::{LogState, Terminal};
use crate::store::rows::{self, Draft, Mark, Table};
use crate::store::{Store, StoreError, View};
use intent_contracts::planted;
use intent_contracts::{
    Item, LogId, LogKey, NoticeId, RecordId, SignedEntry, SignedNotice, Verified, VerifiedItem, verify_all,
    verify_one,
};
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
    /// The row of a log's head.
    Log {
        /// The log.
        log: LogId,
        /// What was found.
        what: String,
    },
    /// The row of an enrolment, or what hangs on it.
    Enrolment {
        /// The record that enrols.
        record: RecordId,
        /// What was found.
        what: String,
    },
    /// The digest of an epoch.
    Digest {
        /// The row, for people.
        row: String,
        /// What was found.
        what: String,
    },
    /// A row that tells of the replica itself.
    Meta {
        /// Its name.
        name: String,
        /// What was found.
        what: String,
    },
    /// A row that belongs to nothing admitted, or of which nothing more can be said.
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

impl Damage {
    /// The damage of the row at `key`.
    pub(crate) fn at(key: &[u8], what: String) -> Self {
        let rest = key.get(1..).unwrap_or(&[]);
        let id = || <[u8; 32]>::try_from(rest).ok();
        let row = rows::shown(key);
        match (Table::of(key), id()) {
            (Some(Table::Log), Some(id)) => Self::Log { log: LogId::from_bytes(id), what },
            (Some(Table::Terminal), Some(id)) => Self::Terminal { log: LogId::from_bytes(id), what },
            (Some(Table::Notice), Some(id)) => Self::Notice { id: NoticeId::from_bytes(id), what },
            (Some(Table::Digest), _) => Self::Digest { row, what },
            (Some(Table::Meta), _) if rows::mark_of(key).is_none() => {
                Self::Meta { name: String::from_utf8_lossy(rest).into_owned(), what }
            }
            (Some(Table::Enrolment), _) => match rows::record_of(key) {
                Some(record) => Self::Enrolment { record, what },
                None => Self::Row { row, what },
            },
            _ => Self::Row { row, what },
        }
    }

    /// Whether both tell of one place, whatever they found there.
    pub(crate) fn same_place(&self, other: &Self) -> bool {
        let place = |damage: &Self| {
            let mut place = damage.clone();
            match &mut place {
                Self::Entry { what, .. }
                | Self::Terminal { what, .. }
                | Self::Notice { what, .. }
                | Self::Log { what, .. }
                | Self::Enrolment { what, .. }
                | Self::Digest { what, .. }
                | Self::Meta { what, .. }
                | Self::Row { what, .. } => what.clear(),
            }
            place
        };
        place(self) == place(other)
    }
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
            if let Some((slot, what)) = self.first_bad_slot(&view, *id, log)?
                && !planted::on("scrub without looking at entries")
            {
                found.push(Damage::Entry { log: *id, slot, what });
            }
            if let Some(what) = self.bad_terminal(&view, *id, log)? {
                found.push(Damage::Terminal { log: *id, what });
            }
        }
        let notices: Vec<NoticeId> = self.state.notices.keys().copied().collect();
        for id in notices {
            report.notices += 1;
            if let Some(what) = self.bad_notice(&view, id)? {
                found.push(Damage::Notice { id, what });
            }
        }
        found.extend(self.stray_rows()?);
        report.damage = found;
        Ok(report)
    }

    /// Cuts the damaged places out of the state; the next bundle of any peer that has them brings them
    /// back. Damage to an entry of a safety log takes all along that hangs on what it enrols.
    ///
    /// `export` first gets bundles of the own entries and notices that go and that no peer is known to have;
    /// when it fails, nothing is dropped. Own logs that are touched are never written again, and go on being
    /// counted as living `[STORE-9]`. Rows that only say what this handle knows anyway are written anew, and
    /// rows of nothing admitted are deleted.
    ///
    /// # Errors
    /// [`DiscardError::Export`], or a fault of the store.
    pub fn discard(
        &mut self,
        damage: &[Damage],
        export: &mut dyn FnMut(&[u8]) -> Result<(), String>,
    ) -> Result<DiscardReport, DiscardError> {
        self.sound()?;
        let cuts = Cuts::of(damage);
        let doomed = self.doomed(&cuts);
        let exported = self.export_doomed(&doomed, export)?;
        let own: Vec<(LogId, LogKey)> = doomed
            .keep
            .keys()
            .chain(cuts.keep.keys())
            .filter_map(|id| Some((*id, self.state.logs.get(id).filter(|log| self.is_own(id, log))?.key)))
            .collect();
        let mut draft = Draft::over(self.store.view()?);
        let mut cut = AbsorbReport::default();
        let mut admission = Admission::new(&mut self.state, &mut self.ring, &mut draft, &mut cut);
        let mut outcome = Ok(());
        for (log, keep) in &cuts.keep {
            if let Some(keep) = keep {
                outcome = outcome.and(admission.truncate(*log, *keep));
            }
            admission.forget_terminal(*log);
        }
        cuts.notices.iter().for_each(|id| admission.forget_notice(id));
        if !planted::on("leave an empty log behind") {
            cuts.keep.keys().for_each(|log| admission.drop_if_empty(*log));
        }
        for (id, key) in own {
            self.note_lost(id, key);
        }
        self.save_lost(&mut draft);
        self.writing.retain(|log| !doomed.keep.contains_key(log) && !cuts.keep.contains_key(log));
        self.save_writing(&mut draft);
        if outcome.is_ok() && cuts.mends {
            outcome = self.mend_rows(&mut draft);
        }
        self.settle(outcome, draft)?;
        Ok(DiscardReport { dropped: cut.dropped, exported })
    }

    /// All that goes with the cuts, before anything goes: logs with what is kept of each, and notices.
    fn doomed(&self, cuts: &Cuts) -> Doomed {
        let mut doomed = Doomed { keep: BTreeMap::new(), notices: cuts.notices.clone() };
        let mut work: Vec<(LogId, u64)> =
            cuts.keep.iter().filter_map(|(log, keep)| Some((*log, (*keep)?))).collect();
        while let Some((id, keep)) = work.pop() {
            let Some(log) = self.state.logs.get(&id) else { continue };
            let before = doomed.keep.get(&id).copied().unwrap_or(u64::MAX);
            if keep >= before {
                continue;
            }
            doomed.keep.insert(id, keep);
            for (_, record) in log.enrolments.iter().filter(|(slot, _)| *slot > keep) {
                let Some(enrolment) = self.state.enrolments.get(record) else { continue };
                doomed.notices.extend(enrolment.notices.iter().map(|(_, notice)| *notice));
                work.extend(enrolment.logs.iter().map(|(_, log)| (*log, 0)));
            }
        }
        doomed
    }

    /// Hands out the own items among the doomed that no peer is known to have and that are themselves sound.
    fn export_doomed(
        &mut self,
        doomed: &Doomed,
        export: &mut dyn FnMut(&[u8]) -> Result<(), String>,
    ) -> Result<u64, DiscardError> {
        let (view, withheld) = (self.store.view()?, self.withheld());
        let (ledger, mut count) = (self.state.ledger, 0);
        let mut packing = Packing::of(ledger);
        for (id, keep) in &doomed.keep {
            let Some(log) = self.state.logs.get(id).filter(|log| self.is_own(id, log)) else {
                continue;
            };
            for slot in keep.saturating_add(1)..=withheld.head(id, log.head) {
                let key = rows::entry_key(log.number, slot);
                let Some(value) = told_by(view.get(&key))?.ok().flatten() else { continue };
                // The signature proves the entry, whatever the checksum beside it says.
                let entry = split_charge(&key, rows::unsealed(&value))
                    .ok()
                    .and_then(|(_, bytes)| SignedEntry::decode(&ledger, bytes).ok())
                    .and_then(|entry| verify_one(&ledger, entry, &mut self.ring).ok());
                let own = |key: &LogKey| {
                    key.author == self.author || self.state.own_logs.contains(&key.id(&ledger))
                };
                if let Some(entry) = entry.filter(|entry| own(&entry.header().log))
                    && !self.acknowledges(&entry)
                {
                    packing.push(ItemBytes::Entry(entry.bytes()));
                    count += 1;
                }
            }
        }
        let unheard: Vec<NoticeId> = doomed.notices.intersection(&self.state.unheard).copied().collect();
        for id in &unheard {
            let Some(value) = told_by(view.get(&rows::notice_key(id)))?.ok().flatten() else { continue };
            if let Some(notice) =
                self.authentic_notice(rows::unsealed(&value)).filter(|notice| notice.id() == *id)
            {
                packing.push(ItemBytes::Notice(notice.bytes()));
                count += 1;
            }
        }
        for bundle in packing.finish() {
            export(&bundle).map_err(|what| DiscardError::Export { what })?;
        }
        Ok(count)
    }

    fn authentic_notice(&mut self, bytes: &[u8]) -> Option<Verified<SignedNotice>> {
        let notice = SignedNotice::decode(&self.state.ledger, bytes).ok()?;
        let items = vec![Item::Notice(notice)];
        match verify_all(&self.state.ledger, items, &mut self.ring, &self.salt).pop()? {
            Ok(VerifiedItem::Notice(notice)) => Some(notice),
            _ => None,
        }
    }

    fn bad_notice(&mut self, view: &S::View, id: NoticeId) -> Result<Option<String>, LedgerError> {
        Ok(match read(view, &rows::notice_key(&id))? {
            Err(what) => Some(what),
            Ok(content) => match self.authentic_notice(&content) {
                None => Some("it is no authentic notice".to_owned()),
                Some(notice) if notice.id() != id => Some("it is another notice".to_owned()),
                Some(_) => None,
            },
        })
    }

    fn first_bad_slot(
        &mut self,
        view: &S::View,
        id: LogId,
        log: &LogState,
    ) -> Result<Option<(u64, String)>, LedgerError> {
        let mut below = LogState::fresh(log.key, log.number);
        for slot in 1..=log.head {
            let entry = entry_at(view, &self.state, log.number, slot)?;
            match entry.and_then(|(entry, charge)| self.above(&below, id, entry, charge)) {
                Ok(above) => below = above,
                Err(what) => return Ok(Some((slot, what))),
            }
        }
        let told = (log.head_id, log.head_authored, log.charge);
        let differs = told != (below.head_id, below.head_authored, below.charge);
        Ok(differs.then(|| (log.head.max(1), "it is not the head".to_owned())))
    }

    /// The trunk with one more entry, when that keeps every rule and its charge is the stored one `[ADM-5]`.
    fn above(
        &mut self,
        below: &LogState,
        id: LogId,
        entry: SignedEntry,
        stored_charge: u64,
    ) -> Result<LogState, String> {
        let (header, slot) = (entry.header().clone(), below.head + 1);
        if header.log != below.key || header.seq != slot || header.prev != below.head_id {
            return Err("it does not fit the entry below".to_owned());
        }
        if header.authored.at < below.head_authored {
            return Err("it is older than the entry below".to_owned());
        }
        let entry =
            verify_one(&self.state.ledger, entry, &mut self.ring).map_err(|refusal| refusal.to_string())?;
        let Some(parent) = self.state.enrolments.get(&below.key.enrolment) else {
            return Err("its enrolment is missing".to_owned());
        };
        let enrolled = entry
            .records()
            .iter()
            .filter_map(|record| self.state.enrolment_in(parent, id, &below.key, slot, record))
            .map(|(enrolment, _)| crate::state::State::enrolment_charge(&enrolment));
        let charge = u128::from(below.charge) + u128::from(entry.weight()) + enrolled.sum::<u128>();
        if charge != u128::from(stored_charge) || stored_charge > parent.budget(below.key.lane) {
            return Err(format!("the charge beside it is {stored_charge}, its own is {charge}"));
        }
        let mut above = below.clone();
        (above.head, above.head_id, above.charge) = (slot, entry.id(), stored_charge);
        above.head_authored = header.authored.at;
        Ok(above)
    }

    fn bad_terminal(
        &mut self,
        view: &S::View,
        id: LogId,
        log: &LogState,
    ) -> Result<Option<String>, LedgerError> {
        let Some(terminal) = log.terminal else { return Ok(None) };
        let bytes = match read(view, &rows::terminal_key(&id))? {
            Ok(bytes) => bytes,
            Err(what) => return Ok(Some(what)),
        };
        let fits = match terminal {
            Terminal::Stump { id, .. } => SignedEntry::decode(&self.state.ledger, &bytes)
                .map(|entry| entry.id() == id)
                .map_err(|refusal| refusal.to_string()),
            Terminal::Fork { slot, pair } => stored_proof(&self.state, &bytes, &mut self.ring)
                .map(|proof| (proof.slot(), proof.pair()) == (slot, pair))
                .map_err(|error| error.to_string()),
        };
        Ok(match fits {
            Ok(true) => None,
            Ok(false) => Some("it is other evidence than the log's".to_owned()),
            Err(what) => Some(what),
        })
    }

    /// Rows that are not as this handle would write them: stray, altered or missing.
    fn stray_rows(&self) -> Result<Vec<Damage>, LedgerError> {
        let mut expected = Draft::over(self.store.view()?);
        self.mend_rows(&mut expected)?;
        // What was confirmed since is written with the next commit.
        if let Some(marks) = self.stored_marks {
            for name in ["generation", "generation-copy"] {
                expected.put_row(rows::meta_key(name), &marks);
            }
        }
        expected.drop_unchanged(&[])?;
        let tell = |(key, put): (&[u8], bool)| {
            if put {
                Damage::at(key, "it is not what is admitted".to_owned())
            } else {
                Damage::Row { row: rows::shown(key), what: "it belongs to nothing admitted".to_owned() }
            }
        };
        Ok(expected.written().map(tell).collect())
    }

    /// The last slot under each number: of the logs, and of the dropped ones that the sweep owns `[BOUND-2]`.
    fn heads(&self) -> BTreeMap<u64, u64> {
        let dead = self.state.dead.iter().map(|(number, head)| (*number, *head));
        self.state.logs.values().map(|log| (log.number, log.head)).chain(dead).collect()
    }

    fn owns(&self, key: &[u8], heads: &BTreeMap<u64, u64>) -> bool {
        let rest = key.get(1..).unwrap_or(&[]);
        let id = || <[u8; 32]>::try_from(rest).ok();
        match Table::of(key) {
            Some(Table::Meta) => match rows::mark_of(key) {
                Some(Mark::OwnLog(log)) => self.state.own_logs.contains(&log),
                Some(Mark::Unheard(notice)) => self.state.unheard.contains(&notice),
                None => rows::META_NAMES.iter().any(|name| name.as_bytes() == rest),
            },
            Some(Table::Digest) => digest_key_of(key).is_ok_and(|key| self.digests.contains_key(&key)),
            Some(Table::Salvage) => {
                self.opening.salvage.iter().any(|bundle| rows::salvage_key(bundle) == key)
            }
            Some(Table::Log) => id().is_some_and(|id| self.state.logs.contains_key(&LogId::from_bytes(id))),
            Some(Table::Terminal) => id().is_some_and(|id| {
                self.state.logs.get(&LogId::from_bytes(id)).is_some_and(|log| log.terminal.is_some())
            }),
            Some(Table::Notice) => {
                id().is_some_and(|id| self.state.notices.contains_key(&NoticeId::from_bytes(id)))
            }
            Some(Table::Enrolment) => {
                rows::record_of(key).is_some_and(|record| self.state.enrolments.contains_key(&record))
            }
            Some(Table::Dead) => {
                rows::dead_number(key).is_some_and(|number| self.state.dead.contains_key(&number))
            }
            Some(Table::Entry) => rows::entry_place(key).is_some_and(|(number, slot)| {
                heads.get(&number).is_some_and(|head| (1..=*head).contains(&slot))
            }),
            None => false,
        }
    }

    /// Writes anew what memory knows, and deletes what nothing admitted owns. An enrolment whose entry cannot
    /// be read is left to the damage of that.
    pub(crate) fn mend_rows(&self, draft: &mut Draft<S::View>) -> Result<(), StoreError> {
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
        let placed = self.state.enrolments.iter().filter_map(|(id, found)| Some((*id, found.place?)));
        for (record, (log, slot)) in placed {
            let Some(state) = self.state.logs.get(&log) else { continue };
            let Some(parent) = self.state.enrolments.get(&state.key.enrolment) else { continue };
            let stored = told_by(stored_entry(&self.state, state.number, slot, draft))?;
            let Ok((entry, _)) = stored else { continue };
            let found = entry.records().get(usize::from(record.index));
            let row = found.and_then(|found| self.state.enrolment_in(parent, log, &state.key, slot, found));
            if let Some((_, row)) = row.filter(|_| entry.id() == record.entry) {
                draft.put(rows::enrolment_key(&record), row);
            }
        }
        self.save_meta(draft);
        Ok(())
    }
}

/// What damage asks to be cut.
struct Cuts {
    /// Logs that lose their terminal, with the slot down to which their trunk is kept if it is cut.
    keep: BTreeMap<LogId, Option<u64>>,
    notices: BTreeSet<NoticeId>,
    mends: bool,
}

impl Cuts {
    fn of(damage: &[Damage]) -> Self {
        let mut cuts = Self { keep: BTreeMap::new(), notices: BTreeSet::new(), mends: false };
        for place in damage {
            match place {
                Damage::Entry { log, slot, .. } => {
                    let kept = cuts.keep.entry(*log).or_default();
                    *kept = Some(kept.unwrap_or(u64::MAX).min(slot.saturating_sub(1)));
                }
                Damage::Terminal { log, .. } => {
                    cuts.keep.entry(*log).or_default();
                }
                Damage::Notice { id, .. } => {
                    cuts.notices.insert(*id);
                }
                _ => cuts.mends = true,
            }
        }
        cuts
    }
}

/// What goes: of each log all above a slot, and notices.
struct Doomed {
    keep: BTreeMap<LogId, u64>,
    notices: BTreeSet<NoticeId>,
}

/// A row's content, or in words why there is none; a device's fault is an error of the whole scrub.
fn read<V: View>(view: &V, key: &[u8]) -> Result<Result<Vec<u8>, String>, LedgerError> {
    let content = told_by(rows::content(view, key))?;
    Ok(content.and_then(|content| content.ok_or_else(|| "it is missing".to_owned())))
}
