//! `GET /readyz`: that it can do its work: the database answers.

use axum::{Json, extract::State};
use serde_json::{Value, json};

use crate::{App, error::Answer};

/// That the database answers too
#[utoipa::path(get, path = "/readyz", tag = "system", responses((status = 200, body = Value)))]
pub(crate) async fn handle(State(app): State<App>) -> Answer<Json<Value>> {
    app.store.ping().await?;
    Ok(Json(json!({ "status": "ok", "database": "ok" })))
}
