//! The state of SPEC.md section 5 is a join: the equalities J1 to J7 of `intent_testing::model`, tried by
//! brute force on hostile universes.

use intent_contracts::{Millis, Scope, Tai};
use intent_testing::model::{Fate, Model, ModelState};
use intent_testing::world::{DAYS, Draw, EnrolFlaw, NoticeFlaw, Step, World, WorldItem, any_world, day};
use proptest::prelude::*;

/// Every scope is held.
fn all() -> Vec<Scope> {
    vec![Scope::root()]
}

/// Interests that hold less and less.
fn interests(choice: u8) -> Vec<Scope> {
    let scopes: &[&str] = match choice % 4 {
        0 => &[""],
        1 => &["a"],
        2 => &["a/b", "b"],
        _ => &["b/a"],
    };
    scopes.iter().map(|scope| Scope::parse(scope).expect("a short path")).collect()
}

/// A model at a horizon with these interests.
fn model(world: &World, interests: &[Scope], horizon: Tai) -> Model {
    let mut model = Model::new(&world.charter, interests);
    model.set_horizon(horizon);
    model
}

/// Each item falls into any of the parts, and sometimes into several.
fn parts<const N: usize>(world: &World, seed: u64) -> [Vec<WorldItem>; N] {
    let mut draw = Draw::new(seed);
    let mut parts = [const { Vec::new() }; N];
    for item in &world.items {
        parts[draw.below(N)].push(item.clone());
        if draw.below(4) == 0 {
            parts[draw.below(N)].push(item.clone());
        }
    }
    parts
}

fn same(what: &str, left: &ModelState, right: &ModelState) -> Result<(), TestCaseError> {
    match left.difference(right) {
        None => Ok(()),
        Some(difference) => Err(TestCaseError::fail(format!("{what}: {difference}"))),
    }
}

/// A thousand cases, or more when the environment asks for them.
fn config() -> ProptestConfig {
    let asked = ProptestConfig::default();
    ProptestConfig { cases: asked.cases.max(1_000), failure_persistence: None, ..asked }
}

fn any_day() -> impl Strategy<Value = Tai> {
    (0..=DAYS + 1).prop_map(day)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn j1_what_was_refused_for_good_never_mattered(
        world in any_world(40), seed: u64, choice: u8, h in any_day(),
    ) {
        let empty = model(&world, &interests(choice), h);
        let [a, b] = parts(&world, seed);
        let of_a = empty.clone().with(&a);
        let expect = of_a.clone().with(&b).state();
        let kept = of_a.kept();
        same("kept(A) with B", &empty.clone().with(&kept).with(&b).state(), &expect)?;
        let kept_b = empty.clone().with(&b).kept();
        same("kept(A) with kept(B)", &empty.with(&kept).with(&kept_b).state(), &expect)?;
    }

    #[test]
    fn j2_states_are_a_semilattice(world in any_world(40), seed: u64, choice: u8, h in any_day()) {
        let empty = model(&world, &interests(choice), h);
        let join = |x: &[WorldItem], y: &[WorldItem]| empty.clone().with(x).with(y);
        let [x, y, z] = parts(&world, seed).map(|part: Vec<_>| empty.clone().with(&part).retained());
        let left = join(&join(&x, &y).retained(), &z);
        let right = join(&x, &join(&y, &z).retained());
        same("associative", &left.state(), &right.state())?;
        same("commutative", &join(&x, &y).state(), &join(&y, &x).state())?;
        same("idempotent", &join(&x, &x).state(), &empty.clone().with(&x).state())?;
        same("absorbing", &join(&left.retained(), &y).state(), &left.state())?;
        let survey = left.survey();
        for item in left.items() {
            prop_assert_ne!(survey.fate(&item), Fate::Waiting);
        }
    }

    #[test]
    fn j2_a_state_is_computed_again_from_what_it_retains(
        world in any_world(40), choice: u8, h in any_day(),
    ) {
        let empty = model(&world, &interests(choice), h);
        let whole = empty.clone().with(&world.items);
        let again = empty.with(&whole.retained());
        same("state(retained(U))", &again.state(), &whole.state())?;
        prop_assert_eq!(again.retained(), whole.retained());
    }

    #[test]
    fn j3_a_lost_pool_is_healed_by_sending_again(world in any_world(40), seed: u64, h in any_day()) {
        let empty = model(&world, &all(), h);
        let [a, b] = parts(&world, seed);
        let lossy = empty.clone().with(&empty.clone().with(&a).retained()).with(&b).with(&a);
        same("sent again", &lossy.state(), &empty.with(&a).with(&b).state())?;
    }

    #[test]
    fn j4_horizons_commute_with_merging(
        world in any_world(40), seed: u64, choice: u8, h in any_day(), step in 0u64..5,
    ) {
        let (early, late) = (h, h.plus(Millis::days(step)));
        let interests = interests(choice);
        let [a, b] = parts(&world, seed);
        let before = model(&world, &interests, early).with(&a);
        let after = model(&world, &interests, late);
        let of_a = after.clone().with(&a).state();
        same("retained earlier", &after.clone().with(&before.retained()).state(), &of_a)?;
        let expect = after.clone().with(&a).with(&b).state();
        same("kept earlier", &after.with(&before.kept()).with(&b).state(), &expect)?;
    }

    #[test]
    fn j5_a_refusal_is_final(world in any_world(40), seed: u64, choice: u8, h in any_day()) {
        let empty = model(&world, &interests(choice), h);
        let [a, b] = parts(&world, seed);
        let before = empty.with(&a);
        let after = before.clone().with(&b);
        let (early, late) = (before.survey(), after.survey());
        for item in &a {
            let (was, is) = (early.fate(item), late.fate(item));
            match was {
                Fate::Waiting => {}
                Fate::Kept => prop_assert_ne!(is, Fate::Waiting),
                _ => prop_assert!(is != Fate::Kept && is != Fate::Waiting, "{:?} became {:?}", was, is),
            }
        }
    }

    #[test]
    fn j6_who_holds_less_learns_enough_from_who_holds_more(
        world in any_world(40), seed: u64, choice: u8, h in any_day(),
    ) {
        let [a, b] = parts(&world, seed);
        let wide = model(&world, &all(), h).with(&a);
        let narrow = model(&world, &interests(choice), h);
        let state = narrow.clone().with(&wide.kept()).with(&b).state();
        let expect = narrow.with(&a).with(&b).state();
        same("through a gateway", &state, &expect)?;
    }

    /// `[BOUND-1]`
    #[test]
    fn j7_what_is_kept_is_bounded_by_the_charter(world in any_world(60), h in any_day()) {
        let model = model(&world, &all(), h).with(&world.items);
        prop_assert!(model.survey().bytes() <= model.bytes_max());
    }
}

