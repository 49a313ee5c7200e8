//! Records and notice bodies of every kind, as worlds write them.

use super::step::{Content, EnrolFlaw};
use intent_contracts::kinds::{
    Act, Advert, Body as _, Claim, Closing, CoSignature, Commitment, Enrol, Give, GivingBack, Lineage, Mode,
    POST, Present, RELEASE, RETURN, Receiver, Reclaim, Resource, Roles, Side, notice,
};
use intent_contracts::{
    AuthorKey, Citation, Digest, Effect, EntryId, Footprint, IntBox, Label, LogId, Measure, Millis, NoticeId,
    Record, RecordId, ResourceId, ResourcePath, Scope, Signer as _, Tai, Window,
};

/// The byte budget of one log of an enrolment, by how deep below the charter it stands: each has room for
/// about three of the next.
pub(crate) const BUDGETS: [u64; 6] = [90_000_000, 9_000_000, 900_000, 90_000, 3_000, 1_500];

/// What an enrolment says.
pub(crate) struct Enrolling {
    pub(crate) key: AuthorKey,
    pub(crate) next_key: Option<Digest>,
    pub(crate) roles: Roles,
    pub(crate) scope: Scope,
    pub(crate) until: Tai,
    pub(crate) byte_budget: u64,
    pub(crate) safety_budget: u64,
    pub(crate) max_logs: u64,
    pub(crate) max_notices: u64,
    pub(crate) ordinal: u64,
}

/// The record that enrols, with its flaw.
pub(crate) fn enrol_record(enrolling: &Enrolling, flaw: EnrolFlaw) -> Record {
    let lineage = Lineage { build: label("build"), hardware: label("arm") };
    let (key, roles, scope) = (enrolling.key, enrolling.roles, enrolling.scope.clone());
    let body = Enrol {
        next_key: enrolling.next_key,
        safety_budget: enrolling.safety_budget,
        max_notices: enrolling.max_notices,
        ordinal: enrolling.ordinal,
        ..Enrol::new(key, roles, scope, enrolling.byte_budget, enrolling.max_logs, lineage)
    };
    let mut record = sound(body.record(enrolling.until, Vec::new()));
    match flaw {
        EnrolFlaw::Body => record.body.truncate(40),
        EnrolFlaw::Effect => record.effect = Effect::Takes,
        EnrolFlaw::Future => {
            record.critical = true;
            record = record.with_tail(vec![0x18, 0x2a]);
        }
        _ => {}
    }
    record
}

/// The records of an entry; `nonce` makes its bytes differ from those of every other.
pub(crate) fn records(content: Content, until: Tai, nonce: u64, log: LogId) -> Vec<Record> {
    match content {
        Content::Known(kind) => vec![known(kind, until, nonce, log)],
        Content::Several(kind) => {
            (0..3).map(|more| known(kind.wrapping_add(more), until, nonce, log)).collect()
        }
        Content::Unknown(critical) => {
            let mut taken = sound(
                Record::new(99, until, nonce.to_be_bytes().to_vec())
                    .with_footprints(Effect::Takes, vec![footprint(nonce)]),
            );
            taken.critical = critical;
            vec![taken]
        }
        Content::Future => {
            let record = known(9, until, nonce, log);
            // One more integer behind the frame.
            vec![record.with_tail(vec![0x07])]
        }
        Content::Large => {
            let mut body = nonce.to_be_bytes().to_vec();
            body.resize(2_000, 0);
            vec![Record::new(77, until, body)]
        }
    }
}

/// The body of a notice of some kind, known, reserved or unknown.
pub(crate) fn notice_body(choice: u8, nonce: u64, log: LogId) -> (u64, Vec<u8>) {
    match choice % 6 {
        0 => {
            let cuts = vec![notice::Cut { log, seq: nonce, id: EntryId::from_bytes([1; 32]) }];
            let key = super::key(usize::from(choice)).author();
            (1, sound(notice::encode(&notice::Revocation { key, cuts })))
        }
        1 => (4, sound(notice::encode(&notice::Endorsement { record: citation(nonce, log) }))),
        3 => {
            let other = sound(Scope::parse(["", "a", "a/b"][usize::from(choice / 5 % 3)]));
            (3, sound(notice::encode(&notice::Trip { other })))
        }
        4 => (5, sound(notice::encode(&notice::Failure { attestation: citation(nonce, log) }))),
        2 => (2, nonce.to_be_bytes().to_vec()),
        _ => (88, restriction(choice, nonce)),
    }
}

