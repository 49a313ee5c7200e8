//! Notices: single signed statements outside any chain, because a fork must never un-deny `[NOT-1]`.

use crate::bounds::NOTICE_BYTES_MAX;
use crate::cbor::{self, Known};
use crate::entry::envelope;
use crate::header::Authored;
use crate::ids::{LedgerId, NoticeId, RecordId};
use crate::key::{AuthorKey, Signature};
use crate::refusal::{Reason, Refusal};
use crate::scope::Scope;
use crate::sign::{Signer, SignerFault};
use crate::time::Tai;
use serde_bytes::ByteBuf;
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

/// The content of a notice: a frozen frame around an opaque body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The version of the format, at least 1.
    pub version: u64,
    /// What the body means; see [`crate::kinds::notice`].
    pub kind: u64,
    /// The key that signs.
    pub author: AuthorKey,
    /// The author's enrolment record.
    pub enrolment: RecordId,
    /// The scope that the notice concerns.
    pub scope: Scope,
    /// Until when the notice matters.
    pub until: Tai,
    /// When it was written, by the author's own clock.
    pub authored: Authored,
    /// The body, whose meaning the kind gives.
    pub body: Vec<u8>,
    tail: Vec<u8>,
}

#[derive(Serialize_tuple, Deserialize_tuple)]
struct Wire {
    version: u64,
    kind: u64,
    author: AuthorKey,
    enrolment: RecordId,
    scope: Scope,
    until: Tai,
    authored: Authored,
    body: ByteBuf,
}

const FIELDS: usize = 8;

/// The signed frame of a notice without its body, for those who write one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeHeader {
    /// The key that signs.
    pub author: AuthorKey,
    /// The author's enrolment record.
    pub enrolment: RecordId,
    /// The scope that the notice concerns.
    pub scope: Scope,
    /// Until when the notice matters.
    pub until: Tai,
    /// When it is written.
    pub authored: Authored,
}

impl Notice {
    /// A notice of this library's version.
    #[must_use]
    pub fn new(header: NoticeHeader, kind: u64, body: Vec<u8>) -> Self {
        let NoticeHeader { author, enrolment, scope, until, authored } = header;
        let version = crate::Header::VERSION;
        Self { version, kind, author, enrolment, scope, until, authored, body, tail: Vec::new() }
    }

    /// The same notice as a newer version would write it. For tests of version skew.
    #[must_use]
    pub fn with_future(mut self, version: u64, tail: Vec<u8>) -> Self {
        self.version = version;
        self.tail = tail;
        self
    }

    /// Raw fields of a newer version.
    #[must_use]
    pub fn tail(&self) -> &[u8] {
        &self.tail
    }

    fn encode(&self) -> Vec<u8> {
        let wire = Wire {
            version: self.version,
            kind: self.kind,
            author: self.author,
            enrolment: self.enrolment,
            scope: self.scope.clone(),
            until: self.until,
            authored: self.authored,
            body: ByteBuf::from(self.body.clone()),
        };
        cbor::encode_with_tail(&wire, FIELDS, &self.tail)
    }

    fn decode(bytes: &[u8]) -> Result<Self, Refusal> {
        cbor::walk(bytes)?;
        let Known { value, tail } = cbor::decode_prefix::<Wire>(bytes, FIELDS)?;
        let Wire { version, kind, author, enrolment, scope, until, authored, body } = value;
        if version == 0 {
            return Err(Reason::Version.into());
        }
        Ok(Self { version, kind, author, enrolment, scope, until, authored, body: body.into_vec(), tail })
    }
}

/// A notice as it was received: parsed, its signature not yet checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedNotice {
    bytes: Vec<u8>,
    id: NoticeId,
    notice: Notice,
    payload: Vec<u8>,
    signature: Signature,
}

impl SignedNotice {
    /// Signs `notice`.
    ///
    /// # Errors
    /// The signer's fault, or a notice larger than its bound. The result is not yet
    /// [`crate::Verified`].
    pub fn sign(ledger: &LedgerId, notice: &Notice, signer: &dyn Signer) -> Result<Self, SignerFault> {
        let payload = notice.encode();
        let signature = signer.sign(&message(ledger, &payload))?;
        let mut bytes = Vec::with_capacity(payload.len() + 96);
        envelope::write(&mut bytes, &payload, &signature);
        Self::decode(ledger, &bytes)
            .map_err(|refusal| SignerFault { reason: format!("the notice cannot be read back: {refusal}") })
    }

    /// Reads a notice from exactly its wire bytes.
    ///
    /// # Errors
    /// A [`Refusal`] of the structure, the envelope or a field.
    pub fn decode(ledger: &LedgerId, bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > NOTICE_BYTES_MAX {
            return Err(Reason::TooLarge.into());
        }
        cbor::walk(bytes)?;
        let (payload, signature) = envelope::read(bytes)?;
        let payload_start = cbor::offset_in(bytes, payload);
        let notice = Notice::decode(payload).map_err(|refusal| refusal.shifted(payload_start))?;
        let id = NoticeId::of(ledger, payload);
        Ok(Self { bytes: bytes.to_vec(), id, notice, payload: payload.to_vec(), signature })
    }

    /// The bytes received: what is kept and forwarded.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The id.
    #[must_use]
    pub const fn id(&self) -> NoticeId {
        self.id
    }

    /// The content.
    #[must_use]
    pub const fn notice(&self) -> &Notice {
        &self.notice
    }

    /// The signature.
    #[must_use]
    pub const fn signature(&self) -> &Signature {
        &self.signature
    }

    /// The bytes under the signature.
    pub(crate) fn message(&self, ledger: &LedgerId) -> Vec<u8> {
        message(ledger, &self.payload)
    }
}

/// The signed bytes: the external data of a notice differs from that of a header, so that neither can
/// ever be taken for the other `[ENV-3]`.
fn message(ledger: &LedgerId, payload: &[u8]) -> Vec<u8> {
    let mut external = ledger.as_bytes().to_vec();
    external.extend_from_slice(b"notice");
    envelope::message(&external, payload)
}
