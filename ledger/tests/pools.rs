//! Pools: what is not used comes back, whoever took it and in whatever company `[WRITE-6]`; and what would do
//! nothing is not written `[WRITE-7]`.

#![allow(clippy::unwrap_used, reason = "a fixture that fails is a failed test")]

mod common;

use common::*;
use intent_ledger::contracts::kinds::{Body as _, Claim, Mode, Resource, Roles};
use intent_ledger::contracts::*;
use intent_ledger::merge_rules::{MayAct, RightView, Standing};
use intent_ledger::{AppendError, Manner, Viewpoint, Wish, WriteError, Written};

const PLACE: &str = "mars/forge";

fn resource(path: &str, measure: Measure) -> Resource {
    Resource {
        scope: scope(PLACE),
        path: ResourcePath::parse(path).unwrap(),
        measure,
        unit: Label::try_from("1".to_owned()).unwrap(),
        scale: (1, 1),
        frame: Label::try_from("cell".to_owned()).unwrap(),
        stopping_time: Millis(500),
        strictest_mode: Mode::Degraded,
    }
}

fn dock() -> Resource {
    resource("dock", Measure::Exclusive)
}

fn feed() -> Resource {
    resource("feed", Measure::Pool)
}

fn ore() -> Resource {
    resource("ore", Measure::Pool)
}

/// What nobody gives.
fn heat() -> Resource {
    resource("heat", Measure::Rate)
}

fn minute(at_minute: u64) -> Clock {
    at(NOW.plus(Millis(60_000 * at_minute)))
}

fn hours(start: u64, end: u64) -> Window {
    let at = |hour: u64| NOW.plus(Millis(Millis::HOUR.0 * hour));
    Window::new(at(start), at(end)).unwrap()
}

fn part(resource: &Resource, start: u64, end: u64, amount: u64) -> Footprint {
    Footprint::open(resource.id(), resource.measure, hours(start, end), amount)
}

struct Yard {
    charter: Charter,
    root: Replica,
    node: Replica,
    /// A log of the node's that lasts as long as the charter, and one that does not.
    log: LogId,
    short: LogId,
}

/// The root holds the dock and ten of each pool for a day; the node is enrolled as long as the charter lasts.
fn yard() -> Yard {
    let parameters = CharterParameters {
        clock_error: Millis(1_000),
        longest_lease: Millis::DAY,
        ..CharterParameters::default()
    };
    let first = |resource: &Resource, amount| CharterGive {
        footprint: part(resource, 0, 24, amount),
        root: 0,
        lane: Lane::Productivity,
        incarnation: 5,
        end: UNTIL,
        every: Millis(0),
        repeats: 0,
        last_assignable: None,
    };
    let gives = vec![first(&dock(), 1), first(&feed(), 10), first(&ore(), 10)];
    let charter = charter_with(parameters).with_gives(gives).unwrap();
    let (mut root, _) = replica(&charter, ROOT, &[""]);
    let roles = Roles::ACT.with(Roles::GIVE);
    root.append(Lane::Safety, &[enrol(NODE, roles, PLACE, 1 << 20, 8, UNTIL)], now()).unwrap();
    let declared: Vec<Record> = [dock(), feed(), ore(), heat()]
        .iter()
        .map(|resource| resource.record(UNTIL, Vec::new()).unwrap())
        .collect();
    root.append(Lane::Productivity, &declared, now()).unwrap();
    let (mut node, _) = replica(&charter, NODE, &[""]);
    send(&root, &mut node, usize::MAX);
    let short = node.append(Lane::Productivity, &[note(in_days(1), b"short")], now()).unwrap().log;
    let log = node.append(Lane::Productivity, &[note(UNTIL, b"open")], now()).unwrap().log;
    send(&node, &mut root, usize::MAX);
    Yard { charter, root, node, log, short }
}

impl Yard {
    fn meet(&mut self) {
        exchange(&mut self.root, &mut self.node);
    }

    /// What the root has left of a resource.
    fn left(&mut self, of: &Resource) -> u64 {
        let right = self.charter.first_rights().find(|right| right.footprint.resource == of.id()).unwrap();
        let view = self.root.view(Viewpoint::Own).unwrap();
        view.right(&right.citation.record, 0).unwrap().left
    }

    fn own(&mut self, footprint: &Footprint) -> Footprint {
        self.root.drawn(footprint).unwrap()
    }

    fn give_right(&mut self, parts: &[Footprint], clock: Clock) -> Written {
        let written = self.root.give_right(self.log, parts, Manner::Civil, clock).unwrap();
        self.meet();
        written
    }
}

