//! The rules of SPEC.md section 9 as the oracle reads them: what histories reach, and what must hold of it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use intent_contracts::kinds::{Give, Meaning, Receiver};
use intent_contracts::{Clock, Effect, LogId, Measure, Millis, NoticeId, RecordId, Scope, Window};
use intent_merge_rules::{Standing, Suspender, Suspension};
use intent_testing::model::Model;
use intent_testing::oracle::histories::{History, hour};
use intent_testing::oracle::{Facts, Judgement, May, TripFate, judge, may_act};
use intent_testing::world::WorldItem;
use std::collections::{BTreeMap, BTreeSet};

fn facts(history: &History, items: &[WorldItem]) -> Facts {
    Facts::of(&Model::new(&history.charter, &[Scope::root()]).with(items), &[Scope::root()])
}

/// Whether some clock within the first two days gets this answer for a lease.
fn answers(facts: &Facts, claim: RecordId, alternative: u8, wanted: May) -> bool {
    let writing = facts.logs.keys().copied().collect();
    (0..24).any(|number| {
        let clock = Clock::new(hour(number).plus(Millis(Millis::HOUR.0 / 2)), Millis(1_000));
        may_act(facts, &writing, claim, alternative, clock, Millis::SECOND) == wanted
    })
}

/// How often each thing occurs, and in how many histories.
#[derive(Default)]
struct Tally(BTreeMap<String, (u32, u32)>);

impl Tally {
    fn add(&mut self, what: String, times: usize) {
        let (histories, all) = self.0.entry(what).or_default();
        *histories += u32::from(times > 0);
        *all += u32::try_from(times).unwrap();
    }

    fn of(&self, what: &str) -> u32 {
        self.0.get(what).map_or(0, |(_, all)| *all)
    }
}

const STANDINGS: [Standing; 10] = [
    Standing::Firm,
    Standing::AtRisk,
    Standing::Provisional,
    Standing::Asked,
    Standing::Unknown,
    Standing::Displaced,
    Standing::Overdrawn,
    Standing::Ended,
    Standing::Revoked,
    Standing::Void,
];

#[test]
fn histories_reach_every_standing_and_every_answer() {
    let mut tally = Tally::default();
    for seed in 0..1_000 {
        let history = History::random(seed);
        let facts = facts(&history, &history.items);
        let judgement = judge(&facts);
        for standing in STANDINGS {
            let leases = judgement.leases.values().filter(|lease| lease.standing == standing);
            tally.add(format!("lease {standing}"), leases.count());
            let parts = judgement.parts.values().filter(|part| **part == standing);
            tally.add(format!("part {standing}"), parts.count());
            let enrolments = judgement.enrolments.values().filter(|it| **it == standing);
            tally.add(format!("enrolment {standing}"), enrolments.count());
        }
        let suspended = judgement.leases.values().filter(|lease| !lease.suspensions.is_empty());
        tally.add("lease suspended".into(), suspended.count());
        let tripped = |it: &Suspension| matches!(it.by, Suspender::Tripped(_));
        let parted = judgement.leases.values().filter(|lease| lease.suspensions.iter().any(tripped));
        tally.add("lease parted by a breaker".into(), parted.clone().count());
        let firm = parted.filter(|lease| lease.standing <= Standing::AtRisk);
        tally.add("parted lease that is firm or at risk".into(), firm.count());
        for fate in [TripFate::Stands, TripFate::Powerless, TripFate::Closed, TripFate::Ungranted] {
            let trips = judgement.trips.values().filter(|found| **found == fate);
            tally.add(format!("trip {fate:?}"), trips.count());
        }
        let joint = judgement.leases.values();
        let joint = joint.filter(|lease| lease.cover.len() > 1 && lease.standing <= Standing::AtRisk);
        tally.add("joint lease firm or at risk".into(), joint.count());
        tally.add("occupancy".into(), judgement.occupancies.values().map(BTreeSet::len).sum());
        for answer in [May::Go, May::AtRisk] {
            let firm = judgement.leases.iter().filter(|(_, lease)| lease.standing <= Standing::AtRisk);
            let acting = firm.filter(|((claim, number), _)| answers(&facts, *claim, *number, answer));
            tally.add(format!("answer {answer:?}"), acting.count());
        }
        tally.add("forked log".into(), facts.logs.values().filter(|log| log.forked).count());
        tally.add("entry".into(), facts.logs.values().map(|log| log.entries.len()).sum());
        tally.add("notice".into(), facts.notices.len());
    }
    for (what, (histories, all)) in &tally.0 {
        println!("{what:<30} {histories:>5} histories {all:>6} in all");
    }
    for standing in STANDINGS {
        let both = tally.of(&format!("lease {standing}")) + tally.of(&format!("part {standing}"));
        assert!(both >= 20, "{standing} occurs {both} times");
    }
    for trips in ["trip Stands", "trip Powerless", "trip Closed", "trip Ungranted"] {
        assert!(tally.of(trips) >= 20, "{trips} {}", tally.of(trips));
    }
    assert!(tally.of("parted lease that is firm or at risk") >= 20);
    assert!(tally.of("answer Go") >= 50 && tally.of("answer AtRisk") >= 20);
}

