//! Owners' requests to have the bot switched on.

use domain::{Hours, Language, PackId, Phone, SetupRequestId, SetupStatus, TenantId, Timestamp, UserId};
use serde::Serialize;

/// One row of `setup_requests`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SetupRequest {
    /// Its id.
    pub id: SetupRequestId,
    /// For which tenant.
    pub tenant_id: TenantId,
    /// Who asked: a member of that tenant then, and perhaps no more.
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
    /// The name that customers are to read; `None` keeps the tenant's own.
    pub business_name: Option<String>,
    /// What kind of business it is, in the owner's words.
    pub business_type: Option<String>,
    /// Which language the bot is to answer in; `None` keeps the tenant's own.
    pub language: Option<Language>,
    /// Opening hours; `None` keeps the tenant's own.
    pub hours: Option<Hours>,
}

/// A request with the names that go with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupListed {
    /// The request.
    pub request: SetupRequest,
    /// The tenant's name.
    pub tenant_name: String,
    /// Who asked; empty where that person is gone.
    pub user_name: String,
    /// That person's address; empty where that person is gone.
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
    /// As [`SetupRequest::business_name`].
    pub business_name: Option<String>,
    /// As [`SetupRequest::business_type`].
    pub business_type: Option<String>,
    /// As [`SetupRequest::language`].
    pub language: Option<Language>,
    /// As [`SetupRequest::hours`].
    pub hours: Option<Hours>,
}

impl NewSetupRequest {
    /// One that asks for nothing but what it must.
    #[must_use]
    pub const fn of(user_id: UserId, template_type: PackId, whatsapp_number: Phone) -> Self {
        Self {
            user_id,
            template_type,
            whatsapp_number,
            notes: None,
            business_name: None,
            business_type: None,
            language: None,
            hours: None,
        }
    }
}

/// A profile that takes the place of one that nobody has touched, when the pack becomes another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstProfile {
    /// The version that it may take the place of.
    pub over: i64,
    /// The document, which says its own version: one more than that.
    pub document: String,
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
