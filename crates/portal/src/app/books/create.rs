//! `/app/bookings/new`: a booking of somebody who rang or walked in, or hours in which nothing can be booked.

use api::{BusinessProfile, NewRecord, Record};
use axum::response::Response;
use serde::Deserialize;
use web::{
    Asked, FormBody, Kind, Problem,
    place::address,
    ui::{Field, Head, Input},
};

use super::change::back_to;
use crate::{
    Answer, AskError, Section, SetUp,
    app::{
        TENANT,
        page::{Zone, wrong},
    },
};

/// For which day, and whether hours are blocked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Look {
    day: String,
    kind: String,
}

/// What its form sends.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct New {
    kind: String,
    day: String,
    time: String,
    minutes: String,
    name: String,
    phone: String,
    service: String,
    with: String,
    note: String,
}

#[derive(askama::Template)]
#[template(path = "app/new_record.html")]
struct View {
    title: &'static str,
    say: &'static str,
    kind: &'static str,
    back: String,
    banner: Option<web::ui::Banner>,
    fields: Vec<Field>,
}

pub(crate) async fn show(call: SetUp, Asked(look): Asked<Look>) -> Answer {
    let zone = Zone::of(&call).await?;
    let day = if look.day.is_empty() { zone.date(call.portal.now()).to_string() } else { look.day };
    let form = New { day, kind: look.kind, ..New::default() };
    page(&call, &form, None).await
}

/// `POST`: enters it.
pub(crate) async fn handle(call: SetUp, FormBody(form): FormBody<New>) -> Answer {
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let minutes = form.minutes.trim();
    let Ok(minutes) = (if minutes.is_empty() { Ok(None) } else { minutes.parse().map(Some) }) else {
        let problem = Problem::invalid_field("minutes", words::books::minutes_field());
        return page(&call, &form, Some(&problem)).await;
    };
    let block = form.kind == "block";
    let new = NewRecord {
        kind: Some(if block { "block" } else { "booking" }.to_owned()),
        day: form.day.trim().to_owned(),
        time: form.time.trim().to_owned(),
        minutes,
        name: given(&form.name),
        phone: given(&form.phone),
        service: given(&form.service),
        with: given(&form.with),
        note: given(&form.note),
    };
    match call.post::<Record>(&format!("{TENANT}/records"), &new).await {
        Ok(record) => {
            let day = address("/app/bookings", &[("day", Some(&new.day))]);
            Ok(crate::app::page::next(&back_to(&day, &record.reference)))
        }
        Err(AskError::Refused(problem)) if problem.kind() != Kind::Unauthorized => {
            page(&call, &form, Some(&problem)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn page(call: &SetUp, form: &New, problem: Option<&Problem>) -> Answer<Response> {
    use words::books as say;
    // Without the list of services a booking can be entered all the same.
    let profile: Option<BusinessProfile> = call.get(&format!("{TENANT}/profile")).await.ok();
    let profile = profile.and_then(|profile| replies_profile(&profile)).unwrap_or_default();
    let block = form.kind == "block";
    let kind = |kind: &'static str| Input::Line { kind, autocomplete: "off", inputmode: "" };
    let mut staff: Vec<String> =
        profile.services.iter().flat_map(|service| service.staff.iter().cloned()).collect();
    staff.sort();
    staff.dedup();
    let first = if block { say::everybody() } else { say::anybody() };
    let people: Vec<(String, String)> = std::iter::once((String::new(), first.to_owned()))
        .chain(staff.into_iter().map(|name| (name.clone(), name)))
        .collect();
    let services = profile.services.iter().filter(|service| service.on);
    let services: Vec<(String, String)> = std::iter::once((String::new(), say::no_service().to_owned()))
        .chain(services.map(|service| (service.code.clone(), service.name.of(words::language()).to_owned())))
        .collect();
    let mut fields = Vec::new();
    if !block {
        fields.push(Field::new("name", say::name(), Input::TEXT).value(form.name.clone()));
        fields.push(Field::new("phone", say::phone(), Input::PHONE).optional().value(form.phone.clone()));
        if services.len() > 1 {
            let service = Field::new("service", say::service(), Input::Choice(services));
            fields.push(service.value(form.service.clone()));
        }
    }
    fields.push(Field::new("day", say::day(), kind("date")).value(form.day.clone()));
    let time = Field::new("time", say::time(), kind("time")).hint(words::portal_books::time_hint());
    fields.push(time.value(form.time.clone()));
    if people.len() > 1 {
        let label = if block { say::whose() } else { say::with_whom() };
        fields.push(Field::new("with", label, Input::Choice(people)).value(form.with.clone()));
    }
    let length = Field::new("minutes", say::length(), Input::NUMBER);
    fields.push(if block {
        let minutes = if form.minutes.is_empty() { "60" } else { form.minutes.as_str() };
        length.value(minutes)
    } else {
        length.hint(say::length_hint()).optional().value(form.minutes.clone())
    });
    fields.push(Field::new("note", say::note(), Input::TEXT).optional().value(form.note.clone()));
    let fields: Vec<Field> = fields.into_iter().map(|field| field.wrong(problem)).collect();
    let beside = fields.iter().any(|field| field.error.is_some());
    let view = View {
        title: if block { say::add_block() } else { say::add_booking() },
        say: if block { say::add_block_say() } else { say::add_booking_say() },
        kind: if block { "block" } else { "booking" },
        back: address("/app/bookings", &[("day", Some(form.day.as_str()).filter(|day| !day.is_empty()))]),
        banner: problem.filter(|_| !beside).map(wrong),
        fields,
    };
    let head = Head::narrow(view.title);
    Ok(match problem {
        Some(problem) => call.refused_page(Section::Bookings, &head, &view, problem),
        None => call.page(Section::Bookings, &head, &view),
    })
}

/// The profile as the engine reads it; `None` where it is of a later version than this portal knows.
fn replies_profile(profile: &BusinessProfile) -> Option<replies::Profile> {
    serde_json::from_value(serde_json::to_value(profile).ok()?).ok()
}
