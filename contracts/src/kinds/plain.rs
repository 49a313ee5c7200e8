//! A CBOR item of one of the types that a value in a body may have.

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// An item whose type stands in its own bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Plain {
    Null,
    Bool(bool),
    Unsigned(u64),
    Negative(i64),
    Text(String),
    Bytes(Vec<u8>),
    Texts(Vec<String>),
}

impl Serialize for Plain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(it) => serializer.serialize_bool(*it),
            Self::Unsigned(it) => serializer.serialize_u64(*it),
            Self::Negative(it) => serializer.serialize_i64(*it),
            Self::Text(it) => serializer.serialize_str(it),
            Self::Bytes(it) => serializer.serialize_bytes(it),
            Self::Texts(it) => it.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Read)
    }
}

struct Read;

impl<'de> Visitor<'de> for Read {
    type Value = Plain;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("null, a boolean, an integer, a text, a byte string or an array of texts")
    }

    fn visit_unit<E: Error>(self) -> Result<Plain, E> {
        Ok(Plain::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Plain, E> {
        Ok(Plain::Null)
    }

    fn visit_bool<E: Error>(self, it: bool) -> Result<Plain, E> {
        Ok(Plain::Bool(it))
    }

    fn visit_u64<E: Error>(self, it: u64) -> Result<Plain, E> {
        Ok(Plain::Unsigned(it))
    }

    fn visit_i64<E: Error>(self, it: i64) -> Result<Plain, E> {
        Ok(u64::try_from(it).map_or(Plain::Negative(it), Plain::Unsigned))
    }

    fn visit_str<E: Error>(self, it: &str) -> Result<Plain, E> {
        Ok(Plain::Text(it.to_owned()))
    }

    fn visit_bytes<E: Error>(self, it: &[u8]) -> Result<Plain, E> {
        Ok(Plain::Bytes(it.to_vec()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Plain, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = items.next_element()? {
            texts.push(text);
        }
        Ok(Plain::Texts(texts))
    }
}
