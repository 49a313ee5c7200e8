//! Writing: own entries and notices, and the logs they go to `[LOG-2]`, `[LOG-3]`.
//!
//! - What is written passes the same admission as what is received.
//! - A record goes to the own log that ends soonest and still late enough; a new one is opened when
//!   none fits, with a fresh random incarnation.
//! - A call that fails before its commit has changed nothing.

use crate::admit::Admission;
use crate::continuity::Tail;
use crate::error::{AppendError, LedgerError, WriteError};
use crate::ledger::Ledger;
use crate::report::{AbsorbReport, Appended};
use crate::state::{Enrolment, LogState};
use crate::store::Store;
use crate::store::rows::{Draft, meta_key};
use intent_contracts::bounds::{ENVELOPE_BYTES, HEADER_BYTES_MAX, NOTICE_BYTES_MAX};
use intent_contracts::kinds::Body as _;
use intent_contracts::kinds::notice::{
    Endorsement, Failure, RESTRICTS_FROM, Restriction, Revocation, Trip, Vote, match_of,
};
use intent_contracts::{
    AuthorKey, Authored, Clock, Digest, Effect, EntryId, Header, Item, Lane, LogId, LogKey, Millis, Notice,
    NoticeHeader, NoticeId, Reason, Record, RecordId, Refusal, Scope, Signature, SignedEntry, SignedNotice,
    Signer, SignerFault, Tai, VerifiedItem, planted, verify_all, verify_one,
};
use intent_merge_rules::{Standing, View};

/// Bytes of a notice's body that leave room for every frame.
const NOTICE_BODY_MAX: usize = NOTICE_BYTES_MAX - 512;
/// The least span of a new log: an author opens one every two weeks or so.
const SPAN_LEAST: Millis = Millis::days(14);

/// One entry that is to be written.
struct Wanted<'a> {
    lane: Lane,
    /// The latest until of the records.
    until: Tai,
    records: &'a [Record],
    /// The records in their encoding.
    bytes: &'a [u8],
    now: Clock,
}

impl<'a> Wanted<'a> {
    fn of(lane: Lane, records: &'a [Record], bytes: &'a [u8], now: Clock) -> Self {
        // Who encoded them has refused an empty list.
        let until = records.iter().map(|record| record.until).max().unwrap_or_default();
        Self { lane, until, records, bytes, now }
    }
}

/// To which own log an entry goes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Goal {
    /// Of productivity, the one that fits.
    Any,
    /// This one.
    Log(LogId),
    /// A safety log under this enrolment.
    Safety(RecordId),
    /// A new safety log under this enrolment, as its first entry.
    NewSafety(RecordId),
}

/// Stands in for the signer of what is only weighed.
struct NoSignature(AuthorKey);

impl Signer for NoSignature {
    fn author(&self) -> AuthorKey {
        self.0
    }

    fn sign(&self, _: &[u8]) -> Result<Signature, SignerFault> {
        Ok(Signature::from_bytes([0; 64]))
    }
}

/// What the next entry of a log builds on.
#[derive(Clone, Copy)]
struct Tip {
    key: LogKey,
    head: u64,
    head_id: EntryId,
    head_authored: Tai,
    charge: u64,
}

impl Tip {
    const fn of(log: &LogState) -> Self {
        let LogState { key, head, head_id, head_authored, charge, .. } = log;
        Self { key: *key, head: *head, head_id: *head_id, head_authored: *head_authored, charge: *charge }
    }

    /// The moment below which the next entry must not state its own; none for the first.
    fn floor(&self) -> Option<Tai> {
        (self.head > 0).then_some(self.head_authored)
    }

    /// The header of the next entry.
    fn header(&self, wanted: &Wanted<'_>, authored: Authored) -> Header {
        Header::new(self.key, self.head + 1, self.head_id, authored, Digest::of(wanted.bytes))
    }
}

