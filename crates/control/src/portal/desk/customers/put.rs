//! `PUT /portal/tenant/current/customers/{contact}`: what is noted of a customer.

use api::portal::{Customer, PutCustomer};
use axum::{Json, extract::Path, response::IntoResponse};
use domain::limits::NOTE_MAX_CHARS;
use store::CustomerChange;
use web::{JsonBody, Problem};

use super::convert;
use crate::{contacts::label, error::Answer, portal::call::MemberCall};

/// The longest name, in characters.
const NAME_MAX_CHARS: usize = 60;

/// Note something of a customer
///
/// What is left out stays as it is.
#[utoipa::path(
    put, path = "/portal/tenant/current/customers/{contact}", tag = "portal", request_body = PutCustomer,
    responses((status = 200, body = Customer))
)]
pub(crate) async fn handle(
    call: MemberCall,
    Path(contact): Path<String>,
    JsonBody(body): JsonBody<PutCustomer>,
) -> Answer {
    let contact = label(&contact)?;
    let note = body.note.map(|note| note.trim().to_owned());
    let length = note.as_ref().map_or(0, |note| note.chars().count());
    if length > NOTE_MAX_CHARS {
        let detail = words::desk::note_long(NOTE_MAX_CHARS, length);
        return Err(Problem::invalid_field("note", detail).into());
    }
    let name = body.name.as_deref().map(|name| crate::books::by_hand::line("name", name, NAME_MAX_CHARS));
    let change = CustomerChange {
        name: name.transpose()?,
        state: body.state,
        note: note.map(|note| (!note.is_empty()).then_some(note)),
    };
    let noted = call.desk().await?.scope.note_customer(contact, &change).await?;
    Ok(Json(convert(noted)).into_response())
}
