//! `GET /readyz`: that it can do its work: the database answers.

use axum::{Json, extract::State};
use serde_json::{Value, json};
use web::Problem;

use crate::{App, refusal};

pub(crate) async fn handle(State(app): State<App>) -> Result<Json<Value>, Problem> {
    app.store.ping().await.map_err(|error| refusal::by_store(&error))?;
    Ok(Json(json!({ "status": "ok", "database": "ok" })))
}
