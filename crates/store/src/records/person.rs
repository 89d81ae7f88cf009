//! How owners and staff sign in. Kept apart from people, so that no list of people can carry a hash along.

use domain::{Language, LinkKind, MembershipStatus, Role, TenantId, TenantStatus, Timestamp, UserId, Via};
use secrecy::SecretString;

use super::User;
use crate::Actor;

/// One row of `person_accounts`, with the person. A person who has never signed in has none, and is read as one without a
/// password.
#[derive(Debug, Clone)]
pub struct PersonAccount {
    /// The person.
    pub user: User,
    /// The argon2id hash of the password, where there is one.
    pub password_hash: Option<SecretString>,
    /// The language that the person reads.
    pub language: Language,
    /// Since when it is proved that the address is the person's.
    pub verified_at: Option<Timestamp>,
    /// Whether the person has ever signed in.
    pub is_known: bool,
}

/// What a person is to one tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonSeat {
    /// Which tenant.
    pub tenant: TenantId,
    /// Its name.
    pub name: String,
    /// How far it is.
    pub tenant_status: TenantStatus,
    /// What the person is there.
    pub role: Role,
    /// Whether it is in force.
    pub status: MembershipStatus,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A person for whom a provider vouches.
#[derive(Debug, Clone)]
pub struct ProviderPerson {
    /// A word for the provider.
    pub provider: String,
    /// The provider's address.
    pub issuer: String,
    /// The person's id with the provider.
    pub subject: String,
    /// The address, which the provider has verified; in lower case.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// The language for somebody new.
    pub language: Language,
}

/// What a sign-in has come to.
#[derive(Debug, Clone)]
pub struct FirstSignIn {
    /// Who it is.
    pub user: UserId,
    /// The tenant that was made for somebody new.
    pub created: Option<TenantId>,
    /// Tenants whose invitation was accepted.
    pub joined: Vec<TenantId>,
    /// Whether a password that nobody had proved to be the person's was dropped.
    pub dropped_password: bool,
}

/// A browser that is signed in to the portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalSession {
    /// A hash of the cookie's token.
    pub id: String,
    /// Who.
    pub user: UserId,
    /// Which of the person's tenants is meant.
    pub tenant: Option<TenantId>,
    /// By what it has begun.
    pub via: Via,
    /// The operator who looks in this person's place, with the version of that account.
    pub looking: Option<(Actor, String)>,
    /// Whether it may set a password without the one before.
    pub new_password: bool,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used.
    pub seen_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A session that begins.
#[derive(Debug, Clone)]
pub struct NewPortalSession {
    /// A hash of the cookie's token.
    pub id: String,
    /// Who.
    pub user: UserId,
    /// Which of the person's tenants is meant.
    pub tenant: Option<TenantId>,
    /// By what it begins.
    pub via: Via,
    /// The operator who looks in this person's place, with the version of that account.
    pub looking: Option<(Actor, String)>,
    /// Whether it may set a password without the one before.
    pub new_password: bool,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A link that can be used once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalLink {
    /// A hash of its token.
    pub id: String,
    /// For what it is.
    pub kind: LinkKind,
    /// Whose it is.
    pub user: UserId,
    /// The tenant that it leads to.
    pub tenant: Option<TenantId>,
    /// The address that it was made for; of a change of address, the one to be.
    pub email: String,
    /// Whether whoever has it has shown that the address is theirs, or an operator vouches for it.
    pub proves: bool,
    /// The other link of a change of address.
    pub pair: Option<String>,
    /// Who made it, with the version of an operator's account.
    pub made_by: (Actor, Option<String>),
    /// Until when it can be used.
    pub expires_at: Timestamp,
}
