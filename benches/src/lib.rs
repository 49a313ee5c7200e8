//! Inputs of the benches: a fleet whose authors are all enrolled, and what they wrote.
//!
//! - Everything derives from fixed seeds, so two runs measure the same bytes.
//! - A bench of a ratio takes both sides from here, so both see the same keys and messages.

use intent_ledger::contracts::kinds::{Body, Claim, Enrol, Lineage, Roles};
use intent_ledger::contracts::{
    AuthorKey, Authored, Charter, CharterParameters, CharterRoot, Clock, Digest, Footprint, Header, Item,
    KeyRing, Label, Lane, LedgerId, LogKey, Measure, Millis, Record, RecordId, ResourceId, Scope, SecretKey,
    Signature, SignedEntry, Signer, Tai, Window, cbor,
};
use intent_ledger::{BundleBuilder, Frontier, Host, ItemBytes, Ledger, MemoryStore, NoContinuity, Store};
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::SeedableRng;

/// The moment of every bench.
pub const NOW: Clock = Clock::new(Tai(1_800_000_000_000), Millis(50));
/// The end of every log.
const END: Tai = Tai(1_810_000_000_000);
/// The end of every enrolment.
const UNTIL: Tai = Tai(1_900_000_000_000);
/// Records of one enrolling entry.
const ENROLS_PER_ENTRY: usize = 16;

/// A charter with one root, and authors that the root has enrolled.
pub struct Fleet {
    /// What founds every replica.
    pub charter: Charter,
    authors: Vec<(SecretKey, RecordId)>,
    enrolments: Vec<u8>,
}

impl Fleet {
    /// A fleet of `authors` authors beside the root.
    ///
    /// # Panics
    /// When the library refuses its own writing.
    #[must_use]
    pub fn of(authors: usize) -> Self {
        let root = seeded(0);
        let roots = vec![CharterRoot::new(root.author(), u64::MAX, 64)];
        let charter = Charter::new("forge", roots, 1, UNTIL, CharterParameters::default(), [7; 32])
            .expect("the charter is sound");
        let mut ledger = founded(&charter, MemoryStore::new());
        let keys: Vec<SecretKey> = (1..=authors).map(seeded).collect();
        let mut enrolled = Vec::with_capacity(authors);
        for some in keys.chunks(ENROLS_PER_ENTRY) {
            let records: Vec<Record> = some.iter().map(|key| enrolment(key.author())).collect();
            let written = ledger.append(Lane::Safety, &records, NOW).expect("the root may enrol");
            enrolled.extend((0..).zip(some).map(|(index, _)| RecordId { entry: written.id, index }));
        }
        let peer = Frontier::unknown(&charter.ledger_id(), vec![Scope::root()]);
        let enrolments = ledger.bundle(&peer, usize::MAX).expect("memory answers").bytes;
        Self { charter, authors: keys.into_iter().zip(enrolled).collect(), enrolments }
    }

    /// A replica that has admitted the enrolments and nothing else.
    ///
    /// # Panics
    /// When the library refuses its own writing.
    pub fn replica<S: Store>(&self, store: S) -> Ledger<S> {
        let mut ledger = founded(&self.charter, store);
        ledger.absorb(&self.enrolments, NOW).expect("the store answers");
        ledger
    }

    /// `count` entries, each with one claim on one footprint, log by log: every author writes `logs`
    /// logs of equal length.
    ///
    /// # Panics
    /// When an entry cannot be signed.
    #[must_use]
    pub fn entries(&self, count: usize, logs: usize) -> Vec<SignedEntry> {
        let ledger = self.charter.ledger_id();
        let each = count.div_ceil(self.authors.len() * logs);
        let mut out = Vec::with_capacity(count);
        for (author, enrolment) in &self.authors {
            for incarnation in 0..logs {
                let log = LogKey {
                    author: author.author(),
                    lane: Lane::Productivity,
                    incarnation: incarnation as u64,
                    end: END,
                    enrolment: *enrolment,
                };
                write_log(&ledger, log, author, each.min(count - out.len()), &mut out);
            }
        }
        out
    }
}

/// Continues a log from its first slot.
fn write_log(ledger: &LedgerId, log: LogKey, author: &SecretKey, count: usize, out: &mut Vec<SignedEntry>) {
    let mut prev = log.enrolment.entry;
    for seq in 1..=count as u64 {
        let authored = Authored { at: NOW.middle().plus(Millis(seq)), error: Millis(50) };
        let records = Record::encode_all(&[claim(seq)]).expect("one small record");
        let header = Header::new(log, seq, prev, authored, Digest::of(&records));
        let entry = SignedEntry::sign(ledger, &header, &records, author).expect("a key in memory signs");
        prev = entry.id();
        out.push(entry);
    }
}

/// A claim on one footprint.
///
/// # Panics
/// Never.
#[must_use]
pub fn claim(number: u64) -> Record {
    let start = NOW.middle().plus(Millis(number));
    let window = Window::new(start, start.plus(Millis::HOUR)).expect("an hour is not empty");
    let resource = ResourceId::from_bytes([9; 32]);
    let footprint = Footprint::open(resource, Measure::Exclusive, window, 1);
    let body = Claim { class: 3, least: Millis::HOUR, ideal: Millis::HOUR, ..Claim::new(vec![vec![0]]) };
    body.record(END, vec![footprint]).expect("one alternative of one footprint")
}

