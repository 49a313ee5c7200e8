//! `rules`: what merging one claim record costs apart from signatures, and whether that grows.
//!
//! Each row grows one reading of the rules claim by claim and times every tenth `Rules::admit` and the verdict on
//! what was admitted; it holds medians and 99th percentiles in microseconds. The last columns compare the
//! last tenth of the row with its first tenth within the same run, so a slow machine slows both. Run with
//! `cargo bench -p intent-benches --bench rules`; `-- --million` adds the row of 1,000,000 entries.
#![allow(clippy::print_stdout, reason = "the table is what this program is for")]
#![allow(clippy::disallowed_methods, reason = "a bench reads the clock of the machine")]

use intent_ledger::contracts::kinds::notice::Revocation;
use intent_ledger::contracts::kinds::{Body, Claim, Enrol, Give, Lineage, Mode, Receiver, Resource, Roles};
use intent_ledger::contracts::{
    Authored, BoxSpan, Charter, CharterGive, CharterParameters, CharterRoot, Citation, Digest, EntryId,
    Footprint, Header, IntBox, Label, Lane, LedgerId, LogKey, Measure, Millis, Notice, NoticeHeader, Record,
    RecordId, ResourcePath, Scope, SecretKey, SignedEntry, SignedNotice, Signer as _, Tai, Window,
};
use intent_ledger::merge_rules::{Rules, Standing, View};
use std::time::Instant;

const DAWN: Tai = Tai(1_800_000_000_000);
const END: Tai = Tai(1_810_000_000_000);
const AUTHORS: usize = 100;
const RESOURCES: usize = 10_000;
/// Claims between two snapshots that are kept, ten of them.
const SNAPSHOT_EVERY: usize = 997;

/// One log while it is written.
struct Log {
    key: LogKey,
    signer: SecretKey,
    seq: u64,
    prev: EntryId,
}

impl Log {
    fn new(signer: SecretKey, lane: Lane, incarnation: u64, enrolment: RecordId) -> Self {
        let key = LogKey { author: signer.author(), lane, incarnation, end: END, enrolment };
        Self { key, signer, seq: 0, prev: enrolment.entry }
    }

    fn write(&mut self, ledger: &LedgerId, records: &[Record]) -> (SignedEntry, Vec<Citation>) {
        self.seq += 1;
        let bytes = Record::encode_all(records).expect("records within their bounds");
        let authored = Authored { at: DAWN.plus(Millis(self.seq)), error: Millis(50) };
        let header = Header::new(self.key, self.seq, self.prev, authored, Digest::of(&bytes));
        let entry = SignedEntry::sign(ledger, &header, &bytes, &self.signer).expect("a key in memory signs");
        self.prev = entry.id();
        let log = self.key.id(ledger);
        let cite = |(index, record): (u8, &Record)| {
            let id = RecordId { entry: entry.id(), index };
            Citation { log, seq: self.seq, record: id, until: record.until }
        };
        let cited = (0..).zip(records).map(cite).collect();
        (entry, cited)
    }
}

/// A reading of the rules with everybody enrolled and every resource declared.
struct Yard {
    ledger: LedgerId,
    rules: Rules,
    root: Log,
    authors: Vec<Log>,
    enrolments: Vec<RecordId>,
    resources: Vec<Resource>,
    /// The one given resource.
    hall: Resource,
    first: Citation,
}

fn secret(number: usize) -> SecretKey {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&(number as u64).to_be_bytes());
    SecretKey::from_seed(seed)
}

fn label(text: &str) -> Label {
    Label::try_from(text.to_owned()).expect("a short word")
}

fn resource(path: &str) -> Resource {
    Resource {
        scope: Scope::parse("a").expect("one label"),
        path: ResourcePath::parse(path).expect("short labels"),
        measure: Measure::Exclusive,
        unit: label("1"),
        scale: (1, 1),
        frame: label("site"),
        stopping_time: Millis::SECOND,
        strictest_mode: Mode::Degraded,
    }
}

