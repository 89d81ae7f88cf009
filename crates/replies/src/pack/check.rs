//! What is wrong with a pack that could be read: texts that are missing, unknown, fail or are too long, words that mean two
//! things, slots that cannot be left, flows in a ring.

use std::collections::{BTreeMap, BTreeSet};

use domain::Language;

use super::{
    Action, Does, Pack, Problem, SlotKind, Texts,
    compile::{Lined, MANIFEST},
    sample::samples,
    texts::{TEXT_MOST, code, engine_texts},
};
use crate::{
    Fault, Field, Profile, Wrong,
    understand::{index::forms, tokens, vocabulary, vocabulary::Command},
};

/// Characters of a menu's line.
const LINE_MOST: usize = 40;

/// Lines of `pack.toml` at which things stand.
pub(super) struct Places {
    pub(super) menu: usize,
    pub(super) intents: Vec<usize>,
    pub(super) flows: Vec<usize>,
}

/// Texts by language and key, as they were written.
type Written = BTreeMap<&'static str, Lined>;

/// All that is wrong with a pack.
pub(super) fn pack(pack: &Pack, written: &Written, places: &Places) -> Vec<Problem> {
    let mut check = Check { pack, written, places, problems: Vec::new() };
    check.texts();
    check.said();
    check.menu_words();
    check.rings();
    check.ways_out();
    check.problems
}

