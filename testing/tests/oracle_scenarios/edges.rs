//! The edges of clauses: one step inside and one step outside of what each of them says.

use super::fleet::{END, Fleet, claim_record, enrol, two_levels, want};
use intent_contracts::kinds::notice::Revocation;
use intent_contracts::kinds::{
    Body as _, Claim, Cut, Enrol, Give, GivingBack, Meaning, Over, POST, RELEASE, RETURN, Receiver, Roles,
    Rotation,
};
use intent_contracts::{
    Citation, Effect, Footprint, Lane, Measure, Millis, NoticeId, Record, RecordId, Scope, Signer as _, Tai,
};
use intent_merge_rules::{Because, Denier, Exception, Flaw, Missing, Standing};
use intent_testing::oracle::histories::{hour, hours, resource_id, resources};
use intent_testing::oracle::{Free, May};
use intent_testing::twins::{differences, view_of};
use intent_testing::world::key;

/// Something that says nothing of anybody.
fn plain(until: Tai, text: u8) -> Record {
    Record::new(77, until, vec![text])
}

/// Ends a log with a fork above its first `below` entries.
pub(crate) fn fork(fleet: &mut Fleet, log: usize, below: usize, until: Tai) {
    for text in [0x80, 0x81] {
        fleet.pen.write_beside(log, below, &[plain(until, text)]);
    }
}

// ---- Open resources -----------------------------------------------------------------------------------

/// `[LEASE-1]`, `[OPEN-3]`
#[test]
fn a_footprint_contends_whether_or_not_its_alternative_names_it() {
    let mut fleet = Fleet::new();
    let wanted = vec![want(3, hours(0, 1), 1), want(3, hours(4, 5), 1)];
    let claim = fleet.claim(fleet.node, &[&[0]], 1, wanted);
    let cover = |fleet: &Fleet| fleet.view().lease(&claim.record, 0).unwrap().footprints[0].cover;
    assert_eq!((fleet.lease(claim, 0), cover(&fleet)), (Standing::Provisional, hour(1)));
    fleet.claim(fleet.rival, &[&[0]], 3, vec![want(3, hours(4, 6), 1)]);
    assert_eq!(fleet.lease(claim, 0), Standing::Displaced);
    fleet.claim(fleet.rival, &[&[0]], 3, vec![want(3, hours(0, 2), 1)]);
    assert_eq!((fleet.lease(claim, 0), cover(&fleet)), (Standing::Displaced, hour(0)));
}

/// `[OPEN-1]`, `[OPEN-3]`
#[test]
fn what_names_a_right_or_is_void_by_itself_displaces_nobody() {
    let mut fleet = Fleet::new();
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(3, hours(0, 2), 1)]);
    let first = fleet.first(0);
    fleet.claim(fleet.rival, &[&[0]], 3, vec![want(3, hours(1, 3), 1).from_right(first)]);
    assert_eq!(fleet.lease(claim, 0), Standing::Provisional);
    // Above its warrant.
    fleet.claim(fleet.rival, &[&[0]], 5, vec![want(3, hours(1, 3), 1)]);
    assert_eq!(fleet.lease(claim, 0), Standing::Provisional);
}

/// `[EXPL-1]`: equal sets tell the same, whatever was met first.
#[test]
fn of_several_rivals_the_one_with_the_least_id_is_told() {
    let mut told = 0;
    for turn in 0..6 {
        let mut fleet = Fleet::new();
        let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(3, hours(0, 6), 1)]);
        let mut rivals = Vec::new();
        for place in 0..4 {
            let start = (place + turn) % 4;
            let log = if place % 2 == 0 { fleet.region } else { fleet.rival };
            rivals.push(fleet.claim(log, &[&[0]], 3, vec![want(3, hours(start, start + 1), 1)]).record);
        }
        let finding = fleet.view().lease(&claim.record, 0).unwrap().finding;
        assert_eq!(finding.records(), rivals.iter().copied().min().into_iter().collect::<Vec<_>>());
        told += 1;
    }
    assert_eq!(told, 6);
}

/// What becomes of a claim that cites a rival of higher class as over, by the evidence that `by` makes.
fn over(by: impl FnOnce(&mut Fleet, Citation, Citation) -> (usize, Citation)) -> Standing {
    let mut fleet = Fleet::new();
    let high = fleet.claim(fleet.rival, &[&[0]], 3, vec![want(3, hours(1, 4), 1)]);
    let other = fleet.claim(fleet.rival, &[&[0]], 3, vec![want(3, hours(6, 7), 1)]);
    let (log, release) = by(&mut fleet, high, other);
    let over = vec![Over { claim: high, release: fleet.embed(log, release), revocation: None }];
    let body = Claim { over, ..claim_record(&[&[0]], 1) };
    let record = body.record(END, vec![want(3, hours(0, 2), 1)]).unwrap();
    let claim = fleet.pen.write(fleet.node, &[record])[0];
    fleet.lease(claim, 0)
}

/// `[OPEN-6]`, `[PROOF-1]`
#[test]
fn only_the_rivals_own_release_of_that_claim_shows_that_it_is_over() {
    let released = over(|fleet, high, _| (fleet.rival, fleet.back(fleet.rival, RELEASE, &[(high, 0)], &[])));
    let named = over(|fleet, high, _| (fleet.rival, fleet.back(fleet.rival, RELEASE, &[(high, 0)], &[0])));
    assert_eq!([released, named], [Standing::Provisional; 2]);
    let of_another =
        over(|fleet, _, other| (fleet.rival, fleet.back(fleet.rival, RELEASE, &[(other, 0)], &[])));
    let strangers =
        over(|fleet, high, _| (fleet.region, fleet.back(fleet.region, RELEASE, &[(high, 0)], &[])));
    let other_place =
        over(|fleet, high, _| (fleet.rival, fleet.back(fleet.rival, RELEASE, &[(high, 0)], &[1])));
    assert_eq!([of_another, strangers, other_place], [Standing::Displaced; 3]);
}

