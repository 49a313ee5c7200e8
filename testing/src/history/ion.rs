//! Contact plans of ION: the commands `a contact` and `a range`.
//!
//! - `a contact <start> <stop> <from> <to> <bytes per second> [<confidence>]` is one way. A rate of
//!   zero carries nothing; such a contact is left out and counted in a note.
//! - `a range <start> <stop> <from> <to> <light seconds>` gives the distance of one direction, and
//!   of the other direction wherever no range of its own is stated. Two ranges of one direction may
//!   not overlap.
//! - A contact is cut where a range that touches it starts or ends, so every piece has the light
//!   time of its whole length. Stretches without a range have light time 0 and are counted.
//! - Times are `+seconds` or `yyyy/mm/dd-hh:mm:ss` (UTC). `@ date` says from when the `+seconds` behind it count; without
//!   it they count from an unknown instant, and a plan must then have no dates. Relative times keep the plan's
//!   zero; dates are shifted to the first contact.
//! - Contacts of a node with itself, as ION configurations have them, and contacts of no length carry nothing:
//!   left out and counted.
//! - `d` and `c` of a contact or range change the plan in a way that is not read: refused. Every other command, of
//!   whatever administration program, touches no contact: ignored and counted.

use super::{
    Direction, Fault, Located, Plan, RATE_BPS_MAX, Stated, excerpt, lines, millis, number_fault, parse_count,
    parse_seconds,
};
use std::collections::BTreeMap;

pub(super) fn read(text: &str) -> Result<Plan, Located> {
    let mut contacts = Vec::new();
    let mut ranges = Ranges::default();
    let mut dated = None;
    let mut since = None;
    let mut ignored = 0u64;
    for (number, line) in lines(text) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let command = match fields[..] {
            ["a", "contact", ref fields @ ..] => read_contact(fields, since).map(Command::Contact),
            ["a", "range", ref fields @ ..] => read_range(fields, since).map(Command::Range),
            ["d" | "c", "contact" | "range", ..] => Err(Fault::Command { text: excerpt(line) }),
            ["@", time] => {
                let date = read_date(time).ok_or_else(|| Fault::Reference { text: excerpt(time) });
                since = Some(date.map_err(|fault| fault.at(number))?);
                continue;
            }
            _ => {
                ignored += 1;
                continue;
            }
        };
        let command = command.map_err(|fault| fault.at(number))?;
        let kind = match &command {
            Command::Contact((_, kind)) | Command::Range((_, kind)) => *kind,
        };
        if *dated.get_or_insert(kind) != kind {
            return Err(Fault::MixedTimes.at(number));
        }
        match command {
            Command::Contact((contact, _)) => contacts.push((number, contact)),
            Command::Range((range, _)) => ranges.add(number, range),
        }
    }
    ranges.sort()?;

    let mut plan = Plan { calendar: dated == Some(Kind::Date), ..Plan::default() };
    let (mut mute, mut unranged) = (0u64, 0u64);
    for (number, contact) in contacts {
        if contact.rate_bps == Some(0) {
            mute += 1;
            continue;
        }
        if contact.a == contact.b || contact.start_ms == contact.end_ms {
            plan.add_contact(contact).map_err(|fault| fault.at(number))?;
            continue;
        }
        for (start_ms, end_ms, light_ms) in ranges.pieces(&contact) {
            unranged += u64::from(light_ms.is_none());
            plan.add_contact(Stated {
                start_ms,
                end_ms,
                a: contact.a.clone(),
                b: contact.b.clone(),
                one_way_light_ms: light_ms.unwrap_or(0),
                ..contact
            })
            .map_err(|fault| fault.at(number))?;
        }
    }
    plan.note(ignored, "other commands ignored");
    plan.note(mute, "contacts with rate 0 left out");
    plan.note(unranged, "contacts without a range have light time 0");
    Ok(plan)
}

enum Command {
    Contact((Stated, Kind)),
    Range((Range, Kind)),
}

/// What the times of a plan count from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Relative,
    Date,
}

struct Range {
    start_ms: u64,
    end_ms: u64,
    from: String,
    to: String,
    light_ms: u64,
}

