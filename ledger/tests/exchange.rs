//! Exchange: bundles cut and flipped anywhere, frontiers that are complete, budgets kept, one-way links.

#![allow(clippy::unwrap_used, reason = "a fixture that fails is a failed test")]

mod common;

use common::*;
use intent_ledger::contracts::*;
use intent_ledger::{BundleBuilder, Frontier, ItemBytes, LedgerError};

/// A replica with something of everything: two lanes, notices, a fork, a stump, an overflow.
fn rich(family: &Family) -> (Replica, SharedStore) {
    let (mut rich, store) = family.member(MARS, &[""]);
    for n in 0..6u8 {
        rich.append(Lane::Productivity, &[note(in_days(5), &[n; 300])], now()).unwrap();
    }
    rich.append(Lane::Safety, &[note(in_days(50), b"safe")], now()).unwrap();
    rich.notice(&scope("mars"), in_days(40), 40, vec![1], now()).unwrap();
    rich.notice(&scope("mars/forge"), in_days(41), 40, vec![2], now()).unwrap();
    let pen = family.node_pen(1);
    let trunk = pen.chain(6, b"trunk");
    let rival = pen.chain_on(3, trunk[2].id(), 1, b"rival");
    absorb_each(&mut rich, trunk.iter().chain(&rival));
    let pen = family.node_pen(2);
    let first = pen.entry(1, family.node.entry, in_days(1), &[note(in_days(9), b"late")]);
    let back = pen.entry(2, first.id(), NOW, &[note(in_days(9), b"early")]);
    absorb_each(&mut rich, [&first, &back]);
    for n in 3..7 {
        absorb_each(&mut rich, &family.node_pen(n).chain(2, b"more"));
    }
    assert_store_equals_memory(&family.charter, &mut rich, &store);
    (rich, store)
}

fn nobody(family: &Family) -> Frontier {
    Frontier::unknown(&family.ledger(), vec![Scope::root()])
}

/// `[SYNC-4]`
#[test]
fn a_newcomer_equals_its_source_whatever_the_budget() {
    let family = family();
    let (rich, _) = rich(&family);
    let whole = rich.bundle(&nobody(&family), usize::MAX).unwrap();
    assert!(whole.complete);
    for budget in [1_000, 1_500, 4_096, 5_000, 20_000, usize::MAX] {
        let (mut peer, store) = replica(&family.charter, 100, &[""]);
        send(&rich, &mut peer, budget);
        assert_eq!(picture(&peer), picture(&rich), "budget {budget}");
        assert_eq!(peer.waiting(), (0, 0), "nothing waits for ever");
        assert_store_equals_memory(&family.charter, &mut peer, &store);
    }
}

#[test]
fn a_budget_is_kept_to_the_byte_and_the_next_byte_lets_the_next_item_in() {
    let family = family();
    let (rich, _) = rich(&family);
    let mut items = 0;
    let whole = rich.bundle(&nobody(&family), usize::MAX).unwrap();
    for budget in 0..=whole.bytes.len() {
        let bundle = rich.bundle(&nobody(&family), budget).unwrap();
        assert!(bundle.bytes.len() <= budget);
        assert!(bundle.items >= items, "more room never means fewer items");
        if bundle.items > items {
            assert_eq!(bundle.bytes.len(), budget, "it goes in as soon as it fits");
        }
        assert!(whole.bytes.starts_with(&bundle.bytes[..bundle.bytes.len().min(1)]));
        items = bundle.items;
        assert_eq!(bundle.complete, budget == whole.bytes.len());
    }
}

