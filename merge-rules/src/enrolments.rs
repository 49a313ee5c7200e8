//! Who may speak: the tree of enrolments, read without any denial `[GRANT-1]`.

use crate::explain::{Because, Finding, Missing};
use crate::facts::{Enrolled, Flaw, Log, Place};
use crate::flaws::ENROLMENT_DEPTH_MAX;
use crate::view::View;
use intent_contracts::planted;
use intent_contracts::{RecordId, Scope};
use std::sync::Arc;

impl View {
    /// Whether the viewpoint holds a scope `[RULE-1]`.
    pub(crate) fn holds(&self, scope: &Scope) -> bool {
        self.viewpoint.iter().any(|held| held.on_one_line(scope))
    }

    /// A present enrolment of the viewpoint.
    ///
    /// The record stands in a log under its parent, and a scope on one line with the viewpoint has only
    /// ancestors that are.
    pub(crate) fn enrolled(&self, record: &RecordId) -> Option<&Arc<Enrolled>> {
        let found = self.rules.enrolments.get(record)?;
        let parent = match &found.parent {
            Some(parent) => &self.rules.enrolments.get(parent)?.scope,
            None => &found.scope,
        };
        self.holds(parent).then_some(found)
    }

    /// The enrolment and those above it, the nearest first. Bounded by [`ENROLMENT_DEPTH_MAX`].
    pub(crate) fn lineage(&self, record: RecordId) -> impl Iterator<Item = (RecordId, &Arc<Enrolled>)> {
        let mut next = Some(record);
        let up = move || {
            let record = next?;
            let found = self.enrolled(&record)?;
            next = found.parent;
            Some((record, found))
        };
        // One more than the depth, so that whoever looks sees that it is too deep.
        let most = usize::try_from(ENROLMENT_DEPTH_MAX).unwrap_or(usize::MAX) + 2;
        std::iter::from_fn(up).take(most)
    }

    /// Whether an enrolment is granted from the charter down.
    pub(crate) fn granted(&self, record: RecordId) -> Finding {
        let mut finding = Finding::of(record, Because::Granted);
        let mut reached = false;
        for (above, found) in self.lineage(record) {
            let flaw = if found.depth > ENROLMENT_DEPTH_MAX { Some(Flaw::Depth) } else { found.flaw };
            if let Some(flaw) = flaw {
                finding = finding.or_stronger(Finding::of(above, Because::Flawed(flaw)));
            } else if !found.readable {
                finding = finding.or_stronger(Finding::of(above, Because::Missing(Missing::Meaning)));
            }
            if let Some(place) = found.place
                && let Some(log) = self.rules.logs.get(&place.log)
            {
                finding = finding.or_stronger(self.endorsed(above, log, place, Because::Granted));
            }
            reached = found.root.is_some();
        }
        if reached || finding.standing > crate::Standing::Unknown {
            finding
        } else {
            finding.or_stronger(Finding::of(record, Because::Missing(Missing::Record(record))))
        }
    }

    /// Whether enough roots stand behind a record, when it stands in a root's log `[GRANT-3]`.
    pub(crate) fn endorsed(&self, record: RecordId, log: &Log, place: Place, sound: Because) -> Finding {
        let Some(author) = log.root else { return Finding::of(record, sound) };
        let need = self.rules.founded.threshold;
        if need <= 1 || planted::on("ask for no endorsement") {
            return Finding::of(record, sound);
        }
        let until = self.rules.known(place).map(|(_, known)| known.until).unwrap_or_default();
        let mut roots = 1_u64 << author;
        let least = (record, 0, intent_contracts::NoticeId::from_bytes([0; 32]));
        for ((cited, root, _), (lasts, as_cited)) in self.rules.endorsements.range(least..) {
            if *cited != record {
                break;
            }
            let there = (as_cited.log, as_cited.seq, as_cited.until) == (log.id, place.slot, until);
            if *lasts >= until && there {
                roots |= 1 << root;
            }
        }
        // A root that has said too much stands behind whatever another one writes `[SUSP-4]`.
        for (root, noisy) in self.noisy_roots() {
            if noisy.until >= until {
                roots |= 1 << root;
            }
        }
        let have = usize::try_from(roots.count_ones()).unwrap_or(0);
        if have >= need {
            Finding::of(record, sound)
        } else {
            Finding::of(record, Because::Missing(Missing::Endorsements { have, need }))
        }
    }

    /// Whether `record` lies strictly below the anchor of `author` `[GRANT-4]`.
    pub(crate) fn below_anchor(&self, author: RecordId, record: RecordId) -> bool {
        let Some(found) = self.enrolled(&author) else { return false };
        if found.root.is_some() {
            return self.enrolled(&record).is_some_and(|target| target.root.is_none());
        }
        let anchor = match (found.anchor, found.parent) {
            (Some(anchor), Some(parent))
                if self.strictly_below(anchor, parent) && self.reaches_scope_of(&found.scope, anchor) =>
            {
                anchor
            }
            (Some(_), _) => return false,
            (None, _) => author,
        };
        self.strictly_below(record, anchor)
    }

    /// Whether the scope of an anchor lies within its author's: whoever is below it hears of the denial.
    fn reaches_scope_of(&self, scope: &Scope, anchor: RecordId) -> bool {
        planted::on("anchor a denial beside its scope")
            || self.enrolled(&anchor).is_some_and(|found| scope.contains(&found.scope))
    }

    fn strictly_below(&self, record: RecordId, above: RecordId) -> bool {
        record != above && self.lineage(record).any(|(found, _)| found == above)
    }
}
