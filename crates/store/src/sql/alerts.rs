//! What is wrong and has been told, and what is still to be told.

use super::Statement;

#[cfg(test)]
pub(crate) const ALL: &[&Statement] = &[&CAUSES, &RAISE, &CLEAR, &ENQUEUE, &DUE, &DONE, &RETRY];

pub(crate) const CAUSES: Statement =
    Statement::operator("alerts.causes", &["SELECT id, title FROM alert_causes ORDER BY id"]);
pub(crate) const RAISE: Statement = Statement::operator(
    "alerts.raise",
    &["INSERT INTO alert_causes (id, title, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING"],
);
pub(crate) const CLEAR: Statement =
    Statement::operator("alerts.clear", &["DELETE FROM alert_causes WHERE id = $1"]);
pub(crate) const ENQUEUE: Statement = Statement::operator(
    "alerts.enqueue",
    &["INSERT INTO alert_deliveries (id, channel, payload_json, attempts, next_at, created_at) \
       VALUES ($1, $2, $3, 0, $4, $4)"],
);
/// `$3` a channel or NULL for all.
pub(crate) const DUE: Statement = Statement::operator(
    "alerts.due",
    &["SELECT id, channel, payload_json, attempts, created_at FROM alert_deliveries WHERE next_at <= $1 \
       AND (CAST($3 AS TEXT) IS NULL OR channel = $3) ORDER BY next_at, id LIMIT $2"],
);
pub(crate) const DONE: Statement =
    Statement::operator("alerts.done", &["DELETE FROM alert_deliveries WHERE id = $1"]);
pub(crate) const RETRY: Statement = Statement::operator(
    "alerts.retry",
    &["UPDATE alert_deliveries SET attempts = attempts + 1, next_at = $2 WHERE id = $1"],
);
