//! Flight intents of a published conformance suite as claims: which of them conflict, and who prevails.
//!
//! - A flight is a polygon between two altitudes for a while. Its claim takes boxes of an open airspace:
//!   longitude, latitude and altitude are the dimensions, time is the window. The rules decide `[OPEN-3]`.
//! - The class is the priority, and within one priority planned, in use, off nominal. Between equals the
//!   rank decides: an open resource knows no first come `[OPEN-8]`.
//! - A claim has room for 64 boxes, so that a polygon is over-approximated. A conflict is never missed by
//!   that; pairs that are in conflict by their boxes alone are listed. They are those whose slanted edges run
//!   along each other closer than a strip's height times their slope. Whoever needs such places declares a
//!   resource whose frame lies along the edges, or takes turns.
//!
//! The suite's files lie beside the workspace and are not copied; without them that test says so and ends.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "what the boxes add is listed, and a skipped test says so")]

mod cover;
mod flights;

use flights::{Flight, read};
use intent_ledger::contracts::kinds::{Body, Claim, Enrol, Lineage, Mode, Resource, Roles};
use intent_ledger::contracts::{
    Charter, CharterParameters, CharterRoot, Footprint, Label, Lane, Measure, Millis, Record, RecordId,
    ResourceId, ResourcePath, Scope, Signer as _, Tai,
};
use intent_ledger::merge_rules::{Because, ClaimView, Rules, Standing, View, meet};
use intent_testing::oracle::pen::Pen;
use intent_testing::world::{WorldItem, key};
use std::path::{Path, PathBuf};

const NOW: Tai = Tai(1_900_000_000_000);

/// What becomes of two flights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Apart,
    First,
    Second,
    /// Equals conflict: one prevails by its rank.
    Either,
}

fn airspace() -> Resource {
    let label = |text: &str| Label::try_from(text.to_owned()).unwrap();
    Resource {
        scope: Scope::parse("sky").unwrap(),
        path: ResourcePath::parse("low").unwrap(),
        measure: Measure::Exclusive,
        unit: label("1"),
        scale: (1, 1),
        frame: label("lng-lat-1e-8-deg-alt-mm"),
        stopping_time: Millis(0),
        strictest_mode: Mode::Degraded,
    }
}

/// The flight's boxes as footprints of the airspace: up to eight of up to eight boxes.
fn footprints(flight: &Flight, airspace: ResourceId) -> Vec<Footprint> {
    let boxes = cover::cover(&flight.polygon, flight.altitude, cover::IN_ONE_CLAIM);
    let whole = Footprint::open(airspace, Measure::Exclusive, flight.window, 1);
    boxes.chunks(8).map(|some| whole.clone().within(some.to_vec()).unwrap()).collect()
}

fn claim(flight: &Flight, airspace: ResourceId, until: Tai) -> Record {
    let parts = footprints(flight, airspace);
    let length = flight.window.end().since(flight.window.start());
    let all = (0..=u8::MAX).take(parts.len()).collect();
    let (rule_set, attestations, over) = (1, Vec::new(), Vec::new());
    let (alternatives, class, least, ideal) = (vec![all], flight.class, length, length);
    let body = Claim { class, least, ideal, rule_set, attestations, over, ..Claim::new(alternatives) };
    body.record(until, parts).unwrap()
}

/// Two operators claim their flights; what does a replica say that holds both?
fn judged(first: &Flight, second: &Flight) -> (Outcome, [ClaimView; 2]) {
    let until = NOW.plus(Millis::days(100));
    let roots = vec![CharterRoot::new(key(0).author(), 1 << 40, 8)];
    let charter = Charter::new("sky", roots, 1, until, CharterParameters::default(), [7; 32]).unwrap();
    let mut pen = Pen::new(charter.clone(), NOW);
    let office = pen.open(0, pen.root(0), Lane::Safety, until, 1);
    let enrol = |signer: usize| {
        let label = Label::try_from("a".to_owned()).unwrap();
        let body = Enrol {
            ordinal: signer as u64,
            ..Enrol::new(
                key(signer).author(),
                Roles::ACT.with_class(255),
                Scope::parse("sky").unwrap(),
                1 << 20,
                4,
                Lineage { build: label.clone(), hardware: label },
            )
        };
        body.record(until, Vec::new()).unwrap()
    };
    let space = airspace();
    let declared = space.record(until, Vec::new()).unwrap();
    let cited = pen.write(office, &[declared, enrol(1), enrol(2)]);
    let claims = [(1, first), (2, second)].map(|(signer, flight)| {
        let log = pen.open(signer, cited[signer].record, Lane::Productivity, until, 1);
        pen.write(log, &[claim(flight, space.id(), until)])[0].record
    });
    let mut rules = Rules::founded(&charter);
    for item in &pen.items {
        let WorldItem::Entry(entry) = item else { unreachable!("only entries were written") };
        rules.admit(entry);
    }
    let view = rules.view(vec![Scope::root()]);
    outcome(&view, claims, first.class.cmp(&second.class))
}

