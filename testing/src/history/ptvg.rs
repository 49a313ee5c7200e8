//! The JSON of `tvg-util` for a time-varying graph of predicted contacts.
//!
//! ```text
//! {"contact_type": "PredictedContact_v2",
//!  "vertices": {node: [neighbour, ..], ..},
//!  "edges": [{"vertices": [from, to], "contacts": [contact, ..]}, ..]}
//! contact         [from, to, start_s, end_s, [generation, ..]]
//! generation      [valid_from_s, probability, [characteristics, ..]]
//! characteristics [starting_at_s, bits_per_second, delay_s]
//! ```
//!
//! - Edges are directed, hence contacts are one way; a link that works both ways is stated twice.
//! - Every vertex is a node. The lists of neighbours repeat the edges and are not read.
//! - A generation is a forecast; the last one listed is nearest to what happens and is taken. A
//!   probability below 1 changes nothing; it is counted in a note.
//! - A contact is cut where its characteristics change. A piece with rate 0 carries nothing and is
//!   left out, counted in a note.

use super::{
    Direction, Fault, Located, Plan, RATE_BPS_MAX, Stated, check_order, excerpt, millis, shape, whole,
};
use serde_json::Value;

const CONTACT_TYPE: &str = "PredictedContact_v2";

pub(super) fn read(text: &str) -> Result<Plan, Located> {
    let document: Value = serde_json::from_str(text)
        .map_err(|error| Located { line: Some(error.line()), fault: Fault::Json(error.to_string()) })?;
    Ok(read_document(&document)?)
}

fn read_document(document: &Value) -> Result<Plan, Fault> {
    if let Some(found) = document["contact_type"].as_str()
        && found != CONTACT_TYPE
    {
        let found = excerpt(found);
        return Err(Fault::ContactType { found });
    }
    let mut plan = Plan::default();
    let vertices = document["vertices"].as_object();
    for name in vertices.ok_or_else(|| shape("vertices", "an object"))?.keys() {
        plan.add_node(name)?;
    }
    let (mut mute, mut unsure) = (0u64, 0u64);
    let edges = document["edges"].as_array();
    for (edge, edge_number) in edges.ok_or_else(|| shape("edges", "a list"))?.iter().zip(1u64..) {
        let at = format!("edge {edge_number}");
        let ends = Ends::read(&edge["vertices"]).ok_or_else(|| shape(&at, "between two vertices"))?;
        if !plan.nodes.contains(ends.from) || !plan.nodes.contains(ends.to) {
            return Err(shape(&at, "between two of the vertices"));
        }
        let contacts = edge["contacts"].as_array();
        let contacts = contacts.ok_or_else(|| shape(&at, "with a list of contacts"))?;
        for (contact, number) in contacts.iter().zip(1u64..) {
            let at = format!("edge {edge_number}, contact {number}");
            let forecast = Forecast::read(contact, &ends, &at)?;
            unsure += u64::from(forecast.unsure);
            for piece in forecast.pieces {
                if piece.rate_bps == Some(0) {
                    mute += 1;
                } else {
                    plan.add_contact(piece)?;
                }
            }
        }
    }
    plan.note(unsure, "contacts with a probability below 1 taken as certain");
    plan.note(mute, "stretches with rate 0 left out");
    Ok(plan)
}

struct Ends<'d> {
    from: &'d str,
    to: &'d str,
}

