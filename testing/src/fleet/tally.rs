//! What runs met: a seed without a fault is no evidence.

use intent_contracts::Millis;
use std::collections::BTreeMap;
use std::fmt;

/// Counts over one run or many.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Runs that ended.
    pub runs: u64,
    /// Steps taken.
    pub steps: u64,
    /// Items signed.
    pub items: u64,
    /// True time that passed, one fleet after the other.
    pub time: Millis,
    /// The same, one replica after the other.
    pub replica_time: Millis,
    /// How often each kind of step came to what.
    pub met: BTreeMap<(&'static str, &'static str), u64>,
}

impl Tally {
    pub(super) fn count(&mut self, kind: &'static str, event: &'static str) {
        *self.met.entry((kind, event)).or_default() += 1;
    }

    pub(super) fn finish(&mut self, steps: usize, time: Millis, replicas: usize, items: usize) {
        self.runs += 1;
        self.steps += steps as u64;
        self.items += items as u64;
        self.time = self.time.plus(time);
        self.replica_time = self.replica_time.plus(Millis(time.0.saturating_mul(replicas as u64)));
    }

    /// Adds another tally.
    pub fn add(&mut self, other: &Self) {
        self.runs += other.runs;
        self.steps += other.steps;
        self.items += other.items;
        self.time = self.time.plus(other.time);
        self.replica_time = self.replica_time.plus(other.replica_time);
        other.met.iter().for_each(|(key, count)| *self.met.entry(*key).or_default() += count);
    }

    /// How often a kind of step was taken.
    #[must_use]
    pub fn of(&self, kind: &str) -> u64 {
        self.met.iter().filter(|((found, _), _)| *found == kind).map(|(_, count)| count).sum()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let years = |time: Millis| time.0 / Millis::days(365).0;
        writeln!(
            f,
            "{} seeds, {} steps, {} items, {} simulated years of {} replicas on average: {} fleet-years",
            self.runs,
            self.steps,
            self.items,
            years(self.replica_time),
            self.replica_time.0 / self.time.0.max(1),
            years(self.time),
        )?;
        let mut kind = "";
        for ((found, event), count) in &self.met {
            if *found != kind {
                write!(f, "{}  {found:<14}", if kind.is_empty() { "" } else { "\n" })?;
                kind = found;
            }
            write!(f, " {event} {count};")?;
        }
        writeln!(f)
    }
}
