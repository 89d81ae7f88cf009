//! The session's files.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use whatsapp::{Endpoint, Options, WhatsApp};
use worker::channel::{Channel as _, Linking, OpenError};

use crate::bot::{Memory, World};

fn channel(session: &Path) -> WhatsApp {
    WhatsApp::new(Options::new(session, Endpoint::parse("ws://127.0.0.1:9").unwrap()))
}

fn files(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

async fn refused(session: &Path) -> String {
    let channel = channel(session);
    let asked = channel.is_linked().await;
    assert!(matches!(asked, Err(OpenError::SessionCorrupt(_))), "{asked:?}");
    let (events, _) = tokio::sync::mpsc::channel(1);
    match channel.open(Memory::new(), Linking::Qr, events).await {
        Err(OpenError::SessionCorrupt(why)) => why,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was opened"),
    }
}

#[tokio::test]
async fn asking_whether_it_is_linked_makes_no_file() {
    let directory = tempfile::tempdir().unwrap();
    assert!(!channel(&directory.path().join("session.db")).is_linked().await.unwrap());
    assert_eq!(files(directory.path()), []);
}

#[tokio::test]
async fn what_is_no_database_is_refused_and_left_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let session = directory.path().join("session.db");
    let contents: [&[u8]; 4] =
        [b"x", b"SQLite format 3\0", &[0_u8; 8192], b"SQLite format 3\0 and then nonsense"];
    for content in contents {
        fs::write(&session, content).unwrap();
        let before = files(directory.path());
        let why = refused(&session).await;
        assert!(why.contains("session.db"), "{why}");
        assert_eq!(files(directory.path()), before, "{content:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_session_is_refused_and_left_as_it_is() {
    let mut world = World::linked().await;
    world.bot.connection.shutdown().await;
    world.bot.closed().await;
    let database = rusqlite::Connection::open(world.session()).unwrap();
    database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let whole = fs::read(world.session()).unwrap();
    let damaged = tempfile::tempdir().unwrap();
    let session = damaged.path().join("session.db");
    // Cut short, and with pages overwritten.
    let mut torn = whole.clone();
    torn[4096..40_960].fill(0xA5);
    for content in [whole[..whole.len() / 2].to_vec(), torn] {
        fs::write(&session, content).unwrap();
        let before = files(damaged.path());
        refused(&session).await;
        let main = |all: Vec<(String, Vec<u8>)>| all.into_iter().find(|(name, _)| name == "session.db");
        assert_eq!(main(files(damaged.path())), main(before));
    }
}

#[tokio::test]
async fn a_database_of_something_else_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let session = directory.path().join("session.db");
    rusqlite::Connection::open(&session).unwrap().execute_batch("CREATE TABLE accounts (id)").unwrap();
    let before = files(directory.path());
    assert!(refused(&session).await.contains("something else"));
    assert_eq!(files(directory.path()), before);
}

#[tokio::test]
async fn an_unreadable_session_is_named_and_is_not_called_corrupt() {
    let directory = tempfile::tempdir().unwrap();
    let session = directory.path().join("session.db");
    fs::create_dir(&session).unwrap();
    let asked = channel(&session).is_linked().await;
    assert!(matches!(&asked, Err(OpenError::Other(why)) if why.contains("session.db")), "{asked:?}");
    fs::remove_dir(&session).unwrap();
    fs::write(&session, b"").unwrap();
    fs::set_permissions(&session, fs::Permissions::from_mode(0o600)).unwrap();
    assert!(!channel(&session).is_linked().await.unwrap(), "an empty file is a session that never began");
}
