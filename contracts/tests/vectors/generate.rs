//! Writes what the code of today gives for the vectors into a new folder:
//! `cargo run -p intent-contracts --example write_vectors -- FOLDER`.
//!
//! Everything is a function of the fixtures, so `diff -r FOLDER contracts/vectors/v1` shows nothing. A
//! released version is never written again.

#[path = "../fixtures/mod.rs"]
mod fixtures;
mod keys;

use ciborium::Value;
use fixtures::*;
use intent_contracts::kinds::{self, Body};
use intent_contracts::*;
use keys::{IDENTITY, NO_POINT, keys, signatures};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::OnceLock;

/// Where the folders of the kinds go.
static ROOT: OnceLock<PathBuf> = OnceLock::new();

/// Writes vectors of one kind.
struct Kind {
    kind: &'static str,
    spec: &'static str,
}

impl Kind {
    const fn of(kind: &'static str, spec: &'static str) -> Self {
        Self { kind, spec }
    }

    fn accept(&self, name: &str, comment: &str, bytes: &[u8]) {
        self.write(&format!("accept-{name}"), "accept", comment, bytes);
    }

    fn reject(&self, name: &str, reason: Reason, comment: &str, bytes: &[u8]) {
        self.refuse(name, reason.name(), comment, bytes);
    }

    fn refuse(&self, name: &str, reason: &str, comment: &str, bytes: &[u8]) {
        self.write(&format!("reject-{name}"), &format!("reject {reason}"), comment, bytes);
    }

    fn write(&self, name: &str, expect: &str, comment: &str, bytes: &[u8]) {
        let folder = ROOT.get().expect("set before the first vector").join(self.kind);
        let mut text = format!("expect: {expect}\nspec: [{}]\ncomment: {comment}\n\n", self.spec);
        for line in bytes.chunks(32) {
            line.iter().for_each(|byte| write!(text, "{byte:02x}").expect("a text takes all"));
            text.push('\n');
        }
        std::fs::create_dir_all(&folder).expect("the folder of vectors can be made");
        let file = folder.join(name).with_extension("txt");
        assert!(!file.exists(), "{} is written twice", file.display());
        std::fs::write(file, text).expect("a vector can be written");
    }
}

fn main() -> ExitCode {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    let Some(folder) = folder.filter(|folder| !folder.exists()) else {
        eprintln!("name a folder that does not exist yet");
        return ExitCode::FAILURE;
    };
    ROOT.get_or_init(|| folder);
    cbor();
    header();
    records();
    bodies();
    entries();
    notices();
    forks();
    charters();
    keys();
    signatures();
    ExitCode::SUCCESS
}

fn null() -> Value {
    Value::Null
}

fn array(items: Vec<Value>) -> Value {
    Value::Array(items)
}

fn bytes(bytes: impl Into<Vec<u8>>) -> Value {
    Value::Bytes(bytes.into())
}

fn cbor() {
    let kind = Kind::of("cbor", "CBOR-1");
    kind.accept("integer-least", "zero in one byte", &[0x00]);
    kind.accept("integer-greatest", "2^64 - 1", &[&[0x1b][..], &[0xff; 8]].concat());
    kind.accept("negative-least", "-2^64", &[&[0x3b][..], &[0xff; 8]].concat());
    kind.accept("bytes-empty", "no bytes", &[0x40]);
    kind.accept("text-utf8", "two bytes of UTF-8 in a text", &[0x62, 0xc3, 0xbc]);
    kind.accept("simple", "false, true and null", &[0x83, 0xf4, 0xf5, 0xf6]);
    kind.accept("map-sorted", "keys in byte order of their encodings", &[0xa2, 0x0a, 0x01, 0x20, 0x02]);
    let nested = |depth: usize| [vec![0x81; depth], vec![0x80]].concat();
    kind.accept("depth-16", "sixteen arrays", &nested(15));
    kind.accept("array-24", "24 items, a head of two bytes", &[&[0x98, 24][..], &[0; 24]].concat());

    let reject = |name: &str, reason, comment: &str, bytes: &[u8]| kind.reject(name, reason, comment, bytes);
    reject("empty", Reason::Truncated, "no byte at all", &[]);
    reject("head-cut", Reason::Truncated, "a length without its bytes", &[0x19, 0x01]);
    reject("bytes-cut", Reason::Truncated, "two bytes announced, one there", &[0x42, 0x00]);
    reject("array-cut", Reason::Truncated, "two items announced, one there", &[0x82, 0x00]);
    let bomb = [&[0x9b][..], &[0xff; 8]].concat();
    reject("array-bomb", Reason::Truncated, "2^64 - 1 items announced", &bomb);
    let bomb = [&[0x5b][..], &[0xff; 8]].concat();
    reject("bytes-bomb", Reason::Truncated, "2^64 - 1 bytes announced", &bomb);
    reject("map-value-missing", Reason::Truncated, "a key without its value", &[0xa1, 0x01]);
    reject("two-items", Reason::TrailingBytes, "a second item", &[0x00, 0x00]);
    reject("indefinite-array", Reason::Indefinite, "an array until a break", &[0x9f, 0xff]);
    reject("indefinite-bytes", Reason::Indefinite, "bytes in chunks", &[0x5f, 0x41, 0x00, 0xff]);
    reject("indefinite-text", Reason::Indefinite, "a text in chunks", &[0x7f, 0xff]);
    reject("indefinite-map", Reason::Indefinite, "a map until a break", &[0xbf, 0xff]);
    reject("break", Reason::Indefinite, "a break by itself", &[0xff]);
    reject("integer-long-8", Reason::NotShortest, "23 in two bytes", &[0x18, 0x17]);
    reject("integer-long-16", Reason::NotShortest, "255 in three bytes", &[0x19, 0x00, 0xff]);
    reject("integer-long-32", Reason::NotShortest, "65,535 in five bytes", &[0x1a, 0, 0, 0xff, 0xff]);
    let long = [&[0x1b, 0, 0, 0, 0][..], &[0xff; 4]].concat();
    reject("integer-long-64", Reason::NotShortest, "2^32 - 1 in nine bytes", &long);
    reject("negative-long", Reason::NotShortest, "-1 in two bytes", &[0x38, 0x00]);
    reject("length-long", Reason::NotShortest, "the length 1 in two bytes", &[0x58, 0x01, 0x00]);
    reject("count-long", Reason::NotShortest, "the count 0 in two bytes", &[0x98, 0x00]);
    reject("float-16", Reason::Float, "0.0 in half precision", &[0xf9, 0x00, 0x00]);
    reject("float-32", Reason::Float, "0.0 in single precision", &[0xfa, 0, 0, 0, 0]);
    reject("float-64", Reason::Float, "0.0 in double precision", &[0xfb, 0, 0, 0, 0, 0, 0, 0, 0]);
    reject("tag", Reason::Tag, "a tagged integer", &[0xc1, 0x00]);
    reject("bignum", Reason::Tag, "a bignum", &[0xc2, 0x41, 0x01]);
    reject("undefined", Reason::Simple, "undefined", &[0xf7]);
    reject("simple-short", Reason::Simple, "simple value 16", &[0xf0]);
    reject("simple-long", Reason::Simple, "simple value 255", &[0xf8, 0xff]);
    reject("utf8-bad-byte", Reason::Utf8, "a byte that UTF-8 never uses", &[0x61, 0xff]);
    reject("utf8-overlong", Reason::Utf8, "a slash in two bytes", &[0x62, 0xc0, 0xaf]);
    reject("utf8-surrogate", Reason::Utf8, "a surrogate", &[0x63, 0xed, 0xa0, 0x80]);
    reject("keys-falling", Reason::KeyOrder, "the key 2 before 1", &[0xa2, 2, 0, 1, 0]);
    reject("key-twice", Reason::KeyOrder, "the key 1 twice", &[0xa2, 1, 0, 1, 0]);
    let by_length = [0xa2, 0x20, 0x00, 0x18, 0x64, 0x00];
    reject("keys-by-length", Reason::KeyOrder, "the shorter key first, as RFC 7049 had it", &by_length);
    reject("depth-17", Reason::TooDeep, "seventeen arrays", &nested(16));
    reject("reserved-info", Reason::Shape, "additional information 28", &[0x1c]);
}

