//! Windows, boxes and amounts, written apart from the types' own methods.

use intent_contracts::{Footprint, IntBox, Measure, Window};

/// Whether the two share an instant.
pub(super) fn share_instant(a: Window, b: Window) -> bool {
    a.start().max(b.start()) < a.end().min(b.end())
}

/// Whether the two share a cell; no boxes are the whole, and a dimension that only one states is open in
/// the other.
pub(super) fn share_cell(a: &Footprint, b: &Footprint) -> bool {
    if a.boxes().is_empty() || b.boxes().is_empty() {
        return true;
    }
    a.boxes().iter().any(|left| b.boxes().iter().any(|right| boxes_meet(left, right)))
}

fn boxes_meet(a: &IntBox, b: &IntBox) -> bool {
    for dimension in 0..a.spans().len().min(b.spans().len()) {
        let (left, right) = (a.spans()[dimension], b.spans()[dimension]);
        if left.start().max(right.start()) >= left.end().min(right.end()) {
            return false;
        }
    }
    true
}

/// Whether each box of the one lies in a box of the other `[RIGHT-2]`.
pub(super) fn boxes_lie_in(inner: &Footprint, outer: &Footprint) -> bool {
    if outer.boxes().is_empty() {
        return true;
    }
    !inner.boxes().is_empty()
        && inner.boxes().iter().all(|small| outer.boxes().iter().any(|large| box_lies_in(small, large)))
}

fn box_lies_in(inner: &IntBox, outer: &IntBox) -> bool {
    if inner.spans().len() < outer.spans().len() {
        return false;
    }
    (0..outer.spans().len()).all(|dimension| {
        let (small, large) = (inner.spans()[dimension], outer.spans()[dimension]);
        large.start() <= small.start() && small.end() <= large.end()
    })
}

/// Whether an amount is one that its measure can have.
pub(super) fn amount_exists(footprint: &Footprint) -> bool {
    match footprint.measure {
        Measure::Exclusive => footprint.amount == 1,
        Measure::Pool | Measure::Rate => footprint.amount >= 1,
    }
}

/// Whether a part lies within its right `[RIGHT-2]`.
pub(super) fn lies_within(part: &Footprint, right: &Footprint) -> bool {
    let window = right.window.start() <= part.window.start() && part.window.end() <= right.window.end();
    let boxes = part.measure == Measure::Exclusive || part.boxes().is_empty();
    window && boxes && boxes_lie_in(part, right) && amount_exists(part) && part.amount <= right.amount
}

/// Whether `part` fits into `right` beside the others, of each of which so much is not freed `[ORDER-2]`.
pub(super) fn fits(part: &Footprint, right: &Footprint, others: &[(&Footprint, u64)]) -> bool {
    let living = others.iter().filter(|(_, left)| *left > 0);
    match right.measure {
        Measure::Exclusive => living
            .into_iter()
            .all(|(other, _)| !(share_instant(part.window, other.window) && share_cell(part, other))),
        Measure::Pool => {
            let sum: u128 = living.map(|(_, left)| u128::from(*left)).sum();
            sum + u128::from(part.amount) <= u128::from(right.amount)
        }
        Measure::Rate => {
            let living: Vec<_> = living.collect();
            let starts = living.iter().map(|(other, _)| other.window.start());
            // The sum only rises where a window starts.
            let mut instants: Vec<_> = starts.filter(|start| *start >= part.window.start()).collect();
            instants.push(part.window.start());
            instants.iter().filter(|instant| **instant < part.window.end()).all(|instant| {
                let at = |window: Window| window.start() <= *instant && *instant < window.end();
                let there = living.iter().filter(|(other, _)| at(other.window));
                let sum: u128 = there.map(|(_, left)| u128::from(*left)).sum();
                sum + u128::from(part.amount) <= u128::from(right.amount)
            })
        }
    }
}
