//! Proof that a store is the one that was last written, not another copy of it `[INC-1]`.
//!
//! - Every commit of own entries raises the store's generation by one, under a fresh random nonce.
//! - The host records the generation on media that no snapshot of the store restores `[ASM-4]`, before
//!   anything of that commit can leave.
//! - Opening compares the two, nonce and all `[INC-2]`: two copies that went on from one snapshot count
//!   alike, but never draw alike. Without proof the ledger never adds to an old log.

use intent_contracts::planted;
use serde_bytes::ByteArray;
use serde_tuple::{Deserialize_tuple, Serialize_tuple};
use std::fmt;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// One commit of own entries: how many there were before it, and what tells it from that of another copy.
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

    /// How often own entries were committed.
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

/// The generation of a store and the one before it: a store that was stopped between commit and record is
/// proven by the latter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize_tuple, Deserialize_tuple)]
pub(crate) struct Marks {
    pub(crate) current: Generation,
    pub(crate) previous: Generation,
}

impl Marks {
    /// The marks after one more commit, whose count lies above that of `recorded` too.
    pub(crate) fn next(self, recorded: Option<Generation>, nonce: [u8; 16]) -> Self {
        if planted::on("do not raise the generation") {
            return self;
        }
        let count = recorded.map_or(0, |recorded| recorded.count).max(self.current.count);
        Self { current: Generation::new(count.saturating_add(1), nonce), previous: self.current }
    }

    /// Whether what the host recorded proves that no other copy has written since `[INC-2]`.
    pub(crate) fn proven_by(&self, recorded: Generation) -> bool {
        recorded == self.current
            || recorded == self.previous
            || planted::on("reuse a sequence number after restore")
    }
}

/// The host's record could not be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContinuityFault {
    /// The record cannot be reached.
    #[error("the continuity record failed: {what}; mend it, then open the ledger again")]
    Unreachable {
        /// What the host said.
        what: String,
    },
    /// The record stands at a generation that this store has not seen.
    #[error(
        "the continuity record stands at {recorded} and cannot go to {given}: another copy of this store has \
         written since; stop that copy, then open this store again to start a new incarnation"
    )]
    Overtaken {
        /// What is recorded.
        recorded: Generation,
        /// What was to be recorded.
        given: Generation,
    },
}

/// The host's record of the generation, apart from the store: a file, or cells of a device.
///
/// A counter alone is not enough: two copies of one store count alike `[INC-2]`.
pub trait Continuity: Send {
    /// What is recorded; `None` when there is no record, or none that can be trusted.
    ///
    /// # Errors
    /// [`ContinuityFault`] when the record cannot be reached now.
    fn recorded(&mut self) -> Result<Option<Generation>, ContinuityFault>;

    /// Records `generation`; durable when it returns.
    ///
    /// # Errors
    /// [`ContinuityFault`] when it was not recorded. A record should refuse a count that does not rise,
    /// unless it is the generation recorded already.
    fn record(&mut self, generation: Generation) -> Result<(), ContinuityFault>;
}

/// No record: every opening starts a new incarnation.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoContinuity;

impl Continuity for NoContinuity {
    fn recorded(&mut self) -> Result<Option<Generation>, ContinuityFault> {
        Ok(None)
    }

    fn record(&mut self, _generation: Generation) -> Result<(), ContinuityFault> {
        Ok(())
    }
}

/// A record in a file of its own, which must lie outside whatever restores the store.
///
/// - The file holds the generation and its checksum; it is replaced by renaming, so a stop in the middle
///   leaves the old one.
/// - It never goes back: a count that does not rise is refused, unless it is the same generation again.
///   So of two copies that run side by side only one goes on.
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

    fn replace(&self, text: &str) -> std::io::Result<()> {
        // Added to the whole name: another record in the directory must not share the fresh file.
        let mut fresh = self.path.clone().into_os_string();
        fresh.push(".fresh");
        let mut file = File::create(&fresh)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&fresh, &self.path)?;
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

    fn record(&mut self, generation: Generation) -> Result<(), ContinuityFault> {
        match self.recorded()? {
            Some(recorded) if recorded == generation => return Ok(()),
            Some(recorded) if recorded.count >= generation.count => {
                return Err(ContinuityFault::Overtaken { recorded, given: generation });
            }
            _ => {}
        }
        self.replace(&line(generation)).map_err(|error| self.fault(&error))
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
