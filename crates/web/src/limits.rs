//! How large a request and how slow an answer may be.

use std::time::Duration;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::limits::REQUEST_BODY_MAX_BYTES;
use http::header;

use crate::{Kind, Problem};

/// How long an answer may take to begin.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimeLimit(pub(crate) Duration);

/// What a body over the limit gets, announced or found out.
pub(crate) fn too_large() -> Problem {
    Problem::new(Kind::BodyTooLarge, words::problem::too_large(REQUEST_BODY_MAX_BYTES))
}

/// Refuses a body that announces itself as too large before a byte of it is read.
/// One that does not is cut off by the extractor that reads it.
pub(crate) async fn refuse_large_bodies(request: Request, next: Next) -> Response {
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<u64>().ok());
    if announced.is_some_and(|bytes| bytes > REQUEST_BODY_MAX_BYTES as u64) {
        return too_large()
            .with_header(header::CONNECTION, http::HeaderValue::from_static("close"))
            .into_response();
    }
    next.run(request).await
}

/// Gives up on an answer that does not begin in time; a stream that has begun may last.
pub(crate) async fn refuse_slow_answers(
    State(TimeLimit(limit)): State<TimeLimit>,
    request: Request,
    next: Next,
) -> Response {
    tokio::time::timeout(limit, next.run(request)).await.unwrap_or_else(|_| {
        Problem::new(Kind::TimedOut, words::problem::slow(limit.as_secs())).into_response()
    })
}
