//! The beginning of a replay: the charter, and a root that enrols every node.

use super::predict::EntryFacts;
use super::{Plan, ReplayError, ZERO, clock, facts_of};
use crate::history::History;
use intent_ledger::contracts::kinds::{Body, Enrol, Lineage, Roles};
use intent_ledger::contracts::{
    Charter, CharterRoot, Label, Lane, Millis, Record, Scope, SecretKey, Signer, Tai,
};
use intent_ledger::{Frontier, Host, Ledger, NoContinuity};
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The charter, and what its root wrote before the history began.
pub(super) struct Founding {
    pub(super) charter: Charter,
    pub(super) bundles: Vec<Vec<u8>>,
    pub(super) entries: Vec<EntryFacts>,
}

impl Founding {
    /// A root that enrols every node, each in a region of its group.
    pub(super) fn write(history: &History, plan: &Plan, group_of: &[usize]) -> Result<Self, ReplayError> {
        let failed = |what: String| ReplayError { node: "founder".to_owned(), what };
        let root = secret(plan.seed, u64::MAX);
        let until = ZERO.plus(Millis(history.span_ms())).plus(Millis::days(800));
        let roots = vec![CharterRoot { key: root.author(), byte_budget: 1 << 60, max_logs: 8 }];
        let mut seed = [0; 32];
        ChaCha12Rng::seed_from_u64(plan.seed).fill_bytes(&mut seed);
        let charter = Charter::new("replay", roots, 1, until, plan.parameters.clone(), seed)
            .map_err(|error| failed(error.to_string()))?;
        let host = Host {
            signer: Box::new(root),
            continuity: Box::new(NoContinuity),
            entropy: Box::new(ChaCha12Rng::seed_from_u64(plan.seed ^ 0xf0)),
        };
        let mut ledger =
            Ledger::create(intent_ledger::MemoryStore::new(), &charter, vec![Scope::root()], host)
                .map_err(|error| failed(error.to_string()))?;
        let mut founding = Self { charter, bundles: Vec::new(), entries: Vec::new() };
        let now = clock(0, 0, plan.parameters.clock_error.0);
        let indices: Vec<usize> = (0..history.nodes.len()).collect();
        for chunk in indices.chunks(32) {
            let records: Result<Vec<Record>, ReplayError> = chunk
                .iter()
                .map(|index| {
                    let key = founding.secret(plan, *index).author();
                    let name = &history.nodes[*index];
                    enrolment(key, scope_of(group_of[*index], name)?, until)
                        .map_err(|refusal| failed(refusal.to_string()))
                })
                .collect();
            let appended = ledger.append(Lane::Safety, &records?, now);
            let appended = appended.map_err(|error| failed(error.to_string()))?;
            founding.entries.push(facts_of(&ledger, appended, 0).map_err(failed)?);
        }
        let mut peer = Frontier::unknown(&ledger.ledger_id(), vec![Scope::root()]);
        loop {
            let bundle = ledger.bundle(&peer, usize::MAX).map_err(|error| failed(error.to_string()))?;
            founding.bundles.push(bundle.bytes);
            if bundle.complete {
                return Ok(founding);
            }
            peer = bundle.assumed;
        }
    }

    pub(super) fn secret(&self, plan: &Plan, node: usize) -> SecretKey {
        secret(plan.seed, node as u64)
    }
}

fn enrolment(
    key: intent_ledger::contracts::AuthorKey,
    scope: Scope,
    until: Tai,
) -> Result<Record, intent_ledger::contracts::Refusal> {
    let body = Enrol {
        key,
        roles: Roles::ACT.with(Roles::GIVE),
        scope,
        byte_budget: 4 << 20,
        max_logs: 24,
        lineage: Lineage {
            build: Label::try_from("b1".to_owned())?,
            hardware: Label::try_from("h1".to_owned())?,
        },
        next_key: None,
        anchor: None,
        ordinal: 0,
        answers: Vec::new(),
    };
    body.record(until, Vec::new())
}

/// A region for each group, a node scope for each node; names that are no labels are hashed.
pub(super) fn scope_of(group: usize, name: &str) -> Result<Scope, ReplayError> {
    let label = Label::try_from(name.to_owned())
        .map_or_else(|_| blake3::hash(name.as_bytes()).to_hex()[..16].to_owned(), String::from);
    Scope::parse(&format!("g{group}/{label}"))
        .map_err(|refusal| ReplayError { node: name.to_owned(), what: refusal.to_string() })
}

fn secret(seed: u64, node: u64) -> SecretKey {
    let text = format!("replay {seed} {node}");
    SecretKey::from_seed(*blake3::hash(text.as_bytes()).as_bytes())
}
