//! `POST /admin/hosts/{name}/drain`: its tenants go elsewhere, and it takes none.

use axum::extract::Path;
use domain::HostOrder;

use super::{PATH, told};
use crate::{call::Call, error::Answer};

/// Empty a host
///
/// It takes no new tenants, and those that it has are moved to others one after the other, each for the moments that its bot needs
/// to end here and to start there.
#[utoipa::path(
    post, path = "/admin/hosts/{name}/drain", tag = "hosts", params(("name" = String, Path, description = "The host's name", example = "host-1")),
    responses((status = 200, body = api::Host), (status = 303))
)]
pub(crate) async fn handle(call: Call, Path(name): Path<String>) -> Answer {
    let host = call.app.supervisor.by(call.operator.actor).order_host(&name, HostOrder::Draining).await?;
    Ok(call.leads_to(PATH, told(&call.app, host)))
}
