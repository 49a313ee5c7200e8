//! What a record is by itself, the leases of claims, and occupancies.

use super::geometry::{amount_exists, boxes_lie_in, lies_within, share_instant};
use super::order::{Right, Source, ends_place, reclaims};
use super::scene::{Found, Scene, Spoken};
use super::{Lease, PartId};
use intent_contracts::kinds::{Claim, Give, Meaning, Receiver, Roles};
use intent_contracts::{
    Citation, Effect, Footprint, Lane, LogId, LogKey, Measure, Millis, RecordId, ResourceId, Tai, Window,
};
use intent_merge_rules::{Standing, Suspension};
use std::collections::{BTreeMap, BTreeSet};

/// Gives between the charter and a part `[RIGHT-3]`.
const GIVES_MAX: usize = 16;

/// Gives of one log to one claim that count `[LEASE-2]`.
const GIVES_HEARD: usize = 64;

/// A part that answers a footprint of a claim `[LEASE-2]`.
struct Answer {
    window: Window,
    standing: Standing,
    /// Whether its denial is heard.
    heard: bool,
    /// The logs of its chain of gives.
    logs: Vec<LogKey>,
    /// The ends of the windows in its chain that were taken back as over `[RECLAIM-2]`.
    over: Vec<Tai>,
}

impl Answer {
    /// Its standing in a lease whose window ends at `end`.
    fn standing_until(&self, end: Tai) -> Standing {
        let over = self.over.iter().any(|over| *over >= end);
        if over { self.standing.max(Standing::Unknown) } else { self.standing }
    }
}

/// A footprint of a given resource, and what answers it.
struct Wanted<'f> {
    footprint: &'f Footprint,
    answers: Vec<Answer>,
    /// Whether it names a right that is absent.
    absent: bool,
}

impl Wanted<'_> {
    /// How far answers of a standing or better cover it in a lease whose window ends at `end`.
    fn cover(&self, standing: Standing, end: Tai) -> Tai {
        if self.absent && standing < Standing::Unknown {
            return self.footprint.window.start();
        }
        let able = self.answers.iter().filter(|answer| answer.standing_until(end) <= standing);
        let windows: Vec<(Window, Tai)> = able.map(|answer| (answer.window, Tai(0))).collect();
        reach_by(self.footprint.window.start(), &windows, Tai(0))
    }
}

/// The standings by which a lease can hold.
const HOLDING: [Standing; 3] = [Standing::Firm, Standing::AtRisk, Standing::Unknown];

