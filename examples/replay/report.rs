//! The replay's report: one HTML file that needs nothing but itself.
//!
//! - No script, no font, no image, no address: the file reads the same on a machine without network.
//! - Every text from outside is escaped; a number that is not finite is drawn as nothing.
//! - The size is bounded by the drawing, not by the history: contacts are gathered into steps of
//!   the time axis, lines are thinned to what the width can show.
//! - Colours follow the reader's preference for light or dark, and nothing is told by colour alone.

mod chart;

use chart::*;
use std::collections::{BTreeMap, BTreeSet};

/// What a replay has to say.
pub(crate) struct Report {
    pub(crate) title: String,
    pub(crate) history_name: String,
    pub(crate) nodes: Vec<NodeRow>,
    pub(crate) contacts: Vec<ContactSpan>,
    pub(crate) information_age: Vec<AgePoint>,
    /// Day, entries issued so far by all nodes, mean fraction of them that a node holds.
    pub(crate) entries_over_time: Vec<(f64, u64, f64)>,
    /// Label and value.
    pub(crate) facts: Vec<(String, String)>,
    /// A statement, and whether it held.
    pub(crate) verdicts: Vec<(String, bool)>,
}

/// One node at the end of the replay.
pub(crate) struct NodeRow {
    pub(crate) name: String,
    pub(crate) entries: u64,
    pub(crate) bytes_held: u64,
    pub(crate) bytes_sent: u64,
    pub(crate) longest_silence_days: f64,
    pub(crate) max_information_age_days: f64,
}

/// A contact between two places of [`Report::nodes`].
pub(crate) struct ContactSpan {
    pub(crate) a: usize,
    pub(crate) b: usize,
    pub(crate) start_day: f64,
    pub(crate) end_day: f64,
    /// From `a` to `b` only.
    pub(crate) one_way: bool,
}

/// How old the nodes' knowledge of each other is.
pub(crate) struct AgePoint {
    pub(crate) day: f64,
    pub(crate) median_days: f64,
    pub(crate) max_days: f64,
}

