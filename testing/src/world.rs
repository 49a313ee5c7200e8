//! Small hostile universes of signed items, made from instructions or from a seed.
//!
//! - A [`World`] is a function of its [`Step`]s, and a step is a function of six bytes, so that a failing
//!   case shrinks to few steps with small numbers. A step whose target is missing does nothing.
//! - Everything goes through the public constructors of the contracts crate: a universe holds only
//!   what a peer could really send. Every item is authentic; what is wrong with it is what it says.
//! - Ends, `until`s and horizons are whole days from [`day`] zero on, and the charter's bounds are so small
//!   that each of them bites within a few steps.

pub(crate) mod bodies;
mod builder;
mod step;

pub use step::{Content, EnrolFlaw, Evidence, NoticeFlaw, Speaker, Step, WriteFlaw};

use intent_contracts::{
    Charter, CharterParameters, CharterRoot, ForkBranch, ForkProof, Item, KeyRing, LedgerId, Millis,
    SecretKey, SignedEntry, SignedNotice, Signer as _, Tai, UncheckedFork, VerifiedItem, verify_all,
    verify_one,
};
use proptest::strategy::Strategy;
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};
use std::fmt;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

/// The days over which ends and `until`s are spread.
pub const DAYS: u64 = 8;
/// Keys that take part: the roots' first, then those that worlds enrol, and strangers.
pub const KEYS: usize = 24;

/// Moment `number` of the days at which things end.
#[must_use]
pub const fn day(number: u64) -> Tai {
    Tai(Millis::DAY.0 * (100 + number))
}

/// A charter and what was written under it.
#[derive(Clone)]
pub struct World {
    /// What founds the ledger.
    pub charter: Charter,
    /// The instructions.
    pub steps: Vec<Step>,
    /// The authentic items, in the order in which they were written.
    pub items: Vec<WorldItem>,
}

impl World {
    /// The world that these instructions make, in a ledger of `roots` (1 or 2) roots.
    #[must_use]
    pub fn of(roots: usize, steps: Vec<Step>) -> Self {
        let charter = CHARTERS[roots.clamp(1, CHARTERS.len()) - 1].clone();
        let items = builder::build(&charter, &steps);
        Self { charter, steps, items }
    }

    /// A world of about `size` items: a function of the seed.
    #[must_use]
    pub fn random(seed: u64, size: usize) -> Self {
        let mut draw = Draw::new(seed);
        let roots = 1 + draw.below(2);
        let mut steps = Vec::new();
        // A step makes a little more than one item on average.
        for _ in 0..size {
            steps.push(Step::from_bytes(draw.bytes()));
        }
        let mut world = Self::of(roots, steps);
        world.items.truncate(size.max(1) * 2);
        world
    }

    /// The id of the ledger.
    #[must_use]
    pub const fn ledger(&self) -> LedgerId {
        self.charter.ledger_id()
    }
}

impl fmt::Debug for World {
    /// The steps; everything else follows from them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "World of {} roots, {} items, made by", self.charter.roots().len(), self.items.len())?;
        self.steps.iter().try_for_each(|step| writeln!(f, "  {step:?}"))
    }
}

/// Worlds of at most `size` steps. They shrink to fewer and simpler steps.
pub fn any_world(size: usize) -> impl Strategy<Value = World> {
    let steps = proptest::collection::vec(proptest::prelude::any::<[u8; 6]>(), 1..=size.max(1));
    (1usize..=2, steps)
        .prop_map(|(roots, steps)| World::of(roots, steps.into_iter().map(Step::from_bytes).collect()))
}

/// The kind of an item in a bundle part `[SYNC-3]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemKind {
    /// 0
    Entry,
    /// 1
    Notice,
    /// 2
    Fork,
}

/// One authentic item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorldItem {
    /// An entry.
    Entry(SignedEntry),
    /// A notice.
    Notice(SignedNotice),
    /// A fork proof.
    Fork {
        /// As it travels.
        bytes: Vec<u8>,
        /// As it was checked.
        proof: ForkProof,
    },
}

impl WorldItem {
    /// The item that a proof is.
    #[must_use]
    pub fn of_fork(proof: ForkProof) -> Self {
        Self::Fork { bytes: proof.encode(), proof }
    }

    /// The kind.
    #[must_use]
    pub const fn kind(&self) -> ItemKind {
        match self {
            Self::Entry(_) => ItemKind::Entry,
            Self::Notice(_) => ItemKind::Notice,
            Self::Fork { .. } => ItemKind::Fork,
        }
    }

    /// The wire bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Entry(entry) => entry.bytes(),
            Self::Notice(notice) => notice.bytes(),
            Self::Fork { bytes, .. } => bytes,
        }
    }

    /// Reads an item whose sender is trusted. The signatures of a fork proof are checked all the same, for
    /// there is no other way to one.
    #[must_use]
    pub fn read(ledger: &LedgerId, kind: ItemKind, bytes: &[u8]) -> Option<Self> {
        match kind {
            ItemKind::Entry => SignedEntry::decode(ledger, bytes).ok().map(Self::Entry),
            ItemKind::Notice => SignedNotice::decode(ledger, bytes).ok().map(Self::Notice),
            ItemKind::Fork => {
                let fork = UncheckedFork::decode(ledger, bytes).ok()?;
                let salt = [0; 32];
                let verdicts = verify_all(ledger, vec![Item::Fork(fork)], &mut ring(), &salt);
                match verdicts.into_iter().next()? {
                    Ok(VerifiedItem::Fork(proof)) => Some(Self::Fork { bytes: bytes.to_vec(), proof }),
                    _ => None,
                }
            }
        }
    }
}

