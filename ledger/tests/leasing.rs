//! Writing claims, gives and what ends them: what is written holds on the own view, and each refusal
//! `[WRITE-1]` to `[WRITE-5]`, `[ACT-5]`, `[INC-5]`.

#![allow(clippy::unwrap_used, reason = "a fixture that fails is a failed test")]

mod common;

use common::*;
use intent_ledger::contracts::kinds::{
    Body as _, Cut, Enrol, Give, GivingBack, Mode, RELEASE, Receiver, Resource, Roles, Rotation,
};
use intent_ledger::contracts::*;
use intent_ledger::merge_rules::{Exception, Free, Hold, MayAct, Standing};
use intent_ledger::{
    AppendError, FirstLogs, Keep, Ledger, LedgerError, LogSummary, Manner, MemoryStore, NoContinuity,
    Viewpoint, Wish, WriteError, Written,
};
use rand_chacha::rand_core::Rng as _;

const PLACE: &str = "mars/forge";
const RIVAL: u8 = 9;
const STOP: Millis = Millis(500);

fn resource(path: &str, measure: Measure) -> Resource {
    Resource {
        scope: scope(PLACE),
        path: ResourcePath::parse(path).unwrap(),
        measure,
        unit: Label::try_from("1".to_owned()).unwrap(),
        scale: (1, 1),
        frame: Label::try_from("cell".to_owned()).unwrap(),
        stopping_time: STOP,
        strictest_mode: Mode::Degraded,
    }
}

fn pad() -> ResourceId {
    resource("pad", Measure::Exclusive).id()
}

fn power() -> ResourceId {
    resource("power", Measure::Rate).id()
}

fn steel() -> ResourceId {
    resource("steel", Measure::Pool).id()
}

fn track() -> ResourceId {
    resource("track", Measure::Exclusive).id()
}

/// The window of these minutes after now.
fn minutes(start: u64, end: u64) -> Window {
    let at = |minute: u64| NOW.plus(Millis(60_000 * minute));
    Window::new(at(start), at(end)).unwrap()
}

fn minute(at_minute: u64) -> Clock {
    at(NOW.plus(Millis(60_000 * at_minute)))
}

fn wants(id: ResourceId, start: u64, end: u64) -> Footprint {
    let measure = [(power(), Measure::Rate), (steel(), Measure::Pool)];
    let measure =
        measure.iter().find(|(known, _)| *known == id).map_or(Measure::Exclusive, |(_, found)| *found);
    Footprint::open(id, measure, minutes(start, end), 1)
}

/// A charter whose root holds the pad in two abutting windows, ten units of power, and ten of steel.
fn founding() -> Charter {
    let parameters = CharterParameters {
        clock_error: Millis(1_000),
        longest_lease: Millis::DAY,
        rotation_period: Millis::HOUR,
        ..CharterParameters::default()
    };
    let first = |id, end: u64, amount, repeats| {
        let mut footprint = wants(id, 0, end);
        footprint.amount = amount;
        let every = Millis(60_000 * end);
        let (lane, incarnation) = (Lane::Productivity, 5);
        CharterGive {
            footprint,
            root: 0,
            lane,
            incarnation,
            end: UNTIL,
            every,
            repeats,
            last_assignable: None,
        }
    };
    let gives = vec![first(pad(), 600, 1, 1), first(power(), 1_200, 10, 0), first(steel(), 1_200, 10, 0)];
    charter_with(parameters).with_gives(gives).unwrap()
}

struct Cell {
    charter: Charter,
    custodian: Replica,
    node: Replica,
    rival: Replica,
}

fn cell() -> Cell {
    let charter = founding();
    let (mut custodian, _) = replica(&charter, ROOT, &[""]);
    let roles = Roles::ACT.with(Roles::GIVE).with_class(3);
    let enrols = [NODE, RIVAL].map(|seed| enrol(seed, roles, PLACE, 1 << 20, 8, in_days(400)));
    custodian.append(Lane::Safety, &enrols, now()).unwrap();
    let declared = ["pad", "power", "steel", "track"];
    let measures = [Measure::Exclusive, Measure::Rate, Measure::Pool, Measure::Exclusive];
    let declared: Vec<Record> = declared
        .iter()
        .zip(measures)
        .map(|(path, measure)| resource(path, measure).record(UNTIL, Vec::new()).unwrap())
        .collect();
    custodian.append(Lane::Productivity, &declared, now()).unwrap();
    let (mut node, _) = replica(&charter, NODE, &[""]);
    let (mut rival, _) = replica(&charter, RIVAL, &[""]);
    send(&custodian, &mut node, usize::MAX);
    send(&custodian, &mut rival, usize::MAX);
    Cell { charter, custodian, node, rival }
}

impl Cell {
    /// The node claims, the custodian hears of it and gives, the node hears of that.
    fn lease(&mut self, footprint: Footprint) -> (Written, Written) {
        let claim = self.node.claim(&Wish::of(footprint), now()).unwrap();
        send(&self.node, &mut self.custodian, usize::MAX);
        let give = self.custodian.give(&claim.record(), 0, Manner::Civil, now()).unwrap();
        send(&self.custodian, &mut self.node, usize::MAX);
        (claim, give)
    }

    fn rival_claims(&mut self, footprint: Footprint) -> Written {
        let claim = self.rival.claim(&Wish::of(footprint), now()).unwrap();
        send(&self.rival, &mut self.custodian, usize::MAX);
        claim
    }
}

fn standing(ledger: &mut Replica, written: &Written) -> Vec<Standing> {
    let view = ledger.view(Viewpoint::Own).unwrap();
    view.explain(&written.record()).iter().map(|finding| finding.standing).collect()
}

/// The call is refused by a clause, and changes nothing.
fn refused(
    ledger: &mut Replica,
    clause: &str,
    call: impl FnOnce(&mut Replica) -> Result<Written, WriteError>,
) -> WriteError {
    let (before, writing) = (picture(ledger), ledger.writing().collect::<Vec<_>>());
    let error = call(ledger).unwrap_err();
    assert_eq!(error.clause(), Some(clause), "{error}");
    assert!(error.to_string().contains(&format!("[{clause}]")), "{error} names its clause");
    assert_eq!((picture(ledger), ledger.writing().collect::<Vec<_>>()), (before, writing), "{error}");
    error
}

