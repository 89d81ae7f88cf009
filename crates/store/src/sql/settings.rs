//! What the platform remembers about itself.

use super::Statement;

#[cfg(test)]
pub(crate) const ALL: &[&Statement] = &[&GET, &LIST, &PUT, &PUT_IF_ABSENT, &RESEAL, &DELETE];

pub(crate) const GET: Statement =
    Statement::operator("settings.get", &["SELECT value FROM settings WHERE key = $1"]);
pub(crate) const LIST: Statement =
    Statement::operator("settings.list", &["SELECT key, value FROM settings ORDER BY key"]);
pub(crate) const PUT: Statement = Statement::operator(
    "settings.put",
    &["INSERT INTO settings (key, value, updated_at) VALUES ($1, $2, $3) \
       ON CONFLICT (key) DO UPDATE SET value = $2, updated_at = $3"],
);
pub(crate) const PUT_IF_ABSENT: Statement = Statement::operator(
    "settings.put_if_absent",
    &["INSERT INTO settings (key, value, updated_at) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING"],
);
/// The same secret `$2` in another form: `$3` is what must still be there.
pub(crate) const RESEAL: Statement =
    Statement::operator("settings.reseal", &["UPDATE settings SET value = $2 WHERE key = $1 AND value = $3"]);
pub(crate) const DELETE: Statement =
    Statement::operator("settings.delete", &["DELETE FROM settings WHERE key = $1"]);
