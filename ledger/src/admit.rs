//! Admission: how authentic items become state, whatever their order `[ADM-1]`.
//!
//! - The result is a function of the set of items alone; the model in the testing crate computes the
//!   same state from scratch.
//! - What is dropped or refused here never comes back: a terminal slot only falls, a bound's least
//!   member only rises, and what hangs on a dropped record goes with it `[ADM-11]`.
//! - Nothing recurses: cascades run over work lists.

use crate::report::AbsorbReport;
use crate::state::{Enrolment, LogState, State, Terminal};
use crate::store::rows::{self, Draft};
use crate::store::{StoreError, View};
use crate::told::Told;
use intent_contracts::bounds::{LOG_OVERHEAD_BYTES, NOTICE_BYTES_MAX};
use intent_contracts::planted;
use intent_contracts::{
    EntryId, ForkBranch, ForkProof, KeyRing, LedgerId, LogId, LogKey, NoticeId, Reason, RecordId, Refusal,
    SignedEntry, SignedNotice, Tai, UncheckedFork, Verified, VerifiedItem, verify_all, verify_one,
};
use std::collections::BTreeMap;

/// What can be said of an item before its signature is checked.
pub(crate) enum Gate {
    /// It is admitted or waiting already.
    Known,
    /// It cannot become part of the state, now or ever, at this horizon and with these interests.
    Refused(Reason),
    /// It cannot be admitted yet. `stranger`: its enrolment is absent.
    Waits { stranger: bool },
    /// It changes the state.
    Changes,
}

/// One admission: the state, the draft of its commit, and what is told of it.
pub(crate) struct Admission<'a, V> {
    state: &'a mut State,
    /// The keys that this replica has checked.
    ring: &'a mut KeyRing,
    draft: &'a mut Draft<V>,
    report: &'a mut AbsorbReport,
    /// What became admissible and is still to be placed.
    ready: Vec<VerifiedItem>,
    /// The evidence of forked logs that this call has checked or made: a flood of ever lesser rivals in one
    /// slot does not make it check the same signatures again `[BOUND-2]`.
    proofs: BTreeMap<LogId, ForkProof>,
    ids: LastLog,
}

/// The log that was named last, with its id: entries come log by log, and an id costs a hash.
#[derive(Debug, Default)]
pub(crate) struct LastLog(Option<(LogKey, LogId)>);

impl LastLog {
    pub(crate) fn of(&mut self, key: &LogKey, ledger: &LedgerId) -> LogId {
        match self.0 {
            Some((last, id)) if last == *key => id,
            _ => {
                let id = key.id(ledger);
                self.0 = Some((*key, id));
                id
            }
        }
    }
}

impl State {
    /// `log` is the id of the entry's log.
    pub(crate) fn gate_entry<V: View>(
        &self,
        log: LogId,
        entry: &SignedEntry,
        draft: &Draft<V>,
    ) -> Result<Gate, StoreError> {
        let (header, id) = (entry.header(), &entry.id());
        let seq = header.seq;
        if self.pool.holds_entry(log, seq, id) {
            return Ok(Gate::Known);
        }
        match self.gate_log(&header.log, log) {
            Gate::Changes => {}
            other => return Ok(other),
        }
        let Some(state) = self.logs.get(&log) else {
            let first = seq == 1 || self.pool.has_slot(log, seq);
            return Ok(if first { Gate::Changes } else { Gate::Waits { stranger: false } });
        };
        if let Some(terminal) = state.terminal {
            let kept = terminal.ids().contains(id);
            let above = match terminal {
                Terminal::Stump { slot, .. } => (seq > slot).then_some(Reason::AboveEnd),
                Terminal::Fork { slot, pair } => {
                    (seq > slot || (seq == slot && *id > pair[1])).then_some(Reason::AboveFork)
                }
            };
            match above {
                _ if seq == terminal.slot() && kept => return Ok(Gate::Known),
                Some(reason) => return Ok(Gate::Refused(reason)),
                None if seq == terminal.slot() => return Ok(Gate::Changes),
                None => {}
            }
        }
        if seq <= state.head {
            let known = self.is_in_trunk(state, entry, draft)?;
            return Ok(if known { Gate::Known } else { Gate::Changes });
        }
        if seq == state.head + 1 || self.pool.has_slot(log, seq) {
            Ok(Gate::Changes)
        } else {
            Ok(Gate::Waits { stranger: false })
        }
    }

