//! `/admin/hosts/even`: how many tenants would be moved until hosts are even, and having them moved.

use axum::{Json, response::IntoResponse as _};
use serde_json::json;

use super::PATH;
use crate::{App, audit, call::Call, error::Answer};

/// How many tenants would be moved until hosts are even
///
/// Hosts are even where, by what each takes, any two that take tenants differ by at most one tenant or five hundredths.
#[utoipa::path(get, path = "/admin/hosts/even", tag = "hosts", responses((status = 200, body = api::Evening)))]
pub(crate) async fn show(call: Call) -> Answer {
    Ok(Json(read(&call.app)).into_response())
}

/// Even hosts out
///
/// Tenants go from the fullest hosts to the emptiest, one after the other and by the fewest moves, each for the moments that its bot
/// needs to end here and to start there. Answers at once. Refused while tenants are being moved. Where the control plane ends
/// meanwhile, the move that is under way is carried to its end, and those that are left have to be asked for again.
#[utoipa::path(
    post, path = "/admin/hosts/even", tag = "hosts",
    responses((status = 200, body = api::Evening), (status = 303))
)]
pub(crate) async fn handle(call: Call) -> Answer {
    let moves = call.app.supervisor.by(call.operator.actor).even_hosts().await?;
    if moves > 0 {
        audit::platform(&call.app, call.operator.actor, "HOSTS_EVENED", json!({ "moves": moves })).await;
    }
    Ok(call.leads_to(PATH, api::Evening { moves, left: left(&call.app) }))
}

/// How even they are.
pub(super) fn read(app: &App) -> api::Evening {
    let moves = app.supervisor.places().map_or(0, supervisor::Places::moves_to_even);
    api::Evening { moves, left: left(app) }
}

/// How many are to be moved yet, where that is under way.
fn left(app: &App) -> Option<u64> {
    app.supervisor.places()?.evening()
}
