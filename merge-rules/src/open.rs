//! Open resources: who yields to whom `[OPEN-3]`.
//!
//! - A verdict rests on direct conflicts alone, whatever became of the other claim: no cascades.
//! - Ranks are known in advance and cannot be ground `[OPEN-4]`.

use crate::denials::StatedCut;
use crate::explain::{Because, Finding, Missing};
use crate::facts::{Known, Log, LogNo, PartPlace, Place, Proof, What, earliest_start};
use crate::load::{Cells, cells_of, share_cells};
use crate::standing::Standing;
use crate::suspensions::above;
use crate::view::View;
use intent_contracts::kinds::{Claim, Meaning, Roles};
use intent_contracts::planted;
use intent_contracts::{Effect, Footprint, LogId, Measure, RecordId, ResourceId, Scope, Tai, Window};
use std::sync::Arc;

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
        let What::Claim(claim) = &known.what else { return finding };
        let cells = cells_of(footprint.boxes());
        // By their ids: of several rivals the one with the least id is told, not the one that was met first.
        for rival in self.contenders(footprint.resource, footprint.window).iter() {
            let met = rival.window.overlaps(&footprint.window) && share_cells(&rival.cells, &cells);
            if !met || rival.at.place == at.place || !self.goes_first(rival, (log, claim), at, footprint) {
                continue;
            }
            if let Some(because) = self.yields((claim, known), rival) {
                let found = Finding::of(record, because);
                if found.standing > finding.standing {
                    finding = found;
                }
                // Nothing among contenders is stronger.
                if finding.standing == Standing::Displaced {
                    break;
                }
            }
        }
        finding
    }

    /// What may stand against a claim of an open resource whose window meets this one, and perhaps more, by record
    /// ids. Whoever asks often for one resource is answered from a list of all, made once in a view.
    fn contenders(&self, resource: ResourceId, window: Window) -> Arc<Vec<Contender>> {
        let all = Window::new(Tai(0), Tai::MAX).unwrap_or(window);
        self.memo.contenders(resource, |often| {
            let touching = self.rules.touching(resource, if often { all } else { window });
            let mut found: Vec<Contender> =
                touching.into_iter().filter_map(|(at, window)| self.contender(at, window)).collect();
            found.sort_unstable_by_key(|found| (found.id, found.at.part));
            found
        })
    }

    /// What stands at a place, if it may displace anything or leave it unknown `[OPEN-3]`.
    fn contender(&self, at: PartPlace, window: Window) -> Option<Contender> {
        let (id, log, known) = self.known_held(at.place)?;
        let part = known.footprints.get(usize::from(at.part))?;
        if part.right.is_some() || part.measure != Measure::Exclusive {
            return None;
        }
        // A rival that its enrolment or its resources' scopes show to be void takes nothing.
        if self.granted(log.key.enrolment).standing == Standing::Void || self.out_of_scope(log, known) {
            return None;
        }
        let (class, readable) = match &known.what {
            What::Claim(body) if known.flaw.is_none() => (body.class, true),
            // Whatever class it has in its own version, its author's warrant bounds it.
            What::Opaque | What::Broken if self.may_take(log, known, part) => (log.roles.class(), false),
            _ => return None,
        };
        Some(Contender { id, at, window, class, readable, cells: cells_of(part.boxes()) })
    }

    /// Whether a rival goes before a claim's footprint `[OPEN-3]`.
    fn goes_first(
        &self,
        rival: &Contender,
        (log, claim): (&Log, &Claim),
        at: PartPlace,
        footprint: &Footprint,
    ) -> bool {
        if rival.class != claim.class && !(rival.readable && planted::on("ignore the class")) {
            return rival.class > claim.class;
        }
        if !rival.readable {
            return true;
        }
        if rival.at.place.log == at.place.log {
            return rival.at.place < at.place;
        }
        let later = footprint.window.start().max(rival.window.start());
        let Some(rival_log) = self.rules.logs.get(&rival.at.place.log) else { return false };
        let rank = |no, log: &Log| self.rank(no, log, footprint.resource, later);
        rank(rival.at.place.log, rival_log) <= rank(at.place.log, log)
    }

    /// Why a footprint yields to one that goes before it, if it does.
    fn yields(&self, (claim, known): (&Claim, &Known), rival: &Contender) -> Option<Because> {
        let (_, rival_log, rival_known) = self.known_held(rival.at.place)?;
        let over = self.is_over((claim, known), rival.id, rival_log, rival.at.place);
        match over {
            OverAnswer::Over => return None,
            _ if !rival.readable => return Some(Because::Missing(Missing::Meaning)),
            OverAnswer::Absent(notice) => return Some(Because::Missing(Missing::Notice(notice))),
            OverAnswer::Stands => {}
        }
        // Only a declaration tells that the rival's resources lie in its scope.
        let undeclared = rival_known.footprints.iter().map(|part| part.resource);
        let undeclared = undeclared.filter(|id| self.declaration(*id, rival_known.until).is_none()).min();
        Some(match undeclared {
            Some(resource) => Because::Missing(Missing::Declaration(resource)),
            None => Because::After { claim: rival.id },
        })
    }

    /// Whether a claim cites a rival as over `[OPEN-6]`.
    fn is_over(
        &self,
        (claim, known): (&Claim, &Known),
        rival: RecordId,
        rival_log: &Log,
        place: Place,
    ) -> OverAnswer {
        let mut answer = OverAnswer::Stands;
        for (over, release) in claim.over.iter().zip(&known.releases) {
            if let Some(notice) = over.revocation {
                match self.stated_cut(&notice, place) {
                    StatedCut::Cuts => return OverAnswer::Over,
                    StatedCut::Open => answer = OverAnswer::Absent(notice),
                }
            } else if over.claim.record == rival && is_release_of(release.as_ref(), rival, rival_log) {
                return OverAnswer::Over;
            }
        }
        answer
    }

    /// The rank of an author on a resource in a period; the lesser goes first `[OPEN-4]`.
    /// Nothing in it is a free choice of a contender `[LAW-4]`, `[OPEN-8]`.
    fn rank(&self, no: LogNo, log: &Log, resource: ResourceId, start: Tai) -> [u8; 32] {
        let period = start.0 / self.rules.founded.parameters.rotation_period.0.max(1);
        self.memo.rank((resource, no, period), || self.rank_in(log, resource, period))
    }

    fn rank_in(&self, log: &Log, resource: ResourceId, period: u64) -> [u8; 32] {
        let founded = &self.rules.founded;
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

/// Whether what a claim carries along is a rival's own release.
fn is_release_of(proof: Option<&Proof>, rival: RecordId, rival_log: &Log) -> bool {
    let Some(Proof { evidence, meaning: Meaning::Release(back) | Meaning::Post(back) }) = proof else {
        return false;
    };
    // An open claim has one alternative.
    let named = back.alternatives.is_empty() || back.alternatives.contains(&0);
    evidence.log == rival_log.key && named && back.gives.iter().any(|cited| cited.record == rival)
}

/// What may stand against a claim of an open resource.
#[derive(Debug)]
pub(crate) struct Contender {
    id: RecordId,
    at: PartPlace,
    window: Window,
    /// Its class, or the greatest that its author may have.
    class: u8,
    /// Whether this version can read it.
    readable: bool,
    cells: Arc<[Cells]>,
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
