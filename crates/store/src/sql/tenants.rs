//! Tenants with their one-to-one rows.

use super::Statement;
use crate::rows::{CONFIG, SESSION, TENANT, WORKER};

const DETAIL: &str = " FROM tenants t \
     JOIN tenant_configs c ON c.tenant_id = t.id \
     JOIN whatsapp_sessions s ON s.tenant_id = t.id \
     JOIN worker_processes w ON w.tenant_id = t.id ";

#[cfg(test)]
pub(crate) const ALL: &[&Statement] = &[
    &INSERT_TENANT,
    &INSERT_CONFIG,
    &INSERT_SESSION,
    &INSERT_WORKER,
    &GET,
    &UPDATE_TENANT,
    &UPDATE_CONFIG,
    &CLAIMS,
    &NAMESAKES,
    &NAMES_AMONG,
    &DELETE,
    &LIST,
    &LIST_BY_NAME,
    &LIST_BY_SEEN,
    &LIST_BY_MEMORY,
    &LIST_OF,
    &LIST_OF_BY_NAME,
    &LIST_OF_BY_SEEN,
    &LIST_OF_BY_MEMORY,
    &LIST_BUT,
    &LIST_BUT_BY_NAME,
    &LIST_BUT_BY_SEEN,
    &LIST_BUT_BY_MEMORY,
    &LIST_WITHOUT_CODE,
    &LIST_WITH_CODE,
    &LIST_RECONNECTING,
    &LIST_ANSWERING,
    &LIST_SUSPENDED,
    &LIST_PAUSED,
    &LIST_NEW,
    &NEEDS,
    &STALE,
    &AWAY,
    &STANDS_AFTER,
    &STANDS_OF,
    &MESSAGES_SINCE,
    &COUNT_BY_STATUS,
    &BY_LINKED_NUMBER,
    &BY_LINKED_LID,
    &RETENTION,
];

pub(crate) const INSERT_TENANT: Statement = Statement::tenant(
    "tenants.insert_tenant",
    &["INSERT INTO tenants \
       (id, name, phone_number, number_claim, status, timezone, currency, created_at, updated_at) \
       VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $7)"],
)
.moving();
pub(crate) const INSERT_CONFIG: Statement = Statement::tenant(
    "tenants.insert_config",
    &["INSERT INTO tenant_configs \
       (tenant_id, id, template_type, business_name, language, hours_json, rate_limit_per_minute, version, \
       created_at, updated_at, remove_deleted) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8, $9)"],
);
pub(crate) const INSERT_SESSION: Statement = Statement::tenant(
    "tenants.insert_session",
    &[
        "INSERT INTO whatsapp_sessions (tenant_id, id, state, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)",
    ],
)
.moving();
pub(crate) const INSERT_WORKER: Statement = Statement::tenant(
    "tenants.insert_worker",
    &["INSERT INTO worker_processes \
       (tenant_id, id, process_name, status, desired_state, generation, restarts, created_at, updated_at) \
       VALUES ($1, $2, $3, $4, $5, 0, 0, $6, $6)"],
)
.moving();
pub(crate) const GET: Statement = Statement::tenant(
    "tenants.get",
    &["SELECT ", TENANT, ", ", CONFIG, ", ", SESSION, ", ", WORKER, DETAIL, "WHERE t.id = $1"],
);
pub(crate) const UPDATE_TENANT: Statement = Statement::tenant(
    "tenants.update_tenant",
    &["UPDATE tenants SET name = $2, phone_number = $3, \
       number_claim = CASE WHEN phone_number = $3 THEN number_claim ELSE $3 END, timezone = $4, currency = $5, suspended_at = $6, \
       suspended_reason = $7, held_number = $8, confirmed_number = $9, retention_days = $10, updated_at = $11 WHERE id = $1"],
)
.moving();
pub(crate) const UPDATE_CONFIG: Statement = Statement::tenant(
    "tenants.update_config",
    &["UPDATE tenant_configs SET template_type = $2, business_name = $3, language = $4, hours_json = $5, \
       rate_limit_per_minute = $6, remove_deleted = $7, version = $8, updated_at = $9 WHERE tenant_id = $1"],
);
/// Who has declared these numbers; `$1` is a JSON array of them.
pub(crate) const CLAIMS: Statement = Statement::operator(
    "tenants.claims",
    &["SELECT number_claim, id, name FROM tenants WHERE number_claim IN (SELECT value FROM json_each($1))"],
);
/// Which names there are among `$1`, a JSON array of names in lower case.
pub(crate) const NAMES_AMONG: Statement = Statement::operator(
    "tenants.names_among",
    &["SELECT DISTINCT name FROM tenants WHERE LOWER(name) IN (SELECT value FROM json_each($1))"],
);
/// How many others have this name, letter case of ASCII letters aside.
pub(crate) const NAMESAKES: Statement = Statement::operator(
    "tenants.namesakes",
    &["SELECT COUNT(*) FROM tenants WHERE LOWER(name) = LOWER($1) AND id <> $2"],
);
pub(crate) const DELETE: Statement =
    Statement::tenant("tenants.delete", &["DELETE FROM tenants WHERE id = $1"]).moving();

