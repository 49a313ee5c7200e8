//! What is left of a right after returns and posts `[RIGHT-4]`, and what needs a person `[EXC-2]`.

use super::fleet::{Fleet, two_levels, want};
use intent_contracts::kinds::{POST, RELEASE, RETURN};
use intent_contracts::{Citation, Clock, Footprint, Millis, Tai};
use intent_merge_rules::{Exception, RightView, Standing};
use intent_testing::oracle::histories::{hour, hours};

fn told(fleet: &Fleet, right: Citation) -> RightView {
    fleet.view().right(&right.record, 0).unwrap()
}

/// Given, drawn, settling, outstanding and left.
fn sums(right: &RightView) -> (u128, u128, u128, u128, u64) {
    (right.given, right.drawn, right.settling, right.outstanding, right.left)
}

/// `[RIGHT-4]`: what is left is proven to the last unit, and not one more.
fn left_is_what_can_be_proven(mut fleet: Fleet, holder: usize, right: Citation) {
    let RightView { footprint, left, .. } = told(&fleet, right);
    let more = Footprint::open(footprint.resource, footprint.measure, footprint.window, left + 1);
    if left < footprint.amount {
        let give = fleet.give(holder, fleet.rival, vec![more.from_right(right)]);
        assert_ne!(fleet.part(give), Standing::Firm);
    }
    if left > 0 {
        let all = Footprint::open(footprint.resource, footprint.measure, footprint.window, left);
        let give = fleet.give(holder, fleet.rival, vec![all.from_right(right)]);
        assert_eq!(fleet.part(give), Standing::Firm);
    }
}

/// `[RIGHT-4]`: the returned part settled for ever, though a give of it was proven.
#[test]
fn what_a_proven_return_frees_is_left_again() {
    for (which, amount) in [(0, 1), (1, 10), (2, 10)] {
        let mut fleet = Fleet::new();
        let first = fleet.first(which);
        let right =
            fleet.give(fleet.root, fleet.region, vec![want(which, hours(0, 12), amount).from_right(first)]);
        let given =
            fleet.give(fleet.region, fleet.node, vec![want(which, hours(0, 12), amount).from_right(right)]);
        let whole = u128::from(amount);
        assert_eq!(sums(&told(&fleet, right)), (whole, 0, 0, whole, 0));
        let back = fleet.back(fleet.node, RETURN, &[(given, amount)], &[]);
        let proof = fleet.embed(fleet.node, back);
        fleet.reclaim(fleet.region, given, proof);
        assert_eq!(sums(&told(&fleet, right)), (0, 0, 0, 0, amount), "resource {which}");
        let region = fleet.region;
        left_is_what_can_be_proven(fleet, region, right);
    }
}

/// `[RIGHT-4]`, `[PROOF-2]`: a return that overdraws its own log proves nothing.
#[test]
fn what_was_given_on_before_its_return_settles() {
    let mut fleet = Fleet::new();
    let first = fleet.first(2);
    let right = fleet.give(fleet.root, fleet.region, vec![want(2, hours(0, 12), 10).from_right(first)]);
    let given = fleet.give(fleet.region, fleet.node, vec![want(2, hours(0, 12), 10).from_right(right)]);
    fleet.give(fleet.node, fleet.rival, vec![want(2, hours(0, 12), 3).from_right(given)]);
    let back = fleet.back(fleet.node, RETURN, &[(given, 10)], &[]);
    let proof = fleet.embed(fleet.node, back);
    fleet.reclaim(fleet.region, given, proof);
    assert_eq!(sums(&told(&fleet, right)), (10, 0, 10, 0, 0));
    let region = fleet.region;
    left_is_what_can_be_proven(fleet, region, right);
}

/// `[RIGHT-4]`: what was consumed is neither outstanding nor settling.
#[test]
fn what_a_post_states_as_used_is_drawn_and_no_more() {
    let mut fleet = Fleet::new();
    let first = fleet.first(2);
    let claim = fleet.claim(fleet.root, &[&[0]], 1, vec![want(2, hours(0, 2), 4).from_right(first)]);
    assert_eq!(sums(&told(&fleet, first)), (0, 4, 0, 4, 6));
    fleet.back(fleet.root, POST, &[(claim, 3)], &[]);
    assert_eq!(sums(&told(&fleet, first)), (0, 1, 0, 0, 9));
    let root = fleet.root;
    left_is_what_can_be_proven(fleet, root, first);
}

fn surely(moment: Tai) -> Clock {
    Clock::new(moment, Millis(0))
}

/// `[EXC-2]`: one matter for one cause, and apart from it what is over.
#[test]
fn what_needs_a_person_is_told_once_and_apart_from_what_is_over() {
    let (mut fleet, right, _, give) = two_levels();
    let part = |from, to| want(0, hours(from, to), 1).from_right(right);
    fleet.reclaim(fleet.region, give, None);
    // By the region's bare word two claims follow in the same hours.
    let mut at_risk = Vec::new();
    for (from, to) in [(1, 2), (2, 3)] {
        let again = fleet.claim(fleet.rival, &[&[0]], 1, vec![want(0, hours(from, to), 1)]);
        at_risk.push(again.record);
        let given = fleet.give_claim(fleet.region, again, 0, vec![(0, part(from, to))]);
        at_risk.push(given.record);
    }
    let guard = fleet.pen.charter.parameters().guard;
    let view = fleet.view();
    let kinds = |matters: &[intent_merge_rules::Matter]| -> Vec<(&str, usize)> {
        matters.iter().map(|matter| (matter.exception.kind(), matter.records.len())).collect()
    };
    let now = view.attention(surely(hour(1)));
    // Each give is the cause of what its claim is told of.
    assert_eq!(kinds(&now.now), [("at risk", 2), ("at risk", 2)]);
    assert!(now.over.is_empty());
    let mut records: Vec<_> = now.now.iter().flat_map(|matter| matter.records.clone()).collect();
    records.sort_unstable();
    at_risk.sort_unstable();
    assert_eq!(records, at_risk);
    let end = hour(3).plus(guard);
    assert_eq!(kinds(&view.attention(surely(end)).now), [("at risk", 2)], "the second may still be there");
    let later = view.attention(surely(end.plus(Millis(1))));
    assert_eq!((later.now.len(), later.over.len()), (0, 2));
    // Its holder has ended a claim: somebody can take back, until he has.
    let other = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(6, 8), 1)]);
    let given = fleet.give_claim(fleet.region, other, 0, vec![(0, part(6, 8))]);
    let release = fleet.back(fleet.node, RELEASE, &[(other, 0)], &[]);
    let ended = |fleet: &Fleet| {
        let told = fleet.view().attention(surely(hour(5)));
        let here = |matters: &[intent_merge_rules::Matter]| {
            matters
                .iter()
                .any(|it| matches!(&it.exception, Exception::Ended(it) if it.record == other.record))
        };
        (here(&told.now), here(&told.over))
    };
    assert_eq!(ended(&fleet), (true, false));
    let proof = fleet.embed(fleet.node, release);
    fleet.reclaim(fleet.region, given, proof);
    assert_eq!(ended(&fleet), (false, true));
}
