//! The end of every run: links and clocks are mended, and the fleet must come together again.
//!
//! At one horizon, and whatever was forgotten apart, replicas of the same interests end with one state;
//! who holds less holds just what its interests admit of the whole; no honest log has ended; nothing is damaged.

use super::checks::{Broken, broken, hold};
use super::registry::Place;
use super::{Fleet, honest};
use crate::world::ItemKind;
use intent_contracts::{Millis, Signer as _, Tai};
use intent_ledger::Approval;

impl Fleet {
    pub(super) fn heal(&mut self) -> Result<(), Broken> {
        self.links.mend();
        self.settle_unsure()?;
        let memory = self.cast.charter.parameters().memory();
        let latest = self.replicas.iter().map(|replica| replica.floor).max().unwrap_or_default();
        self.now = self.now.max(latest.plus(Millis::HOUR));
        let horizon: Option<Tai> = self.replicas.iter().map(|replica| replica.horizon).max();
        self.now = self.now.max(horizon.unwrap_or_default().plus(memory));
        for index in 0..self.replicas.len() {
            self.replicas[index].clock.mend(self.now);
            let approval = Approval::of(self.now);
            self.let_go_by(index, approval)?;
            // Letting go may have recorded what was withheld; it is forgotten like any other entry.
            self.settle_unsure()?;
            self.advance(index, Some(approval))?;
            self.judge(index, true)?;
        }
        let before: Vec<Vec<Place>> =
            (0..self.replicas.len()).map(|index| self.known(index).retained.to_vec()).collect();
        self.meet_all()?;
        self.one_state()?;
        self.nothing_lost(&before.concat())?;
        for index in 0..self.replicas.len() {
            self.judge(index, true)?;
            self.honest_logs_stand(index)?;
            self.stored(index)?;
        }
        self.judge_truth()?;
        self.settle_unsure()?;
        let event = if self.alarms()? > 0 { "with an alarm" } else { "in full" };
        event.clone_into(&mut self.event);
        self.tally.count("heal", event);
        Ok(())
    }

    /// The store holds what it should. Of one whose disk met no fault every entry is the one that was issued,
    /// byte for byte; one of the others in turn, and all whose disk met one, are scrubbed.
    fn stored(&mut self, index: usize) -> Result<(), Broken> {
        let turn = self.registry.len() % self.replicas.len();
        let scrubs = self.replicas[index].shaken || index == turn;
        let Some(ledger) = self.replicas[index].ledger.as_mut() else { return Ok(()) };
        if scrubs {
            let damage = ledger.scrub().map_err(|error| honest::told("scrub", &error))?.damage;
            return hold(damage.is_empty(), "scrub", || format!("replica {index}: {damage:?}"));
        }
        let reader = ledger.reader().map_err(|error| honest::told("scrub", &error))?;
        for log in ledger.logs().filter(|log| log.head > 0) {
            let entries = reader.entries(log.id, 1).map_err(|error| honest::told("scrub", &error))?;
            for entry in entries {
                let entry = entry.map_err(|error| honest::told("scrub", &error))?;
                let issued = self.registry.find(ItemKind::Entry, entry.bytes()).is_some();
                hold(issued, "issued", || format!("replica {index} keeps entry {} otherwise", entry.id()))?;
            }
        }
        Ok(())
    }

    /// Neighbours tell each other what they forgot: where histories differ an alarm sounds, and only there.
    fn alarms(&mut self) -> Result<usize, Broken> {
        let (mut count, replicas) = (0, self.replicas.len());
        for index in 0..replicas {
            let peer = (index + 1) % replicas;
            if self.replicas[peer].ledger.is_some() {
                let frontier = self.frontier_of(peer)?;
                count += self.hear(index, peer, &frontier)?;
            }
        }
        Ok(count)
    }

    /// Everybody exchanges with everybody until nobody learns anything.
    fn meet_all(&mut self) -> Result<(), Broken> {
        let count = self.replicas.len();
        for round in 0.. {
            hold(round < 24, "healing", || "the exchange does not end".to_owned())?;
            let before: Vec<_> = (0..count).map(|index| self.digest(index)).collect();
            for pair in 0..count * count {
                let (from, to) = (pair / count, pair % count);
                if from == to {
                    continue;
                }
                let Some(told) = self.replicas[to].ledger.as_mut() else { continue };
                let frontier = told.frontier();
                let Some(ledger) = &self.replicas[from].ledger else { continue };
                // Narrow links first; they only take more rounds.
                let budget = if round < 2 && pair % 3 == 0 { 4_000 } else { usize::MAX };
                let bundle =
                    ledger.bundle(&frontier, budget).map_err(|error| honest::told("bundle", &error))?;
                if !bundle.bytes.is_empty() {
                    self.absorb(to, &bundle.bytes)?;
                }
            }
            let after: Vec<_> = (0..count).map(|index| self.digest(index)).collect();
            if before == after && round >= 2 {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Replicas with the same interests have one state.
    fn one_state(&self) -> Result<(), Broken> {
        for (index, replica) in self.replicas.iter().enumerate() {
            for (other, twin) in self.replicas.iter().enumerate().skip(index + 1) {
                let alike = replica.interests == twin.interests && replica.horizon == twin.horizon;
                if alike && self.digest(index) != self.digest(other) {
                    return broken("healing", format!("replicas {index} and {other} stay apart"));
                }
            }
        }
        Ok(())
    }

    /// What any replica held before the healing is in every state that admits it.
    fn nothing_lost(&mut self, held: &[Place]) -> Result<(), Broken> {
        for index in 0..self.replicas.len() {
            let mut all = self.replicas[index].received.clone();
            all.extend(held);
            let (interests, horizon) = (self.replicas[index].interests.clone(), self.replicas[index].horizon);
            let union = self.oracle.judge(self.cast, &mut self.registry, &interests, horizon, &all);
            if let Some(difference) = self.known(index).state.difference(&union.state) {
                return broken("healing", format!("replica {index} (left) lacks of the whole: {difference}"));
            }
        }
        Ok(())
    }

    /// No honest writer forks or breaks its own log, whatever was restored.
    fn honest_logs_stand(&mut self, index: usize) -> Result<(), Broken> {
        let known = self.known(index);
        let authors: Vec<_> = self
            .replicas
            .iter()
            .map(|replica| crate::world::key(self.cast.members[replica.member].key).author())
            .collect();
        for (id, log) in &known.state.logs {
            let honest = authors.contains(&log.key.author) && !self.registry.attacked.contains(id);
            hold(!honest || log.terminal.is_none(), "honest", || {
                format!("replica {index}: log {id} of an honest writer has ended: {:?}", log.terminal)
            })?;
        }
        Ok(())
    }
}
