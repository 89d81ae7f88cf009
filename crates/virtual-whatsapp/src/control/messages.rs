//! Writing: what phones and customers send.

use axum::extract::State;
use http::StatusCode;
use utoipa::ToSchema;

use super::App;
use super::extract::{Json, Path};
use super::problem::{Document, Problem};
use crate::handles::{Customer, SendOptions};
use crate::phones::{Draft, Kind, Via, Wrapper};
use crate::truth::MessageId;

/// A message to send.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewMessage {
    /// Whom it goes to: a number, or a group's id.
    #[schema(example = "255754000111")]
    chat: String,
    /// What it says. Each kind says something sensible by itself, so that `{"kind": "poll"}` is a whole message.
    body: Draft,
    /// The sender is named by LID instead of by number.
    #[serde(default)]
    by_lid: bool,
    /// The ciphertext is damaged on the way.
    #[serde(default)]
    garbled: bool,
    /// The ciphertext is damaged each time, also when the device asks for it again: it can never be read.
    #[serde(default)]
    spoilt: bool,
    /// The message's id; a fresh one where it is none.
    #[schema(value_type = Option<String>)]
    id: Option<MessageId>,
    /// The time that the message says it was sent at, in seconds since 1970; now where it is none.
    at: Option<u64>,
    /// Along which way it comes: the chat, the sender's status, a broadcast list, a newsletter.
    #[serde(default)]
    via: Via,
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

/// Longest text in characters: WhatsApp's own limit.
const TEXT_MAX: usize = 65_536;

/// Send a message
///
/// Of any kind (`GET /v1/kinds`), in any wrapper. Whoever has an account can send: what a phone with linked devices sends
/// arrives at them as a message of their own account.
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
    let id = say(&sender, new)?;
    Ok((StatusCode::CREATED, Json(SentId { id })))
}

fn say(sender: &Customer, new: NewMessage) -> Result<MessageId, Problem> {
    let NewMessage { chat, body, by_lid, garbled, spoilt, id, at, via } = new;
    let too_long = |text: &Option<String>| text.as_ref().map_or(0, |text| text.chars().count()) > TEXT_MAX;
    for (field, text) in [("text", &body.text), ("caption", &body.caption)] {
        if too_long(text) {
            return Err(Problem::invalid(format!("body.{field}: it has more than {TEXT_MAX} characters")));
        }
    }
    if body.kind == Kind::Text && body.text.as_deref() == Some("") {
        return Err(Problem::invalid("body.text: must not be empty"));
    }
    if body.kind == Kind::Raw && body.file.is_none() {
        return Err(Problem::invalid("body.file: a raw message is the bytes of a file, in base64"));
    }
    let options = SendOptions { by_lid, garbled, spoilt, id, at, via };
    Ok(sender.send(&chat, &body, &options)?)
}

/// A kind of message.
#[derive(Debug, serde::Serialize, ToSchema)]
pub(super) struct KindInfo {
    /// Its name.
    kind: Kind,
    /// `type` of its stanza.
    stanza_type: &'static str,
    /// `mediatype` of its ciphertext, where it has one.
    media_type: Option<&'static str>,
    /// `edit` of its stanza, where it has one.
    edit: Option<&'static str>,
}

/// What can be sent, and in what.
#[derive(Debug, serde::Serialize, ToSchema)]
pub(super) struct Kinds {
    /// The kinds of messages.
    kinds: Vec<KindInfo>,
    /// What they can be wrapped in.
    wrappers: &'static [Wrapper],
}

/// The kinds of messages that can be sent, with the marks that their stanzas carry, and the wrappers
#[utoipa::path(get, path = "/v1/kinds", tag = "messages", responses((status = 200, body = Kinds)))]
pub(super) async fn kinds() -> Json<Kinds> {
    let info = |kind: &Kind| {
        let row = kind.row();
        KindInfo { kind: *kind, stanza_type: row.stanza_type, media_type: row.media_type, edit: row.edit }
    };
    Json(Kinds { kinds: Kind::ALL.iter().map(info).collect(), wrappers: Wrapper::ALL })
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
