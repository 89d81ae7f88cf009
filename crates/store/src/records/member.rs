//! People, and what they may do for a tenant.

use domain::{MembershipId, MembershipStatus, Role, TenantId, Timestamp, UserId};
use serde::Serialize;

/// One row of `users`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The person's name.
    pub name: String,
    /// Unique, in lower case.
    pub email: String,
    /// The person's number, as typed.
    pub phone: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// One row of `memberships`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Membership {
    /// Its id.
    pub id: MembershipId,
    /// Who.
    pub user_id: UserId,
    /// For which tenant; empty for operators.
    pub tenant_id: Option<TenantId>,
    /// As what.
    pub role: Role,
    /// Whether it is in force.
    pub status: MembershipStatus,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A person together with one membership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Member {
    /// The person.
    pub user: User,
    /// What the person may do.
    pub membership: Membership,
}

/// A person to be added to a tenant (or, with role ADMIN, to the operators).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMember {
    /// The person's name; a person who is known already keeps theirs.
    pub name: String,
    /// The person's address; compared in lower case.
    pub email: String,
    /// The person's number.
    pub phone: Option<String>,
    /// As what: OWNER or STAFF within a tenant, ADMIN without.
    pub role: Role,
    /// Whether it is in force at once.
    pub status: MembershipStatus,
}
