//! A small fleet drawn by hand; whatever is asked of it is asked of the oracle and of the fast rules.

use intent_contracts::kinds::{
    Body as _, Claim, Embedded, Enrol, Give, GivingBack, Lineage, Receiver, Reclaim, Roles,
};
use intent_contracts::{
    BoxSpan, Citation, Clock, Footprint, IntBox, Label, Lane, LogId, Millis, Record, RecordId, Scope,
    Signer as _, Tai, Window,
};
use intent_merge_rules::{Age, Free as FastFree, MayAct, Standing, View};
use intent_testing::model::Model;
use intent_testing::oracle::histories::{
    LAST_DAY, charter, declarations, hour, hours, resource_id, resources,
};
use intent_testing::oracle::pen::Pen;
use intent_testing::oracle::{Facts, Free, Judgement, May, free, judge, may_act};
use intent_testing::twins::{differences, rules_of, view_of};
use intent_testing::world::{day, key};
use std::collections::BTreeSet;

/// A root (key 0) that holds pad and power for the day, a region (key 4) and two nodes (6 and 8) below it.
pub(crate) struct Fleet {
    pub(crate) pen: Pen,
    /// The root's log that holds the charter's rights, and the region's and the nodes' productivity logs.
    pub(crate) root: usize,
    pub(crate) region: usize,
    pub(crate) node: usize,
    pub(crate) rival: usize,
    /// The region's safety log.
    pub(crate) safety: usize,
    pub(crate) region_id: RecordId,
    pub(crate) node_id: RecordId,
    pub(crate) region_enrol: Citation,
}

pub(crate) const END: Tai = day(LAST_DAY);

/// A record that enrols a key; whoever enrols others has room for them.
pub(crate) fn enrol(number: usize, roles: Roles, scope: &str, ordinal: u64) -> Record {
    let label = |text: &str| Label::try_from(text.to_owned()).unwrap();
    let body = Enrol {
        next_key: Some(key(number + 1).author().commitment()),
        ordinal,
        ..Enrol::new(
            key(number).author(),
            roles,
            Scope::parse(scope).unwrap(),
            if roles.has(Roles::ENROL) { 1 << 30 } else { 1 << 22 },
            3,
            Lineage { build: label("b"), hardware: label("h") },
        )
    };
    body.record(END, Vec::new()).unwrap()
}

impl Fleet {
    pub(crate) fn of(roots: usize) -> Self {
        let mut pen = Pen::new(charter(roots), hour(0));
        let rooted = pen.root(0);
        let root_safety = pen.open(0, rooted, Lane::Safety, END, 0);
        let root = pen.open(0, rooted, Lane::Productivity, END, 1);
        let mut records = declarations(END);
        records.push(enrol(4, Roles::ALL.with_class(5), "a", 1));
        let cited = pen.write(root_safety, &records);
        let region_enrol = cited[4];
        let region_id = region_enrol.record;
        let safety = pen.open(4, region_id, Lane::Safety, END, 2);
        let region = pen.open(4, region_id, Lane::Productivity, END, 3);
        let low = Roles::ACT.with(Roles::GIVE).with_class(3);
        if roots > 1 {
            return Self {
                pen,
                root,
                region,
                node: region,
                rival: region,
                safety,
                region_id,
                node_id: region_id,
                region_enrol,
            };
        }
        let nodes = pen.write(safety, &[enrol(6, low, "a/b", 1), enrol(8, low, "a/b", 2)]);
        let node = pen.open(6, nodes[0].record, Lane::Productivity, END, 4);
        let rival = pen.open(8, nodes[1].record, Lane::Productivity, END, 5);
        let node_id = nodes[0].record;
        Self { pen, root, region, node, rival, safety, region_id, node_id, region_enrol }
    }

    pub(crate) fn new() -> Self {
        Self::of(1)
    }

    pub(crate) fn log(&self, log: usize) -> LogId {
        self.pen.logs[log].id
    }