/// `[SYNC-8]`
#[test]
fn a_bundle_cut_at_every_byte_keeps_what_came_before() {
    let family = family();
    let (rich, _) = rich(&family);
    let bytes = rich.bundle(&nobody(&family), usize::MAX).unwrap().bytes;
    let mut before = 0;
    for end in (0..bytes.len()).step_by(37).chain(bytes.len().saturating_sub(40)..=bytes.len()) {
        let (mut peer, store) = replica(&family.charter, 100, &[""]);
        let report = peer.absorb(&bytes[..end], now()).unwrap();
        let got = report.new_entries + report.new_notices + report.ended_logs + report.waiting;
        assert!(report.stopped.is_none_or(|refusal| refusal.reason == Reason::Truncated), "{report:?}");
        assert_eq!(report.refused_total(), 0);
        assert!(got >= before);
        before = got;
        assert_store_equals_memory(&family.charter, &mut peer, &store);
        peer.absorb(&bytes, now()).unwrap();
        assert_eq!(picture(&peer), picture(&rich), "the whole bundle heals a cut at {end}");
    }
}

#[test]
fn no_flipped_bit_lets_anything_bad_in_and_the_true_bundle_heals() {
    let family = family();
    let pen = family.node_pen(1);
    let chain = pen.chain(2, b"small");
    let notice = notice_of(&family.charter, NODE, family.node, "mars/forge", in_days(30), b"no");
    let (mut source, _) = family.member(100, &[""]);
    absorb_each(&mut source, &chain);
    source.absorb(&notice_parcel(family.ledger(), [&notice]), now()).unwrap();
    let mut peer = family.member(101, &[""]).0;
    let bytes = source.bundle(&peer.frontier(), usize::MAX).unwrap().bytes;
    let good: Vec<LogId> = source.logs().map(|log| log.id).collect();
    let good_notices: Vec<NoticeId> = source.notices().collect();
    let truth = picture(&source);
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let (mut peer, _) = family.member(101, &[""]);
            let mut flipped = bytes.clone();
            flipped[place] ^= 1 << bit;
            peer.absorb(&flipped, now()).unwrap();
            assert!(peer.logs().all(|log| good.contains(&log.id) && log.terminal.is_none()));
            assert!(peer.notices().all(|notice| good_notices.contains(&notice)));
            if bit == 0 {
                peer.absorb(&bytes, now()).unwrap();
                assert_eq!(picture(&peer), truth, "byte {place} bit {bit}");
                assert_eq!(peer.waiting(), (0, 0));
            }
        }
    }
}

#[test]
fn absorbing_twice_changes_nothing() {
    let family = family();
    let (rich, _) = rich(&family);
    let bytes = rich.bundle(&nobody(&family), usize::MAX).unwrap().bytes;
    let (mut peer, store) = replica(&family.charter, 100, &[""]);
    peer.absorb(&bytes, now()).unwrap();
    let before = (picture(&peer), store.rows(b'e'), store.rows(b'l'));
    let report = peer.absorb(&bytes, now()).unwrap();
    assert_eq!((report.new_entries, report.new_notices, report.ended_logs, report.dropped), (0, 0, 0, 0));
    assert_eq!((picture(&peer), store.rows(b'e'), store.rows(b'l')), before);
}

/// `[ASM-3]`, `[FORK-2]`
#[test]
fn two_branches_of_a_fork_meet_from_both_sides() {
    let family = family();
    for (a_length, b_length) in [(1, 1), (2, 7), (7, 2), (5, 5), (40, 3)] {
        for shared in [0usize, 1, 4] {
            let pen = family.node_pen(1);
            let trunk = pen.chain(shared as u64, b"shared");
            let prev = trunk.last().map_or(family.node.entry, SignedEntry::id);
            let (mut a, a_store) = family.member(100, &[""]);
            let (mut b, b_store) = family.member(101, &[""]);
            absorb_each(&mut a, trunk.iter().chain(&pen.chain_on(shared as u64, prev, a_length, b"a")));
            absorb_each(&mut b, trunk.iter().chain(&pen.chain_on(shared as u64, prev, b_length, b"b")));
            exchange(&mut a, &mut b);
            assert_eq!(picture(&a), picture(&b));
            let log = a.logs().find(|log| log.id == pen.id()).unwrap();
            assert_eq!(log.terminal.map(|terminal| terminal.slot()), Some(shared as u64 + 1));
            assert_store_equals_memory(&family.charter, &mut a, &a_store);
            assert_store_equals_memory(&family.charter, &mut b, &b_store);
        }
    }
}

