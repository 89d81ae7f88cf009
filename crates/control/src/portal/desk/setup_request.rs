//! `POST /portal/setup-request`: the owner asks for the bot. What is asked for stands in the request alone until it is approved.

use axum::{Json, response::IntoResponse};
use domain::Language;
use http::StatusCode;
use store::{Actor, NewSetupRequest, StoreError};
use web::{JsonBody, Problem};

use crate::{
    checks,
    error::Answer,
    packs,
    portal::call::MemberCall,
    setup_requests::{self, approve::approve},
};

/// The longest kind of business, in characters.
const TYPE_MAX_CHARS: usize = 60;

/// Ask for the bot
///
/// One request of a tenant is open at a time: a second one is a 409. Nothing of it is in force before it is approved, which
/// happens at once where PORTAL_AUTO_APPROVE says so.
#[utoipa::path(
    post, path = "/portal/setup-request", tag = "portal", request_body = api::portal::AskSetup,
    responses((status = 201, body = api::SetupRequest))
)]
pub(crate) async fn handle(call: MemberCall, JsonBody(body): JsonBody<api::portal::AskSetup>) -> Answer {
    let new = read(&call, body)?;
    let desk = call.desk().await?;
    let id = desk.scope.create_setup_request(&new).await?.id;
    call.app.supervisor.noted(call.tenant());
    if call.app.portal.auto_approve
        && let Err(error) = approve(&call.app, Actor::System, id, None).await
    {
        // It is sent all the same, and an operator sees why it waits.
        tracing::warn!(tenant = %call.tenant(), problem = %error.problem().detail(), "a setup request could not be approved by itself");
    }
    let sent = desk.scope.latest_setup_request().await?.ok_or(StoreError::NotFound("setup request"))?;
    Ok((StatusCode::CREATED, Json(setup_requests::convert(sent))).into_response())
}

fn read(call: &MemberCall, body: api::portal::AskSetup) -> Result<NewSetupRequest, Problem> {
    let name = checks::line("businessName", &body.business_name, domain::limits::BUSINESS_NAME_MAX_CHARS)?;
    let pack = packs::read(&call.app.supervisor.packs(), "templateType", &body.template_type)?;
    let number = checks::phone("whatsappNumber", &body.whatsapp_number)?;
    let kind = body.business_type.as_deref().map(str::trim).filter(|kind| !kind.is_empty());
    if kind.is_some_and(|kind| kind.chars().count() > TYPE_MAX_CHARS || kind.chars().any(char::is_control)) {
        return Err(Problem::invalid_field("businessType", words::setup::type_long(TYPE_MAX_CHARS)));
    }
    let hours = body.hours.map(|hours| checks::hours_of("hours", hours)).transpose()?;
    Ok(NewSetupRequest {
        business_name: Some(name),
        business_type: kind.map(str::to_owned),
        language: Some(body.language.unwrap_or(Language::Sw)),
        hours,
        ..NewSetupRequest::of(call.user.id, pack, number)
    })
}
