//! Inputs that are made to cost memory: depth, lengths, counts and volume, under a measured ceiling `[BOUND-1]`.
//!
//! One test alone stands in this file, so that what its process takes is its own.

#![allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod common;

use common::{NODE, Pen, family, in_days, now, parcel};
use intent_ledger::bounds::{ABSORB_BYTES_MAX, FRONTIER_BYTES_MAX};
use intent_ledger::contracts::{Charter, EntryId, Lane, RecordId};
use intent_ledger::{AbsorbReport, Frontier};

/// What all bombs together may add to the most that the process has held.
const CEILING: usize = 12 * ABSORB_BYTES_MAX;

/// The most memory that this process has held, in bytes; none where the system does not tell.
fn most_held() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<usize>().ok()? * 1024)
}

/// Bytes that no reader may believe: nested, endless, countless.
fn shapes() -> Vec<Vec<u8>> {
    let whole = |head: &[u8]| {
        let mut bytes = head.to_vec();
        bytes.resize(ABSORB_BYTES_MAX, 0x80);
        bytes
    };
    let huge = [0xff; 8];
    let lengths = [0x5b, 0x7b, 0x9b, 0xbb].map(|major| [&[major][..], &huge].concat());
    let mut shapes: Vec<Vec<u8>> = lengths.iter().flat_map(|head| [head.clone(), whole(head)]).collect();
    shapes.extend([0x81, 0xa1, 0xc1, 0x9f, 0x5f].map(|byte| vec![byte; ABSORB_BYTES_MAX]));
    shapes.push(whole(&[0x9a, 0x00, 0x3f, 0xff, 0xff]));
    shapes.push(whole(&[0x83, 0x01, 0x48, 1, 2, 3, 4, 5, 6, 7, 8, 0x9a, 0x00, 0x3f, 0xff, 0xff]));
    shapes
}

#[test]
fn no_bomb_of_depth_length_count_or_volume_exceeds_the_ceiling() {
    let family = family();
    let (mut node, _) = family.member(NODE, &[""]);
    // Four calls' worth of authentic entries by somebody whom nobody has enrolled; each waits or makes room.
    let stranger = |incarnation: u64| {
        let unknown = RecordId { entry: EntryId::from_bytes([9; 32]), index: 0 };
        let pen = Pen::new(family.ledger(), 77, Lane::Productivity, incarnation, in_days(30), unknown);
        parcel(family.ledger(), &pen.chain(ABSORB_BYTES_MAX as u64 / 12_000, &[0x40; 11_000]))
    };
    let volume: Vec<Vec<u8>> = (1..=4).map(stranger).collect();
    let shapes = shapes();
    let Some(before) = most_held() else {
        println!("skipped: this system does not tell how much memory a process has held");
        return;
    };
    for bytes in &shapes {
        let report: AbsorbReport = node.absorb(bytes, now()).unwrap();
        assert!(report.stopped.is_some() && report.new_entries == 0, "{:?}", &bytes[..9]);
        let mut long = bytes.clone();
        long.resize(FRONTIER_BYTES_MAX, 0x81);
        assert!(Frontier::decode(&long).is_err());
        assert!(Charter::decode(&long).is_err());
    }
    for bytes in &volume {
        let report = node.absorb(bytes, now()).unwrap();
        assert_eq!(report.new_entries, 0, "nobody enrolled them");
    }
    let grown = most_held().unwrap() - before;
    println!("{} MiB beyond the {} MiB of before", grown >> 20, before >> 20);
    assert!(grown <= CEILING, "{grown} bytes more for inputs of at most {ABSORB_BYTES_MAX} each");
}
