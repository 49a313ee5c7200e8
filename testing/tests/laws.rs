//! The laws of SPEC.md hold for the ledger: in memory, over reopening, and against the naive model.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use intent_contracts::Scope;
use intent_testing::laws::{Case, Replica, Wire};
use intent_testing::model::Model;
use intent_testing::subject::{Subject, state_of};
use intent_testing::world::{DAYS, Draw, World, any_world, day};
use proptest::prelude::*;

fn interests(choice: u8) -> Vec<Scope> {
    let scopes: &[&str] = match choice % 4 {
        0 | 1 => &[""],
        2 => &["a"],
        _ => &["a/b", "b"],
    };
    scopes.iter().map(|scope| Scope::parse(scope).unwrap()).collect()
}

/// Each law over so many worlds of its own.
fn cases() -> ProptestConfig {
    ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() }
}

/// One property for each law, so that a failure names the law it breaks.
macro_rules! laws {
    ($($name:ident: $law:ident;)*) => {
        proptest! {
            #![proptest_config(cases())]
            $(
                #[test]
                fn $name(world in any_world(30), seed: u64, choice: u8, days in 0..=DAYS) {
                    let case = Case { world: &world, interests: interests(choice), horizon: day(days), seed };
                    prop_assert_eq!(case.$law(Subject::in_memory), Ok(()));
                }
            )*
        }
    };
}

laws! {
    any_order_gives_one_state: any_order;
    repetition_changes_nothing: repetition;
    grouping_changes_nothing: grouping;
    loss_is_healed_by_sending_again: loss_and_sending_again;
    children_may_come_before_parents: children_before_parents;
    floods_that_lapse_undo_nothing: floods_that_lapse;
    different_horizons_agree_above_the_larger: different_horizons;
    the_ledger_equals_the_model_after_every_step: equals_the_model_after_every_step;
    merging_states_is_a_join: merging;
}

proptest! {
    #![proptest_config(cases())]

    /// Memory is rebuilt from the store: what is admitted, and nothing else.
    #[test]
    fn reopening_changes_nothing_but_the_pool(world in any_world(30), seed: u64, choice: u8, days in 0..=DAYS) {
        let mut draw = Draw::new(seed);
        let mut subject = Subject::in_memory(&world.charter, &interests(choice));
        let mut items = world.items.clone();
        draw.shuffle(&mut items);
        for (place, item) in items.iter().enumerate() {
            subject.deliver(&[Wire::from(item)]);
            if place == items.len() / 2 {
                subject.advance_horizon_to(day(days));
            }
            if draw.below(4) == 0 {
                let (before, digest) = (subject.state(), subject.ledger().state_digest());
                subject = subject.reopened();
                prop_assert_eq!(subject.state().difference(&before), None);
                prop_assert_eq!(subject.ledger().state_digest(), digest);
                prop_assert_eq!(subject.ledger().scrub().unwrap().damage, vec![]);
            }
        }
        let wires: Vec<Wire<'_>> = items.iter().map(Wire::from).collect();
        subject.deliver(&wires);
        subject.deliver(&wires);
        let mut model = Model::new(&world.charter, &interests(choice)).with(&world.items);
        model.set_horizon(day(days));
        prop_assert_eq!(subject.state().difference(&model.state()), None);
    }

    /// Two ledgers that exchange frontiers and bundles until both say that they are complete are equal, and
    /// then have nothing more to say; budgets are kept to the byte.
    #[test]
    fn exchange_ends_with_equal_states_and_nothing_to_send(
        world in any_world(30), seed: u64, budget in 1_500usize..20_000,
    ) {
        let mut draw = Draw::new(seed);
        let all = [Scope::root()];
        let mut ends = [(); 2].map(|()| Subject::in_memory(&world.charter, &all));
        for item in &world.items {
            ends[draw.below(2)].deliver(&[Wire::from(item)]);
            if draw.below(3) == 0 {
                ends[draw.below(2)].deliver(&[Wire::from(item)]);
            }
        }
        let mut silent = 0;
        for round in 0.. {
            prop_assert!(round < 2_000, "the exchange does not end");
            let (from, to) = if round % 2 == 0 { (0, 1) } else { (1, 0) };
            let frontier = ends[to].ledger().frontier();
            // A budget that one large item exceeds would end the exchange for good.
            let budget = budget.max(15_000 * usize::from(round % 8 > 5));
            let bundle = ends[from].ledger().bundle(&frontier, budget).unwrap();
            prop_assert!(bundle.bytes.len() <= budget);
            let before = ends[to].ledger().state_digest();
            let now = intent_contracts::Clock::new(day(0), intent_contracts::Millis(0));
            ends[to].ledger().absorb(&bundle.bytes, now).unwrap();
            let changed = ends[to].ledger().state_digest() != before;
            silent = if changed { 0 } else { silent + 1 };
            if silent > 16 {
                break;
            }
        }
        let [a, b] = &mut ends;
        prop_assert_eq!(a.state().difference(&b.state()), None);
        let frontier = b.ledger().frontier();
        let rest = a.ledger().bundle(&frontier, usize::MAX).unwrap();
        prop_assert!(rest.complete);
        prop_assert_eq!(rest.items, 0, "an equal peer lacks nothing");
    }
}

/// DESIGN section 12, number 23, for the state: a node and a gateway that holds everything agree on what
/// the node holds.
#[test]
fn attack_23_a_node_and_a_gateway_agree_on_what_the_node_holds() {
    let mut compared = 0;
    for seed in 0..300 {
        let world = World::random(seed, 40);
        let narrow = [Scope::parse("a").unwrap()];
        let mut gateway = Subject::in_memory(&world.charter, &[Scope::root()]);
        let mut node = Subject::in_memory(&world.charter, &narrow);
        let wires: Vec<Wire<'_>> = world.items.iter().map(Wire::from).collect();
        gateway.deliver(&wires);
        gateway.deliver(&wires);
        let frontier = node.ledger().frontier();
        let bundle = gateway.ledger().bundle(&frontier, usize::MAX).unwrap();
        let now = intent_contracts::Clock::new(day(0), intent_contracts::Millis(0));
        node.ledger().absorb(&bundle.bytes, now).unwrap();
        let of_node = state_of(node.ledger());
        let expected = Model::new(&world.charter, &narrow).with(&world.items).state();
        assert_eq!(of_node.difference(&expected), None, "seed {seed}");
        let of_gateway = state_of(gateway.ledger());
        for (log, held) in &of_node.logs {
            assert_eq!(of_gateway.logs.get(log), Some(held), "seed {seed}");
            compared += 1;
        }
        assert!(of_node.notices.is_subset(&of_gateway.notices), "seed {seed}");
    }
    assert!(compared > 300, "only {compared} logs were compared");
}
