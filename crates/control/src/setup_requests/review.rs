//! `POST /admin/setup-requests/{id}/review`: takes a request into review, so that no two operators do the same.

use axum::extract::State;
use domain::{SetupStatus, id::kind::SetupRequest};
use web::{Client, PathId};

use super::{answer, decide};
use crate::{App, auth::Operator, error::Answer};

/// Take a setup request into review
///
/// So that no two operators do the same.
#[utoipa::path(
    post, path = "/admin/setup-requests/{id}/review", tag = "setup requests",
    responses((status = 200, body = api::SetupRequest))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    PathId(id): PathId<SetupRequest>,
) -> Answer {
    Ok(answer(client, decide(&app, &operator, id, SetupStatus::Reviewing, None).await?))
}
