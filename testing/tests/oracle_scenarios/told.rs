//! What a host reads off the view, to the last field: rights, permissions, phases, deadlines, exceptions.

use super::fleet::{END, Fleet, enrol, extended_by_the_rival, two_levels, want};
use intent_contracts::kinds::{self, Advert, Body as _, Closing, GivingBack, RELEASE, Resource, Roles};
use intent_contracts::{
    Citation, Clock, Digest, Effect, Footprint, Label, Lane, Millis, NoticeId, Record, RecordId,
    ResourcePath, Scope, Tai, Window,
};
use intent_merge_rules::{
    Age, Exception, Flaw, Free as FastFree, Hold, MayAct, Phase, Standing, Suspender, Suspension, View,
};
use intent_testing::laws::{Replica as _, Wire};
use intent_testing::oracle::histories::{declarations, hour, hours, resource_id, resources};
use intent_testing::oracle::{Free, May};
use intent_testing::subject::Subject;
use intent_testing::twins::view_from;
use std::collections::BTreeSet;

/// A clock that surely lies between these moments.
fn between(lo: Tai, hi: Tai) -> Clock {
    let error = Millis(hi.since(lo).0 / 2);
    Clock::new(lo.plus(error), error)
}

fn at(moment: Tai) -> Clock {
    Clock::new(moment, Millis(0))
}

/// `[RIGHT-1]`
#[test]
fn a_right_tells_what_was_given_drawn_and_what_settles_part_by_part() {
    let mut fleet = Fleet::new();
    let parts = [want(1, hours(0, 12), 10), want(0, hours(0, 12), 1)];
    let parts = parts.into_iter().zip([fleet.first(1), fleet.first(0)]);
    let parts = parts.map(|(part, first)| part.from_right(first)).collect();
    let both = fleet.give(fleet.root, fleet.region, parts);
    let power = |window, amount| want(1, window, amount).from_right(both);
    let given = fleet.give(fleet.region, fleet.node, vec![power(hours(1, 3), 3)]);
    fleet.claim(fleet.region, &[&[0]], 1, vec![power(hours(2, 4), 2)]);
    fleet.give(fleet.region, fleet.node, vec![want(0, hours(5, 6), 1).from_right(both)]);
    fleet.reclaim(fleet.region, given, None);
    let view = fleet.view();
    let told = |record: &RecordId, part| {
        let right = view.right(record, part).unwrap();
        (right.given, right.drawn, right.settling, right.left)
    };
    // At two to three both draws are on; three units are back by word alone.
    assert_eq!(told(&both.record, 0), (3, 2, 3, 5));
    assert_eq!(told(&both.record, 1), (1, 0, 0, 0));
    let steel = fleet.first(2);
    fleet.give(fleet.root, fleet.region, vec![want(2, hours(0, 12), 4).from_right(steel)]);
    fleet.claim(fleet.root, &[&[0]], 1, vec![want(2, hours(0, 2), 1).from_right(steel)]);
    let right = fleet.view().right(&steel.record, 0).unwrap();
    assert_eq!((right.given, right.drawn, right.settling, right.left), (4, 1, 0, 5));
    let held = fleet.view().rights_of(&fleet.log(fleet.region));
    let held: Vec<_> = held.iter().map(|right| (right.record, right.part)).collect();
    assert!(held.contains(&(both.record, 0)) && held.contains(&(both.record, 1)) && held.len() == 3);
}

/// Who may use resource number `which`, and when.
fn permitted(view: &View, which: usize) -> BTreeSet<(RecordId, Window, Standing)> {
    let found = view.resource_of(resource_id(&resources()[which])).permissions.into_iter();
    found.map(|found| (found.claim, found.window, found.standing)).collect()
}