/// `$1` status or NULL, `$2` pattern or NULL, `$3` and `$4` where the page before ended, `$5` rows, `$6` pattern for numbers
/// or NULL.
const FILTER: &str = "WHERE (CAST($1 AS TEXT) IS NULL OR t.status = $1) \
     AND (CAST($2 AS TEXT) IS NULL OR LOWER(t.name) LIKE $2 ESCAPE '!' OR t.phone_number LIKE $6 ESCAPE '!' \
       OR s.linked_number LIKE $6 ESCAPE '!' OR EXISTS (SELECT 1 FROM memberships m JOIN users u ON u.id = m.user_id \
       WHERE m.tenant_id = t.id AND LOWER(u.email) LIKE $2 ESCAPE '!')) AND ";
/// `$7` group or NULL, `$8` what was heard of before this is stale.
const GROUP: &str = "(CAST($7 AS TEXT) IS NULL OR $7 = 'needs' OR ($7 = 'answering' AND ";
const AFTER_GROUPS: &str = "w.status = 'RUNNING' AND COALESCE(w.last_heartbeat_at, w.started_at) < $8)) AND ";
const ANSWERING: &str =
    "t.status = 'ACTIVE' AND s.state = 'CONNECTED' AND t.suspended_at IS NULL AND t.held_number IS NULL";
const RECONNECTING: &str = "t.status = 'ACTIVE' AND s.state <> 'CONNECTED' AND t.suspended_at IS NULL";
const WITHOUT_CODE: &str = "t.status = 'QR_PENDING' AND t.suspended_at IS NULL";
const WITH_CODE: &str = "t.status = 'QR_READY' AND t.suspended_at IS NULL";
const WAITING: &str = "t.status IN ('QR_PENDING', 'QR_READY') AND t.suspended_at IS NULL";
const PAUSED: &str = "t.status = 'PAUSED' AND t.suspended_at IS NULL";
const NEW: &str = "t.status = 'NEW' AND t.suspended_at IS NULL";
const SUSPENDED: &str = "t.suspended_at IS NOT NULL";
const ERROR: &str = "(t.status = 'ERROR' OR w.status = 'ERROR')";
/// `$9` ids, as a JSON array. A statement of its own: one that may go without them would look at every tenant.
const OF_IDS: &str = "t.id IN (SELECT value FROM json_each($9)) AND ";
/// The same for all but those.
const BUT_IDS: &str = "NOT (t.id IN (SELECT value FROM json_each($9))) AND ";

const NEWEST: &str = "(t.created_at, t.id) < ($3, $4) ORDER BY t.created_at DESC, t.id DESC LIMIT $5";
/// From A: the page before ended with the tenant `$4`; nothing is left where that one is gone. The first comparison is
/// there for SQLite, which finds a place in an index of expressions by it alone.
const BY_NAME: &str = "LOWER(t.name) >= (CASE WHEN $3 = 9223372036854775807 THEN '' ELSE (SELECT LOWER(p.name) \
     FROM tenants p WHERE p.id = $4) END) AND ($3 = 9223372036854775807 OR (LOWER(t.name), t.id) > \
     ((SELECT LOWER(p.name) FROM tenants p WHERE p.id = $4), $4)) ORDER BY LOWER(t.name), t.id LIMIT $5";
