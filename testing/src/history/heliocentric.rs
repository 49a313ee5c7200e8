//! A history out of plain geometry: three regions that the Sun cuts off from each other.
//!
//! The regions A, B and C circle the Sun in one plane at 0.9, 1.0 and 1.1 astronomical units with
//! Kepler's periods of 311.9, 365.3 and 421.4 days. Node 1 of a region is its gateway.
//!
//! - Inside a region every node meets a neighbour of its ring once a day for ten minutes.
//! - Two gateways have a pass of twenty minutes every twelve hours, at the light time of their
//!   distance in the middle of the pass and at 2 kbit/s for each node of a region.
//! - There is no pass while, seen from either end, the other one stands less than three degrees
//!   from the Sun.
//!
//! # What the geometry gives
//!
//! Neighbouring orbits drift apart slowly, so a conjunction lasts long.
//!
//! | pair | conjunction every | out behind the Sun | out before the Sun |
//! |---|---|---|---|
//! | A, B | 2133 days | 75.1 days | 4.0 days |
//! | B, C | 2742 days | 96.0 days | 4.6 days |
//! | A, C | 1200 days | 44.4 days | 4.4 days |
//!
//! Three pairs cannot all be behind the Sun within 400 days: with A and B on opposite sides, C is
//! opposite to one of them at most. The default phases put A alone on one side. Then the pairs are
//! out for 75.5 (A, B), 45 (A, C) and 5 days (B, C), counted between passes; the second lies within
//! the first, so A hears nothing from outside for 45 days, and near its end no region hears
//! another for 5 days. Before and after, a third region can relay for a pair.
//!
//! # Reproducibility
//!
//! Sine and cosine may differ in the last bits between platforms. Passes lie on whole minutes and
//! light times are rounded to whole seconds; a test holds that no decision or rounding of the
//! shipped history is near enough to its edge for such bits to matter.

use super::{Direction, Format, History, Plan, Stated, to_csv};

/// The names of the regions, from the Sun outwards.
pub const REGIONS: [&str; 3] = ["A", "B", "C"];

const RADIUS_AU: [f64; 3] = [0.9, 1.0, 1.1];
const YEAR_DAYS: f64 = 365.256_363;
const AU_LIGHT_S: f64 = 499.004_784;

const MINUTE_MS: u64 = 60_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;

/// Length of a pass between gateways, the time from one to the next, and the rate a node.
const PASS_MS: u64 = 20 * MINUTE_MS;
const PASS_EVERY_MS: u64 = 12 * HOUR_MS;
const RATE_BPS_PER_NODE: u64 = 2000;
/// Pairs of regions, and when in the twelve hours their pass starts.
const LINKS: [(usize, usize, u64); 3] = [(0, 1, 0), (0, 2, 4 * HOUR_MS), (1, 2, 8 * HOUR_MS)];

/// Contacts inside a region: first of the day, next pair, length, light time.
const LOCAL_MS: u64 = 2 * HOUR_MS;
const LOCAL_NEXT_MS: u64 = 15 * MINUTE_MS;
const LOCAL_LENGTH_MS: u64 = 10 * MINUTE_MS;
const LOCAL_LIGHT_MS: u64 = 50;

/// The parameters of [`generate`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heliocentric {
    /// Length of the history.
    pub days: u32,
    /// Nodes of a region; the first is the gateway.
    pub nodes_per_region: u32,
    /// Angle between the Sun and the other end below which a link is closed.
    pub exclusion_deg: f64,
    /// Where the regions stand on day 0.
    pub phases_deg: [f64; 3],
}

impl Default for Heliocentric {
    /// The shipped history: 400 days, twelve nodes.
    fn default() -> Heliocentric {
        Heliocentric { days: 400, nodes_per_region: 4, exclusion_deg: 3.0, phases_deg: [0.0, 205.0, 228.0] }
    }
}

