//! Reads flight intents: YAML in which one flight may be another one with mutations.
//!
//! A mutation goes field by field and, in lists, place by place; a field with a plus sign is replaced whole,
//! and an empty value takes the field away.

use super::NOW;
use intent_ledger::contracts::{Millis, Tai, Window};
use saphyr::{LoadableYamlNode as _, Scalar, Yaml};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// One flight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flight {
    pub(crate) name: String,
    /// Longitude and latitude in hundred-millionths of a degree, about a millimetre each.
    pub(crate) polygon: Vec<(i64, i64)>,
    /// From and to, in millimetres.
    pub(crate) altitude: (i64, i64),
    pub(crate) window: Window,
    /// Three for each priority of the file: planned, in use, off nominal.
    pub(crate) class: u8,
}

/// The flights of a file, in the order of their names.
pub(crate) fn read(text: &str) -> Result<Vec<Flight>, String> {
    let documents = Yaml::load_from_str(text).map_err(|error| format!("no YAML: {error}"))?;
    let file = documents.first().map_or(Value::Null, plain);
    let intents = file.get("intents").and_then(Value::as_object).filter(|intents| !intents.is_empty());
    let intents = intents.ok_or("no flights; write an object named intents")?;
    let mut whole = Vec::new();
    for name in intents.keys() {
        whole.push((name, resolved(intents, name, intents.len())?));
    }
    let priority = |flight: &Value| flight["astm_f3548_21"]["priority"].as_i64().unwrap_or(0);
    let priorities: BTreeSet<i64> = whole.iter().map(|(_, flight)| priority(flight)).collect();
    let class = |flight: &Value| {
        let below = priorities.range(..priority(flight)).count();
        let basic = &flight["basic_information"];
        let state = match (basic["usage_state"].as_str(), basic["uas_state"].as_str()) {
            (_, Some("OffNominal")) => 2,
            (Some("InUse"), _) => 1,
            _ => 0,
        };
        u8::try_from(3 * below + state).map_err(|_| "too many priorities".to_owned())
    };
    whole.iter().map(|(name, flight)| built(name, flight, class(flight)?)).collect()
}

/// A flight with what it builds on; `left` ends circles.
fn resolved(intents: &Map<String, Value>, name: &str, left: usize) -> Result<Value, String> {
    let intent = &intents[name];
    if let Some(full) = intent.get("full") {
        return Ok(full.clone());
    }
    let source = intent["delta"]["source"].as_str().ok_or(format!("{name}: neither full nor delta"))?;
    if left == 0 || !intents.contains_key(source) {
        return Err(format!("{name} builds on {source}, which is not there or builds on it"));
    }
    let base = resolved(intents, source, left - 1)?;
    Ok(mutated(&base, &intent["delta"]["mutation"]))
}

fn mutated(base: &Value, by: &Value) -> Value {
    match (base, by) {
        (Value::Array(base), Value::Array(by)) => {
            let count = base.len().max(by.len());
            let at = |place: usize| match (base.get(place), by.get(place)) {
                (Some(base), Some(by)) => mutated(base, by),
                (one, other) => other.or(one).cloned().unwrap_or(Value::Null),
            };
            Value::Array((0..count).map(at).collect())
        }
        (Value::Object(base), Value::Object(by)) => {
            let mut out = base.clone();
            for (field, change) in by {
                let (field, replaced) =
                    field.strip_prefix('+').map_or((field.as_str(), false), |field| (field, true));
                let old = base.get(field).filter(|old| !replaced && !old.is_null());
                out.insert(field.to_owned(), old.map_or(change.clone(), |old| mutated(old, change)));
            }
            Value::Object(out)
        }
        _ => by.clone(),
    }
}

fn built(name: &str, flight: &Value, class: u8) -> Result<Flight, String> {
    let basic = flight.get("basic_information").ok_or(format!("{name}: no basic_information"))?;
    let areas = basic["area"].as_array().filter(|areas| areas.len() == 1);
    let area = &areas.ok_or(format!("{name}: not one area"))?[0];
    let vertices = area["outline_polygon"]["vertices"].as_array().filter(|vertices| vertices.len() >= 3);
    let degrees = |vertex: &Value| Some((scaled(&vertex["lng"], 1e8)?, scaled(&vertex["lat"], 1e8)?));
    let polygon = vertices.and_then(|vertices| vertices.iter().map(degrees).collect());
    let altitude = |field: &str| scaled(&area[field]["value"], 1e3);
    let altitude = altitude("altitude_lower").zip(altitude("altitude_upper"));
    let start = moment(&area["start_time"]).ok_or(format!("{name}: no start_time"))?;
    let end = moment(&area["end_time"]).or_else(|| start.checked_add(offset(area["duration"].as_str()?)?));
    let tai = |ms: i64| u64::try_from(ms).ok().map(Tai);
    let window = tai(start).zip(end.and_then(tai)).and_then(|(start, end)| Window::new(start, end).ok());
    Ok(Flight {
        name: name.to_owned(),
        polygon: polygon.ok_or(format!("{name}: no polygon of at least three vertices"))?,
        altitude: altitude.ok_or(format!("{name}: no altitudes"))?,
        window: window.ok_or(format!("{name}: no end after its start"))?,
        class,
    })
}

/// A moment of the test in milliseconds: it begins and is evaluated now.
fn moment(time: &Value) -> Option<i64> {
    let from = &time["offset_from"];
    from["starting_from"]["time_during_test"].as_str()?;
    i64::try_from(NOW.0).ok()?.checked_add(offset(from["offset"].as_str().unwrap_or("0s"))?)
}

/// A span such as `-1s`, `45m` or `32d` in milliseconds.
fn offset(text: &str) -> Option<i64> {
    let unit = text.chars().last()?;
    let length = match unit {
        's' => Millis::SECOND,
        'm' => Millis(60_000),
        'h' => Millis::HOUR,
        'd' => Millis::DAY,
        _ => return None,
    };
    let number: i64 = text.strip_suffix(unit)?.parse().ok()?;
    number.checked_mul(i64::try_from(length.0).ok()?)
}

fn scaled(value: &Value, by: f64) -> Option<i64> {
    let found = value.as_f64().map(|number| (number * by).round()).filter(|number| number.abs() < 1e15)?;
    #[expect(clippy::cast_possible_truncation, reason = "a whole number below 1e15")]
    Some(found as i64)
}

/// The same value without anything that is YAML's alone.
fn plain(yaml: &Yaml<'_>) -> Value {
    match yaml {
        Yaml::Value(Scalar::Boolean(value)) => json!(value),
        Yaml::Value(Scalar::Integer(value)) => json!(value),
        Yaml::Value(Scalar::FloatingPoint(value)) => json!(value.into_inner()),
        Yaml::Value(Scalar::String(text)) => json!(text),
        Yaml::Sequence(items) => Value::Array(items.iter().map(plain).collect()),
        Yaml::Mapping(fields) => {
            let named =
                fields.iter().filter_map(|(field, value)| Some((field.as_str()?.to_owned(), plain(value))));
            Value::Object(named.collect())
        }
        _ => Value::Null,
    }
}
