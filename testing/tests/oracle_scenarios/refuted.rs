//! Scenarios that once parted the fast rules from the oracle, or from DESIGN.

use crate::fleet::{END, Fleet, want};
use intent_contracts::kinds::{GivingBack, RETURN};
use intent_contracts::{Tai, Window};
use intent_merge_rules::Standing;
use intent_testing::oracle::histories::hours;

/// `[ORDER-3]`: a reclaim of a return frees nothing, whatever footprints the return's frame carries.
#[test]
fn whoever_returned_a_right_does_not_get_it_back_by_reclaiming_the_return() {
    for window in [Window::new(Tai(0), Tai(1)).unwrap(), hours(0, 12)] {
        let mut fleet = Fleet::new();
        let first = fleet.first(0);
        let whole = want(0, hours(0, 12), 1).from_right(first);
        let right = fleet.give(fleet.root, fleet.region, vec![whole.clone()]);
        // The return says nothing by its footprint, but that names the right and, once, an hour long ago.
        let body = GivingBack { gives: vec![right], alternatives: Vec::new(), unused: vec![0] };
        let frame = vec![want(0, window, 1).from_right(right)];
        let returned = fleet.pen.write(fleet.region, &[body.record_of(RETURN, END, frame).unwrap()])[0];
        let proof = fleet.embed(fleet.region, returned);
        fleet.reclaim(fleet.root, right, proof);
        // The root gives it to the node, and the region takes back what it returned.
        let again = fleet.give(fleet.root, fleet.node, vec![whole]);
        fleet.reclaim(fleet.region, returned, None);
        let mine = fleet.claim(fleet.region, &[&[0]], 1, vec![want(0, hours(1, 3), 1).from_right(right)]);
        let theirs = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(1, 3), 1).from_right(again)]);
        assert_eq!(fleet.lease(theirs, 0), Standing::Firm);
        assert_eq!(fleet.lease(mine, 0), Standing::Overdrawn);
    }
}
