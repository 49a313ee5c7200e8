//! Replays a contact history with real ledgers and compares every node with a prediction.
//!
//! - Each node is a [`Ledger`] on a store of its own, with a clock of its own that errs within the
//!   charter's bound; the same seed gives the same run.
//! - A contact carries at most rate x duration bytes each way, frontiers included; what is sent arrives
//!   after its sending time and the light time.
//! - After every delivery the node's count of entries is compared with the prediction, and at the end,
//!   before any settling, every log's head.

mod founding;
mod intents;
mod leases;
mod predict;

pub use leases::LeaseOutcome;

use crate::history::{Direction, History, NodeIndex};
use founding::{Custody, Founding, scope_of};
use intent_ledger::contracts::{
    Charter, CharterParameters, Clock, Digest, EntryId, LogId, Millis, Refusal, Scope, Tai,
};
use intent_ledger::{Appended, Approval, Continuity, Frontier, Host, Ledger, Store, StoreError};
use leases::{Leases, regions_of};
use predict::{EntryFacts, Known, Prediction};
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::collections::{BTreeMap, BTreeSet};

/// When the history's zero lies: 2030-01-01 in TAI milliseconds since 1970.
const ZERO: Tai = Tai(1_893_456_037_000);
/// How often the two ends of a contact exchange again while it lasts.
const ROUND_MS: u64 = 30 * 60 * 1000;
const DAY_MS: u64 = Millis::DAY.0;

/// What to replay.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Mean intents of a node in a day; they follow a Poisson process.
    pub intents_per_day: f64,
    /// Mean leases of its region's dock that a node asks for in a day; likewise.
    pub leases_per_day: f64,
    /// Bits per second of contacts for which the history states no rate.
    pub rate_bps: u64,
    /// Drives everything that is random.
    pub seed: u64,
    /// The fleet's bounds.
    pub parameters: CharterParameters,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            intents_per_day: 4.0,
            leases_per_day: 0.25,
            rate_bps: 1_000_000,
            seed: 1,
            parameters: CharterParameters::default(),
        }
    }
}

/// What a replay could not do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("node {node}: {what}")]
pub struct ReplayError {
    /// Which node.
    pub node: String,
    /// What its ledger or store said.
    pub what: String,
}

/// How one node ended.
#[derive(Debug, Clone, Default)]
pub struct NodeOutcome {
    /// Its name in the history.
    pub name: String,
    /// Entries that it holds at the end, before settling.
    pub entries: u64,
    /// Bytes of these entries.
    pub bytes_held: u64,
    /// Bytes that it sent, frontiers included.
    pub bytes_sent: u64,
    /// The longest time without a contact, the lead-in and the tail included.
    pub longest_silence_ms: u64,
    /// The greatest age of what it knew of any other node of its group.
    pub max_information_age_ms: u64,
}

/// How old the nodes' knowledge of each other was at one moment.
#[derive(Debug, Clone, Copy)]
pub struct AgeSample {
    /// When, since the history's zero.
    pub at_ms: u64,
    /// The median over all ordered pairs of one group.
    pub median_ms: u64,
    /// The maximum over them.
    pub max_ms: u64,
    /// Entries issued so far.
    pub issued: u64,
    /// The mean fraction of the living entries of its group that a node holds.
    pub held_fraction: f64,
}

/// What a replay found.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// One for each node of the history.
    pub nodes: Vec<NodeOutcome>,
    /// Samples over time.
    pub ages: Vec<AgeSample>,
    /// Connected groups.
    pub groups: usize,
    /// Entries written by the nodes and by the founder.
    pub entries: u64,
    /// Bytes sent in all, frontiers included.
    pub bytes_sent: u64,
    /// Bytes of bundles alone, for each entry in them.
    pub bytes_per_entry: f64,
    /// The mean fraction of the living entries of its group that a node holds at the end.
    pub reached_fraction: f64,
    /// Items refused for any reason.
    pub refused: u64,
    /// Items refused because they ended below a horizon.
    pub lapsed: u64,
    /// Entries forgotten at horizons.
    pub forgotten: u64,
    /// Epochs whose digests differed.
    pub alarms: u64,
    /// Whether every node held exactly what was predicted, after each delivery and at the end.
    pub predicted_equal: bool,
    /// The most distinct states in a group after settling.
    pub distinct_states: usize,
    /// Whether after settling every node held all that its group has, entry for entry.
    pub matches_model: bool,
    /// The first thing that was not as predicted, in words.
    pub first_difference: Option<String>,
    /// The longest silence of any node.
    pub longest_silence_ms: u64,
    /// The greatest information age of any node.
    pub max_information_age_ms: u64,
    /// What became of the leases.
    pub leases: LeaseOutcome,
}

