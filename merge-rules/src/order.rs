//! The order of a right: what its holder's log gave of it, in that log's own order `[ORDER-1]`.
//!
//! - A reading looks at earlier places of one trunk and at the right, and at nothing else; so it is made
//!   once, when the entry comes, and made anew only when the right comes or goes or the trunk is cut.
//! - Frames alone are read: versions agree on what was taken.
//! - What depends on another log, a return that must fit there, is kept as a condition and judged when a
//!   verdict is asked for `[PROOF-2]`.

use crate::facts::{LogNo, Place};
use crate::geometry::within;
use crate::load::{Cells, Living, Load, Met, cells_of};
use crate::map::Map;
use crate::rights::part_of;
use crate::rules::Source;
use intent_contracts::planted;
use intent_contracts::{Footprint, LogId, Measure, RecordId, Tai, Window};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Stands for a right at its holder's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RightNo(u32);

impl RightNo {
    /// All places of its order.
    const fn all(self) -> std::ops::Range<(Self, Pos)> {
        (self, Pos::FIRST)..(Self(self.0.saturating_add(1)), Pos::FIRST)
    }
}

/// A place in the order: slot, record, and part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pos {
    pub(crate) slot: u64,
    pub(crate) index: u8,
    pub(crate) part: u8,
}

impl Pos {
    pub(crate) const FIRST: Self = Self { slot: 0, index: 0, part: 0 };
}

/// Most parts of one right record, so that the parts of a return have places of their own.
pub(crate) const PARTS: u8 = 8;

/// The place of what a return takes of part `part` of the give at `cited` in its list.
pub(crate) const fn return_part(cited: u8, part: u8) -> u8 {
    cited * PARTS + part
}

/// One thing that the holder's log did to the right.
#[derive(Debug, Clone)]
pub(crate) enum Event {
    /// A footprint is drawn on it.
    Draw(Footprint),
    /// All of it goes back, or of a pool or rate this much.
    Return {
        /// The place of the give in the return's list.
        cited: u8,
        unused: u64,
    },
    /// What was drawn at `target` is freed.
    Free {
        target: Pos,
        /// What comes back of a pool; none for all.
        unused: Option<u64>,
        proof: FreeProof,
    },
}

/// What shows that a part is free again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FreeProof {
    /// Nothing but the giver's word.
    Word,
    /// The holder's own release.
    Sure,
    /// A return, if it holds where it was written.
    Return(ReturnRef),
}

/// A return in another log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ReturnRef {
    pub(crate) log: LogId,
    pub(crate) end: Tai,
    pub(crate) record: RecordId,
    pub(crate) pos: Pos,
    /// The give that it returns: the right at that log.
    pub(crate) right: RecordId,
}

/// How a part stands in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reading {
    /// The right has no part of this resource and measure.
    Apart,
    /// It does not lie within the right.
    Outside,
    /// It does not fit.
    Overdrawn,
    /// It takes.
    Took(Fit),
    /// It fits or not, by what a record before it freed that this version cannot read `[ORDER-5]`.
    Unread,
}

/// Whether a part that took is proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fit {
    /// It fits beside all that was given and not surely freed.
    Proven,
    /// It does if enough of these returns hold.
    If(Box<Conditions>),
    /// The same of a pool.
    Pooled(Box<Pooled>),
    /// It fits by the giver's word alone.
    AtRisk,
}

/// What would be free by returns in other logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Conditions {
    /// What may be there beside the part.
    most: u128,
    /// The most that surely is there, between the ends of the returned windows.
    loads: Vec<(Window, u128)>,
    /// What is there unless the return holds.
    returns: Vec<(ReturnRef, Window, u128)>,
}

impl Conditions {
    /// Whether the part fits when these returns hold.
    pub(crate) fn fit(&self, holds: impl Fn(&ReturnRef) -> bool) -> bool {
        let kept = self.returns.iter().filter(|(returned, ..)| !holds(returned));
        let kept = kept.map(|(_, window, amount)| (*window, *amount));
        peak(self.loads.iter().copied().chain(kept)) <= self.most
    }