/// Until when a lease holds by its best standing; none when it does not `[LEASE-8]`.
///
/// Every end that an answer has is tried, the latest first.
fn held_until(wanted: &[Wanted<'_>], least: Millis) -> Option<Tai> {
    let starts: Vec<Tai> = wanted.iter().map(|it| it.footprint.window.start()).collect();
    let answers = wanted.iter().flat_map(|it| &it.answers);
    let ends: BTreeSet<Tai> = answers.map(|it| it.window.end()).chain(starts.iter().copied()).collect();
    for standing in HOLDING {
        for end in ends.iter().rev() {
            let covers: Vec<Tai> = wanted.iter().map(|it| it.cover(standing, *end)).collect();
            let whole = || wanted.iter().zip(&covers).all(|(it, cover)| *cover >= it.footprint.window.end());
            let long = || starts.iter().all(|start| end > start && end.since(*start) >= least);
            let enough = if least == Millis(0) { whole() } else { long() };
            if covers.iter().min() == Some(end) && enough {
                return Some(*end);
            }
        }
    }
    None
}

/// What is said of one footprint of an alternative.
struct Footing {
    standing: Standing,
    cover: Tai,
    /// What covers it, and until when that is suspended.
    spans: Vec<(Window, Tai)>,
    suspensions: BTreeSet<Suspension>,
    /// The logs of the answers that it needs `[SUSP-2]`.
    logs: BTreeSet<LogId>,
}

impl Footing {
    fn without_cover(standing: Standing, start: Tai) -> Self {
        let (spans, suspensions, logs) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        Self { standing, cover: start, spans, suspensions, logs }
    }
}

impl<'a> Scene<'a> {
    /// `[LEASE-4]` for every part of gives, own draws of claims and draws of opaque records.
    pub(super) fn part_standings(&self) -> BTreeMap<PartId, Standing> {
        let mut out = BTreeMap::new();
        for spoken in self.records.iter().filter(|spoken| spoken.record.effect == Effect::Takes) {
            for (place, footprint) in (0u8..).zip(spoken.record.footprints()) {
                let drawn = matches!(self.source(spoken, footprint), Source::Right(_));
                if drawn || matches!(spoken.meaning, Meaning::Give(_)) {
                    out.insert((spoken.id, place), self.part_standing(spoken, place));
                }
            }
        }
        out
    }

    /// The strongest of the record's own, its order's and its right's `[LEASE-4]`.
    fn part_standing(&self, spoken: &Spoken<'_>, place: u8) -> Standing {
        let own = self.own_standing(spoken).max(self.order_standing(spoken, place));
        if self.depth(spoken, place) > GIVES_MAX {
            return Standing::Void;
        }
        match self.right_of(spoken, place) {
            Some(right) if !right.first => own.max(self.right_standing(&right)),
            _ => own,
        }
    }

    fn right_of(&self, spoken: &Spoken<'_>, place: u8) -> Option<Right> {
        match self.source(spoken, spoken.record.footprints().get(usize::from(place))?) {
            Source::Right(right) => Some(*right),
            _ => None,
        }
    }

    fn right_standing(&self, right: &Right) -> Standing {
        let giver = self.record(&right.record);
        giver.map_or(Standing::Unknown, |giver| self.part_standing(giver, right.place))
    }

    /// How many gives deep a part is, counted up to where the chain breaks.
    fn depth(&self, spoken: &Spoken<'_>, place: u8) -> usize {
        let own = usize::from(matches!(spoken.meaning, Meaning::Give(_)));
        let above = self.right_of(spoken, place).filter(|right| !right.first);
        let giver = above.and_then(|right| Some((self.record(&right.record)?, right.place)));
        own + giver.map_or(0, |(giver, place)| self.depth(giver, place))
    }

    /// Whether a part's rights are in view up to the charter.
    fn rooted(&self, spoken: &Spoken<'_>, place: u8) -> bool {
        if self.depth(spoken, place) > GIVES_MAX {
            return false;
        }
        let Some(right) = self.right_of(spoken, place) else { return false };
        right.first || self.record(&right.record).is_some_and(|giver| self.rooted(giver, right.place))
    }

    /// The logs of a part and of the gives above it.
    fn chain(&self, spoken: &Spoken<'_>, place: u8) -> Vec<LogKey> {
        let mut logs = vec![spoken.key];
        if let Some(right) = self.right_of(spoken, place).filter(|right| !right.first)
            && let Some(giver) = self.record(&right.record)
        {
            logs.extend(self.chain(giver, right.place));
        }
        logs
    }

    /// What a record is by itself `[LEASE-6]`.
    pub(super) fn own_standing(&self, spoken: &Spoken<'_>) -> Standing {
        let mut standing = self.enrolment_standing(&spoken.key.enrolment);
        if self.is_cut(spoken) {
            standing = standing.max(Standing::Revoked);
        }
        match spoken.meaning {
            Meaning::Unknown => standing.max(Standing::Unknown),
            Meaning::Void(_) => standing.max(Standing::Void),
            _ if self.is_void(spoken) => standing.max(Standing::Void),
            _ if !self.declared(spoken) || !self.endorsed(spoken) || !self.supported(spoken) => {
                standing.max(Standing::Unknown)
            }
            _ => standing,
        }
    }

    fn is_void(&self, spoken: &Spoken<'_>) -> bool {
        self.void_by_entry(spoken)
            || self.out_of_scope(spoken)
            || supports(spoken).iter().any(|citation| self.contradicts(citation))
            || self.gives_what_it_has_not(spoken)
            || self.gives_back_what_it_has_not(spoken)
    }

    /// What of `[LEASE-6]` an entry, its enrolment and the charter decide.
    pub(super) fn void_by_entry(&self, spoken: &Spoken<'_>) -> bool {
        let roles = self.warrant(&spoken.key).roles;
        let record = spoken.record;
        let longest = self.facts.charter.parameters().longest_lease;
        let footprints = record.footprints();
        let cited_too_short = citations(spoken).iter().any(|citation| citation.until < record.until);
        let too_long = || footprints.iter().any(|it| it.window.end().since(it.window.start()) > longest);
        let short_until = || {
            footprints.iter().any(|it| {
                let pool_until = it.right.filter(|_| it.measure == Measure::Pool).map(|right| right.until);
                record.until < it.window.end().plus(longest)
                    || pool_until.is_some_and(|cited| record.until < cited)
            })
        };
        let amounts = || !footprints.iter().all(amount_exists);
        cited_too_short
            || match &spoken.meaning {
                Meaning::Claim(claim) => {
                    let places = claim.alternatives.iter().flatten();
                    let missing = places.into_iter().any(|place| usize::from(*place) >= footprints.len());
                    let open = footprints.iter().any(|it| self.is_open(it)) && claim.alternatives.len() > 1;
                    !roles.has(Roles::ACT)
                        || claim.class > roles.class()
                        || missing
                        || open
                        || amounts()
                        || too_long()
                        || short_until()
                }
                Meaning::Give(give) => {
                    let to_claim = matches!(give.to, Receiver::Claim { .. });
                    let places = if to_claim { footprints.len() } else { 0 };
                    !roles.has(Roles::GIVE)
                        || give.parts.len() != places
                        || amounts()
                        || (to_claim && too_long())
                        || short_until()
                }
                Meaning::Reclaim(_) => !roles.has(Roles::GIVE),
                // [BREAK-1]
                Meaning::Closing(_) => !roles.has(Roles::DENY) || spoken.key.lane != Lane::Safety,
                _ => false,
            }
    }

    /// Whether a footprint contends `[OPEN-1]`.
    pub(super) fn is_open(&self, footprint: &Footprint) -> bool {
        footprint.right.is_none() && !self.is_given(&footprint.resource)
    }

    /// Whether a claim or give takes a resource that is declared outside its log's scope.
    pub(super) fn out_of_scope(&self, spoken: &Spoken<'_>) -> bool {
        let scope = &self.warrant(&spoken.key).scope;
        spoken.record.effect == Effect::Takes
            && spoken.record.footprints().iter().any(|footprint| {
                // A declaration that is forgotten first tells nothing: else a verdict would change with it.
                let mut lasting = self.declarations(&footprint.resource);
                lasting.retain(|(_, until)| *until >= spoken.record.until);
                lasting.iter().any(|(resource, _)| !scope.contains(&resource.scope))
            })
    }

    /// Whether declarations that last as long stand for all that it takes.
    pub(super) fn declared(&self, spoken: &Spoken<'_>) -> bool {
        let lasts = |resource: &ResourceId| {
            self.declarations(resource).iter().any(|(_, until)| *until >= spoken.record.until)
        };
        let takes = spoken.record.effect == Effect::Takes;
        !takes || spoken.record.footprints().iter().all(|footprint| lasts(&footprint.resource))
    }

    /// Whether what a citation names is in view and stands elsewhere or lasts otherwise `[RULE-5]`.
    fn contradicts(&self, citation: &Citation) -> bool {
        match self.find(citation) {
            Found::Absent => false,
            Found::First(first) => first.citation != *citation,
            Found::Record(cited) => {
                let stands = (cited.log, cited.seq, cited.record.until);
                (citation.log, citation.seq, citation.until) != stands
            }
        }
    }

    /// Whether all is in view that a record is nothing without.
    fn supported(&self, spoken: &Spoken<'_>) -> bool {
        supports(spoken).iter().all(|citation| !matches!(self.find(citation), Found::Absent))
    }

    /// Whether a give hands out what is no part of a right of its log, or names what a claim has not.
    fn gives_what_it_has_not(&self, spoken: &Spoken<'_>) -> bool {
        let Meaning::Give(give) = &spoken.meaning else { return false };
        let outside = spoken.record.footprints().iter().any(|part| match self.source(spoken, part) {
            Source::None | Source::Never => true,
            Source::Absent => false,
            Source::Right(right) => !lies_within(part, &right.footprint),
        });
        let (Receiver::Claim { claim, alternative }, parts) = (&give.to, &give.parts) else { return outside };
        let misnamed = match self.find(claim) {
            Found::Absent => false,
            Found::First(_) => true,
            Found::Record(cited) => match &cited.meaning {
                Meaning::Claim(body) => {
                    let places = cited.record.footprints().len();
                    usize::from(*alternative) >= body.alternatives.len()
                        || parts.iter().any(|place| usize::from(*place) >= places)
                }
                _ => !cited.is_opaque(),
            },
        };
        outside || misnamed
    }

    /// Whether a record gives back or reclaims what is here and is not its log's to give back, or states of it
    /// what it has not.
    fn gives_back_what_it_has_not(&self, spoken: &Spoken<'_>) -> bool {
        let (cited, named, unused): (Vec<Citation>, &[u8], &[u64]) = match &spoken.meaning {
            Meaning::Release(body) | Meaning::Post(body) | Meaning::Return(body) => {
                (body.gives.clone(), &body.alternatives, &body.unused)
            }
            Meaning::Reclaim(reclaim) => (vec![reclaim.give], &[], &[]),
            _ => return false,
        };
        cited.iter().enumerate().any(|(number, citation)| {
            let target = match self.find(citation) {
                Found::Absent => return false,
                Found::First(_) => return true,
                Found::Record(target) => target,
            };
            if target.is_opaque() {
                return false;
            }
            let before = target.log == spoken.log && target.place() < spoken.place();
            let own = match (&spoken.meaning, &target.meaning) {
                (Meaning::Return(_), Meaning::Give(Give { to: Receiver::Log(log), .. })) => {
                    *log == spoken.log
                }
                (Meaning::Return(_), _) => false,
                (Meaning::Reclaim(_), Meaning::Give(_) | Meaning::Claim(_)) => before,
                (Meaning::Reclaim(_), _) => false,
                (_, Meaning::Claim(_)) => before,
                (_, Meaning::Give(Give { to: Receiver::Claim { claim, .. }, .. })) => claim.log == spoken.log,
                _ => false,
            };
            let most = target.record.footprints().iter().map(|part| part.amount).max().unwrap_or(0);
            let too_much = unused.get(number).is_some_and(|unused| *unused > most);
            let misnamed = match &target.meaning {
                Meaning::Claim(claim) => named.iter().any(|it| usize::from(*it) >= claim.alternatives.len()),
                _ => false,
            };
            !own || too_much || misnamed
        })
    }

    /// What is said of each record that gives back or reclaims.
    pub(super) fn givings_back(&self) -> BTreeMap<RecordId, Standing> {
        let gives_back = |spoken: &&Spoken<'_>| {
            matches!(
                spoken.meaning,
                Meaning::Release(_) | Meaning::Post(_) | Meaning::Return(_) | Meaning::Reclaim(_)
            )
        };
        let said = self.records.iter().filter(gives_back);
        said.map(|spoken| (spoken.id, self.own_standing(spoken))).collect()
    }

    /// Every alternative of every readable claim `[LEASE-1]`.
    pub(super) fn leases(&self) -> BTreeMap<(RecordId, u8), Lease> {
        let mut out = BTreeMap::new();
        for spoken in &self.records {
            if let Meaning::Claim(claim) = &spoken.meaning {
                for (number, places) in (0u8..).zip(&claim.alternatives) {
                    out.insert((spoken.id, number), self.lease(spoken, number, places));
                }
            }
        }
        out
    }

    fn lease(&self, spoken: &Spoken<'_>, alternative: u8, places: &[u8]) -> Lease {
        let mut standing = self.own_standing(spoken);
        if self.ended(spoken, alternative) {
            standing = standing.max(Standing::Ended);
        }
        if self.shown_to_be_ended(spoken, alternative) {
            standing = standing.max(Standing::Unknown);
        }
        if self.may_be_ended(spoken) {
            standing = standing.max(Standing::Unknown);
        }
        let Meaning::Claim(claim) = &spoken.meaning else { unreachable!("leases are of claims") };
        let footprints = spoken.record.footprints();
        let named: Vec<(u8, &Footprint)> =
            places.iter().filter_map(|place| Some((*place, footprints.get(usize::from(*place))?))).collect();
        let wanted: Vec<Wanted<'_>> = named
            .iter()
            .filter(|(_, footprint)| !self.is_open(footprint))
            .map(|(place, footprint)| self.wanted(spoken, alternative, *place, footprint))
            .collect();
        let held = held_until(&wanted, claim.least);
        if held.is_none() && !wanted.is_empty() {
            standing = standing.max(Standing::Asked);
        }
        let (mut cover, mut spans, mut logs) = (Vec::new(), Vec::new(), BTreeSet::new());
        let mut suspensions = self.suspensions_under(&spoken.key.enrolment);
        let mut given = wanted.iter();
        for (_, footprint) in named {
            let footing = if self.is_open(footprint) {
                let contends = footprint.measure == Measure::Exclusive;
                let standing = if contends { Standing::Provisional } else { Standing::Asked };
                Footing::without_cover(standing, footprint.window.start())
            } else {
                let asked = given.next().expect("one for each footprint of a given resource");
                self.footing(spoken, claim.least, asked, held)
            };
            standing = standing.max(footing.standing);
            cover.push(footing.cover);
            spans.push(footing.spans);
            suspensions.extend(footing.suspensions);
            logs.extend(footing.logs);
        }
        if footprints.iter().any(|footprint| self.is_open(footprint)) {
            standing = standing.max(self.contention(spoken));
        }
        logs.remove(&spoken.log);
        Lease { standing, cover, spans, suspensions, logs }
    }

    /// Whether a later record of a claim's log may free what it holds, and cannot be read `[BACK-3]`.
    fn may_be_ended(&self, claim: &Spoken<'_>) -> bool {
        self.records.iter().any(|spoken| {
            let may_free =
                !spoken.understood || (spoken.is_opaque() && spoken.record.effect == Effect::Frees);
            may_free && spoken.log == claim.log && spoken.place() > claim.place()
        })
    }

    /// What answers a footprint, as far as it may be extended `[LEASE-9]`.
    fn wanted<'f>(
        &self,
        spoken: &Spoken<'_>,
        alternative: u8,
        place: u8,
        footprint: &'f Footprint,
    ) -> Wanted<'f> {
        let longest = self.facts.charter.parameters().longest_lease;
        let last = footprint.window.start().plus(longest).min(spoken.record.until.minus(longest));
        let mut answers = Vec::new();
        for answer in self.answers(spoken, alternative, place, footprint) {
            if let Ok(window) = Window::new(answer.window.start(), answer.window.end().min(last)) {
                answers.push(Answer { window, ..answer });
            }
        }
        let absent = matches!(self.source(spoken, footprint), Source::Absent);
        Wanted { footprint, answers, absent }
    }

    /// `[LEASE-3]`
    fn footing(&self, spoken: &Spoken<'_>, least: Millis, wanted: &Wanted<'_>, held: Option<Tai>) -> Footing {
        let Wanted { footprint, answers, absent } = wanted;
        let start = footprint.window.start();
        // A lease that does not hold has no end with which anything could be over.
        let until = held.unwrap_or(Tai::MAX);
        let needed = match held {
            Some(end) if least > Millis(0) => end,
            Some(end) => end.max(footprint.window.end()),
            None => footprint.window.end(),
        };
        let best = HOLDING.into_iter().find(|standing| wanted.cover(*standing, until) >= needed);
        let heard = answers.iter().filter(|it| it.heard && share_instant(it.window, footprint.window));
        let denials = heard.map(|answer| answer.standing).filter(|standing| standing.is_denial());
        let mut standing = best.or_else(|| denials.max()).unwrap_or(Standing::Asked);
        if *absent {
            standing = standing.max(Standing::Unknown);
        }
        if !HOLDING.contains(&standing) {
            return Footing::without_cover(standing, start);
        }
        let mut used = Vec::new();
        for answer in answers.iter().filter(|answer| answer.standing_until(until) <= standing) {
            let found = self.suspensions(&answer.logs, spoken.key);
            let last = found.last().map_or(Tai(0), |it| it.until);
            let logs = answer.logs.iter().map(|log| log.id(&self.ledger));
            used.push((answer.window, last, found, logs.collect::<Vec<_>>()));
        }
        let spans: Vec<(Window, Tai)> = used.iter().map(|(window, last, ..)| (*window, *last)).collect();
        // The least moment for which what is suspended no longer reaches as far as all does `[SUSP-2]`.
        let end = footprint.window.end();
        let mut moments: Vec<Tai> = spans.iter().map(|(_, last)| *last).collect();
        moments.sort_unstable();
        let as_far = |moment: &&Tai| {
            reach_by(start, &spans, **moment).min(end) == reach_by(start, &spans, Tai::MAX).min(end)
        };
        let least = moments.iter().find(as_far).copied().unwrap_or(Tai(0));
        let (mut suspensions, mut logs) = (BTreeSet::new(), BTreeSet::new());
        for (_, last, found, of_answer) in used {
            if last == least {
                suspensions.extend(found);
            }
            if last <= least {
                logs.extend(of_answer);
            }
        }
        let cover = reach_by(start, &spans, Tai::MAX);
        Footing { standing, cover, spans, suspensions, logs }
    }

    /// The ends of the windows in a part's chain whose givers took them back when they held that they were over
    /// `[RECLAIM-2]`.
    fn taken_back(&self, spoken: &Spoken<'_>, place: u8) -> Vec<Tai> {
        let footprint = &spoken.record.footprints()[usize::from(place)];
        let guard = self.facts.charter.parameters().guard;
        let end = footprint.window.end();
        let surely_over = self.records.iter().any(|reclaim| {
            let earliest = reclaim.authored.at.minus(reclaim.authored.error);
            reclaim.log == spoken.log && reclaims(reclaim, &spoken.id) && earliest > end.plus(guard)
        });
        let timed = surely_over && footprint.measure != Measure::Pool;
        let mut ends: Vec<Tai> = timed.then_some(end).into_iter().collect();
        if let Some(right) = self.right_of(spoken, place).filter(|right| !right.first)
            && let Some(giver) = self.record(&right.record)
        {
            ends.extend(self.taken_back(giver, right.place));
        }
        ends
    }

    /// `[LEASE-2]`
    fn answers(&self, claim: &Spoken<'_>, alternative: u8, place: u8, asked: &Footprint) -> Vec<Answer> {
        let mut answers = Vec::new();
        let mut add = |spoken: &Spoken<'_>, place: u8, window: Window| {
            let (standing, logs) = (self.part_standing(spoken, place), self.chain(spoken, place));
            // What a give hands out that is void answers nothing: else whoever holds nothing could deny.
            if standing == Standing::Void && spoken.id != claim.id {
                return;
            }
            let heard = spoken.id == claim.id || self.rooted(spoken, place);
            let over = self.taken_back(spoken, place);
            answers.push(Answer { window, standing, heard, logs, over });
        };
        if let Source::Right(_) = self.source(claim, asked) {
            add(claim, place, asked.window);
        }
        for spoken in self.gives_to(&claim.id) {
            let Meaning::Give(Give { to: Receiver::Claim { alternative: to, .. }, parts }) = &spoken.meaning
            else {
                continue;
            };
            if *to != alternative {
                continue;
            }
            for ((number, part), names) in (0u8..).zip(spoken.record.footprints()).zip(parts) {
                let serves = *names == place
                    && (part.resource, part.measure) == (asked.resource, asked.measure)
                    && part.amount >= asked.amount
                    && boxes_lie_in(asked, part);
                if serves {
                    add(spoken, number, part.window);
                }
            }
        }
        answers
    }

    /// Whether the holder ended an alternative `[BACK-2]`.
    pub(super) fn ended(&self, claim: &Spoken<'_>, alternative: u8) -> bool {
        self.records.iter().any(|spoken| match &spoken.meaning {
            Meaning::Release(body) | Meaning::Post(body) => {
                spoken.log == claim.log
                    && spoken.place() > claim.place()
                    && body.gives.iter().any(|cited| cited.record == claim.id)
                    && (body.alternatives.is_empty() || body.alternatives.contains(&alternative))
            }
            _ => false,
        })
    }

    /// Whether a giver's reclaim shows that the holder ended an alternative `[BACK-2]`.
    pub(super) fn shown_to_be_ended(&self, claim: &Spoken<'_>, alternative: u8) -> bool {
        let gives: Vec<&Spoken<'_>> = self.gives_to(&claim.id);
        self.records.iter().any(|spoken| match &spoken.meaning {
            Meaning::Reclaim(_) => gives.iter().any(|give| {
                let of_giver = spoken.log == give.log && spoken.place() > give.place();
                let lasts = give.key.end >= claim.record.until;
                let body = self.evidence(give, spoken).filter(|_| reclaims(spoken, &give.id));
                let from_holder = spoken.carried.as_ref().is_some_and(|carried| carried.log == claim.log);
                let names = |body: &intent_contracts::kinds::GivingBack| {
                    body.alternatives.is_empty() || body.alternatives.contains(&alternative)
                };
                of_giver && lasts && from_holder && body.is_some_and(names)
            }),
            _ => false,
        })
    }

    fn gives_to(&self, claim: &RecordId) -> Vec<&Spoken<'a>> {
        let to = |spoken: &&Spoken<'_>| match &spoken.meaning {
            Meaning::Give(Give { to: Receiver::Claim { claim: cited, .. }, .. }) => cited.record == *claim,
            _ => false,
        };
        let mut heard: BTreeMap<LogId, usize> = BTreeMap::new();
        let mut all: Vec<&Spoken<'a>> = self.records.iter().filter(to).collect();
        all.sort_by_key(|spoken| (spoken.log, spoken.place()));
        // The first of each log count `[LEASE-2]`.
        all.retain(|spoken| {
            let count = heard.entry(spoken.log).or_default();
            *count += 1;
            *count <= GIVES_HEARD
        });
        all
    }

    /// Who is in the way, by the order alone `[OCC-1]`.
    pub(super) fn occupancies(&self) -> BTreeMap<ResourceId, BTreeSet<(PartId, Window)>> {
        let mut out: BTreeMap<ResourceId, BTreeSet<(PartId, Window)>> = BTreeMap::new();
        for spoken in self.records.iter().filter(|spoken| spoken.record.effect == Effect::Takes) {
            for (place, footprint) in (0u8..).zip(spoken.record.footprints()) {
                let open = self.is_open(footprint);
                let there =
                    if open { self.stays_open(spoken, footprint) } else { self.took_whole(spoken, place) };
                if there && !self.left(spoken, place) {
                    let part = ((spoken.id, place), footprint.window);
                    out.entry(footprint.resource).or_default().insert(part);
                }
            }
        }
        out
    }

    /// Whether a claim or opaque record occupies open resources.
    fn stays_open(&self, spoken: &Spoken<'_>, footprint: &Footprint) -> bool {
        let sound = self.own_standing(spoken) != Standing::Void && !self.out_of_scope(spoken);
        match spoken.meaning {
            Meaning::Claim(_) => sound,
            Meaning::Unknown => sound && self.may_take(spoken, footprint),
            _ => false,
        }
    }

    /// Whether a part for a claim, or of an opaque record, took, and so did every right above it.
    fn took_whole(&self, spoken: &Spoken<'_>, place: u8) -> bool {
        let to_log = matches!(spoken.meaning, Meaning::Give(Give { to: Receiver::Log(_), .. }));
        !to_log && self.took_up_to_the_charter(spoken, place)
    }

    pub(super) fn took_up_to_the_charter(&self, spoken: &Spoken<'_>, place: u8) -> bool {
        let Some(right) = self.right_of(spoken, place) else { return false };
        if self.depth(spoken, place) > GIVES_MAX {
            return false;
        }
        let order = self.order(&right);
        let took = order.iter().any(|it| it.spoken.id == spoken.id && it.place == Some(place) && it.took);
        let above = || {
            let giver = self.record(&right.record);
            giver.is_some_and(|giver| self.took_up_to_the_charter(giver, right.place))
        };
        took && (right.first || above())
    }

    /// Whether the holder itself has left a part by release or post.
    fn left(&self, spoken: &Spoken<'_>, place: u8) -> bool {
        match &spoken.meaning {
            Meaning::Claim(claim) => self.claim_left(spoken, claim, place),
            Meaning::Give(Give { to: Receiver::Claim { claim, alternative }, .. }) => {
                let claimed = self.record(&claim.record).filter(|it| matches!(it.meaning, Meaning::Claim(_)));
                let by_evidence = self.records.iter().any(|reclaim| {
                    reclaim.log == spoken.log
                        && reclaims(reclaim, &spoken.id)
                        && self.evidence(spoken, reclaim).is_some()
                });
                by_evidence
                    || claimed.is_some_and(|claimed| {
                        self.ended(claimed, *alternative) || self.shown_to_be_ended(claimed, *alternative)
                    })
            }
            _ => false,
        }
    }

    fn claim_left(&self, spoken: &Spoken<'_>, claim: &Claim, place: u8) -> bool {
        self.records.iter().any(|it| match &it.meaning {
            Meaning::Release(body) | Meaning::Post(body) => {
                let cites = body.gives.iter().any(|give| give.record == spoken.id);
                it.log == spoken.log && cites && ends_place(body, claim, place)
            }
            _ => false,
        })
    }
}