impl<S: Store> Ledger<S> {
    /// Writes one entry with `records` in `lane` and returns once it is durable.
    ///
    /// The entry's time is `now`, or that of the log's last entry when the clock went back `[ADM-6]`.
    ///
    /// # Errors
    /// [`AppendError`]. Nothing was written, but with [`AppendError::Unrecorded`], when the entry is committed and
    /// withheld; and when the store failed in the commit: then the handle is poisoned, and reopening shows
    /// whether the entry stands.
    pub fn append(&mut self, lane: Lane, records: &[Record], now: Clock) -> Result<Appended, AppendError> {
        let bytes = Record::encode_all(records)?;
        let wanted = Wanted::of(lane, records, &bytes, now);
        let (log, tip) = self.tip_for(None, &wanted)?;
        self.assert_heard(log, &tip, &wanted)?;
        self.append_to(log, tip, &wanted)
    }

    /// Writes one entry to this very log: what is drawn on a right, frees it or ends a claim belongs to one
    /// log `[WRITE-3]`. The log may be one that the charter's first gives name `[INC-5]`.
    ///
    /// # Errors
    /// As [`append`](Self::append); [`AppendError::NotWriting`] when this ledger does not write the log with
    /// proof of continuity, [`AppendError::BeyondLog`] when it ends too soon.
    pub fn append_in(&mut self, log: LogId, records: &[Record], now: Clock) -> Result<Appended, AppendError> {
        let bytes = Record::encode_all(records)?;
        // The lane is the log's.
        let wanted = Wanted::of(Lane::Productivity, records, &bytes, now);
        let (log, tip) = self.tip_for(Some(log), &wanted)?;
        self.assert_heard(log, &tip, &wanted)?;
        self.append_to(log, tip, &wanted)
    }

    /// Refuses records that have no permission because their author is revoked or has given its key over. What
    /// frees is written all the same: it ends an occupancy `[BACK-2]`.
    fn assert_heard(&mut self, log: LogId, tip: &Tip, wanted: &Wanted<'_>) -> Result<(), AppendError> {
        let frees = wanted.records.iter().any(|record| record.effect == Effect::Frees);
        if frees || !self.state.may_be_denied(&tip.key) {
            return Ok(());
        }
        let unsigned = self.unsigned(tip, wanted)?;
        let mut rules = self.rules()?.clone();
        rules.admit(&unsigned);
        let view = rules.view(self.state.interests.clone());
        let mut told = view.explain(&RecordId { entry: unsigned.id(), index: 0 }).into_iter();
        match told.find(|finding| finding.standing == Standing::Revoked) {
            Some(finding) => Err(AppendError::Denied { log, finding: Box::new(finding) }),
            None => Ok(()),
        }
    }

    /// The entry as it would be, with a signature that nobody checks.
    fn unsigned(&self, tip: &Tip, wanted: &Wanted<'_>) -> Result<SignedEntry, SignerFault> {
        let header = tip.header(wanted, self.authored(wanted.now, tip.floor()));
        SignedEntry::sign(&self.state.ledger, &header, wanted.bytes, &NoSignature(self.author))
    }

    /// Where the records go, and what their entry builds on: `into` a log, or the one that fits.
    fn tip_for(&mut self, into: Option<LogId>, wanted: &Wanted<'_>) -> Result<(LogId, Tip), AppendError> {
        self.sound()?;
        self.good_time_for(wanted.records, wanted.now)?;
        if !planted::on("write without reading the witness") {
            self.prove()?;
        }
        self.tip_of(into, wanted).map_err(|error| self.blame_horizon(error, wanted.now))
    }

    fn tip_of(&mut self, into: Option<LogId>, wanted: &Wanted<'_>) -> Result<(LogId, Tip), AppendError> {
        let (until, now) = (wanted.until, wanted.now);
        if until < now.lo() {
            return Err(AppendError::Past { until, now: now.lo() });
        }
        if let Some(log) = into {
            return self.tip_in(log, wanted);
        }
        let (record, limit) = self.own_enrolment(until)?;
        if until > limit {
            return Err(AppendError::BeyondEnrolment { until, limit });
        }
        let held = self.state.enrolments.get(&record).is_some_and(|found| self.state.holds(&found.scope));
        if !held {
            return Err(Refusal::from(Reason::OutsideInterests).into());
        }
        let current = self.log_for(wanted, |enrolment, _| *enrolment == record);
        match current.filter(|(log, tip)| self.cost_of(*log, tip, wanted).is_ok()) {
            Some(found) => Ok(found),
            // The log's budget cannot hold the entry: a fresh log can, unless nothing can.
            None => self.fresh_tip(record, wanted),
        }
    }

