//! Windows of first gives that the roots assign, and the charter that they choose to follow `[VOTE-2]`.
//!
//! - Votes are read as endorsements are: without any denial.
//! - A log's order of such a window is kept as soon as a vote names the log; whether it holds the window is asked
//!   when a verdict is, so that no vote makes an order be read anew but that of the log that it names.

use crate::explain::Missing;
use crate::order::Reading;
use crate::rules::{Rules, Source, put};
use crate::view::View;
use intent_contracts::kinds::notice::{Vote, WindowVote};
use intent_contracts::planted;
use intent_contracts::{
    Citation, EntryId, FirstRight, LedgerId, LogId, NoticeId, RecordId, ResourceId, Tai, Window,
};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What one root votes for.
#[derive(Debug)]
pub(crate) struct Voted {
    pub(crate) root: u8,
    pub(crate) until: Tai,
    pub(crate) vote: Vote,
}

/// A window of a first give that votes assign: the place of the give, and the window's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AssignableWindow {
    /// The place of the first give in the charter.
    pub give: u64,
    /// The number of the window.
    pub number: u64,
}

/// Who holds a window that votes assign `[VOTE-2]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assignment {
    /// Not as many roots as the threshold name one log.
    Unassigned,
    /// To this log.
    To(LogId),
    /// As many name each of these logs.
    Contested(Vec<LogId>),
}

/// A successor of the charter, and who votes for it `[VOTE-3]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuccessorVotes {
    /// The successor.
    pub ledger: LedgerId,
    /// The places of the roots that vote for it, or count as voting for whatever another one does `[SUSP-4]`.
    pub roots: Vec<u8>,
    /// Whether these are enough.
    pub chosen: bool,
}

impl Rules {
    /// Takes in or takes out what a root votes for.
    pub(crate) fn vote(&mut self, id: NoticeId, voted: &Arc<Voted>, add: bool) {
        match &voted.vote {
            Vote::Successor(ledger) => {
                put(&mut self.successors, (*ledger, voted.root, id), (), add);
            }
            Vote::Window(vote) => {
                let holder = vote.holder.id(&self.founded.ledger);
                for (right, window) in self.windows_of(voted, vote) {
                    put(&mut self.votes, (right, holder, voted.root, id), voted.until, add);
                    let named = self.votes_on(&right).next().is_some();
                    put(&mut self.voted, right, window, named);
                    let for_it = self.votes_for(&right, &holder).next().is_some();
                    put(&mut self.voted_to, (holder, right), (), for_it);
                    if let Some(no) = self.numbers.get(&holder).copied() {
                        self.replay(no, right);
                    }
                }
            }
        }
    }

    /// The windows for which a vote counts: those for which it and the holder's log last long enough.
    fn windows_of(&self, voted: &Voted, vote: &WindowVote) -> Vec<(RecordId, AssignableWindow)> {
        let place = usize::try_from(vote.give).unwrap_or(usize::MAX);
        let Some(give) = self.founded.assignable.get(&place) else { return Vec::new() };
        let longest = self.founded.parameters.longest_lease;
        let lasts = |number: &u64| {
            let end = give.window(*number).map(|window| window.end().plus(longest).plus(longest));
            end.is_some_and(|end| {
                (voted.until >= end && vote.holder.end >= end)
                    || planted::on("count a vote that ends too soon")
            })
        };
        let numbers = (vote.first..=vote.last).filter(|number| {
            *number > give.repeats && give.last_assignable.is_some_and(|last| *number <= last)
        });
        let named = |number| {
            let right = self.founded.window_right(vote.give, number);
            (right, AssignableWindow { give: vote.give, number })
        };
        numbers.filter(lasts).map(named).collect()
    }

