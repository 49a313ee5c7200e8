//! Who takes part: one charter, its authorities and nodes, and a rogue that is enrolled like any other; and
//! what there is to share: places that the charter gives to trustees, and one that is open to all.
//!
//! All fleets share the charter and the enrolments, so that these are signed once in a process.

use super::pen::{Note, Pen};
use crate::world::bodies::{Enrolling, enrol_record};
use crate::world::{EnrolFlaw, WorldItem, key};
use intent_contracts::kinds::notice::{self, Endorsement};
use intent_contracts::kinds::{Body as _, Give, Mode, Receiver, Resource, Roles};
use intent_contracts::{
    Charter, CharterGive, CharterParameters, CharterRoot, Citation, EntryId, Footprint, Label, Lane, LogId,
    Measure, Millis, Record, RecordId, ResourcePath, Scope, Signer as _, Tai, Window,
};
use std::sync::LazyLock;

/// When every run begins.
pub(super) const START: Tai = Tai(1_800_057_600_000);
/// The charter's end.
const UNTIL: Tai = AUTHORITIES_UNTIL;
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
/// The places in [`Cast::members`] of those whose logs hold rights for others: Mars, Venus, and a foreman of
/// Mars, who has nothing at first.
pub(super) const TRUSTEES: [usize; 3] = [1, 2, 5];
/// The foreman's key. It is enrolled as long as the charter lasts: what is drawn of a pool must be remembered as
/// long as the pool `[LEASE-6]`.
const FOREMAN: usize = 6;
/// What the charter gives of power.
pub(super) const POWER: u64 = 10;

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
    /// The items that enrol the members, declare the resources and give them to the trustees.
    pub(super) founding: Vec<WorldItem>,
    /// What there is to share: pad, power and steel of Mars, the dome of Venus, and a track that nobody gives.
    pub(super) resources: Vec<Resource>,
    /// The logs of the trustees, in which nothing is written yet.
    pub(super) trustees: Vec<Pen>,
    /// What the trustees hold from the start: who, how it is cited, what.
    pub(super) rights: Vec<(usize, Citation, Footprint)>,
    /// The logs that hold rights, the root's among them.
    pub(super) holders: Vec<LogId>,
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
    let root =
        |index: usize| CharterRoot { max_notices: 4, ..CharterRoot::new(key(index).author(), 1 << 40, 16) };
    let resources = resources();
    let charter = Charter::new("fleet", vec![root(0), root(1)], 2, UNTIL, parameters, [7; 32])
        .and_then(|charter| charter.with_gives(first_gives(&resources)))
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
    let trustees: Vec<Pen> = TRUSTEES.iter().map(|place| trustee(&charter, &members[*place])).collect();
    let mut cast =
        Cast { charter, members, founding, resources, trustees, rights: Vec::new(), holders: Vec::new() };
    cast.entrust();
    cast
}

/// The log in which a trustee writes, and nobody else.
fn trustee(charter: &Charter, member: &Member) -> Pen {
    let lane = Lane::Productivity;
    Pen::new(charter.ledger_id(), member.key, lane, TRUSTED, member.until, member.enrolment)
}

/// The incarnation of the logs that hold rights.
const TRUSTED: u64 = 1;
/// From when to when the charter gives.
const GIVEN: (Tai, Tai) = (START.minus(Millis::days(2)), START.plus(Millis::days(1_900)));

fn resources() -> Vec<Resource> {
    let resource = |place: &str, path: &str, measure| Resource {
        scope: scope(place),
        path: ResourcePath::parse(path).expect("one label"),
        measure,
        unit: Label::try_from("1".to_owned()).expect("one letter"),
        scale: (1, 1),
        frame: Label::try_from("site".to_owned()).expect("one word"),
        stopping_time: Millis::SECOND,
        strictest_mode: Mode::Degraded,
    };
    vec![
        resource("mars/forge", "pad", Measure::Exclusive),
        resource("mars/forge", "power", Measure::Rate),
        resource("mars", "steel", Measure::Pool),
        resource("venus", "dome", Measure::Exclusive),
        resource("mars/forge", "track", Measure::Exclusive),
    ]
}