    /// What an entry under this very enrolment builds on; `open`: a log that is written already will do.
    fn tip_under(
        &mut self,
        enrolment: RecordId,
        wanted: &Wanted<'_>,
        open: bool,
    ) -> Result<(LogId, Tip), AppendError> {
        self.sound()?;
        let (until, now) = (wanted.until, wanted.now.lo());
        if until < now {
            return Err(AppendError::Past { until, now });
        }
        let limit = self.state.enrolments.get(&enrolment).map(|found| found.until);
        let limit = limit.ok_or(AppendError::NotEnrolled)?;
        if until > limit {
            return Err(AppendError::BeyondEnrolment { until, limit });
        }
        let written = if open { self.log_for(wanted, |under, _| *under == enrolment) } else { None };
        if let Some(found) = written.filter(|(log, tip)| self.cost_of(*log, tip, wanted).is_ok()) {
            return Ok(found);
        }
        let (log, tip) = self.new_log(enrolment, wanted)?;
        self.cost_of(log, &tip, wanted).map(|_| (log, tip))
    }

    /// A new log of `enrolment`; when it has none left, a writable log of another own one, which the host has
    /// written under before `[LOG-3]`, `[LOG-4]`.
    fn fresh_tip(&mut self, enrolment: RecordId, wanted: &Wanted<'_>) -> Result<(LogId, Tip), AppendError> {
        let exhausted = match self.new_log(enrolment, wanted) {
            Ok((log, tip)) => return self.cost_of(log, &tip, wanted).map(|_| (log, tip)),
            Err(
                error @ (AppendError::LogsExhausted { .. }
                | AppendError::LastLog { .. }
                | AppendError::Clock(_)),
            ) => error,
            Err(error) => return Err(error),
        };
        let other =
            self.log_for(wanted, |other, found| *other != enrolment && self.state.holds(&found.scope));
        other.filter(|(log, tip)| self.cost_of(*log, tip, wanted).is_ok()).ok_or(exhausted)
    }

    /// What an entry of this very log builds on: of one that this ledger writes, or of one that the charter
    /// names and that it may open `[INC-5]`.
    fn tip_in(&self, log: LogId, wanted: &Wanted<'_>) -> Result<(LogId, Tip), AppendError> {
        let unopened = || self.first_logs().find(|key| key.id(&self.state.ledger) == log);
        let tip = match self.state.logs.get(&log).filter(|_| self.writing.contains(&log)) {
            Some(state) => Tip::of(state),
            None => match unopened().filter(|_| self.unopened.contains(&log)) {
                Some(key) => {
                    self.not_wide(wanted.now)?;
                    self.room_under(&key.enrolment, None)?;
                    Tip::of(&LogState::fresh(key, 0))
                }
                None => return Err(AppendError::NotWriting { log }),
            },
        };
        let latest = wanted.until.max(self.ends_after(wanted.now));
        if latest > tip.key.end {
            return Err(AppendError::BeyondLog { until: latest, end: tip.key.end });
        }
        if tip.key.end < self.state.horizon {
            return Err(Refusal::from(Reason::Lapsed).into());
        }
        self.cost_of(log, &tip, wanted).map(|_| (log, tip))
    }

