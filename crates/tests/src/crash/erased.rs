//! Of a customer who is to be forgotten nothing is left: in the journal, in the control plane's database and in the logs of
//! all processes. What is open of their records stays until it is closed.

use std::path::PathBuf;

use rusqlite::Connection;

use super::{
    Finding, Kind,
    base::{self, Paths},
    check::Seen,
};
use crate::place::{contains, holds};

/// Rows of a contact, by table: none may be left.
const JOURNAL: [(&str, &str); 5] = [
    ("inbox", "contact = ?1"),
    ("outbox", "contact = ?1"),
    ("conversations", "contact = ?1"),
    ("due", "contact = ?1"),
    ("hand_offs", "contact = ?1"),
];

/// What is left of those that are to be forgotten.
pub(super) fn check(paths: &Paths, seen: &Seen<'_>, findings: &mut Vec<Finding>) -> rusqlite::Result<()> {
    for who in &seen.fate.erased {
        let number = base::number(*who);
        let Ok(customer) = seen.whatsapp.find_customer(&number) else { continue };
        let lid = customer.lid().to_owned();
        let mut left = journal(paths, &number, &lid)?;
        let (more, open) = control(paths, &number, &lid)?;
        left.extend(more);
        left.extend(logs(paths, &number, &lid));
        if open == 0 {
            left.extend(bytes(paths, &number)?);
        }
        for what in left {
            findings.push(Finding::new(Kind::NotForgotten, format!("{}: {what}", base::name(*who))));
        }
    }
    Ok(())
}

fn count(database: &Connection, sql: &str, values: &[&dyn rusqlite::ToSql]) -> rusqlite::Result<i64> {
    database.query_row(sql, values, |row| row.get(0))
}

fn journal(paths: &Paths, number: &str, lid: &str) -> rusqlite::Result<Vec<String>> {
    let journal = crate::sealed::open(&paths.journal())?;
    let mut left = Vec::new();
    let mut ids = journal
        .prepare("SELECT id, erased, push_name IS NULL FROM contacts WHERE number = ?1 OR lid = ?2")?;
    let ids = ids.query_map([number, lid], |row| {
        Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, bool>(1)?, row.get::<_, bool>(2)?))
    })?;
    for row in ids {
        let (id, erased, nameless) = row?;
        let open = count(&journal, "SELECT count(*) FROM records WHERE contact = ?1 AND open", &[&id])?;
        if !(erased && nameless && open > 0) {
            left.push(format!("the journal knows the contact, with {open} open records"));
        }
        for (table, of) in JOURNAL {
            let rows = count(&journal, &format!("SELECT count(*) FROM {table} WHERE {of}"), &[&id])?;
            if rows > 0 {
                left.push(format!("{rows} rows of the journal's {table}"));
            }
        }
        let closed = count(&journal, "SELECT count(*) FROM records WHERE contact = ?1 AND NOT open", &[&id])?;
        if closed > 0 {
            left.push(format!("{closed} closed records of the journal's"));
        }
    }
    // It names no contact: what is left of it has no message.
    let orphans = count(
        &journal,
        "SELECT count(*) FROM deliveries d WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.wa_id = d.wa_id) \
         AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.wa_id = d.wa_id)",
        &[],
    )?;
    if orphans > 0 {
        left.push(format!("{orphans} rows of the journal's deliveries without a message"));
    }
    Ok(left)
}

/// What the control plane has, and how many open records.
fn control(paths: &Paths, number: &str, lid: &str) -> rusqlite::Result<(Vec<String>, i64)> {
    let control = Connection::open(paths.control())?;
    let lid = format!("lid:{lid}");
    let names: &[&dyn rusqlite::ToSql] = &[&number, &lid];
    let mut left = Vec::new();
    for (what, sql) in [
        ("rows of the log", "SELECT count(*) FROM message_logs WHERE contact IN (?1, ?2)"),
        ("closed records", "SELECT count(*) FROM records WHERE contact IN (?1, ?2) AND open = 0"),
        (
            "open records that stay for ever",
            "SELECT count(*) FROM records WHERE contact IN (?1, ?2) AND forget = 0",
        ),
        (
            "orders to forget that nobody has carried out",
            "SELECT count(*) FROM contact_erasures WHERE contact IN (?1, ?2) OR number = ?1",
        ),
        (
            "lines of the audit log",
            "SELECT count(*) FROM portal_event_logs WHERE instr(payload_json, ?1) OR instr(payload_json, ?2)",
        ),
    ] {
        let rows = count(&control, sql, names)?;
        if rows > 0 {
            left.push(format!("{rows} {what}"));
        }
    }
    let open = count(&control, "SELECT count(*) FROM records WHERE contact IN (?1, ?2) AND open = 1", names)?;
    Ok((left, open))
}

fn logs(paths: &Paths, number: &str, lid: &str) -> Vec<String> {
    let mut logs = vec![paths.root.join("serve.log")];
    let folder = std::fs::read_dir(paths.root.join("data/logs")).into_iter().flatten().flatten();
    logs.extend(folder.map(|entry| entry.path()));
    let holds = |path: &PathBuf| holds(path, number) || holds(path, lid);
    logs.iter().filter(|path| holds(path)).map(|path| format!("{} names them", path.display())).collect()
}

/// Not a byte is left once the databases were closed in good order.
fn bytes(paths: &Paths, number: &str) -> rusqlite::Result<Vec<String>> {
    let mut left = Vec::new();
    for path in [paths.journal(), paths.control()] {
        let database =
            if path == paths.control() { Connection::open(&path)? } else { crate::sealed::open(&path)? };
        database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        drop(database);
        let bytes = if path == paths.control() {
            std::fs::read(&path).unwrap_or_default()
        } else {
            crate::sealed::bytes(&path)
        };
        if contains(&bytes, number) {
            left.push(format!("bytes of {}", path.file_name().unwrap_or_default().to_string_lossy()));
        }
    }
    Ok(left)
}
