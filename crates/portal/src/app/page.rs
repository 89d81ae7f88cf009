//! What several of these pages need.

use api::portal::Settings;
use askama::{Template, filters::HtmlSafe};
use domain::Timestamp;
use jiff::{civil::Date, tz::TimeZone};
use web::{
    Kind, Problem,
    place::see_other,
    ui::{Banner, Tone},
};

use super::TENANT;
use crate::{AskError, Call, Refusal};

/// The tenant's zone, in which days and times are told.
pub(super) struct Zone {
    zone: TimeZone,
}

impl Zone {
    pub(super) async fn of(call: &Call) -> Result<Self, AskError> {
        let settings: Settings = call.get(&format!("{TENANT}/config")).await?;
        Ok(Self::named(&settings.timezone))
    }

    pub(super) fn named(name: &str) -> Self {
        Self { zone: TimeZone::get(name).unwrap_or(TimeZone::UTC) }
    }

    /// Hours and minutes.
    pub(super) fn clock(&self, at: Timestamp) -> String {
        at.to_zoned_datetime(self.zone.clone()).strftime("%H:%M").to_string()
    }

    pub(super) fn date(&self, at: Timestamp) -> Date {
        at.to_zoned_datetime(self.zone.clone()).date()
    }

    /// The time of day of what is today, the day and the time of all else.
    pub(super) fn told(&self, at: Timestamp, now: Timestamp) -> String {
        let day = self.date(at);
        if day == self.date(now) { self.clock(at) } else { format!("{}, {}", day_of(day), self.clock(at)) }
    }
}

/// A day like `28 November 2026`.
pub(super) fn day_of(day: Date) -> String {
    words::date::of(day.day(), day.month(), day.year())
}

/// A day as somebody at work says it: today, tomorrow, yesterday, else with its name.
pub(super) fn day_said(day: Date, today: Date) -> String {
    use words::portal_books as say;
    let written = day_of(day);
    let near = [
        (Some(today), say::today()),
        (today.tomorrow().ok(), say::tomorrow()),
        (today.yesterday().ok(), say::yesterday()),
    ];
    let said = near.into_iter().find(|(near, _)| *near == Some(day)).map(|(_, said)| said);
    said.map_or_else(|| written.clone(), |said| format!("{said}, {written}"))
}

/// What was just done, by a word in the address: whatever else stands there says nothing.
pub(super) fn done(word: Option<&str>, known: &[(&str, &'static str)]) -> Option<Banner> {
    let said = known.iter().find(|(name, _)| Some(*name) == word)?.1;
    Some(Banner::done(said))
}

/// A refusal as a banner over its page.
pub(super) fn wrong(problem: &Problem) -> Banner {
    Banner { tone: Tone::Bad, ..Banner::wrong(problem.said("")) }
}

/// Keeps out everybody but owners, in words.
pub(super) fn owners_only(call: &Call) -> Result<(), Refusal> {
    if call.is_owner() {
        return Ok(());
    }
    Err(Problem::new(Kind::Forbidden, words::portal::owner_only()).into())
}

/// Leads to another page of the site after a form was taken.
pub(super) fn next(place: &str) -> axum::response::Response {
    see_other(place)
}

/// The first letter of a name, for the circle beside it; none of a number.
pub(super) fn initial(name: Option<&str>) -> String {
    name.and_then(|name| name.chars().find(|c| c.is_alphabetic()))
        .map_or_else(String::new, |c| c.to_uppercase().collect())
}

/// The circle beside a customer's name.
#[derive(Debug, Clone, Template)]
#[template(
    source = "<span class=\"avatar\" aria-hidden=\"true\">{% if letter.is_empty() %}{{ Icon(\"user\") }}{% else %}{{ letter }}{% endif %}</span>",
    ext = "html"
)]
pub(super) struct Avatar {
    letter: String,
}

use web::ui::Icon;

impl Avatar {
    pub(super) fn of(name: Option<&str>) -> Self {
        Self { letter: initial(name) }
    }
}

impl HtmlSafe for Avatar {}
