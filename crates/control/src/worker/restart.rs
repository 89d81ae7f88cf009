//! `POST /admin/tenants/{id}/worker/restart`: ends the worker in good order and starts the next.

use axum::{Json, extract::State};
use domain::id::kind::Tenant;
use web::{PathId, Problem};

use crate::{App, auth::Operator, refusal, wire};

pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    PathId(id): PathId<Tenant>,
) -> Result<Json<wire::Tenant>, Problem> {
    super::exists(&app, id).await?;
    app.supervisor.by(operator.actor).restart(id).await.map_err(|error| refusal::by_supervisor(&error))?;
    super::done(&app, id).await
}
