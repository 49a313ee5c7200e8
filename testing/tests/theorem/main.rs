//! The theorem, checked in every reachable state of small worlds `[THEOREM-1]`, `[THEOREM-2]`.
//!
//! - The model is abstract and shares no code with the ledger: `facts` says what is written, `rules` which
//!   gives are Firm and when a store says Go, `world` what can happen, `worlds` what is exhausted.
//! - Givers are hostile but do not fork: they write any record in any order. Clocks are hostile but honest:
//!   each reading is as fast or as slow as its declared width allows, whatever the reading before.
//! - In each world two things hold in every state: no instant has two Go, and where machines act, no two of
//!   them move. What a world must be able to reach, so that this says something, is reached.
//! - Every planted flaw breaks one of the two; the way to it is printed (a short one, not always the shortest).
//! - What the hypotheses exclude breaks it as well.
//!
//! The bounds: true time runs from 0 to 5 (at one instant where time plays no part), windows are `[0, 3)`,
//! `[3, 6)` and `[0, 6)`, a clock is one unit wide, the stopping time is one unit, the guard zero. The numbers of
//! states stand in the tests and are compared, so a world cannot shrink in silence. Messages have no bound:
//! whatever has left its author may arrive at any later time, any number of times, or never.
//!
//! | world | who | entries of each log | states |
//! |---|---|---|---|
//! | one giver | giver, holder, rival | 3, 1, 1 | 254,034 |
//! | returns | authority, custodian, successor, holder, rival; revocation at any cut | 3, 3, 1, 1, 0 | 267,643 |
//! | succession | the same, in time | 3, 1, 1, 0, 0 | 594,312 |
//! | restored holder | giver, holder (1 backup, 1 restore, recording apart), rival, twin | 3, 1, 0, 1 | 247,825 |
//! | restored custodian | giver (as above), holder, rival | 3, 1, 0 | 928,186 |
//! | restored custodian, returns | as in returns, without revocation or bare reclaims | 3, 2, 1, 1, 0 | 129,648 |
//! | restored authority | as in returns, the authority restored | 2, 1, 1, 1, 0 | 229,972 |
//! | copies of one disk | giver, holder (2 backups, 2 restores), rival | 3, 2, 0 | 81,596 |
//! | own draws | giver (1 backup, 1 restore) that draws, holder | 3, 1 | 2,040,778 |
//! | machines | giver, holder, rival; machines that stop slowly | 3, 1, 0 | 42,573 |
//!
//! | takeover | holder, a copy that takes over, custodian, rival; machines | 3, 1, 1, 0 | 109,751 |
//!
//! The steps of continuity beside the functions of the ledger that they stand for:
//!
//! | step of the model | function of the ledger |
//! |---|---|
//! | `is_proven_now`: the record names the generation | `Ledger::prove`, in each own commit (`tip_for`) and in `may_act` |
//! | `Write`: one entry under a fresh generation, unsure | `append_to`, `commit_own` (one commit with the tail in its marks) |
//! | `Settle`: compares and sets, then all may leave | `record`, `Continuity::record`, `confirm`; later again by `prove` |
//! | `is_due` | `Pending::After`, and `Pending::AfterAny` where the generation is its own previous one |
//! | `SettleAndStop` | a stop after `Continuity::record`, before anything is sent |
//! | `Open`, proven: sure if the record names the current generation; a fresh one | `take_up`, `take_up_proven` |
//! | `Open`, not proven: drops the unsure entry, opens a new log | `take_up_nothing`, `let_go_of_all`, `drop_tail`, `let_go_in` |
//! | `OpenBlind` | the same where `Continuity::keeps` is false: nothing is read, recorded or unsure |
//! | `Copy`, `Backup`, `Restore` | the host copies or replaces the file, at any moment |
//! | `leave` | what `withheld` does not hold back from bundles, frontiers, exports and readers |
//! | `learn`: a branch of the own log | `absorb`, `notice_growth` |
//! | `learn`: the store notes what is confirmed | `commit`, which writes marks that differ from the stored ones |
//!
//! Where a log is restored, each of its incarnations has the named room. Not in the model: claims of several
//! parts, pools and rates, suspensions (they only take Go away), forgetting.
//!
//! `cargo test -p intent-testing --test theorem -- --nocapture` prints all; `-- --ignored --nocapture` exhausts
//! the larger bounds.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(
    clippy::print_stdout,
    reason = "what was exhausted, and the way to each counterexample, is the result"
)]

mod facts;
mod rules;
mod world;
mod worlds;

use facts::Node;
use rules::Flaw;
use stateright::{Checker, Expectation, HasDiscoveries, Model as _};
use world::{NO_FORK, NO_TWO_AMONG_AWARE, NO_TWO_GO, NO_TWO_MOVE, Outside, World};

