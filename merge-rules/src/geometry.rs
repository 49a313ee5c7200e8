//! Whether footprints meet, and whether one lies within another `[RIGHT-2]`.

use intent_contracts::{Footprint, IntBox, Measure};

/// Whether two footprints want the same cells of the same resource at the same time.
///
/// Says nothing about amounts: whether a pool or a rate bears both is a matter of its right.
#[must_use]
pub fn meet(a: &Footprint, b: &Footprint) -> bool {
    a.resource == b.resource && a.window.overlaps(&b.window) && share_cell(a.boxes(), b.boxes())
}

/// Whether two lists of boxes share a cell; no boxes are the whole.
#[must_use]
pub(crate) fn share_cell(a: &[IntBox], b: &[IntBox]) -> bool {
    a.is_empty() || b.is_empty() || a.iter().any(|x| b.iter().any(|y| x.overlaps(y)))
}

/// Whether each of the inner boxes lies in one of the outer ones; no boxes are the whole.
pub(crate) fn boxes_within(inner: &[IntBox], outer: &[IntBox]) -> bool {
    outer.is_empty() || (!inner.is_empty() && inner.iter().all(|x| outer.iter().any(|y| box_within(x, y))))
}

/// A dimension that the outer box states must be stated by the inner one.
fn box_within(inner: &IntBox, outer: &IntBox) -> bool {
    let states_all = inner.spans().len() >= outer.spans().len();
    states_all
        && inner.spans().iter().zip(outer.spans()).all(|(a, b)| b.start() <= a.start() && a.end() <= b.end())
}

/// Whether a part lies within its right: window, boxes and amount `[RIGHT-2]`.
pub(crate) fn within(part: &Footprint, right: &Footprint) -> bool {
    right.window.contains(&part.window)
        && boxes_within(part.boxes(), right.boxes())
        && part.amount >= 1
        && part.amount <= right.amount
        && (part.measure != Measure::Exclusive || part.amount == 1)
        && (part.measure == Measure::Exclusive || part.boxes().is_empty())
}
