//! `POST /admin/tenants/{id}/worker/restart`: ends the worker in good order and starts the next.

use web::FormBody;

use super::{Action, act};
use crate::{error::Answer, reply::Back, tenants::TenantCall};

/// Restart the worker
///
/// Ends the worker in good order and waits until the next is ready. Where none runs, it is started.
#[utoipa::path(post, path = "/admin/tenants/{id}/worker/restart", tag = "workers", responses((status = 200, body = api::Tenant)))]
pub(crate) async fn handle(call: TenantCall, FormBody(back): FormBody<Back>) -> Answer {
    act(Action::Restart, call, back).await
}

/// Ends the worker in good order and waits for the next; starts one where none runs.
pub(super) async fn restart(call: &TenantCall) -> Answer<()> {
    match call.supervisor().restart(call.id()).await {
        Err(supervisor::Error::NotRunning) => super::start::start(call).await,
        outcome => Ok(outcome?),
    }
}
