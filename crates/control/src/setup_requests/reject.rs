//! `POST /admin/setup-requests/{id}/reject`: says no, with a note that the owner reads.

use domain::{SetupStatus, id::kind::SetupRequest};
use web::{Given, PathId, Problem};

use super::{answer, convert, decide, find, note, view};
use crate::{call::Call, error::Answer};

/// Reject a setup request
///
/// With a note that the owner reads.
#[utoipa::path(
    post, path = "/admin/setup-requests/{id}/reject", tag = "setup requests",
    request_body(content((api::Reject = "application/json"), (api::Reject = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = api::SetupRequest))
)]
pub(crate) async fn handle(
    call: Call,
    PathId(id): PathId<SetupRequest>,
    Given(given): Given<api::Reject>,
) -> Answer {
    let said = note("notes", &given.notes)
        .and_then(|note| note.ok_or_else(|| Problem::invalid_field("notes", words::setup::say_why())));
    let said = match said {
        Ok(said) => said,
        Err(problem) if call.client.html => {
            let found = convert(find(&call.app, id).await?);
            return view::page(&call, &found, Some((&given.notes, &problem))).await;
        }
        Err(problem) => return Err(problem.into()),
    };
    Ok(answer(&call, decide(&call.app, call.operator.actor, id, SetupStatus::Rejected, Some(said)).await?))
}
