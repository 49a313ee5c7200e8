//! Small budgets: each exchange makes progress or tells the least budget that would, and nothing is sent that waits
//! for what was passed over `[SYNC-4]`, `[SYNC-5]`, `[SYNC-9]`.

#![allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

mod common;

use common::{
    Family, MARS, NODE, NODE_BUDGET, NODE_LOGS, Pen, ROOT, charter, enrol, family, in_days, note, now,
    parcel, reasons, replica, send,
};
use intent_ledger::bounds::{ABSORB_BYTES_MAX, POOL_ITEMS_MAX};
use intent_ledger::contracts::kinds::Roles;
use intent_ledger::contracts::{EntryId, Lane, Reason, RecordId};
use intent_ledger::{AbsorbReport, Absorbing, LedgerError, part_ends};

/// A region whose enrolment stands in a record between others, so that its entry is long, and a node below it.
fn behind_a_long_entry() -> (common::Replica, intent_ledger::contracts::Charter) {
    let charter = charter();
    let (mut root, _) = replica(&charter, ROOT, &[""]);
    let mut records = vec![enrol(MARS, Roles::ALL, "mars", 1 << 32, 8, in_days(900))];
    records.push(note(in_days(900), &[7; 2_000]));
    root.append(Lane::Safety, &records, now()).unwrap();
    let (mut region, _) = replica(&charter, MARS, &[""]);
    send(&root, &mut region, usize::MAX);
    let roles = Roles::ACT.with(Roles::DENY);
    region
        .append(
            Lane::Safety,
            &[enrol(NODE, roles, "mars/forge", NODE_BUDGET, NODE_LOGS, in_days(400))],
            now(),
        )
        .unwrap();
    region.append(Lane::Productivity, &[note(in_days(3), b"small")], now()).unwrap();
    send(&region, &mut root, usize::MAX);
    (root, charter)
}

#[test]
fn what_hangs_on_an_entry_that_no_budget_holds_is_not_sent_again_and_again() {
    let (root, charter) = behind_a_long_entry();
    let (mut newcomer, _) = replica(&charter, 40, &[""]);
    let bundle = root.bundle(&newcomer.frontier(), 600).unwrap();
    assert_eq!((bundle.items, bundle.complete), (0, false), "what the region wrote would only wait");
    let least = bundle.least_budget.expect("a budget would help");
    assert!(least > 2_000);
    assert_eq!(root.bundle(&newcomer.frontier(), least - 1).unwrap().items, 0);
    let helped = root.bundle(&newcomer.frontier(), least).unwrap();
    assert_eq!(helped.items, 1);
    newcomer.absorb(&helped.bytes, now()).unwrap();
    // From here on the small budget does.
    send(&root, &mut newcomer, 600);
    assert_eq!(newcomer.state_digest(), root.state_digest());
}

/// For every budget a repeated exchange ends complete, or tells a greater one at which it goes on.
#[test]
fn for_every_budget_an_exchange_makes_progress_or_tells_the_least_budget_that_would() {
    let (root, charter) = behind_a_long_entry();
    for budget in (0..3_000).step_by(37) {
        let (mut newcomer, _) = replica(&charter, 40, &[""]);
        let mut allowed = budget;
        for _ in 0..100 {
            let bundle = root.bundle(&newcomer.frontier(), allowed).unwrap();
            assert!(bundle.bytes.len() <= allowed);
            let before = newcomer.state_digest();
            let report = newcomer.absorb(&bundle.bytes, now()).unwrap();
            assert_eq!(
                (report.waiting, report.refused_total()),
                (0, 0),
                "budget {budget}: nothing is sent in vain"
            );
            if bundle.complete {
                break;
            }
            if newcomer.state_digest() == before {
                let least = bundle.least_budget.expect("it tells what would help");
                assert!(least > allowed, "budget {budget}");
                assert_eq!(root.bundle(&newcomer.frontier(), least - 1).unwrap().items, 0, "it is the least");
                allowed = least;
            }
        }
        assert_eq!(newcomer.state_digest(), root.state_digest(), "budget {budget}");
    }
}

