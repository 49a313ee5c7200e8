//! Weeks of requests and of maintenance, read from files that nobody vouches for.
//!
//! - What is read here is bounded and whole: names that a ledger takes, windows that are not empty, times
//!   that fit. Everything else is a [`ReadError`] that says what, where and what to do.
//! - Moments are the file's seconds in milliseconds. Whether they count leap seconds does not matter within
//!   a week, as long as all of them do or none does.

use intent_ledger::contracts::bounds::FOOTPRINTS_MAX;
use intent_ledger::contracts::{Label, Millis, Tai, Window};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

/// A week in which missions ask for antennas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Week {
    pub(crate) name: String,
    /// From the first moment that a request names to the last.
    pub(crate) span: Window,
    /// In the order of their names.
    pub(crate) antennas: Vec<String>,
    /// In the order of their names.
    pub(crate) missions: Vec<String>,
    /// In the order of the file.
    pub(crate) requests: Vec<Request>,
    /// When each antenna is in maintenance: apart from each other, in order.
    pub(crate) downtime: Vec<Vec<Window>>,
}

/// One track that a mission asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// The place of the mission in [`Week::missions`].
    pub(crate) mission: usize,
    /// The file's name of it.
    pub(crate) track: String,
    /// Before the track the antenna is set up, after it torn down; nobody else can use it then.
    pub(crate) setup: Millis,
    pub(crate) teardown: Millis,
    /// The shortest track that is of use, and the one that is wanted.
    pub(crate) least: Millis,
    pub(crate) ideal: Millis,
    /// Any one of these would do.
    pub(crate) places: Vec<Place>,
}

impl Request {
    /// How long the antennas are kept for the shortest track.
    pub(crate) fn kept(&self) -> Millis {
        self.setup.plus(self.least).plus(self.teardown)
    }
}

/// An antenna or an array of them, and when it sees the spacecraft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// Places in [`Week::antennas`]; all of them are needed at once.
    pub(crate) antennas: Vec<usize>,
    pub(crate) views: Vec<Window>,
}

/// Why a file was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReadError {
    file: String,
    place: String,
    what: String,
    remedy: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, place, what, remedy } = self;
        if place.is_empty() {
            write!(f, "{file}: {what}; {remedy}")
        } else {
            write!(f, "{file}: {place}: {what}; {remedy}")
        }
    }
}

impl std::error::Error for ReadError {}

/// More bytes than any file of a few weeks has.
const FILE_BYTES_MAX: u64 = 64 << 20;
const REQUESTS_MAX: usize = 10_000;
const PLACES_MAX: usize = 256;
const VIEWS_MAX: usize = 1_024;
/// The year 5138: a later moment is a slip of units.
const SECONDS_MAX: u64 = 100_000_000_000;
/// No week is longer than this, and no track.
const SPAN_DAYS_MAX: u64 = 31;
const TRACK_HOURS_MAX: f64 = 100.0;
const MINUTES_MAX: u64 = 24 * 60;

/// All weeks of a file of requests, in the order of their names.
pub(crate) fn read(path: &Path) -> Result<Vec<Week>, ReadError> {
    parse(&path.display().to_string(), &text_of(path)?)
}

/// The weeks in a text of requests.
pub(crate) fn parse(file: &str, text: &str) -> Result<Vec<Week>, ReadError> {
    let at = At { file: file.to_owned(), place: String::new() };
    let json: Value = serde_json::from_str(text)
        .map_err(|error| at.wrong(&format!("this is no JSON ({error})"), "pass a file of requests"))?;
    let weeks = json.as_object().filter(|weeks| !weeks.is_empty());
    let weeks =
        weeks.ok_or_else(|| at.wrong("no weeks", "write an object with a list of requests for each week"))?;
    let mut weeks = weeks.iter().map(|(name, list)| week(&at, name, list)).collect::<Result<Vec<_>, _>>()?;
    weeks.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(weeks)
}

