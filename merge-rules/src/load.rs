//! What is taken of one part of a right at each instant, kept so that a new part costs a look and not a sweep.
//!
//! - A rate is a load over time: its peak in a window is read off two paths of a tree.
//! - An exclusive part looks at what meets its window; how many boxes these may have is bounded `[ORDER-7]`.

use crate::order::Pos;
use crate::summed::{Summary, Summed};
use intent_contracts::bounds::DIMENSIONS_MAX;
use intent_contracts::planted;
use intent_contracts::{IntBox, Tai, Window};
use std::ops::ControlFlow;
use std::sync::Arc;

/// Boxes of what took, is not surely freed, and shares an instant with a new exclusive part: with more of them it
/// does not fit `[ORDER-7]`.
pub(crate) const BOXES_MET_MAX: usize = 1_024;

/// A box with all its dimensions; one that it does not state is all of it.
pub(crate) type Cells = [(i64, i64); DIMENSIONS_MAX];

/// The boxes of a footprint; none means all of it.
pub(crate) fn cells_of(boxes: &[IntBox]) -> Arc<[Cells]> {
    let cells = |found: &IntBox| {
        let mut cells = [(i64::MIN, i64::MAX); DIMENSIONS_MAX];
        cells.iter_mut().zip(found.spans()).for_each(|(to, span)| *to = (span.start(), span.end()));
        cells
    };
    boxes.iter().map(cells).collect()
}

/// Whether two lists of boxes share a cell; no boxes are the whole.
pub(crate) fn share_cells(a: &[Cells], b: &[Cells]) -> bool {
    let overlap = |x: &Cells, y: &Cells| x.iter().zip(y).all(|(a, b)| a.0 < b.1 && b.0 < a.1);
    a.is_empty() || b.is_empty() || a.iter().any(|x| b.iter().any(|y| overlap(x, y)))
}

/// An amount over time.
#[derive(Debug, Clone)]
pub(crate) struct Load {
    /// By how much it rises or falls at a moment.
    steps: Summed<Tai, i128, Swell>,
}

/// How far a load has risen at the end of a span, and at most within it.
#[derive(Debug, Clone, Copy)]
struct Swell {
    end: i128,
    most: i128,
}

impl Summary<Tai, i128> for Swell {
    fn of(_: &Tai, step: &i128) -> Self {
        Self { end: *step, most: *step }
    }

    fn join(&self, behind: &Self) -> Self {
        let end = self.end.saturating_add(behind.end);
        Self { end, most: self.most.max(self.end.saturating_add(behind.most)) }
    }
}

impl Load {
    pub(crate) fn empty() -> Self {
        Self { steps: Summed::new() }
    }

    /// Adds an amount in a window, or takes it back.
    pub(crate) fn add(&mut self, window: Window, amount: u128, add: bool) {
        let amount = i128::try_from(amount).unwrap_or(i128::MAX);
        let rise = if add { amount } else { amount.saturating_neg() };
        for (moment, step) in [(window.start(), rise), (window.end(), rise.saturating_neg())] {
            let step = self.steps.get(&moment).copied().unwrap_or(0).saturating_add(step);
            if step == 0 {
                self.steps.remove(&moment);
            } else {
                self.steps.insert(moment, step);
            }
        }
    }

    /// The greatest amount at any instant of a window. Logarithmic.
    pub(crate) fn peak(&self, window: Window) -> u128 {
        // No window starts at the end of the scale.
        let inside = Tai(window.start().0.saturating_add(1));
        let mut there = 0_i128;
        self.steps.sums(&Tai(0), &inside, &mut |swell: &Swell| there = there.saturating_add(swell.end));
        let mut most = there;
        if planted::on("count a lapsed draw") {
            let mut before = 0_i128;
            self.steps.sums(&Tai(0), &inside, &mut |swell: &Swell| {
                most = most.max(before.saturating_add(swell.most));
                before = before.saturating_add(swell.end);
            });
        }
        self.steps.sums(&inside, &window.end(), &mut |swell: &Swell| {
            most = most.max(there.saturating_add(swell.most));
            there = there.saturating_add(swell.end);
        });
        u128::try_from(most).unwrap_or(0)
    }
}

/// What took of an exclusive part and is not surely freed, by window.
#[derive(Debug, Clone)]
pub(crate) struct Living {
    parts: Summed<(Tai, Pos), Kept, Latest>,
}

#[derive(Debug, Clone)]
struct Kept {
    end: Tai,
    boxes: Arc<[Cells]>,
    /// Whether its giver's word has freed it.
    word: bool,
}

/// The latest end of some windows.
#[derive(Debug, Clone, Copy)]
struct Latest(Tai);

impl Summary<(Tai, Pos), Kept> for Latest {
    fn of(_: &(Tai, Pos), kept: &Kept) -> Self {
        Self(kept.end)
    }

    fn join(&self, behind: &Self) -> Self {
        Self(self.0.max(behind.0))
    }
}

/// What shares an instant and a cell with a new part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Met {
    /// One that no word has freed, or more than can be looked at.
    Taken,
    /// These, which their giver's word has freed.
    Freed(Vec<Pos>),
}

impl Living {
    pub(crate) fn empty() -> Self {
        Self { parts: Summed::new() }
    }

