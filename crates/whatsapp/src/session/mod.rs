//! The session's database: looked at before it is opened, opened with full syncs, and retired once it is worthless.

mod check;
mod mark;
mod owner;

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use scheduled_thread_pool::ScheduledThreadPool;
use tokio::sync::Mutex;
use vault::Files;
use whatsapp_rust::{
    store::{SqliteStore, SqliteStoreConfig, Synchronous},
    wacore::store::{error::StoreError, traits::DeviceStore},
};
use worker::channel::OpenError;

use crate::text::causes;

/// The page cache of the main connection, in KiB. A session's database has about 300 KiB.
const CACHE_KIB: u32 = 128;

/// The files that SQLite puts beside a database, by their endings.
const SIDE_FILES: [&str; 3] = ["-wal", "-shm", ".sealed"];

/// The page cache of the connection that does not sync: it writes single rows.
const LAZY_CACHE_KIB: u32 = 32;

/// Two connections to one session's database.
#[derive(Clone)]
pub(crate) struct Stores {
    /// Syncs before a write counts as done.
    pub(crate) synced: SqliteStore,
    /// Does not sync: a power cut may undo what it wrote last, a killed process loses nothing. Both write to one
    /// write-ahead log in order, so whatever `synced` writes later makes durable what was written here before.
    pub(crate) lazy: SqliteStore,
}

/// The database of one session. Opened at the first need and kept.
pub(crate) struct Session {
    files: Files,
    path: PathBuf,
    owner: Option<String>,
    stores: Mutex<Option<Stores>>,
    /// What a session that is made is marked with.
    mark: Mutex<Option<String>>,
}

impl Session {
    pub(crate) fn new(files: Files, path: PathBuf, owner: Option<String>) -> Self {
        Self { files, path, owner, stores: Mutex::new(None), mark: Mutex::new(None) }
    }

    /// The open database.
    ///
    /// # Errors
    /// Where it is damaged or another's (nothing was changed then) or cannot be opened.
    pub(crate) async fn stores(&self) -> Result<Stores, OpenError> {
        let mut kept = self.stores.lock().await;
        if let Some(stores) = &*kept {
            if self.ended() {
                return Err(OpenError::Other(
                    "this session was unlinked; a new process begins a new one".to_owned(),
                ));
            }
            return Ok(stores.clone());
        }
        let (files, path, owner) = (self.files.clone(), self.path.clone(), self.owner.clone());
        blocking(move || prepare(&files, &path, owner.as_deref())).await??;
        // First, since whoever is first makes the tables: a sync for each would hold up the first code.
        let keeper = keeper();
        let lazy = open(&self.files, &self.path, Synchronous::Normal, LAZY_CACHE_KIB, &keeper).await?;
        if let Some(owner) = self.owner.clone() {
            // Before anything connects: no linked session is ever without its name.
            let (files, path) = (self.files.clone(), self.path.clone());
            blocking(move || owner::claim(&files, &path, &owner)).await??;
        }
        if let Some(mark) = self.mark.lock().await.clone() {
            let (files, path) = (self.files.clone(), self.path.clone());
            blocking(move || mark::put(&files, &path, &mark)).await??;
        }
        // The counters of Signal's ratchets must survive a power cut: one used twice is taken for a duplicate.
        let synced = open(&self.files, &self.path, Synchronous::Full, CACHE_KIB, &keeper).await?;
        // It has opened both, and has next to nothing left to do.
        keeper.execute(|| {
            memory::give_back_stack();
        });
        let stores = Stores { synced, lazy };
        *kept = Some(stores.clone());
        Ok(stores)
    }

    /// Whether a device is linked, without creating or connecting anything.
    pub(crate) async fn is_linked(&self) -> Result<bool, OpenError> {
        if self.ended() {
            return Ok(false);
        }
        let (files, path) = (self.files.clone(), self.path.clone());
        if !blocking(move || is_there(&files, &path)).await?? {
            return Ok(false);
        }
        let stores = self.stores().await?;
        let device = stores.synced.load().await.map_err(|error| failed(&error))?;
        Ok(device.is_some_and(|device| device.is_registered()))
    }

    /// Which of the known marks the session has; nothing where there is no session, or one that was never marked.
    pub(crate) async fn marked(&self, known: Vec<String>, must: bool) -> Result<Option<String>, OpenError> {
        if self.ended() {
            return Ok(None);
        }
        let (files, path) = (self.files.clone(), self.path.clone());
        let read =
            move || if is_there(&files, &path)? { mark::read(&files, &path, &known, must) } else { Ok(None) };
        blocking(read).await?
    }

    /// Marks the session, or the one that will be made.
    pub(crate) async fn mark(&self, mark: String) -> Result<(), OpenError> {
        *self.mark.lock().await = Some(mark.clone());
        // Held, so that none is made meanwhile. One that is not open yet is marked when it is.
        let stores = self.stores.lock().await;
        let (files, path) = (self.files.clone(), self.path.clone());
        if stores.is_some() && !self.ended() {
            blocking(move || mark::put(&files, &path, &mark)).await?
        } else {
            Ok(())
        }
    }

