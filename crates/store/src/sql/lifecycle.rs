//! What events of a tenant's lifecycle change.

use super::Statement;

#[cfg(test)]
pub(crate) const ALL: &[&Statement] =
    &[&LOCK, &SET_STATUS, &SESSION_AFTER, &WORKER_AFTER, &LINK, &UNLINK, &RELEASE_HOLD, &RELEASE_CLAIMS];

/// Takes the tenant's row, so that changes of one tenant happen one after the other, and tells its status.
pub(crate) const LOCK: Statement = Statement::tenant(
    "lifecycle.lock",
    &["UPDATE tenants SET updated_at = $2 WHERE id = $1 RETURNING status"],
);
pub(crate) const SET_STATUS: Statement =
    Statement::tenant("lifecycle.set_status", &["UPDATE tenants SET status = $2 WHERE id = $1"]).moving();

/// `$2` state or NULL to keep it, `$3` 1 to write `$4` and `$5` over the code, `$6` when it was seen or NULL, `$8` 1 to write
/// `$9` and `$10` over the trouble; a number that is limited is refused for that reason and no other.
pub(crate) const SESSION_AFTER: Statement = Statement::tenant(
    "lifecycle.session_after",
    &["UPDATE whatsapp_sessions SET state = COALESCE($2, state), \
       last_qr = CASE WHEN $3 = 1 THEN $4 ELSE last_qr END, \
       qr_expires_at = CASE WHEN $3 = 1 THEN $5 ELSE qr_expires_at END, \
       last_seen_at = COALESCE($6, last_seen_at), updated_at = $7, \
       trouble = CASE WHEN $8 = 1 AND NOT (COALESCE(trouble, '') = 'LIMITED' AND COALESCE(CAST($9 AS TEXT), '') = 'REFUSED') THEN $9 ELSE trouble END, \
       trouble_until = CASE WHEN $8 = 1 AND NOT (COALESCE(trouble, '') = 'LIMITED' AND COALESCE(CAST($9 AS TEXT), '') = 'REFUSED') THEN $10 \
       ELSE trouble_until END WHERE tenant_id = $1 RETURNING state"],
)
.moving();
/// `$2` status or NULL to keep it, `$3` 1 to write `$4` over the error.
pub(crate) const WORKER_AFTER: Statement = Statement::tenant(
    "lifecycle.worker_after",
    &["UPDATE worker_processes SET status = COALESCE($2, status), \
       last_error = CASE WHEN $3 = 1 THEN $4 ELSE last_error END, updated_at = $5 \
       WHERE tenant_id = $1 RETURNING status, generation"],
)
.moving();
pub(crate) const LINK: Statement = Statement::tenant(
    "lifecycle.link",
    &["UPDATE whatsapp_sessions SET linked_at = CASE WHEN linked_number = $2 THEN linked_at ELSE $4 END, \
       linked_number = $2, linked_lid = COALESCE($3, linked_lid), updated_at = $4 WHERE tenant_id = $1"],
);
pub(crate) const UNLINK: Statement = Statement::tenant(
    "lifecycle.unlink",
    &[
        "UPDATE whatsapp_sessions SET linked_number = NULL, linked_lid = NULL, linked_at = NULL, updated_at = $2 \
       WHERE tenant_id = $1",
    ],
);
/// The number that waited for confirmation goes with the device.
pub(crate) const RELEASE_HOLD: Statement =
    Statement::tenant("lifecycle.release_hold", &["UPDATE tenants SET held_number = NULL WHERE id = $1"])
        .moving();
/// Takes an account (`$2` number, `$3` LID or NULL) from tenants other than `$1` that may not keep it: from all that have
/// neither declared nor confirmed it where `$5` is 1, else from those of them alone whose worker is stopped. `$4` now.
pub(crate) const RELEASE_CLAIMS: Statement = Statement::operator(
    "lifecycle.release_claims",
    &[
        "UPDATE whatsapp_sessions SET linked_number = NULL, linked_lid = NULL, linked_at = NULL, updated_at = $4 \
       WHERE tenant_id <> $1 AND (linked_number = $2 OR linked_lid = $3) \
       AND NOT EXISTS (SELECT 1 FROM tenants t WHERE t.id = whatsapp_sessions.tenant_id \
       AND (t.phone_number = '+' || $2 OR t.confirmed_number = $2)) \
       AND ($5 = 1 OR EXISTS (SELECT 1 FROM worker_processes w WHERE w.tenant_id = whatsapp_sessions.tenant_id \
       AND w.desired_state = 'STOPPED' AND w.pid IS NULL)) RETURNING tenant_id",
    ],
);
