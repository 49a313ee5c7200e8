//! Leases that hold in part, longer, or not any more: to the last millisecond.

use super::fleet::{END, Fleet, claim_record, two_levels, want};
use Standing::{Asked, AtRisk, Firm, Unknown};
use intent_contracts::kinds::{Body as _, Claim, Give, GivingBack, RELEASE, Receiver, Reclaim};
use intent_contracts::{Citation, Clock, Effect, Footprint, LogId, Millis, Record, Tai, Window};
use intent_merge_rules::{Age, Because, MayAct, Missing, Phase, Standing};
use intent_testing::oracle::May;
use intent_testing::oracle::histories::{hour, hours};

/// Milliseconds of the error of every clock of a pen.
const ERROR: u64 = 1_000;

fn window(from: Tai, to: Tai) -> Window {
    Window::new(from, to).unwrap()
}

fn later(moment: Tai, by: u64) -> Tai {
    moment.plus(Millis(by))
}

/// A claim of the node's with this least and until.
fn claim_of(fleet: &mut Fleet, least: u64, until: Tai, parts: Vec<Footprint>) -> Citation {
    let places: Vec<u8> = (0u8..).take(parts.len()).collect();
    let body = Claim { least: Millis(least), ..claim_record(&[&places], 1) };
    fleet.pen.write(fleet.node, &[body.record(until, parts).unwrap()])[0]
}

/// A region that holds the pad for twelve hours.
fn held() -> (Fleet, Citation) {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    let right = fleet.give(fleet.root, fleet.region, vec![want(0, hours(0, 12), 1).from_right(first)]);
    (fleet, right)
}

/// The standing of a lease and the window that it holds for.
fn stands(fleet: &Fleet, claim: Citation) -> (Standing, Option<Window>) {
    let lease = fleet.view().lease(&claim.record, 0).unwrap();
    assert_eq!(fleet.lease(claim, 0), lease.finding.standing);
    (lease.finding.standing, lease.window())
}

/// `[LEASE-8]`
#[test]
fn a_lease_holds_by_the_very_least_that_is_of_use_and_by_no_millisecond_less() {
    for (given, standing) in [(3_599_999, Asked), (3_600_000, Firm), (3_600_001, Firm)] {
        let (mut fleet, right) = held();
        let claim = claim_of(&mut fleet, Millis::HOUR.0, END, vec![want(0, hours(1, 4), 1)]);
        let end = later(hour(1), given);
        let part = want(0, window(hour(1), end), 1).from_right(right);
        fleet.give_claim(fleet.region, claim, 0, vec![(0, part)]);
        let held = (standing == Firm).then(|| window(hour(1), end));
        assert_eq!(stands(&fleet, claim), (standing, held), "{given} ms");
        // It may be used to its end and no longer: the pad takes a second to stop.
        let at = end.minus(Millis(1_000 + 10 + 1));
        let expected = if standing == Firm { May::Go } else { May::Hold };
        assert_eq!((fleet.may(claim, at), fleet.may(claim, later(at, 1))), (expected, May::Hold));
    }
}

/// `[LEASE-8]`: zero stands for the whole.
#[test]
fn without_a_least_a_lease_holds_by_the_whole_alone() {
    for (end, standing) in [(hour(4).minus(Millis(1)), Asked), (hour(4), Firm)] {
        let (mut fleet, right) = held();
        let claim = claim_of(&mut fleet, 0, END, vec![want(0, hours(1, 4), 1)]);
        let part = want(0, window(hour(1), end), 1).from_right(right);
        fleet.give_claim(fleet.region, claim, 0, vec![(0, part)]);
        assert_eq!(fleet.lease(claim, 0), standing);
    }
}

/// `[LEASE-8]`, `[LEASE-2]`: what does not reach back to the start covers nothing.
#[test]
fn a_part_that_begins_late_or_leaves_a_gap_covers_no_more_than_what_leads_to_it() {
    for (parts, standing) in [
        (vec![(later(hour(1), 1), hour(4))], Asked),
        (vec![(hour(1), hour(2)), (later(hour(2), 1), hour(4))], Asked),
        (vec![(hour(1), hour(2)), (hour(2), hour(3))], Firm),
    ] {
        let (mut fleet, right) = held();
        let claim = claim_of(&mut fleet, 2 * Millis::HOUR.0, END, vec![want(0, hours(1, 4), 1)]);
        for (from, to) in &parts {
            let part = want(0, window(*from, *to), 1).from_right(right);
            fleet.give_claim(fleet.region, claim, 0, vec![(0, part)]);
        }
        assert_eq!(fleet.lease(claim, 0), standing, "{parts:?}");
    }
}

