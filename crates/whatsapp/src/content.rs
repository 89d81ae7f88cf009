//! What a message holds, for a bot: text, something else a customer sent, or nothing that wants an answer.

use whatsapp_rust::{
    wacore::types::message::EditAttribute,
    waproto::whatsapp::{
        Message,
        message::{
            ButtonsResponseMessage, FutureProofMessage, InteractiveResponseMessage, ListResponseMessage,
            ProtocolMessage, buttons_response_message::Response, protocol_message,
        },
    },
};
use worker::channel::Content;

/// Wrappers within wrappers that are opened. The official clients nest two or three.
const DEEPEST: usize = 8;

/// What a message holds. `edit` is what its envelope says.
pub(crate) fn content(message: &Message, edit: &EditAttribute) -> Content {
    match edit {
        EditAttribute::Empty | EditAttribute::Unknown(_) => {}
        EditAttribute::MessageEdit | EditAttribute::AdminEdit => return Content::Protocol("edit"),
        EditAttribute::PinInChat => return Content::Protocol("pin"),
        // An emptied reaction comes under this name too.
        EditAttribute::SenderRevoke | EditAttribute::AdminRevoke => return Content::Protocol("delete"),
    }
    let mut inner = message;
    for _ in 0..DEEPEST {
        if inner.edited_message.is_set() {
            return Content::Protocol("edit");
        }
        match unwrapped(inner) {
            Some(next) => inner = next,
            None => break,
        }
    }
    text(inner)
        .map(Content::Text)
        .or_else(|| media(inner))
        .unwrap_or_else(|| Content::Protocol(protocol(inner)))
}

/// What lies one wrapper further in.
fn unwrapped(message: &Message) -> Option<&Message> {
    if let Some(sent) = message.device_sent_message.as_option() {
        return sent.message.as_option();
    }
    let wrappers: [Option<&FutureProofMessage>; 12] = [
        message.ephemeral_message.as_option(),
        message.view_once_message.as_option(),
        message.view_once_message_v2.as_option(),
        message.view_once_message_v2_extension.as_option(),
        message.document_with_caption_message.as_option(),
        message.group_mentioned_message.as_option(),
        message.associated_child_message.as_option(),
        message.bot_invoke_message.as_option(),
        message.bot_forwarded_message.as_option(),
        message.spoiler_message.as_option(),
        message.question_message.as_option(),
        message.question_reply_message.as_option(),
    ];
    wrappers.into_iter().flatten().next().and_then(|wrapper| wrapper.message.as_option())
}

/// Text that a person wrote, or chose by a button or from a list.
fn text(message: &Message) -> Option<String> {
    if let Some(text) = &message.conversation {
        return Some(text.clone());
    }
    if let Some(extended) = message.extended_text_message.as_option() {
        return Some(extended.text.clone().unwrap_or_default());
    }
    if let Some(response) = message.buttons_response_message.as_option() {
        return button(response);
    }
    if let Some(response) = message.template_button_reply_message.as_option() {
        return response.selected_display_text.clone().or_else(|| response.selected_id.clone());
    }
    if let Some(response) = message.list_response_message.as_option() {
        return list(response);
    }
    message.interactive_response_message.as_option().and_then(interactive)
}

fn button(response: &ButtonsResponseMessage) -> Option<String> {
    match &response.response {
        Some(Response::SelectedDisplayText(text)) => Some(text.clone()),
        None => response.selected_button_id.clone(),
    }
}

fn list(response: &ListResponseMessage) -> Option<String> {
    let row = || response.single_select_reply.as_option().and_then(|reply| reply.selected_row_id.clone());
    response.title.clone().filter(|title| !title.is_empty()).or_else(row)
}

fn interactive(response: &InteractiveResponseMessage) -> Option<String> {
    response.body.as_option().and_then(|body| body.text.clone())
}

