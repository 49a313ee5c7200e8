//! The story: a lease, a kill, a restored backup, and how the machine gets rights again.
//!
//! Every life of the node is a process of its own, and its end is a SIGKILL but for the last. What each says
//! is read as it says it, so nothing here waits for a fixed time.

use crate::Teller;
use crate::custodian::Custodian;
use crate::place::{NODE, NodeError, Place, io_failed};
use intent_ledger::Terminal;
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// By this variable a child of the test harness learns what to do.
pub(crate) const CHILD: &str = "INTENT_NODE_LOOP_CHILD";
/// How often the custodian turns while a child lives.
const TURN: Duration = Duration::from_millis(20);
/// Turns without the wanted event after which the story has failed: a minute.
const TURNS_MAX: u32 = 3_000;
const ACTS: u64 = 5;
/// The new lease begins within the six hours that the node plans; ninety minutes on it has.
const LATER_MS: u64 = 90 * 60_000;

/// What happened.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) first_acts: u64,
    pub(crate) claim: String,
    pub(crate) log: String,
    pub(crate) acts_after_kill: u64,
    pub(crate) claim_after_kill: String,
    pub(crate) log_after_kill: String,
    pub(crate) acts_after_restore: u64,
    pub(crate) refusal_clause: String,
    pub(crate) log_after_restore: String,
    pub(crate) custodian_clause: String,
    pub(crate) old_end: u64,
    pub(crate) new_start: u64,
    pub(crate) last_acts: u64,
    pub(crate) taken_back: bool,
    pub(crate) forked_logs: usize,
}

/// Tells it in a folder that is removed afterwards.
pub(crate) fn tell(teller: &mut Teller) -> Result<Told, NodeError> {
    let folder = tempfile::tempdir().map_err(|error| io_failed(Path::new("a new folder"), &error))?;
    let directory = folder.path().join("yard");
    let place = Place::at(&directory, 0)?;
    let mut scene = Scene { custodian: Custodian::open(&place)?, place, directory, teller };
    scene.play()
}

struct Scene<'a> {
    custodian: Custodian,
    place: Place,
    directory: PathBuf,
    teller: &'a mut Teller,
}

