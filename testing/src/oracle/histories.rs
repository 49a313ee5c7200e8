//! Seeded histories of rights, claims, denials and forks, up to 30 entries.
//!
//! - A [`History`] is a function of its seed. Everything in it is authentic and admissible but for forks; what
//!   is wrong with it is what it says.
//! - Few resources and few windows, so that most of what is written meets something.
//! - Five of eight have breakers; the others are what they were before there were any. Three of these have votes (of
//!   which one seed in eight has something to assign), co-signers, notices of the future, and deniers beside whom they
//!   would deny.
//! - In every other one leases are granted in part, extended, taken back as over, and ended by newer versions.
//! - Items stand in the order in which they were written, so that every prefix is a state that some
//!   replica may see.

mod acts;

use super::pen::Pen;
use crate::world::{Draw, WorldItem, day, key};
use acts::Actor;
use intent_contracts::kinds::{Body as _, Mode, Resource};
use intent_contracts::{
    Charter, CharterGive, CharterParameters, CharterRoot, Footprint, Label, Lane, Measure, Millis,
    ResourceId, ResourcePath, Scope, Signer as _, Tai, Window,
};

/// Entries of one history.
const ENTRIES_MAX: usize = 30;
/// The end of everything.
pub const LAST_DAY: u64 = 30;
/// The moment at which histories begin.
pub const DAWN: Tai = day(0);

/// A charter and what was written under it.
#[derive(Clone)]
pub struct History {
    /// What it follows from.
    pub seed: u64,
    /// What founds the ledger.
    pub charter: Charter,
    /// The items in the order in which they were written.
    pub items: Vec<WorldItem>,
}

impl History {
    /// The history of this seed.
    #[must_use]
    pub fn random(seed: u64) -> Self {
        Self::in_epochs(seed, CharterParameters::default().epoch)
    }

    /// The history of this seed under a charter whose horizon moves in epochs of this length.
    #[must_use]
    pub fn in_epochs(seed: u64, epoch: Millis) -> Self {
        let entries = 12 + usize::try_from(seed % 19).unwrap_or(0);
        Self::drawn(Draw::new(seed ^ 0x6f72_6163_6c65), seed, epoch, entries.min(ENTRIES_MAX))
    }

    /// The history that these bytes choose, of at most so many entries.
    #[must_use]
    pub fn chosen(bytes: &[u8], entries: usize) -> Self {
        Self::drawn(Draw::chosen(bytes), 0, CharterParameters::default().epoch, entries.min(ENTRIES_MAX))
    }

    fn drawn(mut draw: Draw, seed: u64, epoch: Millis, entries: usize) -> Self {
        let votes = seed % 16 > 13;
        let charter = charter_of(1 + draw.below(3), epoch, votes);
        let breakers = (seed % 8 > 2).then(|| Draw::new(seed ^ 0x0062_7265_616b));
        let authority = (seed % 8 > 4).then(|| Draw::new(seed ^ 0x0061_7574_686f));
        let newer = seed.is_multiple_of(2).then(|| Draw::new(seed ^ 0x6e65_7765_7200));
        let mut actor = Actor::found(Pen::new(charter.clone(), DAWN), draw, breakers, authority, newer);
        let mut steps = 0;
        while actor.entries() < entries && steps < 200 {
            actor.act();
            actor.mind_the_breakers();
            actor.mind_who_may_speak();
            actor.lease_in_part();
            steps += 1;
        }
        let mut items = actor.into_items();
        let mut written = 0;
        items.retain(|item| {
            written += usize::from(matches!(item, WorldItem::Entry(_)));
            written <= ENTRIES_MAX
        });
        Self { seed, charter, items }
    }

    /// The same items in another order.
    #[must_use]
    pub fn items_shuffled(&self, seed: u64) -> Vec<WorldItem> {
        let mut items = self.items.clone();
        Draw::new(seed).shuffle(&mut items);
        items
    }
}

impl std::fmt::Debug for History {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "History::random({}) of {} items", self.seed, self.items.len())
    }
}

