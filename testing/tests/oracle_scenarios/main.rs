//! Small stories drawn by hand, with what SPEC.md section 9 says of them, told to the oracle, and to the fast rules,
//! which must say the same.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod attacks;
mod conjuncts;
mod edges;
mod fleet;
mod leasing;
mod left;
mod refuted;
mod told;
mod undone;
mod unknown;

use fleet::{END, Fleet, cells, claim_record, enrol, two_levels, want};
use intent_contracts::kinds::notice::{Endorsement, Revocation};
use intent_contracts::kinds::{
    Body as _, Claim, Cut, Enrol, Meaning, POST, RELEASE, RETURN, Roles, Rotation,
};
use intent_contracts::{
    Citation, Clock, Effect, Footprint, Lane, Millis, Record, RecordId, Scope, Signer as _, Tai, Window,
};
use intent_merge_rules::{Because, Flaw, Standing};
use intent_testing::oracle::histories::{charter, declarations, hour, hours, resource_id, resources};
use intent_testing::oracle::{Free, May, free, judge, may_act};
use intent_testing::world::key;
use std::collections::BTreeSet;

#[test]
fn a_claim_is_asked_until_a_chain_from_the_charter_makes_it_firm() {
    let mut fleet = Fleet::new();
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(1, 3), 1)]);
    assert_eq!(fleet.lease(claim, 0), Standing::Asked);
    let (fleet, right, claim, give) = two_levels();
    assert_eq!(fleet.lease(claim, 0), Standing::Firm);
    assert_eq!((fleet.part(right), fleet.part(give)), (Standing::Firm, Standing::Firm));
    assert_eq!(fleet.judge().leases[&(claim.record, 0)].cover, [hour(3)]);
}

/// `[ACT-2]`, `[ACT-3]`
#[test]
fn go_holds_from_the_surely_reached_start_to_the_surely_reached_stop() {
    let (fleet, _, claim, _) = two_levels();
    // The clock errs by 10 ms, the pad needs a second to stop.
    assert_eq!(fleet.may(claim, hour(1).plus(Millis(10))), May::Go);
    assert_eq!(fleet.may(claim, hour(1).plus(Millis(9))), May::Hold);
    assert_eq!(fleet.may(claim, hour(3).minus(Millis(1_011))), May::Go);
    assert_eq!(fleet.may(claim, hour(3).minus(Millis(1_010))), May::Hold);
    let nobody = BTreeSet::new();
    let clock = Clock::new(hour(2), Millis(10));
    assert_eq!(may_act(&fleet.facts(), &nobody, claim.record, 0, clock, Millis(0)), May::Hold);
}

#[test]
fn a_second_give_of_one_window_is_overdrawn_and_one_that_touches_is_not() {
    let (mut fleet, right, _, _) = two_levels();
    let other =
        fleet.claim(fleet.rival, &[&[0], &[1]], 1, vec![want(0, hours(2, 4), 1), want(0, hours(3, 4), 1)]);
    let meets = want(0, hours(2, 4), 1).from_right(right);
    fleet.give_claim(fleet.region, other, 0, vec![(0, meets)]);
    let touches = want(0, hours(3, 4), 1).from_right(right);
    fleet.give_claim(fleet.region, other, 1, vec![(1, touches)]);
    assert_eq!((fleet.lease(other, 0), fleet.lease(other, 1)), (Standing::Overdrawn, Standing::Firm));
}

#[test]
fn boxes_that_touch_do_not_meet() {
    for (start, expected) in [(2, Standing::Firm), (1, Standing::Overdrawn)] {
        let mut fleet = Fleet::new();
        let first = fleet.first(0);
        let part = |from, to| want(0, hours(0, 2), 1).within(cells(from, to)).unwrap().from_right(first);
        fleet.give(fleet.root, fleet.region, vec![part(0, 2)]);
        let second = fleet.give(fleet.root, fleet.region, vec![part(start, 4)]);
        assert_eq!(fleet.part(second), expected);
    }
}

#[test]
fn rates_add_up_at_each_instant_alone() {
    let mut fleet = Fleet::new();
    let first = fleet.first(1);
    let give = |fleet: &mut Fleet, start, end, amount| {
        let part = want(1, hours(start, end), amount).from_right(first);
        let cited = fleet.give(fleet.root, fleet.region, vec![part]);
        fleet.part(cited)
    };
    assert_eq!(give(&mut fleet, 0, 2, 6), Standing::Firm);
    assert_eq!(give(&mut fleet, 2, 4, 6), Standing::Firm);
    // Six in each hour, never twelve: four more fit across both, a fifth does not.
    assert_eq!(give(&mut fleet, 1, 3, 5), Standing::Overdrawn);
    assert_eq!(give(&mut fleet, 1, 3, 4), Standing::Firm);
}

#[test]
fn a_pool_comes_back_by_what_a_post_states_and_never_by_time() {
    let mut fleet = Fleet::new();
    let first = fleet.first(2);
    let mut own = want(2, hours(0, 2), 7).from_right(first);
    let used = fleet.claim(fleet.root, &[&[0]], 1, vec![own.clone()]);
    fleet.back(fleet.root, POST, &[(used, 3)], &[]);
    fleet.pen.now = hour(10);
    own.amount = 7;
    let more = fleet.claim(fleet.root, &[&[0]], 1, vec![own.clone()]);
    assert_eq!(fleet.lease(more, 0), Standing::Overdrawn);
    own.amount = 6;
    let rest = fleet.claim(fleet.root, &[&[0]], 1, vec![own]);
    assert_eq!(fleet.lease(rest, 0), Standing::Firm);
    assert_eq!(fleet.lease(used, 0), Standing::Ended);
}

