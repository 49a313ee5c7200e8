//! One replica of a fleet: a real ledger, and what the simulator knows of it.

use super::cast::Cast;
use super::checks::horizon::Forgotten;
use super::checks::state::Received;
use super::checks::verdicts::Denials;
use super::disk::{Counter, Disk, Seal};
use super::judging::Seen;
use super::links::NodeClock;
use crate::world::WorldItem;
use intent_contracts::{EntryId, LedgerId, LogId, NoticeId, Scope, Tai};
use intent_ledger::{BundleBuilder, Host, ItemBytes, Ledger, LedgerError, MemoryStore, NoContinuity};
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::SeedableRng;
use std::collections::{BTreeMap, BTreeSet};

/// A copy of a store, with what the simulator knew when it was made.
#[derive(Clone)]
pub(super) struct Backup {
    pub(super) rows: MemoryStore,
    pub(super) received: Received,
    pub(super) horizon: Tai,
    pub(super) floor: Tai,
    pub(super) forgotten: Forgotten,
    pub(super) acked: BTreeMap<LogId, u64>,
    pub(super) unheard: BTreeSet<NoticeId>,
    pub(super) doubtful: bool,
    pub(super) cautious: bool,
    pub(super) written: u64,
}

/// One replica.
pub(super) struct Replica {
    /// Its place in the cast.
    pub(super) member: usize,
    pub(super) interests: Vec<Scope>,
    pub(super) ledger: Option<Ledger<Disk>>,
    pub(super) disk: Disk,
    pub(super) counter: Counter,
    pub(super) seal: Seal,
    /// Whether its host keeps a counter.
    pub(super) continuous: bool,
    /// The authentic items that reached it since its memory of them began.
    pub(super) received: Received,
    pub(super) clock: NodeClock,
    /// Where its horizon must stand.
    pub(super) horizon: Tai,
    /// The greatest `lo` by which it advanced.
    pub(super) floor: Tai,
    pub(super) birth: Option<Tai>,
    pub(super) forgotten: Forgotten,
    pub(super) backup: Option<Backup>,
    /// Of own logs, up to which slot a frontier has shown them.
    pub(super) acked: BTreeMap<LogId, u64>,
    /// Own entries that were ever committed.
    pub(super) written: u64,
    /// Own notices that no frontier has shown.
    pub(super) unheard: BTreeSet<NoticeId>,
    /// Whether it lost count of what is its own, and takes all under its enrolment for it `[STORE-7]`.
    pub(super) doubtful: bool,
    /// Whether it lost count of when it wrote, and takes the heads of its logs for it `[STORE-7]`.
    pub(super) cautious: bool,
    /// What its view denied when it was looked at last.
    pub(super) denied: Denials,
    /// What its view was judged for since it was opened.
    pub(super) viewed: Option<Seen>,
    /// Whether its store met a fault.
    pub(super) shaken: bool,
    /// Whether somebody told it a frontier that is not true.
    pub(super) lied_to: bool,
    /// Where a horizon stands if a commit happened of which nothing was heard.
    pub(super) pending: Option<(Tai, Tai, Forgotten)>,
    /// An entry that was acknowledged just before the process died.
    pub(super) acknowledged: Option<EntryId>,
    /// Of which replica's store it is a copy that runs beside it.
    pub(super) root: Option<usize>,
    /// An own entry that is committed and that nobody was told of: its log and slot.
    pub(super) unsure: Option<(LogId, u64)>,
    entropy: u64,
    opened: u64,
}

