//! Attacks and accidents, told to the oracle and to the fast rules: no order of arrival and no word of a thief
//! may make two of them act.

use super::fleet::{END, Fleet, claim_record, enrol, two_levels, want};
use intent_contracts::kinds::notice::{Failure, Revocation, Trip};
use intent_contracts::kinds::{Body as _, Claim, Closing, Enrol, Meaning, Over, Roles};
use intent_contracts::{Citation, Lane, Millis, RecordId, Scope, Signer as _};
use intent_merge_rules::{Standing, Suspender, Suspension};
use intent_testing::oracle::histories::{declarations, hour, hours};
use intent_testing::oracle::{Free, Judgement, May};
use intent_testing::twins::view_of;
use intent_testing::world::{day, key};

/// The root's safety log.
const ROOT_SAFETY: usize = 0;

fn whole(number: usize) -> Revocation {
    Revocation { key: key(number).author(), cuts: Vec::new() }
}

fn scope() -> Scope {
    Scope::parse("a").unwrap()
}

/// A second region beside the first.
fn second_region(fleet: &mut Fleet, number: usize) -> (usize, RecordId) {
    let record = enrol(number, Roles::ALL.with_class(5), "a", 2);
    let region = fleet.pen.write(ROOT_SAFETY, &[record])[0].record;
    (fleet.pen.open(number, region, Lane::Safety, END, 50), region)
}

#[test]
fn attack_02_a_revoked_authority_frees_nothing_for_a_second_custodian() {
    let (mut fleet, right, claim, _) = two_levels();
    let root = fleet.pen.root(0);
    fleet.pen.notify(0, root, &Scope::root(), END, &whole(4));
    assert_eq!(fleet.lease(claim, 0), Standing::Revoked);
    assert_eq!(fleet.free(0, hours(1, 3)), Free::Occupied);
    let first = fleet.first(0);
    let again = || vec![want(0, hours(0, 12), 1).from_right(first)];
    let second = fleet.give(fleet.root, fleet.rival, again());
    assert_eq!(fleet.part(second), Standing::Overdrawn);
    // Taken back on the bare word, it is at risk, and the holder that hears of nothing may still be there.
    fleet.reclaim(fleet.root, right, None);
    let third = fleet.give(fleet.root, fleet.rival, again());
    assert_eq!(fleet.part(third), Standing::AtRisk);
    assert_eq!(fleet.free(0, hours(1, 3)), Free::Occupied);
}

#[test]
fn attack_03_a_restored_authority_gives_nothing_under_its_new_incarnation() {
    let (mut fleet, right, claim, _) = two_levels();
    let restored = fleet.pen.open(4, fleet.region_id, Lane::Productivity, END, 77);
    let rival = fleet.claim(fleet.rival, &[&[0]], 1, vec![want(0, hours(1, 3), 1)]);
    let part = want(0, hours(1, 3), 1).from_right(right);
    fleet.give_claim(restored, rival, 0, vec![(0, part)]);
    assert_eq!((fleet.lease(claim, 0), fleet.lease(rival, 0)), (Standing::Firm, Standing::Asked));
}

#[test]
fn attack_07_a_fork_below_a_denial_brings_nothing_denied_back() {
    // Below a displacing claim: who was displaced is left unknown.
    let mut fleet = Fleet::new();
    let low = fleet.claim(fleet.node, &[&[0]], 1, vec![want(3, hours(1, 3), 1)]);
    fleet.claim(fleet.rival, &[&[0]], 2, vec![want(3, hours(1, 3), 1)]);
    assert_eq!(fleet.lease(low, 0), Standing::Displaced);
    fleet.pen.write_beside(fleet.rival, 0, &declarations(END)[..1]);
    assert_eq!(fleet.lease(low, 0), Standing::Unknown);
    // Below an enrolment: what hung on it is gone, and the denial that it wrote keeps out nobody new.
    let mut fleet = Fleet::new();
    let root = fleet.pen.root(0);
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(3, hours(1, 3), 1)]);
    fleet.pen.notify(0, root, &Scope::root(), END, &whole(6));
    assert_eq!(fleet.lease(claim, 0), Standing::Revoked);
    fleet.pen.write_beside(fleet.safety, 1, &declarations(END)[..1]);
    fleet.pen.write_beside(ROOT_SAFETY, 1, &declarations(END)[..1]);
    assert_eq!(fleet.lease(claim, 0), Standing::Revoked);
}