/// Visits every reachable state: what must always hold does, what is wanted is reached, and no state is lost.
fn exhaust(name: &str, states: usize, world: World) {
    let checker = world.checker().spawn_bfs().join();
    let (unique, all, depth) = (checker.unique_state_count(), checker.state_count(), checker.max_depth());
    println!("{name}: {unique} states, {all} steps, depth {depth}");
    for property in checker.model().properties() {
        let found = checker.discovery(property.name).is_some();
        match property.expectation {
            Expectation::Always => {
                assert!(
                    !found,
                    "{name}: it is not so that {}\n{}",
                    property.name,
                    way(&checker, property.name)
                );
            }
            _ => assert!(found, "{name}: it never happens that {}", property.name),
        }
    }
    assert_eq!(unique, states, "{name}: the world is not the one that the table names");
}

/// Looks for a way to break a property; a flaw that breaks nothing is not a flaw.
fn breaks(name: &str, property: &'static str, world: World) {
    let checker = world.checker().finish_when(HasDiscoveries::AllOf([property].into())).spawn_bfs().join();
    assert!(checker.discovery(property).is_some(), "{name}: nothing breaks: {property}");
    println!("{name}: it is not so that {property}:\n{}", way(&checker, property));
}

/// Whether a property holds in every reachable state.
fn holds(property: &'static str, world: World) -> bool {
    let checker = world.checker().finish_when(HasDiscoveries::AllOf([property].into())).spawn_bfs().join();
    checker.discovery(property).is_none()
}

fn way(checker: &impl Checker<World>, property: &'static str) -> String {
    let path = checker.discovery(property).unwrap().into_actions();
    path.iter().map(|step| format!("    {step:?}\n")).collect()
}

#[test]
fn one_giver() {
    exhaust("one giver", 254_034, World::leases(3));
}

#[test]
fn two_levels_with_returns() {
    exhaust("returns", 328_534, World::returns(3));
}

#[test]
fn returns_of_a_restored_custodian() {
    exhaust("restored custodian, returns", 129_648, World::returns_of_the_restored(2));
}

#[test]
fn revocation_with_successor() {
    exhaust("succession", 594_312, World::succession(3));
}

#[test]
fn restored_holder_beside_a_twin() {
    exhaust("restored holder", 247_825, World::restored_holder(3));
}

#[test]
fn restored_custodian() {
    exhaust("restored custodian", 928_186, World::restored_custodian(3));
}

#[test]
fn restored_authority() {
    exhaust("restored authority", 229_972, World::restored_authority());
}

#[test]
fn copies_of_one_disk() {
    exhaust("copies of one disk", 81_596, World::continuity());
}

#[test]
fn a_copy_takes_over_from_a_machine() {
    exhaust("takeover", 109_751, World::takeover());
}

#[test]
fn a_giver_draws_for_itself() {
    exhaust("own draws", 2_040_778, World::draws());
}

#[test]
fn machines_never_meet() {
    exhaust("machines", 42_573, World::machines(3));
}

#[test]
#[ignore = "minutes, and some gigabytes of memory"]
fn larger_bounds() {
    exhaust("one giver, 4 entries", 2_807_058, World::leases(4));
    exhaust("returns, 4 entries of the custodian", 1_887_393, World::returns(4));
    exhaust("restored holder, 4 entries of the giver", 1_581_344, World::restored_holder(4));
    exhaust(
        "restored custodian, returns, 3 entries of the custodian",
        1_454_076,
        World::returns_of_the_restored(3),
    );
    exhaust("succession, 4 entries of the authority", 10_520_520, World::succession(4));
    exhaust("machines, 4 entries of the giver", 591_516, World::machines(4));
}

#[test]
fn each_planted_flaw_has_its_counterexample() {
    let flaws = [
        (Flaw::EdgeOneTooLate, NO_TWO_MOVE, World::machines(3)),
        (Flaw::NoStopping, NO_TWO_MOVE, World::machines(3)),
        (Flaw::ReleaseWhileMoving, NO_TWO_MOVE, World::machines(3)),
        (Flaw::AuthoredHi, NO_TWO_MOVE, World::guarded(-1, 1, 0)),
        (Flaw::ClockSwapped, NO_TWO_GO, World::leases(3)),
        (Flaw::OrderUnread, NO_TWO_GO, World::leases(3)),
        (Flaw::WordForProof, NO_TWO_GO, World::leases(3)),
        (Flaw::ReleaseWithoutEnd, NO_TWO_GO, World::leases(3)),
        (Flaw::AnyStore, NO_TWO_GO, World::leases(3)),
        (Flaw::RightOfKey, NO_TWO_GO, World::restored_custodian(3)),
        (Flaw::RightOfKey, NO_TWO_GO, World::restored_authority()),
        (Flaw::OtherLog, NO_TWO_GO, World::restored_holder(3)),
        (Flaw::ReleaseOfKey, NO_TWO_GO, World::restored_holder(3)),
        (Flaw::VisibleTooEarly, NO_TWO_GO, World::restored_holder(3)),
        (Flaw::SuccessorTooEarly, NO_TWO_GO, World::succession(3)),
        (Flaw::BeyondRight, NO_TWO_GO, World::succession(3)),
        (Flaw::ReclaimBeforeReturn, NO_TWO_GO, World::returns(3)),
        (Flaw::ReturnBySignature, NO_TWO_GO, World::returns(3)),
        (Flaw::ReturnTakesNothing, NO_TWO_GO, World::returns(3)),
    ];
    for (flaw, property, world) in flaws {
        breaks(&format!("{flaw:?}"), property, world.with(flaw));
    }
}