#[test]
fn the_judgement_follows_from_the_set_not_from_the_order() {
    for seed in 0..100 {
        let history = History::random(seed);
        let once = judge(&facts(&history, &history.items));
        let again = judge(&facts(&history, &history.items_shuffled(seed)));
        assert_eq!(once, again, "seed {seed}");
    }
}

/// What ended or was driven out: where it changes, a denial may be left `Unknown` or suspended. These are the
/// terminals, and what is kept under enrolments that have more logs or notices than they may.
type Upheavals = (BTreeMap<LogId, u64>, BTreeSet<LogId>, BTreeSet<NoticeId>);

fn upheavals(facts: &Facts) -> Upheavals {
    let ended = facts.logs.iter().filter_map(|(id, log)| Some((*id, log.terminal?)));
    let (mut logs, mut notices): (BTreeMap<_, Vec<_>>, BTreeMap<_, Vec<_>>) = Default::default();
    facts.logs.iter().for_each(|(id, log)| logs.entry(log.key.enrolment).or_default().push(*id));
    for notice in &facts.notices {
        notices.entry(notice.notice().enrolment).or_default().push(notice.id());
    }
    let most = usize::try_from(facts.charter.parameters().notices_per_enrolment).unwrap();
    let crowded = logs.into_values().filter(|logs| logs.len() > 3).flatten();
    let noisy = notices.into_values().filter(|notices| notices.len() > most).flatten();
    (ended.collect(), crowded.collect(), noisy.collect())
}

/// The windows for which enough roots name several logs `[VOTE-2]`.
fn contested(judgement: &Judgement) -> Vec<RecordId> {
    let windows = judgement.elected.iter().filter(|(_, logs)| logs.len() > 1);
    windows.map(|(right, _)| *right).collect()
}

/// `[PROOF-3]`
#[test]
fn no_further_item_takes_a_denial_back() {
    let mut denials = 0;
    for seed in 0..300 {
        let history = History::random(seed);
        let mut before: Option<(Judgement, Facts)> = None;
        // Items come late and out of order: any prefix of a shuffle is what some replica holds.
        let items = if seed % 2 == 0 { history.items.clone() } else { history.items_shuffled(seed) };
        for length in 1..=items.len() {
            let now = facts(&history, &items[..length]);
            let judgement = judge(&now);
            if let Some((old, old_facts)) = &before
                && upheavals(old_facts) == upheavals(&now)
                && contested(old) == contested(&judgement)
            {
                denials += kept_denials(seed, length, old, &judgement, &now);
            }
            before = Some((judgement, now));
        }
    }
    println!("{denials} denials were kept over a step");
    assert!(denials > 1_000);
}

