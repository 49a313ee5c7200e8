//! The theorem, model-checked `[THEOREM-1]`, `[THEOREM-2]`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod facts;
mod rules;
mod world;
mod worlds;

use stateright::{Checker as _, HasDiscoveries, Model as _};
use world::{NO_TWO_GO, NO_TWO_MOVE, World};

fn exhaust(name: &str, world: World) {
    let checker = world.checker().spawn_bfs().join();
    println!("{name}: {} states, {} transitions, depth {}", checker.unique_state_count(), checker.state_count(), checker.max_depth());
    for property in [NO_TWO_GO, NO_TWO_MOVE] {
        if let Some(path) = checker.discovery(property) { panic!("{name}: {property} fails\n{:?}", path.into_actions()); }
    }
    for w in &checker.model().wanted { if checker.discovery(w.name).is_none() { println!("  MISSING {}", w.name); } }
}

#[test] fn leases2() { exhaust("leases2", World::leases(2)); }
#[test] fn leases3() { exhaust("leases3", World::leases(3)); }
#[test] fn chain() { exhaust("chain", World::chain(4)); }
#[test] fn restores() { exhaust("restores", World::restores()); }
#[test] fn authority() { exhaust("authority", World::restored_authority()); }
#[test] fn continuity() { exhaust("continuity", World::continuity()); }
#[test] fn draws() { exhaust("draws", World::draws()); }
#[test] fn machines() { exhaust("machines", World::machines()); }
