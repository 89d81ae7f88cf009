//! `POST /portal/tenant/current/pairing-code`: a code to type, for owners who have only the one phone.

use axum::{Json, response::IntoResponse};

use super::{approved, qr};
use crate::{error::Answer, linking::ask_pairing_code, portal::call::MemberCall};

/// Ask for a code to type
///
/// On the phone with the number that was asked for. The one that is good already is answered again.
#[utoipa::path(
    post, path = "/portal/tenant/current/pairing-code", tag = "portal",
    responses((status = 200, body = api::portal::DeskQr))
)]
pub(crate) async fn handle(call: MemberCall) -> Answer {
    let mut desk = call.desk().await?;
    approved(&desk).await?;
    ask_pairing_code::ask(&mut desk).await?;
    Ok(Json(qr::of(&desk)).into_response())
}
