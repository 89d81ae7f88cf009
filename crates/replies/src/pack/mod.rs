//! Packs as data: a folder with `pack.toml`, one file of texts for each language and, where it likes, `profile.json` for
//! trying it. Read from bytes and checked whole ([`Pack::compile`]); `docs/packs.md` says how to write one.

mod check;
mod compile;
mod manifest;
mod offered;
pub(crate) mod sample;
mod shipped;
mod texts;

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use domain::Language;

pub use manifest::{Kind, List};
pub use offered::{Offered, Packs};
pub use shipped::{Files, new_pack, shipped};
pub use texts::TEXT_MOST;

pub(crate) use sample::{Item, empty as empty_vars};
pub(crate) use texts::{Texts, Vars, engine_pack};

use texts::is_engines;

use crate::{
    Text,
    engine::{PackVersion, Topic},
    understand::Index,
};

/// The text by which a pack is called on pages; no customer reads it.
const NAME: &str = "pack_name";

/// A pack that was read and checked. Large: share it.
pub struct Pack {
    pub(crate) version: PackVersion,
    pub(crate) languages: Vec<Language>,
    /// Places in `intents`, in the menu's order.
    pub(crate) menu: Vec<usize>,
    pub(crate) intents: Vec<Intent>,
    pub(crate) flows: Vec<Flow>,
    pub(crate) texts: Texts,
    pub(crate) profile: Option<String>,
    /// What its words lead to: made once for all bots.
    pub(crate) topics: OnceLock<Arc<Index<Topic>>>,
}

impl fmt::Debug for Pack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pack").field("version", &self.version).finish_non_exhaustive()
    }
}

/// A text of a pack, in the languages that it speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackText {
    /// Under which key.
    pub key: String,
    /// As it is written, a template.
    pub text: Text,
}

/// One thing that is wrong with a pack.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {what}")]
pub struct Problem {
    /// The file in the pack's folder.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
    /// What is wrong, and what to write.
    pub what: String,
}

/// Something that a customer may want.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Intent {
    pub(crate) name: String,
    /// Words and phrases that mean it, of all languages.
    pub(crate) words: Vec<String>,
    pub(crate) does: Does,
}

/// What an intent leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Does {
    /// A flow, by its place.
    Flow(usize),
    /// A text at once.
    Answer { text: String, list: Option<List> },
    /// A person.
    Person,
}

/// Slots that are filled in order, and what then happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flow {
    pub(crate) name: String,
    pub(crate) slots: Vec<Slot>,
    pub(crate) action: Action,
    /// The flow that follows, by its place.
    pub(crate) then: Option<usize>,
}

/// One thing to be known before the flow's action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) name: String,
    pub(crate) kind: SlotKind,
    /// Asked only where another slot holds this choice.
    pub(crate) when: Option<(String, String)>,
    /// Whether a no fills it with nothing.
    pub(crate) optional: bool,
}

/// What a slot takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SlotKind {
    Service,
    Product,
    Date,
    Time,
    Name,
    Place,
    Choice(Vec<Choice>),
    Text,
    Phone,
    /// Which of the contact's own records, put in by the engine before a change or cancellation.
    Which(Kind),
    /// A yes to all of it, put in by the engine after the others.
    Confirm,
}

impl SlotKind {
    /// Its name in texts: `ask_date`, `help_date`.
    pub(crate) const fn label(&self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Product => "product",
            Self::Date => "date",
            Self::Time => "time",
            Self::Name => "name",
            Self::Place => "place",
            Self::Choice(_) => "choice",
            Self::Text => "text",
            Self::Phone => "phone",
            Self::Which(_) => "which",
            Self::Confirm => "confirm",
        }
    }
}

/// One choice of a slot; its title is the text `choice_FLOW_SLOT_KEY`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) key: String,
    pub(crate) words: Vec<String>,
}

/// What happens once a flow's slots are filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    Book,
    Change,
    Cancel(Kind),
    Order,
    Ticket,
    Answer(String),
    Person,
}

impl Action {
    /// Its name in texts: `confirm_book`, `done_book`.
    pub(crate) const fn label(&self) -> &'static str {
        match self {
            Self::Book => "book",
            Self::Change => "change",
            Self::Cancel(_) => "cancel",
            Self::Order => "order",
            Self::Ticket => "ticket",
            Self::Answer(_) => "answer",
            Self::Person => "person",
        }
    }
}

impl Pack {
    /// Its id, version and hash.
    #[must_use]
    pub const fn version(&self) -> &PackVersion {
        &self.version
    }

    /// The languages that it speaks, the one it prefers first.
    #[must_use]
    pub fn languages(&self) -> &[Language] {
        &self.languages
    }

    /// What it is called, as its texts say under `pack_name`, or else by its id.
    #[must_use]
    pub fn name(&self, language: Language) -> String {
        let said = self.texts.say(self.speaks(language), NAME, &empty_vars()).unwrap_or_default();
        if !said.is_empty() {
            return said;
        }
        let id = self.version.id.replace('_', " ").to_lowercase();
        let mut letters = id.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }

    /// The profile that its folder brings for trying it, as JSON.
    #[must_use]
    pub fn profile_json(&self) -> Option<&str> {
        self.profile.as_deref()
    }

    /// The language in which it answers a tenant who speaks this one.
    #[must_use]
    pub fn speaks(&self, language: Language) -> Language {
        let first = self.languages.first().copied().unwrap_or(Language::Sw);
        if self.languages.contains(&language) { language } else { first }
    }

    /// All that it says, as it is written: what is its own first, then what the engine says for it.
    #[must_use]
    pub fn sayings(&self) -> Vec<PackText> {
        let mut sayings: Vec<PackText> = Vec::new();
        for own in [true, false] {
            for key in self.texts.keys().filter(|key| *key != NAME && is_engines(key) != own) {
                let of = |language| self.texts.source(language, key);
                let text = Text { sw: of(Language::Sw), en: of(Language::En) };
                sayings.push(PackText { key: key.to_owned(), text });
            }
        }
        sayings
    }

    pub(crate) fn flow(&self, name: &str) -> Option<&Flow> {
        self.flows.iter().find(|flow| flow.name == name)
    }
}
