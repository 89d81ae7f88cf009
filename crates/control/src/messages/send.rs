//! `POST /admin/tenants/{id}/messages`: a text typed by an operator, to a contact who has written before.

use api::{SendMessage, SentMessage};
use axum::{Json, response::IntoResponse};
use domain::{RecordId, limits::MESSAGE_MAX_BYTES};
use http::{HeaderMap, StatusCode};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::Idempotency;
use web::{
    Given, Kind, Problem,
    place::{encode, see_other},
    ui::{Html, Toast, Tone, fragment},
};

use super::chats::{Compose, OnTop};
use crate::{
    error::Answer,
    tenants::{Desk, TenantCall},
};

/// Send a text by hand
///
/// To a contact who has written to the business before.
#[utoipa::path(
    post, path = "/admin/tenants/{id}/messages", tag = "messages",
    request_body(content((SendMessage = "application/json"), (SendMessage = "application/x-www-form-urlencoded"))),
    responses((status = 201, body = SentMessage))
)]
pub(crate) async fn handle(call: TenantCall, headers: HeaderMap, Given(given): Given<SendMessage>) -> Answer {
    let key =
        headers.get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned).or(given.key);
    let wa_message_id = send(&call, &given.contact, &given.text, key).await?;
    if !call.client.html {
        return Ok((StatusCode::CREATED, Json(SentMessage { wa_message_id })).into_response());
    }
    if !call.client.fragment {
        let place = format!("{}?contact={}#chats", call.place(), encode(&given.contact));
        return Ok(see_other(&place));
    }
    let compose = Compose::new(call.id(), &given.contact);
    let toast = Toast { tone: Tone::Ok, text: words::messages::sent().to_owned() };
    Ok(fragment([Html::of(&compose), Html::of(&OnTop(Html::of(&toast)))]))
}

/// Sends it once, however often it is asked with the same key; WhatsApp's id of the message.
pub(crate) async fn send(desk: &Desk, contact: &str, text: &str, key: Option<String>) -> Answer<String> {
    let text = text.trim();
    if text.is_empty() || text.len() > MESSAGE_MAX_BYTES {
        let detail = words::messages::type_text(MESSAGE_MAX_BYTES);
        return Err(Problem::invalid_field("text", detail).into());
    }
    let key = key.unwrap_or_else(|| RecordId::generate().to_string());
    if key.is_empty() || key.len() > 128 {
        return Err(Problem::invalid_field("key", words::messages::key_length()).into());
    }
    if !desk.scope.has_written(contact).await? {
        let detail = words::messages::never_wrote();
        return Err(Problem::new(Kind::Conflict, detail).with_field("contact").into());
    }
    let (app, id) = (&desk.app, desk.id());
    let place = hex::encode(Sha256::digest(format!("message\0{id}\0{key}")));
    let said = format!("{}\0{contact}\0{text}", desk.actor);
    let keys = app.store.operator();
    if keys.take_key(&place, &hex::encode(Sha256::digest(said))).await? == Idempotency::OtherRequest {
        let detail = words::messages::key_used();
        return Err(Problem::invalid_field("key", detail).into());
    }
    // The worker knows a request by this word: it may not be one that another tenant's operator chose.
    let sent = app.supervisor.send_text(id, key, contact.to_owned(), text.to_owned()).await;
    if sent.as_ref().is_err_and(|error| !matches!(error, supervisor::Error::NoAnswer)) {
        // Nothing was taken, so that the key may be used again.
        keys.drop_key(&place).await?;
    }
    let wa_message_id = sent?;
    keys.answer_key(&place, StatusCode::CREATED.as_u16(), None, &wa_message_id, &[id]).await?;
    desk.record("MESSAGE_SENT", &json!({ "wa_message_id": wa_message_id })).await;
    Ok(wa_message_id)
}
