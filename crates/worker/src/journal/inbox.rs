//! Taking messages in: once each, in order, and where nothing is to be said, with their outcome at once.

use std::{sync::Arc, time::Duration};

use domain::{ContactId, Digits, Direction, Timestamp, Writer, limits::MESSAGE_MAX_BYTES};
use replies::{Bot, Turn};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    JournalError, NewId,
    contacts::{self, blob},
    conversations, corrections,
    deliveries::{self, Early},
    handing, logs,
    logs::NewLog,
    outbox, typed_on_the_phone,
};
use crate::{
    channel::{Address, ChatKind, Content, Inbound, Unreadable},
    quiet,
    silence::Silence,
};

/// More of an id than this is not kept. WhatsApp's have 20 to 32 characters.
pub(super) const ID_MAX_BYTES: usize = 256;
/// The kind of a message that is text, as it stands in the table.
pub(super) const TEXT: &str = "text";
/// The kinds of what corrects a message and what takes one back.
pub(super) const EDIT: &str = "edit";
pub(super) const DELETE: &str = "delete";
/// The outcome of a row that stood for a message whose content came after all.
const SUPERSEDED: &str = "superseded";
/// A sender's clock is believed from the month in which WhatsApp began to a day ahead of ours.
const WHATSAPP_BEGAN_MS: i64 = 1_230_768_000_000;
const AHEAD_MS: i64 = 24 * 60 * 60 * 1000;
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
    /// How long a contact must have been quiet before it is answered.
    pub quiet: Duration,
    /// The linked number.
    pub account: Option<Digits>,
    /// Whether the text of what a contact takes back is removed.
    pub remove_deleted: bool,
    /// The bot, once it is known by what it answers.
    pub bot: Option<Arc<Bot>>,
    /// Under which account the device is linked.
    pub own: Address,
    /// Whether the number is another tenant's, or was never confirmed: what its other devices write may be that one's.
    pub held: bool,
}

/// What came of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// Chats in which there is something to do and how long to wait for more, in order, with repetitions.
    pub chats: Vec<(ContactId, Duration)>,
    /// When the last of the customers' messages came.
    pub last_message_at: Option<Timestamp>,
}

/// Takes a batch in, in order.
pub(super) fn accept(
    database: &Connection,
    batch: &[Inbound],
    intake: &Intake,
    early: &Early,
) -> Result<Taken, JournalError> {
    let mut taken = Taken::default();
    for message in batch {
        take(database, message, intake, early, &mut taken)?;
    }
    Ok(taken)
}

fn take(
    database: &Connection,
    message: &Inbound,
    intake: &Intake,
    early: &Early,
    taken: &mut Taken,
) -> Result<(), JournalError> {
    if message.from_me
        && message.chat == ChatKind::Direct
        && let Some(to) = &message.to
    {
        if intake.held {
            return Ok(());
        }
        return owner_wrote(database, message, to, intake, early);
    }
    let Some(sender) = contacts::resolve(database, &message.sender)? else {
        tracing::warn!("a message without a sender was passed over");
        return Ok(());
    };
    let contact = sender.id;
    if sender.merged {
        taken.chats.push((contact, intake.quiet));
    }
    let id = clip(&message.id, ID_MAX_BYTES);
    let row = Row::of(&message.content);
    if is_known(database, contact, id, &row)? {
        return Ok(());
    }
    if !matches!(message.content, Content::Unreadable(_)) {
        supersede(database, contact, id)?;
    }

    let silence =
        match filtered(message).map_or_else(|| ignored(database, contact, intake), |it| Ok(Some(it)))? {
            None => corrections::take(database, contact, &message.content, intake)?,
            filtered => filtered,
        };
    let from_customer = silence.is_none_or(Silence::is_logged);
    if from_customer {
        let name = message.push_name.as_deref().map(|name| clip(name, 256));
        contacts::wrote(database, contact, name, intake.now)?;
        taken.last_message_at = Some(intake.now);
    }
    let waiting = if silence.is_none() { waiting_in(database, contact)? } else { 0 };
    let seq = insert(database, contact, id, &row, message, silence, intake)?;
    if silence.is_none() {
        taken.chats.push((contact, quiet::after(message, intake.quiet)));
    }
    // What waited while the device was away is read together, however much it is.
    let overflow = silence.is_none() && !message.offline && waiting >= intake.chat_queue.max(1);
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
        log(database, contact, seq, Told { silence, removes: intake.remove_deleted, ..Told::default() })?;
        if overflow && silence.is_none() {
            outbox::log_replies(database, contact, seq, intake.now)?;
        }
    }
    Ok(())
}

