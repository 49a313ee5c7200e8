//! What a fork of one log takes away undoes no denial of what stands in another one `[RULE-4]`.

use super::edges::fork;
use super::fleet::{END, Fleet, two_levels, want};
use intent_contracts::kinds::notice::Trip;
use intent_contracts::kinds::{
    Body as _, Closing, Give, GivingBack, POST, RELEASE, RETURN, Receiver, Reclaim,
};
use intent_contracts::{Citation, EntryId, Lane, Millis, RecordId, Scope};
use intent_merge_rules::Standing;
use intent_testing::oracle::histories::{hours, resource_id, resources};

/// A claim of two alternatives, of which the first is given; its release is lost with a fork of its log, and
/// only the giver still shows it. What becomes of both, and whether the pad is free.
fn release_shown_by_the_giver(cites: &str, names: &[u8]) -> ([Standing; 2], bool) {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    let right = fleet.give(fleet.root, fleet.region, vec![want(0, hours(0, 12), 1).from_right(first)]);
    let wanted = vec![want(0, hours(1, 3), 1), want(0, hours(5, 7), 1)];
    let claim = fleet.claim(fleet.node, &[&[0], &[1]], 1, wanted);
    let other = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(8, 9), 1)]);
    let part = want(0, hours(1, 3), 1).from_right(right);
    let give = fleet.give_claim(fleet.region, claim, 0, vec![(0, part)]);
    let cited = match cites {
        "claim" => claim,
        "give" => give,
        _ => other,
    };
    let release = fleet.back(fleet.node, RELEASE, &[(cited, 0)], names);
    let proof = fleet.embed(fleet.node, release);
    fleet.reclaim(fleet.region, give, proof);
    let forked = fleet.node;
    fork(&mut fleet, forked, 2, END);
    let judged = fleet.judge();
    let standings = [0, 1].map(|alternative| judged.leases[&(claim.record, alternative)].standing);
    let occupied = fleet.view().occupancies(resource_id(&resources()[0]), hours(1, 3));
    (standings, occupied.is_empty())
}

/// `[BACK-2]`, `[OCC-1]`
#[test]
fn a_release_that_only_its_giver_still_shows_leaves_unknown_what_it_names() {
    let (shown, asked, firm) = (Standing::Unknown, Standing::Asked, Standing::Firm);
    assert_eq!(release_shown_by_the_giver("claim", &[]), ([shown, shown], true));
    assert_eq!(release_shown_by_the_giver("give", &[]), ([firm, asked], false));
    assert_eq!(release_shown_by_the_giver("claim", &[0]), ([shown, asked], true));
    assert_eq!(release_shown_by_the_giver("claim", &[0, 1]), ([shown, shown], true));
    assert_eq!(release_shown_by_the_giver("claim", &[1]), ([firm, asked], false));
    assert_eq!(release_shown_by_the_giver("other", &[]), ([firm, asked], false));
}

/// `[OCC-1]`: the claim itself is lost with a fork of its log.
#[test]
fn a_release_that_its_giver_shows_frees_the_place_of_a_claim_that_is_not_here() {
    for (names, free) in [(&[][..], true), (&[0], true), (&[1], false)] {
        let (mut fleet, _, claim, give) = two_levels();
        let release = fleet.back(fleet.node, RELEASE, &[(claim, 0)], names);
        let proof = fleet.embed(fleet.node, release);
        fleet.reclaim(fleet.region, give, proof);
        let forked = fleet.node;
        fork(&mut fleet, forked, 0, END);
        fleet.judge();
        let occupied = fleet.view().occupancies(resource_id(&resources()[0]), hours(1, 3));
        assert_eq!(occupied.is_empty(), free, "released {names:?}");
    }
}

/// `[BACK-2]`, `[RULE-4]`: found by the simulator (`fleet/regressions/show-a-release-and-fork-it-away.txt`).
#[test]
fn a_fork_of_the_giver_undoes_no_denial_of_what_it_showed_to_be_released() {
    let (mut fleet, _, claim, give) = two_levels();
    let release = fleet.back(fleet.node, RELEASE, &[(claim, 0)], &[]);
    let proof = fleet.embed(fleet.node, release);
    // The release itself does not come here.
    fleet.pen.items.pop();
    let standing = |fleet: &Fleet| fleet.lease(claim, 0);
    assert_eq!(standing(&fleet), Standing::Firm);
    fleet.reclaim(fleet.region, give, proof);
    assert_eq!(standing(&fleet), Standing::Unknown);
    let (forked, below) = (fleet.region, usize::try_from(give.seq).unwrap());
    fork(&mut fleet, forked, below, END);
    assert_eq!(standing(&fleet), Standing::Firm);
}

