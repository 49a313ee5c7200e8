//! The charter: the canonical bytes on which everything of one ledger rests `[CHARTER-1]`.
//!
//! - Its hash is the ledger id, so two replicas that agree on the id agree on every parameter.
//! - A [`Charter`] exists only with a threshold above half its roots, distinct sound root keys and
//!   parameters that bound each other, and with first gives of which no two give one thing twice at once.

mod overlap;

use crate::bounds::{
    CHARTER_ASSIGNABLE_MAX, CHARTER_BYTES_MAX, CHARTER_GIVES_MAX, CHARTER_REPEATS_MAX,
    LOGS_PER_ENROLMENT_MAX, NOTICES_PER_ROOT_DEFAULT, ROOTS_MAX,
};
use crate::cbor;
use crate::citation::Citation;
use crate::header::Lane;
use crate::ids::{Digest, EntryId, LedgerId, LogId, LogKey, RecordId, ResourceId};
use crate::key::AuthorKey;
use crate::planted;
use crate::refusal::{Reason, Refusal};
use crate::space::{Footprint, Measure, Window};
use crate::time::{Millis, Tai};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};
use std::collections::BTreeSet;

/// One root key and what it may write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct CharterRoot {
    /// The key.
    pub key: AuthorKey,
    /// Bytes of one log in the productivity lane.
    pub byte_budget: u64,
    /// Bytes of one log in the safety lane.
    pub safety_budget: u64,
    /// Living logs.
    pub max_logs: u64,
    /// Living notices.
    pub max_notices: u64,
}

impl CharterRoot {
    /// A root whose logs may hold `byte_budget` bytes in either lane, with 4,096 notices.
    #[must_use]
    pub const fn new(key: AuthorKey, byte_budget: u64, max_logs: u64) -> Self {
        let (safety_budget, max_notices) = (byte_budget, NOTICES_PER_ROOT_DEFAULT);
        Self { key, byte_budget, safety_budget, max_logs, max_notices }
    }
}

/// A first give: the whole of a resource, in bounded windows, to a named log of a root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct CharterGive {
    /// What is given, in its first window.
    pub footprint: Footprint,
    /// The place of the holder in the list of roots.
    pub root: u8,
    /// The lane of the holder's log.
    pub lane: Lane,
    /// The incarnation of the holder's log.
    pub incarnation: u64,
    /// The end of the holder's log.
    pub end: Tai,
    /// The successor rule: the same give again this much later …
    pub every: Millis,
    /// … this many times.
    pub repeats: u64,
    /// The number of the last window; the roots assign those behind the repeats by votes. None: there are none.
    pub last_assignable: Option<u64>,
}

impl CharterGive {
    /// The number of its last window, whether the charter or votes name the holder.
    #[must_use]
    pub fn last_window(&self) -> u64 {
        self.last_assignable.unwrap_or(self.repeats)
    }

    /// Its window number `number`; none beyond the scale of time. What the number may be is not judged.
    #[must_use]
    pub fn window(&self, number: u64) -> Option<Window> {
        let by = Millis(self.every.0.checked_mul(number)?);
        let first = self.footprint.window;
        Window::new(first.start().plus(by), first.end().plus(by)).ok()
    }

    /// The end of its last window.
    #[must_use]
    pub fn last_end(&self) -> Tai {
        let by = self.every.0.checked_mul(self.last_window()).map_or(Millis(u64::MAX), Millis);
        self.footprint.window.end().plus(by)
    }
}

/// The fleet's bounds. Every replica of a ledger uses the same ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct CharterParameters {
    /// e: no clock errs by more.
    pub clock_error: Millis,
    /// P: what a node writes reaches every interested node within this time.
    pub information_age: Millis,
    /// S: how long a settled matter may still be answered.
    pub settlement: Millis,
    /// L: no lease is longer.
    pub longest_lease: Millis,
    /// g: the pause between two holders.
    pub guard: Millis,
    /// The longest step of a horizon without an operator's word.
    pub horizon_step: Millis,
    /// The length of an epoch, the grain of the horizon.
    pub epoch: Millis,
    /// The period of the rotation among contenders.
    pub rotation_period: Millis,
    /// The greatest `max_notices` of any enrolment.
    pub notices_per_enrolment: u64,
    /// The greatest `max_logs` of any enrolment.
    pub logs_per_enrolment: u64,
}

