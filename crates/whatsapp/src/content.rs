//! What a message holds, as the worker wants it; the crate `content` finds it.

use buffa::MessageField;
use content::{Envelope, Held};
use whatsapp_rust::{
    Jid,
    wacore::types::message::EditAttribute,
    waproto::whatsapp::{ContextInfo, Message, message::ExtendedTextMessage},
};
use worker::channel::{Content, Quote};

/// What a message holds, and of which album it is a part. `edit` is what its envelope says.
pub(crate) fn content(message: &Message, edit: &EditAttribute) -> (Content, Option<String>) {
    let envelope = match edit {
        EditAttribute::Empty | EditAttribute::Unknown(_) => Envelope::Plain,
        EditAttribute::MessageEdit | EditAttribute::AdminEdit => Envelope::Edit,
        EditAttribute::PinInChat => Envelope::Pin,
        EditAttribute::SenderRevoke | EditAttribute::AdminRevoke => Envelope::Delete,
    };
    let Held { content, album } = content::read(message, envelope);
    let content = match content {
        content::Content::Text(text) => Content::Text(text),
        content::Content::Media { kind, caption } => Content::Media { kind, caption },
        content::Content::Edited { of, text } => Content::Edited { of, text },
        content::Content::Deleted { of } => Content::Deleted { of },
        content::Content::Protocol(kind) => Content::Protocol(kind),
    };
    (content, album)
}

/// A text, with the message of its receiver that it quotes.
pub(crate) fn text_message(text: &str, quote: Option<(&Quote, &Jid)>) -> Message {
    let text = text.to_owned();
    let Some((quote, author)) = quote else {
        return Message { conversation: Some(text), ..Message::default() };
    };
    let said = Message { conversation: Some(quote.text.clone()), ..Message::default() };
    let context = ContextInfo {
        stanza_id: Some(quote.id.clone()),
        participant: Some(author.to_non_ad().to_string()),
        quoted_message: MessageField::some(said),
        ..ContextInfo::default()
    };
    let text = ExtendedTextMessage {
        text: Some(text),
        context_info: MessageField::some(context),
        ..ExtendedTextMessage::default()
    };
    Message { extended_text_message: MessageField::some(text), ..Message::default() }
}
