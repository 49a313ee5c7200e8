//! Free time, and the earliest slot in it.
//!
//! - Lists of windows are in order and apart from each other.
//! - A slot lies in one free stretch of each of its antennas, from the setup to the end of the teardown;
//!   the track itself lies in a view period.

use crate::week::{Place, Request, common};
use intent_ledger::contracts::{Tai, Window};

/// A place and when its antennas would be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) antennas: Vec<usize>,
    pub(crate) kept: Window,
}

/// What is left of free stretches without the busy windows, which may come in any order and overlap.
pub(crate) fn without(free: &[Window], busy: impl IntoIterator<Item = Window>) -> Vec<Window> {
    let mut left = free.to_vec();
    for taken in busy {
        let parts = |stretch: &Window| {
            if !stretch.overlaps(&taken) {
                return [Some(*stretch), None];
            }
            let before = Window::new(stretch.start(), taken.start()).ok();
            [before, Window::new(taken.end(), stretch.end()).ok()]
        };
        left = left.iter().flat_map(parts).flatten().collect();
    }
    left
}

/// The earliest slot of each place, by start; the order of the places decides between equal ones.
pub(crate) fn earliest(request: &Request, free: impl Fn(usize) -> Vec<Window>) -> Vec<Slot> {
    let mut slots: Vec<Slot> =
        request.places.iter().filter_map(|place| earliest_at(request, place, &free)).collect();
    slots.sort_by_key(|slot| slot.kept);
    slots
}

fn earliest_at(request: &Request, place: &Place, free: &impl Fn(usize) -> Vec<Window>) -> Option<Slot> {
    let mut stretches: Option<Vec<Window>> = None;
    for antenna in &place.antennas {
        let here = free(*antenna);
        stretches = Some(match stretches {
            None => here,
            Some(others) => {
                others.iter().flat_map(|one| here.iter().filter_map(|other| common(one, other))).collect()
            }
        });
    }
    let stretches = stretches?;
    let starts = place.views.iter().flat_map(|view| stretches.iter().map(move |stretch| (view, stretch)));
    let start = starts.filter_map(|(view, stretch)| start_in(request, view, stretch)).min()?;
    let kept = Window::new(start, start.plus(request.kept())).ok()?;
    Some(Slot { antennas: place.antennas.clone(), kept })
}

/// The earliest start of the setup for a track in this view and this free stretch.
fn start_in(request: &Request, view: &Window, stretch: &Window) -> Option<Tai> {
    let track = view.start().max(stretch.start().plus(request.setup));
    let off = track.plus(request.least);
    let fits = off <= view.end() && off.plus(request.teardown) <= stretch.end();
    fits.then(|| track.minus(request.setup))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::week::tests::{minutes, own};

    #[test]
    fn busy_windows_are_cut_out() {
        let check = |busy: &[(u64, u64)], expect: &[(u64, u64)]| {
            let made = |list: &[(u64, u64)]| list.iter().map(|(start, end)| minutes(*start, *end)).collect();
            let expect: Vec<Window> = made(expect);
            let busy: Vec<Window> = made(busy);
            assert_eq!(without(&[minutes(10, 100)], busy), expect);
        };
        check(&[], &[(10, 100)]);
        check(&[(0, 10), (100, 110)], &[(10, 100)]);
        check(&[(50, 60), (20, 30)], &[(10, 20), (30, 50), (60, 100)]);
        check(&[(0, 20), (15, 40), (90, 200)], &[(40, 90)]);
        check(&[(0, 200)], &[]);
    }

    #[test]
    fn a_slot_has_its_setup_before_the_view_and_waits_for_a_free_stretch() {
        let week = own();
        let check = |track: &str, free: Vec<Window>, expect: &[(u64, u64)]| {
            let request = week.requests.iter().find(|request| request.track == track).unwrap();
            let slots = earliest(request, |_| free.clone());
            let kept: Vec<Window> = slots.iter().map(|slot| slot.kept).collect();
            let expect: Vec<Window> = expect.iter().map(|(start, end)| minutes(*start, *end)).collect();
            assert_eq!(kept, expect, "{track}");
        };
        let day = minutes(0, 1440);
        check("heron-2-1", vec![day], &[(0, 195)]);
        check("lark-1-1", vec![day], &[(0, 195), (60, 255)]);
        check("heron-2-2", vec![day], &[(270, 465)]);
        check("heron-2-1", vec![minutes(0, 194), minutes(200, 1440)], &[(200, 395)]);
        // The track may end with its view, not a minute later.
        check("owl-1-1", vec![minutes(0, 1440)], &[(0, 255)]);
        check("owl-1-1", vec![minutes(1, 1440)], &[]);
    }
}
