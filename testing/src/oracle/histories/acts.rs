//! What actors of a history do.

mod authority;
mod breakers;
mod leasing;

use super::{LAST_DAY, declarations, hour, hours, resource_id, resources};
use crate::oracle::pen::Pen;
use crate::world::{Draw, KEYS, WorldItem, day, key};
use intent_contracts::kinds::notice::Revocation;
use intent_contracts::kinds::{
    Body as _, Claim, Cut, Enrol, Give, GivingBack, Lineage, Over, POST, RELEASE, RETURN, Receiver, Reclaim,
    Roles, Rotation,
};
use intent_contracts::{
    BoxSpan, Citation, Effect, EntryId, Footprint, IntBox, Label, Lane, Measure, Millis, NoticeId, Record,
    RecordId, Scope, Signer as _, Tai, Window,
};

/// An enrolment that was written, or a root.
struct Cast {
    id: RecordId,
    key: usize,
    next: Option<usize>,
    roles: Roles,
    scope: Scope,
    until: Tai,
    depth: usize,
}

/// A right, as its holder believes.
#[derive(Clone)]
struct Held {
    log: usize,
    citation: Citation,
    footprint: Footprint,
}

/// A claim that was written.
#[derive(Clone)]
struct Claimed {
    log: usize,
    citation: Citation,
    footprints: Vec<Footprint>,
    alternatives: Vec<Vec<u8>>,
}

/// A give that was written.
#[derive(Clone)]
struct Given {
    log: usize,
    citation: Citation,
    to: Receiver,
    parts: usize,
}

/// A release, post or return that was written.
struct Back {
    log: usize,
    citation: Citation,
    gives: Vec<RecordId>,
}

/// All who write a history.
pub(super) struct Actor {
    pen: Pen,
    draw: Draw,
    cast: Vec<Cast>,
    held: Vec<Held>,
    claims: Vec<Claimed>,
    gives: Vec<Given>,
    backs: Vec<Back>,
    revocations: Vec<NoticeId>,
    next_key: usize,
    incarnation: u64,
    trips: Vec<breakers::Tripped>,
    /// What is done with breakers is drawn apart, so that all else is the same without them.
    breaker_draw: Option<Draw>,
    /// And so is what is done about who may speak.
    authority_draw: Option<Draw>,
    /// So is what makes leases hold in part, longer, or not any more.
    lease_draw: Option<Draw>,
    /// Enrolments that need co-signers, and whom they name.
    waiting: Vec<(Citation, Vec<RecordId>)>,
    /// The log for which roots mostly vote.
    candidate: Option<usize>,
}

impl Actor {
    /// Founds a fleet: declarations, a region, two nodes, and a log for each.
    /// Breakers are drawn from a source of their own; without one there are none.
    pub(super) fn found(
        pen: Pen,
        draw: Draw,
        breaker_draw: Option<Draw>,
        authority_draw: Option<Draw>,
        lease_draw: Option<Draw>,
    ) -> Self {
        let roots = pen.charter.roots().len();
        let mut actor = Self {
            pen,
            draw,
            cast: Vec::new(),
            held: Vec::new(),
            claims: Vec::new(),
            gives: Vec::new(),
            backs: Vec::new(),
            revocations: Vec::new(),
            next_key: roots,
            incarnation: 100,
            trips: Vec::new(),
            breaker_draw,
            authority_draw,
            lease_draw,
            waiting: Vec::new(),
            candidate: None,
        };
        let end = day(LAST_DAY);
        for number in 0..u8::try_from(roots).unwrap_or(1) {
            let id = actor.pen.root(number);
            let (scope, roles) = (Scope::root(), Roles::ROOT);
            actor.cast.push(Cast { id, key: number.into(), next: None, roles, scope, until: end, depth: 0 });
            actor.pen.open(number.into(), id, Lane::Safety, end, 0);
            actor.pen.open(number.into(), id, Lane::Productivity, end, 1);
        }
        for first in actor.pen.charter.first_rights().collect::<Vec<_>>() {
            let log = actor.pen.log_of(&first.holder).unwrap_or(0);
            actor.held.push(Held { log, citation: first.citation, footprint: first.footprint });
        }
        let mut records = declarations(end);
        if actor.one_in(12) {
            records.remove(actor.draw.below(4));
        }
        let region = actor.enrolling(0, true);
        let node = actor.enrolling(0, false);
        let (region_record, region) = region;
        let (node_record, node) = node;
        let declared = records.len();
        records.extend([region_record, node_record]);
        let cited = actor.pen.write(0, &records);
        for (cast, citation) in [region, node].into_iter().zip(&cited[declared..]) {
            actor.endorse_maybe(*citation);
            actor.welcome(Cast { id: citation.record, ..cast });
        }
        let region = roots;
        let (record, cast) = actor.enrolling(region, false);
        let (deputy_record, deputy) = actor.enrolling(region, true);
        let safety = actor.safety_log(region);
        let cited = actor.pen.write(safety, &[record, deputy_record]);
        actor.welcome(Cast { id: cited[0].record, ..cast });
        actor.welcome(Cast { id: cited[1].record, ..deputy });
        actor
    }

