//! What judges the rules, in one program: `cargo mutants` runs it against each broken copy of them.
//!
//! - The tests live where they belong, in `testing/tests` and `ledger/tests`, and run there; this program only
//!   bundles them, so that one mutant costs one link. It is left out of a plain `cargo test` (`test = false`).
//! - Hand-drawn stories and scenarios alone: each tells a mutant within a second. The comparisons of generated
//!   histories with the oracle (`verdicts`) and the laws of the view (`view_laws`) take a minute, and kill no mutant
//!   that these let live.
//! - The first failure ends the program.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "taking_back.rs"]
mod coming_and_going;
#[path = "../../testing/tests/interuss/main.rs"]
mod interuss;
#[path = "../../ledger/tests/leasing.rs"]
mod leasing;
#[path = "../../testing/tests/oracle_scenarios/main.rs"]
mod scenarios;
#[path = "../../testing/tests/stories.rs"]
mod stories;

/// Whatever panics first ends the program: what else would fail says nothing more of a mutant. Tests start in the
/// order of their names, this one first.
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
