//! `GET /portal/session`: who is signed in, and to what.

use axum::Json;

use crate::{
    error::Answer,
    portal::{call::PersonCall, facts},
};

/// Who is signed in, and to what
///
/// 401 where the session is over.
#[utoipa::path(
    get, path = "/portal/session", tag = "portal", responses((status = 200, body = api::portal::SessionFacts))
)]
pub(crate) async fn handle(call: PersonCall) -> Answer<Json<api::portal::SessionFacts>> {
    Ok(Json(facts::of(&call.app, &call.found).await?))
}
