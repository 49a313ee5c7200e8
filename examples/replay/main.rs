//! Replays a recorded contact history: every node a real ledger, every contact a bounded exchange.
//!
//! `cargo run --release --example replay -- --help` tells the options. Exit code 1 when a node does not
//! hold what was predicted, 2 on bad input.

#![expect(clippy::print_stdout, reason = "an example speaks on stdout")]

mod options;
mod report;

use intent_ledger::{Continuity, MemoryStore, NoContinuity, RedbStore, StoreError, WitnessFile};
use intent_testing::history::{self, Direction, Format, History};
use intent_testing::replay::{self, Outcome, Plan};
use options::{Kept, Options};
use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

const DAY_MS: f64 = 86_400_000.0;

fn main() -> ExitCode {
    let options = match Options::read(std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            println!("{}", options::HELP);
            return ExitCode::SUCCESS;
        }
        Err(what) => return bad_input(&what),
    };
    let history = match &options.history {
        Some(path) => match History::read(path, options.asked) {
            Ok(history) => history,
            Err(error) => return bad_input(&error.to_string()),
        },
        None => history::shipped(),
    };
    // A report that cannot be written is told before the run, not after it.
    if let Some(directory) = &options.out
        && let Err(what) = writable(directory)
    {
        return bad_input(&what);
    }
    let started = now();
    let outcome = match run(&history, &options) {
        Ok(outcome) => outcome,
        Err(what) => return bad_input(&what),
    };
    let wall_s = started.elapsed().as_secs_f64();
    if let Some(directory) = &options.out
        && let Err(what) = write_report(directory, &history, &options, &outcome, wall_s)
    {
        return bad_input(&what);
    }
    summary(&history, &outcome, wall_s);
    if options.json {
        println!("{}", json(&history, &outcome, wall_s));
    }
    if sound(&outcome) { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a host may look at the clock: this measures the replay itself"
)]
fn now() -> Instant {
    Instant::now()
}

fn bad_input(what: &str) -> ExitCode {
    eprintln!("replay: {what}");
    ExitCode::from(2)
}

fn sound(outcome: &Outcome) -> bool {
    verdicts(outcome).iter().all(|(_, held)| *held)
}

fn run(history: &History, options: &Options) -> Result<Outcome, String> {
    let plan = Plan {
        intents_per_day: options.intents_per_day,
        leases_per_day: options.leases_per_day,
        rate_bps: options.rate_bps,
        seed: options.seed,
        ..Plan::default()
    };
    let terminal = std::io::stderr().is_terminal();
    let mut progress = |done: u64, all: u64| {
        if terminal {
            eprint!("\rreplaying: {:3} %", done * 100 / all.max(1));
            // A lost progress line is no loss.
            let _ = std::io::stderr().flush();
        }
    };
    let outcome = match &options.store {
        Kept::InMemory => {
            let mut store = |_| Ok((MemoryStore::new(), Box::new(NoContinuity) as Box<dyn Continuity>));
            replay::run(history, &plan, &mut store, &mut progress)
        }
        Kept::In(directory) => {
            std::fs::create_dir_all(directory).map_err(|error| {
                format!("{}: {error}; name a folder that can be written", directory.display())
            })?;
            let mut store = |node: usize| durable(directory, node);
            replay::run(history, &plan, &mut store, &mut progress)
        }
    };
    if terminal {
        eprintln!();
    }
    outcome.map_err(|error| error.to_string())
}

fn durable(directory: &Path, node: usize) -> Result<(RedbStore, Box<dyn Continuity>), StoreError> {
    let store = RedbStore::create(&directory.join(format!("node-{node}.redb")))?;
    let witness = WitnessFile::at(&directory.join(format!("node-{node}.witness")));
    Ok((store, Box::new(witness)))
}

fn days(ms: u64) -> f64 {
    ms as f64 / DAY_MS
}

