//! Signing in to the portal, and what a session of it is.

use domain::{Language, LinkKind, Role, TenantId, TenantStatus, Timestamp, UserId, Via};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the portal's pages have to know before anybody signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct About {
    /// The name that pages show.
    pub brand_name: String,
    /// Whether email can be sent, so that a sign-in link can be asked for.
    pub email: bool,
    /// Whether setup requests are approved as they come.
    pub auto_approve: bool,
    /// Languages that pages are read in.
    pub languages: Vec<Language>,
}

/// Takes a person whom a provider has vouched for. The portal sends only addresses that the provider calls verified.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProviderSignIn {
    /// A word for the provider, like `google`; 1 to 40 characters of a-z, 0-9, - and _.
    pub provider: String,
    /// The provider's address, as its ID token names it.
    pub issuer: String,
    /// The person's id with the provider.
    pub subject: String,
    /// The address that the provider has verified.
    pub email: String,
    /// The person's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The language that the person reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

/// Takes the token of a link.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LinkToken {
    /// What stands behind the `#` of the link.
    pub token: String,
}

/// Leaves the token out.
impl std::fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LinkToken").finish_non_exhaustive()
    }
}

/// What a link is, before it is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LinkSeen {
    /// For what it is.
    pub kind: LinkKind,
    /// Whose it is.
    pub email: String,
    /// The tenant that it leads to.
    pub tenant_name: Option<String>,
    /// What its person is or becomes there.
    pub role: Option<Role>,
    /// Until when it can be used.
    pub expires_at: Timestamp,
}

/// Takes an address and a password.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PasswordSignIn {
    /// The person's address.
    pub email: String,
    /// The password.
    pub password: String,
    /// The IP address of the browser, by which guesses are slowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// Leaves the password out.
impl std::fmt::Debug for PasswordSignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PasswordSignIn").finish_non_exhaustive()
    }
}

/// For what a link is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EmailPurpose {
    /// To sign in.
    SignIn,
    /// To set a new password.
    Reset,
}

/// Asks for a link by email.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AskEmailLink {
    /// The person's address.
    pub email: String,
    /// For what.
    pub purpose: EmailPurpose,
}

/// A session that has begun.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PortalSignedIn {
    /// The session's secret, for the browser's cookie; given this once. A claim names it by its SHA-256 in hexadecimal.
    pub session: String,
    /// Who is signed in, and to what.
    pub facts: SessionFacts,
    /// Whether the person is to set a password now.
    pub set_password: bool,
}

/// Leaves the secret out.
impl std::fmt::Debug for PortalSignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PortalSignedIn").field("facts", &self.facts).finish_non_exhaustive()
    }
}

/// What came of using a link.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LinkTaken {
    /// For what it was.
    pub kind: LinkKind,
    /// The session that has begun; null where it was a change of address.
    pub signed_in: Option<PortalSignedIn>,
    /// Whether the address has changed by it: with the second of the two links it has. Null for other links.
    pub email_changed: Option<bool>,
}

/// Who is signed in, and to what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionFacts {
    /// Who.
    pub user: PersonFacts,
    /// The tenants that the person owns or serves.
    pub tenants: Vec<TenantOfPerson>,
    /// The one that the session is about; null where the person has none, or has yet to choose.
    pub tenant: Option<TenantFacts>,
    /// What the person is there.
    pub role: Option<Role>,
    /// Whether a setup request of that tenant is in force; a rejected one counts as none.
    pub setup_request: bool,
    /// Whether an operator looks, who changes nothing.
    pub looking: bool,
    /// The operator who looks.
    pub operator_name: Option<String>,
    /// By what the session has begun.
    pub via: Via,
}

/// The person of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonFacts {
    /// The person's id.
    pub id: UserId,
    /// The address that the person signs in with.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// The person's own number, in the international form.
    pub phone: Option<String>,
    /// The language that the person reads.
    pub language: Language,
    /// Whether the person can sign in with a password.
    pub password_set: bool,
}

/// A tenant that a person owns or serves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TenantOfPerson {
    /// The tenant's id.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// What the person is there.
    pub role: Role,
}

/// The tenant that a session is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TenantFacts {
    /// The tenant's id.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// How far it is.
    pub status: TenantStatus,
}

/// Chooses one of one's tenants.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChooseTenant {
    /// Which.
    pub tenant_id: TenantId,
}
