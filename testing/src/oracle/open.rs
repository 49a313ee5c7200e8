//! Contention for open resources.

use super::geometry::{share_cell, share_instant};
use super::scene::{Carried, Scene, Spoken};
use super::speak::stated_cut;
use intent_contracts::kinds::{Claim, Meaning, Over, Roles};
use intent_contracts::{Effect, Footprint, Measure, ResourceId, Window};
use intent_merge_rules::Standing;
use std::collections::BTreeSet;

impl<'a> Scene<'a> {
    /// What contention says of a claim with an open footprint: `Displaced`, `Unknown` or `Provisional`.
    pub(super) fn contention(&self, spoken: &Spoken<'_>) -> Standing {
        let Meaning::Claim(claim) = &spoken.meaning else { return Standing::Unknown };
        let mut standing = Standing::Provisional;
        for own in spoken.record.footprints().iter().filter(|own| self.contends(own)) {
            if self.shadowed(own) || self.unseen(&own.resource) {
                standing = standing.max(Standing::Unknown);
            }
            for rival in &self.records {
                if rival.id == spoken.id || rival.record.effect != Effect::Takes {
                    continue;
                }
                for other in rival.record.footprints().iter().filter(|other| self.contends(other)) {
                    let meets = own.resource == other.resource
                        && share_instant(own.window, other.window)
                        && share_cell(own, other);
                    if meets {
                        standing = standing.max(self.against(spoken, claim, own, rival, other));
                    }
                }
            }
        }
        standing
    }

    fn contends(&self, footprint: &Footprint) -> bool {
        self.is_open(footprint) && footprint.measure == Measure::Exclusive
    }

    /// What one rival's footprint that meets a claim's own does to it `[OPEN-3]`.
    fn against(
        &self,
        spoken: &Spoken<'_>,
        claim: &Claim,
        own: &Footprint,
        rival: &Spoken<'_>,
        other: &Footprint,
    ) -> Standing {
        let enrolment_void = self.enrolment_standing(&rival.key.enrolment) == Standing::Void;
        if enrolment_void || self.out_of_scope(rival) {
            return Standing::Provisional;
        }
        let wins = match &rival.meaning {
            Meaning::Claim(_) if self.void_by_entry(rival) => false,
            Meaning::Claim(body) => {
                let rank = |it: &Spoken<'_>| self.rank(it, &own.resource, own.window, other.window);
                let first = || match rival.log == spoken.log {
                    true => rival.place() < spoken.place(),
                    false => rank(rival) <= rank(spoken),
                };
                body.class > claim.class || (body.class == claim.class && first())
            }
            Meaning::Unknown | Meaning::Void(_) if self.may_take(rival, other) => {
                if self.warrant(&rival.key).roles.class() < claim.class {
                    return Standing::Provisional;
                }
                let answers = claim.over.iter().map(|over| self.over(over, rival, Standing::Unknown));
                return answers.min().unwrap_or(Standing::Unknown);
            }
            _ => false,
        };
        if !wins {
            return Standing::Provisional;
        }
        // Only a declaration tells that the rival's resources lie in its scope: till then it may be void.
        let displaced = if self.declared(rival) { Standing::Displaced } else { Standing::Unknown };
        let answers = claim.over.iter().map(|over| self.over(over, rival, displaced));
        answers.min().unwrap_or(displaced).min(displaced)
    }

    /// `[OPEN-4]`
    fn rank(&self, spoken: &Spoken<'_>, resource: &ResourceId, a: Window, b: Window) -> [u8; 32] {
        let charter = &self.facts.charter;
        let period = a.start().max(b.start()).0 / charter.parameters().rotation_period.0;
        let mut hasher = blake3::Hasher::new_keyed(charter.rotation_seed());
        hasher.update(resource.as_bytes());
        hasher.update(&period.to_be_bytes());
        for id in self.line(&spoken.key.enrolment).iter().rev() {
            hasher.update(&self.enrolments[id].ordinal.to_be_bytes());
        }
        *hasher.finalize().as_bytes()
    }

    /// Whether a resource is declared in a scope that the viewpoint does not hold.
    fn unseen(&self, resource: &ResourceId) -> bool {
        let held =
            |scope: &intent_contracts::Scope| self.facts.viewpoint.iter().any(|view| view.on_one_line(scope));
        self.declarations(resource).iter().any(|(body, _)| !held(&body.scope))
    }