    fn append_to(&mut self, log: LogId, tip: Tip, wanted: &Wanted<'_>) -> Result<Appended, AppendError> {
        let charge = self.cost_of(log, &tip, wanted)?;
        let header = tip.header(wanted, self.authored(wanted.now, tip.floor()));
        let entry = SignedEntry::sign(&self.state.ledger, &header, wanted.bytes, self.host.signer.as_ref())?;
        debug_assert!(charge >= u128::from(entry.weight()), "a cost covers at least the entry itself");
        let entry = verify_one(&self.state.ledger, entry, &mut self.ring)
            .map_err(|refusal| SignerFault { reason: format!("its signature does not verify: {refusal}") })?;
        let appended = Appended { id: entry.id(), log, seq: header.seq };
        let mut draft = Draft::over(self.store.view()?);
        let mut report = AbsorbReport::default();
        let mut admission = Admission::new(&mut self.state, &mut self.ring, &mut draft, &mut report);
        if let Err(error) = admission.place(VerifiedItem::Entry(entry), 0) {
            self.poison();
            return Err(error.into());
        }
        if report.new_entries == 0 {
            // What was refused has changed nothing; a stump has ended the log in memory alone.
            if report.ended_logs > 0 {
                self.poison();
            }
            let refusal = report.refusals.pop().map(|refused| refused.refusal);
            return Err(refusal.unwrap_or(Reason::AboveEnd.into()).into());
        }
        let fresh = self.writing.insert(log);
        self.note_written(log, header.authored);
        self.state.own(log, &mut draft);
        if self.own.is_none_or(|own| !self.state.enrolments.contains_key(&own)) {
            self.own = Some(tip.key.enrolment);
            draft.put_row(meta_key("own-enrolment"), &tip.key.enrolment);
        }
        // What waited above may have ended the log at once.
        let before = self.writing.len();
        self.prune_writing();
        if fresh || self.writing.len() != before {
            self.save_writing(&mut draft);
        } else {
            self.save_written(&mut draft);
        }
        self.prune_unopened(&mut draft);
        let tail = Tail { log, slot: appended.seq, below: tip.head_id };
        match self.commit_own(draft, Some(tail)) {
            Err(LedgerError::Continuity(fault)) => {
                Err(AppendError::Unrecorded { written: Box::new(appended), fault })
            }
            outcome => outcome.map(|()| appended).map_err(AppendError::from),
        }
    }

    /// Writes records when `judge` accepts them on the view as it would be with them `[WRITE-1]`. Nothing is
    /// signed before: an id covers no signature, so what is judged is what is then written.
    pub(crate) fn append_foreseen(
        &mut self,
        goal: Goal,
        records: &[Record],
        now: Clock,
        judge: &mut dyn FnMut(&View, EntryId) -> Result<(), WriteError>,
    ) -> Result<Appended, WriteError> {
        let bytes = Record::encode_all(records).map_err(AppendError::from)?;
        let lane = match goal {
            Goal::Any | Goal::Log(_) => Lane::Productivity,
            Goal::Safety(_) | Goal::NewSafety(_) => Lane::Safety,
        };
        let wanted = Wanted::of(lane, records, &bytes, now);
        let (log, tip) = match goal {
            Goal::Any => self.tip_for(None, &wanted)?,
            Goal::Log(log) => self.tip_for(Some(log), &wanted)?,
            Goal::Safety(enrolment) => self.tip_under(enrolment, &wanted, true)?,
            Goal::NewSafety(enrolment) => self.tip_under(enrolment, &wanted, false)?,
        };
        let unsigned = self.unsigned(&tip, &wanted).map_err(AppendError::from)?;
        let mut rules = self.rules().map_err(AppendError::from)?.clone();
        rules.admit(&unsigned);
        judge(&rules.view(self.state.interests.clone()), unsigned.id())?;
        // What the trial shares with the reading would be copied when the entry is read for good.
        drop(rules);
        Ok(self.append_to(log, tip, &wanted)?)
    }

    /// What the entry costs its log, when the log can bear it.
    fn cost_of(&self, log: LogId, tip: &Tip, wanted: &Wanted<'_>) -> Result<u128, AppendError> {
        let Some(parent) = self.state.enrolments.get(&tip.key.enrolment) else {
            return Err(AppendError::NotEnrolled);
        };
        let mut cost = u128::from(weight_most(wanted.bytes));
        for record in wanted.records {
            if let Some((enrolment, _)) = self.state.enrolment_in(parent, log, &tip.key, tip.head + 1, record)
            {
                cost += crate::state::State::enrolment_charge(&enrolment);
            }
        }
        let budget = parent.budget(tip.key.lane);
        if u128::from(tip.charge) + cost > u128::from(budget) {
            return Err(AppendError::BeyondBudget { cost, budget });
        }
        Ok(cost)
    }