    pub(super) fn entries(&self) -> usize {
        self.pen.items.iter().filter(|item| matches!(item, WorldItem::Entry(_))).count()
    }

    pub(super) fn into_items(self) -> Vec<WorldItem> {
        self.pen.items
    }

    /// One of them does something.
    pub(super) fn act(&mut self) {
        match self.draw.below(64) {
            0..13 => self.give_to_log(),
            13..25 => self.claim(),
            25..39 => self.give_to_claim(),
            39..44 => self.give_back(),
            44..49 => self.reclaim(),
            49..51 => self.revoke(),
            51 => self.rotate(),
            52..54 => self.fork(),
            54..57 => self.opaque(),
            57 => self.enrol_more(),
            58 => self.incarnation(),
            59 => self.flood(),
            60 => self.pen.now = self.pen.now.plus(Millis(Millis::HOUR.0 * 2)),
            _ => self.endorse_late(),
        }
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.draw.below(count) == 0
    }

    /// One of the newest four mostly.
    fn pick(&mut self, count: usize) -> Option<usize> {
        let reach = if self.one_in(4) { count } else { count.min(5) };
        (count > 0).then(|| count - 1 - self.draw.below(reach))
    }

    /// How long a record lasts that cites what lasts so long.
    fn until(&mut self, log: usize, cited: &[Citation], footprints: &[Footprint]) -> Tai {
        let end = self.pen.logs[log].key.end;
        let least = cited.iter().map(|it| it.until).min().unwrap_or(end).min(end);
        let lease = self.pen.charter.parameters().longest_lease;
        match self.draw.below(40) {
            0 => footprints
                .iter()
                .map(|it| it.window.end())
                .max()
                .unwrap_or(least)
                .plus(lease)
                .minus(Millis(1)),
            1 => least.min(day(10)),
            2 => least.min(hour(16)),
            3 => end,
            _ => least,
        }
        .min(end)
    }

    /// A citation, seldom a wrong one.
    fn cite(&mut self, citation: Citation) -> Citation {
        match self.draw.below(60) {
            0 => Citation { seq: citation.seq + 1, ..citation },
            1 => Citation { record: RecordId { entry: EntryId::from_bytes([9; 32]), index: 0 }, ..citation },
            2 => Citation { until: citation.until.plus(Millis(1)), ..citation },
            _ => citation,
        }
    }

    fn safety_log(&self, cast: usize) -> usize {
        self.log_under(cast, Lane::Safety).unwrap_or(0)
    }

    fn log_under(&self, cast: usize, lane: Lane) -> Option<usize> {
        let id = self.cast[cast].id;
        self.pen.logs.iter().position(|log| log.key.enrolment == id && log.key.lane == lane)
    }

    fn cast_of(&self, log: usize) -> usize {
        let enrolment = self.pen.logs[log].key.enrolment;
        self.cast.iter().position(|cast| cast.id == enrolment).unwrap_or(0)
    }