/// The owner or staff wrote from the phone: a switch, or a person who has the chat from now on.
fn owner_wrote(
    database: &Connection,
    message: &Inbound,
    to: &Address,
    intake: &Intake,
    early: &Early,
) -> Result<(), JournalError> {
    let text = match &message.content {
        Content::Text(text) | Content::Edited { text: Some(text), .. } => Some(text.as_str()),
        Content::Media { caption, .. } => Some(caption.as_deref().unwrap_or_default()),
        // Takes nobody's chat, but is to be seen in it.
        Content::Deleted { of: Some(_) } => None,
        Content::Edited { .. } | Content::Deleted { .. } | Content::Unreadable(_) | Content::Protocol(_) => {
            return Ok(());
        }
    };
    let Some(chat) = contacts::resolve(database, to)? else { return Ok(()) };
    let row = Row::of(&message.content);
    let id = clip(&message.id, ID_MAX_BYTES);
    // What this device has sent is nobody's on the phone, whoever sends it back.
    if is_known(database, chat.id, id, &row)? || outbox::has(database, id)? {
        return Ok(());
    }
    let own_chat = intake.own.number.is_some() && to.number == intake.own.number
        || intake.own.lid.is_some() && to.lid == intake.own.lid;
    let logged = !own_chat && typed_on_the_phone::is_logged(database, chat.id, intake)?;
    if text.is_some() {
        contacts::note_known(database, chat.id)?;
    }
    let seq = insert(database, chat.id, id, &row, message, Some(Silence::Own), intake)?;
    let removes = match (text, row.about) {
        (None, Some(of)) if intake.remove_deleted => typed_on_the_phone::remove(database, chat.id, of)?,
        _ => false,
    };
    if logged {
        let silence = text.is_none().then_some(Silence::Deleted);
        let told = Told { silence, removes, writer: Some(Writer::Phone), ..Told::default() };
        log(database, chat.id, seq, told)?;
        deliveries::catch_up(database, id, early)?;
    }
    if let (Some(bot), Some(text)) = (&intake.bot, text) {
        let turn = Turn::Owner { text: text.to_owned() };
        handing::turn(database, bot, chat.id, &turn, intake.now, own_chat)?;
    }
    Ok(())
}

/// Why the bot ignores a contact, where it does: nothing of theirs is logged or marked as read.
pub(super) fn ignored(
    database: &Connection,
    contact: ContactId,
    intake: &Intake,
) -> Result<Option<Silence>, JournalError> {
    let Some(bot) = &intake.bot else { return Ok(None) };
    let off = super::meta::switched_off(database)?;
    Ok(bot.ignores(&contacts::who(database, contact)?, off).map(Silence::from))
}

/// A message as the table holds it.
struct Row<'a> {
    kind: &'static str,
    text: Option<&'a str>,
    about: Option<&'a str>,
    patience: Duration,
}

impl<'a> Row<'a> {
    fn of(content: &'a Content) -> Self {
        let text = |text: &'a str| Some(clip(text, MESSAGE_MAX_BYTES));
        let about = |of: &'a Option<String>| of.as_deref().map(|of| clip(of, ID_MAX_BYTES));
        let plain = Self { kind: TEXT, text: None, about: None, patience: Duration::ZERO };
        match content {
            Content::Text(words) => Self { text: text(words), ..plain },
            Content::Media { kind, caption } => {
                Self { kind, text: caption.as_deref().and_then(text), ..plain }
            }
            Content::Edited { of, text: words } => {
                Self { kind: EDIT, text: words.as_deref().and_then(text), about: about(of), ..plain }
            }
            Content::Deleted { of } => Self { kind: DELETE, about: about(of), ..plain },
            Content::Unreadable(reason) => Self { kind: reason.kind(), patience: reason.patience(), ..plain },
            Content::Protocol(kind) => Self { kind, ..plain },
        }
    }
}

fn insert(
    database: &Connection,
    contact: ContactId,
    id: &str,
    row: &Row<'_>,
    message: &Inbound,
    silence: Option<Silence>,
    intake: &Intake,
) -> Result<i64, JournalError> {
    let patience = i64::try_from(crash::hurried(row.patience).as_millis()).unwrap_or_default();
    let due_at = (patience > 0).then(|| intake.now.as_millisecond().saturating_add(patience));
    Ok(database
        .prepare_cached(
            "INSERT INTO inbox (contact, wa_id, kind, text, sent_at, received_at, outcome, due_at, album, account, about) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) RETURNING seq",
        )?
        .query_row(
            params![
                blob(contact),
                id,
                row.kind,
                row.text,
                message.at.as_millisecond(),
                intake.now.as_millisecond(),
                silence.map(Silence::name),
                due_at,
                message.album.as_deref().map(|album| clip(album, ID_MAX_BYTES)),
                intake.account.as_ref().map(Digits::as_str),
                row.about
            ],
            |row| row.get(0),
        )?)
}

/// Makes room for the content of a message that could not be read before, whatever has become of it: that row stays
/// under another id, and the message itself is taken like any other.
fn supersede(database: &Connection, contact: ContactId, id: &str) -> Result<(), JournalError> {
    database
        .prepare_cached(
            "UPDATE inbox SET wa_id = wa_id || '~unreadable', outcome = coalesce(outcome, ?3) \
             WHERE contact = ?1 AND wa_id = ?2 AND kind LIKE 'unreadable%'",
        )?
        .execute(params![blob(contact), id, SUPERSEDED])?;
    Ok(())
}