#[test]
fn a_resource_tells_who_may_by_own_draw_or_give_and_who_may_not() {
    let mut fleet = Fleet::new();
    let (pad, power) = (fleet.first(0), fleet.first(1));
    let right = fleet.give(fleet.root, fleet.region, vec![want(0, hours(0, 8), 1).from_right(pad)]);
    let part = || want(0, hours(1, 3), 1).from_right(right);
    let firm = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(1, 3), 1)]);
    let give = fleet.give_claim(fleet.region, firm, 0, vec![(0, part())]);
    fleet.reclaim(fleet.region, give, None);
    let risky = fleet.claim(fleet.rival, &[&[0]], 1, vec![want(0, hours(1, 3), 1)]);
    fleet.give_claim(fleet.region, risky, 0, vec![(0, part())]);
    let joint = vec![want(0, hours(9, 10), 1).from_right(pad), want(1, hours(9, 11), 1).from_right(power)];
    let own = fleet.claim(fleet.root, &[&[0, 1]], 1, joint);
    fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(4, 5), 1)]);
    fleet.claim(fleet.node, &[&[0]], 1, vec![want(3, hours(4, 5), 1)]);
    let view = fleet.view();
    let on_the_pad = [
        (firm.record, hours(1, 3), Standing::Firm),
        (risky.record, hours(1, 3), Standing::AtRisk),
        (own.record, hours(9, 10), Standing::Firm),
    ];
    assert_eq!(permitted(&view, 0), BTreeSet::from(on_the_pad));
    assert_eq!(permitted(&view, 1), BTreeSet::from([(own.record, hours(9, 11), Standing::Firm)]));
    assert_eq!(permitted(&view, 3), BTreeSet::new());
}

#[test]
fn a_path_tells_the_resources_that_are_declared_there() {
    let fleet = Fleet::new();
    let view = fleet.view();
    for resource in resources() {
        let there: Vec<_> = view.resource(&resource.scope, &resource.path).iter().map(|it| it.id).collect();
        assert_eq!(there, [resource_id(&resource)]);
        assert!(view.resource(&Scope::root(), &resource.path).is_empty());
    }
    let elsewhere = ResourcePath::parse("lift").unwrap();
    assert!(view.resource(&resources()[0].scope, &elsewhere).is_empty());
}

/// `[ACT-3]`
#[test]
fn the_phases_of_a_window_follow_each_other_to_the_millisecond() {
    let fleet = Fleet::new();
    let (view, window) = (fleet.view(), hours(1, 3));
    let (start, end, one) = (window.start(), window.end(), Millis(1));
    let settled = end.plus(fleet.pen.charter.parameters().guard);
    let late = Millis(1_000);
    for (clock, phase) in [
        (between(start.minus(late).minus(one), start.minus(one)), Phase::Ahead),
        (between(start.minus(late), start), Phase::Opening),
        (between(start.minus(one), start.plus(one)), Phase::Opening),
        (between(start, start.plus(late)), Phase::Live),
        (between(end.minus(late).minus(one), end.minus(one)), Phase::Live),
        (between(end.minus(late), end), Phase::Closing),
        (between(end.minus(one), end.plus(one)), Phase::Closing),
        (between(end, end.plus(late)), Phase::Settling),
        (between(settled, settled.plus(late)), Phase::Settling),
        (between(settled.plus(one), settled.plus(late).plus(one)), Phase::Over),
    ] {
        assert_eq!(view.phase(window, clock), phase, "{clock:?}");
    }
}

/// `[ACT-2]`
#[test]
fn go_tells_until_when_and_how_old_the_others_news_are() {
    let (mut fleet, _, claim, _) = two_levels();
    let clock = Clock::new(hour(2), Millis(10));
    let go = |fleet: &Fleet, claim: RecordId| match fleet.asked(claim, clock, Millis(7), |_| true) {
        MayAct::Go { valid_until, information_age } => (valid_until, information_age),
        other => panic!("{other:?}"),
    };
    // The pad takes a second to stop; the root spoke last in the third minute, before the node itself.
    let root_spoke = hour(0).plus(Millis(120_000));
    // Its clock may have been a second off.
    let age = Age::AtMost(hour(2).plus(Millis(10)).since(root_spoke.minus(Millis(1_000))));
    let expected = (hour(3).minus(Millis(1_001)), age);
    assert_eq!(go(&fleet, claim.record), expected);
    let lease = fleet.view().lease(&claim.record, 0).unwrap();
    assert_eq!(fleet.view().stopping(&lease), Millis::SECOND);
    // Who draws on its own right rests on nobody's news.
    let power = fleet.first(1);
    let own = fleet.claim(fleet.root, &[&[0]], 1, vec![want(1, hours(1, 3), 1).from_right(power)]);
    assert_eq!(go(&fleet, own.record).1, Age::AtMost(Millis(0)));
}

