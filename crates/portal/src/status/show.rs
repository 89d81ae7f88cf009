//! `GET /app/status`.

use api::{
    SetupRequest,
    portal::{DeskPack, DeskStatus, StepName, StepState, WaitsFor},
};
use askama::Template;
use axum::response::Response;
use domain::SetupStatus;
use web::{
    place::see_other,
    ui::{Head, Icon},
};

use super::{Now, now};
use crate::{Answer, Call, Refusal, Section, shown};

struct Step {
    name: &'static str,
    state: StepState,
    at: String,
}

#[derive(Template)]
#[template(path = "status/page.html")]
struct View {
    now: Now,
    steps: Vec<Step>,
    turn: Option<&'static str>,
    note: Option<String>,
    facts: Vec<(&'static str, String)>,
    answering: bool,
    can_try: bool,
}

/// `GET /app`: the address that people remember.
pub(super) async fn home(_: Call) -> Response {
    see_other("/app/status")
}

pub(super) async fn handle(call: Call) -> Answer {
    if call.facts.tenant.is_none() {
        return Err(Refusal::to("/app/businesses"));
    }
    let status: DeskStatus = call.get("/portal/tenant/current/status").await?;
    let rejected =
        status.setup_request.as_ref().is_some_and(|request| request.status == SetupStatus::Rejected);
    if !call.is_set_up() && !rejected {
        return Err(Refusal::to("/app/onboarding"));
    }
    let now = now(&status);
    let view = View {
        answering: status.tenant.status == domain::TenantStatus::Active,
        steps: status
            .steps
            .iter()
            .map(|step| Step {
                name: step_name(step.step),
                state: step.state,
                at: step.at.map(|at| shown::moment(at, &status.timezone)).unwrap_or_default(),
            })
            .collect(),
        turn: match status.waits_for {
            WaitsFor::Owner => Some(words::portal_status::you()),
            WaitsFor::Operator => Some(words::portal_status::them()),
            WaitsFor::Nobody => None,
        },
        note: status.setup_request.as_ref().and_then(note),
        facts: match &status.setup_request {
            Some(request) => facts(&call, request, &status.timezone).await?,
            None => Vec::new(),
        },
        can_try: call.is_set_up() && now.link.is_none_or(|(place, _)| place != "/app/try"),
        now,
    };
    let mut head = Head::new(words::portal_status::title()).refreshed(30);
    if call.is_set_up() {
        head = head.following("/app/events".to_owned());
    }
    Ok(call.page(Section::Status, &head, &view))
}

/// The operator's note on a decision.
fn note(request: &SetupRequest) -> Option<String> {
    let decided = request.decided_at.is_some() || request.status == SetupStatus::Rejected;
    request.notes.clone().filter(|note| decided && !note.is_empty())
}

fn step_name(step: StepName) -> &'static str {
    use words::portal_status as say;
    match step {
        StepName::Submitted => say::step_submitted(),
        StepName::InReview => say::step_review(),
        StepName::Approved => say::step_approved(),
        StepName::Linked => say::step_linked(),
        StepName::Answering => say::step_answering(),
    }
}

async fn facts(
    call: &Call,
    request: &SetupRequest,
    zone: &str,
) -> Result<Vec<(&'static str, String)>, Refusal> {
    use words::portal_status as say;

    let packs: Vec<DeskPack> = call.get("/portal/tenant/current/packs").await?;
    let pack = packs.iter().find(|pack| pack.id == request.template_type);
    let pack = pack
        .map_or_else(|| request.template_type.to_string(), |pack| pack.name.of(words::language()).to_owned());
    let mut facts = vec![
        (say::pack(), pack),
        (say::number(), shown::number(&request.whatsapp_number)),
        (say::sent_at(), shown::moment(request.created_at, zone)),
    ];
    if let Some(at) = request.decided_at {
        facts.push((say::decided_at(), shown::moment(at, zone)));
    }
    Ok(facts)
}
