//! Denials, closings, endorsements and rotations by calls of their own: what would do nothing is refused, with the
//! reason and what to do instead `[WRITE-8]`.

#![allow(clippy::unwrap_used, reason = "a fixture that fails is a failed test")]

mod common;

use common::*;
use intent_ledger::contracts::kinds::notice::{Fact, FactValue, Restriction, RestrictionEffect, encode};
use intent_ledger::contracts::kinds::{Body as _, Cut, Enrol, Mode, Resource, Roles};
use intent_ledger::contracts::*;
use intent_ledger::merge_rules::{Denier, Hold, MayAct, Standing};
use intent_ledger::{AppendError, AuthorityError, Keep, Ledger, Manner, Viewpoint, Wish, WriteError};

/// The call is refused with a text that names a clause, and changes nothing.
fn refused<T: std::fmt::Debug>(
    ledger: &mut Replica,
    call: impl FnOnce(&mut Replica) -> Result<T, AuthorityError>,
) -> AuthorityError {
    let before = picture(ledger);
    let error = call(ledger).unwrap_err();
    assert!(error.to_string().starts_with('['), "{error} names its clause");
    assert_eq!(picture(ledger), before, "{error}");
    error
}

fn author(seed: u8) -> AuthorKey {
    key(seed).author()
}

/// `[DENY-1]`, `[DENY-2]`
#[test]
fn a_revocation_lasts_as_long_as_what_it_reaches_and_is_written_once() {
    let family = family();
    let (mut mars, _) = family.member(MARS, &["mars"]);
    let (mut node, _) = family.member(NODE, &["mars/forge"]);
    let kept = node.append(Lane::Productivity, &[note(in_days(5), b"kept")], now()).unwrap();
    exchange(&mut node, &mut mars);
    let error = refused(&mut mars, |it| it.revoke(author(77), &Keep::Known, now()));
    assert_eq!(error, AuthorityError::UnknownKey { key: author(77) });
    let error = refused(&mut mars, |it| it.revoke(author(ROOT), &Keep::Known, now()));
    assert_eq!(error, AuthorityError::RootKey { key: author(ROOT) });
    // The own key is not below the own anchor, and nobody denies upwards.
    let error = refused(&mut mars, |it| it.revoke(author(MARS), &Keep::Known, now()));
    assert!(matches!(error, AuthorityError::NotReached { .. }), "{error}");
    let error = refused(&mut node, |it| it.revoke(author(MARS), &Keep::Known, now()));
    assert!(matches!(error, AuthorityError::NotReached { .. }), "{error}");
    // A mistyped cut would cut the whole log.
    let wrong = |seq| Keep::UpTo(vec![Cut { log: kept.log, seq, id: EntryId::from_bytes([1; 32]) }]);
    for (seq, head) in [(1, 1), (2, 1), (0, 1)] {
        let error = refused(&mut mars, |it| it.revoke(author(NODE), &wrong(seq), now()));
        assert_eq!(error, AuthorityError::NoSuchCut { log: kept.log, seq, head });
    }
    let denied = mars.revoke(author(NODE), &Keep::Known, now()).unwrap();
    assert_eq!((&denied.reaches[..], denied.lacking), (&[family.node][..], 0));
    let view = mars.view(Viewpoint::Own).unwrap();
    let cuts = view.enrolment(&family.node).unwrap().cuts;
    assert_eq!(cuts, [(kept.log, 1, Denier::Revocation(denied.notice))]);
    let error = refused(&mut mars, |it| it.revoke(author(NODE), &Keep::Known, now()));
    assert_eq!(error, AuthorityError::RevokedAlready { by: denied.notice });
    // To keep less is to deny more.
    let harder = mars.revoke(author(NODE), &Keep::Nothing, now()).unwrap();
    let error = refused(&mut mars, |it| it.revoke(author(NODE), &Keep::Nothing, now()));
    assert_eq!(error, AuthorityError::RevokedAlready { by: harder.notice });
}