#[test]
fn the_next_deadline_is_the_nearest_moment_ahead() {
    let mut fleet = Fleet::new();
    for window in [hours(4, 6), hours(1, 3), hours(7, 8)] {
        fleet.claim(fleet.node, &[&[0]], 1, vec![want(3, window, 1)]);
    }
    fleet.claim(fleet.rival, &[&[0]], 1, vec![want(3, hours(9, 10), 1)]);
    let (view, log) = (fleet.view(), fleet.log(fleet.node));
    let guard = fleet.pen.charter.parameters().guard;
    let next = |moment: Tai| view.next_deadline(at(moment), &[log]);
    assert_eq!(next(hour(0)), Some(hour(1)));
    // `Go` ends by the time to stop, and by the width of the clock, before the window does.
    assert_eq!(next(hour(1)), Some(hour(3).minus(Millis::SECOND)));
    let wide = Clock::new(hour(1).plus(Millis(50)), Millis(50));
    assert_eq!(view.next_deadline(wide, &[log]), Some(hour(3).minus(Millis(1_100))));
    assert_eq!(next(hour(3).minus(Millis::SECOND)), Some(hour(3)));
    // The guard is over one millisecond after it.
    let over = |end: Tai| end.plus(guard).plus(Millis(1));
    assert_eq!(next(hour(3)), Some(over(hour(3))));
    assert_eq!(next(over(hour(3))), Some(hour(4)));
    assert_eq!(next(hour(8)), Some(over(hour(8))));
    assert_eq!(next(over(hour(8))), None);
    // The later end of a wide clock comes first.
    let wide = Clock::new(hour(0).plus(Millis(50)), Millis(50));
    assert_eq!(view.next_deadline(wide, &[log]), Some(hour(1).minus(Millis(100))));
}

#[test]
fn the_best_alternative_is_the_one_that_stands_best_and_the_first_of_equals() {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    let wanted = [hours(0, 1), hours(2, 3), hours(4, 5)].map(|window| want(0, window, 1));
    let claim = fleet.claim(fleet.node, &[&[0], &[1], &[2]], 1, wanted.to_vec());
    let best = |fleet: &Fleet| fleet.view().claim(&claim.record).unwrap().best().unwrap().0;
    assert_eq!(best(&fleet), 0);
    fleet.give_claim(fleet.root, claim, 1, vec![(1, wanted[1].clone().from_right(first))]);
    fleet.give_claim(fleet.root, claim, 2, vec![(2, wanted[2].clone().from_right(first))]);
    assert_eq!(best(&fleet), 1);
}

#[test]
fn the_view_lists_its_claims_and_its_enrolments() {
    let (mut fleet, _, claim, _) = two_levels();
    let other = fleet.claim(fleet.rival, &[&[0]], 1, vec![want(3, hours(1, 3), 1)]);
    let view = fleet.view();
    assert_eq!(view.claims().collect::<BTreeSet<_>>(), BTreeSet::from([claim.record, other.record]));
    let enrolments: BTreeSet<RecordId> = view.enrolments().collect();
    assert_eq!(enrolments.len(), 4);
    for enrolled in [fleet.pen.root(0), fleet.region_id, fleet.node_id] {
        assert!(enrolments.contains(&enrolled));
    }
    assert!(view.is_given(&resource_id(&resources()[0])) && !view.is_given(&resource_id(&resources()[3])));
}

/// `[BACK-2]`
#[test]
fn a_claim_tells_what_released_it_and_which_alternative() {
    let mut fleet = Fleet::new();
    let claim =
        fleet.claim(fleet.node, &[&[0], &[1]], 1, vec![want(0, hours(0, 2), 1), want(0, hours(3, 4), 1)]);
    let release = fleet.back(fleet.node, RELEASE, &[(claim, 0)], &[1]);
    let view = fleet.view();
    assert_eq!(view.released_by(&claim.record, 0), None);
    assert_eq!(view.released_by(&claim.record, 1), Some(release.record));
}

