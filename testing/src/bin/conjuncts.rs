//! Breaks a crate in the places that `testing/src/broken` finds, and runs its tests against each.
//!
//! ```text
//! conjuncts CRATE FOLDER [--test NAME]... [--in TEXT] [--shard I/N] [--list] [--seconds N]
//! ```
//!
//! CRATE is `merge-rules` or `ledger`; FOLDER holds the instrumented copy and what it builds. `--test` names a test
//! program of the crate (default: `judged` for merge-rules, all for ledger), `--in` only the breaks of files whose
//! names have the text, `--shard` every N-th break from the I-th on. A break lives when every program passes.
#![expect(clippy::print_stdout, reason = "a command speaks on stdout")]
#![expect(clippy::disallowed_methods, reason = "a command measures how long it takes")]

use intent_testing::broken::{Break, SWITCH, breaks_of, instrumented};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

struct Options {
    package: String,
    folder: PathBuf,
    tests: Vec<String>,
    within: String,
    shard: (u32, u32),
    list: bool,
    seconds: u64,
}

const USAGE: &str =
    "conjuncts CRATE FOLDER [--test NAME]... [--in TEXT] [--shard I/N] [--list] [--seconds N]";

fn main() -> ExitCode {
    match parse().and_then(|options| go(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            println!("{what}");
            ExitCode::FAILURE
        }
    }
}

fn parse() -> Result<Options, String> {
    let mut words = std::env::args().skip(1);
    let mut next = || words.next();
    let (Some(package), Some(folder)) = (next(), next()) else { return Err(USAGE.to_owned()) };
    let mut options = Options {
        package,
        folder: PathBuf::from(folder),
        tests: Vec::new(),
        within: String::new(),
        shard: (0, 1),
        list: false,
        seconds: 120,
    };
    while let Some(word) = next() {
        let mut value = || next().ok_or_else(|| format!("{word} wants a value\n{USAGE}"));
        match word.as_str() {
            "--test" => options.tests.push(value()?),
            "--in" => options.within = value()?,
            "--seconds" => options.seconds = value()?.parse().map_err(|_| USAGE.to_owned())?,
            "--shard" => {
                let text = value()?;
                let parts = text.split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
                options.shard =
                    parts.filter(|(i, n)| i < n).ok_or_else(|| format!("--shard {text}: write I/N"))?;
            }
            "--list" => options.list = true,
            other => return Err(format!("{other} is no option\n{USAGE}")),
        }
    }
    Ok(options)
}

fn go(options: &Options) -> Result<(), String> {
    let source = Path::new(&options.package).join("src");
    let mut breaks = Vec::new();
    for file in sources(&source)? {
        let text = read(&file)?;
        let name = file.display().to_string();
        let first = u32::try_from(breaks.len()).map_err(|error| error.to_string())?;
        breaks.extend(breaks_of(&name, &text, first).map_err(|error| format!("{name}: {error}"))?);
    }
    println!("{} breaks in {}", breaks.len(), source.display());
    if options.list {
        breaks.iter().for_each(|found| println!("{}", told(found)));
        return Ok(());
    }
    copy_tree(&options.folder)?;
    let lost = settle(options, &breaks)?;
    println!("{} of them do not compile and are left out", lost.len());
    let programs = programs(options)?;
    let chosen = breaks.iter().filter(|found| {
        !lost.contains(&found.number)
            && found.file.contains(&options.within)
            && found.number % options.shard.1 == options.shard.0
    });
    if let Some(program) =
        programs.iter().find(|program| caught(program, u32::MAX, options.seconds).is_some())
    {
        return Err(format!("{} fails without any break", program.display()));
    }
    let (mut tried, mut slow, mut alive) = (0, 0, Vec::new());
    for found in chosen {
        tried += 1;
        match programs.iter().find_map(|program| caught(program, found.number, options.seconds)) {
            Some(Caught::Failed) => {}
            Some(Caught::Slow) => slow += 1,
            None => {
                println!("lives: {}", told(found));
                alive.push(found);
            }
        }
    }
    let killed = tried - alive.len();
    println!("{killed} of {tried} caught ({slow} by time), {} live", alive.len());
    Ok(())
}

