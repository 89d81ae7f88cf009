//! `PUT /admin/tenants/{id}/notes`: other tags and another text in place of those that stand.

use domain::Tag;
use http::{HeaderMap, header};
use store::NotesChange;
use web::JsonBody;

use super::{no_tag, save, tagged, text};
use crate::{
    error::Answer,
    tenants::{TenantCall, version_of},
};

/// Replace a tenant's private notes
///
/// Tags and text; what is left out is emptied. With `If-Match` of the `ETag` that was read, nothing is changed where somebody
/// else has changed them meanwhile.
#[utoipa::path(
    put, path = "/admin/tenants/{id}/notes", tag = "tenants", request_body = api::PutNotes,
    params(("If-Match" = Option<String>, Header, description = "The version that was read, like `\"3\"`.")),
    responses((status = 200, body = api::TenantNotes))
)]
pub(crate) async fn handle(
    call: TenantCall,
    headers: HeaderMap,
    JsonBody(body): JsonBody<api::PutNotes>,
) -> Answer {
    let seen = headers.get(header::IF_MATCH).map(version_of).transpose()?.flatten();
    let tags = Tag::list(&body.tags).map_err(|error| no_tag(&error))?;
    let change = NotesChange { tags: Some(tags), note: Some(text(&body.note)?) };
    Ok(tagged(save(&call, seen, change).await?))
}
