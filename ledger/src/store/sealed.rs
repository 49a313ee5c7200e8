//! Blocks that prove themselves, between the database and its file `[STORE-11]`.
//!
//! `redb` trusts its own pages: a flipped bit in a page pointer makes it ask for gigabytes or panic. So no
//! page reaches it that is not the one it wrote.
//!
//! - The file is a **head** and blocks. A block is 4,096 bytes of the database and a seal of 32: a digest over
//!   the block's number and content, a mark that tells whether rows of ours lie in it, and a digest over where
//!   they lie and their keys.
//! - A block whose seal does not fit is damage, and is never shown to the database. A page of rows is shown all the
//!   same when its keys are whole: each row has a checksum of its own `[STORE-2]`, so what lies beside a damaged row
//!   is not lost. When a key is damaged, the sound rows are shown, and others where they break no order.
//! - The head is the database's first page, the only one that it overwrites in place. It lies in four copies:
//!   two of the newest, two of the one that was made durable before it. A write torn by a loss of power leaves
//!   the older pair, a flipped bit leaves the twin.
//! - After a crash the database proves its pages by its own checksums and goes back to the commit before when
//!   they do not fit. While it does so, a torn block is shown to it as zeros, which fit nothing.
//! - Nothing beyond the file's length is read, and nothing is allocated for it here.

use super::rows;
use redb::{BackendError, StorageBackend};
use std::fmt;
use std::io::{Error, ErrorKind};
use std::ops::Bound;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A page of the database.
const BLOCK: usize = 4_096;
const BLOCK_LEN: u64 = 4_096;
const DIGEST: usize = 16;
const MARK: usize = 8;
const SEAL: usize = 2 * DIGEST;
const STRIDE: usize = BLOCK + SEAL;
const STRIDE_LEN: u64 = 4_128;
/// Where the second page of the database lies; before it are the four copies of the first.
const DATA_START: u64 = 4 * BLOCK_LEN;

const MAGIC: [u8; 16] = *b"intent-ledger 1\n";
const SEQUENCE_END: usize = MAGIC.len() + 8;
/// What of its first page the database uses, and more.
const HEAD: usize = BLOCK - SEQUENCE_END - DIGEST;

/// The mark of a block in which rows of ours lie, and of any other: many bits apart.
const ROWS: [u8; MARK] = *b"row page";
const OTHER: [u8; MARK] = *b"no rows\n";

/// In the database's head: the flags, and what they say. Its file format fixes them.
const FLAGS_AT: usize = 9;
const RECOVERY_REQUIRED: u8 = 2;
const TWO_PHASE_COMMIT: u8 = 4;
/// The first byte of a leaf of the database.
const LEAF: u8 = 1;

const _: () = {
    assert!(BLOCK + SEAL == STRIDE && BLOCK_LEN + SEAL as u64 == STRIDE_LEN);
    assert!(DIGEST + 2 * MARK == SEAL && HEAD >= 512);
};

/// What of a file cannot be what was written. Carried by an [`Error`] of kind `InvalidData`.
#[derive(Debug)]
pub(super) struct Unsealed(String);

impl fmt::Display for Unsealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unsealed {}

/// Whether an error tells of damage rather than of a failing device.
pub(super) fn is_damage(error: &Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<Unsealed>())
}

fn damage(what: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidData, Unsealed(what.into()))
}

/// What the opener and the device share.
#[derive(Debug, Default)]
pub(super) struct Gauge {
    /// The database proves its pages itself, so a damaged block is shown to it as zeros.
    recovering: AtomicBool,
    /// Bytes of the file.
    length: AtomicU64,
}

impl Gauge {
    /// From here on a damaged block is an error.
    pub(super) fn opened(&self) {
        self.recovering.store(false, Ordering::Release);
    }

    pub(super) fn length(&self) -> u64 {
        self.length.load(Ordering::Acquire)
    }
}

/// A device whose blocks are sealed.
#[derive(Debug)]
pub(super) struct Sealed<B> {
    device: B,
    head: Mutex<Option<Head>>,
    gauge: Arc<Gauge>,
    /// Whether the database may recover, and so write.
    recovers: bool,
}

