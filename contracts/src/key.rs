//! Public keys and signatures `[KEY-1]`.
//!
//! - There is one signature predicate, for ever: the cofactored equation of ZIP-215 under a key that is
//!   canonically encoded and free of torsion.
//! - A [`CheckedKey`] is the witness that a key passed both checks; a [`KeyRing`] makes each key pay once.

use crate::bounds::KEY_RING_MAX;
use crate::ids::byte_array;
use crate::refusal::{Reason, Refusal};
use curve25519_dalek::edwards::CompressedEdwardsY;
use std::collections::BTreeMap;

byte_array!(
    /// The 32 bytes of an Ed25519 public key as they stand in a header, not yet checked.
    AuthorKey, 32
);
byte_array!(
    /// The 64 bytes of an Ed25519 signature.
    Signature, 64
);

impl AuthorKey {
    /// Checks that the key is the canonical encoding of a point without a torsion component `[KEY-2]`.
    ///
    /// Costs about as much as one signature; see [`KeyRing`].
    ///
    /// # Errors
    /// [`Reason::KeyEncoding`] or [`Reason::KeyTorsion`].
    pub fn check(&self) -> Result<CheckedKey, Refusal> {
        let encoded = CompressedEdwardsY(*self.as_bytes());
        let point = encoded.decompress().ok_or(Refusal::from(Reason::KeyEncoding))?;
        if point.compress() != encoded {
            return Err(Reason::KeyEncoding.into());
        }
        if point.is_small_order() || !point.is_torsion_free() {
            return Err(Reason::KeyTorsion.into());
        }
        Ok(CheckedKey(*self))
    }

    /// The commitment to this key that an enrolment can name as its next key `[KEY-6]`.
    #[must_use]
    pub fn commitment(&self) -> crate::Digest {
        crate::Digest::from_bytes(blake3::derive_key("intent-ledger v1 next key", self.as_bytes()))
    }
}

/// A key that passed [`AuthorKey::check`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CheckedKey(AuthorKey);

impl CheckedKey {
    /// The key.
    #[must_use]
    pub const fn key(&self) -> &AuthorKey {
        &self.0
    }

    /// Whether `signature` over `message` satisfies the ZIP-215 equation under this key `[KEY-3]`,
    /// which is all that stands behind authenticity `[ASM-5]`.
    #[must_use]
    pub fn accepts(&self, message: &[u8], signature: &Signature) -> bool {
        ed25519_zebra::VerificationKey::try_from(*self.0.as_bytes()).is_ok_and(|key| {
            key.verify(&ed25519_zebra::Signature::from_bytes(signature.as_bytes()), message).is_ok()
        })
    }
}

/// Remembers the verdict on each key, so that a key is checked once.
///
/// Holds at most [`KEY_RING_MAX`] keys; a flood of new ones only costs the flooded their memory of
/// older verdicts, never a verdict.
#[derive(Debug, Default)]
pub struct KeyRing {
    verdicts: BTreeMap<AuthorKey, Result<CheckedKey, Reason>>,
}

impl KeyRing {
    /// An empty ring.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The verdict on `key`, remembered or made now.
    ///
    /// # Errors
    /// As [`AuthorKey::check`].
    pub fn check(&mut self, key: &AuthorKey) -> Result<CheckedKey, Refusal> {
        if let Some(verdict) = self.verdicts.get(key) {
            return verdict.map_err(Refusal::from);
        }
        if self.verdicts.len() >= KEY_RING_MAX {
            self.verdicts.clear();
        }
        let verdict = key.check().map_err(|refusal| refusal.reason);
        self.verdicts.insert(*key, verdict);
        verdict.map_err(Refusal::from)
    }
}
