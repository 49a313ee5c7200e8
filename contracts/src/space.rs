//! Windows, boxes and footprints: what a record takes of the world `[FOOT-1]`.
//!
//! The shape of a footprint is frozen: every version reads it, so a reader that does not know a
//! record's kind still sees what is taken.

use crate::bounds::{BOXES_MAX, DIMENSIONS_MAX};
use crate::citation::Citation;
use crate::ids::ResourceId;
use crate::refusal::{Reason, Refusal};
use crate::time::Tai;
use serde::{Deserialize, Serialize};
use serde_tuple::{Deserialize_tuple, Serialize_tuple};

/// A span of time `[start, end)`; never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "(Tai, Tai)", into = "(Tai, Tai)")]
pub struct Window {
    start: Tai,
    end: Tai,
}

impl Window {
    /// The window from `start` up to, and without, `end`.
    ///
    /// # Errors
    /// [`Reason::EmptyWindow`] unless `start < end`.
    pub fn new(start: Tai, end: Tai) -> Result<Self, Refusal> {
        if start < end { Ok(Self { start, end }) } else { Err(Reason::EmptyWindow.into()) }
    }

    /// The first moment inside.
    #[must_use]
    pub const fn start(&self) -> Tai {
        self.start
    }

    /// The first moment after.
    #[must_use]
    pub const fn end(&self) -> Tai {
        self.end
    }

    /// Whether the two share a moment.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether all of `other` lies inside.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

impl TryFrom<(Tai, Tai)> for Window {
    type Error = Refusal;

    fn try_from((start, end): (Tai, Tai)) -> Result<Self, Refusal> {
        Self::new(start, end)
    }
}

impl From<Window> for (Tai, Tai) {
    fn from(window: Window) -> Self {
        (window.start, window.end)
    }
}

/// A half-open span of integers in one dimension of a box; never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "(i64, i64)", into = "(i64, i64)")]
pub struct BoxSpan {
    start: i64,
    end: i64,
}

impl BoxSpan {
    /// The span from `start` up to, and without, `end`.
    ///
    /// # Errors
    /// [`Reason::EmptyWindow`] unless `start < end`.
    pub fn new(start: i64, end: i64) -> Result<Self, Refusal> {
        if start < end { Ok(Self { start, end }) } else { Err(Reason::EmptyWindow.into()) }
    }

    /// The first integer inside.
    #[must_use]
    pub const fn start(&self) -> i64 {
        self.start
    }

    /// The first integer after.
    #[must_use]
    pub const fn end(&self) -> i64 {
        self.end
    }
}

impl TryFrom<(i64, i64)> for BoxSpan {
    type Error = Refusal;

    fn try_from((start, end): (i64, i64)) -> Result<Self, Refusal> {
        Self::new(start, end)
    }
}

impl From<BoxSpan> for (i64, i64) {
    fn from(span: BoxSpan) -> Self {
        (span.start, span.end)
    }
}

/// A box of integer cells: one span for each dimension of the resource's frame, at most four.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<BoxSpan>", into = "Vec<BoxSpan>")]
pub struct IntBox(Vec<BoxSpan>);

impl IntBox {
    /// The spans, one for each dimension.
    #[must_use]
    pub fn spans(&self) -> &[BoxSpan] {
        &self.0
    }

    /// Whether the two share a cell. Dimensions that only one of them states are open in the other.
    ///
    /// ```
    /// use intent_contracts::{BoxSpan, IntBox};
    /// let left = IntBox::try_from(vec![BoxSpan::new(0, 10)?])?;
    /// let touching = IntBox::try_from(vec![BoxSpan::new(10, 20)?])?;
    /// assert!(!left.overlaps(&touching));
    /// # Ok::<(), intent_contracts::Refusal>(())
    /// ```
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(a, b)| a.start < b.end && b.start < a.end)
    }
}

impl TryFrom<Vec<BoxSpan>> for IntBox {
    type Error = Refusal;

    fn try_from(spans: Vec<BoxSpan>) -> Result<Self, Refusal> {
        match spans.len() {
            0 => Err(Reason::EmptyWindow.into()),
            1..=DIMENSIONS_MAX => Ok(Self(spans)),
            _ => Err(Reason::TooLarge.into()),
        }
    }
}

impl From<IntBox> for Vec<BoxSpan> {
    fn from(int_box: IntBox) -> Self {
        int_box.0
    }
}

/// How a resource is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Measure {
    /// Each instant and each cell once.
    Exclusive,
    /// A total that is consumed: feedstock, spares.
    Pool,
    /// An amount at every instant: power, bandwidth.
    Rate,
}

impl TryFrom<u8> for Measure {
    type Error = Refusal;

    fn try_from(number: u8) -> Result<Self, Refusal> {
        match number {
            0 => Ok(Self::Exclusive),
            1 => Ok(Self::Pool),
            2 => Ok(Self::Rate),
            _ => Err(Reason::Shape.into()),
        }
    }
}

impl From<Measure> for u8 {
    fn from(measure: Measure) -> Self {
        match measure {
            Measure::Exclusive => 0,
            Measure::Pool => 1,
            Measure::Rate => 2,
        }
    }
}

/// What a record takes of one resource, in a shape that no version changes `[FOOT-1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize_tuple, Deserialize_tuple)]
pub struct Footprint {
    /// The resource.
    pub resource: ResourceId,
    /// How it is shared.
    pub measure: Measure,
    /// When.
    pub window: Window,
    /// Where; none means all of it.
    boxes: Boxes,
    /// How much, in the units that the resource declares; 1 for `Exclusive`.
    pub amount: u64,
    /// The right from which it is taken; none for an open resource.
    pub right: Option<Citation>,
}

impl Footprint {
    /// A footprint over all of `resource`, taken from no right.
    #[must_use]
    pub const fn open(resource: ResourceId, measure: Measure, window: Window, amount: u64) -> Self {
        Self { resource, measure, window, boxes: Boxes(Vec::new()), amount, right: None }
    }

    /// The same footprint restricted to `boxes`; none means all of it.
    ///
    /// # Errors
    /// [`Reason::TooLarge`] for more than eight.
    pub fn within(mut self, boxes: Vec<IntBox>) -> Result<Self, Refusal> {
        self.boxes = Boxes::try_from(boxes)?;
        Ok(self)
    }

    /// The same footprint taken from `right`.
    #[must_use]
    pub const fn from_right(mut self, right: Citation) -> Self {
        self.right = Some(right);
        self
    }

    /// Where; none means all of it.
    #[must_use]
    pub fn boxes(&self) -> &[IntBox] {
        &self.boxes.0
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<IntBox>", into = "Vec<IntBox>")]
struct Boxes(Vec<IntBox>);

impl TryFrom<Vec<IntBox>> for Boxes {
    type Error = Refusal;

    fn try_from(boxes: Vec<IntBox>) -> Result<Self, Refusal> {
        if boxes.len() > BOXES_MAX { Err(Reason::TooLarge.into()) } else { Ok(Self(boxes)) }
    }
}

impl From<Boxes> for Vec<IntBox> {
    fn from(boxes: Boxes) -> Self {
        boxes.0
    }
}