/// The region gives the node's window to the rival after `between`.
fn given_again(between: impl FnOnce(&mut Fleet, Citation, Citation)) -> (Fleet, Citation, Citation) {
    let (mut fleet, right, claim, give) = two_levels();
    between(&mut fleet, claim, give);
    let other = fleet.claim(fleet.rival, &[&[0]], 1, vec![want(0, hours(1, 3), 1)]);
    let part = want(0, hours(1, 3), 1).from_right(right);
    fleet.give_claim(fleet.region, other, 0, vec![(0, part)]);
    (fleet, claim, other)
}

#[test]
fn a_bare_reclaim_leaves_the_next_give_at_risk_and_the_first_lease_firm() {
    let (fleet, claim, other) = given_again(|fleet, _, give| fleet.reclaim(fleet.region, give, None));
    assert_eq!((fleet.lease(claim, 0), fleet.lease(other, 0)), (Standing::Firm, Standing::AtRisk));
    assert_eq!((fleet.may(claim, hour(2)), fleet.may(other, hour(2))), (May::Go, May::AtRisk));
}

#[test]
fn a_reclaim_with_the_holders_release_makes_the_next_give_firm() {
    let (fleet, claim, other) = given_again(|fleet, claim, give| {
        let release = fleet.back(fleet.node, RELEASE, &[(claim, 0), (give, 0)], &[]);
        let proof = fleet.embed(fleet.node, release);
        fleet.reclaim(fleet.region, give, proof);
    });
    assert_eq!((fleet.lease(claim, 0), fleet.lease(other, 0)), (Standing::Ended, Standing::Firm));
}

#[test]
fn evidence_of_another_alternative_proves_nothing() {
    let (fleet, claim, other) = given_again(|fleet, claim, give| {
        let release = fleet.back(fleet.node, RELEASE, &[(claim, 0), (give, 0)], &[1]);
        let proof = fleet.embed(fleet.node, release);
        fleet.reclaim(fleet.region, give, proof);
    });
    assert_eq!((fleet.lease(claim, 0), fleet.lease(other, 0)), (Standing::Firm, Standing::AtRisk));
}

#[test]
fn time_proves_a_reclaim_only_surely_after_the_end_and_the_guard() {
    let guard = charter(1).parameters().guard;
    // Pens err by a second.
    for (late, expected) in [(1_000, Standing::AtRisk), (1_001, Standing::Firm)] {
        let (fleet, _, other) = given_again(|fleet, _, give| {
            fleet.pen.now = hour(3).plus(guard).plus(Millis(late));
            fleet.reclaim(fleet.region, give, None);
        });
        assert_eq!(fleet.lease(other, 0), expected, "{late} ms after the guard");
    }
}

#[test]
fn a_returned_right_that_was_given_on_is_not_proven() {
    for given_on in [false, true] {
        let mut fleet = Fleet::new();
        let first = fleet.first(0);
        let whole = want(0, hours(0, 12), 1).from_right(first);
        let right = fleet.give(fleet.root, fleet.region, vec![whole.clone()]);
        if given_on {
            fleet.give(fleet.region, fleet.node, vec![want(0, hours(1, 3), 1).from_right(right)]);
        }
        let returned = fleet.back(fleet.region, RETURN, &[(right, 0)], &[]);
        let proof = fleet.embed(fleet.region, returned);
        fleet.reclaim(fleet.root, right, proof);
        let again = fleet.give(fleet.root, fleet.node, vec![whole]);
        let expected = if given_on { Standing::AtRisk } else { Standing::Firm };
        assert_eq!(fleet.part(again), expected, "given on: {given_on}");
    }
}

#[test]
fn a_return_after_a_bare_reclaim_below_proves_nothing() {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    let whole = want(0, hours(0, 12), 1).from_right(first);
    let right = fleet.give(fleet.root, fleet.region, vec![whole.clone()]);
    let below = fleet.give(fleet.region, fleet.node, vec![want(0, hours(1, 3), 1).from_right(right)]);
    fleet.reclaim(fleet.region, below, None);
    let returned = fleet.back(fleet.region, RETURN, &[(right, 0)], &[]);
    let proof = fleet.embed(fleet.region, returned);
    fleet.reclaim(fleet.root, right, proof);
    let again = fleet.give(fleet.root, fleet.node, vec![whole]);
    assert_eq!(fleet.part(again), Standing::AtRisk);
}

#[test]
fn a_rate_that_is_returned_with_nothing_unused_leaves_nothing_to_give_on() {
    let mut fleet = Fleet::new();
    let first = fleet.first(1);
    let whole = want(1, hours(0, 12), 10).from_right(first);
    let right = fleet.give(fleet.root, fleet.region, vec![whole.clone()]);
    let returned = fleet.back(fleet.region, RETURN, &[(right, 0)], &[]);
    let proof = fleet.embed(fleet.region, returned);
    fleet.reclaim(fleet.root, right, proof);
    let again = fleet.give(fleet.root, fleet.node, vec![whole]);
    let kept = fleet.give(fleet.region, fleet.node, vec![want(1, hours(0, 12), 1).from_right(right)]);
    assert_eq!((fleet.part(again), fleet.part(kept)), (Standing::Firm, Standing::Overdrawn));
}

