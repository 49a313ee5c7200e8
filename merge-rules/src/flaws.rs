//! Reading a record, and what makes it void whatever else is known `[LEASE-6]`.
//!
//! - A flaw found here is shown by the entry, its author's enrolment and the charter alone; so it never
//!   comes or goes with what arrives later.

use crate::facts::{Flaw, Known, Proof, What};
use crate::rules::Founded;
use crate::understanding::Understanding;
use intent_contracts::kinds::{Body, Claim, Embedded, Enrol, Give, Meaning, Over, Receiver, Reclaim, Roles};
use intent_contracts::{
    Citation, Effect, Evidence, Footprint, Lane, Measure, Record, ResourceId, SignedEntry, Tai,
};
use std::sync::Arc;

/// The greatest number of steps from the charter to an enrolment `[GRANT-1]`.
pub(crate) const ENROLMENT_DEPTH_MAX: u64 = 16;

/// What a record is measured against.
pub(crate) struct Bounds<'a> {
    pub(crate) founded: &'a Founded,
    pub(crate) roles: Roles,
    pub(crate) lane: Lane,
}

/// The evidence that an entry carries along, in the order of its records, as far as this version reads them
/// `[PROOF-1]`.
///
/// What [`verify_evidence`](intent_contracts::verify_evidence) says of it goes to
/// [`Rules::admit_checked`](crate::Rules::admit_checked).
#[must_use]
pub fn evidence_of(entry: &SignedEntry) -> Vec<Embedded> {
    let carries = |record: &Record| [Reclaim::KIND, Claim::KIND].contains(&record.kind);
    if !entry.records().iter().any(carries) {
        return Vec::new();
    }
    let Understanding::Read(meanings) = Understanding::of(entry.records()) else { return Vec::new() };
    meanings.into_iter().flat_map(carried).collect()
}

fn carried(meaning: Meaning) -> Vec<Embedded> {
    match meaning {
        Meaning::Reclaim(body) => body.proof.into_iter().collect(),
        Meaning::Claim(body) => body.over.into_iter().filter_map(|over| over.release).collect(),
        _ => Vec::new(),
    }
}

/// Reads one record. `shown`: what the evidence shows that is still to be read, in its order.
pub(crate) fn read(
    record: &Record,
    meaning: Meaning,
    shown: &mut impl Iterator<Item = Option<Evidence>>,
    bounds: &Bounds<'_>,
) -> Known {
    // What any kind's frame names, and what bodies without bearing on rights name, are citations like all
    // others [RULE-5].
    let outlived = |cited: &Citation| cited.until < record.until;
    let late = record.footprints().iter().filter_map(|part| part.right).any(|right| outlived(&right))
        || cited_by(&meaning).iter().any(outlived);
    let mut releases = Vec::new();
    let what = match meaning {
        Meaning::Enrol(_) => What::Enrol,
        Meaning::Resource(body) => What::Resource(ResourceId::of(&record.body), Arc::new(body)),
        Meaning::Give(body) => What::Give(body),
        Meaning::Claim(body) => {
            let mut shown = |over: &Over| proof_of(over.release.as_ref()?, shown.next()??);
            releases = body.over.iter().map(&mut shown).collect();
            What::Claim(body)
        }
        Meaning::Release(body) | Meaning::Post(body) => What::Ending(body),
        Meaning::Return(body) => What::Return(body),
        Meaning::Reclaim(body) => {
            let proof = body.proof.as_ref().and_then(|proof| proof_of(proof, shown.next()??)).map(Box::new);
            What::Reclaim(body, proof)
        }
        Meaning::Rotation(body) => What::Rotation(body),
        Meaning::Closing(body) => What::Closing(body),
        Meaning::CoSignature(body) => What::CoSignature(body),
        // Known kinds that decide nothing about other records yet [KIND-4].
        Meaning::Advert(_)
        | Meaning::Commitment(_)
        | Meaning::Vacated(_)
        | Meaning::TermsEdit(_)
        | Meaning::TermsAccept(_)
        | Meaning::Attestation(_)
        | Meaning::Mode(_)
        | Meaning::Exception(_)
        | Meaning::Activation(_)
        | Meaning::Present(_) => What::Plain,
        Meaning::Unknown => What::Opaque,
        Meaning::Void(_) => What::Broken,
    };
    let footprints = record.footprints().to_vec();
    let (until, effect) = (record.until, record.effect);
    let may_free = effect == Effect::Frees && matches!(what, What::Opaque | What::Broken);
    let mut known = Known { until, effect, footprints, what, may_free, flaw: None, releases };
    let late = late && !matches!(known.what, What::Opaque);
    known.flaw = flaw_of(&known, bounds).or(late.then_some(Flaw::Outlives));
    known
}

