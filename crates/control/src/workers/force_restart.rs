//! `POST /admin/tenants/{id}/worker/force-restart`: ends what is there, clears the error, starts anew.

use web::FormBody;

use super::{Action, act};
use crate::{error::Answer, reply::Back, tenants::TenantCall};

/// Restart the worker by force
///
/// Ends what is there without asking it, clears the error, and waits until a new worker is ready.
#[utoipa::path(post, path = "/admin/tenants/{id}/worker/force-restart", tag = "workers", responses((status = 200, body = api::Tenant)))]
pub(crate) async fn handle(call: TenantCall, FormBody(back): FormBody<Back>) -> Answer {
    act(Action::ForceRestart, call, back).await
}

/// Ends what is there without asking it, clears the error, and waits for the next.
pub(super) async fn force_restart(call: &TenantCall) -> Answer<()> {
    Ok(call.supervisor().force_restart(call.id()).await?)
}
