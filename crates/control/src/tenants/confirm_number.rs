//! `POST /admin/tenants/{id}/confirm-number`: the linked number is right although it is not the declared one.

use axum::{Json, extract::State};
use domain::{Digits, id::kind::Tenant};
use web::{JsonBody, PathId, Problem};

use crate::{App, auth::Operator, convert, refusal, wire};

pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    PathId(id): PathId<Tenant>,
    JsonBody(body): JsonBody<wire::ConfirmNumber>,
) -> Result<Json<wire::Tenant>, Problem> {
    let number = Digits::new(body.number.trim_start_matches('+'));
    let number =
        number.map_err(|error| Problem::invalid_field("number", refusal::sentence(&error.to_string())))?;
    let detail = app
        .store
        .tenant(id)
        .by(operator.actor)
        .confirm_number(number)
        .await
        .map_err(|error| refusal::by_store(&error))?;
    if let Err(error) = app.supervisor.configure(id) {
        tracing::warn!(%error, tenant = %id, "the worker could not be told the confirmed number at once");
    }
    Ok(Json(convert::tenant(&app, detail)))
}
