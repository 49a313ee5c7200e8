//! What became of a week: figures from the views of merged ledgers, and from asking every host.

use crate::fleet::{CLOCK_ERROR, Fallible, Fleet, MAINTENANCE, OFFICE};
use crate::policies::Policy;
use crate::week::{Week, common};
use intent_ledger::contracts::kinds::Meaning;
use intent_ledger::contracts::{Footprint, Millis, RecordId, ResourceId, Tai, Window};
use intent_ledger::merge_rules::{Age, Lease, MayAct, Standing, View, meet};
use std::collections::{BTreeMap, BTreeSet};

/// The figures of one policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Figures {
    pub(crate) policy: Policy,
    pub(crate) requested: usize,
    /// Requests for which a mission wrote a claim.
    pub(crate) placed: usize,
    /// Placed requests whose slot meets that of another one, or maintenance.
    pub(crate) conflicting: usize,
    /// Requests for which a host answers `Go` in their window.
    pub(crate) permitted: usize,
    /// The same, before all have met again.
    pub(crate) permitted_apart: usize,
    /// Requests that contend and yield to nobody: hoped for, never permitted `[OPEN-7]`.
    pub(crate) provisional: usize,
    pub(crate) displaced: usize,
    /// Requests that were asked for and not given.
    pub(crate) asked: usize,
    /// Given in part alone: an array that lacks an antenna.
    pub(crate) half_given: usize,
    /// Hours of antennas, setup and teardown included, of leases that stand.
    pub(crate) used: Millis,
    pub(crate) maintenance: Millis,
    pub(crate) idle: Millis,
    pub(crate) exceptions: BTreeMap<&'static str, usize>,
    /// True moments at which two hosts were told `Go` for one antenna.
    pub(crate) overlaps: usize,
    /// How often a host was asked.
    pub(crate) asked_hosts: u64,
    /// The oldest news on which a `Go` rested.
    pub(crate) oldest_news: Millis,
    pub(crate) contacts: u64,
    pub(crate) bytes: u64,
    pub(crate) entries: u64,
    /// Whether all ledgers held one state at the end.
    pub(crate) agreed: bool,
    pub(crate) bars: Vec<Bar>,
}

/// A stretch of one antenna in the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bar {
    pub(crate) antenna: usize,
    pub(crate) window: Window,
    /// What to write on it.
    pub(crate) name: String,
    pub(crate) state: BarState,
}

/// What a bar means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum BarState {
    Displaced,
    Provisional,
    Permitted,
    Maintenance,
}

/// Lets all parties meet, and tells what became of the week.
pub(crate) fn measure(policy: Policy, week: &Week, mut fleet: Fleet) -> Fallible<Figures> {
    let apart = Answers::of(&mut fleet)?;
    fleet.settle()?;
    let answers = Answers::of(&mut fleet)?;
    let view = fleet.parties[OFFICE].view()?;
    let found = Found::of(week, &fleet, &view)?;
    let count = |standing: Standing| {
        found.requests.iter().flatten().filter(|lease| lease.finding.standing == standing).count()
    };
    let permitted = |answers: &Answers| {
        fleet.claims.iter().filter(|claims| claims.iter().any(|claim| answers.go.contains(claim))).count()
    };
    let hours = |wanted: fn(BarState) -> bool| {
        let wanted = found.bars.iter().filter(|bar| wanted(bar.state));
        Millis(wanted.map(|bar| bar.window.end().since(bar.window.start()).0).sum())
    };
    let used = hours(|state| matches!(state, BarState::Permitted | BarState::Provisional));
    let maintenance = hours(|state| state == BarState::Maintenance);
    let all = week.span.end().since(week.span.start()).0 * week.antennas.len() as u64;
    let mut exceptions = BTreeMap::new();
    for exception in view.exceptions() {
        *exceptions.entry(exception.kind()).or_default() += 1;
    }
    Ok(Figures {
        policy,
        requested: week.requests.len(),
        placed: fleet.claims.iter().filter(|claims| !claims.is_empty()).count(),
        conflicting: found.conflicting,
        permitted: permitted(&answers),
        permitted_apart: permitted(&apart),
        provisional: count(Standing::Provisional),
        displaced: count(Standing::Displaced),
        asked: count(Standing::Asked),
        half_given: found.half_given,
        used,
        maintenance,
        idle: Millis(all.saturating_sub(used.0).saturating_sub(maintenance.0)),
        exceptions,
        overlaps: apart.overlaps + answers.overlaps,
        asked_hosts: apart.asked + answers.asked,
        oldest_news: apart.oldest_news.max(answers.oldest_news),
        contacts: fleet.contacts,
        bytes: fleet.bytes,
        entries: fleet.parties[OFFICE].ledger.entry_count(),
        agreed: fleet.agrees(),
        bars: found.bars,
    })
}