#[test]
fn a_fork_is_found_through_a_narrow_link() {
    let family = family();
    let pen = family.node_pen(1);
    let trunk = pen.chain(3, b"shared");
    let (mut a, _) = family.member(100, &[""]);
    let (mut b, _) = family.member(101, &[""]);
    absorb_each(&mut a, trunk.iter().chain(&pen.chain_on(3, trunk[2].id(), 20, b"a")));
    absorb_each(&mut b, trunk.iter().chain(&pen.chain_on(3, trunk[2].id(), 12, b"b")));
    send(&a, &mut b, 900);
    send(&b, &mut a, 900);
    send(&a, &mut b, 900);
    assert_eq!(picture(&a), picture(&b));
}

/// `[SYNC-1]`, `[SYNC-7]`
#[test]
fn a_one_way_sender_goes_on_from_what_it_sent() {
    let family = family();
    let (mut rich, _) = rich(&family);
    let (mut peer, store) = replica(&family.charter, 100, &[""]);
    let mut assumed = peer.frontier();
    let mut sent = 0;
    for _ in 0..400 {
        let bundle = rich.bundle(&assumed, 900).unwrap();
        peer.absorb(&bundle.bytes, now()).unwrap();
        assumed = bundle.assumed;
        sent += bundle.items;
        if bundle.complete {
            break;
        }
    }
    assert_eq!(picture(&peer), picture(&rich));
    assert_store_equals_memory(&family.charter, &mut peer, &store);
    let again = rich.bundle(&assumed, usize::MAX).unwrap();
    assert_eq!((again.items, again.complete), (0, true), "nothing is sent twice");
    let whole = rich.bundle(&nobody(&family), usize::MAX).unwrap();
    assert_eq!(sent, whole.items);
    rich.append(Lane::Productivity, &[note(in_days(5), b"more")], now()).unwrap();
    assert_eq!(rich.bundle(&assumed, usize::MAX).unwrap().items, 1, "and what is new is sent");
}

/// The peer held more of the log than the fork leaves; what a one-way sender assumes of it afterwards is
/// the cut log, not a dispute over it.
#[test]
fn a_one_way_sender_tells_a_fork_once() {
    let family = family();
    let pen = family.node_pen(1);
    let trunk = pen.chain(9, b"trunk");
    let (mut source, _) = family.member(100, &[""]);
    let (mut peer, _) = family.member(101, &[""]);
    absorb_each(&mut source, &trunk);
    absorb_each(&mut peer, &trunk);
    let known = peer.frontier();
    absorb_each(&mut source, &pen.chain_on(4, trunk[3].id(), 1, b"rival"));
    let told = source.bundle(&known, usize::MAX).unwrap();
    assert_eq!((told.items, told.complete), (1, true));
    let again = source.bundle(&told.assumed, usize::MAX).unwrap();
    assert_eq!((again.items, again.complete), (0, true), "nothing is sent twice");
    peer.absorb(&told.bytes, now()).unwrap();
    assert_eq!(picture(&peer), picture(&source));
}

