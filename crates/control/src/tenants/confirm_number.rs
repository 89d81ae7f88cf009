//! `POST /admin/tenants/{id}/confirm-number`: the linked number is right although it is not the declared one.

use axum::{Json, response::IntoResponse};
use domain::Digits;
use web::{Client, Kind, Problem, Sent};

use super::TenantCall;
use crate::{
    error::{Answer, sentence},
    reply::done,
};

/// Confirm a linked number
///
/// Accepts a linked number that is not the declared one: the bot may answer under it.
#[utoipa::path(
    post, path = "/admin/tenants/{id}/confirm-number", tag = "tenants",
    request_body(content((api::ConfirmNumber = "application/json"), (api::ConfirmNumber = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = api::Tenant))
)]
pub(crate) async fn handle(
    mut call: TenantCall,
    client: Client,
    sent: Sent<api::ConfirmNumber, api::ConfirmNumber>,
) -> Answer {
    let (Sent::Form(body) | Sent::Json(body)) = sent;
    let number = Digits::new(body.number.trim().trim_start_matches('+'));
    let number = number.map_err(|error| Problem::invalid_field("number", sentence(&error.to_string())))?;
    let linked = call.app.store.operator().tenant_by_linked_number(&number).await?;
    if linked.is_some_and(|other| other != call.id()) {
        // Two bots would answer the same phone's customers.
        let detail = "This number is linked to another tenant; unlink it there first.";
        return Err(Problem::new(Kind::Conflict, detail).with_field("number").into());
    }
    call.detail = call.scope.confirm_number(number).await?;
    call.tell_worker();
    if !client.html {
        return Ok(Json(call.document()).into_response());
    }
    Ok(done(client, words::tenant::number_confirmed().to_owned(), &call.page()))
}
