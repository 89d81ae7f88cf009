//! What people do in a chat besides writing.

use axum::extract::State;
use http::StatusCode;
use utoipa::ToSchema;

use super::App;
use super::extract::{Json, Path};
use super::problem::{Document, Problem};
use crate::handles::AccountInfo;

/// Whom it is about.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct With {
    /// The other number.
    #[schema(example = "255754000111")]
    with: String,
}

/// Whether somebody types.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Typing {
    /// The other number.
    with: String,
    /// Begins, or ends.
    typing: bool,
}

/// A call.
#[derive(Debug, serde::Serialize, ToSchema)]
pub(super) struct Call {
    id: String,
}

/// Type, or stop typing
#[utoipa::path(
    post, path = "/v1/accounts/{number}/typing", tag = "gestures", request_body = Typing,
    params(("number" = String, Path, description = "digits of who types")),
    responses((status = 204, description = "Shown to devices that are there."), (status = 404, body = Document))
)]
pub(super) async fn typing(
    State(app): State<App>,
    Path(number): Path<String>,
    Json(Typing { with, typing }): Json<Typing>,
) -> Result<StatusCode, Problem> {
    app.server.find_customer(&number)?.typing(&with, typing)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Read a message that came from a linked device
#[utoipa::path(
    post, path = "/v1/accounts/{number}/messages/{id}/read", tag = "gestures", request_body = With,
    params(("number" = String, Path, description = "digits of who reads"), ("id" = String, Path)),
    responses((status = 204, description = "The sender is told."), (status = 404, body = Document))
)]
pub(super) async fn read(
    State(app): State<App>,
    Path((number, id)): Path<(String, String)>,
    Json(With { with }): Json<With>,
) -> Result<StatusCode, Problem> {
    app.server.find_customer(&number)?.read(&with, &id)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ask the device that sent a message for it again, as a phone does that could not decrypt it; `with` may be a group
#[utoipa::path(
    post, path = "/v1/accounts/{number}/messages/{id}/ask-again", tag = "gestures", request_body = With,
    params(("number" = String, Path, description = "digits of who asks"), ("id" = String, Path)),
    responses((status = 204, description = "Asked."), (status = 404, body = Document))
)]
pub(super) async fn ask_again(
    State(app): State<App>,
    Path((number, id)): Path<(String, String)>,
    Json(With { with }): Json<With>,
) -> Result<StatusCode, Problem> {
    app.server.find_customer(&number)?.ask_again(&with, &id)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Call somebody; a device may reject it, and nothing else comes of it
#[utoipa::path(
    post, path = "/v1/accounts/{number}/calls", tag = "gestures", request_body = With,
    params(("number" = String, Path, description = "digits of who calls")),
    responses((status = 201, description = "It rings.", body = Call), (status = 404, body = Document))
)]
pub(super) async fn call(
    State(app): State<App>,
    Path(number): Path<String>,
    Json(With { with }): Json<With>,
) -> Result<(StatusCode, Json<Call>), Problem> {
    let id = app.server.find_customer(&number)?.call(&with)?;
    Ok((StatusCode::CREATED, Json(Call { id })))
}