/// One plain record, and the bytes of an array with it alone.
fn plain_records() -> Vec<u8> {
    let record = advert().record(UNTIL, vec![open_footprint()]).expect("within bounds");
    Record::encode_all(&[record]).expect("within bounds")
}

fn header() {
    let kind = Kind::of("header", "HDR-1");
    let plain = first_header(&plain_records()).encode();
    kind.accept("first", "the first entry of a log", &plain);
    let second = fixtures::header(2, EntryId::of(&LEDGER, &plain), &plain_records());
    kind.accept("second", "prev is the first entry", &second.encode());
    let mut log = log();
    (log.lane, log.incarnation, log.end) = (Lane::Safety, u64::MAX, Tai::MAX);
    let authored = Authored { at: Tai(0), error: Millis(u64::MAX) };
    let extreme = Header::new(log, u64::MAX, EntryId::from_bytes([0; 32]), authored, Digest::of(&[]));
    kind.accept("extreme", "the safety lane and the ends of every scale", &extreme.encode());
    let future = extended(&replaced(&plain, &[0], 2), &[], "a new field");
    kind.accept("version-2", "a later version with one more field", &extended(&future, &[], -7));
    let many = (0..14).fold(plain.clone(), |header, number| extended(&header, &[], number));
    kind.accept("tail-24", "24 fields, a head of two bytes", &many);
    let padded = |length: usize| {
        let missing = length - extended(&plain, &[], bytes([])).len() - 2;
        extended(&plain, &[], bytes(vec![0; missing]))
    };
    kind.accept("largest", "896 bytes", &padded(bounds::HEADER_BYTES_MAX));
    kind.reject("too-large", Reason::TooLarge, "897 bytes", &padded(bounds::HEADER_BYTES_MAX + 1));

    let reject = |name: &str, reason, comment: &str, bytes: &[u8]| kind.reject(name, reason, comment, bytes);
    reject("version-0", Reason::Version, "version zero", &replaced(&plain, &[0], 0));
    reject("seq-0", Reason::FirstPrev, "seq zero", &replaced(&plain, &[6], 0));
    let other = replaced(&plain, &[7], bytes([0; 32]));
    reject("first-prev", Reason::FirstPrev, "seq 1 after another entry than the enrolment's", &other);
    reject("nine-fields", Reason::Shape, "no digest", &shortened(&plain, &[]));
    reject("no-array", Reason::Shape, "a map", &[0xa0]);
    reject("lane-2", Reason::Shape, "a lane that does not exist", &replaced(&plain, &[2], 2));
    let short = replaced(&plain, &[1], bytes([1; 31]));
    reject("key-31", Reason::Shape, "a key of 31 bytes", &short);
    let text = replaced(&plain, &[1], "0123456789abcdef0123456789abcdef");
    reject("key-text", Reason::Shape, "a key as text", &text);
    reject("seq-negative", Reason::Shape, "seq -1", &replaced(&plain, &[6], -1));
    reject("seq-null", Reason::Shape, "no seq", &replaced(&plain, &[6], null()));
    let nested = extended(&plain, &[8], 0);
    reject("authored-tail", Reason::Shape, "a third field in authored", &nested);
    let nested = extended(&plain, &[5], 0);
    reject("enrolment-tail", Reason::Shape, "a third field in the enrolment", &nested);
    let wide = replaced(&plain, &[5, 1], 256);
    reject("index-256", Reason::Shape, "an index beyond a byte", &wide);
    let trailing = [plain.clone(), vec![0]].concat();
    reject("trailing", Reason::TrailingBytes, "a byte behind the header", &trailing);
    reject("cut", Reason::Truncated, "the last byte is missing", &plain[..plain.len() - 1]);
    let quoted = replaced(&plain, &[6], "(Lapsed)");
    reject("quoted-reason", Reason::Shape, "a text that names another reason", &quoted);
}

fn records() {
    let kind = Kind::of("records", "REC-1");
    let all: Vec<_> = known_records().into_iter().map(|(_, record)| record).collect();
    kind.accept("all-kinds", "one record of each known kind", &Record::encode_all(&all).expect("fits"));
    let plain = plain_records();
    kind.accept("one", "one record with an open footprint", &plain);
    kind.accept("sixty-four", "as many records as an entry may hold", &{
        let small = Record::new(1_000, UNTIL, Vec::new());
        Record::encode_all(&vec![small; bounds::RECORDS_MAX]).expect("fits")
    });
    let unknown = Record::new(u64::MAX, UNTIL, vec![0xff, 0x00])
        .with_footprints(Effect::Takes, vec![full_footprint(); bounds::FOOTPRINTS_MAX]);
    let unknown = Record::encode_all(&[unknown.expect("fits")]).expect("fits");
    kind.accept(
        "unknown-kind",
        "an unknown kind whose body is no CBOR; eight footprints are readable",
        &unknown,
    );
    let tail = extended(&extended(&plain, &[0], "a new field"), &[0], array(vec![1.into(), null()]));
    kind.accept("tail", "two more fields behind the frame", &tail);
    let padded = |length: usize| {
        let empty = Record::encode_all(&[Record::new(1_000, UNTIL, Vec::new())]).expect("fits");
        replaced(&empty, &[0, 5], bytes(vec![0; length - empty.len() - 2]))
    };
    kind.accept("largest", "12,288 bytes", &padded(bounds::RECORDS_BYTES_MAX));
    kind.reject("too-large", Reason::TooLarge, "12,289 bytes", &padded(bounds::RECORDS_BYTES_MAX + 1));

    let reject = |name: &str, reason, comment: &str, bytes: &[u8]| kind.reject(name, reason, comment, bytes);
    reject("none", Reason::RecordCount, "no record", &[0x80]);
    let small = Record::encode_all(&[Record::new(1_000, UNTIL, Vec::new())]).expect("fits");
    reject("sixty-five", Reason::RecordCount, "65 records", &repeated(&small, &[], bounds::RECORDS_MAX + 1));
    let at = |path: &[usize], with: Value| replaced(&plain, &[&[0], path].concat(), with);
    reject("no-array", Reason::Shape, "a text", &[0x60]);
    reject("record-no-array", Reason::Shape, "an integer for a record", &at(&[], 1.into()));
    reject("five-fields", Reason::Shape, "no body", &shortened(&plain, &[0]));
    reject("critical-integer", Reason::Shape, "1 for true", &at(&[1], 1.into()));
    reject("effect-3", Reason::Shape, "an effect that does not exist", &at(&[3], 3.into()));
    reject("measure-3", Reason::Shape, "a measure that does not exist", &at(&[4, 0, 1], 3.into()));
    let body_text = at(&[5], "body".into());
    reject("body-text", Reason::NotCanonical, "a body as text, which would be written as bytes", &body_text);
    let body_array = at(&[5], array(vec![1.into(), 2.into()]));
    reject(
        "body-array",
        Reason::NotCanonical,
        "a body as integers, which would be written as bytes",
        &body_array,
    );
    let footprint_tail = extended(&plain, &[0, 4, 0], 0);
    reject("footprint-tail", Reason::Shape, "a seventh field in a footprint", &footprint_tail);
    let nine = repeated(&plain, &[0, 4], bounds::FOOTPRINTS_MAX + 1);
    reject("nine-footprints", Reason::TooLarge, "nine footprints", &nine);
    let window = |start: u64, end: u64| at(&[4, 0, 2], array(vec![start.into(), end.into()]));
    reject("window-empty", Reason::EmptyWindow, "a window that ends where it starts", &window(5, 5));
    reject("window-backwards", Reason::EmptyWindow, "a window that ends before it starts", &window(6, 5));
    let boxes = |spans: Vec<Value>| at(&[4, 0, 3], array(spans));
    let span = |start: i64, end: i64| array(vec![start.into(), end.into()]);
    reject("span-empty", Reason::EmptyWindow, "an empty span", &boxes(vec![array(vec![span(-1, -1)])]));
    reject("box-empty", Reason::EmptyWindow, "a box without a span", &boxes(vec![array(Vec::new())]));
    let five = array(vec![span(0, 1); bounds::DIMENSIONS_MAX + 1]);
    reject("five-dimensions", Reason::TooLarge, "a box of five dimensions", &boxes(vec![five]));
    let nine = vec![array(vec![span(0, 1)]); bounds::BOXES_MAX + 1];
    reject("nine-boxes", Reason::TooLarge, "nine boxes", &boxes(nine));
    let wide = boxes(vec![array(vec![array(vec![0.into(), (1_u64 << 63).into()])])]);
    reject("span-beyond-i64", Reason::Shape, "a span that ends at 2^63", &wide);
    let citation = array(vec![bytes([1; 32]), 1.into(), bytes([2; 32]), 3.into()]);
    reject(
        "citation-flat",
        Reason::Shape,
        "a citation whose record id is no array",
        &at(&[4, 0, 5], citation),
    );
}