fn summary(history: &History, outcome: &Outcome, wall_s: f64) {
    println!("{} ({})", history.name, history.format);
    history.notes.iter().for_each(|note| println!("  note: {note}"));
    facts(history, outcome, wall_s).iter().for_each(|(label, value)| println!("  {label:<30} {value}"));
    for (statement, held) in verdicts(outcome) {
        println!("  [{}] {statement}", if held { "ok" } else { "FAILED" });
    }
    if let Some(difference) = &outcome.first_difference {
        println!("  first difference: {difference}");
    }
}

fn facts(history: &History, outcome: &Outcome, wall_s: f64) -> Vec<(String, String)> {
    let fact = |label: &str, value: String| (label.to_owned(), value);
    let leases = &outcome.leases;
    vec![
        fact("nodes, in groups", format!("{}, {}", history.nodes.len(), outcome.groups)),
        fact("contacts", history.contacts.len().to_string()),
        fact("span", format!("{:.1} days", days(history.span_ms()))),
        fact("longest silence of a node", format!("{:.2} days", days(outcome.longest_silence_ms))),
        fact("greatest information age", format!("{:.2} days", days(outcome.max_information_age_ms))),
        fact("entries written", outcome.entries.to_string()),
        fact("entries forgotten at horizons", outcome.forgotten.to_string()),
        fact("bytes sent", outcome.bytes_sent.to_string()),
        fact("bundle bytes per entry", format!("{:.1}", outcome.bytes_per_entry)),
        fact("held at the end, of its group", format!("{:.2} %", 100.0 * outcome.reached_fraction)),
        fact("refused, of these lapsed", format!("{}, {}", outcome.refused, outcome.lapsed)),
        fact("alarms of epoch digests", outcome.alarms.to_string()),
        fact("custodians", leases.custodians.to_string()),
        fact("leases asked, given, declined", counts(&[leases.claims, leases.gives, leases.declined])),
        fact("released early, taken back", counts(&[leases.releases, leases.reclaims])),
        fact("taken back on the bare word", leases.bare_reclaims.to_string()),
        fact("refused before writing", leases.refused.to_string()),
        fact("permitted, occupied, at risk", counts(&[leases.permitted, leases.occupied, leases.at_risk])),
        fact("overlaps of two who may act", leases.overlaps.to_string()),
        fact("exceptions at the end", exceptions(&leases.exceptions)),
        fact("wall time", format!("{wall_s:.1} s")),
    ]
}

fn counts(numbers: &[u64]) -> String {
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")
}

fn exceptions(by_kind: &BTreeMap<&'static str, u64>) -> String {
    let told: Vec<String> = by_kind.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    if told.is_empty() { "none".to_owned() } else { told.join(", ") }
}

fn verdicts(outcome: &Outcome) -> Vec<(String, bool)> {
    let one_state = outcome.distinct_states <= 1;
    vec![
        ("every node held what was predicted, contact by contact".to_owned(), outcome.predicted_equal),
        ("no epoch digest sounded a false alarm".to_owned(), outcome.alarms == 0 || outcome.lapsed > 0),
        ("after settling every group has one state".to_owned(), one_state),
        ("no instant had two who may act on one dock".to_owned(), outcome.leases.overlaps == 0),
        ("after settling every node equals the model, entry for entry".to_owned(), outcome.matches_model),
    ]
}

