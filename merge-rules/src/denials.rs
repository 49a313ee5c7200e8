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
use intent_contracts::{EntryId, LogId, NoticeId, RecordId, Tai};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

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
    /// Whether what stands at `place` may count: its log's enrolments are granted and have the co-signers that they
    /// need, and none of the logs up to the charter is cut below it `[DENY-4]`, `[COSIGN-2]`.
    pub(crate) fn authority(&self, record: RecordId, place: Place) -> Finding {
        let finding = self.warranted(record, place);
        match self.rules.logs.get(&place.log) {
            Some(log) => {
                let cosigned = self.cosigned(log.key.enrolment);
                if cosigned.standing > Standing::Firm { finding.or_stronger(cosigned) } else { finding }
            }
            None => finding,
        }
    }

    /// The same, without asking for co-signers.
    pub(crate) fn warranted(&self, record: RecordId, place: Place) -> Finding {
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
        self.memo.cut(no, || self.find_cut(no, log))
    }

    fn find_cut(&self, no: LogNo, log: &Log) -> LogCut {
        let enrolment = self.rules.enrolments.get(&log.key.enrolment)?;
        let mut least: LogCut = None;
        let mut by_root: BTreeMap<u8, (u64, Denier)> = BTreeMap::new();
        for author in self.who_revokes(log) {
            let root = self.enrolled(&author).and_then(|found| found.root);
            for (id, revoked) in self.revoked_by(log, author) {
                if !reaches(id, revoked, enrolment) {
                    continue;
                }
                let found = (self.cut_of(no, log.id, &revoked.cuts), Denier::Revocation(*id));
                match root {
                    Some(root) => {
                        let kept = by_root.entry(root).or_insert(found);
                        *kept = found.min(*kept);
                    }
                    None => least = lesser(least, found),
                }
            }
        }
        if let Some(found) = self.cut_by_roots(by_root, enrolment.until) {
            least = lesser(least, found);
        }
        match self.rotated(no, log, enrolment) {
            Some(found) => lesser(least, found),
            None => least,
        }
    }

    /// The k-th least of what the roots state counts `[DENY-5]`. A root that has said too much states a cut at 0
    /// beside what another one states `[SUSP-4]`.
    fn cut_by_roots(&self, mut by_root: BTreeMap<u8, (u64, Denier)>, until: Tai) -> LogCut {
        let least = by_root.values().min().copied()?;
        for (root, noisy) in self.noisy_roots() {
            if noisy.until >= until {
                by_root.insert(root, (0, least.1));
            }
        }
        let mut stated: Vec<(u64, Denier)> = by_root.into_values().collect();
        stated.sort_unstable();
        stated.get(self.rules.founded.threshold.checked_sub(1)?).copied()
    }

    /// Who revokes the key of a log and has authority over its enrolment.
    ///
    /// Cost: linear in the enrolments whose notices name the key, not in those notices: whoever has no
    /// authority over it may write as many as it likes.
    fn who_revokes(&self, log: &Log) -> Vec<RecordId> {
        let key = log.key.author;
        let mut out = Vec::new();
        let mut from = Bound::Included((key, ENROLMENT_FIRST, NOTICE_FIRST));
        while let Some(((found, author, _), _)) = self
            .rules
            .revocations
            .range((from, Bound::Unbounded))
            .next()
            .filter(|((found, ..), _)| *found == key)
        {
            if self.may_revoke(*author, log) {
                out.push(*author);
            }
            from = Bound::Excluded((*found, *author, NOTICE_LAST));
        }
        out
    }

    /// The revocations of a log's key by one author.
    fn revoked_by(&self, log: &Log, author: RecordId) -> impl Iterator<Item = (&NoticeId, &Revoked)> {
        let key = log.key.author;
        let range = (key, author, NOTICE_FIRST)..=(key, author, NOTICE_LAST);
        self.rules.revocations.range(range).map(|((.., id), revoked)| (id, &**revoked))
    }

    /// Whether an author's revocations reach what is written under a log's enrolment `[DENY-1]`.
    fn may_revoke(&self, author: RecordId, log: &Log) -> bool {
        self.below_anchor(author, log.key.enrolment)
            && self.enrolled(&author).is_some_and(|found| self.holds(&found.scope))
            && self.granted(author).standing == Standing::Firm
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

    /// The log of the next key by which the key of a log was rotated, if it was `[ROT-2]`.
    pub(crate) fn rotated_by(&self, no: LogNo) -> Option<LogId> {
        let log = self.rules.logs.get(&no)?;
        let enrolment = self.rules.enrolments.get(&log.key.enrolment)?;
        match self.rotated(no, log, enrolment)? {
            (_, Denier::Rotation(next)) => Some(next),
            (_, Denier::Revocation(_)) => None,
        }
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
        if !revokes.is_some_and(|noticed| matches!(noticed.about, crate::facts::About::Key(..))) {
            return StatedCut::Open;
        }
        let Some(log) = self.rules.logs.get(&place.log) else { return StatedCut::Open };
        let Some(enrolment) = self.rules.enrolments.get(&log.key.enrolment) else { return StatedCut::Open };
        let states = |revoked: &Revoked| {
            let stated = revoked.cuts.iter().filter(|cut| cut.log == log.id).map(|cut| cut.seq).min();
            place.slot > stated.unwrap_or(0)
        };
        let Some(author) = self.rules.notices.get(id).map(|noticed| noticed.enrolment) else {
            return StatedCut::Open;
        };
        let cited = self.rules.revocations.get(&(log.key.author, author, *id));
        let Some(cited) = cited.filter(|cited| states(cited)) else { return StatedCut::Open };
        let is_root = |author: &RecordId| self.enrolled(author).is_some_and(|found| found.root.is_some());
        let counts = if is_root(&author) {
            let mut roots = self.who_revokes(log);
            roots.retain(|root| {
                let mut stated = self.revoked_by(log, *root);
                is_root(root)
                    && stated.any(|(other, revoked)| states(revoked) && reaches(other, revoked, enrolment))
            });
            let mut behind: BTreeSet<RecordId> = roots.iter().copied().collect();
            let loud = self.noisy_roots().filter(|(_, noisy)| noisy.until >= enrolment.until);
            behind.extend(loud.map(|(root, _)| RecordId::root(&self.rules.founded.ledger, root)));
            roots.contains(&author) && behind.len() >= self.rules.founded.threshold
        } else {
            reaches(id, cited, enrolment) && self.may_revoke(author, log)
        };
        // One that is absent may be forgotten, and one that does not reach yet may come to reach.
        if counts { StatedCut::Cuts } else { StatedCut::Open }
    }
}

const NOTICE_FIRST: NoticeId = NoticeId::from_bytes([0; 32]);
const NOTICE_LAST: NoticeId = NoticeId::from_bytes([255; 32]);
const ENROLMENT_FIRST: RecordId = RecordId { entry: EntryId::from_bytes([0; 32]), index: 0 };

/// Whether a revocation by whoever may write it lasts long enough and is not answered `[DENY-1]`.
fn reaches(id: &NoticeId, revoked: &Revoked, enrolment: &Enrolled) -> bool {
    (revoked.until >= enrolment.until || planted::on("let a short revocation reach"))
        && !enrolment.answers.contains(id)
}

fn lesser(least: LogCut, found: (u64, Denier)) -> LogCut {
    Some(least.map_or(found, |least| least.min(found)))
}