    /// How long what rests on the part may last, each return holding for what lasts no longer than told.
    pub(crate) fn lasts(&self, lasts: impl Fn(&ReturnRef) -> Option<Tai>) -> Option<Tai> {
        let lasting: Vec<(&ReturnRef, Tai)> =
            self.returns.iter().filter_map(|(returned, ..)| Some((returned, lasts(returned)?))).collect();
        longest(lasting.iter().map(|(_, until)| *until).collect(), |least| {
            self.fit(|returned| lasting.iter().any(|(found, until)| *found == returned && *until >= least))
        })
    }
}

/// Returns by which one exclusive or rate part may count others as free `[PROOF-2]`: what is kept for a part must not
/// grow with its log.
const RETURNS_COUNTED_MAX: usize = 16;

/// The greatest `lasts` of those that make `fits` true together with all that last longer.
fn longest(mut lasting: Vec<Tai>, fits: impl Fn(Tai) -> bool) -> Option<Tai> {
    lasting.sort_unstable();
    lasting.dedup();
    // What lasts less admits more.
    let enough = lasting.partition_point(|least| fits(*least));
    enough.checked_sub(1).and_then(|at| lasting.get(at).copied())
}

/// The newest returns of an exclusive or rate part that are looked at `[PROOF-2]`.
const RETURNS_SEEN_MAX: usize = 64;

/// The newest returns of a pool that are looked at `[PROOF-2]`.
const POOL_RETURNS_SEEN_MAX: usize = 256;

/// What a return frees of one part of a right, if it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Returned {
    /// The part that it frees.
    target: Pos,
    by: ReturnRef,
    window: Window,
    amount: u64,
}

/// The returns that bear on one part of a right, the newest first. Orders share their tails.
type ReturnedList = rpds::ListSync<Returned>;

/// What a pool would hold by returns in other logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pooled {
    /// The logs of the returns must last so long.
    until: Tai,
    /// What may be taken beside the part.
    room: u128,
    /// What is taken and not surely freed.
    taken: u128,
    returned: ReturnedList,
}

impl Pooled {
    /// Whether the part fits when these returns hold. Cost: the newest returns of its log until they suffice.
    pub(crate) fn fit(&self, holds: impl Fn(&ReturnRef) -> bool) -> bool {
        let mut taken = self.taken;
        for returned in self.returned.iter().take(POOL_RETURNS_SEEN_MAX) {
            if taken <= self.room {
                return true;
            }
            if returned.by.end >= self.until && holds(&returned.by) {
                taken = taken.saturating_sub(u128::from(returned.amount));
            }
        }
        taken <= self.room
    }

    /// How long what rests on the part may last, each return holding for what lasts no longer than told.
    pub(crate) fn lasts(&self, lasts: impl Fn(&ReturnRef) -> Option<Tai>) -> Option<Tai> {
        let seen = self.returned.iter().take(POOL_RETURNS_SEEN_MAX);
        let mut lasting: Vec<(Tai, u64)> = seen
            .filter(|returned| returned.by.end >= self.until)
            .filter_map(|returned| Some((lasts(&returned.by)?, returned.amount)))
            .collect();
        lasting.sort_unstable_by(|one, other| other.cmp(one));
        let mut taken = self.taken;
        lasting.into_iter().find_map(|(until, amount)| {
            taken = taken.saturating_sub(u128::from(amount));
            (taken <= self.room).then_some(until)
        })
    }
}

/// A part that took, and what was freed of it.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    /// The part of the right.
    pub(crate) of: u8,
    pub(crate) window: Window,
    pub(crate) boxes: Arc<[Cells]>,
    pub(crate) amount: u64,
    /// Freed by word.
    pub(crate) word: Option<u64>,
    /// Freed by proof.
    pub(crate) sure: Option<u64>,
    /// Freed if a return holds.
    conditional: Option<u64>,
    /// What freed it by word, and what by proof or on condition: it is taken back with them.
    freed_by: [Option<Pos>; 2],
}

