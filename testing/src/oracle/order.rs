//! Rights, the giver's word and the proof.

use super::geometry::{fits, lies_within, share_cell, share_instant};
use super::scene::{Found, Scene, Spoken};
use intent_contracts::kinds::{Claim, Give, GivingBack, Meaning, Receiver, Reclaim};
use intent_contracts::{Effect, Footprint, LogId, Measure, RecordId, Tai};
use intent_merge_rules::Standing;

/// Returns by which one exclusive or rate part may count others as free `[PROOF-2]`.
const RETURNS_COUNTED: usize = 16;

/// Of the returns that free parts of one right so many, the newest, are looked at `[PROOF-2]`.
const RETURNS_SEEN: usize = 64;

/// The same of a pool.
const POOL_RETURNS_SEEN: usize = 256;

/// What shares an instant with an exclusive part has at most so many boxes `[ORDER-7]`.
const BOXES_MET: usize = 1_024;

/// A right, by the record that makes it and the part's place in it `[RIGHT-1]`.
#[derive(Debug, Clone)]
pub(super) struct Right {
    pub(super) record: RecordId,
    pub(super) place: u8,
    pub(super) holder: LogId,
    pub(super) footprint: Footprint,
    /// Whether it is the charter's.
    pub(super) first: bool,
}

/// From which right a footprint is taken.
pub(super) enum Source {
    /// It names none.
    None,
    /// What it names is not in view, or cannot be read.
    Absent,
    /// What it names is no right of its log for its resource and measure.
    Never,
    /// It is drawn on this one `[RIGHT-2]`.
    Right(Box<Right>),
}

/// A part in the order of its right.
pub(super) struct Drawn<'s, 'a> {
    pub(super) spoken: &'s Spoken<'a>,
    /// None for what a return takes.
    pub(super) place: Option<u8>,
    pub(super) footprint: Footprint,
    pub(super) took: bool,
    /// Whether it fits by what this version can read `[ORDER-5]`.
    fits: bool,
    pub(super) proven: bool,
}

/// Returns that may rest on one another `[PROOF-2]`.
const RETURNS_MAX: usize = 16;

/// What a proof must meet.
#[derive(Clone, Copy)]
struct Needs {
    /// The logs that it rests on last until then.
    until: Tai,
    /// So many returns may still rest on one another.
    returns: usize,
}

/// By what a part is freed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Word,
    Proof,
}

impl<'a> Scene<'a> {
    /// The rights that a record makes; none when it is not in view or cannot be read.
    fn rights_of_record(&self, footprint: &Footprint) -> Option<Vec<Right>> {
        let citation = footprint.right.as_ref()?;
        match self.find(citation) {
            Found::Absent => None,
            Found::First(first) => {
                let (record, holder) = (first.citation.record, first.holder);
                let footprint = first.footprint.clone();
                Some(vec![Right { record, place: 0, holder, footprint, first: true }])
            }
            Found::Record(spoken) if spoken.is_opaque() => None,
            Found::Record(spoken) => Some(rights_given(spoken)),
        }
    }

    /// `[RIGHT-2]`
    pub(super) fn source(&self, spoken: &Spoken<'_>, footprint: &Footprint) -> Source {
        if footprint.right.is_none() {
            return Source::None;
        }
        let Some(mut rights) = self.rights_of_record(footprint) else { return Source::Absent };
        rights.retain(|right| {
            right.holder == spoken.log
                && right.footprint.resource == footprint.resource
                && right.footprint.measure == footprint.measure
        });
        let containing = rights.iter().find(|right| lies_within(footprint, &right.footprint)).cloned();
        match containing.or_else(|| rights.into_iter().next()) {
            Some(right) => Source::Right(Box::new(right)),
            None => Source::Never,
        }
    }

    /// All parts drawn on a right in the order of its holder's trunk `[ORDER-1]`.
    pub(super) fn order(&self, right: &Right) -> Vec<Drawn<'_, 'a>> {
        self.order_by(right, Needs { until: Tai(0), returns: RETURNS_MAX })
    }

