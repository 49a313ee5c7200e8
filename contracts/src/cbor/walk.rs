//! The structural walk over raw bytes: the first reader of anything that arrives.
//!
//! - Time is linear in the input; the call stack is at most [`DEPTH_MAX`] deep; nothing is allocated.
//! - An input is accepted iff it is the deterministic encoding of one item built of integers, byte
//!   and text strings, arrays, maps, `false`, `true` and `null`.

use crate::bounds::DEPTH_MAX;
use crate::refusal::{Reason, Refusal};

/// The major type of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Major {
    /// 0: an unsigned integer.
    Unsigned,
    /// 1: a negative integer.
    Negative,
    /// 2: a byte string.
    Bytes,
    /// 3: a text string.
    Text,
    /// 4: an array.
    Array,
    /// 5: a map.
    Map,
    /// 7: `false`, `true` or `null`.
    Simple,
}

/// The head of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The major type.
    pub major: Major,
    /// The argument: value, length or count.
    pub argument: u64,
    /// Bytes of the head itself.
    pub length: usize,
}

/// Judges that `bytes` is exactly one item in its one accepted encoding: shortest heads `[CBOR-2]`, no
/// floats or tags `[CBOR-3]`, sorted keys `[CBOR-4]`, bounded nesting `[CBOR-5]`, nothing behind `[CBOR-6]`.
///
/// # Errors
/// The first [`Reason`] found, with its offset.
pub fn walk(bytes: &[u8]) -> Result<(), Refusal> {
    let length = walk_prefix(bytes)?;
    if length < bytes.len() { Err(Refusal::at(Reason::TrailingBytes, length)) } else { Ok(()) }
}

/// Judges the item at the start of `bytes` and tells how many bytes it takes.
///
/// # Errors
/// The first [`Reason`] found, with its offset.
pub fn walk_prefix(bytes: &[u8]) -> Result<usize, Refusal> {
    let mut walker = Walker { bytes, at: 0 };
    walker.item(0)?;
    Ok(walker.at)
}

/// Reads the head at the start of `bytes`.
///
/// # Errors
/// The [`Reason`] why there is no acceptable head.
pub fn head(bytes: &[u8]) -> Result<Head, Refusal> {
    let truncated = Refusal::at(Reason::Truncated, bytes.len());
    let first = *bytes.first().ok_or(truncated)?;
    let info = first & 0x1f;
    let major = match first >> 5 {
        0 => Major::Unsigned,
        1 => Major::Negative,
        2 => Major::Bytes,
        3 => Major::Text,
        4 => Major::Array,
        5 => Major::Map,
        6 => return Err(Reason::Tag.into()),
        _ => {
            return match info {
                20..=22 => Ok(Head { major: Major::Simple, argument: u64::from(info), length: 1 }),
                25..=27 => Err(Reason::Float.into()),
                31 => Err(Reason::Indefinite.into()),
                _ => Err(Reason::Simple.into()),
            };
        }
    };
    let width = match info {
        0..=23 => return Ok(Head { major, argument: u64::from(info), length: 1 }),
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        31 if !matches!(major, Major::Unsigned | Major::Negative) => return Err(Reason::Indefinite.into()),
        _ => return Err(Reason::Shape.into()),
    };
    let argument = bytes.get(1..1 + width).ok_or(truncated)?;
    let argument = argument.iter().fold(0u64, |value, byte| value << 8 | u64::from(*byte));
    let least = match width {
        1 => 24,
        2 => 0x100,
        4 => 0x1_0000,
        _ => 0x1_0000_0000,
    };
    if argument < least {
        return Err(Reason::NotShortest.into());
    }
    Ok(Head { major, argument, length: 1 + width })
}

struct Walker<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Walker<'_> {
    fn item(&mut self, depth: usize) -> Result<(), Refusal> {
        let start = self.at;
        let head = head(&self.bytes[start..]).map_err(|refusal| refusal.shifted(start))?;
        self.at += head.length;
        match head.major {
            Major::Unsigned | Major::Negative | Major::Simple => Ok(()),
            Major::Bytes => self.string(head.argument).map(|_| ()),
            Major::Text => {
                let text_start = self.at;
                let text = self.string(head.argument)?;
                match std::str::from_utf8(&self.bytes[text.0..text.1]) {
                    Ok(_) => Ok(()),
                    Err(error) => Err(Refusal::at(Reason::Utf8, text_start + error.valid_up_to())),
                }
            }
            Major::Array => {
                self.nest(start, depth)?;
                (0..head.argument).try_for_each(|_| self.item(depth + 1))
            }
            Major::Map => {
                self.nest(start, depth)?;
                self.map(head.argument, depth)
            }
        }
    }

    fn nest(&self, start: usize, depth: usize) -> Result<(), Refusal> {
        if depth + 1 > DEPTH_MAX { Err(Refusal::at(Reason::TooDeep, start)) } else { Ok(()) }
    }

    fn map(&mut self, count: u64, depth: usize) -> Result<(), Refusal> {
        let mut previous: Option<(usize, usize)> = None;
        for _ in 0..count {
            let key_start = self.at;
            self.item(depth + 1)?;
            let key = (key_start, self.at);
            if let Some(previous) = previous
                && self.bytes[previous.0..previous.1] >= self.bytes[key.0..key.1]
            {
                return Err(Refusal::at(Reason::KeyOrder, key_start));
            }
            previous = Some(key);
            self.item(depth + 1)?;
        }
        Ok(())
    }

    fn string(&mut self, length: u64) -> Result<(usize, usize), Refusal> {
        let start = self.at;
        let left = self.bytes.len() - start;
        match usize::try_from(length) {
            Ok(length) if length <= left => {
                self.at += length;
                Ok((start, self.at))
            }
            _ => Err(Refusal::at(Reason::Truncated, self.bytes.len())),
        }
    }
}

