//! Chats that a person has or is to have: which they are, taking one over, and giving it back.

use domain::{ContactId, HandOffRow, Timestamp};
use replies::{Availability, Bot, HandOff, State, Turn, decide};
use rusqlite::{Connection, params};

use super::{
    JournalError,
    contacts::{self, blob, id_at},
    conversations, meta,
};

/// Keeps the list as a conversation says.
pub(super) fn follow(database: &Connection, contact: ContactId, state: &State) -> Result<(), JournalError> {
    let changed = match &state.hand_off {
        Some(HandOff { reason, since, until }) => {
            let reason = serde_json::to_value(reason)?;
            database
                .prepare_cached(
                    "INSERT INTO hand_offs (contact, reason, since, until) VALUES (?1, ?2, ?3, ?4) \
                     ON CONFLICT (contact) DO UPDATE SET reason = ?2, since = ?3, until = ?4 \
                     WHERE (reason, since, until) <> (?2, ?3, ?4)",
                )?
                .execute(params![
                    blob(contact),
                    reason.as_str().unwrap_or_default(),
                    since.as_millisecond(),
                    until.as_millisecond()
                ])?
        }
        None => {
            database.prepare_cached("DELETE FROM hand_offs WHERE contact = ?1")?.execute([blob(contact)])?
        }
    };
    if changed > 0 {
        database.prepare_cached("UPDATE meta SET hand_off_changes = hand_off_changes + 1")?.execute([])?;
    }
    Ok(())
}

/// The chats that wait or are with a person, the longest first, at most `rows`; and how many there are.
pub(super) fn list(
    database: &Connection,
    now: Timestamp,
    rows: u32,
) -> Result<(Vec<HandOffRow>, u64), JournalError> {
    let now = now.as_millisecond();
    let mut statement = database.prepare_cached(
        "SELECT contact, reason, since, until FROM hand_offs WHERE until > ?1 ORDER BY since, contact LIMIT ?2",
    )?;
    let mut found = statement.query(params![now, rows])?;
    let mut list = Vec::new();
    while let Some(row) = found.next()? {
        list.push(HandOffRow {
            contact: contacts::label(&contacts::address(database, id_at(row, 0)?)?),
            reason: row.get(1)?,
            since: super::time_at(row, 2)?,
            until: super::time_at(row, 3)?,
        });
    }
    let total: i64 = database
        .prepare_cached("SELECT count(*) FROM hand_offs WHERE until > ?1")?
        .query_row([now], |row| row.get(0))?;
    Ok((list, u64::try_from(total).unwrap_or_default()))
}

/// What the owner or staff did with a chat, decided and kept at once: nothing is said to the customer.
pub(super) fn turn(
    database: &Connection,
    bot: &Bot,
    contact: ContactId,
    turn: &Turn,
    now: Timestamp,
    own_chat: bool,
) -> Result<(), JournalError> {
    let mut memory = conversations::read(database, contact)?;
    let outcome = decide(bot, &memory.conversation, turn, now, &Availability::default());
    if let Some(on) = outcome.switch {
        meta::put_switch(database, on)?;
    }
    // Notes that the owner writes to themselves give no chat to anybody.
    if outcome.switch.is_none() && !own_chat {
        memory.conversation = outcome.conversation;
        conversations::write(database, contact, &memory)?;
    }
    Ok(())
}

/// Takes a chat over or gives it back, by its name as log rows write it; whether there is such a contact.
pub(super) fn by_label(
    database: &Connection,
    bot: &Bot,
    label: &str,
    what: &Turn,
    now: Timestamp,
) -> Result<bool, JournalError> {
    let Some((contact, _)) = contacts::by_label(database, label)? else { return Ok(false) };
    turn(database, bot, contact, what, now, false)?;
    Ok(true)
}
