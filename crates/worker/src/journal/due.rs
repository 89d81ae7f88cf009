//! What is to happen at a time: each once, whatever crashes in between.

use domain::{ContactId, Timestamp};
use replies::{Timer, Wake};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    JournalError,
    contacts::{blob, id_at},
};

/// A time that has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Its key among the contact's.
    pub key: String,
    /// What is to happen.
    pub timer: Timer,
}

/// Keeps timers; one whose key is known changes nothing.
pub(super) fn keep(database: &Connection, contact: ContactId, wakes: &[Wake]) -> Result<(), JournalError> {
    let mut statement = database
        .prepare_cached("INSERT OR IGNORE INTO due (contact, key, at, timer) VALUES (?1, ?2, ?3, ?4)")?;
    let mut kept = 0;
    for wake in wakes {
        let timer = serde_json::to_string(&wake.timer)?;
        kept += statement.execute(params![blob(contact), wake.key, wake.at.as_millisecond(), timer])?;
    }
    if kept > 0 {
        database.prepare_cached("UPDATE meta SET due_changes = due_changes + 1")?.execute([])?;
    }
    Ok(())
}

/// The contact's first timer whose time has come.
pub(super) fn first(
    database: &Connection,
    contact: ContactId,
    now: Timestamp,
) -> Result<Option<Due>, JournalError> {
    let row: Option<(String, String)> = database
        .prepare_cached(
            "SELECT key, timer FROM due WHERE contact = ?1 AND done IS NULL AND at <= ?2 ORDER BY at, key LIMIT 1",
        )?
        .query_row(params![blob(contact), now.as_millisecond()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((key, timer)) = row else { return Ok(None) };
    Ok(Some(Due { key, timer: serde_json::from_str(&timer)? }))
}

/// Marks a timer as done, once; whether it was not.
pub(super) fn done(
    database: &Connection,
    contact: ContactId,
    key: &str,
    now: Timestamp,
) -> Result<bool, JournalError> {
    let changed = database
        .prepare_cached("UPDATE due SET done = ?3 WHERE contact = ?1 AND key = ?2 AND done IS NULL")?
        .execute(params![blob(contact), key, now.as_millisecond()])?;
    Ok(changed > 0)
}

/// The chats whose time has come, and when the next one's comes.
pub(super) fn chats(
    database: &Connection,
    now: Timestamp,
) -> Result<(Vec<ContactId>, Option<Timestamp>), JournalError> {
    let now = now.as_millisecond();
    let mut statement = database.prepare_cached(
        "SELECT DISTINCT contact FROM due WHERE done IS NULL AND at <= ?1 ORDER BY contact",
    )?;
    let chats = statement.query_map([now], |row| id_at(row, 0))?.collect::<Result<_, _>>()?;
    let next: Option<i64> = database
        .prepare_cached("SELECT min(at) FROM due WHERE done IS NULL AND at > ?1")?
        .query_row([now], |row| row.get(0))?;
    Ok((chats, next.map(super::time).transpose()?))
}

/// Two contacts are one.
pub(super) fn merge(database: &Connection, from: ContactId, into: ContactId) -> Result<(), JournalError> {
    database.execute("UPDATE OR IGNORE due SET contact = ?2 WHERE contact = ?1", [blob(from), blob(into)])?;
    database.execute("DELETE FROM due WHERE contact = ?1", [blob(from)])?;
    Ok(())
}
