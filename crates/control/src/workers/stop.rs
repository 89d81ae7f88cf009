//! `POST /admin/tenants/{id}/worker/stop`: wants no worker and waits until it has ended.

use web::FormBody;

use super::{Action, act};
use crate::{error::Answer, reply::Back, tenants::TenantCall};

/// Stop the worker
///
/// Wants no worker and waits until it has ended. Where none runs, nothing is changed.
#[utoipa::path(post, path = "/admin/tenants/{id}/worker/stop", tag = "workers", responses((status = 200, body = api::Tenant)))]
pub(crate) async fn handle(call: TenantCall, FormBody(back): FormBody<Back>) -> Answer {
    act(Action::Stop, call, back).await
}

/// Wants no worker and waits until it has ended; that none runs is what was asked for.
pub(super) async fn stop(call: &TenantCall) -> Answer<()> {
    match call.supervisor().stop(call.id()).await {
        Err(supervisor::Error::NotRunning) => Ok(()),
        outcome => Ok(outcome?),
    }
}
