//! docs/message-kinds.md is what a real worker does.

use tests::kinds::{PATH, document};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_on_kinds_is_what_a_real_worker_does() {
    let written = std::fs::read_to_string(PATH).unwrap_or_default();
    let now = document().await;
    for (was, is) in written.lines().zip(now.lines()) {
        assert_eq!(was, is, "run `just generate`");
    }
    assert_eq!(written, now, "run `just generate`");
}

/// Every kind is answered or silent by a named reason, and enough of them are formed by other makes.
#[test]
fn every_kind_has_an_outcome_and_other_makes_form_enough_of_them() {
    let written = std::fs::read_to_string(PATH).unwrap();
    let rows = written.lines().filter(|line| line.starts_with("| ")).skip(1);
    for row in rows {
        let does = row.split(" | ").nth(1).unwrap();
        assert!(does.starts_with("answers: ") || does.starts_with("silent: "), "{row}");
    }
    let formed =
        |make: &str| written.lines().filter(|line| line.starts_with("| `") && line.contains(make)).count();
    assert!(formed("Baileys") >= 30, "{}", formed("Baileys"));
    assert!(formed("whatsmeow") >= 15, "{}", formed("whatsmeow"));
}
