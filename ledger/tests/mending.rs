//! Damage under a closed store: it opens, tells, mends, hands out what is own, and heals from a peer.

#![allow(clippy::unwrap_used, reason = "a fixture that fails is a failed test")]

mod common;

use common::*;
use intent_ledger::contracts::kinds::{Body as _, Enrol, Roles};
use intent_ledger::contracts::*;
use intent_ledger::{
    AppendError, Continuity as _, Damage, DiscardError, Generation, Ledger, LedgerError, RedbStore, Store,
    View as _, Write,
};
use std::collections::BTreeSet;

const TABLES: &[u8; 7] = b"mletnrd";

/// A small but complete store, its witness, and a peer that lacks the node's last own items.
struct Scene {
    family: Family,
    store: SharedStore,
    witness: Witness,
    peer: Replica,
}

fn scene() -> Scene {
    let family = family();
    let (store, witness) = (SharedStore::default(), Witness::default());
    let host = host(NODE, 5, witness.clone());
    let mut node = Ledger::create(store.clone(), &family.charter, vec![scope("mars")], host).unwrap();
    node.absorb(&family.bytes, now()).unwrap();
    for n in 0..4u8 {
        node.append(Lane::Productivity, &[note(in_days(30), &[n; 50])], now()).unwrap();
    }
    node.append(Lane::Safety, &[note(in_days(90), b"safe")], now()).unwrap();
    node.notice(&scope("mars/forge"), in_days(40), 40, vec![1], now()).unwrap();
    let short = Pen::new(family.ledger(), MARS, Lane::Productivity, 9, in_days(3), family.mars);
    absorb_each(&mut node, &short.chain(2, b"short"));
    let forked = Pen::new(family.ledger(), MARS, Lane::Productivity, 5, in_days(60), family.mars);
    let trunk = forked.chain(4, b"trunk");
    absorb_each(&mut node, trunk.iter().chain(&forked.chain_on(2, trunk[1].id(), 1, b"rival")));
    let stumped = Pen::new(family.ledger(), MARS, Lane::Productivity, 6, in_days(60), family.mars);
    let first = stumped.chain(1, b"first");
    let stump =
        stumped.entry(2, EntryId::from_bytes([9; 32]), NOW.plus(Millis(9)), &[note(in_days(50), b"x")]);
    absorb_each(&mut node, first.iter().chain([&stump]));
    let (mut peer, _) = family.member(100, &["mars"]);
    exchange(&mut node, &mut peer);
    let heard = peer.frontier();
    assert!(node.hear(&heard).unwrap().acknowledged > 0);
    for replica in [&mut node, &mut peer] {
        replica.advance_horizon(after_days(80), approved(after_days(80)), &mut |_| Ok(())).unwrap();
    }
    // From here on the peer knows nothing of what is written.
    node.append(Lane::Productivity, &[note(in_days(30), b"unheard")], now()).unwrap();
    node.append(Lane::Safety, &[note(in_days(90), b"unheard")], now()).unwrap();
    node.notice(&scope("mars/forge"), in_days(41), 40, vec![2], now()).unwrap();
    assert!(node.logs().filter(|log| log.terminal.is_some()).count() == 2);
    Scene { family, store, witness, peer }
}

/// The own entries and notices in rows that prove themselves.
fn own_items<S: Store>(store: &S, ledger: LedgerId) -> BTreeSet<[u8; 32]> {
    let (mut out, view) = (BTreeSet::new(), store.view().unwrap());
    for row in view.rows_from(b"e", &[]).unwrap() {
        let (_, value) = row.unwrap();
        if let Some(Ok(entry)) = value.get(16..).map(|bytes| SignedEntry::decode(&ledger, bytes))
            && let Ok(entry) = verify_one(&ledger, entry, &mut KeyRing::new())
            && entry.header().log.author == key(NODE).author()
        {
            out.insert(*entry.id().as_bytes());
        }
    }
    for row in view.rows_from(b"n", &[]).unwrap() {
        let (_, value) = row.unwrap();
        if let Some(Ok(notice)) = value.get(8..).map(|bytes| SignedNotice::decode(&ledger, bytes))
            && notice.notice().author == key(NODE).author()
            && verify_all(&ledger, vec![Item::Notice(notice.clone())], &mut KeyRing::new(), &[1; 32])[0]
                .is_ok()
        {
            out.insert(*notice.id().as_bytes());
        }
    }
    out
}

