//! What a writer of denials, endorsements and closings asks of a view before it signs `[WRITE-8]`.

use crate::explain::{Because, Missing};
use crate::facts::{About, Tripped, What};
use crate::standing::Standing;
use crate::view::View;
use intent_contracts::kinds::{Cut, Roles};
use intent_contracts::{AuthorKey, NoticeId, RecordId, Scope, Tai};
use std::collections::BTreeSet;

/// A breaker trip `[BREAK-1]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TripView {
    /// The enrolment of its author.
    pub enrolment: RecordId,
    /// The scope that is tripped.
    pub tripped: Scope,
    /// The scope on the other side.
    pub other: Scope,
    /// Until when.
    pub until: Tai,
    /// Whether its author may trip and no closing ends it.
    pub stands: bool,
}

impl View {
    /// Whether what an enrolment denies reaches another one: it is granted with the deny role, and the other one lies
    /// strictly below its anchor `[GRANT-4]`, `[DENY-1]`.
    #[must_use]
    pub fn may_deny(&self, author: &RecordId, target: &RecordId) -> bool {
        let denies =
            |found: &crate::facts::Enrolled| found.roles.has(Roles::DENY) && self.holds(&found.scope);
        self.enrolled(author).is_some_and(|found| denies(found))
            && self.granted(*author).standing == Standing::Firm
            && self.below_anchor(*author, *target)
    }

    /// Whether an enrolment is a root of the charter `[CHARTER-4]`.
    #[must_use]
    pub fn is_root(&self, enrolment: &RecordId) -> bool {
        self.enrolled(enrolment).is_some_and(|found| found.root.is_some())
    }

    /// Whether `above` is `enrolment` or stands above it.
    #[must_use]
    pub fn is_over_or_same(&self, above: &RecordId, enrolment: &RecordId) -> bool {
        self.lineage(*enrolment).any(|(found, _)| found == *above)
    }

    /// How many roots state a revocation of a key that lasts as long as an enrolment `[DENY-5]`.
    #[must_use]
    pub fn roots_revoking(&self, key: AuthorKey, target: &RecordId) -> usize {
        let Some(until) = self.enrolled(target).map(|found| found.until) else { return 0 };
        let stated = self.revocations_of(key).filter(|(_, _, lasts, _)| *lasts >= until);
        let roots: BTreeSet<RecordId> =
            stated.map(|(author, ..)| author).filter(|author| self.is_root(author)).collect();
        roots.len()
    }

    /// An earlier revocation by the same author that leaves no less cut than these cuts would, and lasts until then.
    #[must_use]
    pub fn revoked_alike(
        &self,
        author: &RecordId,
        key: AuthorKey,
        until: Tai,
        cuts: &[Cut],
    ) -> Option<NoticeId> {
        // What an earlier one keeps of a log, the new one keeps as well.
        let kept = |earlier: &Cut| cuts.iter().any(|cut| cut.log == earlier.log && cut.seq >= earlier.seq);
        let mut earlier = self.revocations_of(key);
        let found =
            earlier.find(|(by, _, lasts, stated)| by == author && *lasts >= until && stated.iter().all(kept));
        found.map(|(_, id, ..)| id)
    }

    fn revocations_of(&self, key: AuthorKey) -> impl Iterator<Item = (RecordId, NoticeId, Tai, &[Cut])> {
        let least = RecordId { entry: intent_contracts::EntryId::from_bytes([0; 32]), index: 0 };
        let from = (key, least, NoticeId::from_bytes([0; 32]));
        let stated = self.rules.revocations.range(from..).take_while(move |((named, ..), _)| *named == key);
        stated.map(|((_, author, id), revoked)| (*author, *id, revoked.until, &revoked.cuts[..]))
    }

    /// A trip, when it is here `[BREAK-1]`.
    #[must_use]
    pub fn trip(&self, notice: &NoticeId) -> Option<TripView> {
        match &self.rules.notices.get(notice)?.about {
            About::Tripped(trip) => Some(self.trip_view(notice, trip)),
            _ => None,
        }
    }

    /// The trips of a scope that are here.
    pub fn trips_of(&self, tripped: &Scope) -> impl Iterator<Item = (NoticeId, TripView)> + '_ {
        let (scope, least) = (tripped.clone(), NoticeId::from_bytes([0; 32]));
        let found = self.rules.trips.range((scope.clone(), least)..);
        let found = found.take_while(move |((named, _), _)| *named == scope);
        found.map(|((_, id), trip)| (*id, self.trip_view(id, trip)))
    }

    fn trip_view(&self, id: &NoticeId, trip: &Tripped) -> TripView {
        let Tripped { enrolment, scope, other, until } = trip;
        let (enrolment, tripped, other, until) = (*enrolment, scope.clone(), other.clone(), *until);
        TripView { enrolment, tripped, other, until, stands: self.stands(id, trip) }
    }

    /// How many distinct roots must still stand behind a record for it to count; none for a record that needs no
    /// endorsement `[GRANT-3]`.
    #[must_use]
    pub fn endorsements_lacking(&self, record: &RecordId) -> Option<usize> {
        let place = self.rules.place_of(record)?;
        let (record, log, known) = self.known_held(place)?;
        log.root?;
        if self.rules.founded.threshold <= 1 {
            return None;
        }
        match known.what {
            What::Enrol | What::Claim(_) | What::Give(_) | What::Closing(_) => {}
            _ => return None,
        }
        match self.endorsed(record, log, place, Because::Granted).because {
            Because::Missing(Missing::Endorsements { have, need }) => Some(need.saturating_sub(have)),
            _ => Some(0),
        }
    }

    /// Whether a root stands behind a record of a root's log: as its author, or by an endorsement that counts
    /// `[GRANT-3]`.
    #[must_use]
    pub fn root_stands_behind(&self, root: &RecordId, record: &RecordId) -> bool {
        let place = self.rules.place_of(record);
        let (Some(root), Some(place)) = (self.enrolled(root).and_then(|found| found.root), place) else {
            return false;
        };
        let Some((id, log, known)) = self.known_held(place) else { return false };
        let from = (id, root, NoticeId::from_bytes([0; 32]));
        let mut stated = self
            .rules
            .endorsements
            .range(from..)
            .take_while(|((cited, by, _), _)| *cited == id && *by == root);
        log.root == Some(root)
            || stated.any(|(_, (lasts, cited))| {
                let there = (cited.log, cited.seq, cited.until) == (log.id, place.slot, known.until);
                *lasts >= known.until && there
            })
    }
}
