//! TAI time, durations and clock intervals `[TIME-1]`.
//!
//! - A moment is a count of TAI milliseconds since 1970-01-01T00:00:00 TAI; no leap second is ever
//!   inserted into it.
//! - Arithmetic saturates: a hostile value far from now moves to the end of the scale, never wraps.
//! - A clock reading is an interval that surely contains the true time.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A moment: TAI milliseconds since 1970-01-01T00:00:00 TAI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tai(pub u64);

/// A duration in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub u64);

impl Millis {
    /// One second.
    pub const SECOND: Self = Self(1_000);
    /// One hour.
    pub const HOUR: Self = Self(3_600_000);
    /// One day of 86,400 seconds.
    pub const DAY: Self = Self(86_400_000);

    /// `count` days, saturating.
    #[must_use]
    pub const fn days(count: u64) -> Self {
        Self(Self::DAY.0.saturating_mul(count))
    }

    /// The sum, saturating.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Tai {
    /// The last moment of the scale.
    pub const MAX: Self = Self(u64::MAX);

    /// This moment moved later, saturating.
    #[must_use]
    pub const fn plus(self, by: Millis) -> Self {
        Self(self.0.saturating_add(by.0))
    }

    /// This moment moved earlier, saturating at the start of the scale.
    #[must_use]
    pub const fn minus(self, by: Millis) -> Self {
        Self(self.0.saturating_sub(by.0))
    }

    /// How long after `earlier` this moment lies; zero when it does not.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Millis {
        Millis(self.0.saturating_sub(earlier.0))
    }

    /// The start of the epoch of length `epoch` that contains this moment.
    #[must_use]
    pub const fn epoch_floor(self, epoch: Millis) -> Self {
        let length = if epoch.0 == 0 { 1 } else { epoch.0 };
        Self(self.0 - self.0 % length)
    }

    /// The start of the first epoch of length `epoch` that does not start before this moment, or the
    /// last moment of the scale.
    #[must_use]
    pub const fn epoch_ceil(self, epoch: Millis) -> Self {
        let floor = self.epoch_floor(epoch);
        if floor.0 == self.0 { self } else { floor.plus(epoch) }
    }
}

/// The calendar date of TAI, in the Gregorian calendar: `2026-11-28T02:10:45.123 TAI` `[TIME-1]`.
impl fmt::Display for Tai {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, of_day) = (self.0 / Millis::DAY.0, self.0 % Millis::DAY.0);
        let (year, month, day) = civil(days);
        let (hour, minute) = (of_day / Millis::HOUR.0, of_day / 60_000 % 60);
        let (second, milli) = (of_day / 1000 % 60, of_day % 1000);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03} TAI")
    }
}

/// Year, month and day of a count of days since 1970-01-01. Years begin in March here, so that the leap day is the
/// last one; 719,468 days lie between 0000-03-01 and 1970-01-01.
const fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03} s", self.0 / 1000, self.0 % 1000)
    }
}

/// A clock reading: an interval that contains the true time as long as the clock keeps its declared
/// error `[ASM-1]`.
///
/// ```
/// use intent_contracts::{Clock, Millis, Tai};
/// let clock = Clock::new(Tai(1_000_000), Millis(500));
/// assert_eq!(clock.lo(), Tai(999_500));
/// assert_eq!(clock.hi(), Tai(1_000_500));
/// assert!(Clock::between(Tai(2), Tai(1)).is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    lo: Tai,
    hi: Tai,
}

/// A clock interval whose end lies before its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("clock interval ends at {hi} before it starts at {lo}; pass the earlier bound first")]
pub struct ClockError {
    /// The bound passed as earliest.
    pub lo: Tai,
    /// The bound passed as latest.
    pub hi: Tai,
}

impl Clock {
    /// The interval `reading` plus or minus `error`.
    #[must_use]
    pub const fn new(reading: Tai, error: Millis) -> Self {
        Self { lo: reading.minus(error), hi: reading.plus(error) }
    }

    /// The interval from `lo` to `hi`.
    ///
    /// # Errors
    /// [`ClockError`] when `hi` lies before `lo`.
    pub const fn between(lo: Tai, hi: Tai) -> Result<Self, ClockError> {
        if lo.0 > hi.0 { Err(ClockError { lo, hi }) } else { Ok(Self { lo, hi }) }
    }

    /// The earliest moment that now may be.
    #[must_use]
    pub const fn lo(self) -> Tai {
        self.lo
    }

    /// The latest moment that now may be.
    #[must_use]
    pub const fn hi(self) -> Tai {
        self.hi
    }

    /// The middle of the interval, rounded down.
    #[must_use]
    pub const fn middle(self) -> Tai {
        Tai(self.lo.0 + (self.hi.0 - self.lo.0) / 2)
    }

    /// Half the width of the interval, rounded up.
    #[must_use]
    pub const fn error(self) -> Millis {
        Millis((self.hi.0 - self.lo.0).div_ceil(2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `[TIME-1]`
    #[test]
    fn a_moment_is_told_as_a_calendar_date() {
        let told = |moment: u64| Tai(moment).to_string();
        assert_eq!(told(0), "1970-01-01T00:00:00.000 TAI");
        assert_eq!(told(951_782_399_999), "2000-02-28T23:59:59.999 TAI");
        assert_eq!(told(951_782_400_000), "2000-02-29T00:00:00.000 TAI");
        assert_eq!(told(951_868_800_000), "2000-03-01T00:00:00.000 TAI");
        assert_eq!(told(4_107_542_400_000), "2100-03-01T00:00:00.000 TAI");
        assert_eq!(told(4_107_542_399_999), "2100-02-28T23:59:59.999 TAI");
        assert_eq!(told(1_795_831_845_123), "2026-11-28T02:10:45.123 TAI");
        assert_eq!(told(u64::MAX), "584556019-04-03T14:25:51.615 TAI");
    }
}
