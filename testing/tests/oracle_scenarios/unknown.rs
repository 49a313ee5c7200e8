//! What a reader does with what it does not know: a test for each row of the table `[UNK-1]`.

use super::fleet::{END, Fleet, claim_record, enrol, two_levels, want};
use Standing::{AtRisk, Ended, Firm, Overdrawn, Unknown};
use intent_contracts::kinds::notice::{
    self, Endorsement, Fact, FactValue, Restriction, RestrictionEffect, Revocation, Trip,
};
use intent_contracts::kinds::{Body as _, Claim, Commitment, GivingBack, RELEASE, Roles};
use intent_contracts::{
    Authored, Charter, Citation, Clock, Digest, Effect, EntryId, Header, Lane, LogId, Measure, Millis,
    Record, RecordId, Scope, SignedEntry, Signer as _, Tai,
};
use intent_ledger::BundleBuilder;
use intent_merge_rules::{Because, Flaw, Free, Standing};
use intent_testing::oracle::histories::{hour, hours, resource_id, resources};
use intent_testing::subject::Subject;
use intent_testing::world::{WorldItem, key};

/// How the claims of a log stand around a record that cannot be read: each draws the pad from a right of the log.
#[derive(Debug, PartialEq, Eq)]
struct Around {
    /// A claim before it.
    earlier: Standing,
    /// A claim in its own entry.
    beside: Option<Standing>,
    /// A claim after it, elsewhere.
    later: Standing,
    /// A claim after it, where its frame is.
    meets: Standing,
    /// A claim after it, where the earlier one is.
    again: Standing,
}

/// Where the frame of the unknown record is.
const FRAME: (u64, u64) = (5, 6);

/// Writes a record into a log that has a claim, and claims after it; `beside` in one entry with a claim.
fn around(mut unknown: Record, beside: bool) -> Around {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    let right = fleet.give(fleet.root, fleet.region, vec![want(0, hours(0, 12), 1).from_right(first)]);
    let drawn = |from, to| want(0, hours(from, to), 1).from_right(right);
    let earlier = fleet.claim(fleet.region, &[&[0]], 1, vec![drawn(1, 2)]);
    if unknown.effect == Effect::Takes && unknown.footprints().is_empty() {
        unknown = unknown.with_footprints(Effect::Takes, vec![drawn(FRAME.0, FRAME.1)]).unwrap();
    }
    let mut records = vec![unknown];
    if beside {
        records.insert(0, claim_record(&[&[0]], 1).record(END, vec![drawn(3, 4)]).unwrap());
    }
    let cited = fleet.pen.write(fleet.region, &records);
    let claims = [drawn(8, 9), drawn(FRAME.0, FRAME.1), drawn(1, 2)];
    let [later, meets, again] = claims.map(|part| fleet.claim(fleet.region, &[&[0]], 1, vec![part]));
    let judged = fleet.judge();
    let lease = |claim: Citation| judged.leases.get(&(claim.record, 0)).map(|lease| lease.standing);
    Around {
        earlier: lease(earlier).unwrap(),
        beside: beside.then(|| lease(cited[0])).flatten(),
        later: lease(later).unwrap(),
        meets: lease(meets).unwrap(),
        again: lease(again).unwrap(),
    }
}

/// A record of a kind that no version knows.
fn unheard_of(effect: Effect, critical: bool) -> Record {
    let mut record = Record::new(4_711, END, vec![0x80]).with_footprints(effect, Vec::new()).unwrap();
    record.critical = critical;
    record
}

#[test]
fn row_1_an_unknown_kind_without_effect_changes_nothing() {
    let told = around(unheard_of(Effect::None, false), true);
    let expected = Around { earlier: Firm, beside: Some(Firm), later: Firm, meets: Firm, again: Overdrawn };
    assert_eq!(told, expected);
}

