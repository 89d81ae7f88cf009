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