fn read_contact(fields: &[&str], since: Option<u64>) -> Result<(Stated, Kind), Fault> {
    let (start, stop, from, to, rate) = match *fields {
        [start, stop, from, to, rate] => (start, stop, from, to, rate),
        [start, stop, from, to, rate, confidence] | [start, stop, from, to, rate, confidence, _] => {
            let stated = confidence.parse::<f64>();
            if !stated.is_ok_and(|value| (0.0..=1.0).contains(&value)) {
                return Err(number_fault("confidence", confidence));
            }
            (start, stop, from, to, rate)
        }
        _ => {
            return Err(Fault::FieldCount {
                wanted: "7 to 9 (a contact start stop from to rate [confidence [announce]])",
                found: fields.len() + 2,
            });
        }
    };
    let (start_ms, end_ms, kind) = read_stretch(start, stop, since)?;
    let contact = Stated {
        start_ms,
        end_ms,
        a: from.to_owned(),
        b: to.to_owned(),
        direction: Direction::OneWay,
        rate_bps: Some(8 * parse_count("rate", rate, RATE_BPS_MAX / 8)?),
        one_way_light_ms: 0,
    };
    Ok((contact, kind))
}

fn read_range(fields: &[&str], since: Option<u64>) -> Result<(Range, Kind), Fault> {
    let [start, stop, from, to, light] = *fields else {
        return Err(Fault::FieldCount {
            wanted: "7 (a range start stop from to light_seconds)",
            found: fields.len() + 2,
        });
    };
    let (start_ms, end_ms, kind) = read_stretch(start, stop, since)?;
    let range = Range {
        start_ms,
        end_ms,
        from: from.to_owned(),
        to: to.to_owned(),
        light_ms: parse_seconds("light_seconds", light)?,
    };
    Ok((range, kind))
}

fn read_stretch(start: &str, stop: &str, since: Option<u64>) -> Result<(u64, u64, Kind), Fault> {
    let (start_ms, kind) = read_moment(start, since)?;
    let (end_ms, end_kind) = read_moment(stop, since)?;
    if kind != end_kind {
        return Err(Fault::MixedTimes);
    }
    if end_ms < start_ms {
        return Err(Fault::NotAfter { start_ms, end_ms });
    }
    Ok((start_ms, end_ms, kind))
}

/// A moment; `since` is what relative ones count from, if that is known.
fn read_moment(text: &str, since: Option<u64>) -> Result<(u64, Kind), Fault> {
    let moment = match text.strip_prefix('+') {
        Some(seconds) => seconds.parse().ok().and_then(millis).map(|ms| match since {
            // Both are far from the end of u64.
            Some(since) => (since + ms, Kind::Date),
            None => (ms, Kind::Relative),
        }),
        None => read_date(text).map(|ms| (ms, Kind::Date)),
    };
    moment.ok_or_else(|| Fault::Moment { text: excerpt(text) })
}

/// `yyyy/mm/dd-hh:mm:ss` as milliseconds since 1970.
fn read_date(text: &str) -> Option<u64> {
    let (date, time) = text.split_once('-')?;
    let [year, month, day] = three(date, '/')?;
    let [hour, minute, second] = three(time, ':')?;
    let leap = |year: u64| year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let lengths = [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let before = usize::try_from(month.checked_sub(1)?).ok()?;
    let length = *lengths.get(before)?;
    let legal = (1970..=4999).contains(&year)
        && (1..=length).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    if !legal {
        return None;
    }
    let past = year - 1;
    // Days of the proleptic calendar before the year, less those before 1970.
    let years = past * 365 + past / 4 - past / 100 + past / 400 - 719_162;
    let days = years + lengths[..before].iter().sum::<u64>() + day - 1;
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000)
}

fn three(text: &str, separator: char) -> Option<[u64; 3]> {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = text.split(separator);
    let mut next = || parts.next().filter(|part| digits(part))?.parse().ok();
    let found = [next()?, next()?, next()?];
    parts.next().is_none().then_some(found)
}

/// The stated ranges by direction; after [`Ranges::sort`] in time order and disjoint.
#[derive(Default)]
struct Ranges(BTreeMap<(String, String), Vec<Stretch>>);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Stretch {
    start_ms: u64,
    end_ms: u64,
    light_ms: u64,
    line: usize,
}

impl Ranges {
    fn add(&mut self, line: usize, range: Range) {
        let stretch =
            Stretch { start_ms: range.start_ms, end_ms: range.end_ms, light_ms: range.light_ms, line };
        self.0.entry((range.from, range.to)).or_default().push(stretch);
    }

    fn sort(&mut self) -> Result<(), Located> {
        for ((from, to), stretches) in &mut self.0 {
            stretches.sort();
            for pair in stretches.windows(2) {
                if pair[1].start_ms < pair[0].end_ms {
                    let (from, to) = (from.clone(), to.clone());
                    let line = pair[0].line.max(pair[1].line);
                    return Err(Fault::RangeOverlap { from, to }.at(line));
                }
            }
        }
        Ok(())
    }

