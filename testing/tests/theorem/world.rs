//! What can happen: one step of somebody, in any order, as long as the bounds of a [`World`] leave room.
//!
//! - The network is not a queue. Whatever has left its author may arrive at any later time, or never, or
//!   again: a store learns the next entry of a log in one step, at any time. Since admission is dense and an
//!   entry that comes too early or twice changes no state `[POOL-1]`, `[LAW-1]`, this is every behaviour of an
//!   unordered, lossy, duplicating network and no other.
//! - Givers are not trusted: they write any record that the world's vocabulary has, in any order.
//! - A reading of a clock is free of earlier ones; it must only be one of the world's readings. So drift and
//!   jumps within the bound are covered.

use super::facts::{Generation, Gift, Log, Moment, NODES, Node, Place, Record, Slot, State, Store, Window};
use super::rules::{Flaw, Reading, Rules};
use stateright::{Model, Property};

/// What may be given, by whom, to whom.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Offer {
    pub(crate) by: Node,
    pub(crate) to: Node,
    pub(crate) gift: Gift,
    pub(crate) window: Window,
}

/// What breaks a hypothesis of the theorem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outside {
    /// A restore brings the host's record of the generation back as well.
    WitnessRestored,
    /// A copy of a disk comes with a copy of the record.
    WitnessCopied,
    /// A copy writes or acts while the machine of another one still moves.
    NoFencing,
    /// A thief of the holder's key writes the holder's log as well.
    TwoWriters,
}

/// A condition that some reachable state must meet, so that the check is not vacuous.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) name: &'static str,
    pub(crate) met: fn(&World, &State) -> bool,
}

/// Bounds and vocabulary of one exhaustive check.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) rules: Rules,
    pub(crate) end: Moment,
    pub(crate) readings: Vec<Reading>,
    /// The logs that stand open from the start, by their writer. The first holds the charter's right.
    pub(crate) logs: Vec<Node>,
    /// Written at the start and known to all: the log's number and the record.
    pub(crate) opening: Vec<(u8, Record)>,
    /// How many entries a log of each node may get, those of the opening included.
    pub(crate) room: [u8; NODES.len()],
    pub(crate) offers: Vec<Offer>,
    pub(crate) bare_reclaims: bool,
    pub(crate) facts: bool,
    /// Reader and writer. A giver that is not listed as a reader of a log may embed whatever has left it.
    pub(crate) listens: Vec<(Node, Node)>,
    pub(crate) revocation: bool,
    pub(crate) restorable: Vec<Node>,
    /// Nodes that are no machine at first: the holder's disk is copied to them.
    pub(crate) copies: Vec<Node>,
    pub(crate) copyings: u8,
    pub(crate) openings: u8,
    pub(crate) backups: usize,
    pub(crate) restores: u8,
    /// Commit and recording apart are two steps, with anything between them.
    pub(crate) two_steps: bool,
    /// Machines act and take their stopping time.
    pub(crate) machines: bool,
    pub(crate) outside: Option<Outside>,
    pub(crate) wanted: Vec<Wanted>,
}

/// One step of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    Tick,
    /// A node commits one entry; in a world of one step it is recorded and leaves as well.
    Write(Node, Record),
    /// A thief writes into the holder's log.
    Forge(Record),
    /// The host records the generation apart, and the entry may leave.
    Settle(Node),
    /// The next entry of a log arrives.
    Learn(Node, u8),
    /// The revocation arrives.
    LearnNotice(Node),
    /// The authority revokes the custodian from this slot of its log.
    Revoke(u8),
    Backup(Node),
    /// The disk goes back to a backup, and the store is opened.
    Restore(Node, u8),
    /// The host records the generation apart, and the process stops before anything leaves.
    SettleAndStop(Node),
    /// The disk of one node is copied to another one, as it is; what ran there is stopped.
    Copy(Node, Node),
    /// A store is opened, or stopped and opened again.
    Open(Node),
    /// The same by a host that keeps no record.
    OpenBlind(Node),
    /// A host asks, hears Go, and its machine acts.
    Act(Node),
}

pub(crate) const NO_TWO_GO: &str = "no instant has two Go";
pub(crate) const NO_TWO_AMONG_AWARE: &str = "no instant has two Go among those who know of the fork";
pub(crate) const NO_FORK: &str = "no honest log has two branches that left";
pub(crate) const NO_TWO_MOVE: &str = "no instant has two machines that move";

