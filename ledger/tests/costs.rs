//! What the bytes of peers make a replica compute, against what as many ordinary bytes do: at most ten times as much
//! `[BOUND-3]`.
//!
//! - Time is that of this thread on a processor, so that a busy machine changes little; ordinary bytes are measured
//!   in the same run.
//! - One test alone stands in this file: what runs beside it would take its caches.

#![allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]
#![allow(clippy::print_stdout, reason = "it tells what was measured")]

mod common;

use common::{
    NOW, Pen, ROOT, Replica, SharedStore, UNTIL, Witness, at, charter_with, enrol, host, in_days, key, note,
    now, parcel, replica, root_enrolment, scope, send,
};
use intent_ledger::contracts::kinds::{
    Body as _, Claim, Embedded, Give, GivingBack, Mode, RETURN, Receiver, Reclaim, Resource, Roles,
};
use intent_ledger::contracts::*;
use intent_ledger::merge_rules::MayAct;
use intent_ledger::{Absorbing, Ledger, Viewpoint, Wish};

const PLACE: &str = "mars/forge";
const HOLDER: u8 = 3;
const HOSTILE: u8 = 9;
/// The ratio that nothing may exceed.
const MOST: f64 = 10.0;
/// Bytes of most attacks.
const BYTES: usize = 1 << 20;

/// Nanoseconds that this thread has run; none where the system does not tell.
fn ran() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok()
}

/// How long something runs, in nanoseconds.
fn timed<T>(run: impl FnOnce() -> T) -> (f64, T) {
    let before = ran().unwrap();
    let out = run();
    #[expect(clippy::cast_precision_loss, reason = "some seconds")]
    let took = (ran().unwrap() - before) as f64;
    (took, out)
}

fn resource(path: &str, measure: Measure) -> Resource {
    let label = |text: &str| Label::try_from(text.to_owned()).unwrap();
    Resource {
        scope: scope(PLACE),
        path: ResourcePath::parse(path).unwrap(),
        measure,
        unit: label("1"),
        scale: (1, 1),
        frame: label("cell"),
        stopping_time: Millis(500),
        strictest_mode: Mode::Degraded,
    }
}

const RESOURCES: [(&str, Measure); 4] = [
    ("pad", Measure::Exclusive),
    ("steel", Measure::Pool),
    ("power", Measure::Rate),
    ("track", Measure::Exclusive),
];

/// A part of the resource with this place in [`RESOURCES`], in minutes from now.
fn part(which: usize, start: u64, end: u64, amount: u64) -> Footprint {
    let (path, measure) = RESOURCES[which];
    let minute = |count: u64| NOW.plus(Millis(60_000 * count));
    let window = Window::new(minute(start), minute(end)).unwrap();
    Footprint::open(resource(path, measure).id(), measure, window, amount)
}

/// A root that holds all, a node that looks on, and an enrolled author who means ill.
struct Yard {
    charter: Charter,
    root: Replica,
    node: Replica,
    store: SharedStore,
    witness: Witness,
    hostile: RecordId,
}

impl Yard {
    fn new() -> Self {
        let parameters = CharterParameters { longest_lease: Millis::DAY, ..CharterParameters::default() };
        let whole = |which: usize| {
            let amount = if RESOURCES[which].1 == Measure::Exclusive { 1 } else { 1 << 40 };
            let (footprint, end) = (part(which, 0, 600, amount), UNTIL);
            let (incarnation, every) = (5, Millis(600 * 60_000));
            CharterGive {
                footprint,
                root: 0,
                lane: Lane::Productivity,
                incarnation,
                end,
                every,
                repeats: 0,
                last_assignable: None,
            }
        };
        let charter = charter_with(parameters).with_gives((0..3).map(whole).collect()).unwrap();
        let (mut root, _) = replica(&charter, ROOT, &[""]);
        let roles = Roles::ACT.with(Roles::GIVE).with_class(3);
        let enrols = [HOLDER, HOSTILE].map(|seed| enrol(seed, roles, PLACE, 1 << 26, 64, UNTIL));
        let written = root.append(Lane::Safety, &enrols, now()).unwrap();
        let declared =
            RESOURCES.map(|(path, measure)| resource(path, measure).record(UNTIL, vec![]).unwrap());
        root.append(Lane::Productivity, &declared, now()).unwrap();
        let (store, witness) = (SharedStore::default(), Witness::default());
        let host = host(HOLDER, 3, witness.clone());
        let mut node = Ledger::create(store.clone(), &charter, vec![scope("")], host).unwrap();
        send(&root, &mut node, usize::MAX);
        node.view(Viewpoint::Own).unwrap();
        let hostile = RecordId { entry: written.id, index: 1 };
        Self { charter, root, node, store, witness, hostile }
    }