    /// The same; a proof counts only when it meets these needs `[PROOF-2]`.
    fn order_by(&self, right: &Right, needs: Needs) -> Vec<Drawn<'_, 'a>> {
        let mut drawn: Vec<Drawn<'_, 'a>> = Vec::new();
        let (mut opaque_before, mut unread_free) = (false, false);
        for spoken in self.records.iter().filter(|spoken| spoken.log == right.holder) {
            for (place, footprint) in self.draws(spoken, right) {
                let within = match place {
                    Some(_) => lies_within(&footprint, &right.footprint),
                    None => footprint.amount <= right.footprint.amount,
                };
                let needs = Needs { until: needs.until.max(footprint.window.end()), ..needs };
                let word = self.living(&drawn, spoken, By::Word, needs);
                let mut proof = self.living(&drawn, spoken, By::Proof, needs);
                let fits_here = within
                    && !self.is_crowded(&drawn, spoken, &footprint, &proof)
                    && fits(&footprint, &right.footprint, &paired(&drawn, &word));
                // A newer version may know what was freed.
                let took = fits_here || (within && unread_free);
                self.see_newest_returns(&drawn, spoken, &mut proof);
                if footprint.measure != Measure::Pool {
                    self.count_first_returns(&drawn, spoken, &footprint, &mut proof);
                }
                let proven = fits_here
                    && !opaque_before
                    && fits(&footprint, &right.footprint, &paired(&drawn, &proof));
                drawn.push(Drawn { spoken, place, footprint, took, fits: fits_here, proven });
            }
            // [ORDER-5]
            opaque_before |= spoken.is_opaque() && spoken.record.effect != Effect::None;
            unread_free |= spoken.is_opaque() && spoken.record.effect == Effect::Frees;
        }
        drawn
    }

    /// Whether what an exclusive part meets in time, and is not surely freed, has too many boxes `[ORDER-7]`.
    fn is_crowded(&self, drawn: &[Drawn<'_, 'a>], now: &Spoken<'_>, new: &Footprint, proof: &[u64]) -> bool {
        if new.measure != Measure::Exclusive {
            return false;
        }
        let met = drawn.iter().zip(proof).filter(|(part, left)| {
            let there = **left > 0 || self.returned_by(part, now).is_some();
            part.took && there && share_instant(part.footprint.window, new.window)
        });
        met.map(|(part, _)| part.footprint.boxes().len().max(1)).sum::<usize>() > BOXES_MET
    }

    /// What returns freed, but for the newest of them, is there `[PROOF-2]`.
    fn see_newest_returns(&self, drawn: &[Drawn<'_, 'a>], now: &Spoken<'_>, proof: &mut [u64]) {
        let mut returned: Vec<_> = drawn
            .iter()
            .enumerate()
            .filter(|(_, part)| part.took)
            .filter_map(|(number, part)| Some((self.returned_by(part, now)?.place(), part.place, number)))
            .collect();
        returned.sort_unstable();
        let pool = drawn.first().is_some_and(|part| part.footprint.measure == Measure::Pool);
        let seen = if pool { POOL_RETURNS_SEEN } else { RETURNS_SEEN };
        let old = returned.len().saturating_sub(seen);
        for (.., number) in &returned[..old] {
            proof[*number] = drawn[*number].footprint.amount;
        }
    }

    /// Of the parts that a new one meets and that returns alone may free, all but the first are there
    /// `[PROOF-2]`.
    fn count_first_returns(
        &self,
        drawn: &[Drawn<'_, 'a>],
        now: &Spoken<'_>,
        new: &Footprint,
        proof: &mut [u64],
    ) {
        let mut counted = 0;
        for (number, part) in drawn.iter().enumerate() {
            let there = &part.footprint;
            let meets = share_instant(there.window, new.window)
                && (new.measure == Measure::Rate || share_cell(there, new));
            if part.took && meets && self.freed_by_return(part, now, new.window.end()) {
                counted += 1;
                if counted > RETURNS_COUNTED {
                    proof[number] = there.amount;
                }
            }
        }
    }

    /// Whether a return, and nothing surer, may free a part before `now`.
    fn freed_by_return(&self, part: &Drawn<'_, 'a>, now: &Spoken<'_>, until: Tai) -> bool {
        let first = self.returned_by(part, now);
        first.and_then(|first| first.carried.as_ref()).is_some_and(|carried| carried.end >= until)
    }