#[test]
fn the_release_of_one_alternative_does_not_free_what_the_other_holds() {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    let parts = vec![want(0, hours(0, 2), 1).from_right(first), want(0, hours(4, 6), 1).from_right(first)];
    let claim = fleet.claim(fleet.root, &[&[0], &[1]], 1, parts);
    fleet.back(fleet.root, RELEASE, &[(claim, 0)], &[0]);
    let freed = fleet.give(fleet.root, fleet.region, vec![want(0, hours(0, 2), 1).from_right(first)]);
    let held = fleet.give(fleet.root, fleet.region, vec![want(0, hours(4, 6), 1).from_right(first)]);
    assert_eq!((fleet.lease(claim, 0), fleet.lease(claim, 1)), (Standing::Ended, Standing::Firm));
    assert_eq!((fleet.part(freed), fleet.part(held)), (Standing::Firm, Standing::Overdrawn));
}

#[test]
fn a_joint_alternative_wants_every_part() {
    let mut fleet = Fleet::new();
    let (pad, power) = (fleet.first(0), fleet.first(1));
    let wants = vec![want(0, hours(1, 3), 1), want(1, hours(1, 3), 4)];
    let claim = fleet.claim(fleet.node, &[&[0, 1]], 1, wants);
    fleet.give_claim(fleet.root, claim, 0, vec![(0, want(0, hours(1, 3), 1).from_right(pad))]);
    assert_eq!(fleet.lease(claim, 0), Standing::Asked);
    fleet.give_claim(fleet.root, claim, 0, vec![(1, want(1, hours(1, 3), 4).from_right(power))]);
    assert_eq!(fleet.lease(claim, 0), Standing::Firm);
}

#[test]
fn abutting_gives_cover_and_extend_a_lease_and_a_gap_does_not() {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(1, 4), 1)]);
    let part = |start, end| vec![(0, want(0, hours(start, end), 1).from_right(first))];
    fleet.give_claim(fleet.root, claim, 0, part(1, 2));
    fleet.give_claim(fleet.root, claim, 0, part(3, 6));
    assert_eq!(fleet.lease(claim, 0), Standing::Asked);
    fleet.give_claim(fleet.root, claim, 0, part(2, 3));
    let lease = fleet.judge().leases[&(claim.record, 0)].clone();
    assert_eq!((lease.standing, lease.cover), (Standing::Firm, vec![hour(6)]));
}

#[test]
fn a_cut_revokes_what_lies_above_it_and_frees_nothing() {
    let (mut fleet, _, claim, _) = two_levels();
    let node = fleet.pen.logs[fleet.node].clone();
    let at_head = Cut { log: node.id, seq: 1, id: node.entries[0].id() };
    let revoke = |fleet: &mut Fleet, cuts| {
        let body = Revocation { key: node.key.author, cuts };
        fleet.pen.notify(4, fleet.region_id, &Scope::parse("a").unwrap(), END, &body);
    };
    revoke(&mut fleet, vec![at_head]);
    assert_eq!(fleet.lease(claim, 0), Standing::Firm);
    revoke(&mut fleet, Vec::new());
    assert_eq!(fleet.lease(claim, 0), Standing::Revoked);
    assert_eq!(fleet.free(0, hours(2, 5)), Free::Occupied);
    // The place is free of it only past the guard.
    assert!(matches!(fleet.free(0, hours(4, 5)), Free::Free { .. }));
    let touching = Window::new(hour(3).plus(Millis(59_999)), hour(5)).unwrap();
    assert_eq!(fleet.free(0, touching), Free::Occupied);
}

#[test]
fn a_revocation_from_beside_or_one_that_ends_too_soon_reaches_nobody() {
    let (mut fleet, _, claim, _) = two_levels();
    let body = Revocation { key: fleet.pen.logs[fleet.node].key.author, cuts: Vec::new() };
    let scope = Scope::parse("a").unwrap();
    fleet.pen.notify(4, fleet.region_id, &scope, END.minus(Millis(1)), &body);
    assert_eq!(fleet.lease(claim, 0), Standing::Firm);
    let deputy = enrol(10, Roles::DENY, "a", 7);
    let deputy = fleet.pen.write(fleet.safety, &[deputy])[0].record;
    fleet.pen.notify(10, deputy, &scope, END, &body);
    assert_eq!(fleet.lease(claim, 0), Standing::Firm);
}

#[test]
fn the_next_key_cuts_the_old_ones_logs() {
    let (mut fleet, _, claim, _) = two_levels();
    let log = fleet.pen.open(7, fleet.node_id, Lane::Safety, END, 70);
    fleet.pen.write(log, &[Rotation { cuts: Vec::new() }.record(END, Vec::new()).unwrap()]);
    assert_eq!(fleet.lease(claim, 0), Standing::Revoked);
}

