//! Messages of ours: their ids are chosen when they are decided, and never again.

use domain::{ContactId, Delivery, Timestamp, Writer};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    JournalError,
    contacts::{self, blob},
    deliveries::{self, Early},
    logs::{self, NewLog},
};
use crate::channel::{Address, Quote};

/// A message that waits to be sent, or to be acknowledged by the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Its place in the outbox.
    pub seq: i64,
    /// WhatsApp's id of it.
    pub wa_id: String,
    /// To whom.
    pub to: Address,
    /// Its text.
    pub text: String,
    /// How often it has been sent.
    pub attempts: u32,
    /// When it was decided.
    pub created_at: Timestamp,
    /// Whether the bot decided it, and no person typed it.
    pub is_bots: bool,
    /// Whether it says that the business is away.
    pub away: bool,
    /// The message that it answers, where several were waiting and its text was not removed meanwhile.
    pub quote: Option<Quote>,
}

/// How the story of a message of ours ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The server has taken it.
    Acked,
    /// It will never be taken, and why.
    Failed(String),
}

/// Appends a reply to the message `cause`, or what is said without a cause. `quotes` is the place in the inbox of the
/// message that it quotes.
#[expect(clippy::too_many_arguments, reason = "the columns of a row")]
pub(super) fn append_reply(
    database: &Connection,
    contact: ContactId,
    cause: Option<i64>,
    wa_id: &str,
    text: &str,
    now: Timestamp,
    away: bool,
    quotes: Option<i64>,
) -> Result<(), JournalError> {
    database
        .prepare_cached(
            "INSERT INTO outbox (contact, wa_id, cause, text, state, created_at, away, quotes) \
             VALUES (?1, ?2, ?3, ?4, 'pending', ?5, ?6, ?7)",
        )?
        .execute(params![blob(contact), wa_id, cause, text, now.as_millisecond(), away, quotes])?;
    Ok(())
}

/// Writes the log rows of the replies to `cause`, in order.
pub(super) fn log_replies(
    database: &Connection,
    contact: ContactId,
    cause: i64,
    now: Timestamp,
) -> Result<(), JournalError> {
    let label = contacts::label(&contacts::address(database, contact)?);
    let mut statement =
        database.prepare_cached("SELECT wa_id, text FROM outbox WHERE cause = ?1 ORDER BY seq")?;
    let mut rows = statement.query([cause])?;
    while let Some(row) = rows.next()? {
        let (wa_id, text): (String, String) = (row.get(0)?, row.get(1)?);
        logs::append(database, &NewLog::out(&label, &text, &wa_id, now, Writer::Bot))?;
    }
    Ok(())
}

/// The first message of a chat whose story has not ended.
pub(super) fn first_open(
    database: &Connection,
    contact: ContactId,
) -> Result<Option<Outgoing>, JournalError> {
    type Found = (i64, String, String, u32, i64, bool, bool, Option<String>, Option<String>);
    let row: Option<Found> = database
        .prepare_cached(
            "SELECT o.seq, o.wa_id, o.text, o.attempts, o.created_at, o.request IS NULL, o.away, i.wa_id, i.text \
             FROM outbox o LEFT JOIN inbox i ON i.seq = o.quotes \
             WHERE o.contact = ?1 AND o.state IN ('pending', 'sent') ORDER BY o.seq LIMIT 1",
        )?
        .query_row([blob(contact)], |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
                row.get(5)?,
                row.get(6)?,
                row.get(7)?,
                row.get(8)?,
            ))
        })
        .optional()?;
    let Some((seq, wa_id, text, attempts, created_at, is_bots, away, quoted, said)) = row else {
        return Ok(None);
    };
    let quote = quoted.zip(said).map(|(id, text)| Quote { id, text });
    let (to, created_at) = (contacts::address(database, contact)?, super::time(created_at)?);
    Ok(Some(Outgoing { seq, wa_id, to, text, attempts, created_at, is_bots, away, quote }))
}

/// Notes that a message goes to the server once more.
pub(super) fn mark_sent(database: &Connection, wa_id: &str) -> Result<(), JournalError> {
    database
        .prepare_cached(
            "UPDATE outbox SET state = 'sent', attempts = attempts + 1 \
             WHERE wa_id = ?1 AND state IN ('pending', 'sent')",
        )?
        .execute([wa_id])?;
    Ok(())
}

/// Ends the story of a message, once; whether it was still open. Ids that are not ours are passed over. What is said of it
/// later may still bring it farther: one that was given up may have been taken after all.
pub(super) fn settle(database: &Connection, wa_id: &str, fate: &Fate) -> Result<bool, JournalError> {
    let (state, reason) = match fate {
        Fate::Acked => ("acked", None),
        Fate::Failed(reason) => ("failed", Some(reason.as_str())),
    };
    let changed = database
        .prepare_cached(
            "UPDATE outbox SET state = ?2, reason = ?3 WHERE wa_id = ?1 AND state IN ('pending', 'sent')",
        )?
        .execute(params![wa_id, state, reason])?;
    let delivery = if reason.is_none() { Delivery::Sent } else { Delivery::Failed };
    deliveries::note(database, wa_id, delivery, reason)?;
    Ok(changed > 0)
}

/// Takes a receipt of the customer's phone: whatever became of the server's own word, it had these messages.
pub(super) fn arrived(
    database: &Connection,
    ids: &[String],
    how: Delivery,
    early: &Early,
) -> Result<(), JournalError> {
    for wa_id in ids {
        if !deliveries::note(database, wa_id, how, None)? {
            early.keep(wa_id, how);
        }
        settle(database, wa_id, &Fate::Acked)?;
    }
    Ok(())
}

/// Whether this is the id of a message of ours.
pub(super) fn has(database: &Connection, wa_id: &str) -> Result<bool, JournalError> {
    Ok(database
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM outbox WHERE wa_id = ?1)")?
        .query_row([wa_id], |row| row.get(0))?)
}

/// The last texts that went to a contact, the newest first.
pub(super) fn recent(
    database: &Connection,
    contact: ContactId,
    count: u32,
) -> Result<Vec<String>, JournalError> {
    let mut statement =
        database.prepare_cached("SELECT text FROM outbox WHERE contact = ?1 ORDER BY seq DESC LIMIT ?2")?;
    let texts = statement.query_map(params![blob(contact), count], |row| row.get(0))?;
    Ok(texts.collect::<Result<_, _>>()?)
}
