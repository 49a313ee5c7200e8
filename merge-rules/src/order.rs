//! The order of a right: what its holder's log gave of it, in that log's own order `[ORDER-1]`.
//!
//! - A reading looks at earlier places of one trunk and at the right, and at nothing else; so it is made
//!   once, when the entry comes, and made anew only when the right comes or goes or the trunk is cut.
//! - Frames alone are read: versions agree on what was taken.
//! - What depends on another log, a return that must fit there, is kept as a condition and judged when a
//!   verdict is asked for `[PROOF-2]`.

use crate::facts::{LogNo, Place, earliest_start, length_class};
use crate::geometry::{share_cell, within};
use crate::map::Map;
use crate::rights::part_of;
use crate::rules::Source;
use intent_contracts::planted;
use intent_contracts::{Footprint, IntBox, LogId, Measure, RecordId, Tai, Window};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Stands for a right at its holder's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RightNo(u32);

/// A place in the order: slot, record, and part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pos {
    pub(crate) slot: u64,
    pub(crate) index: u8,
    pub(crate) part: u8,
}

impl Pos {
    const FIRST: Self = Self { slot: 0, index: 0, part: 0 };
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
}

/// Returns by which one exclusive or rate part may count others as free `[PROOF-2]`: what is kept for a part must not
/// grow with its log.
pub(crate) const RETURNS_COUNTED_MAX: usize = 16;

/// Of which part of a right a return would free how much; the newest first. Parts share their tails.
type Returned = rpds::ListSync<(u8, ReturnRef, u64)>;

/// What a pool would hold by returns in other logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pooled {
    of: u8,
    /// The logs of the returns must last so long.
    until: Tai,
    /// What may be taken beside the part.
    room: u128,
    /// What is taken and not surely freed.
    taken: u128,
    returned: Returned,
}

impl Pooled {
    /// Whether the part fits when these returns hold. Cost: the returns of its log until they suffice.
    pub(crate) fn fit(&self, holds: impl Fn(&ReturnRef) -> bool) -> bool {
        let mut taken = self.taken;
        for (of, returned, amount) in &self.returned {
            if taken <= self.room {
                return true;
            }
            if *of == self.of && returned.end >= self.until && holds(returned) {
                taken = taken.saturating_sub(u128::from(*amount));
            }
        }
        taken <= self.room
    }
}

/// A part that took, and what was freed of it.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    /// The part of the right.
    pub(crate) of: u8,
    pub(crate) window: Window,
    pub(crate) boxes: Vec<IntBox>,
    pub(crate) amount: u64,
    /// Freed by word.
    pub(crate) word: Option<u64>,
    /// Freed by proof.
    pub(crate) sure: Option<u64>,
    /// Freed if a return holds.
    conditional: Option<(ReturnRef, u64)>,
}

/// What is taken of each part of a right.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    word: u128,
    proof: u128,
}

/// The running state of one right's order.
#[derive(Debug, Clone)]
pub(crate) struct Running {
    pub(crate) no: RightNo,
    sums: [Sums; PARTS as usize],
    /// What returns may free of its pools.
    returned: Returned,
    /// The first record of the log that frees what this version cannot read `[ORDER-5]`.
    unread: Option<Place>,
}

impl Running {
    fn new(no: RightNo, unread: Option<Place>) -> Self {
        Self { no, sums: [Sums::default(); PARTS as usize], returned: Returned::new_sync(), unread }
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
    /// What took and is not surely freed, by window.
    spans: Map<(RightNo, u8, u8, Tai, Pos), ()>,
}

impl Orders {
    pub(crate) fn empty() -> Self {
        Self {
            next: 0,
            running: Map::new(),
            events: Map::new(),
            readings: Map::new(),
            taken: Map::new(),
            spans: Map::new(),
        }
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
        running.unread = unread;
        if let Some(source) = source {
            self.apply(&mut running, pos, &event, source);
        }
        self.events.insert((running.no, pos), event);
        self.running.insert((log, right), Arc::new(running));
    }

