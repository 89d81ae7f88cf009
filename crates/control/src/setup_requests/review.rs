//! `POST /admin/setup-requests/{id}/review`: takes a request into review, so that no two operators do the same.

use domain::{SetupStatus, id::kind::SetupRequest};
use web::PathId;

use super::{answer, decide};
use crate::{call::Call, error::Answer};

/// Take a setup request into review
///
/// So that no two operators do the same.
#[utoipa::path(
    post, path = "/admin/setup-requests/{id}/review", tag = "setup requests",
    responses((status = 200, body = api::SetupRequest))
)]
pub(crate) async fn handle(call: Call, PathId(id): PathId<SetupRequest>) -> Answer {
    Ok(answer(&call, decide(&call.app, call.operator.actor, id, SetupStatus::Reviewing, None).await?))
}
