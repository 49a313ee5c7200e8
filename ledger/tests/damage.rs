//! Flipped bits of a store's file, each met by a process that ends at its first panic and has little memory.
//!
//! A child tries one flip after the other and tells what came of each. A panic of any kind aborts it, contained
//! or not, as in a host that is built with `panic = "abort"`; so does an allocation beyond its limit. The parent
//! then knows which flip killed it, and starts the next child behind that one. `INTENT_LEDGER_FLIPS=all` tries
//! every bit of the first sixteen pages of a closed file, every ninth of those that a stopped process left, and
//! 10,000 places elsewhere; else a sample of them is tried.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a fixture that fails is a failed test")]

mod common;

use common::*;
use intent_ledger::contracts::*;
use intent_ledger::{
    Continued, Continuity as _, Generation, Ledger, LedgerError, RedbStore, RedbView, Store as _, View as _,
    WitnessFile,
};
use rand_chacha::rand_core::Rng as _;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

const CHILD: &str = "INTENT_LEDGER_FLIPPED_CHILD";
const FROM: &str = "INTENT_LEDGER_FLIPPED_FROM";
const WHOLE: &str = "INTENT_LEDGER_FLIPS";
/// Kibibytes of address space of a child: a page pointer may ask for four times as much.
const MEMORY: &str = "1048576";
const FIRST_PAGES: usize = 16 * 4_096;

/// A place in one of the two files: the one that was closed, and the one whose process was stopped.
#[derive(Debug, Clone, Copy)]
struct Flip {
    stopped: bool,
    place: usize,
    bit: u8,
}

fn whole() -> bool {
    std::env::var_os(WHOLE).is_some_and(|value| value == "all")
}

/// The flips to try, the same in parent and child.
fn flips(files: &[Vec<u8>; 2]) -> Vec<Flip> {
    let mut random = entropy(18);
    let mut draw = |below: usize| usize::try_from(random.next_u64() % below as u64).unwrap();
    let mut out = Vec::new();
    for stopped in [false, true] {
        let file = &files[usize::from(stopped)];
        let used: Vec<usize> = (FIRST_PAGES..file.len()).filter(|place| file[*place] != 0).collect();
        let flip = |place, bit| Flip { stopped, place, bit };
        let bit = |random: usize| u8::try_from(random % 8).unwrap();
        if whole() {
            let step = if stopped { 9 } else { 1 };
            out.extend((0..FIRST_PAGES * 8).step_by(step).map(|n| flip(n / 8, bit(n))));
        } else {
            out.extend((0..300).map(|_| flip(draw(FIRST_PAGES), bit(draw(8)))));
        }
        for n in 0..if whole() { 5_000 } else { 300 } {
            let place = if n % 2 == 0 { used[draw(used.len())] } else { draw(file.len()) };
            out.push(flip(place, bit(draw(8))));
        }
    }
    out
}

fn read_files(directory: &Path) -> [Vec<u8>; 2] {
    ["closed.store", "stopped.store"].map(|name| std::fs::read(directory.join(name)).unwrap())
}

/// Founds a node with a small life; leaves its file as it is closed, and as a stopped process leaves it. Tells the
/// state, and the one before the last commit.
fn prepare(directory: &Path) -> (Family, [Digest; 2]) {
    let family = family();
    let (path, witness) = (directory.join("node.store"), directory.join("node.witness"));
    let found = host(NODE, 5, WitnessFile::at(&witness));
    let store = RedbStore::create(&path).unwrap();
    let mut node = Ledger::create(store, &family.charter, vec![scope("mars")], found).unwrap();
    node.absorb(&family.bytes, now()).unwrap();
    let pen = Pen::new(family.ledger(), MARS, Lane::Productivity, 5, in_days(60), family.mars);
    node.absorb(&parcel(family.ledger(), &pen.chain(60, &[9; 900])), now()).unwrap();
    for n in 0..12u8 {
        node.append(Lane::Productivity, &[note(in_days(5), &[n; 2_000])], now()).unwrap();
    }
    node.notice(&scope("mars/forge"), in_days(40), 40, vec![1], now()).unwrap();
    node.advance_horizon(after_days(1), approved(after_days(1)), &mut |_| Ok(())).unwrap();
    let before = node.state_digest();
    node.append(Lane::Safety, &[note(in_days(90), b"last")], now()).unwrap();
    let states = [node.state_digest(), before];
    std::fs::copy(&path, directory.join("stopped.store")).unwrap();
    drop(node);
    std::fs::copy(&path, directory.join("closed.store")).unwrap();
    (family, states)
}

/// All rows of a store, as one digest; none when they cannot all be read.
fn rows_of(path: &Path) -> Option<Digest> {
    let store = RedbStore::open(path).ok()?;
    let view = store.view().ok()?;
    let mut all = Vec::new();
    for row in view.rows_from(&[], &[]).ok()? {
        let (key, value) = row.ok()?;
        all.extend([key, value].concat());
    }
    Some(Digest::of(&all))
}

