//! One condition at a time: each test fails when a single condition of a rule is left out, or when the other end of
//! a clock is asked.

use super::fleet::{END, Fleet, claim_record, extended_by_the_rival, two_levels, want};
use intent_contracts::kinds::{Body as _, Claim, Give, GivingBack, Over, RELEASE, RETURN, Receiver};
use intent_contracts::{Citation, Clock, Lane, Measure, Millis, Record, Tai, Window};
use intent_merge_rules::{Free, MayAct, Standing};
use intent_testing::oracle::histories::{hour, hours, resource_id, resources};

/// A clock that surely lies between these moments.
fn between(lo: Tai, hi: Tai) -> Clock {
    let error = Millis(hi.since(lo).0 / 2);
    Clock::new(lo.plus(error), error)
}

/// `[PROOF-1]`: of a pool the unused amount that a stranger states is nobody's word: the giver's own word frees all.
#[test]
fn what_a_stranger_states_as_unused_of_a_pool_says_nothing() {
    for returned in [false, true] {
        let mut fleet = Fleet::new();
        let first = fleet.first(2);
        let right = fleet.give(fleet.root, fleet.region, vec![want(2, hours(0, 12), 10).from_right(first)]);
        let part = |amount| want(2, hours(1, 3), amount).from_right(right);
        let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(2, hours(1, 3), 5)]);
        let give = match returned {
            true => fleet.give(fleet.region, fleet.node, vec![part(5)]),
            false => fleet.give_claim(fleet.region, claim, 0, vec![(0, part(5))]),
        };
        let word = match returned {
            true => fleet.back(fleet.rival, RETURN, &[(give, 1)], &[]),
            false => fleet.back(fleet.rival, RELEASE, &[(claim, 0), (give, 1)], &[]),
        };
        let proof = fleet.embed(fleet.rival, word);
        assert!(proof.is_some());
        fleet.reclaim(fleet.region, give, proof);
        // Nine of ten fit by the giver's word alone; had one been unused, they would not.
        let again = fleet.give(fleet.region, fleet.rival, vec![part(9)]);
        assert_eq!(fleet.part(again), Standing::AtRisk, "returned: {returned}");
    }
}

/// `[LEASE-2]`: an answer is of the measure that is asked for.
#[test]
fn a_part_of_another_measure_answers_nothing() {
    let (mut fleet, right, ..) = two_levels();
    let mut wrong = want(0, hours(5, 7), 1);
    wrong.measure = Measure::Rate;
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![wrong]);
    let give = fleet.give_claim(fleet.region, claim, 0, vec![(0, want(0, hours(5, 7), 1).from_right(right))]);
    assert_eq!((fleet.lease(claim, 0), fleet.part(give)), (Standing::Asked, Standing::Firm));
}

/// `[LEASE-2]`: and of the resource.
#[test]
fn a_part_of_another_resource_answers_nothing() {
    let (mut fleet, ..) = two_levels();
    let first = fleet.first(1);
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(5, 7), 1)]);
    let part = want(1, hours(5, 7), 1).from_right(first);
    let give = fleet.give_claim(fleet.root, claim, 0, vec![(0, part)]);
    assert_eq!((fleet.lease(claim, 0), fleet.part(give)), (Standing::Asked, Standing::Firm));
}

/// `[BACK-2]`: who gives to a claim as if it stood in a stranger's log shows nothing by the stranger's release.
#[test]
fn a_giver_that_names_another_log_as_the_claims_shows_no_release() {
    let (mut fleet, right, claim, _) = two_levels();
    let theirs = fleet.log(fleet.rival);
    let amiss = Citation { log: theirs, ..claim };
    let body = Give { to: Receiver::Claim { claim: amiss, alternative: 0 }, parts: vec![0] };
    let part = want(0, hours(8, 9), 1).from_right(right);
    let give = fleet.pen.write(fleet.region, &[body.record(END, vec![part]).unwrap()])[0];
    let release = fleet.back(fleet.rival, RELEASE, &[(claim, 0)], &[]);
    let proof = fleet.embed(fleet.rival, release);
    fleet.reclaim(fleet.region, give, proof);
    assert_eq!(fleet.lease(claim, 0), Standing::Firm);
}

