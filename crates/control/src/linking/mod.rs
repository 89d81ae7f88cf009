//! Linking a phone. A code, to scan or to type, is a credential: it is answered to operators only, and never logged or cached.

pub(crate) mod ask_pairing_code;
pub(crate) mod pairing_code;
pub(crate) mod panel;
pub(crate) mod qr;
mod qr_png;
mod qr_stream;
mod qr_svg;
mod unlink;

use utoipa_axum::routes;
use web::routes::{Route, operator};

use crate::App;

pub(crate) fn routes() -> Vec<Route<App>> {
    vec![
        operator(routes!(qr::handle)),
        operator(routes!(qr_png::handle)),
        operator(routes!(qr_svg::handle)),
        operator(routes!(qr_stream::handle)),
        operator(routes!(pairing_code::handle)),
        operator(routes!(ask_pairing_code::handle)),
        operator(routes!(unlink::handle)),
    ]
}