impl World {
    /// The nodes that have a log from the start.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = Node> + '_ {
        NODES.into_iter().filter(|node| self.logs.contains(node) || self.copies.contains(node))
    }

    /// Whether some honest reading of this node's clock makes its store say Go now.
    pub(crate) fn has_go(&self, state: &State, node: Node) -> bool {
        (self.is_proven_now(state, node) || (state.place(node).running && self.rules.broken(Flaw::GoUnread)))
            && self.readings.iter().any(|reading| !self.rules.go(state, node, *reading).is_empty())
    }

    /// Who keeps the record that a node's store is compared with.
    fn recorder(&self, node: Node) -> Node {
        let shared = self.copies.contains(&node) && self.outside != Some(Outside::WitnessCopied);
        if shared { node.key() } else { node }
    }

    fn recorded(&self, state: &State, node: Node) -> Generation {
        state.place(self.recorder(node)).witness
    }

    /// What each own commit and each Go reads `[INC-7]`.
    pub(crate) fn is_proven_now(&self, state: &State, node: Node) -> bool {
        let place = state.place(node);
        place.running && (place.blind || self.recorded(state, node) == place.store.generation)
    }

    /// Whoever takes a store over lets every Go of another copy run out before it writes or acts `[ASM-7]`.
    fn is_fenced(&self, state: &State, node: Node) -> bool {
        self.outside == Some(Outside::NoFencing)
            || self.family().all(|copy| copy != node)
            || self.family().all(|other| other == node || state.place(other).acted.is_none())
    }

    /// The holder and the copies of its disk.
    fn family(&self) -> impl Iterator<Item = Node> + '_ {
        let holder = (!self.copies.is_empty()).then_some(Node::Holder);
        holder.into_iter().chain(self.copies.iter().copied())
    }

    fn listens(&self, reader: Node, writer: Node) -> bool {
        self.listens.contains(&(reader, writer))
    }

    fn begin(&self) -> State {
        let mut logs: Vec<Log> = (0_u8..)
            .zip(&self.logs)
            .map(|(identity, node)| Log { node: *node, identity, entries: Vec::new(), left: 0 })
            .collect();
        for (log, record) in &self.opening {
            let log = &mut logs[usize::from(*log)];
            log.entries.push(*record);
            log.left += 1;
        }
        let place = |node: Node| {
            let writing = self.logs.iter().position(|writer| *writer == node).unwrap_or(0);
            let none = Generation::default();
            let writing = u8::try_from(writing).unwrap();
            let mut store = Store {
                writing,
                generation: none,
                previous: none,
                unsure: false,
                held: Vec::new(),
                notice: false,
            };
            for (log, chain) in (0_u8..).zip(&logs) {
                store.hold(log, chain.left);
            }
            Place {
                store,
                witness: none,
                drawn: 0,
                backups: Vec::new(),
                restores: 0,
                running: !self.copies.contains(&node),
                blind: false,
                confirmed: true,
                copied: 0,
                opened: 0,
                acted: None,
            }
        };
        let places = NODES.into_iter().map(place).collect();
        State { now: 0, logs, places, cut: None }
    }

    /// What a node may write next.
    fn records(&self, state: &State, node: Node) -> Vec<Record> {
        let place = state.place(node);
        let writing = place.store.writing;
        let may = self.is_proven_now(state, node) || (place.running && self.rules.broken(Flaw::WriteUnread));
        if !may || !self.is_fenced(state, node) || place.store.holds(writing) >= self.room[node.index()] {
            return Vec::new();
        }
        let mut records = Vec::new();
        self.gives(state, node, &mut records);
        self.reclaims(state, node, &mut records);
        self.returns_and_releases(state, node, &mut records);
        if self.facts && (self.restorable.contains(&node) || self.family().any(|copy| copy == node)) {
            records.push(Record::Fact);
        }
        records
    }

    fn gives(&self, state: &State, node: Node, records: &mut Vec<Record>) {
        for offer in self.offers.iter().filter(|offer| offer.by == node) {
            for from in Self::rights(state, node) {
                for (to, log) in (0_u8..).zip(&state.logs) {
                    if log.node == offer.to && log.identity == to {
                        records.push(Record::Give { from, to, gift: offer.gift, window: offer.window });
                    }
                }
            }
        }
    }

    /// Rights that some log of this node's key holds, the charter's among them.
    fn rights(state: &State, node: Node) -> Vec<Option<Slot>> {
        let mut rights: Vec<Option<Slot>> = Vec::new();
        if state.log(0).node == node {
            rights.push(None);
        }
        for (log, chain) in (0_u8..).zip(&state.logs) {
            for (seq, record) in (0_u8..chain.left).zip(&chain.entries) {
                let Record::Give { to, gift: Gift::Right, .. } = *record else { continue };
                let slot = Slot { log, seq };
                let known = rights.iter().flatten().any(|right| state.same(*right, slot));
                if state.log(to).node == node && !known {
                    rights.push(Some(slot));
                }
            }
        }
        rights
    }

    fn own_entries(state: &State, node: Node) -> impl Iterator<Item = (Slot, Record)> + '_ {
        let store = &state.place(node).store;
        let log = store.writing;
        let held = 0_u8..store.holds(log);
        held.zip(&state.log(log).entries).map(move |(seq, record)| (Slot { log, seq }, *record))
    }

    fn reclaims(&self, state: &State, node: Node, records: &mut Vec<Record>) {
        for (give, record) in Self::own_entries(state, node) {
            let Record::Give { to, .. } = record else { continue };
            let mut bare_known = false;
            for (_, other) in Self::own_entries(state, node) {
                bare_known |=
                    matches!(other, Record::Reclaim { give: of, proof: None, .. } if of == give.seq);
            }
            if self.bare_reclaims && !bare_known {
                for reading in &self.readings {
                    let (lo, hi) = (state.now + reading.lo, state.now + reading.hi);
                    records.push(Record::Reclaim { give: give.seq, proof: None, lo, hi });
                }
            }
            for proof in self.evidence(state, node, give, to) {
                let reclaim = Record::Reclaim { give: give.seq, proof: Some(proof), lo: 0, hi: 0 };
                if !Self::own_entries(state, node).any(|(_, other)| other == reclaim) {
                    records.push(reclaim);
                }
            }
        }
    }

    /// Releases and returns that answer a give and that its giver can embed.
    fn evidence(&self, state: &State, node: Node, give: Slot, to: u8) -> Vec<Slot> {
        let receiver = state.log(to).node;
        let mut found = Vec::new();
        for (log, chain) in (0_u8..).zip(&state.logs) {
            if chain.node.key() != receiver.key() || chain.node == node {
                continue;
            }
            let seen =
                if self.listens(node, chain.node) { state.place(node).store.holds(log) } else { chain.left };
            for (seq, record) in (0_u8..seen).zip(&chain.entries) {
                if let Record::Release { give: of } | Record::Return { right: of } = record
                    && state.same(*of, give)
                {
                    found.push(Slot { log, seq });
                }
            }
        }
        found
    }

    fn returns_and_releases(&self, state: &State, node: Node, records: &mut Vec<Record>) {
        let place = state.place(node);
        let mut offered = Vec::new();
        for (log, chain) in (0_u8..).zip(&state.logs) {
            for (seq, record) in (0_u8..place.store.holds(log)).zip(&chain.entries) {
                let Record::Give { to, gift, .. } = *record else { continue };
                let slot = Slot { log, seq };
                if offered.iter().any(|known| state.same(*known, slot)) {
                    continue;
                }
                let own = state.identity(to) == state.identity(place.store.writing);
                let answer = match gift {
                    Gift::Right if own => Record::Return { right: slot },
                    Gift::Lease if own || (node == Node::Twin && state.log(to).node.key() == node.key()) => {
                        Record::Release { give: slot }
                    }
                    _ => continue,
                };
                let held_back = gift == Gift::Lease
                    && place.acted.is_some()
                    && !self.rules.broken(Flaw::ReleaseWhileMoving);
                if !held_back && !Self::own_entries(state, node).any(|(_, other)| other == answer) {
                    offered.push(slot);
                    records.push(answer);
                }
            }
        }
    }

    fn write(&self, state: &mut State, node: Node, record: Record) {
        let place = &state.places[node.index()];
        let (writing, held, blind) =
            (place.store.writing, place.store.holds(place.store.writing), place.blind);
        let before = place.store.generation;
        self.draw(state, node, before, before);
        let place = &mut state.places[node.index()];
        (place.store.unsure, place.confirmed) = (!blind, blind);
        let chain = &mut state.logs[usize::from(writing)];
        let place_held = held + 1;
        match chain.entries.get(usize::from(held)) {
            None => chain.entries.push(record),
            Some(present) if *present == record => {}
            Some(_) => {
                let mut branch = chain.clone();
                branch.entries.truncate(usize::from(held));
                branch.entries.push(record);
                branch.left = branch.left.min(held);
                place.store.writing = u8::try_from(state.logs.len()).unwrap();
                state.logs.push(branch);
            }
        }
        place.store.hold(place.store.writing, place_held);
        if blind || self.rules.broken(Flaw::VisibleTooEarly) {
            Self::leave(state, node, place_held);
        } else if !self.two_steps {
            self.record(state, node);
        }
    }

    /// What a store tells of the log that it writes may be with anybody from now on.
    fn leave(state: &mut State, node: Node, entries: u8) {
        let writing = state.places[node.index()].store.writing;
        let log = &mut state.logs[usize::from(writing)];
        log.left = log.left.max(entries);
    }

    /// Whether what is committed can be recorded after what is recorded now `[INC-4]`.
    fn is_due(&self, state: &State, node: Node) -> bool {
        let place = state.place(node);
        let store = &place.store;
        let recorded = self.recorded(state, node);
        let let_go = store.previous == store.generation;
        let follows = recorded == store.previous || let_go || self.rules.broken(Flaw::RecordWithoutComparing);
        place.running && !place.blind && !place.confirmed && follows
    }

    /// Recording compares and sets; then all that the store holds of its log may leave `[INC-3]`.
    fn record(&self, state: &mut State, node: Node) {
        if !self.is_due(state, node) {
            return;
        }
        let recorder = self.recorder(node);
        state.places[recorder.index()].witness = state.place(node).store.generation;
        state.places[node.index()].confirmed = true;
        let store = &state.place(node).store;
        let held = store.holds(store.writing);
        Self::leave(state, node, held);
    }

    /// Opening with or without proof of continuity `[INC-1]`, `[INC-2]`, `[INC-6]`: one commit.
    fn open(&self, state: &mut State, node: Node, blind: bool) {
        let recorded = self.recorded(state, node);
        let place = &mut state.places[node.index()];
        (place.running, place.blind, place.confirmed) = (true, blind, false);
        if !blind && self.proven(&place.store, recorded) {
            place.store.unsure &= recorded != place.store.generation;
            if self.rules.broken(Flaw::NoFreshGeneration) {
                (place.store.unsure, place.confirmed) = (false, true);
                let held = place.store.holds(place.store.writing);
                return Self::leave(state, node, held);
            }
            self.draw(state, node, recorded, recorded);
        } else {
            let (writing, unsure) = (place.store.writing, place.store.unsure);
            let held = place.store.holds(writing);
            if unsure && !self.rules.broken(Flaw::KeepsTail) {
                place.store.hold(writing, held - 1);
            }
            // What is left of it is sent as anything else is.
            let held = place.store.holds(writing);
            Self::leave(state, node, held);
            self.let_go(state, node);
            self.draw(state, node, recorded, recorded);
            let place = &mut state.places[node.index()];
            place.store.previous = place.store.generation;
            place.confirmed = blind;
        }
        if !self.two_steps {
            self.record(state, node);
        }
    }

    /// The next own entry opens a new log.
    fn let_go(&self, state: &mut State, node: Node) {
        let fresh = u8::try_from(state.logs.len()).unwrap();
        let store = &mut state.places[node.index()].store;
        (store.writing, store.unsure) = (fresh, false);
        state.logs.push(Log { node, identity: fresh, entries: Vec::new(), left: 0 });
    }

    /// A commit takes a generation above its own and the recorded one, under a fresh nonce `[INC-2]`, `[INC-4]`.
    fn draw(&self, state: &mut State, node: Node, recorded: Generation, previous: Generation) {
        let drawer = if self.copies.contains(&node) { node.key() } else { node };
        let nonce = state.places[drawer.index()].drawn + 1;
        state.places[drawer.index()].drawn = nonce;
        let store = &mut state.places[node.index()].store;
        store.previous = previous;
        let count = store.generation.count.max(recorded.count) + 1;
        store.generation = Generation { count, nonce };
    }

    fn proven(&self, store: &Store, recorded: Generation) -> bool {
        if self.rules.broken(Flaw::CountAlone) {
            return recorded.count == store.generation.count || recorded.count + 1 == store.generation.count;
        }
        recorded == store.generation || recorded == store.previous
    }

    fn restore(&self, state: &mut State, node: Node, backup: u8) {
        let place = &mut state.places[node.index()];
        place.store = place.backups[usize::from(backup)].clone();
        place.restores += 1;
        if self.outside == Some(Outside::WitnessRestored) {
            place.witness = place.store.generation;
        }
        self.open(state, node, false);
    }

    fn copy(&self, state: &mut State, from: Node, to: Node) {
        state.places[to.index()].store = state.place(from).store.clone();
        state.places[to.index()].running = false;
        state.places[Node::Holder.index()].copied += 1;
        if self.outside == Some(Outside::WitnessCopied) {
            state.places[to.index()].witness = state.place(from).witness;
        }
    }

    fn learn(&self, state: &mut State, node: Node, log: u8) {
        let identity = state.identity(log);
        let place = &mut state.places[node.index()];
        // Any commit says in the store what the process knows.
        place.store.unsure &= !place.confirmed;
        let (writing, held) = (place.store.writing, place.store.holds(log) + 1);
        place.store.hold(log, held);
        let grown =
            log != writing && identity == state.identity(writing) && place_grows(state, node, log, held);
        if grown {
            self.let_go(state, node);
        }
    }

    fn tick(&self, state: &mut State) {
        state.now += 1;
        for place in &mut state.places {
            if place.acted.is_some_and(|acted| acted + self.rules.stopping < state.now) {
                place.acted = None;
            }
        }
    }

    fn disk_steps(&self, state: &State, node: Node, steps: &mut Vec<Step>) {
        let place = state.place(node);
        if self.is_due(state, node) {
            steps.push(Step::Settle(node));
            if self.family().any(|copy| copy == node) {
                steps.push(Step::SettleAndStop(node));
            }
        }
        self.copy_steps(state, node, steps);
        if !self.restorable.contains(&node) {
            return;
        }
        if place.backups.len() < self.backups && !place.backups.contains(&place.store) {
            steps.push(Step::Backup(node));
        }
        if place.restores < self.restores {
            let backups = (0_u8..).zip(&place.backups);
            steps.extend(
                backups.filter(|(_, backup)| **backup != place.store).map(|(n, _)| Step::Restore(node, n)),
            );
        }
    }

    /// Copies of the holder's disk, and their openings in any order.
    fn copy_steps(&self, state: &State, node: Node, steps: &mut Vec<Step>) {
        if self.family().all(|copy| copy != node) {
            return;
        }
        let key = state.place(Node::Holder);
        let there = |place: &Place| place.running || place.store.generation.nonce > 0 || key.copied > 0;
        if key.copied < self.copyings && there(state.place(node)) {
            let other =
                self.family().filter(|to| *to != node && state.place(*to).store != state.place(node).store);
            steps.extend(other.filter(|to| *to != Node::Holder).map(|to| Step::Copy(node, to)));
        }
        let exists = node == Node::Holder || key.copied > 0 && !state.place(node).store.held.is_empty();
        if key.opened < self.openings && exists {
            steps.push(Step::Open(node));
            steps.push(Step::OpenBlind(node));
        }
    }

    fn network_steps(&self, state: &State, node: Node, steps: &mut Vec<Step>) {
        let store = &state.place(node).store;
        for (log, chain) in (0_u8..).zip(&state.logs) {
            if self.listens(node, chain.node) && store.holds(log) < chain.left {
                steps.push(Step::Learn(node, log));
            }
        }
        if state.cut.is_some() && !store.notice && self.listens(node, Node::Authority) {
            steps.push(Step::LearnNotice(node));
        }
    }
}