struct Check<'a> {
    pack: &'a Pack,
    written: &'a Written,
    places: &'a Places,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn problem(&mut self, file: &str, line: usize, what: String) {
        self.problems.push(Problem { file: file.to_owned(), line, what });
    }

    /// Keys that the pack has to write, with the line of `pack.toml` that wants them, and those that it may.
    fn keys(&self) -> (BTreeMap<String, usize>, BTreeSet<String>) {
        let mut needed = BTreeMap::from([
            ("greeting".to_owned(), self.places.menu),
            ("menu_head".to_owned(), self.places.menu),
        ]);
        let mut allowed: BTreeSet<String> = engine_texts().keys().map(|(_, key)| key.clone()).collect();
        for place in &self.pack.menu {
            if let Some(intent) = self.pack.intents.get(*place) {
                needed.insert(format!("menu_{}", intent.name), self.places.menu);
            }
        }
        for (intent, at) in self.pack.intents.iter().zip(&self.places.intents) {
            if let Does::Answer { text, .. } = &intent.does {
                needed.insert(text.clone(), *at);
            }
        }
        allowed.insert(super::NAME.to_owned());
        for (flow, at) in self.pack.flows.iter().zip(&self.places.flows) {
            if let Action::Answer(text) = &flow.action {
                needed.insert(text.clone(), *at);
            }
            allowed.extend([
                format!("confirm_{}", flow.name),
                format!("done_{}", flow.name),
                format!("flow_{}", flow.name),
            ]);
            for slot in &flow.slots {
                let ask = format!("ask_{}_{}", flow.name, slot.name);
                if let SlotKind::Choice(choices) = &slot.kind {
                    needed.insert(ask.clone(), *at);
                    for choice in choices {
                        needed.insert(format!("choice_{}_{}_{}", flow.name, slot.name, choice.key), *at);
                    }
                }
                if slot.kind == SlotKind::Text {
                    needed.insert(ask.clone(), *at);
                }
                allowed.extend([ask, format!("help_{}_{}", flow.name, slot.name)]);
            }
        }
        (needed, allowed)
    }

    fn texts(&mut self) {
        let (needed, allowed) = self.keys();
        for (language, texts) in self.written {
            let file = format!("{language}.toml");
            for (key, at) in &needed {
                // The engine's own will do where it has one.
                let engines = engine_texts().contains_key(&(*language, key.clone()));
                if !texts.contains_key(key) && !engines {
                    self.problem(
                        &file,
                        1,
                        format!("the text \"{key}\" is missing; pack.toml:{at} asks for it"),
                    );
                }
            }
            for (key, (at, text)) in texts {
                if !needed.contains_key(key) && !allowed.contains(key) {
                    self.problem(&file, *at, format!("nothing in pack.toml asks for a text \"{key}\""));
                }
                if text.trim().is_empty() {
                    self.problem(&file, *at, format!("\"{key}\" is empty"));
                }
                for (other, theirs) in self.written {
                    if other != language && !theirs.contains_key(key) && !needed.contains_key(key) {
                        let what = format!("\"{key}\" has no translation: {language}.toml:{at} has it");
                        self.problem(&format!("{other}.toml"), 1, what);
                    }
                }
            }
        }
    }

    /// Says every text with every sample.
    fn said(&mut self) {
        let samples = samples();
        for language in self.pack.languages.clone() {
            let file = format!("{}.toml", code(language));
            for (key, (at, _)) in self.written.get(code(language)).into_iter().flatten() {
                for (name, vars) in &samples {
                    match self.pack.texts.say(language, key, vars) {
                        Ok(text) if text.chars().count() > TEXT_MOST => {
                            let got = text.chars().count();
                            let what = format!(
                                "\"{key}\" has {got} characters with {name}; WhatsApp takes {TEXT_MOST}"
                            );
                            self.problem(&file, *at, what);
                            break;
                        }
                        Ok(text) if key.starts_with("menu_") && key != "menu_head" && key != "menu_hint" => {
                            let got = text.chars().count();
                            if got > LINE_MOST || text.contains('\n') {
                                let what = format!(
                                    "\"{key}\" is one line of at most {LINE_MOST} characters; it has {got}"
                                );
                                self.problem(&file, *at, what);
                                break;
                            }
                        }
                        Ok(_) => {}
                        // What is no template has been told.
                        Err(_) if !self.pack.texts.has(language, key) => {}
                        Err((line, why)) => {
                            self.problem(&file, at + line - 1, format!("\"{key}\" fails with {name}: {why}"));
                            break;
                        }
                    }
                }
            }
        }
    }

    /// Any word of a menu's line chooses it, so none may stand in two; nor may a word be of two intents.
    fn menu_words(&mut self) {
        let vocabulary = vocabulary();
        let everywhere =
            [Command::Stop, Command::Start, Command::Menu, Command::Back, Command::Yes, Command::No];
        let mut owners: BTreeMap<String, usize> = BTreeMap::new();
        let vars = super::sample::empty();
        for place in self.pack.menu.clone() {
            let Some(intent) = self.pack.intents.get(place) else { continue };
            let key = format!("menu_{}", intent.name);
            for language in self.pack.languages.clone() {
                let Ok(title) = self.pack.texts.say(language, &key, &vars) else { continue };
                let file = format!("{}.toml", code(language));
                let at = self
                    .written
                    .get(code(language))
                    .and_then(|texts| texts.get(&key))
                    .map_or(1, |(at, _)| *at);
                let words: Vec<_> =
                    tokens(&title).into_iter().filter(|word| !vocabulary.is_small(&word.key)).collect();
                if words.is_empty() {
                    self.problem(&file, at, format!("\"{key}\" has no word that could choose it"));
                }
                for word in words {
                    if everywhere
                        .iter()
                        .any(|command| vocabulary.is(*command, std::slice::from_ref(&word), 0))
                    {
                        let what =
                            format!("\"{}\" in \"{key}\" has a meaning of its own to every bot", word.text);
                        self.problem(&file, at, what);
                    }
                    for form in std::iter::once(word.key.clone()).chain(forms(&word.text)) {
                        match owners.get(&form) {
                            Some(owner) if *owner != place => {
                                let other =
                                    self.pack.intents.get(*owner).map_or("", |intent| intent.name.as_str());
                                let what = format!(
                                    "\"{}\" stands in two lines of the menu, \"{key}\" and \"menu_{other}\": any word of a \
                                     line chooses it",
                                    word.text
                                );
                                self.problem(&file, at, what);
                                break;
                            }
                            _ => {
                                owners.insert(form, place);
                            }
                        }
                    }
                }
            }
        }
        let mut phrases: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        for (place, intent) in self.pack.intents.iter().enumerate() {
            for phrase in &intent.words {
                let at = self.places.intents.get(place).copied().unwrap_or(1);
                let keys: Vec<String> = tokens(phrase).into_iter().map(|token| token.key).collect();
                if keys.is_empty() || keys.len() > 5 {
                    let what = format!("\"{phrase}\": a phrase has 1 to 5 words");
                    self.problems.push(Problem { file: MANIFEST.to_owned(), line: at, what });
                    continue;
                }
                let of_menu = match keys.as_slice() {
                    [key] => owners.get(key).copied(),
                    _ => None,
                };
                let other = phrases.get(&keys).copied().or(of_menu).filter(|other| *other != place);
                if let Some(other) = other.and_then(|other| self.pack.intents.get(other)) {
                    let what = format!("\"{phrase}\" means \"{}\" and \"{}\"", other.name, intent.name);
                    self.problems.push(Problem { file: MANIFEST.to_owned(), line: at, what });
                }
                phrases.entry(keys).or_insert(place);
            }
        }
    }

    /// A flow that leads back to itself would never end.
    fn rings(&mut self) {
        for (start, at) in self.places.flows.iter().enumerate() {
            let mut seen = vec![start];
            let mut next = self.pack.flows.get(start).and_then(|flow| flow.then);
            while let Some(place) = next {
                if place == start {
                    let names = seen.iter().chain([&start]).filter_map(|place| self.pack.flows.get(*place));
                    let names: Vec<&str> = names.map(|flow| flow.name.as_str()).collect();
                    let what = format!("these flows lead back to themselves: {}", names.join(" → "));
                    self.problems.push(Problem { file: MANIFEST.to_owned(), line: *at, what });
                    break;
                }
                if seen.contains(&place) {
                    break;
                }
                seen.push(place);
                next = self.pack.flows.get(place).and_then(|flow| flow.then);
            }
        }
    }

    /// A choice that takes the words by which a customer leaves a slot keeps them in it.
    fn ways_out(&mut self) {
        let vocabulary = vocabulary();
        let out = [Command::Cancel, Command::Menu, Command::Back, Command::Stop, Command::Person];
        for (flow, at) in self.pack.flows.iter().zip(&self.places.flows) {
            for slot in &flow.slots {
                let SlotKind::Choice(choices) = &slot.kind else { continue };
                for word in choices.iter().flat_map(|choice| &choice.words) {
                    if out.iter().any(|command| vocabulary.is(*command, &tokens(word), 0)) {
                        let what = format!(
                            "slot \"{}\" of flow \"{}\" cannot be left: \"{word}\" is a way out of every slot",
                            slot.name, flow.name
                        );
                        self.problems.push(Problem { file: MANIFEST.to_owned(), line: *at, what });
                    }
                }
            }
        }
    }
}