/// `[LEASE-8]`: the window is the one that all footprints have in common, from the latest start on.
#[test]
fn the_parts_of_a_joint_lease_hold_by_what_they_have_in_common() {
    for (least, standing) in [(2 * Millis::HOUR.0, Firm), (2 * Millis::HOUR.0 + 1, Asked)] {
        let (mut fleet, right) = held();
        let first = fleet.first(1);
        let power = fleet.give(fleet.root, fleet.region, vec![want(1, hours(0, 12), 9).from_right(first)]);
        let asked = vec![want(0, hours(1, 5), 1), want(1, hours(2, 8), 2)];
        let claim = claim_of(&mut fleet, least, END, asked);
        let parts = vec![
            (0, want(0, hours(1, 4), 1).from_right(right)),
            (1, want(1, hours(2, 5), 2).from_right(power)),
        ];
        fleet.give_claim(fleet.region, claim, 0, parts);
        assert_eq!(fleet.lease(claim, 0), standing);
        if standing == Firm {
            let lease = fleet.view().lease(&claim.record, 0).unwrap();
            assert_eq!(lease.window(), Some(hours(2, 4)));
            let at = |moment| Clock::new(moment, Millis(0));
            assert_eq!(lease.phase(at(hour(4).minus(Millis(1)))), Some(Phase::Live), "[ACT-3]");
            assert_eq!(lease.phase(at(hour(4))), Some(Phase::Settling));
            assert_eq!((fleet.may(claim, hour(3)), fleet.may(claim, hour(4))), (May::Go, May::Hold));
        }
    }
}

/// `[LEASE-8]`: each standing counts with what is better, and the best that is long enough is told.
#[test]
fn the_cover_is_that_of_the_standing_that_is_told() {
    for (least, standing, end) in [(1, Firm, hour(2)), (3, AtRisk, hour(4)), (4, Asked, hour(1))] {
        let (mut fleet, right) = held();
        let old = fleet.claim(fleet.rival, &[&[0]], 1, vec![want(0, hours(2, 4), 1)]);
        let part = |from, to| want(0, hours(from, to), 1).from_right(right);
        let lost = fleet.give_claim(fleet.region, old, 0, vec![(0, part(2, 4))]);
        fleet.reclaim(fleet.region, lost, None);
        let claim = claim_of(&mut fleet, least * Millis::HOUR.0, END, vec![want(0, hours(1, 5), 1)]);
        fleet.give_claim(fleet.region, claim, 0, vec![(0, part(1, 2)), (0, part(2, 4))]);
        let held = window(hour(1), end.max(later(hour(1), 1)));
        let told = stands(&fleet, claim);
        assert_eq!(told, (standing, (standing != Asked).then_some(held)), "least {least} h");
        let given_to = fleet.view().lease(&claim.record, 0).unwrap().footprints[0].given_to;
        assert_eq!(given_to, hour(4), "what was given is told, whether or not it is enough");
    }
}

/// `[LEASE-9]`: to the claim's until less the longest lease, and to the start and the longest lease.
#[test]
fn a_lease_tells_until_when_it_can_be_extended() {
    let longest = Fleet::new().pen.charter.parameters().longest_lease;
    for (until, last) in [
        (later(hour(3).plus(longest), 0), hour(3)),
        (later(hour(3).plus(longest), 1), later(hour(3), 1)),
        (hour(1).plus(longest).plus(longest).minus(Millis(1)), hour(1).plus(longest).minus(Millis(1))),
        (hour(1).plus(longest).plus(longest), hour(1).plus(longest)),
        (END, hour(1).plus(longest)),
    ] {
        let (mut fleet, right) = held();
        let claim = claim_of(&mut fleet, 0, until, vec![want(0, hours(1, 3), 1)]);
        // A give that reaches farther would outlive its claim, or end too early for its own window.
        let part = want(0, hours(1, 3), 1).from_right(right);
        let body = Give { to: Receiver::Claim { claim, alternative: 0 }, parts: vec![0] };
        fleet.pen.write(fleet.region, &[body.record(until, vec![part]).unwrap()]);
        let lease = fleet.view().lease(&claim.record, 0).unwrap();
        assert_eq!(lease.extendable_to(), Some(last), "until {until}");
        assert_eq!(stands(&fleet, claim), (Firm, Some(hours(1, 3))), "until {until}");
    }
}