    /// The reclaim by which a return, and nothing surer, may free a part before `now`.
    fn returned_by(&self, part: &Drawn<'_, 'a>, now: &Spoken<'_>) -> Option<&Spoken<'a>> {
        let word = (By::Word, Needs { until: Tai(0), returns: RETURNS_MAX });
        let over =
            |freeing: &Spoken<'_>| part.footprint.measure != Measure::Pool && self.surely_over(part, freeing);
        let first = self.records.iter().find(|freeing| {
            let between = freeing.log == now.log
                && part.spoken.place() < freeing.place()
                && freeing.place() < now.place();
            let frees = || match &freeing.meaning {
                Meaning::Reclaim(_) => {
                    part.place.is_some()
                        && reclaims(freeing, &part.spoken.id)
                        && (over(freeing) || self.evidence(part.spoken, freeing).is_some())
                }
                _ => self.freed(part, true, freeing, word).is_some(),
            };
            between && frees()
        })?;
        let to_log = matches!(&part.spoken.meaning, Meaning::Give(Give { to: Receiver::Log(_), .. }));
        (to_log && !over(first) && self.evidence(part.spoken, first).is_some()).then_some(first)
    }

    /// What a record draws on a right: its own footprints, or what a return gives back `[PROOF-2]`.
    fn draws(&self, spoken: &Spoken<'_>, right: &Right) -> Vec<(Option<u8>, Footprint)> {
        let mut out = Vec::new();
        if spoken.record.effect == Effect::Takes {
            for (place, footprint) in (0u8..).zip(spoken.record.footprints()) {
                if let Source::Right(source) = self.source(spoken, footprint)
                    && (source.record, source.place) == (right.record, right.place)
                {
                    out.push((Some(place), footprint.clone()));
                }
            }
        }
        if let Meaning::Return(body) = &spoken.meaning
            && !right.first
            && let Some(unused) = stated_unused(body, &right.record)
        {
            let mut footprint = right.footprint.clone();
            if footprint.measure == Measure::Pool {
                footprint.amount = unused;
            }
            out.push((None, footprint));
        }
        out
    }

    /// How much of each part that took is not freed before `now`.
    fn living(&self, drawn: &[Drawn<'_, 'a>], now: &Spoken<'_>, by: By, needs: Needs) -> Vec<u64> {
        let left = |number: usize| {
            let part = &drawn[number];
            let amount = part.footprint.amount;
            if !part.took {
                return 0;
            }
            let first_there = is_first_pool(part);
            let between = self.records.iter().filter(|freeing| {
                freeing.log == now.log
                    && part.spoken.place() < freeing.place()
                    && freeing.place() < now.place()
            });
            let freed =
                between.into_iter().find_map(|freeing| self.freed(part, first_there, freeing, (by, needs)));
            amount - freed.unwrap_or(0).min(amount)
        };
        (0..drawn.len()).map(left).collect()
    }

    /// How much of a part a later record of the same log frees; none when it does not speak of it, or does
    /// not prove it `[ORDER-3]`, `[ORDER-4]`.
    fn freed(
        &self,
        part: &Drawn<'_, 'a>,
        first_there: bool,
        freeing: &Spoken<'_>,
        (by, needs): (By, Needs),
    ) -> Option<u64> {
        let amount = part.footprint.amount;
        let pool = part.footprint.measure == Measure::Pool;
        let stated = |body: &GivingBack| match (pool, first_there) {
            (false, _) => amount,
            (true, true) => stated_unused(body, &part.spoken.id).unwrap_or(0),
            (true, false) => 0,
        };
        match (&freeing.meaning, &part.spoken.meaning) {
            (Meaning::Release(body) | Meaning::Post(body), Meaning::Claim(claim)) => {
                stated_unused(body, &part.spoken.id)?;
                part.place.filter(|place| ends_place(body, claim, *place)).map(|_| stated(body))
            }
            (Meaning::Reclaim(reclaim), _)
                if reclaim.give.record == part.spoken.id && part.place.is_some() =>
            {
                let evidence = self.evidence(part.spoken, freeing);
                match by {
                    By::Word => Some(evidence.map_or(amount, stated)),
                    By::Proof => match evidence {
                        _ if !pool && self.surely_over(part, freeing) => Some(amount),
                        // The first that carries evidence counts, whether or not it proves yet: else what a
                        // later one states would be taken back when an earlier one comes to prove.
                        Some(body) if self.evidence_proves(part, freeing, needs) => Some(stated(body)),
                        Some(_) => Some(0),
                        None => None,
                    },
                }
            }
            _ => None,
        }
    }

    fn surely_over(&self, part: &Drawn<'_, 'a>, freeing: &Spoken<'_>) -> bool {
        let earliest = freeing.authored.at.minus(freeing.authored.error);
        earliest > part.footprint.window.end().plus(self.facts.charter.parameters().guard)
    }

    /// The release, post or return of a give's receiver that a reclaim carries along `[PROOF-1]`.
    pub(super) fn evidence<'r>(&self, given: &Spoken<'_>, reclaim: &'r Spoken<'_>) -> Option<&'r GivingBack> {
        let Meaning::Give(give) = &given.meaning else { return None };
        let carried = reclaim.carried.as_ref()?;
        match (&give.to, &carried.meaning) {
            (Receiver::Claim { claim, alternative }, Meaning::Release(body) | Meaning::Post(body)) => {
                let cites = body.gives.iter().any(|it| it.record == claim.record);
                let names = body.alternatives.is_empty() || body.alternatives.contains(alternative);
                (carried.log == claim.log && cites && names).then_some(body)
            }
            (Receiver::Log(log), Meaning::Return(body)) => {
                let cites = body.gives.iter().any(|it| it.record == given.id);
                (carried.log == *log && cites).then_some(body)
            }
            _ => None,
        }
    }

    /// Whether evidence that holds by its bytes proves for this part `[PROOF-2]`.
    fn evidence_proves(&self, part: &Drawn<'_, 'a>, reclaim: &Spoken<'_>, needs: Needs) -> bool {
        let Some(carried) = &reclaim.carried else { return false };
        let Meaning::Give(Give { to, .. }) = &part.spoken.meaning else { return false };
        let Receiver::Log(_) = to else { return true };
        let rights = rights_given(part.spoken);
        let Some(right) = rights.iter().find(|right| Some(right.place) == part.place) else { return false };
        let returned = |drawn: &Drawn<'_, 'a>| drawn.spoken.id == carried.id && drawn.took && drawn.proven;
        let Some(returns) = needs.returns.checked_sub(1) else { return false };
        needs.until <= carried.end && self.order_by(right, Needs { returns, ..needs }).iter().any(returned)
    }

    /// What the order of its right says of a part.
    pub(super) fn order_standing(&self, spoken: &Spoken<'_>, place: u8) -> Standing {
        let right = match self.source(spoken, &spoken.record.footprints()[usize::from(place)]) {
            Source::None | Source::Never => return Standing::Void,
            Source::Absent => return Standing::Unknown,
            Source::Right(right) => *right,
        };
        let order = self.order(&right);
        let part = order.iter().find(|part| part.spoken.id == spoken.id && part.place == Some(place));
        match part {
            Some(part) if part.proven => Standing::Firm,
            Some(part) if part.fits => Standing::AtRisk,
            Some(part) if part.took => Standing::Unknown,
            _ => Standing::Overdrawn,
        }
    }
}

