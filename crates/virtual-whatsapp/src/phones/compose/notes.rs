//! What is said about messages, or beside them.

use waproto::whatsapp as wa;

use super::{Composer, one};
use wa::message as m;

fn protocol(protocol: m::ProtocolMessage) -> wa::Message {
    wa::Message { protocol_message: one(protocol), ..Default::default() }
}

pub(super) fn reaction(composer: &mut Composer<'_>) -> wa::Message {
    let reaction = m::ReactionMessage {
        key: composer.key(),
        text: Some(composer.draft.emoji.clone().unwrap_or_else(|| "\u{1f44d}".to_owned())),
        sender_timestamp_ms: Some(composer.now_ms()),
        ..Default::default()
    };
    wa::Message { reaction_message: one(reaction), ..Default::default() }
}

pub(super) fn edit(composer: &mut Composer<'_>) -> wa::Message {
    let said = wa::Message { conversation: Some(composer.text("Said otherwise")), ..Default::default() };
    protocol(m::ProtocolMessage {
        key: composer.key(),
        r#type: Some(m::protocol_message::Type::MESSAGE_EDIT),
        edited_message: one(said),
        timestamp_ms: Some(composer.now_ms()),
        ..Default::default()
    })
}

pub(super) fn delete(composer: &mut Composer<'_>) -> wa::Message {
    protocol(m::ProtocolMessage {
        key: composer.key(),
        r#type: Some(m::protocol_message::Type::REVOKE),
        ..Default::default()
    })
}

pub(super) fn pin(composer: &mut Composer<'_>) -> wa::Message {
    let pin = m::PinInChatMessage {
        key: composer.key(),
        r#type: Some(m::pin_in_chat_message::Type::PIN_FOR_ALL),
        sender_timestamp_ms: Some(composer.now_ms()),
    };
    wa::Message { pin_in_chat_message: one(pin), ..Default::default() }
}

pub(super) fn keep(composer: &mut Composer<'_>) -> wa::Message {
    let keep = m::KeepInChatMessage {
        key: composer.key(),
        keep_type: Some(wa::KeepType::KEEP_FOR_ALL),
        timestamp_ms: Some(composer.now_ms()),
    };
    wa::Message { keep_in_chat_message: one(keep), ..Default::default() }
}

pub(super) fn disappearing(composer: &mut Composer<'_>) -> wa::Message {
    protocol(m::ProtocolMessage {
        r#type: Some(m::protocol_message::Type::EPHEMERAL_SETTING),
        ephemeral_expiration: Some(composer.draft.seconds.unwrap_or(86_400)),
        ..Default::default()
    })
}

pub(super) fn comment(composer: &mut Composer<'_>) -> wa::Message {
    let said = wa::Message { conversation: Some(composer.text("Well said")), ..Default::default() };
    let comment = m::CommentMessage { message: one(said), target_message_key: composer.key() };
    wa::Message { comment_message: one(comment), ..Default::default() }
}

pub(super) fn call_log(composer: &mut Composer<'_>) -> wa::Message {
    let log = m::CallLogMessage {
        is_video: Some(false),
        duration_secs: Some(i64::from(composer.draft.seconds.unwrap_or(0))),
        ..Default::default()
    };
    wa::Message { call_log_messsage: one(log), ..Default::default() }
}

pub(super) fn request_number(_: &mut Composer<'_>) -> wa::Message {
    wa::Message { request_phone_number_message: one(Default::default()), ..Default::default() }
}
