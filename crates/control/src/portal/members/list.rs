//! `GET /portal/members`: who belongs to the tenant.

use axum::Json;
use domain::MembershipStatus;

use crate::{error::Answer, portal::call::MemberCall};

/// Who belongs to the tenant
///
/// Those who were invited and have not come yet included.
#[utoipa::path(
    get, path = "/portal/members", tag = "portal", responses((status = 200, body = [api::portal::MemberListed]))
)]
pub(crate) async fn handle(call: MemberCall) -> Answer<Json<Vec<api::portal::MemberListed>>> {
    let all = call.scope.members().await?.into_iter();
    let there = all.filter(|member| member.membership.status != MembershipStatus::Removed);
    Ok(Json(there.map(super::listed).collect()))
}
