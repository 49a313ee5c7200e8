//! The horizon: what is forgotten, what is exported first, what is refused, and when an alarm sounds.

#![allow(clippy::unwrap_used, reason = "a fixture that fails is a failed test")]

mod common;

use common::*;
use intent_ledger::contracts::kinds::{Body as _, Enrol, Roles};
use intent_ledger::contracts::*;
use intent_ledger::{Alarm, HorizonError, Ledger, NoContinuity};

fn nothing(_: &[u8]) -> Result<(), String> {
    Ok(())
}

fn advance(replica: &mut Replica, days: u64) -> intent_ledger::HorizonReport {
    replica.advance_horizon(after_days(days), approved(after_days(days)), &mut nothing).unwrap()
}

/// `[ASM-1]`, `[HOR-3]`
#[test]
fn attack_19_a_spoofed_clock_leap_wipes_nothing_without_an_approval() {
    let family = family();
    let (mut node, store) = family.member(NODE, &["mars/forge"]);
    node.append(Lane::Productivity, &[note(in_days(5), b"a")], now()).unwrap();
    node.advance_horizon(now(), None, &mut nothing).unwrap();
    let before = picture(&node);
    for days in [8, 400, 20_000] {
        let error = node.advance_horizon(after_days(days), None, &mut nothing).unwrap_err();
        assert!(matches!(error, HorizonError::Leap { .. }), "{error:?}");
        assert_eq!(picture(&node), before);
    }
    assert_store_equals_memory(&family.charter, &mut node, &store);
    // The refused reading has left no trace: a true one goes on.
    let report = node.advance_horizon(after_days(6), None, &mut nothing).unwrap();
    assert!(report.horizon > before.4);
    assert!(advance(&mut node, 200).logs >= 1);
    assert_store_equals_memory(&family.charter, &mut node, &store);
}

#[test]
fn a_clock_that_goes_back_moves_nothing() {
    let family = family();
    let (mut node, store) = family.member(NODE, &["mars/forge"]);
    advance(&mut node, 10);
    let before = picture(&node);
    let error = node.advance_horizon(now(), approved(now()), &mut nothing).unwrap_err();
    assert!(matches!(error, HorizonError::Behind { horizon, .. } if horizon == before.4), "{error}");
    assert_eq!(picture(&node), before);
    assert_store_equals_memory(&family.charter, &mut node, &store);
}

/// `[HOR-4]`
#[test]
fn unacknowledged_own_entries_are_exported_before_they_are_dropped() {
    let family = family();
    let (mut node, store) = family.member(NODE, &["mars/forge"]);
    let (mut peer, _) = family.member(100, &[""]);
    for n in 0..4u8 {
        node.append(Lane::Productivity, &[note(in_days(5), &[n; 5_000])], now()).unwrap();
        if n == 1 {
            send(&node, &mut peer, usize::MAX);
            node.hear(&peer.frontier()).unwrap();
        }
    }
    let before = picture(&node);
    let error = node
        .advance_horizon(after_days(200), approved(after_days(200)), &mut |_| {
            Err("the archive is full".to_owned())
        })
        .unwrap_err();
    assert_eq!(error, HorizonError::Export { what: "the archive is full".to_owned() });
    assert_eq!(picture(&node), before, "an export that fails drops nothing");
    assert_store_equals_memory(&family.charter, &mut node, &store);
    let mut exported = Vec::new();
    let report = node
        .advance_horizon(after_days(200), approved(after_days(200)), &mut |bytes| {
            exported.extend_from_slice(bytes);
            Ok(())
        })
        .unwrap();
    assert_eq!((report.exported, report.entries), (2, 4), "those that the peer has not told to hold");
    assert!(node.logs().all(|log| log.key.enrolment != family.node));
    assert_store_equals_memory(&family.charter, &mut node, &store);
    // The export is a bundle that any replica with an older horizon absorbs.
    assert_eq!(peer.absorb(&exported, now()).unwrap().new_entries, 2);
    // What comes again lies below the horizon.
    let report = node.absorb(&exported, now()).unwrap();
    assert_eq!((report.lapsed, report.new_entries), (2, 0));
}