/// Each rule of continuity given up, while copies of one disk run side by side.
#[test]
fn each_flaw_of_continuity_has_its_counterexample() {
    let copies = || World::copies(&[Node::Twin], 1, 2);
    for (flaw, property) in [
        (Flaw::KeepsTail, NO_FORK),
        (Flaw::KeepsTail, NO_TWO_GO),
        (Flaw::GoUnread, NO_TWO_GO),
        (Flaw::WriteUnread, NO_FORK),
        (Flaw::RecordWithoutComparing, NO_FORK),
        (Flaw::NoFreshGeneration, NO_TWO_GO),
        (Flaw::VisibleTooEarly, NO_FORK),
    ] {
        breaks(&format!("{flaw:?}, copies"), property, copies().with(flaw));
    }
}

/// A custodian gives, reclaims on its bare word, and returns the right: the return fits by its log's own
/// word, and embedded it would prove that the right is free while the holder may still act.
#[test]
fn a_return_by_the_word_of_its_log_is_no_proof() {
    breaks("a return by the word of its log", NO_TWO_GO, World::returns(3).with(Flaw::ReturnByWord));
}

/// Two copies of a disk part and count alike; the one comes back and says the release, then the other, which
/// counts as far and lacks it. So a generation is more than a count `[INC-2]`.
#[test]
fn a_count_of_commits_is_no_proof_of_continuity() {
    breaks(
        "generations without nonces",
        NO_TWO_GO,
        World::copies(&[Node::Twin], 1, 2).with(Flaw::CountAlone),
    );
}

#[test]
fn outside_the_hypotheses_it_breaks() {
    let witness = Outside::WitnessRestored;
    breaks("the holder's witness goes back", NO_TWO_GO, World::restored_holder(3).outside(witness));
    breaks("the custodian's witness goes back", NO_TWO_GO, World::restored_custodian(3).outside(witness));
    let copied = World::copies(&[Node::Twin], 1, 2).outside(Outside::WitnessCopied);
    breaks("a copy of the disk comes with a copy of the record", NO_TWO_GO, copied);
    let unfenced = World::takeover().outside(Outside::NoFencing);
    breaks("a copy takes over while the other machine moves", NO_TWO_MOVE, unfenced);
    breaks("two writers of the holder's log", NO_TWO_GO, World::leases(3).outside(Outside::TwoWriters));
}

#[test]
fn whoever_knows_of_a_fork_is_safe_again() {
    let forked = || World::restored_custodian(2).outside(Outside::WitnessRestored);
    breaks("a fork ignored", NO_TWO_AMONG_AWARE, forked().with(Flaw::ForkIgnored));
    assert!(holds(NO_TWO_AMONG_AWARE, forked()));
}

/// The least guard for a reclaim by time, in units of the clock's grain: `2x - 1` where machines stop before
/// their windows end, `x` being how far any clock is off beyond what it declares. With honest clocks none is
/// needed, however wide they are; who judged `authored.hi` in place of `lo` would need the width on top.
#[test]
fn the_least_guard() {
    for width in 0..=2 {
        for surplus in 0..=1 {
            for (property, least) in [(NO_TWO_MOVE, 2 * surplus - 1), (NO_TWO_GO, 2 * surplus - 2)] {
                for guard in -4..=3 {
                    let safe = holds(property, World::guarded(guard, width, surplus));
                    assert_eq!(
                        safe,
                        guard >= least,
                        "{property}: guard {guard}, width {width}, surplus {surplus}"
                    );
                    let by_hi = World::guarded(guard, width, surplus).with(Flaw::AuthoredHi);
                    assert_eq!(
                        holds(property, by_hi),
                        guard >= least + width,
                        "{property}: guard {guard} by hi"
                    );
                }
            }
        }
    }
    exhaust("only time frees", 1_857, World::guarded(0, 1, 0));
}

/// The guard of reclaims does not reach windows that abut in one log: there the stopping time alone absorbs
/// what clocks are off beyond what they declare.
#[test]
fn no_guard_parts_windows_that_abut() {
    for stopping in 0..=1 {
        for surplus in 0..=1 {
            let safe = holds(NO_TWO_GO, World::abutting(100, stopping, surplus));
            assert_eq!(safe, 2 * surplus <= stopping, "stopping {stopping}, surplus {surplus}");
        }
    }
}
