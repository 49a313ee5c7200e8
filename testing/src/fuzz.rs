//! Bodies of the fuzz targets: total functions of bytes that panic when a promise is broken.
//!
//! - A body is deterministic: the same bytes take the same way, so a finding stays one.
//! - A body is bounded in time: some milliseconds, whatever the bytes.
//! - `fuzz/` holds one target of a few lines for each; `tests/corpus.rs` replays every kept input.

mod cast;
mod damage;
mod decoders;
mod judging;
mod script;
mod walking;

use self::cast::{DAYS, bundle, clock_of_horizon, founded, now, reopened};
use self::script::{Signed, scope};
use arbitrary::Unstructured;
use intent_ledger::contracts::{EntryId, NoticeId, RecordId, Scope, Tai};
use intent_ledger::{Approval, Frontier, Ledger, LogSummary, MemoryStore, Store};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng as _};
use std::collections::BTreeSet;
use std::sync::LazyLock;

pub use self::damage::open_store;
pub use self::decoders::decode;
pub use self::judging::view_oracle;
pub use self::walking::walk;

/// A body by the name of its target.
pub type Body = fn(&[u8]);

/// Every target and its body.
pub const TARGETS: [(&str, Body); 7] = [
    ("merge_convergence", merge_convergence),
    ("decode", decode),
    ("absorb_bundle", absorb_bundle),
    ("open_store", open_store),
    ("frontier", frontier),
    ("view_oracle", view_oracle),
    ("walk", walk),
];

/// Rounds of exchange after which two replicas agree.
const ROUNDS_MAX: usize = 24;

/// The bytes are a script. Whatever it signs reaches one state, in any order, grouping and repetition,
/// through reopening and through frontiers `[LAW-1]`.
pub fn merge_convergence(bytes: &[u8]) {
    let mut input = Unstructured::new(bytes);
    let mut drawn = [0; 6];
    let _ = input.fill_buffer(&mut drawn);
    let [order_a, order_b, order_c, interest, horizon, early] = drawn;
    let items = script::items(&mut input);
    let interests = || vec![scope(if interest < 128 { 0 } else { interest })];
    let horizon = (horizon % 4 == 0).then_some(horizon / 4 % (DAYS + 1));

    let [mut a, mut b, mut c] = [(), (), ()].map(|()| founded(MemoryStore::new(), interests()));
    // One replica forgets in the middle, the other after all has come.
    let middle = usize::from(early) * items.len() / 256;
    let first = arranged(&items, order_a);
    deliver(&mut a, &first[..middle.min(first.len())], order_a);
    advance(&mut a, horizon);
    deliver(&mut a, &first[middle.min(first.len())..], order_a);
    deliver(&mut b, &arranged(&items, order_b), order_b);
    advance(&mut b, horizon);
    assert_eq!(seen(&a), seen(&b), "what was received decides, not its order");

    let mut a = reopened(a.into_store()).expect("a store that was just written opens");
    assert_eq!(seen(&a), seen(&b), "a store holds the whole state");
    assert_eq!(a.scrub().expect("memory answers").damage, [], "a sound store scrubs clean");
    for ledger in [&mut a, &mut b] {
        let before = seen(ledger);
        deliver(ledger, &arranged(&items, order_c), order_c);
        assert_eq!(seen(ledger), before, "what comes again changes nothing");
    }

    let part = arranged(&items, order_c);
    deliver(&mut c, &part[..part.len() / 2], order_c);
    advance(&mut c, horizon);
    exchange(&mut b, &mut c);
    assert_eq!(seen(&b), seen(&a), "whoever has everything learns nothing");
    assert_eq!(seen(&c), seen(&a), "an exchange of frontiers and bundles brings agreement");
}

