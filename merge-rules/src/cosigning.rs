//! Whether those whom an enrolment needs stand behind it `[COSIGN-2]`.
//!
//! - A co-signature is a record like any other: it is charged, cut and forked. So it is read with the effects.
//! - No denial rests on it: whoever needs co-signers, and whoever stands below, denies nothing `[COSIGN-3]`.

use crate::explain::{Because, Finding, Missing};
use crate::facts::{Enrolled, Known, Place, What};
use crate::standing::Standing;
use crate::view::View;
use intent_contracts::planted;
use intent_contracts::{Citation, Lane, LogId, RecordId, Tai};
use std::collections::BTreeMap;

/// Enrolments with co-signers that rest on one another `[COSIGN-2]`.
pub(crate) const COSIGNED_DEPTH_MAX: u8 = 16;

/// What one question has found out already: whether all that an enrolment and those above it need stands behind
/// them, by how many more may rest on one another.
type Seen = BTreeMap<(RecordId, u8), bool>;

impl View {
    /// Whether an enrolment and those above it have the co-signers that they need.
    ///
    /// Cost: for each enrolment with co-signers on which it rests, once, those whom it names.
    pub(crate) fn cosigned(&self, enrolment: RecordId) -> Finding {
        self.cosigned_within(enrolment, COSIGNED_DEPTH_MAX, &mut Seen::new())
    }

    fn cosigned_within(&self, enrolment: RecordId, deep: u8, seen: &mut Seen) -> Finding {
        let mut finding = Finding::of(enrolment, Because::Granted);
        for (above, found) in self.lineage(enrolment) {
            let Some(needs) = &found.needs else { continue };
            let signs = |cited: &&Citation| self.signs(above, found, cited, deep, seen);
            let have = needs.of.iter().filter(signs).count();
            let need = usize::try_from(needs.least).unwrap_or(usize::MAX);
            if have < need && !planted::on("count an enrolment without its co-signers") {
                let missing = Because::Missing(Missing::CoSigners { have, need });
                finding = finding.or_stronger(Finding::of(above, missing));
            }
        }
        finding
    }

    /// Whether one of those whom `enrolment` names stands behind it.
    fn signs(
        &self,
        enrolment: RecordId,
        found: &Enrolled,
        cited: &Citation,
        deep: u8,
        seen: &mut Seen,
    ) -> bool {
        if deep == 0 || !self.may_sign(found, cited) {
            return false;
        }
        let least = (enrolment, cited.record, Place::FIRST);
        let written = self.rules.cosignatures.range(least..);
        let written = written.take_while(|((of, by, _), ())| (*of, *by) == (enrolment, cited.record));
        let mut stands = written.filter(|((.., place), ())| self.stands_behind(found, *place));
        if stands.next().is_none() {
            return false;
        }
        if let Some(known) = seen.get(&(cited.record, deep - 1)) {
            return *known;
        }
        let sound = self.cosigned_within(cited.record, deep - 1, seen).standing == Standing::Firm;
        seen.insert((cited.record, deep - 1), sound);
        sound
    }

    /// Whether whoever is named stands at or above the enrolment's scope, is cited truly, and lasts as long.
    fn may_sign(&self, found: &Enrolled, cited: &Citation) -> bool {
        let Some(signer) = self.enrolled(&cited.record) else { return false };
        let stands = match signer.place {
            Some(place) => self.rules.logs.get(&place.log).map(|log| (log.id, place.slot)),
            None => Some((LogId::from_bytes(*self.rules.founded.ledger.as_bytes()), 0)),
        };
        stands == Some((cited.log, cited.seq))
            && signer.until == cited.until
            && signer.until >= found.until
            && signer.scope.contains(&found.scope)
    }

    /// Whether a co-signature at `place` cites the enrolment truly, lasts as long, and counts by itself.
    fn stands_behind(&self, found: &Enrolled, place: Place) -> bool {
        let Some((record, log, known)) = self.known_held(place) else { return false };
        log.key.lane == Lane::Safety
            && known.until >= found.until
            && self.cites_truly(found, known)
            && known.flaw.is_none()
            && self.endorsed(record, log, place, Because::Said).standing == Standing::Firm
            && self.warranted(record, place).standing == Standing::Firm
    }

    fn cites_truly(&self, found: &Enrolled, known: &Known) -> bool {
        let What::CoSignature(body) = &known.what else { return false };
        let stands = found.place.and_then(|place| Some((self.rules.logs.get(&place.log)?.id, place.slot)));
        let cited: (LogId, u64, Tai) = (body.enrolment.log, body.enrolment.seq, body.enrolment.until);
        stands.is_some_and(|(log, slot)| cited == (log, slot, found.until))
    }
}
