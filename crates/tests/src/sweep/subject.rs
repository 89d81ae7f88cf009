//! Tenants with a word of their own in every field.

use rand::{RngExt as _, rngs::StdRng};
use serde_json::{Value, json};

/// Writes to every tenant, under the same number: whose conversation it is must be told by the tenant alone.
pub(super) const SHARED: &str = "255712000001";

/// One tenant and what stands in its fields and nowhere else.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    /// The tenant's id; empty until it is created.
    pub(super) id: String,
    /// Its setup request's id.
    pub(super) request: String,
    /// The field's name and its word.
    words: Vec<(&'static str, String)>,
}

/// Where the words stand. The first ones are numbers.
const NUMBERS: [&str; 3] = ["number", "customer", "wanted number"];
const WORDS: [&str; 17] = [
    "name",
    "business",
    "owner",
    "email",
    "notes",
    "push name",
    "shared customer's message",
    "customer's message",
    "typed",
    "suspension",
    "refused field",
    "setup note",
    "new name",
    "address",
    "tried",
    "tag",
    "private note",
];

impl Subject {
    /// The `n`th, with words that nobody else has.
    pub(super) fn new(random: &mut StdRng, n: usize) -> Self {
        let mut words = Vec::new();
        for (at, field) in NUMBERS.iter().enumerate() {
            // Digits of chance, and two that keep them apart.
            words.push((*field, format!("25575{:05}{n}{at}", random.random_range(0..100_000))));
        }
        for (at, field) in (b'a'..).zip(WORDS) {
            words.push((field, format!("zq{:08x}{n}{}", random.random::<u32>(), char::from(at))));
        }
        Self { id: String::new(), request: String::new(), words }
    }

    /// The word of a field.
    pub(super) fn word(&self, field: &str) -> &str {
        let found = self.words.iter().find(|(name, _)| *name == field);
        &found.unwrap_or_else(|| panic!("no field {field}")).1
    }

    /// One more word that turned out to be this tenant's alone.
    pub(super) fn add(&mut self, field: &'static str, word: String) {
        self.words.push((field, word));
    }

    /// The fields whose word stands in a text.
    pub(super) fn in_text<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'static str> + 'a {
        self.words.iter().filter(|(_, word)| text.contains(word.as_str())).map(|(field, _)| *field)
    }

    /// All fields.
    pub(super) fn fields(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.words.iter().map(|(field, _)| *field)
    }

    /// What creates it.
    pub(super) fn tenant(&self) -> Value {
        json!({
            "name": format!("Name {}", self.word("name")),
            "phone_number": format!("+{}", self.word("number")),
            "config": {
                "template_type": "SUPPORT", "language": "EN",
                "business_name": format!("Duka {}", self.word("business")),
            },
        })
    }

    /// Its setup request, with an owner.
    pub(super) fn setup_request(&self) -> Value {
        json!({
            "tenant_id": self.id,
            "owner": {
                "name": format!("Asha {}", self.word("owner")),
                "email": format!("{}@example.com", self.word("email")),
            },
            "template_type": "SUPPORT",
            "whatsapp_number": format!("+{}", self.word("wanted number")),
            "notes": format!("please, {}", self.word("notes")),
        })
    }
}
