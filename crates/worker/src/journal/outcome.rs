//! What there is to do in a chat, and the one transaction that fixes what becomes of a message.

use std::time::Duration;

use domain::{ContactId, Timestamp, Writer};
use replies::{Availability, Change, Conflict, Wake};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    JournalError,
    contacts::{self, blob, id_at},
    conversations::{self, Memory},
    due::{self, Due},
    inbox::{self, EDIT, REPLIED, TEXT, Told},
    logs::{self, NewLog},
    outbox::{self, Outgoing},
    records,
};
use crate::{
    channel::{Address, Unreadable},
    silence::Silence,
};

/// How many of the last replies are compared with what a contact writes, to know an echo.
const RECENT_REPLIES: u32 = 3;

/// Messages of one turn at most, and the text in them after which no other is added. What is left is the next turn.
const TURN_MESSAGES: u32 = 256;
const TURN_BYTES: usize = 512 * 1024;

/// What is to be done next in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// A message of ours has not reached the server for sure. It goes before anything else, so that order is kept.
    Send(Outgoing),
    /// A customer's messages have no outcome.
    Answer(Box<Waiting>),
    /// A time has come at which something may be said.
    Due(Box<Waiting>),
    /// Nothing before this has passed: content may still come of messages that cannot be read.
    Later(Duration),
}

/// A contact's messages without an outcome, which are read together, and what is needed to find one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Who wrote.
    pub contact: ContactId,
    /// Under which names.
    pub address: Address,
    /// Who that is for the reply engine.
    pub from: replies::From,
    /// What was written, in order; nothing exactly where a time has come.
    pub parts: Vec<Part>,
    /// The time that has come.
    pub due: Option<Due>,
    /// What the journal holds of times, goods and the contact's records.
    pub held: Availability,
    /// What is remembered of the contact.
    pub memory: Memory,
    /// The last texts that went to the contact, the newest first.
    pub recent: Vec<String>,
}

/// One message of a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its place in the inbox.
    pub seq: i64,
    /// WhatsApp's id of it.
    pub wa_id: String,
    /// What it is: `text`, `image`, `edit`, ….
    pub kind: String,
    /// Its text or caption.
    pub text: Option<String>,
    /// The id of the message that it corrects.
    pub about: Option<String>,
    /// The linked number to which it was written, where it is known.
    pub account: Option<String>,
    /// Whether it belongs to an album of which another part was answered.
    pub album_answered: bool,
    /// When it came.
    pub received_at: Timestamp,
}

impl Part {
    /// What else than text it is.
    #[must_use]
    pub fn media(&self) -> Option<&str> {
        (self.kind != TEXT).then_some(self.kind.as_str())
    }

    /// Whether it corrects another one.
    #[must_use]
    pub fn is_edit(&self) -> bool {
        self.kind == EDIT
    }

    /// Why it cannot be read, where it cannot.
    #[must_use]
    pub fn unreadable(&self) -> Option<Unreadable> {
        Unreadable::of_kind(&self.kind)
    }
}

/// An outcome to be fixed: of each message of a turn either its silence, or the replies, which they share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The contact as it was when the outcome was decided.
    pub contact: ContactId,
    /// The messages' places in the inbox, in order; `None` for one that the replies answer.
    pub parts: Vec<(i64, Option<Silence>)>,
    /// Replies in order, each with the id under which it goes out. None exactly where all parts are silent.
    pub replies: Vec<(String, String)>,
    /// The place in the inbox of the message that the first reply quotes.
    pub quotes: Option<i64>,
    /// The memory afterwards, with the version on which it was decided.
    pub memory: Memory,
    /// The time now.
    pub now: Timestamp,
    /// Whether the text of what a contact takes back is removed.
    pub remove_deleted: bool,
    /// The key of the timer that is done with this.
    pub due: Option<String>,
    /// Records made and changed.
    pub records: Vec<Change>,
    /// Timers to be kept.
    pub wakes: Vec<Wake>,
    /// Whether the replies say that the business is away.
    pub away: bool,
}

