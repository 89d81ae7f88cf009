//! How far messages of ours have come: learnt of the server's acknowledgements and of receipts, told to the control plane.
//!
//! What is promised: whatever stands here goes up until it is acknowledged, over crashes of either side, and a message never
//! goes back. What is not: nothing here is synced by itself, since a receipt must not cost the next reply a wait for the disk.
//! A killed process loses nothing that was committed; a power cut may forget the last receipts, and WhatsApp, to whom they
//! were acknowledged already, does not send them again. A tick may then stay behind for ever; no message is lost by it.
//!
//! Whoever knows the id of a message can send a receipt for it. Ids are random and only those who got the message know them.

use domain::{Delivery, DeliveryRow};
use rusqlite::{Connection, params};

use super::JournalError;

/// Rows of one batch.
const BATCH_ROWS: u32 = 200;

/// Begins to follow a message of which the log tells by the row `log_id`; once, whatever is written of it later.
pub(super) fn follow(
    database: &Connection,
    wa_id: &str,
    log_id: &str,
    state: Delivery,
    created_at: i64,
) -> Result<(), JournalError> {
    database
        .prepare_cached(
            "INSERT INTO deliveries (wa_id, log_id, state, rank, created_at) VALUES (?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (wa_id) DO NOTHING",
        )?
        .execute(params![wa_id, log_id, <&str>::from(state), state.rank(), created_at])?;
    Ok(())
}

/// Notes that a message has come so far, where that is farther than what is known. Ids that are not followed are passed over.
pub(super) fn note(
    database: &Connection,
    wa_id: &str,
    state: Delivery,
    reason: Option<&str>,
) -> Result<(), JournalError> {
    let changed = database
        .prepare_cached(
            "UPDATE deliveries SET state = ?2, rank = ?3, reason = ?4, \
             sequence = (SELECT last_delivery + 1 FROM meta) WHERE wa_id = ?1 AND rank < ?3",
        )?
        .execute(params![wa_id, <&str>::from(state), state.rank(), reason])?;
    if changed > 0 {
        database.prepare_cached("UPDATE meta SET last_delivery = last_delivery + 1")?.execute([])?;
    }
    Ok(())
}

/// Changes behind `after`, in order, up to the first of a message whose row of the log has not been acknowledged: the control
/// plane would not know it. And whether there was such a one.
pub(super) fn batch(database: &Connection, after: u64) -> Result<(Vec<DeliveryRow>, bool), JournalError> {
    let mut statement = database.prepare_cached(
        "SELECT d.sequence, d.log_id, d.state, d.reason, EXISTS (SELECT 1 FROM logs l WHERE l.id = d.log_id) \
         FROM deliveries d WHERE d.sequence > ?1 ORDER BY d.sequence LIMIT ?2",
    )?;
    let mut rows = statement.query(params![i64::try_from(after).unwrap_or(i64::MAX), BATCH_ROWS])?;
    let mut batch = Vec::new();
    while let Some(row) = rows.next()? {
        if row.get(4)? {
            return Ok((batch, true));
        }
        let (sequence, log, state): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        batch.push(DeliveryRow {
            sequence: u64::try_from(sequence).unwrap_or_default(),
            log: log.parse()?,
            delivery: state.parse().map_err(|_| JournalError::Value(format!("delivery {state}")))?,
            reason: row.get(3)?,
        });
    }
    Ok((batch, false))
}

/// Notes that the control plane has all changes up to `sequence`.
pub(super) fn acknowledge(database: &Connection, sequence: u64) -> Result<(), JournalError> {
    database
        .prepare_cached("UPDATE deliveries SET sequence = NULL WHERE sequence <= ?1")?
        .execute([i64::try_from(sequence).unwrap_or(i64::MAX)])?;
    Ok(())
}