#[test]
fn own_notices_that_nobody_is_known_to_have_are_exported_before_they_are_dropped() {
    let family = family();
    let (mut node, store) = family.member(NODE, &["mars/forge"]);
    let (mut peer, _) = family.member(100, &[""]);
    let deny = |node: &mut Replica, text: u8| {
        node.notice(&scope("mars/forge"), in_days(5), 40, vec![text], now()).unwrap()
    };
    let told = deny(&mut node, 1);
    send(&node, &mut peer, usize::MAX);
    assert_eq!(node.hear(&peer.frontier()).unwrap().notices, 1);
    assert_eq!(node.hear(&peer.frontier()).unwrap().notices, 0, "it is told once");
    let untold = deny(&mut node, 2);
    assert_store_equals_memory(&family.charter, &mut node, &store);
    // What nobody has is remembered over a restart.
    drop(node);
    let mut node = Ledger::open(store.clone(), &family.charter, host(NODE, 9, NoContinuity)).unwrap();
    let mut exported = Vec::new();
    let mut export = |bytes: &[u8]| {
        exported.extend_from_slice(bytes);
        Ok(())
    };
    let report = node.advance_horizon(after_days(200), approved(after_days(200)), &mut export).unwrap();
    assert_eq!((report.exported, report.notices), (1, 2));
    assert_eq!(peer.absorb(&exported, now()).unwrap().new_notices, 1);
    assert_eq!(peer.notices().collect::<Vec<_>>().len(), 2);
    assert!([told, untold].iter().all(|id| peer.notices().any(|kept| kept == *id)));
    assert_store_equals_memory(&family.charter, &mut node, &store);
}

/// A log written before a change of key was once nobody's own: neither acknowledged nor exported.
#[test]
fn own_logs_of_an_old_key_are_acknowledged_and_exported_after_a_rotation() {
    let family = family();
    let (mut mars, _) = family.member(MARS, &["mars"]);
    let roles = Roles::ACT.with(Roles::GIVE);
    let mut body =
        Enrol::read(&enrol(50, roles, "mars/forge", NODE_BUDGET, 4, in_days(400)).body).unwrap().body;
    body.next_key = Some(key(51).author().commitment());
    let written =
        mars.append(Lane::Safety, &[body.record(in_days(400), Vec::new()).unwrap()], now()).unwrap();
    let enrolment = RecordId { entry: written.id, index: 0 };
    let (store, witness) = (SharedStore::default(), Witness::default());
    let first = host(50, 50, witness.clone());
    let mut node = Ledger::create(store.clone(), &family.charter, vec![scope("mars/forge")], first).unwrap();
    send(&mars, &mut node, usize::MAX);
    let old = node.append(Lane::Productivity, &[note(in_days(5), b"old key")], now()).unwrap();
    node.append(Lane::Productivity, &[note(in_days(5), b"old key")], now()).unwrap();
    drop(node);

    let mut node = Ledger::open(store.clone(), &family.charter, host(51, 9, witness)).unwrap();
    let new = node.append(Lane::Productivity, &[note(in_days(5), b"new key")], now()).unwrap();
    assert_ne!(old.log, new.log);
    assert!(node.logs().filter(|log| log.key.enrolment == enrolment).count() == 2);
    // The peer gets the first entry of the old log and nothing else.
    let (mut peer, _) = family.member(100, &[""]);
    send(&mars, &mut peer, usize::MAX);
    let first = node.reader().unwrap().entries(old.log, 1).unwrap().next().unwrap().unwrap();
    peer.absorb(&parcel(family.ledger(), [&first]), now()).unwrap();
    assert_eq!(node.hear(&peer.frontier()).unwrap().acknowledged, 1);
    let mut exported = Vec::new();
    let mut export = |bytes: &[u8]| {
        exported.extend_from_slice(bytes);
        Ok(())
    };
    let report = node.advance_horizon(after_days(200), approved(after_days(200)), &mut export).unwrap();
    assert_eq!((report.exported, report.entries), (2, 3));
    assert_eq!(peer.absorb(&exported, now()).unwrap().new_entries, 2);
    assert_store_equals_memory(&family.charter, &mut node, &store);
}