/// `[EXPL-1]`
#[test]
fn a_hold_tells_its_clause_and_one_sentence() {
    let (mut fleet, _, claim, _) = two_levels();
    let asked = fleet.claim(fleet.rival, &[&[0]], 1, vec![want(0, hours(1, 3), 1)]);
    let hold = |fleet: &Fleet, claim: RecordId, moment, writing| match fleet.asked(
        claim,
        at(moment),
        Millis(0),
        |_| writing,
    ) {
        MayAct::Hold(hold) => hold,
        other => panic!("{other:?}"),
    };
    let absent = RecordId { index: 200, ..claim.record };
    let told = |hold: Hold| (hold.clause(), hold.to_string());
    let window = "[ACT-1]: its window leaves no time to act and to stop".to_owned();
    assert_eq!(
        told(hold(&fleet, absent, hour(2), true)),
        ("ACT-1", "[ACT-1]: there is no such claim or alternative here".to_owned())
    );
    let (clause, sentence) = told(hold(&fleet, claim.record, hour(2), false));
    assert!(clause == "ACT-1" && sentence.contains(&fleet.log(fleet.node).to_string()), "{sentence}");
    let begun = "[ACT-1]: its window has not surely begun".to_owned();
    assert_eq!(told(hold(&fleet, claim.record, hour(0), true)), ("ACT-1", begun));
    assert_eq!(told(hold(&fleet, claim.record, hour(3), true)), ("ACT-1", window));
    let (clause, sentence) = told(hold(&fleet, asked.record, hour(2), true));
    assert!(clause == "LEASE-3" && sentence.starts_with("asked [LEASE-3]"), "{sentence}");
    fleet.pen.write_beside(fleet.safety, 1, &declarations(END)[..1]);
    fleet.pen.write_beside(fleet.safety, 1, &declarations(END)[1..2]);
    let forked = fleet.log(fleet.safety);
    let expected = format!(
        "[SUSP-1]: it is suspended until {END}: safety log {forked} was forked, and what it denied may be hidden"
    );
    assert_eq!(told(hold(&fleet, claim.record, hour(2), true)), ("SUSP-1", expected));
    assert_eq!(fleet.view().lease(&claim.record, 0).unwrap().suspended_until(), Some(END));
}

/// `[ACT-1]`, `[SUSP-2]`: from then on more of the lease is covered.
#[test]
fn a_deadline_is_when_what_extends_a_lease_is_suspended_no_longer() {
    let (mut fleet, claim) = extended_by_the_rival(6);
    fleet.overfill_rival(hour(4));
    let (view, log) = (fleet.view(), fleet.log(fleet.node));
    // What is not suspended covers it to the third hour, and the guard is over a millisecond after it.
    let over = hour(3).plus(fleet.pen.charter.parameters().guard).plus(Millis(1));
    assert_eq!(view.next_deadline(at(hour(3)), &[log]), Some(over));
    assert_eq!(view.next_deadline(at(over), &[log]), Some(hour(4)));
    let lease = view.lease(&claim.record, 0).unwrap();
    assert_eq!((lease.window(), lease.suspended_until()), (Some(hours(1, 6)), None));
    assert_eq!(lease.phase(at(hour(2))), Some(Phase::Live));
}

/// `[LEASE-2]`: each log's gives are counted by themselves.
#[test]
fn the_gives_between_a_log_and_a_claim_are_counted() {
    let mut fleet = Fleet::new();
    let first = fleet.first(1);
    let wanted = |from| want(1, hours(1, 3), 1).from_right(from);
    let logs = [fleet.root, fleet.region, fleet.rival];
    let mine = fleet.give(fleet.root, fleet.region, vec![want(1, hours(0, 12), 3).from_right(first)]);
    let theirs = fleet.give(fleet.root, fleet.rival, vec![want(1, hours(0, 12), 3).from_right(first)]);
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(1, hours(1, 3), 1)]);
    for (log, right) in
        [(fleet.root, first), (fleet.region, mine), (fleet.region, mine), (fleet.rival, theirs)]
    {
        fleet.give_claim(log, claim, 0, vec![(0, wanted(right))]);
    }
    let view = fleet.view();
    assert_eq!(logs.map(|log| view.gives_between(&fleet.log(log), &claim.record)), [1, 2, 1]);
    assert_eq!(view.gives_between(&fleet.log(fleet.node), &claim.record), 0);
}

