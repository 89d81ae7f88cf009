//! `GET /admin/tenants/{id}/worker/log`: the end of the worker's own log.

use axum::{Json, response::IntoResponse};
use serde::Deserialize;
use utoipa::IntoParams;
use web::{Asked, Problem};

use super::{severity, tail};
use crate::{error::Answer, tenants::TenantCall};

/// Lines that are told at most.
const MOST_LINES: usize = 2_000;
/// Lines where nothing else is asked for.
const LINES: usize = 200;

/// The query.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Parameters {
    /// Down to which level: `error`, `warn`, `info` or `debug`; `info` where it is left out.
    level: Option<String>,
    /// How many lines at most: 200 where it is left out, 2,000 at most.
    lines: Option<usize>,
    /// Only what was said since the answer whose `next` this is.
    after: Option<u64>,
}

/// The worker's own log
///
/// The end of what the worker has said of itself, the newest line last: of at most a mebibyte, with numbers, secrets and texts
/// of messages hidden.
#[utoipa::path(
    get, path = "/admin/tenants/{id}/worker/log", tag = "workers", params(Parameters),
    responses((status = 200, body = api::WorkerLog))
)]
pub(crate) async fn handle(call: TenantCall, Asked(query): Asked<Parameters>) -> Answer {
    let most = query.lines.unwrap_or(LINES);
    if !(1..=MOST_LINES).contains(&most) {
        return Err(Problem::invalid_field("lines", words::worker_log::lines(MOST_LINES)).into());
    }
    let down_to = severity(query.level.as_deref())?;
    Ok(Json(tail(&call, down_to, most, query.after).await?).into_response())
}
