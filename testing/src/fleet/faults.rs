//! What befalls a replica's store, process and counter.
//!
//! A call that fails half way leaves one question: did its commit happen? The simulator accepts either
//! answer, finds out which one the reopened ledger gives, and holds it to that.

use super::checks::{Broken, broken, hold};
use super::disk::{Disk, Fault};
use super::honest::told;
use super::links::PLACES_MAX;
use super::plan::Kind;
use super::registry::Place;
use super::replica::Backup;
use super::{Done, Fleet};
use crate::world::{Draw, WorldItem, key};
use intent_contracts::{Lane, Millis, Signature, Signer as _, Tai};
use intent_ledger::{
    AppendError, Approval, Continued, Frontier, HorizonError, Ledger, LedgerError, StoreError,
};
use std::collections::BTreeMap;

/// The greatest number of replicas, copies included.
const COPIES_MAX: usize = PLACES_MAX;

/// How a call on a failing disk ended.
enum Ended {
    /// As if nothing had failed.
    Well,
    /// The call was refused for a reason of its own.
    Refused,
    /// With a fault of the store or the counter.
    Failed(LedgerError),
}

impl Fleet {
    pub(super) fn fault(&mut self, kind: Kind, draw: &mut Draw) -> Done {
        let index = self.any_replica(draw);
        self.touched.insert(index);
        self.replicas[index].shaken |= matches!(kind, Kind::Flip | Kind::Tear | Kind::Crash | Kind::Full);
        match kind {
            Kind::Reboot => self.reboot(index),
            Kind::Crash | Kind::Full => self.crash(index, kind, draw),
            Kind::Witness => self.witness(index, draw),
            Kind::Flip | Kind::Tear => self.flip(index, kind, draw),
            Kind::Backup => self.back_up(index),
            Kind::Beside => self.beside(index, draw),
            _ => self.restore(index, draw),
        }
    }

    /// An ordinary stop and start keeps everything but the pool.
    pub(super) fn reboot(&mut self, index: usize) -> Done {
        // An overtaken copy goes on in nothing; of an entry that could not be recorded nobody knows.
        let goes_on = self.replicas[index].continuous && self.is_provable(index);
        let doubtful = self.replicas[index].unsure.is_some() && self.family(index).len() > 1;
        let before = self.writing(index);
        self.lose_pool(index);
        self.open(index)?;
        let after = self.writing(index);
        let expected = if goes_on { before } else { Vec::new() };
        hold(doubtful || after == expected, "reboot", || {
            format!("it goes on in {after:?} instead of {expected:?}")
        })?;
        Ok(if self.replicas[index].continuous { "continuous" } else { "without continuity" })
    }

    fn writing(&self, index: usize) -> Vec<intent_contracts::LogId> {
        self.replicas[index].ledger.iter().flat_map(Ledger::writing).collect()
    }

    fn open(&mut self, index: usize) -> Result<(), Broken> {
        let cast = self.cast;
        self.replicas[index].open(cast).map_err(|error| told("open", &error))?;
        self.forget_dropped(index)
    }

    /// Whether an opening would prove continuity: the record names this store, or what was recorded before its last
    /// commit, which is then the one that could not be recorded.
    fn is_provable(&self, index: usize) -> bool {
        let replica = &self.replicas[index];
        replica.is_proven() || replica.unsure.is_some() && self.family(index).len() == 1
    }

