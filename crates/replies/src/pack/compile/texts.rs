//! The texts of a pack, over the engine's own.

use std::collections::BTreeMap;

use domain::Language;
use toml::Spanned;

use super::{Compiler, Lined, line};
use crate::pack::{
    Texts,
    texts::{code, engine_texts},
};

impl Compiler<'_> {
    /// The texts of one language, with their lines.
    pub(super) fn texts(&mut self, language: Language) -> Option<Lined> {
        let file = format!("{}.toml", code(language));
        let text = self.text(&file)?;
        match toml::from_str::<BTreeMap<String, Spanned<String>>>(&text) {
            Ok(read) => {
                let lined = read.into_iter().map(|(key, value)| {
                    let at = line(&text, value.span().start);
                    // What follows three quotes begins on the next line.
                    let at = at
                        + usize::from(
                            text.get(value.span().start..).is_some_and(|text| text.starts_with("\"\"\"\n")),
                        );
                    (key, (at, value.into_inner()))
                });
                Some(lined.collect())
            }
            Err(error) => {
                let at = line(&text, error.span().map_or(0, |span| span.start));
                self.problem(&file, at, error.message().to_owned());
                None
            }
        }
    }

    /// The pack's own texts over the engine's.
    pub(super) fn templates(
        &mut self,
        languages: &[Language],
        written: &BTreeMap<&'static str, Lined>,
    ) -> Texts {
        let mut texts = Texts::default();
        for language in languages {
            let code = code(*language);
            let own = written.get(code);
            for ((_, key), text) in engine_texts().iter().filter(|((of, _), _)| *of == code) {
                if own.is_none_or(|own| !own.contains_key(key)) {
                    // Part of the executable, and a test says each.
                    let _ = texts.add(*language, key, text);
                }
            }
            for (key, (at, text)) in own.into_iter().flatten() {
                if let Err((line, why)) = texts.add(*language, key, text) {
                    self.problem(
                        &format!("{code}.toml"),
                        at + line - 1,
                        format!("\"{key}\" is no template: {why}"),
                    );
                }
            }
        }
        texts
    }
}
