//! The ledger: one replica's state over its store.
//!
//! - One writer: every changing call takes `&mut self`, and returns after its commit `[STORE-1]`.
//! - A commit that fails poisons the handle; memory is then no longer trusted.
//! - Readers take snapshots that neither block nor see what is committed after them.

use crate::admit::{Admission, Gate, LastLog};
use crate::bounds::{ABSORB_BYTES_MAX, INTERESTS_MAX};
use crate::bundle::{Received, unpack};
use crate::clocks::LastWritten;
use crate::continuity::{Continuity, Generation, Marks, Tail};
use crate::error::LedgerError;
use crate::horizon::DigestKey;
use crate::load;
use crate::reader::Reader;
use crate::report::{AbsorbReport, OpeningReport};
use crate::state::{LogState, State, Terminal};
use crate::store::rows::{self, Draft, Table, meta_key};
use crate::store::{Store, StoreError, View};
use crate::witness::{FirstLogs, Pending, Withheld};
use intent_contracts::kinds::Roles;
use intent_contracts::planted;
use intent_contracts::{
    AuthorKey, Charter, Clock, Digest, EntryId, Item, KeyRing, LedgerId, LogId, LogKey, NoticeId, RecordId,
    Refusal, Scope, Signer, Tai, VerifiedItem, cbor, verify_all,
};
use rand_core::CryptoRng;
use serde_tuple::{Deserialize_tuple, Serialize_tuple};
use std::collections::{BTreeMap, BTreeSet};

/// What a replica needs beside its store and charter.
pub struct Host {
    /// Signs what this replica writes.
    pub signer: Box<dyn Signer + Send>,
    /// The host's record of the store's generation.
    pub continuity: Box<dyn Continuity>,
    /// A true random source: incarnations, salts of messages and of signature batches.
    pub entropy: Box<dyn CryptoRng + Send>,
}

/// An admitted log, as a replica tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSummary {
    /// Its id.
    pub id: LogId,
    /// What makes it.
    pub key: LogKey,
    /// The last slot of its trunk; 0 when it has none.
    pub head: u64,
    /// The id there; at head 0 the entry of its enrolment.
    pub head_id: EntryId,
    /// When its head was authored, by its author's clock.
    pub head_authored: Tai,
    /// What ended it.
    pub terminal: Option<Terminal>,
}

impl LogSummary {
    pub(crate) fn of(id: LogId, log: &LogState) -> Self {
        let LogState { key, head, head_id, head_authored, terminal, .. } = log;
        Self {
            id,
            key: *key,
            head: *head,
            head_id: *head_id,
            head_authored: *head_authored,
            terminal: *terminal,
        }
    }
}

/// An own log that is no longer in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub(crate) struct LostLog {
    pub(crate) log: LogId,
    pub(crate) end: Tai,
    pub(crate) enrolment: RecordId,
}

/// How many rows a sound store has in each table that opening reads whole: so a missing row is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub(crate) struct Census {
    pub(crate) logs: u64,
    pub(crate) enrolments: u64,
    pub(crate) notices: u64,
    pub(crate) digests: u64,
    pub(crate) salvage: u64,
    /// Dead numbers `[BOUND-2]`.
    pub(crate) dead: u64,
    /// Marks of own logs, and of own notices that nobody has yet.
    pub(crate) own: u64,
    pub(crate) unheard: u64,
}

/// A present enrolment, as a replica tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolmentSummary {
    /// The record that enrols.
    pub record: RecordId,
    /// The log and slot that hold the record; none for a root of the charter.
    pub place: Option<(LogId, u64)>,
    /// The enrolled key.
    pub key: AuthorKey,
    /// The commitment to the key that may follow it `[KEY-6]`.
    pub next_key: Option<Digest>,
    /// What it may do.
    pub roles: Roles,
    /// Where.
    pub scope: Scope,
    /// Until when.
    pub until: Tai,
    /// What one of its logs in the productivity lane may be charged, in bytes `[ADM-7]`.
    pub byte_budget: u64,
    /// What one of its logs in the safety lane may be charged, in bytes `[ADM-7]`.
    pub safety_budget: u64,
    /// How many logs may live at a time; one more ends the enrolment `[ADM-10]`.
    pub max_logs: u64,
    /// How many notices may live at a time; one more suspends what its author could deny `[ADM-12]`.
    pub max_notices: u64,
    /// How many do.
    pub living_logs: u64,
    /// How many of its notices live.
    pub living_notices: u64,
}

