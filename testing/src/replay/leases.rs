//! Leases in a replay: each region has a dock for one machine at a time, and a custodian who gives it.
//!
//! - Nodes claim the dock of their region days ahead; custodians answer when they hear of it, take back what was
//!   released, and now and then take back on their bare word, which they should not.
//! - Every holder is asked at each moment at which its answer can change: when its window begins and ends by its
//!   own clock, and after whatever changed its ledger in between. So two holders who may act at one instant of
//!   true time are seen, if there are any `[THEOREM-1]`.

use super::{DAY_MS, Event, Node, Replay, ReplayError, ZERO, facts_of, waiting_ms};
use crate::history::History;
use intent_ledger::contracts::kinds::{Mode, Resource};
use intent_ledger::contracts::{
    Clock, Footprint, Label, Measure, Millis, RecordId, Refusal, ResourceId, ResourcePath, Scope, Tai, Window,
};
use intent_ledger::merge_rules::MayAct;
use intent_ledger::{AppendError, Appended, Manner, Store, Viewpoint, Wish, WriteError, Written};
use rand_chacha::rand_core::Rng;
use std::collections::{BTreeMap, BTreeSet};

/// How long a user of a dock needs to stop.
const STOPPING: Millis = Millis(60_000);

/// What became of the leases of a replay.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeaseOutcome {
    /// Regions with a custodian.
    pub custodians: usize,
    /// Claims of docks.
    pub claims: u64,
    /// Gives that answered one.
    pub gives: u64,
    /// Claims that a custodian did not answer with a give, because it had none left.
    pub declined: u64,
    /// Leases that their holders released early.
    pub releases: u64,
    /// Gives that were taken back, with the holder's release as evidence.
    pub reclaims: u64,
    /// Gives that were taken back on the custodian's bare word.
    pub bare_reclaims: u64,
    /// What the ledgers refused to write because it would have lost.
    pub refused: u64,
    /// Leases under which their holders might act at some moment.
    pub permitted: u64,
    /// Leases that their holders were told to be at risk.
    pub at_risk: u64,
    /// Leases at whose start their custodian saw somebody there.
    pub occupied: u64,
    /// Moments of true time at which two holders might act on one dock.
    pub overlaps: u64,
    /// What the views tell operators at the end, by kind.
    pub exceptions: BTreeMap<&'static str, u64>,
}

/// The regions and what is wanted in them.
pub(super) struct Leases {
    region_of: Vec<usize>,
    regions: Vec<Region>,
    wanted: Vec<Wanted>,
}

struct Region {
    custodian: usize,
    dock: ResourceId,
    /// Of the wanted leases those that are not over.
    open: Vec<usize>,
    /// Those whose holders may act now.
    going: BTreeSet<usize>,
}

struct Wanted {
    node: usize,
    region: usize,
    claim: RecordId,
    window: Window,
    give: Option<RecordId>,
    answered: bool,
    released: bool,
    taken_back: bool,
    permitted: bool,
    at_risk: bool,
}

/// The place of each node's region: of one group the nodes whose names differ in their numbers alone.
pub(super) fn regions_of(history: &History, group_of: &[usize]) -> Vec<usize> {
    let stem = |node: usize| {
        let name = history.nodes[node].trim_end_matches(|found: char| found.is_ascii_digit());
        (group_of[node], name.to_owned())
    };
    let stems: BTreeSet<(usize, String)> = (0..group_of.len()).map(stem).collect();
    let place = |node| stems.iter().position(|found| *found == stem(node)).unwrap_or(0);
    (0..group_of.len()).map(place).collect()
}

/// The scope of a region.
pub(super) fn scope_of_region(region: usize) -> Result<Scope, Refusal> {
    Scope::parse(&format!("region-{region}"))
}

/// The dock of a region.
pub(super) fn dock_of(region: usize) -> Result<Resource, Refusal> {
    Ok(Resource {
        scope: scope_of_region(region)?,
        path: ResourcePath::parse("dock")?,
        measure: Measure::Exclusive,
        unit: Label::try_from("1".to_owned())?,
        scale: (1, 1),
        frame: Label::try_from("berth".to_owned())?,
        stopping_time: STOPPING,
        strictest_mode: Mode::Degraded,
    })
}

