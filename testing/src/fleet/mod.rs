//! A fleet of real ledgers in virtual time, deterministic from a seed, under every fault that the text
//! speaks of, judged after every step.
//!
//! - **One thread, one source of chance.** A run is a function of its [`Plan`]; the same plan has the same
//!   [`Run::trace`] for ever.
//! - **Real ledgers**, a naive judge: what a replica received is computed anew by [`crate::model`], and
//!   what is authentic is known because the simulator signed it, not because a signature was checked.
//! - **A seed without a fault is no evidence**: every run counts what it met ([`Tally`]).
//! - **A failing plan shrinks** ([`minimise`]) and is kept under `testing/fleet/regressions`.
//! - **The simulator must be able to fail**: [`planted`] lists bugs that it has to find.
//! - **What the rules say** is compared with [`crate::oracle`], and who may act is asked in true time.
//!
//! What the files do: `plan` says what happens, `cast` who takes part, `links` who reaches whom and what
//! the clocks say, `honest`, `trust`, `faults` and `hostile` do it, `judging` puts the judges in
//! `checks` to it.

mod cast;
mod checks;
mod clocks;
mod disk;
mod faults;
mod forgery;
mod healing;
mod honest;
mod hostile;
mod judging;
mod links;
mod minimise;
mod pen;
mod plan;
pub mod planted;
mod registry;
mod replica;
mod tally;
mod trust;

pub use minimise::minimise;
pub use plan::{Kind, Plan, PlanError, Step};
pub use tally::Tally;

use crate::world::Draw;
use cast::{Cast, START, cast};
use checks::state::{Known, Oracle};
use checks::{Broken, broken};
use intent_contracts::{Digest, Millis, Tai};
use intent_ledger::Frontier;
use links::Links;
use registry::Registry;
use replica::Replica;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use trust::Trust;

/// Why a run failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("step {step}: {check}: {what}")]
pub struct Failure {
    /// The place of the step; one more than the last for the healing at the end.
    pub step: usize,
    /// Which judge says so.
    pub check: String,
    /// In words.
    pub what: String,
}

/// What became of one run.
#[derive(Debug)]
pub struct Run {
    /// Whether everything held.
    pub outcome: Result<(), Failure>,
    /// A hash over every event and every state that was passed through.
    pub trace: Digest,
    /// One line for each event, when they were asked for.
    pub lines: Vec<String>,
    /// What was met.
    pub tally: Tally,
}

/// What a step came to, in a word for the tally.
type Done = Result<&'static str, Broken>;

/// Runs a plan. `lines`: whether to keep a line for each event.
#[must_use]
pub fn run(plan: &Plan, lines: bool) -> Run {
    let mut fleet = Fleet::found(plan.fleet);
    let mut trace = Trace { hasher: blake3::Hasher::new(), lines: lines.then(Vec::new) };
    let mut outcome = fleet.guarded(0, |_| checks::charters::of_seed(plan.fleet));
    let steps = if outcome.is_ok() { plan.steps.as_slice() } else { &[] };
    for (place, step) in steps.iter().enumerate() {
        fleet.now = fleet.now.plus(Millis(60_000 * step.minutes));
        outcome = fleet.guarded(place, |fleet| fleet.step(*step));
        trace.note(place, step.kind.name(), &mut fleet);
        if outcome.is_err() {
            break;
        }
    }
    let end = plan.steps.len();
    // The healing waits until all horizons meet; nothing happens meanwhile, so it counts for nothing.
    let lived = fleet.now.since(START);
    if outcome.is_ok() {
        outcome = fleet.guarded(end, Fleet::heal);
        trace.note(end, "heal", &mut fleet);
    }
    if let (Err(failure), Some(lines)) = (&outcome, &mut trace.lines) {
        lines.push(failure.to_string());
    }
    fleet.tally.finish(plan.steps.len(), lived, fleet.replicas.len(), fleet.registry.len());
    let hash = Digest::from_bytes(*trace.hasher.finalize().as_bytes());
    Run { outcome, trace: hash, lines: trace.lines.unwrap_or_default(), tally: fleet.tally }
}

struct Trace {
    hasher: blake3::Hasher,
    lines: Option<Vec<String>>,
}