/// All pairs of subsets of small universes, instead of some pairs of large ones.
#[test]
fn j1_and_j3_hold_for_every_pair_of_subsets_of_small_universes() {
    for seed in 0..60 {
        let mut world = World::random(seed, 7);
        world.items.truncate(6);
        let empty = model(&world, &all(), Tai(0));
        let subset = |mask: usize| {
            let picked = world.items.iter().enumerate().filter(move |(place, _)| mask >> place & 1 == 1);
            picked.map(|(_, item)| item)
        };
        let masks = 1usize << world.items.len();
        let models: Vec<Model> = (0..masks).map(|mask| empty.clone().with(subset(mask))).collect();
        let kept: Vec<Vec<WorldItem>> = models.iter().map(Model::kept).collect();
        let retained: Vec<Vec<WorldItem>> = models.iter().map(Model::retained).collect();
        let states: Vec<ModelState> = models.iter().map(Model::state).collect();
        for a in 0..masks {
            for b in 0..masks {
                let merged = empty.clone().with(&kept[a]).with(&kept[b]).state();
                assert_eq!(merged.difference(&states[a | b]), None, "seed {seed}, {a:b} and {b:b}");
                let healed = empty.clone().with(&retained[a]).with(&retained[b]).with(subset(a | b)).state();
                assert_eq!(healed.difference(&states[a | b]), None, "seed {seed}, {a:b} and {b:b}");
            }
        }
    }
}

/// Notices are admitted by their enrolment's scope and counted by enrolment `[ADM-12]`: whoever hears of a
/// flood through a replica that holds more keeps the same ones of it as whoever heard the author.
#[test]
fn a_gateway_keeps_of_a_flood_what_a_node_keeps() {
    let flood = |choice| Step::Notice { enrolment: 0, count: 5, choice, flaw: NoticeFlaw::None };
    let world = World::of(1, vec![flood(0), flood(4)]);
    let wide = model(&world, &all(), Tai(0)).with(&world.items);
    let node = model(&world, &[Scope::parse("a").expect("a short path")], Tai(0));
    let behind_gateway = node.clone().with(&wide.kept()).state();
    let directly = node.with(&world.items).state();
    assert_eq!(directly.notices.len(), 4);
    assert_eq!(behind_gateway, directly);
}

/// Whoever holds an enrolment's key can open logs until the one falls out that enrolled a denier, and the
/// denial goes along; therefore the rules suspend as `[FORK-5]` says.
#[test]
fn driving_out_a_log_drops_denials_without_a_fork() {
    let enrol = |roles| Step::Enrol { log: 0, choice: 0, roles, flaw: EnrolFlaw::None };
    let denial = Step::Notice { enrolment: 0, count: 1, choice: 0, flaw: NoticeFlaw::None };
    // The second newest enrolment is the denier's parent.
    let flood = Step::Incarnations { enrolment: 8, count: 12, days: 0 };
    let denied = World::of(1, vec![enrol(0), enrol(2), denial]);
    let flooded = World::of(1, vec![enrol(0), enrol(2), denial, flood]);
    let before = model(&denied, &all(), Tai(0)).with(&denied.items).state();
    let after = model(&flooded, &all(), Tai(0)).with(&flooded.items).state();
    assert_eq!(before.notices.len(), 1);
    assert!(after.notices.is_empty());
    assert!(after.logs.values().all(|log| log.terminal.is_none()), "nothing is forked");
}