#[test]
fn what_a_custodian_gives_is_go_for_its_holder_alone() {
    let mut cell = cell();
    let (claim, give) = cell.lease(wants(pad(), 10, 20));
    assert_eq!(claim.findings[0].standing, Standing::Asked);
    assert_eq!(give.findings[0].standing, Standing::Firm);
    assert_eq!(give.at.log, cell.charter.first_rights().next().unwrap().holder, "[WRITE-3]");
    let go = cell.node.may_act(&claim.record(), 0, minute(12), Millis(0)).unwrap();
    assert!(matches!(go, MayAct::Go { .. }), "{go:?}");
    let others = cell.custodian.may_act(&claim.record(), 0, minute(12), Millis(0)).unwrap();
    assert!(matches!(others, MayAct::Hold(Hold::NotWriting(_))), "{others:?}");
}

#[test]
fn untils_follow_from_what_is_written() {
    let mut cell = cell();
    let (claim, give) = cell.lease(wants(pad(), 10, 20));
    let until = minutes(10, 20).end().plus(Millis::DAY);
    assert_eq!((claim.citation.until, give.citation.until), (until, until), "[WRITE-2]");
    let end = cell.node.release(&claim.record(), &[], minute(15)).unwrap();
    assert_eq!((end.citation.until, end.at.log), (until, claim.at.log));
    // Of a pool, the right's until.
    let pool = cell.custodian.drawn(&wants(steel(), 10, 20)).unwrap();
    let own = cell.custodian.claim(&Wish::of(pool), now()).unwrap();
    assert_eq!(own.citation.until, UNTIL);
    assert_eq!(own.findings[0].standing, Standing::Firm);
}

#[test]
fn a_lease_over_two_abutting_rights_is_given_in_two_parts() {
    let mut cell = cell();
    let (claim, give) = cell.lease(wants(pad(), 590, 610));
    assert_eq!(give.findings.len(), 2, "one part of each right");
    let go = cell.node.may_act(&claim.record(), 0, minute(605), Millis(0)).unwrap();
    assert!(matches!(go, MayAct::Go { .. }), "{go:?}");
}

#[test]
fn a_lease_that_leaves_no_time_to_act_and_stop_is_refused() {
    let mut cell = cell();
    let short = |length: u64| {
        let window = Window::new(NOW, NOW.plus(Millis(length))).unwrap();
        Wish::of(Footprint::open(pad(), Measure::Exclusive, window, 1))
    };
    // Twice an error of a second, and half a second to stop.
    let error = refused(&mut cell.node, "WRITE-5", |node| node.claim(&short(2_500), now()));
    assert_eq!(error, WriteError::TooShort { usable: 2_500, needed: 2_501 });
    cell.node.claim(&short(2_501), now()).unwrap();
    // A machine that stops more slowly says so.
    let slow = Wish { stopping: Millis(501), manner: Manner::Forced, ..short(2_501) };
    refused(&mut cell.node, "WRITE-5", |node| node.claim(&slow, now()));
    // A joint lease has only the time in which all of its windows are on.
    let apart = vec![vec![wants(pad(), 10, 20), wants(power(), 20, 30)]];
    let joint = Wish { alternatives: apart, ..short(2_501) };
    refused(&mut cell.node, "WRITE-5", |node| node.claim(&joint, now()));
}

/// `[WRITE-5]`: the least that is of use is judged, and it must fit into what is asked.
#[test]
fn a_least_that_leaves_no_time_or_is_more_than_what_is_asked_is_refused() {
    let mut cell = cell();
    let wish = |least| Wish { durations: (Millis(least), Millis::HOUR), ..Wish::of(wants(pad(), 10, 20)) };
    let error = refused(&mut cell.node, "WRITE-5", |node| node.claim(&wish(2_500), now()));
    assert_eq!(error, WriteError::TooShort { usable: 2_500, needed: 2_501 });
    cell.node.claim(&wish(2_501), now()).unwrap();
    let error = refused(&mut cell.node, "WRITE-5", |node| node.claim(&wish(600_001), now()));
    assert_eq!(error, WriteError::TooShort { usable: 600_000, needed: 600_001 });
    cell.node.claim(&wish(600_000), now()).unwrap();
}

/// `[LEASE-8]`, `[LEASE-9]`
#[test]
fn a_lease_is_granted_in_part_then_whole_then_longer_and_no_longer_than_its_claim_bears() {
    let mut cell = cell();
    let until = minutes(10, 40).end().plus(Millis::DAY);
    let durations = (Millis(300_000), Millis::HOUR);
    let wish = Wish { until: Some(until), durations, ..Wish::of(wants(pad(), 10, 30)) };
    let claim = cell.node.claim(&wish, now()).unwrap().record();
    send(&cell.node, &mut cell.custodian, usize::MAX);
    let to = |at_minute: u64| NOW.plus(Millis(60_000 * at_minute));
    let mut granted = Vec::new();
    for end in [12, 15, 30, 40] {
        cell.custodian.extend(&claim, 0, to(end), Manner::Civil, now()).unwrap();
        send(&cell.custodian, &mut cell.node, usize::MAX);
        let MayAct::Go { valid_until, .. } = cell.node.may_act(&claim, 0, minute(11), Millis(0)).unwrap()
        else {
            granted.push(None);
            continue;
        };
        granted.push(Some(valid_until.plus(STOP).plus(Millis(1))));
    }
    // Two minutes are of no use to it.
    assert_eq!(granted, [None, Some(to(15)), Some(to(30)), Some(to(40))]);
    let error = refused(&mut cell.custodian, "LEASE-9", |it| {
        it.extend(&claim, 0, to(40).plus(Millis(1)), Manner::Civil, now())
    });
    assert_eq!(error, WriteError::BeyondExtension { until: to(40).plus(Millis(1)), last: to(40) });
    let error =
        refused(&mut cell.custodian, "WRITE-4", |it| it.extend(&claim, 0, to(40), Manner::Civil, now()));
    assert_eq!(error, WriteError::GivenAlready { claim });
    refused(&mut cell.custodian, "WRITE-4", |it| it.give(&claim, 0, Manner::Civil, now()));
    // What others have meanwhile cannot extend it.
    let next = cell.rival_claims(wants(pad(), 40, 50));
    cell.custodian.give(&next.record(), 0, Manner::Civil, now()).unwrap();
}

