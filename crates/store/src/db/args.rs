//! Values bound to a statement, in order. Texts, integers and NULLs only: both engines take these alike.

use domain::{Id, TenantId, Timestamp};
use sqlx::{Arguments, any::AnyArguments, sqlite::SqliteArguments};

/// What is bound to `$1`, `$2`, ….
#[derive(Default, Clone)]
pub(crate) struct Args(Vec<Value>);

/// One of them. NULLs have a type, which PostgreSQL asks for.
#[derive(Clone)]
enum Value {
    Text(Option<String>),
    Int(Option<i64>),
}

impl Args {
    /// The beginning of a statement's arguments: within a tenant, `$1` is bound already.
    pub(crate) fn within(tenant: Option<TenantId>) -> Self {
        match tenant {
            Some(tenant) => Self::default().id(tenant),
            None => Self::default(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// These, and others behind them.
    pub(super) fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// The first of them at the beginning of each row, where it stood once for all rows, each of so many columns with it.
    pub(super) fn with_first_in_each(self, columns: usize) -> Self {
        let mut values = self.0.into_iter();
        let Some(first) = values.next() else { return Self::default() };
        let mut all = Vec::with_capacity(values.len() + values.len() / columns.max(1) + 1);
        for (place, value) in values.enumerate() {
            if place.is_multiple_of(columns.saturating_sub(1).max(1)) {
                all.push(first.clone());
            }
            all.push(value);
        }
        Self(all)
    }

    fn add(mut self, value: Value) -> Self {
        self.0.push(value);
        self
    }

    pub(crate) fn id<K>(self, id: Id<K>) -> Self {
        self.add(Value::Text(Some(id.to_string())))
    }

    pub(crate) fn opt_id<K>(self, id: Option<Id<K>>) -> Self {
        self.add(Value::Text(id.map(|id| id.to_string())))
    }

    /// PostgreSQL takes no NUL in a text; what a stranger writes must not stop a batch.
    pub(crate) fn text(self, text: &str) -> Self {
        self.opt_text(Some(text))
    }

    pub(crate) fn opt_text(self, text: Option<&str>) -> Self {
        self.add(Value::Text(text.map(|text| text.replace('\0', "\u{FFFD}"))))
    }

    /// An enum by its word.
    pub(crate) fn label(self, word: impl Into<&'static str>) -> Self {
        self.text(word.into())
    }

    pub(crate) fn opt_label(self, word: Option<impl Into<&'static str>>) -> Self {
        self.opt_text(word.map(Into::into))
    }

    pub(crate) fn int(self, value: i64) -> Self {
        self.add(Value::Int(Some(value)))
    }

    pub(crate) fn opt_int(self, value: Option<i64>) -> Self {
        self.add(Value::Int(value))
    }

    /// Numbers above what a database integer holds are stored as the highest one.
    pub(crate) fn count(self, value: u64) -> Self {
        self.int(i64::try_from(value).unwrap_or(i64::MAX))
    }

    pub(crate) fn opt_count(self, value: Option<u64>) -> Self {
        self.opt_int(value.map(|value| i64::try_from(value).unwrap_or(i64::MAX)))
    }

    pub(crate) fn flag(self, value: bool) -> Self {
        self.int(i64::from(value))
    }

    pub(crate) fn time(self, time: Timestamp) -> Self {
        self.int(time.as_millisecond())
    }

    pub(crate) fn opt_time(self, time: Option<Timestamp>) -> Self {
        self.opt_int(time.map(Timestamp::as_millisecond))
    }

    /// For a connection of either engine.
    pub(crate) fn into_any(self) -> AnyArguments {
        let mut bound = AnyArguments::default();
        for value in self.0 {
            // Encoding texts and integers pushes them to a list and cannot fail.
            let _: Result<(), _> = match value {
                Value::Text(text) => bound.add(text),
                Value::Int(int) => bound.add(int),
            };
        }
        bound
    }

    /// For a connection of SQLite's own.
    pub(super) fn into_sqlite(self) -> SqliteArguments {
        let mut bound = SqliteArguments::default();
        for value in self.0 {
            // As above.
            let _: Result<(), _> = match value {
                Value::Text(text) => bound.add(text),
                Value::Int(int) => bound.add(int),
            };
        }
        bound
    }
}
