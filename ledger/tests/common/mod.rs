//! A small charter, its enrolments, hosts with seeded entropy, and pens that write what no ledger would.
#![allow(dead_code, reason = "each test file uses a part of this module")]
#![allow(unreachable_pub, reason = "every test file is a crate of its own")]
#![allow(clippy::unwrap_used, reason = "a fixture that fails is a failed test")]

use intent_ledger::contracts::kinds::{Body as _, Enrol, Lineage, Roles};
use intent_ledger::contracts::*;
use intent_ledger::{
    AbsorbReport, Approval, BundleBuilder, Continuity, ContinuityFault, FirstLogs, Generation, Host,
    ItemBytes, Ledger, LogSummary, MemoryStore, MemoryView, Store, StoreError, View, Write,
};
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::SeedableRng;
use std::sync::{Arc, Mutex};

pub const NOW: Tai = Tai(1_800_000_000_000);
/// The charter's end.
pub const UNTIL: Tai = Tai(4_000_000_000_000);
pub const ROOT: u8 = 1;
pub const MARS: u8 = 2;
pub const NODE: u8 = 3;
pub const VENUS: u8 = 4;

pub fn at(moment: Tai) -> Clock {
    Clock::new(moment, Millis(50))
}

pub fn now() -> Clock {
    at(NOW)
}

/// The approval of an operator whose second clock shows the middle of the reading.
pub fn approved(clock: Clock) -> Option<Approval> {
    Some(Approval::of(clock.middle()))
}

pub fn after_days(days: u64) -> Clock {
    at(NOW.plus(Millis::days(days)))
}

pub fn in_days(days: u64) -> Tai {
    NOW.plus(Millis::days(days))
}

pub fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed([seed; 32])
}

pub fn scope(text: &str) -> Scope {
    Scope::parse(text).unwrap()
}

pub fn entropy(seed: u64) -> ChaCha12Rng {
    ChaCha12Rng::seed_from_u64(seed)
}

pub fn charter() -> Charter {
    charter_with(CharterParameters::default())
}

pub fn charter_with(parameters: CharterParameters) -> Charter {
    let max_notices = parameters.notices_per_enrolment;
    let roots = vec![CharterRoot { max_notices, ..CharterRoot::new(key(ROOT).author(), 1 << 40, 16) }];
    Charter::new("forge", roots, 1, UNTIL, parameters, [7; 32]).unwrap()
}

pub fn root_enrolment(charter: &Charter) -> RecordId {
    RecordId::root(&charter.ledger_id(), 0)
}

/// A record of a kind that says nothing, until `until`.
pub fn note(until: Tai, text: &[u8]) -> Record {
    Record::new(9_000, until, text.to_vec())
}

/// The notices that an enrolment may write, unless it is said otherwise.
pub const NOTICES: u64 = 4_096;

/// The record that enrols `seed`'s key.
pub fn enrol(seed: u8, roles: Roles, place: &str, byte_budget: u64, max_logs: u64, until: Tai) -> Record {
    enrol_noting(seed, roles, place, byte_budget, max_logs, until, NOTICES)
}

/// The same, with so many notices when it may write any.
pub fn enrol_noting(
    seed: u8,
    roles: Roles,
    place: &str,
    byte_budget: u64,
    max_logs: u64,
    until: Tai,
    notices: u64,
) -> Record {
    let label = |text: &str| Label::try_from(text.to_owned()).unwrap();
    let body = Enrol {
        ordinal: u64::from(seed),
        max_notices: if roles.may_notify() { notices } else { 0 },
        ..Enrol::new(
            key(seed).author(),
            roles,
            scope(place),
            byte_budget,
            max_logs,
            Lineage { build: label("a"), hardware: label("b") },
        )
    };
    body.record(until, Vec::new()).unwrap()
}

/// A continuity record that outlives its ledger and can be told to fail.
#[derive(Debug, Clone, Default)]
pub struct Witness(Arc<Mutex<WitnessState>>);

#[derive(Debug, Clone, Default)]
struct WitnessState {
    generation: Option<Generation>,
    failing: bool,
    silent: bool,
}

impl Witness {
    pub fn generation(&self) -> Option<Generation> {
        self.0.lock().unwrap().generation
    }

    pub fn set(&self, generation: Option<Generation>) {
        self.0.lock().unwrap().generation = generation;
    }

