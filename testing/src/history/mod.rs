//! Contact histories: which two nodes could reach each other, when, how fast and how far apart.
//!
//! A history is the weather of a replay. It is read from a file that somebody recorded or planned,
//! or made by [`generate`]; it never says what was sent.
//!
//! - Contacts are sorted by (start, end, a, b), have a positive length and join two different nodes.
//! - Times are milliseconds from the history's zero. A file with relative times keeps its own zero;
//!   a file with calendar or Unix times has its zero at the start of its first contact.
//! - Node names are sorted with trailing numbers by value, so an index does not depend on the order
//!   of the lines. A name is 1 to [`NAME_BYTES_MAX`] bytes without commas, `#` or white space other than single
//!   spaces inside.
//! - Whatever a reader left out stands in `notes` with its count: contacts of a node with itself and contacts of zero
//!   seconds, in every format.
//! - Every text gives a history or a [`HistoryError`]; no text makes a reader panic.
//!
//! | format | direction | rate | light time |
//! |---|---|---|---|
//! | `contacts` | both ways, or one way if marked | if stated | if stated |
//! | `upb` | both ways | none | none |
//! | `ion` | one way | stated | from the ranges |
//! | `ptvg` | one way | stated | stated as delay |
//! | `hdtn` | one way | stated | stated as owlt |
//! | `one` | both ways | none | none |

mod contacts;
mod hdtn;
mod heliocentric;
mod ion;
mod one;
mod ptvg;
mod upb;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::str::FromStr;

pub use contacts::to_csv;
pub use heliocentric::{Heliocentric, REGIONS, generate, shipped, shipped_text};

/// The longest text that is read.
pub const TEXT_BYTES_MAX: usize = 64 << 20;
/// The most contacts in one history.
pub const CONTACTS_MAX: usize = 1 << 20;
/// The longest name of a node.
pub const NAME_BYTES_MAX: usize = 64;
/// The latest time and the longest light time, in seconds: some 3,000 years. Twice this many
/// milliseconds is still far from the end of `u64`, and exact in `f64`.
pub const TIME_S_MAX: f64 = 1e11;
/// The highest rate, in bits per second.
pub const RATE_BPS_MAX: u64 = 1_000_000_000_000_000;

const _: () = assert!(CONTACTS_MAX < u32::MAX as usize / 2);

/// A first contact later than this many milliseconds (September 2001) is in Unix time.
const UNIX_TIME_MS: u64 = 1_000_000_000_000;

/// A node's place in [`History::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeIndex(pub u32);

impl NodeIndex {
    /// The index into [`History::nodes`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Which way bytes can pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From `a` to `b` only.
    OneWay,
    /// From `a` to `b` and back.
    BothWays,
}

/// A stretch of time in which one node can send to another.
///
/// The times are the sender's: what leaves at `t` arrives at `t + one_way_light_ms`, which may be
/// after `end_ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contact {
    /// First millisecond in which a bit can leave.
    pub start_ms: u64,
    /// First millisecond in which no bit can leave; later than `start_ms`.
    pub end_ms: u64,
    /// The sender, or the side that recorded the contact.
    pub a: NodeIndex,
    /// The other side.
    pub b: NodeIndex,
    /// Whether `b` can send too.
    pub direction: Direction,
    /// Bits per second in each open direction, where the format states it.
    pub rate_bps: Option<u64>,
    /// Time that light takes from one side to the other; 0 where the format states none.
    pub one_way_light_ms: u64,
}

/// The contacts of a set of nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// The file's name, or the generator's.
    pub name: String,
    /// The format that was read; never [`Format::Auto`].
    pub format: Format,
    /// Names; a [`NodeIndex`] is a place in this list.
    pub nodes: Vec<String>,
    /// Sorted by (start, end, a, b).
    pub contacts: Vec<Contact>,
    /// What was left out or decided, with counts.
    pub notes: Vec<String>,
}