/// `[LEASE-6]`: what gives back takes nothing, so it is no matter what its frame names and who declared that.
#[test]
fn a_giving_back_needs_no_declaration() {
    let (mut fleet, right, claim, _) = two_levels();
    let undeclared = Resource { path: ResourcePath::parse("nowhere").unwrap(), ..resources()[0].clone() };
    let frame = Footprint::open(resource_id(&undeclared), undeclared.measure, hours(1, 3), 1);
    let body = GivingBack { gives: vec![claim], alternatives: Vec::new(), unused: vec![0] };
    let record = body.record_of(RELEASE, END, vec![frame]).unwrap();
    let back = fleet.pen.write(fleet.node, &[record])[0];
    assert_eq!(fleet.judge().givings_back[&back.record], Standing::Firm);
    assert_eq!(fleet.part(right), Standing::Firm);
}

/// `[SUSP-1]`, `[RULE-1]`: whose logs the viewpoint does not hold is not suspended by their number.
#[test]
fn what_is_seen_from_beside_is_not_suspended_by_what_is_not_held() {
    let mut fleet = Fleet::new();
    let beside = fleet.pen.write(fleet.safety, &[enrol(12, Roles::ACT.with_class(1), "a/c", 3)])[0].record;
    for number in 0..4 {
        let log = fleet.pen.open(12, beside, Lane::Productivity, END, 900 + number);
        fleet.pen.write(log, &[Record::new(99, END, vec![0x80])]);
    }
    let told = |viewpoint: &[&str]| {
        let viewpoint = viewpoint.iter().map(|scope| Scope::parse(scope).unwrap()).collect();
        let view = view_from(&fleet.pen.charter, &fleet.pen.items, viewpoint);
        view.enrolment(&beside).unwrap().suspended_until()
    };
    assert_eq!(told(&["a/b"]), None);
    assert_eq!(told(&["a/b", "a/c"]), Some(END));
}

/// `[EXC-1]`
#[test]
fn what_is_void_in_itself_misbehaves_whatever_its_kind() {
    let mut fleet = Fleet::new();
    let beyond = enrol(12, Roles::ACT.with_class(6), "a/b", 3);
    let enrolled = fleet.pen.write(fleet.safety, &[beyond])[0].record;
    let broken = Record::new(4, END, vec![0xff]).with_footprints(Effect::Takes, Vec::new()).unwrap();
    let broken = fleet.pen.write(fleet.node, &[broken])[0].record;
    // In the lane of those who deny, by one who may not.
    let closing = Closing::of(vec![NoticeId::from_bytes([7; 32])]).record(END, Vec::new()).unwrap();
    let lane = fleet.pen.open(6, fleet.node_id, Lane::Safety, END, 9);
    let closing = fleet.pen.write(lane, &[closing])[0].record;
    let view = fleet.view();
    for (record, flaw) in [(enrolled, Flaw::Class), (broken, Flaw::Unreadable), (closing, Flaw::Role)] {
        let told = view.exceptions_of(&record);
        assert_eq!(told.first().map(Exception::kind), Some("misbehaved"));
        let because = intent_merge_rules::Because::Flawed(flaw);
        assert!(
            matches!(&told[..], [Exception::Misbehaved(it)] if it.record == record && it.finding.because == because),
            "{told:?}"
        );
    }
}

