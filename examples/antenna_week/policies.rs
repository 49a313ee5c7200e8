//! Three ways to share the antennas of a week.
//!
//! - **Alone**: the antennas are open. Every mission books its earliest slots by what it knew when it left,
//!   and all merge.
//! - **On request**: a custodian of each complex holds its antennas. Missions ask for alternatives, and the
//!   custodians give what is free, in a few rounds.
//! - **Split**: the custodians give hours to the missions beforehand, by the passes that are predicted and
//!   the hours that are agreed. The missions draw on them without any contact.

use crate::fleet::{Fallible, Fleet, MAINTENANCE, OFFICE, Told, footprint};
use crate::slots::{self, Slot, without};
use crate::week::{Request, Week, common, joined};
use intent_ledger::contracts::bounds::{ALTERNATIVES_MAX, FOOTPRINTS_MAX};
use intent_ledger::contracts::kinds::{Body, Claim, Give, GivingBack, Meaning, RELEASE, Receiver};
use intent_ledger::contracts::{Citation, Footprint, Millis, RecordId, ResourceId, Tai, Window};
use intent_ledger::merge_rules::{Standing, View};
use std::collections::{BTreeMap, BTreeSet};

/// One of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Policy {
    Alone,
    OnRequest,
    Split,
}

impl Policy {
    pub(crate) const ALL: [Self; 3] = [Self::Alone, Self::OnRequest, Self::Split];

    /// For the command line's answer.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Alone => "alone",
            Self::OnRequest => "on request",
            Self::Split => "split",
        }
    }

    /// For people.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Alone => "every mission books alone, and all merge",
            Self::OnRequest => "a custodian of each complex gives on request",
            Self::Split => "hours are split beforehand and drawn without contact",
        }
    }
}

/// How often the missions ask, and the custodians answer.
const ROUNDS: usize = 3;
/// The longest stretch that one mission is given of an antenna at a time.
const STRETCH: Millis = Millis(8 * HOUR);
/// The shortest one that is of use.
const STRETCH_LEAST: Millis = Millis(2 * HOUR);
/// What a mission needs of an antenna before and after it sees its spacecraft.
const SETUP: Millis = Millis(HOUR);
const TEARDOWN: Millis = Millis(HOUR / 4);
/// The grain in which idle time is passed over.
const GRAIN: Millis = Millis(HOUR / 4);
const HOUR: u64 = 3_600_000;

/// The fleet after its missions have claimed what they could, before all have met again.
pub(crate) fn run(policy: Policy, week: &Week) -> Fallible<Fleet> {
    match policy {
        Policy::Alone => alone(week),
        Policy::OnRequest => on_request(week),
        Policy::Split => split(week),
    }
}

fn alone(week: &Week) -> Fallible<Fleet> {
    let mut fleet = Fleet::found(week, false)?;
    // Maintenance is announced while all are together, and goes first.
    for (antenna, window) in downtime(&fleet, week) {
        let length = window.end().since(window.start());
        let claim = fleet.claim(&[vec![footprint(antenna, window)]], 1, length, length)?;
        fleet.say(MAINTENANCE, &[claim])?;
    }
    fleet.settle()?;
    for (number, request) in week.requests.iter().enumerate() {
        let party = fleet.mission(request.mission);
        let view = fleet.parties[party].view()?;
        let slots = slots::earliest(request, |antenna| without(&[week.span], fleet.busy(&view, antenna)));
        let Some(slot) = slots.first() else { continue };
        let parts = slot.antennas.iter().map(|antenna| footprint(fleet.antennas[*antenna], slot.kept));
        let claim = fleet.claim(&[parts.collect()], 0, request.least, request.ideal)?;
        let written = fleet.say(party, &[claim])?;
        fleet.claims[number].extend(written.iter().map(|claim| claim.record));
    }
    Ok(fleet)
}

fn on_request(week: &Week) -> Fallible<Fleet> {
    let mut fleet = Fleet::found(week, true)?;
    endow(&mut fleet, week)?;
    for _ in 0..ROUNDS {
        for mission in 0..week.missions.len() {
            ask(&mut fleet, week, mission)?;
        }
        fleet.meet_office(fleet.missions())?;
        for custodian in fleet.custodians() {
            fleet.meet(OFFICE, custodian)?;
            answer(&mut fleet, custodian)?;
            fleet.meet(OFFICE, custodian)?;
        }
        fleet.meet_office(fleet.missions())?;
    }
    Ok(fleet)
}

