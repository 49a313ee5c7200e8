//! A disk that dies at any operation, fills up and loses bits, and a counter beside it.
//!
//! - A commit that dies has either happened or not; which of the two is the fault's choice and the
//!   simulator's to find out.
//! - Once dead, every operation fails until the disk is started again.

use crate::world::{Draw, key};
use intent_contracts::{AuthorKey, Signature, Signer, SignerFault};
use intent_ledger::{
    Continuity, ContinuityFault, Generation, MemoryStore, MemoryView, Rows, Store, StoreError, View, Write,
};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How an operation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// The commit is lost.
    Lost,
    /// The commit stands, and nobody is told.
    Unheard,
    /// There is no room.
    Full,
}

#[derive(Debug, Default)]
struct Platter {
    rows: MemoryStore,
    /// Operations left until the fault, and the fault.
    armed: Option<(u64, Fault)>,
    dead: bool,
    /// What the last commit wrote: keys with the values before.
    last: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

impl Platter {
    fn commit(&mut self, writes: Vec<Write>) -> Result<(), StoreError> {
        let view = self.rows.view()?;
        self.last.clear();
        for write in &writes {
            if let Write::Put(key, _) = write {
                self.last.push((key.clone(), view.get(key)?));
            }
        }
        self.rows.commit(writes)
    }
}

/// A disk that outlives the ledger on it.
#[derive(Debug, Clone, Default)]
pub(super) struct Disk(Arc<Mutex<Platter>>);

impl Disk {
    fn platter(&self) -> MutexGuard<'_, Platter> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the operation after the next `operations` fail.
    pub(super) fn arm(&self, operations: u64, fault: Fault) {
        self.platter().armed = Some((operations, fault));
    }

    /// Starts the disk again; tells whether it had died.
    pub(super) fn start(&self) -> bool {
        let mut platter = self.platter();
        platter.armed = None;
        std::mem::take(&mut platter.dead)
    }

    pub(super) fn copy(&self) -> MemoryStore {
        self.platter().rows.clone()
    }

    pub(super) fn holding(rows: MemoryStore) -> Self {
        Self(Arc::new(Mutex::new(Platter { rows, ..Platter::default() })))
    }

    /// All rows.
    pub(super) fn rows(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let view = self.platter().rows.view();
        let Ok(view) = view else { return Vec::new() };
        let rows = view.rows_from(&[], &[]).into_iter().flatten();
        rows.filter_map(Result::ok).collect()
    }

    /// Changes one bit of one row's value, and tells of which row.
    pub(super) fn flip(&self, draw: &mut Draw) -> Option<Vec<u8>> {
        let mut rows = self.rows();
        let is_entry = |(key, _): &(Vec<u8>, Vec<u8>)| key.first() == Some(&b'e');
        if rows.iter().any(is_entry) && draw.below(3) == 0 {
            // Most rows are not entries, and entries within a log are what a scrub alone reads.
            rows.retain(is_entry);
        }
        let (key, mut value) = rows.get(draw.below(rows.len()))?.clone();
        let place = draw.below(value.len());
        *value.get_mut(place)? ^= 1 << draw.below(8);
        let written = self.platter().rows.commit(vec![Write::Put(key.clone(), value)]);
        written.ok().map(|()| key)
    }

    /// Tears one row of the last commit: it begins as it was written, and goes on as it was before or not at
    /// all. Tells which.
    pub(super) fn tear(&self, draw: &mut Draw) -> Option<Vec<u8>> {
        let last = self.platter().last.clone();
        let (key, before) = last.get(draw.below(last.len()))?.clone();
        let rows = self.rows();
        let (_, written) = rows.iter().find(|(found, _)| *found == key)?;
        let kept = draw.below(written.len());
        let rest = before.as_deref().and_then(|before| before.get(kept..)).unwrap_or_default();
        let torn = [&written[..kept], rest].concat();
        // A row that is wholly the old one is a lost write, which no store that commits as a whole has.
        if torn == *written || before.as_ref() == Some(&torn) {
            return None;
        }
        let written = self.platter().rows.commit(vec![Write::Put(key.clone(), torn)]);
        written.ok().map(|()| key)
    }