impl History {
    /// Reads a file.
    pub fn read(path: &Path, asked: impl Into<Asked>) -> Result<History, HistoryError> {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let refuse =
            |fault| HistoryError { file: path.display().to_string(), format: None, line: None, fault };
        let length =
            std::fs::metadata(path).map_err(|error| refuse(Fault::Unreadable(error.to_string())))?.len();
        if length > TEXT_BYTES_MAX as u64 {
            return Err(refuse(Fault::TooLong { bytes: length }));
        }
        let bytes = std::fs::read(path).map_err(|error| refuse(Fault::Unreadable(error.to_string())))?;
        History::parse(&name, &bytes, asked)
            .map_err(|error| HistoryError { file: path.display().to_string(), ..error })
    }

    /// Reads the bytes of a file of this name.
    pub fn parse(name: &str, bytes: &[u8], asked: impl Into<Asked>) -> Result<History, HistoryError> {
        let asked = asked.into();
        let refuse =
            |format, Located { line, fault }| HistoryError { file: name.to_owned(), format, line, fault };
        if bytes.len() > TEXT_BYTES_MAX {
            let bytes = bytes.len() as u64;
            return Err(refuse(None, Fault::TooLong { bytes }.into()));
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let offset = error.valid_up_to();
            refuse(None, Fault::NotText { offset }.into())
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let format = match asked.format {
            Format::Auto => match Format::detect(text) {
                (format, true) => format,
                (nearest, false) => {
                    let line = lines(text).next().map(|(number, _)| number);
                    return Err(refuse(Some(nearest), Located { line, fault: Fault::UnknownFormat }));
                }
            },
            named => named,
        };
        let plan = match format {
            Format::Auto | Format::Contacts => contacts::read(text),
            Format::Upb => upb::read(text, asked.participants),
            Format::Ion => ion::read(text),
            Format::Ptvg => ptvg::read(text),
            Format::Hdtn => hdtn::read(text),
            Format::One => one::read(text),
        };
        plan.and_then(|plan| Ok(plan.into_history(name, format)?))
            .map_err(|fault| refuse(Some(format), fault))
    }

    /// Time from the history's zero to the end of its last contact.
    pub fn span_ms(&self) -> u64 {
        self.contacts.iter().map(|contact| contact.end_ms).max().unwrap_or(0)
    }

    /// The nodes that are connected by contacts taken as undirected and at any time.
    ///
    /// Nodes in different groups never hear of each other. The reverse does not hold: with one-way
    /// contacts, or with contacts in the wrong order, a node of the same group may be unreachable.
    /// Sorted; a node without contacts is a group of its own.
    pub fn groups(&self) -> Vec<Vec<NodeIndex>> {
        let mut parent: Vec<usize> = (0..self.nodes.len()).collect();
        fn root(parent: &mut [usize], mut at: usize) -> usize {
            while parent[at] != at {
                parent[at] = parent[parent[at]];
                at = parent[at];
            }
            at
        }
        for contact in &self.contacts {
            let a = root(&mut parent, contact.a.index());
            let b = root(&mut parent, contact.b.index());
            parent[a.max(b)] = a.min(b);
        }
        let mut groups: BTreeMap<usize, Vec<NodeIndex>> = BTreeMap::new();
        for (node, index) in (0..self.nodes.len()).zip(0u32..) {
            let first = root(&mut parent, node);
            groups.entry(first).or_default().push(NodeIndex(index));
        }
        groups.into_values().collect()
    }

    /// For every node, the longest stretch of `0..span_ms()` in which it is in no contact, in
    /// either direction. The time before its first contact and after its last one counts.
    pub fn longest_silences_ms(&self) -> Vec<u64> {
        let mut quiet_since = vec![0; self.nodes.len()];
        let mut longest = vec![0; self.nodes.len()];
        for contact in &self.contacts {
            for node in [contact.a.index(), contact.b.index()] {
                let silence = contact.start_ms.saturating_sub(quiet_since[node]);
                longest[node] = silence.max(longest[node]);
                quiet_since[node] = contact.end_ms.max(quiet_since[node]);
            }
        }
        let span_ms = self.span_ms();
        for (longest, quiet_since) in longest.iter_mut().zip(quiet_since) {
            *longest = (span_ms - quiet_since).max(*longest);
        }
        longest
    }
}

/// What a reader is told of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// How it is written.
    pub format: Format,
    /// For a recording: how many devices recorded it. Their ids are 1 to this number.
    pub participants: Option<u64>,
}

