//! `GET /app/onboarding`: the step that is due, or the one that is asked for. Where a request is in force it leads to the
//! status; a rejected one counts as none, and fills the form.

use api::{SetupRequest, portal::DeskStatus};
use domain::{Role, SetupStatus};
use http::HeaderMap;
use serde::Deserialize;
use web::{
    Asked,
    ui::{Empty, Head},
};

use super::{draft::Draft, steps::Step, view};
use crate::{Answer, Call, Refusal, Section};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Parameters {
    step: String,
}

pub(super) async fn handle(call: Call, headers: HeaderMap, Asked(query): Asked<Parameters>) -> Answer {
    if let Err(refusal) = owners_without_a_request(&call) {
        return not_for_staff(&call).ok_or(refusal);
    }
    let (draft, note) = draft_of(&call, &headers).await?;
    let due = Step::first_of(&draft);
    // A step is shown once those before it are done.
    let asked = Step::of(&query.step).filter(|asked| asked.number() <= due.number());
    view::page(&call, asked.unwrap_or(due), &draft, note.as_deref(), None).await
}

/// Leads away whoever has nothing to do here.
pub(super) fn owners_without_a_request(call: &Call) -> Result<(), Refusal> {
    if call.facts.tenant.is_none() {
        return Err(Refusal::to("/app/businesses"));
    }
    if call.is_set_up() {
        return Err(Refusal::to("/app/status"));
    }
    if call.facts.role != Some(Role::Owner) {
        return Err(Refusal::to(super::ONBOARDING));
    }
    Ok(())
}

/// What staff see while there is no bot.
fn not_for_staff(call: &Call) -> Option<axum::response::Response> {
    use words::portal_setup as say;

    let tenant = call.facts.tenant.as_ref()?;
    if call.is_set_up() || call.facts.role == Some(Role::Owner) {
        return None;
    }
    let view = ForOwner { empty: Empty::new("clock", say::for_owner(), &say::for_owner_say(&tenant.name)) };
    Some(call.page(Section::Onboarding, &Head::narrow(say::for_owner()), &view))
}

#[derive(askama::Template)]
#[template(source = "<section class=\"card\">{{ empty }}</section>", ext = "html")]
struct ForOwner {
    empty: Empty,
}

/// What was typed so far, and the operator's note where a request was rejected: then it begins with what that asked for.
pub(super) async fn draft_of(call: &Call, headers: &HeaderMap) -> Result<(Draft, Option<String>), Refusal> {
    let tenant = call.facts.tenant.as_ref();
    let id = tenant.map(|tenant| tenant.id.to_string()).unwrap_or_default();
    let status: DeskStatus = call.get("/portal/tenant/current/status").await?;
    let rejected: Option<SetupRequest> =
        status.setup_request.filter(|request| request.status == SetupStatus::Rejected);
    let note = rejected.as_ref().map(|request| request.notes.clone().unwrap_or_default());
    let draft = Draft::of(headers, &id).or_else(|| rejected.as_ref().map(Draft::again));
    let draft = draft.unwrap_or_else(|| Draft { tenant: id, ..Draft::default() });
    Ok((draft, note))
}