impl Default for CharterParameters {
    /// The defaults of SPEC.md `[CHARTER-3]`.
    fn default() -> Self {
        Self {
            clock_error: Millis(120_000),
            information_age: Millis::days(60),
            settlement: Millis::days(7),
            longest_lease: Millis::days(45),
            guard: Millis(60_000),
            horizon_step: Millis::days(7),
            epoch: Millis::days(1),
            rotation_period: Millis::days(1),
            notices_per_enrolment: NOTICES_PER_ROOT_DEFAULT,
            logs_per_enrolment: LOGS_PER_ENROLMENT_MAX,
        }
    }
}

impl CharterParameters {
    /// S + P + 2e: how long after its end a log is still kept `[HOR-1]`.
    #[must_use]
    pub const fn memory(&self) -> Millis {
        self.settlement.plus(self.information_age).plus(self.clock_error).plus(self.clock_error)
    }
}

/// A charter that can found a ledger.
///
/// ```
/// use intent_contracts::*;
/// let root = SecretKey::from_seed([1; 32]);
/// let roots = vec![CharterRoot::new(root.author(), 1 << 30, 16)];
/// let charter = Charter::new("forge", roots, 1, Tai(u64::MAX), CharterParameters::default(), [9; 32])?;
/// assert_eq!(Charter::decode(charter.bytes())?.ledger_id(), charter.ledger_id());
/// # Ok::<(), CharterError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charter {
    wire: Wire,
    bytes: Vec<u8>,
    ledger_id: LedgerId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
struct Wire {
    version: u64,
    name: String,
    roots: Vec<CharterRoot>,
    threshold: u64,
    until: Tai,
    parameters: CharterParameters,
    rotation_seed: Digest,
    suites: Vec<u64>,
    gives: Vec<CharterGive>,
    predecessor: Option<LedgerId>,
}

/// Every replica must understand a charter whole, so there is no reading of a newer one.
const VERSION: u64 = 1;
/// Ed25519 under the ZIP-215 equation, BLAKE3, deterministic CBOR.
const SUITE: u64 = 1;

/// Why a charter cannot found a ledger.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CharterError {
    /// The bytes are no charter.
    #[error("the charter is refused: {0}")]
    Refused(#[from] Refusal),
    /// The threshold is not above half the roots, or beyond them.
    #[error("threshold {threshold} of {roots} roots; choose more than half and at most all")]
    Threshold {
        /// As stated.
        threshold: u64,
        /// How many roots there are.
        roots: usize,
    },
    /// The same key twice.
    #[error("root key {key} stands twice; name each root once")]
    RootTwice {
        /// The key.
        key: AuthorKey,
    },
    /// A root key that no signature can be checked under.
    #[error("root key number {index} is refused: {refusal}")]
    RootKey {
        /// Its place.
        index: usize,
        /// Why.
        refusal: Refusal,
    },
    /// A parameter outside its range.
    #[error("{name} is {value}; {remedy}")]
    Parameter {
        /// Its name.
        name: &'static str,
        /// As stated.
        value: u64,
        /// The range.
        remedy: &'static str,
    },
    /// Two first gives give one resource twice at once.
    #[error(
        "first gives {first} and {second} both give resource {resource}: window {first_window} of the one, from \
         {} to {}, meets window {second_window} of the other; give each instant and each cell once",
        window.start(), window.end()
    )]
    GivenTwice {
        /// The place of the earlier one.
        first: usize,
        /// The place of the later one.
        second: usize,
        /// The resource.
        resource: ResourceId,
        /// The number of the first window of the earlier one that meets one of the later.
        first_window: u64,
        /// The number of the first window that it meets.
        second_window: u64,
        /// The window of the earlier one.
        window: Window,
    },
    /// Two first gives give one resource by different measures.
    #[error(
        "first gives {first} and {second} give resource {resource} by different measures; \
         give it as it is declared"
    )]
    MixedMeasures {
        /// The place of the earlier one.
        first: usize,
        /// The place of the later one.
        second: usize,
        /// The resource.
        resource: ResourceId,
    },
    /// Windows that votes assign are longer than the longest lease.
    #[error(
        "the windows of first give {give} last {length} and votes may assign them; choose at most the longest \
         lease, {longest}"
    )]
    AssignableTooLong {
        /// Its place.
        give: usize,
        /// How long its windows are.
        length: Millis,
        /// L.
        longest: Millis,
    },
    /// The charter does not name the ledger that it should follow.
    #[error("the charter does not name ledger {predecessor} as its predecessor; make it with `successor_of`")]
    NotSuccessor {
        /// The ledger that it should follow.
        predecessor: LedgerId,
    },
    /// A first give starts while the predecessor may still give the same resource.
    #[error(
        "first give {give} of resource {resource} starts at {start}, before the predecessor's last window of it \
         ends; start it at {earliest} or later"
    )]
    BeforePredecessorEnds {
        /// Its place.
        give: usize,
        /// The resource.
        resource: ResourceId,
        /// When it starts.
        start: Tai,
        /// When it may start.
        earliest: Tai,
    },
}

