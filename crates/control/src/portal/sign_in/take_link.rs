//! `POST /portal/links/take`: uses a link, once.

use accounts::people::Asked;
use axum::Json;
use domain::{LinkKind, Via};
use web::JsonBody;

use crate::{
    error::Answer,
    portal::{call::PortalCall, facts},
};

/// Use a link, once
///
/// Begins a session, or confirms one side of a change of address.
#[utoipa::path(
    post, path = "/portal/links/take", tag = "portal", request_body = api::portal::LinkToken,
    responses((status = 200, body = api::portal::LinkTaken))
)]
pub(crate) async fn handle(
    call: PortalCall,
    JsonBody(given): JsonBody<api::portal::LinkToken>,
) -> Answer<Json<api::portal::LinkTaken>> {
    let people = call.app.accounts.people();
    let kind = people.look_at(&given.token).await?.link.kind;
    // An operator who looks is not the person.
    let here =
        call.found.as_ref().filter(|found| found.session.looking.is_none()).map(|found| found.session.user);
    Ok(Json(match people.take_link(&given.token, words::language(), here).await? {
        Asked::EmailConfirmed(changed) => {
            api::portal::LinkTaken { kind, signed_in: None, email_changed: Some(changed) }
        }
        Asked::Begun(begun) => api::portal::LinkTaken {
            kind: if begun.found.session.via == Via::Look { LinkKind::Look } else { kind },
            signed_in: Some(facts::begun(&call.app, &begun).await?),
            email_changed: None,
        },
    }))
}