/// Whether the last entry that a store holds of a branch is none of the chain that it writes itself: another copy
/// wrote it `[INC-9]`.
fn place_grows(state: &State, node: Node, log: u8, held: u8) -> bool {
    let writing = state.place(node).store.writing;
    held > state.common(log, writing) || held > state.place(node).store.holds(writing)
}

impl Model for World {
    type State = State;
    type Action = Step;

    fn init_states(&self) -> Vec<State> {
        vec![self.begin()]
    }

    fn actions(&self, state: &State, steps: &mut Vec<Step>) {
        if state.now < self.end {
            steps.push(Step::Tick);
        }
        for node in self.nodes() {
            steps.extend(self.records(state, node).into_iter().map(|record| Step::Write(node, record)));
            self.disk_steps(state, node, steps);
            self.network_steps(state, node, steps);
            let still = self.machines && state.place(node).acted != Some(state.now);
            if still && self.is_fenced(state, node) && self.has_go(state, node) {
                steps.push(Step::Act(node));
            }
        }
        if self.revocation && state.cut.is_none() {
            let custodian = state.logs.iter().find(|log| log.node == Node::Custodian);
            steps.extend(custodian.into_iter().flat_map(|log| (0..=log.left).map(Step::Revoke)));
        }
        if self.outside == Some(Outside::TwoWriters) {
            let records = self.records(state, Node::Holder);
            steps.extend(records.into_iter().map(Step::Forge));
        }
    }

