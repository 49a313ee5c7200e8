//! What a record does to the rights of its log, as its frame and its citations say `[ORDER-1]`, `[ORDER-3]`.

use crate::facts::{Entered, Known, Place, Proof, What};
use crate::order::{Event, FreeProof, Pos, ReturnRef, return_part};
use crate::rules::Rules;
use intent_contracts::kinds::{Claim, GivingBack, Meaning, Receiver};
use intent_contracts::planted;
use intent_contracts::{Effect, Footprint, Measure, Millis, RecordId, Tai};
use std::collections::BTreeSet;

impl Rules {
    /// What a record does to the rights of its log.
    pub(crate) fn events_of(
        &self,
        place: Place,
        entered: &Entered,
        known: &Known,
    ) -> Vec<(RecordId, Pos, Event)> {
        let pos = Pos { slot: place.slot, index: place.index, part: 0 };
        let mut out = Vec::new();
        if known.effect == Effect::Takes {
            for (part, footprint) in (0..=u8::MAX).zip(&known.footprints) {
                if let Some(right) = footprint.right {
                    out.push((right.record, Pos { part, ..pos }, Event::Draw(footprint.clone())));
                }
            }
        }
        match &known.what {
            What::Return(back) => {
                let mut seen = BTreeSet::new();
                for ((cited, give), unused) in (0..=u8::MAX).zip(&back.gives).zip(&back.unused) {
                    // A give that is cited twice goes back once.
                    if !seen.insert(give.record) {
                        continue;
                    }
                    let at = Pos { part: return_part(cited, 0), ..pos };
                    out.push((give.record, at, Event::Return { cited, unused: *unused }));
                }
            }
            What::Ending(back) => {
                for ((cited, give), unused) in (0..=u8::MAX).zip(&back.gives).zip(&back.unused) {
                    let pos = Pos { part: return_part(cited, 0), ..pos };
                    out.extend(self.ended_draws(place, pos, back, &give.record, *unused));
                }
            }
            What::Reclaim(reclaim, proof) => {
                let written = entered.authored.clock().lo();
                out.extend(self.reclaimed(place, pos, &reclaim.give.record, proof.as_deref(), written));
            }
            _ => {}
        }
        out
    }

    /// An earlier record of the same log.
    fn earlier(&self, place: Place, record: &RecordId) -> Option<(Place, &Known)> {
        let found = self.place_of(record)?;
        if found.log != place.log || found >= place {
            return None;
        }
        self.known(found).map(|(_, known)| (found, known))
    }

    /// A release or post in a log's own order counts for a draw of the same log `[ORDER-3]`.
    fn ended_draws(
        &self,
        place: Place,
        pos: Pos,
        back: &GivingBack,
        cited: &RecordId,
        unused: u64,
    ) -> Vec<(RecordId, Pos, Event)> {
        let Some((found, known)) = self.earlier(place, cited) else { return Vec::new() };
        let What::Claim(claim) = &known.what else { return Vec::new() };
        let ended = |part: u8| ends_part(claim, back, part);
        let freed = drawn_parts(known).filter(|(part, ..)| ended(*part));
        events(found, pos, freed, first_pool(known), Some(unused), |_| FreeProof::Sure)
    }

    fn reclaimed(
        &self,
        place: Place,
        pos: Pos,
        give: &RecordId,
        proof: Option<&Proof>,
        written: Tai,
    ) -> Vec<(RecordId, Pos, Event)> {
        let Some((found, known)) = self.earlier(place, give) else { return Vec::new() };
        // A return takes what its frame does not name, and nothing gets it back.
        if known.effect != Effect::Takes {
            return Vec::new();
        }
        let proven = proof.and_then(|proof| self.answer(known, give, proof));
        let guard = self.founded.parameters.guard;
        let late = Millis(u64::from(planted::on("end the guard a moment early")));
        let proof = |(part, footprint): (u8, &Footprint)| match &proven {
            Some((Answer::Ended, _)) => FreeProof::Sure,
            _ if footprint.measure != Measure::Pool
                && written.plus(late) > footprint.window.end().plus(guard) =>
            {
                FreeProof::Sure
            }
            Some((Answer::Returned(returned), _)) => {
                let pos = Pos { part: return_part(returned.pos.part, part), ..returned.pos };
                FreeProof::Return(ReturnRef { pos, ..*returned })
            }
            None if planted::on("take a bare word for proof") => FreeProof::Sure,
            None if gives_right(known) && planted::on("reclaim before the return") => FreeProof::Sure,
            None => FreeProof::Word,
        };
        let unused = proven.as_ref().map(|(_, unused)| *unused);
        events(found, pos, drawn_parts(known), first_pool(known), unused, proof)
    }