const BY_SEEN: &str = "(COALESCE(s.last_seen_at, 0), t.id) < ($3, $4) \
     ORDER BY COALESCE(s.last_seen_at, 0) DESC, t.id DESC LIMIT $5";
const BY_MEMORY: &str = "(COALESCE(w.memory_bytes, 0), t.id) < ($3, $4) \
     ORDER BY COALESCE(w.memory_bytes, 0) DESC, t.id DESC LIMIT $5";

/// Tenants with their rows, and what says which of them.
macro_rules! details {
    ($name:literal, $($part:expr),+ $(,)?) => {
        Statement::operator(
            $name,
            &["SELECT ", TENANT, ", ", CONFIG, ", ", SESSION, ", ", WORKER, DETAIL, FILTER, $($part),+],
        )
    };
}

/// A page of tenants: `$ids` says whether only some are meant, `$after` after which one it begins, in which order, and how
/// long it is.
macro_rules! list {
    ($name:literal, $ids:expr, $after:expr) => {
        details!(
            $name,
            GROUP,
            ANSWERING,
            ") OR ($7 = 'reconnecting' AND ",
            RECONNECTING,
            ") OR ($7 = 'waiting' AND ",
            WAITING,
            ") OR ($7 = 'paused' AND ",
            PAUSED,
            ") OR ($7 = 'new' AND ",
            NEW,
            ") OR ($7 = 'suspended' AND ",
            SUSPENDED,
            ") OR ($7 = 'error' AND ",
            ERROR,
            ") OR ($7 = 'stale' AND ",
            AFTER_GROUPS,
            $ids,
            $after,
        )
    };
}

/// The newest of one group alone, found by an index: `$7` ids of those that are not meant, as a JSON array.
macro_rules! newest {
    ($name:literal, $group:expr) => {
        details!($name, $group, " AND NOT (t.id IN (SELECT value FROM json_each($7))) AND ", NEWEST)
    };
}

/// Those that wait for a phone, by both their statuses: an index has each of them in order, and not both together.
pub(crate) const LIST_WITHOUT_CODE: Statement = newest!("tenants.list_without_code", WITHOUT_CODE);
pub(crate) const LIST_WITH_CODE: Statement = newest!("tenants.list_with_code", WITH_CODE);
pub(crate) const LIST_RECONNECTING: Statement = newest!("tenants.list_reconnecting", RECONNECTING);
pub(crate) const LIST_ANSWERING: Statement = newest!("tenants.list_answering", ANSWERING);
pub(crate) const LIST_SUSPENDED: Statement = newest!("tenants.list_suspended", SUSPENDED);
pub(crate) const LIST_PAUSED: Statement = newest!("tenants.list_paused", PAUSED);
pub(crate) const LIST_NEW: Statement = newest!("tenants.list_new", NEW);

