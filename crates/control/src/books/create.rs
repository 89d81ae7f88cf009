//! `POST /admin/tenants/{id}/records`: a booking by hand, or blocked hours.

use axum::{Json, response::IntoResponse};
use http::StatusCode;
use replies::{Block, Booking, BookingState, By, Record};
use web::{Given, Problem};

use super::{
    Book,
    by_hand::{self, NAME_MAX_CHARS, NOTE_MAX_CHARS, bot, line, moment, zone},
};
use crate::{
    error::Answer,
    profile,
    reply::done,
    tenants::{Desk, TenantCall},
};

/// Enter a booking or block hours
///
/// The bot's journal takes it or refuses it; while the worker does not run, nothing is entered.
#[utoipa::path(
    post, path = "/admin/tenants/{id}/records", tag = "records",
    request_body(content(
        (api::NewRecord = "application/json"), (api::NewRecord = "application/x-www-form-urlencoded")
    )),
    responses((status = 201, body = api::Record))
)]
pub(crate) async fn handle(call: TenantCall, Given(given): Given<api::NewRecord>) -> Answer {
    let record = create(&call, &given).await?;
    let book = Book::of(record.kind);
    if !call.client.html {
        return Ok((StatusCode::CREATED, Json(record)).into_response());
    }
    let place = format!("{}/{}?day={}", call.place(), book.path(), given.day.trim());
    Ok(done(call.client, words::books::saved(&record.reference), &place))
}

/// Has the journal take it; the record as it then is.
pub(crate) async fn create(desk: &Desk, given: &api::NewRecord) -> Answer<api::Record> {
    match given.kind.as_deref().unwrap_or("booking") {
        "booking" => booking(desk, given).await,
        "block" => block(desk, given).await,
        _ => Err(Problem::invalid_field("kind", words::books::kind_field()).into()),
    }
}

/// What was typed, where anything was.
fn typed(text: &Option<String>) -> &str {
    text.as_deref().map(str::trim).unwrap_or_default()
}

async fn booking(desk: &Desk, given: &api::NewRecord) -> Answer<api::Record> {
    let at = moment(by_hand::day(&given.day)?, &given.time, &zone(desk))?;
    let profile = profile::stands(desk).await?;
    let code = Some(typed(&given.service)).filter(|code| !code.is_empty());
    let service = code.map(|code| {
        profile.services.iter().find(|service| service.code == code).ok_or_else(|| {
            let codes: Vec<&str> = profile.services.iter().map(|one| one.code.as_str()).collect();
            Problem::invalid_field("service", words::books::service_field(codes.join(", ")))
        })
    });
    let service = service.transpose()?;
    let minutes = match given.minutes {
        Some(minutes) => by_hand::minutes(minutes)?,
        None => service.map_or(profile.booking.slot_minutes, |service| service.minutes),
    };
    let name = line("name", typed(&given.name), NAME_MAX_CHARS)?;
    let name =
        name.ok_or_else(|| Problem::invalid_field("name", words::checks::length("name", NAME_MAX_CHARS, 0)))?;
    let with = Some(typed(&given.with)).filter(|with| !with.is_empty());
    let lanes = bot(desk, &profile).lanes_of(code, with);
    if lanes.is_empty()
        || with.is_some_and(|with| lanes.iter().all(|(_, name)| name.as_deref() != Some(with)))
    {
        let staff = service.map(|service| service.staff.join(", ")).unwrap_or_default();
        return Err(Problem::invalid_field("with", words::books::with_field(staff)).into());
    }
    let now = desk.app.now();
    let booking = Booking {
        reference: String::new(),
        version: 1,
        service: code.unwrap_or_default().to_owned(),
        service_name: service
            .map(|service| service.name.of(desk.detail.config.language).to_owned())
            .unwrap_or_default(),
        at,
        minutes,
        lane: String::new(),
        with: None,
        name,
        phone: line("phone", typed(&given.phone), NAME_MAX_CHARS)?,
        price: service.and_then(|service| service.price),
        note: line("note", typed(&given.note), NOTE_MAX_CHARS)?,
        state: BookingState::Booked,
        by: By::Person,
        made_at: now,
        changed_at: now,
    };
    by_hand::take_on(desk, None, booking, lanes).await
}

async fn block(desk: &Desk, given: &api::NewRecord) -> Answer<api::Record> {
    let at = moment(by_hand::day(&given.day)?, &given.time, &zone(desk))?;
    let minutes = given
        .minutes
        .ok_or_else(|| Problem::invalid_field("minutes", words::books::minutes_field()))
        .and_then(by_hand::minutes)?;
    let lane = line("with", typed(&given.with), NAME_MAX_CHARS)?;
    let now = desk.app.now();
    let block = Block {
        reference: String::new(),
        version: 1,
        at,
        minutes,
        lane,
        note: line("note", typed(&given.note), NOTE_MAX_CHARS)?,
        lifted: false,
        made_at: now,
        changed_at: now,
    };
    by_hand::take(desk, None, &Record::Block(block)).await
}
