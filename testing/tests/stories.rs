//! The stories of `merge-rules/vectors`: records in, view out, in every order up to six items and in
//! shuffled orders beyond; and the oracle agrees `[RULE-1]`, `[EXPL-1]`.
//!
//! `STORIES_WRITE=1 cargo test -p intent-testing --test stories` writes what the view says into the files,
//! to be read before it is kept.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use intent_ledger::contracts::kinds::{Body as _, Enrol, Lineage, Roles};
use intent_ledger::contracts::{
    EntryId, Label, Lane, LogId, NoticeId, RecordId, ResourceId, Scope, Signer as _, Tai,
};
use intent_ledger::merge_rules::{Because, Denier, Finding, Flaw, Missing, Phase, Standing};
use intent_ledger::{MemoryStore, Viewpoint};
use intent_testing::laws::{Replica as _, Wire};
use intent_testing::model::Model;
use intent_testing::oracle::histories::{LAST_DAY, charter, hour};
use intent_testing::oracle::pen::Pen;
use intent_testing::oracle::{Facts, judge};
use intent_testing::stories::{Question, Story, tell};
use intent_testing::subject::Subject;
use intent_testing::twins::suspended_otherwise;
use intent_testing::world::{Draw, WorldItem, day, key};
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
    let mut judged_in_all = 0;
    for (path, story) in stories() {
        let (pen, whole) = (&story.stage.pen, [Scope::root()]);
        let mut model = Model::new(&pen.charter, &whole).with(&pen.items);
        let mut replica = Subject::<MemoryStore>::in_memory(&pen.charter, &whole);
        pen.items.iter().for_each(|item| replica.deliver(&[Wire::from(item)]));
        for question in &story.questions {
            if let Question::Forget { to } = question {
                model.set_horizon(*to);
                replica.advance_horizon_to(*to);
            }
        }
        let from = vec![story.viewpoint()];
        let judged = judge(&Facts::of(&model, &from));
        judged_in_all += judged.parts.len() + judged.leases.len();
        let view = replica.ledger().view(Viewpoint::Scopes(from)).unwrap();
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
    assert!(judged_in_all > 200, "{judged_in_all} parts and leases");
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

const ENTRY: EntryId = EntryId::from_bytes([1; 32]);
const RECORD: RecordId = RecordId { entry: ENTRY, index: 0 };
const LOG: LogId = LogId::from_bytes([2; 32]);
const NOTICE: NoticeId = NoticeId::from_bytes([3; 32]);
const RESOURCE: ResourceId = ResourceId::from_bytes([4; 32]);

/// What a reason says apart from the ids in it. A new reason has no arm here, and needs a story.
fn words_of(because: &Because) -> &'static [&'static str] {
    match because {
        Because::Given => &["is given through a proven chain from the charter"],
        Because::Granted => &["is granted from the charter"],
        Because::Said => &["is said by one who is granted to say it"],
        Because::Unproven { .. } => &["fits into right ", " by its giver's word alone"],
        Because::AfterOpaque { .. } => &["follows a record of log ", " that this version cannot read"],
        Because::Contends => &["contends for an open resource, and no known claim goes first"],
        Because::NotGiven => &["is not given whole"],
        Because::Missing(missing) => match missing {
            Missing::Record(_) => &["rests on record ", ", which is not here"],
            Missing::Release(_) => &["rests on release ", ", which a giver shows and is not here"],
            Missing::Ending(_) => &["rests on the meaning of ", ", which may free what it holds"],
            Missing::TakenBack { .. } => &["rests on ", ", which ", " took back as over; compare the clocks"],
            Missing::Declaration(_) => {
                &["rests on resource ", ", of which no declaration that lasts as long is here"]
            }
            Missing::Endorsements { .. } => &["rests on 2 roots, of which ", " stand behind it"],
            Missing::CoSigners { .. } => {
                &["rests on ", " of the co-signers that its enrolment names, of whom ", " have signed"]
            }
            Missing::Assignment(_) => {
                &["rests on window ", " of the charter, which the roots have not assigned to one log"]
            }
            Missing::Meaning => &["rests on a record that this version cannot read"],
            Missing::EndedLog { .. } => &["rests on a log that was forked or driven out, until "],
            Missing::Notice(_) => &["rests on revocation ", ", which is not here or does not cut there"],
            Missing::Log(_) => &["rests on log ", ", of which nothing is here"],
            Missing::Logs(_) => &["rests on logs that tell of resource ", ", of which none is here"],
            Missing::NotHeld(_) => &["rests on scope ", ", which this viewpoint does not hold"],
        },
        Because::After { .. } => &["yields to claim ", "; claim anew when that one has ended"],
        Because::Overdraws { .. } => &["is more than right ", " had left when it was given"],
        Because::Released { .. } => &["was released by "],
        Because::Cut { by: Denier::Revocation(_), .. } => {
            &["stands above slot ", ", where revocation ", " cuts it"]
        }
        Because::Cut { by: Denier::Rotation(_), .. } => {
            &["stands above slot ", ", where the next key's log ", " cuts it"]
        }
        Because::Flawed(_) => &["is void: "],
    }
}

