//! What is wrong and has been told, and what is still to be told.

use super::Statement;

#[cfg(test)]
pub(crate) const ALL: &[&Statement] =
    &[&CAUSES, &RAISE, &CLEAR, &ENQUEUE, &DUE, &DONE, &RETRY, &RESULT, &RESULTS, &PRUNE_RESULTS];

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
/// The result of an alert's last try. Nothing where the tenant that it is about is gone: its name must not be kept.
/// `$1` id, `$2` tenant or NULL, `$3` way, `$4` kind, `$5` title, `$6` result, `$7` why or NULL, `$8` tries, `$9` now.
pub(crate) const RESULT: Statement = Statement::operator(
    "alerts.result",
    &["INSERT INTO alert_results (id, about, channel, kind, title, result, detail, tries, created_at) \
       SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS TEXT), \
         CAST($7 AS TEXT), CAST($8 AS BIGINT), CAST($9 AS BIGINT) \
       WHERE CAST($2 AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM tenants WHERE id = $2) \
       ON CONFLICT (id) DO UPDATE SET result = excluded.result, detail = excluded.detail, tries = excluded.tries, \
         created_at = excluded.created_at"],
);
pub(crate) const RESULTS: Statement = Statement::operator(
    "alerts.results",
    &["SELECT id, channel, kind, title, result, detail, tries, created_at FROM alert_results \
       ORDER BY created_at DESC, id DESC LIMIT $1"],
);
/// `$1` how many stay.
pub(crate) const PRUNE_RESULTS: Statement = Statement::operator(
    "alerts.prune_results",
    &["DELETE FROM alert_results WHERE id NOT IN (SELECT id FROM (SELECT id FROM alert_results \
       ORDER BY created_at DESC, id DESC LIMIT $1) AS newest)"],
);