    fn pen(&self, incarnation: u64) -> Pen {
        Pen::new(self.charter.ledger_id(), HOSTILE, Lane::Productivity, incarnation, UNTIL, self.hostile)
    }

    /// A right that the root gives to a log of the hostile author.
    fn right(&mut self, pen: &Pen, which: usize, amount: u64) -> Citation {
        let amount = if RESOURCES[which].1 == Measure::Exclusive { 1 } else { amount };
        let whole = self.root.drawn(&part(which, 0, 600, amount)).unwrap();
        let given = self.root.give_right(pen.id(), &[whole], intent_ledger::Manner::Civil, now()).unwrap();
        send(&self.root, &mut self.node, usize::MAX);
        given.citation
    }

    /// How long the node takes to absorb these entries, and their bytes.
    fn absorb(&mut self, entries: &[SignedEntry]) -> Cost {
        let mut cost = Cost::default();
        for chunk in entries.chunks(200) {
            let bytes = parcel(self.charter.ledger_id(), chunk);
            let (took, report) = timed(|| self.node.absorb(&bytes, now()).unwrap());
            assert_eq!(report.stopped, None);
            cost = cost.and(took, bytes.len());
        }
        cost
    }
}

/// Nanoseconds, and the bytes that caused them.
#[derive(Debug, Default, Clone, Copy)]
struct Cost {
    took: f64,
    bytes: usize,
}

impl Cost {
    fn and(self, took: f64, bytes: usize) -> Self {
        Self { took: self.took + took, bytes: self.bytes + bytes }
    }

    #[expect(clippy::cast_precision_loss, reason = "some millions")]
    fn per_byte(self) -> f64 {
        self.took / self.bytes as f64
    }
}

/// Entries of a log of as many of these records as fit, at most `each`.
fn pack(pen: &Pen, on: Option<&SignedEntry>, records: &[Record], each: usize) -> Vec<SignedEntry> {
    let (mut seq, mut prev) =
        on.map_or((0, pen.log.enrolment.entry), |entry| (entry.header().seq, entry.id()));
    let (mut out, mut rest) = (Vec::new(), records);
    while !rest.is_empty() {
        let mut count = each.min(rest.len());
        while Record::encode_all(&rest[..count]).is_err() {
            count -= 1;
        }
        seq += 1;
        let entry = pen.entry(seq, prev, NOW, &rest[..count]);
        prev = entry.id();
        out.push(entry);
        rest = &rest[count..];
    }
    out
}

/// Records until there are about so many bytes.
fn fill(bytes: usize, mut record: impl FnMut(i64) -> Record) -> Vec<Record> {
    let (mut out, mut size) = (Vec::new(), 0);
    while size < bytes {
        let next = record(i64::try_from(out.len()).unwrap());
        size += Record::encode_all(std::slice::from_ref(&next)).unwrap().len();
        out.push(next);
    }
    out
}

fn claim_of(parts: Vec<Footprint>, until: Tai) -> Record {
    let body = Claim {
        alternatives: vec![vec![0]],
        class: 0,
        least: Millis(1),
        ideal: Millis(1),
        rule_set: 1,
        attestations: vec![],
        over: vec![],
        capability_modes: vec![],
    };
    body.record(until, parts).unwrap()
}

fn boxes(cell: i64, count: i64, dimensions: usize) -> Vec<IntBox> {
    let one = |cell: i64| vec![BoxSpan::new(cell, cell + 1).unwrap(); dimensions];
    (0..count).map(|number| IntBox::try_from(one(cell * count + number)).unwrap()).collect()
}

/// Ordinary entries of one short record each.
fn ordinary() -> Cost {
    let mut yard = Yard::new();
    let records: Vec<Record> = (0..2_500).map(|_| note(in_days(30), &[7; 100])).collect();
    let entries = pack(&yard.pen(1), None, &records, 1);
    yard.absorb(&entries)
}

/// Draws on one right, eight to a record.
fn drawn(
    yard: &mut Yard,
    which: usize,
    each: usize,
    shape: impl Fn(i64) -> Vec<IntBox>,
) -> (Pen, Vec<SignedEntry>) {
    let pen = yard.pen(1);
    let right = yard.right(&pen, which, 1 << 30);
    let records = fill(BYTES, |number| {
        let one = |at: i64| part(which, 10, 500, 1).within(shape(8 * number + at)).unwrap().from_right(right);
        claim_of((0..8).map(one).collect(), right.until)
    });
    let entries = pack(&pen, None, &records, each);
    (pen, entries)
}

