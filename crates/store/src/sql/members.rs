//! People and memberships.

use super::Statement;
use crate::rows::{MEMBERSHIP, USER};

#[cfg(test)]
pub(crate) const ALL: &[&Statement] = &[
    &LIST,
    &IS_MEMBER,
    &ADD_USER,
    &USER_NAME,
    &USER_BY_EMAIL,
    &ADD_MEMBERSHIP,
    &OF_USER,
    &OPERATORS,
    &FORGET_USER,
];

pub(crate) const LIST: Statement = Statement::tenant(
    "members.list",
    &[
        "SELECT ",
        USER,
        ", ",
        MEMBERSHIP,
        " FROM memberships m JOIN users u ON u.id = m.user_id \
       WHERE m.tenant_id = $1 ORDER BY m.created_at, m.id",
    ],
);
/// Whether `$2` is a person of the tenant who was not removed.
pub(crate) const IS_MEMBER: Statement = Statement::tenant(
    "members.is_member",
    &["SELECT COUNT(*) FROM memberships WHERE tenant_id = $1 AND user_id = $2 AND status <> 'REMOVED'"],
);
/// An address that is known already keeps its person.
pub(crate) const ADD_USER: Statement = Statement::operator(
    "members.add_user",
    &["INSERT INTO users (id, name, email, phone, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5) \
       ON CONFLICT (email) DO NOTHING"],
);
pub(crate) const USER_NAME: Statement =
    Statement::operator("members.user_name", &["SELECT name FROM users WHERE id = $1"]);
pub(crate) const USER_BY_EMAIL: Statement =
    Statement::operator("members.user_by_email", &["SELECT ", USER, " FROM users u WHERE u.email = $1"]);
pub(crate) const ADD_MEMBERSHIP: Statement = Statement::operator(
    "members.add_membership",
    &["INSERT INTO memberships (id, user_id, tenant_id, role, status, created_at, updated_at) \
       VALUES ($1, $2, $3, $4, $5, $6, $6)"],
);
pub(crate) const OF_USER: Statement = Statement::operator(
    "members.of_user",
    &["SELECT ", MEMBERSHIP, " FROM memberships m WHERE m.user_id = $1 ORDER BY m.created_at, m.id"],
);
pub(crate) const OPERATORS: Statement = Statement::operator(
    "members.operators",
    &[
        "SELECT ",
        USER,
        ", ",
        MEMBERSHIP,
        " FROM memberships m JOIN users u ON u.id = m.user_id \
       WHERE m.tenant_id IS NULL ORDER BY m.created_at, m.id",
    ],
);
/// A person who belongs nowhere any more.
pub(crate) const FORGET_USER: Statement = Statement::operator(
    "members.forget_user",
    &["DELETE FROM users WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = $1)"],
);