/// One body of each kind that decides nothing, each citing `cited` when it cites anything.
fn without_a_say(cited: Citation, until: Tai) -> Vec<(&'static str, Record, bool)> {
    let label = |text: &str| Label::try_from(text.to_owned()).unwrap();
    let digest = Digest::of(b"anything");
    let lineage = kinds::Lineage { build: label("b"), hardware: label("h") };
    let commitment = kinds::Commitment::new(kinds::Act::Offer, cited.log, until);
    let plain = |record: Result<Record, intent_contracts::Refusal>| record.unwrap();
    vec![
        ("advert", plain(Advert::offer(ResourcePath::root(), 1).record(until, Vec::new())), false),
        (
            "commitment",
            plain(kinds::Commitment { answers: vec![cited], ..commitment }.record(until, Vec::new())),
            true,
        ),
        ("vacated", plain(kinds::Vacated { claim: cited }.record(until, Vec::new())), true),
        (
            "present",
            plain(
                kinds::Present { claim: cited, alternative: 0, boxes: Vec::new() }.record(until, Vec::new()),
            ),
            true,
        ),
        (
            "terms-edit",
            plain(
                kinds::TermsEdit {
                    contract: Some(cited),
                    path: Vec::new(),
                    edit: kinds::Edit::Delete,
                    builds_on: Vec::new(),
                }
                .record(until, Vec::new()),
            ),
            true,
        ),
        (
            "terms-accept",
            plain(kinds::TermsAccept { contract: cited, counts: vec![1], digest }.record(until, Vec::new())),
            true,
        ),
        (
            "attestation",
            plain(
                kinds::Attestation {
                    subject: cited.record,
                    build: digest,
                    config: digest,
                    lots: Vec::new(),
                    lineage,
                    valid: hours(0, 1),
                }
                .record(until, Vec::new()),
            ),
            false,
        ),
        (
            "mode",
            plain(
                kinds::ModeChange { mode: kinds::Mode::Safe, slot: Some(cited), text: String::new() }
                    .record(until, Vec::new()),
            ),
            true,
        ),
        (
            "exception",
            plain(
                kinds::Exception {
                    signature: Some(digest),
                    count: 1,
                    severity: 9,
                    first: hour(0),
                    last: hour(1),
                    subject: Some(cited.record),
                    cause: None,
                    lost: Millis(0),
                    text: String::new(),
                }
                .record(until, Vec::new()),
            ),
            false,
        ),
        (
            "activation",
            plain(
                kinds::Activation {
                    what: kinds::Activated::RuleSet(2),
                    on: true,
                    scope: Scope::root(),
                    from: hour(9),
                    endorsable_until: hour(8),
                }
                .record(until, Vec::new()),
            ),
            false,
        ),
    ]
}

/// `[KIND-4]`, `[KIND-3]`, `[KIND-1]`
#[test]
fn kinds_without_a_say_change_no_verdict_and_are_void_when_they_outlive_what_they_cite() {
    let (mut fleet, _, claim, _) = two_levels();
    let before = fleet.judge();
    let lane = fleet.pen.open(6, fleet.node_id, Lane::Safety, END, 9);
    for log in [fleet.node, lane, fleet.region] {
        for (name, record, _) in without_a_say(claim, claim.until) {
            let mut critical = record.clone();
            critical.critical = true;
            for record in [record, critical] {
                let written = fleet.pen.write(log, &[record])[0].record;
                assert_eq!(fleet.view().exceptions_of(&written), [], "{name}");
            }
        }
        for retired in [16, 18, 24, 27, 28] {
            fleet.pen.write(log, &[Record::new(retired, END, vec![0x80])]);
        }
    }
    let after = fleet.judge();
    for (part, standing) in &before.parts {
        assert_eq!(after.parts[part], *standing);
    }
    assert_eq!((&after.leases, &after.occupancies), (&before.leases, &before.occupancies));
    assert_eq!(fleet.may(claim, hour(2)), May::Go);
    let short = Citation { until: claim.until.minus(Millis(1)), ..claim };
    for (name, record, cites) in without_a_say(short, claim.until) {
        let written = fleet.pen.write(lane, &[record])[0].record;
        let because = intent_merge_rules::Because::Flawed(Flaw::Outlives);
        let told = fleet.view().exceptions_of(&written);
        let void = matches!(&told[..], [Exception::Misbehaved(it)] if it.finding.because == because);
        assert_eq!(void, cites, "{name}: {told:?}");
    }
    fleet.judge();
}