/// `[LEASE-9]`: what stands in the way of an extension refuses it.
#[test]
fn an_extension_into_what_is_taken_is_refused() {
    let mut cell = cell();
    let until = minutes(10, 60).end().plus(Millis::DAY);
    let wish = Wish { until: Some(until), ..Wish::of(wants(pad(), 10, 20)) };
    let claim = cell.node.claim(&wish, now()).unwrap().record();
    send(&cell.node, &mut cell.custodian, usize::MAX);
    cell.custodian.give(&claim, 0, Manner::Civil, now()).unwrap();
    let next = cell.rival_claims(wants(pad(), 30, 40));
    cell.custodian.give(&next.record(), 0, Manner::Civil, now()).unwrap();
    let to = |at_minute: u64| NOW.plus(Millis(60_000 * at_minute));
    refused(&mut cell.custodian, "ORDER-2", |it| it.extend(&claim, 0, to(31), Manner::Civil, now()));
    cell.custodian.extend(&claim, 0, to(30), Manner::Civil, now()).unwrap();
}

/// `[BACK-3]`: a host whose program was rolled back does not act by what the newer one may have released; nothing
/// more is given to it, and its next claim is not concerned.
#[test]
fn what_a_newer_program_wrote_into_the_own_log_holds_its_leases() {
    let critical = |mut record: Record| {
        record.critical = true;
        record
    };
    let until = minutes(10, 20).end();
    for unreadable in [
        critical(Record::new(99, until, vec![0x80])),
        Record::new(99, until, vec![0x80]).with_footprints(Effect::Frees, Vec::new()).unwrap(),
        Record::new(RELEASE, until, vec![0x07]).with_footprints(Effect::Frees, Vec::new()).unwrap(),
    ] {
        let mut cell = cell();
        let (claim, _) = cell.lease(wants(pad(), 10, 20));
        let go = cell.node.may_act(&claim.record(), 0, minute(12), Millis(0)).unwrap();
        assert!(matches!(go, MayAct::Go { .. }), "{go:?}");
        cell.node.append_in(claim.at.log, &[unreadable], now()).unwrap();
        let held = cell.node.may_act(&claim.record(), 0, minute(12), Millis(0)).unwrap();
        assert!(matches!(&held, MayAct::Hold(hold) if hold.clause() == "BACK-3"), "{held:?}");
        send(&cell.node, &mut cell.custodian, usize::MAX);
        let more = NOW.plus(Millis(60_000 * 20));
        refused(&mut cell.custodian, "BACK-3", |it| {
            it.extend(&claim.record(), 0, more, Manner::Civil, now())
        });
        let (later, _) = cell.lease(wants(pad(), 30, 40));
        let go = cell.node.may_act(&later.record(), 0, minute(32), Millis(0)).unwrap();
        assert!(matches!(go, MayAct::Go { .. }), "{go:?}");
        cell.node.release(&claim.record(), &[], now()).unwrap();
    }
}

/// `[ACT-7]`: a view from before a release tells a standing that is over; `Go` is said by the ledger alone.
#[test]
fn an_old_view_tells_an_old_standing_and_the_ledger_holds() {
    let mut cell = cell();
    let (claim, give) = cell.lease(wants(pad(), 10, 20));
    let old = cell.node.view(Viewpoint::Own).unwrap();
    cell.node.release(&claim.record(), &[], now()).unwrap();
    send(&cell.node, &mut cell.custodian, usize::MAX);
    cell.custodian.reclaim(&give.record(), Manner::Civil, now()).unwrap();
    assert_eq!(old.lease(&claim.record(), 0).unwrap().finding.standing, Standing::Firm);
    let held = cell.node.may_act(&claim.record(), 0, minute(12), Millis(0)).unwrap();
    assert!(matches!(&held, MayAct::Hold(hold) if hold.clause() == "BACK-2"), "{held:?}");
}

/// `[RECLAIM-2]`: a host whose clock went back does not act by what its giver took back as over.
#[test]
fn what_was_taken_back_as_over_holds_a_host_whose_clock_is_late() {
    let mut cell = cell();
    let (claim, give) = cell.lease(wants(pad(), 10, 20));
    cell.custodian.reclaim(&give.record(), Manner::Civil, minute(22)).unwrap();
    send(&cell.custodian, &mut cell.node, usize::MAX);
    let held = cell.node.may_act(&claim.record(), 0, minute(12), Millis(0)).unwrap();
    assert!(matches!(&held, MayAct::Hold(hold) if hold.clause() == "RECLAIM-2"), "{held:?}");
}

#[test]
fn a_claim_is_civil_on_open_resources_unless_forced() {
    let mut cell = cell();
    let first = cell.rival.claim(&Wish::of(wants(track(), 10, 20)), now()).unwrap();
    send(&cell.rival, &mut cell.node, usize::MAX);
    let wish = Wish::of(wants(track(), 15, 25));
    let error = refused(&mut cell.node, "ACT-5", |node| node.claim(&wish, now()));
    assert_eq!(error, WriteError::Uncivil { by: first.record() });
    cell.node.claim(&Wish::of(wants(track(), 20, 25)), now()).unwrap();
    let higher = Wish { class: 1, ..Wish::of(wants(track(), 15, 18)) };
    let above = cell.node.claim(&higher, now()).unwrap();
    assert_eq!(above.findings[0].standing, Standing::Provisional);
    // Other cells are another place.
    let cells = |start| {
        let boxed = IntBox::try_from(vec![BoxSpan::new(start, start + 5).unwrap()]).unwrap();
        Wish::of(wants(track(), 100, 110).within(vec![boxed]).unwrap())
    };
    cell.node.claim(&cells(0), now()).unwrap();
    cell.node.claim(&cells(5), now()).unwrap();
    refused(&mut cell.node, "ACT-5", |node| node.claim(&cells(4), now()));
    // After its release it is there no more, though it goes on displacing [OPEN-3].
    cell.rival.release(&first.record(), &[], now()).unwrap();
    send(&cell.rival, &mut cell.node, usize::MAX);
    let clear = Wish { class: 2, ..Wish::of(wants(track(), 10, 14)) };
    cell.node.claim(&clear, now()).unwrap();
}

