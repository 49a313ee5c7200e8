//! The rules under test: which gives are Firm for a store, and when it may say Go.
//!
//! Each planted flaw is one condition here or, where it is the writer's, in `world`.

use super::facts::{Gift, Moment, Node, Record, Slot, State, Store, Window};

/// What is broken on purpose. [`Rules::sound`] breaks nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// `hi + stopping <= end`: the guard at the window's end is one unit too small.
    EdgeOneTooLate,
    /// The later of two conflicting gives prevails.
    OrderUnread,
    /// A reclaim on the giver's bare word counts as proven.
    WordForProof,
    /// A right may be used by every log of its holder's key.
    RightOfKey,
    /// The own release does not end Go.
    ReleaseWithoutEnd,
    /// What was given to a revoked custodian counts as free.
    SuccessorTooEarly,
    /// A right is reclaimed although the holder has not returned it.
    ReclaimBeforeReturn,
    /// Go for a lease of an own log that this store does not write.
    OtherLog,
    /// Go in any store that knows the lease.
    AnyStore,
    /// The stopping time is left out.
    NoStopping,
    /// `hi` and `lo` are exchanged when Go is judged.
    ClockSwapped,
    /// A reclaim by time is judged by `authored.hi`.
    AuthoredHi,
    /// A return is proof by its signature alone.
    ReturnBySignature,
    /// A return is proof when it fits by the word of the log that returns: the reading of DESIGN that fails.
    ReturnByWord,
    /// A return takes nothing in its own log's order.
    ReturnTakesNothing,
    /// A release by another log of the same key is proof.
    ReleaseOfKey,
    /// A give may reach beyond its right's window.
    BeyondRight,
    /// An entry leaves before its generation is recorded apart.
    VisibleTooEarly,
    /// A host releases while its machine still moves.
    ReleaseWhileMoving,
    /// What a fork cut away still gives permission.
    ForkIgnored,
    /// Continuity is proven by the count of commits alone, without their nonces.
    CountAlone,
    /// An unproven opening keeps the entry that nobody recorded.
    KeepsTail,
    /// Go does not read the record.
    GoUnread,
    /// An own commit does not read the record, and does not wait for that of the one before.
    WriteUnread,
    /// Recording compares nothing.
    RecordWithoutComparing,
    /// A proven opening draws no generation.
    NoFreshGeneration,
}

/// The numbers of the rules, and what is broken of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) guard: Moment,
    pub(crate) stopping: Moment,
    pub(crate) charter: Window,
    pub(crate) flaw: Option<Flaw>,
}

/// A caller's clock interval relative to true time: `lo <= 0 <= hi` is honest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Reading {
    pub(crate) lo: Moment,
    pub(crate) hi: Moment,
}

impl Rules {
    pub(crate) fn broken(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }

    /// The gives by which a store may act now, with this reading of its clock.
    pub(crate) fn go(&self, state: &State, node: Node, reading: Reading) -> Vec<Slot> {
        let store = &state.place(node).store;
        self.leases(state, store, node)
            .into_iter()
            .filter(|(slot, window)| {
                self.in_window(state.now, *window, reading)
                    && !self.released(state, store, *slot)
                    && self.permits(state, store, *slot)
            })
            .map(|(slot, _)| slot)
            .collect()
    }

    /// The clock's part of Go: `lo >= start` and `hi + stopping < end`.
    fn in_window(&self, now: Moment, window: Window, reading: Reading) -> bool {
        let (lo, hi) = (now + reading.lo, now + reading.hi);
        let (lo, hi) = if self.broken(Flaw::ClockSwapped) { (hi, lo) } else { (lo, hi) };
        let stopping = if self.broken(Flaw::NoStopping) { 0 } else { self.stopping };
        let edge = Moment::from(self.broken(Flaw::EdgeOneTooLate));
        lo >= window.start && hi + stopping < window.end + edge
    }

