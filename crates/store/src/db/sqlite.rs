//! SQLite: WAL, synced in full since workers forget what was acknowledged, one writer, a file that only we can read.

use std::{
    fs, os::unix::fs::OpenOptionsExt as _, os::unix::fs::PermissionsExt as _, path::Path, time::Duration,
};

use domain::Timestamp;
use sqlx::{
    AnyPool, Connection as _, Executor, Row as _, SqlitePool, any::AnyPoolOptions, sqlite::SqlitePoolOptions,
};

use super::{Engine, migrate, seek};
use crate::OpenError;

/// Readers see the last commit while the writer writes; more than a few only wait for the disk.
const READERS: u32 = 3;
const WAIT: Duration = Duration::from_secs(10);

/// A commit of many tenants' rows writes hundreds of pages: after each thousand, as is usual, every third would wait for the
/// database's own file too. After 64 MB few of them do, and most pages are written back once for many changes: 1.2 times the
/// rows a second that there are after 16 MB.
const WRITER: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                      PRAGMA secure_delete = ON; PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF; \
                      PRAGMA wal_autocheckpoint = 16000;";
const READER: &str = "PRAGMA query_only = ON; PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF;";

pub(super) struct Pools {
    pub(super) writer: AnyPool,
    pub(super) reader: AnyPool,
    pub(super) seekers: SqlitePool,
}

/// Opens the file and brings its schema up to date.
pub(super) async fn open(path: &Path, now: Timestamp) -> Result<Pools, OpenError> {
    let address = address(path)?;
    prepare_file(path).map_err(|source| OpenError::File { path: path.display().to_string(), source })?;
    // What is there is looked at before anything, even the journal mode, is changed.
    version(path).await?;
    let writer = pool(&address, 1, WRITER).await?;
    // Where the disk fails just then, SQLite stays with another mode and says so in the answer alone.
    let mode: String = sqlx::query("PRAGMA journal_mode")
        .fetch_one(&writer)
        .await
        .and_then(|row| row.try_get(0))
        .map_err(OpenError::Database)?;
    if mode != "wal" {
        let why = format!("it stays in the mode \"{mode}\": the disk is full or failing");
        return Err(OpenError::File { path: path.display().to_string(), source: std::io::Error::other(why) });
    }
    // Two starts at once: the second waits here and then finds nothing to do.
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await.map_err(OpenError::Database)?;
    migrate::apply(&mut tx, Engine::Sqlite, now).await?;
    tx.commit().await.map_err(OpenError::Database)?;
    let reader = pool(&address, READERS, READER).await?;
    let seekers = seekers(&address).await?;
    Ok(Pools { writer, reader, seekers })
}

/// Connections that can be interrupted: `sqlx`'s common driver has no way to do that.
async fn seekers(address: &str) -> Result<SqlitePool, OpenError> {
    SqlitePoolOptions::new()
        .max_connections(seek::ON_SQLITE)
        .min_connections(0)
        .acquire_timeout(WAIT)
        .max_lifetime(None)
        .test_before_acquire(false)
        .after_connect(|connection, _| {
            Box::pin(async move { connection.execute(sqlx::raw_sql(READER)).await.map(drop) })
        })
        .connect_lazy(address)
        .map_err(OpenError::Database)
}

/// Looks at a file that is there, and changes nothing.
pub(super) async fn version(path: &Path) -> Result<i64, OpenError> {
    let look = pool(&address(path)?, 1, "PRAGMA busy_timeout = 5000").await?;
    let found = match look.acquire().await {
        Ok(mut connection) => migrate::inspect(&mut connection, Engine::Sqlite).await,
        Err(error) => Err(OpenError::Database(error)),
    };
    look.close().await;
    found
}

/// Writes all of a database to a file that is not there yet, as it is at one instant. Readers and writers go on.
pub(super) async fn vacuum_into(from: &Path, into: &Path) -> Result<(), OpenError> {
    let name = into.to_str().ok_or_else(|| OpenError::Address("the copy's path is no UTF-8".to_owned()))?;
    let reader = pool(&address(from)?, 1, "PRAGMA busy_timeout = 5000").await?;
    let copied = sqlx::query("VACUUM INTO $1").bind(name.to_owned()).execute(&reader).await;
    reader.close().await;
    copied.map(drop).map_err(OpenError::Database)
}

/// Reads every page of a database of ours, and changes nothing.
pub(crate) async fn look_at(path: &Path) -> Result<(), OpenError> {
    version(path).await?;
    let reader = pool(&address(path)?, 1, READER).await?;
    let verdict = sqlx::query("PRAGMA integrity_check(1)").fetch_one(&reader).await;
    reader.close().await;
    let verdict: String = verdict.and_then(|row| row.try_get(0)).map_err(OpenError::Database)?;
    if verdict == "ok" { Ok(()) } else { Err(OpenError::Address(format!("{}: {verdict}", path.display()))) }
}

async fn pool(address: &str, connections: u32, pragmas: &'static str) -> Result<AnyPool, OpenError> {
    AnyPoolOptions::new()
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(WAIT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        // Where the disk fails, SQLite rolls a transaction back by itself; sqlx then takes the connection to be in one for
        // good, and would refuse every further one on it. What it still has to undo comes before the ping's answer.
        .before_acquire(|connection, _| {
            Box::pin(async move {
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        })
        .after_connect(move |connection, _| {
            Box::pin(async move {
                connection.execute(sqlx::raw_sql(pragmas)).await?;
                Ok(())
            })
        })
        .connect(address)
        .await
        .map_err(OpenError::Database)
}

/// Takes what was deleted out of the journal beside the file; within the file its bytes are overwritten at once. Waits for
/// readers no longer than a moment, since all writers would wait too; `false` where one was in the way.
pub(super) async fn truncate_journal(writer: &AnyPool) -> Result<bool, sqlx::Error> {
    let mut connection = writer.acquire().await?;
    connection.execute("PRAGMA busy_timeout = 100").await?;
    let done = connection.fetch_one("PRAGMA wal_checkpoint(TRUNCATE)").await;
    connection.execute("PRAGMA busy_timeout = 5000").await?;
    done?.try_get::<i64, _>(0).map(|busy| busy == 0)
}

/// Makes the file with mode 0600 before SQLite would make it with another, and takes rights away from one that is
/// there. Journal and shared memory get the same rights from SQLite.
fn prepare_file(path: &Path) -> std::io::Result<()> {
    let file =
        fs::OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)?;
    let mode = file.metadata()?.permissions().mode();
    if mode & 0o077 != 0 {
        file.set_permissions(fs::Permissions::from_mode(mode & 0o700))?;
    }
    Ok(())
}

/// The path as an address that sqlx reads back to the same path.
fn address(path: &Path) -> Result<String, OpenError> {
    let text = path.to_str().ok_or_else(|| {
        OpenError::Address(format!("the path {} is no UTF-8; choose another", path.display()))
    })?;
    let mut address = String::from("sqlite://");
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'_' | b'-') {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    address.push_str("?mode=rw");
    Ok(address)
}
