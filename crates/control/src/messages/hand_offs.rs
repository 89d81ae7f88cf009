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

/// Why a chat waits for a person, in the reader's language; the worker's own word where it is a new one.
pub(crate) fn why(word: &str) -> &str {
    use words::messages as say;
    match word {
        "asked" => say::asked(),
        "urgent" => say::urgent(),
        "owner_wrote" => say::owner_wrote(),
        "not_understood" => say::not_understood(),
        "no_pack" => say::no_pack(),
        other => other,
    }
}