/// What is taken of one part of a right, summed up as its measure needs it.
///
/// - By word: what took and no word has freed. By proof: what took and is not surely freed.
#[derive(Debug, Clone)]
enum Sums {
    Exclusive(Living),
    Rate { word: Load, proof: Load },
    Pool { word: u128, proof: u128 },
}

/// One part of a right.
#[derive(Debug, Clone)]
struct PartSums {
    sums: Sums,
    returned: ReturnedList,
}

impl PartSums {
    fn of(right: &Footprint) -> Self {
        let sums = match right.measure {
            Measure::Exclusive => Sums::Exclusive(Living::empty()),
            Measure::Rate => Sums::Rate { word: Load::empty(), proof: Load::empty() },
            Measure::Pool => Sums::Pool { word: 0, proof: 0 },
        };
        Self { sums, returned: ReturnedList::new_sync() }
    }

    const fn is_pool(&self) -> bool {
        matches!(self.sums, Sums::Pool { .. })
    }

    /// Adds what took, or takes it back.
    fn take(&mut self, pos: Pos, taken: &Taken, add: bool) {
        let amount = u128::from(taken.amount);
        match &mut self.sums {
            Sums::Exclusive(living) if add => living.put(pos, taken.window, &taken.boxes, false),
            Sums::Exclusive(living) => living.remove(pos, taken.window),
            Sums::Rate { word, proof } => {
                word.add(taken.window, amount, add);
                proof.add(taken.window, amount, add);
            }
            Sums::Pool { word, proof } => {
                *word = summed(*word, amount, add);
                *proof = summed(*proof, amount, add);
            }
        }
    }

    /// Notes that this much of it was freed by word, or takes that back.
    fn free_by_word(&mut self, pos: Pos, taken: &Taken, amount: u64, add: bool) {
        match &mut self.sums {
            Sums::Exclusive(living) => living.put(pos, taken.window, &taken.boxes, add),
            Sums::Rate { word, .. } => word.add(taken.window, u128::from(taken.amount), !add),
            Sums::Pool { word, .. } => *word = summed(*word, u128::from(amount), !add),
        }
    }

    /// Notes that this much of it was surely freed, or takes that back.
    fn free_by_proof(&mut self, pos: Pos, taken: &Taken, amount: u64, add: bool) {
        match &mut self.sums {
            Sums::Exclusive(living) if add => living.remove(pos, taken.window),
            Sums::Exclusive(living) => living.put(pos, taken.window, &taken.boxes, true),
            Sums::Rate { proof, .. } => proof.add(taken.window, u128::from(taken.amount), !add),
            Sums::Pool { proof, .. } => *proof = summed(*proof, u128::from(amount), !add),
        }
    }
}

fn summed(sum: u128, amount: u128, add: bool) -> u128 {
    if add { sum.saturating_add(amount) } else { sum.saturating_sub(amount) }
}

/// The running state of one right's order.
#[derive(Debug, Clone)]
pub(crate) struct Running {
    pub(crate) no: RightNo,
    /// One for each part of the right; none while it is not here.
    parts: Vec<PartSums>,
}

impl Running {
    const fn new(no: RightNo) -> Self {
        Self { no, parts: Vec::new() }
    }

    /// The returns that would count for a new part over `window` of part `of` of the right, by what they free
    /// `[PROOF-2]`.
    pub(crate) fn counted(&self, of: u8, window: Window) -> BTreeMap<Pos, ReturnRef> {
        let Some(part) = self.parts.get(usize::from(of)) else { return BTreeMap::new() };
        let (seen, most) = if part.is_pool() {
            (POOL_RETURNS_SEEN_MAX, POOL_RETURNS_SEEN_MAX)
        } else {
            (RETURNS_SEEN_MAX, RETURNS_COUNTED_MAX)
        };
        let seen = part.returned.iter().take(seen).filter(|found| found.by.end >= window.end());
        let by_target: BTreeMap<Pos, ReturnRef> = seen.map(|found| (found.target, found.by)).collect();
        by_target.into_iter().take(most).collect()
    }
}