/// Replays `history` with one ledger for each node on the stores that `store` gives.
///
/// `progress` is told the done and the whole count of steps now and then.
///
/// # Errors
/// [`ReplayError`] when a ledger or store failed; what differs from the prediction is in the outcome.
pub fn run<S: Store>(
    history: &History,
    plan: &Plan,
    store: &mut dyn FnMut(usize) -> Result<(S, Box<dyn Continuity>), StoreError>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Outcome, ReplayError> {
    let mut replay = Replay::found(history, plan, store)?;
    let steps = replay.queue.len() as u64;
    let mut done = 0;
    while let Some(((at, _), event)) = replay.queue.pop_first() {
        replay.now = at;
        if !matches!(event, Event::Deliver(_)) {
            done += 1;
            if done % 256 == 0 {
                progress(done, steps.max(done));
            }
        }
        replay.handle(event)?;
    }
    replay.compare_all();
    replay.finish_nodes();
    replay.settle()?;
    replay.count_exceptions()?;
    progress(steps, steps);
    Ok(replay.outcome)
}

enum Event {
    /// A node writes an intent.
    Intent(usize),
    /// The two ends of a contact exchange.
    Round(usize),
    /// A message arrives.
    Deliver(Message),
    /// A node advances its horizon.
    Horizon(usize),
    /// The ages are sampled.
    Sample,
    /// A node wants a lease.
    Want(usize),
    /// A wanted lease begins by its holder's clock.
    Begin(usize),
    /// The answer about a wanted lease can have changed.
    Ask(usize),
    /// The holder of a wanted lease comes to rest.
    Rest(usize),
}

struct Message {
    contact: usize,
    from: usize,
    to: usize,
    /// The frontier's bytes, and what the model says that it stands for.
    frontier: Option<(Vec<u8>, Known)>,
    /// Bundles, and the entries that the model says are in them.
    bundles: Vec<(Vec<u8>, Vec<usize>)>,
}

struct Node<S: Store> {
    ledger: Ledger<S>,
    /// Reading minus true time.
    clock_error_ms: i64,
    rng: ChaCha12Rng,
    scope: Scope,
}

struct Replay<'a, S: Store> {
    history: &'a History,
    plan: &'a Plan,
    charter: Charter,
    nodes: Vec<Node<S>>,
    /// Group of each node.
    group_of: Vec<usize>,
    prediction: Prediction,
    /// What a node last knew of another: the frontier, and the model's set.
    memory: BTreeMap<(usize, usize), (Frontier, Known)>,
    /// Until when the sender of a contact's direction is busy.
    busy: BTreeMap<(usize, usize), u64>,
    queue: BTreeMap<(u64, u64), Event>,
    queued: u64,
    now: u64,
    /// For node i and writer j: when the newest entry of j that i has held was issued.
    newest: Vec<Vec<u64>>,
    /// Which node wrote an entry; the founder is none.
    writer: Vec<Option<usize>>,
    bundle_bytes: u64,
    bundle_entries: u64,
    leases: Leases,
    outcome: Outcome,
}