/// The region's right to the pad, and a right of the node's to power, which a fork of the rival's log takes away alone.
fn two_rights() -> (Fleet, Citation, Citation) {
    let mut fleet = Fleet::new();
    let [pad, power] = [0, 1].map(|which| fleet.first(which));
    let mine = fleet.give(fleet.root, fleet.region, vec![want(0, hours(0, 12), 1).from_right(pad)]);
    let theirs = fleet.give(fleet.root, fleet.rival, vec![want(1, hours(0, 12), 10).from_right(power)]);
    let right = fleet.give(fleet.rival, fleet.node, vec![want(1, hours(0, 12), 5).from_right(theirs)]);
    (fleet, mine, right)
}

fn fork_below(fleet: &mut Fleet, log: usize, record: Citation) {
    let below = usize::try_from(record.seq - 1).unwrap();
    fork(fleet, log, below, END);
}

/// `[LEASE-6]`, `[RULE-5]`: one alternative is given; another one cites a right elsewhere than it stands.
#[test]
fn a_claim_that_contradicts_a_right_is_not_sound_because_the_right_is_lost() {
    let (mut fleet, mine, right) = two_rights();
    let amiss = Citation { seq: right.seq + 7, ..right };
    let parts = vec![want(0, hours(1, 3), 1), want(1, hours(1, 3), 1).from_right(amiss)];
    let claim = fleet.claim(fleet.node, &[&[0], &[1]], 1, parts);
    fleet.give_claim(fleet.region, claim, 0, vec![(0, want(0, hours(1, 3), 1).from_right(mine))]);
    assert_eq!(fleet.lease(claim, 0), Standing::Void);
    let forked = fleet.rival;
    fork_below(&mut fleet, forked, right);
    assert_eq!(fleet.lease(claim, 0), Standing::Unknown);
}

/// `[LEASE-6]`: of a give of two parts one is drawn on a right that its log does not hold.
#[test]
fn a_give_of_what_its_log_does_not_hold_is_not_sound_because_the_right_is_lost() {
    let (mut fleet, mine, right) = two_rights();
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(1, 3), 1), want(1, hours(1, 3), 1)]);
    let parts = [want(0, hours(1, 3), 1).from_right(mine), want(1, hours(1, 3), 1).from_right(right)];
    let give = fleet.give_claim(fleet.region, claim, 0, (0..).zip(parts).collect());
    assert_eq!((fleet.part(give), fleet.lease(claim, 0)), (Standing::Void, Standing::Asked));
    let forked = fleet.rival;
    fork_below(&mut fleet, forked, right);
    assert_eq!((fleet.part(give), fleet.lease(claim, 0)), (Standing::Unknown, Standing::Unknown));
}

/// `[LEASE-6]`: what a give gets wrong about its claim is not right because the claim is lost.
#[test]
fn a_give_for_what_a_claim_has_not_is_not_sound_because_the_claim_is_lost() {
    let mut fleet = Fleet::new();
    let first = fleet.first(0);
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(0, hours(1, 3), 1)]);
    let part = want(0, hours(1, 3), 1).from_right(first);
    let give = fleet.give_claim(fleet.root, claim, 3, vec![(0, part)]);
    assert_eq!(fleet.part(give), Standing::Void);
    let forked = fleet.node;
    fork_below(&mut fleet, forked, claim);
    assert_eq!(fleet.part(give), Standing::Unknown);
}

/// `[BACK-2]`, `[PROOF-1]`: two give the same; the release cites the give of one, which is lost with a fork then.
#[test]
fn a_release_that_cites_a_give_alone_ends_and_proves_nothing() {
    let mut fleet = Fleet::new();
    let first = fleet.first(1);
    let [mine, theirs] = [fleet.region, fleet.rival]
        .map(|log| fleet.give(fleet.root, log, vec![want(1, hours(0, 12), 5).from_right(first)]));
    let claim = fleet.claim(fleet.node, &[&[0]], 1, vec![want(1, hours(1, 3), 5)]);
    let given = [(fleet.region, mine), (fleet.rival, theirs)].map(|(log, right)| {
        fleet.give_claim(log, claim, 0, vec![(0, want(1, hours(1, 3), 5).from_right(right))])
    });
    let release = fleet.back(fleet.node, RELEASE, &[(given[0], 0)], &[]);
    assert_eq!(fleet.lease(claim, 0), Standing::Firm);
    // So it lets nobody give the part to another one.
    let proof = fleet.embed(fleet.node, release);
    fleet.reclaim(fleet.region, given[0], proof);
    let late = fleet.claim(fleet.rival, &[&[0]], 1, vec![want(1, hours(1, 3), 5)]);
    fleet.give_claim(fleet.region, late, 0, vec![(0, want(1, hours(1, 3), 5).from_right(mine))]);
    assert_eq!((fleet.lease(claim, 0), fleet.lease(late, 0)), (Standing::Firm, Standing::AtRisk));
    let forked = fleet.region;
    fork_below(&mut fleet, forked, given[0]);
    assert_eq!(fleet.lease(claim, 0), Standing::Firm);
}