    /// Gives of leases that a store holds and that name a log which it writes.
    fn leases(&self, state: &State, store: &Store, node: Node) -> Vec<(Slot, Window)> {
        let mut leases: Vec<(Slot, Window)> = Vec::new();
        for (log, chain) in (0_u8..).zip(&state.logs) {
            for (seq, record) in (0_u8..store.holds(log)).zip(&chain.entries) {
                let Record::Give { to, gift: Gift::Lease, window, .. } = *record else { continue };
                let slot = Slot { log, seq };
                let own = state.identity(to) == state.identity(store.writing)
                    || (self.broken(Flaw::OtherLog) && state.log(to).node == node)
                    || self.broken(Flaw::AnyStore);
                if own && !leases.iter().any(|(known, _)| state.same(*known, slot)) {
                    leases.push((slot, window));
                }
            }
        }
        leases
    }

    /// Whether the store holds its own release of a lease.
    fn released(&self, state: &State, store: &Store, lease: Slot) -> bool {
        let own = &state.log(store.writing).entries;
        !self.broken(Flaw::ReleaseWithoutEnd)
            && own
                .iter()
                .take(usize::from(store.holds(store.writing)))
                .any(|record| matches!(record, Record::Release { give } if state.same(*give, lease)))
    }

    /// Firm and not denied, as far as this store knows, down the whole chain of gives.
    pub(crate) fn permits(&self, state: &State, store: &Store, give: Slot) -> bool {
        let trunk =
            if self.broken(Flaw::ForkIgnored) { store.holds(give.log) } else { state.trunk(store, give.log) };
        if give.seq >= trunk || self.denied(state, store, give) || !self.fits_proven(state, store, give) {
            return false;
        }
        match self.right_of(state, give) {
            Some((Some(right), _)) => self.permits(state, store, right),
            Some((None, _)) => true,
            None => false,
        }
    }

    fn denied(&self, state: &State, store: &Store, give: Slot) -> bool {
        store.notice
            && state.log(give.log).node == Node::Custodian
            && state.cut.is_some_and(|cut| give.seq >= cut)
    }

    /// The right that a give or return draws on, with its window; `None` when the log does not hold it.
    fn right_of(&self, state: &State, give: Slot) -> Option<(Option<Slot>, Window)> {
        let from = match state.record(give)? {
            Record::Give { from, .. } => from,
            Record::Return { right } => Some(right),
            _ => return None,
        };
        let Some(right) = from else {
            let first = state.identity(give.log) == 0
                || (self.broken(Flaw::RightOfKey) && state.log(give.log).node == state.log(0).node);
            return first.then_some((None, self.charter));
        };
        let Record::Give { to, gift: Gift::Right, window, .. } = state.record(right)? else { return None };
        let holder = state.identity(to) == state.identity(give.log)
            || (self.broken(Flaw::RightOfKey) && state.log(to).node.key() == state.log(give.log).node.key());
        holder.then_some((Some(right), window))
    }

    /// What a record takes from which right.
    fn takes_from(&self, state: &State, slot: Slot) -> Option<(Option<Slot>, Window)> {
        let (right, whole) = self.right_of(state, slot)?;
        match state.record(slot)? {
            Record::Give { window, .. } => Some((right, window)),
            Record::Return { .. } => Some((right, whole)),
            _ => None,
        }
    }

    /// Earlier records of the same log that take from the same right where this one does.
    fn rivals(&self, state: &State, slot: Slot) -> Vec<Slot> {
        let Some((right, window)) = self.takes_from(state, slot) else { return Vec::new() };
        (0..slot.seq)
            .map(|seq| Slot { log: slot.log, seq })
            .filter(|earlier| {
                let returned = matches!(state.record(*earlier), Some(Record::Return { .. }));
                if returned && self.broken(Flaw::ReturnTakesNothing) {
                    return false;
                }
                self.takes_from(state, *earlier).is_some_and(|(from, taken)| {
                    let one = match (from, right) {
                        (Some(from), Some(right)) => state.same(from, right),
                        (from, right) => from == right,
                    };
                    one && taken.overlaps(window)
                })
            })
            .collect()
    }

    /// The giver's word: whether a record takes, read in its own log's order alone.
    fn takes(&self, state: &State, slot: Slot) -> bool {
        let Some((_, whole)) = self.right_of(state, slot) else { return false };
        let Some((_, window)) = self.takes_from(state, slot) else { return false };
        (whole.contains(window) || self.broken(Flaw::BeyondRight))
            && self
                .rivals(state, slot)
                .iter()
                .all(|earlier| !self.takes(state, *earlier) || self.freed_by_word(state, *earlier, slot.seq))
    }

