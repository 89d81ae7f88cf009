//! What a person of the business is told, and how.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the person who asks is told of this tenant, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PortalNotifications)]
pub struct Notifications {
    /// What was chosen.
    #[serde(flatten)]
    pub chosen: PutNotifications,
    /// The address to which email goes.
    pub email: String,
    /// Whether email can be sent at all: an operator has set SMTP.
    pub email_works: bool,
    /// The key with which a browser subscribes to web push: an uncompressed P-256 point as base64url.
    pub push_key: String,
    /// Browsers of this person that are told by web push.
    pub browsers: u64,
}

/// Takes what a person is told, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PortalPutNotifications)]
#[serde(rename_all = "camelCase")]
pub struct PutNotifications {
    /// A customer waits for a person.
    pub hand_off_waiting: Channels,
    /// The bot was removed from the phone, so that nobody is answered.
    pub phone_removed: Channels,
    /// What happened on a day.
    pub daily_summary: Channels,
    /// When the summary goes out, in the tenant's time zone, like 18:00.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub daily_at: String,
}

/// By which ways something is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PortalChannels)]
#[serde(default, deny_unknown_fields)]
pub struct Channels {
    /// By email.
    pub email: bool,
    /// By web push, to the browsers that asked for it.
    pub push: bool,
}

impl Channels {
    /// Whether it is told at all.
    #[must_use]
    pub const fn any(self) -> bool {
        self.email || self.push
    }
}

/// Takes a browser's subscription to web push, as the browser's `PushSubscription.toJSON()` gives it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PortalPushSubscription)]
pub struct PushSubscription {
    /// The push service's address for this browser. Who knows it may write to the browser.
    #[schema(format = "uri", max_length = 1024)]
    pub endpoint: String,
    /// The browser's keys.
    pub keys: PushKeys,
}

/// A browser's keys, as base64url.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PortalPushKeys)]
pub struct PushKeys {
    /// Its public key: an uncompressed P-256 point.
    pub p256dh: String,
    /// Its secret of 16 bytes.
    pub auth: String,
}

/// Takes the subscription that is to end.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PortalRemovePush)]
#[serde(deny_unknown_fields)]
pub struct RemovePush {
    /// The push service's address for this browser.
    pub endpoint: String,
}

/// Shows whose push service it is and nothing else.
impl std::fmt::Debug for PushSubscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PushSubscription").finish_non_exhaustive()
    }
}

/// Shows nothing.
impl std::fmt::Debug for PushKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PushKeys").finish_non_exhaustive()
    }
}

/// Shows nothing.
impl std::fmt::Debug for RemovePush {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RemovePush").finish_non_exhaustive()
    }
}
