//! From a folder's files to a pack: read, linked and checked, with all problems at once.

use std::collections::{BTreeMap, BTreeSet};

use domain::Language;
use sha2::{Digest, Sha256};
use toml::Spanned;

use super::{
    Action, Choice, Does, Flow, Intent, Kind, Pack, Problem, Slot, SlotKind, Texts, check,
    manifest::{Manifest, WrittenFlow, WrittenIntent, WrittenSlot},
    texts::{code, engine_texts},
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
        let pack = Pack { version, languages, menu, intents, flows, texts, profile };
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

    fn flows(&mut self, manifest: &Manifest, lines: &impl Fn(usize) -> usize) -> Vec<Flow> {
        let mut known = BTreeSet::new();
        let mut flows = Vec::new();
        for written in &manifest.flows {
            self.named(&written.name, &mut known, lines);
            let action = self.action(written, lines);
            let mut slots = Vec::new();
            let mut names = BTreeSet::from(["which".to_owned(), "confirm".to_owned(), "with".to_owned()]);
            match action {
                Action::Change => slots.push(Slot::engines("which", SlotKind::Which(Kind::Booking))),
                Action::Cancel(of) => slots.push(Slot::engines("which", SlotKind::Which(of))),
                _ => {}
            }
            for slot in &written.slots {
                self.named(&slot.name, &mut names, lines);
                if let Some(slot) = self.slot(slot, &slots, lines) {
                    slots.push(slot);
                }
            }
            if written.confirm {
                slots.push(Slot::engines("confirm", SlotKind::Confirm));
            }
            let then = written.then.as_ref().and_then(|then| {
                let place = place(&manifest.flows, then.get_ref());
                if place.is_none() {
                    self.problem(
                        MANIFEST,
                        lines(then.span().start),
                        format!("there is no flow \"{}\"", then.get_ref()),
                    );
                }
                place
            });
            flows.push(Flow { name: written.name.get_ref().clone(), slots, action, then });
        }
        flows
    }

    fn action(&mut self, written: &WrittenFlow, lines: &impl Fn(usize) -> usize) -> Action {
        let at = lines(written.action.span().start);
        let kinds: Vec<&str> = written.slots.iter().map(|slot| slot.kind.get_ref().as_str()).collect();
        let (action, needs): (_, &[&str]) = match (
            written.action.get_ref().as_str(),
            written.of,
            &written.text,
        ) {
            ("book", None, None) => (Action::Book, &["date", "time"]),
            ("change", None, None) => (Action::Change, &["date", "time"]),
            ("cancel", Some(of), None) => (Action::Cancel(of), &[]),
            ("order", None, None) => (Action::Order, &["product"]),
            ("ticket", None, None) => (Action::Ticket, &["text"]),
            ("answer", None, Some(text)) => (Action::Answer(text.get_ref().clone()), &[]),
            ("person", None, None) => (Action::Person, &[]),
            ("cancel", ..) => {
                self.problem(MANIFEST, at, "`cancel` needs `of = \"booking\"`, `\"order\"` or `\"ticket\"`");
                return Action::Person;
            }
            ("answer", ..) => {
                self.problem(MANIFEST, at, "`answer` needs `text = \"…\"`");
                return Action::Person;
            }
            ("book" | "change" | "order" | "ticket" | "person", ..) => {
                self.problem(MANIFEST, at, "only `cancel` has `of`, and only `answer` has `text`");
                return Action::Person;
            }
            (other, ..) => {
                let what = format!(
                    "\"{other}\" is no action: there are book, change, cancel, order, ticket, answer and person"
                );
                self.problem(MANIFEST, at, what);
                return Action::Person;
            }
        };
        for needed in needs {
            if !kinds.contains(needed) {
                let what = format!("`{}` needs a slot of type `{needed}`", written.action.get_ref());
                self.problem(MANIFEST, at, what);
            }
        }
        action
    }

    fn slot(
        &mut self,
        written: &WrittenSlot,
        before: &[Slot],
        lines: &impl Fn(usize) -> usize,
    ) -> Option<Slot> {
        let at = lines(written.kind.span().start);
        let name = written.name.get_ref().clone();
        let kind = match written.kind.get_ref().as_str() {
            "service" => SlotKind::Service,
            "product" => SlotKind::Product,
            "date" => SlotKind::Date,
            "time" => SlotKind::Time,
            "name" => SlotKind::Name,
            "place" => SlotKind::Place,
            "text" => SlotKind::Text,
            "phone" => SlotKind::Phone,
            "choice" => self.choices(written, lines),
            other => {
                let what = format!(
                    "\"{other}\" is no type of slot: there are service, product, date, time, name, place, choice, text and \
                     phone"
                );
                self.problem(MANIFEST, at, what);
                return None;
            }
        };
        let simple = matches!(kind, SlotKind::Service | SlotKind::Product | SlotKind::Date | SlotKind::Time);
        if simple && before.iter().any(|slot| slot.kind == kind) {
            self.problem(MANIFEST, at, format!("a flow has one slot of type `{}`", kind.label()));
        }
        let when = written.when.as_ref().map(|when| (when.slot.get_ref().clone(), when.is.get_ref().clone()));
        if let (Some((slot, is)), Some(written)) = (&when, &written.when) {
            let lawful = before.iter().any(|known| {
                known.name == *slot
                    && matches!(&known.kind, SlotKind::Choice(choices) if choices.iter().any(|choice| choice.key == *is))
            });
            if !lawful {
                let what =
                    format!("no slot of type `choice` before this one is called \"{slot}\" and has \"{is}\"");
                self.problem(MANIFEST, lines(written.slot.span().start), what);
            }
        }
        Some(Slot { name, kind, when, optional: written.optional })
    }

    fn choices(&mut self, written: &WrittenSlot, lines: &impl Fn(usize) -> usize) -> SlotKind {
        let mut known = BTreeSet::new();
        let mut choices = Vec::new();
        for choice in &written.choices {
            self.named(&choice.key, &mut known, lines);
            let words = choice.words.iter().map(|word| word.get_ref().clone()).collect();
            choices.push(Choice { key: choice.key.get_ref().clone(), words });
        }
        if choices.len() < 2 {
            let what = "this slot cannot be left: a choice needs at least two `choices`";
            self.problem(MANIFEST, lines(written.kind.span().start), what);
        }
        SlotKind::Choice(choices)
    }

    /// The texts of one language, with their lines.
    fn texts(&mut self, language: Language) -> Option<Lined> {
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
    fn templates(&mut self, languages: &[Language], written: &BTreeMap<&'static str, Lined>) -> Texts {
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

impl Slot {
    fn engines(name: &str, kind: SlotKind) -> Self {
        Self { name: name.to_owned(), kind, when: None, optional: false }
    }
}

fn place(flows: &[WrittenFlow], name: &str) -> Option<usize> {
    flows.iter().position(|flow| flow.name.get_ref() == name)
}

/// The line of a byte, from 1.
fn line(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}
