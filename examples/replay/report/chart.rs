//! The report's line charts: frames, axes, lines thinned to what the width can show.

use super::{ContactSpan, HALF, LINE_POINTS, Report, TIME_TICKS, grouped, px};

/// Lines over time on one pair of axes.
pub(super) struct Chart {
    pub(super) label: &'static str,
    pub(super) width: f64,
    pub(super) height: f64,
    /// What stands above the vertical axis.
    pub(super) axis: String,
    /// Units of the vertical axis in one unit of the values.
    pub(super) per_unit: f64,
    /// The end of the vertical axis, if it is not the highest value's.
    pub(super) ceiling: Option<f64>,
    pub(super) lines: Vec<Line>,
}

/// A line of a chart.
pub(super) struct Line {
    pub(super) class: &'static str,
    /// Whether the area below it is tinted.
    pub(super) filled: bool,
    /// Day and value.
    pub(super) points: Vec<(f64, f64)>,
}

impl Chart {
    pub(super) fn draw(&self, page: &mut String, span: &Span) {
        if self.lines.iter().all(|line| line.points.is_empty()) {
            page.push_str("<p class=\"note\">Nothing was measured.</p>\n");
            return;
        }
        let highest = self.lines.iter().map(|line| highest(&line.points)).fold(0.0, f64::max);
        let wanted = self.ceiling.unwrap_or(highest * self.per_unit);
        let step = nice_step(wanted, 5);
        let top_value = (wanted / step).ceil().max(1.0) * step;
        let frame = Frame { left: 60.0, right: self.width - 12.0, top: 26.0, bottom: self.height - 46.0 };
        page.push_str(&format!(
            "<figure><svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n",
            px(self.width),
            px(self.height),
            self.label
        ));
        let y = |value: f64| frame.bottom - (value / top_value).clamp(0.0, 1.0) * frame.height();
        let mut tick = 0.0;
        while tick <= top_value * 1.000_001 {
            page.push_str(&format!(
                "<path class=\"grid\" d=\"M{} {}H{}\"/><text class=\"tick y\" x=\"{}\" y=\"{}\">{}</text>\n",
                px(frame.left),
                px(y(tick)),
                px(frame.right),
                px(frame.left - 8.0),
                px(y(tick) + 4.0),
                tick_text(tick, step)
            ));
            tick += step;
        }
        page.push_str(&format!(
            "<text class=\"axis y\" x=\"{}\" y=\"12\">{}</text>\n",
            px(frame.left - 8.0),
            self.axis
        ));
        time_axis(page, &frame, span, if self.width > HALF { TIME_TICKS } else { TIME_TICKS / 2 });
        for Line { class, filled, points } in &self.lines {
            let scaled = points
                .iter()
                .filter(|(day, value)| day.is_finite() && value.is_finite())
                .map(|(day, value)| (frame.x(*day, span), y(value * self.per_unit)))
                .collect();
            let path = polyline(&thin(scaled));
            if path.is_empty() {
                continue;
            }
            if *filled {
                let area = polygon(&path, points, &frame, span);
                page.push_str(&format!("<path class=\"area {class}\" d=\"{area}\"/>\n"));
            }
            page.push_str(&format!("<path class=\"line {class}\" d=\"{path}\"/>\n"));
        }
        page.push_str(&format!(
            "<path class=\"base\" d=\"M{} {}H{}\"/>\n</svg></figure>\n",
            px(frame.left),
            px(frame.bottom),
            px(frame.right)
        ));
    }
}

pub(super) fn polyline(points: &[(f64, f64)]) -> String {
    let mut path = String::new();
    for (index, (x, y)) in points.iter().enumerate() {
        path.push(if index == 0 { 'M' } else { 'L' });
        path.push_str(&format!("{} {}", px(*x), px(*y)));
    }
    path
}

/// A line closed along the bottom of its frame.
pub(super) fn polygon(path: &str, points: &[(f64, f64)], frame: &Frame, span: &Span) -> String {
    let mut days = points.iter().map(|point| point.0).filter(|day| day.is_finite());
    let first = days.next().unwrap_or(0.0);
    let last = days.next_back().unwrap_or(first);
    let bottom = px(frame.bottom);
    format!("{path}L{} {bottom}L{} {bottom}Z", px(frame.x(last, span)), px(frame.x(first, span)))
}

/// Keeps the highest and the lowest point of every group, in their order, so that no spike is lost.
pub(super) fn thin(points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    if points.len() <= LINE_POINTS {
        return points;
    }
    let group = points.len().div_ceil(LINE_POINTS / 2);
    let mut kept = Vec::with_capacity(LINE_POINTS + 2);
    for chunk in points.chunks(group) {
        let by_height = |left: &(f64, f64), right: &(f64, f64)| left.1.total_cmp(&right.1);
        let low = chunk.iter().copied().min_by(by_height);
        let high = chunk.iter().copied().max_by(by_height);
        let mut ends: Vec<_> = low.into_iter().chain(high).collect();
        ends.sort_by(|left, right| left.0.total_cmp(&right.0));
        ends.dedup();
        kept.extend(ends);
    }
    kept.extend(points.last().copied());
    kept
}

