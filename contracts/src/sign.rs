//! Signing: secret keys and the trait behind which an HSM can stand `[KEY-5]`.

use crate::key::{AuthorKey, Signature};
use ed25519_dalek::Signer as _;
use std::fmt;

/// A signer could not sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the signer did not sign: {reason}; nothing was written, try again when it answers")]
pub struct SignerFault {
    /// What the signer said.
    pub reason: String,
}

/// Signs for one author. A hardware module can stand behind it, and may fail.
pub trait Signer {
    /// The public key under which the signatures hold.
    fn author(&self) -> AuthorKey;

    /// Signs `message`.
    ///
    /// # Errors
    /// [`SignerFault`] when the key cannot be used now.
    fn sign(&self, message: &[u8]) -> Result<Signature, SignerFault>;
}

/// An Ed25519 secret key in memory, which is overwritten when it is dropped.
///
/// ```
/// use intent_contracts::{SecretKey, Signer};
/// let key = SecretKey::from_seed([7; 32]);
/// let signature = key.sign(b"message").unwrap();
/// assert!(key.author().check().unwrap().accepts(b"message", &signature));
/// ```
pub struct SecretKey {
    // Proof of zeroizing: ed25519-dalek's `SigningKey` is `ZeroizeOnDrop` with the feature we enable.
    key: ed25519_dalek::SigningKey,
}

impl SecretKey {
    /// The key with this 32-byte seed (RFC 8032), which the caller took from a true random source.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        let seed = zeroize::Zeroizing::new(seed);
        Self { key: ed25519_dalek::SigningKey::from_bytes(&seed) }
    }
}

impl Signer for SecretKey {
    fn author(&self) -> AuthorKey {
        AuthorKey::from_bytes(self.key.verifying_key().to_bytes())
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, SignerFault> {
        Ok(Signature::from_bytes(self.key.sign(message).to_bytes()))
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey of {}", self.author())
    }
}
