//! `GET /admin/tenants/{id}/qr`: the code as text and picture, while there is one to scan.

use axum::Json;
use domain::{SessionState, TenantId};
use store::TenantDetail;
use web::{Kind, Problem, qr::Picture};

use crate::{App, error::Answer, tenants::TenantCall};

/// The code to scan
///
/// While there is one: as a picture in `qr`, as text in `code`. Who asks goes on being a reason to get further codes.
#[utoipa::path(get, path = "/admin/tenants/{id}/qr", tag = "linking", responses((status = 200, body = api::Qr)))]
pub(crate) async fn handle(call: TenantCall) -> Json<api::Qr> {
    somebody_looks(&call.app, call.id());
    Json(current(&call.app, &call.detail))
}

/// The picture of the code that can be scanned now, or the problem that there is none.
pub(super) fn picture(call: &TenantCall) -> Answer<Picture> {
    let now = current(&call.app, &call.detail);
    somebody_looks(&call.app, call.id());
    let none = || Problem::new(Kind::NoQrCode, words::linking::none_now(now.state));
    Ok(now.code.as_deref().and_then(Picture::of).ok_or_else(none)?)
}

/// Asks for further rounds of codes. That no worker runs, or none that listens, is no failure of who looks.
pub(crate) fn somebody_looks(app: &App, id: TenantId) {
    if let Err(reason) = app.supervisor.qr_wanted(id) {
        tracing::debug!(%reason, tenant = %id, "nobody can be asked for a code");
    }
}

/// The code that can be scanned now, if any, as a tenant stands.
pub(crate) fn current(app: &App, detail: &TenantDetail) -> api::Qr {
    let session = &detail.session;
    let valid = session.state == SessionState::QrReady
        && session.qr_expires_at.is_some_and(|expires| expires > app.now());
    let code = session.last_qr.clone().filter(|_| valid);
    api::Qr {
        status: detail.tenant.status,
        state: session.state,
        qr: code.as_deref().and_then(Picture::of).map(|picture| picture.data_url()),
        expires_at: session.qr_expires_at.filter(|_| code.is_some()),
        code,
    }
}