/// The call is refused by a clause, and changes nothing.
fn refused(
    ledger: &mut Replica,
    clause: &str,
    call: impl FnOnce(&mut Replica) -> Result<Written, WriteError>,
) -> WriteError {
    let before = picture(ledger);
    let error = call(ledger).unwrap_err();
    assert_eq!(error.clause(), Some(clause), "{error}");
    assert!(error.to_string().contains(&format!("[{clause}]")), "{error} names its clause");
    assert_eq!(picture(ledger), before, "{error}");
    error
}

/// `[WRITE-6]`, `[ORDER-3]`: of ten, four were drawn and one was used; six were left, for ever.
#[test]
fn what_an_own_draw_does_not_use_is_left_again() {
    let mut yard = yard();
    let own = yard.own(&part(&feed(), 0, 2, 4));
    let claim = yard.root.claim(&Wish::of(own), now()).unwrap().record();
    assert_eq!(yard.left(&feed()), 6);
    yard.root.release(&claim, &[(claim, 3)], minute(5)).unwrap();
    assert_eq!(yard.left(&feed()), 9);
    let rest = yard.own(&part(&feed(), 0, 2, 9));
    let again = yard.root.claim(&Wish::of(rest.clone()), minute(6)).unwrap();
    assert_eq!(again.findings[0].standing, Standing::Firm);
    let mut more = rest;
    more.amount = 1;
    refused(&mut yard.root, "ORDER-2", |it| it.claim(&Wish::of(more), minute(7)));
    // Without a word all of it was used.
    yard.root.release(&again.record(), &[], minute(8)).unwrap();
    assert_eq!(yard.left(&feed()), 0);
}

/// `[WRITE-6]`
#[test]
fn what_cannot_be_unused_is_not_stated() {
    let mut yard = yard();
    let (fed, docked) = (yard.own(&part(&feed(), 0, 2, 4)), yard.own(&part(&dock(), 0, 2, 1)));
    let claim = yard.root.claim(&Wish::of(fed), now()).unwrap().record();
    let other = yard.root.claim(&Wish::of(docked), now()).unwrap().record();
    let mut release = |unused: &[(RecordId, u64)]| {
        refused(&mut yard.root, "WRITE-6", |it| it.release(&claim, unused, minute(5)))
    };
    let error = release(&[(claim, 5)]);
    assert_eq!(error, WriteError::MoreThanTaken { record: claim, stated: 5, taken: 4 });
    assert_eq!(release(&[(claim, 1), (claim, 1)]), WriteError::StatedTwice { record: claim });
    assert_eq!(release(&[(other, 1)]), WriteError::NoPool { record: other });
    let error = refused(&mut yard.root, "WRITE-6", |it| it.release(&other, &[(other, 1)], minute(5)));
    assert_eq!(error, WriteError::NoPool { record: other });
    // One amount cannot tell of two pools.
    let pools = vec![vec![yard.own(&part(&feed(), 0, 2, 1)), yard.own(&part(&ore(), 0, 2, 1))]];
    let wish = Wish { alternatives: pools, ..Wish::of(part(&feed(), 0, 2, 1)) };
    let error = refused(&mut yard.root, "WRITE-6", |it| it.claim(&wish, now()));
    assert_eq!(error, WriteError::SeveralPools { pools: 2 });
}

/// `[WRITE-2]`, `[WRITE-6]`: a claim on pools lasts so long that it can be given, and each pool comes back by itself.
#[test]
fn a_joint_claim_of_a_dock_and_two_pools_is_given_and_all_comes_back() {
    let mut yard = yard();
    let wanted = vec![part(&ore(), 0, 2, 5), part(&dock(), 0, 2, 1), part(&feed(), 0, 2, 4)];
    let wish = Wish { alternatives: vec![wanted], ..Wish::of(part(&dock(), 0, 2, 1)) };
    let claim = yard.node.claim(&wish, now()).unwrap();
    assert_eq!(claim.citation.until, UNTIL, "as long as the charter's rights to the pools");
    yard.meet();
    let give = yard.root.give(&claim.record(), 0, Manner::Civil, now()).unwrap();
    let records: Vec<RecordId> = give.records().collect();
    assert_eq!((records.len(), give.findings.len()), (3, 3), "each pool has a record of its own");
    yard.meet();
    let go = yard.node.may_act(&claim.record(), 0, minute(5), Millis(0)).unwrap();
    assert!(matches!(go, MayAct::Go { .. }), "{go:?}");
    let view = yard.root.view(Viewpoint::Own).unwrap();
    let of = |resource: &Resource| {
        let is = |record: &&RecordId| view.footprints(record)[0].resource == resource.id();
        *records.iter().find(is).unwrap()
    };
    let (of_dock, of_feed, of_ore) = (of(&dock()), of(&feed()), of(&ore()));
    yard.node.release(&claim.record(), &[(of_feed, 3), (of_ore, 5)], minute(30)).unwrap();
    yard.meet();
    for give in [of_dock, of_feed, of_ore] {
        yard.root.reclaim(&give, Manner::Civil, minute(31)).unwrap();
        refused(&mut yard.root, "WRITE-7", |it| it.reclaim(&give, Manner::Forced, minute(31)));
    }
    assert_eq!((yard.left(&dock()), yard.left(&feed()), yard.left(&ore())), (1, 9, 10));
}

