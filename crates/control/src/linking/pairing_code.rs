//! `GET /admin/tenants/{id}/pairing-code`: the code that is typed on the phone in place of a scan, for a phone that shows
//! what it would have to scan, or an owner who is elsewhere. It is kept in memory alone.

use axum::Json;
use domain::{SessionState, TenantStatus};
use store::TenantDetail;

use crate::{App, tenants::TenantCall};

/// The code to type on the phone
///
/// While there is one; `POST` asks for it.
#[utoipa::path(
    get, path = "/admin/tenants/{id}/pairing-code", tag = "linking", responses((status = 200, body = api::PairingCode))
)]
pub(crate) async fn handle(call: TenantCall) -> Json<api::PairingCode> {
    Json(of(&call.app, &call.detail))
}

/// The code that can be typed now, as a tenant stands.
pub(crate) fn of(app: &App, detail: &TenantDetail) -> api::PairingCode {
    let (status, state) = (detail.tenant.status, detail.session.state);
    let waits = status == TenantStatus::QrReady && state == SessionState::QrReady;
    let code = app.supervisor.live(detail.tenant.id).and_then(|live| live.pairing_code).filter(|_| waits);
    api::PairingCode {
        status,
        state,
        number: code.as_ref().map(|code| code.number.as_str().to_owned()),
        expires_at: code.as_ref().map(|code| code.expires_at),
        code: code.map(|code| code.code),
    }
}
