//! Samples that every text of a pack is said with when it is checked.

use minijinja::{Value, value::Serde};
use serde::Serialize;

use super::texts::{NAMES, Vars};

/// One entry of a list, as a template sees it. What does not apply is empty.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Item {
    /// What to answer with.
    pub(crate) n: usize,
    pub(crate) name: String,
    pub(crate) price: String,
    pub(crate) unit: String,
    pub(crate) minutes: u16,
    /// What is left, where that is counted.
    pub(crate) left: String,
    pub(crate) quantity: String,
    pub(crate) total: String,
    pub(crate) when: String,
    pub(crate) state: String,
    pub(crate) reference: String,
    /// The heading under which it stands, where that begins here.
    pub(crate) category: String,
}

/// All names without a value.
pub(crate) fn empty() -> Vars {
    let mut vars: Vars = NAMES.iter().map(|name| (*name, Value::from(()))).collect();
    vars.insert("items", Value::from(Serde(Vec::<Item>::new())));
    vars
}

/// Texts are checked with nothing, with something of everything, and with as much as there can be.
pub(super) fn samples() -> [(&'static str, Vars); 3] {
    let fill = |text: &str, items: usize| {
        let mut vars = empty();
        for name in NAMES {
            vars.insert(name, Value::from(text));
        }
        for flag in ["open", "more"] {
            vars.insert(flag, Value::from(true));
        }
        for number in ["minutes", "count"] {
            vars.insert(number, Value::from(items));
        }
        let item = |n| Item {
            n,
            name: text.to_owned(),
            price: text.to_owned(),
            unit: text.to_owned(),
            minutes: 30,
            left: text.to_owned(),
            quantity: text.to_owned(),
            total: text.to_owned(),
            when: text.to_owned(),
            state: text.to_owned(),
            reference: text.to_owned(),
            category: text.to_owned(),
        };
        let items: Vec<Item> = (1..=items).map(item).collect();
        vars.insert("items", Value::from(Serde(items)));
        vars
    };
    let names = "Jina refu la huduma au bidhaa yenye herufi hamsini na tano";
    [("nothing", empty()), ("a little", fill("Asha", 2)), ("as much as there can be", fill(names, 8))]
}
