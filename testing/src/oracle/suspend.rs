//! What suspends: what may hide denials, and breakers.

use super::TripFate;
use super::restrict::is_unread;
use super::scene::{Scene, Spoken};
use intent_contracts::kinds::notice::Trip;
use intent_contracts::kinds::{Body as _, Meaning, Roles};
use intent_contracts::{Lane, LogKey, NoticeId, RecordId, Scope, Tai};
use intent_merge_rules::{Standing, Suspender, Suspension};
use std::collections::{BTreeMap, BTreeSet};

/// A breaker that was tripped `[TRIP-1]`.
struct Tripped {
    id: NoticeId,
    /// The enrolment of its author.
    author: RecordId,
    scope: Scope,
    other: Scope,
    until: Tai,
}

impl Scene<'_> {
    /// What suspends all that is written under an enrolment `[SUSP-1]`.
    pub(super) fn suspensions_under(&self, enrolment: &RecordId) -> BTreeSet<Suspension> {
        let line = self.line(enrolment);
        let mut out = BTreeSet::new();
        for (id, enrolled) in &self.enrolments {
            let logs: Vec<_> = self.logs.iter().filter(|(_, log)| log.key.enrolment == *id).collect();
            if line.contains(id) && logs.len() as u64 > enrolled.max_logs {
                let until = logs.iter().map(|(_, log)| log.key.end).min();
                out.extend(until.map(|until| Suspension { until, by: Suspender::Overfull(*id) }));
            }
            if line.contains(id) && enrolment != id {
                let forked = logs.iter().filter(|(_, log)| log.forked && log.key.lane == Lane::Safety);
                let last = forked.map(|(log_id, log)| (log.key.end, *log_id)).max();
                out.extend(last.map(|(until, log)| Suspension { until, by: Suspender::Forked(log) }));
            }
            let notices = self.notices.iter().filter(|notice| notice.notice().enrolment == *id);
            let untils: Vec<Tai> = notices.map(|notice| notice.notice().until).collect();
            let flooded = enrolled.roles.has(Roles::DENY) && untils.len() as u64 > enrolled.max_notices;
            // A root suspends nobody by that [SUSP-4].
            if flooded && !self.is_root(id) && self.below_anchor_of(id, enrolment) {
                let until = untils.into_iter().min();
                out.extend(until.map(|until| Suspension { until, by: Suspender::Noisy(*id) }));
            }
        }
        if !self.is_root(enrolment) {
            out.extend(self.too_many_loud());
        }
        out
    }

    /// What suspends all but the roots, when as many of them as must agree have said too much `[SUSP-4]`.
    fn too_many_loud(&self) -> Option<Suspension> {
        let told =
            |loud: super::votes::Loud| Suspension { until: loud.until, by: Suspender::Noisy(loud.root) };
        let mut loud: Vec<Suspension> = self.loud().into_iter().map(told).collect();
        loud.sort_unstable();
        let threshold = usize::try_from(self.facts.charter.threshold()).unwrap_or(usize::MAX);
        loud.len().checked_sub(threshold).map(|place| loud[place])
    }

    /// What suspends an answer to a claim of log `own`, when its chain of gives has these logs `[SUSP-2]`.
    pub(super) fn suspensions(&self, chain: &[LogKey], own: LogKey) -> BTreeSet<Suspension> {
        let mut out: BTreeSet<Suspension> =
            chain.iter().flat_map(|log| self.suspensions_under(&log.enrolment)).collect();
        let all = [chain, &[own]].concat();
        out.extend(self.breakers(&all));
        out.extend(self.restrictions(&all));
        out
    }

    /// The breakers that part a chain: of each pair of scopes the one that lasts longest, and beside it the
    /// one by which the roots that say so are enough `[SUSP-3]`.
    fn breakers(&self, chain: &[LogKey]) -> Vec<Suspension> {
        let trips = self.trips();
        let parting: Vec<&Tripped> =
            trips.iter().filter(|trip| self.stands(trip) && self.parts(trip, chain)).collect();
        let mut out = Vec::new();
        for (scope, other) in parting.iter().map(|trip| (&trip.scope, &trip.other)).collect::<BTreeSet<_>>() {
            let (mut longest, mut of_roots) = (None, Vec::new());
            for trip in parting.iter().filter(|trip| (&trip.scope, &trip.other) == (scope, other)) {
                let told = Suspension { until: trip.until, by: Suspender::Tripped(trip.id) };
                if self.is_root(&trip.author) {
                    of_roots.push((trip.author, told));
                } else {
                    longest = longest.max(Some(told));
                }
            }
            out.extend(longest.into_iter().chain(self.of_enough_roots(of_roots)));
        }
        out
    }

    /// Of what roots state alike, of each root the one that lasts longest, the one that makes them enough
    /// `[BREAK-3]`, `[SUSP-4]`.
    pub(super) fn of_enough_roots(&self, stated: Vec<(RecordId, Suspension)>) -> Option<Suspension> {
        if stated.is_empty() {
            return None;
        }
        let mut by_root = BTreeMap::<RecordId, Suspension>::new();
        for (root, told) in stated {
            let greatest = by_root.get(&root).copied().map_or(told, |known| known.max(told));
            by_root.insert(root, greatest);
        }
        for loud in self.loud() {
            let told = Suspension { until: loud.until, by: Suspender::Noisy(loud.root) };
            by_root.insert(loud.root, told);
        }
        let threshold = usize::try_from(self.facts.charter.threshold()).unwrap_or(usize::MAX);
        let mut of_roots: Vec<_> = by_root.into_values().collect();
        of_roots.sort_unstable();
        of_roots.reverse();
        of_roots.get(threshold - 1).copied()
    }

    /// The trips in view.
    fn trips(&self) -> Vec<Tripped> {
        let mut out = Vec::new();
        for signed in &self.notices {
            let notice = signed.notice();
            if notice.kind == Trip::KIND
                && !is_unread(signed)
                && let Ok(read) = Trip::read(&notice.body)
            {
                let (author, until) = (notice.enrolment, notice.until);
                let (scope, other) = (notice.scope.clone(), read.body.other);
                out.push(Tripped { id: signed.id(), author, scope, other, until });
            }
        }
        out
    }

    /// Whether a trip stands `[BREAK-1]`.
    fn stands(&self, trip: &Tripped) -> bool {
        self.granted(&trip.author) && !self.records.iter().any(|spoken| self.closes(spoken, trip))
    }

    pub(super) fn trip_fates(&self) -> BTreeMap<NoticeId, TripFate> {
        let fate = |trip: &Tripped| {
            let below = |(_, log): &(_, &super::OracleLog)| {
                trip.scope.contains(&self.warrant(&log.key).scope)
                    && self.below_anchor_of(&trip.author, &log.key.enrolment)
            };
            match self.granted(&trip.author) {
                false => TripFate::Ungranted,
                true if !self.stands(trip) => TripFate::Closed,
                true if self.logs.iter().any(below) => TripFate::Stands,
                true => TripFate::Powerless,
            }
        };
        self.trips().iter().map(|trip| (trip.id, fate(trip))).collect()
    }

    /// Whether a record is a closing that ends a trip `[BREAK-1]`.
    fn closes(&self, spoken: &Spoken<'_>, trip: &Tripped) -> bool {
        let Meaning::Closing(closing) = &spoken.meaning else { return false };
        let whole = closing.claims.is_empty() && closing.until.is_none();
        whole
            && closing.notices.contains(&trip.id)
            && self.line(&trip.author).contains(&spoken.key.enrolment)
            && spoken.record.until >= trip.until
            && self.own_standing(spoken) < Standing::Unknown
    }

    /// Whether a trip parts a chain `[BREAK-2]`.
    fn parts(&self, trip: &Tripped, chain: &[LogKey]) -> bool {
        let lies_in = |log: &LogKey, scope: &Scope| scope.contains(&self.warrant(log).scope);
        let here =
            |log: &&LogKey| lies_in(log, &trip.scope) && self.below_anchor_of(&trip.author, &log.enrolment);
        let there = |log: &&LogKey| lies_in(log, &trip.other) && !lies_in(log, &trip.scope);
        chain.iter().any(|log| here(&log)) && chain.iter().any(|log| there(&log))
    }
}
