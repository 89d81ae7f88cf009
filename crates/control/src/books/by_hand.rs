//! What people enter and change: it is asked of the bot's journal, which alone decides, so that no chat and no page book the
//! same time.

use domain::Timestamp;
use jiff::{civil, tz::TimeZone};
use replies::{Bot, Business, CELL_MINUTES, Conflict, Profile, Record};
use serde_json::json;
use supervisor::Changed;
use web::{
    Kind, Problem,
    ui::{Field, Input},
};

use super::Book;
use crate::{
    error::Answer,
    profile,
    tenants::{Desk, TenantCall},
};

/// The longest name of a person and a note, in characters: the profile's bounds for a name and a line.
pub(super) const NAME_MAX_CHARS: usize = 60;
pub(super) const NOTE_MAX_CHARS: usize = 200;
/// Places that are tried for one booking.
const LANES: usize = 20;

/// The tenant's zone.
pub(super) fn zone(desk: &Desk) -> TimeZone {
    TimeZone::get(&desk.detail.tenant.timezone).unwrap_or(TimeZone::UTC)
}

/// The moment of a day and a time of day.
pub(super) fn moment(day: civil::Date, time: &str, zone: &TimeZone) -> Result<Timestamp, Problem> {
    let wrong = || Problem::invalid_field("time", words::books::time_field());
    let (hour, minute) = time.trim().split_once(':').ok_or_else(wrong)?;
    let read = |part: &str| part.parse::<i8>().map_err(|_| wrong());
    let time = civil::Time::new(read(hour)?, read(minute)?, 0, 0).map_err(|_| wrong())?;
    if u16::from(time.minute().unsigned_abs()) % CELL_MINUTES != 0 {
        return Err(wrong());
    }
    let local = civil::DateTime::from_parts(day, time);
    // A time that clocks skip is none.
    let zoned = zone.to_ambiguous_zoned_datetime(local).earlier().map_err(|_| wrong())?;
    if zoned.datetime() == local { Ok(zoned.timestamp()) } else { Err(wrong()) }
}

pub(super) fn day(text: &str) -> Result<civil::Date, Problem> {
    text.trim().parse().map_err(|_| Problem::invalid_field("day", words::books::exact_day_field()))
}

pub(super) fn minutes(minutes: u32) -> Result<u16, Problem> {
    let wrong = || Problem::invalid_field("minutes", words::books::minutes_field());
    let minutes = u16::try_from(minutes).map_err(|_| wrong())?;
    if (CELL_MINUTES..=24 * 60).contains(&minutes) && minutes.is_multiple_of(CELL_MINUTES) {
        Ok(minutes)
    } else {
        Err(wrong())
    }
}