fn split(week: &Week) -> Fallible<Fleet> {
    let mut fleet = Fleet::found(week, true)?;
    endow(&mut fleet, week)?;
    for mission in fleet.missions() {
        fleet.introduce(mission)?;
    }
    fleet.settle()?;
    let mut shares: BTreeMap<(usize, usize), Vec<(ResourceId, Window)>> = BTreeMap::new();
    for (antenna, mission, window) in plan(week) {
        let antenna = fleet.antennas[antenna];
        let key = (fleet.custodian_of[&antenna], fleet.mission(mission));
        shares.entry(key).or_default().push((antenna, window));
    }
    for ((custodian, mission), hours) in shares {
        fleet.give_hours(custodian, mission, &hours)?;
    }
    fleet.settle()?;
    // From here on nobody meets anybody.
    for mission in 0..week.missions.len() {
        draw(&mut fleet, week, mission)?;
    }
    Ok(fleet)
}

/// The office hands its antennas to the custodians, and they give the downtime to maintenance, which draws
/// on it at once.
fn endow(fleet: &mut Fleet, week: &Week) -> Fallible<()> {
    for party in fleet.custodians().chain([MAINTENANCE]) {
        fleet.introduce(party)?;
        fleet.meet(OFFICE, party)?;
    }
    let downtime = downtime(fleet, week);
    for custodian in fleet.custodians() {
        let kept = |antenna: &ResourceId| fleet.custodian_of[antenna] == custodian;
        let all: Vec<_> = fleet.antennas.iter().filter(|id| kept(id)).map(|id| (*id, week.span)).collect();
        let down: Vec<_> = downtime.iter().filter(|(antenna, _)| kept(antenna)).copied().collect();
        fleet.give_hours(OFFICE, custodian, &all)?;
        fleet.meet(OFFICE, custodian)?;
        fleet.give_hours(custodian, MAINTENANCE, &down)?;
        fleet.meet(OFFICE, custodian)?;
    }
    fleet.meet(OFFICE, MAINTENANCE)?;
    for (right, given) in fleet.held_by(MAINTENANCE)? {
        let length = given.window.end().since(given.window.start());
        let part = footprint(given.resource, given.window).from_right(right);
        let claim = fleet.claim(&[vec![part]], 1, length, length)?;
        fleet.say(MAINTENANCE, &[claim])?;
    }
    fleet.settle()
}

fn downtime(fleet: &Fleet, week: &Week) -> Vec<(ResourceId, Window)> {
    let each = fleet.antennas.iter().zip(&week.downtime);
    each.flat_map(|(antenna, windows)| windows.iter().map(|window| (*antenna, *window))).collect()
}

/// A mission asks for what it still lacks, in slots that are free by its own ledger.
fn ask(fleet: &mut Fleet, week: &Week, mission: usize) -> Fallible<()> {
    let party = fleet.mission(mission);
    let view = fleet.parties[party].view()?;
    let mut planned: BTreeMap<usize, Vec<Window>> = BTreeMap::new();
    for (number, request) in requests_of(week, mission) {
        let last = fleet.claims[number].last().copied();
        let standing = last.and_then(|claim| Some(view.claim(&claim)?.best()?.1.finding.standing));
        if standing.is_some_and(|standing| standing <= Standing::AtRisk) {
            continue;
        }
        let free = |antenna: usize| {
            let mine = planned.get(&antenna).into_iter().flatten().copied();
            without(&[week.span], fleet.busy(&view, antenna).into_iter().chain(mine))
        };
        let slots = some_of(slots::earliest(request, free));
        let Some(first) = slots.first() else { continue };
        first.antennas.iter().for_each(|antenna| planned.entry(*antenna).or_default().push(first.kept));
        let alternatives: Vec<Vec<Footprint>> = slots
            .iter()
            .map(|slot| slot.antennas.iter().map(|id| footprint(fleet.antennas[*id], slot.kept)).collect())
            .collect();
        let mut records = vec![fleet.claim(&alternatives, 0, request.least, request.ideal)?];
        // What was asked for before is no longer wanted.
        if let Some(last) = last {
            let cited = fleet.told_to(party)?.into_iter().find(|told| told.citation.record == last);
            let cited = cited.ok_or("a mission holds its own claims")?.citation;
            let body = GivingBack { gives: vec![cited], alternatives: Vec::new(), unused: vec![0] };
            records.push(body.record_of(RELEASE, fleet.until(), Vec::new())?);
        }
        let written = fleet.say(party, &records)?;
        fleet.claims[number].extend(written.first().map(|claim| claim.record));
    }
    Ok(())
}

