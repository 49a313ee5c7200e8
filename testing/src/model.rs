//! The naive state: SPEC.md section 5 computed from scratch, by nested loops, from all that was received.
//!
//! A [`Model`] keeps every authentic item and forgets nothing; [`Model::state`] starts at the charter's
//! roots each time. It is the twin with which a ledger is compared after every step, and the means by
//! which the tests show that the state of SPEC.md is a join `[LAW-1]`.
//!
//! Let U, A, B be sets of authentic items, `state` the function of this module at fixed charter and
//! interests, `retained` the items that a state consists of, `kept` these and the waiting ones
//! `[POOL-1]`. What must hold, and what `tests/join.rs` tries on hostile sets:
//!
//! - **J1, forgetting is sound.** `state(kept(A) ∪ B) = state(A ∪ B)`: what a replica refuses for good
//!   never mattered. With `retained` in place of `kept` this is false, for B may bring what A's items
//!   waited for; so a replica that loses its pool must be sent the items again.
//! - **J2, states are a semilattice.** With `X ∨ Y = retained(X ∪ Y)` on retained sets, `∨` is
//!   associative, commutative and idempotent, and `state(retained(A)) = state(A)`: the union of two
//!   states never waits for anything, because whatever supported an item came with it or is gone for good.
//! - **J3, the pool may be lost.** `state(retained(A) ∪ A ∪ B) = state(A ∪ B)`.
//! - **J4, horizons commute with merging.** For H1 <= H2: `state at H2 of (kept at H1 of A) ∪ B` is
//!   `state at H2 of A ∪ B`, and the retained part at H2 of what was retained at H1 is the retained part
//!   at H2. Nothing holds in the other direction: what lapsed does not come back by a lower horizon.
//! - **J5, a refusal is final.** An item refused for good in A is so in every set above A. One that is
//!   kept may become refused, one that waits may become either.
//! - **J6, who holds less learns enough from who holds more.** When every scope that the narrow interests
//!   hold is held by the wide ones, `narrow state of (wide kept of A) ∪ B = narrow state of A ∪ B`: the
//!   bounds of logs and of notices count within one enrolment, which is held whole or not at all.
//! - **J7, what is kept is bounded** by the charter alone `[LAW-10]`, `[ADM-7]`.

use crate::world::WorldItem;
use intent_contracts::bounds::{LOG_OVERHEAD_BYTES, NOTICE_BYTES_MAX};
use intent_contracts::kinds::{Body, Enrol, Roles};
use intent_contracts::{
    AuthorKey, Charter, Digest, EntryId, ForkBranch, ForkProof, Lane, LedgerId, LogId, LogKey, NoticeId,
    Record, RecordId, Scope, SignedEntry, SignedNotice, Tai,
};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Everything authentic that one replica ever received, and what it declares.
#[derive(Debug, Clone)]
pub struct Model {
    charter: Charter,
    interests: Vec<Scope>,
    horizon: Tai,
    entries: BTreeMap<EntryId, SignedEntry>,
    notices: BTreeMap<NoticeId, SignedNotice>,
    forks: BTreeMap<(LogKey, u64, [EntryId; 2]), ForkProof>,
}

impl Model {
    /// A model that has received nothing, with horizon zero.
    #[must_use]
    pub fn new(charter: &Charter, interests: &[Scope]) -> Self {
        Self {
            charter: charter.clone(),
            interests: interests.to_vec(),
            horizon: Tai(0),
            entries: BTreeMap::new(),
            notices: BTreeMap::new(),
            forks: BTreeMap::new(),
        }
    }

    /// Takes in an authentic entry.
    pub fn receive_entry(&mut self, entry: &SignedEntry) {
        self.entries.entry(entry.id()).or_insert_with(|| entry.clone());
    }

    /// Takes in an authentic notice.
    pub fn receive_notice(&mut self, notice: &SignedNotice) {
        self.notices.entry(notice.id()).or_insert_with(|| notice.clone());
    }

    /// Takes in a checked fork proof.
    pub fn receive_fork(&mut self, fork: &ForkProof) {
        let identity = (*fork.log(), fork.slot(), fork.pair());
        self.forks.entry(identity).or_insert_with(|| fork.clone());
    }