/// What the hosts were told when they asked.
struct Answers {
    /// The claims for which a host was told `Go` at some moment.
    go: BTreeSet<RecordId>,
    overlaps: usize,
    asked: u64,
    oldest_news: Millis,
}

/// One alternative of a claim at its own host.
struct Holder {
    party: usize,
    claim: RecordId,
    alternative: u8,
    parts: Vec<(ResourceId, Window)>,
}

impl Answers {
    /// Asks every host for each of its leases: first around its own windows, then, whoever was told `Go`,
    /// around the windows of all others on the same antenna that were.
    fn of(fleet: &mut Fleet) -> Fallible<Self> {
        let mut answers = Self { go: BTreeSet::new(), overlaps: 0, asked: 0, oldest_news: Millis(0) };
        let mut able = Vec::new();
        for holder in holders(fleet)? {
            let own: Vec<Tai> = holder.parts.iter().flat_map(|(_, window)| moments(window)).collect();
            let mut told_go = false;
            for moment in own {
                told_go |= answers.ask(fleet, &holder, moment)?;
            }
            if told_go {
                answers.go.insert(holder.claim);
                able.push(holder);
            }
        }
        let mut around: BTreeMap<ResourceId, BTreeSet<Tai>> = BTreeMap::new();
        for (antenna, window) in able.iter().flat_map(|holder| &holder.parts) {
            around.entry(*antenna).or_default().extend(moments(window));
        }
        let mut at: BTreeMap<(ResourceId, Tai), usize> = BTreeMap::new();
        for holder in &able {
            for (antenna, _) in &holder.parts {
                for moment in around.get(antenna).into_iter().flatten() {
                    if answers.ask(fleet, holder, *moment)? {
                        *at.entry((*antenna, *moment)).or_default() += 1;
                    }
                }
            }
        }
        answers.overlaps = at.values().filter(|holders| **holders > 1).count();
        Ok(answers)
    }

    fn ask(&mut self, fleet: &mut Fleet, holder: &Holder, moment: Tai) -> Fallible<bool> {
        let clock = fleet.clock_at(holder.party, moment);
        let ledger = &mut fleet.parties[holder.party].ledger;
        self.asked += 1;
        let answer = ledger.may_act(&holder.claim, holder.alternative, clock, Millis(0))?;
        let MayAct::Go { information_age, .. } = answer else { return Ok(false) };
        let Age::AtMost(age) = information_age else {
            return Err("news from the future of every clock".into());
        };
        self.oldest_news = self.oldest_news.max(age);
        Ok(true)
    }
}

/// Every alternative of every claim, at the host that wrote it.
fn holders(fleet: &Fleet) -> Fallible<Vec<Holder>> {
    let mut out = Vec::new();
    for party in std::iter::once(MAINTENANCE).chain(fleet.missions()) {
        let own = fleet.parties[party].log;
        for told in fleet.told_to(party)?.iter().filter(|told| Some(told.citation.log) == own) {
            let Meaning::Claim(body) = &told.meaning else { continue };
            for (alternative, places) in (0..=u8::MAX).zip(&body.alternatives) {
                let parts = places.iter().filter_map(|place| told.footprints.get(usize::from(*place)));
                let parts = parts.map(|part| (part.resource, part.window)).collect();
                out.push(Holder { party, claim: told.citation.record, alternative, parts });
            }
        }
    }
    Ok(out)
}

/// The true moments at which an answer about a window can change, and those beside them.
fn moments(window: &Window) -> impl Iterator<Item = Tai> {
    let two = CLOCK_ERROR.plus(CLOCK_ERROR);
    let edges = [window.start(), window.end()];
    let inside = window.start().plus(Millis(window.end().since(window.start()).0 / 2));
    let around = edges.into_iter().flat_map(move |edge| {
        [edge.minus(two), edge.minus(CLOCK_ERROR), edge, edge.plus(CLOCK_ERROR), edge.plus(two)]
    });
    around.chain([inside])
}

/// What a view tells of the requests.
struct Found {
    /// The last claim of each placed request: the alternative with the best standing.
    requests: Vec<Option<Lease>>,
    conflicting: usize,
    half_given: usize,
    bars: Vec<Bar>,
}

