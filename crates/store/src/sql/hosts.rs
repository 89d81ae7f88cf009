//! Machines on which bots run.

use super::Statement;

#[cfg(test)]
pub(crate) const ALL: &[&Statement] = &[&KNOWN, &SEEN, &AWAY, &ORDER, &LIST, &GET, &TENANTS_ON, &FORGET];

/// `$1` name, `$2` address, `$3` now. One that has never answered is away.
pub(crate) const KNOWN: Statement = Statement::operator(
    "hosts.known",
    &[
        "INSERT INTO hosts (name, address, incarnation, version, capacity, ordered, since, away_at, created_at, updated_at) \
       VALUES ($1, $2, 0, '', 0, 'READY', $3, $3, $3, $3) ON CONFLICT (name) DO UPDATE SET address = $2, updated_at = $3",
    ],
);
/// `$1` name, `$2` address, `$3` incarnation, `$4` version, `$5` capacity, `$6` now. Nothing where a newer incarnation has
/// answered.
pub(crate) const SEEN: Statement = Statement::operator(
    "hosts.seen",
    &[
        "INSERT INTO hosts (name, address, incarnation, version, capacity, ordered, since, seen_at, created_at, updated_at) \
       VALUES ($1, $2, $3, $4, $5, 'READY', $6, $6, $6, $6) ON CONFLICT (name) DO UPDATE SET address = $2, \
       incarnation = $3, version = $4, capacity = $5, since = CASE WHEN hosts.away_at IS NULL THEN hosts.since ELSE $6 END, \
       away_at = NULL, seen_at = $6, updated_at = $6 WHERE hosts.incarnation <= $3",
    ],
);
/// `$2` now.
pub(crate) const AWAY: Statement = Statement::operator(
    "hosts.away",
    &["UPDATE hosts SET away_at = $2, since = $2, updated_at = $2 WHERE name = $1 AND away_at IS NULL"],
);
/// `$2` what is ordered, `$3` now.
pub(crate) const ORDER: Statement = Statement::operator(
    "hosts.order",
    &["UPDATE hosts SET ordered = $2, since = $3, updated_at = $3 WHERE name = $1 AND ordered <> $2"],
);

const HOST: &str = "h.name, h.address, h.incarnation, h.version, h.capacity, h.ordered, h.since, h.away_at, h.seen_at \
     FROM hosts h ";

pub(crate) const LIST: Statement = Statement::operator("hosts.list", &["SELECT ", HOST, "ORDER BY h.name"]);
pub(crate) const GET: Statement = Statement::operator("hosts.get", &["SELECT ", HOST, "WHERE h.name = $1"]);
pub(crate) const TENANTS_ON: Statement =
    Statement::operator("hosts.tenants_on", &["SELECT COUNT(*) FROM places WHERE host = $1"]);
/// One of which nothing is left.
pub(crate) const FORGET: Statement = Statement::operator(
    "hosts.forget",
    &["DELETE FROM hosts WHERE name = $1 AND NOT EXISTS (SELECT 1 FROM places p WHERE p.host = $1) \
       AND NOT EXISTS (SELECT 1 FROM places p WHERE p.step <> 'STAYS' AND p.other = $1)"],
);