impl Charter {
    /// A charter without first gives.
    ///
    /// `until` is the last moment at which anything of the ledger can matter.
    ///
    /// # Errors
    /// A [`CharterError`] that names what is out of range.
    pub fn new(
        name: &str,
        roots: Vec<CharterRoot>,
        threshold: u64,
        until: Tai,
        parameters: CharterParameters,
        rotation_seed: [u8; 32],
    ) -> Result<Self, CharterError> {
        let rotation_seed = Digest::from_bytes(rotation_seed);
        let wire = Wire {
            version: VERSION,
            name: name.to_owned(),
            roots,
            threshold,
            until,
            parameters,
            rotation_seed,
            suites: vec![SUITE],
            gives: Vec::new(),
            predecessor: None,
        };
        Self::decode(&cbor::encode(&wire))
    }

    /// The same charter with these first gives: another ledger.
    ///
    /// # Errors
    /// As [`Charter::new`].
    pub fn with_gives(&self, gives: Vec<CharterGive>) -> Result<Self, CharterError> {
        Self::decode(&cbor::encode(&Wire { gives, ..self.wire.clone() }))
    }

    /// The same charter as the successor of `predecessor`: another ledger, which gives a resource only after the
    /// predecessor's last window of it has ended, those that votes may still assign included `[CHARTER-5]`.
    ///
    /// Both ledgers are run side by side while leases of the old one last.
    ///
    /// ```
    /// use intent_contracts::*;
    /// let roots = || vec![CharterRoot::new(SecretKey::from_seed([1; 32]).author(), 1 << 30, 16)];
    /// let new = |name| Charter::new(name, roots(), 1, Tai(u64::MAX), CharterParameters::default(), [9; 32]);
    /// let old = new("forge")?;
    /// let next = new("forge, second charter")?.successor_of(&old)?;
    /// assert_eq!(next.predecessor(), Some(old.ledger_id()));
    /// # Ok::<(), CharterError>(())
    /// ```
    ///
    /// # Errors
    /// [`CharterError::BeforePredecessorEnds`], or as [`Charter::new`].
    pub fn successor_of(&self, predecessor: &Self) -> Result<Self, CharterError> {
        let named = Some(predecessor.ledger_id);
        let successor = Self::decode(&cbor::encode(&Wire { predecessor: named, ..self.wire.clone() }))?;
        successor.check_follows(predecessor)?;
        Ok(successor)
    }

    /// Whether this charter may follow `predecessor`: what a root checks before it votes for it `[CHARTER-5]`.
    ///
    /// # Errors
    /// [`CharterError::NotSuccessor`] or [`CharterError::BeforePredecessorEnds`].
    pub fn check_follows(&self, predecessor: &Self) -> Result<(), CharterError> {
        if self.wire.predecessor != Some(predecessor.ledger_id) {
            return Err(CharterError::NotSuccessor { predecessor: predecessor.ledger_id });
        }
        for (give, new) in self.wire.gives.iter().enumerate() {
            let (resource, start) = (new.footprint.resource, new.footprint.window.start());
            let of_resource = predecessor.wire.gives.iter().filter(|old| old.footprint.resource == resource);
            let last = of_resource.map(CharterGive::last_end).max();
            // No lease of a ledger outlasts it.
            let earliest = last.unwrap_or(Tai(0)).min(predecessor.wire.until);
            if start < earliest && !planted::on("let a successor give before its predecessor ends") {
                return Err(CharterError::BeforePredecessorEnds { give, resource, start, earliest });
            }
        }
        Ok(())
    }

    /// Reads a charter from its canonical bytes.
    ///
    /// # Errors
    /// A [`CharterError`] that names what is wrong.
    pub fn decode(bytes: &[u8]) -> Result<Self, CharterError> {
        if bytes.len() > CHARTER_BYTES_MAX {
            return Err(Refusal::from(Reason::TooLarge).into());
        }
        let wire: Wire = cbor::read(bytes)?;
        wire.check()?;
        Ok(Self { wire, bytes: bytes.to_vec(), ledger_id: LedgerId::of(bytes) })
    }