impl From<Format> for Asked {
    fn from(format: Format) -> Self {
        Self { format, participants: None }
    }
}

/// How a history is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Told from the content.
    Auto,
    /// `start_s,end_s,a,b[,rate_bps[,light_ms[,one-way]]]`: the project's own lines, see [`to_csv`].
    Contacts,
    /// `a b start_s end_s n gap`: contacts that participants of a study recorded.
    Upb,
    /// A contact plan for the administration program of ION.
    Ion,
    /// The JSON of `tvg-util` with predicted contacts.
    Ptvg,
    /// The JSON of a contact plan of HDTN.
    Hdtn,
    /// A connectivity trace of the ONE simulator.
    One,
}

impl Format {
    /// The format of a text and true; or the one that it is nearest to, and false.
    ///
    /// A brace opens JSON: `ptvg` with `vertices`, `hdtn` with `contacts`. Any line with `a contact` or `a range` is `ion`;
    /// else the first line that is neither blank nor a comment tells.
    fn detect(text: &str) -> (Format, bool) {
        let Some((_, first)) = lines(text).next() else { return (Format::Contacts, false) };
        if first.starts_with(['{', '[']) {
            return match (text.contains("\"vertices\""), text.contains("\"contacts\"")) {
                (true, _) => (Format::Ptvg, true),
                (false, true) => (Format::Hdtn, true),
                (false, false) => (Format::Hdtn, false),
            };
        }
        let words = |line| -> Vec<&str> { str::split_whitespace(line).collect() };
        let plan = |(_, line)| matches!(words(line)[..], ["a", "contact" | "range", ..]);
        if lines(text).any(plan) {
            return (Format::Ion, true);
        }
        let fields = words(first);
        let numbers = fields.iter().filter(|field| field.parse::<f64>().is_ok()).count();
        match fields[..] {
            [_, "CONN", ..] => (Format::One, true),
            _ if first.contains(',') => (Format::Contacts, true),
            ["a" | "d" | "c" | "m" | "s" | "@" | "1", ..] if numbers < fields.len() => (Format::Ion, false),
            [_, _, _, _, _, _] if numbers == 6 => (Format::Upb, true),
            _ if numbers > 1 && numbers == fields.len() => (Format::Upb, false),
            [time, event, ..] if time.parse::<f64>().is_ok() && event.parse::<f64>().is_err() => {
                (Format::One, false)
            }
            _ => (Format::Contacts, false),
        }
    }

    /// What stands in it, for people.
    pub fn columns(self) -> &'static str {
        match self {
            Format::Auto => "",
            Format::Contacts => "start_s,end_s,a,b[,rate_bps[,light_ms[,one-way]]]",
            Format::Upb => "a b start_s end_s n gap",
            Format::Ion => "a contact start stop from to bytes_per_s; a range start stop from to light_s",
            Format::Ptvg => {
                "{\"vertices\": {..}, \"edges\": [{\"vertices\": [from, to], \"contacts\": [..]}]}"
            }
            Format::Hdtn => "{\"contacts\": [{source, dest, startTime, endTime, rateBitsPerSec, owlt}]}",
            Format::One => "seconds CONN host host up|down",
        }
    }
}

const FORMAT_NAMES: [(Format, &str); 7] = [
    (Format::Auto, "auto"),
    (Format::Contacts, "contacts"),
    (Format::Upb, "upb"),
    (Format::Ion, "ion"),
    (Format::Ptvg, "ptvg"),
    (Format::Hdtn, "hdtn"),
    (Format::One, "one"),
];

impl FromStr for Format {
    type Err = UnknownFormatName;

    fn from_str(text: &str) -> Result<Format, UnknownFormatName> {
        let found = FORMAT_NAMES.iter().find(|(_, name)| *name == text);
        found.map_or_else(|| Err(UnknownFormatName(excerpt(text))), |(format, _)| Ok(*format))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = FORMAT_NAMES.iter().find(|(format, _)| format == self);
        out.pad(found.map_or("", |(_, name)| name))
    }
}

/// A format was asked for by a name that none has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no format is called {0:?}; use auto, contacts, upb, ion, ptvg, hdtn or one")]
pub struct UnknownFormatName(pub String);