/// Whether a part is the first of its record that draws on a pool.
fn is_first_pool(part: &Drawn<'_, '_>) -> bool {
    let pool = |it: &Footprint| it.right.is_some() && it.measure == Measure::Pool;
    let first = part.spoken.record.footprints().iter().position(pool);
    first.is_some() && first == part.place.map(usize::from)
}

/// The rights that a readable record gives to a log.
pub(super) fn rights_given(spoken: &Spoken<'_>) -> Vec<Right> {
    let Meaning::Give(Give { to: Receiver::Log(holder), .. }) = &spoken.meaning else { return Vec::new() };
    let parts = (0u8..).zip(spoken.record.footprints());
    let right = |(place, footprint): (u8, &Footprint)| {
        let footprint = footprint.clone();
        Right { record: spoken.id, place, holder: *holder, footprint, first: false }
    };
    parts.map(right).collect()
}

/// What a release, post or return states as unused of this record; none when it does not cite it.
pub(super) fn stated_unused(body: &GivingBack, record: &RecordId) -> Option<u64> {
    let place = body.gives.iter().position(|give| give.record == *record)?;
    body.unused.get(place).copied()
}

/// Whether a release ends every alternative that needs this footprint.
pub(super) fn ends_place(body: &GivingBack, claim: &Claim, place: u8) -> bool {
    body.alternatives.is_empty()
        || (0u8..)
            .zip(&claim.alternatives)
            .all(|(number, parts)| !parts.contains(&place) || body.alternatives.contains(&number))
}

/// Whether a record is a reclaim of this give.
pub(super) fn reclaims(spoken: &Spoken<'_>, give: &RecordId) -> bool {
    matches!(&spoken.meaning, Meaning::Reclaim(Reclaim { give: cited, .. }) if cited.record == *give)
}

fn paired<'d>(drawn: &'d [Drawn<'_, '_>], left: &[u64]) -> Vec<(&'d Footprint, u64)> {
    drawn.iter().map(|part| &part.footprint).zip(left.iter().copied()).collect()
}