#[test]
fn a_rotation_in_a_later_slot_cuts_nothing() {
    let (mut fleet, _, claim, _) = two_levels();
    let log = fleet.pen.open(7, fleet.node_id, Lane::Safety, END, 70);
    fleet.pen.write(log, &declarations(END)[..1]);
    fleet.pen.write(log, &[Rotation { cuts: Vec::new() }.record(END, Vec::new()).unwrap()]);
    assert_eq!(fleet.lease(claim, 0), Standing::Firm);
}

/// `[ROT-1]`
#[test]
fn a_rotation_that_ends_before_its_enrolment_cuts_nothing() {
    let short = END.minus(Millis(1));
    for (end, until) in [(END, short), (short, short)] {
        let (mut fleet, _, claim, _) = two_levels();
        let log = fleet.pen.open(7, fleet.node_id, Lane::Safety, end, 70);
        fleet.pen.write(log, &[Rotation { cuts: Vec::new() }.record(until, Vec::new()).unwrap()]);
        assert_eq!(fleet.lease(claim, 0), Standing::Firm);
    }
}

#[test]
fn a_root_alone_grants_nothing_where_two_must_agree() {
    let mut fleet = Fleet::of(2);
    let first = fleet.first(0);
    let give = fleet.give(fleet.root, fleet.region, vec![want(0, hours(0, 12), 1).from_right(first)]);
    let claim = fleet.claim(fleet.region, &[&[0]], 1, vec![want(0, hours(1, 3), 1).from_right(give)]);
    assert_eq!(fleet.judge().enrolments[&fleet.region_id], Standing::Unknown);
    assert_eq!((fleet.part(give), fleet.lease(claim, 0)), (Standing::Unknown, Standing::Unknown));
    fleet.pen.endorse(1, fleet.region_enrol);
    assert_eq!(fleet.judge().enrolments[&fleet.region_id], Standing::Firm);
    assert_eq!(fleet.lease(claim, 0), Standing::Unknown);
    fleet.pen.endorse(1, give);
    assert_eq!(fleet.lease(claim, 0), Standing::Firm);
    assert_eq!(fleet.free(0, hours(2, 5)), Free::Occupied);
}

/// `[GRANT-3]`
#[test]
fn an_endorsement_that_ends_first_or_cites_another_place_stands_behind_nothing() {
    let region = |endorse: &dyn Fn(&mut Fleet, Citation)| {
        let mut fleet = Fleet::of(2);
        let enrolled = fleet.region_enrol;
        endorse(&mut fleet, enrolled);
        fleet.judge().enrolments[&fleet.region_id]
    };
    let shorter = |fleet: &mut Fleet, record| {
        let enrolment = fleet.pen.root(1);
        fleet.pen.notify(1, enrolment, &Scope::root(), END.minus(Millis(1)), &Endorsement { record });
    };
    assert_eq!(region(&shorter), Standing::Unknown);
    let as_it_stands = |fleet: &mut Fleet, record| {
        fleet.pen.endorse(1, record);
    };
    assert_eq!(region(&as_it_stands), Standing::Firm);
    let elsewhere: [fn(&Fleet, Citation) -> Citation; 3] = [
        |fleet, cited| Citation { log: fleet.log(fleet.root), ..cited },
        |_, cited| Citation { seq: cited.seq + 1, ..cited },
        |_, cited| Citation { until: cited.until.minus(Millis(1)), ..cited },
    ];
    for wrong in elsewhere {
        let endorse = |fleet: &mut Fleet, record| {
            let wrong = wrong(fleet, record);
            fleet.pen.endorse(1, wrong);
        };
        assert_eq!(region(&endorse), Standing::Unknown);
    }
}

/// `[OPEN-7]`
#[test]
fn the_higher_class_displaces_and_a_displaced_claim_displaces_on() {
    let mut fleet = Fleet::new();
    let low = fleet.claim(fleet.node, &[&[0]], 1, vec![want(3, hours(0, 2), 1)]);
    assert_eq!(fleet.lease(low, 0), Standing::Provisional);
    let middle = fleet.claim(fleet.rival, &[&[0]], 2, vec![want(3, hours(1, 4), 1)]);
    let high = fleet.claim(fleet.region, &[&[0]], 4, vec![want(3, hours(3, 5), 1)]);
    let standings = [low, middle, high].map(|claim| fleet.lease(claim, 0));
    assert_eq!(standings, [Standing::Displaced, Standing::Displaced, Standing::Provisional]);
    assert_eq!(fleet.may(high, hour(4)), May::Hold);
}

/// `[LAW-4]`
#[test]
fn of_equal_classes_one_goes_first_and_in_one_log_the_earlier() {
    let mut fleet = Fleet::new();
    let a = fleet.claim(fleet.node, &[&[0]], 1, vec![want(3, hours(0, 2), 1)]);
    let b = fleet.claim(fleet.rival, &[&[0]], 1, vec![want(3, hours(1, 4), 1)]);
    let mut standings = [a, b].map(|claim| fleet.lease(claim, 0));
    standings.sort();
    assert_eq!(standings, [Standing::Provisional, Standing::Displaced]);
    let mut fleet = Fleet::new();
    let a = fleet.claim(fleet.node, &[&[0]], 1, vec![want(3, hours(0, 2), 1)]);
    let b = fleet.claim(fleet.node, &[&[0]], 3, vec![want(3, hours(1, 4), 1)]);
    // The higher class goes first, also in one log; of one class the earlier.
    assert_eq!([a, b].map(|claim| fleet.lease(claim, 0)), [Standing::Displaced, Standing::Provisional]);
    let c = fleet.claim(fleet.node, &[&[0]], 3, vec![want(3, hours(3, 5), 1)]);
    assert_eq!([b, c].map(|claim| fleet.lease(claim, 0)), [Standing::Provisional, Standing::Displaced]);
}

