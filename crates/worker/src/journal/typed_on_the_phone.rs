//! What the owner or staff write in a customer's chat on the phone, or on another linked device of the account: whether the
//! log tells of it, and what is left of it once they take it back.

use domain::{ContactId, Direction};
use rusqlite::{Connection, params};

use super::{
    JournalError,
    contacts::{self, blob},
    inbox::{self, Intake},
    logs,
};

/// Whether the log tells of what is written in this chat: exactly where it tells of what the contact writes. A phone has chats
/// beside those of the business: with somebody who has never written to the bot, or whom the bot leaves alone, they concern
/// nobody. Before the bot knows by what it answers it cannot know that, and nothing is told either.
pub(super) fn is_logged(
    database: &Connection,
    contact: ContactId,
    intake: &Intake,
) -> Result<bool, JournalError> {
    if intake.bot.is_none() || inbox::ignored(database, contact, intake)?.is_some() {
        return Ok(false);
    }
    contacts::has_written(database, contact)
}

/// Takes the text of a message that was written on the phone out of what is held of it; whether there is such a message. What
/// the bot or a person has said stays: its writer has not taken it back.
pub(super) fn remove(database: &Connection, contact: ContactId, id: &str) -> Result<bool, JournalError> {
    let is_own: bool = database
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM inbox WHERE contact = ?1 AND wa_id = ?2 AND outcome = 'own')",
        )?
        .query_row(params![blob(contact), id], |row| row.get(0))?;
    if !is_own {
        return Ok(false);
    }
    database
        .prepare_cached(
            "UPDATE inbox SET text = NULL WHERE contact = ?1 AND outcome = 'own' AND (wa_id = ?2 OR about = ?2)",
        )?
        .execute(params![blob(contact), id])?;
    let label = contacts::label(&contacts::address(database, contact)?);
    logs::remove_text(database, &label, id, Direction::Out)?;
    Ok(true)
}