impl Trace {
    fn note(&mut self, place: usize, name: &str, fleet: &mut Fleet) {
        let mut line = format!("{place:>4} {} {name}: {}", fleet.now, fleet.event);
        for index in std::mem::take(&mut fleet.touched) {
            if let Some(ledger) = &fleet.replicas[index].ledger {
                let digest = ledger.state_digest().to_string();
                line.push_str(&format!(" | {index} {:.8} {}", digest, ledger.entry_count()));
            }
        }
        self.hasher.update(line.as_bytes());
        if let Some(lines) = &mut self.lines {
            lines.push(line);
        }
    }
}

/// A run in progress.
struct Fleet {
    cast: &'static Cast,
    registry: Registry,
    oracle: Oracle,
    replicas: Vec<Replica>,
    links: Links,
    trust: Trust,
    /// The true time.
    now: Tai,
    tally: Tally,
    /// Replicas whose state may have changed in this step.
    touched: BTreeSet<usize>,
    /// What each replica assumes of another after a one-way contact.
    assumed: BTreeMap<(usize, usize), Frontier>,
    /// Frontiers and bundles that went by, for whoever repeats them.
    overheard: Vec<Vec<u8>>,
    told: Vec<Frontier>,
    judged: u64,
    /// What the oracle says of states, by interests, horizon and digest.
    judgements: BTreeMap<judging::Seen, Rc<judging::Judged>>,
    /// What the step came to.
    event: String,
}

impl Fleet {
    /// Founds the fleet of a seed.
    fn found(seed: u64) -> Self {
        let cast = cast();
        let mut draw = Draw::new(seed);
        let mut registry = Registry::new(cast.charter.ledger_id());
        let founding: Vec<_> = cast.founding.iter().map(|item| registry.issue(item.clone())).collect();
        let mut members: Vec<usize> = (0..cast::REPLICAS_MAX).collect();
        draw.shuffle(&mut members);
        members.truncate(3 + draw.below(3) + draw.below(4));
        let mut fleet = Self {
            cast,
            registry,
            oracle: Oracle::default(),
            replicas: Vec::new(),
            links: Links::default(),
            trust: Trust::found(cast, &members, &mut draw),
            now: START,
            tally: Tally::default(),
            touched: BTreeSet::new(),
            assumed: BTreeMap::new(),
            overheard: Vec::new(),
            told: Vec::new(),
            judged: 0,
            judgements: BTreeMap::new(),
            event: String::new(),
        };
        for (place, member) in members.into_iter().enumerate() {
            let mut replica = Replica::found(cast, member, seed.wrapping_mul(64) + place as u64);
            replica.clock.set_within(START, &mut draw);
            fleet.replicas.push(replica);
        }
        let bytes = fleet.parcel(&founding);
        for replica in 0..fleet.replicas.len() {
            // Some hear of the others only later, and some when their clock is not set yet.
            let unset = draw.below(8) == 0;
            if unset {
                let clock = &mut fleet.replicas[replica].clock;
                if draw.below(3) == 0 {
                    clock.widen(Millis::days(20_000));
                } else {
                    clock.jump(START, Millis::days(draw.below(30_000) as u64), draw.below(4) > 0);
                }
            }
            if draw.below(8) > 0 {
                let absorbed = fleet.absorb(replica, &bytes);
                debug_assert!(absorbed.is_ok(), "{absorbed:?}");
            }
            if unset && draw.below(4) > 0 {
                fleet.replicas[replica].clock.set_within(START, &mut draw);
            }
        }
        fleet
    }

