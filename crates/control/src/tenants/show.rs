//! `GET /admin/tenants/{id}`: the tenant and the last lines of its log.

use axum::{Json, extract::State};
use domain::id::kind::Tenant;
use store::PageRequest;
use web::{PathId, Problem};

use crate::{App, audit, auth::Operator, convert, refusal, wire};

pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    PathId(id): PathId<Tenant>,
) -> Result<Json<wire::TenantWithLogs>, Problem> {
    let scope = app.store.tenant(id);
    let detail = scope.get().await.map_err(|error| refusal::by_store(&error))?;
    audit::reading(&app, &operator, id).await?;
    let logs = scope.logs(PageRequest::default()).await.map_err(|error| refusal::by_store(&error))?;
    Ok(Json(wire::TenantWithLogs {
        tenant: convert::tenant(&app, detail),
        logs: logs.items.into_iter().map(convert::log).collect(),
    }))
}
