//! Who runs this database.

use super::Statement;

#[cfg(test)]
pub(crate) const ALL: &[&Statement] = &[&TAKE, &HOLDER, &IS_CURRENT, &TOUCH];

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
/// `$1` time. Changes nothing that matters, and shows whether anything can be changed. Always something: SQLite writes no
/// page whose bytes stay the same.
pub(crate) const TOUCH: Statement = Statement::operator(
    "leases.touch",
    &["UPDATE leases SET updated_at = CASE updated_at WHEN $1 THEN $1 + 1 ELSE $1 END"],
);
