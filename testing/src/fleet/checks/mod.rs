//! What must hold after every step. Each file here is one judge, and shares no code with the ledger.
//!
//! - [`state`]: the state equals the naive model's of what was received, so equal sets mean equal states;
//!   nothing is admitted that was not issued; nothing acknowledged is lost.
//! - [`frontier`]: a frontier tells the state exactly.
//! - [`horizon`]: forgetting follows the own clock alone; what nobody has is handed out; alarms sound where
//!   histories differ, and nowhere else.
//! - [`bounds`]: pool, logs, notices and rows of the store.
//! - [`charters`]: of small charters beside the fleet's, what is given twice is refused, and so is an early successor.
//! - [`verdicts`]: what the rules say of the state is what the oracle says; denials are not undone, and nothing
//!   flips by forgetting.

pub(super) mod bounds;
pub(super) mod charters;
pub(super) mod frontier;
pub(super) mod horizon;
pub(super) mod state;
pub(super) mod verdicts;

/// What a judge found wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Broken {
    /// The judge.
    pub(super) check: &'static str,
    /// In words.
    pub(super) what: String,
}

/// A finding of this judge.
pub(super) fn broken<T>(check: &'static str, what: impl Into<String>) -> Result<T, Broken> {
    Err(Broken { check, what: what.into() })
}

/// A finding unless `holds`.
pub(super) fn hold(holds: bool, check: &'static str, what: impl FnOnce() -> String) -> Result<(), Broken> {
    if holds { Ok(()) } else { broken(check, what()) }
}
