//! Who takes part: one charter, its authorities and nodes, and a rogue that is enrolled like any other.
//!
//! All fleets share the charter and the enrolments, so that these are signed once in a process.

use super::pen::Pen;
use crate::world::bodies::{Enrolling, enrol_record};
use crate::world::{EnrolFlaw, WorldItem, key};
use intent_contracts::kinds::Roles;
use intent_contracts::{
    Charter, CharterParameters, CharterRoot, EntryId, Lane, Millis, RecordId, Scope, Signer as _, Tai,
};
use std::sync::LazyLock;

/// When every run begins.
pub(super) const START: Tai = Tai(1_800_057_600_000);
/// The charter's end.
const UNTIL: Tai = START.plus(Millis::days(4_000));
/// Until when authorities are enrolled.
const AUTHORITIES_UNTIL: Tai = START.plus(Millis::days(2_000));
/// Until when nodes are enrolled.
const NODES_UNTIL: Tai = START.plus(Millis::days(700));
/// The greatest number of replicas of a fleet.
pub(super) const REPLICAS_MAX: usize = 8;
/// The key that nobody enrolled.
pub(super) const STRANGER: usize = 23;
/// The place of the rogue in [`Cast::members`].
pub(super) const ROGUE: usize = 8;

/// One who is enrolled.
pub(super) struct Member {
    pub(super) key: usize,
    /// The key to which the enrolment commits.
    pub(super) next: Option<usize>,
    pub(super) scope: Scope,
    pub(super) until: Tai,
    pub(super) interests: Vec<Scope>,
    pub(super) enrolment: RecordId,
    pub(super) max_logs: u64,
    pub(super) enrols: bool,
}

/// The charter and the enrolments under it.
pub(super) struct Cast {
    pub(super) charter: Charter,
    pub(super) members: Vec<Member>,
    /// The entries that enrol the members.
    pub(super) founding: Vec<WorldItem>,
}

/// Key, next key, scope, interests, budget of a log, logs; the first two below the root may enrol.
type Row = (usize, Option<usize>, &'static str, &'static [&'static str], u64, u64);

const AUTHORITIES: [Row; 2] =
    [(2, Some(18), "mars", &[""], 32 << 20, 6), (3, None, "venus", &["venus"], 32 << 20, 6)];
const NODES: [(usize, Row); 6] = [
    (0, (4, Some(19), "mars/forge", &["mars"], 60_000, 6)),
    (0, (5, Some(20), "mars/forge", &["mars"], 60_000, 4)),
    (0, (6, None, "mars", &["mars/forge"], 60_000, 4)),
    (1, (7, Some(21), "venus", &[""], 60_000, 6)),
    (1, (8, None, "venus", &["venus", "mars/forge"], 60_000, 4)),
    (0, (12, Some(22), "mars", &[], 5_000, 2)),
];

/// The cast of all fleets.
pub(super) fn cast() -> &'static Cast {
    static CAST: LazyLock<Cast> = LazyLock::new(found);
    &CAST
}

fn found() -> Cast {
    let parameters = CharterParameters {
        information_age: Millis::days(20),
        settlement: Millis::days(5),
        longest_lease: Millis::days(10),
        notices_per_enrolment: 4,
        logs_per_enrolment: 16,
        ..CharterParameters::default()
    };
    let root = |index: usize| CharterRoot { key: key(index).author(), byte_budget: 1 << 40, max_logs: 16 };
    let charter = Charter::new("fleet", vec![root(0), root(1)], 2, UNTIL, parameters, [7; 32])
        .expect("the charter's values lie in their ranges");
    let ledger = charter.ledger_id();
    let root_member = Member {
        key: 0,
        next: None,
        scope: Scope::root(),
        until: UNTIL,
        interests: vec![Scope::root()],
        enrolment: RecordId::root(&ledger, 0),
        max_logs: 16,
        enrols: true,
    };
    let mut members = vec![root_member];
    let mut founding = Vec::new();
    let rows: Vec<(usize, Row)> = AUTHORITIES.iter().map(|row| (0, *row)).collect();
    enrol_all(&charter, &mut members, &mut founding, 0, &rows);
    for (place, _) in AUTHORITIES.iter().enumerate() {
        let rows: Vec<(usize, Row)> = NODES.iter().filter(|(above, _)| *above == place).copied().collect();
        enrol_all(&charter, &mut members, &mut founding, place + 1, &rows);
    }
    // The order of the cast: the root, Mars with its nodes, Venus with hers, and the rogue last.
    members.sort_by_key(|member| member.key);
    Cast { charter, members, founding }
}

/// Writes the safety log in which `members[above]` enrols these.
fn enrol_all(
    charter: &Charter,
    members: &mut Vec<Member>,
    founding: &mut Vec<WorldItem>,
    above: usize,
    rows: &[(usize, Row)],
) {
    let ledger = charter.ledger_id();
    let parent = &members[above];
    let (signer, end) = (parent.key, parent.until);
    let mut pen = Pen::new(ledger, signer, Lane::Safety, 1, end, parent.enrolment);
    for (_, (who, next, place, interests, byte_budget, max_logs)) in rows.iter().copied() {
        let enrols = AUTHORITIES.iter().any(|(authority, ..)| *authority == who);
        let until = if enrols { AUTHORITIES_UNTIL } else { NODES_UNTIL };
        let roles =
            if enrols || who == 12 { Roles::ALL } else { Roles::ACT.with(Roles::GIVE).with(Roles::DENY) };
        let enrolling = Enrolling {
            key: key(who).author(),
            next_key: next.map(|next| key(next).author().commitment()),
            roles,
            scope: scope(place),
            until,
            byte_budget,
            max_logs,
            ordinal: who as u64,
        };
        let entry = pen.write(START.minus(Millis::days(1)), &[enrol_record(&enrolling, EnrolFlaw::None)]);
        let enrolment = RecordId { entry: entry_id(&entry), index: 0 };
        founding.push(entry);
        let interests = interests.iter().map(|text| scope(text)).collect();
        let scope = scope(place);
        members.push(Member { key: who, next, scope, until, interests, enrolment, max_logs, enrols });
    }
}

fn entry_id(item: &WorldItem) -> EntryId {
    match item {
        WorldItem::Entry(entry) => entry.id(),
        _ => EntryId::from_bytes([0; 32]),
    }
}

/// The scopes of the cast are written soundly.
pub(super) fn scope(text: &str) -> Scope {
    Scope::parse(text).expect("a scope of the cast")
}
