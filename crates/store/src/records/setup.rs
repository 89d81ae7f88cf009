//! Owners' requests to have the bot switched on.

use domain::{PackId, Phone, SetupRequestId, SetupStatus, TenantId, Timestamp, UserId};
use serde::Serialize;

/// One row of `setup_requests`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SetupRequest {
    /// Its id.
    pub id: SetupRequestId,
    /// For which tenant.
    pub tenant_id: TenantId,
    /// Who asked: a member of that tenant.
    pub user_id: UserId,
    /// Which pack was asked for.
    pub template_type: PackId,
    /// The number to be linked.
    pub whatsapp_number: Phone,
    /// How far it has come.
    pub status: SetupStatus,
    /// The note of owner or operator.
    pub notes: Option<String>,
    /// Who decided: a user's id, or `admin` for the admin password.
    pub reviewed_by: Option<String>,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// When it was sent.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A request with the names that go with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupListed {
    /// The request.
    pub request: SetupRequest,
    /// The tenant's name.
    pub tenant_name: String,
    /// Who asked.
    pub user_name: String,
    /// That person's address.
    pub user_email: String,
    /// The name of the operator who decided, where it is one with an account.
    pub reviewer_name: Option<String>,
}

/// A request to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSetupRequest {
    /// Who asks: must be a member of the tenant.
    pub user_id: UserId,
    /// Which pack.
    pub template_type: PackId,
    /// The number to be linked.
    pub whatsapp_number: Phone,
    /// A note.
    pub notes: Option<String>,
}

/// What becomes of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupDecision {
    /// REVIEWING, APPROVED, ACTIVE or REJECTED.
    pub status: SetupStatus,
    /// A note for the owner; `None` keeps what is there.
    pub notes: Option<String>,
    /// Who decides: a user's id, or `admin`.
    pub by: String,
}