    /// Whether an ended log leaves a footprint unknown `[OPEN-5]`.
    fn shadowed(&self, footprint: &Footprint) -> bool {
        self.shadow(&footprint.resource).is_some_and(|end| footprint.window.start() < end)
    }

    /// Whether the author of a record that cannot be read may act, and it lasts as long as a claim of this
    /// footprint would have to `[LAW-8]`.
    pub(super) fn may_take(&self, spoken: &Spoken<'_>, footprint: &Footprint) -> bool {
        let longest = self.facts.charter.parameters().longest_lease;
        let acts = self.warrant(&spoken.key).roles.has(Roles::ACT);
        acts && spoken.record.until >= footprint.window.end().plus(longest)
    }

    /// From which start on windows of an open resource are not left unknown by ended logs.
    pub(super) fn shadow(&self, resource: &ResourceId) -> Option<intent_contracts::Tai> {
        let longest = self.facts.charter.parameters().longest_lease;
        let declarations = self.declarations(resource);
        let reaches = |scope: &intent_contracts::Scope| {
            declarations.iter().any(|(body, _)| scope.contains(&body.scope))
        };
        let mut ends = Vec::new();
        for (_, log) in self.logs.iter().filter(|(_, log)| log.forked) {
            if reaches(&self.warrant(&log.key).scope) {
                ends.push(log.key.end);
            }
        }
        for (id, enrolled) in self.enrolments.iter().filter(|(_, enrolled)| reaches(&enrolled.scope)) {
            let kept = self.logs.iter().filter(|(_, log)| log.key.enrolment == *id);
            let kept: Vec<_> = kept.map(|(_, log)| log.key.end).collect();
            if kept.len() as u64 > enrolled.max_logs {
                ends.extend(kept.into_iter().min());
            }
        }
        ends.into_iter().max().map(|end| end.minus(longest))
    }

    /// What is left of a displacement by a rival that a claim cites as over `[OPEN-6]`.
    fn over(&self, over: &Over, rival: &Spoken<'_>, displaced: Standing) -> Standing {
        if let Some(release) = &over.release {
            return if self.released(over, release, rival) { Standing::Provisional } else { displaced };
        }
        let Some(id) = over.revocation else { return displaced };
        let revocations = self.revocations();
        let Some((notice, cited)) = revocations.iter().find(|(notice, _)| notice.id() == id) else {
            return displaced.min(Standing::Unknown);
        };
        if cited.key != rival.key.author || rival.seq <= stated_cut(rival.log, &cited.cuts) {
            return displaced.min(Standing::Unknown);
        }
        let cuts_rival = |(notice, body): &&(&intent_contracts::SignedNotice, _)| {
            let body: &intent_contracts::kinds::notice::Revocation = body;
            body.key == rival.key.author
                && self.reaches(notice, body, &rival.key.enrolment)
                && rival.seq > stated_cut(rival.log, &body.cuts)
        };
        let author = notice.notice().enrolment;
        let counts = if self.is_root(&author) {
            let roots = revocations.iter().filter(cuts_rival).map(|(notice, _)| notice.notice().enrolment);
            let mut roots: BTreeSet<_> = roots.filter(|root| self.is_root(root)).collect();
            let stated = roots.contains(&author);
            // [SUSP-4]
            roots.extend(self.loud_until(self.enrolments[&rival.key.enrolment].until));
            stated && roots.contains(&author) && roots.len() as u64 >= self.facts.charter.threshold()
        } else {
            self.reaches(notice, cited, &rival.key.enrolment)
        };
        // One that is absent may be forgotten, and one that does not reach yet may come to reach.
        if counts { Standing::Provisional } else { displaced.min(Standing::Unknown) }
    }

    fn released(&self, over: &Over, release: &intent_contracts::kinds::Embedded, rival: &Spoken<'_>) -> bool {
        let Some(carried) = Carried::of(&self.ledger, release) else { return false };
        let (Meaning::Release(body) | Meaning::Post(body)) = &carried.meaning else { return false };
        over.claim.record == rival.id
            && carried.log == rival.log
            && body.gives.iter().any(|give| give.record == rival.id)
            && (body.alternatives.is_empty() || body.alternatives.contains(&0))
    }
}