impl<'a, S: Store> Replay<'a, S> {
    fn found(
        history: &'a History,
        plan: &'a Plan,
        store: &mut dyn FnMut(usize) -> Result<(S, Box<dyn Continuity>), StoreError>,
    ) -> Result<Self, ReplayError> {
        let count = history.nodes.len();
        let groups = history.groups();
        let mut group_of = vec![0; count];
        for (group, members) in groups.iter().enumerate() {
            members.iter().for_each(|member| group_of[member.index()] = group);
        }
        let region_of = regions_of(history, &group_of);
        let mut founding = Founding::write(history, plan, &region_of)?;
        let mut seeds = ChaCha12Rng::seed_from_u64(plan.seed);
        let mut nodes = Vec::with_capacity(count);
        for (index, name) in history.nodes.iter().enumerate() {
            let mut rng = ChaCha12Rng::seed_from_u64(seeds.next_u64());
            let failed = |what: String| ReplayError { node: name.clone(), what };
            let (store, continuity) = store(index).map_err(|error| failed(error.to_string()))?;
            let host = Host {
                signer: Box::new(founding.secret(plan, index)),
                continuity,
                entropy: Box::new(ChaCha12Rng::seed_from_u64(rng.next_u64())),
            };
            let mut ledger = Ledger::create(store, &founding.charter, vec![Scope::root()], host)
                .map_err(|error| failed(error.to_string()))?;
            let error_ms = plan.parameters.clock_error.0;
            let clock_error_ms = signed_below(&mut rng, error_ms);
            for bundle in &founding.bundles {
                let report = ledger.absorb(bundle, clock(0, clock_error_ms, error_ms));
                let report = report.map_err(|error| failed(error.to_string()))?;
                if report.refused_total() > 0 {
                    return Err(failed(format!("the founding bundle is refused: {report:?}")));
                }
            }
            nodes.push(Node { ledger, clock_error_ms, rng, scope: scope_of(region_of[index], name)? });
        }
        let custody = Custody::pass(&mut founding, history, plan, &region_of, &mut nodes)?;
        let mut prediction = Prediction::of(count);
        let mut writer = Vec::new();
        for facts in &founding.entries {
            let index = prediction.issue(0, *facts);
            writer.push(None);
            (1..count).for_each(|node| {
                prediction.deliver(node, &[index]);
            });
        }
        for (custodian, facts) in &custody.openings {
            prediction.issue(*custodian, *facts);
            writer.push(Some(*custodian));
        }
        let refused =
            |refusal: Refusal| ReplayError { node: "founder".to_owned(), what: refusal.to_string() };
        let leases = Leases::new(region_of, &custody.custodians).map_err(refused)?;
        let outcome = Outcome {
            groups: groups.len(),
            predicted_equal: true,
            entries: (founding.entries.len() + custody.openings.len()) as u64,
            nodes: history
                .nodes
                .iter()
                .map(|name| NodeOutcome { name: name.clone(), ..NodeOutcome::default() })
                .collect(),
            ..Outcome::default()
        };
        let mut replay = Self {
            history,
            plan,
            charter: founding.charter,
            nodes,
            group_of,
            prediction,
            memory: BTreeMap::new(),
            busy: BTreeMap::new(),
            queue: BTreeMap::new(),
            queued: 0,
            now: 0,
            newest: vec![vec![0; count]; count],
            writer,
            bundle_bytes: 0,
            bundle_entries: 0,
            leases,
            outcome,
        };
        replay.schedule();
        replay.schedule_leases();
        Ok(replay)
    }

    /// Queues all that does not depend on the run.
    fn schedule(&mut self) {
        let span = self.history.span_ms();
        for index in 0..self.history.contacts.len() {
            let contact = &self.history.contacts[index];
            let (mut at, end) = (contact.start_ms, contact.end_ms);
            while at < end {
                self.at(at, Event::Round(index));
                at += ROUND_MS;
            }
        }
        let mean_ms = DAY_MS as f64 / self.plan.intents_per_day;
        for node in 0..self.nodes.len() {
            let mut at = 0;
            while self.plan.intents_per_day > 0.0 {
                at += waiting_ms(&mut self.nodes[node].rng, mean_ms);
                if at >= span {
                    break;
                }
                self.at(at, Event::Intent(node));
            }
            (1..=span / DAY_MS).for_each(|day| self.at(day * DAY_MS, Event::Horizon(node)));
        }
        let step = (span / 400).max(60_000);
        (1..=span / step).for_each(|sample| self.at(sample * step, Event::Sample));
    }

    fn at(&mut self, at: u64, event: Event) {
        self.queued += 1;
        self.queue.insert((at, self.queued), event);
    }