impl<'d> Ends<'d> {
    fn read(vertices: &'d Value) -> Option<Ends<'d>> {
        let [from, to] = vertices.as_array()?.as_slice() else {
            return None;
        };
        let (from, to) = (from.as_str()?, to.as_str()?);
        Some(Ends { from, to })
    }
}

struct Forecast {
    pieces: Vec<Stated>,
    unsure: bool,
}

impl Forecast {
    fn read(contact: &Value, ends: &Ends<'_>, at: &str) -> Result<Forecast, Fault> {
        let fields = contact.as_array().map_or(&[][..], Vec::as_slice);
        let [from, to, start, end, generations] = fields else {
            return Err(shape(at, "[from, to, start, end, generations]"));
        };
        if from.as_str() != Some(ends.from) || to.as_str() != Some(ends.to) {
            return Err(shape(at, "between the vertices of its edge"));
        }
        let start_ms = seconds(start, at)?;
        let end_ms = seconds(end, at)?;
        check_order(start_ms, end_ms)?;
        let generation = generations
            .as_array()
            .and_then(|generations| generations.last()?.as_array())
            .map_or(&[][..], Vec::as_slice);
        let [_, probability, characteristics] = generation else {
            return Err(shape(at, "with [valid_from, probability, characteristics]"));
        };
        let probability = probability
            .as_f64()
            .filter(|value| (0.0..=1.0).contains(value))
            .ok_or_else(|| shape(at, "with a probability from 0 to 1"))?;
        let mut steps = Vec::new();
        for step in characteristics.as_array().into_iter().flatten() {
            steps.push(Step::read(step, at)?);
        }
        if !steps.is_sorted_by_key(|step| step.from_ms) {
            return Err(shape(at, "with its characteristics in time order"));
        }
        if steps.first().is_none_or(|first| first.from_ms > start_ms) {
            return Err(shape(at, "with characteristics from its start on"));
        }
        let ends_ms = steps.iter().skip(1).map(|next| next.from_ms);
        let pieces = steps
            .iter()
            .zip(ends_ms.chain([end_ms]))
            .map(|(step, until_ms)| Stated {
                start_ms: step.from_ms.max(start_ms),
                end_ms: until_ms.min(end_ms),
                a: ends.from.to_owned(),
                b: ends.to.to_owned(),
                direction: Direction::OneWay,
                rate_bps: Some(step.rate_bps),
                one_way_light_ms: step.light_ms,
            })
            .filter(|piece| piece.start_ms < piece.end_ms)
            .collect();
        Ok(Forecast { pieces, unsure: probability < 1.0 })
    }
}

/// What a contact is like from an instant on.
struct Step {
    from_ms: u64,
    rate_bps: u64,
    light_ms: u64,
}

impl Step {
    fn read(step: &Value, at: &str) -> Result<Step, Fault> {
        let fields = step.as_array().map_or(&[][..], Vec::as_slice);
        let [from, rate, delay] = fields else {
            return Err(shape(at, "with [starting_at, bit_rate, delay]"));
        };
        let rate_bps = rate
            .as_f64()
            .and_then(whole)
            .filter(|rate| *rate <= RATE_BPS_MAX)
            .ok_or_else(|| shape(at, "with a bit rate in its range"))?;
        Ok(Step { from_ms: seconds(from, at)?, rate_bps, light_ms: seconds(delay, at)? })
    }
}

fn seconds(value: &Value, at: &str) -> Result<u64, Fault> {
    let millis = value.as_f64().and_then(millis);
    millis.ok_or_else(|| shape(at, "with times in their range"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{contact, recorded, refused};
    use super::super::{Format, History};
    use super::*;
    use std::collections::BTreeSet;

    fn document(contacts: &str) -> String {
        format!(
            "{{\"contact_type\": \"PredictedContact_v2\", \"vertices\": {{\"u\": [\"v\"], \
             \"v\": [], \"w\": []}}, \"edges\": [{{\"vertices\": [\"u\", \"v\"], \
             \"contacts\": [{contacts}]}}]}}"
        )
    }

    #[test]
    fn the_last_generation_is_cut_where_it_changes() {
        let text = document(
            "[\"u\", \"v\", 1.5, 9, [[0, 1, [[0, 1, 0]]], \
             [0.5, 0.75, [[0, 800, 0.2], [4, 0, 0.2], [6, 900.4, 1], [9, 7, 7]]]]]",
        );
        let history = History::parse("x", text.as_bytes(), Format::Auto).expect("read");
        assert_eq!(history.format, Format::Ptvg);
        assert_eq!(history.nodes, ["u", "v", "w"]);
        assert_eq!(history.contacts.len(), 2);
        assert_eq!(contact(&history, 0), (1500, 4000, "u", "v"));
        assert_eq!(history.contacts[0].rate_bps, Some(800));
        assert_eq!(history.contacts[0].one_way_light_ms, 200);
        assert_eq!(history.contacts[0].direction, Direction::OneWay);
        assert_eq!(contact(&history, 1), (6000, 9000, "u", "v"));
        assert_eq!(history.contacts[1].rate_bps, Some(900));
        assert_eq!(history.contacts[1].one_way_light_ms, 1000);
        assert_eq!(
            history.notes,
            [
                "1 contacts with a probability below 1 taken as certain",
                "1 stretches with rate 0 left out",
                "1 of 3 nodes have no contact",
            ]
        );
    }

    #[test]
    fn names_may_have_spaces() {
        let text = document("[\"u\", \"v\", 1, 2, [[0, 1, [[1, 8, 0]]]]]");
        let text = text.replace("\"u\"", "\"SAT-1 (X)\"").replace("\"v\"", "\"Ground station 2\"");
        let history = History::parse("x", text.as_bytes(), Format::Auto).expect("read");
        assert_eq!(contact(&history, 0), (1000, 2000, "SAT-1 (X)", "Ground station 2"));
    }

    #[test]
    fn bad_documents_are_refused() {
        let at = "edge 1, contact 1";
        let check = |contact: &str, wanted| {
            let found = refused(&document(contact), Format::Ptvg);
            assert_eq!(found, (None, shape(at, wanted)), "{contact}");
        };
        check("7", "[from, to, start, end, generations]");
        check("[\"v\", \"u\", 1, 2, []]", "between the vertices of its edge");
        check("[\"u\", \"v\", -1, 2, []]", "with times in their range");
        check("[\"u\", \"v\", 1, 1e300, []]", "with times in their range");
        check("[\"u\", \"v\", 1, 2, []]", "with [valid_from, probability, characteristics]");
        check("[\"u\", \"v\", 1, 2, [[0, 2, []]]]", "with a probability from 0 to 1");
        check("[\"u\", \"v\", 1, 2, [[0, 1, []]]]", "with characteristics from its start on");
        check("[\"u\", \"v\", 1, 2, [[0, 1, [[1.5, 1, 0]]]]]", "with characteristics from its start on");
        check("[\"u\", \"v\", 1, 2, [[0, 1, [[1, -1, 0]]]]]", "with a bit rate in its range");
        check(
            "[\"u\", \"v\", 1, 9, [[0, 1, [[1, 1, 0], [0, 1, 0]]]]]",
            "with its characteristics in time order",
        );
        let (start_ms, end_ms) = (2000, 1000);
        assert_eq!(
            refused(&document("[\"u\", \"v\", 2, 1, []]"), Format::Ptvg),
            (None, Fault::NotAfter { start_ms, end_ms })
        );
        let nested = "[".repeat(100_000);
        for text in [nested.as_str(), "{\"vertices\": 1e999}", "{"] {
            let (line, fault) = refused(text, Format::Ptvg);
            assert_eq!(line, Some(1));
            assert!(matches!(fault, Fault::Json(_)));
        }
        let found = "Contact_v2".to_owned();
        assert_eq!(
            refused("{\"contact_type\": \"Contact_v2\"}", Format::Ptvg),
            (None, Fault::ContactType { found })
        );
        let edge = "{\"vertices\": {}, \"edges\": [{\"vertices\": [\"u\", \"v\"]}]}";
        assert_eq!(refused(edge, Format::Ptvg), (None, shape("edge 1", "between two of the vertices")));
    }

    #[test]
    fn the_recorded_constellation() {
        let Some(path) = recorded("asabr/sample1.ptvg.json") else {
            return;
        };
        let history = History::read(&path, Format::Auto).expect("read");
        assert_eq!(history.format, Format::Ptvg);
        assert_eq!(history.nodes.len(), 206);
        assert_eq!(history.nodes[205], "205");
        // The 16,138 contacts are directed: each of 8,069 meetings is listed once from each side.
        assert_eq!(history.contacts.len(), 16_138);
        let meetings: BTreeSet<_> =
            history.contacts.iter().map(|c| (c.start_ms, c.end_ms, c.a.min(c.b), c.a.max(c.b))).collect();
        assert_eq!(meetings.len(), 8_069);
        let all_alike = |c: &super::super::Contact| {
            (c.rate_bps, c.one_way_light_ms, c.direction) == (Some(8_000_000), 0, Direction::OneWay)
        };
        assert!(history.contacts.iter().all(all_alike));
        assert_eq!(history.contacts[0].start_ms, 60_000);
        assert_eq!(history.span_ms(), 28_799_900);
        assert_eq!(history.notes, ["20 of 206 nodes have no contact"]);
    }
}
