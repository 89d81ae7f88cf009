//! What a tenant's fields take, in one place, with errors that name the field.

use domain::{
    Hours, Phone,
    limits::{BUSINESS_NAME_MAX_CHARS, NAME_MAX_CHARS},
};
use replies::check_hours;
use web::Problem;

use crate::{error::in_english, profile};

/// The longest time for which a log is kept by number; ten years.
const RETENTION_DAYS: u32 = 3650;
/// The highest rate limit, as RATE_LIMIT_MAX_PER_MINUTE takes it.
pub(crate) const RATE_LIMIT: u32 = 10_000;

/// A tenant's name: trimmed, 1 to 120 characters, no control characters.
pub(crate) fn name(text: &str) -> Result<String, Problem> {
    line("name", text, NAME_MAX_CHARS)
}

/// The name that customers read.
pub(crate) fn business_name(text: &str) -> Result<String, Problem> {
    line("config.business_name", text, BUSINESS_NAME_MAX_CHARS)
}

/// A person's name.
pub(crate) fn person(field: &str, text: &str) -> Result<String, Problem> {
    line(field, text, NAME_MAX_CHARS)
}

/// An address of the form `name@host`, of at most 254 characters (RFC 5321).
pub(crate) fn email(field: &str, text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let parts = text.rsplit_once('@').filter(|(name, host)| !name.is_empty() && host.contains('.'));
    let plain = text.len() <= 254 && text.chars().all(|c| !c.is_whitespace() && !c.is_control());
    if parts.is_some_and(|(_, host)| !host.starts_with('.') && !host.ends_with('.')) && plain {
        return Ok(text.to_owned());
    }
    Err(Problem::invalid_field(field, words::checks::email(field)))
}

/// A line of text.
pub(crate) fn line(field: &str, text: &str, longest: usize) -> Result<String, Problem> {
    let text = text.trim();
    let length = text.chars().count();
    if length == 0 || length > longest {
        let detail = words::checks::length(field, longest, length);
        return Err(Problem::invalid_field(field, detail));
    }
    if text.chars().any(char::is_control) {
        return Err(Problem::invalid_field(field, words::checks::one_line(field)));
    }
    Ok(text.to_owned())
}

/// A number of any country.
pub(crate) fn phone(field: &str, text: &str) -> Result<Phone, Problem> {
    Phone::parse(text).map_err(|error| {
        // The library that reads numbers says in English alone what is wrong with one.
        Problem::invalid_field(field, in_english(&error.to_string(), words::checks::phone()))
    })
}

/// An IANA time zone, in its canonical letter case.
pub(crate) fn timezone(text: &str) -> Result<String, Problem> {
    let known = jiff::tz::TimeZone::get(text).ok().and_then(|zone| zone.iana_name().map(str::to_owned));
    known.ok_or_else(|| Problem::invalid_field("timezone", words::checks::timezone()))
}

/// An ISO 4217 code, by its form.
pub(crate) fn currency(text: &str) -> Result<String, Problem> {
    if text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase()) {
        return Ok(text.to_owned());
    }
    Err(Problem::invalid_field("currency", words::checks::currency()))
}

/// How long the conversation log is kept.
pub(crate) fn retention_days(days: u32) -> Result<u32, Problem> {
    if (1..=RETENTION_DAYS).contains(&days) {
        return Ok(days);
    }
    let detail = words::checks::retention(RETENTION_DAYS);
    Err(Problem::invalid_field("retention_days", detail))
}

/// What is typed for [`retention_days`]: nothing keeps it for good.
pub(crate) fn retention_text(text: &str) -> Result<Option<u32>, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    // What is no number is none that may stand there.
    retention_days(text.parse().unwrap_or(0)).map(Some)
}

/// Messages of one contact that are answered in a minute.
pub(crate) fn rate_limit(limit: u32) -> Result<u32, Problem> {
    if (1..=RATE_LIMIT).contains(&limit) { Ok(limit) } else { Err(no_rate_limit()) }
}

/// What is typed for [`rate_limit`].
pub(crate) fn rate_limit_text(text: &str) -> Result<Option<u32>, Problem> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.parse().map_err(|_| no_rate_limit())).transpose()
}

