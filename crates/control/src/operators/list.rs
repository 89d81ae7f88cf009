//! `GET /admin/operators`: who may do all this.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use web::{Client, Problem};

use crate::{App, auth::Operator, pages::operators as page};

/// Who may do all this
#[utoipa::path(
    get, path = "/admin/operators", tag = "operators",
    responses((status = 200, body = [api::OperatorListed]))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
) -> Result<Response, Problem> {
    let all = super::all(&app).await?;
    if client.html {
        return page::list(&app, &operator, &all, &page::Typed::default(), None).await;
    }
    Ok(Json(all).into_response())
}
