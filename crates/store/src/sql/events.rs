//! The audit log: rows are added and read, nothing else.

use super::Statement;
use crate::rows::EVENT;

#[cfg(test)]
pub(crate) const ALL: &[&Statement] = &[&INSERT_OF_TENANT, &PAGE, &INSERT, &LIST];

pub(crate) const INSERT_OF_TENANT: Statement = Statement::tenant(
    "events.insert_of_tenant",
    &["INSERT INTO portal_event_logs (tenant_id, id, user_id, actor, event_type, payload_json, created_at) \
       VALUES ($1, $2, $3, $4, $5, $6, $7)"],
);
pub(crate) const PAGE: Statement = Statement::tenant(
    "events.page",
    &[
        "SELECT ",
        EVENT,
        " FROM portal_event_logs e WHERE e.tenant_id = $1 AND (e.created_at, e.id) < ($2, $3) \
       ORDER BY e.created_at DESC, e.id DESC LIMIT $4",
    ],
);
pub(crate) const INSERT: Statement = Statement::operator(
    "events.insert",
    &["INSERT INTO portal_event_logs (tenant_id, id, user_id, actor, event_type, payload_json, created_at) \
       VALUES ($1, $2, $3, $4, $5, $6, $7)"],
);
/// `$1` tenant or NULL, `$2` type or NULL, `$6` actor or NULL, `$7` and `$8` from when and until when, or NULL.
pub(crate) const LIST: Statement = Statement::operator(
    "events.list",
    &[
        "SELECT ",
        EVENT,
        " FROM portal_event_logs e WHERE (CAST($1 AS TEXT) IS NULL OR e.tenant_id = $1) \
       AND (CAST($2 AS TEXT) IS NULL OR e.event_type = $2) AND (e.created_at, e.id) < ($3, $4) \
       AND (CAST($6 AS TEXT) IS NULL OR e.actor = $6) AND (CAST($7 AS BIGINT) IS NULL OR e.created_at >= $7) \
       AND (CAST($8 AS BIGINT) IS NULL OR e.created_at < $8) \
       ORDER BY e.created_at DESC, e.id DESC LIMIT $5",
    ],
);
