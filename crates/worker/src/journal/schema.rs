//! Opening the journal: whose it is, whether it is whole, and which schema it has.

use std::path::Path;

use domain::JournalId;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior, params};

use super::{JournalError, meta};

/// "FLOW", so that another program's database is never taken for a journal.
const APPLICATION_ID: i32 = 0x464c_4f57;
/// The schema that this build writes.
pub(super) const VERSION: i32 = 1;

/// Schema 1. Times are milliseconds since 1970 in UTC; contacts' ids are UUIDs of 16 bytes.
const SCHEMA_1: &str = include_str!("schema_1.sql");

/// Opens the journal at `path`, or makes it, and takes it for `generation`.
pub(super) fn open(path: &Path, generation: i64) -> Result<Connection, JournalError> {
    let corrupt = |detail: String| JournalError::Corrupt { path: path.to_owned(), detail };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NOFOLLOW
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut database = Connection::open_with_flags(path, flags)?;
    // Nobody else may read or write while this worker lives, and the WAL's index needs no shared memory then.
    configure(
        &database,
        "PRAGMA locking_mode = EXCLUSIVE; PRAGMA foreign_keys = ON; PRAGMA cache_size = -512;",
    )?;
    let is_damage = |error: &rusqlite::Error| {
        matches!(error.sqlite_error_code(), Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt))
    };
    let number = |name: &str| -> Result<i32, JournalError> {
        database
            .pragma_query_value(None, name, |row| row.get(0))
            .map_err(|error| if is_damage(&error) { corrupt(error.to_string()) } else { error.into() })
    };
    let (application, version) = (number("application_id")?, number("user_version")?);
    let tables: i64 = database
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(|error| if is_damage(&error) { corrupt(error.to_string()) } else { error.into() })?;
    if tables > 0 && application != APPLICATION_ID {
        return Err(corrupt("it is the database of another program".to_owned()));
    }
    if version > VERSION {
        return Err(JournalError::Newer { path: path.to_owned(), found: version, known: VERSION });
    }
    let verdict: Result<String, _> = database.query_row("PRAGMA quick_check(1)", [], |row| row.get(0));
    match verdict {
        Ok(verdict) if verdict == "ok" => {}
        Ok(verdict) => return Err(corrupt(verdict)),
        Err(error) if is_damage(&error) => return Err(corrupt(error.to_string())),
        Err(error) => return Err(error.into()),
    }
    configure(&database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")?;
    database.set_prepared_statement_cache_capacity(48);

    let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if version == 0 {
        transaction.execute_batch(SCHEMA_1)?;
        transaction.execute(
            "INSERT INTO meta (one, journal_id, generation, last_sequence) VALUES (1, ?1, ?2, 0)",
            params![JournalId::generate().to_string(), generation],
        )?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
    }
    meta::take_generation(&transaction, generation)?;
    transaction.commit()?;
    crate::crash::point("journal_opened");
    Ok(database)
}

fn configure(database: &Connection, pragmas: &str) -> Result<(), JournalError> {
    // Some pragmas answer with a row, which `execute_batch` passes over.
    database.execute_batch(pragmas).map_err(JournalError::from)
}