/// Vectors that every kind of body shares: the sample, one with a newer field, one field short.
fn body(kind: &Kind, name: &str, sample: &[u8]) {
    kind.accept(name, "the sample", sample);
    kind.accept(&format!("{name}-tail"), "two fields of a newer version", &{
        extended(&extended(sample, &[], "a new field"), &[], null())
    });
    kind.reject(&format!("{name}-field-missing"), Reason::Shape, "the last field is missing", &{
        shortened(sample, &[])
    });
    kind.reject(&format!("{name}-trailing"), Reason::TrailingBytes, "a byte behind the body", &{
        [sample, &[0xf6]].concat()
    });
}

fn bodies() {
    let sample = |kind: &str| {
        let known = known_records();
        let (_, record) = known.iter().find(|(name, _)| *name == kind).expect("a known kind");
        record.body.clone()
    };
    body_enrol(&sample("enrol"));
    body_resource(&sample("resource"));
    body_give(&sample("give"));
    body_claim(&sample("claim"));
    for (kind, number) in [("body-release", "release"), ("body-post", "post"), ("body-return", "return")] {
        body_giving_back(&Kind::of(kind, "BACK-1"), &sample(number));
    }
    body_reclaim(&sample("reclaim"));
    body_advert(&sample("advert"));
    body_commitment(&sample("commitment"));
    body_rotation(&sample("rotation"));
    body_terms(&sample("terms-edit"), &sample("terms-accept"));
    body_states(sample);
    body_closing(&sample("closing"));
    notice_bodies();
}

/// The bytes of a body.
fn written<B: Body>(body: &B) -> Vec<u8> {
    kinds::notice::encode(body).expect("within bounds")
}

fn notice_bodies() {
    let kind = Kind::of("body-revocation", "REV-1");
    let revocation = kinds::notice::encode(&revocation()).expect("within bounds");
    body(&kind, "two-logs", &revocation);
    kind.accept(
        "all",
        "no log is named: all are cut at zero",
        &replaced(&revocation, &[1], array(Vec::new())),
    );
    let many = |count| repeated(&revocation, &[1], count);
    kind.accept("cuts-32", "32 cuts", &many(bounds::CUTS_MAX));
    kind.reject("cuts-33", Reason::TooLarge, "33 cuts", &many(bounds::CUTS_MAX + 1));
    kind.reject("cut-tail", Reason::Shape, "a fourth field in a cut", &extended(&revocation, &[1, 0], 0));

    let kind = Kind::of("body-breaker-trip", "TRIP-1");
    let trip = kinds::notice::encode(&trip()).expect("within bounds");
    body(&kind, "region", &trip);
    kind.accept("federation", "the federation's scope", &replaced(&trip, &[0], array(Vec::new())));
    let slash = replaced(&trip, &[0, 0], "mars/north");
    kind.reject("label-slash", Reason::PathLabel, "a label with a slash", &slash);

    let kind = Kind::of("body-endorsement", "ENDORSE-1");
    let endorsement = kinds::notice::encode(&endorsement()).expect("within bounds");
    body(&kind, "record", &endorsement);
    kind.reject(
        "citation-tail",
        Reason::Shape,
        "a fifth field in the citation",
        &extended(&endorsement, &[0], 0),
    );
    body(&Kind::of("body-attestation-failed", "FAIL-1"), "attestation", &written(&failure()));
    body_vote();
    body_restriction();
}

fn body_vote() {
    let kind = Kind::of("body-vote", "VOTE-1");
    let window = written(&vote());
    body(&kind, "window", &window);
    body(&kind, "successor", &written(&vote_for_successor()));
    let windows = |first: u64, last: u64| replaced(&replaced(&window, &[1, 1], first), &[1, 2], last);
    kind.accept("windows-1", "one window", &windows(7, 7));
    kind.reject("windows-65", Reason::TooLarge, "65 windows", &windows(1, 65));
    kind.reject("windows-backwards", Reason::EmptyWindow, "the last window before the first", &windows(2, 1));
    let reject = |name: &str, reason, comment: &str, bytes: &[u8]| kind.reject(name, reason, comment, bytes);
    reject("about-2", Reason::Shape, "a vote on what does not exist", &replaced(&window, &[0], 2));
    reject("swapped", Reason::Shape, "a ledger id for windows", &replaced(&window, &[1], bytes([1; 32])));
    reject(
        "holder-id",
        Reason::Shape,
        "a log id for the holder",
        &replaced(&window, &[1, 3], bytes([1; 32])),
    );
    reject("holder-tail", Reason::Shape, "a sixth field in the holder", &extended(&window, &[1, 3], 0));
}

fn body_restriction() {
    let kind = Kind::of("body-restriction", "RESTRICT-1");
    let sample = written(&restriction());
    body(&kind, "four-facts", &sample);
    kind.accept("no-fact", "it fits all", &replaced(&sample, &[0], array(Vec::new())));
    kind.reject("facts-5", Reason::TooLarge, "five facts", &repeated(&sample, &[0], bounds::FACTS_MAX + 1));
    let value = |with: Value| replaced(&sample, &[0, 0], array(vec![u64::MAX.into(), with]));
    kind.accept("fact-long-text", "a text longer than a label", &value("x y ".repeat(100).into()));
    kind.accept("fact-empty-bytes", "no byte", &value(bytes([])));
    kind.accept("fact-deep-scope", "more labels than a scope has", &value(array(vec!["".into(); 9])));
    kind.reject("fact-integer", Reason::Shape, "an integer for a value", &value(5.into()));
    kind.reject("fact-nested", Reason::Shape, "an array of arrays", &value(array(vec![array(vec![])])));
    kind.reject("fact-tail", Reason::Shape, "a third field in a fact", &extended(&sample, &[0, 0], 0));
    kind.accept("effect-later", "an effect of a later version", &replaced(&sample, &[1], u64::MAX));
    kind.accept("from-the-start", "without a moment", &replaced(&sample, &[2], null()));
    kind.reject("above-integer", Reason::Shape, "1 for true", &replaced(&sample, &[3], 1));
}

fn body_enrol(sample: &[u8]) {
    let kind = Kind::of("body-enrol", "ENROL-1");
    body(&kind, "full", sample);
    let bare = [7, 9, 10].iter().fold(sample.to_vec(), |body, at| replaced(&body, &[*at], null()));
    kind.accept("bare", "neither co-signers, next key nor anchor", &bare);
    kind.accept("root-scope", "the federation's scope", &replaced(sample, &[2], array(Vec::new())));
    let label = |text: &str| replaced(sample, &[8, 0], text);
    kind.accept("label-32", "a label of 32 characters", &label(&"~".repeat(32)));
    let reject = |name: &str, reason, comment: &str, bytes: &[u8]| kind.reject(name, reason, comment, bytes);
    reject("label-33", Reason::PathLabel, "a label of 33 characters", &label(&"~".repeat(33)));
    reject("label-empty", Reason::PathLabel, "an empty label", &label(""));
    reject("label-slash", Reason::PathLabel, "a slash in a label", &label("a/b"));
    reject("label-space", Reason::PathLabel, "a space in a label", &label("a b"));
    reject("label-delete", Reason::PathLabel, "a control character in a label", &label("a\u{7f}"));
    reject("label-not-ascii", Reason::PathLabel, "an umlaut in a label", &label("süd"));
    let label_bytes = replaced(sample, &[8, 0], bytes(*b"build"));
    reject(
        "label-bytes",
        Reason::NotCanonical,
        "a label as bytes, which would be written as text",
        &label_bytes,
    );
    reject("scope-slash", Reason::PathLabel, "a slash in a scope's label", &replaced(sample, &[2, 1], "a/b"));
    let deep = repeated(sample, &[2], bounds::SCOPE_DEPTH_MAX + 1);
    reject("scope-deep", Reason::TooLarge, "a scope of five labels", &deep);
    let many = repeated(sample, &[12], bounds::CITATIONS_MAX + 1);
    reject("answers-17", Reason::TooLarge, "17 revocations", &many);
    reject("lineage-tail", Reason::Shape, "a third field in the lineage", &extended(sample, &[8], "x"));
    reject("next-key-31", Reason::Shape, "a commitment of 31 bytes", &replaced(sample, &[9], bytes([0; 31])));
    let needs = |least: u64, count: usize| {
        let cited = citations(count);
        replaced(sample, &[7], array(vec![least.into(), array(cited)]))
    };
    kind.accept("needs-1-of-1", "one co-signer", &needs(1, 1));
    kind.accept("needs-8-of-8", "all of eight co-signers", &needs(8, 8));
    reject("needs-0", Reason::Shape, "no co-signer is enough", &needs(0, 2));
    reject("needs-none", Reason::Shape, "a co-signer of none", &needs(1, 0));
    reject("needs-more", Reason::Shape, "more co-signers than there are", &needs(3, 2));
    reject("needs-9", Reason::TooLarge, "nine co-signers", &needs(2, bounds::NEEDS_MAX + 1));
    reject("needs-twice", Reason::Shape, "one co-signer twice", &repeated(sample, &[7, 1], 2));
    reject("needs-tail", Reason::Shape, "a third field in the needs", &extended(sample, &[7], 0));
}

