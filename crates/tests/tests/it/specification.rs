//! docs/specification.md says what the tests enforce, and no more.

use std::path::Path;

use tests::crash::spec;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(ROOT).join(path)).unwrap_or_default()
}

#[test]
fn the_specification_is_what_the_tests_make_of_it() {
    let made = spec::document(&read("docs/crash-run.md"));
    assert_eq!(read("docs/specification.md"), made, "run `just generate` and commit docs/specification.md");
}

#[test]
fn every_test_that_the_specification_names_exists() {
    for promise in spec::PROMISES {
        for name in promise.tests.iter().filter(|name| name.contains("::")) {
            let (file, function) = name.split_once("::").unwrap();
            let (package, file) = file.split_once('/').unwrap();
            let text = read(&format!("crates/{package}/tests/it/{file}.rs"));
            assert!(text.contains(&format!("fn {function}(")), "{}: there is no test {name}", promise.id);
        }
        for name in promise.tests.iter().filter(|name| !name.contains("::")) {
            assert!(Path::new(ROOT).join(name).exists(), "{}: there is no {name}", promise.id);
        }
    }
}
