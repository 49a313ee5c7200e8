//! Notices that restrict, and that this version cannot read: they suspend all that what it can read of them fits
//! `[RESTRICT-2]`.
//!
//! - Whatever an older reader cannot decide counts as fitting, so it is never bolder than a newer one.

use crate::facts::Log;
use crate::standing::Standing;
use crate::suspensions::{Suspender, Suspension, above};
use crate::view::View;
use intent_contracts::kinds::Body as _;
use intent_contracts::kinds::notice::{self, Fact, FactValue};
use intent_contracts::planted;
use intent_contracts::{Digest, Header, Notice, NoticeId, RecordId, Scope, Tai};
use std::collections::BTreeMap;

/// Bytes of an id in a fact.
const FACT_BYTES: usize = 16;

/// A notice that restricts and that this version cannot read whole.
#[derive(Debug)]
pub(crate) struct Restricted {
    pub(crate) enrolment: RecordId,
    pub(crate) scope: Scope,
    pub(crate) until: Tai,
    /// What roots must have in common for their notices to count together.
    pub(crate) content: Digest,
    /// No fact at all is said, so that roots alone may say it.
    pub(crate) empty: bool,
    /// The facts that this version can decide; all others count as fitting.
    facts: Vec<Known>,
}

/// A fact that this version can decide.
#[derive(Debug)]
enum Known {
    /// The log stands under an enrolment whose entry's id begins so.
    Enrolment(Vec<u8>),
    /// Another log of the chain lies in this scope.
    Other(Scope),
}

impl Restricted {
    /// What a notice restricts beside what this version reads of it; none when it reads it whole, or when the
    /// kind is one that restricts nothing.
    pub(crate) fn of(frame: &Notice) -> Option<Self> {
        let unread = match frame.kind {
            notice::RESTRICTS_FROM.. => true,
            notice::Revocation::KIND => notice::Revocation::read(&frame.body).is_err(),
            notice::Trip::KIND => notice::Trip::read(&frame.body).is_err(),
            notice::Failure::KIND => notice::Failure::read(&frame.body).is_err(),
            _ => return None,
        };
        if (!unread && frame.version <= Header::VERSION) || planted::on("ignore a notice of the future") {
            return None;
        }
        // Below 64 there is no match, and one that cannot be read leaves all undecided.
        let told =
            if frame.kind >= notice::RESTRICTS_FROM { notice::match_of(&frame.body).ok() } else { None };
        let empty = told.as_ref().is_some_and(Vec::is_empty);
        let facts = told.unwrap_or_default().into_iter().filter_map(decidable).collect();
        let mut content = frame.version.to_be_bytes().to_vec();
        content.extend(frame.kind.to_be_bytes());
        content.extend(&frame.body);
        Some(Self {
            enrolment: frame.enrolment,
            scope: frame.scope.clone(),
            until: frame.until,
            content: Digest::of(&content),
            empty,
            facts,
        })
    }
}

fn decidable(fact: Fact) -> Option<Known> {
    match (fact.number, fact.value) {
        (Fact::ENROLMENT, FactValue::Bytes(bytes)) if bytes.len() == FACT_BYTES => {
            Some(Known::Enrolment(bytes))
        }
        (Fact::OTHER, value) => value.scope().map(Known::Other),
        _ => None,
    }
}