#[test]
fn row_2_a_critical_kind_without_effect_hides_its_entry_and_may_have_freed() {
    let told = around(unheard_of(Effect::None, true), false);
    let expected = Around { earlier: Unknown, beside: None, later: Firm, meets: Firm, again: Overdrawn };
    assert_eq!(told, expected);
    // What stands in its entry is not read, and blocks by its frame.
    let told = around(unheard_of(Effect::None, true), true);
    assert_eq!((told.beside, told.later), (None, AtRisk));
}

#[test]
fn row_3_an_unknown_kind_that_takes_blocks_by_its_frame() {
    let told = around(unheard_of(Effect::Takes, false), true);
    let expected =
        Around { earlier: Firm, beside: Some(Firm), later: AtRisk, meets: Overdrawn, again: Overdrawn };
    assert_eq!(told, expected);
}

/// Where nobody gives it contends.
#[test]
fn row_3_an_unknown_kind_that_takes_contends() {
    let mut fleet = Fleet::new();
    let track = |from, to| want(3, hours(from, to), 1);
    let record = unheard_of(Effect::Takes, false).with_footprints(Effect::Takes, vec![track(1, 3)]).unwrap();
    fleet.pen.write(fleet.rival, &[record]);
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![track(2, 4)]);
    let apart = fleet.claim(fleet.node, &[&[0]], 1, vec![track(5, 6)]);
    assert_eq!((fleet.lease(claim, 0), fleet.lease(apart, 0)), (Unknown, Standing::Provisional));
    let clock = Clock::new(hour(0), Millis(0));
    let free = fleet.view().free(resource_id(&resources()[3]), hours(1, 2), clock);
    assert!(matches!(free, Free::Occupied { .. }), "{free:?}");
}

#[test]
fn row_4_a_critical_kind_that_takes_blocks_hides_and_may_have_freed() {
    let told = around(unheard_of(Effect::Takes, true), true);
    let expected =
        Around { earlier: Unknown, beside: None, later: AtRisk, meets: Overdrawn, again: Overdrawn };
    assert_eq!(told, expected);
}

#[test]
fn row_5_an_unknown_kind_that_frees_frees_nothing_and_holds_what_it_may_have_freed() {
    let told = around(unheard_of(Effect::Frees, false), true);
    let expected =
        Around { earlier: Unknown, beside: Some(Unknown), later: AtRisk, meets: AtRisk, again: Unknown };
    assert_eq!(told, expected);
    let told = around(unheard_of(Effect::Frees, false), false);
    assert_eq!((told.earlier, told.meets), (Unknown, AtRisk));
}

#[test]
fn row_6_a_critical_kind_that_frees_hides_its_entry_too() {
    let told = around(unheard_of(Effect::Frees, true), true);
    let expected = Around { earlier: Unknown, beside: None, later: AtRisk, meets: AtRisk, again: Unknown };
    assert_eq!(told, expected);
}

/// A record of a known kind whose body cannot be read, or that has another effect than its kind.
fn torn(kind: u64, effect: Effect, critical: bool) -> Record {
    let mut record = Record::new(kind, END, vec![0x07]).with_footprints(effect, Vec::new()).unwrap();
    record.critical = critical;
    record
}

/// `[KIND-2]`
#[test]
fn row_7_a_known_kind_that_cannot_be_read_is_void_and_its_frame_does_what_it_says() {
    let same = |kind, effect| {
        assert_eq!(
            around(torn(kind, effect, false), true),
            around(unheard_of(effect, false), true),
            "{kind}"
        );
    };
    same(Claim::KIND, Effect::Takes);
    same(RELEASE, Effect::Frees);
    // A wrong effect is none of its kind.
    same(Commitment::KIND, Effect::Frees);
    same(RELEASE, Effect::None);
    same(Claim::KIND, Effect::Frees);
    let mut fleet = Fleet::new();
    let broken = fleet.pen.write(fleet.node, &[torn(RELEASE, Effect::Frees, false)])[0];
    let finding = fleet.view().explain(&broken.record).remove(0);
    assert_eq!(finding.because, Because::Flawed(Flaw::Unreadable));
}

