//! The README's table of what is simulated names tests that are there.

const README: &str = include_str!("../../README.md");

/// The source of each test file, by its module's name.
fn source(module: &str) -> Option<String> {
    let file = format!("{}/tests/it/{module}.rs", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(file).ok()
}

#[test]
fn every_row_names_a_client_and_tests_that_are_there() {
    let (_, section) = README.split_once("## What is simulated").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let rows: Vec<&str> = section.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert!(rows.len() > 25, "{}", rows.len());
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [_, seen, tests] = cells[..] else { panic!("three cells: {row}") };
        assert!(
            !seen.is_empty() && seen.split(' ').all(|client| ["W", "B", "M", "L"].contains(&client)),
            "{row}"
        );
        let named: Vec<&str> = tests.split('`').filter(|part| part.contains("::")).collect();
        assert!(!named.is_empty(), "a test is named: {row}");
        for name in named {
            let (module, test) = name.split_once("::").unwrap();
            let source = source(module).unwrap_or_else(|| panic!("there is no tests/it/{module}.rs: {row}"));
            let begins = test.trim_end_matches('…');
            assert!(source.contains(&format!("fn {begins}")), "{module}.rs has no test {test}: {row}");
        }
    }
}

#[test]
fn what_the_readme_calls_absent_is_told_apart_from_what_it_shows() {
    let (_, absent) = README.split_once("## What is not simulated").unwrap();
    for word in ["groups", "status", "disappear", "calls", "catalogues", "history on demand"] {
        assert!(absent.contains(word), "{word}");
    }
}
