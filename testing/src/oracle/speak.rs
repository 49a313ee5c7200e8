//! Who may speak: grants, endorsements, denials.

use super::OracleLog;
use super::restrict::is_unread;
use super::scene::{Enrolled, Scene, Spoken};
use intent_contracts::kinds::notice::{Endorsement, Revocation};
use intent_contracts::kinds::{Body as _, Cut, Meaning, Roles};
use intent_contracts::{LogId, RecordId, SignedNotice};
use intent_merge_rules::Standing;
use std::collections::{BTreeMap, BTreeSet};

/// Steps from the charter `[GRANT-1]`.
const DEPTH_MAX: usize = 16;

/// What an enrolment may deny `[GRANT-4]`.
enum Anchor {
    Charter,
    Enrolment(RecordId),
    Nothing,
}

impl Scene<'_> {
    /// Whether the enrolment is the charter's.
    pub(super) fn is_root(&self, id: &RecordId) -> bool {
        self.enrolments.get(id).is_some_and(|enrolled| enrolled.parent.is_none())
    }

    /// The enrolment and those above it, up to a root.
    pub(super) fn line(&self, id: &RecordId) -> Vec<RecordId> {
        let mut line = vec![*id];
        let mut at = *id;
        while let Some(parent) = self.enrolments.get(&at).and_then(|enrolled| enrolled.parent) {
            line.push(parent);
            at = parent;
        }
        line
    }

    fn strictly_below(&self, id: &RecordId, upper: &RecordId) -> bool {
        id != upper && self.line(id).contains(upper)
    }

    /// `[GRANT-1]`
    pub(super) fn granted(&self, id: &RecordId) -> bool {
        let Some(enrolled) = self.enrolments.get(id) else { return false };
        let (Some(parent), Some(record)) = (enrolled.parent, self.record(id)) else { return true };
        matches!(record.meaning, Meaning::Enrol(_))
            && self.enrolments[&parent].roles.covers(enrolled.roles)
            && may_need_co_signers(enrolled)
            && enrolled.depth <= DEPTH_MAX
            && self.granted(&parent)
            && self.endorsed(record)
    }

    /// Whether as many roots as the charter asks stand behind a record `[GRANT-3]`. Only what stands in a
    /// root's log needs them.
    pub(super) fn endorsed(&self, spoken: &Spoken<'_>) -> bool {
        if !self.is_root(&spoken.key.enrolment) {
            return true;
        }
        let mut behind = BTreeSet::from([spoken.key.enrolment]);
        for notice in &self.notices {
            let frame = notice.notice();
            if frame.kind != Endorsement::KIND || frame.version > 1 || !self.is_root(&frame.enrolment) {
                continue;
            }
            let Ok(read) = Endorsement::read(&frame.body) else { continue };
            let cited = read.body.record;
            let names_it = cited.record == spoken.id
                && (cited.log, cited.seq, cited.until) == (spoken.log, spoken.seq, spoken.record.until);
            if names_it && frame.until >= spoken.record.until {
                behind.insert(frame.enrolment);
            }
        }
        // [SUSP-4]
        behind.extend(self.loud_until(spoken.record.until));
        behind.len() as u64 >= self.facts.charter.threshold()
    }

    /// What the rules say of a present enrolment.
    pub(super) fn enrolment_standing(&self, id: &RecordId) -> Standing {
        let signed = self.line(id).iter().all(|above| self.has_its_co_signers(above));
        let lacking = if signed { Standing::Firm } else { Standing::Unknown };
        self.standing_without_co_signers(id).max(lacking)
    }

    /// The same, as if every enrolment had the co-signers that it needs.
    pub(super) fn standing_without_co_signers(&self, id: &RecordId) -> Standing {
        let enrolled = &self.enrolments[id];
        let (Some(parent), Some(record)) = (enrolled.parent, self.record(id)) else { return Standing::Firm };
        let mut standing = self.standing_without_co_signers(&parent).max(match record.meaning {
            Meaning::Enrol(_) => Standing::Firm,
            Meaning::Void(_) => Standing::Void,
            _ => Standing::Unknown,
        });
        let sound = self.enrolments[&parent].roles.covers(enrolled.roles) && may_need_co_signers(enrolled);
        if !sound || enrolled.depth > DEPTH_MAX {
            standing = standing.max(Standing::Void);
        }
        if !self.endorsed(record) {
            standing = standing.max(Standing::Unknown);
        }
        if self.is_cut(record) {
            standing = standing.max(Standing::Revoked);
        }
        standing
    }

    fn anchor(&self, id: &RecordId, enrolled: &Enrolled) -> Anchor {
        let Some(parent) = enrolled.parent else { return Anchor::Charter };
        match enrolled.anchor {
            None => Anchor::Enrolment(*id),
            Some(named) => match self.enrolments.get(&named) {
                Some(found) if !enrolled.scope.contains(&found.scope) => Anchor::Nothing,
                Some(_) if self.strictly_below(&named, &parent) => Anchor::Enrolment(named),
                _ => Anchor::Nothing,
            },
        }
    }

    /// Whether `id` lies strictly below the anchor of the enrolment `author` `[GRANT-4]`.
    pub(super) fn below_anchor_of(&self, author: &RecordId, id: &RecordId) -> bool {
        match self.anchor(author, &self.enrolments[author]) {
            Anchor::Charter => !self.is_root(id),
            Anchor::Enrolment(anchor) => self.strictly_below(id, &anchor),
            Anchor::Nothing => false,
        }
    }

    /// Whether a revocation reaches an enrolment `[DENY-1]`.
    pub(super) fn reaches(&self, notice: &SignedNotice, revocation: &Revocation, id: &RecordId) -> bool {
        let (frame, enrolled) = (notice.notice(), &self.enrolments[id]);
        enrolled.admits(&revocation.key)
            && self.granted(&frame.enrolment)
            && self.enrolments[&frame.enrolment].roles.has(Roles::DENY)
            && self.below_anchor_of(&frame.enrolment, id)
            && frame.until >= enrolled.until
            && !enrolled.answers.contains(&notice.id())
    }

    /// The revocations in view.
    pub(super) fn revocations(&self) -> Vec<(&SignedNotice, Revocation)> {
        let mut out = Vec::new();
        for notice in &self.notices {
            if notice.notice().kind == Revocation::KIND
                && !is_unread(notice)
                && let Ok(read) = Revocation::read(&notice.notice().body)
            {
                out.push((*notice, read.body));
            }
        }
        out
    }

    /// Whether a record lies above the least cut of its log `[DENY-3]`.
    pub(super) fn is_cut(&self, spoken: &Spoken<'_>) -> bool {
        let log = self.logs.iter().find(|(id, _)| *id == spoken.log);
        log.is_some_and(|(id, log)| self.cut(*id, log).is_some_and(|cut| spoken.seq > cut))
    }

    /// The least cut of a log; none when nothing cuts it.
    fn cut(&self, id: LogId, log: &OracleLog) -> Option<u64> {
        let mut cuts = self.rotation_cuts(id, log);
        let mut by_root: BTreeMap<RecordId, u64> = BTreeMap::new();
        for (notice, revocation) in self.revocations() {
            if revocation.key != log.key.author || !self.reaches(notice, &revocation, &log.key.enrolment) {
                continue;
            }
            let cut = effective_cut(id, log, &revocation.cuts);
            let author = notice.notice().enrolment;
            if self.is_root(&author) {
                let least = by_root.get(&author).copied().unwrap_or(u64::MAX).min(cut);
                by_root.insert(author, least);
            } else {
                cuts.push(cut);
            }
        }
        // [SUSP-4]
        if !by_root.is_empty() {
            let until = self.enrolments[&log.key.enrolment].until;
            by_root.extend(self.loud_until(until).into_iter().map(|root| (root, 0)));
        }
        // [DENY-5]
        let mut of_roots: Vec<u64> = by_root.into_values().collect();
        of_roots.sort_unstable();
        let threshold = usize::try_from(self.facts.charter.threshold()).unwrap_or(usize::MAX);
        cuts.extend(of_roots.get(threshold - 1));
        cuts.into_iter().min()
    }

    /// What rotations cut of a log `[ROT-1]`.
    fn rotation_cuts(&self, id: LogId, log: &OracleLog) -> Vec<u64> {
        let enrolled = self.warrant(&log.key);
        let mut cuts = Vec::new();
        if log.key.author != enrolled.key {
            return cuts;
        }
        for (_, other) in &self.logs {
            let by_next = other.key.enrolment == log.key.enrolment
                && enrolled.next_key == Some(other.key.author.commitment());
            if !by_next {
                continue;
            }
            if other.forked && other.terminal == Some(1) && other.key.end == enrolled.until {
                cuts.push(0);
            }
        }
        for spoken in &self.records {
            if let Meaning::Rotation(rotation) = &spoken.meaning
                && spoken.key.enrolment == log.key.enrolment
                && self.rotates(spoken)
            {
                cuts.push(effective_cut(id, log, &rotation.cuts));
            }
        }
        cuts
    }

    /// Whether the next key has taken over from the key of a log `[ROT-2]`.
    pub(super) fn is_rotated(&self, id: LogId) -> bool {
        let log = self.logs.iter().find(|(known, _)| *known == id);
        log.is_some_and(|(_, log)| !self.rotation_cuts(id, log).is_empty())
    }

    /// Whether a rotation stands where it counts `[ROT-1]`.
    fn rotates(&self, spoken: &Spoken<'_>) -> bool {
        let enrolled = self.warrant(&spoken.key);
        let by_next = enrolled.next_key == Some(spoken.key.author.commitment());
        by_next && spoken.place() == (1, 0) && spoken.record.until == enrolled.until
    }
}

