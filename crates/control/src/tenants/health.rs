//! How a bot does, in a word, a sentence, and what to press.

use domain::{DesiredState, SessionState, TenantStatus, Timestamp, WorkerStatus};
use store::TenantDetail;
use web::ui::{Pill, Tone, span};

use crate::workers::Action;

/// How a bot does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Health {
    pub(crate) tone: Tone,
    pub(crate) word: &'static str,
    pub(crate) sentence: String,
    /// The one action that is needed.
    pub(crate) needed: Option<Action>,
    /// Whether the page of the tenant has something that is needed: a code to scan, a number to confirm.
    pub(crate) look: Option<&'static str>,
}

impl Health {
    /// As a pill.
    pub(crate) fn pill(&self) -> Pill {
        Pill { tone: self.tone, word: self.word.to_owned() }
    }
}

/// Tells it. `stale` is what [`super::convert`] says of the worker.
pub(crate) fn of(detail: &TenantDetail, stale: bool, now: Timestamp) -> Health {
    let (tenant, session, worker) = (&detail.tenant, &detail.session, &detail.worker);
    let since =
        |at: Option<Timestamp>| at.map(|at| span(now.duration_since(at).as_secs().max(0).unsigned_abs()));
    let plain = |tone, word, sentence: String| Health { tone, word, sentence, needed: None, look: None };
    if let (Some(_), reason) = (tenant.suspended_at, tenant.suspended_reason.as_deref()) {
        let sentence = match reason {
            Some(reason) => words::health::suspended_why(reason),
            None => words::health::suspended_say().to_owned(),
        };
        return plain(Tone::Warn, words::health::suspended(), sentence);
    }
    if tenant.status == TenantStatus::Error || worker.status == WorkerStatus::Error {
        let why = worker.last_error.clone().unwrap_or_else(|| words::health::not_running().to_owned());
        let sentence = crate::error::sentence(&why);
        return Health {
            needed: Some(Action::ForceRestart),
            ..plain(Tone::Bad, words::health::error(), sentence)
        };
    }
    if stale {
        let silent = since(worker.last_heartbeat_at.or(worker.started_at)).unwrap_or_default();
        let sentence = words::health::stale_say(silent);
        return Health {
            needed: Some(Action::ForceRestart),
            ..plain(Tone::Bad, words::health::stale(), sentence)
        };
    }
    if let Some(held) = &tenant.held_number {
        let sentence = words::health::held_say(held.as_str());
        return Health {
            look: Some(words::health::confirm_number()),
            ..plain(Tone::Warn, words::health::held(), sentence)
        };
    }
    match (tenant.status, session.state) {
        (TenantStatus::New, _) => Health {
            needed: Some(Action::Start),
            ..plain(Tone::Off, words::health::new(), words::health::new_say().to_owned())
        },
        (TenantStatus::Paused, _) => Health {
            needed: Some(Action::Start),
            ..plain(Tone::Off, words::health::paused(), words::health::paused_say().to_owned())
        },
        (TenantStatus::QrReady, _) => Health {
            look: Some(words::health::link_phone()),
            ..plain(Tone::Warn, words::health::scan(), words::health::scan_say().to_owned())
        },
        (TenantStatus::QrPending, _) => Health {
            look: Some(words::health::link_phone()),
            ..plain(Tone::Warn, words::health::pending(), words::health::pending_say().to_owned())
        },
        (TenantStatus::Active, SessionState::Connected) => {
            let sentence = match since(worker.last_message_at) {
                Some(ago) => words::health::answering_say(ago),
                None => words::health::answering_first().to_owned(),
            };
            plain(Tone::Ok, words::health::answering(), sentence)
        }
        (TenantStatus::Active, _) if worker.desired_state == DesiredState::Stopped => {
            plain(Tone::Off, words::health::stopping(), words::health::stopping_say().to_owned())
        }
        (TenantStatus::Active | TenantStatus::Error, _) => {
            let sentence = match since(session.last_seen_at) {
                Some(away) => words::health::away_for(away),
                None => words::health::away().to_owned(),
            };
            plain(Tone::Warn, words::health::reconnecting(), sentence)
        }
    }
}

/// What can be done to a worker in its state, the needed one left out.
pub(crate) fn others(detail: &TenantDetail, needed: Option<Action>) -> Vec<Action> {
    let can: &[Action] = match detail.worker.desired_state {
        DesiredState::Stopped => &[Action::Start],
        DesiredState::Run => &[Action::Stop, Action::Restart, Action::ForceRestart],
    };
    can.iter().copied().filter(|action| Some(*action) != needed).collect()
}
