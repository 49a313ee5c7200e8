//! The fleet simulator on a command line.
//!
//! ```text
//! sim --seed N [--steps N] [--trace FILE]   one seed again, one line for each event
//! sim --plan FILE                           a plan from a file, as a failing run leaves it
//! sim --seeds A..B [--steps N] [--jobs N]   many seeds; a failing one is made small and written
//! sim --seeds A..B --all [--jobs N]          goes on after a failing seed and lists them all
//! sim --seeds A..B --twice K                 runs every K-th seed twice; both must leave the same trace
//! sim --soak [--steps N] [--jobs N]         seeds from the first on until one fails or it is stopped
//! sim --planted [--seeds A..B] [--keep]     seeds to detection of each planted bug; needs --cfg planted;
//!                                           with --keep its smallest plan goes to the kept ones, with
//!                                           --bug TEXT only those whose names have the text
//! ```
#![expect(clippy::print_stdout, reason = "a command speaks on stdout")]
#![expect(clippy::disallowed_methods, reason = "a command measures how long it takes")]

use intent_testing::fleet::planted::{self, BUGS};
use intent_testing::fleet::{Plan, Run, Tally, minimise, run};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

const USAGE: &str = "sim --seed N [--steps N] [--trace FILE] | --plan FILE | --seeds A..B [--steps N] [--jobs N] [--all] [--twice K] | --soak | --planted [--bug TEXT] [--keep]";
/// Steps of a seed when nothing else is said.
const STEPS: usize = 60;
/// Every how many seeds one is run twice when nothing else is said.
const TWICE: u64 = 10;
/// Seeds between two reports of a soak.
const REPORT_EVERY: u64 = 10_000;

#[derive(Debug, Default)]
struct Options {
    seed: Option<u64>,
    plan: Option<String>,
    seeds: Option<(u64, u64)>,
    steps: Option<usize>,
    jobs: Option<usize>,
    trace: Option<String>,
    soak: bool,
    all: bool,
    twice: Option<u64>,
    planted: bool,
    keep: bool,
    bug: Option<String>,
}

fn main() -> ExitCode {
    let options = match parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(what) => {
            println!("{what}\n{USAGE}");
            return ExitCode::FAILURE;
        }
    };
    // A panic inside a run is a finding, which the run tells.
    std::panic::set_hook(Box::new(|_| {}));
    let steps = options.steps.unwrap_or(STEPS);
    let outcome = match &options {
        Options { planted: true, .. } => table(options.seeds.map_or(2_000, |(_, end)| end), steps, &options),
        Options { soak: true, .. } => many((0, u64::MAX), steps, &options),
        Options { seeds: Some(seeds), .. } => many(*seeds, steps, &options),
        Options { plan: Some(file), .. } => std::fs::read_to_string(file)
            .map_err(|error| format!("{file}: {error}"))
            .and_then(|text| Plan::parse(&text).map_err(|error| error.to_string()))
            .and_then(|plan| one(&plan, options.trace.as_deref())),
        _ => one(&Plan::random(options.seed.unwrap_or(0), steps), options.trace.as_deref()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            println!("{what}");
            ExitCode::FAILURE
        }
    }
}

fn parse(mut words: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options::default();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} wants a value"));
        let number = |text: String| text.parse::<u64>().map_err(|error| format!("{text}: {error}"));
        match word.as_str() {
            "--seed" => options.seed = Some(number(value()?)?),
            "--steps" => options.steps = usize::try_from(number(value()?)?).ok(),
            "--twice" => options.twice = Some(number(value()?)?),
            "--jobs" => options.jobs = usize::try_from(number(value()?)?).ok(),
            "--trace" => options.trace = Some(value()?),
            "--plan" => options.plan = Some(value()?),
            "--soak" => options.soak = true,
            "--all" => options.all = true,
            "--planted" => options.planted = true,
            "--keep" => options.keep = true,
            "--bug" => options.bug = Some(value()?),
            "--seeds" => {
                let text = value()?;
                let (from, to) = text.split_once("..").ok_or(format!("{text}: write A..B"))?;
                options.seeds = Some((number(from.to_owned())?, number(to.to_owned())?));
            }
            _ => return Err(format!("{word} is no option")),
        }
    }
    Ok(options)
}

