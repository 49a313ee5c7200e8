//! A host's loop: open, absorb, ask "may I?" ten times a second, act; and what a crash and a restored backup
//! leave of a machine's rights.
//!
//! `cargo run --release --example node_loop` tells the story in a few seconds, with real processes that are
//! killed; `-- --help` tells how to run a node and its custodian by themselves. Exit code 1 when the story did
//! not go as it must, 2 on bad input.

#![expect(clippy::print_stdout, reason = "an example speaks on stdout")]

mod custodian;
mod mailbox;
mod node;
mod place;
mod story;

use place::{NodeError, Place};
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

const HELP: &str = "\
A node that asks its ledger before each act, ten times a second.

usage: node_loop                        tells the story in a folder of its own
       node_loop DIR [options]          runs the node in DIR, which is founded when it is empty or missing
       node_loop DIR --custodian        runs the custodian, who gives what is asked for and fits

  --acts N            release the lease and stop after N acts (default: go on until the lease is over)
  --seconds N         stop after so long, whatever was done
  --clock-ahead MS    let the node's clock read so much later: for stories alone
  --json              print one JSON object for each event

DIR holds charter.cbor, and for node and custodian each a folder with its key, its store, its witness and an
inbox; bundles that are put there from elsewhere are absorbed as well.";

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("node_loop: {error}");
            ExitCode::from(if matches!(error, NodeError::Story { .. }) { 1 } else { 2 })
        }
    }
}

/// What the command line asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) directory: Option<PathBuf>,
    pub(crate) custodian: bool,
    pub(crate) acts: Option<u64>,
    pub(crate) seconds: Option<u64>,
    pub(crate) clock_ahead_ms: u64,
    pub(crate) json: bool,
}

/// Ten years: a clock farther ahead is a slip of the keyboard.
const CLOCK_AHEAD_MS_MAX: u64 = 10 * 366 * 86_400_000;

impl Options {
    /// Reads the arguments; nothing when help is asked for.
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Option<Self>, NodeError> {
        let mut options = Self::default();
        while let Some(argument) = arguments.next() {
            let mut number = |most: u64| {
                let text = arguments.next().unwrap_or_default();
                let found = text.parse().ok().filter(|number| *number <= most);
                found.ok_or_else(|| NodeError::Usage {
                    what: format!("{argument} {text}: write a whole number from 0 to {most}"),
                })
            };
            match argument.as_str() {
                "--help" | "-h" => return Ok(None),
                "--json" => options.json = true,
                "--custodian" => options.custodian = true,
                "--acts" => options.acts = Some(number(1_000_000)?),
                "--seconds" => options.seconds = Some(number(1_000_000)?),
                "--clock-ahead" => options.clock_ahead_ms = number(CLOCK_AHEAD_MS_MAX)?,
                other if !other.starts_with('-') && options.directory.is_none() => {
                    options.directory = Some(other.into());
                }
                other => {
                    return Err(NodeError::Usage { what: format!("what is {other}? see --help") });
                }
            }
        }
        Ok(Some(options))
    }
}

fn run(arguments: impl Iterator<Item = String>) -> Result<(), NodeError> {
    let Some(options) = Options::read(arguments)? else {
        println!("{HELP}");
        return Ok(());
    };
    let mut teller = Teller { json: options.json };
    match &options.directory {
        None => story::tell(&mut teller).map(drop),
        Some(directory) => {
            let place = Place::at(directory, options.clock_ahead_ms)?;
            if options.custodian {
                custodian::serve(&place, &options, &mut teller)
            } else {
                node::live(&place, &options, &mut teller)
            }
        }
    }
}

/// Prints what happens, for people or as JSON.
pub(crate) struct Teller {
    pub(crate) json: bool,
}