/// Why a text is no history, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryError {
    /// The file, as it was named.
    pub file: String,
    /// As what it was read, or what it is nearest to.
    pub format: Option<Format>,
    /// The line, counted from 1, where the format has lines.
    pub line: Option<usize>,
    /// What is wrong.
    pub fault: Fault,
}

impl std::error::Error for HistoryError {}

impl fmt::Display for HistoryError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(out, ", line {line}")?;
        }
        write!(out, ": {}; {}", self.fault, self.fault.remedy())?;
        match (self.format, &self.fault) {
            (Some(format), Fault::UnknownFormat) => {
                write!(out, " (nearest is {format}: {})", format.columns())
            }
            (Some(format), _) => write!(out, " (read as {format}: {})", format.columns()),
            (None, _) => Ok(()),
        }
    }
}

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The system did not give the bytes.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// Longer than [`TEXT_BYTES_MAX`].
    #[error("holds {bytes} bytes, more than {TEXT_BYTES_MAX}")]
    TooLong {
        /// Its length.
        bytes: u64,
    },
    /// More contacts than [`CONTACTS_MAX`].
    #[error("has more than {CONTACTS_MAX} contacts")]
    TooManyContacts,
    /// Not UTF-8.
    #[error("is not UTF-8 from byte {offset} on")]
    NotText {
        /// The first byte that is not.
        offset: usize,
    },
    /// No format is recognised by the content.
    #[error("its format is not recognised")]
    UnknownFormat,
    /// Nothing is left to replay.
    #[error("has no contact")]
    NoContact,
    /// A line with too few or too many fields.
    #[error("has {found} fields, not {wanted}")]
    FieldCount {
        /// The fields that the format has.
        wanted: &'static str,
        /// The fields that the line has.
        found: usize,
    },
    /// A number that is none, is negative, or is beyond its bound.
    #[error("{field} is {text:?}, not a number in its range")]
    Number {
        /// Which field.
        field: &'static str,
        /// What stands there.
        text: String,
    },
    /// A name that is empty, too long, or holds a separator.
    #[error("{text:?} is not a node's name")]
    Name {
        /// What stands there.
        text: String,
    },
    /// A contact or range that does not end after its start.
    #[error("starts at {start_ms} ms and ends at {end_ms} ms")]
    NotAfter {
        /// Its start.
        start_ms: u64,
        /// Its end.
        end_ms: u64,
    },
    /// A recording of which nobody says who took part.
    #[error("records of {recorders} devices, the last of them {last}, and ids up to {seen}")]
    Participants {
        /// Distinct ids in the first column.
        recorders: usize,
        /// The greatest of them.
        last: u64,
        /// The greatest id in either column.
        seen: u64,
    },
    /// A last column other than `up` or `down`.
    #[error("the event is {text:?}")]
    UpOrDown {
        /// What stands there.
        text: String,
    },
    /// A reference time that is no date.
    #[error("{text:?} is not a reference time")]
    Reference {
        /// What stands there.
        text: String,
    },
    /// A seventh column other than `one-way`.
    #[error("the direction is {text:?}")]
    Direction {
        /// What stands there.
        text: String,
    },
    /// A command that would change the plan in a way that is not read.
    #[error("the command {text:?} is not read")]
    Command {
        /// The line.
        text: String,
    },
    /// A time that is neither `+seconds` nor a date.
    #[error("{text:?} is not a time")]
    Moment {
        /// What stands there.
        text: String,
    },
    /// Relative times and dates in one plan.
    #[error("mixes times relative to an unknown instant with dates")]
    MixedTimes,
    /// Two ranges for one direction and instant.
    #[error("a second range from {from:?} to {to:?} covers the same time")]
    RangeOverlap {
        /// From which node.
        from: String,
        /// To which node.
        to: String,
    },
    /// Not JSON.
    #[error("is not JSON: {0}")]
    Json(String),
    /// JSON of another shape.
    #[error("{at} is not {wanted}")]
    Shape {
        /// Which part of the document.
        at: String,
        /// What belongs there.
        wanted: &'static str,
    },
    /// A kind of contact other than `PredictedContact_v2`.
    #[error("holds contacts of the type {found:?}")]
    ContactType {
        /// The type that the document names.
        found: String,
    },
}

