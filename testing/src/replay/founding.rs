//! The beginning of a replay: the charter, and a root that enrols every node.

use super::leases::{custody_until, dock_of, scope_of_region, whole};
use super::predict::EntryFacts;
use super::{Node, Plan, ReplayError, ZERO, clock, facts_of};
use crate::history::History;
use intent_ledger::contracts::bounds::CHARTER_GIVES_MAX;
use intent_ledger::contracts::kinds::{Advert, Body, Enrol, Lineage, Roles};
use intent_ledger::contracts::{
    AuthorKey, Charter, CharterGive, CharterRoot, Footprint, Label, Lane, Measure, Millis, Record, Refusal,
    ResourcePath, Scope, SecretKey, Signer, Tai,
};
use intent_ledger::{Appended, FirstLogs, Frontier, Host, Ledger, Manner, MemoryStore, NoContinuity, Store};
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The charter, and what its root wrote before the history began.
pub(super) struct Founding {
    pub(super) charter: Charter,
    pub(super) bundles: Vec<Vec<u8>>,
    pub(super) entries: Vec<EntryFacts>,
    root: Ledger<MemoryStore>,
    /// What all nodes are known to hold.
    told: Frontier,
}

/// The place of a region's docks among the charter's gives is its own; only so many have one.
const DOCKS_MAX: usize = CHARTER_GIVES_MAX;

impl Founding {
    /// A root that enrols every node in its region and declares a dock for each.
    pub(super) fn write(history: &History, plan: &Plan, region_of: &[usize]) -> Result<Self, ReplayError> {
        let root = secret(plan.seed, u64::MAX);
        let until = ZERO.plus(Millis(history.span_ms())).plus(Millis::days(800));
        let regions = region_of.iter().max().map_or(0, |most| most + 1).min(DOCKS_MAX);
        let charter = charter(history, plan, root.author(), until, regions)?;
        let first = FirstLogs::all(&charter, &root.author());
        let host = Host {
            signer: Box::new(root),
            continuity: Box::new(NoContinuity),
            entropy: Box::new(ChaCha12Rng::seed_from_u64(plan.seed ^ 0xf0)),
        };
        let ledger = Ledger::found(MemoryStore::new(), &charter, vec![Scope::root()], host, &first);
        let root = ledger.map_err(failed)?;
        let told = Frontier::unknown(&root.ledger_id(), vec![Scope::root()]);
        let mut founding = Self { charter, bundles: Vec::new(), entries: Vec::new(), root, told };
        let mut records = Vec::new();
        for (index, name) in history.nodes.iter().enumerate() {
            let key = founding.secret(plan, index).author();
            // Names only have to be told apart; a node speaks for its whole region.
            scope_of(region_of[index], name)?;
            let scope = scope_of_region(region_of[index]).map_err(failed)?;
            records.push(enrolment(key, scope, index as u64, until).map_err(failed)?);
        }
        let docks = (0..regions).map(|region| dock_of(region)?.record(until, Vec::new()));
        records.extend(docks.collect::<Result<Vec<Record>, Refusal>>().map_err(failed)?);
        let now = clock(0, 0, plan.parameters.clock_error.0);
        for chunk in records.chunks(32) {
            let appended = founding.root.append(Lane::Safety, chunk, now).map_err(failed)?;
            founding.wrote(appended)?;
        }
        founding.bundle()?;
        Ok(founding)
    }

    fn wrote(&mut self, appended: Appended) -> Result<(), ReplayError> {
        self.entries.push(facts_of(&self.root, appended, 0).map_err(failed)?);
        Ok(())
    }

    /// Packs what the root wrote since it packed last.
    fn bundle(&mut self) -> Result<(), ReplayError> {
        loop {
            let bundle = self.root.bundle(&self.told, usize::MAX).map_err(failed)?;
            self.bundles.push(bundle.bytes);
            self.told = bundle.assumed;
            if bundle.complete {
                return Ok(());
            }
        }
    }

    pub(super) fn secret(&self, plan: &Plan, node: usize) -> SecretKey {
        secret(plan.seed, node as u64)
    }
}

/// Who gives the docks, and how they opened the logs that hold them.
pub(super) struct Custody {
    pub(super) custodians: Vec<usize>,
    pub(super) openings: Vec<(usize, EntryFacts)>,
}

