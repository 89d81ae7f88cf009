//! `POST /portal/tenant/current/preview`: one question to a bot made of what is typed, before it is saved.

use api::portal::Preview;
use axum::{Json, response::IntoResponse};
use replies::Profile;
use web::{JsonBody, Problem};

use crate::{error::Answer, portal::call::MemberCall, profile, trying};

/// See how the bot reads
///
/// One question to a bot made of what stands, with what is given in its place. Nothing is sent, logged or kept.
#[utoipa::path(
    post, path = "/portal/tenant/current/preview", tag = "portal", request_body = Preview,
    responses((status = 200, body = api::Tried))
)]
pub(crate) async fn handle(call: MemberCall, JsonBody(body): JsonBody<Preview>) -> Answer {
    let desk = call.desk().await?;
    let stands = profile::stands(&desk).await?;
    let typed = match &body.profile {
        None => stands,
        Some(typed) => {
            let bytes = serde_json::to_vec(typed).map_err(|error| Problem::internal(&error))?;
            Profile::import(&bytes, stands.version).map_err(|faults| profile::wrong(&faults))?
        }
    };
    let mut settings = desk.detail.bot_settings();
    if let Some(given) = body.settings {
        settings.business_name = given.business_name.unwrap_or(settings.business_name);
        settings.language = given.language.unwrap_or(settings.language);
        settings.hours = given.hours.unwrap_or(settings.hours);
    }
    Ok(Json(trying::once(&desk, settings, typed, &body.text)?).into_response())
}
