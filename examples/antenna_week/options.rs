//! The command line of the week.

use std::path::PathBuf;

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Missions ask for antennas, under three policies: each books alone and all merge; a custodian of each
complex gives on request; the hours are split beforehand and drawn without any contact.

usage: antenna_week [REQUESTS] [options]

  REQUESTS            requests as in SatNet's problems.json; without it, a small week that ships
                      with the project, with its maintenance
  --week NAME         a week of the file, or the beginning of its name; may be repeated (default: all)
  --maintenance CSV   downtime as in SatNet's maintenance.csv: given to maintenance, to nobody else
  --out DIR           also write DIR/antenna_week.html, with a picture of each week
  --json              print one JSON object as the last line";

/// What the command line asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) requests: Option<PathBuf>,
    pub(crate) weeks: Vec<String>,
    pub(crate) maintenance: Option<PathBuf>,
    pub(crate) out: Option<PathBuf>,
    pub(crate) json: bool,
}

impl Options {
    /// Reads the arguments; nothing when help is asked for.
    pub(crate) fn read(mut arguments: impl Iterator<Item = String>) -> Result<Option<Self>, String> {
        let mut options = Self::default();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} lacks its value; see --help"));
            match argument.as_str() {
                "--help" | "-h" => return Ok(None),
                "--json" => options.json = true,
                "--week" => options.weeks.push(value()?),
                "--maintenance" => options.maintenance = Some(PathBuf::from(value()?)),
                "--out" => options.out = Some(PathBuf::from(value()?)),
                other if other.starts_with('-') => return Err(format!("unknown option {other}; see --help")),
                other if options.requests.is_none() => options.requests = Some(PathBuf::from(other)),
                other => return Err(format!("a second file of requests, {other}; pass one at a time")),
            }
        }
        Ok(Some(options))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arguments: &[&str]) -> Result<Option<Options>, String> {
        Options::read(arguments.iter().map(|text| (*text).to_owned()))
    }

    #[test]
    fn every_option_is_read() {
        let all = "r.json --week W10 --week W20_2018 --maintenance m.csv --out o --json";
        let options = check(&all.split(' ').collect::<Vec<_>>()).unwrap().unwrap();
        assert_eq!(options.requests, Some(PathBuf::from("r.json")));
        assert_eq!(options.weeks, ["W10", "W20_2018"]);
        assert_eq!((options.maintenance, options.out), (Some("m.csv".into()), Some("o".into())));
        assert!(options.json);
        assert_eq!(check(&[]), Ok(Some(Options::default())));
    }

    #[test]
    fn bad_arguments_are_told_with_a_remedy() {
        for bad in [&["--week"][..], &["--out"], &["--nonsense"], &["a", "b"], &["--maintenance"]] {
            let told = check(bad).unwrap_err();
            assert!(told.contains("; "), "{told}");
        }
        assert_eq!(check(&["--help"]), Ok(None));
    }
}
