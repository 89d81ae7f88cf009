//! What the bot remembers of each contact.

use domain::{ContactId, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::{JournalError, contacts::blob, handing};

/// How much a contact has written lately. Times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Traffic {
    /// When the current window of a minute began.
    pub window_start: i64,
    /// Messages answered in it.
    pub answered: u32,
    /// Whether the contact was warned in it.
    pub warned: bool,
    /// Windows in a row, up to the current one, in which the limit was passed.
    pub limited_windows: u32,
    /// Until when the contact gets no answer, since it behaves like a machine.
    pub quiet_until: i64,
    /// Whether the contact was told to wait since its queue was last empty.
    pub told_to_wait: bool,
    /// When the contact was last asked to send a message again that could not be read.
    pub asked_again_at: i64,
    /// The turn that was answered last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<LastTurn>,
}

/// A turn that was answered, for a correction of what was written in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastTurn {
    /// The ids of its messages.
    pub ids: Vec<String>,
    /// What the reply engine remembered before it.
    pub before: replies::State,
    /// Whether it made or changed a record: a correction does not make it again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub kept: bool,
}

/// All that is remembered of a contact, with its version.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Memory {
    /// Grows with every change; a change that was decided on an older version is decided again.
    pub version: i64,
    /// What the reply engine remembers.
    pub conversation: replies::State,
    /// How much they write.
    pub traffic: Traffic,
}

impl Memory {
    /// Whether the contact wants no word of the bot's, or a person has the chat.
    #[must_use]
    pub fn is_quiet(&self, now: Timestamp) -> bool {
        let with_person = |hand_off: &replies::HandOff| hand_off.since <= now && now < hand_off.until;
        self.conversation.opted_out || self.conversation.hand_off.as_ref().is_some_and(with_person)
    }
}

pub(super) fn read(database: &Connection, contact: ContactId) -> Result<Memory, JournalError> {
    let row: Option<(i64, String, String)> = database
        .prepare_cached("SELECT version, state, traffic FROM conversations WHERE contact = ?1")?
        .query_row([blob(contact)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((version, state, traffic)) = row else { return Ok(Memory::default()) };
    Ok(Memory {
        version,
        conversation: serde_json::from_str(&state)?,
        traffic: serde_json::from_str(&traffic)?,
    })
}

/// Stores `memory` under the version after its own.
pub(super) fn write(database: &Connection, contact: ContactId, memory: &Memory) -> Result<(), JournalError> {
    database
        .prepare_cached(
            "INSERT INTO conversations (contact, version, state, traffic) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (contact) DO UPDATE SET version = ?2, state = ?3, traffic = ?4",
        )?
        .execute(params![
            blob(contact),
            memory.version + 1,
            serde_json::to_string(&memory.conversation)?,
            serde_json::to_string(&memory.traffic)?
        ])?;
    handing::follow(database, contact, &memory.conversation)
}

/// Two contacts are one: the conversation that the bot answered last goes on.
pub(super) fn merge(database: &Connection, from: ContactId, into: ContactId) -> Result<(), JournalError> {
    let (a, b) = (read(database, from)?, read(database, into)?);
    let version = a.version.max(b.version);
    let mut kept = if a.conversation.answered_at > b.conversation.answered_at { a } else { b };
    kept.version = version;
    database.execute("DELETE FROM conversations WHERE contact = ?1", [blob(from)])?;
    database.execute("DELETE FROM hand_offs WHERE contact = ?1", [blob(from)])?;
    write(database, into, &kept)
}