    /// Records fail, as on a full disk.
    pub fn fail(&self, failing: bool) {
        self.0.lock().unwrap().failing = failing;
    }

    /// Reading fails too.
    pub fn silence(&self, silent: bool) {
        self.0.lock().unwrap().silent = silent;
        self.fail(silent);
    }

    /// Another record that says the same now, and goes its own way.
    pub fn copy(&self) -> Self {
        Self(Arc::new(Mutex::new(self.0.lock().unwrap().clone())))
    }
}

impl Continuity for Witness {
    fn recorded(&mut self) -> Result<Option<Generation>, ContinuityFault> {
        if self.0.lock().unwrap().silent {
            return Err(ContinuityFault::Unreachable { what: "told to be silent".to_owned() });
        }
        Ok(self.generation())
    }

    fn record(&mut self, expected: Option<Generation>, new: Generation) -> Result<(), ContinuityFault> {
        let mut state = self.0.lock().unwrap();
        if state.failing {
            return Err(ContinuityFault::Unreachable { what: "told to fail".to_owned() });
        }
        if state.generation != expected && state.generation != Some(new) {
            return Err(ContinuityFault::found(state.generation, new));
        }
        state.generation = Some(new);
        Ok(())
    }
}

/// The host of the key with this seed.
pub fn host(seed: u8, entropy_seed: u64, continuity: impl Continuity + 'static) -> Host {
    Host {
        signer: Box::new(key(seed)),
        continuity: Box::new(continuity),
        entropy: Box::new(entropy(entropy_seed)),
    }
}

/// A memory store that the test can look into, copy and damage while a ledger holds it.
#[derive(Debug, Clone, Default)]
pub struct SharedStore(Arc<Mutex<MemoryStore>>);

impl SharedStore {
    pub fn copy(&self) -> Self {
        Self(Arc::new(Mutex::new(self.0.lock().unwrap().clone())))
    }

    pub fn rows(&self, table: u8) -> Vec<(Vec<u8>, Vec<u8>)> {
        let view = self.view().unwrap();
        view.rows_from(&[table], &[]).unwrap().map(Result::unwrap).collect()
    }

    pub fn put(&self, key: Vec<u8>, value: Vec<u8>) {
        self.0.lock().unwrap().commit(vec![Write::Put(key, value)]).unwrap();
    }

    pub fn delete(&self, key: Vec<u8>) {
        self.0.lock().unwrap().commit(vec![Write::Delete(key)]).unwrap();
    }
}

impl Store for SharedStore {
    type View = MemoryView;

    fn commit(&mut self, writes: Vec<Write>) -> Result<(), StoreError> {
        self.0.lock().unwrap().commit(writes)
    }

    fn view(&self) -> Result<MemoryView, StoreError> {
        self.0.lock().unwrap().view()
    }
}

pub type Replica = Ledger<SharedStore>;

/// A fresh replica of `seed`'s key that holds `interests` and opens what the charter names, and its store.
pub fn replica(charter: &Charter, seed: u8, interests: &[&str]) -> (Replica, SharedStore) {
    let store = SharedStore::default();
    let interests = interests.iter().map(|text| scope(text)).collect();
    let host = host(seed, u64::from(seed), Witness::default());
    let first = FirstLogs::all(charter, &key(seed).author());
    (Ledger::found(store.clone(), charter, interests, host, &first).unwrap(), store)
}

/// All of a ledger as one would compare it: logs, notices, enrolments, digest, horizon.
pub fn picture<S: Store>(ledger: &Ledger<S>) -> (Vec<LogSummary>, Vec<NoticeId>, Vec<RecordId>, Digest, Tai) {
    (
        ledger.logs().collect(),
        ledger.notices().collect(),
        ledger.enrolments().collect(),
        ledger.state_digest(),
        ledger.horizon(),
    )
}

