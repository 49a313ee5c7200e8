//! The generator reaches every situation that SPEC.md section 5 speaks of.

use intent_contracts::kinds::notice::Trip;
use intent_contracts::kinds::{Body as _, Meaning};
use intent_contracts::{Scope, SignedEntry, Tai};
use intent_testing::model::{BrokenRule, Fate, Model, NoEnrolment, Survey};
use intent_testing::world::{World, WorldItem, day};
use std::collections::BTreeMap;

/// In how many of the worlds a situation occurs, and how often in all.
#[derive(Default)]
struct Distribution(BTreeMap<&'static str, (u32, u32)>);

impl Distribution {
    fn count(&mut self, situation: &'static str, times: usize) {
        let (worlds, all) = self.0.entry(situation).or_default();
        *worlds += u32::from(times > 0);
        *all += u32::try_from(times).expect("small worlds");
    }
}

#[test]
fn every_situation_occurs_in_two_hundred_worlds() {
    let mut seen = Distribution::default();
    for seed in 0..200 {
        let world = World::random(seed, 40);
        let model = Model::new(&world.charter, &[Scope::root()]).with(&world.items);
        let survey = model.survey();
        count_terminals(&mut seen, &survey, &world);
        count_enrolments(&mut seen, &survey, &world);
        count_fates(&mut seen, &survey, &world);
        count_contents(&mut seen, &survey, &world);
        count_half_known(&mut seen, &world);
    }
    println!("{:<34} worlds  in all", "situation");
    for (situation, (worlds, all)) in &seen.0 {
        println!("{situation:<34} {worlds:>6} {all:>7}");
    }
    let missing: Vec<_> = seen.0.iter().filter(|(_, (worlds, _))| *worlds == 0).collect();
    assert!(missing.is_empty(), "never: {missing:?}");
}

fn count_terminals(seen: &mut Distribution, survey: &Survey<'_>, world: &World) {
    let forks: Vec<_> = survey
        .state
        .logs
        .values()
        .filter_map(|log| {
            log.terminal.as_ref().filter(|(_, ids)| ids.len() == 2).map(|(slot, _)| (log, *slot))
        })
        .collect();
    seen.count("fork in slot 1", forks.iter().filter(|(_, slot)| *slot == 1).count());
    seen.count("fork above a trunk", forks.iter().filter(|(log, _)| !log.trunk.is_empty()).count());
    let hole = forks.iter().filter(|(log, slot)| *slot > log.trunk.len() as u64 + 1);
    seen.count("fork above a hole", hole.count());
    let third = world.items.iter().filter(|item| match item {
        WorldItem::Entry(entry) => {
            let ledger = world.ledger();
            let log = survey.state.logs.get(&entry.header().log.id(&ledger));
            let terminal = log.and_then(|log| log.terminal.as_ref());
            let slot = terminal.is_some_and(|(slot, _)| *slot == entry.header().seq);
            slot && survey.fate(item) == Fate::Ended
        }
        _ => false,
    });
    seen.count("third entry of a fork", third.count());
    let chains = world.items.iter().filter(|item| {
        // A header has some 160 bytes, so two single ones with their signatures have some 460.
        matches!(item, WorldItem::Fork { bytes, .. } if bytes.len() > 500) && survey.fate(item) == Fate::Kept
    });
    seen.count("fork proven by header chains", chains.count());
    for (rule, name) in [
        (BrokenRule::Prev, "stump by prev"),
        (BrokenRule::Authored, "stump by authored"),
        (BrokenRule::Budget, "stump by budget"),
    ] {
        seen.count(name, survey.broken_rules.values().filter(|broken| **broken == rule).count());
    }
}

fn count_enrolments(seen: &mut Distribution, survey: &Survey<'_>, world: &World) {
    for (why, name) in [
        (NoEnrolment::Lane, "enrolment in productivity lane"),
        (NoEnrolment::Role, "enrolment without the role"),
        (NoEnrolment::Body, "enrolment that cannot be read"),
        (NoEnrolment::Scope, "enrolment out of scope"),
        (NoEnrolment::NoLogs, "enrolment of no logs"),
        (NoEnrolment::ManyLogs, "enrolment of too many logs"),
        (NoEnrolment::NoNotices, "enrolment of no notices"),
        (NoEnrolment::ManyNotices, "enrolment of too many notices"),
        (NoEnrolment::LargeSafety, "enrolment of a large safety log"),
    ] {
        seen.count(name, survey.rejected_enrolments.values().filter(|reason| **reason == why).count());
    }
    let roots = world.charter.roots().len();
    seen.count("present enrolment", survey.present.len() - roots);
    let deep = survey.present.values().filter(|enrolment| enrolment.scope.labels().len() >= 3);
    seen.count("present enrolment three deep", deep.count());
    let next = survey.state.logs.values().filter(|log| {
        let enrolment = &survey.present[&log.key.enrolment];
        enrolment.key != log.key.author
    });
    seen.count("log of a next key", next.count());
}

fn count_fates(seen: &mut Distribution, survey: &Survey<'_>, world: &World) {
    let fates: Vec<(Fate, &WorldItem)> = world.items.iter().map(|item| (survey.fate(item), item)).collect();
    let mut count = |name, fate, entry: bool| {
        let fits =
            |(is, item): &&(Fate, &WorldItem)| *is == fate && matches!(item, WorldItem::Entry(_)) == entry;
        seen.count(name, fates.iter().filter(fits).count());
    };
    count("entry kept", Fate::Kept, true);
    count("notice or proof kept", Fate::Kept, false);
    count("entry waiting", Fate::Waiting, true);
    count("notice or proof waiting", Fate::Waiting, false);
    count("entry without authority", Fate::Unauthorised, true);
    count("notice without authority", Fate::Unauthorised, false);
    count("entry above or beside a terminal", Fate::Ended, true);
    count("proof above a terminal", Fate::Ended, false);
    count("entry of a dropped enrolment", Fate::Orphaned, true);
    count("notice of a dropped enrolment", Fate::Orphaned, false);
    seen.count("log overflow", survey.overflown_logs.len());
    seen.count("notice overflow", survey.overflown_notices.len());
}

fn count_contents(seen: &mut Distribution, survey: &Survey<'_>, world: &World) {
    let mut meanings = BTreeMap::new();
    let mut future = 0;
    let mut critical = 0;
    for entry in kept_entries(survey, world) {
        future += usize::from(entry.header().version > 1);
        for record in entry.records() {
            let name = match Meaning::of(record) {
                Meaning::Enrol(_) => "kept: enrol",
                Meaning::Resource(_) => "kept: resource",
                Meaning::Give(_) => "kept: give",
                Meaning::Claim(_) => "kept: claim",
                Meaning::Release(_) => "kept: release",
                Meaning::Post(_) => "kept: post",
                Meaning::Return(_) => "kept: return",
                Meaning::Reclaim(_) => "kept: reclaim",
                Meaning::Advert(_) => "kept: advert",
                Meaning::Commitment(_) => "kept: commitment",
                Meaning::Rotation(_) => "kept: rotation",
                Meaning::Closing(_) => "kept: closing",
                Meaning::Vacated(_)
                | Meaning::TermsEdit(_)
                | Meaning::TermsAccept(_)
                | Meaning::Attestation(_)
                | Meaning::Mode(_)
                | Meaning::Exception(_)
                | Meaning::Activation(_)
                | Meaning::CoSignature(_)
                | Meaning::Present(_) => "kept: plain",
                Meaning::Unknown => "kept: unknown",
                Meaning::Void(_) => "kept: void",
            };
            *meanings.entry(name).or_insert(0) += 1;
            critical += usize::from(record.critical);
        }
    }
    for name in [
        "kept: enrol",
        "kept: resource",
        "kept: give",
        "kept: claim",
        "kept: release",
        "kept: post",
        "kept: return",
        "kept: reclaim",
        "kept: advert",
        "kept: plain",
        "kept: commitment",
        "kept: closing",
        "kept: unknown",
        "kept: void",
    ] {
        seen.count(name, meanings.get(name).copied().unwrap_or(0));
    }
    let newer = world.items.iter().filter(|item| match item {
        WorldItem::Notice(notice) => notice.notice().version > 1 && survey.fate(item) == Fate::Kept,
        _ => false,
    });
    seen.count("kept: newer notice", newer.count());
    let trips = world.items.iter().filter(|item| match item {
        WorldItem::Notice(notice) => notice.notice().kind == Trip::KIND && survey.fate(item) == Fate::Kept,
        _ => false,
    });
    seen.count("kept: trip", trips.count());
    seen.count("kept: newer header", future);
    seen.count("kept: critical", critical);
}

fn kept_entries<'a>(survey: &'a Survey<'_>, world: &'a World) -> impl Iterator<Item = &'a SignedEntry> {
    world.items.iter().filter_map(move |item| match item {
        WorldItem::Entry(entry) if survey.fate(item) == Fate::Kept => Some(entry),
        _ => None,
    })
}