/// `[EXC-1]`: below the horizon, not at it.
#[test]
fn a_claim_lapses_once_its_windows_end_below_the_horizon() {
    let mut fleet = Fleet::new();
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(16, 24), 1)]);
    let mut replica = Subject::in_memory(&fleet.pen.charter, &[Scope::root()]);
    fleet.pen.items.iter().for_each(|item| replica.deliver(&[Wire::from(item)]));
    for (horizon, expected) in [(hour(24), 0), (hour(48), 1)] {
        replica.advance_horizon_to(horizon);
        let view = replica.ledger().view(intent_ledger::Viewpoint::Own).unwrap();
        let lapsed = Exception::Lapsed { claim: claim.record };
        let told = view.exceptions().iter().filter(|found| **found == lapsed).count();
        assert_eq!(told, expected, "at {horizon}");
    }
}

/// `[RULE-1]`
#[test]
fn a_view_tells_nothing_of_what_lies_outside_its_viewpoint() {
    let (mut fleet, right, claim, _) = two_levels();
    let contending = fleet.claim(fleet.node, &[&[0]], 1, vec![want(3, hours(1, 2), 1)]);
    let mut replica = Subject::in_memory(&fleet.pen.charter, &[Scope::root()]);
    fleet.pen.items.iter().for_each(|item| replica.deliver(&[Wire::from(item)]));
    let mut seen = |from: &str| {
        let viewpoint = vec![Scope::parse(from).unwrap()];
        let view = replica.ledger().view(intent_ledger::Viewpoint::Scopes(viewpoint)).unwrap();
        let given = view.lease(&claim.record, 0).map(|lease| lease.finding.standing);
        let open = view.lease(&contending.record, 0).map(|lease| lease.finding.standing);
        let free = view.free(resource_id(&resources()[3]), hours(4, 6), at(hour(0)));
        (given, open, view.part(&right.record, 0).is_some(), matches!(free, FastFree::Free { .. }))
    };
    // The node writes in a/b, below the region's a; the root's log is above both.
    for from in ["a", "a/b", "a/b/c"] {
        assert_eq!(
            seen(from),
            (Some(Standing::Firm), Some(Standing::Provisional), true, true),
            "from {from}"
        );
    }
    for from in ["a/c", "b"] {
        assert_eq!(seen(from), (None, None, true, false), "from {from}");
    }
}

/// `[ACT-4]`, `[SUSP-1]`: what a suspended log no longer shows may be there.
#[test]
fn a_place_is_not_free_while_a_log_that_holds_its_right_is_suspended() {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    fleet.give(fleet.root, fleet.region, vec![want(0, hours(0, 12), 1).from_right(first)]);
    fleet.claim(fleet.region, &[&[0]], 1, vec![want(3, hours(1, 2), 1)]);
    assert!(matches!(fleet.free(0, hours(4, 6)), Free::Free { .. }));
    // A fork of the root's own safety log suspends the region below it, and cuts off nothing that is read here.
    let forked = fleet.pen.open(0, fleet.pen.root(0), Lane::Safety, hour(20), 9);
    fleet.pen.write_beside(forked, 0, &[Record::new(77, hour(20), vec![0x80])]);
    fleet.pen.write_beside(forked, 0, &[Record::new(77, hour(20), vec![0x81])]);
    assert_eq!(fleet.free(0, hours(4, 6)), Free::Unknown);
    assert_eq!(fleet.free_at(0, hours(4, 6), hour(20).minus(Millis(1))), Free::Unknown);
    assert!(matches!(fleet.free_at(0, hours(4, 6), hour(20)), Free::Free { .. }));
}

/// `[ACT-4]`
#[test]
fn who_was_there_is_gone_only_surely_after_the_end_and_the_guard() {
    let (mut fleet, _, claim, _) = two_levels();
    fleet.claim(fleet.region, &[&[0]], 1, vec![want(3, hours(1, 2), 1)]);
    let gone = hour(3).plus(fleet.pen.charter.parameters().guard);
    assert_eq!(fleet.free_at(0, hours(1, 3), gone), Free::Occupied, "by {claim:?}");
    for late in [1, 2_000] {
        let found = fleet.free_at(0, hours(1, 3), gone.plus(Millis(late)));
        assert!(matches!(found, Free::Free { .. }), "{late} ms later: {found:?}");
    }
}