#[test]
fn a_forced_claim_may_be_displaced_and_a_civil_one_is_not_written_to_lose() {
    let mut cell = cell();
    let first = cell.rival.claim(&Wish::of(wants(track(), 10, 20)), now()).unwrap();
    cell.rival.release(&first.record(), &[], now()).unwrap();
    send(&cell.rival, &mut cell.node, usize::MAX);
    // Nobody is there, but whoever ranks first still displaces [OPEN-3]: one of the two loses by rank.
    let wish = |start| Wish::of(wants(track(), start, start + 4));
    let back = cell.node.claim(&wish(10), now());
    let forced = cell.node.claim(&Wish { manner: Manner::Forced, ..wish(14) }, now()).unwrap();
    match back {
        Ok(written) => assert_eq!(written.findings[0].standing, Standing::Provisional),
        Err(error) => {
            assert_eq!(error.clause(), Some("OPEN-3"));
            assert_eq!(forced.findings[0].standing, Standing::Displaced);
        }
    }
}

#[test]
fn what_would_be_void_is_refused_with_its_clause() {
    let mut cell = cell();
    let class = Wish { class: 4, ..Wish::of(wants(pad(), 10, 20)) };
    refused(&mut cell.node, "GRANT-2", |node| node.claim(&class, now()));
    let mut none = wants(power(), 10, 20);
    none.amount = 0;
    refused(&mut cell.node, "LEASE-6", |node| node.claim(&Wish::of(none), now()));
    let long = Wish::of(wants(pad(), 0, 1_441));
    refused(&mut cell.node, "LEASE-6", |node| node.claim(&long, now()));
    let open = vec![vec![wants(track(), 10, 20)], vec![wants(track(), 30, 40)]];
    let open = Wish { alternatives: open, ..long };
    refused(&mut cell.node, "OPEN-2", |node| node.claim(&open, now()));
    // What nobody declared has no scope.
    let unknown = Wish::of(wants(resource("moon", Measure::Exclusive).id(), 10, 20));
    refused(&mut cell.node, "LEASE-6", |node| node.claim(&unknown, now()));
}

#[test]
fn a_give_that_does_not_fit_is_refused_and_the_next_right_is_tried() {
    let mut cell = cell();
    cell.lease(wants(pad(), 10, 20));
    let late = cell.rival_claims(wants(pad(), 15, 25));
    let error =
        refused(&mut cell.custodian, "ORDER-2", |it| it.give(&late.record(), 0, Manner::Civil, now()));
    assert!(matches!(&error, WriteError::Taken { finding, .. } if finding.standing == Standing::Overdrawn));
    refused(&mut cell.custodian, "ORDER-2", |it| it.give(&late.record(), 0, Manner::Forced, now()));
    let next = cell.rival_claims(wants(pad(), 20, 25));
    cell.custodian.give(&next.record(), 0, Manner::Civil, now()).unwrap();
    // Whoever holds no right has nothing to give.
    send(&cell.node, &mut cell.rival, usize::MAX);
    refused(&mut cell.rival, "WRITE-3", |it| it.give(&late.record(), 0, Manner::Civil, now()));
    let absent = RecordId { entry: EntryId::from_bytes([9; 32]), index: 0 };
    refused(&mut cell.custodian, "WRITE-1", |it| it.give(&absent, 0, Manner::Civil, now()));
}

#[test]
fn what_is_given_already_or_released_is_not_given_again() {
    let mut cell = cell();
    let (claim, _) = cell.lease(wants(power(), 10, 20));
    refused(&mut cell.custodian, "WRITE-4", |it| it.give(&claim.record(), 0, Manner::Forced, now()));
    let asked = cell.node.claim(&Wish::of(wants(power(), 30, 40)), now()).unwrap();
    cell.node.release(&asked.record(), &[], now()).unwrap();
    send(&cell.node, &mut cell.custodian, usize::MAX);
    refused(&mut cell.custodian, "BACK-2", |it| it.give(&asked.record(), 0, Manner::Civil, now()));
    refused(&mut cell.node, "BACK-2", |it| it.release(&asked.record(), &[], now()));
}

#[test]
fn a_release_is_written_to_the_claims_own_log_or_not_at_all() {
    let mut cell = cell();
    let (claim, _) = cell.lease(wants(pad(), 10, 20));
    // A shorter log, to which a record of this until would go by itself.
    let plain = cell.custodian.release(&claim.record(), &[], now()).unwrap_err();
    assert_eq!(plain, WriteError::Append(AppendError::NotWriting { log: claim.at.log }));
    let end = cell.node.release(&claim.record(), &[], minute(12)).unwrap();
    assert_eq!(end.at.log, claim.at.log);
    let held = cell.node.may_act(&claim.record(), 0, minute(13), Millis(0)).unwrap();
    assert!(matches!(held, MayAct::Hold(Hold::Standing(_))), "{held:?}");
}

#[test]
fn a_reclaim_wants_the_receivers_word_or_time() {
    let mut cell = cell();
    let (claim, give) = cell.lease(wants(pad(), 10, 20));
    let late = cell.rival_claims(wants(pad(), 15, 25));
    let error =
        refused(&mut cell.custodian, "WRITE-4", |it| it.reclaim(&give.record(), Manner::Civil, minute(12)));
    assert_eq!(error, WriteError::NotBack { give: give.record() });
    cell.node.release(&claim.record(), &[], minute(12)).unwrap();
    send(&cell.node, &mut cell.custodian, usize::MAX);
    cell.custodian.reclaim(&give.record(), Manner::Civil, minute(12)).unwrap();
    let again = cell.custodian.give(&late.record(), 0, Manner::Civil, minute(12)).unwrap();
    assert_eq!(again.findings[0].standing, Standing::Firm, "the release goes along and proves itself");
    send(&cell.custodian, &mut cell.rival, usize::MAX);
    let go = cell.rival.may_act(&late.record(), 0, minute(16), Millis(0)).unwrap();
    assert!(matches!(go, MayAct::Go { .. }), "{go:?}");
}