    /// Takes in an authentic item.
    pub fn receive(&mut self, item: &WorldItem) {
        match item {
            WorldItem::Entry(entry) => self.receive_entry(entry),
            WorldItem::Notice(notice) => self.receive_notice(notice),
            WorldItem::Fork { proof, .. } => self.receive_fork(proof),
        }
    }

    /// Takes in authentic items.
    #[must_use]
    pub fn with<'a>(mut self, items: impl IntoIterator<Item = &'a WorldItem>) -> Self {
        items.into_iter().for_each(|item| self.receive(item));
        self
    }

    /// Sets the horizon. It is the caller who never lets it fall.
    pub fn set_horizon(&mut self, horizon: Tai) {
        self.horizon = horizon;
    }

    /// The horizon.
    #[must_use]
    pub const fn horizon(&self) -> Tai {
        self.horizon
    }

    /// The charter.
    #[must_use]
    pub const fn charter(&self) -> &Charter {
        &self.charter
    }

    /// The state.
    #[must_use]
    pub fn state(&self) -> ModelState {
        self.survey().state
    }

    /// The state and, for tests, why the rest is not in it.
    #[must_use]
    pub fn survey(&self) -> Survey<'_> {
        let mut survey = Survey {
            model: self,
            state: ModelState::default(),
            present: self.roots().collect(),
            overflown_logs: BTreeSet::new(),
            overflown_notices: BTreeSet::new(),
            rejected_enrolments: BTreeMap::new(),
            broken_rules: BTreeMap::new(),
        };
        let mut waiting: VecDeque<RecordId> = survey.present.keys().copied().collect();
        let keys = self.log_keys();
        while let Some(id) = waiting.pop_front() {
            let enrolment = survey.present[&id].clone();
            self.add_logs(&mut survey, &keys, (id, &enrolment), &mut waiting);
            self.add_notices(&mut survey, id, &enrolment);
        }
        survey.state.enrolments = survey.present.keys().copied().collect();
        survey
    }

    /// The items of the state: from them alone another model computes it again.
    #[must_use]
    pub fn retained(&self) -> Vec<WorldItem> {
        self.survey().retained()
    }

    /// The items of the state and those that still wait: from them alone any future is as from everything.
    #[must_use]
    pub fn kept(&self) -> Vec<WorldItem> {
        let survey = self.survey();
        let mut kept = survey.retained();
        kept.extend(self.items().into_iter().filter(|item| survey.fate(item) == Fate::Waiting));
        kept
    }

    /// Every item that was received.
    #[must_use]
    pub fn items(&self) -> Vec<WorldItem> {
        let entries = self.entries.values().cloned().map(WorldItem::Entry);
        let notices = self.notices.values().cloned().map(WorldItem::Notice);
        let forks = self.forks.values().cloned().map(WorldItem::of_fork);
        entries.chain(notices).chain(forks).collect()
    }

    /// The enrolments that the charter is by itself `[CHARTER-4]`.
    fn roots(&self) -> impl Iterator<Item = (RecordId, Enrolment)> {
        let ledger = self.charter.ledger_id();
        (0u8..).zip(self.charter.roots()).map(move |(index, root)| {
            let enrolment = Enrolment {
                key: root.key,
                next_key: None,
                roles: Roles::ALL,
                scope: Scope::root(),
                until: self.charter.until(),
                byte_budget: root.byte_budget,
                safety_budget: root.safety_budget,
                max_logs: root.max_logs,
                max_notices: root.max_notices,
            };
            (RecordId::root(&ledger, index), enrolment)
        })
    }

    /// Reads the logs of one enrolment, keeps the greatest of them and looks for enrolments in these.
    fn add_logs(
        &self,
        survey: &mut Survey<'_>,
        keys: &BTreeSet<LogKey>,
        (id, enrolment): (RecordId, &Enrolment),
        waiting: &mut VecDeque<RecordId>,
    ) {
        let mut logs = Vec::new();
        for key in keys {
            if key.enrolment != id || self.log_refusal(key, enrolment).is_some() {
                continue;
            }
            let (log, rule) = self.read_log(*key, enrolment);
            // [ADM-9]
            if !log.trunk.is_empty() || log.terminal.is_some() {
                logs.push((key.end, key.id(&self.charter.ledger_id()), log, rule));
            }
        }
        // [ADM-10]
        logs.sort_by_key(|(end, log_id, _, _)| Reverse((*end, *log_id)));
        for (place, (_, log_id, log, rule)) in logs.into_iter().enumerate() {
            if place as u64 > enrolment.max_logs {
                survey.overflown_logs.insert(log_id);
                continue;
            }
            for entry in &log.trunk {
                for (index, record) in (0u8..).zip(self.entries[entry].records()) {
                    let record_id = RecordId { entry: *entry, index };
                    match self.enrolment_in(enrolment, log.key.lane, record) {
                        Ok(child) => {
                            survey.present.insert(record_id, child);
                            waiting.push_back(record_id);
                        }
                        Err(NoEnrolment::Kind) => {}
                        Err(why) => {
                            survey.rejected_enrolments.insert(record_id, why);
                        }
                    }
                }
            }
            if let Some(rule) = rule {
                survey.broken_rules.insert(log_id, rule);
            }
            survey.state.logs.insert(log_id, log);
        }
    }

    /// Keeps the greatest notices of one enrolment `[ADM-12]`.
    fn add_notices(&self, survey: &mut Survey<'_>, id: RecordId, enrolment: &Enrolment) {
        let mut notices = Vec::new();
        for (notice_id, notice) in &self.notices {
            let admissible = self.notice_refusal(notice, enrolment).is_none();
            if notice.notice().enrolment == id && admissible {
                notices.push((notice.notice().until, *notice_id));
            }
        }
        notices.sort_by_key(|rank| Reverse(*rank));
        for (place, (_, notice_id)) in notices.into_iter().enumerate() {
            if place as u64 > enrolment.max_notices {
                survey.overflown_notices.insert(notice_id);
            } else {
                survey.state.notices.insert(notice_id);
            }
        }
    }

    /// Every log of which anything was received.
    fn log_keys(&self) -> BTreeSet<LogKey> {
        let of_entries = self.entries.values().map(|entry| entry.header().log);
        let of_forks = self.forks.values().map(|fork| *fork.log());
        of_entries.chain(of_forks).collect()
    }

    /// `[INT-1]`
    fn holds(&self, scope: &Scope) -> bool {
        self.interests.iter().any(|interest| interest.contains(scope) || scope.contains(interest))
    }

    /// Why a log is not admissible under its present enrolment `[ADM-3]`.
    fn log_refusal(&self, key: &LogKey, enrolment: &Enrolment) -> Option<Fate> {
        if key.end < self.horizon {
            Some(Fate::Lapsed)
        } else if !enrolment.speaks_by(&key.author) || key.end > enrolment.until {
            Some(Fate::Unauthorised)
        } else if !self.holds(&enrolment.scope) {
            Some(Fate::Outside)
        } else {
            None
        }
    }

    /// Why a notice is not admissible under its present enrolment `[ADM-12]`.
    fn notice_refusal(&self, notice: &SignedNotice, enrolment: &Enrolment) -> Option<Fate> {
        let notice = notice.notice();
        let role = enrolment.roles.has(Roles::DENY)
            || (notice.kind == ATTESTATION_FAILED && enrolment.roles.has(Roles::VERIFY));
        let authorised = role
            && enrolment.speaks_by(&notice.author)
            && enrolment.scope.contains(&notice.scope)
            && notice.until <= enrolment.until;
        if notice.until < self.horizon {
            Some(Fate::Lapsed)
        } else if !authorised {
            Some(Fate::Unauthorised)
        } else if !self.holds(&enrolment.scope) {
            Some(Fate::Outside)
        } else {
            None
        }
    }

    /// The slots of a log and the candidates of each `[ADM-4]`.
    fn candidates(&self, key: &LogKey) -> BTreeMap<u64, BTreeSet<EntryId>> {
        let mut slots: BTreeMap<u64, BTreeSet<EntryId>> = BTreeMap::new();
        for (id, entry) in &self.entries {
            if entry.header().log == *key {
                slots.entry(entry.header().seq).or_default().insert(*id);
            }
        }
        for fork in self.forks.values() {
            if fork.log() == key {
                slots.entry(fork.slot()).or_default().extend(fork.pair());
            }
        }
        slots
    }

    /// Trunk and terminal of an admissible log `[ADM-5]`, `[ADM-8]`.
    fn read_log(&self, key: LogKey, enrolment: &Enrolment) -> (ModelLog, Option<BrokenRule>) {
        let slots = self.candidates(&key);
        let mut trunk: Vec<EntryId> = Vec::new();
        let mut stump = None;
        for slot in 1u64.. {
            let only = match slots.get(&slot) {
                Some(ids) if ids.len() == 1 => ids.first().copied(),
                _ => None,
            };
            let Some(id) = only else { break };
            if let Some(rule) = self.broken_rule(enrolment, &trunk, id) {
                stump = Some((slot, id, rule));
                break;
            }
            trunk.push(id);
        }
        let fork = slots.iter().find(|(_, ids)| ids.len() > 1);
        let fork_slot = fork.map(|(slot, _)| *slot);
        match stump {
            Some((slot, id, rule)) if fork_slot.is_none_or(|fork_slot| slot < fork_slot) => {
                (ModelLog { key, trunk, terminal: Some((slot, vec![id])) }, Some(rule))
            }
            _ => {
                let pair = |ids: &BTreeSet<EntryId>| ids.iter().take(2).copied().collect();
                let terminal = fork.map(|(slot, ids)| (*slot, pair(ids)));
                (ModelLog { key, trunk, terminal }, None)
            }
        }
    }

    /// Which chain rule an entry breaks above this trunk.
    fn broken_rule(&self, enrolment: &Enrolment, trunk: &[EntryId], id: EntryId) -> Option<BrokenRule> {
        let entry = &self.entries[&id];
        if let Some(below) = trunk.last() {
            if entry.header().prev != *below {
                return Some(BrokenRule::Prev);
            }
            if entry.header().authored.at < self.entries[below].header().authored.at {
                return Some(BrokenRule::Authored);
            }
        } else if entry.header().prev != entry.header().log.enrolment.entry {
            return Some(BrokenRule::Prev);
        }
        let mut charge = 0;
        for id in trunk {
            charge += self.charge(enrolment, &self.entries[id]);
        }
        charge += self.charge(enrolment, entry);
        let budget = match entry.header().log.lane {
            Lane::Safety => enrolment.safety_budget,
            Lane::Productivity => enrolment.byte_budget,
        };
        (charge > u128::from(budget)).then_some(BrokenRule::Budget)
    }

    /// What an entry costs its log `[ADM-7]`.
    fn charge(&self, enrolment: &Enrolment, entry: &SignedEntry) -> u128 {
        let mut charge = charged_bytes(entry) as u128;
        for record in entry.records() {
            if let Ok(child) = self.enrolment_in(enrolment, entry.header().log.lane, record) {
                charge += Self::cost_of(&child);
            }
        }
        charge
    }

    /// What an enrolment may come to occupy.
    fn cost_of(enrolment: &Enrolment) -> u128 {
        let greatest = enrolment.byte_budget.max(enrolment.safety_budget);
        let logs =
            (u128::from(enrolment.max_logs) + 1) * (u128::from(greatest) + u128::from(LOG_OVERHEAD_BYTES));
        let notices = (u128::from(enrolment.max_notices) + 1) * NOTICE_BYTES_MAX as u128;
        let speaks = enrolment.roles.has(Roles::DENY) || enrolment.roles.has(Roles::VERIFY);
        logs + if speaks { notices } else { 0 }
    }

    /// The most that any state under this charter holds of headers, records, terminals and notices.
    #[must_use]
    pub fn bytes_max(&self) -> u128 {
        self.roots().map(|(_, root)| Self::cost_of(&root)).sum()
    }

    /// The enrolment that a record of a log under `parent` is, when it stands in the trunk `[ADM-2]`.
    fn enrolment_in(
        &self,
        parent: &Enrolment,
        lane: Lane,
        record: &Record,
    ) -> Result<Enrolment, NoEnrolment> {
        if record.kind != Enrol::KIND {
            return Err(NoEnrolment::Kind);
        }
        if lane != Lane::Safety {
            return Err(NoEnrolment::Lane);
        }
        if !parent.roles.has(Roles::ENROL) {
            return Err(NoEnrolment::Role);
        }
        let body = Enrol::read(&record.body).map_err(|_| NoEnrolment::Body)?.body;
        if !parent.scope.contains(&body.scope) {
            return Err(NoEnrolment::Scope);
        }
        if record.until > parent.until {
            return Err(NoEnrolment::Until);
        }
        if body.max_logs == 0 {
            return Err(NoEnrolment::NoLogs);
        }
        if body.max_logs > self.charter.parameters().logs_per_enrolment {
            return Err(NoEnrolment::ManyLogs);
        }
        let denies = body.roles.has(Roles::DENY);
        let verifies = body.roles.has(Roles::VERIFY);
        if (denies || verifies) && body.max_notices == 0 {
            return Err(NoEnrolment::NoNotices);
        }
        if body.max_notices > self.charter.parameters().notices_per_enrolment {
            return Err(NoEnrolment::ManyNotices);
        }
        let enrols = body.roles.has(Roles::ENROL);
        if body.safety_budget > 65_536 && !(enrols || denies || verifies) {
            return Err(NoEnrolment::LargeSafety);
        }
        Ok(Enrolment {
            key: body.key,
            next_key: body.next_key,
            roles: body.roles,
            scope: body.scope,
            until: record.until,
            byte_budget: body.byte_budget,
            safety_budget: body.safety_budget,
            max_logs: body.max_logs,
            max_notices: body.max_notices,
        })
    }
}

