//! `/app/records/{reference}`: what becomes of a booking, an order or a ticket, and another time for a booking.

use api::{ChangeRecord, portal::DeskRecords};
use askama::Template;
use axum::{extract::Path, response::Response};
use domain::RecordKind;
use serde::Deserialize;
use serde_json::Value;
use web::{
    Asked, FormBody, Kind, Problem,
    place::{address, encode},
    ui::{Banner, Field, Head, Input},
};

use super::word;
use crate::{
    Answer, AskError, Refusal, Section, SetUp,
    app::{
        TENANT,
        page::{Zone, next, wrong},
    },
    pages::own_place,
};

/// Where it came from.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Look {
    back: String,
}

/// What its form sends; what is not there stays as it is.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct Change {
    version: String,
    state: Option<String>,
    day: Option<String>,
    time: Option<String>,
    minutes: Option<String>,
    name: Option<String>,
    phone: Option<String>,
    note: Option<String>,
    back: String,
}

#[derive(Template)]
#[template(path = "app/record_form.html")]
struct View {
    banner: Option<Banner>,
    title: String,
    what: String,
    place: String,
    back: String,
    version: String,
    fields: Vec<Field>,
}

/// The record of this reference, whatever kind it is.
async fn find(call: &SetUp, reference: &str) -> Result<api::portal::DeskRecord, Refusal> {
    for kind in [RecordKind::Booking, RecordKind::Block, RecordKind::Order, RecordKind::Ticket] {
        let pairs = [("kind", Some(word(kind))), ("search", Some(reference))];
        let found: DeskRecords = call.get(&address(&format!("{TENANT}/records"), &pairs)).await?;
        if let Some(found) = found.records.into_iter().find(|found| found.record.reference == reference) {
            return Ok(found);
        }
    }
    Err(Problem::new(Kind::RecordNotFound, words::books::no_record()).into())
}

/// `GET`: the form in which a booking is moved.
pub(crate) async fn show(call: SetUp, Path(reference): Path<String>, Asked(look): Asked<Look>) -> Answer {
    page(&call, &reference, &look.back, None).await
}

async fn page(
    call: &SetUp,
    reference: &str,
    back: &str,
    refused: Option<(&Change, &Problem)>,
) -> Answer<Response> {
    use words::books as say;
    let found = find(call, reference).await?;
    let zone = Zone::of(call).await?;
    let (record, line) = (found.record, found.line);
    let (typed, problem) = refused.unzip();
    let of = |pick: fn(&Change) -> &Option<String>, stands: String| {
        typed.and_then(|typed| pick(typed).clone()).unwrap_or(stands)
    };
    let kind = |kind: &'static str| Input::Line { kind, autocomplete: "off", inputmode: "" };
    let mut fields = vec![
        Field::new("day", say::day(), kind("date"))
            .value(of(|typed| &typed.day, zone.date(record.stands_at).to_string())),
        Field::new("time", say::time(), kind("time"))
            .hint(words::portal_books::time_hint())
            .value(of(|typed| &typed.time, line.time.clone())),
    ];
    if record.kind == RecordKind::Booking {
        fields.push(
            Field::new("name", say::name(), Input::TEXT).value(of(|typed| &typed.name, line.who.clone())),
        );
        let phone = of(|typed| &typed.phone, line.phone.clone());
        fields.push(Field::new("phone", say::phone(), Input::PHONE).optional().value(phone));
    }
    fields.push(
        Field::new("note", say::note(), Input::TEXT).optional().value(of(|typed| &typed.note, line.note)),
    );
    let fields: Vec<Field> = fields.into_iter().map(|field| field.wrong(problem)).collect();
    let beside = fields.iter().any(|field| field.error.is_some());
    let (section, list) = section(record.kind);
    let back = own_place(back).unwrap_or(list).to_owned();
    let view = View {
        banner: problem.filter(|_| !beside).map(wrong),
        title: words::portal_books::change_it(&record.reference),
        what: line.what,
        place: format!("/app/records/{}", encode(&record.reference)),
        back,
        // What stands now is what whoever saves again has seen.
        version: record.version.to_string(),
        fields,
    };
    let head = Head::narrow(view.title.clone());
    Ok(match problem {
        Some(problem) => call.refused_page(section, &head, &view, problem),
        None => call.page(section, &head, &view),
    })
}

const fn section(kind: RecordKind) -> (Section, &'static str) {
    match kind {
        RecordKind::Booking | RecordKind::Block => (Section::Bookings, "/app/bookings"),
        RecordKind::Order | RecordKind::Ticket => (Section::Orders, "/app/orders"),
    }
}

/// `POST`: what becomes of it.
pub(crate) async fn handle(
    call: SetUp,
    Path(reference): Path<String>,
    FormBody(form): FormBody<Change>,
) -> Answer {
    let minutes = form.minutes.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let change = ChangeRecord {
        version: form.version.trim().parse().ok(),
        state: form.state.clone(),
        day: form.day.clone(),
        time: form.time.clone(),
        minutes: minutes.and_then(|text| text.parse().ok()),
        name: form.name.clone(),
        phone: form.phone.clone(),
        note: form.note.clone(),
    };
    match call.post::<Value>(&format!("{TENANT}/records/{}", encode(&reference)), &change).await {
        Ok(_) => Ok(next(&back_to(&form.back, &reference))),
        Err(AskError::Refused(problem)) if problem.kind() != Kind::Unauthorized => {
            page(&call, &reference, &form.back, Some((&form, &problem))).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The list again, at the record, with the word that it is saved.
pub(super) fn back_to(back: &str, reference: &str) -> String {
    let back = own_place(back).unwrap_or("/app/bookings");
    let back = back.split('#').next().unwrap_or(back);
    let sign = if back.contains('?') { '&' } else { '?' };
    format!("{back}{sign}done=saved#r-{}", encode(reference))
}
