//! Texts as templates. Minijinja with a fuel limit; what is put in is put in as it is: what a customer or tenant wrote is
//! never read as a template.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use domain::Language;
use minijinja::{Environment, UndefinedBehavior, Value};

/// Characters of one message that WhatsApp takes, after its Business API's reference for text messages.
pub const TEXT_MOST: usize = 4_096;

/// Steps and bytes (64 to a step) that a template may take.
const FUEL: u64 = 20_000;

/// What a template may put in, by name.
pub(crate) type Vars = BTreeMap<&'static str, Value>;

/// Names that every template may use; what has no value in a turn is empty.
pub(crate) const NAMES: [&str; 36] = [
    "business",
    "phone",
    "address",
    "map",
    "currency",
    "hours",
    "open",
    "opens",
    "holiday",
    "name",
    "service",
    "price",
    "minutes",
    "with",
    "date",
    "time",
    "when",
    "reference",
    "items",
    "more",
    "total",
    "fee",
    "goods",
    "place",
    "quantity",
    "left",
    "product",
    "unit",
    "category",
    "text",
    "choice",
    "state",
    "first",
    "last",
    "count",
    "flow",
];

/// Texts of a pack, of the engine or of a tenant, by language and key. They are kept as they are written and made into a
/// template when they are said: some hundred templates take two megabytes in every worker, and making one takes
/// microseconds.
#[derive(Debug)]
pub(crate) struct Texts {
    manner: Environment<'static>,
    written: BTreeMap<(Code, String), Box<str>>,
}

/// A language as a part of a template's name.
type Code = &'static str;

pub(crate) const fn code(language: Language) -> Code {
    match language {
        Language::Sw => "sw",
        Language::En => "en",
    }
}

impl Default for Texts {
    fn default() -> Self {
        let mut manner = Environment::empty();
        manner.set_fuel(Some(FUEL));
        manner.set_undefined_behavior(UndefinedBehavior::Strict);
        manner.set_recursion_limit(20);
        manner.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        manner.set_formatter(|out, _, value| {
            if value.is_none() {
                return Ok(());
            }
            std::fmt::Write::write_str(out, &value.to_string()).map_err(minijinja::Error::from)
        });
        Self { manner, written: BTreeMap::new() }
    }
}

impl Texts {
    /// Adds a text.
    ///
    /// # Errors
    /// Where it is no template: the line in it, from 1, and why.
    pub(crate) fn add(&mut self, language: Language, key: &str, text: &str) -> Result<(), (usize, String)> {
        let text = text.trim();
        self.manner.template_from_named_str(key, text).map_err(|error| said(&error))?;
        self.written.insert((code(language), key.to_owned()), text.into());
        Ok(())
    }

    /// All keys, each once.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        let keys: BTreeSet<&str> = self.written.keys().map(|(_, key)| key.as_str()).collect();
        keys.into_iter()
    }

    /// The text as it is written.
    pub(crate) fn source(&self, language: Language, key: &str) -> Option<String> {
        self.written(language, key).map(str::to_owned)
    }

    /// Whether there is such a text.
    pub(crate) fn has(&self, language: Language, key: &str) -> bool {
        self.written(language, key).is_some()
    }

    fn written(&self, language: Language, key: &str) -> Option<&str> {
        self.written.get(&(code(language), key.to_owned())).map(AsRef::as_ref)
    }

    /// The text with what is put in, without space around it and without more than one empty line.
    ///
    /// # Errors
    /// Where there is none, or it fails: the line in it, from 1, and why.
    pub(crate) fn say(&self, language: Language, key: &str, vars: &Vars) -> Result<String, (usize, String)> {
        let written =
            self.written(language, key).ok_or_else(|| (1, format!("there is no text \"{key}\"")))?;
        let template = self.manner.template_from_named_str(key, written).map_err(|error| said(&error))?;
        let text = template
            .render(Value::from_pairs(vars.iter().map(|(name, value)| (*name, value.clone()))))
            .map_err(|error| said(&error))?;
        Ok(tidy(&text))
    }
}

fn said(error: &minijinja::Error) -> (usize, String) {
    let why = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    let why = if error.kind() == minijinja::ErrorKind::OutOfFuel {
        "it never ends, or does too much".to_owned()
    } else {
        why
    };
    (error.line().unwrap_or(1), why)
}

/// Lines without space at their ends, and at most one empty line in a row: a template's own lines leave some behind.
fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.trim().lines() {
        let line = line.trim_end();
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            if !tidy.is_empty() {
                tidy.push('\n');
            }
            tidy.push_str(line);
        }
    }
    tidy
}

/// The texts that every pack has without writing them: `packs/engine/sw.toml` and `en.toml`.
pub(crate) fn engine_texts() -> &'static BTreeMap<(Code, String), String> {
    static TEXTS: OnceLock<BTreeMap<(Code, String), String>> = OnceLock::new();
    TEXTS.get_or_init(|| {
        let files = [
            (Language::Sw, include_str!("../../packs/engine/sw.toml")),
            (Language::En, include_str!("../../packs/engine/en.toml")),
        ];
        let mut texts = BTreeMap::new();
        for (language, file) in files {
            // Part of the executable, and a test reads both.
            let read: BTreeMap<String, String> = toml::from_str(file).unwrap_or_default();
            texts.extend(read.into_iter().map(|(key, text)| ((code(language), key), text)));
        }
        texts
    })
}

/// Whether the engine has a text of this key.
pub(crate) fn is_engines(key: &str) -> bool {
    engine_texts().contains_key(&("sw", key.to_owned()))
}

/// The engine's texts alone, for a tenant whose pack is not there.
pub(crate) fn engine_pack() -> Texts {
    let mut texts = Texts::default();
    for ((of, key), text) in engine_texts() {
        let language = if *of == "sw" { Language::Sw } else { Language::En };
        let _ = texts.add(language, key, text);
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_is_never_a_template() {
        let mut texts = Texts::default();
        texts.add(Language::En, "greeting", "Hello {{ name }} at {{ business }}!{{ price }}").unwrap();
        let vars = Vars::from([
            ("name", Value::from("{{ business }}{% for a in b %}")),
            ("business", Value::from("<A & B>")),
            ("price", Value::from(())),
        ]);
        let said = texts.say(Language::En, "greeting", &vars).unwrap();
        assert_eq!(said, "Hello {{ business }}{% for a in b %} at <A & B>!");
    }

    #[test]
    fn a_template_that_never_ends_is_ended() {
        let mut texts = Texts::default();
        let loops = "{% for a in items %}{% for b in items %}{% for c in items %}x{% endfor %}{% endfor %}{% endfor %}";
        texts.add(Language::Sw, "loop", loops).unwrap();
        texts.add(Language::Sw, "grow", "{{ 'aaaaaaaaaa' * 1000000000 }}").unwrap();
        let vars = Vars::from([("items", Value::from(vec![1; 200]))]);
        for key in ["loop", "grow"] {
            let why = texts.say(Language::Sw, key, &vars).unwrap_err().1;
            assert!(why.contains("never ends") || why.contains("too large"), "{why}");
        }
    }

    #[test]
    fn the_engine_says_the_same_in_both_languages() {
        let keys = |wanted: Code| {
            let texts = engine_texts().keys().filter(move |(code, _)| *code == wanted);
            texts.map(|(_, key)| key.clone()).collect::<BTreeSet<_>>()
        };
        assert_eq!(keys("sw"), keys("en"));
        assert!(keys("sw").len() > 60);
    }
}