    /// The charter's right to resource number `which`.
    pub(crate) fn first(&self, which: usize) -> Citation {
        let id = resource_id(&resources()[which]);
        let mut rights = self.pen.charter.first_rights();
        rights.find(|right| right.footprint.resource == id).unwrap().citation
    }

    pub(crate) fn give(&mut self, from: usize, to: usize, parts: Vec<Footprint>) -> Citation {
        let body = Give { to: Receiver::Log(self.log(to)), parts: Vec::new() };
        self.pen.write(from, &[body.record(END, parts).unwrap()])[0]
    }

    pub(crate) fn give_claim(
        &mut self,
        from: usize,
        claim: Citation,
        alternative: u8,
        parts: Vec<(u8, Footprint)>,
    ) -> Citation {
        let (names, parts) = parts.into_iter().unzip();
        let body = Give { to: Receiver::Claim { claim, alternative }, parts: names };
        self.pen.write(from, &[body.record(END, parts).unwrap()])[0]
    }

    pub(crate) fn claim(
        &mut self,
        log: usize,
        alternatives: &[&[u8]],
        class: u8,
        footprints: Vec<Footprint>,
    ) -> Citation {
        let record = claim_record(alternatives, class).record(END, footprints).unwrap();
        self.pen.write(log, &[record])[0]
    }

    pub(crate) fn back(
        &mut self,
        log: usize,
        kind: u64,
        cited: &[(Citation, u64)],
        alternatives: &[u8],
    ) -> Citation {
        let (gives, unused) = cited.iter().copied().unzip();
        let body = GivingBack { gives, alternatives: alternatives.to_vec(), unused };
        self.pen.write(log, &[body.record_of(kind, END, Vec::new()).unwrap()])[0]
    }

    pub(crate) fn reclaim(&mut self, log: usize, give: Citation, proof: Option<Embedded>) {
        self.pen.write(log, &[Reclaim { give, proof }.record(END, Vec::new()).unwrap()]);
    }

    pub(crate) fn embed(&self, log: usize, citation: Citation) -> Option<Embedded> {
        self.pen.embed(log, citation.seq, citation.record.index)
    }

    pub(crate) fn facts(&self) -> Facts {
        let view = [Scope::root()];
        Facts::of(&Model::new(&self.pen.charter, &view).with(&self.pen.items), &view)
    }

    /// Opens one log more of the rival's than its enrolment may have, each until `end`.
    pub(crate) fn overfill_rival(&mut self, end: Tai) {
        let enrolment = self.pen.logs[self.rival].key.enrolment;
        for number in 0..4 {
            let log = self.pen.open(8, enrolment, Lane::Productivity, end, 900 + number);
            self.pen.write(log, &[Record::new(99, end, vec![0x80])]);
        }
    }

    /// What the fast rules say.
    pub(crate) fn view(&self) -> View {
        view_of(&self.pen.charter, &self.pen.items)
    }

    /// What they answer to whoever writes these logs.
    pub(crate) fn asked(
        &self,
        claim: RecordId,
        clock: Clock,
        stopping: Millis,
        writing: impl FnOnce(&LogId) -> bool,
    ) -> MayAct {
        let rules = rules_of(&self.pen.charter, &self.pen.items);
        rules.may_act(vec![Scope::root()], &claim, 0, clock, stopping, writing)
    }

    pub(crate) fn judge(&self) -> Judgement {
        let judged = judge(&self.facts());
        let differences = differences(&self.view(), &judged);
        assert!(differences.is_empty(), "the fast rules differ:\n{}", differences.join("\n"));
        judged
    }

    /// What is said once everything that ended before `horizon` is forgotten.
    pub(crate) fn judge_at(&self, horizon: Tai) -> Judgement {
        let view = [Scope::root()];
        let mut model = Model::new(&self.pen.charter, &view).with(&self.pen.items);
        model.set_horizon(horizon);
        judge(&Facts::of(&model, &view))
    }

