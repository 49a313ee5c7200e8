//! Puts the judges of [`super::checks`] to the replicas of a fleet, and asks in true time who may act.

use super::cast::POWER;
use super::checks::{self, Broken, broken, hold, verdicts};
use super::trust::{Asked, share_a_cell};
use super::{Fleet, Known, Replica};
use crate::oracle::{Facts, Judgement, May, information_age, judge, may_act_judged};
use intent_contracts::{Footprint, Measure, Millis, ResourceId, Scope, Tai};
use intent_ledger::Viewpoint;
use intent_ledger::merge_rules::{Age, MayAct};
use std::collections::BTreeSet;
use std::rc::Rc;

/// Every how many judgements of changed states the store is read as well.
const WHOLE_EVERY: u64 = 6;
/// Every how many judgements the answer to a host is compared as well.
const ANSWER_EVERY: u64 = 3;

/// A hypothesis of the theorem that does not hold for a host that may act `[THEOREM-1]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hypothesis {
    /// (a): the host's clock does not contain the true time.
    Clock,
    /// (b): somebody else wrote into a log that its lease rests on.
    Writer,
}

/// A host that may act on one footprint now.
struct Going {
    /// The replica; of copies of one store the one that was asked.
    by: usize,
    /// Which of the claims that were asked, and where in it.
    claim: usize,
    place: (u8, u8),
    /// What does not hold; none where the theorem speaks.
    broken: Option<Hypothesis>,
    footprint: Footprint,
}

/// What the oracle says of a state.
pub(super) struct Judged {
    facts: Facts,
    judgement: Judgement,
}

/// What a view is a function of: interests, horizon, and the digest of the state.
pub(super) type Seen = (Vec<Scope>, Tai, [u8; 32]);

impl Fleet {
    /// The judges of one replica.
    pub(super) fn judge(&mut self, index: usize, whole: bool) -> Result<(), Broken> {
        // Whatever asked for proof may have had recorded what was withheld.
        self.settle_unsure()?;
        self.judged += 1;
        let read = whole || self.judged.is_multiple_of(WHOLE_EVERY);
        let known = self.known(index);
        self.replicas[index].unheard.retain(|id| known.state.notices.contains(id));
        let replica = &self.replicas[index];
        let Some(ledger) = &replica.ledger else { return Ok(()) };
        let told = |Broken { check, what }| Broken { check, what: format!("replica {index}: {what}") };
        checks::state::compare(ledger, &known, &self.registry, read).map_err(told)?;
        checks::bounds::pool(ledger).map_err(told)?;
        if read && ledger.unsure().is_none() {
            let roots = self.cast.charter.roots().len();
            checks::bounds::rows(ledger, &replica.disk, &known.state, roots).map_err(told)?;
        }
        let horizon = ledger.horizon();
        hold(horizon == replica.horizon, "horizon", || {
            format!("replica {index}: it stands at {horizon} instead of {}", replica.horizon)
        })?;
        // The own view reads what nobody is told.
        if ledger.unsure().is_none() {
            self.judge_view(index).map_err(told)?;
        }
        self.settle_unsure()
    }

    /// What the model says of a replica.
    pub(super) fn known(&mut self, index: usize) -> Rc<Known> {
        let Replica { interests, horizon, received, .. } = &self.replicas[index];
        self.oracle.judge(self.cast, &mut self.registry, interests, *horizon, received)
    }