    /// Whether the log is admissible `[ADM-3]`, of a held scope `[INT-2]` and not driven out by the bound
    /// `[ADM-10]`.
    pub(crate) fn gate_log(&self, key: &LogKey, log: LogId) -> Gate {
        if key.end < self.horizon && !planted::on("admit a lapsed log") {
            return Gate::Refused(Reason::Lapsed);
        }
        let Some(enrolment) = self.enrolments.get(&key.enrolment) else {
            return Gate::Waits { stranger: true };
        };
        if !enrolment.admits(&key.author) {
            return Gate::Refused(Reason::EnrolmentMismatch);
        }
        if key.end > enrolment.until && !planted::on("outlive the enrolment") {
            return Gate::Refused(Reason::BeyondEnrolment);
        }
        if !self.holds(&enrolment.scope) && !planted::on("ignore the interests") {
            return Gate::Refused(Reason::OutsideInterests);
        }
        let full = enrolment.logs.len() as u64 > enrolment.max_logs;
        let last = enrolment.logs.first().is_some_and(|least| (key.end, log) < *least);
        if full && last { Gate::Refused(Reason::Overflow) } else { Gate::Changes }
    }

    /// Whether a notice is admissible `[ADM-12]`.
    pub(crate) fn gate_notice(&self, notice: &SignedNotice) -> Gate {
        let id = notice.id();
        if self.notices.contains_key(&id) || self.pool.holds_notice(&id) {
            return Gate::Known;
        }
        let notice = notice.notice();
        if notice.until < self.horizon && !planted::on("admit a lapsed notice") {
            return Gate::Refused(Reason::Lapsed);
        }
        let Some(enrolment) = self.enrolments.get(&notice.enrolment) else {
            return Gate::Waits { stranger: true };
        };
        if !enrolment.admits(&notice.author) {
            return Gate::Refused(Reason::EnrolmentMismatch);
        }
        if notice.until > enrolment.until {
            return Gate::Refused(Reason::BeyondEnrolment);
        }
        let authorised = enrolment.may_write_notice(notice.kind) && enrolment.scope.contains(&notice.scope);
        if !authorised && !planted::on("ignore the scope of a notice") {
            return Gate::Refused(Reason::NoAuthority);
        }
        if !self.holds(&enrolment.scope) {
            return Gate::Refused(Reason::OutsideInterests);
        }
        let full = enrolment.notices.len() as u64 > enrolment.max_notices;
        let last = planted::on("refuse the newcomer of a flood")
            || enrolment.notices.first().is_some_and(|least| (notice.until, id) < *least);
        if full && last { Gate::Refused(Reason::Overflow) } else { Gate::Changes }
    }

    /// Whether a proof of a fork of `key` in `slot` with this pair would change the state.
    pub(crate) fn gate_fork(&self, key: &LogKey, slot: u64, pair: [EntryId; 2]) -> Gate {
        if self.pool.holds_fork(key, slot, pair) {
            return Gate::Known;
        }
        let log = key.id(&self.ledger);
        match self.gate_log(key, log) {
            Gate::Changes => {}
            other => return other,
        }
        match self.logs.get(&log).and_then(|state| state.terminal) {
            Some(Terminal::Fork { slot: kept, pair: ids }) if (kept, ids) == (slot, pair) => Gate::Known,
            Some(terminal) if terminal.slot() < slot => Gate::Refused(match terminal {
                Terminal::Stump { .. } => Reason::AboveEnd,
                Terminal::Fork { .. } => Reason::AboveFork,
            }),
            _ => Gate::Changes,
        }
    }