fn parts_of_a_rate() -> Cost {
    let mut yard = Yard::new();
    let (_, entries) = drawn(&mut yard, 2, 64, |_| vec![]);
    yard.absorb(&entries)
}

fn parts_of_a_pool() -> Cost {
    let mut yard = Yard::new();
    let (_, entries) = drawn(&mut yard, 1, 64, |_| vec![]);
    yard.absorb(&entries)
}

fn cells_beside_each_other() -> Cost {
    let mut yard = Yard::new();
    let (_, entries) = drawn(&mut yard, 0, 64, |cell| boxes(cell, 1, 1));
    yard.absorb(&entries)
}

fn boxes_of_four_dimensions() -> Cost {
    let mut yard = Yard::new();
    let (_, entries) = drawn(&mut yard, 0, 64, |cell| boxes(cell, 8, 4));
    yard.absorb(&entries)
}

/// The first view of a store that holds them.
fn parts_read_again_after_a_restart() -> Cost {
    let mut yard = Yard::new();
    let (_, entries) = drawn(&mut yard, 2, 64, |_| vec![]);
    let bytes = yard.absorb(&entries).bytes;
    let host = host(HOLDER, 9, yard.witness.clone());
    let mut again = Ledger::open(yard.store.copy(), &yard.charter, host).unwrap();
    let (took, _) = timed(|| again.view(Viewpoint::Own).unwrap());
    Cost { took, bytes }
}

/// A log of many draws is forked in one slot after the other, from the top downwards.
fn forks_from_the_top_downwards() -> Cost {
    let mut yard = Yard::new();
    let (pen, entries) = drawn(&mut yard, 2, 1, |_| vec![]);
    yard.absorb(&entries);
    let rival = |entry: &SignedEntry| {
        let header = entry.header();
        pen.entry(header.seq, header.prev, NOW, &[note(in_days(30), b"x")])
    };
    let rivals: Vec<SignedEntry> = entries.iter().rev().map(rival).collect();
    let cost = yard.absorb(&rivals);
    // What goes, goes once: it counts as if it came again.
    let gone: usize = entries.iter().map(|entry| entry.bytes().len()).sum();
    Cost { bytes: cost.bytes + gone, ..cost }
}

/// Reclaims that carry evidence along; `keys`: each signed by another key.
fn evidence(yard: &Yard, keys: bool) -> Vec<SignedEntry> {
    let ledger = yard.charter.ledger_id();
    let pen = yard.pen(1);
    let record = RecordId { entry: EntryId::from_bytes([3; 32]), index: 0 };
    let give = Citation { log: pen.id(), seq: 1, record, until: in_days(30) };
    let mut ring = KeyRing::new();
    let mut proof = |number: i64| {
        let mut seed = [77; 32];
        seed[..8].copy_from_slice(&if keys { number.to_be_bytes() } else { [0; 8] });
        let secret = SecretKey::from_seed(seed);
        let mut other =
            Pen::new(ledger, 60, Lane::Productivity, 3, in_days(30), root_enrolment(&yard.charter));
        other.log.author = secret.author();
        other.secret = secret;
        let entry = other.entry(1, other.log.enrolment.entry, NOW, &[note(in_days(30), b"")]);
        Embedded::of(&verify_one(&ledger, entry, &mut ring).unwrap(), 0)
    };
    let records = fill(BYTES / 2, |number| {
        Reclaim { give, proof: Some(proof(number)) }.record(in_days(30), vec![]).unwrap()
    });
    pack(&pen, None, &records, 64)
}

fn evidence_of_one_key() -> Cost {
    let mut yard = Yard::new();
    let entries = evidence(&yard, false);
    yard.absorb(&entries)
}

fn evidence_of_many_keys() -> Cost {
    let mut yard = Yard::new();
    let entries = evidence(&yard, true);
    yard.absorb(&entries)
}

/// How long an answer waits at most while such a bundle is absorbed in steps `[BOUND-4]`.
fn the_longest_step() -> Cost {
    const STEP: usize = 32 * 1024;
    let mut yard = Yard::new();
    let entries = evidence(&yard, true);
    let bytes = parcel(yard.charter.ledger_id(), &entries);
    let mut absorbing = Absorbing::of(&bytes);
    let mut longest = 0.0_f64;
    while !absorbing.is_done() {
        let (took, ()) = timed(|| yard.node.absorb_some(&mut absorbing, STEP, now()).unwrap());
        longest = longest.max(took);
    }
    Cost { took: longest, bytes: STEP }
}