    fn freed_by_word(&self, state: &State, give: Slot, before: u8) -> bool {
        (give.seq + 1..before).any(|seq| match state.record(Slot { log: give.log, seq }) {
            Some(Record::Reclaim { give: reclaimed, .. }) => reclaimed == give.seq,
            Some(Record::Release { give: released }) => state.same(released, give),
            _ => false,
        })
    }

    /// The proof: it takes, and it fits beside all earlier ones that took, counting proven reclaims alone.
    fn fits_proven(&self, state: &State, store: &Store, slot: Slot) -> bool {
        if self.broken(Flaw::OrderUnread) {
            return self.prevails_as_last(state, store, slot);
        }
        self.takes(state, slot)
            && self
                .rivals(state, slot)
                .iter()
                .all(|earlier| !self.takes(state, *earlier) || self.freed_for_sure(state, store, *earlier))
    }

    fn prevails_as_last(&self, state: &State, store: &Store, slot: Slot) -> bool {
        (slot.seq + 1..store.holds(slot.log)).all(|seq| {
            let later = Slot { log: slot.log, seq };
            !self.rivals(state, later).iter().any(|earlier| state.same(*earlier, slot))
        })
    }

    /// Whether the store can prove that a give no longer binds.
    ///
    /// A proof may stand anywhere in what is held of the log, also above the give that it helps: the most
    /// generous reading of "more evidence never unmakes Firm".
    fn freed_for_sure(&self, state: &State, store: &Store, give: Slot) -> bool {
        let to = match state.record(give) {
            Some(Record::Give { to, .. }) => Some(to),
            _ => None,
        };
        let revoked = to.is_some_and(|to| state.log(to).node == Node::Custodian) && store.notice;
        if self.broken(Flaw::SuccessorTooEarly) && revoked {
            return true;
        }
        (give.seq + 1..state.trunk(store, give.log)).any(|seq| {
            match state.record(Slot { log: give.log, seq }) {
                Some(Record::Release { give: released }) => state.same(released, give),
                Some(Record::Reclaim { give: reclaimed, proof, lo, hi }) if reclaimed == give.seq => proof
                    .map_or_else(
                        || self.time_frees(state, give, lo, hi),
                        |proof| self.evidence_frees(state, store, give, proof),
                    ),
                _ => false,
            }
        })
    }

    /// `authored.lo > end + g`: nothing is left to free.
    fn time_frees(&self, state: &State, give: Slot, lo: Moment, hi: Moment) -> bool {
        if self.broken(Flaw::WordForProof) {
            return true;
        }
        let authored = if self.broken(Flaw::AuthoredHi) { hi } else { lo };
        match state.record(give) {
            Some(Record::Give { gift: Gift::Right, .. }) if self.broken(Flaw::ReclaimBeforeReturn) => true,
            Some(Record::Give { window, .. }) => authored > window.end + self.guard,
            _ => false,
        }
    }

    /// An embedded release ends the very lease, written by the log that holds it; an embedded return is a
    /// give of its log, which must itself be proven to fit there.
    fn evidence_frees(&self, state: &State, store: &Store, give: Slot, proof: Slot) -> bool {
        let Some(Record::Give { to, gift, .. }) = state.record(give) else { return false };
        let by_holder = state.identity(proof.log) == state.identity(to)
            || (self.broken(Flaw::ReleaseOfKey)
                && state.log(proof.log).node.key() == state.log(to).node.key());
        match (gift, state.record(proof)) {
            (Gift::Lease, Some(Record::Release { give: released })) => {
                by_holder && state.same(released, give)
            }
            (Gift::Right, Some(Record::Return { right })) => {
                let held = proof.seq < state.trunk(store, proof.log);
                let fits = self.broken(Flaw::ReturnBySignature)
                    || (self.broken(Flaw::ReturnByWord) && self.takes(state, proof))
                    || (held && self.fits_proven(state, store, proof));
                by_holder && state.same(right, give) && fits
            }
            _ => false,
        }
    }
}