    /// What an enrolment costs the log that holds it `[ADM-7]`; exact, so that nothing is free at the top
    /// of 64 bits.
    pub(crate) fn enrolment_charge(enrolment: &Enrolment) -> u128 {
        let greater = if planted::on("charge the productivity lane alone") {
            enrolment.byte_budget
        } else {
            enrolment.byte_budget.max(enrolment.safety_budget)
        };
        let one_log = u128::from(greater) + u128::from(LOG_OVERHEAD_BYTES);
        let logs = (u128::from(enrolment.max_logs) + 1) * one_log;
        if !enrolment.roles.may_notify() {
            return logs;
        }
        logs + (u128::from(enrolment.max_notices) + 1) * NOTICE_BYTES_MAX as u128
    }

    /// A log that was found or let exist earlier in the same step, and which nothing has dropped since: the
    /// bound drives out another one `[ADM-10]`, and what hangs on that one never holds this one's enrolment.
    fn present_log(&self, log: LogId) -> Result<&LogState, StoreError> {
        self.logs.get(&log).ok_or_else(|| lost("log"))
    }

    /// The same, to change it.
    fn present_log_mut(&mut self, log: LogId) -> Result<&mut LogState, StoreError> {
        self.logs.get_mut(&log).ok_or_else(|| lost("log"))
    }

    /// Whether an entry is the admitted one in its slot of a trunk. One that lies there byte for byte is
    /// not read again.
    fn is_in_trunk<V: View>(
        &self,
        log: &LogState,
        entry: &SignedEntry,
        draft: &Draft<V>,
    ) -> Result<bool, StoreError> {
        let slot = entry.header().seq;
        if slot == log.head {
            return Ok(log.head_id == entry.id());
        }
        let key = rows::entry_key(log.number, slot);
        let content = draft.get(&key)?.ok_or_else(|| missing(&key))?;
        let (_, bytes) = split_charge(&key, &content)?;
        Ok(bytes == entry.bytes() || read_entry(self, &key, bytes)?.id() == entry.id())
    }
}

/// Reads an entry of a trunk and the log's charge up to it.
pub(crate) fn stored_entry<V: View>(
    state: &State,
    number: u64,
    slot: u64,
    draft: &Draft<V>,
) -> Result<(SignedEntry, u64), StoreError> {
    let key = rows::entry_key(number, slot);
    let content = draft.get(&key)?.ok_or_else(|| missing(&key))?;
    let (charge, bytes) = split_charge(&key, &content)?;
    Ok((read_entry(state, &key, bytes)?, charge))
}

fn read_entry(state: &State, key: &[u8], bytes: &[u8]) -> Result<SignedEntry, StoreError> {
    SignedEntry::decode(&state.ledger, bytes).map_err(|refusal| StoreError::Damaged {
        what: format!("the entry in row {} is refused: {refusal}", rows::shown(key)),
    })
}

/// An entry's row: the log's charge up to it, then the entry's bytes.
pub(crate) fn split_charge<'a>(key: &[u8], content: &'a [u8]) -> Result<(u64, &'a [u8]), StoreError> {
    match content.split_first_chunk::<8>() {
        Some((charge, bytes)) => Ok((u64::from_be_bytes(*charge), bytes)),
        None => Err(StoreError::Damaged { what: format!("row {} is too short", rows::shown(key)) }),
    }
}

/// An invariant of admission does not hold: rather than go on in silence, the call fails and poisons the
/// handle, whose memory cannot be trusted any more.
#[cold]
fn lost(what: &str) -> StoreError {
    debug_assert!(false, "the {what} is present");
    StoreError::Damaged { what: format!("memory lost the {what} that admission had found") }
}

fn missing(key: &[u8]) -> StoreError {
    StoreError::Damaged { what: format!("row {} is missing", rows::shown(key)) }
}