/// Opens the damaged store and follows it until it equals the peer.
fn assert_mends(store: SharedStore, scene: &mut Scene, what: &str) {
    let family = &scene.family;
    let before = own_items(&store, family.ledger());
    let opened = Ledger::open(store.clone(), &family.charter, host(NODE, 7, scene.witness.clone()));
    let mut node = opened.unwrap_or_else(|error| panic!("{what}: {error}"));
    let mut saved = node.opening().salvage.clone();
    let found = node.scrub().unwrap().damage;
    assert!(!found.is_empty() || !node.opening().damage.is_empty(), "{what} is told");
    let may_write: BTreeSet<LogId> = node.writing().collect();
    node.discard(&found, &mut |bundle| {
        saved.push(bundle.to_vec());
        Ok(())
    })
    .unwrap();
    assert!(node.writing().all(|log| may_write.contains(&log)));
    assert_eq!(node.scrub().unwrap().damage, [], "{what}");
    let reopened = Ledger::open(store.copy(), &family.charter, host(NODE, 8, scene.witness.copy())).unwrap();
    assert_eq!(reopened.opening().damage, [], "{what}: what was mended stays so");
    assert_eq!(picture(&reopened), picture(&node), "{what}");
    drop(reopened);
    for bundle in &saved {
        scene.peer.absorb(bundle, now()).unwrap();
    }
    exchange(&mut node, &mut scene.peer);
    assert_eq!(node.state_digest(), scene.peer.state_digest(), "{what} is healed");
    let after = own_items(&store, family.ledger());
    assert!(before.is_subset(&after), "{what}: nothing own is lost");
    let frontier = scene.peer.frontier();
    assert_eq!(node.hear(&frontier).unwrap().alarms, [], "{what} raises no alarm");
    assert_eq!(node.scrub().unwrap().damage, [], "{what}");
    // What is written goes on without a fork at the peer.
    match node.append(Lane::Productivity, &[note(in_days(30), b"on")], now()) {
        Ok(_) | Err(AppendError::LogsExhausted { .. } | AppendError::LastLog { .. }) => {}
        Err(error) => panic!("{what}: {error}"),
    }
    exchange(&mut node, &mut scene.peer);
    assert_eq!(scene.peer.logs().filter(|log| log.terminal.is_some()).count(), 2, "{what}: no new fork");
    assert_eq!(node.state_digest(), scene.peer.state_digest(), "{what}");
}

/// The three ways to damage the row at `key`; the third puts another row's value there.
fn damage(way: usize, value: &[u8], other: &[u8]) -> Option<Vec<u8>> {
    match way {
        0 => {
            let mut value = value.to_vec();
            let middle = value.len() * 2 / 3;
            value[middle] ^= 0x10;
            Some(value)
        }
        1 => None,
        2 => Some(other.to_vec()),
        _ => {
            let mut value = value.to_vec();
            value[3] ^= 0x10;
            Some(value)
        }
    }
}

#[test]
fn every_damaged_row_is_told_mended_and_healed() {
    let rows: Vec<_> = TABLES.iter().flat_map(|table| scene().store.rows(*table)).collect();
    let tables: BTreeSet<u8> = rows.iter().map(|(key, _)| key[0]).collect();
    assert_eq!(tables, TABLES.iter().copied().collect(), "every table has a row");
    for place in 0..rows.len() {
        for way in 0..4 {
            let mut scene = scene();
            let key = rows[place].0.clone();
            let value = scene.store.view().unwrap().get(&key).unwrap().unwrap();
            let other = &rows[(place + 1) % rows.len()].1;
            match damage(way, &value, other) {
                Some(value) => scene.store.put(key.clone(), value),
                None => scene.store.delete(key.clone()),
            }
            let shown = String::from_utf8_lossy(&key).escape_debug().to_string();
            assert_mends(scene.store.clone(), &mut scene, &format!("way {way}, row {shown}"));
        }
    }
}

