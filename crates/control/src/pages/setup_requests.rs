//! Owners' requests: the list, and one of them with what can be done.

use askama::Template;
use axum::response::Response;
use domain::SetupStatus;
use store::{Page, PageRequest, SetupListed};
use strum::VariantArray;
use web::{
    Problem,
    ui::{Column, Columns, Empty, Field, Head, Input, Pager, Pill, Tone, ago},
};

use super::{Section, error_of, page};
use crate::{
    App,
    auth::Operator,
    board::{row::grouped, suspension::Suspension},
    refusal,
    setup_requests::convert,
    wire,
};

#[derive(Template)]
#[template(path = "setup_requests.html")]
struct List {
    filters: Vec<(String, &'static str, bool)>,
    columns: Columns,
    rows: Vec<Row>,
    empty: Empty,
    pager: Pager,
}

struct Row {
    href: String,
    tenant: String,
    person: String,
    pack: String,
    status: Pill,
    sent: String,
    decided: String,
}

#[derive(Template)]
#[template(path = "setup_request.html")]
struct One<'a> {
    request: &'a wire::SetupRequest,
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
fn pill(status: SetupStatus) -> Pill {
    let (tone, word) = match status {
        SetupStatus::Submitted => (Tone::Warn, "Submitted"),
        SetupStatus::Reviewing => (Tone::Warn, "In review"),
        SetupStatus::Approved => (Tone::Ok, "Approved"),
        SetupStatus::Active => (Tone::Ok, "Active"),
        SetupStatus::Rejected => (Tone::Off, "Rejected"),
    };
    Pill { tone, word: word.to_owned() }
}

const fn say(status: SetupStatus) -> &'static str {
    match status {
        SetupStatus::Submitted => "Waits for an operator.",
        SetupStatus::Reviewing => "An operator is looking at it.",
        SetupStatus::Approved => "The worker is started; the owner's phone has to scan the code.",
        SetupStatus::Active => "The phone is linked and the bot answers.",
        SetupStatus::Rejected => "The owner reads the note and may ask again.",
    }
}

/// A page of requests.
pub(crate) async fn list(
    app: &App,
    operator: &Operator,
    status: Option<SetupStatus>,
    found: Page<SetupListed>,
    request: PageRequest,
) -> Result<Response, Problem> {
    let now = app.now();
    let link = |status: Option<SetupStatus>| match status {
        Some(status) => format!("/admin/setup-requests?status={status}"),
        None => "/admin/setup-requests".to_owned(),
    };
    let mut filters = vec![(link(None), "All", status.is_none())];
    for one in SetupStatus::VARIANTS {
        let word = match one {
            SetupStatus::Submitted => "Submitted",
            SetupStatus::Reviewing => "In review",
            SetupStatus::Approved => "Approved",
            SetupStatus::Active => "Active",
            SetupStatus::Rejected => "Rejected",
        };
        filters.push((link(Some(*one)), word, status == Some(*one)));
    }
    let next = found.next.map(|next| {
        let status = status.map(|status| format!("&status={status}")).unwrap_or_default();
        format!("/admin/setup-requests?limit={}&before={next}{status}", request.limit)
    });
    let rows: Vec<Row> = found
        .items
        .into_iter()
        .map(|listed| {
            let one = convert(listed);
            let by = one.reviewer_name.clone().or(one.reviewed_by.clone()).unwrap_or_default();
            Row {
                href: format!("/admin/setup-requests/{}", one.id),
                person: format!("{} · {}", one.user_name, one.user_email),
                pack: one.template_type.to_string(),
                status: pill(one.status),
                sent: ago(one.created_at, now, "UTC").to_string(),
                decided: by,
                tenant: one.tenant_name,
            }
        })
        .collect();
    let column = |label| Column { label, ..Column::default() };
    let view = List {
        filters,
        columns: Columns {
            columns: ["Tenant", "Asked by", "Pack", "Status", "Sent", "Looked after by"].map(column).to_vec(),
        },
        empty: Empty {
            icon: "inbox",
            title: "No setup requests here".to_owned(),
            text: "When an owner asks to have a bot switched on, the request waits here for your word."
                .to_owned(),
            link: status.map(|_| (link(None), "Show all requests".to_owned())),
        },
        pager: Pager {
            shown: format!("{} requests", rows.len()),
            first: request.before.map(|_| link(status)),
            next,
        },
        rows,
    };
    let head = Head { title: "Setup requests".to_owned(), ..Head::default() };
    Ok(page(app, operator, Section::SetupRequests, head, &view).await)
}

/// One request. `wrong` is a note that was not taken, and why.
pub(crate) async fn show(
    app: &App,
    operator: &Operator,
    request: &wire::SetupRequest,
    wrong: Option<(&str, &Problem)>,
) -> Result<Response, Problem> {
    let tenant = app.store.tenant(request.tenant_id).get().await;
    let tenant = tenant.map_err(|error| refusal::by_store(&error))?;
    let now = app.now();
    let by = request.reviewer_name.clone().or(request.reviewed_by.clone());
    let waiting = matches!(request.status, SetupStatus::Submitted | SetupStatus::Reviewing);
    let view = One {
        number: grouped(&request.whatsapp_number),
        status: pill(request.status),
        say: say(request.status),
        sent: ago(request.created_at, now, "UTC").to_string(),
        decided: request.decided_at.zip(by).map(|(at, by)| (by, ago(at, now, "UTC").to_string())),
        can_review: request.status == SetupStatus::Submitted,
        can_decide: waiting,
        note: Field {
            name: "note",
            label: "Note to the owner",
            hint: "What they should do, like: the number belongs to somebody else, please give your own.",
            value: wrong.map(|(typed, _)| typed.to_owned()).unwrap_or_default(),
            error: error_of(wrong.map(|(_, problem)| problem), "note"),
            input: Input::Area,
            required: true,
        },
        suspension: Suspension::of(&tenant, format!("/admin/setup-requests/{}", request.id)),
        request,
    };
    let head = Head { title: format!("Setup request of {}", request.tenant_name), ..Head::default() };
    let mut response = page(app, operator, Section::SetupRequests, head, &view).await;
    if let Some((_, problem)) = wrong {
        *response.status_mut() = problem.kind().status();
    }
    Ok(response)
}