    fn clock(&self, node: usize) -> Clock {
        clock(self.now, self.nodes[node].clock_error_ms, self.plan.parameters.clock_error.0)
    }

    fn failed(&self, node: usize, what: impl ToString) -> ReplayError {
        ReplayError { node: self.history.nodes[node].clone(), what: what.to_string() }
    }

    fn handle(&mut self, event: Event) -> Result<(), ReplayError> {
        match event {
            Event::Intent(node) => self.write_intent(node),
            Event::Round(contact) => self.open_round(contact),
            Event::Deliver(message) => self.receive(message),
            Event::Horizon(node) => self.advance(node),
            Event::Sample => {
                self.sample();
                Ok(())
            }
            Event::Want(node) => self.want(node),
            Event::Begin(place) => self.begin(place),
            Event::Ask(place) => self.ask(place),
            Event::Rest(place) => self.rest(place),
        }
    }

    fn write_intent(&mut self, node: usize) -> Result<(), ReplayError> {
        let now = self.clock(node);
        let Node { ledger, rng, scope, .. } = &mut self.nodes[node];
        let longest = self.plan.parameters.longest_lease;
        let (lane, record) = intents::draw(rng, scope, now, longest);
        let appended = ledger.append(lane, &[record], now);
        let appended = appended.map_err(|error| self.failed(node, error))?;
        self.issued(node, appended)
    }

    fn open_round(&mut self, index: usize) -> Result<(), ReplayError> {
        let contact = self.history.contacts[index];
        let (a, b) = (contact.a.index(), contact.b.index());
        match contact.direction {
            Direction::OneWay => self.send(index, a, b, true, true),
            Direction::BothWays => {
                self.send(index, a, b, true, false)?;
                self.send(index, b, a, true, false)
            }
        }
    }

    /// Sends the own frontier, or what the peer lacks as far as the sender knows, or both.
    fn send(
        &mut self,
        index: usize,
        from: usize,
        to: usize,
        frontier: bool,
        bundles: bool,
    ) -> Result<(), ReplayError> {
        let contact = &self.history.contacts[index];
        let rate = contact.rate_bps.unwrap_or(self.plan.rate_bps);
        let (end, light) = (contact.end_ms, contact.one_way_light_ms);
        let start = self.now.max(self.busy.get(&(index, from)).copied().unwrap_or(0));
        let room = u128::from(rate) * u128::from(end.saturating_sub(start)) / 8000;
        let mut room = usize::try_from(room).unwrap_or(usize::MAX);
        let mut message = Message { contact: index, from, to, frontier: None, bundles: Vec::new() };
        let mut sent = 0;
        if frontier {
            let bytes = self.nodes[from].ledger.frontier().encode();
            if bytes.len() <= room {
                room -= bytes.len();
                sent += bytes.len();
                message.frontier = Some((bytes, self.prediction.frontier(from)));
            }
        }
        if bundles {
            sent += self.pack_bundles(&mut message, room)?;
        }
        if sent == 0 {
            return Ok(());
        }
        let sending_ms = (sent as u128 * 8000).div_ceil(u128::from(rate.max(1)));
        let sent_at = start.saturating_add(u64::try_from(sending_ms).unwrap_or(u64::MAX));
        self.busy.insert((index, from), sent_at);
        self.outcome.nodes[from].bytes_sent += sent as u64;
        self.outcome.bytes_sent += sent as u64;
        self.at(sent_at.saturating_add(light), Event::Deliver(message));
        Ok(())
    }

