//! What a charter gives, by listing every window of it `[CHARTER-2]`, `[CHARTER-5]`.

use super::{Broken, hold};
use crate::world::{Draw, key};
use intent_contracts::{
    BoxSpan, Charter, CharterError, CharterGive, CharterParameters, CharterRoot, Footprint, IntBox, Lane,
    Measure, Millis, ResourceId, Signer as _, Tai, Window,
};

/// Two small charters of a seed: whether each gives one thing twice, and whether one may follow the other.
pub(in crate::fleet) fn of_seed(seed: u64) -> Result<(), Broken> {
    let mut draw = Draw::new(!seed);
    let gives = [first_give(&mut draw), first_give(&mut draw), first_give(&mut draw)];
    let founded = found(&gives[..2]);
    let twice = meet(&gives[0], &gives[1]);
    let refused = matches!(founded, Err(CharterError::GivenTwice { .. }));
    let mixed = matches!(founded, Err(CharterError::MixedMeasures { .. }));
    let same = gives[0].footprint.resource == gives[1].footprint.resource;
    let measures = same && gives[0].footprint.measure != gives[1].footprint.measure;
    hold((refused, mixed) == (twice && !measures, measures), "charter", || {
        format!("{twice} that {:?} and {:?} meet, but {founded:?}", gives[0], gives[1])
    })?;
    let (Ok(old), Ok(new)) = (founded, found(&gives[2..])) else { return Ok(()) };
    let start = gives[2].footprint.window.start();
    let of_resource = gives[..2].iter().filter(|old| old.footprint.resource == gives[2].footprint.resource);
    let given = of_resource.flat_map(windows).any(|window| start < window.end());
    let follows = new.successor_of(&old);
    hold(follows.is_ok() != given, "successor", || {
        format!("{given} that {:?} starts before {:?} end, but {follows:?}", gives[2], &gives[..2])
    })
}

fn found(gives: &[CharterGive]) -> Result<Charter, CharterError> {
    let root = CharterRoot::new(key(0).author(), 1 << 30, 4);
    let parameters = CharterParameters::default();
    Charter::new("small", vec![root], 1, Tai(1 << 40), parameters, [1; 32])?.with_gives(gives.to_vec())
}

/// A first give of a few moments, now and then of another resource, measure or cell.
fn first_give(draw: &mut Draw) -> CharterGive {
    let (start, length, gap) = (draw.below(90) as u64, 1 + draw.below(7) as u64, draw.below(30) as u64);
    let measure = if draw.below(8) == 0 { Measure::Rate } else { Measure::Exclusive };
    let resource = ResourceId::from_bytes([u8::from(draw.below(8) == 0); 32]);
    let window = Window::new(Tai(start), Tai(start + length)).expect("it has a length");
    let plain = Footprint::open(resource, measure, window, 1);
    let cell = i64::from(draw.below(3) == 0) * 5;
    let span = BoxSpan::new(cell, cell + 5).expect("five cells");
    let boxes =
        if draw.below(2) == 0 { Vec::new() } else { vec![IntBox::try_from(vec![span]).expect("one")] };
    let footprint = plain.within(boxes).expect("one box at most");
    let repeats = draw.below(6) as u64;
    let more = draw.below(8) as u64;
    CharterGive {
        footprint,
        root: 0,
        lane: Lane::Productivity,
        incarnation: 1,
        end: Tai(1 << 40),
        every: Millis(length + gap),
        repeats,
        last_assignable: (more > 3).then_some(repeats + more),
    }
}

fn windows(give: &CharterGive) -> Vec<Window> {
    let last = give.last_assignable.unwrap_or(give.repeats);
    let first = give.footprint.window;
    let moved = |at: Tai, number: u64| Tai(at.0 + number * give.every.0);
    let window = |number| Window::new(moved(first.start(), number), moved(first.end(), number));
    (0..=last).filter_map(|number| window(number).ok()).collect()
}

/// Whether two gives share a moment and a cell of one resource.
fn meet(a: &CharterGive, b: &CharterGive) -> bool {
    let cells = |give: &CharterGive| match give.footprint.boxes().first().map(IntBox::spans) {
        Some([span]) => span.start()..span.end(),
        _ => i64::MIN..i64::MAX,
    };
    let (of_a, of_b) = (cells(a), cells(b));
    let cell = of_a.start < of_b.end && of_b.start < of_a.end;
    let moment = windows(a).iter().any(|one| windows(b).iter().any(|other| one.overlaps(other)));
    a.footprint.resource == b.footprint.resource && cell && moment
}
