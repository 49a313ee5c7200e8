//! From parsed to authentic: the one place where signatures are checked `[KEY-3]`, `[KEY-4]`.
//!
//! - The verdict on an item is a function of its own bytes: a batch that fails is checked singly, and
//!   batch and single checks satisfy one equation.
//! - Batch coefficients derive from the batch and from a secret salt of the caller; nothing here draws
//!   randomness.

use crate::entry::SignedEntry;
use crate::evidence::Evidence;
use crate::fork::{ForkProof, UncheckedFork};
use crate::ids::LedgerId;
use crate::key::{AuthorKey, CheckedKey, KeyRing, Signature};
use crate::kinds::Embedded;
use crate::notice::SignedNotice;
use crate::refusal::{Reason, Refusal};
use rand_core::SeedableRng;
use std::ops::Deref;

/// A value whose signature was checked under a checked key. Only this module makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<T>(T);

impl<T> Verified<T> {
    /// The value without its witness.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// Something parsed that waits for its signature check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// An entry.
    Entry(SignedEntry),
    /// A notice.
    Notice(SignedNotice),
    /// A fork proof.
    Fork(UncheckedFork),
}

/// Something authentic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VerifiedItem {
    /// An entry.
    Entry(Verified<SignedEntry>),
    /// A notice.
    Notice(Verified<SignedNotice>),
    /// A fork proof.
    Fork(ForkProof),
}

impl VerifiedItem {
    /// The moment after which the item no longer matters: its log's end, or a notice's until.
    #[must_use]
    pub fn ends(&self) -> crate::Tai {
        match self {
            Self::Entry(entry) => entry.header().log.end,
            Self::Notice(notice) => notice.notice().until,
            Self::Fork(proof) => proof.log().end,
        }
    }
}

/// Signatures that one multi-scalar multiplication checks together: the larger, the less each costs.
const BATCH_MAX: usize = 4096;

/// Signatures that are tried together once a whole batch has failed.
const RETRY_MAX: usize = 64;

/// Checks the signatures of many items; the verdict on each stands at its place.
///
/// Keys are checked once through `ring`. Cost: one batch verification for each 4,096 signatures; a batch
/// that fails is tried again in parts of 64, and an item of a part that fails by itself. So one bad
/// signature in a batch costs about one batch and 64 single verifications more, and no input costs more
/// than two batch verifications and one single verification for each signature.
///
/// `salt` is secret and from a true random source, so that nobody can prepare a batch that passes
/// together though its items fail alone.
pub fn verify_all(
    ledger: &LedgerId,
    items: Vec<Item>,
    ring: &mut KeyRing,
    salt: &[u8; 32],
) -> Vec<Result<VerifiedItem, Refusal>> {
    let mut checks = Vec::with_capacity(items.len());
    let mut spans = Vec::with_capacity(items.len());
    for item in &items {
        let start = checks.len();
        let queued = item.queue(ledger, ring, &mut checks);
        if queued.is_err() {
            checks.truncate(start);
        }
        spans.push(queued.map(|()| start..checks.len()));
    }
    let passed = check_in_batches(&checks, salt);
    let verdict = |(item, span): (Item, Result<std::ops::Range<usize>, Refusal>)| {
        if passed[span?].iter().all(|passed| *passed) || crate::planted::on("skip the signature") {
            Ok(item.authentic())
        } else {
            Err(Reason::SignatureInvalid.into())
        }
    };
    items.into_iter().zip(spans).map(verdict).collect()
}

/// Checks many pieces of evidence together; what each shows stands at its place, none when it shows nothing
/// `[PROOF-1]`.
///
/// Says what [`Embedded::check`] says of each. Cost: as that of [`verify_all`] for as many entries.
#[must_use]
pub fn verify_evidence(
    ledger: &LedgerId,
    carried: &[Embedded],
    ring: &mut KeyRing,
    salt: &[u8; 32],
) -> Vec<Option<Evidence>> {
    let mut checks = Vec::with_capacity(carried.len());
    let mut found = Vec::with_capacity(carried.len());
    for embedded in carried {
        let queued = embedded.signed(ledger).and_then(|(evidence, message)| {
            let key = ring.check(&evidence.log.author).ok()?;
            checks.push(Check { key, message, signature: embedded.signature });
            Some((evidence, checks.len() - 1))
        });
        found.push(queued);
    }
    let passed = check_in_batches(&checks, salt);
    let holds = |(evidence, at): (Evidence, usize)| passed.get(at).is_some_and(|it| *it).then_some(evidence);
    found.into_iter().map(|queued| queued.and_then(holds)).collect()
}

