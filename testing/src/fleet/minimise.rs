//! Makes a failing plan small: delta debugging over its steps, then over the time between them.

use super::plan::{Plan, Step};
use super::run;

/// The least plan found that still fails in the same judge, in at most `runs` runs.
///
/// A plan that does not fail is given back as it is.
#[must_use]
pub fn minimise(plan: &Plan, runs: usize) -> Plan {
    let Err(failure) = run(plan, false).outcome else { return plan.clone() };
    let mut left = runs;
    shrink(plan, failure.step + 1, |tried| {
        let may = left > 0;
        left = left.saturating_sub(1);
        may && run(tried, false).outcome.is_err_and(|found| found.check == failure.check)
    })
}

/// The least plan found that still `fails`, given that the first `enough` steps may be enough.
fn shrink(plan: &Plan, enough: usize, mut fails: impl FnMut(&Plan) -> bool) -> Plan {
    let mut fails = |steps: &[Step]| fails(&Plan { fleet: plan.fleet, steps: steps.to_vec() });
    let mut steps: Vec<Step> = plan.steps.iter().take(enough).copied().collect();
    if !fails(&steps) {
        steps.clone_from(&plan.steps);
    }
    let mut size = steps.len().div_ceil(2).max(1);
    loop {
        let mut start = 0;
        let mut shrunk = false;
        while start < steps.len() {
            let end = (start + size).min(steps.len());
            let without = [&steps[..start], &steps[end..]].concat();
            if fails(&without) {
                steps = without;
                shrunk = true;
            } else {
                start = end;
            }
        }
        match (size, shrunk) {
            (1, false) => break,
            (1, true) => {}
            _ => size = size.div_ceil(2),
        }
    }
    for place in 0..steps.len() {
        let mut calm = steps.clone();
        calm[place].minutes = 0;
        if calm != steps && fails(&calm) {
            steps = calm;
        }
    }
    Plan { fleet: plan.fleet, steps }
}

#[cfg(test)]
mod tests {
    use super::super::plan::Kind;
    use super::*;

    #[test]
    fn what_does_not_matter_is_dropped() {
        let step = |draw| Step { kind: Kind::Write, draw, minutes: 5 };
        let plan = Plan { fleet: 1, steps: (0..97).map(step).collect() };
        let fails = |plan: &Plan| {
            let place = |draw| plan.steps.iter().position(|step| step.draw == draw);
            let timed = plan.steps.iter().any(|step| step.draw == 70 && step.minutes > 0);
            timed && place(13).zip(place(70)).is_some_and(|(early, late)| early < late)
        };
        let small = shrink(&plan, 97, fails);
        let left: Vec<(u64, u64)> = small.steps.iter().map(|step| (step.draw, step.minutes)).collect();
        assert_eq!(left, [(13, 0), (70, 5)]);
    }
}
