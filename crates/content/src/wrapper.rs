//! Messages within messages.

use waproto::whatsapp::{Message, message::FutureProofMessage};

/// How many fields may hold another message.
const WRAPPERS: usize = 20;

/// What lies one wrapper further in, in the order in which it counts. Not an edit, whose inside replaces another
/// message, and not what is a kind of its own although it lies in a wrapper (a sticker, a poll).
pub(crate) fn inner(message: &Message) -> [Option<&Message>; WRAPPERS] {
    let sent = message.device_sent_message.as_option().and_then(|sent| sent.message.as_option());
    let comment = message.comment_message.as_option().and_then(|comment| comment.message.as_option());
    [
        sent,
        wrapped(message.ephemeral_message.as_option()),
        wrapped(message.view_once_message.as_option()),
        wrapped(message.view_once_message_v2.as_option()),
        wrapped(message.view_once_message_v2_extension.as_option()),
        wrapped(message.document_with_caption_message.as_option()),
        wrapped(message.associated_child_message.as_option()),
        wrapped(message.group_mentioned_message.as_option()),
        wrapped(message.bot_invoke_message.as_option()),
        wrapped(message.bot_forwarded_message.as_option()),
        wrapped(message.bot_task_message.as_option()),
        wrapped(message.spoiler_message.as_option()),
        wrapped(message.question_message.as_option()),
        wrapped(message.question_reply_message.as_option()),
        wrapped(message.status_mention_message.as_option()),
        wrapped(message.group_status_mention_message.as_option()),
        wrapped(message.group_status_message.as_option()),
        wrapped(message.group_status_message_v2.as_option()),
        wrapped(message.status_add_yours.as_option()),
        comment,
    ]
}

fn wrapped(wrapper: Option<&FutureProofMessage>) -> Option<&Message> {
    wrapper.and_then(|wrapper| wrapper.message.as_option())
}