/// `[WRITE-4]`
#[test]
fn a_reclaim_on_the_bare_word_is_forced_and_what_follows_is_at_risk() {
    let mut cell = cell();
    let (_, give) = cell.lease(wants(pad(), 10, 20));
    let late = cell.rival_claims(wants(pad(), 15, 25));
    cell.custodian.reclaim(&give.record(), Manner::Forced, now()).unwrap();
    let error =
        refused(&mut cell.custodian, "ORDER-4", |it| it.give(&late.record(), 0, Manner::Civil, now()));
    assert!(matches!(&error, WriteError::Foreseen { finding } if finding.standing == Standing::AtRisk));
    let risky = cell.custodian.give(&late.record(), 0, Manner::Forced, now()).unwrap();
    assert_eq!(standing(&mut cell.custodian, &risky), [Standing::AtRisk]);
}

#[test]
fn time_frees_a_window_and_never_a_pool() {
    let mut cell = cell();
    let (_, give) = cell.lease(wants(pad(), 10, 20));
    // Twenty minutes, the guard of one, and the clock's error.
    refused(&mut cell.custodian, "WRITE-4", |it| it.reclaim(&give.record(), Manner::Civil, minute(21)));
    cell.custodian.reclaim(&give.record(), Manner::Civil, minute(22)).unwrap();
    let wish = Wish { until: Some(UNTIL), ..Wish::of(wants(steel(), 30, 40)) };
    let error = cell.node.claim(&wish, now()).unwrap_err();
    assert!(matches!(error, WriteError::Append(AppendError::BeyondEnrolment { .. })), "{error}");
}

#[test]
fn a_right_that_was_given_on_is_not_given_back() {
    let mut cell = cell();
    let note = cell.node.append(Lane::Productivity, &[note(in_days(300), b"open")], now()).unwrap();
    send(&cell.node, &mut cell.custodian, usize::MAX);
    let given = cell.custodian.give_right(note.log, &[wants(pad(), 0, 60)], Manner::Civil, now()).unwrap();
    send(&cell.custodian, &mut cell.node, usize::MAX);
    send(&cell.custodian, &mut cell.rival, usize::MAX);
    let own = cell.node.drawn(&wants(pad(), 10, 20)).unwrap();
    let own = cell.node.claim(&Wish::of(own), now()).unwrap();
    assert_eq!((own.findings[0].standing, own.at.log), (Standing::Firm, note.log), "[WRITE-3]");
    refused(&mut cell.node, "ORDER-2", |it| it.give_back(&given.record(), Manner::Civil, minute(5)));
    cell.node.release(&own.record(), &[], minute(6)).unwrap();
    cell.node.give_back(&given.record(), Manner::Civil, minute(7)).unwrap();
    send(&cell.node, &mut cell.custodian, usize::MAX);
    cell.custodian.reclaim(&given.record(), Manner::Civil, minute(8)).unwrap();
    let next = cell.rival_claims(wants(pad(), 10, 20));
    let again = cell.custodian.give(&next.record(), 0, Manner::Civil, minute(9)).unwrap();
    assert_eq!(again.findings[0].standing, Standing::Firm);
    // Another log's right is nobody else's to return.
    let error = cell.rival.give_back(&given.record(), Manner::Civil, minute(9)).unwrap_err();
    assert!(matches!(error, WriteError::Append(AppendError::NotWriting { .. })), "{error}");
}

#[test]
fn parts_of_several_logs_are_not_one_record() {
    let mut cell = cell();
    let mut right = |days| {
        let log = cell.node.append(Lane::Productivity, &[note(in_days(days), b"open")], now()).unwrap().log;
        send(&cell.node, &mut cell.custodian, usize::MAX);
        let window = wants(pad(), days, days + 30);
        let give =
            cell.custodian.give_right(log, std::slice::from_ref(&window), Manner::Civil, now()).unwrap();
        send(&cell.custodian, &mut cell.node, usize::MAX);
        window.from_right(give.citation)
    };
    let (first, second) = (right(300), right(330));
    let apart = Wish { alternatives: vec![vec![first], vec![second]], ..Wish::of(wants(pad(), 1, 2)) };
    refused(&mut cell.node, "WRITE-3", |it| it.claim(&apart, now()));
}

#[test]
fn the_first_free_window_leaves_the_guard_after_each_occupancy() {
    let mut cell = cell();
    cell.lease(wants(pad(), 10, 20));
    let view = cell.custodian.view(Viewpoint::Own).unwrap();
    let found = view.first_free(pad(), minutes(5, 60), Millis(600_000), now()).unwrap();
    assert_eq!(found, minutes(21, 31), "[ACT-4]");
    assert!(matches!(view.free(pad(), found, now()), Free::Free { .. }));
    assert_eq!(view.first_free(pad(), minutes(5, 30), Millis(600_000), now()), None);
}

#[test]
fn a_log_that_the_charter_names_is_opened_once() {
    let charter = founding();
    let named = charter.first_rights().next().unwrap().holder;
    let found = |store: SharedStore, seed: u8, entropy: u64, witness: Witness, first: &FirstLogs| {
        Ledger::found(store, &charter, vec![Scope::root()], host(seed, entropy, witness), first)
    };
    let first = FirstLogs::all(&charter, &key(ROOT).author());
    let (store, witness) = (SharedStore::default(), Witness::default());
    drop(found(store.clone(), ROOT, 1, witness.clone(), &first).unwrap());
    let backup = store.copy();
    // A reboot with its witness may still open it.
    let mut ledger = Ledger::open(store, &charter, host(ROOT, 2, witness.clone())).unwrap();
    let opened = ledger.append_in(named, &[note(in_days(3), b"a")], now()).unwrap();
    assert_eq!((opened.log, opened.seq), (named, 1));
    ledger.append_in(named, &[note(in_days(3), b"b")], now()).unwrap();
    let refused = |ledger: &mut Replica| {
        let error = ledger.append_in(named, &[note(in_days(3), b"c")], now()).unwrap_err();
        assert_eq!(error, AppendError::NotWriting { log: named });
    };
    // A second store of the same host may not, named or not: the record knows of the first.
    let recorded = witness.generation().unwrap();
    let second = found(SharedStore::default(), ROOT, 4, witness.clone(), &first).err();
    assert_eq!(second, Some(LedgerError::FoundedBefore { recorded }));
    // A restored backup, in which it is not opened yet, may not.
    refused(&mut Ledger::open(backup, &charter, host(ROOT, 3, witness)).unwrap());
    // A host that kept no record may until it hears of the log.
    let mut third = found(SharedStore::default(), ROOT, 5, Witness::default(), &first).unwrap();
    send(&ledger, &mut third, usize::MAX);
    refused(&mut third);
    assert_eq!(third.logs().filter(|log| log.terminal.is_some()).count(), 0);
    // Nor does a host that doubts its continuity.
    let mut fourth = found(SharedStore::default(), ROOT, 6, Witness::default(), &first).unwrap();
    fourth.start_incarnation().unwrap();
    refused(&mut fourth);
    // Nor anybody else.
    let other = found(SharedStore::default(), NODE, 7, Witness::default(), &first).err();
    assert_eq!(other, Some(LedgerError::NotFirst { log: named }));
}