/// The orders of all rights.
#[derive(Debug, Clone)]
pub(crate) struct Orders {
    next: u32,
    pub(crate) running: Map<(LogNo, RecordId), Arc<Running>>,
    events: Map<(RightNo, Pos), Event>,
    pub(crate) readings: Map<(RightNo, Pos), Reading>,
    pub(crate) taken: Map<(RightNo, Pos), Taken>,
}

impl Orders {
    pub(crate) fn empty() -> Self {
        Self { next: 0, running: Map::new(), events: Map::new(), readings: Map::new(), taken: Map::new() }
    }

    /// Adds the next event of a right's order.
    pub(crate) fn push(
        &mut self,
        log: LogNo,
        right: RecordId,
        pos: Pos,
        event: Event,
        source: Option<&Source>,
        unread: Option<Place>,
    ) {
        let mut running = match self.running.get(&(log, right)) {
            Some(running) => (**running).clone(),
            None => self.fresh(),
        };
        if let Some(source) = source {
            self.apply(&mut running, pos, &event, source, unread);
        }
        self.events.insert((running.no, pos), event);
        self.running.insert((log, right), Arc::new(running));
    }

    fn fresh(&mut self) -> Running {
        let no = RightNo(self.next);
        self.next = self.next.saturating_add(1);
        Running::new(no)
    }

    /// Reads the order of a right anew. Linear in its events, but for what each meets.
    pub(crate) fn replay(
        &mut self,
        log: LogNo,
        right: RecordId,
        source: Option<&Source>,
        unread: Option<Place>,
    ) {
        let Some(old) = self.running.get(&(log, right)).cloned() else { return };
        let no = old.no;
        let taken: Vec<Pos> = self.taken.range(no.all()).map(|((_, pos), _)| *pos).collect();
        for pos in taken {
            self.taken.remove(&(no, pos));
        }
        let read: Vec<Pos> = self.readings.range(no.all()).map(|((_, pos), _)| *pos).collect();
        for pos in read {
            self.readings.remove(&(no, pos));
        }
        let mut running = Running::new(no);
        if let Some(source) = source {
            let events: Vec<(Pos, Event)> =
                self.events.range(no.all()).map(|((_, pos), event)| (*pos, event.clone())).collect();
            for (pos, event) in &events {
                self.apply(&mut running, *pos, event, source, unread);
            }
        }
        self.running.insert((log, right), Arc::new(running));
    }

    /// Takes back what the entries above `head`, which are gone, did to the order of a right: the last first.
    ///
    /// Linear in what goes: whoever forks its log in one slot after the other, downwards, pays for each once.
    pub(crate) fn cut(&mut self, log: LogNo, right: RecordId, head: u64) {
        let Some(old) = self.running.get(&(log, right)).cloned() else { return };
        let no = old.no;
        let above = (no, Pos { slot: head.saturating_add(1), ..Pos::FIRST })..no.all().end;
        let gone: Vec<(Pos, Event)> =
            self.events.range(above).map(|((_, pos), event)| (*pos, event.clone())).collect();
        let mut running = (*old).clone();
        for (pos, event) in gone.iter().rev() {
            self.undo(&mut running, *pos, event);
            self.events.remove(&(no, *pos));
        }
        if self.events.range(no.all()).next().is_some() {
            self.running.insert((log, right), Arc::new(running));
        } else {
            self.running.remove(&(log, right));
        }
    }

