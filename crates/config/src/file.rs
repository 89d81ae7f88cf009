//! The TOML file: keys are looked up in the table, values must have the type that the setting takes.

use std::path::Path;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{ALL, ConfigError, Origin, Setting, Takes, values::Values};

/// Reads the text of `file` into `values`.
///
/// # Errors
/// Where it is no TOML, has a key that is no setting, or a value of the wrong type.
pub(crate) fn read(file: &Path, text: &str, values: &mut Values) -> Result<(), ConfigError> {
    let table = DeTable::parse(text).map_err(|error| ConfigError::Syntax {
        file: file.to_owned(),
        line: line_at(text, error.span().map_or(0, |span| span.start)),
        message: error.message().to_owned(),
    })?;
    walk(&Source { file, text }, "", table.get_ref(), values)
}

struct Source<'a> {
    file: &'a Path,
    text: &'a str,
}

fn walk(
    source: &Source<'_>,
    section: &str,
    table: &DeTable<'_>,
    values: &mut Values,
) -> Result<(), ConfigError> {
    for (name, value) in table {
        let key = if section.is_empty() {
            name.get_ref().to_string()
        } else {
            format!("{section}.{}", name.get_ref())
        };
        let line = line_at(source.text, name.span().start);
        match (ALL.iter().find(|setting| setting.key == key), value.get_ref()) {
            (Some(setting), value) => {
                let origin = Origin::File { file: source.file.to_owned(), line, key: setting.key };
                let text =
                    text_of(setting, value).ok_or_else(|| wrong_type(setting, origin.clone(), value))?;
                values.set(setting, text, origin);
            }
            (None, DeValue::Table(inner)) if is_section(&key) => walk(source, &key, inner, values)?,
            (None, _) => {
                return Err(ConfigError::UnknownKey {
                    file: source.file.to_owned(),
                    line,
                    suggestion: nearest(&key),
                    key: key.chars().take(64).collect(),
                });
            }
        }
    }
    Ok(())
}

fn is_section(key: &str) -> bool {
    ALL.iter().any(|setting| setting.key.split_once('.').is_some_and(|(section, _)| section == key))
}

/// The value as text, or `None` where its type is not the setting's.
fn text_of(setting: &Setting, value: &DeValue<'_>) -> Option<String> {
    match (&setting.takes, value) {
        (Takes::Integer(_), DeValue::Integer(number)) => {
            i128::from_str_radix(number.as_str(), number.radix()).ok().map(|number| number.to_string())
        }
        (Takes::Networks | Takes::Hosts | Takes::Machines, DeValue::Array(items)) => {
            let items: Option<Vec<&str>> = items.iter().map(|item| string(item)).collect();
            items.map(|items| items.join(","))
        }
        (Takes::Integer(_) | Takes::Networks | Takes::Hosts | Takes::Machines, _) => None,
        (_, DeValue::String(text)) => Some(text.to_string()),
        _ => None,
    }
}

fn string<'a>(item: &'a Spanned<DeValue<'_>>) -> Option<&'a str> {
    item.get_ref().as_str()
}

fn wrong_type(setting: &Setting, origin: Origin, value: &DeValue<'_>) -> ConfigError {
    let got = match value {
        DeValue::String(_) if setting.secret => "a string that is not shown".to_owned(),
        DeValue::String(text) => format!("the string \"{}\"", text.chars().take(64).collect::<String>()),
        DeValue::Boolean(value) => format!("the boolean {value}"),
        other => format!("a value of type {}", other.type_str()),
    };
    let takes = match setting.takes {
        Takes::Integer(_) => setting.takes.describe(),
        Takes::Networks | Takes::Hosts | Takes::Machines => {
            format!("an array of strings: {}", setting.takes.describe())
        }
        _ => format!("a string: {}", setting.takes.describe()),
    };
    ConfigError::Invalid { origin, takes, got }
}

fn line_at(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// The key that is nearest in spelling, where it is near enough to be meant.
fn nearest(key: &str) -> Option<String> {
    // The name of the environment variable, written into the file.
    if let Some(setting) = ALL.iter().find(|setting| setting.name.eq_ignore_ascii_case(key)) {
        return Some(setting.key.to_owned());
    }
    let by_field = |setting: &&Setting| setting.key.rsplit('.').next() == key.rsplit('.').next();
    let field = ALL.iter().copied().find(by_field);
    let spelled = ALL.iter().copied().map(|setting| (distance(key, setting.key), setting));
    let spelled = spelled.min_by_key(|(distance, _)| *distance).filter(|(distance, _)| *distance <= 3);
    field.or(spelled.map(|(_, setting)| setting)).map(|setting| setting.key.to_owned())
}

/// Levenshtein distance; texts of outside are cut to 64 bytes, so that it stays cheap.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<u8> = right.bytes().take(64).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.bytes().take(64).enumerate() {
        let mut diagonal = i;
        let mut last = i + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(&right) {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = *cell;
            last = replaced.min(diagonal + 1).min(last + 1);
            *cell = last;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}