/// What was sent of a disputed log was once not assumed to have arrived, and was sent for ever.
#[test]
fn a_one_way_sender_settles_a_dispute_once() {
    for budget in [900, usize::MAX] {
        let family = family();
        let pen = family.node_pen(1);
        let trunk = pen.chain(3, b"trunk");
        let (mut source, _) = family.member(100, &[""]);
        let (mut peer, _) = family.member(101, &[""]);
        absorb_each(&mut source, trunk.iter().chain(&pen.chain_on(3, trunk[2].id(), 20, b"a")));
        absorb_each(&mut peer, trunk.iter().chain(&pen.chain_on(3, trunk[2].id(), 12, b"b")));
        let mut assumed = peer.frontier();
        let (mut sent, mut rounds) = (0, 0);
        loop {
            let bundle = source.bundle(&assumed, budget).unwrap();
            peer.absorb(&bundle.bytes, now()).unwrap();
            assumed = bundle.assumed;
            sent += bundle.items;
            rounds += 1;
            assert!(rounds < 40, "the dispute never ends");
            if bundle.complete {
                break;
            }
        }
        assert_eq!(sent, 15, "the disputed slots, once each");
        let again = source.bundle(&assumed, usize::MAX).unwrap();
        assert_eq!((again.items, again.complete), (0, true), "nothing is sent twice");
        let ended = peer.logs().find(|log| log.id == pen.id()).unwrap();
        assert_eq!((ended.head, ended.terminal.map(|terminal| terminal.slot())), (3, Some(4)));
        send(&peer, &mut source, usize::MAX);
        assert_eq!(picture(&peer), picture(&source));
    }
}

/// The trunk is equal on both; only the frontier's line of the terminal tells them apart.
#[test]
fn attack_09_of_two_replicas_with_equal_heads_the_one_that_knows_a_fork_tells_it() {
    let family = family();
    let pen = family.node_pen(1);
    let trunk = pen.chain(4, b"trunk");
    let rivals = [b"one", b"two"].map(|text| pen.chain_on(4, trunk[3].id(), 1, text).remove(0));
    let (mut knows, store) = family.member(100, &[""]);
    let (mut trusts, other_store) = family.member(101, &[""]);
    absorb_each(&mut knows, trunk.iter().chain(&rivals));
    absorb_each(&mut trusts, &trunk);
    let of = |replica: &Replica| replica.logs().find(|log| log.id == pen.id()).unwrap();
    let heads = |replica: &Replica| (of(replica).head, of(replica).head_id);
    assert_eq!(heads(&knows), heads(&trusts));
    assert_ne!(knows.state_digest(), trusts.state_digest());
    assert_eq!(trusts.bundle(&knows.frontier(), usize::MAX).unwrap().items, 0, "nothing below is sent");
    let told = knows.bundle(&trusts.frontier(), usize::MAX).unwrap();
    assert_eq!(told.items, 1, "the proof alone");
    assert_eq!(trusts.absorb(&told.bytes, now()).unwrap().ended_logs, 1);
    assert_eq!(picture(&trusts), picture(&knows));
    assert_eq!(heads(&trusts).0, 4, "the trunk stands");
    assert_store_equals_memory(&family.charter, &mut knows, &store);
    assert_store_equals_memory(&family.charter, &mut trusts, &other_store);
}

/// A replica with more logs than one frontier tells once made bytes that its peer refused.
#[test]
fn frontiers_that_tell_a_part_settle_everything_in_time() {
    let family = family();
    let (source, _) = rich(&family);
    let (mut peer, store) = replica(&family.charter, 100, &[""]);
    let bytes = nobody(&family).encode().len() + 8 + 16 + 2 * 46;
    let mut partial = 0;
    for round in 0.. {
        assert!(round < 500, "a part is never told");
        let frontier = peer.frontier().within(bytes);
        partial += usize::from(!frontier.is_whole());
        let encoded = frontier.encode();
        assert!(encoded.len() <= bytes);
        assert_eq!(Frontier::decode(&encoded).as_ref(), Ok(&frontier));
        let waiting = peer.waiting().0 as u64;
        let bundle = source.bundle(&frontier, 3_000).unwrap();
        let report = peer.absorb(&bundle.bytes, now()).unwrap();
        assert_eq!(report.refused_total(), 0);
        assert!(report.known <= waiting, "nothing admitted is taken for lacking because it is not told");
        if picture(&peer) == picture(&source) {
            break;
        }
    }
    assert!(partial > 3, "{partial}");
    assert_store_equals_memory(&family.charter, &mut peer, &store);
    let nothing = peer.frontier().within(0);
    assert_eq!(source.bundle(&nothing, usize::MAX).unwrap().items, 0, "of nothing told nothing is lacking");
}

