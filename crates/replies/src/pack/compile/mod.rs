//! From a folder's files to a pack: read, linked and checked, with all problems at once.

mod flows;
mod texts;

use std::collections::{BTreeMap, BTreeSet};

use domain::Language;
use sha2::{Digest, Sha256};
use toml::Spanned;

use super::{
    Does, Intent, Pack, Problem, check,
    manifest::{Manifest, WrittenFlow, WrittenIntent},
    texts::code,
};
use crate::{Profile, engine::PackVersion};

/// Bytes that all files of a pack have together.
const MOST_BYTES: usize = 512 * 1024;
/// Lines of a menu: a number has one digit.
pub(super) const MOST_LINES: usize = 9;
/// Intents, flows, slots of a flow, words of an intent, choices of a slot.
const MOST: [(&str, usize); 5] =
    [("intents", 60), ("flows", 30), ("slots", 12), ("words", 100), ("choices", 9)];

pub(super) const MANIFEST: &str = "pack.toml";

impl Pack {
    /// Reads and checks a pack from its folder's files, by path.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn compile(files: &BTreeMap<String, Vec<u8>>) -> Result<Self, Vec<Problem>> {
        let mut compiler = Compiler { files, problems: Vec::new() };
        let pack = compiler.pack();
        match pack {
            Some(pack) if compiler.problems.is_empty() => Ok(pack),
            _ => {
                compiler.problems.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
                compiler.problems.dedup();
                Err(compiler.problems)
            }
        }
    }

    /// What is wrong with texts that a tenant says differently: an unknown key, or a template that fails.
    #[must_use]
    pub fn check_texts(&self, profile: &Profile) -> Vec<crate::Fault> {
        check::tenant_texts(self, profile)
    }
}

/// SHA-256 of all files with their names, in hex.
pub(super) fn hash(files: &BTreeMap<String, Vec<u8>>) -> String {
    let mut digest = Sha256::new();
    for (path, bytes) in files {
        for part in [path.as_bytes(), bytes.as_slice()] {
            digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            digest.update(part);
        }
    }
    hex::encode(digest.finalize())
}

pub(super) struct Compiler<'a> {
    files: &'a BTreeMap<String, Vec<u8>>,
    problems: Vec<Problem>,
}

/// A text with the line it begins at.
pub(super) type Lined = BTreeMap<String, (usize, String)>;