/// The bytes of an entry that its log is charged: header, records and 80 for the envelope.
fn charged_bytes(entry: &SignedEntry) -> usize {
    let records = Record::encode_all(entry.records()).map_or(0, |bytes| bytes.len());
    entry.header_bytes().len() + records + 80
}

/// The kind of a notice that an attestation failed, which verifiers write `[ADM-12]`.
const ATTESTATION_FAILED: u64 = 5;

/// What of an enrolment decides admission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The enrolled key.
    pub key: AuthorKey,
    /// The commitment to the next key.
    pub next_key: Option<Digest>,
    /// The roles.
    pub roles: Roles,
    /// The scope.
    pub scope: Scope,
    /// Until when.
    pub until: Tai,
    /// The bytes of one log in the productivity lane.
    pub byte_budget: u64,
    /// The bytes of one log in the safety lane.
    pub safety_budget: u64,
    /// The number of its logs.
    pub max_logs: u64,
    /// The number of its notices.
    pub max_notices: u64,
}

impl Enrolment {
    /// Whether a key may write under this enrolment `[KEY-6]`.
    #[must_use]
    pub fn speaks_by(&self, author: &AuthorKey) -> bool {
        self.key == *author || self.next_key == Some(author.commitment())
    }
}

/// Why a record of the trunk is no present enrolment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoEnrolment {
    /// It is of another kind.
    Kind,
    /// It stands in the productivity lane.
    Lane,
    /// Its author's enrolment lacks the enrol role.
    Role,
    /// Its body cannot be read.
    Body,
    /// Its scope lies outside.
    Scope,
    /// It lasts longer.
    Until,
    /// It allows no log.
    NoLogs,
    /// It allows more logs than the charter.
    ManyLogs,
    /// It may deny or verify and allows no notice.
    NoNotices,
    /// It allows more notices than the charter.
    ManyNotices,
    /// It allows a large log in the safety lane without the role for one.
    LargeSafety,
}

