//! `POST /admin/tenants/{id}/chats/{contact}/hand-back`: a person hands back a chat.

use axum::extract::Path;
use serde_json::json;
use web::place::encode;

use crate::{audit, contacts::label, error::Answer, reply::done, tenants::TenantCall};

/// Give a chat back to the bot
///
/// It answers there again from the next message on.
#[utoipa::path(
    post, path = "/admin/tenants/{id}/chats/{contact}/hand-back", tag = "messages", responses((status = 204))
)]
pub(crate) async fn handle(call: TenantCall, Path((_id, contact)): Path<(String, String)>) -> Answer {
    let contact = label(&contact)?.to_owned();
    call.supervisor().hand_back(call.id(), contact.clone()).await?;
    audit::record(&call.app, &call.operator, call.id(), "CHAT_HANDED_BACK", &json!({})).await;
    let place = format!("{}?contact={}#chats", call.place(), encode(&contact));
    if call.client.html {
        Ok(done(call.client, words::messages::handed_back(), &place))
    } else {
        Ok(call.is_done(&place))
    }
}