#[test]
fn what_contradicts_itself_is_void() {
    let mut fleet = Fleet::new();
    let wanted = || vec![want(0, hours(1, 3), 1)];
    let longest = fleet.pen.charter.parameters().longest_lease;
    let short = hour(3).plus(longest).minus(Millis(1));
    let record = claim_record(&[&[0]], 1).record(short, wanted()).unwrap();
    let too_short = fleet.pen.write(fleet.node, &[record])[0];
    let no_place = fleet.claim(fleet.node, &[&[1]], 1, wanted());
    let above_class = fleet.claim(fleet.node, &[&[0]], 4, wanted());
    let too_long = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(0, 9), 1)]);
    let nothing = fleet.claim(fleet.node, &[&[0]], 1, vec![want(1, hours(0, 2), 0)]);
    let two_open =
        fleet.claim(fleet.node, &[&[0], &[1]], 1, vec![want(3, hours(0, 2), 1), want(0, hours(1, 3), 1)]);
    for claim in [too_short, no_place, above_class, too_long, nothing, two_open] {
        assert_eq!(fleet.lease(claim, 0), Standing::Void, "slot {}", claim.seq);
    }
    let record = claim_record(&[&[0]], 1).record(short.plus(Millis(1)), wanted()).unwrap();
    let sound = fleet.pen.write(fleet.node, &[record])[0];
    assert_eq!(fleet.lease(sound, 0), Standing::Asked);
}

#[test]
fn a_citation_that_lasts_shorter_or_says_something_else_voids() {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    for wrong in [
        Citation { until: END.minus(Millis(1)), ..first },
        Citation { until: END.plus(Millis(1)), ..first },
        Citation { seq: 1, ..first },
        Citation { log: fleet.log(fleet.region), ..first },
    ] {
        let give = fleet.give(fleet.root, fleet.region, vec![want(0, hours(0, 1), 1).from_right(wrong)]);
        assert_eq!(fleet.part(give), Standing::Void, "{wrong:?}");
    }
}

/// `[LAW-8]`
#[test]
fn what_cannot_be_read_blocks_and_leaves_later_parts_at_risk() {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    let part = want(0, hours(0, 2), 1).from_right(first);
    let before = fleet.give(fleet.root, fleet.region, vec![want(0, hours(4, 6), 1).from_right(first)]);
    let taking = Record::new(28, END, vec![0x80]).with_footprints(Effect::Takes, vec![part.clone()]).unwrap();
    fleet.pen.write(fleet.root, &[taking]);
    let meets = fleet.give(fleet.root, fleet.region, vec![part]);
    let apart = fleet.give(fleet.root, fleet.region, vec![want(0, hours(2, 4), 1).from_right(first)]);
    let standings = [before, meets, apart].map(|give| fleet.part(give));
    assert_eq!(standings, [Standing::Firm, Standing::Overdrawn, Standing::AtRisk]);
    assert_eq!(fleet.free(0, hours(1, 2)), Free::Occupied);
}

#[test]
fn a_void_right_occupies_nothing() {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    // The rival has no right to the pad, gives it to itself all the same, and claims.
    let forged = fleet.give(fleet.rival, fleet.rival, vec![want(0, hours(1, 3), 1).from_right(first)]);
    let claim = fleet.claim(fleet.rival, &[&[0]], 1, vec![want(0, hours(1, 3), 1).from_right(forged)]);
    assert_eq!((fleet.part(forged), fleet.lease(claim, 0)), (Standing::Void, Standing::Void));
    fleet.give(fleet.root, fleet.region, vec![want(0, hours(8, 9), 1).from_right(first)]);
    assert!(matches!(fleet.free(0, hours(1, 3)), Free::Free { .. }));
}

#[test]
fn a_forked_safety_log_suspends_all_strictly_below_and_a_forked_giver_hides_who_is_there() {
    let (mut fleet, _, claim, _) = two_levels();
    fleet.pen.write_beside(fleet.safety, 1, &declarations(END)[..1]);
    fleet.pen.write_beside(fleet.safety, 1, &declarations(END)[1..2]);
    let lease = fleet.judge().leases[&(claim.record, 0)].clone();
    assert_eq!((lease.standing, lease.suspended_until()), (Standing::Firm, Some(END)));
    assert_eq!(fleet.may(claim, hour(2)), May::Hold);
    let (mut fleet, _, claim, _) = two_levels();
    fleet.pen.write_beside(fleet.region, 0, &declarations(END)[..1]);
    assert_eq!(fleet.lease(claim, 0), Standing::Asked);
    assert_eq!(fleet.free(0, hours(2, 4)), Free::Unknown);
}