/// Distinct citations, as CBOR.
fn citations(count: usize) -> Vec<Value> {
    let marks = (0..=u8::MAX).take(count);
    let cited = marks.map(|mark| written(&kinds::notice::Endorsement { record: citation(mark) }));
    cited.map(|body| read(&body).as_array().expect("an array")[0].clone()).collect()
}

fn body_resource(sample: &[u8]) {
    let kind = Kind::of("body-resource", "RES-1");
    body(&kind, "dock", sample);
    kind.reject("numerator-0", Reason::Shape, "a scale of zero", &replaced(sample, &[4, 0], 0));
    kind.reject(
        "denominator-0",
        Reason::Shape,
        "a scale without a denominator",
        &replaced(sample, &[4, 1], 0),
    );
    let deep = repeated(sample, &[1], bounds::PATH_DEPTH_MAX + 1);
    kind.accept("path-8", "a path of eight labels", &repeated(sample, &[1], bounds::PATH_DEPTH_MAX));
    kind.reject("path-9", Reason::TooLarge, "a path of nine labels", &deep);
    kind.reject("measure-3", Reason::Shape, "a measure that does not exist", &replaced(sample, &[2], 3));
    for mode in 0..4 {
        kind.accept(&format!("mode-{mode}"), "each mode has its number", &replaced(sample, &[7], mode));
    }
    kind.reject("mode-4", Reason::Shape, "a mode that does not exist", &replaced(sample, &[7], 4));
}

fn body_give(sample: &[u8]) {
    let kind = Kind::of("body-give", "GIVE-1");
    body(&kind, "to-claim", sample);
    let to_log = give_to_log().record(UNTIL, Vec::new()).expect("within bounds").body;
    body(&kind, "to-log", &to_log);
    let reject = |name: &str, reason, comment: &str, bytes: &[u8]| kind.reject(name, reason, comment, bytes);
    let both = changed(sample, &[0], |to| to.as_array_mut().expect("an array")[1] = bytes([1; 32]));
    reject("to-both", Reason::Shape, "a log and a claim", &both);
    reject("to-neither", Reason::Shape, "neither a log nor a claim", &replaced(sample, &[0, 2], null()));
    reject("to-2", Reason::Shape, "a receiver that does not exist", &replaced(sample, &[0, 0], 2));
    reject("to-log-alternative", Reason::Shape, "an alternative of a log", &replaced(&to_log, &[0, 3], 1));
    reject("parts-9", Reason::TooLarge, "nine parts", &repeated(sample, &[1], bounds::FOOTPRINTS_MAX + 1));
    let packed = replaced(sample, &[1], bytes([0, 1]));
    reject("parts-bytes", Reason::Shape, "the parts as a byte string", &packed);
}

fn body_claim(sample: &[u8]) {
    let kind = Kind::of("body-claim", "CLAIM-1");
    body(&kind, "two-alternatives", sample);
    let reject = |name: &str, reason, comment: &str, bytes: &[u8]| kind.reject(name, reason, comment, bytes);
    let at = |path: &[usize], with: Value| replaced(sample, path, with);
    reject("alternatives-0", Reason::Shape, "no alternative", &at(&[0], array(Vec::new())));
    reject("alternative-empty", Reason::Shape, "an empty alternative", &at(&[0, 1], array(Vec::new())));
    reject("alternatives-5", Reason::TooLarge, "five alternatives", &repeated(sample, &[0], 5));
    reject("alternative-9", Reason::TooLarge, "an alternative of nine parts", &repeated(sample, &[0, 0], 9));
    reject("class-256", Reason::Shape, "a class beyond a byte", &at(&[1], 256.into()));
    reject("attestations-17", Reason::TooLarge, "17 attestations", &repeated(sample, &[5], 17));
    reject("over-17", Reason::TooLarge, "17 ended claims", &repeated(sample, &[6], 17));
    reject("over-neither", Reason::Shape, "an end without evidence", &at(&[6, 0, 2], null()));
    reject("over-both", Reason::Shape, "released and revoked", &at(&[6, 1, 2], bytes([1; 32])));
    kind.accept("modes-none", "no capability mode", &at(&[7], array(Vec::new())));
    kind.accept("modes-8", "eight capability modes", &repeated(sample, &[7], bounds::CAPABILITY_MODES_MAX));
    let many = repeated(sample, &[7], bounds::CAPABILITY_MODES_MAX + 1);
    reject("modes-9", Reason::TooLarge, "nine capability modes", &many);
    embedded_rejects(&kind, sample, &[6, 1, 1]);
}

fn embedded_rejects(kind: &Kind, sample: &[u8], at: &[usize]) {
    let headers = [at, &[0]].concat();
    let none = replaced(sample, &headers, array(Vec::new()));
    kind.reject("embedded-headers-0", Reason::Shape, "evidence without a header", &none);
    kind.accept("embedded-headers-16", "evidence with 16 headers", &repeated(sample, &headers, 16));
    kind.reject("embedded-headers-17", Reason::TooLarge, "evidence with 17 headers", &{
        repeated(sample, &headers, 17)
    });
    kind.reject("embedded-tail", Reason::Shape, "a fifth field in the evidence", &extended(sample, at, 0));
}

fn body_giving_back(kind: &Kind, sample: &[u8]) {
    body(kind, "two-gives", sample);
    let reject = |name: &str, reason, comment: &str, bytes: &[u8]| kind.reject(name, reason, comment, bytes);
    let none = replaced(&replaced(sample, &[0], array(Vec::new())), &[2], array(Vec::new()));
    reject("gives-0", Reason::Shape, "no give", &none);
    reject("unused-missing", Reason::Shape, "an unused amount less than gives", &shortened(sample, &[2]));
    let gives = |count| repeated(&repeated(sample, &[0], count), &[2], count);
    kind.accept("gives-8", "eight gives", &gives(bounds::FOOTPRINTS_MAX));
    reject("gives-9", Reason::TooLarge, "nine gives", &gives(bounds::FOOTPRINTS_MAX + 1));
    reject("alternatives-5", Reason::TooLarge, "five alternatives", &repeated(sample, &[1], 5));
}

fn body_reclaim(sample: &[u8]) {
    let kind = Kind::of("body-reclaim", "RECLAIM-1");
    body(&kind, "proven", sample);
    kind.accept("bare-word", "without proof", &replaced(sample, &[1], null()));
    embedded_rejects(&kind, sample, &[1]);
}

