//! `GET /admin/tenants/{id}/worker/log.txt`: the same as a text to keep.

use jiff::tz::TimeZone;
use serde::Deserialize;
use utoipa::IntoParams;
use web::Asked;

use super::{severity, tail, written};
use crate::{download, error::Answer, tenants::TenantCall};

/// The query.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Parameters {
    /// Down to which level: `error`, `warn`, `info` or `debug`; `info` where it is left out.
    level: Option<String>,
}

/// The worker's own log as a text
///
/// The last mebibyte of it, with numbers, secrets and texts of messages hidden.
#[utoipa::path(
    get, path = "/admin/tenants/{id}/worker/log.txt", tag = "workers", params(Parameters),
    responses((status = 200, content_type = "text/plain", body = String))
)]
pub(crate) async fn handle(call: TenantCall, Asked(query): Asked<Parameters>) -> Answer {
    let down_to = severity(query.level.as_deref())?;
    let found = tail(&call, down_to, usize::MAX, None).await?;
    let text: String = found.lines.iter().map(written).collect();
    let tenant = &call.detail.tenant;
    let zone = TimeZone::get(&tenant.timezone).unwrap_or(TimeZone::UTC);
    let file = download::named_as(&tenant.name, "worker-log", call.app.now(), &zone, "txt");
    Ok(download::text(&file, text))
}
