//! What a message holds, for a bot: text, something else a customer sent, a correction, or nothing that wants an answer.
//!
//! Strangers write these bytes. Nothing here panics, follows a link, opens a file or trusts a name; whatever a message
//! is, it comes to exactly one [`Held`]. Small on purpose: it is what `fuzz/fuzz_targets/message_content.rs` builds.

mod choice;
mod media;
mod protocol;
mod wrapper;

use buffa::Message as _;
use waproto::whatsapp::{Message, message_association::AssociationType};

pub use choice::first_that_shows;

/// Wrappers within wrappers that are opened: more than any client nests, and more than the decoder's own bound (a
/// hundred messages in each other) lets through in bytes.
const DEEPEST: usize = 64;

/// What the envelope of a message says of it, before it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Envelope {
    /// Nothing.
    #[default]
    Plain,
    /// It replaces the text of an earlier one.
    Edit,
    /// It pins an earlier one, or takes the pin out.
    Pin,
    /// It takes an earlier one back; an emptied reaction comes under this name too.
    Delete,
}

/// What a message holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Text that a person wrote, or chose by a button or from a list.
    Text(String),
    /// Something else a person sent, by name: `image`, `voice`, `location`, ….
    Media {
        /// What it is.
        kind: &'static str,
        /// The text beneath it, where it holds something.
        caption: Option<String>,
    },
    /// A person corrects what they wrote.
    Edited {
        /// WhatsApp's id of the message that is corrected, where it is named.
        of: Option<String>,
        /// Its new text or caption, where it has one.
        text: Option<String>,
    },
    /// A person takes back what they wrote.
    Deleted {
        /// WhatsApp's id of the message that is taken back, where it is named.
        of: Option<String>,
    },
    /// What is no message of a person and wants no answer, by name.
    Protocol(&'static str),
}

/// A message as it is handed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// What it holds.
    pub content: Content,
    /// WhatsApp's id of the message that announced the album of which this is a part.
    pub album: Option<String>,
}

/// Bytes that are no message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are no message: {0}")]
pub struct NotAMessage(String);

/// What the bytes of a decrypted message hold.
///
/// # Errors
/// Where they are no message at all.
pub fn from_bytes(bytes: &[u8], envelope: Envelope) -> Result<Held, NotAMessage> {
    let message = Message::decode_from_slice(bytes).map_err(|error| NotAMessage(error.to_string()))?;
    Ok(read(&message, envelope))
}

/// What a message holds.
#[must_use]
pub fn read(message: &Message, envelope: Envelope) -> Held {
    let content = match envelope {
        Envelope::Plain => open(message, DEEPEST),
        Envelope::Edit => corrected(message),
        Envelope::Pin => Content::Protocol("pin"),
        Envelope::Delete => protocol::taken_back(message),
    };
    let album = matches!(content, Content::Media { .. }).then(|| album(message, DEEPEST)).flatten();
    Held { content, album }
}

/// Looks into the wrappers of a message first, in order, then at the message itself; the first that holds something
/// counts, since a field that is there and empty says nothing.
fn open(message: &Message, deeper: usize) -> Content {
    if let Some(edited) = protocol::edit(message, deeper) {
        return edited;
    }
    if second_copy(message) {
        return Content::Protocol("second copy");
    }
    let mut inside = None;
    if deeper > 0 {
        for inner in wrapper::inner(message).into_iter().flatten() {
            match open(inner, deeper - 1) {
                Content::Protocol("unknown") => {}
                // An empty text may still stand beside something.
                Content::Text(text) if first_that_shows([Some(text.as_str())]).is_none() => {
                    inside.get_or_insert(Content::Text(text));
                }
                found => return found,
            }
        }
    }
    if let Some(text) = choice::text(message) {
        return Content::Text(text);
    }
    if let Some(media) = media::media(message) {
        return media;
    }
    if let Some(inside) = inside {
        return inside;
    }
    if choice::has_text_field(message) {
        return Content::Text(String::new());
    }
    Content::Protocol(protocol::name(message))
}

/// What stands in place of an earlier message, whose envelope says that it does.
fn corrected(message: &Message) -> Content {
    match open(message, DEEPEST) {
        edited @ Content::Edited { .. } => edited,
        Content::Text(text) => Content::Edited { of: None, text: Some(text) },
        Content::Media { caption, .. } => Content::Edited { of: None, text: caption },
        Content::Deleted { .. } | Content::Protocol(_) => Content::Edited { of: None, text: None },
    }
}

/// Whether a message is the same picture or film once more, in another quality.
fn second_copy(message: &Message) -> bool {
    use AssociationType as Kind;
    association(message).is_some_and(|(kind, _)| {
        matches!(
            kind,
            Kind::HD_VIDEO_DUAL_UPLOAD
                | Kind::HD_IMAGE_DUAL_UPLOAD
                | Kind::HEVC_VIDEO_DUAL_UPLOAD
                | Kind::MOTION_PHOTO
        )
    })
}

/// Of which album a message is a part; the mark stands outside or inside its wrappers.
fn album(message: &Message, deeper: usize) -> Option<String> {
    if let Some((AssociationType::MEDIA_ALBUM, parent)) = association(message) {
        return parent;
    }
    if deeper == 0 {
        return None;
    }
    wrapper::inner(message).into_iter().flatten().find_map(|inner| album(inner, deeper - 1))
}

fn association(message: &Message) -> Option<(AssociationType, Option<String>)> {
    let association = message.message_context_info.as_option()?.message_association.as_option()?;
    let parent = association.parent_message_key.as_option().and_then(|key| key.id.clone());
    Some((association.association_type?, parent.filter(|id| !id.is_empty())))
}
