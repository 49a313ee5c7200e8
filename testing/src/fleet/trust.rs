//! Who asks, who gives and who gives back: hosts claim in the real logs of their ledgers, trustees give in
//! logs of their own.
//!
//! - A trustee is an honest writer without a ledger: it sees what the replica sees at which it lives, and its
//!   log reaches the others through that replica or straight to whoever asked.
//! - Most trustees keep to what their right bears. The others give twice, take back on their bare word, return
//!   what they have given on and give on what they have returned; the order of their logs must make nothing of
//!   it `[ORDER-2]`.
//! - A trustee's program may be newer than everybody else's; then it writes what no replica here can read.

use super::cast::{Cast, POWER, TRUSTEES, cite};
use super::checks::{Broken, hold};
use super::disk::Disk;
use super::honest::{refused_to_write, told};
use super::pen::Pen;
use super::plan::Kind;
use super::registry::Place;
use super::{Done, Fleet};
use crate::world::{Draw, WorldItem};
use intent_contracts::kinds::{
    Body as _, Claim, Embedded, Give, GivingBack, POST, RELEASE, RETURN, Receiver, Reclaim, Resource,
};
use intent_contracts::{
    BoxSpan, Citation, Clock, Effect, Footprint, IntBox, KeyRing, Lane, LogId, Measure, Millis, Record,
    RecordId, Tai, Window, verify_one,
};
use intent_ledger::{Ledger, Manner, Viewpoint, Wish, WriteError, Written};
use intent_merge_rules::View;
use std::collections::BTreeSet;

/// The place of the foreman among the trustees.
const FOREMAN: usize = 2;
/// The place among the resources of what nobody gives.
const OPEN: usize = 4;

/// Somebody whose log holds rights for others.
pub(super) struct Trustee {
    pub(super) pen: Pen,
    /// The replica at which it lives.
    home: usize,
    /// What it believes to hold.
    rights: Vec<Held>,
    /// Whether its program is of a newer version.
    newer: bool,
    given: Vec<Given>,
    written: Vec<Place>,
}

#[derive(Clone)]
struct Held {
    citation: Citation,
    footprint: Footprint,
}

/// A give, as its giver remembers it.
#[derive(Clone)]
struct Given {
    citation: Citation,
    to: Taker,
    part: Footprint,
    /// Whether the giver counts it as back.
    back: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Taker {
    /// The claim of this number.
    Claim(usize),
    /// A trustee's log.
    Trustee(usize),
    /// A log of a replica.
    Replica,
}

/// A claim that a host wrote.
pub(super) struct Asked {
    /// The replica.
    pub(super) by: usize,
    pub(super) citation: Citation,
    pub(super) footprints: Vec<Footprint>,
    pub(super) alternatives: Vec<Vec<u8>>,
    place: Place,
    /// The entry that releases it.
    released: Option<Place>,
    /// The latest end of what was given to it.
    pub(super) extended: Tai,
    /// What its own log stated as unused of pools.
    unused: u64,
    /// Its pool footprints for which the host could act, by alternative and place.
    pub(super) used: BTreeSet<(u8, u8)>,
}

impl Asked {
    /// What it has surely consumed of pools: all for which it could act, but what it stated as unused.
    pub(super) fn consumed(&self) -> u64 {
        let amount =
            |(_, place): &(u8, u8)| self.footprints.get(usize::from(*place)).map_or(0, |it| it.amount);
        self.used.iter().map(amount).sum::<u64>().saturating_sub(self.unused)
    }
}

/// What a log of a replica holds by a give.
pub(super) struct Entrusted {
    by: usize,
    log: LogId,
    held: Held,
}

/// All of this of one fleet.
#[derive(Default)]
pub(super) struct Trust {
    trustees: Vec<Trustee>,
    pub(super) asked: Vec<Asked>,
    entrusted: Vec<Entrusted>,
}

impl Trust {
    /// The trustees, each at the replica of its own key or at any other.
    pub(super) fn found(cast: &Cast, members: &[usize], draw: &mut Draw) -> Self {
        let mut trustees: Vec<Trustee> = Vec::new();
        for (place, member) in TRUSTEES.into_iter().enumerate() {
            let any = draw.below(members.len());
            let home = members.iter().position(|found| *found == member).unwrap_or(any);
            let rights = cast.rights.iter().filter(|(trustee, ..)| *trustee == place);
            let rights = rights.map(|(_, citation, footprint)| {
                let (citation, footprint) = (*citation, footprint.clone());
                Held { citation, footprint }
            });
            let pen = cast.trustees[place].clone();
            trustees.push(Trustee {
                pen,
                home,
                rights: rights.collect(),
                newer: false,
                given: Vec::new(),
                written: Vec::new(),
            });
        }
        Self { trustees, ..Self::default() }
    }
}

impl Fleet {
    pub(super) fn trust(&mut self, kind: Kind, draw: &mut Draw) -> Done {
        match kind {
            Kind::Ask => Ok(self.ask(draw)?.map_or_else(|word| word, |_| "asked")),
            Kind::Lease => self.lease(draw),
            Kind::Give => {
                let claim = self.any_claim(draw);
                self.give(claim, draw)
            }
            Kind::HandDown => self.hand_down(draw),
            Kind::Release => self.release(draw),
            Kind::Return => self.give_back(draw),
            _ => self.reclaim(draw),
        }
    }