/// Entries of authors whom nobody has enrolled, each by another key; all wait.
fn strangers() -> Cost {
    let mut yard = Yard::new();
    let unknown = RecordId { entry: EntryId::from_bytes([9; 32]), index: 0 };
    let one = |number: u8| {
        let pen = Pen::new(yard.charter.ledger_id(), number, Lane::Productivity, 1, in_days(30), unknown);
        pen.entry(2, EntryId::from_bytes([8; 32]), NOW, &[note(in_days(30), &[7; 100])])
    };
    let entries: Vec<SignedEntry> = (20..250).map(one).collect();
    yard.absorb(&entries)
}

/// One answer to the holder of a lease to which somebody else gives, out of many logs, without being asked.
fn gives_to_a_strangers_claim() -> Cost {
    let mut yard = Yard::new();
    let claim = yard.node.claim(&Wish::of(part(2, 10, 60, 1)), now()).unwrap();
    send(&yard.node, &mut yard.root, usize::MAX);
    yard.root.give(&claim.record(), 0, intent_ledger::Manner::Civil, now()).unwrap();
    send(&yard.root, &mut yard.node, usize::MAX);
    let mut bytes = 0;
    for incarnation in 0..16 {
        let pen = yard.pen(100 + incarnation);
        let right = yard.right(&pen, 2, 1 << 20);
        let to = Receiver::Claim { claim: claim.citation, alternative: 0 };
        let give = || {
            let parts = (0..8).map(|_| part(2, 10, 60, 1).from_right(right)).collect();
            Give { to: to.clone(), parts: vec![0; 8] }.record(claim.citation.until, parts).unwrap()
        };
        let records: Vec<Record> = (0..64).map(|_| give()).collect();
        bytes += yard.absorb(&pack(&pen, None, &records, 64)).bytes;
    }
    let clock = at(NOW.plus(Millis(20 * 60_000)));
    let (took, answer) = timed(|| yard.node.may_act(&claim.record(), 0, clock, Millis(0)).unwrap());
    assert!(matches!(answer, MayAct::Go { .. }), "{answer:?}");
    Cost { took, bytes }
}

/// What an operator looks at when one author claims one open place many times over; `apart`: in other cells each, so
/// that nobody is in the way of anybody.
fn exceptions_among(apart: bool) -> Cost {
    let mut yard = Yard::new();
    let until = in_days(5);
    let records: Vec<Record> = (0..4_000)
        .map(|cell| {
            let cells = if apart { boxes(cell, 1, 1) } else { vec![] };
            claim_of(vec![part(3, 0, 500, 1).within(cells).unwrap()], until)
        })
        .collect();
    let bytes = yard.absorb(&pack(&yard.pen(1), None, &records, 64)).bytes;
    let view = yard.node.view(Viewpoint::Own).unwrap();
    let (took, told) = timed(|| view.exceptions().len());
    assert_eq!(told, if apart { 0 } else { 3_999 });
    Cost { took, bytes }
}

fn exceptions_among_rivals() -> Cost {
    exceptions_among(false)
}

fn exceptions_among_neighbours() -> Cost {
    exceptions_among(true)
}

/// The citations of the records of some entries.
fn cited(log: LogId, entries: &[SignedEntry], until: Tai) -> Vec<Citation> {
    let of = |entry: &SignedEntry| {
        let (entry, seq) = (entry.id(), entry.header().seq);
        move |index: u8| Citation { log, seq, record: RecordId { entry, index }, until }
    };
    let count = |entry: &SignedEntry| u8::try_from(entry.records().len()).unwrap();
    entries.iter().flat_map(|entry| (0..count(entry)).map(of(entry))).collect()
}