/// Whether an enrolment needs no co-signers, or may need those `[COSIGN-3]`.
fn may_need_co_signers(enrolled: &Enrolled) -> bool {
    enrolled.needs.as_ref().is_none_or(|needs| {
        let denies = enrolled.roles.has(Roles::DENY) || enrolled.roles.has(Roles::VERIFY);
        !denies && needs.of.iter().all(|named| named.until >= enrolled.until)
    })
}

/// The slot above which a list of cuts, as it states them, ends a log.
pub(super) fn stated_cut(id: LogId, cuts: &[Cut]) -> u64 {
    cuts.iter().filter(|cut| cut.log == id).map(|cut| cut.seq).min().unwrap_or(0)
}

/// The slot above which a list of cuts ends a log `[DENY-2]`.
fn effective_cut(id: LogId, log: &OracleLog, cuts: &[Cut]) -> u64 {
    let mut least = None;
    for cut in cuts.iter().filter(|cut| cut.log == id) {
        let there = log.entries.iter().find(|entry| entry.header().seq == cut.seq);
        let another = there.is_some_and(|entry| entry.id() != cut.id);
        let ended = log.terminal.is_some_and(|slot| slot <= cut.seq);
        let slot = if another || ended { 0 } else { cut.seq };
        least = Some(least.unwrap_or(u64::MAX).min(slot));
    }
    least.unwrap_or(0)
}
