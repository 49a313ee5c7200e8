//! Admission in small stories: each refusal of the ledger, forks, stumps, bounds, and a store that equals
//! memory after every step.

#![allow(clippy::unwrap_used, reason = "a fixture that fails is a failed test")]

mod common;

use common::*;
use intent_ledger::Terminal;
use intent_ledger::contracts::bounds::{LOG_OVERHEAD_BYTES, NOTICE_BYTES_MAX};
use intent_ledger::contracts::kinds::{Body as _, Enrol, Lineage, Roles, notice};
use intent_ledger::contracts::*;

/// Absorbs one hand-written entry and tells why it was refused.
fn refusal_of(family: &Family, interests: &[&str], entry: &SignedEntry) -> Vec<(Reason, u64)> {
    let (mut peer, store) = family.member(100, interests);
    let report = peer.absorb(&parcel(family.ledger(), [entry]), now()).unwrap();
    assert_store_equals_memory(&family.charter, &mut peer, &store);
    reasons(&report)
}

#[test]
fn an_author_other_than_the_enrolled_key_is_an_enrolment_mismatch() {
    let family = family();
    let pen = Pen::new(family.ledger(), 77, Lane::Productivity, 1, in_days(30), family.node);
    assert_eq!(refusal_of(&family, &[""], &pen.chain(1, b"x")[0]), [(Reason::EnrolmentMismatch, 1)]);
}

/// `[HDR-3]`
#[test]
fn a_log_that_outlasts_its_enrolment_is_beyond_enrolment() {
    let family = family();
    let pen = Pen::new(family.ledger(), NODE, Lane::Productivity, 1, in_days(401), family.node);
    assert_eq!(refusal_of(&family, &[""], &pen.chain(1, b"x")[0]), [(Reason::BeyondEnrolment, 1)]);
}

/// `[INT-2]`
#[test]
fn a_log_of_a_scope_that_is_not_held_is_outside_interests() {
    let family = family();
    let entry = &family.node_pen(1).chain(1, b"x")[0];
    // The region lies above the foundry and is held; the node's cell is another one.
    assert_eq!(refusal_of(&family, &["mars/foundry"], entry), [(Reason::OutsideInterests, 1)]);
    assert_eq!(refusal_of(&family, &["mars/forge/arm"], entry), []);
}

#[test]
fn an_entry_of_another_ledger_has_no_valid_signature_here_and_its_bundle_is_foreign() {
    let family = family();
    let other = LedgerId::from_bytes([9; 32]);
    let foreign = Pen::new(other, NODE, Lane::Productivity, 1, in_days(30), family.node);
    let entry = &foreign.chain(1, b"x")[0];
    let (mut peer, store) = family.member(100, &[""]);
    let report = peer.absorb(&parcel(other, [entry]), now()).unwrap();
    assert_eq!(report.stopped.map(|refusal| refusal.reason), Some(Reason::ForeignLedger));
    let report = peer.absorb(&parcel(family.ledger(), [entry]), now()).unwrap();
    assert_eq!(reasons(&report), [(Reason::SignatureInvalid, 1)]);
    assert_store_equals_memory(&family.charter, &mut peer, &store);
}

#[test]
fn what_ended_below_the_horizon_has_lapsed() {
    let family = family();
    let (mut peer, store) = family.member(100, &[""]);
    peer.advance_horizon(after_days(120), approved(after_days(120)), &mut |_| Ok(())).unwrap();
    let entry = &family.node_pen(1).chain(1, b"x")[0];
    let report = peer.absorb(&parcel(family.ledger(), [entry]), now()).unwrap();
    assert_eq!((reasons(&report), report.lapsed), (vec![(Reason::Lapsed, 1)], 1));
    assert_store_equals_memory(&family.charter, &mut peer, &store);
}