impl EnrolmentSummary {
    /// How many logs may still be opened under it.
    #[must_use]
    pub const fn room(&self) -> u64 {
        self.max_logs.saturating_sub(self.living_logs)
    }
}

/// One replica of a ledger.
///
/// A `Ledger` is `Send` and not meant to be shared: whoever holds it writes. Threads that read take a
/// [`Reader`] each, which is `Send` and `Sync`.
///
/// ```
/// use intent_ledger::contracts::*;
/// use intent_ledger::{Host, Ledger, MemoryStore, NoContinuity};
/// use rand_chacha::{ChaCha12Rng, rand_core::SeedableRng};
///
/// let root = SecretKey::from_seed([1; 32]);
/// let roots = vec![CharterRoot::new(root.author(), 1 << 40, 16)];
/// let until = Tai(4_000_000_000_000);
/// let charter = Charter::new("forge", roots, 1, until, CharterParameters::default(), [7; 32])?;
/// let host = Host {
///     signer: Box::new(root),
///     continuity: Box::new(NoContinuity),
///     entropy: Box::new(ChaCha12Rng::from_seed([3; 32])), // a true random source in earnest
/// };
/// let mut ledger = Ledger::create(MemoryStore::new(), &charter, vec![Scope::root()], host)?;
///
/// let now = Clock::new(Tai(1_800_000_000_000), Millis(50));
/// let records = [Record::new(9, now.hi().plus(Millis::days(3)), vec![0x80])];
/// let written = ledger.append(Lane::Productivity, &records, now)?;
/// assert_eq!(written.seq, 1);
/// assert_eq!(ledger.entry_count(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Ledger<S: Store> {
    pub(crate) store: S,
    pub(crate) state: State,
    pub(crate) host: Host,
    pub(crate) author: AuthorKey,
    pub(crate) ring: KeyRing,
    /// Secret; batch coefficients derive from it.
    pub(crate) salt: [u8; 32],
    /// What proves continuity `[INC-2]`.
    pub(crate) marks: Marks,
    /// The marks as the store has them.
    pub(crate) stored_marks: Option<Marks>,
    /// Whether the store's marks could not be read.
    pub(crate) marks_lost: bool,
    /// Whether opening has found out if own logs are gone on with `[INC-8]`.
    pub(crate) taken_up: bool,
    pub(crate) pending: Pending,
    /// Own logs that this replica may go on writing.
    pub(crate) writing: BTreeSet<LogId>,
    /// When it wrote there last `[CLOCK-1]`.
    pub(crate) written: LastWritten,
    /// Logs that the charter names and that this store alone may open `[INC-5]`.
    pub(crate) unopened: BTreeSet<LogId>,
    /// The enrolment under which this replica writes.
    pub(crate) own: Option<RecordId>,
    /// Of own logs, up to which slot a peer is known to have admitted them.
    pub(crate) acknowledged: BTreeMap<LogId, u64>,
    pub(crate) digests: BTreeMap<DigestKey, Digest>,
    /// The first clock reading that this replica was given and could believe `[HOR-8]`.
    pub(crate) birth: Option<Tai>,
    /// The greatest `now.lo` by which the horizon was advanced.
    pub(crate) clock_floor: Tai,
    /// Own logs that damage took away while others may still hold them `[STORE-9]`.
    pub(crate) lost: BTreeMap<LogId, LostLog>,
    /// As last committed; `None` when the store's is not known.
    pub(crate) census: Option<Census>,
    pub(crate) opening: OpeningReport,
    poisoned: bool,
}

impl<S: Store> Ledger<S> {
    /// Founds a replica in an empty store. It opens no log that the charter's first gives name; an authority's
    /// one founding is [`found`](Self::found) `[INC-5]`.
    ///
    /// # Errors
    /// [`LedgerError::Founded`] when the store holds a ledger; others as the host or store fails.
    pub fn create(
        store: S,
        charter: &Charter,
        interests: Vec<Scope>,
        host: Host,
    ) -> Result<Self, LedgerError> {
        Self::found(store, charter, interests, host, &FirstLogs::Named(Vec::new()))
    }

