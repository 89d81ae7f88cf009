//! `GET /admin/tenants/{id}/qr`: the code as text and picture, while there is one to scan.

use axum::{Json, extract::State};
use base64::Engine;
use domain::{SessionState, TenantId, id::kind::Tenant};
use qrcode::{EcLevel, QrCode, render::svg};
use store::StoreError;
use web::{PathId, Problem};

use crate::{App, auth::Operator, refusal, wire};

/// Side of the picture, in pixels at least; what a phone scans from an arm's length.
pub(super) const SIDE: u32 = 264;

pub(crate) async fn handle(
    State(app): State<App>,
    _: Operator,
    PathId(id): PathId<Tenant>,
) -> Result<Json<wire::Qr>, Problem> {
    let code = current(&app, id).await.map_err(|error| refusal::by_store(&error))?;
    somebody_looks(&app, id);
    Ok(Json(code))
}

/// Asks for further rounds of codes. That no worker runs, or none that listens, is no failure of who looks.
pub(crate) fn somebody_looks(app: &App, id: TenantId) {
    if let Err(reason) = app.supervisor.qr_wanted(id) {
        tracing::debug!(%reason, tenant = %id, "nobody can be asked for a code");
    }
}

/// The code that can be scanned now, if any.
pub(super) async fn current(app: &App, id: TenantId) -> Result<wire::Qr, StoreError> {
    let detail = app.store.tenant(id).get().await?;
    let now = app.now();
    let valid = detail.session.state == SessionState::QrReady
        && detail.session.qr_expires_at.is_some_and(|expires| expires > now);
    let qr = detail.session.last_qr.filter(|_| valid);
    Ok(wire::Qr {
        status: detail.tenant.status,
        state: detail.session.state,
        data_url: qr.as_deref().and_then(data_url),
        expires_at: detail.session.qr_expires_at.filter(|_| qr.is_some()),
        qr,
    })
}

/// The picture, or `None` where the text fits no QR code, which a worker's text may not.
fn data_url(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let picture = code.render::<svg::Color<'_>>().min_dimensions(SIDE, SIDE).build();
    Some(format!("data:image/svg+xml;base64,{}", base64::engine::general_purpose::STANDARD.encode(picture)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_becomes_a_picture_and_what_is_too_long_does_not() {
        let url = data_url("2@abc").unwrap();
        let picture =
            base64::engine::general_purpose::STANDARD.decode(url.split_once(',').unwrap().1).unwrap();
        assert!(String::from_utf8(picture).unwrap().contains("<svg"));
        assert_eq!(data_url(&"x".repeat(10_000)), None);
    }
}
