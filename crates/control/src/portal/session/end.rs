//! `POST /portal/session/end`: signs out.

use http::StatusCode;

use crate::{error::Answer, portal::call::PortalCall};

/// Sign out
///
/// One that is over already is no error.
#[utoipa::path(post, path = "/portal/session/end", tag = "portal", responses((status = 204)))]
pub(crate) async fn handle(call: PortalCall) -> Answer<StatusCode> {
    // Anybody's browser may send a cookie that we have not made: nothing is written for it.
    if call.found.is_some()
        && let Some(session) = &call.session
    {
        call.app.accounts.people().end(session).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
