//! Tenants that go to another installation, or come from one.

use super::Statement;

#[cfg(test)]
pub(crate) const ALL: &[&Statement] =
    &[&FENCE, &FENCED, &WHEN, &IS, &DISCONNECTED, &STOP, &ARRIVED, &WANTED, &KEY_USED, &VOID, &VOID_OLD];

/// `$2` now, `$3` the move key's id. What was wanted is noted the first time alone.
pub(crate) const FENCE: Statement = Statement::tenant(
    "moves.fence",
    &["UPDATE tenants SET moved_at = $2, moved_by = $3, updated_at = $2, moved_run = \
       (SELECT CASE WHEN w.desired_state = 'RUN' THEN 1 ELSE 0 END FROM worker_processes w WHERE w.tenant_id = $1) \
       WHERE id = $1 AND moved_at IS NULL"],
);
pub(crate) const FENCED: Statement =
    Statement::tenant("moves.fenced", &["SELECT moved_by FROM tenants WHERE id = $1"]);
pub(crate) const WHEN: Statement =
    Statement::tenant("moves.when", &["SELECT moved_at FROM tenants WHERE id = $1"]);
/// Whether there is a tenant.
pub(crate) const IS: Statement =
    Statement::operator("moves.is", &["SELECT COUNT(*) FROM tenants WHERE id = $1"]);
/// `$2` now.
pub(crate) const DISCONNECTED: Statement = Statement::tenant(
    "moves.disconnected",
    &[
        "UPDATE whatsapp_sessions SET state = 'DISCONNECTED', last_qr = NULL, qr_expires_at = NULL, updated_at = $2 \
       WHERE tenant_id = $1",
    ],
)
.moving();
/// `$2` why, `$3` now.
pub(crate) const STOP: Statement = Statement::tenant(
    "moves.stop",
    &[
        "UPDATE worker_processes SET desired_state = 'STOPPED', last_error = $2, updated_at = $3 WHERE tenant_id = $1",
    ],
);
/// `$1` tenant, `$2` now.
pub(crate) const ARRIVED: Statement = Statement::operator(
    "moves.arrived",
    &["UPDATE tenants SET moved_at = NULL, moved_by = NULL, moved_run = NULL, updated_at = $2 WHERE id = $1"],
);
/// `$1` tenant, `$2` what is wanted, `$3` now.
pub(crate) const WANTED: Statement = Statement::operator(
    "moves.wanted",
    &[
        "UPDATE worker_processes SET desired_state = $2, pid = NULL, last_error = NULL, updated_at = $3 WHERE tenant_id = $1",
    ],
);
/// `$1` key, `$2` what stands there from now on, `$3` now, `$4` what must still stand there.
pub(crate) const KEY_USED: Statement = Statement::operator(
    "moves.key_used",
    &["UPDATE settings SET value = $2, updated_at = $3 WHERE key = $1 AND value = $4"],
);
pub(crate) const VOID: Statement = Statement::operator(
    "moves.void",
    &["DELETE FROM settings WHERE key LIKE 'move.key.%' AND value NOT LIKE 'used by %'"],
);
/// The same of those that were made before `$1`.
pub(crate) const VOID_OLD: Statement = Statement::operator(
    "moves.void_old",
    &["DELETE FROM settings WHERE key LIKE 'move.key.%' AND value NOT LIKE 'used by %' AND updated_at < $1"],
);
