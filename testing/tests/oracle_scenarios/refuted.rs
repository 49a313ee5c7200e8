//! Scenarios that once parted the fast rules from the oracle, or from DESIGN.

use super::fleet::{END, Fleet, cells, claim_record, enrol, extended_by_the_rival, want};
use intent_contracts::kinds::notice::Revocation;
use intent_contracts::kinds::{Body as _, Claim, GivingBack, Over, RETURN, Roles};
use intent_contracts::{
    Citation, Clock, Effect, Footprint, Lane, Millis, Record, RecordId, Scope, Signer as _, Tai, Window,
};
use intent_merge_rules::{Hold, MayAct, Standing, Suspender, Suspension};
use intent_testing::oracle::May;
use intent_testing::oracle::histories::{hour, hours};
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

/// `[LEASE-3]`: a right that rests on nothing is none, also when its record is here.
#[test]
fn who_gives_himself_a_right_out_of_nothing_denies_nobody_by_what_he_gives_of_it() {
    for revoked in [true, false] {
        let mut fleet = Fleet::new();
        let whole = want(0, hours(0, 12), 1).from_right(fleet.first(0));
        let right = fleet.give(fleet.root, fleet.rival, vec![whole.clone()]);
        let absent = Citation { record: RecordId { index: 9, ..right.record }, ..right };
        let forged = fleet.give(fleet.rival, fleet.rival, vec![whole.from_right(absent)]);
        let part = want(0, hours(1, 3), 1).from_right(forged);
        let other = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(1, 3), 1)]);
        let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(1, 3), 1)]);
        fleet.give_claim(fleet.rival, other, 0, vec![(0, part.clone())]);
        fleet.give_claim(fleet.rival, claim, 0, vec![(0, part)]);
        if revoked {
            let revocation = Revocation { key: key(8).author(), cuts: Vec::new() };
            fleet.pen.notify(4, fleet.region_id, &Scope::parse("a").unwrap(), END, &revocation);
        }
        assert_eq!(fleet.lease(claim, 0), Standing::Asked, "revoked: {revoked}");
    }
}

/// `[SUSP-2]`: who truly holds a part of the same resource, gives it to a stranger's claim and is suspended then,
/// suspends nobody.
#[test]
fn who_gives_to_a_claim_unasked_suspends_it_by_nothing_that_befalls_himself() {
    let mut fleet = Fleet::new();
    let first = fleet.first(1);
    let mine = fleet.give(fleet.root, fleet.node, vec![want(1, hours(0, 12), 3).from_right(first)]);
    let theirs = fleet.give(fleet.root, fleet.rival, vec![want(1, hours(0, 12), 3).from_right(first)]);
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(1, hours(1, 3), 1).from_right(mine)]);
    fleet.give_claim(fleet.rival, claim, 0, vec![(0, want(1, hours(1, 3), 1).from_right(theirs))]);
    fleet.overfill_rival(END);
    assert!(fleet.judge().leases[&(claim.record, 0)].suspensions.is_empty());
    assert_eq!(fleet.may(claim, hour(2)), May::Go);
}

/// `[SUSP-2]`, `[ACT-1]`: an extension by a giver who is suspended extends nothing until he is not any more; what
/// stood before stands.
#[test]
fn an_extension_by_a_suspended_giver_takes_nothing_from_the_lease_and_adds_nothing() {
    let (mut fleet, claim) = extended_by_the_rival(5);
    assert_eq!((fleet.may(claim, hour(2)), fleet.may(claim, hour(4))), (May::Go, May::Go));
    fleet.overfill_rival(END);
    assert_eq!((fleet.may(claim, hour(2)), fleet.may(claim, hour(4))), (May::Go, May::Hold));
    // `[LAW-9]`: the hold names what suspends the extension.
    let clock = Clock::new(hour(4), Millis(10));
    let hold = fleet.asked(claim.record, clock, Millis(0), |_| true);
    let enrolment = fleet.pen.logs[fleet.rival].key.enrolment;
    let by = Suspender::Overfull(enrolment);
    assert_eq!(hold, MayAct::Hold(Hold::Suspended(Suspension { until: END, by })));
    // Nor does it before the lease begins, or at the very end of the extension: those are times without it.
    for (from, stopping) in [(hour(0), Millis(0)), (hour(4), Millis(Millis::HOUR.0 - 10))] {
        let clock = Clock::new(from, Millis(10));
        let hold = fleet.asked(claim.record, clock, stopping, |_| true);
        assert!(matches!(hold, MayAct::Hold(Hold::Window(_))), "{hold:?}");
    }
}