/// Makes the history of these parameters; the same parameters give the same history.
///
/// # Panics
///
/// With no days or no nodes, or with more than [`super::CONTACTS_MAX`] contacts.
pub fn generate(parameters: &Heliocentric) -> History {
    assert!(parameters.days > 0 && parameters.nodes_per_region > 0, "{parameters:?} has no contact");
    let mut plan = Plan::default();
    let days = u64::from(parameters.days);
    for day in 0..days {
        for region in REGIONS {
            meet_locally(&mut plan, region, parameters.nodes_per_region, day);
        }
    }
    for (near, far, offset_ms) in LINKS {
        for pass in 0..days * DAY_MS / PASS_EVERY_MS {
            let start_ms = pass * PASS_EVERY_MS + offset_ms;
            let view = parameters.view(near, far, start_ms + PASS_MS / 2);
            if view.sun_cosine > parameters.exclusion_deg.to_radians().cos() {
                continue;
            }
            add(
                &mut plan,
                Stated {
                    start_ms,
                    end_ms: start_ms + PASS_MS,
                    a: node(REGIONS[near], 0),
                    b: node(REGIONS[far], 0),
                    direction: Direction::BothWays,
                    rate_bps: Some(RATE_BPS_PER_NODE * u64::from(parameters.nodes_per_region)),
                    // A distance of at most 2.1 astronomical units is well within range.
                    one_way_light_ms: 1000 * super::whole(view.light_s).expect("a distance"),
                },
            );
        }
    }
    plan.into_history("heliocentric", Format::Contacts).expect("at least one contact")
}

/// The text of the shipped history as the generator makes it now.
#[must_use]
pub fn shipped_text() -> String {
    format!("{HEAD}{}", to_csv(&generate(&Heliocentric::default())))
}

/// The history of the default parameters, as the file `testing/histories/heliocentric.csv` has it.
pub fn shipped() -> History {
    // A test reads this text and compares it with the generator's.
    History::parse("heliocentric", SHIPPED.as_bytes(), Format::Contacts)
        .expect("the shipped history is well-formed")
}

const HEAD: &str = "\
# Three regions around the Sun at 0.9 (A), 1.0 (B) and 1.1 (C) astronomical units, 400 days.
# Made by intent_testing::history::generate; a test compares. All contacts are both ways.
# start_s,end_s,a,b,rate_bps,light_ms
";
const SHIPPED: &str = include_str!("../../histories/heliocentric.csv");

/// The nodes of a region form a ring; its even pairs meet on even days and its odd ones on odd days.
fn meet_locally(plan: &mut Plan, region: &str, nodes: u32, day: u64) {
    if nodes < 2 {
        return;
    }
    for (first, slot) in (0..nodes).zip(0u64..) {
        if slot % 2 != day % 2 {
            continue;
        }
        let start_ms = day * DAY_MS + LOCAL_MS + slot % 64 * LOCAL_NEXT_MS;
        add(
            plan,
            Stated {
                start_ms,
                end_ms: start_ms + LOCAL_LENGTH_MS,
                a: node(region, first),
                b: node(region, (first + 1) % nodes),
                direction: Direction::BothWays,
                rate_bps: None,
                one_way_light_ms: LOCAL_LIGHT_MS,
            },
        );
    }
}

fn add(plan: &mut Plan, contact: Stated) {
    // Names, order and ends are made here; only the count depends on the parameters.
    plan.add_contact(contact).expect("fewer contacts");
}

fn node(region: &str, index: u32) -> String {
    format!("{region}{}", index + 1)
}

/// How two regions stand to each other and to the Sun.
struct View {
    /// Cosine of the smaller one of the two angles between the Sun and the other end.
    sun_cosine: f64,
    light_s: f64,
}

impl Heliocentric {
    fn view(&self, near: usize, far: usize, at_ms: u64) -> View {
        let minutes = u32::try_from(at_ms / MINUTE_MS).unwrap_or(u32::MAX);
        let days = f64::from(minutes) / 1440.0;
        let angle = |region: usize| {
            let radius = RADIUS_AU[region];
            let period_days = YEAR_DAYS * radius * radius.sqrt();
            self.phases_deg[region] + 360.0 * days / period_days
        };
        let (r, s) = (RADIUS_AU[near], RADIUS_AU[far]);
        let cosine = (angle(near) - angle(far)).to_radians().cos();
        let distance = (r * r + s * s - 2.0 * r * s * cosine).sqrt();
        let from_near = (r - s * cosine) / distance;
        let from_far = (s - r * cosine) / distance;
        View { sun_cosine: from_near.max(from_far), light_s: distance * AU_LIGHT_S }
    }
}

#[cfg(test)]
mod tests {
    use super::super::NodeIndex;
    use super::*;

    #[test]
    fn the_shipped_file_is_what_the_generator_makes() {
        assert!(SHIPPED == shipped_text(), "the shipped file differs");
        assert!(SHIPPED.len() < 150_000, "{} bytes", SHIPPED.len());
        let history = shipped();
        assert_eq!(history, generate(&Heliocentric::default()));
        assert_eq!(history.nodes.len(), 12);
        assert_eq!(history.nodes[4], "B1");
        assert_eq!(history.groups().len(), 1);
        assert_eq!(history.span_ms() / DAY_MS, 399);
    }

