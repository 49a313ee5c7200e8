//! The view in words, with the names of the story in place of ids.

use super::stage::{Named, Stage, all_resources};
use super::{Question, Story};
use crate::laws::Replica as _;
use crate::oracle::histories::{DAWN, LAST_DAY, resource_id};
use crate::subject::Subject;
use crate::world::day;
use intent_contracts::{Clock, EntryId, LogId, Millis, RecordId, Tai, Window};
use intent_ledger::{MemoryStore, Viewpoint};
use intent_merge_rules::{Age, Free, Hold, MayAct, Rules, Standing, Suspender, Suspension, View};
use std::fmt::Write as _;

/// Tells what the ledger says of a story: each named record, who is in the way, the answers, the exceptions.
///
/// # Panics
/// When the store in memory fails, or a question names what the story does not.
#[must_use]
pub fn tell(story: &Story, replica: &mut Subject<MemoryStore>) -> String {
    let horizon = story.questions.iter().find_map(|question| match question {
        Question::Forget { to } => Some(*to),
        _ => None,
    });
    if let Some(horizon) = horizon {
        replica.advance_horizon_to(horizon);
    }
    let viewpoint = Viewpoint::Scopes(vec![story.viewpoint()]);
    let view = replica.ledger().view(viewpoint).expect("a store in memory does not fail");
    let rules = replica.ledger().rules_for_tests().expect("a store in memory does not fail").clone();
    let mut out = String::new();
    for (name, named) in story.stage.names.iter().filter(|(name, _)| !name.starts_with("the ")) {
        if let Named::Record(citation, _) = named {
            record(&view, name, &citation.record, &mut out);
        }
    }
    occupancies(&view, &mut out);
    for question in &story.questions {
        answer((&view, &rules), story, question, &mut out);
    }
    if let Some(successor) = view.successor() {
        writeln!(out, "the roots chose a successor: {successor}").expect("a text takes all");
    }
    for exception in view.exceptions() {
        writeln!(out, "exception: {exception}").expect("a text takes all");
    }
    with_names(&story.stage, out)
}

fn record(view: &View, name: &str, id: &RecordId, out: &mut String) {
    let Some(claim) = view.claim(id) else {
        if view.explain(id).is_empty() {
            writeln!(out, "{name}: nothing is known of it").expect("a text takes all");
        }
        for finding in view.explain(id) {
            writeln!(out, "{name}: {finding}").expect("a text takes all");
        }
        return;
    };
    for (number, lease) in claim.leases.iter().enumerate() {
        write!(out, "{name}/{number}: {}", lease.finding).expect("a text takes all");
        if lease.finding.standing <= Standing::AtRisk {
            for covered in &lease.footprints {
                write!(out, "; covered to {}", time(covered.cover)).expect("a text takes all");
            }
        }
        for suspension in &lease.suspensions {
            write!(out, "; {}", suspended(suspension)).expect("a text takes all");
        }
        out.push('\n');
    }
}

fn occupancies(view: &View, out: &mut String) {
    let always = Window::new(Tai(0), Tai::MAX).expect("all of time");
    for resource in &all_resources() {
        for found in view.occupancies(resource_id(resource), always) {
            let (start, end) = (time(found.window.start()), time(found.window.end()));
            writeln!(out, "{} is taken {start}-{end} by {}/{}", resource.path, found.record, found.part)
                .expect("a text takes all");
        }
    }
}

