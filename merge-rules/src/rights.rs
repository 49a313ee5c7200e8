//! The standing of a part: a give's, or a claim's own draw on a right of its log `[LEASE-4]`.
//!
//! - One mechanism for custody, grants, pools and rates: a part stands as its record, its order, and the
//!   right that it is drawn on, up to the charter.

use crate::explain::{Because, Finding, Missing};
use crate::facts::{Flaw, Known, Log, LogNo, PartPlace, Place, What};
use crate::geometry::within;
use crate::order::{Fit, Pos, Reading, ReturnRef};
use crate::rules::Source;
use crate::standing::Standing;
use crate::view::View;
use intent_contracts::kinds::{Give, GivingBack, Receiver, Resource, Roles};
use intent_contracts::planted;
use intent_contracts::{Citation, Effect, Footprint, Measure, RecordId, ResourceId, Tai};
use std::collections::BTreeSet;

/// Gives between the charter and a part `[RIGHT-3]`.
pub(crate) const RIGHT_DEPTH_MAX: usize = 16;

/// A part's standing, and the logs that it rests on.
#[derive(Debug, Clone)]
pub(crate) struct PartFinding {
    pub(crate) finding: Finding,
    pub(crate) chain: BTreeSet<LogNo>,
    /// Whether its rights are here up to the charter.
    pub(crate) rooted: bool,
    /// Of the parts of its chain that their givers took back as over, the one that ends last `[RECLAIM-2]`.
    pub(crate) over: Option<Over>,
    /// Gives between it and the charter, its own counted.
    gives: usize,
}

impl PartFinding {
    /// A part together with the right that it is drawn on.
    fn resting_on(self, mut above: Self) -> Self {
        above.chain.extend(self.chain);
        Self {
            finding: self.finding.or_stronger(above.finding),
            chain: above.chain,
            rooted: above.rooted,
            over: self.over.max(above.over),
            gives: self.gives + above.gives,
        }
    }
}

/// A part that its giver took back when, by its clock, the window was over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Over {
    /// The end of its window.
    pub(crate) end: Tai,
    /// The give, or the claim that draws it itself.
    pub(crate) give: RecordId,
    /// The reclaim.
    pub(crate) by: RecordId,
}

impl View {
    /// The id of the record at a place.
    pub(crate) fn id_at(&self, place: Place) -> Option<RecordId> {
        let entered = self.rules.entries.get(&(place.log, place.slot))?;
        Some(RecordId { entry: entered.id, index: place.index })
    }

    /// A record of the viewpoint.
    pub(crate) fn known_held(&self, place: Place) -> Option<(RecordId, &Log, &Known)> {
        let log = self.rules.logs.get(&place.log)?;
        let (entered, known) = self.rules.known(place)?;
        self.holds(&log.scope).then_some((RecordId { entry: entered.id, index: place.index }, log, known))
    }

