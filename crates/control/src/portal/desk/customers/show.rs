//! `GET /portal/tenant/current/customers/{contact}`: one customer with bookings, orders and tickets.

use api::portal::CustomerRecords;
use axum::{Json, extract::Path, response::IntoResponse};
use store::{PageRequest, StoreError};

use super::convert;
use crate::{
    contacts::label,
    error::Answer,
    portal::{
        call::MemberCall,
        desk::{chats::Chats, records::Lines},
    },
};

/// Records that are shown of one customer.
const RECORDS: u32 = 50;

/// A customer with bookings, orders and tickets
#[utoipa::path(
    get, path = "/portal/tenant/current/customers/{contact}", tag = "portal",
    responses((status = 200, body = CustomerRecords))
)]
pub(crate) async fn handle(call: MemberCall, Path(contact): Path<String>) -> Answer {
    let contact = label(&contact)?;
    let desk = call.reading().await?;
    let customer = desk.scope.customer(contact).await?.ok_or(StoreError::NotFound("customer"))?;
    let found = desk.scope.records_of(contact, PageRequest { limit: RECORDS, before: None }).await?;
    let chat = Chats::of(&desk).await?.state(&customer);
    let lines = Lines::of(&desk);
    let records = found.items.into_iter().map(|stored| lines.record(stored)).collect();
    Ok(Json(CustomerRecords { customer: convert(customer), chat, records }).into_response())
}
