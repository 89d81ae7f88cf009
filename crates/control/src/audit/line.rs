//! One line of the audit log as it is read: a sentence with names, when, and from what to what.

use domain::{SetupStatus, Timestamp, parse_label};
use jiff::civil::Date;
use serde_json::Value;
use web::ui::{Html, ago};
use words::did::{self, Part};

use crate::setup_requests;

/// What a line shows.
pub(super) struct Line {
    /// The exact time of the day, in UTC.
    pub(super) time: String,
    pub(super) ago: Html,
    /// The type as the API has it.
    pub(super) code: String,
    pub(super) parts: Vec<Said>,
    pub(super) details: Vec<Detail>,
}

/// A part of the sentence.
pub(super) enum Said {
    Words(String),
    Who(String),
    /// A tenant's name and its page.
    Tenant(String, String),
    /// A tenant that is gone, with what the log has of it.
    Gone(String, String),
}

/// What changed: a field as its form calls it, or as the API does.
pub(super) struct Detail {
    pub(super) label: Option<&'static str>,
    pub(super) name: String,
    pub(super) change: String,
}

impl Line {
    /// A line, read at this time.
    pub(super) fn of(event: &api::Event, now: Timestamp) -> Self {
        let said = |part| match part {
            Part::Words(words) => Said::Words(words.to_owned()),
            Part::Who => Said::Who(did::who(&event.actor, event.actor_name.as_deref())),
            Part::Tenant => tenant(event),
        };
        // A type of another version has no sentence; what is known of it is told all the same.
        let plain = || {
            let who = did::who(&event.actor, event.actor_name.as_deref());
            vec![Said::Who(who), Said::Words(format!(": {}", event.event_type))]
        };
        let parts = did::of(&event.event_type).map(|parts| parts.into_iter().map(said).collect());
        let at = event.created_at.to_zoned_datetime(jiff::tz::TimeZone::UTC);
        Self {
            time: at.strftime("%H:%M:%S").to_string(),
            ago: Html::of(&ago(event.created_at, now, "UTC")),
            code: event.event_type.clone(),
            parts: parts.unwrap_or_else(plain),
            details: details(&event.event_type, &event.payload),
        }
    }
}

fn tenant(event: &api::Event) -> Said {
    let Some(id) = event.tenant_id else { return Said::Words(words::audit::nobody().to_owned()) };
    match &event.tenant_name {
        Some(name) => Said::Tenant(name.clone(), format!("/admin/tenants/{id}")),
        None => Said::Gone(did::tenant(&id.to_string(), None), format!("/admin/events?tenant={id}")),
    }
}

/// A day as a heading: `Today, 28 November 2026`.
pub(super) fn day(date: Date, now: Timestamp) -> String {
    let today = now.to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    let words = words::date::of(date.day(), date.month(), date.year());
    if date == today {
        words::audit::today(words)
    } else if today.yesterday().is_ok_and(|yesterday| date == yesterday) {
        words::audit::yesterday(words)
    } else {
        words
    }
}

/// What changed, from what to what.
fn details(event_type: &str, payload: &Value) -> Vec<Detail> {
    let of_a_request = event_type.starts_with("SETUP_REQUEST_");
    let plain = |value: &Value| match value {
        Value::Null => words::audit::nothing().to_owned(),
        // What the store says of words that a person may have written.
        Value::String(text) if text == "changed" => words::audit::changed().to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let change = |from: &Value, to: &Value| format!("{} → {}", plain(from), plain(to));
    let detail = |name: &str, change| Detail { label: label(name), name: name.to_owned(), change };
    let Value::Object(fields) = payload else { return vec![detail("", plain(payload))] };
    // What went from one status to another says so; of a request, which has no name, no more than that.
    let status = |value: &Value| match value.as_str().map(parse_label::<SetupStatus>) {
        Some(Ok(status)) if of_a_request => Value::from(setup_requests::word(status)),
        _ => value.clone(),
    };
    let step = fields.get("from").zip(fields.get("to"));
    let step = step.map(|(from, to)| detail("status", change(&status(from), &status(to))));
    let told =
        |name: &str| step.is_some() && ["from", "to"].contains(&name) || of_a_request && name == "request";
    let others = fields.iter().filter(|(name, _)| !told(name.as_str())).map(|(name, value)| {
        match (value.get("from"), value.get("to")) {
            (Some(from), Some(to)) => detail(name, change(from, to)),
            _ => detail(name, plain(value)),
        }
    });
    let others: Vec<_> = others.collect();
    step.into_iter().chain(others).collect()
}

/// A field as the form calls it in which it is changed.
pub(crate) fn label(name: &str) -> Option<&'static str> {
    Some(match name.strip_prefix("config.").unwrap_or(name) {
        "name" => words::forms::business(),
        "phone_number" | "number" => words::forms::number(),
        "template_type" => words::forms::pack(),
        "business_name" => words::forms::display(),
        "language" => words::forms::language(),
        "timezone" => words::forms::timezone(),
        "currency" => words::forms::currency(),
        "retention_days" => words::forms::retention(),
        "rate_limit_per_minute" => words::forms::rate(),
        "remove_deleted" => words::forms::removal(),
        "hours" => words::tenant::hours(),
        "suspended_reason" | "reason" => words::tenant::why(),
        "tags" => words::notes::tags(),
        "note" => words::notes::note(),
        "status" => words::audit::status(),
        "email" => words::owners::email(),
        "text" => words::messages::reply(),
        "typed_name" => words::tenant::delete_type(),
        _ => return None,
    })
}
