//! Starting and stopping a tenant's worker. The supervisor writes down who ordered it, with the order itself.

pub(crate) mod force_restart;
pub(crate) mod restart;
pub(crate) mod start;
pub(crate) mod stop;

use axum::Json;
use domain::TenantId;
use web::Problem;

use crate::{App, convert, refusal, wire};

/// The supervisor knows tenants with a process only; whether there is such a tenant at all is asked first.
async fn exists(app: &App, id: TenantId) -> Result<(), Problem> {
    app.store.tenant(id).get().await.map(drop).map_err(|error| refusal::by_store(&error))
}

/// Answers the tenant as it is now.
async fn done(app: &App, id: TenantId) -> Result<Json<wire::Tenant>, Problem> {
    let detail = app.store.tenant(id).get().await.map_err(|error| refusal::by_store(&error))?;
    Ok(Json(convert::tenant(app, detail)))
}