fn body_advert(sample: &[u8]) {
    let kind = Kind::of("body-advert", "CAP-1");
    body(&kind, "offers", sample);
    let needs = written(&advert_of_need());
    body(&kind, "needs", &needs);
    let versions = |first: u64, last: u64| replaced(sample, &[2], array(vec![first.into(), last.into()]));
    kind.accept("one-version", "first and last version are one", &versions(3, 3));
    kind.accept("withdrawn", "no version any more", &replaced(sample, &[2], null()));
    let reject = |name: &str, reason, comment: &str, bytes: &[u8]| kind.reject(name, reason, comment, bytes);
    reject("versions-backwards", Reason::EmptyWindow, "the last version before the first", &versions(4, 3));
    reject("side-2", Reason::Shape, "a side that does not exist", &replaced(sample, &[0], 2));
    reject("properties-17", Reason::TooLarge, "17 properties", &repeated(sample, &[3], 17));
    reject("property-twice", Reason::Shape, "a property twice", &repeated(sample, &[3], 2));
    reject("constraints-17", Reason::TooLarge, "17 constraints", &repeated(&needs, &[4], 17));
    reject("relation-3", Reason::Shape, "a relation that does not exist", &replaced(&needs, &[4, 0, 1], 3));
    reject("offers-constraint", Reason::Shape, "an offer with a constraint", &replaced(&needs, &[0], 0));
    reject("needs-property", Reason::Shape, "a need with a property", &replaced(sample, &[0], 1));
}

fn body_commitment(sample: &[u8]) {
    let kind = Kind::of("body-commitment", "COMMIT-1");
    body(&kind, "offer", sample);
    let bare = [3, 7, 8, 10].iter().fold(sample.to_vec(), |body, at| replaced(&body, &[*at], null()));
    kind.accept("bare", "to all, of nothing named, without due and return", &bare);
    let act = |act: u64, outcome: Value| replaced(&replaced(sample, &[0], act), &[11], outcome);
    for number in 0..3 {
        kind.accept(&format!("act-{number}"), "each act has its number", &act(number, null()));
    }
    for (number, outcomes) in [(3, 0..3), (4, 3..8)] {
        for outcome in outcomes {
            let name = format!("act-{number}-outcome-{outcome}");
            kind.accept(&name, "how it ended or goes", &act(number, outcome.into()));
        }
    }
    let accept = written(&commitment_accept());
    kind.accept("accept-evidence", "an accept that carries the offer", &accept);
    let reject = |name: &str, reason, comment: &str, bytes: &[u8]| kind.reject(name, reason, comment, bytes);
    reject("act-5", Reason::Shape, "an act of a later version", &act(5, null()));
    reject("end-reported", Reason::Shape, "an end with a report", &act(3, 3.into()));
    reject("end-open", Reason::Shape, "an end without an outcome", &act(3, null()));
    reject("report-ended", Reason::Shape, "a report with an end", &act(4, 2.into()));
    reject("report-open", Reason::Shape, "a report of nothing", &act(4, null()));
    reject("offer-ended", Reason::Shape, "an offer with an outcome", &act(1, 0.into()));
    reject("outcome-8", Reason::Shape, "an outcome that does not exist", &act(4, 8.into()));
    let delayed = replaced(&act(4, 6.into()), &[7], null());
    reject("delayed-without-due", Reason::Shape, "delayed to no moment", &delayed);
    reject("offer-evidence", Reason::Shape, "an offer that carries evidence", &replaced(&accept, &[0], 1));
    kind.accept("text-256", "256 bytes of text", &replaced(sample, &[12], "x".repeat(256)));
    reject("text-257", Reason::TooLarge, "257 bytes of text", &replaced(sample, &[12], "x".repeat(257)));
    let text_bytes = replaced(sample, &[12], bytes(*b"text"));
    reject("text-bytes", Reason::NotCanonical, "the text as bytes", &text_bytes);
    reject("answers-17", Reason::TooLarge, "17 answers", &repeated(sample, &[1], 17));
    reject("parties-9", Reason::TooLarge, "nine parties", &repeated(sample, &[4], 9));
    reject("about-9", Reason::TooLarge, "about nine things", &repeated(sample, &[9], 9));
    reject("against-about-9", Reason::TooLarge, "nine things in return", &repeated(sample, &[10, 3], 9));
    reject("need-constraints-17", Reason::TooLarge, "17 constraints", &repeated(sample, &[8, 2], 17));
    let backwards = array(vec![2.into(), 1.into()]);
    reject("need-backwards", Reason::EmptyWindow, "the last version before the first", &{
        replaced(sample, &[8, 1], backwards.clone())
    });
    reject("against-backwards", Reason::EmptyWindow, "the last version before the first", &{
        replaced(sample, &[10, 2, 1], backwards)
    });
    embedded_rejects(&kind, &accept, &[13]);
}

fn body_terms(edit: &[u8], accept: &[u8]) {
    let kind = Kind::of("body-terms-edit", "TERMS-1");
    body(&kind, "edit", edit);
    kind.accept("first-terms", "in the offer's own entry", &replaced(edit, &[0], null()));
    kind.accept("top", "at the top", &replaced(edit, &[1], array(Vec::new())));
    for (name, of) in edits() {
        kind.accept(&format!("edit-{name}"), "each edit has its number", &{
            written(&kinds::TermsEdit { edit: of, ..terms_edit() })
        });
    }
    for (number, value) in values().into_iter().enumerate() {
        kind.accept(&format!("value-{number:02}"), "each value has its type", &{
            written(&kinds::TermsEdit { edit: kinds::Edit::Put(value), ..terms_edit() })
        });
    }
    let reject = |name: &str, reason, comment: &str, bytes: &[u8]| kind.reject(name, reason, comment, bytes);
    reject("path-9", Reason::TooLarge, "a path of nine steps", &repeated(edit, &[1], 9));
    reject("builds-on-9", Reason::TooLarge, "on nine edits of others", &repeated(edit, &[3], 9));
    let step = |with: Value| replaced(edit, &[1, 0], with);
    reject("step-negative", Reason::Shape, "a negative index", &step((-1).into()));
    reject("step-bytes", Reason::Shape, "a key as bytes", &step(bytes(*b"price")));
    reject("key-257", Reason::TooLarge, "257 bytes of a key", &step("x".repeat(257).into()));
    let put = |number: u64, item: Value| {
        let value = array(vec![number.into(), item]);
        replaced(edit, &[2], array(vec![0.into(), null(), null(), value, null()]))
    };
    reject("value-9", Reason::Shape, "a value that does not exist", &put(9, null()));
    reject("value-text-as-bytes", Reason::Shape, "bytes for a text", &put(3, bytes(*b"a")));
    reject("value-beyond-i64", Reason::Shape, "2^63", &put(2, (1_u64 << 63).into()));
    reject("text-value-257", Reason::TooLarge, "257 bytes of text", &put(3, "x".repeat(257).into()));
    reject("bytes-257", Reason::TooLarge, "257 bytes", &put(4, bytes(vec![0; 257])));
    let splice = |delete: u64, insert: String| {
        replaced(edit, &[2], array(vec![3.into(), 0.into(), delete.into(), null(), insert.into()]))
    };
    kind.accept("splice-256", "256 characters of two bytes for 256", &splice(256, "ü".repeat(256)));
    reject("splice-delete-257", Reason::TooLarge, "257 characters go", &splice(257, String::new()));
    reject("splice-insert-257", Reason::TooLarge, "257 characters come", &splice(0, "x".repeat(257)));
    let edit_of = |items: Vec<Value>| replaced(edit, &[2], array(items));
    let nothing = || vec![null(), null(), null(), null()];
    reject(
        "edit-5",
        Reason::Shape,
        "an edit that does not exist",
        &edit_of([vec![5.into()], nothing()].concat()),
    );
    reject("edit-put-nothing", Reason::Shape, "no value", &edit_of([vec![0.into()], nothing()].concat()));
    let by_text = vec![4.into(), null(), null(), array(vec![3.into(), "1".into()]), null()];
    reject("edit-increment-text", Reason::Shape, "incremented by a text", &edit_of(by_text));

    let kind = Kind::of("body-terms-accept", "TERMS-1");
    body(&kind, "three-parties", accept);
    kind.reject("counts-0", Reason::Shape, "no party", &replaced(accept, &[1], array(Vec::new())));
    kind.reject("counts-9", Reason::TooLarge, "nine parties", &repeated(accept, &[1], 9));
    kind.reject("count-33", Reason::TooLarge, "33 edits of one party", &replaced(accept, &[1, 1], 33));
}

