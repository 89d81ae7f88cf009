//! With whom the phone had chatted before it linked this device, out of the history that it tells a new device.
//!
//! What was said there is not read and goes nowhere.

use domain::Timestamp;
use whatsapp_rust::{
    Client, Jid,
    anyhow::{Context as _, Result},
    types::events::LazyHistorySync,
    waproto::whatsapp::{Conversation, history_sync::HistorySyncType},
};
use worker::channel::{Address, EarlierChat, Inbox};

use crate::address;

/// Chats that the inbox is told of at once.
const AT_ONCE: usize = 256;
/// More chats than this of one part of the history are not read.
const CHATS_MOST: usize = 20_000;

/// A chat with one person, by all names that it has.
struct Chat {
    names: Vec<Jid>,
    since: Timestamp,
}

/// Tells the inbox of the chats in one part of the history, and whether it was the last one that tells of chats.
///
/// # Errors
/// Where the part cannot be read, the session database cannot say who somebody is, or the inbox does not take it.
pub(crate) async fn tell(inbox: &dyn Inbox, client: &Client, history: LazyHistorySync) -> Result<()> {
    let last = is_last(&history);
    // A part may be megabytes long; messages are not to wait for it.
    let chats = tokio::task::spawn_blocking(move || chats(&history)).await.context("its reader failed")??;
    let own = address::own(client);
    tracing::debug!(chats = chats.len(), last, "the phone told of earlier chats");
    for some in chats.chunks(AT_ONCE) {
        let mut people = Vec::with_capacity(some.len());
        for chat in some {
            let names: Vec<&Jid> = chat.names.iter().collect();
            let with = address::resolve(client, &names).await?;
            if !is_same(&with, &own) {
                people.push(EarlierChat { with, since: chat.since });
            }
        }
        inbox.chatted_before(people, false).await?;
    }
    if last {
        inbox.chatted_before(Vec::new(), true).await?;
    }
    Ok(())
}

/// Whether nothing more is to come that tells of chats: what says nothing of it may be followed by more.
fn is_last(history: &LazyHistorySync) -> bool {
    let tells_of_chats = [HistorySyncType::INITIAL_BOOTSTRAP, HistorySyncType::RECENT, HistorySyncType::FULL]
        .into_iter()
        .any(|kind| kind as i32 == history.sync_type());
    tells_of_chats && history.progress().is_some_and(|progress| progress >= 100)
}

/// One chat after the other, so that no more than the longest of them is held at once.
fn chats(history: &LazyHistorySync) -> Result<Vec<Chat>> {
    let mut stream = history.stream();
    let mut chats = Vec::new();
    while chats.len() < CHATS_MOST
        && let Some(conversation) = stream.next_conversation()?
    {
        chats.extend(chat(&conversation));
    }
    Ok(chats)
}

/// The chat, where it is one with a person and says of a time.
fn chat(conversation: &Conversation) -> Option<Chat> {
    let written = [Some(&conversation.id), conversation.pn_jid.as_ref(), conversation.lid_jid.as_ref()];
    let names: Vec<Jid> = written.into_iter().flatten().filter_map(|name| name.parse().ok()).collect();
    if address::from_jids(&names[..1.min(names.len())]) == Address::default() {
        return None;
    }
    let messages = conversation.messages.iter().filter_map(|message| message.message.as_option());
    let times = messages.filter_map(|message| message.message_timestamp);
    // Of a chat that is archived, muted or old there may be no message with it.
    let told = [conversation.conversation_timestamp, conversation.last_msg_timestamp];
    let since = times.chain(told.into_iter().flatten()).filter(|seconds| *seconds > 0).min()?;
    let since = Timestamp::from_second(i64::try_from(since).ok()?).ok()?;
    Some(Chat { names, since })
}

fn is_same(with: &Address, own: &Address) -> bool {
    let same = |a: &Option<_>, b: &Option<_>| a.is_some() && a == b;
    same(&with.number, &own.number) || with.lid.is_some() && with.lid == own.lid
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conversation(id: &str) -> Conversation {
        Conversation {
            id: id.to_owned(),
            conversation_timestamp: Some(1_700_000_000),
            ..Conversation::default()
        }
    }

    #[test]
    fn a_chat_with_a_person_is_known_by_its_names_and_its_first_time() {
        let both = Conversation {
            pn_jid: Some("255712345678@s.whatsapp.net".to_owned()),
            last_msg_timestamp: Some(1_600_000_000),
            ..conversation("100000000000001@lid")
        };
        let chat = chat(&both).unwrap();
        let address = address::from_jids(&chat.names);
        assert_eq!(address.number.unwrap().as_str(), "255712345678");
        assert_eq!(address.lid.as_deref(), Some("100000000000001"));
        assert_eq!(chat.since.as_second(), 1_600_000_000);
    }

    #[test]
    fn groups_status_and_chats_without_a_time_are_none() {
        for id in ["120363021033254949@g.us", "status@broadcast", "1@newsletter", ""] {
            assert!(chat(&conversation(id)).is_none(), "{id}");
        }
        let never =
            Conversation { conversation_timestamp: Some(0), ..conversation("255712345678@s.whatsapp.net") };
        assert!(chat(&never).is_none());
    }
}
