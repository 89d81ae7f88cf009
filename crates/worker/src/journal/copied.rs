//! A copy of the journal for a backup, and a journal that was put back from one.

use std::{fs, io, path::Path};

use domain::{JournalId, TenantId, Timestamp, delivery};
use link::cell::{JOURNAL_DATABASE, RESTORED_JOURNAL};
use rusqlite::{Connection, params};
use vault::Files;

use super::{
    JournalError,
    outbox::{self, Fate},
    schema,
};
use crate::silence::Silence;

/// Writes all of the journal to a file at `path`, in place of what is there; its bytes. Waits for nobody and holds up what
/// comes meanwhile. Not synced: whoever reads it does that.
pub(super) fn copy(files: &Files, database: &Connection, path: &Path) -> Result<u64, JournalError> {
    let gone = |result: io::Result<()>| match result {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(path, &error)),
        _ => Ok(()),
    };
    gone(fs::remove_file(path))?;
    let copied = files.copy(database, path);
    if copied.is_err() {
        // What a full disk left of it.
        gone(fs::remove_file(path))?;
    }
    copied?;
    fs::metadata(path).map(|facts| facts.len()).map_err(|error| failed(path, &error))
}

/// Takes in the journal that `flowhq restore` has put into the cell of `journal`, where there is one: it gets a new id, and
/// what waited in it is void, since another has answered it. Whatever stops this in the middle, the next start does it again;
/// nobody has used the journal by then. A confined worker may not rename, so the file is copied and the first one removed.
pub(super) fn take_in(
    files: &Files,
    journal: &Path,
    tenant: TenantId,
    now: Timestamp,
) -> Result<(), JournalError> {
    let restored = journal.with_file_name(RESTORED_JOURNAL);
    if !restored.exists() {
        return Ok(());
    }
    // As any other journal: whole, this tenant's, of a known schema. Its generation stays what it was.
    files.settle(&restored)?;
    let mut database = schema::open(files, &restored, tenant, None)?;
    let begun: bool = database.query_row(
        "SELECT session_now IS NULL AND session_before LIKE 'none before %' FROM meta",
        [],
        |row| Ok(row.get::<_, Option<bool>>(0)?.unwrap_or_default()),
    )?;
    if journal.exists() && !begun {
        let detail = format!("{RESTORED_JOURNAL} lies beside a {JOURNAL_DATABASE}: remove one of the two");
        return Err(JournalError::Corrupt { path: restored, detail });
    }
    if !begun {
        let transaction = database.transaction()?;
        void(&transaction, now)?;
        transaction.commit()?;
    }
    without(journal)?;
    copy(files, &database, journal)?;
    database.close().map_err(|(_, error)| error)?;
    let cell = journal.parent().unwrap_or_else(|| Path::new("/"));
    let sync = |path: &Path| fs::File::open(path).and_then(|file| file.sync_all());
    sync(journal).and_then(|()| sync(cell)).map_err(|error| failed(journal, &error))?;
    without(&restored)?;
    sync(cell).map_err(|error| failed(&restored, &error))?;
    tracing::warn!("the journal was put back from a backup: what waited in it is not answered any more");
    Ok(())
}

/// Removes a database and what SQLite lays beside it, which is worth nothing without it.
fn without(database: &Path) -> Result<(), JournalError> {
    for ending in ["", "-wal", "-shm"] {
        let mut name = database.as_os_str().to_owned();
        name.push(ending);
        match fs::remove_file(&name) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(database, &error)),
            _ => {}
        }
    }
    Ok(())
}

fn void(database: &Connection, now: Timestamp) -> Result<(), JournalError> {
    let now = now.as_millisecond();
    let mut waiting =
        database.prepare("SELECT wa_id FROM outbox WHERE state IN ('pending', 'sent') ORDER BY seq")?;
    let waiting = waiting.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    for wa_id in waiting {
        outbox::settle(database, &wa_id, &Fate::Failed(delivery::RESTORED.to_owned()))?;
    }
    database.execute("UPDATE inbox SET outcome = ?1 WHERE outcome IS NULL", [Silence::Restored.name()])?;
    database.execute("UPDATE due SET done = ?1 WHERE done IS NULL AND at <= ?1", [now])?;
    // Records go up again, and those come down that have changed since. The account is linked anew, and a session that was
    // there before has another mark than this.
    database.execute(
        "UPDATE meta SET journal_id = ?1, knows_records = 0, acknowledged_records = 0, account_number = NULL, \
         account_lid = NULL, session_before = ?2, session_now = NULL",
        params![JournalId::generate().to_string(), format!("none before {}", JournalId::generate())],
    )?;
    Ok(())
}

fn failed(path: &Path, error: &io::Error) -> JournalError {
    JournalError::File { path: path.to_owned(), detail: error.to_string() }
}
