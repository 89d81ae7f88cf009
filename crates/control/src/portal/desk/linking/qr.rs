//! `GET /portal/tenant/current/qr`: the code to scan, and the one to type where one was asked for.

use api::portal::DeskQr;
use axum::{Json, response::IntoResponse};

use crate::{
    error::Answer,
    linking::{pairing_code, qr},
    portal::call::MemberCall,
    tenants::Desk,
};

/// The codes that link the phone
///
/// While there are any. Who asks goes on being a reason to get further codes.
#[utoipa::path(get, path = "/portal/tenant/current/qr", tag = "portal", responses((status = 200, body = DeskQr)))]
pub(crate) async fn handle(call: MemberCall) -> Answer {
    let desk = call.desk().await?;
    qr::somebody_looks(&call.app, call.tenant());
    Ok(Json(of(&desk)).into_response())
}

/// The codes that are good now.
pub(in crate::portal::desk) fn of(desk: &Desk) -> DeskQr {
    let scanned = qr::current(&desk.app, &desk.detail);
    let typed = pairing_code::of(&desk.app, &desk.detail);
    DeskQr {
        state: scanned.state,
        qr: scanned.qr,
        expires_at: typed.expires_at.filter(|_| typed.code.is_some()).or(scanned.expires_at),
        code: typed.code,
        number: typed.number,
    }
}
