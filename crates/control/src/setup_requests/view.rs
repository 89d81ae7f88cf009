//! The page of one setup request, and the words that the list shows too.

use askama::Template;
use domain::SetupStatus;
use profile_forms::hours;
use web::{
    Problem,
    ui::{Field, Head, Html, Input, Pill, Tone, ago},
};

use crate::{
    call::Call,
    error::Answer,
    packs,
    shell::Section,
    tenants::{row::grouped, suspension::Suspension},
};

#[derive(Template)]
#[template(path = "setup_request.html")]
struct View<'a> {
    request: &'a api::SetupRequest,
    number: String,
    pack: String,
    /// What else is asked for: what it is called, and what is asked.
    more: Vec<(&'static str, Vec<String>)>,
    /// Who asks.
    person: String,
    status: Pill,
    say: &'static str,
    sent: Html,
    decided: Option<(String, Html)>,
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
    Pill::new(tone, word(status))
}

/// The status in one word.
pub(crate) fn word(status: SetupStatus) -> &'static str {
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

/// Who asks; a person may be gone whose request stays.
pub(super) fn person(request: &api::SetupRequest) -> String {
    if request.user_email.is_empty() {
        return words::setup::person_gone().to_owned();
    }
    format!("{} · {}", request.user_name, request.user_email)
}

/// What a request asks for beside pack and number.
fn more(request: &api::SetupRequest) -> Vec<(&'static str, Vec<String>)> {
    let hours = request.hours.as_ref().map(|hours| {
        let line = |(day, name): (usize, &str)| {
            let spans = hours.weekday(day);
            format!("{name}: {}", hours::line((!spans.is_empty()).then_some(&spans)))
        };
        let dates = [hours::holidays(Some(hours)), hours::specials(Some(hours))];
        let days = hours::days().into_iter().enumerate().map(line);
        days.chain(dates.into_iter().filter(|line| !line.is_empty())).collect()
    });
    let one = |text: &Option<String>| text.clone().map(|text| vec![text]);
    let language = request.language.map(|language| vec![words::own_name(language).to_owned()]);
    let all = [
        (words::setup::business_name(), one(&request.business_name)),
        (words::setup::business_type(), one(&request.business_type)),
        (words::setup::language(), language),
        (words::setup::hours(), hours),
    ];
    all.into_iter().filter_map(|(name, lines)| Some((name, lines?))).collect()
}

/// One request. `wrong` is a note that was not taken, and why.
pub(super) async fn page(
    call: &Call,
    request: &api::SetupRequest,
    wrong: Option<(&str, &Problem)>,
) -> Answer {
    let tenant = call.app.store.tenant(request.tenant_id).get().await?;
    let now = call.app.now();
    let moment = |at| Html::of(&ago(at, now, "UTC"));
    let problem = wrong.map(|(_, problem)| problem);
    let by = request.reviewer_name.clone().or(request.reviewed_by.clone());
    let waiting = matches!(request.status, SetupStatus::Submitted | SetupStatus::Reviewing);
    let view = View {
        pack: packs::name(&call.app.supervisor.packs(), request.template_type),
        number: grouped(&request.whatsapp_number),
        more: more(request),
        person: person(request),
        status: pill(request.status),
        say: say(request.status),
        sent: moment(request.created_at),
        decided: request.decided_at.zip(by).map(|(at, by)| (by, moment(at))),
        can_review: request.status == SetupStatus::Submitted,
        can_decide: waiting,
        note: Field::new("notes", words::setup::note(), Input::Area)
            .hint(words::setup::note_hint())
            .value(wrong.map(|(typed, _)| typed).unwrap_or_default())
            .wrong(problem),
        suspension: Suspension::of(&tenant, format!("/admin/setup-requests/{}", request.id)),
        request,
    };
    let head = Head::new(words::setup::title(&request.tenant_name));
    Ok(call.form(Section::SetupRequests, head, &view, problem).await)
}
