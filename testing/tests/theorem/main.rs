//! The theorem, model-checked `[THEOREM-1]`, `[THEOREM-2]`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod facts;
mod rules;
mod world;
mod worlds;

use rules::Flaw;
use stateright::{Checker, HasDiscoveries, Model as _};
use world::{NO_TWO_AMONG_AWARE, NO_TWO_GO, NO_TWO_MOVE, Outside, World};

/// Visits every reachable state: the properties hold in all, and each wanted state is among them.
fn exhaust(name: &str, world: World) {
    let checker = world.checker().spawn_bfs().join();
    let (unique, all, depth) = (checker.unique_state_count(), checker.state_count(), checker.max_depth());
    println!("{name}: {unique} states, {all} steps, depth {depth}");
    for property in checker.model().properties() {
        let found = checker.discovery(property.name);
        match property.expectation {
            stateright::Expectation::Always => {
                assert!(found.is_none(), "{name}: it is not so that {}\n{}", property.name, steps(&checker, property.name));
            }
            _ => assert!(found.is_some(), "{name}: it never happens that {}", property.name),
        }
    }
}

/// Looks for the shortest way to break a property; a flaw that breaks nothing is not a flaw.
fn breaks(name: &str, property: &'static str, world: World) {
    let checker = world.checker().finish_when(HasDiscoveries::AllOf([property].into())).spawn_bfs().join();
    assert!(checker.discovery(property).is_some(), "{name}: nothing breaks: {property}");
    println!("{name}: broken: {property}\n{}", steps(&checker, property));
}

fn steps(checker: &impl Checker<World>, property: &'static str) -> String {
    let path = checker.discovery(property).unwrap().into_actions();
    path.iter().map(|step| format!("    {step:?}\n")).collect()
}

#[test]
fn one_giver() {
    exhaust("one giver, 3 entries", World::leases(3));
}

#[test]
fn two_levels_with_returns() {
    exhaust("two levels, returns", World::returns(3));
}

#[test]
fn revocation_with_successor() {
    exhaust("revocation with successor", World::succession(3));
}

#[test]
fn restored_holder_beside_a_twin() {
    exhaust("restored holder, twin", World::restored_holder(3));
}

#[test]
fn restored_custodian() {
    exhaust("restored custodian", World::restored_custodian());
}

#[test]
fn restored_authority() {
    exhaust("restored authority", World::restored_authority());
}

#[test]
fn copies_of_one_disk() {
    exhaust("copies of one disk", World::continuity());
}

#[test]
fn a_giver_draws_for_itself() {
    exhaust("own draws", World::draws());
}

#[test]
fn machines_never_meet() {
    exhaust("machines", World::machines());
}

#[test]
fn each_planted_flaw_has_its_counterexample() {
    let go = NO_TWO_GO;
    let flaws = [
        (Flaw::EdgeOneTooLate, NO_TWO_MOVE, World::machines()),
        (Flaw::NoStopping, NO_TWO_MOVE, World::machines()),
        (Flaw::ReleaseWhileMoving, NO_TWO_MOVE, World::machines()),
        (Flaw::OrderUnread, go, World::leases(3)),
        (Flaw::WordForProof, go, World::leases(3)),
        (Flaw::ReleaseWithoutEnd, go, World::leases(3)),
        (Flaw::AnyStore, go, World::leases(3)),
        (Flaw::ClockSwapped, go, World::leases(3)),
        (Flaw::RightOfKey, go, World::restored_custodian()),
        (Flaw::RightOfKey, go, World::restored_authority()),
        (Flaw::OtherLog, go, World::restored_holder(3)),
        (Flaw::ReleaseOfKey, go, World::restored_holder(3)),
        (Flaw::VisibleTooEarly, go, World::restored_holder(3)),
        (Flaw::SuccessorTooEarly, go, World::succession(3)),
        (Flaw::BeyondRight, go, World::succession(3)),
        (Flaw::ReclaimBeforeReturn, go, World::returns(3)),
        (Flaw::ReturnBySignature, go, World::returns(3)),
        (Flaw::ReturnTakesNothing, go, World::returns(3)),
        (Flaw::AuthoredHi, NO_TWO_MOVE, World::guarded(-1, 1, 0)),
    ];
    for (flaw, property, world) in flaws {
        breaks(&format!("{flaw:?}"), property, world.with(flaw));
    }
}

#[test]
fn a_return_by_the_word_of_its_log_is_no_proof() {
    breaks("return by word", NO_TWO_GO, World::returns(3).with(Flaw::ReturnByWord));
}

#[test]
fn a_counter_that_openings_do_not_raise_is_no_proof_of_continuity() {
    breaks("opening uncounted", NO_TWO_GO, World::continuity().with(Flaw::OpeningUncounted));
}

#[test]
fn outside_the_hypotheses_it_breaks() {
    breaks("holder's witness restored", NO_TWO_GO, World::restored_holder(3).outside(Outside::WitnessRestored));
    breaks("custodian's witness restored", NO_TWO_GO, World::restored_custodian().outside(Outside::WitnessRestored));
    breaks("two writers of the holder's log", NO_TWO_GO, World::leases(3).outside(Outside::TwoWriters));
}

#[test]
fn whoever_knows_of_a_fork_is_safe_again() {
    let forked = || World::restored_custodian().outside(Outside::WitnessRestored);
    breaks("fork ignored", NO_TWO_AMONG_AWARE, forked().with(Flaw::ForkIgnored));
    let checker = forked().checker().spawn_bfs().join();
    println!("forked custodian: {} states", checker.unique_state_count());
    assert!(checker.discovery(NO_TWO_AMONG_AWARE).is_none(), "{}", steps(&checker, NO_TWO_AMONG_AWARE));
}

fn clean(world: World, property: &'static str) -> bool {
    let checker = world.checker().finish_when(HasDiscoveries::AllOf([property].into())).spawn_bfs().join();
    checker.discovery(property).is_none()
}

#[test]
fn the_least_guard() {
    for width in 0..=2 {
        for surplus in 0..=1 {
            for (property, least) in [(NO_TWO_MOVE, 2 * surplus - 1), (NO_TWO_GO, 2 * surplus - 2)] {
                for guard in -4..=3 {
                    let safe = clean(World::guarded(guard, width, surplus), property);
                    assert_eq!(safe, guard >= least, "guard {guard}, width {width}, surplus {surplus}, {property}");
                }
                let by_hi = World::guarded(least + width, width, surplus).with(Flaw::AuthoredHi);
                assert!(clean(by_hi, property));
                if width > 0 {
                    let by_hi = World::guarded(least + width - 1, width, surplus).with(Flaw::AuthoredHi);
                    assert!(!clean(by_hi, property));
                }
            }
        }
    }
}

#[test]
fn no_guard_parts_windows_that_abut() {
    for stopping in 0..=1 {
        for surplus in 0..=1 {
            let safe = clean(World::abutting(100, stopping, surplus), NO_TWO_GO);
            assert_eq!(safe, 2 * surplus <= stopping, "stopping {stopping}, surplus {surplus}");
        }
    }
}
