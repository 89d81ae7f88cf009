//! Messages in their protobuf and the marks that their stanzas carry.

use waproto::whatsapp as wa;

use crate::truth::Body;

/// What a stanza says about the message in it, for those who cannot read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Envelope {
    Text,
    Image,
    Voice,
    Reaction,
    Edit,
    Delete,
}

impl Envelope {
    /// `message{type}`.
    pub(crate) const fn stanza_type(self) -> &'static str {
        match self {
            Self::Text | Self::Edit | Self::Delete => "text",
            Self::Image | Self::Voice => "media",
            Self::Reaction => "reaction",
        }
    }

    /// `enc{mediatype}`.
    pub(crate) const fn media_type(self) -> Option<&'static str> {
        match self {
            Self::Image => Some("image"),
            Self::Voice => Some("ptt"),
            _ => None,
        }
    }

    /// `message{edit}`: 1 for an edit, 7 for a deletion by its sender.
    pub(crate) const fn edit(self) -> Option<&'static str> {
        match self {
            Self::Edit => Some("1"),
            Self::Delete => Some("7"),
            _ => None,
        }
    }

    /// A failure to decrypt is not to be shown to the reader.
    pub(crate) const fn hidden_failure(self) -> bool {
        matches!(self, Self::Reaction | Self::Edit | Self::Delete)
    }
}

/// A message ready to be sealed.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub(crate) message: wa::Message,
    pub(crate) envelope: Envelope,
    pub(crate) body: Body,
}

/// A plain text.
pub(crate) fn text(text: &str) -> Said {
    let message = wa::Message { conversation: Some(text.to_owned()), ..Default::default() };
    Said { message, envelope: Envelope::Text, body: Body::Text { text: text.to_owned() } }
}

/// What a decrypted message says to a reader; `None` for keys and other housekeeping.
pub(crate) fn read(message: &wa::Message) -> Option<Body> {
    if let Some(sent) = message.device_sent_message.as_option() {
        return sent.message.as_option().and_then(read);
    }
    if let Some(inner) = message.ephemeral_message.as_option().and_then(|m| m.message.as_option()) {
        return read(inner);
    }
    let long = message.extended_text_message.as_option().and_then(|m| m.text.clone());
    if let Some(text) = message.conversation.clone().filter(|t| !t.is_empty()).or(long) {
        return Some(Body::Text { text });
    }
    if let Some(image) = message.image_message.as_option() {
        return Some(Body::Image { caption: image.caption.clone().unwrap_or_default() });
    }
    if let Some(audio) = message.audio_message.as_option() {
        return Some(Body::Voice { seconds: audio.seconds.unwrap_or_default() });
    }
    if let Some(reaction) = message.reaction_message.as_option() {
        let to = reaction.key.as_option().and_then(|k| k.id.clone()).unwrap_or_default();
        return Some(Body::Reaction { to, emoji: reaction.text.clone().unwrap_or_default() });
    }
    if let Some(protocol) = message.protocol_message.as_option() {
        return read_protocol(protocol);
    }
    let only_keys = message.sender_key_distribution_message.as_option().is_some();
    (!only_keys).then(|| Body::Other { what: "message".to_owned() })
}

fn read_protocol(protocol: &wa::message::ProtocolMessage) -> Option<Body> {
    use wa::message::protocol_message::Type;
    let of = protocol.key.as_option().and_then(|k| k.id.clone()).unwrap_or_default();
    match protocol.r#type {
        Some(kind) if kind == Type::REVOKE => Some(Body::Delete { of }),
        Some(kind) if kind == Type::MESSAGE_EDIT => {
            let text = match protocol.edited_message.as_option().and_then(read) {
                Some(Body::Text { text }) => text,
                _ => String::new(),
            };
            Some(Body::Edit { of, text })
        }
        _ => None,
    }
}
