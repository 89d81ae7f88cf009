//! Signing in with a browser: password, second factor, session, and proving it once more. Scripts use HTTP Basic instead.

pub(crate) mod code;
pub(crate) mod confirm;
pub(crate) mod leave;
pub(crate) mod show;
pub(crate) mod submit;

use utoipa_axum::routes;
use web::routes::{Route, operator, public};

use crate::App;

pub(crate) fn routes() -> Vec<Route<App>> {
    vec![
        public(routes!(show::handle)),
        public(routes!(submit::handle)),
        public(routes!(code::show)),
        public(routes!(code::handle)),
        public(routes!(leave::handle)),
        operator(routes!(confirm::show)),
        operator(routes!(confirm::handle)),
    ]
}

/// Where browsers sign in.
pub(crate) const SIGN_IN: &str = "/admin/sign-in";
/// Where whoever is signed in proves it once more.
pub(crate) const CONFIRM: &str = "/admin/confirm";
