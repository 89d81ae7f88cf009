//! `GET /admin/sign-in`: the form.

use axum::{extract::State, response::Response};
use serde::Deserialize;
use web::{Problem, Query};

use super::submit::safe_next;
use crate::{App, pages::sign_in as page};

/// The query.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameters {
    #[serde(default)]
    next: String,
}

pub(crate) async fn handle(
    State(app): State<App>,
    Query(query): Query<Parameters>,
) -> Result<Response, Problem> {
    Ok(page::password(&app, "", &safe_next(&query.next), None))
}
