//! `POST /admin/tenants/{id}/worker/force-restart`: ends what is there, clears the error, starts anew.

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
    app.supervisor
        .by(operator.actor)
        .force_restart(id)
        .await
        .map_err(|error| refusal::by_supervisor(&error))?;
    super::done(&app, id).await
}