/// One file, each row of it damaged in turn by one way of the four.
#[test]
fn damaged_rows_of_a_file_are_told_mended_and_healed() {
    let directory = tempfile::tempdir().unwrap();
    let rows: Vec<_> = TABLES.iter().flat_map(|table| scene().store.rows(*table)).collect();
    for place in 0..rows.len() {
        let mut scene = scene();
        let path = directory.path().join(format!("{place}.store"));
        let mut file = RedbStore::create(&path).unwrap();
        let all = TABLES.iter().flat_map(|table| scene.store.rows(*table));
        file.commit(all.map(|(key, value)| Write::Put(key, value)).collect()).unwrap();
        drop(file);
        let mut file = RedbStore::open(&path).unwrap();
        let (key, value) = &rows[place];
        let damaged = match damage(place % 4, value, &rows[(place + 1) % rows.len()].1) {
            Some(value) => Write::Put(key.clone(), value),
            None => Write::Delete(key.clone()),
        };
        file.commit(vec![damaged]).unwrap();
        drop(file);
        let mut node = Ledger::open(
            RedbStore::open(&path).unwrap(),
            &scene.family.charter,
            host(NODE, 7, scene.witness.clone()),
        )
        .unwrap();
        let mut saved = node.opening().salvage.clone();
        let found = node.scrub().unwrap().damage;
        assert!(!found.is_empty() || !node.opening().damage.is_empty(), "row {place} is told");
        node.discard(&found, &mut |bundle| {
            saved.push(bundle.to_vec());
            Ok(())
        })
        .unwrap();
        for bundle in &saved {
            scene.peer.absorb(bundle, now()).unwrap();
        }
        exchange(&mut node, &mut scene.peer);
        assert_eq!(node.state_digest(), scene.peer.state_digest(), "row {place}");
        assert_eq!(node.scrub().unwrap().damage, [], "row {place}");
    }
}

#[test]
fn both_rows_of_the_charter_or_the_interests_lost_is_one_typed_error() {
    for row in ["charter", "interests"] {
        for way in 0..3 {
            let scene = scene();
            for name in [row.to_owned(), format!("{row}-copy")] {
                let key = [b"m", name.as_bytes()].concat();
                let value = scene.store.view().unwrap().get(&key).unwrap().unwrap();
                match damage(way, &value, b"another row's value") {
                    Some(value) => scene.store.put(key, value),
                    None => scene.store.delete(key),
                }
            }
            let host = || host(NODE, 7, scene.witness.clone());
            let charter = &scene.family.charter;
            let lost = Some(LedgerError::FoundationLost { row });
            assert_eq!(Ledger::open(scene.store.copy(), charter, host()).err(), lost);
            let created = Ledger::create(scene.store.copy(), charter, vec![Scope::root()], host()).err();
            let found = LedgerError::Founded { found: charter.ledger_id() };
            assert_eq!(created, if row == "charter" { lost } else { Some(found) }, "nothing is overwritten");
        }
    }
}

/// `[STORE-9]`
#[test]
fn a_failed_export_discards_nothing_and_a_cascade_hands_out_what_is_own() {
    let scene = scene();
    let mut root_log = None;
    let mut node =
        Ledger::open(scene.store.clone(), &scene.family.charter, host(NODE, 7, scene.witness.clone()))
            .unwrap();
    for log in node.logs() {
        if log.key.lane == Lane::Safety && log.key.author == key(ROOT).author() {
            root_log = Some(log.id);
        }
    }
    let own = own_items(&scene.store, scene.family.ledger());
    let before = picture(&node);
    let place = [Damage::Entry { log: root_log.unwrap(), slot: 1, what: "broken".to_owned() }];
    let failed = node.discard(&place, &mut |_| Err("no room".to_owned()));
    assert_eq!(failed, Err(DiscardError::Export { what: "no room".to_owned() }));
    assert_eq!(picture(&node), before);
    let mut saved = Vec::new();
    let report = node.discard(&place, &mut |bundle| {
        saved.push(bundle.to_vec());
        Ok(())
    });
    // Two entries and the later notice: of the earlier one, and of the other entries, a peer has told.
    assert_eq!(report.unwrap().exported, 3);
    assert_eq!(node.logs().count(), 0, "all hung on the root's log");
    assert_eq!(node.writing().count(), 0);
    // The rest comes from a peer, the own items from the bundles: nothing is lost.
    let mut peer = scene.peer;
    saved.iter().for_each(|bundle| drop(peer.absorb(bundle, now()).unwrap()));
    send(&peer, &mut node, usize::MAX);
    assert_eq!(own_items(&scene.store, scene.family.ledger()), own);
    assert_eq!(picture(&node).3, before.3);
}

/// Of four logs that may live, two are lost: two more can be opened, and no fifth, also after reopening.
#[test]
fn lost_own_logs_go_on_counting() {
    let scene = scene();
    let open = |seed| {
        let host = host(NODE, seed, scene.witness.clone());
        Ledger::open(scene.store.clone(), &scene.family.charter, host).unwrap()
    };
    let mut node = open(70);
    let mine: Vec<LogId> =
        node.logs().filter(|log| log.key.author == key(NODE).author()).map(|log| log.id).collect();
    let places: Vec<Damage> =
        mine.iter().map(|log| Damage::Entry { log: *log, slot: 1, what: "broken".to_owned() }).collect();
    node.discard(&places, &mut |_| Ok(())).unwrap();
    assert!(node.logs().all(|log| !mine.contains(&log.id)));
    drop(node);
    let mut opened = 0;
    loop {
        let mut node = open(71 + opened);
        node.start_incarnation().unwrap();
        match node.append(Lane::Productivity, &[note(in_days(30), b"more")], now()) {
            Ok(written) => assert!(!mine.contains(&written.log)),
            Err(AppendError::LastLog { living, most }) => {
                assert_eq!((living, most), (NODE_LOGS - 1, NODE_LOGS));
                node.append(Lane::Safety, &[note(in_days(30), b"more")], now()).unwrap();
            }
            Err(AppendError::LogsExhausted { living, most, .. }) => {
                assert_eq!((living, most), (NODE_LOGS, NODE_LOGS));
                break;
            }
            Err(error) => panic!("{error}"),
        }
        opened += 1;
    }
    assert_eq!(opened, NODE_LOGS - mine.len() as u64, "[LOG-3]");
}

