//! The laws hold for the model, and each notices a replica that breaks it.

use intent_contracts::{Charter, Scope, Tai};
use intent_testing::laws::{Case, Replica, Wire};
use intent_testing::model::{Model, ModelState};
use intent_testing::world::{DAYS, ItemKind, World, WorldItem, any_world, day};
use proptest::prelude::*;

fn interests(choice: u8) -> Vec<Scope> {
    let scopes: &[&str] = match choice % 4 {
        0 | 1 => &[""],
        2 => &["a"],
        _ => &["a/b", "b"],
    };
    scopes.iter().map(|scope| Scope::parse(scope).expect("a short path")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_model_keeps_every_law(world in any_world(30), seed: u64, choice: u8, days in 0..=DAYS) {
        let case = Case { world: &world, interests: interests(choice), horizon: day(days), seed };
        prop_assert_eq!(case.every_law(Model::new), Ok(()));
        prop_assert_eq!(case.merging(Model::new), Ok(()));
    }
}

/// A replica whose fault is what it does to the model before or after each delivery.
struct Faulty {
    model: Model,
    fault: Fault,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    /// It keeps no pool.
    NoPool,
    /// It takes the first entry of a slot for the only one.
    FirstComer,
    /// It takes a fork proof for nothing.
    NoProofs,
    /// It keeps what a dropped enrolment admitted.
    NoCascade,
    /// It judges what comes by today's horizon and never again.
    NoLapse,
}

impl Replica for Faulty {
    fn deliver(&mut self, items: &[Wire<'_>]) {
        let ledger = self.model.charter().ledger_id();
        for wire in items {
            let Some(item) = WorldItem::read(&ledger, wire.kind, wire.bytes) else { continue };
            let taken = |entry: &WorldItem| match (entry, &item) {
                (WorldItem::Entry(a), WorldItem::Entry(b)) => {
                    (a.header().log, a.header().seq) == (b.header().log, b.header().seq)
                }
                _ => false,
            };
            let refused = match self.fault {
                Fault::FirstComer => self.model.items().iter().any(taken),
                Fault::NoProofs => wire.kind == ItemKind::Fork,
                Fault::NoCascade => {
                    let before = self.model.state().enrolments;
                    let after = self.model.clone().with([&item]).state().enrolments;
                    !before.is_subset(&after)
                }
                Fault::NoPool | Fault::NoLapse => false,
            };
            if !refused {
                self.model.receive(&item);
            }
            if self.fault == Fault::NoPool {
                let mut lossy = Model::new(self.model.charter(), &[Scope::root()]);
                lossy.set_horizon(self.model.horizon());
                self.model = lossy.with(&self.model.retained());
            }
        }
    }

    fn state(&self) -> ModelState {
        self.model.state()
    }

    fn advance_horizon_to(&mut self, horizon: Tai) {
        if self.fault != Fault::NoLapse || self.model.items().is_empty() {
            self.model.set_horizon(horizon.max(self.model.horizon()));
        }
    }
}

#[test]
fn the_laws_notice_each_fault_within_forty_worlds() {
    for fault in [Fault::NoPool, Fault::FirstComer, Fault::NoProofs, Fault::NoCascade, Fault::NoLapse] {
        let fresh =
            |charter: &Charter, interests: &[Scope]| Faulty { model: Model::new(charter, interests), fault };
        let noticed = (0..40).filter(|seed| {
            let world = World::random(*seed, 30);
            let case = Case { world: &world, interests: vec![Scope::root()], horizon: day(3), seed: *seed };
            case.every_law(fresh).is_err()
        });
        let noticed = noticed.count();
        println!("{fault:?}: noticed in {noticed} of 40 worlds");
        assert!(noticed > 0, "{fault:?} goes unnoticed");
    }
}
