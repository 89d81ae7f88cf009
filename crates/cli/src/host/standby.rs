//! A control plane that stands by: it answers that it lives and is not ready, until it is its turn.

use axum::{Router, response::IntoResponse, routing::get};
use config::Settings;
use http::StatusCode;
use store::{Store, Turn};
use tokio_util::sync::CancellationToken;
use web::serve::Listener;

use super::site;
use crate::error::CliError;

/// Waits until no other control plane has the database. Its port is free again then.
pub(crate) async fn stand_by(settings: &Settings) -> Result<Turn, CliError> {
    let target = super::target(settings);
    let stop = CancellationToken::new();
    let router = Router::new().route("/livez", get(lives)).fallback(waits);
    let tcp = Listener::Tcp(super::bind(settings).await?);
    let answers = web::serve::serve(tcp, router, site::proxies(settings), stop.clone());
    let turn = async {
        let turn = Store::wait_for_turn(&target).await;
        stop.cancel();
        turn
    };
    let (turn, ()) = tokio::join!(turn, answers);
    turn.map_err(|error| CliError::Failed(error.to_string()))
}

async fn lives() -> impl IntoResponse {
    axum::Json(serde_json::json!({ "status": "ok" }))
}

async fn waits() -> impl IntoResponse {
    let words = "this control plane stands by: another one has the database\n";
    (StatusCode::SERVICE_UNAVAILABLE, words)
}
