//! Everything that happened, in order: to read again, to wait for, to listen to.

#![expect(unused_qualifications, reason = "utoipa writes them into what it makes")]

use std::sync::Arc;

use axum::extract::State;
use axum::response::IntoResponse;
use http::HeaderMap;
use utoipa::IntoParams;

use super::extract::{Asked, Json};
use super::problem::{Document, Problem};
use super::{App, wait};
use crate::truth::Event;

/// Most events in one answer.
const MOST: usize = 1_000;

/// From where, and how long to wait.
#[derive(Debug, serde::Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct After {
    /// Only events with a higher number; 0 for all that are kept.
    #[serde(default)]
    after: u64,
    /// Seconds to wait until there is one, 60 at most; without it the answer comes at once.
    wait: Option<u64>,
}

/// Events after a number, at once or as soon as there are any
///
/// At most 1000; ask again with the number of the last one.
#[utoipa::path(
    get, path = "/v1/events", tag = "events", params(After),
    responses((status = 200, body = [Event]), (status = 422, body = Document))
)]
pub(super) async fn list(
    State(app): State<App>,
    Asked(After { after, wait }): Asked<After>,
) -> Json<Vec<Arc<Event>>> {
    let events = app.server.events();
    let mut found = wait::up_to(wait, &app, events.next_after(after)).await.unwrap_or_default();
    found.truncate(MOST);
    Json(found)
}

/// The same as server-sent events, for ever
///
/// Each has the event's number as id, so that a browser that comes back (`Last-Event-ID`) goes on where it was. Without
/// `after` it begins with what happens next.
#[utoipa::path(
    get, path = "/v1/events/stream", tag = "events",
    params(("after" = Option<u64>, Query, description = "begin after this number")),
    responses((status = 200, description = "A stream of events.", content_type = "text/event-stream", body = Event))
)]
pub(super) async fn stream(
    State(app): State<App>,
    Asked(StreamAfter { after }): Asked<StreamAfter>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let events = app.server.events();
    let begin = last_event_id(&headers).or(after).unwrap_or_else(|| events.last());
    let batches = futures_util::stream::unfold((events, begin), async |(events, seen)| {
        let fresh = events.next_after(seen).await;
        let seen = fresh.last()?.seq;
        Some((fresh.into_iter().map(|event| (event.seq, event)).collect::<Vec<_>>(), (events, seen)))
    });
    Ok(wait::stream(batches, app.stop))
}

/// From where.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StreamAfter {
    after: Option<u64>,
}

/// What a browser that lost its stream has seen last.
pub(super) fn last_event_id(headers: &HeaderMap) -> Option<u64> {
    headers.get("last-event-id")?.to_str().ok()?.parse().ok()
}
