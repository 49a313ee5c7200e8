//! The fast rules beside the naive ones: where a view says something else than the oracle.

use super::Judgement;
use intent_contracts::{RecordId, ResourceId, Tai, Window};
use intent_merge_rules::{Standing, View};
use std::collections::BTreeSet;

/// What the view says where the oracle says something else, one line for each: enrolments, parts, leases, and
/// the occupancies of these resources.
#[must_use]
pub fn differences(view: &View, judged: &Judgement, resources: &[ResourceId]) -> Vec<String> {
    let mut out = Vec::new();
    enrolments_and_parts(view, judged, &mut out);
    leases(view, judged, &mut out);
    let Ok(always) = Window::new(Tai(0), Tai::MAX) else { return out };
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

fn enrolments_and_parts(view: &View, judged: &Judgement, out: &mut Vec<String>) {
    for (record, standing) in &judged.enrolments {
        let found = view.enrolment(record).map(|found| found.finding.standing);
        if found != Some(*standing) {
            out.push(format!("enrolment {record}: {found:?}, the oracle says {standing}"));
        }
    }
    for ((record, part), standing) in &judged.parts {
        let found = view.part(record, *part);
        // A given part that names no right makes its give void; the view has no part there.
        if found.is_none() && *standing == Standing::Void {
            continue;
        }
        if found.as_ref().map(|found| found.standing) != Some(*standing) {
            let told = found.map_or("nothing".to_owned(), |found| found.to_string());
            out.push(format!("part {record}/{part}: {told}; the oracle says {standing}"));
        }
    }
}

fn leases(view: &View, judged: &Judgement, out: &mut Vec<String>) {
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
        if found.suspended_until != lease.suspended_until {
            let (a, b) = (found.suspended_until, lease.suspended_until);
            out.push(format!("lease {record}/{alternative}: suspended {a:?}, the oracle says {b:?}"));
        }
    }
}