#[test]
fn a_notice_without_the_deny_role_or_outside_its_scope_has_no_authority() {
    let mut family = family();
    let plain = enrol(50, Roles::ACT, "mars", 1 << 20, 2, in_days(300));
    let written = family.root.append(Lane::Safety, &[plain], now()).unwrap();
    let plain = RecordId { entry: written.id, index: 0 };
    let cases = [
        (50, plain, "mars", Reason::NoAuthority),
        (NODE, family.node, "mars", Reason::NoAuthority),
        (77, family.node, "mars/forge", Reason::EnrolmentMismatch),
    ];
    for (seed, enrolment, place, expect) in cases {
        let notice = notice_of(&family.charter, seed, enrolment, place, in_days(30), b"no");
        let report = family.root.absorb(&notice_parcel(family.ledger(), [&notice]), now()).unwrap();
        assert_eq!(reasons(&report), [(expect, 1)]);
    }
    let late = notice_of(&family.charter, NODE, family.node, "mars/forge", in_days(401), b"no");
    let report = family.root.absorb(&notice_parcel(family.ledger(), [&late]), now()).unwrap();
    assert_eq!(reasons(&report), [(Reason::BeyondEnrolment, 1)]);
    let (store, charter) = (family.root_store.clone(), family.charter.clone());
    assert_store_equals_memory(&charter, &mut family.root, &store);
}

#[test]
fn one_log_more_than_the_bound_ends_the_enrolment_and_further_ones_overflow() {
    let family = family();
    let (mut peer, store) = family.member(100, &[""]);
    // Logs of rising end; the sixth log of a bound of four drives out the least.
    let pens: Vec<Pen> = (1..=6)
        .map(|n| Pen::new(family.ledger(), NODE, Lane::Productivity, n, in_days(20 + n), family.node))
        .collect();
    for pen in &pens {
        absorb_each(&mut peer, &pen.chain(3, b"x"));
        assert_store_equals_memory(&family.charter, &mut peer, &store);
    }
    let kept: Vec<LogId> =
        peer.logs().filter(|log| log.key.enrolment == family.node).map(|log| log.id).collect();
    assert_eq!(kept.len() as u64, NODE_LOGS + 1);
    assert!(!kept.contains(&pens[0].id()));
    let again = absorb_each(&mut peer, &pens[0].chain(1, b"x"));
    assert_eq!(reasons(&again[0]), [(Reason::Overflow, 1)]);
}

#[test]
fn the_bound_of_notices_keeps_one_more_than_k_in_every_order() {
    let parameters = CharterParameters { notices_per_enrolment: 3, ..CharterParameters::default() };
    let family = family_with(parameters);
    let notices: Vec<SignedNotice> = (0..8u64)
        .map(|n| {
            notice_of(
                &family.charter,
                NODE,
                family.node,
                "mars/forge",
                in_days(30 + n % 5),
                &[n.to_be_bytes()[7]],
            )
        })
        .collect();
    let mut digests = Vec::new();
    for shift in 0..notices.len() {
        let (mut peer, store) = family.member(100, &[""]);
        for n in 0..notices.len() {
            let notice = &notices[(n * 3 + shift) % notices.len()];
            peer.absorb(&notice_parcel(family.ledger(), [notice]), now()).unwrap();
        }
        assert_eq!(peer.notices().count(), 4);
        assert_store_equals_memory(&family.charter, &mut peer, &store);
        digests.push(peer.state_digest());
    }
    assert!(digests.windows(2).all(|pair| pair[0] == pair[1]), "[LAW-1]");
}

/// `[POOL-2]`
#[test]
fn a_full_pool_refuses_the_enrolled_newcomer_and_drives_out_strangers() {
    let family = family();
    let (mut peer, store) = family.member(100, &[""]);
    let ledger = family.ledger();
    let absent = RecordId { entry: EntryId::from_bytes([5; 32]), index: 0 };
    // A flood of strangers, more than the pool holds.
    for batch in 0..6u64 {
        let entries: Vec<SignedEntry> = (0..1_000)
            .map(|n| {
                let pen = Pen::new(ledger, 66, Lane::Productivity, batch * 1_000 + n, in_days(30), absent);
                pen.entry(1, absent.entry, NOW, &[note(in_days(20), b"flood")])
            })
            .collect();
        peer.absorb(&parcel(ledger, &entries), now()).unwrap();
        let (items, bytes) = peer.waiting();
        assert!(
            items <= intent_ledger::bounds::POOL_ITEMS_MAX && bytes <= intent_ledger::bounds::POOL_BYTES_MAX
        );
    }
    assert_eq!(peer.waiting().0, intent_ledger::bounds::POOL_ITEMS_MAX);
    // Entries above a hole in an enrolled author's log drive the strangers out …
    let pen = family.node_pen(1);
    let chain = pen.chain(4_200, b"y");
    let mut refused = 0;
    for part in chain[1..].chunks(1_000) {
        let report = peer.absorb(&parcel(ledger, part), now()).unwrap();
        refused += report.refused.get(&Reason::PoolFull).copied().unwrap_or(0);
    }
    // … until nobody else is left to go.
    assert_eq!(refused, 4_199 - intent_ledger::bounds::POOL_ITEMS_MAX as u64);
    assert_eq!(peer.waiting().0, intent_ledger::bounds::POOL_ITEMS_MAX);
    // The missing entry empties the pool, up to the hole that the refused ones left.
    let report = peer.absorb(&parcel(ledger, &chain[..1]), now()).unwrap();
    assert_eq!(report.new_entries, 1 + intent_ledger::bounds::POOL_ITEMS_MAX as u64);
    assert_eq!(peer.waiting(), (0, 0));
    assert_store_equals_memory(&family.charter, &mut peer, &store);
}

