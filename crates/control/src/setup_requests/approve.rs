//! `POST /admin/setup-requests/{id}/approve`: takes over what was asked for and starts the worker. The request becomes
//! ACTIVE when the phone is linked, at once where it is already.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{SessionState, SetupStatus, id::kind::SetupRequest};
use store::{ConfigChange, TenantChange};
use supervisor::Error;
use web::{Client, PathId, Problem};

use crate::{App, auth::Operator, refusal, wire};

pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    PathId(id): PathId<SetupRequest>,
) -> Result<Response, Problem> {
    let mut decided = super::decide(&app, &operator, id, SetupStatus::Approved, None).await?;
    let tenant = decided.request.tenant_id;
    let by_store = |error: store::StoreError| refusal::by_store(&error);
    let scope = app.store.tenant(tenant).by(operator.actor);
    let detail = scope.get().await.map_err(by_store)?;
    let pack = decided.request.template_type;
    if detail.config.template_type != pack {
        let change = ConfigChange { template_type: Some(pack), ..ConfigChange::default() };
        scope.configure(change).await.map_err(by_store)?;
    }
    if detail.tenant.phone_number.is_none() {
        let phone = Some(Some(decided.request.whatsapp_number.clone()));
        scope.update(TenantChange { phone, ..TenantChange::default() }).await.map_err(by_store)?;
    }
    let worker_error = match app.supervisor.by(operator.actor).start(tenant).await {
        Ok(()) => None,
        Err(Error::AlreadyRunning) => {
            if let Err(error) = app.supervisor.configure(tenant) {
                tracing::warn!(%error, %tenant, "the worker could not be told its new settings at once");
            }
            None
        }
        // The approval stands: the worker is wanted and tried again, or an operator starts it.
        Err(error) => Some(refusal::by_supervisor(&error).detail().to_owned()),
    };
    if detail.session.state == SessionState::Connected {
        decided = super::decide(&app, &operator, id, SetupStatus::Active, None).await?;
    }
    if client.html {
        return Ok(super::answer(client, decided));
    }
    Ok(Json(wire::Approved { request: super::convert(decided), worker_error }).into_response())
}
