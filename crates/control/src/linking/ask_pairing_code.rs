//! `POST /admin/tenants/{id}/pairing-code`, from the button beside the QR code or from a script.

use axum::{Json, response::IntoResponse};
use domain::{Phone, TenantStatus};
use serde_json::json;
use web::{FormBody, Kind, Problem};

use super::pairing_code;
use crate::{
    error::Answer,
    reply::{Back, done},
    tenants::{Desk, TenantCall},
};

/// Ask for a code to type
///
/// Has the worker ask WhatsApp for a code to type on the phone with the declared number, in place of QR codes, and waits
/// for it. The one that is good already is answered again.
#[utoipa::path(
    post, path = "/admin/tenants/{id}/pairing-code", tag = "linking", responses((status = 200, body = api::PairingCode))
)]
pub(crate) async fn handle(mut call: TenantCall, FormBody(back): FormBody<Back>) -> Answer {
    ask(&mut call).await?;
    if !call.client.html {
        return Ok(Json(pairing_code::of(&call.app, &call.detail)).into_response());
    }
    Ok(done(call.client, words::linking::code_is_there(), &back.place(call.place())))
}

/// Asks for it and waits; the tenant is read again.
pub(crate) async fn ask(desk: &mut Desk) -> Answer<()> {
    let Some(number) = desk.detail.tenant.phone_number.as_ref().map(Phone::digits) else {
        let detail = words::linking::code_needs_number();
        return Err(Problem::new(Kind::Conflict, detail).with_field("phone_number").into());
    };
    let id = desk.id();
    if desk.app.supervisor.live(id).is_none() {
        return Err(supervisor::Error::NotRunning.into());
    }
    if desk.detail.tenant.status == TenantStatus::Active {
        return Err(Problem::new(Kind::Conflict, words::linking::linked_already()).into());
    }
    // Whoever cannot be written down gets no code.
    let actor = desk.actor.to_string();
    desk.scope.record_event(&actor, None, "PAIRING_CODE_REQUESTED", &json!({})).await?;
    desk.app.supervisor.pairing_code(id, number).await?;
    desk.reload().await
}
