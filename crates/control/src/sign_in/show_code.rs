//! `GET /admin/sign-in/code`: the form for the second factor, after a right password.

use accounts::BrowserSession;
use axum::{extract::State, response::Response};
use web::{Problem, place::see_other};

use super::{
    SIGN_IN,
    form::{self, Step},
};
use crate::{App, error::Answer};

/// The page for the second factor
#[utoipa::path(
    get, path = "/admin/sign-in/code", tag = "sign-in",
    responses((status = 200, content_type = "text/html", body = String), (status = 303))
)]
pub(crate) async fn handle(State(app): State<App>, browser: BrowserSession) -> Answer {
    Ok(match app.accounts.pending(&browser).await? {
        Some(_) => page(&app, None),
        None => see_other(SIGN_IN),
    })
}

/// The form for the second factor.
pub(super) fn page(app: &App, problem: Option<&Problem>) -> Response {
    let step = Step {
        title: words::sign_in::second_factor(),
        say: words::sign_in::second_factor_say(),
        action: "/admin/sign-in/code",
        fields: vec![form::code(words::sign_in::lost_app())],
        next: None,
        button: words::sign_in::go_on(),
        back: true,
        banner: None,
    };
    step.page(app, problem)
}