/// Which chain rule a stump broke `[ADM-5]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BrokenRule {
    /// (a)
    Prev,
    /// (b)
    Authored,
    /// (c)
    Budget,
}

/// One log of the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelLog {
    /// What makes the log.
    pub key: LogKey,
    /// The entries of slots 1 to the head.
    pub trunk: Vec<EntryId>,
    /// The terminal slot and its ids: one of a stump, two of a fork.
    pub terminal: Option<(u64, Vec<EntryId>)>,
}

/// The state: what two replicas that received the same agree on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModelState {
    /// The logs that exist and are kept.
    pub logs: BTreeMap<LogId, ModelLog>,
    /// The admitted notices.
    pub notices: BTreeSet<NoticeId>,
    /// The present enrolments, the charter's roots among them.
    pub enrolments: BTreeSet<RecordId>,
}

impl ModelState {
    /// The number of entries in all trunks.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.logs.values().map(|log| log.trunk.len()).sum()
    }

    /// The first thing in which the two differ, in words.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Option<String> {
        let logs: BTreeSet<_> = self.logs.keys().chain(other.logs.keys()).collect();
        for id in logs {
            match (self.logs.get(id), other.logs.get(id)) {
                (Some(left), Some(right)) if left == right => {}
                (Some(left), Some(right)) => return Some(log_difference(id, left, right)),
                (Some(log), None) => return Some(format!("log {id} only left: {}", describe(log))),
                (None, Some(log)) => return Some(format!("log {id} only right: {}", describe(log))),
                (None, None) => {}
            }
        }
        if let Some(id) = self.notices.symmetric_difference(&other.notices).next() {
            let side = if self.notices.contains(id) { "left" } else { "right" };
            return Some(format!("notice {id} only {side}"));
        }
        if let Some(id) = self.enrolments.symmetric_difference(&other.enrolments).next() {
            let side = if self.enrolments.contains(id) { "left" } else { "right" };
            return Some(format!("enrolment {id} present only {side}"));
        }
        None
    }
}