    /// One of the newest claims.
    fn any_claim(&self, draw: &mut Draw) -> Option<usize> {
        let count = self.trust.asked.len();
        count.checked_sub(1 + draw.below(count.min(6)))
    }

    /// A host asks for a place, or draws on what its own log holds.
    fn ask(&mut self, draw: &mut Draw) -> Result<Result<usize, &'static str>, Broken> {
        let by = self.any_replica(draw);
        let own: Vec<usize> =
            (0..self.trust.entrusted.len()).filter(|it| self.trust.entrusted[*it].by == by).collect();
        let drawn = own.get(draw.below(own.len())).filter(|_| draw.below(2) == 0);
        let footprints = match drawn {
            Some(entrusted) => {
                let Held { citation, footprint } = self.trust.entrusted[*entrusted].held.clone();
                vec![self.part_of(&footprint, draw).from_right(citation)]
            }
            None => self.wanted(by, draw),
        };
        self.ask_for(by, footprints, draw)
    }

    /// A host writes a claim on these.
    fn ask_for(
        &mut self,
        by: usize,
        footprints: Vec<Footprint>,
        draw: &mut Draw,
    ) -> Result<Result<usize, &'static str>, Broken> {
        if footprints.is_empty() {
            return Ok(Err("nothing to ask for"));
        }
        let open = footprints.iter().any(|part| part.resource == self.cast.resources[OPEN].id());
        let places: Vec<u8> = (0..).take(footprints.len()).collect();
        let joint = open || draw.below(2) == 0;
        let alternatives = if joint { vec![places] } else { places.into_iter().map(|it| vec![it]).collect() };
        let longest = self.cast.charter.parameters().longest_lease;
        let end = footprints.iter().map(|part| part.window.end()).max().unwrap_or_default();
        let cited = footprints.iter().filter_map(|part| part.right).map(|right| right.until).min();
        let until = end.plus(longest).plus(Millis(Millis::HOUR.0 * draw.below(48) as u64));
        // What a pool gives is remembered as long as the pool.
        let pooled = footprints.iter().any(|part| part.measure == Measure::Pool);
        let until = if pooled { self.cast.charter.until() } else { until };
        let claim = Claim {
            class: u8::try_from(draw.below(12)).map_or(0, |class| if class < 3 { class } else { 1 }),
            // Some can use no part of it.
            least: [Millis::SECOND, Millis(0), Millis::HOUR][draw.below(3)],
            ideal: Millis::HOUR,
            ..Claim::new(alternatives.clone())
        };
        let until = cited.map_or(until, |cited| until.min(cited));
        // Some hosts use the library's own calls, the others write what they like.
        let typed =
            if draw.below(2) == 0 { self.claim_typed(by, &claim, until, &footprints, draw)? } else { None };
        let place = match typed {
            Some(place) => place,
            None => {
                let Ok(record) = claim.record(until, footprints.clone()) else { return Ok(Err("too large")) };
                match self.write_own(by, Lane::Productivity, &[record])? {
                    Ok(place) => place,
                    Err(word) => return Ok(Err(word)),
                }
            }
        };
        let Some(citation) = self.citation(place) else { return Ok(Err("not there")) };
        let (released, unused, used) = (None, 0, BTreeSet::new());
        self.trust.asked.push(Asked {
            by,
            citation,
            footprints,
            alternatives,
            place,
            released,
            extended: Tai(0),
            unused,
            used,
        });
        Ok(Ok(self.trust.asked.len() - 1))
    }

    /// The same claim by the library's call, which may refuse it.
    fn claim_typed(
        &mut self,
        by: usize,
        claim: &Claim,
        until: Tai,
        footprints: &[Footprint],
        draw: &mut Draw,
    ) -> Result<Option<Place>, Broken> {
        let twice = footprints.iter().enumerate().any(|(at, part)| footprints[..at].contains(part));
        let Some(first) = footprints.first().filter(|_| !twice) else { return Ok(None) };
        let parts = |places: &Vec<u8>| places.iter().map(|it| footprints[usize::from(*it)].clone()).collect();
        let wish = Wish {
            alternatives: claim.alternatives.iter().map(parts).collect(),
            class: claim.class,
            durations: (claim.least, claim.ideal),
            until: Some(until),
            manner: if draw.below(2) == 0 { Manner::Civil } else { Manner::Forced },
            ..Wish::of(first.clone())
        };
        self.typed(by, |ledger, clock| ledger.claim(&wish, clock))
    }

    /// A call that writes; none when it was refused.
    fn typed(
        &mut self,
        by: usize,
        call: impl FnOnce(&mut Ledger<Disk>, Clock) -> Result<Written, WriteError>,
    ) -> Result<Option<Place>, Broken> {
        let replica = &mut self.replicas[by];
        let clock = replica.clock.read(self.now);
        let Some(ledger) = replica.ledger.as_mut() else { return Ok(None) };
        self.touched.insert(by);
        match call(ledger, clock) {
            Ok(written) => Ok(Some(self.issue_own(by, &written.at)?)),
            Err(WriteError::Append(error)) => refused_to_write(&error).map(|_| None),
            Err(_) => Ok(None),
        }
    }

    fn citation(&self, place: Place) -> Option<Citation> {
        match self.registry.item(place) {
            WorldItem::Entry(entry) => {
                Some(cite(entry.header().log.id(&self.cast.charter.ledger_id()), entry, 0))
            }
            _ => None,
        }
    }

    /// One or two footprints of what lies in the scope of a replica.
    fn wanted(&self, by: usize, draw: &mut Draw) -> Vec<Footprint> {
        let member = &self.cast.members[self.replicas[by].member];
        let lasts = |it: &Resource| it.measure != Measure::Pool || member.until >= self.cast.charter.until();
        let near = self.cast.resources.iter().filter(|it| member.scope.contains(&it.scope) && lasts(it));
        let near: Vec<_> = near.collect();
        let mut out = Vec::new();
        for _ in 0..=usize::from(draw.below(4) == 0) {
            let Some(resource) = near.get(draw.below(near.len())) else { return out };
            let amount = if resource.measure == Measure::Exclusive { 1 } else { 1 + draw.below(6) as u64 };
            let whole = Footprint::open(resource.id(), resource.measure, self.soon(draw), amount);
            out.push(boxed(whole, draw));
        }
        out
    }

    /// A window that begins about now.
    fn soon(&self, draw: &mut Draw) -> Window {
        let minutes = |count: usize| Millis(60_000 * count as u64);
        let start = match draw.below(3) {
            0 => self.now.plus(minutes(draw.below(60 * 72))),
            _ => self.now.minus(minutes(draw.below(60))),
        };
        let start = Tai(start.0 / 60_000 * 60_000);
        let hours = [2, 24, 120, 240][draw.below(4)];
        Window::new(start, start.plus(minutes(60 * hours))).expect("hours are longer than nothing")
    }

    /// A part of a right that a claim may have.
    fn part_of(&self, right: &Footprint, draw: &mut Draw) -> Footprint {
        let (soon, whole) = (self.soon(draw), right.window);
        let start = soon.start().max(whole.start());
        let window = Window::new(start, soon.end().min(whole.end())).unwrap_or(whole);
        let amount = if right.measure == Measure::Exclusive { 1 } else { 1 + draw.below(6) as u64 };
        let part = Footprint::open(right.resource, right.measure, window, amount);
        if right.boxes().is_empty() {
            boxed(part, draw)
        } else {
            part.within(right.boxes().to_vec()).unwrap_or_else(|_| right.clone())
        }
    }

    /// A claim, the answer and the ways between them, when the links are open.
    fn lease(&mut self, draw: &mut Draw) -> Done {
        let claim = match self.ask(draw)? {
            Ok(claim) => claim,
            Err(word) => return Ok(word),
        };
        let by = self.trust.asked[claim].by;
        for trustee in 0..self.trust.trustees.len() {
            let home = self.trust.trustees[trustee].home;
            if home != by && self.links.open(by, home, self.now, draw) {
                let retained = self.known(by).retained.clone();
                let bytes = self.parcel(&retained);
                self.absorb(home, &bytes)?;
            }
        }
        self.give(Some(claim), draw)
    }

    /// A trustee that can answers one alternative of a claim.
    fn give(&mut self, claim: Option<usize>, draw: &mut Draw) -> Done {
        let Some(claim) = claim else { return Ok("no claim") };
        let careless = draw.below(4) == 0;
        let asked = &self.trust.asked[claim];
        let alternative = draw.below(asked.alternatives.len());
        let (by, citation) = (asked.by, asked.citation);
        let parts: Vec<(u8, Footprint)> = asked.alternatives[alternative]
            .iter()
            .filter_map(|place| Some((*place, asked.footprints.get(usize::from(*place))?.clone())))
            .collect();
        let place = asked.place;
        let mut outcome = "nobody can give";
        for trustee in 0..self.trust.trustees.len() {
            let home = self.trust.trustees[trustee].home;
            let known = self.known(home).retained.contains(&place);
            let Some((names, parts)) = self.affordable(trustee, &parts, careless, draw) else { continue };
            if !known && draw.below(4) > 0 {
                outcome = "not heard of";
                continue;
            }
            let parts = self.in_part(claim, parts, draw);
            let to = Receiver::Claim { claim: citation, alternative: u8::try_from(alternative).unwrap_or(0) };
            let Ok(record) = (Give { to, parts: names }).record(citation.until, parts.clone()) else {
                continue;
            };
            self.write_give(trustee, record, Taker::Claim(claim), &parts, draw)?;
            outcome = if careless { "given carelessly" } else { "given" };
            let open = home == by || self.links.open(home, by, self.now, draw);
            if open && draw.below(4) > 0 {
                let bytes = self.parcel(&self.word_of(trustee));
                self.absorb(by, &bytes)?;
            }
        }
        Ok(outcome)
    }

    /// Mostly all of what is given, else its first half, or longer than was asked for `[LEASE-8]`, `[LEASE-9]`.
    fn in_part(&mut self, claim: usize, mut parts: Vec<Footprint>, draw: &mut Draw) -> Vec<Footprint> {
        let (how, longer) = (draw.below(8), Millis(Millis::HOUR.0 * (1 + draw.below(24) as u64)));
        let longest = self.cast.charter.parameters().longest_lease;
        let asked = &mut self.trust.asked[claim];
        let last = asked.citation.until.minus(longest);
        for part in &mut parts {
            let (start, end) = (part.window.start(), part.window.end());
            let end = match how {
                0 => start.plus(Millis(end.since(start).0 / 2)),
                1 => end.plus(longer).min(last),
                _ => end,
            };
            part.window = Window::new(start, end).unwrap_or(part.window);
            asked.extended = asked.extended.max(part.window.end());
        }
        parts
    }

    /// What of an alternative a trustee can give from its rights.
    fn affordable(
        &self,
        trustee: usize,
        asked: &[(u8, Footprint)],
        careless: bool,
        draw: &mut Draw,
    ) -> Option<(Vec<u8>, Vec<Footprint>)> {
        let Trustee { rights, given, .. } = &self.trust.trustees[trustee];
        let (mut names, mut parts) = (Vec::new(), Vec::new());
        for (place, wanted) in asked.iter().filter(|(_, part)| part.right.is_none()) {
            let bears = |right: &&Held| {
                right.footprint.resource == wanted.resource
                    && right.footprint.window.contains(&wanted.window)
                    && (right.footprint.boxes().is_empty() || right.footprint.boxes() == wanted.boxes())
            };
            let fitting: Vec<&Held> = rights.iter().filter(bears).collect();
            let Some(right) = fitting.get(draw.below(fitting.len())) else { continue };
            let living = given.iter().filter(|it| {
                !it.back
                    && it.part.right.is_some_and(|cited| cited.record == right.citation.record)
                    && it.part.resource == wanted.resource
                    && it.part.window.overlaps(&wanted.window)
            });
            let used: u64 = living.clone().map(|it| it.part.amount).sum();
            let taken = match wanted.measure {
                Measure::Exclusive => living.clone().any(|it| share_a_cell(&it.part, wanted)),
                _ => used + wanted.amount > right.footprint.amount,
            };
            if !taken || careless {
                names.push(*place);
                parts.push(wanted.clone().from_right(right.citation));
            }
        }
        (!names.is_empty()).then_some((names, parts))
    }

    /// Writes a give, sometimes beside a record that this version cannot read.
    fn write_give(
        &mut self,
        trustee: usize,
        record: Record,
        to: Taker,
        parts: &[Footprint],
        draw: &mut Draw,
    ) -> Result<Citation, Broken> {
        if draw.below(24) == 0 {
            let opaque = Record::new(28, record.until, vec![0x80]);
            let opaque = opaque.with_footprints(Effect::Takes, parts[..1].to_vec());
            if let Ok(opaque) = opaque {
                self.trustee_writes(trustee, &[opaque])?;
            }
        }
        let record = self.in_version(trustee, record, draw);
        let citation = self.trustee_writes(trustee, &[record])?;
        let given = &mut self.trust.trustees[trustee].given;
        given.extend(parts.iter().map(|part| Given { citation, to, part: part.clone(), back: false }));
        Ok(citation)
    }

    /// What a trustee's program makes of a record: a newer one says more, and half of the time what says more
    /// must not be acted on by who cannot read it `[REC-3]`.
    fn in_version(&self, trustee: usize, mut record: Record, draw: &mut Draw) -> Record {
        if !self.trust.trustees[trustee].newer {
            return record;
        }
        record.critical = draw.below(2) == 0;
        record.with_tail(vec![0x07])
    }

    /// A trustee's program is replaced by a newer one, or by the old one again.
    pub(super) fn change_version(&mut self, draw: &mut Draw) -> &'static str {
        let trustee = &mut self.trust.trustees[draw.below(TRUSTEES.len())];
        trustee.newer = !trustee.newer;
        trustee.pen.future = trustee.newer;
        if trustee.newer { "up" } else { "down" }
    }

    /// All that a trustee wrote, and what founded the fleet.
    fn word_of(&self, trustee: usize) -> Vec<Place> {
        let founding = (0..self.cast.founding.len()).filter_map(|place| Place::try_from(place).ok());
        self.trust.trustees[trustee].written.iter().copied().chain(founding).collect()
    }

    /// Whoever the draw chooses hears a trustee, and of what it answers only what he knows already.
    fn shown_alone(&mut self, trustee: usize, draw: &mut Draw) -> Result<(), Broken> {
        let (home, to) = (self.trust.trustees[trustee].home, self.any_replica(draw));
        if self.links.open(home, to, self.now, draw) {
            let bytes = self.parcel(&self.word_of(trustee));
            self.absorb(to, &bytes)?;
        }
        Ok(())
    }

    /// Writes into a trustee's log, and lets the replica know at which it lives.
    fn trustee_writes(&mut self, trustee: usize, records: &[Record]) -> Result<Citation, Broken> {
        self.trustee_writes_within(trustee, Millis(50), records)
    }

    /// Writes by a clock that errs by so much, and says so.
    fn trustee_writes_within(
        &mut self,
        trustee: usize,
        error: Millis,
        records: &[Record],
    ) -> Result<Citation, Broken> {
        let Trustee { pen, home, .. } = &mut self.trust.trustees[trustee];
        let (item, home) = (pen.write_within(self.now, error, records), *home);
        let log = pen.log.id(&self.cast.charter.ledger_id());
        let citation = match &item {
            WorldItem::Entry(entry) => cite(log, entry, 0),
            _ => return super::checks::broken("trust", "a pen writes entries"),
        };
        let place = self.registry.issue(item);
        self.trust.trustees[trustee].written.push(place);
        let written = self.trust.trustees[trustee].written.clone();
        let bytes = self.parcel(&written);
        self.absorb(home, &bytes)?;
        Ok(citation)
    }

    /// A trustee gives a part of its right to the foreman's log, the foreman to Mars, or either to the log of a
    /// replica.
    fn hand_down(&mut self, draw: &mut Draw) -> Done {
        let mut giver = [0, FOREMAN, 0, FOREMAN, 1][draw.below(5)];
        if self.trust.trustees[giver].rights.is_empty() {
            giver = 0;
        }
        let rights = self.trust.trustees[giver].rights.clone();
        let Some(right) = rights.get(draw.below(rights.len())) else { return Ok("no right") };
        let Some(part) = self.handed(&right.footprint, draw) else { return Ok("no time") };
        let by = self.any_replica(draw);
        let ledger = self.replicas[by].ledger.as_ref();
        let logs: Vec<LogId> = ledger.into_iter().flat_map(intent_ledger::Ledger::writing).collect();
        let to_replica = draw.below(2) == 0;
        let (to, taker, end) = match logs.get(draw.below(logs.len())) {
            Some(log) if to_replica => {
                let ends = ledger.into_iter().flat_map(|it| it.logs()).find(|it| it.id == *log);
                (*log, Taker::Replica, ends.map_or(Tai(0), |it| it.key.end))
            }
            _ if giver == 0 => self.to_trustee(FOREMAN),
            _ if giver == FOREMAN => self.to_trustee(0),
            _ => return Ok("nobody to give to"),
        };
        let longest = self.cast.charter.parameters().longest_lease;
        let until = right.citation.until.min(end.max(part.window.end().plus(longest)));
        let asked = [(0, part.clone())];
        if self.affordable(giver, &asked, draw.below(4) == 0, draw).is_none() {
            return Ok("taken");
        }
        let mut parts = vec![part.clone().from_right(right.citation)];
        // What belongs together is given together, as a dock and what is fed through it.
        let beside = &rights[draw.below(rights.len())];
        let also = self.handed(&beside.footprint, draw).filter(|_| to_replica && draw.below(2) == 0);
        let also = also.filter(|also| also.resource != part.resource && until <= beside.citation.until);
        parts.extend(also.map(|also| also.from_right(beside.citation)));
        let Ok(record) = (Give { to: Receiver::Log(to), parts: Vec::new() }).record(until, parts.clone())
        else {
            return Ok("too large");
        };
        let citation = self.write_give(giver, record, taker, &parts, draw)?;
        if taker == Taker::Replica {
            for mut footprint in parts.iter().skip(1).cloned() {
                footprint.right = None;
                self.trust.entrusted.push(Entrusted { by, log: to, held: Held { citation, footprint } });
            }
        }
        let held = Held { citation, footprint: part };
        let home = match taker {
            Taker::Trustee(place) => {
                self.trust.trustees[place].rights.push(held);
                self.trust.trustees[place].home
            }
            _ => {
                self.trust.entrusted.push(Entrusted { by, log: to, held });
                by
            }
        };
        let from = self.trust.trustees[giver].home;
        if matches!(taker, Taker::Trustee(_)) || self.links.open(from, home, self.now, draw) {
            let bytes = self.parcel(&self.word_of(giver));
            self.absorb(home, &bytes)?;
        }
        Ok("given")
    }

    /// The log of a trustee, as a taker, and its end.
    fn to_trustee(&self, place: usize) -> (LogId, Taker, Tai) {
        (self.cast.holders[place], Taker::Trustee(place), self.trust.trustees[place].pen.log.end)
    }

    /// A part of a right, from about now on.
    fn handed(&self, right: &Footprint, draw: &mut Draw) -> Option<Footprint> {
        let start = Tai(self.now.0 / 60_000 * 60_000).max(right.window.start());
        let end = start.plus(Millis::days(3 + draw.below(18) as u64)).min(right.window.end());
        let mut part = right.clone();
        part.window = Window::new(start, end).ok()?;
        if part.measure != Measure::Exclusive {
            let most = usize::try_from(right.amount.min(POWER)).unwrap_or(1);
            part.amount = 1 + draw.below(most) as u64;
        }
        Some(part)
    }

    /// A host releases what it asked for, or says that it is done.
    fn release(&mut self, draw: &mut Draw) -> Done {
        let Some(claim) = self.any_claim(draw) else { return Ok("no claim") };
        let Asked { by, citation, alternatives, .. } = &self.trust.asked[claim];
        let (by, citation, count) = (*by, *citation, alternatives.len());
        if draw.below(2) == 0
            && let Some(word) = self.release_typed(claim, draw)?
        {
            return Ok(word);
        }
        let mut gives = vec![citation];
        for given in self.trust.trustees.iter().flat_map(|it| &it.given) {
            if given.to == Taker::Claim(claim) && gives.len() < 4 && !gives.contains(&given.citation) {
                gives.push(given.citation);
            }
        }
        let one = count > 1 && draw.below(2) == 0;
        let alternatives = if one { vec![u8::try_from(draw.below(count)).unwrap_or(0)] } else { Vec::new() };
        let whole = alternatives.is_empty();
        let unused: Vec<u64> = gives.iter().map(|_| draw.below(8) as u64).collect();
        let stated: u64 = unused.iter().sum();
        let kind = if draw.below(2) == 0 { RELEASE } else { POST };
        let back = GivingBack { gives, alternatives, unused };
        let Ok(mut record) = back.record_of(kind, citation.until, Vec::new()) else { return Ok("too large") };
        // A host whose program was newer, and is the old one again, cannot read what it wrote `[BACK-3]`.
        let readable = draw.below(8) > 0;
        if !readable {
            record.critical = draw.below(2) == 0;
            record.body = vec![0x07];
        }
        let lane = Lane::Productivity;
        let by = self.any_of_family(by, draw);
        match self.write_own(by, lane, &[record])? {
            Err(word) => Ok(word),
            Ok(place) => {
                let there = self.citation(place).is_some_and(|found| found.log == citation.log);
                self.trust.asked[claim].unused += if there && readable { stated } else { 0 };
                if there && whole {
                    self.trust.asked[claim].released.get_or_insert(place);
                }
                self.tell_givers(claim, draw)?;
                Ok(if there { "released" } else { "in another log" })
            }
        }
    }

    /// A host releases by the library's call, and states what it has not used. What it states of an own draw is left
    /// again of the right, to the last unit `[WRITE-6]`.
    fn release_typed(&mut self, claim: usize, draw: &mut Draw) -> Result<Option<&'static str>, Broken> {
        let Asked { by, citation, .. } = &self.trust.asked[claim];
        let (by, citation) = (*by, *citation);
        let Some(view) = self.view_of(by)? else { return Ok(None) };
        let pool = |record: &RecordId| {
            let parts = view.footprints(record).iter();
            parts.clone().position(|part| part.measure == Measure::Pool && part.right.is_some())
        };
        let gives = self.trust.trustees.iter().flat_map(|it| &it.given);
        let mut records: Vec<RecordId> =
            gives.filter(|it| it.to == Taker::Claim(claim)).map(|it| it.citation.record).collect();
        records.sort_unstable();
        records.dedup();
        records.push(citation.record);
        let mut unused = Vec::new();
        let mut own = None;
        for record in records {
            let Some(part) = pool(&record).filter(|_| view.cite(&record).is_some()) else { continue };
            let footprint = &view.footprints(&record)[part];
            let amount = draw.below(usize::try_from(footprint.amount).unwrap_or(0) + 1) as u64;
            unused.push((record, amount));
            let took = view.draws(&record).iter().any(|it| usize::from(it.part) == part && !it.spoken_of);
            if record == citation.record && took {
                own = footprint.right.map(|right| (right.record, amount));
            }
        }
        let taken = |view: &View, right: &RecordId| -> u128 {
            let parts = (0..=u8::MAX).map_while(|part| view.right(right, part));
            parts.filter(|it| it.footprint.measure == Measure::Pool).map(|it| it.given + it.drawn).sum()
        };
        let before = own.map(|(right, amount)| (right, amount, taken(&view, &right)));
        let written = self.typed(by, |ledger, clock| ledger.release(&citation.record, &unused, clock))?;
        let Some(place) = written else { return Ok(None) };
        if let (Some((right, amount, before)), Some(view)) = (before, self.view_of(by)?) {
            let after = taken(&view, &right);
            hold(after + u128::from(amount) == before, "pool", || {
                format!("of right {right} {before} was taken, {amount} of it unused, and {after} is taken")
            })?;
        }
        self.trust.asked[claim].unused += unused.iter().map(|(_, amount)| amount).sum::<u64>();
        self.trust.asked[claim].released.get_or_insert(place);
        self.tell_givers(claim, draw)?;
        Ok(Some("released by the call"))
    }

    /// A host gives a right back by the library's call: then nothing of its pool stays with it, but what is out
    /// `[WRITE-6]`.
    fn give_back_typed(&mut self, by: usize, give: &RecordId, draw: &mut Draw) -> Result<bool, Broken> {
        let manner = if draw.below(2) == 0 { Manner::Civil } else { Manner::Forced };
        if self.typed(by, |ledger, clock| ledger.give_back(give, manner, clock))?.is_none() {
            return Ok(false);
        }
        if let Some(view) = self.view_of(by)? {
            let parts = (0..=u8::MAX).map_while(|part| view.right(give, part));
            let pools: Vec<_> = parts.filter(|it| it.footprint.measure == Measure::Pool).collect();
            if let [pool] = &pools[..] {
                hold(pool.left == 0, "pool", || format!("{} of give {give} did not go back", pool.left))?;
            }
        }
        Ok(true)
    }

    fn view_of(&mut self, index: usize) -> Result<Option<View>, Broken> {
        let Some(ledger) = self.replicas[index].ledger.as_mut() else { return Ok(None) };
        self.touched.insert(index);
        ledger.view(Viewpoint::Own).map(Some).map_err(|error| told("view", &error))
    }

    /// Whoever gave to a claim hears what its host holds, when the link is open.
    fn tell_givers(&mut self, claim: usize, draw: &mut Draw) -> Result<(), Broken> {
        let by = self.trust.asked[claim].by;
        for trustee in 0..TRUSTEES.len() {
            let Trustee { home, given, .. } = &self.trust.trustees[trustee];
            let home = *home;
            let gave = given.iter().any(|it| it.to == Taker::Claim(claim));
            if gave && home != by && draw.below(2) == 0 && self.links.open(by, home, self.now, draw) {
                let retained = self.known(by).retained.clone();
                let bytes = self.parcel(&retained);
                self.absorb(home, &bytes)?;
            }
        }
        Ok(())
    }

    /// The foreman or a replica gives a right back to whom it has it from.
    fn give_back(&mut self, draw: &mut Draw) -> Done {
        // A right may outlast the log of who returns it.
        let record = |held: &Held, end: Tai| {
            let gives = vec![held.citation];
            let back = GivingBack { gives, alternatives: Vec::new(), unused: vec![held.footprint.amount] };
            back.record_of(RETURN, held.citation.until.min(end), Vec::new()).ok()
        };
        let count = self.trust.entrusted.len();
        if count > 0 && draw.below(2) == 0 {
            let Entrusted { by, held, log } = &self.trust.entrusted[draw.below(count)];
            if draw.below(2) == 0 {
                let (by, give) = (*by, held.citation.record);
                return Ok(if self.give_back_typed(by, &give, draw)? {
                    "returned by the call"
                } else {
                    "refused"
                });
            }
            let (Some(record), by, log) = (record(held, Tai::MAX), *by, *log) else { return Ok("too large") };
            return Ok(match self.write_own(by, Lane::Productivity, &[record])? {
                Err(word) => word,
                Ok(place) if self.citation(place).is_some_and(|found| found.log == log) => "returned",
                Ok(_) => "in another log",
            });
        }
        // What Mars has from the charter goes back to nobody.
        let own = |it: usize| self.cast.rights.iter().filter(|(trustee, ..)| *trustee == it).count();
        let returner = if draw.below(4) == 0 { 0 } else { FOREMAN };
        let has = |it: usize| self.trust.trustees[it].rights.len() > own(it);
        let returner = if has(returner) { returner } else { FOREMAN - returner };
        let own = own(returner);
        let Trustee { rights, given, .. } = &self.trust.trustees[returner];
        let place = own + draw.below(rights.len().saturating_sub(own));
        let Some(held) = rights.get(place).cloned() else { return Ok("nothing to return") };
        let lent = given
            .iter()
            .any(|it| !it.back && it.part.right.is_some_and(|right| right.record == held.citation.record));
        if lent && draw.below(2) > 0 {
            return Ok("given on");
        }
        let Some(record) = record(&held, self.trust.trustees[returner].pen.log.end) else {
            return Ok("too large");
        };
        // Some go on giving what they have returned.
        let keeps = draw.below(3) == 0;
        if !keeps {
            self.trust.trustees[returner].rights.remove(place);
        }
        let record = self.in_version(returner, record, draw);
        self.trustee_writes(returner, &[record])?;
        let from = self.trust.trustees[returner].home;
        let gave = |it: &Trustee| it.given.iter().any(|given| given.citation == held.citation);
        let giver = self.trust.trustees.iter().find(|it| gave(it)).map(|it| it.home);
        if let Some(giver) = giver.filter(|giver| self.links.open(from, *giver, self.now, draw)) {
            let bytes = self.parcel(&self.word_of(returner));
            self.absorb(giver, &bytes)?;
        }
        Ok(match (lent, keeps) {
            (true, _) => "returned what was given on",
            (false, true) => "returned and kept",
            (false, false) => "returned",
        })
    }

    /// A trustee takes back what it gave: on evidence, because its time is over, or on its bare word.
    fn reclaim(&mut self, draw: &mut Draw) -> Done {
        let able: Vec<usize> =
            (0..TRUSTEES.len()).filter(|it| !self.trust.trustees[*it].given.is_empty()).collect();
        let Some(trustee) = able.get(draw.below(able.len())).copied() else { return Ok("nothing given") };
        let mut living: Vec<usize> = {
            let given = &self.trust.trustees[trustee].given;
            (0..given.len()).filter(|it| !given[*it].back || draw.below(8) == 0).collect()
        };
        if draw.below(4) > 0 {
            // A giver looks first for what has come back.
            let home = self.trust.trustees[trustee].home;
            let heard = self.known(home).retained.clone();
            let answered =
                |it: &usize| self.answer_to(&self.trust.trustees[trustee].given[*it], &heard).is_some();
            let back: Vec<usize> = living.iter().copied().filter(answered).collect();
            living = if back.is_empty() { living } else { back };
        }
        let Some(place) = living.get(draw.below(living.len())).copied() else { return Ok("nothing given") };
        let given = self.trust.trustees[trustee].given[place].clone();
        let evidence = self.evidence(trustee, &given);
        let Given { citation, to, part, .. } = given;
        let guard = self.cast.charter.parameters().guard;
        let over = self.now.minus(Millis::SECOND) > part.window.end().plus(guard);
        let (proof, word) = match evidence {
            Some(proof) if matches!(to, Taker::Claim(_)) => (Some(proof), "on a release"),
            Some(proof) => (Some(proof), "on a return"),
            None if over => (None, "in time"),
            None if draw.below(3) == 0 => (None, "on bare word"),
            None => return Ok("not back yet"),
        };
        let Ok(record) = (Reclaim { give: citation, proof }).record(citation.until, Vec::new()) else {
            return Ok("too large");
        };
        // A wide clock shows only that its lower bound has come: at the guard's end, just after it, or before.
        let lower = part.window.end().plus(guard).plus(Millis(draw.below(3) as u64)).minus(Millis(1));
        let wide = word == "in time" && draw.below(2) == 0;
        let error = if wide { self.now.since(lower) } else { Millis(50) };
        let record = self.in_version(trustee, record, draw);
        self.trustee_writes_within(trustee, error, &[record])?;
        for given in &mut self.trust.trustees[trustee].given {
            given.back |= given.citation == citation;
        }
        // What rests on a return is shown to who may not have heard of it.
        let returned = word == "on a return";
        if returned || draw.below(3) > 0 {
            self.give_again(trustee, &part, draw)?;
        }
        if returned || draw.below(2) == 0 {
            self.shown_alone(trustee, draw)?;
        }
        Ok(word)
    }

    /// Gives what was taken back to the foreman, who is not asked.
    fn give_again(&mut self, trustee: usize, part: &Footprint, draw: &mut Draw) -> Result<(), Broken> {
        let taker = if trustee == FOREMAN { 0 } else { FOREMAN };
        let longest = self.cast.charter.parameters().longest_lease;
        let (to, _, end) = self.to_trustee(taker);
        let right = part.right.map_or(end, |right| right.until);
        let until = right.min(end).max(part.window.end().plus(longest).min(right));
        let to = Receiver::Log(to);
        let parts = [part.clone()];
        let Ok(record) = (Give { to, parts: Vec::new() }).record(until, parts.to_vec()) else {
            return Ok(());
        };
        let citation = self.write_give(trustee, record, Taker::Trustee(taker), &parts, draw)?;
        let mut footprint = part.clone();
        footprint.right = None;
        self.trust.trustees[taker].rights.push(Held { citation, footprint });
        Ok(())
    }

    /// The release or return that answers a give, among what was heard.
    fn answer_to(&self, given: &Given, heard: &[Place]) -> Option<Place> {
        match given.to {
            Taker::Claim(claim) => self.trust.asked[claim].released.filter(|place| heard.contains(place)),
            _ => heard.iter().copied().find(|place| match self.registry.item(*place) {
                WorldItem::Entry(entry) => {
                    entry.records().iter().any(|record| returns(record, &given.citation.record))
                }
                _ => false,
            }),
        }
    }

    /// The evidence that a give came back, when the giver has heard of it.
    fn evidence(&mut self, trustee: usize, given: &Given) -> Option<Embedded> {
        let home = self.trust.trustees[trustee].home;
        let heard = self.known(home).retained.clone();
        let place = self.answer_to(given, &heard)?;
        let WorldItem::Entry(entry) = self.registry.item(place) else { return None };
        let verified = verify_one(&self.cast.charter.ledger_id(), entry.clone(), &mut KeyRing::new()).ok()?;
        Some(Embedded::of(&verified, 0))
    }

    /// A thief with a trustee's key goes on from one slot in two ways: each gives the same place to another
    /// host, and each host hears of its own alone.
    pub(super) fn split(&mut self, draw: &mut Draw) -> Done {
        let first = self.any_replica(draw);
        let wanted = self.wanted(first, draw);
        let Some(part) = wanted.into_iter().find(|part| part.resource != self.cast.resources[OPEN].id())
        else {
            return Ok("nothing to split");
        };
        let covers = |right: &Held| {
            right.footprint.resource == part.resource && right.footprint.window.contains(&part.window)
        };
        let holding = (0..TRUSTEES.len()).find_map(|it| {
            Some((it, self.trust.trustees[it].rights.iter().find(|held| covers(held))?.citation))
        });
        let Some((trustee, right)) = holding else { return Ok("nothing to split") };
        let (pen, word) = (self.trust.trustees[trustee].pen.clone(), self.word_of(trustee));
        let second = (first + 1 + draw.below(self.replicas.len() - 1)) % self.replicas.len();
        for by in [first, second] {
            let claim = match self.ask_for(by, vec![part.clone()], draw)? {
                Ok(claim) => self.trust.asked[claim].citation,
                Err(word) => return Ok(word),
            };
            let give = Give { to: Receiver::Claim { claim, alternative: 0 }, parts: vec![0] };
            let Ok(record) = give.record(claim.until, vec![part.clone().from_right(right)]) else {
                return Ok("too large");
            };
            let item = pen.clone().write(self.now, &[record]);
            let branch = self.registry.issue_hostile(item);
            let bytes = self.parcel(&[&word[..], &[branch]].concat());
            self.absorb(by, &bytes)?;
        }
        Ok("given")
    }

    /// Appends to the own log of a replica; the place of the entry, or why it was refused.
    pub(super) fn write_own(
        &mut self,
        index: usize,
        lane: Lane,
        records: &[Record],
    ) -> Result<Result<Place, &'static str>, Broken> {
        let clock = self.replicas[index].clock.read(self.now);
        let reading = self.reading(index, clock);
        let Some(ledger) = self.replicas[index].ledger.as_mut() else { return Ok(Err("no ledger")) };
        self.touched.insert(index);
        let outcome = ledger.append(lane, records, clock);
        Self::judge_time(reading, records, outcome.as_ref().map(|appended| appended.seq))?;
        match outcome {
            Ok(appended) => Ok(Ok(self.issue_own(index, &appended)?)),
            Err(error) => Ok(Err(refused_to_write(&error)?)),
        }
    }
}

fn returns(record: &Record, give: &RecordId) -> bool {
    record.kind == RETURN
        && GivingBack::read(&record.body)
            .is_ok_and(|back| back.body.gives.iter().any(|cited| cited.record == *give))
}

/// Half of the exclusive footprints ask for some cells alone.
fn boxed(footprint: Footprint, draw: &mut Draw) -> Footprint {
    if footprint.measure != Measure::Exclusive || draw.below(2) == 0 {
        return footprint;
    }
    let start = i64::try_from(draw.below(4)).unwrap_or(0);
    let span = BoxSpan::new(start, start + 2).ok().and_then(|span| IntBox::try_from(vec![span]).ok());
    footprint.clone().within(span.into_iter().collect()).unwrap_or(footprint)
}

/// Whether two footprints of one place share a cell.
pub(super) fn share_a_cell(a: &Footprint, b: &Footprint) -> bool {
    let whole = a.boxes().is_empty() || b.boxes().is_empty();
    whole || a.boxes().iter().any(|one| b.boxes().iter().any(|other| one.overlaps(other)))
}