fn no_rate_limit() -> Problem {
    let detail = words::checks::rate_limit(RATE_LIMIT);
    Problem::invalid_field("config.rate_limit_per_minute", detail)
}

/// Opening hours: spans within the day, in order, not touching each other; dates that go forward.
pub(crate) fn hours(hours: Hours) -> Result<Hours, Problem> {
    hours_of("config.hours", hours)
}

/// The same of a field of another name.
pub(crate) fn hours_of(field: &str, hours: Hours) -> Result<Hours, Problem> {
    let Some(fault) = check_hours(&hours).into_iter().next() else { return Ok(hours) };
    // Where they came as seven lists there is no `week` to name.
    let path = if hours.is_plain() { fault.path.trim_start_matches("/week") } else { &fault.path };
    Err(Problem::invalid_field(format!("{field}{}", profile::within(path)), fault.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_one_line_of_1_to_120_characters() {
        assert_eq!(name("  Saluni ya Amina ").unwrap(), "Saluni ya Amina");
        for wrong in ["", "   ", "a\nb", "a\u{0}b", &"x".repeat(10_000)] {
            assert_eq!(name(wrong).unwrap_err().field(), Some("name"));
        }
        assert!(name(&"é".repeat(120)).is_ok(), "characters, not bytes");
        assert!(business_name("").unwrap_err().detail().contains("this one has 0"));
    }

    #[test]
    fn zones_and_currencies_are_known_by_name_and_form() {
        assert_eq!(timezone("africa/dar_es_salaam").unwrap(), "Africa/Dar_es_Salaam");
        assert!(timezone("Mars/Olympus").is_err());
        assert!(timezone("../etc/passwd").is_err());
        assert!(currency("TZS").is_ok());
        for wrong in ["tzs", "TZ", "TZSS", "T S", ""] {
            assert!(currency(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_rate_limit_is_a_number_or_nothing() {
        assert_eq!(rate_limit_text(" 5 ").unwrap(), Some(5));
        assert_eq!(rate_limit_text("").unwrap(), None);
        for wrong in ["-1", "five", "1.5", "99999999999"] {
            assert_eq!(rate_limit_text(wrong).unwrap_err().field(), Some("config.rate_limit_per_minute"));
        }
        assert!(rate_limit(1).is_ok() && rate_limit(10_000).is_ok());
        assert!(rate_limit(0).is_err() && rate_limit(10_001).is_err());
    }

    #[test]
    fn spans_lie_within_the_day_and_apart() {
        let day = |spans: Vec<(u16, u16)>| {
            let mut all: [Vec<(u16, u16)>; 7] = Default::default();
            all[2] = spans;
            hours(Hours { week: all, ..Hours::default() })
        };
        assert!(day(vec![(540, 780), (840, 1440)]).is_ok());
        for wrong in
            [vec![(600, 600)], vec![(700, 600)], vec![(0, 1441)], vec![(1, 3), (2, 5)], vec![(1, 2); 9]]
        {
            assert_eq!(day(wrong).unwrap_err().field(), Some("config.hours[2]"));
        }
        let whole = |json: serde_json::Value| hours(serde_json::from_value(json).unwrap());
        let week = serde_json::json!([[[540, 1080]], [], [], [], [], [], []]);
        let holiday = |from: &str, to: &str| serde_json::json!([{ "from": from, "to": to }]);
        for (part, wrong, field) in [
            ("breaks", serde_json::json!([[[700, 600]], [], [], [], [], [], []]), "config.hours.breaks[0]"),
            ("breaks", serde_json::json!([[[700, 800]]]), "config.hours.breaks"),
            ("closed", holiday("2026-12-26", "2026-12-25"), "config.hours.closed[0]"),
            (
                "days",
                serde_json::json!([{ "date": "2026-12-24", "spans": [[1, 1441]] }]),
                "config.hours.days[0].spans",
            ),
        ] {
            let error = whole(serde_json::json!({ "week": week, part: wrong })).unwrap_err();
            assert_eq!(error.field(), Some(field), "{}", error.detail());
        }
        assert!(
            whole(serde_json::json!({ "week": week, "closed": holiday("2026-12-25", "2026-12-25") })).is_ok()
        );
    }
}