/// One enrolled author once filled the pool and kept every other one out of it.
#[test]
fn an_enrolled_flooder_makes_room_for_an_honest_author() {
    let family = family();
    let ledger = family.ledger();
    let (mut mars, _) = family.member(MARS, &["mars"]);
    let enrolled = enrol(60, Roles::ACT, "mars/forge", NODE_BUDGET, 4, in_days(400));
    let written = mars.append(Lane::Safety, &[enrolled], now()).unwrap();
    let honest = RecordId { entry: written.id, index: 0 };
    for (text, flood) in [(&b"small"[..], 4_200), (&[7; 11_000][..], 900)] {
        let (mut peer, store) = family.member(100, &[""]);
        send(&mars, &mut peer, usize::MAX);
        let flood: Vec<SignedEntry> = (0..2)
            .flat_map(|incarnation| family.node_pen(incarnation).chain(flood / 2 + 1, text).split_off(1))
            .collect();
        for part in flood.chunks(300) {
            peer.absorb(&parcel(ledger, part), now()).unwrap();
        }
        let full = peer.waiting();
        assert!(full.0 == intent_ledger::bounds::POOL_ITEMS_MAX || full.1 > (8 << 20) - 16_384, "{full:?}");
        let pen = Pen::new(ledger, 60, Lane::Productivity, 1, in_days(30), honest);
        let chain = pen.chain(100, &[1; 3_000]);
        let report = peer.absorb(&parcel(ledger, &chain[1..]), now()).unwrap();
        assert_eq!(report.refused_total(), 0, "{:?}", reasons(&report));
        // The flooder drives nothing of it out again, and a stranger nobody.
        let again = peer.absorb(&parcel(ledger, &family.node_pen(3).chain(60, text)[1..]), now()).unwrap();
        assert!(again.refused[&Reason::PoolFull] > 50);
        let absent = RecordId { entry: EntryId::from_bytes([5; 32]), index: 0 };
        let stranger =
            Pen::new(ledger, 66, Lane::Productivity, 1, in_days(30), absent).chain(40, &[1; 9_000]);
        let report = peer.absorb(&parcel(ledger, &stranger), now()).unwrap();
        assert!(report.refused[&Reason::PoolFull] > 30);
        // Beyond its share the honest one is refused like anybody.
        let pen = Pen::new(ledger, 60, Lane::Productivity, 2, in_days(30), honest);
        let report = peer.absorb(&parcel(ledger, &pen.chain(300, &[1; 6_000])[1..]), now()).unwrap();
        assert!(report.refused[&Reason::PoolFull] > 100);
        assert_eq!(peer.absorb(&parcel(ledger, &chain[..1]), now()).unwrap().new_entries, 100);
        assert_store_equals_memory(&family.charter, &mut peer, &store);
    }
}

