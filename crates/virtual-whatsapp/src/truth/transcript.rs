//! What one phone has seen: every message in and out, decrypted, in the order of arrival.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Mutex;

use tokio::sync::watch;

use crate::sync::lock;

/// The id of a message, as the sender chose it.
pub type MessageId = String;

/// Which way a message went, seen from the phone whose transcript it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// It came in.
    In,
    /// This phone, or a device linked to it, sent it.
    Out,
}

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields say what they are")]
pub enum Body {
    /// Text.
    Text { text: String },
    /// An image (its bytes are not fetched).
    Image { caption: String },
    /// A voice note.
    Voice { seconds: u32 },
    /// A reaction to message `to`; an empty emoji takes it back.
    Reaction { to: MessageId, emoji: String },
    /// Message `of` reads otherwise now.
    Edit { of: MessageId, text: String },
    /// Message `of` was deleted for everyone.
    Delete { of: MessageId },
    /// Anything else, by the name of its kind, with what words it has.
    Other {
        what: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        text: String,
    },
}

impl Body {
    /// The text of a text message.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text { text } => Some(text),
            _ => None,
        }
    }
}

/// How far a message of this phone has come.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Tick {
    /// The server has it.
    Sent,
    /// A device or phone of the other side has it.
    Delivered,
    /// It was read.
    Read,
}

/// One message of a transcript.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct ChatEntry {
    /// Its place in this phone's order of first arrivals, from 1.
    pub order: u64,
    /// Whom the chat is with: the other number, or the group's id.
    pub chat: String,
    /// Who wrote it: a number.
    pub from: String,
    /// The linked device that wrote it, 0 for a phone.
    pub from_device: u16,
    /// In or out.
    pub direction: Direction,
    /// The id on the wire.
    pub id: MessageId,
    /// What it says.
    pub body: Body,
    /// The message that it quotes, of one that came in as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quotes: Option<MessageId>,
    /// When it first arrived, in milliseconds since 1970 by the server's clock.
    pub at_ms: u64,
    /// How many times this id arrived with this content: 1 unless the sender repeated itself. The same id with
    /// other content is an entry of its own.
    pub arrivals: u32,
    /// The sender's privacy token came with it.
    pub with_token: bool,
    /// How far it has come, for messages out.
    pub tick: Tick,
}

/// Chat, sender and id of a message: what says that it is the same one.
type Key = (String, String, MessageId);

#[derive(Default)]
struct Kept {
    next: u64,
    first: u64,
    entries: VecDeque<ChatEntry>,
    by_key: HashMap<Key, u64>,
}

pub(crate) struct Transcript {
    kept: Mutex<Kept>,
    limit: usize,
    changes: watch::Sender<u64>,
}

impl Transcript {
    pub(crate) fn new(limit: usize) -> Self {
        let kept = Kept { next: 1, first: 1, ..Kept::default() };
        Self { kept: Mutex::new(kept), limit: limit.max(1), changes: watch::Sender::new(0) }
    }

    pub(crate) fn restore(limit: usize, entries: Vec<ChatEntry>) -> Self {
        let this = Self::new(limit);
        for entry in entries {
            let arrivals = entry.arrivals;
            this.add(entry);
            if let Some(last) = lock(&this.kept).entries.back_mut() {
                last.arrivals = arrivals;
            }
        }
        this
    }

    /// Adds a message, or counts one more arrival of one that is there; `order` and `arrivals` are set here.
    pub(crate) fn add(&self, mut entry: ChatEntry) {
        let mut kept = lock(&self.kept);
        let key = (entry.chat.clone(), entry.from.clone(), entry.id.clone());
        let same =
            kept.by_key.get(&key).copied().and_then(|order| kept.at(order)).filter(|e| e.body == entry.body);
        if let Some(same) = same {
            same.arrivals += 1;
        } else {
            if kept.entries.len() == self.limit
                && let Some(old) = kept.entries.pop_front()
            {
                kept.first += 1;
                kept.by_key.remove(&(old.chat, old.from, old.id));
            }
            entry.order = kept.next;
            entry.arrivals = 1;
            kept.by_key.insert(key, entry.order);
            kept.next += 1;
            kept.entries.push_back(entry);
        }
        drop(kept);
        self.changes.send_modify(|n| *n += 1);
    }

