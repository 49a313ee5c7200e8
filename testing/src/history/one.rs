//! Connectivity traces of the ONE simulator: `<seconds> CONN <host> <host> up|down`.
//!
//! - A contact works both ways, from an `up` to the next `down` of the same two hosts, in either order.
//! - What is up at the end of the trace ends with its last event; a `down` of what is not up, and an `up` of what
//!   is, change nothing. Each is counted in a note.
//! - A contact that ends in the instant in which it starts carries nothing: left out and counted.
//! - Other events of the simulator (messages are created, sent and dropped) are no contacts: ignored and counted.
//! - The trace states neither rate nor distance.

use super::{Direction, Fault, Located, Plan, Stated, excerpt, lines, parse_seconds};
use std::collections::BTreeMap;

pub(super) fn read(text: &str) -> Result<Plan, Located> {
    let mut plan = Plan::default();
    let mut up: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    let (mut last_ms, mut again, mut other) = (0, 0u64, 0u64);
    for (number, line) in lines(text) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [time, "CONN", a, b, what] = fields[..] else {
            let seconds = fields.first().is_some_and(|field| parse_seconds("time", field).is_ok());
            if fields.get(1).is_none_or(|event| *event == "CONN") || !seconds {
                let wanted = "5 (seconds CONN host host up|down)";
                return Err(Fault::FieldCount { wanted, found: fields.len() }.at(number));
            }
            other += 1;
            continue;
        };
        let at_ms = parse_seconds("time", time).map_err(|fault| fault.at(number))?;
        last_ms = last_ms.max(at_ms);
        for name in [a, b] {
            plan.add_node(name).map_err(|fault| fault.at(number))?;
        }
        let pair = (a.min(b), a.max(b));
        match (what, up.get(&pair)) {
            ("up", None) => drop(up.insert(pair, at_ms)),
            ("down", Some(start_ms)) => {
                let start_ms = *start_ms;
                up.remove(&pair);
                plan.add_contact(between(pair, start_ms, at_ms)).map_err(|fault| fault.at(number))?;
            }
            ("up" | "down", _) => again += 1,
            _ => return Err(Fault::UpOrDown { text: excerpt(what) }.at(number)),
        }
    }
    let open = up.len();
    for (pair, start_ms) in up {
        plan.add_contact(between(pair, start_ms, last_ms))?;
    }
    plan.note(open as u64, "contacts still up at the end of the trace end with its last event");
    plan.note(again, "events that change no contact ignored");
    plan.note(other, "events that are no contacts ignored");
    Ok(plan)
}

fn between((a, b): (&str, &str), start_ms: u64, end_ms: u64) -> Stated {
    Stated {
        start_ms,
        end_ms,
        a: a.to_owned(),
        b: b.to_owned(),
        direction: Direction::BothWays,
        rate_bps: None,
        one_way_light_ms: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{contact, recorded, refused};
    use super::super::{Format, History};
    use super::*;

    #[test]
    fn a_contact_lasts_from_up_to_down() {
        let text = "17.5 CONN 12 40 up\n20 C M1 12 40 500\n61 CONN 40 12 down\n61 CONN 40 12 down\n\
                    62 CONN 12 7 up\n63 CONN 12 7 up\n70 CONN 7 7 up\n70 CONN 9 7 up\n70 CONN 9 7 down\n";
        let history = History::parse("x", text.as_bytes(), Format::Auto).expect("read");
        assert_eq!(history.format, Format::One);
        assert_eq!(history.nodes, ["7", "9", "12", "40"]);
        assert_eq!(history.contacts.len(), 2);
        assert_eq!(contact(&history, 0), (17_500, 61_000, "12", "40"));
        assert_eq!(contact(&history, 1), (62_000, 70_000, "12", "7"));
        assert_eq!(history.contacts[0].direction, Direction::BothWays);
        assert_eq!(
            history.notes,
            [
                "2 contacts still up at the end of the trace end with its last event",
                "2 events that change no contact ignored",
                "1 events that are no contacts ignored",
                "1 contacts of zero seconds left out",
                "1 contacts of a node with itself left out",
                "1 of 4 nodes have no contact",
            ]
        );
    }

    #[test]
    fn bad_lines_are_refused_with_their_number() {
        let check = |line: &str, expect: Fault| {
            let text = format!("1 CONN 1 2 up\n{line}\n");
            assert_eq!(refused(&text, Format::One), (Some(2), expect), "{line}");
        };
        let wanted = "5 (seconds CONN host host up|down)";
        check("2 CONN 1 2", Fault::FieldCount { wanted, found: 4 });
        check("2", Fault::FieldCount { wanted, found: 1 });
        check("soon C M1 1 2", Fault::FieldCount { wanted, found: 5 });
        check("2 CONN 1 2 sideways", Fault::UpOrDown { text: "sideways".to_owned() });
        check("-2 CONN 1 2 up", super::super::number_fault("time", "-2"));
    }

    #[test]
    fn the_trace_beside_the_workspace() {
        let Some(path) = recorded("small/one.txt") else { return };
        let history = History::read(&path, Format::Auto).expect("read");
        assert_eq!((history.format, history.contacts.len(), history.nodes.len()), (Format::One, 2, 3));
    }
}
