//! Who may speak: revocations, trips, closings, endorsements and rotations, each by a call of its own `[WRITE-8]`.
//!
//! - What a statement must last, and whom it reaches, is read off the own view, not asked of the host.
//! - What would reach nobody, or say again what was said, is refused with what to do instead.
//! - What counts only once several roots state it tells how many are lacking.

use crate::author::Goal;
use crate::error::{AuthorityError, LedgerError, WriteError};
use crate::leases::{Manner, Written};
use crate::ledger::Ledger;
use crate::store::Store;
use crate::view::Viewpoint;
use intent_contracts::kinds::notice::{Endorsement, Revocation, Trip, encode};
use intent_contracts::kinds::{Body as _, Closing, Cut, Roles, Rotation};
use intent_contracts::{AuthorKey, Clock, LogId, NoticeId, Reason, RecordId, Refusal, Scope, Tai};
use intent_merge_rules::{RightView, TripView};
use std::collections::BTreeSet;

/// What of a key's logs keeps its permission when the key is revoked or rotated away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keep {
    /// Nothing that it ever wrote.
    Nothing,
    /// All that this replica holds of its logs now.
    Known,
    /// Of each log all up to an entry; of a log that is not named nothing.
    UpTo(Vec<Cut>),
}

/// A denial that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// The notice.
    pub notice: NoticeId,
    /// The enrolments that it reaches.
    pub reaches: Vec<RecordId>,
    /// How many more roots must state the same before it acts; zero when it acts `[DENY-5]`, `[BREAK-3]`.
    pub lacking: usize,
}

/// An endorsement that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endorsed {
    /// The notice.
    pub notice: NoticeId,
    /// How many more roots must endorse the record before it counts `[GRANT-3]`.
    pub lacking: usize,
}

/// A rotation that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    /// The rotation, in the first entry of a new log.
    pub written: Written,
    /// The enrolment whose key it is from now on.
    pub enrolment: RecordId,
    /// Where the old key's logs are cut.
    pub cuts: Vec<Cut>,
}

impl<S: Store> Ledger<S> {
    /// Revokes a key: it loses its permission beyond what is kept, wherever an own enrolment reaches it, until the
    /// last enrolment of the key that is reached ends `[DENY-1]`.
    ///
    /// A revocation cannot be taken back; the cure is a fresh enrolment that answers it `[DENY-3]`. What the key took
    /// counts as taken until it is released or over `[LAW-5]`.
    ///
    /// # Errors
    /// [`AuthorityError`]: nothing of the key is in reach, a root's key, a denier that ends sooner than the enrolment,
    /// a cut that names no entry of the key, or what was revoked as much already.
    pub fn revoke(&mut self, key: AuthorKey, keep: &Keep, now: Clock) -> Result<Denial, AuthorityError> {
        let view = self.view(Viewpoint::Own)?;
        let named: Vec<(RecordId, Tai)> =
            self.state.enrolments.of_key(&key).map(|(record, found)| (*record, found.until)).collect();
        if named.is_empty() {
            return Err(AuthorityError::UnknownKey { key });
        }
        if named.iter().all(|(record, _)| view.is_root(record)) {
            return Err(AuthorityError::RootKey { key });
        }
        let reached = |author: &RecordId| {
            let reached = named.iter().filter(|(target, _)| view.may_deny(author, target));
            reached.copied().collect::<Vec<(RecordId, Tai)>>()
        };
        let own = self.own_deniers();
        let best = own.iter().max_by_key(|(author, limit, _)| (reached(author).len(), *limit));
        let Some((author, limit, scope)) = best.filter(|(author, ..)| !reached(author).is_empty()) else {
            return Err(AuthorityError::NotReached { what: format!("an enrolment of key {key}") });
        };
        let targets = reached(author);
        let longest = targets.iter().max_by_key(|(_, until)| *until);
        let (enrolment, until) = longest.copied().unwrap_or((*author, *limit));
        if until > *limit {
            return Err(AuthorityError::EndsSooner { enrolment, until, limit: *limit });
        }
        let cuts = self.cuts(&key, keep)?;
        if let Some(by) = view.revoked_alike(author, key, until, &cuts) {
            return Err(AuthorityError::RevokedAlready { by });
        }
        let body = encode(&Revocation { key, cuts })?;
        let notice = self.notice_under(*author, scope, until, Revocation::KIND, body, now)?;
        let view = self.view(Viewpoint::Own)?;
        let lacking = match view.is_root(author) {
            true => {
                let stated = targets.iter().map(|(target, _)| view.roots_revoking(key, target)).min();
                self.threshold().saturating_sub(stated.unwrap_or(0))
            }
            false => 0,
        };
        let reaches = targets.into_iter().map(|(target, _)| target).collect();
        Ok(Denial { notice, reaches, lacking })
    }