/// Whether the message `id` stands in the inbox of one of the contacts that a name of `sender` leads to, with its
/// content.
pub(super) fn has(database: &Connection, sender: &Address, id: &str) -> Result<bool, JournalError> {
    Ok(database
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM inbox i JOIN contacts c ON c.id = i.contact \
             WHERE i.wa_id = ?1 AND (c.lid = ?2 OR c.number = ?3) AND i.kind NOT LIKE 'unreadable%')",
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
    row: &Row<'_>,
) -> Result<bool, JournalError> {
    let (text, readable) = (row.text, Unreadable::of_kind(row.kind).is_none());
    // What could not be read before may come with its content now.
    let own: bool = database
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM inbox WHERE contact = ?1 AND wa_id = ?2 \
             AND NOT (?3 AND kind LIKE 'unreadable%'))",
        )?
        .query_row(params![blob(contact), id, readable], |row| row.get(0))?;
    if own {
        return Ok(true);
    }
    Ok(database
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM inbox i JOIN contacts o ON o.id = i.contact JOIN contacts c ON c.id = ?1 \
             WHERE i.wa_id = ?2 AND i.contact <> ?1 AND i.text IS ?3 AND NOT (?4 AND i.kind LIKE 'unreadable%') \
             AND (o.lid IS NULL AND c.number IS NULL OR o.number IS NULL AND c.lid IS NULL))",
        )?
        .query_row(params![blob(contact), id, text, readable], |row| row.get(0))?)
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
        Content::Text(_)
        | Content::Media { .. }
        | Content::Edited { .. }
        | Content::Deleted { .. }
        | Content::Unreadable(_) => None,
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
    if memory.traffic.told_to_wait || memory.is_quiet(intake.now) {
        return Ok(false);
    }
    memory.traffic.told_to_wait = true;
    conversations::write(database, contact, &memory)?;
    outbox::append_reply(database, contact, Some(seq), &(intake.new_id)(), text, intake.now, false, None)?;
    Ok(true)
}

/// What a log row tells of a message beside what the inbox holds of it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Told {
    /// Why it got no reply; of what the owner wrote, that it takes a message back.
    pub(super) silence: Option<Silence>,
    /// Whether what a contact takes back is not kept.
    pub(super) removes: bool,
    /// Who wrote it, where that was on another device of the account.
    pub(super) writer: Option<Writer>,
    /// Whether the contact wants no messages from this one on.
    pub(super) opted_out: bool,
}

/// Writes the log row of a message in the inbox.
pub(super) fn log(
    database: &Connection,
    contact: ContactId,
    seq: i64,
    told: Told,
) -> Result<(), JournalError> {
    let Told { silence, removes, writer, opted_out } = told;
    type Found = (String, String, Option<String>, i64, i64, Option<String>);
    let row: Option<Found> = database
        .prepare_cached("SELECT wa_id, kind, text, sent_at, received_at, about FROM inbox WHERE seq = ?1")?
        .query_row([seq], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
        })
        .optional()?;
    let Some((wa_id, kind, text, sent_at, received_at, about)) = row else { return Ok(()) };
    let text = in_words(&kind, text);
    let label = contacts::label(&contacts::address(database, contact)?);
    let row = NewLog {
        direction: if writer.is_some() { Direction::Out } else { Direction::In },
        contact: &label,
        text: &text,
        wa_id: &wa_id,
        at: super::time(received_at)?,
        silence: silence.map(Silence::name),
        // Not `clamp`, which panics where the machine's own clock is before the beginning.
        sent_at: Some(super::time(sent_at.min(received_at.saturating_add(AHEAD_MS)).max(WHATSAPP_BEGAN_MS))?),
        about: about.as_deref(),
        removes: removes && kind == DELETE && about.is_some(),
        writer,
        opted_out,
    };
    logs::append(database, &row)
}

/// A message as people read it in the log.
fn in_words(kind: &str, text: Option<String>) -> String {
    let unreadable = Unreadable::of_kind(kind).map(|reason| match reason {
        Unreadable::Undecryptable => "[a message that could not be read]",
        Unreadable::ViewOnce => "[a message to be viewed once, which only the phone shows]",
        Unreadable::Withheld => "[a message that WhatsApp shows on the phone only]",
    });
    match (kind, text, unreadable) {
        (_, _, Some(words)) => words.to_owned(),
        (DELETE, ..) => "[deleted a message]".to_owned(),
        // A text is never without one unless it was taken out.
        (TEXT, text, None) => text.unwrap_or_else(|| logs::REMOVED.to_owned()),
        (kind, None, None) => format!("[{kind}]"),
        (kind, Some(caption), None) => format!("[{kind}] {caption}"),
    }
}

/// The longest beginning of `text` that fits into `bytes`.
fn clip(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}
