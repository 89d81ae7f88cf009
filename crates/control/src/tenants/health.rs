//! How a bot does, in a word, a sentence, and what to press: one place for page, list, API and command line.

use domain::{Condition, DesiredState, Timestamp};
use store::TenantDetail;
use web::ui::{Pill, Tone, span};

use super::strip::{away_before, stale_before};
use crate::{App, setup_requests, workers::Action};

/// How a bot does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Health {
    pub(crate) condition: Condition,
    pub(crate) tone: Tone,
    pub(crate) word: &'static str,
    pub(crate) sentence: String,
    /// The one action that is needed, and what its button says.
    pub(crate) needed: Option<Needed>,
    /// Where something is that is needed, and what leads there: a code to scan, a number to confirm, a request.
    pub(crate) look: Option<Look>,
}

/// What has to be done to the worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Needed {
    pub(crate) action: Action,
    pub(crate) label: &'static str,
}

/// What has to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) label: &'static str,
    pub(crate) place: String,
}

impl Health {
    /// As a pill.
    pub(crate) fn pill(&self) -> Pill {
        Pill { tone: self.tone, word: self.word.to_owned() }
    }

    /// As a script reads it.
    pub(crate) fn document(self) -> api::Health {
        api::Health {
            condition: self.condition,
            needs_a_person: self.condition.group() == domain::Show::Needs,
            says: self.sentence,
        }
    }
}

/// Tells it.
pub(crate) fn of(app: &App, detail: &TenantDetail) -> Health {
    let now = app.now();
    let condition = detail.condition(stale_before(app), away_before(now));
    let (tenant, session, worker) = (&detail.tenant, &detail.session, &detail.worker);
    let since =
        |at: Option<Timestamp>| at.map(|at| span(now.duration_since(at).as_secs().max(0).unsigned_abs()));
    let why = || worker.last_error.as_deref().map(crate::error::sentence).unwrap_or_default();
    let page = || format!("/admin/tenants/{}", tenant.id);
    let mut health = Health {
        condition,
        tone: tone(condition),
        word: word(condition),
        sentence: String::new(),
        needed: needed(condition),
        look: None,
    };
    health.sentence = match condition {
        Condition::PhoneRemoved => words::health::phone_removed_say().to_owned(),
        Condition::Refused => words::health::refused_say(why()),
        Condition::SessionGone => words::health::session_gone_say().to_owned(),
        Condition::Error => match worker.last_error.as_deref() {
            Some(why) => crate::error::sentence(why),
            None => crate::error::sentence(words::health::not_running()),
        },
        Condition::Limited => match session.trouble_until {
            Some(until) => words::health::limited_until(clock(until, now, &tenant.timezone)),
            None => words::health::limited_say().to_owned(),
        },
        Condition::OtherNumber => {
            health.look = Some(Look { label: words::health::confirm_number(), place: page() });
            words::health::held_say(
                tenant.held_number.as_ref().map(domain::Digits::as_str).unwrap_or_default(),
            )
        }
        Condition::Unreachable => words::health::unreachable_say().to_owned(),
        Condition::Away => words::health::away_long_say(since(session.last_seen_at).unwrap_or_default()),
        Condition::Stale => words::health::stale_say(
            since(worker.last_heartbeat_at.or(worker.started_at)).unwrap_or_default(),
        ),
        Condition::Requested => {
            let place = setup_requests::PATH.to_owned();
            health.look = Some(Look { label: words::health::look_at_request(), place });
            words::health::requested_say().to_owned()
        }
        Condition::Scan => {
            health.look = Some(Look { label: words::health::link_phone(), place: page() });
            words::health::scan_say().to_owned()
        }
        Condition::Preparing => {
            health.look = Some(Look { label: words::health::link_phone(), place: page() });
            words::health::pending_say().to_owned()
        }
        Condition::Reconnecting => match since(session.last_seen_at) {
            Some(away) => words::health::away_for(away),
            None => words::health::away().to_owned(),
        },
        Condition::Answering => match since(worker.last_message_at) {
            Some(ago) => words::health::answering_say(ago),
            None => words::health::answering_first().to_owned(),
        },
        Condition::Suspended => {
            health.look = Some(Look { label: words::tenant::lift(), place: page() });
            match tenant.suspended_reason.as_deref() {
                Some(reason) => words::health::suspended_why(reason),
                None => words::health::suspended_say().to_owned(),
            }
        }
        Condition::Stopping => words::health::stopping_say().to_owned(),
        Condition::Paused => words::health::paused_say().to_owned(),
        Condition::New => words::health::new_say().to_owned(),
    };
    if tenant.suspended_at.is_some() && condition != Condition::Suspended {
        health.sentence = format!("{} {}", health.sentence, words::health::suspended_too());
    }
    health
}

