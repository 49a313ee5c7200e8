//! The waiting pool: what is authentic but cannot be admitted yet `[POOL-1]`, `[POOL-2]`.
//!
//! - It lives in memory alone, is not part of the state and is not acknowledged.
//! - What waits for an absent enrolment may come from anybody, so it makes room for what waits in a log
//!   of an enrolled author.
//! - An enrolled author that floods makes room for the others: nobody keeps more than a share while
//!   somebody else is in need.

use crate::bounds::{POOL_BYTES_MAX, POOL_ITEM_BYTES_LEAST, POOL_ITEMS_MAX, POOL_SHARE_BYTES};
use intent_contracts::planted;
use intent_contracts::{
    EntryId, ForkProof, LogId, LogKey, NoticeId, RecordId, SignedEntry, SignedNotice, Verified, VerifiedItem,
};
use std::collections::{BTreeMap, BTreeSet};

type Arrival = u64;

/// What tells fork proofs apart, whichever signatures they carry `[FORK-4]`.
type ForkIdentity = (LogKey, u64, [EntryId; 2]);

#[derive(Debug, Default)]
pub(crate) struct Pool {
    items: BTreeMap<Arrival, Waiting>,
    slots: BTreeMap<(LogId, u64), BTreeMap<EntryId, Arrival>>,
    by_enrolment: BTreeMap<RecordId, BTreeSet<Arrival>>,
    strangers: BTreeSet<Arrival>,
    /// What present enrolments hold: items and bytes.
    holdings: BTreeMap<RecordId, Holding>,
    /// The same by weight.
    heaviest: BTreeSet<(usize, RecordId)>,
    notices: BTreeSet<NoticeId>,
    forks: BTreeSet<ForkIdentity>,
    bytes: usize,
    next: Arrival,
    /// How many made room for others so far.
    crowded_out: u64,
}

/// What one enrolment holds in the pool.
#[derive(Debug, Default, Clone, Copy)]
struct Holding {
    items: usize,
    bytes: usize,
}

impl Holding {
    /// The greater of its parts of the pool's items and bytes, in bytes.
    fn weight(self) -> usize {
        self.bytes.max(self.items * POOL_ITEM_BYTES_LEAST)
    }

    const fn with(self, bytes: usize) -> Self {
        Self { items: self.items + 1, bytes: self.bytes + bytes }
    }

    const fn without(self, bytes: usize) -> Self {
        Self { items: self.items - 1, bytes: self.bytes - bytes }
    }
}

#[derive(Debug)]
struct Waiting {
    item: VerifiedItem,
    bytes: usize,
    enrolment: RecordId,
    slot: Option<(LogId, u64, EntryId)>,
}

impl Pool {
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    pub(crate) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// How many made room for others since it was asked last.
    pub(crate) const fn take_crowded_out(&mut self) -> u64 {
        std::mem::replace(&mut self.crowded_out, 0)
    }

    pub(crate) fn holds_entry(&self, log: LogId, slot: u64, id: &EntryId) -> bool {
        self.slots.get(&(log, slot)).is_some_and(|ids| ids.contains_key(id))
    }

    /// The notices that wait.
    pub(crate) fn waiting_notices(&self) -> impl Iterator<Item = &NoticeId> {
        self.notices.iter()
    }

    pub(crate) fn holds_notice(&self, id: &NoticeId) -> bool {
        self.notices.contains(id)
    }

    pub(crate) fn holds_fork(&self, log: &LogKey, slot: u64, pair: [EntryId; 2]) -> bool {
        self.forks.contains(&(*log, slot, pair))
    }

    /// Whether another candidate waits in this slot.
    pub(crate) fn has_slot(&self, log: LogId, slot: u64) -> bool {
        self.slots.contains_key(&(log, slot))
    }

    /// Lets an entry wait; `false` when there is no room. `stranger`: its enrolment is absent.
    pub(crate) fn add_entry(&mut self, log: LogId, entry: Verified<SignedEntry>, stranger: bool) -> bool {
        let slot = Some((log, entry.header().seq, entry.id()));
        let (bytes, enrolment) = (entry.bytes().len(), entry.header().log.enrolment);
        self.add(Waiting { bytes, enrolment, slot, item: VerifiedItem::Entry(entry) }, stranger)
    }

    /// Lets a notice wait for its enrolment; `false` when there is no room.
    pub(crate) fn add_notice(&mut self, notice: Verified<SignedNotice>) -> bool {
        let (bytes, enrolment, id) = (notice.bytes().len(), notice.notice().enrolment, notice.id());
        let waiting = Waiting { bytes, enrolment, slot: None, item: VerifiedItem::Notice(notice) };
        let added = self.add(waiting, true);
        if added {
            self.notices.insert(id);
        }
        added
    }

    /// Lets a fork proof wait for its enrolment; `false` when there is no room.
    pub(crate) fn add_fork(&mut self, proof: ForkProof) -> bool {
        let (bytes, enrolment) = (proof.encode().len(), proof.log().enrolment);
        let identity = identity_of(&proof);
        let added = self.add(Waiting { bytes, enrolment, slot: None, item: VerifiedItem::Fork(proof) }, true);
        if added {
            self.forks.insert(identity);
        }
        added
    }