/// Keeps the weeks with these names or beginnings of names, or all when none is named.
pub(crate) fn choose(file: &str, weeks: Vec<Week>, named: &[String]) -> Result<Vec<Week>, ReadError> {
    let names: Vec<String> = weeks.iter().map(|week| week.name.clone()).collect();
    for name in named {
        if !names.iter().any(|known| known.starts_with(name.as_str())) {
            let at = At { file: file.to_owned(), place: String::new() };
            return Err(at.wrong(&format!("no week {name:?}"), &format!("known are {}", names.join(", "))));
        }
    }
    let asked =
        |week: &Week| named.is_empty() || named.iter().any(|name| week.name.starts_with(name.as_str()));
    Ok(weeks.into_iter().filter(asked).collect())
}

/// Adds the downtime that a file of maintenance intervals tells, as far as it meets the weeks.
pub(crate) fn read_maintenance(path: &Path, weeks: &mut [Week]) -> Result<(), ReadError> {
    parse_maintenance(&path.display().to_string(), &text_of(path)?, weeks)
}

/// Adds the downtime of lines `week,year,starttime,endtime,antenna` under one line of heads.
pub(crate) fn parse_maintenance(file: &str, text: &str, weeks: &mut [Week]) -> Result<(), ReadError> {
    const HEAD: &str = "week,year,starttime,endtime,antenna";
    let at = |line: usize| At { file: file.to_owned(), place: format!("line {}", line + 1) };
    let mut lines = text.lines().map(|line| line.trim_end_matches('\r')).enumerate();
    if lines.next().map(|(_, head)| head) != Some(HEAD) {
        return Err(at(0).wrong("other columns than expected", &format!("begin with {HEAD}")));
    }
    for (number, line) in lines.filter(|(_, line)| !line.is_empty()) {
        let at = at(number);
        let columns: Vec<&str> = line.split(',').collect();
        let [_, _, start, end, antenna] = columns[..] else {
            return Err(at.wrong(&format!("{} columns", columns.len()), "write five, parted by commas"));
        };
        let moment = |text: &str| text.parse().ok().filter(|seconds: &u64| *seconds <= SECONDS_MAX);
        let window = moment(start).zip(moment(end)).and_then(|(start, end)| window(start, end));
        let window =
            window.ok_or_else(|| at.wrong("no window", "write a start and a later end in whole seconds"))?;
        for week in weeks.iter_mut() {
            // Antennas that nobody asks for may be in maintenance too.
            if let Ok(place) = week.antennas.binary_search_by(|known| known.as_str().cmp(antenna)) {
                week.downtime[place].extend(common(&window, &week.span));
            }
        }
    }
    weeks.iter_mut().flat_map(|week| &mut week.downtime).for_each(joined);
    Ok(())
}

/// What two windows share.
pub(crate) fn common(one: &Window, other: &Window) -> Option<Window> {
    Window::new(one.start().max(other.start()), one.end().min(other.end())).ok()
}

/// Windows in order, those that touch or overlap made one.
pub(crate) fn joined(windows: &mut Vec<Window>) {
    windows.sort_unstable();
    let mut out: Vec<Window> = Vec::new();
    for window in windows.drain(..) {
        let joins = out.last().filter(|last| window.start() <= last.end());
        match joins.and_then(|last| Window::new(last.start(), last.end().max(window.end())).ok()) {
            Some(both) => *out.last_mut().expect("a window that joins has one before it") = both,
            None => out.push(window),
        }
    }
    *windows = out;
}

/// Where in a file.
struct At {
    file: String,
    place: String,
}

impl At {
    fn within(&self, place: &str) -> Self {
        let place = if self.place.is_empty() { place.to_owned() } else { format!("{}, {place}", self.place) };
        Self { file: self.file.clone(), place }
    }

    fn wrong(&self, what: &str, remedy: &str) -> ReadError {
        let (file, place) = (self.file.clone(), self.place.clone());
        ReadError { file, place, what: what.to_owned(), remedy: remedy.to_owned() }
    }
}