/// `[KIND-2]`, `[REC-3]`
#[test]
fn row_8_a_critical_known_kind_that_cannot_be_read_is_as_unknown_as_any() {
    for (kind, effect) in
        [(Claim::KIND, Effect::Takes), (RELEASE, Effect::Frees), (Commitment::KIND, Effect::None)]
    {
        assert_eq!(around(torn(kind, effect, true), true), around(unheard_of(effect, true), true), "{kind}");
    }
}

/// A release of nothing that is here, with fields that version 1 does not have.
fn extended(critical: bool) -> Record {
    let record = RecordId { entry: EntryId::from_bytes([9; 32]), index: 0 };
    let absent = Citation { log: LogId::from_bytes([9; 32]), seq: 1, record, until: END };
    let nothing = GivingBack { gives: vec![absent], alternatives: Vec::new(), unused: vec![0] };
    let mut record = nothing.record_of(RELEASE, END, Vec::new()).unwrap().with_tail(vec![0x07]);
    record.critical = critical;
    record
}

#[test]
fn row_9_further_fields_that_are_not_critical_leave_the_known_ones_readable() {
    let told = around(extended(false), true);
    assert_eq!((told.earlier, told.beside, told.later), (Firm, Some(Firm), Firm));
    // What it says is heard.
    let (mut fleet, _, claim, _) = two_levels();
    let body = GivingBack { gives: vec![claim], alternatives: Vec::new(), unused: vec![0] };
    let release = body.record_of(RELEASE, END, Vec::new()).unwrap().with_tail(vec![0x07]);
    fleet.pen.write(fleet.node, &[release]);
    assert_eq!(fleet.lease(claim, 0), Ended);
}

#[test]
fn row_10_further_fields_that_are_critical_leave_nothing_readable() {
    assert_eq!(around(extended(true), true), around(unheard_of(Effect::Frees, true), true));
}

/// `[CLAIM-2]`
#[test]
fn row_11_a_claim_of_an_unknown_rule_set_is_a_record_that_takes_and_cannot_be_read() {
    let odd = |critical| {
        let body = Claim { rule_set: 2, ..claim_record(&[&[0]], 1) };
        let mut record = body.record(END, Vec::new()).unwrap();
        record.critical = critical;
        record
    };
    for critical in [false, true] {
        assert_eq!(
            around(odd(critical), true),
            around(unheard_of(Effect::Takes, critical), true),
            "{critical}"
        );
    }
}

/// `[HDR-1]`
#[test]
fn row_12_a_header_of_a_newer_version_changes_nothing_by_itself() {
    let (mut fleet, _, claim, _) = two_levels();
    let body = GivingBack { gives: vec![claim], alternatives: Vec::new(), unused: vec![0] };
    let release = body.record_of(RELEASE, END, Vec::new()).unwrap();
    let records = Record::encode_all(&[release]).unwrap();
    let log = &fleet.pen.logs[fleet.node];
    let authored = Authored { at: fleet.pen.now, error: Millis(1_000) };
    let header = Header::new(log.key, 2, log.entries[0].id(), authored, Digest::of(&records));
    let header = header.with_future(2, vec![0x07]);
    let entry = SignedEntry::sign(&fleet.pen.ledger(), &header, &records, key(log.signer)).unwrap();
    fleet.pen.items.push(WorldItem::Entry(entry));
    assert_eq!(fleet.lease(claim, 0), Ended);
}

/// `[HDR-1]`, `[REC-1]`, `[FOOT-1]`: no version adds one.
#[test]
fn row_13_there_is_no_other_lane_effect_or_measure() {
    assert!(Lane::try_from(2).is_err() && Effect::try_from(3).is_err() && Measure::try_from(3).is_err());
}

