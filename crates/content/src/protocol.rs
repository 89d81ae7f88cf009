//! Corrections, and what wants no answer.

use waproto::whatsapp::{
    Message,
    message::{ProtocolMessage, protocol_message},
};

use crate::{Content, DEEPEST, open, wrapper};

/// A correction, where a message is one: in the wrapper of the official apps, or bare. `deeper` is how many messages in
/// each other are opened yet.
pub(crate) fn edit(message: &Message, deeper: usize) -> Option<Content> {
    if let Some(edited) = message.edited_message.as_option() {
        let inside = edited.message.as_option();
        let named = inside.and_then(|inside| bare_edit(inside, deeper));
        let unnamed = || Content::Edited { of: None, text: inside.and_then(|inside| words(inside, deeper)) };
        return Some(named.unwrap_or_else(unnamed));
    }
    if message.protocol_message.as_option().is_some_and(is_revocation) {
        return Some(taken_back(message));
    }
    bare_edit(message, deeper)
}

fn bare_edit(message: &Message, deeper: usize) -> Option<Content> {
    let protocol = message.protocol_message.as_option()?;
    let is_edit = protocol.r#type == Some(protocol_message::Type::MESSAGE_EDIT);
    is_edit.then(|| Content::Edited {
        of: key(protocol),
        text: protocol.edited_message.as_option().and_then(|inside| words(inside, deeper)),
    })
}

/// What a message takes back.
pub(crate) fn taken_back(message: &Message) -> Content {
    // An emptied reaction takes nothing back that was written.
    if message.reaction_message.is_set() || message.enc_reaction_message.is_set() {
        return Content::Protocol("reaction");
    }
    let mut inner = message;
    for _ in 0..DEEPEST {
        if let Some(protocol) = inner.protocol_message.as_option() {
            return Content::Deleted { of: key(protocol) };
        }
        match wrapper::inner(inner).into_iter().flatten().next() {
            Some(next) => inner = next,
            None => break,
        }
    }
    Content::Deleted { of: None }
}

/// The wire leaves out the first value of the enum, which is this one; something must be named.
fn is_revocation(protocol: &ProtocolMessage) -> bool {
    matches!(protocol.r#type, None | Some(protocol_message::Type::REVOKE))
}

fn key(protocol: &ProtocolMessage) -> Option<String> {
    protocol.key.as_option().and_then(|key| key.id.clone()).filter(|id| !id.is_empty())
}

/// The text or caption of what stands in place of an earlier message. A correction of a correction has none.
fn words(message: &Message, deeper: usize) -> Option<String> {
    match open(message, deeper.checked_sub(1)?) {
        Content::Text(text) => Some(text),
        Content::Media { caption, .. } => caption,
        Content::Edited { .. } | Content::Deleted { .. } | Content::Protocol(_) => None,
    }
}

/// What wants no answer, by name.
pub(crate) fn name(message: &Message) -> &'static str {
    if let Some(protocol) = message.protocol_message.as_option() {
        return match protocol.r#type {
            Some(protocol_message::Type::EPHEMERAL_SETTING) => "disappearing messages",
            _ => "protocol",
        };
    }
    let kinds = [
        (message.reaction_message.is_set() || message.enc_reaction_message.is_set(), "reaction"),
        (message.poll_update_message.is_set() || message.poll_add_option_message.is_set(), "poll vote"),
        (message.secret_encrypted_message.is_set(), "edit"),
        (message.enc_event_response_message.is_set(), "event answer"),
        (message.event_cover_image.is_set(), "event cover"),
        (message.poll_creation_option_image_message.is_set(), "poll option"),
        (message.pin_in_chat_message.is_set(), "pin"),
        (message.keep_in_chat_message.is_set(), "keep"),
        (message.album_message.is_set(), "album"),
        (is_call(message), "call"),
        (message.request_phone_number_message.is_set(), "number request"),
        (message.decline_payment_request_message.is_set(), "payment answer"),
        (message.cancel_payment_request_message.is_set(), "payment answer"),
        (message.comment_message.is_set() || message.enc_comment_message.is_set(), "comment"),
        (message.placeholder_message.is_set(), "placeholder"),
        (message.limit_sharing_message.is_set(), "limit sharing"),
        (message.sender_key_distribution_message.is_set(), "sender key"),
    ];
    kinds.into_iter().find(|(set, _)| *set).map_or("unknown", |(_, kind)| kind)
}

fn is_call(message: &Message) -> bool {
    message.call.is_set()
        || message.call_log_messsage.is_set()
        || message.bcall_message.is_set()
        || message.scheduled_call_creation_message.is_set()
        || message.scheduled_call_edit_message.is_set()
}
