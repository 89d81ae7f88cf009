//! Writes `docs/packs/*.md`: what each pack says in conversations that people have with it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a program for developers: a panic says what is wrong"
)]

#[path = "../tests/support/mod.rs"]
mod support;

fn main() {
    let folder = support::root().join("docs/packs");
    std::fs::create_dir_all(&folder).unwrap();
    for (id, ..) in support::PACKS {
        for language in support::LANGUAGES {
            if !support::has_script(id, language) {
                continue;
            }
            let code = if language == domain::Language::Sw { "sw" } else { "en" };
            let text = support::play(id, language);
            std::fs::write(folder.join(format!("{}.{code}.md", id.to_lowercase())), text).unwrap();
        }
    }
}
