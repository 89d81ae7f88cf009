//! Signing in with a browser: password, second factor, session, and proving it once more. Scripts use HTTP Basic instead.

mod code;
mod confirm;
mod form;
mod leave;
pub(crate) mod over;
mod show;
mod show_code;
mod show_confirm;
mod submit;

use accounts::SignInError;
use utoipa_axum::routes;
use web::{
    Kind, Problem,
    routes::{Route, operator, public},
};

use crate::{App, error::Error};

pub(crate) fn routes() -> Vec<Route<App>> {
    vec![
        public(routes!(show::handle)),
        public(routes!(submit::handle)),
        public(routes!(show_code::handle)),
        public(routes!(code::handle)),
        public(routes!(leave::handle)),
        operator(routes!(show_confirm::handle)),
        operator(routes!(confirm::handle)),
    ]
}

/// Where browsers sign in.
pub(crate) const SIGN_IN: &str = "/admin/sign-in";
/// Where whoever is signed in proves it once more.
pub(crate) const CONFIRM: &str = "/admin/confirm";
/// Where a session begins when no page was asked for before.
const HOME: &str = "/admin/tenants";

/// Where to go once one is in: a page of the dashboard.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameters {
    /// Where to go then: a page of the dashboard.
    #[serde(default)]
    next: String,
}

/// A place within the dashboard, or the first page: nobody is led to another site.
pub(crate) fn safe_next(text: &str) -> String {
    let plain = text.starts_with("/admin/")
        && text.len() <= 2_000
        && text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let own = plain && !text.contains("//") && !text.starts_with(SIGN_IN);
    if own { text.to_owned() } else { HOME.to_owned() }
}

/// What a wrong one is told; anything else is told as it is everywhere.
fn wrong(error: SignInError, kind: Kind, field: Option<&'static str>, detail: &'static str) -> Error {
    match (error, field) {
        (SignInError::Wrong, Some(field)) => Problem::new(kind, detail).with_field(field).into(),
        (SignInError::Wrong, None) => Problem::new(kind, detail).into(),
        (error, _) => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_away() {
        assert_eq!(safe_next("/admin/events?type=A"), "/admin/events?type=A");
        for foreign in [
            "",
            "https://x.example",
            "//x.example",
            "/admin//x.example",
            "/\\x",
            "/admin/\\x",
            "/admin/a\r\nb",
            "/admin/sign-in",
            "/x",
        ] {
            assert_eq!(safe_next(foreign), HOME, "{foreign}");
        }
    }
}