/// `[DENY-1]`: a denier whose enrolment ends before what it would deny is told so.
#[test]
fn a_denier_that_ends_sooner_is_told_both_moments() {
    let family = family();
    let (mut mars, _) = family.member(MARS, &["mars"]);
    let below = Roles::ACT.with(Roles::ENROL).with(Roles::DENY);
    let cell = enrol(20, below, "mars/forge", 1 << 26, 4, in_days(300));
    let cell = RecordId { entry: mars.append(Lane::Safety, &[cell], now()).unwrap().id, index: 0 };
    let guardian = Enrol {
        anchor: Some(cell),
        ..Enrol::read(&enrol(21, Roles::DENY, "mars", 1 << 20, 4, in_days(100)).body).unwrap().body
    };
    mars.append(Lane::Safety, &[guardian.record(in_days(100), Vec::new()).unwrap()], now()).unwrap();
    let (mut forge, _) = family.member(20, &["mars"]);
    exchange(&mut mars, &mut forge);
    let machine = enrol(22, Roles::ACT, "mars/forge", 1 << 20, 4, in_days(200));
    let machine = forge.append(Lane::Safety, &[machine], now()).unwrap();
    let (mut guardian, _) = family.member(21, &["mars"]);
    exchange(&mut forge, &mut guardian);
    let error = refused(&mut guardian, |it| it.revoke(author(22), &Keep::Nothing, now()));
    let enrolment = RecordId { entry: machine.id, index: 0 };
    let (until, limit) = (in_days(200), in_days(100));
    assert_eq!(error, AuthorityError::EndsSooner { enrolment, until, limit });
}

/// Three roots, of which two must agree; the first enrols a key.
fn council() -> (Charter, Vec<Replica>, RecordId) {
    let parameters = CharterParameters::default();
    let roots: Vec<CharterRoot> = (1..=3).map(|seed| CharterRoot::new(author(seed), 1 << 40, 16)).collect();
    let charter = Charter::new("council", roots, 2, UNTIL, parameters, [7; 32]).unwrap();
    let mut roots: Vec<Replica> = (1..=3).map(|seed| replica(&charter, seed, &[""]).0).collect();
    let region = enrol(10, Roles::ALL, "mars", 1 << 30, 8, in_days(900));
    let written = roots[0].append(Lane::Safety, &[region], now()).unwrap();
    let region = RecordId { entry: written.id, index: 0 };
    for other in 1..3 {
        let (first, rest) = roots.split_at_mut(1);
        exchange(&mut first[0], &mut rest[other - 1]);
    }
    (charter, roots, region)
}

/// `[GRANT-3]`, `[DENY-5]`: each root is told how many more it takes.
#[test]
fn roots_are_told_how_many_are_lacking() {
    let (charter, mut roots, region) = council();
    let (mut stranger, _) = replica(&charter, 10, &[""]);
    exchange(&mut roots[0], &mut stranger);
    assert_eq!(refused(&mut stranger, |it| it.endorse(&region, now())), AuthorityError::NotARoot);
    let error = refused(&mut roots[0], |it| it.endorse(&region, now()));
    assert_eq!(error, AuthorityError::BehindAlready { record: region, lacking: 1 });
    let endorsed = roots[1].endorse(&region, now()).unwrap();
    assert_eq!(endorsed.lacking, 0);
    let view = roots[1].view(Viewpoint::Own).unwrap();
    assert_eq!(view.explain(&region)[0].standing, Standing::Firm);
    let error = refused(&mut roots[1], |it| it.endorse(&region, now()));
    assert_eq!(error, AuthorityError::BehindAlready { record: region, lacking: 0 });
    // What needs nobody's endorsement gets none, and what is not here cannot be cited.
    let note = roots[2].append(Lane::Productivity, &[note(in_days(5), b"a")], now()).unwrap();
    let note = RecordId { entry: note.id, index: 0 };
    let error = refused(&mut roots[2], |it| it.endorse(&note, now()));
    assert_eq!(error, AuthorityError::NeedsNone { record: note });
    let absent = RecordId { entry: EntryId::from_bytes([9; 32]), index: 0 };
    let error = refused(&mut roots[2], |it| it.endorse(&absent, now()));
    assert_eq!(error, AuthorityError::Write(WriteError::NoSuchRecord { record: absent }));
    // Two roots together deny what one alone does not, and the third root not at all.
    let (first, rest) = roots.split_at_mut(1);
    exchange(&mut first[0], &mut rest[0]);
    let stated = roots[0].revoke(author(10), &Keep::Nothing, now()).unwrap();
    assert_eq!((stated.reaches, stated.lacking), (vec![region], 1));
    let (first, rest) = roots.split_at_mut(1);
    exchange(&mut first[0], &mut rest[0]);
    assert_eq!(roots[1].revoke(author(10), &Keep::Nothing, now()).unwrap().lacking, 0);
    let error = refused(&mut roots[1], |it| it.revoke(author(3), &Keep::Nothing, now()));
    assert_eq!(error, AuthorityError::RootKey { key: author(3) });
    let tripped = roots[0].trip(&scope("mars"), &scope(""), in_days(3), now()).unwrap();
    assert_eq!(tripped.lacking, 1, "[BREAK-3]");
}

