//! `POST /admin/tenants/move-in`: a tenant comes from another installation.

use web::JsonBody;

use crate::{call::Call, error::Answer, tenants::TenantCall};

/// Take a tenant in
///
/// From a file in the folder `moves` of the data directory, which `flowhq tenant move-in` has put there. It is started where it
/// was wanted to run, by the device that it has. Asked again it answers the tenant that came.
#[utoipa::path(
    post, path = "/admin/tenants/move-in", tag = "tenants", request_body = api::MoveIn,
    responses((status = 200, body = api::Tenant))
)]
pub(crate) async fn handle(call: Call, JsonBody(body): JsonBody<api::MoveIn>) -> Answer {
    let tenant = call.app.moves.take_in(call.operator.actor, body.file).await?;
    let call = TenantCall::of(call, tenant).await?;
    Ok(call.leads_to(&call.place(), call.document()))
}