    fn pack_bundles(&mut self, message: &mut Message, mut room: usize) -> Result<usize, ReplayError> {
        let (from, to) = (message.from, message.to);
        let unknown = || {
            let id = self.charter.ledger_id();
            (Frontier::unknown(&id, vec![Scope::root()]), Known::default())
        };
        let (mut peer, mut known) = self.memory.remove(&(from, to)).unwrap_or_else(unknown);
        let mut sent = 0;
        loop {
            let bundle = self.nodes[from].ledger.bundle(&peer, room);
            let bundle = bundle.map_err(|error| self.failed(from, error))?;
            let predicted = self.prediction.bundle(from, &mut known, room);
            if (bundle.bytes.len(), bundle.complete) != (predicted.bytes, predicted.complete) {
                let what = format!(
                    "a bundle of {} bytes (complete: {}) was predicted with {} (complete: {})",
                    bundle.bytes.len(),
                    bundle.complete,
                    predicted.bytes,
                    predicted.complete
                );
                self.differs(from, what);
            }
            self.bundle_bytes += bundle.bytes.len() as u64;
            self.bundle_entries += bundle.items;
            let (stop, length) = (bundle.complete || bundle.items == 0, bundle.bytes.len());
            peer = bundle.assumed;
            room -= length.min(room);
            sent += length;
            if length > 0 {
                message.bundles.push((bundle.bytes, predicted.entries));
            }
            if stop {
                break;
            }
        }
        self.memory.insert((from, to), (peer, known));
        Ok(sent)
    }

    fn receive(&mut self, message: Message) -> Result<(), ReplayError> {
        let Message { contact, from, to, frontier, bundles } = message;
        for (bytes, predicted) in bundles {
            let now = self.clock(to);
            let report = self.nodes[to].ledger.absorb(&bytes, now);
            let report = report.map_err(|error| self.failed(to, error))?;
            self.outcome.refused += report.refused_total();
            self.outcome.lapsed += report.lapsed;
            let fresh = self.prediction.deliver(to, &predicted);
            for index in fresh {
                if let Some(writer) = self.writer[index] {
                    let issued = self.prediction.entries[index].authored.since(ZERO).0;
                    let newest = &mut self.newest[to][writer];
                    *newest = (*newest).max(issued.min(self.now));
                }
            }
            self.compare_count(to);
            if report.new_entries > 0 {
                self.touched(to)?;
            }
        }
        let Some((bytes, known)) = frontier else { return Ok(()) };
        let frontier = Frontier::decode(&bytes).map_err(|error| self.failed(to, error))?;
        let heard = self.nodes[to].ledger.hear(&frontier).map_err(|error| self.failed(to, error))?;
        self.outcome.alarms += heard.alarms.len() as u64;
        self.memory.insert((to, from), (frontier, known));
        let open = &self.history.contacts[contact];
        if open.direction == Direction::BothWays && self.now < open.end_ms {
            self.send(contact, to, from, false, true)?;
        }
        Ok(())
    }

    fn advance(&mut self, node: usize) -> Result<(), ReplayError> {
        let now = self.clock(node);
        // A replay's clocks are right, and its operators say so.
        let approval = Some(Approval::of(now.middle()));
        // Own entries that nobody acknowledged are counted as forgotten here: a replay keeps no archive.
        let report = self.nodes[node].ledger.advance_horizon(now, approval, &mut |_| Ok(()));
        let report = report.map_err(|error| self.failed(node, error))?;
        self.outcome.forgotten += report.entries;
        let parameters = &self.plan.parameters;
        let memory =
            Millis(parameters.settlement.0 + parameters.information_age.0 + 2 * parameters.clock_error.0);
        self.prediction.forget(node, now.lo(), memory, parameters.epoch);
        self.compare_count(node);
        self.touched(node)
    }

    fn differs(&mut self, node: usize, what: String) {
        self.outcome.predicted_equal = false;
        let (name, day) = (&self.history.nodes[node], self.now as f64 / DAY_MS as f64);
        self.outcome.first_difference.get_or_insert_with(|| format!("node {name}, day {day:.3}: {what}"));
    }

    fn compare_count(&mut self, node: usize) {
        let (real, predicted) = (self.nodes[node].ledger.entry_count(), self.prediction.count(node));
        if real != predicted {
            self.differs(node, format!("holds {real} entries, predicted {predicted}"));
        }
    }

    /// Compares every log of every node with the prediction, entry for entry.
    ///
    /// A head commits to all entries below it, so equal heads and counts are equal logs.
    fn compare_all(&mut self) {
        for node in 0..self.nodes.len() {
            let predicted = heads(self.prediction.held(node));
            if real_heads(&self.nodes[node].ledger) != predicted {
                self.differs(node, "its logs differ from the prediction at the end".to_owned());
            }
        }
    }

