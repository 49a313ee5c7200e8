//! Deterministic CBOR (RFC 8949 section 4.2) as this ledger accepts it `[CBOR-1]`.
//!
//! - [`walk`] judges raw bytes and allocates nothing; nothing else reads bytes that it has not judged.
//! - [`Items`] splits a judged array into the raw bytes of its items.
//! - [`read`] reads known fields with serde and compares their own encoding with the input, so a
//!   text that serde would tolerate but not write is refused `[CBOR-7]`.

mod walk;

pub use walk::{Head, Items, Major, head, walk, walk_prefix};

use crate::refusal::{Reason, Refusal};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Encodes a value whose types write deterministic CBOR: integers, byte and text strings, arrays.
///
/// Meant for positional types alone (`serde_tuple`, newtypes, options, vectors, byte strings): they have
/// no serialisation that can fail, because writing to memory does not.
pub fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    encode_into(Vec::new(), value)
}

/// The same, into an empty buffer that may have room already.
fn encode_into<T: Serialize>(buffer: Vec<u8>, value: &T) -> Vec<u8> {
    let mut serializer = serde_cbor::Serializer::new(buffer);
    // Proof: serde_cbor fails only for unsized sequences, custom errors and a failing writer.
    value.serialize(&mut serializer).expect("plain positional types always encode");
    serializer.into_inner()
}

/// Reads exactly one value in its one encoding `[CBOR-7]`.
///
/// # Errors
/// A [`Refusal`] of the structure or of a field, or [`Reason::NotCanonical`].
pub fn read<T>(bytes: &[u8]) -> Result<T, Refusal>
where
    T: DeserializeOwned + Serialize,
{
    walk(bytes)?;
    decode(bytes)
}

/// Known fields and the raw bytes of the fields after them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known<T> {
    pub(crate) value: T,
    /// The raw items after the known ones; empty when there are none.
    pub(crate) tail: Vec<u8>,
}

/// Reads an array of at least `fields` items: the first `fields` as `T`, the rest raw.
///
/// `bytes` must have passed [`walk`].
pub(crate) fn decode_prefix<T>(bytes: &[u8], fields: usize) -> Result<Known<T>, Refusal>
where
    T: DeserializeOwned + Serialize,
{
    let items = Items::of(bytes)?;
    let count = items.len();
    if count < fields {
        return Err(Refusal::at(Reason::Shape, 0));
    }
    if count == fields {
        return Ok(Known { value: decode(bytes)?, tail: Vec::new() });
    }
    let known = items.span(fields)?;
    let mut prefix = Vec::with_capacity(known.len() + 9);
    array_head(&mut prefix, fields);
    prefix.extend_from_slice(known);
    let tail_start = bytes.len() - items.rest_after(fields)?.len();
    Ok(Known { value: decode(&prefix)?, tail: bytes[tail_start..].to_vec() })
}

/// Writes the fields of `value` followed by `tail`, which holds `extra` raw items.
pub(crate) fn encode_with_tail<T: Serialize>(value: &T, fields: usize, tail: &[u8]) -> Vec<u8> {
    let known = encode(value);
    let extra = count_items(tail);
    if extra == 0 {
        return known;
    }
    let body = head(&known).map_or(0, |head| head.length);
    let mut out = Vec::with_capacity(known.len() + tail.len() + 2);
    array_head(&mut out, fields + extra);
    out.extend_from_slice(&known[body..]);
    out.extend_from_slice(tail);
    out
}

/// Where `part`, a slice of `whole`, starts in it.
pub(crate) fn offset_in(whole: &[u8], part: &[u8]) -> usize {
    part.as_ptr() as usize - whole.as_ptr() as usize
}

fn count_items(mut bytes: &[u8]) -> usize {
    let mut count = 0;
    while let Ok(length) = walk_prefix(bytes) {
        if length == 0 {
            break;
        }
        bytes = &bytes[length..];
        count += 1;
    }
    count
}

/// Reads a whole value and compares its own encoding with the input.
///
/// `bytes` must have passed [`walk`].
pub(crate) fn decode<T>(bytes: &[u8]) -> Result<T, Refusal>
where
    T: DeserializeOwned + Serialize,
{
    let value: T = serde_cbor::from_slice(bytes).map_err(|error| refusal_of(&error))?;
    let again = encode_into(Vec::with_capacity(bytes.len()), &value);
    if again == bytes { Ok(value) } else { Err(Refusal::at(Reason::NotCanonical, 0)) }
}

/// The reason that a field's own type gave, or that the shape is wrong.
///
/// Serde carries a field's error only as text, so the reason is found again by its own words at the
/// start. Further on the text may quote the input, which must not choose the reason.
fn refusal_of(error: &serde_cbor::Error) -> Refusal {
    let text = error.to_string();
    let named = |reason: &&Reason| text.starts_with(&reason.to_string());
    let reason = Reason::ALL.iter().find(named).copied().unwrap_or(Reason::Shape);
    Refusal::at(reason, usize::try_from(error.offset()).unwrap_or(0))
}

/// Writes the head of an array of `count` items in shortest form.
pub fn array_head(out: &mut Vec<u8>, count: usize) {
    write_head(out, 0x80, count as u64);
}

/// Writes a byte string in shortest form.
pub fn byte_string(out: &mut Vec<u8>, bytes: &[u8]) {
    write_head(out, 0x40, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn write_head(out: &mut Vec<u8>, major: u8, value: u64) {
    let be = value.to_be_bytes();
    match value {
        0..=23 => out.push(major | be[7]),
        24..=0xff => out.extend_from_slice(&[major | 24, be[7]]),
        0x100..=0xffff => {
            out.push(major | 25);
            out.extend_from_slice(&be[6..]);
        }
        0x1_0000..=0xffff_ffff => {
            out.push(major | 26);
            out.extend_from_slice(&be[4..]);
        }
        _ => {
            out.push(major | 27);
            out.extend_from_slice(&be);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::Label;

    #[test]
    fn a_quoted_text_does_not_choose_the_reason() {
        for reason in Reason::ALL {
            let text = format!("({})", reason.name());
            let refusal = decode::<u64>(&encode(&text)).unwrap_err();
            assert_eq!(refusal.reason, Reason::Shape, "{text}");
        }
    }

    #[test]
    fn a_reason_survives_serde() {
        assert_eq!(decode::<Label>(&encode(&"a/b")).unwrap_err().reason, Reason::PathLabel);
        assert_eq!(decode::<(u8, Label)>(&encode(&(1, ""))).unwrap_err().reason, Reason::PathLabel);
    }
}
