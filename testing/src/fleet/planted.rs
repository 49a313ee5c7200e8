//! Bugs that the simulator must find, and how many seeds it takes.
//!
//! The bugs stand in `contracts`, `merge-rules` and `ledger`, behind `--cfg planted`; without that the list is empty of
//! effect, and [`detect`] finds nothing. A bug that is not found is a defect of the simulator.

use super::{Failure, Plan, minimise, run};

/// The names of all planted bugs.
pub const BUGS: &[&str] = &[
    "skip the signature",
    "skip the digest",
    "keep the first pair of a fork",
    "admit a lapsed log",
    "admit a lapsed notice",
    "ignore the interests",
    "outlive the enrolment",
    "ignore the scope of a notice",
    "refuse the newcomer of a flood",
    "ignore the byte budget",
    "drop a stump",
    "go back in time",
    "count notices off by one",
    "count logs off by one",
    "keep what stands above a fork",
    "keep a child of a dropped fork",
    "keep the notices of a dropped enrolment",
    "do not persist a terminal",
    "admit any author",
    "enrol beyond the own scope",
    "let any number wait",
    "let any bytes wait",
    "reuse a sequence number after restore",
    "do not raise the generation",
    "use a clock in merge",
    "go on after a failed commit",
    "acknowledge before the commit",
    "forget too early",
    "let a clock leap",
    "advance by the clock's latest",
    "export one entry too few",
    "sound no alarm",
    "alarm about what was not lived",
    "acknowledge the waiting pool",
    "follow the horizon of a peer",
    "believe any acknowledgement",
    "settle no dispute",
    "leave a terminal out of the frontier",
    "send no stump",
    "scrub without looking at entries",
    "leave an empty log behind",
    "go over the budget",
    "take a bare word for proof",
    "end the guard a moment early",
    "count a lapsed draw",
    "add up no rates",
    "let a revoked claim stop occupying",
    "act without continuity",
    "send what is unsure",
    "say Go without reading the witness",
    "write without reading the witness",
    "draw no generation at a proven opening",
    "go on where others have written",
    "act beyond the cover",
    "act while suspended",
    "act at risk",
    "cut a slot too high",
    "let a short revocation reach",
    "ask for no endorsement",
    "ignore the class",
    "let a release end nothing",
    "count a reclaim before its return is here",
    "reclaim before the return",
    "let a return take nothing",
    "read a give without the log's order",
    "bind a right to the key",
    "count a pool post twice",
    "forget a revocation too early",
    "let an overfull enrolment act",
    "use a clock behind the own writing",
    "remember the last written alone",
    "use a reading of any width",
    "take a first step on no word",
    "let own heads corroborate",
    "believe any approval",
    "be born by any reading",
    "pass over what may free and cannot be read",
    "hold on to what was taken back as over",
    "act in what is too short",
    "take news from the future for fresh",
    "let a charter give one thing twice",
    "let a successor give before its predecessor ends",
    "enrol with any numbers",
];

/// How a bug came to light.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Seeds that were run, the one that found it included.
    pub seeds: u64,
    /// What was seen.
    pub failure: Failure,
    /// The plan of that seed, made small when it was asked for.
    pub plan: Plan,
}

/// Whether this build has the bugs.
#[must_use]
pub const fn able() -> bool {
    cfg!(planted)
}

/// Turns a bug on and runs seeds until one fails; at most `seeds`. `small`: whether to minimise its plan.
#[must_use]
pub fn detect(bug: &'static str, seeds: u64, steps: usize, small: bool) -> Option<Found> {
    plant(Some(bug));
    let found = (0..seeds).find_map(|seed| {
        let plan = Plan::random(seed, steps);
        let failure = run(&plan, false).outcome.err()?;
        let plan = if small { minimise(&plan, 400) } else { plan };
        Some(Found { seeds: seed + 1, failure, plan })
    });
    plant(None);
    found
}

#[cfg(planted)]
fn plant(bug: Option<&'static str>) {
    intent_contracts::planted::plant(bug);
}

#[cfg(not(planted))]
const fn plant(_bug: Option<&'static str>) {}