fn log_difference(id: &LogId, left: &ModelLog, right: &ModelLog) -> String {
    let slot = left.trunk.iter().zip(&right.trunk).take_while(|(a, b)| a == b).count() + 1;
    let (left, right) = (describe(left), describe(right));
    format!("log {id} differs from slot {slot}: left {left}; right {right}")
}

fn describe(log: &ModelLog) -> String {
    let head = log.trunk.last().map_or("empty trunk".to_owned(), |id| format!("head {id}"));
    let terminal = match &log.terminal {
        None => "no terminal".to_owned(),
        Some((slot, ids)) if ids.len() == 1 => format!("stump {} in slot {slot}", ids[0]),
        Some((slot, ids)) => format!("fork {ids:?} in slot {slot}"),
    };
    format!("{} entries, {head}, {terminal}", log.trunk.len())
}

/// What becomes of one received item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It is part of the state.
    Kept,
    /// What it needs is missing `[POOL-1]`.
    Waiting,
    /// It ended before the horizon.
    Lapsed,
    /// Its scope is not held.
    Outside,
    /// Its enrolment does not allow it.
    Unauthorised,
    /// It ranks below those that a bound keeps.
    Overflow,
    /// It stands above its log's terminal, or beside the two least of a fork.
    Ended,
    /// What it cites as its enrolment was dropped, or is none.
    Orphaned,
}

