//! A process that is killed outright at random moments, twenty times over.

#![allow(clippy::unwrap_used, reason = "a fixture that fails is a failed test")]

mod common;

use common::*;
use intent_ledger::contracts::*;
use intent_ledger::{Ledger, RedbStore, WitnessFile};
use rand_chacha::rand_core::Rng as _;
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

const CHILD: &str = "INTENT_LEDGER_KILLED_CHILD";
const ROUNDS: u64 = 20;

fn places(directory: &Path) -> (PathBuf, PathBuf) {
    (directory.join("node.store"), directory.join("node.witness"))
}

fn open(directory: &Path, entropy_seed: u64) -> Ledger<RedbStore> {
    let (store, witness) = places(directory);
    let host = host(ROOT, entropy_seed, WitnessFile::at(&witness));
    Ledger::open(RedbStore::open(&store).unwrap(), &charter(), host).unwrap()
}

/// Not a test by itself: the life of the child, until it is killed.
#[test]
fn life_of_the_child() {
    let Some(directory) = std::env::var_os(CHILD) else { return };
    let mut ledger = open(Path::new(&directory), 3);
    let charter = charter();
    let mut incarnation = ledger.entry_count() << 16;
    let stdout = std::io::stdout();
    let tell = |id: EntryId| {
        let mut out = stdout.lock();
        let hex: String = id.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(out, "acknowledged {hex}").unwrap();
        out.flush().unwrap();
    };
    loop {
        let size = usize::try_from(incarnation % 5).unwrap() * 900;
        let written = ledger.append(Lane::Productivity, &[note(in_days(9), &vec![3; size])], now()).unwrap();
        tell(written.id);
        // A log of another host of this key comes in now and then; the bound lets sixteen in.
        incarnation += 1;
        let end = in_days(30 + incarnation % 1_000);
        let enrolment = root_enrolment(&charter);
        let pen = Pen::new(charter.ledger_id(), ROOT, Lane::Safety, incarnation, end, enrolment);
        ledger.absorb(&parcel(charter.ledger_id(), &pen.chain(2, b"other")), now()).unwrap();
    }
}

#[test]
fn a_killed_process_loses_nothing_acknowledged_and_goes_on_in_the_same_log() {
    let directory = tempfile::tempdir().unwrap();
    let (store, witness) = places(directory.path());
    let first = {
        let host = host(ROOT, 1, WitnessFile::at(&witness));
        let store = RedbStore::create(&store).unwrap();
        let mut ledger = Ledger::create(store, &charter(), vec![Scope::root()], host).unwrap();
        // The log ends last, so that no bound of logs drives it out.
        ledger.append(Lane::Productivity, &[note(in_days(3_000), b"first")], now()).unwrap()
    };
    let mut random = entropy(20);
    let mut acknowledged = BTreeSet::new();
    for round in 0..ROUNDS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "life_of_the_child", "--nocapture"])
            .env(CHILD, directory.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let listening = std::thread::spawn(move || {
            let lines = stdout.lines().map_while(Result::ok);
            lines.filter_map(|line| line.strip_prefix("acknowledged ").map(str::to_owned)).collect::<Vec<_>>()
        });
        std::thread::sleep(Duration::from_millis(60 + random.next_u64() % 400));
        // SIGKILL on unix.
        child.kill().unwrap();
        child.wait().unwrap();
        let told = listening.join().unwrap();
        // A line that was cut off was not told in full.
        acknowledged.extend(told.into_iter().filter(|hex| hex.len() == 64));

        let mut ledger = open(directory.path(), 100 + round);
        assert!(ledger.scrub().unwrap().damage.is_empty(), "round {round}");
        let reader = ledger.reader().unwrap();
        let mut below = root_enrolment(&charter()).entry;
        let mut held = BTreeSet::new();
        for entry in reader.entries(first.log, 1).unwrap().map(Result::unwrap) {
            assert_eq!(entry.header().prev, below, "the chain is whole");
            below = entry.id();
            held.insert(below.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        }
        let lost: Vec<&String> = acknowledged.difference(&held).collect();
        assert!(lost.is_empty(), "round {round}: {} of {} are lost", lost.len(), acknowledged.len());
        let head = held.len() as u64;
        drop(reader);
        let written = ledger.append(Lane::Productivity, &[note(in_days(3_000), b"on")], now()).unwrap();
        assert_eq!((written.log, written.seq), (first.log, head + 1), "an ordinary restart keeps the log");
        acknowledged.insert(written.id.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect());
    }
    println!("{ROUNDS} kills, {} entries told as written, none lost", acknowledged.len());
    assert!(acknowledged.len() as u64 > 2 * ROUNDS, "the child got to write");
}
