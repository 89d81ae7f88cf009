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
        let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
        return plain(
            Tone::Warn,
            "Suspended",
            format!("An operator has suspended this bot{reason}. It answers nobody."),
        );
    }
    if tenant.status == TenantStatus::Error || worker.status == WorkerStatus::Error {
        let why = worker.last_error.clone().unwrap_or_else(|| "The worker does not run".to_owned());
        let sentence = crate::error::sentence(&why);
        return Health { needed: Some(Action::ForceRestart), ..plain(Tone::Bad, "Error", sentence) };
    }
    if stale {
        let silent = since(worker.last_heartbeat_at.or(worker.started_at)).unwrap_or_default();
        let sentence =
            format!("The worker has been silent for {silent}. It is ended and started again by itself.");
        return Health { needed: Some(Action::ForceRestart), ..plain(Tone::Bad, "Stale", sentence) };
    }
    if let Some(held) = &tenant.held_number {
        let sentence = format!(
            "The linked phone has the number +{} and not the declared one. Confirm it, or unlink the device.",
            held.as_str()
        );
        return Health { look: Some("Confirm number"), ..plain(Tone::Warn, "Other number", sentence) };
    }
    match (tenant.status, session.state) {
        (TenantStatus::New, _) => Health {
            needed: Some(Action::Start),
            ..plain(
                Tone::Off,
                "Not started",
                "Start it, then link the phone with the code that appears.".to_owned(),
            )
        },
        (TenantStatus::Paused, _) => Health {
            needed: Some(Action::Start),
            ..plain(
                Tone::Off,
                "Paused",
                "An operator has stopped this bot. Customers get no answers.".to_owned(),
            )
        },
        (TenantStatus::QrReady, _) => Health {
            look: Some("Link phone"),
            ..plain(
                Tone::Warn,
                "Scan the code",
                "Waiting for the phone: open WhatsApp, Linked devices, and scan the code.".to_owned(),
            )
        },
        (TenantStatus::QrPending, _) => Health {
            look: Some("Link phone"),
            ..plain(
                Tone::Warn,
                "Waiting for a code",
                "The worker runs and gets a code from WhatsApp.".to_owned(),
            )
        },
        (TenantStatus::Active, SessionState::Connected) => {
            let last = since(worker.last_message_at)
                .map_or_else(|| "No message yet.".to_owned(), |ago| format!("Last message {ago} ago."));
            plain(Tone::Ok, "Answering", format!("Linked and answering customers. {last}"))
        }
        (TenantStatus::Active, _) if worker.desired_state == DesiredState::Stopped => {
            plain(Tone::Off, "Stopping", "The worker is being stopped.".to_owned())
        }
        (TenantStatus::Active | TenantStatus::Error, _) => {
            let away = since(session.last_seen_at).map(|ago| format!(" for {ago}")).unwrap_or_default();
            let sentence = format!("Linked, but away from WhatsApp{away}. It connects again by itself.");
            plain(Tone::Warn, "Reconnecting", sentence)
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
