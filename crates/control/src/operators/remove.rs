//! `POST /admin/operators/{id}/remove`: the person may do nothing any more, and is signed out everywhere.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::id::kind::User;
use http::StatusCode;
use store::Actor;
use web::{Client, Kind, PathId, Problem, place::see_other};

use crate::{App, auth::Operator, refusal};

/// Remove an operator
#[utoipa::path(
    post, path = "/admin/operators/{id}/remove", tag = "operators",
    responses((status = 204), (status = 303))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    PathId(id): PathId<User>,
) -> Result<Response, Problem> {
    if operator.actor == Actor::User(id) {
        return Err(Problem::new(
            Kind::Conflict,
            "You cannot remove yourself; another operator can, or whoever has the admin password.",
        ));
    }
    let removed = app.store.operator().by(operator.actor).remove_operator(id).await;
    removed.map_err(|error| refusal::by_store(&error))?;
    Ok(if client.html { see_other("/admin/operators") } else { StatusCode::NO_CONTENT.into_response() })
}
