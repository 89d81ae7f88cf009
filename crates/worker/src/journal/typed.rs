//! Texts typed by a person, to contacts who have written before.

use domain::{ContactId, Timestamp, Writer, limits::MESSAGE_MAX_BYTES};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    JournalError,
    contacts::{self, blob, id_at},
    logs::{self, NewLog},
};

/// A text that a person typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// The request's id; the same one twice is one message.
    pub request: String,
    /// The contact as log rows write it.
    pub contact: String,
    /// The text.
    pub text: String,
    /// The id under which it goes out, unless the request has one already.
    pub wa_id: String,
    /// The time now.
    pub now: Timestamp,
}

/// Why a typed text is not sent. The words are for the person who typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TypedRefusal {
    /// Nobody of that name has ever written.
    #[error(
        "this contact has never written to the business; WhatsApp takes a first message from a bot for spam"
    )]
    NeverWrote,
    /// There is nothing to send.
    #[error("the text is empty")]
    Empty,
    /// It is longer than WhatsApp takes.
    #[error("the text is longer than {MESSAGE_MAX_BYTES} bytes")]
    TooLong,
}

/// The id under which a typed text goes out, and its chat.
pub(super) type Put = Result<(String, ContactId), TypedRefusal>;

pub(super) fn put(database: &Connection, typed: &Typed) -> Result<Put, JournalError> {
    let before: Option<(String, ContactId)> = database
        .prepare_cached("SELECT wa_id, contact FROM outbox WHERE request = ?1")?
        .query_row([&typed.request], |row| Ok((row.get(0)?, id_at(row, 1)?)))
        .optional()?;
    if let Some(before) = before {
        return Ok(Ok(before));
    }
    if typed.text.trim().is_empty() {
        return Ok(Err(TypedRefusal::Empty));
    }
    if typed.text.len() > MESSAGE_MAX_BYTES {
        return Ok(Err(TypedRefusal::TooLong));
    }
    let Some((contact, true)) = contacts::by_label(database, &typed.contact)? else {
        return Ok(Err(TypedRefusal::NeverWrote));
    };
    let Typed { request, text, wa_id, now, .. } = typed;
    database
        .prepare_cached(
            "INSERT INTO outbox (contact, wa_id, request, text, state, created_at) \
             VALUES (?1, ?2, ?3, ?4, 'pending', ?5)",
        )?
        .execute(params![blob(contact), wa_id, request, text, now.as_millisecond()])?;
    let label = contacts::label(&contacts::address(database, contact)?);
    logs::append(database, &NewLog::out(&label, text, wa_id, *now, Writer::Person))?;
    Ok(Ok((wa_id.clone(), contact)))
}
