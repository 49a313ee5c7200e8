//! The vectors: every file under `vectors/` is judged as it says `[REF-1]`, `[CBOR-1]`, `[HDR-1]`,
//! `[REC-1]`, `[ENT-1]`, `[ENV-1]`, `[NOT-1]`, `[FORK-1]`, `[CHARTER-1]`, `[KIND-1]`, `[KEY-1]`.

#![allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod fixtures;

use cddl_cat::ValidateError;
use fixtures::{LEDGER, read, write};
use intent_contracts::kinds::{self, Body};
use intent_contracts::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const CDDL: &str = include_str!("../cddl/intent-ledger.cddl");

/// The digest of all vector files, by path and content.
///
/// Version 1 freezes with its release: then neither the files nor this value change again, and what is added later
/// goes into a folder of its own.
const DIGEST: &str = "0da3a7bd869014ea63ab8a71e6bb3dd41eb9537d6d4130d9b15cb331672f9957";

/// Reasons that need more than the bytes: the ledger gives them, from what it holds.
const NOT_FROM_BYTES_ALONE: &[Reason] = &[
    Reason::ForeignLedger,
    Reason::Lapsed,
    Reason::EnrolmentMismatch,
    Reason::BeyondEnrolment,
    Reason::NoAuthority,
    Reason::OutsideInterests,
    Reason::Overflow,
    Reason::AboveFork,
    Reason::AboveEnd,
    Reason::PoolFull,
];

/// One vector file.
struct Vector {
    path: PathBuf,
    kind: String,
    /// `None` for accept, else the name of the reason.
    expect: Option<String>,
    spec: String,
    bytes: Vec<u8>,
}

fn vectors() -> Vec<Vector> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/v1");
    let mut all = Vec::new();
    for folder in entries_of(&root) {
        let kind = folder.file_name().unwrap().to_str().unwrap().to_owned();
        all.extend(entries_of(&folder).into_iter().map(|path| parse(path, &kind)));
    }
    all
}