/// Store and memory agree: a ledger opened over a copy of the store equals `ledger`, no row is left over
/// or missing, and neither lacks anything of the other.
pub fn assert_store_equals_memory(charter: &Charter, ledger: &mut Replica, store: &SharedStore) {
    let seed =
        (0..=u8::MAX).find(|seed| key(*seed).author() == ledger.author()).expect("a key of these tests");
    // The same history, recorded: nothing of it is unsure.
    let witness = Witness::default();
    witness.set(Some(ledger.generation()));
    let mut reopened =
        Ledger::open(store.copy(), charter, host(seed, 250, witness)).expect("the store opens");
    assert_eq!(picture(ledger), picture(&reopened), "a reopened ledger equals the one in memory");
    let count = |table: u8| store.rows(table).len() as u64;
    let logs: Vec<LogSummary> = ledger.logs().collect();
    assert_eq!(count(b'l'), logs.len() as u64, "one row for each log");
    assert_eq!(count(b'e'), ledger.entry_count(), "one row for each entry");
    let ended = logs.iter().filter(|log| log.terminal.is_some()).count();
    assert_eq!(count(b't'), ended as u64, "one row for each terminal");
    assert_eq!(count(b'n'), ledger.notices().count() as u64, "one row for each notice");
    let roots = charter.roots().len() as u64;
    assert_eq!(count(b'r') + roots, ledger.enrolments().count() as u64, "one row for each enrolment");
    assert!(logs.iter().all(|log| log.head > 0 || log.terminal.is_some()), "[ADM-9]");
    let frontier = reopened.frontier();
    let bundle = ledger.bundle(&frontier, usize::MAX).unwrap();
    assert!(bundle.complete && bundle.items == 0 && bundle.bytes.is_empty(), "an equal peer lacks nothing");
    assert!(ledger.scrub().unwrap().damage.is_empty(), "nothing is damaged");
}

/// Sends what `to` lacks, in pieces of `budget` bytes, until it lacks nothing; returns the rounds.
pub fn send<A: Store, B: Store>(from: &Ledger<A>, to: &mut Ledger<B>, budget: usize) -> usize {
    for round in 1..2_000 {
        let frontier = to.frontier();
        let bundle = from.bundle(&frontier, budget).unwrap();
        assert!(bundle.bytes.len() <= budget, "the budget is kept to the byte");
        let before = to.state_digest();
        let report = to.absorb(&bundle.bytes, now()).unwrap();
        assert_eq!(report.stopped, None);
        if bundle.complete && (bundle.items == 0 || to.state_digest() == before) {
            return round;
        }
    }
    panic!("the exchange does not end");
}

/// Exchanges both ways until neither changes.
pub fn exchange<A: Store, B: Store>(a: &mut Ledger<A>, b: &mut Ledger<B>) {
    for _ in 0..50 {
        let before = (a.state_digest(), b.state_digest());
        send(a, b, usize::MAX);
        send(b, a, usize::MAX);
        if before == (a.state_digest(), b.state_digest()) {
            return;
        }
    }
    panic!("the exchange does not settle");
}

/// Signs entries of one log by hand, whatever the rules say.
pub struct Pen {
    pub ledger: LedgerId,
    pub secret: SecretKey,
    pub log: LogKey,
}

impl Pen {
    pub fn new(
        ledger: LedgerId,
        seed: u8,
        lane: Lane,
        incarnation: u64,
        end: Tai,
        enrolment: RecordId,
    ) -> Self {
        let secret = key(seed);
        let log = LogKey { author: secret.author(), lane, incarnation, end, enrolment };
        Self { ledger, secret, log }
    }

    pub fn id(&self) -> LogId {
        self.log.id(&self.ledger)
    }

    pub fn entry(&self, seq: u64, prev: EntryId, moment: Tai, records: &[Record]) -> SignedEntry {
        let bytes = Record::encode_all(records).unwrap();
        let authored = Authored { at: moment, error: Millis(50) };
        let header = Header::new(self.log, seq, prev, authored, Digest::of(&bytes));
        SignedEntry::sign(&self.ledger, &header, &bytes, &self.secret).unwrap()
    }

    /// `count` entries that keep every rule, told apart from other chains by `text`.
    pub fn chain(&self, count: u64, text: &[u8]) -> Vec<SignedEntry> {
        self.chain_on(0, self.log.enrolment.entry, count, text)
    }

    /// `count` entries above slot `head`, whose entry is `prev`.
    pub fn chain_on(&self, head: u64, mut prev: EntryId, count: u64, text: &[u8]) -> Vec<SignedEntry> {
        (head + 1..=head + count)
            .map(|seq| {
                let entry = self.entry(seq, prev, NOW.plus(Millis(seq)), &[note(self.log.end, text)]);
                prev = entry.id();
                entry
            })
            .collect()
    }
}