impl<'a, V: View> Admission<'a, V> {
    pub(crate) const fn new(
        state: &'a mut State,
        ring: &'a mut KeyRing,
        draft: &'a mut Draft<V>,
        report: &'a mut AbsorbReport,
    ) -> Self {
        Self { state, ring, draft, report, ready: Vec::new(), proofs: BTreeMap::new(), ids: LastLog(None) }
    }

    /// Tells of an item that was refused for itself.
    pub(crate) fn refuse(&mut self, offset: usize, refusal: Refusal) {
        self.report.refuse(Some(offset), refusal);
    }

    /// Places an item and all that becomes admissible through it.
    pub(crate) fn place(&mut self, item: VerifiedItem, offset: usize) -> Result<(), StoreError> {
        self.place_one(item, Some(offset))?;
        while let Some(item) = self.ready.pop() {
            self.place_one(item, None)?;
        }
        Ok(())
    }

    fn place_one(&mut self, item: VerifiedItem, offset: Option<usize>) -> Result<(), StoreError> {
        match item {
            VerifiedItem::Entry(entry) => self.place_entry(entry, offset),
            VerifiedItem::Notice(notice) => self.place_notice(notice, offset),
            VerifiedItem::Fork(proof) => self.place_fork(proof, offset),
        }
    }

    fn place_entry(&mut self, entry: Verified<SignedEntry>, offset: Option<usize>) -> Result<(), StoreError> {
        let key = entry.header().log;
        let log = self.ids.of(&key, &self.state.ledger);
        match self.state.gate_entry(log, &entry, self.draft)? {
            Gate::Known => self.report.known += 1,
            Gate::Refused(reason) => self.report.refuse(offset, reason.into()),
            Gate::Waits { stranger } => {
                if !self.state.pool.add_entry(log, entry, stranger) {
                    self.report.refuse(offset, Reason::PoolFull.into());
                }
            }
            Gate::Changes => {
                self.ensure_log(key, log)?;
                self.extend(log, entry)?;
            }
        }
        Ok(())
    }

    /// Puts an entry that changes the state where it belongs: into the trunk, or beside a rival.
    fn extend(&mut self, log: LogId, entry: Verified<SignedEntry>) -> Result<(), StoreError> {
        let state = self.state.present_log(log)?;
        let slot = entry.header().seq;
        let rival = match state.terminal {
            Some(Terminal::Fork { slot: forked, .. }) if forked == slot => {
                let proof = self.terminal_proof(log)?;
                return self.set_fork(log, proof.with(ForkBranch::of(&entry)));
            }
            Some(Terminal::Stump { slot: ended, .. }) if ended == slot => Some(self.stump_branch(log)?),
            _ if slot <= state.head => Some(self.trunk_branch(log, slot)?),
            _ => self.waiting_branch(log, slot),
        };
        match rival {
            Some(rival) => match ForkProof::between(rival, ForkBranch::of(&entry)) {
                Some(proof) => self.set_fork(log, proof),
                None => Ok(()),
            },
            None => self.judge_chain(log, entry),
        }
    }

    /// Admits the next entry of a trunk, or ends the log with it `[ADM-5]`, `[ADM-8]`.
    fn judge_chain(&mut self, log: LogId, entry: Verified<SignedEntry>) -> Result<(), StoreError> {
        let state = self.state.present_log(log)?;
        let parent =
            self.state.enrolments.get(&state.key.enrolment).ok_or_else(|| lost("enrolment of a log"))?;
        let (header, slot) = (entry.header(), entry.header().seq);
        let mut charge = u128::from(state.charge) + u128::from(entry.weight());
        let mut enrolled = Vec::new();
        for (index, record) in entry.records().iter().enumerate() {
            if let Some((enrolment, row)) = self.state.enrolment_in(parent, log, &state.key, slot, record) {
                charge += State::enrolment_charge(&enrolment);
                // An entry has at most 64 records.
                let index = u8::try_from(index).unwrap_or(u8::MAX);
                enrolled.push((RecordId { entry: entry.id(), index }, enrolment, row));
            }
        }
        let sound = header.prev == state.head_id
            && (header.authored.at >= state.head_authored || planted::on("go back in time"));
        let budget = parent.budget(state.key.lane);
        let within = charge <= u128::from(budget) || planted::on("ignore the byte budget");
        match u64::try_from(charge) {
            Ok(charge) if sound && within => self.admit(log, &entry, charge, enrolled),
            _ if planted::on("drop a stump") => Ok(()),
            _ => self.set_stump(log, &entry),
        }
    }