    /// An opening without proof drops the entry of the last own commit when the store does not know that it was
    /// recorded `[INC-6]`: the simulator forgets that this replica received it, and what hangs on it.
    fn forget_dropped(&mut self, index: usize) -> Result<(), Broken> {
        let Some(ledger) = &self.replicas[index].ledger else { return Ok(()) };
        let Continued::Lost { dropped, .. } = ledger.opening().continuity else { return Ok(()) };
        if dropped == 0 {
            return Ok(());
        }
        let heads: BTreeMap<_, _> = ledger.logs().map(|log| (log.id, log.head)).collect();
        let author = key(self.cast.members[self.replicas[index].member].key).author();
        let known = self.known(index);
        let mut gone = Vec::new();
        for (id, log) in known.state.logs.iter().filter(|(_, log)| log.key.author == author) {
            let head = heads.get(id).copied().unwrap_or(0);
            let above = log.trunk.iter().skip(usize::try_from(head).unwrap_or(usize::MAX));
            gone.extend(above.filter_map(|id| self.registry.entry(id)));
        }
        let kept: Vec<Place> = known.retained.iter().copied().filter(|place| !gone.contains(place)).collect();
        self.replicas[index].received = super::checks::state::Received::of(&kept);
        let known = self.known(index);
        self.replicas[index].received = super::checks::state::Received::of(&known.retained);
        self.replicas[index].denied.clear();
        self.prune_acked(index);
        self.tally.count("unsure", "dropped");
        hold(gone.len() <= 1, "unsure", || format!("{} own entries are dropped at once", gone.len()))
    }

    /// Takes note of own entries that were withheld and are told now, because their record was made after all.
    pub(super) fn settle_unsure(&mut self) -> Result<(), Broken> {
        for index in 0..self.replicas.len() {
            let before = self.replicas[index].unsure;
            let now = self.replicas[index].ledger.as_ref().and_then(Ledger::unsure);
            self.replicas[index].unsure = now;
            let Some((log, slot)) = before.filter(|_| now != before) else { continue };
            let Some(ledger) = &self.replicas[index].ledger else { continue };
            let reader = ledger.reader().map_err(|error| told("unsure", &error))?;
            let mut entries = reader.entries(log, slot).map_err(|error| told("unsure", &error))?;
            let Some(Ok(entry)) = entries.next() else { continue };
            drop(entries);
            let signed = self.replicas[index].seal.made(entry.signature());
            hold(signed, "issued", || format!("replica {index} holds what nobody signed"))?;
            self.touched.insert(index);
            self.tally.count("unsure", "confirmed");
            if self.registry.entry(&entry.id()).is_none() {
                self.replicas[index].written += 1;
            }
            let place = self.registry.place_of(WorldItem::Entry(entry));
            self.receive_own(index, place);
        }
        Ok(())
    }

    /// A copy of the store is opened beside it: on the same record, on none, or, against the assumption, on a copy
    /// of it. Or one of the copies that are there is started again.
    fn beside(&mut self, index: usize, draw: &mut Draw) -> Done {
        let family = self.family(index);
        if family.len() > 2 || self.replicas.len() >= COPIES_MAX || (family.len() > 1 && draw.below(2) == 0) {
            let again = family[draw.below(family.len())];
            self.touched.insert(again);
            self.lose_pool(again);
            self.open(again)?;
            let proven = !self.writing(again).is_empty();
            return Ok(if proven { "opened again, proven" } else { "opened again, not proven" });
        }
        let root = self.replicas[index].root.unwrap_or(index);
        let retained = self.known(index).retained.clone();
        let received = super::checks::state::Received::of(&retained);
        let place = self.replicas.len();
        // What the copy holds is held there as well, for whoever asks where an entry is.
        retained.iter().for_each(|item| self.registry.note_held(*item, place));
        let entropy = (draw.below(1 << 40) as u64) << 8;
        let mut copy = self.replicas[index].copy(root, received, entropy);
        let way = match draw.below(8) {
            0 => "opened without a record",
            1 => "opened on a copied record",
            _ => "opened on the same record",
        };
        match way {
            "opened without a record" => copy.continuous = false,
            "opened on a copied record" => {
                copy.counter = copy.counter.copy();
                // From now on two may write to these logs.
                let logs: Vec<_> = self.writing(index);
                self.registry.attacked.extend(logs);
            }
            _ => {}
        }
        self.replicas.push(copy);
        self.touched.insert(place);
        self.open(place)?;
        Ok(way)
    }

