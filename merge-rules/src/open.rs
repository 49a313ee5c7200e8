//! Open resources: who yields to whom `[OPEN-3]`.
//!
//! - A verdict rests on direct conflicts alone, whatever became of the other claim: no cascades.
//! - Ranks are known in advance and cannot be ground `[OPEN-4]`.

use crate::denials::StatedCut;
use crate::explain::{Because, Finding, Missing};
use crate::facts::{Known, Log, PartPlace, Place, What, earliest_start};
use crate::flaws::proof_of;
use crate::geometry::share_cell;
use crate::standing::Standing;
use crate::suspensions::above;
use crate::view::View;
use intent_contracts::kinds::{Claim, Meaning, Over, Roles};
use intent_contracts::planted;
use intent_contracts::{Effect, Footprint, LogId, Measure, RecordId, ResourceId, Scope, Tai, Window};

impl View {
    /// How a footprint of an open resource stands among its contenders: `Provisional` at best `[OPEN-7]`.
    pub(crate) fn contention(&self, record: RecordId, at: PartPlace, footprint: &Footprint) -> Finding {
        if footprint.measure != Measure::Exclusive {
            return Finding::of(record, Because::NotGiven);
        }
        let Some((_, log, known)) = self.known_held(at.place) else {
            return Finding::of(record, Because::Missing(Missing::Record(record)));
        };
        let mut finding = Finding::of(record, Because::Contends);
        let mut lacks = |missing: Missing| {
            finding = finding.clone().or_stronger(Finding::of(record, Because::Missing(missing)));
        };
        if self.declaration(footprint.resource, known.until).is_none() {
            lacks(Missing::Declaration(footprint.resource));
        }
        // One that lasts shorter tells the same scope: the resource's id is its hash.
        if let Some(scope) = self.declaration(footprint.resource, Tai(0)).map(|found| &found.scope) {
            if !self.holds(scope) {
                lacks(Missing::NotHeld(scope.clone()));
            }
            if let Some(until) = self.ended_until(scope).filter(|until| footprint.window.start() < *until) {
                lacks(Missing::EndedLog { until });
            }
        }
        // Of several rivals the one with the least id is told, not the one that was met first.
        let mut told: Option<RecordId> = None;
        for (other, window) in self.rules.touching(footprint.resource, footprint.window) {
            if other.place == at.place || !window.overlaps(&footprint.window) {
                continue;
            }
            if let Some(because) = self.yields(log, known, at, footprint, other) {
                let (rival, found) = (self.id_at(other.place), Finding::of(record, because));
                let stronger = found.standing > finding.standing;
                if stronger || (found.standing == finding.standing && told.is_some() && rival < told) {
                    (finding, told) = (found, rival);
                }
            }
        }
        finding
    }

    /// Why a footprint yields to another one that wants the same place, if it does.
    fn yields(
        &self,
        log: &Log,
        known: &Known,
        at: PartPlace,
        footprint: &Footprint,
        other: PartPlace,
    ) -> Option<Because> {
        let (rival, rival_log, rival_known) = self.known_held(other.place)?;
        let rival_part = rival_known.footprints.get(usize::from(other.part))?;
        if rival_part.right.is_some()
            || rival_part.measure != Measure::Exclusive
            || !share_cell(footprint.boxes(), rival_part.boxes())
        {
            return None;
        }
        // A rival that its enrolment or its resources' scopes show to be void takes nothing.
        if self.granted(rival_log.key.enrolment).standing == Standing::Void
            || self.out_of_scope(rival_log, rival_known)
        {
            return None;
        }
        let What::Claim(claim) = &known.what else { return None };
        let rival_claim = match &rival_known.what {
            What::Claim(body) if rival_known.flaw.is_none() => body,
            What::Opaque | What::Broken if self.may_take(rival_log, rival_known, rival_part) => {
                // Whatever class it has in its own version, its author's warrant bounds it.
                let first = rival_log.roles.class() >= claim.class;
                let over = || matches!(self.is_over(claim, rival, rival_log, other.place), OverAnswer::Over);
                return (first && !over()).then_some(Because::Missing(Missing::Meaning));
            }
            _ => return None,
        };
        let first = if rival_claim.class == claim.class || planted::on("ignore the class") {
            if rival_log.id == log.id {
                other.place < at.place
            } else {
                let later = footprint.window.start().max(rival_part.window.start());
                self.rank(rival_log, footprint.resource, later) <= self.rank(log, footprint.resource, later)
            }
        } else {
            rival_claim.class > claim.class
        };
        if !first {
            return None;
        }
        match self.is_over(claim, rival, rival_log, other.place) {
            OverAnswer::Over => return None,
            OverAnswer::Absent(notice) => return Some(Because::Missing(Missing::Notice(notice))),
            OverAnswer::Stands => {}
        }
        // Only a declaration tells that the rival's resources lie in its scope.
        let undeclared = rival_known.footprints.iter().map(|part| part.resource);
        let undeclared = undeclared.filter(|id| self.declaration(*id, rival_known.until).is_none()).min();
        Some(match undeclared {
            Some(resource) => Because::Missing(Missing::Declaration(resource)),
            None => Because::After { claim: rival },
        })
    }