fn entries_of(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

fn parse(path: PathBuf, kind: &str) -> Vector {
    let text = std::fs::read_to_string(&path).unwrap();
    let (head, hex) = text.split_once("\n\n").unwrap_or_else(|| panic!("{path:?} lacks the blank line"));
    let lines: Vec<_> = head.lines().collect();
    let [expect, spec, comment] = lines[..] else { panic!("{path:?} has other lines than three") };
    let field = |line: &str, name: &str| {
        let value = line.strip_prefix(name).and_then(|rest| rest.strip_prefix(": "));
        value.unwrap_or_else(|| panic!("{path:?}: {name} is missing")).to_owned()
    };
    let expect = field(expect, "expect");
    let expect = match expect.strip_prefix("reject ") {
        Some(reason) => Some(reason.to_owned()),
        None => {
            assert_eq!(expect, "accept", "{path:?}");
            None
        }
    };
    let digits: String = hex.split_whitespace().collect();
    let byte = |place: usize| u8::from_str_radix(&digits[place..place + 2], 16).unwrap();
    let bytes = (0..digits.len()).step_by(2).map(byte).collect();
    assert!(!field(comment, "comment").is_empty(), "{path:?}");
    Vector { kind: kind.to_owned(), expect, spec: field(spec, "spec"), bytes, path }
}

/// The verdict of the crate on the bytes of a vector; the name of the reason when it refuses.
fn judge(kind: &str, bytes: &[u8]) -> Result<(), String> {
    let refused = |refusal: Refusal| refusal.reason.name().to_owned();
    let wrote = |written: &[u8]| assert_eq!(written, bytes, "what was read is written as it was");
    match kind {
        "cbor" => cbor::walk(bytes).map_err(refused),
        "header" => Header::decode(bytes).map(|header| wrote(&header.encode())).map_err(refused),
        "records" => Record::decode_all(bytes)
            .map(|records| wrote(&Record::encode_all(&records).unwrap()))
            .map_err(refused),
        "entry" => SignedEntry::decode(&LEDGER, bytes)
            .and_then(|entry| authentic(Item::Entry(entry)))
            .map(|item| match item {
                VerifiedItem::Entry(entry) => wrote(entry.bytes()),
                other => panic!("{other:?}"),
            })
            .map_err(refused),
        "notice" => SignedNotice::decode(&LEDGER, bytes)
            .and_then(|notice| authentic(Item::Notice(notice)))
            .map(|item| match item {
                VerifiedItem::Notice(notice) => wrote(notice.bytes()),
                other => panic!("{other:?}"),
            })
            .map_err(refused),
        "fork" => UncheckedFork::decode(&LEDGER, bytes)
            .and_then(|fork| authentic(Item::Fork(fork)))
            .map(|item| match item {
                VerifiedItem::Fork(proof) => wrote(&proof.encode()),
                other => panic!("{other:?}"),
            })
            .map_err(refused),
        "charter" => match Charter::decode(bytes) {
            Ok(charter) => {
                wrote(charter.bytes());
                wrote(charter.with_gives(charter.gives().to_vec()).unwrap().bytes());
                Ok(())
            }
            Err(CharterError::Refused(refusal)) => Err(refused(refusal)),
            Err(CharterError::Threshold { .. }) => Err("Threshold".to_owned()),
            Err(CharterError::RootTwice { .. }) => Err("RootTwice".to_owned()),
            Err(CharterError::RootKey { .. }) => Err("RootKey".to_owned()),
            Err(CharterError::Parameter { .. }) => Err("Parameter".to_owned()),
            Err(CharterError::GivenTwice { .. }) => Err("GivenTwice".to_owned()),
            Err(CharterError::MixedMeasures { .. }) => Err("MixedMeasures".to_owned()),
            Err(CharterError::AssignableTooLong { .. }) => Err("AssignableTooLong".to_owned()),
            // They need the predecessor's charter.
            Err(error @ (CharterError::NotSuccessor { .. } | CharterError::BeforePredecessorEnds { .. })) => {
                panic!("{error}")
            }
        },
        "key" => AuthorKey::from_bytes(bytes.try_into().unwrap()).check().map(|_| ()).map_err(refused),
        "signature" => signature(bytes).map_err(refused),
        _ => body(kind, bytes).map_err(refused),
    }
}

/// Key, signature and message, one behind the other.
fn signature(bytes: &[u8]) -> Result<(), Refusal> {
    let (key, rest) = bytes.split_first_chunk::<32>().unwrap();
    let (signature, message) = rest.split_first_chunk::<64>().unwrap();
    let key = AuthorKey::from_bytes(*key).check()?;
    let accepted = key.accepts(message, &Signature::from_bytes(*signature));
    if accepted { Ok(()) } else { Err(Reason::SignatureInvalid.into()) }
}

fn authentic(item: Item) -> Result<VerifiedItem, Refusal> {
    if let Item::Entry(entry) = &item {
        let single = verify_one(&LEDGER, entry.clone(), &mut KeyRing::new()).map(|_| ());
        let batch = verify_all(&LEDGER, vec![item.clone()], &mut KeyRing::new(), &[1; 32]).remove(0);
        assert_eq!(single, batch.map(|_| ()));
    }
    verify_all(&LEDGER, vec![item], &mut KeyRing::new(), &[0; 32]).remove(0)
}

fn body(kind: &str, bytes: &[u8]) -> Result<(), Refusal> {
    fn known<B: Body>(bytes: &[u8]) -> Result<(), Refusal> {
        let reading = B::read(bytes)?;
        let mut items = read(bytes).into_array().unwrap();
        assert_eq!(reading.extended, items.len() > B::FIELDS);
        items.truncate(B::FIELDS);
        let written = kinds::notice::encode(&reading.body)?;
        assert_eq!(written, write(&ciborium::Value::Array(items)));
        Ok(())
    }
    match kind {
        "body-enrol" => known::<kinds::Enrol>(bytes),
        "body-resource" => known::<kinds::Resource>(bytes),
        "body-give" => known::<kinds::Give>(bytes),
        "body-claim" => known::<kinds::Claim>(bytes),
        "body-release" | "body-post" | "body-return" => known::<kinds::GivingBack>(bytes),
        "body-reclaim" => known::<kinds::Reclaim>(bytes),
        "body-advert" => known::<kinds::Advert>(bytes),
        "body-commitment" => known::<kinds::Commitment>(bytes),
        "body-rotation" => known::<kinds::Rotation>(bytes),
        "body-vacated" => known::<kinds::Vacated>(bytes),
        "body-terms-edit" => known::<kinds::TermsEdit>(bytes),
        "body-terms-accept" => known::<kinds::TermsAccept>(bytes),
        "body-attestation" => known::<kinds::Attestation>(bytes),
        "body-mode" => known::<kinds::ModeChange>(bytes),
        "body-exception" => known::<kinds::Exception>(bytes),
        "body-closing" => known::<kinds::Closing>(bytes),
        "body-activation" => known::<kinds::Activation>(bytes),
        "body-co-signature" => known::<kinds::CoSignature>(bytes),
        "body-present" => known::<kinds::Present>(bytes),
        "body-breaker-trip" => known::<kinds::notice::Trip>(bytes),
        "body-revocation" => known::<kinds::notice::Revocation>(bytes),
        "body-endorsement" => known::<kinds::notice::Endorsement>(bytes),
        "body-attestation-failed" => known::<kinds::notice::Failure>(bytes),
        "body-vote" => known::<kinds::notice::Vote>(bytes),
        "body-restriction" => known::<kinds::notice::Restriction>(bytes),
        _ => panic!("no judge for vectors of kind {kind}"),
    }
}

#[test]
fn every_vector_is_judged_as_it_says() {
    for vector in vectors() {
        assert_eq!(judge(&vector.kind, &vector.bytes).err(), vector.expect, "{:?}", vector.path);
    }
}

#[test]
fn every_vector_cites_a_clause() {
    let clause = |text: &str| {
        let (name, number) = text.rsplit_once('-').unwrap_or_default();
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase()) && number.parse::<u8>().is_ok()
    };
    for vector in vectors() {
        let inner = vector.spec.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        assert!(inner.is_some_and(clause), "{:?}: {}", vector.path, vector.spec);
    }
}