/// `[SUSP-2]`: when nothing else covers it, what suspends the giver suspends the lease.
#[test]
fn a_lease_that_needs_a_suspended_giver_is_suspended() {
    let mut fleet = Fleet::new();
    let first = fleet.first(1);
    let theirs = fleet.give(fleet.root, fleet.rival, vec![want(1, hours(0, 12), 3).from_right(first)]);
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(1, hours(1, 3), 1)]);
    fleet.give_claim(fleet.rival, claim, 0, vec![(0, want(1, hours(1, 3), 1).from_right(theirs))]);
    assert_eq!(fleet.may(claim, hour(2)), May::Go);
    fleet.overfill_rival(END);
    assert_eq!(fleet.judge().leases[&(claim.record, 0)].suspensions.len(), 1);
    assert_eq!(fleet.may(claim, hour(2)), May::Hold);
}

/// `[LEASE-2]`: of one log the first 64 gives to a claim count.
#[test]
fn the_sixty_fifth_give_of_one_log_to_a_claim_answers_nothing_and_takes_all_the_same() {
    for (others, expected) in [(63, Standing::Firm), (64, Standing::Asked)] {
        let mut fleet = Fleet::new();
        let whole = want(0, hours(0, 12), 1).from_right(fleet.first(0));
        let right = fleet.give(fleet.root, fleet.region, vec![whole]);
        let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(1, 3), 1)]);
        // They lie elsewhere and do not fit beside one another.
        for _ in 0..others {
            fleet.give_claim(fleet.region, claim, 0, vec![(0, want(0, hours(8, 9), 1).from_right(right))]);
        }
        let last =
            fleet.give_claim(fleet.region, claim, 0, vec![(0, want(0, hours(1, 3), 1).from_right(right))]);
        assert_eq!(fleet.lease(claim, 0), expected, "after {others}");
        assert_eq!(fleet.part(last), Standing::Firm);
        // Another log's give counts by itself: here the root's, out of a second right.
        let held = fleet.judge().occupancies[&want(0, hours(1, 3), 1).resource].len();
        assert_eq!(held, 2, "the first of the others, and the last");
    }
}

/// `[PROOF-2]`: the first sixteen returns count for one part; a pool counts more.
#[test]
fn an_exclusive_or_rate_part_counts_sixteen_returns_and_a_pool_more() {
    for (which, one, all, count, expected) in [
        (0, 1, 1, 16, Standing::Firm),
        (0, 1, 1, 17, Standing::AtRisk),
        (1, 0, 0, 0, Standing::Firm),
        (2, 0, 0, 0, Standing::Firm),
    ] {
        let mut fleet = Fleet::new();
        let first = fleet.first(which);
        if which == 0 {
            // Each cell goes to the region and comes back.
            for cell in 0..count {
                let part = want(0, hours(1, 3), one).within(cells(cell, cell + 1)).unwrap().from_right(first);
                hand_out_and_back(&mut fleet, part, 0);
            }
            let whole = want(0, hours(1, 3), all).within(cells(0, count)).unwrap().from_right(first);
            let again = fleet.give(fleet.root, fleet.rival, vec![whole]);
            assert_eq!(fleet.part(again), expected, "{count} cells");
            continue;
        }
        // Nine of ten go and come back, so the next nine rest on all that went before.
        for round in 0..20 {
            let part = want(which, hours(1, 3), 9).from_right(first);
            let given = hand_out_and_back(&mut fleet, part, 9);
            let expected = if which == 1 && round > 16 { Standing::AtRisk } else { expected };
            assert_eq!(fleet.part(given), expected, "resource {which}, round {round}");
        }
    }
}

