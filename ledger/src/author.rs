//! Writing: own entries and notices, and the logs they go to `[LOG-2]`, `[LOG-3]`.
//!
//! - What is written passes the same admission as what is received.
//! - A record goes to the own log that ends soonest and still late enough; a new one is opened when
//!   none fits, with a fresh random incarnation.
//! - A call that fails before its commit has changed nothing.

use crate::admit::Admission;
use crate::error::AppendError;
use crate::ledger::Ledger;
use crate::report::{AbsorbReport, Appended};
use crate::state::{Enrolment, LogState};
use crate::store::Store;
use crate::store::rows::{Draft, meta_key};
use intent_contracts::bounds::{ENVELOPE_BYTES, HEADER_BYTES_MAX, NOTICE_BYTES_MAX};
use intent_contracts::kinds::Roles;
use intent_contracts::{
    Authored, Clock, Digest, EntryId, Header, Item, Lane, LogId, LogKey, Millis, Notice, NoticeHeader,
    NoticeId, Reason, Record, RecordId, Refusal, Scope, SignedEntry, SignedNotice, SignerFault, Tai,
    VerifiedItem, verify_all, verify_one,
};

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
}

impl<S: Store> Ledger<S> {
    /// Writes one entry with `records` in `lane` and returns once it is durable.
    ///
    /// The entry's time is `now`, or that of the log's last entry when the clock went back `[ADM-6]`.
    ///
    /// # Errors
    /// [`AppendError`]. Nothing was written, except when the error came after the commit began: then the
    /// handle is poisoned, and reopening shows whether the entry stands. A failed continuity record is
    /// such a case: the entry is committed, has not left, and stands after reopening.
    pub fn append(&mut self, lane: Lane, records: &[Record], now: Clock) -> Result<Appended, AppendError> {
        self.sound()?;
        let bytes = Record::encode_all(records)?;
        // `encode_all` has refused an empty list.
        let until = records.iter().map(|record| record.until).max().unwrap_or_default();
        if until < now.lo() {
            return Err(AppendError::Past { until, now: now.lo() });
        }
        let (record, limit) = self.own_enrolment(until)?;
        if until > limit {
            return Err(AppendError::BeyondEnrolment { until, limit });
        }
        let held = self.state.enrolments.get(&record).is_some_and(|found| self.state.holds(&found.scope));
        if !held {
            return Err(Refusal::from(Reason::OutsideInterests).into());
        }
        let wanted = Wanted { lane, until, records, bytes: &bytes, now };
        let current = self.log_for(&wanted, |enrolment, _| *enrolment == record);
        let written = current.map(|(log, tip)| self.append_to(log, tip, &wanted));
        match written {
            // The log's budget cannot hold the entry: a fresh log can, unless nothing can.
            None | Some(Err(AppendError::BeyondBudget { .. })) => self.append_new(record, &wanted),
            Some(outcome) => outcome,
        }
    }

    /// Writes to a new log of `enrolment`; when it has none left, to a writable log of another own one, which
    /// the host has written under before `[LOG-3]`, `[LOG-4]`.
    fn append_new(&mut self, enrolment: RecordId, wanted: &Wanted<'_>) -> Result<Appended, AppendError> {
        let exhausted = match self.new_log(enrolment, wanted) {
            Ok((log, tip)) => return self.append_to(log, tip, wanted),
            Err(error @ AppendError::LogsExhausted { .. }) => error,
            Err(error) => return Err(error),
        };
        let other =
            self.log_for(wanted, |other, found| *other != enrolment && self.state.holds(&found.scope));
        match other.map(|(log, tip)| self.append_to(log, tip, wanted)) {
            None | Some(Err(AppendError::BeyondBudget { .. })) => Err(exhausted),
            Some(outcome) => outcome,
        }
    }

