//! Replays every kept input of the fuzz targets.
//!
//! `cargo test -p intent-testing --test corpus -- --ignored` writes the seeds anew; inputs that a target
//! has found stand beside them under a name that tells what they found.

use intent_ledger::contracts::kinds::{Advert, Body as _, Enrol, Lineage, Roles};
use intent_ledger::contracts::{
    Authored, Charter, CharterParameters, CharterRoot, Clock, Digest, Header, Label, Lane, LogKey, Millis,
    Notice, NoticeHeader, Record, RecordId, Scope, SecretKey, SignedEntry, SignedNotice, Signer as _, Tai,
    cbor,
};
use intent_ledger::merge_rules::Standing;
use intent_ledger::{Host, Ledger, MemoryStore, NoContinuity};
use intent_testing::fuzz::TARGETS;
use intent_testing::model::Model;
use intent_testing::oracle::histories::History;
use intent_testing::oracle::{Facts, judge};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

fn corpus(target: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/corpus")).join(target)
}

#[test]
fn every_kept_input_keeps_every_promise() {
    for (target, body) in TARGETS {
        let mut files: Vec<PathBuf> = fs::read_dir(corpus(target))
            .expect("the corpus is part of the repository")
            .map(|file| file.expect("a readable directory").path())
            .collect();
        files.sort();
        assert!(!files.is_empty(), "{target} has seeds");
        for file in files {
            println!("{}", file.display());
            body(&fs::read(&file).expect("a readable file"));
        }
    }
}

/// A seed that means little is no seed: what the histories of the oracle's seeds make.
#[test]
fn the_seeds_of_the_oracle_reach_every_standing() {
    let (mut standings, mut judged_in_all) = (BTreeMap::<Standing, usize>::new(), 0);
    for file in fs::read_dir(corpus("view_oracle")).expect("the corpus is part of the repository") {
        let bytes = fs::read(file.expect("a readable directory").path()).expect("a readable file");
        let history = History::chosen(bytes.get(1..).unwrap_or_default(), 24);
        let interests = [Scope::root()];
        let model = Model::new(&history.charter, &interests).with(&history.items);
        let judged = judge(&Facts::of(&model, &interests));
        let leases = judged.leases.values().map(|lease| lease.standing);
        for standing in leases.chain(judged.parts.values().copied()) {
            *standings.entry(standing).or_default() += 1;
            judged_in_all += 1;
        }
    }
    println!("{standings:?}");
    assert!(standings.len() == 10 && judged_in_all > 200, "{judged_in_all}: {standings:?}");
}

#[test]
#[ignore = "writes the seeds into the work tree"]
fn write_seeds() {
    for (target, _) in TARGETS {
        let directory = corpus(target);
        fs::create_dir_all(&directory).expect("a writable work tree");
        for (number, bytes) in seeds(target).into_iter().enumerate() {
            fs::write(directory.join(format!("seed-{number:02}")), bytes).expect("a writable work tree");
        }
    }
}

fn seeds(target: &str) -> Vec<Vec<u8>> {
    match target {
        "decode" | "walk" => true_encodings(),
        "frontier" => {
            (0..24).map(|seed| with_mode(64 + 8 * seed, drawn(seed, 4 * usize::from(seed % 9)))).collect()
        }
        "view_oracle" => (0..24).map(|seed| drawn(seed, 60 + 20 * usize::from(seed))).collect(),
        // Scripts, and choices with edits: any bytes mean something, so drawn ones are good seeds.
        "merge_convergence" => (0..36).map(|seed| drawn(seed, 30 + 6 * usize::from(seed))).collect(),
        "absorb_bundle" => {
            (0..12).map(|seed| with_mode(64, drawn(seed, 24 + 4 * usize::from(seed)))).collect()
        }
        _ => [32, 128, 192]
            .into_iter()
            .flat_map(|mode| (1..=8).map(move |edits| with_mode(mode, drawn(edits, 4 * usize::from(edits)))))
            .chain([vec![0], with_mode(0, b"redb\x1a\x0a\xa9\x0d\x0a".to_vec())])
            .collect(),
    }
}

fn drawn(seed: u8, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    ChaCha8Rng::seed_from_u64(seed.into()).fill_bytes(&mut bytes);
    bytes
}

fn with_mode(mode: u8, mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.insert(0, mode);
    bytes
}

/// One true encoding of most things that a decoder reads.
fn true_encodings() -> Vec<Vec<u8>> {
    let (key, until) = (SecretKey::from_seed([1; 32]), Tai(1_900_000_000_000));
    let roots = vec![CharterRoot::new(key.author(), 1 << 30, 16)];
    let charter = Charter::new("fuzz", roots, 1, until, CharterParameters::default(), [7; 32])
        .expect("a sound charter");
    let ledger = charter.ledger_id();
    let label = |text: &str| Label::try_from(text.to_owned()).expect("a plain label");
    let enrol = Enrol {
        next_key: Some(key.author().commitment()),
        anchor: Some(RecordId::root(&ledger, 0)),
        ..Enrol::new(
            key.author(),
            Roles::ALL,
            Scope::parse("mars/forge").expect("plain labels"),
            1 << 20,
            4,
            Lineage { build: label("a"), hardware: label("b") },
        )
    };
    let record = enrol.record(until, Vec::new()).expect("no answers");
    let records = Record::encode_all(&[record.clone(), Record::new(99, until, vec![0x80])]).expect("two");
    let enrolment = RecordId::root(&ledger, 0);
    let (author, lane) = (key.author(), Lane::Safety);
    let log = LogKey { author, lane, incarnation: 1, end: until, enrolment };
    let authored = Authored { at: Tai(1), error: Millis(1) };
    let header = Header::new(log, 1, enrolment.entry, authored, Digest::of(&records));
    let entry = SignedEntry::sign(&ledger, &header, &records, &key).expect("it is well formed");
    let frame = NoticeHeader { author, enrolment, scope: Scope::root(), until, authored };
    let notice = SignedNotice::sign(&ledger, &Notice::new(frame, 1, vec![0x80]), &key).expect("well formed");
    let host = Host {
        signer: Box::new(SecretKey::from_seed([1; 32])),
        continuity: Box::new(NoContinuity),
        entropy: Box::new(ChaCha8Rng::from_seed([9; 32])),
    };
    let mut replica = Ledger::create(MemoryStore::new(), &charter, vec![Scope::root()], host).expect("empty");
    let now = Clock::new(Tai(1_800_000_000_000), Millis(50));
    replica.append(lane, std::slice::from_ref(&record), now).expect("the root may write");
    let capability = Advert::KIND;
    vec![
        charter.bytes().to_vec(),
        entry.bytes().to_vec(),
        header.encode(),
        header.clone().with_future(2, vec![0x00, 0x81, 0x00]).encode(),
        records,
        record.body,
        notice.bytes().to_vec(),
        replica.frontier().encode(),
        cbor::encode(&log),
        cbor::encode(&enrolment),
        vec![0xa2, 0x01, 0x27, 0x61, 0x61, 0xf6],
        Record::encode_all(&[Record::new(capability, Tai(1), Vec::new()).with_tail(vec![0x01])])
            .expect("one"),
    ]
}
