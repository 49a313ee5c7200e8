//! Whether co-signers stand behind an enrolment.

use super::scene::{Scene, Spoken};
use intent_contracts::kinds::{CoSignature, Meaning};
use intent_contracts::{Citation, Lane, LogId, RecordId};
use intent_merge_rules::Standing;

/// Enrolments with co-signers that rest on one another `[COSIGN-2]`.
const DEEP_MAX: usize = 16;

impl Scene<'_> {
    /// Whether an enrolment has the co-signers that it needs; those above it are asked apart.
    pub(super) fn has_its_co_signers(&self, id: &RecordId) -> bool {
        self.has_co_signers(id, DEEP_MAX)
    }

    fn has_co_signers(&self, id: &RecordId, deep: usize) -> bool {
        let Some(needs) = &self.enrolments[id].needs else { return true };
        let signed = needs.of.iter().filter(|named| deep > 0 && self.co_signs(id, named, deep - 1));
        signed.count() as u64 >= needs.least
    }

    fn co_signs(&self, id: &RecordId, named: &Citation, deep: usize) -> bool {
        let (enrolled, Some(signer)) = (&self.enrolments[id], self.enrolments.get(&named.record)) else {
            return false;
        };
        let fits = self.place_of_enrolment(&named.record) == Some((named.log, named.seq))
            && signer.until == named.until
            && signer.until >= enrolled.until
            && signer.scope.contains(&enrolled.scope);
        let line = self.line(&named.record);
        fits && self.records.iter().any(|spoken| self.is_co_signature(spoken, id, &named.record))
            && line.iter().all(|above| self.has_co_signers(above, deep))
    }

    fn is_co_signature(&self, spoken: &Spoken<'_>, id: &RecordId, by: &RecordId) -> bool {
        let Meaning::CoSignature(CoSignature { enrolment: cited }) = &spoken.meaning else { return false };
        let until = self.enrolments[id].until;
        spoken.key.enrolment == *by
            && spoken.key.lane == Lane::Safety
            && cited.record == *id
            && self.place_of_enrolment(id) == Some((cited.log, cited.seq))
            && cited.until == until
            && spoken.record.until == until
            && self.endorsed(spoken)
            && !self.is_cut(spoken)
            && self.standing_without_co_signers(by) == Standing::Firm
    }

    /// Where the record of an enrolment stands; a root's in slot 0 of the log with the ledger's id.
    fn place_of_enrolment(&self, id: &RecordId) -> Option<(LogId, u64)> {
        if self.is_root(id) {
            return Some((LogId::from_bytes(*self.ledger.as_bytes()), 0));
        }
        self.record(id).map(|spoken| (spoken.log, spoken.seq))
    }
}
