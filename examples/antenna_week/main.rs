//! A week in which some thirty missions ask for a dozen antennas, under three policies.
//!
//! Every mission, every custodian and maintenance has a ledger of its own; the figures come from the views of
//! what they hold after they have exchanged bundles, and from asking each host whether it may act.
//!
//! `cargo run --release --example antenna_week -- --help` tells the options. Exit code 1 when a statement
//! about the run does not hold, 2 on bad input.

#![expect(clippy::print_stdout, reason = "an example speaks on stdout")]

mod fleet;
mod measure;
mod options;
mod picture;
mod policies;
mod slots;
mod week;

use measure::Figures;
use options::Options;
use policies::Policy;
use std::path::Path;
use std::process::ExitCode;
use week::{ReadError, Week};

const OWN_WEEK: &str = include_str!("own_week.json");
const OWN_MAINTENANCE: &str = include_str!("own_maintenance.csv");
/// Signs in a line of the picture on stdout: two hours each in a week of seven and a half days.
const COLUMNS: u64 = 90;
const HOUR_MS: f64 = 3_600_000.0;

fn main() -> ExitCode {
    let options = match Options::read(std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            println!("{}", options::HELP);
            return ExitCode::SUCCESS;
        }
        Err(what) => return bad_input(&what),
    };
    let weeks = match weeks(&options) {
        Ok(weeks) => weeks,
        Err(error) => return bad_input(&error.to_string()),
    };
    let mut all = Vec::new();
    for week in weeks {
        let mut told = Vec::new();
        println!("{}", head(&week));
        for policy in Policy::ALL {
            match policies::run(policy, &week).and_then(|fleet| measure::measure(policy, &week, fleet)) {
                Ok(figures) => {
                    tell(&week, &figures);
                    told.push(figures);
                }
                Err(error) => {
                    eprintln!("antenna_week: {}, {}: {error}", week.name, policy.name());
                    return ExitCode::from(1);
                }
            }
        }
        all.push((week, told));
    }
    if let Some(directory) = &options.out
        && let Err(what) = write_picture(directory, &all)
    {
        return bad_input(&what);
    }
    if options.json {
        println!("{}", json(&all));
    }
    let sound = all
        .iter()
        .flat_map(|(_, told)| told)
        .all(|figures| statements(figures).iter().all(|(_, held)| *held));
    if sound { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

fn bad_input(what: &str) -> ExitCode {
    eprintln!("antenna_week: {what}");
    ExitCode::from(2)
}

fn weeks(options: &Options) -> Result<Vec<Week>, ReadError> {
    let (file, mut weeks) = match &options.requests {
        Some(path) => (path.display().to_string(), week::read(path)?),
        None => ("the shipped week".to_owned(), week::parse("the shipped week", OWN_WEEK)?),
    };
    match &options.maintenance {
        Some(path) => week::read_maintenance(path, &mut weeks)?,
        None if options.requests.is_none() => {
            week::parse_maintenance("the shipped maintenance", OWN_MAINTENANCE, &mut weeks)?;
        }
        None => {}
    }
    week::choose(&file, weeks, &options.weeks)
}

fn head(week: &Week) -> String {
    let (requests, missions, antennas) = (week.requests.len(), week.missions.len(), week.antennas.len());
    let days = week.span.end().since(week.span.start()).0 as f64 / HOUR_MS / 24.0;
    format!(
        "{}: {requests} requests of {missions} missions for {antennas} antennas in {days:.1} days",
        week.name
    )
}

fn tell(week: &Week, figures: &Figures) {
    println!("\n  {}: {}", figures.policy.name(), figures.policy.title());
    facts(figures).iter().for_each(|(label, value)| println!("    {label:<38} {value}"));
    for (statement, held) in statements(figures) {
        println!("    [{}] {statement}", if held { "ok" } else { "FAILED" });
    }
    for line in measure::strip(week, figures, COLUMNS) {
        println!("    {line}");
    }
    println!("    # permitted   o provisional   x displaced   m maintenance   . idle\n");
}

fn hours(of: intent_ledger::contracts::Millis) -> f64 {
    of.0 as f64 / HOUR_MS
}

fn facts(figures: &Figures) -> Vec<(&'static str, String)> {
    let share = |part: usize, of: usize| 100.0 * part as f64 / of.max(1) as f64;
    let exceptions: Vec<String> =
        figures.exceptions.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    let exceptions = if exceptions.is_empty() { "none".to_owned() } else { exceptions.join(", ") };
    vec![
        ("requested, placed", format!("{}, {}", figures.requested, figures.placed)),
        (
            "placed in conflict with another",
            format!(
                "{} ({:.0} % of placed)",
                figures.conflicting,
                share(figures.conflicting, figures.placed)
            ),
        ),
        ("permitted, of these before merging", format!("{}, {}", figures.permitted, figures.permitted_apart)),
        ("provisional, displaced", format!("{}, {}", figures.provisional, figures.displaced)),
        ("asked and not given, half given", format!("{}, {}", figures.asked, figures.half_given)),
        (
            "antenna hours used, maintenance, idle",
            format!(
                "{:.1}, {:.1}, {:.1}",
                hours(figures.used),
                hours(figures.maintenance),
                hours(figures.idle)
            ),
        ),
        ("exceptions", exceptions),
        ("oldest news behind a Go", format!("{:.1} days", hours(figures.oldest_news) / 24.0)),
        ("contacts, bytes, entries", format!("{}, {}, {}", figures.contacts, figures.bytes, figures.entries)),
        ("overlaps, of hosts asked", format!("{}, {} times", figures.overlaps, figures.asked_hosts)),
    ]
}

fn statements(figures: &Figures) -> Vec<(&'static str, bool)> {
    let mut out = vec![
        ("at no true moment two hosts were told Go for one antenna", figures.overlaps == 0),
        ("after all have met, every ledger has one state", figures.agreed),
    ];
    match figures.policy {
        Policy::Alone => out.push(("on open antennas nobody is permitted", figures.permitted == 0)),
        Policy::OnRequest => out.push(("no array was given in part", figures.half_given == 0)),
        Policy::Split => out.push((
            "what was drawn without contact is permitted, before and after all have met",
            figures.permitted == figures.placed && figures.permitted_apart == figures.placed,
        )),
    }
    out
}

fn json(all: &[(Week, Vec<Figures>)]) -> serde_json::Value {
    let policy = |figures: &Figures| {
        serde_json::json!({
            "policy": figures.policy.name(),
            "requested": figures.requested,
            "placed": figures.placed,
            "conflicting": figures.conflicting,
            "permitted": figures.permitted,
            "permitted_before_merging": figures.permitted_apart,
            "provisional": figures.provisional,
            "displaced": figures.displaced,
            "asked": figures.asked,
            "half_given": figures.half_given,
            "hours_used": hours(figures.used),
            "hours_maintenance": hours(figures.maintenance),
            "hours_idle": hours(figures.idle),
            "exceptions": figures.exceptions,
            "overlaps": figures.overlaps,
            "oldest_news_days": hours(figures.oldest_news) / 24.0,
            "contacts": figures.contacts,
            "bytes": figures.bytes,
            "entries": figures.entries,
            "one_state": figures.agreed,
        })
    };
    let week = |(week, told): &(Week, Vec<Figures>)| serde_json::json!({ "week": week.name, "policies": told.iter().map(policy).collect::<Vec<_>>() });
    serde_json::json!({ "weeks": all.iter().map(week).collect::<Vec<_>>() })
}

fn write_picture(directory: &Path, all: &[(Week, Vec<Figures>)]) -> Result<(), String> {
    let sections: Vec<picture::Section<'_>> = all
        .iter()
        .flat_map(|(week, told)| told.iter().map(move |figures| (week, figures)))
        .map(|(week, figures)| picture::Section {
            week,
            title: format!("{}, {}: {}", week.name, figures.policy.name(), figures.policy.title()),
            bars: &figures.bars,
            facts: facts(figures),
        })
        .collect();
    let path = directory.join("antenna_week.html");
    let written =
        std::fs::create_dir_all(directory).and_then(|()| std::fs::write(&path, picture::html(&sections)));
    written.map_err(|error| format!("{}: {error}; name a folder that can be written", path.display()))
}

#[cfg(test)]
mod tests;
