//! How operators sign in, their sessions, and answers kept for repeated requests.

use super::Statement;
use crate::rows::{ACCOUNT, MEMBERSHIP, USER};

#[cfg(test)]
pub(crate) const ALL: &[&Statement] = &[
    &PUT,
    &BY_EMAIL,
    &BY_ID,
    &LIST,
    &SET_PASSWORD,
    &SET_TOTP,
    &USE_STEP,
    &SET_RECOVERY,
    &DROP,
    &DROP_MEMBERSHIP,
    &SESSION_PUT,
    &SESSION_UPDATE,
    &SESSION_GET,
    &SESSION_DELETE,
    &SESSIONS_PRUNE,
    &SECRETS,
    &RESEAL,
    &KEY_TAKE,
    &KEY_GET,
    &KEY_ANSWER,
    &KEY_DROP,
    &KEYS_PRUNE,
];

/// Of a person whose account was removed, the password starts anew with a higher version.
pub(crate) const PUT: Statement = Statement::operator(
    "accounts.put",
    &["INSERT INTO operator_accounts (user_id, password_hash, password_version, created_at, updated_at) \
       VALUES ($1, $2, $3, $3, $3)"],
);
const OF_OPERATORS: &str = " FROM operator_accounts a JOIN users u ON u.id = a.user_id \
       JOIN memberships m ON m.user_id = u.id AND m.tenant_id IS NULL ";
pub(crate) const BY_EMAIL: Statement = Statement::operator(
    "accounts.by_email",
    &["SELECT ", USER, ", ", MEMBERSHIP, ", ", ACCOUNT, OF_OPERATORS, "WHERE u.email = $1"],
);
pub(crate) const BY_ID: Statement = Statement::operator(
    "accounts.by_id",
    &["SELECT ", USER, ", ", MEMBERSHIP, ", ", ACCOUNT, OF_OPERATORS, "WHERE u.id = $1"],
);
pub(crate) const LIST: Statement = Statement::operator(
    "accounts.list",
    &[
        "SELECT ",
        USER,
        ", ",
        MEMBERSHIP,
        ", CASE WHEN a.user_id IS NULL THEN 0 ELSE 1 END, CASE WHEN a.totp_secret IS NULL THEN 0 ELSE 1 END \
       FROM memberships m JOIN users u ON u.id = m.user_id \
       LEFT JOIN operator_accounts a ON a.user_id = u.id WHERE m.tenant_id IS NULL ORDER BY m.created_at, m.id",
    ],
);
pub(crate) const SET_PASSWORD: Statement = Statement::operator(
    "accounts.set_password",
    &[
        "UPDATE operator_accounts SET password_hash = $2, password_version = password_version + 1, updated_at = $3 \
       WHERE user_id = $1",
    ],
);
/// `$2` secret or NULL, `$3` recovery codes or NULL.
pub(crate) const SET_TOTP: Statement = Statement::operator(
    "accounts.set_totp",
    &["UPDATE operator_accounts SET totp_secret = $2, recovery_json = $3, totp_used_step = NULL, \
       password_version = password_version + 1, updated_at = $4 WHERE user_id = $1"],
);
pub(crate) const USE_STEP: Statement = Statement::operator(
    "accounts.use_step",
    &["UPDATE operator_accounts SET totp_used_step = $2 \
       WHERE user_id = $1 AND (totp_used_step IS NULL OR totp_used_step < $2)"],
);
/// `$3` is what must still be there: whoever comes second changes nothing.
pub(crate) const SET_RECOVERY: Statement = Statement::operator(
    "accounts.set_recovery",
    &["UPDATE operator_accounts SET recovery_json = $2 WHERE user_id = $1 AND recovery_json = $3"],
);
pub(crate) const DROP: Statement =
    Statement::operator("accounts.drop", &["DELETE FROM operator_accounts WHERE user_id = $1"]);
pub(crate) const DROP_MEMBERSHIP: Statement = Statement::operator(
    "accounts.drop_membership",
    &["DELETE FROM memberships WHERE user_id = $1 AND tenant_id IS NULL"],
);

pub(crate) const SESSION_PUT: Statement = Statement::operator(
    "accounts.session_put",
    &["INSERT INTO web_sessions (id, data_json, expires_at) VALUES ($1, $2, $3)"],
);
/// One that has ended meanwhile stays ended.
pub(crate) const SESSION_UPDATE: Statement = Statement::operator(
    "accounts.session_update",
    &["UPDATE web_sessions SET data_json = $2, expires_at = $3 WHERE id = $1"],
);
pub(crate) const SESSION_GET: Statement = Statement::operator(
    "accounts.session_get",
    &["SELECT id, data_json, expires_at FROM web_sessions WHERE id = $1 AND expires_at > $2"],
);
pub(crate) const SESSION_DELETE: Statement =
    Statement::operator("accounts.session_delete", &["DELETE FROM web_sessions WHERE id = $1"]);
pub(crate) const SESSIONS_PRUNE: Statement =
    Statement::operator("accounts.sessions_prune", &["DELETE FROM web_sessions WHERE expires_at <= $1"]);

/// One whose request began before `$4` and has no answer yet never gets one: it is taken anew.
/// Second factors as they are kept.
pub(crate) const SECRETS: Statement = Statement::operator(
    "accounts.secrets",
    &["SELECT user_id, totp_secret FROM operator_accounts WHERE totp_secret IS NOT NULL ORDER BY user_id"],
);
/// The same secret in another form: `$3` is what must still be there. No session ends for it.
pub(crate) const RESEAL: Statement = Statement::operator(
    "accounts.reseal",
    &["UPDATE operator_accounts SET totp_secret = $2 WHERE user_id = $1 AND totp_secret = $3"],
);
pub(crate) const KEY_TAKE: Statement = Statement::operator(
    "accounts.key_take",
    &["INSERT INTO idempotency_keys (id, request_hash, created_at) VALUES ($1, $2, $3) \
       ON CONFLICT (id) DO UPDATE SET request_hash = $2, created_at = $3 \
       WHERE idempotency_keys.status IS NULL AND idempotency_keys.created_at < $4"],
);
pub(crate) const KEY_GET: Statement = Statement::operator(
    "accounts.key_get",
    &["SELECT request_hash, status, location, body FROM idempotency_keys WHERE id = $1"],
);
/// `$5` to `$7` whose answer it may be, or NULL: the one of them that is a tenant has it, and it goes with that tenant.
pub(crate) const KEY_ANSWER: Statement = Statement::operator(
    "accounts.key_answer",
    &["UPDATE idempotency_keys SET status = $2, location = $3, body = $4, \
       tenant_id = (SELECT MIN(t.id) FROM tenants t WHERE t.id IN ($5, $6, $7)) WHERE id = $1"],
);
pub(crate) const KEY_DROP: Statement =
    Statement::operator("accounts.key_drop", &["DELETE FROM idempotency_keys WHERE id = $1"]);
pub(crate) const KEYS_PRUNE: Statement =
    Statement::operator("accounts.keys_prune", &["DELETE FROM idempotency_keys WHERE created_at < $1"]);
