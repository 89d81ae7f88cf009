//! `POST /admin/tenants/{id}/messages`: a text typed by an operator, to a contact who has written before.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use domain::{RecordId, id::kind::Tenant, limits::MESSAGE_MAX_BYTES};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::json;
use web::{
    Client, Kind, PathId, Problem, Sent,
    ui::{Html, Toast, Tone, fragment},
};

use crate::{App, audit, auth::Operator, page, refusal};

/// Takes a text to be sent.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SendMessage {
    /// The contact, as the conversation log has it.
    contact: String,
    /// What to send.
    text: String,
    /// From a form: what tells this message from another, so that sending it twice is sending it once.
    #[serde(default)]
    key: Option<String>,
}

/// What was sent.
#[derive(Debug, Serialize)]
struct SentMessage {
    /// WhatsApp's id of the message.
    wa_message_id: String,
}

pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    PathId(id): PathId<Tenant>,
    headers: HeaderMap,
    sent: Sent<SendMessage, SendMessage>,
) -> Result<Response, Problem> {
    let (Sent::Form(given) | Sent::Json(given)) = sent;
    let text = given.text.trim();
    if text.is_empty() || text.len() > MESSAGE_MAX_BYTES {
        let detail = format!("Type a message of at most {MESSAGE_MAX_BYTES} bytes.");
        return Err(Problem::invalid_field("text", detail));
    }
    let key =
        headers.get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned).or(given.key);
    let key = key.unwrap_or_else(|| RecordId::generate().to_string());
    if key.is_empty() || key.len() > 128 {
        return Err(Problem::invalid_field("key", "An idempotency key has 1 to 128 characters."));
    }
    let scope = app.store.tenant(id);
    scope.get().await.map_err(|error| refusal::by_store(&error))?;
    if !scope.has_written(&given.contact).await.map_err(|error| refusal::by_store(&error))? {
        return Err(Problem::new(
            Kind::Conflict,
            "This contact has never written to the business; only who wrote first can be written to.",
        )
        .with_field("contact"));
    }
    // The worker knows a request by this word: it may not be one that another tenant's operator chose.
    let outcome = app.supervisor.send_text(id, key, given.contact.clone(), text.to_owned()).await;
    let wa_message_id = outcome.map_err(|error| refusal::by_supervisor(&error))?;
    audit::record(&app, &operator, id, "MESSAGE_SENT", &json!({ "wa_message_id": wa_message_id })).await;
    if !client.html {
        return Ok((StatusCode::CREATED, Json(SentMessage { wa_message_id })).into_response());
    }
    if !client.fragment {
        let place = format!("/admin/tenants/{id}?contact={}#chats", page::encode(&given.contact));
        return Ok(Redirect::to(&place).into_response());
    }
    let compose = super::chats::Compose::new(id, &given.contact);
    let toast = Toast { tone: Tone::Ok, text: "Sent.".to_owned() };
    Ok(fragment([Html::of(&compose), Html::of(&super::chats::OnTop(Html::of(&toast)))]))
}
