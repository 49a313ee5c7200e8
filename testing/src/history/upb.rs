//! Contacts that the participants of a study recorded: `a b start_s end_s n gap`.
//!
//! - Ids 1 to `participants` are the devices that record, hence the replicas. Nothing in the file tells how many
//!   they are, so whoever reads it must. A contact with any other id is left out and counted in a note.
//! - A participant that the file names is a node even if it met outside devices only.
//! - A sighting of zero seconds counts as one second.
//! - Both sides may record one meeting. The two records overlap without being equal, and both are
//!   kept: each is what one device saw. Records of one side with equal times are one contact; `n`
//!   and `gap` could differ, but no part of a history depends on them.
//! - The file states neither direction, rate nor distance.

use super::{Direction, Fault, Located, Plan, Stated, lines, number_fault, parse_count, parse_seconds};
use std::collections::BTreeSet;

/// What a sighting of zero seconds lasts.
const SIGHTING_MS: u64 = 1000;

pub(super) fn read(text: &str, participants: Option<u64>) -> Result<Plan, Located> {
    let Some(participants) = participants else { return Err(unasked(text)?.into()) };
    let mut plan = Plan::default();
    let mut seen = BTreeSet::new();
    let (mut outside, mut repeated, mut instant) = (0u64, 0u64, 0u64);
    for (number, line) in lines(text) {
        let sighting = read_sighting(line).map_err(|fault| fault.at(number))?;
        let mut inside = true;
        for id in [sighting.a, sighting.b] {
            if (1..=participants).contains(&id) {
                plan.add_node(&id.to_string()).map_err(|fault| fault.at(number))?;
            } else {
                inside = false;
            }
        }
        if !inside {
            outside += 1;
            continue;
        }
        if !seen.insert(sighting) {
            repeated += 1;
            continue;
        }
        let Sighting { a, b, start_ms, mut end_ms } = sighting;
        if start_ms == end_ms {
            instant += 1;
            end_ms += SIGHTING_MS;
        }
        plan.add_contact(Stated {
            start_ms,
            end_ms,
            a: a.to_string(),
            b: b.to_string(),
            direction: Direction::BothWays,
            rate_bps: None,
            one_way_light_ms: 0,
        })
        .map_err(|fault| fault.at(number))?;
    }
    plan.note(outside, "contacts with outside devices left out");
    plan.note(repeated, "repeated contacts left out");
    plan.note(instant, "contacts of zero seconds counted as one second");
    Ok(plan)
}

