//! Lengths of time as people say them: `2 hours`, `siku 1`, `90`. They are kept in minutes.

use web::{Problem, ui::Input};

use super::fields::{Form, Spec, given};

const HOUR: u32 = 60;
const DAY: u32 = 24 * HOUR;

/// What people call a unit, in both languages, with its minutes. No unit means minutes.
const UNITS: [(u32, &[&str]); 3] = [
    (1, &["", "m", "min", "mins", "minute", "minutes", "dk", "dakika"]),
    (HOUR, &["h", "hr", "hrs", "hour", "hours", "saa", "masaa"]),
    (DAY, &["d", "day", "days", "siku"]),
];

/// A length in the largest unit of which it is a whole number.
fn said(minutes: u32) -> String {
    use words::editing as say;
    match minutes {
        0 => say::for_minutes(0),
        days if days.is_multiple_of(DAY) => say::for_days(u64::from(days / DAY)),
        hours if hours.is_multiple_of(HOUR) => say::for_hours(u64::from(hours / HOUR)),
        minutes => say::for_minutes(u64::from(minutes)),
    }
}

/// Minutes, of a length that was typed: numbers with a unit before or behind each, added up.
fn minutes(typed: &str) -> Option<u32> {
    let typed = typed.trim().to_lowercase();
    let mut parts: Vec<&str> = Vec::new();
    let mut rest = typed.as_str();
    while let Some(first) = rest.chars().next() {
        let digits = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        parts.push(part.trim());
        rest = after;
    }
    if parts.is_empty() {
        return None;
    }
    let number = |part: &str| part.parse::<u32>().ok();
    let unit =
        |part: &str| UNITS.iter().find(|(_, names)| names.contains(&part)).map(|(minutes, _)| *minutes);
    // Swahili has the unit first, English last.
    let pairs: Vec<(&str, &str)> = match parts.as_slice() {
        [only] => vec![(*only, "")],
        [first, ..] if number(first).is_some() => {
            parts.chunks(2).map(|pair| (pair[0], pair.get(1).copied().unwrap_or_default())).collect()
        }
        _ if parts.len().is_multiple_of(2) => parts.chunks(2).map(|pair| (pair[1], pair[0])).collect(),
        _ => return None,
    };
    pairs.into_iter().try_fold(0_u32, |sum, (count, name)| {
        let name = name.strip_suffix('.').filter(|name| !name.is_empty()).unwrap_or(name);
        // "siku 1 na saa 2", "1 day and 2 hours".
        let name = name.strip_prefix("na ").or(name.strip_suffix(" and")).unwrap_or(name).trim();
        sum.checked_add(number(count)?.checked_mul(unit(name)?)?)
    })
}

fn read<T: TryFrom<u32>>(name: &'static str, label: &str, typed: &str) -> Result<T, Problem> {
    let read = minutes(typed).and_then(|minutes| T::try_from(minutes).ok());
    read.ok_or_else(|| Problem::invalid_field(name, words::editing::span(label)))
}

/// A field with a length.
pub(super) fn spec(name: &'static str, label: &'static str, minutes: impl Into<u32>) -> Spec {
    Spec::line(name, label, said(minutes.into())).hint(words::editing::span_hint()).required()
}

/// A field with a length, or nothing.
pub(super) fn optional_spec(name: &'static str, label: &'static str, minutes: Option<u32>) -> Spec {
    Spec::new(name, label, Input::TEXT, minutes.map(said).unwrap_or_default())
}

/// A field with several.
pub(super) fn list_spec(name: &'static str, label: &'static str, minutes: &[u32]) -> Spec {
    Spec::line(name, label, minutes.iter().copied().map(said).collect::<Vec<_>>().join(", "))
}

pub(super) fn put<T: TryFrom<u32>>(
    form: &Form,
    name: &'static str,
    label: &str,
    was: &mut T,
) -> Result<(), Problem> {
    if let Some(typed) = form.get(name) {
        *was = read(name, label, typed)?;
    }
    Ok(())
}

pub(super) fn put_optional(
    form: &Form,
    name: &'static str,
    label: &str,
    was: &mut Option<u32>,
) -> Result<(), Problem> {
    if let Some(typed) = form.get(name) {
        *was = given(typed).map(|typed| read(name, label, typed)).transpose()?;
    }
    Ok(())
}

pub(super) fn put_list(
    form: &Form,
    name: &'static str,
    label: &str,
    was: &mut Vec<u32>,
) -> Result<(), Problem> {
    if let Some(typed) = form.get(name) {
        let parts = typed.split([',', ';', '\n']).filter_map(given);
        *was = parts.map(|typed| read(name, label, typed)).collect::<Result<_, _>>()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::Language;

    use super::*;

    #[test]
    fn a_length_is_read_as_people_say_it_in_both_languages() {
        for (typed, wanted) in [
            ("90", Some(90)),
            ("2 hours", Some(120)),
            ("1 day", Some(1440)),
            ("1 day 2 hours", Some(1560)),
            ("1 day and 30 min", Some(1470)),
            ("2h", Some(120)),
            ("saa 2", Some(120)),
            ("Siku 1", Some(1440)),
            ("siku 1 na saa 2", Some(1560)),
            ("dakika 45", Some(45)),
            ("2 hours 30", Some(150)),
            ("", None),
            ("soon", None),
            ("2 weeks", None),
            ("-5", None),
            ("1.5 hours", None),
            ("99999999999 days", None),
            ("9999999 days", None),
        ] {
            assert_eq!(minutes(typed), wanted, "{typed}");
        }
    }

    #[test]
    fn what_stands_reads_back_as_it_was() {
        for language in [Language::En, Language::Sw] {
            words::within(language, || {
                for length in [0, 1, 5, 45, 60, 90, 120, 1439, 1440, 2880] {
                    assert_eq!(minutes(&said(length)), Some(length), "{}", said(length));
                }
            });
        }
    }
}
