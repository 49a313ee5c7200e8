//! What a writer asks of a view before it signs `[WRITE-1]`.

use crate::claims::{Covered, Lease};
use crate::exceptions::Exception;
use crate::facts::{LogNo, Place, What};
use crate::geometry::share_cell;
use crate::load::{cells_of, share_cells};
use crate::order::{Pos, Taken};
use crate::rights::part_of;
use crate::view::{Free, Occupancy, View};
use intent_contracts::kinds::{Give, Receiver, Resource};
use intent_contracts::{
    Citation, Clock, Footprint, LogId, Measure, Millis, RecordId, ResourceId, ResourcePath, Scope, Window,
};

/// A part that took of a right, and whether its log spoke of it again `[ORDER-3]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DrawView {
    /// The part's place in its record.
    pub part: u8,
    /// Whether a later record of the log frees it, by word at least.
    pub spoken_of: bool,
    /// Whether one that carries evidence, or needs none, does: no further one counts.
    pub proven: bool,
}

impl View {
    /// How a record here is cited, or a right of the charter `[CITE-1]`.
    #[must_use]
    pub fn cite(&self, record: &RecordId) -> Option<Citation> {
        if let Some(first) = self.first_right(record) {
            return Some(first.citation);
        }
        let place = self.rules.place_of(record)?;
        let (record, log, known) = self.known_held(place)?;
        Some(Citation { log: log.id, seq: place.slot, record, until: known.until })
    }

    /// The footprints of a record's frame, whether or not it can be read.
    #[must_use]
    pub fn footprints(&self, record: &RecordId) -> &[Footprint] {
        let place = self.rules.place_of(record);
        place.and_then(|place| self.known_held(place)).map_or(&[], |(_, _, known)| &known.footprints)
    }

    /// How many gives of a log to a claim are here, of which the first [`GIVES_HEARD_MAX`](crate::GIVES_HEARD_MAX)
    /// count `[LEASE-2]`. Linear in them.
    #[must_use]
    pub fn gives_between(&self, log: &LogId, claim: &RecordId) -> usize {
        let Some(no) = self.rules.numbers.get(log).copied() else { return 0 };
        let range = (*claim, Place { log: no, ..Place::FIRST })..(*claim, Place::above(no, u64::MAX - 1));
        self.rules.answers.range(range).count()
    }

    /// The priority class of a claim; none for what is no claim or cannot be read.
    #[must_use]
    pub fn class(&self, claim: &RecordId) -> Option<u8> {
        match &self.known_held(self.rules.place_of(claim)?)?.2.what {
            What::Claim(body) => Some(body.class),
            _ => None,
        }
    }

    /// A declaration of a resource `[LEASE-7]`.
    #[must_use]
    pub fn declared(&self, resource: ResourceId) -> Option<&Resource> {
        self.declaration(resource, intent_contracts::Tai(0))
    }

    /// The resources that are declared at a path: several when somebody has declared it with another meaning
    /// `[RES-1]`.
    #[must_use]
    pub fn declared_at(&self, scope: &Scope, path: &ResourcePath) -> Vec<ResourceId> {
        self.resources_at(scope, path)
    }

    /// Whether a declaration of a resource is here that lasts so long `[LEASE-7]`.
    #[must_use]
    pub fn is_declared_until(&self, resource: ResourceId, until: intent_contracts::Tai) -> bool {
        self.declaration(resource, until).is_some()
    }

    /// Whether the charter gives a resource; else it is open `[RIGHT-1]`.
    #[must_use]
    pub fn is_given(&self, resource: &ResourceId) -> bool {
        self.rules.founded.given.contains_key(resource)
    }

    /// Who keeps others out of the very cells of a footprint while its window lasts `[OCC-1]`.
    #[must_use]
    pub fn in_the_way(&self, wanted: &Footprint) -> Vec<Occupancy> {
        let shares = |found: &Occupancy| {
            let there = self.footprints(&found.record).get(usize::from(found.part));
            there.is_some_and(|there| share_cell(there.boxes(), wanted.boxes()))
        };
        let mut found = self.occupancies(wanted.resource, wanted.window);
        found.retain(shares);
        found
    }

