//! The laws of SPEC.md as functions over any [`Replica`], each compared with the naive [`Model`].
//!
//! - A law is a function of a world, of the interests, of a horizon and of a seed; it fails with a sentence
//!   that says at which step which log, notice or enrolment differs.
//! - A law asks nothing of a replica but its state, so the same laws judge a ledger and the model itself.
//! - A replica is given authentic items and a pool that does not overflow; forged items, full pools and
//!   crashes have tests of their own.

use crate::model::{Model, ModelState};
use crate::world::{Draw, ItemKind, World, WorldItem};
use intent_contracts::{Charter, Scope, Tai};

/// The wire bytes of one item, and what they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wire<'a> {
    /// The kind.
    pub kind: ItemKind,
    /// The bytes.
    pub bytes: &'a [u8],
}

impl<'a> From<&'a WorldItem> for Wire<'a> {
    fn from(item: &'a WorldItem) -> Self {
        Self { kind: item.kind(), bytes: item.bytes() }
    }
}

/// What merges items and has a state.
pub trait Replica {
    /// Takes in items that arrive together.
    fn deliver(&mut self, items: &[Wire<'_>]);
    /// The state.
    fn state(&self) -> ModelState;
    /// Advances the horizon to the start of a day; never back.
    fn advance_horizon_to(&mut self, horizon: Tai);
}

/// A replica that can be asked for all that its state consists of.
pub trait Sender: Replica {
    /// Trunks, stumps, fork proofs and notices.
    fn retained(&self) -> Vec<WorldItem>;
}

/// One case of a law.
#[derive(Debug, Clone)]
pub struct Case<'a> {
    /// What was written.
    pub world: &'a World,
    /// What the replicas hold.
    pub interests: Vec<Scope>,
    /// The horizon at the end.
    pub horizon: Tai,
    /// From which orders, groups and losses follow.
    pub seed: u64,
}

/// How a replica broke a law.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{law}: {when}: the replica (left) differs from the model (right): {difference}")]
pub struct Broken {
    /// The law.
    pub law: &'static str,
    /// At which step.
    pub when: String,
    /// In what.
    pub difference: String,
}

/// What a law finds.
pub type Finding = Result<(), Broken>;

/// Makes an empty replica with horizon zero.
pub trait Fresh<R>: Fn(&Charter, &[Scope]) -> R {}
impl<R, F: Fn(&Charter, &[Scope]) -> R> Fresh<R> for F {}

impl Case<'_> {
    /// `[LAW-1]`: items in any order, one at a time.
    ///
    /// # Errors
    /// [`Broken`]
    pub fn any_order<R: Replica>(&self, fresh: impl Fresh<R>) -> Finding {
        let mut draw = Draw::new(self.seed);
        for order in 0..2 {
            let mut items: Vec<&WorldItem> = self.world.items.iter().collect();
            draw.shuffle(&mut items);
            let mut replica = self.replica(&fresh);
            items.iter().for_each(|item| replica.deliver(&[Wire::from(*item)]));
            self.compare("any order", &format!("order {order}"), &replica, &self.whole())?;
        }
        Ok(())
    }

    /// `[LAW-1]`: items several times.
    ///
    /// # Errors
    /// [`Broken`]
    pub fn repetition<R: Replica>(&self, fresh: impl Fresh<R>) -> Finding {
        let mut draw = Draw::new(self.seed);
        let mut items: Vec<&WorldItem> = Vec::new();
        for item in &self.world.items {
            items.resize(items.len() + 1 + draw.below(3), item);
        }
        draw.shuffle(&mut items);
        let mut replica = self.replica(&fresh);
        items.iter().for_each(|item| replica.deliver(&[Wire::from(*item)]));
        self.compare("repetition", "at the end", &replica, &self.whole())?;
        replica.deliver(&wires(&self.world.items));
        self.compare("repetition", "everything once more", &replica, &self.whole())
    }

    /// `[LAW-1]`: items in groups of any size.
    ///
    /// # Errors
    /// [`Broken`]
    pub fn grouping<R: Replica>(&self, fresh: impl Fresh<R>) -> Finding {
        let mut draw = Draw::new(self.seed);
        let mut items: Vec<&WorldItem> = self.world.items.iter().collect();
        draw.shuffle(&mut items);
        let mut replica = self.replica(&fresh);
        let mut rest = items.as_slice();
        while !rest.is_empty() {
            let (group, after) = rest.split_at(1 + draw.below(rest.len()));
            let group: Vec<Wire<'_>> = group.iter().map(|item| Wire::from(*item)).collect();
            replica.deliver(&group);
            rest = after;
        }
        self.compare("grouping", "at the end", &replica, &self.whole())
    }

