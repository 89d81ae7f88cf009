//! What the bot says: part by part, each beside how it reads on a customer's phone.

mod code;
mod hours;
mod overview;
mod part;
mod preview;

use api::BusinessProfile;
use replies::Profile;

use super::{TENANT, page::owners_only};
use crate::{
    Answer, AskError, Call, Refusal, Route,
    routes::{Access::SetUp, get, post},
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/app/bot", SetUp, overview::handle),
        get("/app/bot/hours", SetUp, hours::show),
        post("/app/bot/hours", SetUp, hours::handle),
        get("/app/bot/{part}", SetUp, part::show),
        post("/app/bot/{part}", SetUp, part::handle),
    ]
}

/// Lets owners in, and operators who look.
fn admit(call: &Call) -> Result<(), Refusal> {
    if call.is_looking() { Ok(()) } else { owners_only(call) }
}

/// The profile as it stands.
async fn stands(call: &Call) -> Answer<Profile> {
    let document: BusinessProfile = call.get(&format!("{TENANT}/profile")).await?;
    let read = serde_json::to_value(document).and_then(serde_json::from_value);
    Ok(read.map_err(|error| AskError::Unreadable(error.to_string()))?)
}

/// The profile as the portal API takes it.
fn document(profile: &Profile) -> Answer<BusinessProfile> {
    let made = serde_json::to_value(profile).and_then(serde_json::from_value);
    Ok(made.map_err(|error| AskError::Unreadable(error.to_string()))?)
}
