//! What the host's record lets this store do: take up own logs, write, act; and what is withheld until then.
//!
//! - Whoever opens a store draws a fresh generation and has it recorded before anything else, so of two copies
//!   that one record would prove only one is proven `[INC-2]`.
//! - At each own commit and each `Go` the record is read, and must name the current generation `[INC-7]`.
//! - So at most the last own commit is unsure, and only that is withheld `[INC-6]`.
//! - Whoever takes a store over lets what another copy said before run out first: that is the host's `[ASM-7]`.

use crate::admit::Admission;
use crate::continuity::{ContinuityFault, Generation, Marks, Tail};
use crate::error::{AppendError, LedgerError};
use crate::ledger::Ledger;
use crate::report::{AbsorbReport, Continued};
use crate::state::{LogState, State};
use crate::store::rows::{Draft, meta_key};
use crate::store::{Store, StoreError};
use intent_contracts::{AuthorKey, Charter, LogId, LogKey, NoticeId, RecordId, VerifiedItem, planted};
use std::collections::{BTreeMap, BTreeSet};

/// The host's word on the logs that the charter's first gives name `[INC-5]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FirstLogs {
    /// This store opens these, as the first and only one of its key: refused when the host has recorded a store
    /// before.
    Named(Vec<LogId>),
    /// This store opens these although another one was founded under its key: an operator knows that no other
    /// store has ever written to them. If one has, both fork the log, and all that was given in it falls.
    Approved(Vec<LogId>),
}

impl FirstLogs {
    /// All logs under `author`'s key that the charter's first gives name.
    ///
    /// For the one founding of an authority. A script that founds a node anew on every start must not say it.
    #[must_use]
    pub fn all(charter: &Charter, author: &AuthorKey) -> Self {
        let ledger = charter.ledger_id();
        let logs: BTreeSet<LogId> = first_logs(charter, author).map(|key| key.id(&ledger)).collect();
        Self::Named(logs.into_iter().collect())
    }

    fn logs(&self) -> &[LogId] {
        match self {
            Self::Named(logs) | Self::Approved(logs) => logs,
        }
    }
}

/// The logs under a key that the charter's first gives name, once for each give.
fn first_logs(charter: &Charter, author: &AuthorKey) -> impl Iterator<Item = LogKey> {
    let (ledger, author) = (charter.ledger_id(), *author);
    let own = charter.gives().iter().filter(move |give| {
        charter.roots().get(usize::from(give.root)).is_some_and(|root| root.key == author)
    });
    own.map(move |give| LogKey {
        author,
        lane: give.lane,
        incarnation: give.incarnation,
        end: give.end,
        enrolment: RecordId::root(&ledger, give.root),
    })
}

/// What is still to be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pending {
    /// Nothing: the current generation is recorded.
    No,
    /// The current generation, after this one and no other.
    After(Option<Generation>),
    /// The current generation, whatever is recorded: all own logs are let go of, so another copy loses its proof
    /// and this one claims nothing of it.
    AfterAny,
}

/// What of the state nobody is told: the unsure entry, and all that hangs on what it enrols `[INC-6]`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Withheld {
    /// Of a log, as peers may know it; none when nothing of it is told.
    pub(crate) logs: BTreeMap<LogId, Option<LogState>>,
    pub(crate) notices: BTreeSet<NoticeId>,
    pub(crate) enrolments: BTreeSet<RecordId>,
}

impl Withheld {
    /// A log as it is told.
    pub(crate) fn told<'a>(&'a self, id: &LogId, log: &'a LogState) -> Option<&'a LogState> {
        self.logs.get(id).map_or(Some(log), Option::as_ref)
    }

    /// The last slot that is told of a log with this head.
    pub(crate) fn head(&self, id: &LogId, head: u64) -> u64 {
        self.logs.get(id).map_or(head, |log| log.as_ref().map_or(0, |log| log.head))
    }
}

impl State {
    /// What is withheld with an own entry.
    pub(crate) fn withheld(&self, tail: &Tail) -> Withheld {
        let mut withheld = Withheld::default();
        let mut work = vec![(tail.log, tail.slot)];
        while let Some((id, slot)) = work.pop() {
            let Some(log) = self.logs.get(&id) else { continue };
            let told = (slot > 1).then(|| {
                let mut told = log.clone();
                (told.head, told.head_id) = (slot - 1, tail.below);
                told
            });
            withheld.logs.insert(id, told);
            for (_, record) in log.enrolments.iter().filter(|(holder, _)| *holder >= slot) {
                let Some(enrolment) = self.enrolments.get(record) else { continue };
                withheld.enrolments.insert(*record);
                withheld.notices.extend(enrolment.notices.iter().map(|(_, notice)| *notice));
                work.extend(enrolment.logs.iter().map(|(_, log)| (*log, 1)));
            }
        }
        withheld
    }
}