    fn admit(
        &mut self,
        log: LogId,
        entry: &Verified<SignedEntry>,
        charge: u64,
        enrolled: Vec<(RecordId, Enrolment, Vec<u8>)>,
    ) -> Result<(), StoreError> {
        let state = self.state.present_log_mut(log)?;
        let header = entry.header();
        state.head = header.seq;
        state.head_id = entry.id();
        state.head_authored = header.authored.at;
        state.charge = charge;
        let row = [&charge.to_be_bytes()[..], entry.bytes()].concat();
        self.draft.put(rows::entry_key(state.number, header.seq), row);
        state.enrolments.extend(enrolled.iter().map(|(record, ..)| (header.seq, *record)));
        state.save(log, self.draft);
        self.report.new_entries += 1;
        for (record, enrolment, row) in enrolled {
            self.draft.put(rows::enrolment_key(&record), row);
            self.state.enrolments.insert(record, enrolment);
            self.ready.extend(self.state.pool.take_enrolment(&record));
        }
        self.ready.extend(self.state.pool.take_slot(log, header.seq + 1));
        self.state.tell(|| Told::Entry((**entry).clone()));
        Ok(())
    }

    fn place_notice(
        &mut self,
        notice: Verified<SignedNotice>,
        offset: Option<usize>,
    ) -> Result<(), StoreError> {
        match self.state.gate_notice(&notice) {
            Gate::Known => self.report.known += 1,
            Gate::Refused(reason) => self.report.refuse(offset, reason.into()),
            Gate::Waits { .. } => {
                if !self.state.pool.add_notice(notice) {
                    self.report.refuse(offset, Reason::PoolFull.into());
                }
            }
            Gate::Changes => self.admit_notice(&notice)?,
        }
        Ok(())
    }

    fn admit_notice(&mut self, notice: &Verified<SignedNotice>) -> Result<(), StoreError> {
        let (id, frame) = (notice.id(), notice.notice());
        // The gate has found it.
        let enrolment = self.state.enrolments.get_mut(&frame.enrolment);
        let enrolment = enrolment.ok_or_else(|| lost("enrolment of a notice"))?;
        enrolment.notices.insert((frame.until, id));
        let bound = enrolment.max_notices;
        let driven_out =
            if enrolment.notices.len() as u64 > bound + u64::from(!planted::on("count notices off by one")) {
                enrolment.notices.pop_first()
            } else {
                None
            };
        self.draft.put(rows::notice_key(&id), notice.bytes().to_vec());
        self.state.take_notice(id, notice.notice());
        self.report.new_notices += 1;
        self.state.tell(|| Told::Notice((**notice).clone()));
        if let Some((_, id)) = driven_out {
            self.drop_notice(&id);
        }
        Ok(())
    }

    fn place_fork(&mut self, proof: ForkProof, offset: Option<usize>) -> Result<(), StoreError> {
        let key = *proof.log();
        let log = key.id(&self.state.ledger);
        match self.state.gate_fork(&key, proof.slot(), proof.pair()) {
            Gate::Known => self.report.known += 1,
            Gate::Refused(reason) => self.report.refuse(offset, reason.into()),
            Gate::Waits { .. } => {
                if !self.state.pool.add_fork(proof) {
                    self.report.refuse(offset, Reason::PoolFull.into());
                }
            }
            Gate::Changes => {
                self.ensure_log(key, log)?;
                let known = self.candidates(log, proof.slot())?;
                let joined = known.into_iter().fold(proof, ForkProof::with);
                let terminal = Terminal::Fork { slot: joined.slot(), pair: joined.pair() };
                if self.state.logs.get(&log).is_some_and(|state| state.terminal == Some(terminal)) {
                    self.report.known += 1;
                } else {
                    self.set_fork(log, joined)?;
                }
            }
        }
        Ok(())
    }

