//! The conversation log: read, followed, exported, and written to by hand.

pub(crate) mod chats;
mod export;
mod list;
mod send;
mod stream;

use utoipa_axum::routes;
use web::routes::{Route, operator};

use crate::App;

pub(crate) fn routes() -> Vec<Route<App>> {
    vec![
        operator(routes!(list::handle)),
        operator(routes!(export::handle)),
        operator(routes!(stream::handle)),
        operator(routes!(send::handle)),
    ]
}