    /// Trips the breaker between two scopes until a moment: what rests on both may start nothing `[BREAK-2]`. The first
    /// one is the tripped one, in which somebody lies below the author's anchor.
    ///
    /// # Errors
    /// [`AuthorityError`]: a trip that parts nothing, a scope in which nobody is in reach, or a trip that is on already.
    pub fn trip(
        &mut self,
        tripped: &Scope,
        other: &Scope,
        until: Tai,
        now: Clock,
    ) -> Result<Denial, AuthorityError> {
        if tripped.contains(other) {
            let (tripped, other) = (tripped.clone(), other.clone());
            return Err(AuthorityError::PartsNothing { tripped, other });
        }
        let view = self.view(Viewpoint::Own)?;
        let within: Vec<RecordId> = view
            .enrolments()
            .filter(|record| {
                self.state.enrolments.get(record).is_some_and(|found| tripped.contains(&found.scope))
            })
            .collect();
        let reached = |author: &RecordId| {
            within.iter().filter(|target| view.may_deny(author, target)).copied().collect::<Vec<RecordId>>()
        };
        let mut own = self.own_deniers();
        // A notice's scope lies within its author's [ADM-12].
        own.retain(|(author, _, scope)| scope.contains(tripped) && !reached(author).is_empty());
        let lasting = own.iter().filter(|(_, limit, _)| *limit >= until);
        let best = lasting.max_by_key(|(author, limit, _)| (reached(author).len(), *limit));
        let Some((author, ..)) = best.or_else(|| own.iter().max_by_key(|(_, limit, _)| *limit)) else {
            return Err(AuthorityError::NotReached { what: format!("anybody in scope `{tripped}`") });
        };
        let same = |trip: &TripView| trip.stands && trip.other == *other && trip.until >= until;
        let again = view.trips_of(tripped).find(|(_, trip)| trip.enrolment == *author && same(trip));
        if let Some((by, trip)) = again {
            return Err(AuthorityError::TrippedAlready { by, until: trip.until });
        }
        let limit = self.state.enrolments.get(author).map(|found| found.until).unwrap_or_default();
        if until > limit {
            return Err(crate::AppendError::BeyondEnrolment { until, limit }.into());
        }
        let body = encode(&Trip { other: other.clone() })?;
        let notice = self.notice_under(*author, tripped, until, Trip::KIND, body, now)?;
        let view = self.view(Viewpoint::Own)?;
        let lacking = if view.is_root(author) {
            let stated = view.trips_of(tripped).filter(|(_, trip)| trip.stands && trip.other == *other);
            let roots: BTreeSet<RecordId> =
                stated.map(|(_, trip)| trip.enrolment).filter(|author| view.is_root(author)).collect();
            self.threshold().saturating_sub(roots.len())
        } else {
            0
        };
        Ok(Denial { notice, reaches: reached(author), lacking })
    }

    /// Ends trips of an own enrolment, or of one below it, with the deny role `[BREAK-1]`.
    ///
    /// A closing in a root's log counts once enough roots endorse it; what is lacking is told by its finding.
    ///
    /// # Errors
    /// [`AuthorityError`]: a notice that is no trip here, one that stands no more, or one that is not this author's to
    /// close.
    pub fn close(&mut self, trips: &[NoticeId], now: Clock) -> Result<Written, AuthorityError> {
        let view = self.view(Viewpoint::Own)?;
        let mut own = self.own_deniers();
        let mut until = Tai(0);
        for id in trips {
            let trip = view.trip(id).ok_or(AuthorityError::NoSuchTrip { trip: *id })?;
            if !trip.stands || trip.until < now.lo() {
                return Err(AuthorityError::ClosedAlready { trip: *id });
            }
            own.retain(|(author, ..)| view.is_over_or_same(author, &trip.enrolment));
            if own.is_empty() {
                return Err(AuthorityError::NotYours { trip: *id, author: trip.enrolment });
            }
            until = until.max(trip.until);
        }
        let nearest = own.iter().max_by_key(|(_, limit, scope)| (*limit >= until, scope.labels().len()));
        let (author, ..) = nearest.ok_or(WriteError::from(Refusal::from(Reason::Shape)))?;
        let record = Closing::of(trips.to_vec()).record(until, Vec::new())?;
        Ok(self.write(Goal::Safety(*author), vec![record], now, Manner::Civil, &mut |_| Ok(()))?)
    }

    /// Stands, as a root, behind a record of another root: an enrolment, claim, give or closing `[GRANT-3]`.
    ///
    /// # Errors
    /// [`AuthorityError`]: this key is no root's, or the record is not here, void, needs no endorsement or has this
    /// root's already.
    pub fn endorse(&mut self, record: &RecordId, now: Clock) -> Result<Endorsed, AuthorityError> {
        let view = self.view(Viewpoint::Own)?;
        let own = self.own_deniers();
        let root = own.iter().find(|(author, ..)| view.is_root(author)).ok_or(AuthorityError::NotARoot)?;
        let cited = view.cite(record).ok_or(WriteError::NoSuchRecord { record: *record })?;
        let lacking =
            view.endorsements_lacking(record).ok_or(AuthorityError::NeedsNone { record: *record })?;
        if let Some(finding) = view.explain(record).into_iter().find(|found| found.standing.is_denial()) {
            return Err(WriteError::Foreseen { finding: Box::new(finding) }.into());
        }
        if view.root_stands_behind(&root.0, record) {
            return Err(AuthorityError::BehindAlready { record: *record, lacking });
        }
        let body = encode(&Endorsement { record: cited })?;
        let notice = self.notice_under(root.0, &Scope::root(), cited.until, Endorsement::KIND, body, now)?;
        let lacking = self.view(Viewpoint::Own)?.endorsements_lacking(record).unwrap_or(0);
        Ok(Endorsed { notice, lacking })
    }

