//! The conversation log: read, followed, exported, and written to by hand.

pub(crate) mod chats;
pub(crate) mod export;
pub(crate) mod hand_back;
pub(crate) mod hand_offs;
pub(crate) mod list;
pub(crate) mod send;
mod stream;
pub(crate) mod take_over;

use utoipa_axum::routes;
use web::routes::{Route, operator};

use crate::App;

pub(crate) fn routes() -> Vec<Route<App>> {
    vec![
        operator(routes!(list::handle)),
        operator(routes!(export::handle)),
        operator(routes!(stream::handle)),
        operator(routes!(send::handle)),
        operator(routes!(hand_offs::handle)),
        operator(routes!(hand_back::handle)),
        operator(routes!(take_over::handle)),
    ]
}