pub(crate) const fn tone(condition: Condition) -> Tone {
    match condition {
        Condition::PhoneRemoved
        | Condition::Refused
        | Condition::SessionGone
        | Condition::Error
        | Condition::Limited
        | Condition::OtherNumber
        | Condition::Unreachable
        | Condition::Away
        | Condition::Stale => Tone::Bad,
        Condition::Requested
        | Condition::Scan
        | Condition::Preparing
        | Condition::Reconnecting
        | Condition::Suspended => Tone::Warn,
        Condition::Answering => Tone::Ok,
        Condition::Stopping | Condition::Paused | Condition::New => Tone::Off,
    }
}

pub(crate) fn word(condition: Condition) -> &'static str {
    match condition {
        Condition::PhoneRemoved => words::health::phone_removed(),
        Condition::Refused => words::health::refused(),
        Condition::SessionGone => words::health::session_gone(),
        Condition::Error => words::health::error(),
        Condition::Limited => words::health::limited(),
        Condition::OtherNumber => words::health::held(),
        Condition::Unreachable => words::health::unreachable(),
        Condition::Away => words::health::away_long(),
        Condition::Stale => words::health::stale(),
        Condition::Requested => words::health::requested(),
        Condition::Scan => words::health::scan(),
        Condition::Preparing => words::health::pending(),
        Condition::Reconnecting => words::health::reconnecting(),
        Condition::Answering => words::health::answering(),
        Condition::Suspended => words::health::suspended(),
        Condition::Stopping => words::health::stopping(),
        Condition::Paused => words::health::paused(),
        Condition::New => words::health::new(),
    }
}

/// What has to be done to the worker, where that is what helps.
fn needed(condition: Condition) -> Option<Needed> {
    let of = |action: Action| Needed { action, label: action.label() };
    match condition {
        Condition::PhoneRemoved | Condition::Refused | Condition::SessionGone => {
            Some(Needed { action: Action::Start, label: words::health::link_again() })
        }
        Condition::Error | Condition::Stale => Some(of(Action::ForceRestart)),
        Condition::Away => Some(of(Action::Restart)),
        Condition::New | Condition::Paused => Some(of(Action::Start)),
        Condition::Limited
        | Condition::OtherNumber
        | Condition::Unreachable
        | Condition::Requested
        | Condition::Scan
        | Condition::Preparing
        | Condition::Reconnecting
        | Condition::Answering
        | Condition::Suspended
        | Condition::Stopping => None,
    }
}

/// A time of day, with its date where it is not today's.
fn clock(at: Timestamp, now: Timestamp, zone: &str) -> String {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let (at, now) = (at.to_zoned_datetime(zone.clone()), now.to_zoned_datetime(zone));
    let form = if at.date() == now.date() { "%H:%M" } else { "%Y-%m-%d %H:%M" };
    at.strftime(form).to_string()
}

/// What can be done to a worker in its state, the needed one left out.
pub(crate) fn others(detail: &TenantDetail, needed: Option<Needed>) -> Vec<Action> {
    let can: &[Action] = match detail.worker.desired_state {
        DesiredState::Stopped => &[Action::Start],
        DesiredState::Run => &[Action::Stop, Action::Restart, Action::ForceRestart],
    };
    can.iter().copied().filter(|action| needed.is_none_or(|needed| needed.action != *action)).collect()
}