#[test]
fn a_damaged_list_of_unopened_logs_opens_none() {
    let charter = founding();
    let named = charter.first_rights().next().unwrap().holder;
    let (store, witness) = (SharedStore::default(), Witness::default());
    let interests = vec![Scope::root()];
    let first = FirstLogs::all(&charter, &key(ROOT).author());
    drop(Ledger::found(store.clone(), &charter, interests, host(ROOT, 1, witness.clone()), &first).unwrap());
    let mut rows = store.rows(b'm').into_iter();
    let (key, value) = rows.find(|(key, _)| key.ends_with(b"unopened")).unwrap();
    let append = |store: SharedStore| {
        let mut ledger = Ledger::open(store, &charter, host(ROOT, 2, witness.copy())).unwrap();
        (ledger.opening().damage.len(), ledger.append_in(named, &[note(in_days(3), b"c")], now()))
    };
    let mut flipped = value;
    *flipped.last_mut().unwrap() ^= 1;
    let damaged = store.copy();
    damaged.put(key, flipped);
    let (damage, outcome) = append(damaged);
    assert_eq!((damage, outcome.unwrap_err()), (1, AppendError::NotWriting { log: named }));
    assert!(append(store).1.is_ok());
}

#[test]
fn an_own_log_that_ends_too_soon_is_refused() {
    let mut cell = cell();
    let first = cell.node.append(Lane::Productivity, &[note(in_days(5), b"a")], now()).unwrap();
    let end = cell.node.logs().find(|log| log.id == first.log).unwrap().key.end;
    let error = cell.node.append_in(first.log, &[note(end.plus(Millis(1)), b"b")], now()).unwrap_err();
    assert_eq!(error, AppendError::BeyondLog { until: end.plus(Millis(1)), end });
    cell.node.append_in(first.log, &[note(end, b"b")], now()).unwrap();
}

/// One random step of one of the three; tells what was written.
fn step(
    cell: &mut Cell,
    random: &mut impl rand_chacha::rand_core::Rng,
    told: &mut Vec<(usize, Written)>,
) -> bool {
    let mut below = |bound: u64| random.next_u64() % bound;
    let who = usize::try_from(below(3)).unwrap();
    let at_minute = minute(told.len() as u64 / 4 + below(3));
    let id = [pad(), power(), steel(), track()][usize::try_from(below(4)).unwrap()];
    let (start, length) = (below(40), 1 + below(30));
    let mut part = wants(id, start, start + length);
    part.amount = 1 + below(3) * u64::from(part.measure != Measure::Exclusive);
    let manner = if below(3) == 0 { Manner::Forced } else { Manner::Civil };
    let class = u8::try_from(below(5)).unwrap();
    let known =
        told.get(usize::try_from(below(told.len().max(1) as u64)).unwrap()).map(|(_, it)| it.record());
    let newest = told.last().map(|(_, it)| it.record()).filter(|_| below(2) == 0).or(known);
    let verb = below(7);
    let ledger = [&mut cell.custodian, &mut cell.node, &mut cell.rival].into_iter().nth(who).unwrap();
    let before = ledger.state_digest();
    let outcome = match (verb, newest) {
        (0, _) => ledger.claim(&Wish { class, manner, ..Wish::of(part) }, at_minute),
        (1, _) => match ledger.drawn(&part) {
            Ok(part) => ledger.claim(&Wish { manner, ..Wish::of(part) }, at_minute),
            Err(error) => Err(error),
        },
        (2 | 3, Some(record)) => ledger.give(&record, 0, manner, at_minute),
        (4, Some(record)) => {
            let unused = [(record, 1)];
            ledger.release(&record, if id == steel() { &unused } else { &[] }, at_minute)
        }
        (5, Some(record)) => ledger.reclaim(&record, manner, at_minute),
        (6, Some(record)) => ledger.give_back(&record, manner, at_minute),
        _ => return false,
    };
    match outcome {
        Ok(written) => {
            let view = ledger.view(Viewpoint::Own).unwrap();
            let findings = view.explain(&written.record());
            assert_eq!(findings, written.findings, "what is foreseen is what is said");
            for finding in &findings {
                let lost =
                    [Standing::Void, Standing::Overdrawn, Standing::Revoked].contains(&finding.standing);
                assert!(!lost, "{finding}");
                assert!(manner == Manner::Forced || finding.standing != Standing::AtRisk, "{finding}");
                assert!(manner == Manner::Forced || finding.standing != Standing::Displaced, "{finding}");
            }
            let misbehaved = view.exceptions_of(&written.record()).into_iter().find(|told| {
                matches!(told, Exception::Misbehaved(_) | Exception::Overdrawn(_) | Exception::Revoked(_))
            });
            assert_eq!(misbehaved, None);
            told.push((who, written));
        }
        Err(error) => {
            assert_eq!(ledger.state_digest(), before, "{error}");
            assert!(!error.to_string().is_empty() && !ledger.is_poisoned());
        }
    }
    true
}