/// `[ORDER-7]`: what an exclusive part meets in time has at most 1,024 boxes.
#[test]
fn an_exclusive_part_takes_beside_a_thousand_and_twenty_four_boxes_and_not_beside_more() {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    let mut next = 0;
    let mut part = |boxes: i64, from, to| {
        let all = (next..next + boxes).flat_map(|cell| cells(cell, cell + 1)).collect();
        next += boxes;
        want(0, hours(from, to), 1).within(all).unwrap().from_right(first)
    };
    for _ in 0..16 {
        let parts = (0..8).map(|_| part(8, 1, 3)).collect();
        fleet.give(fleet.root, fleet.region, parts);
    }
    let last = fleet.give(fleet.root, fleet.region, vec![part(1, 2, 4)]);
    let more = fleet.give(fleet.root, fleet.region, vec![part(1, 2, 4)]);
    let later = fleet.give(fleet.root, fleet.region, vec![part(8, 4, 6)]);
    assert_eq!(
        [last, more, later].map(|give| fleet.part(give)),
        [Standing::Firm, Standing::Overdrawn, Standing::Firm]
    );
    // What comes back makes room: here by time, once the window and the guard are over.
    fleet.pen.now = hour(5);
    fleet.reclaim(fleet.root, last, None);
    let again = fleet.give(fleet.root, fleet.region, vec![part(1, 2, 4)]);
    assert_eq!(fleet.part(again), Standing::Firm);
}

/// `[PROOF-2]`: of what returns free of one right the newest sixty-four count.
#[test]
fn the_sixty_fourth_newest_return_counts_and_an_older_one_does_not() {
    for (others, expected) in [(63, Standing::Firm), (64, Standing::AtRisk)] {
        let mut fleet = Fleet::new();
        let first = fleet.first(0);
        let part = |cell| want(0, hours(8, 10), 1).within(cells(cell, cell + 1)).unwrap().from_right(first);
        hand_out_and_back(&mut fleet, part(0), 0);
        for cell in 1..=others {
            hand_out_and_back(&mut fleet, part(cell), 0);
        }
        let again = fleet.give(fleet.root, fleet.rival, vec![part(0)]);
        // The oracle would read each return's order for each part that was given since.
        let told = fleet.view().explain(&again.record);
        assert_eq!(told[0].standing, expected, "after {others} others");
    }
}

/// The root gives a part to the region, which returns it, and the root reclaims it on that evidence.
fn hand_out_and_back(fleet: &mut Fleet, part: Footprint, unused: u64) -> Citation {
    let given = fleet.give(fleet.root, fleet.region, vec![part]);
    let returned = fleet.back(fleet.region, RETURN, &[(given, unused)], &[]);
    let proof = fleet.embed(fleet.region, returned);
    fleet.reclaim(fleet.root, given, proof);
    given
}

/// The root gives a part to the rival, and reclaims it by a return that is not here.
fn hand_out_and_hear_of_it(fleet: &mut Fleet, part: Footprint, unused: u64) {
    let given = fleet.give(fleet.root, fleet.rival, vec![part]);
    let returned = fleet.back(fleet.rival, RETURN, &[(given, unused)], &[]);
    let proof = fleet.embed(fleet.rival, returned);
    fleet.pen.items.pop();
    fleet.reclaim(fleet.root, given, proof);
}

/// `[PROOF-2]`: a return that is not here frees nothing of a rate or a pool, and what it leaves is summed where it lies.
#[test]
fn what_an_unseen_return_left_counts_in_its_own_hours_alone() {
    for which in [1, 2] {
        let mut fleet = Fleet::new();
        let first = fleet.first(which);
        let part = |from, to, amount| want(which, hours(from, to), amount).from_right(first);
        // What the rival wrote before is here.
        fleet.claim(fleet.rival, &[&[0]], 1, vec![want(3, hours(1, 3), 1)]);
        hand_out_and_hear_of_it(&mut fleet, part(1, 2, 9), 9);
        if which == 1 {
            let beside = fleet.give(fleet.root, fleet.rival, vec![part(2, 3, 9)]);
            let seen = hand_out_and_back(&mut fleet, part(1, 3, 1), 1);
            let again = fleet.give(fleet.root, fleet.rival, vec![part(1, 3, 1)]);
            assert_eq!([beside, seen, again].map(|give| fleet.part(give)), [Standing::Firm; 3]);
        }
        let more = fleet.give(fleet.root, fleet.rival, vec![part(1, 2, 9)]);
        assert_eq!(fleet.part(more), Standing::AtRisk, "resource {which}");
    }
}
