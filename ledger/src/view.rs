//! What the state means: views, and the one question before each physical act `[ACT-1]`.
//!
//! - The records are read when a view is first asked for, once; from then on each admission keeps the
//!   reading in step. So a store opens without reading its entries.
//! - A view is a snapshot; it stays as it is while the ledger absorbs.

use crate::admit::split_charge;
use crate::clocks::ClockFault;
use crate::error::LedgerError;
use crate::ledger::{Ledger, damaged, for_rows};
use crate::store::rows::{self, Table};
use crate::store::{Store, StoreError, View as _};
use crate::told::admit_all;
use intent_contracts::{Clock, LogId, Millis, RecordId, Scope, SignedEntry, SignedNotice, Tai, planted};
use intent_merge_rules::{Hold, MayAct, Rules, View};

/// Entries of one log whose evidence is checked together when the rules are first read.
const READ_TOGETHER: usize = 256;

/// From where the state is looked at `[RULE-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Viewpoint {
    /// From this replica's own interests.
    #[default]
    Own,
    /// As a replica with these interests would see it, as far as this one holds them.
    Scopes(Vec<Scope>),
}

impl<S: Store> Ledger<S> {
    /// A snapshot of what the records mean, for planners and operators.
    ///
    /// The first call after opening reads every entry; later ones cost a few reference counts. The snapshot
    /// stays as it is while the ledger goes on `[RULE-1]`, and can be sent to another thread.
    ///
    /// ```
    #[doc = include_str!("doc/yard.txt")]
    /// let before = ledger.view(Viewpoint::Own)?;
    /// let whole = ledger.drawn(&whole)?;
    /// let claim = ledger.claim(&Wish::of(whole), clock)?.record();
    /// let after = ledger.view(Viewpoint::Own)?;
    /// assert!(before.claim(&claim).is_none());
    /// assert_eq!(after.claim(&claim).ok_or("it is here")?.leases[0].finding.standing, Standing::Firm);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A fault of the store, on the first call.
    pub fn view(&mut self, viewpoint: Viewpoint) -> Result<View, LedgerError> {
        self.sound()?;
        let scopes = match viewpoint {
            Viewpoint::Own => self.state.interests.clone(),
            Viewpoint::Scopes(scopes) => scopes,
        };
        Ok(self.rules()?.view(scopes))
    }

    /// May the holder of this lease act now, and until `stopping` later? `[ACT-1]`
    ///
    /// The one call before a physical act. `clock` surely contains the true time; `stopping` is how long
    /// this machine needs to stop, raised to what the resources ask. Both are in milliseconds. Cost: the
    /// claim's footprints, what answers them, and the chains of gives above them, and before `Go` one reading of the
    /// host's record `[INC-7]`; not the ledger's size.
    ///
    /// ```
    #[doc = include_str!("doc/yard.txt")]
    /// let whole = ledger.drawn(&whole)?;
    /// let claim = ledger.claim(&Wish::of(whole), clock)?.record();
    /// let answer = ledger.may_act(&claim, 0, clock, Millis(250))?;
    /// let valid_until = hour.end().minus(Millis(251));
    /// assert_eq!(answer, MayAct::Go { valid_until, information_age: Age::AtMost(Millis(0)) });
    /// // Later than that no time is left to stop within the lease.
    /// let late = Clock::new(valid_until, Millis(50));
    /// assert!(matches!(ledger.may_act(&claim, 0, late, Millis(250))?, MayAct::Hold(Hold::Window(_))));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`LedgerError::Poisoned`], or a fault of the store on the first call after opening. An error is a no.
    pub fn may_act(
        &mut self,
        claim: &RecordId,
        alternative: u8,
        clock: Clock,
        stopping: Millis,
    ) -> Result<MayAct, LedgerError> {
        if let Err(ClockFault::Behind { written, latest, .. }) = self.not_behind(clock) {
            return Ok(MayAct::Hold(Hold::ClockBehind { written, latest }));
        }
        let mut answer = self.answer(claim, alternative, clock, stopping)?;
        if matches!(answer, MayAct::Hold(_)) || planted::on("say Go without reading the witness") {
            return Ok(answer);
        }
        let before = self.marks.current;
        match self.prove() {
            // An opening that waited for its record may have let go of the lease just now.
            Ok(()) if self.marks.current != before => {
                answer = self.answer(claim, alternative, clock, stopping)?;
            }
            Ok(()) => {}
            Err(LedgerError::Continuity(fault)) => {
                return Ok(MayAct::Hold(Hold::Unproven(fault.to_string())));
            }
            Err(other) => return Err(other),
        }
        Ok(answer)
    }

