//! By what a session's database is told from an older copy of itself: a mark that changes with every start and now and then
//! in between, one row in a table of its own. The worker's journal knows the last ones.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, OptionalExtension};
use vault::Files;
use worker::channel::OpenError;

use super::check::unreadable;

const TABLE: &str = "CREATE TABLE IF NOT EXISTS flowhq_mark (one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), mark TEXT NOT NULL)";
/// How long whoever writes may keep us waiting.
const PATIENCE: Duration = Duration::from_secs(5);

/// Which of the known marks a database has. Changes nothing.
///
/// # Errors
/// [`OpenError::Stale`] where it has another, or has none and must have one. A database that was being made when its worker
/// ended has none, and no keys that anybody has seen: nothing is linked by it.
pub(super) fn read(
    files: &Files,
    path: &Path,
    known: &[String],
    must: bool,
) -> Result<Option<String>, OpenError> {
    let found = open(files, path, OpenFlags::SQLITE_OPEN_READ_ONLY).and_then(|database| {
        let mark: Option<String> = if has_table(&database, "flowhq_mark")? {
            database.query_row("SELECT mark FROM flowhq_mark", [], |row| row.get(0)).optional()?
        } else {
            None
        };
        Ok((mark, is_linked(&database)?))
    });
    let (found, linked) = found.map_err(|error| unreadable(path, &error))?;
    let stale = match &found {
        // A journal that was made anew knows none.
        Some(found) => !known.is_empty() && !known.contains(found),
        None => must && linked,
    };
    if stale { Err(OpenError::Stale(path.display().to_string())) } else { Ok(found) }
}

fn has_table(database: &Connection, name: &str) -> rusqlite::Result<bool> {
    let there = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1)";
    database.query_row(there, [name], |row| row.get(0))
}

/// Whether a phone has linked a device by it: the library then knows the account's number.
fn is_linked(database: &Connection) -> rusqlite::Result<bool> {
    let linked = "SELECT EXISTS (SELECT 1 FROM device WHERE pn <> '')";
    Ok(has_table(database, "device")? && database.query_row(linked, [], |row| row.get(0))?)
}

/// Writes a mark in place of the one that is there.
///
/// # Errors
/// Where the database cannot be written.
pub(super) fn put(files: &Files, path: &Path, mark: &str) -> Result<(), OpenError> {
    let put = open(files, path, OpenFlags::SQLITE_OPEN_READ_WRITE).and_then(|database| {
        database.execute_batch(TABLE)?;
        let sql =
            "INSERT INTO flowhq_mark (one, mark) VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET mark = ?1";
        database.execute(sql, [mark])
    });
    put.map(drop).map_err(|error| unreadable(path, &error))
}

fn open(files: &Files, path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let database = files.open(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    database.busy_timeout(PATIENCE)?;
    Ok(database)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn a_session_that_was_being_made_has_no_mark_and_a_linked_one_must_have_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("session.db");
        let database = Connection::open(&path).unwrap();
        database.execute_batch("CREATE TABLE device (id INTEGER, pn TEXT NOT NULL DEFAULT '')").unwrap();
        let known = ["known".to_owned()];
        assert_eq!(
            read(&Files::Plain, &path, &known, true).unwrap(),
            None,
            "its worker ended before the mark was written"
        );
        database.execute("INSERT INTO device (pn) VALUES ('255754000111@s.whatsapp.net')", []).unwrap();
        assert!(matches!(read(&Files::Plain, &path, &known, true), Err(OpenError::Stale(_))));
        put(&Files::Plain, &path, "known").unwrap();
        assert_eq!(read(&Files::Plain, &path, &known, true).unwrap().as_deref(), Some("known"));
        put(&Files::Plain, &path, "older").unwrap();
        assert!(matches!(read(&Files::Plain, &path, &known, true), Err(OpenError::Stale(_))));
    }
}
