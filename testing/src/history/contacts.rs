//! The project's own format: one contact a line.
//!
//! `start_s,end_s,a,b[,rate_bps[,light_ms[,one-way]]]`
//!
//! - Times are seconds from the history's zero, with at most three decimals that count.
//! - `a` and `b` are the names of two nodes; they may have spaces inside.
//! - A first line that names the columns says nothing. A contact that ends when it starts carries nothing, nor does
//!   one of a node with itself: left out and counted in a note.
//! - `rate_bps` is a whole number of bits per second in each open direction. Absent or empty means
//!   that no rate is stated; zero is refused.
//! - `light_ms` is the one-way light time in whole milliseconds. Absent or empty means 0.
//! - The word `one-way` means that only `a` can send; without it both can.
//! - Blank lines and lines that start with `#` say nothing; white space around a field is dropped.

use super::{
    Direction, Fault, History, Located, Plan, RATE_BPS_MAX, Stated, TIME_S_MAX, excerpt, lines, millis,
    number_fault, parse_count, parse_seconds,
};

/// What a line must have, as a first line may name it.
const COLUMNS: [&str; 4] = ["start_s", "end_s", "a", "b"];

pub(super) fn read(text: &str) -> Result<Plan, Located> {
    let mut plan = Plan::default();
    let header = |line: &str| line.split(',').map(str::trim).take(4).eq(COLUMNS);
    for (number, line) in lines(text).skip_while(|(_, line)| header(line)) {
        read_contact(line).and_then(|contact| plan.add_contact(contact)).map_err(|fault| fault.at(number))?;
    }
    Ok(plan)
}

/// Writes a history in the format `contacts`.
///
/// Reading the text gives the same contacts. Nodes without a contact, notes and the name are not
/// part of the format.
pub fn to_csv(history: &History) -> String {
    let mut text = String::new();
    for contact in &history.contacts {
        let direction = match contact.direction {
            Direction::OneWay => "one-way",
            Direction::BothWays => "",
        };
        let light = match contact.one_way_light_ms {
            0 => String::new(),
            light => light.to_string(),
        };
        let rate = contact.rate_bps.map_or(String::new(), |r| r.to_string());
        let line = format!(
            "{},{},{},{},{rate},{light},{direction}",
            Seconds(contact.start_ms),
            Seconds(contact.end_ms),
            history.nodes[contact.a.index()],
            history.nodes[contact.b.index()],
        );
        text.push_str(line.trim_end_matches(','));
        text.push('\n');
    }
    text
}

fn read_contact(line: &str) -> Result<Stated, Fault> {
    let fields: Vec<&str> = line.split(',').map(str::trim).collect();
    let (&[start, end, a, b], more) = fields
        .split_first_chunk()
        .filter(|(_, more)| more.len() <= 3)
        .ok_or(Fault::FieldCount { wanted: "4 to 7 separated by commas", found: fields.len() })?;
    let stated = |index: usize| more.get(index).copied().filter(|field| !field.is_empty());
    let rate_bps = stated(0)
        .map(|text| match parse_count("rate_bps", text, RATE_BPS_MAX)? {
            0 => Err(number_fault("rate_bps", text)),
            rate => Ok(rate),
        })
        .transpose()?;
    // TIME_S_MAX is in the range of `millis`.
    let light_ms_max = millis(TIME_S_MAX).unwrap_or(0);
    let light = stated(1).map(|text| parse_count("light_ms", text, light_ms_max));
    let direction = match stated(2) {
        None => Direction::BothWays,
        Some("one-way") => Direction::OneWay,
        Some(other) => {
            let text = excerpt(other);
            return Err(Fault::Direction { text });
        }
    };
    Ok(Stated {
        start_ms: parse_seconds("start_s", start)?,
        end_ms: parse_seconds("end_s", end)?,
        a: a.to_owned(),
        b: b.to_owned(),
        direction,
        rate_bps,
        one_way_light_ms: light.transpose()?.unwrap_or(0),
    })
}

/// Milliseconds, written as seconds.
struct Seconds(u64);