fn window(slot: usize, long: u64) -> Window {
    let start = DAWN.plus(Millis(Millis::HOUR.0 * slot as u64));
    Window::new(start, start.plus(Millis(long))).expect("not empty")
}

impl Yard {
    fn new() -> Self {
        let hall = resource("hall");
        let all = Window::new(DAWN, DAWN.plus(Millis::days(60))).expect("not empty");
        let give = CharterGive {
            footprint: Footprint::open(hall.id(), Measure::Exclusive, all, 1),
            root: 0,
            lane: Lane::Productivity,
            incarnation: 1,
            end: END,
            every: Millis::days(60),
            repeats: 0,
            last_assignable: None,
        };
        let root = CharterRoot::new(secret(0).author(), 1 << 60, 4);
        let charter = Charter::new("yard", vec![root], 1, END, CharterParameters::default(), [7; 32])
            .and_then(|plain| plain.with_gives(vec![give]))
            .expect("the charter is sound");
        let (ledger, rooted) = (charter.ledger_id(), RecordId::root(&charter.ledger_id(), 0));
        let mut rules = Rules::founded(&charter);
        let mut safety = Log::new(secret(0), Lane::Safety, 0, rooted);
        let resources: Vec<Resource> =
            (0..RESOURCES).map(|number| resource(&format!("r/{number}"))).collect();
        let declared: Vec<Record> = resources
            .iter()
            .chain([&hall])
            .map(|it| it.record(END, Vec::new()).expect("within its bounds"))
            .collect();
        for some in declared.chunks(48) {
            rules.admit(&safety.write(&ledger, some).0);
        }
        let mut yard = Self {
            first: charter.first_rights().next().expect("one give").citation,
            root: Log::new(secret(0), Lane::Productivity, 1, rooted),
            authors: Vec::new(),
            enrolments: Vec::new(),
            ledger,
            rules,
            resources,
            hall,
        };
        yard.enrol(&mut safety);
        yard
    }

    fn enrol(&mut self, safety: &mut Log) {
        let enrol = |number: usize| {
            let body = Enrol {
                ordinal: number as u64,
                ..Enrol::new(
                    secret(number).author(),
                    Roles::ACT.with(Roles::GIVE).with_class(3),
                    Scope::parse("a").expect("one label"),
                    1 << 40,
                    4,
                    Lineage { build: label("b"), hardware: label("h") },
                )
            };
            body.record(END, Vec::new()).expect("within its bounds")
        };
        for number in 1..=AUTHORS {
            let (entry, cited) = safety.write(&self.ledger, &[enrol(number)]);
            self.rules.admit(&entry);
            self.enrolments.push(cited[0].record);
            self.authors.push(Log::new(secret(number), Lane::Productivity, 1, cited[0].record));
        }
    }

    /// Claim number `number` of an open resource; it meets the one before and the one behind it there.
    fn open_claim(&mut self, number: usize) -> (SignedEntry, RecordId) {
        let of = self.resources[number % RESOURCES].id();
        let part = window(number / RESOURCES, Millis::HOUR.0 * 3 / 2);
        self.claim(number % AUTHORS, Footprint::open(of, Measure::Exclusive, part, 1))
    }

    fn claim(&mut self, author: usize, footprint: Footprint) -> (SignedEntry, RecordId) {
        let body =
            Claim { class: 3, least: Millis::SECOND, ideal: Millis::HOUR, ..Claim::new(vec![vec![0]]) };
        let record = body.record(END, vec![footprint]).expect("within its bounds");
        let (entry, cited) = self.authors[author].write(&self.ledger, &[record]);
        (entry, cited[0].record)
    }

    /// Splits the hall into cells, a hundred for each author; tells the rights by cell.
    fn split_hall(&mut self) -> Vec<Citation> {
        let all = Window::new(DAWN, DAWN.plus(Millis::days(60))).expect("not empty");
        let mut rights = Vec::with_capacity(RESOURCES);
        for cell in 0..RESOURCES {
            let part = Footprint::open(self.hall.id(), Measure::Exclusive, all, 1)
                .within(cells(cell))
                .expect("one box")
                .from_right(self.first);
            let to = self.authors[cell % AUTHORS].key.id(&self.ledger);
            let body = Give { to: Receiver::Log(to), parts: Vec::new() };
            let record = body.record(END, vec![part]).expect("within its bounds");
            let (entry, cited) = self.root.write(&self.ledger, &[record]);
            self.rules.admit(&entry);
            rights.push(cited[0]);
        }
        rights
    }

