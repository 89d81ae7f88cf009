//! How owners and staff sign in: accounts, identities, sessions and links. What belongs to a person crosses tenants.

use super::{Statement, profiles, tenants};
use crate::rows::{PERSON, PORTAL_LINK, PORTAL_SESSION, SEAT};

#[cfg(test)]
pub(crate) const ALL: &[&Statement] = &[
    &BY_ID,
    &BY_EMAIL,
    &ENSURE,
    &LOCK,
    &SEATS,
    &SEAT_OF,
    &BY_IDENTITY,
    &ADD_IDENTITY,
    &DROP_IDENTITIES,
    &VERIFY,
    &SET_PASSWORD,
    &UPDATE_USER,
    &UPDATE_ACCOUNT,
    &SET_EMAIL,
    &ACCEPT,
    &INVITE_AGAIN,
    &SET_STATUS,
    &SESSION_PUT,
    &SESSION_GET,
    &SESSION_SEEN,
    &SESSION_CHOOSE,
    &SESSION_PASSWORD_SET,
    &SESSION_END,
    &SESSIONS_END,
    &SESSIONS_END_OF_TENANT,
    &SESSIONS_PRUNE,
    &LINK_PUT,
    &LINK_GET,
    &LINK_TAKE,
    &LINK_USED,
    &LINKS_VOID,
    &LINKS_VOID_OF_TENANT,
    &LINKS_RECENT,
    &INVITATIONS_RECENT,
    &LINKS_PRUNE,
    &OWNERS_OF,
    &DROP_MEMBERSHIPS,
    &NEW_TENANT,
    &NEW_CONFIG,
    &NEW_SESSION,
    &NEW_WORKER,
    &NEW_PROFILE,
];

const OF_PERSONS: &str = " FROM users u LEFT JOIN person_accounts a ON a.user_id = u.id ";
pub(crate) const BY_ID: Statement =
    Statement::operator("people.by_id", &["SELECT ", PERSON, OF_PERSONS, "WHERE u.id = $1"]);
pub(crate) const BY_EMAIL: Statement =
    Statement::operator("people.by_email", &["SELECT ", PERSON, OF_PERSONS, "WHERE u.email = $1"]);
pub(crate) const ENSURE: Statement = Statement::operator(
    "people.ensure",
    &["INSERT INTO person_accounts (user_id, language, created_at, updated_at) \
       VALUES ($1, $2, $3, $3) ON CONFLICT (user_id) DO NOTHING"],
);
/// Two transactions about one person come one after the other.
pub(crate) const LOCK: Statement =
    Statement::operator("people.lock", &["UPDATE users SET updated_at = updated_at WHERE id = $1"]);
const OF_SEATS: &str = " FROM memberships m JOIN tenants t ON t.id = m.tenant_id WHERE m.user_id = $1 ";
pub(crate) const SEATS: Statement =
    Statement::operator("people.seats", &["SELECT ", SEAT, OF_SEATS, "ORDER BY m.created_at, m.id"]);
pub(crate) const SEAT_OF: Statement =
    Statement::operator("people.seat_of", &["SELECT ", SEAT, OF_SEATS, "AND m.tenant_id = $2"]);

pub(crate) const BY_IDENTITY: Statement = Statement::operator(
    "people.by_identity",
    &["SELECT user_id FROM identities WHERE issuer = $1 AND subject = $2"],
);
pub(crate) const ADD_IDENTITY: Statement = Statement::operator(
    "people.add_identity",
    &[
        "INSERT INTO identities (id, user_id, provider, issuer, subject, created_at) VALUES ($1, $2, $3, $4, $5, $6) \
       ON CONFLICT (issuer, subject) DO NOTHING",
    ],
);
pub(crate) const DROP_IDENTITIES: Statement =
    Statement::operator("people.drop_identities", &["DELETE FROM identities WHERE user_id = $1"]);