fn text_of(path: &Path) -> Result<String, ReadError> {
    let at = At { file: path.display().to_string(), place: String::new() };
    let size = std::fs::metadata(path).map(|found| found.len());
    match size {
        Ok(size) if size > FILE_BYTES_MAX => Err(at.wrong(&format!("{size} bytes"), "pass at most 64 MiB")),
        Ok(_) => std::fs::read_to_string(path)
            .map_err(|error| at.wrong(&error.to_string(), "name a text file that can be read")),
        Err(error) => Err(at.wrong(&error.to_string(), "name a file that can be read")),
    }
}

fn window(start: u64, end: u64) -> Option<Window> {
    Window::new(Tai(start.checked_mul(1_000)?), Tai(end.checked_mul(1_000)?)).ok()
}

/// A request as the file tells it, before missions and antennas have numbers.
struct Raw {
    mission: String,
    track: String,
    setup: Millis,
    teardown: Millis,
    least: Millis,
    ideal: Millis,
    window: Window,
    places: BTreeMap<Vec<String>, Vec<Window>>,
}

fn week(at: &At, name: &str, list: &Value) -> Result<Week, ReadError> {
    let at = at.within(&excerpt(name));
    let list = list.as_array().filter(|list| (1..=REQUESTS_MAX).contains(&list.len()));
    let list = list.ok_or_else(|| at.wrong("no list of requests", "write a list of 1 to 10,000"))?;
    let numbered = list.iter().enumerate();
    let raw = numbered
        .map(|(number, request)| raw(&at.within(&format!("request {}", number + 1)), request))
        .collect::<Result<Vec<_>, _>>()?;
    let start = raw.iter().map(|request| request.window.start()).min().unwrap_or_default();
    let end = raw.iter().map(|request| request.window.end()).max().unwrap_or_default();
    let span = Window::new(start, end).ok().filter(|_| end.since(start) <= Millis::days(SPAN_DAYS_MAX));
    let span = span.ok_or_else(|| at.wrong("longer than 31 days", "part it into weeks"))?;
    let missions: BTreeSet<&String> = raw.iter().map(|request| &request.mission).collect();
    let missions: Vec<String> = missions.into_iter().cloned().collect();
    let antennas: BTreeSet<&String> =
        raw.iter().flat_map(|request| request.places.keys().flatten()).collect();
    let antennas: Vec<String> = antennas.into_iter().cloned().collect();
    if missions.len() > 1_000 || antennas.len() > 256 {
        let found = format!("{} missions and {} antennas", missions.len(), antennas.len());
        return Err(at.wrong(&found, "at most 1,000 missions ask for at most 256 antennas"));
    }
    let number = |known: &[String], name: &String| known.binary_search(name).unwrap_or(0);
    let requests = raw
        .into_iter()
        .map(|request| Request {
            mission: number(&missions, &request.mission),
            track: request.track,
            setup: request.setup,
            teardown: request.teardown,
            least: request.least,
            ideal: request.ideal,
            places: request
                .places
                .into_iter()
                .map(|(array, views)| Place {
                    antennas: array.iter().map(|name| number(&antennas, name)).collect(),
                    views,
                })
                .collect(),
        })
        .collect();
    let downtime = vec![Vec::new(); antennas.len()];
    Ok(Week { name: name.to_owned(), span, antennas, missions, requests, downtime })
}

