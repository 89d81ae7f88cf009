//! One's own person, the people of a tenant, and how an operator lets an owner in.

use domain::{Language, MembershipStatus, Role, TenantId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Changes what is known of oneself.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateMe {
    /// 1 to 120 characters.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// The own number, of any country, in the international form; null or empty for none.
    #[serde(default)]
    pub phone: Option<String>,
    /// The language that pages and emails are in.
    pub language: Language,
}

/// Sets a password.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewOwnPassword {
    /// The password of now, where there is one; left out by whoever came by a link to set a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<String>,
    /// 12 to 1,024 characters, and none that everybody uses.
    #[schema(min_length = 12, max_length = 1024)]
    pub new: String,
    /// The browser's address, so that wrong passwords of now are counted by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// Leaves both out.
impl std::fmt::Debug for NewOwnPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewOwnPassword").finish_non_exhaustive()
    }
}

/// Asks for another address, which is confirmed at both.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeEmail {
    /// The address to be.
    pub email: String,
}

/// Confirms that one's own account is to be deleted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeleteMe {
    /// The own address, typed once more.
    pub email: String,
}

/// What became of the tenants of whoever deleted their account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipGone {
    /// Names of tenants whose last owner has gone: their bots are stopped, and the operator is asked to delete them.
    pub left_without_owner: Vec<String>,
}

/// A person of the tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MemberListed {
    /// The person's id.
    pub id: UserId,
    /// The person's name; the address of whoever has not come yet.
    pub name: String,
    /// The address that the person signs in with.
    pub email: String,
    /// What the person is here.
    pub role: Role,
    /// Whether the person has come already.
    pub status: MembershipStatus,
    /// Since when.
    pub since: Timestamp,
}

/// Invites somebody who will serve the tenant as STAFF.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InviteMember {
    /// 1 to 120 characters.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// Where the person can be reached, and will sign in with.
    pub email: String,
}

/// An invitation that was made.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Invited {
    /// The person invited.
    pub member: MemberListed,
    /// Whether the invitation goes by email; where it does not, `url` is to be passed on.
    pub emailed: bool,
    /// The link to pass on; null where it goes by email.
    pub url: Option<String>,
    /// Until when it can be used.
    pub expires_at: Timestamp,
}

/// Leaves the link out.
impl std::fmt::Debug for Invited {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invited").field("member", &self.member).finish_non_exhaustive()
    }
}

/// Makes a link by which an owner gets in.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeOwnerLink {
    /// The owner's address, by which the person signs in later.
    pub email: String,
    /// The owner's name; left as it is for a person who is known.
    #[schema(min_length = 1, max_length = 120)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A link by which an owner gets in, shown this once.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LinkMade {
    /// The link to pass on; it can be used once.
    pub url: String,
    /// Until when it can be used.
    pub expires_at: Timestamp,
}

/// Leaves the link out.
impl std::fmt::Debug for LinkMade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LinkMade").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// A link by which an operator looks at a tenant's portal, shown this once.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LookMade {
    /// The link; it can be used once, within a minute.
    pub url: String,
    /// Until when it can be used.
    pub expires_at: Timestamp,
    /// Which tenant.
    pub tenant_id: TenantId,
}

/// Leaves the link out.
impl std::fmt::Debug for LookMade {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LookMade").field("tenant_id", &self.tenant_id).finish_non_exhaustive()
    }
}
