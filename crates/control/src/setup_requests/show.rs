//! `GET /admin/setup-requests/{id}`: one request.

use axum::{Json, response::IntoResponse};
use domain::id::kind::SetupRequest;
use web::PathId;

use super::{convert, find, view};
use crate::{call::Call, error::Answer};

/// A setup request
#[utoipa::path(
    get, path = "/admin/setup-requests/{id}", tag = "setup requests",
    responses((status = 200, body = api::SetupRequest))
)]
pub(crate) async fn handle(call: Call, PathId(id): PathId<SetupRequest>) -> Answer {
    let found = convert(find(&call.app, id).await?);
    if call.client.html {
        return view::page(&call, &found, None).await;
    }
    Ok(Json(found).into_response())
}
