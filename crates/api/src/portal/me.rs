//! Who asks, and for which tenant.

use domain::{Role, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{SetupRequest, Tenant};

/// Who asks, with the tenant and its latest setup request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PortalMe)]
pub struct Me {
    /// The person.
    pub user: MyUser,
    /// The tenant with its configuration, session and worker.
    pub tenant: Tenant,
    /// The latest request, whatever became of it.
    pub setup_request: Option<SetupRequest>,
}

/// The person who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PortalUser)]
pub struct MyUser {
    /// The person's id.
    pub id: UserId,
    /// The person's address, in lower case.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// The person's own number in E.164.
    pub phone: Option<String>,
    /// What the person is to the tenant.
    pub role: Role,
}
