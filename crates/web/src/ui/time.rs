//! Times in words. The script of the pages keeps them true while a page stays open.

use askama::{Template, filters::HtmlSafe};
use domain::Timestamp;
pub use words::time::span;

/// A moment: "12 s ago", with the exact time on hover.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(
    source = "<time datetime=\"{{ at }}\" title=\"{{ title }}\" data-ago>{{ words }}</time>",
    ext = "html"
)]
pub struct Moment {
    at: String,
    title: String,
    words: String,
}

impl HtmlSafe for Moment {}

/// How long ago, as an element. `zone` is an IANA name, in which the exact time is told.
#[must_use]
pub fn ago(at: Timestamp, now: Timestamp, zone: &str) -> Moment {
    let seconds = now.duration_since(at).as_secs();
    let words = if seconds < 0 {
        words::time::ahead(span(seconds.unsigned_abs()))
    } else {
        ago_words(seconds.unsigned_abs())
    };
    Moment { at: at.to_string(), title: exact(at, zone), words }
}

/// How long ago a length of time is.
fn ago_words(seconds: u64) -> String {
    // Of one minute it is told otherwise than of several.
    let one = matches!(seconds, 1 | 60..120 | 3600..7200 | 86_400..172_800);
    if one { words::time::ago_one(span(seconds)) } else { words::time::ago(span(seconds)) }
}

/// A moment in a zone, with the zone's name; in UTC where the zone is not known.
#[must_use]
pub fn exact(at: Timestamp, zone: &str) -> String {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let name = zone.iana_name().unwrap_or("UTC").to_owned();
    let at = at.to_zoned_datetime(zone);
    format!("{} {name}", at.strftime("%Y-%m-%d %H:%M:%S"))
}
