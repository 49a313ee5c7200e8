//! Every single-bit flip of a bundle with one item, for an item of each kind: nothing gets in, and the true
//! bundle still does `[KEY-4]`, `[SYNC-8]`.

#![allow(clippy::unwrap_used, reason = "a fixture that fails is a failed test")]

mod common;

use common::*;
use intent_ledger::contracts::kinds::{
    Act, Advert, Body as _, Claim, Commitment, Cut, Embedded, Give, GivingBack, Mode, Over, POST, RELEASE,
    RETURN, Receiver, Reclaim, Resource, Roles, Rotation, Side, notice,
};
use intent_ledger::contracts::*;
use std::collections::BTreeSet;

const LOG: LogId = LogId::from_bytes([5; 32]);
const RECORD: RecordId = RecordId { entry: EntryId::from_bytes([6; 32]), index: 2 };

fn cited() -> Citation {
    Citation { log: LOG, seq: 300, record: RECORD, until: in_days(30) }
}

fn cuts() -> Vec<Cut> {
    vec![Cut { log: LOG, seq: 7, id: EntryId::from_bytes([8; 32]) }]
}

fn label(text: &str) -> Label {
    Label::try_from(text.to_owned()).unwrap()
}

/// An exclusive part with a box, and one of a pool with a right.
fn parts() -> Vec<Footprint> {
    let window = Window::new(in_days(1), in_days(2)).unwrap();
    let cells =
        IntBox::try_from(vec![BoxSpan::new(-5, 5).unwrap(), BoxSpan::new(0, 70_000).unwrap()]).unwrap();
    let part = |measure, amount| Footprint::open(ResourceId::from_bytes([9; 32]), measure, window, amount);
    let boxed = part(Measure::Exclusive, 1).within(vec![cells]).unwrap();
    vec![boxed, part(Measure::Pool, 1_000).from_right(cited())]
}

/// One record of each kind of version 1, one with a future field, and one of a kind that nobody knows.
fn records(family: &Family) -> Vec<(&'static str, Record)> {
    let until = in_days(30);
    let released = family.node_pen(77).chain(1, b"released").remove(0);
    let verified = verify_one(&family.ledger(), released, &mut KeyRing::new()).unwrap();
    let proof = Some(Embedded::of(&verified, 0));
    let back = GivingBack { gives: vec![cited()], alternatives: vec![0], unused: vec![500] };
    let capability = Advert {
        side: Side::Offers,
        name: ResourcePath::parse("weld/arc").unwrap(),
        versions: Some((1, 3)),
        properties: vec![(label("reach-mm"), -1_800)],
        constraints: Vec::new(),
    };
    let claim = Claim {
        class: 3,
        least: Millis::SECOND,
        ideal: Millis::HOUR,
        attestations: vec![cited()],
        over: vec![Over { claim: cited(), release: proof.clone(), revocation: None }],
        ..Claim::new(vec![vec![0], vec![0, 1]])
    };
    let commitment = Commitment {
        answers: vec![cited()],
        due: Some(until),
        text: "twelve brackets – süß".to_owned(),
        ..Commitment::new(Act::Offer, LogId::from_bytes([9; 32]), until)
    };
    let resource = Resource {
        scope: scope("mars/forge"),
        path: ResourcePath::parse("dock/3").unwrap(),
        measure: Measure::Exclusive,
        unit: label("1"),
        scale: (1, 1_000),
        frame: label("local-mm"),
        stopping_time: Millis(1_500),
        strictest_mode: Mode::Degraded,
    };
    let give = Give { to: Receiver::Claim { claim: cited(), alternative: 1 }, parts: vec![0, 1] };
    let of = |kind| back.record_of(kind, until, Vec::new()).unwrap();
    vec![
        ("enrol", enrol(9, Roles::ACT, "mars/forge", 100, 1, until)),
        ("resource", resource.record(until, Vec::new()).unwrap()),
        ("give", give.record(until, parts()).unwrap()),
        ("claim", claim.record(until, parts()).unwrap()),
        ("release", of(RELEASE)),
        ("post", of(POST)),
        ("return", of(RETURN)),
        ("reclaim", Reclaim { give: cited(), proof }.record(until, Vec::new()).unwrap()),
        ("capability", capability.record(until, Vec::new()).unwrap()),
        ("commitment", commitment.record(until, Vec::new()).unwrap()),
        ("rotation", Rotation { cuts: cuts() }.record(until, Vec::new()).unwrap()),
        ("newer field", capability.record(until, Vec::new()).unwrap().with_tail(vec![0x07])),
        ("unknown", note(until, b"a kind of later")),
    ]
}