fn raw(at: &At, request: &Value) -> Result<Raw, ReadError> {
    let field = |name: &str| {
        let value = request.get(name);
        value.ok_or_else(|| at.wrong(&format!("no field {name}"), "write all fields of a request"))
    };
    let mission = match field("subject")? {
        Value::Number(number) => number.to_string(),
        Value::String(name) => name.clone(),
        _ => return Err(at.wrong("a subject that is no name", "write a number or a text")),
    };
    let track = field("track_id")?.as_str().map(excerpt);
    let track = track.ok_or_else(|| at.wrong("a track_id that is no text", "write a text"))?;
    let at = at.within(&track);
    label(&at, &mission)?;
    let minutes = |name: &str| {
        let found = field(name)?.as_u64().filter(|minutes| *minutes <= MINUTES_MAX);
        let found = found.map(|minutes| Millis(minutes * 60_000));
        found.ok_or_else(|| {
            at.wrong(&format!("{name} is no duration"), "write whole minutes of at most a day")
        })
    };
    let hours = |name: &str| {
        let found = field(name)?.as_f64().filter(|hours| *hours > 0.0 && *hours <= TRACK_HOURS_MAX);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0 to 100 hours in whole ms"
        )]
        let found = found.map(|hours| Millis((hours * 3_600_000.0).round().max(1.0) as u64));
        found.ok_or_else(|| at.wrong(&format!("{name} is no duration"), "write hours above 0 and up to 100"))
    };
    let (least, ideal) = (hours("duration_min")?, hours("duration")?);
    if least > ideal {
        return Err(at.wrong("duration_min is above duration", "write the shorter one as duration_min"));
    }
    let asked = span(&at, request, "time_window_start", "time_window_end")?;
    let mut places = BTreeMap::new();
    let dictionary = field("resource_vp_dict")?.as_object().filter(|found| found.len() <= PLACES_MAX);
    let remedy = "write an object with a list of view periods for each antenna or array, at most 256";
    for (name, views) in dictionary.ok_or_else(|| at.wrong("no resource_vp_dict", remedy))? {
        let at = at.within(&excerpt(name));
        let mut array: Vec<String> = name.split('_').map(str::to_owned).collect();
        array.sort_unstable();
        array.iter().try_for_each(|antenna| label(&at, antenna))?;
        if array.windows(2).any(|pair| pair[0] == pair[1]) || array.len() > FOOTPRINTS_MAX {
            return Err(at.wrong("no array", "name 1 to 8 different antennas"));
        }
        let list = views.as_array().filter(|list| list.len() <= VIEWS_MAX);
        let list =
            list.ok_or_else(|| at.wrong("no list of view periods", "write a list of at most 1,024"))?;
        let read = |view: &Value| span(&at, view, "TRX ON", "TRX OFF");
        let views = list.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let mut views: Vec<Window> = views.iter().filter_map(|view| common(view, &asked)).collect();
        views.sort_unstable();
        places.insert(array, views);
    }
    let (setup, teardown) = (minutes("setup_time")?, minutes("teardown_time")?);
    Ok(Raw { mission, track, setup, teardown, least, ideal, window: asked, places })
}

fn span(at: &At, value: &Value, start: &str, end: &str) -> Result<Window, ReadError> {
    let second = |name: &str| value.get(name)?.as_u64().filter(|seconds| *seconds <= SECONDS_MAX);
    let found = second(start).zip(second(end)).and_then(|(start, end)| window(start, end));
    found.ok_or_else(|| {
        let remedy = "write two moments in whole seconds, the later one second";
        at.wrong(&format!("{start} and {end} make no window"), remedy)
    })
}

fn label(at: &At, name: &str) -> Result<(), ReadError> {
    let sound = Label::try_from(name.to_owned());
    sound.map(|_| ()).map_err(|_| {
        let remedy = "use 1 to 32 visible ASCII characters without a slash";
        at.wrong(&format!("{:?} is no name", excerpt(name)), remedy)
    })
}

