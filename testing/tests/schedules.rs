//! Random partition schedules: after every step every ledger equals a model of its own.
//!
//! Four replicas, one of them honest and writing, get hostile items from anywhere, meet in contacts that
//! are cut at any byte, repeated or one-way, crash, are restored from copies, and forget.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use intent_contracts::{Clock, Lane, LogId, Millis, Record, Scope, Tai, cbor};
use intent_ledger::{AppendError, Approval, Frontier, Ledger, MemoryStore, Store};
use intent_testing::model::Model;
use intent_testing::subject::{Counter, host, items_of, state_of};
use intent_testing::world::{DAYS, Draw, World, WorldItem, day};
use std::collections::{BTreeMap, BTreeSet};

const REPLICAS: usize = 4;
/// Schedules of the test; each has its own world.
const SCHEDULES: u64 = 1_000;
const STEPS: usize = 60;

struct Replica {
    ledger: Option<Ledger<MemoryStore>>,
    model: Model,
    counter: Counter,
    /// An old copy of the store.
    copy: Option<MemoryStore>,
    /// The key of the worlds under which it writes.
    key: usize,
    now: Tai,
}

struct Schedule<'w> {
    world: &'w World,
    draw: Draw,
    replicas: Vec<Replica>,
    /// What each replica last heard or assumed of another.
    memory: BTreeMap<(usize, usize), Frontier>,
    /// Logs that honest replicas wrote.
    honest: BTreeSet<LogId>,
    seen: BTreeMap<&'static str, u64>,
    entropy: u64,
}

impl<'w> Schedule<'w> {
    fn begin(world: &'w World, seed: u64) -> Self {
        let mut schedule = Self {
            world,
            draw: Draw::new(seed),
            replicas: Vec::new(),
            memory: BTreeMap::new(),
            honest: BTreeSet::new(),
            seen: BTreeMap::new(),
            entropy: seed << 16,
        };
        for key in 0..REPLICAS {
            let (counter, all) = (Counter::default(), vec![Scope::root()]);
            let host = host(key, Box::new(counter.clone()), schedule.fresh());
            let ledger = Ledger::create(MemoryStore::new(), &world.charter, all.clone(), host).unwrap();
            let model = Model::new(&world.charter, &all);
            let replica = Replica { ledger: Some(ledger), model, counter, copy: None, key, now: day(0) };
            schedule.replicas.push(replica);
        }
        schedule
    }

    fn fresh(&mut self) -> u64 {
        self.entropy += 1;
        self.entropy
    }

    fn count(&mut self, what: &'static str) {
        *self.seen.entry(what).or_default() += 1;
    }

    fn ledger(&mut self, replica: usize) -> &mut Ledger<MemoryStore> {
        self.replicas[replica].ledger.as_mut().unwrap()
    }

    fn step(&mut self) {
        let replica = self.draw.below(REPLICAS);
        match self.draw.below(23) {
            0..=6 => self.hostile_item(replica),
            7..=9 => self.write(replica),
            10..=14 => self.contact(replica),
            15 | 16 => self.crash(replica),
            17 => self.restore(replica),
            18 => {
                let store = self.replicas[replica].ledger.take().unwrap().into_store();
                self.replicas[replica].copy = Some(store.clone());
                self.reopen(replica, store);
            }
            _ => self.forget(replica),
        }
        self.compare(replica);
    }

    fn hostile_item(&mut self, replica: usize) {
        if !self.world.items.is_empty() {
            let item = self.world.items[self.draw.below(self.world.items.len())].clone();
            self.take(replica, &[item]);
            self.count("item");
        }
    }

    /// Delivers items by themselves, to the ledger and to its model.
    fn take(&mut self, replica: usize, items: &[WorldItem]) {
        let ledger = self.ledger(replica).ledger_id();
        let mut builder = intent_ledger::BundleBuilder::new(ledger, usize::MAX);
        for item in items {
            let bytes = item.bytes();
            let fitted = match item {
                WorldItem::Entry(_) => builder.push(intent_ledger::ItemBytes::Entry(bytes)),
                WorldItem::Notice(_) => builder.push(intent_ledger::ItemBytes::Notice(bytes)),
                WorldItem::Fork { .. } => builder.push(intent_ledger::ItemBytes::Fork(bytes)),
            };
            assert!(fitted);
        }
        self.absorb(replica, &builder.finish());
    }

    fn absorb(&mut self, replica: usize, bytes: &[u8]) {
        let now = Clock::new(self.replicas[replica].now, Millis(0));
        self.ledger(replica).absorb(bytes, now).unwrap();
        let ledger = self.ledger(replica).ledger_id();
        let whole = whole_parts(bytes);
        for item in items_of(&ledger, &bytes[..whole]) {
            self.replicas[replica].model.receive(&item);
        }
    }

