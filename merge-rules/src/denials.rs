//! What ends permission: revocations and rotations `[DENY-1]`.
//!
//! - Denials are read from the tree of grants, never from one another: all of them count.
//! - A log's cut is the least of all; more denials only lower it.

use crate::explain::{Because, Denier, Finding, Missing};
use crate::facts::{Enrolled, Known, Log, LogNo, Place, Revoked, What};
use crate::flaws::ENROLMENT_DEPTH_MAX;
use crate::standing::Standing;
use crate::view::View;
use intent_contracts::kinds::Cut;
use intent_contracts::planted;
use intent_contracts::{LogId, NoticeId, RecordId, Tai};
use std::collections::BTreeMap;

/// What a cited revocation says of a place.
pub(crate) enum StatedCut {
    /// It is not here, or does not cut there, or not yet.
    Open,
    /// It cuts there.
    Cuts,
}

/// The place of the slots from which a log has no permission.
pub(crate) type LogCut = Option<(u64, Denier)>;

impl View {
    /// Whether what stands at `place` may count: its log's enrolments are granted, and none of the logs up
    /// to the charter is cut below it `[DENY-4]`.
    pub(crate) fn authority(&self, record: RecordId, place: Place) -> Finding {
        let Some(log) = self.rules.logs.get(&place.log) else {
            return Finding::of(record, Because::Missing(Missing::Record(record)));
        };
        if !self.holds(&log.scope) {
            return Finding::of(record, Because::Missing(Missing::NotHeld(log.scope.clone())));
        }
        let mut finding = self.granted(log.key.enrolment);
        let mut at = Some(place);
        // Who stands deeper than the bound is void already.
        for _ in 0..=ENROLMENT_DEPTH_MAX {
            let Some(place) = at else { break };
            let Some(log) = self.rules.logs.get(&place.log) else { break };
            if let Some((slot, by)) = self.cut(place.log, log)
                && place.slot > slot + u64::from(planted::on("cut a slot too high"))
            {
                let cut = Because::Cut { log: log.id, at: slot, by };
                finding = finding.or_stronger(Finding::of(record, cut));
            }
            at = self.rules.enrolments.get(&log.key.enrolment).and_then(|found| found.place);
        }
        finding
    }

    /// Where a log is cut, if anywhere `[DENY-2]`, `[DENY-3]`.
    pub(crate) fn cut(&self, no: LogNo, log: &Log) -> LogCut {
        let enrolment = self.rules.enrolments.get(&log.key.enrolment)?;
        let mut least: LogCut = None;
        let mut by_root: BTreeMap<u8, (u64, Denier)> = BTreeMap::new();
        for ((key, id), revoked) in self.rules.revocations.range((log.key.author, NOTICE_FIRST)..) {
            if *key != log.key.author {
                break;
            }
            if !self.reaches(id, revoked, log, enrolment) {
                continue;
            }
            let found = (self.cut_of(no, log.id, &revoked.cuts), Denier::Revocation(*id));
            match self.enrolled(&revoked.enrolment).and_then(|author| author.root) {
                Some(root) => {
                    let kept = by_root.entry(root).or_insert(found);
                    *kept = found.min(*kept);
                }
                None => least = lesser(least, found),
            }
        }
        // The k-th least of what the roots state counts `[DENY-5]`.
        let mut stated: Vec<(u64, Denier)> = by_root.into_values().collect();
        stated.sort_unstable();
        if let Some(found) = self.rules.founded.threshold.checked_sub(1).and_then(|last| stated.get(last)) {
            least = lesser(least, *found);
        }
        match self.rotated(no, log, enrolment) {
            Some(found) => lesser(least, found),
            None => least,
        }
    }

    /// Whether a revocation of a log's key reaches the log's enrolment.
    fn reaches(&self, id: &NoticeId, revoked: &Revoked, log: &Log, enrolment: &Enrolled) -> bool {
        (revoked.until >= enrolment.until || planted::on("let a short revocation reach"))
            && !enrolment.answers.contains(id)
            && self.below_anchor(revoked.enrolment, log.key.enrolment)
            && self.enrolled(&revoked.enrolment).is_some_and(|author| self.holds(&author.scope))
            && self.granted(revoked.enrolment).standing == Standing::Firm
    }