    /// The view of a replica against the oracle's reading, and against what it said before. A ledger of which
    /// this very state was judged since it was opened is not judged again.
    fn judge_view(&mut self, index: usize) -> Result<(), Broken> {
        let known = self.known(index);
        let Replica { interests, horizon, viewed, .. } = &self.replicas[index];
        let key = (interests.clone(), *horizon, *known.digest.as_bytes());
        let answers = self.judged.is_multiple_of(ANSWER_EVERY);
        let fresh = viewed.as_ref() != Some(&key);
        if !fresh && !answers {
            return Ok(());
        }
        let judged = match self.judgements.get(&key) {
            Some(judged) => Rc::clone(judged),
            None => {
                let seen = (&key.0[..], key.1);
                let facts = verdicts::facts(&self.cast.charter, &self.registry, &known, seen);
                let judgement = judge(&facts);
                let judged = Rc::new(Judged { facts, judgement });
                self.judgements.insert(key.clone(), Rc::clone(&judged));
                judged
            }
        };
        let Judged { facts, judgement } = &*judged;
        if fresh {
            let view = match self.replicas[index].ledger.as_mut().map(|it| it.view(Viewpoint::Own)) {
                Some(Ok(view)) => view,
                Some(Err(error)) => return broken("view", error.to_string()),
                None => return Ok(()),
            };
            let resources: Vec<_> = self.cast.resources.iter().map(|it| it.id()).collect();
            verdicts::agree(&view, judgement, &resources)?;
            if answers {
                verdicts::forks_are_told(&view, facts)?;
            }
            verdicts::denials_hold(&self.replicas[index].denied, &view, facts)?;
            let leases = verdicts::leases(&view);
            let replica = &mut self.replicas[index];
            replica.denied = verdicts::denials(&view, facts, judgement, &leases);
            replica.viewed = Some(key);
        }
        if answers { self.judge_answer(index, facts, judgement) } else { Ok(()) }
    }

    /// The answer about the newest claim of a replica against the oracle's `[ACT-1]`.
    fn judge_answer(&mut self, index: usize, facts: &Facts, judged: &Judgement) -> Result<(), Broken> {
        let newest = self.trust.asked.iter().rev().find(|asked| asked.by == index);
        let Some(record) = newest.map(|asked| asked.citation.record) else { return Ok(()) };
        let clock = self.replicas[index].clock.read(self.now);
        let reading = self.reading(index, clock);
        let replica = &mut self.replicas[index];
        let Some(ledger) = replica.ledger.as_mut() else { return Ok(()) };
        let mut writing: BTreeSet<_> = ledger.writing().collect();
        let found = match ledger.may_act(&record, 0, clock, Millis::SECOND) {
            Ok(found) => found,
            Err(error) => return broken("answer", error.to_string()),
        };
        if !replica.is_proven() {
            // Only the copy that the record names may act [INC-7].
            writing.clear();
        }
        let told = may_act_judged((facts, judged), &writing, record, 0, clock, Millis::SECOND);
        let told = if reading.holds() { May::Hold } else { told };
        let cautious = reading.may_hold() && matches!(found, MayAct::Hold(_));
        let same = matches!(
            (&found, told),
            (MayAct::Go { .. }, May::Go) | (MayAct::AtRisk(_), May::AtRisk) | (MayAct::Hold(_), May::Hold)
        );
        hold(same || cautious, "answer", || format!("claim {record}: {found:?}, the oracle says {told:?}"))?;
        if let (MayAct::Go { information_age: found, .. }, Some(lease)) =
            (found, judged.leases.get(&(record, 0)))
        {
            let told = information_age(facts, lease, clock).map_or(Age::Unknown, Age::AtMost);
            let says = || format!("claim {record} rests on news of {found}, the oracle says {told}");
            hold(found == told, "answer", says)?;
        }
        Ok(())
    }

