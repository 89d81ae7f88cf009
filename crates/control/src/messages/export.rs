//! `GET /admin/tenants/{id}/logs.csv`: the conversation log, or what a search finds of it, page by page as it is read.

use domain::TenantId;
use jiff::tz::TimeZone;
use serde_json::json;
use store::{Cursor, LogFilter, PageRequest, StoreError};
use web::{Asked, csv};

use super::chats::Look;
use crate::{App, audit, download, error::Answer, tenants::TenantCall};

/// The heads of its columns; times are in the tenant's zone.
pub(crate) fn head(zone: &TimeZone) -> [String; 12] {
    let named = |column: &str| column.to_owned();
    [
        download::in_zone("time", zone),
        named("direction"),
        named("from"),
        named("to"),
        named("text"),
        named("no reply because"),
        named("whatsapp id"),
        download::in_zone("sent", zone),
        named("corrects or deletes"),
        named("delivery"),
        named("not sent because"),
        named("written by"),
    ]
}

/// The conversation log as CSV
///
/// All of it, or what a search finds. The export is written down.
#[utoipa::path(
    get, path = "/admin/tenants/{id}/logs.csv", tag = "messages", params(Look),
    responses((status = 200, content_type = "text/csv", body = String))
)]
pub(crate) async fn handle(call: TenantCall, Asked(look): Asked<Look>) -> Answer {
    let (app, id) = (call.app.clone(), call.id());
    let tenant = &call.detail.tenant;
    let filter = look.filter(&tenant.timezone)?;
    let zone = TimeZone::get(&tenant.timezone).unwrap_or(TimeZone::UTC);
    audit::record(&app, &call.operator, id, "CONVERSATION_EXPORTED", &json!({})).await;
    let file = download::named(&tenant.name, "conversations", app.now(), &zone);
    Ok(download::pages(&call.app, &call.operator, &file, &head(&zone), move |request| {
        let (app, filter, zone) = (app.clone(), filter.clone(), zone.clone());
        async move { page(&app, id, &filter, request, &zone).await }
    }))
}

pub(crate) async fn page(
    app: &App,
    id: TenantId,
    filter: &LogFilter,
    request: PageRequest,
    zone: &TimeZone,
) -> Result<(String, Option<Cursor>), StoreError> {
    let found = app.store.tenant(id).search_logs(filter, request).await?;
    let rows = found.items.iter().map(|log| {
        csv::row([
            download::local(log.created_at, zone).as_str(),
            &log.direction.to_string(),
            &log.from_number,
            &log.to_number,
            &log.message_text,
            log.silence.as_deref().unwrap_or_default(),
            &log.wa_message_id,
            &log.sent_at.map(|at| download::local(at, zone)).unwrap_or_default(),
            log.about.as_deref().unwrap_or_default(),
            log.delivery.map(<&str>::from).unwrap_or_default(),
            log.delivery_reason.as_deref().unwrap_or_default(),
            log.writer.map(<&str>::from).unwrap_or_default(),
        ])
    });
    Ok((rows.collect(), found.next))
}