    /// Does one thing and judges it; a panic is a finding like any other.
    fn guarded(
        &mut self,
        place: usize,
        work: impl FnOnce(&mut Self) -> Result<(), Broken>,
    ) -> Result<(), Failure> {
        let outcome = catch_unwind(AssertUnwindSafe(|| work(self)));
        let found = match outcome {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(Broken { check, what })) => (check.to_owned(), what),
            Err(panic) => {
                let told = panic.downcast_ref::<String>().cloned();
                let told = told.or_else(|| panic.downcast_ref::<&str>().map(|told| (*told).to_owned()));
                ("panic".to_owned(), told.unwrap_or_default())
            }
        };
        Err(Failure { step: place, check: found.0, what: found.1 })
    }

    fn step(&mut self, step: Step) -> Result<(), Broken> {
        let draw = &mut Draw::new(step.draw);
        let event = match step.kind {
            Kind::Write => self.write(draw),
            Kind::Notice => self.write_notice(draw),
            Kind::Enrol => self.enrol(draw),
            Kind::Incarnation => self.start_incarnation(draw),
            Kind::Ask
            | Kind::Give
            | Kind::Lease
            | Kind::HandDown
            | Kind::Release
            | Kind::Return
            | Kind::Reclaim => self.trust(step.kind, draw),
            Kind::Contact
            | Kind::Cut
            | Kind::OneWay
            | Kind::Reorder
            | Kind::Duplicate
            | Kind::Corrupt
            | Kind::Selective => self.contact(step.kind, draw),
            Kind::Exchange => self.exchange(draw),
            Kind::Version => Ok(self.change_version(draw)),
            Kind::Horizon => self.forget(draw),
            Kind::Wait
            | Kind::Partition
            | Kind::Partial
            | Kind::Simplex
            | Kind::Flap
            | Kind::Mend
            | Kind::Drift
            | Kind::Jump
            | Kind::Leap
            | Kind::Widen
            | Kind::Spoof => self.weather(step.kind, draw),
            Kind::LetGo => self.let_go(draw),
            Kind::Reboot
            | Kind::Crash
            | Kind::Full
            | Kind::Witness
            | Kind::Flip
            | Kind::Tear
            | Kind::Backup
            | Kind::Restore
            | Kind::Beside => self.fault(step.kind, draw),
            _ => self.attack(step.kind, draw),
        }?;
        event.clone_into(&mut self.event);
        self.tally.count(step.kind.name(), event);
        self.settle_unsure()?;
        for replica in self.touched.clone() {
            self.judge(replica, false)?;
        }
        self.judge_truth()?;
        self.settle_unsure()
    }

    /// The replicas that are copies of one store, this one among them.
    fn family(&self, index: usize) -> Vec<usize> {
        let root = self.replicas[index].root.unwrap_or(index);
        (0..self.replicas.len()).filter(|it| *it == root || self.replicas[*it].root == Some(root)).collect()
    }

    /// One of the copies of a store, which the draw chooses; without copies nothing is drawn.
    fn any_of_family(&self, index: usize, draw: &mut Draw) -> usize {
        let family = self.family(index);
        if family.len() > 1 { family[draw.below(family.len())] } else { index }
    }

    /// A replica that the draw chooses.
    fn any_replica(&self, draw: &mut Draw) -> usize {
        draw.below(self.replicas.len())
    }

    /// Two different replicas.
    fn any_pair(&self, draw: &mut Draw) -> (usize, usize) {
        let from = self.any_replica(draw);
        let to = (from + 1 + draw.below(self.replicas.len() - 1)) % self.replicas.len();
        (from, to)
    }

    /// A bundle of issued items.
    fn parcel(&self, places: &[registry::Place]) -> Vec<u8> {
        replica::parcel(self.cast.charter.ledger_id(), places.iter().map(|place| self.registry.item(*place)))
    }

    /// Gives bytes to a replica, and notes what of them is authentic.
    fn absorb(&mut self, index: usize, bytes: &[u8]) -> Result<(), Broken> {
        let (found, _) = self.registry.scan(bytes);
        let clock = self.replicas[index].clock.read(self.now);
        let reading = self.reading(index, clock);
        let replica = &mut self.replicas[index];
        let Some(ledger) = replica.ledger.as_mut() else { return Ok(()) };
        self.touched.insert(index);
        let unborn = ledger.birth().is_none();
        match ledger.absorb(bytes, clock) {
            Ok(report) => {
                found.iter().for_each(|place| self.registry.note_held(*place, index));
                replica.received.extend(&found);
                checks::hold(report.waiting == ledger.waiting().0 as u64, "report", || {
                    format!("{} are said to wait", report.waiting)
                })?;
                if unborn { self.judge_birth(index, clock, reading, false) } else { Ok(()) }
            }
            Err(error) => broken("absorb", format!("replica {index}: {error}")),
        }
    }
}
