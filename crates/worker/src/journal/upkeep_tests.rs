//! What is forgotten with time, and what never is.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use domain::{ContactId, Delivery, LogId, TenantId, Timestamp};
use rusqlite::{Connection, params};

use super::{contacts::blob, deliveries, schema, upkeep};

/// Milliseconds: what was before is long ago.
const BEFORE: i64 = 1_000_000;

struct Journal {
    _folder: tempfile::TempDir,
    database: Connection,
    sequence: i64,
}

impl Journal {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.db");
        let database = schema::open(&vault::Files::Plain, &path, TenantId::generate(), Some(1)).unwrap();
        Self { _folder: folder, database, sequence: 0 }
    }

    fn contact(&self, erased: bool) -> ContactId {
        let id = ContactId::generate();
        let number = (!erased).then(|| id.to_string());
        let sql = "INSERT INTO contacts (id, lid, number, erased) VALUES (?1, ?2, ?3, ?4)";
        self.database.execute(sql, params![blob(id), id.to_string(), number, erased]).unwrap();
        id
    }

    fn record(&mut self, reference: &str, contact: Option<ContactId>, open: bool, changed_at: i64) {
        self.sequence += 1;
        let sql = "INSERT INTO records (reference, contact, kind, version, open, changed_at, body, sequence) \
                   VALUES (?1, ?2, 'booking', 1, ?3, ?4, '{}', ?5)";
        let values = params![reference, contact.map(blob), open, changed_at, self.sequence];
        self.database.execute(sql, values).unwrap();
    }

    /// The control plane has all records so far.
    fn acknowledge(&self) {
        let sql = "UPDATE meta SET last_record = ?1, acknowledged_records = ?1";
        self.database.execute(sql, [self.sequence]).unwrap();
    }

    fn timer(&self, contact: ContactId, key: &str, at: i64, done: Option<i64>) {
        let sql = "INSERT INTO due (contact, key, at, timer, done) VALUES (?1, ?2, ?3, '{}', ?4)";
        self.database.execute(sql, params![blob(contact), key, at, done]).unwrap();
    }

    fn prune(&self, rows: u32) -> usize {
        upkeep::prune(&self.database, Timestamp::from_millisecond(BEFORE).unwrap(), rows).unwrap()
    }

    fn all(&self, sql: &str) -> Vec<String> {
        let mut statement = self.database.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    fn records(&self) -> Vec<String> {
        self.all("SELECT reference FROM records ORDER BY reference")
    }
}

#[test]
fn a_record_goes_once_it_is_closed_acknowledged_and_old() {
    let mut journal = Journal::new();
    let asha = journal.contact(false);
    journal.record("B-1001", Some(asha), false, BEFORE - 1);
    journal.record("B-1002", Some(asha), true, BEFORE - 1);
    journal.record("B-1003", Some(asha), false, BEFORE);
    journal.record("B-1004", None, false, BEFORE - 1);
    journal.acknowledge();
    journal.record("B-1005", Some(asha), false, BEFORE - 1);
    assert_eq!(journal.prune(100), 2);
    assert_eq!(journal.records(), ["B-1002", "B-1003", "B-1005"], "open, of late, not handed over");
    assert_eq!(journal.prune(100), 0);
    journal.acknowledge();
    assert_eq!(journal.prune(100), 1);
    assert_eq!(journal.records(), ["B-1002", "B-1003"]);
}

#[test]
fn an_erased_contacts_record_goes_as_soon_as_it_is_closed_and_with_the_last_one_the_contact() {
    let mut journal = Journal::new();
    let (erased, asha) = (journal.contact(true), journal.contact(false));
    journal.record("B-1001", Some(erased), false, BEFORE + 1);
    journal.record("B-1002", Some(erased), true, BEFORE + 1);
    journal.record("B-1003", Some(asha), false, BEFORE + 1);
    assert_eq!(journal.prune(100), 0, "the control plane has not got them");
    journal.acknowledge();
    assert_eq!(journal.prune(100), 1);
    assert_eq!(journal.records(), ["B-1002", "B-1003"]);
    let contacts = "SELECT lid FROM contacts ORDER BY lid";
    assert_eq!(journal.all(contacts).len(), 2, "the open one is still somebody's");
    journal.database.execute("UPDATE records SET open = 0 WHERE reference = 'B-1002'", []).unwrap();
    assert_eq!(journal.prune(100), 2, "the record and the contact");
    assert_eq!(journal.records(), ["B-1003"]);
    assert_eq!(journal.all(contacts), [asha.to_string()]);
}

#[test]
fn a_timer_goes_once_it_is_done_and_old_and_one_that_waits_never() {
    let journal = Journal::new();
    let asha = journal.contact(false);
    journal.timer(asha, "done, old", BEFORE - 1, Some(BEFORE - 1));
    journal.timer(asha, "done of late", BEFORE, Some(BEFORE));
    journal.timer(asha, "waits", BEFORE - 1, None);
    assert_eq!(journal.prune(100), 1);
    assert_eq!(journal.all("SELECT key FROM due ORDER BY key"), ["done of late", "waits"]);
}

#[test]
fn no_more_goes_at_once_than_asked_for() {
    let mut journal = Journal::new();
    let asha = journal.contact(false);
    for n in 0..5 {
        journal.record(&format!("B-100{n}"), Some(asha), false, BEFORE - 1);
        journal.timer(asha, &n.to_string(), BEFORE - 1, Some(0));
    }
    journal.acknowledge();
    assert_eq!([journal.prune(2), journal.prune(2), journal.prune(2), journal.prune(2)], [4, 4, 2, 0]);
}

#[test]
fn how_far_a_message_has_come_goes_with_the_message() {
    let journal = Journal::new();
    let asha = journal.contact(false);
    let sent = |wa_id: &str, state: &str| {
        let sql = "INSERT INTO outbox (contact, wa_id, text, state, created_at) VALUES (?1, ?2, 'x', ?3, ?4)";
        journal.database.execute(sql, params![blob(asha), wa_id, state, BEFORE - 1]).unwrap();
    };
    let come = |wa_id: &str, at: i64| {
        let log = LogId::first_at(Timestamp::from_millisecond(at).unwrap()).to_string();
        deliveries::follow(&journal.database, wa_id, &log, Delivery::Sent).unwrap();
    };
    sent("done", "acked");
    sent("waits", "pending");
    for wa_id in ["done", "waits", "phone", "untold"] {
        come(wa_id, BEFORE - 1);
    }
    come("late", BEFORE);
    deliveries::note(&journal.database, "untold", Delivery::Read, None).unwrap();
    assert_eq!(journal.prune(100), 3, "the message and two that are old");
    let left = || journal.all("SELECT wa_id FROM deliveries ORDER BY wa_id");
    assert_eq!(left(), ["late", "untold", "waits"]);
    assert_eq!(journal.prune(100), 0);
    deliveries::acknowledge(&journal.database, 1).unwrap();
    assert_eq!(journal.prune(100), 1, "the control plane has it");
    assert_eq!(left(), ["late", "waits"]);
}