/// A line of text of a person's, where anything was typed.
pub(crate) fn line(field: &'static str, text: &str, most: usize) -> Result<Option<String>, Problem> {
    let text = text.trim();
    let got = text.chars().count();
    if got > most {
        return Err(Problem::invalid_field(field, words::checks::length(field, most, got)));
    }
    if text.chars().any(char::is_control) {
        return Err(Problem::invalid_field(field, words::checks::one_line(field)));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// The tenant's bot, which knows whose time a service takes.
pub(super) fn bot(desk: &Desk, profile: &Profile) -> Bot {
    let business = Business { settings: desk.detail.bot_settings(), profile: profile.clone().into() };
    Bot::new(None, business)
}

/// Has the journal take a record; the record as it then is.
pub(super) async fn take(desk: &Desk, expects: Option<u32>, record: &Record) -> Answer<api::Record> {
    match ask(desk, expects, record).await? {
        Ok(taken) => Ok(taken),
        Err(conflict) => Err(refused(desk, &conflict).into()),
    }
}

/// The same with a booking on the first of several lanes that is free.
pub(super) async fn take_on(
    desk: &Desk,
    expects: Option<u32>,
    mut booking: replies::Booking,
    lanes: Vec<(String, Option<String>)>,
) -> Answer<api::Record> {
    let mut last = None;
    for (lane, with) in lanes.into_iter().take(LANES) {
        (booking.lane, booking.with) = (lane, with);
        match ask(desk, expects, &Record::Booking(booking.clone())).await? {
            Ok(taken) => return Ok(taken),
            Err(conflict @ Conflict::SlotTaken { .. }) => last = Some(conflict),
            Err(conflict) => return Err(refused(desk, &conflict).into()),
        }
    }
    let none = Conflict::SlotTaken { at: booking.at, lane: String::new() };
    Err(refused(desk, &last.unwrap_or(none)).into())
}

async fn ask(desk: &Desk, expects: Option<u32>, record: &Record) -> Answer<Result<api::Record, Conflict>> {
    let changed = desk.supervisor().change_record(desk.id(), None, expects, record).await?;
    let row = match changed {
        Changed::Taken(row) => row,
        Changed::Refused(conflict) => return Ok(Err(conflict)),
    };
    let payload = json!({ "reference": row.reference, "version": row.version });
    desk.record("RECORD_CHANGED", &payload).await;
    let stored = desk.scope.record(&row.reference).await?;
    Ok(Ok(super::document(stored)))
}

/// Why the journal has not taken it, for the person who asked.
fn refused(desk: &Desk, conflict: &Conflict) -> Problem {
    match conflict {
        Conflict::SlotTaken { at, .. } => {
            let at = at.to_zoned_datetime(zone(desk));
            let when =
                format!("{} {}", words::date::of(at.day(), at.month(), at.year()), at.strftime("%H:%M"));
            Problem::new(Kind::Conflict, words::records::slot_taken(when)).with_field("time")
        }
        Conflict::Changed { .. } => Problem::new(Kind::Stale, conflict.to_string()).with_field("version"),
        Conflict::Unknown { .. } => Problem::new(Kind::RecordNotFound, conflict.to_string()),
        Conflict::State { reference, from, to } => {
            let detail = words::records::state(reference, super::state(from), super::state(to));
            Problem::new(Kind::Conflict, detail).with_field("state")
        }
        Conflict::OutOfStock { .. } | Conflict::NumberTaken { .. } => {
            Problem::new(Kind::Conflict, conflict.to_string())
        }
    }
}

/// The fields of the form by which a booking or a block is entered.
pub(super) async fn fields(call: &TenantCall, book: Book) -> Answer<Vec<Field>> {
    let profile = profile::stands(call).await?;
    Ok(adding(call, book, &profile))
}

fn adding(call: &TenantCall, book: Book, profile: &Profile) -> Vec<Field> {
    use words::books as say;
    let date = Input::Line { kind: "date", autocomplete: "off", inputmode: "" };
    let today = call.app.now().to_zoned_datetime(zone(call)).date().to_string();
    let booking = book == Book::Bookings;
    let mut staff: Vec<String> =
        profile.services.iter().flat_map(|service| service.staff.iter().cloned()).collect();
    staff.sort();
    staff.dedup();
    let first = if booking { say::anybody() } else { say::everybody() };
    let people = std::iter::once((String::new(), first.to_owned()));
    let people: Vec<_> = people.chain(staff.into_iter().map(|name| (name.clone(), name))).collect();
    let mut fields = vec![
        Field::new("day", say::day(), date).value(today),
        Field::new("time", say::time(), Input::TEXT).hint(say::time_hint()),
    ];
    if booking {
        let services = profile.services.iter().filter(|service| service.on);
        let services =
            services.map(|service| (service.code.clone(), service.name.of(words::language()).to_owned()));
        let none = std::iter::once((String::new(), say::no_service().to_owned()));
        fields.push(Field::new("name", say::name(), Input::TEXT));
        fields.push(Field::new("phone", say::phone(), Input::PHONE).optional());
        fields.push(Field::new("service", say::service(), Input::Choice(none.chain(services).collect())));
    }
    let length = Field::new("minutes", say::length(), Input::NUMBER);
    fields.push(if booking { length.hint(say::length_hint()).optional() } else { length.value("60") });
    if people.len() > 1 {
        let label = if booking { say::with_whom() } else { say::whose() };
        fields.push(Field::new("with", label, Input::Choice(people)));
    }
    fields.push(Field::new("note", say::note(), Input::TEXT).optional());
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_one_that_there_is() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let at = |day: &str, time: &str| moment(day.parse().unwrap(), time, &zone);
        assert_eq!(at("2026-01-31", "14:30").unwrap().to_string(), "2026-01-31T13:30:00Z");
        assert_eq!(
            at("2026-10-25", "02:30").unwrap().to_string(),
            "2026-10-25T00:30:00Z",
            "the first of two"
        );
        for wrong in ["02:30", "24:00", "14:31", "2pm", "", "14", "-1:00"] {
            assert_eq!(at("2026-03-29", wrong).unwrap_err().field(), Some("time"), "{wrong}");
        }
        assert!(minutes(7).is_err() && minutes(0).is_err() && minutes(70_000).is_err());
        assert_eq!(minutes(90).unwrap(), 90);
    }
}