#[derive(Debug)]
struct Head {
    content: Vec<u8>,
    sequence: u64,
    /// The pair of copies that is surely durable.
    stable: u64,
    /// The other pair was written since the last sync.
    fresh: bool,
    /// What was found at opening is surely durable: the process before may have been stopped before its sync.
    settled: bool,
}

impl<B: StorageBackend> Sealed<B> {
    /// Blocks on `device`; with `recovers` the database may mend what a crash left.
    pub(super) fn over(device: B, recovers: bool) -> (Self, Arc<Gauge>) {
        let gauge = Arc::new(Gauge::default());
        (Self { device, head: Mutex::new(None), gauge: gauge.clone(), recovers }, gauge)
    }

    /// The head, read when it is first asked for: by then the database has locked the file.
    fn with_head<T>(&self, then: impl FnOnce(&mut Head) -> Result<T, Error>) -> Result<T, Error> {
        let mut slot = self.slot();
        if slot.is_none() {
            let (head, unsure) = self.find_head()?;
            let unproven = head.content[FLAGS_AT] & TWO_PHASE_COMMIT == 0;
            self.gauge.recovering.store(self.recovers && (unsure || unproven), Ordering::Release);
            *slot = Some(head);
        }
        match slot.as_mut() {
            Some(head) => then(head),
            None => Err(damage("the head is missing")),
        }
    }

    fn slot(&self) -> MutexGuard<'_, Option<Head>> {
        self.head.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest copy of the head, and whether a newer one may have been lost.
    fn find_head(&self) -> Result<(Head, bool), Error> {
        let mut copies = vec![0; 4 * BLOCK];
        if self.device.len()? < DATA_START {
            return Err(damage("the file is shorter than the head of a store"));
        }
        self.device.read(0, &mut copies)?;
        let ours = copies.chunks(BLOCK).any(|copy| copy.starts_with(&MAGIC));
        let found: Vec<Option<u64>> = copies.chunks(BLOCK).map(sequence_of).collect();
        let Some((place, sequence)) = (0..4).filter_map(|at| Some((at, found[at]?))).max_by_key(|it| it.1)
        else {
            return Err(damage(if ours {
                "all four copies of the head are damaged"
            } else {
                "the file is not a store of this library"
            }));
        };
        let stable = (place / 2) as u64;
        let others = &found[if stable == 0 { 2..4 } else { 0..2 }];
        let unsure = others.iter().all(Option::is_none);
        let mut content = copies[place * BLOCK..][SEQUENCE_END..SEQUENCE_END + HEAD].to_vec();
        if unsure {
            // The lost pair may have been the newer one, and the pages of this one used again since: the
            // database must prove all of them.
            content[FLAGS_AT] = (content[FLAGS_AT] | RECOVERY_REQUIRED) & !TWO_PHASE_COMMIT;
        }
        Ok((Head { content, sequence, stable, fresh: false, settled: false }, unsure))
    }

    fn write_head(&self, offset: usize, data: &[u8]) -> Result<(), Error> {
        self.with_head(|head| {
            let place = head.content.get_mut(offset..offset + data.len());
            place.ok_or_else(|| Error::from(ErrorKind::InvalidInput))?.copy_from_slice(data);
            if !head.settled {
                self.device.sync_data()?;
                head.settled = true;
            }
            head.sequence = head.sequence.saturating_add(1);
            head.fresh = true;
            let copy = head.copy();
            self.device.write((1 - head.stable) * 2 * BLOCK_LEN, &[&copy[..], &copy[..]].concat())
        })
    }