    /// The longest time, in tenths of a day, in which no contact joins the two sets of regions.
    fn longest_gap(history: &History, left: &str, right: &str) -> u64 {
        let within = |node: NodeIndex, side: &str| side.contains(&history.nodes[node.index()][..1]);
        let (mut since, mut longest) = (0, 0);
        for contact in &history.contacts {
            let (a, b) = (contact.a, contact.b);
            if within(a, left) && within(b, right) || within(a, right) && within(b, left) {
                longest = longest.max(contact.start_ms - since);
                since = contact.end_ms;
            }
        }
        longest.max(history.span_ms() - since) * 10 / DAY_MS
    }

    #[test]
    fn outages_of_the_shipped_history() {
        let history = shipped();
        assert_eq!(longest_gap(&history, "A", "B"), 754);
        assert_eq!(longest_gap(&history, "A", "C"), 449);
        assert_eq!(longest_gap(&history, "B", "C"), 49);
        // Cut off from everybody else: 30 to 45 days for A, and its outage with C is the cause.
        assert_eq!(longest_gap(&history, "A", "BC"), 449);
        assert_eq!(longest_gap(&history, "B", "AC"), 49);
        assert_eq!(longest_gap(&history, "C", "AB"), 49);
    }

    #[test]
    fn the_geometry_alone_gives_the_documented_outages() {
        // Minutes in which the link would be closed, over one whole synodic period of each pair.
        let check = |near, far, period_days: u32, behind: f64, before: f64| {
            let between_conjunctions =
                Heliocentric { phases_deg: [0.0, 60.0, 120.0], ..Heliocentric::default() };
            let (mut closed_behind, mut closed_before) = (0.0, 0.0);
            for step in 0..u64::from(period_days) * 24 {
                let view = between_conjunctions.view(near, far, step * HOUR_MS);
                if view.sun_cosine > 3.0f64.to_radians().cos() {
                    if view.light_s > AU_LIGHT_S {
                        closed_behind += 1.0 / 24.0;
                    } else {
                        closed_before += 1.0 / 24.0;
                    }
                }
            }
            assert!((closed_behind - behind).abs() < 0.1, "{closed_behind}");
            assert!((closed_before - before).abs() < 0.1, "{closed_before}");
        };
        check(0, 1, 2133, 75.1, 4.0);
        check(1, 2, 2742, 96.0, 4.6);
        check(0, 2, 1200, 44.4, 4.4);
    }

    #[test]
    fn light_times_are_those_of_the_distances() {
        let history = shipped();
        let light = |a: &str, b: &str| {
            let named = |node: NodeIndex| history.nodes[node.index()].as_str();
            let of_pair = history.contacts.iter().filter(|c| (named(c.a), named(c.b)) == (a, b));
            let lights: Vec<u64> = of_pair.map(|c| c.one_way_light_ms / 1000).collect();
            (lights.iter().min().copied(), lights.iter().max().copied())
        };
        // The nearest and the farthest pass; the sum of two radii would be 948 and 998 s.
        let (nearest, farthest) = light("A1", "B1");
        assert!(nearest >= Some(50) && farthest <= Some(948), "{nearest:?} {farthest:?}");
        let (nearest, farthest) = light("A1", "C1");
        assert!(nearest >= Some(100) && farthest <= Some(998), "{nearest:?} {farthest:?}");
        assert_eq!(light("B1", "C1"), (Some(50), Some(271)));
    }

    #[test]
    fn no_decision_hangs_on_the_last_bits() {
        let parameters = Heliocentric::default();
        let edge = parameters.exclusion_deg.to_radians().cos();
        for (near, far, offset_ms) in LINKS {
            for pass in 0..800 {
                let middle_ms = pass * PASS_EVERY_MS + offset_ms + PASS_MS / 2;
                let view = parameters.view(near, far, middle_ms);
                assert!((view.sun_cosine - edge).abs() > 1e-9);
                assert!((view.light_s.fract() - 0.5).abs() > 1e-9);
            }
        }
    }

    #[test]
    fn every_node_meets_a_neighbour_every_day() {
        let history = shipped();
        for (longest, name) in history.longest_silences_ms().iter().zip(&history.nodes) {
            assert!(*longest <= 25 * HOUR_MS, "{name}: {longest} ms");
        }
    }

    #[test]
    fn other_sizes_are_made_too() {
        for nodes_per_region in [1, 2, 3, 7] {
            let parameters = Heliocentric { nodes_per_region, days: 30, ..Heliocentric::default() };
            let history = generate(&parameters);
            assert_eq!(history.nodes.len(), 3 * nodes_per_region as usize);
            assert_eq!(history.groups().len(), 1);
        }
    }
}
