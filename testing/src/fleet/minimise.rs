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
    let mut fails = |steps: &[Step]| {
        if left == 0 {
            return false;
        }
        left -= 1;
        let tried = Plan { fleet: plan.fleet, steps: steps.to_vec() };
        run(&tried, false).outcome.is_err_and(|found| found.check == failure.check)
    };
    let mut steps: Vec<Step> = plan.steps.iter().take(failure.step + 1).copied().collect();
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
