//! The state of a replica against the naive model's of what it received.
//!
//! What the model says of a set is remembered by the set, the interests and the horizon: replicas that
//! received the same are judged by one answer, and a step that brings nothing new costs nothing.

use super::{Broken, broken, hold};
use crate::fleet::cast::Cast;
use crate::fleet::disk::Disk;
use crate::fleet::registry::{Place, Registry};
use crate::model::{Model, ModelState};
use crate::subject::state_of;
use intent_contracts::{Digest, RecordId, Scope, Tai};
use intent_ledger::Ledger;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The items that a replica received, and a sum that stands for them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::fleet) struct Received {
    set: BTreeSet<Place>,
    sum: u128,
}

impl Received {
    pub(in crate::fleet) fn insert(&mut self, place: Place) {
        if self.set.insert(place) {
            let hash = blake3::hash(&place.to_be_bytes());
            let mut half = [0; 16];
            half.copy_from_slice(&hash.as_bytes()[..16]);
            self.sum ^= u128::from_be_bytes(half);
        }
    }

    pub(in crate::fleet) fn extend(&mut self, places: &[Place]) {
        places.iter().for_each(|place| self.insert(*place));
    }

    pub(in crate::fleet) fn of(places: &[Place]) -> Self {
        let mut received = Self::default();
        received.extend(places);
        received
    }

    pub(in crate::fleet) fn contains(&self, place: Place) -> bool {
        self.set.contains(&place)
    }
}

/// What the model says of a set.
pub(in crate::fleet) struct Known {
    pub(in crate::fleet) state: ModelState,
    /// The digest that a ledger of this state has.
    pub(in crate::fleet) digest: Digest,
    /// The scopes of the present enrolments.
    pub(in crate::fleet) scopes: BTreeMap<RecordId, Scope>,
    /// The items of the state.
    pub(in crate::fleet) retained: Rc<Vec<Place>>,
}

type Key = (Vec<Scope>, Tai, u128);

/// The model's answers.
#[derive(Default)]
pub(in crate::fleet) struct Oracle {
    known: BTreeMap<Key, Rc<Known>>,
}

impl Oracle {
    /// What the model says of these items.
    pub(in crate::fleet) fn judge(
        &mut self,
        cast: &Cast,
        registry: &mut Registry,
        interests: &[Scope],
        horizon: Tai,
        received: &Received,
    ) -> Rc<Known> {
        let key = (interests.to_vec(), horizon, received.sum);
        if let Some(known) = self.known.get(&key) {
            return Rc::clone(known);
        }
        let mut model = Model::new(&cast.charter, interests);
        model.set_horizon(horizon);
        received.set.iter().for_each(|place| model.receive(registry.item(*place)));
        let survey = model.survey();
        let scopes = survey.present.iter().map(|(record, found)| (*record, found.scope.clone())).collect();
        let digest = digest_of(&survey.state);
        let retained = survey.retained().into_iter().map(|item| registry.place_of(item)).collect();
        let state = survey.state.clone();
        let known = Rc::new(Known { state, digest, scopes, retained: Rc::new(retained) });
        self.known.insert(key, Rc::clone(&known));
        known
    }
}

/// What `Ledger::state_digest` is said to be, computed from a state of the model.
fn digest_of(state: &ModelState) -> Digest {
    let mut hasher = blake3::Hasher::new_derive_key("intent-ledger v1 state");
    for (id, log) in &state.logs {
        hasher.update(id.as_bytes());
        hasher.update(&(log.trunk.len() as u64).to_be_bytes());
        hasher.update(log.trunk.last().unwrap_or(&log.key.enrolment.entry).as_bytes());
        let (slot, ids) = log.terminal.clone().unwrap_or_default();
        hasher.update(&slot.to_be_bytes());
        ids.iter().for_each(|id| {
            hasher.update(id.as_bytes());
        });
    }
    state.notices.iter().for_each(|id| {
        hasher.update(id.as_bytes());
    });
    Digest::from_bytes(*hasher.finalize().as_bytes())
}

/// Compares a ledger with what the model says; `whole` reads the store as well.
pub(in crate::fleet) fn compare(
    ledger: &Ledger<Disk>,
    known: &Known,
    registry: &Registry,
    whole: bool,
) -> Result<(), Broken> {
    let enrolled = ledger.enrolments().eq(known.state.enrolments.iter().copied());
    if !whole && enrolled && ledger.state_digest() == known.digest {
        return Ok(());
    }
    let state = state_of(ledger);
    for id in state.logs.values().flat_map(|log| &log.trunk) {
        hold(registry.entry(id).is_some(), "issued", || format!("entry {id} was never issued"))?;
    }
    for id in &state.notices {
        hold(registry.notice(id).is_some(), "issued", || format!("notice {id} was never issued"))?;
    }
    if let Some(difference) = state.difference(&known.state) {
        return broken("state", format!("ledger (left), model (right): {difference}"));
    }
    hold(ledger.state_digest() == known.digest, "digest", || "equal states have two digests".to_owned())
}