    /// At this instant of true time no place has two holders that may act, and no amount is exceeded, where
    /// the hypotheses of the theorem hold; where two may act, one of them is named `[THEOREM-1]`.
    pub(super) fn judge_truth(&mut self) -> Result<(), Broken> {
        let going = self.going()?;
        for (place, one) in going.iter().enumerate() {
            let grounds = match one.broken {
                None => "may act",
                Some(Hypothesis::Clock) => "may act by a wrong clock",
                Some(Hypothesis::Writer) => "may act by a log of two writers",
            };
            self.tally.count("truth", grounds);
            for other in going[place + 1..].iter().filter(|other| one.meets(other)) {
                match one.broken.or(other.broken) {
                    None => {
                        return broken("truth", format!("replicas {} and {} may both act", one.by, other.by));
                    }
                    Some(Hypothesis::Clock) => self.tally.count("truth", "two, a clock was wrong"),
                    Some(Hypothesis::Writer) => self.tally.count("truth", "two, a log had two writers"),
                }
            }
        }
        let sound = || going.iter().filter(|it| it.broken.is_none());
        let rates = sound().filter(|it| it.footprint.measure == Measure::Rate);
        let used: u64 = rates.map(|it| it.footprint.amount).sum();
        hold(used <= POWER, "truth", || format!("{used} of {POWER} units are in use"))?;
        let pools: Vec<_> = sound().filter(|it| it.footprint.measure == Measure::Pool).collect();
        pools.iter().for_each(|it| {
            self.trust.asked[it.claim].used.insert(it.place);
        });
        if pools.is_empty() {
            return Ok(());
        }
        self.tally.count("truth", "a pool is drawn");
        // Who may have stated anything in a host's name says nothing about what it consumed.
        let honest = |asked: &&Asked| !self.registry.attacked.contains(&asked.citation.log);
        let consumed: u64 = self.trust.asked.iter().filter(honest).map(Asked::consumed).sum();
        hold(consumed <= POWER, "truth", || format!("{consumed} of {POWER} units are consumed"))
    }

    /// Whether somebody else wrote into a log that gives of a resource.
    fn stolen(&self, resource: ResourceId) -> bool {
        let venus = self.cast.resources[3].id() == resource;
        let [mars, dome, foreman, root] = [0, 1, 2, 3].map(|place| self.cast.holders[place]);
        let givers = if venus { [dome, dome, root] } else { [mars, foreman, root] };
        givers.iter().any(|log| self.registry.attacked.contains(log))
    }

    /// Everybody who may act now, each footprint by itself.
    fn going(&mut self) -> Result<Vec<Going>, Broken> {
        let now = self.now;
        let mut out = Vec::new();
        for claim in 0..self.trust.asked.len() {
            let asked = &self.trust.asked[claim];
            let near = |part: &Footprint| {
                part.window.start().minus(Millis::DAY) <= now && now < part.window.end().plus(Millis::DAY)
            };
            if !asked.footprints.iter().any(near) {
                continue;
            }
            for by in self.family(asked.by) {
                let asked = &self.trust.asked[claim];
                let clock = self.replicas[by].clock.read(now);
                let true_clock = clock.lo() <= now && now <= clock.hi();
                for (alternative, places) in (0u8..).zip(&asked.alternatives) {
                    let Some(ledger) = self.replicas[by].ledger.as_mut() else { continue };
                    let answer = ledger.may_act(&asked.citation.record, alternative, clock, Millis::SECOND);
                    let valid_until = match answer {
                        Ok(MayAct::Go { valid_until, .. }) => valid_until,
                        Ok(_) => continue,
                        Err(error) => return broken("answer", error.to_string()),
                    };
                    for place in places {
                        let Some(footprint) = asked.footprints.get(usize::from(*place)) else { continue };
                        let end = footprint.window.end().max(asked.extended);
                        let inside = footprint.window.start() <= now && now < end;
                        hold(inside || !true_clock, "truth", || "one may act out of its time".to_owned())?;
                        hold(valid_until >= clock.hi(), "truth", || {
                            "an answer has lapsed already".to_owned()
                        })?;
                        let attacked = self.registry.attacked.contains(&asked.citation.log);
                        let two_writers = attacked || self.stolen(footprint.resource);
                        let broken = match (true_clock, two_writers) {
                            (false, _) => Some(Hypothesis::Clock),
                            (true, true) => Some(Hypothesis::Writer),
                            (true, false) => None,
                        };
                        let place = (alternative, *place);
                        out.push(Going { by, claim, place, broken, footprint: footprint.clone() });
                    }
                }
            }
        }
        Ok(out)
    }
}

impl Going {
    /// Whether two hosts may act in one place.
    fn meets(&self, other: &Self) -> bool {
        let (a, b) = (&self.footprint, &other.footprint);
        self.by != other.by
            && a.resource == b.resource
            && a.measure == Measure::Exclusive
            && share_a_cell(a, b)
    }
}