    fn read_blocks(&self, first: u64, out: &mut [u8]) -> Result<(), Error> {
        let count = out.len() / BLOCK;
        let start = place_of(first);
        let end = start.saturating_add(STRIDE_LEN.saturating_mul(count as u64));
        if end > self.device.len()? {
            return Err(damage(format!("{count} pages from page {first} on lie beyond the end of the file")));
        }
        let mut stored = vec![0; count * STRIDE];
        self.device.read(start, &mut stored)?;
        let (mut broken, mut rows_alone, mut layout) = (None, true, &[][..]);
        for ((number, page), block) in (first..).zip(out.chunks_mut(BLOCK)).zip(stored.chunks(STRIDE)) {
            let (content, seal) = block.split_at(BLOCK);
            page.copy_from_slice(content);
            let (sum, about) = seal.split_at(DIGEST);
            if sum != digest(number, content) {
                broken = broken.or(Some(number));
            }
            rows_alone &= about.starts_with(&ROWS);
            layout = &about[MARK..];
        }
        let Some(number) = broken else { return Ok(()) };
        if self.gauge.recovering.load(Ordering::Acquire) {
            out.fill(0);
            return Ok(());
        }
        if rows_alone {
            if layout_of(out).is_some_and(|found| found == layout) {
                return Ok(());
            }
            if let Some(mended) = mended(out) {
                out.copy_from_slice(&mended);
                return Ok(());
            }
        }
        Err(damage(format!("the seal of page {number} does not fit")))
    }

    fn write_blocks(&self, first: u64, data: &[u8]) -> Result<(), Error> {
        let layout = if holds_rows(data) { layout_of(data) } else { None };
        let about = layout.map_or([OTHER, [0; MARK]], |layout| [ROWS, layout]).concat();
        let mut stored = Vec::with_capacity(data.len() / BLOCK * STRIDE);
        for (number, content) in (first..).zip(data.chunks(BLOCK)) {
            stored.extend_from_slice(content);
            stored.extend_from_slice(&digest(number, content));
            stored.extend_from_slice(&about);
        }
        self.device.write(place_of(first), &stored)
    }
}

impl Head {
    fn fresh() -> Self {
        // The first write goes to the pair that is not stable: to the first.
        Self { content: vec![0; HEAD], sequence: 0, stable: 1, fresh: false, settled: true }
    }

    fn copy(&self) -> Vec<u8> {
        let mut copy = [&MAGIC[..], &self.sequence.to_be_bytes(), &self.content].concat();
        copy.extend_from_slice(&digest(0, &copy));
        copy
    }
}

/// The sequence of a copy of the head whose seal fits.
fn sequence_of(copy: &[u8]) -> Option<u64> {
    let (content, sum) = copy.split_at_checked(BLOCK - DIGEST)?;
    let numbered = content.strip_prefix(&MAGIC)?;
    let (sequence, _) = numbered.split_first_chunk::<8>()?;
    (sum == digest(0, content)).then(|| u64::from_be_bytes(*sequence))
}

fn digest(number: u64, content: &[u8]) -> [u8; DIGEST] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&number.to_be_bytes());
    hasher.update(content);
    let mut sum = [0; DIGEST];
    hasher.finalize_xof().fill(&mut sum);
    sum
}

/// Where the block lies that holds this page of the database, counted from 1.
fn place_of(page: u64) -> u64 {
    DATA_START.saturating_add(page.saturating_sub(1).saturating_mul(STRIDE_LEN))
}

/// The page at which whole pages start; the database reads and writes nothing else behind its head.
fn first_page(offset: u64, len: usize) -> Result<u64, Error> {
    if offset.is_multiple_of(BLOCK_LEN) && len.is_multiple_of(BLOCK) && len > 0 {
        Ok(offset / BLOCK_LEN)
    } else {
        Err(Error::from(ErrorKind::InvalidInput))
    }
}

/// A leaf of rows as the database lays it out: the ends of the keys and of the values, then these.
struct Leaf<'a> {
    page: &'a [u8],
    pairs: usize,
}

impl<'a> Leaf<'a> {
    fn of(page: &'a [u8]) -> Option<Self> {
        let pairs = usize::from(u16::from_le_bytes(page.get(2..4)?.try_into().ok()?));
        (page.first() == Some(&LEAF) && pairs > 0).then_some(Self { page, pairs })
    }

