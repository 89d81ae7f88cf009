//! How a bot does, in a word, a sentence, and what to press: one place for page, list, API and command line.

use domain::{Condition, DesiredState};
use store::TenantDetail;
use web::ui::{Pill, Tone};

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
    let told = detail.particulars(app.stale_after, app.now());
    let condition = told.condition;
    let page = || format!("/admin/tenants/{}", detail.tenant.id);
    let look = |label, place| Some(Look { label, place });
    // Whatever it was here, it is so no longer, and nothing can be done about it here.
    let moved = detail.tenant.moved_at.is_some();
    Health {
        condition,
        tone: if moved { Tone::Off } else { tone(condition) },
        word: if moved { words::health::moved() } else { words::condition::word(condition) },
        sentence: if moved {
            words::health::moved_say().to_owned()
        } else {
            words::condition::sentence(&told)
        },
        needed: needed(condition).filter(|_| !moved),
        look: match condition {
            _ if moved => None,
            Condition::OtherNumber => look(words::health::confirm_number(), page()),
            Condition::Requested => look(words::health::look_at_request(), setup_requests::PATH.to_owned()),
            Condition::Scan | Condition::Preparing => look(words::health::link_phone(), page()),
            Condition::Suspended => look(words::tenant::lift(), page()),
            _ => None,
        },
    }
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

/// What can be done to a worker in its state, the needed one left out.
pub(crate) fn others(detail: &TenantDetail, needed: Option<Needed>) -> Vec<Action> {
    let can: &[Action] = match detail.worker.desired_state {
        // It is elsewhere for good.
        _ if detail.tenant.moved_at.is_some() => &[],
        DesiredState::Stopped => &[Action::Start],
        DesiredState::Run => &[Action::Stop, Action::Restart, Action::ForceRestart],
    };
    can.iter().copied().filter(|action| needed.is_none_or(|needed| needed.action != *action)).collect()
}
