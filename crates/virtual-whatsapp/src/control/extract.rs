//! What requests carry; what does not fit becomes a problem that names the field.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use http::StatusCode;
use http::request::Parts;
use http_kit::read;
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// A JSON body in, and out.
#[derive(Debug)]
pub(super) struct Json<T>(pub(super) T);

impl<T: serde::Serialize> axum::response::IntoResponse for Json<T> {
    fn into_response(self) -> axum::response::Response {
        axum::Json(self.0).into_response()
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !read::announces_json(request.headers()) {
            let detail = "send JSON with the header `Content-Type: application/json`";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", detail));
        }
        Self::from_bytes(&Bytes::from_request(request, state).await?)
    }
}

impl<T: DeserializeOwned> Json<T> {
    /// Reads a body whose kind was looked at already.
    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, Problem> {
        Ok(read::json(bytes).map(Self)?)
    }
}

/// The variable parts of a path.
#[derive(Debug, FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Problem))]
pub(super) struct Path<T>(pub(super) T);

/// The query. It has no name that the macros of the API's description look for: they are told what it holds.
#[derive(Debug)]
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(read::pairs(parts.uri.query().unwrap_or_default().as_bytes()).map(Self)?)
    }
}