/// What becomes of a claim that cites a revocation of the rival's key with these cuts.
fn over_cut(cuts: impl FnOnce(&Fleet, Citation) -> Vec<Cut>) -> Standing {
    let mut fleet = Fleet::new();
    let high = fleet.claim(fleet.rival, &[&[0]], 3, vec![want(3, hours(1, 4), 1)]);
    let body = Revocation { key: key(8).author(), cuts: cuts(&fleet, high) };
    let notice = fleet.pen.notify(4, fleet.region_id, &Scope::parse("a").unwrap(), END, &body);
    let over = vec![Over { claim: high, release: None, revocation: Some(notice) }];
    let body = Claim { over, ..claim_record(&[&[0]], 1) };
    let record = body.record(END, vec![want(3, hours(0, 2), 1)]).unwrap();
    let claim = fleet.pen.write(fleet.node, &[record])[0];
    fleet.lease(claim, 0)
}

/// `[OPEN-6]`
#[test]
fn a_cited_revocation_ends_the_rivals_that_it_cuts_as_it_states_it() {
    assert_eq!(over_cut(|_, _| Vec::new()), Standing::Provisional);
    let of_another_log = |fleet: &Fleet, _: Citation| {
        vec![Cut { log: fleet.log(fleet.region), seq: 9, id: fleet.region_enrol.record.entry }]
    };
    assert_eq!(over_cut(of_another_log), Standing::Provisional);
    let at = |cited: Citation, seq| vec![Cut { log: cited.log, seq, id: cited.record.entry }];
    assert_eq!(over_cut(|_, cited| at(cited, cited.seq)), Standing::Unknown);
    assert_eq!(over_cut(|_, cited| at(cited, cited.seq - 1)), Standing::Provisional);
}

/// `[OPEN-6]`, `[DENY-5]`
#[test]
fn a_cited_revocation_of_a_root_ends_a_rival_once_enough_roots_state_that_cut() {
    for (second, expected) in
        [(None, Standing::Unknown), (Some(9), Standing::Unknown), (Some(0), Standing::Provisional)]
    {
        let mut fleet = Fleet::of(2);
        fleet.pen.endorse(1, fleet.region_enrol);
        let low = Roles::ACT.with(Roles::GIVE).with_class(3);
        let nodes = fleet.pen.write(fleet.safety, &[enrol(6, low, "a/b", 1), enrol(8, low, "a/b", 2)]);
        let node = fleet.pen.open(6, nodes[0].record, Lane::Productivity, END, 4);
        let rival = fleet.pen.open(8, nodes[1].record, Lane::Productivity, END, 5);
        let high = fleet.claim(rival, &[&[0]], 3, vec![want(3, hours(1, 4), 1)]);
        let mut revoke = |root: u8, cuts: Vec<Cut>| {
            let body = Revocation { key: key(8).author(), cuts };
            let enrolment = fleet.pen.root(root);
            fleet.pen.notify(root.into(), enrolment, &Scope::root(), END, &body)
        };
        let notice: NoticeId = revoke(0, Vec::new());
        if let Some(seq) = second {
            revoke(1, vec![Cut { log: high.log, seq, id: high.record.entry }]);
        }
        let over = vec![Over { claim: high, release: None, revocation: Some(notice) }];
        let body = Claim { over, ..claim_record(&[&[0]], 1) };
        let record = body.record(END, vec![want(3, hours(0, 2), 1)]).unwrap();
        let claim = fleet.pen.write(node, &[record])[0];
        assert_eq!(fleet.lease(claim, 0), expected, "the second root cuts at {second:?}");
    }
}

/// `[RULE-5]`
#[test]
fn a_claim_may_cite_what_outlasts_it_and_nothing_shorter() {
    for (until, expected) in [(END, Standing::Provisional), (hour(10).minus(Millis(1)), Standing::Void)] {
        let mut fleet = Fleet::new();
        let cited = fleet.claim(fleet.rival, &[&[0]], 1, vec![want(3, hours(6, 7), 1)]);
        let body = Claim { attestations: vec![Citation { until, ..cited }], ..claim_record(&[&[0]], 1) };
        let record = body.record(hour(10), vec![want(3, hours(0, 2), 1)]).unwrap();
        let claim = fleet.pen.write(fleet.node, &[record])[0];
        assert_eq!(fleet.lease(claim, 0), expected);
    }
}

// ---- Rights and their order ---------------------------------------------------------------------------

/// Gives of the power between root and region to and fro, and a claim that draws on the last of them.
fn given_to_and_fro(gives: usize) -> (Fleet, Citation, Citation) {
    let mut fleet = Fleet::new();
    let mut right = fleet.first(1);
    let mut holder = fleet.root;
    for _ in 0..gives {
        let next = if holder == fleet.root { fleet.region } else { fleet.root };
        right = fleet.give(holder, next, vec![want(1, hours(0, 12), 2).from_right(right)]);
        holder = next;
    }
    let claim = fleet.claim(holder, &[&[0]], 1, vec![want(1, hours(1, 3), 1).from_right(right)]);
    (fleet, right, claim)
}