#[test]
fn attack_08_a_lease_across_two_rights_of_which_one_is_unseen_is_not_firm() {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    let seen = fleet.give(fleet.root, fleet.region, vec![want(0, hours(0, 2), 1).from_right(first)]);
    let unseen = intent_contracts::Citation { record: RecordId { index: 9, ..seen.record }, ..seen };
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(1, 3), 1)]);
    let parts = [(seen, hours(1, 2)), (unseen, hours(2, 3))];
    let parts = parts.map(|(right, window)| (0, want(0, window, 1).from_right(right)));
    fleet.give_claim(fleet.region, claim, 0, parts.to_vec());
    assert!(fleet.lease(claim, 0) >= Standing::Unknown);
}

#[test]
fn attack_13_a_fleet_heals_from_a_stolen_authority_that_denies_every_enrolment() {
    let mut fleet = Fleet::new();
    let root = fleet.pen.root(0);
    // The thief denies the nodes that there are, and every key that it can guess.
    for number in [6, 8, 20, 22, 24] {
        fleet.pen.notify(4, fleet.region_id, &scope(), END, &whole(number));
    }
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(3, hours(1, 3), 1)]);
    assert_eq!(fleet.lease(claim, 0), Standing::Revoked);
    fleet.pen.notify(0, root, &Scope::root(), END, &whole(4));
    let (safety, _) = second_region(&mut fleet, 14);
    let low = Roles::ACT.with(Roles::GIVE).with_class(3);
    for number in [6, 20] {
        let node = fleet.pen.write(safety, &[enrol(number, low, "a/b", number as u64)])[0].record;
        let log = fleet.pen.open(number, node, Lane::Productivity, END, 60);
        let start = number as u64;
        let healed = fleet.claim(log, &[&[0]], 1, vec![want(3, hours(start, start + 1), 1)]);
        assert_eq!(fleet.lease(healed, 0), Standing::Provisional, "key {number}");
    }
}

#[test]
fn attack_14_an_enrolment_that_was_issued_beforehand_escapes_no_revocation() {
    let mut fleet = Fleet::new();
    let low = Roles::ACT.with(Roles::GIVE).with_class(3);
    let ready = fleet.pen.write(fleet.safety, &[enrol(6, low, "a/b", 9)])[0].record;
    let ready = fleet.pen.open(6, ready, Lane::Productivity, END, 60);
    let claim = fleet.claim(ready, &[&[0]], 1, vec![want(3, hours(1, 3), 1)]);
    assert_eq!(fleet.lease(claim, 0), Standing::Provisional);
    fleet.pen.notify(4, fleet.region_id, &scope(), END, &whole(6));
    assert_eq!(fleet.lease(claim, 0), Standing::Revoked);
}

/// `[BREAK-1]`, `[SUSP-3]`: in whatever order the three arrive, and whenever the later trip was written.
#[test]
fn attack_15_a_breakers_closing_ends_no_trip_that_it_does_not_name() {
    for written in [hour(0), hour(5)] {
        let (mut fleet, _, claim, _) = two_levels();
        let founding = fleet.pen.items.len();
        let (tripped, trip) = (Scope::parse("a/b").unwrap(), Trip { other: scope() });
        fleet.pen.now = hour(3);
        let named = fleet.pen.notify(4, fleet.region_id, &tripped, day(20), &trip);
        let closing = Closing::of(vec![named]).record(day(20), Vec::new()).unwrap();
        fleet.pen.write(fleet.safety, &[closing]);
        fleet.pen.now = written;
        let later = fleet.pen.notify(4, fleet.region_id, &tripped, day(10), &trip);
        assert_eq!((fleet.lease(claim, 0), fleet.may(claim, hour(2))), (Standing::Firm, May::Hold));
        let (founded, items) = fleet.pen.items.split_at(founding);
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            for count in 0..=3 {
                let there = &order[..count];
                let mut all = founded.to_vec();
                all.extend(there.iter().map(|place| items[*place].clone()));
                // The one that is named, unless it is closed; else the other one, which ends sooner.
                let by_named = there.contains(&0) && !there.contains(&1);
                let by_later = there.contains(&2).then_some((day(10), later));
                let told = if by_named { Some((day(20), named)) } else { by_later };
                let told = told.map(|(until, id)| Suspension { until, by: Suspender::Tripped(id) });
                let lease = view_of(&fleet.pen.charter, &all).lease(&claim.record, 0).unwrap();
                assert_eq!(lease.finding.standing, Standing::Firm, "{order:?} {count}");
                assert_eq!(lease.suspensions, Vec::from_iter(told), "{order:?} {count}");
            }
        }
    }
}

