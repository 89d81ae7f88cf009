//! `GET /portal/about`: what pages have to know before anybody signs in.

use axum::Json;
use domain::Language;

use crate::portal::call::PortalCall;

/// What pages have to know before anybody signs in
#[utoipa::path(
    get, path = "/portal/about", tag = "portal", responses((status = 200, body = api::portal::About))
)]
pub(crate) async fn handle(call: PortalCall) -> Json<api::portal::About> {
    Json(api::portal::About {
        brand_name: call.app.brand_name().to_owned(),
        email: call.app.portal.mailer.is_some(),
        auto_approve: call.app.portal.auto_approve,
        languages: vec![Language::Sw, Language::En],
    })
}