    /// What the process remembers is gone; what it had admitted stays.
    fn lose_pool(&mut self, index: usize) {
        let known = self.known(index);
        let replica = &mut self.replicas[index];
        replica.ledger = None;
        replica.received = super::checks::state::Received::of(&known.retained);
    }

    /// A call meets a dying disk; then the replica starts again.
    fn crash(&mut self, index: usize, kind: Kind, draw: &mut Draw) -> Done {
        let fault = match kind {
            Kind::Full => Fault::Full,
            _ if draw.below(2) == 0 => Fault::Lost,
            _ => Fault::Unheard,
        };
        let choice = draw.below(8);
        let operations = if choice < 5 { draw.below(6) } else { draw.below(60) };
        self.replicas[index].disk.arm(operations as u64, fault);
        let outcome = match draw.below(5) {
            0 | 1 => self.write_failing(index, draw),
            2 => self.absorb_failing(index, draw),
            3 => self.notice_failing(index, draw),
            _ => self.forget_failing(index, draw),
        };
        let (ended, candidates) = outcome?;
        let died = self.replicas[index].disk.start();
        if let Ended::Failed(LedgerError::Store(StoreError::Full)) = &ended {
            self.still_poisoned(index)?;
        }
        if let (Ended::Failed(error), false) = (&ended, died) {
            return broken("crash", format!("a call failed on a sound disk: {error}"));
        }
        self.replicas[index].ledger = None;
        if draw.below(3) == 0 {
            // It dies once more while it starts.
            self.replicas[index].disk.arm(draw.below(12) as u64, fault);
            let cast = self.cast;
            let opened = self.replicas[index].open(cast);
            let died = self.replicas[index].disk.start();
            if let (Err(error), false) = (&opened, died) {
                return broken("open", error.to_string());
            }
        }
        self.resolve(index, &candidates)?;
        Ok(match ended {
            Ended::Well => "after the call",
            Ended::Refused => "refused before",
            Ended::Failed(_) => "inside the call",
        })
    }

    /// A handle whose commit failed does nothing more `[STORE-1]`.
    fn still_poisoned(&mut self, index: usize) -> Result<(), Broken> {
        let interests = self.replicas[index].interests.clone();
        let unknown = Frontier::unknown(&self.cast.charter.ledger_id(), interests);
        let Some(ledger) = self.replicas[index].ledger.as_mut() else { return Ok(()) };
        let poisoned = matches!(ledger.bundle(&unknown, 1_000), Err(LedgerError::Poisoned))
            && matches!(ledger.hear(&unknown), Err(LedgerError::Poisoned));
        hold(poisoned, "poison", || "a handle goes on after its commit failed".to_owned())
    }

    /// Opens the ledger and finds out which of the possible pasts it has.
    /// Tells how many own items it found that it was not told of.
    fn resolve(&mut self, index: usize, candidates: &[Vec<Place>]) -> Result<usize, Broken> {
        self.open(index)?;
        let before = self.replicas[index].received.clone();
        let reopened = self.replicas[index].ledger.as_ref().map(Ledger::horizon).unwrap_or_default();
        let replica = &mut self.replicas[index];
        if let Some((to, floor, forgotten)) = replica.pending.take()
            && reopened == to
            && to > replica.horizon
        {
            (replica.horizon, replica.floor, replica.forgotten) = (to, floor, forgotten);
            self.prune_acked(index);
        }
        let own = self.adopt(index)?;
        if let Some(id) = self.replicas[index].acknowledged.take() {
            hold(self.registry.entry(&id).is_some(), "durable", || {
                format!("replica {index}: entry {id} was acknowledged and is gone")
            })?;
        }
        let mut pasts = vec![own.clone()];
        pasts.extend(candidates.iter().map(|items| [&own[..], items].concat()));
        let found = self.digest(index);
        for past in pasts {
            let mut received = before.clone();
            received.extend(&past);
            let (interests, horizon) = (self.replicas[index].interests.clone(), self.replicas[index].horizon);
            let known = self.oracle.judge(self.cast, &mut self.registry, &interests, horizon, &received);
            self.replicas[index].received = super::checks::state::Received::of(&known.retained);
            if found == Some(known.digest) {
                past.iter().for_each(|place| self.registry.note_held(*place, index));
                break;
            }
        }
        Ok(own.len())
    }

