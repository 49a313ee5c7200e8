//! Bundles: entries, notices and fork proofs in parts that decode alone `[SYNC-3]`.

use crate::bounds::{ABSORB_BYTES_MAX, PART_BYTES_MAX, PART_BYTES_TARGET, PART_ITEMS_MAX};
use intent_contracts::cbor::{self, Items};
use intent_contracts::planted;
use intent_contracts::{Item, LedgerId, Reason, Refusal, SignedEntry, SignedNotice, UncheckedFork};

/// The version of the part format.
const VERSION: u8 = 1;
const ENTRY: u8 = 0;
const NOTICE: u8 = 1;
const FORK: u8 = 2;

/// The bytes of one item, and what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemBytes<'a> {
    /// An entry.
    Entry(&'a [u8]),
    /// A notice.
    Notice(&'a [u8]),
    /// A fork proof.
    Fork(&'a [u8]),
}

impl<'a> ItemBytes<'a> {
    pub(crate) const fn bytes(&self) -> &'a [u8] {
        self.parts().1
    }

    const fn parts(&self) -> (u8, &'a [u8]) {
        match self {
            Self::Entry(bytes) => (ENTRY, bytes),
            Self::Notice(bytes) => (NOTICE, bytes),
            Self::Fork(bytes) => (FORK, bytes),
        }
    }
}

/// Packs items into parts up to a byte budget.
///
/// ```
/// use intent_ledger::{BundleBuilder, ItemBytes};
/// use intent_ledger::contracts::LedgerId;
/// let mut builder = BundleBuilder::new(LedgerId::from_bytes([1; 32]), 1_000);
/// assert!(builder.push(ItemBytes::Notice(&[0x80])));
/// assert!(!builder.push(ItemBytes::Entry(&[0; 2_000])));
/// assert_eq!(builder.finish().len(), 1 + 1 + 9 + 1 + 3);
/// ```
#[derive(Debug)]
pub struct BundleBuilder {
    tag: [u8; 8],
    budget: usize,
    closed: Vec<u8>,
    items: Vec<u8>,
    count: usize,
}

impl BundleBuilder {
    /// An empty bundle for the ledger, of at most `budget` bytes and never more than one call absorbs.
    #[must_use]
    pub fn new(ledger: LedgerId, budget: usize) -> Self {
        let budget = budget.min(ABSORB_BYTES_MAX);
        Self { tag: ledger_tag(&ledger), budget, closed: Vec::new(), items: Vec::new(), count: 0 }
    }

    /// Adds an item if it fits; tells whether it did.
    pub fn push(&mut self, item: ItemBytes<'_>) -> bool {
        let bytes = item.bytes();
        let size = 2 + bytes.len();
        let alone = self.count == 0
            || self.count < PART_ITEMS_MAX
                && part_size(self.count + 1, self.items.len() + size) <= PART_BYTES_TARGET;
        let (count, items, closed) = if alone {
            (self.count + 1, self.items.len() + size, self.closed.len())
        } else {
            (1, size, self.closed.len() + part_size(self.count, self.items.len()))
        };
        let over = if planted::on("go over the budget") { 64 } else { 0 };
        if closed + part_size(count, items) > self.budget.saturating_add(over) {
            return false;
        }
        if !alone {
            self.close();
        }
        let (kind, bytes) = item.parts();
        cbor::array_head(&mut self.items, 2);
        self.items.push(kind);
        self.items.extend_from_slice(bytes);
        self.count += 1;
        true
    }

    /// The budget of a bundle that holds one item of so many bytes `[SYNC-5]`.
    pub(crate) const fn alone(bytes: usize) -> usize {
        part_size(1, 2 + bytes)
    }

    pub(crate) const fn budget(&self) -> usize {
        self.budget
    }

    /// The bytes of the bundle.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        self.close();
        self.closed
    }

    fn close(&mut self) {
        if self.count > 0 {
            cbor::array_head(&mut self.closed, 3);
            self.closed.push(VERSION);
            cbor::byte_string(&mut self.closed, &self.tag);
            cbor::array_head(&mut self.closed, self.count);
            self.closed.append(&mut self.items);
            self.count = 0;
        }
    }
}

/// Bytes of a part that holds `count` items of `items` bytes together.
const fn part_size(count: usize, items: usize) -> usize {
    let head = if count < 24 {
        1
    } else if count < 256 {
        2
    } else {
        3
    };
    1 + 1 + 9 + head + items
}