    fn next_state(&self, last: &State, step: Step) -> Option<State> {
        let mut state = last.clone();
        match step {
            Step::Tick => self.tick(&mut state),
            Step::Write(node, record) => self.write(&mut state, node, record),
            Step::Forge(record) => {
                let log = state.place(Node::Holder).store.writing;
                let log = &mut state.logs[usize::from(log)];
                if !log.entries.is_empty() {
                    return None;
                }
                log.entries.push(record);
                log.left = 1;
            }
            Step::Settle(node) => self.record(&mut state, node),
            Step::SettleAndStop(node) => {
                let recorder = self.recorder(node);
                state.places[recorder.index()].witness = state.place(node).store.generation;
                state.places[node.index()].running = false;
            }
            Step::Copy(from, to) => self.copy(&mut state, from, to),
            Step::Open(node) | Step::OpenBlind(node) => {
                state.places[Node::Holder.index()].opened += 1;
                self.open(&mut state, node, matches!(step, Step::OpenBlind(_)));
            }
            Step::Learn(node, log) => self.learn(&mut state, node, log),
            Step::LearnNotice(node) => state.places[node.index()].store.notice = true,
            Step::Revoke(cut) => state.cut = Some(cut),
            Step::Backup(node) => {
                let place = &mut state.places[node.index()];
                place.backups.push(place.store.clone());
            }
            Step::Restore(node, backup) => self.restore(&mut state, node, backup),
            Step::Act(node) => state.places[node.index()].acted = Some(state.now),
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = vec![Property::always(NO_TWO_GO, |world: &World, state: &State| {
            world.nodes().filter(|node| world.has_go(state, *node)).count() < 2
        })];
        if self.machines {
            properties.push(Property::always(NO_TWO_MOVE, |world: &World, state: &State| {
                world.nodes().filter(|node| state.place(*node).acted.is_some()).count() < 2
            }));
        }
        if self.outside.is_none() || self.outside == Some(Outside::NoFencing) {
            properties.push(Property::always(NO_FORK, |_: &World, state: &State| {
                let logs = || (0_u8..).zip(&state.logs);
                logs().all(|(log, one)| {
                    logs().skip(usize::from(log) + 1).all(|(other, two)| {
                        one.identity != two.identity || state.common(log, other) >= one.left.min(two.left)
                    })
                })
            }));
        }
        if self.outside.is_some() {
            properties.push(Property::always(NO_TWO_AMONG_AWARE, |world: &World, state: &State| {
                let aware = |node: &Node| {
                    let store = &state.place(*node).store;
                    (0_u8..).zip(&state.logs).any(|(log, _)| state.trunk(store, log) < store.holds(log))
                };
                world.nodes().filter(aware).filter(|node| world.has_go(state, *node)).count() < 2
            }));
        }
        properties.extend(self.wanted.iter().map(|wanted| Property::sometimes(wanted.name, wanted.met)));
        properties
    }
}
