//! The stories of `merge-rules/vectors`: records in, view out, in every order up to six items and in
//! shuffled orders beyond; and the oracle agrees `[RULE-1]`, `[EXPL-1]`.
//!
//! `STORIES_WRITE=1 cargo test -p intent-testing --test stories` writes what the view says into the files,
//! to be read before it is kept.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use intent_ledger::contracts::Scope;
use intent_ledger::merge_rules::Standing;
use intent_ledger::{MemoryStore, Viewpoint};
use intent_testing::laws::{Replica as _, Wire};
use intent_testing::model::Model;
use intent_testing::oracle::{Facts, judge};
use intent_testing::stories::{Question, Story, tell};
use intent_testing::subject::Subject;
use intent_testing::twins::suspended_otherwise;
use intent_testing::world::{Draw, WorldItem};
use std::path::{Path, PathBuf};

/// Orders in which a longer story is told.
const SHUFFLES: u64 = 60;

fn stories() -> Vec<(PathBuf, Story)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../merge-rules/vectors");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|it| it == "story")).collect();
    files.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let story = Story::read(&text).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        (path, story)
    };
    files.into_iter().map(read).collect()
}

fn told_in(story: &Story, items: &[WorldItem]) -> String {
    let pen = &story.stage.pen;
    let mut replica = Subject::<MemoryStore>::in_memory(&pen.charter, &[Scope::root()]);
    // Asked before anything is there, so that each item is merged into a reading.
    replica.ledger().view(Viewpoint::Own).unwrap();
    for item in items {
        replica.deliver(&[Wire::from(item)]);
    }
    tell(story, &mut replica)
}

/// All orders of the places below `count`.
fn orders(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut out = Vec::new();
    for order in orders(count - 1) {
        for at in 0..count {
            let mut order = order.clone();
            order.insert(at, count - 1);
            out.push(order);
        }
    }
    out
}

/// `[EXC-1]`
#[test]
fn every_story_is_told_as_it_is_written() {
    let write = std::env::var_os("STORIES_WRITE").is_some();
    let mut wrong = Vec::new();
    for (path, story) in stories() {
        let told = told_in(&story, &story.stage.pen.items);
        if write {
            let text = std::fs::read_to_string(&path).unwrap();
            let parts: Vec<&str> = text.split("---\n").collect();
            std::fs::write(&path, format!("{}---\n{}---\n{told}", parts[0], parts[1])).unwrap();
        } else if told != story.told {
            wrong.push(format!("{}\n{told}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "told otherwise:\n{}", wrong.join("\n"));
}

#[test]
fn every_story_is_the_same_in_all_orders() {
    for (path, story) in stories() {
        let (founding, items) = (&story.stage.pen.items[..story.stage.founding], story.stage.items());
        let expected = told_in(&story, &story.stage.pen.items);
        let orders = if items.len() <= 6 { orders(items.len()) } else { Vec::new() };
        for order in orders {
            let mut all = founding.to_vec();
            all.extend(order.iter().map(|place| items[*place].clone()));
            assert_eq!(told_in(&story, &all), expected, "{} in order {order:?}", path.display());
        }
        for seed in 0..SHUFFLES {
            let mut all = story.stage.pen.items.clone();
            Draw::new(seed).shuffle(&mut all);
            assert_eq!(told_in(&story, &all), expected, "{} shuffled by {seed}", path.display());
        }
    }
}

#[test]
fn the_oracle_judges_every_story_alike() {
    for (path, story) in stories() {
        let (pen, view) = (&story.stage.pen, [Scope::root()]);
        let mut model = Model::new(&pen.charter, &view).with(&pen.items);
        let mut replica = Subject::<MemoryStore>::in_memory(&pen.charter, &view);
        pen.items.iter().for_each(|item| replica.deliver(&[Wire::from(item)]));
        for question in &story.questions {
            if let Question::Forget { to } = question {
                model.set_horizon(*to);
                replica.advance_horizon_to(*to);
            }
        }
        let judged = judge(&Facts::of(&model, &view));
        let view = replica.ledger().view(Viewpoint::Own).unwrap();
        for (record, standing) in &judged.enrolments {
            let found = view.enrolment(record).unwrap().finding;
            assert_eq!(found.standing, *standing, "{}: {found}", path.display());
        }
        for ((record, part), standing) in &judged.parts {
            let found = view.part(record, *part).unwrap();
            assert_eq!(found.standing, *standing, "{}: {found}", path.display());
        }
        for ((record, alternative), lease) in &judged.leases {
            let found = view.lease(record, *alternative).unwrap();
            assert_eq!(found.finding.standing, lease.standing, "{}: {}", path.display(), found.finding);
            let other = suspended_otherwise(&found.suspensions, &lease.suspensions);
            assert_eq!(other, None, "{}", path.display());
        }
    }
}

/// What a story says, for the two tests below.
fn everything_told() -> String {
    stories().iter().map(|(_, story)| told_in(story, &story.stage.pen.items)).collect()
}

/// `[RULE-3]`
#[test]
fn there_are_sixty_stories_and_every_standing_is_told() {
    let stories = stories();
    assert!(stories.len() >= 60, "{} stories", stories.len());
    for (path, story) in &stories {
        assert!(!story.about.trim().is_empty() && story.questions.len() + story.told.len() > 0, "{path:?}");
    }
    let told = everything_told();
    for standing in [
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
    ] {
        assert!(told.contains(&format!(": {standing} [")), "no story tells {standing}");
    }
}

/// `[LAW-9]`
#[test]
fn every_clause_that_a_finding_can_cite_is_told() {
    let told = everything_told();
    for clause in [
        "LEASE-5", "GRANT-1", "ORDER-4", "ORDER-5", "OPEN-1", "LEASE-3", "ORDER-6", "LEASE-6", "GRANT-3",
        "RULE-2", "OPEN-5", "OPEN-6", "OPEN-3", "ORDER-2", "BACK-2", "DENY-2", "ROT-1", "GRANT-2", "RULE-5",
        "OPEN-2",
    ] {
        assert!(told.contains(&format!("[{clause}]")), "no story tells [{clause}]");
    }
}