    /// Founds a replica in an empty store that opens the logs of the charter's first gives that the host names
    /// `[INC-5]`. A founding that was cut short is finished by [`open`](Self::open) and
    /// [`open_first_logs`](Self::open_first_logs).
    ///
    /// # Errors
    /// [`LedgerError::Founded`] when the store holds a ledger; [`LedgerError::FoundedBefore`] when logs are named
    /// and the host's record knows of a store; [`LedgerError::NotFirst`] for a log that no first give names;
    /// others as the host or store fails.
    pub fn found(
        store: S,
        charter: &Charter,
        interests: Vec<Scope>,
        host: Host,
        first: &FirstLogs,
    ) -> Result<Self, LedgerError> {
        load::assert_unfounded(&store.view()?)?;
        if interests.is_empty() || interests.len() > INTERESTS_MAX {
            return Err(LedgerError::Interests { count: interests.len() });
        }
        let state = State::founded(charter, interests, Tai(0));
        let mut ledger = Self::with_state(store, state, host)?;
        ledger.founding(first)?;
        ledger.opening.logs_left = ledger.logs_left();
        Ok(ledger)
    }

    pub(crate) fn with_state(store: S, state: State, mut host: Host) -> Result<Self, LedgerError> {
        let author = host.signer.author();
        let mut ring = KeyRing::new();
        ring.check(&author).map_err(LedgerError::SignerKey)?;
        let mut salt = [0; 32];
        host.entropy.fill_bytes(&mut salt);
        Ok(Self {
            store,
            state,
            host,
            author,
            ring,
            salt,
            marks: Marks::default(),
            stored_marks: None,
            marks_lost: false,
            taken_up: false,
            pending: Pending::No,
            writing: BTreeSet::new(),
            written: LastWritten::new(),
            unopened: BTreeSet::new(),
            own: None,
            acknowledged: BTreeMap::new(),
            digests: BTreeMap::new(),
            birth: None,
            clock_floor: Tai(0),
            lost: BTreeMap::new(),
            census: None,
            opening: OpeningReport::default(),
            poisoned: false,
        })
    }

    /// Takes in a bundle, or any part of one, from anywhere.
    ///
    /// `now` judges nothing; it is compared with what authors declare, to find wrong clocks. Returns
    /// after the commit.
    ///
    /// Work is capped `[BOUND-2]`: at most 4 MiB are taken; each new item costs at most two signature
    /// checks, one more for each piece of evidence that it carries, and each forked log that is met two more; a
    /// known item costs a look. [`absorb_some`](Self::absorb_some) does it in steps. What a fork or a bound drops is unlinked at once, which is linear in the logs, enrolments and notices dropped; of
    /// the dropped logs' entry rows at most [`SWEPT_ROWS_MAX`](crate::bounds::SWEPT_ROWS_MAX) are deleted
    /// in one call, the others by later calls or [`sweep`](Self::sweep). A log that is cut at a fork loses
    /// its own rows above the fork at once; its byte budget bounds them.
    ///
    /// # Errors
    /// [`LedgerError`] when the call as a whole failed; refused items stand in the report.
    pub fn absorb(&mut self, bytes: &[u8], now: Clock) -> Result<AbsorbReport, LedgerError> {
        self.sound()?;
        if bytes.len() > ABSORB_BYTES_MAX {
            return Err(LedgerError::TooMuch { given: bytes.len(), most: ABSORB_BYTES_MAX });
        }
        let unpacked = unpack(&self.state.ledger, bytes);
        let mut report = AbsorbReport { stopped: unpacked.stopped, ..AbsorbReport::default() };
        let mut draft = Draft::over(self.store.view()?);
        let (offsets, items) = self.worth_checking(unpacked.items, now, &draft, &mut report)?;
        let verdicts = verify_all(&self.state.ledger, items, &mut self.ring, &self.salt);
        let authentic: Vec<&VerifiedItem> =
            verdicts.iter().filter_map(|verdict| verdict.as_ref().ok()).collect();
        match self.notice_growth(&authentic, &mut draft) {
            Ok(grown) => report.own_log_grew = grown,
            Err(error) => {
                self.poisoned = true;
                return Err(error.into());
            }
        }
        let outcome = self.place_all(offsets, verdicts, &mut draft, &mut report);
        self.born(now, None, &mut draft);
        self.settle(outcome, draft)?;
        report.horizon_ahead = Some(self.state.horizon).filter(|horizon| *horizon > now.hi());
        report.waiting = self.state.pool.len() as u64;
        report.crowded_out = self.state.pool.take_crowded_out();
        Ok(report)
    }

