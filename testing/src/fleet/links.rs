//! Which replica reaches which, and for how long not; and what each one's clock says.

use super::cast::{REPLICAS_MAX, START};
use crate::world::Draw;
use intent_contracts::{Clock, Millis, Tai};

/// The greatest number of replicas, copies of stores that run beside each other included.
pub(super) const PLACES_MAX: usize = REPLICAS_MAX + 4;

/// The links between replicas, each direction by itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Links {
    /// Until when a direction is cut.
    cut: [[Tai; PLACES_MAX]; PLACES_MAX],
    /// Until when every contact fails with this chance in four.
    flapping: (Tai, usize),
}

impl Links {
    pub(super) fn open(&self, from: usize, to: usize, now: Tai, draw: &mut Draw) -> bool {
        let (until, chance) = self.flapping;
        let flaps = now < until && draw.below(4) < chance;
        now >= self.cut[from][to] && !flaps
    }

    pub(super) fn mend(&mut self) {
        *self = Self::default();
    }

    pub(super) fn flap(&mut self, now: Tai, draw: &mut Draw) {
        self.flapping = (now.plus(span(draw)), 1 + draw.below(3));
    }

    /// The fleet falls into two parts.
    pub(super) fn partition(&mut self, count: usize, now: Tai, draw: &mut Draw) {
        let until = now.plus(span(draw));
        let sides: Vec<bool> = (0..count).map(|_| draw.below(2) == 0).collect();
        self.cut_where(until, |from, to| from < count && to < count && sides[from] != sides[to]);
    }

    /// Some pairs lose each other.
    pub(super) fn part(&mut self, count: usize, now: Tai, draw: &mut Draw) {
        let until = now.plus(span(draw));
        for _ in 0..=draw.below(count) {
            let (a, b) = (draw.below(count), draw.below(count));
            self.cut_where(until, |from, to| (from, to) == (a, b) || (from, to) == (b, a));
        }
    }

    /// Some links work one way.
    pub(super) fn simplex(&mut self, count: usize, now: Tai, draw: &mut Draw) {
        let until = now.plus(span(draw));
        for _ in 0..=draw.below(count) {
            let lost = (draw.below(count), draw.below(count));
            self.cut_where(until, |from, to| (from, to) == lost);
        }
    }

    fn cut_where(&mut self, until: Tai, lost: impl Fn(usize, usize) -> bool) {
        for from in 0..PLACES_MAX {
            for to in 0..PLACES_MAX {
                if lost(from, to) {
                    self.cut[from][to] = self.cut[from][to].max(until);
                }
            }
        }
    }
}

/// Hours, days, weeks or up to 400 days.
pub(super) fn span(draw: &mut Draw) -> Millis {
    let hours = match draw.below(4) {
        0 => 1 + draw.below(24),
        1 => 24 * (1 + draw.below(10)),
        2 => 24 * (1 + draw.below(60)),
        _ => 24 * (1 + draw.below(400)),
    };
    Millis(Millis::HOUR.0 * hours as u64)
}

/// What a clock declares in good times: the charter's clock error, so each reading is as wide as may be.
const ERROR: Millis = Millis(120_000);

/// A clock that errs, drifts and is set wrong.
#[derive(Debug, Clone, Copy)]
pub(super) struct NodeClock {
    /// What it was set to, and when.
    set: (Tai, Tai),
    /// Parts per million by which it runs fast; 100 more than it says.
    rate: u64,
    /// What it declares.
    error: Millis,
    /// Whether it is surely within what it declares.
    pub(super) sound: bool,
}

impl NodeClock {
    pub(super) const fn exact() -> Self {
        Self { set: (START, START), rate: 100, error: ERROR, sound: true }
    }

    /// What it reads at a true time.
    pub(super) fn read(&self, now: Tai) -> Clock {
        let (shown, at) = self.set;
        let passed = now.since(at).0;
        let fast = passed.saturating_mul(self.rate) / 1_000_000;
        // 100 ppm slow to 100 ppm fast, the least rate being 0.
        let slow = passed / 10_000;
        let reading = Tai(shown.0.saturating_add(passed).saturating_add(fast).saturating_sub(slow));
        Clock::new(reading, self.error)
    }

    /// Sets it within 100 s of the truth, with a rate within 100 ppm.
    pub(super) fn set_within(&mut self, now: Tai, draw: &mut Draw) {
        let offset = draw.below(200_000) as u64;
        self.set = (Tai(now.0 + offset).minus(Millis(100_000)), now);
        self.rate = draw.below(201) as u64;
        (self.error, self.sound) = (ERROR, true);
    }

    /// Sets it as far ahead of the truth, or behind it, as it declares to err.
    pub(super) fn set_at_bound(&mut self, now: Tai, ahead: bool) {
        self.error = ERROR;
        let reading = if ahead { now.plus(self.error) } else { now.minus(self.error) };
        (self.set, self.rate, self.sound) = ((reading, now), 100, true);
    }

    /// Sets it to the truth.
    pub(super) fn mend(&mut self, now: Tai) {
        self.set = (now, now);
        self.rate = 100;
        (self.error, self.sound) = (ERROR, true);
    }

    /// Declares more error than the charter allows, until it is set again.
    pub(super) fn widen(&mut self, by: Millis) {
        self.error = self.error.plus(by);
    }

    /// Moves it by a second, which its error covers.
    pub(super) fn leap(&mut self, now: Tai) {
        let reading = self.read(now).middle();
        self.set = (reading.plus(Millis::SECOND), now);
    }

    /// Moves it by so much, ahead or back.
    pub(super) fn jump(&mut self, now: Tai, by: Millis, ahead: bool) {
        let reading = self.read(now).middle();
        let moved = if ahead { reading.plus(by) } else { reading.minus(by) };
        self.set = (moved.max(START.minus(Millis::days(1))), now);
        self.sound = false;
    }
}
