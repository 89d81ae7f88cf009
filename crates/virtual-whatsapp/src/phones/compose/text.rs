//! Text, plain and with something around it.

use waproto::whatsapp as wa;

use super::{Composer, one};

pub(super) fn plain(composer: &mut Composer<'_>) -> wa::Message {
    wa::Message { conversation: Some(composer.text("Habari")), ..Default::default() }
}

fn extended(text: String, context: wa::ContextInfo) -> wa::Message {
    let text = wa::message::ExtendedTextMessage {
        text: Some(text),
        context_info: one(context),
        ..Default::default()
    };
    wa::Message { extended_text_message: one(text), ..Default::default() }
}

pub(super) fn link_preview(composer: &mut Composer<'_>) -> wa::Message {
    let link = composer.draft.id.clone().unwrap_or_else(|| "https://example.com/".to_owned());
    let text = wa::message::ExtendedTextMessage {
        text: Some(composer.text(&format!("Look: {link}"))),
        matched_text: Some(link),
        title: Some(composer.name("Example")),
        description: Some("A page".to_owned()),
        ..Default::default()
    };
    wa::Message { extended_text_message: one(text), ..Default::default() }
}

pub(super) fn quoted_reply(composer: &mut Composer<'_>) -> wa::Message {
    extended(composer.text("Yes"), composer.quoting())
}

pub(super) fn forwarded(composer: &mut Composer<'_>) -> wa::Message {
    let context =
        wa::ContextInfo { is_forwarded: Some(true), forwarding_score: Some(1), ..Default::default() };
    extended(composer.text("Passed on"), context)
}