/// The branch of a fork that an authentic entry is by itself.
///
/// # Panics
/// When the entry is not authentic.
#[must_use]
pub fn branch_of(ledger: &LedgerId, entry: &SignedEntry) -> ForkBranch {
    let verified = verify_one(ledger, entry.clone(), &mut ring()).expect("the entry is authentic");
    ForkBranch::of(&verified)
}

/// The fork proof whose branches are the headers of these entries, each signed by the last, if it is one.
#[must_use]
pub fn chain_proof(ledger: &LedgerId, old: &[SignedEntry], new: &[SignedEntry]) -> Option<WorldItem> {
    let mut branches = [old, new];
    branches.sort_by_key(|chain| chain[0].id());
    let mut wire = vec![0x82];
    for chain in branches {
        wire.push(0x82);
        wire.push(0x80 | u8::try_from(chain.len()).ok().filter(|length| *length <= 16)?);
        chain.iter().for_each(|entry| byte_string(&mut wire, entry.header_bytes()));
        byte_string(&mut wire, chain.last()?.signature().as_bytes());
    }
    WorldItem::read(ledger, ItemKind::Fork, &wire)
}

/// A byte string of 24 to 65,535 bytes, as all headers and signatures are.
fn byte_string(out: &mut Vec<u8>, bytes: &[u8]) {
    match u8::try_from(bytes.len()) {
        Ok(length) => out.extend_from_slice(&[0x58, length]),
        Err(_) => {
            out.push(0x59);
            out.extend_from_slice(&u16::try_from(bytes.len()).unwrap_or(u16::MAX).to_be_bytes());
        }
    }
    out.extend_from_slice(bytes);
}

/// Key number `index` of all worlds.
#[must_use]
pub fn key(index: usize) -> &'static SecretKey {
    &KEYPAIRS[index % KEYS]
}

static KEYPAIRS: LazyLock<Vec<SecretKey>> =
    LazyLock::new(|| (1u8..).take(KEYS).map(|seed| SecretKey::from_seed([seed; 32])).collect());

/// The check of a key costs as much as a signature, so it is remembered across worlds.
fn ring() -> MutexGuard<'static, KeyRing> {
    static RING: LazyLock<Mutex<KeyRing>> = LazyLock::new(|| Mutex::new(KeyRing::new()));
    RING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Charters of one root and of two.
static CHARTERS: LazyLock<[Charter; 2]> = LazyLock::new(|| [1u8, 2].map(charter));

fn charter(roots: u8) -> Charter {
    let parameters = CharterParameters {
        clock_error: Millis(1),
        information_age: Millis(1),
        settlement: Millis(1),
        horizon_step: Millis::days(400),
        notices_per_enrolment: 3,
        logs_per_enrolment: 3,
        ..CharterParameters::default()
    };
    let root = |index: u8| CharterRoot {
        key: key(index.into()).author(),
        byte_budget: bodies::BUDGETS[0],
        safety_budget: bodies::BUDGETS[0],
        max_logs: 2,
        max_notices: 3,
    };
    let name = format!("world of {roots}");
    let roots_list = (0..roots).map(root).collect();
    Charter::new(&name, roots_list, roots.into(), day(DAYS), parameters, [7; 32])
        .expect("the charter's values lie in their ranges")
}

/// Choices that follow from a seed, or from bytes as long as there are any.
#[derive(Debug, Clone)]
pub struct Draw {
    chosen: std::collections::VecDeque<u8>,
    rest: ChaCha8Rng,
}

impl Draw {
    /// The choices of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { chosen: std::collections::VecDeque::new(), rest: ChaCha8Rng::seed_from_u64(seed) }
    }

    /// Choices of one byte each, two where there is more to choose from; drawn ones once they are used up.
    #[must_use]
    pub fn chosen(bytes: &[u8]) -> Self {
        Self { chosen: bytes.iter().copied().collect(), rest: ChaCha8Rng::seed_from_u64(0) }
    }

    fn number(&mut self, bound: u64) -> u64 {
        match (self.chosen.pop_front(), bound > 256) {
            (Some(high), true) => u64::from(high) << 8 | u64::from(self.chosen.pop_front().unwrap_or(0)),
            (Some(byte), false) => byte.into(),
            (None, _) => self.rest.next_u64(),
        }
    }

    /// A number below `bound`; zero when that is zero.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = bound.max(1) as u64;
        usize::try_from(self.number(bound) % bound).unwrap_or(0)
    }

    /// The bytes of one step.
    pub fn bytes(&mut self) -> [u8; 6] {
        let mut bytes = [0; 6];
        self.rest.fill_bytes(&mut bytes);
        for byte in &mut bytes {
            *byte = self.chosen.pop_front().unwrap_or(*byte);
        }
        bytes
    }

    /// Brings items into another order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}