/// What is wrong with the texts that a tenant says differently.
pub(super) fn tenant_texts(pack: &Pack, profile: &Profile) -> Vec<Fault> {
    let mut faults = Vec::new();
    let samples = samples();
    for (key, text) in &profile.texts {
        let mut fault = |language: &str, why: String| {
            faults.push(Fault {
                path: format!("/texts/{key}{language}"),
                entry: None,
                list: None,
                field: Field::Texts,
                wrong: Wrong::Template { why },
            });
        };
        if !pack.languages.iter().any(|language| pack.texts.has(*language, key)) {
            fault("", format!("\"{key}\""));
            continue;
        }
        for (language, said) in [(Language::Sw, &text.sw), (Language::En, &text.en)] {
            let Some(said) = said else { continue };
            let mut texts = Texts::default();
            let added = texts.add(language, key, said);
            let why = added.and_then(|()| {
                samples.iter().try_for_each(|(_, vars)| match texts.say(language, key, vars)? {
                    text if text.chars().count() > TEXT_MOST => Err((1, format!("> {TEXT_MOST}"))),
                    _ => Ok(()),
                })
            });
            if let Err((line, why)) = why {
                fault(&format!("/{}", code(language)), format!("\"{key}\":{line}: {why}"));
            }
        }
    }
    faults
}