    fn fresh(&mut self) -> Running {
        let no = RightNo(self.next);
        self.next = self.next.saturating_add(1);
        Running::new(no, None)
    }

    /// Reads the order of a right anew. Linear in its events.
    pub(crate) fn replay(
        &mut self,
        log: LogNo,
        right: RecordId,
        source: Option<&Source>,
        unread: Option<Place>,
    ) {
        let Some(old) = self.running.get(&(log, right)).cloned() else { return };
        let no = old.no;
        let range = (no, Pos::FIRST)..(RightNo(no.0.saturating_add(1)), Pos::FIRST);
        let taken: Vec<(Pos, Taken)> =
            self.taken.range(range.clone()).map(|((_, pos), taken)| (*pos, taken.clone())).collect();
        for (pos, taken) in taken {
            self.spans.remove(&span_key(no, pos, &taken));
            self.taken.remove(&(no, pos));
        }
        let read: Vec<Pos> = self.readings.range(range.clone()).map(|((_, pos), _)| *pos).collect();
        read.iter().for_each(|pos| {
            self.readings.remove(&(no, *pos));
        });
        let events: Vec<(Pos, Event)> =
            self.events.range(range).map(|((_, pos), event)| (*pos, event.clone())).collect();
        if events.is_empty() {
            self.running.remove(&(log, right));
            return;
        }
        let mut running = Running::new(no, unread);
        if let Some(source) = source {
            for (pos, event) in &events {
                self.apply(&mut running, *pos, event, source);
            }
        }
        self.running.insert((log, right), Arc::new(running));
    }

    /// Takes back what the events above `head`, which are gone, did to the order of a right.
    ///
    /// A reading looks at earlier places alone, so those below stand. Linear in the events: whoever forks its log
    /// in one slot after the other, downwards, must not have all of them fitted anew each time.
    pub(crate) fn rewind(&mut self, log: LogNo, right: RecordId, head: u64, source: Option<&Source>) {
        let Some(old) = self.running.get(&(log, right)).cloned() else { return };
        let no = old.no;
        let range = (no, Pos::FIRST)..(RightNo(no.0.saturating_add(1)), Pos::FIRST);
        let Some(source) = source.filter(|_| self.events.range(range.clone()).next().is_some()) else {
            return self.replay(log, right, source, old.unread);
        };
        let above = (no, Pos { slot: head.saturating_add(1), ..Pos::FIRST })..range.end;
        let gone: Vec<Pos> = self.readings.range(above.clone()).map(|((_, pos), _)| *pos).collect();
        gone.iter().for_each(|pos| {
            self.readings.remove(&(no, *pos));
        });
        let gone: Vec<(Pos, Taken)> =
            self.taken.range(above).map(|((_, pos), taken)| (*pos, taken.clone())).collect();
        for (pos, taken) in gone {
            self.spans.remove(&span_key(no, pos, &taken));
            self.taken.remove(&(no, pos));
        }
        let unread = old.unread.filter(|place| place.slot <= head);
        let mut running = Running::new(no, unread);
        let kept: Vec<(Pos, Taken)> =
            self.taken.range(range.clone()).map(|((_, pos), taken)| (*pos, taken.clone())).collect();
        for (pos, mut taken) in kept {
            let sums = &mut running.sums[usize::from(taken.of)];
            sums.word += u128::from(taken.amount);
            sums.proof += u128::from(taken.amount);
            (taken.word, taken.sure, taken.conditional) = (None, None, None);
            self.spans.insert(span_key(no, pos, &taken), ());
            self.taken.insert((no, pos), taken);
        }
        let frees: Vec<(Pos, Event)> = self
            .events
            .range(range)
            .filter(|(_, event)| matches!(event, Event::Free { .. }))
            .map(|((_, pos), event)| (*pos, event.clone()))
            .collect();
        for (pos, event) in &frees {
            self.apply(&mut running, *pos, event, source);
        }
        self.running.insert((log, right), Arc::new(running));
    }