    fn enrolling(&mut self, parent: usize, high: bool) -> (Record, Cast) {
        let depth = self.cast[parent].depth + 1;
        let number = (self.next_key).min(KEYS - 3);
        self.next_key = number + 2;
        let next = (!self.one_in(3)).then_some(number + 1);
        let roles = if high { Roles::ALL } else { Roles::ACT.with(Roles::GIVE) };
        let class = if self.one_in(30) { 255 } else { 6 - u8::try_from(depth).unwrap_or(6).min(5) };
        let roles = roles.with_class(class);
        let roles = if self.one_in(20) { Roles::ACT.with_class(class) } else { roles };
        let text = match self.draw.below(16) {
            0 => "a/c",
            _ if high => "a",
            _ => "a/b",
        };
        let scope = Scope::parse(text).expect("few labels");
        let scope =
            if self.cast[parent].scope.contains(&scope) { scope } else { self.cast[parent].scope.clone() };
        let until = self.cast[parent].until;
        let until = match self.draw.below(12) {
            0 | 1 => until.min(day(20)),
            2 => until.min(hour(20)),
            _ => until,
        };
        let label = |text: String| Label::try_from(text).expect("a short word");
        let anchor = (high && self.one_in(3)).then(|| self.cast[self.cast.len() - 1].id);
        let answers = if self.one_in(3) { self.revocations.clone() } else { Vec::new() };
        let body = Enrol {
            next_key: next.map(|next| key(next).author().commitment()),
            anchor,
            ordinal: (number % 5) as u64,
            answers: answers.into_iter().take(16).collect(),
            ..Enrol::new(
                key(number).author(),
                roles,
                scope.clone(),
                1 << (36 - 4 * depth.min(6)),
                3,
                Lineage { build: label(format!("b{}", number % 2)), hardware: label("arm".into()) },
            )
        };
        let record = body.record(until, Vec::new()).expect("within its bounds");
        let id = self.pen.root(0);
        (record, Cast { id, key: number, next, roles, scope, until, depth })
    }

    fn welcome(&mut self, cast: Cast) {
        let (signer, id, end) = (cast.key, cast.id, cast.until);
        self.cast.push(cast);
        self.incarnation += 2;
        self.pen.open(signer, id, Lane::Safety, end, self.incarnation);
        self.pen.open(signer, id, Lane::Productivity, end, self.incarnation + 1);
    }

    fn enrol_more(&mut self) {
        let fits = |cast: &Cast| cast.roles.has(Roles::ENROL) && cast.depth < 4;
        let parents: Vec<usize> = (0..self.cast.len()).filter(|it| fits(&self.cast[*it])).collect();
        let Some(parent) = self.pick(parents.len()).map(|it| parents[it]) else { return };
        let high = self.one_in(2);
        let (mut record, cast) = self.enrolling(parent, high);
        if self.one_in(8) {
            record.critical = true;
            record = record.with_tail(vec![0x07]);
        }
        let log = self.safety_log(parent);
        let cited = self.pen.write(log, &[record])[0];
        self.endorse_maybe(cited);
        self.welcome(Cast { id: cited.record, ..cast });
    }

    fn incarnation(&mut self) {
        let Some(cast) = self.pick(self.cast.len()) else { return };
        let lane = if self.one_in(3) { Lane::Safety } else { Lane::Productivity };
        let (signer, id, until) = (self.cast[cast].key, self.cast[cast].id, self.cast[cast].until);
        for _ in 0..1 + self.draw.below(3) {
            self.incarnation += 1;
            let end = [until, until, until.min(day(12)), until.min(hour(18))][self.draw.below(4)];
            let log = self.pen.open(signer, id, lane, end, self.incarnation);
            self.pen.write(log, &declarations(end)[..1]);
        }
    }

    /// Mostly another root stands behind what a root wrote.
    fn endorse_maybe(&mut self, citation: Citation) {
        let of_root =
            self.pen.log_of(&citation.log).is_some_and(|log| self.cast[self.cast_of(log)].depth == 0);
        if of_root && self.pen.charter.threshold() > 1 && !self.one_in(8) {
            let author = self.pen.log_of(&citation.log).map_or(0, |log| self.pen.logs[log].signer);
            let other = (author + 1) % self.pen.charter.roots().len();
            self.pen.endorse(u8::try_from(other).unwrap_or(0), citation);
        }
    }

    fn endorse_late(&mut self) {
        let Some(give) = self.pick(self.gives.len()) else { return };
        self.endorse_maybe(self.gives[give].citation);
    }