impl Replica {
    /// A replica of a member over an empty disk.
    pub(super) fn found(cast: &Cast, member: usize, entropy: u64) -> Self {
        let found = &cast.members[member];
        let mut replica = Self {
            member,
            interests: found.interests.clone(),
            ledger: None,
            disk: Disk::default(),
            counter: Counter::default(),
            seal: Seal::of(found.key),
            continuous: !entropy.is_multiple_of(7),
            received: Received::default(),
            clock: NodeClock::exact(),
            horizon: Tai(0),
            floor: Tai(0),
            birth: None,
            forgotten: Forgotten::default(),
            backup: None,
            acked: BTreeMap::new(),
            written: 0,
            unheard: BTreeSet::new(),
            doubtful: false,
            cautious: false,
            denied: Denials::new(),
            viewed: None,
            shaken: false,
            lied_to: false,
            pending: None,
            acknowledged: None,
            root: None,
            unsure: None,
            entropy,
            opened: 0,
        };
        replica.create(cast);
        replica
    }

    /// Founds a ledger in an empty disk.
    pub(super) fn create(&mut self, cast: &Cast) {
        self.disk = Disk::default();
        self.received = Received::default();
        (self.horizon, self.floor, self.birth) = (Tai(0), Tai(0), None);
        self.forgotten = Forgotten::default();
        self.acked.clear();
        self.unheard.clear();
        (self.doubtful, self.cautious) = (false, false);
        self.unsure = None;
        self.denied.clear();
        self.viewed = None;
        let host = self.host();
        let ledger = Ledger::create(self.disk.clone(), &cast.charter, self.interests.clone(), host);
        self.ledger = Some(ledger.expect("an empty disk takes a ledger"));
    }

    /// Opens the ledger on the disk.
    pub(super) fn open(&mut self, cast: &Cast) -> Result<(), LedgerError> {
        let host = self.host();
        (self.ledger, self.viewed) = (None, None);
        self.ledger = Some(Ledger::open(self.disk.clone(), &cast.charter, host)?);
        Ok(())
    }

    /// A copy of its store as it is now, on a host of its own; `root` is the place of the original.
    pub(super) fn copy(&self, root: usize, received: Received, entropy: u64) -> Self {
        Self {
            member: self.member,
            interests: self.interests.clone(),
            ledger: None,
            disk: Disk::holding(self.disk.copy()),
            counter: self.counter.clone(),
            seal: self.seal.clone(),
            continuous: self.continuous,
            received,
            clock: self.clock,
            horizon: self.horizon,
            floor: self.floor,
            birth: self.birth,
            forgotten: self.forgotten.clone(),
            backup: None,
            acked: self.acked.clone(),
            written: self.written,
            unheard: self.unheard.clone(),
            doubtful: self.doubtful,
            cautious: self.cautious,
            denied: Denials::new(),
            viewed: None,
            shaken: self.shaken,
            lied_to: self.lied_to,
            pending: None,
            acknowledged: None,
            root: Some(root),
            unsure: self.unsure,
            entropy,
            opened: 0,
        }
    }

    /// Whether the record names what this very handle did last `[INC-7]`.
    pub(super) fn is_proven(&self) -> bool {
        let current = self.ledger.as_ref().map(Ledger::generation);
        !self.continuous || (current.is_some() && self.counter.generation() == current)
    }

    fn host(&mut self) -> Host {
        self.opened += 1;
        let seed = self.entropy.wrapping_mul(1_000_003).wrapping_add(self.opened);
        let counter = self.counter.clone();
        Host {
            signer: Box::new(self.seal.clone()),
            continuity: if self.continuous { Box::new(counter) } else { Box::new(NoContinuity) },
            entropy: Box::new(ChaCha12Rng::seed_from_u64(seed)),
        }
    }
}

/// A bundle of items, each in the order given.
pub(super) fn parcel<'a>(ledger: LedgerId, items: impl Iterator<Item = &'a WorldItem>) -> Vec<u8> {
    let mut builder = BundleBuilder::new(ledger, usize::MAX);
    for item in items {
        let bytes = item.bytes();
        let fitted = match item {
            WorldItem::Entry(_) => builder.push(ItemBytes::Entry(bytes)),
            WorldItem::Notice(_) => builder.push(ItemBytes::Notice(bytes)),
            WorldItem::Fork { .. } => builder.push(ItemBytes::Fork(bytes)),
        };
        if !fitted {
            break;
        }
    }
    builder.finish()
}
