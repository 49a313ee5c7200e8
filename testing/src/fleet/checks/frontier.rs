//! A frontier against the model's state: its lines are those of [SYNC-2], no more and no less.

use super::{Broken, broken, hold};
use crate::model::{ModelLog, ModelState};
use intent_contracts::cbor::{self, Items};
use intent_contracts::{LogId, NoticeId, Tai};
use intent_ledger::Frontier;
use std::collections::{BTreeMap, BTreeSet};

type Tag = [u8; 8];

/// What the wire of a frontier says.
pub(in crate::fleet) struct Told {
    pub(in crate::fleet) birth: Option<Tai>,
    pub(in crate::fleet) horizon: Tai,
    /// By the log's tag: head, its tag, terminal slot, its tag.
    logs: BTreeMap<Tag, (u64, Tag, u64, Tag)>,
    notices: BTreeSet<Tag>,
    key: [u8; 32],
}

/// Reads the wire of a frontier.
pub(in crate::fleet) fn read(frontier: &Frontier) -> Result<Told, Broken> {
    let wire = frontier.encode();
    match parse(&wire) {
        Some(told) => Ok(told),
        None => broken("frontier", "its wire has another shape than the text says"),
    }
}

fn parse(wire: &[u8]) -> Option<Told> {
    type Line = (eight::Eight, u64, eight::Eight, u64, eight::Eight);
    let mut fields = Items::of(wire).ok()?;
    let _version = fields.next()?;
    let _ledger = fields.next()?;
    let salt: [u8; 16] = fields.next_bytes().ok()?.try_into().ok()?;
    let horizon: Tai = cbor::read(fields.next()?).ok()?;
    let birth: Option<Tai> = cbor::read(fields.next()?).ok()?;
    let _interests = fields.next()?;
    let lines: Vec<Line> = cbor::read(fields.next()?).ok()?;
    let notices: Vec<eight::Eight> = cbor::read(fields.next()?).ok()?;
    Some(Told {
        birth,
        horizon,
        logs: lines
            .into_iter()
            .map(|(log, head, at, end, ended)| (log.0, (head, at.0, end, ended.0)))
            .collect(),
        notices: notices.into_iter().map(|tag| tag.0).collect(),
        key: blake3::derive_key("intent-ledger v1 frontier tag", &salt),
    })
}

impl Told {
    /// The slot of a log's trunk whose entry is shown, if any.
    pub(in crate::fleet) fn shown(&self, id: &LogId, log: &ModelLog) -> Option<u64> {
        let (head, tag, ..) = self.logs.get(&self.tag(id.as_bytes()))?;
        let entry = log.trunk.get(usize::try_from(head.checked_sub(1)?).ok()?)?;
        (self.tag(entry.as_bytes()) == *tag).then_some(*head)
    }

    /// Whether it tells of a notice.
    pub(in crate::fleet) fn shows(&self, id: &NoticeId) -> bool {
        self.notices.contains(&self.tag(id.as_bytes()))
    }

    fn tag(&self, bytes: &[u8]) -> Tag {
        let mut tag = [0; 8];
        tag.copy_from_slice(&blake3::keyed_hash(&self.key, bytes).as_bytes()[..8]);
        tag
    }
}

/// Compares what is told with the state.
pub(in crate::fleet) fn compare(told: &Told, state: &ModelState, horizon: Tai) -> Result<(), Broken> {
    hold(told.horizon == horizon, "frontier", || format!("it tells horizon {}", told.horizon))?;
    for (id, log) in &state.logs {
        let head = log.trunk.last().unwrap_or(&log.key.enrolment.entry);
        let (slot, ids) = log.terminal.clone().unwrap_or_default();
        let mut terminal = slot.to_be_bytes().to_vec();
        ids.iter().for_each(|id| terminal.extend_from_slice(id.as_bytes()));
        let line = (log.trunk.len() as u64, told.tag(head.as_bytes()), slot, told.tag(&terminal));
        let found = told.logs.get(&told.tag(id.as_bytes()));
        hold(found == Some(&line), "frontier", || format!("log {id}: {found:?} is told of {line:?}"))?;
    }
    hold(told.logs.len() == state.logs.len(), "frontier", || {
        "it tells a log that is not admitted".to_owned()
    })?;
    let notices: BTreeSet<Tag> = state.notices.iter().map(|id| told.tag(id.as_bytes())).collect();
    hold(told.notices == notices, "frontier", || {
        format!("it tells {} notices of {}", told.notices.len(), notices.len())
    })
}

/// Eight bytes as a byte string.
mod eight {
    use serde::de::{Error, Visitor};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use std::fmt;

    pub(super) struct Eight(pub(super) [u8; 8]);

    impl Serialize for Eight {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_bytes(&self.0)
        }
    }

    impl<'de> Deserialize<'de> for Eight {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Bytes;
            impl Visitor<'_> for Bytes {
                type Value = Eight;
                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("eight bytes")
                }
                fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Eight, E> {
                    bytes.try_into().map(Eight).map_err(|_| E::invalid_length(bytes.len(), &self))
                }
            }
            deserializer.deserialize_bytes(Bytes)
        }
    }
}