/// `[RIGHT-3]`
#[test]
fn a_chain_has_sixteen_gives_and_no_more() {
    let (fleet, right, claim) = given_to_and_fro(16);
    assert_eq!((fleet.part(right), fleet.lease(claim, 0)), (Standing::Firm, Standing::Firm));
    assert_eq!(fleet.free(1, hours(1, 2)), Free::Occupied);
    let (fleet, right, claim) = given_to_and_fro(17);
    let because = fleet.view().part(&right.record, 0).unwrap().because;
    assert_eq!((fleet.part(right), because), (Standing::Void, Because::Flawed(Flaw::Gives)));
    assert_eq!(fleet.lease(claim, 0), Standing::Void);
    assert!(fleet.view().occupancies(resource_id(&resources()[1]), hours(0, 24)).is_empty());
}

/// `[RIGHT-2]`
#[test]
fn a_part_is_drawn_on_a_right_of_its_own_measure_and_on_a_right() {
    let mut fleet = Fleet::new();
    let power = fleet.first(1);
    let measured = Footprint::open(resource_id(&resources()[1]), Measure::Exclusive, hours(0, 2), 1);
    let wrong = fleet.give(fleet.root, fleet.region, vec![measured.from_right(power)]);
    let because = fleet.view().part(&wrong.record, 0).unwrap().because;
    assert_eq!((fleet.part(wrong), because), (Standing::Void, Because::Flawed(Flaw::NotHeld)));
    // A claim is here, and is no right.
    let claim = fleet.claim(fleet.region, &[&[0]], 1, vec![want(0, hours(0, 2), 1)]);
    let drawn = fleet.give(fleet.region, fleet.node, vec![want(0, hours(0, 2), 1).from_right(claim)]);
    assert_eq!(fleet.part(drawn), Standing::Void);
}

/// `[LEASE-6]`
#[test]
fn a_give_answers_places_that_its_claim_has_and_what_cannot_be_read() {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(0, 2), 1)]);
    let part = |start| want(0, hours(start, start + 2), 1).from_right(first);
    let no_alternative = fleet.give_claim(fleet.root, claim, 1, vec![(0, part(0))]);
    let no_footprint = fleet.give_claim(fleet.root, claim, 0, vec![(1, part(2))]);
    let taking =
        Record::new(28, END, vec![0x80]).with_footprints(Effect::Takes, vec![want(0, hours(4, 6), 1)]);
    let odd = fleet.pen.write(fleet.node, &[taking.unwrap()])[0];
    let to_the_unread = fleet.give_claim(fleet.root, odd, 7, vec![(7, part(4))]);
    let standings = [no_alternative, no_footprint, to_the_unread].map(|give| fleet.part(give));
    assert_eq!(standings, [Standing::Void, Standing::Void, Standing::Firm]);
}

/// `[LEASE-6]`
#[test]
fn what_a_pool_gave_lasts_as_long_as_its_right() {
    for (until, expected) in [(END, Standing::Firm), (END.minus(Millis(1)), Standing::Void)] {
        let mut fleet = Fleet::new();
        let steel = want(2, hours(0, 2), 1).from_right(fleet.first(2));
        let body = Give { to: Receiver::Log(fleet.log(fleet.region)), parts: Vec::new() };
        let give = fleet.pen.write(fleet.root, &[body.record(until, vec![steel]).unwrap()])[0];
        assert_eq!(fleet.part(give), expected);
    }
}

/// `[LEASE-7]`
#[test]
fn what_nobody_declares_is_unknown_though_it_contends_with_nobody() {
    let mut fleet = Fleet::new();
    let mut lift = resources()[1].clone();
    lift.path = intent_contracts::ResourcePath::parse("lift").unwrap();
    let wanted = Footprint::open(lift.id(), lift.measure, hours(1, 3), 1);
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![wanted]);
    assert_eq!(fleet.lease(claim, 0), Standing::Unknown);
    fleet.pen.write(fleet.safety, &[lift.record(END, Vec::new()).unwrap()]);
    assert_eq!(fleet.lease(claim, 0), Standing::Asked);
}

/// A right of two parts and another one go back in one return, and are given again; `given_on` is the part of
/// the first that the receiver had given on.
fn returned_together(given_on: Option<u8>, odd: Option<bool>) -> [Standing; 3] {
    let mut fleet = Fleet::new();
    let (pad, power) = (fleet.first(0), fleet.first(1));
    let whole = || vec![want(0, hours(0, 4), 1).from_right(pad), want(1, hours(0, 4), 10).from_right(power)];
    let later = || vec![want(0, hours(4, 8), 1).from_right(pad)];
    let two = fleet.give(fleet.root, fleet.region, whole());
    let one = fleet.give(fleet.root, fleet.region, later());
    if let Some(part) = given_on {
        let wanted = [want(0, hours(1, 2), 1), want(1, hours(1, 2), 1)];
        fleet.give(fleet.region, fleet.node, vec![wanted[usize::from(part)].clone().from_right(two)]);
    }
    let taking = Record::new(28, END, vec![0x80]).with_footprints(Effect::Takes, Vec::new()).unwrap();
    if odd == Some(true) {
        fleet.pen.write(fleet.region, std::slice::from_ref(&taking));
    }
    let back = fleet.back(fleet.region, RETURN, &[(one, 0), (two, 0)], &[]);
    if odd == Some(false) {
        fleet.pen.write(fleet.region, &[taking]);
    }
    let proof = fleet.embed(fleet.region, back);
    fleet.reclaim(fleet.root, one, proof.clone());
    fleet.reclaim(fleet.root, two, proof);
    let again = fleet.give(fleet.root, fleet.node, whole());
    let last = fleet.give(fleet.root, fleet.node, later());
    let judged = fleet.judge();
    [judged.parts[&(again.record, 0)], judged.parts[&(again.record, 1)], judged.parts[&(last.record, 0)]]
}

