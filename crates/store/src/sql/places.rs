//! On which host each tenant's bot runs.

use super::Statement;

#[cfg(test)]
pub(crate) const ALL: &[&Statement] =
    &[&GET, &HOSTED, &UNDER_WAY, &ON_HOST, &SETTLE, &HAS_RUN, &LEAVE, &STEP];

const PLACE: &str = "p.tenant_id, p.host, p.other, p.step, p.version FROM places p ";

pub(crate) const GET: Statement =
    Statement::operator("places.get", &["SELECT ", PLACE, "WHERE p.tenant_id = $1"]);
/// Those that have a host.
pub(crate) const HOSTED: Statement = Statement::operator(
    "places.hosted",
    &["SELECT ", PLACE, "WHERE p.host IS NOT NULL ORDER BY p.tenant_id"],
);
/// Those whose move was begun and is not over.
pub(crate) const UNDER_WAY: Statement = Statement::operator(
    "places.under_way",
    &["SELECT ", PLACE, "WHERE p.step <> 'STAYS' ORDER BY p.tenant_id"],
);
/// Those of `$1` after the tenant `$2`; `$3` rows.
pub(crate) const ON_HOST: Statement = Statement::operator(
    "places.on_host",
    &["SELECT ", PLACE, "WHERE p.host = $1 AND p.tenant_id > $2 ORDER BY p.tenant_id LIMIT $3"],
);
/// `$1` tenant, `$2` id, `$3` host, `$4` now. Nothing where it has a place, or has run: then it is on this machine.
pub(crate) const SETTLE: Statement = Statement::operator(
    "places.settle",
    &["INSERT INTO places (tenant_id, id, host, step, version, created_at, updated_at) \
       SELECT w.tenant_id, $2, CAST($3 AS TEXT), 'STAYS', 1, CAST($4 AS BIGINT), CAST($4 AS BIGINT) \
       FROM worker_processes w WHERE w.tenant_id = $1 AND w.generation = 0 ON CONFLICT (tenant_id) DO NOTHING"],
);
/// Whether it has ever run.
pub(crate) const HAS_RUN: Statement =
    Statement::operator("places.has_run", &["SELECT generation FROM worker_processes WHERE tenant_id = $1"]);
/// `$1` tenant, `$2` id, `$3` where to, `$4` now, `$5` the version that was seen.
pub(crate) const LEAVE: Statement = Statement::operator(
    "places.leave",
    &["INSERT INTO places (tenant_id, id, other, step, version, created_at, updated_at) \
       SELECT t.id, $2, CAST($3 AS TEXT), 'LEAVES', 1, CAST($4 AS BIGINT), CAST($4 AS BIGINT) FROM tenants t \
       WHERE t.id = $1 AND t.moved_at IS NULL ON CONFLICT (tenant_id) DO UPDATE SET other = $3, step = 'LEAVES', \
       version = places.version + 1, updated_at = $4 WHERE places.version = $5 AND places.step = 'STAYS' \
       RETURNING host, version"],
);
/// `$1` tenant, `$2` the version that was seen, `$3` host, `$4` other, `$5` step, `$6` now.
pub(crate) const STEP: Statement = Statement::operator(
    "places.step",
    &["UPDATE places SET host = $3, other = $4, step = $5, version = version + 1, updated_at = $6 \
       WHERE tenant_id = $1 AND version = $2 RETURNING version"],
);
