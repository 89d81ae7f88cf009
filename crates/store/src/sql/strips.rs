//! How each bot did in the last day, in few statements for all tenants together.

use super::Statement;

#[cfg(test)]
pub(crate) const ALL: &[&Statement] = &[&WATCH, &OF];

/// Adds a cell to every tenant's strip, or makes the present one worse. `$1` slot, `$2` what was heard before this is
/// stale, `$3` as many letters "nobody watched" as a day has cells,
/// `$4` now.
///
/// Letters grow with what they mean: `-` nobody watched, `a` not meant to run, `b` answering, `c` waits for somebody,
/// `d` away, `e` error. The worst of five minutes counts.
pub(crate) const WATCH: Statement = Statement::operator(
    "strips.watch",
    &["INSERT INTO heartbeat_strips (tenant_id, id, cells, slot, created_at) \
       SELECT t.id, t.id, CASE WHEN t.status = 'ERROR' OR w.status = 'ERROR' THEN 'e' \
         WHEN w.desired_state <> 'RUN' THEN 'a' \
         WHEN w.status <> 'RUNNING' THEN 'd' \
         WHEN COALESCE(w.last_heartbeat_at, w.started_at, 0) < $2 THEN 'd' \
         WHEN s.state = 'QR_READY' OR t.status = 'QR_PENDING' THEN 'c' \
         WHEN s.state <> 'CONNECTED' THEN 'd' \
         WHEN t.suspended_at IS NOT NULL OR t.held_number IS NOT NULL THEN 'c' ELSE 'b' END, $1, $4 \
       FROM tenants t JOIN whatsapp_sessions s ON s.tenant_id = t.id JOIN worker_processes w ON w.tenant_id = t.id \
       WHERE t.id IS NOT NULL \
       ON CONFLICT (tenant_id, id) DO UPDATE SET slot = excluded.slot, cells = CASE \
         WHEN excluded.slot = heartbeat_strips.slot THEN \
           SUBSTR(heartbeat_strips.cells, 1, LENGTH(heartbeat_strips.cells) - 1) || excluded.cells \
         WHEN excluded.slot - heartbeat_strips.slot > LENGTH($3) THEN excluded.cells \
         ELSE SUBSTR(heartbeat_strips.cells || SUBSTR($3, 1, CAST(excluded.slot - heartbeat_strips.slot - 1 AS INTEGER)) \
           || excluded.cells, CAST(CASE WHEN LENGTH(heartbeat_strips.cells) + excluded.slot - heartbeat_strips.slot \
           > LENGTH($3) THEN LENGTH(heartbeat_strips.cells) + excluded.slot - heartbeat_strips.slot - LENGTH($3) + 1 \
           ELSE 1 END AS INTEGER)) END \
       WHERE excluded.slot > heartbeat_strips.slot OR (excluded.slot = heartbeat_strips.slot AND excluded.cells \
         > SUBSTR(heartbeat_strips.cells, LENGTH(heartbeat_strips.cells), 1))"],
);
/// `$1` the ids, as a JSON array.
pub(crate) const OF: Statement = Statement::operator(
    "strips.of",
    &["SELECT h.tenant_id, h.cells, h.slot FROM heartbeat_strips h \
       WHERE h.tenant_id IN (SELECT value FROM json_each($1))"],
);
