//! The board of faults.

use axum::extract::State;
use http::StatusCode;
use utoipa::ToSchema;

use super::App;
use super::extract::{Json, Path};
use super::problem::{Document, Problem};
use crate::faults::{Fault, FaultSpec, Lasts, Scope};

/// A fault that is on.
#[derive(Debug, serde::Serialize, ToSchema)]
pub(super) struct ActiveFault {
    /// Its number.
    id: u64,
    #[serde(flatten)]
    spec: FaultSpec,
}

/// The faults that are on
#[utoipa::path(get, path = "/v1/faults", tag = "faults", responses((status = 200, body = [ActiveFault])))]
pub(super) async fn list(State(app): State<App>) -> Json<Vec<ActiveFault>> {
    let on = app.server.faults().list().into_iter();
    Json(on.map(|(id, spec)| ActiveFault { id, spec }).collect())
}

/// Switch a fault on
///
/// Faults that end connections hit open ones at once.
#[utoipa::path(
    post, path = "/v1/faults", tag = "faults", request_body = FaultSpec,
    responses(
        (status = 201, description = "On.", body = ActiveFault),
        (status = 404, description = "No such account or device.", body = Document),
        (status = 422, body = Document)
    )
)]
pub(super) async fn switch_on(
    State(app): State<App>,
    Json(spec): Json<FaultSpec>,
) -> Result<(StatusCode, Json<ActiveFault>), Problem> {
    check(&app, &spec)?;
    let id = app.server.faults().switch_on(spec.clone());
    Ok((StatusCode::CREATED, Json(ActiveFault { id, spec })))
}

/// A fault for nobody would be a typing error that nobody sees.
fn check(app: &App, spec: &FaultSpec) -> Result<(), Problem> {
    if !(0.0..=1.0).contains(&spec.chance) {
        return Err(Problem::invalid(format!("chance: from 0 to 1, not {}", spec.chance)));
    }
    if spec.lasts == (Lasts::Times { times: 0 }) {
        return Err(Problem::invalid("times: 1 or more"));
    }
    if let Fault::RefuseLogin { reason: 0..400 } = spec.fault {
        return Err(Problem::invalid("reason: 400 or more, for instance 401, 403, 405, 409, 503"));
    }
    match &spec.scope {
        Scope::All => {}
        Scope::Account { number } => drop(app.server.find_phone(number)?),
        Scope::Device { number, device } => drop(app.server.device(number, *device)?),
    }
    Ok(())
}

/// Switch a fault off
#[utoipa::path(
    delete, path = "/v1/faults/{id}", tag = "faults", params(("id" = u64, Path)),
    responses((status = 204, description = "Off."), (status = 404, description = "It was not on.", body = Document))
)]
pub(super) async fn switch_off(State(app): State<App>, Path(id): Path<u64>) -> Result<StatusCode, Problem> {
    if app.server.faults().switch_off(id) {
        return Ok(StatusCode::NO_CONTENT);
    }
    let detail = format!("fault {id} is not on (any more): GET /v1/faults shows those that are");
    Err(Problem::new(StatusCode::NOT_FOUND, "fault-not-found", detail))
}

/// Switch all faults off
#[utoipa::path(delete, path = "/v1/faults", tag = "faults", responses((status = 204, description = "All off.")))]
pub(super) async fn switch_all_off(State(app): State<App>) -> StatusCode {
    app.server.faults().switch_all_off();
    StatusCode::NO_CONTENT
}