/// The bytes choose, reorder and alter items of a true bundle, or are the bundle. Nothing but authentic
/// items gets in, a second time changes nothing, and the truth still arrives afterwards `[KEY-4]`.
pub fn absorb_bundle(bytes: &[u8]) {
    let truth = &*TRUTH;
    let mut ledger = reopened(truth.half.clone()).expect("a sound store opens");
    let bundle = altered_bundle(bytes, truth);
    ledger.absorb(&bundle, now()).expect("memory answers");
    let after = seen(&ledger);
    assert_authentic(&ledger, truth);
    ledger.absorb(&bundle, now()).expect("memory answers");
    assert_eq!(seen(&ledger), after, "what comes again changes nothing");
    deliver(&mut ledger, &truth.items, 0);
    assert_eq!(seen(&ledger), truth.seen, "no bundle keeps the truth out");
    assert_eq!(ledger.scrub().expect("memory answers").damage, [], "a sound store scrubs clean");
}

/// The first byte chooses a budget; the rest alters a true frontier, or is one. Whatever a peer says that it
/// holds, the bundle for it keeps to the budget and brings nothing but the truth `[SYNC-10]`.
pub fn frontier(bytes: &[u8]) {
    let truth = &*TRUTH;
    let Some((&mode, rest)) = bytes.split_first() else { return };
    let mut peer = reopened(truth.half.clone()).expect("a sound store opens");
    let told = if mode < 64 {
        rest.to_vec()
    } else {
        let mut told = peer.frontier().encode();
        damage::edit(&mut told, rest);
        told
    };
    let Ok(told) = Frontier::decode(&told) else { return };
    let mut whole = founded(MemoryStore::new(), vec![Scope::root()]);
    deliver(&mut whole, &truth.items, 0);
    let before = seen(&whole);
    let budget = usize::from(mode % 64) * 512;
    // A frontier of another ledger gets a typed error.
    let Ok(bundle) = whole.bundle(&told, budget) else { return };
    assert!(bundle.bytes.len() <= budget, "a bundle keeps to its budget");
    assert_eq!(seen(&whole), before, "what a peer tells changes nothing");
    let report = peer.absorb(&bundle.bytes, now()).expect("memory answers");
    assert_eq!(report.stopped, None, "a bundle is read to its end");
    assert_authentic(&peer, truth);
    exchange(&mut whole, &mut peer);
    assert_eq!(seen(&peer), truth.seen, "no lie keeps the truth out");
}

/// What a fixed script signed, a store that holds half of it, and the state that all of it makes.
struct Truth {
    items: Vec<Signed>,
    half: MemoryStore,
    seen: Seen,
    entries: BTreeSet<EntryId>,
}

static TRUTH: LazyLock<Truth> = LazyLock::new(|| {
    let mut script = vec![0; 240];
    ChaCha8Rng::seed_from_u64(TRUTH_SEED).fill_bytes(&mut script);
    let items = script::items(&mut Unstructured::new(&script));
    let mut half = founded(MemoryStore::new(), vec![Scope::root()]);
    deliver(&mut half, &items[..items.len() / 2], 0);
    let mut whole = founded(MemoryStore::new(), vec![Scope::root()]);
    deliver(&mut whole, &items, 0);
    let entries = items.iter().filter_map(decoders::entry_id).collect();
    Truth { seen: seen(&whole), half: half.into_store(), items, entries }
});

/// A script of this seed has forks, stumps, enrolments and notices: see the tests.
const TRUTH_SEED: u64 = 56;

/// The first byte decides: below 64 the rest is the bundle; else it picks items and alters bytes.
fn altered_bundle(bytes: &[u8], truth: &Truth) -> Vec<u8> {
    let Some((&mode, rest)) = bytes.split_first() else { return Vec::new() };
    if mode < 64 {
        return rest.to_vec();
    }
    let (&picks, rest) = rest.split_first().unwrap_or((&0, &[]));
    let (picks, edits) = rest.split_at(usize::from(picks % 48).min(rest.len()));
    let chosen = picks.iter().map(|pick| truth.items[usize::from(*pick) % truth.items.len()].as_item());
    let mut out =
        if picks.is_empty() { bundle(truth.items.iter().map(Signed::as_item)) } else { bundle(chosen) };
    damage::edit(&mut out, edits);
    out
}