/// The first slots that fit into one claim.
fn some_of(slots: Vec<Slot>) -> Vec<Slot> {
    let mut parts = 0;
    let fits = |slot: &Slot| {
        parts += slot.antennas.len();
        parts <= FOOTPRINTS_MAX
    };
    slots.into_iter().take(ALTERNATIVES_MAX).take_while(fits).collect()
}

fn requests_of(week: &Week, mission: usize) -> impl Iterator<Item = (usize, &Request)> {
    week.requests.iter().enumerate().filter(move |(_, request)| request.mission == mission)
}

/// A claim that still lacks something, as a custodian reads it.
struct Wish<'a> {
    claim: Citation,
    body: &'a Claim,
    parts: &'a [Footprint],
}

/// A claim, the place of one of its alternatives, and which parts to give for it.
type Giving = (Citation, u8, Vec<(u8, Footprint)>);

impl Wish<'_> {
    fn of(&self, alternative: usize) -> impl Iterator<Item = (u8, &Footprint)> {
        let places = self.body.alternatives.get(alternative).into_iter().flatten();
        places.filter_map(|place| Some((*place, self.parts.get(usize::from(*place))?)))
    }
}

/// A custodian gives what is asked for and free.
///
/// First it completes what another custodian began; then those go first whose first wish ends first. An array
/// across complexes is begun by the first of its custodians, when the ledger shows all of it free.
fn answer(fleet: &mut Fleet, custodian: usize) -> Fallible<()> {
    let view = fleet.parties[custodian].view()?;
    let rights = fleet.held_by(custodian)?;
    let told = fleet.told_to(custodian)?;
    let begun = begun(&told);
    let wishes = wishes(&view, &told);
    let mut taken: BTreeMap<ResourceId, Vec<Window>> =
        (0..).zip(&fleet.antennas).map(|(place, id)| (*id, fleet.busy(&view, place))).collect();
    let mut gives: Vec<Giving> = Vec::new();
    for wish in &wishes {
        let half = begun.iter().find(|((claim, _), _)| *claim == wish.claim.record);
        let Some(((_, alternative), answered)) = half else { continue };
        let mut lacks = Vec::new();
        for (place, part) in wish.of(usize::from(*alternative)) {
            // What was begun stands beside what is taken.
            taken.entry(part.resource).or_default().push(part.window);
            if fleet.custodian_of.get(&part.resource) == Some(&custodian) && !answered.contains(&place) {
                lacks.push((place, part.clone()));
            }
        }
        if !lacks.is_empty() {
            gives.push((wish.claim, *alternative, lacks));
        }
    }
    for wish in &wishes {
        if !begun.keys().any(|(claim, _)| *claim == wish.claim.record) {
            gives.extend(chosen(fleet, custodian, wish, &mut taken));
        }
    }
    for (claim, alternative, parts) in gives {
        let (places, parts): (Vec<u8>, Vec<Footprint>) = parts.into_iter().unzip();
        let drawn = parts.into_iter().filter_map(|part| {
            let (right, _) = rights.iter().find(|(_, right)| right.resource == part.resource)?;
            Some(part.from_right(*right))
        });
        let give = Give { to: Receiver::Claim { claim, alternative }, parts: places };
        let record = give.record(fleet.until(), drawn.collect())?;
        fleet.say(custodian, &[record])?;
    }
    Ok(())
}