    /// Removes the events above `head` and returns the rights whose orders are to be rewound.
    pub(crate) fn cut_back(&mut self, log: LogNo, head: u64) -> Vec<RecordId> {
        let above = Pos { slot: head.saturating_add(1), index: 0, part: 0 };
        let mut changed = Vec::new();
        let rights: Vec<(RecordId, RightNo)> =
            self.rights_of(log).map(|(right, running)| (right, running.no)).collect();
        for (right, no) in rights {
            let range = (no, above)..(RightNo(no.0.saturating_add(1)), Pos::FIRST);
            let gone: Vec<Pos> = self.events.range(range).map(|((_, pos), _)| *pos).collect();
            gone.iter().for_each(|pos| {
                self.events.remove(&(no, *pos));
            });
            if !gone.is_empty() {
                changed.push(right);
            }
        }
        changed
    }

    /// The rights on which a log has drawn, or tried to.
    pub(crate) fn rights_of(&self, log: LogNo) -> impl Iterator<Item = (RecordId, &Running)> {
        let least = RecordId { entry: intent_contracts::EntryId::from_bytes([0; 32]), index: 0 };
        let next = LogNo(log.0.saturating_add(1));
        self.running.range((log, least)..(next, least)).map(|((_, right), running)| (*right, &**running))
    }

    /// What took of a right, in order.
    pub(crate) fn taken_of(&self, no: RightNo) -> impl Iterator<Item = (Pos, &Taken)> {
        let range = (no, Pos::FIRST)..(RightNo(no.0.saturating_add(1)), Pos::FIRST);
        self.taken.range(range).map(|((_, pos), taken)| (*pos, taken))
    }

    /// What took of one part of a right, is not surely freed, and meets `window`.
    pub(crate) fn meeting(&self, no: RightNo, of: u8, window: Window) -> Vec<(Pos, &Taken)> {
        let mut out = Vec::new();
        let mut class = 0_u8;
        loop {
            let next = self.spans.range((no, of, class, Tai(0), Pos::FIRST)..).next();
            match next {
                Some(((found, part, first, ..), ())) if (*found, *part) == (no, of) => class = *first,
                _ => return out,
            }
            let from = earliest_start(class, window.start());
            let range = (no, of, class, from, Pos::FIRST)..(no, of, class, window.end(), Pos::FIRST);
            for ((.., pos), ()) in self.spans.range(range) {
                if let Some(taken) = self.taken.get(&(no, *pos))
                    && (taken.window.overlaps(&window) || planted::on("count a lapsed draw"))
                {
                    out.push((*pos, taken));
                }
            }
            class += 1;
        }
    }

    fn apply(&mut self, running: &mut Running, pos: Pos, event: &Event, source: &Source) {
        match event {
            Event::Draw(part) => {
                let reading = self.drawn(running, pos, part, &source.footprints);
                self.readings.insert((running.no, pos), reading);
            }
            Event::Return { cited, unused } => self.return_all(running, pos, *cited, *unused, source),
            Event::Free { target, unused, proof } => self.free(running, *target, *unused, proof, source),
        }
    }

    fn drawn(&mut self, running: &mut Running, pos: Pos, part: &Footprint, rights: &[Footprint]) -> Reading {
        let found = part_of(part, rights).and_then(|of| Some((of, rights.get(usize::from(of))?)));
        let Some((of, right)) = found else { return Reading::Apart };
        if !within(part, right) {
            return Reading::Outside;
        }
        if planted::on("read a give without the log's order") {
            return Reading::Took(Fit::Proven);
        }
        self.take(running, pos, of, right, part.window, part.boxes().to_vec(), part.amount)
    }

