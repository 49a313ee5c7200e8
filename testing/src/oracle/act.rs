//! Where time enters: `may_act` and `free`.

use super::geometry::share_instant;
use super::leases::reach_by;
use super::order::{Right, rights_given};
use super::scene::Scene;
use super::{Facts, Judgement, Lease, judge};
use intent_contracts::kinds::Meaning;
use intent_contracts::{Authored, Clock, LogId, Millis, RecordId, ResourceId, Window};
use intent_merge_rules::Standing;
use std::collections::BTreeSet;

/// Whether a resource is in use `[ACT-4]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Free {
    /// Nobody was in the way when the earliest head among the logs read was written.
    Free {
        /// How long ago that is at most; none when a head among them lies ahead of the clock `[ACT-2]`.
        age: Option<Millis>,
    },
    /// Somebody is in the way.
    Occupied,
    /// Something is missing.
    Unknown,
}

/// Whether a machine may act `[ACT-1]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum May {
    /// It may.
    Go,
    /// The lease is at risk; all else holds.
    AtRisk,
    /// It may not.
    Hold,
}

/// `[ACT-1]`; `writing` are the logs that the asker writes with proof of continuity.
#[must_use]
pub fn may_act(
    facts: &Facts,
    writing: &BTreeSet<LogId>,
    claim: RecordId,
    alternative: u8,
    clock: Clock,
    stopping: Millis,
) -> May {
    may_act_judged((facts, &judge(facts)), writing, claim, alternative, clock, stopping)
}

/// The same, on what [`judge`] has said of these facts.
#[must_use]
pub fn may_act_judged(
    (facts, judgement): (&Facts, &Judgement),
    writing: &BTreeSet<LogId>,
    claim: RecordId,
    alternative: u8,
    clock: Clock,
    stopping: Millis,
) -> May {
    let scene = Scene::of(facts);
    let (Some(spoken), Some(lease)) = (scene.record(&claim), judgement.leases.get(&(claim, alternative)))
    else {
        return May::Hold;
    };
    let Meaning::Claim(body) = &spoken.meaning else { return May::Hold };
    let places = body.alternatives.get(usize::from(alternative)).map_or(&[][..], Vec::as_slice);
    let footprint = |place: &u8| spoken.record.footprints().get(usize::from(*place));
    let Some(footprints) = places.iter().map(footprint).collect::<Option<Vec<_>>>() else { return May::Hold };
    let mut stopping = stopping;
    for footprint in &footprints {
        for (resource, _) in scene.declarations(&footprint.resource) {
            stopping = stopping.max(resource.stopping_time);
        }
    }
    let last = clock.hi().plus(stopping);
    let inside = |(place, footprint): (usize, &&intent_contracts::Footprint)| {
        let start = footprint.window.start();
        clock.lo() >= start && last < reach_by(start, &lease.spans[place], clock.lo())
    };
    let timely = footprints.iter().enumerate().all(inside);
    let suspended = lease.suspended_until().is_some_and(|until| clock.lo() < until);
    match lease.standing {
        // [ROT-2]
        _ if scene.is_rotated(spoken.log) => May::Hold,
        _ if !writing.contains(&spoken.log) || !timely || suspended => May::Hold,
        Standing::Firm => May::Go,
        Standing::AtRisk => May::AtRisk,
        _ => May::Hold,
    }
}

