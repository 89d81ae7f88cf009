//! `POST /admin/setup-requests/{id}/reject`: says no, with a note that the owner reads.

use axum::extract::State;
use domain::{SetupStatus, id::kind::SetupRequest};
use web::{Client, PathId, Problem, Sent};

use super::{answer, convert, decide, find, note, view};
use crate::{App, auth::Operator, error::Answer};

/// Reject a setup request
///
/// With a note that the owner reads.
#[utoipa::path(
    post, path = "/admin/setup-requests/{id}/reject", tag = "setup requests",
    request_body(content((api::Reject = "application/json"), (api::Reject = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = api::SetupRequest))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    PathId(id): PathId<SetupRequest>,
    sent: Sent<api::Reject, api::Reject>,
) -> Answer {
    let (Sent::Form(given) | Sent::Json(given)) = sent;
    let said = note("notes", &given.notes)
        .and_then(|note| note.ok_or_else(|| Problem::invalid_field("notes", words::setup::say_why())));
    let said = match said {
        Ok(said) => said,
        Err(problem) if client.html => {
            let found = convert(find(&app, id).await?);
            return view::page(&app, &operator, &found, Some((&given.notes, &problem))).await;
        }
        Err(problem) => return Err(problem.into()),
    };
    Ok(answer(client, decide(&app, &operator, id, SetupStatus::Rejected, Some(said)).await?))
}
