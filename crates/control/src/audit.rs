//! The audit log: who did what. No message texts, no credentials, numbers masked. What the store changes it writes down
//! itself, in the same transaction; here stands what no row of a tenant changes by.

mod export;
mod line;
mod list;
mod query;

pub(crate) use self::line::label;

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use domain::{TenantId, Timestamp};
use serde_json::{Value, json};
use store::{Actor, NewEvent};
use utoipa_axum::routes;
use web::routes::{Route, operator};

use crate::{App, auth::Operator, error::Answer};

/// Reading the same conversation again within this time is the same reading.
const SAME_READING_SECONDS: i64 = 600;
/// Readings remembered at once.
const REMEMBERED: usize = 10_000;

pub(crate) fn routes() -> Vec<Route<App>> {
    vec![operator(routes!(list::handle)), operator(routes!(export::handle))]
}

/// What happened, in words; the type itself where it has none.
pub(crate) fn word(event_type: &str) -> &str {
    words::event::of(event_type).unwrap_or(event_type)
}

/// What operators do for themselves: the business that it is about is not told.
pub(crate) fn is_of_operators(event_type: &str) -> bool {
    event_type == "TENANT_NOTED"
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
pub(crate) async fn reading(app: &App, operator: &Operator, tenant: TenantId) -> Answer<()> {
    reading_by(app, operator.actor, tenant).await
}

/// The same of an operator who looks by another way.
pub(crate) async fn reading_by(app: &App, reader: Actor, tenant: TenantId) -> Answer<()> {
    let now = app.now();
    {
        let mut readings = app.lately.readings.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = |at: &Timestamp| now.duration_since(*at).as_secs() < SAME_READING_SECONDS;
        if readings.get(&(reader, tenant)).is_some_and(recent) {
            return Ok(());
        }
        if readings.len() >= REMEMBERED {
            readings.retain(|_, at| recent(at));
        }
        if readings.len() < REMEMBERED {
            readings.insert((reader, tenant), now);
        }
    }
    let actor = reader.to_string();
    let written = app.store.tenant(tenant).record_event(&actor, None, "CONVERSATION_READ", &json!({})).await;
    if written.is_err() {
        app.lately.readings.lock().unwrap_or_else(PoisonError::into_inner).remove(&(reader, tenant));
    }
    written?;
    Ok(())
}

/// Writes down what no tenant is concerned by. A failure is logged and not answered.
pub(crate) async fn platform(app: &App, actor: Actor, event_type: &'static str, payload: Value) {
    let event =
        NewEvent { tenant_id: None, user_id: actor.user(), actor: actor.to_string(), event_type, payload };
    if let Err(error) = app.store.operator().record_event(&event).await {
        tracing::error!(%error, event_type, "an event could not be written to the audit log");
    }
}