/// Something a person sent that is no text.
fn media(message: &Message) -> Option<Content> {
    let found = |kind, caption: Option<&String>| {
        let caption = caption.filter(|caption| !caption.is_empty()).cloned();
        Some(Content::Media { kind, caption })
    };
    if let Some(image) = message.image_message.as_option() {
        return found("image", image.caption.as_ref());
    }
    if let Some(video) = message.video_message.as_option() {
        return found("video", video.caption.as_ref());
    }
    if let Some(document) = message.document_message.as_option() {
        return found("document", document.caption.as_ref());
    }
    if let Some(audio) = message.audio_message.as_option() {
        return found(if audio.ptt == Some(true) { "voice" } else { "audio" }, None);
    }
    if let Some(location) = message.live_location_message.as_option() {
        return found("live location", location.caption.as_ref());
    }
    if let Some(product) = message.product_message.as_option() {
        return found("product", product.body.as_ref());
    }
    if let Some(order) = message.order_message.as_option() {
        return found("order", order.message.as_ref());
    }
    if let Some(invitation) = message.group_invite_message.as_option() {
        return found("group invitation", invitation.caption.as_ref());
    }
    let kinds = [
        (message.ptv_message.is_set(), "video note"),
        (message.sticker_message.is_set() || message.lottie_sticker_message.is_set(), "sticker"),
        (message.sticker_pack_message.is_set(), "sticker pack"),
        (message.location_message.is_set(), "location"),
        (message.contact_message.is_set() || message.contacts_array_message.is_set(), "contact"),
        (is_poll(message), "poll"),
        (message.event_message.is_set() || message.event_invite_message.is_set(), "event"),
        (message.request_payment_message.is_set() || message.send_payment_message.is_set(), "payment"),
        (message.invoice_message.is_set() || message.payment_invite_message.is_set(), "payment"),
        (is_template(message), "template"),
    ];
    kinds.into_iter().find(|(set, _)| *set).and_then(|(_, kind)| found(kind, None))
}

fn is_poll(message: &Message) -> bool {
    message.poll_creation_message.is_set()
        || message.poll_creation_message_v2.is_set()
        || message.poll_creation_message_v3.is_set()
        || message.poll_creation_message_v4.is_set()
        || message.poll_creation_message_v5.is_set()
        || message.poll_creation_message_v6.is_set()
}

/// Messages with buttons and the like, which only businesses send.
fn is_template(message: &Message) -> bool {
    message.template_message.is_set()
        || message.buttons_message.is_set()
        || message.list_message.is_set()
        || message.interactive_message.is_set()
        || message.highly_structured_message.is_set()
}

/// What wants no answer, by name.
fn protocol(message: &Message) -> &'static str {
    if let Some(protocol) = message.protocol_message.as_option() {
        return protocol_kind(protocol);
    }
    let kinds = [
        (message.reaction_message.is_set() || message.enc_reaction_message.is_set(), "reaction"),
        (message.poll_update_message.is_set() || message.poll_add_option_message.is_set(), "poll vote"),
        (message.secret_encrypted_message.is_set(), "edit"),
        (message.enc_event_response_message.is_set(), "event answer"),
        (message.pin_in_chat_message.is_set(), "pin"),
        (message.keep_in_chat_message.is_set(), "keep"),
        (message.album_message.is_set(), "album"),
        (
            message.call.is_set() || message.call_log_messsage.is_set() || message.bcall_message.is_set(),
            "call",
        ),
        (message.comment_message.is_set() || message.enc_comment_message.is_set(), "comment"),
        (message.placeholder_message.is_set(), "placeholder"),
        (message.sender_key_distribution_message.is_set(), "sender key"),
    ];
    kinds.into_iter().find(|(set, _)| *set).map_or("unknown", |(_, kind)| kind)
}

fn protocol_kind(message: &ProtocolMessage) -> &'static str {
    match message.r#type {
        // The wire leaves out the first value of the enum.
        None | Some(protocol_message::Type::REVOKE) => "delete",
        Some(protocol_message::Type::MESSAGE_EDIT) => "edit",
        Some(protocol_message::Type::EPHEMERAL_SETTING) => "disappearing messages",
        Some(_) => "protocol",
    }
}

#[cfg(test)]
mod tests;