/// A notice signed by hand.
pub fn notice_of(
    charter: &Charter,
    seed: u8,
    enrolment: RecordId,
    place: &str,
    until: Tai,
    body: &[u8],
) -> SignedNotice {
    let secret = key(seed);
    let authored = Authored { at: NOW, error: Millis(50) };
    let frame = NoticeHeader { author: secret.author(), enrolment, scope: scope(place), until, authored };
    SignedNotice::sign(&charter.ledger_id(), &Notice::new(frame, 900, body.to_vec()), &secret).unwrap()
}

/// A bundle of these entries.
pub fn parcel<'a>(ledger: LedgerId, entries: impl IntoIterator<Item = &'a SignedEntry>) -> Vec<u8> {
    let mut builder = BundleBuilder::new(ledger, usize::MAX);
    for entry in entries {
        assert!(builder.push(ItemBytes::Entry(entry.bytes())), "a parcel holds 4 MiB");
    }
    builder.finish()
}

/// A bundle of these notices.
pub fn notice_parcel<'a>(ledger: LedgerId, notices: impl IntoIterator<Item = &'a SignedNotice>) -> Vec<u8> {
    let mut builder = BundleBuilder::new(ledger, usize::MAX);
    for notice in notices {
        assert!(builder.push(ItemBytes::Notice(notice.bytes())), "a parcel holds 4 MiB");
    }
    builder.finish()
}

/// Absorbs entries one bundle each, in the order given.
pub fn absorb_each<'a, S: Store>(
    ledger: &mut Ledger<S>,
    entries: impl IntoIterator<Item = &'a SignedEntry>,
) -> Vec<AbsorbReport> {
    let id = ledger.ledger_id();
    entries.into_iter().map(|entry| ledger.absorb(&parcel(id, [entry]), now()).unwrap()).collect()
}

/// The reasons of a report with their counts.
pub fn reasons(report: &AbsorbReport) -> Vec<(Reason, u64)> {
    report.refused.iter().map(|(reason, count)| (*reason, *count)).collect()
}

/// A root's replica that has enrolled region `mars`, and below it one node; with the ids of both.
pub struct Family {
    pub charter: Charter,
    pub root: Replica,
    pub root_store: SharedStore,
    pub mars: RecordId,
    pub node: RecordId,
    /// All that a newcomer needs to admit the node.
    pub bytes: Vec<u8>,
}

pub const NODE_BUDGET: u64 = 3 << 19;
pub const NODE_LOGS: u64 = 4;

pub fn family() -> Family {
    family_with(CharterParameters::default())
}

pub fn family_with(parameters: CharterParameters) -> Family {
    let charter = charter_with(parameters);
    let (mut root, root_store) = replica(&charter, ROOT, &[""]);
    let notices = NOTICES.min(charter.parameters().notices_per_enrolment);
    let region = enrol_noting(MARS, Roles::ALL, "mars", 1 << 32, 8, in_days(900), notices);
    let written = root.append(Lane::Safety, &[region], now()).unwrap();
    let mars = RecordId { entry: written.id, index: 0 };
    let (mut region, _) = replica(&charter, MARS, &[""]);
    send(&root, &mut region, usize::MAX);
    let roles = Roles::ACT.with(Roles::GIVE).with(Roles::DENY);
    let below = enrol_noting(NODE, roles, "mars/forge", NODE_BUDGET, NODE_LOGS, in_days(400), notices);
    let written = region.append(Lane::Safety, &[below], now()).unwrap();
    let node = RecordId { entry: written.id, index: 0 };
    send(&region, &mut root, usize::MAX);
    let nobody = intent_ledger::Frontier::unknown(&charter.ledger_id(), vec![Scope::root()]);
    let bytes = root.bundle(&nobody, usize::MAX).unwrap().bytes;
    Family { charter, root, root_store, mars, node, bytes }
}

impl Family {
    pub fn ledger(&self) -> LedgerId {
        self.charter.ledger_id()
    }

    /// A replica of `seed`'s key that knows the family.
    pub fn member(&self, seed: u8, interests: &[&str]) -> (Replica, SharedStore) {
        let (mut member, store) = replica(&self.charter, seed, interests);
        member.absorb(&self.bytes, now()).unwrap();
        (member, store)
    }

    /// A pen for a productivity log of the node.
    pub fn node_pen(&self, incarnation: u64) -> Pen {
        Pen::new(self.ledger(), NODE, Lane::Productivity, incarnation, in_days(30), self.node)
    }
}