/// A notice of a later version mostly fits nobody here, and seldom all whom its author may deny.
fn restriction(choice: u8, nonce: u64) -> Vec<u8> {
    let id = nonce.to_be_bytes().repeat(2);
    let fact = match choice / 8 {
        0 => notice::Fact { number: 99, value: notice::FactValue::Null },
        1 => return nonce.to_be_bytes().to_vec(),
        _ => notice::Fact { number: notice::Fact::ENROLMENT, value: notice::FactValue::Bytes(id) },
    };
    let effect = notice::RestrictionEffect::SUSPEND;
    sound(notice::encode(&notice::Restriction { facts: vec![fact], effect, since: None, above: false }))
}

fn known(kind: u8, until: Tai, nonce: u64, log: LogId) -> Record {
    let taken = vec![footprint(nonce)];
    let back = GivingBack { gives: vec![citation(nonce, log)], alternatives: vec![0], unused: vec![nonce] };
    let record = match kind % 12 {
        0 => Advert {
            side: Side::Offers,
            name: sound(ResourcePath::parse("arm/weld")),
            versions: Some((1, 2)),
            properties: vec![(label("serial"), i64::try_from(nonce).unwrap_or(0))],
            constraints: Vec::new(),
        }
        .record(until, Vec::new()),
        1 => Commitment {
            answers: vec![citation(nonce, log)],
            due: Some(until),
            text: format!("promise {nonce}"),
            ..Commitment::new(Act::Offer, log, until)
        }
        .record(until, Vec::new()),
        2 => Resource {
            scope: Scope::root(),
            path: sound(ResourcePath::parse("pad")),
            measure: Measure::Exclusive,
            unit: label("1"),
            scale: (1, nonce + 1),
            frame: label("site"),
            stopping_time: Millis::SECOND,
            strictest_mode: Mode::Degraded,
        }
        .record(until, Vec::new()),
        3 => Give { to: Receiver::Log(log), parts: Vec::new() }.record(until, taken),
        4 => Claim {
            class: 1,
            least: Millis::SECOND,
            ideal: Millis::HOUR,
            // Every second one is of rules that this version does not know.
            rule_set: 1 + nonce % 2,
            ..Claim::new(vec![vec![0]])
        }
        .record(until, taken),
        5 => back.record_of(RELEASE, until, Vec::new()),
        6 => back.record_of(POST, until, Vec::new()),
        7 => back.record_of(RETURN, until, Vec::new()),
        8 => Closing::of(vec![NoticeId::from_bytes([4; 32])]).record(until, Vec::new()),
        9 => Reclaim { give: citation(nonce, log), proof: None }.record(until, Vec::new()),
        10 => Present { claim: citation(nonce, log), alternative: 0, boxes: Vec::new() }
            .record(until, Vec::new()),
        _ => CoSignature { enrolment: citation(nonce, log) }.record(until, Vec::new()),
    };
    sound(record)
}

fn footprint(nonce: u64) -> Footprint {
    let resource = ResourceId::from_bytes([5; 32]);
    let window = sound(Window::new(Tai(nonce), Tai(nonce + 10)));
    let span = sound(intent_contracts::BoxSpan::new(0, 4));
    let cells = sound(IntBox::try_from(vec![span]));
    sound(Footprint::open(resource, Measure::Exclusive, window, 1).within(vec![cells]))
}

fn citation(nonce: u64, log: LogId) -> Citation {
    let record = RecordId { entry: EntryId::from_bytes([3; 32]), index: 0 };
    Citation { log, seq: nonce, record, until: super::day(1) }
}

fn label(text: &str) -> Label {
    sound(Label::try_from(text.to_owned()))
}

/// The bodies written here stay within every bound.
fn sound<T, E: std::fmt::Debug>(made: Result<T, E>) -> T {
    made.expect("a generated body is within its bounds")
}
