//! The devices linked to a phone.

use axum::extract::State;
use http::StatusCode;
use utoipa::ToSchema;

use super::App;
use super::extract::{Json, Path};
use super::problem::{Document, Problem};
use crate::handles::DeviceStatus;

/// How many one-time prekeys are to be left.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PrekeysLeft {
    left: usize,
}

/// The linked devices of a phone, by number
#[utoipa::path(
    get, path = "/v1/accounts/{number}/devices", tag = "devices", params(("number" = String, Path, description = "digits")),
    responses((status = 200, body = [DeviceStatus]), (status = 404, body = Document))
)]
pub(super) async fn list(
    State(app): State<App>,
    Path(number): Path<String>,
) -> Result<Json<Vec<DeviceStatus>>, Problem> {
    let devices = app.server.find_phone(&number)?.linked_devices();
    Ok(Json(devices.iter().map(crate::handles::LinkedDevice::status).collect()))
}

/// One linked device: connected, its queue, prekeys, counts
#[utoipa::path(
    get, path = "/v1/accounts/{number}/devices/{device}", tag = "devices",
    params(("number" = String, Path, description = "digits"), ("device" = u16, Path, description = "from 1")),
    responses((status = 200, body = DeviceStatus), (status = 404, body = Document))
)]
pub(super) async fn show(
    State(app): State<App>,
    Path((number, device)): Path<(String, u16)>,
) -> Result<Json<DeviceStatus>, Problem> {
    Ok(Json(app.server.device(&number, device)?.status()))
}

/// Unlink: its connection ends, what waited for it is forgotten, its next login is refused with 401
#[utoipa::path(
    delete, path = "/v1/accounts/{number}/devices/{device}", tag = "devices",
    params(("number" = String, Path, description = "digits"), ("device" = u16, Path, description = "from 1")),
    responses((status = 204, description = "Unlinked."), (status = 404, body = Document))
)]
pub(super) async fn unlink(
    State(app): State<App>,
    Path((number, device)): Path<(String, u16)>,
) -> Result<StatusCode, Problem> {
    app.server.find_phone(&number)?.unlink(device)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Close its connection without a word, as a network does
#[utoipa::path(
    post, path = "/v1/accounts/{number}/devices/{device}/disconnect", tag = "devices",
    params(("number" = String, Path, description = "digits"), ("device" = u16, Path, description = "from 1")),
    responses(
        (status = 204, description = "Closed."), (status = 404, body = Document),
        (status = 409, description = "It is not connected.", body = Document)
    )
)]
pub(super) async fn disconnect(
    State(app): State<App>,
    Path((number, device)): Path<(String, u16)>,
) -> Result<StatusCode, Problem> {
    if app.server.device(&number, device)?.close_connection() {
        return Ok(StatusCode::NO_CONTENT);
    }
    let detail = format!("device {device} of {number} is not connected");
    Err(Problem::new(StatusCode::CONFLICT, "not-connected", detail))
}

/// Use its one-time prekeys up until so many are left, and tell it
#[utoipa::path(
    post, path = "/v1/accounts/{number}/devices/{device}/prekeys", tag = "devices", request_body = PrekeysLeft,
    params(("number" = String, Path, description = "digits"), ("device" = u16, Path, description = "from 1")),
    responses((status = 204, description = "Used up."), (status = 404, body = Document))
)]
pub(super) async fn use_up_prekeys(
    State(app): State<App>,
    Path((number, device)): Path<(String, u16)>,
    Json(PrekeysLeft { left }): Json<PrekeysLeft>,
) -> Result<StatusCode, Problem> {
    app.server.device(&number, device)?.use_up_prekeys(left);
    Ok(StatusCode::NO_CONTENT)
}

/// A mark to set.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Dirty {
    /// What has changed: `account_sync` or `groups`.
    #[schema(example = "groups")]
    what: String,
}

/// A route to name.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Route {
    /// What the device is to name when it connects again.
    #[schema(example = "frankfurt-2")]
    route: String,
}

fn told(told: bool, number: &str, device: u16) -> Result<StatusCode, Problem> {
    if told {
        return Ok(StatusCode::NO_CONTENT);
    }
    let detail = format!("device {device} of {number} is not connected");
    Err(Problem::new(StatusCode::CONFLICT, "not-connected", detail))
}

/// Set a mark that something has changed, which the device clears after fetching it
#[utoipa::path(
    post, path = "/v1/accounts/{number}/devices/{device}/dirty", tag = "devices", request_body = Dirty,
    params(("number" = String, Path, description = "digits"), ("device" = u16, Path, description = "from 1")),
    responses(
        (status = 204, description = "Told."), (status = 404, body = Document),
        (status = 409, description = "It is not connected.", body = Document), (status = 422, body = Document)
    )
)]
pub(super) async fn mark_dirty(
    State(app): State<App>,
    Path((number, device)): Path<(String, u16)>,
    Json(Dirty { what }): Json<Dirty>,
) -> Result<StatusCode, Problem> {
    if !matches!(what.as_str(), "account_sync" | "groups") {
        return Err(Problem::invalid("what: account_sync or groups"));
    }
    told(app.server.device(&number, device)?.mark_dirty(&what), &number, device)
}

/// Tell the device the route that it is to name at its next connection
#[utoipa::path(
    post, path = "/v1/accounts/{number}/devices/{device}/route", tag = "devices", request_body = Route,
    params(("number" = String, Path, description = "digits"), ("device" = u16, Path, description = "from 1")),
    responses(
        (status = 204, description = "Told."), (status = 404, body = Document),
        (status = 409, description = "It is not connected.", body = Document), (status = 422, body = Document)
    )
)]
pub(super) async fn give_route(
    State(app): State<App>,
    Path((number, device)): Path<(String, u16)>,
    Json(Route { route }): Json<Route>,
) -> Result<StatusCode, Problem> {
    if route.is_empty() || route.len() > 200 {
        return Err(Problem::invalid("route: 1 to 200 bytes"));
    }
    told(app.server.device(&number, device)?.give_route(route.as_bytes()), &number, device)
}
