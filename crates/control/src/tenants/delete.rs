//! `DELETE /admin/tenants/{id}`: ends the worker, removes its directory and logs, then the rows.

use http::StatusCode;

use super::TenantCall;
use crate::error::Answer;

/// Delete a tenant
///
/// Ends the worker, removes its directory and logs, then the tenant and all that belongs to it.
#[utoipa::path(delete, path = "/admin/tenants/{id}", tag = "tenants", responses((status = 204)))]
pub(crate) async fn handle(call: TenantCall) -> Answer<StatusCode> {
    delete(&call).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes it for good.
pub(super) async fn delete(call: &TenantCall) -> Answer<()> {
    // The files go first: where that fails, the tenant is still there to be deleted again.
    call.app.supervisor.purge(call.id()).await?;
    // The store writes the audit line in the same transaction.
    call.scope.delete(&call.operator.actor.to_string()).await?;
    // What its people have open ends with it.
    call.app.accounts.look_again();
    Ok(())
}
