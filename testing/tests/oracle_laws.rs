//! Laws of SPEC.md section 9, tried on the oracle alone: nothing is given twice, forgetting changes
//! nothing that still matters, and whoever has no authority over a lease does not change it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use intent_contracts::kinds::{Claim, Give, Meaning, Receiver};
use intent_contracts::{Effect, Footprint, LogId, Measure, Record, RecordId, Scope, SignedEntry, Tai};
use intent_merge_rules::Standing;
use intent_testing::model::Model;
use intent_testing::oracle::histories::{History, hour, resource_id, resources};
use intent_testing::oracle::{Facts, Judgement, judge};
use intent_testing::world::WorldItem;
use std::collections::BTreeSet;

fn facts(history: &History, items: &[WorldItem], horizon: Tai) -> Facts {
    let mut model = Model::new(&history.charter, &[Scope::root()]).with(items);
    model.set_horizon(horizon);
    Facts::of(&model, &[Scope::root()])
}

fn entries(facts: &Facts) -> impl Iterator<Item = &SignedEntry> {
    facts.logs.values().flat_map(|log| &log.entries)
}

fn record<'f>(facts: &'f Facts, id: &RecordId) -> Option<&'f Record> {
    let entry = entries(facts).find(|entry| entry.id() == id.entry)?;
    entry.records().get(usize::from(id.index))
}

fn claim(facts: &Facts, id: &RecordId) -> (Record, Claim) {
    let record = record(facts, id).unwrap().clone();
    let Meaning::Claim(body) = Meaning::of(&record) else { unreachable!("only claims have leases") };
    (record, body)
}

/// The footprints of all firm leases.
fn firm(facts: &Facts, judgement: &Judgement) -> Vec<Footprint> {
    let mut places = BTreeSet::new();
    for ((id, number), lease) in &judgement.leases {
        if lease.standing == Standing::Firm {
            let (_, body) = claim(facts, id);
            places.extend(body.alternatives[usize::from(*number)].iter().map(|place| (*id, *place)));
        }
    }
    let footprint =
        |(id, place): &(RecordId, u8)| claim(facts, id).0.footprints()[usize::from(*place)].clone();
    places.iter().map(footprint).collect()
}

#[test]
fn firm_leases_never_hold_more_than_the_charter_gave() {
    let mut summed = 0;
    for seed in 0..1_500 {
        let history = History::random(seed);
        let facts = facts(&history, &history.items, Tai(0));
        let held = firm(&facts, &judge(&facts));
        let steel = resource_id(&resources()[2]);
        let pool: u64 = held.iter().filter(|it| it.resource == steel).map(|it| it.amount).sum();
        assert!(pool <= 10, "seed {seed}: {pool} units of steel");
        for number in 0..48 {
            let at = hour(0).plus(intent_contracts::Millis(number * 1_800_000));
            let there = |it: &&Footprint| it.window.start() <= at && at < it.window.end();
            let rates = held.iter().filter(|it| it.measure == Measure::Rate).filter(there);
            let sum: u64 = rates.map(|it| it.amount).sum();
            assert!(sum <= 10, "seed {seed}: {sum} units of power at {at}");
            summed += sum;
        }
    }
    assert!(summed > 100, "{summed}");
}

#[test]
fn forgetting_changes_no_lease_that_still_matters() {
    let (mut compared, mut forgotten) = (0, 0);
    for seed in 0..1_500 {
        let history = History::random(seed);
        let whole = facts(&history, &history.items, Tai(0));
        let before = judge(&whole);
        for horizon in [hour(13), hour(17), hour(19), hour(21)] {
            let rest = facts(&history, &history.items, horizon);
            forgotten += whole.logs.len() - rest.logs.len();
            let after = judge(&rest);
            for ((id, number), lease) in &before.leases {
                let (record, body) = claim(&whole, id);
                let places = &body.alternatives[usize::from(*number)];
                let matters = |place: &u8| {
                    let footprint = record.footprints().get(usize::from(*place));
                    footprint.is_some_and(|it| it.window.end() >= horizon)
                };
                if !places.iter().all(matters) {
                    continue;
                }
                let now = after.leases.get(&(*id, *number));
                let same = now.map_or(lease.standing == Standing::Void, |now| now.standing == lease.standing);
                assert!(same, "seed {seed}, horizon {horizon}, {id}: {lease:?} became {now:?}");
                compared += 1;
            }
        }
    }
    println!("{compared} leases compared, {forgotten} logs forgotten");
    assert!(compared > 500 && forgotten > 100);
}