    /// Marks the session as worthless, since the phone removed this device or we did: the next process begins a new
    /// one. This process still has the file open and leaves it alone.
    pub(crate) fn end(&self) {
        let marked = File::create(marker(&self.path)).and_then(|file| file.sync_all());
        if let Err(error) = marked {
            tracing::error!(%error, "the unlinked session could not be marked; the next start will be refused by WhatsApp");
        }
    }

    fn ended(&self) -> bool {
        marker(&self.path).exists()
    }
}

/// Whether there is a database: sealed from now on, where it was not, and whole where that was interrupted.
fn is_there(files: &Files, path: &Path) -> Result<bool, OpenError> {
    files.settle(path).map_err(check::unsettled)?;
    check::has_content(files, path)
}

/// Removes a session that has ended, and looks at one that has not.
fn prepare(files: &Files, path: &Path, owner: Option<&str>) -> Result<(), OpenError> {
    if marker(path).exists() {
        retire(path).map_err(|error| {
            OpenError::Other(format!("the unlinked session {} could not be removed: {error}", path.display()))
        })?;
    }
    if is_there(files, path)? { check::check(files, path, owner) } else { Ok(()) }
}

/// Removes the database and what lies beside it; the marker goes last, so that an interruption is taken up again.
fn retire(path: &Path) -> io::Result<()> {
    for file in
        SIDE_FILES.map(|ending| beside(path, ending)).into_iter().chain([path.to_owned(), marker(path)])
    {
        match fs::remove_file(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    tracing::info!("the unlinked session was removed; a new one begins");
    Ok(())
}

/// What opens connections and looks after them, which are one each: left to itself, the library takes a second thread for it,
/// with its stack and its own times to wake up.
fn keeper() -> Arc<ScheduledThreadPool> {
    let one = ScheduledThreadPool::builder().num_threads(1).thread_name_pattern("connections");
    Arc::new(one.build())
}

async fn open(
    files: &Files,
    path: &Path,
    synchronous: Synchronous,
    cache_size_kib: u32,
    keeper: &Arc<ScheduledThreadPool>,
) -> Result<SqliteStore, OpenError> {
    let (files, at) = (files.clone(), path.to_owned());
    let name = blocking(move || files.address(&at).map_err(|error| check::unreadable(&at, &error))).await??;
    let thread_pool = Some(Arc::clone(keeper));
    let config = SqliteStoreConfig {
        pool_size: 1,
        cache_size_kib,
        synchronous,
        thread_pool,
        ..SqliteStoreConfig::default()
    };
    SqliteStore::with_config(&name, config).await.map_err(|error| failed(&error))
}

/// What stands in the way of the storage. A damaged database waits for a person; a disk that fails, or a file that cannot be
/// opened just now, may mend by itself.
fn failed(error: &StoreError) -> OpenError {
    let words = causes(error);
    let passes = match error {
        StoreError::Io(_) | StoreError::Connection(_) | StoreError::RetriesExhausted { .. } => true,
        // The storage keeps no code of SQLite's, only its words.
        StoreError::Database(_) | StoreError::Migration(_) => PASSES.iter().any(|one| words.contains(one)),
        _ => false,
    };
    if passes && !DAMAGED.iter().any(|one| words.contains(one)) {
        OpenError::Other(format!("the session database fails: {words}"))
    } else {
        OpenError::SessionCorrupt(words)
    }
}

/// `sqlite3_errstr` of IOERR, FULL, CANTOPEN, BUSY, LOCKED and NOMEM.
const PASSES: [&str; 6] = [
    "disk I/O error",
    "database or disk is full",
    "unable to open database file",
    "database is locked",
    "database table is locked",
    "out of memory",
];
/// The same of CORRUPT and NOTADB.
const DAMAGED: [&str; 2] = ["malformed", "file is not a database"];

fn marker(path: &Path) -> PathBuf {
    beside(path, ".ended")
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, OpenError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| OpenError::Other(format!("looking at the session: {error}")))
}

#[cfg(test)]
mod tests {
    use super::{OpenError, StoreError, failed};

    #[test]
    fn what_a_disk_does_once_is_no_damage() {
        let database = |words: &str| StoreError::Database(words.into());
        for passing in [
            "disk I/O error",
            "database or disk is full",
            "unable to open database file",
            "database is locked",
        ] {
            assert!(matches!(failed(&database(passing)), OpenError::Other(_)), "{passing}");
            let connection = StoreError::Connection(passing.into());
            assert!(matches!(failed(&connection), OpenError::Other(_)), "{passing}");
        }
        for damaged in ["database disk image is malformed", "file is not a database", "no such table: device"]
        {
            assert!(matches!(failed(&database(damaged)), OpenError::SessionCorrupt(_)), "{damaged}");
        }
        let damaged = StoreError::Connection("file is not a database".into());
        assert!(matches!(failed(&damaged), OpenError::SessionCorrupt(_)));
        let wrong = StoreError::Validation("Invalid key length: 17".to_owned());
        assert!(matches!(failed(&wrong), OpenError::SessionCorrupt(_)));
    }
}
