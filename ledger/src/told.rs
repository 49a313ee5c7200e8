//! What admission has done and the rules have not read yet.
//!
//! - The rules read it in order at the end of the call that admitted it, so that the evidence that all its
//!   entries carry is checked in one batch `[BOUND-2]`.
//! - While nobody has asked for a view there are no rules to tell.

use crate::state::State;
use intent_contracts::{
    Evidence, KeyRing, LedgerId, LogId, LogKey, NoticeId, SignedEntry, SignedNotice, verify_evidence,
};
use intent_merge_rules::{Rules, evidence_of};

/// One change of the state.
#[derive(Debug)]
pub(crate) enum Told {
    Entry(SignedEntry),
    Notice(SignedNotice),
    Ended { log: LogKey, slot: u64, forked: bool },
    Reopened(LogId),
    Cut { log: LogId, head: u64 },
    ForgottenLog(LogId),
    ForgottenNotice(NoticeId),
}

impl State {
    /// Notes what the rules are to read.
    pub(crate) fn tell(&mut self, told: impl FnOnce() -> Told) {
        if self.rules.is_some() {
            self.told.push(told());
        }
    }

    /// Lets the rules read what they were told.
    pub(crate) fn listen(&mut self, ring: &mut KeyRing, salt: &[u8; 32]) {
        let told = std::mem::take(&mut self.told);
        let Some(rules) = &mut self.rules else { return };
        let entries = told.iter().filter_map(|told| match told {
            Told::Entry(entry) => Some(entry),
            _ => None,
        });
        let mut shown = checked(&self.ledger, entries, ring, salt).into_iter();
        for told in &told {
            match told {
                Told::Entry(entry) => rules.admit_checked(entry, shown.next().unwrap_or_default()),
                Told::Notice(notice) => rules.admit_notice(notice),
                Told::Ended { log, slot, forked } => rules.end(log, *slot, *forked),
                Told::Reopened(log) => rules.reopen(log),
                Told::Cut { log, head } => rules.cut_back(log, *head),
                Told::ForgottenLog(log) => rules.forget_log(log),
                Told::ForgottenNotice(notice) => rules.forget_notice(notice),
            }
        }
    }
}

/// Reads entries that follow each other into the rules; their evidence is checked in one batch.
pub(crate) fn admit_all(
    rules: &mut Rules,
    ledger: &LedgerId,
    entries: &[SignedEntry],
    ring: &mut KeyRing,
    salt: &[u8; 32],
) {
    for (entry, shown) in entries.iter().zip(checked(ledger, entries.iter(), ring, salt)) {
        rules.admit_checked(entry, shown);
    }
}

/// What the evidence shows that each of the entries carries.
fn checked<'a>(
    ledger: &LedgerId,
    entries: impl Iterator<Item = &'a SignedEntry>,
    ring: &mut KeyRing,
    salt: &[u8; 32],
) -> Vec<Vec<Option<Evidence>>> {
    let mut carried = Vec::new();
    let counts: Vec<usize> = entries
        .map(|entry| {
            let found = evidence_of(entry);
            let count = found.len();
            carried.extend(found);
            count
        })
        .collect();
    let mut shown = verify_evidence(ledger, &carried, ring, salt).into_iter();
    counts.into_iter().map(|count| shown.by_ref().take(count).collect()).collect()
}
