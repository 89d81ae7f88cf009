//! `POST /admin/tenants/{id}/unlink`: the device is taken off the phone's list, and the worker ends.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use domain::id::kind::Tenant;
use web::{Client, PathId, Problem};

use super::done;
use crate::{App, auth::Operator, convert, refusal};

pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    PathId(id): PathId<Tenant>,
) -> Result<Response, Problem> {
    app.store.tenant(id).get().await.map_err(|error| refusal::by_store(&error))?;
    app.supervisor.by(operator.actor).unlink(id).await.map_err(|error| refusal::by_supervisor(&error))?;
    let detail = app.store.tenant(id).get().await.map_err(|error| refusal::by_store(&error))?;
    if !client.html {
        return Ok(Json(convert::tenant(&app, detail)).into_response());
    }
    Ok(done(client, "The device is unlinked.".to_owned(), &format!("/admin/tenants/{id}")))
}
