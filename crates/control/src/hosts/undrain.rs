//! `POST /admin/hosts/{name}/undrain`: it takes tenants again.

use axum::extract::Path;
use domain::HostOrder;

use super::{PATH, told};
use crate::{call::Call, error::Answer};

/// Take a host into use again
///
/// It takes tenants again: after it was emptied, or after it was given up although it lives.
#[utoipa::path(
    post, path = "/admin/hosts/{name}/undrain", tag = "hosts", params(("name" = String, Path, description = "The host's name", example = "host-1")),
    responses((status = 200, body = api::Host), (status = 303))
)]
pub(crate) async fn handle(call: Call, Path(name): Path<String>) -> Answer {
    let host = call.app.supervisor.by(call.operator.actor).order_host(&name, HostOrder::Ready).await?;
    Ok(call.leads_to(PATH, told(&call.app, host)))
}