/// What the file shows of who took part, when nobody says it.
fn unasked(text: &str) -> Result<Fault, Located> {
    let (mut recorders, mut seen) = (BTreeSet::new(), 0);
    for (number, line) in lines(text) {
        let sighting = read_sighting(line).map_err(|fault| fault.at(number))?;
        recorders.insert(sighting.a);
        seen = sighting.a.max(sighting.b).max(seen);
    }
    let last = recorders.last().copied().unwrap_or(0);
    Ok(Fault::Participants { recorders: recorders.len(), last, seen })
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Sighting {
    a: u64,
    b: u64,
    start_ms: u64,
    end_ms: u64,
}

fn read_sighting(line: &str) -> Result<Sighting, Fault> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let [a, b, start, end, n, gap] = fields[..] else {
        return Err(Fault::FieldCount { wanted: "6 separated by white space", found: fields.len() });
    };
    // The gap of a record that was listed before is negative.
    for (field, text) in [("n", n), ("gap", gap)] {
        text.parse::<i64>().map_err(|_| number_fault(field, text))?;
    }
    let sighting = Sighting {
        a: parse_count("a", a, u64::MAX)?,
        b: parse_count("b", b, u64::MAX)?,
        start_ms: parse_seconds("start_s", start)?,
        end_ms: parse_seconds("end_s", end)?,
    };
    if sighting.end_ms < sighting.start_ms {
        return Err(Fault::NotAfter { start_ms: sighting.start_ms, end_ms: sighting.end_ms });
    }
    Ok(sighting)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{contact, recorded, refused};
    use super::super::{Asked, Format, History};
    use super::*;

    #[test]
    fn outside_devices_repeats_and_instants() {
        let text = "1\t17\t10\t10\t1\t0\n17\t1\t10\t12\t1\t0\n1\t400\t3\t4\t1\t0\n\
                    1\t17\t10\t10\t1\t0\n1\t17\t10\t10\t2\t5\n3\t0\t1\t2\t1\t0\n";
        let asked = Asked { format: Format::Auto, participants: Some(22) };
        let history = History::parse("x", text.as_bytes(), asked).expect("read");
        assert_eq!(history.format, Format::Upb);
        assert_eq!(history.nodes, ["1", "3", "17"]);
        assert_eq!(history.contacts.len(), 2);
        assert_eq!(contact(&history, 0), (10_000, 11_000, "1", "17"));
        assert_eq!(contact(&history, 1), (10_000, 12_000, "17", "1"));
        assert_eq!(
            history.notes,
            [
                "2 contacts with outside devices left out",
                "2 repeated contacts left out",
                "1 contacts of zero seconds counted as one second",
                "1 of 3 nodes have no contact",
            ]
        );
    }

    #[test]
    fn bad_lines_are_refused_with_their_number() {
        let check = |line: &str, expect: Fault| {
            let text = format!("1 2 0 9 1 0\n{line}\n");
            let asked = Asked { format: Format::Upb, participants: Some(22) };
            assert_eq!(refused(&text, asked), (Some(2), expect.clone()), "{line}");
            assert_eq!(refused(&text, Format::Upb), (Some(2), expect), "{line}, nobody told");
        };
        let wanted = "6 separated by white space";
        check("1 2 3 4 5", Fault::FieldCount { wanted, found: 5 });
        check("1 -2 3 4 5 6", number_fault("b", "-2"));
        check("1 2 NaN 4 5 6", number_fault("start_s", "NaN"));
        check("1 2 3 4 5 six", number_fault("gap", "six"));
        let (start_ms, end_ms) = (4000, 3000);
        check("1 2 4 3 5 6", Fault::NotAfter { start_ms, end_ms });
    }

    #[test]
    fn who_took_part_is_asked_and_never_guessed() {
        let text = "1 2 0 9 1 0\n41 900 3 4 1 0\n2 2 5 6 1 0\n";
        let participants = Fault::Participants { recorders: 3, last: 41, seen: 900 };
        for format in [Format::Auto, Format::Upb] {
            assert_eq!(refused(text, format), (None, participants.clone()));
        }
        assert!(participants.to_string().contains("41"), "{participants}");
        let asked = Asked { format: Format::Auto, participants: Some(41) };
        let history = History::parse("x", text.as_bytes(), asked).expect("read");
        assert_eq!(history.nodes, ["1", "2", "41"]);
        assert!(history.notes.contains(&"1 contacts of a node with itself left out".to_owned()));
    }

    #[test]
    fn a_study_of_nine_is_not_one_of_twenty_two() {
        let Some(path) = recorded("contacts/haggle_intel.dat") else {
            return;
        };
        let unasked = History::read(&path, Format::Auto).expect_err("nobody told how many take part");
        assert!(matches!(unasked.fault, Fault::Participants { last: 9, .. }), "{unasked}");
        let asked = Asked { format: Format::Auto, participants: Some(9) };
        assert_eq!(History::read(&path, asked).expect("read").nodes.len(), 9);
    }

    #[test]
    fn the_recorded_study() {
        let Some(path) = recorded("contacts/upb2011.dat") else {
            return;
        };
        let text = std::fs::read_to_string(&path).expect("text");
        assert_eq!(text.lines().count(), 1463);
        let unasked = History::read(&path, Format::Auto).expect_err("nobody told how many take part");
        assert!(matches!(unasked.fault, Fault::Participants { last: 22, .. }), "{unasked}");
        let asked = Asked { format: Format::Auto, participants: Some(22) };
        let history = History::read(&path, asked).expect("read");
        assert_eq!(history.format, Format::Upb);
        assert_eq!(history.nodes.len(), 22);
        assert_eq!(history.contacts.len(), 331);
        assert_eq!(
            history.notes,
            [
                "1124 contacts with outside devices left out",
                "8 repeated contacts left out",
                "108 contacts of zero seconds counted as one second",
                "4 of 22 nodes have no contact",
            ]
        );
        // The file covers 35 days; participants met each other in the first 33 of them.
        let field = |line: &str, index| line.split_whitespace().nth(index)?.parse::<u64>().ok();
        let last_s = text.lines().filter_map(|line| field(line, 3)).max();
        assert_eq!(last_s.map(|seconds| seconds / 86_400), Some(35));
        assert_eq!(history.span_ms() / 86_400_000, 33);
    }
}