/// How far windows that are suspended no longer than `moment` reach from `start` without a gap.
pub(super) fn reach_by(start: Tai, spans: &[(Window, Tai)], moment: Tai) -> Tai {
    let mut end = start;
    while let Some((window, _)) =
        spans.iter().find(|(window, last)| *last <= moment && window.start() <= end && window.end() > end)
    {
        end = window.end();
    }
    end
}

/// All citations of a readable record.
fn citations(spoken: &Spoken<'_>) -> Vec<Citation> {
    let mut all = supports(spoken);
    match &spoken.meaning {
        Meaning::Claim(claim) => {
            all.extend(&claim.attestations);
            all.extend(claim.over.iter().map(|over| over.claim));
        }
        Meaning::Commitment(commitment) => all.extend(&commitment.answers),
        Meaning::Vacated(body) => all.push(body.claim),
        Meaning::Present(body) => all.push(body.claim),
        Meaning::TermsEdit(body) => all.extend(body.contract),
        Meaning::TermsAccept(body) => all.push(body.contract),
        Meaning::Mode(body) => all.extend(body.slot),
        Meaning::CoSignature(body) => all.push(body.enrolment),
        _ => {}
    }
    all
}

/// What a record is nothing without: the rights it is taken from, the claim it serves, the gives it ends.
///
/// Of these alone it matters whether a citation is true. What may be absent without harm must not harm by
/// being there: else it would matter when it is forgotten `[FORGET-1]`.
fn supports(spoken: &Spoken<'_>) -> Vec<Citation> {
    let mut all: Vec<Citation> = spoken.record.footprints().iter().filter_map(|it| it.right).collect();
    match &spoken.meaning {
        Meaning::Give(Give { to: Receiver::Claim { claim, .. }, .. }) => all.push(*claim),
        Meaning::Release(body) | Meaning::Post(body) | Meaning::Return(body) => all.extend(&body.gives),
        Meaning::Reclaim(reclaim) => all.push(reclaim.give),
        _ => {}
    }
    all
}
