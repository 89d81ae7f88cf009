//! An owner's request to have the bot switched on.

use domain::{Hours, Language, PackId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Takes a request to have the bot switched on. What it asks for stands in the request alone until an operator approves it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PortalAskSetup, example = json!({
    "businessName": "Salon Asha", "templateType": "BOOKING", "whatsappNumber": "+255754000111", "language": "SW"
}))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AskSetup {
    /// The name that customers read, 1 to 120 characters.
    #[schema(min_length = 1, max_length = 120)]
    pub business_name: String,
    /// Which pack is to answer.
    #[schema(value_type = PackId)]
    pub template_type: String,
    /// The number to be linked, with its country code.
    pub whatsapp_number: String,
    /// Which language the bot answers in; SW where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// What kind of business it is, in the owner's words, at most 60 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 60)]
    pub business_type: Option<String>,
    /// Opening hours; unknown where they are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
}
