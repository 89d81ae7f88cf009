//! `GET /admin/sign-in`: the form.

use axum::{extract::State, response::Response};
use web::{
    Asked, Problem,
    ui::{Field, Input},
};

use super::{
    Parameters, SIGN_IN,
    form::{Step, password},
    safe_next,
};
use crate::App;

/// The page where one signs in
#[utoipa::path(
    get, path = "/admin/sign-in", tag = "sign-in", params(Parameters),
    responses((status = 200, content_type = "text/html", body = String))
)]
pub(crate) async fn handle(State(app): State<App>, Asked(query): Asked<Parameters>) -> Response {
    page(&app, accounts::ADMIN, &safe_next(&query.next), None)
}

/// The form for name and password. What was typed as name stays.
pub(super) fn page(app: &App, user: &str, next: &str, problem: Option<&Problem>) -> Response {
    let name = Input::Line { kind: "text", autocomplete: "username", inputmode: "email" };
    let name = Field::new("user", words::sign_in::user(), name).hint(words::sign_in::user_hint()).value(user);
    let step = Step {
        title: words::sign_in::title(),
        say: "",
        action: SIGN_IN,
        fields: vec![name, password()],
        next: Some(next),
        button: words::sign_in::title(),
        back: false,
        banner: None,
    };
    step.page(app, problem)
}