    /// Splits off what is refused, known or needless before any signature is checked.
    fn worth_checking(
        &self,
        received: Vec<Received>,
        now: Clock,
        draft: &Draft<S::View>,
        report: &mut AbsorbReport,
    ) -> Result<(Vec<usize>, Vec<Item>), StoreError> {
        let (mut offsets, mut items, mut ids) = (Vec::new(), Vec::new(), LastLog::default());
        for Received { offset, item } in received {
            let item = match item {
                Ok(item) => item,
                Err(refusal) => {
                    report.refuse(Some(offset), refusal);
                    continue;
                }
            };
            let gate = match &*item {
                Item::Entry(entry) => {
                    let written = entry.header().authored.clock();
                    let ahead = written.lo() > now.hi();
                    report.ahead_of_clock += u64::from(ahead);
                    if ahead && planted::on("use a clock in merge") {
                        continue;
                    }
                    let log = ids.of(&entry.header().log, &self.state.ledger);
                    match self.state.gate_entry(log, entry, draft)? {
                        // What never left from here and comes back has left another copy [INC-9].
                        Gate::Known if self.unsure() == Some((log, entry.header().seq)) => Gate::Changes,
                        gate => gate,
                    }
                }
                Item::Notice(notice) => self.state.gate_notice(notice),
                Item::Fork(fork) => self.state.gate_fork(fork.log(), fork.slot(), fork.pair()),
            };
            match gate {
                Gate::Known => report.known += 1,
                Gate::Refused(reason) => report.refuse(Some(offset), Refusal::from(reason)),
                Gate::Waits { .. } | Gate::Changes => {
                    offsets.push(offset);
                    items.push(*item);
                }
            }
        }
        Ok((offsets, items))
    }

    fn place_all(
        &mut self,
        offsets: Vec<usize>,
        verdicts: Vec<Result<VerifiedItem, Refusal>>,
        draft: &mut Draft<S::View>,
        report: &mut AbsorbReport,
    ) -> Result<(), StoreError> {
        let mut admission = Admission::new(&mut self.state, &mut self.ring, draft, report);
        for (offset, verdict) in offsets.into_iter().zip(verdicts) {
            match verdict {
                Ok(item) => admission.place(item, offset)?,
                Err(refusal) => admission.refuse(offset, refusal),
            }
        }
        Ok(())
    }

    /// Commits what an admission drafted; poisons the handle when it failed half way.
    pub(crate) fn settle(
        &mut self,
        outcome: Result<(), StoreError>,
        mut draft: Draft<S::View>,
    ) -> Result<(), LedgerError> {
        if let Err(error) = outcome {
            self.poisoned = true;
            return Err(error.into());
        }
        let before = self.writing.len();
        self.prune_writing();
        if self.writing.len() != before {
            self.save_writing(&mut draft);
        }
        self.prune_unopened(&mut draft);
        self.commit(draft)
    }

    /// A log that is in the state was opened, by whomever.
    pub(crate) fn prune_unopened(&mut self, draft: &mut Draft<S::View>) {
        let before = self.unopened.len();
        let logs = &self.state.logs;
        self.unopened.retain(|log| !logs.contains_key(log));
        if self.unopened.len() != before {
            self.save_unopened(draft);
        }
    }

    pub(crate) fn save_unopened(&self, draft: &mut Draft<S::View>) {
        let unopened: Vec<LogId> = self.unopened.iter().copied().collect();
        draft.put_row(meta_key("unopened"), &unopened);
    }

    /// Own logs that have ended or are gone are no longer written.
    pub(crate) fn prune_writing(&mut self) {
        let logs = &self.state.logs;
        self.writing.retain(|log| logs.get(log).is_some_and(|state| state.terminal.is_none()));
        // What took the unsure entry along leaves nothing to withhold.
        let there = |tail: &Tail| logs.get(&tail.log).is_some_and(|log| log.head >= tail.slot);
        self.marks.tail = self.marks.tail.filter(there);
    }

