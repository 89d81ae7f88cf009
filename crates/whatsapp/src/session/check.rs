//! Looks at a session's database without touching it, so that a damaged one can still be examined.
//!
//! The storage itself would migrate and checkpoint whatever it is given, and waits 30 s for what cannot be opened.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags};
use vault::{ConvertError, Files};
use worker::{channel::OpenError, journal::is_unread};

use super::owner;

/// A table that the storage makes before any other.
const FIRST_TABLE: &str = "__diesel_schema_migrations";

/// The cells of a tenant's directory are small: a larger database is no session.
const LARGEST: u64 = 1024 * 1024 * 1024;

/// Passes a database that is a whole session.
///
/// # Errors
/// `SessionCorrupt` where it is something else, `Foreign` where it is not `owner`'s.
pub(super) fn check(files: &Files, path: &Path, owner: Option<&str>) -> Result<(), OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = files.open(path, flags).map_err(|error| unreadable(path, &error))?;
    database.busy_timeout(Duration::from_secs(5)).map_err(|error| unreadable(path, &error))?;
    if let Some(why) = whole(&database).map_err(|error| unreadable(path, &error))? {
        let unread = is_unread(&why);
        return Err(if unread {
            OpenError::Other(format!("{} cannot be read now: {why}", path.display()))
        } else {
            corrupt(path, &why)
        });
    }
    let Some(owner) = owner else { return Ok(()) };
    match owner::read(&database).map_err(|error| unreadable(path, &error))? {
        Some(found) if found != owner => Err(OpenError::Foreign(path.display().to_string())),
        // One of a version that wrote no name becomes its directory's.
        _ => Ok(()),
    }
}

/// Whether there is a database at all; refuses what does not begin like one.
pub(super) fn has_content(files: &Files, path: &Path) -> Result<bool, OpenError> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(OpenError::Other(format!("{} cannot be opened: {error}", path.display()))),
    };
    let failed = |error: io::Error| OpenError::Other(format!("{} cannot be read: {error}", path.display()));
    let length = file.metadata().map_err(failed)?.len();
    if length == 0 {
        return Ok(false);
    }
    if length > LARGEST {
        return Err(corrupt(path, "it is larger than any session"));
    }
    // What is sealed begins like nothing that is known; whether it is a database shows when it is opened.
    let Some(beginning) = files.beginning() else { return Ok(true) };
    let mut start = Vec::with_capacity(beginning.len());
    (&mut file).take(beginning.len() as u64).read_to_end(&mut start).map_err(failed)?;
    if start != beginning {
        return Err(corrupt(path, "it is no SQLite database"));
    }
    Ok(true)
}

/// What is wrong with the database, if anything.
fn whole(database: &Connection) -> rusqlite::Result<Option<String>> {
    let verdict: String = database.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Ok(Some(verdict));
    }
    let tables: i64 = database.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let ours: bool = database.query_row(
        "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1)",
        [FIRST_TABLE],
        |row| row.get(0),
    )?;
    Ok((tables > 0 && !ours).then(|| "it is a database of something else".to_owned()))
}

fn corrupt(path: &Path, why: &str) -> OpenError {
    OpenError::SessionCorrupt(format!("{}: {why}", path.display()))
}

/// What keeps a session of an earlier version from being sealed.
pub(super) fn unsettled(error: ConvertError) -> OpenError {
    match error {
        ConvertError::Sqlite { path, source } => unreadable(&path, &source),
        other => OpenError::Other(other.to_string()),
    }
}

pub(super) fn unreadable(path: &Path, error: &rusqlite::Error) -> OpenError {
    match error.sqlite_error_code() {
        // Whoever has not got the key cannot tell the one from the other.
        Some(ErrorCode::NotADatabase) => corrupt(
            path,
            "this tenant's key does not open it: it is damaged, or another tenant's, or the master key is another one",
        ),
        Some(ErrorCode::DatabaseCorrupt) | None => corrupt(path, &error.to_string()),
        Some(_) => OpenError::Other(format!("{} cannot be looked at: {error}", path.display())),
    }
}