    /// What a right holds, when the viewpoint holds its record.
    pub(crate) fn source_held(&self, right: &RecordId) -> Option<Source> {
        let voted = |first: std::borrow::Cow<'_, intent_contracts::FirstRight>| Source {
            holder: first.holder,
            footprints: vec![first.footprint.clone()],
            place: None,
        };
        let source = match self.rules.voted.get(right) {
            Some(_) => voted(self.first_right(right)?),
            None => self.rules.source(right)?,
        };
        let held = source.place.is_none_or(|place| self.known_held(place).is_some());
        held.then_some(source)
    }

    /// The standing of a part with that of its rights up to the charter.
    ///
    /// Many parts rest on one right, so what lies above a part is looked at once in a view.
    pub(crate) fn part_finding(&self, part: PartPlace) -> PartFinding {
        let mut climbed = Vec::new();
        let (mut next, mut gives, mut above) = (Some(part), 0, None);
        while let Some(at) = next {
            if at != part
                && let Some(found) = self.memo.right(at)
            {
                above = Some(found);
                break;
            }
            gives += usize::from(self.is_give(at.place));
            if gives > RIGHT_DEPTH_MAX {
                return self.too_deep(part);
            }
            let finding;
            (finding, next) = self.link(at);
            climbed.push((at, finding, next.is_none()));
        }
        for (at, finding, last) in climbed.into_iter().rev() {
            let mut found = PartFinding {
                finding,
                chain: BTreeSet::from([at.place.log]),
                rooted: last && self.is_first(at),
                over: self.taken_back(at),
                gives: usize::from(self.is_give(at.place)),
            };
            if let Some(above) = above.take() {
                found = found.resting_on(above);
            }
            if at != part {
                self.memo.remember_right(at, found.clone());
            }
            above = Some(found);
        }
        above.filter(|found| found.gives <= RIGHT_DEPTH_MAX).unwrap_or_else(|| self.too_deep(part))
    }

    fn too_deep(&self, part: PartPlace) -> PartFinding {
        let record = self.id_at(part.place).unwrap_or(self.unnamed());
        let finding = Finding::of(record, Because::Flawed(Flaw::Gives));
        let chain = BTreeSet::from([part.place.log]);
        PartFinding { finding, chain, rooted: false, over: None, gives: RIGHT_DEPTH_MAX + 1 }
    }

    /// Whether the giver of a part took it back when, by its clock, the window and the guard were surely over
    /// `[RECLAIM-2]`. Cost: logarithmic, however often it was taken back.
    fn taken_back(&self, at: PartPlace) -> Option<Over> {
        let (give, _, known) = self.known_held(at.place)?;
        let footprint = known.footprints.get(usize::from(at.part))?;
        if footprint.measure == Measure::Pool || planted::on("hold on to what was taken back as over") {
            return None;
        }
        let end = footprint.window.end();
        let after = end.plus(self.rules.founded.parameters.guard).0.checked_add(1).map(Tai)?;
        let log = at.place.log;
        let mut found = self.rules.taken_back.range((give, log, after, Place::FIRST)..);
        let ((cited, by_log, _, place), ()) = found.next()?;
        let by = ((*cited, *by_log) == (give, log)).then(|| self.id_at(*place))??;
        Some(Over { end, give, by })
    }

    /// Whether a part is drawn on a right of the charter.
    fn is_first(&self, at: PartPlace) -> bool {
        let footprint =
            self.known_held(at.place).and_then(|(.., known)| known.footprints.get(usize::from(at.part)));
        let right = footprint.and_then(|footprint| footprint.right);
        right.is_some_and(|right| self.first_right(&right.record).is_some())
    }

    fn is_give(&self, place: Place) -> bool {
        self.rules.known(place).is_some_and(|(_, known)| matches!(known.what, What::Give(_)))
    }

    /// Whether a part took, and so did every give above it, up to the charter.
    pub(crate) fn took_up(&self, part: PartPlace) -> bool {
        let (mut at, mut gives) = (part, 0);
        loop {
            gives += usize::from(self.is_give(at.place));
            if gives > RIGHT_DEPTH_MAX {
                return false;
            }
            let Some((_, _, known)) = self.known_held(at.place) else { return false };
            let footprint = known.footprints.get(usize::from(at.part));
            let Some((footprint, right)) = footprint.and_then(|found| Some((found, found.right?))) else {
                return false;
            };
            let pos = Pos { slot: at.place.slot, index: at.place.index, part: at.part };
            let took = matches!(
                self.reading(at.place.log, right.record, pos),
                Some(Reading::Took(_) | Reading::Unread)
            );
            let Some(source) = self.source_held(&right.record).filter(|_| took) else { return false };
            let Some(place) = source.place else { return true };
            let Some(of) = part_of(footprint, &source.footprints) else { return false };
            at = PartPlace { place, part: of };
        }
    }

    /// One link of the chain: the part's own standing, and the part of the give that it is drawn on.
    fn link(&self, at: PartPlace) -> (Finding, Option<PartPlace>) {
        let Some((record, log, known)) = self.known_held(at.place) else { return (self.lost(at), None) };
        let own = self.own(record, log, at.place, known);
        let Some(footprint) = known.footprints.get(usize::from(at.part)) else { return (own, None) };
        let Some(right) = footprint.right else { return (own, None) };
        let Some(source) = self.source_held(&right.record) else {
            let missing = Because::Missing(self.lacking(right.record));
            return (own.or_stronger(Finding::of(record, missing)), None);
        };
        let until = footprint.window.end();
        let finding = own.or_stronger(self.in_order(record, log, at, right.record, until));
        let next = source.place.and_then(|place| {
            let of = part_of(footprint, &source.footprints)?;
            Some(PartPlace { place, part: of })
        });
        (finding, next)
    }

    /// How the part stands in its log's order `[ORDER-2]`, `[ORDER-4]`, `[ORDER-5]`.
    fn in_order(&self, record: RecordId, log: &Log, at: PartPlace, right: RecordId, until: Tai) -> Finding {
        let pos = Pos { slot: at.place.slot, index: at.place.index, part: at.part };
        let because = match self.reading(at.place.log, right, pos) {
            None => Because::Missing(self.lacking(right)),
            Some(Reading::Apart) => Because::Flawed(Flaw::NotHeld),
            Some(Reading::Outside | Reading::Overdrawn) => Because::Overdraws { right },
            Some(Reading::Unread) => Because::Missing(Missing::Meaning),
            Some(Reading::Took(fit)) => {
                let opaque = self.rules.opaque.get(&at.place.log).is_some_and(|opaque| *opaque < at.place);
                if opaque {
                    Because::AfterOpaque { log: log.id }
                } else if self.holds_fit(fit, until, RIGHT_DEPTH_MAX) {
                    Because::Given
                } else {
                    Because::Unproven { right }
                }
            }
        };
        Finding::of(record, because)
    }

    pub(crate) fn reading(&self, log: LogNo, right: RecordId, pos: Pos) -> Option<&Reading> {
        let running = self.rules.orders.running.get(&(log, right));
        let reading = running.and_then(|running| self.rules.orders.readings.get(&(running.no, pos)));
        let id = self.rules.logs.get(&log)?.id;
        self.reading_of_window(&right, id, reading)
    }

    /// Whether a part that took is proven; `deep` bounds returns that rest on returns, and all of their logs
    /// must last until `until`: else forgetting one would take the proof back.
    pub(crate) fn holds_fit(&self, fit: &Fit, until: Tai, deep: usize) -> bool {
        let holds = |returned: &ReturnRef| {
            deep.checked_sub(1).is_some_and(|deep| self.holds_return(returned, until, deep))
        };
        match fit {
            Fit::Proven => true,
            Fit::AtRisk => false,
            Fit::If(conditions) => conditions.fit(holds),
            Fit::Pooled(pooled) => pooled.fit(holds),
        }
    }

    /// How long what rests on a part that took may last for the part to be proven.
    fn fit_lasts(&self, fit: &Fit, deep: usize) -> Option<Tai> {
        let lasts =
            |returned: &ReturnRef| deep.checked_sub(1).and_then(|deep| self.return_lasts(returned, deep));
        match fit {
            Fit::Proven => Some(Tai::MAX),
            Fit::AtRisk => None,
            Fit::If(conditions) => conditions.lasts(lasts),
            Fit::Pooled(pooled) => pooled.lasts(lasts),
        }
    }

    /// Whether a return holds for what lasts until then.
    pub(crate) fn holds_return(&self, returned: &ReturnRef, until: Tai, deep: usize) -> bool {
        self.return_lasts(returned, deep).is_some_and(|lasts| lasts >= until)
    }

    /// How long what rests on a return may last: none when it does not stand in its log's trunk, did not take
    /// there, or is itself not proven `[PROOF-2]`, `[PROOF-3]`.
    fn return_lasts(&self, returned: &ReturnRef, deep: usize) -> Option<Tai> {
        let key = (returned.record, returned.right, returned.pos.part, deep);
        self.memo.returned(key, || {
            let unseen = planted::on("count a reclaim before its return is here").then_some(Tai::MAX);
            let Some(no) = self.rules.numbers.get(&returned.log).copied() else { return unseen };
            let place = Place { log: no, slot: returned.pos.slot, index: returned.pos.index };
            if self.known_held(place).is_none_or(|(record, ..)| record != returned.record) {
                return unseen;
            }
            if self.rules.opaque.get(&no).is_some_and(|opaque| *opaque < place) {
                return None;
            }
            match self.reading(no, returned.right, returned.pos) {
                Some(Reading::Took(fit)) => self.fit_lasts(fit, deep).map(|lasts| lasts.min(returned.end)),
                _ => None,
            }
        })
    }

    /// The standing of a record in itself `[LEASE-6]`: void, revoked, unknown, or sound.
    pub(crate) fn own(&self, record: RecordId, log: &Log, place: Place, known: &Known) -> Finding {
        let mut finding = self.endorsed(record, log, place, Because::Given);
        if let What::Opaque = known.what {
            finding = finding.or_stronger(Finding::of(record, Because::Missing(Missing::Meaning)));
        }
        let flaw = known.flaw.or_else(|| self.late_flaw(log, known));
        if let Some(flaw) = flaw {
            finding = finding.or_stronger(Finding::of(record, Because::Flawed(flaw)));
        }
        if !known.is_opaque() && known.effect == Effect::Takes {
            for footprint in &known.footprints {
                if self.declaration(footprint.resource, known.until).is_none() {
                    let missing = Because::Missing(Missing::Declaration(footprint.resource));
                    finding = finding.or_stronger(Finding::of(record, missing));
                }
            }
        }
        if let Some(absent) = self.absent_support(known) {
            finding = finding.or_stronger(Finding::of(record, Because::Missing(self.lacking(absent))));
        }
        let authority = self.authority(record, place);
        // A grant that counts adds nothing.
        if authority.standing > Standing::Firm { finding.or_stronger(authority) } else { finding }
    }

    /// The first of what a record is nothing without that is not here: the rights that it is taken from, the claim
    /// that it serves, the gives that it gives back `[LEASE-6]`. Were it judged without them, a fork that takes one
    /// of them away would undo what it contradicts.
    fn absent_support(&self, known: &Known) -> Option<RecordId> {
        let rights = known.footprints.iter().filter_map(|part| part.right);
        let cited: &[Citation] = match &known.what {
            What::Opaque | What::Broken => return None,
            What::Give(Give { to: Receiver::Claim { claim, .. }, .. }) => std::slice::from_ref(claim),
            What::Ending(back) | What::Return(back) => &back.gives,
            What::Reclaim(reclaim, _) => std::slice::from_ref(&reclaim.give),
            _ => &[],
        };
        let here = |record: &RecordId| {
            self.first_right(record).is_some()
                || self.rules.place_of(record).is_some_and(|place| self.known_held(place).is_some())
        };
        rights.chain(cited.iter().copied()).map(|cited| cited.record).find(|record| !here(record))
    }

    /// What makes a record void only when what it cites is here.
    fn late_flaw(&self, log: &Log, known: &Known) -> Option<Flaw> {
        if known.is_opaque() {
            return None;
        }
        known
            .footprints
            .iter()
            .find_map(|footprint| self.part_flaw(log, known, footprint))
            .or_else(|| self.answer_flaw(known))
    }

    fn part_flaw(&self, log: &Log, known: &Known, footprint: &Footprint) -> Option<Flaw> {
        if let Some(resource) = self.declaration(footprint.resource, known.until)
            && !log.scope.contains(&resource.scope)
            && known.effect == Effect::Takes
        {
            return Some(Flaw::Scope);
        }
        let right = footprint.right?;
        if self.contradicts(&right) {
            return Some(Flaw::Miscited);
        }
        // A claim may name the right that it asks from, and its own draw is judged by its order. What gives back
        // draws on nothing.
        if !matches!(known.what, What::Give(_)) {
            return None;
        }
        let Some(source) = self.source_held(&right.record) else {
            // A record that is here, and is no right.
            return self.no_right(&right.record).then_some(Flaw::NotHeld);
        };
        if !self.rules.holds_right(&source, log) {
            return Some(Flaw::NotHeld);
        }
        match part_of(footprint, &source.footprints) {
            None => Some(Flaw::NotHeld),
            Some(of) => {
                let inside =
                    source.footprints.get(usize::from(of)).is_some_and(|right| within(footprint, right));
                (!inside).then_some(Flaw::OutsideRight)
            }
        }
    }

    /// Whether what a citation names is here, and stands elsewhere or lasts otherwise `[RULE-5]`, `[LAW-7]`.
    fn contradicts(&self, citation: &Citation) -> bool {
        if let Some(first) = self.first_right(&citation.record) {
            return first.citation != *citation;
        }
        let place = self.rules.place_of(&citation.record);
        let found = place.and_then(|place| Some((place, self.known_held(place)?)));
        found.is_some_and(|(place, (_, log, known))| {
            (log.id, place.slot, known.until) != (citation.log, citation.seq, citation.until)
        })
    }

    /// Whether the record is here and readable, and gives nothing to a log.
    pub(crate) fn no_right(&self, record: &RecordId) -> bool {
        let place = self.rules.place_of(record);
        place.and_then(|place| self.known_held(place)).is_some_and(|(_, _, known)| !known.is_opaque())
    }

    /// What a give to a claim gets wrong about the claim.
    fn answer_flaw(&self, known: &Known) -> Option<Flaw> {
        let What::Give(give) = &known.what else { return None };
        let Receiver::Claim { claim, alternative } = &give.to else { return None };
        if self.contradicts(claim) {
            return Some(Flaw::Miscited);
        }
        if self.first_right(&claim.record).is_some() {
            return Some(Flaw::Places);
        }
        let (_, _, target) = self.known_held(self.rules.place_of(&claim.record)?)?;
        match &target.what {
            What::Claim(body) => {
                let there = |part: &u8| usize::from(*part) < target.footprints.len();
                let named = usize::from(*alternative) < body.alternatives.len();
                (!named || !give.parts.iter().all(there)).then_some(Flaw::Places)
            }
            What::Opaque | What::Broken => None,
            _ => Some(Flaw::Places),
        }
    }

    /// What a record that gives back or reclaims gets wrong `[LEASE-6]`, `[RULE-5]`. It is told; what the record does
    /// in its log's order is what its frame says `[ORDER-3]`.
    pub(crate) fn back_flaw(&self, log: &Log, place: Place, known: &Known) -> Option<Flaw> {
        let (cited, back) = match &known.what {
            What::Ending(back) | What::Return(back) => (&back.gives[..], Some(back)),
            What::Reclaim(reclaim, _) => (std::slice::from_ref(&reclaim.give), None),
            _ => return None,
        };
        // Whoever holds a right may return it.
        if back.is_none() && !log.roles.has(Roles::GIVE) {
            return Some(Flaw::Role);
        }
        if cited.iter().any(|cited| cited.until < known.until) {
            return Some(Flaw::Outlives);
        }
        if cited.iter().any(|cited| self.contradicts(cited)) {
            return Some(Flaw::Miscited);
        }
        if cited.iter().any(|cited| self.is_anothers(log, place, known, cited)) {
            return Some(Flaw::NotItsOwn);
        }
        back.and_then(|back| self.states_too_much(back))
    }

    /// What a record that gives back states of what it cites and that has not: an alternative, or an amount.
    fn states_too_much(&self, back: &GivingBack) -> Option<Flaw> {
        let target = |record: &RecordId| Some(self.known_held(self.rules.place_of(record)?)?.2);
        back.gives.iter().zip(&back.unused).find_map(|(cited, unused)| {
            let target = target(&cited.record).filter(|target| !target.is_opaque())?;
            if target.footprints.iter().map(|part| part.amount).max().unwrap_or(0) < *unused {
                return Some(Flaw::Amount);
            }
            let alternatives = match &target.what {
                What::Claim(claim) => claim.alternatives.len(),
                _ => return None,
            };
            back.alternatives.iter().any(|named| usize::from(*named) >= alternatives).then_some(Flaw::Places)
        })
    }

    /// Whether what a record gives back or reclaims is here and is not its log's to give back.
    fn is_anothers(&self, log: &Log, place: Place, known: &Known, cited: &Citation) -> bool {
        // What the charter gave has nowhere to go back to.
        if self.first_right(&cited.record).is_some() {
            return true;
        }
        let Some(found) = self.rules.place_of(&cited.record) else { return false };
        let Some((.., target)) = self.known_held(found).filter(|(.., target)| !target.is_opaque()) else {
            return false;
        };
        let earlier = found.log == place.log && found < place;
        let own = match (&known.what, &target.what) {
            (What::Ending(_), What::Claim(_)) => earlier,
            (What::Ending(_), What::Give(Give { to: Receiver::Claim { claim, .. }, .. })) => {
                claim.log == log.id
            }
            (What::Return(_), What::Give(Give { to: Receiver::Log(holder), .. })) => *holder == log.id,
            (What::Reclaim(..), What::Give(_) | What::Claim(_)) => earlier,
            _ => false,
        };
        !own
    }

    /// A declaration of a resource that lasts until `until` at least `[LEASE-7]`.
    pub(crate) fn declaration(&self, resource: ResourceId, until: Tai) -> Option<&Resource> {
        let range = (resource, until, Place::FIRST)..;
        let found = self.rules.declared.range(range).take_while(|((found, ..), _)| *found == resource);
        found.filter(|((.., place), _)| self.known_held(*place).is_some()).map(|(_, body)| &**body).next()
    }

    fn lost(&self, part: PartPlace) -> Finding {
        let record = self.id_at(part.place).unwrap_or(self.unnamed());
        Finding::of(record, Because::Missing(Missing::Record(record)))
    }

    /// Stands for a record that nothing names: the charter's own id.
    pub(crate) fn unnamed(&self) -> RecordId {
        RecordId::root(&self.rules.founded.ledger, u8::MAX)
    }
}

/// The part of a right on which a footprint is drawn `[RIGHT-2]`.
pub(crate) fn part_of(footprint: &Footprint, rights: &[Footprint]) -> Option<u8> {
    let like = |right: &Footprint| right.resource == footprint.resource && right.measure == footprint.measure;
    let mut alike = (0..=u8::MAX).zip(rights).filter(|(_, right)| like(right));
    let first = alike.clone().next()?;
    Some(alike.find(|(_, right)| within(footprint, right)).unwrap_or(first).0)
}