    /// Claim number `number` drawn on the right to a cell.
    fn drawn_claim(&mut self, rights: &[Citation], number: usize) -> (SignedEntry, RecordId) {
        let cell = number % RESOURCES;
        let part = Footprint::open(
            self.hall.id(),
            Measure::Exclusive,
            window(number / RESOURCES, Millis::HOUR.0),
            1,
        )
        .within(cells(cell))
        .expect("one box")
        .from_right(rights[cell]);
        self.claim(cell % AUTHORS, part)
    }
}

fn cells(cell: usize) -> Vec<IntBox> {
    let at = i64::try_from(cell).expect("few cells");
    let span = BoxSpan::new(at, at + 1).expect("not empty");
    vec![IntBox::try_from(vec![span]).expect("one dimension")]
}

/// What one row measured, in seconds.
#[derive(Default)]
struct Times {
    merge: Vec<f64>,
    ask: Vec<f64>,
}

fn at(sorted: &[f64], share: usize) -> f64 {
    sorted.get(sorted.len() * share / 100).or(sorted.last()).copied().unwrap_or(0.0)
}

fn sorted(times: &[f64]) -> Vec<f64> {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    times
}

/// The median of the last tenth beside that of the first.
fn growth(times: &[f64]) -> f64 {
    let tenth = times.len() / 10;
    at(&sorted(&times[times.len() - tenth..]), 50) / at(&sorted(&times[..tenth]), 50)
}

fn row(name: &str, entries: usize, times: &Times) {
    let (merge, ask) = (sorted(&times.merge), sorted(&times.ask));
    println!(
        "{name:<34} {entries:>9} {:>8.1} {:>8.1} {:>8.1} {:>8.1} {:>8.2} {:>8.2}",
        1e6 * at(&merge, 50),
        1e6 * at(&merge, 99),
        1e6 * at(&ask, 50),
        1e6 * at(&ask, 99),
        growth(&times.merge),
        growth(&times.ask),
    );
}

fn grow(
    yard: &mut Yard,
    count: usize,
    snapshots: bool,
    mut next: impl FnMut(&mut Yard, usize) -> (SignedEntry, RecordId),
) -> Times {
    let (mut times, mut kept, mut standing): (Times, Vec<View>, Vec<Standing>) = Default::default();
    for number in 0..count {
        let (entry, claim) = next(yard, number);
        let timed = number % 10 == 0;
        let begin = Instant::now();
        yard.rules.admit(&entry);
        if timed {
            times.merge.push(begin.elapsed().as_secs_f64());
            let view = yard.rules.view(vec![Scope::root()]);
            let begin = Instant::now();
            let lease = view.lease(&claim, 0).expect("the claim was admitted");
            times.ask.push(begin.elapsed().as_secs_f64());
            standing.push(lease.finding.standing);
        }
        if snapshots && number % SNAPSHOT_EVERY == 0 {
            kept.push(yard.rules.view(vec![Scope::root()]));
            if kept.len() > 10 {
                kept.remove(0);
            }
        }
    }
    let denied = standing.iter().filter(|standing| **standing > Standing::Displaced).count();
    assert_eq!(denied, 0, "the claims of the bench are sound");
    times
}