    /// Whether this replica wrote a log, under the key that it has now or under an earlier one.
    pub(crate) fn is_own(&self, id: &LogId, log: &LogState) -> bool {
        log.key.author == self.author || self.state.own_logs.contains(id)
    }

    pub(crate) fn save_writing(&self, draft: &mut Draft<S::View>) {
        let writing: Vec<LogId> = self.writing.iter().copied().collect();
        draft.put_row(meta_key("writing"), &writing);
        self.save_written(draft);
    }

    /// Writes every row that tells of the replica itself.
    pub(crate) fn save_meta(&self, draft: &mut Draft<S::View>) {
        for name in ["charter", "charter-copy"] {
            draft.put(meta_key(name), self.state.charter.bytes().to_vec());
        }
        for name in ["interests", "interests-copy"] {
            draft.put_row(meta_key(name), &self.state.interests);
        }
        self.save_lost(draft);
        draft.put_row(meta_key("horizon"), &self.state.horizon);
        draft.put_row(meta_key("clock-floor"), &self.clock_floor);
        draft.put_row(meta_key("birth"), &self.birth);
        self.save_marks(draft);
        draft.put_row(meta_key("own-enrolment"), &self.own);
        draft.put(meta_key("acknowledged"), encode_pairs(&self.acknowledged));
        draft.put_row(meta_key("census"), &self.counted());
        self.state.own_logs.iter().for_each(|log| draft.put(rows::own_log_key(log), Vec::new()));
        self.state.unheard.iter().for_each(|notice| draft.put(rows::unheard_key(notice), Vec::new()));
        self.save_writing(draft);
        self.save_unopened(draft);
        self.save_digests(draft);
        for bundle in &self.opening.salvage {
            draft.put(rows::salvage_key(bundle), bundle.clone());
        }
    }

    /// How many rows each table that opening reads whole must have.
    pub(crate) fn counted(&self) -> Census {
        let placed = self.state.enrolments.values().filter(|found| found.place.is_some()).count();
        Census {
            logs: self.state.logs.len() as u64,
            enrolments: placed as u64,
            notices: self.state.notices.len() as u64,
            digests: self.digests.len() as u64,
            salvage: self.opening.salvage.len() as u64,
            dead: self.state.dead.len() as u64,
            own: self.state.own_logs.len() as u64,
            unheard: self.state.unheard.len() as u64,
        }
    }

    /// Keeps the rows that count up to date with the commit that they belong to.
    fn take_census(&mut self, draft: &mut Draft<S::View>) {
        let lapsed = self.lost.len();
        self.lost.retain(|_, log| log.end >= self.state.horizon);
        if self.lost.len() != lapsed {
            self.save_lost(draft);
        }
        let census = self.counted();
        if self.census != Some(census) {
            draft.put_row(meta_key("census"), &census);
            self.census = Some(census);
        }
    }

    pub(crate) fn save_lost(&self, draft: &mut Draft<S::View>) {
        let lost: Vec<LostLog> = self.lost.values().copied().collect();
        for name in ["lost", "lost-copy"] {
            draft.put_row(meta_key(name), &lost);
        }
    }