/// `[LEASE-9]`: a part is cut where the lease would be longer than the longest.
#[test]
fn what_reaches_farther_than_the_longest_lease_counts_to_there() {
    let (mut fleet, right) = held();
    let claim = claim_of(&mut fleet, 0, END, vec![want(0, hours(1, 3), 1)]);
    for (from, to) in [(1, 3), (3, 11)] {
        let part = want(0, hours(from, to), 1).from_right(right);
        fleet.give_claim(fleet.region, claim, 0, vec![(0, part)]);
    }
    assert_eq!(stands(&fleet, claim), (Firm, Some(hours(1, 9))));
    let end = hour(9).minus(Millis(1_000 + 10 + 1));
    assert_eq!((fleet.may(claim, end), fleet.may(claim, later(end, 1))), (May::Go, May::Hold));
}

/// Writes a reclaim whose author's clock surely reads at least `earliest`.
impl Fleet {
    fn taken_back_at(&mut self, log: usize, give: Citation, earliest: Tai) -> Citation {
        self.pen.now = later(earliest, ERROR);
        self.pen.write(log, &[Reclaim { give, proof: None }.record(END, Vec::new()).unwrap()])[0]
    }
}

/// `[RECLAIM-2]`
#[test]
fn what_is_taken_back_surely_after_the_guard_holds_its_lease() {
    let guard = Fleet::new().pen.charter.parameters().guard;
    for (late, standing) in [(0, Firm), (1, Unknown), (5_000, Unknown)] {
        let (mut fleet, _, claim, give) = two_levels();
        let by = fleet.taken_back_at(fleet.region, give, later(hour(3).plus(guard), late));
        assert_eq!(fleet.lease(claim, 0), standing, "{late} ms after the guard");
        if standing == Unknown {
            let finding = fleet.view().lease(&claim.record, 0).unwrap().finding;
            let taken_back = Missing::TakenBack { give: give.record, by: by.record };
            assert_eq!(
                (finding.because, fleet.may(claim, hour(2))),
                (Because::Missing(taken_back), May::Hold)
            );
        }
    }
}

/// `[RECLAIM-2]`: whichever of several comes first, and whatever it carries.
#[test]
fn one_of_several_reclaims_that_comes_late_is_enough() {
    let (mut fleet, _, claim, give) = two_levels();
    fleet.reclaim(fleet.region, give, None);
    assert_eq!(fleet.lease(claim, 0), Firm);
    fleet.taken_back_at(fleet.region, give, hour(4));
    fleet.reclaim(fleet.region, give, None);
    assert_eq!(fleet.lease(claim, 0), Unknown);
}

/// `[RECLAIM-2]`: a later lease than the part that was taken back goes on.
#[test]
fn a_lease_that_ends_later_than_what_was_taken_back_goes_on() {
    for (end, standing) in [(hour(3), Unknown), (later(hour(3), 1), Firm)] {
        let (mut fleet, right) = held();
        let claim = claim_of(&mut fleet, Millis::HOUR.0, END, vec![want(0, window(hour(1), end), 1)]);
        let part = |from, to| want(0, window(from, to), 1).from_right(right);
        let early = fleet.give_claim(fleet.region, claim, 0, vec![(0, part(hour(1), hour(3)))]);
        if end > hour(3) {
            fleet.give_claim(fleet.region, claim, 0, vec![(0, part(hour(3), end))]);
        }
        fleet.taken_back_at(fleet.region, early, hour(4));
        assert_eq!(fleet.lease(claim, 0), standing, "to {end}");
    }
}

/// `[RECLAIM-2]`: what leads to a later part is over with the lease when the later part is.
#[test]
fn parts_that_are_taken_back_one_after_the_other_hold_the_lease_in_the_end() {
    let (mut fleet, right) = held();
    let claim = claim_of(&mut fleet, Millis::HOUR.0, END, vec![want(0, hours(1, 4), 1)]);
    let part = |from, to| want(0, hours(from, to), 1).from_right(right);
    let early = fleet.give_claim(fleet.region, claim, 0, vec![(0, part(1, 2))]);
    let late = fleet.give_claim(fleet.region, claim, 0, vec![(0, part(2, 4))]);
    fleet.taken_back_at(fleet.region, early, hour(3));
    assert_eq!(stands(&fleet, claim), (Firm, Some(hours(1, 4))));
    fleet.taken_back_at(fleet.region, late, hour(5));
    assert_eq!(fleet.lease(claim, 0), Unknown);
}

