//! Whose browser asks for a document.

use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Response},
};
use web::{Kind, Problem};

use crate::{Call, Portal, Visitor};

/// Somebody who is signed in; everybody else is answered so, and not led to a page.
pub(super) struct Session(pub(super) Call);

impl FromRequestParts<Portal> for Session {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Response> {
        let visitor = Visitor::from_request_parts(parts, portal).await?;
        if visitor.facts.is_none() {
            return Err(Problem::new(Kind::Unauthorized, words::portal::sign_in_first()).into_response());
        }
        visitor.signed_in(parts).map(Self).map_err(IntoResponse::into_response)
    }
}