fn body_states(sample: impl Fn(&str) -> Vec<u8>) {
    let of = |name: &'static str, kind: &'static str, spec: &'static str| {
        let (kind, sample) = (Kind::of(kind, spec), sample(name));
        body(&kind, "sample", &sample);
        (kind, sample)
    };
    of("vacated", "body-vacated", "PRESENT-1");
    of("co-signature", "body-co-signature", "COSIGN-1");

    let (kind, sample) = of("present", "body-present", "PRESENT-1");
    kind.accept("everywhere", "no boxes", &replaced(&sample, &[2], array(Vec::new())));
    kind.reject("boxes-9", Reason::TooLarge, "nine boxes", &repeated(&sample, &[2], 9));

    let (kind, sample) = of("attestation", "body-attestation", "ATTEST-1");
    kind.accept("no-lot", "no lots", &replaced(&sample, &[3], array(Vec::new())));
    kind.reject("lots-17", Reason::TooLarge, "17 lots", &repeated(&sample, &[3], 17));
    let empty = array(vec![5.into(), 5.into()]);
    kind.reject("valid-never", Reason::EmptyWindow, "an empty window", &replaced(&sample, &[5], empty));

    let (kind, sample) = of("mode", "body-mode", "MODE-1");
    for mode in 0..4 {
        kind.accept(&format!("mode-{mode}"), "each mode has its number", &replaced(&sample, &[0], mode));
    }
    kind.accept("no-slot", "without a slot", &replaced(&sample, &[1], null()));
    kind.reject("mode-4", Reason::Shape, "a mode that does not exist", &replaced(&sample, &[0], 4));
    let long = replaced(&sample, &[2], "x".repeat(257));
    kind.reject("text-257", Reason::TooLarge, "257 bytes of text", &long);

    let (kind, sample) = of("exception", "body-exception", "ALARM-1");
    let bare = [0, 5, 6].iter().fold(sample.clone(), |body, at| replaced(&body, &[*at], null()));
    kind.accept("many", "all others, about the author, without a cause", &bare);
    let backwards = replaced(&sample, &[4], 5);
    kind.reject("backwards", Reason::EmptyWindow, "the last moment before the first", &backwards);
    kind.reject("severity-256", Reason::Shape, "a severity beyond a byte", &replaced(&sample, &[2], 256));
    let long = replaced(&sample, &[8], "x".repeat(257));
    kind.reject("text-257", Reason::TooLarge, "257 bytes of text", &long);

    let (kind, sample) = of("activation", "body-activation", "ACTIVATE-1");
    let what = |items: Vec<Value>| replaced(&sample, &[0], array(items));
    kind.accept("rule-set", "a rule set", &what(vec![2.into(), null()]));
    kind.reject("what-both", Reason::Shape, "a rule set and a feature", &what(vec![2.into(), "a".into()]));
    kind.reject("what-neither", Reason::Shape, "neither", &what(vec![null(), null()]));
    let late = replaced(&sample, &[4], read(&sample).as_array().expect("an array")[3].clone());
    kind.reject("endorsable-late", Reason::EmptyWindow, "endorsable when it begins", &late);
}

fn body_rotation(sample: &[u8]) {
    let kind = Kind::of("body-rotation", "ROT-1");
    body(&kind, "two-logs", sample);
    kind.accept("none", "no log is cut", &replaced(sample, &[0], array(Vec::new())));
    let many = |count| repeated(sample, &[0], count);
    kind.accept("cuts-32", "32 cuts", &many(bounds::CUTS_MAX));
    kind.reject("cuts-33", Reason::TooLarge, "33 cuts", &many(bounds::CUTS_MAX + 1));
    kind.reject("cut-tail", Reason::Shape, "a fourth field in a cut", &extended(sample, &[0, 0], 0));
}

fn body_closing(sample: &[u8]) {
    let kind = Kind::of("body-closing", "CLOSE-1");
    body(&kind, "partial", sample);
    let none = |at: usize| replaced(sample, &[at], array(Vec::new()));
    kind.accept("whole", "for all and for good", &replaced(&none(2), &[3], null()));
    kind.accept("notices-alone", "no record", &none(1));
    kind.accept("records-alone", "no notice", &none(0));
    let nothing = replaced(&none(0), &[1], array(Vec::new()));
    kind.reject("nothing", Reason::Shape, "neither a notice nor a record", &nothing);
    for (at, name, most) in [(0, "notices", 16), (1, "records", 16), (2, "claims", 8)] {
        kind.accept(&format!("{name}-{most}"), "as many as it may name", &repeated(sample, &[at], most));
        let more = repeated(sample, &[at], most + 1);
        kind.reject(&format!("{name}-{}", most + 1), Reason::TooLarge, "one more than it may name", &more);
    }
    let short = replaced(sample, &[0, 0], bytes([1; 31]));
    kind.reject("id-31", Reason::Shape, "a notice id of 31 bytes", &short);
}

fn entries() {
    let kind = Kind::of("entry", "ENT-1");
    let mut all = Vec::new();
    for (name, record) in known_records() {
        kind.accept(
            &format!("kind-{name}"),
            "one record of this kind",
            entry(std::slice::from_ref(&record)).bytes(),
        );
        all.push(record);
    }
    kind.accept("all-kinds", "one record of each known kind", entry(&all).bytes());
    let (retired, unknown) = (Record::new(16, UNTIL, vec![0x80]), Record::new(9_999, UNTIL, vec![1, 2, 3]));
    let unknown = unknown.with_footprints(Effect::Takes, vec![full_footprint()]).expect("fits");
    kind.accept("unknown-kinds", "a retired and an unknown kind", entry(&[retired, unknown.clone()]).bytes());
    let mut critical = unknown.clone();
    critical.critical = true;
    kind.accept("unknown-critical", "an unknown kind that is critical", entry(&[critical]).bytes());

    let plain = plain_records();
    let header = first_header(&plain).encode();
    let future_records = extended(&Record::encode_all(&[unknown]).expect("fits"), &[0], "a new field");
    let future = extended(&first_header(&future_records).encode(), &[], "another");
    kind.accept("unknown-fields", "more fields in header and record", &raw_entry(&future, &future_records));
    let version_2 = replaced(&future, &[0], 2);
    kind.accept(
        "version-2",
        "version 2 with more fields everywhere",
        &raw_entry(&version_2, &future_records),
    );
    let second = fixtures::header(2, EntryId::of(&LEDGER, &header), &plain);
    kind.accept("second", "the entry behind another", &raw_entry(&second.encode(), &plain));
    let sound = raw_entry(&header, &plain);

    let reject = |name: &str, reason, comment: &str, bytes: &[u8]| kind.reject(name, reason, comment, bytes);
    let other = replaced(&sound, &[1], bytes(Record::encode_all(&all).expect("fits")));
    reject("other-records", Reason::DigestMismatch, "records that the header does not commit to", &other);
    let late = Record::encode_all(&[Record::new(9, Tai(END.0 + 1), vec![0x80])]).expect("fits");
    reject(
        "until-beyond-end",
        Reason::UntilBeyondEnd,
        "a record that outlives its log",
        &raw_first_entry(&late),
    );
    reject("no-record", Reason::RecordCount, "an entry without records", &raw_first_entry(&[0x80]));
    let broken = raw_first_entry(&[0x81, 0x18, 0x01]);
    reject("records-not-shortest", Reason::NotShortest, "a second encoding inside the records", &broken);
    let trailing = raw_first_entry(&[plain.clone(), vec![0x00]].concat());
    reject("records-trailing", Reason::TrailingBytes, "a byte behind the records", &trailing);
    let trailing = raw_entry(&[header.clone(), vec![0x00]].concat(), &plain);
    reject("header-trailing", Reason::TrailingBytes, "a byte behind the header", &trailing);
    reject(
        "header-version-0",
        Reason::Version,
        "version zero",
        &raw_entry(&replaced(&header, &[0], 0), &plain),
    );
    reject("third-item", Reason::Shape, "a third item", &extended(&sound, &[], 0));
    reject("records-inline", Reason::Shape, "records as an array", &replaced(&sound, &[1], array(vec![])));
    let large = [header.clone(), vec![0; bounds::ENTRY_BYTES_MAX]].concat();
    reject("too-large", Reason::TooLarge, "more bytes than an entry has", &raw_entry(&large, &plain));
    let moved = replaced(&header, &[8, 0], 5);
    let forged = replaced(&sound, &[0, 2], bytes(moved));
    reject("signature-of-another", Reason::SignatureInvalid, "a signature over another header", &forged);
    envelope_rejects(&Kind::of("entry", "ENV-1"), &sound, &[0]);
    let as_notice = replaced(&sound, &[0], sealed(&notice_external(), &header));
    let kind = Kind::of("entry", "ENV-3");
    kind.reject("signed-as-notice", Reason::SignatureInvalid, "a header signed as a notice", &as_notice);
    let elsewhere = replaced(&sound, &[0], sealed(&[0x22; 32], &header));
    kind.reject("other-ledger", Reason::SignatureInvalid, "signed for another ledger", &elsewhere);
    key_rejects(|key| raw_entry(&replaced(&header, &[1], bytes(*key)), &plain));
}