    /// The branches that the state knows in a slot `[ADM-4]`.
    fn candidates(&mut self, log: LogId, slot: u64) -> Result<Vec<ForkBranch>, StoreError> {
        let state = self.state.present_log(log)?;
        Ok(match state.terminal {
            Some(Terminal::Stump { slot: ended, .. }) if ended == slot => vec![self.stump_branch(log)?],
            Some(Terminal::Fork { slot: forked, .. }) if forked == slot => {
                Vec::from(self.terminal_proof(log)?.into_branches())
            }
            _ if slot <= state.head => vec![self.trunk_branch(log, slot)?],
            _ => Vec::new(),
        })
    }

    /// Ends a log in the forked slot. Waiting candidates of the slot are placed again `[FORK-3]`, `[ASM-3]`.
    fn set_fork(&mut self, log: LogId, proof: ForkProof) -> Result<(), StoreError> {
        let terminal = Terminal::Fork { slot: proof.slot(), pair: proof.pair() };
        self.draft.put(rows::terminal_key(&log), proof.encode());
        self.proofs.insert(log, proof);
        self.end_log(log, terminal)
    }

    /// Ends a log with the entry above its head that breaks a chain rule.
    fn set_stump(&mut self, log: LogId, entry: &SignedEntry) -> Result<(), StoreError> {
        let terminal = Terminal::Stump { slot: entry.header().seq, id: entry.id() };
        self.proofs.remove(&log);
        self.draft.put(rows::terminal_key(&log), entry.bytes().to_vec());
        self.end_log(log, terminal)
    }

    fn end_log(&mut self, log: LogId, terminal: Terminal) -> Result<(), StoreError> {
        let slot = terminal.slot();
        let state = self.state.present_log_mut(log)?;
        state.terminal = Some(terminal);
        let (head, key) = (state.head, state.key);
        let forked = matches!(terminal, Terminal::Fork { .. });
        self.state.tell(|| Told::Ended { log: key, slot, forked });
        if head >= slot && !planted::on("keep what stands above a fork") {
            self.truncate(log, slot - 1)?;
        } else if let Some(state) = self.state.logs.get(&log) {
            state.save(log, self.draft);
        }
        self.report.ended_logs += 1;
        let above = self.state.pool.take_from(log, slot);
        self.ready.extend(above);
        Ok(())
    }

    /// Cuts a trunk down to `head` and drops what hangs on the records above.
    ///
    /// The rows above go at once: they are at most what the byte budget of one log holds `[BOUND-2]`.
    pub(crate) fn truncate(&mut self, log: LogId, head: u64) -> Result<(), StoreError> {
        // A scrub may cut a log that is gone by now.
        let Some(state) = self.state.logs.get(&log) else { return Ok(()) };
        let (number, old) = (state.number, state.head);
        if head >= old {
            return Ok(());
        }
        let (head_id, authored, charge) = if head == 0 {
            (state.key.enrolment.entry, Tai(0), 0)
        } else {
            let (entry, charge) = stored_entry(self.state, number, head, self.draft)?;
            (entry.id(), entry.header().authored.at, charge)
        };
        for slot in head + 1..=old {
            self.draft.delete(rows::entry_key(number, slot));
        }
        self.report.dropped += old - head;
        let state = self.state.present_log_mut(log)?;
        (state.head, state.head_id, state.head_authored, state.charge) = (head, head_id, authored, charge);
        let least = RecordId { entry: EntryId::from_bytes([0; 32]), index: 0 };
        let lost = state.enrolments.split_off(&(head + 1, least));
        state.save(log, self.draft);
        self.state.tell(|| Told::Cut { log, head });
        if !planted::on("keep a child of a dropped fork") {
            self.vanish(lost.into_iter().map(|(_, record)| record).collect());
        }
        Ok(())
    }

