//! Taking messages in: once each, in order, and where nothing is to be said, with their outcome at once.

use domain::{ContactId, Digits, Direction, Timestamp, limits::MESSAGE_MAX_BYTES};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    JournalError, NewId,
    contacts::{self, blob},
    conversations, logs,
    logs::NewLog,
    outbox,
};
use crate::{
    channel::{Address, ChatKind, Content, Inbound},
    silence::Silence,
};

/// More of an id than this is not kept. WhatsApp's have 20 to 32 characters.
const ID_MAX_BYTES: usize = 256;
/// The kind of a message that is text, as it stands in the table.
pub(super) const TEXT: &str = "text";
/// WhatsApp tells whole seconds, which would put a question that is written within the second of the answer before it,
/// above that answer. A message that comes so soon after it was written is logged with the time at which it came.
const LIVE_MS: i64 = 5_000;
/// The outcome of a message that got an answer.
pub(super) const REPLIED: &str = "replied";

/// By what messages are taken in.
#[derive(Clone)]
pub struct Intake {
    /// The time now.
    pub now: Timestamp,
    /// Messages that may wait in one chat.
    pub chat_queue: u32,
    /// What a customer hears whose queue is full, where anything may be said at all.
    pub please_wait: Option<String>,
    /// Where ids of replies come from.
    pub new_id: NewId,
}

/// What came of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// Chats in which there is something to do, in order, with repetitions.
    pub chats: Vec<ContactId>,
    /// When the last of the customers' messages came.
    pub last_message_at: Option<Timestamp>,
}

/// Takes a batch in, in order.
pub(super) fn accept(
    database: &Connection,
    batch: &[Inbound],
    intake: &Intake,
) -> Result<Taken, JournalError> {
    let mut taken = Taken::default();
    for message in batch {
        take(database, message, intake, &mut taken)?;
    }
    Ok(taken)
}

fn take(
    database: &Connection,
    message: &Inbound,
    intake: &Intake,
    taken: &mut Taken,
) -> Result<(), JournalError> {
    let Some(sender) = contacts::resolve(database, &message.sender)? else {
        tracing::warn!("a message without a sender was passed over");
        return Ok(());
    };
    let contact = sender.id;
    if sender.merged {
        taken.chats.push(contact);
    }
    let id = clip(&message.id, ID_MAX_BYTES);
    let (kind, text) = match &message.content {
        Content::Text(text) => (TEXT, Some(clip(text, MESSAGE_MAX_BYTES))),
        Content::Media { kind, caption } => {
            (*kind, caption.as_deref().map(|text| clip(text, MESSAGE_MAX_BYTES)))
        }
        Content::Protocol(kind) => (*kind, None),
    };
    if is_known(database, contact, id, text)? {
        return Ok(());
    }

    let silence = filtered(message);
    let from_customer = silence.is_none_or(Silence::is_logged);
    if from_customer {
        let name = message.push_name.as_deref().map(|name| clip(name, 256));
        contacts::wrote(database, contact, name, intake.now)?;
        taken.last_message_at = Some(intake.now);
    }
    let waiting = if silence.is_none() { waiting_in(database, contact)? } else { 0 };
    let seq: i64 = database
        .prepare_cached(
            "INSERT INTO inbox (contact, wa_id, kind, text, sent_at, received_at, outcome) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING seq",
        )?
        .query_row(
            params![
                blob(contact),
                id,
                kind,
                text,
                message.at.as_millisecond(),
                intake.now.as_millisecond(),
                silence.map(Silence::name)
            ],
            |row| row.get(0),
        )?;
    if silence.is_none() {
        taken.chats.push(contact);
    }
    let overflow = silence.is_none() && waiting >= intake.chat_queue.max(1);
    let silence = if overflow && !told_to_wait(database, contact, seq, intake)? {
        Some(Silence::QueueFull)
    } else {
        silence
    };
    if overflow {
        let outcome = silence.map_or(REPLIED, Silence::name);
        database.execute("UPDATE inbox SET outcome = ?2 WHERE seq = ?1", params![seq, outcome])?;
    }
    if overflow || silence.is_some_and(Silence::is_logged) {
        log(database, contact, seq, silence)?;
        if overflow && silence.is_none() {
            outbox::log_replies(database, contact, seq, intake.now)?;
        }
    }
    Ok(())
}

