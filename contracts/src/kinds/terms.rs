//! The terms of a contract: edits and agreements `[TERMS-1]`.

use super::plain::Plain;
use super::{Body, at_most};
use crate::bounds::{PARTIES_MAX, SPLICE_CHARS_MAX, TERMS_DEPTH_MAX, TERMS_EDITS_MAX, TEXT_BYTES_MAX};
use crate::citation::Citation;
use crate::ids::{Digest, RecordId};
use crate::record::Effect;
use crate::refusal::{Reason, Refusal};
use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

/// One step of a path in the terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Plain", into = "Plain")]
pub enum Step {
    /// Into a map.
    Key(String),
    /// Into a list.
    Index(u64),
}

impl TryFrom<Plain> for Step {
    type Error = Refusal;

    fn try_from(item: Plain) -> Result<Self, Refusal> {
        match item {
            Plain::Text(key) => at_most(key.len(), TEXT_BYTES_MAX).map(|()| Self::Key(key)),
            Plain::Unsigned(index) => Ok(Self::Index(index)),
            _ => Err(Reason::Shape.into()),
        }
    }
}

impl From<Step> for Plain {
    fn from(step: Step) -> Self {
        match step {
            Step::Key(key) => Self::Text(key),
            Step::Index(index) => Self::Unsigned(index),
        }
    }
}

/// A value in the terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "(u8, Plain)", into = "(u8, Plain)")]
pub enum Value {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A text that is put as a whole.
    Str(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A number that is incremented.
    Counter(i64),
    /// A map without an entry.
    Map,
    /// A list without an item.
    List,
    /// A text without a character, which is spliced.
    Text,
}

fn int(item: &Plain) -> Result<i64, Refusal> {
    match item {
        Plain::Negative(number) => Ok(*number),
        Plain::Unsigned(number) => i64::try_from(*number).map_err(|_| Reason::Shape.into()),
        _ => Err(Reason::Shape.into()),
    }
}

fn of_int(number: i64) -> Plain {
    u64::try_from(number).map_or(Plain::Negative(number), Plain::Unsigned)
}

impl TryFrom<(u8, Plain)> for Value {
    type Error = Refusal;

    fn try_from((number, item): (u8, Plain)) -> Result<Self, Refusal> {
        match (number, item) {
            (0, Plain::Null) => Ok(Self::Null),
            (1, Plain::Bool(it)) => Ok(Self::Bool(it)),
            (2, item) => int(&item).map(Self::Int),
            (3, Plain::Text(text)) => at_most(text.len(), TEXT_BYTES_MAX).map(|()| Self::Str(text)),
            (4, Plain::Bytes(bytes)) => at_most(bytes.len(), TEXT_BYTES_MAX).map(|()| Self::Bytes(bytes)),
            (5, item) => int(&item).map(Self::Counter),
            (6, Plain::Null) => Ok(Self::Map),
            (7, Plain::Null) => Ok(Self::List),
            (8, Plain::Null) => Ok(Self::Text),
            _ => Err(Reason::Shape.into()),
        }
    }
}

impl From<Value> for (u8, Plain) {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => (0, Plain::Null),
            Value::Bool(it) => (1, Plain::Bool(it)),
            Value::Int(number) => (2, of_int(number)),
            Value::Str(text) => (3, Plain::Text(text)),
            Value::Bytes(bytes) => (4, Plain::Bytes(bytes)),
            Value::Counter(number) => (5, of_int(number)),
            Value::Map => (6, Plain::Null),
            Value::List => (7, Plain::Null),
            Value::Text => (8, Plain::Null),
        }
    }
}

/// What an edit does at its path. Indices count items of a list, or Unicode scalar values of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "EditWire", into = "EditWire")]
pub enum Edit {
    /// Puts a value.
    Put(Value),
    /// Deletes what is there.
    Delete,
    /// Inserts a value into a list.
    Insert {
        /// The index before which it is inserted.
        at: u64,
        /// The value.
        value: Value,
    },
    /// Replaces characters of a text.
    Splice {
        /// The index of the first.
        at: u64,
        /// How many go.
        delete: u64,
        /// What comes.
        insert: String,
    },
    /// Adds to a counter.
    Increment(i64),
}

/// Number, index, count of what goes, value, text.
type EditWire = (u8, Option<u64>, Option<u64>, Option<Value>, Option<String>);

impl TryFrom<EditWire> for Edit {
    type Error = Refusal;

    fn try_from(wire: EditWire) -> Result<Self, Refusal> {
        match wire {
            (0, None, None, Some(value), None) => Ok(Self::Put(value)),
            (1, None, None, None, None) => Ok(Self::Delete),
            (2, Some(at), None, Some(value), None) => Ok(Self::Insert { at, value }),
            (3, Some(at), Some(delete), None, Some(insert)) => {
                let long = delete > SPLICE_CHARS_MAX || insert.chars().count() as u64 > SPLICE_CHARS_MAX;
                if long { Err(Reason::TooLarge.into()) } else { Ok(Self::Splice { at, delete, insert }) }
            }
            (4, None, None, Some(Value::Int(by)), None) => Ok(Self::Increment(by)),
            _ => Err(Reason::Shape.into()),
        }
    }
}

impl From<Edit> for EditWire {
    fn from(edit: Edit) -> Self {
        match edit {
            Edit::Put(value) => (0, None, None, Some(value), None),
            Edit::Delete => (1, None, None, None, None),
            Edit::Insert { at, value } => (2, Some(at), None, Some(value), None),
            Edit::Splice { at, delete, insert } => (3, Some(at), Some(delete), None, Some(insert)),
            Edit::Increment(by) => (4, None, None, Some(Value::Int(by)), None),
        }
    }
}

/// Kind 19: one edit of a contract's terms `[TERMS-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct TermsEdit {
    /// The offer; none when it stands in the offer's own entry.
    pub contract: Option<Citation>,
    /// Where.
    pub path: Vec<Step>,
    /// What.
    pub edit: Edit,
    /// The edits of other parties on which it builds; it builds on all earlier ones of its own log.
    pub builds_on: Vec<RecordId>,
}

impl Body for TermsEdit {
    const KIND: u64 = 19;
    const FIELDS: usize = 4;
    const EFFECT: Effect = Effect::None;

    fn bounded(&self) -> Result<(), Refusal> {
        at_most(self.path.len(), TERMS_DEPTH_MAX)?;
        at_most(self.builds_on.len(), PARTIES_MAX)
    }
}

/// Kind 20: the terms to which the author agrees `[TERMS-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct TermsAccept {
    /// The offer.
    pub contract: Citation,
    /// How many edits of each party's log, in the order of the offer's parties.
    pub counts: Vec<u64>,
    /// The digest of the ids of these edits.
    pub digest: Digest,
}

impl Body for TermsAccept {
    const KIND: u64 = 20;
    const FIELDS: usize = 3;
    const EFFECT: Effect = Effect::None;

    fn bounded(&self) -> Result<(), Refusal> {
        if self.counts.is_empty() {
            return Err(Reason::Shape.into());
        }
        at_most(self.counts.len(), PARTIES_MAX)?;
        if self.counts.iter().any(|count| *count > TERMS_EDITS_MAX) {
            return Err(Reason::TooLarge.into());
        }
        Ok(())
    }
}
