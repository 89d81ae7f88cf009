//! What a contact has a right to: to be told what the journal holds, and to be forgotten.

use domain::{ContactId, Direction};
use link::message::{ContactMessage, ContactPart};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    JournalError,
    contacts::{self, blob},
    time, time_at,
};

/// Messages of one part, and the text in it after which no other message is added.
const PART_MESSAGES: u32 = 200;
const PART_BYTES: usize = 64 * 1024;
/// Records of a contact that are told, the last ones.
const RECORDS_MOST: u32 = 100;
/// More of a conversation than this is not told: the link takes no more.
const CONVERSATION_BYTES: usize = 60 * 1024;

/// Why a contact is not forgotten now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Busy {
    /// A message waits for its answer, or an answer for WhatsApp.
    #[error("a message of this contact is being answered; try again in a moment")]
    Answering,
    /// The control plane has not got all of it yet.
    #[error("messages of this contact are on their way to the control plane; try again in a moment")]
    Reporting,
}

/// What is held of a contact, after the first `skip` messages; `None` for one that was never heard of.
pub(super) fn read(
    database: &Connection,
    label: &str,
    skip: u64,
) -> Result<Option<ContactPart>, JournalError> {
    let Some((id, _)) = contacts::by_label(database, label)? else { return Ok(None) };
    let (number, lid, push_name, wrote_at): (_, _, _, Option<i64>) = database.query_row(
        "SELECT number, lid, push_name, wrote_at FROM contacts WHERE id = ?1",
        [blob(id)],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    )?;
    let conversation = database
        .query_row("SELECT state FROM conversations WHERE contact = ?1", [blob(id)], |row| row.get(0))
        .optional()?;
    let conversation = conversation.map(|state: String| match state.len() {
        0..=CONVERSATION_BYTES => state,
        _ => state[..state.floor_char_boundary(CONVERSATION_BYTES)].to_owned(),
    });
    let records = if skip == 0 { records(database, id)? } else { Vec::new() };
    let (messages, more) = messages(database, id, skip)?;
    Ok(Some(ContactPart {
        number,
        lid,
        push_name,
        wrote_at: wrote_at.map(time).transpose()?,
        conversation,
        messages,
        more,
        records,
    }))
}

/// The contact's records as JSON, oldest first.
fn records(database: &Connection, id: ContactId) -> Result<Vec<String>, JournalError> {
    let mut statement = database.prepare_cached(
        "SELECT body FROM (SELECT body, changed_at, reference FROM records WHERE contact = ?1 \
         ORDER BY changed_at DESC, reference DESC LIMIT ?2) ORDER BY changed_at, reference",
    )?;
    let found = statement.query_map(params![blob(id), RECORDS_MOST], |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn messages(
    database: &Connection,
    id: ContactId,
    skip: u64,
) -> Result<(Vec<ContactMessage>, bool), JournalError> {
    let mut statement = database.prepare_cached(
        "SELECT outcome IS 'own', seq, wa_id, coalesce(text, '[' || kind || ']'), outcome, sent_at FROM inbox \
         WHERE contact = ?1 \
         UNION ALL SELECT 1, seq, wa_id, text, state, created_at FROM outbox WHERE contact = ?1 \
         ORDER BY 1, 2 LIMIT ?2 OFFSET ?3",
    )?;
    let skip = i64::try_from(skip).unwrap_or(i64::MAX);
    let mut rows = statement.query(params![blob(id), PART_MESSAGES + 1, skip])?;
    let (mut messages, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        if messages.len() >= PART_MESSAGES as usize || bytes >= PART_BYTES {
            return Ok((messages, true));
        }
        let text: Option<String> = row.get(3)?;
        bytes += text.as_ref().map_or(0, String::len);
        messages.push(ContactMessage {
            direction: if row.get::<_, i64>(0)? == 0 { Direction::In } else { Direction::Out },
            wa_message_id: row.get(2)?,
            text,
            state: row.get(4)?,
            at: time_at(row, 5)?,
        });
    }
    Ok((messages, false))
}

/// Forgets a contact with all its messages, which are overwritten (see `schema::open`); how many messages went.
/// `unanswered`: also what waits for its answer, or to be sent, which nobody may be about to do.
pub(super) fn erase(
    database: &Connection,
    label: &str,
    unanswered: bool,
) -> Result<Result<u64, Busy>, JournalError> {
    let Some((id, _)) = contacts::by_label(database, label)? else { return Ok(Ok(0)) };
    let names = contacts::address(database, id)?;
    let labels = [
        names.number.as_ref().map(|number| number.as_str().to_owned()),
        names.lid.as_ref().map(|lid| format!("lid:{lid}")),
    ];
    let any = |sql: &str, values: &[&dyn rusqlite::ToSql]| -> Result<bool, JournalError> {
        Ok(database.query_row(&format!("SELECT EXISTS ({sql})"), values, |row| row.get(0))?)
    };
    let answering = any("SELECT 1 FROM inbox WHERE contact = ?1 AND outcome IS NULL", &[&blob(id)])?
        || any("SELECT 1 FROM outbox WHERE contact = ?1 AND state IN ('pending', 'sent')", &[&blob(id)])?;
    if answering && !unanswered {
        return Ok(Err(Busy::Answering));
    }
    if any("SELECT 1 FROM logs WHERE contact IN (?1, ?2)", &[&labels[0], &labels[1]])? {
        return Ok(Err(Busy::Reporting));
    }
    let unsent = "SELECT 1 FROM records, meta WHERE contact = ?1 AND sequence > acknowledged_records";
    if any(unsent, &[&blob(id)])? {
        return Ok(Err(Busy::Reporting));
    }
    let mut messages = 0;
    database.execute(
        "DELETE FROM deliveries WHERE wa_id IN (SELECT wa_id FROM outbox WHERE contact = ?1 \
         UNION ALL SELECT wa_id FROM inbox WHERE contact = ?1 AND outcome = 'own')",
        [blob(id)],
    )?;
    for sql in ["DELETE FROM outbox WHERE contact = ?1", "DELETE FROM inbox WHERE contact = ?1"] {
        messages += database.execute(sql, [blob(id)])?;
    }
    for sql in [
        "DELETE FROM due WHERE contact = ?1",
        "DELETE FROM hand_offs WHERE contact = ?1",
        "DELETE FROM conversations WHERE contact = ?1",
        // What is open stays until it is closed, and then goes with the contact's names: see `upkeep`.
        "DELETE FROM records WHERE contact = ?1 AND NOT open",
        "UPDATE contacts SET push_name = NULL, erased = 1 WHERE id = ?1",
        "DELETE FROM contacts WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM records WHERE contact = ?1)",
        "UPDATE meta SET hand_off_changes = hand_off_changes + 1",
    ] {
        let values: &[&dyn rusqlite::ToSql] = if sql.contains("?1") { &[&blob(id)] } else { &[] };
        database.execute(sql, values)?;
    }
    Ok(Ok(messages as u64))
}
