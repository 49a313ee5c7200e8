//! Record frames `[REC-1]`.
//!
//! - The first six fields of a record are frozen; what follows them is kept raw.
//! - The frame alone decides admission, so that no version of this library admits what another
//!   refuses. The body is opaque here; [`crate::kinds`] reads it.

use crate::bounds::{FOOTPRINTS_MAX, RECORDS_BYTES_MAX, RECORDS_MAX};
use crate::cbor::{self, Items, Known};
use crate::refusal::{Reason, Refusal};
use crate::space::Footprint;
use crate::time::Tai;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

/// Whether a record takes from a right, frees what was taken, or neither; readable without its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Effect {
    /// Neither.
    None,
    /// Takes.
    Takes,
    /// Frees.
    Frees,
}

impl TryFrom<u8> for Effect {
    type Error = Refusal;

    fn try_from(number: u8) -> Result<Self, Refusal> {
        match number {
            0 => Ok(Self::None),
            1 => Ok(Self::Takes),
            2 => Ok(Self::Frees),
            _ => Err(Reason::Shape.into()),
        }
    }
}

impl From<Effect> for u8 {
    fn from(effect: Effect) -> Self {
        match effect {
            Effect::None => 0,
            Effect::Takes => 1,
            Effect::Frees => 2,
        }
    }
}

/// One record: a frozen frame around an opaque body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// What the body means; see [`crate::kinds`].
    pub kind: u64,
    /// Who does not understand this record treats its whole entry as unknown `[REC-3]`.
    pub critical: bool,
    /// Until when the record matters `[LAW-6]`.
    pub until: Tai,
    /// Whether it takes or frees.
    pub effect: Effect,
    footprints: Vec<Footprint>,
    /// The body, whose meaning the kind gives.
    pub body: Vec<u8>,
    tail: Vec<u8>,
}

#[derive(Serialize_tuple, Deserialize_tuple)]
struct Wire {
    kind: u64,
    critical: bool,
    until: Tai,
    effect: Effect,
    footprints: Vec<Footprint>,
    body: ByteBuf,
}

const FIELDS: usize = 6;

impl Record {
    /// A record without footprints.
    #[must_use]
    pub fn new(kind: u64, until: Tai, body: Vec<u8>) -> Self {
        let (effect, footprints, tail) = (Effect::None, Vec::new(), Vec::new());
        Self { kind, critical: false, until, effect, footprints, body, tail }
    }

    /// The same record with these footprints and this effect.
    ///
    /// # Errors
    /// [`Reason::TooLarge`] for more than eight footprints.
    pub fn with_footprints(mut self, effect: Effect, footprints: Vec<Footprint>) -> Result<Self, Refusal> {
        if footprints.len() > FOOTPRINTS_MAX {
            return Err(Reason::TooLarge.into());
        }
        self.effect = effect;
        self.footprints = footprints;
        Ok(self)
    }

    /// The same record with raw fields of a newer version behind the frame. For tests of version skew.
    #[must_use]
    pub fn with_tail(mut self, tail: Vec<u8>) -> Self {
        self.tail = tail;
        self
    }

    /// What the record takes or frees.
    #[must_use]
    pub fn footprints(&self) -> &[Footprint] {
        &self.footprints
    }

    /// Raw fields of a newer version.
    #[must_use]
    pub fn tail(&self) -> &[u8] {
        &self.tail
    }

    /// The array of records of one entry: the bytes over which the header's digest runs.
    ///
    /// # Errors
    /// [`Reason::RecordCount`] unless there are 1 to 64, [`Reason::TooLarge`] when their bytes exceed
    /// the bound.
    pub fn encode_all(records: &[Self]) -> Result<Vec<u8>, Refusal> {
        if records.is_empty() || records.len() > RECORDS_MAX {
            return Err(Reason::RecordCount.into());
        }
        let mut out = Vec::new();
        cbor::array_head(&mut out, records.len());
        for record in records {
            record.encode_into(&mut out);
        }
        if out.len() > RECORDS_BYTES_MAX { Err(Reason::TooLarge.into()) } else { Ok(out) }
    }

    fn encode_into(&self, out: &mut Vec<u8>) {
        let wire = Wire {
            kind: self.kind,
            critical: self.critical,
            until: self.until,
            effect: self.effect,
            footprints: self.footprints.clone(),
            body: ByteBuf::from(self.body.clone()),
        };
        out.extend_from_slice(&cbor::encode_with_tail(&wire, FIELDS, &self.tail));
    }

    /// Reads the array of records of one entry `[REC-2]`.
    ///
    /// # Errors
    /// A [`Refusal`] of the structure, of the count or of a frame. Bodies are not read.
    pub fn decode_all(bytes: &[u8]) -> Result<Vec<Self>, Refusal> {
        if bytes.len() > RECORDS_BYTES_MAX {
            return Err(Reason::TooLarge.into());
        }
        cbor::walk(bytes)?;
        let items = Items::of(bytes)?;
        if items.is_empty() || items.len() > RECORDS_MAX {
            return Err(Reason::RecordCount.into());
        }
        let decode = |raw| Self::decode(raw).map_err(|refusal| refusal.shifted(cbor::offset_in(bytes, raw)));
        items.map(decode).collect()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Refusal> {
        let Known { value, tail } = cbor::decode_prefix::<Wire>(bytes, FIELDS)?;
        let Wire { kind, critical, until, effect, footprints, body } = value;
        if footprints.len() > FOOTPRINTS_MAX {
            return Err(Reason::TooLarge.into());
        }
        Ok(Self { kind, critical, until, effect, footprints, body: body.into_vec(), tail })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_the_record_by_its_offset() {
        let sound = Record::new(9, Tai(1), vec![0x80]);
        let bytes = Record::encode_all(&[sound.clone(), sound]).unwrap();
        let second = 1 + (bytes.len() - 1) / 2;
        let mut broken = bytes;
        // The critical bit of the second record becomes `null`.
        assert_eq!(broken[second + 2], 0xf4);
        broken[second + 2] = 0xf6;
        let refusal = Record::decode_all(&broken).unwrap_err();
        assert_eq!(refusal.reason, Reason::Shape);
        assert!(refusal.offset >= second, "{refusal}");
    }
}