fn json(history: &History, outcome: &Outcome, wall_s: f64) -> serde_json::Value {
    let leases = &outcome.leases;
    serde_json::json!({
        "nodes": history.nodes.len(),
        "groups": outcome.groups,
        "contacts": history.contacts.len(),
        "days": days(history.span_ms()),
        "longest_silence_days": days(outcome.longest_silence_ms),
        "max_information_age_days": days(outcome.max_information_age_ms),
        "entries": outcome.entries,
        "forgotten": outcome.forgotten,
        "bytes_sent": outcome.bytes_sent,
        "bytes_per_entry": outcome.bytes_per_entry,
        "reached_fraction": outcome.reached_fraction,
        "refused": outcome.refused,
        "lapsed": outcome.lapsed,
        "alarms": outcome.alarms,
        "predicted_equal": outcome.predicted_equal,
        "custodians": leases.custodians,
        "claims": leases.claims,
        "gives": leases.gives,
        "declined": leases.declined,
        "releases": leases.releases,
        "reclaims": leases.reclaims,
        "bare_reclaims": leases.bare_reclaims,
        "refused_before_writing": leases.refused,
        "permitted": leases.permitted,
        "occupied": leases.occupied,
        "at_risk": leases.at_risk,
        "overlaps": leases.overlaps,
        "exceptions": leases.exceptions,
        "distinct_states": outcome.distinct_states,
        "matches_model": outcome.matches_model,
        "wall_s": wall_s,
    })
}

/// Where the report of this folder goes.
fn report_in(directory: &Path) -> PathBuf {
    directory.join("replay.html")
}

fn not_writable(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}; name a folder that can be written", path.display())
}

/// Makes the folder, and opens the report in it without changing one that stands there.
fn writable(directory: &Path) -> Result<(), String> {
    let path = report_in(directory);
    let open = || std::fs::OpenOptions::new().create(true).append(true).open(&path);
    let opened = std::fs::create_dir_all(directory).and_then(|()| open());
    opened.map(drop).map_err(|error| not_writable(&path, &error))
}

fn write_report(
    directory: &Path,
    history: &History,
    options: &Options,
    outcome: &Outcome,
    wall_s: f64,
) -> Result<(), String> {
    let mut all_facts = facts(history, outcome, wall_s);
    all_facts.push(("seed".to_owned(), options.seed.to_string()));
    let node = |node: &replay::NodeOutcome| report::NodeRow {
        name: node.name.clone(),
        entries: node.entries,
        bytes_held: node.bytes_held,
        bytes_sent: node.bytes_sent,
        longest_silence_days: days(node.longest_silence_ms),
        max_information_age_days: days(node.max_information_age_ms),
    };
    let contact = |contact: &history::Contact| report::ContactSpan {
        a: contact.a.index(),
        b: contact.b.index(),
        start_day: days(contact.start_ms),
        end_day: days(contact.end_ms),
        one_way: contact.direction == Direction::OneWay,
    };
    let age = |sample: &replay::AgeSample| report::AgePoint {
        day: days(sample.at_ms),
        median_days: days(sample.median_ms),
        max_days: days(sample.max_ms),
    };
    let page = report::html(&report::Report {
        title: "What reached whom, and when".to_owned(),
        history_name: history.name.clone(),
        nodes: outcome.nodes.iter().map(node).collect(),
        contacts: history.contacts.iter().map(contact).collect(),
        information_age: outcome.ages.iter().map(age).collect(),
        entries_over_time: outcome
            .ages
            .iter()
            .map(|sample| (days(sample.at_ms), sample.issued, sample.held_fraction))
            .collect(),
        facts: all_facts,
        verdicts: verdicts(outcome),
    });
    let path = report_in(directory);
    std::fs::write(&path, page).map_err(|error| not_writable(&path, &error))
}

/// The format named on the command line, for [`options`].
fn format_of(text: &str) -> Result<Format, String> {
    text.parse().map_err(|error: history::UnknownFormatName| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_cannot_be_written_is_told_before_the_run() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("a file");
        std::fs::write(&file, b"x").unwrap();
        let what = writable(&file.join("inside")).unwrap_err();
        assert!(what.contains("a file") && what.contains("name a folder"), "{what}");
        let good = directory.path().join("new/folder");
        writable(&good).unwrap();
        std::fs::write(report_in(&good), b"an earlier report").unwrap();
        writable(&good).unwrap();
        assert_eq!(std::fs::read(report_in(&good)).unwrap(), b"an earlier report");
    }
}