#[test]
fn a_viewpoint_that_does_not_reach_the_giver_leaves_it_unknown() {
    let (mut fleet, _, _, _) = two_levels();
    let far = Roles::ACT.with(Roles::GIVE).with_class(3);
    let far = fleet.pen.write(fleet.safety, &[enrol(12, far, "a/c", 3)])[0].record;
    let far = fleet.pen.open(12, far, Lane::Productivity, END, 9);
    let power = fleet.first(1);
    let right = fleet.give(fleet.root, far, vec![want(1, hours(0, 12), 4).from_right(power)]);
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(1, hours(1, 3), 2).from_right(right)]);
    fleet.give_claim(far, claim, 0, vec![(0, want(1, hours(1, 3), 2).from_right(right))]);
    // The far region's scope does not hold the power of a/b: its give is void, and answers nothing.
    assert_eq!(fleet.lease(claim, 0), Standing::Asked);
    let mut facts = fleet.facts();
    facts.viewpoint = vec![Scope::parse("a/b").unwrap()];
    let near = judge(&facts);
    assert_eq!(near.leases[&(claim.record, 0)].standing, Standing::Asked);
    let window = hours(1, 3);
    let clock = Clock::new(hour(0), Millis(0));
    let power = resource_id(&resources()[1]);
    assert_eq!(free(&facts, power, window, clock), Free::Unknown);
}

#[test]
fn a_false_citation_of_what_is_forgotten_first_makes_nothing_firm() {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    let short = fleet.pen.open(6, fleet.node_id, Lane::Productivity, hour(1), 90);
    let attestation = fleet.pen.write(short, &[Record::new(77, hour(1), vec![0x80])])[0];
    let body =
        Claim { attestations: vec![Citation { until: END, ..attestation }], ..claim_record(&[&[0]], 1) };
    let wanted = vec![want(0, hours(1, 3), 1)];
    let claim = fleet.pen.write(fleet.node, &[body.record(END, wanted).unwrap()])[0];
    fleet.give_claim(fleet.root, claim, 0, vec![(0, want(0, hours(1, 3), 1).from_right(first))]);
    let [before, after] = [hour(0), hour(2)].map(|at| fleet.judge_at(at).leases[&(claim.record, 0)].standing);
    assert_eq!(before, after);
}

#[test]
fn a_declaration_that_is_forgotten_first_tells_no_scope() {
    let mut fleet = Fleet::new();
    let far = fleet.pen.write(fleet.safety, &[enrol(12, Roles::ACT.with_class(3), "a/c", 3)])[0].record;
    let far = fleet.pen.open(12, far, Lane::Productivity, END, 9);
    let mut lift = resources()[3].clone();
    lift.path = intent_contracts::ResourcePath::parse("lift").unwrap();
    let short = fleet.pen.open(6, fleet.node_id, Lane::Productivity, hour(1), 90);
    fleet.pen.write(short, &[lift.record(hour(1), Vec::new()).unwrap()]);
    let wanted = Footprint::open(lift.id(), lift.measure, hours(1, 3), 1);
    let claim = fleet.claim(far, &[&[0]], 1, vec![wanted]);
    let [before, after] = [hour(0), hour(2)].map(|at| fleet.judge_at(at).leases[&(claim.record, 0)].standing);
    assert_eq!((before, after), (Standing::Unknown, Standing::Unknown));
}

/// `[OPEN-5]`, `[FORGET-1]`: found by the fleet, seed 3753.
#[test]
fn a_fork_hides_no_claim_later_than_l_before_the_end_of_its_log() {
    for (start, before) in [(0, Standing::Unknown), (1, Standing::Provisional), (2, Standing::Provisional)] {
        let mut fleet = Fleet::new();
        let end = hour(9);
        let short = fleet.pen.open(6, fleet.node_id, Lane::Productivity, end, 90);
        fleet.pen.write_beside(short, 0, &[Record::new(77, end, vec![0x80])]);
        fleet.pen.write_beside(short, 0, &[Record::new(77, end, vec![0x81])]);
        // As long as a lease may be: it ends an hour before the forked log, with it, or an hour later.
        let claim = fleet.claim(fleet.rival, &[&[0]], 1, vec![want(3, hours(start, start + 8), 1)]);
        assert_eq!(fleet.lease(claim, 0), before);
        let at = |horizon: Tai| fleet.judge_at(horizon).leases[&(claim.record, 0)].standing;
        assert_eq!(at(hour(start + 8)), before, "no verdict on a lease that still matters is forgotten");
    }
}

/// `[OPEN-3]`, `[FORGET-1]`
#[test]
fn what_cannot_be_read_leaves_unknown_only_what_it_outlasts() {
    let window = hours(1, 3);
    let longest = Millis(Millis::HOUR.0 * 8);
    let lasting = window.end().plus(longest);
    let cases = [
        (lasting, Standing::Unknown),
        (lasting.minus(Millis(1)), Standing::Provisional),
        (hour(2), Standing::Provisional),
    ];
    for (until, standing) in cases {
        let mut fleet = Fleet::new();
        let short = fleet.pen.open(6, fleet.node_id, Lane::Productivity, until, 90);
        let odd = Record::new(99, until, vec![0x80]).with_footprints(Effect::Takes, vec![want(3, window, 1)]);
        fleet.pen.write(short, &[odd.unwrap()]);
        let claim = fleet.claim(fleet.rival, &[&[0]], 1, vec![want(3, window, 1)]);
        assert_eq!(fleet.lease(claim, 0), standing);
        let occupied = if standing == Standing::Unknown { 2 } else { 1 };
        assert_eq!(fleet.judge().occupancies[&resource_id(&resources()[3])].len(), occupied);
        let forgotten = fleet.judge_at(window.end()).leases[&(claim.record, 0)].standing;
        assert_eq!(forgotten, standing);
    }
}

