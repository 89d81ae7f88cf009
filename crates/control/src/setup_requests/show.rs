//! `GET /admin/setup-requests/{id}`: one request.

use axum::{Json, extract::State, response::IntoResponse};
use domain::id::kind::SetupRequest;
use web::{Client, PathId};

use super::{convert, find, view};
use crate::{App, auth::Operator, error::Answer};

/// A setup request
#[utoipa::path(
    get, path = "/admin/setup-requests/{id}", tag = "setup requests",
    responses((status = 200, body = api::SetupRequest))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    PathId(id): PathId<SetupRequest>,
) -> Answer {
    let found = convert(find(&app, id).await?);
    if client.html {
        return view::page(&app, &operator, &found, None).await;
    }
    Ok(Json(found).into_response())
}
