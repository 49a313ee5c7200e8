//! Whether the first gives of a charter give one resource twice at once `[CHARTER-2]`.
//!
//! - A first give is a train of windows: equally long, equally far apart. Where two trains first meet follows from
//!   their periods by the steps of Euclid's algorithm; the windows, up to 65,537 in each train, are never listed.

use super::{CharterError, CharterGive};
use crate::ids::ResourceId;
use crate::space::Footprint;
use crate::time::Tai;
use std::collections::BTreeMap;

/// Refuses the first two gives, by place, that differ in the measure of a resource or share an instant and a
/// cell of it.
pub(super) fn check(gives: &[CharterGive]) -> Result<(), CharterError> {
    let mut by_resource: BTreeMap<ResourceId, Vec<(usize, &CharterGive)>> = BTreeMap::new();
    for (second, later) in gives.iter().enumerate() {
        let resource = later.footprint.resource;
        let earlier_ones = by_resource.entry(resource).or_default();
        for (first, earlier) in earlier_ones.iter().copied() {
            if earlier.footprint.measure != later.footprint.measure {
                return Err(CharterError::MixedMeasures { first, second, resource });
            }
            if !share_a_cell(&earlier.footprint, &later.footprint) {
                continue;
            }
            let Some((first_window, second_window)) = meeting(&Train::of(earlier), &Train::of(later)) else {
                continue;
            };
            let window = earlier.window(first_window).unwrap_or(earlier.footprint.window);
            return Err(CharterError::GivenTwice {
                first,
                second,
                resource,
                first_window,
                second_window,
                window,
            });
        }
        earlier_ones.push((second, later));
    }
    Ok(())
}

/// Whether the boxes of two footprints share a cell; no boxes are the whole.
fn share_a_cell(a: &Footprint, b: &Footprint) -> bool {
    let whole = a.boxes().is_empty() || b.boxes().is_empty();
    whole || a.boxes().iter().any(|one| b.boxes().iter().any(|other| one.overlaps(other)))
}

/// Windows `[start + n * every, start + n * every + length)` for n from 0 to `last`; `every` is at least `length`
/// when there is more than one.
#[derive(Debug, Clone, Copy)]
struct Train {
    start: u128,
    length: u128,
    every: u128,
    last: u128,
}

impl Train {
    fn of(give: &CharterGive) -> Self {
        let window = give.footprint.window;
        let (start, every) = (u128::from(window.start().0), u128::from(give.every.0));
        // A window that starts at the end of the scale of time, or behind it, is none.
        let on_scale = (u128::from(Tai::MAX.0) - 1 - start).checked_div(every).unwrap_or(0);
        let last = u128::from(give.last_window()).min(on_scale);
        Self { start, length: u128::from(window.end().0) - start, every, last }
    }

    fn start_of(&self, number: u128) -> u128 {
        self.start + number * self.every
    }

    /// The first window that ends after `moment`.
    fn first_ending_after(&self, moment: u128) -> Option<u128> {
        let end = self.start + self.length;
        let number = if end > moment { 0 } else { ((moment - end).checked_div(self.every)?) + 1 };
        (number <= self.last).then_some(number)
    }
}

/// The first window of `a` that shares an instant with a window of `b`, and the first such one of `b`.
fn meeting(a: &Train, b: &Train) -> Option<(u64, u64)> {
    let number = first_meeting(a, b)?;
    let other = b.first_ending_after(a.start_of(number))?;
    // Numbers of windows come from 64 bits.
    Some((u64::try_from(number).ok()?, u64::try_from(other).ok()?))
}

/// The first window of `a` that shares an instant with a window of `b`.
fn first_meeting(a: &Train, b: &Train) -> Option<u128> {
    // A single window meets the first of the other train that ends behind its start, or none.
    if a.last == 0 {
        let other = b.first_ending_after(a.start)?;
        return (b.start_of(other) < a.start + a.length).then_some(0);
    }
    let first = a.first_ending_after(b.start)?;
    let start = a.start_of(first);
    if b.last == 0 {
        return (start < b.start + b.length).then_some(first);
    }
    if start <= b.start {
        return Some(first);
    }
    // From here on windows of `a` start behind the start of `b`: by how much modulo b's period decides.
    let behind = start - b.start;
    let last_start = b.last * b.every;
    if behind < last_start {
        // It starts inside a window of `b`, or reaches the start of the next one.
        let steps = steps_into(behind % b.every, a.every, b.every, b.length, a.length);
        let found = steps.filter(|steps| behind + steps * a.every < last_start);
        if let Some(steps) = found {
            return Some(first + steps).filter(|number| *number <= a.last);
        }
    }
    // The last window of `b` has no next one.
    let steps = last_start.saturating_sub(behind).div_ceil(a.every);
    let inside = behind + steps * a.every < last_start + b.length;
    Some(first + steps).filter(|number| inside && *number <= a.last)
}

/// The least n for which `(offset + n * step) mod period` is less than `inside`, or more than `period - reach`.
fn steps_into(offset: u128, step: u128, period: u128, inside: u128, reach: u128) -> Option<u128> {
    let wide = inside + reach > period;
    if wide || offset < inside || offset + reach > period {
        return Some(0);
    }
    // The target is one interval around zero, `offset` lies outside: so seen from `offset` it does not wrap.
    let least = period - reach + 1 - offset;
    let most = period + inside - 1 - offset;
    first_hit(step % period, period, least, most)
}

/// The least n for which `n * step mod period` lies in `least..=most`, given `0 < least <= most < period` and
/// `step < period`. Each step halves the period at least every second time.
fn first_hit(step: u128, period: u128, least: u128, most: u128) -> Option<u128> {
    if step == 0 {
        return None;
    }
    let direct = least.div_ceil(step);
    if direct * step <= most {
        return Some(direct);
    }
    // No multiple of `step` lies in the interval: how often must the period be passed for one to?
    let rounds = first_hit(period % step, step, (step - most % step) % step, (step - least % step) % step)?;
    Some((least + rounds * period).div_ceil(step))
}
