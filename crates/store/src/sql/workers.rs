//! Worker processes: what is wanted and what is observed.

use super::Statement;
use crate::rows::WORKER;

#[cfg(test)]
pub(crate) const ALL: &[&Statement] = &[
    &SET_DESIRED,
    &BEGIN_GENERATION,
    &GENERATION,
    &STARTED,
    &EXITED,
    &HEARTBEAT,
    &SEEN,
    &CLEAR_ERROR,
    &LIST,
];

pub(crate) const SET_DESIRED: Statement = Statement::tenant(
    "workers.set_desired",
    &["UPDATE worker_processes SET desired_state = $2, updated_at = $3 WHERE tenant_id = $1"],
);
/// `$2` 1 where the supervisor starts again by itself, else 0.
pub(crate) const BEGIN_GENERATION: Statement = Statement::tenant(
    "workers.begin_generation",
    &["UPDATE worker_processes SET generation = generation + 1, \
       restarts = CASE WHEN $2 = 1 THEN restarts + 1 ELSE 0 END, pid = NULL, started_at = NULL, \
       last_heartbeat_at = NULL, memory_bytes = NULL, cpu_ms = NULL, queued = NULL, unsent = NULL, unlogged = NULL, \
       hand_offs = NULL,        updated_at = $3 WHERE tenant_id = $1 \
       AND NOT EXISTS (SELECT 1 FROM tenants t WHERE t.id = $1 AND t.moved_at IS NOT NULL) \
       AND NOT EXISTS (SELECT 1 FROM places p WHERE p.tenant_id = $1 AND p.step = 'LEAVES') RETURNING generation"],
);
pub(crate) const GENERATION: Statement = Statement::tenant(
    "workers.generation",
    &["SELECT generation FROM worker_processes WHERE tenant_id = $1"],
);
pub(crate) const STARTED: Statement = Statement::tenant(
    "workers.started",
    &["UPDATE worker_processes SET pid = $3, started_at = $4, status = $5, updated_at = $4 \
       WHERE tenant_id = $1 AND generation = $2"],
)
.moving();
pub(crate) const EXITED: Statement = Statement::tenant(
    "workers.exited",
    &["UPDATE worker_processes SET pid = NULL, status = $3, last_error = COALESCE($4, last_error), \
       memory_bytes = NULL, updated_at = $5 WHERE tenant_id = $1 AND generation = $2"],
)
.moving();
pub(crate) const HEARTBEAT: Statement = Statement::tenant(
    "workers.heartbeat",
    &["UPDATE worker_processes SET last_heartbeat_at = $3, memory_bytes = $4, cpu_ms = $5, queued = $6, \
       unsent = $7, unlogged = $8, last_message_at = COALESCE($9, last_message_at), unreadable = $10, \
       clock_behind_ms = COALESCE($11, clock_behind_ms), hand_offs = $12, updated_at = $3 \
       WHERE tenant_id = $1 AND generation = $2 \
       RETURNING (SELECT c.version FROM tenant_configs c WHERE c.tenant_id = $1), \
       COALESCE((SELECT p.version FROM business_profiles p WHERE p.tenant_id = $1), 0)"],
);
pub(crate) const SEEN: Statement = Statement::tenant(
    "workers.seen",
    &["UPDATE whatsapp_sessions SET last_seen_at = $2, updated_at = $2 WHERE tenant_id = $1"],
);
pub(crate) const CLEAR_ERROR: Statement = Statement::tenant(
    "workers.clear_error",
    &["UPDATE worker_processes SET last_error = NULL, updated_at = $2 WHERE tenant_id = $1"],
);
pub(crate) const LIST: Statement = Statement::operator(
    "workers.list",
    &["SELECT ", WORKER, " FROM worker_processes w ORDER BY w.tenant_id"],
);
