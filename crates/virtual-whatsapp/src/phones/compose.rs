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

/// An image that nobody can fetch: there is no media store.
pub(crate) fn image(caption: &str, key: [u8; 32]) -> Said {
    let path = format!("/v/t62.7118-24/{}.enc", hex(&key[..8]));
    let image = wa::message::ImageMessage {
        url: Some(format!("https://mmg.whatsapp.invalid{path}")),
        direct_path: Some(path),
        mimetype: Some("image/jpeg".to_owned()),
        caption: Some(caption.to_owned()),
        media_key: Some(key.to_vec()),
        file_sha256: Some(key.to_vec()),
        file_enc_sha256: Some(key.to_vec()),
        file_length: Some(48_000),
        width: Some(800),
        height: Some(600),
        ..Default::default()
    };
    let message = wa::Message { image_message: buffa::MessageField::some(image), ..Default::default() };
    Said { message, envelope: Envelope::Image, body: Body::Image { caption: caption.to_owned() } }
}

/// A voice note that nobody can fetch.
pub(crate) fn voice(seconds: u32, key: [u8; 32]) -> Said {
    let path = format!("/v/t62.7117-24/{}.enc", hex(&key[..8]));
    let audio = wa::message::AudioMessage {
        url: Some(format!("https://mmg.whatsapp.invalid{path}")),
        direct_path: Some(path),
        mimetype: Some("audio/ogg; codecs=opus".to_owned()),
        ptt: Some(true),
        seconds: Some(seconds),
        media_key: Some(key.to_vec()),
        file_sha256: Some(key.to_vec()),
        file_enc_sha256: Some(key.to_vec()),
        file_length: Some(u64::from(seconds) * 2_000),
        ..Default::default()
    };
    let message = wa::Message { audio_message: buffa::MessageField::some(audio), ..Default::default() };
    Said { message, envelope: Envelope::Voice, body: Body::Voice { seconds } }
}

/// Which message something is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About<'a> {
    /// The chat, as an address.
    pub(crate) chat: &'a str,
    pub(crate) id: &'a str,
    /// The message was written by whoever says this about it.
    pub(crate) own: bool,
    /// Who wrote it, in groups.
    pub(crate) participant: Option<&'a str>,
}

impl About<'_> {
    fn key(self) -> buffa::MessageField<wa::MessageKey> {
        buffa::MessageField::some(wa::MessageKey {
            remote_jid: Some(self.chat.to_owned()),
            from_me: Some(self.own),
            id: Some(self.id.to_owned()),
            participant: self.participant.map(ToOwned::to_owned),
        })
    }
}

/// An emoji on a message; an empty one takes it back.
pub(crate) fn reaction(about: About<'_>, emoji: &str, now_ms: i64) -> Said {
    let reaction = wa::message::ReactionMessage {
        key: about.key(),
        text: Some(emoji.to_owned()),
        sender_timestamp_ms: Some(now_ms),
        ..Default::default()
    };
    let message = wa::Message { reaction_message: buffa::MessageField::some(reaction), ..Default::default() };
    let body = Body::Reaction { to: about.id.to_owned(), emoji: emoji.to_owned() };
    Said { message, envelope: Envelope::Reaction, body }
}

/// Another text for a message.
pub(crate) fn edit(about: About<'_>, new_text: &str, now_ms: i64) -> Said {
    let protocol = wa::message::ProtocolMessage {
        key: about.key(),
        r#type: Some(wa::message::protocol_message::Type::MESSAGE_EDIT),
        edited_message: buffa::MessageField::some(text(new_text).message),
        timestamp_ms: Some(now_ms),
        ..Default::default()
    };
    let message = wa::Message { protocol_message: buffa::MessageField::some(protocol), ..Default::default() };
    let body = Body::Edit { of: about.id.to_owned(), text: new_text.to_owned() };
    Said { message, envelope: Envelope::Edit, body }
}

/// A message taken back for everyone.
pub(crate) fn delete(about: About<'_>) -> Said {
    let protocol = wa::message::ProtocolMessage {
        key: about.key(),
        r#type: Some(wa::message::protocol_message::Type::REVOKE),
        ..Default::default()
    };
    let message = wa::Message { protocol_message: buffa::MessageField::some(protocol), ..Default::default() };
    Said { message, envelope: Envelope::Delete, body: Body::Delete { of: about.id.to_owned() } }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
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
        Some(Type::REVOKE) => Some(Body::Delete { of }),
        Some(Type::MESSAGE_EDIT) => {
            let text = match protocol.edited_message.as_option().and_then(read) {
                Some(Body::Text { text }) => text,
                _ => String::new(),
            };
            Some(Body::Edit { of, text })
        }
        _ => None,
    }
}
