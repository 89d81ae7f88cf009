//! The counts of docs/isolation.md come from the tests.

/// Fails where the document says more of this row than `count`.
pub(super) fn counted(row: &str, count: usize) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/isolation.md");
    let document = std::fs::read_to_string(path).unwrap();
    let line = document.lines().find(|line| line.contains(&format!("<!-- {row} -->")));
    let line = line.unwrap_or_else(|| panic!("docs/isolation.md has no row {row}"));
    let said =
        line.split_once("at least ").and_then(|(_, rest)| rest.split(' ').next()?.parse::<usize>().ok());
    assert!(
        said.is_some_and(|said| count >= said),
        "{row}: this test counts {count}, docs/isolation.md says more; was something left out? If not, change it in \
         crates/tests/src/isolation.rs and run `just generate`: {line}"
    );
}