/// The raw items of an array that has passed [`walk`].
#[derive(Debug, Clone, Copy)]
pub struct Items<'a> {
    body: &'a [u8],
    count: usize,
}

impl<'a> Items<'a> {
    /// The items of the array in `bytes`.
    ///
    /// # Errors
    /// [`Reason::Shape`] when the item is not an array.
    pub fn of(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let head = head(bytes)?;
        if head.major != Major::Array {
            return Err(Reason::Shape.into());
        }
        let count = usize::try_from(head.argument).map_err(|_| Refusal::from(Reason::TooLarge))?;
        Ok(Self { body: &bytes[head.length..], count })
    }

    /// How many items there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The raw bytes of the first `count` items together.
    pub(crate) fn span(&self, count: usize) -> Result<&'a [u8], Refusal> {
        let rest = self.rest_after(count)?;
        Ok(&self.body[..self.body.len() - rest.len()])
    }

    /// The raw bytes that follow the first `count` items.
    pub(crate) fn rest_after(&self, count: usize) -> Result<&'a [u8], Refusal> {
        let mut rest = self.body;
        for _ in 0..count {
            let length = walk_prefix(rest)?;
            rest = &rest[length..];
        }
        Ok(rest)
    }

    /// The content of the next item, which must be a byte string.
    ///
    /// # Errors
    /// [`Reason::Shape`] when there is no next item or it is no byte string.
    pub fn next_bytes(&mut self) -> Result<&'a [u8], Refusal> {
        let raw = self.next().ok_or(Refusal::from(Reason::Shape))?;
        let head = head(raw)?;
        if head.major == Major::Bytes { Ok(&raw[head.length..]) } else { Err(Reason::Shape.into()) }
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        self.count = self.count.checked_sub(1)?;
        let length = walk_prefix(self.body).ok()?;
        let (item, rest) = self.body.split_at(length);
        self.body = rest;
        Some(item)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: Result<(), Reason>) {
        assert_eq!(walk(bytes).map_err(|refusal| refusal.reason), expected, "{bytes:02x?}");
    }

    #[test]
    fn each_structural_reason_is_found() {
        check(&[0x00], Ok(()));
        check(&[], Err(Reason::Truncated));
        check(&[0x42, 0x00], Err(Reason::Truncated));
        check(&[0x00, 0x00], Err(Reason::TrailingBytes));
        check(&[0x9f, 0xff], Err(Reason::Indefinite));
        check(&[0x5f, 0xff], Err(Reason::Indefinite));
        check(&[0x18, 0x17], Err(Reason::NotShortest));
        check(&[0x19, 0x00, 0xff], Err(Reason::NotShortest));
        check(&[0xf9, 0x00, 0x00], Err(Reason::Float));
        check(&[0xc1, 0x00], Err(Reason::Tag));
        check(&[0xf7], Err(Reason::Simple));
        check(&[0xf8, 0x20], Err(Reason::Simple));
        check(&[0x61, 0xff], Err(Reason::Utf8));
        check(&[0xa2, 0x01, 0x00, 0x01, 0x00], Err(Reason::KeyOrder));
        check(&[0xa2, 0x02, 0x00, 0x01, 0x00], Err(Reason::KeyOrder));
        check(&[0x1c], Err(Reason::Shape));
    }

    #[test]
    fn nesting_ends_at_the_bound() {
        let mut bytes = vec![0x81; DEPTH_MAX];
        bytes.push(0x00);
        check(&bytes, Ok(()));
        bytes.insert(0, 0x81);
        check(&bytes, Err(Reason::TooDeep));
        check(&vec![0x81; 1_000_000], Err(Reason::TooDeep));
    }

    #[test]
    fn a_length_bomb_is_judged_without_allocation() {
        check(&[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], Err(Reason::Truncated));
        check(&[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], Err(Reason::Truncated));
    }
}
