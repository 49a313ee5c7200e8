//! Bodies of notices `[NOT-2]`.
//!
//! - A notice of a kind below 64 that cannot be read acts on nothing. One of a kind of 64 or more restricts: its
//!   body begins with a [match](match_of) in a shape that no version changes `[RESTRICT-1]`.

pub use super::Cut;
use super::plain::Plain;
use super::{Body, Mode, at_most};
use crate::bounds::{CUTS_MAX, FACTS_MAX, VOTE_WINDOWS_MAX};
use crate::cbor::{self, Items};
use crate::citation::Citation;
use crate::ids::{LedgerId, LogKey};
use crate::key::AuthorKey;
use crate::record::Effect;
use crate::refusal::{Reason, Refusal};
use crate::scope::{Label, Scope};
use crate::time::Tai;
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};
use std::fmt;

/// Numbers that drafts once used and that no version uses again, with their names of then `[KIND-3]`.
pub const RETIRED: &[(u64, &str)] = &[(2, "quarantine")];

/// The least kind of a notice that restricts, whatever else it says `[RESTRICT-1]`.
pub const RESTRICTS_FROM: u64 = 64;

/// The bytes of a notice body.
///
/// # Errors
/// [`Reason::TooLarge`] when a bound is exceeded.
pub fn encode<B: Body>(body: &B) -> Result<Vec<u8>, Refusal> {
    body.bounded()?;
    Ok(cbor::encode(body))
}

/// Notice kind 1: a key below the author's anchor loses its permission beyond the cuts `[REV-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Revocation {
    /// The key.
    pub key: AuthorKey,
    /// Where each log is cut; a log not named is cut at zero.
    pub cuts: Vec<Cut>,
}

impl Body for Revocation {
    const KIND: u64 = 1;
    const FIELDS: usize = 2;
    const EFFECT: Effect = Effect::None;

    fn bounded(&self) -> Result<(), Refusal> {
        at_most(self.cuts.len(), CUTS_MAX)
    }
}

/// Notice kind 3: what rests on both the notice's scope and the other one may start nothing
/// `[TRIP-1]`, `[BREAK-2]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Trip {
    /// The scope on the other side of the breaker.
    pub other: Scope,
}

impl Body for Trip {
    const KIND: u64 = 3;
    const FIELDS: usize = 1;
    const EFFECT: Effect = Effect::None;

    fn bounded(&self) -> Result<(), Refusal> {
        Ok(())
    }
}

/// Notice kind 4: a root endorses a root's record `[ENDORSE-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Endorsement {
    /// The record.
    pub record: Citation,
}

impl Body for Endorsement {
    const KIND: u64 = 4;
    const FIELDS: usize = 1;
    const EFFECT: Effect = Effect::None;

    fn bounded(&self) -> Result<(), Refusal> {
        Ok(())
    }
}

/// Notice kind 5: an attestation failed or is withdrawn `[FAIL-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Failure {
    /// The attestation.
    pub attestation: Citation,
}

impl Body for Failure {
    const KIND: u64 = 5;
    const FIELDS: usize = 1;
    const EFFECT: Effect = Effect::None;

    fn bounded(&self) -> Result<(), Refusal> {
        Ok(())
    }
}

/// Windows of a first give, and the log to which a vote assigns them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct WindowVote {
    /// The number of the first give in the charter.
    pub give: u64,
    /// The number of the first window.
    pub first: u64,
    /// The number of the last window.
    pub last: u64,
    /// The log that is to hold them.
    pub holder: LogKey,
}

/// Notice kind 6: a root votes `[VOTE-1]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Vote {
    /// For the holder of windows for which the charter names none.
    Window(WindowVote),
    /// For the charter that follows this one.
    Successor(LedgerId),
}

