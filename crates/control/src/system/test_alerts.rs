//! `POST /admin/system/alerts/test`: sends a test by every way of alerting that is set up, and says how each went.

use axum::{Json, extract::State, response::IntoResponse};
use serde_json::json;
use web::{Client, Kind, Problem, place::see_other};

use crate::{App, alerts, audit, auth::Operator, error::Answer};

/// Send a test alert
///
/// By every way that is set up, once. Each says whether it was taken, and if not, why.
#[utoipa::path(
    post, path = "/admin/system/alerts/test", tag = "system",
    responses((status = 200, body = Vec<api::AlertTested>), (status = 303))
)]
pub(crate) async fn handle(State(app): State<App>, operator: Operator, client: Client) -> Answer {
    let tested = alerts::test(&app).await?;
    if tested.is_empty() {
        return Err(Problem::new(Kind::Conflict, words::alerts::none_set_up()).into());
    }
    let ways: Vec<_> = tested.iter().map(|one| json!({ "channel": one.channel, "sent": one.sent })).collect();
    audit::platform(&app, operator.actor, "ALERT_TESTED", json!({ "ways": ways })).await;
    if !client.html {
        return Ok(Json(tested).into_response());
    }
    // The page shows how each went, on top of the last deliveries.
    Ok(see_other("/admin/system#alerts"))
}
