//! The command line of the replay.

use intent_testing::history::{Asked, Format};
use std::path::PathBuf;

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Replays a contact history: every node is a real ledger, every contact a bounded exchange.

usage: replay [HISTORY] [options]

  HISTORY                 a file; without it, the shipped heliocentric history
  --format FORMAT         auto (default), contacts, upb, ion, ptvg, hdtn or one
  --participants N        of a recording (upb): ids 1 to N recorded and are nodes, others are outside devices
  --intents-per-day N     mean intents of a node in a day (default 4)
  --leases-per-day N      mean leases of its region's dock that a node asks for in a day (default 0.25)
  --rate BITS_PER_S       of contacts for which the history states none (default 1000000)
  --seed N                drives everything random (default 1)
  --store memory|DIR      where the ledgers keep their bytes (default memory)
  --out DIR               also write DIR/replay.html
  --json                  print one JSON object as the last line";

/// Where the ledgers keep their bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kept {
    InMemory,
    In(PathBuf),
}

/// What the command line asks for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Options {
    pub(crate) history: Option<PathBuf>,
    pub(crate) asked: Asked,
    pub(crate) intents_per_day: f64,
    pub(crate) leases_per_day: f64,
    pub(crate) rate_bps: u64,
    pub(crate) seed: u64,
    pub(crate) store: Kept,
    pub(crate) out: Option<PathBuf>,
    pub(crate) json: bool,
}

/// More intents than this of one node in a day are a slip of the keyboard.
const INTENTS_PER_DAY_MAX: f64 = 10_000.0;
/// More recorders than this did no study have.
const PARTICIPANTS_MAX: u64 = 100_000;
/// A terabit per second.
const RATE_BPS_MAX: u64 = 1_000_000_000_000;

impl Options {
    /// Reads the arguments; nothing when help is asked for.
    pub(crate) fn read(mut arguments: impl Iterator<Item = String>) -> Result<Option<Self>, String> {
        let mut options = Self {
            history: None,
            asked: Format::Auto.into(),
            intents_per_day: 4.0,
            leases_per_day: 0.25,
            rate_bps: 1_000_000,
            seed: 1,
            store: Kept::InMemory,
            out: None,
            json: false,
        };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} lacks its value; see --help"));
            match argument.as_str() {
                "--help" | "-h" => return Ok(None),
                "--json" => options.json = true,
                "--format" => options.asked.format = crate::format_of(&value()?)?,
                "--participants" => {
                    options.asked.participants = Some(number(&argument, &value()?, 1, PARTICIPANTS_MAX)?);
                }
                "--seed" => options.seed = number(&argument, &value()?, 0, u64::MAX)?,
                "--rate" => options.rate_bps = number(&argument, &value()?, 1, RATE_BPS_MAX)?,
                "--intents-per-day" => options.intents_per_day = a_day(&argument, &value()?)?,
                "--leases-per-day" => options.leases_per_day = a_day(&argument, &value()?)?,
                "--out" => options.out = Some(PathBuf::from(value()?)),
                "--store" => {
                    let text = value()?;
                    options.store = if text == "memory" { Kept::InMemory } else { Kept::In(text.into()) };
                }
                other if other.starts_with('-') => return Err(format!("unknown option {other}; see --help")),
                other if options.history.is_none() => options.history = Some(PathBuf::from(other)),
                other => return Err(format!("a second history, {other}; replay one at a time")),
            }
        }
        Ok(Some(options))
    }
}

fn number(option: &str, text: &str, least: u64, most: u64) -> Result<u64, String> {
    let number = text.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or(format!("{option} {text}: write a whole number from {least} to {most}"))
}

fn a_day(option: &str, text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number| (0.0..=INTENTS_PER_DAY_MAX).contains(number));
    number.ok_or(format!("{option} {text}: write a number from 0 to {INTENTS_PER_DAY_MAX}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arguments: &[&str]) -> Result<Option<Options>, String> {
        Options::read(arguments.iter().map(|text| (*text).to_owned()))
    }

    #[test]
    fn every_option_is_read() {
        let all = "h.csv --format upb --participants 41 --intents-per-day 0.5 --rate 9 --seed 3 --store d --out o --json";
        let options = check(&all.split(' ').collect::<Vec<_>>()).unwrap().unwrap();
        assert_eq!(options.history, Some(PathBuf::from("h.csv")));
        assert_eq!(options.asked, Asked { format: Format::Upb, participants: Some(41) });
        assert_eq!((options.rate_bps, options.seed), (9, 3));
        assert_eq!((options.store, options.json), (Kept::In("d".into()), true));
    }

    #[test]
    fn bad_arguments_are_told_with_a_remedy() {
        for bad in [
            &["--rate", "0"][..],
            &["--rate"],
            &["--intents-per-day", "NaN"],
            &["--leases-per-day", "-1"],
            &["--seed", "-1"],
            &["--participants", "0"],
            &["--format", "xml"],
            &["--nonsense"],
            &["a", "b"],
        ] {
            assert!(check(bad).is_err(), "{bad:?}");
        }
        assert_eq!(check(&["--help"]), Ok(None));
    }
}