    fn votes_on(&self, right: &RecordId) -> impl Iterator<Item = (LogId, u8)> + '_ {
        let right = *right;
        let from = (right, LogId::from_bytes([0; 32]), 0, NOTICE_FIRST);
        let found = self.votes.range(from..).take_while(move |((of, ..), _)| *of == right);
        found.map(|((_, holder, root, _), _)| (*holder, *root))
    }

    fn votes_for(&self, right: &RecordId, holder: &LogId) -> impl Iterator<Item = u8> + '_ {
        let (right, holder) = (*right, *holder);
        let from = (right, holder, 0, NOTICE_FIRST);
        let found =
            self.votes.range(from..).take_while(move |((of, to, ..), _)| (*of, *to) == (right, holder));
        found.map(|((.., root, _), _)| *root)
    }

    /// What a log would hold of a window, when a vote names it for the window.
    pub(crate) fn voted_source(&self, right: &RecordId, log: &LogId) -> Option<Source> {
        self.voted_to.get(&(*log, *right))?;
        let first = self.window_of(right, *log)?;
        Some(Source { holder: *log, footprints: vec![first.footprint], place: None })
    }

    /// When a window that votes assign ends.
    pub(crate) fn end_of(&self, window: AssignableWindow) -> Option<Tai> {
        let give = self.founded.assignable.get(&usize::try_from(window.give).ok()?)?;
        give.window(window.number).map(|window| window.end())
    }

    /// A window that votes assign, as `holder` would hold it.
    fn window_of(&self, right: &RecordId, holder: LogId) -> Option<FirstRight> {
        let AssignableWindow { give, number } = *self.voted.get(right)?;
        let give = self.founded.assignable.get(&usize::try_from(give).ok()?)?;
        let mut footprint = give.footprint.clone();
        footprint.window = give.window(number)?;
        let citation = Citation { log: holder, seq: 0, record: *right, until: self.founded.until };
        Some(FirstRight { citation, footprint, holder })
    }
}

impl View {
    /// Who holds a window that votes assign.
    ///
    /// Cost: linear in the votes on it.
    #[must_use]
    pub fn assignment(&self, right: &RecordId) -> Assignment {
        let mut by_log: BTreeMap<LogId, BTreeSet<u8>> = BTreeMap::new();
        for (holder, root) in self.rules.votes_on(right) {
            by_log.entry(holder).or_default().insert(root);
        }
        let loud = self.loud_for(right);
        let enough = |roots: &BTreeSet<u8>| {
            roots.union(&loud).count() >= self.rules.founded.threshold || planted::on("let one root assign")
        };
        let mut logs: Vec<LogId> =
            by_log.into_iter().filter(|(_, roots)| enough(roots)).map(|(log, _)| log).collect();
        match (logs.len(), logs.first()) {
            (0, _) | (_, None) => Assignment::Unassigned,
            (1, Some(log)) => Assignment::To(*log),
            _ if planted::on("let the first of two logs hold a window") => {
                Assignment::To(logs.swap_remove(0))
            }
            _ => Assignment::Contested(logs),
        }
    }

    /// The roots that count as voting for whatever another one does on a window `[SUSP-4]`.
    fn loud_for(&self, right: &RecordId) -> BTreeSet<u8> {
        let longest = self.rules.founded.parameters.longest_lease;
        let end = self.rules.voted.get(right).and_then(|window| self.rules.end_of(*window));
        let Some(end) = end.map(|end| end.plus(longest).plus(longest)) else { return BTreeSet::new() };
        self.noisy_roots().filter(|(_, noisy)| noisy.until >= end).map(|(root, _)| root).collect()
    }