pub(crate) const VERIFY: Statement = Statement::operator(
    "people.verify",
    &[
        "UPDATE person_accounts SET verified_at = COALESCE(verified_at, $2), updated_at = $2 WHERE user_id = $1",
    ],
);
/// `$2` an argon2id hash, or NULL for no password any more.
pub(crate) const SET_PASSWORD: Statement = Statement::operator(
    "people.set_password",
    &["UPDATE person_accounts SET password_hash = $2, updated_at = $3 WHERE user_id = $1"],
);
pub(crate) const UPDATE_USER: Statement = Statement::operator(
    "people.update_user",
    &["UPDATE users SET name = $2, phone = $3, updated_at = $4 WHERE id = $1"],
);
pub(crate) const UPDATE_ACCOUNT: Statement = Statement::operator(
    "people.update_account",
    &["UPDATE person_accounts SET language = $2, updated_at = $3 WHERE user_id = $1"],
);
pub(crate) const SET_EMAIL: Statement =
    Statement::operator("people.set_email", &["UPDATE users SET email = $2, updated_at = $3 WHERE id = $1"]);

/// Accepts invitations that were made since `$2`, and names their tenants: all of them for a person whose address is shown to be
/// theirs, else that of the tenant `$4` alone, whose link has led here.
pub(crate) const ACCEPT: Statement = Statement::operator(
    "people.accept",
    &["UPDATE memberships SET status = 'ACTIVE', updated_at = $3 \
       WHERE user_id = $1 AND tenant_id IS NOT NULL AND status = 'INVITED' AND updated_at >= $2 \
       AND (tenant_id = $4 OR EXISTS (SELECT 1 FROM person_accounts a WHERE a.user_id = $1 AND a.verified_at IS NOT NULL)) \
       RETURNING tenant_id"],
);
/// Somebody who has gone, or has not come yet, is invited once more. Whom an operator has invited as an owner stays that.
pub(crate) const INVITE_AGAIN: Statement = Statement::operator(
    "people.invite_again",
    &["UPDATE memberships SET role = $3, status = $4, updated_at = $5 \
       WHERE user_id = $1 AND tenant_id = $2 AND status <> 'ACTIVE' \
       AND NOT (status = 'INVITED' AND role = 'OWNER' AND $3 <> 'OWNER')"],
);

pub(crate) const SET_STATUS: Statement = Statement::operator(
    "people.set_status",
    &["UPDATE memberships SET status = $3, updated_at = $4 WHERE user_id = $1 AND tenant_id = $2"],
);

pub(crate) const SESSION_PUT: Statement = Statement::operator(
    "people.session_put",
    &[
        "INSERT INTO portal_sessions (id, user_id, tenant_id, via, looking, looking_version, new_password, created_at, \
       seen_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)",
    ],
);
pub(crate) const SESSION_GET: Statement = Statement::operator(
    "people.session_get",
    &["SELECT ", PORTAL_SESSION, " FROM portal_sessions s WHERE s.id = $1 AND s.expires_at > $2"],
);
/// One that has ended meanwhile stays ended.
pub(crate) const SESSION_SEEN: Statement = Statement::operator(
    "people.session_seen",
    &["UPDATE portal_sessions SET seen_at = $2, expires_at = $3 WHERE id = $1"],
);
pub(crate) const SESSION_CHOOSE: Statement = Statement::operator(
    "people.session_choose",
    &["UPDATE portal_sessions SET tenant_id = $2 WHERE id = $1"],
);
pub(crate) const SESSION_PASSWORD_SET: Statement = Statement::operator(
    "people.session_password_set",
    &["UPDATE portal_sessions SET new_password = 0 WHERE id = $1"],
);
pub(crate) const SESSION_END: Statement =
    Statement::operator("people.session_end", &["DELETE FROM portal_sessions WHERE id = $1"]);
