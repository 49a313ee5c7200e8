//! What must be here before a place can be called free `[ACT-4]`.

use crate::explain::{Because, Missing};
use crate::facts::{Log, LogNo, Place, What};
use crate::rules::Rules;
use crate::view::{Age, View};
use intent_contracts::kinds::Receiver;
use intent_contracts::{Citation, Clock, LogId, RecordId, ResourceId, Tai, Window};
use std::collections::BTreeSet;

impl View {
    /// The age of the oldest news among the logs that hold rights to a given resource in `window`, or what is missing.
    pub(crate) fn tree_read(
        &self,
        resource: ResourceId,
        window: Window,
        clock: Clock,
    ) -> Result<Age, Because> {
        self.declared_here(resource)?;
        let mut oldest = None;
        let first = self.rules.founded.given.get(&resource);
        let meets = |record: &&RecordId| {
            let right = self.rules.founded.first_rights.get(*record);
            right.is_some_and(|right| right.footprint.window.overlaps(&window))
        };
        let first = first.into_iter().flatten().filter(meets);
        let assigned = self.assigned_in(resource, window);
        let assigned = assigned.map_err(|right| Because::Missing(Missing::Assignment(right)))?;
        let first = first.copied().chain(assigned);
        let mut rights: Vec<(RecordId, u8)> = first.map(|record| (record, 0)).collect();
        while let Some((right, part)) = rights.pop() {
            let missing = || Because::Missing(Missing::Record(right));
            let source = self.source_held(&right).ok_or_else(missing)?;
            let silent = || Because::Missing(Missing::Log(source.holder));
            let no = self.rules.numbers.get(&source.holder).copied().ok_or_else(silent)?;
            let read = self.whole(no, clock).map_err(|because| because.unwrap_or_else(silent))?;
            oldest = oldest.max(Some(read));
            rights.extend(self.given_on(no, (right, part), resource, window));
        }
        oldest.ok_or(Because::Missing(Missing::Logs(resource)))
    }

    /// How old the head of a log is, if the log is held, is not forked, and is not suspended.
    fn whole(&self, no: LogNo, clock: Clock) -> Result<Age, Option<Because>> {
        let log = self.rules.logs.get(&no).filter(|log| self.holds(&log.scope)).ok_or(None)?;
        let ended = |until: Tai| Some(Because::Missing(Missing::EndedLog { until }));
        if self.rules.ends.get(&no).is_some_and(|end| end.forked) {
            return Err(ended(log.key.end));
        }
        match self.suspensions(log.key.enrolment).iter().map(|found| found.until).max() {
            Some(until) if clock.lo() < until => Err(ended(until)),
            _ => self.rules.heads.get(&no).map(|head| Age::of(head.earliest, clock)).ok_or(None),
        }
    }

    /// The rights to `resource` in `window` that a log gave on to other logs, of one part of a right: of a
    /// record with several, one may have taken and another not.
    fn given_on(
        &self,
        no: LogNo,
        (right, part): (RecordId, u8),
        resource: ResourceId,
        window: Window,
    ) -> BTreeSet<(RecordId, u8)> {
        let Some(running) = self.rules.orders.running.get(&(no, right)) else {
            return BTreeSet::new();
        };
        let mut out = BTreeSet::new();
        for (pos, taken) in self.rules.orders.taken_of(running.no).filter(|(_, taken)| taken.of == part) {
            let place = Place { log: no, slot: pos.slot, index: pos.index };
            let Some((record, _, known)) = self.known_held(place) else { continue };
            let What::Give(give) = &known.what else { continue };
            let same =
                known.footprints.get(usize::from(pos.part)).is_some_and(|part| part.resource == resource);
            if same && matches!(give.to, Receiver::Log(_)) && taken.window.overlaps(&window) {
                out.insert((record, pos.part));
            }
        }
        out
    }

    /// The same among the logs of an open resource's scope and above.
    pub(crate) fn open_read(
        &self,
        resource: ResourceId,
        window: Window,
        clock: Clock,
    ) -> Result<Age, Because> {
        let scope = self.declared_here(resource)?;
        if let Some(until) = self.ended_until(&scope)
            && window.start() < until
        {
            return Err(Because::Missing(Missing::EndedLog { until }));
        }
        let mut oldest = None;
        // By their ids, so that equal sets miss the same log first.
        for (id, no) in self.rules.numbers.iter() {
            let above = |log: &&std::sync::Arc<Log>| log.scope.contains(&scope) && self.holds(&log.scope);
            if self.rules.logs.get(no).filter(above).is_some() {
                let silent = || Because::Missing(Missing::Log(*id));
                let read = self.whole(*no, clock).map_err(|why| why.unwrap_or_else(silent))?;
                oldest = oldest.max(Some(read));
            }
        }
        oldest.ok_or(Because::Missing(Missing::Logs(resource)))
    }

    fn declared_here(&self, resource: ResourceId) -> Result<intent_contracts::Scope, Because> {
        let missing = Because::Missing(Missing::Declaration(resource));
        let scope = self.declaration(resource, Tai(0)).map(|found| found.scope.clone()).ok_or(missing)?;
        if self.holds(&scope) { Ok(scope) } else { Err(Because::Missing(Missing::NotHeld(scope))) }
    }

    /// Whether the holder of a claim left what a give gave it, by its own word or as a giver shows it `[OCC-1]`.
    pub(crate) fn give_ended(&self, give: RecordId, place: Place, claim: &Citation, alternative: u8) -> bool {
        let named = |alternatives: &[u8]| alternatives.is_empty() || alternatives.contains(&alternative);
        let ended = || {
            let place = self.rules.place_of(&claim.record)?;
            let (record, _, known) = self.known_held(place)?;
            let What::Claim(_) = &known.what else { return None };
            self.ended_by(record, place, alternative)
        };
        // By the evidence that its giver carries, also when the claim is not here.
        self.evidence_for(give, place, claim, &named).is_some() || ended().is_some()
    }
}

impl Rules {
    /// The gives by which a log holds rights.
    pub(crate) fn rights_given_to(&self, log: &LogId) -> Vec<RecordId> {
        let least = RecordId { entry: intent_contracts::EntryId::from_bytes([0; 32]), index: 0 };
        let found = self.held.range((*log, least)..).take_while(|((holder, _), ())| holder == log);
        found.map(|((_, record), ())| *record).collect()
    }
}
