//! The control plane itself.

pub(crate) mod api_document;
mod api_page;
mod back_up;
mod language;
mod livez;
mod logo;
mod metrics;
pub(crate) mod overview;
mod page;
mod readyz;
mod root;
mod source;
mod stream;
mod test_alerts;
pub(crate) mod traffic;
mod usage;

use utoipa_axum::routes;
use web::routes::{Route, operator, public};

use crate::App;

pub(crate) fn routes() -> Vec<Route<App>> {
    vec![
        public(routes!(root::handle)),
        public(routes!(web::ui::serve_asset)),
        public(routes!(livez::handle)),
        public(routes!(readyz::handle)),
        public(routes!(logo::handle)),
        public(routes!(source::handle)),
        public(routes!(language::handle)),
        operator(routes!(metrics::handle)),
        operator(routes!(stream::handle)),
        operator(routes!(overview::handle)),
        operator(routes!(usage::handle)),
        operator(routes!(test_alerts::handle)),
        operator(routes!(back_up::handle)),
        operator(routes!(api_document::handle)),
        operator(routes!(api_page::handle)),
    ]
}
