//! What comes and goes again leaves the rules as they were: nothing stays behind in an index `[RULE-4]`,
//! `[FORGET-1]`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use intent_contracts::{LedgerId, LogId, LogKey};
use intent_merge_rules::Rules;
use intent_testing::oracle::histories::History;
use intent_testing::world::WorldItem;

/// All that the maps of the rules hold, in words; not the counters behind the internal numbers, which only rise.
fn held(rules: &Rules) -> Vec<String> {
    let text = format!("{rules:?}");
    assert!(text.contains("Enrolled {"), "the roots are enrolled");
    let counter = |part: &&str| part.contains("next_log: ") || part.contains(" next: ");
    assert_eq!(text.split(", ").filter(counter).count(), 2, "logs and rights are counted");
    text.split(", ").filter(|part| !counter(part)).map(str::to_owned).collect()
}

/// Lets every item of a history come and go again, and then stay.
fn each_comes_and_goes(seed: u64) {
    let history = History::random(seed);
    let ledger = history.charter.ledger_id();
    let mut rules = Rules::founded(&history.charter);
    for item in &history.items {
        let before = held(&rules);
        let mut with = rules.clone();
        match item {
            WorldItem::Entry(entry) => {
                with.admit(entry);
                let (log, seq) = (entry.header().log.id(&ledger), entry.header().seq);
                let came = held(&with) != before;
                with.cut_back(&log, seq - 1);
                assert!(!came || held(&with) == before, "{history:?}: slot {seq} of {log} leaves something");
                ends_and_reopens(&rules, &ledger, &entry.header().log, seq);
                rules.admit(entry);
            }
            WorldItem::Notice(notice) => {
                with.admit_notice(notice);
                let came = held(&with) != before;
                with.forget_notice(&notice.id());
                assert!(!came || held(&with) == before, "{history:?}: {} leaves something", notice.id());
                rules.admit_notice(notice);
            }
            WorldItem::Fork { .. } => {}
        }
    }
}

fn ends_and_reopens(rules: &Rules, ledger: &LedgerId, key: &LogKey, slot: u64) {
    for forked in [false, true] {
        let mut with = rules.clone();
        with.end(key, slot, forked);
        with.reopen(&key.id(ledger));
        assert_eq!(held(&with), held(rules), "the end of a log leaves something");
    }
}

#[test]
fn each_item_that_comes_and_goes_leaves_what_was_there_before() {
    (0..24).for_each(each_comes_and_goes);
}

/// Logs in the order in which they were first met.
fn logs(history: &History) -> Vec<LogId> {
    let ledger = history.charter.ledger_id();
    let mut out = Vec::new();
    for item in &history.items {
        if let WorldItem::Entry(entry) = item {
            let log = entry.header().log.id(&ledger);
            if !out.contains(&log) {
                out.push(log);
            }
        }
    }
    out
}

#[test]
fn what_is_forgotten_whole_leaves_nothing() {
    for seed in 0..24 {
        let history = History::random(seed);
        let mut rules = Rules::founded(&history.charter);
        let nothing = held(&rules);
        for item in &history.items {
            match item {
                WorldItem::Entry(entry) => rules.admit(entry),
                WorldItem::Notice(notice) => rules.admit_notice(notice),
                WorldItem::Fork { .. } => {}
            }
        }
        assert_ne!(held(&rules), nothing);
        for item in &history.items {
            if let WorldItem::Notice(notice) = item {
                rules.forget_notice(&notice.id());
            }
        }
        // What was enrolled goes before what enrolled it.
        logs(&history).iter().rev().for_each(|log| rules.forget_log(log));
        assert_eq!(held(&rules), nothing, "{history:?}");
    }
}
