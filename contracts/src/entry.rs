//! Entries: a signed header and the records it commits to `[ENT-1]`.

use crate::bounds::{ENTRY_BYTES_MAX, ENVELOPE_BYTES};
use crate::cbor::{self, Items};
use crate::header::Header;
use crate::ids::{Digest, EntryId, LedgerId};
use crate::key::Signature;
use crate::record::Record;
use crate::refusal::{Reason, Refusal};
use crate::sign::{Signer, SignerFault};

/// An entry as it was received: parsed, its digest compared, its signature not yet checked.
///
/// [`crate::verify_all`] turns it into a [`crate::Verified`] one.
///
/// ```
/// use intent_contracts::*;
/// let ledger = LedgerId::from_bytes([1; 32]);
/// let signer = SecretKey::from_seed([2; 32]);
/// let enrolment = RecordId::root(&ledger, 0);
/// let log = LogKey {
///     author: signer.author(), lane: Lane::Productivity, incarnation: 3, end: Tai(1_000), enrolment,
/// };
/// let records = Record::encode_all(&[Record::new(9, Tai(900), vec![0x80])])?;
/// let authored = Authored { at: Tai(10), error: Millis(1) };
/// let header = Header::new(log, 1, enrolment.entry, authored, Digest::of(&records));
/// let entry = SignedEntry::sign(&ledger, &header, &records, &signer).unwrap();
/// let received = SignedEntry::decode(&ledger, entry.bytes())?;
/// assert_eq!(received.id(), entry.id());
/// let authentic = verify_one(&ledger, received, &mut KeyRing::new())?;
/// assert_eq!(authentic.records().len(), 1);
/// # Ok::<(), Refusal>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedEntry {
    bytes: Vec<u8>,
    id: EntryId,
    header: Header,
    header_bytes: std::ops::Range<usize>,
    records: Vec<Record>,
    record_bytes: std::ops::Range<usize>,
    signature: Signature,
}

impl SignedEntry {
    /// Signs a header whose digest is that of `records`.
    ///
    /// # Errors
    /// The signer's fault. The result is not yet [`crate::Verified`]: a signer can be wrong.
    pub fn sign(
        ledger: &LedgerId,
        header: &Header,
        records: &[u8],
        signer: &dyn Signer,
    ) -> Result<Self, SignerFault> {
        let header = header.encode();
        let signature = signer.sign(&envelope::message(ledger.as_bytes(), &header))?;
        let mut bytes = Vec::with_capacity(header.len() + records.len() + 96);
        cbor::array_head(&mut bytes, 2);
        envelope::write(&mut bytes, &header, &signature);
        cbor::byte_string(&mut bytes, records);
        Self::decode(ledger, &bytes)
            .map_err(|refusal| SignerFault { reason: format!("the entry cannot be read back: {refusal}") })
    }

    /// Reads an entry from exactly its wire bytes.
    ///
    /// # Errors
    /// A [`Refusal`] of the structure, the envelope, the header, the records, or
    /// [`Reason::DigestMismatch`], or [`Reason::UntilBeyondEnd`].
    pub fn decode(ledger: &LedgerId, bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > ENTRY_BYTES_MAX {
            return Err(Reason::TooLarge.into());
        }
        cbor::walk(bytes)?;
        let mut items = Items::of(bytes)?;
        if items.len() != 2 {
            return Err(Reason::Shape.into());
        }
        let envelope = items.next().ok_or(Refusal::from(Reason::Shape))?;
        let (header_raw, signature) = envelope::read(envelope)?;
        let records_raw = items.next_bytes()?;
        let header_start = cbor::offset_in(bytes, header_raw);
        let header = Header::decode(header_raw).map_err(|refusal| refusal.shifted(header_start))?;
        if Digest::of(records_raw) != header.digest && !crate::planted::on("skip the digest") {
            return Err(Reason::DigestMismatch.into());
        }
        let records_start = cbor::offset_in(bytes, records_raw);
        let records = Record::decode_all(records_raw).map_err(|refusal| refusal.shifted(records_start))?;
        if records.iter().any(|record| record.until > header.log.end) {
            return Err(Refusal::at(Reason::UntilBeyondEnd, records_start));
        }
        Ok(Self {
            id: EntryId::of(ledger, header_raw),
            header,
            header_bytes: header_start..header_start + header_raw.len(),
            records,
            record_bytes: records_start..records_start + records_raw.len(),
            signature,
            bytes: bytes.to_vec(),
        })
    }