    /// Writes one notice of a kind that this version does not know, and returns once it is durable. Known kinds have
    /// calls of their own, which refuse what would do nothing: [`revoke`](Self::revoke), [`trip`](Self::trip),
    /// [`endorse`](Self::endorse), [`vote`](Self::vote) `[WRITE-8]`.
    ///
    /// # Errors
    /// [`AppendError`]; [`Reason::NoAuthority`] when no own enrolment has the deny role over `scope`,
    /// [`AppendError::KnownNotice`], and a refusal of a body that is not of its kind: one of 64 or more begins with a
    /// match, else it would suspend all that it reaches `[RESTRICT-1]`.
    pub fn notice(
        &mut self,
        scope: &Scope,
        until: Tai,
        kind: u64,
        body: Vec<u8>,
        now: Clock,
    ) -> Result<NoticeId, AppendError> {
        self.sound()?;
        match kind {
            Revocation::KIND => return Err(AppendError::KnownNotice { kind, call: "revoke" }),
            Trip::KIND => return Err(AppendError::KnownNotice { kind, call: "trip" }),
            Endorsement::KIND => return Err(AppendError::KnownNotice { kind, call: "endorse" }),
            Failure::KIND => _ = Failure::read(&body)?,
            Vote::KIND => return Err(AppendError::KnownNotice { kind, call: "vote" }),
            Restriction::KIND => _ = Restriction::read(&body)?,
            _ if kind >= RESTRICTS_FROM => _ = match_of(&body)?,
            _ => {}
        }
        let denying = self.denying_enrolment(scope, until, kind);
        let enrolment = denying.map_err(|error| self.blame_horizon(error, now))?;
        self.notice_under(enrolment, scope, until, kind, body, now)
    }

    /// Writes one notice under an own enrolment.
    pub(crate) fn notice_under(
        &mut self,
        enrolment: RecordId,
        scope: &Scope,
        until: Tai,
        kind: u64,
        body: Vec<u8>,
        now: Clock,
    ) -> Result<NoticeId, AppendError> {
        self.sound()?;
        let Some(found) = self.state.enrolments.get(&enrolment) else { return Err(AppendError::NotEnrolled) };
        if until < now.lo() {
            return Err(AppendError::Past { until, now: now.lo() });
        }
        let most = found.max_notices;
        let living = found.notices.len() as u64;
        if living >= most {
            return Err(AppendError::NoticesExhausted { living, most });
        }
        let (author, scope) = (self.author, scope.clone());
        if body.len() > NOTICE_BODY_MAX {
            return Err(Refusal::from(Reason::TooLarge).into());
        }
        let authored = self.authored(now, None);
        let frame = NoticeHeader { author, enrolment, scope, until, authored };
        let notice = Notice::new(frame, kind, body);
        let signed = SignedNotice::sign(&self.state.ledger, &notice, self.host.signer.as_ref())?;
        let id = signed.id();
        let verdicts = verify_all(&self.state.ledger, vec![Item::Notice(signed)], &mut self.ring, &[0; 32]);
        let items: Vec<VerifiedItem> = verdicts
            .into_iter()
            .collect::<Result<_, _>>()
            .map_err(|refusal| SignerFault { reason: format!("its signature does not verify: {refusal}") })?;
        let mut draft = Draft::over(self.store.view()?);
        let mut report = AbsorbReport::default();
        let mut admission = Admission::new(&mut self.state, &mut self.ring, &mut draft, &mut report);
        let placed = items.into_iter().try_for_each(|item| admission.place(item, 0));
        if let Err(error) = placed {
            self.poison();
            return Err(error.into());
        }
        if !self.state.notices.contains_key(&id) {
            let refusal = report.refusals.pop().map(|refused| refused.refusal);
            return Err(refusal.unwrap_or(Reason::PoolFull.into()).into());
        }
        self.state.await_hearing(id, &mut draft);
        // It stands outside all logs, so it needs no proof of continuity and is never withheld [INC-6].
        self.commit(draft)?;
        Ok(id)
    }

    /// Lets go of all own logs: the next entry opens new ones under fresh incarnations.
    ///
    /// For a host that doubts its continuity, and for one whose record names another copy of this store: what is
    /// unsure is dropped, and the other copy can neither write nor act from then on `[INC-6]`.
    ///
    /// # Errors
    /// As the store fails. When the continuity record does not answer, own entries wait for it.
    pub fn start_incarnation(&mut self) -> Result<(), AppendError> {
        let recorded = match self.prove() {
            Ok(()) => Some(self.marks.current),
            Err(LedgerError::Continuity(_)) => self.host.continuity.recorded().unwrap_or_default(),
            Err(other) => return Err(other.into()),
        };
        self.taken_up = true;
        let draft = Draft::over(self.store.view()?);
        self.let_go_of_all(recorded, draft)?;
        Ok(())
    }

