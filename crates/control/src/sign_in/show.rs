//! `GET /admin/sign-in`: the form.

use axum::{extract::State, response::Response};
use serde::Deserialize;
use web::{Asked, Problem};

use super::submit::safe_next;
use crate::{App, pages::sign_in as page};

/// The query.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameters {
    /// Where to go then: a page of the dashboard.
    #[serde(default)]
    next: String,
}

/// The page where one signs in
#[utoipa::path(
    get, path = "/admin/sign-in", tag = "sign-in", params(Parameters),
    responses((status = 200, content_type = "text/html", body = String))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Asked(query): Asked<Parameters>,
) -> Result<Response, Problem> {
    Ok(page::password(&app, "", &safe_next(&query.next), None))
}
