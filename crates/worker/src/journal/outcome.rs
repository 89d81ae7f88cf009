//! What there is to do in a chat, and the one transaction that fixes what becomes of a message.

use domain::{ContactId, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    JournalError,
    contacts::{self, blob, id_at},
    conversations::{self, Memory},
    inbox::{self, REPLIED, TEXT},
    outbox::{self, Outgoing},
};
use crate::{channel::Address, silence::Silence};

/// How many of the last replies are compared with what a contact writes, to know an echo.
const RECENT_REPLIES: u32 = 3;

/// What is to be done next in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// A message of ours has not reached the server for sure. It goes before anything else, so that order is kept.
    Send(Outgoing),
    /// A customer's message has no outcome.
    Answer(Box<Waiting>),
}

/// A message without an outcome, and what is needed to find one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its place in the inbox.
    pub seq: i64,
    /// Who wrote it.
    pub contact: ContactId,
    /// Under which names.
    pub address: Address,
    /// WhatsApp's id of it.
    pub wa_id: String,
    /// What else than text it is, like `image`.
    pub media: Option<String>,
    /// Its text or caption.
    pub text: Option<String>,
    /// What is remembered of the contact.
    pub memory: Memory,
    /// The last texts that went to the contact, the newest first.
    pub recent: Vec<String>,
}

/// What becomes of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is said, and why.
    Silent(Silence),
    /// Replies in order, each with the id under which it goes out. At least one.
    Replies(Vec<(String, String)>),
}

/// An outcome to be fixed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The message's place in the inbox.
    pub seq: i64,
    /// The contact as it was when the outcome was decided.
    pub contact: ContactId,
    /// The memory afterwards, with the version on which it was decided.
    pub memory: Memory,
    /// What becomes of the message.
    pub verdict: Verdict,
    /// The time now.
    pub now: Timestamp,
}

/// What came of fixing an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixed {
    /// It is fixed.
    Done,
    /// The message had its outcome already, or was another one's repetition.
    Already,
    /// The contact or its memory has changed meanwhile: decide again. Under which contact it is now.
    Stale(ContactId),
}

pub(super) fn next(database: &Connection, contact: ContactId) -> Result<Option<Work>, JournalError> {
    if let Some(outgoing) = outbox::first_open(database, contact)? {
        return Ok(Some(Work::Send(outgoing)));
    }
    let row: Option<(i64, String, String, Option<String>)> = database
        .prepare_cached(
            "SELECT seq, wa_id, kind, text FROM inbox WHERE contact = ?1 AND outcome IS NULL ORDER BY seq LIMIT 1",
        )?
        .query_row([blob(contact)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .optional()?;
    let Some((seq, wa_id, kind, text)) = row else { return Ok(None) };
    Ok(Some(Work::Answer(Box::new(Waiting {
        seq,
        contact,
        address: contacts::address(database, contact)?,
        wa_id,
        media: (kind != TEXT).then_some(kind),
        text,
        memory: conversations::read(database, contact)?,
        recent: outbox::recent(database, contact, RECENT_REPLIES)?,
    }))))
}

pub(super) fn fix(database: &Connection, outcome: &Outcome) -> Result<Fixed, JournalError> {
    let row: Option<(ContactId, bool)> = database
        .prepare_cached("SELECT contact, outcome IS NULL FROM inbox WHERE seq = ?1")?
        .query_row([outcome.seq], |row| Ok((id_at(row, 0)?, row.get(1)?)))
        .optional()?;
    let Some((contact, true)) = row else { return Ok(Fixed::Already) };
    if contact != outcome.contact || conversations::read(database, contact)?.version != outcome.memory.version
    {
        return Ok(Fixed::Stale(contact));
    }

    let (name, silence) = match &outcome.verdict {
        Verdict::Silent(silence) => (silence.name(), Some(*silence)),
        Verdict::Replies(_) => (REPLIED, None),
    };
    database
        .prepare_cached("UPDATE inbox SET outcome = ?2 WHERE seq = ?1 AND outcome IS NULL")?
        .execute(params![outcome.seq, name])?;
    if let Verdict::Replies(replies) = &outcome.verdict {
        for (wa_id, text) in replies {
            outbox::append_reply(database, contact, outcome.seq, wa_id, text, outcome.now)?;
        }
    }
    inbox::log(database, contact, outcome.seq, silence)?;
    outbox::log_replies(database, contact, outcome.seq, outcome.now)?;

    let mut memory = outcome.memory.clone();
    memory.traffic.told_to_wait &= has_waiting(database, contact)?;
    conversations::write(database, contact, &memory)?;
    Ok(Fixed::Done)
}

fn has_waiting(database: &Connection, contact: ContactId) -> Result<bool, JournalError> {
    Ok(database
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM inbox WHERE contact = ?1 AND outcome IS NULL)")?
        .query_row([blob(contact)], |row| row.get(0))?)
}

/// All chats in which something is to be done, those whose message has waited longest first.
pub(super) fn busy(database: &Connection) -> Result<Vec<ContactId>, JournalError> {
    let mut statement = database.prepare_cached(
        "SELECT contact FROM (SELECT contact, min(created_at) AS since FROM outbox \
         WHERE state IN ('pending', 'sent') GROUP BY contact \
         UNION ALL SELECT contact, min(received_at) FROM inbox WHERE outcome IS NULL GROUP BY contact) \
         GROUP BY contact ORDER BY min(since)",
    )?;
    let found = statement.query_map([], |row| id_at(row, 0))?;
    Ok(found.collect::<Result<_, _>>()?)
}
