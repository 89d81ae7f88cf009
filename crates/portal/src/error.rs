//! What a handler answers where it does not answer its page.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use web::{Kind, Problem, place::see_other};

use crate::{AskError, transport::Away};

/// What a handler answers.
pub(crate) type Answer<T = Response> = Result<T, Refusal>;

/// Why a page is not shown.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// A problem, shown as a page.
    Problem(Box<Problem>),
    /// Another page is to be shown first.
    Elsewhere(Box<Response>),
}

impl Refusal {
    /// Leads to another page.
    #[must_use]
    pub(crate) fn to(place: &str) -> Self {
        Self::Elsewhere(Box::new(see_other(place)))
    }

    /// Leads to the sign-in page, and from there back to `place` where it is one that can be gone back to.
    #[must_use]
    pub(crate) fn sign_in(place: &str) -> Self {
        let next = (!place.is_empty()).then_some(place);
        Self::to(&web::place::address("/auth/signin", &[("next", next)]))
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<Away> for Refusal {
    fn from(_: Away) -> Self {
        // The transport has logged why.
        let problem = Problem::new(Kind::Unavailable, words::portal::away());
        problem.with_header(header::RETRY_AFTER, HeaderValue::from_static("5")).into()
    }
}

impl From<AskError> for Refusal {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Away(away) => away.into(),
            // The session ended between two questions.
            AskError::Refused(problem) if problem.kind() == Kind::Unauthorized => {
                Self::sign_in(&web::lang::here())
            }
            AskError::Refused(problem) => Self::Problem(problem),
            error @ AskError::Unreadable(_) => Problem::internal(&error).into(),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem.into_response(),
            Self::Elsewhere(response) => *response,
        }
    }
}
