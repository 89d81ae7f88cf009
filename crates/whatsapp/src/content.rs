//! What a message holds, as the worker wants it; the crate `content` finds it.

use content::{Envelope, Held};
use whatsapp_rust::{wacore::types::message::EditAttribute, waproto::whatsapp::Message};
use worker::channel::Content;

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
