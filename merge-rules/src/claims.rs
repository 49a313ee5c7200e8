//! Claims and leases: what is given to an alternative, whole and until when `[LEASE-5]`.

use crate::explain::{Because, Finding, Missing};
use crate::facts::{Known, Log, LogNo, PartPlace, Place, What};
use crate::geometry::boxes_within;
use crate::rights::{Over, PartFinding, part_of};
use crate::standing::Standing;
use crate::suspensions::{Suspension, longest_first};
use crate::view::{Phase, View};
use intent_contracts::kinds::{GivingBack, Meaning, Receiver};
use intent_contracts::planted;
use intent_contracts::{Citation, Clock, Footprint, Measure, Millis, RecordId, Tai, Window};
use std::collections::{BTreeMap, BTreeSet};

/// One alternative of a claim, as the rules see it.
///
/// ```
#[doc = include_str!("doc/yard.txt")]
/// let lease = view.lease(&claim, 0).ok_or("the claim is here and has one alternative")?;
/// assert_eq!(lease.finding.standing, Standing::Firm);
/// assert_eq!(lease.footprints[0].cover, hour.end(), "it is covered to its end");
/// assert_eq!(lease.phase(clock), Some(Phase::Live));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Lease {
    /// Its standing, and why.
    pub finding: Finding,
    /// The footprints of the alternative, in its order.
    pub footprints: Vec<Covered>,
    /// What suspends it, the longest first `[SUSP-2]`, `[SUSP-3]`.
    pub suspensions: Vec<Suspension>,
    /// The logs of the chains of gives that it needs, this claim's own among them.
    pub(crate) chain: BTreeSet<LogNo>,
    /// The charter's.
    pub(crate) guard: Millis,
}

impl Lease {
    /// The time in which all footprints are on and covered: from the latest start to the earliest end of a
    /// cover; none when they have no moment in common. A lease that is granted in part ends before what was asked.
    #[must_use]
    pub fn window(&self) -> Option<Window> {
        let start = self.footprints.iter().map(|covered| covered.footprint.window.start()).max()?;
        let end = self.footprints.iter().map(|covered| covered.cover).min()?;
        Window::new(start, end).ok()
    }

    /// Where now stands to [`window`](Self::window) `[ACT-3]`.
    #[must_use]
    pub fn phase(&self, clock: Clock) -> Option<Phase> {
        self.window().map(|window| Phase::of(window, clock, self.guard))
    }

    /// Until when gives can extend it: the claim's until leaves room for the longest lease after that, and no
    /// lease is longer than that `[LEASE-9]`. None when no footprint of it is given.
    #[must_use]
    pub fn extendable_to(&self) -> Option<Tai> {
        self.footprints.iter().filter_map(|covered| covered.extendable_to).min()
    }

    /// Until when it is suspended, if it is.
    #[must_use]
    pub fn suspended_until(&self) -> Option<Tai> {
        self.suspensions.first().map(|longest| longest.until)
    }
}

/// A footprint of a lease and how far it is covered.
#[derive(Debug, Clone)]
pub struct Covered {
    /// As claimed.
    pub footprint: Footprint,
    /// Its own standing, and why.
    pub finding: Finding,
    /// The end of its cover: the claimed end, later when it was extended, earlier when it was given in part; its
    /// start when the lease does not hold by it `[LEASE-8]`.
    pub cover: Tai,
    /// How far answers that are at best at risk cover it, whether or not its lease holds by them.
    pub given_to: Tai,
    /// The latest end that gives can bring its cover to; none when its resource is open.
    pub extendable_to: Option<Tai>,
    /// The windows that cover it, each with the end of what suspends it; none when nothing answers it.
    spans: Vec<(Window, Option<Suspension>)>,
}

impl Covered {
    /// How far it is covered by what is not suspended at `now` `[ACT-1]`.
    #[must_use]
    pub fn cover_at(&self, now: Tai) -> Tai {
        if self.spans.is_empty() {
            return self.cover;
        }
        let free = self.spans.iter().filter(|(_, suspended)| suspended.is_none_or(|it| it.until <= now));
        reach(self.footprint.window.start(), free.map(|(window, _)| *window))
    }