#[test]
fn large_entries_fill_the_pool_by_bytes_first() {
    let family = family();
    let (mut peer, _) = family.member(100, &[""]);
    let absent = RecordId { entry: EntryId::from_bytes([5; 32]), index: 0 };
    let pen = Pen::new(family.ledger(), 66, Lane::Productivity, 1, in_days(30), absent);
    for batch in 0..4u64 {
        let entries: Vec<SignedEntry> = (1..=250)
            .map(|n| {
                let prev = EntryId::from_bytes([8; 32]);
                pen.entry(1 + batch * 250 + n, prev, NOW, &[note(in_days(20), &[1; 12_000])])
            })
            .collect();
        peer.absorb(&parcel(family.ledger(), &entries), now()).unwrap();
        assert!(peer.waiting().1 <= intent_ledger::bounds::POOL_BYTES_MAX);
    }
    assert!(peer.waiting().1 > intent_ledger::bounds::POOL_BYTES_MAX - 16_384);
}

/// `[FORK-4]`
#[test]
fn the_same_waiting_fork_proof_waits_once() {
    let family = family();
    let pen = family.node_pen(1);
    let (mut forked, _) = family.member(100, &[""]);
    absorb_each(&mut forked, [&pen.chain(1, b"a")[0], &pen.chain(1, b"b")[0]]);
    let (mut stranger, _) = replica(&family.charter, 101, &[""]);
    // What a replica that knows the family lacks is the proof alone.
    let knowing = family.member(102, &[""]).0.frontier();
    let bundle = forked.bundle(&knowing, usize::MAX).unwrap();
    assert_eq!(bundle.items, 1);
    for _ in 0..3 {
        stranger.absorb(&bundle.bytes, now()).unwrap();
        assert_eq!(stranger.waiting().0, 1);
    }
    send(&forked, &mut stranger, usize::MAX);
    assert_eq!(stranger.waiting(), (0, 0));
    assert_eq!(picture(&stranger), picture(&forked));
}

#[test]
fn what_stands_above_a_fork_or_a_stump_is_refused_and_its_cause_is_told() {
    let family = family();
    let pen = family.node_pen(1);
    let trunk = pen.chain(5, b"a");
    let rival = pen.chain_on(2, trunk[1].id(), 3, b"b");
    let (mut peer, store) = family.member(100, &[""]);
    let mut least = [trunk[2].id(), rival[0].id()];
    least.sort();
    absorb_each(&mut peer, &trunk);
    let reports = absorb_each(&mut peer, &rival);
    assert_eq!((reports[0].ended_logs, reports[0].dropped), (1, 3));
    assert_eq!(reasons(&reports[1]), [(Reason::AboveFork, 1)]);
    let log = peer.logs().find(|log| log.id == pen.id()).unwrap();
    assert_eq!((log.head, log.terminal), (2, Some(Terminal::Fork { slot: 3, pair: least })));
    assert_store_equals_memory(&family.charter, &mut peer, &store);

    let pen = family.node_pen(2);
    let first = pen.entry(1, family.node.entry, in_days(1), &[note(in_days(9), b"late")]);
    let back = pen.entry(2, first.id(), NOW, &[note(in_days(9), b"early")]);
    let above = pen.entry(3, back.id(), in_days(2), &[note(in_days(9), b"above")]);
    let reports = absorb_each(&mut peer, [&first, &back, &above]);
    assert_eq!(reports[1].ended_logs, 1);
    assert_eq!(reasons(&reports[2]), [(Reason::AboveEnd, 1)]);
    assert_store_equals_memory(&family.charter, &mut peer, &store);
}

