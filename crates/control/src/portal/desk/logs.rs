//! `GET /portal/tenant/current/logs`: the conversation log, newest first.

use axum::{Json, response::IntoResponse};
use serde::Deserialize;
use utoipa::IntoParams;
use web::Asked;

use crate::{error::Answer, portal::call::MemberCall, tenants::convert};

/// The query.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameters {
    /// Rows: 50 where it is left out, 500 at most.
    limit: Option<u32>,
    /// From the answer before.
    before: Option<String>,
}

/// The conversation log of the own tenant, newest first
#[utoipa::path(
    get, path = "/portal/tenant/current/logs", tag = "portal", params(Parameters),
    responses((status = 200, body = [api::Log]))
)]
pub(crate) async fn handle(call: MemberCall, Asked(query): Asked<Parameters>) -> Answer {
    let page = super::page(query.limit, query.before.as_deref())?;
    let found = call.reading().await?.scope.logs(page).await?;
    let logs: Vec<_> = found.items.into_iter().map(convert::log).collect();
    Ok(Json(logs).into_response())
}
