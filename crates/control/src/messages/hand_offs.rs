//! `GET /admin/tenants/{id}/hand-offs`: the chats that wait for a person, and how long.

use axum::{Json, response::IntoResponse};

use crate::{App, error::Answer, tenants::TenantCall};

/// Chats that wait for a person
///
/// Those that wait longest first, as the worker tells while it runs. The bot keeps quiet in each until it is handed back or
/// its time is over.
#[utoipa::path(
    get, path = "/admin/tenants/{id}/hand-offs", tag = "messages",
    responses((status = 200, body = api::HandOffs))
)]
pub(crate) async fn handle(call: TenantCall) -> Answer {
    Ok(Json(read(&call.app, call.id())).into_response())
}

/// What the worker has told.
pub(crate) fn read(app: &App, id: domain::TenantId) -> api::HandOffs {
    let live = app.supervisor.live(id).filter(|live| live.linked);
    let Some(live) = live else { return api::HandOffs { total: 0, chats: Vec::new() } };
    let (rows, total) = live.hand_offs;
    let chat = |row: &domain::HandOffRow| api::HandOff {
        contact: row.contact.clone(),
        reason: row.reason.clone(),
        since: row.since,
        until: row.until,
    };
    api::HandOffs { total, chats: rows.iter().map(chat).collect() }
}