/// Every order of a set of items must end in one state, with the store equal to memory after every step.
/// `[ADM-1]`, `[ADM-8]`, `[FORK-4]`.
#[test]
fn every_order_of_a_forked_stumped_and_overflowing_family_ends_equal() {
    let family = family();
    let ledger = family.ledger();
    let region = Pen::new(ledger, MARS, Lane::Safety, 77, in_days(800), family.mars);
    // The region's second log enrols a node in slot 2; a rival of slot 2 takes it away again.
    let open = region.entry(1, family.mars.entry, NOW, &[note(in_days(9), b"open")]);
    let enrolling =
        region.entry(2, open.id(), NOW, &[enrol(60, Roles::ALL, "mars/pit", 1 << 20, 1, in_days(300))]);
    let rival = region.entry(2, open.id(), NOW, &[note(in_days(9), b"rival")]);
    let above = region.entry(3, enrolling.id(), NOW, &[note(in_days(9), b"above")]);
    let child = RecordId { entry: enrolling.id(), index: 0 };
    let children: Vec<Pen> =
        (0..3).map(|n| Pen::new(ledger, 60, Lane::Safety, n, in_days(100 + n), child)).collect();
    let mut items: Vec<SignedEntry> = vec![open, enrolling, rival, above];
    items.extend(children.iter().flat_map(|pen| pen.chain(2, b"c")));
    let grandchild = children[0].entry(
        2,
        children[0].chain(1, b"c")[0].id(),
        NOW,
        &[enrol(61, Roles::ACT, "mars/pit", 10, 1, in_days(99))],
    );
    items.push(grandchild);
    let denial = notice_of(&family.charter, 60, child, "mars/pit", in_days(200), b"no");
    let mut digests = Vec::new();
    for seed in 0..40u64 {
        let (mut peer, store) = family.member(100, &[""]);
        let mut order: Vec<usize> = (0..items.len() + 1).collect();
        shuffle(&mut order, seed);
        for place in order {
            let bytes = match items.get(place) {
                Some(entry) => parcel(ledger, [entry]),
                None => notice_parcel(ledger, [&denial]),
            };
            peer.absorb(&bytes, now()).unwrap();
            assert_store_equals_memory(&family.charter, &mut peer, &store);
        }
        digests.push(peer.state_digest());
    }
    assert!(digests.windows(2).all(|pair| pair[0] == pair[1]), "[LAW-1]");
}

/// Children of a dropped branch, what they enrolled, and what those wrote, before and after their parents
/// and at different horizons `[ADM-11]`.
#[test]
fn attack_06_children_of_a_dropped_branch_in_every_order_and_at_different_horizons_end_equal() {
    let family = family();
    let ledger = family.ledger();
    let log = family.root.logs().find(|log| log.key.author == key(MARS).author()).unwrap();
    let mars = Pen { ledger, secret: key(MARS), log: log.key };
    let lost = mars.entry(2, log.head_id, NOW, &[enrol(70, Roles::ALL, "mars", 1 << 20, 4, in_days(410))]);
    let child = mars.chain_on(2, lost.id(), 1, b"child");
    let rival = mars.chain_on(1, log.head_id, 1, b"rival");
    let enrolled = RecordId { entry: lost.id(), index: 0 };
    let puppet = Pen::new(ledger, 70, Lane::Productivity, 1, in_days(400), enrolled).chain(2, b"puppet");
    // Another forked log, which ends below the later horizon.
    let node = family.node_pen(1).chain(3, b"a");
    let other = family.node_pen(1).chain(2, b"b");
    let items: Vec<&SignedEntry> =
        [&lost].into_iter().chain(&child).chain(&rival).chain(&puppet).chain(&node).chain(&other).collect();
    let mut nothing = |_: &[u8]| Ok(());
    let mut pictures = Vec::new();
    for seed in 0..240u64 {
        let mut order: Vec<usize> = (0..items.len()).collect();
        shuffle(&mut order, seed + 1);
        let (mut replica, store) = family.member(100, &[""]);
        // From the first item on, after the last one, and everywhere between.
        let step = usize::try_from(seed).unwrap() % (items.len() + 1);
        for (index, item) in order.iter().enumerate() {
            if index == step {
                replica.advance_horizon(after_days(200), approved(after_days(200)), &mut nothing).unwrap();
            }
            replica.absorb(&parcel(ledger, [items[*item]]), now()).unwrap();
        }
        replica.advance_horizon(after_days(200), approved(after_days(200)), &mut nothing).unwrap();
        if seed % 24 == 0 {
            assert_store_equals_memory(&family.charter, &mut replica, &store);
        }
        pictures.push(picture(&replica));
    }
    let ended = pictures[0].0.iter().find(|log| log.id == mars.id()).unwrap();
    assert_eq!((ended.head, ended.terminal.map(|terminal| terminal.slot())), (1, Some(2)));
    assert!(!pictures[0].2.contains(&enrolled), "what the dropped branch enrolled is gone");
    assert!(pictures[0].0.iter().all(|log| log.key.enrolment != enrolled));
    assert!(pictures.windows(2).all(|pair| pair[0] == pair[1]), "[LAW-1]");
}

