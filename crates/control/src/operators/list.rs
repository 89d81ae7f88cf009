//! `GET /admin/operators`: who may do all this.

use axum::{Json, extract::State, response::IntoResponse};
use tower_sessions::Session;
use web::Client;

use crate::{App, auth::Operator, error::Answer, pages::operators as page};

/// Who may do all this
#[utoipa::path(
    get, path = "/admin/operators", tag = "operators",
    responses((status = 200, body = [api::OperatorListed]))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    session: Session,
) -> Answer {
    let all = super::all(&app).await?;
    if client.html {
        return Ok(page::list(&app, &operator, &all, &page::Typed::kept(&app, &session).await?, None).await?);
    }
    Ok(Json(all).into_response())
}
