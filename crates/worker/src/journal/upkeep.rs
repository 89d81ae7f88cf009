//! Counting what waits, and forgetting what is long over.

use domain::{LogId, Timestamp};
use rusqlite::{Connection, params};

use super::{JournalError, time};

/// The time that the figure of unreadable messages covers.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// How many things wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    /// Inbound messages without an outcome.
    pub queued: u64,
    /// Messages of ours that the server has not acknowledged.
    pub unsent: u64,
    /// Log rows that the control plane has not acknowledged.
    pub unlogged: u64,
    /// Messages of the last day that could not be read.
    pub unreadable: u64,
    /// Chats that a person has or is to have.
    pub hand_offs: u64,
    /// Records that the control plane has not acknowledged.
    pub unsent_records: u64,
    /// When a customer last wrote.
    pub last_message_at: Option<Timestamp>,
}

pub(super) fn figures(database: &Connection, now: Timestamp) -> Result<Figures, JournalError> {
    let count = |sql: &str| -> Result<u64, JournalError> {
        let count: i64 = database.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or_default())
    };
    let last: Option<i64> =
        database.prepare_cached("SELECT max(wrote_at) FROM contacts")?.query_row([], |row| row.get(0))?;
    let unreadable: i64 = database
        .prepare_cached(
            "SELECT count(*) FROM inbox WHERE received_at > ?1 AND kind LIKE 'unreadable%' \
             AND outcome IS NOT 'superseded'",
        )?
        .query_row([now.as_millisecond() - DAY_MS], |row| row.get(0))?;
    Ok(Figures {
        unreadable: u64::try_from(unreadable).unwrap_or_default(),
        queued: count("SELECT count(*) FROM inbox WHERE outcome IS NULL")?,
        unsent: count("SELECT count(*) FROM outbox WHERE state IN ('pending', 'sent')")?,
        unlogged: count("SELECT count(*) FROM logs")?,
        hand_offs: super::handing::list(database, now, 0)?.1,
        unsent_records: count("SELECT count(*) FROM records, meta WHERE sequence > acknowledged_records")?,
        last_message_at: last.map(time).transpose()?,
    })
}

/// Forgets messages that were done with before `before`, at most `rows` of each table; how many went. What has gone
/// can no longer be known as a repetition: `before` lies further back than WhatsApp keeps messages.
pub(super) fn prune(database: &Connection, before: Timestamp, rows: u32) -> Result<usize, JournalError> {
    let (first, before) = (LogId::first_at(before).to_string(), before.as_millisecond());
    let outbox = database.execute(
        "DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox \
         WHERE created_at < ?1 AND state IN ('acked', 'failed') ORDER BY seq LIMIT ?2)",
        params![before, rows],
    )?;
    let inbox = database.execute(
        "DELETE FROM inbox WHERE seq IN (SELECT i.seq FROM inbox i WHERE i.received_at < ?1 \
         AND i.outcome IS NOT NULL AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.cause = i.seq) \
         ORDER BY i.seq LIMIT ?2)",
        params![before, rows],
    )?;
    // Never a record that is open, or that the control plane does not have.
    let records = database.execute(
        "DELETE FROM records WHERE reference IN (SELECT r.reference FROM records r, meta m \
         WHERE NOT r.open AND r.sequence <= m.acknowledged_records AND (r.changed_at < ?1 \
         OR EXISTS (SELECT 1 FROM contacts c WHERE c.id = r.contact AND c.erased)) LIMIT ?2)",
        params![before, rows],
    )?;
    let due = database.execute(
        "DELETE FROM due WHERE (contact, key) IN (SELECT contact, key FROM due WHERE at < ?1 AND done IS NOT NULL LIMIT ?2)",
        params![before, rows],
    )?;
    let erased = database.execute(
        "DELETE FROM contacts WHERE id IN (SELECT c.id FROM contacts c WHERE c.erased \
         AND NOT EXISTS (SELECT 1 FROM records WHERE contact = c.id) \
         AND NOT EXISTS (SELECT 1 FROM inbox WHERE contact = c.id) \
         AND NOT EXISTS (SELECT 1 FROM outbox WHERE contact = c.id) \
         AND NOT EXISTS (SELECT 1 FROM due WHERE contact = c.id) \
         AND NOT EXISTS (SELECT 1 FROM conversations WHERE contact = c.id) LIMIT ?1)",
        params![rows],
    )?;
    // With its message; one that was written on the phone, by its age. Never what the control plane does not have.
    let deliveries = database.execute(
        "DELETE FROM deliveries WHERE wa_id IN (SELECT d.wa_id FROM deliveries d WHERE d.log_id < ?1 \
         AND d.sequence IS NULL AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.wa_id = d.wa_id) LIMIT ?2)",
        params![first, rows],
    )?;
    Ok(outbox + inbox + records + due + erased + deliveries)
}