    /// The canonical bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The id of the ledger.
    #[must_use]
    pub const fn ledger_id(&self) -> LedgerId {
        self.ledger_id
    }

    /// The ledger's name, for people.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.wire.name
    }

    /// The root keys.
    #[must_use]
    pub fn roots(&self) -> &[CharterRoot] {
        &self.wire.roots
    }

    /// How many distinct roots must endorse what one of them writes.
    #[must_use]
    pub const fn threshold(&self) -> u64 {
        self.wire.threshold
    }

    /// The last moment at which anything of this ledger can matter.
    #[must_use]
    pub const fn until(&self) -> Tai {
        self.wire.until
    }

    /// The fleet's bounds.
    #[must_use]
    pub const fn parameters(&self) -> &CharterParameters {
        &self.wire.parameters
    }

    /// The seed from which ranks among contenders rotate.
    #[must_use]
    pub const fn rotation_seed(&self) -> &[u8; 32] {
        self.wire.rotation_seed.as_bytes()
    }

    /// The first gives.
    #[must_use]
    pub fn gives(&self) -> &[CharterGive] {
        &self.wire.gives
    }

    /// The ledger that this one follows; none when it is the first.
    #[must_use]
    pub const fn predecessor(&self) -> Option<LedgerId> {
        self.wire.predecessor
    }

    /// How records cite the enrolment of root number `root` `[CHARTER-4]`; none when there is no such root.
    #[must_use]
    pub fn root_citation(&self, root: u8) -> Option<Citation> {
        self.wire.roots.get(usize::from(root))?;
        let record = RecordId::root(&self.ledger_id, root);
        let log = LogId::from_bytes(*self.ledger_id.as_bytes());
        Some(Citation { log, seq: 0, record, until: self.wire.until })
    }

    /// The log that holds the windows 0 to `repeats` of a first give; none when its root is not one of this charter's.
    #[must_use]
    pub fn holder_of(&self, give: &CharterGive) -> Option<LogId> {
        let author = self.wire.roots.get(usize::from(give.root))?.key;
        let enrolment = RecordId::root(&self.ledger_id, give.root);
        let (lane, incarnation, end) = (give.lane, give.incarnation, give.end);
        Some(LogKey { author, lane, incarnation, end, enrolment }.id(&self.ledger_id))
    }
}

/// One window of a first give: a right at the top of the tree `[RIGHT-1]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstRight {
    /// How parts that are drawn on it cite it.
    pub citation: Citation,
    /// What it holds.
    pub footprint: Footprint,
    /// The log that holds it.
    pub holder: LogId,
}

impl Charter {
    /// The rights at the top of the tree, in the order of the first gives and their windows.
    pub fn first_rights(&self) -> impl Iterator<Item = FirstRight> + '_ {
        let with_place = self.wire.gives.iter().enumerate();
        with_place.flat_map(move |(place, give)| {
            let holder = self.holder_of(give);
            (0..=give.repeats).filter_map(move |repeat| self.first_right(place as u64, give, repeat, holder?))
        })
    }

    fn first_right(&self, place: u64, give: &CharterGive, repeat: u64, holder: LogId) -> Option<FirstRight> {
        // A window beyond the scale of time is none.
        let window = give.window(repeat)?;
        let entry = EntryId::first_give(&self.ledger_id, place, repeat);
        let record = RecordId { entry, index: 0 };
        let citation = Citation { log: holder, seq: 0, record, until: self.wire.until };
        let mut footprint = give.footprint.clone();
        footprint.window = window;
        Some(FirstRight { citation, footprint, holder })
    }
}

impl Wire {
    /// What a charter must keep to `[CHARTER-2]`.
    fn check(&self) -> Result<(), CharterError> {
        if self.version != VERSION {
            return Err(Refusal::from(Reason::Version).into());
        }
        if self.name.len() > crate::bounds::TEXT_BYTES_MAX || self.gives.len() > CHARTER_GIVES_MAX {
            return Err(Refusal::from(Reason::TooLarge).into());
        }
        if self.suites != [SUITE] {
            return Err(parameter("suite", self.suites.first().copied().unwrap_or(0), "use suite 1 alone"));
        }
        self.check_roots()?;
        self.check_parameters()?;
        for (place, give) in self.gives.iter().enumerate() {
            self.check_give(place, give)?;
        }
        if planted::on("let a charter give one thing twice") { Ok(()) } else { overlap::check(&self.gives) }
    }