    fn finish_nodes(&mut self) {
        let silences = self.history.longest_silences_ms();
        for node in 0..self.nodes.len() {
            let bytes = self.prediction.held(node).map(|facts| facts.bytes as u64).sum();
            let entries = self.nodes[node].ledger.entry_count();
            let outcome = &mut self.outcome.nodes[node];
            (outcome.entries, outcome.bytes_held) = (entries, bytes);
            outcome.longest_silence_ms = silences.get(node).copied().unwrap_or(0);
        }
        let outcome = &mut self.outcome;
        outcome.longest_silence_ms =
            outcome.nodes.iter().map(|node| node.longest_silence_ms).max().unwrap_or(0);
        outcome.max_information_age_ms =
            outcome.nodes.iter().map(|node| node.max_information_age_ms).max().unwrap_or(0);
        if self.bundle_entries > 0 {
            outcome.bytes_per_entry = self.bundle_bytes as f64 / self.bundle_entries as f64;
        }
        self.outcome.reached_fraction = self.held_fraction();
    }

    /// Living entries of each group: those that some member holds.
    fn living(&self) -> Vec<BTreeMap<EntryId, EntryFacts>> {
        let mut living = vec![BTreeMap::new(); self.outcome.groups];
        for node in 0..self.nodes.len() {
            let group = &mut living[self.group_of[node]];
            group.extend(self.prediction.held(node).map(|facts| (facts.id, *facts)));
        }
        living
    }

    fn held_fraction(&self) -> f64 {
        let living: Vec<usize> = self.living().iter().map(BTreeMap::len).collect();
        let share =
            |node: usize| self.prediction.count(node) as f64 / (living[self.group_of[node]] as f64).max(1.0);
        let count = self.nodes.len().max(1) as f64;
        (0..self.nodes.len()).map(share).sum::<f64>() / count
    }

    fn sample(&mut self) {
        let mut ages = Vec::new();
        for node in 0..self.nodes.len() {
            let others = (0..self.nodes.len())
                .filter(|other| *other != node && self.group_of[*other] == self.group_of[node]);
            let own: Vec<u64> =
                others.map(|other| self.now.saturating_sub(self.newest[node][other])).collect();
            let most = own.iter().copied().max().unwrap_or(0);
            let record = &mut self.outcome.nodes[node].max_information_age_ms;
            *record = (*record).max(most);
            ages.extend(own);
        }
        ages.sort_unstable();
        self.outcome.ages.push(AgeSample {
            at_ms: self.now,
            median_ms: ages.get(ages.len() / 2).copied().unwrap_or(0),
            max_ms: ages.last().copied().unwrap_or(0),
            issued: self.outcome.entries,
            held_fraction: self.held_fraction(),
        });
    }

    /// One exchange along a spanning tree of each group, then all of a group must be equal to each other
    /// and to all that the group has.
    fn settle(&mut self) -> Result<(), ReplayError> {
        for node in 0..self.nodes.len() {
            self.advance(node)?;
        }
        let living = self.living();
        let mut states: Vec<BTreeSet<Digest>> = vec![BTreeSet::new(); self.outcome.groups];
        self.outcome.matches_model = true;
        for (group, members) in self.history.groups().iter().enumerate() {
            let edges = spanning_tree(self.history, members);
            for (parent, child) in edges.iter().rev() {
                self.bring(*child, *parent)?;
            }
            for (parent, child) in &edges {
                self.bring(*parent, *child)?;
            }
            let horizon = members.iter().map(|member| self.nodes[member.index()].ledger.horizon()).max();
            let wanted = heads(living[group].values().filter(|facts| Some(facts.end) >= horizon));
            for member in members {
                let ledger = &self.nodes[member.index()].ledger;
                states[group].insert(ledger.state_digest());
                if real_heads(ledger) != wanted {
                    self.outcome.matches_model = false;
                    let what = "after settling it differs from all that its group has".to_owned();
                    self.differs_after_settling(member.index(), what);
                }
            }
        }
        self.outcome.distinct_states = states.iter().map(BTreeSet::len).max().unwrap_or(0);
        Ok(())
    }

