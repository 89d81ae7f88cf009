//! Writing: what phones and customers send.

use axum::extract::State;
use http::StatusCode;
use utoipa::ToSchema;

use super::App;
use super::extract::{Json, Path};
use super::problem::{Document, Problem};
use crate::handles::{Customer, SendOptions};
use crate::server::Server;
use crate::truth::{Body, MessageId};

/// A message to send.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewMessage {
    /// Whom it goes to: a number, or a group's id.
    #[schema(example = "255754000111")]
    chat: String,
    /// What it says.
    body: Body,
    /// The sender is named by LID instead of by number.
    #[serde(default)]
    by_lid: bool,
    /// The ciphertext is damaged on the way.
    #[serde(default)]
    garbled: bool,
    /// The message's id; a fresh one where it is none.
    #[schema(value_type = Option<String>)]
    id: Option<MessageId>,
}

/// A message that was sent.
#[derive(Debug, serde::Serialize, ToSchema)]
pub(super) struct SentId {
    #[schema(value_type = String)]
    id: MessageId,
}

/// How a message is sent once more.
#[derive(Debug, Clone, Copy, serde::Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Again {
    /// The very same bytes, as a server sends that lost an acknowledgement.
    SameBytes,
    /// Encrypted anew under the same id, as a phone on a bad network does.
    EncryptedAnew,
}

/// How to send it once more.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Resend {
    how: Again,
}

/// Longest text: WhatsApp's own limit.
const TEXT_MAX: usize = 65_536;

/// Send a message
///
/// Text, image, voice note, reaction, edit or deletion; the body has the form in which transcripts show it. Whoever has
/// an account can send: what a phone with linked devices sends arrives at them as a message of their own account.
#[utoipa::path(
    post, path = "/v1/accounts/{number}/messages", tag = "messages", request_body = NewMessage,
    params(("number" = String, Path, description = "digits of the sender")),
    responses(
        (status = 201, description = "Sent.", body = SentId),
        (status = 404, description = "No such account, group or message.", body = Document),
        (status = 409, description = "A device of the receiver has uploaded no keys yet.", body = Document),
        (status = 422, body = Document)
    )
)]
pub(super) async fn send(
    State(app): State<App>,
    Path(number): Path<String>,
    Json(new): Json<NewMessage>,
) -> Result<(StatusCode, Json<SentId>), Problem> {
    let sender = app.server.find_customer(&number)?;
    let id = say(&app.server, &sender, new)?;
    Ok((StatusCode::CREATED, Json(SentId { id })))
}

fn say(server: &Server, sender: &Customer, new: NewMessage) -> Result<MessageId, Problem> {
    let NewMessage { chat, body, by_lid, garbled, id } = new;
    let options = SendOptions { by_lid, garbled, id };
    let in_group = server.groups().iter().any(|group| group.id == chat);
    let id = match body {
        Body::Text { text } | Body::Edit { text, .. } | Body::Image { caption: text }
            if text.len() > TEXT_MAX =>
        {
            return Err(Problem::invalid(format!(
                "body: {} bytes of text, more than {TEXT_MAX}",
                text.len()
            )));
        }
        Body::Text { text } if in_group => sender.send_text_in_group(&chat, &text, &options)?,
        _ if in_group => return Err(Problem::invalid("body.kind: groups take text only")),
        Body::Text { text } if text.is_empty() => {
            return Err(Problem::invalid("body.text: must not be empty"));
        }
        Body::Text { text } => sender.send_text_with(&chat, &text, &options)?,
        Body::Image { caption } => sender.send_image(&chat, &caption, &options)?,
        Body::Voice { seconds } => sender.send_voice(&chat, seconds, &options)?,
        Body::Reaction { to, emoji } => sender.react(&chat, &to, &emoji, &options)?,
        Body::Edit { of, text } => sender.edit(&chat, &of, &text, &options)?,
        Body::Delete { of } => sender.delete(&chat, &of, &options)?,
        Body::Other { .. } => {
            return Err(Problem::invalid(
                "body.kind: send one of text, image, voice, reaction, edit, delete; other is for what comes in",
            ));
        }
    };
    Ok(id)
}

/// Send a message once more under its id
#[utoipa::path(
    post, path = "/v1/accounts/{number}/messages/{id}/resend", tag = "messages", request_body = Resend,
    params(("number" = String, Path, description = "digits of the sender"), ("id" = String, Path)),
    responses((status = 204, description = "Sent again."), (status = 404, body = Document))
)]
pub(super) async fn resend(
    State(app): State<App>,
    Path((number, id)): Path<(String, String)>,
    Json(Resend { how }): Json<Resend>,
) -> Result<StatusCode, Problem> {
    let sender = app.server.find_customer(&number)?;
    match how {
        Again::SameBytes => sender.resend_same_bytes(&id)?,
        Again::EncryptedAnew => sender.resend_encrypted_anew(&id, &SendOptions::default())?,
    }
    Ok(StatusCode::NO_CONTENT)
}
