//! Rebuilding: all that is authentic in a damaged store is admitted anew `[STORE-6]`.
//!
//! - A signature proves an item; no checksum, place or row about it is believed.
//! - The state comes out of the same admission as ever, from the charter downwards.
//! - Own items that do not come out of it, and that no peer is known to have, are saved in the store
//!   before anything of them is deleted, in one commit `[STORE-8]`.

use crate::admit::{Admission, split_charge};
use crate::bundle::{BundleBuilder, ItemBytes};
use crate::error::LedgerError;
use crate::ledger::{Ledger, LostLog};
use crate::load::{Claimed, NUMBERS_MAX};
use crate::marked::Marked;
use crate::pool::Pool;
use crate::report::AbsorbReport;
use crate::scrub::Damage;
use crate::state::State;
use crate::store::rows::{self, Draft, Table};
use crate::store::{Store, StoreError, View};
use intent_contracts::{
    EntryId, Item, LedgerId, LogId, LogKey, SignedEntry, SignedNotice, UncheckedFork, VerifiedItem,
    verify_all, verify_one,
};
use std::collections::{BTreeMap, BTreeSet};

/// Entries whose signatures are checked together.
const CHECKED_TOGETHER: usize = 256;

/// What is left of one log.
struct Remains {
    key: LogKey,
    /// Under which numbers entries of it lie; one, unless the store was tampered with.
    numbers: Vec<u64>,
    ends: Vec<VerifiedItem>,
}

type AllRemains = BTreeMap<LogId, Remains>;

/// An entry as it lies in its row.
struct Stored {
    slot: u64,
    charge: u64,
    entry: SignedEntry,
}

impl<S: Store> Ledger<S> {
    /// Makes the state anew from the entries, proofs and notices in the store. The draft holds what differs
    /// in the rows of entries; the caller mends the others.
    pub(crate) fn rebuild(
        &mut self,
        claimed: &Claimed,
        marked: &Marked,
        draft: &mut Draft<S::View>,
    ) -> Result<(), LedgerError> {
        self.opening.rebuilt = true;
        let view = self.store.view()?;
        let (charter, interests) = (self.state.charter.clone(), self.state.interests.clone());
        let dead = std::mem::take(&mut self.state.dead);
        self.state = State::founded(&charter, interests, self.state.horizon);
        let (mut remains, mut fresh) = self.gather(&view, claimed, &dead)?;
        let own: Vec<(LogId, LogKey)> = remains
            .iter()
            .filter(|(id, left)| marked.wrote(&self.author, id, &left.key))
            .map(|(id, left)| (*id, left.key))
            .collect();
        loop {
            let present = |left: &Remains| self.state.enrolments.contains_key(&left.key.enrolment);
            let ready: Vec<LogId> =
                remains.iter().filter(|(_, left)| present(left)).map(|(id, _)| *id).collect();
            if ready.is_empty() {
                break;
            }
            for id in ready {
                if let Some(left) = remains.remove(&id) {
                    self.state.next_number = left.numbers.first().copied().unwrap_or(fresh);
                    fresh += u64::from(left.numbers.is_empty());
                    self.readmit_log(&view, id, left, draft)?;
                }
            }
        }
        self.state.next_number = fresh;
        self.readmit_notices(&view, draft)?;
        // What waits is not part of the state, and lost with every closing.
        self.state.pool = Pool::default();
        for (id, key) in own {
            self.note_lost(id, key);
        }
        self.salvage(&view, marked, &dead, draft)?;
        // The sweep goes on where it was.
        self.state.dead.extend(dead);
        Ok(())
    }