/// Seals a row as the store does.
fn seal(key: &[u8], content: &[u8]) -> Vec<u8> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(key);
    hasher.update(content);
    let mut sum = [0; 8];
    hasher.finalize_xof().fill(&mut sum);
    [&sum[..], content].concat()
}

/// Every byte of every row altered under a checksum that fits: no panic, and what is then admitted either
/// equals the truth or is told.
#[test]
fn tampered_rows_with_fitting_checksums_are_told_or_harmless() {
    let base = scene();
    let truth = Ledger::open(base.store.copy(), &base.family.charter, host(NODE, 7, base.witness.copy()));
    let truth = truth.unwrap().state_digest();
    let mut charges = 0;
    for table in *TABLES {
        for (key, value) in base.store.rows(table) {
            let step = if value.len() > 200 { 7 } else { 1 };
            for place in (8..value.len()).step_by(step) {
                let mut content = value[8..].to_vec();
                content[place - 8] ^= 0x81;
                let store = base.store.copy();
                store.put(key.clone(), seal(&key, &content));
                let witness = Witness::default();
                witness.set(base.witness.generation());
                let opened = Ledger::open(store, &base.family.charter, host(NODE, 7, witness));
                let mut node = opened.unwrap_or_else(|error| panic!("{}: {error}", char::from(table)));
                let found = node.scrub().unwrap().damage;
                let met = !node.opening().damage.is_empty();
                assert!(met || !found.is_empty() || node.state_digest() == truth);
                assert!(table != b'e' || met || !found.is_empty(), "an entry or its charge is checked");
                charges += usize::from(table == b'e' && place < 16);
                node.discard(&found, &mut |_| Ok(())).unwrap();
                assert_eq!(node.scrub().unwrap().damage, []);
                node.frontier();
            }
        }
    }
    assert!(charges > 0, "charges were altered");
}

/// A generation that is damaged proves nothing, even to a host that has no record either.
#[test]
fn a_damaged_generation_lets_go_of_all_own_logs() {
    for witnessed in [true, false] {
        let scene = scene();
        for key in [&b"mgeneration"[..], b"mgeneration-copy"] {
            scene.store.put(key.to_vec(), vec![0; 9]);
        }
        let mut witness = Witness::default();
        if witnessed {
            witness.set(scene.witness.generation());
        } else {
            witness.record(None, Generation::default()).unwrap();
        }
        let node = Ledger::open(scene.store.clone(), &scene.family.charter, host(NODE, 7, witness)).unwrap();
        assert_eq!(node.writing().count(), 0);
    }
}

/// `[STORE-7]`: what a peer may have heard and the store has lost is never written a second time.
#[test]
fn no_mended_log_is_written_on_where_a_peer_may_have_heard_more() {
    let rows: Vec<_> = b"mle".iter().flat_map(|table| scene().store.rows(*table)).collect();
    let mut went_elsewhere = 0;
    for (place, (key, value)) in rows.iter().enumerate() {
        for way in 0..4 {
            let Scene { family, store, witness, mut peer } = scene();
            // The peer hears all; its acknowledgement never comes back, and the store is damaged after.
            let open = |seed| Ledger::open(store.clone(), &family.charter, host(NODE, seed, witness.clone()));
            let node = open(6).unwrap();
            let before: BTreeSet<LogId> = node.writing().collect();
            let news = peer.frontier();
            peer.absorb(&node.bundle(&news, 1_000_000).unwrap().bytes, now()).unwrap();
            drop(node);
            let forks = peer.logs().filter(|log| log.terminal.is_some()).count();
            match damage(way, value, &rows[(place + 1) % rows.len()].1) {
                Some(value) => store.put(key.clone(), value),
                None => store.delete(key.clone()),
            }
            let mut node = open(7).unwrap();
            went_elsewhere += usize::from(!before.iter().all(|log| node.writing().any(|id| id == *log)));
            for (lane, days) in [(Lane::Productivity, 30), (Lane::Safety, 90)] {
                // A damaged enrolment lets the node write nothing before it is healed.
                let _ = node.append(lane, &[note(in_days(days), b"on")], now());
            }
            let news = peer.frontier();
            peer.absorb(&node.bundle(&news, 1_000_000).unwrap().bytes, now()).unwrap();
            // What is damaged within a log is met here, and told.
            let all = intent_ledger::Frontier::unknown(&family.ledger(), vec![Scope::root()]);
            if let Ok(all) = node.bundle(&all, 1_000_000) {
                peer.absorb(&all.bytes, now()).unwrap();
            }
            let found = peer.logs().filter(|log| log.terminal.is_some()).count();
            assert_eq!(found, forks, "way {way}, row {}: a fork of one's own", key.escape_ascii());
        }
    }
    assert!(went_elsewhere > 10, "{went_elsewhere}: damage does let go of logs");
}

