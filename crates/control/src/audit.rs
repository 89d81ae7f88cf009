//! The audit log: who did what. No message texts, no credentials, numbers masked. What the store changes it writes down
//! itself, in the same transaction; here stands what no row of a tenant changes by.

mod export;
mod list;
mod query;

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::{TenantId, Timestamp};
use serde_json::{Value, json};
use store::{Actor, NewEvent};
use utoipa_axum::routes;
use web::{
    Problem,
    routes::{Route, operator},
};

use crate::{App, auth::Operator, error};

/// Reading the same conversation again within this time is the same reading.
const SAME_READING_SECONDS: i64 = 600;
/// Readings remembered at once.
const REMEMBERED: usize = 10_000;

pub(crate) fn routes() -> Vec<Route<App>> {
    vec![operator(routes!(list::handle)), operator(routes!(export::handle))]
}

/// What happened, in words; the type itself where it has none.
pub(crate) fn word(event_type: &str) -> &str {
    #[allow(clippy::wildcard_imports, reason = "one function for each type")]
    use words::event::*;
    match event_type {
        "TENANT_CREATED" => tenant_created(),
        "TENANT_CHANGED" => tenant_changed(),
        "TENANT_DELETED" => tenant_deleted(),
        "TENANT_SUSPENDED" => tenant_suspended(),
        "TENANT_SUSPENSION_LIFTED" => tenant_suspension_lifted(),
        "WORKER_STARTED" => worker_started(),
        "WORKER_STOPPED" => worker_stopped(),
        "WORKER_RESTARTED" => worker_restarted(),
        "WORKER_FORCE_RESTARTED" => worker_force_restarted(),
        "WORKER_STALE" => worker_stale(),
        "WORKER_SLOWED" => worker_slowed(),
        "WORKER_CRASH_LOOP" => worker_crash_loop(),
        "SESSION_CONNECTED" => session_connected(),
        "SESSION_REFUSED" => session_refused(),
        "SESSION_LOGGED_OUT" => session_logged_out(),
        "SESSION_CORRUPT" => session_corrupt(),
        "SESSION_AWAY_TOO_LONG" => session_away_too_long(),
        "NUMBER_HELD" => number_held(),
        "NUMBER_CONFIRMED" => number_confirmed(),
        "DEVICE_UNLINKED" => device_unlinked(),
        "PAIRING_CODE_REQUESTED" => pairing_code_requested(),
        "MESSAGE_SENT" => message_sent(),
        "CONVERSATION_READ" => conversation_read(),
        "CONVERSATION_EXPORTED" => conversation_exported(),
        "CONTACT_EXPORTED" => contact_exported(),
        "CONTACT_ERASED" => contact_erased(),
        "EVENTS_EXPORTED" => events_exported(),
        "SETUP_REQUEST_SUBMITTED" => setup_request_submitted(),
        "SETUP_REQUEST_REVIEWING" => setup_request_reviewing(),
        "SETUP_REQUEST_APPROVED" => setup_request_approved(),
        "SETUP_REQUEST_ACTIVE" => setup_request_active(),
        "SETUP_REQUEST_REJECTED" => setup_request_rejected(),
        "MEMBER_ADDED" => member_added(),
        "MEMBER_STATUS_CHANGED" => member_status_changed(),
        "SIGNED_IN" => signed_in(),
        "SIGNED_OUT" => signed_out(),
        "SIGN_IN_FAILED" => sign_in_failed(),
        "OPERATOR_ADDED" => operator_added(),
        "OPERATOR_REMOVED" => operator_removed(),
        "OPERATOR_PASSWORD_CHANGED" => operator_password_changed(),
        "OPERATOR_SECOND_FACTOR_SET" => operator_second_factor_set(),
        "OPERATOR_SECOND_FACTOR_REMOVED" => operator_second_factor_removed(),
        other => other,
    }
}

/// What was written down lately, so that it is not written again and again.
#[derive(Debug, Default)]
pub(crate) struct Lately {
    readings: Mutex<HashMap<(Actor, TenantId), Timestamp>>,
}

/// Writes an event of a tenant whose change has been made by the supervisor, so a failure is logged and not answered.
pub(crate) async fn record(
    app: &App,
    operator: &Operator,
    tenant: TenantId,
    event: &'static str,
    payload: &Value,
) {
    let actor = operator.actor.to_string();
    let written = app.store.tenant(tenant).record_event(&actor, None, event, payload).await;
    if let Err(error) = written {
        tracing::error!(%error, %tenant, event, "an event could not be written to the audit log");
    }
}

/// Writes down that an operator reads a tenant's conversations. Whoever cannot be written down may not read.
pub(crate) async fn reading(app: &App, operator: &Operator, tenant: TenantId) -> Result<(), Problem> {
    let now = app.now();
    {
        let mut readings = app.lately.readings.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = |at: &Timestamp| now.duration_since(*at).as_secs() < SAME_READING_SECONDS;
        if readings.get(&(operator.actor, tenant)).is_some_and(recent) {
            return Ok(());
        }
        if readings.len() >= REMEMBERED {
            readings.retain(|_, at| recent(at));
        }
        if readings.len() < REMEMBERED {
            readings.insert((operator.actor, tenant), now);
        }
    }
    let actor = operator.actor.to_string();
    let written = app.store.tenant(tenant).record_event(&actor, None, "CONVERSATION_READ", &json!({})).await;
    written.map(drop).map_err(|error| {
        app.lately.readings.lock().unwrap_or_else(PoisonError::into_inner).remove(&(operator.actor, tenant));
        error::by_store(&error)
    })
}

/// Writes down what no tenant is concerned by. A failure is logged and not answered.
pub(crate) async fn platform(app: &App, actor: Actor, event_type: &'static str, payload: Value) {
    let event =
        NewEvent { tenant_id: None, user_id: actor.user(), actor: actor.to_string(), event_type, payload };
    if let Err(error) = app.store.operator().record_event(&event).await {
        tracing::error!(%error, event_type, "an event could not be written to the audit log");
    }
}