    /// Drops enrolments with all that hangs on them `[ADM-11]`.
    fn vanish(&mut self, mut records: Vec<RecordId>) {
        while let Some(record) = records.pop() {
            let Some(enrolment) = self.state.enrolments.remove(&record) else { continue };
            self.draft.delete(rows::enrolment_key(&record));
            if !planted::on("keep the notices of a dropped enrolment") {
                enrolment.notices.iter().for_each(|(_, notice)| self.drop_notice(notice));
            }
            for (_, log) in enrolment.logs {
                records.extend(self.drop_log(log));
            }
            self.state.pool.take_enrolment(&record);
        }
    }

    fn drop_notice(&mut self, notice: &NoticeId) {
        if self.state.leave_notice(notice) {
            self.draft.delete(rows::notice_key(notice));
            self.state.heard(notice, self.draft);
            self.report.dropped += 1;
            self.state.tell(|| Told::ForgottenNotice(*notice));
        }
    }

    /// Drops a log and returns the enrolments that stood in it. The caller has taken it out of its
    /// enrolment's list.
    pub(crate) fn drop_log(&mut self, log: LogId) -> Vec<RecordId> {
        // An enrolment lists just the logs that are present, and each is dropped once: the work lists hold
        // what was taken out of its list.
        let Some(state) = self.state.logs.remove(&log) else {
            debug_assert!(false, "a listed log is present");
            return Vec::new();
        };
        self.state.bury(state.number, state.head, self.draft);
        self.proofs.remove(&log);
        if self.state.own_logs.remove(&log) {
            self.draft.delete(rows::own_log_key(&log));
        }
        if state.terminal.is_some() {
            self.draft.delete(rows::terminal_key(&log));
        }
        self.draft.delete(rows::log_key(&log));
        self.report.dropped += state.head;
        self.state.tell(|| Told::ForgottenLog(log));
        self.state.pool.take_from(log, 0);
        state.enrolments.into_iter().map(|(_, record)| record).collect()
    }

    /// Lets the log exist, and drops the least of its enrolment when the bound is exceeded `[ADM-10]`.
    fn ensure_log(&mut self, key: LogKey, log: LogId) -> Result<(), StoreError> {
        if self.state.logs.contains_key(&log) {
            return Ok(());
        }
        let number = self.state.next_number;
        // The gate has found it.
        let enrolment = self.state.enrolments.get_mut(&key.enrolment);
        let enrolment = enrolment.ok_or_else(|| lost("enrolment of a new log"))?;
        self.state.next_number += 1;
        enrolment.logs.insert((key.end, log));
        let kept = enrolment.max_logs + u64::from(!planted::on("count logs off by one"));
        let driven_out = if enrolment.logs.len() as u64 > kept { enrolment.logs.pop_first() } else { None };
        self.state.logs.insert(log, LogState::fresh(key, number));
        if let Some((_, least)) = driven_out {
            let enrolled = self.drop_log(least);
            self.vanish(enrolled);
        }
        Ok(())
    }

    /// Forgets a log whole at the horizon, and the enrolments in it, which have ended before it.
    pub(crate) fn forget_log(&mut self, log: LogId) {
        if let Some(state) = self.state.logs.get(&log) {
            let (key, end) = (state.key.enrolment, state.key.end);
            if let Some(enrolment) = self.state.enrolments.get_mut(&key) {
                enrolment.logs.remove(&(end, log));
            }
            let enrolled = self.drop_log(log);
            self.vanish(enrolled);
        }
    }

    /// Forgets a notice at the horizon.
    pub(crate) fn forget_notice(&mut self, notice: &NoticeId) {
        if let Some(state) = self.state.notices.get(notice) {
            let (key, until) = (state.enrolment, state.until);
            if let Some(enrolment) = self.state.enrolments.get_mut(&key) {
                enrolment.notices.remove(&(until, *notice));
            }
            self.drop_notice(notice);
        }
    }

