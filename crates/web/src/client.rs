//! What a client would rather have: a page, a part of one, or a document. One address serves all three.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};
use http::HeaderMap;

use crate::basic::prefers_html;

/// What to answer with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    /// HTML, whole or in part. Otherwise JSON.
    pub html: bool,
    /// A part of a page, which a script of ours puts in its place.
    pub fragment: bool,
}

impl Client {
    /// Reads the headers: `Accept`, and `HX-Request` of htmx.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let fragment = headers.get("hx-request").is_some_and(|value| value == "true")
            // A page that was left and is gone back to is asked for whole.
            && !headers.contains_key("hx-history-restore-request");
        Self { html: fragment || prefers_html(headers), fragment }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}