/// `[CLOSE-1]`, `[BREAK-1]`: what a partial closing leaves closed is for a later version to read.
#[test]
fn a_closing_for_some_claims_or_for_some_time_ends_no_trip() {
    for (claims, until, held) in
        [(false, None, false), (true, None, true), (false, Some(day(1)), true), (true, Some(day(1)), true)]
    {
        let (mut fleet, _, claim, _) = two_levels();
        let (tripped, trip) = (Scope::parse("a/b").unwrap(), Trip { other: scope() });
        let trip = fleet.pen.notify(4, fleet.region_id, &tripped, day(20), &trip);
        assert_eq!(fleet.may(claim, hour(2)), May::Hold);
        let claims = if claims { vec![claim.record] } else { Vec::new() };
        let closing = Closing { claims, until, ..Closing::of(vec![trip]) };
        fleet.pen.write(fleet.safety, &[closing.record(day(20), Vec::new()).unwrap()]);
        let expected = if held { May::Hold } else { May::Go };
        assert_eq!(fleet.may(claim, hour(2)), expected, "{closing:?}");
        fleet.judge();
    }
}

/// `[SUSP-1]`, `[ADM-12]`
#[test]
fn a_verifiers_flood_suspends_nobody_and_a_deniers_does() {
    for (role, held) in [(Roles::VERIFY, false), (Roles::DENY, true)] {
        let (mut fleet, _, claim, _) = two_levels();
        let Meaning::Enrol(body) = Meaning::of(&enrol(14, role, "a", 4)) else { unreachable!() };
        // Beside the node's own enroller, and anchored above the node.
        let body = Enrol { max_notices: 2, anchor: Some(fleet.region_id), ..body };
        let noisy = fleet.pen.write(ROOT_SAFETY, &[body.record(END, Vec::new()).unwrap()])[0].record;
        for mark in 0..3_u8 {
            let attestation = Citation { until: day(u64::from(mark)), ..claim };
            fleet.pen.notify(14, noisy, &scope(), END, &Failure { attestation });
        }
        let expected = if held { May::Hold } else { May::Go };
        assert_eq!(fleet.may(claim, hour(2)), expected, "{role:?}");
        fleet.judge();
    }
}

/// `[BREAK-2]`, `[ORDER-1]`: of two readers one has heard of a breaker; they read the giver's order alike.
#[test]
fn attack_04_a_reader_behind_a_breaker_reads_one_givers_order_alike() {
    let (mut fleet, right, claim, give) = two_levels();
    let other = fleet.claim(fleet.rival, &[&[0]], 1, vec![want(0, hours(2, 4), 1)]);
    let part = want(0, hours(2, 4), 1).from_right(right);
    let late = fleet.give_claim(fleet.region, other, 0, vec![(0, part)]);
    fleet.reclaim(fleet.region, give, None);
    let again = want(0, hours(1, 2), 1).from_right(right);
    let again = fleet.give_claim(fleet.region, other, 0, vec![(0, again)]);
    let before = fleet.judge();
    fleet.pen.notify(4, fleet.region_id, &Scope::parse("a/b").unwrap(), END, &Trip { other: scope() });
    let behind = fleet.judge();
    assert_eq!((&behind.parts, &behind.occupancies), (&before.parts, &before.occupancies));
    let standing = |of: Citation| behind.parts[&(of.record, 0)];
    let told = [give, late, again].map(standing);
    assert_eq!(told, [Standing::Firm, Standing::Overdrawn, Standing::AtRisk]);
    for (lease, said) in &behind.leases {
        assert_eq!(said.standing, before.leases[lease].standing);
    }
    let suspended = |judged: &Judgement| judged.leases[&(claim.record, 0)].suspensions.len();
    assert_eq!((suspended(&before), suspended(&behind)), (0, 1));
}