    pub(crate) fn put(&mut self, pos: Pos, window: Window, boxes: &Arc<[Cells]>, word: bool) {
        let kept = Kept { end: window.end(), boxes: Arc::clone(boxes), word };
        self.parts.insert((window.start(), pos), kept);
    }

    pub(crate) fn remove(&mut self, pos: Pos, window: Window) {
        self.parts.remove(&(window.start(), pos));
    }

    /// What a part meets `[ORDER-2]`, `[ORDER-7]`. Cost: at most what has [`BOXES_MET_MAX`] boxes together.
    pub(crate) fn meeting(&self, window: Window, boxes: &[Cells]) -> Met {
        let lapsed = planted::on("count a lapsed draw");
        let from = if lapsed { Tai(0) } else { window.start() };
        let (mut seen, mut freed) = (0, Vec::new());
        let wanted = |latest: &Latest| latest.0 > from;
        let taken = self.parts.search(&(window.end(), Pos::FIRST), &wanted, &mut |(_, pos), kept| {
            if kept.end <= from {
                return ControlFlow::Continue(());
            }
            seen += kept.boxes.len().max(1);
            if seen > BOXES_MET_MAX {
                return ControlFlow::Break(());
            }
            match share_cells(&kept.boxes, boxes) {
                true if !kept.word => return ControlFlow::Break(()),
                true => freed.push(*pos),
                false => {}
            }
            ControlFlow::Continue(())
        });
        if taken.is_break() { Met::Taken } else { Met::Freed(freed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry;
    use intent_contracts::BoxSpan;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::{Rng, SeedableRng};

    fn window(rng: &mut ChaCha8Rng) -> Window {
        let start = rng.next_u64() % 60;
        Window::new(Tai(start), Tai(start + 1 + rng.next_u64() % 20)).unwrap()
    }

    /// None, which is the whole, or up to three boxes of one to four dimensions.
    fn boxes(rng: &mut ChaCha8Rng) -> Vec<IntBox> {
        let count = if rng.next_u64().is_multiple_of(9) { 0 } else { 1 + rng.next_u64() % 3 };
        let span = |rng: &mut ChaCha8Rng| {
            let start = i64::try_from(rng.next_u64() % 6).unwrap();
            BoxSpan::new(start, start + 1 + i64::try_from(rng.next_u64() % 2).unwrap()).unwrap()
        };
        let one = |rng: &mut ChaCha8Rng| {
            let spans: Vec<BoxSpan> = (0..1 + rng.next_u64() % 4).map(|_| span(rng)).collect();
            IntBox::try_from(spans).unwrap()
        };
        (0..count).map(|_| one(rng)).collect()
    }

    /// The twin is a plain list that is swept anew.
    #[test]
    fn a_load_peaks_where_a_list_of_windows_does() {
        for seed in 0..40 {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let (mut load, mut list) = (Load::empty(), Vec::new());
            for _ in 0..200 {
                if rng.next_u64() % 3 > 0 || list.is_empty() {
                    let (window, amount) = (window(&mut rng), u128::from(1 + rng.next_u64() % 5));
                    load.add(window, amount, true);
                    list.push((window, amount));
                } else {
                    let at = usize::try_from(rng.next_u64()).unwrap() % list.len();
                    let (window, amount) = list.swap_remove(at);
                    load.add(window, amount, false);
                }
                let asked = window(&mut rng);
                let at = |moment: u64| {
                    let there = list
                        .iter()
                        .filter(|(window, _)| window.start().0 <= moment && moment < window.end().0);
                    there.map(|(_, amount)| *amount).sum::<u128>()
                };
                let most = (asked.start().0..asked.end().0).map(at).max().unwrap();
                assert_eq!(load.peak(asked), most, "seed {seed}");
            }
        }
    }

    #[test]
    fn what_a_part_meets_is_what_a_list_of_parts_says() {
        for seed in 0..40 {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let (mut living, mut list) = (Living::empty(), Vec::new());
            for slot in 0..150 {
                let pos = Pos { slot, index: 0, part: 0 };
                let (window, boxes, word) = (window(&mut rng), boxes(&mut rng), rng.next_u64() % 4 > 0);
                if rng.next_u64().is_multiple_of(4) && !list.is_empty() {
                    let (pos, window, ..): (Pos, Window, Vec<IntBox>, bool) = list.swap_remove(0);
                    living.remove(pos, window);
                }
                let meets = |found: &&(Pos, Window, Vec<IntBox>, bool)| {
                    found.1.overlaps(&window) && geometry::share_cell(&found.2, &boxes)
                };
                let mut freed: Vec<Pos> = list.iter().filter(meets).map(|found| found.0).collect();
                freed.sort_unstable();
                let taken = list.iter().filter(meets).any(|found| !found.3);
                let told = match living.meeting(window, &cells_of(&boxes)) {
                    Met::Freed(mut met) => {
                        met.sort_unstable();
                        Some(met)
                    }
                    Met::Taken => None,
                };
                assert_eq!(told, (!taken).then_some(freed), "seed {seed}");
                living.put(pos, window, &cells_of(&boxes), word);
                list.push((pos, window, boxes, word));
            }
        }
    }
}