/// `[BREAK-1]`, `[BREAK-2]`
#[test]
fn a_trip_parts_somebody_and_is_closed_by_whom_it_concerns() {
    let family = family();
    let (mut mars, _) = family.member(MARS, &["mars"]);
    let (mut node, _) = family.member(NODE, &["mars/forge"]);
    let (forge, region, elsewhere) = (scope("mars/forge"), scope("mars"), scope("venus"));
    let error = refused(&mut mars, |it| it.trip(&region, &forge, in_days(3), now()));
    assert!(matches!(error, AuthorityError::PartsNothing { .. }), "{error}");
    let error = refused(&mut mars, |it| it.trip(&elsewhere, &forge, in_days(3), now()));
    assert!(matches!(error, AuthorityError::NotReached { .. }), "{error}");
    // The node denies below itself, where nobody is.
    let error = refused(&mut node, |it| it.trip(&forge, &region, in_days(3), now()));
    assert!(matches!(error, AuthorityError::NotReached { .. }), "{error}");
    let past = mars.trip(&forge, &region, NOW.minus(Millis::DAY), now()).unwrap_err();
    assert!(matches!(past, AuthorityError::Write(WriteError::Append(AppendError::Past { .. }))), "{past}");
    let trip = mars.trip(&forge, &region, in_days(3), now()).unwrap();
    assert_eq!((&trip.reaches[..], trip.lacking), (&[family.node][..], 0));
    let error = refused(&mut mars, |it| it.trip(&forge, &region, in_days(2), now()));
    assert_eq!(error, AuthorityError::TrippedAlready { by: trip.notice, until: in_days(3) });
    let longer = mars.trip(&forge, &region, in_days(4), now()).unwrap();
    exchange(&mut mars, &mut node);
    let error = refused(&mut node, |it| it.close(&[trip.notice], now()));
    assert_eq!(error, AuthorityError::NotYours { trip: trip.notice, author: family.mars });
    let absent = NoticeId::from_bytes([3; 32]);
    assert_eq!(
        refused(&mut mars, |it| it.close(&[absent], now())),
        AuthorityError::NoSuchTrip { trip: absent }
    );
    let closed = mars.close(&[trip.notice, longer.notice], now()).unwrap();
    assert_eq!(closed.findings[0].standing, Standing::Firm);
    let lane = mars.logs().find(|log| log.id == closed.at.log).unwrap().key.lane;
    assert_eq!(lane, Lane::Safety);
    let view = mars.view(Viewpoint::Own).unwrap();
    assert!(view.trips_of(&forge).all(|(_, trip)| !trip.stands));
    let error = refused(&mut mars, |it| it.close(&[longer.notice], now()));
    assert_eq!(error, AuthorityError::ClosedAlready { trip: longer.notice });
    mars.trip(&forge, &region, in_days(2), now()).unwrap();
}