fn notices(family: &Family) -> Vec<(&'static str, SignedNotice)> {
    let revocation = notice::Revocation { key: key(9).author(), cuts: cuts() };
    let endorsement = notice::Endorsement { record: cited() };
    let bodies = [
        ("revocation", notice::Revocation::KIND, notice::encode(&revocation).unwrap()),
        ("endorsement", notice::Endorsement::KIND, notice::encode(&endorsement).unwrap()),
        ("unknown notice", 77, vec![1, 2, 3]),
    ];
    let signed = |(name, kind, body): (&'static str, u64, Vec<u8>)| {
        let (author, authored) = (key(NODE).author(), Authored { at: NOW, error: Millis(50) });
        let (enrolment, until) = (family.node, in_days(30));
        let frame = NoticeHeader { author, enrolment, scope: scope("mars/forge"), until, authored };
        let notice = Notice::new(frame, kind, body);
        (name, SignedNotice::sign(&family.ledger(), &notice, &key(NODE)).unwrap())
    };
    bodies.into_iter().map(signed).collect()
}

/// A bundle for each kind of item.
fn bundles(family: &Family) -> Vec<(&'static str, Vec<u8>)> {
    let mut out = Vec::new();
    let mut kinds = BTreeSet::new();
    for (name, record) in records(family) {
        kinds.insert(record.kind);
        let entry = family.node_pen(1).entry(1, family.node.entry, NOW, &[record]);
        out.push((name, parcel(family.ledger(), [&entry])));
    }
    assert!((1..=11).all(|kind| kinds.contains(&kind)), "a record of each kind [KIND-1]");
    out.extend(
        notices(family).iter().map(|(name, notice)| (*name, notice_parcel(family.ledger(), [notice]))),
    );
    // A log that is forked in its first slot is told by the proof alone, single headers or chains of them.
    for (name, lengths) in [("fork proof", [1, 1]), ("fork proof of chains", [3, 2])] {
        let (mut source, _) = family.member(100, &[""]);
        let pen = family.node_pen(2);
        for (length, text) in lengths.into_iter().zip([b"one", b"two"]) {
            let branch = pen.chain(length, text);
            // Above the fork nothing is kept, so the upper entries come first, and wait.
            absorb_each(&mut source, branch.iter().rev());
        }
        let (mut peer, _) = family.member(101, &[""]);
        let bundle = source.bundle(&peer.frontier(), usize::MAX).unwrap();
        assert_eq!(bundle.items, 1, "the proof alone");
        out.push((name, bundle.bytes));
    }
    out
}

#[test]
fn no_flipped_bit_of_a_bundle_of_any_kind_lets_anything_in() {
    let family = family();
    let mut flips = 0_u64;
    for (name, bytes) in bundles(&family) {
        let (mut peer, store) = family.member(101, &[""]);
        let before = picture(&peer);
        for place in 0..bytes.len() {
            for bit in 0..8 {
                let mut flipped = bytes.clone();
                flipped[place] ^= 1 << bit;
                let report = peer.absorb(&flipped, now()).unwrap();
                assert!(
                    report.stopped.is_some() || report.refused_total() > 0,
                    "{name}: bit {bit} of byte {place} is not told"
                );
                assert_eq!(picture(&peer), before, "{name}: bit {bit} of byte {place}");
                assert_eq!(peer.waiting(), (0, 0), "{name}: bit {bit} of byte {place}");
                flips += 1;
            }
        }
        let report = peer.absorb(&bytes, now()).unwrap();
        assert_eq!((report.stopped, report.refused_total()), (None, 0), "{name}");
        assert_ne!(picture(&peer), before, "{name}: the true bundle brings something");
        assert_store_equals_memory(&family.charter, &mut peer, &store);
    }
    println!("{flips} flips");
}