    /// A part of a footprint, now and then not quite inside.
    fn part_of(&mut self, whole: &Footprint) -> Footprint {
        let mut part = whole.clone();
        if whole.measure != Measure::Pool && !self.one_in(3) {
            let start = (whole.window.start().since(hour(0)).0 / Millis::HOUR.0).min(40);
            let end = (whole.window.end().since(hour(0)).0 / Millis::HOUR.0).min(44);
            let span = usize::try_from(end.saturating_sub(start)).unwrap_or(1).max(1);
            let from = start + self.draw.below(span) as u64;
            let to = (from + 1 + self.draw.below(4) as u64).min(end + u64::from(self.one_in(20)));
            part.window = Window::new(hour(from), hour(to.max(from + 1))).unwrap_or(whole.window);
        }
        if whole.measure == Measure::Exclusive && self.one_in(3) {
            part = part.within(self.cells()).unwrap_or_else(|_| whole.clone());
        }
        if whole.measure != Measure::Exclusive {
            let most = usize::try_from(whole.amount).unwrap_or(10) + usize::from(self.one_in(20));
            part.amount = 1 + self.draw.below(most) as u64;
        }
        part
    }

    fn cells(&mut self) -> Vec<IntBox> {
        let start = i64::from(self.draw.below(3) == 0) * 2;
        let span = BoxSpan::new(start, start + 2 + i64::from(self.one_in(3))).expect("rising");
        let spans = if self.one_in(4) { vec![span, span] } else { vec![span] };
        vec![IntBox::try_from(spans).expect("one or two dimensions")]
    }

    fn give_to_log(&mut self) {
        let Some(right) = self.pick(self.held.len()) else { return };
        let right = self.held[right].clone();
        let Some(to) = self.pick(self.pen.logs.len()) else { return };
        let receiver = self.pen.logs[to].id;
        let mut cited = vec![self.cite(right.citation)];
        let mut parts = vec![self.part_of(&right.footprint).from_right(cited[0])];
        let others: Vec<Held> = self.held.iter().filter(|it| it.log == right.log).cloned().collect();
        if self.one_in(4) {
            let other = others[self.draw.below(others.len())].clone();
            parts.push(self.part_of(&other.footprint).from_right(other.citation));
            cited.push(other.citation);
        }
        let until = self.until(right.log, &cited, &parts);
        let to_log = Receiver::Log(receiver);
        let body = Give { to: to_log.clone(), parts: Vec::new() };
        let record = body.record(until, parts.clone()).expect("within its bounds");
        let citation = self.pen.write(right.log, &[record])[0];
        self.endorse_maybe(citation);
        self.gives.push(Given { log: right.log, citation, to: to_log, parts: parts.len() });
        for mut footprint in parts {
            footprint.right = None;
            self.held.push(Held { log: to, citation, footprint });
        }
    }

    /// A footprint that somebody might want, and the citation in it.
    fn wanted(&mut self, log: usize) -> Footprint {
        let own: Vec<Held> = self.held.iter().filter(|it| it.log == log).cloned().collect();
        if !own.is_empty() && self.one_in(2) {
            let right = own[self.draw.below(own.len())].clone();
            let cited = self.cite(right.citation);
            let mut part = self.part_of(&right.footprint).from_right(cited);
            let longest = self.pen.charter.parameters().longest_lease;
            let start = part.window.start();
            if part.window.end().since(start) > longest && !self.one_in(20) {
                part.window =
                    Window::new(start, start.plus(longest)).expect("a lease is longer than nothing");
            }
            return part;
        }
        let which = [0, 0, 1, 2][self.draw.below(4)];
        let resource = &resources()[which];
        let window = match resource.measure {
            Measure::Pool => hours(0, 8),
            _ => {
                let start = self.draw.below(6) as u64;
                hours(start, start + 1 + self.draw.below(3) as u64 + 6 * u64::from(self.one_in(25)))
            }
        };
        let amount = if resource.measure == Measure::Exclusive { 1 } else { 1 + self.draw.below(6) as u64 };
        let mut footprint = Footprint::open(resource_id(resource), resource.measure, window, amount);
        if resource.measure == Measure::Exclusive && self.one_in(3) {
            footprint = footprint.within(self.cells()).expect("one box");
        }
        if self.one_in(8) && !self.held.is_empty() {
            let other = self.draw.below(self.held.len());
            footprint.right = Some(self.held[other].citation);
        }
        footprint
    }

