//! `GET /admin/tenants/{id}/place`: on which host a tenant's bot runs, and where it can go.

use askama::Template;
use axum::{
    Json,
    response::{IntoResponse as _, Response},
};
use domain::{HostState, PlaceStep, TenantId};
use web::{
    Problem,
    ui::{Field, Head, Input},
};

use crate::{error::Answer, shell::Section, tenants::TenantCall};

/// How a form names the control plane's own machine: no host has this name.
pub(super) const HERE: &str = "-";

/// On which host a tenant's bot runs
#[utoipa::path(get, path = "/admin/tenants/{id}/place", tag = "hosts", responses((status = 200, body = api::Place)))]
pub(crate) async fn handle(call: TenantCall) -> Answer {
    let place = read(&call).await?;
    if call.client.html {
        return page(&call, place, None).await;
    }
    Ok(Json(place).into_response())
}

/// The tenant's place.
pub(super) async fn read(call: &TenantCall) -> Answer<api::Place> {
    let place = call.app.store.operator().place(call.id()).await?;
    let away = place
        .host
        .as_deref()
        .and_then(|host| Some(call.app.supervisor.places()?.host_away(host)?.to_string()));
    Ok(api::Place { host: place.host, step: place.step, other: place.other, waits: away })
}

#[derive(Template)]
#[template(path = "tenants/place.html")]
struct View {
    id: TenantId,
    name: String,
    place: String,
    /// The host's name in words.
    on: String,
    /// Where it goes, while it does.
    to: Option<String>,
    waits: Option<String>,
    /// Where it can go.
    field: Field,
    wrong: Option<String>,
}

/// A place's name as people read it.
pub(super) fn named(host: Option<&str>) -> String {
    host.unwrap_or(words::hosts::here()).to_owned()
}

/// The page, with what is wrong with what was chosen.
pub(super) async fn page(
    call: &TenantCall,
    place: api::Place,
    problem: Option<&Problem>,
) -> Answer<Response> {
    let mut choices = vec![(String::new(), words::hosts::choose().to_owned())];
    if place.host.is_some() {
        choices.push((HERE.to_owned(), words::hosts::here().to_owned()));
    }
    let places = call.app.supervisor.places();
    for host in call.app.store.operator().hosts().await? {
        if host.state() == HostState::Ready && place.host.as_deref() != Some(host.name.as_str()) {
            let tenants = places.map_or(0, |places| places.tenants_on(&host.name));
            let share = words::hosts::of(tenants, host.capacity);
            choices.push((host.name.clone(), format!("{} ({share})", host.name)));
        }
    }
    let field = Field::new("host", words::hosts::move_to(), Input::Choice(choices)).wrong(problem);
    let view = View {
        id: call.id(),
        name: call.detail.tenant.name.clone(),
        place: call.place(),
        on: named(place.host.as_deref()),
        to: (place.step == PlaceStep::Leaves).then(|| named(place.other.as_deref())),
        waits: place.waits,
        wrong: problem.filter(|_| field.error.is_none()).map(|problem| problem.detail().to_owned()),
        field,
    };
    let head = Head::narrow(words::hosts::place_of(&view.name));
    Ok(call.form(Section::Tenants, head, &view, problem).await)
}