impl Scene<'_> {
    fn play(&mut self) -> Result<Told, NodeError> {
        let mut told = Told::default();
        self.chapter("a custodian gives a lease, and the node acts at 10 Hz");
        let mut life = self.start(&[])?;
        let asked = self.wait(&mut life, "asked", 1)?;
        let act = self.wait(&mut life, "act", ACTS)?;
        told.first_acts = life.acts;
        (told.claim, told.log) = (fact(&act, "claim"), fact(&act, "log"));
        told.old_end = asked["facts"]["windows"][0][1].as_u64().unwrap_or(u64::MAX);
        self.kill(life)?;

        self.chapter(
            "killed outright; a backup of its store is made, and it is opened again with its witness",
        );
        let backup = self.directory.join("backup.redb");
        self.copy(&self.place.store(NODE), &backup)?;
        let mut life = self.start(&[])?;
        let act = self.wait(&mut life, "act", ACTS)?;
        told.acts_after_kill = life.acts;
        (told.claim_after_kill, told.log_after_kill) = (fact(&act, "claim"), fact(&act, "log"));
        self.kill(life)?;

        self.chapter("the backup is restored: the same key, the same claim, and no right");
        self.copy(&backup, &self.place.store(NODE))?;
        let mut life = self.start(&[])?;
        let lost = self.wait(&mut life, "lost", 1)?;
        told.refusal_clause = fact(&lost, "clause");
        let asked = self.wait(&mut life, "asked", 1)?;
        told.log_after_restore = fact(&asked, "log");
        told.new_start = asked["facts"]["windows"][1][0].as_u64().unwrap_or(0);
        self.wait(&mut life, "hold", 1)?;
        told.acts_after_restore = life.acts;
        self.kill(life)?;
        told.custodian_clause = self.custodian.clauses.last().cloned().unwrap_or_default();

        self.chapter("ninety minutes later the old lease is surely over, and the new one has begun");
        let acts = ACTS.to_string();
        let later = LATER_MS.to_string();
        let mut life = self.start(&["--clock-ahead", &later, "--acts", &acts])?;
        self.wait(&mut life, "released", 1)?;
        told.last_acts = life.acts;
        life.child.wait().map_err(|error| io_failed(&self.directory, &error))?;
        for _ in 0..TURNS_MAX {
            self.custodian.turn(&self.place, self.teller)?;
            if self.custodian.taken_back > 0 {
                break;
            }
            std::thread::sleep(TURN);
        }
        told.taken_back = self.custodian.taken_back > 0;
        let forked = |log: &intent_ledger::LogSummary| matches!(log.terminal, Some(Terminal::Fork { .. }));
        told.forked_logs = self.custodian.ledger.logs().filter(forked).count();
        Ok(told)
    }

    fn chapter(&mut self, says: &str) {
        self.teller.tell("--", says, &Value::Null);
    }

    fn copy(&self, from: &Path, to: &Path) -> Result<(), NodeError> {
        std::fs::copy(from, to).map(drop).map_err(|error| io_failed(from, &error))
    }

    /// Starts a life of the node in a process of its own.
    fn start(&self, further: &[&str]) -> Result<Life, NodeError> {
        let failed = |error: std::io::Error| io_failed(&self.directory, &error);
        let mut arguments = vec![self.directory.display().to_string(), "--json".to_owned()];
        arguments.extend(further.iter().map(|word| (*word).to_owned()));
        let mut command = Command::new(std::env::current_exe().map_err(failed)?);
        if cfg!(test) {
            command.args(["--exact", "tests::life_of_the_node", "--nocapture"]);
            command.env(CHILD, arguments.join("\n"));
        } else {
            command.args(&arguments);
        }
        let mut child = command.stdout(Stdio::piped()).spawn().map_err(failed)?;
        let (sender, events) = channel();
        if let Some(stdout) = child.stdout.take() {
            std::thread::spawn(move || {
                for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                    // The test harness says other things before, on the same line even.
                    let told = line.find("{\"event\"").and_then(|at| serde_json::from_str(&line[at..]).ok());
                    if told.is_some_and(|event: Value| sender.send(event).is_err()) {
                        return;
                    }
                }
            });
        }
        Ok(Life { child, events, acts: 0 })
    }

    /// Lets the custodian turn until the child has told `event` so many times.
    fn wait(&mut self, life: &mut Life, event: &str, times: u64) -> Result<Value, NodeError> {
        let failed = |what: &str| NodeError::Story { wanted: event.to_owned(), what: what.to_owned() };
        let mut met = 0;
        for _ in 0..TURNS_MAX {
            self.custodian.turn(&self.place, self.teller)?;
            match life.events.recv_timeout(TURN) {
                Ok(told) => {
                    let name = told["event"].as_str().unwrap_or_default().to_owned();
                    life.acts += u64::from(name == "act");
                    self.teller.tell(&name, told["says"].as_str().unwrap_or_default(), &told["facts"]);
                    met += u64::from(name == event);
                    if met == times {
                        return Ok(told);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(failed("the node has stopped")),
            }
        }
        Err(failed("a minute has passed"))
    }

    /// SIGKILL: nothing is closed, nothing is said.
    fn kill(&mut self, mut life: Life) -> Result<(), NodeError> {
        let failed = |error: std::io::Error| io_failed(&self.directory, &error);
        life.child.kill().map_err(failed)?;
        life.child.wait().map_err(failed)?;
        self.teller.tell("killed", "the node's process is killed outright", &Value::Null);
        // What it sent before it died arrives all the same.
        self.custodian.turn(&self.place, self.teller)
    }
}

/// One life of the node.
struct Life {
    child: Child,
    events: Receiver<Value>,
    acts: u64,
}

impl Drop for Life {
    fn drop(&mut self) {
        // A story that fails leaves no process behind; one that has ended already cannot be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn fact(told: &Value, name: &str) -> String {
    told["facts"][name].as_str().unwrap_or_default().to_owned()
}