    fn write(&mut self, replica: usize) {
        let now = Clock::new(self.replicas[replica].now, Millis(0));
        let lane = Lane::ALL[self.draw.below(2)];
        let until = self.replicas[replica].now;
        let record = Record::new(99, until, self.draw.bytes().to_vec());
        match self.ledger(replica).append(lane, &[record], now) {
            Ok(appended) => {
                let reader = self.ledger(replica).reader().unwrap();
                let entry = reader.entries(appended.log, appended.seq).unwrap().next().unwrap().unwrap();
                self.replicas[replica].model.receive_entry(&entry);
                self.honest.insert(appended.log);
                self.count("written");
            }
            Err(AppendError::Ledger(error)) => panic!("the ledger failed: {error}"),
            Err(AppendError::Signer(fault)) => panic!("the signer failed: {fault}"),
            Err(_) => self.count("refused to write"),
        }
    }

    /// A contact: a fresh or an assumed frontier, a bundle with a budget, cut anywhere, maybe twice.
    fn contact(&mut self, from: usize) {
        let to = (from + 1 + self.draw.below(REPLICAS - 1)) % REPLICAS;
        let one_way = self.draw.below(3) == 0;
        let frontier = if one_way {
            let unknown = Frontier::unknown(&self.ledger(from).ledger_id(), vec![Scope::root()]);
            self.memory.get(&(from, to)).cloned().unwrap_or(unknown)
        } else {
            let told = self.ledger(to).frontier();
            let told = Frontier::decode(&told.encode()).unwrap();
            self.ledger(from).hear(&told).unwrap();
            told
        };
        let budget = [usize::MAX, 20_000, 3_000, 900][self.draw.below(4)];
        let bundle = self.ledger(from).bundle(&frontier, budget).unwrap();
        assert!(bundle.bytes.len() <= budget);
        self.memory.insert((from, to), bundle.assumed);
        let cut = self.draw.below(3) == 0;
        let length = if cut { self.draw.below(bundle.bytes.len() + 1) } else { bundle.bytes.len() };
        for _ in 0..=self.draw.below(2) {
            self.absorb(to, &bundle.bytes[..length]);
        }
        self.count(if one_way { "one-way contact" } else { "contact" });
        if cut {
            self.memory.remove(&(from, to));
            self.count("cut contact");
        }
        self.compare(to);
    }

    /// The process ends; memory is lost, the store and the counter stay.
    fn crash(&mut self, replica: usize) {
        let before = self.ledger(replica).writing().collect::<Vec<_>>();
        let store = self.replicas[replica].ledger.take().unwrap().into_store();
        self.reopen(replica, store);
        let after = self.ledger(replica).writing().collect::<Vec<_>>();
        assert_eq!(before, after, "an ordinary reboot keeps all rights");
        self.count("crash");
    }

    /// The store is replaced by an old copy, the counter is not.
    fn restore(&mut self, replica: usize) {
        let Some(copy) = self.replicas[replica].copy.take() else { return };
        let behind = {
            let newer = self.replicas[replica].ledger.take().unwrap().into_store();
            generation_row(&newer) != generation_row(&copy)
        };
        self.reopen(replica, copy);
        if behind {
            assert_eq!(self.ledger(replica).writing().count(), 0, "an old copy goes on in no old log");
            self.count("restored behind");
        }
        // What it holds now is what the copy held.
        let kept = self.retained(replica);
        let horizon = self.ledger(replica).horizon();
        let mut model = Model::new(&self.world.charter, &[Scope::root()]).with(&kept);
        model.set_horizon(horizon);
        self.replicas[replica].model = model;
    }

    fn reopen(&mut self, replica: usize, store: MemoryStore) {
        let seed = self.fresh();
        let Replica { counter, key, .. } = &self.replicas[replica];
        let host = host(*key, Box::new(counter.clone()), seed);
        let ledger = Ledger::open(store, &self.world.charter, host).unwrap();
        assert_eq!(ledger.waiting(), (0, 0));
        let model = &self.replicas[replica].model;
        let mut without_pool = Model::new(&self.world.charter, &[Scope::root()]).with(&model.retained());
        without_pool.set_horizon(model.horizon());
        self.replicas[replica].model = without_pool;
        self.replicas[replica].ledger = Some(ledger);
    }

