//! `GET /admin/tenants/{id}/logs`: a page of the conversation log, newest first.

use serde::Deserialize;
use utoipa::IntoParams;
use web::Asked;

use crate::{
    audit,
    error::Answer,
    paging::{self, rows},
    tenants::{TenantCall, convert},
};

/// The query.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameters {
    /// Rows of the page: 50 where it is left out, 500 at most.
    limit: Option<u32>,
    /// From the `Link` header of the page before.
    before: Option<String>,
}

/// The conversation log, newest first
///
/// Reading it is written down.
#[utoipa::path(get, path = "/admin/tenants/{id}/logs", tag = "messages", params(Parameters), responses((status = 200, body = [api::Log])))]
pub(crate) async fn handle(call: TenantCall, Asked(query): Asked<Parameters>) -> Answer {
    let request = paging::Request::read(query.limit, query.before.as_deref())?;
    audit::reading(&call.app, &call.operator, call.id()).await?;
    let found = call.scope.logs(rows(&request)).await?;
    let logs: Vec<_> = found.items.into_iter().map(convert::log).collect();
    Ok(request.answer(&logs, found.next, &format!("{}/logs", call.place()), &[]))
}