    /// What suspends some of what covers it longest after `now`.
    pub(crate) fn suspended_at(&self, now: Tai) -> Option<Suspension> {
        self.spans.iter().filter_map(|(_, suspended)| *suspended).filter(|it| it.until > now).max()
    }
}

impl Covered {
    /// The moments at which what covers it is suspended no longer.
    pub(crate) fn suspended(&self) -> impl Iterator<Item = Tai> {
        self.spans.iter().filter_map(|(_, suspended)| Some(suspended.as_ref()?.until))
    }
}

/// Gives of one log to one claim that count `[LEASE-2]`.
pub const GIVES_HEARD_MAX: usize = 64;

/// What answers a footprint, as far as its lease rests on it.
#[derive(Default)]
struct Footing {
    chain: BTreeSet<LogNo>,
    suspensions: BTreeSet<Suspension>,
}

/// One answer to a footprint: a part that was given to it, or its own draw.
struct Answer {
    part: PartFinding,
    window: Window,
    /// Whether its denial is heard `[LEASE-3]`.
    heard: bool,
}

impl Answer {
    /// Its standing for a lease whose window ends at `end` `[RECLAIM-2]`.
    fn standing(&self, end: Tai) -> Standing {
        let standing = self.part.finding.standing;
        if self.over(end).is_some() { standing.max(Standing::Unknown) } else { standing }
    }

    /// What of its chain was taken back as over, when a lease whose window ends at `end` was over with it.
    fn over(&self, end: Tai) -> Option<Over> {
        self.part.over.filter(|over| end <= over.end)
    }

    /// What is said of it in such a lease.
    fn finding(&self, record: RecordId, end: Tai) -> Finding {
        match self.over(end) {
            Some(Over { give, by, .. }) if self.part.finding.standing < Standing::Unknown => {
                Finding::of(record, Because::Missing(Missing::TakenBack { give, by }))
            }
            _ => self.part.finding.clone(),
        }
    }
}

/// A footprint of a given resource, and what answers it.
struct Asked<'a> {
    footprint: &'a Footprint,
    answers: Vec<Answer>,
    /// The right that it names, when that is absent or cannot be read `[LEASE-3]`.
    adrift: Option<RecordId>,
}

impl Asked<'_> {
    /// The answers of a standing or better in a lease whose window ends at `end`.
    fn able(&self, level: Standing, end: Tai) -> impl Iterator<Item = &Answer> {
        let least = if self.adrift.is_some() { Standing::Unknown } else { Standing::Firm };
        self.answers.iter().filter(move |answer| answer.standing(end).max(least) <= level)
    }

    /// How far they cover it.
    fn cover(&self, level: Standing, end: Tai) -> Tai {
        reach(self.footprint.window.start(), self.able(level, end).map(|answer| answer.window))
    }
}

/// The standings by which a lease can hold, the best first.
const LEVELS: [Standing; 3] = [Standing::Firm, Standing::AtRisk, Standing::Unknown];

/// The end of the window by which a lease holds, and the least length of it that is of use `[LEASE-8]`.
#[derive(Clone, Copy)]
struct Held {
    end: Tai,
    least: Millis,
}