/// A state and the reasons for it.
#[derive(Debug, Clone)]
pub struct Survey<'a> {
    model: &'a Model,
    /// The state.
    pub state: ModelState,
    /// The present enrolments.
    pub present: BTreeMap<RecordId, Enrolment>,
    /// Logs that exist and were driven out.
    pub overflown_logs: BTreeSet<LogId>,
    /// Notices that were driven out.
    pub overflown_notices: BTreeSet<NoticeId>,
    /// Records of kind 1 in kept safety and productivity trunks that enrol nobody.
    pub rejected_enrolments: BTreeMap<RecordId, NoEnrolment>,
    /// The rule that each stump broke.
    pub broken_rules: BTreeMap<LogId, BrokenRule>,
}

impl Survey<'_> {
    /// What becomes of an item that the model has received.
    #[must_use]
    pub fn fate(&self, item: &WorldItem) -> Fate {
        match item {
            WorldItem::Entry(entry) => self.fate_of_entry(entry),
            WorldItem::Notice(notice) => self.fate_of_notice(notice),
            WorldItem::Fork { proof, .. } => self.fate_of_fork(proof),
        }
    }

    fn fate_of_entry(&self, entry: &SignedEntry) -> Fate {
        let (slot, id) = (entry.header().seq, entry.id());
        let Some(log) = self.kept_log(&entry.header().log) else {
            return self.fate_of_log(&entry.header().log);
        };
        match &log.terminal {
            Some((end, ids)) if slot == *end && ids.contains(&id) => Fate::Kept,
            Some((end, _)) if slot >= *end => Fate::Ended,
            _ if slot <= log.trunk.len() as u64 => Fate::Kept,
            _ => Fate::Waiting,
        }
    }

    fn fate_of_fork(&self, fork: &ForkProof) -> Fate {
        match self.kept_log(fork.log()).map(|log| &log.terminal) {
            None => self.fate_of_log(fork.log()),
            Some(Some((slot, ids))) if *slot == fork.slot() && ids[..] == fork.pair() => Fate::Kept,
            Some(_) => Fate::Ended,
        }
    }

    fn fate_of_notice(&self, notice: &SignedNotice) -> Fate {
        let id = notice.id();
        if notice.notice().until < self.model.horizon {
            Fate::Lapsed
        } else if self.state.notices.contains(&id) {
            Fate::Kept
        } else if self.overflown_notices.contains(&id) {
            Fate::Overflow
        } else {
            match self.present.get(&notice.notice().enrolment) {
                Some(enrolment) => self.model.notice_refusal(notice, enrolment).unwrap_or(Fate::Kept),
                None => self.fate_under_absent(notice.notice().enrolment),
            }
        }
    }

    fn kept_log(&self, key: &LogKey) -> Option<&ModelLog> {
        self.state.logs.get(&key.id(&self.model.charter.ledger_id()))
    }

    /// What becomes of the items of a log that is not in the state.
    fn fate_of_log(&self, key: &LogKey) -> Fate {
        if key.end < self.model.horizon {
            return Fate::Lapsed;
        }
        let Some(enrolment) = self.present.get(&key.enrolment) else {
            return self.fate_under_absent(key.enrolment);
        };
        if let Some(refusal) = self.model.log_refusal(key, enrolment) {
            return refusal;
        }
        // A log that would be driven out as soon as it existed is driven out already.
        let id = key.id(&self.model.charter.ledger_id());
        let siblings = self.state.logs.iter().filter(|(_, log)| log.key.enrolment == key.enrolment);
        let greater = siblings.filter(|(other, log)| (log.key.end, **other) > (key.end, id)).count();
        if greater as u64 > enrolment.max_logs { Fate::Overflow } else { Fate::Waiting }
    }

    /// What becomes of what cites an enrolment that is not present.
    fn fate_under_absent(&self, enrolment: RecordId) -> Fate {
        match self.model.entries.get(&enrolment.entry).map(|entry| self.fate_of_entry(entry)) {
            None | Some(Fate::Waiting) => Fate::Waiting,
            Some(_) => Fate::Orphaned,
        }
    }

    /// The items of the state: trunk and stump entries, fork pairs as proofs, notices.
    #[must_use]
    pub fn retained(&self) -> Vec<WorldItem> {
        let mut items = Vec::new();
        for log in self.state.logs.values() {
            items.extend(log.trunk.iter().map(|id| self.entry(id)));
            match &log.terminal {
                Some((_, ids)) if ids.len() == 1 => items.push(self.entry(&ids[0])),
                Some((slot, ids)) => items.push(WorldItem::of_fork(self.proof(&log.key, *slot, ids))),
                None => {}
            }
        }
        items.extend(self.state.notices.iter().map(|id| WorldItem::Notice(self.model.notices[id].clone())));
        items
    }

    fn entry(&self, id: &EntryId) -> WorldItem {
        WorldItem::Entry(self.model.entries[id].clone())
    }

    /// A proof of this pair, from the proofs and entries that were received for the slot.
    fn proof(&self, key: &LogKey, slot: u64, pair: &[EntryId]) -> ForkProof {
        let entry = |id: &EntryId| self.model.entries.get(id);
        let branch = |entry: &SignedEntry| crate::world::branch_of(&self.ledger(), entry);
        let received = self.model.forks.values().filter(|fork| fork.log() == key && fork.slot() == slot);
        let joined = received.cloned().reduce(ForkProof::join);
        let branches: Vec<ForkBranch> = pair.iter().filter_map(entry).map(branch).collect();
        let proof = match (joined, branches.as_slice()) {
            (Some(joined), _) => Some(branches.into_iter().fold(joined, ForkProof::with)),
            (None, [a, b]) => ForkProof::between(a.clone(), b.clone()),
            (None, _) => None,
        };
        // Each candidate of a slot came as an entry or in a proof, so the least two can be shown.
        let proof = proof.expect("every candidate of a forked slot has a branch");
        assert_eq!(proof.pair()[..], *pair, "the joined proof shows the two least candidates");
        proof
    }

    fn ledger(&self) -> LedgerId {
        self.model.charter.ledger_id()
    }

    /// The bytes that count against [`Model::bytes_max`]: header and records of trunks, and terminals and
    /// notices as they travel.
    #[must_use]
    pub fn bytes(&self) -> u128 {
        let mut bytes = 0;
        for item in self.retained() {
            bytes += match &item {
                WorldItem::Entry(entry) => charged_bytes(entry) as u128,
                other => other.bytes().len() as u128,
            };
        }
        bytes
    }
}