#[test]
fn a_frontier_of_more_logs_than_a_message_holds_is_cut_to_what_a_peer_reads() {
    let family = family();
    let most = intent_ledger::bounds::FRONTIER_BYTES_MAX;
    // What a one-way sender assumes has no bound of its own: it is made long by hand.
    let mut fields: Vec<Vec<u8>> =
        cbor::Items::of(&nobody(&family).encode()).unwrap().map(<[u8]>::to_vec).collect();
    let lines = 210_000u64;
    let mut logs = Vec::new();
    cbor::array_head(&mut logs, usize::try_from(lines).unwrap());
    for n in 0..lines {
        cbor::array_head(&mut logs, 5);
        cbor::byte_string(&mut logs, &n.to_be_bytes());
        logs.extend([0x1b, 1, 1, 1, 1, 1, 1, 1, 1]);
        cbor::byte_string(&mut logs, &[1; 8]);
        logs.push(0);
        cbor::byte_string(&mut logs, &[1; 8]);
    }
    fields[6] = logs;
    let mut bytes = Vec::new();
    cbor::array_head(&mut bytes, fields.len());
    bytes.extend(fields.concat());
    assert!((most - 1_000_000..most).contains(&bytes.len()), "{}", bytes.len());
    let long = Frontier::decode(&bytes).unwrap();
    assert!(long.is_whole() && long.encode() == bytes);
    let less = long.within(most / 2);
    assert!(!less.is_whole());
    let encoded = less.encode();
    assert!((most / 2 - 200..=most / 2).contains(&encoded.len()), "{}", encoded.len());
    assert_eq!(Frontier::decode(&encoded), Ok(less));
}

/// `[SYNC-2]`
#[test]
fn a_frontier_survives_its_bytes_and_a_foreign_one_is_refused() {
    let family = family();
    let (mut rich, _) = rich(&family);
    let frontier = rich.frontier();
    let bytes = frontier.encode();
    assert_eq!(Frontier::decode(&bytes).unwrap(), frontier);
    for end in 0..bytes.len() {
        assert!(Frontier::decode(&bytes[..end]).is_err());
    }
    let foreign = Frontier::unknown(&LedgerId::from_bytes([9; 32]), vec![Scope::root()]);
    assert_eq!(rich.bundle(&foreign, 1_000).err(), Some(LedgerError::ForeignFrontier));
    assert_eq!(rich.hear(&foreign).err(), Some(LedgerError::ForeignFrontier));
}

/// `[SYNC-10]`
#[test]
fn a_lying_frontier_wastes_bytes_and_nothing_else() {
    let family = family();
    let (mut rich, _) = rich(&family);
    let (mut peer, _) = family.member(100, &[""]);
    let before = picture(&rich);
    let bytes = peer.frontier().encode();
    for place in 0..bytes.len() {
        let mut lie = bytes.clone();
        lie[place] ^= 1 << (place % 8);
        let Ok(lie) = Frontier::decode(&lie) else { continue };
        if let Ok(bundle) = rich.bundle(&lie, usize::MAX) {
            peer.absorb(&bundle.bytes, now()).unwrap();
            rich.hear(&lie).unwrap();
        }
    }
    assert_eq!(picture(&rich), before);
    exchange(&mut rich, &mut peer);
    assert_eq!(picture(&rich), picture(&peer));
}

