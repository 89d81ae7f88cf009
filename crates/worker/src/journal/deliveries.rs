//! How far messages of ours have come: learnt of the server's acknowledgements and of receipts, told to the control plane.
//!
//! What is promised: whatever stands here goes up until it is acknowledged, over crashes of either side, and a message never
//! goes back. What is not: nothing here is synced by itself, since a receipt must not cost the next reply a wait for the disk.
//! A killed process loses nothing that was committed. WhatsApp sends no receipt again that was acknowledged to it, which is
//! before it is here; so a tick may stay behind for ever, and no message is lost by it:
//! - A power cut may forget the last receipts, and a kill those that were on their way to this file.
//! - Beyond 1,024 receipts that wait to be taken, further ones are dropped.
//! - A receipt that comes before its message, as one that was typed on the phone may, is kept in memory: a restart forgets it,
//!   and so do [`EARLY_MOST`] others.
//!
//! Whoever knows the id of a message can send a receipt for it. Ids are random and only those who got the message know them.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::{Delivery, DeliveryRow};
use link::message::WORDS_MAX_CHARS;
use rusqlite::{Connection, params};

use super::{JournalError, inbox::ID_MAX_BYTES};

/// Receipts of messages that are not followed (yet), of which the last are kept.
pub(super) const EARLY_MOST: usize = 256;

/// Receipts that moved nothing, by their messages' ids: one of them may have overtaken its message.
#[derive(Clone, Default)]
pub(super) struct Early(Arc<Mutex<VecDeque<(String, Delivery)>>>);

impl Early {
    /// Keeps one, in place of the oldest.
    pub(super) fn keep(&self, wa_id: &str, how: Delivery) {
        if wa_id.len() > ID_MAX_BYTES {
            return;
        }
        let mut kept = self.lock();
        if kept.len() >= EARLY_MOST {
            kept.pop_front();
        }
        kept.push_back((wa_id.to_owned(), how));
    }

    /// How far this message has come, where a receipt came before it. It stays: what is written now may be undone.
    pub(super) fn farthest(&self, wa_id: &str) -> Option<Delivery> {
        let kept = self.lock();
        kept.iter().filter(|(id, _)| id == wa_id).map(|(_, how)| *how).max_by_key(|how| how.rank())
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<(String, Delivery)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Begins to follow a message of which the log tells by the row `log_id`; once, whatever is written of it later.
pub(super) fn follow(
    database: &Connection,
    wa_id: &str,
    log_id: &str,
    state: Delivery,
) -> Result<(), JournalError> {
    database
        .prepare_cached(
            "INSERT INTO deliveries (wa_id, log_id, state) VALUES (?1, ?2, ?3) ON CONFLICT (wa_id) DO NOTHING",
        )?
        .execute(params![wa_id, log_id, <&str>::from(state)])?;
    Ok(())
}

/// Notes what receipts have said of a message before it came.
pub(super) fn catch_up(database: &Connection, wa_id: &str, early: &Early) -> Result<(), JournalError> {
    if let Some(how) = early.farthest(wa_id) {
        note(database, wa_id, how, None)?;
    }
    Ok(())
}

/// Notes that a message has come so far, where that is farther than what is known; whether it is. Ids that are not followed
/// are passed over.
pub(super) fn note(
    database: &Connection,
    wa_id: &str,
    state: Delivery,
    reason: Option<&str>,
) -> Result<bool, JournalError> {
    let reason = reason.map(|reason| reason.chars().take(WORDS_MAX_CHARS).collect::<String>());
    let changed = database
        .prepare_cached(
            "UPDATE deliveries SET state = ?2, reason = ?3, sequence = (SELECT last_delivery + 1 FROM meta) \
             WHERE wa_id = ?1 AND instr(?4, ' ' || state || ' ') > 0",
        )?
        .execute(params![wa_id, <&str>::from(state), reason, state.nearer()])?;
    if changed > 0 {
        database.prepare_cached("UPDATE meta SET last_delivery = last_delivery + 1")?.execute([])?;
    }
    Ok(changed > 0)
}

/// Changes behind `after`, at most `rows`, in order, up to the first of a message whose row of the log has not been
/// acknowledged: the control plane would not know it. And whether there was such a one.
pub(super) fn batch(
    database: &Connection,
    after: u64,
    rows: usize,
) -> Result<(Vec<DeliveryRow>, bool), JournalError> {
    let mut statement = database.prepare_cached(
        "SELECT d.sequence, d.log_id, d.state, d.reason, EXISTS (SELECT 1 FROM logs l WHERE l.id = d.log_id) \
         FROM deliveries d WHERE d.sequence > ?1 ORDER BY d.sequence LIMIT ?2",
    )?;
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let mut rows = statement.query([number(after), number(rows as u64)])?;
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
