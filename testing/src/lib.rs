//! Generators, models, histories and fuzz bodies of the intent ledger. Not published.
//!
//! - What is compared with the ledger shares no code with it.
//! - Everything random comes from a seed that the caller passes.

pub mod broken;
pub mod fleet;
pub mod fuzz;
pub mod history;
pub mod laws;
pub mod model;
pub mod oracle;
pub mod replay;
pub mod stories;
pub mod subject;
pub mod twins;
pub mod world;
