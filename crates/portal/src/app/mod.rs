//! What owners and staff work with every day: conversations, customers, bookings, orders, what the bot says, and themselves.
//! A page is one file with its view; what it shows it asks of the control plane, which decides who may see it.

mod books;
mod bot;

mod customers;
mod messages;
mod page;
mod settings;

use crate::Route;

/// What the portal API says about the tenant of whoever asks.
const TENANT: &str = "/portal/tenant/current";
/// The stream of what changes, which pages follow.
const EVENTS: &str = "/app/events";

pub(crate) fn routes() -> Vec<Route> {
    [messages::routes(), customers::routes(), books::routes(), bot::routes(), settings::routes()]
        .into_iter()
        .flatten()
        .collect()
}