    /// Whether a claim cites a rival as over `[OPEN-6]`.
    fn is_over(&self, claim: &Claim, rival: RecordId, rival_log: &Log, place: Place) -> OverAnswer {
        let mut answer = OverAnswer::Stands;
        for over in &claim.over {
            if let Some(notice) = over.revocation {
                match self.stated_cut(&notice, place) {
                    StatedCut::Cuts => return OverAnswer::Over,
                    StatedCut::Open => answer = OverAnswer::Absent(notice),
                }
            } else if over.claim.record == rival && self.is_release_of(over, rival, rival_log) {
                return OverAnswer::Over;
            }
        }
        answer
    }

    fn is_release_of(&self, over: &Over, rival: RecordId, rival_log: &Log) -> bool {
        let ledger = &self.rules.founded.ledger;
        let Some(proof) = over.release.as_ref().and_then(|release| proof_of(ledger, release)) else {
            return false;
        };
        let (Meaning::Release(back) | Meaning::Post(back)) = &proof.meaning else { return false };
        // An open claim has one alternative.
        let named = back.alternatives.is_empty() || back.alternatives.contains(&0);
        proof.evidence.log == rival_log.key && named && back.gives.iter().any(|cited| cited.record == rival)
    }

    /// The rank of an author on a resource in a period; the lesser goes first `[OPEN-4]`.
    /// Nothing in it is a free choice of a contender `[LAW-4]`, `[OPEN-8]`.
    fn rank(&self, log: &Log, resource: ResourceId, start: Tai) -> [u8; 32] {
        let founded = &self.rules.founded;
        let period = start.0 / founded.parameters.rotation_period.0.max(1);
        let mut path: Vec<u64> = self.lineage(log.key.enrolment).map(|(_, found)| found.ordinal).collect();
        path.reverse();
        let mut hasher = blake3::Hasher::new_keyed(&founded.seed);
        hasher.update(resource.as_bytes());
        hasher.update(&period.to_be_bytes());
        path.iter().for_each(|ordinal| {
            hasher.update(&ordinal.to_be_bytes());
        });
        *hasher.finalize().as_bytes()
    }

    /// Whether what cannot be read may take a part of an open resource, in whatever version it was written:
    /// only whoever may act takes `[LAW-8]`, and only what lasts as long as every claim must `[OPEN-3]`, so
    /// that nothing that stands against a lease is forgotten before it `[FORGET-1]`.
    pub(crate) fn may_take(&self, log: &Log, known: &Known, part: &Footprint) -> bool {
        let longest = self.rules.founded.parameters.longest_lease;
        known.effect == Effect::Takes
            && log.roles.has(Roles::ACT)
            && known.until >= part.window.end().plus(longest)
    }

    /// The start of the first window that ended logs do not leave unknown on the open resources of `scope`: what
    /// they may hide lasted L longer than its window, and no longer than its log `[OPEN-5]`.
    pub(crate) fn ended_until(&self, scope: &Scope) -> Option<Tai> {
        let mut until = None;
        for above in above(scope).filter(|above| self.holds(above)) {
            let from = (above.clone(), Tai(0), LogId::from_bytes([0; 32]));
            let to = (above.clone(), Tai::MAX, LogId::from_bytes([255; 32]));
            until = until.max(self.rules.forked.last_in(from..=to).map(|((_, end, _), ())| *end));
            let least = RecordId { entry: intent_contracts::EntryId::from_bytes([0; 32]), index: 0 };
            for ((found, enrolment), ()) in self.rules.overfull.range((above.clone(), least)..) {
                if *found != above {
                    break;
                }
                let most = self.rules.enrolments.get(enrolment).map_or(u64::MAX, |found| found.max_logs);
                until = until.max(self.overfull_until(*enrolment, most));
            }
        }
        until.map(|until: Tai| until.minus(self.rules.founded.parameters.longest_lease))
    }

    /// Whether a claim keeps others out of an open resource although it contends `[OCC-1]`.
    pub(crate) fn contends(
        &self,
        record: RecordId,
        log: &Log,
        place: Place,
        known: &Known,
        part: &Footprint,
    ) -> bool {
        let takes = match known.what {
            What::Claim(_) => known.effect == Effect::Takes,
            What::Opaque => self.may_take(log, known, part),
            _ => false,
        };
        takes
            && self.own(record, log, place, known).standing != Standing::Void
            && !self.out_of_scope(log, known)
    }

    /// Whether a record takes what is declared outside its log's scope.
    pub(crate) fn out_of_scope(&self, log: &Log, known: &Known) -> bool {
        known.footprints.iter().any(|part| {
            // A declaration that is forgotten first tells nothing: else a verdict would change with it.
            let declared = self.declaration(part.resource, known.until);
            declared.is_some_and(|resource| !log.scope.contains(&resource.scope))
        })
    }
}

/// What a claim says of a rival.
enum OverAnswer {
    Stands,
    Over,
    Absent(intent_contracts::NoticeId),
}

impl crate::Rules {
    /// The footprints of leases on a resource whose windows may meet `window`.
    pub(crate) fn touching(&self, resource: ResourceId, window: Window) -> Vec<(PartPlace, Window)> {
        let mut out = Vec::new();
        let mut class = 0_u8;
        loop {
            let next = self.touching.range((resource, class, Tai(0), PartPlace::FIRST)..).next();
            match next {
                Some(((found, first, ..), _)) if *found == resource => class = *first,
                _ => return out,
            }
            let from = earliest_start(class, window.start());
            let range =
                (resource, class, from, PartPlace::FIRST)..(resource, class, window.end(), PartPlace::FIRST);
            let met = self.touching.range(range).filter(|(_, found)| found.overlaps(&window));
            out.extend(met.map(|((.., part), found)| (*part, *found)));
            class += 1;
        }
    }
}