impl Custody {
    /// The first node of each region opens a log that lasts, the root gives it the region's dock, and all hear
    /// of that.
    pub(super) fn pass<S: Store>(
        founding: &mut Founding,
        history: &History,
        plan: &Plan,
        region_of: &[usize],
        nodes: &mut [Node<S>],
    ) -> Result<Self, ReplayError> {
        let mut custody = Self { custodians: Vec::new(), openings: Vec::new() };
        let until = custody_until(history, plan.parameters.longest_lease).map_err(failed)?;
        let now = clock(0, 0, plan.parameters.clock_error.0);
        let heard = founding.bundles.len();
        for region in 0..founding.charter.gives().len() {
            let Some(custodian) = region_of.iter().position(|found| *found == region) else { continue };
            let name = ResourcePath::parse("give/dock").map_err(failed)?;
            let gives = Advert::offer(name, 1);
            let record = gives.record(until, Vec::new()).map_err(failed)?;
            let own = clock(0, nodes[custodian].clock_error_ms, plan.parameters.clock_error.0);
            let ledger = &mut nodes[custodian].ledger;
            let opened = ledger.append(Lane::Productivity, &[record], own).map_err(failed)?;
            custody.openings.push((custodian, facts_of(ledger, opened, 1).map_err(failed)?));
            custody.custodians.push(custodian);
            let dock = founding.charter.gives()[region].footprint.clone();
            let given = founding.root.give_right(opened.log, &[dock], Manner::Civil, now).map_err(failed)?;
            founding.wrote(given.at)?;
        }
        founding.bundle()?;
        for bundle in &founding.bundles[heard..] {
            for node in nodes.iter_mut() {
                let now = clock(0, node.clock_error_ms, plan.parameters.clock_error.0);
                let report = node.ledger.absorb(bundle, now).map_err(failed)?;
                if report.refused_total() > 0 {
                    return Err(failed(format!("the gives of the docks are refused: {report:?}")));
                }
            }
        }
        Ok(custody)
    }
}

/// A charter whose root holds a dock for each region.
fn charter(
    history: &History,
    plan: &Plan,
    root: AuthorKey,
    until: Tai,
    regions: usize,
) -> Result<Charter, ReplayError> {
    let roots = vec![CharterRoot::new(root, 1 << 60, 8)];
    let mut seed = [0; 32];
    ChaCha12Rng::seed_from_u64(plan.seed).fill_bytes(&mut seed);
    let charter = Charter::new("replay", roots, 1, until, plan.parameters.clone(), seed).map_err(failed)?;
    let window = whole(history).map_err(failed)?;
    let give = |region: usize| {
        Ok(CharterGive {
            footprint: Footprint::open(dock_of(region)?.id(), Measure::Exclusive, window, 1),
            root: 0,
            lane: Lane::Productivity,
            incarnation: 1,
            end: until,
            every: Millis(0),
            repeats: 0,
            last_assignable: None,
        })
    };
    let gives = (0..regions).map(give).collect::<Result<Vec<_>, Refusal>>().map_err(failed)?;
    charter.with_gives(gives).map_err(failed)
}

fn failed(what: impl ToString) -> ReplayError {
    ReplayError { node: "founder".to_owned(), what: what.to_string() }
}

fn enrolment(key: AuthorKey, scope: Scope, ordinal: u64, until: Tai) -> Result<Record, Refusal> {
    let body = Enrol {
        ordinal,
        ..Enrol::new(
            key,
            Roles::ACT.with(Roles::GIVE),
            scope,
            4 << 20,
            40,
            Lineage { build: Label::try_from("b1".to_owned())?, hardware: Label::try_from("h1".to_owned())? },
        )
    };
    body.record(until, Vec::new())
}

/// A scope for each node below its region's; names that are no labels are hashed.
pub(super) fn scope_of(region: usize, name: &str) -> Result<Scope, ReplayError> {
    let label = Label::try_from(name.to_owned())
        .map_or_else(|_| blake3::hash(name.as_bytes()).to_hex()[..16].to_owned(), String::from);
    let region = scope_of_region(region).map_err(failed)?;
    Scope::parse(&format!("{region}/{label}"))
        .map_err(|refusal| ReplayError { node: name.to_owned(), what: refusal.to_string() })
}

fn secret(seed: u64, node: u64) -> SecretKey {
    let text = format!("replay {seed} {node}");
    SecretKey::from_seed(*blake3::hash(text.as_bytes()).as_bytes())
}