fn told(found: &Break) -> String {
    format!("{}:{}: {} [{}]", found.file, found.line, found.what, found.number)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn sources(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let listed = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = listed.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            found.extend(sources(&path)?);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    Ok(found)
}

/// Copies what git tracks.
fn copy_tree(to: &Path) -> Result<(), String> {
    let listed = Command::new("git").arg("ls-files").output().map_err(|error| format!("git: {error}"))?;
    for name in String::from_utf8_lossy(&listed.stdout).lines() {
        let target = to.join(name);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(|error| format!("{}: {error}", parent.display()))?;
        }
        fs::copy(name, &target).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(())
}

/// Writes the instrumented sources, and leaves out what does not compile until all does.
fn settle(options: &Options, breaks: &[Break]) -> Result<BTreeSet<u32>, String> {
    let mut lost = BTreeSet::new();
    let files: BTreeSet<&str> = breaks.iter().map(|found| found.file.as_str()).collect();
    for _ in 0..40 {
        for file in &files {
            let here = |found: &&Break| found.file == *file && !lost.contains(&found.number);
            let kept: Vec<Break> = breaks.iter().filter(here).cloned().collect();
            let mut text = instrumented(&read(Path::new(file))?, &kept);
            if file.ends_with("src/lib.rs") {
                text.push_str(SWITCH);
            }
            fs::write(options.folder.join(file), text).map_err(|error| format!("{file}: {error}"))?;
        }
        let root = Path::new(&options.package).join("src/lib.rs");
        if !files.contains(root.to_string_lossy().as_ref()) {
            fs::write(options.folder.join(&root), read(&root)? + SWITCH)
                .map_err(|error| error.to_string())?;
        }
        let output = cargo(options, &["check", "--message-format=json", "--lib"])?;
        let fresh = blamed(&output, options, breaks, &lost)?;
        if fresh.is_empty() {
            return Ok(lost);
        }
        lost.extend(fresh);
    }
    Err("the instrumented copy does not compile".to_owned())
}

/// The breaks whose switches stand in the lines that the compiler complains of.
fn blamed(
    output: &str,
    options: &Options,
    breaks: &[Break],
    lost: &BTreeSet<u32>,
) -> Result<BTreeSet<u32>, String> {
    let mut fresh = BTreeSet::new();
    let mut unknown = Vec::new();
    for line in output.lines() {
        let Ok(message) = serde_json::from_str::<serde_json::Value>(line) else { continue };
        let message = &message["message"];
        if message["level"] != "error" {
            continue;
        }
        let spans = message["spans"].as_array().cloned().unwrap_or_default();
        let before = fresh.len();
        for span in &spans {
            let Some(file) = span["file_name"].as_str() else { continue };
            let Ok(text) = fs::read_to_string(options.folder.join(file)) else { continue };
            let from = usize::try_from(span["line_start"].as_u64().unwrap_or(1)).unwrap_or(1);
            let to = usize::try_from(span["line_end"].as_u64().unwrap_or(1)).unwrap_or(1);
            for line in text.lines().skip(from.saturating_sub(1)).take(to + 1 - from) {
                for piece in line.split("broken_here::on(").skip(1) {
                    fresh.extend(piece.split(')').next().and_then(|digits| digits.parse::<u32>().ok()));
                }
            }
        }
        if fresh.len() == before && !spans.is_empty() {
            unknown.push(message["rendered"].as_str().unwrap_or_default().to_owned());
        }
    }
    fresh.retain(|number| !lost.contains(number) && breaks.iter().any(|found| found.number == *number));
    match unknown.first().filter(|_| fresh.is_empty()) {
        Some(what) => Err(what.clone()),
        None => Ok(fresh),
    }
}

fn cargo(options: &Options, words: &[&str]) -> Result<String, String> {
    let package = format!("intent-{}", options.package);
    let mut command = Command::new("cargo");
    command.args(words).args(["-p", &package, "--profile", "mutants"]).current_dir(&options.folder);
    command.env("CARGO_TARGET_DIR", "target").env("RUSTFLAGS", "--cap-lints allow").stderr(Stdio::inherit());
    let output = command.output().map_err(|error| format!("cargo: {error}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn programs(options: &Options) -> Result<Vec<PathBuf>, String> {
    let mut words = vec!["test", "--no-run", "--message-format=json"];
    let judged = vec!["judged".to_owned()];
    let tests =
        if options.tests.is_empty() && options.package == "merge-rules" { &judged } else { &options.tests };
    for test in tests {
        words.extend(["--test", test]);
    }
    if tests.is_empty() {
        words.extend(["--lib", "--tests"]);
    }
    let output = cargo(options, &words)?;
    let messages = output.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let built = messages.filter(|message| message["profile"]["test"] == true);
    let found: Vec<PathBuf> =
        built.filter_map(|message| Some(PathBuf::from(message["executable"].as_str()?))).collect();
    if found.is_empty() { Err("no test program was built".to_owned()) } else { Ok(found) }
}

enum Caught {
    Failed,
    Slow,
}

fn caught(program: &Path, number: u32, seconds: u64) -> Option<Caught> {
    let mut command = Command::new(program);
    command.args(["--skip", "every_story_is_the_same_in_all_orders", "--test-threads", "2"]);
    command.env("BROKEN", number.to_string()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Some(package) =
        program.ancestors().find(|folder| folder.ends_with("target")).and_then(Path::parent)
    {
        // A test reads what lies beside its package.
        let name = if program.to_string_lossy().contains("judged") { "merge-rules" } else { "ledger" };
        command.current_dir(package.join(name));
    }
    let mut child = command.spawn().ok()?;
    let begin = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return None,
            Ok(Some(_)) | Err(_) => return Some(Caught::Failed),
            Ok(None) if begin.elapsed() > Duration::from_secs(seconds) => {
                let _ = child.kill();
                let _ = child.wait();
                return Some(Caught::Slow);
            }
            Ok(None) => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}