    /// Moves a message of this phone forward to `tick`; never back.
    pub(crate) fn tick(&self, chat: &str, own: &str, id: &str, tick: Tick) {
        let mut kept = lock(&self.kept);
        let order = kept.by_key.get(&(chat.to_owned(), own.to_owned(), id.to_owned())).copied();
        if let Some(entry) = order.and_then(|order| kept.at(order)) {
            entry.tick = entry.tick.max(tick);
        }
        drop(kept);
        self.changes.send_modify(|n| *n += 1);
    }

    /// A message of this chat, sender and id is there.
    pub(crate) fn has(&self, chat: &str, from: &str, id: &str) -> bool {
        lock(&self.kept).by_key.contains_key(&(chat.to_owned(), from.to_owned(), id.to_owned()))
    }

    /// This phone, or a device linked to it, has written to `chat`.
    pub(crate) fn has_written_to(&self, chat: &str) -> bool {
        lock(&self.kept).entries.iter().any(|e| e.chat == chat && e.direction == Direction::Out)
    }

    /// Everybody that this phone has a chat with, groups included.
    pub(crate) fn chats(&self) -> BTreeSet<String> {
        lock(&self.kept).entries.iter().map(|entry| entry.chat.clone()).collect()
    }

    /// How many messages have come in from `chat`, of those that are kept.
    pub(crate) fn came_in(&self, chat: &str) -> usize {
        let kept = lock(&self.kept);
        kept.entries.iter().filter(|e| e.direction == Direction::In && e.chat == chat).count()
    }

    pub(crate) fn with(&self, chat: Option<&str>) -> Vec<ChatEntry> {
        lock(&self.kept).entries.iter().filter(|e| chat.is_none_or(|c| e.chat == c)).cloned().collect()
    }

    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }
}

impl Kept {
    fn at(&mut self, order: u64) -> Option<&mut ChatEntry> {
        let index = usize::try_from(order.checked_sub(self.first)?).ok()?;
        self.entries.get_mut(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: &str, text: &str) -> ChatEntry {
        ChatEntry {
            order: 0,
            chat: "1".into(),
            from: "1".into(),
            from_device: 0,
            direction: Direction::In,
            id: id.into(),
            body: Body::Text { text: text.into() },
            quotes: None,
            at_ms: 0,
            arrivals: 0,
            with_token: false,
            tick: Tick::Sent,
        }
    }

    #[test]
    fn a_repeated_id_is_counted_and_other_content_under_it_is_seen() {
        let transcript = Transcript::new(10);
        for (id, text) in [("A", "x"), ("B", "x"), ("A", "x"), ("A", "y")] {
            transcript.add(entry(id, text));
        }
        let seen: Vec<_> =
            transcript.with(Some("1")).into_iter().map(|e| (e.order, e.id, e.arrivals)).collect();
        assert_eq!(seen, [(1, "A".into(), 2), (2, "B".into(), 1), (3, "A".into(), 1)]);
        assert_eq!((transcript.came_in("1"), transcript.came_in("2")), (3, 0));
    }

    #[test]
    fn the_oldest_are_forgotten_and_ticks_still_find_the_rest() {
        let transcript = Transcript::new(2);
        for id in ["A", "B", "C"] {
            transcript.add(entry(id, "x"));
        }
        transcript.tick("1", "1", "C", Tick::Read);
        transcript.tick("1", "1", "C", Tick::Delivered);
        transcript.tick("1", "1", "A", Tick::Read);
        let seen: Vec<_> = transcript.with(None).into_iter().map(|e| (e.id, e.tick)).collect();
        assert_eq!(seen, [("B".into(), Tick::Sent), ("C".into(), Tick::Read)]);
    }
}