/// `[BACK-2]`, `[PROOF-1]`: the holder's release of another claim of its log shows nothing of this one.
#[test]
fn a_release_of_another_claim_of_the_same_log_proves_nothing() {
    let (mut fleet, right, claim, give) = two_levels();
    let other = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(8, 9), 1)]);
    let release = fleet.back(fleet.node, RELEASE, &[(other, 0)], &[]);
    let proof = fleet.embed(fleet.node, release);
    fleet.reclaim(fleet.region, give, proof);
    let late = fleet.claim(fleet.rival, &[&[0]], 1, vec![want(0, hours(1, 3), 1)]);
    fleet.give_claim(fleet.region, late, 0, vec![(0, want(0, hours(1, 3), 1).from_right(right))]);
    assert_eq!((fleet.lease(claim, 0), fleet.lease(late, 0)), (Standing::Firm, Standing::AtRisk));
}

/// `[OPEN-1]`: only exclusive footprints contend.
#[test]
fn what_is_claimed_by_another_measure_displaces_nobody() {
    let mut fleet = Fleet::new();
    let mut rate = want(3, hours(1, 3), 1);
    rate.measure = Measure::Rate;
    fleet.claim(fleet.rival, &[&[0]], 3, vec![rate]);
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(3, hours(1, 3), 1)]);
    assert_eq!(fleet.lease(claim, 0), Standing::Provisional);
}

/// `[OPEN-6]`: evidence is of the very claim that is cited as over, by the very log that holds it.
#[test]
fn a_rival_is_over_by_its_own_release_alone() {
    // Who releases, what the release cites, and what is cited as over: the rival's claim or another of its log.
    for (stranger, cited, over, standing) in [
        (false, 0, 0, Standing::Provisional),
        (true, 0, 0, Standing::Displaced),
        (false, 1, 0, Standing::Displaced),
        (false, 0, 1, Standing::Displaced),
    ] {
        let mut fleet = Fleet::new();
        let track = |from, to| want(3, hours(from, to), 1);
        let rivals = [track(1, 3), track(8, 9)].map(|part| fleet.claim(fleet.rival, &[&[0]], 3, vec![part]));
        let by = if stranger { fleet.region } else { fleet.rival };
        let release = fleet.back(by, RELEASE, &[(rivals[cited], 0)], &[]);
        let release = fleet.embed(by, release);
        assert!(release.is_some());
        let over = vec![Over { claim: rivals[over], release, revocation: None }];
        let body = Claim { over, ..claim_record(&[&[0]], 1) };
        let claim = fleet.pen.write(fleet.node, &[body.record(END, vec![track(1, 3)]).unwrap()])[0];
        assert_eq!(fleet.lease(claim, 0), standing, "stranger {stranger}, release of {cited}");
    }
}

/// `[ACT-4]`: whoever was there is surely gone when the earlier end of the clock lies behind the guard.
#[test]
fn a_place_is_free_by_the_earlier_end_of_a_clock() {
    let (mut fleet, ..) = two_levels();
    fleet.claim(fleet.region, &[&[0]], 1, vec![want(3, hours(1, 2), 1)]);
    let gone = hour(3).plus(fleet.pen.charter.parameters().guard);
    let (view, pad) = (fleet.view(), resource_id(&resources()[0]));
    let free = |lo, hi| matches!(view.free(pad, hours(1, 3), between(lo, hi)), Free::Free { .. });
    let far = Millis::HOUR;
    assert!(!free(gone, gone.plus(far)) && !free(gone.minus(far), gone.plus(far)));
    assert!(free(gone.plus(Millis(1)), gone.plus(Millis(1)).plus(far)));
}

/// `[ACT-4]`: a window that begins with the end of the guard meets nobody.
#[test]
fn a_window_is_free_from_the_end_of_the_guard_on() {
    let (mut fleet, ..) = two_levels();
    fleet.claim(fleet.region, &[&[0]], 1, vec![want(3, hours(1, 2), 1)]);
    let gone = hour(3).plus(fleet.pen.charter.parameters().guard);
    let (view, pad) = (fleet.view(), resource_id(&resources()[0]));
    let free = |from: Tai, to: Tai| view.free(pad, Window::new(from, to).unwrap(), between(hour(0), hour(0)));
    assert!(matches!(free(gone, hour(5)), Free::Free { .. }));
    assert!(matches!(free(gone.minus(Millis(1)), hour(5)), Free::Occupied { .. }));
    // And until it begins.
    assert!(matches!(free(hour(0), hour(1)), Free::Free { .. }));
    assert!(matches!(free(hour(0), hour(1).plus(Millis(1))), Free::Occupied { .. }));
}

