//! Query strings, with errors that name the parameter.

use axum::{extract::FromRequestParts, http::request::Parts};
use serde::de::DeserializeOwned;

use crate::Problem;

/// The query of a request, under a name that the macros of the API's description do not look for: they are told what it
/// holds. Derive `Deserialize` with `deny_unknown_fields` on what it holds.
#[derive(Debug, Clone, Copy)]
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(http_kit::read::pairs(query.as_bytes()).map(Self)?)
    }
}