/// The beginning of a foreign text, short enough for a message.
fn excerpt(text: &str) -> String {
    text.chars().take(48).filter(|character| !character.is_control()).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) const OWN: &str = include_str!("own_week.json");
    pub(crate) const OWN_MAINTENANCE: &str = include_str!("own_maintenance.csv");
    /// The first moment of the own week.
    pub(crate) const BASE: u64 = 1_900_800_000_000;

    pub(crate) fn own() -> Week {
        let mut weeks = parse("own_week.json", OWN).unwrap();
        parse_maintenance("own_maintenance.csv", OWN_MAINTENANCE, &mut weeks).unwrap();
        weeks.remove(0)
    }

    /// A window in minutes since the start of the own week.
    pub(crate) fn minutes(start: u64, end: u64) -> Window {
        Window::new(Tai(BASE + start * 60_000), Tai(BASE + end * 60_000)).unwrap()
    }

    #[test]
    fn the_own_week_is_read_as_it_was_drawn() {
        let week = own();
        assert_eq!(week.name, "W01_2030");
        assert_eq!(week.antennas, ["DSS-24", "DSS-25", "DSS-34"]);
        assert_eq!(week.missions, ["heron", "lark", "owl", "wren"]);
        assert_eq!(week.span, minutes(0, 24 * 60));
        assert_eq!(week.requests.len(), 6);
        let joint = week.requests.iter().find(|request| request.track == "heron-2-2").unwrap();
        assert_eq!(joint.places, [Place { antennas: vec![0, 2], views: vec![minutes(330, 720)] }]);
        assert_eq!(joint.kept(), Millis(195 * 60_000));
        // The last interval is of the next day, and DSS-15 is nobody's wish.
        assert_eq!(week.downtime, [vec![], vec![minutes(690, 840)], vec![]]);
    }

    #[test]
    fn bad_files_are_told_with_place_and_remedy() {
        let check = |text: &str, expect: &str| {
            let told = parse("f", text).unwrap_err().to_string();
            assert!(told.contains(expect) && told.contains("; "), "{told}");
        };
        check("{", "f: this is no JSON");
        check("[]", "no weeks");
        check("{}", "no weeks");
        check(r#"{"W": []}"#, "f: W: no list of requests");
        check(r#"{"W": [7]}"#, "f: W, request 1: no field subject");
        let spoilt = |from: &str, to: &str, expect: &str| {
            assert!(OWN.contains(from), "{from}");
            check(&OWN.replacen(from, to, 1), expect);
        };
        spoilt("\"subject\": \"heron\"", "\"subject\": [1]", "request 1: a subject that is no name");
        spoilt("\"subject\": \"heron\"", "\"subject\": \"a/b\"", "heron-2-1: \"a/b\" is no name");
        spoilt("\"duration_min\": 2.0", "\"duration_min\": -2.0", "heron-2-1: duration_min is no duration");
        spoilt("\"duration_min\": 2.0", "\"duration_min\": 9.0", "duration_min is above duration");
        spoilt("\"setup_time\": 60", "\"setup_time\": 1e9", "setup_time is no duration");
        spoilt("\"TRX OFF\"", "\"TRX_OFF\"", "heron-2-1, DSS-24: TRX ON and TRX OFF make no window");
        spoilt("\"DSS-24_DSS-34\"", "\"DSS-24_DSS-24\"", "heron-2-2, DSS-24_DSS-24: no array");
        spoilt("\"time_window_end\": 1900886400", "\"time_window_end\": 1909999999", "longer than 31 days");
    }

    #[test]
    fn bad_maintenance_is_told_with_its_line() {
        let check = |text: &str, expect: &str| {
            let told = parse_maintenance("m", text, &mut [own()]).unwrap_err().to_string();
            assert!(told.starts_with(expect), "{told}");
        };
        check("", "m: line 1: other columns");
        check("week,year,starttime,endtime,antenna\n1,2,3,4", "m: line 2: 4 columns");
        check("week,year,starttime,endtime,antenna\n1,2,4,4,DSS-24", "m: line 2: no window");
    }

    #[test]
    fn unknown_weeks_are_told_with_the_known_ones() {
        let weeks = vec![own()];
        let told = choose("f", weeks.clone(), &["W99".to_owned()]).unwrap_err().to_string();
        assert_eq!(told, "f: no week \"W99\"; known are W01_2030");
        assert_eq!(choose("f", weeks.clone(), &["W01".to_owned()]).unwrap(), weeks);
        assert_eq!(choose("f", weeks.clone(), &[]).unwrap(), weeks);
    }

    #[test]
    fn windows_that_touch_become_one() {
        let mut windows = vec![minutes(20, 30), minutes(0, 10), minutes(10, 15), minutes(25, 26)];
        joined(&mut windows);
        assert_eq!(windows, [minutes(0, 15), minutes(20, 30)]);
    }
}
