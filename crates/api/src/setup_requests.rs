//! Setup requests.

use domain::{Hours, Language, PackId, SetupRequestId, SetupStatus, TenantId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An owner's request to have the bot switched on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SetupRequest {
    /// Its id.
    pub id: SetupRequestId,
    /// For which tenant.
    pub tenant_id: TenantId,
    /// That tenant's name.
    pub tenant_name: String,
    /// Who asked.
    pub user_id: UserId,
    /// That person's name; empty where the person is gone.
    pub user_name: String,
    /// That person's address; empty where the person is gone.
    pub user_email: String,
    /// The tenant, once more as scripts of the older system read it.
    pub tenant: RequestTenant,
    /// The person, once more as scripts of the older system read it.
    pub user: RequestUser,
    /// Which pack was asked for.
    pub template_type: PackId,
    /// The number to be linked, in E.164.
    pub whatsapp_number: String,
    /// The name that customers are to read; null where the request says none and the tenant keeps its own.
    #[serde(default)]
    pub business_name: Option<String>,
    /// What kind of business it is, in the owner's words.
    #[serde(default)]
    pub business_type: Option<String>,
    /// Which language the bot is to answer in; null where the tenant keeps its own.
    #[serde(default)]
    pub language: Option<Language>,
    /// Opening hours; null where the tenant keeps its own.
    #[serde(default)]
    pub hours: Option<Hours>,
    /// How far it has come.
    pub status: SetupStatus,
    /// The note of owner or operator.
    pub notes: Option<String>,
    /// Who decided: a user's id, or `admin`.
    pub reviewed_by: Option<String>,
    /// That operator's name, where it is one with an account.
    pub reviewer_name: Option<String>,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// When it was sent.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Whose setup request it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequestTenant {
    /// The tenant's id.
    pub id: TenantId,
    /// Its name.
    pub name: String,
}

/// Who filed a setup request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequestUser {
    /// The person's id.
    pub id: UserId,
    /// The person's name.
    pub name: String,
    /// The person's address.
    pub email: String,
}

/// An approved request, and what became of the worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Approved {
    /// The request.
    pub request: SetupRequest,
    /// Why the worker did not start, where it did not; it is tried again.
    pub worker_error: Option<String>,
}

/// Takes a setup request to be filed in an owner's name.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateSetupRequest {
    /// For which tenant.
    pub tenant_id: TenantId,
    /// The owner; added to the tenant where the address is not known there.
    pub owner: Person,
    /// Which pack.
    #[schema(value_type = PackId)]
    pub template_type: String,
    /// The number to be linked, with its country code.
    pub whatsapp_number: String,
    /// A note of at most 2,000 characters.
    #[schema(max_length = 2000)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// A person.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// 1 to 120 characters.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// An e-mail address.
    #[schema(format = "email", max_length = 254)]
    pub email: String,
}

/// Takes what goes with an approval.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Approve {
    /// At most 2,000 characters that the owner reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000)]
    pub notes: Option<String>,
}

/// Takes why a request is rejected.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reject {
    /// 1 to 2,000 characters that the owner reads; `note` is an older name for it.
    #[serde(alias = "note")]
    #[schema(min_length = 1, max_length = 2000)]
    pub notes: String,
}
