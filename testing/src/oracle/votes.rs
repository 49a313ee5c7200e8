//! What roots vote for, and which of them have said too much to be heard alone.

use super::scene::Scene;
use intent_contracts::kinds::Body as _;
use intent_contracts::kinds::notice::Vote;
use intent_contracts::{
    Charter, Citation, EntryId, FirstRight, LedgerId, LogId, RecordId, SignedNotice, Tai,
};
use std::collections::{BTreeMap, BTreeSet};

/// A root with more notices than it may have, and until when it counts as standing behind what another states
/// `[SUSP-4]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Loud {
    pub(super) root: RecordId,
    pub(super) until: Tai,
}

/// The roots with more notices than they may have.
pub(super) fn loud(charter: &Charter, notices: &[&SignedNotice]) -> Vec<Loud> {
    let mut out = Vec::new();
    for (number, found) in (0u8..).zip(charter.roots()) {
        let root = RecordId::root(&charter.ledger_id(), number);
        let own = notices.iter().filter(|notice| notice.notice().enrolment == root);
        let untils: Vec<Tai> = own.map(|notice| notice.notice().until).collect();
        if untils.len() as u64 > found.max_notices {
            out.extend(untils.into_iter().min().map(|until| Loud { root, until }));
        }
    }
    out
}

/// The logs that enough roots name for each window that votes assign, by give and number `[VOTE-2]`.
pub(super) fn elected(charter: &Charter, notices: &[&SignedNotice]) -> BTreeMap<(u64, u64), BTreeSet<LogId>> {
    let longest = charter.parameters().longest_lease;
    let loud = loud(charter, notices);
    let mut out: BTreeMap<(u64, u64), BTreeSet<LogId>> = BTreeMap::new();
    for (place, give) in (0u64..).zip(charter.gives()) {
        let Some(last) = give.last_assignable else { continue };
        for number in give.repeats + 1..=last {
            let Some(window) = give.window(number) else { continue };
            let least = window.end().plus(longest).plus(longest);
            let mut behind: BTreeMap<LogId, BTreeSet<RecordId>> = BTreeMap::new();
            for (root, until, vote) in votes(charter, notices) {
                let Vote::Window(vote) = vote else { continue };
                let named = vote.give == place && (vote.first..=vote.last).contains(&number);
                if named && until >= least && vote.holder.end >= least {
                    behind.entry(vote.holder.id(&charter.ledger_id())).or_default().insert(root);
                }
            }
            for (log, mut roots) in behind {
                roots.extend(loud.iter().filter(|it| it.until >= least).map(|it| it.root));
                if roots.len() as u64 >= charter.threshold() {
                    out.entry((place, number)).or_default().insert(log);
                }
            }
        }
    }
    out
}

/// The same, by the right that each window would be.
pub(super) fn elected_rights(
    charter: &Charter,
    notices: &[&SignedNotice],
) -> BTreeMap<RecordId, BTreeSet<LogId>> {
    let right = |(give, number)| {
        let entry = EntryId::first_give(&charter.ledger_id(), give, number);
        RecordId { entry, index: 0 }
    };
    elected(charter, notices).into_iter().map(|(window, logs)| (right(window), logs)).collect()
}

/// The rights that votes assign.
pub(super) fn assigned(charter: &Charter, notices: &[&SignedNotice]) -> Vec<FirstRight> {
    let mut out = Vec::new();
    for ((give, number), logs) in elected(charter, notices) {
        let one = (logs.len() == 1).then(|| logs.first().copied()).flatten();
        let (Some(holder), Some(found)) = (one, charter.gives().get(usize::try_from(give).unwrap_or(0)))
        else {
            continue;
        };
        let Some(window) = found.window(number) else { continue };
        let entry = EntryId::first_give(&charter.ledger_id(), give, number);
        let record = RecordId { entry, index: 0 };
        let citation = Citation { log: holder, seq: 0, record, until: charter.until() };
        let mut footprint = found.footprint.clone();
        footprint.window = window;
        out.push(FirstRight { citation, footprint, holder });
    }
    out
}

/// The successors that enough roots vote for `[VOTE-3]`.
pub(super) fn successors(charter: &Charter, notices: &[&SignedNotice]) -> BTreeSet<LedgerId> {
    let mut behind: BTreeMap<LedgerId, BTreeSet<RecordId>> = BTreeMap::new();
    for (root, _, vote) in votes(charter, notices) {
        if let Vote::Successor(ledger) = vote {
            behind.entry(ledger).or_default().insert(root);
        }
    }
    let loud: Vec<RecordId> = loud(charter, notices).iter().map(|it| it.root).collect();
    behind.values_mut().for_each(|roots| roots.extend(&loud));
    behind.retain(|_, roots| roots.len() as u64 >= charter.threshold());
    behind.into_keys().collect()
}

fn votes(charter: &Charter, notices: &[&SignedNotice]) -> Vec<(RecordId, Tai, Vote)> {
    let mut out = Vec::new();
    for signed in notices {
        let notice = signed.notice();
        let of_root = (0u8..).zip(charter.roots());
        let mut of_root = of_root.map(|(number, _)| RecordId::root(&charter.ledger_id(), number));
        if notice.kind == Vote::KIND
            && notice.version == 1
            && of_root.any(|root| root == notice.enrolment)
            && let Ok(read) = Vote::read(&notice.body)
        {
            out.push((notice.enrolment, notice.until, read.body));
        }
    }
    out
}

impl Scene<'_> {
    /// The roots that count as standing behind what must last until `until`, because they have said too much.
    pub(super) fn loud_until(&self, until: Tai) -> Vec<RecordId> {
        let loud = loud(&self.facts.charter, &self.notices);
        loud.into_iter().filter(|it| it.until >= until).map(|it| it.root).collect()
    }

    /// The roots that have said too much.
    pub(super) fn loud(&self) -> Vec<Loud> {
        loud(&self.facts.charter, &self.notices)
    }
}
