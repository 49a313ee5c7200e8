//! Disks that fill up, fail and lose power, at every step of a short life.

#![allow(clippy::unwrap_used, reason = "a fixture that fails is a failed test")]

mod common;

use common::*;
use intent_ledger::contracts::*;
use intent_ledger::{AppendError, DiscardError, HorizonError, Ledger, LedgerError, RedbStore, StoreError};
use rand_chacha::rand_core::Rng as _;
use redb::StorageBackend;
use std::io::{Error, ErrorKind};
use std::sync::{Arc, Mutex};

/// What a device writes whole or not at all.
const SECTOR: usize = 512;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// Every write from this one on finds no room.
    FullFrom(u64),
    /// This write leaves its first half, and nothing after it finds room.
    ShortAt(u64),
    /// This one sync fails.
    SyncFails(u64),
    /// Power is lost at this operation: it and all later ones fail.
    PowerLost(u64),
}

#[derive(Debug, Default)]
struct DiskState {
    live: Vec<u8>,
    durable: Vec<u8>,
    /// What was done since the last sync: a write, or a new length.
    pending: Vec<(u64, Result<Vec<u8>, u64>)>,
    writes: u64,
    syncs: u64,
    operations: u64,
    fault: Option<Fault>,
}

/// A disk in memory that tells what it has written from what it has only been told.
#[derive(Debug, Clone, Default)]
struct Disk(Arc<Mutex<DiskState>>);

impl Disk {
    fn holding(bytes: Vec<u8>) -> Self {
        let state = DiskState { durable: bytes.clone(), live: bytes, ..DiskState::default() };
        Self(Arc::new(Mutex::new(state)))
    }

    fn with_fault(self, fault: Option<Fault>) -> Self {
        self.0.lock().unwrap().fault = fault;
        self
    }

    /// All that was written, as a process leaves it that was stopped.
    fn written(&self) -> Self {
        Self::holding(self.0.lock().unwrap().live.clone())
    }

    /// What was synced, and of the writes since then those sectors that `keep` chooses: a write may be torn.
    fn survivors(&self, mut keep: impl FnMut() -> bool) -> Self {
        let state = self.0.lock().unwrap();
        let mut bytes = state.durable.clone();
        for (offset, change) in &state.pending {
            let mut offset = usize::try_from(*offset).unwrap();
            match change {
                Ok(data) => {
                    let mut rest = data.as_slice();
                    while !rest.is_empty() {
                        let (sector, others) = rest.split_at(rest.len().min(SECTOR - offset % SECTOR));
                        if keep() {
                            bytes.resize(bytes.len().max(offset + sector.len()), 0);
                            bytes[offset..offset + sector.len()].copy_from_slice(sector);
                        }
                        (offset, rest) = (offset + sector.len(), others);
                    }
                }
                Err(length) if keep() => bytes.resize(usize::try_from(*length).unwrap(), 0),
                Err(_) => {}
            }
        }
        Self::holding(bytes)
    }

    fn counts(&self) -> (u64, u64, u64) {
        let state = self.0.lock().unwrap();
        (state.writes, state.syncs, state.operations)
    }
}

