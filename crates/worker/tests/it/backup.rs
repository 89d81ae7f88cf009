//! The journal in a backup: a copy while the bot goes on, and one that was put back.

use link::message::{Answer, Question};
use rusqlite::Connection;

use crate::{
    control::Control,
    rig::Rig,
    server::{Acks, both, text},
};

const ASHA: &str = "255711111111";

fn one<T: rusqlite::types::FromSql>(database: &Connection, sql: &str) -> T {
    database.query_row(sql, [], |row| row.get(0)).unwrap()
}

async fn copy(rig: &Rig, control: &mut Control) -> Vec<u8> {
    control
        .say(link::message::Down::Ask { request: "copy".to_owned(), question: Question::CopyJournal })
        .await;
    let bytes = control
        .until(|heard| {
            heard.iter().find_map(|up| match up {
                link::message::Up::Answer { result: Ok(Answer::CopyJournal { bytes }), .. } => Some(*bytes),
                _ => None,
            })
        })
        .await;
    let copied = std::fs::read(rig.cell.path().join(link::cell::JOURNAL_COPY)).unwrap();
    assert_eq!(copied.len() as u64, bytes);
    copied
}

/// A reply that WhatsApp has not acknowledged and a message without an answer are in the copy; put back, neither is answered.
#[tokio::test]
async fn what_waited_in_a_journal_that_is_put_back_is_never_answered_from_it() {
    let mut rig = Rig::new();
    rig.limits.contact_per_minute = 100;
    let (running, mut control) = rig.start_welcomed().await;
    rig.server.set(|state| state.acks = Acks::Withheld);
    rig.server.deliver(vec![text("1", both(ASHA), "Habari")]).await.unwrap();
    rig.server.until_sent(1).await;
    let copied = copy(&rig, &mut control).await;
    rig.server.deliver(vec![text("2", both(ASHA), "Habari")]).await.unwrap();
    rig.crash(running).await;
    drop(control);

    // Another machine: the cell has nothing but the copy.
    let id: String = one(&rig.journal(), "SELECT journal_id FROM meta");
    for file in std::fs::read_dir(rig.cell.path()).unwrap() {
        std::fs::remove_file(file.unwrap().path()).unwrap();
    }
    let restored = rig.cell.path().join(link::cell::RESTORED_JOURNAL);
    std::fs::write(&restored, copied).unwrap();
    let database = Connection::open(&restored).unwrap();
    assert_eq!(one::<i64>(&database, "SELECT count(*) FROM outbox WHERE state = 'sent'"), 1);
    database
        .execute_batch(
            "INSERT INTO inbox (contact, wa_id, kind, text, sent_at, received_at) SELECT id, '9', 'text', 'x', 1772352000000, 1772352000000 FROM contacts; \
             INSERT INTO due (contact, key, at, timer) SELECT id, 'past', 1, '{}' FROM contacts; \
             INSERT INTO due (contact, key, at, timer) SELECT id, 'yet', 99999999999999, '{}' FROM contacts;",
        )
        .unwrap();
    drop(database);
    let sends = rig.server.lock().sends.len();
    rig.server.set(|state| state.acks = Acks::AtOnce);
    let (running, control) = rig.start_welcomed().await;
    assert_ne!(control.hello.journal.to_string(), id, "its numbers are others'");
    assert!(control.hello.wants_records, "what was booked since is told to it");
    assert!(!restored.exists());
    rig.server.deliver(vec![text("3", both(ASHA), "Habari")]).await.unwrap();
    rig.server.until_sent(sends + 1).await;
    rig.stop(running, control).await;
    assert_eq!(rig.server.lock().sends.len(), sends + 1, "the new message alone is answered");
    let journal = rig.journal();
    assert_eq!(one::<String>(&journal, "SELECT outcome FROM inbox WHERE wa_id = '9'"), "restored");
    assert_eq!(one::<String>(&journal, "SELECT group_concat(key) FROM due WHERE done IS NULL"), "yet");
    assert_eq!(one::<String>(&journal, "SELECT state FROM outbox ORDER BY seq LIMIT 1"), "failed");
    assert!(one::<String>(&journal, "SELECT session_before FROM meta").starts_with("none before"));
}

#[tokio::test]
async fn a_restored_journal_takes_the_place_of_none_that_is_there() {
    let mut rig = Rig::new();
    let (running, control) = rig.start_welcomed().await;
    rig.stop(running, control).await;
    let restored = rig.cell.path().join(link::cell::RESTORED_JOURNAL);
    std::fs::copy(rig.journal_path(), &restored).unwrap();
    let mut running = rig.start();
    let refused = link::launch::wait_ready(&mut running.pair).await.unwrap_err().to_string();
    assert!(refused.contains("remove one of the two"), "{refused}");
    assert!(restored.exists());

    // One that was being taken in when the worker was killed is taken in anew.
    let database = Connection::open(&restored).unwrap();
    database.execute_batch("UPDATE meta SET session_before = 'none before x', session_now = NULL").unwrap();
    drop(database);
    std::fs::write(rig.journal_path(), "half a copy").unwrap();
    let (running, control) = rig.start_welcomed().await;
    rig.stop(running, control).await;
    assert!(!restored.exists());
}

/// A build to come that only adds leaves what this one may open, and goes on with it.
#[tokio::test]
async fn a_newer_journal_whose_oldest_reader_we_are_is_opened_and_stays_what_it_is() {
    let mut rig = Rig::new();
    let (running, control) = rig.start_welcomed().await;
    rig.stop(running, control).await;
    assert_eq!(one::<i64>(&rig.journal(), "PRAGMA user_version"), 4, "builds of schema 4 may open it");
    assert_eq!(one::<i64>(&rig.journal(), "SELECT schema FROM meta"), 6);
    rig.journal()
        .execute_batch("UPDATE meta SET schema = 99; ALTER TABLE meta ADD COLUMN later TEXT")
        .unwrap();
    let (running, control) = rig.start_welcomed().await;
    rig.stop(running, control).await;
    assert_eq!(one::<i64>(&rig.journal(), "SELECT schema FROM meta"), 99);
}
