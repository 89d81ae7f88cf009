//! `POST /admin/setup-requests/{id}/reject`: says no, with a note that the owner reads.

use axum::{extract::State, response::Response};
use domain::{SetupStatus, id::kind::SetupRequest};
use web::{Client, PathId, Problem, Sent};

use crate::{App, auth::Operator, pages::setup_requests as html, wire};

pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    PathId(id): PathId<SetupRequest>,
    sent: Sent<wire::Reject, wire::Reject>,
) -> Result<Response, Problem> {
    let (Sent::Form(given) | Sent::Json(given)) = sent;
    let note = super::note("note", &given.note).and_then(|note| {
        note.ok_or_else(|| Problem::invalid_field("note", "Say why, in words that the owner can act on."))
    });
    let note = match note {
        Ok(note) => note,
        Err(problem) if client.html => {
            let found = super::convert(super::find(&app, id).await?);
            return html::show(&app, &operator, &found, Some((&given.note, &problem))).await;
        }
        Err(problem) => return Err(problem),
    };
    let decided = super::decide(&app, &operator, id, SetupStatus::Rejected, Some(note)).await?;
    Ok(super::answer(client, decided))
}
