//! The house keeps its own rules: clauses, reasons and bounds agree between text and code.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use intent_ledger::contracts::{CharterParameters, Reason};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn spec() -> String {
    fs::read_to_string(root().join("SPEC.md")).unwrap()
}

/// All `.rs` files of the library crates and their tests.
fn sources() -> BTreeMap<PathBuf, String> {
    fn collect(directory: &Path, out: &mut BTreeMap<PathBuf, String>) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("target") {
                collect(&path, out);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                out.insert(path.clone(), fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut out = BTreeMap::new();
    for member in ["contracts", "merge-rules", "ledger", "testing", "examples", "benches"] {
        collect(&root().join(member), &mut out);
    }
    out
}

/// Clause ids such as `[ADM-3]` in a text.
fn clauses(text: &str) -> BTreeSet<String> {
    let inside = |part: &str| {
        let id = part.split(']').next()?;
        let (word, number) = id.rsplit_once('-')?;
        let sound = !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_uppercase())
            && !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit());
        sound.then(|| id.to_owned())
    };
    text.split('[').skip(1).filter_map(inside).collect()
}

/// Clauses that open a line of SPEC.md: those that it defines.
fn defined() -> BTreeSet<String> {
    spec().lines().filter_map(|line| clauses(line.get(..16.min(line.len()))?).into_iter().next()).collect()
}

#[test]
fn every_clause_that_code_cites_stands_in_the_spec() {
    let defined = defined();
    assert!(defined.len() > 80, "only {} clauses found", defined.len());
    for (path, text) in sources() {
        for clause in clauses(&text) {
            assert!(defined.contains(&clause), "{} cites [{clause}]", path.display());
        }
    }
}

/// No test can show that a hash or a signature scheme holds.
const UNTESTABLE: [&str; 1] = ["ASM-5"];
/// The clause that describes a test.
const WITHOUT_CODE: [&str; 1] = ["THEOREM-2"];

/// Clauses that library code cites, and those that tests, models and vectors cite.
fn citations() -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut code, mut tests) = (BTreeSet::new(), BTreeSet::new());
    for (path, text) in sources() {
        let inside = path.strip_prefix(root()).unwrap().to_owned();
        let is_library =
            ["contracts/src", "merge-rules/src", "ledger/src"].iter().any(|src| inside.starts_with(src));
        let is_test = inside.starts_with("testing") || inside.iter().any(|part| part == "tests");
        let (library, unit) = text.split_once("#[cfg(test)]").unwrap_or((&text, ""));
        if is_library {
            code.extend(clauses(library));
            // A finding tells its clause as a text of its own.
            code.extend(library.split('"').flat_map(|text| clauses(&format!("[{text}]"))));
            tests.extend(clauses(unit));
        } else if is_test {
            tests.extend(clauses(&text));
        }
    }
    for vectors in ["contracts/vectors", "merge-rules/vectors"] {
        collect_texts(&root().join(vectors), &mut tests);
    }
    (code, tests)
}

fn collect_texts(directory: &Path, out: &mut BTreeSet<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_texts(&path, out);
        } else {
            out.extend(clauses(&fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn every_clause_is_cited_by_code_and_by_a_test() {
    let (code, tests) = citations();
    let lacking = |cited: &BTreeSet<String>, except: &[&str]| -> Vec<String> {
        let missing = |clause: &String| !cited.contains(clause) && !except.contains(&clause.as_str());
        defined().into_iter().filter(missing).collect()
    };
    assert_eq!(lacking(&code, &WITHOUT_CODE), Vec::<String>::new(), "clauses that no code cites");
    assert_eq!(lacking(&tests, &UNTESTABLE), Vec::<String>::new(), "clauses that no test cites");
}

#[test]
fn every_attack_has_the_tests_that_its_row_names() {
    let table = fs::read_to_string(root().join("testing/ATTACKS.md")).unwrap();
    let sources = sources();
    let mut rows = 0;
    for line in table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| no.")) {
        rows += 1;
        assert!(line.starts_with(&format!("| {rows} |")), "row {rows} is {line}");
        let names: Vec<&str> = line.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty() || line.contains("none: "), "row {rows} names no test");
        for name in names {
            let there = match name.strip_suffix(".story") {
                Some(_) => root().join("merge-rules/vectors").join(name).is_file(),
                None => sources.values().any(|text| text.contains(&format!("fn {name}("))),
            };
            assert!(there, "row {rows} names {name}");
        }
    }
    assert_eq!(rows, 23);
}

#[test]
fn no_clause_is_defined_twice() {
    let mut seen = BTreeSet::new();
    for line in spec().lines() {
        if let Some(id) = line.strip_prefix("- [").and_then(|rest| rest.split(']').next()) {
            assert!(seen.insert(id.to_owned()), "[{id}] is defined twice");
        }
    }
}

#[test]
fn the_reasons_of_the_spec_are_those_of_the_code() {
    let spec = spec();
    for reason in Reason::ALL {
        let row = format!("| `{}` | {} | {} |", reason.name(), reason.what(), reason.remedy());
        assert!(spec.contains(&row), "SPEC.md lacks {row}");
    }
    let rows = spec.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(rows, Reason::ALL.len());
}

#[test]
fn the_charter_defaults_of_the_spec_are_those_of_the_code() {
    let parameters = CharterParameters::default();
    let text = spec();
    let line = text.lines().find(|line| line.starts_with("- [CHARTER-3]")).unwrap();
    let seconds = |millis: u64| format!("{} s", millis / 1_000);
    let days = |millis: u64| format!("{} d", millis / 86_400_000);
    for (name, value) in [
        ("clock error e", seconds(parameters.clock_error.0)),
        ("information age P", days(parameters.information_age.0)),
        ("settlement S", days(parameters.settlement.0)),
        ("longest lease L", days(parameters.longest_lease.0)),
        ("guard g", seconds(parameters.guard.0)),
        ("horizon step", days(parameters.horizon_step.0)),
        ("epoch", days(parameters.epoch.0)),
    ] {
        assert!(line.contains(&format!("{name} {value}")), "{name} is {value} in the code");
    }
}

#[test]
fn no_file_leaves_work_undone_in_silence() {
    let marks = [concat!("to", "do!("), concat!("unimple", "mented!("), concat!("#[ig", "nore]")];
    for (path, text) in sources() {
        for mark in marks {
            assert!(!text.contains(mark), "{} holds {mark}", path.display());
        }
    }
}
