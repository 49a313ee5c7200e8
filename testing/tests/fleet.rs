//! Fleets of real ledgers under every fault: small seeds here, many more by `sim --seeds`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use intent_testing::fleet::{Kind, Plan, Tally, run};
use std::collections::BTreeSet;
use std::path::Path;

/// Small seeds that every test run takes.
const SEEDS: u64 = 2_000;
const STEPS: usize = 40;

#[test]
fn two_thousand_small_fleets_hold_and_meet_every_fault() {
    let mut tally = Tally::default();
    for seed in 0..SEEDS {
        let run = run(&Plan::random(seed, STEPS), false);
        tally.add(&run.tally);
        assert_eq!(run.outcome, Ok(()), "seed {seed}; `sim --seeds {seed}..{}` makes it small", seed + 1);
    }
    println!("{tally}");
    for (kind, name) in Kind::ALL {
        let least = if kind == Kind::FloodPool { 3 } else { 200 };
        assert!(tally.of(name) >= least, "{name} is too rare:\n{tally}");
    }
    for (kind, event) in [
        ("horizon", "forgot"),
        ("horizon", "forgot at the worst skew"),
        ("horizon", "refused a leap"),
        ("crash", "inside the call"),
        ("full", "inside the call"),
        ("flip", "discarded"),
        ("flip", "mended"),
        ("flip", "rebuilt"),
        ("restore", "continuous"),
        ("restore", "without continuity"),
        ("witness", "failed"),
        ("contact", "blocked"),
        ("exchange", "with an alarm"),
        ("forge", "before the true one"),
        ("tear", "rebuilt"),
        ("version", "down"),
        ("reclaim", "on a return"),
        ("reclaim", "on a release"),
        ("reclaim", "on bare word"),
        ("return", "returned what was given on"),
        ("return", "returned and kept"),
        ("heal", "in full"),
        ("heal", "with an alarm"),
        ("truth", "a pool is drawn"),
        ("truth", "two, a log had two writers"),
    ] {
        let times = tally.met.get(&(kind, event)).copied().unwrap_or(0);
        // Restoring an old disk shares its steps with opening copies beside each other.
        let least = if event == "without continuity" { 5 } else { 20 };
        assert!(times >= least, "{kind}: {event} only {times} times:\n{tally}");
    }
}

#[test]
fn the_same_plan_has_the_same_trace() {
    let mut traces = BTreeSet::new();
    for seed in 0..25 {
        let plan = Plan::random(seed, STEPS);
        let (once, again) = (run(&plan, true), run(&plan, false));
        assert_eq!(once.trace, again.trace, "seed {seed}");
        assert_eq!(once.lines.len(), STEPS + 1, "one line for each event");
        traces.insert(once.trace);
    }
    assert_eq!(traces.len(), 25, "each seed has a trace of its own");
}

#[test]
fn a_plan_is_read_back_as_it_was_written() {
    let plan = Plan::random(7, 300);
    assert_eq!(Plan::parse(&plan.text()), Ok(plan));
    assert_eq!(Plan::parse("fleet 1\n# why\nwrite 3\n").unwrap_err().line, 3);
    assert_eq!(Plan::parse("fleet 1\nconquer 3 4\n").unwrap_err().line, 2);
}

#[test]
fn every_kept_plan_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fleet/regressions");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let plan = Plan::parse(&std::fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(run(&plan, false).outcome, Ok(()), "{}", path.display());
        count += 1;
    }
    assert!(count > 0, "the folder of kept plans is found");
}