/// `[PROOF-1]`
#[test]
fn row_14_evidence_that_cannot_be_read_proves_nothing() {
    let given_again = |critical| {
        let (mut fleet, right, claim, give) = two_levels();
        let body = GivingBack { gives: vec![claim], alternatives: Vec::new(), unused: vec![0] };
        let release = body.record_of(RELEASE, END, Vec::new()).unwrap();
        let cited = fleet.pen.write(fleet.node, &[release, unheard_of(Effect::None, critical)])[0];
        let proof = fleet.embed(fleet.node, cited);
        assert!(proof.is_some());
        fleet.reclaim(fleet.region, give, proof);
        let other = fleet.claim(fleet.rival, &[&[0]], 1, vec![want(0, hours(1, 3), 1)]);
        fleet.give_claim(fleet.region, other, 0, vec![(0, want(0, hours(1, 3), 1).from_right(right))]);
        (fleet.lease(claim, 0), fleet.lease(other, 0))
    };
    assert_eq!(given_again(false), (Ended, Firm));
    assert_eq!(given_again(true), (Unknown, AtRisk));
}

/// `[GRANT-2]`
#[test]
fn row_15_an_unknown_role_is_nobodys_to_give() {
    let mut fleet = Fleet::new();
    let odd = fleet.pen.write(fleet.safety, &[enrol(12, Roles(Roles::ACT.0 | 1 << 5), "a/b", 3)])[0].record;
    let finding = fleet.view().enrolment(&odd).unwrap().finding;
    assert_eq!(finding.because, Because::Flawed(Flaw::Roles));
    assert_eq!(fleet.judge().enrolments[&odd], Standing::Void);
}

/// `[ADM-2]`, `[GRANT-1]`
#[test]
fn row_16_an_enrolment_that_cannot_be_read_is_present_and_grants_nothing() {
    let mut fleet = Fleet::new();
    let mut record = enrol(12, Roles::ACT.with_class(3), "a/b", 3).with_tail(vec![0x07]);
    record.critical = true;
    let odd: RecordId = fleet.pen.write(fleet.safety, &[record])[0].record;
    let log = fleet.pen.open(12, odd, Lane::Productivity, END, 60);
    let claim = fleet.claim(log, &[&[0]], 1, vec![want(3, hours(1, 3), 1)]);
    assert_eq!((fleet.judge().enrolments[&odd], fleet.lease(claim, 0)), (Unknown, Unknown));
}

/// `[CHARTER-1]`, `[SYNC-3]`
#[test]
fn row_17_a_newer_charter_or_part_is_refused() {
    let fleet = Fleet::new();
    let mut charter = fleet.pen.charter.bytes().to_vec();
    assert!(Charter::decode(&charter).is_ok());
    // The version stands behind the head of the array.
    assert_eq!(charter[1], 1);
    charter[1] = 2;
    assert!(Charter::decode(&charter).is_err());
    let mut replica = Subject::<intent_ledger::MemoryStore>::in_memory(&fleet.pen.charter, &[Scope::root()]);
    let mut builder = BundleBuilder::new(fleet.pen.ledger(), usize::MAX);
    let WorldItem::Entry(entry) = &fleet.pen.items[0] else { unreachable!("the root writes an entry first") };
    assert!(builder.push(intent_ledger::ItemBytes::Entry(entry.bytes())));
    let mut part = builder.finish();
    assert_eq!(part[1], 1);
    part[1] = 2;
    let clock = Clock::new(hour(0), Millis(0));
    assert!(replica.ledger().absorb(&part, clock).unwrap().stopped.is_some());
}

