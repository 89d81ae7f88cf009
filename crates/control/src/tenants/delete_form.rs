//! `POST /admin/tenants/{id}/delete` from the dialog that asks for the tenant's name: the same as DELETE.

use serde::Deserialize;
use utoipa::ToSchema;
use web::{FormBody, Problem};

use super::{TenantCall, delete};
use crate::{error::Answer, reply::leave};

/// The dialog's form.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct DeleteForm {
    /// The tenant's name, so that nobody deletes another one than they meant.
    #[schema(required, min_length = 1, max_length = 120)]
    typed_name: String,
}

/// Delete a tenant by the dialog of its page
///
/// What DELETE does, where the name that was typed is the tenant's. Leads to the list of tenants.
#[utoipa::path(
    post, path = "/admin/tenants/{id}/delete", tag = "pages",
    request_body(content = DeleteForm, content_type = "application/x-www-form-urlencoded"), responses((status = 303))
)]
pub(crate) async fn handle(call: TenantCall, FormBody(form): FormBody<DeleteForm>) -> Answer {
    let name = &call.detail.tenant.name;
    if form.typed_name.trim() != name {
        let detail = words::tenant::delete_wrong(name);
        return Err(Problem::invalid_field("typed_name", detail).into());
    }
    delete::delete(&call).await?;
    Ok(leave(call.client, "/admin/tenants"))
}
