//! `GET /portal/tenant/current/sayings`: the texts of the pack, each of which a profile may say differently.

use api::portal::Saying;
use axum::{Json, response::IntoResponse};

use crate::{error::Answer, portal::call::MemberCall, profile};

/// Texts of the reply pack
///
/// Those that a business profile may say differently, as the pack has them; none where the pack is not on this installation.
#[utoipa::path(
    get, path = "/portal/tenant/current/sayings", tag = "portal", responses((status = 200, body = [Saying]))
)]
pub(crate) async fn handle(call: MemberCall) -> Answer {
    let pack = profile::pack(&call.desk().await?);
    let sayings = pack.map(|pack| pack.sayings()).unwrap_or_default();
    let listed: Vec<Saying> =
        sayings.into_iter().map(|one| Saying { key: one.key, text: one.text }).collect();
    Ok(Json(listed).into_response())
}
