//! What requests carry; what does not fit becomes a problem that names the field.

use axum::extract::{FromRequest, FromRequestParts};

use super::problem::Problem;

/// A JSON body in, and out.
#[derive(Debug, FromRequest)]
#[from_request(via(axum::Json), rejection(Problem))]
pub(super) struct Json<T>(pub(super) T);

impl<T: serde::Serialize> axum::response::IntoResponse for Json<T> {
    fn into_response(self) -> axum::response::Response {
        axum::Json(self.0).into_response()
    }
}

/// The variable parts of a path.
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Problem))]
pub(super) struct Path<T>(pub(super) T);

/// The query. It has no name that the macros of the API's description look for: they are told what it holds.
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Problem))]
pub(super) struct Asked<T>(pub(super) T);

impl<T: serde::de::DeserializeOwned> Json<T> {
    /// Reads a body whose kind was looked at already.
    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, Problem> {
        Ok(Self(axum::Json::from_bytes(bytes)?.0))
    }
}