/// Entries whose author no signature can be checked under.
fn key_rejects(with_author: impl Fn(&[u8; 32]) -> Vec<u8>) {
    let kind = Kind::of("entry", "KEY-2");
    kind.reject("key-no-point", Reason::KeyEncoding, "an author that is no point", &with_author(&NO_POINT));
    let torsion = with_author(&IDENTITY);
    kind.reject("key-torsion", Reason::KeyTorsion, "an author of small order", &torsion);
}

fn envelope_rejects(kind: &Kind, sound: &[u8], at: &[usize]) {
    let place = |item: usize| [at, &[item]].concat();
    let reject = |name: &str, reason, comment: &str, bytes: &[u8]| kind.reject(name, reason, comment, bytes);
    let protected = |bytes: &[u8]| replaced(sound, &place(0), Value::Bytes(bytes.to_vec()));
    reject("protected-empty", Reason::CoseHeader, "no algorithm", &protected(&[]));
    reject("protected-es256", Reason::CoseHeader, "algorithm ES256", &protected(&[0xa1, 0x01, 0x26]));
    let with_kid = protected(&[0xa2, 0x01, 0x27, 0x04, 0x41, 0x00]);
    reject("protected-kid", Reason::CoseHeader, "a key id beside the algorithm", &with_kid);
    let kid = Value::Map(vec![(4.into(), bytes([0]))]);
    reject("unprotected-kid", Reason::CoseHeader, "an unprotected key id", &replaced(sound, &place(1), kid));
    let detached = replaced(sound, &place(2), null());
    reject("payload-detached", Reason::Shape, "no payload", &detached);
    reject(
        "signature-63",
        Reason::Shape,
        "63 bytes of signature",
        &replaced(sound, &place(3), bytes([0; 63])),
    );
    reject("signature-zero", Reason::SignatureInvalid, "a signature of zeroes", &{
        replaced(sound, &place(3), bytes([0; 64]))
    });
    reject("fifth-item", Reason::Shape, "a fifth item in the envelope", &extended(sound, at, 0));
    let tagged = changed(sound, at, |value| *value = Value::Tag(18, Box::new(value.clone())));
    reject("tagged", Reason::Tag, "the tag of COSE_Sign1", &tagged);
}

fn notices() {
    let kind = Kind::of("notice", "NOT-1");
    for (name, notice) in known_notices() {
        let payload = payload_of(&notice);
        kind.accept(&format!("kind-{name}"), "a notice of this kind", &raw_notice(&payload));
        let future = extended(&replaced(&payload, &[0], 2), &[], "a new field");
        kind.accept(&format!("kind-{name}-version-2"), "version 2 with one more field", &raw_notice(&future));
    }
    for (number, name) in kinds::notice::RETIRED {
        let payload = payload_of(&notice(*number, vec![0x80]));
        kind.accept(&format!("retired-{name}"), "a retired kind is kept", &raw_notice(&payload));
    }
    let later = payload_of(&notice(65, written(&restriction())));
    kind.accept("kind-65", "a later kind that restricts", &raw_notice(&later));
    let payload = payload_of(&notice(77, vec![0xff]));
    let sound = raw_notice(&payload);
    kind.accept("unknown-kind", "an unknown kind whose body is no CBOR", &sound);
    let padded = |length: usize| {
        let empty = replaced(&payload, &[7], bytes(vec![0; 256]));
        let missing = length - raw_notice(&empty).len();
        raw_notice(&replaced(&payload, &[7], bytes(vec![0; 256 + missing])))
    };
    kind.accept("largest", "4,096 bytes", &padded(bounds::NOTICE_BYTES_MAX));
    kind.reject("too-large", Reason::TooLarge, "4,097 bytes", &padded(bounds::NOTICE_BYTES_MAX + 1));
    let at = |place: usize, with: Value| raw_notice(&replaced(&payload, &[place], with));
    kind.reject("version-0", Reason::Version, "version zero", &at(0, 0.into()));
    kind.reject("field-missing", Reason::Shape, "no body", &raw_notice(&shortened(&payload, &[])));
    kind.reject("scope-text", Reason::Shape, "a scope as text", &at(4, "mars".into()));
    kind.reject("scope-label", Reason::PathLabel, "an empty label", &at(4, array(vec!["".into()])));
    kind.reject("body-text", Reason::NotCanonical, "a body as text", &at(7, "body".into()));
    kind.reject("author-torsion", Reason::KeyTorsion, "an author of small order", &at(2, bytes(IDENTITY)));
    kind.reject(
        "author-no-point",
        Reason::KeyEncoding,
        "an author that is no point",
        &at(2, bytes(NO_POINT)),
    );
    envelope_rejects(&Kind::of("notice", "ENV-1"), &sound, &[]);
    let as_header = write(&sealed(LEDGER.as_bytes(), &payload));
    let kind = Kind::of("notice", "ENV-3");
    kind.reject("signed-as-header", Reason::SignatureInvalid, "a notice signed as a header", &as_header);
}

fn forks() {
    let kind = Kind::of("fork", "FORK-1");
    kind.accept("slot-1", "two first entries", &fork(1, [1, 1]));
    kind.accept("slot-7", "two entries in a later slot", &fork(7, [1, 1]));
    kind.accept("chains", "a signed entry and a chain of 16 headers", &fork(2, [1, 16]));
    let pair = |slot| sorted([fork_branch(slot, 1, 1), fork_branch(slot, 1, 2)]);
    let [least, greatest] = pair(2);
    let reject = |name: &str, reason, comment: &str, bytes: &[u8]| kind.reject(name, reason, comment, bytes);
    reject("order", Reason::ForkPair, "the greater id first", &fork_of([greatest.clone(), least.clone()]));
    reject("one-entry", Reason::ForkPair, "one entry twice", &fork_of([least.clone(), least.clone()]));
    reject("slots-differ", Reason::ForkPair, "entries of two slots", &{
        fork_of(sorted([least.clone(), fork_branch(3, 1, 1)]))
    });
    let other_log = vec![replaced(&greatest[0], &[3], 1)];
    reject(
        "logs-differ",
        Reason::ForkPair,
        "entries of two logs",
        &fork_of(sorted([least.clone(), other_log])),
    );
    let chain = fork_branch(2, 3, 1);
    let broken = |headers: Vec<Vec<u8>>| fork_of(sorted([headers, fork_branch(2, 1, 2)]));
    let gap = vec![chain[0].clone(), chain[2].clone()];
    reject("chain-gap", Reason::ForkChain, "a header is missing in a branch", &broken(gap));
    let swapped = vec![chain[0].clone(), replaced(&chain[1], &[7], bytes([0; 32]))];
    reject("chain-prev", Reason::ForkChain, "a header that follows another one", &broken(swapped));
    let other = vec![chain[0].clone(), replaced(&chain[1], &[3], 1)];
    reject("chain-log", Reason::ForkChain, "a header of another log", &broken(other));
    let sound = fork_of(pair(2));
    let none = replaced(&sound, &[0, 0], array(Vec::new()));
    reject("branch-empty", Reason::ForkChain, "a branch without a header", &none);
    reject("branch-17", Reason::ForkChain, "a branch of 17 headers", &fork(2, [1, 17]));
    let long = (0..5).map(|_| extended(&least[0], &[], bytes([0; 680]))).collect();
    reject(
        "branch-too-large",
        Reason::TooLarge,
        "a branch beyond 4,095 bytes",
        &fork_of([long, greatest.clone()]),
    );
    let large: Vec<_> = (0..10).map(|_| extended(&least[0], &[], bytes([0; 680]))).collect();
    reject("too-large", Reason::TooLarge, "a proof beyond 8,192 bytes", &fork_of([large, greatest.clone()]));
    reject("one-branch", Reason::Shape, "a single branch", &shortened(&sound, &[]));
    reject("three-branches", Reason::Shape, "a third branch", &extended(&sound, &[], null()));
    reject("branch-tail", Reason::Shape, "a third item in a branch", &extended(&sound, &[1], 0));
    reject(
        "header-inline",
        Reason::Shape,
        "a header that is no byte string",
        &replaced(&sound, &[0, 0, 0], 1),
    );
    reject(
        "signature-32",
        Reason::Shape,
        "32 bytes of signature",
        &replaced(&sound, &[0, 1], bytes([0; 32])),
    );
    let stolen = changed(&sound, &[], |proof| {
        let branches = proof.as_array_mut().expect("an array");
        let signature = branches[0].as_array().expect("an array")[1].clone();
        branches[1].as_array_mut().expect("an array")[1] = signature;
    });
    reject("one-signature", Reason::SignatureInvalid, "one signature under both branches", &stolen);
    let weak = pair(2).map(|headers| vec![replaced(&headers[0], &[1], bytes(IDENTITY))]);
    reject("author-torsion", Reason::KeyTorsion, "an author of small order", &fork_of(sorted(weak)));
}