/// The resources of all histories: three that are given, exclusive, rate and pool, and an open one.
#[must_use]
pub fn resources() -> [Resource; 4] {
    let resource = |path: &str, measure| Resource {
        scope: Scope::parse("a/b").expect("two labels"),
        path: ResourcePath::parse(path).expect("one label"),
        measure,
        unit: Label::try_from("1".to_owned()).expect("one letter"),
        scale: (1, 1),
        frame: Label::try_from("site".to_owned()).expect("one word"),
        stopping_time: Millis::SECOND,
        strictest_mode: Mode::Degraded,
    };
    [
        resource("pad", Measure::Exclusive),
        resource("power", Measure::Rate),
        resource("steel", Measure::Pool),
        resource("track", Measure::Exclusive),
    ]
}

/// Hour number `hour` of the first day.
#[must_use]
pub const fn hour(hour: u64) -> Tai {
    DAWN.plus(Millis(Millis::HOUR.0 * hour))
}

/// The window of these hours.
///
/// # Panics
/// When it is empty.
#[must_use]
pub fn hours(start: u64, end: u64) -> Window {
    Window::new(hour(start), hour(end)).expect("hours in their order")
}

/// A charter of so many roots, more than half of whom must agree, whose first root's log holds twelve hours
/// of the pad and of ten units of power, and whose last root's log ten units of steel.
///
/// # Panics
/// When there is no root, or more than three.
#[must_use]
pub fn charter(roots: usize) -> Charter {
    charter_of(roots, CharterParameters::default().epoch, false)
}

/// The same, but that the first root's log holds only four hours of the pad, and the roots assign the five windows
/// of four hours that follow.
///
/// # Panics
/// When there is no root, or more than three.
#[must_use]
pub fn charter_with_votes(roots: usize) -> Charter {
    charter_of(roots, CharterParameters::default().epoch, true)
}

fn charter_of(roots: usize, epoch: Millis, votes: bool) -> Charter {
    let parameters = CharterParameters {
        epoch,
        clock_error: Millis(60_000),
        information_age: Millis::days(1),
        settlement: Millis::days(1),
        longest_lease: Millis(Millis::HOUR.0 * 8),
        notices_per_enrolment: 16,
        logs_per_enrolment: 4,
        rotation_period: Millis(Millis::HOUR.0 * 3),
        ..CharterParameters::default()
    };
    let root = |number| CharterRoot { max_notices: 16, ..CharterRoot::new(key(number).author(), 1 << 40, 3) };
    let threshold = roots as u64 / 2 + 1;
    let list = (0..roots).map(root).collect();
    let plain = Charter::new("oracle", list, threshold, day(LAST_DAY), parameters, [3; 32]);
    let first = |resource: &Resource, root, amount, hours_long: u64, repeats| CharterGive {
        footprint: Footprint::open(resource_id(resource), resource.measure, hours(0, hours_long), amount),
        root,
        lane: Lane::Productivity,
        incarnation: 1,
        end: day(LAST_DAY),
        every: Millis(Millis::HOUR.0 * hours_long),
        repeats,
        last_assignable: None,
    };
    let [pad, power, steel, _] = resources();
    let last = u8::try_from(roots - 1).expect("few roots");
    let of_pad = match votes {
        true => CharterGive { last_assignable: Some(5), ..first(&pad, 0, 1, 4, 0) },
        false => first(&pad, 0, 1, 12, 1),
    };
    let gives = vec![of_pad, first(&power, 0, 10, 24, 0), first(&steel, last, 10, 24, 0)];
    plain.and_then(|plain| plain.with_gives(gives)).expect("the charter's values lie in their ranges")
}

/// The id of a declared resource.
#[must_use]
pub fn resource_id(resource: &Resource) -> ResourceId {
    resource.id()
}

/// The records that declare all resources until `until`.
///
/// # Panics
/// Never: the declarations are within their bounds.
#[must_use]
pub fn declarations(until: Tai) -> Vec<intent_contracts::Record> {
    resources().iter().map(|it| it.record(until, Vec::new()).expect("within its bounds")).collect()
}