    fn answer(
        &mut self,
        claim: &RecordId,
        alternative: u8,
        clock: Clock,
        stopping: Millis,
    ) -> Result<MayAct, LedgerError> {
        let (interests, writing) = (self.state.interests.clone(), self.writing.clone());
        let rules = self.rules()?;
        Ok(rules.may_act(interests, claim, alternative, clock, stopping, |log| writing.contains(log)))
    }

    /// The rules as this ledger has read them, for tests that ask in another's name. Not for hosts.
    ///
    /// # Errors
    /// As [`Ledger::view`].
    #[doc(hidden)]
    pub fn rules_for_tests(&mut self) -> Result<&Rules, LedgerError> {
        self.sound()?;
        self.rules()
    }

    /// The next moment at which an answer about an own claim can change by time alone, or the horizon can
    /// move `[HOR-1]`: when a host should wake. Cost: linear in the claims of the logs that it writes.
    ///
    /// ```
    #[doc = include_str!("doc/yard.txt")]
    /// let horizon = ledger.next_deadline(clock)?;
    /// let whole = ledger.drawn(&whole)?;
    /// ledger.claim(&Wish::of(whole), clock)?;
    /// // `Go` ends by the time to stop, and by the width of the clock, before the hour does.
    /// assert_eq!(ledger.next_deadline(clock)?, hour.end().minus(Millis(200 + 100)));
    /// assert!(horizon > hour.end());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Ledger::view`].
    pub fn next_deadline(&mut self, clock: Clock) -> Result<Tai, LedgerError> {
        let own: Vec<LogId> = self.writing.iter().copied().collect();
        let parameters = self.state.charter.parameters();
        let (memory, epoch) = (parameters.memory(), parameters.epoch);
        let floor = clock.lo().minus(memory).epoch_floor(epoch);
        let horizon = floor.plus(epoch).plus(memory);
        let claims = self.view(Viewpoint::Own)?.next_deadline(clock, &own);
        // Until then the clock lies behind the own writing.
        let caught_up = match self.not_behind(clock) {
            Err(ClockFault::Behind { written, .. }) => Some(written.minus(clock.hi().since(clock.lo()))),
            _ => None,
        };
        Ok(claims.into_iter().chain(caught_up).fold(horizon, Tai::min))
    }

    /// The rules over the state, read from the store when nobody has asked before.
    pub(crate) fn rules(&mut self) -> Result<&Rules, LedgerError> {
        self.state.listen(&mut self.ring, &self.salt);
        let read = match self.state.rules.take() {
            Some(rules) => rules,
            None => self.read_rules()?,
        };
        Ok(self.state.rules.insert(read))
    }

    fn read_rules(&mut self) -> Result<Rules, LedgerError> {
        let (ledger, salt) = (self.state.ledger, self.salt);
        let mut rules = Rules::founded(&self.state.charter);
        rules.forget_below(self.state.horizon);
        let view = self.store.view()?;
        // What enrols comes before what is written under it.
        let depth =
            |enrolment: &RecordId| self.state.enrolments.get(enrolment).map_or(0, |found| found.depth);
        let mut logs: Vec<_> = self.state.logs.values().collect();
        logs.sort_by_key(|log| depth(&log.key.enrolment));
        for log in logs {
            let mut entries = Vec::new();
            for row in view.rows_from(&rows::entry_prefix(log.number), &[])? {
                let (key, value) = row?;
                let content = rows::unseal(&key, &value)?;
                let (_, bytes) = split_charge(&key, &content)?;
                let entry = SignedEntry::decode(&self.state.ledger, bytes)
                    .map_err(|refusal| damaged(&key, &format!("the entry is refused: {refusal}")))?;
                entries.push(entry);
                if entries.len() >= READ_TOGETHER {
                    admit_all(&mut rules, &ledger, &entries, &mut self.ring, &salt);
                    entries.clear();
                }
            }
            admit_all(&mut rules, &ledger, &entries, &mut self.ring, &salt);
            if let Some(terminal) = log.terminal {
                let forked = matches!(terminal, crate::Terminal::Fork { .. });
                rules.end(&log.key, terminal.slot(), forked);
            }
        }
        for_rows(&view, Table::Notice, |key, content| {
            let notice = SignedNotice::decode(&self.state.ledger, content)
                .map_err(|refusal| damaged(key, &format!("the notice is refused: {refusal}")))?;
            rules.admit_notice(&notice);
            Ok::<(), StoreError>(())
        })?;
        Ok(rules)
    }
}