    fn claim(&mut self) {
        let actors: Vec<usize> =
            (0..self.pen.logs.len()).filter(|it| self.pen.logs[*it].key.lane == Lane::Productivity).collect();
        let Some(log) = self.pick(actors.len()).map(|it| actors[it]) else { return };
        let log =
            if self.one_in(3) && !self.held.is_empty() { self.held[self.held.len() - 1].log } else { log };
        let open = self.one_in(4);
        let (mut footprints, mut alternatives) = (Vec::new(), Vec::new());
        if open {
            let start = self.draw.below(4) as u64;
            let track = &resources()[3];
            let window = hours(start, start + 2);
            let mut wanted = Footprint::open(resource_id(track), track.measure, window, 1);
            if self.one_in(3) {
                wanted = wanted.within(self.cells()).expect("one box");
            }
            if self.one_in(20) {
                wanted.measure = Measure::Rate;
            }
            footprints.push(wanted);
            alternatives.push(vec![0]);
        } else {
            for number in 0..1 + self.draw.below(3) {
                footprints.push(self.wanted(log));
                let place = u8::try_from(number).unwrap_or(0);
                if self.one_in(3) && number > 0 {
                    alternatives[0].push(place);
                } else {
                    alternatives.push(vec![place]);
                }
            }
        }
        if self.one_in(40) {
            alternatives.push(vec![7]);
        }
        let cited: Vec<Citation> = footprints.iter().filter_map(|it| it.right).collect();
        let (least, rule_set) = self.terms();
        let until = self.until(log, &cited, &footprints);
        let until = self.soon(until, &footprints);
        let warrant = self.cast[self.cast_of(log)].roles.class();
        let class = match self.draw.below(12) {
            0 => warrant.saturating_add(1),
            1..4 => warrant,
            _ => 1.min(warrant),
        };
        let over = if open && self.one_in(2) { self.over() } else { Vec::new() };
        let body =
            Claim { class, least, ideal: Millis::HOUR, rule_set, over, ..Claim::new(alternatives.clone()) };
        let record = body.record(until, footprints.clone()).expect("within its bounds");
        let citation = self.pen.write(log, &[record])[0];
        self.endorse_maybe(citation);
        self.claims.push(Claimed { log, citation, footprints, alternatives });
    }

    /// An ended claim, by its release or by a revocation.
    fn over(&mut self) -> Vec<Over> {
        if let Some(claim) = self.pick(self.claims.len()).map(|it| self.claims[it].citation) {
            let back = self.backs.iter().find(|it| it.gives.contains(&claim.record));
            let release =
                back.and_then(|it| self.pen.embed(it.log, it.citation.seq, it.citation.record.index));
            if release.is_some() {
                return vec![Over { claim, release, revocation: None }];
            }
            if let Some(revocation) = self.revocations.last().copied() {
                return vec![Over { claim, release: None, revocation: Some(revocation) }];
            }
        }
        Vec::new()
    }

    fn give_to_claim(&mut self) {
        let Some(claim) = self.pick(self.claims.len()).map(|it| self.claims[it].clone()) else { return };
        let alternative = self.draw.below(claim.alternatives.len());
        let places = &claim.alternatives[alternative];
        let mut by_log: Vec<(usize, Vec<u8>, Vec<Footprint>)> = Vec::new();
        for place in places {
            let Some(asked) = claim.footprints.get(usize::from(*place)) else { continue };
            let fits: Vec<Held> =
                self.held.iter().filter(|it| serves(&it.footprint, asked)).cloned().collect();
            let Some(right) = self.pick(fits.len()).map(|it| fits[it].clone()) else { continue };
            let mut part = asked.clone();
            part.right = Some(right.citation);
            if self.one_in(6) {
                part = self.part_of(&part);
            }
            match by_log.iter_mut().find(|(log, _, _)| *log == right.log) {
                Some((_, names, parts)) => {
                    names.push(*place);
                    parts.push(part);
                }
                None => by_log.push((right.log, vec![*place], vec![part])),
            }
        }
        for (log, mut names, parts) in by_log {
            if self.one_in(40) {
                names[0] = 6;
            }
            let mut cited: Vec<Citation> = parts.iter().filter_map(|it| it.right).collect();
            cited.push(self.cite(claim.citation));
            let until = self.until(log, &cited, &parts);
            let alternative = u8::try_from(alternative).unwrap_or(0);
            let to = Receiver::Claim { claim: cited[cited.len() - 1], alternative };
            let count = parts.len();
            let record =
                Give { to: to.clone(), parts: names }.record(until, parts).expect("within its bounds");
            let citation = self.pen.write(log, &[record])[0];
            self.endorse_maybe(citation);
            self.gives.push(Given { log, citation, to, parts: count });
        }
    }

