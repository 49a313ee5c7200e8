//! Bytes that nobody signed, and floods from strangers.

use super::cast::{Cast, Member, STRANGER};
use super::pen::{Note, Pen};
use super::replica::parcel;
use crate::world::{Draw, WorldItem};
use intent_contracts::cbor::{self, Items};
use intent_contracts::{EntryId, Lane, LogKey, Millis, Record, RecordId, Scope, SignedEntry, Tai};
use intent_ledger::{BundleBuilder, ItemBytes};
use std::sync::LazyLock;

/// A bundle of forged items around a sound one that nobody has seen, and an entry that everybody may have.
pub(super) fn bundle(
    cast: &Cast,
    member: &Member,
    sound: &WorldItem,
    other: Option<&SignedEntry>,
    now: Tai,
    draw: &mut Draw,
) -> Vec<u8> {
    let ledger = cast.charter.ledger_id();
    let WorldItem::Entry(entry) = sound else { return Vec::new() };
    let mut builder = BundleBuilder::new(ledger, usize::MAX);
    for _ in 0..=draw.below(2) {
        let (kind, bytes) = match draw.below(5) {
            0 => (0, resigned(entry.bytes(), draw)),
            1 => (0, swapped(entry, draw)),
            2 => (0, by_stranger(cast, entry.header().log, now)),
            3 => (1, notice_by_stranger(cast, member, now)),
            _ => (2, other.and_then(|other| senseless_proof(other, draw)).unwrap_or_default()),
        };
        let item = match kind {
            0 => ItemBytes::Entry(&bytes),
            1 => ItemBytes::Notice(&bytes),
            _ => ItemBytes::Fork(&bytes),
        };
        if !bytes.is_empty() {
            builder.push(item);
        }
    }
    let mut bytes = builder.finish();
    if draw.below(8) == 0 && bytes.len() > 8 {
        // Another ledger's tag.
        bytes[6] ^= 1;
    }
    bytes
}

/// The same entry under a signature that nobody made.
fn resigned(bytes: &[u8], draw: &mut Draw) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let Some(start) = signature_start(&bytes) else { return Vec::new() };
    bytes[start + draw.below(64)] ^= 1 << draw.below(8);
    bytes
}

fn signature_start(bytes: &[u8]) -> Option<usize> {
    let envelope = Items::of(bytes).ok()?.next()?;
    let signature = Items::of(envelope).ok()?.nth(3)?;
    // The two bytes of the string's head, then the signature.
    Some(signature.as_ptr() as usize - bytes.as_ptr() as usize + 2)
}

/// Other records under a true header.
fn swapped(entry: &SignedEntry, draw: &mut Draw) -> Vec<u8> {
    let other = Record::new(9, entry.header().log.end, draw.bytes().to_vec());
    let records = Record::encode_all(&[other]).unwrap_or_default();
    let envelope = Items::of(entry.bytes()).ok().and_then(|mut items| items.next());
    let mut out = vec![0x82];
    out.extend_from_slice(envelope.unwrap_or_default());
    cbor::byte_string(&mut out, &records);
    out
}

/// An entry in a member's name, signed by a stranger.
fn by_stranger(cast: &Cast, log: LogKey, now: Tai) -> Vec<u8> {
    let mut pen = Pen::at(cast.charter.ledger_id(), STRANGER, log, 1, log.enrolment.entry);
    let item = pen.write(now, &[Record::new(9, log.end, vec![0x80])]);
    item.bytes().to_vec()
}

/// A notice in a member's name, under another's signature.
fn notice_by_stranger(cast: &Cast, member: &Member, now: Tai) -> Vec<u8> {
    let (enrolment, scope, until) = (member.enrolment, &member.scope, member.until);
    let note = Note { signer: member.key, enrolment, scope, until, at: now, future: false };
    let item = note.sign(&cast.charter.ledger_id(), (88, vec![7; 9]));
    let mut bytes = item.bytes().to_vec();
    if let Some(last) = bytes.last_mut() {
        *last ^= 1;
    }
    bytes
}

/// A fork proof whose second branch is a header that nobody signed.
fn senseless_proof(entry: &SignedEntry, draw: &mut Draw) -> Option<Vec<u8>> {
    let true_header = entry.header_bytes().to_vec();
    let mut header = entry.header().clone();
    header.digest = intent_contracts::Digest::of(&draw.bytes());
    let false_header = header.encode();
    let ledger_order = |bytes: &[u8]| blake3::hash(bytes).as_bytes().to_vec();
    let signature = entry.signature().as_bytes().to_vec();
    let mut branches = [(true_header, signature.clone()), (false_header, signature)];
    // Which of them has the lesser id is not asked for here: half of the tries are right.
    branches.sort_by_key(|(header, _)| ledger_order(header));
    let mut out = vec![0x82];
    for (header, signature) in &branches {
        out.extend_from_slice(&[0x82, 0x81]);
        cbor::byte_string(&mut out, header);
        cbor::byte_string(&mut out, signature);
    }
    Some(out)
}

/// More than the pool holds: many small items, or fewer large ones, in bundles.
pub(super) fn flood(cast: &Cast, large: bool) -> &'static [Vec<u8>] {
    static SMALL: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| flood_of(super::cast::cast(), 4_200, 8));
    static LARGE: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| flood_of(super::cast::cast(), 2_300, 3_800));
    debug_assert_eq!(cast.charter.ledger_id(), super::cast::cast().charter.ledger_id());
    if large { &LARGE } else { &SMALL }
}

fn flood_of(cast: &Cast, count: u64, bytes: usize) -> Vec<Vec<u8>> {
    let ledger = cast.charter.ledger_id();
    // An enrolment that never comes.
    let enrolment = RecordId { entry: EntryId::from_bytes([0xee; 32]), index: 0 };
    let until = cast.charter.until();
    let scope = Scope::root();
    let item = |number: u64| {
        if number.is_multiple_of(2) && bytes < 100 {
            let mut pen = Pen::new(ledger, STRANGER, Lane::Productivity, number, until, enrolment);
            pen.write(super::cast::START.plus(Millis(number)), &[Record::new(9, until, vec![0x80])])
        } else {
            let at = super::cast::START;
            let note = Note { signer: STRANGER, enrolment, scope: &scope, until, at, future: false };
            let mut body = number.to_be_bytes().to_vec();
            body.resize(bytes.max(8), 0);
            note.sign(&ledger, (88, body))
        }
    };
    let items: Vec<WorldItem> = (0..count).map(item).collect();
    items.chunks(900).map(|chunk| parcel(ledger, chunk.iter())).collect()
}