#[test]
fn attack_10_ten_thousand_incarnations_leave_one_more_than_the_bound() {
    let family = family();
    let (mut peer, store) = family.member(100, &[""]);
    let before = peer.logs().count() as u64;
    for part in 0..10u64 {
        let firsts: Vec<SignedEntry> =
            (0..1_000).map(|n| family.node_pen(part * 1_000 + n).chain(1, b"again").remove(0)).collect();
        peer.absorb(&parcel(family.ledger(), &firsts), now()).unwrap();
        let node = peer.enrolment(&family.node).unwrap();
        assert_eq!((node.living_logs, node.room()), (NODE_LOGS + 1, 0));
        assert_eq!(peer.logs().count() as u64, before + NODE_LOGS + 1);
    }
    assert_eq!(store.rows(b'e').len() as u64, peer.entry_count());
    assert_store_equals_memory(&family.charter, &mut peer, &store);
}

/// What an enrolment of a key below the region says; a test changes what it is about.
fn enrolment_below(seed: u8, roles: Roles) -> Enrol {
    let label = |text: &str| Label::try_from(text.to_owned()).unwrap();
    let lineage = Lineage { build: label("a"), hardware: label("b") };
    Enrol::new(key(seed).author(), roles, scope("mars"), 1 << 20, 2, lineage)
}

/// Whether the region's log may hold this record, and whether it is a present enrolment then.
fn is_present(family: &mut Family, body: &Enrol) -> bool {
    let record = body.record(in_days(300), Vec::new()).unwrap();
    let written = family.root.append(Lane::Safety, &[record], now()).unwrap();
    family.root.enrolment(&RecordId { entry: written.id, index: 0 }).is_some()
}

/// `[ADM-5]`
#[test]
fn each_lane_has_a_budget_of_its_own() {
    let mut family = family();
    let weigh = |lane| {
        let pen = Pen::new(family.ledger(), 60, lane, 1, in_days(30), family.mars);
        pen.chain(3, b"x")[2].weight()
    };
    // Room for two entries in one lane and for one in the other.
    let (one, two) = (weigh(Lane::Safety), 2 * weigh(Lane::Productivity));
    for (byte_budget, safety_budget) in [(two, one), (one, two)] {
        let body = Enrol { byte_budget, safety_budget, ..enrolment_below(60, Roles::ACT) };
        let record = body.record(in_days(300), Vec::new()).unwrap();
        let written = family.root.append(Lane::Safety, &[record], now()).unwrap();
        let enrolment = RecordId { entry: written.id, index: 0 };
        for (lane, budget) in [(Lane::Productivity, byte_budget), (Lane::Safety, safety_budget)] {
            let pen = Pen::new(family.ledger(), 60, lane, 1, in_days(30), enrolment);
            absorb_each(&mut family.root, &pen.chain(3, b"x"));
            let found = family.root.logs().find(|log| log.id == pen.id()).unwrap();
            let fits = budget / one;
            assert_eq!(found.head, fits, "{lane:?} of {byte_budget} and {safety_budget} bytes");
            assert!(matches!(found.terminal, Some(Terminal::Stump { slot, .. }) if slot == fits + 1));
        }
    }
    let (store, charter) = (family.root_store.clone(), family.charter.clone());
    assert_store_equals_memory(&charter, &mut family.root, &store);
}