/// Opens where `recorded` is what the host has recorded, reads everything, mends, and goes on. Tells whether
/// anything was told to be damaged or lost, and the state.
fn live(path: &Path, family: &Family, recorded: Option<Generation>) -> Result<(bool, Digest), LedgerError> {
    let store = RedbStore::open(path)?;
    let witness = Witness::default();
    witness.set(recorded);
    let mut ledger = Ledger::open(store, &family.charter, host(NODE, 9, witness))?;
    let opened = ledger.state_digest();
    let lost = matches!(ledger.opening().continuity, Continued::Lost { .. });
    let mut damage = ledger.opening().damage.clone();
    damage.extend(ledger.scrub()?.damage);
    if !damage.is_empty() {
        drop(ledger.discard(&damage, &mut |_| Ok(())));
        drop(ledger.absorb(&family.bytes, now()));
        drop(ledger.compact());
    }
    Ok((lost || !damage.is_empty(), opened))
}

/// Not a test by itself: tries flips until one kills it.
#[test]
fn life_of_the_flipped() {
    let Some(directory) = std::env::var_os(CHILD) else { return };
    std::panic::set_hook(Box::new(|panic| {
        eprintln!("{panic}");
        std::process::abort();
    }));
    let directory = Path::new(&directory);
    let from: usize = std::env::var(FROM).unwrap().parse().unwrap();
    let files = read_files(directory);
    let family = family();
    let recorded = WitnessFile::at(&directory.join("node.witness")).recorded().unwrap();
    assert!(recorded.is_some());
    let states = std::fs::read_to_string(directory.join("states")).unwrap();
    let states: Vec<&str> = states.lines().collect();
    let copy = directory.join("copy.store");
    let sound = files.each_ref().map(|file| {
        std::fs::write(&copy, file).unwrap();
        rows_of(&copy).unwrap()
    });
    for (n, flip) in flips(&files).into_iter().enumerate().skip(from) {
        println!("trying {n}");
        let mut bytes = files[usize::from(flip.stopped)].clone();
        bytes[flip.place] ^= 1 << flip.bit;
        std::fs::write(&copy, &bytes).unwrap();
        // Whoever only looks meets the same damage.
        if n % 8 == 0
            && let Ok(view) = RedbView::open(&copy)
            && let Ok(rows) = view.rows_from(&[], &[])
        {
            rows.take_while(Result::is_ok).for_each(drop);
        }
        // Most flips touch no row that is read; of these a ledger lives on every sixteenth.
        if n % 16 != 0 && rows_of(&copy) == Some(sound[usize::from(flip.stopped)]) {
            println!("outcome harmless");
            continue;
        }
        std::fs::write(&copy, &bytes).unwrap();
        let outcome = match live(&copy, &family, recorded) {
            Err(_) => "refused",
            Ok((true, _)) => "told",
            Ok((false, opened)) if opened.to_string() == states[0] => "harmless",
            // What a stopped process wrote last cannot be told from a write that was torn.
            Ok((false, opened)) if flip.stopped && opened.to_string() == states[1] => "gone back",
            Ok((false, _)) => "silent",
        };
        println!("outcome {outcome}");
    }
    println!("outcome end");
    // The harness has its own words to say, which are not the library's.
    std::io::stdout().flush().unwrap();
    std::process::exit(0);
}

/// `[STORE-11]`
#[test]
fn no_flipped_bit_kills_prints_or_is_silent() {
    // Memory where there is some: a sync of each of many files is what takes the time.
    let directory = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let (_, states) = prepare(directory.path());
    std::fs::write(directory.path().join("states"), states.map(|state| state.to_string()).join("\n"))
        .unwrap();
    let files = read_files(directory.path());
    let flips = flips(&files);
    let (mut from, mut outcomes, mut killed) = (0, BTreeMap::<String, u64>::new(), Vec::new());
    while from < flips.len() {
        let mut child = Command::new("sh")
            .args(["-c", "ulimit -v \"$1\"; shift; exec \"$@\"", "sh", MEMORY])
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", "life_of_the_flipped", "--nocapture", "--test-threads", "1"])
            .env(CHILD, directory.path())
            .env(FROM, from.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut trying = from;
        for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
            if let Some(number) = line.strip_prefix("trying ") {
                trying = number.parse().unwrap();
            } else if let Some(outcome) = line.strip_prefix("outcome ") {
                *outcomes.entry(outcome.to_owned()).or_insert(0) += 1;
                if outcome == "silent" {
                    killed.push(format!("{:?} is lost and nobody tells", flips[trying]));
                }
            }
        }
        let ended = child.wait().unwrap();
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        if !ended.success() || !said.is_empty() {
            killed.push(format!(
                "{:?}: {ended}, {}",
                flips[trying],
                said.lines().take(3).collect::<String>()
            ));
        }
        assert!(killed.len() < 50, "{killed:#?}");
        from = if outcomes.remove("end").is_some() { flips.len() } else { trying + 1 };
    }
    println!(
        "{} flips of files of {} and {} bytes: {outcomes:?}",
        flips.len(),
        files[0].len(),
        files[1].len()
    );
    assert!(killed.is_empty(), "{killed:#?}");
    assert!(
        ["refused", "told", "harmless"].iter().all(|way| outcomes.contains_key(*way)),
        "every way is met"
    );
}