fn charters() {
    let kind = Kind::of("charter", "CHARTER-1");
    let plain = charter().bytes().to_vec();
    kind.accept("three-roots", "three roots, threshold two, default parameters", &plain);
    let given = charter().with_gives(vec![charter_give()]).expect("a sound charter");
    kind.accept("first-give", "with a first give", given.bytes());
    let refuse =
        |name: &str, reason: &str, comment: &str, bytes: &[u8]| kind.refuse(name, reason, comment, bytes);
    let at = |path: &[usize], with: Value| replaced(&plain, path, with);
    refuse("version-0", "Version", "version zero", &at(&[0], 0.into()));
    refuse("version-2", "Version", "a version that this one does not know whole", &at(&[0], 2.into()));
    refuse("tail", "Shape", "an eleventh field", &extended(&plain, &[], "a new field"));
    refuse("name-257", "TooLarge", "257 bytes of name", &at(&[1], "x".repeat(257).into()));
    refuse("too-large", "TooLarge", "more than 65,536 bytes", &extended(&plain, &[], bytes(vec![0; 65_536])));
    refuse("name-bytes", "NotCanonical", "the name as bytes", &at(&[1], bytes(*b"forge")));
    refuse("field-missing", "Shape", "no predecessor", &shortened(&plain, &[]));
    let named = at(&[9], bytes(*LEDGER.as_bytes()));
    kind.accept("predecessor", "with a predecessor", &named);
    refuse("predecessor-31", "Shape", "31 bytes of a predecessor", &at(&[9], bytes([1; 31])));
    refuse("root-tail", "Shape", "a sixth field in a root", &extended(&plain, &[2, 0], 0));
    refuse("parameter-missing", "Shape", "nine parameters", &shortened(&plain, &[5]));
    refuse("trailing", "TrailingBytes", "a byte behind the charter", &[plain.clone(), vec![0]].concat());
    refuse("threshold-half", "Threshold", "one of three", &at(&[3], 1.into()));
    refuse("threshold-beyond", "Threshold", "four of three", &at(&[3], 4.into()));
    refuse("root-twice", "RootTwice", "one key twice", &repeated(&plain, &[2], 3));
    refuse("root-torsion", "RootKey", "a root of small order", &at(&[2, 1, 0], bytes(IDENTITY)));
    refuse("roots-0", "Parameter", "no root", &at(&[2], array(Vec::new())));
    refuse(
        "root-max-logs-65",
        "Parameter",
        "more logs than any enrolment may have",
        &at(&[2, 0, 3], 65.into()),
    );
    refuse("root-max-notices-0", "Parameter", "a root that cannot deny", &at(&[2, 0, 4], 0.into()));
    refuse(
        "root-max-notices-4097",
        "Parameter",
        "more notices than any enrolment may have",
        &at(&[2, 0, 4], 4_097.into()),
    );
    refuse("suite-2", "Parameter", "an unknown suite", &at(&[7, 0], 2.into()));
    refuse("suites-two", "Parameter", "a second suite", &extended(&plain, &[7], 1));
    refuse("clock-error-0", "Parameter", "clocks without error", &at(&[5, 0], 0.into()));
    refuse("horizon-step-short", "Parameter", "a step below an epoch", &at(&[5, 5], 1.into()));
    let give = |path: &[usize], with: Value| replaced(given.bytes(), &[&[8, 0], path].concat(), with);
    refuse("give-root-3", "Parameter", "a holder that is no root", &give(&[1], 3.into()));
    refuse("give-every-short", "Parameter", "a second window inside the first", &give(&[5], 0.into()));
    refuse("give-repeats-4097", "Parameter", "too many windows", &give(&[6], 4_097.into()));
    kind.accept("give-assignable-none", "no window for votes", &give(&[7], null()));
    refuse("give-assignable-30", "Parameter", "no window behind the repeats", &give(&[7], 30.into()));
    refuse("give-assignable-65537", "Parameter", "too many windows for votes", &give(&[7], 65_537.into()));
    given_twice(&kind);
    refuse("give-amount-2", "Parameter", "an exclusive resource twice", &give(&[0, 4], 2.into()));
    refuse("give-window-empty", "EmptyWindow", "an empty window", &{
        give(&[0, 2], array(vec![5.into(), 5.into()]))
    });
    let right = extended(&shortened(given.bytes(), &[8, 0, 0]), &[8, 0, 0], {
        read(&kinds::notice::encode(&endorsement()).expect("within bounds")).as_array().expect("an array")[0]
            .clone()
    });
    refuse("give-from-right", "Parameter", "a first give taken from a right", &right);
}

/// Charters with two first gives.
fn given_twice(kind: &Kind) {
    let sound = charter_give();
    let days = |days: u64, give: &CharterGive| {
        let window = give.footprint.window;
        let moved = |at: Tai| at.plus(Millis::days(days));
        let mut give = give.clone();
        give.footprint.window = Window::new(moved(window.start()), moved(window.end())).expect("not empty");
        give
    };
    // Behind the last window that votes may assign.
    let behind = CharterGive { last_assignable: None, ..days(366, &sound) };
    let of = |second: &CharterGive| {
        charter().with_gives(vec![sound.clone(), second.clone()]).map(|charter| charter.bytes().to_vec())
    };
    let bytes_of = |second: &CharterGive| of(second).expect("a sound charter");
    kind.accept("give-behind", "a second give behind the last window of the first", &bytes_of(&behind));
    let cell = |start: i64| {
        let span = BoxSpan::new(start, start + 10).expect("not empty");
        vec![IntBox::try_from(vec![span]).expect("one dimension")]
    };
    let within = |start: i64, give: &CharterGive| {
        let footprint = give.footprint.clone().within(cell(start)).expect("one box");
        CharterGive { footprint, ..give.clone() }
    };
    let beside = charter().with_gives(vec![within(0, &sound), within(10, &sound)]).expect("a sound charter");
    kind.accept("give-beside", "two gives of cells beside each other", beside.bytes());
    let given = beside.bytes();
    let touching = replaced(given, &[8, 1, 0, 3, 0, 0, 0], 9);
    kind.refuse("give-cell-twice", "GivenTwice", "two gives of one cell", &touching);
    // The second one a day earlier: it meets the last window that votes may assign.
    let twice = |start: u64| {
        let ends = array(vec![start.into(), (start + 3_600_000).into()]);
        replaced(&bytes_of(&behind), &[8, 1, 0, 2], ends)
    };
    let first = sound.footprint.window.start().0;
    kind.refuse("give-twice", "GivenTwice", "one resource twice at once", &twice(first));
    let late = twice(first + 365 * Millis::DAY.0 + 3_599_999);
    kind.refuse("give-twice-assignable", "GivenTwice", "it meets the last window for votes by 1 ms", &late);
    let mixed = replaced(&bytes_of(&behind), &[8, 1, 0, 1], 2);
    kind.refuse("give-measures", "MixedMeasures", "one resource exclusive and as a rate", &mixed);
    let long = replaced(&bytes_of(&behind), &[8, 0, 0, 2], {
        array(vec![first.into(), (first + 46 * Millis::DAY.0).into()])
    });
    let long = replaced(&long, &[8, 0, 5], 46 * Millis::DAY.0);
    kind.refuse("give-assignable-long", "AssignableTooLong", "windows for votes longer than L", &long);
}
