//! Messages in their protobuf: a draft becomes what a phone of an official app would send.

mod cards;
mod choices;
mod draft;
mod kind;
mod media;
mod notes;
mod offers;
mod read;
mod text;

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use buffa::Message as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use waproto::whatsapp as wa;

pub use draft::{Draft, Wrapper};
pub use kind::Kind;
pub(crate) use read::{quoted, read};

use super::PhoneError;
use crate::media::{self as store, FileKind};
use crate::truth::Body;
use crate::world::{Account, World};

/// A field that is set.
fn one<T: Default>(value: T) -> buffa::MessageField<T> {
    buffa::MessageField::some(value)
}

/// A message ready to be sealed.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    /// The encoded message; for a raw draft whatever it is.
    pub(crate) bytes: Vec<u8>,
    pub(crate) kind: Kind,
    pub(crate) body: Body,
    /// For a notice of something that linked devices do not get: of what.
    pub(crate) unavailable: Option<String>,
}

/// Which message something is about.
#[derive(Debug, Clone)]
pub(crate) struct About {
    pub(crate) id: String,
    /// The message was written by whoever says this about it.
    pub(crate) own: bool,
    /// Who wrote it, in groups: an address.
    pub(crate) participant: Option<String>,
    /// What it said.
    pub(crate) body: Body,
}

/// What a message is composed with.
pub(crate) struct Composer<'a> {
    pub(crate) world: &'a World,
    pub(crate) me: &'a Arc<Account>,
    pub(crate) draft: &'a Draft,
    /// The chat, as an address.
    pub(crate) chat: String,
    pub(crate) about: Option<About>,
    /// The id that the message will have.
    pub(crate) own_id: &'a str,
}

/// A file in the media store and what its reader needs.
struct Filed {
    url: String,
    path: String,
    mime: String,
    key: Vec<u8>,
    sha256: Vec<u8>,
    sealed_sha256: Vec<u8>,
    length: u64,
}

