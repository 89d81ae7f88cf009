//! How a bot does, in a word and in a sentence: one place for page, list, command line, incidents and alerts.

use domain::{Condition, Particulars, Timestamp};
use jiff::tz::TimeZone;

use crate::{health, time::span};

/// The word on its pill.
#[must_use]
pub fn word(condition: Condition) -> &'static str {
    match condition {
        Condition::PhoneRemoved => health::phone_removed(),
        Condition::Refused => health::refused(),
        Condition::SessionGone => health::session_gone(),
        Condition::Error => health::error(),
        Condition::Limited => health::limited(),
        Condition::OtherNumber => health::held(),
        Condition::Unreachable => health::unreachable(),
        Condition::Away => health::away_long(),
        Condition::Stale => health::stale(),
        Condition::Requested => health::requested(),
        Condition::Scan => health::scan(),
        Condition::Preparing => health::pending(),
        Condition::Reconnecting => health::reconnecting(),
        Condition::Answering => health::answering(),
        Condition::Suspended => health::suspended(),
        Condition::Stopping => health::stopping(),
        Condition::Paused => health::paused(),
        Condition::New => health::new(),
    }
}

/// What is happening and what to do about it.
#[must_use]
pub fn sentence(told: &Particulars<'_>) -> String {
    let Particulars { now, zone, .. } = *told;
    let since = told.since.map(|at| span(now.duration_since(at).as_secs().max(0).unsigned_abs()));
    let why = told.why.map(str::trim).filter(|why| !why.is_empty());
    let said = match told.condition {
        Condition::PhoneRemoved => health::phone_removed_say().to_owned(),
        Condition::Refused => health::refused_say(why.map(whole).unwrap_or_default()).trim_end().to_owned(),
        Condition::SessionGone => health::session_gone_say().to_owned(),
        Condition::Error => whole(why.unwrap_or(health::not_running())),
        Condition::Limited => match told.until {
            Some(until) => health::limited_until(clock(until, now, zone)),
            None => health::limited_say().to_owned(),
        },
        Condition::OtherNumber => health::held_say(told.number.unwrap_or_default()),
        Condition::Unreachable => health::unreachable_say().to_owned(),
        Condition::Away => health::away_long_say(since.unwrap_or_default()),
        Condition::Stale => health::stale_say(since.unwrap_or_default()),
        Condition::Requested => health::requested_say().to_owned(),
        Condition::Scan => health::scan_say().to_owned(),
        Condition::Preparing => health::pending_say().to_owned(),
        Condition::Reconnecting => match since {
            Some(away) => health::away_for(away),
            None => health::away().to_owned(),
        },
        Condition::Answering => match since {
            Some(ago) => health::answering_say(ago),
            None => health::answering_first().to_owned(),
        },
        Condition::Suspended => match why {
            Some(reason) => health::suspended_why(reason.trim_end_matches('.')),
            None => health::suspended_say().to_owned(),
        },
        Condition::Stopping => health::stopping_say().to_owned(),
        Condition::Paused => health::paused_say().to_owned(),
        Condition::New => health::new_say().to_owned(),
    };
    if told.suspended && told.condition != Condition::Suspended {
        return format!("{said} {}", health::suspended_too());
    }
    said
}

/// A message that begins with a capital and ends with a full stop.
#[must_use]
pub fn whole(message: &str) -> String {
    let mut chars = message.chars();
    let mut text: String =
        chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default();
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}

/// A time of day, with its date where it is not today's.
fn clock(at: Timestamp, now: Timestamp, zone: &str) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let (at, now) = (at.to_zoned_datetime(zone.clone()), now.to_zoned_datetime(zone));
    let form = if at.date() == now.date() { "%H:%M" } else { "%Y-%m-%d %H:%M" };
    at.strftime(form).to_string()
}
