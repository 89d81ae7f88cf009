//! The conversations of `tests/conversations`, as `docs/packs` tells them.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic here is a failed test")]

mod support;

use domain::Language;

#[test]
fn every_transcript_is_what_the_engine_says() {
    for (id, ..) in support::PACKS {
        for language in support::LANGUAGES {
            let code = if language == Language::Sw { "sw" } else { "en" };
            let path = format!("docs/packs/{}.{code}.md", id.to_lowercase());
            let kept = std::fs::read_to_string(support::root().join(&path)).unwrap_or_default();
            let said = support::play(id, language);
            let differs = said.lines().zip(kept.lines()).position(|(said, kept)| said != kept);
            assert!(
                kept == said,
                "{path} differs from line {:?}: look at `cargo run -p replies --example transcripts && git diff docs/packs`",
                differs.map(|line| line + 1)
            );
        }
    }
}

#[test]
fn there_are_at_least_twenty_conversations_for_each_pack_and_language() {
    for (id, ..) in support::PACKS {
        for language in support::LANGUAGES {
            let script = support::script(id, language);
            let count = script.lines().filter(|line| line.starts_with('#')).count();
            assert!(count >= 20, "{id} {language}: {count}");
        }
    }
}