/// Compares record by record; the part of a lease's standing that its answers bring may get better.
fn kept_denials(seed: u64, length: usize, old: &Judgement, new: &Judgement, facts: &Facts) -> usize {
    let mut kept = 0;
    for (part, standing) in old.parts.iter().filter(|(_, standing)| standing.is_denial()) {
        let now = new.parts.get(part).copied();
        assert!(
            now.is_none_or(Standing::is_denial),
            "seed {seed} item {length}: {part:?} {standing} {now:?}"
        );
        kept += 1;
    }
    for (id, standing) in old.enrolments.iter().filter(|(_, standing)| standing.is_denial()) {
        let now = new.enrolments.get(id).copied();
        assert!(now.is_none_or(Standing::is_denial), "seed {seed} item {length}: {id} {standing} {now:?}");
        kept += 1;
    }
    for (id, lease) in &old.leases {
        let own = matches!(lease.standing, Standing::Ended | Standing::Revoked | Standing::Displaced);
        let answered = facts.logs.values().flat_map(|log| &log.entries).flat_map(|entry| entry.records());
        let answered = answered.map(Meaning::of).any(|meaning| match meaning {
            Meaning::Give(Give { to: Receiver::Claim { claim, .. }, .. }) => claim.record == id.0,
            _ => false,
        });
        if lease.standing.is_denial() && (own || lease.standing == Standing::Void) && !answered {
            let now = new.leases.get(id).map(|lease| lease.standing);
            let says = format!("seed {seed} item {length}: {id:?} {} {now:?}", lease.standing);
            assert!(now.is_none_or(Standing::is_denial), "{says}");
            kept += 1;
        }
    }
    kept
}

#[test]
fn no_right_is_given_twice_by_proof() {
    let mut firm = 0;
    for seed in 0..1_000 {
        let history = History::random(seed);
        let facts = facts(&history, &history.items);
        let judgement = judge(&facts);
        // Of each exclusive resource two leases that may act at one moment share no cell.
        let mut acting = Vec::new();
        for ((claim, number), lease) in &judgement.leases {
            if lease.standing != Standing::Firm {
                continue;
            }
            let entries = facts.logs.values().flat_map(|log| &log.entries);
            let entry = entries.into_iter().find(|entry| entry.id() == claim.entry).unwrap();
            let record = &entry.records()[usize::from(claim.index)];
            let Meaning::Claim(body) = Meaning::of(record) else { unreachable!() };
            for (place, end) in body.alternatives[usize::from(*number)].iter().zip(&lease.cover) {
                let mut footprint = record.footprints()[usize::from(*place)].clone();
                // It may act as far as it was granted, be that less than it asked for or more.
                let Ok(granted) = Window::new(footprint.window.start(), *end) else { continue };
                footprint.window = granted;
                if footprint.measure == Measure::Exclusive {
                    acting.push((*claim, *place, footprint));
                }
            }
            firm += 1;
        }
        for (claim, place, a) in &acting {
            for (other, there, b) in &acting {
                let same = (claim, place) == (other, there);
                let meet = intent_merge_rules::meet(a, b);
                assert!(same || !meet, "seed {seed}: {claim} {place} and {other} {there}");
            }
        }
    }
    assert!(firm > 100, "{firm}");
}

/// `[DENY-6]`
#[test]
fn whatever_occupies_takes() {
    for seed in 0..100 {
        let history = History::random(seed);
        let facts = facts(&history, &history.items);
        for ((id, place), _) in judge(&facts).occupancies.values().flatten() {
            let entries = facts.logs.values().flat_map(|log| &log.entries);
            let entry = entries.into_iter().find(|entry| entry.id() == id.entry).unwrap();
            let record = &entry.records()[usize::from(id.index)];
            assert_eq!(record.effect, Effect::Takes, "seed {seed}");
            assert!(record.footprints().get(usize::from(*place)).is_some());
        }
    }
}
