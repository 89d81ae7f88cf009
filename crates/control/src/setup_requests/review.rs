//! `POST /admin/setup-requests/{id}/review`: takes a request into review, so that no two operators do the same.

use axum::{extract::State, response::Response};
use domain::{SetupStatus, id::kind::SetupRequest};
use web::{Client, PathId, Problem};

use crate::{App, auth::Operator};

pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    PathId(id): PathId<SetupRequest>,
) -> Result<Response, Problem> {
    let decided = super::decide(&app, &operator, id, SetupStatus::Reviewing, None).await?;
    Ok(super::answer(client, decided))
}