/// `[PROOF-2]`
#[test]
fn each_part_of_what_is_returned_is_proven_by_itself() {
    let (firm, risk) = (Standing::Firm, Standing::AtRisk);
    assert_eq!(returned_together(None, None), [firm, firm, firm]);
    assert_eq!(returned_together(Some(0), None), [risk, firm, firm]);
    assert_eq!(returned_together(Some(1), None), [firm, risk, firm]);
}

/// `[PROOF-2]`, `[ORDER-5]`
#[test]
fn a_return_above_what_cannot_be_read_proves_nothing() {
    assert_eq!(returned_together(None, Some(true)), [Standing::AtRisk; 3]);
    assert_eq!(returned_together(None, Some(false)), [Standing::Firm; 3]);
}

/// `[PROOF-2]`, `[FORGET-1]`: else forgetting the return would take the proof back.
#[test]
fn a_return_proves_only_what_ends_before_its_log() {
    for (end, expected) in [(8, Standing::Firm), (9, Standing::Firm), (10, Standing::AtRisk)] {
        let mut fleet = Fleet::new();
        let first = fleet.first(0);
        let whole = want(0, hours(0, 12), 1).from_right(first);
        let short = fleet.pen.open(4, fleet.region_id, Lane::Productivity, hour(9), 90);
        let right = fleet.give(fleet.root, short, vec![whole]);
        let body = GivingBack { gives: vec![right], alternatives: Vec::new(), unused: vec![0] };
        let back = fleet.pen.write(short, &[body.record_of(RETURN, hour(9), Vec::new()).unwrap()])[0];
        let proof = fleet.embed(short, back);
        fleet.reclaim(fleet.root, right, proof);
        let again = fleet.give(fleet.root, fleet.node, vec![want(0, hours(1, end), 1).from_right(first)]);
        assert_eq!(fleet.part(again), expected, "to hour {end}");
    }
}

/// `[PROOF-2]`: the return of the whole day rests on one in a log that ends before the day.
#[test]
fn a_return_proves_nothing_that_ends_after_a_return_on_which_it_rests() {
    for (end, expected) in [(9, Standing::AtRisk), (12, Standing::Firm)] {
        let mut fleet = Fleet::new();
        let first = fleet.first(0);
        let whole = |right| vec![want(0, hours(0, 12), 1).from_right(right)];
        let short = fleet.pen.open(6, fleet.node_id, Lane::Productivity, hour(end), 90);
        let right = fleet.give(fleet.root, fleet.region, whole(first));
        let below = fleet.give(fleet.region, short, whole(right));
        let body = GivingBack { gives: vec![below], alternatives: Vec::new(), unused: vec![0] };
        let back = fleet.pen.write(short, &[body.record_of(RETURN, hour(end), Vec::new()).unwrap()])[0];
        let proof = fleet.embed(short, back);
        fleet.reclaim(fleet.region, below, proof);
        let back = fleet.back(fleet.region, RETURN, &[(right, 0)], &[]);
        let proof = fleet.embed(fleet.region, back);
        fleet.reclaim(fleet.root, right, proof);
        let again = fleet.give(fleet.root, fleet.rival, vec![want(0, hours(1, 8), 1).from_right(first)]);
        assert_eq!(fleet.part(again), expected, "the lower log ends at hour {end}");
    }
}

/// A resource goes to and fro in so many gives, comes back in as many returns, each of which rests on the one
/// before, and is given again.
fn returned_from(which: usize, gives: usize) -> Standing {
    let mut fleet = Fleet::new();
    let mut rights = vec![fleet.first(which)];
    let logs = [fleet.root, fleet.region];
    let all = if which == 0 { 1 } else { 10 };
    let whole = |right| vec![want(which, hours(0, 12), all).from_right(right)];
    for give in 0..gives {
        let right = fleet.give(logs[give % 2], logs[(give + 1) % 2], whole(rights[give]));
        rights.push(right);
    }
    for give in (0..gives).rev() {
        let (giver, holder, right) = (logs[give % 2], logs[(give + 1) % 2], rights[give + 1]);
        let back = fleet.back(holder, RETURN, &[(right, all)], &[]);
        let proof = fleet.embed(holder, back);
        fleet.reclaim(giver, right, proof);
    }
    let again = fleet.give(fleet.root, fleet.node, whole(rights[0]));
    fleet.part(again)
}

/// `[PROOF-3]`
#[test]
fn sixteen_returns_rest_on_each_other_and_no_more() {
    for which in [0, 1, 2] {
        assert_eq!(
            [1, 2, 16, 17].map(|gives| returned_from(which, gives)),
            [Standing::Firm, Standing::Firm, Standing::Firm, Standing::AtRisk],
            "resource {which}"
        );
    }
}

/// `[ORDER-3]`, `[RULE-1]`: the order of a right is the same when its record comes last.
#[test]
fn one_release_frees_every_draw_that_it_cites_also_when_the_right_comes_last() {
    let mut fleet = Fleet::new();
    let first = fleet.first(1);
    let right = fleet.give(fleet.root, fleet.region, vec![want(1, hours(0, 12), 10).from_right(first)]);
    let own = |window| want(1, window, 10).from_right(right);
    let one = fleet.claim(fleet.region, &[&[0, 1]], 1, vec![own(hours(0, 1)), own(hours(1, 2))]);
    let two = fleet.claim(fleet.region, &[&[0, 1]], 1, vec![own(hours(2, 3)), own(hours(3, 4))]);
    fleet.back(fleet.region, RELEASE, &[(one, 0), (two, 0)], &[]);
    let again = fleet.claim(fleet.region, &[&[0]], 1, vec![own(hours(0, 4))]);
    let judged = fleet.judge();
    assert_eq!(judged.leases[&(again.record, 0)].standing, Standing::Firm);
    let mut late = fleet.pen.items.clone();
    let give = late.remove(2);
    late.push(give);
    assert_eq!(differences(&view_of(&fleet.pen.charter, &late), &judged), Vec::<String>::new());
}