/// The report as one HTML document.
pub(crate) fn html(report: &Report) -> String {
    let span = Span::of(report);
    let mut page = String::with_capacity(1 << 18);
    page.push_str("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.push_str("<meta name=\"color-scheme\" content=\"light dark\">\n");
    page.push_str(&format!("<title>{}</title>\n", escape(&report.title)));
    page.push_str("<style>\n");
    page.push_str(STYLE);
    page.push_str("</style>\n</head>\n<body>\n<main>\n");
    summary(&mut page, report, &span);
    timeline(&mut page, report, &span);
    information_age(&mut page, report, &span);
    entries(&mut page, report, &span);
    nodes(&mut page, report);
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

/// Lanes beyond this many are too thin for a label each.
const LABELLED_LANES: usize = 48;
/// Links beyond this many are shown as the nodes they join.
const LINK_LANES: usize = 48;
/// Rows of the node table that are open from the start.
const OPEN_ROWS: usize = 24;
/// Points of a line beyond this many are thinned.
const LINE_POINTS: usize = 1200;
/// About so many ticks on a time axis of full width.
const TIME_TICKS: u32 = 10;
const WIDE: f64 = 960.0;
const HALF: f64 = 468.0;

fn summary(page: &mut String, report: &Report, span: &Span) {
    page.push_str(&format!(
        "<header>\n<p class=\"eyebrow\">Replay of {}</p>\n<h1>{}</h1>\n<p class=\"lede\">{}, {}, {}.</p>\n",
        escape(&report.history_name),
        escape(&report.title),
        count(report.nodes.len() as u64, "node"),
        count(report.contacts.len() as u64, "contact"),
        duration_words(span.days),
    ));
    if !report.verdicts.is_empty() {
        page.push_str("<ul class=\"verdicts\">\n");
        for (statement, held) in &report.verdicts {
            let (class, mark, word) =
                if *held { ("held", "\u{2713}", "held") } else { ("failed", "\u{2717}", "failed") };
            page.push_str(&format!(
                "<li class=\"{class}\"><span class=\"mark\" aria-hidden=\"true\">{mark}</span>\
                 <span>{}</span><span class=\"word\">{word}</span></li>\n",
                escape(statement)
            ));
        }
        page.push_str("</ul>\n");
    }
    if !report.facts.is_empty() {
        page.push_str("<dl class=\"facts\">\n");
        for (label, value) in &report.facts {
            page.push_str(&format!("<div><dt>{}</dt><dd>{}</dd></div>\n", escape(label), escape(value)));
        }
        page.push_str("</dl>\n");
    }
    page.push_str("</header>\n");
}

/// One row of the contact timeline.
struct Lane {
    label: String,
    /// For every step of the time axis, how many others the lane is in contact with.
    steps: Vec<u32>,
    contacts: u64,
}

fn timeline(page: &mut String, report: &Report, span: &Span) {
    let links: BTreeSet<_> = report.contacts.iter().map(link).collect();
    let by_link = links.len() <= LINK_LANES;
    let lane_count = if by_link { links.len() } else { report.nodes.len() };
    let labelled = lane_count <= LABELLED_LANES;
    let (steps, pitch) = match lane_count {
        0..=16 => (800, 20.0),
        17..=LABELLED_LANES => (800, 15.0),
        _ => (400, 4.0),
    };
    let lanes = if by_link { link_lanes(report, span, steps) } else { node_lanes(report, span, steps) };

    let step = duration_words(span.days / steps as f64);
    page.push_str("<section>\n<h2>Contacts</h2>\n");
    page.push_str(&if by_link {
        format!(
            "<p class=\"note\">One lane for each link. A mark means at least one contact within a \
             step of {step}; blank is silence. An arrow names a link that works one way only.</p>\n"
        )
    } else {
        format!(
            "<p class=\"note\">One lane for each node. A mark means at least one contact within a \
             step of {step}; blank is silence.</p>\n<p class=\"legend\">Others in reach:&ensp;\
             <span class=\"k q1\"></span>1 <span class=\"k q2\"></span>2\u{2013}3 \
             <span class=\"k q3\"></span>4\u{2013}7 <span class=\"k q4\"></span>8 or more</p>\n"
        )
    });
    if lanes.is_empty() {
        page.push_str("<p class=\"note\">No contacts.</p>\n</section>\n");
        return;
    }

    let longest = lanes.iter().map(|lane| lane.label.chars().count()).max().unwrap_or(0);
    let left = (shown(longest) * 6.7 + 16.0).clamp(48.0, 190.0);
    let height = pitch * lanes.len() as f64;
    let frame = Frame { left, right: WIDE - 12.0, top: 8.0, bottom: 8.0 + height };
    let total = frame.bottom + 46.0;
    page.push_str(&format!(
        "<figure><svg viewBox=\"0 0 {WIDE} {}\" role=\"img\" aria-label=\"When contacts took place\">\n",
        px(total)
    ));
    time_axis(page, &frame, span, TIME_TICKS);
    let step_width = frame.width() / steps as f64;
    for (index, lane) in lanes.iter().enumerate() {
        let y = frame.top + pitch * (index as f64 + 0.5);
        if labelled || index % 10 == 0 {
            page.push_str(&format!(
                "<text class=\"lane\" x=\"{}\" y=\"{}\">{}</text>\n",
                px(left - 10.0),
                px(y + 4.0),
                escape(&clip(&lane.label, 26)),
            ));
        }
        page.push_str(&format!("<g stroke-width=\"{}\">", px(if labelled { pitch - 6.0 } else { 3.0 })));
        page.push_str(&format!(
            "<title>{}: {}</title>",
            escape(&lane.label),
            count(lane.contacts, "contact")
        ));
        if labelled {
            page.push_str(&format!(
                "<path class=\"q0\" d=\"M{} {}h{}\"/>",
                px(left),
                px(y),
                px(frame.width())
            ));
        }
        for level in 1..=4 {
            let path = runs(&lane.steps, level, left, y, step_width);
            if !path.is_empty() {
                let class = if by_link { "q3".to_owned() } else { format!("q{level}") };
                page.push_str(&format!("<path class=\"{class}\" d=\"{path}\"/>"));
            }
        }
        page.push_str("</g>\n");
    }
    page.push_str("</svg></figure>\n</section>\n");
}

/// The two ends of a contact, in order if it works one way only.
fn link(contact: &ContactSpan) -> (usize, usize, bool) {
    match contact.one_way {
        true => (contact.a, contact.b, true),
        false => (contact.a.min(contact.b), contact.a.max(contact.b), false),
    }
}

fn link_lanes(report: &Report, span: &Span, steps: usize) -> Vec<Lane> {
    let mut lanes: BTreeMap<(usize, usize, bool), Lane> = BTreeMap::new();
    for contact in &report.contacts {
        let (a, b, one_way) = link(contact);
        let lane = lanes.entry((a, b, one_way)).or_insert_with(|| Lane {
            label: format!(
                "{} {} {}",
                node_name(report, a),
                if one_way { '\u{2192}' } else { '\u{2013}' },
                node_name(report, b)
            ),
            steps: vec![0; steps],
            contacts: 0,
        });
        lane.contacts += 1;
        for step in span.steps(contact, steps) {
            lane.steps[step] = 1;
        }
    }
    lanes.into_values().collect()
}

fn node_lanes(report: &Report, span: &Span, steps: usize) -> Vec<Lane> {
    let mut others = vec![BTreeSet::new(); report.nodes.len()];
    let mut contacts = vec![0; report.nodes.len()];
    for contact in &report.contacts {
        for (node, other) in [(contact.a, contact.b), (contact.b, contact.a)] {
            if let (Some(others), Some(contacts)) = (others.get_mut(node), contacts.get_mut(node)) {
                *contacts += 1;
                others.extend(span.steps(contact, steps).map(|step| (step, other)));
            }
        }
    }
    let named = report.nodes.iter().zip(others).zip(contacts);
    named
        .map(|((node, others), contacts)| {
            let mut lane = Lane { label: node.name.clone(), steps: vec![0; steps], contacts };
            for (step, _) in others {
                lane.steps[step] += 1;
            }
            lane
        })
        .collect()
}

/// The steps of one level as strokes, neighbours joined.
fn runs(steps: &[u32], level: u32, left: f64, y: f64, width: f64) -> String {
    let level_of = |others: u32| match others {
        0 => 0,
        1 => 1,
        2..=3 => 2,
        4..=7 => 3,
        _ => 4,
    };
    let mut path = String::new();
    let mut start = 0;
    for run in steps.chunk_by(|one, next| level_of(*one) == level_of(*next)) {
        if level_of(run[0]) == level {
            let x = left + start as f64 * width;
            path.push_str(&format!("M{} {}h{}", px(x), px(y), px(run.len() as f64 * width)));
        }
        start += run.len();
    }
    path
}

fn information_age(page: &mut String, report: &Report, span: &Span) {
    let points = || report.information_age.iter();
    let oldest: Vec<_> = points().map(|point| (point.day, point.max_days)).collect();
    let median: Vec<_> = points().map(|point| (point.day, point.median_days)).collect();
    let unit = Unit::for_days(highest(&oldest).max(highest(&median)));
    page.push_str("<section>\n<h2>Information age</h2>\n");
    page.push_str(
        "<p class=\"note\">How long ago a node last learnt, directly or through others, what another \
         node had issued.</p>\n<p class=\"legend\"><span class=\"k s1\"></span>oldest \
         <span class=\"k s2\"></span>median</p>\n",
    );
    let chart = Chart {
        label: "Information age over time",
        width: WIDE,
        height: 300.0,
        axis: unit.name.to_owned(),
        per_unit: unit.per_day,
        ceiling: None,
        lines: vec![
            Line { class: "s1", filled: true, points: oldest },
            Line { class: "s2", filled: false, points: median },
        ],
    };
    chart.draw(page, span);
    page.push_str("</section>\n");
}

fn entries(page: &mut String, report: &Report, span: &Span) {
    let points = || report.entries_over_time.iter();
    let issued = points().map(|(day, entries, _)| (*day, *entries as f64)).collect();
    let held = points().map(|(day, _, fraction)| (*day, *fraction)).collect();
    page.push_str("<section class=\"pair\">\n<div>\n<h2>Entries issued</h2>\n");
    page.push_str("<p class=\"note\">By all nodes together, since the start.</p>\n");
    let chart = Chart {
        label: "Entries issued over time",
        width: HALF,
        height: 240.0,
        axis: "entries".to_owned(),
        per_unit: 1.0,
        ceiling: None,
        lines: vec![Line { class: "s1", filled: true, points: issued }],
    };
    chart.draw(page, span);
    page.push_str("</div>\n<div>\n<h2>Entries held</h2>\n");
    page.push_str("<p class=\"note\">Share of the issued entries that a node holds, on average.</p>\n");
    let chart = Chart {
        label: "Mean share of entries held over time",
        width: HALF,
        height: 240.0,
        axis: "%".to_owned(),
        per_unit: 100.0,
        ceiling: Some(100.0),
        lines: vec![Line { class: "s1", filled: true, points: held }],
    };
    chart.draw(page, span);
    page.push_str("</div>\n</section>\n");
}

fn nodes(page: &mut String, report: &Report) {
    if report.nodes.is_empty() {
        return;
    }
    let mut rows: Vec<&NodeRow> = report.nodes.iter().collect();
    page.push_str("<section>\n<h2>Nodes</h2>\n");
    if rows.len() > OPEN_ROWS {
        rows.sort_by(|left, right| right.longest_silence_days.total_cmp(&left.longest_silence_days));
        page.push_str(&format!(
            "<p class=\"note\">The {OPEN_ROWS} nodes with the longest silence; the others follow \
             below.</p>\n"
        ));
    } else {
        page.push_str("<p class=\"note\">At the end of the replay.</p>\n");
    }
    let most = Most::of(&rows);
    let (open, folded) = rows.split_at(rows.len().min(OPEN_ROWS));
    node_table(page, open, &most);
    if !folded.is_empty() {
        page.push_str(&format!(
            "<details><summary>The other {}</summary>\n",
            count(folded.len() as u64, "node")
        ));
        node_table(page, folded, &most);
        page.push_str("</details>\n");
    }
    page.push_str("</section>\n");
}

/// The greatest value of every column, which is a full bar.
struct Most {
    entries: f64,
    bytes_held: f64,
    bytes_sent: f64,
    silence: f64,
    age: f64,
}

impl Most {
    fn of(rows: &[&NodeRow]) -> Most {
        let most = |value: fn(&NodeRow) -> f64| {
            rows.iter().map(|row| value(row)).filter(|value| value.is_finite()).fold(0.0, f64::max)
        };
        Most {
            entries: most(|row| row.entries as f64),
            bytes_held: most(|row| row.bytes_held as f64),
            bytes_sent: most(|row| row.bytes_sent as f64),
            silence: most(|row| row.longest_silence_days),
            age: most(|row| row.max_information_age_days),
        }
    }
}

fn node_table(page: &mut String, rows: &[&NodeRow], most: &Most) {
    page.push_str(
        "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Node</th>\
         <th scope=\"col\">Entries</th><th scope=\"col\">Bytes held</th><th scope=\"col\">Bytes sent</th>\
         <th scope=\"col\">Longest silence</th><th scope=\"col\">Oldest information</th></tr></thead>\n<tbody>\n",
    );
    for row in rows {
        page.push_str(&format!(
            "<tr><th scope=\"row\" title=\"{}\">{}</th>",
            escape(&row.name),
            escape(&clip(&row.name, 28))
        ));
        cell(page, "s1", &thousands(row.entries), row.entries as f64 / most.entries);
        cell(page, "s1", &bytes(row.bytes_held), row.bytes_held as f64 / most.bytes_held);
        cell(page, "s1", &bytes(row.bytes_sent), row.bytes_sent as f64 / most.bytes_sent);
        let silence = row.longest_silence_days;
        cell(page, "s2", &duration(silence), silence / most.silence);
        let age = row.max_information_age_days;
        cell(page, "s2", &duration(age), age / most.age);
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table></div>\n");
}

fn cell(page: &mut String, class: &str, text: &str, share: f64) {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) * 100.0 } else { 0.0 };
    page.push_str(&format!(
        "<td><span>{text}</span><i><b class=\"{class}\" style=\"width:{}%\"></b></i></td>",
        px(share)
    ));
}