    /// Own entries and notices that nobody was told of, but that the replica did sign.
    fn adopt(&mut self, index: usize) -> Result<Vec<Place>, Broken> {
        let Some(ledger) = &self.replicas[index].ledger else { return Ok(Vec::new()) };
        let reader = ledger.reader().map_err(|error| told("open", &error))?;
        let mut found: Vec<(WorldItem, Signature)> = Vec::new();
        for log in ledger.logs().filter(|log| log.head > 0 && self.registry.entry(&log.head_id).is_none()) {
            // A call that records an unsure entry before it writes its own leaves two that nobody was told of.
            let first = log.head.saturating_sub(1).max(1);
            let entries = reader.entries(log.id, first).map_err(|error| told("open", &error))?;
            for entry in entries.flatten().filter(|entry| self.registry.entry(&entry.id()).is_none()) {
                let signature = *entry.signature();
                found.push((WorldItem::Entry(entry), signature));
            }
        }
        if ledger.notices().any(|id| self.registry.notice(&id).is_none()) {
            for notice in reader.notices().map_err(|error| told("open", &error))? {
                if self.registry.notice(&notice.id()).is_none() {
                    let signature = *notice.signature();
                    found.push((WorldItem::Notice(notice), signature));
                }
            }
        }
        let mut adopted = Vec::new();
        for (item, signature) in found {
            let signed = self.replicas[index].seal.made(&signature);
            hold(signed, "issued", || format!("replica {index} holds what nobody signed"))?;
            let replica = &mut self.replicas[index];
            match &item {
                WorldItem::Notice(notice) => {
                    replica.unheard.insert(notice.id());
                }
                _ => replica.written += 1,
            }
            adopted.push(self.registry.issue(item));
        }
        Ok(adopted)
    }

    fn write_failing(&mut self, index: usize, draw: &mut Draw) -> Result<(Ended, Vec<Vec<Place>>), Broken> {
        let until = self.now.plus(Millis::days(draw.below(30) as u64));
        let records = self.records(until, draw);
        let replica = &mut self.replicas[index];
        let clock = replica.clock.read(self.now);
        let Some(ledger) = replica.ledger.as_mut() else { return Ok((Ended::Refused, Vec::new())) };
        let outcome = ledger.append(Lane::Productivity, &records, clock);
        replica.acknowledged = outcome.as_ref().map(|appended| appended.id).ok();
        Ok((ended(outcome)?, Vec::new()))
    }

    fn notice_failing(&mut self, index: usize, draw: &mut Draw) -> Result<(Ended, Vec<Vec<Place>>), Broken> {
        let replica = &mut self.replicas[index];
        let clock = replica.clock.read(self.now);
        let scope = self.cast.members[replica.member].scope.clone();
        let until = self.now.plus(Millis::days(draw.below(60) as u64));
        let Some(ledger) = replica.ledger.as_mut() else { return Ok((Ended::Refused, Vec::new())) };
        let body = (draw.below(1 << 40) as u64).to_be_bytes().to_vec();
        let ended = ended(ledger.notice(&scope, until, 40, body, clock))?;
        Ok((ended, Vec::new()))
    }

    /// What some other replica holds arrives.
    fn absorb_failing(&mut self, index: usize, draw: &mut Draw) -> Result<(Ended, Vec<Vec<Place>>), Broken> {
        let other = self.any_replica(draw);
        let retained = self.known(other).retained.clone();
        let bytes = self.parcel(&retained);
        let (items, _) = self.registry.scan(&bytes);
        let replica = &mut self.replicas[index];
        let clock = replica.clock.read(self.now);
        let Some(ledger) = replica.ledger.as_mut() else { return Ok((Ended::Refused, Vec::new())) };
        match ledger.absorb(&bytes, clock) {
            Ok(_) => {
                items.iter().for_each(|place| self.registry.note_held(*place, index));
                self.replicas[index].received.extend(&items);
                Ok((Ended::Well, Vec::new()))
            }
            Err(error) => Ok((Ended::Failed(error), vec![items])),
        }
    }