/// `[WRITE-6]`: the pool behind the dock was stated as all used, and lost.
#[test]
fn a_right_to_a_dock_and_a_pool_goes_back_whole_in_either_order() {
    for pool_first in [false, true] {
        let mut yard = yard();
        let mut parts = vec![part(&dock(), 0, 12, 1), part(&feed(), 0, 12, 7)];
        if pool_first {
            parts.reverse();
        }
        let give = yard.give_right(&parts, now());
        assert_eq!(give.records().count(), 1);
        yard.node.give_back(&give.record(), Manner::Civil, minute(1)).unwrap();
        let error =
            refused(&mut yard.node, "WRITE-7", |it| it.give_back(&give.record(), Manner::Forced, minute(2)));
        assert!(matches!(error, WriteError::GivenBackAlready { give: of, .. } if of == give.record()));
        yard.meet();
        yard.root.reclaim(&give.record(), Manner::Civil, minute(3)).unwrap();
        assert_eq!((yard.left(&dock()), yard.left(&feed())), (1, 10), "pool first: {pool_first}");
        let all = yard.root.give_right(
            yard.log,
            &[part(&dock(), 0, 12, 1), part(&feed(), 0, 12, 10)],
            Manner::Civil,
            minute(4),
        );
        assert!(all.unwrap().findings.iter().all(|finding| finding.standing == Standing::Firm));
    }
}

/// `[WRITE-6]`
#[test]
fn rights_to_two_pools_are_two_records_and_go_back_apart() {
    let mut yard = yard();
    let give =
        yard.give_right(&[part(&dock(), 0, 12, 1), part(&feed(), 0, 12, 7), part(&ore(), 0, 12, 5)], now());
    let records: Vec<RecordId> = give.records().collect();
    assert_eq!(records.len(), 2);
    let used = yard.node.drawn(&part(&ore(), 0, 2, 2)).unwrap();
    let claim = yard.node.claim(&Wish::of(used), now()).unwrap().record();
    yard.node.release(&claim, &[(claim, 1)], minute(1)).unwrap();
    for record in &records {
        yard.node.give_back(record, Manner::Civil, minute(2)).unwrap();
    }
    yard.meet();
    for record in &records {
        yard.root.reclaim(record, Manner::Civil, minute(3)).unwrap();
    }
    assert_eq!((yard.left(&dock()), yard.left(&feed()), yard.left(&ore())), (1, 10, 9));
}

/// `[WRITE-6]`: a right goes back once; what is out then could not follow.
#[test]
fn a_pool_of_which_something_is_out_goes_back_only_when_forced() {
    let mut yard = yard();
    let give = yard.give_right(&[part(&feed(), 0, 12, 7)], now()).record();
    let used = yard.node.drawn(&part(&feed(), 0, 2, 3)).unwrap();
    let claim = yard.node.claim(&Wish::of(used), now()).unwrap().record();
    let error = refused(&mut yard.node, "WRITE-6", |it| it.give_back(&give, Manner::Civil, minute(1)));
    assert_eq!(error, WriteError::StillOut { give, amount: 3, by: claim });
    yard.node.release(&claim, &[(claim, 1)], minute(2)).unwrap();
    yard.node.give_back(&give, Manner::Civil, minute(3)).unwrap();
    yard.meet();
    yard.root.reclaim(&give, Manner::Civil, minute(4)).unwrap();
    assert_eq!(yard.left(&feed()), 8, "two of ten are used");
    // Of what is used up nothing goes back.
    let give = yard.give_right(&[part(&feed(), 0, 12, 2)], minute(5)).record();
    let used = yard.node.drawn(&part(&feed(), 0, 2, 2)).unwrap();
    let claim = yard.node.claim(&Wish::of(used), minute(5)).unwrap().record();
    yard.node.release(&claim, &[], minute(5)).unwrap();
    let error = refused(&mut yard.node, "WRITE-7", |it| it.give_back(&give, Manner::Forced, minute(6)));
    assert_eq!(error, WriteError::NothingLeft { give });
    // Forced, what is left goes back, and what is out stays.
    let give = yard.give_right(&[part(&feed(), 0, 12, 5)], minute(7)).record();
    let used = yard.node.drawn(&part(&feed(), 0, 2, 1)).unwrap();
    yard.node.claim(&Wish::of(used), minute(7)).unwrap();
    yard.node.give_back(&give, Manner::Forced, minute(8)).unwrap();
    yard.meet();
    yard.root.reclaim(&give, Manner::Civil, minute(9)).unwrap();
    assert_eq!(yard.left(&feed()), 5, "two and two were used before, one is out");
}

