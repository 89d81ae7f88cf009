//! A field of a form: label above, an example under it, the error beside it, and what was typed kept.

use askama::{Template, filters::HtmlSafe};

use crate::Problem;

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
    /// An email address that is not one's own.
    pub const EMAIL: Self = Self::Line { kind: "email", autocomplete: "off", inputmode: "email" };
    /// A password that is there already.
    pub const PASSWORD: Self =
        Self::Line { kind: "password", autocomplete: "current-password", inputmode: "" };
    /// A password that is chosen.
    pub const NEW_PASSWORD: Self =
        Self::Line { kind: "password", autocomplete: "new-password", inputmode: "" };
    /// A code that an app shows for half a minute, or one in its place that is kept on paper.
    pub const CODE: Self = Self::Line { kind: "text", autocomplete: "one-time-code", inputmode: "text" };
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
    /// The form it belongs to, where it does not stand within it.
    pub form: Option<&'static str>,
}

impl Field {
    /// An empty field that must be filled.
    #[must_use]
    pub const fn new(name: &'static str, label: &'static str, input: Input) -> Self {
        Self { name, label, hint: "", value: String::new(), error: None, input, required: true, form: None }
    }

    /// With an example, or what it is for.
    #[must_use]
    pub fn hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }

    /// With what was typed or stands.
    #[must_use]
    pub fn value(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }

    /// Belongs to a form elsewhere on the page.
    #[must_use]
    pub fn of_form(self, form: &'static str) -> Self {
        Self { form: Some(form), ..self }
    }

    /// May be left empty.
    #[must_use]
    pub fn optional(self) -> Self {
        Self { required: false, ..self }
    }

    /// With what is wrong, where this is the field at fault.
    #[must_use]
    pub fn wrong(self, problem: Option<&Problem>) -> Self {
        let at_fault = problem.filter(|problem| problem.is_about(self.name));
        Self { error: at_fault.map(|problem| problem.said(self.label)), ..self }
    }

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