impl View {
    /// What restricts a chain of logs: of what roots state by threshold, and of what others state, the one that
    /// lasts longest `[RESTRICT-2]`, `[SUSP-3]`.
    ///
    /// Cost: the living restrictions of the scopes of these logs and above.
    pub(crate) fn restricted(&self, logs: &[&Log]) -> Vec<Suspension> {
        let mut longest: Option<Suspension> = None;
        let mut by_root: BTreeMap<(&Scope, Digest), BTreeMap<u8, Suspension>> = BTreeMap::new();
        let scopes: std::collections::BTreeSet<Scope> =
            logs.iter().flat_map(|log| above(&log.scope)).collect();
        for scope in scopes {
            for ((of, id), told) in self.rules.restrictions.range((scope.clone(), NOTICE_FIRST)..) {
                if *of != scope {
                    break;
                }
                let root = self.enrolled(&told.enrolment).and_then(|author| author.root);
                let void = told.empty && root.is_none();
                if void || !self.fits(told, logs) || !self.restricts(id, told) {
                    continue;
                }
                let found = Suspension { until: told.until, by: Suspender::Restricted(*id) };
                match root {
                    Some(root) => {
                        let stated = by_root.entry((&told.scope, told.content)).or_default();
                        let kept = stated.entry(root).or_insert(found);
                        *kept = found.max(*kept);
                    }
                    None => longest = longest.max(Some(found)),
                }
            }
        }
        let of_roots = by_root.into_values().filter_map(|stated| self.stated_by_enough(stated)).max();
        longest.into_iter().chain(of_roots).collect()
    }

    /// Of what roots state alike, each at most once, the suspension that completes the threshold. A root with more
    /// notices than it may have stands behind it, until the least until of those it has `[SUSP-4]`.
    pub(crate) fn stated_by_enough(&self, mut stated: BTreeMap<u8, Suspension>) -> Option<Suspension> {
        for (root, noisy) in self.noisy_roots() {
            stated.insert(root, noisy);
        }
        let mut stated: Vec<Suspension> = stated.into_values().collect();
        stated.sort_unstable_by(|one, other| other.cmp(one));
        stated.get(self.rules.founded.threshold.checked_sub(1)?).copied()
    }

    /// Whether one log of a chain is what a restriction fits.
    fn fits(&self, told: &Restricted, logs: &[&Log]) -> bool {
        logs.iter().any(|log| {
            told.scope.contains(&log.scope)
                && self.below_anchor(told.enrolment, log.key.enrolment)
                && told.facts.iter().all(|fact| self.fact_fits(fact, told, log, logs))
        })
    }

    fn fact_fits(&self, fact: &Known, told: &Restricted, log: &Log, logs: &[&Log]) -> bool {
        match fact {
            Known::Enrolment(id) => {
                let mut line = self.lineage(log.key.enrolment);
                line.any(|(above, _)| above.entry.as_bytes().starts_with(id))
            }
            Known::Other(other) => {
                logs.iter().any(|across| other.contains(&across.scope) && !told.scope.contains(&across.scope))
            }
        }
    }

    /// Whether a restriction is of one who may restrict, and no closing from strictly above ends it.
    fn restricts(&self, id: &NoticeId, told: &Restricted) -> bool {
        let held = self.enrolled(&told.enrolment).is_some_and(|author| self.holds(&author.scope));
        held && self.granted(told.enrolment).standing == Standing::Firm
            && !self.closed(id, told.until, told.enrolment, true)
    }

    /// What suspends all but the roots: as many of them as the threshold have said too much, so that all of what they
    /// denied may be hidden `[SUSP-4]`.
    pub(crate) fn loud_roots(&self) -> Option<Suspension> {
        let mut loud: Vec<Suspension> = self.noisy_roots().map(|(_, noisy)| noisy).collect();
        loud.sort_unstable_by(|one, other| other.cmp(one));
        loud.get(self.rules.founded.threshold.checked_sub(1)?).copied()
    }

    /// The roots with more notices than they may have, and until when they count as standing behind whatever
    /// another root states `[SUSP-4]`.
    pub(crate) fn noisy_roots(&self) -> impl Iterator<Item = (u8, Suspension)> + '_ {
        let ledger = self.rules.founded.ledger;
        let until =
            move |(root, ()): (&u8, &())| Some((*root, self.least_notice(RecordId::root(&ledger, *root))?));
        self.rules.noisy_roots.iter().filter_map(until)
    }
}

const NOTICE_FIRST: NoticeId = NoticeId::from_bytes([0; 32]);
