//! The server itself: where it is, whom to trust, what it has counted, its clock, and a restart.

use std::time::Duration;

use axum::extract::State;
use http::StatusCode;
use utoipa::ToSchema;

use super::App;
use super::extract::Json;
use super::problem::{Document, Problem};
use crate::truth::Counters;

/// Where the server is and whom its clients are to trust.
#[derive(Debug, serde::Serialize, ToSchema)]
pub(super) struct About {
    /// The version of the virtual WhatsApp.
    version: &'static str,
    /// The WebSocket address for clients.
    url: String,
    /// The same over TLS, where it listens on that too.
    tls_url: Option<String>,
    /// The public root key of its Noise certificate chain, 32 bytes in hexadecimal digits.
    root_key: String,
    /// The certificate of the authority that has signed the TLS certificate, as PEM.
    tls_authority: Option<String>,
    /// Its time, in milliseconds since 1970.
    now_ms: u64,
    /// Whether its clock can be moved.
    clock_moves: bool,
    /// The number of the newest event.
    last_event: u64,
}

/// Addresses, root key and authority
#[utoipa::path(get, path = "/v1/server", tag = "server", responses((status = 200, body = About)))]
pub(super) async fn about(State(app): State<App>) -> Json<About> {
    Json(About {
        version: env!("CARGO_PKG_VERSION"),
        url: app.server.url(),
        tls_url: app.about.tls_url.clone(),
        root_key: hex::encode(app.server.root_key()),
        tls_authority: app.about.authority.clone(),
        now_ms: app.server.clock().now_ms(),
        clock_moves: app.server.clock().ahead().is_some(),
        last_event: app.server.events().last(),
    })
}

/// Counts since the start
#[utoipa::path(get, path = "/v1/counters", tag = "server", responses((status = 200, body = Counters)))]
pub(super) async fn counters(State(app): State<App>) -> Json<Counters> {
    Json(app.server.counters())
}

/// Restart: every connection is closed, everything is kept, and it listens again on the same address
#[utoipa::path(
    post, path = "/v1/server/restart", tag = "server",
    responses((status = 204, description = "It listens again."), (status = 500, body = Document))
)]
pub(super) async fn restart(State(app): State<App>) -> Result<StatusCode, Problem> {
    app.server.restart().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The farthest that the clock is moved at once, in seconds: a year.
const MOVE_MAX_S: u32 = 366 * 24 * 3600;

/// How far the clock is to be moved.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Move {
    /// Seconds forward, at most a year.
    #[schema(example = 3600, minimum = 1, maximum = 31_622_400)]
    seconds: u32,
}

/// What the clock shows.
#[derive(Debug, serde::Serialize, ToSchema)]
pub(super) struct Time {
    /// Its time, in milliseconds since 1970.
    now_ms: u64,
}

/// Move the clock forward
///
/// Of a demo, whose bots go by it too: what is due until then happens at once, such as a reminder before a booking.
#[utoipa::path(
    post, path = "/v1/server/clock", tag = "server", request_body = Move,
    responses(
        (status = 200, description = "Moved.", body = Time),
        (status = 409, description = "This server goes by the machine's clock.", body = Document),
        (status = 422, body = Document)
    )
)]
pub(super) async fn move_clock(State(app): State<App>, Json(by): Json<Move>) -> Result<Json<Time>, Problem> {
    if !(1..=MOVE_MAX_S).contains(&by.seconds) {
        return Err(Problem::invalid(format!("seconds: 1 to {MOVE_MAX_S}, not {}", by.seconds)));
    }
    let clock = app.server.clock();
    if !clock.advance(Duration::from_secs(by.seconds.into())) {
        let detail = "this server goes by the machine's clock; that of a demo can be moved";
        return Err(Problem::new(StatusCode::CONFLICT, "clock-fixed", detail));
    }
    Ok(Json(Time { now_ms: clock.now_ms() }))
}