    /// Finds which logs lie under which numbers, and the evidence of ends. Returns the next free number.
    /// What lies under a dead number is left to the sweep.
    fn gather(
        &mut self,
        view: &S::View,
        claimed: &Claimed,
        dead: &BTreeMap<u64, u64>,
    ) -> Result<(AllRemains, u64), LedgerError> {
        let ledger = self.state.ledger;
        let numbered: BTreeMap<u64, LogKey> = claimed.values().map(|log| (log.number, log.key)).collect();
        let mut remains = AllRemains::new();
        let (mut from, mut fresh) = (0, 1);
        while let Some(row) = view.rows_from(&Table::Entry.prefix(), &rows::entry_key(from, 0))?.next() {
            let (key, _) = row?;
            let Some((number, _)) = rows::entry_place(&key).filter(|(number, _)| *number < NUMBERS_MAX)
            else {
                break;
            };
            (from, fresh) = (number + 1, number + 1);
            if dead.contains_key(&number) {
                continue;
            }
            let known = match numbered.get(&number) {
                Some(key) => Some(*key),
                None => self.first_key(view, number)?,
            };
            if let Some(key) = known {
                remains.entry(key.id(&ledger)).or_insert_with(|| Remains::of(key)).numbers.push(number);
            }
        }
        for row in view.rows_from(&Table::Terminal.prefix(), &[])? {
            let (key, value) = row?;
            match self.evidence(rows::unsealed(&value)) {
                Some((log, item)) => {
                    remains.entry(log.id(&ledger)).or_insert_with(|| Remains::of(log)).ends.push(item);
                }
                None => self.damaged(&key, "it is no evidence of an end"),
            }
        }
        Ok((remains, fresh))
    }

    /// The log of the first readable entry under a number.
    fn first_key(&self, view: &S::View, number: u64) -> Result<Option<LogKey>, StoreError> {
        for row in view.rows_from(&rows::entry_prefix(number), &[])? {
            let (key, value) = row?;
            if let Some(stored) = self.stored(&key, &value) {
                return Ok(Some(stored.entry.header().log));
            }
        }
        Ok(None)
    }

    /// Reads an entry's row whatever its checksum says.
    fn stored(&self, key: &[u8], value: &[u8]) -> Option<Stored> {
        let (_, slot) = rows::entry_place(key)?;
        let (charge, bytes) = split_charge(key, rows::unsealed(value)).ok()?;
        let entry = SignedEntry::decode(&self.state.ledger, bytes).ok()?;
        Some(Stored { slot, charge, entry })
    }

    /// The verified stump or proof in these bytes, with its log.
    fn evidence(&mut self, bytes: &[u8]) -> Option<(LogKey, VerifiedItem)> {
        let ledger = self.state.ledger;
        let (log, item) = match SignedEntry::decode(&ledger, bytes) {
            Ok(entry) => (entry.header().log, Item::Entry(entry)),
            Err(_) => {
                let fork = UncheckedFork::decode(&ledger, bytes).ok()?;
                (*fork.log(), Item::Fork(fork))
            }
        };
        Some((log, self.verified(item)?))
    }

    fn verified(&mut self, item: Item) -> Option<VerifiedItem> {
        verify_all(&self.state.ledger, vec![item], &mut self.ring, &self.salt).pop()?.ok()
    }

    fn readmit_log(
        &mut self,
        view: &S::View,
        id: LogId,
        left: Remains,
        draft: &mut Draft<S::View>,
    ) -> Result<(), LedgerError> {
        for number in left.numbers {
            let mut batch = Vec::new();
            for row in view.rows_from(&rows::entry_prefix(number), &[])? {
                let (key, value) = row?;
                match self.stored(&key, &value) {
                    Some(stored) if is_of(&stored, &left.key) => {
                        if rows::unseal(&key, &value).is_err() {
                            self.bad_entry(id, stored.slot, "the checksum does not fit");
                        }
                        batch.push(stored);
                    }
                    _ => match rows::entry_place(&key) {
                        Some((_, slot)) => self.bad_entry(id, slot, "it is no entry of this slot"),
                        None => self.damaged(&key, "the key is no place of an entry"),
                    },
                }
                if batch.len() == CHECKED_TOGETHER {
                    self.readmit_batch(id, std::mem::take(&mut batch), draft)?;
                    draft.drop_unchanged(&rows::entry_prefix(number))?;
                }
            }
            self.readmit_batch(id, batch, draft)?;
            draft.drop_unchanged(&rows::entry_prefix(number))?;
        }
        for item in left.ends {
            let next = self.state.logs.get(&id).map_or(1, |log| log.head + 1);
            // A stump above a gap would wait for what is missing; a peer that has it has the stump too.
            if matches!(&item, VerifiedItem::Entry(entry) if entry.header().seq != next) {
                let what = "the trunk below it is damaged".to_owned();
                self.opening.damage.push(Damage::Terminal { log: id, what });
            } else {
                self.readmit(item, draft)?;
            }
        }
        Ok(())
    }