    /// A return takes every part of the right `[PROOF-2]`.
    fn return_all(&mut self, running: &mut Running, pos: Pos, cited: u8, unused: u64, source: &Source) {
        // What the charter gave has nowhere to go back to.
        if source.place.is_none() {
            return;
        }
        for (of, right) in (0..PARTS).zip(&source.footprints) {
            let sums = running.sums;
            // A rate is freed whole at its giver, so it is taken whole here.
            let amount = if right.measure == Measure::Pool { unused } else { right.amount };
            let at = Pos { part: return_part(cited, of), ..pos };
            let reading = if amount > right.amount {
                Reading::Outside
            } else {
                self.take(running, at, of, right, right.window, right.boxes().to_vec(), amount)
            };
            self.readings.insert((running.no, at), reading);
            if let Some(taken) = self.taken.get(&(running.no, at)).cloned()
                && planted::on("let a return take nothing")
            {
                running.sums = sums;
                self.spans.remove(&span_key(running.no, at, &taken));
                self.taken.remove(&(running.no, at));
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "a part in its three dimensions, and where it goes")]
    fn take(
        &mut self,
        running: &mut Running,
        pos: Pos,
        of: u8,
        right: &Footprint,
        window: Window,
        boxes: Vec<IntBox>,
        amount: u64,
    ) -> Reading {
        let fit = match right.measure {
            Measure::Exclusive => self.fit_exclusive(running.no, of, window, &boxes),
            Measure::Rate => self.fit_rate(running.no, of, window, amount, right.amount),
            Measure::Pool => Self::fit_pool(running, of, window, amount, right.amount),
        };
        let hidden = running.unread.is_some_and(|at| (at.slot, at.index) < (pos.slot, pos.index));
        if fit.is_none() && !hidden {
            return Reading::Overdrawn;
        }
        let taken = Taken { of, window, boxes, amount, word: None, sure: None, conditional: None };
        let sums = &mut running.sums[usize::from(of)];
        sums.word += u128::from(amount);
        sums.proof += u128::from(amount);
        self.spans.insert(span_key(running.no, pos, &taken), ());
        self.taken.insert((running.no, pos), taken);
        fit.map_or(Reading::Unread, Reading::Took)
    }

    fn fit_exclusive(&self, no: RightNo, of: u8, window: Window, boxes: &[IntBox]) -> Option<Fit> {
        let mut conditions = Vec::new();
        let mut at_risk = false;
        for (_, other) in self.meeting(no, of, window) {
            if !share_cell(&other.boxes, boxes) {
                continue;
            }
            // What no word has freed is simply taken.
            other.word?;
            match other.condition_for(window) {
                Some(condition) if conditions.len() < RETURNS_COUNTED_MAX => {
                    conditions.push((condition, other.window, 1));
                }
                _ => at_risk = true,
            }
        }
        Some(Fit::of(at_risk, Conditions { most: 0, loads: Vec::new(), returns: conditions }))
    }

    fn fit_rate(&self, no: RightNo, of: u8, window: Window, amount: u64, most: u64) -> Option<Fit> {
        let mut others = self.meeting(no, of, window);
        others.sort_unstable_by_key(|(pos, _)| *pos);
        let returned = others.iter().filter_map(|(pos, other)| Some((*pos, other.condition_for(window)?)));
        let counted: BTreeMap<Pos, ReturnRef> = returned.take(RETURNS_COUNTED_MAX).collect();
        let load = |counts: &dyn Fn(&Pos, &Taken) -> bool| {
            let spans = others.iter().filter(|(pos, other)| counts(pos, other));
            peak(spans.map(|(_, other)| (other.window, u128::from(other.amount))))
        };
        let amount = if planted::on("add up no rates") { 0 } else { amount };
        let fits = |load: u128| load + u128::from(amount) <= u128::from(most);
        if !fits(load(&|_, other| other.word.is_none())) {
            return None;
        }
        if fits(load(&|_, _| true)) {
            return Some(Fit::Proven);
        }
        if !fits(load(&|pos, _| !counted.contains_key(pos))) {
            return Some(Fit::AtRisk);
        }
        let (mut loads, mut returns) = (Vec::new(), Vec::new());
        for (pos, other) in &others {
            let amount = u128::from(other.amount);
            match counted.get(pos) {
                Some(condition) => returns.push((*condition, other.window, amount)),
                None => loads.push((other.window, amount)),
            }
        }
        let loads = peaks(window, &loads, returns.iter().map(|(_, returned, _)| *returned));
        let most = u128::from(most).saturating_sub(u128::from(amount));
        Some(Fit::of(false, Conditions { most, loads, returns }))
    }

    fn fit_pool(running: &Running, of: u8, window: Window, amount: u64, most: u64) -> Option<Fit> {
        let sums = running.sums[usize::from(of)];
        let fits = |sum: u128| sum + u128::from(amount) <= u128::from(most);
        if !fits(sums.word) {
            return None;
        }
        if fits(sums.proof) {
            return Some(Fit::Proven);
        }
        if running.returned.is_empty() {
            return Some(Fit::AtRisk);
        }
        let room = u128::from(most).saturating_sub(u128::from(amount));
        let (until, taken, returned) = (window.end(), sums.proof, running.returned.clone());
        Some(Fit::Pooled(Box::new(Pooled { of, until, room, taken, returned })))
    }

    fn free(
        &mut self,
        running: &mut Running,
        target: Pos,
        unused: Option<u64>,
        proof: &FreeProof,
        source: &Source,
    ) {
        let key = (running.no, target);
        let Some(mut taken) = self.taken.get(&key).cloned() else { return };
        let Some(right) = source.footprints.get(usize::from(taken.of)) else { return };
        let pool = right.measure == Measure::Pool;
        let amount =
            if pool { unused.map_or(taken.amount, |unused| unused.min(taken.amount)) } else { taken.amount };
        let sums = &mut running.sums[usize::from(taken.of)];
        let again = pool && planted::on("count a pool post twice");
        if taken.word.is_none() || again {
            taken.word = Some(amount);
            sums.word = sums.word.saturating_sub(u128::from(amount));
        }
        if (taken.sure.is_none() && taken.conditional.is_none()) || again {
            match proof {
                FreeProof::Word => {}
                FreeProof::Sure => {
                    taken.sure = Some(amount);
                    sums.proof = sums.proof.saturating_sub(u128::from(amount));
                    if !pool {
                        self.spans.remove(&span_key(running.no, target, &taken));
                    }
                }
                FreeProof::Return(condition) => {
                    taken.conditional = Some((*condition, amount));
                    if pool {
                        running.returned.push_front_mut((taken.of, *condition, amount));
                    }
                }
            }
        }
        self.taken.insert(key, taken);
    }
}

impl Taken {
    /// The return that would free this, and how much of it, when its log lasts until `until`.
    pub(crate) fn returned(&self, until: Tai) -> Option<(ReturnRef, u64)> {
        self.conditional.filter(|(returned, _)| returned.end >= until && self.sure.is_none())
    }