/// `[ORDER-3]`: the claim stands in its log where the give stands in the giver's.
#[test]
fn a_release_of_another_logs_claim_frees_nothing_in_the_own_order() {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    let right = fleet.give(fleet.root, fleet.region, vec![want(0, hours(0, 12), 1).from_right(first)]);
    let part = || want(0, hours(1, 3), 1).from_right(right);
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![part()]);
    let give = fleet.give_claim(fleet.region, claim, 0, vec![(0, part())]);
    assert_eq!((claim.seq, claim.record.index), (give.seq, give.record.index));
    fleet.back(fleet.region, RELEASE, &[(claim, 0)], &[]);
    let again = fleet.give(fleet.region, fleet.rival, vec![part()]);
    assert_eq!((fleet.lease(claim, 0), fleet.part(again)), (Standing::Firm, Standing::Overdrawn));
}

/// `[ORDER-3]`
#[test]
fn what_a_post_leaves_unused_goes_to_the_first_pool_among_the_parts() {
    let mut fleet = Fleet::new();
    let (pad, steel) = (fleet.first(0), fleet.first(2));
    let parts = vec![want(0, hours(0, 2), 1).from_right(pad), want(2, hours(0, 2), 8).from_right(steel)];
    let used = fleet.claim(fleet.root, &[&[0, 1]], 1, parts);
    fleet.back(fleet.root, POST, &[(used, 5)], &[]);
    let more = |fleet: &mut Fleet, amount| {
        let part = want(2, hours(0, 2), amount).from_right(steel);
        let claim = fleet.claim(fleet.root, &[&[0]], 1, vec![part]);
        fleet.lease(claim, 0)
    };
    assert_eq!(more(&mut fleet, 8), Standing::Overdrawn);
    assert_eq!(more(&mut fleet, 7), Standing::Firm);
}

/// `[ORDER-3]`, `[PROOF-1]`
#[test]
fn evidence_that_is_shown_twice_brings_a_pool_back_once() {
    let mut fleet = Fleet::new();
    let steel = fleet.first(2);
    let part = |amount| want(2, hours(0, 2), amount).from_right(steel);
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(2, hours(0, 2), 4)]);
    let posted = fleet.give_claim(fleet.root, claim, 0, vec![(0, part(4))]);
    let bare = fleet.give(fleet.root, fleet.region, vec![part(4)]);
    let post = fleet.back(fleet.node, POST, &[(posted, 2)], &[]);
    let proof = fleet.embed(fleet.node, post);
    fleet.reclaim(fleet.root, posted, proof.clone());
    fleet.reclaim(fleet.root, posted, proof);
    fleet.reclaim(fleet.root, bare, None);
    // By word two are out, by proof six.
    let more = fleet.give(fleet.root, fleet.region, vec![part(5)]);
    assert_eq!(fleet.part(more), Standing::AtRisk);
}

/// `[PROOF-1]`
#[test]
fn a_release_that_cites_neither_the_give_nor_its_claim_is_no_evidence() {
    let (mut fleet, right, _, give) = two_levels();
    let other = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(5, 6), 1)]);
    let release = fleet.back(fleet.node, RELEASE, &[(other, 0)], &[]);
    let proof = fleet.embed(fleet.node, release);
    fleet.reclaim(fleet.region, give, proof);
    let again = fleet.give(fleet.region, fleet.rival, vec![want(0, hours(1, 3), 1).from_right(right)]);
    assert_eq!(fleet.part(again), Standing::AtRisk);
}

// ---- What ends a lease --------------------------------------------------------------------------------

/// `[LAW-5]`
#[test]
fn a_release_in_the_claims_own_log_ends_its_occupancy() {
    let (mut fleet, _, claim, _) = two_levels();
    assert_eq!(fleet.free(0, hours(2, 5)), Free::Occupied);
    fleet.back(fleet.node, RELEASE, &[(claim, 0)], &[]);
    assert!(matches!(fleet.free(0, hours(2, 5)), Free::Free { .. }));
    assert_eq!(fleet.may(claim, hour(2)), May::Hold);
}

/// `[SUSP-2]`
#[test]
fn who_gives_to_a_claim_of_an_absent_right_suspends_it_all_the_same() {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    let right = fleet.give(fleet.root, fleet.region, vec![want(0, hours(0, 12), 1).from_right(first)]);
    let nowhere = RecordId { entry: intent_contracts::EntryId::from_bytes([9; 32]), index: 0 };
    let absent = Citation { record: nowhere, ..first };
    let claim = fleet.claim(fleet.root, &[&[0]], 1, vec![want(0, hours(1, 3), 1).from_right(absent)]);
    fleet.give_claim(fleet.region, claim, 0, vec![(0, want(0, hours(1, 3), 1).from_right(right))]);
    let forked = fleet.pen.open(0, fleet.pen.root(0), Lane::Safety, hour(20), 9);
    fork(&mut fleet, forked, 0, hour(20));
    let lease = fleet.judge().leases[&(claim.record, 0)].clone();
    assert_eq!((lease.standing, lease.suspended_until()), (Standing::Unknown, Some(hour(20))));
    let because = fleet.view().lease(&claim.record, 0).unwrap().finding.because;
    assert_eq!(because, Because::Missing(Missing::Record(nowhere)));
}

// ---- Enrolments and denials ---------------------------------------------------------------------------