    fn readmit_batch(
        &mut self,
        id: LogId,
        batch: Vec<Stored>,
        draft: &mut Draft<S::View>,
    ) -> Result<(), StoreError> {
        let places: Vec<(u64, u64)> = batch.iter().map(|stored| (stored.slot, stored.charge)).collect();
        let items = batch.into_iter().map(|stored| Item::Entry(stored.entry)).collect();
        let verdicts = verify_all(&self.state.ledger, items, &mut self.ring, &self.salt);
        for ((slot, charge), verdict) in places.into_iter().zip(verdicts) {
            let next = self.state.logs.get(&id).map_or(1, |log| log.head + 1);
            match verdict {
                Err(refusal) => self.bad_entry(id, slot, &refusal.to_string()),
                Ok(_) if slot > next => {
                    self.bad_entry(id, next, "it is missing, or what was below it");
                }
                Ok(item) => {
                    self.readmit(item, draft)?;
                    let found = self.state.logs.get(&id).filter(|log| log.head == slot);
                    if found.is_some_and(|log| log.charge != charge) {
                        self.bad_entry(id, slot, "the charge beside it is wrong");
                    }
                }
            }
        }
        Ok(())
    }

    fn readmit(&mut self, item: VerifiedItem, draft: &mut Draft<S::View>) -> Result<(), StoreError> {
        let mut ignored = AbsorbReport::default();
        Admission::new(&mut self.state, &mut self.ring, draft, &mut ignored).place(item, 0)
    }

    fn readmit_notices(&mut self, view: &S::View, draft: &mut Draft<S::View>) -> Result<(), LedgerError> {
        for row in view.rows_from(&Table::Notice.prefix(), &[])? {
            let (key, value) = row?;
            let decoded = SignedNotice::decode(&self.state.ledger, rows::unsealed(&value)).ok();
            match decoded.and_then(|notice| self.verified(Item::Notice(notice))) {
                Some(item) => self.readmit(item, draft)?,
                None => self.damaged(&key, "it is no authentic notice"),
            }
        }
        draft.drop_unchanged(&Table::Notice.prefix())?;
        Ok(())
    }

    /// Saves own items that are no longer admitted `[STORE-8]`, and counts all that are not.
    fn salvage(
        &mut self,
        view: &S::View,
        marked: &Marked,
        dead: &BTreeMap<u64, u64>,
        draft: &Draft<S::View>,
    ) -> Result<(), LedgerError> {
        let mut packing = Packing::of(self.state.ledger);
        let mut seen: BTreeSet<EntryId> = BTreeSet::new();
        let mut entries = 0u64;
        for row in view.rows_from(&Table::Entry.prefix(), &[])? {
            let (key, value) = row?;
            if rows::entry_place(&key).is_some_and(|(number, _)| dead.contains_key(&number)) {
                continue;
            }
            entries += 1;
            let Some(stored) = self.stored(&key, &value) else { continue };
            let log = stored.entry.header().log;
            if marked.wrote(&self.author, &log.id(&self.state.ledger), &log)
                && !self.acknowledges(&stored.entry)
                && self.unsure() != Some((log.id(&self.state.ledger), stored.slot))
                && !self.admits(&stored.entry, draft)?
                && seen.insert(stored.entry.id())
                && let Ok(entry) = verify_one(&self.state.ledger, stored.entry, &mut self.ring)
            {
                packing.push(ItemBytes::Entry(entry.bytes()));
            }
        }
        let mut notices = 0u64;
        for row in view.rows_from(&Table::Notice.prefix(), &[])? {
            let (_, value) = row?;
            notices += 1;
            let Ok(notice) = SignedNotice::decode(&self.state.ledger, rows::unsealed(&value)) else {
                continue;
            };
            let dropped = !self.state.notices.contains_key(&notice.id());
            if dropped
                && marked.unheard(&self.author, &notice)
                && let Some(VerifiedItem::Notice(notice)) = self.verified(Item::Notice(notice))
            {
                packing.push(ItemBytes::Notice(notice.bytes()));
            }
        }
        for bundle in packing.finish() {
            if !self.opening.salvage.contains(&bundle) {
                self.opening.salvage.push(bundle);
            }
        }
        let kept = self.state.logs.values().fold(0, |sum: u64, log| sum.saturating_add(log.head));
        self.opening.dropped_entries = entries.saturating_sub(kept);
        self.opening.dropped_notices = notices.saturating_sub(self.state.notices.len() as u64);
        Ok(())
    }