    /// The return that would free this for a part with `window` `[PROOF-2]`.
    fn condition_for(&self, window: Window) -> Option<ReturnRef> {
        let (condition, _) = self.conditional?;
        (self.word.is_some() && condition.end >= window.end()).then_some(condition)
    }
}

impl Fit {
    fn of(at_risk: bool, conditions: Conditions) -> Self {
        match (at_risk, conditions.returns.is_empty()) {
            (true, _) => Self::AtRisk,
            (false, true) => Self::Proven,
            (false, false) => Self::If(Box::new(conditions)),
        }
    }
}

fn span_key(no: RightNo, pos: Pos, taken: &Taken) -> (RightNo, u8, u8, Tai, Pos) {
    (no, taken.of, length_class(&taken.window), taken.window.start(), pos)
}

/// The greatest sums of `loads` within `window`, between the ends of the windows that were returned.
fn peaks(
    window: Window,
    loads: &[(Window, u128)],
    returned: impl Iterator<Item = Window>,
) -> Vec<(Window, u128)> {
    let inside = |moment: &Tai| window.start() < *moment && *moment < window.end();
    let ends = returned.flat_map(|returned| [returned.start(), returned.end()]).filter(inside);
    let edges: BTreeSet<Tai> = ends.chain([window.start(), window.end()]).collect();
    let spans =
        edges.iter().zip(edges.iter().skip(1)).filter_map(|(start, end)| Window::new(*start, *end).ok());
    spans.map(|span| (span, peak(loads.iter().copied().filter(|(load, _)| load.overlaps(&span))))).collect()
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
