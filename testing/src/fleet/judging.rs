//! Puts the judges of [`super::checks`] to the replicas of a fleet, and asks in true time who may act.

use super::cast::POWER;
use super::checks::{self, Broken, broken, hold, verdicts};
use super::trust::share_a_cell;
use super::{Fleet, Known, Replica};
use crate::oracle::{Facts, Judgement, May, judge, may_act_judged};
use intent_contracts::{Footprint, Measure, Millis};
use intent_ledger::Viewpoint;
use intent_ledger::merge_rules::MayAct;
use std::collections::BTreeSet;
use std::rc::Rc;

/// Every how many judgements of changed states the store is read as well.
const WHOLE_EVERY: u64 = 6;
/// Every how many judgements of changed states the rules are asked as well: they cost most of a run.
const VIEW_EVERY: u64 = 3;

/// A host that may act on one footprint now.
struct Going {
    by: usize,
    /// Whether its clock says the truth, and nobody but its honest writers wrote what it rests on.
    sound: bool,
    footprint: Footprint,
}

impl Fleet {
    /// The judges of one replica.
    pub(super) fn judge(&mut self, index: usize, whole: bool) -> Result<(), Broken> {
        self.judged += 1;
        let read = whole || self.judged.is_multiple_of(WHOLE_EVERY);
        let known = self.known(index);
        self.replicas[index].unheard.retain(|id| known.state.notices.contains(id));
        let replica = &self.replicas[index];
        let Some(ledger) = &replica.ledger else { return Ok(()) };
        let told = |Broken { check, what }| Broken { check, what: format!("replica {index}: {what}") };
        checks::state::compare(ledger, &known, &self.registry, read).map_err(told)?;
        checks::bounds::pool(ledger).map_err(told)?;
        if read {
            let roots = self.cast.charter.roots().len();
            checks::bounds::rows(ledger, &replica.disk, &known.state, roots).map_err(told)?;
        }
        let horizon = ledger.horizon();
        hold(horizon == replica.horizon, "horizon", || {
            format!("replica {index}: it stands at {horizon} instead of {}", replica.horizon)
        })?;
        if whole || self.judged.is_multiple_of(VIEW_EVERY) {
            self.judge_view(index).map_err(told)?;
        }
        Ok(())
    }

    /// What the model says of a replica.
    pub(super) fn known(&mut self, index: usize) -> Rc<Known> {
        let Replica { interests, horizon, received, .. } = &self.replicas[index];
        self.oracle.judge(self.cast, &mut self.registry, interests, *horizon, received)
    }

    /// The view of a replica against the oracle's reading, and against what it said before.
    fn judge_view(&mut self, index: usize) -> Result<(), Broken> {
        let known = self.known(index);
        let Replica { interests, horizon, .. } = &self.replicas[index];
        let key = (interests.clone(), *horizon, *known.digest.as_bytes());
        let view = match self.replicas[index].ledger.as_mut().map(|it| it.view(Viewpoint::Own)) {
            Some(Ok(view)) => view,
            Some(Err(error)) => return broken("view", error.to_string()),
            None => return Ok(()),
        };
        let facts = verdicts::facts(&self.cast.charter, &self.registry, &known, (&key.0, key.1));
        let judged = self.judgements.entry(key).or_insert_with(|| Rc::new(judge(&facts))).clone();
        let resources: Vec<_> = self.cast.resources.iter().map(|it| it.id()).collect();
        verdicts::agree(&view, &judged, &resources)?;
        verdicts::denials_hold(&self.replicas[index].denied, &view, &facts)?;
        let leases = verdicts::leases(&view);
        self.replicas[index].denied = verdicts::denials(&view, &facts, &judged, &leases);
        self.judge_answer(index, &facts, &judged)
    }

    /// The answer about the newest claim of a replica against the oracle's `[ACT-1]`.
    fn judge_answer(&mut self, index: usize, facts: &Facts, judged: &Judgement) -> Result<(), Broken> {
        let newest = self.trust.asked.iter().rev().find(|asked| asked.by == index);
        let Some(record) = newest.map(|asked| asked.citation.record) else { return Ok(()) };
        let replica = &mut self.replicas[index];
        let clock = replica.clock.read(self.now);
        let Some(ledger) = replica.ledger.as_mut() else { return Ok(()) };
        let writing: BTreeSet<_> = ledger.writing().collect();
        let found = match ledger.may_act(&record, 0, clock, Millis::SECOND) {
            Ok(found) => found,
            Err(error) => return broken("answer", error.to_string()),
        };
        let told = may_act_judged((facts, judged), &writing, record, 0, clock, Millis::SECOND);
        let same = matches!(
            (&found, told),
            (MayAct::Go { .. }, May::Go) | (MayAct::AtRisk(_), May::AtRisk) | (MayAct::Hold(_), May::Hold)
        );
        hold(same, "answer", || format!("claim {record}: {found:?}, the oracle says {told:?}"))
    }

    /// At this instant of true time no place has two holders that may act, and no amount is exceeded, where
    /// the hypotheses of the theorem hold `[THEOREM-1]`.
    pub(super) fn judge_truth(&mut self) -> Result<(), Broken> {
        let going = self.going()?;
        for (place, one) in going.iter().enumerate() {
            self.tally.count("truth", if one.sound { "may act" } else { "may act on false grounds" });
            for other in going[place + 1..].iter().filter(|other| one.meets(other)) {
                if one.sound && other.sound {
                    return broken("truth", format!("replicas {} and {} may both act", one.by, other.by));
                }
                self.tally.count("truth", "two on false grounds");
            }
        }
        let rates = going.iter().filter(|it| it.sound && it.footprint.measure == Measure::Rate);
        let used: u64 = rates.map(|it| it.footprint.amount).sum();
        hold(used <= POWER, "truth", || format!("{used} of {POWER} units are in use"))
    }

    /// Everybody who may act now, each footprint by itself.
    fn going(&mut self) -> Result<Vec<Going>, Broken> {
        let now = self.now;
        let stolen = self.cast.holders.iter().any(|log| self.registry.attacked.contains(log));
        let mut out = Vec::new();
        for asked in &self.trust.asked {
            let near = |part: &Footprint| {
                part.window.start().minus(Millis::DAY) <= now && now < part.window.end().plus(Millis::DAY)
            };
            if !asked.footprints.iter().any(near) {
                continue;
            }
            let replica = &mut self.replicas[asked.by];
            let clock = replica.clock.read(now);
            let Some(ledger) = replica.ledger.as_mut() else { continue };
            let true_clock = clock.lo() <= now && now <= clock.hi();
            let sound = true_clock && !stolen && !self.registry.attacked.contains(&asked.citation.log);
            for (alternative, places) in (0u8..).zip(&asked.alternatives) {
                let answer = ledger.may_act(&asked.citation.record, alternative, clock, Millis::SECOND);
                let valid_until = match answer {
                    Ok(MayAct::Go { valid_until, .. }) => valid_until,
                    Ok(_) => continue,
                    Err(error) => return broken("answer", error.to_string()),
                };
                let parts = places.iter().filter_map(|it| asked.footprints.get(usize::from(*it)));
                for footprint in parts {
                    let inside = footprint.window.start() <= now && now < footprint.window.end();
                    hold(inside || !true_clock, "truth", || "one may act out of its time".to_owned())?;
                    hold(valid_until >= clock.hi(), "truth", || "an answer has lapsed already".to_owned())?;
                    out.push(Going { by: asked.by, sound, footprint: footprint.clone() });
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