impl Fault {
    /// What to do about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Fault::Unreadable(_) => "check the path and its permissions",
            Fault::TooLong { .. } | Fault::TooManyContacts => "cut the history to a shorter time",
            Fault::NotText { .. } => "save the file as UTF-8 text",
            Fault::UnknownFormat => "name the format: contacts, upb, ion, ptvg, hdtn or one",
            Fault::Participants { .. } => {
                "say how many took part with --participants N: ids 1 to N are nodes, others outside devices"
            }
            Fault::UpOrDown { .. } => "write up or down",
            Fault::Reference { .. } => "write @ yyyy/mm/dd-hh:mm:ss",
            Fault::NoContact => "give at least one contact between two nodes",
            Fault::FieldCount { .. } => "write the fields of the format, and # before comments",
            Fault::Number { .. } => "write a finite number that is not negative",
            Fault::Name { .. } => {
                "use 1 to 64 bytes without commas, # or white space other than single spaces inside"
            }
            Fault::NotAfter { .. } => "let the end be later than the start",
            Fault::Direction { .. } => "write one-way, or leave the column out",
            Fault::Command { .. } => "state the contacts and ranges as they are to be",
            Fault::Moment { .. } => "write +seconds or yyyy/mm/dd-hh:mm:ss",
            Fault::MixedTimes => "write @ and the date from which +seconds count, or one kind of time",
            Fault::RangeOverlap { .. } => "let one range end where the next starts",
            Fault::Json(_) => "check that the file is whole",
            Fault::Shape { .. } => "write it so, or name another format",
            Fault::ContactType { .. } => "convert it to a plan of PredictedContact_v2",
        }
    }

    fn at(self, line: usize) -> Located {
        Located { line: Some(line), fault: self }
    }
}

/// A fault and its line; the file's name is added by [`History::parse`].
struct Located {
    line: Option<usize>,
    fault: Fault,
}

impl From<Fault> for Located {
    fn from(fault: Fault) -> Located {
        Located { line: None, fault }
    }
}

/// A contact between named nodes.
struct Stated {
    start_ms: u64,
    end_ms: u64,
    a: String,
    b: String,
    direction: Direction,
    rate_bps: Option<u64>,
    one_way_light_ms: u64,
}

/// What a reader has gathered so far. Contacts in it keep the invariants of [`Contact`].
#[derive(Default)]
struct Plan {
    nodes: BTreeSet<String>,
    contacts: Vec<Stated>,
    notes: Vec<String>,
    /// Whether the times count from an instant outside the history.
    calendar: bool,
    /// Contacts of zero seconds that were left out, and contacts of a node with itself.
    instant: u64,
    alone: u64,
}

impl Plan {
    fn add_node(&mut self, name: &str) -> Result<(), Fault> {
        let separator = |c: char| c == ',' || c == '#' || c != ' ' && c.is_whitespace() || c.is_control();
        let spaced = name.trim() != name || name.contains("  ");
        if name.is_empty() || name.len() > NAME_BYTES_MAX || name.contains(separator) || spaced {
            let text = excerpt(name);
            return Err(Fault::Name { text });
        }
        if !self.nodes.contains(name) {
            self.nodes.insert(name.to_owned());
        }
        Ok(())
    }

    fn add_contact(&mut self, contact: Stated) -> Result<(), Fault> {
        self.add_node(&contact.a)?;
        self.add_node(&contact.b)?;
        if contact.a == contact.b {
            self.alone += 1;
            return Ok(());
        }
        if contact.start_ms == contact.end_ms {
            self.instant += 1;
            return Ok(());
        }
        check_order(contact.start_ms, contact.end_ms)?;
        if self.contacts.len() == CONTACTS_MAX {
            return Err(Fault::TooManyContacts);
        }
        self.contacts.push(contact);
        Ok(())
    }

    /// Adds to the notes what was met so often.
    fn note(&mut self, count: u64, what: &str) {
        if count > 0 {
            self.notes.push(format!("{count} {what}"));
        }
    }