    /// A contact, cut so that every piece has one light time, or none stated.
    fn pieces(&self, contact: &Stated) -> Vec<(u64, u64, Option<u64>)> {
        let there = self.touching(&contact.a, &contact.b, contact);
        let back = self.touching(&contact.b, &contact.a, contact);
        let mut cuts = vec![contact.start_ms, contact.end_ms];
        for stretch in there.iter().chain(back) {
            cuts.extend([stretch.start_ms, stretch.end_ms]);
        }
        cuts.retain(|cut| (contact.start_ms..=contact.end_ms).contains(cut));
        cuts.sort_unstable();
        cuts.dedup();
        cuts.windows(2)
            .map(|cut| {
                let light = light_at(there, cut[0]).or_else(|| light_at(back, cut[0]));
                (cut[0], cut[1], light)
            })
            .collect()
    }

    fn touching(&self, from: &str, to: &str, contact: &Stated) -> &[Stretch] {
        let key = (from.to_owned(), to.to_owned());
        let all = self.0.get(&key).map_or(&[][..], Vec::as_slice);
        let first = all.partition_point(|stretch| stretch.end_ms <= contact.start_ms);
        let last = all.partition_point(|stretch| stretch.start_ms < contact.end_ms);
        // Disjoint and sorted, so whatever ends before the contact also starts before its end.
        &all[first..last]
    }
}