/// `[LAW-6]`, `[LOG-2]`
#[test]
fn forgetting_takes_logs_whole_with_their_notices_and_what_waits() {
    let family = family();
    let (mut node, store) = family.member(NODE, &["mars/forge"]);
    node.append(Lane::Productivity, &[note(in_days(5), b"a")], now()).unwrap();
    node.notice(&scope("mars/forge"), in_days(5), 40, vec![1], now()).unwrap();
    absorb_each(&mut node, &family.node_pen(7).chain(3, b"hole")[1..]);
    assert_eq!(node.waiting().0, 2);
    let report = advance(&mut node, 200);
    assert_eq!((report.logs, report.entries, report.notices), (1, 1, 1));
    assert_eq!(node.waiting(), (0, 0));
    assert_store_equals_memory(&family.charter, &mut node, &store);
    // Past the enrolment's end the region's log goes, and all that it enrolled.
    advance(&mut node, 2_000);
    assert_eq!((node.logs().count(), node.enrolments().count()), (0, 1));
    assert_store_equals_memory(&family.charter, &mut node, &store);
}

/// Two replicas that lived through the same epochs, born before them.
fn elders(family: &Family, interests: [&str; 2]) -> [(Replica, SharedStore); 2] {
    let elders = [family.member(100, &[interests[0]]), family.member(101, &[interests[1]])];
    elders.map(|(mut elder, store)| {
        advance(&mut elder, 0);
        (elder, store)
    })
}

/// `[ASM-2]`, `[LAW-3]`
#[test]
fn attack_20_an_exceeded_information_age_sounds_an_alarm_and_flips_nothing() {
    let family = family();
    let [(mut a, a_store), (mut b, _)] = elders(&family, ["", ""]);
    let pen = family.node_pen(1);
    absorb_each(&mut a, &pen.chain(2, b"never reached b in time"));
    advance(&mut a, 120);
    advance(&mut b, 120);
    let before = (picture(&a), picture(&b));
    let epoch = pen.log.end.epoch_floor(Millis::DAY);
    let expect = [Alarm { scope: scope("mars/forge"), lane: Some(Lane::Productivity), epoch }];
    assert_eq!(a.hear(&b.frontier()).unwrap().alarms, expect, "what one has and the other lacks");
    assert_eq!(b.hear(&a.frontier()).unwrap().alarms, expect, "from either side");
    assert_eq!((picture(&a), picture(&b)), before);
    assert_store_equals_memory(&family.charter, &mut a, &a_store);
    // The alarm outlives a restart.
    let mut reopened =
        intent_ledger::Ledger::open(a_store.copy(), &family.charter, host(100, 9, Witness::default()))
            .unwrap();
    assert_eq!(reopened.hear(&b.frontier()).unwrap().alarms, expect);
}

/// `[HOR-5]`, `[HOR-6]`
#[test]
fn a_withheld_tail_and_a_withheld_notice_sound_an_alarm() {
    let family = family();
    let [(mut a, _), (mut b, _)] = elders(&family, ["", ""]);
    let chain = family.node_pen(1).chain(2, b"x");
    absorb_each(&mut a, &chain);
    absorb_each(&mut b, &chain[..1]);
    let notice = notice_of(&family.charter, NODE, family.node, "mars/forge", in_days(20), b"no");
    a.absorb(&notice_parcel(family.ledger(), [&notice]), now()).unwrap();
    advance(&mut a, 120);
    advance(&mut b, 120);
    let lanes: Vec<Option<Lane>> =
        a.hear(&b.frontier()).unwrap().alarms.into_iter().map(|alarm| alarm.lane).collect();
    assert_eq!(lanes, [Some(Lane::Productivity), None]);
}