/// Runs one plan and shows its lines.
fn one(plan: &Plan, file: Option<&str>) -> Result<(), String> {
    let Run { outcome, trace, lines, tally } = run(plan, true);
    match file {
        Some(file) => {
            let text = lines.join("\n") + "\n";
            std::fs::write(file, text).map_err(|error| format!("{file}: {error}"))?;
        }
        None => lines.iter().for_each(|line| println!("{line}")),
    }
    println!("fleet {}, {} steps, trace {trace}\n{tally}", plan.fleet, plan.steps.len());
    outcome.map_err(|failure| failure.to_string())
}

/// Runs seeds on several threads, each run on one.
fn many((from, to): (u64, u64), steps: usize, options: &Options) -> Result<(), String> {
    let (next, stop) = (AtomicU64::new(from), AtomicBool::new(false));
    let (sum, failed) = (Mutex::new(Tally::default()), Mutex::new(Vec::new()));
    let (all, every) = (options.all, options.twice.unwrap_or(TWICE));
    let twice = AtomicU64::new(0);
    let begin = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..options.jobs.unwrap_or(1).max(1) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= to || stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let plan = Plan::random(seed, steps);
                    let once = run(&plan, false);
                    let mut wrong = once.outcome.as_ref().err().map(ToString::to_string);
                    if every > 0 && seed.is_multiple_of(every) {
                        let same = run(&plan, false).trace == once.trace;
                        wrong = wrong.or((!same).then(|| "run twice it leaves two traces".to_owned()));
                        twice.fetch_add(1, Ordering::Relaxed);
                    }
                    let mut sum = sum.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    sum.add(&once.tally);
                    if let Some(wrong) = wrong {
                        stop.store(!all, Ordering::Relaxed);
                        println!("seed {seed}: {wrong}");
                        failed.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(seed);
                    } else if sum.runs.is_multiple_of(REPORT_EVERY) {
                        report(&sum, twice.load(Ordering::Relaxed), begin);
                    }
                }
            });
        }
    });
    let sum = sum.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    report(&sum, twice.into_inner(), begin);
    let failed = failed.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    match failed.first() {
        None => Ok(()),
        Some(_) if all => Err(format!("{} seeds fail", failed.len())),
        Some(seed) => Err(keep(*seed, steps)),
    }
}

fn report(tally: &Tally, twice: u64, begin: Instant) {
    let seconds = begin.elapsed().as_secs_f64();
    let speed = f64::from(u32::try_from(tally.steps).unwrap_or(u32::MAX)) / seconds;
    println!("{tally}{twice} of the seeds ran twice with one trace; {seconds:.1} s, {speed:.0} steps/s");
}

/// Makes a failing seed small and writes it where `cargo test` finds it.
fn keep(seed: u64, steps: usize) -> String {
    let small = minimise(&Plan::random(seed, steps), 2_000);
    let told = match run(&small, false).outcome {
        Err(failure) => failure.to_string(),
        Ok(()) => "it does not fail again".to_owned(),
    };
    let text = format!("# {told}\n{}", small.text());
    let written = write_plan(&format!("seed-{seed}"), &text).unwrap_or_else(|error| error.to_string());
    format!("seed {seed} fails: {told}\n{text}kept in {written}")
}

fn write_plan(name: &str, text: &str) -> std::io::Result<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fleet/regressions");
    std::fs::create_dir_all(folder)?;
    let file = format!("{folder}/{name}.txt");
    std::fs::write(&file, text)?;
    Ok(file)
}

/// Seeds to detection of every planted bug.
fn table(seeds: u64, steps: usize, options: &Options) -> Result<(), String> {
    if !planted::able() {
        return Err("this build has no bugs; build it with RUSTFLAGS='--cfg planted'".to_owned());
    }
    println!("| planted bug | seeds | judge |\n|---|---|---|");
    let mut missed = Vec::new();
    let chosen = |bug: &&&str| options.bug.as_ref().is_none_or(|part| bug.contains(part.as_str()));
    for bug in BUGS.iter().filter(chosen) {
        match planted::detect(bug, seeds, steps, options.keep) {
            Some(found) => {
                println!("| {bug} | {} | {} |", found.seeds, found.failure.check);
                if options.keep {
                    let name = bug.replace([' ', '\''], "-");
                    let text = format!("# finds the planted bug: {bug}\n{}", found.plan.text());
                    write_plan(&name, &text).map_err(|error| error.to_string())?;
                }
            }
            None => {
                println!("| {bug} | more than {seeds} | none |");
                missed.push(*bug);
            }
        }
    }
    if missed.is_empty() { Ok(()) } else { Err(format!("not found: {}", missed.join(", "))) }
}