    fn retained(&mut self, replica: usize) -> Vec<WorldItem> {
        let ledger = self.ledger(replica);
        let peer = Frontier::unknown(&ledger.ledger_id(), vec![Scope::root()]);
        let bundle = ledger.bundle(&peer, usize::MAX).unwrap();
        items_of(&ledger.ledger_id(), &bundle.bytes)
    }

    fn forget(&mut self, replica: usize) {
        let ahead = self.draw.below(7);
        let memory = self.world.charter.parameters().memory();
        let at = &mut self.replicas[replica];
        at.now = (at.now.plus(Millis::days(ahead as u64))).min(day(DAYS));
        let clock = Clock::new(at.now.plus(memory), Millis(0));
        let ledger = at.ledger.as_mut().unwrap();
        let report =
            ledger.advance_horizon(clock, Some(Approval::of(clock.middle())), &mut |_| Ok(())).unwrap();
        at.model.set_horizon(report.horizon);
        if report.entries > 0 {
            self.count("forgot");
        }
    }

    fn compare(&mut self, replica: usize) {
        let at = &mut self.replicas[replica];
        let ledger = at.ledger.as_ref().unwrap();
        let difference = state_of(ledger).difference(&at.model.state());
        assert_eq!(difference, None, "replica {replica}");
    }

    /// All links open, at one horizon: everybody exchanges with everybody until nobody learns anything.
    fn heal(&mut self) {
        for replica in 0..REPLICAS {
            let memory = self.world.charter.parameters().memory();
            let latest = self.replicas.iter().map(|replica| replica.now).max().unwrap();
            let clock = Clock::new(latest.plus(memory), Millis(0));
            self.replicas[replica].now = latest;
            let ledger = self.ledger(replica);
            let report =
                ledger.advance_horizon(clock, Some(Approval::of(clock.middle())), &mut |_| Ok(())).unwrap();
            self.replicas[replica].model.set_horizon(report.horizon);
        }
        for round in 0.. {
            assert!(round < 40, "the exchange does not end");
            let before = self.digests();
            for pair in 0..REPLICAS * REPLICAS {
                let (from, to) = (pair / REPLICAS, pair % REPLICAS);
                let frontier = self.ledger(to).frontier();
                let bundle = self.ledger(from).bundle(&frontier, usize::MAX).unwrap();
                self.absorb(to, &bundle.bytes);
            }
            if self.digests() == before {
                break;
            }
        }
        let digests: BTreeSet<_> = (0..REPLICAS).map(|replica| self.ledger(replica).state_digest()).collect();
        assert_eq!(digests.len(), 1, "healed replicas have one state");
        for replica in 0..REPLICAS {
            self.compare(replica);
            let damage = self.ledger(replica).scrub().unwrap().damage;
            assert_eq!(damage, vec![]);
        }
        let forked = self.ledger(0).logs().filter(|log| log.terminal.is_some()).map(|log| log.id);
        let forked: BTreeSet<LogId> = forked.collect();
        assert!(forked.is_disjoint(&self.honest), "no honest writer forks or breaks its own log");
    }
}

impl Schedule<'_> {
    fn digests(&mut self) -> Vec<intent_contracts::Digest> {
        (0..REPLICAS).map(|replica| self.ledger(replica).state_digest()).collect()
    }
}

/// The bytes of the whole parts at the start of a bundle.
fn whole_parts(bytes: &[u8]) -> usize {
    let mut at = 0;
    while at < bytes.len()
        && let Ok(length) = cbor::walk_prefix(&bytes[at..])
    {
        at += length;
    }
    at
}

fn generation_row(store: &MemoryStore) -> Option<Vec<u8>> {
    use intent_ledger::View;
    store.view().unwrap().get(b"mgeneration").unwrap()
}

#[test]
fn every_ledger_equals_its_model_after_every_step_of_a_thousand_schedules() {
    let mut seen: BTreeMap<&'static str, u64> = BTreeMap::new();
    for seed in 0..SCHEDULES {
        let world = World::random(seed, 30);
        let mut schedule = Schedule::begin(&world, seed);
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            (0..STEPS).for_each(|_| schedule.step());
            schedule.heal();
        }));
        assert!(outcome.is_ok(), "seed {seed} fails");
        schedule.seen.into_iter().for_each(|(what, times)| *seen.entry(what).or_default() += times);
    }
    println!("{SCHEDULES} schedules of {STEPS} steps met: {seen:?}");
    for what in
        ["item", "written", "contact", "one-way contact", "cut contact", "crash", "restored behind", "forgot"]
    {
        assert!(seen.get(what).is_some_and(|times| *times > 50), "{what} is too rare: {seen:?}");
    }
}
