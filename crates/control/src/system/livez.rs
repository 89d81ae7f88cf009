//! `GET /livez`: that the process answers.

use axum::Json;
use serde_json::{Value, json};

pub(crate) async fn handle() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}
