//! The audit log: who changed what. No message texts, no credentials, numbers masked.

use domain::TenantId;
use serde_json::Value;

use crate::{App, auth::Operator};

/// Writes an event of a tenant. The change itself has been made, so a failure is logged and not answered.
pub(crate) async fn record(
    app: &App,
    operator: &Operator,
    tenant: TenantId,
    event: &'static str,
    payload: &Value,
) {
    let written = app.store.tenant(tenant).record_event(operator.actor, None, event, payload).await;
    if let Err(error) = written {
        tracing::error!(%error, %tenant, event, "an event could not be written to the audit log");
    }
}
