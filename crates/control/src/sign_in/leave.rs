//! `POST /admin/sign-out`: ends the session.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde_json::json;
use tower_sessions::Session;
use web::{Client, Problem, place::see_other};

use super::{SIGN_IN, session};
use crate::{App, audit};

/// End the session
#[utoipa::path(
    post, path = "/admin/sign-out", tag = "sign-in",
    responses((status = 204), (status = 303))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    client: Client,
    session: Session,
) -> Result<Response, Problem> {
    if let Some(operator) = session::operator(&app, &session).await? {
        audit::platform(&app, operator.actor, "SIGNED_OUT", json!({})).await;
    }
    session::end(&session).await?;
    Ok(if client.html { see_other(SIGN_IN) } else { StatusCode::NO_CONTENT.into_response() })
}
