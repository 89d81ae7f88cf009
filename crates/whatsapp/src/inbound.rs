//! The library's messages as ours.

use domain::Timestamp;
use whatsapp_rust::{
    Client, Jid, Server,
    anyhow::Result,
    types::{
        events::InboundMessage,
        message::{MessageCategory, MessageInfo},
    },
};
use worker::channel::{ChatKind, Content, Inbound, Unreadable};

use crate::{address, content::content};

/// Whether a message is one of the account's own devices talking with each other (keys, history), which concerns the
/// library alone.
pub(crate) fn is_between_devices(message: &InboundMessage) -> bool {
    message.info.source.is_from_me && message.info.category == MessageCategory::Peer
}

/// One message as the worker wants it.
///
/// # Errors
/// Where the session database could not be asked who the sender is.
pub(crate) async fn convert(client: &Client, message: &InboundMessage) -> Result<Inbound> {
    let (content, album) = content(&message.message, &message.info.edit);
    Ok(Inbound { album, ..with_content(client, &message.info, content).await? })
}

/// What stands for a message that cannot be read, where a customer wrote it to the business itself: nobody waits for an
/// answer to anything else that cannot be read.
///
/// # Errors
/// Where the session database could not be asked who the sender is.
pub(crate) async fn unreadable(
    client: &Client,
    info: &MessageInfo,
    reason: Unreadable,
) -> Result<Option<Inbound>> {
    if info.source.is_from_me || chat_kind(info) != ChatKind::Direct {
        return Ok(None);
    }
    with_content(client, info, Content::Unreadable(reason)).await.map(Some)
}

async fn with_content(client: &Client, info: &MessageInfo, content: Content) -> Result<Inbound> {
    let sender = if info.source.is_from_me {
        address::own(client)
    } else {
        let known: Vec<&Jid> =
            std::iter::once(&info.source.sender).chain(info.source.sender_alt.as_ref()).collect();
        address::resolve(client, &known).await?
    };
    // Of what the account itself wrote, the chat is whom it wrote to.
    let to = if info.source.is_from_me && chat_kind(info) == ChatKind::Direct {
        let known: Vec<&Jid> =
            std::iter::once(&info.source.chat).chain(info.source.recipient_alt.as_ref()).collect();
        Some(address::resolve(client, &known).await?)
    } else {
        None
    };
    Ok(Inbound {
        id: info.id.clone(),
        chat: chat_kind(info),
        sender,
        from_me: info.source.is_from_me,
        to,
        push_name: Some(&info.push_name).filter(|name| !name.is_empty()).cloned(),
        content,
        at: Timestamp::from_second(info.timestamp.timestamp()).unwrap_or(Timestamp::UNIX_EPOCH),
        offline: info.is_offline,
        album: None,
    })
}

/// A server that carries no conversation between people counts as a broadcast: nobody waits for an answer there.
fn chat_kind(info: &MessageInfo) -> ChatKind {
    use whatsapp_rust::wacore_binary::JidExt as _;
    let chat = &info.source.chat;
    match chat.server {
        Server::Broadcast if chat.is_status_broadcast() => ChatKind::Status,
        Server::Newsletter => ChatKind::Newsletter,
        Server::Group => ChatKind::Group,
        Server::Pn | Server::Legacy if chat.is_psa() => ChatKind::Broadcast,
        Server::Pn | Server::Lid | Server::Hosted | Server::HostedLid | Server::Legacy => ChatKind::Direct,
        Server::Broadcast | Server::Messenger | Server::Interop | Server::Bot | Server::Call => {
            ChatKind::Broadcast
        }
    }
}
