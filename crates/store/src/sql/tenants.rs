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
    &DELETE,
    &LIST,
    &COUNT_BY_STATUS,
    &BY_LINKED_NUMBER,
    &BY_LINKED_LID,
];

pub(crate) const INSERT_TENANT: Statement = Statement::tenant(
    "tenants.insert_tenant",
    &["INSERT INTO tenants (id, name, phone_number, status, timezone, currency, created_at, updated_at) \
       VALUES ($1, $2, $3, $4, $5, $6, $7, $7)"],
);
pub(crate) const INSERT_CONFIG: Statement = Statement::tenant(
    "tenants.insert_config",
    &["INSERT INTO tenant_configs \
       (tenant_id, id, template_type, business_name, language, hours_json, version, created_at, updated_at) \
       VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7)"],
);
pub(crate) const INSERT_SESSION: Statement = Statement::tenant(
    "tenants.insert_session",
    &[
        "INSERT INTO whatsapp_sessions (tenant_id, id, state, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)",
    ],
);
pub(crate) const INSERT_WORKER: Statement = Statement::tenant(
    "tenants.insert_worker",
    &["INSERT INTO worker_processes \
       (tenant_id, id, process_name, status, desired_state, generation, restarts, created_at, updated_at) \
       VALUES ($1, $2, $3, $4, $5, 0, 0, $6, $6)"],
);
pub(crate) const GET: Statement = Statement::tenant(
    "tenants.get",
    &["SELECT ", TENANT, ", ", CONFIG, ", ", SESSION, ", ", WORKER, DETAIL, "WHERE t.id = $1"],
);
pub(crate) const UPDATE_TENANT: Statement = Statement::tenant(
    "tenants.update_tenant",
    &["UPDATE tenants SET name = $2, phone_number = $3, timezone = $4, currency = $5, suspended_at = $6, \
       suspended_reason = $7, held_number = $8, confirmed_number = $9, retention_days = $10, updated_at = $11 WHERE id = $1"],
);
pub(crate) const UPDATE_CONFIG: Statement = Statement::tenant(
    "tenants.update_config",
    &["UPDATE tenant_configs SET template_type = $2, business_name = $3, language = $4, hours_json = $5, \
       version = $6, updated_at = $7 WHERE tenant_id = $1"],
);
pub(crate) const DELETE: Statement =
    Statement::tenant("tenants.delete", &["DELETE FROM tenants WHERE id = $1"]);

/// `$1` status or NULL, `$2` pattern or NULL, `$3` and `$4` where the page before ended, `$5` rows.
pub(crate) const LIST: Statement = Statement::operator(
    "tenants.list",
    &[
        "SELECT ",
        TENANT,
        ", ",
        CONFIG,
        ", ",
        SESSION,
        ", ",
        WORKER,
        DETAIL,
        "WHERE (CAST($1 AS TEXT) IS NULL OR t.status = $1) \
       AND (CAST($2 AS TEXT) IS NULL OR LOWER(t.name) LIKE $2 ESCAPE '!' OR t.phone_number LIKE $2 ESCAPE '!') \
       AND (t.created_at, t.id) < ($3, $4) ORDER BY t.created_at DESC, t.id DESC LIMIT $5",
    ],
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
