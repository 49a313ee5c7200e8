//! Everything that judges the rules, in one program: what `cargo mutants` runs against each broken copy.
//!
//! - The tests live where they belong, in `testing/tests` and `ledger/tests`, and run there; this program only
//!   bundles them, so that one mutant costs one link. It is left out of a plain `cargo test` (`test = false`).
//! - The first failure ends the program. Tests run in the order of their names, so the cheap ones come first.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "taking_back.rs"]
mod b_coming_and_going;
#[path = "../../testing/tests/stories.rs"]
mod b_stories;
#[path = "../../testing/tests/oracle_scenarios/main.rs"]
mod c_scenarios;
#[path = "../../ledger/tests/leasing.rs"]
mod d_leasing;
#[path = "../../testing/tests/interuss/main.rs"]
mod e_interuss;
#[path = "../../testing/tests/verdicts.rs"]
mod f_verdicts;
#[path = "../../testing/tests/view_laws/main.rs"]
mod g_laws;

/// Whatever panics first ends the program: what else would fail says nothing more of a mutant.
#[test]
fn a_first_failure_ends_the_program() {
    use std::io::Write as _;
    std::panic::set_hook(Box::new(|panic| {
        let name = std::thread::current().name().unwrap_or("unnamed").to_owned();
        // Past the capture of the harness, which the exit would lose.
        let _ = writeln!(std::io::stderr(), "{name}: {panic}");
        std::process::exit(101);
    }));
}
