//! Polygons as boxes, and whether two polygons share a point, in exact integers.
//!
//! The cover cuts a polygon into strips of equal height, and each strip into the stretches that the polygon
//! takes of it: so it contains the polygon, and follows a notch. It is as fine as its number of boxes allows.

use intent_ledger::contracts::bounds::{BOXES_MAX, FOOTPRINTS_MAX};
use intent_ledger::contracts::{BoxSpan, IntBox};

/// As many boxes as the footprints of one claim can have.
pub(crate) const IN_ONE_CLAIM: usize = BOXES_MAX * FOOTPRINTS_MAX;

type Point = (i64, i64);

/// At most so many boxes that together contain the polygon between two altitudes.
pub(crate) fn cover(polygon: &[Point], altitude: (i64, i64), most: usize) -> Vec<IntBox> {
    let mut strips = most.max(1);
    let mut rows = rows(polygon, strips);
    while rows.len() > most && strips > 1 {
        strips -= (strips / 32).max(1);
        rows = self::rows(polygon, strips);
    }
    let span = |(from, to): (i64, i64)| BoxSpan::new(from, to.max(from + 1)).unwrap();
    let boxed = |(x, y): &((i64, i64), (i64, i64))| {
        IntBox::try_from(vec![span(*x), span(*y), span(altitude)]).unwrap()
    };
    rows.iter().map(boxed).collect()
}

/// The stretches that a polygon takes of each of so many strips, with the strip.
fn rows(polygon: &[Point], strips: usize) -> Vec<((i64, i64), (i64, i64))> {
    let heights = || polygon.iter().map(|point| point.1);
    let (low, high) = (heights().min().unwrap_or(0), heights().max().unwrap_or(0));
    let strips = i64::try_from(strips).unwrap_or(1).clamp(1, (high - low).max(1));
    let level = |number: i64| low + (high - low) * number / strips;
    let strip = |number: i64| (level(number), level(number + 1));
    let row = |strip: (i64, i64)| stretches(polygon, strip).into_iter().map(move |stretch| (stretch, strip));
    (0..strips).map(strip).flat_map(row).collect()
}

/// The stretches between `bottom` and `top`. Between the heights of two neighbouring vertices the polygon is
/// trapezoids, whose edges alternate between its left and its right side.
fn stretches(polygon: &[Point], (bottom, top): (i64, i64)) -> Vec<(i64, i64)> {
    let inside = polygon.iter().map(|point| point.1).filter(|y| bottom < *y && *y < top);
    let mut levels: Vec<i64> = [bottom, top].into_iter().chain(inside).collect();
    levels.sort_unstable();
    let mut found: Vec<(i64, i64)> = Vec::new();
    for slab in levels.windows(2).filter(|slab| slab[0] < slab[1]) {
        let through = edges(polygon).map(|(a, b)| if a.1 <= b.1 { (a, b) } else { (b, a) });
        let mut through: Vec<_> = through.filter(|(a, b)| a.1 <= slab[0] && slab[1] <= b.1).collect();
        let fine = |edge: &(Point, Point)| at(*edge, slab[0], FINE) + at(*edge, slab[1], FINE);
        through.sort_by_key(fine);
        for pair in through.chunks_exact(2) {
            let [left, right] = [pair[0], pair[1]];
            let from = at(left, slab[0], 1).min(at(left, slab[1], 1));
            // Rounded up.
            let up = |y: i64| -at((mirrored(right.0), mirrored(right.1)), y, 1);
            let to = up(slab[0]).max(up(slab[1]));
            found.extend(i64::try_from(from).ok().zip(i64::try_from(to).ok()));
        }
    }
    found.sort_unstable();
    let mut out: Vec<(i64, i64)> = Vec::new();
    for (from, to) in found {
        match out.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => out.push((from, to)),
        }
    }
    out
}

/// Edges that meet in a vertex are told apart by their other ends, at this scale.
const FINE: i128 = 1 << 20;

/// Where an edge from below to above is at a height, rounded down, in parts of a unit.
fn at((a, b): (Point, Point), y: i64, parts: i128) -> i128 {
    let (run, rise) = (i128::from(b.0 - a.0), i128::from(b.1 - a.1).max(1));
    i128::from(a.0) * parts + (run * i128::from(y - a.1) * parts).div_euclid(rise)
}

const fn mirrored(point: Point) -> Point {
    (-point.0, point.1)
}

/// Whether two polygons share a point, their edges included.
pub(crate) fn share_a_point(one: &[Point], other: &[Point]) -> bool {
    edges(one).any(|a| edges(other).any(|b| cross(a, b)))
        || one.iter().any(|point| holds(other, *point))
        || other.iter().any(|point| holds(one, *point))
}

