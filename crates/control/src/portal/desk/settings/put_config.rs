//! `PUT /portal/tenant/current/config`: tells the bot another name, language, hours or zone.

use api::portal::{PutSettings, Settings};
use axum::{Json, response::IntoResponse};
use web::JsonBody;

use crate::{error::Answer, portal::call::MemberCall, tenants};

/// Change what the bot is told
///
/// What is left out stays. `version` is the one that was read: where another stands meanwhile, nothing is saved. The bot is
/// told at once.
#[utoipa::path(
    put, path = "/portal/tenant/current/config", tag = "portal", request_body = PutSettings,
    responses((status = 200, body = Settings))
)]
pub(crate) async fn handle(call: MemberCall, JsonBody(body): JsonBody<PutSettings>) -> Answer {
    let mut desk = call.desk().await?;
    let config = api::ConfigInput {
        business_name: body.business_name,
        language: body.language,
        hours: body.hours,
        ..api::ConfigInput::default()
    };
    let changes =
        api::UpdateTenant { timezone: body.timezone, config: Some(config), ..api::UpdateTenant::default() };
    let named = |problem: &web::Problem| problem.field().map(own_name);
    tenants::update(&mut desk, Some(body.version), changes).await.map_err(|error| {
        match named(error.problem()) {
            Some(field) => error.problem().clone().with_field(field).into(),
            None => error,
        }
    })?;
    Ok(Json(super::config::of(&desk)).into_response())
}

/// A field as this document calls it.
fn own_name(field: &str) -> String {
    match field.strip_prefix("config.").unwrap_or(field) {
        "business_name" => "businessName".to_owned(),
        other => other.to_owned(),
    }
}