/// All of a person, `$2` aside. An operator who looks is not the person.
pub(crate) const SESSIONS_END: Statement = Statement::operator(
    "people.sessions_end",
    &["DELETE FROM portal_sessions WHERE user_id = $1 AND id <> $2 AND looking IS NULL"],
);
pub(crate) const SESSIONS_END_OF_TENANT: Statement = Statement::operator(
    "people.sessions_end_of_tenant",
    &["DELETE FROM portal_sessions WHERE user_id = $1 AND tenant_id = $2"],
);
pub(crate) const SESSIONS_PRUNE: Statement =
    Statement::operator("people.sessions_prune", &["DELETE FROM portal_sessions WHERE expires_at <= $1"]);

pub(crate) const LINK_PUT: Statement = Statement::operator(
    "people.link_put",
    &[
        "INSERT INTO portal_links (id, kind, user_id, tenant_id, email, proves, pair, made_by, made_by_version, created_at, \
       expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    ],
);
/// One that can still be used.
pub(crate) const LINK_GET: Statement = Statement::operator(
    "people.link_get",
    &[
        "SELECT ",
        PORTAL_LINK,
        " FROM portal_links l WHERE l.id = $1 AND l.used_at IS NULL AND l.expires_at > $2",
    ],
);
/// Whoever comes second changes nothing.
pub(crate) const LINK_TAKE: Statement = Statement::operator(
    "people.link_take",
    &["UPDATE portal_links SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $2"],
);
pub(crate) const LINK_USED: Statement = Statement::operator(
    "people.link_used",
    &["SELECT COUNT(*) FROM portal_links WHERE id = $1 AND used_at IS NOT NULL"],
);
/// What was made for a person and not used is worth nothing any more; invitations stay. The rows stay too, since whoever makes
/// many in an hour is counted by them.
pub(crate) const LINKS_VOID: Statement = Statement::operator(
    "people.links_void",
    &["UPDATE portal_links SET expires_at = $2 \
       WHERE user_id = $1 AND used_at IS NULL AND expires_at > $2 AND kind <> 'INVITATION'"],
);
pub(crate) const LINKS_VOID_OF_TENANT: Statement = Statement::operator(
    "people.links_void_of_tenant",
    &["UPDATE portal_links SET expires_at = $3 \
       WHERE user_id = $1 AND tenant_id = $2 AND used_at IS NULL AND expires_at > $3"],
);
/// Of those alone that `$2` has made: what others make for a person keeps nobody from asking for a letter.
pub(crate) const LINKS_RECENT: Statement = Statement::operator(
    "people.links_recent",
    &["SELECT COUNT(*) FROM portal_links WHERE user_id = $1 AND made_by = $2 AND created_at > $3"],
);
pub(crate) const INVITATIONS_RECENT: Statement = Statement::operator(
    "people.invitations_recent",
    &["SELECT COUNT(*) FROM portal_links WHERE made_by = $1 AND kind = 'INVITATION' AND created_at > $2"],
);
pub(crate) const LINKS_PRUNE: Statement =
    Statement::operator("people.links_prune", &["DELETE FROM portal_links WHERE expires_at <= $1"]);

/// How many owners in force a tenant has.
pub(crate) const OWNERS_OF: Statement = Statement::operator(
    "people.owners_of",
    &["SELECT COUNT(*) FROM memberships WHERE tenant_id = $1 AND role = 'OWNER' AND status = 'ACTIVE'"],
);
pub(crate) const DROP_MEMBERSHIPS: Statement = Statement::operator(
    "people.drop_memberships",
    &["DELETE FROM memberships WHERE user_id = $1 AND tenant_id IS NOT NULL"],
);

/// A tenant is made with its first owner, in one transaction across tenants.
pub(crate) const NEW_TENANT: Statement = tenants::INSERT_TENANT.across("people.new_tenant");
pub(crate) const NEW_CONFIG: Statement = tenants::INSERT_CONFIG.across("people.new_config");
pub(crate) const NEW_SESSION: Statement = tenants::INSERT_SESSION.across("people.new_session");
pub(crate) const NEW_WORKER: Statement = tenants::INSERT_WORKER.across("people.new_worker");
pub(crate) const NEW_PROFILE: Statement = profiles::SAVE.across("people.new_profile");
