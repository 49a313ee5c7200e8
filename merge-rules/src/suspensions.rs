//! What suspends an enrolment, until when `[SUSP-1]`.
//!
//! - A suspension answers what the bounds or a fork may have taken out of the state: a denial that is no
//!   longer seen must not stop denying.

use crate::facts::LogNo;
use crate::view::View;
use intent_contracts::planted;
use intent_contracts::{LogId, NoticeId, RecordId, Tai};
use std::collections::BTreeSet;

impl View {
    /// Until when an enrolment is suspended, if it is.
    pub(crate) fn suspended(&self, enrolment: RecordId) -> Option<Tai> {
        let mut until: Option<Tai> = None;
        for (place, (above, found)) in self.lineage(enrolment).enumerate() {
            // What lies under an enrolment outside the viewpoint is read as absent `[RULE-1]`.
            let held = self.holds(&found.scope);
            if held && !planted::on("let an overfull enrolment act") {
                until = until.max(self.overfull_until(above, found.max_logs));
            }
            if held && place > 0 {
                until = until.max(self.forked_safety_until(above)).max(self.noisy_until(above, enrolment));
            }
            if found.root.is_some() && place > 0 {
                until = until.max(self.noisy_roots());
            }
        }
        until
    }

    /// Until when what these logs say is suspended `[SUSP-2]`.
    pub(crate) fn suspended_logs(&self, logs: &BTreeSet<LogNo>) -> Option<Tai> {
        let enrolments: BTreeSet<RecordId> =
            logs.iter().filter_map(|no| Some(self.rules.logs.get(no)?.key.enrolment)).collect();
        enrolments.into_iter().filter_map(|enrolment| self.suspended(enrolment)).max()
    }

    /// The least end of the kept logs of an enrolment with more than it may have.
    pub(crate) fn overfull_until(&self, enrolment: RecordId, max_logs: u64) -> Option<Tai> {
        let count = self.rules.log_counts.get(&enrolment).copied().unwrap_or(0);
        if count <= max_logs {
            return None;
        }
        let from = (enrolment, Tai(0), LogId::from_bytes([0; 32]));
        let ((found, end, _), ()) = self.rules.logs_under.range(from..).next()?;
        (*found == enrolment).then_some(*end)
    }

    fn forked_safety_until(&self, enrolment: RecordId) -> Option<Tai> {
        let from = (enrolment, Tai(0), LogId::from_bytes([0; 32]));
        let to = (enrolment, Tai::MAX, LogId::from_bytes([255; 32]));
        self.rules.forked_safety.range(from..=to).next_back().map(|((_, end, _), ())| *end)
    }

    /// Until when those who name `anchor` suspend what lies below it.
    fn noisy_until(&self, anchor: RecordId, target: RecordId) -> Option<Tai> {
        let mut until = None;
        let least = RecordId { entry: intent_contracts::EntryId::from_bytes([0; 32]), index: 0 };
        for ((named, author), ()) in self.rules.noisy.range((anchor, least)..) {
            if *named != anchor {
                break;
            }
            let held = self.enrolled(author).is_some_and(|found| self.holds(&found.scope));
            if held && self.below_anchor(*author, target) {
                until = until.max(self.least_notice(*author));
            }
        }
        until
    }

    fn noisy_roots(&self) -> Option<Tai> {
        let ledger = &self.rules.founded.ledger;
        let roots = (0..=u8::MAX).map(|place| RecordId::root(ledger, place));
        let present = roots.take_while(|root| self.rules.enrolments.contains_key(root));
        let most = self.rules.founded.parameters.notices_per_enrolment;
        let noisy = |root: &RecordId| self.rules.notice_counts.get(root).is_some_and(|count| *count > most);
        present.filter(noisy).filter_map(|root| self.least_notice(root)).max()
    }

    fn least_notice(&self, author: RecordId) -> Option<Tai> {
        let from = (author, Tai(0), NoticeId::from_bytes([0; 32]));
        let ((found, until, _), ()) = self.rules.notices_under.range(from..).next()?;
        (*found == author).then_some(*until)
    }
}
