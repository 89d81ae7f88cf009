//! `GET /admin/setup-requests/{id}`: one request.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use domain::id::kind::SetupRequest;
use web::{Client, PathId, Problem};

use crate::{App, auth::Operator, pages::setup_requests as html};

pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    PathId(id): PathId<SetupRequest>,
) -> Result<Response, Problem> {
    let found = super::find(&app, id).await?;
    if client.html {
        return html::show(&app, &operator, &super::convert(found), None).await;
    }
    Ok(Json(super::convert(found)).into_response())
}
