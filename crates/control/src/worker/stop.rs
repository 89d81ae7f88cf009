//! `POST /admin/tenants/{id}/worker/stop`: wants no worker and waits until it has ended.

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
    app.supervisor.by(operator.actor).stop(id).await.map_err(|error| refusal::by_supervisor(&error))?;
    super::done(&app, id).await
}
