//! `GET /admin/tenants/{id}/records/{reference}`: one of them, and what can be made of it.

use askama::Template;
use axum::{Json, extract::Path, response::IntoResponse};
use domain::TenantId;
use replies::Record;
use store::StoredRecord;
use web::{
    place::encode,
    ui::{Field, Head, Html, Input, ago},
};

use super::{Book, by_hand::zone, document, line::Line, state};
use crate::{audit, error::Answer, messages::chats, shell::Section, tenants::TenantCall};

/// A booking, an order, a ticket or blocked hours
///
/// Reading it is written down.
#[utoipa::path(
    get, path = "/admin/tenants/{id}/records/{reference}", tag = "records",
    responses((status = 200, body = api::Record))
)]
pub(crate) async fn handle(call: TenantCall, Path((_id, reference)): Path<(String, String)>) -> Answer {
    let stored = call.scope.record(&reference).await?;
    audit::reading(&call.app, &call.operator, call.id()).await?;
    if !call.client.html {
        return Ok(Json(document(stored)).into_response());
    }
    let view = View::of(&call, &stored);
    let head = Head::narrow(&view.line.reference);
    Ok(call.page(Section::Tenants, head, &view).await)
}

#[derive(Template)]
#[template(path = "books/one.html")]
struct View {
    id: TenantId,
    name: String,
    line: Line,
    list: String,
    list_label: &'static str,
    chat: Option<(String, String)>,
    version: i64,
    changed: Html,
    /// What it may become: word and label.
    states: Vec<(&'static str, String)>,
    fields: Vec<Field>,
}

impl View {
    fn of(call: &TenantCall, stored: &StoredRecord) -> Self {
        let (zone, book, place) = (zone(call), Book::of(stored.kind), call.place());
        let line = Line::of(stored, &zone, &call.detail.tenant.currency);
        let record: Option<Record> = serde_json::from_value(stored.body.clone()).ok();
        let states = book.states().iter().filter(|word| **word != stored.state);
        Self {
            id: call.id(),
            name: call.detail.tenant.name.clone(),
            chat: line
                .contact
                .as_deref()
                .map(|contact| (chats::name(contact), format!("{place}?contact={}#chats", encode(contact)))),
            list: format!("{place}/{}", book.path()),
            list_label: book.label(),
            version: stored.version,
            changed: Html::of(&ago(stored.changed_at, call.app.now(), &call.detail.tenant.timezone)),
            states: states.map(|word| (*word, state(word).to_owned())).collect(),
            fields: fields(record, &line, stored, &zone),
            line,
        }
    }
}

/// What of it can be changed beside where it stands.
fn fields(
    record: Option<Record>,
    line: &Line,
    stored: &StoredRecord,
    zone: &jiff::tz::TimeZone,
) -> Vec<Field> {
    use words::books as say;
    let (minutes, named) = match record {
        Some(Record::Booking(booking)) => (booking.minutes, true),
        Some(Record::Block(block)) => (block.minutes, false),
        Some(Record::Order(_)) => {
            return vec![Field::new("note", say::note(), Input::TEXT).value(&line.note).optional()];
        }
        Some(Record::Ticket(_)) | None => return Vec::new(),
    };
    let date = Input::Line { kind: "date", autocomplete: "off", inputmode: "" };
    let day = stored.stands_at.to_zoned_datetime(zone.clone()).date().to_string();
    let mut fields = vec![
        Field::new("day", say::day(), date).value(day),
        Field::new("time", say::time(), Input::TEXT).hint(say::time_hint()).value(&line.time),
        Field::new("minutes", say::length(), Input::NUMBER).value(minutes.to_string()),
    ];
    if named {
        fields.push(Field::new("name", say::name(), Input::TEXT).value(&line.who));
        fields.push(Field::new("phone", say::phone(), Input::PHONE).value(&line.phone).optional());
    }
    fields.push(Field::new("note", say::note(), Input::TEXT).value(&line.note).optional());
    fields
}