    fn into_history(mut self, name: &str, format: Format) -> Result<History, Fault> {
        self.note(self.instant, "contacts of zero seconds left out");
        self.note(self.alone, "contacts of a node with itself left out");
        let starts = self.contacts.iter().map(|contact| contact.start_ms);
        let first_ms = starts.min().ok_or(Fault::NoContact)?;
        let calendar = self.calendar || first_ms >= UNIX_TIME_MS;
        let zero_ms = if calendar { first_ms } else { 0 };

        let mut nodes: Vec<String> = self.nodes.into_iter().collect();
        nodes.sort_by(|left, right| rank(left).cmp(&rank(right)));
        // At most two nodes a contact and the vertices of one text, so the indices do not run out.
        let indices: BTreeMap<&str, NodeIndex> =
            nodes.iter().zip(0u32..).map(|(name, index)| (name.as_str(), NodeIndex(index))).collect();
        let mut contacts: Vec<Contact> = self
            .contacts
            .iter()
            .map(|stated| Contact {
                start_ms: stated.start_ms - zero_ms,
                end_ms: stated.end_ms - zero_ms,
                a: indices[stated.a.as_str()],
                b: indices[stated.b.as_str()],
                direction: stated.direction,
                rate_bps: stated.rate_bps,
                one_way_light_ms: stated.one_way_light_ms,
            })
            .collect();
        contacts.sort();

        let mut notes = self.notes;
        if calendar {
            notes.push("zero is the start of the first contact".to_owned());
        }
        let mut history = History { name: name.to_owned(), format, nodes, contacts, notes };
        let groups = history.groups();
        let alone = groups.iter().filter(|group| group.len() == 1).count();
        if alone > 0 {
            let note = format!("{alone} of {} nodes have no contact", history.nodes.len());
            history.notes.push(note);
        }
        if groups.len() - alone > 1 {
            let note = format!("{} groups of nodes never meet", groups.len() - alone);
            history.notes.push(note);
        }
        Ok(history)
    }
}

/// Lines that are neither blank nor comments, trimmed, with their numbers from 1.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .zip(1..)
        .map(|(line, number)| (number, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

fn check_order(start_ms: u64, end_ms: u64) -> Result<(), Fault> {
    if end_ms > start_ms { Ok(()) } else { Err(Fault::NotAfter { start_ms, end_ms }) }
}

fn parse_seconds(field: &'static str, text: &str) -> Result<u64, Fault> {
    let millis = text.parse::<f64>().ok().and_then(millis);
    millis.ok_or_else(|| number_fault(field, text))
}

fn parse_count(field: &'static str, text: &str, max: u64) -> Result<u64, Fault> {
    let count = text.parse::<u64>().ok().filter(|count| *count <= max);
    count.ok_or_else(|| number_fault(field, text))
}

fn number_fault(field: &'static str, text: &str) -> Fault {
    let text = excerpt(text);
    Fault::Number { field, text }
}

/// Seconds as the nearest whole milliseconds, if they are in `0..=TIME_S_MAX`.
fn millis(seconds: f64) -> Option<u64> {
    whole((0.0..=TIME_S_MAX).contains(&seconds).then_some(seconds)? * 1000.0)
}

/// The nearest whole number, if `u64` and `f64` agree on it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range check leaves whole numbers below 2^53"
)]
fn whole(value: f64) -> Option<u64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (0.0..EXACT).contains(&value).then_some(value.round() as u64)
}

/// Names in their order: by what precedes a trailing number, then by that number.
fn rank(name: &str) -> (&str, u64, &str) {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = name[stem.len()..].parse().unwrap_or(0);
    (stem, number, name)
}

fn shape(at: &str, wanted: &'static str) -> Fault {
    let at = at.to_owned();
    Fault::Shape { at, wanted }
}

