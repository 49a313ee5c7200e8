//! The rules of SPEC.md section 9 in the most obvious way, from SPEC.md and DESIGN alone.
//!
//! - Everything is read anew from [`Facts`] with nested loops over the whole set; there is no index, and
//!   nothing is remembered between two questions. It is the twin with which the fast rules are compared,
//!   and shares no code with them but the word [`Standing`] and what an entry means `[REC-3]`.
//! - No clock is read; time enters in [`free`] and [`may_act`] alone `[LAW-2]`.
//! - Recursion follows citations, which are hashes and so never form a circle, and the tree of enrolments.

mod act;
pub mod clocks;
mod cosign;
mod geometry;
mod leases;
mod open;
mod order;
pub mod pen;
mod restrict;
mod scene;
mod speak;
mod suspend;
mod votes;

pub mod histories;

pub use act::{Free, May, free, information_age, may_act, may_act_judged};

use crate::model::Model;
use crate::world::WorldItem;
use intent_contracts::{
    Charter, EntryId, LedgerId, LogId, LogKey, NoticeId, RecordId, ResourceId, Scope, SignedEntry,
    SignedNotice, Tai, Window,
};
use intent_merge_rules::{Standing, Suspension};
use scene::Scene;
use std::collections::{BTreeMap, BTreeSet};

/// One log as the ledger admitted it.
#[derive(Debug, Clone)]
pub struct OracleLog {
    /// What makes the log.
    pub key: LogKey,
    /// The trunk.
    pub entries: Vec<SignedEntry>,
    /// The slot of its terminal.
    pub terminal: Option<u64>,
    /// Whether the terminal is a fork, not a stump.
    pub forked: bool,
}

/// The state as the ledger admitted it, and who looks at it `[RULE-1]`.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The charter.
    pub charter: Charter,
    /// The horizon at which the state was made.
    pub horizon: Tai,
    /// The scopes of the viewpoint.
    pub viewpoint: Vec<Scope>,
    /// The admitted logs.
    pub logs: BTreeMap<LogId, OracleLog>,
    /// The admitted notices.
    pub notices: Vec<SignedNotice>,
}

impl Facts {
    /// The facts of the naive state, seen from `viewpoint`.
    #[must_use]
    pub fn of(model: &Model, viewpoint: &[Scope]) -> Self {
        let (mut entries, mut notices) = (BTreeMap::new(), BTreeMap::new());
        for item in model.items() {
            match item {
                WorldItem::Entry(entry) => drop(entries.insert(entry.id(), entry)),
                WorldItem::Notice(notice) => drop(notices.insert(notice.id(), notice)),
                WorldItem::Fork { .. } => {}
            }
        }
        let state = model.state();
        let trunk = |ids: &[EntryId]| ids.iter().filter_map(|id| entries.get(id).cloned()).collect();
        let logs = state.logs.iter().map(|(id, log)| {
            let terminal = log.terminal.as_ref().map(|(slot, _)| *slot);
            let forked = log.terminal.as_ref().is_some_and(|(_, ids)| ids.len() > 1);
            (*id, OracleLog { key: log.key, entries: trunk(&log.trunk), terminal, forked })
        });
        Self {
            charter: model.charter().clone(),
            horizon: model.horizon(),
            viewpoint: viewpoint.to_vec(),
            logs: logs.collect(),
            notices: state.notices.iter().filter_map(|id| notices.get(id).cloned()).collect(),
        }
    }
}

/// A footprint of a record, by its place.
pub type PartId = (RecordId, u8);

/// One alternative of a claim `[LEASE-1]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// What the rules say of it.
    pub standing: Standing,
    /// For each footprint of the alternative the end of its cover at its own standing; its start when
    /// nothing covers it `[LEASE-2]`.
    pub cover: Vec<Tai>,
    /// For each footprint what covers it, and until when that is suspended.
    pub spans: Vec<Vec<(Window, Tai)>>,
    /// What suspends it `[SUSP-2]`, `[SUSP-3]`.
    pub suspensions: BTreeSet<Suspension>,
    /// The other logs in the chains of the answers that it needs `[SUSP-2]`.
    pub logs: BTreeSet<LogId>,
}

impl Lease {
    /// The latest end of what suspends it.
    #[must_use]
    pub fn suspended_until(&self) -> Option<Tai> {
        self.suspensions.last().map(|found| found.until)
    }
}

/// What became of a breaker that was tripped `[BREAK-1]`, `[BREAK-2]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TripFate {
    /// It stands, and somebody in the tripped scope is below its author's anchor.
    Stands,
    /// It stands over nobody.
    Powerless,
    /// A closing ended it.
    Closed,
    /// Its author's enrolment is not granted.
    Ungranted,
}

/// All that the rules say of a state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judgement {
    /// The present enrolments `[GRANT-1]`.
    pub enrolments: BTreeMap<RecordId, Standing>,
    /// What suspends all that is written under each of them `[SUSP-1]`.
    pub suspended: BTreeMap<RecordId, BTreeSet<Suspension>>,
    /// The parts of gives, what claims draw themselves, and what opaque records draw `[LEASE-4]`.
    pub parts: BTreeMap<PartId, Standing>,
    /// Each alternative of each readable claim `[LEASE-5]`.
    pub leases: BTreeMap<(RecordId, u8), Lease>,
    /// The releases, posts, returns and reclaims `[LEASE-6]`.
    pub givings_back: BTreeMap<RecordId, Standing>,
    /// What became of each breaker that was tripped `[BREAK-1]`.
    pub trips: BTreeMap<NoticeId, TripFate>,
    /// The logs that enough roots name for windows that votes assign, by the right that each would be `[VOTE-2]`.
    pub elected: BTreeMap<RecordId, BTreeSet<LogId>>,
    /// The successors that enough roots vote for `[VOTE-3]`.
    pub successors: BTreeSet<LedgerId>,
    /// Who is in the way, the guard not added `[OCC-1]`.
    pub occupancies: BTreeMap<ResourceId, BTreeSet<(PartId, Window)>>,
}

/// Reads the facts by the rules.
#[must_use]
pub fn judge(facts: &Facts) -> Judgement {
    let scene = Scene::of(facts);
    let enrolments = scene.enrolments.keys().map(|id| (*id, scene.enrolment_standing(id))).collect();
    Judgement {
        enrolments,
        suspended: scene.enrolments.keys().map(|id| (*id, scene.suspensions_under(id))).collect(),
        parts: scene.part_standings(),
        leases: scene.leases(),
        givings_back: scene.givings_back(),
        trips: scene.trip_fates(),
        elected: votes::elected_rights(&facts.charter, &scene.notices),
        successors: votes::successors(&facts.charter, &scene.notices),
        occupancies: scene.occupancies(),
    }
}