    /// The first window of this length within a longer one in which a resource is free, the guard after
    /// each occupancy left out `[ACT-4]`. None when there is none, or what would tell is not here.
    #[must_use]
    pub fn first_free(
        &self,
        resource: ResourceId,
        within: Window,
        length: Millis,
        clock: Clock,
    ) -> Option<Window> {
        let guard = self.rules.founded.parameters.guard;
        let from = within.start().minus(guard).minus(Millis(1));
        let around = Window::new(from, within.end()).ok()?;
        let mut starts = vec![within.start()];
        starts.extend(self.occupancies(resource, around).iter().map(|found| found.window.end().plus(guard)));
        starts.sort_unstable();
        let fits = |window: &Window| within.contains(window);
        let windows = starts.into_iter().filter_map(|start| Window::new(start, start.plus(length)).ok());
        windows.filter(fits).find(|window| matches!(self.free(resource, *window, clock), Free::Free { .. }))
    }

    /// The holder's release or post of an alternative of a claim, or else the reclaim by which a giver shows
    /// one, if either is here `[BACK-2]`.
    #[must_use]
    pub fn released_by(&self, claim: &RecordId, alternative: u8) -> Option<RecordId> {
        let place = self.rules.place_of(claim)?;
        let (record, ..) = self.known_held(place)?;
        self.ended_by(record, place, alternative)
    }

    /// The claims of a log that keep its key from being rotated at this moment: an alternative of each is neither
    /// denied nor over `[ROT-2]`.
    ///
    /// Cost: that of [`claim`](Self::claim) for each claim of the log.
    #[must_use]
    pub fn unfinished(&self, log: &LogId, clock: Clock) -> Vec<RecordId> {
        let Some(no) = self.rules.numbers.get(log).copied() else { return Vec::new() };
        let range = Place { log: no, ..Place::FIRST }..=Place::above(no, u64::MAX - 1);
        let guard = self.rules.founded.parameters.guard;
        let over = |covered: &Covered| {
            let end = covered.cover.max(covered.footprint.window.end());
            clock.lo() > end.plus(guard)
        };
        let living =
            |lease: &Lease| !lease.finding.standing.is_denial() && !lease.footprints.iter().all(over);
        let claims = self.rules.claims.range(range).map(|(_, claim)| *claim);
        claims
            .filter(|claim| self.claim(claim).is_some_and(|found| found.leases.iter().any(living)))
            .collect()
    }

    /// The parts of a record that took of a right of its log, each with what the same log said of it later
    /// `[ORDER-3]`.
    #[must_use]
    pub fn draws(&self, record: &RecordId) -> Vec<DrawView> {
        let Some(place) = self.rules.place_of(record) else { return Vec::new() };
        let Some((_, _, known)) = self.known_held(place) else { return Vec::new() };
        let parts = (0..=u8::MAX).zip(&known.footprints);
        let drawn = parts.filter_map(|(part, footprint)| {
            let pos = Pos { slot: place.slot, index: place.index, part };
            let taken = self.taken_at(place.log, &footprint.right?.record, pos)?;
            let proven = taken.sure.is_some() || taken.returned().is_some();
            Some(DrawView { part, spoken_of: taken.word.is_some(), proven })
        });
        drawn.collect()
    }

    fn taken_at(&self, log: LogNo, right: &RecordId, pos: Pos) -> Option<&Taken> {
        let running = self.rules.orders.running.get(&(log, *right))?;
        self.rules.orders.taken.get(&(running.no, pos))
    }