/// A coordinate with one decimal, or none where it says nothing.
fn px(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

fn shown(characters: usize) -> f64 {
    characters.min(26) as f64
}

fn node_name(report: &Report, index: usize) -> &str {
    report.nodes.get(index).map_or("?", |node| node.name.as_str())
}

fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", thousands(number))
}

fn thousands(number: u64) -> String {
    grouped(&number.to_string())
}

/// Commas between groups of three of the digits before the point.
fn grouped(number: &str) -> String {
    let whole = number.split('.').next().map_or(0, str::len);
    let mut text = String::with_capacity(number.len() + 4);
    for (index, digit) in number.chars().enumerate() {
        if index > 0 && index < whole && (whole - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn bytes(number: u64) -> String {
    const UNITS: [(u64, &str); 4] =
        [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    let unit = UNITS.into_iter().find(|(size, _)| number >= *size);
    match unit {
        Some((size, unit)) => format!("{} {unit}", three_digits(number as f64 / size as f64)),
        None => format!("{number} B"),
    }
}

fn duration(days: f64) -> String {
    duration_in(days, ["d", "h", "min", "s"])
}

fn duration_words(days: f64) -> String {
    duration_in(days, ["days", "hours", "minutes", "seconds"])
}

fn duration_in(days: f64, [day, hour, minute, second]: [&str; 4]) -> String {
    if !days.is_finite() {
        return "\u{2013}".to_owned();
    }
    let (value, unit) = match days {
        _ if days >= 2.0 => (days, day),
        _ if days >= 2.0 / 24.0 => (days * 24.0, hour),
        _ if days >= 2.0 / 1440.0 => (days * 1440.0, minute),
        _ => (days * 86_400.0, second),
    };
    format!("{} {unit}", three_digits(value))
}

/// About three digits, without zeros at the end of the decimals.
fn three_digits(value: f64) -> String {
    let text = match value {
        _ if value >= 99.95 => return grouped(&format!("{value:.0}")),
        _ if value >= 9.995 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    };
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn clip(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some(_) => text.chars().take(characters - 1).chain(['\u{2026}']).collect(),
        None => text.to_owned(),
    }
}

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            control if control.is_control() => safe.push('\u{fffd}'),
            other => safe.push(other),
        }
    }
    safe
}

const STYLE: &str = include_str!("report.css");

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Report {
        Report {
            title: "A <drawn> history".to_owned(),
            history_name: "x & y".to_owned(),
            nodes: ["pump", "\"><script>"].map(|name| node(name, 3.5)).into(),
            contacts: vec![contact(0, 1, 1.0, 2.0), contact(1, 0, 3.0, 10.0)],
            information_age: vec![age(0.0, 0.0, 0.0), age(10.0, 1.0, 4.0)],
            entries_over_time: vec![(0.0, 0, 1.0), (10.0, 2000, 0.5)],
            facts: vec![("entries".to_owned(), "2,000".to_owned())],
            verdicts: vec![("all nodes agree".to_owned(), true), ("in time".to_owned(), false)],
        }
    }

    fn node(name: &str, longest_silence_days: f64) -> NodeRow {
        NodeRow {
            name: name.to_owned(),
            entries: 1000,
            bytes_held: 123_456,
            bytes_sent: 0,
            longest_silence_days,
            max_information_age_days: 0.5,
        }
    }

    fn contact(a: usize, b: usize, start_day: f64, end_day: f64) -> ContactSpan {
        ContactSpan { a, b, start_day, end_day, one_way: a > b }
    }

    fn age(day: f64, median_days: f64, max_days: f64) -> AgePoint {
        AgePoint { day, median_days, max_days }
    }

    #[test]
    fn foreign_text_is_escaped_and_nothing_is_fetched() {
        let page = html(&small());
        assert!(page.contains("A &lt;drawn&gt; history"));
        assert!(page.contains("&quot;&gt;&lt;script&gt;"));
        for forbidden in ["<script", "http", "url(", "@import", "src="] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
    }

    #[test]
    fn one_way_links_have_a_lane_and_an_arrow() {
        let page = html(&small());
        assert!(page.contains("<title>pump \u{2013} &quot;&gt;&lt;script&gt;: 1 contact</title>"));
        assert!(page.contains("<title>&quot;&gt;&lt;script&gt; \u{2192} pump: 1 contact</title>"));
    }

    #[test]
    fn an_empty_report_and_numbers_that_are_none_draw_nothing() {
        let mut report = small();
        report.nodes[0].longest_silence_days = f64::NAN;
        report.information_age.push(age(f64::INFINITY, f64::NAN, f64::NEG_INFINITY));
        report.contacts.push(contact(7, 8, f64::NAN, f64::INFINITY));
        let page = html(&report);
        assert!(!page.contains("NaN") && !page.replace("nformation", "").contains("inf"));
        report.nodes.clear();
        report.contacts.clear();
        report.information_age.clear();
        report.entries_over_time.clear();
        let page = html(&report);
        assert!(page.contains("No contacts.") && page.contains("Nothing was measured."));
    }

    #[test]
    fn a_large_history_stays_a_small_file() {
        let mut report = small();
        report.nodes = (0..206).map(|index| node(&format!("sat {index}"), 0.1)).collect();
        let place = |index: usize, by: usize| index * by % 206;
        report.contacts = (0..200_000)
            .map(|index| (place(index, 7), place(index, 31) + 1, index as f64 * 1e-5))
            .map(|(a, b, day)| contact(a, b, day, day + 0.001))
            .collect();
        report.information_age =
            (0..100_000).map(|index| age(f64::from(index) * 1e-4, 1.0, f64::from(index % 17))).collect();
        assert!(html(&report).len() < 2_000_000);
    }

    #[test]
    fn contacts_touch_the_steps_of_the_axis() {
        let span = Span { days: 10.0 };
        let check = |start, end, expect| assert_eq!(span.steps(&contact(0, 1, start, end), 10), expect);
        check(0.0, 1.0, 0..=0);
        check(0.5, 1.5, 0..=1);
        check(3.0, 3.0, 3..=3);
        check(9.9, 10.0, 9..=9);
        check(-5.0, 50.0, 0..=9);
    }

    #[test]
    fn ticks_are_round() {
        let check = |end, ticks, expect: f64| {
            let step = nice_step(end, ticks);
            assert!((step - expect).abs() < expect * 1e-9, "{end} in {ticks}: {step}");
        };
        check(400.0, 10, 50.0);
        check(35.0, 10, 5.0);
        check(100.0, 5, 20.0);
        check(0.03, 5, 0.01);
        check(0.0, 5, 1.0);
        assert_eq!(tick_text(0.04, 0.01), "0.04");
        assert_eq!(tick_text(12_500.0, 2500.0), "12,500");
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(1_234_567), "1.23 MB");
        assert_eq!(duration(44.986), "45 d");
        assert_eq!(duration(0.5), "12 h");
        assert_eq!(duration(1.0 / 86_400.0), "1 s");
        assert_eq!(clip("abcdef", 4), "abc\u{2026}");
    }

    #[test]
    fn thinning_keeps_the_spikes() {
        let mut points: Vec<(f64, f64)> = (0..5000).map(|index| (f64::from(index), 1.0)).collect();
        points[3333].1 = 9.0;
        let kept = thin(points);
        assert!(kept.len() <= LINE_POINTS + 1);
        assert!(kept.contains(&(3333.0, 9.0)));
        assert!(kept.is_sorted_by(|left, right| left.0 <= right.0));
    }
}