impl Serialize for Vote {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Window(vote) => (0_u8, vote).serialize(serializer),
            Self::Successor(ledger) => (1_u8, ledger).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Vote {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Vote;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("0 and a vote on windows, or 1 and a ledger id")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vote, A::Error> {
                let missing = || A::Error::custom("a vote has two fields");
                match items.next_element::<u8>()? {
                    Some(0) => items.next_element()?.map(Vote::Window).ok_or_else(missing),
                    Some(1) => items.next_element()?.map(Vote::Successor).ok_or_else(missing),
                    _ => Err(missing()),
                }
            }
        }
        deserializer.deserialize_tuple(2, Read)
    }
}

impl Body for Vote {
    const KIND: u64 = 6;
    const FIELDS: usize = 2;
    const EFFECT: Effect = Effect::None;

    fn bounded(&self) -> Result<(), Refusal> {
        match self {
            Self::Window(WindowVote { first, last, .. }) => match last.checked_sub(*first) {
                None => Err(Reason::EmptyWindow.into()),
                Some(more) if more >= VOTE_WINDOWS_MAX => Err(Reason::TooLarge.into()),
                Some(_) => Ok(()),
            },
            Self::Successor(_) => Ok(()),
        }
    }
}

/// One fact of a match. None is refused for its value `[RESTRICT-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Fact {
    /// What is looked at: one of the numbers here, or one of a later version.
    pub number: u64,
    /// What it must be.
    pub value: FactValue,
}

impl Fact {
    /// The build: the first 16 bytes of its digest.
    pub const BUILD: u64 = 0;
    /// The configuration: the first 16 bytes of its digest.
    pub const CONFIG: u64 = 1;
    /// A lot of parts: its label.
    pub const LOT: u64 = 2;
    /// The build or hardware family: its label.
    pub const LINEAGE: u64 = 3;
    /// An enrolment: the first 16 bytes of the id of its entry.
    pub const ENROLMENT: u64 = 4;
    /// No attestation stands; null.
    pub const UNATTESTED: u64 = 5;
    /// An exception was raised: the first 16 bytes of its signature.
    pub const RAISED: u64 = 6;
    /// A capability mode that a claim states: its label.
    pub const CAPABILITY_MODE: u64 = 7;
    /// The scope on the other side.
    pub const OTHER: u64 = 8;
}

/// What a fact must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Plain", into = "Plain")]
pub enum FactValue {
    /// Nothing more is said.
    Null,
    /// The beginning of a digest or an id.
    Bytes(Vec<u8>),
    /// A label; in a later version any text.
    Text(String),
    /// The labels of a scope; in a later version more or other ones.
    Labels(Vec<String>),
}

impl FactValue {
    /// The value of a fact that names a scope.
    #[must_use]
    pub fn of_scope(scope: &Scope) -> Self {
        Self::Labels(scope.labels().iter().map(ToString::to_string).collect())
    }

    /// The scope that the fact names; none when it names none that this version can read.
    #[must_use]
    pub fn scope(&self) -> Option<Scope> {
        let Self::Labels(labels) = self else { return None };
        let labels: Result<Vec<Label>, _> = labels.iter().cloned().map(Label::try_from).collect();
        Scope::try_from(labels.ok()?).ok()
    }
}

impl TryFrom<Plain> for FactValue {
    type Error = Refusal;

    fn try_from(item: Plain) -> Result<Self, Refusal> {
        match item {
            Plain::Null => Ok(Self::Null),
            Plain::Bytes(bytes) => Ok(Self::Bytes(bytes)),
            Plain::Text(text) => Ok(Self::Text(text)),
            Plain::Texts(labels) => Ok(Self::Labels(labels)),
            Plain::Bool(_) | Plain::Unsigned(_) | Plain::Negative(_) => Err(Reason::Shape.into()),
        }
    }
}

impl From<FactValue> for Plain {
    fn from(value: FactValue) -> Self {
        match value {
            FactValue::Null => Self::Null,
            FactValue::Bytes(bytes) => Self::Bytes(bytes),
            FactValue::Text(text) => Self::Text(text),
            FactValue::Labels(labels) => Self::Texts(labels),
        }
    }
}

/// What a restriction does to what it fits: a number to which a later version may add.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RestrictionEffect(pub u64);