    /// Takes the logs of a key out of those that this ledger writes.
    pub(crate) fn let_go_of(&mut self, key: &AuthorKey) -> Result<(), LedgerError> {
        let logs = &self.state.logs;
        let before = self.writing.len();
        self.writing.retain(|log| logs.get(log).is_none_or(|found| found.key.author != *key));
        if self.writing.len() == before {
            return Ok(());
        }
        let mut draft = Draft::over(self.store.view()?);
        self.save_writing(&mut draft);
        self.commit_own(draft, None)
    }

    /// Goes on writing under `enrolment`, and under no other until told again.
    ///
    /// Without this call a replica writes under the first enrolment that it used, as long as that is present
    /// and reaches, so that nobody who enrols its key anew can draw its writing away `[LOG-4]`.
    ///
    /// # Errors
    /// [`AppendError::NotEnrolled`] when the enrolment is not present or names another key.
    pub fn write_under(&mut self, enrolment: RecordId) -> Result<(), AppendError> {
        self.sound()?;
        if !self.state.enrolments.get(&enrolment).is_some_and(|found| found.admits(&self.author)) {
            return Err(AppendError::NotEnrolled);
        }
        let mut draft = Draft::over(self.store.view()?);
        draft.put_row(meta_key("own-enrolment"), &enrolment);
        self.commit(draft)?;
        self.own = Some(enrolment);
        Ok(())
    }

    /// The enrolment under which this replica writes a record that matters until `until` `[LOG-4]`.
    fn own_enrolment(&self, until: Tai) -> Result<(RecordId, Tai), AppendError> {
        if let Some(record) = self.own
            && let Some(enrolment) = self.state.enrolments.get(&record)
            && enrolment.until >= until
            && self.state.holds(&enrolment.scope)
        {
            return Ok((record, enrolment.until));
        }
        let own = self.state.enrolments.of_key(&self.author);
        let rank = |(record, enrolment): &(&RecordId, &Enrolment)| {
            let lost = self.lost_logs(record).count() as u64;
            let room = enrolment.logs.len() as u64 + lost < enrolment.max_logs;
            let held = self.state.holds(&enrolment.scope);
            (held, enrolment.until >= until, room, enrolment.until, **record)
        };
        let best = own.max_by_key(rank);
        best.map(|(record, enrolment)| (*record, enrolment.until)).ok_or(AppendError::NotEnrolled)
    }

    fn denying_enrolment(&self, scope: &Scope, until: Tai, kind: u64) -> Result<RecordId, AppendError> {
        let mut own = self.state.enrolments.of_key(&self.author).peekable();
        if own.peek().is_none() {
            return Err(AppendError::NotEnrolled);
        }
        let able: Vec<_> = own
            .filter(|(_, enrolment)| enrolment.may_write_notice(kind) && enrolment.scope.contains(scope))
            .collect();
        let Some((record, enrolment)) = able.into_iter().max_by_key(|(_, enrolment)| enrolment.until) else {
            return Err(Refusal::from(Reason::NoAuthority).into());
        };
        if !self.state.holds(&enrolment.scope) {
            return Err(Refusal::from(Reason::OutsideInterests).into());
        }
        if until < self.state.horizon {
            return Err(Refusal::from(Reason::Lapsed).into());
        }
        if until > enrolment.until {
            return Err(AppendError::BeyondEnrolment { until, limit: enrolment.until });
        }
        Ok(*record)
    }

    /// The own log to which the records go, of those under an enrolment that `under` takes: the one that ends
    /// soonest of those that fit.
    ///
    /// A log that may have ended by now is left alone: others may have forgotten it.
    fn log_for(
        &self,
        wanted: &Wanted<'_>,
        under: impl Fn(&RecordId, &Enrolment) -> bool,
    ) -> Option<(LogId, Tip)> {
        let (weight, now) = (weight_most(wanted.bytes), self.ends_after(wanted.now));
        let fits = |state: &&LogState| {
            let key = &state.key;
            let parent = self.state.enrolments.get(&key.enrolment);
            key.lane == wanted.lane
                && key.author == self.author
                && key.end >= wanted.until
                && key.end >= now
                && parent.is_some_and(|parent| {
                    under(&key.enrolment, parent)
                        && state.charge.saturating_add(weight) <= parent.budget(wanted.lane)
                })
        };
        let writable = self.writing.iter().filter_map(|log| Some((*log, self.state.logs.get(log)?)));
        let soonest = writable
            .filter(|(_, state)| fits(state))
            .min_by_key(|(_, state)| (state.key.end, state.key.incarnation));
        soonest.map(|(log, state)| (log, Tip::of(state)))
    }