/// `[ROT-1]`
#[test]
fn a_rotation_stands_when_its_log_is_forked_above_it_and_falls_when_it_is_forked_there() {
    for (below, expected) in [(1, Standing::Firm), (0, Standing::Revoked)] {
        let (mut fleet, _, claim, _) = two_levels();
        let old = fleet.pen.logs[fleet.node].clone();
        let cut = Cut { log: old.id, seq: 1, id: old.entries[0].id() };
        let log = fleet.pen.open(7, fleet.node_id, Lane::Safety, END, 70);
        fleet.pen.write(log, &[Rotation { cuts: vec![cut] }.record(END, Vec::new()).unwrap()]);
        assert_eq!(fleet.lease(claim, 0), Standing::Firm);
        fork(&mut fleet, log, below, END);
        assert_eq!(fleet.lease(claim, 0), expected, "forked above {below} entries");
    }
}

/// `[ROT-1]`
#[test]
fn a_rotation_that_does_not_open_its_log_is_void() {
    let (mut fleet, ..) = two_levels();
    let log = fleet.pen.open(7, fleet.node_id, Lane::Safety, END, 70);
    let rotation = || Rotation { cuts: Vec::new() }.record(END, Vec::new()).unwrap();
    let first = fleet.pen.write(log, &[rotation(), rotation()]);
    let later = fleet.pen.write(log, &[rotation()])[0];
    let told = |record: &RecordId| fleet.view().explain(record)[0].because.clone();
    assert_eq!(told(&first[0].record), Because::Said);
    assert_eq!(told(&first[1].record), Because::Flawed(Flaw::Misplaced));
    assert_eq!(told(&later.record), Because::Flawed(Flaw::Misplaced));
    let short = END.minus(Millis(1));
    for (end, until) in [(END, short), (short, short)] {
        let log = fleet.pen.open(7, fleet.node_id, Lane::Safety, end, 71);
        let short =
            fleet.pen.write(log, &[Rotation { cuts: Vec::new() }.record(until, Vec::new()).unwrap()])[0];
        let because = fleet.view().explain(&short.record)[0].because.clone();
        assert_eq!(because, Because::Flawed(Flaw::Misplaced), "until {until}, in a log that ends at {end}");
    }
}

/// An enrolment of key `number` with room for all below it.
fn enrol_below(number: usize, roles: Roles, scope: &str, budget: u64, anchor: Option<RecordId>) -> Record {
    let Meaning::Enrol(body) = Meaning::of(&enrol(number, roles, scope, 1)) else { unreachable!() };
    let safety_budget = if roles.speaks_for_others() { budget } else { budget.min(65_536) };
    Enrol { byte_budget: budget, safety_budget, max_logs: 1, anchor, ..body }.record(END, Vec::new()).unwrap()
}

/// `[GRANT-1]`
#[test]
fn an_enrolment_stands_sixteen_steps_from_the_charter_and_no_more() {
    let mut fleet = Fleet::new();
    let roles = Roles::ACT.with(Roles::ENROL).with_class(1);
    let mut log = fleet.pen.open(0, fleet.pen.root(0), Lane::Safety, END, 77);
    for depth in 1..=17_u32 {
        // Twice what the next one gets, and the overhead of its two logs.
        let budget = (1_000_000_u64 << (17 - depth)) - 400_000;
        let record = fleet.pen.write(log, &[enrol_below(20, roles, "a", budget, None)])[0].record;
        let enrolled = fleet.view().enrolment(&record);
        let finding = enrolled.unwrap_or_else(|| panic!("nobody stands at depth {depth}")).finding;
        let expected = if depth <= 16 { Because::Granted } else { Because::Flawed(Flaw::Depth) };
        assert_eq!(finding.because, expected, "at depth {depth}");
        log = fleet.pen.open(20, record, Lane::Safety, END, 77);
    }
    fleet.judge();
}

/// `[ADM-2]`
#[test]
fn only_who_may_enrols_and_only_within_its_bounds() {
    let mut fleet = Fleet::new();
    let low = Roles::ACT.with_class(1);
    let sound = || enrol(12, low, "a/b", 3);
    let Meaning::Enrol(body) = Meaning::of(&sound()) else { unreachable!() };
    let many = Enrol { max_logs: 5, ..body }.record(END, Vec::new()).unwrap();
    let beside = enrol(12, low, "c", 3);
    let node_safety = fleet.pen.open(6, fleet.node_id, Lane::Safety, END, 7);
    let present = [
        fleet.pen.write(fleet.safety, &[sound()])[0],
        fleet.pen.write(fleet.safety, &[many])[0],
        fleet.pen.write(fleet.safety, &[beside])[0],
        fleet.pen.write(fleet.region, &[sound()])[0],
        fleet.pen.write(node_safety, &[sound()])[0],
    ]
    .map(|cited| fleet.view().enrolment(&cited.record).is_some());
    assert_eq!(present, [true, false, false, false, false]);
    fleet.judge();
}

/// `[GRANT-3]`
#[test]
fn the_second_roots_own_word_counts_like_the_firsts() {
    for (by, expected) in [(1, Standing::Unknown), (0, Standing::Firm)] {
        let mut fleet = Fleet::of(2);
        let safety = fleet.pen.open(1, fleet.pen.root(1), Lane::Safety, END, 7);
        let cited = fleet.pen.write(safety, &[enrol(12, Roles::ACT.with_class(1), "c", 1)])[0];
        assert_eq!(fleet.judge().enrolments[&cited.record], Standing::Unknown);
        fleet.pen.endorse(by, cited);
        assert_eq!(fleet.judge().enrolments[&cited.record], expected, "endorsed by root {by}");
    }
}

/// A region, a middle below it with a leaf, and deputies that the region and the middle enrol with an anchor.
struct Anchored {
    fleet: Fleet,
    leaf: RecordId,
    /// Enrolled by the region under the middle.
    sound: RecordId,
    /// Enrolled by the middle under the region, which stands above whoever granted it.
    lofty: RecordId,
}