    /// A right at the top of the tree: of the charter, or assigned by votes `[RIGHT-1]`, `[VOTE-2]`.
    pub(crate) fn first_right(&self, right: &RecordId) -> Option<Cow<'_, FirstRight>> {
        if let Some(first) = self.rules.founded.first_rights.get(right) {
            return Some(Cow::Borrowed(first));
        }
        self.rules.voted.get(right)?;
        match self.assignment(right) {
            Assignment::To(holder) => self.rules.window_of(right, holder).map(Cow::Owned),
            Assignment::Unassigned | Assignment::Contested(_) => None,
        }
    }

    /// What is lacking where a record is not here: a window of the charter that votes name and nobody holds, or the
    /// record.
    pub(crate) fn lacking(&self, record: RecordId) -> Missing {
        match self.rules.voted.get(&record) {
            Some(_) => Missing::Assignment(record),
            None => Missing::Record(record),
        }
    }

    /// How a part stands in the order of its log; of a window that votes assign only where they do.
    pub(crate) fn reading_of_window<'a>(
        &self,
        right: &RecordId,
        log: LogId,
        reading: Option<&'a Reading>,
    ) -> Option<&'a Reading> {
        if self.rules.voted.get(right).is_none() {
            return reading;
        }
        match self.assignment(right) {
            Assignment::To(holder) if holder == log => reading,
            Assignment::To(_) => Some(&Reading::Apart),
            Assignment::Unassigned | Assignment::Contested(_) => None,
        }
    }

    /// The windows of a resource that votes assign and that meet a window, until one of them has no holder.
    pub(crate) fn assigned_in(
        &self,
        resource: ResourceId,
        window: Window,
    ) -> Result<Vec<RecordId>, RecordId> {
        let mut out = Vec::new();
        let of_resource =
            self.rules.founded.assignable.iter().filter(|(_, give)| give.footprint.resource == resource);
        for (place, give) in of_resource {
            let Some(last) = give.last_assignable else { continue };
            // The windows before this one have ended when `window` starts.
            let ended = window.start().since(give.footprint.window.end()).0.checked_div(give.every.0);
            let first = ended.unwrap_or(0).max(give.repeats.saturating_add(1));
            for number in first..=last {
                let Some(found) = give.window(number) else { break };
                if found.start() >= window.end() {
                    break;
                }
                if !found.overlaps(&window) {
                    continue;
                }
                let right = self.rules.founded.window_right(*place as u64, number);
                match self.assignment(&right) {
                    Assignment::To(_) => out.push(right),
                    Assignment::Unassigned | Assignment::Contested(_) => return Err(right),
                }
            }
        }
        Ok(out)
    }

    /// The windows that votes assign to a log.
    pub(crate) fn assigned_to(&self, log: &LogId) -> Vec<RecordId> {
        let least = (*log, RecordId { entry: EntryId::from_bytes([0; 32]), index: 0 });
        let named = self.rules.voted_to.range(least..).take_while(|((to, _), ())| to == log);
        let held = |right: &RecordId| self.assignment(right) == Assignment::To(*log);
        named.map(|((_, right), ())| *right).filter(held).collect()
    }

    /// The windows for which enough roots name each of several logs, and the roots that vote for more than one
    /// `[VOTE-2]`.
    pub(crate) fn contested(&self) -> Vec<(RecordId, AssignableWindow, Vec<LogId>, Vec<u8>)> {
        let mut out = Vec::new();
        for (right, window) in self.rules.voted.iter() {
            let Assignment::Contested(logs) = self.assignment(right) else { continue };
            let mut count: BTreeMap<u8, BTreeSet<LogId>> = BTreeMap::new();
            for (holder, root) in self.rules.votes_on(right).filter(|(holder, _)| logs.contains(holder)) {
                count.entry(root).or_default().insert(holder);
            }
            let both = count.into_iter().filter(|(_, logs)| logs.len() > 1).map(|(root, _)| root).collect();
            out.push((*right, *window, logs, both));
        }
        out.sort_unstable_by_key(|(_, window, ..)| *window);
        out
    }

    /// The successors for which roots vote, in the order of their ids `[VOTE-3]`.
    ///
    /// Cost: linear in the votes.
    #[must_use]
    pub fn successors(&self) -> Vec<SuccessorVotes> {
        let mut by_ledger: BTreeMap<LedgerId, BTreeSet<u8>> = BTreeMap::new();
        for ((ledger, root, _), ()) in self.rules.successors.iter() {
            by_ledger.entry(*ledger).or_default().insert(*root);
        }
        let loud: BTreeSet<u8> = self.noisy_roots().map(|(root, _)| root).collect();
        let told = by_ledger.into_iter().map(|(ledger, roots)| {
            let roots: Vec<u8> = roots.union(&loud).copied().collect();
            let chosen = roots.len() >= self.rules.founded.threshold;
            SuccessorVotes { ledger, roots, chosen }
        });
        told.collect()
    }

    /// The successor that enough roots chose; none when they chose none, or more than one `[VOTE-3]`.
    #[must_use]
    pub fn successor(&self) -> Option<LedgerId> {
        let mut chosen = self.successors().into_iter().filter(|found| found.chosen);
        let first = chosen.next()?;
        chosen.next().is_none().then_some(first.ledger)
    }
}

const NOTICE_FIRST: NoticeId = NoticeId::from_bytes([0; 32]);
