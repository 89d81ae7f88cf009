//! By what a session's database is told from an older copy of itself: a mark that changes with every start and now and then
//! in between, one row in a table of its own. The worker's journal knows the last ones.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, OptionalExtension};
use worker::channel::OpenError;

use super::check::unreadable;

const TABLE: &str = "CREATE TABLE IF NOT EXISTS flowhq_mark (one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), mark TEXT NOT NULL)";
/// How long whoever writes may keep us waiting.
const PATIENCE: Duration = Duration::from_secs(5);

/// Which of the known marks a database has. Changes nothing.
///
/// # Errors
/// [`OpenError::Stale`] where it has another, or has none and must have one.
pub(super) fn read(path: &Path, known: &[String], must: bool) -> Result<Option<String>, OpenError> {
    let found = open(path, OpenFlags::SQLITE_OPEN_READ_ONLY).and_then(|database| {
        let there: bool = database.query_row(
            "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'flowhq_mark')",
            [],
            |row| row.get(0),
        )?;
        if !there {
            return Ok(None);
        }
        database.query_row("SELECT mark FROM flowhq_mark", [], |row| row.get(0)).optional()
    });
    let found: Option<String> = found.map_err(|error| unreadable(path, &error))?;
    let stale = match &found {
        // A journal that was made anew knows none.
        Some(found) => !known.is_empty() && !known.contains(found),
        None => must,
    };
    if stale { Err(OpenError::Stale(path.display().to_string())) } else { Ok(found) }
}

/// Writes a mark in place of the one that is there.
///
/// # Errors
/// Where the database cannot be written.
pub(super) fn put(path: &Path, mark: &str) -> Result<(), OpenError> {
    let put = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE).and_then(|database| {
        database.execute_batch(TABLE)?;
        let sql =
            "INSERT INTO flowhq_mark (one, mark) VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET mark = ?1";
        database.execute(sql, [mark])
    });
    put.map(drop).map_err(|error| unreadable(path, &error))
}

fn open(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let database = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    database.busy_timeout(PATIENCE)?;
    Ok(database)
}