    pub(crate) fn lease(&self, claim: Citation, alternative: u8) -> Standing {
        self.judge().leases[&(claim.record, alternative)].standing
    }

    pub(crate) fn part(&self, give: Citation) -> Standing {
        self.judge().parts[&(give.record, 0)]
    }

    pub(crate) fn may(&self, claim: Citation, at: Tai) -> May {
        let (writing, clock) = (BTreeSet::from([claim.log]), Clock::new(at, Millis(10)));
        let told = may_act(&self.facts(), &writing, claim.record, 0, clock, Millis(0));
        let found = self.asked(claim.record, clock, Millis(0), |log| *log == claim.log);
        let same = matches!(
            (&found, told),
            (MayAct::Go { .. }, May::Go) | (MayAct::AtRisk(_), May::AtRisk) | (MayAct::Hold(_), May::Hold)
        );
        assert!(same, "the fast rules say {found:?}, the oracle {told:?}");
        told
    }

    pub(crate) fn free(&self, which: usize, window: Window) -> Free {
        self.free_at(which, window, hour(0))
    }

    /// Whether a resource is free in `window`, asked at a moment.
    pub(crate) fn free_at(&self, which: usize, window: Window, at: Tai) -> Free {
        let (resource, clock) = (resource_id(&resources()[which]), Clock::new(at, Millis(0)));
        let told = free(&self.facts(), resource, window, clock);
        let found = match self.view().free(resource, window, clock) {
            FastFree::Free { information_age: Age::AtMost(age) } => Free::Free { age: Some(age) },
            FastFree::Free { information_age: Age::Unknown } => Free::Free { age: None },
            FastFree::Occupied { .. } => Free::Occupied,
            FastFree::Unknown { .. } => Free::Unknown,
        };
        assert_eq!(found, told, "the fast rules differ");
        told
    }
}

pub(crate) fn claim_record(alternatives: &[&[u8]], class: u8) -> Claim {
    Claim {
        class,
        least: Millis(0),
        ideal: Millis::HOUR,
        ..Claim::new(alternatives.iter().map(|places| places.to_vec()).collect())
    }
}

/// A footprint of resource number `which`: 0 pad, 1 power, 2 steel, 3 track.
pub(crate) fn want(which: usize, window: Window, amount: u64) -> Footprint {
    let resource = &resources()[which];
    Footprint::open(resource_id(resource), resource.measure, window, amount)
}

pub(crate) fn cells(start: i64, end: i64) -> Vec<IntBox> {
    vec![IntBox::try_from(vec![BoxSpan::new(start, end).unwrap()]).unwrap()]
}

/// A claim of the node's to power from one to three, which the region gives and the rival extends until `to`.
pub(crate) fn extended_by_the_rival(to: u64) -> (Fleet, Citation) {
    let mut fleet = Fleet::new();
    let first = fleet.first(1);
    let mine = fleet.give(fleet.root, fleet.region, vec![want(1, hours(0, 12), 3).from_right(first)]);
    let theirs = fleet.give(fleet.root, fleet.rival, vec![want(1, hours(0, 12), 3).from_right(first)]);
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(1, hours(1, 3), 1)]);
    fleet.give_claim(fleet.region, claim, 0, vec![(0, want(1, hours(1, 3), 1).from_right(mine))]);
    fleet.give_claim(fleet.rival, claim, 0, vec![(0, want(1, hours(3, to), 1).from_right(theirs))]);
    (fleet, claim)
}

/// Root gives the pad to the region, the region a part of it to the node's claim.
pub(crate) fn two_levels() -> (Fleet, Citation, Citation, Citation) {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    let right = fleet.give(fleet.root, fleet.region, vec![want(0, hours(0, 12), 1).from_right(first)]);
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(1, 3), 1)]);
    let part = want(0, hours(1, 3), 1).from_right(right);
    let give = fleet.give_claim(fleet.region, claim, 0, vec![(0, part)]);
    (fleet, right, claim, give)
}
