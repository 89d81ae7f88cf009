//! `DELETE /admin/tenants/{id}`: ends the worker, removes its directory and logs, then the rows.

use axum::extract::State;
use domain::id::kind::Tenant;
use http::StatusCode;
use web::{PathId, Problem};

use crate::{App, auth::Operator, refusal};

pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    PathId(id): PathId<Tenant>,
) -> Result<StatusCode, Problem> {
    let scope = app.store.tenant(id);
    scope.get().await.map_err(|error| refusal::by_store(&error))?;
    // The files go first: where that fails, the tenant is still there to be deleted again.
    app.supervisor.purge(id).await.map_err(|error| refusal::by_supervisor(&error))?;
    // The store writes the audit line in the same transaction.
    scope.delete(&operator.actor.to_string()).await.map_err(|error| refusal::by_store(&error))?;
    Ok(StatusCode::NO_CONTENT)
}