impl Composer<'_> {
    /// Makes the message.
    pub(crate) fn compose(mut self) -> Result<Said, PhoneError> {
        let kind = self.draft.kind;
        if kind == Kind::Raw {
            let bytes = self.given()?.unwrap_or_default();
            let message = wa::Message::decode_from_slice(&bytes).ok();
            let other = || Body::Other { what: "raw".to_owned(), text: String::new() };
            let body = message.as_ref().and_then(read).unwrap_or_else(other);
            return Ok(Said { bytes, kind, body, unavailable: None });
        }
        self.given()?;
        let mut message = (kind.row().make)(&mut self);
        for wrapper in self.draft.wrap.iter().rev() {
            message = wrapper.around(message);
        }
        let unavailable = (kind == Kind::Unavailable)
            .then(|| self.draft.text.clone().unwrap_or_else(|| "view_once".to_owned()));
        let body = match &unavailable {
            Some(text) => Body::Other { what: kind.name().to_owned(), text: text.clone() },
            None => read(&message)
                .unwrap_or_else(|| Body::Other { what: kind.name().to_owned(), text: String::new() }),
        };
        Ok(Said { bytes: message.encode_to_vec(), kind, body, unavailable })
    }

    /// The bytes that the draft brings along.
    fn given(&self) -> Result<Option<Vec<u8>>, PhoneError> {
        let Some(file) = &self.draft.file else { return Ok(None) };
        let decoded = BASE64_STANDARD.decode(file).map_err(|_| PhoneError::NotBase64)?;
        if decoded.len() > self.world.options.limits.media_file {
            return Err(PhoneError::FileTooLarge(self.world.options.limits.media_file));
        }
        Ok(Some(decoded))
    }

    fn text(&self, otherwise: &str) -> String {
        self.draft.text.clone().unwrap_or_else(|| otherwise.to_owned())
    }

    fn name(&self, otherwise: &str) -> String {
        self.draft.name.clone().unwrap_or_else(|| otherwise.to_owned())
    }

    fn id(&self, otherwise: &str) -> String {
        self.draft.id.clone().unwrap_or_else(|| otherwise.to_owned())
    }

    fn options(&self, otherwise: &[&str]) -> Vec<String> {
        if self.draft.options.is_empty() {
            return otherwise.iter().map(|&option| option.to_owned()).collect();
        }
        self.draft.options.clone()
    }

    fn now_ms(&self) -> i64 {
        i64::try_from(self.world.clock.now_ms()).unwrap_or(i64::MAX)
    }

    fn now_s(&self) -> i64 {
        self.now_ms() / 1000
    }

    fn about_id(&self) -> String {
        self.about.as_ref().map(|about| about.id.clone()).unwrap_or_default()
    }

    /// The key of the message that this one is about.
    fn key(&self) -> buffa::MessageField<wa::MessageKey> {
        let about = self.about.as_ref();
        one(wa::MessageKey {
            remote_jid: Some(self.chat.clone()),
            from_me: Some(about.is_none_or(|about| about.own)),
            id: Some(self.about_id()),
            participant: about.and_then(|about| about.participant.clone()),
        })
    }

    /// Quotes the message that this one is about, where there is one.
    fn quoting(&self) -> wa::ContextInfo {
        let Some(about) = &self.about else { return wa::ContextInfo::default() };
        let said = match &about.body {
            Body::Text { text } => text.clone(),
            Body::Image { caption } => caption.clone(),
            _ => String::new(),
        };
        let author = if about.own { self.me.pn().to_string() } else { self.chat.clone() };
        wa::ContextInfo {
            stanza_id: Some(about.id.clone()),
            participant: Some(about.participant.clone().unwrap_or(author)),
            quoted_message: one(wa::Message { conversation: Some(said), ..Default::default() }),
            ..Default::default()
        }
    }

    /// The secret of a message of this account: always the same for one id, so that it need not be kept.
    fn secret_of(&self, id: &str) -> [u8; 32] {
        let key = self.me.state().app_state_key;
        let Ok(mut mac) = Hmac::<sha2::Sha256>::new_from_slice(&key) else { return key };
        mac.update(id.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// Seals a file and puts it into the store.
    fn file(&self, kind: FileKind, mime: &str) -> Filed {
        let world = self.world;
        let given = self.given().ok().flatten();
        let plain = given.unwrap_or_else(|| sample(kind).to_vec());
        let sealed = store::seal(&plain, kind, world.entropy.bytes()).unwrap_or_else(|| store::Sealed {
            bytes: Vec::new(),
            key: [0; 32],
            sha256: [0; 32],
            sealed_sha256: [0; 32],
            length: 0,
        });
        let path = world.media.put(sealed.bytes.into(), world.clock.now_ms(), &world.options.limits);
        // Without a store that is listened for, nobody can fetch it.
        let host = world.media.host().unwrap_or_else(|| "mmg.whatsapp.invalid".to_owned());
        Filed {
            url: format!("https://{host}{path}"),
            path,
            mime: self.draft.mime.clone().unwrap_or_else(|| mime.to_owned()),
            key: sealed.key.to_vec(),
            sha256: sealed.sha256.to_vec(),
            sealed_sha256: sealed.sealed_sha256.to_vec(),
            length: sealed.length,
        }
    }
}

/// A small file of a kind, for whoever brings none along.
const fn sample(kind: FileKind) -> &'static [u8] {
    match kind {
        // A picture of one point.
        FileKind::Image => &[
            0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0,
            1, 0, 0, 0, 1, 8, 4, 0, 0, 0, 0xb5, 0x1c, 0x0c, 2, 0, 0, 0, 0x0b, 0x49, 0x44, 0x41, 0x54, 0x78,
            0xda, 0x63, 0x64, 0xf8, 0x0f, 0, 1, 5, 1, 1, 0x27, 0x18, 0xe3, 0x66, 0, 0, 0, 0, 0x49, 0x45,
            0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
        ],
        FileKind::Document => b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
        FileKind::Audio => b"OggS\0\x02 a sound",
        FileKind::Video => b"\0\0\0\x18ftypmp42 a film",
        FileKind::History | FileKind::AppState => b"",
    }
}

/// A message as a phone's own devices get it: with where it went, whatever it is.
pub(crate) fn sent_elsewhere(destination: &str, message: &[u8]) -> Vec<u8> {
    let mut inner = Vec::with_capacity(message.len() + destination.len() + 16);
    field(1, destination.as_bytes(), &mut inner);
    field(2, message, &mut inner);
    let mut out = Vec::with_capacity(inner.len() + 8);
    field(31, &inner, &mut out);
    out
}

/// One length-delimited field of protobuf.
fn field(number: u64, bytes: &[u8], out: &mut Vec<u8>) {
    varint(number << 3 | 2, out);
    varint(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_own_devices_get_reads_as_the_library_would_write_it() {
        let said = wa::Message { conversation: Some("x".repeat(300)), ..Default::default() };
        let bytes = sent_elsewhere("255754000222@s.whatsapp.net", &said.encode_to_vec());
        let sent = wa::message::DeviceSentMessage {
            destination_jid: Some("255754000222@s.whatsapp.net".to_owned()),
            message: one(said),
            ..Default::default()
        };
        let expected = wa::Message { device_sent_message: one(sent), ..Default::default() };
        assert_eq!(wa::Message::decode_from_slice(&bytes).unwrap(), expected);
    }
}