/// The middle is enrolled so many minutes later, so that its id is another.
fn anchored_after(minutes: u64) -> Anchored {
    let mut fleet = Fleet::new();
    fleet.pen.now = fleet.pen.now.plus(Millis(60_000 * minutes));
    let roles = Roles::ACT.with(Roles::ENROL).with(Roles::DENY).with_class(3);
    let middle = fleet.pen.write(fleet.safety, &[enrol_below(12, roles, "a/b", 1 << 26, None)])[0].record;
    let log = fleet.pen.open(12, middle, Lane::Safety, END, 8);
    let leaf =
        fleet.pen.write(log, &[enrol_below(14, Roles::ACT.with_class(1), "a/b", 1 << 16, None)])[0].record;
    let deputy = |number, anchor| enrol_below(number, Roles::DENY, "a/b", 1 << 16, Some(anchor));
    let sound = fleet.pen.write(fleet.safety, &[deputy(16, middle)])[0].record;
    let lofty = fleet.pen.write(log, &[deputy(18, fleet.region_id)])[0].record;
    Anchored { fleet, leaf, sound, lofty }
}

fn anchored() -> Anchored {
    anchored_after(0)
}

/// `[GRANT-4]`, `[DENY-1]`
#[test]
fn a_deputy_denies_strictly_below_an_anchor_that_lies_below_whoever_granted_it() {
    let claims = |it: &mut Anchored, number: usize, enrolment| {
        let log = it.fleet.pen.open(number, enrolment, Lane::Productivity, END, 40);
        it.fleet.claim(log, &[&[0]], 1, vec![want(3, hours(1, 2), 1)])
    };
    for (by_sound, of_leaf, expected) in [
        (true, true, Standing::Revoked),
        (true, false, Standing::Provisional),
        (false, true, Standing::Provisional),
        (false, false, Standing::Provisional),
    ] {
        let mut it = anchored();
        let claim = if of_leaf {
            let leaf = it.leaf;
            claims(&mut it, 14, leaf)
        } else {
            let node = it.fleet.node_id;
            claims(&mut it, 6, node)
        };
        let (signer, author) = if by_sound { (16, it.sound) } else { (18, it.lofty) };
        let body = Revocation { key: key(if of_leaf { 14 } else { 6 }).author(), cuts: Vec::new() };
        it.fleet.pen.notify(signer, author, &Scope::parse("a/b").unwrap(), END, &body);
        assert_eq!(
            it.fleet.lease(claim, 0),
            expected,
            "by the sound one: {by_sound}, of the leaf: {of_leaf}"
        );
    }
}

/// Lets an author say `count` notices, the first of which ends first.
fn notices(fleet: &mut Fleet, (signer, author): (usize, RecordId), scope: &str, count: u64) {
    let scope = if scope.is_empty() { Scope::root() } else { Scope::parse(scope).unwrap() };
    for number in 0..count {
        let body = Revocation { key: key(40).author(), cuts: Vec::new() };
        fleet.pen.notify(signer, author, &scope, hour(20 + number), &body);
    }
}

/// `[SUSP-1]`, `[LAW-10]`: the charter lets an author say sixteen.
#[test]
fn who_says_more_than_its_bound_suspends_what_lies_strictly_below_its_anchor() {
    let suspended = |it: &Anchored, record: RecordId| {
        it.fleet.judge();
        it.fleet.view().enrolment(&record).unwrap().suspended_until()
    };
    let until = Some(hour(20));
    for (count, expected) in [(16, None), (17, until), (18, Some(hour(21)))] {
        let mut it = anchored();
        let (region, node, leaf) = (it.fleet.region_id, it.fleet.node_id, it.leaf);
        notices(&mut it.fleet, (4, region), "a", count);
        let told = [region, node, leaf].map(|record| suspended(&it, record));
        assert_eq!(told, [None, expected, expected], "the region says {count}");
        let mut it = anchored();
        let sound = it.sound;
        notices(&mut it.fleet, (16, sound), "a/b", count);
        let told = [region, node, leaf].map(|record| suspended(&it, record));
        assert_eq!(told, [None, None, expected], "the deputy says {count}");
        let mut it = anchored();
        let (root, lofty) = (it.fleet.pen.root(0), it.lofty);
        notices(&mut it.fleet, (18, lofty), "a/b", count);
        assert_eq!([region, node, leaf].map(|record| suspended(&it, record)), [None; 3]);
        notices(&mut it.fleet, (0, root), "", count);
        let told = [root, region, node].map(|record| suspended(&it, record));
        assert_eq!(told, [None, expected, expected], "the only root says {count}");
    }
}

/// `[SUSP-4]`: the thief of one root's key once stopped the whole fleet by a flood of notices.
#[test]
fn a_root_that_says_too_much_suspends_nobody_as_long_as_fewer_do_than_must_agree() {
    for (first, second, expected) in [(0, 16, None), (0, 17, None), (17, 17, Some(hour(20)))] {
        let mut fleet = Fleet::of(2);
        fleet.pen.endorse(1, fleet.region_enrol);
        let roots = [fleet.pen.root(0), fleet.pen.root(1)];
        notices(&mut fleet, (0, roots[0]), "", first);
        // The endorsement is one of them.
        notices(&mut fleet, (1, roots[1]), "", second - 1);
        let claim = fleet.claim(fleet.region, &[&[0]], 1, vec![want(3, hours(1, 2), 1)]);
        assert_eq!(fleet.judge().leases[&(claim.record, 0)].suspended_until(), expected, "{first} {second}");
        let view = fleet.view();
        let told = [roots[0], roots[1], fleet.region_id];
        let told = told.map(|record| view.enrolment(&record).unwrap().suspended_until());
        assert_eq!(told, [None, None, expected]);
    }
}