    /// The bytes received: what is kept and forwarded.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The id.
    #[must_use]
    pub const fn id(&self) -> EntryId {
        self.id
    }

    /// The header.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// The header's bytes: what is hashed and signed.
    #[must_use]
    pub fn header_bytes(&self) -> &[u8] {
        &self.bytes[self.header_bytes.clone()]
    }

    /// The record array's bytes: what the header's digest commits to.
    #[must_use]
    pub fn record_bytes(&self) -> &[u8] {
        &self.bytes[self.record_bytes.clone()]
    }

    /// What the entry costs its log's budget: header, records and a constant for the envelope `[ADM-7]`,
    /// so that it costs the same when it has travelled in a run without a signature of its own.
    #[must_use]
    pub fn weight(&self) -> u64 {
        (self.header_bytes.len() + self.record_bytes.len()) as u64 + ENVELOPE_BYTES
    }

    /// The records.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The signature.
    #[must_use]
    pub const fn signature(&self) -> &Signature {
        &self.signature
    }

    /// The bytes under the signature, the ledger id outside of the payload `[ENV-2]`.
    pub(crate) fn message(&self, ledger: &LedgerId) -> Vec<u8> {
        envelope::message(ledger.as_bytes(), self.header_bytes())
    }
}

/// The `COSE_Sign1` envelope (RFC 9052 section 4.2), untagged, with no header but EdDSA `[ENV-1]`.
pub(crate) mod envelope {
    use crate::cbor::{self, Items};
    use crate::key::Signature;
    use crate::refusal::{Reason, Refusal};

    /// `{1: -8}`: algorithm EdDSA (RFC 9053 section 2.2).
    const PROTECTED: [u8; 3] = [0xa1, 0x01, 0x27];
    /// `{}`.
    const UNPROTECTED: [u8; 1] = [0xa0];

    /// Writes the envelope around `payload`.
    pub(crate) fn write(out: &mut Vec<u8>, payload: &[u8], signature: &Signature) {
        cbor::array_head(out, 4);
        cbor::byte_string(out, &PROTECTED);
        out.extend_from_slice(&UNPROTECTED);
        cbor::byte_string(out, payload);
        cbor::byte_string(out, signature.as_bytes());
    }

    /// Reads payload and signature of an envelope that has passed the walk.
    pub(crate) fn read(bytes: &[u8]) -> Result<(&[u8], Signature), Refusal> {
        let mut items = Items::of(bytes)?;
        if items.len() != 4 {
            return Err(Reason::Shape.into());
        }
        let header_free = items.next_bytes()? == PROTECTED && items.next() == Some(&UNPROTECTED);
        if !header_free {
            return Err(Reason::CoseHeader.into());
        }
        let payload = items.next_bytes()?;
        let signature = items.next_bytes()?;
        let signature = signature.try_into().map_err(|_| Refusal::from(Reason::Shape))?;
        Ok((payload, Signature::from_bytes(signature)))
    }

    /// The `Sig_structure` (RFC 9052 section 4.4) over `payload` with this external data.
    pub(crate) fn message(external: &[u8], payload: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(payload.len() + external.len() + 32);
        cbor::array_head(&mut out, 4);
        out.push(0x6a);
        out.extend_from_slice(b"Signature1");
        cbor::byte_string(&mut out, &PROTECTED);
        cbor::byte_string(&mut out, external);
        cbor::byte_string(&mut out, payload);
        out
    }
}
