//! `GET /livez`: that the process answers.

use axum::Json;
use serde_json::{Value, json};

/// That the process answers
#[utoipa::path(get, path = "/livez", tag = "system", responses((status = 200, body = Value)))]
pub(crate) async fn handle() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}