/// Checks the signature of one entry by itself.
///
/// # Errors
/// [`Reason::SignatureInvalid`] or the reason why the key is refused.
pub fn verify_one(
    ledger: &LedgerId,
    entry: SignedEntry,
    ring: &mut KeyRing,
) -> Result<Verified<SignedEntry>, Refusal> {
    let key = ring.check(&entry.header().log.author)?;
    if key.accepts(&entry.message(ledger), entry.signature()) {
        Ok(Verified(entry))
    } else {
        Err(Reason::SignatureInvalid.into())
    }
}

/// One signature to check.
struct Check {
    key: CheckedKey,
    message: Vec<u8>,
    signature: Signature,
}

impl Item {
    fn queue(&self, ledger: &LedgerId, ring: &mut KeyRing, checks: &mut Vec<Check>) -> Result<(), Refusal> {
        let mut push = |author: &AuthorKey, message: Vec<u8>, signature: &Signature| {
            let key = ring.check(author)?;
            checks.push(Check { key, message, signature: *signature });
            Ok(())
        };
        match self {
            Self::Entry(entry) => push(&entry.header().log.author, entry.message(ledger), entry.signature()),
            Self::Notice(notice) => push(&notice.notice().author, notice.message(ledger), notice.signature()),
            Self::Fork(fork) => fork
                .signed_parts(ledger)
                .into_iter()
                .try_for_each(|(message, signature)| push(&fork.log().author, message, &signature)),
        }
    }

    fn authentic(self) -> VerifiedItem {
        match self {
            Self::Entry(entry) => VerifiedItem::Entry(Verified(entry)),
            Self::Notice(notice) => VerifiedItem::Notice(Verified(notice)),
            Self::Fork(fork) => VerifiedItem::Fork(ForkProof::from_checked(fork)),
        }
    }
}

#[cfg(not(feature = "rayon"))]
fn check_in_batches(checks: &[Check], salt: &[u8; 32]) -> Vec<bool> {
    checks.chunks(BATCH_MAX).flat_map(|batch| check_batch(batch, salt)).collect()
}

#[cfg(feature = "rayon")]
fn check_in_batches(checks: &[Check], salt: &[u8; 32]) -> Vec<bool> {
    use rayon::prelude::*;
    let share = checks.len().div_ceil(rayon::current_num_threads()).clamp(RETRY_MAX, BATCH_MAX);
    checks.par_chunks(share).flat_map_iter(|batch| check_batch(batch, salt)).collect()
}

fn check_batch(batch: &[Check], salt: &[u8; 32]) -> Vec<bool> {
    let alone = |check: &Check| check.key.accepts(&check.message, &check.signature);
    if let [check] = batch {
        return vec![alone(check)];
    }
    if all_accepted(batch, salt) {
        return vec![true; batch.len()];
    }
    if batch.len() <= RETRY_MAX {
        return batch.iter().map(alone).collect();
    }
    batch.chunks(RETRY_MAX).flat_map(|part| check_batch(part, salt)).collect()
}

/// Whether the one equation of the whole batch holds; then that of each signature does `[KEY-3]`.
fn all_accepted(batch: &[Check], salt: &[u8; 32]) -> bool {
    let mut seed = blake3::Hasher::new_keyed(salt);
    let mut verifier = ed25519_zebra::batch::Verifier::new();
    for check in batch {
        seed.update(check.key.key().as_bytes());
        seed.update(check.signature.as_bytes());
        seed.update(blake3::hash(&check.message).as_bytes());
        let key = ed25519_zebra::VerificationKeyBytes::from(*check.key.key().as_bytes());
        let signature = ed25519_zebra::Signature::from_bytes(check.signature.as_bytes());
        verifier.queue((key, signature, check.message.as_slice()));
    }
    let coefficients = rand_chacha::ChaCha12Rng::from_seed(*seed.finalize().as_bytes());
    verifier.verify(coefficients).is_ok()
}
