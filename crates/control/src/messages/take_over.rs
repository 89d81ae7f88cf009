//! `POST /admin/tenants/{id}/chats/{contact}/take-over`: a person takes over a chat.

use axum::extract::Path;
use serde_json::json;
use web::place::encode;

use crate::{
    contacts::label,
    error::Answer,
    reply::done,
    tenants::{Desk, TenantCall},
};

/// Take a chat over from the bot
///
/// It keeps quiet there until the chat is handed back or the time that the tenant has set is over.
#[utoipa::path(
    post, path = "/admin/tenants/{id}/chats/{contact}/take-over", tag = "messages", responses((status = 204))
)]
pub(crate) async fn handle(call: TenantCall, Path((_id, contact)): Path<(String, String)>) -> Answer {
    let contact = label(&contact)?;
    take_over(&call, contact).await?;
    let place = format!("{}?contact={}#chats", call.place(), encode(contact));
    if call.client.html {
        Ok(done(call.client, words::messages::taken_over(), &place))
    } else {
        Ok(call.is_done(&place))
    }
}

/// The bot keeps quiet in the chat from now on.
pub(crate) async fn take_over(desk: &Desk, contact: &str) -> Answer<()> {
    desk.supervisor().take_over(desk.id(), contact.to_owned()).await?;
    desk.record("CHAT_TAKEN_OVER", &json!({})).await;
    Ok(())
}
