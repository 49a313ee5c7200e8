//! What each node must hold, contact by contact: a plain model that shares no code with the ledger.
//!
//! - A node holds a set of entries; a message carries a set; a frontier is a copy of a set.
//! - What a bundle carries is packed by the rule of SPEC.md [SYNC-3] to [SYNC-5], written down here a
//!   second time over sizes and ranks alone.
//! - Byte budgets are inputs; nothing is assumed about how the ledger finds what a peer lacks.

use intent_ledger::contracts::{EntryId, Lane, LogId, Millis, Tai};
use std::collections::{BTreeMap, BTreeSet};

/// What the model knows of one entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct EntryFacts {
    pub(super) id: EntryId,
    pub(super) log: LogId,
    pub(super) lane: Lane,
    /// Steps of its enrolment from the charter.
    pub(super) depth: u64,
    pub(super) end: Tai,
    pub(super) slot: u64,
    pub(super) authored: Tai,
    pub(super) bytes: usize,
}

/// A copy of what one node held, as another knows it.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    held: Vec<bool>,
    horizon: Tai,
}

/// The model of the whole fleet.
#[derive(Debug, Default)]
pub(super) struct Prediction {
    pub(super) entries: Vec<EntryFacts>,
    nodes: Vec<Known>,
}

/// One predicted bundle: its entries, its size, and whether it was all that was lacking.
pub(super) struct PredictedBundle {
    pub(super) entries: Vec<usize>,
    pub(super) bytes: usize,
    pub(super) complete: bool,
}

/// [SYNC-3], as numbers.
const PART_TARGET: usize = 4096;
/// [SYNC-9], as a number.
const CALL_MOST: usize = 4 * 1024 * 1024;

impl Prediction {
    pub(super) fn of(nodes: usize) -> Self {
        Self { entries: Vec::new(), nodes: vec![Known::default(); nodes] }
    }

    /// A new entry, held by its writer alone.
    pub(super) fn issue(&mut self, writer: usize, facts: EntryFacts) -> usize {
        let index = self.entries.len();
        self.entries.push(facts);
        self.nodes[writer].add(index);
        index
    }

    pub(super) fn deliver(&mut self, node: usize, entries: &[usize]) -> Vec<usize> {
        let known = &mut self.nodes[node];
        let alive = |index: &&usize| self.entries[**index].end >= known.horizon;
        let fresh: Vec<usize> =
            entries.iter().filter(alive).filter(|index| !known.has(**index)).copied().collect();
        fresh.iter().for_each(|index| known.add(*index));
        fresh
    }

    /// [HOR-1] and [HOR-2] from the clock's lower bound.
    pub(super) fn forget(&mut self, node: usize, lo: Tai, memory: Millis, epoch: Millis) {
        let horizon = (lo.0.saturating_sub(memory.0)) / epoch.0 * epoch.0;
        let known = &mut self.nodes[node];
        known.horizon = known.horizon.max(Tai(horizon));
        for (index, held) in known.held.iter_mut().enumerate() {
            *held = *held && self.entries[index].end >= known.horizon;
        }
    }

    pub(super) fn frontier(&self, node: usize) -> Known {
        self.nodes[node].clone()
    }

    pub(super) fn count(&self, node: usize) -> u64 {
        self.nodes[node].held.iter().filter(|held| **held).count() as u64
    }

    pub(super) fn held(&self, node: usize) -> impl Iterator<Item = &EntryFacts> + '_ {
        self.entries.iter().enumerate().filter(move |(index, _)| self.nodes[node].has(*index)).map(|(_, e)| e)
    }

    /// What `from` sends to a peer of which it knows `peer`, in at most `budget` bytes.
    pub(super) fn bundle(&self, from: usize, peer: &mut Known, budget: usize) -> PredictedBundle {
        let lacking: Vec<usize> = (0..self.entries.len())
            .filter(|index| self.nodes[from].has(*index) && !peer.has(*index))
            .filter(|index| self.entries[*index].end >= peer.horizon)
            .collect();
        let mut first: BTreeMap<LogId, (u64, Tai)> = BTreeMap::new();
        for index in &lacking {
            let facts = &self.entries[*index];
            let least = first.entry(facts.log).or_insert((facts.slot, facts.authored));
            if facts.slot < least.0 {
                *least = (facts.slot, facts.authored);
            }
        }
        let rank = |index: &usize| {
            let facts = &self.entries[*index];
            match facts.lane {
                Lane::Safety => (0, facts.depth, Tai(0), facts.log, facts.slot),
                Lane::Productivity => (1, facts.end.0, first[&facts.log].1, facts.log, facts.slot),
            }
        };
        let mut ranked = lacking;
        ranked.sort_by_key(rank);
        // [SYNC-5]: what no bundle of this budget holds is passed over with the rest of its log.
        let lacking = ranked.len();
        let mut closed: BTreeSet<LogId> = BTreeSet::new();
        ranked.retain(|index| {
            let facts = &self.entries[*index];
            let fits = pack(&[facts.bytes], budget.min(CALL_MOST)).0 == 1;
            if !fits {
                closed.insert(facts.log);
            }
            !closed.contains(&facts.log)
        });
        let sizes: Vec<usize> = ranked.iter().map(|index| self.entries[*index].bytes).collect();
        let (count, bytes) = pack(&sizes, budget.min(CALL_MOST));
        let complete = count == lacking;
        ranked.truncate(count);
        ranked.iter().for_each(|index| peer.add(*index));
        PredictedBundle { entries: ranked, bytes, complete }
    }
}

/// How many items of these sizes go into a bundle, and how long it is.
fn pack(sizes: &[usize], budget: usize) -> (usize, usize) {
    let part = |items: &[usize]| {
        let count_bytes = match items.len() {
            0..=23 => 1,
            24..=255 => 2,
            _ => 3,
        };
        11 + count_bytes + items.iter().map(|size| size + 2).sum::<usize>()
    };
    let mut closed = 0;
    let mut start = 0;
    for place in 0..sizes.len() {
        if place > start && part(&sizes[start..=place]) > PART_TARGET {
            closed += part(&sizes[start..place]);
            start = place;
        }
        if closed + part(&sizes[start..=place]) > budget {
            // The part that was open before this item stays as it was.
            let bytes = if place > start { closed + part(&sizes[start..place]) } else { closed };
            return (place, bytes);
        }
    }
    let last = if start < sizes.len() { part(&sizes[start..]) } else { 0 };
    (sizes.len(), closed + last)
}

impl Known {
    fn has(&self, index: usize) -> bool {
        self.held.get(index).copied().unwrap_or(false)
    }

    fn add(&mut self, index: usize) {
        if self.held.len() <= index {
            self.held.resize(index + 1, false);
        }
        self.held[index] = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_ends_before_the_first_item_that_does_not_fit() {
        assert_eq!(pack(&[], 100), (0, 0));
        assert_eq!(pack(&[10], 23), (0, 0));
        assert_eq!(pack(&[10], 24), (1, 24));
        assert_eq!(pack(&[10, 10], 35), (1, 24));
        assert_eq!(pack(&[3000, 3000], 10_000), (2, 2 * (12 + 3002)));
        assert_eq!(pack(&[3000, 3000], 6_027), (1, 12 + 3002));
    }
}