#[test]
fn every_reason_that_bytes_can_give_has_a_vector() {
    let shown: BTreeSet<_> = vectors().into_iter().filter_map(|vector| vector.expect).collect();
    for reason in Reason::ALL {
        let contextual = NOT_FROM_BYTES_ALONE.contains(reason);
        assert_eq!(shown.contains(reason.name()), !contextual, "{}", reason.name());
    }
    let of_charters = [
        "Threshold",
        "RootTwice",
        "RootKey",
        "Parameter",
        "GivenTwice",
        "MixedMeasures",
        "AssignableTooLong",
    ];
    for charter in of_charters {
        assert!(shown.contains(charter), "{charter}");
    }
}

#[test]
fn every_known_kind_has_accepted_vectors() {
    let accepted: BTreeSet<_> = vectors()
        .into_iter()
        .filter(|vector| vector.expect.is_none())
        .map(|vector| format!("{}/{}", vector.kind, vector.path.file_stem().unwrap().to_str().unwrap()))
        .collect();
    let any =
        |prefix: &str| accepted.range(prefix.to_owned()..).next().is_some_and(|v| v.starts_with(prefix));
    for (name, _) in fixtures::known_records() {
        assert!(any(&format!("body-{name}/accept-")), "{name}");
        assert!(any(&format!("entry/accept-kind-{name}")), "{name}");
    }
    for (name, _) in fixtures::known_notices() {
        assert!(any(&format!("body-{name}/accept-")), "{name}");
        assert!(any(&format!("notice/accept-kind-{name}")), "{name}");
    }
    for kind in ["cbor", "header", "records", "fork", "charter", "key", "signature"] {
        assert!(any(&format!("{kind}/accept-")), "{kind}");
    }
}

