//! `POST /admin/tenants/{id}/confirm-number`: the linked number is right although it is not the declared one.

use domain::Digits;
use web::{Given, Kind, Problem};

use super::TenantCall;
use crate::error::{Answer, in_english};

/// Confirm a linked number
///
/// Accepts a linked number that is not the declared one: the bot may answer under it.
#[utoipa::path(
    post, path = "/admin/tenants/{id}/confirm-number", tag = "tenants",
    request_body(content((api::ConfirmNumber = "application/json"), (api::ConfirmNumber = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = api::Tenant))
)]
pub(crate) async fn handle(mut call: TenantCall, Given(given): Given<api::ConfirmNumber>) -> Answer {
    let number = Digits::new(given.number.trim().trim_start_matches('+'));
    let number = number.map_err(|error| {
        Problem::invalid_field("number", in_english(&error.to_string(), words::checks::phone()))
    })?;
    let linked = call.app.store.operator().tenant_by_linked_number(&number).await?;
    if linked.is_some_and(|other| other != call.id()) {
        // Two bots would answer the same phone's customers.
        let detail = words::checks::other_tenants_number();
        return Err(Problem::new(Kind::Conflict, detail).with_field("number").into());
    }
    call.detail = call.scope.confirm_number(number).await?;
    call.tell_worker();
    Ok(call.changed(words::tenant::number_confirmed(), &call.place()))
}