/// The claims that still lack something, in the order in which they are served.
fn wishes<'a>(view: &View, told: &'a [Told]) -> Vec<Wish<'a>> {
    let wish = |told: &'a Told| {
        let Meaning::Claim(body) = &told.meaning else { return None };
        let standing = view.claim(&told.citation.record)?.best()?.1.finding.standing;
        let wish = Wish { claim: told.citation, body, parts: &told.footprints };
        (standing == Standing::Asked).then_some(wish)
    };
    let mut wishes: Vec<Wish<'_>> = told.iter().filter_map(wish).collect();
    wishes.sort_by_key(|wish| (wish.of(0).map(|(_, part)| part.window.end()).max(), wish.claim.record));
    wishes
}

/// What a custodian gives for a wish that nobody has begun: its parts of the first alternative that is free
/// and its own to begin.
fn chosen(
    fleet: &Fleet,
    custodian: usize,
    wish: &Wish<'_>,
    taken: &mut BTreeMap<ResourceId, Vec<Window>>,
) -> Option<Giving> {
    let holder = |part: &Footprint| fleet.custodian_of.get(&part.resource).copied();
    for (alternative, place) in (0..wish.body.alternatives.len()).zip(0..=u8::MAX) {
        let parts: Vec<_> = wish.of(alternative).map(|(place, part)| (place, part.clone())).collect();
        let is_free = |part: &Footprint| {
            !taken.get(&part.resource).into_iter().flatten().any(|busy| busy.overlaps(&part.window))
        };
        let begins = parts.iter().filter_map(|(_, part)| holder(part)).min() == Some(custodian);
        if begins && parts.iter().all(|(_, part)| is_free(part)) {
            for (_, part) in &parts {
                taken.entry(part.resource).or_default().push(part.window);
            }
            let mine = parts.into_iter().filter(|(_, part)| holder(part) == Some(custodian));
            return Some((wish.claim, place, mine.collect()));
        }
    }
    None
}

/// The alternatives to which something was given, and which of their parts.
fn begun(told: &[Told]) -> BTreeMap<(RecordId, u8), BTreeSet<u8>> {
    let mut out: BTreeMap<(RecordId, u8), BTreeSet<u8>> = BTreeMap::new();
    for told in told {
        if let Meaning::Give(Give { to: Receiver::Claim { claim, alternative }, parts }) = &told.meaning {
            out.entry((claim.record, *alternative)).or_default().extend(parts);
        }
    }
    out
}

/// Who is given which antenna when: by predicted passes, and so that everybody comes equally near to the
/// hours that it needs in such a week. Requests are not looked at but for those two.
pub(crate) fn plan(week: &Week) -> Vec<(usize, usize, Window)> {
    let mut passes: BTreeMap<(usize, usize), Vec<Window>> = BTreeMap::new();
    let mut agreed = vec![0_u128; week.missions.len()];
    for request in &week.requests {
        let size = request.places.iter().map(|place| place.antennas.len()).min().unwrap_or(0);
        agreed[request.mission] += u128::from(request.kept().0) * size as u128;
        for place in &request.places {
            for antenna in &place.antennas {
                passes.entry((*antenna, request.mission)).or_default().extend(&place.views);
            }
        }
    }
    passes.values_mut().for_each(joined);
    let mut given = vec![0_u128; week.missions.len()];
    let mut cursors = vec![week.span.start(); week.antennas.len()];
    let mut out: Vec<(usize, usize, Window)> = Vec::new();
    // The antenna that is planned least far goes on.
    while let Some((antenna, now)) =
        cursors.iter().copied().enumerate().min_by_key(|(place, now)| (*now, *place))
    {
        if now >= week.span.end() {
            break;
        }
        let down = week.downtime[antenna].iter().find(|down| down.end() > now);
        if let Some(down) = down.filter(|down| down.start() <= now) {
            cursors[antenna] = down.end();
            continue;
        }
        let limit = down.map_or(week.span.end(), |down| down.start()).min(now.plus(STRETCH));
        let stretch = |mission: usize| {
            let views = passes.get(&(antenna, mission)).into_iter().flatten();
            views.filter_map(|view| stretch(now, limit, view)).next()
        };
        let able = (0..week.missions.len()).filter_map(|mission| Some((mission, stretch(mission)?)));
        let neediest = able.min_by_key(|(mission, _)| given[*mission] * 1_000_000 / agreed[*mission].max(1));
        let Some((mission, window)) = neediest else {
            cursors[antenna] = now.plus(GRAIN);
            continue;
        };
        given[mission] += u128::from(window.end().since(window.start()).0);
        cursors[antenna] = window.end();
        let before = out.iter_mut().rev().find(|(place, ..)| *place == antenna);
        match before {
            Some((_, holder, last)) if *holder == mission && last.end() == window.start() => {
                *last = Window::new(last.start(), window.end()).unwrap_or(*last);
            }
            _ => out.push((antenna, mission, window)),
        }
    }
    out
}