    /// Takes back the last event of an order.
    fn undo(&mut self, running: &mut Running, pos: Pos, event: &Event) {
        match event {
            Event::Draw(_) => self.untake(running, pos),
            Event::Return { cited, .. } => {
                let at = |of| Pos { part: return_part(*cited, of), ..pos };
                (0..PARTS).rev().for_each(|of| self.untake(running, at(of)));
            }
            Event::Free { target, .. } => self.unfree(running, pos, *target),
        }
    }

    fn untake(&mut self, running: &mut Running, pos: Pos) {
        let key = (running.no, pos);
        self.readings.remove(&key);
        let Some(taken) = self.taken.get(&key).cloned() else { return };
        self.taken.remove(&key);
        if let Some(part) = running.parts.get_mut(usize::from(taken.of)) {
            part.take(pos, &taken, false);
        }
    }

    fn unfree(&mut self, running: &mut Running, by: Pos, target: Pos) {
        let key = (running.no, target);
        let Some(mut taken) = self.taken.get(&key).cloned() else { return };
        let Some(part) = running.parts.get_mut(usize::from(taken.of)) else { return };
        let [word_by, proof_by] = taken.freed_by;
        if proof_by == Some(by) {
            if let Some(amount) = taken.sure.take() {
                part.free_by_proof(target, &taken, amount, false);
            } else if taken.conditional.take().is_some() {
                part.returned.drop_first_mut();
            }
            taken.freed_by[1] = None;
        }
        if word_by == Some(by) {
            if let Some(amount) = taken.word.take() {
                part.free_by_word(target, &taken, amount, false);
            }
            taken.freed_by[0] = None;
        }
        self.taken.insert(key, taken);
    }

    /// What took of a right, in order.
    pub(crate) fn taken_of(&self, no: RightNo) -> impl Iterator<Item = (Pos, &Taken)> {
        self.taken.range(no.all()).map(|((_, pos), taken)| (*pos, taken))
    }

    /// `unread` is the first record of the log that frees and cannot be read `[ORDER-5]`.
    fn apply(
        &mut self,
        running: &mut Running,
        pos: Pos,
        event: &Event,
        source: &Source,
        unread: Option<Place>,
    ) {
        if running.parts.is_empty() {
            running.parts = source.footprints.iter().map(PartSums::of).collect();
        }
        match event {
            Event::Draw(part) => {
                let reading = self.drawn(running, pos, part, &source.footprints, unread);
                self.readings.insert((running.no, pos), reading);
            }
            Event::Return { cited, unused } => {
                self.return_all(running, pos, (*cited, *unused), source, unread)
            }
            Event::Free { target, unused, proof } => self.free(running, pos, *target, *unused, proof),
        }
    }

    fn drawn(
        &mut self,
        running: &mut Running,
        pos: Pos,
        part: &Footprint,
        rights: &[Footprint],
        unread: Option<Place>,
    ) -> Reading {
        let found = part_of(part, rights).and_then(|of| Some((of, rights.get(usize::from(of))?)));
        let Some((of, right)) = found else { return Reading::Apart };
        if !within(part, right) {
            return Reading::Outside;
        }
        if planted::on("read a give without the log's order") {
            return Reading::Took(Fit::Proven);
        }
        let wanted = (part.window, cells_of(part.boxes()), part.amount);
        self.take(running, pos, (of, right), wanted, unread)
    }

    /// A return takes every part of the right `[PROOF-2]`.
    fn return_all(
        &mut self,
        running: &mut Running,
        pos: Pos,
        (cited, unused): (u8, u64),
        source: &Source,
        unread: Option<Place>,
    ) {
        // What the charter gave has nowhere to go back to.
        if source.place.is_none() {
            return;
        }
        for (of, right) in (0..PARTS).zip(&source.footprints) {
            // A rate is freed whole at its giver, so it is taken whole here.
            let amount = if right.measure == Measure::Pool { unused } else { right.amount };
            let at = Pos { part: return_part(cited, of), ..pos };
            let reading = if amount > right.amount {
                Reading::Outside
            } else {
                let wanted = (right.window, cells_of(right.boxes()), amount);
                self.take(running, at, (of, right), wanted, unread)
            };
            if planted::on("let a return take nothing") {
                self.untake(running, at);
            }
            self.readings.insert((running.no, at), reading);
        }
    }