    fn forget_failing(&mut self, index: usize, draw: &mut Draw) -> Result<(Ended, Vec<Vec<Place>>), Broken> {
        let known = self.known(index);
        let notices = self.notice_ranks(&known);
        let parameters = self.cast.charter.parameters().clone();
        let epoch = parameters.epoch.0;
        let replica = &mut self.replicas[index];
        let clock = replica.clock.read(self.now);
        let floor = replica.floor.max(clock.lo());
        let to = Tai(floor.minus(parameters.memory()).0 / epoch * epoch).max(replica.horizon);
        let mut forgotten = replica.forgotten.clone();
        forgotten.note(&known, &notices, to, epoch);
        let Some(ledger) = replica.ledger.as_mut() else { return Ok((Ended::Refused, Vec::new())) };
        let fails = draw.below(6) == 0;
        let mut export = |_: &[u8]| if fails { Err("no room to export".to_owned()) } else { Ok(()) };
        let outcome = ledger.advance_horizon(clock, Some(Approval::of(clock.middle())), &mut export);
        match outcome {
            Ok(_) => {
                let moved = to > replica.horizon;
                (replica.horizon, replica.floor, replica.forgotten) = (to, floor, forgotten);
                if moved {
                    self.prune_acked(index);
                }
                Ok((Ended::Well, Vec::new()))
            }
            Err(HorizonError::Ledger(error)) => {
                replica.pending = Some((to, floor, forgotten));
                Ok((Ended::Failed(error), Vec::new()))
            }
            Err(HorizonError::Export { .. }) if fails => Ok((Ended::Refused, Vec::new())),
            Err(HorizonError::Clock(_) | HorizonError::Behind { .. }) => Ok((Ended::Refused, Vec::new())),
            Err(error) => broken("horizon", error.to_string()),
        }
    }

    /// The counter fails while an entry is written, or loses its count.
    fn witness(&mut self, index: usize, draw: &mut Draw) -> Done {
        if draw.below(3) == 0 {
            self.replicas[index].counter.lose();
            self.lose_pool(index);
            self.open(index)?;
            let writing = self.writing(index);
            hold(writing.is_empty(), "reboot", || format!("without a record it goes on in {writing:?}"))?;
            return Ok("lost");
        }
        let waiting = self.replicas[index].unsure.is_some();
        self.replicas[index].counter.fail(true);
        let outcome = self.write_failing(index, draw);
        self.replicas[index].counter.fail(false);
        let (ended, _) = outcome?;
        if self.replicas[index].continuous && draw.below(2) == 0 {
            // The process goes on, and withholds what could not be recorded [INC-6].
            let unsure = self.replicas[index].ledger.as_ref().and_then(Ledger::unsure);
            let expected = matches!(ended, Ended::Failed(_));
            hold(unsure.is_some() == (expected || waiting), "unsure", || format!("{unsure:?} is withheld"))?;
            return Ok(if expected { "withheld" } else { "not asked" });
        }
        self.replicas[index].ledger = None;
        let known = self.known(index);
        self.replicas[index].received = super::checks::state::Received::of(&known.retained);
        let found = self.resolve(index, &[])?;
        if !matches!(ended, Ended::Failed(_)) {
            return Ok("not asked");
        }
        hold(found > 0, "durable", || "what was committed before the counter failed is gone".to_owned())?;
        Ok("failed")
    }

