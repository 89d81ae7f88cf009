//! What a person sent that is no text, by name, with the text beneath it.

use waproto::whatsapp::Message;

use crate::{Content, first_that_shows};

/// Something a person sent that is no text.
pub(crate) fn media(message: &Message) -> Option<Content> {
    let found = |kind, caption: Option<&str>| {
        Some(Content::Media { kind, caption: first_that_shows([caption]).map(str::to_owned) })
    };
    if let Some(image) = message.image_message.as_option() {
        return found("image", image.caption.as_deref());
    }
    if let Some(video) = message.video_message.as_option() {
        return found("video", video.caption.as_deref());
    }
    if let Some(document) = message.document_message.as_option() {
        return found("document", document.caption.as_deref());
    }
    if let Some(audio) = message.audio_message.as_option() {
        return found(if audio.ptt == Some(true) { "voice" } else { "audio" }, None);
    }
    if let Some(location) = message.live_location_message.as_option() {
        return found("live location", location.caption.as_deref());
    }
    if let Some(product) = message.product_message.as_option() {
        return found("product", product.body.as_deref());
    }
    if let Some(order) = message.order_message.as_option() {
        return found("order", order.message.as_deref());
    }
    if let Some(invitation) = message.group_invite_message.as_option() {
        return found("group invitation", invitation.caption.as_deref());
    }
    plain(message).and_then(|kind| found(kind, None))
}

/// Kinds that bring no text.
fn plain(message: &Message) -> Option<&'static str> {
    let kinds = [
        (message.ptv_message.is_set(), "video note"),
        (message.sticker_message.is_set() || message.lottie_sticker_message.is_set(), "sticker"),
        (message.sticker_pack_message.is_set(), "sticker pack"),
        (message.location_message.is_set(), "location"),
        (message.contact_message.is_set() || message.contacts_array_message.is_set(), "contact"),
        (is_poll(message), "poll"),
        (message.event_message.is_set() || message.event_invite_message.is_set(), "event"),
        (is_payment(message), "payment"),
        (message.newsletter_admin_invite_message.is_set(), "channel invitation"),
        (message.newsletter_follower_invite_message_v2.is_set(), "channel invitation"),
        (is_template(message), "template"),
    ];
    kinds.into_iter().find(|(set, _)| *set).map(|(_, kind)| kind)
}

fn is_poll(message: &Message) -> bool {
    message.poll_creation_message.is_set()
        || message.poll_creation_message_v2.is_set()
        || message.poll_creation_message_v3.is_set()
        || message.poll_creation_message_v4.is_set()
        || message.poll_creation_message_v5.is_set()
        || message.poll_creation_message_v6.is_set()
}

fn is_payment(message: &Message) -> bool {
    message.request_payment_message.is_set()
        || message.send_payment_message.is_set()
        || message.invoice_message.is_set()
        || message.payment_invite_message.is_set()
        || message.split_payment_message.is_set()
        || message.payment_reminder_message.is_set()
}

/// Messages with buttons and the like, which only businesses send.
fn is_template(message: &Message) -> bool {
    message.template_message.is_set()
        || message.buttons_message.is_set()
        || message.list_message.is_set()
        || message.interactive_message.is_set()
        || message.highly_structured_message.is_set()
}
