//! Bookings by the day, and orders and tickets by what is still to be done.

mod bookings;
mod card;
mod change;
mod create;
mod orders;

use domain::RecordKind;

pub(super) use self::card::{Card, cards};
use crate::{
    Route,
    routes::{Access::SetUp, get, post},
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/app/bookings", SetUp, bookings::handle),
        get("/app/bookings/new", SetUp, create::show),
        post("/app/bookings/new", SetUp, create::handle),
        get("/app/orders", SetUp, orders::handle),
        get("/app/records/{reference}", SetUp, change::show),
        post("/app/records/{reference}", SetUp, change::handle),
    ]
}

/// The word of a kind, as the portal API takes it.
const fn word(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Booking => "BOOKING",
        RecordKind::Order => "ORDER",
        RecordKind::Ticket => "TICKET",
        RecordKind::Block => "BLOCK",
    }
}