    fn check_give(&self, place: usize, give: &CharterGive) -> Result<(), CharterError> {
        let exclusive = give.footprint.measure == Measure::Exclusive;
        if usize::from(give.root) >= self.roots.len() {
            return Err(parameter("root of a first give", give.root.into(), "name a root by its place"));
        }
        if give.footprint.right.is_some() || (exclusive && give.footprint.amount != 1) {
            let remedy = "a first give takes from no right; an exclusive one has amount 1";
            return Err(parameter("amount of a first give", give.footprint.amount, remedy));
        }
        let length = give.footprint.window.end().since(give.footprint.window.start());
        if give.repeats > CHARTER_REPEATS_MAX || (give.last_window() > 0 && give.every < length) {
            let remedy = "repeat at most 4,096 times, each window after the one before";
            return Err(parameter("repeats of a first give", give.repeats, remedy));
        }
        if let Some(last) = give.last_assignable {
            if last <= give.repeats || last > CHARTER_ASSIGNABLE_MAX {
                let remedy = "number it above the repeats, at most 65,536, or leave it out";
                return Err(parameter("last_assignable of a first give", last, remedy));
            }
            let longest = self.parameters.longest_lease;
            if length > longest {
                return Err(CharterError::AssignableTooLong { give: place, length, longest });
            }
        }
        Ok(())
    }

    fn check_roots(&self) -> Result<(), CharterError> {
        let count = self.roots.len();
        if count == 0 || count > ROOTS_MAX {
            return Err(parameter("number of roots", count as u64, "name 1 to 32 roots"));
        }
        if self.threshold > count as u64 || self.threshold.saturating_mul(2) <= count as u64 {
            return Err(CharterError::Threshold { threshold: self.threshold, roots: count });
        }
        let mut seen = BTreeSet::new();
        for (index, root) in self.roots.iter().enumerate() {
            root.key.check().map_err(|refusal| CharterError::RootKey { index, refusal })?;
            if !seen.insert(root.key) {
                return Err(CharterError::RootTwice { key: root.key });
            }
            if root.max_logs == 0 || root.max_logs > self.parameters.logs_per_enrolment {
                let remedy = "allow at least one log and at most logs_per_enrolment";
                return Err(parameter("max_logs of a root", root.max_logs, remedy));
            }
            if root.max_notices == 0 || root.max_notices > self.parameters.notices_per_enrolment {
                let remedy = "allow at least one notice and at most notices_per_enrolment";
                return Err(parameter("max_notices of a root", root.max_notices, remedy));
            }
        }
        Ok(())
    }

    fn check_parameters(&self) -> Result<(), CharterError> {
        let given = &self.parameters;
        let year = Millis::days(400);
        let ranges = [
            ("clock_error", given.clock_error.0, 1, Millis::DAY.0, "choose 1 ms to 1 day"),
            ("information_age", given.information_age.0, 1, year.0, "choose 1 ms to 400 days"),
            ("settlement", given.settlement.0, 1, year.0, "choose 1 ms to 400 days"),
            ("longest_lease", given.longest_lease.0, 1, year.0, "choose 1 ms to 400 days"),
            ("guard", given.guard.0, 1, Millis::DAY.0, "choose 1 ms to 1 day"),
            ("epoch", given.epoch.0, 1, Millis::days(31).0, "choose 1 ms to 31 days"),
            ("horizon_step", given.horizon_step.0, given.epoch.0, year.0, "choose an epoch to 400 days"),
            ("rotation_period", given.rotation_period.0, 1, year.0, "choose 1 ms to 400 days"),
            ("notices_per_enrolment", given.notices_per_enrolment, 1, 65_536, "choose 1 to 65,536"),
            ("logs_per_enrolment", given.logs_per_enrolment, 1, LOGS_PER_ENROLMENT_MAX, "choose 1 to 64"),
        ];
        for (name, value, least, most, remedy) in ranges {
            if value < least || value > most {
                return Err(parameter(name, value, remedy));
            }
        }
        Ok(())
    }
}

const fn parameter(name: &'static str, value: u64, remedy: &'static str) -> CharterError {
    CharterError::Parameter { name, value, remedy }
}