/// `[ACT-4]`
#[must_use]
pub fn free(facts: &Facts, resource: ResourceId, window: Window, clock: Clock) -> Free {
    let scene = Scene::of(facts);
    let guard = facts.charter.parameters().guard;
    let meets = |taken: &Window| {
        let end = taken.end().plus(guard);
        taken.start() < window.end() && window.start() < end && clock.lo() <= end
    };
    let occupancies = scene.occupancies();
    if occupancies.get(&resource).is_some_and(|taken| taken.iter().any(|(_, taken)| meets(taken))) {
        return Free::Occupied;
    }
    let declarations = scene.declarations(&resource);
    let seen = |scope: &intent_contracts::Scope| facts.viewpoint.iter().any(|view| view.on_one_line(scope));
    if !declarations.iter().any(|(body, _)| seen(&body.scope)) {
        return Free::Unknown;
    }
    if scene.lacks_a_holder(&resource, window) {
        return Free::Unknown;
    }
    let given = scene.is_given(&resource);
    let read = if given { scene.holders(&resource, window) } else { scene.reaching(&resource) };
    if !given && scene.shadow(&resource).is_some_and(|end| window.start() < end) {
        return Free::Unknown;
    }
    let mut heads = Vec::new();
    for id in read {
        let Some((_, log)) = scene.logs.iter().find(|(known, _)| *known == id) else { return Free::Unknown };
        let suspensions = scene.suspensions_under(&log.key.enrolment);
        let suspended = suspensions.iter().any(|found| clock.lo() < found.until);
        let Some(head) = log.entries.last().filter(|_| !log.forked && !suspended) else {
            return Free::Unknown;
        };
        heads.push(head.header().authored);
    }
    if heads.is_empty() { Free::Unknown } else { Free::Free { age: age(&heads, clock) } }
}

/// How old the news are on which a lease rests; none when that is not known `[ACT-2]`.
#[must_use]
pub fn information_age(facts: &Facts, lease: &Lease, clock: Clock) -> Option<Millis> {
    let heads = lease.logs.iter().filter_map(|log| facts.logs.get(log)?.entries.last());
    age(&heads.map(|head| head.header().authored).collect::<Vec<_>>(), clock)
}

/// How old the oldest of these heads is; none when one of them lies ahead of the clock `[ACT-2]`.
fn age(heads: &[Authored], clock: Clock) -> Option<Millis> {
    let mut oldest = Millis(0);
    for head in heads {
        let earliest = head.at.minus(head.error);
        if earliest > clock.hi() {
            return None;
        }
        oldest = oldest.max(clock.hi().since(earliest));
    }
    Some(oldest)
}

impl Scene<'_> {
    /// Whether a window of the resource that votes assign meets a window and belongs to nobody `[VOTE-2]`.
    fn lacks_a_holder(&self, resource: &ResourceId, window: Window) -> bool {
        let ledger = self.facts.charter.ledger_id();
        (0u64..).zip(self.facts.charter.gives()).any(|(place, give)| {
            let last = give.last_assignable.unwrap_or(0);
            (give.repeats + 1..=last).any(|number| {
                let entry = intent_contracts::EntryId::first_give(&ledger, place, number);
                let meets = give.window(number).is_some_and(|found| share_instant(found, window));
                let held = self.first_rights.iter().any(|first| first.citation.record.entry == entry);
                give.footprint.resource == *resource && meets && !held
            })
        })
    }

    /// The logs that hold rights of a resource in a window, from the charter down.
    fn holders(&self, resource: &ResourceId, window: Window) -> BTreeSet<LogId> {
        let concerned = |footprint: &intent_contracts::Footprint| {
            footprint.resource == *resource && share_instant(footprint.window, window)
        };
        let mut rights: Vec<Right> = Vec::new();
        for first in self.first_rights.iter().filter(|first| concerned(&first.footprint)) {
            let (record, holder, footprint) = (first.citation.record, first.holder, first.footprint.clone());
            rights.push(Right { record, place: 0, holder, footprint, first: true });
        }
        for spoken in &self.records {
            for right in rights_given(spoken) {
                if concerned(&right.footprint) && self.took_up_to_the_charter(spoken, right.place) {
                    rights.push(right);
                }
            }
        }
        rights.into_iter().map(|right| right.holder).collect()
    }

    /// The logs that may claim an open resource.
    fn reaching(&self, resource: &ResourceId) -> BTreeSet<LogId> {
        let declarations = self.declarations(resource);
        let logs = self.logs.iter().filter(|(_, log)| {
            let scope = &self.warrant(&log.key).scope;
            declarations.iter().any(|(body, _)| scope.contains(&body.scope))
        });
        logs.map(|(id, _)| *id).collect()
    }
}