    fn append_to(&mut self, log: LogId, tip: Tip, wanted: &Wanted<'_>) -> Result<Appended, AppendError> {
        let charge = self.cost_of(log, &tip, wanted)?;
        let floor = (tip.head > 0).then_some(tip.head_authored);
        let authored = Authored::not_before(wanted.now, floor);
        let header = Header::new(tip.key, tip.head + 1, tip.head_id, authored, Digest::of(wanted.bytes));
        let entry = SignedEntry::sign(&self.state.ledger, &header, wanted.bytes, self.host.signer.as_ref())?;
        debug_assert!(charge >= u128::from(entry.weight()), "a cost covers at least the entry itself");
        let entry = verify_one(&self.state.ledger, entry, &mut self.ring)
            .map_err(|refusal| SignerFault { reason: format!("its signature does not verify: {refusal}") })?;
        let appended = Appended { id: entry.id(), log, seq: header.seq };
        let mut draft = Draft::over(self.store.view()?);
        self.born(wanted.now, &mut draft);
        let mut report = AbsorbReport::default();
        let mut admission = Admission::new(&mut self.state, &mut self.ring, &mut draft, &mut report);
        if let Err(error) = admission.place(VerifiedItem::Entry(entry), 0) {
            self.poison();
            return Err(error.into());
        }
        debug_assert!(report.new_entries > 0, "an own entry keeps every rule of admission");
        let fresh = self.writing.insert(log);
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
        }
        self.commit_own(draft)?;
        Ok(appended)
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
                cost += self.state.enrolment_charge(&enrolment);
            }
        }
        if u128::from(tip.charge) + cost > u128::from(parent.byte_budget) {
            return Err(AppendError::BeyondBudget { cost, budget: parent.byte_budget });
        }
        Ok(cost)
    }

    /// Writes one notice and returns once it is durable.
    ///
    /// # Errors
    /// [`AppendError`]; [`Reason::NoAuthority`] when no own enrolment has the deny role over `scope`.
    pub fn notice(
        &mut self,
        scope: &Scope,
        until: Tai,
        kind: u64,
        body: Vec<u8>,
        now: Clock,
    ) -> Result<NoticeId, AppendError> {
        self.sound()?;
        let (enrolment, found) = self.denying_enrolment(scope, until)?;
        let most = self.state.charter.parameters().notices_per_enrolment;
        let living = found.notices.len() as u64;
        if living >= most {
            return Err(AppendError::NoticesExhausted { living, most });
        }
        let (author, scope) = (self.author, scope.clone());
        if body.len() > NOTICE_BODY_MAX {
            return Err(Refusal::from(Reason::TooLarge).into());
        }
        let authored = Authored::not_before(now, None);
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
        self.born(now, &mut draft);
        let mut report = AbsorbReport::default();
        let mut admission = Admission::new(&mut self.state, &mut self.ring, &mut draft, &mut report);
        let placed = items.into_iter().try_for_each(|item| admission.place(item, 0));
        if let Err(error) = placed {
            self.poison();
            return Err(error.into());
        }
        self.state.await_hearing(id, &mut draft);
        self.commit_own(draft)?;
        Ok(id)
    }

    /// Lets go of all own logs: the next entry opens new ones under fresh incarnations.
    ///
    /// For a host that doubts its continuity.
    ///
    /// # Errors
    /// As the store or the continuity record fails.
    pub fn start_incarnation(&mut self) -> Result<(), AppendError> {
        self.sound()?;
        self.writing.clear();
        let mut draft = Draft::over(self.store.view()?);
        self.save_writing(&mut draft);
        Ok(self.commit_own(draft)?)
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

    fn denying_enrolment(&self, scope: &Scope, until: Tai) -> Result<(RecordId, &Enrolment), AppendError> {
        let mut own = self.state.enrolments.of_key(&self.author).peekable();
        if own.peek().is_none() {
            return Err(AppendError::NotEnrolled);
        }
        let able: Vec<_> = own
            .filter(|(_, enrolment)| enrolment.roles.has(Roles::DENY) && enrolment.scope.contains(scope))
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
        Ok((*record, enrolment))
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
        let weight = weight_most(wanted.bytes);
        let fits = |state: &&LogState| {
            let key = &state.key;
            let parent = self.state.enrolments.get(&key.enrolment);
            key.lane == wanted.lane
                && key.author == self.author
                && key.end >= wanted.until
                && key.end >= wanted.now.hi()
                && parent.is_some_and(|parent| {
                    under(&key.enrolment, parent) && state.charge.saturating_add(weight) <= parent.byte_budget
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
        let Some(parent) = self.state.enrolments.get(&enrolment) else {
            return Err(AppendError::NotEnrolled);
        };
        let lost = self.lost_logs(&enrolment).count() as u64;
        let (living, most, limit) = (parent.logs.len() as u64 + lost, parent.max_logs, parent.until);
        if living >= most {
            let memory = self.state.charter.parameters().memory();
            let ends = parent.logs.iter().map(|(end, _)| *end).chain(self.lost_logs(&enrolment));
            let lapses = ends.min().map_or(Tai::MAX, |end| end.plus(memory));
            return Err(AppendError::LogsExhausted { living, most, lapses });
        }
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

    /// How long a new log lasts beyond what its first record asks, so that rolling over keeps within `max_logs` although a log is
    /// remembered long after its end: half of the logs are for one lane, one of them for far ends.
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
