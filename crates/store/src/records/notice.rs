//! What people of a business are told, and their browsers.

use std::fmt;

use domain::{Role, Timestamp, UserId};
use secrecy::SecretString;

/// A person in force of a tenant, and what that person is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberNotices {
    /// Who.
    pub user_id: UserId,
    /// As what.
    pub role: Role,
    /// The person's name.
    pub name: String,
    /// The person's address.
    pub email: String,
    /// The person's own number, as typed.
    pub phone: Option<String>,
    /// What was chosen and told; `None` where nothing was yet.
    pub choices: Option<NoticeChoices>,
}

/// What a person has chosen, and what was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeChoices {
    /// As JSON, whose shape is the control plane's; `{}` for none.
    pub json: String,
    /// When the next summary goes out.
    pub daily_due: Option<Timestamp>,
    /// Customers who have waited since then or longer were told of; the epoch for none.
    pub told_hand_off: Timestamp,
    /// The removal of the device up to which was told.
    pub told_removed: Timestamp,
}

/// What was told, and when the next summary goes out; `None` leaves it as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    /// As [`NoticeChoices::told_hand_off`].
    pub hand_off: Option<Timestamp>,
    /// As [`NoticeChoices::told_removed`].
    pub removed: Option<Timestamp>,
    /// As [`NoticeChoices::daily_due`].
    pub daily_due: Option<Timestamp>,
}

/// A browser that asked for web push. `Debug` shows whose, and no address.
#[derive(Clone)]
pub struct PushSubscription {
    /// Whose browser.
    pub user_id: UserId,
    /// The push service's address for it.
    pub endpoint: String,
    /// Its public key, as base64url.
    pub public_key: String,
    /// Its secret, as base64url.
    pub auth_secret: SecretString,
}

impl fmt::Debug for PushSubscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushSubscription").field("user_id", &self.user_id).finish_non_exhaustive()
    }
}