#[test]
fn a_peer_gets_what_its_interests_hold_and_no_more() {
    let family = family();
    let (rich, _) = rich(&family);
    let (mut peer, store) = replica(&family.charter, 100, &["mars/foundry"]);
    let frontier = peer.frontier();
    let bundle = rich.bundle(&frontier, usize::MAX).unwrap();
    let report = peer.absorb(&bundle.bytes, now()).unwrap();
    assert_eq!(reasons(&report), [], "nothing is sent that it would refuse");
    assert!(peer.logs().all(|log| log.key.enrolment != family.node));
    let frontier = peer.frontier();
    let bundle = rich.bundle(&frontier, usize::MAX).unwrap();
    assert_eq!((bundle.items, bundle.complete), (0, true));
    assert_store_equals_memory(&family.charter, &mut peer, &store);
}

/// `[SYNC-6]`
#[test]
fn an_acknowledgement_means_admitted_not_received() {
    let family = family();
    let (mut node, _) = family.member(NODE, &["mars/forge"]);
    for n in 0..5u8 {
        node.append(Lane::Productivity, &[note(in_days(5), &[n])], now()).unwrap();
    }
    // The newcomer gets the node's entries before the enrolments: they wait.
    let (mut peer, _) = replica(&family.charter, 100, &[""]);
    let (mut known, _) = family.member(101, &[""]);
    let bundle = node.bundle(&known.frontier(), usize::MAX).unwrap();
    peer.absorb(&bundle.bytes, now()).unwrap();
    assert_eq!((peer.waiting().0, peer.entry_count()), (5, 0));
    assert_eq!(node.hear(&peer.frontier()).unwrap().acknowledged, 0);
    peer.absorb(&family.bytes, now()).unwrap();
    assert_eq!(node.hear(&peer.frontier()).unwrap().acknowledged, 5);
    assert_eq!(node.hear(&peer.frontier()).unwrap().acknowledged, 0, "once");
}

#[test]
fn a_reader_sees_its_moment_while_another_thread_absorbs() {
    let family = family();
    let (mut node, _) = family.member(NODE, &["mars/forge"]);
    let first = node.append(Lane::Productivity, &[note(in_days(5), b"a")], now()).unwrap();
    let reader = node.reader().unwrap();
    let (logs, notices) = (reader.logs().unwrap(), reader.notices().unwrap().len());
    std::thread::scope(|threads| {
        let reading = threads.spawn(|| {
            for _ in 0..200 {
                assert_eq!(reader.logs().unwrap(), logs);
                assert_eq!(reader.notices().unwrap().len(), notices);
                assert_eq!(reader.entries(first.log, 1).unwrap().count(), 1);
            }
        });
        for n in 0..50u8 {
            node.append(Lane::Productivity, &[note(in_days(5), &[n])], now()).unwrap();
            node.notice(&scope("mars/forge"), in_days(9), 40, vec![n], now()).unwrap();
        }
        reading.join().unwrap();
    });
    assert_eq!(node.reader().unwrap().entries(first.log, 1).unwrap().count(), 51);
    assert_eq!(reader.entries(first.log, 1).unwrap().count(), 1);
}

#[test]
fn a_part_decodes_alone_in_any_order() {
    let family = family();
    let (rich, _) = rich(&family);
    let bytes = rich.bundle(&nobody(&family), usize::MAX).unwrap().bytes;
    let mut parts = Vec::new();
    let mut rest = &bytes[..];
    while !rest.is_empty() {
        let (part, behind) = rest.split_at(cbor::walk_prefix(rest).unwrap());
        assert!(part.len() <= intent_ledger::bounds::PART_BYTES_MAX);
        parts.push(part);
        rest = behind;
    }
    assert!(parts.len() > 1);
    let (mut peer, store) = replica(&family.charter, 100, &[""]);
    for part in parts.iter().rev() {
        let report = peer.absorb(part, now()).unwrap();
        assert_eq!(report.stopped, None);
    }
    assert_eq!(picture(&peer), picture(&rich), "the last part first");
    assert_store_equals_memory(&family.charter, &mut peer, &store);
    let mut builder = BundleBuilder::new(family.ledger(), 100);
    assert!(!builder.push(ItemBytes::Entry(&[0; 200])) && builder.finish().is_empty());
}

