//! `POST /portal/tenant/current/chats/{contact}/messages`: a person of the business writes to a customer.

use axum::{Json, extract::Path, response::IntoResponse};
use http::{HeaderMap, StatusCode};
use web::JsonBody;

use crate::{contacts::label, error::Answer, messages::send::send, portal::call::MemberCall};

/// Write to a customer
///
/// Who has written before. The same `key` twice is one message; the header `Idempotency-Key` says the same.
#[utoipa::path(
    post, path = "/portal/tenant/current/chats/{contact}/messages", tag = "portal",
    request_body = api::portal::SayTo, responses((status = 201, body = api::SentMessage))
)]
pub(crate) async fn handle(
    call: MemberCall,
    Path(contact): Path<String>,
    headers: HeaderMap,
    JsonBody(body): JsonBody<api::portal::SayTo>,
) -> Answer {
    let contact = label(&contact)?;
    let header = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
    let desk = call.desk().await?;
    let wa_message_id = send(&desk, contact, &body.text, header.or(body.key)).await?;
    Ok((StatusCode::CREATED, Json(api::SentMessage { wa_message_id })).into_response())
}