    fn take(
        &mut self,
        running: &mut Running,
        pos: Pos,
        (of, right): (u8, &Footprint),
        (window, boxes, amount): (Window, Arc<[Cells]>, u64),
        unread: Option<Place>,
    ) -> Reading {
        let Some(part) = running.parts.get_mut(usize::from(of)) else { return Reading::Apart };
        let fit = part.fit(window, &boxes, amount, right.amount);
        let hidden = unread.is_some_and(|at| (at.slot, at.index) < (pos.slot, pos.index));
        if fit.is_none() && !hidden {
            return Reading::Overdrawn;
        }
        let (word, sure, conditional, freed_by) = (None, None, None, [None; 2]);
        let taken = Taken { of, window, boxes, amount, word, sure, conditional, freed_by };
        part.take(pos, &taken, true);
        self.taken.insert((running.no, pos), taken);
        fit.map_or(Reading::Unread, Reading::Took)
    }

    fn free(&mut self, running: &mut Running, by: Pos, target: Pos, unused: Option<u64>, proof: &FreeProof) {
        let key = (running.no, target);
        let Some(mut taken) = self.taken.get(&key).cloned() else { return };
        let Some(part) = running.parts.get_mut(usize::from(taken.of)) else { return };
        let pool = part.is_pool();
        let amount =
            if pool { unused.map_or(taken.amount, |unused| unused.min(taken.amount)) } else { taken.amount };
        let again = pool && planted::on("count a pool post twice");
        if taken.word.is_none() || again {
            taken.word = Some(amount);
            taken.freed_by[0] = Some(by);
            part.free_by_word(target, &taken, amount, true);
        }
        if (taken.sure.is_none() && taken.conditional.is_none()) || again {
            match proof {
                FreeProof::Word => {}
                FreeProof::Sure => {
                    taken.sure = Some(amount);
                    taken.freed_by[1] = Some(by);
                    part.free_by_proof(target, &taken, amount, true);
                }
                FreeProof::Return(condition) => {
                    taken.conditional = Some(amount);
                    taken.freed_by[1] = Some(by);
                    let (by, window) = (*condition, taken.window);
                    part.returned.push_front_mut(Returned { target, by, window, amount });
                }
            }
        }
        self.taken.insert(key, taken);
    }
}

impl PartSums {
    /// How a part fits beside what took before it; none when it does not `[ORDER-2]`, `[ORDER-4]`.
    fn fit(&self, window: Window, boxes: &[Cells], amount: u64, most: u64) -> Option<Fit> {
        match &self.sums {
            Sums::Exclusive(living) => self.fit_exclusive(living, window, boxes),
            Sums::Rate { word, proof } => self.fit_rate((word, proof), window, amount, most),
            Sums::Pool { word, proof } => self.fit_pool((*word, *proof), window, amount, most),
        }
    }

    /// Of the newest returns those that may free what a part with this window meets, by what they free `[PROOF-2]`.
    fn returned(&self, window: Window) -> BTreeMap<Pos, &Returned> {
        let seen = self.returned.iter().take(RETURNS_SEEN_MAX);
        seen.filter(|found| found.by.end >= window.end() && found.window.overlaps(&window))
            .map(|found| (found.target, found))
            .collect()
    }

    fn fit_exclusive(&self, living: &Living, window: Window, boxes: &[Cells]) -> Option<Fit> {
        let Met::Freed(met) = living.meeting(window, boxes) else { return None };
        let returned = self.returned(window);
        let found: Vec<&Returned> = met.iter().filter_map(|pos| returned.get(pos).copied()).collect();
        let at_risk = found.len() < met.len() || found.len() > RETURNS_COUNTED_MAX;
        if at_risk {
            return Some(Fit::AtRisk);
        }
        let returns = found.iter().map(|found| (found.by, found.window, 1)).collect();
        Some(Fit::of(Conditions { most: 0, loads: Vec::new(), returns }))
    }