/// `[WRITE-6]`: the release came before the give was heard of, and its amount can still be stated.
#[test]
fn a_give_that_comes_after_the_release_comes_back_by_a_second_word() {
    let mut yard = yard();
    let claim = yard.node.claim(&Wish::of(part(&feed(), 0, 2, 4)), now()).unwrap();
    send(&yard.node, &mut yard.root, usize::MAX);
    let give = yard.root.give(&claim.record(), 0, Manner::Civil, minute(1)).unwrap().record();
    let release = yard.node.release(&claim.record(), &[], minute(2)).unwrap().record();
    yard.meet();
    let error = refused(&mut yard.root, "WRITE-6", |it| it.reclaim(&give, Manner::Civil, minute(3)));
    assert_eq!(error, WriteError::NotStated { give, release });
    yard.node.release(&claim.record(), &[(give, 4)], minute(4)).unwrap();
    let again = refused(&mut yard.node, "WRITE-6", |it| it.release(&claim.record(), &[(give, 4)], minute(5)));
    assert_eq!(again, WriteError::StatedTwice { record: give });
    refused(&mut yard.node, "BACK-2", |it| it.release(&claim.record(), &[], minute(5)));
    yard.meet();
    yard.root.reclaim(&give, Manner::Civil, minute(6)).unwrap();
    assert_eq!(yard.left(&feed()), 10);
}

/// `[WRITE-7]`: the reason, and the least until that would do.
#[test]
fn a_claim_that_ends_before_the_pool_tells_its_giver_how_long_it_must_last() {
    let mut yard = yard();
    let body = Claim {
        alternatives: vec![vec![0]],
        class: 0,
        least: Millis::SECOND,
        ideal: Millis::HOUR,
        rule_set: 1,
        attestations: Vec::new(),
        over: Vec::new(),
        capability_modes: Vec::new(),
    };
    let record = body.record(in_days(3), vec![part(&feed(), 0, 2, 4)]).unwrap();
    let written = yard.node.append(Lane::Productivity, &[record], now()).unwrap();
    let claim = RecordId { entry: written.id, index: 0 };
    yard.meet();
    let error = refused(&mut yard.root, "WRITE-7", |it| it.give(&claim, 0, Manner::Forced, now()));
    assert_eq!(error, WriteError::ClaimEndsSooner { claim, until: in_days(3), needed: UNTIL });
    // Whoever is not enrolled so long is told when it claims.
    let enrolled = enrol(9, Roles::ACT, PLACE, 1 << 20, 8, in_days(400));
    yard.root.append(Lane::Safety, &[enrolled], now()).unwrap();
    let (mut other, _) = replica(&yard.charter, 9, &[""]);
    send(&yard.root, &mut other, usize::MAX);
    let error = other.claim(&Wish::of(part(&feed(), 0, 2, 4)), now()).unwrap_err();
    let limit = in_days(400);
    assert_eq!(error, WriteError::Append(AppendError::BeyondEnrolment { until: UNTIL, limit }));
}

/// `[WRITE-7]`: what is given to a log that ends too soon can be neither used nor returned.
#[test]
fn a_right_to_a_log_that_ends_too_soon_is_refused_with_both_moments() {
    let mut yard = yard();
    let short = yard.short;
    let end = yard.root.logs().find(|log| log.id == short).unwrap().key.end;
    let feed = [part(&feed(), 0, 12, 1)];
    for manner in [Manner::Civil, Manner::Forced] {
        let error = refused(&mut yard.root, "WRITE-7", |it| it.give_right(short, &feed, manner, now()));
        assert_eq!(error, WriteError::ReceiverEndsSooner { log: short, end, needed: UNTIL });
    }
    yard.root.give_right(yard.log, &feed, Manner::Civil, now()).unwrap();
    yard.root.give_right(short, &[part(&dock(), 0, 12, 1)], Manner::Civil, now()).unwrap();
}

