//! Every statement of the store, as named constants. Nothing else in the crate holds SQL but migrations, `db`
//! and `copy`.
//!
//! A statement of reach [`Reach::Tenant`] has the tenant's id as `$1`, which the transaction binds by itself.

pub(crate) mod accounts;
pub(crate) mod alerts;
pub(crate) mod customers;
pub(crate) mod erasures;
pub(crate) mod events;
pub(crate) mod factors;
pub(crate) mod hosts;
pub(crate) mod leases;
pub(crate) mod lifecycle;
pub(crate) mod logs;
pub(crate) mod members;
pub(crate) mod moves;
pub(crate) mod notes;
pub(crate) mod notices;
pub(crate) mod people;
pub(crate) mod places;
pub(crate) mod profiles;
pub(crate) mod records;
pub(crate) mod settings;
pub(crate) mod setup;
pub(crate) mod standings;
pub(crate) mod strips;
pub(crate) mod tenants;
pub(crate) mod workers;

use std::borrow::Cow;

use crate::{db::Engine, planted};

/// Whose rows a statement may touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// One tenant's, named by `$1`.
    Tenant,
    /// Everybody's, or what belongs to no tenant.
    Operator,
    /// What belongs to no tenant and may be read within any transaction.
    Shared,
}

/// One SQL text with a name.
#[derive(Debug)]
pub(crate) struct Statement {
    /// Unique, like `tenants.get`.
    pub(crate) name: &'static str,
    /// Whose rows it may touch.
    pub(crate) reach: Reach,
    /// The text, in parts that are joined as they are.
    parts: &'static [&'static str],
    /// The text for PostgreSQL, where it differs.
    postgres: Option<&'static [&'static str]>,
    /// Whether it may move a tenant from one group to another, see [`crate::groups`].
    pub(crate) moves: bool,
}

impl Statement {
    /// A statement within one tenant: `$1` is the tenant's id.
    pub(crate) const fn tenant(name: &'static str, parts: &'static [&'static str]) -> Self {
        Self { name, reach: Reach::Tenant, parts, postgres: None, moves: false }
    }

    /// A statement across tenants, or on what belongs to none.
    pub(crate) const fn operator(name: &'static str, parts: &'static [&'static str]) -> Self {
        Self { name, reach: Reach::Operator, parts, postgres: None, moves: false }
    }

    /// The same text for a transaction across tenants, where `$1` is bound like any other.
    pub(crate) const fn across(&self, name: &'static str) -> Self {
        Self { name, reach: Reach::Operator, parts: self.parts, postgres: self.postgres, moves: self.moves }
    }

    /// A statement that reads what belongs to nobody.
    pub(crate) const fn shared(name: &'static str, parts: &'static [&'static str]) -> Self {
        Self { name, reach: Reach::Shared, parts, postgres: None, moves: false }
    }

    /// The same, which may move a tenant from one group to another.
    pub(crate) const fn moving(mut self) -> Self {
        self.moves = true;
        self
    }

    /// The text for one engine.
    pub(crate) fn text(&self, engine: Engine) -> Cow<'static, str> {
        #[cfg(test)]
        if let Some(text) = crate::tests::mutated(self.name) {
            return Cow::Owned(text);
        }
        let parts = match (engine, self.postgres) {
            (Engine::Postgres, Some(parts)) => parts,
            _ => self.parts,
        };
        let text = match parts {
            [one] => Cow::Borrowed(*one),
            several => Cow::Owned(several.concat()),
        };
        let text = planted::statement(self.name, text);
        match engine {
            Engine::Sqlite => text,
            Engine::Postgres => lists(lower_as_sqlite(text)),
        }
    }
}

/// SQLite lowers and sorts by bytes, ASCII letters only, and so does PostgreSQL by the rules of "C": a search and an
/// order must come to the same on both.
fn lower_as_sqlite(text: Cow<'static, str>) -> Cow<'static, str> {
    calls(text, "LOWER(", |what| format!("LOWER({what} COLLATE \"C\")"))
}

/// A list of ids is bound as a JSON array: each engine has its own word for taking one apart. PostgreSQL believes that rows
/// of a function are a hundred at least, and reads the whole table for them; of an array it expects ten.
fn lists(text: Cow<'static, str>) -> Cow<'static, str> {
    calls(text, "IN (SELECT value FROM json_each(", |what| {
        format!("= ANY (ARRAY(SELECT json_array_elements_text(CAST(CAST({what} AS TEXT) AS JSON)))")
    })
}

/// Puts something else in the place of each call of a function.
fn calls(text: Cow<'static, str>, name: &str, other: impl Fn(&str) -> String) -> Cow<'static, str> {
    if !text.contains(name) {
        return text;
    }
    let mut parts = text.split(name);
    let mut written = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (what, rest) = part.split_at(closing(part));
        written.push_str(&other(what));
        written.push_str(rest.strip_prefix(')').unwrap_or(rest));
    }
    Cow::Owned(written)
}

/// Where the parenthesis closes that was opened before this text.
fn closing(text: &str) -> usize {
    let mut open = 1;
    let closes = text.find(|c| {
        match c {
            '(' => open += 1,
            ')' => open -= 1,
            _ => {}
        }
        open == 0
    });
    closes.unwrap_or(text.len())
}

/// All statements, for the tests that prepare each of them and look for its tenant.
#[cfg(test)]
pub(crate) fn all() -> Vec<&'static Statement> {
    [
        tenants::ALL,
        leases::ALL,
        lifecycle::ALL,
        workers::ALL,
        logs::ALL,
        members::ALL,
        people::ALL,
        setup::ALL,
        events::ALL,
        settings::ALL,
        moves::ALL,
        accounts::ALL,
        factors::ALL,
        hosts::ALL,
        places::ALL,
        standings::ALL,
        strips::ALL,
        alerts::ALL,
        erasures::ALL,
        profiles::ALL,
        records::ALL,
        customers::ALL,
        notices::ALL,
        notes::ALL,
    ]
    .concat()
}
