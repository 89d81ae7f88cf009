//! The journal's one row about itself.

use std::path::Path;

use domain::{BotSettings, Digits, JournalId, TenantId};
use rusqlite::{Connection, OptionalExtension, params};

use super::JournalError;
use crate::channel::Address;

/// Refuses a journal that another tenant's worker has made.
pub(super) fn check_tenant(database: &Connection, path: &Path, own: TenantId) -> Result<(), JournalError> {
    let tenant: Option<String> = database.query_row("SELECT tenant FROM meta", [], |row| row.get(0))?;
    match tenant {
        Some(tenant) if tenant == own.to_string() => Ok(()),
        _ => Err(JournalError::Foreign { path: path.to_owned() }),
    }
}

/// Takes the journal for `own`, unless a later generation has had it.
pub(super) fn take_generation(database: &Connection, own: i64) -> Result<(), JournalError> {
    let seen = generation(database)?;
    if seen > own {
        return Err(JournalError::Fenced { seen, own });
    }
    if seen < own {
        database.execute("UPDATE meta SET generation = ?1", [own])?;
    }
    Ok(())
}

/// Refuses to go on where another generation has the journal.
pub(super) fn check_generation(database: &Connection, own: i64) -> Result<(), JournalError> {
    match generation(database)? {
        seen if seen == own => Ok(()),
        seen => Err(JournalError::Fenced { seen, own }),
    }
}

fn generation(database: &Connection) -> Result<i64, JournalError> {
    Ok(database.prepare_cached("SELECT generation FROM meta")?.query_row([], |row| row.get(0))?)
}

pub(super) fn journal_id(database: &Connection) -> Result<JournalId, JournalError> {
    let text: String = database.query_row("SELECT journal_id FROM meta", [], |row| row.get(0))?;
    Ok(text.parse()?)
}

pub(super) fn last_sequence(database: &Connection) -> Result<u64, JournalError> {
    let last: i64 =
        database.prepare_cached("SELECT last_sequence FROM meta")?.query_row([], |row| row.get(0))?;
    u64::try_from(last).map_err(|_| JournalError::Value(format!("last_sequence is {last}")))
}

/// Writes a page as it was, so that there is something to sync: a value that is changed and changed back.
pub(super) fn touch(database: &Connection) -> Result<(), JournalError> {
    for change in [1, -1] {
        database.prepare_cached("UPDATE meta SET last_sequence = last_sequence + ?1")?.execute([change])?;
    }
    Ok(())
}

/// What else is counted, for those who wait for a change of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks {
    /// The highest number of a record's change.
    pub recorded: u64,
    /// Grows with each change of the chats that a person has.
    pub handed: u64,
    /// Grows with each new timer.
    pub due: u64,
    /// The highest number of a change of how far a message has come.
    pub delivered: u64,
}

pub(super) fn marks(database: &Connection) -> Result<Marks, JournalError> {
    let number = |row: &rusqlite::Row<'_>, column: usize| {
        row.get::<_, i64>(column).map(|number| u64::try_from(number).unwrap_or_default())
    };
    let marks = database
        .prepare_cached("SELECT last_record, hand_off_changes, due_changes, last_delivery FROM meta")?
        .query_row([], |row| {
            Ok(Marks {
                recorded: number(row, 0)?,
                handed: number(row, 1)?,
                due: number(row, 2)?,
                delivered: number(row, 3)?,
            })
        })?;
    Ok(marks)
}

/// Notes that the control plane has the records up to `sequence`.
pub(super) fn acknowledge_records(database: &Connection, sequence: u64) -> Result<(), JournalError> {
    let sequence = i64::try_from(sequence).unwrap_or(i64::MAX);
    database
        .prepare_cached(
            "UPDATE meta SET acknowledged_records = min(max(acknowledged_records, ?1), last_record)",
        )?
        .execute([sequence])?;
    Ok(())
}

/// Whether the owner has switched the bot off from the phone.
pub(super) fn switched_off(database: &Connection) -> Result<bool, JournalError> {
    Ok(database.prepare_cached("SELECT switched_off FROM meta")?.query_row([], |row| row.get(0))?)
}

