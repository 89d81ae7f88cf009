//! A field of a form: label above, an example under it, the error beside it, and what was typed kept.

use askama::{Template, filters::HtmlSafe};

/// What is typed or chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// One line.
    Line {
        /// The input's `type`.
        kind: &'static str,
        /// Its `autocomplete`.
        autocomplete: &'static str,
        /// Its `inputmode`, or nothing.
        inputmode: &'static str,
    },
    /// Several lines.
    Area,
    /// One of these: value and label.
    Choice(Vec<(String, String)>),
}

impl Input {
    /// A line of text that no browser fills in by itself.
    pub const TEXT: Self = Self::Line { kind: "text", autocomplete: "off", inputmode: "" };
    /// A telephone number.
    pub const PHONE: Self = Self::Line { kind: "tel", autocomplete: "off", inputmode: "tel" };
    /// A whole number.
    pub const NUMBER: Self = Self::Line { kind: "number", autocomplete: "off", inputmode: "numeric" };
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "ui/field.html")]
pub struct Field {
    /// Its name in the form, and the end of its ids on the page.
    pub name: &'static str,
    /// What it is.
    pub label: &'static str,
    /// An example or what it is for; may be empty.
    pub hint: &'static str,
    /// What was typed or stands.
    pub value: String,
    /// What is wrong with it and what to type.
    pub error: Option<String>,
    /// What kind it is.
    pub input: Input,
    /// Whether it must be filled.
    pub required: bool,
}

impl Field {
    /// Ties hint and error to the input, for screen readers.
    fn described(&self) -> String {
        let hint = (!self.hint.is_empty()).then(|| format!("h-{}", self.name));
        let error = self.error.as_ref().map(|_| format!("e-{}", self.name));
        let invalid = if error.is_some() { " aria-invalid=\"true\"" } else { "" };
        let ids: Vec<String> = error.into_iter().chain(hint).collect();
        if ids.is_empty() {
            return String::new();
        }
        format!(" aria-describedby=\"{}\"{invalid}", ids.join(" "))
    }
}

impl HtmlSafe for Field {}