/// The beginning of a foreign text, short enough for a message.
fn excerpt(text: &str) -> String {
    text.chars().take(48).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    /// A file of the recorded inputs, which lie beside the workspace and are not copied.
    pub(super) fn recorded(path: &str) -> Option<PathBuf> {
        let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
        let shared = std::env::var_os("INTENT_SHARED").map_or(beside, PathBuf::from);
        let file = shared.join("data").join(path);
        if file.exists() {
            return Some(file);
        }
        println!("skipped: ../shared is absent");
        None
    }

    pub(super) fn contact(history: &History, at: usize) -> (u64, u64, &str, &str) {
        let contact = history.contacts[at];
        (
            contact.start_ms,
            contact.end_ms,
            &history.nodes[contact.a.index()],
            &history.nodes[contact.b.index()],
        )
    }

    pub(super) fn refused(text: &str, asked: impl Into<Asked>) -> (Option<usize>, Fault) {
        let error = History::parse("x", text.as_bytes(), asked).expect_err("refused");
        (error.line, error.fault)
    }

    #[test]
    fn formats_are_told_from_the_content() {
        let check = |text: &str, format, sure| assert_eq!(Format::detect(text), (format, sure), "{text}");
        check("# a comment\n\n0,1,x,y\n", Format::Contacts, true);
        check("1\t17\t41021\t41021\t1\t0\n", Format::Upb, true);
        check("a contact +0 +1 1 2 3", Format::Ion, true);
        check("1 5 x.ionconfig\ns\nm horizon +0\na range +0 +1 1 2 1\n", Format::Ion, true);
        check("  {\"vertices\": {}}", Format::Ptvg, true);
        check("{\"contacts\": []}", Format::Hdtn, true);
        check("17.5 CONN 1 2 up", Format::One, true);
        // What each is nearest to.
        check("1 17 41021 41021 1", Format::Upb, false);
        check("m horizon +0", Format::Ion, false);
        check("{\"plan\": []}", Format::Hdtn, false);
        check("17.5 C M1 1 2", Format::One, false);
        check("hello", Format::Contacts, false);
        check("", Format::Contacts, false);
        assert_eq!(refused("\nhello", Format::Auto), (Some(2), Fault::UnknownFormat));
    }

    #[test]
    fn a_refusal_names_the_nearest_format_its_columns_and_the_line() {
        let check = |text: &str, expect: &str| {
            let error =
                History::parse("plan", text.as_bytes(), Format::Auto).expect_err("refused").to_string();
            assert!(error.starts_with("plan, line 1: ") && error.ends_with(expect), "{error}");
        };
        check("hello\n", "(nearest is contacts: start_s,end_s,a,b[,rate_bps[,light_ms[,one-way]]])");
        check("1 2 3\n", "(nearest is upb: a b start_s end_s n gap)");
        check("17.5 CONN 1 2\n", "(read as one: seconds CONN host host up|down)");
    }

    #[test]
    fn format_names_round_trip() {
        for (format, name) in FORMAT_NAMES {
            assert_eq!(name.parse(), Ok(format));
            assert_eq!(format.to_string(), name);
        }
        let error = Format::from_str("csv").expect_err("no such format");
        assert_eq!(
            error.to_string(),
            "no format is called \"csv\"; use auto, contacts, upb, ion, ptvg, hdtn or one"
        );
    }

    #[test]
    fn an_error_names_file_line_and_remedy() {
        let text = b"# head\n5,4,x,y\n";
        let error = History::parse("plan.csv", text, Format::Auto).expect_err("refused");
        assert_eq!(
            error.to_string(),
            "plan.csv, line 2: starts at 5000 ms and ends at 4000 ms; \
             let the end be later than the start (read as contacts: start_s,end_s,a,b[,rate_bps[,light_ms[,one-way]]])"
        );
        let error = History::read(Path::new("/nowhere/plan.csv"), Format::Auto);
        let message = error.expect_err("absent").to_string();
        assert!(message.starts_with("/nowhere/plan.csv: cannot be read: "));
        assert!(message.ends_with("; check the path and its permissions"));
    }

    #[test]
    fn bytes_that_are_not_text_are_refused() {
        let error = History::parse("x", b"0,1,a,\xff", Format::Contacts).expect_err("refused");
        assert_eq!(error.fault, Fault::NotText { offset: 6 });
    }

    #[test]
    fn names_sort_with_their_numbers_by_value() {
        let history = History::parse("x", b"0,1,n10,n9\n0,1,7,n9\n", Format::Auto).expect("read");
        assert_eq!(history.nodes, ["7", "n9", "n10"]);
    }

    #[test]
    fn unix_times_start_with_the_first_contact() {
        let text = b"1700000005,1700000006,x,y\n1700000000,1700000001,x,y\n";
        let history = History::parse("x", text, Format::Auto).expect("read");
        assert_eq!(contact(&history, 0), (0, 1000, "x", "y"));
        assert_eq!(contact(&history, 1), (5000, 6000, "x", "y"));
        assert_eq!(history.notes, ["zero is the start of the first contact"]);
    }

    #[test]
    fn groups_and_silences_of_a_drawn_history() {
        // x and y meet twice, with overlapping records; p and q once.
        let text = b"10,20,x,y\n12,14,y,x\n50,60,x,y\n0,100,p,q\n";
        let history = History::parse("x", text, Format::Auto).expect("read");
        assert_eq!(history.nodes, ["p", "q", "x", "y"]);
        assert_eq!(history.span_ms(), 100_000);
        let groups = history.groups();
        assert_eq!(groups, [[NodeIndex(0), NodeIndex(1)], [NodeIndex(2), NodeIndex(3)]]);
        assert_eq!(history.longest_silences_ms(), [0, 0, 40_000, 40_000]);
        assert_eq!(history.notes, ["2 groups of nodes never meet"]);
    }

    #[test]
    fn no_text_makes_a_reader_panic() {
        const SEEDS: [&str; 7] = [
            "# c\n0,1.5,x,y\n3,4,y,z,8000,940000\n5,6,x,z,,3,one-way\n",
            "1\t17\t41021\t41021\t1\t0\n1\t7\t41022\t41100\t1\t0\n2\t99\t5\t6\t1\t0\n",
            "a contact +60 +7260 1 2 10000\na range +60 +100 1 2 10\na range +100 +9999 2 1 7\n",
            "a contact 2026/02/28-23:59:59 2026/03/01-00:00:01 1 2 10 0.5\nm horizon +0\n",
            "{\"vertices\":{\"1\":[\"2\"],\"2\":[]},\"contact_type\":\"PredictedContact_v2\",\"edges\":\
             [{\"vertices\":[\"1\",\"2\"],\"contacts\":[[\"1\",\"2\",6.5,9,[[0,1,[[0,800,0.2],[7,9,1]]]]]]}]}",
            "{\"contacts\":[{\"source\":1,\"dest\":2,\"startTime\":0,\"endTime\":9,\"rateBitsPerSec\":9,\"owlt\":1}]}",
            "1 CONN 1 2 up\n2 C M1 1 2\n9 CONN 2 1 down\n9 CONN 1 3 up\n",
        ];
        const PIECES: [&[u8]; 12] = [
            b"-1",
            b"NaN",
            b"1e308",
            b"18446744073709551615",
            b"\n",
            b",",
            b"\t",
            b" ",
            b"\"",
            b"]",
            b"\xff",
            b"9999/99/99-99:99:99",
        ];
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut below = |bound: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % bound as u64).expect("below a usize")
        };
        let mut read = 0;
        for round in 0..40_000 {
            let mut bytes = SEEDS[round % SEEDS.len()].as_bytes().to_vec();
            for _ in 0..below(4) {
                let at = below(bytes.len() + 1);
                let end = (at + below(6)).min(bytes.len());
                let piece = PIECES[below(PIECES.len())];
                match below(3) {
                    0 => drop(bytes.drain(at..end)),
                    1 => drop(bytes.splice(at..end, piece.iter().copied())),
                    _ => bytes.truncate(bytes.len() - bytes.len().min(below(8))),
                }
            }
            for (format, _) in FORMAT_NAMES {
                let asked = Asked { format, participants: Some(22) };
                let Ok(history) = History::parse("x", &bytes, asked) else {
                    continue;
                };
                read += 1;
                assert!(history.contacts.is_sorted());
                for contact in &history.contacts {
                    assert!(contact.start_ms < contact.end_ms);
                    assert_ne!(contact.a, contact.b);
                    assert!(contact.a.index().max(contact.b.index()) < history.nodes.len());
                }
                assert_eq!(history.longest_silences_ms().len(), history.nodes.len());
            }
        }
        assert!(read > 10_000, "only {read} mutants were read");
    }
}