const FLAWS: [Flaw; 20] = [
    Flaw::Unreadable,
    Flaw::Role,
    Flaw::Class,
    Flaw::Roles,
    Flaw::Depth,
    Flaw::Gives,
    Flaw::Places,
    Flaw::Amount,
    Flaw::TooLong,
    Flaw::UntilTooEarly,
    Flaw::Outlives,
    Flaw::NoRight,
    Flaw::OpenAlternatives,
    Flaw::Miscited,
    Flaw::NotHeld,
    Flaw::OutsideRight,
    Flaw::Scope,
    Flaw::Misplaced,
    Flaw::NotItsOwn,
    Flaw::CoSigned,
];

/// `[EXPL-1]`
#[test]
fn every_explanation_is_told() {
    let told = everything_told();
    let missing = [
        Missing::Record(RECORD),
        Missing::Release(RECORD),
        Missing::Ending(RECORD),
        Missing::TakenBack { give: RECORD, by: RECORD },
        Missing::Declaration(RESOURCE),
        Missing::Endorsements { have: 1, need: 2 },
        Missing::CoSigners { have: 1, need: 2 },
        Missing::Assignment(RECORD),
        Missing::Meaning,
        Missing::EndedLog { until: Tai(1) },
        Missing::Notice(NOTICE),
        Missing::Log(LOG),
        Missing::Logs(RESOURCE),
        Missing::NotHeld(Scope::root()),
    ];
    let mut reasons = vec![
        Because::Given,
        Because::Granted,
        Because::Said,
        Because::Unproven { right: RECORD },
        Because::AfterOpaque { log: LOG },
        Because::Contends,
        Because::NotGiven,
        Because::After { claim: RECORD },
        Because::Overdraws { right: RECORD },
        Because::Released { by: RECORD },
        Because::Cut { log: LOG, at: 1, by: Denier::Revocation(NOTICE) },
        Because::Cut { log: LOG, at: 1, by: Denier::Rotation(LOG) },
    ];
    reasons.extend(missing.map(Because::Missing));
    for because in &reasons {
        let words = words_of(because);
        let inside =
            |line: &str| words.iter().try_fold(line, |rest, words| Some(rest.split_once(words)?.1)).is_some();
        assert!(words.iter().all(|words| because.to_string().contains(words)), "{because}");
        assert!(told.lines().any(inside), "no story tells: {because}");
    }
    // Seventeen enrolments below each other are no small story: they have a test of their own below.
    for flaw in FLAWS.into_iter().filter(|flaw| *flaw != Flaw::Depth) {
        assert!(told.contains(&format!(" is void: {flaw}")), "no story tells: {flaw}");
    }
    // The moment at which a lease is on and leaves no time to stop is shorter than a story's clock tells.
    for phase in [Phase::Ahead, Phase::Opening, Phase::Closing, Phase::Settling, Phase::Over] {
        assert!(told.contains(&format!("hold, {phase:?}")), "no story tells {phase:?}");
    }
    for exception in ["displaced", "overdrawn", "ended", "revoked", "void", "at risk"] {
        assert!(told.contains(&format!("exception: {exception} [")), "no story tells {exception}");
    }
    for words in
        ["was forked in slot", "more living logs than it may have", "was never released", "rests on what is"]
    {
        let line = |line: &str| line.starts_with("exception: ") && line.contains(words);
        assert!(told.lines().any(line), "no story tells: {words}");
    }
    for words in [
        "go until ",
        "? at risk [",
        "hold, suspended until ",
        "hold, [ACT-1]: there is no such claim",
        "hold, [ACT-1]: log ",
    ] {
        assert!(told.contains(words), "no story tells: {words}");
    }
}