#[test]
fn a_rivals_late_declaration_takes_no_displacement_back() {
    let mut fleet = Fleet::new();
    let far = fleet.pen.write(fleet.safety, &[enrol(12, Roles::ACT.with_class(3), "a/b/c", 3)])[0].record;
    let far = fleet.pen.open(12, far, Lane::Productivity, END, 9);
    let mut lift = resources()[3].clone();
    lift.path = intent_contracts::ResourcePath::parse("lift").unwrap();
    let wanted = |window| Footprint::open(lift.id(), lift.measure, window, 1);
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![wanted(hours(1, 3))]);
    // The lift belongs to a/b, beyond the rival's scope; nobody has declared it yet.
    fleet.claim(far, &[&[0]], 3, vec![wanted(hours(2, 4))]);
    assert_eq!(fleet.lease(claim, 0), Standing::Unknown);
    fleet.pen.write(fleet.safety, &[lift.record(END, Vec::new()).unwrap()]);
    assert_eq!(fleet.lease(claim, 0), Standing::Provisional);
}

#[test]
fn a_log_that_ended_in_or_below_its_cut_is_cut_at_zero() {
    for (fork_at, expected) in [(1, Standing::Revoked), (2, Standing::Firm)] {
        let (mut fleet, _, claim, _) = two_levels();
        fleet.pen.write(fleet.node, &declarations(END)[..1]);
        fleet.pen.write(fleet.node, &declarations(END)[..1]);
        let log = fleet.pen.logs[fleet.node].clone();
        let cut = Cut { log: log.id, seq: 2, id: log.entries[1].id() };
        let body = Revocation { key: log.key.author, cuts: vec![cut] };
        fleet.pen.notify(4, fleet.region_id, &Scope::parse("a").unwrap(), END, &body);
        assert_eq!(fleet.lease(claim, 0), Standing::Firm);
        fleet.pen.write_beside(fleet.node, fork_at, &declarations(END)[1..2]);
        assert_eq!(fleet.lease(claim, 0), expected, "forked above {fork_at} entries");
    }
}

#[test]
fn a_forked_safety_log_does_not_suspend_its_own_enrolment() {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    let right = fleet.give(fleet.root, fleet.region, vec![want(0, hours(0, 12), 1).from_right(first)]);
    let claim = fleet.claim(fleet.region, &[&[0]], 1, vec![want(0, hours(1, 3), 1).from_right(right)]);
    fleet.pen.write_beside(fleet.safety, 0, &declarations(END)[..1]);
    assert_eq!(fleet.judge().leases[&(claim.record, 0)].suspended_until(), None);
    assert_eq!(fleet.may(claim, hour(2)), May::Go);
}

#[test]
fn a_given_footprint_that_names_a_right_which_is_not_here_is_no_go() {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    let nowhere = RecordId { entry: intent_contracts::EntryId::from_bytes([9; 32]), index: 0 };
    let absent = Citation { record: nowhere, ..first };
    // An entry that is here has no record of this index, and never will: that is as absent.
    let lacking =
        Citation { record: RecordId { index: 9, ..fleet.region_enrol.record }, ..fleet.region_enrol };
    for cited in [absent, lacking] {
        let window = if cited == absent { hours(1, 3) } else { hours(4, 6) };
        let asked = want(0, window, 1).from_right(cited);
        let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![asked]);
        fleet.give_claim(fleet.root, claim, 0, vec![(0, want(0, window, 1).from_right(first))]);
        assert_eq!(fleet.lease(claim, 0), Standing::Unknown);
    }
}

#[test]
fn an_own_draw_occupies_until_a_release_that_cites_the_claim_itself() {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    let own = want(0, hours(1, 3), 1).from_right(first);
    let claim = fleet.claim(fleet.root, &[&[0]], 1, vec![own]);
    let give = fleet.give_claim(fleet.root, claim, 0, vec![(0, want(0, hours(4, 6), 1).from_right(first))]);
    fleet.back(fleet.root, RELEASE, &[(give, 0)], &[]);
    assert_eq!(fleet.lease(claim, 0), Standing::Firm);
    assert_eq!(fleet.free(0, hours(1, 2)), Free::Occupied);
    fleet.back(fleet.root, RELEASE, &[(claim, 0)], &[]);
    fleet.judge();
    assert!(matches!(fleet.free(0, hours(1, 2)), Free::Free { .. }));
}

#[test]
fn a_strangers_void_give_denies_nothing() {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(1, 3), 1)]);
    let forged =
        fleet.give_claim(fleet.rival, claim, 0, vec![(0, want(0, hours(1, 3), 1).from_right(first))]);
    assert_eq!((fleet.part(forged), fleet.lease(claim, 0)), (Standing::Void, Standing::Asked));
}