#[test]
fn nothing_that_is_written_is_void_or_overdrawn_on_the_own_view() {
    let (mut claims, mut gives, mut refusals) = (0, 0, 0);
    for seed in 0..40 {
        let mut cell = cell();
        let mut random = entropy(seed);
        let mut told = Vec::new();
        for _ in 0..60 {
            let before = told.len();
            let tried = step(&mut cell, &mut random, &mut told);
            refusals += u64::from(tried && told.len() == before);
            match random.next_u64() % 6 {
                0 => drop(send(&cell.node, &mut cell.custodian, usize::MAX)),
                1 => drop(send(&cell.rival, &mut cell.custodian, usize::MAX)),
                2 => drop(send(&cell.custodian, &mut cell.node, usize::MAX)),
                3 => drop(send(&cell.custodian, &mut cell.rival, usize::MAX)),
                _ => {}
            }
        }
        let view = cell.custodian.view(Viewpoint::Own).unwrap();
        for (_, written) in &told {
            let class = view.class(&written.record());
            (claims, gives) = (claims + u64::from(class.is_some()), gives + u64::from(class.is_none()));
        }
    }
    // The test is worth something only while all of it happens.
    assert!(
        claims > 100 && gives > 100 && refusals > 300,
        "{claims} claims, {gives} others, {refusals} refusals"
    );
}

/// `[PROOF-1]`, `[WRITE-4]`: who cites the give alone has not left the claim; the release proper is found behind it.
#[test]
fn a_release_that_cites_a_give_alone_is_no_evidence_and_hides_none() {
    let mut cell = cell();
    let (claim, give) = cell.lease(wants(pad(), 10, 20));
    send(&cell.custodian, &mut cell.node, usize::MAX);
    let body = GivingBack { gives: vec![give.citation], alternatives: Vec::new(), unused: vec![0] };
    let record = body.record_of(RELEASE, give.citation.until, Vec::new()).unwrap();
    cell.node.append_in(claim.at.log, &[record], now()).unwrap();
    send(&cell.node, &mut cell.custodian, usize::MAX);
    refused(&mut cell.custodian, "WRITE-4", |it| it.reclaim(&give.record(), Manner::Civil, now()));
    cell.node.release(&claim.record(), &[], now()).unwrap();
    send(&cell.node, &mut cell.custodian, usize::MAX);
    cell.custodian.reclaim(&give.record(), Manner::Civil, now()).unwrap();
    let (_, again) = cell.lease(wants(pad(), 10, 20));
    let view = cell.custodian.view(Viewpoint::Own).unwrap();
    assert_eq!(view.part(&again.record(), 0).unwrap().standing, Standing::Firm);
}

#[test]
fn a_release_of_a_stranger_is_no_evidence() {
    let mut cell = cell();
    let (claim, give) = cell.lease(wants(pad(), 10, 20));
    send(&cell.node, &mut cell.rival, usize::MAX);
    let body = GivingBack { gives: vec![claim.citation], alternatives: Vec::new(), unused: vec![0] };
    let record = body.record_of(RELEASE, claim.citation.until, Vec::new()).unwrap();
    cell.rival.append(Lane::Productivity, &[record], now()).unwrap();
    send(&cell.rival, &mut cell.custodian, usize::MAX);
    refused(&mut cell.custodian, "WRITE-4", |it| it.reclaim(&give.record(), Manner::Civil, now()));
}

#[test]
fn a_store_in_memory_serves_as_well() {
    let charter = founding();
    let host = host(ROOT, 1, NoContinuity);
    let first = FirstLogs::all(&charter, &key(ROOT).author());
    let mut ledger = Ledger::found(MemoryStore::new(), &charter, vec![Scope::root()], host, &first).unwrap();
    let declared = resource("pad", Measure::Exclusive).record(UNTIL, Vec::new()).unwrap();
    ledger.append(Lane::Productivity, &[declared], now()).unwrap();
    let own = ledger.drawn(&wants(pad(), 10, 20)).unwrap();
    let claim = ledger.claim(&Wish::of(own), now()).unwrap();
    let go = ledger.may_act(&claim.record(), 0, minute(12), Millis(0)).unwrap();
    assert!(matches!(go, MayAct::Go { .. }), "{go:?}");
    // `Go` ends by the time to stop, and by the width of the clock, before the window does.
    let (clock, end) = (minute(12), minutes(10, 20).end());
    let wake = ledger.next_deadline(clock).unwrap();
    assert_eq!(wake, end.minus(STOP).minus(clock.hi().since(clock.lo())));
}

/// `[RULE-4]`: what a revoked custodian gave to a claim keeps nobody else from giving to it.
#[test]
fn a_revoked_custodian_shuts_no_claim_for_its_successor() {
    let mut cell = cell();
    let log = cell.rival.append(Lane::Productivity, &[note(in_days(300), b"open")], now()).unwrap().log;
    send(&cell.rival, &mut cell.custodian, usize::MAX);
    cell.custodian.give_right(log, &[wants(power(), 0, 60)], Manner::Civil, now()).unwrap();
    send(&cell.custodian, &mut cell.rival, usize::MAX);
    let claim = cell.node.claim(&Wish::of(wants(power(), 10, 20)), now()).unwrap();
    send(&cell.node, &mut cell.rival, usize::MAX);
    send(&cell.node, &mut cell.custodian, usize::MAX);
    cell.rival.give(&claim.record(), 0, Manner::Civil, now()).unwrap();
    let denied = cell.custodian.revoke(key(RIVAL).author(), &Keep::Nothing, now()).unwrap();
    assert_eq!((denied.reaches.len(), denied.lacking), (1, 0));
    send(&cell.rival, &mut cell.custodian, usize::MAX);
    assert_eq!(standing(&mut cell.custodian, &claim), [Standing::Revoked]);
    cell.custodian.give(&claim.record(), 0, Manner::Civil, now()).unwrap();
    assert_eq!(standing(&mut cell.custodian, &claim), [Standing::Firm]);
}

