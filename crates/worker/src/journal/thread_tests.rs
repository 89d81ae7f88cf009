//! How many transactions the thread takes: a frame of the write-ahead log that ends one names the database's size (bytes 4 to 8 of
//! its head, <https://www.sqlite.org/fileformat2.html#the_write_ahead_log>).
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::{path::PathBuf, sync::Arc};

use domain::{ContactId, TenantId, Timestamp};
use rusqlite::Connection;

use super::{Closing, Journal, JournalError, schema, thread::Durability};

const HEAD: usize = 32;
const FRAME: usize = 24 + 4096;

struct World {
    folder: tempfile::TempDir,
    journal: Journal,
    closing: Closing,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.db");
        let (files, tenant, now) = (vault::Files::Plain, TenantId::generate(), Timestamp::UNIX_EPOCH);
        let database = schema::open(&files, &path, tenant, Some(1)).unwrap();
        database
            .execute_batch(
                "INSERT INTO contacts (id, lid) VALUES (zeroblob(16), '1');
                 INSERT INTO outbox (contact, wa_id, text, state, created_at)
                 VALUES (zeroblob(16), '3EB0', 'x', 'sent', 0)",
            )
            .unwrap();
        drop(database);
        let (journal, _, closing) =
            Journal::open(&files, &path, tenant, 1, now, Arc::new(|_, _| {})).unwrap();
        Self { folder, journal, closing }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("journal.db-wal")
    }

    /// Transactions that stand in the log.
    fn transactions(&self) -> usize {
        let bytes = std::fs::read(self.path()).unwrap();
        bytes[HEAD..].chunks_exact(FRAME).filter(|frame| frame[4..8] != [0; 4]).count()
    }
}

#[tokio::test]
async fn a_read_takes_no_transaction() {
    let world = World::new();
    let journal = &world.journal;
    // So that there is a log.
    journal.mark_sent("3EB0".to_owned()).await.unwrap();
    let before = world.transactions();
    let in_one = |database: &Connection| -> Result<bool, JournalError> { Ok(!database.is_autocommit()) };
    assert!(!journal.read(in_one).await.unwrap() && !journal.read_for_others(in_one).await.unwrap());
    journal.next(ContactId::generate(), Timestamp::UNIX_EPOCH).await.unwrap();
    journal.logs(0, 10, 10).await.unwrap();
    assert_eq!(world.transactions(), before);
    journal.mark_sent("3EB0".to_owned()).await.unwrap();
    assert_eq!(world.transactions(), before + 1, "as a control");
    journal.close();
    world.closing.wait();
}

#[tokio::test]
async fn a_request_that_fails_undoes_itself_alone() {
    let world = World::new();
    let journal = &world.journal;
    let attempts = |database: &Connection| -> Result<i64, JournalError> {
        Ok(database.query_row("SELECT attempts FROM outbox", [], |row| row.get(0))?)
    };
    let fails = move |database: &Connection| {
        database.execute("UPDATE outbox SET attempts = 100", [])?;
        Err::<(), _>(JournalError::Value("as the test wants it".to_owned()))
    };
    let try_again = || journal.mark_sent("3EB0".to_owned());
    let (one, failed, two) =
        tokio::join!(try_again(), journal.call(Durability::Synced, None, fails, |()| ()), try_again());
    assert!(matches!(failed, Err(JournalError::Value(_))));
    one.and(two).unwrap();
    assert_eq!(journal.read(attempts).await.unwrap(), 2);
    let alone = journal.call(Durability::Synced, None, fails, |()| ()).await;
    assert!(alone.is_err());
    assert_eq!(journal.read(attempts).await.unwrap(), 2);
}