    /// Whether a peer is known to have the entry.
    pub(crate) fn acknowledges(&self, entry: &SignedEntry) -> bool {
        let header = entry.header();
        let log = header.log.id(&self.state.ledger);
        self.acknowledged.get(&log).is_some_and(|slot| header.seq <= *slot)
    }

    /// Whether the entry stands in the trunk of its log.
    fn admits(&self, entry: &SignedEntry, draft: &Draft<S::View>) -> Result<bool, StoreError> {
        let header = entry.header();
        let Some(log) = self.state.logs.get(&header.log.id(&self.state.ledger)) else { return Ok(false) };
        if header.seq > log.head {
            return Ok(false);
        }
        if header.seq == log.head {
            return Ok(log.head_id == entry.id());
        }
        let (found, _) = crate::admit::stored_entry(&self.state, log.number, header.seq, draft)?;
        Ok(found.id() == entry.id())
    }

    /// Remembers own logs that damage took away: others may hold them, so they count on `[LOG-3]`.
    pub(crate) fn remember_lost(&mut self, claimed: &Claimed, marked: &Marked, writing: &[LogId]) {
        for (id, log) in claimed {
            if marked.wrote(&self.author, id, &log.key) {
                self.note_lost(*id, log.key);
            }
        }
        // Of a log of which only the name is left its end is not known: it counts as long as any can last.
        let named: Vec<LogId> = writing.iter().chain(self.acknowledged.keys()).copied().collect();
        let Some(enrolment) = self.own else { return };
        let end = self.state.enrolments.get(&enrolment).map_or(self.state.charter.until(), |own| own.until);
        for log in named {
            if !self.state.logs.contains_key(&log) {
                self.lost.entry(log).or_insert(LostLog { log, end, enrolment });
            }
        }
    }

    /// Remembers an own log if it is no longer there and not yet forgotten by all.
    pub(crate) fn note_lost(&mut self, log: LogId, key: LogKey) {
        let away = !self.state.logs.contains_key(&log);
        if away && key.end >= self.state.horizon {
            self.lost.insert(log, LostLog { log, end: key.end, enrolment: key.enrolment });
        }
    }

    fn bad_entry(&mut self, log: LogId, slot: u64, what: &str) {
        let met = |place: &Damage| matches!(place, Damage::Entry { log: l, slot: s, .. } if (*l, *s) == (log, slot));
        // A gap is met again by every entry above it, one after the other.
        if !self.opening.damage.last().is_some_and(met) {
            self.opening.damage.push(Damage::Entry { log, slot, what: what.to_owned() });
        }
    }

    fn damaged(&mut self, key: &[u8], what: &str) {
        let place = Damage::at(key, what.to_owned());
        if !self.opening.damage.iter().any(|met| met.same_place(&place)) {
            self.opening.damage.push(place);
        }
    }
}

impl Remains {
    const fn of(key: LogKey) -> Self {
        Self { key, numbers: Vec::new(), ends: Vec::new() }
    }
}

fn is_of(stored: &Stored, key: &LogKey) -> bool {
    stored.entry.header().log == *key && stored.entry.header().seq == stored.slot
}

/// Items in as many bundles as they need.
pub(crate) struct Packing {
    ledger: LedgerId,
    full: Vec<Vec<u8>>,
    open: BundleBuilder,
}

impl Packing {
    pub(crate) fn of(ledger: LedgerId) -> Self {
        Self { ledger, full: Vec::new(), open: BundleBuilder::new(ledger, usize::MAX) }
    }

    pub(crate) fn push(&mut self, item: ItemBytes<'_>) {
        if !self.open.push(item) {
            let fresh = BundleBuilder::new(self.ledger, usize::MAX);
            self.full.push(std::mem::replace(&mut self.open, fresh).finish());
            // An item is far smaller than an empty bundle.
            self.open.push(item);
        }
    }

    pub(crate) fn finish(mut self) -> Vec<Vec<u8>> {
        self.full.push(self.open.finish());
        self.full.retain(|bundle| !bundle.is_empty());
        self.full
    }
}