fn edges(polygon: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    polygon.iter().zip(polygon.iter().cycle().skip(1)).map(|(from, to)| (*from, *to))
}

/// On which side of the line from `a` to `b` a point lies.
fn side(a: Point, b: Point, point: Point) -> i128 {
    let by = |from: Point, to: Point| (i128::from(to.0 - from.0), i128::from(to.1 - from.1));
    let (line, way) = (by(a, b), by(a, point));
    (line.0 * way.1 - line.1 * way.0).signum()
}

/// Whether a point of the line through an edge lies on the edge.
fn between((a, b): (Point, Point), point: Point) -> bool {
    (a.0.min(b.0)..=a.0.max(b.0)).contains(&point.0) && (a.1.min(b.1)..=a.1.max(b.1)).contains(&point.1)
}

/// Whether two edges share a point.
fn cross(one: (Point, Point), other: (Point, Point)) -> bool {
    let (a, b) = (side(one.0, one.1, other.0), side(one.0, one.1, other.1));
    let (c, d) = (side(other.0, other.1, one.0), side(other.0, other.1, one.1));
    if a != b && c != d {
        return true;
    }
    (a == 0 && between(one, other.0))
        || (b == 0 && between(one, other.1))
        || (c == 0 && between(other, one.0))
        || (d == 0 && between(other, one.1))
}

/// Whether a polygon holds a point: a ray from it crosses the edges an odd number of times.
fn holds(polygon: &[Point], point: Point) -> bool {
    let on_edge = |edge: (Point, Point)| side(edge.0, edge.1, point) == 0 && between(edge, point);
    if edges(polygon).any(on_edge) {
        return true;
    }
    let crossings = edges(polygon).filter(|(a, b)| {
        let (low, high) = if a.1 <= b.1 { (*a, *b) } else { (*b, *a) };
        low.1 <= point.1 && point.1 < high.1 && side(low, high, point) > 0
    });
    crossings.count() % 2 == 1
}

#[test]
fn polygons_share_points_as_drawn() {
    let square = [(0, 0), (10, 0), (10, 10), (0, 10)];
    let moved = |by: Point| square.map(|point| (point.0 + by.0, point.1 + by.1));
    assert!(share_a_point(&square, &moved((5, 5))));
    assert!(share_a_point(&square, &moved((10, 0))));
    assert!(!share_a_point(&square, &moved((11, 0))));
    assert!(share_a_point(&square, &[(4, 4), (5, 4), (5, 5)]));
    // The notch of a U holds nothing.
    let notched = [(0, 0), (30, 0), (30, 30), (20, 30), (20, 10), (10, 10), (10, 30), (0, 30)];
    assert!(!share_a_point(&notched, &[(12, 12), (18, 12), (15, 29)]));
    assert!(share_a_point(&notched, &[(12, 12), (18, 12), (15, 9)]));
}

#[test]
fn a_cover_contains_its_polygon_and_follows_its_notch() {
    let check = |polygon: &[Point], most: usize| {
        let boxes = cover(polygon, (0, 5), most);
        assert!(boxes.len() > most / 2 && boxes.len() <= most, "{} of {most}", boxes.len());
        let covered = |x: i64, y: i64| {
            let span = |from: i64| BoxSpan::new(from, from + 1).unwrap();
            let cell = IntBox::try_from(vec![span(x), span(y)]).unwrap();
            boxes.iter().any(|found| found.overlaps(&cell))
        };
        let grid = || (0..1_000).step_by(13);
        for (x, y) in grid().flat_map(|x| grid().map(move |y| (x, y))) {
            let square = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)];
            assert!(!square.iter().all(|corner| holds(polygon, *corner)) || covered(x, y), "{x} {y}");
        }
        boxes.iter().map(|found| found.spans()[0].end() - found.spans()[0].start()).sum::<i64>()
    };
    // The widths of n strips of a right triangle add up to its area over a strip's height and half a row.
    assert_eq!(check(&[(0, 0), (1_000, 1_000), (0, 1_000)], 50), 50 * 500 + 500);
    let notched =
        [(0, 0), (1_000, 0), (1_000, 1_000), (600, 1_000), (600, 300), (400, 300), (400, 1_000), (0, 1_000)];
    check(&notched, 64);
    check(&[(0, 0), (900, 350), (1_000, 1_000), (300, 990), (500, 500)], 64);
    assert_eq!(rows(&notched, 10)[9..=10], [((0, 400), (600, 700)), ((600, 1_000), (600, 700))]);
}