    /// The end of key `n`, or of value `n - pairs`; before the first key, the start of them all.
    fn end(&self, n: Option<usize>) -> Option<usize> {
        let Some(n) = n else { return Some(4 + 8 * self.pairs) };
        let end = self.page.get(4 + 4 * n..8 + 4 * n)?;
        usize::try_from(u32::from_le_bytes(end.try_into().ok()?)).ok()
    }

    fn between(&self, n: usize) -> Option<&'a [u8]> {
        self.page.get(self.end(n.checked_sub(1))?..self.end(Some(n))?)
    }

    fn row(&self, n: usize) -> Option<(&'a [u8], &'a [u8])> {
        Some((self.between(n)?, self.between(self.pairs + n)?))
    }
}

/// A digest over where the rows of a page lie and their keys; none when that is astray.
fn layout_of(page: &[u8]) -> Option<[u8; MARK]> {
    let leaf = Leaf::of(page)?;
    if !(0..2 * leaf.pairs).all(|n| leaf.between(n).is_some()) {
        return None;
    }
    let sum = digest(0, page.get(..leaf.end(Some(leaf.pairs - 1))?)?);
    sum.first_chunk().copied()
}

/// A damaged page of rows, without what would break the order of its keys: the sound rows, and between two of them the
/// damaged ones whose keys lie between theirs. None when its structure is broken, or nothing in it is sound.
fn mended(page: &[u8]) -> Option<Vec<u8>> {
    let leaf = Leaf::of(page)?;
    let rows: Vec<_> = (0..leaf.pairs).map(|n| leaf.row(n)).collect::<Option<_>>()?;
    let mut kept: Vec<(&[u8], &[u8])> = Vec::new();
    // Above the last sound row so far, waiting for the next one.
    let mut between: Vec<(&[u8], &[u8])> = Vec::new();
    let mut sound = 0;
    for (key, value) in rows {
        let below = between.last().or(kept.last()).is_none_or(|(last, _)| *last < key);
        if rows::unseal(key, value).is_err() {
            if below && sound > 0 {
                between.push((key, value));
            }
            continue;
        }
        between.retain(|(last, _)| *last < key);
        kept.append(&mut between);
        kept.push((key, value));
        sound += 1;
    }
    (sound > 0).then(|| laid_out(&kept, page.len()))
}

/// A leaf of these rows.
fn laid_out(rows: &[(&[u8], &[u8])], len: usize) -> Vec<u8> {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut page = vec![LEAF, 0];
    page.extend_from_slice(&count(rows.len()).to_le_bytes()[..2]);
    let mut end = 4 + 8 * rows.len();
    let (keys, values): (Vec<&[u8]>, Vec<&[u8]>) = rows.iter().copied().unzip();
    for part in keys.iter().chain(&values) {
        end += part.len();
        page.extend_from_slice(&count(end).to_le_bytes());
    }
    page.extend(keys.into_iter().chain(values).flatten());
    // It is no longer than the page that held these rows and more.
    page.resize(len, 0);
    page
}

/// Whether a page holds rows of ours: the checksum of one of a few shows it, which no other page has.
fn holds_rows(page: &[u8]) -> bool {
    let Some(leaf) = Leaf::of(page) else { return false };
    let last = leaf.pairs - 1;
    [0, last / 2, last]
        .into_iter()
        .any(|n| leaf.row(n).is_some_and(|(key, value)| !key.is_empty() && rows::unseal(key, value).is_ok()))
}

impl<B: StorageBackend> StorageBackend for Sealed<B> {
    fn len(&self) -> Result<u64, Error> {
        let stored = self.device.len()?;
        self.gauge.length.store(stored, Ordering::Release);
        if stored == 0 {
            return Ok(0);
        }
        match stored.checked_sub(DATA_START) {
            Some(blocks) if blocks.is_multiple_of(STRIDE_LEN) => {
                Ok(BLOCK_LEN + blocks / STRIDE_LEN * BLOCK_LEN)
            }
            _ => Err(damage(format!("{stored} bytes are the length of no store"))),
        }
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), Error> {
        if offset >= BLOCK_LEN {
            return self.read_blocks(first_page(offset, out.len())?, out);
        }
        let offset = usize::try_from(offset).map_err(Error::other)?;
        self.with_head(|head| {
            let wanted = head.content.get(offset..offset.saturating_add(out.len()));
            out.copy_from_slice(wanted.ok_or_else(|| Error::from(ErrorKind::InvalidInput))?);
            Ok(())
        })
    }

