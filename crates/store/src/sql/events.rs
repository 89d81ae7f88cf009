//! The audit log: rows are added and read, nothing else.

use super::Statement;
use crate::rows::EVENT;

#[cfg(test)]
pub(crate) const ALL: &[&Statement] = &[&INSERT_OF_TENANT, &PAGE, &SENT, &INSERT, &LIST];

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
/// Texts that people have sent by hand from `$2` until before `$3`, the newest first; `$4` rows.
pub(crate) const SENT: Statement = Statement::tenant(
    "events.sent",
    &[
        "SELECT ",
        EVENT,
        " FROM portal_event_logs e WHERE e.tenant_id = $1 AND e.event_type = 'MESSAGE_SENT' AND e.created_at >= $2 \
       AND e.created_at < $3 ORDER BY e.created_at DESC, e.id DESC LIMIT $4",
    ],
);
pub(crate) const INSERT: Statement = Statement::operator(
    "events.insert",
    &["INSERT INTO portal_event_logs (tenant_id, id, user_id, actor, event_type, payload_json, created_at) \
       VALUES ($1, $2, $3, $4, $5, $6, $7)"],
);
/// `$1` tenant or NULL, `$2` type or NULL, `$6` actor or NULL, `$7` and `$8` from when and until when, or NULL,
/// `$9` the kind or NULL: what is none of the two that are told by their types is a change.
pub(crate) const LIST: Statement = Statement::operator(
    "events.list",
    &[
        "SELECT ",
        EVENT,
        " FROM portal_event_logs e WHERE (CAST($1 AS TEXT) IS NULL OR e.tenant_id = $1) \
       AND (CAST($2 AS TEXT) IS NULL OR e.event_type = $2) AND (e.created_at, e.id) < ($3, $4) \
       AND (CAST($6 AS TEXT) IS NULL OR e.actor = $6) AND (CAST($7 AS BIGINT) IS NULL OR e.created_at >= $7) \
       AND (CAST($8 AS BIGINT) IS NULL OR e.created_at < $8) \
       AND (CAST($9 AS TEXT) IS NULL OR $9 = CASE WHEN e.event_type IN ('CONVERSATION_READ', 'CONVERSATION_EXPORTED', \
       'CONTACT_EXPORTED', 'RECORDS_EXPORTED', 'TENANT_EXPORTED', 'CUSTOMERS_EXPORTED', 'EVENTS_EXPORTED', \
       'TENANTS_EXPORTED', 'PORTAL_LOOK_BEGUN') THEN 'reading' WHEN e.event_type IN ('SIGNED_IN', 'SIGNED_OUT', 'SIGN_IN_FAILED', \
       'CONFIRMED') THEN 'signing_in' ELSE 'changes' END) \
       ORDER BY e.created_at DESC, e.id DESC LIMIT $5",
    ],
);