pub(super) fn time_axis(page: &mut String, frame: &Frame, span: &Span, ticks: u32) {
    let unit = Unit::for_days(span.days);
    let end = span.days * unit.per_day;
    let step = unit.step(span.days, ticks);
    let mut tick = 0.0;
    while tick <= end * 1.000_001 {
        let x = px(frame.x(tick / unit.per_day, span));
        page.push_str(&format!(
            "<path class=\"grid\" d=\"M{x} {}V{}\"/><text class=\"tick x\" x=\"{x}\" y=\"{}\">{}</text>\n",
            px(frame.top),
            px(frame.bottom + 4.0),
            px(frame.bottom + 18.0),
            tick_text(tick, step)
        ));
        tick += step;
    }
    page.push_str(&format!(
        "<text class=\"axis x\" x=\"{}\" y=\"{}\">{} since the start</text>\n",
        px(f64::midpoint(frame.left, frame.right)),
        px(frame.bottom + 38.0),
        unit.name
    ));
}

/// Where the data of a drawing lie.
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

impl Frame {
    pub(super) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub(super) fn x(&self, day: f64, span: &Span) -> f64 {
        self.left + (day / span.days).clamp(0.0, 1.0) * self.width()
    }
}

/// The time axis that all drawings share: from 0 to the last event.
pub(super) struct Span {
    pub(super) days: f64,
}

impl Span {
    pub(super) fn of(report: &Report) -> Span {
        let contacts = report.contacts.iter().map(|contact| contact.end_day);
        let ages = report.information_age.iter().map(|point| point.day);
        let entries = report.entries_over_time.iter().map(|point| point.0);
        let all = contacts.chain(ages).chain(entries).filter(|day| day.is_finite());
        let last = all.fold(0.0, f64::max);
        let days = if last > 0.0 { last } else { 1.0 };
        // A history of 399.6 days reads better on an axis that ends at 400.
        let unit = Unit::for_days(days);
        let step = unit.step(days, TIME_TICKS) / unit.per_day;
        let round = (days / step).ceil() * step;
        Span { days: if round - days < days / 100.0 { round } else { days } }
    }

    /// The steps of the axis that a contact touches.
    pub(super) fn steps(&self, contact: &ContactSpan, steps: usize) -> std::ops::RangeInclusive<usize> {
        let first = floor_below(contact.start_day / self.days * steps as f64, steps);
        // An end on the edge of a step does not reach into it.
        let end = (contact.end_day / self.days * steps as f64).ceil() - 1.0;
        first..=floor_below(end, steps).max(first)
    }
}

/// A unit of time for axes.
pub(super) struct Unit {
    pub(super) name: &'static str,
    pub(super) per_day: f64,
    /// Distances between ticks that divide this unit evenly, where decimal ones would not.
    pub(super) steps: &'static [f64],
}

impl Unit {
    pub(super) fn for_days(days: f64) -> Unit {
        if days >= 3.0 {
            Unit { name: "days", per_day: 1.0, steps: &[] }
        } else if days >= 0.125 {
            Unit { name: "hours", per_day: 24.0, steps: &[0.5, 1.0, 2.0, 3.0, 6.0, 12.0, 24.0] }
        } else {
            Unit { name: "minutes", per_day: 1440.0, steps: &[1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0] }
        }
    }

    /// The distance between ticks on an axis of so many days, in this unit.
    pub(super) fn step(&self, days: f64, ticks: u32) -> f64 {
        let end = days * self.per_day;
        let rough = end / f64::from(ticks);
        let as_clocks_do = self.steps.iter().copied().find(|step| *step >= rough);
        as_clocks_do.unwrap_or_else(|| nice_step(end, ticks))
    }
}

/// The whole part, as a number below `bound`; 0 for what is no number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, and the bound follows"
)]
pub(super) fn floor_below(value: f64, bound: usize) -> usize {
    (value.max(0.0) as usize).min(bound - 1)
}

/// One, two or five times a power of ten, so that about `ticks` of them reach `end`.
pub(super) fn nice_step(end: f64, ticks: u32) -> f64 {
    if !(end > 0.0 && end.is_finite()) {
        return 1.0;
    }
    let rough = end / f64::from(ticks);
    let power = 10f64.powf(rough.log10().floor());
    let multiple = [1.0, 2.0, 5.0].into_iter().find(|multiple| multiple * power >= rough * 0.999_999);
    multiple.unwrap_or(10.0) * power
}

pub(super) fn highest(points: &[(f64, f64)]) -> f64 {
    points.iter().map(|point| point.1).filter(|value| value.is_finite()).fold(0.0, f64::max)
}

pub(super) fn tick_text(value: f64, step: f64) -> String {
    let decimals = (0..9).find(|decimals| step * 10f64.powi(*decimals) >= 0.999_999).unwrap_or(9);
    let decimals = usize::try_from(decimals).unwrap_or(0);
    grouped(&format!("{value:.decimals$}"))
}