impl Teller {
    /// One event: its name, a sentence, and facts for programs.
    pub(crate) fn tell(&mut self, event: &str, sentence: &str, facts: &Value) {
        let line = if self.json {
            json!({ "event": event, "says": sentence, "facts": facts }).to_string()
        } else {
            format!("{event:>10}  {sentence}")
        };
        println!("{line}");
        // Who reads through a pipe reads each event when it happens; a reader that is gone misses nothing.
        let _ = std::io::stdout().flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use intent_ledger::{Holder, LedgerError, RedbStore, StoreError};

    /// Not a test by itself: the life of a child of the story, until it is killed.
    #[test]
    fn life_of_the_node() {
        let Some(arguments) = std::env::var_os(story::CHILD) else { return };
        let arguments = arguments.into_string().unwrap();
        run(arguments.split('\n').map(str::to_owned)).unwrap();
    }

    #[test]
    fn the_story_is_told_to_its_end() {
        let told = story::tell(&mut Teller { json: false }).unwrap();
        assert!(told.first_acts >= 5, "it is given a lease and acts");
        assert!(told.acts_after_kill >= 5, "killed and reopened with its witness, it acts on");
        assert_eq!(told.claim, told.claim_after_kill, "under the same claim");
        assert_eq!(told.log, told.log_after_kill, "in the same log");
        assert_eq!(told.acts_after_restore, 0, "a restored backup has no rights");
        assert_eq!(told.refusal_clause, "ACT-1");
        assert_ne!(told.log, told.log_after_restore, "it writes to a log of a new incarnation");
        assert_eq!(told.custodian_clause, "ORDER-2", "what the lost log holds is not given again");
        assert!(told.new_start > told.old_end, "the new lease begins when the old one is over");
        assert!(told.last_acts >= 5, "under its new lease it acts");
        assert!(told.taken_back, "its release proves that the lease is back");
        assert_eq!(told.forked_logs, 0, "nobody forked a log");
    }

    fn options(directory: &std::path::Path) -> Options {
        Options { directory: Some(directory.to_owned()), seconds: Some(0), ..Options::default() }
    }

    fn live(directory: &std::path::Path) -> Result<(), NodeError> {
        let place = Place::at(directory, 0)?;
        node::live(&place, &options(directory), &mut Teller { json: true })
    }

    #[test]
    fn a_directory_that_cannot_be_used_is_a_typed_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a-file");
        std::fs::write(&file, "no folder").unwrap();
        assert!(matches!(live(&file), Err(NodeError::Directory { .. })));
        assert!(matches!(live(folder.path()), Err(NodeError::Directory { .. })), "it holds something else");
    }

    #[test]
    fn a_busy_store_is_a_typed_error() {
        let folder = tempfile::tempdir().unwrap();
        let directory = folder.path().join("world");
        live(&directory).unwrap();
        let place = Place::at(&directory, 0).unwrap();
        let held = RedbStore::open(&place.store(place::NODE)).unwrap();
        let error = live(&directory).unwrap_err();
        assert!(matches!(&error, NodeError::Busy { .. }), "{error}");
        drop(held);
        live(&directory).unwrap();
    }

    #[test]
    fn a_store_of_another_charter_is_a_typed_error() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (folder.path().join("one"), folder.path().join("other"));
        live(&one).unwrap();
        live(&other).unwrap();
        std::fs::copy(other.join("charter.cbor"), one.join("charter.cbor")).unwrap();
        let error = live(&one).unwrap_err();
        assert!(matches!(&error, NodeError::Ledger(LedgerError::WrongCharter { .. })), "{error}");
        std::fs::write(one.join("charter.cbor"), b"no charter").unwrap();
        assert!(matches!(live(&one), Err(NodeError::Charter { .. })));
    }

    #[test]
    fn bad_arguments_are_told_with_a_remedy() {
        for bad in [&["--acts"][..], &["--acts", "-1"], &["--nonsense"], &["a", "b"], &["--clock-ahead", "x"]]
        {
            let read = Options::read(bad.iter().map(|text| (*text).to_owned()));
            assert!(matches!(read, Err(NodeError::Usage { .. })), "{bad:?}");
        }
        assert!(Options::read(["--help".to_owned()].into_iter()).unwrap().is_none());
    }

    #[test]
    fn errors_of_a_store_that_is_gone_are_told() {
        let locked = StoreError::Locked { path: "x".to_owned(), holder: Holder::AnotherProcess };
        let error = NodeError::from(LedgerError::Store(locked));
        assert!(matches!(error, NodeError::Busy { .. }));
    }
}