impl std::fmt::Display for Seconds {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.0 / 1000, self.0 % 1000) {
            (seconds, 0) => write!(out, "{seconds}"),
            (seconds, rest) => {
                let decimals = format!("{rest:03}");
                write!(out, "{seconds}.{}", decimals.trim_end_matches('0'))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::super::tests::{contact, recorded, refused};
    use super::*;

    #[test]
    fn columns_are_read_in_their_order() {
        let text = "# head\n\n 7.0625 , 9 , pump , valve \n1,2,valve,pump,8000,948000\n\
                    3,4,pump,valve,,50,one-way\n";
        let history = History::parse("x", text.as_bytes(), Format::Contacts).expect("read");
        assert_eq!(history.nodes, ["pump", "valve"]);
        assert_eq!(contact(&history, 0), (1000, 2000, "valve", "pump"));
        assert_eq!(history.contacts[0].rate_bps, Some(8000));
        assert_eq!(history.contacts[0].one_way_light_ms, 948_000);
        assert_eq!(history.contacts[0].direction, Direction::BothWays);
        assert_eq!(contact(&history, 1), (3000, 4000, "pump", "valve"));
        assert_eq!(history.contacts[1].rate_bps, None);
        assert_eq!(history.contacts[1].one_way_light_ms, 50);
        assert_eq!(history.contacts[1].direction, Direction::OneWay);
        assert_eq!(contact(&history, 2), (7063, 9000, "pump", "valve"));
        assert_eq!(history.contacts[2].rate_bps, None);
        assert_eq!(history.contacts[2].one_way_light_ms, 0);
    }

    #[test]
    fn what_is_written_reads_the_same() {
        let text = "0,1,x,y\n1.5,2.001,y,z,8000\n2,3,x,z,,7\n4,5,z,x,1,,one-way\n";
        let history = History::parse("x", text.as_bytes(), Format::Contacts).expect("read");
        assert_eq!(to_csv(&history), text);
    }

    #[test]
    fn a_line_of_columns_names_with_spaces_and_contacts_that_carry_nothing() {
        let text = "# head\nstart_s, end_s, a, b\n0,60,satellite one,ground\n30,30,satellite one,relay\n5,9,relay,relay\n";
        let history = History::parse("x", text.as_bytes(), Format::Auto).expect("read");
        assert_eq!(history.nodes, ["ground", "relay", "satellite one"]);
        assert_eq!(contact(&history, 0), (0, 60_000, "satellite one", "ground"));
        assert_eq!(
            history.notes,
            [
                "1 contacts of zero seconds left out",
                "1 contacts of a node with itself left out",
                "1 of 3 nodes have no contact"
            ]
        );
        if let Some(path) = recorded("small/header.csv") {
            assert_eq!(History::read(&path, Format::Auto).expect("read").contacts.len(), 1);
        }
    }

    #[test]
    fn bad_lines_are_refused_with_their_number() {
        let check = |line: &str, expect: Fault| {
            let text = format!("0,1,x,y\n\n{line}\n");
            let found = refused(&text, Format::Contacts);
            assert_eq!(found, (Some(3), expect), "{line}");
        };
        let number = |field, text: &str| number_fault(field, text);
        let fields = |found| Fault::FieldCount { wanted: "4 to 7 separated by commas", found };
        check("1,2,x", fields(3));
        check("1,2,x,y,1,1,one-way,z", fields(8));
        check("start_s,end_s,a,b", number("start_s", "start_s"));
        check("NaN,2,x,y", number("start_s", "NaN"));
        check("1,inf,x,y", number("end_s", "inf"));
        check("-1,2,x,y", number("start_s", "-1"));
        check("1,1e12,x,y", number("end_s", "1e12"));
        check("1,2,x,y,-5", number("rate_bps", "-5"));
        check("1,2,x,y,0", number("rate_bps", "0"));
        let huge = "99999999999999999999";
        check(&format!("1,2,x,y,,{huge}"), number("light_ms", huge));
        let direction = Fault::Direction { text: "down".to_owned() };
        check("1,2,x,y,,,down", direction);
        let (start_ms, end_ms) = (2000, 1000);
        check("2,1,x,y", Fault::NotAfter { start_ms, end_ms });
        let text = "x\ty".to_owned();
        check("1,2,x\ty,z", Fault::Name { text });
        let text = String::new();
        check("1,2,x,", Fault::Name { text });
        assert_eq!(refused("# nothing\n", Format::Contacts), (None, Fault::NoContact));
    }
}
