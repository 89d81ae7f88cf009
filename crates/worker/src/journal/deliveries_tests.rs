//! How far messages come, by whatever order its news take.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use domain::{Delivery, Direction, TenantId, Timestamp, Writer, delivery};
use link::message::WORDS_MAX_CHARS;
use rusqlite::Connection;

use super::{
    deliveries::{self, EARLY_MOST, Early},
    inbox::ID_MAX_BYTES,
    logs::{self, NewLog},
    outbox::{self, Fate},
    schema,
};

struct Journal {
    _folder: tempfile::TempDir,
    database: Connection,
    early: Early,
}

impl Journal {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.db");
        let database = schema::open(&vault::Files::Plain, &path, TenantId::generate(), Some(1)).unwrap();
        Self { _folder: folder, database, early: Early::default() }
    }

    /// With a reply of the bot's that waits, under its id and told in the log.
    fn with_reply(wa_id: &str) -> Self {
        let journal = Self::new();
        let sql = "INSERT INTO contacts (id, lid) VALUES (zeroblob(16), '1');";
        journal.database.execute_batch(sql).unwrap();
        let sql = "INSERT INTO outbox (contact, wa_id, text, state, created_at) VALUES (zeroblob(16), ?1, 'x', 'sent', 0)";
        journal.database.execute(sql, [wa_id]).unwrap();
        journal.log(wa_id, Writer::Bot);
        journal
    }

    fn log(&self, wa_id: &str, writer: Writer) {
        let row = NewLog::out("255711111111", "x", wa_id, Timestamp::UNIX_EPOCH, writer);
        logs::append(&self.database, &row).unwrap();
    }

    fn arrived(&self, wa_id: &str, how: Delivery) {
        outbox::arrived(&self.database, &[wa_id.to_owned()], how, &self.early).unwrap();
    }

    fn settle(&self, wa_id: &str, fate: &Fate) {
        outbox::settle(&self.database, wa_id, fate).unwrap();
    }

    /// What is to be told once the log has been: the number and how far.
    fn told(&self) -> Vec<(u64, Delivery)> {
        logs::forget(&self.database, 100).unwrap();
        let (rows, waits) = deliveries::batch(&self.database, 0, 100).unwrap();
        assert!(!waits);
        rows.into_iter().map(|row| (row.sequence, row.delivery)).collect()
    }
}

#[test]
fn nothing_is_told_of_a_message_whose_row_nobody_has() {
    let journal = Journal::with_reply("A");
    journal.arrived("A", Delivery::Read);
    assert_eq!(deliveries::batch(&journal.database, 0, 100).unwrap(), (Vec::new(), true));
    assert_eq!(journal.told(), [(1, Delivery::Read)]);
    deliveries::acknowledge(&journal.database, 1).unwrap();
    assert_eq!(journal.told(), []);
}

#[test]
fn a_receipt_before_the_servers_word_is_one_change() {
    let journal = Journal::with_reply("A");
    journal.arrived("A", Delivery::Delivered);
    assert_eq!(journal.told(), [(1, Delivery::Delivered)]);
    let state: String = journal
        .database
        .query_row("SELECT state FROM outbox WHERE wa_id = 'A'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(state, "acked", "and the chat goes on");
}

#[test]
fn one_that_was_given_up_and_taken_after_all_is_sent() {
    let journal = Journal::with_reply("A");
    journal.settle("A", &Fate::Failed(delivery::UNANSWERED.to_owned()));
    assert_eq!(journal.told(), [(1, Delivery::Failed)]);
    journal.settle("A", &Fate::Acked);
    assert_eq!(journal.told(), [(2, Delivery::Sent)]);
    journal.settle("A", &Fate::Failed(delivery::refused(463)));
    assert_eq!(journal.told(), [(2, Delivery::Sent)], "and never goes back");
}

#[test]
fn a_message_takes_the_farthest_receipt_that_has_overtaken_it() {
    let journal = Journal::new();
    journal.arrived("O", Delivery::Read);
    journal.arrived("O", Delivery::Delivered);
    journal.log("O", Writer::Phone);
    deliveries::catch_up(&journal.database, "O", &journal.early).unwrap();
    assert_eq!(journal.told(), [(1, Delivery::Read)]);
}

#[test]
fn of_receipts_that_belong_to_nothing_the_last_are_kept() {
    let early = Early::default();
    for n in 0..=EARLY_MOST {
        early.keep(&n.to_string(), Delivery::Read);
    }
    let long = "x".repeat(ID_MAX_BYTES + 1);
    early.keep(&long, Delivery::Read);
    let farthest = ["0", "1"].map(|wa_id| early.farthest(wa_id));
    assert_eq!(farthest, [None, Some(Delivery::Read)]);
    assert_eq!(early.farthest(&long), None, "no id of WhatsApp's");
}

#[test]
fn a_batch_is_bounded_in_rows_and_each_in_words() {
    let journal = Journal::new();
    for wa_id in ["A", "B", "C"] {
        journal.log(wa_id, Writer::Bot);
        deliveries::note(&journal.database, wa_id, Delivery::Failed, Some(&"\u{1}".repeat(5_000))).unwrap();
    }
    logs::forget(&journal.database, 100).unwrap();
    let (rows, _) = deliveries::batch(&journal.database, 0, 2).unwrap();
    let words: Vec<_> =
        rows.iter().map(|row| row.reason.as_ref().map(|words| words.chars().count())).collect();
    assert_eq!(words, [Some(WORDS_MAX_CHARS), Some(WORDS_MAX_CHARS)]);
}

#[test]
fn what_has_been_told_costs_nothing_to_pass_over() {
    let journal = Journal::new();
    for sql in [
        "SELECT 1 FROM deliveries d WHERE d.sequence > 5 ORDER BY d.sequence",
        "UPDATE deliveries SET sequence = NULL WHERE sequence <= 5",
    ] {
        let plan: Vec<String> = journal
            .database
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap()
            .query_map([], |row| row.get(3))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert!(plan.iter().all(|step| step.contains("deliveries_to_tell")), "{plan:?}");
    }
}

#[test]
fn what_a_customer_wrote_is_not_followed() {
    let journal = Journal::new();
    let row = NewLog {
        direction: Direction::In,
        writer: None,
        ..NewLog::out("255711111111", "x", "A", Timestamp::UNIX_EPOCH, Writer::Bot)
    };
    logs::append(&journal.database, &row).unwrap();
    journal.arrived("A", Delivery::Read);
    assert_eq!(journal.told(), []);
    let rows = logs::batch(&journal.database, 0, 10, 1000).unwrap();
    assert!(rows.iter().all(|row| row.delivery.is_none()));
}
