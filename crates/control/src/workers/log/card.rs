//! The worker's own log on the tenant's page.

use askama::Template;
use domain::{Severity, TenantId};
use strum::VariantArray;
use web::ui::{Empty, Icon};

use super::{severity, tail};
use crate::{error::Answer, tenants::TenantCall};

/// Lines on the page.
const LINES: usize = 100;

/// The card.
#[derive(Template)]
#[template(path = "tenants/log.html")]
pub(crate) struct LogCard {
    id: TenantId,
    levels: Vec<Level>,
    level: Severity,
    lines: Vec<Line>,
    /// Where the log ends, so that a script sees that it has grown.
    next: u64,
    /// That more is kept than is shown.
    more: Option<String>,
    /// What is odd about it, in words.
    odd: Option<String>,
    empty: Option<Empty>,
}

impl askama::filters::HtmlSafe for LogCard {}

/// A level to choose.
struct Level {
    value: Severity,
    label: &'static str,
    chosen: bool,
}

/// A line as it is shown.
struct Line {
    /// RFC 3339; empty of what has no time.
    at: String,
    /// The same in the tenant's zone.
    clock: String,
    level: &'static str,
    tone: &'static str,
    text: String,
}

impl LogCard {
    /// Reads it. That it cannot be read is told on the card: the rest of the page stands.
    pub(crate) async fn of(call: &TenantCall, level: Option<&str>) -> Answer<Self> {
        let level = severity(level)?;
        let mut card = Self {
            id: call.id(),
            levels: Severity::VARIANTS.iter().map(|one| choice(*one, level)).collect(),
            level,
            lines: Vec::new(),
            next: 0,
            more: None,
            odd: None,
            empty: None,
        };
        let found = match tail(call, level, LINES, None).await {
            Ok(found) => found,
            Err(error) => {
                card.odd = Some(error.problem().detail().to_owned());
                return Ok(card);
            }
        };
        let zone = &call.detail.tenant.timezone;
        let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
        card.empty = match found.state {
            api::WorkerLogState::None => {
                Some(Empty::new("list", words::worker_log::none(), words::worker_log::none_text()))
            }
            _ if found.lines.is_empty() => {
                Some(Empty::new("list", words::worker_log::nothing(), words::worker_log::nothing_text()))
            }
            _ => None,
        };
        if found.state == api::WorkerLogState::Rotating {
            card.odd = Some(words::worker_log::rotating().to_owned());
        }
        card.more =
            (found.more && !found.lines.is_empty()).then(|| words::worker_log::shown(found.lines.len()));
        card.next = found.next;
        card.lines = found.lines.into_iter().map(|line| shown(line, &zone)).collect();
        Ok(card)
    }
}

fn choice(value: Severity, chosen: Severity) -> Level {
    let label = match value {
        Severity::Error => words::worker_log::only_errors(),
        Severity::Warn => words::worker_log::warnings_too(),
        Severity::Info => words::worker_log::what_happens(),
        Severity::Debug => words::worker_log::in_detail(),
    };
    Level { value, label, chosen: value == chosen }
}

fn shown(line: api::WorkerLogLine, zone: &jiff::tz::TimeZone) -> Line {
    let (level, tone) = match line.level {
        Some(Severity::Error) => (words::worker_log::error(), "bad"),
        Some(Severity::Warn) => (words::worker_log::warn(), "warn"),
        Some(Severity::Info) => (words::worker_log::info(), "off"),
        Some(Severity::Debug) => (words::worker_log::debug(), "off"),
        None => ("", "bad"),
    };
    Line {
        at: line.at.map(|at| at.to_string()).unwrap_or_default(),
        clock: line
            .at
            .map(|at| at.to_zoned_datetime(zone.clone()).strftime("%m-%d %H:%M:%S").to_string())
            .unwrap_or_default(),
        level,
        tone,
        text: line.text,
    }
}