fn answer((view, rules): (&View, &Rules), story: &Story, question: &Question, out: &mut String) {
    let stage = &story.stage;
    match question {
        Question::May { claim, alternative, by, at } => {
            let Some(Named::Record(citation, log)) = stage.named(claim) else {
                panic!("no claim is named {claim}")
            };
            let asking = by.as_ref().map_or(log, |by| stage.log(by).expect("who asks has a log"));
            let own = stage.pen.logs[asking].id;
            let clock = Clock::new(*at, Millis(1_000));
            let (from, writes) = (vec![story.viewpoint()], |log: &LogId| *log == own);
            let answer = rules.may_act(from, &citation.record, *alternative, clock, Millis::SECOND, writes);
            let answer = match answer {
                MayAct::Go { valid_until, information_age: Age::AtMost(Millis(0)) } => {
                    format!("go until {}", time(valid_until))
                }
                MayAct::Go { valid_until, information_age } => {
                    format!("go until {}, {}", time(valid_until), news(information_age))
                }
                MayAct::AtRisk(finding) => finding.to_string(),
                MayAct::Hold(Hold::Standing(finding)) => format!("hold, {finding}"),
                MayAct::Hold(Hold::Window(phase)) => format!("hold, {phase:?}"),
                MayAct::Hold(Hold::Suspended(suspension)) => format!("hold, {}", suspended(&suspension)),
                MayAct::Hold(other) => format!("hold, {other}"),
            };
            let by = by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
            writeln!(out, "may {claim}{by} at {}? {answer}", time(*at)).expect("a text takes all");
        }
        Question::Free { resource, window, at } => {
            let answer = match view.free(*resource, *window, Clock::new(*at, Millis(1_000))) {
                Free::Free { information_age } => format!("free, {}", news(information_age)),
                Free::Occupied { by } => format!("no, {by}"),
                Free::Unknown { why } => format!("unknown, it {why}"),
            };
            let (start, end) = (time(window.start()), time(window.end()));
            writeln!(out, "is {resource} free {start}-{end}? {answer}").expect("a text takes all");
        }
        Question::Forget { to } => writeln!(out, "all is told at {}", time(*to)).expect("a text takes all"),
        Question::Seen { from } => writeln!(out, "all is told from {from}").expect("a text takes all"),
    }
}

fn suspended(suspension: &Suspension) -> String {
    let (until, clause) = (time(suspension.until), suspension.clause());
    match suspension.by {
        Suspender::Overfull(enrolment) => format!("suspended until {until} by {enrolment} [{clause}]"),
        Suspender::Forked(log) => format!("suspended until {until} by {log} [{clause}]"),
        Suspender::Noisy(enrolment) => format!("suspended until {until} by {enrolment} [{clause}]"),
        Suspender::Restricted(notice) => format!("suspended until {until} by {notice} [{clause}]"),
        Suspender::Tripped(trip) => format!("suspended until {until} by {trip} [{clause}]"),
    }
}

fn news(age: Age) -> String {
    match age {
        Age::AtMost(age) => format!("on news of {} before", time(DAWN.plus(age))),
        Age::Unknown => "on news of an age that is not known".to_owned(),
    }
}

/// Hours and minutes of the first day, or days.
fn time(moment: Tai) -> String {
    if moment == day(LAST_DAY) {
        return "the end".to_owned();
    }
    let seconds = moment.since(DAWN).0 / 1_000;
    let (days, hours, minutes, rest) = (seconds / 86_400, seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match (days, minutes, rest) {
        (2.., ..) => format!("day {days}"),
        (_, 0, 0) => hours.to_string(),
        (.., 0) => format!("{hours}:{minutes:02}"),
        _ => format!("{hours}:{minutes:02}:{rest:02}"),
    }
}

fn with_names(stage: &Stage, mut text: String) -> String {
    for (name, named) in &stage.names {
        text = match named {
            Named::Record(citation, _) => text.replace(&citation.record.to_string(), name),
            Named::Notice(notice) => text.replace(&notice.to_string(), name),
        };
    }
    for (name, log) in stage.logs() {
        for (slot, entry) in (1..).zip(&stage.pen.logs[log].entries) {
            text = text.replace(&format!("{}#0", entry.id()), &format!("{name}:{slot}"));
        }
        text = text.replace(&stage.pen.logs[log].id.to_string(), name);
    }
    for resource in &all_resources() {
        let (id, first) = (resource_id(resource), &resource.path);
        text = text.replace(&id.to_string(), &first.to_string());
        for number in 1..=5 {
            let entry = EntryId::first_give(&stage.pen.ledger(), 0, number);
            let window = RecordId { entry, index: 0 };
            text = text.replace(&window.to_string(), &number.to_string());
        }
        for (number, right) in (0..).zip(stage.pen.charter.first_rights()) {
            if right.footprint.resource == id {
                let name = if number < 2 {
                    format!("the charter's {first}")
                } else {
                    format!("the charter's later {first}")
                };
                text = text.replace(&right.citation.record.to_string(), &name);
            }
        }
    }
    text.replace(&day(LAST_DAY).to_string(), "the end")
}
