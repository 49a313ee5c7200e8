//! Proof that a store is the one that was last written, not another copy of it `[INC-1]`.
//!
//! - Every commit of own entries, and every opening, draws a generation: a count and a fresh random nonce.
//! - The host records the generation on media that no snapshot of the store restores `[ASM-4]`, before
//!   anything of that commit can leave `[INC-3]`.
//! - Recording compares and sets: it names what must be recorded so far. So of several copies of one store
//!   only one goes on.
//! - Opening compares the two, nonce and all `[INC-2]`: two copies that went on from one snapshot count
//!   alike, but never draw alike. Without proof the ledger never adds to an old log.

use intent_contracts::{EntryId, LogId, planted};
use serde_bytes::ByteArray;
use serde_tuple::{Deserialize_tuple, Serialize_tuple};
use std::fmt;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// One commit of own entries or one opening: how many there were before it, and what tells it from that of another copy.
///
/// ```
/// use intent_ledger::Generation;
/// let (one, other) = (Generation::new(6, [1; 16]), Generation::new(6, [2; 16]));
/// assert_ne!(one, other, "equal counts do not make equal generations");
/// assert_eq!(one.to_string(), "6-01010101010101010101010101010101");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize_tuple, Deserialize_tuple)]
pub struct Generation {
    count: u64,
    nonce: ByteArray<16>,
}

impl Generation {
    /// The generation with this count and nonce, as a host has recorded them.
    #[must_use]
    pub const fn new(count: u64, nonce: [u8; 16]) -> Self {
        Self { count, nonce: ByteArray::new(nonce) }
    }

