//! The ways into the portal, for people who are not known yet too: a provider, a password, a link.

mod about;
mod by_email;
mod by_password;
mod by_provider;
mod look_at_link;
mod take_link;

use utoipa_axum::routes;
use web::routes::{Route, portal};

use crate::App;

pub(super) fn routes() -> Vec<Route<App>> {
    vec![
        portal(routes!(about::handle)),
        portal(routes!(by_provider::handle)),
        portal(routes!(by_password::handle)),
        portal(routes!(by_email::handle)),
        portal(routes!(look_at_link::handle)),
        portal(routes!(take_link::handle)),
    ]
}
