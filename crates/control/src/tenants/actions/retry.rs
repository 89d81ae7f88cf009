//! `POST /admin/tenants/actions/{id}/retry`: the same thing again, for those of many with which it failed.

use domain::id::kind::Record;
use web::PathId;

use super::begin::begin;
use crate::{call::Call, error::Answer};

/// Try again what failed of many
///
/// It is a request of its own, with the tenants that failed; `Location` says where its progress is.
#[utoipa::path(
    post, path = "/admin/tenants/actions/{id}/retry", tag = "workers",
    responses((status = 202, body = api::Progress))
)]
pub(crate) async fn handle(call: Call, PathId(id): PathId<Record>) -> Answer {
    let (each, failed) = call.app.bulks.failed(id)?;
    Ok(begin(&call, each, failed))
}