/// `[FOOT-1]`
#[test]
fn a_newer_version_is_kept_and_its_footprints_are_read() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/v1/entry/accept-version-2.txt");
    let vector = parse(path, "entry");
    let entry = SignedEntry::decode(&LEDGER, &vector.bytes).unwrap();
    assert_eq!(entry.bytes(), vector.bytes);
    assert_eq!(entry.header().version, 2);
    assert_eq!(entry.header().tail(), b"\x67another");
    let record = &entry.records()[0];
    assert_eq!(kinds::Meaning::of(record), kinds::Meaning::Unknown);
    assert_eq!(record.tail(), b"\x6ba new field");
    assert_eq!(record.footprints(), [fixtures::full_footprint()]);
}

/// The CDDL rule for vectors of a kind, if they are CBOR of this format.
fn rule(kind: &str) -> Option<&str> {
    match kind {
        "cbor" | "key" | "signature" => None,
        "fork" => Some("fork-proof"),
        _ => Some(kind.strip_prefix("body-").unwrap_or(kind)),
    }
}

fn valid(rule: &str, bytes: &[u8]) -> bool {
    match cddl_cat::validate_cbor_bytes(rule, CDDL, bytes) {
        Ok(()) => true,
        Err(ValidateError::Mismatch(_) | ValidateError::MapCut(_)) => false,
        Err(error) => panic!("the rule {rule} cannot be judged: {error}"),
    }
}

#[test]
fn accepted_vectors_satisfy_the_cddl() {
    for vector in vectors().iter().filter(|vector| vector.expect.is_none()) {
        let Some(rule) = rule(&vector.kind) else { continue };
        let verdict = cddl_cat::validate_cbor_bytes(rule, CDDL, &vector.bytes);
        assert!(verdict.is_ok(), "{:?} against {rule}: {verdict:?}", vector.path);
        if vector.kind == "entry" {
            let entry = SignedEntry::decode(&LEDGER, &vector.bytes).unwrap();
            assert!(valid("header", entry.header_bytes()), "{:?}", vector.path);
        }
    }
}

/// Rejections of a field's type, count or length violate the CDDL too, unless it cannot say so.
#[test]
fn refused_shapes_violate_the_cddl() {
    // Relations between fields, bounds in bytes and the ends of i64 are beyond the CDDL.
    let beyond = |path: &Path| {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let place = format!("{}/{name}", path.parent().unwrap().file_name().unwrap().to_str().unwrap());
        let ends = [
            "too-large",
            "text-257",
            "name-257",
            "beyond-i64",
            "value-257",
            "bytes-257",
            "key-257",
            "insert-257",
        ];
        let related = [
            "body-enrol/reject-needs-more",
            "body-enrol/reject-needs-twice",
            "body-advert/reject-property-twice",
            "body-vote/reject-windows-65",
            "body-closing/reject-nothing",
        ];
        let beyond = ends.iter().any(|end| name.ends_with(end)) || related.contains(&place.as_str());
        beyond || place.ends_with("unused-missing")
    };
    for vector in vectors() {
        let Some(rule) = rule(&vector.kind) else { continue };
        let structural = ["Shape", "TooLarge", "PathLabel", "Version", "NotCanonical", "RecordCount"];
        if vector.expect.as_deref().is_some_and(|reason| structural.contains(&reason))
            && !beyond(&vector.path)
        {
            assert!(!valid(rule, &vector.bytes), "{:?} against {rule}", vector.path);
        }
    }
}

#[test]
fn the_vectors_are_the_ones_of_the_digest() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/v1");
    let mut hasher = blake3::Hasher::new();
    for path in vectors().into_iter().map(|vector| vector.path) {
        let name = path.strip_prefix(&root).unwrap().components();
        let name: Vec<_> = name.map(|part| part.as_os_str().to_str().unwrap()).collect();
        let content = std::fs::read(&path).unwrap();
        for part in [name.join("/").as_bytes(), &content] {
            hasher.update(&(part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
    }
    assert_eq!(hasher.finalize().to_hex().as_str(), DIGEST);
}