    fn cut_of(&self, no: LogNo, log: LogId, cuts: &[Cut]) -> u64 {
        // A log that is named twice is cut at the lesser.
        let named = cuts.iter().filter(|cut| cut.log == log);
        let held = |cut: &Cut| {
            let ended = self.rules.ends.get(&no).is_some_and(|end| end.slot <= cut.seq);
            let other = self.rules.entries.get(&(no, cut.seq)).is_some_and(|entered| entered.id != cut.id);
            if ended || other { 0 } else { cut.seq }
        };
        named.map(held).min().unwrap_or(0)
    }

    /// Where the next key's logs cut a log of the old key `[ROT-1]`.
    fn rotated(&self, no: LogNo, log: &Log, enrolment: &Enrolled) -> LogCut {
        if enrolment.next_key.is_none() || log.key.author != enrolment.key {
            return None;
        }
        let from = (log.key.enrolment, Tai(0), LogId::from_bytes([0; 32]));
        let mut least = None;
        for ((under, end, id), ()) in self.rules.logs_under.range(from..) {
            if *under != log.key.enrolment {
                break;
            }
            let Some(next) = self.rules.numbers.get(id).copied() else { continue };
            let by_next = self.rules.logs.get(&next).is_some_and(|found| found.key.author != enrolment.key);
            if !by_next || *end != enrolment.until {
                continue;
            }
            let forked = self.rules.ends.get(&next).is_some_and(|end| end.forked && end.slot <= 1);
            let first = Place { log: next, slot: 1, index: 0 };
            let cut = match self.rules.known(first) {
                _ if forked => Some(0),
                Some((_, known)) if known.until == enrolment.until => match &known.what {
                    What::Rotation(rotation) => Some(self.cut_of(no, log.id, &rotation.cuts)),
                    _ => None,
                },
                _ => None,
            };
            if let Some(cut) = cut {
                least = lesser(least, (cut, Denier::Rotation(*id)));
            }
        }
        least
    }

    /// Whether a rotation stands where one counts `[ROT-1]`.
    pub(crate) fn rotates(&self, log: &Log, place: Place, known: &Known) -> bool {
        let Some(enrolment) = self.rules.enrolments.get(&log.key.enrolment) else { return false };
        let opens = place.slot == 1 && place.index == 0;
        let ends = log.key.end == enrolment.until && known.until == enrolment.until;
        opens && ends && enrolment.next_key.is_some() && log.key.author != enrolment.key
    }

    /// Whether this revocation, as it states it, cuts `place` `[OPEN-6]`.
    pub(crate) fn stated_cut(&self, id: &NoticeId, place: Place) -> StatedCut {
        let held = |noticed: &crate::facts::Noticed| {
            self.enrolled(&noticed.enrolment).is_some_and(|author| self.holds(&author.scope))
        };
        let revokes = self.rules.notices.get(id).filter(|noticed| held(noticed));
        if !revokes.is_some_and(|noticed| matches!(noticed.about, crate::facts::About::Key(_))) {
            return StatedCut::Open;
        }
        let Some(log) = self.rules.logs.get(&place.log) else { return StatedCut::Open };
        let Some(enrolment) = self.rules.enrolments.get(&log.key.enrolment) else { return StatedCut::Open };
        let states = |revoked: &Revoked| {
            let stated = revoked.cuts.iter().filter(|cut| cut.log == log.id).map(|cut| cut.seq).min();
            place.slot > stated.unwrap_or(0)
        };
        let Some(cited) = self.rules.revocations.get(&(log.key.author, *id)).filter(|cited| states(cited))
        else {
            return StatedCut::Open;
        };
        let root = |revoked: &Revoked| self.enrolled(&revoked.enrolment).and_then(|author| author.root);
        let counts = if root(cited).is_some() {
            let mut roots = std::collections::BTreeSet::new();
            for ((key, other), revoked) in self.rules.revocations.range((log.key.author, NOTICE_FIRST)..) {
                if *key != log.key.author {
                    break;
                }
                if states(revoked) && self.reaches(other, revoked, log, enrolment) {
                    roots.extend(root(revoked));
                }
            }
            root(cited).is_some_and(|author| roots.contains(&author))
                && roots.len() >= self.rules.founded.threshold
        } else {
            self.reaches(id, cited, log, enrolment)
        };
        // One that is absent may be forgotten, and one that does not reach yet may come to reach.
        if counts { StatedCut::Cuts } else { StatedCut::Open }
    }
}

const NOTICE_FIRST: NoticeId = NoticeId::from_bytes([0; 32]);

fn lesser(least: LogCut, found: (u64, Denier)) -> LogCut {
    Some(least.map_or(found, |least| least.min(found)))
}