/// What a notice of the region in the nodes' scope does to a lease of the node's: how it stands, and until when it is
/// suspended.
fn noticed(later: bool, kind: u64, body: Vec<u8>) -> (Standing, Option<Tai>) {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    let right = fleet.give(fleet.root, fleet.region, vec![want(0, hours(0, 12), 1).from_right(first)]);
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(1, 3), 1)]);
    let part = want(0, hours(1, 3), 1).from_right(right);
    fleet.give_claim(fleet.region, claim, 0, vec![(0, part)]);
    let (author, scope) = ((4, fleet.region_id), Scope::parse("a/b").unwrap());
    if later {
        fleet.pen.notify_later(author, &scope, hour(2), (kind, body));
    } else {
        fleet.pen.notify_raw(author, &scope, hour(2), (kind, body));
    }
    let judged = fleet.judge();
    let lease = &judged.leases[&(claim.record, 0)];
    (lease.standing, lease.suspended_until())
}

fn restriction(facts: Vec<Fact>) -> Vec<u8> {
    let effect = RestrictionEffect(77);
    notice::encode(&Restriction { facts, effect, since: None, above: false }).unwrap()
}

/// `[RESTRICT-2]`
#[test]
fn row_18_a_notice_of_the_future_suspends_what_the_rest_of_its_match_fits() {
    let unknown = || Fact { number: 99, value: FactValue::Null };
    let elsewhere = Fact { number: Fact::ENROLMENT, value: FactValue::Bytes(vec![7; 16]) };
    let short = Fact { number: Fact::ENROLMENT, value: FactValue::Bytes(vec![7; 15]) };
    let suspended = (Firm, Some(hour(2)));
    for kind in [64, 65, 1 << 40] {
        assert_eq!(noticed(false, kind, restriction(vec![unknown()])), suspended, "{kind}");
        assert_eq!(noticed(true, kind, restriction(vec![unknown(), short.clone()])), suspended, "{kind}");
        assert_eq!(noticed(false, kind, vec![0x81, 0x05]), suspended, "{kind} without a match");
        assert_eq!(noticed(false, kind, restriction(vec![unknown(), elsewhere.clone()])), (Firm, None));
        assert_eq!(noticed(false, kind, restriction(Vec::new())), (Firm, None), "{kind} of nobody");
    }
}

/// `[RESTRICT-2]`
#[test]
fn row_19_an_unknown_notice_kind_below_64_does_nothing() {
    for kind in [2, 7, 63] {
        assert_eq!(noticed(false, kind, restriction(Vec::new())), (Firm, None), "{kind}");
        assert_eq!(noticed(true, kind, vec![0x80]), (Firm, None), "{kind}");
    }
}

/// `[RESTRICT-2]`
#[test]
fn row_20_a_denial_that_cannot_be_read_suspends_all_that_it_may_deny() {
    let revocation = notice::encode(&Revocation { key: key(40).author(), cuts: Vec::new() }).unwrap();
    let trip = notice::encode(&Trip { other: Scope::parse("z").unwrap() }).unwrap();
    for (kind, body) in [(1, revocation), (3, trip)] {
        assert_eq!(noticed(false, kind, body.clone()), (Firm, None), "{kind} is about another");
        assert_eq!(noticed(true, kind, body), (Firm, Some(hour(2))), "{kind} of a later version");
    }
    for kind in [1, 3, 5] {
        assert_eq!(noticed(false, kind, vec![0x80]), (Firm, Some(hour(2))), "{kind} without a body");
    }
}

/// `[RESTRICT-2]`, `[GRANT-3]`
#[test]
fn row_21_an_endorsement_or_vote_that_cannot_be_read_grants_nothing() {
    assert_eq!(noticed(false, 4, vec![0x80]), (Firm, None));
    assert_eq!(noticed(false, 6, vec![0x80]), (Firm, None));
    let mut fleet = Fleet::of(2);
    let body = notice::encode(&Endorsement { record: fleet.region_enrol }).unwrap();
    let second = (1, fleet.pen.root(1));
    fleet.pen.notify_later(second, &Scope::root(), END, (Endorsement::KIND, body));
    assert_eq!(fleet.judge().enrolments[&fleet.region_id], Unknown);
    fleet.pen.endorse(1, fleet.region_enrol);
    assert_eq!(fleet.judge().enrolments[&fleet.region_id], Firm);
}