impl Compiler<'_> {
    fn pack(&mut self) -> Option<Pack> {
        self.known_files();
        let text = self.text(MANIFEST)?;
        let manifest: Manifest = match toml::from_str(&text) {
            Ok(manifest) => manifest,
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                self.problem(MANIFEST, line(&text, at), error.message().to_owned());
                return None;
            }
        };
        let lines = |at: usize| line(&text, at);
        self.id(&manifest, &lines);
        let languages = self.languages(&manifest, &lines);
        let flows = self.flows(&manifest, &lines);
        let intents = self.intents(&manifest, &lines);
        let menu = self.menu(&manifest, &intents, &lines);
        let mut written = BTreeMap::new();
        for language in &languages {
            written.insert(code(*language), self.texts(*language)?);
        }
        let texts = self.templates(&languages, &written);
        let profile = self.files.get("profile.json").and_then(|bytes| self.profile(bytes));
        let version = PackVersion {
            id: manifest.id.get_ref().clone(),
            version: *manifest.version.get_ref(),
            hash: hash(self.files),
        };
        let topics = std::sync::OnceLock::new();
        let pack = Pack { version, languages, menu, intents, flows, texts, profile, topics };
        let at_menu = lines(manifest.menu.span().start);
        let places = check::Places {
            menu: at_menu,
            intents: manifest.intents.iter().map(|intent| lines(intent.name.span().start)).collect(),
            flows: manifest.flows.iter().map(|flow| lines(flow.name.span().start)).collect(),
        };
        self.problems.extend(check::pack(&pack, &written, &places));
        Some(pack)
    }

    fn problem(&mut self, file: &str, line: usize, what: impl Into<String>) {
        self.problems.push(Problem { file: file.to_owned(), line, what: what.into() });
    }

    fn known_files(&mut self) {
        let bytes: usize = self.files.values().map(Vec::len).sum();
        if bytes > MOST_BYTES {
            self.problem(
                MANIFEST,
                1,
                format!("a pack has at most {} kB; this one has {}", MOST_BYTES / 1024, bytes / 1024),
            );
        }
        let known = [MANIFEST, "sw.toml", "en.toml", "profile.json", "README.md"];
        for path in self.files.keys() {
            if !known.contains(&path.as_str()) {
                self.problem(
                    path,
                    1,
                    format!("no file of a pack has this name: there are {}", known.join(", ")),
                );
            }
        }
    }

    fn text(&mut self, file: &str) -> Option<String> {
        let Some(bytes) = self.files.get(file) else {
            self.problem(file, 1, "this file is missing");
            return None;
        };
        match String::from_utf8(bytes.clone()) {
            Ok(text) => Some(text),
            Err(error) => {
                let before = bytes.get(..error.utf8_error().valid_up_to()).unwrap_or_default();
                let at = before.iter().filter(|byte| **byte == b'\n').count() + 1;
                self.problem(file, at, "this is no UTF-8: save the file as UTF-8");
                None
            }
        }
    }

    fn id(&mut self, manifest: &Manifest, lines: &impl Fn(usize) -> usize) {
        let id = manifest.id.get_ref();
        if id.parse::<domain::PackId>().is_err() {
            let what = "`id` is 2 to 32 of A-Z, 0-9 and _, and begins with a letter, like RESTAURANT";
            self.problem(MANIFEST, lines(manifest.id.span().start), what);
        }
        let counts = [
            ("intents", manifest.intents.len()),
            ("flows", manifest.flows.len()),
            ("slots", manifest.flows.iter().map(|flow| flow.slots.len()).max().unwrap_or(0)),
            ("words", manifest.intents.iter().map(|intent| intent.words.len()).max().unwrap_or(0)),
            (
                "choices",
                manifest
                    .flows
                    .iter()
                    .flat_map(|flow| &flow.slots)
                    .map(|slot| slot.choices.len())
                    .max()
                    .unwrap_or(0),
            ),
        ];
        for ((what, got), (_, most)) in counts.into_iter().zip(MOST) {
            if got > most {
                self.problem(MANIFEST, 1, format!("at most {most} {what}; there are {got}"));
            }
        }
    }

    fn languages(&mut self, manifest: &Manifest, lines: &impl Fn(usize) -> usize) -> Vec<Language> {
        let mut languages: Vec<Language> = Vec::new();
        for code in &manifest.languages {
            let language = Language::from(*code.get_ref());
            if languages.contains(&language) {
                self.problem(MANIFEST, lines(code.span().start), "this language stands here twice");
            } else {
                languages.push(language);
            }
        }
        if languages.is_empty() {
            self.problem(MANIFEST, 1, "`languages` names at least one of \"sw\" and \"en\"");
        }
        for (language, file) in [(Language::Sw, "sw.toml"), (Language::En, "en.toml")] {
            if self.files.contains_key(file) && !languages.contains(&language) {
                self.problem(file, 1, "`languages` in pack.toml does not name this language");
            }
        }
        languages
    }

    fn named(
        &mut self,
        name: &Spanned<String>,
        known: &mut BTreeSet<String>,
        lines: &impl Fn(usize) -> usize,
    ) {
        let text = name.get_ref();
        let lawful = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let at = lines(name.span().start);
        if !(1..=24).contains(&text.len()) || !text.chars().all(lawful) {
            self.problem(MANIFEST, at, format!("\"{text}\": a name is 1 to 24 of a-z, 0-9 and _"));
        } else if !known.insert(text.clone()) {
            self.problem(MANIFEST, at, format!("\"{text}\" stands here twice"));
        }
    }

    fn intents(&mut self, manifest: &Manifest, lines: &impl Fn(usize) -> usize) -> Vec<Intent> {
        let mut known = BTreeSet::new();
        let mut intents = Vec::new();
        for written in &manifest.intents {
            self.named(&written.name, &mut known, lines);
            let does = self.does(written, manifest, lines);
            let words = written.words.iter().map(|word| word.get_ref().clone()).collect();
            intents.push(Intent { name: written.name.get_ref().clone(), words, does });
        }
        intents
    }

    fn does(
        &mut self,
        written: &WrittenIntent,
        manifest: &Manifest,
        lines: &impl Fn(usize) -> usize,
    ) -> Does {
        let at = lines(written.name.span().start);
        let name = written.name.get_ref();
        match (&written.flow, &written.action, &written.text) {
            (Some(flow), None, None) => match place(&manifest.flows, flow.get_ref()) {
                Some(place) => return Does::Flow(place),
                None => {
                    let what = format!("there is no flow \"{}\"", flow.get_ref());
                    self.problem(MANIFEST, lines(flow.span().start), what);
                }
            },
            (None, Some(action), None) if action.get_ref() == "person" => {}
            (None, Some(action), Some(text)) if action.get_ref() == "answer" => {
                return Does::Answer { text: text.get_ref().clone(), list: written.list };
            }
            _ => {
                let what = format!(
                    "intent \"{name}\" has either `flow = \"…\"`, or `action = \"answer\"` with `text = \"…\"`, or \
                     `action = \"person\"`"
                );
                self.problem(MANIFEST, at, what);
            }
        }
        Does::Person
    }

    fn menu(
        &mut self,
        manifest: &Manifest,
        intents: &[Intent],
        lines: &impl Fn(usize) -> usize,
    ) -> Vec<usize> {
        let mut menu = Vec::new();
        let at = lines(manifest.menu.span().start);
        let written = manifest.menu.get_ref();
        if written.is_empty() || written.len() > MOST_LINES {
            self.problem(
                MANIFEST,
                at,
                format!("a menu has 1 to {MOST_LINES} lines; this one has {}", written.len()),
            );
        }
        for line in written {
            match intents.iter().position(|intent| intent.name == *line.get_ref()) {
                Some(place) if menu.contains(&place) => {
                    self.problem(
                        MANIFEST,
                        lines(line.span().start),
                        format!("\"{}\" stands here twice", line.get_ref()),
                    );
                }
                Some(place) => menu.push(place),
                None => {
                    self.problem(
                        MANIFEST,
                        lines(line.span().start),
                        format!("there is no intent \"{}\"", line.get_ref()),
                    );
                }
            }
        }
        menu
    }

    fn profile(&mut self, bytes: &[u8]) -> Option<String> {
        match Profile::import(bytes, 0) {
            Ok(_) => String::from_utf8(bytes.to_vec()).ok(),
            Err(faults) => {
                for fault in faults {
                    self.problem("profile.json", 1, fault.to_string());
                }
                None
            }
        }
    }
}

fn place(flows: &[WrittenFlow], name: &str) -> Option<usize> {
    flows.iter().position(|flow| flow.name.get_ref() == name)
}

/// The line of a byte, from 1.
fn line(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}