#[test]
fn honest_replicas_sound_no_false_alarm() {
    let family = family();
    let [(mut all, _), (mut forge, _)] = elders(&family, ["", "mars/forge"]);
    let [(mut pit, _), _] = elders(&family, ["mars/pit", ""]);
    // Forty days of life: each day a log that ends soon, heard by all who hold its scope.
    let mut late = None;
    for day in 1..40u64 {
        let pen = Pen::new(family.ledger(), MARS, Lane::Productivity, day, in_days(day + 2), family.mars);
        let other = Pen::new(family.ledger(), NODE, Lane::Productivity, day, in_days(day + 3), family.node);
        let notice =
            notice_of(&family.charter, NODE, family.node, "mars/forge", in_days(day + 1), &day.to_be_bytes());
        let mut entries = pen.chain(2, b"day");
        if day % 4 == 0 {
            entries.extend(other.chain(2, b"day"));
        }
        if day == 20 {
            let mut joined = family.member(102, &[""]).0;
            exchange(&mut joined, &mut all);
            joined.advance_horizon(after_days(20), approved(after_days(20)), &mut nothing).unwrap();
            late = Some(joined);
        }
        for replica in [&mut all, &mut forge, &mut pit].into_iter().chain(late.as_mut()) {
            replica.absorb(&parcel(family.ledger(), &entries), after_days(day)).unwrap();
            replica.absorb(&notice_parcel(family.ledger(), [&notice]), after_days(day)).unwrap();
        }
    }
    let mut late = late.unwrap();
    // They forget at different times and in different strides, and compare after every one.
    for day in 0..60u64 {
        advance(&mut all, 60 + day);
        if day % 3 == 0 {
            advance(&mut forge, 60 + day);
        }
        if day % 7 == 0 {
            advance(&mut pit, 60 + day);
            advance(&mut late, 60 + day);
        }
        let mut frontiers = Vec::new();
        for replica in [&mut all, &mut forge, &mut pit, &mut late] {
            frontiers.push(replica.frontier());
        }
        for (name, replica) in
            [("all", &mut all), ("forge", &mut forge), ("pit", &mut pit), ("late", &mut late)]
        {
            for frontier in &frontiers {
                assert_eq!(replica.hear(frontier).unwrap().alarms, [], "{name} on day {day}");
            }
        }
    }
}

#[test]
fn replicas_at_different_horizons_exchange_and_settle() {
    let family = family();
    let (mut ahead, ahead_store) = family.member(100, &[""]);
    let (mut behind, behind_store) = family.member(101, &[""]);
    let short = Pen::new(family.ledger(), NODE, Lane::Productivity, 1, in_days(9), family.node);
    let long = Pen::new(family.ledger(), NODE, Lane::Productivity, 2, in_days(300), family.node);
    absorb_each(&mut behind, short.chain(2, b"s").iter().chain(&long.chain(2, b"l")));
    advance(&mut ahead, 120);
    exchange(&mut ahead, &mut behind);
    assert!(ahead.logs().all(|log| log.id != short.id()));
    assert!(ahead.logs().any(|log| log.id == long.id()));
    let frontier = ahead.frontier();
    assert_eq!(behind.bundle(&frontier, usize::MAX).unwrap().items, 0, "what lapsed there is not sent");
    advance(&mut behind, 120);
    assert_eq!(picture(&ahead), picture(&behind));
    assert_store_equals_memory(&family.charter, &mut ahead, &ahead_store);
    assert_store_equals_memory(&family.charter, &mut behind, &behind_store);
}