/// `[SUSP-4]`: a root that is flooded stands behind what the other states, as long as what is kept of it lasts.
#[test]
fn a_flood_of_one_root_takes_no_denial_and_no_endorsement_away() {
    let body = Revocation { key: key(4).author(), cuts: Vec::new() };
    for (flooded, kept_to, endorsed, denied) in [
        (false, END, Standing::Unknown, Standing::Unknown),
        (true, hour(20), Standing::Unknown, Standing::Unknown),
        (true, END, Standing::Firm, Standing::Revoked),
    ] {
        let mut fleet = Fleet::of(2);
        let (first, second) = (fleet.pen.root(0), fleet.pen.root(1));
        for number in 0..if flooded { 17 } else { 0 } {
            let said = (88, vec![number]);
            fleet.pen.notify_raw((1, second), &Scope::root(), kept_to, said);
        }
        let found = |fleet: &Fleet| {
            fleet.judge();
            fleet.view().enrolment(&fleet.region_id).unwrap().finding.standing
        };
        let told = found(&fleet);
        assert_eq!(told, endorsed, "flooded: {flooded}, to {kept_to}");
        let written = fleet.claim(fleet.region, &[&[0]], 1, vec![want(3, hours(1, 2), 1)]);
        fleet.pen.notify(0, first, &Scope::root(), END, &body);
        assert_eq!(fleet.lease(written, 0), denied, "flooded: {flooded}, to {kept_to}");
    }
}

/// `[SUSP-1]`: however the ids of an anchor and of those above it compare.
#[test]
fn who_says_too_much_suspends_below_its_anchor_whatever_the_ids() {
    for minutes in 0..8 {
        let mut it = anchored_after(minutes);
        let sound = it.sound;
        notices(&mut it.fleet, (16, sound), "a/b", 17);
        let told = |record: &RecordId| it.fleet.view().enrolment(record).unwrap().suspended_until();
        assert_eq!(
            [told(&it.leaf), told(&it.fleet.node_id)],
            [Some(hour(20)), None],
            "after {minutes} minutes"
        );
    }
}

/// `[SUSP-1]`
#[test]
fn more_logs_than_allowed_suspend_an_enrolment_and_all_below_until_the_least_end() {
    for (logs, expected) in [(3, None), (4, Some(hour(20)))] {
        let mut fleet = Fleet::new();
        // The region has two logs.
        for number in 2..logs {
            let end = hour(18 + number);
            let log = fleet.pen.open(4, fleet.region_id, Lane::Productivity, end, 60 + number);
            fleet.pen.write(log, &[plain(end, 0x80)]);
        }
        fleet.claim(fleet.region, &[&[0]], 1, vec![want(3, hours(1, 2), 1)]);
        let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(3, hours(4, 5), 1)]);
        assert_eq!(fleet.judge().leases[&(claim.record, 0)].suspended_until(), expected, "{logs} logs");
        let view = fleet.view();
        let told = [fleet.pen.root(0), fleet.region_id, fleet.node_id];
        let told = told.map(|record| view.enrolment(&record).unwrap().suspended_until());
        assert_eq!(told, [None, expected, expected]);
        let overflowed = Exception::Overflowed { enrolment: fleet.region_id };
        assert_eq!(view.exceptions().contains(&overflowed), expected.is_some());
    }
}

/// `[DENY-2]`
#[test]
fn an_enrolment_tells_where_each_of_its_own_logs_is_cut() {
    let (mut fleet, ..) = two_levels();
    let body = Revocation { key: key(6).author(), cuts: Vec::new() };
    let notice = fleet.pen.notify(4, fleet.region_id, &Scope::parse("a").unwrap(), END, &body);
    let cuts = |record| fleet.view().enrolment(&record).unwrap().cuts;
    assert_eq!(cuts(fleet.node_id), [(fleet.log(fleet.node), 0, Denier::Revocation(notice))]);
    assert_eq!((cuts(fleet.region_id), cuts(fleet.pen.root(0))), (Vec::new(), Vec::new()));
}

/// `[LEASE-4]`
#[test]
fn a_claim_that_asks_without_a_right_has_no_part_of_its_own() {
    let mut fleet = Fleet::new();
    let asked = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(1, 3), 1)]);
    assert_eq!(fleet.view().part(&asked.record, 0), None);
}

/// `[KIND-2]`
#[test]
fn what_cannot_be_read_though_its_kind_is_known_is_void() {
    let mut fleet = Fleet::new();
    let broken = Record::new(4, END, vec![0xff]).with_footprints(Effect::Takes, Vec::new()).unwrap();
    let broken = fleet.pen.write(fleet.node, &[broken])[0].record;
    assert_eq!(fleet.view().explain(&broken)[0].because, Because::Flawed(Flaw::Unreadable));
}

/// `[OCC-1]`: windows of every length are found, up to all of time.
#[test]
fn a_window_over_all_of_time_is_found_from_every_moment() {
    let mut fleet = Fleet::new();
    let always = intent_contracts::Window::new(Tai(0), Tai::MAX).unwrap();
    let odd = Record::new(28, END, vec![0x80]).with_footprints(
        Effect::Takes,
        vec![
            Footprint::open(resource_id(&resources()[0]), Measure::Exclusive, always, 1)
                .from_right(fleet.first(0)),
        ],
    );
    fleet.pen.write(fleet.root, &[odd.unwrap()]);
    let give = fleet.give(fleet.root, fleet.region, vec![want(0, hours(1, 3), 1).from_right(fleet.first(0))]);
    fleet.judge();
    assert_eq!(fleet.part(give), Standing::AtRisk);
}