impl<S: Store> Ledger<S> {
    /// The own entry that is committed and that no record confirms yet: its log and slot. It is in nothing that
    /// leaves this replica, nor in what the ledger tells of its logs; the own view reads it `[INC-6]`.
    #[must_use]
    pub fn unsure(&self) -> Option<(LogId, u64)> {
        self.marks.tail.map(|tail| (tail.log, tail.slot))
    }

    /// Makes sure that this store is the one that goes on, and tells what its opening came to.
    ///
    /// Each own commit and each `Go` does so; a host calls it to learn early, or to let an unsure entry leave
    /// when its record answers again `[INC-7]`. The store then says of its last own entry that it was recorded, so
    /// who looks at it later sees that entry too `[STORE-14]`.
    ///
    /// # Errors
    /// [`LedgerError::Continuity`] when the record does not answer or names another store; a fault of the store.
    pub fn prove_continuity(&mut self) -> Result<Continued, LedgerError> {
        self.prove()?;
        self.store_marks()?;
        Ok(self.opening.continuity.clone())
    }

    /// Opens logs that the charter's first gives name: a founding that was cut short is finished so `[INC-5]`.
    ///
    /// # Errors
    /// [`AppendError::NotFirst`] for a log that no first give of this key names or that somebody has opened;
    /// [`AppendError::FoundedBefore`] when another store may have been founded and no operator approved.
    pub fn open_first_logs(&mut self, first: &FirstLogs) -> Result<(), AppendError> {
        self.prove()?;
        if matches!(first, FirstLogs::Named(_)) && !self.marks.sole {
            return Err(AppendError::FoundedBefore);
        }
        self.may_open(first)?;
        let mut draft = Draft::over(self.store.view().map_err(LedgerError::from)?);
        self.unopened.extend(first.logs());
        self.save_unopened(&mut draft);
        Ok(self.commit_own(draft, None)?)
    }

    fn may_open(&self, first: &FirstLogs) -> Result<(), AppendError> {
        let named: BTreeSet<LogId> = self.first_logs().map(|key| key.id(&self.state.ledger)).collect();
        let closed = |log: &&LogId| {
            !named.contains(log) || self.state.logs.contains_key(log) || self.lost.contains_key(log)
        };
        match first.logs().iter().find(closed) {
            Some(log) => Err(AppendError::NotFirst { log: *log }),
            None => Ok(()),
        }
    }