    /// A release or post of a claim, or a return of a right.
    fn give_back(&mut self) {
        let returned = self.one_in(3);
        let (log, mut gives, kind) = if returned {
            let rights: Vec<Given> =
                self.gives.iter().filter(|it| matches!(it.to, Receiver::Log(_))).cloned().collect();
            let Some(give) = self.pick(rights.len()).map(|it| rights[it].clone()) else { return };
            let Receiver::Log(to) = give.to else { return };
            let Some(log) = self.pen.log_of(&to) else { return };
            (log, vec![give.citation], RETURN)
        } else {
            let Some(claim) = self.pick(self.claims.len()).map(|it| self.claims[it].clone()) else { return };
            let mut cited = vec![claim.citation];
            for give in &self.gives {
                let to = matches!(&give.to, Receiver::Claim { claim: to, .. } if to.record == claim.citation.record);
                if to && cited.len() < 4 {
                    cited.push(give.citation);
                }
            }
            let kind = if self.one_in(2) { RELEASE } else { POST };
            (claim.log, cited, kind)
        };
        if self.one_in(6) {
            gives.reverse();
            gives.truncate(1);
        }
        let alternatives = match self.draw.below(4) {
            0 => vec![0],
            1 => vec![0, 1],
            _ => Vec::new(),
        };
        let unused = gives.iter().map(|_| self.draw.below(8) as u64).collect();
        let records: Vec<RecordId> = gives.iter().map(|it| it.record).collect();
        let until = self.until(log, &gives, &[]);
        // A frame may name what the record's kind takes no notice of.
        let odd = self.breaker_draw.is_some() && kind == RETURN && self.backs.len() % 2 == 1;
        let frame = odd.then(|| {
            let resource = &resources()[self.backs.len() / 2 % 3];
            let window = hours(0, 4);
            Footprint::open(resource_id(resource), resource.measure, window, 1).from_right(gives[0])
        });
        let body = GivingBack { gives, alternatives, unused };
        let record = body.record_of(kind, until, frame.into_iter().collect()).expect("within its bounds");
        let citation = self.pen.write(log, &[record])[0];
        self.backs.push(Back { log, citation, gives: records });
    }

    fn reclaim(&mut self) {
        // Who has returned a right tries to get it back.
        if self.breaker_draw.is_some()
            && self.pen.items.len() % 5 == 2
            && let Some((log, citation)) = self.backs.last().map(|back| (back.log, back.citation))
        {
            let until = self.until(log, &[citation], &[]);
            let body = Reclaim { give: citation, proof: None };
            self.pen.write(log, &[body.record(until, Vec::new()).expect("within its bounds")]);
            return;
        }
        let Some(give) = self.pick(self.gives.len()).map(|it| self.gives[it].clone()) else { return };
        let back = self.backs.iter().find(|it| it.gives.contains(&give.citation.record));
        let proof = back.and_then(|it| self.pen.embed(it.log, it.citation.seq, it.citation.record.index));
        let proof = if self.one_in(4) { None } else { proof };
        if proof.is_none() && self.one_in(2) {
            self.pen.now = self.pen.now.plus(Millis(Millis::HOUR.0 * 4));
        }
        let until = self.until(give.log, &[give.citation], &[]);
        let body = Reclaim { give: give.citation, proof };
        let record = body.record(until, Vec::new()).expect("within its bounds");
        self.pen.write(give.log, &[record]);
        debug_assert!(give.parts > 0);
    }

    fn cut(&mut self, log: usize) -> Option<Cut> {
        let count = self.pen.logs[log].entries.len();
        let seq = 1 + self.draw.below(count.max(1));
        let id = self.pen.logs[log].entries.get(seq - 1)?.id();
        let id = if self.one_in(6) { EntryId::from_bytes([8; 32]) } else { id };
        Some(Cut { log: self.pen.logs[log].id, seq: seq as u64, id })
    }