fn light_at(stretches: &[Stretch], at_ms: u64) -> Option<u64> {
    let next = stretches.partition_point(|stretch| stretch.end_ms <= at_ms);
    stretches.get(next).filter(|stretch| stretch.start_ms <= at_ms).map(|stretch| stretch.light_ms)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{contact, recorded, refused};
    use super::super::{Format, History};
    use super::*;

    fn read(text: &str) -> History {
        History::parse("x", text.as_bytes(), Format::Ion).expect("read")
    }

    fn lights(history: &History) -> Vec<(u64, u64, u64)> {
        let light = |c: &super::super::Contact| (c.start_ms / 1000, c.end_ms / 1000, c.one_way_light_ms);
        history.contacts.iter().map(light).collect()
    }

    #[test]
    fn contacts_are_one_way_with_bits_per_second() {
        let history = read("# plan\nm horizon +0\na contact +60 +7260 1 2 10000 0.9\n");
        assert_eq!(contact(&history, 0), (60_000, 7_260_000, "1", "2"));
        assert_eq!(history.contacts[0].direction, Direction::OneWay);
        assert_eq!(history.contacts[0].rate_bps, Some(80_000));
        assert_eq!(
            history.notes,
            ["1 other commands ignored", "1 contacts without a range have light time 0"]
        );
    }

    #[test]
    fn a_range_holds_for_both_directions_unless_the_other_is_stated() {
        let both = read("a contact +0 +9 1 2 1\na contact +0 +9 2 1 1\na range +0 +9 1 2 5\n");
        assert_eq!(lights(&both), [(0, 9, 5000), (0, 9, 5000)]);
        let each = read(
            "a contact +0 +9 1 2 1\na contact +0 +9 2 1 1\n\
             a range +0 +9 1 2 5\na range +0 +9 2 1 7.5\n",
        );
        assert_eq!(lights(&each), [(0, 9, 5000), (0, 9, 7500)]);
    }

    #[test]
    fn a_contact_is_cut_where_its_range_changes() {
        let history = read(
            "a contact +10 +50 1 2 1\na range +0 +20 1 2 5\na range +20 +30 1 2 6\n\
             a range +30 +40 2 1 7\n",
        );
        assert_eq!(lights(&history), [(10, 20, 5000), (20, 30, 6000), (30, 40, 7000), (40, 50, 0)]);
        assert_eq!(history.notes, ["1 contacts without a range have light time 0"]);
    }

    #[test]
    fn a_rate_of_zero_is_no_contact() {
        let history = read("a contact +0 +9 1 2 0\na contact +0 +9 2 1 5\na range +0 +9 1 2 1\n");
        assert_eq!(history.contacts.len(), 1);
        assert_eq!(history.notes, ["1 contacts with rate 0 left out"]);
    }

    #[test]
    fn dates_are_shifted_to_the_first_contact() {
        let check = |text, expect| assert_eq!(read_date(text), expect, "{text}");
        check("1970/01/01-00:00:00", Some(0));
        check("2000/03/01-00:00:00", Some(951_868_800_000));
        check("2026/07/04-12:30:59", Some(1_783_168_259_000));
        check("2026/02/29-00:00:00", None);
        check("2024/02/29-00:00:00", Some(1_709_164_800_000));
        check("1969/12/31-23:59:59", None);
        check("2026/13/01-00:00:00", None);
        check("2026/00/01-00:00:00", None);
        check("2026/01/01-24:00:00", None);
        check("99999999999999999999/01/01-00:00:00", None);
        check("2026/1/1", None);
        let history = read(
            "a contact 2024/02/28-23:59:50 2024/02/29-00:00:10 1 2 1\n\
             a range 2024/02/29-00:00:00 2024/03/01-00:00:00 1 2 3\n",
        );
        assert_eq!(lights(&history), [(0, 10, 0), (10, 20, 3000)]);
    }

    /// A configuration of a node: commands of several programs, a reference time, loopback contacts.
    #[test]
    fn a_configuration_is_read_for_its_contacts() {
        let text = "## begin ionadmin\n1 5 node.ionconfig\ns\n@ 2009/01/01-00:00:00\na contact +0 +600 4 4 100000\n\
                    a contact +60 2009/01/01-00:10:00 4 5 125000 1.0 1\na range +0 +600 4 5 2\na plan 5 udp/host:4556\n\
                    m horizon +0\na contact +5 +5 5 4 1\n## end ionadmin\n";
        let history = History::parse("x", text.as_bytes(), Format::Auto).expect("read");
        assert_eq!(history.format, Format::Ion);
        assert_eq!(lights(&history), [(0, 540, 2000)], "from the first contact between two nodes on");
        assert_eq!(
            history.notes,
            [
                "4 other commands ignored",
                "1 contacts of zero seconds left out",
                "1 contacts of a node with itself left out",
                "zero is the start of the first contact"
            ]
        );
        for (name, contacts) in [("small/loopback.ion", 2), ("small/node.ionrc", 2)] {
            if let Some(path) = recorded(name) {
                assert_eq!(
                    History::read(&path, Format::Auto).expect("read").contacts.len(),
                    contacts,
                    "{name}"
                );
            }
        }
    }

    #[test]
    fn bad_lines_are_refused_with_their_number() {
        let check = |line: &str, expect: Fault| {
            let text = format!("a contact +0 +9 8 9 1\n{line}\n");
            let last = text.lines().count();
            assert_eq!(refused(&text, Format::Ion), (Some(last), expect), "{line}");
        };
        let text = String::from;
        let command = |line| Fault::Command { text: text(line) };
        check("d contact +0 1 2", command("d contact +0 1 2"));
        check("c contact +0 1 2 5", command("c contact +0 1 2 5"));
        check("@ 0", Fault::Reference { text: text("0") });
        check("a contact 60 +90 1 2 1", Fault::Moment { text: text("60") });
        check("a contact +-1 +90 1 2 1", Fault::Moment { text: text("+-1") });
        check("a contact +NaN +9 1 2 1", Fault::Moment { text: text("+NaN") });
        check("a contact +0 2026/01/01-00:00:00 1 2 1", Fault::MixedTimes);
        let dates = "2026/01/01-00:00:00 2026/01/02-00:00:00";
        check(&format!("a contact {dates} 1 2 1"), Fault::MixedTimes);
        let huge = "18446744073709551615";
        check(&format!("a contact +0 +1 1 2 {huge}"), number_fault("rate", huge));
        check("a contact +0 +1 1 2 1 2", number_fault("confidence", "2"));
        check("a range +0 +1 1 2 -1", number_fault("light_seconds", "-1"));
        let wanted = "7 (a range start stop from to light_seconds)";
        check("a range +0 +1 1 2", Fault::FieldCount { wanted, found: 6 });
        let (start_ms, end_ms) = (2000, 1000);
        check("a range +2 +1 1 2 1", Fault::NotAfter { start_ms, end_ms });
        let (from, to) = (text("1"), text("2"));
        check("a range +0 +5 1 2 1\na range +4 +9 1 2 1", Fault::RangeOverlap { from, to });
    }

    #[test]
    fn the_recorded_plan() {
        let Some(path) = recorded("asabr/ion_format.cp") else {
            return;
        };
        let history = History::read(&path, Format::Auto).expect("read");
        assert_eq!(history.format, Format::Ion);
        assert_eq!(history.nodes, ["1", "2", "3", "4", "5", "6"]);
        assert_eq!(history.contacts.len(), 5);
        assert_eq!(history.groups().len(), 1);
        let rates = history.contacts.iter().map(|contact| contact.rate_bps);
        let expect = [80_000, 120_000, 160_000, 200_000, 240_000].map(Some);
        assert!(rates.eq(expect));
        let lights = history.contacts.iter().map(|c| c.one_way_light_ms / 1000);
        assert!(lights.eq([10, 15, 20, 25, 30]));
        assert!(history.notes.is_empty());
    }
}
