//! The picture of the weeks: one HTML file that fetches nothing.

use crate::measure::{Bar, BarState};
use crate::week::{Week, common};

/// One week under one policy.
pub(crate) struct Section<'a> {
    pub(crate) week: &'a Week,
    pub(crate) title: String,
    pub(crate) bars: &'a [Bar],
    pub(crate) facts: Vec<(&'static str, String)>,
}

const WIDTH: f64 = 1_000.0;
const LEFT: f64 = 80.0;
const ROW: f64 = 22.0;
const DAY_MS: u64 = 86_400_000;

const STYLE: &str = "\
body{font:15px/1.5 system-ui,sans-serif;max-width:1080px;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2.5rem}svg{width:100%;height:auto;display:block}
svg text{font-size:11px;fill:#555}.grid{stroke:#ddd}.row{fill:#f4f4f2}
.permitted{fill:#2a7f62}.provisional{fill:#d9a441}.displaced{fill:none;stroke:#b3402f;stroke-width:1.2}
.maintenance{fill:#9a9a9a}table{border-collapse:collapse}td{padding:0 1rem .1rem 0}td+td{font-variant-numeric:tabular-nums}
.key{display:inline-block;width:.9em;height:.9em;margin:0 .3em 0 1em}
@media(prefers-color-scheme:dark){body{background:#181a1b;color:#ddd}svg text{fill:#aaa}.row{fill:#222526}.grid{stroke:#3a3d3f}}";

/// The page.
pub(crate) fn html(sections: &[Section<'_>]) -> String {
    let mut page = String::from("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n");
    page.push_str("<meta name=\"viewport\" content=\"width=device-width\">\n<title>Antenna weeks</title>\n");
    page.push_str(&format!("<style>{STYLE}</style></head><body>\n<h1>Who has which antenna</h1>\n<p>"));
    for (class, color) in [
        ("permitted", "#2a7f62"),
        ("provisional", "#d9a441"),
        ("displaced", "#b3402f"),
        ("maintenance", "#9a9a9a"),
    ] {
        page.push_str(&format!("<span class=\"key\" style=\"background:{color}\"></span>{class}"));
    }
    page.push_str("</p>\n");
    sections.iter().for_each(|section| draw(&mut page, section));
    page.push_str("</body></html>\n");
    page
}

fn draw(page: &mut String, section: &Section<'_>) {
    let Section { week, title, bars, facts } = section;
    let length = week.span.end().since(week.span.start()).0.max(1) as f64;
    let x = |ms: u64| LEFT + (WIDTH - LEFT) * ms as f64 / length;
    let height = ROW * week.antennas.len() as f64 + 20.0;
    page.push_str(&format!("<h2>{}</h2>\n", escape(title)));
    page.push_str(&format!(
        "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{}\">\n",
        escape(title)
    ));
    for (row, name) in week.antennas.iter().enumerate() {
        let y = row as f64 * ROW;
        page.push_str(&format!(
            "<rect class=\"row\" x=\"{LEFT}\" y=\"{:.1}\" width=\"{}\" height=\"{}\"/><text x=\"0\" y=\"{:.1}\">{}</text>\n",
            y + 2.0,
            WIDTH - LEFT,
            ROW - 4.0,
            y + 15.0,
            escape(name)
        ));
    }
    let mut day = 0;
    while day as f64 <= length {
        page.push_str(&format!(
            "<line class=\"grid\" x1=\"{0:.1}\" x2=\"{0:.1}\" y1=\"0\" y2=\"{1:.1}\"/><text x=\"{0:.1}\" y=\"{2:.1}\">day {3}</text>\n",
            x(day),
            height - 18.0,
            height - 6.0,
            day / DAY_MS + 1
        ));
        day += DAY_MS;
    }
    // What is displaced is drawn last, as an outline over what stands.
    let layers = [BarState::Maintenance, BarState::Permitted, BarState::Provisional, BarState::Displaced];
    for bar in layers.iter().flat_map(|layer| bars.iter().filter(move |bar| bar.state == *layer)) {
        let Some(window) = common(&bar.window, &week.span) else { continue };
        let from = x(window.start().since(week.span.start()).0);
        let to = x(window.end().since(week.span.start()).0);
        page.push_str(&format!(
            "<rect class=\"{}\" x=\"{from:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{}\"><title>{}</title></rect>\n",
            class(bar.state),
            bar.antenna as f64 * ROW + 4.0,
            (to - from).max(0.5),
            ROW - 8.0,
            escape(&bar.name)
        ));
    }
    page.push_str("</svg>\n<table>\n");
    for (label, value) in facts {
        page.push_str(&format!("<tr><td>{}</td><td>{}</td></tr>\n", escape(label), escape(value)));
    }
    page.push_str("</table>\n");
}

const fn class(state: BarState) -> &'static str {
    match state {
        BarState::Displaced => "displaced",
        BarState::Provisional => "provisional",
        BarState::Permitted => "permitted",
        BarState::Maintenance => "maintenance",
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
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::week::tests::{minutes, own};

    #[test]
    fn foreign_names_are_escaped_and_nothing_is_fetched() {
        let week = own();
        let bar =
            |state, name: &str| Bar { antenna: 1, window: minutes(0, 60), name: name.to_owned(), state };
        let bars = [bar(BarState::Permitted, "<script>\"x"), bar(BarState::Displaced, "wren")];
        let section = Section {
            week: &week,
            title: "a & b".to_owned(),
            bars: &bars,
            facts: vec![("placed", "3".to_owned())],
        };
        let page = html(&[section]);
        assert!(page.contains("&lt;script&gt;&quot;x") && page.contains("a &amp; b"));
        assert_eq!(page.matches("<rect class=\"permitted\" x=\"80.0\" y=\"26.0\" width=\"38.3\"").count(), 1);
        for forbidden in ["<script", "http", "url(", "@import", "src="] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
    }
}