    /// Own logs under an enrolment that damage took away and that have not come back; they count as living
    /// `[LOG-3]`.
    pub(crate) fn lost_logs(&self, enrolment: &RecordId) -> impl Iterator<Item = Tai> + '_ {
        let enrolment = *enrolment;
        let away =
            move |log: &&LostLog| log.enrolment == enrolment && !self.state.logs.contains_key(&log.log);
        self.lost.values().filter(away).map(|log| log.end)
    }

    /// Commits a draft, and with it a bounded share of what is to be swept `[BOUND-2]`.
    pub(crate) fn commit(&mut self, mut draft: Draft<S::View>) -> Result<(), LedgerError> {
        self.state.listen(&mut self.ring, &self.salt);
        self.state.sweep(&mut draft);
        if draft.is_empty() {
            return Ok(());
        }
        if planted::on("acknowledge before the commit") && self.marks.current.count().is_multiple_of(5) {
            return Ok(());
        }
        if self.stored_marks != Some(self.marks) {
            self.save_marks(&mut draft);
        }
        self.take_census(&mut draft);
        let marks = self.marks;
        self.store.commit(draft.into_writes()).map_err(|error| {
            self.poisoned = true;
            LedgerError::from(error)
        })?;
        self.stored_marks = Some(marks);
        Ok(())
    }

    pub(crate) fn sound(&self) -> Result<(), LedgerError> {
        if self.poisoned && !planted::on("go on after a failed commit") {
            Err(LedgerError::Poisoned)
        } else {
            Ok(())
        }
    }

    pub(crate) fn poison(&mut self) {
        self.poisoned = true;
    }

    /// What opening found damaged in the store, and what it made of it. Empty after an opening of a sound one.
    #[must_use]
    pub const fn opening(&self) -> &OpeningReport {
        &self.opening
    }

    /// Deletes from the store what [`OpeningReport::salvage`] holds: the host has taken it elsewhere.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn release_salvage(&mut self) -> Result<(), LedgerError> {
        self.sound()?;
        let mut draft = Draft::over(self.store.view()?);
        for bundle in self.opening.salvage.drain(..) {
            draft.delete(rows::salvage_key(&bundle));
        }
        self.commit(draft)
    }

    /// The ledger's id.
    #[must_use]
    pub const fn ledger_id(&self) -> LedgerId {
        self.state.ledger
    }

    /// The charter.
    #[must_use]
    pub const fn charter(&self) -> &Charter {
        &self.state.charter
    }

    /// The key under which this replica writes.
    #[must_use]
    pub const fn author(&self) -> AuthorKey {
        self.author
    }

    /// The scopes that this replica declares to hold.
    #[must_use]
    pub fn interests(&self) -> &[Scope] {
        &self.state.interests
    }

    /// The moment below which this replica has forgotten.
    #[must_use]
    pub const fn horizon(&self) -> Tai {
        self.state.horizon
    }

    /// The admitted logs, by id.
    pub fn logs(&self) -> impl Iterator<Item = LogSummary> + '_ {
        let withheld = self.withheld();
        let told =
            move |(id, log): (&LogId, &LogState)| withheld.told(id, log).map(|log| LogSummary::of(*id, log));
        self.state.logs.iter().filter_map(told)
    }

    /// The admitted notices, by id.
    pub fn notices(&self) -> impl Iterator<Item = NoticeId> + '_ {
        let withheld = self.withheld();
        self.state.notices.keys().copied().filter(move |id| !withheld.notices.contains(id))
    }

    /// The present enrolments, the charter's roots included.
    pub fn enrolments(&self) -> impl Iterator<Item = RecordId> + '_ {
        let withheld = self.withheld();
        self.state.enrolments.keys().copied().filter(move |id| !withheld.enrolments.contains(id))
    }

    /// What a present enrolment says, and how much of it is used.
    ///
    /// ```
    /// # use intent_ledger::contracts::*;
    /// # use intent_ledger::{Host, Ledger, MemoryStore, NoContinuity};
    /// # use rand_chacha::{ChaCha12Rng, rand_core::SeedableRng};
    /// # let root = SecretKey::from_seed([1; 32]);
    /// # let roots = vec![CharterRoot::new(root.author(), 1 << 40, 16)];
    /// # let until = Tai(4_000_000_000_000);
    /// # let charter = Charter::new("forge", roots, 1, until, CharterParameters::default(), [7; 32])?;
    /// # let entropy = Box::new(ChaCha12Rng::from_seed([3; 32]));
    /// # let host = Host { signer: Box::new(root), continuity: Box::new(NoContinuity), entropy };
    /// let ledger = Ledger::create(MemoryStore::new(), &charter, vec![Scope::root()], host)?;
    /// let root = ledger.enrolment(&RecordId::root(&charter.ledger_id(), 0)).unwrap();
    /// assert_eq!((root.scope, root.until, root.living_logs), (Scope::root(), until, 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn enrolment(&self, record: &RecordId) -> Option<EnrolmentSummary> {
        let found = self.state.enrolments.get(record)?;
        Some(EnrolmentSummary {
            record: *record,
            place: found.place,
            key: found.key,
            next_key: found.next_key,
            roles: found.roles,
            scope: found.scope.clone(),
            until: found.until,
            byte_budget: found.byte_budget,
            safety_budget: found.safety_budget,
            max_logs: found.max_logs,
            max_notices: found.max_notices,
            living_logs: found.logs.len() as u64,
            living_notices: found.notices.len() as u64,
        })
    }

    /// Admitted entries in all trunks.
    #[must_use]
    pub fn entry_count(&self) -> u64 {
        let withheld = self.withheld();
        self.state.logs.iter().map(|(id, log)| withheld.head(id, log.head)).sum()
    }

    /// Items and bytes in the waiting pool.
    #[must_use]
    pub fn waiting(&self) -> (usize, usize) {
        (self.state.pool.len(), self.state.pool.bytes())
    }

    /// The enrolment under which this replica writes, once it has written.
    #[must_use]
    pub const fn own_enrolment_record(&self) -> Option<RecordId> {
        self.own
    }

    /// The last commit of own entries, or the opening, as the host was told to record it `[INC-3]`.
    #[must_use]
    pub const fn generation(&self) -> Generation {
        self.marks.current
    }

    /// When this replica was first told a time that it could believe `[HOR-8]`; none before.
    #[must_use]
    pub const fn birth(&self) -> Option<Tai> {
        self.birth
    }

    /// Whether an earlier commit failed, so that every further call fails until the store is opened anew
    /// `[STORE-1]`.
    #[must_use]
    pub const fn is_poisoned(&self) -> bool {
        self.poisoned
    }

    /// Own logs to which this replica may still add; none before continuity is found out `[INC-8]`. Those of the charter's first gives that are not opened
    /// yet are not among them.
    pub fn writing(&self) -> impl Iterator<Item = LogId> + '_ {
        self.writing.iter().copied().filter(|_| self.taken_up)
    }

    /// A digest of the whole state: equal on replicas that have admitted the same `[LAW-1]`.
    #[must_use]
    pub fn state_digest(&self) -> Digest {
        let mut hasher = blake3::Hasher::new_derive_key("intent-ledger v1 state");
        let withheld = self.withheld();
        let told = |(id, log)| Withheld::told(&withheld, id, log).map(|log| (id, log));
        for (id, log) in self.state.logs.iter().filter_map(told) {
            hasher.update(&log_line(id, log));
        }
        for id in self.state.notices.keys().filter(|id| !withheld.notices.contains(*id)) {
            hasher.update(id.as_bytes());
        }
        Digest::from_bytes(*hasher.finalize().as_bytes())
    }

    /// A snapshot for another thread: it sees what is committed now, but what is unsure, and blocks nothing.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn reader(&self) -> Result<Reader<S::View>, LedgerError> {
        self.sound()?;
        Ok(Reader::over(self.store.view()?, self.state.ledger, self.withheld()))
    }

    /// Gives the store back.
    #[must_use]
    pub fn into_store(self) -> S {
        self.store
    }
}

