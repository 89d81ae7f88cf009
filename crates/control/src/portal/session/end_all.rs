//! `POST /portal/session/end-all`: signs a person out everywhere, here too.

use http::StatusCode;

use crate::{error::Answer, portal::call::PersonCall};

/// Sign out everywhere
#[utoipa::path(post, path = "/portal/session/end-all", tag = "portal", responses((status = 204)))]
pub(crate) async fn handle(call: PersonCall) -> Answer<StatusCode> {
    call.app.accounts.people().end_all(call.found.account.user.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
