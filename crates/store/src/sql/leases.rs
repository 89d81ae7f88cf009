//! Who runs this database.

use super::Statement;

#[cfg(test)]
pub(crate) const ALL: &[&Statement] = &[&TAKE, &HOLDER, &IS_CURRENT];

/// `$1` name, `$2` holder, `$3` time. Each taking is one epoch.
pub(crate) const TAKE: Statement = Statement::operator(
    "leases.take",
    &["INSERT INTO leases (name, holder, epoch, updated_at) VALUES ($1, $2, 1, $3) \
       ON CONFLICT (name) DO UPDATE SET holder = $2, epoch = leases.epoch + 1, updated_at = $3 RETURNING epoch"],
);
pub(crate) const HOLDER: Statement =
    Statement::operator("leases.holder", &["SELECT holder FROM leases WHERE name = $1"]);
/// `$1` name, `$2` epoch.
pub(crate) const IS_CURRENT: Statement =
    Statement::shared("leases.is_current", &["SELECT COUNT(*) FROM leases WHERE name = $1 AND epoch = $2"]);
