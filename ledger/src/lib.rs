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

//! Before each physical act a host asks [`Ledger::may_act`]; [`Ledger::claim`] and its like write what holds:
//!
//! ```
//! # use intent_ledger::contracts::kinds::{Body as _, Resource};
//! # use intent_ledger::contracts::*;
//! # use intent_ledger::merge_rules::{Finding, Hold, MayAct};
//! # use intent_ledger::{Host, Ledger, MemoryStore, NoContinuity, Wish};
//! # use rand_chacha::{ChaCha12Rng, rand_core::SeedableRng};
//! # struct Gantry;
//! # impl Gantry { fn step(&self, until: Tai, _: Millis) -> &'static str { assert!(until > Tai(0)); "moved" } }
//! # fn wait(_: &Finding) -> &'static str { "waits" }
//! # fn stop(_: &Hold) -> &'static str { "stands" }
//! # let gantry = Gantry;
//! # let root = SecretKey::from_seed([1; 32]);
//! # let roots = vec![CharterRoot { key: root.author(), byte_budget: 1 << 40, max_logs: 16 }];
//! # let (now, until) = (Tai(1_800_000_000_000), Tai(4_000_000_000_000));
//! # let word = |text: &str| Label::try_from(text.to_owned());
//! # let declared = Resource {
//! #     scope: Scope::root(), path: ResourcePath::parse("gantry")?, measure: Measure::Exclusive,
//! #     unit: word("1")?, scale: (1, 1), frame: word("cell")?, stopping_time: Millis(200),
//! # };
//! # let window = Window::new(now, now.plus(Millis::HOUR))?;
//! # let whole = Footprint::open(declared.id(), Measure::Exclusive, window, 1);
//! # let (lane, every) = (Lane::Productivity, Millis(0));
//! # let first = CharterGive { footprint: whole.clone(), root: 0, lane, incarnation: 1, end: until, every, repeats: 0 };
//! # let charter = Charter::new("yard", roots, 1, until, CharterParameters::default(), [7; 32])?.with_gives(vec![first])?;
//! # let entropy = Box::new(ChaCha12Rng::from_seed([3; 32]));
//! # let host = Host { signer: Box::new(root), continuity: Box::new(NoContinuity), entropy };
//! # let mut ledger = Ledger::create(MemoryStore::new(), &charter, vec![Scope::root()], host)?;
//! # ledger.append(lane, &[declared.record(until, Vec::new())?], Clock::new(now, Millis(50)))?;
//! # let clock = Clock::new(now.plus(Millis::SECOND), Millis(50));
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
