//! `GET /portal/tenant/current/config`: what the bot is told beside its profile.

use api::portal::Settings;
use axum::{Json, response::IntoResponse};

use crate::{error::Answer, portal::call::MemberCall, tenants::Desk};

/// What the bot is told beside its profile
#[utoipa::path(
    get, path = "/portal/tenant/current/config", tag = "portal", responses((status = 200, body = Settings))
)]
pub(crate) async fn handle(call: MemberCall) -> Answer {
    Ok(Json(of(&call.desk().await?)).into_response())
}

pub(super) fn of(desk: &Desk) -> Settings {
    let (tenant, config) = (&desk.detail.tenant, &desk.detail.config);
    Settings {
        version: config.version,
        business_name: config.business_name.clone(),
        template_type: config.template_type,
        language: config.language,
        hours: config.hours.clone(),
        timezone: tenant.timezone.clone(),
        currency: tenant.currency.clone(),
    }
}
