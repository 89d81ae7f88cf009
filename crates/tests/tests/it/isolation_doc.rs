//! docs/isolation.md is what is generated, and the tests that it names exist.

use std::path::Path;

use tests::isolation::{PATH, ROWS, counted, document};

#[test]
fn the_page_on_isolation_is_up_to_date() {
    let written = std::fs::read_to_string(PATH).unwrap_or_default();
    assert!(
        written == document(),
        "run `just generate`: docs/isolation.md is not what crates/tests/src/isolation.rs says"
    );
}

/// A test of a crate that this one does not see: what it tries stands in its source.
#[test]
fn the_mutated_frames_are_as_many_as_the_page_says() {
    let source = include_str!("../../../link/tests/mutated.rs");
    let frames = source.split_once("const FRAMES: usize = ").unwrap().1.split(';').next().unwrap();
    counted("frames", frames.replace('_', "").parse().unwrap());
    let source = include_str!("../../../supervisor/tests/it/mutated.rs");
    let number = |name: &str| -> usize {
        let (_, rest) = source.split_once(&format!("const {name}: usize = ")).unwrap();
        rest.split(';').next().unwrap().parse().unwrap()
    };
    counted("frames-socket", number("LIARS") * number("FRAMES"));
}

#[test]
fn every_test_that_the_page_names_exists() {
    let crates = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    for row in ROWS {
        let (file, name) = row.test;
        let source = std::fs::read_to_string(crates.join(file)).unwrap_or_default();
        assert!(source.contains(&format!("fn {name}()")), "{file} has no test {name}");
    }
}
