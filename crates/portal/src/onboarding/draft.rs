//! What was typed so far.

use api::{SetupRequest, portal::AskSetup};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{Hours, Language};
use http::{HeaderMap, HeaderValue, header};
use serde::{Deserialize, Serialize};

use super::ONBOARDING;

const NAME: &str = "flowhq_setup";
/// A month.
const SECONDS: u32 = 30 * 24 * 3600;
/// Browsers keep 4,096 bytes.
const LONGEST: usize = 3_600;

/// What an owner has typed, step by step. Nothing in it is a secret, and nothing of it counts before it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Draft {
    /// For which tenant: two of one owner have two drafts, and only the last is kept.
    pub(super) tenant: String,
    pub(super) business_name: String,
    pub(super) business_type: String,
    pub(super) template_type: String,
    pub(super) whatsapp_number: String,
    pub(super) language: Option<Language>,
    pub(super) hours: Option<Hours>,
    /// Whether the step of the hours was passed, with or without them.
    pub(super) hours_seen: bool,
}

impl Draft {
    /// What a browser kept for this tenant, where it kept anything that can be read.
    pub(super) fn of(headers: &HeaderMap, tenant: &str) -> Option<Self> {
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let (_, value) = pairs.find(|(name, _)| *name == NAME)?;
        let draft: Self = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(value).ok()?).ok()?;
        (draft.tenant == tenant).then_some(draft)
    }

    /// What was asked for before, to be changed and sent again.
    pub(super) fn again(request: &SetupRequest) -> Self {
        Self {
            tenant: request.tenant_id.to_string(),
            business_name: request.business_name.clone().unwrap_or_else(|| request.tenant_name.clone()),
            business_type: request.business_type.clone().unwrap_or_default(),
            template_type: request.template_type.to_string(),
            whatsapp_number: request.whatsapp_number.clone(),
            language: request.language,
            hours: request.hours.clone(),
            hours_seen: true,
        }
    }

    /// The cookie that keeps it, on this page alone; none where it is longer than browsers keep.
    pub(super) fn cookie(&self, https: bool) -> Option<HeaderValue> {
        let text = URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).ok()?);
        (text.len() <= LONGEST).then(|| cookie(&text, SECONDS, https)).flatten()
    }

    /// As it is sent.
    pub(super) fn request(&self) -> AskSetup {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        AskSetup {
            business_name: self.business_name.clone(),
            template_type: self.template_type.clone(),
            whatsapp_number: self.whatsapp_number.clone(),
            language: self.language,
            business_type: some(&self.business_type),
            hours: self.hours.clone(),
        }
    }
}

/// Has the browser forget it.
pub(super) fn forget(https: bool) -> Option<HeaderValue> {
    cookie("", 0, https)
}

fn cookie(value: &str, seconds: u32, https: bool) -> Option<HeaderValue> {
    let secure = if https { "; Secure" } else { "" };
    let text =
        format!("{NAME}={value}; Path={ONBOARDING}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).ok()
}