/// `[ACT-1]`, `[SUSP-2]`
#[test]
fn a_suspension_ends_with_its_last_millisecond() {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    let right = fleet.give(fleet.root, fleet.region, vec![want(0, hours(0, 12), 1).from_right(first)]);
    let claim = fleet.claim(fleet.region, &[&[0]], 1, vec![want(0, hours(1, 3), 1).from_right(right)]);
    let forked = fleet.pen.open(0, fleet.pen.root(0), Lane::Safety, hour(2), 9);
    fleet.pen.write_beside(forked, 0, &[Record::new(77, hour(2), vec![0x80])]);
    fleet.pen.write_beside(forked, 0, &[Record::new(77, hour(2), vec![0x81])]);
    let held = |fleet: &Fleet, moment| {
        fleet.may(claim, moment);
        let clock = between(moment, moment.plus(Millis(20)));
        fleet.asked(claim.record, clock, Millis(0), |_| true)
    };
    let by = Suspender::Forked(fleet.log(forked));
    let suspended = Suspension { until: hour(2), by };
    assert_eq!(held(&fleet, hour(2).minus(Millis(1))), MayAct::Hold(Hold::Suspended(suspended)));
    assert!(matches!(held(&fleet, hour(2)), MayAct::Go { .. }));
}

/// `[OPEN-5]`, `[ACT-4]`
#[test]
fn an_enrolment_with_too_many_logs_hides_who_came_early_to_an_open_resource() {
    let mut fleet = Fleet::new();
    // The node may have three logs; its least end is at twenty, eight hours after the longest lease's start.
    for incarnation in 0..3 {
        let log =
            fleet.pen.open(6, fleet.node_id, Lane::Productivity, hour(20 + incarnation), 60 + incarnation);
        fleet.pen.write(log, &[Record::new(77, hour(20), vec![0x80])]);
    }
    assert!(matches!(fleet.free(3, hours(13, 14)), Free::Free { .. }));
    fleet.claim(fleet.node, &[&[0]], 1, vec![want(3, hours(1, 2), 1)]);
    assert_eq!(fleet.free(3, hours(13, 14)), Free::Unknown, "the logs are suspended");
    assert_eq!(
        fleet.free_at(3, Window::new(hour(12).minus(Millis(1)), hour(14)).unwrap(), hour(20)),
        Free::Unknown
    );
    assert!(matches!(fleet.free_at(3, hours(12, 14), hour(20)), Free::Free { .. }));
}

/// `[OPEN-5]`
#[test]
fn too_many_logs_in_a_scope_beside_hide_nobody_on_an_open_resource() {
    let mut fleet = Fleet::new();
    let far = fleet.pen.write(fleet.safety, &[enrol(12, Roles::ACT.with_class(3), "a/c", 3)])[0].record;
    for incarnation in 0..4 {
        let log = fleet.pen.open(12, far, Lane::Productivity, END, 60 + incarnation);
        fleet.pen.write(log, &[Record::new(77, END, vec![0x80])]);
    }
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(3, hours(1, 2), 1)]);
    assert_eq!(fleet.lease(claim, 0), Standing::Provisional);
}

/// `[ACT-4]`
#[test]
fn a_fork_in_a_scope_beside_hides_nobody_on_an_open_resource() {
    let mut fleet = Fleet::new();
    let far = fleet.pen.write(fleet.safety, &[enrol(12, Roles::ACT.with_class(3), "a/c", 3)])[0].record;
    let far = fleet.pen.open(12, far, Lane::Productivity, END, 9);
    fleet.claim(fleet.node, &[&[0]], 1, vec![want(3, hours(1, 2), 1)]);
    let before = fleet.free(3, hours(4, 6));
    assert!(matches!(before, Free::Free { .. }));
    fleet.pen.write_beside(far, 0, &[Record::new(77, END, vec![0x80])]);
    fleet.pen.write_beside(far, 0, &[Record::new(77, END, vec![0x81])]);
    assert_eq!(fleet.free(3, hours(4, 6)), before);
}