pub(super) fn put_switch(database: &Connection, on: bool) -> Result<(), JournalError> {
    database.execute("UPDATE meta SET switched_off = ?1", [!on])?;
    Ok(())
}

/// Whether the control plane has told the tenant's open records.
pub(super) fn knows_records(database: &Connection) -> Result<bool, JournalError> {
    Ok(database.query_row("SELECT knows_records FROM meta", [], |row| row.get(0))?)
}

/// The last profile that came down, as JSON.
pub(super) fn profile(database: &Connection) -> Result<Option<String>, JournalError> {
    Ok(database.query_row("SELECT json FROM profile", [], |row| row.get(0)).optional()?)
}

/// Keeps a profile, with its stock.
pub(super) fn put_profile(database: &Connection, profile: &replies::Profile) -> Result<(), JournalError> {
    database.execute(
        "INSERT INTO profile (one, version, json) VALUES (1, ?1, ?2) ON CONFLICT (one) DO UPDATE SET version = ?1, json = ?2",
        params![profile.version, serde_json::to_string(profile)?],
    )?;
    super::records::take_stock(database, profile)
}

/// The files of the last pack that came down, as JSON; nothing where none did, or it is gone.
pub(super) fn pack(database: &Connection) -> Result<KeptPack, JournalError> {
    let row: Option<Option<String>> =
        database.query_row("SELECT files FROM pack", [], |row| row.get(0)).optional()?;
    Ok(match row {
        None => KeptPack::None,
        Some(None) => KeptPack::Gone,
        Some(Some(files)) => KeptPack::Files(files),
    })
}

/// A pack as the journal has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeptPack {
    /// None has come down: one that ships is answered by.
    None,
    /// This installation has the tenant's pack no more.
    Gone,
    /// Its files by path, as one JSON object of texts.
    Files(String),
}

pub(super) fn put_pack(database: &Connection, hash: &str, files: Option<&str>) -> Result<(), JournalError> {
    database.execute(
        "INSERT INTO pack (one, hash, files) VALUES (1, ?1, ?2) ON CONFLICT (one) DO UPDATE SET hash = ?1, files = ?2",
        params![hash, files],
    )?;
    Ok(())
}

/// The marks of which the session's database has one, where it was ever marked.
pub(super) fn session_marks(database: &Connection) -> Result<[Option<String>; 2], JournalError> {
    let marks = "SELECT session_before, session_now FROM meta";
    Ok(database.query_row(marks, [], |row| Ok([row.get(0)?, row.get(1)?]))?)
}

pub(super) fn put_session_marks(
    database: &Connection,
    before: Option<&str>,
    now: &str,
) -> Result<(), JournalError> {
    database.execute("UPDATE meta SET session_before = ?1, session_now = ?2", params![before, now])?;
    Ok(())
}

/// The settings that were last stored, where there are any that this build can read.
pub(super) fn settings(database: &Connection) -> Result<Option<BotSettings>, JournalError> {
    let text: Option<String> = database.query_row("SELECT settings FROM meta", [], |row| row.get(0))?;
    let read = |text: String| match serde_json::from_str(&text) {
        Ok(settings) => Some(settings),
        // Another build wrote them: the control plane will tell them anew.
        Err(error) => {
            tracing::warn!(%error, "the settings in the journal cannot be read by this build");
            None
        }
    };
    Ok(text.and_then(read))
}

pub(super) fn put_settings(database: &Connection, settings: &BotSettings) -> Result<(), JournalError> {
    database.execute("UPDATE meta SET settings = ?1", [serde_json::to_string(settings)?])?;
    Ok(())
}

/// Under which account the device was last linked; nothing set where it never was.
pub(super) fn account(database: &Connection) -> Result<Address, JournalError> {
    let row: Option<(Option<String>, Option<String>)> = database
        .query_row("SELECT account_number, account_lid FROM meta", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (number, lid) = row.unwrap_or_default();
    Ok(Address { number: number.and_then(|number| Digits::new(number).ok()), lid })
}

pub(super) fn put_account(database: &Connection, account: &Address) -> Result<(), JournalError> {
    database.execute(
        "UPDATE meta SET account_number = ?1, account_lid = ?2",
        params![account.number.as_ref().map(Digits::as_str), account.lid],
    )?;
    Ok(())
}