    fn revoke(&mut self) {
        let deniers: Vec<usize> =
            (0..self.cast.len()).filter(|it| self.cast[*it].roles.has(Roles::DENY)).collect();
        let author = deniers[self.draw.below(deniers.len())];
        let Some(victim) = self.pick(self.cast.len()) else { return };
        let logs: Vec<usize> = (0..self.pen.logs.len()).filter(|it| self.cast_of(*it) == victim).collect();
        let mut cuts = Vec::new();
        for log in logs {
            if !self.one_in(3) {
                cuts.extend(self.cut(log));
            }
        }
        let next = self.cast[victim].next.filter(|_| self.one_in(8));
        let body = Revocation { key: key(next.unwrap_or(self.cast[victim].key)).author(), cuts };
        let until = self.cast[author].until;
        let until = if self.one_in(6) { until.min(day(15)) } else { until };
        let depth = self.cast[author].depth;
        let authors = match depth {
            0 if !self.one_in(4) => (0..self.pen.charter.roots().len()).collect(),
            _ => vec![author],
        };
        for author in authors {
            let (signer, id, scope) =
                (self.cast[author].key, self.cast[author].id, self.cast[author].scope.clone());
            self.revocations.push(self.pen.notify(signer, id, &scope, until, &body));
        }
    }

    fn rotate(&mut self) {
        let Some(cast) = self.pick(self.cast.len()) else { return };
        let Some(next) = self.cast[cast].next else { return };
        let cuts =
            self.log_under(cast, Lane::Productivity).and_then(|log| self.cut(log)).into_iter().collect();
        let (id, until) = (self.cast[cast].id, self.cast[cast].until);
        self.incarnation += 1;
        let log = self.pen.open(next, id, Lane::Safety, until, self.incarnation);
        let record = Rotation { cuts }.record(until, Vec::new()).expect("within its bounds");
        self.pen.write(log, std::slice::from_ref(&record));
        if self.one_in(4) {
            self.pen.write_beside(log, 0, &[record]);
        }
    }

    fn fork(&mut self) {
        let Some(log) = self.pick(self.pen.logs.len()) else { return };
        let count = self.pen.logs[log].entries.len();
        if count == 0 {
            return;
        }
        let below = count - 1 - self.draw.below(count.min(2));
        let end = self.pen.logs[log].key.end;
        self.pen.write_beside(log, below, &declarations(end)[1..2]);
    }

    /// A record that this version cannot read, or a known kind that contradicts itself.
    fn opaque(&mut self) {
        let Some(right) = self.pick(self.held.len()) else { return };
        let right = self.held[right].clone();
        let log = right.log;
        let end = self.pen.logs[log].key.end;
        let part = match self.draw.below(4) {
            0 => Footprint::open(resource_id(&resources()[3]), Measure::Exclusive, hours(1, 3), 1),
            _ => self.part_of(&right.footprint).from_right(right.citation),
        };
        let record = |kind| Record::new(kind, end, vec![0x80]);
        let made = match self.draw.below(4) {
            0 => record(16).with_footprints(Effect::Frees, Vec::new()),
            1 => record(Claim::KIND).with_footprints(Effect::Takes, vec![part]),
            2 => record(28).with_footprints(Effect::Takes, vec![part]),
            _ => record(Give::KIND).with_footprints(Effect::None, vec![part]),
        };
        let mut made = made.expect("one footprint");
        made.critical = self.one_in(3);
        self.pen.write(log, &[made]);
    }

    /// More notices than an enrolment may have; seldom.
    fn flood(&mut self) {
        let deniers: Vec<usize> =
            (0..self.cast.len()).filter(|it| self.cast[*it].roles.has(Roles::DENY)).collect();
        let author = deniers[self.draw.below(deniers.len())];
        if !self.one_in(3) {
            return;
        }
        let (signer, id, scope) =
            (self.cast[author].key, self.cast[author].id, self.cast[author].scope.clone());
        let until = self.cast[author].until;
        for number in 0..=self.pen.charter.parameters().notices_per_enrolment {
            let body = number.to_be_bytes().to_vec();
            self.pen.notify_raw((signer, id), &scope, until, (88, body));
        }
    }
}

/// Whether a right may bear what is asked.
fn serves(right: &Footprint, asked: &Footprint) -> bool {
    right.resource == asked.resource
        && right.amount >= asked.amount
        && right.window.start() <= asked.window.start()
        && asked.window.end() <= right.window.end()
}
