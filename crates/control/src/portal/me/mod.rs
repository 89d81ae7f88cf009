//! One's own person: name, password, address, and the end of the account.

mod change_email;
mod delete;
mod set_password;
mod update;

use utoipa_axum::routes;
use web::routes::{Route, portal};

use crate::App;

pub(super) fn routes() -> Vec<Route<App>> {
    vec![
        portal(routes!(update::handle)),
        portal(routes!(set_password::handle)),
        portal(routes!(change_email::handle)),
        portal(routes!(delete::handle)),
    ]
}
