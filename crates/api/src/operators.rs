//! Operators and their accounts.

use domain::{Timestamp, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OperatorListed {
    /// The person's id.
    pub id: UserId,
    /// The person's name.
    pub name: String,
    /// The address that the person signs in with.
    pub email: String,
    /// Whether the person can sign in with a password.
    pub has_password: bool,
    /// Whether a second factor is asked for too.
    pub has_second_factor: bool,
    /// Since when.
    pub created_at: Timestamp,
}

/// Takes an operator to be added.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateOperator {
    /// 1 to 120 characters.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// The address that the person will sign in with.
    pub email: String,
    /// 12 to 1,024 characters; where it is left out, one is made and answered this once.
    #[schema(min_length = 12, max_length = 1024)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// Leaves the password out.
impl std::fmt::Debug for CreateOperator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreateOperator").field("name", &self.name).finish_non_exhaustive()
    }
}

/// An operator with a new password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NewPassword {
    /// The person's id.
    pub id: UserId,
    /// The person's name.
    pub name: String,
    /// The address that the person signs in with.
    pub email: String,
    /// The password, where it was made here; it is shown this once.
    pub password: Option<String>,
}

/// Leaves the password out.
impl std::fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewPassword").field("name", &self.name).finish_non_exhaustive()
    }
}

/// One's own account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OwnAccount {
    /// The name.
    pub name: String,
    /// The address; null for the admin password, which has no account.
    pub email: Option<String>,
    /// Whether a second factor is asked for.
    pub has_second_factor: bool,
}

/// A second factor to be confirmed by its first code.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct NewSecondFactor {
    /// The secret in Base32.
    pub secret: String,
    /// The same as an `otpauth:` address for a QR code.
    pub address: String,
}

/// Codes for when the app is lost, each good for one sign-in; shown this once.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct RecoveryCodes {
    /// The codes.
    pub recovery_codes: Vec<String>,
}