/// `[WRITE-7]`
#[test]
fn a_claim_that_nobody_could_ever_give_is_not_written() {
    let mut yard = yard();
    let rate = Footprint::open(dock().id(), Measure::Rate, hours(0, 2), 1);
    let error = refused(&mut yard.node, "WRITE-7", |it| it.claim(&Wish::of(rate.clone()), now()));
    let (declared, stated) = (Measure::Exclusive, Measure::Rate);
    assert_eq!(error, WriteError::OtherMeasure { resource: dock().id(), declared, stated });
    refused(&mut yard.root, "WRITE-7", |it| it.give_right(yard.log, &[rate], Manner::Forced, now()));
    let error = refused(&mut yard.node, "WRITE-7", |it| it.claim(&Wish::of(part(&heat(), 0, 2, 1)), now()));
    assert_eq!(error, WriteError::NeverGiven { resource: heat().id() });
    // The clock is 50 ms off, and the dock asks for half a second to stop.
    let end = hours(0, 2).end();
    let clock = |left: u64| at(end.minus(Millis(left)).plus(Millis(50)));
    let wish = Wish { manner: Manner::Forced, ..Wish::of(part(&dock(), 0, 2, 1)) };
    let error = refused(&mut yard.node, "WRITE-7", |it| it.claim(&wish, clock(500)));
    assert_eq!(error, WriteError::WindowOver { end, now: end.minus(Millis(500)) });
    let claim = yard.node.claim(&wish, clock(501)).unwrap();
    yard.meet();
    // Who gives late gives nothing.
    refused(&mut yard.root, "WRITE-7", |it| it.give(&claim.record(), 0, Manner::Forced, clock(0)));
    refused(&mut yard.root, "WRITE-7", |it| {
        it.give_right(yard.log, &[part(&dock(), 0, 2, 1)], Manner::Forced, clock(0))
    });
    yard.root.give(&claim.record(), 0, Manner::Civil, clock(1)).unwrap();
}

/// `[ORDER-2]`: the error names the give, claim or right that is in the way.
#[test]
fn what_does_not_fit_is_refused_with_what_is_in_its_way() {
    let mut yard = yard();
    let first = yard.give_right(&[part(&dock(), 0, 4, 1)], now());
    let claim = yard.node.claim(&Wish::of(part(&dock(), 3, 5, 1)), now()).unwrap();
    yard.meet();
    let error =
        refused(&mut yard.root, "ORDER-2", |it| it.give(&claim.record(), 0, Manner::Civil, minute(1)));
    assert!(matches!(&error, WriteError::Taken { by, .. } if by == &[first.record()]), "{error}");
    assert!(error.to_string().contains(&first.record().to_string()), "{error}");
    // Who returns what it has given on learns what is out.
    let own = yard.node.drawn(&part(&dock(), 1, 2, 1)).unwrap();
    let drawn = yard.node.claim(&Wish::of(own), minute(1)).unwrap().record();
    let error =
        refused(&mut yard.node, "ORDER-2", |it| it.give_back(&first.record(), Manner::Civil, minute(2)));
    assert!(matches!(&error, WriteError::Taken { by, .. } if by == &[drawn]), "{error}");
    let held: Option<RightView> = yard.node.view(Viewpoint::Own).unwrap().right(&first.record(), 0);
    assert_eq!(held.unwrap().outstanding, 1);
}

/// `[RES-1]`, `[WRITE-7]`: two meanings of one path are two resources, which nobody notices.
#[test]
fn a_path_is_not_declared_twice_with_two_meanings() {
    let mut yard = yard();
    let other = Resource { stopping_time: Millis(501), ..dock() };
    let error = refused(&mut yard.root, "WRITE-7", |it| it.declare(&other, in_days(9), Manner::Civil, now()));
    let (scope, path) = (other.scope.clone(), other.path.clone());
    assert_eq!(error, WriteError::PathTaken { scope, path, by: dock().id() });
    let error =
        refused(&mut yard.root, "WRITE-7", |it| it.declare(&dock(), in_days(9), Manner::Forced, now()));
    assert_eq!(error, WriteError::DeclaredAlready { resource: dock().id() });
    yard.root.declare(&other, in_days(9), Manner::Forced, now()).unwrap();
    yard.root.declare(&resource("crane", Measure::Exclusive), UNTIL, Manner::Civil, now()).unwrap();
    let view = yard.root.view(Viewpoint::Own).unwrap();
    assert_eq!(view.declared_at(&other.scope, &other.path).len(), 2);
}