impl RestrictionEffect {
    /// Nothing new is begun.
    pub const NO_NEW: Self = Self(0);
    /// All is suspended.
    pub const SUSPEND: Self = Self(1);
    /// Chains that pass the breaker are parted.
    pub const PART: Self = Self(2);

    /// The scope is in this mode.
    #[must_use]
    pub const fn of_mode(mode: Mode) -> Self {
        Self(16 + mode as u64)
    }

    /// The mode; none when this is another effect.
    #[must_use]
    pub fn mode(self) -> Option<Mode> {
        Mode::ALL.iter().copied().find(|mode| Self::of_mode(*mode) == self)
    }
}

/// Notice kind 64: a restriction `[RESTRICT-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Restriction {
    /// What it fits: all of these facts hold.
    pub facts: Vec<Fact>,
    /// What it does.
    pub effect: RestrictionEffect,
    /// From when on; none means from when it was written.
    pub since: Option<Tai>,
    /// Whether it can be closed only from strictly above its author.
    pub above: bool,
}

impl Body for Restriction {
    const KIND: u64 = RESTRICTS_FROM;
    const FIELDS: usize = 4;
    const EFFECT: Effect = Effect::None;

    fn bounded(&self) -> Result<(), Refusal> {
        at_most(self.facts.len(), FACTS_MAX)
    }
}

/// The match at the beginning of the body of every notice that restricts, whatever its kind `[RESTRICT-1]`.
///
/// # Errors
/// A [`Refusal`] of the structure, of a fact, or of more than four facts.
pub fn match_of(body: &[u8]) -> Result<Vec<Fact>, Refusal> {
    cbor::walk(body)?;
    let first = Items::of(body)?.next().ok_or(Refusal::at(Reason::Shape, 0))?;
    let facts: Vec<Fact> = cbor::decode(first)?;
    at_most(facts.len(), FACTS_MAX)?;
    Ok(facts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn restriction() -> Restriction {
        let facts = vec![
            Fact { number: Fact::BUILD, value: FactValue::Bytes(vec![7; 16]) },
            Fact { number: 1_000, value: FactValue::Null },
        ];
        Restriction { facts, effect: RestrictionEffect::SUSPEND, since: None, above: true }
    }

    /// `[RESTRICT-1]`
    #[test]
    fn the_match_of_a_later_kind_is_read() {
        let facts = restriction().facts;
        let later = cbor::encode(&(&facts, "an effect in words", [1_u64, 2]));
        assert!(Restriction::read(&later).is_err());
        assert_eq!(match_of(&later).unwrap(), facts);
        assert_eq!(match_of(&encode(&restriction()).unwrap()).unwrap(), facts);
        assert!(match_of(&[0x80]).is_err());
        let many = vec![facts[0].clone(); FACTS_MAX + 1];
        assert_eq!(match_of(&cbor::encode(&(many,))).unwrap_err().reason, Reason::TooLarge);
    }

    /// `[RESTRICT-1]`
    #[test]
    fn no_fact_is_refused_for_its_value() {
        let text = |text: &str| FactValue::Text(text.to_owned());
        let labels = FactValue::Labels(vec!["no label".to_owned(); 9]);
        for value in [text(""), text(&"x".repeat(1_000)), FactValue::Bytes(Vec::new()), labels] {
            let fact = Fact { number: Fact::OTHER, value };
            assert_eq!(match_of(&cbor::encode(&([&fact],))).unwrap(), std::slice::from_ref(&fact));
            assert_eq!(fact.value.scope(), None);
        }
        let scope = Scope::parse("mars/forge").unwrap();
        assert_eq!(FactValue::of_scope(&scope).scope(), Some(scope));
        assert_eq!(match_of(&cbor::encode(&([(0_u64, 5_u64)],))).unwrap_err().reason, Reason::Shape);
    }

    #[test]
    fn effects_of_modes_are_told_from_others() {
        for mode in Mode::ALL {
            assert_eq!(RestrictionEffect::of_mode(*mode).mode(), Some(*mode));
        }
        assert_eq!(RestrictionEffect::SUSPEND.mode(), None);
        assert_eq!(RestrictionEffect(20).mode(), None);
    }
}
