//! `GET` and `POST /admin/tenants/{id}/pairing-code`: the code that is typed on the phone in place of a scan, for a
//! phone that shows what it would have to scan, or an owner who is elsewhere. It is kept in memory alone.

use axum::{Json, extract::State};
use domain::{Phone, SessionState, TenantId, TenantStatus, id::kind::Tenant};
use serde_json::json;
use store::TenantDetail;
use web::{Kind, PathId, Problem};

use crate::{App, auth::Operator, refusal, wire};

/// The code that can be typed now, if any.
pub(crate) async fn show(
    State(app): State<App>,
    _: Operator,
    PathId(id): PathId<Tenant>,
) -> Result<Json<wire::PairingCode>, Problem> {
    Ok(Json(of(&app, &detail(&app, id).await?)))
}

/// Has the worker ask WhatsApp for a code, and waits for it. The one that is good already is answered again.
pub(crate) async fn ask(
    State(app): State<App>,
    operator: Operator,
    PathId(id): PathId<Tenant>,
) -> Result<Json<wire::PairingCode>, Problem> {
    let before = detail(&app, id).await?;
    let Some(number) = before.tenant.phone_number.as_ref().map(Phone::digits) else {
        let detail =
            "A code works on the phone with one number alone: enter the tenant's WhatsApp number first.";
        return Err(Problem::new(Kind::Conflict, detail).with_field("phone_number"));
    };
    if app.supervisor.live(id).is_none() {
        return Err(refusal::by_supervisor(&supervisor::Error::NotRunning));
    }
    if before.tenant.status == TenantStatus::Active {
        let detail = "A phone is linked already: unlink the device first.";
        return Err(Problem::new(Kind::Conflict, detail));
    }
    // Whoever cannot be written down gets no code.
    let actor = operator.actor.to_string();
    let written = app.store.tenant(id).record_event(&actor, None, "PAIRING_CODE_REQUESTED", &json!({})).await;
    written.map_err(|error| refusal::by_store(&error))?;
    app.supervisor.pairing_code(id, number).await.map_err(|error| refusal::by_supervisor(&error))?;
    Ok(Json(of(&app, &detail(&app, id).await?)))
}

async fn detail(app: &App, id: TenantId) -> Result<TenantDetail, Problem> {
    app.store.tenant(id).get().await.map_err(|error| refusal::by_store(&error))
}

/// The code that can be typed now, as a tenant stands.
pub(crate) fn of(app: &App, detail: &TenantDetail) -> wire::PairingCode {
    let (status, state) = (detail.tenant.status, detail.session.state);
    let waits = status == TenantStatus::QrReady && state == SessionState::QrReady;
    let code = app.supervisor.live(detail.tenant.id).and_then(|live| live.pairing_code).filter(|_| waits);
    wire::PairingCode {
        status,
        state,
        number: code.as_ref().map(|code| code.number.as_str().to_owned()),
        expires_at: code.as_ref().map(|code| code.expires_at),
        code: code.map(|code| code.code),
    }
}
