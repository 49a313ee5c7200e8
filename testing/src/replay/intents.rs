//! The intents that replayed nodes write: every kind that needs no other node's answer.

use intent_ledger::contracts::kinds::{Act, Body, Capability, Claim, Commitment, Resource};
use intent_ledger::contracts::{
    Clock, Footprint, Label, Lane, Measure, Millis, Record, Refusal, ResourcePath, Scope, Window,
};
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::Rng;

/// A reserved kind that this version does not know: an exception.
const EXCEPTION: u64 = 23;

/// Draws one intent of the node at `scope`.
/// `longest` is the charter's longest lease, by which a claim outlasts its window.
pub(super) fn draw(rng: &mut ChaCha12Rng, scope: &Scope, now: Clock, longest: Millis) -> (Lane, Record) {
    let until = now.hi().plus(Millis::days(1 + rng.next_u64() % 9));
    let kind = rng.next_u64() % 10;
    let number = rng.next_u64() % 100;
    let record = match kind {
        0..=3 => capability(number).and_then(|body| body.record(until, Vec::new())),
        4..=6 => commitment(number).record(until, Vec::new()),
        7 => resource(scope, number).and_then(|body| body.record(until, Vec::new())),
        8 => claim(scope, number, now)
            .and_then(|(body, taken)| body.record(taken.window.end().plus(longest), vec![taken])),
        _ => Ok(Record::new(EXCEPTION, until, vec![0x81, 0x18, 0x20])),
    };
    let lane = if kind == 9 { Lane::Safety } else { Lane::Productivity };
    // Every body above keeps its bounds; a record without meaning stands in were one not to.
    (lane, record.unwrap_or_else(|_| Record::new(EXCEPTION, until, vec![0x80])))
}

fn label(text: &str) -> Result<Label, Refusal> {
    Label::try_from(text.to_owned())
}

fn capability(number: u64) -> Result<Capability, Refusal> {
    let value = i64::try_from(number).unwrap_or(0);
    Ok(Capability {
        name: ResourcePath::parse("print/titanium")?,
        versions: (1, 2),
        properties: vec![(label("bed-mm")?, 100 + value)],
    })
}

fn commitment(number: u64) -> Commitment {
    let text = format!("deliver lot {number}");
    Commitment { act: Act::Promise, to: None, answers: Vec::new(), due: None, terms: None, text }
}

fn resource(scope: &Scope, number: u64) -> Result<Resource, Refusal> {
    Ok(Resource {
        scope: scope.clone(),
        path: ResourcePath::parse(&format!("bay/{number}"))?,
        measure: Measure::Exclusive,
        unit: label("1")?,
        scale: (1, 1),
        frame: label("cell-mm")?,
        stopping_time: Millis(5_000),
    })
}

fn claim(scope: &Scope, number: u64, now: Clock) -> Result<(Claim, Footprint), Refusal> {
    let start = now.hi().plus(Millis::HOUR);
    let window = Window::new(start, start.plus(Millis::HOUR))?;
    let taken = Footprint::open(resource(scope, number)?.id(), Measure::Exclusive, window, 1);
    let body = Claim {
        alternatives: vec![vec![0]],
        class: 0,
        least: Millis(600_000),
        ideal: Millis::HOUR,
        rule_set: 1,
        attestations: Vec::new(),
        over: Vec::new(),
    };
    Ok((body, taken))
}
