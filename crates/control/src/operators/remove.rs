//! `POST /admin/operators/{id}/remove`: the person may do nothing any more, and is signed out everywhere.

use domain::id::kind::User;
use store::Actor;
use web::{Kind, PathId, Problem};

use crate::{auth::Confirmed, error::Answer};

/// Remove an operator
#[utoipa::path(
    post, path = "/admin/operators/{id}/remove", tag = "operators",
    responses((status = 204), (status = 303))
)]
pub(crate) async fn handle(Confirmed(call): Confirmed, PathId(id): PathId<User>) -> Answer {
    if call.operator.actor == Actor::User(id) {
        return Err(Problem::new(Kind::Conflict, words::operators::not_yourself()).into());
    }
    call.app.accounts.remove(call.operator.actor, id).await?;
    Ok(call.is_done("/admin/operators"))
}