/// `[RECLAIM-2]`: of a pool time frees nothing, so it holds nobody either.
#[test]
fn a_pool_is_not_taken_back_as_over() {
    let mut fleet = Fleet::new();
    let first = fleet.first(2);
    let right = fleet.give(fleet.root, fleet.region, vec![want(2, hours(0, 12), 9).from_right(first)]);
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(2, hours(1, 3), 2)]);
    let part = want(2, hours(1, 3), 2).from_right(right);
    let give = fleet.give_claim(fleet.region, claim, 0, vec![(0, part)]);
    fleet.taken_back_at(fleet.region, give, hour(8));
    assert_eq!(fleet.lease(claim, 0), Firm);
}

/// `[RECLAIM-2]`: only the giver's own word counts, in the giver's own log.
#[test]
fn what_another_log_takes_back_holds_nobody() {
    let (mut fleet, _, claim, give) = two_levels();
    fleet.taken_back_at(fleet.rival, give, hour(8));
    fleet.taken_back_at(fleet.root, give, hour(8));
    assert_eq!(fleet.lease(claim, 0), Firm);
}

/// `[BACK-3]`: the record of the claim's own entry that stands behind it counts; the one before it does not.
#[test]
fn what_cannot_be_read_holds_what_stands_before_it_in_the_same_entry_too() {
    for (place, standing) in [(0, Firm), (1, Unknown)] {
        let (mut fleet, right) = held();
        let unread = Record::new(4_711, END, vec![0x80]).with_footprints(Effect::Frees, Vec::new()).unwrap();
        let claim = claim_record(&[&[0]], 1).record(END, vec![want(0, hours(1, 3), 1)]).unwrap();
        let mut records = vec![claim];
        records.insert(place, unread);
        let cited = fleet.pen.write(fleet.node, &records)[1 - place];
        fleet.give_claim(fleet.region, cited, 0, vec![(0, want(0, hours(1, 3), 1).from_right(right))]);
        assert_eq!(fleet.lease(cited, 0), standing);
    }
}

/// `[BACK-3]`: its own release says more.
#[test]
fn a_release_ends_what_may_be_ended_already() {
    let (mut fleet, _, claim, _) = two_levels();
    let unread = Record::new(4_711, END, vec![0x80]).with_footprints(Effect::Frees, Vec::new()).unwrap();
    let unread = fleet.pen.write(fleet.node, &[unread])[0];
    let finding = fleet.view().lease(&claim.record, 0).unwrap().finding;
    assert_eq!(finding.because, Because::Missing(Missing::Ending(unread.record)));
    let body = GivingBack { gives: vec![claim], alternatives: Vec::new(), unused: vec![0] };
    fleet.pen.write(fleet.node, &[body.record_of(RELEASE, END, Vec::new()).unwrap()]);
    assert_eq!(fleet.lease(claim, 0), Standing::Ended);
}

/// `[ACT-2]`: a head that may have been written by now is as old as it may be; one that surely was not, by both
/// clocks, is of no known age.
#[test]
fn news_are_of_unknown_age_from_the_first_millisecond_that_lies_ahead() {
    for (ahead, age) in [(0, Age::AtMost(Millis(0))), (1, Age::Unknown)] {
        let (mut fleet, right) = held();
        let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(1, 3), 1)]);
        let clock = Clock::new(hour(2), Millis(10));
        fleet.pen.now = later(clock.hi(), ERROR + ahead);
        let part = want(0, hours(1, 3), 1).from_right(right);
        fleet.give_claim(fleet.region, claim, 0, vec![(0, part)]);
        // The root's own news are older.
        let root = fleet.pen.logs[fleet.root].entries.last().unwrap().header().authored;
        let known = Age::AtMost(clock.hi().since(root.at.minus(root.error)));
        let MayAct::Go { information_age, .. } =
            fleet.asked(claim.record, clock, Millis(0), |_: &LogId| true)
        else {
            panic!("it is given")
        };
        assert_eq!(information_age, known.max(age), "{ahead} ms ahead");
    }
}