/// `[ADM-7]`: to the byte, by a log that has room for just this enrolment.
#[test]
fn an_enrolment_is_charged_its_greater_budget_and_its_notices() {
    let denier = Roles::ALL;
    let cases = [
        (enrolment_below(61, Roles::ACT), (1_u64 << 20) + LOG_OVERHEAD_BYTES, 0),
        (Enrol { safety_budget: 1 << 21, ..enrolment_below(61, denier) }, (1 << 21) + LOG_OVERHEAD_BYTES, 16),
        (
            Enrol { byte_budget: 1 << 22, max_notices: 3, ..enrolment_below(61, Roles::VERIFY) },
            (1 << 22) + LOG_OVERHEAD_BYTES,
            3,
        ),
        // Without the roles for notices their number costs nothing.
        (Enrol { max_notices: 9, ..enrolment_below(61, Roles::ACT) }, (1 << 20) + LOG_OVERHEAD_BYTES, 0),
    ];
    for (body, one_log, notices) in cases {
        let of_notices = if notices == 0 { 0 } else { (notices + 1) * NOTICE_BYTES_MAX as u64 };
        let charge = 3 * one_log + of_notices;
        let record = body.record(in_days(100), Vec::new()).unwrap();
        for (spare, expected) in [(0, true), (1, false)] {
            let mut family = family();
            let weight = {
                let pen = Pen::new(family.ledger(), 60, Lane::Safety, 1, in_days(200), family.mars);
                pen.entry(1, family.mars.entry, NOW, std::slice::from_ref(&record)).weight()
            };
            let above = Enrol { safety_budget: weight + charge - spare, ..enrolment_below(60, denier) };
            let above = above.record(in_days(300), Vec::new()).unwrap();
            let written = family.root.append(Lane::Safety, &[above], now()).unwrap();
            let enrolment = RecordId { entry: written.id, index: 0 };
            let pen = Pen::new(family.ledger(), 60, Lane::Safety, 1, in_days(200), enrolment);
            let entry = pen.entry(1, enrolment.entry, NOW, std::slice::from_ref(&record));
            family.root.absorb(&parcel(family.ledger(), [&entry]), now()).unwrap();
            let present = family.root.enrolment(&RecordId { entry: entry.id(), index: 0 }).is_some();
            assert_eq!(present, expected, "{spare} bytes short of {charge}");
        }
    }
}

/// `[ADM-13]`
#[test]
fn the_numbers_of_an_enrolment_lie_in_their_ranges() {
    let mut family = family();
    let act = || enrolment_below(60, Roles::ACT);
    let all = || enrolment_below(60, Roles::ALL);
    let verify = || enrolment_below(60, Roles::VERIFY);
    let cases = [
        (act(), true),
        (Enrol { max_logs: 0, ..act() }, false),
        (Enrol { max_logs: 64, ..act() }, true),
        (Enrol { max_logs: 65, ..act() }, false),
        (Enrol { max_notices: 4_096, ..act() }, true),
        (Enrol { max_notices: 4_097, ..act() }, false),
        (Enrol { max_notices: 0, ..all() }, false),
        (Enrol { max_notices: 1, ..verify() }, true),
        (Enrol { max_notices: 0, ..verify() }, false),
        (Enrol { max_notices: 4_097, ..all() }, false),
        (Enrol { safety_budget: 65_536, ..act() }, true),
        (Enrol { safety_budget: 65_537, ..act() }, false),
        (Enrol { safety_budget: 65_537, ..enrolment_below(60, Roles::GIVE) }, false),
        (Enrol { safety_budget: 65_537, ..enrolment_below(60, Roles::ENROL) }, true),
        (Enrol { safety_budget: 65_537, ..enrolment_below(60, Roles::DENY) }, true),
        (Enrol { safety_budget: 65_537, ..verify() }, true),
    ];
    for (body, expected) in cases {
        assert_eq!(is_present(&mut family, &body), expected, "{body:?}");
    }
    let (store, charter) = (family.root_store.clone(), family.charter.clone());
    assert_store_equals_memory(&charter, &mut family.root, &store);
}

/// `[ADM-12]`, `[FAIL-1]`
#[test]
fn a_verifier_writes_that_an_attestation_failed_and_no_other_notice() {
    let mut family = family();
    let body = enrolment_below(60, Roles::VERIFY);
    let record = body.record(in_days(300), Vec::new()).unwrap();
    let written = family.root.append(Lane::Safety, &[record], now()).unwrap();
    let enrolment = RecordId { entry: written.id, index: 0 };
    let ledger = family.ledger();
    let of = |kind: u64| {
        let secret = key(60);
        let authored = Authored { at: NOW, error: Millis(50) };
        let until = in_days(30);
        let frame =
            NoticeHeader { author: secret.author(), enrolment, scope: scope("mars"), until, authored };
        SignedNotice::sign(&ledger, &Notice::new(frame, kind, vec![0x80]), &secret).unwrap()
    };
    for kind in [1, 3, 4, 6, 64] {
        let report = family.root.absorb(&notice_parcel(ledger, [&of(kind)]), now()).unwrap();
        assert_eq!(reasons(&report), [(Reason::NoAuthority, 1)], "kind {kind}");
    }
    family.root.absorb(&notice_parcel(ledger, [&of(5)]), now()).unwrap();
    assert_eq!(family.root.notices().collect::<Vec<_>>(), [of(5).id()]);
    // Its own replica writes that kind alone, too.
    let (mut verifier, _) = replica(&family.charter, 60, &[""]);
    send(&family.root, &mut verifier, usize::MAX);
    let refused = verifier.notice(&scope("mars"), in_days(30), 40, vec![0x80], now()).unwrap_err();
    assert_eq!(refused, intent_ledger::AppendError::Refused(Reason::NoAuthority.into()));
    let attestation = Citation { log: written.log, seq: 1, record: enrolment, until: in_days(30) };
    let body = notice::encode(&notice::Failure { attestation }).unwrap();
    assert!(verifier.notice(&scope("mars"), in_days(30), 5, body, now()).is_ok());
    let (store, charter) = (family.root_store.clone(), family.charter.clone());
    assert_store_equals_memory(&charter, &mut family.root, &store);
}