impl Held {
    /// The best standing by which footprints have a window in common that is long enough; none when none is.
    fn of(asked: &[Asked<'_>], least: Millis) -> Option<Self> {
        let start = asked.iter().map(|part| part.footprint.window.start()).max()?;
        let whole =
            |level, end| asked.iter().all(|part| part.cover(level, end) >= part.footprint.window.end());
        LEVELS.into_iter().find_map(|level| {
            // The earlier it ends, the more was over with it `[RECLAIM-2]`.
            let mut end = Tai::MAX;
            loop {
                let common = asked.iter().map(|part| part.cover(level, end)).min()?;
                let enough = match least {
                    Millis(0) => whole(level, end),
                    least => common > start && common.since(start) >= least,
                };
                if !enough && !planted::on("act in what is too short") {
                    return None;
                }
                if common == end {
                    return Some(Self { end, least });
                }
                end = common;
            }
        })
    }

    /// How far a footprint must be covered.
    fn needs(self, footprint: &Footprint) -> Tai {
        if self.least == Millis(0) { self.end.max(footprint.window.end()) } else { self.end }
    }
}

impl View {
    /// The lease of one alternative of a claim, when both are here and can be read `[LEASE-1]`.
    #[must_use]
    pub fn lease(&self, claim: &RecordId, alternative: u8) -> Option<Lease> {
        let place = self.rules.place_of(claim)?;
        let (record, log, known) = self.known_held(place)?;
        let What::Claim(body) = &known.what else { return None };
        let parts = body.alternatives.get(usize::from(alternative))?;
        let mut finding = self.own(record, log, place, known);
        if let Some(by) = self.released(record, place, alternative) {
            finding = finding.or_stronger(Finding::of(record, Because::Released { by }));
        } else if let Some((_, release)) = self.shown(record, place, alternative) {
            finding = finding.or_stronger(Finding::of(record, Because::Missing(Missing::Release(release))));
        }
        if let Some(ending) = self.may_be_ended(place) {
            finding = finding.or_stronger(Finding::of(record, Because::Missing(Missing::Ending(ending))));
        }
        let mut chain = BTreeSet::from([place.log]);
        let mut suspensions = self.suspensions(log.key.enrolment);
        let mut footprints = Vec::new();
        let named: Vec<(PartPlace, &Footprint)> = parts
            .iter()
            .filter_map(|part| {
                Some((PartPlace { place, part: *part }, known.footprints.get(usize::from(*part))?))
            })
            .collect();
        let asked: Vec<Asked<'_>> = named
            .iter()
            .filter(|(_, footprint)| !self.is_open(footprint))
            .map(|(at, footprint)| self.asked((record, known), log, *at, footprint, alternative))
            .collect();
        let held = Held::of(&asked, body.least);
        if held.is_none() && !asked.is_empty() {
            finding = finding.or_stronger(Finding::of(record, Because::NotGiven));
        }
        let mut given = asked.iter();
        for (at, footprint) in named {
            let (covered, footing) = match self.is_open(footprint) {
                true => (self.contended(record, at, footprint), Footing::default()),
                false => match given.next() {
                    Some(asked) => self.covered(record, place.log, known, asked, held),
                    None => continue,
                },
            };
            chain.extend(footing.chain);
            suspensions.extend(footing.suspensions);
            finding = finding.or_stronger(covered.finding.clone());
            footprints.push(covered);
        }
        // A footprint that contends does so whether or not an alternative names it.
        for (part, footprint) in (0..=u8::MAX).zip(&known.footprints) {
            let contends = self.is_open(footprint) && footprint.measure == Measure::Exclusive;
            if contends && !parts.contains(&part) {
                finding = finding.or_stronger(self.contention(record, PartPlace { place, part }, footprint));
            }
        }
        let suspensions = longest_first(suspensions);
        let guard = self.rules.founded.parameters.guard;
        Some(Lease { finding, footprints, suspensions, chain, guard })
    }

    /// Whether a footprint is of an open resource `[OPEN-1]`.
    fn is_open(&self, footprint: &Footprint) -> bool {
        footprint.right.is_none() && !self.rules.founded.given.contains_key(&footprint.resource)
    }

    /// A footprint of an open resource.
    fn contended(&self, record: RecordId, at: PartPlace, footprint: &Footprint) -> Covered {
        let finding = self.contention(record, at, footprint);
        let held = finding.standing == Standing::Provisional;
        let cover = if held { footprint.window.end() } else { footprint.window.start() };
        let (extendable_to, given_to) = (None, footprint.window.end());
        Covered { footprint: footprint.clone(), finding, cover, given_to, extendable_to, spans: Vec::new() }
    }

