//! The fast rules beside the oracle: what they say differently of one state `[RULE-1]`.

use crate::laws::{Replica as _, Wire};
use crate::oracle::Judgement;
use crate::oracle::histories::{resource_id, resources};
use crate::subject::Subject;
use crate::world::WorldItem;
use intent_contracts::{Charter, RecordId, ResourceId, Scope, Tai, Window};
use intent_ledger::{MemoryStore, Viewpoint};
use intent_merge_rules::{Assignment, Rules, Standing, Suspension, View};
use std::collections::BTreeSet;

/// The view of a replica that received these items and holds everything.
///
/// # Panics
/// When a ledger in memory fails.
#[must_use]
pub fn view_of(charter: &Charter, items: &[WorldItem]) -> View {
    view_from(charter, items, vec![Scope::root()])
}

/// The living rules of such a replica `[ACT-7]`.
///
/// # Panics
/// When a ledger in memory fails.
#[must_use]
pub fn rules_of(charter: &Charter, items: &[WorldItem]) -> Rules {
    replica_of(charter, items).ledger().rules_for_tests().expect("a store in memory can be read").clone()
}

/// The same as whoever holds these scopes would see it.
///
/// # Panics
/// When a ledger in memory fails.
#[must_use]
pub fn view_from(charter: &Charter, items: &[WorldItem], viewpoint: Vec<Scope>) -> View {
    let mut replica = replica_of(charter, items);
    replica.ledger().view(Viewpoint::Scopes(viewpoint)).expect("a store in memory can be read").clone()
}

fn replica_of(charter: &Charter, items: &[WorldItem]) -> Subject<MemoryStore> {
    let mut replica = Subject::<MemoryStore>::in_memory(charter, &[Scope::root()]);
    // Asked before anything is there, so that each item is merged into a reading.
    replica.ledger().view(Viewpoint::Own).expect("an empty store in memory can be read");
    for item in items {
        replica.deliver(&[Wire::from(item)]);
    }
    replica
}

/// What the view says where the oracle says something else, a line for each.
///
/// # Panics
/// Never: all of time is a window.
#[must_use]
pub fn differences(view: &View, judged: &Judgement) -> Vec<String> {
    differences_about(view, judged, &resources().each_ref().map(resource_id))
}

/// The same with the occupancies of other resources than those of the histories.
///
/// # Panics
/// Never: all of time is a window.
#[must_use]
pub fn differences_about(view: &View, judged: &Judgement, resources: &[ResourceId]) -> Vec<String> {
    let mut out = Vec::new();
    for (record, standing) in &judged.enrolments {
        let found = view.enrolment(record).map(|found| found.finding.standing);
        if found != Some(*standing) {
            out.push(format!("enrolment {record}: {found:?}, the oracle says {standing}"));
        }
    }
    for (record, suspensions) in &judged.suspended {
        let found = view.enrolment(record).map_or(Vec::new(), |found| found.suspensions);
        if let Some(other) = suspended_otherwise(&found, suspensions) {
            out.push(format!("enrolment {record}: {other}"));
        }
    }
    for ((record, part), standing) in &judged.parts {
        let found = view.part(record, *part);
        if found.as_ref().map(|found| found.standing) != Some(*standing) {
            let told = found.map_or("nothing".to_owned(), |found| found.to_string());
            out.push(format!("part {record}/{part}: {told}; the oracle says {standing}"));
        }
    }
    for (record, standing) in &judged.givings_back {
        let found = view.explain(record);
        if found.first().map(|found| found.standing) != Some(*standing) {
            out.push(format!("giving back {record}: {found:?}; the oracle says {standing}"));
        }
    }
    for ((record, alternative), lease) in &judged.leases {
        let Some(found) = view.lease(record, *alternative) else {
            out.push(format!(
                "lease {record}/{alternative} is not there; the oracle says {}",
                lease.standing
            ));
            continue;
        };
        let cover: Vec<Tai> = found.footprints.iter().map(|covered| covered.cover).collect();
        if found.finding.standing != lease.standing {
            out.push(format!(
                "lease {record}/{alternative}: {}; the oracle says {}",
                found.finding, lease.standing
            ));
        } else if found.finding.standing <= Standing::AtRisk && cover != lease.cover {
            out.push(format!(
                "lease {record}/{alternative}: cover {cover:?}, the oracle says {:?}",
                lease.cover
            ));
        }
        if let Some(other) = suspended_otherwise(&found.suspensions, &lease.suspensions) {
            out.push(format!("lease {record}/{alternative}: {other}"));
        }
    }
    for (right, logs) in &judged.elected {
        let found = match view.assignment(right) {
            Assignment::Unassigned => BTreeSet::new(),
            Assignment::To(log) => BTreeSet::from([log]),
            Assignment::Contested(logs) => logs.into_iter().collect(),
        };
        if found != *logs {
            out.push(format!("window {right} is assigned to {found:?}; the oracle says {logs:?}"));
        }
    }
    let successors = view.successors().into_iter().filter(|found| found.chosen);
    let successors: BTreeSet<_> = successors.map(|found| found.ledger).collect();
    if successors != judged.successors {
        out.push(format!("successors {successors:?}; the oracle says {:?}", judged.successors));
    }
    let always = Window::new(Tai(0), Tai::MAX).expect("time is not empty");
    for resource in resources {
        let found: BTreeSet<((RecordId, u8), Window)> = view
            .occupancies(*resource, always)
            .iter()
            .map(|found| ((found.record, found.part), found.window))
            .collect();
        let told = judged.occupancies.get(resource).cloned().unwrap_or_default();
        if found != told {
            out.push(format!("occupancies of {resource}: {found:?}; the oracle says {told:?}"));
        }
    }
    out
}

/// How a list of suspensions differs from the oracle's: it tells each once and the longest first `[SUSP-3]`.
#[must_use]
pub fn suspended_otherwise(found: &[Suspension], told: &BTreeSet<Suspension>) -> Option<String> {
    let same = found.iter().copied().collect::<BTreeSet<_>>() == *told && found.len() == told.len();
    let longest_first = found.is_sorted_by(|a, b| a.until >= b.until);
    (!same || !longest_first).then(|| format!("suspended by {found:?}, the oracle says {told:?}"))
}