/// All that goes wrong at once, in random order, over random budgets: the replicas settle on one state, and
/// every store equals its memory on the way.
#[test]
fn replicas_that_heard_random_parts_settle_on_one_state() {
    use intent_ledger::contracts::kinds::Roles;
    use rand_chacha::rand_core::Rng as _;
    let parameters = CharterParameters { notices_per_enrolment: 3, ..CharterParameters::default() };
    let family = family_with(parameters);
    let ledger = family.ledger();
    let region = Pen::new(ledger, MARS, Lane::Safety, 77, in_days(800), family.mars);
    let open = region.chain(1, b"open").remove(0);
    let enrolling = region.entry(
        2,
        open.id(),
        in_days(1),
        &[enrol_noting(60, Roles::ALL, "mars/pit", 1 << 20, 2, in_days(300), 3)],
    );
    let rival = region.chain_on(1, open.id(), 2, b"rival");
    let child = RecordId { entry: enrolling.id(), index: 0 };
    let mut entries = vec![open, enrolling];
    entries.extend(rival);
    for n in 0..5u64 {
        let below = Pen::new(ledger, 60, Lane::Safety, n, in_days(100 + n), child);
        entries.extend(below.chain(3, b"child"));
        let pen = family.node_pen(n);
        let trunk = pen.chain(4, b"trunk");
        let slot = n % 3 + 1;
        let prev = if slot == 1 { family.node.entry } else { trunk[usize::try_from(slot).unwrap() - 2].id() };
        entries.extend(pen.chain_on(slot - 1, prev, 2, b"rival"));
        entries.extend(trunk);
    }
    let notices: Vec<SignedNotice> = (0..12u64)
        .map(|n| {
            let (seed, enrolment, place) =
                if n % 2 == 0 { (60, child, "mars/pit") } else { (NODE, family.node, "mars/forge") };
            notice_of(&family.charter, seed, enrolment, place, in_days(20 + n % 5), &n.to_be_bytes())
        })
        .collect();
    for seed in 0..12u64 {
        let mut random = entropy(seed);
        let mut draw = |below: usize| usize::try_from(random.next_u64() % below as u64).unwrap();
        let mut replicas: Vec<(Replica, SharedStore)> = (100..103).map(|n| family.member(n, &[""])).collect();
        // Without the rival nobody knows that the region's log is forked; half of the seeds leave it out.
        let left_out: Vec<EntryId> =
            if seed % 2 == 0 { entries[2..4].iter().map(SignedEntry::id).collect() } else { Vec::new() };
        for _ in 0..120 {
            let place = draw(3);
            match draw(4) {
                0 | 1 => {
                    let entry = &entries[draw(entries.len())];
                    if !left_out.contains(&entry.id()) {
                        replicas[place].0.absorb(&parcel(ledger, [entry]), now()).unwrap();
                    }
                }
                2 => {
                    let notice = &notices[draw(notices.len())];
                    replicas[place].0.absorb(&notice_parcel(ledger, [notice]), now()).unwrap();
                }
                _ => {
                    let frontier = replicas[place].0.frontier();
                    let bundle = replicas[(place + 1) % 3].0.bundle(&frontier, draw(6_000)).unwrap();
                    replicas[place].0.absorb(&bundle.bytes, now()).unwrap();
                }
            }
            let (replica, store) = &mut replicas[place];
            assert_store_equals_memory(&family.charter, replica, store);
        }
        for _ in 0..4 {
            for place in 0..3 {
                let (left, right) = replicas.split_at_mut(place.max(1));
                let (a, b) = (&mut left[0].0, &mut right[if place == 0 { 1 } else { 0 }].0);
                send(a, b, 1_400);
                send(b, a, usize::MAX);
            }
        }
        let first = picture(&replicas[0].0);
        assert!(replicas.iter().all(|(replica, _)| picture(replica) == first), "seed {seed}");
    }
}
