//! What a clock reading is good for, as the text says it `[CLOCK-1]`, `[CLOCK-2]`, `[CLOCK-4]`, `[HOR-3]`.

use intent_contracts::{AuthorKey, CharterParameters, Clock, Millis, RecordId, Tai};

/// Whether a reading lies behind one of the moments that the own entries in logs still written state at least
/// `[CLOCK-1]`.
#[must_use]
pub fn is_behind(clock: Clock, stated: &[Tai]) -> bool {
    stated.iter().any(|lower| clock.hi() < *lower)
}

/// Whether a reading is wider than twice the clock error `[CLOCK-2]`.
#[must_use]
pub fn is_wide(clock: Clock, parameters: &CharterParameters) -> bool {
    clock.hi().0 - clock.lo().0 > 2 * parameters.clock_error.0
}

/// Whether both ends of a reading lie no farther than `most` from a moment, on either side `[CLOCK-4]`.
#[must_use]
pub fn is_near(clock: Clock, moment: Tai, most: Millis) -> bool {
    [clock.lo(), clock.hi()].into_iter().all(|end| end.0.abs_diff(moment.0) <= most.0)
}

/// Whether two others say that a reading is about right: `heads` are the author, the enrolment under which that was
/// enrolled (none for a root) and the moment of the head of each log that the replica did not write `[HOR-3]`.
#[must_use]
pub fn is_corroborated(
    clock: Clock,
    heads: &[(AuthorKey, Option<RecordId>, Tai)],
    parameters: &CharterParameters,
) -> bool {
    let near: Vec<_> =
        heads.iter().filter(|(.., head)| is_near(clock, *head, parameters.horizon_step)).collect();
    near.iter().any(|one| near.iter().any(|other| one.0 != other.0 && (one.1 != other.1 || one.1.is_none())))
}