/// `[ROT-1]`, `[ROT-2]`: the old key releases and returns first, because nobody can do so after it.
#[test]
fn a_key_is_rotated_once_and_not_while_it_holds_anything() {
    let pad = Resource {
        scope: scope(""),
        path: ResourcePath::parse("pad").unwrap(),
        measure: Measure::Exclusive,
        unit: Label::try_from("1".to_owned()).unwrap(),
        scale: (1, 1),
        frame: Label::try_from("cell".to_owned()).unwrap(),
        stopping_time: Millis(500),
        strictest_mode: Mode::Degraded,
    };
    let window = Window::new(NOW, NOW.plus(Millis::days(1))).unwrap();
    let footprint = Footprint::open(pad.id(), Measure::Exclusive, window, 1);
    let first = CharterGive {
        footprint: footprint.clone(),
        root: 0,
        lane: Lane::Productivity,
        incarnation: 5,
        end: UNTIL,
        every: Millis(0),
        repeats: 0,
        last_assignable: None,
    };
    let charter = charter().with_gives(vec![first]).unwrap();
    let (mut root, _) = replica(&charter, ROOT, &[""]);
    let body = Enrol {
        next_key: Some(author(51).commitment()),
        ..Enrol::read(&enrol(50, Roles::ACT.with(Roles::GIVE), "", 1 << 20, 8, UNTIL).body).unwrap().body
    };
    let enrolled = root.append(Lane::Safety, &[body.record(UNTIL, Vec::new()).unwrap()], now()).unwrap();
    root.append(Lane::Productivity, &[pad.record(UNTIL, Vec::new()).unwrap()], now()).unwrap();
    let (store, witness) = (SharedStore::default(), Witness::default());
    let host_of = |seed: u8| host(seed, seed.into(), witness.clone());
    let mut old = Ledger::create(store.clone(), &charter, vec![scope("")], host_of(50)).unwrap();
    exchange(&mut root, &mut old);
    let opened = old.append(Lane::Productivity, &[note(in_days(500), b"open")], now()).unwrap();
    exchange(&mut root, &mut old);
    let give =
        root.give_right(opened.log, std::slice::from_ref(&footprint), Manner::Civil, now()).unwrap().record();
    exchange(&mut root, &mut old);
    let own = old.drawn(&footprint).unwrap();
    let claim = old.claim(&Wish::of(own), now()).unwrap().record();
    assert_eq!(
        refused(&mut old, |it| it.rotate(&Keep::Known, Manner::Civil, now())),
        AuthorityError::NoNextKey
    );
    drop(old);
    let mut next = Ledger::open(store.clone(), &charter, host_of(51)).unwrap();
    let error = refused(&mut next, |it| it.rotate(&Keep::Known, Manner::Civil, now()));
    assert_eq!(error, AuthorityError::StillHeld { claims: vec![claim], rights: vec![give] });
    drop(next);
    // With the old key again, all is released and returned.
    let mut old = Ledger::open(store.clone(), &charter, host_of(50)).unwrap();
    old.release(&claim, &[], now()).unwrap();
    old.give_back(&give, Manner::Civil, now()).unwrap();
    drop(old);
    let mut next = Ledger::open(store, &charter, host_of(51)).unwrap();
    let rotated = next.rotate(&Keep::Known, Manner::Civil, now()).unwrap();
    assert_eq!(rotated.enrolment, RecordId { entry: enrolled.id, index: 0 });
    assert!(rotated.cuts.iter().any(|cut| cut.log == opened.log));
    assert_eq!(next.writing().collect::<Vec<_>>(), [rotated.written.at.log], "the old key's logs are let go");
    let error = refused(&mut next, |it| it.rotate(&Keep::Known, Manner::Civil, now()));
    assert_eq!(error, AuthorityError::RotatedAlready { log: rotated.written.at.log });
    let asked = next.may_act(&claim, 0, now(), Millis(0)).unwrap();
    assert!(matches!(asked, MayAct::Hold(Hold::Rotated { .. } | Hold::Standing(_) | Hold::NotWriting(_))));
    // The new key goes on, and the giver has its right back.
    next.append(Lane::Productivity, &[note(in_days(5), b"new")], now()).unwrap();
    exchange(&mut root, &mut next);
    root.reclaim(&give, Manner::Civil, now()).unwrap();
    let again = root.give_right(rotated.written.at.log, &[footprint], Manner::Civil, now()).unwrap();
    assert_eq!(again.findings[0].standing, Standing::Firm);
}

/// `[WRITE-8]`: a mistyped denial was durable and did nothing; a mistyped restriction would do everything.
#[test]
fn raw_notices_are_of_unknown_kinds_and_of_the_shape_of_their_kind() {
    let family = family();
    let (mut mars, _) = family.member(MARS, &["mars"]);
    let mut raw = |kind, body: Vec<u8>| mars.notice(&scope("mars"), in_days(3), kind, body, now());
    for (kind, call) in [(1, "revoke"), (3, "trip"), (4, "endorse"), (6, "vote")] {
        assert_eq!(raw(kind, b"x".to_vec()).unwrap_err(), AppendError::KnownNotice { kind, call });
    }
    for kind in [5, 64, 77] {
        let error = raw(kind, b"x".to_vec()).unwrap_err();
        assert!(matches!(error, AppendError::Refused(_)), "kind {kind}: {error}");
    }
    let facts = vec![Fact { number: Fact::OTHER, value: FactValue::Null }];
    let body = Restriction { facts, effect: RestrictionEffect::SUSPEND, since: None, above: false };
    let body = encode(&body).unwrap();
    raw(64, body.clone()).unwrap();
    raw(77, body).unwrap();
    raw(40, b"x".to_vec()).unwrap();
}