/// `[GRANT-1]`
#[test]
fn an_enrolment_more_than_sixteen_steps_from_the_charter_is_void() {
    let mut pen = Pen::new(charter(1), hour(0));
    let (end, label) = (day(LAST_DAY), |text: &str| Label::try_from(text.to_owned()).unwrap());
    let (mut above, mut signer, mut budget) = (pen.root(0), 0, 1_u64 << 38);
    let mut enrolled = Vec::new();
    for step in 1..=17_u64 {
        let log = pen.open(signer, above, Lane::Safety, end, step);
        signer = 4 + usize::try_from(step % 8).unwrap();
        let body = Enrol {
            ordinal: step,
            ..Enrol::new(
                key(signer).author(),
                Roles::ACT.with(Roles::ENROL),
                Scope::root(),
                budget,
                1,
                Lineage { build: label("b"), hardware: label("h") },
            )
        };
        above = pen.write(log, &[body.record(end, Vec::new()).unwrap()])[0].record;
        enrolled.push(above);
        // Two logs and their overhead are charged to the log above.
        budget = budget / 5 * 2;
    }
    let whole = [Scope::root()];
    let mut replica = Subject::<MemoryStore>::in_memory(&pen.charter, &whole);
    pen.items.iter().for_each(|item| replica.deliver(&[Wire::from(item)]));
    let view = replica.ledger().view(Viewpoint::Own).unwrap();
    let judged = judge(&Facts::of(&Model::new(&pen.charter, &whole).with(&pen.items), &whole));
    for (step, record) in (1..).zip(&enrolled) {
        let found = view.enrolment(record).unwrap().finding;
        assert_eq!(found.standing, judged.enrolments[record], "{step}: {found}");
        let expected =
            Finding::of(*record, if step > 16 { Because::Flawed(Flaw::Depth) } else { Because::Granted });
        assert_eq!(found, expected, "step {step}");
    }
}

/// `[LAW-9]`
#[test]
fn every_clause_that_a_finding_can_cite_is_told() {
    let told = everything_told();
    for clause in [
        "LEASE-5",
        "GRANT-1",
        "ORDER-4",
        "ORDER-5",
        "OPEN-1",
        "LEASE-3",
        "ORDER-6",
        "LEASE-6",
        "GRANT-3",
        "BACK-3",
        "RECLAIM-2",
        "RULE-2",
        "OPEN-5",
        "OPEN-6",
        "OPEN-3",
        "ORDER-2",
        "BACK-2",
        "DENY-2",
        "ROT-1",
        "GRANT-2",
        "RULE-5",
        "OPEN-2",
        "KIND-2",
        "RIGHT-3",
        "RULE-1",
        "COSIGN-2",
        "COSIGN-3",
        "VOTE-2",
        "RESTRICT-2",
        "ROT-2",
    ] {
        assert!(told.contains(&format!("[{clause}]")), "no story tells [{clause}]");
    }
}
