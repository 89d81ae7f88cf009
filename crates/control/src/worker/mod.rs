//! Starting and stopping a tenant's worker.

pub(crate) mod force_restart;
pub(crate) mod restart;
pub(crate) mod start;
pub(crate) mod stop;

use axum::Json;
use domain::TenantId;
use serde_json::json;
use web::Problem;

use crate::{App, audit, auth::Operator, convert, refusal, wire};

/// The supervisor knows tenants with a process only; whether there is such a tenant at all is asked first.
async fn exists(app: &App, id: TenantId) -> Result<(), Problem> {
    app.store.tenant(id).get().await.map(drop).map_err(|error| refusal::by_store(&error))
}

/// Writes the audit event and answers the tenant as it is now.
async fn done(
    app: &App,
    operator: &Operator,
    id: TenantId,
    event: &'static str,
) -> Result<Json<wire::Tenant>, Problem> {
    let detail = app.store.tenant(id).get().await.map_err(|error| refusal::by_store(&error))?;
    audit::record(app, operator, id, event, &json!({ "generation": detail.worker.generation })).await;
    Ok(Json(convert::tenant(app, detail)))
}