/// Of a pool all is given, unit by unit, to a log that gives each on to a third one. All comes back by returns that
/// rest on returns, and then as many answers to one claim as a log may give rest on all of them.
fn returns_that_rest_on_returns() -> Cost {
    const UNITS: u64 = 512;
    let mut yard = Yard::new();
    let wish = Wish { until: Some(UNTIL), ..Wish::of(part(1, 10, 60, 1)) };
    let claim = yard.node.claim(&wish, now()).unwrap();
    let pens = [10, 11, 12].map(|incarnation| yard.pen(incarnation));
    let top = yard.right(&pens[0], 1, UNITS);
    let until = top.until;
    let mut chains = [const { Vec::new() }; 3];
    let mut rights = vec![top];
    for (level, pen) in pens.iter().enumerate().take(2) {
        let give = |number: usize| {
            let unit = part(1, 10, 500, 1).from_right(rights[number % rights.len()]);
            Give { to: Receiver::Log(pens[level + 1].id()), parts: vec![] }.record(until, vec![unit]).unwrap()
        };
        let gives: Vec<Record> = (0..512).map(give).collect();
        chains[level] = pack(pen, None, &gives, 64);
        rights = cited(pen.id(), &chains[level], until);
    }
    // From below each log returns what it had, and the one above takes it back on that evidence.
    let mut ring = KeyRing::new();
    for level in [2, 1] {
        let gives = cited(pens[level - 1].id(), &chains[level - 1][..], until);
        let gives = &gives[..512];
        let back = |give: &Citation| {
            let back = GivingBack { gives: vec![*give], alternatives: vec![], unused: vec![1] };
            back.record_of(RETURN, until, vec![]).unwrap()
        };
        let returns: Vec<Record> = gives.iter().map(back).collect();
        let returned = pack(&pens[level], chains[level].last(), &returns, 1);
        let mut shown = |entry: &SignedEntry| {
            Embedded::of(&verify_one(&yard.charter.ledger_id(), entry.clone(), &mut ring).unwrap(), 0)
        };
        let reclaim = |(give, entry): (&Citation, &SignedEntry)| {
            Reclaim { give: *give, proof: Some(shown(entry)) }.record(until, vec![]).unwrap()
        };
        let reclaims: Vec<Record> = gives.iter().zip(&returned).map(reclaim).collect();
        chains[level].extend(returned);
        let more = pack(&pens[level - 1], chains[level - 1].last(), &reclaims, 64);
        chains[level - 1].extend(more);
    }
    let answer = || {
        let parts = (0..8).map(|_| part(1, 10, 60, 1).from_right(top)).collect();
        let to = Receiver::Claim { claim: claim.citation, alternative: 0 };
        Give { to, parts: vec![0; 8] }.record(until, parts).unwrap()
    };
    let answers: Vec<Record> = (0..64).map(|_| answer()).collect();
    let last = pack(&pens[0], chains[0].last(), &answers, 64);
    chains[0].extend(last);
    let bytes = chains.iter().map(|entries| yard.absorb(entries).bytes).sum();
    let clock = at(NOW.plus(Millis(20 * 60_000)));
    let (took, answer) = timed(|| yard.node.may_act(&claim.record(), 0, clock, Millis(0)).unwrap());
    assert!(matches!(answer, MayAct::Go { .. }), "{answer:?}");
    Cost { took, bytes }
}

/// What is measured, and how.
type Row = (&'static str, fn() -> Cost);

/// `[BOUND-3]`: each row of the table.
#[test]
fn nothing_that_peers_send_costs_ten_times_what_ordinary_bytes_do() {
    if ran().is_none() {
        println!("skipped: this system does not tell how long a thread has run");
        return;
    }
    assert_eq!(key(HOSTILE).author(), Yard::new().pen(1).log.author);
    let rows: [Row; 14] = [
        ("parts of a rate", parts_of_a_rate),
        ("parts of a pool", parts_of_a_pool),
        ("cells beside each other", cells_beside_each_other),
        ("boxes of four dimensions", boxes_of_four_dimensions),
        ("parts read again after a restart", parts_read_again_after_a_restart),
        ("forks from the top downwards", forks_from_the_top_downwards),
        ("evidence of one key", evidence_of_one_key),
        ("evidence of many keys", evidence_of_many_keys),
        ("the longest step among such evidence", the_longest_step),
        ("strangers, each by a key of its own", strangers),
        ("one answer amid gives to a stranger's claim", gives_to_a_strangers_claim),
        ("exceptions among rivals", exceptions_among_rivals),
        ("exceptions among neighbours", exceptions_among_neighbours),
        ("one answer on returns that rest on returns", returns_that_rest_on_returns),
    ];
    // Memory that is touched for the first time is dear, and is not what is measured.
    ordinary();
    let usual = [(); 3].map(|()| ordinary().per_byte()).into_iter().fold(0.0, f64::max);
    println!("{usual:6.1} ns a byte: ordinary entries");
    let mut over = Vec::new();
    for (name, row) in rows {
        let cost = row();
        let mut found = cost.per_byte();
        if found > MOST * usual {
            // Once may be chance.
            found = found.min(row().per_byte());
        }
        println!("{found:6.1} ns a byte, {:4.1} times: {name} ({} bytes)", found / usual, cost.bytes);
        if found > MOST * usual {
            over.push(name);
        }
    }
    assert!(over.is_empty(), "more than {MOST} times the usual cost: {over:?}");
}
