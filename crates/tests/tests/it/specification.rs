//! docs/specification.md says what the tests enforce, and no more.

use std::path::Path;

use domain::{Clock as _, SystemClock, Timestamp};
use tests::{
    assure::{promises, report},
    crash::{attack, record::Record, spec},
};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(ROOT).join(path)).unwrap_or_default()
}

#[test]
fn the_specification_is_what_the_tests_make_of_it() {
    let record = Record::last();
    let [long, attacks, assured] =
        ["docs/crash-run.md", "docs/records/attack.json", "docs/records/assure.json"].map(read);
    let made = spec::document(&long, record.as_ref(), &attacks, &assured);
    assert_eq!(read("docs/specification.md"), made, "run `just generate` and commit docs/specification.md");
}

#[test]
fn the_figures_are_what_the_records_make_of_them() {
    let made = report::document(&report::Sources::read());
    assert_eq!(read("docs/assurance.md"), made, "run `just generate` and commit docs/assurance.md");
}

/// A record is good for its own version: an old one, or one of a run that lost or doubled something, proves nothing.
#[test]
fn the_record_of_a_run_over_all_kinds_is_whole_and_not_too_old() {
    let record = Record::last().expect("docs/records/crash-kinds.json: run `just crash-kinds` and commit it");
    assert_eq!((record.lost, record.doubled, record.other, record.failed), (0, 0, 0, 0), "{record:?}");
    assert!(record.seconds >= 600, "ten minutes: {record:?}");
    assert_eq!(record.unsent(), Vec::<String>::new(), "all kinds");
    let day: Timestamp = format!("{}T00:00:00Z", record.date).parse().unwrap();
    let age = SystemClock.now().duration_since(day).as_hours();
    assert!((-24..=RECORD_DAYS * 24).contains(&age), "{}: run `just crash-kinds` again", record.date);
}

/// After so many days a record no longer counts.
const RECORD_DAYS: i64 = 120;

/// The texts of all files of this name beneath a crate's folder.
fn named(folder: &Path, name: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts.extend(named(&path, name));
        } else if path.file_name().is_some_and(|file| file == name) {
            texts.push(std::fs::read_to_string(&path).unwrap());
        }
    }
    texts
}

#[test]
fn every_test_that_the_specification_names_exists() {
    for promise in spec::PROMISES.iter().chain(attack::PROMISES).chain(promises::PROMISES) {
        for name in promise.tests.iter().filter(|name| name.contains("::")) {
            let (file, function) = name.split_once("::").unwrap();
            let (package, file) = file.split_once('/').unwrap();
            let files = named(&Path::new(ROOT).join("crates").join(package), &format!("{file}.rs"));
            let is_there = |text: &String| text.contains(&format!("fn {function}("));
            assert!(files.iter().any(is_there), "{}: there is no test {name}", promise.id);
        }
        for name in promise.tests.iter().filter(|name| !name.contains("::")) {
            assert!(Path::new(ROOT).join(name).exists(), "{}: there is no {name}", promise.id);
        }
    }
}
