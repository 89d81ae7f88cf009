//! `POST /admin/tenants/{id}/worker/…`, from a button of a page or from a script.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use domain::id::kind::Tenant;
use web::{Client, FormBody, PathId, Problem};

use super::{Back, done, standing::Action};
use crate::{App, auth::Operator, wire, worker};

pub(crate) async fn start(
    app: State<App>,
    operator: Operator,
    client: Client,
    id: PathId<Tenant>,
    back: FormBody<Back>,
) -> Result<Response, Problem> {
    act(Action::Start, app, operator, client, id, back).await
}

pub(crate) async fn stop(
    app: State<App>,
    operator: Operator,
    client: Client,
    id: PathId<Tenant>,
    back: FormBody<Back>,
) -> Result<Response, Problem> {
    act(Action::Stop, app, operator, client, id, back).await
}

pub(crate) async fn restart(
    app: State<App>,
    operator: Operator,
    client: Client,
    id: PathId<Tenant>,
    back: FormBody<Back>,
) -> Result<Response, Problem> {
    act(Action::Restart, app, operator, client, id, back).await
}

pub(crate) async fn force_restart(
    app: State<App>,
    operator: Operator,
    client: Client,
    id: PathId<Tenant>,
    back: FormBody<Back>,
) -> Result<Response, Problem> {
    act(Action::ForceRestart, app, operator, client, id, back).await
}

async fn act(
    action: Action,
    app: State<App>,
    operator: Operator,
    client: Client,
    id: PathId<Tenant>,
    FormBody(back): FormBody<Back>,
) -> Result<Response, Problem> {
    let tenant = ask(action, app, operator, PathId(id.0)).await?;
    if !client.html {
        return Ok(tenant.into_response());
    }
    let words = match action {
        Action::Start => "is started",
        Action::Stop => "is stopped",
        Action::Restart | Action::ForceRestart => "is started again",
    };
    let place = back.place(format!("/admin/tenants/{}", id.0));
    Ok(done(client, format!("{} {words}.", tenant.name), &place))
}

/// The endpoint of the API for an action.
pub(super) async fn ask(
    action: Action,
    app: State<App>,
    operator: Operator,
    id: PathId<Tenant>,
) -> Result<Json<wire::Tenant>, Problem> {
    match action {
        Action::Start => worker::start::handle(app, operator, id).await,
        Action::Stop => worker::stop::handle(app, operator, id).await,
        Action::Restart => worker::restart::handle(app, operator, id).await,
        Action::ForceRestart => worker::force_restart::handle(app, operator, id).await,
    }
}