/// `[STORE-7]`: what is known of the own writing is less, so more is exported; under an earlier key too.
#[test]
fn lost_marks_of_own_writing_make_the_horizon_export_more_and_nothing_less() {
    let exported = |store: SharedStore, charter: &Charter, seed: u8, recorded: Generation, told: bool| {
        let witness = Witness::default();
        witness.set(Some(recorded));
        let mut node = Ledger::open(store, charter, host(seed, 7, witness)).unwrap();
        assert_eq!(!node.opening().damage.is_empty(), told);
        assert_eq!(node.scrub().unwrap().damage, []);
        let mut bundles = Vec::new();
        let mut export = |bytes: &[u8]| {
            bundles.push(bytes.to_vec());
            Ok(())
        };
        let report = node.advance_horizon(after_days(300), approved(after_days(300)), &mut export).unwrap();
        (report.exported, bundles)
    };
    let lose_marks = |store: &SharedStore| {
        let marks = store.rows(b'm').into_iter().map(|(key, _)| key).filter(|key| key.contains(&b'/'));
        assert!(marks.map(|key| store.delete(key)).count() > 0);
    };
    let scene = scene();
    let recorded = scene.witness.generation().unwrap();
    let sound = exported(scene.store.copy(), &scene.family.charter, NODE, recorded, false);
    lose_marks(&scene.store);
    let doubtful = exported(scene.store.copy(), &scene.family.charter, NODE, recorded, true);
    // The notice that the peer has goes out again.
    assert_eq!(doubtful.0, sound.0 + 1);

    let family = family();
    let (mut mars, _) = family.member(MARS, &["mars"]);
    let roles = Roles::ACT.with(Roles::GIVE);
    let record = enrol(50, roles, "mars/forge", NODE_BUDGET, 4, in_days(400));
    let mut body = Enrol::read(&record.body).unwrap().body;
    body.next_key = Some(key(51).author().commitment());
    mars.append(Lane::Safety, &[body.record(in_days(400), Vec::new()).unwrap()], now()).unwrap();
    let (mut node, store) = replica(&family.charter, 50, &["mars/forge"]);
    send(&mars, &mut node, usize::MAX);
    node.append(Lane::Productivity, &[note(in_days(5), b"old key")], now()).unwrap();
    let recorded = node.generation();
    drop(node);
    assert_eq!(exported(store.copy(), &family.charter, 51, recorded, false).0, 1);
    lose_marks(&store);
    assert_eq!(
        exported(store, &family.charter, 51, recorded, true).0,
        1,
        "the enrolment tells whose log it is"
    );
}

/// `[STORE-8]`
#[test]
fn salvage_stays_until_it_is_released() {
    let scene = scene();
    // The enrolment's entry is gone, so all of the node's own items hang in the air.
    let entry = scene.store.rows(b'e').swap_remove(0).0;
    scene.store.delete(entry);
    let log = scene.store.rows(b'l').swap_remove(0).0;
    scene.store.delete(log);
    let open = || {
        Ledger::open(scene.store.clone(), &scene.family.charter, host(NODE, 7, scene.witness.clone()))
            .unwrap()
    };
    let first = open().opening().salvage.clone();
    assert!(!first.is_empty());
    let mut again = open();
    assert_eq!(again.opening().salvage, first, "it is handed out at each opening");
    assert_eq!(again.scrub().unwrap().damage, []);
    again.release_salvage().unwrap();
    assert_eq!(again.scrub().unwrap().damage, []);
    drop(again);
    assert!(open().opening().salvage.is_empty());
    assert!(scene.store.rows(b's').is_empty());
}
