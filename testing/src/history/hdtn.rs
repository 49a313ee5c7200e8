//! Contact plans of HDTN, as JSON.
//!
//! ```text
//! {"contacts": [{"contact": 0, "source": 10, "dest": 20, "startTime": 0, "endTime": 60,
//!                "rateBitsPerSec": 20000, "owlt": 1}, ..]}
//! ```
//!
//! - Contacts are one way. Times and the one-way light time `owlt` are seconds; absent, `owlt` is 0.
//! - A node is a number or a name. `contact`, a number of the plan's own, and further fields are not read.
//! - A contact with rate 0 carries nothing: left out and counted in a note.

use super::{Direction, Fault, Located, Plan, RATE_BPS_MAX, Stated, millis, shape, whole};
use serde_json::Value;

pub(super) fn read(text: &str) -> Result<Plan, Located> {
    let document: Value = serde_json::from_str(text)
        .map_err(|error| Located { line: Some(error.line()), fault: Fault::Json(error.to_string()) })?;
    let mut plan = Plan::default();
    let mut mute = 0u64;
    let contacts = document["contacts"].as_array().ok_or_else(|| shape("contacts", "a list"))?;
    for (contact, number) in contacts.iter().zip(1u64..) {
        let at = format!("contact {number}");
        let stated = read_contact(contact, &at)?;
        if stated.rate_bps == Some(0) {
            plan.add_node(&stated.a)?;
            plan.add_node(&stated.b)?;
            mute += 1;
        } else {
            plan.add_contact(stated)?;
        }
    }
    plan.note(mute, "contacts with rate 0 left out");
    Ok(plan)
}

fn read_contact(contact: &Value, at: &str) -> Result<Stated, Fault> {
    let seconds =
        |field: &str, wanted| contact[field].as_f64().and_then(millis).ok_or_else(|| shape(at, wanted));
    let node = |field: &str, wanted| match &contact[field] {
        Value::Number(number) => Ok(number.to_string()),
        Value::String(name) => Ok(name.clone()),
        _ => Err(shape(at, wanted)),
    };
    let rate = contact["rateBitsPerSec"].as_f64().and_then(whole).filter(|rate| *rate <= RATE_BPS_MAX);
    Ok(Stated {
        start_ms: seconds("startTime", "with startTime in seconds")?,
        end_ms: seconds("endTime", "with endTime in seconds")?,
        a: node("source", "with source, a node's number or name")?,
        b: node("dest", "with dest, a node's number or name")?,
        direction: Direction::OneWay,
        rate_bps: Some(rate.ok_or_else(|| shape(at, "with rateBitsPerSec, a whole number"))?),
        one_way_light_ms: match contact["owlt"] {
            Value::Null => 0,
            _ => seconds("owlt", "with owlt, the one-way light time in seconds")?,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{contact, recorded, refused};
    use super::super::{Format, History};
    use super::*;

    fn plan(contacts: &str) -> String {
        format!("{{\"contacts\": [{contacts}]}}")
    }

    #[test]
    fn contacts_are_one_way_with_rate_and_light_time() {
        let text = plan(
            "{\"contact\": 0, \"source\": 10, \"dest\": \"relay 2\", \"startTime\": 0, \"endTime\": 60.5, \
             \"rateBitsPerSec\": 20000, \"owlt\": 1.25}, \
             {\"source\": 10, \"dest\": 3, \"startTime\": 0, \"endTime\": 6, \"rateBitsPerSec\": 0}, \
             {\"source\": 3, \"dest\": 3, \"startTime\": 0, \"endTime\": 6, \"rateBitsPerSec\": 9}",
        );
        let history = History::parse("x", text.as_bytes(), Format::Auto).expect("read");
        assert_eq!(history.format, Format::Hdtn);
        assert_eq!(history.nodes, ["3", "10", "relay 2"]);
        assert_eq!(contact(&history, 0), (0, 60_500, "10", "relay 2"));
        let first = history.contacts[0];
        assert_eq!((first.rate_bps, first.one_way_light_ms), (Some(20_000), 1_250));
        assert_eq!(first.direction, Direction::OneWay);
        assert_eq!(
            history.notes[..2],
            ["1 contacts with rate 0 left out", "1 contacts of a node with itself left out"]
        );
    }

    #[test]
    fn bad_documents_are_refused() {
        let check = |contact: &str, wanted| {
            let found = refused(&plan(contact), Format::Hdtn);
            assert_eq!(found, (None, shape("contact 1", wanted)), "{contact}");
        };
        check("7", "with startTime in seconds");
        check("{\"startTime\": 1, \"endTime\": -1}", "with endTime in seconds");
        let times = "\"startTime\": 1, \"endTime\": 2";
        check(&format!("{{{times}}}"), "with source, a node's number or name");
        check(&format!("{{{times}, \"source\": 1, \"dest\": []}}"), "with dest, a node's number or name");
        let ends = format!("{times}, \"source\": 1, \"dest\": 2");
        check(&format!("{{{ends}, \"rate\": 5}}"), "with rateBitsPerSec, a whole number");
        let wanted = "with owlt, the one-way light time in seconds";
        check(&format!("{{{ends}, \"rateBitsPerSec\": 5, \"owlt\": \"far\"}}"), wanted);
        assert_eq!(refused("{\"contacts\": {}}", Format::Hdtn), (None, shape("contacts", "a list")));
        assert!(matches!(refused("{\n", Format::Hdtn), (Some(2), Fault::Json(_))));
    }

    #[test]
    fn the_plan_beside_the_workspace() {
        let Some(path) = recorded("small/hdtn.json") else { return };
        let history = History::read(&path, Format::Auto).expect("read");
        assert_eq!((history.format, history.contacts.len()), (Format::Hdtn, 2));
        assert_eq!(contact(&history, 0), (0, 60_000, "10", "20"));
    }
}