/// `[RULE-5]`, `[BREAK-1]`: whatever a frame names is cited, also where the kind takes no notice of it.
#[test]
fn a_frame_that_outlives_the_right_that_it_names_makes_any_kind_void() {
    for (until, expected) in [(END, Standing::Firm), (END.minus(Millis(1)), Standing::Void)] {
        let (mut fleet, _, claim, _) = two_levels();
        let body = Give { to: Receiver::Log(fleet.log(fleet.node)), parts: Vec::new() };
        let part = want(1, hours(0, 12), 5).from_right(fleet.first(1));
        let right = fleet.pen.write(fleet.root, &[body.record(until, vec![part]).unwrap()])[0];
        let frame = want(1, hours(1, 3), 1).from_right(right);
        let body = GivingBack { gives: vec![claim], alternatives: Vec::new(), unused: vec![0] };
        let release = body.record_of(RELEASE, END, vec![frame.clone()]).unwrap();
        let back = fleet.pen.write(fleet.node, &[release])[0];
        assert_eq!(fleet.judge().givings_back[&back.record], expected);
        let [scope, other] = ["a/b", "a"].map(|scope| Scope::parse(scope).unwrap());
        let trip = fleet.pen.notify(4, fleet.region_id, &scope, END, &Trip { other });
        let closing = Closing::of(vec![trip]).record(END, vec![frame]).unwrap();
        let closing = fleet.pen.write(fleet.safety, &[closing])[0].record;
        fleet.judge();
        assert_eq!(fleet.view().explain(&closing)[0].standing, expected);
    }
}

/// `[BACK-2]`, `[FORGET-1]`: what a log shows that is forgotten before the claim says nothing of it.
#[test]
fn a_release_shown_by_a_log_that_ends_before_the_claim_does_is_not_counted() {
    for (end, expected) in [(END, Standing::Unknown), (END.minus(Millis(1)), Standing::Firm)] {
        let (mut fleet, _, claim, _) = two_levels();
        let release = fleet.back(fleet.node, RELEASE, &[(claim, 0)], &[]);
        let proof = fleet.embed(fleet.node, release);
        fleet.pen.items.pop();
        let enrolment = fleet.pen.logs[fleet.rival].key.enrolment;
        let short = fleet.pen.open(8, enrolment, Lane::Productivity, end, 90);
        let first = fleet.first(1);
        let body = Give { to: Receiver::Claim { claim, alternative: 0 }, parts: vec![0] };
        let part = want(1, hours(1, 3), 1).from_right(first);
        let give = fleet.pen.write(short, &[body.record(end, vec![part]).unwrap()])[0];
        let back = Reclaim { give, proof }.record(end, Vec::new()).unwrap();
        fleet.pen.write(short, &[back]);
        assert_eq!(fleet.lease(claim, 0), expected);
    }
}

/// `[LEASE-6]`: what gives back or reclaims what is not here is unknown, whichever of the two it is.
#[test]
fn what_gives_back_what_is_not_here_is_unknown() {
    let (mut fleet, right, claim, give) = two_levels();
    let nowhere = |cited: Citation| Citation {
        record: RecordId { entry: EntryId::from_bytes([9; 32]), index: 0 },
        ..cited
    };
    let back = |gives: Vec<Citation>, kind| {
        let unused = gives.iter().map(|_| 0).collect();
        GivingBack { gives, alternatives: Vec::new(), unused }.record_of(kind, END, Vec::new()).unwrap()
    };
    let reclaim = |give| Reclaim { give, proof: None }.record(END, Vec::new()).unwrap();
    for (log, record) in [
        (fleet.node, back(vec![claim, nowhere(give)], RELEASE)),
        (fleet.node, back(vec![nowhere(claim)], POST)),
        (fleet.region, back(vec![nowhere(right)], RETURN)),
        (fleet.region, reclaim(nowhere(give))),
    ] {
        let said = fleet.pen.write(log, &[record])[0];
        assert_eq!(fleet.judge().givings_back[&said.record], Standing::Unknown);
    }
}