/// The logs under an enrolment.
fn logs_of(facts: &Facts, enrolment: &RecordId) -> BTreeSet<LogId> {
    facts.logs.iter().filter(|(_, log)| log.key.enrolment == *enrolment).map(|(id, _)| *id).collect()
}

/// Whether what an enrolment wrote is only claims, gives to claims and what cannot be read: nothing by which
/// it has authority over others.
fn only_wants(facts: &Facts, own: &BTreeSet<LogId>) -> bool {
    let written = own.iter().flat_map(|log| &facts.logs[log].entries).flat_map(SignedEntry::records);
    written.map(|record| (record, Meaning::of(record))).all(|(record, meaning)| match meaning {
        Meaning::Claim(_) | Meaning::Give(Give { to: Receiver::Claim { .. }, .. }) => true,
        Meaning::Give(Give { to: Receiver::Log(to), .. }) => own.contains(&to),
        Meaning::Unknown => record.effect != Effect::None,
        _ => false,
    })
}

#[test]
fn whoever_has_no_authority_changes_no_given_lease() {
    let mut compared = 0;
    for seed in 0..600 {
        let history = History::random(seed);
        let ledger = history.charter.ledger_id();
        let whole = facts(&history, &history.items, Tai(0));
        let with = judge(&whole);
        for outsider in with.enrolments.keys() {
            let own = logs_of(&whole, outsider);
            if own.is_empty() || !only_wants(&whole, &own) {
                continue;
            }
            let by_outsider = |item: &&WorldItem| match item {
                WorldItem::Entry(entry) => own.contains(&entry.header().log.id(&ledger)),
                WorldItem::Notice(notice) => notice.notice().enrolment == *outsider,
                WorldItem::Fork { .. } => false,
            };
            if history.items.iter().any(|item| matches!(item, WorldItem::Notice(_)) && by_outsider(&item)) {
                continue;
            }
            let others: Vec<_> = history.items.iter().filter(|item| !by_outsider(item)).cloned().collect();
            let without_facts = facts(&history, &others, Tai(0));
            let without = judge(&without_facts);
            for (id, lease) in &without.leases {
                let (record, _) = claim(&whole, &id.0);
                let given = |it: &Footprint| it.resource != resource_id(&resources()[3]);
                let cites =
                    record.footprints().iter().filter_map(|it| it.right).any(|it| own.contains(&it.log));
                let answered = entries(&whole).any(|entry| {
                    own.contains(&entry.header().log.id(&ledger))
                        && entry.records().iter().map(Meaning::of).any(|meaning| match meaning {
                            Meaning::Give(Give { to: Receiver::Claim { claim, .. }, .. }) => {
                                claim.record == id.0
                            }
                            _ => false,
                        })
                });
                if record.footprints().iter().all(given) && !cites && !answered {
                    assert_eq!(Some(lease), with.leases.get(id), "seed {seed}: {outsider} changes {id:?}");
                    compared += 1;
                }
            }
            for (part, standing) in &without.parts {
                let giving = record(&whole, &part.0).unwrap();
                let cited = giving.footprints()[usize::from(part.1)].right;
                let asker = match Meaning::of(giving) {
                    Meaning::Give(Give { to: Receiver::Claim { claim, .. }, .. }) => Some(claim),
                    _ => None,
                };
                if [cited, asker].into_iter().flatten().all(|citation| !own.contains(&citation.log)) {
                    assert_eq!(
                        Some(standing),
                        with.parts.get(part),
                        "seed {seed}: {outsider} changes {part:?}"
                    );
                }
            }
        }
    }
    println!("{compared} leases compared");
    assert!(compared > 300);
}