    /// A footprint of a given resource with its answers, none of which reaches beyond what extends it.
    fn asked<'a>(
        &self,
        (record, known): (RecordId, &Known),
        log: &Log,
        at: PartPlace,
        footprint: &'a Footprint,
        alternative: u8,
    ) -> Asked<'a> {
        let absent = |right: &RecordId| self.source_held(right).is_none() && !self.no_right(right);
        let adrift = footprint.right.map(|right| right.record).filter(absent);
        let most = self.extendable_to(known, footprint);
        let mut answers = self.answers_to(record, log, at, footprint, alternative);
        answers.retain_mut(|answer| {
            let within = Window::new(answer.window.start(), answer.window.end().min(most));
            within.map(|within| answer.window = within).is_ok()
        });
        Asked { footprint, answers, adrift }
    }

    /// How far gives can extend a footprint of a claim `[LEASE-9]`.
    fn extendable_to(&self, known: &Known, footprint: &Footprint) -> Tai {
        let longest = self.rules.founded.parameters.longest_lease;
        footprint.window.start().plus(longest).min(known.until.minus(longest))
    }

    fn covered(
        &self,
        record: RecordId,
        own: LogNo,
        known: &Known,
        asked: &Asked<'_>,
        held: Option<Held>,
    ) -> (Covered, Footing) {
        let footprint = asked.footprint;
        let end = held.map_or(Tai::MAX, |held| held.end);
        let needed = held.map_or(footprint.window.end(), |held| held.needs(footprint));
        let level = LEVELS.into_iter().find(|level| asked.cover(*level, end) >= needed);
        let able: Vec<&Answer> = match (level, asked.adrift) {
            (Some(level), _) => asked.able(level, end).collect(),
            (None, Some(_)) => asked.able(Standing::Unknown, end).collect(),
            (None, None) => Vec::new(),
        };
        let mut finding = match level {
            Some(_) => {
                let weakest = able.iter().max_by_key(|answer| answer.standing(end));
                weakest.map_or(Finding::of(record, Because::NotGiven), |answer| answer.finding(record, end))
            }
            None => strongest_denial(record, asked),
        };
        if let Some(right) = asked.adrift
            && finding.standing < Standing::Unknown
        {
            finding = Finding::of(record, Because::Missing(Missing::Record(right)));
        }
        // What is denied is covered by nothing.
        let able = if finding.standing > Standing::Unknown { &[][..] } else { &able[..] };
        let (spans, footing) = self.footing(own, footprint, able);
        let cover = reach(footprint.window.start(), spans.iter().map(|(window, _)| *window));
        let extendable_to = Some(self.extendable_to(known, footprint));
        let given_to = asked.cover(Standing::AtRisk, end);
        let footprint = footprint.clone();
        (Covered { footprint, finding, cover, given_to, extendable_to, spans }, footing)
    }

    /// What a footprint needs of the answers that are able to cover it `[SUSP-2]`.
    fn footing(
        &self,
        own: LogNo,
        footprint: &Footprint,
        able: &[&Answer],
    ) -> (Vec<(Window, Option<Suspension>)>, Footing) {
        // Answers of one log share their chain.
        let mut by_chain: BTreeMap<&BTreeSet<LogNo>, Vec<Suspension>> = BTreeMap::new();
        let mut suspended: Vec<Vec<Suspension>> = Vec::with_capacity(able.len());
        for answer in able {
            let chain = &answer.part.chain;
            suspended.push(by_chain.entry(chain).or_insert_with(|| self.suspensions_of(chain, own)).clone());
        }
        let until = |found: &Vec<Suspension>| found.first().map_or(Tai(0), |longest| longest.until);
        let windows = able.iter().map(|answer| answer.window);
        let spans: Vec<(Window, Tai)> = windows.zip(suspended.iter().map(until)).collect();
        let longest = suspended.iter().map(|found| found.first().copied());
        let told = spans.iter().map(|(window, _)| *window).zip(longest).collect();
        let reached = |most: Tai| {
            let fitting = spans.iter().filter(|(_, until)| *until <= most).map(|(window, _)| *window);
            reach(footprint.window.start(), fitting).min(footprint.window.end())
        };
        let all = reached(Tai::MAX);
        let moments: BTreeSet<Tai> = spans.iter().map(|(_, until)| *until).collect();
        let moments: Vec<Tai> = moments.into_iter().collect();
        // The later the moment, the more answers and the farther they reach.
        let short = moments.partition_point(|most| reached(*most) != all);
        let least = moments.get(short).copied().unwrap_or_default();
        let mut footing = Footing::default();
        for (answer, found) in able.iter().zip(&suspended).filter(|(_, found)| until(found) <= least) {
            footing.chain.extend(&answer.part.chain);
            if until(found) == least {
                footing.suspensions.extend(found);
            }
        }
        (told, footing)
    }

    /// What answers a footprint of a given resource `[LEASE-2]`.
    fn answers_to(
        &self,
        record: RecordId,
        log: &Log,
        at: PartPlace,
        footprint: &Footprint,
        alternative: u8,
    ) -> Vec<Answer> {
        let mut out = Vec::new();
        let own = footprint.right.and_then(|right| self.source_held(&right.record));
        let drawn = |source: &crate::rules::Source| {
            self.rules.holds_right(source, log) && part_of(footprint, &source.footprints).is_some()
        };
        if own.as_ref().is_some_and(drawn) {
            out.push(Answer { part: self.part_finding(at), window: footprint.window, heard: true });
        }
        for (place, _, known) in self.gives_to(record) {
            let What::Give(give) = &known.what else { continue };
            let Receiver::Claim { alternative: named, .. } = &give.to else { continue };
            // What is void by itself answers nothing.
            if *named != alternative || known.flaw.is_some() {
                continue;
            }
            for (part, (names, given)) in (0..=u8::MAX).zip(give.parts.iter().zip(&known.footprints)) {
                let fits = *names == at.part
                    && given.resource == footprint.resource
                    && given.measure == footprint.measure
                    && given.amount >= footprint.amount
                    && boxes_within(footprint.boxes(), given.boxes());
                if fits {
                    let part = self.part_finding(PartPlace { place, part });
                    // Else whoever holds nothing could deny.
                    if part.finding.standing != Standing::Void {
                        let heard = part.rooted;
                        out.push(Answer { part, window: given.window, heard });
                    }
                }
            }
        }
        out
    }

    /// The gives to a claim that the viewpoint holds, by their ids: places tell which log was met first.
    pub(crate) fn gives_to(&self, claim: RecordId) -> impl Iterator<Item = (Place, RecordId, &Known)> {
        let gives = self.memo.gives(claim, || self.find_gives(claim));
        let known = |(place, record): (Place, RecordId)| Some((place, record, self.known_held(place)?.2));
        (0..gives.len()).filter_map(move |at| gives.get(at).copied()).filter_map(known)
    }

    fn find_gives(&self, claim: RecordId) -> Vec<(Place, RecordId)> {
        let mut gives = Vec::new();
        let mut next = Some(LogNo(0));
        while let Some(from) = next {
            let range = (claim, Place { log: from, ..Place::FIRST })..;
            let mut found = self.rules.answers.range(range).take_while(|((cited, _), ())| *cited == claim);
            let Some(((_, first), ())) = found.next() else { break };
            let log = first.log;
            let of_log = std::iter::once(first).chain(found.map(|((_, place), ())| place));
            for place in of_log.take_while(|place| place.log == log).take(GIVES_HEARD_MAX) {
                gives.extend(self.known_held(*place).map(|(record, ..)| (*place, record)));
            }
            next = log.0.checked_add(1).map(LogNo);
        }
        gives.sort_unstable_by_key(|(_, record)| *record);
        gives
    }

    /// The holder's release or post of an alternative, or else the reclaim that shows one `[BACK-2]`.
    pub(crate) fn ended_by(&self, claim: RecordId, place: Place, alternative: u8) -> Option<RecordId> {
        let shown = || self.shown(claim, place, alternative).map(|(reclaim, _)| reclaim);
        self.memo.ended((claim, alternative), || self.released(claim, place, alternative).or_else(shown))
    }

    /// The release or post that ended an alternative, if one did `[BACK-2]`.
    fn released(&self, claim: RecordId, place: Place, alternative: u8) -> Option<RecordId> {
        let named =
            |back: &GivingBack| back.alternatives.is_empty() || back.alternatives.contains(&alternative);
        self.ended_in(claim, place, &named).filter(|_| !planted::on("let a release end nothing"))
    }

    /// A later record of a claim's log that may free what the claim holds and cannot be read `[BACK-3]`.
    fn may_be_ended(&self, claim: Place) -> Option<RecordId> {
        if planted::on("pass over what may free and cannot be read") {
            return None;
        }
        let next = LogNo(claim.log.0.saturating_add(1));
        let later =
            (std::ops::Bound::Excluded(claim), std::ops::Bound::Excluded(Place { log: next, ..claim }));
        let (place, ()) = self.rules.may_free.range(later).next()?;
        (place.log == claim.log).then(|| self.id_at(*place))?
    }

    /// A reclaim that shows a release or post of an alternative, and what it shows. That ends nothing: a fork of
    /// the giver's log could take the reclaim away again, and a denial would be undone `[LAW-3]`.
    fn shown(&self, claim: RecordId, place: Place, alternative: u8) -> Option<(RecordId, RecordId)> {
        let holder = self.rules.logs.get(&place.log)?.id;
        let (_, _, claimed) = self.known_held(place)?;
        self.gives_to(claim).find_map(|(give_place, give, known)| {
            // What is forgotten before the claim has no say in it [FORGET-1].
            if self.rules.logs.get(&give_place.log)?.key.end < claimed.until {
                return None;
            }
            let What::Give(give_body) = &known.what else { return None };
            let Receiver::Claim { claim: cited, alternative: answered } = &give_body.to else { return None };
            let named =
                |named: &[u8]| named.is_empty() || (named.contains(&alternative) && named.contains(answered));
            if cited.log != holder {
                return None;
            }
            self.evidence_for(give, give_place, cited, &named)
        })
    }

    /// A release or post in the claim's own log, later than the claim, that cites `cited`.
    pub(crate) fn ended_in(
        &self,
        cited: RecordId,
        claim: Place,
        named: &dyn Fn(&GivingBack) -> bool,
    ) -> Option<RecordId> {
        let next = LogNo(claim.log.0.saturating_add(1));
        let to = Place { log: next, slot: 0, index: 0 };
        let range = (cited, claim)..(cited, to);
        self.rules.endings.range(range).find_map(|((_, place), ())| {
            let (record, _, known) = self.known_held(*place)?;
            let What::Ending(back) = &known.what else { return None };
            (*place > claim && named(back)).then_some(record)
        })
    }

    /// A reclaim of the giver that carries the release along, and the release.
    pub(crate) fn evidence_for(
        &self,
        give: RecordId,
        give_place: Place,
        claim: &Citation,
        named: &dyn Fn(&[u8]) -> bool,
    ) -> Option<(RecordId, RecordId)> {
        let range = (give, give_place)..(give, Place::above(give_place.log, u64::MAX - 1));
        self.rules.reclaims.range(range).find_map(|((_, reclaim), ())| {
            let (record, _, known) = self.known_held(*reclaim)?;
            let What::Reclaim(_, Some(proof)) = &known.what else { return None };
            let (Meaning::Release(back) | Meaning::Post(back)) = &proof.meaning else { return None };
            let cites = back.gives.iter().any(|cited| cited.record == claim.record);
            let own = proof.evidence.log.id(&self.rules.founded.ledger) == claim.log;
            (own && cites && named(&back.alternatives)).then_some((record, proof.evidence.id))
        })
    }
}

/// What denies a footprint that nothing covers: what is drawn on nothing, or lies elsewhere, denies nothing, else
/// whoever holds nothing here could `[LEASE-3]`.
fn strongest_denial(record: RecordId, asked: &Asked<'_>) -> Finding {
    let window = asked.footprint.window;
    let heard = asked.answers.iter().filter(|answer| answer.heard && answer.window.overlaps(&window));
    let denied = heard.map(|answer| &answer.part.finding).filter(|finding| finding.standing.is_denial());
    let finding = denied.max_by_key(|finding| finding.standing).cloned();
    finding.unwrap_or(Finding::of(record, Because::NotGiven))
}

/// How far the windows reach from `start` without a gap.
fn reach(start: Tai, windows: impl Iterator<Item = Window>) -> Tai {
    let mut windows: Vec<Window> = windows.collect();
    windows.sort_unstable();
    windows.iter().fold(
        start,
        |reach, window| {
            if window.start() <= reach { reach.max(window.end()) } else { reach }
        },
    )
}