/// What shows only when part of a world has arrived, or when the horizon has moved.
fn count_half_known(seen: &mut Distribution, world: &World) {
    let half = &world.items[..world.items.len() / 2];
    let empty = Model::new(&world.charter, &[Scope::root()]);
    let before = empty.clone().with(half);
    let (early, after) = (before.survey(), before.clone().with(&world.items));
    let late = after.survey();
    let gone = |item: &&WorldItem| early.fate(item) == Fate::Kept && late.fate(item) == Fate::Orphaned;
    seen.count("kept item dropped in a cascade", half.iter().filter(gone).count());
    let grown = |item: &&WorldItem| early.fate(item) == Fate::Kept && late.fate(item) == Fate::Overflow;
    seen.count("kept item driven out", half.iter().filter(grown).count());
    let mut lapsed = empty.with(&world.items);
    lapsed.set_horizon(day(6));
    let survey = lapsed.survey();
    let count = |fate| world.items.iter().filter(|item| survey.fate(item) == fate).count();
    seen.count("lapsed", count(Fate::Lapsed));
    seen.count("kept past the horizon", count(Fate::Kept));
    let mut node = Model::new(&world.charter, &[Scope::parse("a").expect("a short path")]);
    node.set_horizon(Tai(0));
    let node = node.with(&world.items);
    let survey = node.survey();
    let outside = world.items.iter().filter(|item| survey.fate(item) == Fate::Outside).count();
    seen.count("outside the interests", outside);
}