    fn operate(&self) -> Result<Option<Fault>, StoreError> {
        let mut platter = self.platter();
        if platter.dead {
            return Err(died());
        }
        match platter.armed {
            Some((0, fault)) => {
                platter.dead = true;
                Ok(Some(fault))
            }
            Some((left, fault)) => {
                platter.armed = Some((left - 1, fault));
                Ok(None)
            }
            None => Ok(None),
        }
    }

    fn read(&self) -> Result<(), StoreError> {
        match self.operate()? {
            Some(_) => Err(died()),
            None => Ok(()),
        }
    }
}

fn died() -> StoreError {
    StoreError::Device { what: "the power is gone".to_owned() }
}

impl Store for Disk {
    type View = DiskView;

    fn commit(&mut self, writes: Vec<Write>) -> Result<(), StoreError> {
        match self.operate()? {
            None => self.platter().commit(writes),
            Some(Fault::Lost) => Err(died()),
            Some(Fault::Full) => Err(StoreError::Full),
            Some(Fault::Unheard) => {
                self.platter().commit(writes)?;
                Err(died())
            }
        }
    }

    fn view(&self) -> Result<DiskView, StoreError> {
        self.read()?;
        let rows = self.platter().rows.view()?;
        Ok(DiskView { rows, disk: self.clone() })
    }
}

/// A snapshot of a [`Disk`].
#[derive(Debug)]
pub(super) struct DiskView {
    rows: MemoryView,
    disk: Disk,
}

impl View for DiskView {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.disk.read()?;
        self.rows.get(key)
    }

    fn rows_from(&self, prefix: &[u8], from: &[u8]) -> Result<Rows<'_>, StoreError> {
        self.disk.read()?;
        self.rows.rows_from(prefix, from)
    }
}

#[derive(Debug, Default)]
struct Recorded {
    generation: Option<Generation>,
    failing: bool,
}

/// The host's counter, which no restored store brings back and which never goes back itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Counter(Arc<Mutex<Recorded>>);

impl Counter {
    fn recorded_now(&self) -> MutexGuard<'_, Recorded> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets every record fail until told otherwise.
    pub(super) fn fail(&self, failing: bool) {
        self.recorded_now().failing = failing;
    }

    /// What is recorded.
    pub(super) fn generation(&self) -> Option<Generation> {
        self.recorded_now().generation
    }

    /// Another record that says the same now, and goes its own way.
    pub(super) fn copy(&self) -> Self {
        let generation = self.generation();
        Self(Arc::new(Mutex::new(Recorded { generation, failing: false })))
    }

    /// Forgets the count.
    pub(super) fn lose(&self) {
        self.recorded_now().generation = None;
    }
}

impl Continuity for Counter {
    fn recorded(&mut self) -> Result<Option<Generation>, ContinuityFault> {
        Ok(self.recorded_now().generation)
    }

    fn record(&mut self, expected: Option<Generation>, new: Generation) -> Result<(), ContinuityFault> {
        let mut recorded = self.recorded_now();
        if recorded.failing {
            return Err(ContinuityFault::Unreachable { what: "the counter does not answer".to_owned() });
        }
        if recorded.generation != expected && recorded.generation != Some(new) {
            return Err(ContinuityFault::found(recorded.generation, new));
        }
        recorded.generation = Some(new);
        Ok(())
    }
}

/// A key that remembers what it signed.
#[derive(Debug, Clone)]
pub(super) struct Seal {
    key: usize,
    signed: Arc<Mutex<BTreeSet<[u8; 64]>>>,
}

impl Seal {
    pub(super) fn of(key: usize) -> Self {
        Self { key, signed: Arc::default() }
    }

    /// Whether this key made the signature through this seal.
    pub(super) fn made(&self, signature: &Signature) -> bool {
        self.signed.lock().unwrap_or_else(PoisonError::into_inner).contains(signature.as_bytes())
    }
}

impl Signer for Seal {
    fn author(&self) -> AuthorKey {
        key(self.key).author()
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, SignerFault> {
        let signature = key(self.key).sign(message)?;
        self.signed.lock().unwrap_or_else(PoisonError::into_inner).insert(*signature.as_bytes());
        Ok(signature)
    }
}
