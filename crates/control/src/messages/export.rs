//! `GET /admin/tenants/{id}/logs.csv`: the conversation log, or what a search finds of it, page by page as it is read.

use domain::TenantId;
use serde_json::json;
use store::{Cursor, LogFilter, PageRequest, StoreError};
use web::{Asked, csv};

use super::chats::Look;
use crate::{App, audit, download, error::Answer, tenants::TenantCall};

pub(crate) const HEAD: [&str; 9] = [
    "time",
    "direction",
    "from",
    "to",
    "text",
    "no reply because",
    "whatsapp id",
    "sent",
    "corrects or deletes",
];

/// The conversation log as CSV
///
/// All of it, or what a search finds. The export is written down.
#[utoipa::path(
    get, path = "/admin/tenants/{id}/logs.csv", tag = "messages", params(Look),
    responses((status = 200, content_type = "text/csv", body = String))
)]
pub(crate) async fn handle(call: TenantCall, Asked(look): Asked<Look>) -> Answer {
    let (app, id) = (call.app.clone(), call.id());
    let filter = look.filter(&call.detail.tenant.timezone)?;
    audit::record(&app, &call.operator, id, "CONVERSATION_EXPORTED", &json!({})).await;
    Ok(download::pages(&call.app, &call.operator, "conversations.csv", &HEAD, move |request| {
        let (app, filter) = (app.clone(), filter.clone());
        async move { page(&app, id, &filter, request).await }
    }))
}

pub(crate) async fn page(
    app: &App,
    id: TenantId,
    filter: &LogFilter,
    request: PageRequest,
) -> Result<(String, Option<Cursor>), StoreError> {
    let found = app.store.tenant(id).search_logs(filter, request).await?;
    let rows = found.items.iter().map(|log| {
        csv::row([
            log.created_at.to_string().as_str(),
            &log.direction.to_string(),
            &log.from_number,
            &log.to_number,
            &log.message_text,
            log.silence.as_deref().unwrap_or_default(),
            &log.wa_message_id,
            &log.sent_at.map(|at| at.to_string()).unwrap_or_default(),
            log.about.as_deref().unwrap_or_default(),
        ])
    });
    Ok((rows.collect(), found.next))
}
