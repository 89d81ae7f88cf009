//! Opens what a worker has written: sealed with its tenant's key, where there is a master key above it.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use vault::Files;

/// The key of the cell that `path` lies in, which is named like its tenant.
#[must_use]
pub fn key_of(path: &Path) -> Option<[u8; 32]> {
    let cell = path.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    let keys = path.ancestors().flat_map(|above| [above.join("master.key"), above.join("data/master.key")]);
    let key = keys.into_iter().find(|key| key.exists());
    let (Some(tenant), Some(key)) = (cell, key) else { return None };
    let key = seal::MasterKey::load_or_create(&key).expect("the master key can be read");
    Some(key.tenant_key(tenant).expect("a tenant's key can be made"))
}

/// How the files of that cell are opened.
#[must_use]
pub fn files_of(path: &Path) -> Files {
    let Some(key) = key_of(path) else { return Files::Plain };
    Files::sealed(&vault::Key::new(key)).expect("SQLite takes files of ours")
}

/// All bytes of a database as they would stand there unsealed, free pages too.
#[must_use]
pub fn bytes(path: &Path) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let copy = folder.path().join("copy.db");
    let database = open(path).expect("the database can be opened");
    let mut into = Connection::open(&copy).expect("a copy can be made");
    // Page by page, as they are.
    let copying = rusqlite::backup::Backup::new(&database, &mut into).expect("it can be copied");
    assert_eq!(copying.step(-1).expect("it can be copied"), rusqlite::backup::StepResult::Done);
    drop(copying);
    drop(into);
    std::fs::read(copy).expect("the copy can be read")
}

/// Opens a journal or a session to be read and written.
///
/// # Errors
/// As SQLite says.
pub fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    files_of(path).open(path, flags)
}
