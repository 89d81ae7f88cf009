//! Whose browser asks for a document.

use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Response},
};
use web::{Kind, Problem};

use crate::{Portal, Who, browser::Token};

/// A browser with a session's secret; whether it is one, the control plane says.
pub(super) struct Session {
    pub(super) portal: Portal,
    pub(super) who: Who,
}

impl FromRequestParts<Portal> for Session {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Response> {
        let token = Token::of(&parts.headers, portal.https());
        let Some(token) = token else {
            return Err(Problem::new(Kind::Unauthorized, words::portal::sign_in_first()).into_response());
        };
        let who = Who { session: Some(token.hash()), ..Who::default() };
        Ok(Self { portal: portal.clone(), who })
    }
}