    /// Takes all that waits in one slot.
    pub(crate) fn take_slot(&mut self, log: LogId, slot: u64) -> Vec<VerifiedItem> {
        let arrivals: Vec<Arrival> =
            self.slots.get(&(log, slot)).map(|ids| ids.values().copied().collect()).unwrap_or_default();
        self.take(&arrivals)
    }

    /// Takes all that waits in a log from `slot` on.
    pub(crate) fn take_from(&mut self, log: LogId, slot: u64) -> Vec<VerifiedItem> {
        let range = (log, slot)..=(log, u64::MAX);
        let arrivals: Vec<Arrival> =
            self.slots.range(range).flat_map(|(_, ids)| ids.values().copied()).collect();
        self.take(&arrivals)
    }

    /// Takes all that waits for an enrolment.
    pub(crate) fn take_enrolment(&mut self, enrolment: &RecordId) -> Vec<VerifiedItem> {
        let arrivals: Vec<Arrival> =
            self.by_enrolment.get(enrolment).map(|set| set.iter().copied().collect()).unwrap_or_default();
        self.take(&arrivals)
    }

    /// Forgets what `keep` does not want.
    pub(crate) fn retain(&mut self, keep: impl Fn(&VerifiedItem) -> bool) {
        let unwanted: Vec<Arrival> = self
            .items
            .iter()
            .filter(|(_, waiting)| !keep(&waiting.item))
            .map(|(arrival, _)| *arrival)
            .collect();
        self.take(&unwanted);
    }

    fn add(&mut self, waiting: Waiting, stranger: bool) -> bool {
        let full = |pool: &Self| {
            let items = pool.items.len() >= POOL_ITEMS_MAX;
            (items && !planted::on("let any number wait"))
                || (pool.bytes + waiting.bytes > POOL_BYTES_MAX && !planted::on("let any bytes wait"))
        };
        while full(self) {
            let Some(arrival) = self.first_to_go(&waiting, stranger) else { return false };
            self.take(&[arrival]);
            self.crowded_out += 1;
        }
        let arrival = self.next;
        self.next += 1;
        self.bytes += waiting.bytes;
        if let Some((log, slot, id)) = waiting.slot {
            self.slots.entry((log, slot)).or_default().insert(id, arrival);
        }
        if stranger {
            self.strangers.insert(arrival);
        } else {
            let held = self.holding(&waiting.enrolment);
            self.hold(waiting.enrolment, held.with(waiting.bytes));
        }
        // Entries that wait in a present log are found again too when their enrolment is dropped.
        self.by_enrolment.entry(waiting.enrolment).or_default().insert(arrival);
        self.items.insert(arrival, waiting);
        true
    }

    /// What makes room for a newcomer, if anything `[POOL-2]`: the oldest stranger; else, for an enrolment
    /// that stays within its share, the newest of the heaviest enrolment beyond it.
    fn first_to_go(&self, newcomer: &Waiting, stranger: bool) -> Option<Arrival> {
        if let Some(oldest) = self.strangers.first() {
            return Some(*oldest);
        }
        let share = self.holding(&newcomer.enrolment).with(newcomer.bytes).weight();
        let (weight, heaviest) = self.heaviest.last()?;
        if stranger || share > POOL_SHARE_BYTES || *weight <= POOL_SHARE_BYTES {
            return None;
        }
        self.by_enrolment.get(heaviest)?.last().copied()
    }

    fn holding(&self, enrolment: &RecordId) -> Holding {
        self.holdings.get(enrolment).copied().unwrap_or_default()
    }

    fn hold(&mut self, enrolment: RecordId, holding: Holding) {
        self.heaviest.remove(&(self.holding(&enrolment).weight(), enrolment));
        if holding.items == 0 {
            self.holdings.remove(&enrolment);
        } else {
            self.heaviest.insert((holding.weight(), enrolment));
            self.holdings.insert(enrolment, holding);
        }
    }

    fn take(&mut self, arrivals: &[Arrival]) -> Vec<VerifiedItem> {
        arrivals.iter().filter_map(|arrival| self.take_one(*arrival)).collect()
    }

    fn take_one(&mut self, arrival: Arrival) -> Option<VerifiedItem> {
        let waiting = self.items.remove(&arrival)?;
        self.bytes -= waiting.bytes;
        if !self.strangers.remove(&arrival) {
            let held = self.holding(&waiting.enrolment);
            self.hold(waiting.enrolment, held.without(waiting.bytes));
        }
        if let Some((log, slot, id)) = waiting.slot
            && let Some(ids) = self.slots.get_mut(&(log, slot))
        {
            ids.remove(&id);
            if ids.is_empty() {
                self.slots.remove(&(log, slot));
            }
        }
        if let Some(set) = self.by_enrolment.get_mut(&waiting.enrolment) {
            set.remove(&arrival);
            if set.is_empty() {
                self.by_enrolment.remove(&waiting.enrolment);
            }
        }
        match &waiting.item {
            VerifiedItem::Notice(notice) => {
                self.notices.remove(&notice.id());
            }
            VerifiedItem::Fork(proof) => {
                self.forks.remove(&identity_of(proof));
            }
            VerifiedItem::Entry(_) => {}
        }
        Some(waiting.item)
    }
}

const fn identity_of(proof: &ForkProof) -> ForkIdentity {
    (*proof.log(), proof.slot(), proof.pair())
}
