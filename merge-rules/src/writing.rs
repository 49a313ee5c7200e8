//! What a writer asks of a view before it signs `[WRITE-1]`.

use crate::claims::{Covered, Lease};
use crate::exceptions::Exception;
use crate::facts::{Place, What};
use crate::geometry::share_cell;
use crate::view::{Free, Occupancy, View};
use intent_contracts::kinds::Resource;
use intent_contracts::{Citation, Clock, Footprint, LogId, Millis, RecordId, ResourceId, Window};

impl View {
    /// How a record here is cited, or a right of the charter `[CITE-1]`.
    #[must_use]
    pub fn cite(&self, record: &RecordId) -> Option<Citation> {
        if let Some(first) = self.rules.founded.first_rights.get(record) {
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
