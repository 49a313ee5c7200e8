//! The intent ledger: signed intents that merge from any partition without coordination.
//!
//! Invariants of this crate:
//!
//! - **The state is a join** `[LAW-1]`: it is a function of the authentic items received, whatever
//!   their order, grouping or repetition.
//! - **Nothing here reads a clock or a random source** `[LAW-2]`: both are parameters.
//! - **Durable before visible** `[INC-3]`: what a call returns or sends is committed.
//! - **Everything is bounded** `[LAW-10]`; the bounds stand in [`bounds`].
//!
//! A host opens a [`Ledger`] over a [`Store`], writes with [`Ledger::append`] and [`Ledger::notice`],
//! moves bytes between [`Ledger::bundle`] and [`Ledger::absorb`], and calls
//! [`Ledger::advance_horizon`] now and then.
//!
//! Before each physical act a host asks [`Ledger::may_act`]; [`Ledger::claim`] and its like write what holds:
//!
//! ```
//! # struct Gantry;
//! # impl Gantry { fn step(&self, until: Tai, _: Age) -> &'static str { assert!(until > Tai(0)); "moved" } }
//! # fn wait(_: &Finding) -> &'static str { "waits" }
//! # fn stop(_: &Hold) -> &'static str { "stands" }
//! # let gantry = Gantry;
#![doc = include_str!("doc/yard.txt")]
//! let whole = ledger.drawn(&whole)?; // out of a right of the own log
//! let claim = ledger.claim(&Wish::of(whole), clock)?.record();
//! let said = match ledger.may_act(&claim, 0, clock, Millis(250))? {
//!     MayAct::Go { valid_until, information_age } => gantry.step(valid_until, information_age),
//!     MayAct::AtRisk(finding) => wait(&finding),
//!     MayAct::Hold(why) => stop(&why),
//! };
//! assert_eq!(said, "moved");
//! // The machine rests: from here on the answer is no, and others may have the place.
//! ledger.release(&claim, &[], clock)?;
//! let answer = ledger.may_act(&claim, 0, clock, Millis(250))?;
//! assert!(matches!(answer, MayAct::Hold(why) if why.clause() == "BACK-2"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod absorbing;
mod admit;
mod author;
mod authority;
pub mod bounds;
mod bundle;
mod clocks;
mod continuity;
mod error;
mod frontier;
mod horizon;
mod leases;
mod ledger;
mod load;
mod marked;
mod pool;
mod reader;
mod rebuild;
mod report;
mod scrub;
mod state;
mod store;
mod sweep;
mod sync;
mod told;
mod upkeep;
mod view;
mod voting;
mod witness;

pub use absorbing::Absorbing;
pub use authority::{Denial, Endorsed, Keep, Rotated};
pub use bundle::{BundleBuilder, ItemBytes, part_ends};
pub use clocks::{Approval, ClockFault};
pub use continuity::{Continuity, ContinuityFault, Generation, NoContinuity, WitnessFile};
pub use error::{AppendError, AuthorityError, DiscardError, HorizonError, LedgerError, WriteError};
pub use frontier::Frontier;
pub use intent_contracts as contracts;
pub use intent_merge_rules as merge_rules;
pub use leases::{Manner, Wish, Written};
pub use ledger::{EnrolmentSummary, Host, Ledger, LogSummary};
pub use reader::Reader;
pub use report::{
    AbsorbReport, Alarm, Appended, Continued, DiscardReport, Heard, HorizonReport, OpeningReport, Refused,
};
pub use scrub::{Damage, ScrubReport};
pub use state::Terminal;
pub use store::{
    Compaction, Holder, MemoryStore, MemoryView, RedbStore, RedbView, Rows, Store, StoreError, View, Write,
};
pub use sync::Bundle;
pub use view::Viewpoint;
pub use witness::FirstLogs;
