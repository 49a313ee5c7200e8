//! Bytes and meaning of one record of the intent ledger. Pure: no clock, no randomness, no I/O.
//!
//! Invariants of this crate (SPEC.md gives each clause):
//!
//! - **One encoding.** Every accepted byte string is the only accepted encoding of its value, and
//!   the bytes received are the bytes kept, hashed and forwarded `[CBOR-1]`, `[CBOR-8]`.
//! - **Types are witnesses.** A [`Verified`] value exists only after its signature was checked under
//!   a key that passed [`AuthorKey::check`]; there is no flag that says so `[KEY-4]`.
//! - **The frame never changes.** Headers and record frames have a frozen prefix that every version
//!   reads; what follows it is kept as raw bytes `[REC-1]`, `[HDR-1]`.
//! - **Everything is bounded**, and every bound stands in [`bounds`] `[LAW-10]`.
//!
//! The way of the bytes is one way: [`cbor::walk`] judges the raw structure, the typed decoders read
//! known fields and compare their own encoding with the input, [`verify_all`] checks signatures.
//!
//! ```
//! use intent_contracts::{cbor, Reason};
//! assert!(cbor::walk(&[0x82, 0x01, 0x02]).is_ok());
//! // 1 written in two bytes is a second encoding of the same value.
//! assert_eq!(cbor::walk(&[0x18, 0x01]).unwrap_err().reason, Reason::NotShortest);
//! ```

pub mod bounds;
pub mod cbor;
mod charter;
mod citation;
mod entry;
mod evidence;
mod fork;
mod header;
mod ids;
mod key;
pub mod kinds;
mod notice;
#[doc(hidden)]
pub mod planted;
mod record;
mod refusal;
mod scope;
mod sign;
mod space;
mod time;
mod verify;

pub use charter::{Charter, CharterError, CharterGive, CharterParameters, CharterRoot, FirstRight};
pub use citation::Citation;
pub use entry::SignedEntry;
pub use evidence::Evidence;
pub use fork::{ForkBranch, ForkProof, UncheckedFork};
pub use header::{Authored, Header, Lane};
pub use ids::{Digest, EntryId, LedgerId, LogId, LogKey, NoticeId, RecordId, ResourceId};
pub use key::{AuthorKey, CheckedKey, KeyRing, Signature};
pub use notice::{Notice, NoticeHeader, SignedNotice};
pub use record::{Effect, Record};
pub use refusal::{Reason, Refusal};
pub use scope::{Label, ResourcePath, Scope};
pub use sign::{SecretKey, Signer, SignerFault};
pub use space::{BoxSpan, Footprint, IntBox, Measure, Window};
pub use time::{Clock, ClockError, Millis, Tai};
pub use verify::{Item, Verified, VerifiedItem, verify_all, verify_evidence, verify_one};