    /// A bit changes at rest, or a row was written in part. Opening mends what it meets, a scrub finds the rest, and what is cut out of
    /// the own writing is handed out first.
    fn flip(&mut self, index: usize, kind: Kind, draw: &mut Draw) -> Done {
        if self.family(index).len() > 1 || self.replicas[index].unsure.is_some() {
            return Ok("in doubt already");
        }
        self.lose_pool(index);
        let held = self.replicas[index].received.clone();
        let unsafe_own = self.unsafe_own(index);
        let disk = &self.replicas[index].disk;
        let row = if kind == Kind::Tear { disk.tear(draw) } else { disk.flip(draw) };
        let Some(row) = row else {
            self.open(index)?;
            return Ok("nothing to tear");
        };
        self.open(index)?;
        if row == b"macknowledged" {
            self.replicas[index].acked.clear();
        }
        self.replicas[index].denied.clear();
        self.replicas[index].doubtful |= row == b"mcensus";
        self.replicas[index].cautious |= row == b"mwritten";
        let mut handed_out = Vec::new();
        let Some(ledger) = self.replicas[index].ledger.as_mut() else { return Ok("no ledger") };
        let mended = !ledger.opening().damage.is_empty();
        let rebuilt = ledger.opening().rebuilt;
        let salvage = ledger.opening().salvage.clone();
        salvage.iter().for_each(|bundle| handed_out.extend_from_slice(bundle));
        let damage = ledger.scrub().map_err(|error| told("scrub", &error))?.damage;
        let table = row.first().map_or('?', |table| char::from(*table));
        hold(mended || !damage.is_empty(), "scrub", || format!("damage to row {table} is not found"))?;
        let mut export = |bytes: &[u8]| {
            handed_out.extend_from_slice(bytes);
            Ok(())
        };
        ledger.discard(&damage, &mut export).map_err(|error| told("scrub", &error))?;
        let left = ledger.scrub().map_err(|error| told("scrub", &error))?.damage;
        hold(left.is_empty(), "scrub", || format!("discarding leaves {left:?}"))?;
        if draw.below(2) == 0 {
            ledger.release_salvage().map_err(|error| told("salvage", &error))?;
        }
        let kept = ledger.opening().salvage.clone();
        self.open(index)?;
        let reopened = self.replicas[index].ledger.as_ref().map(Ledger::opening);
        hold(reopened.is_some_and(|found| found.damage.is_empty()), "scrub", || {
            format!("what was mended is damaged again: {reopened:?}")
        })?;
        hold(reopened.is_some_and(|found| found.salvage == kept), "salvage", || {
            "the salvage changes by a reboot".to_owned()
        })?;
        self.judge_kept(index, &held, kind == Kind::Tear)?;
        self.judge_salvage(index, &unsafe_own, &handed_out, matches!(table, 'e' | 'n'))?;
        Ok(match (damage.is_empty(), rebuilt) {
            (false, _) => "discarded",
            (true, true) => "rebuilt",
            (true, false) => "mended",
        })
    }

    /// What is left after damage was cut out is some of what was there; of a torn row perhaps what it said
    /// before, which a signature proves as well: the fork that a lesser one had replaced.
    fn judge_kept(
        &mut self,
        index: usize,
        held: &super::checks::state::Received,
        torn: bool,
    ) -> Result<(), Broken> {
        let interests = self.replicas[index].interests.clone();
        let unknown = Frontier::unknown(&self.cast.charter.ledger_id(), interests);
        let Some(ledger) = &self.replicas[index].ledger else { return Ok(()) };
        let bundle = ledger.bundle(&unknown, usize::MAX).map_err(|error| told("scrub", &error))?;
        let (items, others) = self.registry.scan(&bundle.bytes);
        let replaced = |place: Place| torn && matches!(self.registry.item(place), WorldItem::Fork { .. });
        let kept = others == 0 && items.iter().all(|place| held.contains(*place) || replaced(*place));
        hold(kept, "scrub", || "after discarding it holds more than before".to_owned())?;
        self.replicas[index].received = super::checks::state::Received::of(&items);
        Ok(())
    }

