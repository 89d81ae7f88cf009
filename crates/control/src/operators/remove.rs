//! `POST /admin/operators/{id}/remove`: the person may do nothing any more, and is signed out everywhere.

use axum::{extract::State, response::IntoResponse};
use domain::id::kind::User;
use http::StatusCode;
use store::Actor;
use web::{Client, Kind, PathId, Problem, place::see_other};

use crate::{App, auth::Confirmed, error::Answer};

/// Remove an operator
#[utoipa::path(
    post, path = "/admin/operators/{id}/remove", tag = "operators",
    responses((status = 204), (status = 303))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Confirmed(operator): Confirmed,
    client: Client,
    PathId(id): PathId<User>,
) -> Answer {
    if operator.actor == Actor::User(id) {
        return Err(Problem::new(
            Kind::Conflict,
            "You cannot remove yourself; another operator can, or whoever has the admin password.",
        )
        .into());
    }
    app.accounts.remove(operator.actor, id).await?;
    Ok(if client.html { see_other("/admin/operators") } else { StatusCode::NO_CONTENT.into_response() })
}
