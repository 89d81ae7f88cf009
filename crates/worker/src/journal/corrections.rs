//! What a contact corrects or takes back: which message it is about, and whether anything still waits for it.
//!
//! Every version stays in the inbox as a row of its own, so that what was answered can be seen later, unless the tenant
//! wants that what is taken back goes.

use domain::{ContactId, Direction};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    JournalError,
    contacts::{self, blob},
    conversations,
    inbox::{self, Intake, REPLIED, Told},
    logs,
};
use crate::{channel::Content, silence::Silence};

/// Why a correction gets no answer, as far as is known when it comes; `None` for everything else and for a correction
/// that the dialogue may still wait for.
pub(super) fn take(
    database: &Connection,
    contact: ContactId,
    content: &Content,
    intake: &Intake,
) -> Result<Option<Silence>, JournalError> {
    match content {
        Content::Edited { of, .. } => {
            let awaited = match of {
                Some(of) => is_awaited(database, contact, of)?,
                None => false,
            };
            Ok((!awaited).then_some(Silence::Corrected))
        }
        Content::Deleted { of } => {
            if let Some(of) = of {
                take_back(database, contact, of, intake)?;
            }
            Ok(Some(Silence::Deleted))
        }
        Content::Text(_) | Content::Media { .. } | Content::Unreadable(_) | Content::Protocol(_) => Ok(None),
    }
}

/// Whether the message `id` has no answer yet, or is of the turn that was answered last.
fn is_awaited(database: &Connection, contact: ContactId, id: &str) -> Result<bool, JournalError> {
    let outcome: Option<Option<String>> = database
        .prepare_cached("SELECT outcome FROM inbox WHERE contact = ?1 AND wa_id = ?2")?
        .query_row(params![blob(contact), id], |row| row.get(0))
        .optional()?;
    match outcome {
        None => Ok(false),
        Some(None) => Ok(true),
        Some(Some(outcome)) => {
            let last = conversations::read(database, contact)?.traffic.last;
            Ok(outcome == REPLIED && last.is_some_and(|last| last.ids.iter().any(|known| known == id)))
        }
    }
}

/// A message that is taken back before its answer gets none, and goes into the log; its text and that of its versions
/// is removed where the tenant wants it so.
fn take_back(
    database: &Connection,
    contact: ContactId,
    id: &str,
    intake: &Intake,
) -> Result<(), JournalError> {
    if intake.remove_deleted {
        database
            .prepare_cached("UPDATE inbox SET text = NULL WHERE contact = ?1 AND (wa_id = ?2 OR about = ?2)")?
            .execute(params![blob(contact), id])?;
        let address = contacts::address(database, contact)?;
        logs::remove_text(database, &contacts::label(&address), id, Direction::In)?;
    }
    let mut waiting = database.prepare_cached(
        "SELECT seq FROM inbox WHERE contact = ?1 AND (wa_id = ?2 OR about = ?2) AND outcome IS NULL ORDER BY seq",
    )?;
    let waiting = waiting.query_map(params![blob(contact), id], |row| row.get::<_, i64>(0))?;
    for seq in waiting.collect::<Result<Vec<_>, _>>()? {
        database
            .execute("UPDATE inbox SET outcome = ?2 WHERE seq = ?1", params![seq, Silence::Deleted.name()])?;
        let told = Told { silence: Some(Silence::Deleted), ..Told::default() };
        inbox::log(database, contact, seq, told)?;
    }
    Ok(())
}
