//! The intents that replayed nodes write: every kind that needs no other node's answer.

use intent_ledger::contracts::kinds::{
    Act, Advert, Body, Claim, Commitment, Exception, Mode, Resource, Side,
};
use intent_ledger::contracts::{
    Clock, Digest, Footprint, Label, Lane, LogId, Measure, Millis, Record, Refusal, ResourcePath, Scope, Tai,
    Window,
};
use rand_chacha::ChaCha12Rng;
use rand_chacha::rand_core::Rng;

/// A kind that no version of this library knows.
const WITHOUT_MEANING: u64 = 9_000;

/// Draws one intent of the node at `scope`.
/// `longest` is the charter's longest lease, by which a claim outlasts its window.
pub(super) fn draw(rng: &mut ChaCha12Rng, scope: &Scope, now: Clock, longest: Millis) -> (Lane, Record) {
    let until = now.hi().plus(Millis::days(1 + rng.next_u64() % 9));
    let kind = rng.next_u64() % 10;
    let number = rng.next_u64() % 100;
    let record = match kind {
        0..=3 => capability(number).and_then(|body| body.record(until, Vec::new())),
        4..=6 => commitment(number, until).record(until, Vec::new()),
        7 => resource(scope, number).and_then(|body| body.record(until, Vec::new())),
        8 => claim(scope, number, now)
            .and_then(|(body, taken)| body.record(taken.window.end().plus(longest), vec![taken])),
        _ => exception(number, now).record(until, Vec::new()),
    };
    let lane = if kind == 9 { Lane::Safety } else { Lane::Productivity };
    // Every body above keeps its bounds; a record without meaning stands in were one not to.
    (lane, record.unwrap_or_else(|_| Record::new(WITHOUT_MEANING, until, vec![0x80])))
}

fn label(text: &str) -> Result<Label, Refusal> {
    Label::try_from(text.to_owned())
}

fn capability(number: u64) -> Result<Advert, Refusal> {
    let value = i64::try_from(number).unwrap_or(0);
    Ok(Advert {
        side: Side::Offers,
        name: ResourcePath::parse("print/titanium")?,
        versions: Some((1, 2)),
        properties: vec![(label("bed-mm")?, 100 + value)],
        constraints: Vec::new(),
    })
}

fn commitment(number: u64, until: Tai) -> Commitment {
    let text = format!("deliver lot {number}");
    let decider = LogId::from_bytes(*Digest::of(b"the creditor's log").as_bytes());
    Commitment { text, ..Commitment::new(Act::Offer, decider, until) }
}

fn exception(number: u64, now: Clock) -> Exception {
    let signature = Some(Digest::of(&number.to_be_bytes()));
    let (first, last, text) = (now.lo(), now.hi(), String::new());
    let (subject, cause, lost) = (None, None, Millis(0));
    Exception { signature, count: number + 1, severity: 1, first, last, subject, cause, lost, text }
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
        strictest_mode: Mode::Degraded,
    })
}

fn claim(scope: &Scope, number: u64, now: Clock) -> Result<(Claim, Footprint), Refusal> {
    let start = now.hi().plus(Millis::HOUR);
    let window = Window::new(start, start.plus(Millis::HOUR))?;
    let taken = Footprint::open(resource(scope, number)?.id(), Measure::Exclusive, window, 1);
    let body = Claim { class: 0, least: Millis(600_000), ideal: Millis::HOUR, ..Claim::new(vec![vec![0]]) };
    Ok((body, taken))
}