impl Found {
    fn of(week: &Week, fleet: &Fleet, view: &View) -> Fallible<Self> {
        let best = |claim: &RecordId| {
            view.claim(claim).and_then(|claim| claim.best().map(|(_, lease)| lease.clone()))
        };
        let requests: Vec<Option<Lease>> =
            fleet.claims.iter().map(|claims| claims.last().and_then(best)).collect();
        let mut maintenance = Vec::new();
        let log = fleet.parties[MAINTENANCE].log;
        for told in fleet.told_to(OFFICE)?.iter().filter(|told| Some(told.citation.log) == log) {
            if matches!(told.meaning, Meaning::Claim(_)) {
                maintenance.extend(best(&told.citation.record));
            }
        }
        let mut bars = Vec::new();
        for (lease, request) in requests.iter().zip(&week.requests) {
            let Some(lease) = lease else { continue };
            let state = match lease.finding.standing {
                Standing::Firm => BarState::Permitted,
                Standing::Provisional => BarState::Provisional,
                Standing::Displaced => BarState::Displaced,
                _ => continue,
            };
            bars.extend(bars_of(fleet, lease, &week.missions[request.mission], state));
        }
        for lease in &maintenance {
            if matches!(lease.finding.standing, Standing::Firm | Standing::Provisional) {
                bars.extend(bars_of(fleet, lease, "maintenance", BarState::Maintenance));
            }
        }
        bars.sort_by_key(|bar| (bar.antenna, bar.window, bar.state));
        let slots: Vec<Vec<&Footprint>> = requests
            .iter()
            .flatten()
            .chain(&maintenance)
            .filter(|lease| is_placed(lease))
            .map(parts_of)
            .collect();
        let meets =
            |one: &[&Footprint], other: &[&Footprint]| one.iter().any(|a| other.iter().any(|b| meet(a, b)));
        let asked_for = requests.iter().flatten().filter(|lease| is_placed(lease)).count();
        let in_conflict = |place: &usize| {
            slots.iter().enumerate().any(|(other, parts)| other != *place && meets(&slots[*place], parts))
        };
        let conflicting = (0..asked_for).filter(in_conflict).count();
        let half = |lease: &&Lease| {
            let given =
                lease.footprints.iter().filter(|part| part.finding.standing <= Standing::AtRisk).count();
            given > 0 && given < lease.footprints.len()
        };
        let half_given = requests.iter().flatten().filter(half).count();
        Ok(Self { requests, conflicting, half_given, bars })
    }
}

/// Whether a lease names the slot that its holder counts on, and not one of several wishes.
fn is_placed(lease: &Lease) -> bool {
    let standing = lease.finding.standing;
    matches!(standing, Standing::Firm | Standing::AtRisk | Standing::Provisional | Standing::Displaced)
}

fn parts_of(lease: &Lease) -> Vec<&Footprint> {
    lease.footprints.iter().map(|covered| &covered.footprint).collect()
}

fn bars_of<'a>(
    fleet: &'a Fleet,
    lease: &'a Lease,
    name: &'a str,
    state: BarState,
) -> impl Iterator<Item = Bar> + 'a {
    parts_of(lease).into_iter().filter_map(move |part| {
        let antenna = fleet.antennas.iter().position(|id| *id == part.resource)?;
        Some(Bar { antenna, window: part.window, name: name.to_owned(), state })
    })
}

/// One line of signs for each antenna; each sign tells what happened most in its part of the week.
pub(crate) fn strip(week: &Week, figures: &Figures, columns: u64) -> Vec<String> {
    let length = week.span.end().since(week.span.start()).0;
    let edge = |column: u64| week.span.start().plus(Millis(length / columns * column));
    let line = |(antenna, name): (usize, &String)| {
        let signs = (0..columns).map(|column| {
            let Ok(cell) = Window::new(edge(column), edge(column + 1)) else { return ' ' };
            let mut shares: BTreeMap<BarState, u64> = BTreeMap::new();
            for bar in figures.bars.iter().filter(|bar| bar.antenna == antenna) {
                if let Some(shared) = common(&bar.window, &cell) {
                    *shares.entry(bar.state).or_default() += shared.end().since(shared.start()).0;
                }
            }
            let enough = |share: &u64| *share * 2 >= cell.end().since(cell.start()).0;
            // Where several lie over each other the one that stands is shown.
            match shares.iter().rev().find(|(_, share)| enough(share)).map(|(state, _)| *state) {
                None => '.',
                Some(BarState::Displaced) => 'x',
                Some(BarState::Provisional) => 'o',
                Some(BarState::Permitted) => '#',
                Some(BarState::Maintenance) => 'm',
            }
        });
        format!("{name:<8} {}", signs.collect::<String>())
    };
    week.antennas.iter().enumerate().map(line).collect()
}
