//! The page of one setup request, and the words that the list shows too.

use askama::Template;
use domain::SetupStatus;
use web::{
    Problem,
    ui::{Field, Head, Input, Pill, Tone, ago},
};

use crate::{
    App,
    auth::Operator,
    error::Answer,
    reply::error_of,
    shell::{self, Section},
    tenants::{row::grouped, suspension::Suspension},
};

#[derive(Template)]
#[template(path = "setup_request.html")]
struct View<'a> {
    request: &'a api::SetupRequest,
    number: String,
    status: Pill,
    say: &'static str,
    sent: String,
    decided: Option<(String, String)>,
    can_review: bool,
    can_decide: bool,
    note: Field,
    suspension: Suspension,
}

/// The status in the field's words.
pub(super) fn pill(status: SetupStatus) -> Pill {
    let tone = match status {
        SetupStatus::Submitted | SetupStatus::Reviewing => Tone::Warn,
        SetupStatus::Approved | SetupStatus::Active => Tone::Ok,
        SetupStatus::Rejected => Tone::Off,
    };
    Pill { tone, word: word(status).to_owned() }
}

pub(super) fn word(status: SetupStatus) -> &'static str {
    match status {
        SetupStatus::Submitted => words::setup::submitted(),
        SetupStatus::Reviewing => words::setup::reviewing(),
        SetupStatus::Approved => words::setup::approved(),
        SetupStatus::Active => words::setup::active(),
        SetupStatus::Rejected => words::setup::rejected(),
    }
}

fn say(status: SetupStatus) -> &'static str {
    match status {
        SetupStatus::Submitted => words::setup::submitted_say(),
        SetupStatus::Reviewing => words::setup::reviewing_say(),
        SetupStatus::Approved => words::setup::approved_say(),
        SetupStatus::Active => words::setup::active_say(),
        SetupStatus::Rejected => words::setup::rejected_say(),
    }
}

/// One request. `wrong` is a note that was not taken, and why.
pub(super) async fn page(
    app: &App,
    operator: &Operator,
    request: &api::SetupRequest,
    wrong: Option<(&str, &Problem)>,
) -> Answer {
    let tenant = app.store.tenant(request.tenant_id).get().await?;
    let now = app.now();
    let by = request.reviewer_name.clone().or(request.reviewed_by.clone());
    let waiting = matches!(request.status, SetupStatus::Submitted | SetupStatus::Reviewing);
    let view = View {
        number: grouped(&request.whatsapp_number),
        status: pill(request.status),
        say: say(request.status),
        sent: ago(request.created_at, now, "UTC").to_string(),
        decided: request.decided_at.zip(by).map(|(at, by)| (by, ago(at, now, "UTC").to_string())),
        can_review: request.status == SetupStatus::Submitted,
        can_decide: waiting,
        note: Field {
            name: "notes",
            label: words::setup::note(),
            hint: words::setup::note_hint(),
            value: wrong.map(|(typed, _)| typed.to_owned()).unwrap_or_default(),
            error: error_of(wrong.map(|(_, problem)| problem), "notes"),
            input: Input::Area,
            required: true,
        },
        suspension: Suspension::of(&tenant, format!("/admin/setup-requests/{}", request.id)),
        request,
    };
    let head = Head { title: words::setup::title(&request.tenant_name), ..Head::default() };
    let mut response = shell::page(app, operator, Section::SetupRequests, head, &view).await;
    if let Some((_, problem)) = wrong {
        *response.status_mut() = problem.kind().status();
    }
    Ok(response)
}
