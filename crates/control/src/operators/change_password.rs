//! `POST /admin/account/password`: changes one's own password. Other sessions end, this one stays.

use axum::{
    Extension,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode};
use secrecy::SecretString;
use serde::Deserialize;
use store::AccountChange;
use tower_sessions::Session;
use web::{Client, Problem, Sent, password::Denied, serve::Peer};

use super::account;
use crate::{
    App,
    auth::{self, Operator},
    pages::account as page,
    refusal,
    sign_in::session,
};

/// What is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangePassword {
    current: SecretString,
    new: SecretString,
}

/// Change one's own password
///
/// Ends every other session of the account.
#[utoipa::path(
    post, path = "/admin/account/password", tag = "operators",
    request_body(content((api::ChangePassword = "application/json"), (api::ChangePassword = "application/x-www-form-urlencoded"))),
    responses((status = 204), (status = 303))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    session: Session,
    sent: Sent<ChangePassword, ChangePassword>,
) -> Result<Response, Problem> {
    let (Sent::Form(given) | Sent::Json(given)) = sent;
    let own = account::needed(&app, &operator).await?;
    let from = auth::source(&app, peer.map(|Extension(peer)| peer), &headers);
    let changed = match app.gate.admit_account(Some(&own.password_hash), &given.current, from).await {
        Ok(()) => super::chosen("new", given.new).await,
        Err(Denied::Wrong) => Err(Problem::invalid_field("current", "This is not your current password.")),
        Err(Denied::TooMany) => Err(auth::too_many()),
    };
    let hash = match changed {
        Ok(hash) => hash,
        Err(problem) if client.html => {
            return page::show(&app, &operator, Some(&own), Some(&problem), None).await;
        }
        Err(problem) => return Err(problem),
    };
    let change = AccountChange::Password(hash);
    let done = app.store.operator().by(operator.actor).change_account(own.user_id(), &change).await;
    done.map_err(|error| refusal::by_store(&error))?;
    if operator.by_session {
        session::renew(&app, &session, own.user_id()).await?;
    }
    if client.html {
        return page::show(&app, &operator, Some(&own), None, Some("The password is changed.")).await;
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}