/// Whether the message `id` stands in the inbox of one of the contacts that a name of `sender` leads to.
pub(super) fn has(database: &Connection, sender: &Address, id: &str) -> Result<bool, JournalError> {
    Ok(database
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM inbox i JOIN contacts c ON c.id = i.contact \
             WHERE i.wa_id = ?1 AND (c.lid = ?2 OR c.number = ?3))",
        )?
        .query_row(
            params![clip(id, ID_MAX_BYTES), sender.lid, sender.number.as_ref().map(Digits::as_str)],
            |row| row.get(0),
        )?)
}

/// Whether this message is in the inbox already. A redelivery may come under the sender's other name before the two
/// are known to be one person's: then the same id and text from a contact of whom only the other name is known is the
/// same message. The time says nothing: a phone that sends a message again is given a new one by the server.
fn is_known(
    database: &Connection,
    contact: ContactId,
    id: &str,
    text: Option<&str>,
) -> Result<bool, JournalError> {
    let own: bool = database
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM inbox WHERE contact = ?1 AND wa_id = ?2)")?
        .query_row(params![blob(contact), id], |row| row.get(0))?;
    if own {
        return Ok(true);
    }
    Ok(database
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM inbox i JOIN contacts o ON o.id = i.contact JOIN contacts c ON c.id = ?1 \
             WHERE i.wa_id = ?2 AND i.contact <> ?1 AND i.text IS ?3 \
             AND (o.lid IS NULL AND c.number IS NULL OR o.number IS NULL AND c.lid IS NULL))",
        )?
        .query_row(params![blob(contact), id, text], |row| row.get(0))?)
}

/// Why a message is answered by nobody, as far as the message alone says so.
fn filtered(message: &Inbound) -> Option<Silence> {
    if message.from_me {
        return Some(Silence::Own);
    }
    match message.chat {
        ChatKind::Direct => {}
        ChatKind::Group => return Some(Silence::Group),
        ChatKind::Broadcast => return Some(Silence::Broadcast),
        ChatKind::Status => return Some(Silence::Status),
        ChatKind::Newsletter => return Some(Silence::Newsletter),
    }
    match &message.content {
        Content::Protocol(_) => Some(Silence::Protocol),
        Content::Text(text) if text.chars().all(|c| c.is_whitespace() || c.is_control()) => {
            Some(Silence::Empty)
        }
        Content::Text(_) | Content::Media { .. } => None,
    }
}

fn waiting_in(database: &Connection, contact: ContactId) -> Result<u32, JournalError> {
    Ok(database
        .prepare_cached("SELECT count(*) FROM inbox WHERE contact = ?1 AND outcome IS NULL")?
        .query_row([blob(contact)], |row| row.get(0))?)
}

/// Tells the customer once, until the queue has been empty again, to wait; whether this message's outcome is that.
fn told_to_wait(
    database: &Connection,
    contact: ContactId,
    seq: i64,
    intake: &Intake,
) -> Result<bool, JournalError> {
    let Some(text) = &intake.please_wait else { return Ok(false) };
    let mut memory = conversations::read(database, contact)?;
    if memory.traffic.told_to_wait {
        return Ok(false);
    }
    memory.traffic.told_to_wait = true;
    conversations::write(database, contact, &memory)?;
    outbox::append_reply(database, contact, seq, &(intake.new_id)(), text, intake.now)?;
    Ok(true)
}

/// Writes the log row of an inbound message.
pub(super) fn log(
    database: &Connection,
    contact: ContactId,
    seq: i64,
    silence: Option<Silence>,
) -> Result<(), JournalError> {
    let row: Option<(String, String, Option<String>, i64, i64)> = database
        .prepare_cached("SELECT wa_id, kind, text, sent_at, received_at FROM inbox WHERE seq = ?1")?
        .query_row([seq], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
        .optional()?;
    let Some((wa_id, kind, text, sent_at, received_at)) = row else { return Ok(()) };
    let text = match (kind.as_str(), text) {
        (TEXT, text) => text.unwrap_or_default(),
        (kind, None) => format!("[{kind}]"),
        (kind, Some(caption)) => format!("[{kind}] {caption}"),
    };
    let label = contacts::label(&contacts::address(database, contact)?);
    let at =
        super::time(if (0..LIVE_MS).contains(&(received_at - sent_at)) { received_at } else { sent_at })?;
    let silence = silence.map(Silence::name);
    logs::append(
        database,
        &NewLog { direction: Direction::In, contact: &label, text: &text, wa_id: &wa_id, at, silence },
    )
}

/// The longest beginning of `text` that fits into `bytes`.
fn clip(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}