impl DiskState {
    fn operate(&mut self) -> Result<(), Error> {
        self.operations += 1;
        match self.fault {
            Some(Fault::PowerLost(at)) if self.operations > at => Err(Error::other("power lost")),
            _ => Ok(()),
        }
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> Result<u64, Error> {
        Ok(self.0.lock().unwrap().live.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), Error> {
        let state = self.0.lock().unwrap();
        let start = usize::try_from(offset).unwrap();
        let bytes = state.live.get(start..start + out.len()).ok_or(Error::from(ErrorKind::UnexpectedEof))?;
        out.copy_from_slice(bytes);
        Ok(())
    }

    fn set_len(&self, length: u64) -> Result<(), Error> {
        let mut state = self.0.lock().unwrap();
        state.operate()?;
        let grows = length > state.live.len() as u64;
        if let Some(Fault::FullFrom(at)) = state.fault
            && grows
            && state.writes >= at
        {
            return Err(Error::from(ErrorKind::StorageFull));
        }
        state.live.resize(usize::try_from(length).unwrap(), 0);
        state.pending.push((0, Err(length)));
        Ok(())
    }

    fn sync_data(&self) -> Result<(), Error> {
        let mut state = self.0.lock().unwrap();
        state.operate()?;
        state.syncs += 1;
        if state.fault == Some(Fault::SyncFails(state.syncs)) {
            return Err(Error::other("input/output error"));
        }
        state.durable = state.live.clone();
        state.pending.clear();
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> Result<(), Error> {
        let mut state = self.0.lock().unwrap();
        state.operate()?;
        state.writes += 1;
        let (data, short) = match state.fault {
            Some(Fault::FullFrom(at)) if state.writes > at => (&data[..0], true),
            Some(Fault::ShortAt(at)) if state.writes == at + 1 => (&data[..data.len() / 2], true),
            Some(Fault::ShortAt(at)) if state.writes > at => (&data[..0], true),
            _ => (data, false),
        };
        let start = usize::try_from(offset).unwrap();
        let end = start + data.len();
        if !data.is_empty() {
            let length = state.live.len().max(end);
            state.live.resize(length, 0);
            state.live[start..end].copy_from_slice(data);
            state.pending.push((offset, Ok(data.to_vec())));
        }
        if short { Err(Error::from(ErrorKind::StorageFull)) } else { Ok(()) }
    }
}

type Node = Ledger<RedbStore>;
type Picture = (Vec<intent_ledger::LogSummary>, Vec<NoticeId>, Vec<RecordId>, Digest, Tai);

fn open_store(disk: &Disk) -> Result<RedbStore, StoreError> {
    RedbStore::with_backend(disk.clone())
}

fn found(disk: &Disk, family: &Family, witness: &Witness) -> Result<Node, LedgerError> {
    Ledger::create(open_store(disk)?, &family.charter, vec![scope("mars")], host(NODE, 5, witness.clone()))
}

fn reopen(disk: &Disk, family: &Family, witness: &Witness) -> Result<Node, LedgerError> {
    Ledger::open(open_store(disk)?, &family.charter, host(NODE, 6, witness.clone()))
}

fn of_append(error: AppendError) -> LedgerError {
    match error {
        AppendError::Ledger(error) => error,
        other => panic!("a device's fault is told as one, not as {other:?}"),
    }
}

const STEPS: usize = 9;
/// Sets of sectors that survive a loss of power at each operation.
const WAYS: u64 = 8;

/// The short life: absorbs, writes, ends a log, forgets.
fn step(node: &mut Node, family: &Family, number: usize) -> Result<(), LedgerError> {
    let pen = Pen::new(family.ledger(), MARS, Lane::Productivity, 5, in_days(60), family.mars);
    let trunk = pen.chain(3, &[7; 3_000]);
    match number {
        0 => node.absorb(&family.bytes, now()).map(drop),
        1 | 2 | 5 | 8 => {
            let records = [note(in_days(80), &[u8::try_from(number).unwrap(); 4_000])];
            node.append(Lane::Productivity, &records, now()).map(drop).map_err(of_append)
        }
        3 => node.absorb(&parcel(family.ledger(), &trunk), now()).map(drop),
        4 => node
            .notice(&scope("mars/forge"), in_days(40), 40, vec![1; 500], now())
            .map(drop)
            .map_err(of_append),
        6 => {
            let rival = pen.chain_on(1, trunk[0].id(), 1, b"rival");
            node.absorb(&parcel(family.ledger(), &rival), now()).map(drop)
        }
        _ => node
            .advance_horizon(after_days(130), approved(after_days(130)), &mut |_| Ok(()))
            .map(drop)
            .map_err(|error| match error {
                HorizonError::Ledger(error) => error,
                other => panic!("a device's fault is told as one, not as {other:?}"),
            }),
    }
}

/// The pictures after founding and after each step, without any fault; how many writes, syncs and operations
/// they took, and how many it were when the store was closed.
fn history(family: &Family) -> (Vec<Picture>, [(u64, u64, u64); 2]) {
    let disk = Disk::default();
    let mut node = found(&disk, family, &Witness::default()).unwrap();
    let mut pictures = vec![picture(&node)];
    for number in 0..STEPS {
        step(&mut node, family, number).unwrap();
        pictures.push(picture(&node));
    }
    let lived = disk.counts();
    drop(node);
    (pictures, [lived, disk.counts()])
}

/// Lives until the fault; tells how many steps were acknowledged (none: not even the founding), and the
/// handle with the error when there was one.
fn live(disk: &Disk, family: &Family, witness: &Witness) -> (Option<usize>, Option<(Node, LedgerError)>) {
    let Ok(mut node) = found(disk, family, witness) else { return (None, None) };
    for number in 0..STEPS {
        if let Err(error) = step(&mut node, family, number) {
            return (Some(number), Some((node, error)));
        }
    }
    (Some(STEPS), None)
}

fn assert_poisoned(mut node: Node, family: &Family) {
    let poisoned = LedgerError::Poisoned;
    for number in [0, 1, 4, 7] {
        assert_eq!(step(&mut node, family, number), Err(poisoned.clone()));
    }
    let frontier = node.frontier();
    assert_eq!(node.bundle(&frontier, 1_000).err(), Some(poisoned.clone()));
    assert_eq!(node.hear(&frontier).err(), Some(poisoned.clone()));
    assert_eq!(node.scrub().err(), Some(poisoned.clone()));
    let discarded = node.discard(&[], &mut |_| Ok(()));
    assert_eq!(discarded.err(), Some(DiscardError::Ledger(poisoned.clone())));
    assert_eq!(node.reader().err(), Some(poisoned.clone()));
    assert_eq!(node.start_incarnation().err(), Some(AppendError::Ledger(poisoned)));
}

/// Reopens what survived: all that was acknowledged is there, continuity is proven or refused, and the
/// ledger goes on without a fork.
fn assert_survives(
    disk: &Disk,
    family: &Family,
    witness: &Witness,
    acknowledged: Option<usize>,
    pictures: &[Picture],
) {
    let mut node = match reopen(disk, family, witness) {
        Ok(node) => node,
        // The founding itself was cut short: nothing was acknowledged, and the file names its fault.
        Err(_) if acknowledged.is_none() => return,
        Err(error) => panic!("after {acknowledged:?} steps: {error}"),
    };
    let least = acknowledged.unwrap_or(0);
    let seen = picture(&node);
    let step_seen = pictures.iter().rposition(|picture| *picture == seen);
    assert!(
        step_seen.is_some_and(|step| step == least || step == least + 1),
        "{least} steps acknowledged, the store shows step {step_seen:?}"
    );
    assert!(node.scrub().unwrap().damage.is_empty());
    // The generation of every acknowledged entry was recorded, so an ordinary restart keeps rights [INC-2].
    assert!(least < 2 || node.writing().next().is_some(), "{least} steps");
    let heads: Vec<(LogId, u64)> = node.logs().map(|log| (log.id, log.head)).collect();
    if node.enrolments().count() > 1 {
        let written = node.append(Lane::Productivity, &[note(in_days(80), b"on")], now()).unwrap();
        let old = heads.iter().find(|(log, _)| *log == written.log);
        assert_eq!(old.map_or(1, |(_, head)| head + 1), written.seq, "on top, or in a new log");
    }
}

/// `[STORE-1]`
#[test]
fn a_full_disk_at_every_write_poisons_and_loses_nothing() {
    let family = family();
    let (pictures, [(lived, ..), (writes, ..)]) = history(&family);
    let mut poisoned = 0;
    for (at, fault) in (0..writes).flat_map(|at| [(at, Fault::FullFrom(at)), (at, Fault::ShortAt(at))]) {
        let disk = Disk::default().with_fault(Some(fault));
        let witness = Witness::default();
        let (acknowledged, failed) = live(&disk, &family, &witness);
        assert!(at >= lived || acknowledged != Some(STEPS), "{fault:?} is met before the end");
        if let Some((node, error)) = failed {
            assert_eq!(error, LedgerError::Store(StoreError::Full), "{fault:?}");
            assert_poisoned(node, &family);
            poisoned += 1;
        }
        assert_survives(&disk.written(), &family, &witness, acknowledged, &pictures);
    }
    println!("{writes} writes, each with no room from there on and cut short: {} lives", 2 * writes);
    assert!(poisoned > writes, "most faults meet a founded ledger: {poisoned}");
}

#[test]
fn a_failing_sync_at_every_index_poisons_and_loses_nothing() {
    let family = family();
    let (pictures, [(_, lived, _), (_, syncs, _)]) = history(&family);
    let mut poisoned = 0;
    for at in 1..=syncs {
        for keeps_unsynced in [false, true] {
            let disk = Disk::default().with_fault(Some(Fault::SyncFails(at)));
            let witness = Witness::default();
            let (acknowledged, failed) = live(&disk, &family, &witness);
            assert!(at > lived || acknowledged != Some(STEPS), "sync {at} is met before the end");
            let survivors = disk.survivors(|| keeps_unsynced);
            if let Some((node, error)) = failed {
                assert!(
                    matches!(error, LedgerError::Store(StoreError::Device { .. })),
                    "at sync {at}: {error:?}"
                );
                assert_poisoned(node, &family);
                poisoned += 1;
            }
            assert_survives(&survivors, &family, &witness, acknowledged, &pictures);
        }
    }
    println!("{syncs} syncs, each with and without what it was to make durable: {} lives", 2 * syncs);
    assert!(poisoned > syncs, "most faults meet a founded ledger: {poisoned}");
}

#[test]
fn power_lost_at_every_operation_keeps_what_was_acknowledged() {
    let family = family();
    let (pictures, [(.., lived), (.., operations)]) = history(&family);
    for at in 0..operations {
        // Nothing unsynced survives, all of it does, or some of its sectors.
        for way in 0..WAYS {
            let disk = Disk::default().with_fault(Some(Fault::PowerLost(at)));
            let witness = Witness::default();
            let (acknowledged, failed) = live(&disk, &family, &witness);
            assert!(at >= lived || acknowledged != Some(STEPS), "operation {at} is met before the end");
            let mut random = entropy(at * WAYS + way);
            let survivors = disk.survivors(|| match way {
                0 => false,
                1 => true,
                _ => random.next_u64().is_multiple_of(2),
            });
            drop(failed);
            assert_survives(&survivors, &family, &witness, acknowledged, &pictures);
        }
    }
    println!(
        "{operations} operations, {WAYS} sets of sectors that survive at each: {} lives",
        operations * WAYS
    );
}

/// One bit in every page of a closed file, in turn: the file is refused as a whole, or all that was acknowledged is
/// there, or what is not is told, and a peer brings it back `[STORE-3]`.
#[test]
fn a_flipped_bit_in_every_page_is_told_or_harmless_and_a_peer_repairs_it() {
    const PAGE: usize = 4_096;
    let family = family();
    let (disk, witness) = (Disk::default(), Witness::default());
    let mut node = found(&disk, &family, &witness).unwrap();
    (0..7).for_each(|number| step(&mut node, &family, number).unwrap());
    let (before, generation) = (picture(&node), witness.generation());
    let (mut peer, _) = family.member(MARS, &["mars"]);
    exchange(&mut node, &mut peer);
    drop(node);
    let bytes = disk.written().0.lock().unwrap().live.clone();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store");
    let (mut refused, mut harmless, mut repaired) = (0, 0, 0);
    for page in 0..bytes.len().div_ceil(PAGE) {
        for way in 0..12_u64 {
            let mut random = entropy(page as u64 * 12 + way);
            // Most of a page is often empty: three times the bit lies where something stands.
            let start = page * PAGE;
            let used: Vec<usize> =
                (start..bytes.len().min(start + PAGE)).filter(|at| bytes[*at] != 0).collect();
            let drawn = usize::try_from(random.next_u64() % (PAGE as u64)).unwrap();
            let place = if way < 9 && !used.is_empty() { used[drawn % used.len()] } else { start + drawn };
            let Some(byte) = bytes.get(place) else { continue };
            let mut flipped = bytes.clone();
            flipped[place] = byte ^ (1 << (random.next_u64() % 8));
            witness.set(generation);
            std::fs::write(&path, flipped).unwrap();
            let opened = RedbStore::open(&path)
                .map_err(LedgerError::from)
                .and_then(|store| Ledger::open(store, &family.charter, host(NODE, 6, witness.clone())));
            let Ok(mut node) = opened else {
                refused += 1;
                continue;
            };
            let scrubbed = node.scrub().unwrap().damage;
            if scrubbed.is_empty() && node.opening().damage.is_empty() {
                assert_eq!(picture(&node), before, "byte {place} is lost and nobody tells");
                harmless += 1;
                continue;
            }
            node.discard(&scrubbed, &mut |_| Ok(())).unwrap();
            exchange(&mut node, &mut peer);
            assert_eq!(node.state_digest(), peer.state_digest(), "byte {place}");
            assert_eq!(node.scrub().unwrap().damage, [], "byte {place}");
            repaired += 1;
        }
    }
    let pages = bytes.len().div_ceil(PAGE);
    println!(
        "{pages} pages, 12 bits of each: {refused} refused, {harmless} harmless, {repaired} told and repaired"
    );
    assert!(harmless > 100 && repaired > 50, "every way is met");
}
