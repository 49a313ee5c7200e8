//! Notices that restrict and that this version cannot read.

use super::scene::Scene;
use intent_contracts::kinds::notice::{self, Fact, Failure, Revocation, Trip};
use intent_contracts::kinds::{Body as _, Meaning};
use intent_contracts::{LogKey, SignedNotice};
use intent_merge_rules::{Suspender, Suspension};
use std::collections::BTreeMap;

/// Whether a notice restricts beyond what this version reads in it `[RESTRICT-2]`.
pub(super) fn is_unread(signed: &SignedNotice) -> bool {
    let notice = signed.notice();
    let unreadable = match notice.kind {
        1 => Revocation::read(&notice.body).is_err(),
        3 => Trip::read(&notice.body).is_err(),
        5 => Failure::read(&notice.body).is_err(),
        kind => return kind >= 64,
    };
    unreadable || notice.version > 1
}

impl Scene<'_> {
    /// What restricts a chain of logs `[RESTRICT-2]`, `[SUSP-3]`.
    pub(super) fn restrictions(&self, chain: &[LogKey]) -> Vec<Suspension> {
        let suspends = |signed: &&&SignedNotice| {
            let author = &signed.notice().enrolment;
            is_unread(signed) && self.granted(author) && !self.is_lifted(signed) && self.is_fit(signed, chain)
        };
        let fitting: Vec<&SignedNotice> = self.notices.iter().filter(suspends).copied().collect();
        let told = |signed: &SignedNotice| Suspension {
            until: signed.notice().until,
            by: Suspender::Restricted(signed.id()),
        };
        let (of_roots, of_others): (Vec<&SignedNotice>, Vec<&SignedNotice>) =
            fitting.iter().partition(|signed| self.is_root(&signed.notice().enrolment));
        let says_nothing = |signed: &SignedNotice| {
            let notice = signed.notice();
            notice.kind >= 64 && notice::match_of(&notice.body).is_ok_and(|facts| facts.is_empty())
        };
        let longest = of_others.into_iter().filter(|it| !says_nothing(it)).map(told).max();
        let mut alike: BTreeMap<_, Vec<&SignedNotice>> = BTreeMap::new();
        for signed in of_roots {
            let notice = signed.notice();
            let content = (notice.version, notice.kind, &notice.scope, &notice.body);
            alike.entry(content).or_default().push(signed);
        }
        let stated = alike.into_values().filter_map(|signed| {
            self.of_enough_roots(signed.iter().map(|it| (it.notice().enrolment, told(it))).collect())
        });
        longest.into_iter().chain(stated.max()).collect()
    }

    /// Whether one log of a chain is what a notice fits.
    fn is_fit(&self, signed: &SignedNotice, chain: &[LogKey]) -> bool {
        let notice = signed.notice();
        let lies_in =
            |log: &LogKey, scope: &intent_contracts::Scope| scope.contains(&self.warrant(log).scope);
        let facts = if notice.kind >= 64 { notice::match_of(&notice.body) } else { Ok(Vec::new()) };
        let facts = facts.unwrap_or_default();
        chain.iter().any(|log| {
            let holds = |fact: &Fact| match fact.number {
                4 => match &fact.value {
                    notice::FactValue::Bytes(id) if id.len() == 16 => {
                        let line = self.line(&log.enrolment);
                        line.iter().any(|above| above.entry.as_bytes()[..16] == id[..])
                    }
                    _ => true,
                },
                8 => fact.value.scope().is_none_or(|other| {
                    chain.iter().any(|it| lies_in(it, &other) && !lies_in(it, &notice.scope))
                }),
                _ => true,
            };
            lies_in(log, &notice.scope)
                && self.below_anchor_of(&notice.enrolment, &log.enrolment)
                && facts.iter().all(holds)
        })
    }

    /// Whether a closing from strictly above its author ends a notice for good `[RESTRICT-3]`.
    fn is_lifted(&self, signed: &SignedNotice) -> bool {
        let notice = signed.notice();
        self.records.iter().any(|spoken| match &spoken.meaning {
            Meaning::Closing(closing) => {
                closing.notices.contains(&signed.id())
                    && !closing.is_partial()
                    && spoken.record.until >= notice.until
                    && spoken.key.enrolment != notice.enrolment
                    && self.line(&notice.enrolment).contains(&spoken.key.enrolment)
                    && self.own_standing(spoken) < intent_merge_rules::Standing::Unknown
            }
            _ => false,
        })
    }
}
