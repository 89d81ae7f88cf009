//! `POST /admin/tenants/{id}/records/{reference}`: a booking moves, an order is shipped, a ticket is solved.

use axum::{Json, extract::Path, response::IntoResponse};
use replies::{Booking, BookingState, By, OrderState, Record, TicketState};
use serde::{Deserialize, de::IntoDeserializer};
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

/// Change a booking, an order, a ticket or blocked hours
///
/// `version` is that of the record as it was read. The bot's journal takes the change or refuses it; while the worker does
/// not run, nothing is changed.
#[utoipa::path(
    post, path = "/admin/tenants/{id}/records/{reference}", tag = "records",
    request_body(content(
        (api::ChangeRecord = "application/json"), (api::ChangeRecord = "application/x-www-form-urlencoded")
    )),
    responses((status = 200, body = api::Record))
)]
pub(crate) async fn handle(
    call: TenantCall,
    Path((_id, reference)): Path<(String, String)>,
    Given(given): Given<api::ChangeRecord>,
) -> Answer {
    let changed = change(&call, &reference, &given).await?;
    let book = Book::of(changed.kind);
    if !call.client.html {
        return Ok(Json(changed).into_response());
    }
    let place = format!("{}/{}", call.place(), book.path());
    Ok(done(call.client, words::books::saved(&changed.reference), &place))
}

/// Has the journal take the change; the record as it then is.
pub(crate) async fn change(desk: &Desk, reference: &str, given: &api::ChangeRecord) -> Answer<api::Record> {
    let stored = desk.scope.record(reference).await?;
    let version =
        given.version.ok_or_else(|| Problem::invalid_field("version", words::books::version_field()))?;
    let record = serde_json::from_value(stored.body).map_err(|error| Problem::internal(&error))?;
    match record {
        Record::Booking(booking) => moved(desk, version, booking, given).await,
        record => {
            let record = edited(desk, record, given)?;
            by_hand::take(desk, Some(version), &record).await
        }
    }
}

/// What was given and not left empty.
fn given_text(text: &Option<String>) -> Option<&str> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

fn state<S: for<'de> Deserialize<'de>>(word: &str, book: Book) -> Result<S, Problem> {
    let word: serde::de::value::StrDeserializer<'_, serde::de::value::Error> = word.into_deserializer();
    S::deserialize(word)
        .map_err(|_| Problem::invalid_field("state", words::books::state_field(book.states().join(", "))))
}

/// When it is to be: another day, another time, or the one that it has.
fn when(desk: &Desk, at: domain::Timestamp, given: &api::ChangeRecord) -> Result<domain::Timestamp, Problem> {
    let (day, time) = (given_text(&given.day), given_text(&given.time));
    if day.is_none() && time.is_none() {
        return Ok(at);
    }
    let zone = zone(desk);
    let stands = at.to_zoned_datetime(zone.clone());
    let day = day.map_or_else(|| Ok(stands.date()), by_hand::day)?;
    let time = time.map_or_else(|| stands.strftime("%H:%M").to_string(), str::to_owned);
    moment(day, &time, &zone)
}

async fn moved(
    desk: &Desk,
    version: u32,
    mut booking: Booking,
    given: &api::ChangeRecord,
) -> Answer<api::Record> {
    if let Some(word) = given_text(&given.state) {
        booking.state = state::<BookingState>(word, Book::Bookings)?;
    }
    let (at, minutes) = (booking.at, booking.minutes);
    booking.at = when(desk, at, given)?;
    booking.minutes = given.minutes.map_or(Ok(minutes), by_hand::minutes)?;
    if let Some(name) = given_text(&given.name) {
        booking.name = line("name", name, NAME_MAX_CHARS)?.unwrap_or(booking.name);
    }
    if let Some(phone) = &given.phone {
        booking.phone = line("phone", phone, NAME_MAX_CHARS)?;
    }
    if let Some(note) = &given.note {
        booking.note = line("note", note, NOTE_MAX_CHARS)?;
    }
    booking.by = By::Person;
    if (booking.at, booking.minutes) == (at, minutes) {
        return by_hand::take(desk, Some(version), &Record::Booking(booking)).await;
    }
    // At another time somebody else may have to do it: whoever did is asked first.
    let profile = profile::stands(desk).await?;
    let code = Some(booking.service.as_str()).filter(|code| !code.is_empty());
    let mut lanes = bot(desk, &profile).lanes_of(code, None);
    let own = (booking.lane.clone(), booking.with.clone());
    lanes.retain(|lane| *lane != own);
    lanes.insert(0, own);
    by_hand::take_on(desk, Some(version), booking, lanes).await
}

fn edited(desk: &Desk, record: Record, given: &api::ChangeRecord) -> Result<Record, Problem> {
    let moves = given_text(&given.day).or(given_text(&given.time)).is_some() || given.minutes.is_some();
    if moves && !matches!(record, Record::Block(_)) {
        let field = if given.minutes.is_some() { "minutes" } else { "time" };
        return Err(Problem::invalid_field(field, words::books::not_movable()));
    }
    let word = given_text(&given.state);
    Ok(match record {
        Record::Order(mut order) => {
            if let Some(word) = word {
                order.state = state::<OrderState>(word, Book::Orders)?;
            }
            if let Some(note) = &given.note {
                order.note = line("note", note, NOTE_MAX_CHARS)?;
            }
            order.by = By::Person;
            Record::Order(order)
        }
        Record::Ticket(mut ticket) => {
            if let Some(word) = word {
                ticket.state = state::<TicketState>(word, Book::Tickets)?;
            }
            ticket.by = By::Person;
            Record::Ticket(ticket)
        }
        Record::Block(mut block) => {
            match word {
                None => {}
                Some("blocked") => block.lifted = false,
                Some("lifted") => block.lifted = true,
                Some(_) => {
                    let states = Book::Blocks.states().join(", ");
                    return Err(Problem::invalid_field("state", words::books::state_field(states)));
                }
            }
            block.at = when(desk, block.at, given)?;
            block.minutes = given.minutes.map_or(Ok(block.minutes), by_hand::minutes)?;
            if let Some(note) = &given.note {
                block.note = line("note", note, NOTE_MAX_CHARS)?;
            }
            Record::Block(block)
        }
        booking @ Record::Booking(_) => booking,
    })
}
