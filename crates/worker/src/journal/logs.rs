//! Conversation log rows that wait for the control plane.

use domain::{Direction, LogId, Timestamp, Writer};
use link::message::LogRow;
use rusqlite::{Connection, params};

use super::{JournalError, deliveries, time_at};

/// A row before it has its number.
pub(super) struct NewLog<'a> {
    pub(super) direction: Direction,
    pub(super) contact: &'a str,
    pub(super) text: &'a str,
    pub(super) wa_id: &'a str,
    pub(super) at: Timestamp,
    pub(super) silence: Option<&'static str>,
    /// When it was written, where that is not when it came.
    pub(super) sent_at: Option<Timestamp>,
    /// The id of the message that it corrects or takes back.
    pub(super) about: Option<&'a str>,
    /// Whether that message's text is to be removed.
    pub(super) removes: bool,
    /// Who wrote a message of ours.
    pub(super) writer: Option<Writer>,
    /// Whether the contact wants no messages from this one on.
    pub(super) opted_out: bool,
}

impl<'a> NewLog<'a> {
    /// The row of a message of ours.
    pub(super) const fn out(
        contact: &'a str,
        text: &'a str,
        wa_id: &'a str,
        at: Timestamp,
        writer: Writer,
    ) -> Self {
        Self {
            direction: Direction::Out,
            contact,
            text,
            wa_id,
            at,
            silence: None,
            sent_at: None,
            about: None,
            removes: false,
            writer: Some(writer),
            opted_out: false,
        }
    }
}

/// Appends a row under the next number.
pub(super) fn append(database: &Connection, row: &NewLog<'_>) -> Result<(), JournalError> {
    let sequence: i64 = database
        .prepare_cached("UPDATE meta SET last_sequence = last_sequence + 1 RETURNING last_sequence")?
        .query_row([], |row| row.get(0))?;
    let id = LogId::generate().to_string();
    database
        .prepare_cached(
            "INSERT INTO logs (sequence, id, direction, contact, text, wa_id, at, silence, sent_at, about, removes, \
             writer, opted_out) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        )?
        .execute(params![
            sequence,
            id,
            <&str>::from(row.direction),
            row.contact,
            row.text,
            row.wa_id,
            row.at.as_millisecond(),
            row.silence,
            row.sent_at.map(Timestamp::as_millisecond),
            row.about,
            row.removes,
            row.writer.map(<&str>::from),
            row.opted_out
        ])?;
    if let Some(writer) = row.writer {
        deliveries::follow(database, row.wa_id, &id, writer.begins_at())?;
    }
    Ok(())
}

/// The rows after `after`, in order: at most `rows`, and no more than needed to pass `bytes` of text.
pub(super) fn batch(
    database: &Connection,
    after: u64,
    rows: usize,
    bytes: usize,
) -> Result<Vec<LogRow>, JournalError> {
    let mut statement = database.prepare_cached(
        "SELECT sequence, id, direction, contact, text, wa_id, at, silence, sent_at, about, removes, writer, opted_out \
         FROM logs WHERE sequence > ?1 ORDER BY sequence LIMIT ?2",
    )?;
    let mut found = statement.query(params![number(after), i64::try_from(rows).unwrap_or(i64::MAX)])?;
    let (mut batch, mut size) = (Vec::new(), 0);
    while size < bytes
        && let Some(row) = found.next()?
    {
        let (sequence, id, direction): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let writer: Option<Writer> = label_at(row, 11)?;
        let row = LogRow {
            sequence: u64::try_from(sequence)
                .map_err(|_| JournalError::Value(format!("sequence {sequence}")))?,
            id: id.parse()?,
            direction: direction
                .parse()
                .map_err(|_| JournalError::Value(format!("direction {direction}")))?,
            contact: row.get(3)?,
            text: row.get(4)?,
            wa_message_id: row.get(5)?,
            at: time_at(row, 6)?,
            silence: row.get(7)?,
            sent_at: row.get::<_, Option<i64>>(8)?.map(super::time).transpose()?,
            about: row.get(9)?,
            removes: row.get(10)?,
            writer,
            delivery: writer.map(Writer::begins_at),
            opted_out: row.get(12)?,
        };
        size += row.text.len();
        batch.push(row);
    }
    Ok(batch)
}

/// Takes the text of a message out of the rows that are not delivered yet.
pub(super) fn remove_text(
    database: &Connection,
    contact: &str,
    wa_id: &str,
    direction: Direction,
) -> Result<(), JournalError> {
    database
        .prepare_cached(
            "UPDATE logs SET text = ?3 WHERE contact = ?1 AND direction = ?4 AND (wa_id = ?2 OR about = ?2)",
        )?
        .execute(params![contact, wa_id, REMOVED, <&str>::from(direction)])?;
    Ok(())
}

/// What stands in place of a text that was removed.
pub(super) const REMOVED: &str = "[deleted]";

/// Forgets the rows up to `sequence`.
pub(super) fn forget(database: &Connection, sequence: u64) -> Result<(), JournalError> {
    database.prepare_cached("DELETE FROM logs WHERE sequence <= ?1")?.execute([number(sequence)])?;
    Ok(())
}

/// Reads one of an enum's words.
fn label_at<T: std::str::FromStr>(row: &rusqlite::Row<'_>, column: usize) -> Result<Option<T>, JournalError> {
    let word: Option<String> = row.get(column)?;
    word.map(|word| word.parse().map_err(|_| JournalError::Value(format!("the word {word}")))).transpose()
}

fn number(sequence: u64) -> i64 {
    i64::try_from(sequence).unwrap_or(i64::MAX)
}
