//! `POST /portal/members/{user}/remove`: ends what a person is to the tenant; their sessions and streams end within a second.

use accounts::PeopleError;
use axum::extract::Path;
use http::StatusCode;

use crate::{error::Answer, portal::call::MemberCall};

/// Remove somebody
///
/// Their sessions of this tenant end at once. Owners go by an operator alone.
#[utoipa::path(
    post, path = "/portal/members/{user}/remove", tag = "portal", params(("user" = domain::UserId, Path)),
    responses((status = 204))
)]
pub(crate) async fn handle(call: MemberCall, Path(user): Path<String>) -> Answer<StatusCode> {
    let user = user.parse().map_err(|_| PeopleError::NoMember)?;
    call.app.accounts.people().remove(call.user.id, call.tenant, user).await?;
    Ok(StatusCode::NO_CONTENT)
}
