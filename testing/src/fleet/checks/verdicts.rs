//! What the rules say of a state: against the naive reading of the same state, and against what they said
//! of the one before.

use super::{Broken, broken, hold};
use crate::fleet::checks::state::Known;
use crate::fleet::registry::Registry;
use crate::oracle::{Facts, Judgement, OracleLog, compare};
use crate::world::WorldItem;
use intent_contracts::{Charter, RecordId, ResourceId, Scope, SignedEntry, Tai};
use intent_merge_rules::{Standing, View};
use std::collections::BTreeMap;

/// One alternative of a claim, as it was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::fleet) struct Seen {
    pub(in crate::fleet) standing: Standing,
    suspended_until: Option<Tai>,
    /// The end of its first window.
    ends: Tai,
}

/// Every lease of a view.
pub(in crate::fleet) type Leases = BTreeMap<(RecordId, u8), Seen>;

/// The facts of a state of the model, whose items are those that were issued.
pub(in crate::fleet) fn facts(
    charter: &Charter,
    registry: &Registry,
    known: &Known,
    (interests, horizon): (&[Scope], Tai),
) -> Facts {
    let entry = |id| match registry.item(registry.entry(id)?) {
        WorldItem::Entry(entry) => Some(entry.clone()),
        _ => None,
    };
    let logs = known.state.logs.iter().map(|(id, log)| {
        let entries: Vec<SignedEntry> = log.trunk.iter().filter_map(entry).collect();
        let terminal = log.terminal.as_ref().map(|(slot, _)| *slot);
        let forked = log.terminal.as_ref().is_some_and(|(_, ids)| ids.len() > 1);
        (*id, OracleLog { key: log.key, entries, terminal, forked })
    });
    let notices = known.state.notices.iter().filter_map(|id| match registry.item(registry.notice(id)?) {
        WorldItem::Notice(notice) => Some(notice.clone()),
        _ => None,
    });
    Facts {
        charter: charter.clone(),
        horizon,
        viewpoint: interests.to_vec(),
        logs: logs.collect(),
        notices: notices.collect(),
    }
}

/// The view says what the oracle says `[RULE-1]`.
pub(in crate::fleet) fn agree(
    view: &View,
    judged: &Judgement,
    resources: &[ResourceId],
) -> Result<(), Broken> {
    match compare::differences(view, judged, resources).first() {
        None => Ok(()),
        Some(line) => broken("view", line.clone()),
    }
}

/// The leases of a view.
pub(in crate::fleet) fn leases(view: &View) -> Leases {
    let mut out = Leases::new();
    for claim in view.claims().filter_map(|id| view.claim(&id)) {
        for (alternative, lease) in (0u8..).zip(&claim.leases) {
            let ends = lease.footprints.iter().map(|covered| covered.footprint.window.end()).min();
            let seen = Seen {
                standing: lease.finding.standing,
                suspended_until: lease.suspended_until,
                ends: ends.unwrap_or_default(),
            };
            out.insert((claim.record, alternative), seen);
        }
    }
    out
}

/// No item takes a denial from a record, but a fork or an overflow, which leaves it unknown or suspended
/// `[RULE-4]`.
pub(in crate::fleet) fn denials_hold(before: &Leases, now: &Leases, horizon: Tai) -> Result<(), Broken> {
    for (lease, seen) in now.iter().filter(|(_, seen)| seen.ends >= horizon) {
        let Some(earlier) = before.get(lease).filter(|earlier| earlier.standing.is_denial()) else {
            continue;
        };
        let denied = seen.standing.is_denial() || seen.standing == Standing::Unknown;
        hold(denied || seen.suspended_until.is_some(), "denial", || {
            format!("lease {}/{} was {} and is {}", lease.0, lease.1, earlier.standing, seen.standing)
        })?;
    }
    Ok(())
}

/// No verdict on a lease whose windows end at or after the horizon changes by forgetting `[FORGET-1]`.
pub(in crate::fleet) fn nothing_flips(before: &Leases, now: &Leases, horizon: Tai) -> Result<(), Broken> {
    for (lease, earlier) in before.iter().filter(|(_, seen)| seen.ends >= horizon) {
        let found = now.get(lease).map(|seen| seen.standing);
        hold(found == Some(earlier.standing), "forgetting", || {
            format!("lease {}/{} was {} and is {found:?}", lease.0, lease.1, earlier.standing)
        })?;
    }
    Ok(())
}