    /// What an embedded record says of a give, when it is the receiver's `[PROOF-1]`.
    fn answer(&self, known: &Known, give: &RecordId, proof: &Proof) -> Option<(Answer, u64)> {
        let What::Give(body) = &known.what else { return None };
        let Proof { evidence, meaning } = proof;
        let log = evidence.log.id(&self.founded.ledger);
        let unused_of = |back: &GivingBack, record: &RecordId| {
            let place = back.gives.iter().position(|cited| cited.record == *record)?;
            Some((place, *back.unused.get(place)?))
        };
        match (&body.to, meaning) {
            (Receiver::Claim { claim, alternative }, Meaning::Release(back) | Meaning::Post(back)) => {
                let named = back.alternatives.is_empty() || back.alternatives.contains(alternative);
                let cites = back.gives.iter().any(|cited| cited.record == claim.record);
                // Who cites the claim alone states nothing of a pool.
                let unused = unused_of(back, give).map_or(0, |(_, unused)| unused);
                let own = claim.log == log || planted::on("take any log's release for proof");
                (own && cites && named).then_some((Answer::Ended, unused))
            }
            (Receiver::Log(receiver), Meaning::Return(back)) => {
                let (cited, unused) = unused_of(back, give)?;
                // A giving back cites at most eight gives.
                let part = u8::try_from(cited).unwrap_or(u8::MAX);
                let pos = Pos { slot: evidence.seq, index: evidence.id.index, part };
                let (end, record, right) = (evidence.log.end, evidence.id, *give);
                let returned = ReturnRef { log, end, record, pos, right };
                (*receiver == log).then_some((Answer::Returned(returned), unused))
            }
            _ => None,
        }
    }
}

/// Whether a record gives a right, not what a claim asks for.
fn gives_right(known: &Known) -> bool {
    matches!(&known.what, What::Give(give) if matches!(give.to, Receiver::Log(_)))
}

/// How the receiver of a give answered it.
enum Answer {
    Ended,
    Returned(ReturnRef),
}

/// Whether an ending ends every alternative that has this part.
pub(crate) fn ends_part(claim: &Claim, back: &GivingBack, part: u8) -> bool {
    if back.alternatives.is_empty() {
        return true;
    }
    let mut holding = (0..=u8::MAX).zip(&claim.alternatives).filter(|(_, parts)| parts.contains(&part));
    holding.all(|(place, _)| back.alternatives.contains(&place))
}

/// The footprints that name a right, with their places.
fn drawn_parts(known: &Known) -> impl Iterator<Item = (u8, &Footprint, RecordId)> {
    let parts = (0..=u8::MAX).zip(&known.footprints);
    parts.filter_map(|(part, footprint)| Some((part, footprint, footprint.right?.record)))
}

/// The first part of a record that draws on a pool.
fn first_pool(known: &Known) -> Option<u8> {
    drawn_parts(known).find(|(_, footprint, _)| footprint.measure == Measure::Pool).map(|(part, ..)| part)
}

/// One event for each part, from `pos` on.
fn events<'a>(
    found: Place,
    pos: Pos,
    parts: impl Iterator<Item = (u8, &'a Footprint, RecordId)>,
    first: Option<u8>,
    unused: Option<u64>,
    proof: impl Fn((u8, &'a Footprint)) -> FreeProof,
) -> Vec<(RecordId, Pos, Event)> {
    let event = |(part, footprint, right): (u8, &'a Footprint, RecordId)| {
        let target = Pos { slot: found.slot, index: found.index, part };
        // What is stated brings a pool back once, however many parts the record has.
        let unused = unused.map(|unused| if first == Some(part) { unused } else { 0 });
        let event = Event::Free { target, unused, proof: proof((part, footprint)) };
        (right, Pos { part: pos.part + part, ..pos }, event)
    };
    parts.map(event).collect()
}