    fn fit_rate(&self, (word, proof): (&Load, &Load), window: Window, amount: u64, most: u64) -> Option<Fit> {
        let amount = if planted::on("add up no rates") { 0 } else { amount };
        let fits = |load: u128| load.saturating_add(u128::from(amount)) <= u128::from(most);
        if !fits(word.peak(window)) {
            return None;
        }
        if fits(proof.peak(window)) {
            return Some(Fit::Proven);
        }
        let returned = self.returned(window);
        let counted: Vec<&Returned> = returned.into_values().take(RETURNS_COUNTED_MAX).collect();
        // Between the ends of what was returned all that was returned is there, or nothing of it.
        let loads: Vec<(Window, u128)> = between(window, counted.iter().map(|found| found.window))
            .map(|span| {
                let there = counted.iter().filter(|found| found.window.overlaps(&span));
                let back: u128 = there.map(|found| u128::from(found.amount)).sum();
                (span, proof.peak(span).saturating_sub(back))
            })
            .collect();
        if !loads.iter().all(|(_, load)| fits(*load)) {
            return Some(Fit::AtRisk);
        }
        let returns =
            counted.iter().map(|found| (found.by, found.window, u128::from(found.amount))).collect();
        let most = u128::from(most).saturating_sub(u128::from(amount));
        Some(Fit::of(Conditions { most, loads, returns }))
    }

    fn fit_pool(&self, (word, proof): (u128, u128), window: Window, amount: u64, most: u64) -> Option<Fit> {
        let fits = |sum: u128| sum.saturating_add(u128::from(amount)) <= u128::from(most);
        if !fits(word) {
            return None;
        }
        if fits(proof) {
            return Some(Fit::Proven);
        }
        if self.returned.is_empty() {
            return Some(Fit::AtRisk);
        }
        let room = u128::from(most).saturating_sub(u128::from(amount));
        let (until, returned) = (window.end(), self.returned.clone());
        Some(Fit::Pooled(Box::new(Pooled { until, room, taken: proof, returned })))
    }
}

impl Taken {
    /// How much of it a return would free, if one would.
    pub(crate) const fn returned(&self) -> Option<u64> {
        self.conditional
    }
}

impl Fit {
    fn of(conditions: Conditions) -> Self {
        if conditions.returns.is_empty() { Self::Proven } else { Self::If(Box::new(conditions)) }
    }
}

/// The spans of `window` between the ends of the windows that were returned.
fn between(window: Window, returned: impl Iterator<Item = Window>) -> impl Iterator<Item = Window> {
    let inside = |moment: &Tai| window.start() < *moment && *moment < window.end();
    let ends = returned.flat_map(|returned| [returned.start(), returned.end()]).filter(inside);
    let edges: BTreeSet<Tai> = ends.chain([window.start(), window.end()]).collect();
    let next: Vec<Tai> = edges.iter().skip(1).copied().collect();
    edges.into_iter().zip(next).filter_map(|(start, end)| Window::new(start, end).ok())
}

/// The greatest sum at any instant.
pub(crate) fn peak(spans: impl Iterator<Item = (Window, u128)>) -> u128 {
    let mut steps: Vec<(Tai, bool, u128)> = Vec::new();
    for (window, amount) in spans {
        steps.push((window.start(), true, amount));
        steps.push((window.end(), false, amount));
    }
    // Ends sort before starts of the same instant: windows are half-open.
    steps.sort_unstable();
    let (mut sum, mut most) = (0_u128, 0_u128);
    for (_, starts, amount) in steps {
        if starts {
            sum += amount;
            most = most.max(sum);
        } else {
            sum -= amount;
        }
    }
    most
}