#[test]
fn attack_10_puppets_enrolled_by_a_thief_cost_what_their_enroller_was_given() {
    let family = family();
    let (mut peer, store) = family.member(100, &[""]);
    let log = family.root.logs().find(|log| log.key.author == key(MARS).author()).unwrap();
    let thief = Pen { ledger: family.ledger(), secret: key(MARS), log: log.key };
    let given = peer.enrolment(&family.mars).unwrap();
    let mut prev = log.head_id;
    for seq in 2..200 {
        let puppets: Vec<Record> =
            (0..40).map(|n| enrol(n, Roles::ALL, "mars", 1 << 20, 1, in_days(30))).collect();
        let entry = thief.entry(seq, prev, NOW.plus(Millis(seq)), &puppets);
        prev = entry.id();
        peer.absorb(&parcel(family.ledger(), [&entry]), now()).unwrap();
    }
    let ended = peer.logs().find(|found| found.id == thief.id()).unwrap();
    assert!(matches!(ended.terminal, Some(Terminal::Stump { .. })), "the budget ends the log");
    let all: Vec<RecordId> = peer.enrolments().collect();
    let below = all.iter().filter_map(|record| peer.enrolment(record)).filter(|found| found.place.is_some());
    let below: Vec<_> = below.filter(|found| given.scope.contains(&found.scope)).collect();
    let cost = |found: &intent_ledger::EnrolmentSummary| (found.max_logs + 1) * found.byte_budget;
    let spent: u64 = below.iter().filter(|found| found.record != family.mars).map(cost).sum();
    assert!(below.len() > 40 && spent <= given.byte_budget, "{} puppets of {spent} bytes", below.len());
    assert_store_equals_memory(&family.charter, &mut peer, &store);
}

#[test]
fn attack_10_a_flood_of_short_notices_that_lapses_un_denies_nothing() {
    let parameters = CharterParameters { notices_per_enrolment: 16, ..CharterParameters::default() };
    let family = family_with(parameters);
    let (mut peer, store) = family.member(100, &[""]);
    let charter = &family.charter;
    let denial = notice_of(charter, NODE, family.node, "mars/forge", in_days(300), b"denied");
    peer.absorb(&notice_parcel(family.ledger(), [&denial]), now()).unwrap();
    let flood: Vec<SignedNotice> = (0..1_000u16)
        .map(|n| notice_of(charter, NODE, family.node, "mars/forge", in_days(20), &n.to_be_bytes()))
        .collect();
    let report = peer.absorb(&notice_parcel(family.ledger(), &flood), now()).unwrap();
    assert!(report.dropped + report.refused[&Reason::Overflow] >= 1_000 - 16);
    assert_eq!(peer.enrolment(&family.node).unwrap().living_notices, 17, "k and the one that tells");
    peer.advance_horizon(after_days(120), approved(after_days(120)), &mut |_| Ok(())).unwrap();
    assert_eq!(peer.notices().collect::<Vec<_>>(), [denial.id()], "the denial outlives the flood");
    assert_store_equals_memory(charter, &mut peer, &store);
}

fn shuffle(order: &mut [usize], seed: u64) {
    use rand_chacha::rand_core::Rng as _;
    let mut random = entropy(seed);
    for last in (1..order.len()).rev() {
        let other = usize::try_from(random.next_u64() % (last as u64 + 1)).unwrap();
        order.swap(last, other);
    }
}
