//! `GET /portal/tenant/current/chats.csv`: the conversation log as a table, page by page as it is read.

use jiff::tz::TimeZone;
use serde_json::json;
use store::LogFilter;

use crate::{
    download,
    error::Answer,
    messages::export::{head, page},
    portal::call::MemberCall,
};

/// All chats as CSV
///
/// The export is written down.
#[utoipa::path(
    get, path = "/portal/tenant/current/chats.csv", tag = "portal",
    responses((status = 200, content_type = "text/csv", body = String))
)]
pub(crate) async fn handle(call: MemberCall) -> Answer {
    let desk = call.desk().await?;
    desk.record("CONVERSATION_EXPORTED", &json!({})).await;
    let (app, id) = (desk.app.clone(), desk.id());
    let tenant = &desk.detail.tenant;
    let zone = TimeZone::get(&tenant.timezone).unwrap_or(TimeZone::UTC);
    let file = download::named(&tenant.name, "chats", app.now(), &zone);
    Ok(download::pages_for(&desk.app, &call.session_proof, &file, &head(&zone), move |request| {
        let (app, zone) = (app.clone(), zone.clone());
        async move { page(&app, id, &LogFilter::default(), request, &zone).await }
    }))
}