    fn set_len(&self, len: u64) -> Result<(), Error> {
        if len < BLOCK_LEN || !len.is_multiple_of(BLOCK_LEN) {
            return Err(Error::from(ErrorKind::InvalidInput));
        }
        if self.device.len()? == 0 {
            *self.slot() = Some(Head::fresh());
        }
        let stored = place_of(len / BLOCK_LEN);
        self.device.set_len(stored)?;
        self.gauge.length.store(stored, Ordering::Release);
        Ok(())
    }

    fn sync_data(&self) -> Result<(), Error> {
        let mut slot = self.slot();
        self.device.sync_data()?;
        if let Some(head) = slot.as_mut() {
            head.settled = true;
            if std::mem::take(&mut head.fresh) {
                head.stable = 1 - head.stable;
            }
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> Result<(), Error> {
        if offset >= BLOCK_LEN {
            return self.write_blocks(first_page(offset, data.len())?, data);
        }
        self.write_head(usize::try_from(offset).map_err(Error::other)?, data)
    }

    fn close(&self) -> Result<(), Error> {
        self.device.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.device.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.device.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.device.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.device.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.device.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.device.query_lock_range(start, end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(key: &[u8], content: &[u8]) -> (Vec<u8>, Vec<u8>) {
        (key.to_vec(), rows::seal(key, content))
    }

    fn page_of(rows: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
        let rows: Vec<(&[u8], &[u8])> = rows.iter().map(|(key, value)| (&key[..], &value[..])).collect();
        laid_out(&rows, BLOCK)
    }

    fn keys(page: &[u8]) -> Vec<Vec<u8>> {
        let leaf = Leaf::of(page).expect("a leaf");
        (0..leaf.pairs).map(|n| leaf.row(n).expect("a row").0.to_vec()).collect()
    }

    #[test]
    fn of_a_damaged_page_the_sound_rows_are_shown_in_their_order() {
        let whole = [row(b"e1", b"one"), row(b"e3", b"two"), row(b"e5", b"three"), row(b"e7", b"four")];
        let check = |place: usize, key: &[u8], expect: &[&[u8]]| {
            let mut rows = whole.clone();
            rows[place].0 = key.to_vec();
            let shown = mended(&page_of(&rows)).expect("rows are sound");
            assert_eq!(keys(&shown), expect, "row {place} as {key:?}");
        };
        // A damaged key that breaks no order is shown, for the checksum of its row to tell.
        check(1, b"e4", &[b"e1", b"e4", b"e5", b"e7"]);
        check(1, b"e0", &[b"e1", b"e5", b"e7"]);
        check(1, b"e6", &[b"e1", b"e5", b"e7"]);
        // At the ends nothing shows that it lies within what the page is for.
        check(0, b"e0", &[b"e3", b"e5", b"e7"]);
        check(3, b"f7", &[b"e1", b"e3", b"e5"]);
        assert_eq!(mended(&page_of(&whole)).map(|page| keys(&page).len()), Some(4));
        assert_eq!(mended(&page_of(&[(b"e1".to_vec(), vec![0; 40])])), None, "nothing is sound");
    }

    #[test]
    fn a_page_with_a_broken_structure_shows_nothing() {
        let sound = page_of(&[row(b"e1", b"one"), row(b"e3", b"two")]);
        assert!(holds_rows(&sound));
        for (place, with) in [(0, 2), (2, 0), (3, 9), (5, 0xff), (12, 0), (19, 0x80)] {
            let mut page = sound.clone();
            page[place] = with;
            assert_eq!(mended(&page), None, "byte {place}");
        }
        assert!(!holds_rows(&page_of(&[(b"tables".to_vec(), vec![1; 60])])));
    }
}