/// The first eight bytes of the ledger id: enough to tell a stray bundle, never trusted.
pub(crate) fn ledger_tag(ledger: &LedgerId) -> [u8; 8] {
    let mut tag = [0; 8];
    tag.copy_from_slice(&ledger.as_bytes()[..8]);
    tag
}

/// The ends of the parts of a bundle, up to the first that cannot be read `[SYNC-3]`.
///
/// A bundle may be cut at any of them: each piece is a bundle of its own.
///
/// ```
/// use intent_ledger::{BundleBuilder, ItemBytes, part_ends};
/// use intent_ledger::contracts::LedgerId;
/// let mut builder = BundleBuilder::new(LedgerId::from_bytes([1; 32]), 10_000);
/// // An item that does not fit below 4 KiB with the others opens a part of its own. This one is a byte string.
/// let entry = [&[0x59, 0x13, 0x85][..], &[0; 4_997]].concat();
/// assert!(builder.push(ItemBytes::Notice(&[0x80])) && builder.push(ItemBytes::Entry(&entry)));
/// let bytes = builder.finish();
/// assert_eq!(part_ends(&bytes), [15, bytes.len()]);
/// ```
#[must_use]
pub fn part_ends(bytes: &[u8]) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut at = 0;
    while let Some(end) = part_end(bytes, at) {
        ends.push(end);
        at = end;
    }
    ends
}

/// The end of the part that begins at `at`.
pub(crate) fn part_end(bytes: &[u8], at: usize) -> Option<usize> {
    let window = bytes.get(at..bytes.len().min(at.saturating_add(PART_BYTES_MAX)))?;
    let length = cbor::walk_prefix(window).ok().filter(|length| *length > 0)?;
    Some(at + length)
}

/// One item of a bundle: parsed, or refused, at its offset.
pub(crate) struct Received {
    pub(crate) offset: usize,
    pub(crate) item: Result<Box<Item>, Refusal>,
}

/// What a bundle holds up to the first part that cannot be read `[SYNC-8]`.
pub(crate) struct Unpacked {
    pub(crate) items: Vec<Received>,
    /// Where and why reading stopped before the end.
    pub(crate) stopped: Option<Refusal>,
}

/// Reads a bundle of at most [`ABSORB_BYTES_MAX`] bytes.
pub(crate) fn unpack(ledger: &LedgerId, bytes: &[u8]) -> Unpacked {
    let mut items = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let window = &bytes[at..bytes.len().min(at + PART_BYTES_MAX)];
        match unpack_part(ledger, window, at, &mut items) {
            Ok(length) => at += length,
            Err(refusal) => return Unpacked { items, stopped: Some(refusal.shifted(at)) },
        }
    }
    Unpacked { items, stopped: None }
}

fn unpack_part(
    ledger: &LedgerId,
    window: &[u8],
    base: usize,
    out: &mut Vec<Received>,
) -> Result<usize, Refusal> {
    let length = match cbor::walk_prefix(window) {
        Err(refusal) if refusal.reason == Reason::Truncated && window.len() == PART_BYTES_MAX => {
            return Err(Reason::TooLarge.into());
        }
        other => other?,
    };
    let part = &window[..length];
    let mut fields = Items::of(part)?;
    if fields.len() != 3 || fields.next() != Some(&[VERSION]) {
        return Err(Reason::Shape.into());
    }
    if fields.next_bytes()? != ledger_tag(ledger) {
        return Err(Reason::ForeignLedger.into());
    }
    let items = Items::of(fields.next().ok_or(Refusal::from(Reason::Shape))?)?;
    if items.len() > PART_ITEMS_MAX {
        return Err(Reason::TooLarge.into());
    }
    for raw in items {
        let offset = base + (raw.as_ptr() as usize - window.as_ptr() as usize);
        out.push(Received { offset, item: parse(ledger, raw).map(Box::new) });
    }
    Ok(length)
}

fn parse(ledger: &LedgerId, raw: &[u8]) -> Result<Item, Refusal> {
    let mut fields = Items::of(raw)?;
    if fields.len() != 2 {
        return Err(Reason::Shape.into());
    }
    let kind = fields.next();
    let bytes = fields.next().ok_or(Refusal::from(Reason::Shape))?;
    match kind {
        Some(&[ENTRY]) => SignedEntry::decode(ledger, bytes).map(Item::Entry),
        Some(&[NOTICE]) => SignedNotice::decode(ledger, bytes).map(Item::Notice),
        Some(&[FORK]) => UncheckedFork::decode(ledger, bytes).map(Item::Fork),
        _ => Err(Reason::Shape.into()),
    }
    .map_err(|refusal| refusal.shifted(2))
}