/// `[WRITE-1]`: a return is refused when any part of its right was given on, not the first alone.
#[test]
fn a_right_of_several_parts_is_not_given_back_while_one_of_them_is_given_on() {
    let mut cell = cell();
    let log = cell.node.append(Lane::Productivity, &[note(in_days(300), b"open")], now()).unwrap().log;
    send(&cell.node, &mut cell.custodian, usize::MAX);
    let parts = [wants(pad(), 0, 60), wants(power(), 0, 60)];
    let given = cell.custodian.give_right(log, &parts, Manner::Civil, now()).unwrap();
    send(&cell.custodian, &mut cell.node, usize::MAX);
    let own = cell.node.drawn(&wants(power(), 10, 20)).unwrap();
    cell.node.claim(&Wish::of(own), now()).unwrap();
    refused(&mut cell.node, "ORDER-2", |it| it.give_back(&given.record(), Manner::Civil, minute(5)));
}

/// `[WRITE-1]`: a claim that draws its own part is revoked with its log, and nobody gives to it.
#[test]
fn a_revoked_claim_that_draws_its_own_part_is_given_nothing() {
    let mut cell = cell();
    let log = cell.node.append(Lane::Productivity, &[note(in_days(300), b"open")], now()).unwrap().log;
    send(&cell.node, &mut cell.custodian, usize::MAX);
    cell.custodian.give_right(log, &[wants(power(), 0, 60)], Manner::Civil, now()).unwrap();
    send(&cell.custodian, &mut cell.node, usize::MAX);
    let own = cell.node.drawn(&wants(power(), 10, 20)).unwrap();
    let claim = cell.node.claim(&Wish::of(own), now()).unwrap();
    send(&cell.node, &mut cell.custodian, usize::MAX);
    let denied = cell.custodian.revoke(key(NODE).author(), &Keep::Nothing, now()).unwrap();
    assert_eq!((denied.reaches.len(), denied.lacking), (1, 0));
    refused(&mut cell.custodian, "DENY-2", |it| it.give(&claim.record(), 0, Manner::Civil, now()));
}

/// `[LEASE-2]`: the sixty-fifth give of one log to a claim would take and answer nothing.
#[test]
fn who_has_given_to_a_claim_as_often_as_counts_gives_no_more() {
    let mut cell = cell();
    let claim = cell.node.claim(&Wish::of(wants(power(), 10, 20)), now()).unwrap();
    send(&cell.node, &mut cell.custodian, usize::MAX);
    let first = cell.charter.first_rights().find(|right| right.footprint.resource == power()).unwrap();
    let part = wants(power(), 30, 40).from_right(first.citation);
    let to = Receiver::Claim { claim: claim.citation, alternative: 0 };
    let elsewhere = Give { to, parts: vec![0] }.record(claim.citation.until, vec![part]).unwrap();
    // They lie elsewhere, and most of them are more than the right has.
    for _ in 0..4 {
        cell.custodian.append_in(first.holder, &vec![elsewhere.clone(); 16], now()).unwrap();
    }
    let error =
        refused(&mut cell.custodian, "LEASE-2", |it| it.give(&claim.record(), 0, Manner::Civil, now()));
    assert_eq!(error, WriteError::GivesSpent { log: first.holder, claim: claim.record() });
}

/// `[ROT-2]`: a lease once stayed `Go` under a key that was rotated, and its log could not release it.
#[test]
fn a_rotated_key_acts_by_nothing_that_its_logs_hold() {
    let mut cell = cell();
    let body = Enrol {
        next_key: Some(key(51).author().commitment()),
        ..Enrol::read(&enrol(50, Roles::ACT, PLACE, 1 << 20, 8, in_days(400)).body).unwrap().body
    };
    let until = in_days(400);
    cell.custodian.append(Lane::Safety, &[body.record(until, Vec::new()).unwrap()], now()).unwrap();
    let store = SharedStore::default();
    let witness = Witness::default();
    let host_of = |seed: u8| host(seed, seed.into(), witness.clone());
    cell.node = Ledger::create(store.clone(), &cell.charter, vec![scope("")], host_of(50)).unwrap();
    send(&cell.custodian, &mut cell.node, usize::MAX);
    let (claim, _) = cell.lease(wants(pad(), 10, 60));
    let (other, _) = cell.lease(wants(pad(), 100, 160));
    cell.node.release(&other.record(), &[], now()).unwrap();
    let asked = |node: &mut Replica| node.may_act(&claim.record(), 0, minute(20), STOP).unwrap();
    assert!(matches!(asked(&mut cell.node), MayAct::Go { .. }));
    // What keeps the key from being rotated: the lease that is neither released nor over.
    let log = claim.at.log;
    let view = cell.node.view(Viewpoint::Own).unwrap();
    assert_eq!(view.unfinished(&log, minute(20)), [claim.record()]);
    // The guard of a minute follows the window.
    let exact = |more: u64| Clock::new(NOW.plus(Millis(60_000 * 61 + more)), Millis(0));
    assert_eq!(view.unfinished(&log, exact(0)), [claim.record()]);
    assert!(view.unfinished(&log, exact(1)).is_empty());

    let cuts: Vec<Cut> = cell.node.logs().filter(|it| it.key.author == key(50).author()).map(cut).collect();
    let next = replica(&cell.charter, 51, &[""]);
    let mut next = next.0;
    send(&cell.node, &mut next, usize::MAX);
    let rotation = Rotation { cuts }.record(until, Vec::new()).unwrap();
    next.append(Lane::Safety, &[rotation], now()).unwrap();
    send(&next, &mut cell.node, usize::MAX);
    let told = asked(&mut cell.node);
    assert!(matches!(&told, MayAct::Hold(why @ Hold::Rotated { .. }) if why.clause() == "ROT-2"), "{told:?}");
    assert!(matches!(asked(&mut next), MayAct::Hold(Hold::Rotated { .. })));
    let view = cell.node.view(Viewpoint::Own).unwrap();
    assert_eq!(view.lease(&claim.record(), 0).unwrap().finding.standing, Standing::Firm);
    assert!(matches!(view.free(pad(), minutes(10, 60), minute(20)), Free::Occupied { .. }));
    // The same store, opened with the next key.
    let charter = cell.charter.clone();
    drop(cell);
    let mut node = Ledger::open(store, &charter, host_of(51)).unwrap();
    assert!(matches!(asked(&mut node), MayAct::Hold(Hold::Rotated { .. })));
}

fn cut(log: LogSummary) -> Cut {
    Cut { log: log.id, seq: log.head, id: log.head_id }
}
