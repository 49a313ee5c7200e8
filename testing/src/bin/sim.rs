//! The fleet simulator on a command line; `testing::fleet` says what it does.
#![expect(clippy::print_stdout, reason = "a command speaks on stdout")]

use intent_testing::fleet::{Plan, Tally, minimise, run};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let seed: u64 = arguments.first().and_then(|text| text.parse().ok()).unwrap_or(0);
    let count: u64 = arguments.get(1).and_then(|text| text.parse().ok()).unwrap_or(1);
    let steps: usize = arguments.get(2).and_then(|text| text.parse().ok()).unwrap_or(40);
    std::panic::set_hook(Box::new(|_| {}));
    let mut tally = Tally::default();
    for seed in seed..seed + count {
        let plan = Plan::random(seed, steps);
        let run = run(&plan, false);
        tally.add(&run.tally);
        if let Err(failure) = run.outcome {
            println!("seed {seed}: {failure}");
            let small = minimise(&plan, 300);
            println!("{}", small.text());
            return ExitCode::FAILURE;
        }
    }
    println!("{tally}");
    ExitCode::SUCCESS
}
