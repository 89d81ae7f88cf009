//! `PUT /portal/tenant/current/profile`: tells the bot another profile.

use axum::{Json, body::Bytes, response::IntoResponse};
use replies::Profile;
use serde::Deserialize;

use crate::{error::Answer, portal::call::MemberCall, profile};

/// Which version was read.
#[derive(Deserialize)]
struct Seen {
    version: Option<i64>,
}

/// Replace the business profile
///
/// `version` is the one that was read: where another stands meanwhile, nothing is saved. The bot is told at once.
#[utoipa::path(
    put, path = "/portal/tenant/current/profile", tag = "portal", request_body = api::BusinessProfile,
    responses((status = 200, body = api::BusinessProfile))
)]
pub(crate) async fn handle(call: MemberCall, body: Bytes) -> Answer {
    let desk = call.desk().await?;
    let stands = profile::stands(&desk).await?;
    let new = Profile::import(&body, stands.version).map_err(|faults| profile::wrong(&faults))?;
    // It is a document by now; a version that is none names no version that stands.
    let seen: Option<Seen> = serde_json::from_slice(&body).ok();
    if seen.and_then(|seen| seen.version) != Some(stands.version) {
        return Err(profile::stale().into());
    }
    let saved = profile::save(&desk, &stands, new).await?;
    Ok(Json(saved).into_response())
}