/// What came of fixing an outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fixed {
    /// It is fixed.
    Done,
    /// The messages had their outcome already, or were another one's repetition.
    Already,
    /// The contact, its memory or the messages have changed meanwhile: decide again. Under which contact it is now.
    Stale(ContactId),
    /// A record is not taken: nothing is kept, decide again.
    Conflict(Conflict),
}

pub(super) fn next(
    database: &Connection,
    contact: ContactId,
    now: Timestamp,
) -> Result<Option<Work>, JournalError> {
    if let Some(outgoing) = outbox::first_open(database, contact)? {
        return Ok(Some(Work::Send(outgoing)));
    }
    let parts = parts(database, contact, now.as_millisecond())?;
    let due = if parts.is_empty() { due::first(database, contact, now)? } else { None };
    if parts.is_empty() && due.is_none() {
        let now = now.as_millisecond();
        let due_at: Option<i64> = database
            .prepare_cached("SELECT min(due_at) FROM inbox WHERE contact = ?1 AND outcome IS NULL")?
            .query_row([blob(contact)], |row| row.get(0))?;
        let milliseconds = due_at.map(|due_at| u64::try_from(due_at.saturating_sub(now)).unwrap_or_default());
        return Ok(milliseconds.map(|milliseconds| Work::Later(Duration::from_millis(milliseconds))));
    }
    let waiting = Box::new(Waiting {
        contact,
        address: contacts::address(database, contact)?,
        from: contacts::who(database, contact)?,
        parts,
        due,
        held: records::snapshot(database, contact, now)?,
        memory: conversations::read(database, contact)?,
        recent: outbox::recent(database, contact, RECENT_REPLIES)?,
    });
    Ok(Some(if waiting.due.is_some() { Work::Due(waiting) } else { Work::Answer(waiting) }))
}

/// The messages of the next turn: all that wait and may be answered, up to a bound.
fn parts(database: &Connection, contact: ContactId, now: i64) -> Result<Vec<Part>, JournalError> {
    let mut statement = database.prepare_cached(
        "SELECT i.seq, i.wa_id, i.kind, i.text, i.about, i.account, i.received_at, i.album IS NOT NULL AND EXISTS \
         (SELECT 1 FROM inbox a WHERE a.contact = i.contact AND a.album = i.album AND a.outcome = 'replied') \
         FROM inbox i WHERE i.contact = ?1 AND i.outcome IS NULL AND (i.due_at IS NULL OR i.due_at <= ?2) \
         ORDER BY i.seq LIMIT ?3",
    )?;
    let mut rows = statement.query(params![blob(contact), now, TURN_MESSAGES])?;
    let (mut parts, mut bytes) = (Vec::new(), 0);
    while bytes < TURN_BYTES
        && let Some(row) = rows.next()?
    {
        let text: Option<String> = row.get(3)?;
        bytes += text.as_ref().map_or(0, String::len);
        parts.push(Part {
            seq: row.get(0)?,
            wa_id: row.get(1)?,
            kind: row.get(2)?,
            text,
            about: row.get(4)?,
            account: row.get(5)?,
            received_at: super::time_at(row, 6)?,
            album_answered: row.get(7)?,
        });
    }
    Ok(parts)
}