fn assert_authentic<S: Store>(ledger: &Ledger<S>, truth: &Truth) {
    let reader = ledger.reader().expect("memory answers");
    for log in reader.logs().expect("memory answers") {
        for entry in reader.entries(log.id, 1).expect("memory answers") {
            let entry = entry.expect("a stored entry is read");
            assert!(truth.entries.contains(&entry.id()), "an entry that nobody signed");
        }
        let ended = log.terminal.iter().flat_map(|terminal| terminal.ids());
        assert!(ended.into_iter().all(|id| truth.entries.contains(id)), "a terminal that nobody signed");
    }
    let known: BTreeSet<NoticeId> = truth.items.iter().filter_map(decoders::notice_id).collect();
    assert!(ledger.notices().all(|id| known.contains(&id)), "a notice that nobody signed");
}

/// All that a caller can see of the state.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    horizon: Tai,
    digest: intent_ledger::contracts::Digest,
    logs: Vec<LogSummary>,
    notices: Vec<NoticeId>,
    enrolments: Vec<RecordId>,
}

fn seen<S: Store>(ledger: &Ledger<S>) -> Seen {
    Seen {
        horizon: ledger.horizon(),
        digest: ledger.state_digest(),
        logs: ledger.logs().collect(),
        notices: ledger.notices().collect(),
        enrolments: ledger.enrolments().collect(),
    }
}

/// The items in the order of this number: 0 as signed, 1 backwards, others shuffled, some twice.
fn arranged(items: &[Signed], order: u8) -> Vec<Signed> {
    let mut out = items.to_vec();
    match order {
        0 => {}
        1 => out.reverse(),
        seed => {
            let mut draw = ChaCha8Rng::seed_from_u64(u64::from(seed));
            let again: Vec<Signed> = out.iter().filter(|_| draw.next_u32() % 4 == 0).cloned().collect();
            out.extend(again);
            for last in (1..out.len()).rev() {
                out.swap(last, draw.next_u32() as usize % (last + 1));
            }
        }
    }
    out
}

/// Delivers in bundles of one to sixteen items.
fn deliver<S: Store>(ledger: &mut Ledger<S>, items: &[Signed], order: u8) {
    let mut rest = items;
    let mut draw = ChaCha8Rng::seed_from_u64(u64::from(order) + 256);
    while !rest.is_empty() {
        let (some, others) = rest.split_at(rest.len().min(1 + draw.next_u32() as usize % 16));
        let report = ledger.absorb(&bundle(some.iter().map(Signed::as_item)), now()).expect("memory answers");
        assert_eq!(report.stopped, None, "a sound bundle is read to its end");
        rest = others;
    }
}

fn advance<S: Store>(ledger: &mut Ledger<S>, horizon: Option<u8>) {
    if let Some(number) = horizon {
        let clock = clock_of_horizon(number);
        ledger
            .advance_horizon(clock, Some(Approval::of(clock.middle())), &mut |_| Ok(()))
            .expect("memory answers");
    }
}

fn exchange<S: Store>(one: &mut Ledger<S>, other: &mut Ledger<S>) {
    for _ in 0..ROUNDS_MAX {
        let (from_one, from_other) = (one.frontier(), other.frontier());
        let to_other = one.bundle(&from_other, usize::MAX).expect("memory answers");
        let to_one = other.bundle(&from_one, usize::MAX).expect("memory answers");
        other.absorb(&to_other.bytes, now()).expect("memory answers");
        one.absorb(&to_one.bytes, now()).expect("memory answers");
        if one.state_digest() == other.state_digest() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use intent_ledger::Terminal;

    #[test]
    fn the_true_script_is_worth_attacking() {
        let ends: Vec<Terminal> = TRUTH.seen.logs.iter().filter_map(|log| log.terminal).collect();
        assert!(ends.iter().any(|end| matches!(end, Terminal::Fork { .. })), "{:?}", TRUTH.seen);
        assert!(ends.iter().any(|end| matches!(end, Terminal::Stump { .. })), "{:?}", TRUTH.seen);
        assert!(TRUTH.seen.logs.iter().any(|log| log.head > 1), "{:?}", TRUTH.seen);
        assert!(TRUTH.seen.enrolments.len() > 2, "{:?}", TRUTH.seen);
        assert!(!TRUTH.seen.notices.is_empty(), "{:?}", TRUTH.seen);
    }
}
