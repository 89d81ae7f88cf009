//! The session of a browser: what it is, which tenant it is about, and its end.

mod choose;
mod end;
mod end_all;
mod show;

use utoipa_axum::routes;
use web::routes::{Route, portal};

use crate::App;

pub(super) fn routes() -> Vec<Route<App>> {
    vec![
        portal(routes!(show::handle)),
        portal(routes!(choose::handle)),
        portal(routes!(end::handle)),
        portal(routes!(end_all::handle)),
    ]
}
