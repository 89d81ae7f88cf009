//! Setup requests.

use super::Statement;
use crate::rows::SETUP;

#[cfg(test)]
pub(crate) const ALL: &[&Statement] =
    &[&INSERT, &GET, &DECIDE, &ACTIVATE, &PAGE, &LATEST, &LIST, &LIST_NAMED, &FIND, &COUNT_WAITING];

pub(crate) const INSERT: Statement = Statement::tenant(
    "setup.insert",
    &["INSERT INTO setup_requests \
       (tenant_id, id, user_id, template_type, whatsapp_number, status, notes, created_at, updated_at, business_name, \
       business_type, language, hours_json) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11, $12)"],
);
pub(crate) const GET: Statement = Statement::tenant(
    "setup.get",
    &["SELECT ", SETUP, " FROM setup_requests r WHERE r.tenant_id = $1 AND r.id = $2"],
);
/// `$3` is the status it must still have: whoever comes second changes nothing.
pub(crate) const DECIDE: Statement = Statement::tenant(
    "setup.decide",
    &["UPDATE setup_requests SET status = $4, notes = COALESCE($5, notes), reviewed_by = $6, \
       decided_at = CASE WHEN $4 = 'REVIEWING' THEN decided_at ELSE $7 END, updated_at = $7 WHERE tenant_id = $1 AND id = $2 AND status = $3"],
);
pub(crate) const ACTIVATE: Statement = Statement::tenant(
    "setup.activate",
    &["UPDATE setup_requests SET status = 'ACTIVE', updated_at = $2 \
       WHERE tenant_id = $1 AND status = 'APPROVED' RETURNING id"],
);
pub(crate) const PAGE: Statement = Statement::tenant(
    "setup.page",
    &[
        "SELECT ",
        SETUP,
        " FROM setup_requests r WHERE r.tenant_id = $1 AND (r.created_at, r.id) < ($2, $3) \
       ORDER BY r.created_at DESC, r.id DESC LIMIT $4",
    ],
);
/// The newest, with the names that the tenant may see: an operator's is none of them.
pub(crate) const LATEST: Statement = Statement::tenant(
    "setup.latest",
    &[
        "SELECT ",
        SETUP,
        ", t.name, u.name, u.email, CAST(NULL AS TEXT) FROM setup_requests r JOIN tenants t ON t.id = r.tenant_id \
       LEFT JOIN users u ON u.id = r.user_id WHERE r.tenant_id = $1 ORDER BY r.created_at DESC, r.id DESC LIMIT 1",
    ],
);
/// `$1` status or NULL.
pub(crate) const LIST: Statement = Statement::operator(
    "setup.list",
    &[
        "SELECT ",
        SETUP,
        " FROM setup_requests r WHERE (CAST($1 AS TEXT) IS NULL OR r.status = $1) \
       AND (r.created_at, r.id) < ($2, $3) ORDER BY r.created_at DESC, r.id DESC LIMIT $4",
    ],
);

const NAMED: &str = ", t.name, u.name, u.email, (SELECT o.name FROM users o WHERE o.id = r.reviewed_by) \
       FROM setup_requests r JOIN tenants t ON t.id = r.tenant_id LEFT JOIN users u ON u.id = r.user_id ";
/// `$1` status or NULL.
pub(crate) const LIST_NAMED: Statement = Statement::operator(
    "setup.list_named",
    &[
        "SELECT ",
        SETUP,
        NAMED,
        "WHERE (CAST($1 AS TEXT) IS NULL OR r.status = $1) \
       AND (r.created_at, r.id) < ($2, $3) ORDER BY r.created_at DESC, r.id DESC LIMIT $4",
    ],
);
pub(crate) const FIND: Statement =
    Statement::operator("setup.find", &["SELECT ", SETUP, NAMED, "WHERE r.id = $1"]);
pub(crate) const COUNT_WAITING: Statement = Statement::operator(
    "setup.count_waiting",
    &["SELECT COUNT(*) FROM setup_requests WHERE status IN ('SUBMITTED', 'REVIEWING')"],
);