fn outcome(view: &View, claims: [RecordId; 2], classes: std::cmp::Ordering) -> (Outcome, [ClaimView; 2]) {
    let views = claims.map(|claim| view.claim(&claim).unwrap());
    let yields = |at: usize| {
        let finding = &views[at].leases[0].finding;
        match finding.standing {
            Standing::Provisional => false,
            Standing::Displaced => {
                assert_eq!(finding.because, Because::After { claim: claims[1 - at] });
                true
            }
            other => panic!("an open claim is {other}: {finding}"),
        }
    };
    let outcome = match (yields(0), yields(1)) {
        (false, false) => Outcome::Apart,
        (true, true) => panic!("both yield"),
        _ if classes.is_eq() => Outcome::Either,
        (true, false) => Outcome::Second,
        (false, true) => Outcome::First,
    };
    (outcome, views)
}

/// Judges every pair of flights and holds each against its exact polygons; returns the pairs that conflict
/// by their boxes alone.
fn all_pairs(flights: &[Flight]) -> Vec<String> {
    let space = airspace().id();
    let mut listed = Vec::new();
    for (place, first) in flights.iter().enumerate() {
        for second in &flights[place + 1..] {
            let exact = first.window.overlaps(&second.window)
                && first.altitude.0 < second.altitude.1
                && second.altitude.0 < first.altitude.1
                && cover::share_a_point(&first.polygon, &second.polygon);
            let (one, other) = (footprints(first, space), footprints(second, space));
            let by_boxes = one.iter().any(|a| other.iter().any(|b| meet(a, b)));
            let (outcome, _) = judged(first, second);
            let pair = format!("{} and {}", first.name, second.name);
            assert!(!exact || by_boxes, "{pair}: a conflict is missed");
            let expected = match first.class.cmp(&second.class) {
                _ if !by_boxes => Outcome::Apart,
                std::cmp::Ordering::Less => Outcome::Second,
                std::cmp::Ordering::Equal => Outcome::Either,
                std::cmp::Ordering::Greater => Outcome::First,
            };
            assert_eq!(outcome, expected, "{pair}");
            if by_boxes && !exact {
                listed.push(pair);
            }
        }
    }
    println!(
        "in conflict by their boxes alone: {}",
        if listed.is_empty() { "none".into() } else { listed.join("; ") }
    );
    listed
}

/// How many boxes for each of two flights would tell them apart: a power of two.
fn boxes_needed(first: &Flight, second: &Flight) -> Option<usize> {
    let apart = |most: &usize| {
        let cover = |flight: &Flight| cover::cover(&flight.polygon, flight.altitude, *most);
        let (one, other) = (cover(first), cover(second));
        !one.iter().any(|a| other.iter().any(|b| a.overlaps(b)))
    };
    (0..12).map(|power| 1 << power).find(apart)
}

fn check(flights: &[Flight], first: &str, second: &str, expect: Outcome) {
    let named = |name: &str| flights.iter().find(|flight| flight.name == name);
    let (Some(one), Some(other)) = (named(first), named(second)) else { panic!("no {first} or {second}") };
    assert_eq!(judged(one, other).0, expect, "{first} and {second}");
    // Who is named first does not matter.
    let turned = match expect {
        Outcome::First => Outcome::Second,
        Outcome::Second => Outcome::First,
        same => same,
    };
    assert_eq!(judged(other, one).0, turned, "{second} and {first}");
}

/// Cases of the suite's shape: places in hundred-thousandths of a degree, about a metre each.
const OWN: &str = include_str!("own_flights.yaml");

#[test]
fn own_flights_conflict_as_they_were_drawn() {
    let flights = read(OWN).unwrap();
    let check = |first, second, expect| check(&flights, first, second, expect);
    check("square", "beside", Outcome::Apart);
    check("square", "crossing", Outcome::Either);
    check("square_in_use", "crossing", Outcome::First);
    check("square_off_nominal", "crossing_in_use", Outcome::First);
    check("square_in_use", "crossing_urgent", Outcome::Second);
    check("square", "above", Outcome::Apart);
    check("square", "later", Outcome::Apart);
    check("square", "a_hair_inside", Outcome::Either);
    // The bounding boxes of the two meet; the square lies in the corner that the other leaves free.
    check("square", "corner", Outcome::Apart);
}

