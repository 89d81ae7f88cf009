//! `POST /admin/tenants/{id}/chats/{contact}/hand-back`: a person hands back a chat.

use axum::extract::Path;
use serde_json::json;
use web::place::encode;

use crate::{
    contacts::label,
    error::Answer,
    reply::done,
    tenants::{Desk, TenantCall},
};

/// Give a chat back to the bot
///
/// It answers there again from the next message on.
#[utoipa::path(
    post, path = "/admin/tenants/{id}/chats/{contact}/hand-back", tag = "messages", responses((status = 204))
)]
pub(crate) async fn handle(call: TenantCall, Path((_id, contact)): Path<(String, String)>) -> Answer {
    let contact = label(&contact)?;
    hand_back(&call, contact).await?;
    let place = format!("{}?contact={}#chats", call.place(), encode(contact));
    if call.client.html {
        Ok(done(call.client, words::messages::handed_back(), &place))
    } else {
        Ok(call.is_done(&place))
    }
}

/// The bot answers in the chat again.
pub(crate) async fn hand_back(desk: &Desk, contact: &str) -> Answer<()> {
    desk.supervisor().hand_back(desk.id(), contact.to_owned()).await?;
    desk.record("CHAT_HANDED_BACK", &json!({})).await;
    Ok(())
}