    fn differs_after_settling(&mut self, node: usize, what: String) {
        let name = &self.history.nodes[node];
        self.outcome.first_difference.get_or_insert_with(|| format!("node {name}: {what}"));
    }

    /// Carries everything that `to` lacks from `from`, without a limit.
    fn bring(&mut self, from: usize, to: usize) -> Result<(), ReplayError> {
        loop {
            let frontier = self.nodes[to].ledger.frontier();
            let bundle = self.nodes[from].ledger.bundle(&frontier, usize::MAX);
            let bundle = bundle.map_err(|error| self.failed(from, error))?;
            let now = self.clock(to);
            let report = self.nodes[to].ledger.absorb(&bundle.bytes, now);
            let report = report.map_err(|error| self.failed(to, error))?;
            if bundle.complete || report.new_entries == 0 {
                return Ok(());
            }
        }
    }
}

fn clock(now_ms: u64, error_ms: i64, bound_ms: u64) -> Clock {
    let reading = ZERO.0.saturating_add(now_ms).saturating_add_signed(error_ms);
    Clock::new(Tai(reading), Millis(bound_ms))
}

fn facts_of<S: Store>(ledger: &Ledger<S>, appended: Appended, depth: u64) -> Result<EntryFacts, String> {
    let reader = ledger.reader().map_err(|error| error.to_string())?;
    let mut entries = reader.entries(appended.log, appended.seq).map_err(|error| error.to_string())?;
    let entry =
        entries.next().ok_or("an appended entry cannot be read")?.map_err(|error| error.to_string())?;
    let header = entry.header();
    Ok(EntryFacts {
        id: entry.id(),
        log: appended.log,
        lane: header.log.lane,
        depth,
        end: header.log.end,
        slot: header.seq,
        authored: header.authored.at,
        bytes: entry.bytes().len(),
    })
}

/// The head of every log, from single entries: the greatest slot, when no slot below it is missing.
fn heads<'f>(entries: impl Iterator<Item = &'f EntryFacts>) -> BTreeMap<LogId, (u64, EntryId)> {
    let mut slots: BTreeMap<LogId, BTreeMap<u64, EntryId>> = BTreeMap::new();
    for facts in entries {
        slots.entry(facts.log).or_default().insert(facts.slot, facts.id);
    }
    let whole = |slots: &BTreeMap<u64, EntryId>| {
        let (head, id) = slots.last_key_value()?;
        (slots.len() as u64 == *head).then_some((*head, *id))
    };
    slots.iter().filter_map(|(log, slots)| Some((*log, whole(slots)?))).collect()
}

fn real_heads<S: Store>(ledger: &Ledger<S>) -> BTreeMap<LogId, (u64, EntryId)> {
    ledger.logs().map(|log| (log.id, (log.head, log.head_id))).collect()
}

/// Edges from parent to child, parents first.
fn spanning_tree(history: &History, members: &[NodeIndex]) -> Vec<(usize, usize)> {
    let mut neighbours: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for contact in &history.contacts {
        neighbours.entry(contact.a.index()).or_default().insert(contact.b.index());
        neighbours.entry(contact.b.index()).or_default().insert(contact.a.index());
    }
    let Some(root) = members.first().map(|member| member.index()) else { return Vec::new() };
    let (mut seen, mut edges, mut next) = (BTreeSet::from([root]), Vec::new(), vec![root]);
    while let Some(parent) = next.pop() {
        for child in neighbours.get(&parent).into_iter().flatten() {
            if seen.insert(*child) {
                edges.push((parent, *child));
                next.push(*child);
            }
        }
    }
    edges
}

/// The time to the next event of a Poisson process, at least one millisecond.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive, and saturating")]
fn waiting_ms(rng: &mut ChaCha12Rng, mean_ms: f64) -> u64 {
    let unit = (rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
    ((-mean_ms * (1.0 - unit).ln()) as u64).clamp(1, u64::MAX / 4)
}

fn signed_below(rng: &mut ChaCha12Rng, bound: u64) -> i64 {
    let wide = 2 * i128::from(bound) + 1;
    let drawn = i128::from(rng.next_u64()) % wide - i128::from(bound);
    i64::try_from(drawn).unwrap_or(0)
}