    /// What an `Overdrawn` part does not fit beside: what took of its right before, meets it and is not freed by
    /// word `[ORDER-2]`.
    ///
    /// Cost: linear in what was drawn on the right.
    #[must_use]
    pub fn taken_beside(&self, record: &RecordId, part: u8) -> Vec<RecordId> {
        let Some(place) = self.rules.place_of(record) else { return Vec::new() };
        let Some((_, _, known)) = self.known_held(place) else { return Vec::new() };
        let Some(footprint) = known.footprints.get(usize::from(part)) else { return Vec::new() };
        let Some(right) = footprint.right else { return Vec::new() };
        self.met_of(place.log, &right.record, footprint)
    }

    /// What was drawn on a right that a log holds, meets a footprint and is not freed by word.
    fn met_of(&self, log: LogNo, right: &RecordId, footprint: &Footprint) -> Vec<RecordId> {
        let Some(source) = self.source_held(right) else { return Vec::new() };
        let Some(running) = self.rules.orders.running.get(&(log, *right)) else { return Vec::new() };
        let of = part_of(footprint, &source.footprints);
        let cells = cells_of(footprint.boxes());
        let meets = |taken: &Taken| match footprint.measure {
            Measure::Pool => true,
            Measure::Rate => taken.window.overlaps(&footprint.window),
            Measure::Exclusive => {
                taken.window.overlaps(&footprint.window) && share_cells(&taken.boxes, &cells)
            }
        };
        let met = self
            .rules
            .orders
            .taken_of(running.no)
            .filter(|(_, taken)| Some(taken.of) == of && taken.word.is_none() && meets(taken));
        let id = |(pos, _): (Pos, &Taken)| self.id_at(Place { log, slot: pos.slot, index: pos.index });
        let mut found: Vec<RecordId> = met.filter_map(id).collect();
        found.dedup();
        found
    }

    /// What is drawn on any part of a right that was given to a log, and was not spoken of again.
    #[must_use]
    pub fn outstanding_of(&self, give: &RecordId) -> Vec<RecordId> {
        let Some(source) = self.source_held(give) else { return Vec::new() };
        let Some(no) = self.rules.numbers.get(&source.holder).copied() else { return Vec::new() };
        let mut found = Vec::new();
        for footprint in &source.footprints {
            found.extend(self.met_of(no, give, footprint));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The return of a right by the log that holds it, if one is here and took there `[PROOF-2]`.
    #[must_use]
    pub fn returned_by(&self, give: &RecordId) -> Option<RecordId> {
        let source = self.source_held(give)?;
        let no = self.rules.numbers.get(&source.holder).copied()?;
        let running = self.rules.orders.running.get(&(no, *give))?;
        let places = self.rules.orders.taken_of(running.no).map(|(pos, _)| (pos.slot, pos.index));
        let places = places.map(|(slot, index)| Place { log: no, slot, index });
        let mut returns = places.filter_map(|place| self.known_held(place));
        returns.find(|(_, _, known)| matches!(known.what, What::Return(_))).map(|(record, ..)| record)
    }

    /// Whether a release or post of a log speaks of a record `[BACK-1]`.
    #[must_use]
    pub fn is_stated(&self, log: &LogId, record: &RecordId) -> bool {
        let Some(no) = self.rules.numbers.get(log).copied() else { return false };
        let range = (*record, Place { log: no, ..Place::FIRST })..(*record, Place::above(no, u64::MAX - 1));
        self.rules.endings.range(range).any(|((_, place), ())| self.known_held(*place).is_some())
    }

    /// The claim that a give serves; none for what is no give to a claim.
    #[must_use]
    pub fn given_to(&self, give: &RecordId) -> Option<RecordId> {
        match &self.known_held(self.rules.place_of(give)?)?.2.what {
            What::Give(Give { to: Receiver::Claim { claim, .. }, .. }) => Some(claim.record),
            _ => None,
        }
    }

    /// What an operator should look at of one record.
    #[must_use]
    pub fn exceptions_of(&self, record: &RecordId) -> Vec<Exception> {
        let mut out = Vec::new();
        if let Some(place) = self.rules.place_of(record) {
            self.exceptions_at(place, &mut out);
        }
        out
    }
}
