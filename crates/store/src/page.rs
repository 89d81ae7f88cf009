//! Keyset paging: a page costs the same wherever it lies.

use std::{fmt, str::FromStr};

use domain::{
    Id, Timestamp,
    limits::{PAGE_DEFAULT_ROWS, PAGE_MAX_BYTES, PAGE_MAX_ROWS},
};
use uuid::Uuid;

/// Where a page ends: opaque to callers, who only hand it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Milliseconds since 1970, or the place in an order of the store's own.
    pub(crate) at: i64,
    pub(crate) id: Uuid,
}

impl Cursor {
    pub(crate) fn new<K>(at: Timestamp, id: Id<K>) -> Self {
        Self { at: at.as_millisecond(), id: id.uuid() }
    }

    /// A place in an order that the store gives.
    pub(crate) fn at_place<K>(place: u64, id: Id<K>) -> Self {
        Self { at: i64::try_from(place).unwrap_or(i64::MAX), id: id.uuid() }
    }
}

/// A text that is no cursor of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the cursor cannot be read; take it from the answer before")]
pub struct InvalidCursor;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}.{}", self.at, self.id.as_simple())
    }
}

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let (at, id) = text.split_once('.').ok_or(InvalidCursor)?;
        let at = i64::from_str_radix(at, 16).map_err(|_| InvalidCursor)?;
        if at < 0 || id.len() != 32 {
            return Err(InvalidCursor);
        }
        Ok(Self { at, id: Uuid::try_parse(id).map_err(|_| InvalidCursor)? })
    }
}

/// Which page of a list, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    /// Rows at most; cut to [`PAGE_MAX_ROWS`], and at least 1.
    pub limit: u32,
    /// Only what is older than this; `None` for the first page.
    pub before: Option<Cursor>,
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { limit: PAGE_DEFAULT_ROWS, before: None }
    }
}

impl PageRequest {
    /// Rows of the page.
    fn rows(self) -> u32 {
        self.limit.clamp(1, PAGE_MAX_ROWS)
    }

    /// Rows to ask for: one more than are shown, which tells whether there is a next page.
    pub(crate) fn fetch(self) -> i64 {
        i64::from(self.rows()) + 1
    }

    /// Makes the page out of what [`fetch`](Self::fetch) gave.
    pub(crate) fn cut<T>(self, mut items: Vec<T>, key: impl Fn(&T) -> Cursor) -> Page<T> {
        let rows = self.rows() as usize;
        let more = items.len() > rows;
        items.truncate(rows);
        let next = if more { items.last().map(key) } else { None };
        Page { items, next }
    }

    /// The same within the bytes of an answer: the page ends earlier where its rows are more than that, after one row at
    /// least.
    pub(crate) fn cut_within<T>(
        self,
        mut items: Vec<T>,
        bytes: impl Fn(&T) -> usize,
        key: impl Fn(&T) -> Cursor,
    ) -> Page<T> {
        let (mut sofar, rows) = (0, items.len());
        let fit = items.iter().take_while(|item| {
            let fits = sofar < PAGE_MAX_BYTES;
            sofar += bytes(item);
            fits
        });
        let fit = fit.count();
        items.truncate(fit);
        let next = items.last().filter(|_| fit < rows).map(&key);
        let page = self.cut(items, key);
        Page { next: page.next.or(next), ..page }
    }

    /// Bounds for `(created_at, id) < (at, id)`. The first page's lie above every row, so that one statement, whose
    /// comparison an index can serve, does for all pages.
    pub(crate) fn bounds(self) -> (i64, String) {
        self.before.map_or((i64::MAX, String::new()), |c| (c.at, c.id.as_hyphenated().to_string()))
    }

    /// The bound for `seq < place`; the first page's lies above every row.
    pub(crate) fn place(self) -> i64 {
        self.before.map_or(i64::MAX, |c| c.at)
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// Its rows, newest first: fewer than were asked for where they are more than an answer holds.
    pub items: Vec<T>,
    /// Where the next page begins, where there is one.
    pub next: Option<Cursor>,
}

/// A search text as a pattern for `LIKE … ESCAPE '!'`, in lower case as far as both engines lower it.
pub(crate) fn pattern(search: &str) -> String {
    let mut pattern = String::from("%");
    for c in search.trim().chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c.to_ascii_lowercase());
    }
    pattern.push('%');
    pattern
}