/// What identifies a log's admitted content: its id, head and terminal.
pub(crate) fn log_line(id: &LogId, log: &LogState) -> Vec<u8> {
    let mut line = id.as_bytes().to_vec();
    line.extend_from_slice(&log.head.to_be_bytes());
    line.extend_from_slice(log.head_id.as_bytes());
    line.extend_from_slice(&terminal_line(log.terminal));
    line
}

pub(crate) fn terminal_line(terminal: Option<Terminal>) -> Vec<u8> {
    let mut line = terminal.map_or(0, |terminal| terminal.slot()).to_be_bytes().to_vec();
    for id in terminal.iter().flat_map(Terminal::ids) {
        line.extend_from_slice(id.as_bytes());
    }
    line
}

/// Reads all rows of a table in key order.
pub(crate) fn for_rows<V: View>(
    view: &V,
    table: Table,
    mut each: impl FnMut(&[u8], &[u8]) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    for row in view.rows_from(&table.prefix(), &[])? {
        let (key, value) = row?;
        each(&key, &rows::unseal(&key, &value)?)?;
    }
    Ok(())
}

pub(crate) fn damaged(key: &[u8], what: &str) -> StoreError {
    StoreError::Damaged { what: format!("row {}: {what}", rows::shown(key)) }
}

/// The row of what peers have acknowledged.
pub(crate) fn encode_pairs(pairs: &BTreeMap<LogId, u64>) -> Vec<u8> {
    let pairs: Vec<(LogId, u64)> = pairs.iter().map(|(log, seq)| (*log, *seq)).collect();
    cbor::encode(&pairs)
}
