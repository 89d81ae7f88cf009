//! `GET /portal/tenant/current/chats.csv`: the conversation log as a table, page by page as it is read.

use serde_json::json;
use store::LogFilter;

use crate::{
    download,
    error::Answer,
    messages::export::{HEAD, page},
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
    Ok(download::pages_for(&desk.app, &call.session_proof, "chats.csv", &HEAD, move |request| {
        let app = app.clone();
        async move { page(&app, id, &LogFilter::default(), request).await }
    }))
}
