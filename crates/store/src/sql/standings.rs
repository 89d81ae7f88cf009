//! Whether bots answered while they were meant to: spans of time, of which one of each tenant goes on.

use super::Statement;

#[cfg(test)]
pub(crate) const ALL: &[&Statement] =
    &[&FACTS_AFTER, &FACTS_OF, &BEGIN, &END, &END_ALL, &PRUNE, &PRUNE_MANY, &SUMS, &INCIDENTS];

/// What is known of a bot, and the span that goes on.
const FACTS: &str = "SELECT t.id, t.status, s.state, w.status, w.desired_state, s.trouble, \
     CASE WHEN t.suspended_at IS NULL THEN 0 ELSE 1 END, t.held_number, \
     COALESCE(w.last_heartbeat_at, w.started_at), s.last_seen_at, SUBSTR(w.last_error, 1, 500), s.trouble_until, \
     o.id, o.standing, o.was, o.began_at \
     FROM tenants t JOIN whatsapp_sessions s ON s.tenant_id = t.id JOIN worker_processes w ON w.tenant_id = t.id \
     LEFT JOIN standings o ON o.tenant_id = t.id AND o.ended_at IS NULL ";

/// A page of all tenants in the order of their ids, after `$1`; `$2` rows.
pub(crate) const FACTS_AFTER: Statement =
    Statement::operator("standings.facts_after", &[FACTS, "WHERE t.id > $1 ORDER BY t.id LIMIT $2"]);
/// Those of `$1`, a JSON array.
pub(crate) const FACTS_OF: Statement =
    Statement::operator("standings.facts_of", &[FACTS, "WHERE t.id IN (SELECT value FROM json_each($1))"]);
/// Begins a span of `$1`, which may be gone meanwhile.
pub(crate) const BEGIN: Statement = Statement::operator(
    "standings.begin",
    &["INSERT INTO standings (tenant_id, id, standing, was, why, until_at, began_at, created_at) \
       SELECT t.id, $2, $3, CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS BIGINT), CAST($7 AS BIGINT), CAST($8 AS BIGINT) \
       FROM tenants t WHERE t.id = $1"],
);
/// Ends the one that goes on; `$3` what ended it, or NULL.
pub(crate) const END: Statement = Statement::operator(
    "standings.end",
    &["UPDATE standings SET ended_at = $2, ended_by = $3 WHERE tenant_id = $1 AND ended_at IS NULL"],
);
/// Ends all of them at the time when somebody last looked.
pub(crate) const END_ALL: Statement = Statement::operator(
    "standings.end_all",
    &["UPDATE standings SET ended_at = CASE WHEN began_at > $1 THEN began_at ELSE $1 END, \
       ended_by = CASE WHEN standing = 'DOWN' THEN 'UNSEEN' ELSE NULL END WHERE ended_at IS NULL"],
);
/// `$2` rows of those that ended before `$1`.
pub(crate) const PRUNE: Statement = Statement::operator(
    "standings.prune",
    &[
        "DELETE FROM standings WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM standings WHERE ended_at < $1 \
       ORDER BY ended_at LIMIT $2)",
    ],
);
/// Those of `$1` beyond the newest `$2`: a worker that lies must not fill the table.
pub(crate) const PRUNE_MANY: Statement = Statement::operator(
    "standings.prune_many",
    &["DELETE FROM standings WHERE tenant_id = $1 AND id IN (SELECT id FROM standings WHERE tenant_id = $1 \
       ORDER BY began_at DESC, id DESC LIMIT 1000000 OFFSET $2)"],
);
/// For each kind, how many milliseconds of it lie behind `$3`, `$4` and `$5`, the last of which is the earliest, and when the
/// first of them began; `$2` now.
pub(crate) const SUMS: Statement = Statement::tenant(
    "standings.sums",
    &["SELECT u.standing, MIN(u.began_at), \
       CAST(SUM(CASE WHEN u.ends <= $3 THEN 0 WHEN u.began_at < $3 THEN u.ends - $3 ELSE u.ends - u.began_at END) AS BIGINT), \
       CAST(SUM(CASE WHEN u.ends <= $4 THEN 0 WHEN u.began_at < $4 THEN u.ends - $4 ELSE u.ends - u.began_at END) AS BIGINT), \
       CAST(SUM(CASE WHEN u.began_at < $5 THEN u.ends - $5 ELSE u.ends - u.began_at END) AS BIGINT) \
       FROM (SELECT standing, began_at, COALESCE(ended_at, $2) AS ends FROM standings \
       WHERE tenant_id = $1 AND (ended_at IS NULL OR ended_at > $5)) u GROUP BY u.standing"],
);
/// The newest incidents first.
pub(crate) const INCIDENTS: Statement = Statement::tenant(
    "standings.incidents",
    &["SELECT u.id, u.was, u.why, u.until_at, u.began_at, u.ended_at, u.ended_by FROM standings u \
       WHERE u.tenant_id = $1 AND u.standing = 'DOWN' ORDER BY u.began_at DESC, u.id DESC LIMIT $2"],
);