    /// A log of a fresh incarnation that is not admitted yet.
    fn new_log(&mut self, enrolment: RecordId, wanted: &Wanted<'_>) -> Result<(LogId, Tip), AppendError> {
        self.not_wide(wanted.now)?;
        let (most, limit) = self.room_under(&enrolment, Some(wanted.lane))?;
        let end = wanted.now.hi().max(wanted.until).plus(self.span(most));
        let end = end.epoch_ceil(self.state.charter.parameters().epoch).min(limit);
        if end < self.state.horizon {
            return Err(Refusal::from(Reason::Lapsed).into());
        }
        let mut incarnation = [0; 8];
        self.host.entropy.fill_bytes(&mut incarnation);
        let incarnation = u64::from_be_bytes(incarnation);
        let key = LogKey { author: self.author, lane: wanted.lane, incarnation, end, enrolment };
        Ok((key.id(&self.state.ledger), Tip::of(&LogState::fresh(key, 0))))
    }

    /// How many logs an enrolment may have and how long they may last, when there is room for one more in this
    /// lane: the last is kept for the safety lane, unless that has one. What the charter names needs no lane.
    fn room_under(&self, enrolment: &RecordId, lane: Option<Lane>) -> Result<(u64, Tai), AppendError> {
        let Some(parent) = self.state.enrolments.get(enrolment) else {
            return Err(AppendError::NotEnrolled);
        };
        let lost = self.lost_logs(enrolment).count() as u64;
        let (living, most) = (parent.logs.len() as u64 + lost, parent.max_logs);
        if living >= most {
            let memory = self.state.charter.parameters().memory();
            let ends = parent.logs.iter().map(|(end, _)| *end).chain(self.lost_logs(enrolment));
            let lapses = ends.min().map_or(Tai::MAX, |end| end.plus(memory));
            return Err(AppendError::LogsExhausted { living, most, lapses });
        }
        let last = living + 1 == most && most > 1 && lane == Some(Lane::Productivity);
        if last && !self.writes_safety(enrolment) {
            return Err(AppendError::LastLog { living, most });
        }
        Ok((most, parent.until))
    }

    /// Whether this replica has a safety log under an enrolment that it may go on writing.
    fn writes_safety(&self, enrolment: &RecordId) -> bool {
        let written = self.writing.iter().filter_map(|log| self.state.logs.get(log));
        written.map(|log| &log.key).any(|key| key.lane == Lane::Safety && key.enrolment == *enrolment)
    }

    /// How many more logs the own enrolment lets this replica open.
    pub(crate) fn logs_left(&self) -> u64 {
        let Ok((record, _)) = self.own_enrolment(Tai(0)) else { return 0 };
        let lost = self.lost_logs(&record).count() as u64;
        let found = self.state.enrolments.get(&record);
        found.map_or(0, |found| found.max_logs.saturating_sub(found.logs.len() as u64 + lost))
    }

    /// How long a new log lasts beyond what its first record asks, so that rolling over keeps within `max_logs` although a log is
    /// remembered long after its end: half of the logs are for one lane, one of them for far ends `[LOG-5]`.
    fn span(&self, max_logs: u64) -> Millis {
        let parameters = self.state.charter.parameters();
        let life = parameters.memory().plus(parameters.longest_lease);
        let rolling = (max_logs / 2).saturating_sub(1).max(1);
        SPAN_LEAST.max(Millis(life.0 / rolling))
    }
}

/// The most that an entry with these record bytes can weigh.
const fn weight_most(records: &[u8]) -> u64 {
    (records.len() + HEADER_BYTES_MAX) as u64 + ENVELOPE_BYTES
}
