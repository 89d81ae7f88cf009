//! What a phone tells a new device of the past: the names of people and the newest messages. The first chunk comes in
//! the message itself, as WhatsApp's may, and has each chat with its newest message; what follows is put into the media
//! store, where there is one, and fetched.

use std::collections::BTreeMap;
use std::sync::Arc;

use buffa::Message as _;
use waproto::whatsapp as wa;

use super::PhoneError;
use super::primary::share;
use crate::media::{self, FileKind};
use crate::truth::{Body, ChatEntry, Direction};
use crate::world::{Account, Device, World};

use wa::history_sync::HistorySyncType;
use wa::message as m;

/// Messages of one chat that a new device is told of.
const NEWEST: usize = 50;

/// Tells a new device of the past.
pub(super) fn share_history(
    world: &World,
    account: &Arc<Account>,
    device: &Arc<Device>,
) -> Result<(), PhoneError> {
    let chunk = |sync_type, order, progress| wa::HistorySync {
        sync_type,
        progress: Some(progress),
        chunk_order: Some(order),
        ..Default::default()
    };
    let stored = world.media.host().is_some();
    let first_inline = !(stored && world.options.history_by_reference);
    let chats = conversations(world, account, 1);
    let more = stored && !chats.is_empty();
    let begun = if more { 50 } else { 100 };
    let first =
        wa::HistorySync { conversations: chats, ..chunk(HistorySyncType::INITIAL_BOOTSTRAP, 0, begun) };
    send(world, account, device, &first, m::HistorySyncType::INITIAL_BOOTSTRAP, first_inline)?;
    let names =
        wa::HistorySync { pushnames: names(world, account), ..chunk(HistorySyncType::PUSH_NAME, 0, 100) };
    send(world, account, device, &names, m::HistorySyncType::PUSH_NAME, !stored)?;
    if more {
        let conversations = conversations(world, account, NEWEST);
        let recent = wa::HistorySync { conversations, ..chunk(HistorySyncType::RECENT, 1, 100) };
        send(world, account, device, &recent, m::HistorySyncType::RECENT, false)?;
    }
    Ok(())
}

fn send(
    world: &World,
    account: &Arc<Account>,
    device: &Arc<Device>,
    history: &wa::HistorySync,
    sync_type: m::HistorySyncType,
    inline: bool,
) -> Result<(), PhoneError> {
    let packed = miniz_oxide::deflate::compress_to_vec_zlib(&history.encode_to_vec(), 6);
    let mut notification = m::HistorySyncNotification {
        sync_type: Some(sync_type),
        chunk_order: history.chunk_order,
        progress: history.progress,
        ..Default::default()
    };
    if inline {
        notification.initial_hist_bootstrap_inline_payload = Some(packed);
    } else if let Some(sealed) = media::seal(&packed, FileKind::History, world.entropy.bytes()) {
        let path = world.media.put(sealed.bytes.into(), world.clock.now_ms(), &world.options.limits);
        notification.direct_path = Some(path);
        notification.media_key = Some(sealed.key.to_vec());
        notification.file_sha256 = Some(sealed.sha256.to_vec());
        notification.file_enc_sha256 = Some(sealed.sealed_sha256.to_vec());
        notification.file_length = Some(sealed.length);
    }
    share(world, account, device, notification)
}

/// The account's own name and those of everybody it has a chat with.
fn names(world: &World, account: &Account) -> Vec<wa::Pushname> {
    let chats = account.transcript.chats();
    let others = chats.iter().filter_map(|number| world.directory.by_number(number));
    let mut names = vec![(account.pn().clone(), account.state().name.clone())];
    names.extend(others.map(|other| {
        let name = other.state().name.clone();
        (other.pn().clone(), name)
    }));
    names
        .into_iter()
        .map(|(jid, name)| wa::Pushname { id: Some(jid.to_string()), pushname: Some(name) })
        .collect()
}

/// The account's chats with people, each with its newest messages.
fn conversations(world: &World, account: &Account, newest: usize) -> Vec<wa::Conversation> {
    let mut chats: BTreeMap<String, Vec<ChatEntry>> = BTreeMap::new();
    for entry in account.transcript.with(None) {
        chats.entry(entry.chat.clone()).or_default().push(entry);
    }
    let conversation = |(chat, entries): (String, Vec<ChatEntry>)| {
        let contact = world.directory.by_number(&chat)?;
        let jid = contact.pn().to_string();
        let told = entries.iter().rev().take(newest);
        let messages = told.filter_map(|entry| message(entry, &jid)).collect();
        let name = contact.state().name.clone();
        let last = entries.last().map(|entry| entry.at_ms / 1000);
        Some(wa::Conversation {
            id: jid,
            messages,
            name: Some(name),
            conversation_timestamp: last,
            ..Default::default()
        })
    };
    chats.into_iter().filter_map(conversation).collect()
}

fn message(entry: &ChatEntry, chat: &str) -> Option<wa::HistorySyncMsg> {
    let Body::Text { text } = &entry.body else { return None };
    let key = wa::MessageKey {
        remote_jid: Some(chat.to_owned()),
        from_me: Some(entry.direction == Direction::Out),
        id: Some(entry.id.clone()),
        participant: None,
    };
    let said = wa::Message { conversation: Some(text.clone()), ..Default::default() };
    let info = wa::WebMessageInfo {
        key: buffa::MessageField::some(key),
        message: buffa::MessageField::some(said),
        message_timestamp: Some(entry.at_ms / 1000),
        ..Default::default()
    };
    Some(wa::HistorySyncMsg { message: buffa::MessageField::some(info), msg_order_id: Some(entry.order) })
}
