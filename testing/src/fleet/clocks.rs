//! What a replica may do by what its clock says, and what operators approve.
//!
//! - What a replica wrote is known because its key remembers what it signed, so a thief's entry in a log of its
//!   own binds no clock.
//! - Operators approve rightly, by a second clock that is right; by the very clock that they should compare; or
//!   any moment.

use super::checks::{Broken, broken, hold};
use super::honest::refused_to_write;
use super::{Done, Fleet, Known};
use crate::oracle::clocks::{is_behind, is_corroborated, is_near, is_wide};
use crate::world::{Draw, WorldItem, key};
use intent_contracts::kinds::Meaning;
use intent_contracts::{AuthorKey, Clock, Effect, Lane, Millis, Record, RecordId, Signer as _, Tai};
use intent_ledger::{AppendError, Approval, ClockFault, Ledger};

/// What a clock reading of a replica is good for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    /// It lies behind what the replica wrote in a log that it still writes `[CLOCK-1]`.
    behind: bool,
    /// It is wider than twice the clock error `[CLOCK-2]`.
    wide: bool,
    /// The replica lost count of when it wrote, and takes the heads of its logs for it `[STORE-7]`.
    cautious: bool,
}

impl Reading {
    /// Whether nothing may start by it.
    pub(super) const fn holds(&self) -> bool {
        self.behind
    }

    /// Whether more may be held than must be.
    pub(super) const fn may_hold(&self) -> bool {
        self.behind || self.cautious
    }

    /// Whether a fault that was told is one `[CLOCK-1]`, `[CLOCK-2]`.
    pub(super) const fn explains(&self, fault: &ClockFault) -> bool {
        match fault {
            ClockFault::Behind { .. } => self.may_hold(),
            ClockFault::Wide { .. } => self.wide,
            ClockFault::Unconfirmed { .. } => false,
        }
    }

    /// Whether it moves no horizon.
    pub(super) const fn is_unfit(&self) -> bool {
        self.behind || self.wide
    }
}

impl Fleet {
    /// What a reading is good for.
    pub(super) fn reading(&mut self, index: usize, clock: Clock) -> Reading {
        let known = self.known(index);
        let replica = &self.replicas[index];
        let writing = replica.ledger.iter().flat_map(Ledger::writing);
        let trunks = writing.filter_map(|log| known.state.logs.get(&log)).flat_map(|log| &log.trunk);
        let stated = trunks.filter_map(|id| match self.registry.item(self.registry.entry(id)?) {
            WorldItem::Entry(entry) if replica.seal.made(entry.signature()) => {
                Some(entry.header().authored.clock().lo())
            }
            _ => None,
        });
        let stated: Vec<Tai> = stated.collect();
        Reading {
            behind: is_behind(clock, &stated),
            wide: is_wide(clock, self.cast.charter.parameters()),
            cautious: replica.cautious,
        }
    }

    /// Whether two others say that a reading is about right `[HOR-3]`.
    pub(super) fn corroborated(&mut self, index: usize, known: &Known, clock: Clock) -> bool {
        let own = key(self.cast.members[self.replicas[index].member].key).author();
        let others = known.state.logs.values().filter(|log| log.key.author != own);
        let enroller = |enrolment: &RecordId| match self.registry.item(self.registry.entry(&enrolment.entry)?)
        {
            WorldItem::Entry(entry) => Some(entry.header().log.enrolment),
            _ => None,
        };
        let heads: Vec<(AuthorKey, Option<RecordId>, Tai)> = others
            .filter_map(|log| {
                let head = self.registry.item(self.registry.entry(log.trunk.last()?)?);
                let WorldItem::Entry(entry) = head else { return None };
                Some((log.key.author, enroller(&log.key.enrolment), entry.header().authored.at))
            })
            .collect();
        is_corroborated(clock, &heads, self.cast.charter.parameters())
    }

    /// Whether an approval is of the moment that a clock reads `[CLOCK-4]`.
    pub(super) fn confirms(&self, approval: Approval, clock: Clock) -> bool {
        is_near(clock, approval.confirmed, self.cast.charter.parameters().epoch)
    }

    /// What an operator says, if one is asked.
    pub(super) fn operator(&self, index: usize, draw: &mut Draw) -> Option<Approval> {
        let hours = |count: usize| Millis(Millis::HOUR.0 * count as u64);
        let clock = self.replicas[index].clock.read(self.now);
        let confirmed = match draw.below(8) {
            0 | 1 => return None,
            // By the clock itself, so that one wrong thing is enough.
            2 | 3 => clock.middle(),
            4 => clock.hi().plus(hours(draw.below(60))).minus(hours(30)),
            5 => self.now.plus(Millis::days(draw.below(400) as u64)),
            _ => self.now,
        };
        Some(Approval::of(confirmed))
    }