/// The seconds until everything that hangs on a denied author was told of, for each of its claims.
fn denial(claims: usize) -> f64 {
    let mut yard = Yard::new();
    let ids: Vec<RecordId> = (0..claims)
        .map(|number| {
            let of = yard.resources[number % RESOURCES].id();
            let part = window(number / RESOURCES, Millis::HOUR.0);
            let (entry, id) = yard.claim(0, Footprint::open(of, Measure::Exclusive, part, 1));
            yard.rules.admit(&entry);
            id
        })
        .collect();
    let body = Revocation { key: secret(1).author(), cuts: Vec::new() };
    let bytes = intent_ledger::contracts::kinds::notice::encode(&body).expect("within its bounds");
    let header = NoticeHeader {
        author: secret(0).author(),
        enrolment: RecordId::root(&yard.ledger, 0),
        scope: Scope::root(),
        until: END,
        authored: Authored { at: DAWN, error: Millis(50) },
    };
    let signed = SignedNotice::sign(&yard.ledger, &Notice::new(header, Revocation::KIND, bytes), &secret(0));
    let signed = signed.expect("a key in memory signs");
    let begin = Instant::now();
    yard.rules.admit_notice(&signed);
    let view = yard.rules.view(vec![Scope::root()]);
    for id in &ids {
        let lease = view.lease(id, 0).expect("the claim was admitted");
        assert_eq!(lease.finding.standing, Standing::Revoked);
    }
    begin.elapsed().as_secs_f64() / claims as f64
}

/// Medians in seconds of merging a claim and asking for its verdict on quiet resources, without and with an author
/// beside them that has heaped as many claims as it could on one window of another resource.
fn beside_a_crowd(crowd: usize) -> [f64; 2] {
    [0, crowd].map(|crowd| {
        let mut yard = Yard::new();
        let of = yard.resources[RESOURCES - 1].id();
        for _ in 0..crowd {
            let part = Footprint::open(of, Measure::Exclusive, window(0, Millis::HOUR.0), 1);
            let (entry, _) = yard.claim(0, part);
            yard.rules.admit(&entry);
        }
        // The last resource is left to the crowd.
        let quiet = |yard: &mut Yard, number: usize| {
            let resource = number % (RESOURCES - 1);
            yard.open_claim(number / (RESOURCES - 1) * RESOURCES + resource)
        };
        let times = grow(&mut yard, 20_000, false, quiet);
        at(&sorted(&times.merge), 50) + at(&sorted(&times.ask), 50)
    })
}

fn main() {
    println!("microseconds; growth is the median of the last tenth beside that of the first");
    println!(
        "{:<34} {:>9} {:>8} {:>8} {:>8} {:>8} {:>8} {:>8}",
        "claims", "entries", "merge", "p99", "ask", "p99", "growth", "growth"
    );
    for (name, count, snapshots) in
        [("open", 10_000, false), ("open", 100_000, false), ("open, ten live snapshots", 100_000, true)]
    {
        let times = grow(&mut Yard::new(), count, snapshots, Yard::open_claim);
        row(name, count, &times);
    }
    let mut yard = Yard::new();
    let begin = Instant::now();
    let rights = yard.split_hall();
    let split = 1e6 * begin.elapsed().as_secs_f64() / rights.len() as f64;
    for (name, snapshots) in [("drawn on 10,000 rights", false), ("drawn, ten live snapshots", true)] {
        let mut yard = Yard::new();
        let rights = yard.split_hall();
        let times = grow(&mut yard, 100_000, snapshots, |yard, number| yard.drawn_claim(&rights, number));
        row(name, 100_000, &times);
    }
    if std::env::args().any(|argument| argument == "--million") {
        let times = grow(&mut Yard::new(), 1_000_000, false, Yard::open_claim);
        row("open", 1_000_000, &times);
    }
    println!("giving 10,000 cells of one window from one right: {split:.1} us each, signing included");
    let [alone, beside] = beside_a_crowd(30_000);
    println!(
        "a claim and its verdict beside an author with 30,000 claims on one other window: {:.1} us, without it {:.1} us: {:.2}",
        1e6 * beside,
        1e6 * alone,
        beside / alone
    );
    let (few, many) = (denial(1_000), denial(30_000));
    println!(
        "a denial and the verdicts on all it reaches: {:.1} us a claim for 1,000, {:.1} us for 30,000",
        1e6 * few,
        1e6 * many
    );
}
