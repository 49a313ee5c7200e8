//! The fast rules against the oracle, record by record, after every item of every history `[RULE-1]`.
//!
//! All that the rules say is compared: enrolments, parts, leases, occupancies and answers.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "it tells how much was compared")]

use intent_ledger::contracts::{Clock, LogId, Millis, Scope};
use intent_ledger::merge_rules::{Age, Free as FastFree, MayAct, Rules, View};
use intent_ledger::{MemoryStore, Viewpoint};
use intent_testing::laws::{Replica as _, Wire};
use intent_testing::model::Model;
use intent_testing::oracle::histories::{History, hour, hours, resource_id, resources};
use intent_testing::oracle::{Facts, Free, Judgement, May, free, information_age, judge, may_act_judged};
use intent_testing::subject::Subject;
use intent_testing::twins::differences;
use intent_testing::world::WorldItem;
use std::collections::BTreeSet;

/// How many histories are compared; more with `VERDICT_HISTORIES`.
fn count() -> u64 {
    std::env::var("VERDICT_HISTORIES").ok().and_then(|text| text.parse().ok()).unwrap_or(60)
}

/// Clocks over the first day.
fn clocks() -> impl Iterator<Item = Clock> {
    (0..14).map(|number| Clock::new(hour(number).plus(Millis(Millis::HOUR.0 / 2)), Millis(1_000)))
}

fn answers_differ((view, rules): (&View, &Rules), facts: &Facts, judged: &Judgement) -> Vec<String> {
    let writing: BTreeSet<LogId> = facts.logs.keys().copied().collect();
    let mut out = Vec::new();
    for clock in clocks() {
        for ((record, alternative), lease) in &judged.leases {
            let writes = |log: &LogId| writing.contains(log);
            let found =
                rules.may_act(vec![Scope::root()], record, *alternative, clock, Millis::SECOND, writes);
            let told =
                may_act_judged((facts, judged), &writing, *record, *alternative, clock, Millis::SECOND);
            let same = matches!(
                (&found, told),
                (MayAct::Go { .. }, May::Go)
                    | (MayAct::AtRisk(_), May::AtRisk)
                    | (MayAct::Hold(_), May::Hold)
            );
            if !same {
                out.push(format!("may_act {record}/{alternative} at {clock:?}: {found:?}"));
            }
            // The oracle tells the last moment by being asked at it and just after it [ACT-2].
            if let MayAct::Go { valid_until, information_age: found } = found {
                let told = information_age(facts, lease, clock).map_or(Age::Unknown, Age::AtMost);
                if found != told {
                    out.push(format!(
                        "{record}/{alternative} rests on news of {found}; the oracle says {told}"
                    ));
                }
                let at = |moment| {
                    let exact = Clock::new(moment, Millis(0));
                    may_act_judged((facts, judged), &writing, *record, *alternative, exact, Millis::SECOND)
                };
                if !matches!(at(valid_until), May::Go) || matches!(at(valid_until.plus(Millis(1))), May::Go) {
                    out.push(format!("{record}/{alternative} is not valid until just {valid_until}"));
                }
            }
        }
    }
    for resource in resources().iter().map(resource_id) {
        for start in [0, 3, 6] {
            let (window, clock) = (hours(start, start + 2), Clock::new(hour(4), Millis(1_000)));
            let found = view.free(resource, window, clock);
            let told = free(facts, resource, window, clock);
            let same = match (&found, &told) {
                (FastFree::Free { information_age }, Free::Free { age: told }) => {
                    *information_age == told.map_or(Age::Unknown, Age::AtMost)
                }
                (FastFree::Occupied { .. }, Free::Occupied) | (FastFree::Unknown { .. }, Free::Unknown) => {
                    true
                }
                _ => false,
            };
            if !same {
                out.push(format!("free {resource} from hour {start}: {found:?}"));
            }
        }
    }
    out
}

fn compare(history: &History, items: &[WorldItem]) -> Result<(), String> {
    let interests = [Scope::root()];
    let mut replica = Subject::<MemoryStore>::in_memory(&history.charter, &interests);
    replica.ledger().view(Viewpoint::Own).unwrap();
    for (count, item) in items.iter().enumerate() {
        replica.deliver(&[Wire::from(item)]);
        let model = Model::new(&history.charter, &interests).with(&items[..=count]);
        let facts = Facts::of(&model, &interests);
        let judged = judge(&facts);
        let view = replica.ledger().view(Viewpoint::Own).unwrap();
        let mut found = differences(&view, &judged);
        let rules = replica.ledger().rules_for_tests().unwrap();
        found.extend(answers_differ((&view, rules), &facts, &judged));
        if !found.is_empty() {
            return Err(format!("{history:?} after item {count}:\n  {}", found.join("\n  ")));
        }
    }
    Ok(())
}

fn compare_all(order: impl Fn(&History) -> Vec<WorldItem>) {
    let mut compared = 0;
    let failed: Vec<String> = (0..count())
        .filter_map(|seed| {
            let history = History::random(seed);
            let items = order(&history);
            compared += items.len();
            compare(&history, &items).err()
        })
        .collect();
    println!("{} histories, compared after each of {compared} items", count());
    let shown = failed.iter().take(5).cloned().collect::<Vec<_>>().join("\n");
    assert!(failed.is_empty(), "{} of {} histories differ:\n{shown}", failed.len(), count());
}

/// `[DENY-4]`: enrolments, parts, leases, suspensions, occupancies and answers.
#[test]
fn all_that_the_rules_say_equals_the_oracles_word_after_every_item() {
    compare_all(|history| history.items.clone());
}

#[test]
fn all_that_the_rules_say_equals_the_oracles_word_in_any_order() {
    compare_all(|history| history.items_shuffled(history.seed));
}
