//! `POST /admin/tenants/{id}/worker/start`: wants a worker and waits until it is ready.

use web::FormBody;

use super::{Action, act};
use crate::{error::Answer, reply::Back, tenants::TenantCall};

/// Start the worker
///
/// Wants a worker and waits until it is ready. A worker that runs is refused: restart it instead.
#[utoipa::path(post, path = "/admin/tenants/{id}/worker/start", tag = "workers", responses((status = 200, body = api::Tenant)))]
pub(crate) async fn handle(call: TenantCall, FormBody(back): FormBody<Back>) -> Answer {
    act(Action::Start, call, back).await
}

/// Wants a worker and waits until it is ready.
pub(super) async fn start(call: &TenantCall) -> Answer<()> {
    Ok(call.supervisor().start(call.id()).await?)
}