/// `[SYNC-9]`: what a bundle holds one call absorbs, and it may be cut at the end of each part.
#[test]
fn a_bundle_is_never_more_than_one_call_takes_and_is_cut_where_its_parts_end() {
    let family = family();
    let (mut node, _) = family.member(NODE, &[""]);
    let many = family.node_pen(7).chain(60, &[0x40; 900]);
    node.absorb(&parcel(family.ledger(), &many), now()).unwrap();
    let (mut other, _) = family.member(50, &[""]);
    let bundle = node.bundle(&other.frontier(), usize::MAX).unwrap();
    assert!(bundle.bytes.len() <= ABSORB_BYTES_MAX);
    let ends = bundle.part_ends();
    assert!(ends.len() > 10);
    assert_eq!(ends.last(), Some(&bundle.bytes.len()));
    assert_eq!(ends, part_ends(&bundle.bytes));
    let mut from = 0;
    for end in ends {
        let report = other.absorb(&bundle.bytes[from..end], now()).unwrap();
        assert!(report.stopped.is_none() && report.new_entries > 0);
        from = end;
    }
    assert_eq!(other.state_digest(), node.state_digest());
    let long = vec![0x80; ABSORB_BYTES_MAX + 1];
    assert!(matches!(other.absorb(&long, now()), Err(LedgerError::TooMuch { .. })));
}

/// Absorbs in steps, and tells how many there were.
fn in_steps(family: &Family, bytes: &[u8], most: usize) -> (common::Replica, AbsorbReport, usize) {
    let (mut other, _) = family.member(50, &[""]);
    let mut absorbing = Absorbing::of(bytes);
    let mut steps = 0;
    while !absorbing.is_done() {
        other.absorb_some(&mut absorbing, most, now()).unwrap();
        steps += 1;
    }
    (other, absorbing.report().clone(), steps)
}

/// `[BOUND-4]`
#[test]
fn steps_leave_what_one_call_leaves_and_tell_the_same() {
    let family = family();
    let pen = family.node_pen(7);
    let mut entries = pen.chain(60, &[0x40; 900]);
    // One is refused, one comes twice, and one forks the log.
    entries.push(
        Pen::new(family.ledger(), 77, Lane::Productivity, 1, in_days(30), family.node)
            .chain(1, b"x")
            .remove(0),
    );
    entries.push(entries[3].clone());
    entries.push(pen.chain_on(39, entries[38].id(), 1, b"rival").remove(0));
    let mut bytes = parcel(family.ledger(), &entries);
    bytes.extend([0xff; 30]);
    let (mut whole, _) = family.member(50, &[""]);
    let told = whole.absorb(&bytes, now()).unwrap();
    assert!(told.stopped.is_some() && told.refused_total() == 1 && told.ended_logs == 1);
    for (most, fewest) in [(1, 12), (16 * 1024, 3), (usize::MAX, 2)] {
        let (stepped, report, steps) = in_steps(&family, &bytes, most);
        assert_eq!(report, told, "at most {most} bytes");
        assert_eq!(stepped.state_digest(), whole.state_digest());
        assert!(steps >= fewest, "{steps} steps of at most {most} bytes");
    }
    assert_eq!(in_steps(&family, &[], 1).2, 0, "nothing is done at once");
}

/// `[POOL-1]`: what made room for others is told.
#[test]
fn a_report_tells_what_the_pool_let_go() {
    let family = family();
    let (mut node, _) = family.member(NODE, &[""]);
    let unknown = RecordId { entry: EntryId::from_bytes([9; 32]), index: 0 };
    let mut crowded = 0;
    for incarnation in 0..3 {
        let pen = Pen::new(family.ledger(), 77, Lane::Productivity, incarnation, in_days(30), unknown);
        let entries = pen.chain(POOL_ITEMS_MAX as u64 / 2, b"");
        let report = node.absorb(&parcel(family.ledger(), &entries), now()).unwrap();
        assert_eq!(reasons(&report), [] as [(Reason, u64); 0]);
        crowded += report.crowded_out;
    }
    assert_eq!(crowded, POOL_ITEMS_MAX as u64 / 2, "the oldest made room");
    assert_eq!(node.absorb(&[], now()).unwrap().crowded_out, 0, "and is told once");
}
