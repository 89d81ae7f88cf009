//! Fields of the profile's forms, and how what is typed into them is read.

use std::collections::BTreeMap;

use replies::{Amount, Text};
use web::{Problem, ui::Input};

/// What a form sends, by the names of its fields. What is not in it stays as it is.
pub type Form = BTreeMap<String, String>;

/// A field with what stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// Its name in the form.
    pub name: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// An example, or what it is for; may be empty.
    pub hint: &'static str,
    /// What kind it is.
    pub input: Input,
    /// What stands.
    pub value: String,
    /// Whether it must be filled.
    pub required: bool,
}

/// An entry of a list, as a line of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What names it in the form.
    pub at: String,
    /// What it is called.
    pub name: String,
    /// What else is told of it, beside what.
    pub cells: Vec<(&'static str, String)>,
    /// Whether it is not offered now, or means nothing to the pack.
    pub off: bool,
}

impl Spec {
    pub(super) fn line(name: &'static str, label: &'static str, value: impl Into<String>) -> Self {
        Self::new(name, label, Input::TEXT, value)
    }

    pub(super) fn new(
        name: &'static str,
        label: &'static str,
        input: Input,
        value: impl Into<String>,
    ) -> Self {
        Self { name, label, hint: "", input, value: value.into(), required: false }
    }

    pub(super) fn number(name: &'static str, label: &'static str, value: impl Into<u32>) -> Self {
        Self::new(name, label, Input::NUMBER, value.into().to_string()).required()
    }

    pub(super) fn switch(name: &'static str, label: &'static str, on: bool) -> Self {
        let choice = |value: &str, label: &str| (value.to_owned(), label.to_owned());
        let choices = vec![choice("yes", words::editing::yes()), choice("no", words::editing::no())];
        Self::new(name, label, Input::Choice(choices), if on { "yes" } else { "no" }).required()
    }

    pub(super) fn hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }

    pub(super) fn required(self) -> Self {
        Self { required: true, ..self }
    }
}

/// Both languages of a text, as two fields.
pub(super) fn both(
    (sw, en): (&'static str, &'static str),
    (label_sw, label_en): (&'static str, &'static str),
    input: &Input,
    text: &Text,
) -> [Spec; 2] {
    [
        Spec::new(sw, label_sw, input.clone(), text.sw.clone().unwrap_or_default()),
        Spec::new(en, label_en, input.clone(), text.en.clone().unwrap_or_default()),
    ]
}

/// A text with one language or both.
pub(super) fn text(form: &Form, (sw, en): (&str, &str), text: &mut Text) {
    let said = |name: &str, was: &mut Option<String>| {
        if let Some(typed) = form.get(name) {
            *was = given(typed).map(str::to_owned);
        }
    };
    said(sw, &mut text.sw);
    said(en, &mut text.en);
}

/// What was typed, where anything was.
pub(super) fn given(typed: &str) -> Option<&str> {
    Some(typed.trim()).filter(|typed| !typed.is_empty())
}

pub(super) fn optional_line(form: &Form, name: &str, was: &mut Option<String>) {
    if let Some(typed) = form.get(name) {
        *was = given(typed).map(str::to_owned);
    }
}

pub(super) fn switch(form: &Form, name: &'static str, label: &str, was: &mut bool) -> Result<(), Problem> {
    match form.get(name).map(|typed| typed.trim()) {
        None => {}
        Some("yes") => *was = true,
        Some("no") => *was = false,
        Some(_) => return Err(Problem::invalid_field(name, words::editing::yes_or_no(label))),
    }
    Ok(())
}

pub(super) fn number<T: std::str::FromStr>(
    form: &Form,
    name: &'static str,
    label: &str,
    was: &mut T,
) -> Result<(), Problem> {
    if let Some(typed) = form.get(name) {
        *was = whole(name, label, typed)?;
    }
    Ok(())
}

pub(super) fn optional_number<T: std::str::FromStr>(
    form: &Form,
    name: &'static str,
    label: &str,
    was: &mut Option<T>,
) -> Result<(), Problem> {
    if let Some(typed) = form.get(name) {
        *was = given(typed).map(|typed| whole(name, label, typed)).transpose()?;
    }
    Ok(())
}

fn whole<T: std::str::FromStr>(name: &'static str, label: &str, typed: &str) -> Result<T, Problem> {
    typed.trim().parse().map_err(|_| Problem::invalid_field(name, words::editing::number(label)))
}

pub(super) fn optional_amount(
    form: &Form,
    name: &'static str,
    label: &str,
    was: &mut Option<Amount>,
) -> Result<(), Problem> {
    if let Some(typed) = form.get(name) {
        *was = given(typed).map(|typed| amount(name, label, typed)).transpose()?;
    }
    Ok(())
}

pub(super) fn amount(name: &'static str, label: &str, typed: &str) -> Result<Amount, Problem> {
    use replies::AmountError;

    typed.trim().parse().map_err(|error| {
        let why = match error {
            AmountError::NoNumber => words::profile::amount_number(),
            AmountError::Decimals => words::profile::amount_decimals(),
            AmountError::Range => words::profile::amount_range(),
        };
        Problem::invalid_field(name, format!("{label}: {why}"))
    })
}

/// Several things on a line, or on lines of their own.
pub(super) fn list(form: &Form, name: &str, was: &mut Vec<String>) {
    if let Some(typed) = form.get(name) {
        *was = parted(typed);
    }
}

fn parted(typed: &str) -> Vec<String> {
    typed.split([',', ';', '\n']).filter_map(given).map(str::to_owned).collect()
}

/// The same on one line.
pub(super) fn joined(list: &[String]) -> String {
    list.join(", ")
}

pub(super) fn shown(amount: Option<Amount>) -> String {
    amount.map(|amount| amount.to_string()).unwrap_or_default()
}

/// What is told of an entry in the reader's language.
pub(super) fn said(text: &Text) -> String {
    text.of(words::language()).to_owned()
}