/// The charter gives all but the track to the first root's log.
fn first_gives(resources: &[Resource]) -> Vec<CharterGive> {
    let window = Window::new(GIVEN.0, GIVEN.1).expect("a start before its end");
    let give = |resource: &Resource| {
        let amount = if resource.measure == Measure::Exclusive { 1 } else { POWER };
        CharterGive {
            footprint: Footprint::open(resource.id(), resource.measure, window, amount),
            root: 0,
            lane: Lane::Productivity,
            incarnation: TRUSTED,
            end: UNTIL,
            every: Millis(0),
            repeats: 0,
            last_assignable: None,
        }
    };
    resources[..4].iter().map(give).collect()
}

impl Cast {
    /// The root declares what there is and gives it to the trustees of Mars and Venus; the other root endorses
    /// these gives and the enrolments of the first one's log.
    fn entrust(&mut self) {
        let (ledger, at) = (self.charter.ledger_id(), START.minus(Millis::days(1)));
        let roots = [RecordId::root(&ledger, 0), RecordId::root(&ledger, 1)];
        let mut endorsed: Vec<Citation> = Vec::new();
        for item in &self.founding {
            if let WorldItem::Entry(entry) = item
                && entry.header().log.enrolment == roots[0]
            {
                endorsed.push(cite(entry.header().log.id(&ledger), entry, 0));
            }
        }
        let mut pen = Pen::new(ledger, 0, Lane::Productivity, TRUSTED, UNTIL, roots[0]);
        let root_log = pen.log.id(&ledger);
        let declared: Vec<Record> = self
            .resources
            .iter()
            .map(|it| it.record(UNTIL, Vec::new()).expect("within its bounds"))
            .collect();
        self.founding.push(pen.write(at, &declared));
        let first: Vec<_> = self.charter.first_rights().collect();
        for (trustee, given) in [(0, &first[..3]), (1, &first[3..])] {
            let parts: Vec<Footprint> =
                given.iter().map(|right| right.footprint.clone().from_right(right.citation)).collect();
            let to = Receiver::Log(self.trustees[trustee].log.id(&ledger));
            let record = Give { to, parts: Vec::new() }.record(UNTIL, parts).expect("within its bounds");
            let item = pen.write(at, &[record]);
            if let WorldItem::Entry(entry) = &item {
                let citation = cite(root_log, entry, 0);
                endorsed.push(citation);
                self.rights.extend(given.iter().map(|right| (trustee, citation, right.footprint.clone())));
            }
            self.founding.push(item);
        }
        let (enrolment, everywhere) = (roots[1], Scope::root());
        for record in endorsed {
            let note = Note { signer: 1, enrolment, scope: &everywhere, until: UNTIL, at, future: false };
            let body = notice::encode(&Endorsement { record }).expect("within its bounds");
            self.founding.push(note.sign(&ledger, (Endorsement::KIND, body)));
        }
        self.holders = self.trustees.iter().map(|pen| pen.log.id(&ledger)).chain([root_log]).collect();
    }
}

/// How a record of an entry is cited.
pub(super) fn cite(log: LogId, entry: &intent_contracts::SignedEntry, index: u8) -> Citation {
    let until = entry.records().get(usize::from(index)).map_or(Tai(0), |record| record.until);
    Citation { log, seq: entry.header().seq, record: RecordId { entry: entry.id(), index }, until }
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
        let until = if enrols || who == FOREMAN { AUTHORITIES_UNTIL } else { NODES_UNTIL };
        let roles =
            if enrols || who == 12 { Roles::ALL } else { Roles::ACT.with(Roles::GIVE).with(Roles::DENY) };
        let roles = roles.with_class(if enrols { 5 } else { 2 });
        let enrolling = Enrolling {
            key: key(who).author(),
            next_key: next.map(|next| key(next).author().commitment()),
            roles,
            scope: scope(place),
            until,
            byte_budget,
            safety_budget: byte_budget,
            max_logs,
            max_notices: 4,
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
