//! What a call tells its caller.

use crate::bounds::REFUSALS_SPELT_MAX;
use crate::continuity::ContinuityFault;
use crate::scrub::Damage;
use intent_contracts::{EntryId, LogId, Reason, Refusal, Scope, Tai};
use std::collections::BTreeMap;

/// A refused item of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Where the item starts in the bundle; none when it had waited since an earlier call.
    pub offset: Option<usize>,
    /// Why.
    pub refusal: Refusal,
}

/// What one call of `absorb` did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AbsorbReport {
    /// Entries admitted, those included that had waited.
    pub new_entries: u64,
    /// Notices admitted.
    pub new_notices: u64,
    /// Logs that ended, or ended earlier, by a fork or a broken chain rule.
    pub ended_logs: u64,
    /// Items that were admitted or waiting already.
    pub known: u64,
    /// Items in the waiting pool after the call.
    pub waiting: u64,
    /// Items that had waited and made room for others `[POOL-2]`. They are as if never received: a peer that has
    /// admitted them brings them again, because they are acknowledged to nobody.
    pub crowded_out: u64,
    /// Items below the horizon `[HOR-2]`; they are among the refused.
    pub lapsed: u64,
    /// Entries and notices that were dropped because a fork or a bound took them along.
    pub dropped: u64,
    /// How often each reason occurred.
    pub refused: BTreeMap<Reason, u64>,
    /// The first refusals, spelt out.
    pub refusals: Vec<Refused>,
    /// Where and why reading stopped before the end of the bundle `[SYNC-8]`.
    pub stopped: Option<Refusal>,
    /// Items that say they were written after `now` even at both clocks' bounds: a clock is wrong. They
    /// are admitted all the same, because merging asks no clock.
    pub ahead_of_clock: u64,
    /// The horizon, when it lies ahead of `now`: a clock or an approval was wrong once, and what is refused as
    /// lapsed has not lapsed for others `[HOR-7]`. Found this key's replica anew in an empty store.
    pub horizon_ahead: Option<Tai>,
    /// An own log that this store was writing and that grew, or forked, by what this store never wrote: another
    /// copy of it went on, or a thief has the key. All own logs are let go of; leases must be asked for anew
    /// `[INC-9]`.
    pub own_log_grew: Option<LogId>,
}

impl AbsorbReport {
    /// How many items were refused.
    #[must_use]
    pub fn refused_total(&self) -> u64 {
        self.refused.values().sum()
    }

    /// Adds what a later step of the same bundle did, which begins `base` bytes into it.
    pub(crate) fn add(&mut self, later: Self, base: usize) {
        self.new_entries += later.new_entries;
        self.new_notices += later.new_notices;
        self.ended_logs += later.ended_logs;
        self.known += later.known;
        self.waiting = later.waiting;
        self.crowded_out += later.crowded_out;
        self.lapsed += later.lapsed;
        self.dropped += later.dropped;
        for (reason, count) in later.refused {
            *self.refused.entry(reason).or_default() += count;
        }
        let room = REFUSALS_SPELT_MAX.saturating_sub(self.refusals.len());
        let shifted = |refused: Refused| Refused { offset: refused.offset.map(|at| at + base), ..refused };
        self.refusals.extend(later.refusals.into_iter().take(room).map(shifted));
        self.stopped = self.stopped.take().or(later.stopped.map(|refusal| refusal.shifted(base)));
        self.ahead_of_clock += later.ahead_of_clock;
    }

    /// Whether all of the bytes were read, and nothing in them was refused or ended a log. What merely waits, is known
    /// already, or lapsed, is no fault of the bytes.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.stopped.is_none()
            && self.refused_total() == self.lapsed
            && self.ended_logs == 0
            && self.ahead_of_clock == 0
            && self.horizon_ahead.is_none()
    }

    pub(crate) fn refuse(&mut self, offset: Option<usize>, refusal: Refusal) {
        *self.refused.entry(refusal.reason).or_default() += 1;
        if refusal.reason == Reason::Lapsed {
            self.lapsed += 1;
        }
        if self.refusals.len() < REFUSALS_SPELT_MAX {
            self.refusals.push(Refused { offset, refusal });
        }
    }
}

/// What a peer's frontier told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard {
    /// Own entries that are now known to be admitted elsewhere.
    pub acknowledged: u64,
    /// Own notices that are now known to be admitted elsewhere.
    pub notices: u64,
    /// Signs that the two replicas did not live through the same history `[HOR-6]`.
    pub alarms: Vec<Alarm>,
}

/// Two replicas forgot different things in one epoch: P or e was violated, or an author withheld.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// The scope.
    pub scope: Scope,
    /// The lane of the logs, or none for the notices.
    pub lane: Option<intent_contracts::Lane>,
    /// The start of the epoch.
    pub epoch: Tai,
}

/// Where an own entry came to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Its id.
    pub id: EntryId,
    /// Its log.
    pub log: LogId,
    /// Its slot.
    pub seq: u64,
}

/// What one advance of the horizon forgot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HorizonReport {
    /// The horizon now.
    pub horizon: Tai,
    /// Logs forgotten.
    pub logs: u64,
    /// Entries forgotten with them.
    pub entries: u64,
    /// Notices forgotten.
    pub notices: u64,
    /// Own entries and notices that were exported first because nobody is known to have them `[HOR-4]`.
    pub exported: u64,
}

/// Whether a store goes on in its own logs `[INC-1]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Continued {
    /// It was founded by this call: there is nothing to go on with.
    #[default]
    Founded,
    /// The host's record proves that no other copy has gone on: all own logs are written further.
    Proven,
    /// Nothing proves it: the next entry opens a new log, and what the old ones held must be asked for anew.
    Lost {
        /// Logs that were let go of.
        logs: Vec<LogId>,
        /// Entries and notices that were dropped: the last own entry, when the store does not know that it was
        /// recorded, and what hung on it.
        dropped: u64,
    },
    /// The record does not answer. The store can be read and absorbs; own entries and `Go` wait `[INC-8]`.
    Awaited {
        /// What the host said.
        fault: ContinuityFault,
    },
}

/// What opening found in a store, and what it made of it `[STORE-5]`, `[INC-8]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpeningReport {
    /// Every damaged place that opening met. It is mended already; nothing of it is left to discard.
    pub damage: Vec<Damage>,
    /// Whether the state was admitted anew from the stored entries, notices and proofs `[STORE-6]`.
    pub rebuilt: bool,
    /// Stored entries that are no longer admitted.
    pub dropped_entries: u64,
    /// Stored notices that are no longer admitted.
    pub dropped_notices: u64,
    /// Bundles of own entries and notices that an opening dropped though no peer is known to have them.
    /// They stay in the store until [`Ledger::release_salvage`](crate::Ledger::release_salvage) `[STORE-8]`.
    pub salvage: Vec<Vec<u8>>,
    /// Whether own logs are gone on with.
    pub continuity: Continued,
    /// How many more logs the own enrolment lets this replica open, the one kept for the safety lane included
    /// `[LOG-3]`.
    pub logs_left: u64,
}

/// What cutting out damage took along `[STORE-9]`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DiscardReport {
    /// Entries and notices that were dropped.
    pub dropped: u64,
    /// Own entries and notices that were exported first.
    pub exported: u64,
}
