//! Whose session a database is: one row in a table of its own, which the storage does not look at.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, OptionalExtension};
use vault::Files;
use worker::channel::OpenError;

use super::check::unreadable;

const TABLE: &str = "CREATE TABLE IF NOT EXISTS flowhq_owner (one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), name TEXT NOT NULL)";

/// The name in a database, where there is one.
pub(super) fn read(database: &Connection) -> rusqlite::Result<Option<String>> {
    let known: bool = database.query_row(
        "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'flowhq_owner')",
        [],
        |row| row.get(0),
    )?;
    if !known {
        return Ok(None);
    }
    database.query_row("SELECT name FROM flowhq_owner", [], |row| row.get(0)).optional()
}

/// Writes the name where there is none yet.
///
/// # Errors
/// Where the database cannot be written.
pub(super) fn claim(files: &Files, path: &Path, owner: &str) -> Result<(), OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let claimed = files.open(path, flags).and_then(|database| {
        database.busy_timeout(Duration::from_secs(5))?;
        if read(&database)?.is_none() {
            database.execute_batch(TABLE)?;
            database.execute("INSERT OR IGNORE INTO flowhq_owner (one, name) VALUES (1, ?1)", [owner])?;
        }
        Ok(())
    });
    claimed.map_err(|error| unreadable(path, &error))
}
