//! What the rules say of a state: against the naive reading of the same state, and against what they said
//! of the one before.

use super::{Broken, broken, hold};
use crate::fleet::checks::state::Known;
use crate::fleet::registry::Registry;
use crate::oracle::{Facts, Judgement, OracleLog};
use crate::twins::differences_about;
use crate::world::WorldItem;
use intent_contracts::{Charter, EntryId, LogId, RecordId, ResourceId, Scope, SignedEntry, Tai};
use intent_merge_rules::{Exception, Standing, View};
use std::collections::BTreeMap;

/// One alternative of a claim, as it was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::fleet) struct Seen {
    standing: Standing,
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
    match differences_about(view, judged, resources).first() {
        None => Ok(()),
        Some(line) => broken("view", line.clone()),
    }
}

/// The view tells of each log that is forked, and of no other `[EXC-1]`: whoever sees two hosts act on the word
/// of a log with two writers learns which log it was.
pub(in crate::fleet) fn forks_are_told(view: &View, facts: &Facts) -> Result<(), Broken> {
    let told = view.exceptions().into_iter().filter_map(|exception| match exception {
        Exception::Forked { log, slot } => Some((log, slot)),
        _ => None,
    });
    let told: BTreeMap<LogId, u64> = told.collect();
    let forked = facts.logs.iter().filter(|(_, log)| log.forked);
    let forked: BTreeMap<LogId, u64> = forked.filter_map(|(id, log)| Some((*id, log.terminal?))).collect();
    hold(told == forked, "exceptions", || format!("forks of {told:?} are told, there are {forked:?}"))
}

/// The leases of a view.
pub(in crate::fleet) fn leases(view: &View) -> Leases {
    let mut out = Leases::new();
    for claim in view.claims().filter_map(|id| view.claim(&id)) {
        for (alternative, lease) in (0u8..).zip(&claim.leases) {
            let ends = lease.footprints.iter().map(|covered| covered.footprint.window.end()).min();
            let seen = Seen { standing: lease.finding.standing, ends: ends.unwrap_or_default() };
            out.insert((claim.record, alternative), seen);
        }
    }
    out
}

/// What is denied: of a claim its alternative, of a give its part.
pub(in crate::fleet) type Denials = BTreeMap<(RecordId, u8), (Standing, LogId)>;

/// The claims and parts that the view denies, each for a reason of its own, not for what it hangs on.
pub(in crate::fleet) fn denials(view: &View, facts: &Facts, judged: &Judgement, leases: &Leases) -> Denials {
    let logs: BTreeMap<EntryId, LogId> =
        (facts.logs.iter()).flat_map(|(id, log)| log.entries.iter().map(|entry| (entry.id(), *id))).collect();
    let lease =
        |(record, alternative): &(RecordId, u8)| view.lease(record, *alternative).map(|it| it.finding);
    let of_claims = leases.keys().filter_map(|key| Some((*key, lease(key)?)));
    let of_parts = judged.parts.keys().filter(|(record, _)| !leases.contains_key(&(*record, 0)));
    let of_parts = of_parts.filter_map(|key| Some((*key, view.part(&key.0, key.1)?)));
    let own = of_claims.chain(of_parts).filter(|((record, _), finding)| finding.record == *record);
    own.filter(|(_, finding)| finding.standing.is_denial())
        .filter_map(|(key, finding)| Some((key, (finding.standing, *logs.get(&key.0.entry)?))))
        .collect()
}

/// No item takes a denial from a record, but a fork or an overflow, which leaves it unknown or suspended
/// `[RULE-4]`.
///
/// A claim whose own log is forked below its release loses that denial, and so does a give below its giver's
/// fork; nobody writes such a log any more, so it never becomes permission to act `[ACT-1]`.
pub(in crate::fleet) fn denials_hold(before: &Denials, view: &View, facts: &Facts) -> Result<(), Broken> {
    for ((record, number), (earlier, log)) in before {
        let claim = view.lease(record, *number);
        let ends =
            claim.as_ref().and_then(|it| it.footprints.iter().map(|it| it.footprint.window.end()).min());
        let suspended = claim.as_ref().is_some_and(|it| it.suspended_until().is_some());
        let standing =
            claim.map(|it| it.finding).or_else(|| view.part(record, *number)).map(|it| it.standing);
        let Some(standing) = standing else { continue };
        let forgotten = ends.is_some_and(|end| end < facts.horizon);
        let ended = facts.logs.get(log).is_none_or(|log| log.terminal.is_some());
        let denied = standing.is_denial() || standing == Standing::Unknown || suspended;
        hold(denied || forgotten || ended, "denial", || {
            format!("{record}/{number} was {earlier} and is {standing}")
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