/// `[BREAK-2]`: a chain that passes by the other side is not parted.
#[test]
fn a_breaker_parts_no_chain_that_has_no_log_on_the_other_side() {
    let mut fleet = Fleet::new();
    let whole = want(0, hours(0, 12), 1).from_right(fleet.first(0));
    let right = fleet.give(fleet.root, fleet.node, vec![whole]);
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(1, 3), 1).from_right(right)]);
    fleet.pen.notify(4, fleet.region_id, &Scope::parse("a/b").unwrap(), END, &Trip { other: scope() });
    assert!(fleet.judge().leases[&(claim.record, 0)].suspensions.is_empty());
}

#[test]
fn attack_17_a_thief_past_its_cut_holds_no_open_resource_for_ever() {
    let mut fleet = Fleet::new();
    let stolen = fleet.claim(fleet.rival, &[&[0]], 3, vec![want(3, hours(1, 3), 1)]);
    let revocation = fleet.pen.notify(4, fleet.region_id, &scope(), END, &whole(8));
    // It still displaces: else a revocation would bring back what it had displaced.
    let wanted = || vec![want(3, hours(1, 3), 1)];
    let blind = fleet.claim(fleet.node, &[&[0]], 1, wanted());
    assert_eq!((fleet.lease(stolen, 0), fleet.lease(blind, 0)), (Standing::Revoked, Standing::Displaced));
    let mut fleet = Fleet::new();
    let stolen = fleet.claim(fleet.rival, &[&[0]], 3, wanted());
    assert_eq!(fleet.pen.notify(4, fleet.region_id, &scope(), END, &whole(8)), revocation);
    let over = Over { claim: stolen, release: None, revocation: Some(revocation) };
    let body = Claim { over: vec![over], ..claim_record(&[&[0]], 1) };
    let freed = fleet.pen.write(fleet.node, &[body.record(END, wanted()).unwrap()])[0];
    assert_eq!(fleet.lease(freed, 0), Standing::Provisional);
}

#[test]
fn attack_18_no_hash_time_or_place_in_a_log_that_an_author_chooses_changes_its_rank() {
    let outcome = |noise: usize, late: bool| {
        let mut fleet = Fleet::new();
        for number in 0..noise {
            let log = if number % 2 == 0 { fleet.node } else { fleet.rival };
            fleet.pen.write(log, &declarations(END)[..=number % 4]);
        }
        if late {
            fleet.pen.now = fleet.pen.now.plus(Millis(noise as u64));
        }
        let wanted = || vec![want(3, hours(1, 3), 1)];
        let claims = [fleet.node, fleet.rival].map(|log| fleet.claim(log, &[&[0]], 1, wanted()));
        claims.map(|claim| fleet.lease(claim, 0))
    };
    let first = outcome(0, false);
    assert_ne!(first[0], first[1]);
    for noise in 1..12 {
        assert_eq!((outcome(noise, false), outcome(noise, true)), (first, first));
    }
}

#[test]
fn attack_22_a_machine_that_moves_is_denied_by_its_old_region_there_alone() {
    let mut fleet = Fleet::new();
    let old = fleet.claim(fleet.node, &[&[0]], 1, vec![want(3, hours(1, 3), 1)]);
    let (safety, _) = second_region(&mut fleet, 14);
    let low = Roles::ACT.with(Roles::GIVE).with_class(3);
    let moved = fleet.pen.write(safety, &[enrol(6, low, "a/b", 1)])[0].record;
    let moved = fleet.pen.open(6, moved, Lane::Productivity, END, 60);
    let new = fleet.claim(moved, &[&[0]], 1, vec![want(3, hours(4, 6), 1)]);
    fleet.pen.notify(4, fleet.region_id, &scope(), END, &whole(6));
    assert_eq!((fleet.lease(old, 0), fleet.lease(new, 0)), (Standing::Revoked, Standing::Provisional));
    // What it held there is still in the way until it says that it has left.
    assert_eq!(fleet.free(3, hours(1, 3)), Free::Occupied);
}