/// Give somebody this account's privacy token
#[utoipa::path(
    post, path = "/v1/accounts/{number}/privacy-token", tag = "gestures", request_body = With,
    params(("number" = String, Path, description = "digits of who gives it")),
    responses((status = 204, description = "Given."), (status = 404, body = Document))
)]
pub(super) async fn give_token(
    State(app): State<App>,
    Path(number): Path<String>,
    Json(With { with }): Json<With>,
) -> Result<StatusCode, Problem> {
    app.server.find_customer(&number)?.give_token(&with)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Set the phone up anew: a new identity and no sessions; the other number is told
#[utoipa::path(
    post, path = "/v1/accounts/{number}/reinstall", tag = "gestures", request_body = With,
    params(("number" = String, Path, description = "digits of whose phone it is")),
    responses((status = 204, description = "Done."), (status = 404, body = Document))
)]
pub(super) async fn reinstall(
    State(app): State<App>,
    Path(number): Path<String>,
    Json(With { with }): Json<With>,
) -> Result<StatusCode, Problem> {
    app.server.find_customer(&number)?.reinstall(&with)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Archive a chat on the phone; linked devices are told to fetch the change
#[utoipa::path(
    post, path = "/v1/accounts/{number}/archive", tag = "gestures", request_body = With,
    params(("number" = String, Path, description = "digits of whose phone it is")),
    responses((status = 204, description = "Archived."), (status = 404, body = Document))
)]
pub(super) async fn archive(
    State(app): State<App>,
    Path(number): Path<String>,
    Json(With { with }): Json<With>,
) -> Result<StatusCode, Problem> {
    app.server.find_phone(&number)?.archive_chat(&with)?;
    Ok(StatusCode::NO_CONTENT)
}

/// A contact to save.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Saved {
    /// Whose number it is.
    #[schema(example = "255754000222")]
    contact: String,
    /// Under which name.
    #[schema(example = "Asha from the market")]
    name: String,
}

/// Whether somebody is there.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct There {
    available: bool,
}

/// A number to move to.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewNumber {
    /// Digits without `+`.
    #[schema(example = "255754000333")]
    number: String,
}

/// Hang up a call that nobody took
#[utoipa::path(
    post, path = "/v1/accounts/{number}/calls/{id}/end", tag = "gestures", request_body = With,
    params(("number" = String, Path, description = "digits of who called"), ("id" = String, Path)),
    responses((status = 204, description = "It is over."), (status = 404, body = Document))
)]
pub(super) async fn hang_up(
    State(app): State<App>,
    Path((number, id)): Path<(String, String)>,
    Json(With { with }): Json<With>,
) -> Result<StatusCode, Problem> {
    app.server.find_customer(&number)?.hang_up(&with, &id)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Save a contact under a name in the phone's address book; linked devices are told to fetch the change
#[utoipa::path(
    post, path = "/v1/accounts/{number}/contacts", tag = "gestures", request_body = Saved,
    params(("number" = String, Path, description = "digits of whose phone it is")),
    responses((status = 204, description = "Saved."), (status = 404, body = Document))
)]
pub(super) async fn save_contact(
    State(app): State<App>,
    Path(number): Path<String>,
    Json(Saved { contact, name }): Json<Saved>,
) -> Result<StatusCode, Problem> {
    app.server.find_phone(&number)?.save_contact(&contact, &name)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Be there, or away, for the devices that have asked to see it
#[utoipa::path(
    post, path = "/v1/accounts/{number}/presence", tag = "gestures", request_body = There,
    params(("number" = String, Path, description = "digits of who is there")),
    responses((status = 204, description = "Shown."), (status = 404, body = Document))
)]
pub(super) async fn presence(
    State(app): State<App>,
    Path(number): Path<String>,
    Json(There { available }): Json<There>,
) -> Result<StatusCode, Problem> {
    app.server.find_customer(&number)?.set_available(available);
    Ok(StatusCode::NO_CONTENT)
}

/// Move to another number: whoever has a chat with the old one is told
#[utoipa::path(
    post, path = "/v1/accounts/{number}/change-number", tag = "gestures", request_body = NewNumber,
    params(("number" = String, Path, description = "digits of the old number")),
    responses(
        (status = 200, description = "The account under its new number.", body = AccountInfo),
        (status = 404, body = Document), (status = 422, body = Document)
    )
)]
pub(super) async fn change_number(
    State(app): State<App>,
    Path(old): Path<String>,
    Json(NewNumber { number }): Json<NewNumber>,
) -> Result<Json<AccountInfo>, Problem> {
    Ok(Json(app.server.find_customer(&old)?.change_number(&number)?.info()))
}
