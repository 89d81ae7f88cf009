//! The second factor of the admin password, and how often codes were tried.

use super::Statement;

#[cfg(test)]
pub(crate) const ALL: &[&Statement] =
    &[&GET, &SET, &RESEAL, &USE_STEP, &SET_RECOVERY, &COUNT_TRY, &NEXT_TRY, &FORGET_TRIES, &TRIED];

pub(crate) const GET: Statement = Statement::operator(
    "factors.get",
    &["SELECT totp_secret, totp_used_step, recovery_json, version FROM admin_factors WHERE id = 'admin'"],
);
/// `$1` secret or NULL, `$2` recovery codes or NULL, `$3` now. The version begins with the time.
pub(crate) const SET: Statement = Statement::operator(
    "factors.set",
    &["INSERT INTO admin_factors (id, totp_secret, recovery_json, version, updated_at) \
       VALUES ('admin', $1, $2, $3, $3) \
       ON CONFLICT (id) DO UPDATE SET totp_secret = $1, recovery_json = $2, totp_used_step = NULL, \
       version = admin_factors.version + 1, updated_at = $3"],
);
/// The same secret `$1` in another form: `$2` is what must still be there.
pub(crate) const RESEAL: Statement = Statement::operator(
    "factors.reseal",
    &["UPDATE admin_factors SET totp_secret = $1 WHERE id = 'admin' AND totp_secret = $2"],
);
pub(crate) const USE_STEP: Statement = Statement::operator(
    "factors.use_step",
    &["UPDATE admin_factors SET totp_used_step = $1 \
       WHERE id = 'admin' AND (totp_used_step IS NULL OR totp_used_step < $1)"],
);
/// `$2` is what must still be there: whoever comes second changes nothing.
pub(crate) const SET_RECOVERY: Statement = Statement::operator(
    "factors.set_recovery",
    &["UPDATE admin_factors SET recovery_json = $1 WHERE id = 'admin' AND recovery_json = $2"],
);

/// Counts a try before its code is looked at, all in one statement, so that trying many at once helps nobody. No row is
/// answered where the next try may not be made yet. `$1` account, `$2` now, `$3` since when tries count; in milliseconds.
///
/// Five are free. Then the wait grows: 30 s, 2 min, 8 min, 30 min, and an hour from there on.
pub(crate) const COUNT_TRY: Statement = Statement::operator(
    "factors.count_try",
    &["INSERT INTO code_tries (account, tries, next_at, last_at) VALUES ($1, 1, $2, $2) \
       ON CONFLICT (account) DO UPDATE SET \
       tries = CASE WHEN code_tries.last_at < $3 THEN 1 ELSE code_tries.tries + 1 END, \
       next_at = $2 + CASE WHEN code_tries.last_at < $3 OR code_tries.tries < 4 THEN 0 \
       WHEN code_tries.tries = 4 THEN 30000 WHEN code_tries.tries = 5 THEN 120000 \
       WHEN code_tries.tries = 6 THEN 480000 WHEN code_tries.tries = 7 THEN 1800000 ELSE 3600000 END, \
       last_at = $2 WHERE code_tries.next_at <= $2 RETURNING tries"],
);
pub(crate) const NEXT_TRY: Statement =
    Statement::operator("factors.next_try", &["SELECT next_at FROM code_tries WHERE account = $1"]);
pub(crate) const FORGET_TRIES: Statement =
    Statement::operator("factors.forget_tries", &["DELETE FROM code_tries WHERE account = $1"]);
/// `$1` at least as many, `$2` since when.
pub(crate) const TRIED: Statement = Statement::operator(
    "factors.tried",
    &["SELECT account, tries FROM code_tries WHERE tries >= $1 AND last_at >= $2 ORDER BY account"],
);
