//! `POST /admin/tenants/actions/{id}/retry`: the same thing again, for those of many with which it failed.

use domain::id::kind::Record;
use web::PathId;

use super::begin::{answer, carry_out};
use crate::{call::Call, error::Answer};

/// Try again what failed of many
///
/// It is a request of its own, with the tenants that failed; `Location` says where its progress is. Asked for again, it is
/// the same request, and nothing is done twice.
#[utoipa::path(
    post, path = "/admin/tenants/actions/{id}/retry", tag = "workers",
    responses((status = 202, body = api::Progress))
)]
pub(crate) async fn handle(call: Call, PathId(id): PathId<Record>) -> Answer {
    let (progress, new) = call.app.bulks.again(id)?;
    if let Some((each, failed)) = new {
        carry_out(&call, each, failed, progress.id);
    }
    Ok(answer(&call, progress))
}
