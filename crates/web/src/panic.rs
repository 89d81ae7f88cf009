//! A panic in one request ends that request with a 500, and nothing else.

use std::any::Any;

use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::{CatchPanicLayer, ResponseForPanic};

use crate::{Kind, Problem};

/// Answers 500 without the panic's text, which may hold anything; the panic hook has logged where it was.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answer500;

impl ResponseForPanic for Answer500 {
    type ResponseBody = axum::body::Body;

    fn response_for_panic(&mut self, _: Box<dyn Any + Send + 'static>) -> Response {
        Problem::new(Kind::Internal, words::problem::fault()).into_response()
    }
}

pub(crate) fn layer() -> CatchPanicLayer<Answer500> {
    CatchPanicLayer::custom(Answer500)
}