    /// `[SYNC-3]`: a part of the items is lost and all are sent again.
    ///
    /// # Errors
    /// [`Broken`]
    pub fn loss_and_sending_again<R: Replica>(&self, fresh: impl Fresh<R>) -> Finding {
        let mut draw = Draw::new(self.seed);
        let mut arrived: Vec<&WorldItem> = self.world.items.iter().filter(|_| draw.below(2) == 0).collect();
        draw.shuffle(&mut arrived);
        let mut replica = self.replica(&fresh);
        arrived.iter().for_each(|item| replica.deliver(&[Wire::from(*item)]));
        let half = self.model().with(arrived.iter().copied());
        self.compare("loss", "after the loss", &replica, &half)?;
        replica.deliver(&wires(&self.world.items));
        self.compare("loss", "sent again", &replica, &self.whole())
    }

    /// `[POOL-1]`: what was written last arrives first.
    ///
    /// # Errors
    /// [`Broken`]
    pub fn children_before_parents<R: Replica>(&self, fresh: impl Fresh<R>) -> Finding {
        let mut replica = self.replica(&fresh);
        self.world.items.iter().rev().for_each(|item| replica.deliver(&[Wire::from(item)]));
        self.compare("children before parents", "at the end", &replica, &self.whole())
    }

    /// `[HOR-2]`: the horizon advances between deliveries, and what lapsed comes again.
    ///
    /// # Errors
    /// [`Broken`]
    pub fn floods_that_lapse<R: Replica>(&self, fresh: impl Fresh<R>) -> Finding {
        let mut draw = Draw::new(self.seed);
        let mut items: Vec<&WorldItem> = self.world.items.iter().collect();
        draw.shuffle(&mut items);
        let mut replica = fresh(&self.world.charter, &self.interests);
        let mut model = Model::new(&self.world.charter, &self.interests);
        for (step, item) in items.into_iter().enumerate() {
            if draw.below(8) == 0 {
                let horizon = self.day_up_to_horizon(&mut draw).max(model.horizon());
                replica.advance_horizon_to(horizon);
                model.set_horizon(horizon);
                self.compare("lapse", &format!("at {horizon}, step {step}"), &replica, &model)?;
            }
            replica.deliver(&[Wire::from(item)]);
            model.receive(item);
        }
        replica.advance_horizon_to(self.horizon);
        model.set_horizon(self.horizon);
        self.compare("lapse", "at the end", &replica, &model)?;
        replica.deliver(&wires(&self.world.items));
        self.compare("lapse", "everything once more", &replica, &model)
    }

    /// `[HOR-2]`: of two replicas with different horizons the earlier one becomes equal when it follows.
    ///
    /// # Errors
    /// [`Broken`]
    pub fn different_horizons<R: Replica>(&self, fresh: impl Fresh<R>) -> Finding {
        let mut draw = Draw::new(self.seed);
        let early = self.day_up_to_horizon(&mut draw);
        for horizon in [early, self.horizon] {
            let mut items: Vec<&WorldItem> = self.world.items.iter().collect();
            draw.shuffle(&mut items);
            let mut replica = fresh(&self.world.charter, &self.interests);
            replica.advance_horizon_to(horizon);
            items.iter().for_each(|item| replica.deliver(&[Wire::from(*item)]));
            let mut model = self.whole();
            model.set_horizon(horizon);
            self.compare("horizons", &format!("at {horizon}"), &replica, &model)?;
            replica.advance_horizon_to(self.horizon);
            self.compare("horizons", &format!("from {horizon} on"), &replica, &self.whole())?;
        }
        Ok(())
    }

    /// A replica equals the model after every single step.
    ///
    /// # Errors
    /// [`Broken`]
    pub fn equals_the_model_after_every_step<R: Replica>(&self, fresh: impl Fresh<R>) -> Finding {
        let mut draw = Draw::new(self.seed);
        let mut items: Vec<&WorldItem> = self.world.items.iter().collect();
        draw.shuffle(&mut items);
        let mut replica = self.replica(&fresh);
        let mut model = self.model();
        for (step, item) in items.into_iter().enumerate() {
            replica.deliver(&[Wire::from(item)]);
            model.receive(item);
            let when = format!("step {step}, {:?}", item.kind());
            self.compare("every step", &when, &replica, &model)?;
        }
        Ok(())
    }

