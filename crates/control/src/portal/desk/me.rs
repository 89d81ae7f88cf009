//! `GET /portal/me`: who asks, for which tenant, and what became of the latest request.

use axum::{Json, response::IntoResponse};

use crate::{error::Answer, portal::call::MemberCall, setup_requests};

/// Who asks, and for which tenant
///
/// With the tenant's latest setup request, whatever became of it.
#[utoipa::path(get, path = "/portal/me", tag = "portal", responses((status = 200, body = api::portal::Me)))]
pub(crate) async fn handle(call: MemberCall) -> Answer {
    let desk = call.desk().await?;
    let latest = desk.scope.latest_setup_request().await?;
    let user = api::portal::MyUser {
        id: call.user.id,
        email: call.user.email.clone(),
        name: call.user.name.clone(),
        phone: call.user.phone.clone(),
        role: call.role,
    };
    let setup_request = latest.map(setup_requests::convert);
    Ok(Json(api::portal::Me { user, tenant: desk.document(), setup_request }).into_response())
}
