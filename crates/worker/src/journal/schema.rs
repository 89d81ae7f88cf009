//! Opening the journal: whose it is, whether it is whole, and which schema it has.

use std::path::Path;

use domain::{JournalId, TenantId};
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior, params};
use vault::Files;

use super::{JournalError, error::is_unread, meta};

/// "FLOW", so that another program's database is never taken for a journal.
const APPLICATION_ID: i32 = 0x464c_4f57;
/// The schema that this build writes.
pub(super) const VERSION: i32 = 6;
/// The oldest schema whose readers may open what this build writes: since then columns and tables were only added, and
/// none that a reader must know of. It stands in `user_version`, which every reader has looked at.
pub(super) const OLDEST_READER: i32 = 4;

/// Statements that stay prepared. A message, its reply and what becomes of it pass 46, and a heartbeat 9 more: with fewer places
/// the one that is needed next would always be the one that has just gone.
const STATEMENTS_KEPT: usize = 64;

/// Schema 1. Times are milliseconds since 1970 in UTC; contacts' ids are UUIDs of 16 bytes.
const SCHEMA_1: &str = include_str!("schema_1.sql");
/// Schema 2: whose journal it is.
const SCHEMA_2: &str = "ALTER TABLE meta ADD COLUMN tenant TEXT";
/// Schema 3: turns, what waits for its content, albums, corrections, the account that was written to.
const SCHEMA_3: &str = include_str!("schema_3.sql");
/// Schema 4: records, timers, chats with a person, the business profile and the pack.
const SCHEMA_4: &str = include_str!("schema_4.sql");
/// What schema 4 did not have for the first hour in which it was on the main branch: journals of that hour call themselves
/// schema 4 too.
const SCHEMA_4_QUOTES: &str = "ALTER TABLE outbox ADD COLUMN quotes INTEGER";
/// Schema 5: the oldest reader, the session's marks.
const SCHEMA_5: &str = include_str!("schema_5.sql");
/// Schema 6: how far messages have come, and who wrote them.
const SCHEMA_6: &str = include_str!("schema_6.sql");

/// Opens the journal at `path`, or makes it, and takes it for `generation` where one is given. A file that is refused is not written to:
/// one of another tenant, whose directory was copied or swapped, would have its customers answered by this one.
pub(super) fn open(
    files: &Files,
    path: &Path,
    tenant: TenantId,
    generation: Option<i64>,
) -> Result<Connection, JournalError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NOFOLLOW
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut database = files.open(path, flags).map_err(|error| named(files, error.into(), path))?;
    let version = inspect(&database, path).map_err(|error| named(files, error, path))?;
    if version >= 2 {
        meta::check_tenant(&database, path, tenant)?;
    }
    // Zeros in place of what goes, whenever it goes: a page that is free would still hold an erased customer's words.
    log_ahead(&database, path)?;
    database.execute_batch("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;")?;
    database.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);

    let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if version == 0 {
        transaction.execute_batch(SCHEMA_1)?;
        transaction.execute(
            "INSERT INTO meta (one, journal_id, generation, last_sequence) VALUES (1, ?1, ?2, 0)",
            params![JournalId::generate().to_string(), generation.unwrap_or_default()],
        )?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    }
    if version < 2 {
        transaction.execute_batch(SCHEMA_2)?;
        transaction.execute("UPDATE meta SET tenant = ?1", [tenant.to_string()])?;
    }
    if version < 3 {
        transaction.execute_batch(SCHEMA_3)?;
    }
    if version < 4 {
        transaction.execute_batch(SCHEMA_4)?;
    }
    if !has_column(&transaction, "outbox", "quotes")? {
        transaction.execute_batch(SCHEMA_4_QUOTES)?;
    }
    if version < 5 {
        transaction.execute_batch(SCHEMA_5)?;
    }
    if version < 6 {
        transaction.execute_batch(SCHEMA_6)?;
    }
    if version == 0 {
        // The tenant may have open records of a journal that was lost.
        transaction.execute("UPDATE meta SET knows_records = 0", [])?;
    }
    if version < VERSION {
        transaction.execute("UPDATE meta SET schema = ?1", [VERSION])?;
        transaction.pragma_update(None, "user_version", OLDEST_READER)?;
    }
    if let Some(generation) = generation {
        meta::take_generation(&transaction, generation)?;
    }
    transaction.commit()?;
    crash::point("journal_opened");
    Ok(database)
}

/// Writes ahead from now on. Where the disk fails just then, SQLite stays with another way and says so in the answer alone;
/// commits without a sync of their own would not be whole after a power cut then.
fn log_ahead(database: &Connection, path: &Path) -> Result<(), JournalError> {
    let mode: String = database.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode == "wal" {
        return Ok(());
    }
    let detail = format!("it stays in the mode \"{mode}\": the disk is full or failing");
    Err(JournalError::File { path: path.to_owned(), detail })
}

/// Reads all of the file; the version of its schema, 0 for an empty one.
fn inspect(database: &Connection, path: &Path) -> Result<i32, JournalError> {
    // Nobody else may read or write while this worker lives, and the WAL's index needs no shared memory then.
    database.execute_batch(
        "PRAGMA locking_mode = EXCLUSIVE; PRAGMA foreign_keys = ON; PRAGMA cache_size = -512;",
    )?;
    let number = |name| database.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let (application, version) = (number("application_id")?, number("user_version")?);
    let tables: i64 = database.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let corrupt = |detail| JournalError::Corrupt { path: path.to_owned(), detail };
    if tables > 0 && application != APPLICATION_ID {
        return Err(corrupt("it is the database of another program".to_owned()));
    }
    if version > VERSION {
        return Err(JournalError::Newer { path: path.to_owned(), found: version, known: VERSION });
    }
    let verdict: String = database.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    match verdict.as_str() {
        "ok" => schema(database, version),
        unread if is_unread(unread) => {
            Err(JournalError::File { path: path.to_owned(), detail: unread.to_owned() })
        }
        _ => Err(corrupt(verdict)),
    }
}

/// The schema itself: `oldest_reader` until schema 4, a column from then on.
fn schema(database: &Connection, oldest_reader: i32) -> Result<i32, JournalError> {
    let told = database.prepare("SELECT schema FROM meta");
    match told {
        Ok(mut told) if oldest_reader >= 4 => Ok(told.query_row([], |row| row.get(0))?),
        _ => Ok(oldest_reader),
    }
}

fn has_column(database: &Connection, table: &str, column: &str) -> Result<bool, JournalError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2)";
    Ok(database.query_row(sql, [table, column], |row| row.get(0))?)
}

/// Names the file where SQLite says that it is damaged.
fn named(files: &Files, error: JournalError, path: &Path) -> JournalError {
    match &error {
        JournalError::Sql(sql) => match sql.sqlite_error_code() {
            // Whoever has no key cannot tell the one from the other.
            Some(ErrorCode::NotADatabase) if matches!(files, Files::Sealed(_)) => JournalError::Corrupt {
                path: path.to_owned(),
                detail: "this tenant's key does not open it: it is damaged, or another tenant's, or the master key is \
                         another one"
                    .to_owned(),
            },
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                JournalError::Corrupt { path: path.to_owned(), detail: sql.to_string() }
            }
            _ => error,
        },
        _ => error,
    }
}