    /// `[LAW-1]`: replicas that each received a part exchange their states in any order, and agree with
    /// the model of the same exchange; once everything was sent again they all agree.
    ///
    /// # Errors
    /// [`Broken`]
    pub fn merging<R: Sender>(&self, fresh: impl Fresh<R>) -> Finding {
        let mut draw = Draw::new(self.seed);
        let mut fleet: Vec<(R, Model)> = (0..3).map(|_| (self.replica(&fresh), self.model())).collect();
        for item in &self.world.items {
            let (replica, model) = &mut fleet[draw.below(3)];
            replica.deliver(&[Wire::from(item)]);
            model.receive(item);
        }
        for contact in 0..4 {
            let (from, to) = (draw.below(3), draw.below(3));
            let (sent, expected) = (fleet[from].0.retained(), fleet[from].1.retained());
            fleet[to].0.deliver(&wires(&sent));
            expected.iter().for_each(|item| fleet[to].1.receive(item));
            let when = format!("contact {contact} from {from} to {to}");
            self.compare("merging", &when, &fleet[to].0, &fleet[to].1)?;
        }
        for (replica, _) in &mut fleet {
            replica.deliver(&wires(&self.world.items));
            self.compare("merging", "everything sent again", replica, &self.whole())?;
        }
        Ok(())
    }

    /// All laws that need no sender.
    ///
    /// # Errors
    /// [`Broken`]
    pub fn every_law<R: Replica>(&self, fresh: impl Fresh<R>) -> Finding {
        self.any_order(&fresh)?;
        self.repetition(&fresh)?;
        self.grouping(&fresh)?;
        self.loss_and_sending_again(&fresh)?;
        self.children_before_parents(&fresh)?;
        self.floods_that_lapse(&fresh)?;
        self.different_horizons(&fresh)?;
        self.equals_the_model_after_every_step(&fresh)
    }

    /// An empty replica at the case's horizon.
    fn replica<R: Replica>(&self, fresh: &impl Fresh<R>) -> R {
        let mut replica = fresh(&self.world.charter, &self.interests);
        replica.advance_horizon_to(self.horizon);
        replica
    }

    /// An empty model at the case's horizon.
    fn model(&self) -> Model {
        let mut model = Model::new(&self.world.charter, &self.interests);
        model.set_horizon(self.horizon);
        model
    }

    /// The model of the whole world at the case's horizon.
    fn whole(&self) -> Model {
        self.model().with(&self.world.items)
    }

    fn day_up_to_horizon(&self, draw: &mut Draw) -> Tai {
        let day = self.world.charter.parameters().epoch;
        let days = usize::try_from(self.horizon.0 / day.0).unwrap_or(0);
        // Most days before the first end are alike; the last twelve are not.
        let back = draw.below(days.min(12) + 1) as u64;
        self.horizon.minus(intent_contracts::Millis(day.0.saturating_mul(back)))
    }

    fn compare(&self, law: &'static str, when: &str, replica: &impl Replica, model: &Model) -> Finding {
        match replica.state().difference(&model.state()) {
            None => Ok(()),
            Some(difference) => Err(Broken { law, when: when.to_owned(), difference }),
        }
    }
}

fn wires(items: &[WorldItem]) -> Vec<Wire<'_>> {
    items.iter().map(Wire::from).collect()
}

/// The model as a replica: it reads what it is given and trusts it.
impl Replica for Model {
    fn deliver(&mut self, items: &[Wire<'_>]) {
        let ledger = self.charter().ledger_id();
        for item in items {
            if let Some(item) = WorldItem::read(&ledger, item.kind, item.bytes) {
                self.receive(&item);
            }
        }
    }

    fn state(&self) -> ModelState {
        Self::state(self)
    }

    fn advance_horizon_to(&mut self, horizon: Tai) {
        self.set_horizon(horizon.max(self.horizon()));
    }
}

impl Sender for Model {
    fn retained(&self) -> Vec<WorldItem> {
        Self::retained(self)
    }
}