/// What the body of a record cites whose own rules do not judge it.
fn cited_by(meaning: &Meaning) -> &[Citation] {
    match meaning {
        Meaning::Commitment(body) => &body.answers,
        Meaning::Vacated(body) => std::slice::from_ref(&body.claim),
        Meaning::Present(body) => std::slice::from_ref(&body.claim),
        Meaning::TermsEdit(body) => body.contract.as_slice(),
        Meaning::TermsAccept(body) => std::slice::from_ref(&body.contract),
        Meaning::Mode(body) => body.slot.as_slice(),
        Meaning::CoSignature(body) => std::slice::from_ref(&body.enrolment),
        _ => &[],
    }
}

/// Evidence that holds by its bytes, read in its own entry `[REC-3]`, `[PROOF-1]`.
fn proof_of(embedded: &Embedded, evidence: Evidence) -> Option<Proof> {
    let records = Record::decode_all(&embedded.records).ok()?;
    let Understanding::Read(meanings) = Understanding::of(&records) else { return None };
    let meaning = meanings.into_iter().nth(usize::from(embedded.index))?;
    Some(Proof { evidence, meaning })
}

fn flaw_of(known: &Known, bounds: &Bounds<'_>) -> Option<Flaw> {
    match &known.what {
        What::Broken => Some(Flaw::Unreadable),
        What::Claim(claim) => of_claim(known, claim, bounds),
        What::Give(give) => of_give(known, give, bounds),
        What::Closing(_) if bounds.lane != Lane::Safety => Some(Flaw::Lane),
        What::Closing(_) if !bounds.roles.has(Roles::DENY) => Some(Flaw::Role),
        _ => None,
    }
}

fn of_claim(known: &Known, claim: &Claim, bounds: &Bounds<'_>) -> Option<Flaw> {
    if !bounds.roles.has(Roles::ACT) {
        return Some(Flaw::Role);
    }
    if claim.class > bounds.roles.class() {
        return Some(Flaw::Class);
    }
    let count = known.footprints.len();
    if claim.alternatives.iter().flatten().any(|place| usize::from(*place) >= count) {
        return Some(Flaw::Places);
    }
    let open = |part: &Footprint| part.right.is_none() && !bounds.founded.given.contains_key(&part.resource);
    let cited = claim.attestations.iter().chain(claim.over.iter().map(|over| &over.claim));
    if cited.into_iter().any(|cited| cited.until < known.until) {
        return Some(Flaw::Outlives);
    }
    if claim.alternatives.len() > 1 && known.footprints.iter().any(open) {
        return Some(Flaw::OpenAlternatives);
    }
    known.footprints.iter().find_map(|part| of_part(part, known.until, true, bounds))
}

fn of_give(known: &Known, give: &Give, bounds: &Bounds<'_>) -> Option<Flaw> {
    if !bounds.roles.has(Roles::GIVE) {
        return Some(Flaw::Role);
    }
    let leased = match &give.to {
        Receiver::Log(_) => {
            if !give.parts.is_empty() {
                return Some(Flaw::Places);
            }
            false
        }
        Receiver::Claim { claim, .. } => {
            if give.parts.len() != known.footprints.len() {
                return Some(Flaw::Places);
            }
            if claim.until < known.until {
                return Some(Flaw::Outlives);
            }
            true
        }
    };
    if known.footprints.is_empty() {
        return Some(Flaw::Places);
    }
    if known.footprints.iter().any(|part| part.right.is_none()) {
        return Some(Flaw::NoRight);
    }
    known.footprints.iter().find_map(|part| of_part(part, known.until, leased, bounds))
}

/// What is wrong with one footprint; `leased` when it is a lease's and not a right's.
fn of_part(part: &Footprint, until: Tai, leased: bool, bounds: &Bounds<'_>) -> Option<Flaw> {
    let exclusive = part.measure == Measure::Exclusive;
    if part.amount == 0 || (exclusive && part.amount != 1) {
        return Some(Flaw::Amount);
    }
    let longest = bounds.founded.parameters.longest_lease;
    if leased && part.window.end().since(part.window.start()) > longest {
        return Some(Flaw::TooLong);
    }
    if until < part.window.end().plus(longest) {
        return Some(Flaw::UntilTooEarly);
    }
    let right = part.right?;
    if right.until < until {
        return Some(Flaw::Outlives);
    }
    (part.measure == Measure::Pool && until < right.until).then_some(Flaw::UntilTooEarly)
}

/// What makes an enrolment void `[GRANT-2]`.
pub(crate) fn of_enrolment(known: Option<&Known>, parent: Roles, body: &Enrol, depth: u64) -> Option<Flaw> {
    if known.is_some_and(|known| matches!(known.what, What::Broken)) {
        return Some(Flaw::Unreadable);
    }
    if depth > ENROLMENT_DEPTH_MAX {
        return Some(Flaw::Depth);
    }
    if let Some(needs) = &body.needs {
        if body.roles.has(Roles::DENY) || body.roles.has(Roles::VERIFY) {
            return Some(Flaw::CoSigned);
        }
        if known.is_some_and(|known| needs.of.iter().any(|cited| cited.until < known.until)) {
            return Some(Flaw::Outlives);
        }
    }
    if parent.covers(body.roles) {
        return None;
    }
    Some(if parent.class() < body.roles.class() { Flaw::Class } else { Flaw::Roles })
}