    /// A replica was born by this reading iff that is to be believed `[HOR-8]`.
    pub(super) fn judge_birth(
        &mut self,
        index: usize,
        clock: Clock,
        reading: Reading,
        approved: bool,
    ) -> Result<(), Broken> {
        let known = self.known(index);
        let vouched = approved || self.corroborated(index, &known, clock);
        let replica = &self.replicas[index];
        if replica.doubtful || replica.cautious {
            return Ok(());
        }
        let born = replica.ledger.as_ref().and_then(Ledger::birth);
        let due = (!reading.is_unfit() && vouched).then_some(clock.lo());
        hold(born == due, "birth", || format!("replica {index}: {born:?} instead of {due:?} [HOR-8]"))
    }

    /// What became of an own entry is what its clock allows `[CLOCK-1]`, `[CLOCK-2]`.
    pub(super) fn judge_time(
        reading: Reading,
        records: &[Record],
        outcome: Result<u64, &AppendError>,
    ) -> Result<(), Broken> {
        let takes = records.iter().any(|record| record.effect == Effect::Takes);
        let bare = |record: &Record| matches!(Meaning::of(record), Meaning::Reclaim(reclaim) if reclaim.proof.is_none());
        let needs = takes || records.iter().any(bare);
        match outcome {
            Ok(seq) => {
                hold(!(takes && reading.behind), "clock", || {
                    "it takes by a clock that is behind".to_owned()
                })?;
                hold(!(needs && reading.wide), "clock", || "it takes or frees by a wide clock".to_owned())?;
                hold(seq > 1 || !reading.wide, "clock", || "a wide clock opens a log".to_owned())
            }
            Err(AppendError::Clock(fault)) => {
                let fits = reading.explains(fault) && (takes || matches!(fault, ClockFault::Wide { .. }));
                hold(fits, "clock", || format!("{reading:?}: {fault}"))
            }
            Err(_) => Ok(()),
        }
    }

    /// The clock of a replica is spoofed far ahead, and what it may write then binds it when the clock is right again.
    pub(super) fn leap_ahead(&mut self, index: usize, draw: &mut Draw) -> Result<(), Broken> {
        let by = if draw.below(2) == 0 { Millis::HOUR } else { Millis::days(30 + draw.below(370) as u64) };
        let clock = &mut self.replicas[index].clock;
        clock.jump(self.now, by, true);
        let until = clock.read(self.now).middle().plus(Millis::days(draw.below(30) as u64));
        if draw.below(2) == 0 {
            let records = self.records(until, draw);
            self.append(index, Lane::Productivity, &records)?;
        }
        Ok(())
    }

    /// An operator lets the logs go in which a replica wrote later than it is now `[CLOCK-5]`.
    pub(super) fn let_go(&mut self, draw: &mut Draw) -> Done {
        let mut index = self.any_replica(draw);
        for other in 0..self.replicas.len() {
            let clock = self.replicas[other].clock.read(self.now);
            if self.reading(other, clock).behind {
                index = other;
            }
        }
        if draw.below(2) == 0 {
            self.leap_ahead(index, draw)?;
            self.replicas[index].clock.mend(self.now);
        }
        let Some(approval) = self.operator(index, draw) else { return Ok("no operator") };
        self.let_go_by(index, approval)
    }

    pub(super) fn let_go_by(&mut self, index: usize, approval: Approval) -> Done {
        let clock = self.replicas[index].clock.read(self.now);
        let confirmed = self.confirms(approval, clock);
        let reading = self.reading(index, clock);
        let Some(ledger) = self.replicas[index].ledger.as_mut() else { return Ok("no ledger") };
        self.touched.insert(index);
        let before = ledger.writing().count();
        match ledger.let_go(approval, clock) {
            Ok(gone) => {
                hold(confirmed, "approval", || format!("{approval:?} counts at {clock:?}"))?;
                let left = ledger.writing().count();
                hold(left + gone.len() == before, "let go", || format!("{left} of {before} are left"))?;
                let fits = gone.is_empty() != reading.behind || reading.cautious;
                hold(fits, "let go", || format!("{reading:?}: {gone:?} are let go"))?;
                let after = self.reading(index, clock);
                hold(!after.behind, "let go", || "the clock is still behind".to_owned())?;
                Ok(if gone.is_empty() { "nothing to let go" } else { "gone" })
            }
            Err(AppendError::Clock(fault @ ClockFault::Unconfirmed { .. })) => {
                hold(!confirmed, "approval", || fault.to_string())?;
                Ok("refused: not confirmed")
            }
            Err(error @ AppendError::Clock(_)) => broken("let go", error.to_string()),
            Err(error) => refused_to_write(&error),
        }
    }
}
