//! `POST /admin/tenants/{id}/confirm-number`, from the banner of a page or from a script.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::id::kind::Tenant;
use web::{Client, JsonBody, PathId, Problem, Sent};

use super::done;
use crate::{App, auth::Operator, tenants, wire};

pub(crate) async fn handle(
    app: State<App>,
    operator: Operator,
    client: Client,
    id: PathId<Tenant>,
    sent: Sent<wire::ConfirmNumber, wire::ConfirmNumber>,
) -> Result<Response, Problem> {
    let (Sent::Form(body) | Sent::Json(body)) = sent;
    let tenant = tenants::confirm_number::handle(app, operator, PathId(id.0), JsonBody(body)).await?;
    if !client.html {
        return Ok(tenant.into_response());
    }
    Ok(done(client, "The number is confirmed.".to_owned(), &format!("/admin/tenants/{}", id.0)))
}
