//! Everything that was ever signed: the simulator's own word on what is authentic.
//!
//! - An entry or notice is authentic iff exactly these bytes were issued.
//! - A fork proof is authentic iff each of its branches ends in a header that was issued with that very
//!   signature; the simulator asks no signature check for that.
//! - What arrives is read by the shape of [SYNC-3] alone and looked up here.

use crate::world::{ItemKind, WorldItem};
use intent_contracts::cbor::{self, Items};
use intent_contracts::{EntryId, LedgerId, LogId, LogKey, NoticeId};
use intent_ledger::bounds::{PART_BYTES_MAX, PART_ITEMS_MAX};
use std::collections::{BTreeMap, BTreeSet};

/// The number of an issued item.
pub(super) type Place = u32;

/// One item that was issued.
pub(super) struct Issued {
    pub(super) item: WorldItem,
    /// Replicas that ever received it, as bits.
    pub(super) held: u16,
}

type ForkIdentity = (LogKey, u64, [EntryId; 2]);

/// All that was issued.
pub(super) struct Registry {
    ledger: LedgerId,
    items: Vec<Issued>,
    by_wire: BTreeMap<[u8; 32], Place>,
    /// The header that each signature signs.
    signatures: BTreeMap<[u8; 64], Vec<u8>>,
    entries: BTreeMap<EntryId, Place>,
    notices: BTreeMap<NoticeId, Place>,
    forks: BTreeMap<ForkIdentity, Place>,
    /// Logs into which somebody wrote who is not their honest writer.
    pub(super) attacked: BTreeSet<LogId>,
}

impl Registry {
    pub(super) const fn new(ledger: LedgerId) -> Self {
        Self {
            ledger,
            items: Vec::new(),
            by_wire: BTreeMap::new(),
            signatures: BTreeMap::new(),
            entries: BTreeMap::new(),
            notices: BTreeMap::new(),
            forks: BTreeMap::new(),
            attacked: BTreeSet::new(),
        }
    }

    /// Notes an item that was signed by whoever has the key.
    pub(super) fn issue(&mut self, item: WorldItem) -> Place {
        let wire = wire_hash(item.kind(), item.bytes());
        if let Some(place) = self.by_wire.get(&wire) {
            return *place;
        }
        let next = Place::try_from(self.items.len()).unwrap_or(Place::MAX);
        let place = match &item {
            WorldItem::Entry(entry) => {
                self.signatures.insert(*entry.signature().as_bytes(), entry.header_bytes().to_vec());
                *self.entries.entry(entry.id()).or_insert(next)
            }
            WorldItem::Notice(notice) => *self.notices.entry(notice.id()).or_insert(next),
            WorldItem::Fork { proof, .. } => {
                *self.forks.entry((*proof.log(), proof.slot(), proof.pair())).or_insert(next)
            }
        };
        self.by_wire.insert(wire, place);
        if place == next {
            self.items.push(Issued { item, held: 0 });
        }
        place
    }

    /// The place of an item that is known by its id; a proof may be new.
    pub(super) fn place_of(&mut self, item: WorldItem) -> Place {
        let known = match &item {
            WorldItem::Entry(entry) => self.entry(&entry.id()),
            WorldItem::Notice(notice) => self.notice(&notice.id()),
            WorldItem::Fork { .. } => None,
        };
        known.unwrap_or_else(|| self.issue(item))
    }

    /// Notes an item of somebody who is not the honest writer.
    pub(super) fn issue_hostile(&mut self, item: WorldItem) -> Place {
        if let WorldItem::Entry(entry) = &item {
            self.attacked.insert(entry.header().log.id(&self.ledger));
        }
        self.issue(item)
    }

    pub(super) fn item(&self, place: Place) -> &WorldItem {
        &self.items[place as usize].item
    }

    pub(super) fn note_held(&mut self, place: Place, replica: usize) {
        self.items[place as usize].held |= 1 << replica;
    }

    /// Whether a replica other than this one ever received the item.
    pub(super) fn held_elsewhere(&self, place: Place, replica: usize) -> bool {
        self.items[place as usize].held & !(1 << replica) != 0
    }

    pub(super) fn entry(&self, id: &EntryId) -> Option<Place> {
        self.entries.get(id).copied()
    }

    pub(super) fn notice(&self, id: &NoticeId) -> Option<Place> {
        self.notices.get(id).copied()
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// The authentic items of some bytes, and how many others they hold, read as far as [SYNC-8] allows.
    pub(super) fn scan(&mut self, mut bytes: &[u8]) -> (Vec<Place>, usize) {
        let (mut found, mut others) = (Vec::new(), 0);
        while !bytes.is_empty() {
            let window = &bytes[..bytes.len().min(PART_BYTES_MAX)];
            let Some((items, length)) = self.part(window) else { break };
            for raw in items {
                match self.authentic(raw) {
                    Some(place) => found.push(place),
                    None => others += 1,
                }
            }
            bytes = &bytes[length..];
        }
        (found, others)
    }

    /// The raw items of a well-formed part at the start of `window`, and its length.
    fn part<'a>(&self, window: &'a [u8]) -> Option<(Vec<&'a [u8]>, usize)> {
        let length = cbor::walk_prefix(window).ok()?;
        let mut fields = Items::of(&window[..length]).ok()?;
        let shape = fields.len() == 3 && fields.next() == Some(&[1]);
        if !shape || fields.next_bytes().ok()? != &self.ledger.as_bytes()[..8] {
            return None;
        }
        let items = Items::of(fields.next()?).ok()?;
        (items.len() <= PART_ITEMS_MAX).then(|| (items.collect(), length))
    }

    fn authentic(&mut self, raw: &[u8]) -> Option<Place> {
        let mut fields = Items::of(raw).ok().filter(|fields| fields.len() == 2)?;
        let kind = match fields.next()? {
            [0] => ItemKind::Entry,
            [1] => ItemKind::Notice,
            [2] => ItemKind::Fork,
            _ => return None,
        };
        self.find(kind, fields.next()?)
    }

    /// The item of these bytes, if it is authentic.
    pub(super) fn find(&mut self, kind: ItemKind, bytes: &[u8]) -> Option<Place> {
        if let Some(place) = self.by_wire.get(&wire_hash(kind, bytes)) {
            return Some(*place);
        }
        if kind != ItemKind::Fork || !self.signed_branches(bytes).unwrap_or(false) {
            return None;
        }
        let item = WorldItem::read(&self.ledger, kind, bytes)?;
        Some(self.issue(item))
    }

    /// Whether every branch ends in a header that was issued with this signature.
    fn signed_branches(&self, bytes: &[u8]) -> Option<bool> {
        cbor::walk(bytes).ok()?;
        let mut sound = true;
        for branch in Items::of(bytes).ok()? {
            let mut fields = Items::of(branch).ok()?;
            let mut headers = Items::of(fields.next()?).ok()?;
            let mut last: &[u8] = &[];
            while !headers.is_empty() {
                last = headers.next_bytes().ok()?;
            }
            let signature: [u8; 64] = fields.next_bytes().ok()?.try_into().ok()?;
            sound &= self.signatures.get(&signature).is_some_and(|signed| signed == last);
        }
        Some(sound)
    }
}

fn wire_hash(kind: ItemKind, bytes: &[u8]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[kind as u8]);
    hasher.update(bytes);
    *hasher.finalize().as_bytes()
}
