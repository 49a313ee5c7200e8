//! Proof that a store is the one that was last written, not an older copy of it `[INC-1]`.
//!
//! - Every commit of own entries raises the store's generation by one.
//! - The host records the generation on media that no snapshot of the store restores, before anything
//!   of that commit can leave.
//! - Opening compares the two `[INC-2]`; without proof the ledger never adds to an old log.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// How often own entries were committed to a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Generation(pub u64);

/// The host's record could not be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the continuity record failed: {what}; mend it, then open the ledger again")]
pub struct ContinuityFault {
    /// What the host said.
    pub what: String,
}

/// The host's record of the generation: a monotonic counter, or a file apart from the store.
pub trait Continuity: Send {
    /// What is recorded; `None` when there is no record, or none that can be trusted.
    ///
    /// # Errors
    /// [`ContinuityFault`] when the record cannot be reached now.
    fn recorded(&mut self) -> Result<Option<Generation>, ContinuityFault>;

    /// Records `generation`; durable when it returns.
    ///
    /// # Errors
    /// [`ContinuityFault`] when it was not recorded.
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
/// The file holds the generation and its checksum; it is replaced by renaming, so a stop in the middle
/// leaves the old one.
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
        ContinuityFault { what: format!("{}: {error}", self.path.display()) }
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
        self.replace(&line(generation)).map_err(|error| self.fault(&error))
    }
}

fn line(generation: Generation) -> String {
    let sum = blake3::hash(&generation.0.to_be_bytes());
    format!("{} {}\n", generation.0, sum.to_hex())
}

/// A record that does not check is no record.
fn parse(text: &str) -> Option<Generation> {
    let generation = Generation(text.split(' ').next()?.parse().ok()?);
    (line(generation) == text).then_some(generation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_record_is_no_record() {
        let text = line(Generation(7));
        assert_eq!(parse(&text), Some(Generation(7)));
        assert_eq!(parse(&text.replace('7', "8")), None);
        assert_eq!(parse(""), None);
    }
}
