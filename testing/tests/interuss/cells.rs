//! Polygons as boxes on a grid, and whether two polygons share a point, in exact integers.
//!
//! The cover halves the polygon's bounding box again and again, the largest cell first, and drops the halves
//! that the polygon does not touch. So it contains the polygon, and its cells lie on one grid of halvings.

use intent_ledger::contracts::bounds::{BOXES_MAX, FOOTPRINTS_MAX};
use intent_ledger::contracts::{BoxSpan, IntBox};

/// As many boxes as the footprints of one claim can have.
pub(crate) const CELLS_MAX: usize = BOXES_MAX * FOOTPRINTS_MAX;

type Point = (i64, i64);

/// A closed rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cell {
    least: Point,
    most: Point,
}

impl Cell {
    const fn sides(self) -> (i64, i64) {
        (self.most.0 - self.least.0, self.most.1 - self.least.1)
    }

    const fn corners(self) -> [Point; 4] {
        let ((x0, y0), (x1, y1)) = (self.least, self.most);
        [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    }

    /// Two halves along the longer side.
    const fn halves(self) -> [Self; 2] {
        let (width, height) = self.sides();
        let (mut one, mut other) = (self, self);
        if width >= height {
            one.most.0 = self.least.0 + width / 2;
            other.least.0 = one.most.0;
        } else {
            one.most.1 = self.least.1 + height / 2;
            other.least.1 = one.most.1;
        }
        [one, other]
    }
}

/// At most so many boxes that together contain the polygon between two altitudes.
pub(crate) fn cover(polygon: &[Point], altitude: (i64, i64), most: usize) -> Vec<IntBox> {
    let of = |axis: fn(&Point) -> i64| polygon.iter().map(axis);
    let bound = |axis| (of(axis).min().unwrap_or(0), of(axis).max().unwrap_or(0));
    let ((left, right), (low, high)) = (bound(|point| point.0), bound(|point| point.1));
    let mut cells = vec![Cell { least: (left, low), most: (right, high) }];
    let mut done = Vec::new();
    while cells.len() + done.len() < most && !cells.is_empty() {
        let area = |cell: &Cell| i128::from(cell.sides().0) * i128::from(cell.sides().1);
        let largest = (0..cells.len()).max_by_key(|place| area(&cells[*place])).unwrap_or(0);
        let cell = cells.swap_remove(largest);
        if cell.sides().0.max(cell.sides().1) <= 1 || is_inside(&cell, polygon) {
            done.push(cell);
        } else {
            cells.extend(cell.halves().into_iter().filter(|half| share_a_point(&half.corners(), polygon)));
        }
    }
    done.extend(cells);
    let span = |from: i64, to: i64| BoxSpan::new(from, to.max(from + 1)).unwrap();
    let boxed = |cell: &Cell| {
        let (x, y) = (span(cell.least.0, cell.most.0), span(cell.least.1, cell.most.1));
        IntBox::try_from(vec![x, y, span(altitude.0, altitude.1)]).unwrap()
    };
    done.iter().map(boxed).collect()
}

/// Whether the cell lies in the polygon: its corners do, and no edge comes into its inside.
fn is_inside(cell: &Cell, polygon: &[Point]) -> bool {
    let corners = cell.corners();
    let within = |point: &Point| {
        let apart = |at: i64, least: i64, most: i64| least < at && at < most;
        apart(point.0, cell.least.0, cell.most.0) && apart(point.1, cell.least.1, cell.most.1)
    };
    // An edge that comes in parts the corners, unless it ends inside.
    let parts = |(a, b): (Point, Point)| {
        let sides = corners.map(|corner| side(a, b, corner));
        sides.contains(&1) && sides.contains(&-1) && edges(&corners).any(|edge| cross((a, b), edge))
    };
    corners.iter().all(|corner| holds(polygon, *corner))
        && !polygon.iter().any(within)
        && !edges(polygon).any(parts)
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
fn a_cover_contains_its_polygon_within_the_bounds_of_a_claim() {
    let triangle = [(0, 0), (1_000, 1_000), (0, 1_000)];
    let boxes = cover(&triangle, (0, 5), CELLS_MAX);
    assert!(boxes.len() > CELLS_MAX / 2 && boxes.len() <= CELLS_MAX);
    let at = |x: i64, y: i64| {
        let cell =
            IntBox::try_from(vec![BoxSpan::new(x, x + 1).unwrap(), BoxSpan::new(y, y + 1).unwrap()]).unwrap();
        boxes.iter().any(|found| found.overlaps(&cell))
    };
    for x in (0..1_000).step_by(7) {
        for y in (x..1_000).step_by(7) {
            assert!(at(x, y), "{x} {y}");
        }
    }
    assert!(!at(900, 100) && !at(600, 400));
    assert_eq!(cover(&[(0, 0), (8, 0), (8, 8), (0, 8)], (0, 5), CELLS_MAX).len(), 1);
}