impl Leases {
    /// Nothing is wanted yet. Only the first regions have docks when there are more than a charter gives.
    pub(super) fn new(region_of: Vec<usize>, custodians: &[usize]) -> Result<Self, Refusal> {
        let region = |(place, custodian): (usize, &usize)| {
            let (open, going) = (Vec::new(), BTreeSet::new());
            Ok(Region { custodian: *custodian, dock: dock_of(place)?.id(), open, going })
        };
        let regions = custodians.iter().enumerate().map(region).collect::<Result<_, Refusal>>()?;
        Ok(Self { region_of, regions, wanted: Vec::new() })
    }
}

impl<S: Store> Replay<'_, S> {
    /// Queues the moments at which nodes will want a dock.
    pub(super) fn schedule_leases(&mut self) {
        self.outcome.leases.custodians = self.leases.regions.len();
        let (span, per_day) = (self.history.span_ms(), self.plan.leases_per_day);
        for node in 0..self.nodes.len() {
            let mut at = 0;
            while per_day > 0.0 && self.leases.region_of[node] < self.leases.regions.len() {
                at += waiting_ms(&mut self.nodes[node].rng, DAY_MS as f64 / per_day);
                if at >= span {
                    break;
                }
                self.at(at, Event::Want(node));
            }
        }
    }

    /// A node claims the dock of its region, in the first window that it takes for free.
    pub(super) fn want(&mut self, node: usize) -> Result<(), ReplayError> {
        let (now, region) = (self.clock(node), self.leases.region_of[node]);
        let dock = self.leases.regions[region].dock;
        let Node { ledger, rng, .. } = &mut self.nodes[node];
        let hours = |count: u64| Millis(Millis::HOUR.0 * count);
        let (ahead, length) = (hours(6 + rng.next_u64() % 90), hours(1 + rng.next_u64() % 8));
        let early = rng.next_u64().is_multiple_of(3).then_some(length.0 / 2);
        let view = ledger.view(Viewpoint::Own);
        let start = now.hi().plus(ahead);
        let around = Window::new(start, start.plus(Millis::days(3)));
        let (Ok(view), Ok(around)) = (view, around) else { return Ok(()) };
        let Some(window) = view.first_free(dock, around, length, now) else {
            self.outcome.leases.refused += 1;
            return Ok(());
        };
        let wish = Wish::of(Footprint::open(dock, Measure::Exclusive, window, 1));
        let claimed = ledger.claim(&wish, now);
        let Some(written) = self.written(node, claimed)? else { return Ok(()) };
        self.outcome.leases.claims += 1;
        let place = self.leases.wanted.len();
        self.leases.wanted.push(Wanted {
            node,
            region,
            claim: written.record(),
            window,
            give: None,
            answered: false,
            released: false,
            taken_back: false,
            permitted: false,
            at_risk: false,
        });
        self.leases.regions[region].open.push(place);
        // When the own clock has surely reached the start, and when it may reach the time to stop.
        let (error, bound) = (self.nodes[node].clock_error_ms, self.plan.parameters.clock_error.0);
        let begin = window.start().since(ZERO).0.saturating_add_signed(-error) + bound;
        let end = window.end().minus(STOPPING).since(ZERO).0.saturating_add_signed(-error) - bound;
        self.at(begin, Event::Begin(place));
        self.at(end, Event::Ask(place));
        early.into_iter().for_each(|early| self.at(begin + early, Event::Rest(place)));
        self.serve(node)
    }

    /// What a call wrote, if it wrote anything; what it refused is counted.
    fn written(
        &mut self,
        node: usize,
        outcome: Result<Written, WriteError>,
    ) -> Result<Option<Written>, ReplayError> {
        match outcome {
            Ok(written) => self.issued(node, written.at).map(|()| Some(written)),
            Err(WriteError::Append(AppendError::Ledger(error))) => Err(self.failed(node, error)),
            Err(_) => {
                self.outcome.leases.refused += 1;
                Ok(None)
            }
        }
    }

    /// Tells the prediction of an entry that a node wrote.
    pub(super) fn issued(&mut self, node: usize, appended: Appended) -> Result<(), ReplayError> {
        let facts = facts_of(&self.nodes[node].ledger, appended, 1);
        self.prediction.issue(node, facts.map_err(|what| self.failed(node, what))?);
        self.writer.push(Some(node));
        self.newest[node][node] = self.now;
        self.outcome.entries += 1;
        Ok(())
    }

    /// The window of a lease begins by its holder's clock; its custodian looks who is there.
    pub(super) fn begin(&mut self, place: usize) -> Result<(), ReplayError> {
        let Wanted { region, window, .. } = self.leases.wanted[place];
        let Region { custodian, dock, .. } = self.leases.regions[region];
        let view = self.nodes[custodian].ledger.view(Viewpoint::Own);
        let view = view.map_err(|error| self.failed(custodian, error))?;
        self.outcome.leases.occupied += u64::from(!view.occupancies(dock, window).is_empty());
        self.ask(place)
    }

    fn may_act(&mut self, place: usize) -> Result<MayAct, ReplayError> {
        let Wanted { node, claim, .. } = self.leases.wanted[place];
        let now = self.clock(node);
        let answer = self.nodes[node].ledger.may_act(&claim, 0, now, STOPPING);
        answer.map_err(|error| self.failed(node, error))
    }

    /// Asks the holder's ledger, and those of all who may act on the same dock.
    pub(super) fn ask(&mut self, place: usize) -> Result<(), ReplayError> {
        let region = self.leases.wanted[place].region;
        match self.may_act(place)? {
            MayAct::Go { .. } => {
                let first = !std::mem::replace(&mut self.leases.wanted[place].permitted, true);
                self.outcome.leases.permitted += u64::from(first);
                let others: Vec<usize> = self.leases.regions[region].going.iter().copied().collect();
                for other in others.into_iter().filter(|other| *other != place) {
                    if matches!(self.may_act(other)?, MayAct::Go { .. }) {
                        self.outcome.leases.overlaps += 1;
                    } else {
                        self.leases.regions[region].going.remove(&other);
                    }
                }
                self.leases.regions[region].going.insert(place);
            }
            MayAct::AtRisk(_) => {
                let first = !std::mem::replace(&mut self.leases.wanted[place].at_risk, true);
                self.outcome.leases.at_risk += u64::from(first);
                self.leases.regions[region].going.remove(&place);
            }
            MayAct::Hold(_) => {
                self.leases.regions[region].going.remove(&place);
            }
        }
        Ok(())
    }

    /// A holder comes to rest early and releases, if it might act at all.
    pub(super) fn rest(&mut self, place: usize) -> Result<(), ReplayError> {
        let Wanted { node, claim, permitted, .. } = self.leases.wanted[place];
        if !permitted {
            return Ok(());
        }
        let now = self.clock(node);
        let released = self.nodes[node].ledger.release(&claim, &[], now);
        if self.written(node, released)?.is_some() {
            self.leases.wanted[place].released = true;
            self.outcome.leases.releases += 1;
        }
        self.touched(node)
    }

    /// After whatever changed a node's ledger: its leases are asked again, and it answers as a custodian.
    pub(super) fn touched(&mut self, node: usize) -> Result<(), ReplayError> {
        let region = self.leases.region_of[node];
        let Some(found) = self.leases.regions.get(region) else { return Ok(()) };
        let now = self.clock(node);
        let live = |wanted: &Wanted| {
            wanted.node == node && wanted.window.start() <= now.hi() && now.lo() < wanted.window.end()
        };
        let open = found.open.iter().filter(|place| live(&self.leases.wanted[**place]));
        for place in open.copied().collect::<Vec<_>>() {
            self.ask(place)?;
        }
        self.serve(node)
    }

    /// A custodian takes back what was released, and gives what is asked for and left.
    fn serve(&mut self, node: usize) -> Result<(), ReplayError> {
        let region = self.leases.region_of[node];
        if self.leases.regions.get(region).is_none_or(|found| found.custodian != node) {
            return Ok(());
        }
        let now = self.clock(node);
        let Leases { regions, wanted, .. } = &mut self.leases;
        regions[region].open.retain(|place| now.lo() < wanted[*place].window.end());
        for place in self.leases.regions[region].open.clone() {
            let Wanted { claim, give, released, taken_back, .. } = self.leases.wanted[place];
            let Some(give) = give.filter(|_| released && !taken_back) else { continue };
            let view = self.nodes[node].ledger.view(Viewpoint::Own);
            let view = view.map_err(|error| self.failed(node, error))?;
            if view.released_by(&claim, 0).is_some() {
                let reclaimed = self.nodes[node].ledger.reclaim(&give, Manner::Civil, now);
                self.leases.wanted[place].taken_back = true;
                if self.written(node, reclaimed)?.is_some() {
                    self.outcome.leases.reclaims += 1;
                    self.reconsider(region);
                }
            }
        }
        for place in self.leases.regions[region].open.clone() {
            if !self.leases.wanted[place].answered {
                self.answer(node, place, now)?;
            }
        }
        Ok(())
    }

    /// What was declined may fit now.
    fn reconsider(&mut self, region: usize) {
        for place in &self.leases.regions[region].open {
            let wanted = &mut self.leases.wanted[*place];
            wanted.answered = wanted.give.is_some();
        }
    }

    /// Answers one claim, when it has reached its custodian.
    fn answer(&mut self, custodian: usize, place: usize, now: Clock) -> Result<(), ReplayError> {
        let claim = self.leases.wanted[place].claim;
        let view = self.nodes[custodian].ledger.view(Viewpoint::Own);
        let view = view.map_err(|error| self.failed(custodian, error))?;
        if view.class(&claim).is_none() {
            return Ok(());
        }
        self.leases.wanted[place].answered = true;
        let given = self.nodes[custodian].ledger.give(&claim, 0, Manner::Civil, now);
        let given = match self.written(custodian, given)? {
            Some(given) => Some(given),
            None if self.takes_its_word_back(custodian, place, now)? => {
                let given = self.nodes[custodian].ledger.give(&claim, 0, Manner::Forced, now);
                self.written(custodian, given)?
            }
            None => None,
        };
        match given {
            Some(given) => {
                self.leases.wanted[place].give = Some(given.record());
                self.outcome.leases.gives += 1;
            }
            None => self.outcome.leases.declined += 1,
        }
        Ok(())
    }

    /// One time in four a custodian breaks its word to whoever stands where another wants to be.
    fn takes_its_word_back(
        &mut self,
        custodian: usize,
        place: usize,
        now: Clock,
    ) -> Result<bool, ReplayError> {
        let Wanted { region, window, .. } = self.leases.wanted[place];
        if !self.nodes[custodian].rng.next_u64().is_multiple_of(4) {
            return Ok(false);
        }
        let stands =
            |wanted: &&Wanted| wanted.give.is_some() && !wanted.taken_back && wanted.window.overlaps(&window);
        let open = self.leases.regions[region].open.iter();
        let standing = open.map(|place| &self.leases.wanted[*place]).filter(stands);
        let gives: Vec<RecordId> = standing.filter_map(|wanted| wanted.give).collect();
        for give in &gives {
            let reclaimed = self.nodes[custodian].ledger.reclaim(give, Manner::Forced, now);
            if self.written(custodian, reclaimed)?.is_some() {
                self.outcome.leases.bare_reclaims += 1;
            }
        }
        for wanted in self
            .leases
            .wanted
            .iter_mut()
            .filter(|wanted| wanted.give.is_some_and(|give| gives.contains(&give)))
        {
            wanted.taken_back = true;
        }
        Ok(!gives.is_empty())
    }

    /// What operators are told at the end, once for each group: its members tell the same by then.
    pub(super) fn count_exceptions(&mut self) -> Result<(), ReplayError> {
        for members in self.history.groups() {
            let Some(first) = members.first().map(|member| member.index()) else { continue };
            let view = self.nodes[first].ledger.view(Viewpoint::Own);
            let view = view.map_err(|error| self.failed(first, error))?;
            for exception in view.exceptions() {
                *self.outcome.leases.exceptions.entry(exception.kind()).or_default() += 1;
            }
        }
        Ok(())
    }
}

/// The window of a whole replay, and some days for what is claimed at its end.
pub(super) fn whole(history: &History) -> Result<Window, Refusal> {
    Window::new(ZERO, ZERO.plus(Millis(history.span_ms())).plus(Millis::days(30)))
}

/// Until when custodians hold what they hold: as long as a give of it matters.
pub(super) fn custody_until(history: &History, longest: Millis) -> Result<Tai, Refusal> {
    Ok(whole(history)?.end().plus(longest))
}
