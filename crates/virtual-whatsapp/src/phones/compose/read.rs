//! What a decrypted message says to a reader.

use waproto::whatsapp as wa;

use super::{Kind, Wrapper};
use crate::truth::{Body, MessageId};

/// Wrappers within wrappers that are opened.
const DEEPEST: usize = 64;

/// What a decrypted message says; `None` for keys and other housekeeping.
pub(crate) fn read(message: &wa::Message) -> Option<Body> {
    said(inside(message))
}

/// The message that a text quotes.
pub(crate) fn quoted(message: &wa::Message) -> Option<MessageId> {
    let text = inside(message).extended_text_message.as_option()?;
    text.context_info.as_option()?.stanza_id.clone()
}

fn inside(message: &wa::Message) -> &wa::Message {
    let mut inner = message;
    for _ in 0..DEEPEST {
        let sent = inner.device_sent_message.as_option().map(|sent| sent.message.as_option());
        match sent.unwrap_or_else(|| Wrapper::inside(inner)) {
            Some(next) => inner = next,
            None => break,
        }
    }
    inner
}

fn said(message: &wa::Message) -> Option<Body> {
    if let Some(protocol) = message.protocol_message.as_option() {
        return protocol_said(protocol);
    }
    if let Some(reaction) = message.reaction_message.as_option() {
        let to = reaction.key.as_option().and_then(|k| k.id.clone()).unwrap_or_default();
        return Some(Body::Reaction { to, emoji: reaction.text.clone().unwrap_or_default() });
    }
    let long = message.extended_text_message.as_option().and_then(|m| m.text.clone());
    if let Some(text) = message.conversation.clone().filter(|t| !t.is_empty()).or(long) {
        return Some(Body::Text { text });
    }
    if let Some(image) = message.image_message.as_option() {
        return Some(Body::Image { caption: image.caption.clone().unwrap_or_default() });
    }
    if let Some(audio) = message.audio_message.as_option().filter(|audio| audio.ptt == Some(true)) {
        return Some(Body::Voice { seconds: audio.seconds.unwrap_or_default() });
    }
    if let Some((kind, text)) = named(message) {
        return Some(Body::Other { what: kind.name().to_owned(), text });
    }
    let only_keys = message.sender_key_distribution_message.as_option().is_some()
        || message.message_context_info.as_option().is_some();
    (!only_keys).then(|| Body::Other { what: "message".to_owned(), text: String::new() })
}

/// The kind of anything else, with its words.
fn named(m: &wa::Message) -> Option<(Kind, String)> {
    let own = |text: &Option<String>| text.clone().unwrap_or_default();
    macro_rules! first {
        ($($field:ident $kind:ident $words:expr;)+) => {
            $(if let Some(it) = m.$field.as_option() {
                let words: fn(_) -> String = $words;
                return Some((Kind::$kind, words(it)));
            })+
        };
    }
    if let Some(video) = m.video_message.as_option() {
        let kind = if video.gif_playback == Some(true) { Kind::Gif } else { Kind::Video };
        return Some((kind, own(&video.caption)));
    }
    if let Some(poll) = m.poll_creation_message_v3.as_option().or(m.poll_creation_message.as_option()) {
        return Some((Kind::Poll, own(&poll.name)));
    }
    if let Some(reply) = m.buttons_response_message.as_option() {
        let text = match &reply.response {
            Some(wa::message::buttons_response_message::Response::SelectedDisplayText(text)) => text.clone(),
            None => own(&reply.selected_button_id),
        };
        return Some((Kind::ButtonsReply, text));
    }
    first! {
        audio_message Audio |_: &wa::message::AudioMessage| String::new();
        ptv_message VideoNote |_: &wa::message::VideoMessage| String::new();
        document_message Document |it: &wa::message::DocumentMessage| it.file_name.clone().unwrap_or_default();
        sticker_message Sticker |_: &wa::message::StickerMessage| String::new();
        sticker_pack_message StickerPack |it: &wa::message::StickerPackMessage| it.name.clone().unwrap_or_default();
        album_message Album |_: &wa::message::AlbumMessage| String::new();
        location_message Location |it: &wa::message::LocationMessage| it.name.clone().unwrap_or_default();
        live_location_message LiveLocation |it: &wa::message::LiveLocationMessage| it.caption.clone().unwrap_or_default();
        contact_message Contact |it: &wa::message::ContactMessage| it.display_name.clone().unwrap_or_default();
        contacts_array_message Contacts |it: &wa::message::ContactsArrayMessage| it.display_name.clone().unwrap_or_default();
        poll_update_message PollVote |_: &wa::message::PollUpdateMessage| String::new();
        event_message Event |it: &wa::message::EventMessage| it.name.clone().unwrap_or_default();
        enc_event_response_message EventAnswer |_: &wa::message::EncEventResponseMessage| String::new();
        list_response_message ListReply |it: &wa::message::ListResponseMessage| it.title.clone().unwrap_or_default();
        template_button_reply_message TemplateReply |it: &wa::message::TemplateButtonReplyMessage| it.selected_display_text.clone().unwrap_or_default();
        interactive_response_message NativeFlowReply |it: &wa::message::InteractiveResponseMessage| it.body.as_option().and_then(|b| b.text.clone()).unwrap_or_default();
        buttons_message Buttons |it: &wa::message::ButtonsMessage| it.content_text.clone().unwrap_or_default();
        list_message List |it: &wa::message::ListMessage| it.description.clone().unwrap_or_default();
        template_message Template |_: &wa::message::TemplateMessage| String::new();
        order_message Order |it: &wa::message::OrderMessage| it.message.clone().unwrap_or_default();
        product_message Product |it: &wa::message::ProductMessage| it.body.clone().unwrap_or_default();
        request_payment_message PaymentRequest |_: &wa::message::RequestPaymentMessage| String::new();
        send_payment_message Payment |_: &wa::message::SendPaymentMessage| String::new();
        payment_invite_message PaymentInvitation |_: &wa::message::PaymentInviteMessage| String::new();
        invoice_message Invoice |it: &wa::message::InvoiceMessage| it.note.clone().unwrap_or_default();
        group_invite_message GroupInvitation |it: &wa::message::GroupInviteMessage| it.group_name.clone().unwrap_or_default();
        pin_in_chat_message Pin |_: &wa::message::PinInChatMessage| String::new();
        keep_in_chat_message Keep |_: &wa::message::KeepInChatMessage| String::new();
        comment_message Comment |_: &wa::message::CommentMessage| String::new();
        call_log_messsage CallLog |_: &wa::message::CallLogMessage| String::new();
        request_phone_number_message RequestNumber |_: &wa::message::RequestPhoneNumberMessage| String::new();
    }
    None
}

fn protocol_said(protocol: &wa::message::ProtocolMessage) -> Option<Body> {
    use wa::message::protocol_message::Type;
    let of = protocol.key.as_option().and_then(|k| k.id.clone()).unwrap_or_default();
    match protocol.r#type {
        // The wire leaves out the first value of an enum.
        None | Some(Type::REVOKE) if !of.is_empty() => Some(Body::Delete { of }),
        Some(Type::MESSAGE_EDIT) => {
            let text = match protocol.edited_message.as_option().and_then(read) {
                Some(Body::Text { text } | Body::Image { caption: text } | Body::Other { text, .. }) => text,
                _ => String::new(),
            };
            Some(Body::Edit { of, text })
        }
        Some(Type::EPHEMERAL_SETTING) => Some(Body::Other {
            what: Kind::Disappearing.name().to_owned(),
            text: protocol.ephemeral_expiration.unwrap_or_default().to_string(),
        }),
        _ => None,
    }
}
