//! The head of a table.

use askama::{Template, filters::HtmlSafe};

use super::Icon;

/// Which way a column is sorted. Displays as `aria-sort` has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display)]
#[strum(serialize_all = "lowercase")]
pub enum Order {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Column {
    /// Its name.
    pub label: &'static str,
    /// Whether it holds figures, which stand to the right.
    pub numeric: bool,
    /// Whether its name is for screen readers only.
    pub hidden: bool,
    /// The list sorted by it, where it can be.
    pub sort: Option<String>,
    /// How the list is sorted by it now.
    pub order: Option<Order>,
}

impl Column {
    /// One that has a name and no more.
    #[must_use]
    pub fn new(label: &'static str) -> Self {
        Self { label, ..Self::default() }
    }

    /// One whose name is for screen readers only.
    #[must_use]
    pub fn hidden(label: &'static str) -> Self {
        Self { label, hidden: true, ..Self::default() }
    }

    fn arrow(&self) -> &'static str {
        if self.order == Some(Order::Ascending) { "up" } else { "down" }
    }
}

/// The head of a data table; below 640 px the rows become cards and the head goes.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "ui/columns.html")]
pub struct Columns {
    /// From left to right.
    pub columns: Vec<Column>,
}

impl Columns {
    /// Of these names.
    #[must_use]
    pub fn named<const N: usize>(labels: [&'static str; N]) -> Self {
        Self { columns: labels.map(Column::new).to_vec() }
    }
}

impl HtmlSafe for Columns {}