/// `[ACT-4]`: what a suspended log hides is known when the earlier end of the clock has left the suspension.
#[test]
fn a_place_is_unknown_while_its_holder_may_be_suspended() {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    fleet.give(fleet.root, fleet.region, vec![want(0, hours(0, 12), 1).from_right(first)]);
    fleet.claim(fleet.region, &[&[0]], 1, vec![want(3, hours(1, 2), 1)]);
    let forked = fleet.pen.open(0, fleet.pen.root(0), Lane::Safety, hour(20), 9);
    fleet.pen.write_beside(forked, 0, &[Record::new(4_711, hour(20), vec![0x80])]);
    fleet.pen.write_beside(forked, 0, &[Record::new(4_711, hour(20), vec![0x81])]);
    let (view, pad) = (fleet.view(), resource_id(&resources()[0]));
    let free = |lo, hi| view.free(pad, hours(4, 6), between(lo, hi));
    assert!(matches!(free(hour(20).minus(Millis(2)), hour(21)), Free::Unknown { .. }));
    assert!(matches!(free(hour(20), hour(21)), Free::Free { .. }));
}

/// `[ACT-1]`: an extension that was suspended counts from when the earlier end of the clock has left the suspension.
#[test]
fn an_extension_counts_when_it_is_surely_suspended_no_longer() {
    let (mut fleet, claim) = extended_by_the_rival(6);
    fleet.overfill_rival(hour(4));
    let may = |lo: Tai| {
        let clock = between(lo, lo.plus(Millis(10_000)));
        matches!(fleet.asked(claim.record, clock, Millis(0), |_| true), MayAct::Go { .. })
    };
    assert_eq!((may(hour(4).minus(Millis(1))), may(hour(4))), (false, true));
}

/// `[ACT-1]`: a lease begins when the earlier end of the clock has reached its start, and ends when the later end and
/// the time to stop reach its end.
#[test]
fn a_lease_is_used_between_the_surely_reached_ends() {
    let (fleet, _, claim, _) = two_levels();
    let go = |lo: Tai, hi: Tai, stopping: u64| {
        matches!(fleet.asked(claim.record, between(lo, hi), Millis(stopping), |_| true), MayAct::Go { .. })
    };
    let (start, end, wide) = (hour(1), hour(3), Millis(2_000));
    assert!(go(start, start.plus(wide), 0) && !go(start.minus(Millis(2)), start.plus(wide), 0));
    // The pad takes a second to stop, this machine two.
    for (stopping, least) in [(0, 1_000), (1_000, 1_000), (2_000, 2_000)] {
        let last = end.minus(Millis(least + 1));
        assert!(go(last.minus(wide), last, stopping));
        assert!(!go(last.minus(wide).plus(Millis(2)), last.plus(Millis(2)), stopping));
    }
}

/// `[BACK-2]`: a release of a give alone ends no claim, and one of another alternative not this one.
#[test]
fn a_release_ends_what_it_cites_and_names() {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    let claim =
        fleet.claim(fleet.node, &[&[0], &[1]], 1, vec![want(0, hours(0, 2), 1), want(0, hours(3, 4), 1)]);
    let give = fleet.give_claim(fleet.root, claim, 0, vec![(0, want(0, hours(0, 2), 1).from_right(first))]);
    fleet.back(fleet.node, RELEASE, &[(give, 0)], &[]);
    assert_eq!(fleet.lease(claim, 0), Standing::Firm);
    let body = GivingBack { gives: vec![claim], alternatives: vec![1], unused: vec![0] };
    fleet.pen.write(fleet.node, &[body.record_of(RELEASE, END, Vec::new()).unwrap()]);
    assert_eq!((fleet.lease(claim, 0), fleet.lease(claim, 1)), (Standing::Firm, Standing::Ended));
}
