//! Setup requests.

use domain::{PackType, SetupRequestId, SetupStatus, TenantId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// An owner's request to have the bot switched on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetupRequest {
    /// Its id.
    pub id: SetupRequestId,
    /// For which tenant.
    pub tenant_id: TenantId,
    /// That tenant's name.
    pub tenant_name: String,
    /// Who asked.
    pub user_id: UserId,
    /// That person's name.
    pub user_name: String,
    /// That person's address.
    pub user_email: String,
    /// Which pack was asked for.
    pub template_type: PackType,
    /// The number to be linked, in E.164.
    pub whatsapp_number: String,
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

/// An approved request, and what became of the worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    /// The request.
    pub request: SetupRequest,
    /// Why the worker did not start, where it did not; it is tried again.
    pub worker_error: Option<String>,
}

/// Takes a setup request to be filed in an owner's name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateSetupRequest {
    /// For which tenant.
    pub tenant_id: TenantId,
    /// The owner; added to the tenant where the address is not known there.
    pub owner: Person,
    /// Which pack.
    pub template_type: PackType,
    /// The number to be linked, with its country code.
    pub whatsapp_number: String,
    /// A note of at most 2,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// A person.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// 1 to 120 characters.
    pub name: String,
    /// An e-mail address.
    pub email: String,
}

/// Takes why a request is rejected.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reject {
    /// 1 to 2,000 characters that the owner reads.
    pub note: String,
}