/// The bundle of `entries`; it must fit one call of `absorb`.
///
/// # Panics
/// When the entries do not fit.
#[must_use]
pub fn bundle_of(ledger: &LedgerId, entries: &[SignedEntry]) -> Vec<u8> {
    let mut builder = BundleBuilder::new(*ledger, usize::MAX);
    assert!(
        entries.iter().all(|entry| builder.push(ItemBytes::Entry(entry.bytes()))),
        "too much for one call"
    );
    builder.finish()
}

/// Absorbs any number of entries, in as many calls as they need.
///
/// # Panics
/// When an entry is not admitted.
pub fn absorb_all<S: Store>(ledger: &mut Ledger<S>, entries: &[SignedEntry]) {
    let before = ledger.entry_count();
    let id = ledger.ledger_id();
    for some in entries.chunks(4_096) {
        ledger.absorb(&bundle_of(&id, some), NOW).expect("the store answers");
    }
    assert_eq!(ledger.entry_count() - before, entries.len() as u64, "every entry is admitted");
}

/// Another replica's host: it writes nothing, or writes as the root.
#[must_use]
pub fn host() -> Host {
    Host {
        signer: Box::new(seeded(0)),
        continuity: Box::new(NoContinuity),
        entropy: Box::new(ChaCha12Rng::from_seed([3; 32])),
    }
}

/// What a signature check needs and nothing else: the raw side of every ratio.
pub struct Signed {
    key: AuthorKey,
    message: Vec<u8>,
    signature: Signature,
}

/// The signatures of `entries`, with their messages built.
///
/// # Panics
/// When a message is not the one that was signed.
#[must_use]
pub fn signatures_of(ledger: &LedgerId, entries: &[SignedEntry]) -> Vec<Signed> {
    let signed: Vec<Signed> = entries
        .iter()
        .map(|entry| Signed {
            key: entry.header().log.author,
            message: message(ledger, entry.header_bytes()),
            signature: *entry.signature(),
        })
        .collect();
    assert!(signed.iter().all(verify_raw), "the messages are those that were signed");
    signed
}

/// The `Sig_structure` of a header (RFC 9052 section 4.4), written out so that the raw side shares no
/// code with the library.
fn message(ledger: &LedgerId, header: &[u8]) -> Vec<u8> {
    let mut out = b"\x84\x6aSignature1\x43\xa1\x01\x27".to_vec();
    cbor::byte_string(&mut out, ledger.as_bytes());
    cbor::byte_string(&mut out, header);
    out
}

/// One raw ZIP-215 check.
///
/// # Panics
/// When the key is none.
#[must_use]
pub fn verify_raw(signed: &Signed) -> bool {
    let key = ed25519_zebra::VerificationKey::try_from(*signed.key.as_bytes()).expect("a sound key");
    let signature = ed25519_zebra::Signature::from_bytes(signed.signature.as_bytes());
    key.verify(&signature, &signed.message).is_ok()
}

/// One raw ZIP-215 batch over all of `signed`.
///
/// # Panics
/// When the batch does not verify.
pub fn verify_raw_batch(signed: &[Signed]) {
    let mut batch = ed25519_zebra::batch::Verifier::new();
    for one in signed {
        let key = ed25519_zebra::VerificationKeyBytes::from(*one.key.as_bytes());
        let signature = ed25519_zebra::Signature::from_bytes(one.signature.as_bytes());
        batch.queue((key, signature, one.message.as_slice()));
    }
    batch.verify(ChaCha12Rng::from_seed([5; 32])).expect("every signature is sound");
}

/// The library's check of the same entries: keys known, bytes parsed.
///
/// # Panics
/// When an entry does not verify.
pub fn verify_ours(ledger: &LedgerId, items: Vec<Item>, ring: &mut KeyRing) {
    let verdicts = intent_ledger::contracts::verify_all(ledger, items, ring, &[8; 32]);
    assert!(verdicts.iter().all(Result::is_ok), "every signature is sound");
}

fn founded<S: Store>(charter: &Charter, store: S) -> Ledger<S> {
    Ledger::create(store, charter, vec![Scope::root()], host()).expect("the store is empty")
}

fn seeded(number: usize) -> SecretKey {
    let mut seed = [0x5a; 32];
    seed[..8].copy_from_slice(&(number as u64).to_be_bytes());
    SecretKey::from_seed(seed)
}

fn enrolment(key: AuthorKey) -> Record {
    let label = |text: &str| Label::try_from(text.to_owned()).expect("a plain label");
    let body = Enrol::new(
        key,
        Roles::ACT,
        Scope::root(),
        1 << 32,
        64,
        Lineage { build: label("bench"), hardware: label("bench") },
    );
    body.record(UNTIL, Vec::new()).expect("no answers")
}
