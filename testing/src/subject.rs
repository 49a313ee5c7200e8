//! The ledger as the laws see it: a replica that takes in items and has a state.

use crate::laws::{Replica, Sender, Wire};
use crate::model::{ModelLog, ModelState};
use crate::world::{ItemKind, WorldItem, key};
use intent_contracts::cbor::{self, Items};
use intent_contracts::{
    AuthorKey, Charter, Clock, Millis, Scope, SecretKey, Signature, Signer, SignerFault, Tai,
};
use intent_ledger::{
    Approval, BundleBuilder, Continuity, ContinuityFault, Frontier, Generation, Host, ItemBytes, Ledger,
    MemoryStore, NoContinuity, Store,
};
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::SeedableRng;
use std::sync::{Arc, Mutex};

/// A real ledger over a store, fed through its public calls alone.
pub struct Subject<S: Store> {
    ledger: Ledger<S>,
    interests: Vec<Scope>,
}

/// A host whose randomness comes from `seed` and whose key is one of the worlds'.
#[must_use]
pub fn host(index: usize, continuity: Box<dyn Continuity>, seed: u64) -> Host {
    Host {
        signer: Box::new(Borrowed(key(index))),
        continuity,
        entropy: Box::new(ChaCha12Rng::seed_from_u64(seed)),
    }
}

/// A host that never proves continuity.
fn forgetful() -> Host {
    host(0, Box::new(NoContinuity), 0)
}

/// A continuity record that outlives its ledger: the counter that a host keeps apart.
#[derive(Debug, Clone, Default)]
pub struct Counter(Arc<Mutex<Option<Generation>>>);

impl Continuity for Counter {
    fn recorded(&mut self) -> Result<Option<Generation>, ContinuityFault> {
        Ok(*self.0.lock().expect("nobody panics while holding the counter"))
    }

    fn record(&mut self, expected: Option<Generation>, new: Generation) -> Result<(), ContinuityFault> {
        let mut recorded = self.0.lock().expect("nobody panics while holding the counter");
        if *recorded != expected && *recorded != Some(new) {
            return Err(ContinuityFault::found(*recorded, new));
        }
        *recorded = Some(new);
        Ok(())
    }
}

/// A key that the worlds keep.
struct Borrowed(&'static SecretKey);

impl Signer for Borrowed {
    fn author(&self) -> AuthorKey {
        self.0.author()
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, SignerFault> {
        self.0.sign(message)
    }
}

/// The state of a ledger in the model's words.
///
/// # Panics
/// When the store cannot be read: the stores of the laws do not fail.
pub fn state_of<S: Store>(ledger: &Ledger<S>) -> ModelState {
    let reader = ledger.reader().expect("a sound ledger has a reader");
    let log = |log: intent_ledger::LogSummary| {
        let entries = reader.entries(log.id, 1).expect("the store can be read");
        let trunk: Vec<_> = entries.map(|entry| entry.expect("the store can be read").id()).collect();
        assert_eq!(trunk.len() as u64, log.head, "a trunk has no holes");
        assert!(trunk.last().is_none_or(|id| *id == log.head_id), "the head is the last entry");
        let terminal = log.terminal.map(|terminal| (terminal.slot(), terminal.ids().to_vec()));
        (log.id, ModelLog { key: log.key, trunk, terminal })
    };
    ModelState {
        logs: ledger.logs().map(log).collect(),
        notices: ledger.notices().collect(),
        enrolments: ledger.enrolments().collect(),
    }
}

impl Subject<MemoryStore> {
    /// An empty replica in memory.
    ///
    /// # Panics
    /// When a ledger cannot be founded in an empty store in memory.
    #[must_use]
    pub fn in_memory(charter: &Charter, interests: &[Scope]) -> Self {
        let ledger = Ledger::create(MemoryStore::new(), charter, interests.to_vec(), forgetful());
        Self { ledger: ledger.expect("an empty store takes a ledger"), interests: interests.to_vec() }
    }

    /// Stops the replica and opens it again: memory is gone, the store stays.
    ///
    /// # Panics
    /// When the store cannot be opened.
    #[must_use]
    pub fn reopened(self) -> Self {
        let charter = self.ledger.charter().clone();
        let ledger = Ledger::open(self.ledger.into_store(), &charter, forgetful());
        Self { ledger: ledger.expect("a sound store opens"), interests: self.interests }
    }
}

impl<S: Store> Subject<S> {
    /// The ledger.
    pub const fn ledger(&mut self) -> &mut Ledger<S> {
        &mut self.ledger
    }
}

/// A moment at which nothing of the laws' worlds has happened yet; merging does not look at it.
const NOW: Tai = Tai(1);

impl<S: Store> Replica for Subject<S> {
    fn deliver(&mut self, items: &[Wire<'_>]) {
        let mut builder = BundleBuilder::new(self.ledger.ledger_id(), usize::MAX);
        for item in items {
            let item = match item.kind {
                ItemKind::Entry => ItemBytes::Entry(item.bytes),
                ItemKind::Notice => ItemBytes::Notice(item.bytes),
                ItemKind::Fork => ItemBytes::Fork(item.bytes),
            };
            assert!(builder.push(item), "the worlds are smaller than one call takes");
        }
        let report = self.ledger.absorb(&builder.finish(), Clock::new(NOW, Millis(0)));
        let report = report.expect("a store in memory does not fail");
        assert_eq!(report.stopped, None, "a built bundle is read to its end");
    }

    fn state(&self) -> ModelState {
        state_of(&self.ledger)
    }

    fn advance_horizon_to(&mut self, horizon: Tai) {
        let memory = self.ledger.charter().parameters().memory();
        let now = Clock::new(horizon.plus(memory), Millis(0));
        let advanced = self.ledger.advance_horizon(now, Some(Approval::of(now.middle())), &mut |_| Ok(()));
        let report = advanced.expect("an operator's word allows every step");
        assert!(report.horizon >= horizon, "the horizon stands where it was asked to");
    }
}

impl<S: Store> Sender for Subject<S> {
    fn retained(&self) -> Vec<WorldItem> {
        let ledger = self.ledger.ledger_id();
        let peer = Frontier::unknown(&ledger, self.interests.clone());
        let bundle = self.ledger.bundle(&peer, usize::MAX).expect("a store in memory does not fail");
        assert!(bundle.complete, "the worlds are smaller than one bundle");
        items_of(&ledger, &bundle.bytes)
    }
}

/// The items of a bundle, read by the shape of [SYNC-3] alone.
///
/// # Panics
/// When the bytes are not whole parts.
pub fn items_of(ledger: &intent_contracts::LedgerId, mut bundle: &[u8]) -> Vec<WorldItem> {
    let mut out = Vec::new();
    while !bundle.is_empty() {
        let (part, rest) = bundle.split_at(cbor::walk_prefix(bundle).expect("a whole part"));
        let items = Items::of(part).expect("an array").nth(2).expect("three fields");
        for item in Items::of(items).expect("an array of items") {
            let mut fields = Items::of(item).expect("an array of two");
            let kind = match fields.next() {
                Some([0]) => ItemKind::Entry,
                Some([1]) => ItemKind::Notice,
                _ => ItemKind::Fork,
            };
            let bytes = fields.next().expect("an item has bytes");
            out.push(WorldItem::read(ledger, kind, bytes).expect("a ledger sends what can be read"));
        }
        bundle = rest;
    }
    out
}
