//! Scenarios that once parted the fast rules from the oracle, or from DESIGN.

use super::fleet::{END, Fleet, claim_record, enrol, want};
use intent_contracts::kinds::notice::Revocation;
use intent_contracts::kinds::{Body as _, Claim, GivingBack, Over, RETURN, Roles};
use intent_contracts::{Citation, Effect, Lane, Record, RecordId, Scope, Signer as _, Tai, Window};
use intent_merge_rules::Standing;
use intent_testing::oracle::histories::hours;
use intent_testing::world::key;

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

/// Writes what no version 1 reader understands on the track.
fn odd(fleet: &mut Fleet, log: usize) -> Citation {
    let odd = Record::new(99, END, vec![0x80]);
    fleet.pen.write(log, &[odd.with_footprints(Effect::Takes, vec![want(3, hours(1, 3), 1)]).unwrap()])[0]
}

/// `[OPEN-6]`: attack 17 by what cannot be read.
#[test]
fn a_thief_past_its_cut_leaves_no_open_resource_unknown_for_ever() {
    for cites in [false, true] {
        let mut fleet = Fleet::new();
        let rival = fleet.rival;
        let odd = odd(&mut fleet, rival);
        let revocation = Revocation { key: key(8).author(), cuts: Vec::new() };
        let scope = Scope::parse("a").unwrap();
        let revocation = fleet.pen.notify(4, fleet.region_id, &scope, END, &revocation);
        let over = Over { claim: odd, release: None, revocation: Some(revocation) };
        let over = cites.then_some(over).into_iter().collect();
        let body = Claim { over, ..claim_record(&[&[0]], 1) };
        let claim =
            fleet.pen.write(fleet.node, &[body.record(END, vec![want(3, hours(1, 3), 1)]).unwrap()])[0];
        let expected = if cites { Standing::Provisional } else { Standing::Unknown };
        assert_eq!(fleet.lease(claim, 0), expected);
    }
}

/// `[LAW-8]`: what cannot be read blocks within its author's warrant.
#[test]
fn what_cannot_be_read_blocks_no_claim_above_its_authors_class_and_none_when_its_author_may_not_act() {
    let cases = [
        (Roles::ACT.with_class(2), Standing::Unknown, 2),
        (Roles::ACT.with_class(1), Standing::Provisional, 2),
        (Roles::GIVE.with_class(3), Standing::Provisional, 1),
    ];
    for (roles, expected, occupied) in cases {
        let mut fleet = Fleet::new();
        let author = fleet.pen.write(fleet.safety, &[enrol(12, roles, "a/b", 3)])[0].record;
        let author = fleet.pen.open(12, author, Lane::Productivity, END, 9);
        odd(&mut fleet, author);
        let claim = fleet.claim(fleet.node, &[&[0]], 2, vec![want(3, hours(1, 3), 1)]);
        assert_eq!(fleet.lease(claim, 0), expected);
        let resource = want(3, hours(1, 3), 1).resource;
        assert_eq!(fleet.judge().occupancies[&resource].len(), occupied);
    }
}

/// `[LEASE-3]`: what a revoked author gives out of nothing, or elsewhere, denies no claim.
#[test]
fn a_revoked_author_denies_no_claim_by_giving_it_what_it_never_held_or_what_lies_elsewhere() {
    for (held, window, expected) in [
        (false, hours(1, 3), Standing::Asked),
        (true, hours(4, 5), Standing::Asked),
        (true, hours(1, 3), Standing::Revoked),
    ] {
        let mut fleet = Fleet::new();
        let whole = want(0, hours(0, 12), 1).from_right(fleet.first(0));
        let right = fleet.give(fleet.root, fleet.rival, vec![whole]);
        let absent = Citation { record: RecordId { index: 9, ..right.record }, ..right };
        let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(1, 3), 1)]);
        let part = want(0, window, 1).from_right(if held { right } else { absent });
        fleet.give_claim(fleet.rival, claim, 0, vec![(0, part)]);
        let revocation = Revocation { key: key(8).author(), cuts: Vec::new() };
        fleet.pen.notify(4, fleet.region_id, &Scope::parse("a").unwrap(), END, &revocation);
        assert_eq!(fleet.lease(claim, 0), expected);
    }
}
