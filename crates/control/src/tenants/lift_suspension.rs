//! `POST /admin/tenants/{id}/lift-suspension`.

use web::{Client, FormBody};

use super::{TenantCall, suspend};
use crate::{error::Answer, reply::Back};

/// Lift a suspension
///
/// The bot answers customers again.
#[utoipa::path(
    post, path = "/admin/tenants/{id}/lift-suspension", tag = "tenants", responses((status = 200, body = api::Tenant))
)]
pub(crate) async fn handle(call: TenantCall, client: Client, FormBody(back): FormBody<Back>) -> Answer {
    suspend::set(call, client, None, back).await
}