pub(super) fn fix(database: &Connection, outcome: &Outcome) -> Result<Fixed, JournalError> {
    let mut open = 0;
    for (seq, _) in &outcome.parts {
        let row: Option<(ContactId, bool)> = database
            .prepare_cached("SELECT contact, outcome IS NULL FROM inbox WHERE seq = ?1")?
            .query_row([seq], |row| Ok((id_at(row, 0)?, row.get(1)?)))
            .optional()?;
        match row {
            Some((contact, true)) if contact != outcome.contact => return Ok(Fixed::Stale(contact)),
            Some((_, true)) => open += 1,
            Some((_, false)) | None => {}
        }
    }
    let contact = outcome.contact;
    if let Some(key) = &outcome.due {
        return fix_due(database, outcome, key);
    }
    if open == 0 {
        return Ok(Fixed::Already);
    }
    if open < outcome.parts.len() || conversations::read(database, contact)?.version != outcome.memory.version
    {
        return Ok(Fixed::Stale(contact));
    }

    if let Err(conflict) = records::apply_all(database, Some(contact), &outcome.records)? {
        return Ok(Fixed::Conflict(conflict));
    }
    if !outcome.records.is_empty() {
        crash::point("records_taken");
    }
    due::keep(database, contact, &outcome.wakes)?;

    // The last message that the replies answer stands for all of them.
    let answered = outcome.parts.iter().rev().find(|(_, silence)| silence.is_none()).map(|(seq, _)| *seq);
    for (seq, silence) in &outcome.parts {
        let turn = if silence.is_none() { answered.filter(|turn| turn != seq) } else { None };
        database
            .prepare_cached("UPDATE inbox SET outcome = ?2, turn = ?3 WHERE seq = ?1 AND outcome IS NULL")?
            .execute(params![seq, silence.map_or(REPLIED, Silence::name), turn])?;
        if silence.is_none_or(Silence::is_logged) {
            // Who is answered that the bot keeps quiet from now on wants that from this message on.
            let opted_out = silence.is_none() && outcome.memory.conversation.opted_out;
            let (silence, removes) = (*silence, outcome.remove_deleted);
            let told = Told { silence, removes, opted_out, ..Told::default() };
            inbox::log(database, contact, *seq, told)?;
        }
    }
    if let Some(answered) = answered {
        let mut quotes = outcome.quotes;
        for (wa_id, text) in &outcome.replies {
            let (cause, quotes) = (Some(answered), quotes.take());
            outbox::append_reply(database, contact, cause, wa_id, text, outcome.now, outcome.away, quotes)?;
        }
        outbox::log_replies(database, contact, answered, outcome.now)?;
    }

    let mut memory = outcome.memory.clone();
    memory.traffic.told_to_wait &= has_waiting(database, contact)?;
    conversations::write(database, contact, &memory)?;
    Ok(Fixed::Done)
}

/// A time that has come: its mark and what is said are one.
fn fix_due(database: &Connection, outcome: &Outcome, key: &str) -> Result<Fixed, JournalError> {
    let contact = outcome.contact;
    if conversations::read(database, contact)?.version != outcome.memory.version {
        return Ok(Fixed::Stale(contact));
    }
    if let Err(conflict) = records::apply_all(database, Some(contact), &outcome.records)? {
        return Ok(Fixed::Conflict(conflict));
    }
    if !due::done(database, contact, key, outcome.now)? {
        return Ok(Fixed::Already);
    }
    crash::point("due_marked");
    due::keep(database, contact, &outcome.wakes)?;
    let label = contacts::label(&contacts::address(database, contact)?);
    for (wa_id, text) in &outcome.replies {
        outbox::append_reply(database, contact, None, wa_id, text, outcome.now, outcome.away, None)?;
        logs::append(database, &NewLog::out(&label, text, wa_id, outcome.now, Writer::Timer))?;
    }
    conversations::write(database, contact, &outcome.memory)?;
    Ok(Fixed::Done)
}

fn has_waiting(database: &Connection, contact: ContactId) -> Result<bool, JournalError> {
    Ok(database
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM inbox WHERE contact = ?1 AND outcome IS NULL)")?
        .query_row([blob(contact)], |row| row.get(0))?)
}

/// All chats in which something is to be done, those whose message has waited longest first.
pub(super) fn busy(database: &Connection, now: Timestamp) -> Result<Vec<ContactId>, JournalError> {
    let mut statement = database.prepare_cached(
        "SELECT contact FROM (SELECT contact, min(created_at) AS since FROM outbox \
         WHERE state IN ('pending', 'sent') GROUP BY contact \
         UNION ALL SELECT contact, min(received_at) FROM inbox WHERE outcome IS NULL GROUP BY contact) \
         GROUP BY contact ORDER BY min(since)",
    )?;
    let mut busy: Vec<ContactId> = statement.query_map([], |row| id_at(row, 0))?.collect::<Result<_, _>>()?;
    let (due, _) = due::chats(database, now)?;
    busy.extend(due);
    Ok(busy)
}