pub(crate) const LIST: Statement = list!("tenants.list", "", NEWEST);
pub(crate) const LIST_BY_NAME: Statement = list!("tenants.list_by_name", "", BY_NAME);
pub(crate) const LIST_BY_SEEN: Statement = list!("tenants.list_by_seen", "", BY_SEEN);
pub(crate) const LIST_BY_MEMORY: Statement = list!("tenants.list_by_memory", "", BY_MEMORY);
pub(crate) const LIST_OF: Statement = list!("tenants.list_of", OF_IDS, NEWEST);
pub(crate) const LIST_OF_BY_NAME: Statement = list!("tenants.list_of_by_name", OF_IDS, BY_NAME);
pub(crate) const LIST_OF_BY_SEEN: Statement = list!("tenants.list_of_by_seen", OF_IDS, BY_SEEN);
pub(crate) const LIST_OF_BY_MEMORY: Statement = list!("tenants.list_of_by_memory", OF_IDS, BY_MEMORY);
pub(crate) const LIST_BUT: Statement = list!("tenants.list_but", BUT_IDS, NEWEST);
pub(crate) const LIST_BUT_BY_NAME: Statement = list!("tenants.list_but_by_name", BUT_IDS, BY_NAME);
pub(crate) const LIST_BUT_BY_SEEN: Statement = list!("tenants.list_but_by_seen", BUT_IDS, BY_SEEN);
pub(crate) const LIST_BUT_BY_MEMORY: Statement = list!("tenants.list_but_by_memory", BUT_IDS, BY_MEMORY);
/// The tenants that need a person for what time did not bring about, each by an index, see `domain::Condition`. A number that is
/// held is compared: SQLite would go through another index from end to end otherwise.
pub(crate) const NEEDS: Statement = Statement::operator(
    "tenants.needs",
    &["SELECT t.id FROM tenants t WHERE t.status = 'ERROR' \
         UNION SELECT t.id FROM tenants t WHERE t.held_number > '' \
         UNION SELECT w.tenant_id FROM worker_processes w WHERE w.status = 'ERROR' \
         UNION SELECT s.tenant_id FROM whatsapp_sessions s WHERE s.trouble IS NOT NULL \
         UNION SELECT r.tenant_id FROM setup_requests r WHERE r.status IN ('SUBMITTED', 'REVIEWING')"],
);
/// Those of which nothing was heard since `$1`. What a heartbeat changes has no index, which each heartbeat would write: all that
/// run are looked at.
pub(crate) const STALE: Statement = Statement::operator(
    "tenants.stale",
    &["SELECT w.tenant_id FROM worker_processes w \
       WHERE w.status = 'RUNNING' AND COALESCE(w.last_heartbeat_at, w.started_at) < $1"],
);
/// Those of `$2`, a JSON array of ids, that were connected before `$1` and are not.
pub(crate) const AWAY: Statement = Statement::operator(
    "tenants.away",
    &["SELECT t.id FROM tenants t JOIN whatsapp_sessions s ON s.tenant_id = t.id \
       JOIN worker_processes w ON w.tenant_id = t.id WHERE t.id IN (SELECT value FROM json_each($2)) \
       AND t.status = 'ACTIVE' AND s.state IN ('DISCONNECTED', 'QR_READY') AND w.desired_state = 'RUN' AND s.last_seen_at < $1"],
);
const STANDS: &str = "SELECT t.id, t.status, s.state, w.status, CASE WHEN t.suspended_at IS NULL THEN 0 ELSE 1 END \
     FROM tenants t JOIN whatsapp_sessions s ON s.tenant_id = t.id JOIN worker_processes w ON w.tenant_id = t.id ";
/// How tenants stand, in the order of their ids, after `$1`; `$2` rows.
pub(crate) const STANDS_AFTER: Statement =
    Statement::operator("tenants.stands_after", &[STANDS, "WHERE t.id > $1 ORDER BY t.id LIMIT $2"]);
/// The same of `$1`, a JSON array of ids.
pub(crate) const STANDS_OF: Statement =
    Statement::operator("tenants.stands_of", &[STANDS, "WHERE t.id IN (SELECT value FROM json_each($1))"]);
/// `$1` ids, as a JSON array, `$2` since when.
pub(crate) const MESSAGES_SINCE: Statement = Statement::operator(
    "tenants.messages_since",
    &["SELECT t.id, (SELECT COUNT(*) FROM message_logs m WHERE m.tenant_id = t.id AND m.created_at >= $2) \
       FROM tenants t WHERE t.id IN (SELECT value FROM json_each($1))"],
);
pub(crate) const COUNT_BY_STATUS: Statement = Statement::operator(
    "tenants.count_by_status",
    &["SELECT status, COUNT(*) FROM tenants GROUP BY status ORDER BY status"],
);
pub(crate) const BY_LINKED_NUMBER: Statement = Statement::operator(
    "tenants.by_linked_number",
    &["SELECT tenant_id FROM whatsapp_sessions WHERE linked_number = $1"],
);
pub(crate) const BY_LINKED_LID: Statement = Statement::operator(
    "tenants.by_linked_lid",
    &["SELECT tenant_id FROM whatsapp_sessions WHERE linked_lid = $1"],
);
/// Who keeps the log for how many days.
pub(crate) const RETENTION: Statement = Statement::operator(
    "tenants.retention",
    &["SELECT id, retention_days FROM tenants WHERE retention_days IS NOT NULL ORDER BY id"],
);
