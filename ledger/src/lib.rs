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

mod admit;
mod author;
pub mod bounds;
mod bundle;
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
mod view;

pub use bundle::{BundleBuilder, ItemBytes};
pub use continuity::{Continuity, ContinuityFault, Generation, NoContinuity, WitnessFile};
pub use error::{AppendError, DiscardError, HorizonError, LedgerError, WriteError};
pub use frontier::Frontier;
pub use horizon::OperatorWord;
pub use intent_contracts as contracts;
pub use intent_merge_rules as merge_rules;
pub use leases::{Manner, Wish, Written};
pub use ledger::{EnrolmentSummary, Host, Ledger, LogSummary};
pub use reader::Reader;
pub use report::{
    AbsorbReport, Alarm, Appended, DiscardReport, Heard, HorizonReport, OpeningReport, Refused,
};
pub use scrub::{Damage, ScrubReport};
pub use state::Terminal;
pub use store::{MemoryStore, MemoryView, RedbStore, RedbView, Rows, Store, StoreError, View, Write};
pub use sync::Bundle;
pub use view::Viewpoint;