    /// The logs under this replica's key that the charter's first gives name, once for each give.
    pub(crate) fn first_logs(&self) -> impl Iterator<Item = LogKey> + '_ {
        first_logs(&self.state.charter, &self.author)
    }

    /// Founds a store: its first commit, which the host records.
    pub(crate) fn founding(&mut self, first: &FirstLogs) -> Result<(), LedgerError> {
        let recorded = self.host.continuity.recorded()?;
        self.marks.sole = recorded.is_none();
        if let (Some(recorded), FirstLogs::Named(logs)) = (recorded, first)
            && !logs.is_empty()
        {
            return Err(LedgerError::FoundedBefore { recorded });
        }
        if let Err(AppendError::NotFirst { log }) = self.may_open(first) {
            return Err(LedgerError::NotFirst { log });
        }
        self.unopened = first.logs().iter().copied().collect();
        self.marks.current = self.draw(recorded);
        self.marks.previous = self.marks.current;
        self.taken_up = true;
        let mut draft = Draft::over(self.store.view()?);
        self.save_meta(&mut draft);
        self.commit(draft)?;
        self.pending = Pending::After(recorded);
        self.record_if_reachable(recorded)
    }

    /// Whether this store is surely the one that goes on, read from the record at this call `[INC-7]`.
    pub(crate) fn prove(&mut self) -> Result<(), LedgerError> {
        self.sound()?;
        if !self.host.continuity.keeps() {
            return Ok(());
        }
        if !self.taken_up {
            let draft = Draft::over(self.store.view()?);
            self.take_up(draft)?;
        }
        let recorded = self.host.continuity.recorded()?;
        if recorded == Some(self.marks.current) {
            self.confirm();
            return Ok(());
        }
        // What the last commit could not record is recorded first.
        let due = match self.pending {
            Pending::No => false,
            Pending::After(expected) => recorded == expected,
            Pending::AfterAny => true,
        };
        if due {
            self.record(recorded)
        } else {
            Err(ContinuityFault::found(recorded, self.marks.current).into())
        }
    }

    /// Takes up own logs when continuity is proven, and lets go of them when not `[INC-1]`, `[INC-2]`. When the
    /// record does not answer neither is done: the store can be read, and this is done at the first own commit or
    /// `Go` `[INC-8]`.
    pub(crate) fn take_up(&mut self, draft: Draft<S::View>) -> Result<(), LedgerError> {
        let recorded = match self.host.continuity.recorded() {
            Ok(recorded) => recorded,
            // Nothing that is recorded can prove it.
            Err(_) if self.marks_lost => None,
            Err(fault) => {
                self.opening.continuity = Continued::Awaited { fault };
                return if draft.is_empty() { Ok(()) } else { self.commit(draft) };
            }
        };
        self.taken_up = true;
        match recorded.filter(|recorded| !self.marks_lost && self.marks.proven_by(*recorded)) {
            Some(found) => self.take_up_proven(found, draft),
            None => self.take_up_nothing(recorded, draft),
        }
    }

    fn take_up_nothing(
        &mut self,
        recorded: Option<Generation>,
        draft: Draft<S::View>,
    ) -> Result<(), LedgerError> {
        let logs = self.writing.union(&self.unopened).copied().collect();
        let dropped = self.let_go_of_all(recorded, draft)?;
        self.opening.continuity = Continued::Lost { logs, dropped };
        Ok(())
    }

    /// A fresh generation comes before anything else: another copy that the same record proves is not proven
    /// any more `[INC-2]`.
    fn take_up_proven(&mut self, found: Generation, mut draft: Draft<S::View>) -> Result<(), LedgerError> {
        self.opening.continuity = Continued::Proven;
        if found == self.marks.current {
            self.marks.tail = None;
        }
        self.marks.recorded = true;
        if planted::on("draw no generation at a proven opening") {
            self.confirm();
            return self.commit(draft);
        }
        self.marks.current = self.draw(Some(found));
        self.marks.previous = found;
        self.save_marks(&mut draft);
        self.commit(draft)?;
        self.pending = Pending::After(Some(found));
        match self.record(Some(found)) {
            Err(LedgerError::Continuity(ContinuityFault::Unreachable { .. })) | Ok(()) => Ok(()),
            // Another copy was faster.
            Err(LedgerError::Continuity(_)) => {
                let recorded = self.host.continuity.recorded()?;
                let draft = Draft::over(self.store.view()?);
                self.take_up_nothing(recorded, draft)
            }
            Err(other) => Err(other),
        }
    }

    /// One commit drops what is unsure, lets go of all own logs and draws a generation that nothing recorded
    /// before can prove `[INC-1]`, `[INC-6]`.
    pub(crate) fn let_go_of_all(
        &mut self,
        recorded: Option<Generation>,
        mut draft: Draft<S::View>,
    ) -> Result<u64, LedgerError> {
        let mut dropped = 0;
        for tail in self.unsure_tails() {
            match self.drop_tail(tail, &mut draft) {
                Ok(entries) => dropped += entries,
                Err(error) => {
                    self.poison();
                    return Err(error.into());
                }
            }
        }
        self.let_go_in(&mut draft);
        let keeps = self.host.continuity.keeps();
        self.marks.sole &= !self.marks.recorded && recorded.is_none() && keeps;
        self.marks.current = self.draw(recorded);
        self.marks.previous = self.marks.current;
        self.save_marks(&mut draft);
        self.commit(draft)?;
        (self.marks_lost, self.pending) = (false, Pending::AfterAny);
        self.record_if_reachable(recorded)?;
        Ok(dropped)
    }

    /// Records a generation; when that fails it is left to the next own commit.
    fn record_if_reachable(&mut self, recorded: Option<Generation>) -> Result<(), LedgerError> {
        match self.record(recorded) {
            Err(LedgerError::Continuity(_)) | Ok(()) => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// What may be unsure: what the marks name, and when these are lost, the last entry of each own log that no
    /// peer is known to have.
    fn unsure_tails(&self) -> Vec<Tail> {
        if planted::on("keep the unsure tail") {
            return Vec::new();
        }
        if !self.marks_lost {
            return self.marks.tail.into_iter().collect();
        }
        let own = self.state.logs.iter().filter(|(id, log)| self.is_own(id, log) && log.head > 0);
        let unheard = own.filter(|(id, log)| self.acknowledged.get(id).is_none_or(|slot| *slot < log.head));
        unheard.map(|(id, log)| Tail { log: *id, slot: log.head, below: log.key.enrolment.entry }).collect()
    }

    /// Takes an own entry that never left out of the state, with all that hangs on it.
    fn drop_tail(&mut self, tail: Tail, draft: &mut Draft<S::View>) -> Result<u64, StoreError> {
        self.marks.tail = None;
        let Some(key) = self.state.logs.get(&tail.log).filter(|log| log.head >= tail.slot).map(|log| log.key)
        else {
            return Ok(0);
        };
        let mut cut = AbsorbReport::default();
        let mut admission = Admission::new(&mut self.state, &mut self.ring, draft, &mut cut);
        admission.truncate(tail.log, tail.slot - 1)?;
        admission.drop_if_empty(tail.log);
        // If it left all the same, another copy has sent it, and it counts as a living log.
        self.note_lost(tail.log, key);
        self.save_lost(draft);
        Ok(cut.dropped)
    }

    /// Lets go of all own logs within a commit.
    pub(crate) fn let_go_in(&mut self, draft: &mut Draft<S::View>) {
        self.writing.clear();
        self.unopened.clear();
        self.save_writing(draft);
        self.save_unopened(draft);
    }

    /// Has the current generation recorded, if `expected` still is `[INC-4]`.
    pub(crate) fn record(&mut self, expected: Option<Generation>) -> Result<(), LedgerError> {
        let expected =
            if planted::on("record without comparing") { self.host.continuity.recorded()? } else { expected };
        self.host.continuity.record(expected, self.marks.current)?;
        self.confirm();
        Ok(())
    }

    /// The current generation is recorded: nothing is unsure. The next commit says so in the store as well.
    fn confirm(&mut self) {
        self.pending = Pending::No;
        self.marks.tail = None;
        self.marks.recorded = self.host.continuity.keeps();
    }

    /// Commits what is known of the record, when the store does not say it yet.
    pub(crate) fn store_marks(&mut self) -> Result<(), LedgerError> {
        if self.stored_marks == Some(self.marks) {
            return Ok(());
        }
        let mut draft = Draft::over(self.store.view()?);
        self.save_marks(&mut draft);
        self.commit(draft)
    }

    fn draw(&mut self, recorded: Option<Generation>) -> Generation {
        let mut nonce = [0; 16];
        self.host.entropy.fill_bytes(&mut nonce);
        self.marks.fresh(recorded, nonce)
    }

    /// Commits what this replica wrote under a fresh generation, which the host records before the call returns
    /// `[INC-3]`. The caller has proven continuity.
    pub(crate) fn commit_own(
        &mut self,
        mut draft: Draft<S::View>,
        tail: Option<Tail>,
    ) -> Result<(), LedgerError> {
        let before = self.marks.current;
        let current = self.draw(None);
        // Without a record nothing is taken up again, so nothing can be unsure.
        let tail = tail.filter(|_| self.host.continuity.keeps());
        self.marks = Marks { current, previous: before, tail, ..self.marks };
        self.save_marks(&mut draft);
        self.commit(draft)?;
        self.pending = Pending::After(Some(before));
        self.record(Some(before))
    }

    pub(crate) fn save_marks(&self, draft: &mut Draft<S::View>) {
        for name in ["generation", "generation-copy"] {
            draft.put_row(meta_key(name), &self.marks);
        }
    }

    /// Lets go of all own logs when somebody else wrote to one of them: what this store goes on with is not what
    /// was written last `[INC-9]`. Tells the log.
    pub(crate) fn notice_growth(
        &mut self,
        items: &[&VerifiedItem],
        draft: &mut Draft<S::View>,
    ) -> Result<Option<LogId>, StoreError> {
        if planted::on("go on where others have written") {
            return Ok(None);
        }
        let ledger = self.state.ledger;
        let log_of = |item: &VerifiedItem| match item {
            VerifiedItem::Entry(entry) => Some(entry.header().log.id(&ledger)),
            VerifiedItem::Fork(fork) => Some(fork.log().id(&ledger)),
            VerifiedItem::Notice(_) => None,
        };
        let grown: BTreeSet<LogId> = items.iter().filter_map(|item| log_of(item)).collect();
        if self.unopened.iter().any(|log| grown.contains(log)) {
            self.unopened.retain(|log| !grown.contains(log));
            self.save_unopened(draft);
        }
        let Some(log) = grown.into_iter().find(|log| self.writing.contains(log)) else { return Ok(None) };
        if let Some(tail) = self.marks.tail.take() {
            // If it came back itself, it did leave.
            let head = self.state.logs.get(&tail.log).map(|log| log.head_id);
            let back =
                |item: &&VerifiedItem| matches!(item, VerifiedItem::Entry(entry) if Some(entry.id()) == head);
            if !items.iter().any(back) {
                self.drop_tail(tail, draft)?;
            }
        }
        self.let_go_in(draft);
        self.marks.sole = false;
        self.save_marks(draft);
        Ok(Some(log))
    }

    /// What nobody is told now.
    pub(crate) fn withheld(&self) -> Withheld {
        let tail = self.marks.tail.filter(|_| !planted::on("send what is unsure"));
        tail.map(|tail| self.state.withheld(&tail)).unwrap_or_default()
    }
}