#[test]
fn what_may_have_been_freed_by_an_unreadable_record_is_unknown_and_occupied() {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    fleet.give(fleet.root, fleet.region, vec![want(0, hours(0, 4), 1).from_right(first)]);
    let freeing = Record::new(16, END, vec![0x80]).with_footprints(Effect::Frees, Vec::new()).unwrap();
    fleet.pen.write(fleet.root, &[freeing]);
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(1, 3), 1)]);
    let again = fleet.give_claim(fleet.root, claim, 0, vec![(0, want(0, hours(1, 3), 1).from_right(first))]);
    assert_eq!((fleet.part(again), fleet.lease(claim, 0)), (Standing::Unknown, Standing::Unknown));
    assert_eq!(fleet.free(0, hours(1, 2)), Free::Occupied);
}

#[test]
fn one_statement_brings_a_pool_back_once() {
    let mut fleet = Fleet::new();
    let first = fleet.first(2);
    let part = |amount| want(2, hours(0, 2), amount).from_right(first);
    let one = fleet.give(fleet.root, fleet.root, vec![part(5)]);
    let other = fleet.give(fleet.root, fleet.root, vec![part(5)]);
    let draw = |right| want(2, hours(0, 2), 5).from_right(right);
    let used = fleet.claim(fleet.root, &[&[0, 1]], 1, vec![draw(one), draw(other)]);
    fleet.back(fleet.root, POST, &[(used, 5)], &[]);
    let more = fleet.claim(fleet.root, &[&[0], &[1]], 1, vec![draw(one), draw(other)]);
    assert_eq!((fleet.lease(more, 0), fleet.lease(more, 1)), (Standing::Firm, Standing::Overdrawn));
}

#[test]
fn a_cited_revocation_that_cuts_nothing_leaves_a_claim_unknown() {
    let mut fleet = Fleet::new();
    let high = fleet.claim(fleet.rival, &[&[0]], 3, vec![want(3, hours(1, 4), 1)]);
    let body = Revocation { key: key(2).author(), cuts: Vec::new() };
    let notice = fleet.pen.notify(4, fleet.region_id, &Scope::parse("a").unwrap(), END, &body);
    let over = vec![intent_contracts::kinds::Over { claim: high, release: None, revocation: Some(notice) }];
    let body = Claim { over, ..claim_record(&[&[0]], 1) };
    let claim = fleet.pen.write(fleet.node, &[body.record(END, vec![want(3, hours(0, 2), 1)]).unwrap()])[0];
    assert_eq!(fleet.lease(claim, 0), Standing::Unknown);
}

/// `[LAW-9]`
#[test]
fn a_finding_names_the_record_that_goes_first() {
    let mut fleet = Fleet::new();
    let low = fleet.claim(fleet.node, &[&[0]], 1, vec![want(3, hours(0, 2), 1)]);
    let high = fleet.claim(fleet.rival, &[&[0]], 2, vec![want(3, hours(1, 4), 1)]);
    let finding = fleet.view().lease(&low.record, 0).unwrap().finding;
    assert_eq!(finding.standing, Standing::Displaced);
    assert!(finding.records().contains(&high.record), "{finding}");
}

/// `[GRANT-2]`
#[test]
fn a_void_enrolment_tells_whether_it_asks_for_roles_or_for_a_class() {
    let mut fleet = Fleet::new();
    let small = |number, roles, byte_budget: u64| {
        let Meaning::Enrol(body) = Meaning::of(&enrol(number, roles, "a/b", 1)) else { unreachable!() };
        let safety_budget = byte_budget.min(body.safety_budget);
        Enrol { byte_budget, safety_budget, max_logs: 1, ..body }.record(END, Vec::new()).unwrap()
    };
    let low = Roles::ACT.with(Roles::ENROL).with_class(3);
    let middle = fleet.pen.write(fleet.safety, &[small(12, low, 1 << 24)])[0].record;
    let middle = fleet.pen.open(12, middle, Lane::Safety, END, 80);
    let told = |fleet: &Fleet, record| fleet.view().enrolment(&record).unwrap().finding.because;
    let roles =
        fleet.pen.write(middle, &[small(14, Roles::ACT.with(Roles::GIVE).with_class(3), 1 << 16)])[0].record;
    let class = fleet.pen.write(middle, &[small(16, Roles::ACT.with_class(4), 1 << 16)])[0].record;
    assert_eq!(told(&fleet, roles), Because::Flawed(Flaw::Roles));
    assert_eq!(told(&fleet, class), Because::Flawed(Flaw::Class));
}

/// `[PROOF-2]`, `[ORDER-3]`
#[test]
fn a_pool_that_was_returned_is_given_again_as_far_as_the_return_goes() {
    for (amount, standing) in [(2, Standing::Firm), (3, Standing::AtRisk), (7, Standing::Overdrawn)] {
        let mut fleet = Fleet::new();
        let first = fleet.first(2);
        let steel = |amount, right| vec![want(2, hours(0, 12), amount).from_right(right)];
        let heap = fleet.give(fleet.root, fleet.region, steel(10, first));
        let returned = fleet.give(fleet.region, fleet.node, steel(6, heap));
        let taken_back = fleet.give(fleet.region, fleet.rival, steel(4, heap));
        let back = fleet.back(fleet.node, RETURN, &[(returned, 2)], &[]);
        let evidence = fleet.embed(fleet.node, back);
        fleet.reclaim(fleet.region, returned, evidence);
        fleet.reclaim(fleet.region, taken_back, None);
        // By word 4 are out, by proof 8.
        let again = fleet.give(fleet.region, fleet.rival, steel(amount, heap));
        assert_eq!(fleet.part(again), standing, "{amount}");
    }
}