    /// Own entries and notices that no peer is known to have.
    fn unsafe_own(&mut self, index: usize) -> Vec<Place> {
        let known = self.known(index);
        let replica = &self.replicas[index];
        let author = key(self.cast.members[replica.member].key).author();
        let mut own = Vec::new();
        for (id, log) in known.state.logs.iter().filter(|(_, log)| log.key.author == author) {
            let heard = replica.acked.get(id).copied().unwrap_or(0);
            let above = log.trunk.iter().skip(usize::try_from(heard).unwrap_or(usize::MAX));
            own.extend(above.filter_map(|id| self.registry.entry(id)));
        }
        let notices = replica.unheard.iter().filter(|id| known.state.notices.contains(*id));
        own.extend(notices.filter_map(|id| self.registry.notice(id)));
        own
    }

    /// Nothing of them is gone that was not handed out `[STORE-8]`, `[STORE-9]`, but the one whose own bytes are
    /// damaged.
    fn judge_salvage(
        &mut self,
        index: usize,
        unsafe_own: &[Place],
        handed_out: &[u8],
        of_an_item: bool,
    ) -> Result<(), Broken> {
        let left = self.known(index).retained.clone();
        let (handed_out, _) = self.registry.scan(handed_out);
        let gone = |place: &&Place| !left.contains(place) && !handed_out.contains(place);
        let lost = unsafe_own.iter().filter(gone).count();
        hold(lost <= usize::from(of_an_item), "salvage", || {
            format!("replica {index}: {lost} own items are gone and were not handed out")
        })
    }

    /// Copies the store.
    fn back_up(&mut self, index: usize) -> Done {
        let known = self.known(index);
        let replica = &mut self.replicas[index];
        replica.backup = Some(Backup {
            rows: replica.disk.copy(),
            received: super::checks::state::Received::of(&known.retained),
            horizon: replica.horizon,
            floor: replica.floor,
            forgotten: replica.forgotten.clone(),
            acked: replica.acked.clone(),
            unheard: replica.unheard.clone(),
            doubtful: replica.doubtful,
            cautious: replica.cautious,
            written: replica.written,
        });
        Ok("made")
    }

    /// The store is replaced by an older copy of itself.
    fn restore(&mut self, index: usize, draw: &mut Draw) -> Done {
        let replica = &mut self.replicas[index];
        let Some(backup) = replica.backup.clone() else { return self.back_up(index) };
        replica.ledger = None;
        replica.disk = Disk::holding(backup.rows);
        (replica.received, replica.forgotten) = (backup.received, backup.forgotten);
        (replica.horizon, replica.floor) = (backup.horizon, backup.floor);
        (replica.acked, replica.unheard) = (backup.acked, backup.unheard);
        (replica.doubtful, replica.cautious) = (backup.doubtful, backup.cautious);
        replica.denied.clear();
        let behind = backup.written < replica.written;
        self.open(index)?;
        let writing = self.writing(index);
        hold(!behind || writing.is_empty(), "restore", || {
            format!("an old copy goes on in {writing:?} [INC-1]")
        })?;
        if draw.below(2) == 0 {
            // It speaks at once, before it has met anybody.
            let until = self.now.plus(Millis::days(draw.below(20) as u64));
            let records = self.records(until, draw);
            self.append(index, Lane::Productivity, &records)?;
        }
        Ok(if self.replicas[index].continuous { "continuous" } else { "without continuity" })
    }
}

fn ended<T>(outcome: Result<T, AppendError>) -> Result<Ended, Broken> {
    match outcome {
        Ok(_) => Ok(Ended::Well),
        Err(AppendError::Ledger(LedgerError::Continuity(_))) => Ok(Ended::Refused),
        Err(AppendError::Unrecorded { fault, .. }) => Ok(Ended::Failed(fault.into())),
        Err(AppendError::Ledger(error)) => Ok(Ended::Failed(error)),
        Err(AppendError::Signer(fault)) => broken("write", fault.to_string()),
        Err(_) => Ok(Ended::Refused),
    }
}
