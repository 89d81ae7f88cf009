//! Values bound to a statement, in order. Texts, integers and NULLs only: both engines take these alike.

use domain::{Id, Timestamp};
use sqlx::{Any, Arguments, any::AnyArguments};

/// What is bound to `$1`, `$2`, ….
#[derive(Default)]
pub(crate) struct Args(AnyArguments);

impl Args {
    fn add<T>(mut self, value: T) -> Self
    where
        T: for<'q> sqlx::Encode<'q, Any> + sqlx::Type<Any>,
    {
        // Encoding texts and integers for `Any` pushes them to a list and cannot fail.
        let _: Result<(), _> = self.0.add(value);
        self
    }

    pub(crate) fn id<K>(self, id: Id<K>) -> Self {
        self.add(id.to_string())
    }

    pub(crate) fn opt_id<K>(self, id: Option<Id<K>>) -> Self {
        self.add(id.map(|id| id.to_string()))
    }

    /// PostgreSQL takes no NUL in a text; what a stranger writes must not stop a batch.
    pub(crate) fn text(self, text: &str) -> Self {
        self.add(text.replace('\0', "\u{FFFD}"))
    }

    pub(crate) fn opt_text(self, text: Option<&str>) -> Self {
        self.add(text.map(|text| text.replace('\0', "\u{FFFD}")))
    }

    /// An enum by its word.
    pub(crate) fn label(self, word: impl Into<&'static str>) -> Self {
        self.text(word.into())
    }

    pub(crate) fn opt_label(self, word: Option<impl Into<&'static str>>) -> Self {
        self.opt_text(word.map(Into::into))
    }

    pub(crate) fn int(self, value: i64) -> Self {
        self.add(value)
    }

    pub(crate) fn opt_int(self, value: Option<i64>) -> Self {
        self.add(value)
    }

    /// Numbers above what a database integer holds are stored as the highest one.
    pub(crate) fn count(self, value: u64) -> Self {
        self.add(i64::try_from(value).unwrap_or(i64::MAX))
    }

    pub(crate) fn opt_count(self, value: Option<u64>) -> Self {
        self.add(value.map(|value| i64::try_from(value).unwrap_or(i64::MAX)))
    }

    pub(crate) fn flag(self, value: bool) -> Self {
        self.add(i64::from(value))
    }

    pub(crate) fn time(self, time: Timestamp) -> Self {
        self.add(time.as_millisecond())
    }

    pub(crate) fn opt_time(self, time: Option<Timestamp>) -> Self {
        self.add(time.map(Timestamp::as_millisecond))
    }

    pub(crate) fn into_inner(self) -> AnyArguments {
        self.0
    }
}
