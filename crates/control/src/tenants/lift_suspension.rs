//! `POST /admin/tenants/{id}/lift-suspension`.

use web::FormBody;

use super::{TenantCall, suspend};
use crate::{error::Answer, reply::Back};

/// Lift a suspension
///
/// The bot answers customers again.
#[utoipa::path(
    post, path = "/admin/tenants/{id}/lift-suspension", tag = "tenants", responses((status = 200, body = api::Tenant))
)]
pub(crate) async fn handle(call: TenantCall, FormBody(back): FormBody<Back>) -> Answer {
    suspend::set(call, None, back).await
}