    /// How often a generation was drawn.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// What was drawn for this commit.
    #[must_use]
    pub fn nonce(&self) -> [u8; 16] {
        self.nonce.into_array()
    }
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-", self.count)?;
        self.nonce().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The own entry of a commit that no record confirms yet `[INC-6]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub(crate) struct Tail {
    pub(crate) log: LogId,
    pub(crate) slot: u64,
    /// The id in the slot below; at slot 1 the entry of the enrolment.
    pub(crate) below: EntryId,
}

/// What a store keeps of its continuity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize_tuple, Deserialize_tuple)]
pub(crate) struct Marks {
    pub(crate) current: Generation,
    /// What the host had recorded when the current one was committed: a store that was stopped between commit
    /// and record is proven by it. The current one again where nothing else may prove it.
    pub(crate) previous: Generation,
    /// What the last own commit wrote, as long as no record is known to confirm it.
    pub(crate) tail: Option<Tail>,
    /// Whether nothing but this store is known to have been founded under its key `[INC-5]`.
    pub(crate) sole: bool,
    /// Whether the host is known to have recorded this store at all.
    pub(crate) recorded: bool,
}

impl Marks {
    /// A generation that is new to this store and to the host.
    pub(crate) fn fresh(&self, recorded: Option<Generation>, nonce: [u8; 16]) -> Generation {
        if planted::on("do not raise the generation") {
            return self.current;
        }
        let count = recorded.map_or(0, |recorded| recorded.count).max(self.current.count);
        Generation::new(count.saturating_add(1), nonce)
    }

    /// Whether what the host recorded proves that no other copy has written since `[INC-2]`.
    pub(crate) fn proven_by(&self, recorded: Generation) -> bool {
        recorded == self.current
            || recorded == self.previous
            || planted::on("reuse a sequence number after restore")
    }
}

/// The host's record could not be read or written, or does not name this store.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContinuityFault {
    /// The record cannot be reached.
    #[error(
        "the continuity record cannot be reached: {what}; own entries and Go wait until it answers, reading and \
         absorbing go on"
    )]
    Unreachable {
        /// What the host said.
        what: String,
    },
    /// The record names a generation that this store did not draw last.
    #[error(
        "the continuity record names {recorded}, this store is at {given}: another copy of it has gone on; stop one \
         of the two, wait until every Go of the stopped one has run out, then start a new incarnation here or open \
         this store again"
    )]
    Overtaken {
        /// What is recorded.
        recorded: Generation,
        /// Where this store is.
        given: Generation,
    },
    /// The record is empty or damaged, though this store was recorded.
    #[error(
        "the continuity record is gone, this store is at {given}: nothing shows that no other copy went on; make \
         sure that none runs, then start a new incarnation here or open this store again"
    )]
    Gone {
        /// Where this store is.
        given: Generation,
    },
}

impl ContinuityFault {
    /// What is wrong when `recorded` is found where `given` should be.
    #[must_use]
    pub fn found(recorded: Option<Generation>, given: Generation) -> Self {
        match recorded {
            Some(recorded) => Self::Overtaken { recorded, given },
            None => Self::Gone { given },
        }
    }
}

/// The host's record of the generation, apart from the store: a file, or cells of a device.
///
/// - A counter alone is not enough: two copies of one store count alike `[INC-2]`.
/// - Reads and records of all copies of a store must have one order: what was recorded is what each later read
///   finds, whoever reads.
pub trait Continuity: Send {
    /// Whether anything is recorded at all. A host that says no continues no log of an earlier opening
    /// `[INC-6]`, and is asked nothing.
    fn keeps(&self) -> bool {
        true
    }

    /// What is recorded; `None` when there is no record, or none that can be trusted.
    ///
    /// # Errors
    /// [`ContinuityFault::Unreachable`] when the record cannot be read now.
    fn recorded(&mut self) -> Result<Option<Generation>, ContinuityFault>;

    /// Records `new` if `expected` is what is recorded until then, as one step that nobody else comes between;
    /// durable when it returns. `new` being recorded already is no fault.
    ///
    /// # Errors
    /// [`ContinuityFault::found`] when something else is recorded; [`ContinuityFault::Unreachable`] when nobody
    /// knows whether it was recorded: the ledger reads again before it goes on.
    fn record(&mut self, expected: Option<Generation>, new: Generation) -> Result<(), ContinuityFault>;
}

/// No record: every opening starts a new incarnation.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoContinuity;

impl Continuity for NoContinuity {
    fn keeps(&self) -> bool {
        false
    }

    fn recorded(&mut self) -> Result<Option<Generation>, ContinuityFault> {
        Ok(None)
    }

    fn record(&mut self, _expected: Option<Generation>, _new: Generation) -> Result<(), ContinuityFault> {
        Ok(())
    }
}

/// A record in a file of its own, which must lie outside whatever restores the store.
///
/// - The file holds the generation and its checksum; it is replaced by renaming, so a stop in the middle
///   leaves the old one.
/// - Reading, comparing and renaming happen under a lock of the file with `.lock` added, which the system gives
///   to one process at a time and takes back when that ends. So of the copies that share the file only one
///   goes on.
/// - It cannot help where a snapshot brings the file back with the store `[ASM-4]`, where two machines have a file
///   each, on network file systems that do not lock across machines, and on devices that lose what they said was
///   written.
#[derive(Debug, Clone)]
pub struct WitnessFile {
    path: PathBuf,
}

impl WitnessFile {
    /// The record in the file at `path`, which need not exist yet.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    fn fault(&self, error: &std::io::Error) -> ContinuityFault {
        ContinuityFault::Unreachable { what: format!("{}: {error}", self.path.display()) }
    }

    /// The path with something added to the whole name: another record in the folder must not share the file.
    fn beside(&self, added: &str) -> PathBuf {
        let mut path = self.path.clone().into_os_string();
        path.push(added);
        PathBuf::from(path)
    }

    /// Holds the lock as long as the file is not dropped.
    fn lock(&self) -> std::io::Result<File> {
        let file = File::options().create(true).truncate(false).write(true).open(self.beside(".lock"))?;
        file.lock()?;
        Ok(file)
    }

    fn replace(&self, text: &str) -> std::io::Result<()> {
        let fresh = self.beside(".fresh");
        let mut file = File::create(&fresh)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&fresh, &self.path)?;
        self.sync_folder()
    }

    fn sync_folder(&self) -> std::io::Result<()> {
        match self.path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => File::open(parent)?.sync_all(),
            _ => File::open(".")?.sync_all(),
        }
    }
}

impl Continuity for WitnessFile {
    fn recorded(&mut self) -> Result<Option<Generation>, ContinuityFault> {
        match fs::read_to_string(&self.path) {
            Ok(text) => Ok(parse(&text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => Ok(None),
            Err(error) => Err(self.fault(&error)),
        }
    }

    fn record(&mut self, expected: Option<Generation>, new: Generation) -> Result<(), ContinuityFault> {
        let _held = self.lock().map_err(|error| self.fault(&error))?;
        let recorded = self.recorded()?;
        if recorded == Some(new) {
            // It may have been renamed without the folder having been written.
            return self.sync_folder().map_err(|error| self.fault(&error));
        }
        if recorded != expected {
            return Err(ContinuityFault::found(recorded, new));
        }
        self.replace(&line(new)).map_err(|error| self.fault(&error))
    }
}

fn line(generation: Generation) -> String {
    let told = generation.to_string();
    let sum = blake3::hash(told.as_bytes());
    format!("{told} {}\n", sum.to_hex())
}

/// A record that does not check is no record.
fn parse(text: &str) -> Option<Generation> {
    let (count, nonce) = text.split(' ').next()?.split_once('-')?;
    let nonce = u128::from_str_radix(nonce, 16).ok()?.to_be_bytes();
    let generation = Generation::new(count.parse().ok()?, nonce);
    (line(generation) == text).then_some(generation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_record_is_no_record() {
        let generation = Generation::new(7, [9; 16]);
        let text = line(generation);
        assert_eq!(parse(&text), Some(generation));
        assert_eq!(parse(&text.replacen('7', "8", 1)), None);
        assert_eq!(parse(&text.replacen("-09", "-08", 1)), None);
        assert_eq!(parse(""), None);
    }
}
