//! The narrow synchronous trait behind which a replica keeps its bytes `[STORE-1]`.
//!
//! - A store is one ordered map from byte strings to byte strings.
//! - A commit is atomic and durable when it returns.
//! - A view is a consistent snapshot that neither blocks a commit nor sees one.

mod memory;
mod redb;
pub(crate) mod rows;
mod sealed;

pub use self::memory::{MemoryStore, MemoryView};
pub use self::redb::{RedbStore, RedbView};

use std::fmt;

/// One change of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Sets the value at a key.
    Put(Vec<u8>, Vec<u8>),
    /// Removes a key.
    Delete(Vec<u8>),
}

/// Who has a store open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// Another handle of this process.
    ThisProcess,
    /// Another process.
    AnotherProcess,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ThisProcess => "this process already; use that handle, or drop it first",
            Self::AnotherProcess => "another process; stop that one or name another store",
        })
    }
}

/// What a compaction made of a file, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compaction {
    /// Its length before.
    pub before: u64,
    /// Its length now.
    pub after: u64,
}

/// Why a store could not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A process has it open `[STORE-4]`.
    #[error("{path} is open in {holder}")]
    Locked {
        /// The file.
        path: String,
        /// Whose handle it is.
        holder: Holder,
    },
    /// The process that wrote it was stopped, and whoever only looks may not mend that `[STORE-14]`.
    #[error("{path} was not closed when its process stopped; open it once for writing, then look again")]
    Unclosed {
        /// The file.
        path: String,
    },
    /// A view of this store is alive, so that it cannot be compacted `[STORE-13]`.
    #[error("readers of the store are open; drop them, then compact it again")]
    InUse,
    /// There is no room.
    #[error(
        "no room on the device of the store; free some and open the store again, nothing acknowledged is lost"
    )]
    Full,
    /// There is nothing at this path, or nothing that can be read.
    #[error("{path} cannot be opened: {what}; name the file of a store, or create one")]
    Unreachable {
        /// The file.
        path: String,
        /// What the system said.
        what: String,
    },
    /// The file is not a store of this library, or its structure is broken.
    #[error("the store is damaged or foreign: {what}; restore it or create a new one and let peers fill it")]
    Damaged {
        /// Where and how.
        what: String,
    },
    /// The device failed.
    #[error("the store's device failed: {what}; check it and open the store again")]
    Device {
        /// What the system said.
        what: String,
    },
}

/// An ordered map from bytes to bytes with atomic, durable commits.
pub trait Store: Send {
    /// A consistent snapshot.
    type View: View;

    /// Applies all of `writes` or, when it fails, none; durable when it returns `[ASM-6]`.
    ///
    /// # Errors
    /// [`StoreError`]; the caller must not go on with this handle.
    fn commit(&mut self, writes: Vec<Write>) -> Result<(), StoreError>;

    /// A snapshot of what is committed.
    ///
    /// # Errors
    /// [`StoreError`].
    fn view(&self) -> Result<Self::View, StoreError>;
}

/// The rows of a range: keys and values, or the fault that ended the reading.
pub type Rows<'a> = Box<dyn Iterator<Item = Result<(Vec<u8>, Vec<u8>), StoreError>> + 'a>;

/// A consistent snapshot of a store, usable from another thread while the store commits.
pub trait View: Send + Sync {
    /// The value at `key`.
    ///
    /// # Errors
    /// [`StoreError`].
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// The rows whose key starts with `prefix` and is at least `from`, in key order.
    ///
    /// # Errors
    /// [`StoreError`].
    fn rows_from(&self, prefix: &[u8], from: &[u8]) -> Result<Rows<'_>, StoreError>;
}