    /// Takes the end off a log whose evidence is damaged; any peer that has it brings it back.
    pub(crate) fn forget_terminal(&mut self, log: LogId) {
        if let Some(state) = self.state.logs.get_mut(&log)
            && state.terminal.take().is_some()
        {
            self.proofs.remove(&log);
            self.draft.delete(rows::terminal_key(&log));
            state.save(log, self.draft);
            self.state.tell(|| Told::Reopened(log));
        }
    }

    /// Forgets a log of which nothing is left: without a trunk or a terminal it does not exist `[ADM-9]`.
    pub(crate) fn drop_if_empty(&mut self, log: LogId) {
        if self.state.logs.get(&log).is_some_and(|state| state.head == 0 && state.terminal.is_none()) {
            self.forget_log(log);
        }
    }

    fn waiting_branch(&mut self, log: LogId, slot: u64) -> Option<ForkBranch> {
        let head = self.state.logs.get(&log)?.head;
        if slot == head + 1 {
            // Candidates of the next slot are placed one after the other; none waits.
            return None;
        }
        let mut waiting = self.state.pool.take_slot(log, slot);
        let first = waiting.pop();
        self.ready.extend(waiting);
        match first {
            Some(VerifiedItem::Entry(entry)) => Some(ForkBranch::of(&entry)),
            _ => None,
        }
    }

    fn trunk_branch(&mut self, log: LogId, slot: u64) -> Result<ForkBranch, StoreError> {
        let number = self.state.logs.get(&log).map_or(0, |state| state.number);
        let (entry, _) = stored_entry(self.state, number, slot, self.draft)?;
        self.branch_of(entry)
    }

    fn stump_branch(&mut self, log: LogId) -> Result<ForkBranch, StoreError> {
        let key = rows::terminal_key(&log);
        let bytes = self.draft.get(&key)?.ok_or_else(|| missing(&key))?;
        let entry = SignedEntry::decode(&self.state.ledger, &bytes)
            .map_err(|refusal| StoreError::Damaged { what: format!("a stump is refused: {refusal}") })?;
        self.branch_of(entry)
    }

    /// Checks a stored entry's signature again, because a fork proof must hold for everybody: a row's
    /// checksum fits whatever was written there.
    fn branch_of(&mut self, entry: SignedEntry) -> Result<ForkBranch, StoreError> {
        verify_one(&self.state.ledger, entry, self.ring)
            .map(|entry| ForkBranch::of(&entry))
            .map_err(|refusal| StoreError::Damaged { what: format!("a stored entry is refused: {refusal}") })
    }

    /// The evidence of a forked log; what is read from the store is checked, once in a call.
    fn terminal_proof(&mut self, log: LogId) -> Result<ForkProof, StoreError> {
        if let Some(proof) = self.proofs.get(&log) {
            return Ok(proof.clone());
        }
        let key = rows::terminal_key(&log);
        let bytes = self.draft.get(&key)?.ok_or_else(|| missing(&key))?;
        let proof = stored_proof(self.state, &bytes, self.ring)?;
        self.proofs.insert(log, proof.clone());
        Ok(proof)
    }
}

/// Reads and checks a fork proof from the store.
pub(crate) fn stored_proof(state: &State, bytes: &[u8], ring: &mut KeyRing) -> Result<ForkProof, StoreError> {
    let damaged =
        |refusal| StoreError::Damaged { what: format!("a stored fork proof is refused: {refusal}") };
    let fork = UncheckedFork::decode(&state.ledger, bytes).map_err(damaged)?;
    let item = intent_contracts::Item::Fork(fork);
    match verify_all(&state.ledger, vec![item], ring, &[0; 32]).pop() {
        Some(Ok(VerifiedItem::Fork(proof))) => Ok(proof),
        Some(Err(refusal)) => Err(damaged(refusal)),
        _ => Err(StoreError::Damaged { what: "a stored fork proof is something else".to_owned() }),
    }
}