/// What a mission can use of an antenna from now on for one pass.
fn stretch(now: Tai, limit: Tai, view: &Window) -> Option<Window> {
    let window = Window::new(now, limit.min(view.end().plus(TEARDOWN))).ok()?;
    let seen = common(&window, view)?;
    let soon = view.start() <= now.plus(SETUP);
    (soon && window.end().since(now) >= STRETCH_LEAST && seen.end() > now.plus(SETUP)).then_some(window)
}

/// A mission draws its requests on its own hours.
fn draw(fleet: &mut Fleet, week: &Week, mission: usize) -> Fallible<()> {
    let party = fleet.mission(mission);
    let rights = fleet.held_by(party)?;
    for (number, request) in requests_of(week, mission) {
        let view = fleet.parties[party].view()?;
        let own = |antenna: usize| {
            let id = fleet.antennas[antenna];
            rights.iter().filter(move |(_, right)| right.resource == id)
        };
        let free = |antenna: usize| {
            let hours: Vec<Window> = own(antenna).map(|(_, right)| right.window).collect();
            without(&hours, fleet.busy(&view, antenna))
        };
        let slots = slots::earliest(request, free);
        let Some(slot) = slots.first() else { continue };
        let part = |antenna: &usize| {
            let (right, _) = own(*antenna).find(|(_, right)| right.window.contains(&slot.kept))?;
            Some(footprint(fleet.antennas[*antenna], slot.kept).from_right(*right))
        };
        let parts: Option<Vec<Footprint>> = slot.antennas.iter().map(part).collect();
        let claim = fleet.claim(
            &[parts.ok_or("a slot lies in one right of each antenna")?],
            0,
            request.least,
            request.ideal,
        )?;
        let written = fleet.say(party, &[claim])?;
        fleet.claims[number].extend(written.iter().map(|claim| claim.record));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::measure;
    use crate::week::tests::{minutes, own};

    /// The custodian's word is not the proof: its log's order is `[ORDER-2]`.
    #[test]
    fn a_custodian_that_gives_twice_lets_one_act() {
        let week = own();
        let mut fleet = Fleet::found(&week, true).unwrap();
        endow(&mut fleet, &week).unwrap();
        let (antenna, window) = (fleet.antennas[0], minutes(0, 195));
        let custodian = fleet.custodian_of[&antenna];
        let mut cited = Vec::new();
        // heron's and lark's first requests.
        for (number, mission) in [(0, 0), (1, 1)] {
            let request = &week.requests[number];
            let wish = [vec![footprint(antenna, window)]];
            let claim = fleet.claim(&wish, 0, request.least, request.ideal).unwrap();
            let party = fleet.mission(mission);
            cited.extend(fleet.say(party, &[claim]).unwrap());
            fleet.claims[number].push(cited[number].record);
        }
        fleet.settle().unwrap();
        let (right, _) =
            fleet.held_by(custodian).unwrap().into_iter().find(|(_, held)| held.resource == antenna).unwrap();
        for claim in cited {
            let give = Give { to: Receiver::Claim { claim, alternative: 0 }, parts: vec![0] };
            let part = footprint(antenna, window).from_right(right);
            fleet.say(custodian, &[give.record(fleet.until(), vec![part]).unwrap()]).unwrap();
        }
        fleet.settle().unwrap();
        let figures = measure(Policy::OnRequest, &week, fleet).unwrap();
        assert_eq!((figures.placed, figures.permitted, figures.overlaps), (2, 1, 0));
        // The second give, and the claim that rests on it.
        assert_eq!(figures.exceptions, [("overdrawn", 2)].into());
    }
}
