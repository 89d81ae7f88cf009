//! What a bot is told, and the packs there are.

use domain::{Hours, Language, PackId, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{BusinessProfile, given};

/// What the bot is told beside its profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PortalSettings)]
pub struct Settings {
    /// Grows with every change; a change names the one that was seen.
    pub version: i64,
    /// The name that customers read.
    pub business_name: String,
    /// Which pack answers; it is changed by a setup request.
    pub template_type: PackId,
    /// Which language the bot answers in.
    pub language: Language,
    /// Opening hours.
    pub hours: Option<Hours>,
    /// IANA time zone.
    pub timezone: String,
    /// ISO 4217 code.
    pub currency: String,
}

/// Takes changes to what the bot is told; what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PortalPutSettings)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PutSettings {
    /// The version that was seen.
    pub version: i64,
    /// The name that customers read, 1 to 120 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 120)]
    pub business_name: Option<String>,
    /// Which language the bot answers in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Opening hours, or null to empty them.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "given")]
    #[schema(value_type = Option<Hours>)]
    pub hours: Option<Option<Hours>>,
    /// IANA time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
}

/// A reply pack to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PortalPack)]
pub struct DeskPack {
    /// Its id, as a request takes it.
    pub id: PackId,
    /// What it is called.
    pub name: Text,
    /// What it does, in a sentence.
    pub does: Text,
}

/// Takes one question to a bot, to see how it reads. The bot is made of what stands, with what is given in its place; it is
/// kept nowhere.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PortalPreview)]
#[serde(deny_unknown_fields)]
pub struct Preview {
    /// What a customer writes, at most 2,000 bytes.
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
    /// A business profile that is not saved yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<BusinessProfile>,
    /// Settings that are not saved yet; their version counts for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<PutSettings>,
}

/// A text of the tenant's reply pack, which a business profile may say differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PortalSaying)]
pub struct Saying {
    /// Under which key.
    pub key: String,
    /// As the pack has it, a template.
    pub text: Text,
}