    /// Takes over an enrolment by its next key, which is this signer's, and cuts what the old key writes beyond what
    /// is kept `[ROT-1]`.
    ///
    /// What the old key's logs hold only the old key could release or return, so the call is refused while they hold
    /// claims or rights, unless forced `[ROT-2]`.
    ///
    /// # Errors
    /// [`AuthorityError`]: no enrolment commits to this key, it rotated already, something is still held, or a cut
    /// names no entry of the old key.
    pub fn rotate(&mut self, keep: &Keep, manner: Manner, now: Clock) -> Result<Rotated, AuthorityError> {
        let view = self.view(Viewpoint::Own)?;
        let own = self.state.enrolments.of_key(&self.author).filter(|(_, found)| found.key != self.author);
        let next = own.max_by_key(|(record, found)| (found.until, **record));
        let next = next.map(|(record, found)| (*record, found.key, found.until));
        let (enrolment, old, until) = next.ok_or(AuthorityError::NoNextKey)?;
        let mine = self.state.logs.iter().find(|(_, log)| {
            log.key.enrolment == enrolment && log.key.author == self.author && log.key.end == until
        });
        if let Some((log, _)) = mine.filter(|(log, _)| self.begins_with_rotation(log)) {
            return Err(AuthorityError::RotatedAlready { log: *log });
        }
        let logs: Vec<LogId> = self
            .state
            .logs
            .iter()
            .filter(|(_, log)| log.key.enrolment == enrolment && log.key.author == old)
            .map(|(id, _)| *id)
            .collect();
        if manner == Manner::Civil {
            let guard = self.charter().parameters().guard;
            let held = |right: &RightView| {
                now.lo() <= right.footprint.window.end().plus(guard)
                    && view.returned_by(&right.record).is_none()
            };
            let claims: Vec<RecordId> = logs.iter().flat_map(|log| view.unfinished(log, now)).collect();
            let rights = logs.iter().flat_map(|log| view.rights_of(log)).filter(held);
            let mut rights: Vec<RecordId> = rights.map(|right| right.record).collect();
            rights.dedup();
            if !claims.is_empty() || !rights.is_empty() {
                return Err(AuthorityError::StillHeld { claims, rights });
            }
        }
        let cuts = self.cuts(&old, keep)?;
        let record = Rotation { cuts: cuts.clone() }.record(until, Vec::new())?;
        let written = self.write(Goal::NewSafety(enrolment), vec![record], now, manner, &mut |_| Ok(()))?;
        // What the old key writes from now on is nobody's loss of continuity.
        self.let_go_of(&old)?;
        Ok(Rotated { written, enrolment, cuts })
    }

    /// The own enrolments with the deny role that are held, with their untils and scopes.
    fn own_deniers(&self) -> Vec<(RecordId, Tai, Scope)> {
        let own = self.state.enrolments.of_key(&self.author);
        let able = own.filter(|(_, found)| found.roles.has(Roles::DENY) && self.state.holds(&found.scope));
        able.map(|(record, found)| (*record, found.until, found.scope.clone())).collect()
    }

    fn threshold(&self) -> usize {
        usize::try_from(self.charter().threshold()).unwrap_or(usize::MAX)
    }

    /// The cuts that keep this of a key's logs.
    fn cuts(&self, key: &AuthorKey, keep: &Keep) -> Result<Vec<Cut>, AuthorityError> {
        let named = match keep {
            Keep::Nothing => return Ok(Vec::new()),
            Keep::Known => {
                let logs = self.state.logs.iter().filter(|(_, log)| log.key.author == *key && log.head > 0);
                return Ok(logs.map(|(id, log)| Cut { log: *id, seq: log.head, id: log.head_id }).collect());
            }
            Keep::UpTo(cuts) => cuts,
        };
        let reader = self.reader()?;
        for cut in named {
            let log = self.state.logs.get(&cut.log).filter(|log| log.key.author == *key);
            let head = log.map_or(0, |log| log.head);
            let entry = match cut.seq {
                0 => None,
                seq if seq > head => None,
                seq => reader.entries(cut.log, seq)?.next().transpose()?,
            };
            if entry.is_none_or(|entry| entry.id() != cut.id) {
                return Err(AuthorityError::NoSuchCut { log: cut.log, seq: cut.seq, head });
            }
        }
        Ok(named.clone())
    }

    fn begins_with_rotation(&self, log: &LogId) -> bool {
        let first = || -> Result<bool, LedgerError> {
            let entry = self.reader()?.entries(*log, 1)?.next().transpose()?;
            let kind = entry.and_then(|entry| entry.records().first().map(|record| record.kind));
            Ok(kind == Some(Rotation::KIND))
        };
        first().unwrap_or(false)
    }
}