#[test]
fn what_the_boxes_add_is_listed() {
    let flights = read(OWN).unwrap();
    assert_eq!(all_pairs(&flights), ["lower and upper"]);
}

#[test]
fn flights_are_read_with_their_mutations() {
    let flights = read(OWN).unwrap();
    let named = |name: &str| flights.iter().find(|flight| flight.name == name).unwrap();
    assert_eq!(named("square").polygon, [(0, 0), (0, 100_000), (100_000, 100_000), (100_000, 0)]);
    assert_eq!(named("square").altitude, (0, 30_000));
    assert_eq!(named("square").window.start(), NOW.minus(Millis(1_000)));
    assert_eq!(named("later").window.start(), NOW.plus(Millis(2_700_000)));
    assert_eq!(named("later").window.end(), NOW.plus(Millis(5_400_000)));
    // A triangle replaces all four corners; without the plus sign the fourth would stay.
    assert_eq!(named("a_hair_inside").polygon.len(), 3);
    assert_eq!(named("crossing").polygon.len(), 4);
    for (bad, expect) in [
        ("intents: {}", "no flights"),
        ("a: [", "no YAML"),
        ("intents: {x: {delta: {source: y, mutation: {}}}}", "x builds on y"),
        ("intents: {x: {full: {}}}", "x: no basic_information"),
    ] {
        let told = read(bad).unwrap_err();
        assert!(told.contains(expect), "{told}");
    }
}

#[test]
fn the_flights_of_the_suite_conflict_as_it_says() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let shared = std::env::var_os("INTENT_SHARED").map_or(beside, PathBuf::from);
    let folder = shared.join("data/interuss");
    if !folder.exists() {
        println!("skipped: ../shared is absent");
        return;
    }
    let file = |name: &str| read(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap();
    let flights = file("conflicting_flights.yaml");
    assert_eq!(flights.len(), 13);
    for (first, second, expect) in [
        ("flight1_planned", "flight2_planned", Outcome::Second),
        ("flight1_activated", "flight2_planned", Outcome::Second),
        ("flight1_activated", "flight2_activated", Outcome::Second),
        ("flight1m_planned", "flight2_planned", Outcome::Second),
        ("flight1m_activated", "flight2m_activated", Outcome::Apart),
        ("flight1c_planned", "flight2_planned", Outcome::Apart),
        ("flight1c_activated", "flight2_activated", Outcome::Apart),
        ("flight1c_activated", "flight2m_activated", Outcome::Second),
        ("flight1_planned", "equal_prio_flight2_planned", Outcome::Either),
        ("flight1_activated", "equal_prio_flight2_planned", Outcome::First),
        ("flight1_planned", "equal_prio_flight2_activated", Outcome::Second),
        ("flight1_activated", "equal_prio_flight2_activated", Outcome::Either),
        ("flight1_activated", "equal_prio_flight2_nonconforming", Outcome::Second),
        ("flight1_activated", "equal_prio_flight2m_planned", Outcome::Apart),
    ] {
        check(&flights, first, second, expect);
    }
    let listed = all_pairs(&flights);
    assert!(listed.is_empty(), "{listed:?}");
    let flights = file("invalid_flight_intents.yaml");
    check(&flights, "valid_flight", "valid_conflict_tiny_overlap", Outcome::Either);
    check(&flights, "valid_activated", "valid_conflict_tiny_overlap", Outcome::First);
    check(&flights, "valid_flight", "invalid_too_far_away", Outcome::Apart);
    check(&flights, "valid_flight", "invalid_recently_ended", Outcome::Apart);
    let listed = all_pairs(&flights);
    assert!(listed.is_empty(), "{listed:?}");
    // Two slender polygons, one in the other's bend: no two of them share a point, and all nine pairs of the
    // one flight's versions with the other's are in conflict by their 64 boxes.
    let flights = file("non_conflicting.yaml");
    let listed = all_pairs(&flights);
    assert_eq!(listed.len(), 9);
    assert!(listed.iter().all(|pair| pair.contains("flight_1") && pair.contains("flight_2")), "{listed:?}");
    let named = |name: &str| flights.iter().find(|flight| flight.name == name).unwrap();
    // Ten metres between slanted edges of a kilometre: four times the boxes of a claim would do.
    assert_eq!(boxes_needed(named("flight_1"), named("flight_2")), Some(4 * cover::IN_ONE_CLAIM));
}
