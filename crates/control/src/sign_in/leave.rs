//! `POST /admin/sign-out`: ends the session.

use accounts::BrowserSession;
use axum::{extract::State, response::IntoResponse};
use http::StatusCode;
use serde_json::json;
use web::{Client, place::see_other};

use super::SIGN_IN;
use crate::{App, audit, error::Answer};

/// End the session
#[utoipa::path(
    post, path = "/admin/sign-out", tag = "sign-in",
    responses((status = 204), (status = 303))
)]
pub(crate) async fn handle(State(app): State<App>, client: Client, browser: BrowserSession) -> Answer {
    if let Some((proved, _)) = app.accounts.signed_in(&browser).await? {
        audit::platform(&app, proved.actor, "SIGNED_OUT", json!({})).await;
    }
    app.accounts.end(&browser).await?;
    Ok(if client.html { see_other(SIGN_IN) } else { StatusCode::NO_CONTENT.into_response() })
}
